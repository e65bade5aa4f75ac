"""Merged structural event -> class, outcome and all reasons (rules.md 1.3).

The order of the questions: what can never qualify by name or geometry; internal events; the 5' part kept (site, then partner);
the 3' part kept (is the kinase whole?); side unknown. Quality (filters, equivocal words) can only lower the answer afterwards.
"""

from collections.abc import Sequence

from msgspec import structs

from fgfr_screen.classify.quality import weigh_quality
from fgfr_screen.facts import RearrangementFacts, RearrangementGroup, Verdict
from fgfr_screen.genes import fgfr_gene
from fgfr_screen.model import Finding, NormalJunctionCall, TumorType
from fgfr_screen.terms import (
    AlterationClass,
    BreakSite,
    Confidence,
    DeclaredStructure,
    FgfrGene,
    Frame,
    JunctionKind,
    KinaseDomain,
    Mark,
    Molecule,
    Outcome,
    PartnerKind,
    Region,
    TranscriptSide,
)

KINASE_EXONS = (11, 17)
LAST_EXON = 18
MIN_NORMAL_JUNCTION_READS = 20
"""Reads over the normal junction from which RNA counts as adequately expressed (rules.md 1.4; the number is our choice,
no source gives one; it can lower an answer to review only)."""
CHOLANGIOCARCINOMA = "CHOL"
_RULES = ("rules.md 1.3",)

_ASK_RNA = "RNA fusion panel (is a chimeric in-frame transcript made?)"
_ASK_BREAKPOINT = "breakpoint coordinates of both sides with orientation"
_ASK_NGS = "DNA or RNA sequencing of the FGFR2 break (FISH sees a break, not the kinase or the side)"
_ASK_ALLELES = "expression of exons 1-17 against exon 18 (the unbroken allele gives the normal junction as well)"
_ASK_MAIN_JUNCTION = "the junction that keeps the FGFR2 5' part, or RNA"


def _verdict(
    alteration: AlterationClass,
    outcome: Outcome,
    code: str,
    message: str,
    *,
    confidence: Confidence = Confidence.HIGH,
    settle: tuple[str, ...] = (),
    marks: tuple[Mark, ...] = (),
    sources: tuple[str, ...] = _RULES,
) -> Verdict:
    finding = Finding(code=code, message=message, outcome=outcome, sources=sources)
    return Verdict(
        alteration_class=alteration,
        outcome=outcome,
        confidence=confidence,
        marks=marks,
        findings=(finding,),
        would_settle=settle,
    )


def _other(
    outcome: Outcome,
    code: str,
    message: str,
    *,
    confidence: Confidence = Confidence.HIGH,
    settle: tuple[str, ...] = (),
    marks: tuple[Mark, ...] = (),
) -> Verdict:
    return _verdict(
        AlterationClass.OTHER_STRUCTURAL_VARIANT,
        outcome,
        code,
        message,
        confidence=confidence,
        settle=settle,
        marks=marks,
        sources=_RULES,
    )


def _partner_name(facts: RearrangementFacts) -> str:
    if facts.partner is not None and facts.partner.gene is not None:
        return facts.partner.gene
    return (
        "no partner given" if facts.partner_kind is PartnerKind.UNKNOWN else facts.partner_kind.value.replace("_", " ")
    )


def _is_in(tumor: TumorType | None, code: str) -> bool | None:
    """Tell whether the tumour type lies below an OncoTree code; None when the type is not known."""
    if tumor is None or not tumor.lineage_codes:
        return None
    return code in tumor.lineage_codes


# -------------------------------------------------------------------------------------------------------- internal


