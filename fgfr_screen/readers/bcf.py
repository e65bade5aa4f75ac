"""BCF 2.2 -> `InputContent`: htslib (pysam) prints each record as a line of VCF, and the VCF reader does the rest.

The container is checked before htslib sees it, because htslib only warns of a missing end block. Line numbers are
record numbers.
"""

from collections.abc import Iterator

from fgfr_screen.errors import MalformedFileError, TruncatedFileError
from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind

_MAGIC = b"BCF\2"


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

    from fgfr_screen.readers.vcf.body import read_body
    from fgfr_screen.readers.vcf.header import read_header

    path = opened.local_path()
    # htslib speaks to the terminal by itself; what it says is in the errors raised here.
    spoken = pysam.set_verbosity(0)
    try:
        with pysam.VariantFile(path) as file:
            text = str(file.header).rstrip("\n").split("\n")
            header = read_header(
                iter(enumerate((line.encode("utf-8", "surrogateescape") for line in text), 1)), opened.path
            )
            lines = _lines(iter(file), opened.path)
            return read_body(
                header,
                lines,
                opened,
                options,
                format_name=READER.name,
                format_evidence=_sniff(opened.head) or "named by the user",
            )
    except (OSError, ValueError) as error:
        raise MalformedFileError(
            "the BCF header cannot be read",
            remedy="fetch the file again, or convert it to VCF",
            path=opened.path,
            code="BCF_MALFORMED",
        ) from error
    finally:
        pysam.set_verbosity(spoken)


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
    sniff=_sniff,
    read=read,
)
