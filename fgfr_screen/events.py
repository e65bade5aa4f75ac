"""Group of calls + verdict -> `Event`, the normal form that is printed: id, name, category, ends, numbers, evidence.

Nothing is judged here. The id depends on the gene, the kind and the transcript coordinates of both ends only, so it is the
same on both assemblies, in every order of files, and whatever class new knowledge gives the event.
"""

import hashlib
from collections.abc import Iterable

from fgfr_screen.facts import (
    CopyNumberFacts,
    CopyNumberGroup,
    CopyNumberVerdict,
    RearrangementFacts,
    RearrangementGroup,
    ShortVariantGroup,
    Verdict,
)
from fgfr_screen.merge import source_key
from fgfr_screen.model import Call, CopyNumberCall, Event, EventEnd, Evidence, Measure, RearrangementCall, Source
from fgfr_screen.terms import (
    AlterationClass,
    Category,
    CopyNumberUnit,
    EventKind,
    FgfrGene,
    GeneOrder,
    Origin,
    PartnerKind,
    TranscriptSide,
)

_ID_DIGITS = 12
_AMPLIFIED = (
    AlterationClass.AMPLIFICATION,
    AlterationClass.PARTIAL_AMPLIFICATION,
    AlterationClass.COPY_NUMBER_GAIN,
)
_NOTHING = (
    AlterationClass.BENIGN,
    AlterationClass.VUS,
    AlterationClass.SILENT,
    AlterationClass.COPY_NUMBER_NEUTRAL,
    AlterationClass.COPY_NUMBER_LOSS,
)
_ORDER_KIND = {kind: position for position, kind in enumerate(EventKind)}


def category_of(gene: FgfrGene, alteration: AlterationClass) -> Category:
    """Return the patient-level question that a class belongs to (rules.md 1.3)."""
    if alteration in _NOTHING:
        return Category.NONE
    if gene is FgfrGene.FGFR2:
        if alteration in (AlterationClass.FUSION, AlterationClass.REARRANGEMENT):
            return Category.FGFR2_FUSION_OR_REARRANGEMENT
        if alteration in _AMPLIFIED:
            return Category.FGFR2_AMPLIFICATION
    if gene is FgfrGene.FGFR3 and alteration not in _AMPLIFIED:
        return Category.FGFR3_ALTERATION
    return Category.OTHER_FGFR_ALTERATION


def event_id(gene: FgfrGene, kind: EventKind, *coordinates: str) -> str:
    """Return the first 12 hex digits of a sha256 over gene, kind and assembly-free coordinates."""
    text = "|".join((gene.value, kind.value, *coordinates))
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]


# -------------------------------------------------------------------------------------------------------- evidence


def _position(call: Call) -> str | None:
    """Return the coordinates of a call as its source gives them."""
    match call:
        case RearrangementCall():
            given = [end for end in (call.first, call.second) if end is not None and end.pos is not None]
            ends = sorted(given, key=lambda end: (end.contig or "", end.pos or 0))
            return " / ".join(f"{end.contig}:{end.pos}{_side(end.orientation)}" for end in ends) or None
        case CopyNumberCall():
            return f"{call.contig}:{call.start}-{call.end}" if call.start is not None else None
        case _:
            pos = getattr(call, "pos", None)
            return f"{getattr(call, 'contig', None)}:{pos}" if pos is not None else None


def _side(orientation: object) -> str:
    return "" if orientation is None else f" ({str(orientation).lower()} kept)"


def _evidence(call: Call, source: Source) -> Evidence:
    structural = call if isinstance(call, RearrangementCall) else None
    return Evidence(
        input=source.input,
        line=source.line,
        place=source.place,
        caller=call.caller,
        assay=call.assay,
        specimen=call.specimen,
        molecule=call.molecule,
        junction=structural.junction if structural else None,
        assembly=call.assembly,
        position=_position(call),
        split_reads=structural.split_reads if structural else None,
        spanning_pairs=structural.spanning_pairs if structural else None,
        vaf=call.vaf,
        status=call.status,
        filter=call.filter_text or call.filter.value,
        raw_id=source.raw_id,
        text=call.text,
    )


def evidence_of(calls: Iterable[Call]) -> tuple[Evidence, ...]:
    """Return one line of evidence for every input record behind the calls, mates included, in a fixed order."""
    lines = []
    for call in calls:
        sources = (call.source, *call.mates) if isinstance(call, RearrangementCall) else (call.source,)
        lines += [(source_key(source), _evidence(call, source)) for source in sources]
    return tuple(line for _, line in sorted(lines, key=lambda item: item[0]))


