"""TruSight Oncology 500 `*_AllFusions.csv`: every RNA fusion candidate; read by `_tso500_read`.

Rows with KeepFusion True are results. A row that passed the filter and was not kept is a call that failed; one that failed
the filter as well is counted as rejected and says nothing about absence. Positions are 1-based; `Fusion Directionality
Known` True = gene A is the 5' gene. From documentation and third-party readers.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    names = header_of(head, separator=",")
    if {"gene a", "gene b", "gene a breakpoint", "gene b breakpoint", "keepfusion"} <= set(names):
        return "the header has Gene A, Gene B, their breakpoints and KeepFusion"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a table is there: every start looks at all readers.
    from fgfr_screen.readers.tables import _tso500_read

    return _tso500_read.read_all_fusions(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="tso500-all-fusions",
    title="TruSight Oncology 500 RNA fusion candidates (AllFusions.csv)",
    built_from="documentation",
    read_from="documentation and a third-party reader",
    carries=(EventKind.REARRANGEMENT,),
    carries_note="kept candidates with gene order; no frame, no build",
    sniff=_sniff,
    read=_read,
)
