"""From calls to judged events: annotate every call, merge what is one event, classify it.

Every record keeps its fate: part of an event, refused with a reason, or outside FGFR1-3. What annotates and classifies one
kind of event is loaded when the first call of that kind comes: most files hold one kind.
"""

from collections.abc import Iterable, Sequence

from msgspec import structs

from fgfr_screen.classify.quality import weigh_quality
from fgfr_screen.events import (
    copy_number_event,
    event_order,
    origin_of,
    rearrangement_event,
    short_variant_event,
    vaf_of,
)
from fgfr_screen.evidence.absence import Untested
from fgfr_screen.facts import (
    CopyNumberFacts,
    CopyNumberGroup,
    CopyNumberVerdict,
    ExpressionFacts,
    RearrangementFacts,
    RearrangementGroup,
    ShortVariantFacts,
    ShortVariantGroup,
    Verdict,
)
from fgfr_screen.genes import fgfr_gene
from fgfr_screen.intake import ScreenOptions
from fgfr_screen.merge import merge_copy_numbers, merge_rearrangements, merge_short_variants
from fgfr_screen.model import (
    Assay,
    Call,
    ClinicalFacts,
    CopyNumberCall,
    Event,
    ExpressionCall,
    InputContent,
    NegativeCall,
    NormalJunctionCall,
    RearrangementCall,
    Record,
    Rejected,
    ShortVariantCall,
    Source,
    Specimen,
    TumorType,
)
from fgfr_screen.terms import (
    AssayQc,
    CallStatus,
    EventKind,
    FgfrGene,
    Origin,
    Outcome,
)

MONTHS_PER_YEAR = 12
NOT_COVERED = "NOT_COVERED"
"""Code of a call that stands for a part of a gene without data."""
_KINDS: dict[type, EventKind] = {
    RearrangementCall: EventKind.REARRANGEMENT,
    CopyNumberCall: EventKind.COPY_NUMBER,
    ShortVariantCall: EventKind.SHORT_VARIANT,
}


class CallFacts(Record, frozen=True, kw_only=True):
    """Facts of all calls, and the fate of the records behind them.

    Attributes:
        kept: Records that are part of an event.
        refused: Records with a call that could not be used; told in `rejected`.
        outside: Records with a call that turned out to lie outside FGFR1-3.
        untested: Findings that their source lists as not tested or failed.
    """

    structural: tuple[RearrangementFacts, ...]
    copies: tuple[CopyNumberFacts, ...]
    short: tuple[ShortVariantFacts, ...]
    expression: tuple[ExpressionFacts, ...]
    normal_junctions: tuple[NormalJunctionCall, ...]
    rejected: tuple[Rejected, ...]
    kept: tuple[Source, ...]
    refused: tuple[Source, ...]
    outside: tuple[Source, ...]
    untested: tuple[Untested, ...]


class PatientContext(Record, frozen=True, kw_only=True):
    """What classification may look at beside the facts."""

    tumor: TumorType | None
    clinical: ClinicalFacts
    assays: dict[str, Assay]
    specimens: dict[str, Specimen]


def _is_negative(call: Call) -> bool:
    """Tell whether a line says that nothing was found, that all is normal, or that it was not looked for."""
    if isinstance(call, (CopyNumberCall, ExpressionCall)):
        return call.status is CallStatus.NOT_TESTED
    return isinstance(call, (NegativeCall, NormalJunctionCall)) or call.status in (
        CallStatus.ABSENT,
        CallStatus.NOT_TESTED,
    )


def only_one(values: Iterable[float | None]) -> float | None:
    """Return the value that the inputs give when they give exactly one, else None."""
    given = {value for value in values if value is not None}
    return given.pop() if len(given) == 1 else None


def _purity_ploidy(
    call: Call, content: InputContent, contents: Sequence[InputContent], options: ScreenOptions
) -> tuple[float | None, float | None]:
    """Return purity and ploidy for a call: of its specimen, of its file, as the user says, or as another file says."""
    specimen = next((one for one in content.specimens if one.id == call.specimen), None)
    if specimen is None and len(content.specimens) == 1:
        specimen = content.specimens[0]
    other_purity, other_ploidy = only_one(c.purity for c in contents), only_one(c.ploidy for c in contents)
    purity = [specimen.tumor_content if specimen else None, content.purity, options.purity, other_purity]
    ploidy = [specimen.ploidy if specimen else None, content.ploidy, options.ploidy, other_ploidy]
    return (
        next((value for value in purity if value is not None), None),
        next((value for value in ploidy if value is not None), None),
    )


