"""LongGF logs: lines `SumGF GENE1:GENE2 reads contig:position contig:position`, separated by blanks or tabs.

The genes are not in 5' to 3' order and there is no strand (for RT112 it writes `TACC3:FGFR3`), and positions miss the end
of the exon by a base or so. Order and kept sides are therefore unknown here; they are repaired later where both positions
lie on ends of exons. Other lines of the log (`GF`, progress) are no records.

Written from rows in a published benchmark table and from a parser of that benchmark; no whole log was seen.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers._table import RowError
from fgfr_screen.readers.fusions._fusion_table import (
    FusionFormat,
    FusionRow,
    end,
    fusion,
    gene_pair,
    parse_place,
    read_fusions,
)
from fgfr_screen.terms import DeclaredStructure, EventKind, GeneOrder

SLACK_BP = 3
"""Largest distance seen between these callers' positions and the end of the exon (RT112, nine-line benchmark)."""


def _sniff(head: Head) -> str | None:
    for line in head.data.split(b"\n"):
        if line.startswith((b"SumGF\t", b"SumGF ", b"GF\t", b"GF ")) and b":" in line:
            return f"the lines begin with {line.split()[0].decode()}, as LongGF writes them"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    parts = row.text("line").split()
    if len(parts) != 5 or not parts[2].isdigit():
        raise RowError("RAGGED_ROW", "the line is not SumGF, two genes, reads and two positions")
    left, right = gene_pair(parts[1])
    return fusion(
        row,
        end((left,), parse_place(parts[3]), None, slack_bp=SLACK_BP),
        end((right,), parse_place(parts[4]), None, slack_bp=SLACK_BP),
        order=GeneOrder.UNKNOWN,
        declared=DeclaredStructure.FUSION,
        split_reads=int(parts[2]),
    )


# No line of a log holds the sign that separates cells, so each is one cell.
_FORMAT = FusionFormat(
    name="longgf", caller="LongGF", call=_call, separator="\x1f", header="line", row_start=("SumGF\t", "SumGF ")
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="longgf",
    title="LongGF log (SumGF lines)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT,),
    read_from="rows in a benchmark table; its parser",
    carries_note="both places; the order of genes means nothing",
    sniff=_sniff,
    read=_read,
)
