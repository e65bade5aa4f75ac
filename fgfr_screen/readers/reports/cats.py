"""CATS 1.x reports (`.cats`, JSON; C-CAT, Japan: "Cancer Genomic Test Standardized Format"); read by `_cats_read`.

`metaData.schemaVersion` 1.0 to 1.3. Positions are 1-based, ends of rearrangements are intervals. `matePieceLocation`
`downstream` = the mate follows behind this end, which keeps its lower side; `upstream` = the higher side. The order of genes
is known only from `orderedGenePairs`. No frame, no tumour type. `reported` true
= the variant stands in the laboratory's report, so its words count as declared.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if json_with(head, "metaData", "testInfo", "schemaVersion"):
        return "a JSON object with metaData.schemaVersion and testInfo"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a report is there: every start looks at all readers.
    from fgfr_screen.readers.reports import _cats_read

    return _cats_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="cats",
    title="CATS report of Japanese cancer gene panels (JSON)",
    built_from="real file",
    read_from="five sample files of catstools, versions 1.2 and 1.3",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    carries_note="places, gene order where stated, copies with units; no frame, no tumour type",
    sniff=_sniff,
    read=_read,
)
