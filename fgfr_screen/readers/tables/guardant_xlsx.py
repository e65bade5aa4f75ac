"""Guardant360 and Guardant360 CDx data deliverable: Excel workbook with the sheets SNV, Indels, CNAs, Fusion(s), MSI.

Certainty B: written from a working reader and synthetic workbooks of its authors, not from a real one. One header row in each
sheet. Candidates that were not called are listed: only `call` = 1 is a result. Positions are 1-based on hg19 by
convention (the workbook does not say so), 0 = not given; `percentage` is plasma VAF in percent; `copy_number` is
plasma copies; `mut_nt` is `C>T`, indels as in VCF (`CA>C`). `downstream_gene` is the 3' gene, `-` = not known. The
workbook names no tumour type. Reading needs the extra `xlsx`.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind

_FUSION_SHEETS = {"fusion", "fusions"}


def _sniff(head: Head) -> str | None:
    sheets = {name.strip().lower() for name in head.sheets}
    if {"snv", "indels", "cnas"} <= sheets and sheets & _FUSION_SHEETS:
        return "an Excel workbook with the sheets SNV, Indels, CNAs and Fusion"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.tables import _guardant_xlsx_read

    return _guardant_xlsx_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="guardant-xlsx",
    title="Guardant360 data deliverable, Excel (extra: xlsx)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="field lists of public readers",
    carries_note="names and places, plasma copies, VAF; no kept sides",
    sniff=_sniff,
    read=_read,
)
