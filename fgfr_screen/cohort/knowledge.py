"""A stored event under today's tables: listed changes and known partners, without the input file.

What a file said beyond the event (filters, matched normal, orientation) is not stored. So only two questions are asked again,
whose answers depend on tables alone: is the protein change listed, and is the partner a known one. Events that an origin
decided (germline) stay as they are. A doubt that lowered the stored event (a failed filter, an interval) lowers the new one.
"""

from collections.abc import Iterable

from msgspec import structs

from fgfr_screen.annotate.partner import partner_tier
from fgfr_screen.annotate.short_variant import UnusableVariant, annotate_short_variant
from fgfr_screen.classify.short_variant import classify_short_variant
from fgfr_screen.events import category_of
from fgfr_screen.facts import ShortVariantFacts, Verdict
from fgfr_screen.model import ClinicalFacts, Event, Finding, ShortVariantCall, Source, Specimen
from fgfr_screen.terms import (
    AlterationClass,
    Confidence,
    EventKind,
    Frame,
    Mark,
    Origin,
    Outcome,
    TranscriptSide,
    worst,
)

_DOUBTS = frozenset(
    {
        "FILTER_FAILED",
        "NO_TUMOR_SUPPORT",
        "EQUIVOCAL",
        "ASSAY_FAILED",
        "REPORT_PRELIMINARY",
        "ASSEMBLY_CONFLICT",
        "GENE_ID_CONFLICT",
        "POSITION_OUTSIDE_GENE",
        "PROTEIN_CHANGE_NOT_AT_POSITION",
        "TEXT_NEEDS_REVIEW",
        "DECLARED_KINASE_LOST",
        "RNA_SHOWS_NORMAL_JUNCTION",
        "NEGATIVE_AFTER_INHIBITOR",
        "POSITION_INTERVAL_CROSSES_LIMIT",
        "SWAP_OR_MOSAIC",
    }
)
_DECIDED_BY_ORIGIN = frozenset(
    {
        AlterationClass.GERMLINE_ACHONDROPLASIA,
        AlterationClass.GERMLINE_OTHER,
        AlterationClass.GERMLINE_SUSPECT,
        AlterationClass.NOT_ASSESSABLE,
    }
)
_BY_PARTNER = frozenset(
    {
        "REARRANGEMENT_FRAME",
        "REARRANGEMENT_OUT_OF_STRAND",
        "FUSION_KNOWN_PARTNER",
        "FUSION_NAMED_ONLY",
        "FUSION_NAMED_KNOWN_PARTNER",
    }
)
_BY_NAME = frozenset({"FUSION_NAMED_ONLY", "FUSION_NAMED_KNOWN_PARTNER"})
_SETTLED_BY_EXON = "the FGFR exon of the break"
_SETTLED_BY_RNA = "RNA fusion panel (is a chimeric in-frame transcript made?)"


def reconsider(event: Event, clinical: ClinicalFacts, specimens: Iterable[Specimen]) -> Event:
    """Return the event as today's tables see it; the same event when they say the same.

    Args:
        event: A stored event.
        clinical: Facts of the patient (an FGFR inhibitor before the sample makes a listed change acquired).
        specimens: Material of the screening.
    """
    if event.kind is EventKind.SHORT_VARIANT and event.alteration_class not in _DECIDED_BY_ORIGIN:
        return _short_variant(event, clinical, tuple(specimens))
    if event.kind is EventKind.REARRANGEMENT:
        return _rearrangement(event)
    return event


def _prior_inhibitor(event: Event, clinical: ClinicalFacts, specimens: tuple[Specimen, ...]) -> bool | None:
    used = {line.specimen for line in event.evidence}
    stated = {
        not one.before_fgfr_inhibitor for one in specimens if one.id in used and one.before_fgfr_inhibitor is not None
    }
    return stated.pop() if len(stated) == 1 else clinical.prior_fgfr_inhibitor


def _facts_of(event: Event) -> ShortVariantFacts | None:
    """Read the HGVS texts of the event back; None when they cannot be read."""
    call = ShortVariantCall(
        source=Source(input="stored", line=None), gene=event.gene.value, hgvs_c=event.hgvs_c, hgvs_p=event.hgvs_p
    )
    facts = annotate_short_variant(call, None)
    return None if isinstance(facts, UnusableVariant) or facts.candidates else facts


