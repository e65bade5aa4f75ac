r"""Records of a big BCF that can touch FGFR1-3, found by hopping from length to length over the inflated bytes.

Used only where no allele has a far end but a mate in brackets (`is_searchable`), and the assembly is known. htslib
prints what was found, and `Gate` decides. Found are:

- On the contigs of FGFR1-3: records that may reach a window by their length or by a REF allele, and all with a symbolic
allele but those of gVCF. What the record says of its own length is not relied on.
- There, and on contigs without a common name: positions that cannot exist.
- Anywhere: records with FGFR in a text, an allele like `<TRA>`, or a bracket in an allele, where three printable
characters stand before or behind the bracket, as the digits of every mate near FGFR1-3 do: most brackets are numbers
that look like one.

Layout (VCF specification 4.5, section 6.3): lengths of the shared and the individual part, then contig number, 0-based
position and reference length, all little-endian 32 bit, quality, and the number of alleles in the upper half of 32 bit.
"""

import re
import struct
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from fgfr_screen.errors import MalformedFileError, TruncatedFileError
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.scan.bodies import FAR_KEYS, has_far_keys
from fgfr_screen.readers.vcf.scan.finder import Finder
from fgfr_screen.readers.vcf.scan.gate import REMOTE, Gate, Place
from fgfr_screen.readers.vcf.scan.rows import REF_REACH_BP
from fgfr_screen.readers.vcf.scan.scanned import Scanned

_HEADER_AT = 9
_LENGTHS_BYTES = 8
_SHARED_BYTES = 24
_PREFIX = struct.Struct("<IIiii")
_LENGTHS = struct.Struct("<IIi")
_ALLELES_AT, _ID_AT = 26, 32
_RECORD_LIMIT_BYTES = 64 << 20
_COMMON_RECORD_BYTES = 1 << 12
# A byte with three printable characters before or behind it.
_IN_TEXT = re.compile(rb".(?:(?<=[ -~]{3}.)|(?=[ -~]{3}))", re.DOTALL)
# An allele that begins with an angle bracket, behind its length, unless it is all of `<NON_REF>` or `<*>`.
_SYMBOL = re.compile(
    rb"<(?:(?<=[\x17\x27\x37\x47\x57\x67\x77\x87\x97\xa7\xb7\xc7\xd7\xe7]<)|(?<=\xf7\x11.<)|(?<=\xf7\x12..<)|"
    rb"(?<=\xf7\x13....<))(?!(?<=\x97<)NON_REF>|(?<=\x37<)\*>)",
    re.DOTALL,
)
# Type of a text, and sizes of the whole numbers that give its length when it is long.
_TEXT, _LONG = 7, 15
_NUMBER_BYTES = {0x11: 1, 0x12: 2, 0x13: 4}


class Span(NamedTuple):
    """What is passed over on one contig, in 0-based positions: all from `last` to `end`, neither included, and before `first`."""

    first: int
    last: int
    end: int


