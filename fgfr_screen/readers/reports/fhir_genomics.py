"""HL7 FHIR Genomics Reporting bundles (STU2, STU3), with the fusion forms of mCODE and of the German MII.

Certainty A for the MII form (bundles of its maintainers were read), B for the rest. Observations with LOINC 69548-6 are variants;
their value is read first: LA9633-4 present, LA9634-2 absent (a negative for every gene it names), LA18198-4 no call,
LA11884-6 indeterminate. Fusion partners: two components 48018-6 (mCODE, no order), or one 95123-6 `HGNC:a::HGNC:b` (MII,
5' gene first, as HGVS has it; a single hyphen is a read-through). Ids and labels of genes may disagree; then the event is for
review. Allele frequencies are fractions, or percentages when the unit says `%`. Coordinates are 1-based unless 92822-6 says
0-based. A positive FISH result (95784-5) is a rearrangement without partner; other tests and conclusions that name FGFR1-3
in words are for review, or refused. Implications, biomarkers and lists of genes are no findings. Bundles inside a bundle
are read.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind

_KINDS = (b"Bundle", b"DiagnosticReport", b"Observation")


def _sniff(head: Head) -> str | None:
    if not json_with(head, "resourceType"):
        return None
    start = head.data.partition(b'"resourceType"')[2].lstrip(b" \t\r\n:")
    kind = next((kind for kind in _KINDS if start.startswith(b'"' + kind + b'"')), None)
    if kind is None and json_with(head, "entry"):
        kind = b"Bundle"
    return None if kind is None else f"a JSON object with resourceType ({kind.decode()})"


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _fhir_genomics_read

    return _fhir_genomics_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="fhir-genomics",
    title="HL7 FHIR Genomics Reporting bundle, JSON (also mCODE and MII)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="bundles of the German MII profile; HL7 Genomics Reporting guide",
    carries_note="what the profile codes: HGVS, places, copies; fusions mostly by name",
    sniff=_sniff,
    read=_read,
)
