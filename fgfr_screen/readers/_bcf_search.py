"""Records of a big BCF that can touch FGFR1-3, found by hopping from length to length over the inflated bytes.

Used only where no allele can reach further than the record's own reference length (`rlen`, from REF or END): the
header declares no key of a far end, and the assembly is known. Breakends may still stand in ALT as plain text, and
other contigs may be annotated with a gene; both are found by their bytes. htslib prints what was found.

Layout (VCF specification 4.5, section 6.3): lengths of the shared and the individual part, then contig number, 0-based
position and reference length, all little-endian 32 bit.
"""

import struct
import tempfile
from collections.abc import Iterator

from fgfr_screen import coords
from fgfr_screen.errors import MalformedFileError, TruncatedFileError
from fgfr_screen.readers.vcf.scan.finder import Finder
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.scanned import Scanned

_HEADER_AT = 9
_LENGTHS_BYTES = 8
_SHARED_BYTES = 24
_MATE_NAME_BYTES = 48
# A name longer than this does not end in the contig's figures (an accession).
_LONG_NAME = 7
_PREFIX = struct.Struct("<IIi")
_PLACE = struct.Struct("<ii")
_RECORD_LIMIT_BYTES = 64 << 20


class Span:
    """What is looked at on one contig, in 0-based positions: around FGFR1-3, and what cannot exist."""

    __slots__ = ("_end", "_first", "_last")

    def __init__(self, first: int, last: int, end: int) -> None:
        """Take the first and last position, and the first that lies beyond the contig."""
        self._first, self._last, self._end = first, last, end

    def meets(self, pos: int, length: int) -> bool:
        """Tell whether a record is to be looked at."""
        return (pos <= self._last and pos + length >= self._first) or not 0 <= pos < self._end


_NOWHERE = Span(1, 0, 1 << 40)


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

    def search(self, spans: dict[int, Span], needles: tuple[bytes, ...], finder: Finder) -> "BcfHits":
        """Hop over all records.

        Args:
            spans: Contig number -> what is looked at on it.
            needles: Texts of which each makes its record a hit, wherever it stands.
            finder: How to search bytes.

        Raises:
            MalformedFileError: A record gives impossible lengths.
            TruncatedFileError: The content ends within a record.
        """
        hits = BcfHits()
        rest = self._rest
        for piece in self._pieces:
            rest = self._hop(rest + piece, spans, needles, finder, hits)
        rest = self._hop(rest, spans, needles, finder, hits)
        if rest:
            raise TruncatedFileError(
                f"the file breaks off within record {hits.count + 1}",
                remedy="fetch the file again",
                path=self._path,
                line=hits.count + 1,
            )
        return hits

    def _hop(
        self,
        text: bytes,
        spans: dict[int, Span],
        needles: tuple[bytes, ...],
        finder: Finder,
        hits: "BcfHits",
    ) -> bytes:
        """Judge every whole record in `text`; returns what is left."""
        prefix, at, size, count = _PREFIX.unpack_from, 0, len(text), hits.count
        marks = [mark for needle in needles for mark in finder.places(text, needle, 0, size) if _is_text(text, mark)]
        last = size - _LENGTHS_BYTES - _SHARED_BYTES
        # Nothing but the first five lines happens to nearly all records: they are what a big BCF costs.
        while at <= last:
            shared, own, contig = prefix(text, at)
            after = at + _LENGTHS_BYTES + shared + own
            if after > size:
                break
            count += 1
            if contig in spans or shared < _SHARED_BYTES or marks:
                if shared < _SHARED_BYTES:
                    raise self._impossible(count)
                pos, length = _PLACE.unpack_from(text, at + _PREFIX.size)
                if spans.get(contig, _NOWHERE).meets(pos, length) or any(at <= mark < after for mark in marks):
                    hits.found.append((count, text[at:after]))
            at = after
        if size - at > _RECORD_LIMIT_BYTES:
            raise self._impossible(count + 1)
        hits.count = count
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


def spans_by_number(names: tuple[str, ...], gate: Gate) -> dict[int, Span]:
    """Return what is looked at on the contigs of FGFR1-3, by contig number."""
    found: dict[int, Span] = {}
    for number, name in enumerate(names):
        place = gate.place(name.encode("utf-8", "surrogateescape"))
        if place.windows:
            windows = (*place.windows, *place.hijack)
            # Two bases more on the left: positions here are 0-based.
            first, last = min(low for low, _ in windows) - 2, max(high for _, high in windows)
            found[number] = Span(first, last, place.limit)
    return found


def far_needles(names: tuple[str, ...], gate: Gate) -> tuple[bytes, ...]:
    """Return the figures of the contigs of FGFR1-3 as they end in a mate, their other names, and the genes."""
    endings = {contig.removeprefix("chr") for contig in gate.contigs}
    endings |= {name for name in names if coords.normalise_contig(name) in gate.contigs and len(name) > _LONG_NAME}
    return (b"FGFR", *(ending.encode() + b":" for ending in sorted(endings)))


def _is_text(text: bytes, at: int) -> bool:
    """Tell whether a needle that ends in a colon stands in a mate; most others are numbers that look like it."""
    colon = text.find(b":", at, at + _MATE_NAME_BYTES)
    if text.startswith(b"FGFR", at):
        return True
    before = max(at - _MATE_NAME_BYTES, 0)
    return (
        any(text.find(bracket, before, colon) >= 0 for bracket in (b"[", b"]"))
        and text[colon + 1 : colon + 2].isdigit()
    )


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


def scan_records(stream: BcfStream, names: tuple[str, ...], gate: Gate, finder: Finder, path: str) -> Scanned:
    """Find the candidates of a whole BCF; numbers are record numbers.

    Raises:
        MalformedFileError: As `BcfStream.search`.
        TruncatedFileError: As `BcfStream.search`.
        OSError, ValueError: htslib cannot print a record.
    """
    hits = stream.search(spans_by_number(names, gate), far_needles(names, gate), finder)
    lines = printed(stream.header, [record for _, record in hits.found], path)
    found = zip((number for number, _ in hits.found), lines, strict=True)
    candidates: list[tuple[int | None, bytes]] = [item for item in found if gate.candidate(item[1])]
    return Scanned(candidates=candidates, records=hits.count, last_number=hits.count, last_line=b"")