def _sources_of(call: Call) -> tuple[Source, ...]:
    return (call.source, *call.mates) if isinstance(call, RearrangementCall) else (call.source,)


def _facts_of(
    call: Call, content: InputContent, contents: Sequence[InputContent], options: ScreenOptions
) -> RearrangementFacts | CopyNumberFacts | ShortVariantFacts | ExpressionFacts | Rejected | None:
    """Return what is found out about one call, why it cannot be used, or None when it lies outside FGFR1-3."""
    match call:
        case RearrangementCall():
            return _rearrangement(call)
        case CopyNumberCall():
            return _copy_number(call, *_purity_ploidy(call, content, contents, options))
        case ShortVariantCall():
            return _short_variant(call)
        case ExpressionCall():
            gene = fgfr_gene(call.gene)
            return ExpressionFacts(call=call, gene=gene) if gene is not None else None
        case NegativeCall() | NormalJunctionCall():
            return None


def annotate_all(contents: Sequence[InputContent], options: ScreenOptions) -> CallFacts:
    """Return the facts of every call of every input, with the fate of the record behind each."""
    found: list[object] = []
    kept: list[Source] = []
    refused: list[Source] = []
    outside: list[Source] = []
    untested: list[Untested] = []
    for content in contents:
        for call in content.calls:
            if _is_negative(call):
                untested += _untested(call, content, contents, options)
                continue
            facts = _facts_of(call, content, contents, options)
            fate = outside if facts is None else refused if isinstance(facts, Rejected) else kept
            fate += _sources_of(call)
            found.append(facts)
    return CallFacts(
        structural=tuple(facts for facts in found if isinstance(facts, RearrangementFacts)),
        copies=tuple(facts for facts in found if isinstance(facts, CopyNumberFacts)),
        short=tuple(facts for facts in found if isinstance(facts, ShortVariantFacts)),
        expression=tuple(facts for facts in found if isinstance(facts, ExpressionFacts)),
        normal_junctions=tuple(c for content in contents for c in content.calls if isinstance(c, NormalJunctionCall)),
        rejected=tuple(facts for facts in found if isinstance(facts, Rejected)),
        kept=tuple(kept),
        refused=tuple(refused),
        outside=tuple(outside),
        untested=tuple(untested),
    )


def _untested(
    call: Call, content: InputContent, contents: Sequence[InputContent], options: ScreenOptions
) -> tuple[Untested, ...]:
    """Return the gene and kind of a finding that is listed as not tested or not covered; all genes where it has no place."""
    if isinstance(call, (NegativeCall, NormalJunctionCall, ExpressionCall)) or call.status is not CallStatus.NOT_TESTED:
        return ()
    kind = _KINDS[type(call)]
    is_gap = NOT_COVERED in call.finding_codes
    return tuple(
        Untested(gene=gene, kind=kind, assay=call.assay, input=call.source.input, is_gap=is_gap)
        for gene in _genes_of(call, content, contents, options)
    )


def _genes_of(
    call: RearrangementCall | CopyNumberCall | ShortVariantCall,
    content: InputContent,
    contents: Sequence[InputContent],
    options: ScreenOptions,
) -> tuple[FgfrGene, ...]:
    """Return the receptor that a call means by name or place; all of them where neither can be read."""
    named = None if isinstance(call, RearrangementCall) or call.gene is None else fgfr_gene(call.gene)
    if named is not None:
        return (named,)
    facts = _facts_of(call, content, contents, options)
    return tuple(FgfrGene) if isinstance(facts, Rejected) else () if facts is None else (facts.gene,)


def _rearrangement(call: RearrangementCall) -> RearrangementFacts | None:
    from fgfr_screen.annotate.structural import annotate_rearrangement

    return annotate_rearrangement(call)


def _copy_number(call: CopyNumberCall, purity: float | None, ploidy: float | None) -> CopyNumberFacts | None:
    from fgfr_screen.annotate.copy_number import annotate_copy_number

    return annotate_copy_number(call, purity=purity, ploidy=ploidy)


