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
_PREFIX = struct.Struct("<IIiii")
_RECORD_LIMIT_BYTES = 64 << 20

# First and last 0-based position that a record must not overlap to be passed over.
Window = tuple[int, int]


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

    def search(self, spans: dict[int, tuple[Window, ...]], needles: tuple[bytes, ...], finder: Finder) -> "BcfHits":
        """Hop over all records.

        Args:
            spans: Contig number -> windows on it.
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
        spans: dict[int, tuple[Window, ...]],
        needles: tuple[bytes, ...],
        finder: Finder,
        hits: "BcfHits",
    ) -> bytes:
        """Judge every whole record in `text`; returns what is left."""
        marks = sorted(at for needle in needles for at in finder.places(text, needle, 0, len(text)))
        prefix, at, end, count = _PREFIX.unpack_from, 0, len(text) - _PREFIX.size, hits.count
        while at <= end:
            shared, own, contig, pos, length = prefix(text, at)
            after = at + _LENGTHS_BYTES + shared + own
            if shared < _SHARED_BYTES or after - at > _RECORD_LIMIT_BYTES:
                raise MalformedFileError(
                    f"record {count + 1} gives an impossible length",
                    remedy="fetch the file again, or convert it to VCF",
                    path=self._path,
                    line=count + 1,
                    code="BCF_MALFORMED",
                )
            if after > len(text):
                break
            count += 1
            if contig in spans and any(pos <= high and pos + length >= low for low, high in spans[contig]):
                hits.found.append((count, text[at:after]))
            elif marks:
                while marks and marks[0] < at:
                    del marks[0]
                if marks and marks[0] < after:
                    hits.found.append((count, text[at:after]))
            at = after
        hits.count = count
        return text[at:]


class BcfHits:
    """Numbers and bytes of the records found, and the number of all records."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.found: list[tuple[int, bytes]] = []
        self.count = 0


def windows_by_number(names: tuple[str, ...], gate: Gate) -> dict[int, tuple[Window, ...]]:
    """Return the windows of the contigs of FGFR1-3 by contig number; a position beyond the end lies in one too."""
    found: dict[int, tuple[Window, ...]] = {}
    for number, name in enumerate(names):
        place = gate.place(name.encode("utf-8", "surrogateescape"))
        if place.windows:
            near = tuple((low - 2, high) for low, high in (*place.windows, *place.hijack))
            found[number] = (*near, (-(1 << 31), -1), (place.limit, 1 << 31))
    return found


def far_needles(names: tuple[str, ...], gate: Gate) -> tuple[bytes, ...]:
    """Return the starts of mates on the contigs of FGFR1-3, in every spelling that the file may use, and the genes."""
    spellings = {contig[cut:] for contig in gate.contigs for cut in (0, len("chr"))}
    spellings |= {name for name in names if coords.normalise_contig(name) in gate.contigs}
    return (b"FGFR", *(bracket + name.encode() + b":" for name in sorted(spellings) for bracket in (b"[", b"]")))


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
    hits = stream.search(windows_by_number(names, gate), far_needles(names, gate), finder)
    lines = printed(stream.header, [record for _, record in hits.found], path)
    found = zip((number for number, _ in hits.found), lines, strict=True)
    candidates: list[tuple[int | None, bytes]] = [item for item in found if gate.candidate(item[1])]
    return Scanned(candidates=candidates, records=hits.count, last_number=hits.count, last_line=b"")