def _judge_duplication(facts: RearrangementFacts) -> Verdict | None:
    """Judge a tandem duplication that holds the whole kinase domain and does not end in the hotspot."""
    exons = facts.duplicated_exons
    holds_kinase = exons is not None and exons[0] <= KINASE_EXONS[0] and exons[1] >= KINASE_EXONS[1]
    if not holds_kinase or exons is None:
        return None
    if facts.gene is FgfrGene.FGFR2 and facts.fgfr.pos is None:
        # Given by exon numbers only: a duplication that ends with exon 17 ends in intron 17.
        ends_in_hotspot = exons[1] == KINASE_EXONS[1]
    else:
        ends_in_hotspot = facts.gene is FgfrGene.FGFR2 and facts.site in (BreakSite.HOTSPOT, BreakSite.CROSSES_LIMIT)
    if ends_in_hotspot:
        return _in_hotspot(facts) if facts.fgfr.pos is None else None
    verdict = _verdict(
        AlterationClass.INTERNAL_TANDEM_DUPLICATION,
        Outcome.MATCH,
        "KINASE_DUPLICATION",
        f"tandem duplication of {facts.gene} exons {exons[0]}-{exons[1]}, the kinase domain among them",
        confidence=Confidence.MODERATE,
        sources=("PMC7456392", "rules.md 1.3"),
    )
    return verdict if facts.fgfr.pos is None else _doubt_limit(facts, verdict)


def _judge_internal(facts: RearrangementFacts) -> Verdict:
    if facts.same_intron:
        return _verdict(
            AlterationClass.SILENT,
            Outcome.NO_MATCH,
            "BOTH_ENDS_IN_ONE_INTRON",
            f"both ends lie in intron {facts.fgfr.intron}: every exon stays complete",
            sources=_RULES,
        )
    duplication = _judge_duplication(facts)
    if duplication is not None:
        return duplication
    if facts.site is BreakSite.UNKNOWN:
        return _without_breakpoint(facts)
    if facts.site not in (BreakSite.HOTSPOT, BreakSite.CROSSES_LIMIT):
        message = "internal event that leaves exon 18 in place: no end in the hotspot"
        return _other(Outcome.NO_MATCH, "INTERNAL_OUTSIDE_HOTSPOT", message)
    if facts.fgfr_keeps is TranscriptSide.THREE_PRIME:
        return _other(Outcome.NO_MATCH, "HOTSPOT_END_KEEPS_3PRIME", "the end in the hotspot keeps the 3' side")
    if facts.fgfr_keeps is None:
        return _verdict(
            AlterationClass.REARRANGEMENT,
            Outcome.REVIEW,
            "ORIENTATION_UNKNOWN",
            "internal event with an end in the hotspot; the kept side is not stated",
            confidence=Confidence.LOW,
            settle=(_ASK_BREAKPOINT, _ASK_RNA),
            sources=_RULES,
        )
    if _is_within_last_exon(facts):
        return _verdict(
            AlterationClass.REARRANGEMENT,
            Outcome.REVIEW,
            "WITHIN_LAST_EXON",
            f"internal {facts.internal_shape or 'event'} with both ends in exon {facts.fgfr.exon}: what it does to the "
            "C-terminal tail is not told",
            confidence=Confidence.LOW,
            settle=("the sequence of the change, from a caller of small variants",),
            sources=_RULES,
        )
    return _doubt_limit(facts, _in_hotspot(facts))


def _is_within_last_exon(facts: RearrangementFacts) -> bool:
    """Tell whether both ends lie in the last exon, so that the rule of one end in the hotspot was not made for it."""
    exons = [end.exon for end in (facts.fgfr, facts.partner) if end is not None]
    return exons == [LAST_EXON, LAST_EXON]


def _in_hotspot(facts: RearrangementFacts) -> Verdict:
    return _verdict(
        AlterationClass.REARRANGEMENT,
        Outcome.MATCH,
        "INTERNAL_IN_HOTSPOT",
        f"internal {facts.internal_shape or 'event'} with one end in the hotspot, exons 1-17 kept in order",
        confidence=Confidence.MODERATE,
    )


def _doubt_limit(facts: RearrangementFacts, verdict: Verdict) -> Verdict:
    """Lower the verdict on a break whose interval crosses a limit of the hotspot."""
    if facts.site is not BreakSite.CROSSES_LIMIT:
        return verdict
    told = Finding(
        code="POSITION_INTERVAL_CROSSES_LIMIT",
        message="the position is an interval that crosses the end of exon 17 or the stop codon",
        outcome=Outcome.REVIEW,
        sources=_RULES,
    )
    return structs.replace(
        verdict,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, told),
        would_settle=(_ASK_BREAKPOINT, *verdict.would_settle),
    )