def _short_variant(event: Event, clinical: ClinicalFacts, specimens: tuple[Specimen, ...]) -> Event:
    facts = _facts_of(event)
    if facts is None:
        return event
    verdict = classify_short_variant(
        facts,
        origin=Origin.SOMATIC,
        vaf=None,
        has_matched_normal=True,
        prior_fgfr_inhibitor=_prior_inhibitor(event, clinical, specimens),
        is_germline_assay=False,
    )
    if verdict.alteration_class is AlterationClass.SILENT:
        return event
    return _with(event, verdict)


def _with(event: Event, verdict: Verdict) -> Event:
    """Put a verdict in the place of the stored one, unless both say the same."""
    doubts = tuple(one for one in event.findings if one.code in _DOUBTS and one.outcome is not None)
    outcome = worst(verdict.outcome, *(one.outcome for one in doubts if one.outcome is not None))
    if (verdict.alteration_class, outcome) == (event.alteration_class, event.outcome):
        return event
    kept = (Mark.SUBCLONAL,) if Mark.SUBCLONAL in event.marks else ()
    return structs.replace(
        event,
        alteration_class=verdict.alteration_class,
        marks=(*verdict.marks, *kept),
        category=category_of(event.gene, verdict.alteration_class),
        outcome=outcome,
        confidence=Confidence.LOW if doubts else verdict.confidence,
        findings=(*verdict.findings, *doubts),
        would_settle=verdict.would_settle,
    )


def _rearrangement(event: Event) -> Event:
    code = next((finding.code for finding in event.findings if finding.code in _BY_PARTNER), None)
    if code is None or event.five_prime is None or event.three_prime is None:
        return event
    partner = event.three_prime.gene if event.five_prime.gene == event.gene.value else event.five_prime.gene
    side = TranscriptSide.FIVE_PRIME if event.five_prime.gene == event.gene.value else TranscriptSide.THREE_PRIME
    tier = partner_tier(event.gene, partner, side)
    if event.partner_tier in (tier, partner_tier(event.gene, partner, None)):
        return event
    is_known = tier == "A" and event.gene.value != "FGFR1"
    was_known = code in ("FUSION_KNOWN_PARTNER", "FUSION_NAMED_KNOWN_PARTNER")
    event = structs.replace(event, partner_tier=tier)
    if is_known == was_known:
        return event
    verdict = _by_name(event, partner, is_known) if code in _BY_NAME else _by_break(event, partner, is_known)
    return _with(event, verdict)


def _by_break(event: Event, partner: str | None, is_known: bool) -> Verdict:
    """Return the verdict on a break in the hotspot: a known partner makes it a fusion whatever frame and strand."""
    frame = event.frame or Frame.UNKNOWN
    if is_known:
        kind, code = AlterationClass.FUSION, "FUSION_KNOWN_PARTNER"
        message = f"{partner} is a known partner now: counts whatever the frame ({frame}) and strand"
    else:
        kind = AlterationClass.REARRANGEMENT
        code = "REARRANGEMENT_OUT_OF_STRAND" if event.in_strand is False else "REARRANGEMENT_FRAME"
        message = f"{partner} is no known partner now; frame {frame.replace('_', ' ')}"
    return Verdict(
        alteration_class=kind,
        outcome=Outcome.MATCH,
        confidence=event.confidence,
        findings=(Finding(code=code, message=message, outcome=Outcome.MATCH, sources=("rules.md 1.3",)),),
        would_settle=() if is_known else (_SETTLED_BY_RNA,),
    )


def _by_name(event: Event, partner: str | None, is_known: bool) -> Verdict:
    """Return the verdict on a fusion without a breakpoint: only a known partner makes it certain."""
    outcome = Outcome.MATCH if is_known else Outcome.REVIEW
    code = "FUSION_NAMED_KNOWN_PARTNER" if is_known else "FUSION_NAMED_ONLY"
    told = "is a known partner now" if is_known else "is no known partner now"
    message = f"the source names a fusion of {event.gene} with {partner}, which {told}; no breakpoint given"
    return Verdict(
        alteration_class=AlterationClass.FUSION,
        outcome=outcome,
        confidence=Confidence.MODERATE if is_known else Confidence.LOW,
        findings=(Finding(code=code, message=message, outcome=outcome, sources=("rules.md 1.3",)),),
        would_settle=(_SETTLED_BY_EXON,) if is_known else (_SETTLED_BY_RNA,),
    )
