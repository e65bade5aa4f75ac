"""Tempus reports (xT, xF, xR, xE) in JSON, families 1.x and 3.3 or newer.

Certainty B: written from two independent working readers of these files and their field lists; no complete file was seen.
1.x: `report.workflow`, `results.somaticPotentiallyActionableMutations[]` (nested by gene), flat lists of copy numbers and
of relevant and unknown variants, `fusionVariants[]` with `gene5` and `gene3`, inherited lists. 3.3+: `genomicVariants`
groups of `variants[]{variantType, variantDetails[]}`. Allele fractions are percentages; `nucleotideAlteration` is
`chrom:pos:ref:alt`, 1-based. Fusions have explicit 5' and 3' genes and neither coordinates, strand nor frame; a fusion
without `gene3` is an internal event.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind

_LISTS = ("somaticPotentiallyActionableMutations", "somaticBiologicallyRelevantVariants", "fusionVariants")
_GROUPS = ("potentiallyActionable", "biologicallyRelevant", "unknownSignificance", "likelyPathogenic", "pathogenic")


def _sniff(head: Head) -> str | None:
    if json_with(head, "report", "order", "results") and any(json_with(head, name) for name in _LISTS):
        return "a JSON object with report, order and results.somatic... lists (Tempus 1.x)"
    if json_with(head, "order", "genomicVariants") and any(json_with(head, name) for name in _GROUPS):
        return "a JSON object with order and genomicVariants groups (Tempus 3.x)"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _tempus_read

    return _tempus_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="tempus",
    title="Tempus report, JSON 1.x and 3.3 or newer",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="field lists of two public readers",
    carries_note="5' and 3' genes without place, HGVS, copies in older versions",
    sniff=_sniff,
    read=_read,
)