# ------------------------------------------------------------------------------------------------- 5' part is kept


def _is_chimeric(facts: RearrangementFacts) -> bool:
    """Tell whether the partner is a coding gene in the same strand sense and the frame is kept."""
    coding = facts.partner_kind is PartnerKind.CODING_GENE
    return coding and facts.in_strand is True and facts.frame is Frame.IN_FRAME


def _judge_hotspot(facts: RearrangementFacts) -> Verdict:
    name = _partner_name(facts)
    where = f"{facts.gene} break in intron 17 or exon 18, exons 1-17 kept"
    if _is_chimeric(facts):
        named_only = facts.call.junction is JunctionKind.NAMES_ONLY
        return _verdict(
            AlterationClass.FUSION,
            Outcome.MATCH,
            "FUSION_IN_FRAME",
            f"{where}; {name} in the same strand sense and in frame",
            confidence=Confidence.MODERATE if named_only else Confidence.HIGH,
        )
    if facts.gene is not FgfrGene.FGFR1 and facts.partner_tier == "A":
        return _verdict(
            AlterationClass.FUSION,
            Outcome.MATCH,
            "FUSION_KNOWN_PARTNER",
            f"{where}; {name} is a known partner: counts whatever the frame ({facts.frame}) and strand",
            confidence=Confidence.MODERATE if facts.in_strand is False else Confidence.HIGH,
        )
    return _judge_rearranged(facts, where, name)


def _judge_rearranged(facts: RearrangementFacts, where: str, name: str) -> Verdict:
    no_gene = facts.partner_kind in (PartnerKind.INTERGENIC, PartnerKind.NON_CODING_GENE, PartnerKind.UNKNOWN)
    if no_gene:
        said, code, confidence = f"partner: {name}", "REARRANGEMENT_WITHOUT_GENE", Confidence.HIGH
    elif facts.in_strand is False:
        said, code, confidence = f"{name} lies on the other strand", "REARRANGEMENT_OUT_OF_STRAND", Confidence.MODERATE
    else:
        frame = facts.frame.value.replace("_", " ")
        said, code, confidence = f"{name}, frame {frame}", "REARRANGEMENT_FRAME", Confidence.MODERATE
    settle = (_ASK_RNA,) if facts.call.molecule is not Molecule.RNA else ()
    if facts.kept_side_assumed and not no_gene:
        confidence = Confidence.MODERATE
    return _verdict(
        AlterationClass.REARRANGEMENT, Outcome.MATCH, code, f"{where}; {said}", confidence=confidence, settle=settle
    )


def _judge_five_prime(facts: RearrangementFacts) -> Verdict:
    match facts.site:
        case BreakSite.HOTSPOT:
            return _judge_hotspot(facts)
        case BreakSite.BEFORE_HOTSPOT:
            kept = f"only exons {facts.retained_exons}" if facts.retained_exons else "no exon before the break"
            message = f"the kinase is cut: {kept} of {facts.gene} stay, whatever partner or frame"
            return _other(Outcome.NO_MATCH, "KINASE_CUT", message)
        case BreakSite.BEYOND_STOP:
            message = f"the break lies behind the stop codon of {facts.gene}: exon 18 may be intact"
            return _other(
                Outcome.REVIEW, "BREAK_BEYOND_STOP", message, confidence=Confidence.MODERATE, settle=(_ASK_RNA,)
            )
        case BreakSite.CROSSES_LIMIT:
            return _doubt_limit(facts, _judge_hotspot(facts))
        case BreakSite.UNKNOWN:
            return _judge_names(facts)


# ------------------------------------------------------------------------------------------------- 3' part is kept


def _judge_exon18_alone(facts: RearrangementFacts, tumor: TumorType | None) -> Verdict:
    in_cca = _is_in(tumor, CHOLANGIOCARCINOMA)
    review = facts.gene is FgfrGene.FGFR2 and in_cca is not False
    message = f"only exon 18 of {facts.gene} stays: the reciprocal product of a break in intron 17, without the kinase"
    if not review:
        return _other(Outcome.NO_MATCH, "RECIPROCAL_ONLY", message, marks=(Mark.RECIPROCAL_ONLY,))
    said = message + ("" if in_cca else "; review because the tumour type is not known")
    return _other(
        Outcome.REVIEW,
        "RECIPROCAL_ONLY",
        said,
        confidence=Confidence.MODERATE,
        marks=(Mark.RECIPROCAL_ONLY,),
        settle=(_ASK_MAIN_JUNCTION,),
    )


