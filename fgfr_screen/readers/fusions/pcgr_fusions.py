"""PCGR RNA fusion table: TSV with `FusionGene`, `LeftBreakpoint`, `RightBreakpoint`, `SplitReads`.

`FusionGene` is `A--B`, 5' gene first; either half may be empty (`FGFR2--`). Breakpoints are `4:1806166`, 1-based ends of
RNA junctions, without strand. The assembly is not in the file: it is told from the places of the genes named.

Certainty A: the example of its maintainers was read.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    end,
    fusion,
    gene_pair,
    header_names,
    read_fusions,
)
from fgfr_screen.terms import EventKind

_SIGNS = {"fusiongene", "leftbreakpoint", "rightbreakpoint", "splitreads"}


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns FusionGene, LeftBreakpoint, RightBreakpoint and SplitReads of PCGR"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    left, right = gene_pair(row.text("fusiongene"))
    return fusion(
        row,
        end((left,), row.place("leftbreakpoint"), FIVE),
        end((right,), row.place("rightbreakpoint"), THREE),
        split_reads=row.count("splitreads"),
    )


_FORMAT = FusionFormat(
    name="pcgr-fusions", caller="PCGR", call=_call, required=tuple((name,) for name in sorted(_SIGNS))
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="pcgr-fusions",
    title="PCGR RNA fusion table (TSV)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="the example of its maintainers",
    carries_note="gene order and both places without strand, read counts",
    sniff=_sniff,
    read=_read,
)
