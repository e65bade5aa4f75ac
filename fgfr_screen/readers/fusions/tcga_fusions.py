"""Fusion tables of cohort papers: `Fusion` (`A--B`), `Junction`, `Spanning`, `Breakpoint1`, `Breakpoint2` (tab, one header).

Layout of the mmc2 supplement of Gao et al., Cell Reports 2018 (TCGA): columns Cancer, Sample, and those above. The 5' gene
comes first; breakpoints are `contig:position:strand`, 1-based, with the strand of the gene. Many samples stand in one
table. Counts of exactly 1000 look like placeholders and are shown as they are.

Written against a real file.
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

_SIGNS = {"fusion", "junction", "spanning", "breakpoint1", "breakpoint2"}


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns Fusion, Junction, Spanning, Breakpoint1 and Breakpoint2"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    left, right = gene_pair(row.text("fusion"))
    return fusion(
        row,
        end((left,), row.place("breakpoint1"), FIVE),
        end((right,), row.place("breakpoint2"), THREE),
        split_reads=row.count("junction"),
        spanning_pairs=row.count("spanning"),
    )


_FORMAT = FusionFormat(
    name="tcga-fusions", call=_call, required=tuple((name,) for name in sorted(_SIGNS)), sample=("sample",)
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="tcga-fusions",
    title="Fusion table of a cohort (layout of the TCGA supplement, Gao 2018)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="a table in the layout of the mmc2 supplement of Gao 2018",
    carries_note="gene order, both places with strand, read counts; only sense fusions",
    sniff=_sniff,
    read=_read,
)
