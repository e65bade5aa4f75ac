"""Our own laboratory report (JSON form 1.0, and its camel-case draft); read by `_lab_report_read`."""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if not json_with(head, "rearrangements", "genome", "report"):
        return None
    key = next((key for key in ("schema_version", "schemaVersion") if json_with(head, key)), None)
    return None if key is None else f"a JSON object with {key}, report, genome and rearrangements"


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Types and mapping are loaded only when a report is there: every start looks at all readers.
    from fgfr_screen.readers.reports import _lab_report_read

    return _lab_report_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="lab-report",
    title="Laboratory report in our JSON form 1.0 (and its camel-case draft)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="our own JSON Schema and examples",
    carries_note="everything that a report states: places, kept sides, order, frame, copies on any scale, HGVS",
    sniff=_sniff,
    read=_read,
)