class BcfStream:
    """The inflated bytes of a BCF: its header, then its records."""

    def __init__(self, pieces: Iterator[bytes], path: str) -> None:
        """Take the header off `pieces`.

        Raises:
            TruncatedFileError: The content ends within the header.
        """
        self._pieces = pieces
        self._path = path
        taken = self._at_least(b"", _HEADER_AT)
        size = _HEADER_AT + int.from_bytes(taken[5:_HEADER_AT], "little")
        taken = self._at_least(taken, size)
        self.header = taken[:size]
        self._rest = taken[size:]

    def _at_least(self, taken: bytes, size: int) -> bytes:
        parts, length = [taken], len(taken)
        while length < size and (piece := next(self._pieces, None)) is not None:
            parts.append(piece)
            length += len(piece)
        if length < size:
            raise TruncatedFileError("the file ends within its header", remedy="fetch the file again", path=self._path)
        return b"".join(parts)

    def drain(self) -> None:
        """Read to the end, so that damage is found."""
        for _ in self._pieces:
            pass

    def search(self, look: "Look") -> "BcfHits":
        """Hop over all records.

        Raises:
            MalformedFileError: A record gives impossible lengths.
            TruncatedFileError: The content ends within a record.
        """
        hits = BcfHits()
        rest = self._hop(self._rest, 0, look, hits)
        for piece in self._pieces:
            # The record that two pieces share is judged by itself: joining whole pieces would copy everything.
            shared_record = _first_record(rest + piece[:_COMMON_RECORD_BYTES]) if rest else b""
            if rest and not shared_record:
                rest = self._hop(rest + piece, 0, look, hits)
                continue
            if shared_record:
                self._hop(shared_record, 0, look, hits)
            rest = self._hop(piece, len(shared_record) - len(rest), look, hits)
        if rest:
            raise TruncatedFileError(
                f"the file breaks off within record {hits.count + 1}",
                remedy="fetch the file again",
                path=self._path,
                line=hits.count + 1,
            )
        return hits

    def _hop(self, text: bytes, at: int, look: "Look", hits: "BcfHits") -> bytes:
        """Judge every whole record of `text` from `at` on; returns what is left."""
        prefix, spans = _PREFIX.unpack_from, look.spans
        starts: list[int] = []
        near: list[int] = []
        is_there = False
        at = _passed_over(text, at, spans, starts)
        try:
            while True:
                shared, own, contig, pos, length = prefix(text, at)
                starts.append(at)
                if contig in spans or shared < _SHARED_BYTES:
                    if shared < _SHARED_BYTES:
                        raise self._impossible(hits.count + len(starts))
                    is_there = True
                    first, last, end = spans[contig]
                    is_before = 0 <= pos < first and pos + length < first and shared < REF_REACH_BP
                    if not is_before and not last < pos < end:
                        near.append(len(starts) - 1)
                at += shared + own + _LENGTHS_BYTES
        except struct.error:
            if at > len(text):
                at = starts.pop()
        if len(text) - at > _RECORD_LIMIT_BYTES:
            raise self._impossible(hits.count + len(starts) + 1)
        starts.append(at)
        for index in look.judge(text, starts, near, symbols=is_there):
            hits.found.append((hits.count + index + 1, text[starts[index] : starts[index + 1]]))
        hits.count += len(starts) - 1
        return text[at:]

    def _impossible(self, number: int) -> MalformedFileError:
        return MalformedFileError(
            f"record {number} gives an impossible length",
            remedy="fetch the file again, or convert it to VCF",
            path=self._path,
            line=number,
            code="BCF_MALFORMED",
        )


