"""VCF 4.0 to 4.5 as text -> `InputContent`.

`header` and `records` read it, `scan` finds what touches FGFR1-3, `callers` knows the dialects, `adjacencies`,
`rna_junctions`, `copy_number` and `samples` turn alleles into calls, `body` puts it together. Only tabs separate
columns, line numbers are those of the file, and a bad record is refused alone.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind

_COLUMN_LINE = b"#CHROM\tPOS\tID\tREF\tALT"


def _sniff(head: Head) -> str | None:
    if head.data.startswith(b"##fileformat=VCF"):
        return "the first line is ##fileformat=VCF"
    if head.data.startswith(_COLUMN_LINE) or (head.data.startswith(b"##") and b"\n" + _COLUMN_LINE in head.data):
        return "the header has a #CHROM POS ID REF ALT line"
    return None


def read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    """Read one VCF.

    Raises:
        InputError: The file cannot be trusted: no header, contradictory assembly, cut container and so on.
    """
    from fgfr_screen.readers.vcf.body import read_body
    from fgfr_screen.readers.vcf.header import read_header
    from fgfr_screen.readers.vcf.scan.bodies import NumberedLines
    from fgfr_screen.readers.vcf.scan.whole import scan_body

    lines = NumberedLines(opened.runs())
    header = read_header(lines, opened.path)
    evidence = _sniff(opened.head) or "named by the user"
    return read_body(
        header,
        lambda gate: scan_body(opened, lines, gate, header),
        opened,
        options,
        format_name=READER.name,
        format_evidence=evidence,
    )


READER = Reader(
    name="vcf",
    title="VCF of structural, copy-number or short variants",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="files of Manta, DELLY, GRIDSS, PURPLE, Sniffles, Long Ranger, FusionCatcher; specification and sources of others",
    carries_note="DNA: places, kept sides, inserted bases; RNA callers: gene order; copies and ratios; short variants",
    sniff=_sniff,
    read=read,
)
