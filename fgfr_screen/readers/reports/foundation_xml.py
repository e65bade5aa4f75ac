"""Foundation Medicine XML reports (FoundationOne, CDx, Heme, Liquid CDx); read by `_foundation_read`.

`rr:ResultsReport` 2.x with `FinalReport` (no namespace) and `variant-report` (external 2.x), either of them missing, or a
bare `variant-report`. Elements are found by local name. Positions are 1-based closed, points or intervals. The build is
never stated: the vendor works on hg19. Version 2.0/2.2 was seen as a file, others from schema and field tables.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind

ROOTS = ("ResultsReport", "variant-report", "FinalReport")


def _sniff(head: Head) -> str | None:
    if not head.data.lstrip().startswith(b"<"):
        return None
    from fgfr_screen.readers._xml import root_name

    name = root_name(head.data)
    return f"an XML document with the root element {name}" if name in ROOTS else None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a report is there: every start looks at all readers.
    from fgfr_screen.readers.reports import _foundation_read

    return _foundation_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="foundation-xml",
    title="Foundation Medicine report, XML (FoundationOne, CDx, Heme, Liquid CDx)",
    built_from="real file",
    read_from="one vendor-made report; schema and field tables of third-party readers",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    carries_note="partner, frame, copies, short variants, QC; no kept sides, no build",
    sniff=_sniff,
    read=_read,
)
