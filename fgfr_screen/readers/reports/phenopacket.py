"""Phenopacket v2, JSON (one phenopacket, or a family's proband), snake case or camel case.

Certainty A for the form (published phenopackets were looked up). `interpretations[].diagnosis.genomicInterpretations[]` hold
`variantInterpretation.variationDescriptor` with `geneContext`, `expressions[]` (`hgvs.c`, `hgvs.g`, `hgvs.p`) and
`vcfRecord` (1-based, REF and ALT as in VCF). A REJECTED interpretation is no finding. Diagnoses of skeletal dysplasia
make the variants germline; achondroplasia counts as recorded clinically only when it is stated as disease
MONDO:0007037 or OMIM:100800 and not excluded. Tumour packets (with biosamples that name a tumour) keep an unknown origin.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind

_VERSIONS = ("phenopacketSchemaVersion", "phenopacket_schema_version")


def _sniff(head: Head) -> str | None:
    if any(json_with(head, key) for key in _VERSIONS):
        return "a JSON object with metaData.phenopacketSchemaVersion"
    if json_with(head, "interpretations", "subject") and any(json_with(head, key) for key in ("metaData", "meta_data")):
        return "a JSON object with subject, interpretations and metaData (phenopacket)"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _phenopacket_read

    return _phenopacket_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="phenopacket",
    title="Phenopacket v2, JSON",
    built_from="documentation",
    carries=(EventKind.SHORT_VARIANT,),
    read_from="GA4GH Phenopackets schema and documentation",
    carries_note="germline and tumour variants by HGVS or VCF; phenotype",
    sniff=_sniff,
    read=_read,
)