class BcfHits:
    """Numbers and bytes of the records found, and the number of all records."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.found: list[tuple[int, bytes]] = []
        self.count = 0


class Look:
    """What is looked for in the records.

    Attributes:
        spans: Contig number -> what is passed over on it; contigs that are known and have no FGFR gene are left out.
    """

    def __init__(self, names: tuple[str, ...], gate: Gate, finder: Finder) -> None:
        """Take the contigs by number."""
        self._finder = finder
        self.spans: dict[int, Span] = {}
        for number, name in enumerate(names):
            place = gate.place(name.encode("utf-8", "surrogateescape"))
            if place.windows or place.name is None:
                self.spans[number] = _span(place)

    def judge(self, text: bytes, starts: list[int], near: list[int], *, symbols: bool) -> list[int]:
        """Return the indices of the records to look at.

        Args:
            text: Whole records, and perhaps a part of one.
            starts: Where each begins, and where the last one ends.
            near: Indices of records that are not passed over.
            symbols: True when a record may be on a contig of `spans`, where symbolic alleles count.
        """
        begin, end = starts[0], starts[-1]
        found = {index for index in near if index < len(starts) - 1}
        for word in (b"FGFR", *REMOTE):
            found |= {bisect_right(starts, at) - 1 for at in self._finder.places(text, word, begin, end)}
        if symbols:
            marks = {bisect_right(starts, match.start()) - 1 for match in _SYMBOL.finditer(text, begin, end)}
            found |= {index for index in marks if _PREFIX.unpack_from(text, starts[index])[2] in self.spans}
        # A bracket that may be part of a text; one expression for all of this would take half as long again.
        brackets = (at for at in self._finder.each_of(text, b"[]", begin, end) if _IN_TEXT.match(text, at, end))
        marks = {bisect_right(starts, at) - 1 for at in brackets}
        found |= {index for index in marks if _has_bracket(text[starts[index] : starts[index + 1]])}
        return sorted(found)


def _span(place: Place) -> Span:
    windows = (*place.windows, *place.hijack)
    if not windows:
        return Span(first=0, last=-1, end=place.limit)
    # Two bases more on the left: positions here are 0-based.
    first = min(low for low, _ in windows) - REF_REACH_BP - 2
    return Span(first=min(first, place.limit), last=max(high for _, high in windows), end=place.limit)


def _passed_over(text: bytes, at: int, spans: dict[int, Span], starts: list[int]) -> int:
    """Hop to the first record that is on a contig of `spans` or not sound, or out of the text; returns where that is.

    Args:
        text: Whole records, and perhaps a part of one.
        at: Where the first begins.
        spans: The contigs that count.
        starts: Where to put the place of each record that was hopped over.
    """
    lengths, add = _LENGTHS.unpack_from, starts.append
    # Most records see nothing but this loop: it is what a big BCF costs.
    try:
        while True:
            shared, own, contig = lengths(text, at)
            if contig in spans or shared < _SHARED_BYTES:
                return at
            add(at)
            at += shared + own + _LENGTHS_BYTES
    except struct.error:
        return at


def _first_record(text: bytes) -> bytes:
    """Return the record that `text` begins with, b"" when it is not whole, or not sound."""
    if len(text) < _ID_AT:
        return b""
    shared, own = _PREFIX.unpack_from(text)[:2]
    size = shared + own + _LENGTHS_BYTES
    return text[:size] if shared >= _SHARED_BYTES and size <= len(text) else b""


def _has_bracket(record: bytes) -> bool:
    """Tell whether an allele of a record holds a bracket; True also when the alleles cannot be read."""
    try:
        return any(b"[" in text or b"]" in text for text in _alleles(record))
    except (IndexError, KeyError):
        return True


def _alleles(record: bytes) -> Iterator[bytes]:
    """Yield the texts of ID and all alleles.

    Raises:
        IndexError, KeyError: They are no texts.
    """
    at = _ID_AT
    for _ in range(1 + int.from_bytes(record[_ALLELES_AT : _ALLELES_AT + 2], "little")):
        size = record[at] >> 4
        if record[at] & 0xF != _TEXT:
            raise KeyError(record[at])
        at += 1
        if size == _LONG:
            width = _NUMBER_BYTES[record[at]]
            size = int.from_bytes(record[at + 1 : at + 1 + width], "little")
            at += 1 + width
        yield record[at : at + size]
        at += size


def is_searchable(text: str, header: Header, gate: Gate) -> bool:
    """Tell whether everything that can touch FGFR1-3 is found by `Look`.

    Args:
        text: The header as htslib prints it; a key of INFO may be declared as one of FORMAT.
        header: The same, read.
        gate: The question.
    """
    keys = "|".join(sorted(FAR_KEYS))
    has_odd_keys = re.search(rf"<ID=(?:[^,>]*FGFR|(?:{keys})[,>])", text) is not None
    return len(gate.assemblies) == 1 and not gate.has_segments and not has_far_keys(header) and not has_odd_keys


def printed_header(header: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the header as htslib prints it, and the contig names by number.

    Raises:
        OSError, ValueError: It cannot be read.
    """
    import pysam

    with tempfile.NamedTemporaryFile(prefix="fgfr-screen-", suffix=".bcf") as file:
        with pysam.BGZFile(file.name, "wb", None) as packed:
            packed.write(header)
        with pysam.VariantFile(file.name) as source:
            text = str(source.header)
            return text, tuple(str(name) for name in source.header.contigs)


def printed(header: bytes, records: list[bytes], path: str) -> list[bytes]:
    """Let htslib print records as lines of VCF.

    Raises:
        OSError, ValueError: It cannot read them.
    """
    import pysam

    with tempfile.NamedTemporaryFile(prefix="fgfr-screen-", suffix=".bcf") as file:
        with pysam.BGZFile(file.name, "wb", None) as packed:
            packed.write(header + b"".join(records))
        with pysam.VariantFile(file.name) as source:
            lines = [str(record).rstrip("\n").encode("utf-8", "surrogateescape") for record in source]
    if len(lines) != len(records):
        raise ValueError(f"{path}: {len(records)} records were found, {len(lines)} could be read")
    return lines


def scan_records(stream: BcfStream, look: Look, gate: Gate, path: str) -> Scanned:
    """Find the candidates of a whole BCF; numbers are record numbers.

    Raises:
        MalformedFileError: As `BcfStream.search`.
        TruncatedFileError: As `BcfStream.search`.
        OSError, ValueError: htslib cannot print a record.
    """
    hits = stream.search(look)
    lines = printed(stream.header, [record for _, record in hits.found], path)
    found = zip((number for number, _ in hits.found), lines, strict=True)
    candidates: list[tuple[int | None, bytes]] = [item for item in found if gate.candidate(item[1])]
    return Scanned(candidates=candidates, records=hits.count, last_number=hits.count, last_line=b"")
