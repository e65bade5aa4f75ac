"""BCF 2.2 -> `InputContent`: htslib (pysam) prints records as lines of VCF, and the VCF reader does the rest.

Of a big file without far ends (no CHR2, SVTYPE ...) only the records near FGFR1-3 are printed (`_bcf_search`).

The container is checked before htslib sees it, because htslib only warns of a missing end block. Line numbers are
record numbers.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgfr_screen.errors import MalformedFileError, TruncatedFileError
from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind

if TYPE_CHECKING:
    from fgfr_screen.readers.vcf.header import Header
    from fgfr_screen.readers.vcf.scan.gate import Gate
    from fgfr_screen.readers.vcf.scan.scanned import Scanned

_MAGIC = b"BCF\2"
# Below this size, stored, htslib prints every record.
_SEARCH_FROM_BYTES = 1 << 20


def _sniff(head: Head) -> str | None:
    return "the content starts with BCF, version 2" if head.data.startswith(_MAGIC) else None


def read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    """Read one BCF.

    Raises:
        MalformedFileError: htslib cannot read the header or a record (BCF_MALFORMED).
        TruncatedFileError: The file ends within a record, or its end block is missing.
        InputError: As the VCF reader.
    """
    import pysam

    # htslib speaks to the terminal by itself; what it says is in the errors raised here.
    spoken = pysam.set_verbosity(0)
    try:
        if opened.stored_bytes >= _SEARCH_FROM_BYTES:
            return _read_big(opened, options)
        return _read_through(opened, options)
    except (OSError, ValueError) as error:
        raise MalformedFileError(
            "the BCF header or a record cannot be read",
            remedy="fetch the file again, or convert it to VCF",
            path=opened.path,
            code="BCF_MALFORMED",
        ) from error
    finally:
        pysam.set_verbosity(spoken)


def _read_through(opened: OpenedInput, options: ReadOptions) -> InputContent:
    """Let htslib print every record."""
    import pysam

    from fgfr_screen.readers.vcf.body import read_body
    from fgfr_screen.readers.vcf.scan.bodies import scan_lines

    with pysam.VariantFile(opened.local_path()) as file:
        lines = _lines(iter(file), opened.path)
        return read_body(
            _header(file.header, opened.path),
            lambda gate: scan_lines(lines, gate, opened.path),
            opened,
            options,
            format_name=READER.name,
            format_evidence=_sniff(opened.head) or "named by the user",
        )


def _read_big(opened: OpenedInput, options: ReadOptions) -> InputContent:
    """Hop over the records where no allele has a far end; else check the container and let htslib print them all."""
    import pysam

    from fgfr_screen.readers._bcf_search import BcfStream, Look, is_searchable, printed_header, scan_records
    from fgfr_screen.readers.vcf.body import read_body
    from fgfr_screen.readers.vcf.scan.bodies import scan_lines
    from fgfr_screen.readers.vcf.scan.finder import fast_finder

    stream = BcfStream(opened.pieces(), opened.path)
    text, names = printed_header(stream.header)
    header = _header(text, opened.path)

    def scan(gate: "Gate") -> "Scanned":
        if is_searchable(text, header, gate):
            return scan_records(stream, Look(names, gate, fast_finder()), gate, opened.path)
        stream.drain()
        with pysam.VariantFile(opened.local_path()) as file:
            return scan_lines(_lines(iter(file), opened.path), gate, opened.path)

    evidence = _sniff(opened.head) or "named by the user"
    return read_body(header, scan, opened, options, format_name=READER.name, format_evidence=evidence)


def _header(text: object, path: str) -> "Header":
    from fgfr_screen.readers.vcf.header import read_header

    lines = str(text).rstrip("\n").split("\n")
    return read_header(iter(enumerate((line.encode("utf-8", "surrogateescape") for line in lines), 1)), path)


def _lines(records: Iterator[object], path: str) -> Iterator[tuple[int, bytes]]:
    """Number the records and print each as a line of VCF."""
    number = 0
    try:
        for number, record in enumerate(records, 1):
            yield number, str(record).rstrip("\n").encode("utf-8", "surrogateescape")
    except (OSError, ValueError) as error:
        raise TruncatedFileError(
            f"the file breaks off or is damaged after record {number}",
            remedy="fetch the file again",
            path=path,
            line=number + 1,
        ) from error


READER = Reader(
    name="bcf",
    title="BCF (binary VCF)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="the BCF 2.2 specification; files made by htslib",
    carries_note="as VCF",
    sniff=_sniff,
    read=read,
)
