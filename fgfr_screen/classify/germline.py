"""Is a short variant inherited? A matched normal or a germline test decides, without one the allele fraction hints.

Achondroplasia is FGFR3 G380R (both alleles) and, rarely, G375C. Several tumour hotspots of FGFR3 are the same changes
that cause lethal dysplasia when inherited (R248C, S249C, G370C, S371C, Y373C, K650E, K650M): a tumour report that
shows one at a germline-like fraction is still a tumour finding. Rules: rules.md 5; the changes are
`data/hotspots.tsv`.
"""

import msgspec

from fgfr_screen import reference
from fgfr_screen.facts import ShortVariantFacts, Verdict
from fgfr_screen.model import Finding
from fgfr_screen.reference import Hotspot
from fgfr_screen.terms import AlterationClass, Confidence, FgfrGene, Mark, Origin, Outcome

ADULT_AGE_YEARS = 18
# Fractions of a heterozygous and of a homozygous (or tumour-LOH) inherited variant in a sample without normal.
HETEROZYGOUS_VAF = (0.40, 0.60)
HOMOZYGOUS_VAF = 0.90
_RULES = ("rules.md 5",)
_ASK_SECOND_NORMAL = "a second normal sample of another tissue, with identity check"
_ASK_NORMAL = "the same test on matched normal material (blood or saliva)"


def hotspot_of(facts: ShortVariantFacts) -> Hotspot | None:
    """Return the hotspot row of exactly this protein change, or None."""
    if not facts.is_mane or facts.protein_change is None:
        return None
    rows = reference.hotspots()
    return next((row for row in rows if (row.gene, row.change) == (facts.gene, facts.protein_change)), None)


def looks_germline(vaf: float | None) -> bool:
    """Tell whether a fraction (0-1) is that of an inherited variant; False when it is not known."""
    return vaf is not None and (HETEROZYGOUS_VAF[0] <= vaf <= HETEROZYGOUS_VAF[1] or vaf > HOMOZYGOUS_VAF)


def is_lethal_when_inherited(row: Hotspot) -> bool:
    """Tell whether the inherited change is thanatophoric dysplasia (or SADDAN), which no adult tumour patient has."""
    return row.gene is FgfrGene.FGFR3 and (row.germline_syndrome or "").startswith("TD") and row.alt_aa is not None


def classify_germline(
    facts: ShortVariantFacts,
    *,
    origin: Origin,
    vaf: float | None,
    has_matched_normal: bool | None,
    is_germline_assay: bool,
    age_years: float | None = None,
) -> Verdict | None:
    """Return the verdict on a variant with a known germline meaning; None = judge it as a tumour variant.

    Args:
        facts: The variant.
        origin: As the source or the matched normal decides it.
        vaf: Allele fraction 0-1 in the tested material, None = not given.
        has_matched_normal: None = not stated.
        is_germline_assay: True for a constitutional test.
        age_years: Age of the patient, None = not given.
    """
    row = hotspot_of(facts)
    if row is None or row.germline_syndrome is None:
        return None
    if is_germline_assay or origin is Origin.GERMLINE:
        return _inherited(row, is_germline_assay=is_germline_assay, age_years=age_years)
    no_normal = has_matched_normal is not True and origin is not Origin.SOMATIC
    if no_normal and row.adult_life_compatible and looks_germline(vaf):
        return _suspect(row, vaf)
    return None


def _inherited(row: Hotspot, *, is_germline_assay: bool, age_years: float | None) -> Verdict:
    is_child = age_years is not None and age_years < ADULT_AGE_YEARS
    if is_lethal_when_inherited(row) and not is_germline_assay and not is_child:
        return _swap_or_mosaic(row)
    is_achondroplasia = (row.germline_syndrome or "").startswith("ACH")
    unverified = row.class_unverified or (is_achondroplasia and "memory" in row.sources)
    name = f"{row.gene} {row.change}"
    findings = [
        Finding(
            code="GERMLINE_VARIANT",
            message=f"{name} in germline material: {row.germline_syndrome}",
            sources=(row.sources, *_RULES),
        )
    ]
    if unverified:
        findings.append(unverified_finding(row))
    return Verdict(
        alteration_class=AlterationClass.GERMLINE_ACHONDROPLASIA
        if is_achondroplasia
        else AlterationClass.GERMLINE_OTHER,
        outcome=Outcome.REVIEW if unverified else Outcome.MATCH,
        confidence=Confidence.LOW if unverified else Confidence.HIGH,
        findings=tuple(findings),
    )


def unverified_finding(row: Hotspot) -> Finding:
    """Say that the class of a hotspot rests on memory, which lowers a match to review."""
    message = f"what {row.gene} {row.change} does is not confirmed by a source that was read"
    return Finding(code="UNVERIFIED_SOURCE", message=message, outcome=Outcome.REVIEW, sources=(row.sources,))


def _swap_or_mosaic(row: Hotspot) -> Verdict:
    message = (
        f"{row.gene} {row.change} also in the normal sample: inherited it causes {row.germline_syndrome}, lethal "
        "early in life; sample swap, tumour in the normal, mosaic or artefact first"
    )
    return Verdict(
        alteration_class=AlterationClass.ACTIVATING_MUTATION,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        marks=(Mark.ACTIVATING,),
        findings=(Finding(code="SWAP_OR_MOSAIC", message=message, outcome=Outcome.REVIEW, sources=_RULES),),
        would_settle=(_ASK_SECOND_NORMAL,),
    )


def doubt_tumour_change(verdict: Verdict) -> Verdict:
    """Lower a tumour hotspot without a known syndrome to review, since it was seen in germline material."""
    message = "seen in germline material, where it is not known: sample swap, tumour cells, mosaic or artefact first"
    finding = Finding(code="SWAP_OR_MOSAIC", message=message, outcome=Outcome.REVIEW, sources=_RULES)
    return msgspec.structs.replace(
        verdict,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, finding),
        would_settle=(*verdict.would_settle, _ASK_SECOND_NORMAL),
    )


def _suspect(row: Hotspot, vaf: float | None) -> Verdict:
    message = (
        f"{row.gene} {row.change} at an allele fraction of {vaf:.2f} without a matched normal may be inherited "
        f"({row.germline_syndrome})"
    )
    return Verdict(
        alteration_class=AlterationClass.GERMLINE_SUSPECT,
        outcome=Outcome.REVIEW,
        confidence=Confidence.MODERATE,
        findings=(Finding(code="GERMLINE_SUSPECT", message=message, outcome=Outcome.REVIEW, sources=_RULES),),
        would_settle=(_ASK_NORMAL,),
    )


def tell_germline_like(
    verdict: Verdict,
    facts: ShortVariantFacts,
    *,
    origin: Origin,
    vaf: float | None,
    has_matched_normal: bool | None,
) -> Verdict:
    """Add a finding when a tumour hotspot that is lethal when inherited shows a germline-like allele fraction."""
    row = hotspot_of(facts)
    decided = has_matched_normal is True or origin is Origin.SOMATIC
    if row is None or decided or not is_lethal_when_inherited(row) or not looks_germline(vaf):
        return verdict
    message = f"allele fraction {vaf:.2f} looks inherited; pure tumours with loss of the other allele look the same"
    finding = Finding(code="VAF_GERMLINE_LIKE", message=message, sources=_RULES)
    return msgspec.structs.replace(
        verdict, findings=(*verdict.findings, finding), would_settle=(*verdict.would_settle, _ASK_NORMAL)
    )
