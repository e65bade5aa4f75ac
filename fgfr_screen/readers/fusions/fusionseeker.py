"""FusionSeeker `confident_genefusion.txt` (tab): two genes, reads, contig and position of each, an id `GF01`, read names.

Newer versions write a header (`Gene1 Gene2 NumSupp Chrom1 Breakpoint1 Chrom2 Breakpoint2 ID SupportingReads`, or `ID`
first), older ones none. The genes are not in 5' to 3' order and there is no strand, and positions miss the end of the exon
by up to three bases: order and kept sides are unknown here and repaired later where the ends of exons tell them.

Written from rows in a published benchmark table, from a parser of that benchmark and from the program's source.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    TAB,
    FusionFormat,
    FusionRow,
    end,
    fusion,
    header_names,
    place_of,
    read_fusions,
)
from fgfr_screen.readers.fusions.longgf import SLACK_BP
from fgfr_screen.terms import EventKind, GeneOrder

_SIGNS = {"gene1", "gene2", "numsupp", "chrom1", "breakpoint1", "chrom2", "breakpoint2"}
_NAMES = ("gene1", "gene2", "numsupp", "chrom1", "breakpoint1", "chrom2", "breakpoint2")
_HEADER = TAB.join((*_NAMES, "id", "supportingreads"))
_HEADER_ID_FIRST = TAB.join(("id", *_NAMES, "supportingreads"))


def _headerless(head: Head) -> str | None:
    """Return the names of the columns of a file without header, told by the place of its id."""
    cells = head.data.partition(b"\n")[0].decode("latin-1").rstrip("\r").split(TAB)
    if len(cells) != 9:
        return None
    for at, header in ((7, _HEADER), (0, _HEADER_ID_FIRST)):
        number = cells[at].removeprefix("GF")
        if cells[at].startswith("GF") and number.isascii() and number.isdigit():
            return header
    return None


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns Gene1, NumSupp, Chrom1 and Breakpoint1 of FusionSeeker"
    if _headerless(head) is not None:
        return "the rows have nine columns and an id such as GF01, as FusionSeeker writes them"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    sides = [
        end(
            (row.text(f"gene{which}"),),
            place_of(row.text(f"chrom{which}"), row.text(f"breakpoint{which}")),
            None,
            slack_bp=SLACK_BP,
        )
        for which in "12"
    ]
    return fusion(row, *sides, order=GeneOrder.UNKNOWN, split_reads=row.count("numsupp"))


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    layout = FusionFormat(
        name="fusionseeker",
        caller="FusionSeeker",
        call=_call,
        header=_headerless(opened.head),
        required=tuple((name,) for name in _NAMES),
    )
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", layout)


READER = Reader(
    name="fusionseeker",
    title="FusionSeeker confident gene fusions",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT,),
    read_from="rows in a benchmark table; its parser; the program's source",
    carries_note="both places; the order of genes means nothing",
    sniff=_sniff,
    read=_read,
)