def origin_of(calls: Iterable[Call]) -> Origin:
    """Return the origin on which the calls that state one agree."""
    stated = {call.origin for call in calls} - {Origin.UNKNOWN}
    return stated.pop() if len(stated) == 1 else Origin.UNKNOWN


def vaf_of(calls: Iterable[Call]) -> float | None:
    """Return the highest stated allele fraction, or None."""
    return max((call.vaf for call in calls if call.vaf is not None), default=None)


# ------------------------------------------------------------------------------------------------------ structural


def _end_token(end: EventEnd | None, facts: RearrangementFacts, *, is_fgfr: bool) -> str:
    """Return the assembly-free coordinate of one end for the id."""
    if end is None:
        return "none"
    if is_fgfr or facts.is_internal:
        place = facts.fgfr_place if is_fgfr else facts.partner_place
        part = place.part if place is not None else None
        is_shared = place is not None and place.assembly == "shared"
        return (
            end.coordinate or (f"{place.contig}:{place.low}" if is_shared and place is not None else part) or "unplaced"
        )
    if facts.immunoglobulin is not None:
        return facts.immunoglobulin
    if end.gene is not None:
        part = facts.partner_place.part if facts.partner_place is not None else None
        return f"{end.gene} {part or ''}".strip()
    return f"{end.contig or 'unplaced'} intergenic"


def _ends(facts: RearrangementFacts) -> tuple[EventEnd | None, EventEnd | None]:
    """Return 5' and 3' end; FGFR stands first when the order is not known."""
    if facts.fgfr_keeps is TranscriptSide.THREE_PRIME:
        return facts.partner, facts.fgfr
    return facts.fgfr, facts.partner


def rearrangement_name(facts: RearrangementFacts, alteration: AlterationClass) -> str:
    """Return the short name: `FGFR2::BICC1` only for two genes joined in transcription order."""
    gene = facts.gene.value
    if facts.is_internal:
        exons = facts.duplicated_exons
        if alteration is AlterationClass.INTERNAL_TANDEM_DUPLICATION and exons is not None:
            return f"{gene} exon {exons[0]}-{exons[1]} tandem duplication"
        return f"{gene} internal {facts.internal_shape or 'rearrangement'}"
    # A gene segment inside an immunoglobulin locus is no partner: the locus is, and no chimeric transcript is meant.
    locus = facts.immunoglobulin
    partner = locus or (facts.partner.gene if facts.partner is not None else None)
    if partner is not None and locus is None and facts.in_strand is not False and _is_ordered(facts):
        return f"{partner}::{gene}" if facts.fgfr_keeps is TranscriptSide.THREE_PRIME else f"{gene}::{partner}"
    if partner is not None:
        return f"{gene} rearrangement ({partner})"
    if facts.partner_kind is PartnerKind.INTERGENIC and facts.partner is not None and facts.partner.contig:
        return f"{gene} rearrangement (intergenic {facts.partner.contig})"
    what = "intergenic" if facts.partner_kind is PartnerKind.INTERGENIC else "partner not given"
    return f"{gene} rearrangement ({what})"


def _is_ordered(facts: RearrangementFacts) -> bool:
    return facts.fgfr_keeps is not None or facts.call.order is not GeneOrder.UNKNOWN or facts.partner_tier == "A"


def rearrangement_event(group: RearrangementGroup, verdict: Verdict) -> Event:
    """Return the event of a structural group."""
    lead = group.lead
    calls = [facts.call for facts in (*group.members, *group.reciprocal)]
    five, three = _ends(lead)
    tokens = sorted((_end_token(lead.fgfr, lead, is_fgfr=True), _end_token(lead.partner, lead, is_fgfr=False)))
    sides = f"{lead.fgfr_keeps or 'side unknown'}"
    return Event(
        id=event_id(lead.gene, EventKind.REARRANGEMENT, *tokens, sides),
        kind=EventKind.REARRANGEMENT,
        gene=lead.gene,
        alteration_class=verdict.alteration_class,
        marks=verdict.marks,
        category=category_of(lead.gene, verdict.alteration_class),
        outcome=verdict.outcome,
        confidence=verdict.confidence,
        name=rearrangement_name(lead, verdict.alteration_class),
        five_prime=five,
        three_prime=three,
        in_strand=lead.in_strand,
        frame=lead.frame,
        frame_detail=lead.frame_detail,
        kinase_domain=lead.kinase,
        retained_exons=lead.retained_exons,
        partner_tier=lead.partner_tier,
        junction_kind=lead.call.junction,
        untemplated_sequence=lead.call.untemplated_sequence,
        homology_length=lead.call.homology_length,
        origin=origin_of(calls),
        vaf=vaf_of(calls),
        evidence=evidence_of(calls),
        findings=verdict.findings,
        would_settle=tuple(dict.fromkeys(verdict.would_settle)),
    )


