"""Tables of several callers: `sample prog fusion breakpoint num_reads` (tab), as in the long-read benchmark of CTAT-LR-fusion.

`fusion` is `A--B`, `breakpoint` is `contig:position--contig:position`, 1-based, without strand. What the order of the genes
means depends on `prog`: CTAT, JAFFAL and pbfusion put the 5' gene first; LongGF and FusionSeeker do not, and any other
program is taken not to. LongGF, FusionSeeker and pbfusion miss the ends of exons by up to three bases.

Written against a real file.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers._table import RowError
from fgfr_screen.readers.fusions._fusion_table import (
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    end,
    fusion,
    gene_pair,
    header_names,
    parse_place,
    read_fusions,
)
from fgfr_screen.readers.fusions.longgf import SLACK_BP
from fgfr_screen.terms import EventKind, GeneOrder

_SIGNS = {"sample", "prog", "fusion", "breakpoint", "num_reads"}
_FIVE_PRIME_FIRST = ("ctat", "jaffal", "pbfusion")
_EXACT = ("ctat", "jaffal")


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns sample, prog, fusion, breakpoint and num_reads"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    program = row.text("prog").lower()
    left, right = gene_pair(row.text("fusion"))
    first, dashes, second = row.text("breakpoint").partition("--")
    if not dashes:
        raise RowError("BAD_POSITION", f"{first[:40]!r} is not two positions")
    is_ordered = program.startswith(_FIVE_PRIME_FIRST)
    slack = 0 if program.startswith(_EXACT) else SLACK_BP
    return fusion(
        row,
        end((left,), parse_place(first), FIVE if is_ordered else None, slack_bp=slack),
        end((right,), parse_place(second), THREE if is_ordered else None, slack_bp=slack),
        caller=row.text("prog") or None,
        order=GeneOrder.ASSERTED if is_ordered else GeneOrder.UNKNOWN,
        split_reads=row.count("num_reads"),
    )


_FORMAT = FusionFormat(
    name="ctat-benchmark", call=_call, required=tuple((name,) for name in sorted(_SIGNS)), sample=("sample",)
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="ctat-benchmark",
    title="Table of several fusion callers (sample, prog, fusion, breakpoint, num_reads)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="supplementary table of the CTAT-LRF benchmark",
    carries_note="names and places without strand, caller by caller; order not for every caller",
    sniff=_sniff,
    read=_read,
)
