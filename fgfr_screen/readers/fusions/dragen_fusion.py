"""DRAGEN RNA `*.fusion_candidates.final` and `.features.csv` (tab or comma, one header).

`#FusionGene` is `A--B` with the 5' gene first; `LeftBreakpoint` and `RightBreakpoint` are `contig:position:strand`,
1-based, with the strand of the gene. Several genes of one side are joined with `;`. Version 3.7 gives no read counts, 3.9
adds `NumSplitReads` and `NumPairedReads`, later versions `Filter` (PASS or reasons). `Gene1Sense` or `Gene2Sense` False
means that the order does not follow transcription: then neither order nor strands are used.

Written from documentation and from the headers that other readers of this file name; no real file was seen.
"""

from fgfr_screen.model import Breakend, InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    COMMA,
    FIVE,
    TAB,
    THREE,
    FusionFormat,
    FusionRow,
    end,
    fusion,
    gene_pair,
    header_names,
    read_fusions,
)
from fgfr_screen.terms import DeclaredStructure, EventKind, GeneOrder, TranscriptSide

_SIGNS = {"fusiongene", "leftbreakpoint", "rightbreakpoint"}
# A column of PCGR, whose table has the same three others; DRAGEN says NumSplitReads.
_OTHER_FORMAT = "splitreads"


def _separator(head: Head) -> str | None:
    for sign in (TAB, COMMA):
        names = header_names(head, sign)
        if names >= _SIGNS and _OTHER_FORMAT not in names:
            return sign
    return None


def _sniff(head: Head) -> str | None:
    if _separator(head) is not None:
        return "the header has the columns FusionGene, LeftBreakpoint and RightBreakpoint of DRAGEN"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    left, right = gene_pair(row.text("fusiongene"))
    is_sense = all(row.text(name).lower() != "false" for name in ("gene1sense", "gene2sense"))
    verdict = row.text("filter")
    return fusion(
        row,
        _side(row, left, "leftbreakpoint", FIVE if is_sense else None),
        _side(row, right, "rightbreakpoint", THREE if is_sense else None),
        order=GeneOrder.ASSERTED if is_sense else GeneOrder.UNKNOWN,
        declared=DeclaredStructure.FUSION if is_sense else None,
        split_reads=row.count("numsplitreads"),
        spanning_pairs=row.count("numpairedreads"),
        other_support=(row.count("numsoftclippedreads"),),
        failed=verdict.upper() != "PASS" if verdict else None,
        filter_text=verdict,
    )


def _side(row: FusionRow, word: str, column: str, role: TranscriptSide | None) -> Breakend:
    return end(tuple(part.strip() for part in word.split(";")), row.place(column), role)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    layout = FusionFormat(
        name="dragen-fusion",
        caller="DRAGEN",
        call=_call,
        separator=_separator(opened.head) or TAB,
        required=tuple((name,) for name in sorted(_SIGNS)),
    )
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", layout)


READER = Reader(
    name="dragen-fusion",
    title="DRAGEN RNA fusion candidates (final list)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT,),
    read_from="DRAGEN documentation; headers named by other readers",
    carries_note="gene order and both places with strand; no counts in some versions",
    sniff=_sniff,
    read=_read,
)