# ----------------------------------------------------------------------------------------------------- copy number


def _value(measures: tuple[Measure, ...], unit: CopyNumberUnit) -> float | None:
    return next((measure.value for measure in measures if measure.unit is unit), None)


def copy_number_name(gene: FgfrGene, alteration: AlterationClass, facts: CopyNumberFacts | None) -> str:
    """Return the short name with the number that decided."""
    words = alteration.value.replace("_", " ")
    if facts is None:
        return f"{gene} {words}"
    low, high = facts.copies_min, facts.copies_max
    if alteration is AlterationClass.PARTIAL_AMPLIFICATION and low is not None and high is not None:
        return f"{gene} {words}, {low:g} to {high:g} copies"
    if facts.copies is not None:
        return f"{gene} {words}, {facts.copies:g} copies"
    if facts.measure is not None:
        return f"{gene} {words}, {facts.measure.unit.value.replace('_', ' ')} {facts.measure.value:g}"
    return f"{gene} {words}"


def copy_number_event(group: CopyNumberGroup, judged: CopyNumberVerdict) -> Event:
    """Return the event of a gene's copies."""
    lead, verdict = judged.lead, judged.verdict
    calls: list[Call] = [facts.call for facts in group.members]
    calls += [stain.call for stain in group.expression]
    measures = lead.call.measures if lead is not None else ()
    kind = EventKind.COPY_NUMBER
    return Event(
        id=event_id(group.gene, kind, "expression" if lead is None else "copies"),
        kind=kind,
        gene=group.gene,
        alteration_class=verdict.alteration_class,
        marks=verdict.marks,
        category=category_of(group.gene, verdict.alteration_class),
        outcome=verdict.outcome,
        confidence=verdict.confidence,
        name=copy_number_name(group.gene, verdict.alteration_class, lead),
        copies=lead.copies if lead else None,
        copies_min=lead.copies_min if lead else None,
        copies_max=lead.copies_max if lead else None,
        fold_change=_value(measures, CopyNumberUnit.FOLD_CHANGE),
        log2_ratio=_value(measures, CopyNumberUnit.LOG2_RATIO),
        scale=lead.measure.unit if lead and lead.measure else None,
        ploidy=lead.ploidy if lead else None,
        purity=lead.purity if lead else None,
        segment=lead.segment if lead else None,
        retained_exons=f"{lead.covered_exons[0]}-{lead.covered_exons[1]}" if lead and lead.covered_exons else None,
        threshold=judged.threshold,
        origin=origin_of(calls),
        evidence=evidence_of(calls),
        findings=verdict.findings,
        would_settle=tuple(dict.fromkeys(verdict.would_settle)),
    )


# --------------------------------------------------------------------------------------------------- short variants


def short_variant_event(group: ShortVariantGroup, verdict: Verdict) -> Event:
    """Return the event of a substitution or indel."""
    lead = group.lead
    calls = [facts.call for facts in group.members]
    change = lead.protein_change or lead.hgvs_c or lead.hgvs_g or " / ".join(lead.given) or lead.key
    kind = EventKind.SHORT_VARIANT
    return Event(
        id=event_id(lead.gene, kind, lead.hgvs_c or lead.key),
        kind=kind,
        gene=lead.gene,
        alteration_class=verdict.alteration_class,
        marks=verdict.marks,
        category=category_of(lead.gene, verdict.alteration_class),
        outcome=verdict.outcome,
        confidence=verdict.confidence,
        name=f"{lead.gene} {change}",
        hgvs_g=lead.hgvs_g,
        hgvs_c=lead.hgvs_c,
        hgvs_p=lead.hgvs_p,
        protein_change=lead.protein_change,
        isoforms=lead.isoforms,
        origin=origin_of(calls),
        vaf=vaf_of(calls),
        evidence=evidence_of(calls),
        findings=(*verdict.findings, *lead.findings),
        would_settle=tuple(dict.fromkeys(verdict.would_settle)),
    )


def event_order(event: Event) -> tuple[int, int, str, str]:
    """Order of events in a result: surest first, then kind, name and id."""
    return (-event.outcome.rank, _ORDER_KIND[event.kind], event.name, event.id)
