"""EricScript `*.results.total.tsv` and `*.results.filtered.tsv` (tab, one header).

`GeneName1` is the 5' gene; `chr1`, `Breakpoint1`, `strand1` give its junction, 1-based, with the strand of the gene.
`Breakpoint1` may say "Unable to predict breakpoint position": the row then names two genes without a place. `EricScore`
(0 to 1) is kept as words.

The header was seen in a real file, its rows in the tests of another reader.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    Place,
    end,
    fusion,
    header_names,
    place_of,
    read_fusions,
)
from fgfr_screen.terms import EventKind

_SIGNS = {"genename1", "genename2", "chr1", "breakpoint1", "chr2", "breakpoint2", "ericscore"}
_NO_BREAKPOINT = "unable to predict"


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns GeneName1, Breakpoint1 and EricScore of EricScript"
    return None


def _place(row: FusionRow, which: str) -> Place | None:
    position = row.text(f"breakpoint{which}")
    if not position or position.lower().startswith(_NO_BREAKPOINT):
        return None
    return place_of(row.text(f"chr{which}"), position, row.text(f"strand{which}"))


def _call(row: FusionRow) -> RearrangementCall:
    score = row.text("ericscore")
    return fusion(
        row,
        end((row.text("genename1"),), _place(row, "1"), FIVE),
        end((row.text("genename2"),), _place(row, "2"), THREE),
        split_reads=row.count("spanningreads"),
        spanning_pairs=row.count("crossingreads"),
        filter_text=f"EricScore {score}" if score else "",
        text=row.text("fusiontype"),
    )


_FORMAT = FusionFormat(
    name="ericscript", caller="EricScript", call=_call, required=tuple((name,) for name in sorted(_SIGNS))
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="ericscript",
    title="EricScript results",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT,),
    read_from="header of one real file; rows in the tests of another reader",
    carries_note="gene order and both places with strand, unless not predicted; a score",
    sniff=_sniff,
    read=_read,
)
