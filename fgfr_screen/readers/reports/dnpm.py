"""DNPM:DIP molecular tumour board record (Germany), JSON of the national model project.

Certainty A for the form: a synthetic file of the format's maintainers was read. `ngsReports[].results` hold `simpleVariants`,
`copyNumberVariants`, `dnaFusions`, `rnaFusions`; genes are HGNC codings, `metadata[].referenceGenome` is `HG19`.
Positions are 1-based; fusion partners are named 5' and 3'; RNA fusions have exon and position without chromosome, so only
the exon is used. A copy-number segment counts for the affected genes it names, else for the gene it covers; genes under
`copyNumberNeutralLoH` are not amplified and are left out. `chromosome` may be a coding, `transcriptId` a text.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind

_OWN = ("episodesOfCare", "ngsReports")
_SIGNS = ("episodesOfCare", "diagnoses", "guidelineTherapies", "specimens", "ngsReports")


def _sniff(head: Head) -> str | None:
    if not json_with(head, "patient") or not any(json_with(head, key) for key in _OWN):
        return None
    found = [key for key in _SIGNS if json_with(head, key)]
    return f"a JSON object with patient, {', '.join(found)}" if len(found) > 1 else None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _dnpm_read

    return _dnpm_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="dnpm",
    title="DNPM:DIP molecular tumour board record, JSON",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="a synthetic patient of the DNPM MTB data model",
    carries_note="names, exons and places of fusions, copies, HGVS; no kept sides",
    sniff=_sniff,
    read=_read,
)
