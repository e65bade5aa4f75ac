"""JAFFA and JAFFAL `jaffa_results.csv` (comma, quoted where needed, one header).

`fusion genes` is `A:B` with the 5' gene first; `base1` and `base2` are 1-based exon ends. `strand1/2` are strands of the
genes; older headers have none, and the kept sides are then told by the order alone. `gap (kb)` may be `Inf`, `inframe`
is TRUE or FALSE. `classification` ranks the row (HighConfidence to PotentialTransSplicing) and is kept as words. Results
of several samples stand in one file.

The header without strands was seen in a real file; the one with strands in documentation of pipelines that run JAFFAL.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    COMMA,
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    Place,
    end,
    fusion,
    gene_pair,
    header_names,
    place_of,
    read_fusions,
)
from fgfr_screen.terms import EventKind

_SIGNS = {"fusion genes", "chrom1", "base1", "chrom2", "base2"}


def _sniff(head: Head) -> str | None:
    if header_names(head, COMMA) >= _SIGNS:
        return "the header has the columns fusion genes, chrom1 and base1 of JAFFA"
    return None


def _place(row: FusionRow, which: str) -> Place | None:
    contig = row.text(f"chrom{which}")
    return place_of(contig, row.text(f"base{which}"), row.text(f"strand{which}")) if contig else None


def _call(row: FusionRow) -> RearrangementCall:
    left, right = gene_pair(row.text("fusion genes"))
    return fusion(
        row,
        end((left,), _place(row, "1"), FIVE),
        end((right,), _place(row, "2"), THREE),
        frame=row.text("inframe"),
        split_reads=row.count("spanning reads"),
        spanning_pairs=row.count("spanning pairs"),
        filter_text=row.text("classification"),
    )


_FORMAT = FusionFormat(
    name="jaffa",
    caller="JAFFA",
    call=_call,
    separator=COMMA,
    required=tuple((name,) for name in sorted(_SIGNS)),
    sample=("sample",),
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="jaffa",
    title="JAFFA and JAFFAL results (CSV)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT,),
    read_from="header of a real file (without strands); documentation of JAFFAL",
    carries_note="gene order, both places, frame; strands only in newer files",
    sniff=_sniff,
    read=_read,
)