def _has_sense_gene(facts: RearrangementFacts) -> bool:
    return facts.partner_kind is PartnerKind.CODING_GENE and facts.in_strand is True


def _judge_three_prime(facts: RearrangementFacts, tumor: TumorType | None) -> Verdict:
    if facts.fgfr.region is Region.DOWNSTREAM:
        return _other(
            Outcome.NO_MATCH, "BREAK_OUTSIDE_GENE", f"the break lies behind {facts.gene}: nothing of it is joined"
        )
    match facts.kinase:
        case KinaseDomain.RETAINED if facts.fgfr.region is Region.UPSTREAM and not _has_sense_gene(facts):
            message = f"the break lies before {facts.gene}, with no gene in the same strand sense on the other side"
            return _other(Outcome.NO_MATCH, "BREAK_OUTSIDE_GENE", message)
        case KinaseDomain.RETAINED if facts.gene is FgfrGene.FGFR1 and (
            facts.frame is Frame.IN_FRAME or (facts.joins_before_start_codon and _has_sense_gene(facts))
        ):
            how = "in frame" if facts.frame is Frame.IN_FRAME else "before the start codon"
            message = f"FGFR1 as 3' gene with the whole kinase (from exon {facts.three_prime_exon}), joined {how}"
            return _verdict(AlterationClass.FUSION, Outcome.MATCH, "FUSION_FGFR1_3PRIME", message, sources=_RULES)
        case KinaseDomain.RETAINED:
            message = (
                f"{facts.gene} as 3' gene with the whole kinase: outside the hotspot of the label, may be oncogenic"
            )
            return _other(
                Outcome.REVIEW, "FGFR_3PRIME_WITH_KINASE", message, confidence=Confidence.MODERATE, settle=(_ASK_RNA,)
            )
        case KinaseDomain.PARTLY:
            message = f"{facts.gene} as 3' gene from exon {facts.three_prime_exon}: the kinase is cut"
            return _other(Outcome.NO_MATCH, "KINASE_CUT", message)
        case KinaseDomain.LOST:
            return _judge_exon18_alone(facts, tumor)
        case KinaseDomain.UNKNOWN:
            message = f"{facts.gene} as 3' gene; how much of the kinase stays is not stated"
            return _other(
                Outcome.REVIEW, "KINASE_UNKNOWN", message, confidence=Confidence.LOW, settle=(_ASK_BREAKPOINT, _ASK_RNA)
            )


# ------------------------------------------------------------------------------------------ names, FISH, side unknown


def _without_breakpoint(facts: RearrangementFacts) -> Verdict:
    return _verdict(
        AlterationClass.REARRANGEMENT,
        Outcome.REVIEW,
        "REARRANGED_WITHOUT_BREAKPOINT",
        f"{facts.gene} is called rearranged without a breakpoint"
        + (" (FISH)" if facts.call.molecule is Molecule.FISH else ""),
        confidence=Confidence.MODERATE,
        settle=(_ASK_NGS,),
    )


def _judge_names(facts: RearrangementFacts) -> Verdict:
    """Judge a call without a place in FGFR: a laboratory's text, FISH, or a table of names."""
    call = facts.call
    if call.molecule is Molecule.FISH or call.declared is not DeclaredStructure.FUSION:
        return _without_breakpoint(facts)
    name = _partner_name(facts)
    if facts.gene is not FgfrGene.FGFR1 and facts.partner_tier == "A":
        return _verdict(
            AlterationClass.FUSION,
            Outcome.MATCH,
            "FUSION_NAMED_KNOWN_PARTNER",
            f"the source names a fusion of {facts.gene} with {name}, a known partner; no breakpoint given",
            confidence=Confidence.MODERATE,
            settle=("the FGFR exon of the break",),
        )
    if facts.kinase is KinaseDomain.RETAINED or call.declared_kinase is KinaseDomain.RETAINED:
        outcome = Outcome.MATCH if facts.frame is Frame.IN_FRAME else Outcome.REVIEW
    else:
        outcome = Outcome.REVIEW
    return _verdict(
        AlterationClass.FUSION,
        outcome,
        "FUSION_NAMED_ONLY",
        f"the source names a fusion of {facts.gene} with {name}; no breakpoint given",
        confidence=Confidence.LOW if outcome is Outcome.REVIEW else Confidence.MODERATE,
        settle=(_ASK_BREAKPOINT, _ASK_RNA),
    )