def _short_variant(call: ShortVariantCall) -> ShortVariantFacts | Rejected | None:
    from fgfr_screen.annotate.short_variant import UnusableVariant, annotate_short_variant

    facts = annotate_short_variant(call, call.assembly)
    if not isinstance(facts, UnusableVariant):
        return facts
    if facts.gene is None:
        return None
    source = call.source
    message = facts.message if source.place is None else f"{source.place}: {facts.message}"
    return Rejected(input=source.input, line=source.line, code=facts.code, message=message, touches_fgfr=True)


def _prior_inhibitor(group: ShortVariantGroup, context: PatientContext) -> bool | None:
    """Return whether the specimen was taken after an FGFR inhibitor: by the specimen, else by the clinical facts."""
    stated = set()
    for facts in group.members:
        specimen = context.specimens.get(facts.call.specimen or "")
        if specimen is not None and specimen.before_fgfr_inhibitor is not None:
            stated.add(not specimen.before_fgfr_inhibitor)
    return stated.pop() if len(stated) == 1 else context.clinical.prior_fgfr_inhibitor


def _classify_short(
    group: ShortVariantGroup, variants: Sequence[ShortVariantGroup], context: PatientContext
) -> Verdict:
    from fgfr_screen.classify.codon import weigh_codon
    from fgfr_screen.classify.short_variant import classify_short_variant

    calls = [facts.call for facts in group.members]
    assays = [context.assays[call.assay] for call in calls if call.assay in context.assays]
    normals = {call.has_matched_normal for call in calls} | {assay.has_matched_normal for assay in assays}
    age_months = context.clinical.age_months
    verdict = classify_short_variant(
        group.lead,
        origin=origin_of(calls),
        vaf=vaf_of(calls),
        has_matched_normal=True if True in normals else False if False in normals else None,
        prior_fgfr_inhibitor=_prior_inhibitor(group, context),
        is_germline_assay=any(assay.is_germline for assay in assays),
        age_years=age_months / MONTHS_PER_YEAR if age_months is not None else None,
    )
    return weigh_quality(weigh_codon(verdict, group, variants), calls)


def _classify_structural(group: RearrangementGroup, facts: CallFacts, context: PatientContext) -> Verdict:
    """Judge one structural event, with the normal junctions that RNA shows (a failed assay shows nothing)."""
    from fgfr_screen.classify.rearrangement import classify_rearrangement, weigh_normal_junction

    failed = {name for name, assay in context.assays.items() if assay.qc is AssayQc.FAIL}
    junctions = [call for call in facts.normal_junctions if call.assay not in failed]
    verdict = classify_rearrangement(group, context.tumor)
    verdict = weigh_normal_junction(verdict, group, junctions, facts.structural)
    return _doubt_germline(verdict, [one.call for one in group.members])


def _classify_copies(group: CopyNumberGroup) -> CopyNumberVerdict:
    from fgfr_screen.classify.copy_number import classify_copy_number

    judged = classify_copy_number(group)
    return structs.replace(judged, verdict=_doubt_germline(judged.verdict, [one.call for one in group.members]))


def _doubt_germline(verdict: Verdict, calls: Sequence[Call]) -> Verdict:
    """Lower a match that the source or the matched normal calls inherited: no germline rearrangement or gain is known."""
    if verdict.outcome is not Outcome.MATCH or origin_of(calls) is not Origin.GERMLINE:
        return verdict
    from fgfr_screen.classify.germline import doubt_tumour_change

    return doubt_tumour_change(verdict)


def classify_all(facts: CallFacts, context: PatientContext) -> tuple[Event, ...]:
    """Merge the facts that tell of one event and classify each event; the order is that of the report."""
    events = [
        rearrangement_event(group, _classify_structural(group, facts, context))
        for group in merge_rearrangements(facts.structural)
    ]
    events += [
        copy_number_event(group, _classify_copies(group))
        for group in merge_copy_numbers(facts.copies, facts.expression)
    ]
    variants = merge_short_variants(facts.short)
    events += [short_variant_event(group, _classify_short(group, variants, context)) for group in variants]
    return tuple(sorted(events, key=event_order))
