"""Sample tables of the OncoKB annotator: structural variants by gene names, copy number by level or word.

`Tumor_Sample_Barcode GeneA GeneB Sv_Type`: the order of the genes means nothing, no place is given.
`Tumor_Sample_Barcode Hugo_Symbol Copy_Number_Alteration`: -2 to 2 (GISTIC levels) or a word, in one column.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_SV_COLUMNS = ("tumor_sample_barcode", "genea", "geneb")
_COPY_COLUMNS = ("tumor_sample_barcode", "hugo_symbol", "copy_number_alteration")


def _sniff(head: Head) -> str | None:
    names = set(header_of(head))
    for columns in (_SV_COLUMNS, _COPY_COLUMNS):
        if names >= set(columns):
            return f"the header has the OncoKB columns {', '.join(columns)}"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a table is there: every start looks at all readers.
    from fgfr_screen.readers.tables import _oncokb_read

    is_copies = _COPY_COLUMNS[-1] in header_of(opened.head)
    evidence = _sniff(opened.head) or "named by the user"
    return _oncokb_read.read(
        opened, options, evidence, _COPY_COLUMNS if is_copies else _SV_COLUMNS, is_copies=is_copies
    )


READER = Reader(
    name="oncokb",
    title="OncoKB annotator sample tables (structural variants, individual copy number)",
    built_from="real file",
    read_from="two example files of the OncoKB annotator",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER),
    carries_note="gene names or copy-number words alone; no places",
    sniff=_sniff,
    read=_read,
)