def _judge_unoriented(facts: RearrangementFacts) -> Verdict:
    match facts.site:
        case BreakSite.UNKNOWN:
            return _judge_names(facts)
        case BreakSite.HOTSPOT | BreakSite.CROSSES_LIMIT:
            return _verdict(
                AlterationClass.REARRANGEMENT,
                Outcome.REVIEW,
                "ORIENTATION_UNKNOWN",
                f"{facts.gene} is broken in the hotspot, but which side stays is not stated",
                confidence=Confidence.LOW,
                settle=(_ASK_BREAKPOINT, _ASK_RNA),
                sources=_RULES,
            )
        case BreakSite.BEFORE_HOTSPOT | BreakSite.BEYOND_STOP:
            message = f"{facts.gene} is broken outside the hotspot, and which side stays is not stated"
            return _other(
                Outcome.REVIEW,
                "OUTSIDE_HOTSPOT_SIDE_UNKNOWN",
                message,
                confidence=Confidence.MODERATE,
                settle=(_ASK_BREAKPOINT, _ASK_RNA),
            )


def _judge_by_name(facts: RearrangementFacts) -> Verdict | None:
    """Judge an enhancer hijack, and a partner that must not qualify when its name is all there is."""
    if facts.immunoglobulin is not None and facts.gene is FgfrGene.FGFR3:
        message = f"{facts.immunoglobulin} enhancer beside FGFR3: a myeloma event, no chimeric kinase"
        return _other(Outcome.NO_MATCH, "ENHANCER_HIJACK", message, marks=(Mark.ENHANCER_HIJACK,))
    if facts.partner_tier == "X" and facts.site is BreakSite.UNKNOWN:
        message = f"{_partner_name(facts)} takes over the promoter or enhancer only: must not qualify by name"
        return _other(Outcome.NO_MATCH, "PARTNER_MUST_NOT_QUALIFY", message, confidence=Confidence.MODERATE)
    return None


def judge(facts: RearrangementFacts, tumor: TumorType | None) -> Verdict:
    """Judge the facts that lead an event, without regard to the quality of the calls."""
    by_name = _judge_by_name(facts)
    if by_name is not None:
        return by_name
    if facts.is_internal:
        return _judge_internal(facts)
    if facts.fgfr_keeps is TranscriptSide.FIVE_PRIME:
        return _judge_five_prime(facts)
    if facts.fgfr_keeps is TranscriptSide.THREE_PRIME:
        return _judge_three_prime(facts, tumor)
    return _judge_unoriented(facts)


# ------------------------------------------------------------------------------------------------------- the group


def _upgrade_finding(group: RearrangementGroup) -> tuple[Finding, ...]:
    """Tell that RNA turned an intergenic DNA rearrangement into a fusion."""
    rna = group.lead.call.junction is JunctionKind.RNA_JUNCTION
    intergenic = any(facts.partner_kind is PartnerKind.INTERGENIC for facts in group.members)
    if not (rna and intergenic):
        return ()
    message = f"the DNA break is intergenic; RNA shows that it is spliced to {_partner_name(group.lead)}"
    return (Finding(code="RNA_UPGRADES_INTERGENIC", message=message, sources=("rules.md 1.4",)),)


def _frames_differ(group: RearrangementGroup) -> tuple[Finding, ...]:
    told = {facts.frame for facts in group.members} & {Frame.IN_FRAME, Frame.OUT_OF_FRAME}
    if len(told) < 2:
        return ()
    return (Finding(code="FRAMES_DIFFER", message="calls of this event differ in frame; the in-frame one leads"),)


