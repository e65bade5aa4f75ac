"""Caris reports (MI Profile, MI Tumor Seek, Assure) in XML and JSON; both use the same names.

Certainty B: written from a schema and working readers of these files; no complete file was seen. Tree: `root` with
`testDetails`, `patientInformation`, `specimenInformation`, and `tests[]` of `testResults[]`, each holding one of
`genomicAlteration`, `copyNumberAlteration`, `translocation`, `expressionAlteration`. Every gene that was tested has a row:
`Wild Type`, `Not Detected` and the like are negatives, `Indeterminate` is no result. Build: per row (translocations are hg19
beside hg38 elsewhere). Coordinates 1-based; `genomicBreakpoint` is `chr2:42522656:+/chr2:29446394:-`; the signs are not
used. `gene1` is not said to be the 5' gene. Allele frequencies are percentages.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with, xml_with
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if xml_with(head, "<root", "<testDetails"):
        return "an XML document root with testDetails"
    if json_with(head, "testDetails") and any(json_with(head, key) for key in ("tests", "patientInformation")):
        return "a JSON object with testDetails, and tests or patientInformation"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _caris_read

    return _caris_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="caris",
    title="Caris report, XML and JSON",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="field lists of public readers",
    carries_note="everything that a report states; order of fusion genes not always",
    sniff=_sniff,
    read=_read,
)