def weigh_normal_junction(
    verdict: Verdict,
    group: RearrangementGroup,
    junctions: Sequence[NormalJunctionCall],
    structural: Sequence[RearrangementFacts],
) -> Verdict:
    """Lower a DNA rearrangement without a gene on the other side when RNA shows the normal splice over it and no chimera.

    Args:
        verdict: What the event is without regard to RNA.
        group: Calls of the event.
        junctions: Normal junctions counted in RNA, without those of failed assays.
        structural: All structural facts of the patient; any of them from RNA on this gene leaves the verdict as it is.
    """
    gene = group.lead.gene
    has_gene = group.lead.partner_kind not in (PartnerKind.INTERGENIC, PartnerKind.UNKNOWN)
    has_chimera = any(facts.gene is gene and facts.call.molecule is Molecule.RNA for facts in structural)
    in_hotspot = group.lead.site in (BreakSite.HOTSPOT, BreakSite.CROSSES_LIMIT)
    if verdict.outcome is not Outcome.MATCH or has_gene or has_chimera or not in_hotspot:
        return verdict
    reads = sum(one.reads for one in junctions if fgfr_gene(one.gene) is gene and one.upstream_exon == KINASE_EXONS[1])
    if reads < MIN_NORMAL_JUNCTION_READS:
        return verdict
    told = Finding(
        code="RNA_SHOWS_NORMAL_JUNCTION",
        message=f"RNA shows {reads} reads from exon {KINASE_EXONS[1]} to exon {LAST_EXON} of {gene} and no chimera",
        outcome=Outcome.REVIEW,
        sources=("rules.md 1.4",),
    )
    return structs.replace(
        verdict,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, told),
        would_settle=(*verdict.would_settle, _ASK_ALLELES),
    )


def _unless_named(verdict: Verdict, group: RearrangementGroup, tumor: TumorType | None) -> Verdict:
    """Raise a "no" by place to review where another source names the same pair without a place: one of the two is wrong."""
    named = [one for one in group.members if one.site is BreakSite.UNKNOWN and one is not group.lead]
    if verdict.outcome is not Outcome.NO_MATCH or all(judge(one, tumor).outcome is Outcome.NO_MATCH for one in named):
        return verdict
    message = (
        "a source without coordinates names this event; the coordinates of another say that the kinase is not kept"
    )
    doubt = Finding(code="CONFLICT", message=message, outcome=Outcome.REVIEW)
    return structs.replace(
        verdict,
        alteration_class=AlterationClass.REARRANGEMENT,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, doubt),
        would_settle=(*verdict.would_settle, _ASK_BREAKPOINT, _ASK_RNA),
    )


def _unless_kinase_lost(verdict: Verdict, group: RearrangementGroup) -> Verdict:
    """Lower a match to review where a laboratory says itself that the kinase domain is not kept."""
    lost = (KinaseDomain.LOST, KinaseDomain.PARTLY)
    if verdict.outcome is not Outcome.MATCH or all(one.call.declared_kinase not in lost for one in group.members):
        return verdict
    message = "the laboratory says that the kinase domain is not kept"
    doubt = Finding(code="DECLARED_KINASE_LOST", message=message, outcome=Outcome.REVIEW, sources=_RULES)
    return structs.replace(
        verdict,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, doubt),
        would_settle=(*verdict.would_settle, _ASK_BREAKPOINT, _ASK_RNA),
    )


def classify_rearrangement(group: RearrangementGroup, tumor: TumorType | None) -> Verdict:
    """Judge one structural event.

    Args:
        group: All calls of the event.
        tumor: Tumour type; decides only what exon 18 alone is worth. None = not known.
    """
    verdict = _unless_kinase_lost(_unless_named(judge(group.lead, tumor), group, tumor), group)
    told = (*verdict.findings, *group.lead.findings, *_upgrade_finding(group), *_frames_differ(group))
    calls = [facts.call for facts in (*group.members, *group.reciprocal)]
    return weigh_quality(structs.replace(verdict, findings=told), calls)
