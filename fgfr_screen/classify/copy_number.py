"""Copies of one gene -> amplification, partial amplification, gain, neutral or loss, with the cut that decided.

rules.md 2. Absolute copies: >= ploidy + 4 and >= 3 x ploidy is an amplification, exactly one of the two review, neither
but >= ploidy + 2 a gain for review. Ratios without purity, GISTIC levels, FISH and plasma have their own cuts. The word of a
signed-out report is accepted unless it is equivocal or its own number is no gain; a caller's row is a number.
"""

from msgspec import structs

from fgfr_screen.classify.quality import weigh_quality
from fgfr_screen.facts import CopyNumberFacts, CopyNumberGroup, CopyNumberVerdict, Verdict
from fgfr_screen.model import Finding, Measure, Threshold
from fgfr_screen.terms import (
    AlterationClass,
    CallStatus,
    Confidence,
    CopyNumberUnit,
    DeclaredCopyNumber,
    Outcome,
    best,
    worst,
)

ASSUMED_PLOIDY = 2.0
AMPLIFICATION_ABOVE_PLOIDY = 4.0
"""F1CDx practice (memory); "above ploidy + 4 = high gain" in kids-first/kf-cbioportal-etl@80fc331d."""
AMPLIFICATION_TIMES_PLOIDY = 3.0
"""PURPLE driver catalogue: minimum exonic copies > 3 x ploidy."""
GAIN_ABOVE_PLOIDY = 2.0
ABSOLUTE_SOURCE = "ploidy + 4 and 3 x ploidy: rules.md 2 (PURPLE README; PMC4830395; F1CDx practice unverified)"
FOLD_REVIEW, FOLD_AMPLIFIED = 1.5, 3.0
LOG2_REVIEW, LOG2_AMPLIFIED = 0.7, 1.585
RATIO_SOURCE = "fold change 3 (log2 1.585) without purity: rules.md 2"
FISH_RATIO_AMPLIFIED, FISH_RATIO_STRONG = 2.0, 10.0
FISH_SOURCE = "FGFR2/CEN10 >= 2: Kuboki 2018"
FISH_SIGNALS_REVIEW = 15.0
PLASMA_REVIEW = 2.2
GISTIC_HIGH, GISTIC_LOW = 2, 1
FIRST_CODING_EXON, LAST_KINASE_EXON = 2, 17
BASES_PER_MEGABASE = 1_000_000

_ASK_COPIES = "absolute copy number with tumour purity and ploidy, or FISH (gene to centromere ratio)"
_ASK_PURITY = "tumour purity and ploidy of the specimen"
_ASK_BREAK = "structural-variant or RNA testing for a break in intron 17"


def _verdict(
    alteration: AlterationClass,
    outcome: Outcome,
    code: str,
    message: str,
    *,
    confidence: Confidence = Confidence.HIGH,
    settle: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> Verdict:
    finding = Finding(code=code, message=message, outcome=outcome, sources=sources)
    return Verdict(
        alteration_class=alteration, outcome=outcome, confidence=confidence, findings=(finding,), would_settle=settle
    )


def _level(copies: float, ploidy: float) -> AlterationClass:
    """Name a copy number that is no amplification: gain, neutral or loss against the ploidy."""
    if copies >= ploidy + 0.5:
        return AlterationClass.COPY_NUMBER_GAIN
    return AlterationClass.COPY_NUMBER_LOSS if copies <= ploidy - 0.5 else AlterationClass.COPY_NUMBER_NEUTRAL


def _judge_absolute(copies: float, ploidy: float) -> tuple[Verdict, Threshold]:
    above, times = ploidy + AMPLIFICATION_ABOVE_PLOIDY, ploidy * AMPLIFICATION_TIMES_PLOIDY
    met = (copies >= above) + (copies >= times)
    cut = Threshold(value=f">= {above:g} copies (ploidy + 4) and >= {times:g} (3 x ploidy)", source=ABSOLUTE_SOURCE)
    said = f"{copies:g} copies at ploidy {ploidy:g}"
    if met == 2:
        return _verdict(AlterationClass.AMPLIFICATION, Outcome.MATCH, "AMPLIFICATION", f"{said}: both cuts met"), cut
    if met == 1:
        verdict = _verdict(
            AlterationClass.AMPLIFICATION,
            Outcome.REVIEW,
            "AMPLIFICATION_ONE_CUT",
            f"{said}: only one of {above:g} and {times:g} is met",
            confidence=Confidence.MODERATE,
            settle=("FISH (gene to centromere ratio)",),
        )
        return verdict, cut
    if copies >= ploidy + GAIN_ABOVE_PLOIDY:
        message = f"{said}: at least ploidy + 2, under ploidy + 4"
        verdict = _verdict(
            AlterationClass.COPY_NUMBER_GAIN,
            Outcome.REVIEW,
            "COPY_NUMBER_GAIN",
            message,
            confidence=Confidence.MODERATE,
            settle=("FISH (gene to centromere ratio)",),
        )
        return verdict, cut
    return _verdict(_level(copies, ploidy), Outcome.NO_MATCH, "COPY_NUMBER_BELOW_CUT", f"{said}: below ploidy + 2"), cut


def _judge_ratio(value: float, unit: CopyNumberUnit) -> tuple[Verdict, Threshold]:
    log2 = unit is CopyNumberUnit.LOG2_RATIO
    review, amplified = (LOG2_REVIEW, LOG2_AMPLIFIED) if log2 else (FOLD_REVIEW, FOLD_AMPLIFIED)
    name = "log2 ratio" if log2 else "fold change"
    cut = Threshold(value=f"{name} > {amplified:g} amplified, {review:g} to {amplified:g} review", source=RATIO_SOURCE)
    said = f"{name} {value:g} without purity"
    reached = value >= amplified if log2 else value > amplified
    if reached:
        return _verdict(AlterationClass.AMPLIFICATION, Outcome.MATCH, "AMPLIFICATION", said, settle=()), cut
    if value >= review:
        verdict = _verdict(
            AlterationClass.COPY_NUMBER_GAIN,
            Outcome.REVIEW,
            "RATIO_WITHOUT_PURITY",
            f"{said}: an impure tumour could hide an amplification",
            confidence=Confidence.MODERATE,
            settle=(_ASK_PURITY,),
        )
        return verdict, cut
    copies = ASSUMED_PLOIDY * (2**value if log2 else value)
    return _verdict(_level(copies, ASSUMED_PLOIDY), Outcome.NO_MATCH, "COPY_NUMBER_BELOW_CUT", said), cut


def _judge_fish(value: float) -> tuple[Verdict, Threshold]:
    cut = Threshold(value=f"FISH ratio >= {FISH_RATIO_AMPLIFIED:g}", source=FISH_SOURCE)
    if value >= FISH_RATIO_AMPLIFIED:
        strong = " (above 10: the group with very high expression)" if value > FISH_RATIO_STRONG else ""
        return _verdict(
            AlterationClass.AMPLIFICATION, Outcome.MATCH, "AMPLIFICATION", f"FISH ratio {value:g}{strong}"
        ), cut
    message = f"FISH ratio {value:g} below 2: polysomy is not amplification"
    return _verdict(AlterationClass.COPY_NUMBER_GAIN, Outcome.NO_MATCH, "FISH_POLYSOMY", message), cut


def _judge_gistic(value: float) -> tuple[Verdict, Threshold]:
    cut = Threshold(value="GISTIC +2 review", source="GISTIC: +2 = above the sample's arm level, no copy number")
    if value >= GISTIC_HIGH:
        verdict = _verdict(
            AlterationClass.COPY_NUMBER_GAIN,
            Outcome.REVIEW,
            "GISTIC_HIGH",
            "GISTIC +2 names a high level without a copy number",
            confidence=Confidence.MODERATE,
            settle=(_ASK_COPIES,),
        )
        return verdict, cut
    level = AlterationClass.COPY_NUMBER_NEUTRAL if value == 0 else AlterationClass.COPY_NUMBER_LOSS
    alteration = AlterationClass.COPY_NUMBER_GAIN if value >= GISTIC_LOW else level
    return _verdict(alteration, Outcome.NO_MATCH, "GISTIC_LOW", f"GISTIC {value:+g}"), cut


def _judge_uncertain_scale(measure: Measure) -> tuple[Verdict, Threshold]:
    """Plasma copies and FISH signals without a ratio: high values are for review, none is proof."""
    plasma = measure.unit is CopyNumberUnit.PLASMA_COPIES
    cut_value = PLASMA_REVIEW if plasma else FISH_SIGNALS_REVIEW
    name = "plasma copies" if plasma else "FISH signals per cell"
    cut = Threshold(value=f"{name} >= {cut_value:g} review", source="vendor practice (memory, unverified)")
    if measure.value >= cut_value:
        verdict = _verdict(
            AlterationClass.COPY_NUMBER_GAIN,
            Outcome.REVIEW,
            "SCALE_NEEDS_REVIEW",
            f"{measure.value:g} {name}: the tumour's copies are not known",
            confidence=Confidence.LOW,
            settle=(_ASK_COPIES,),
        )
        return verdict, cut
    outcome = Outcome.UNDETERMINED if plasma else Outcome.NO_MATCH
    message = f"{measure.value:g} {name}" + (": a low plasma value does not exclude amplification" if plasma else "")
    return _verdict(AlterationClass.COPY_NUMBER_GAIN, outcome, "COPY_NUMBER_BELOW_CUT", message), cut


def _judge_word(facts: CopyNumberFacts) -> tuple[Verdict, Threshold | None]:
    match facts.declared:
        case DeclaredCopyNumber.AMPLIFICATION if facts.call.reported_by_lab:
            cut = Threshold(value="declared by the laboratory", source="signed-out report")
            message = "the signed-out report calls it amplification, without a number"
            return _verdict(AlterationClass.AMPLIFICATION, Outcome.MATCH, "LAB_DECLARED_AMPLIFICATION", message), cut
        case DeclaredCopyNumber.AMPLIFICATION | DeclaredCopyNumber.GAIN:
            verdict = _verdict(
                AlterationClass.COPY_NUMBER_GAIN,
                Outcome.REVIEW,
                "GAIN_WITHOUT_NUMBER",
                "a caller's word without a number is no amplification",
                confidence=Confidence.LOW,
                settle=(_ASK_COPIES,),
            )
            return verdict, None
        case DeclaredCopyNumber.LOSS | DeclaredCopyNumber.PARTIAL_LOSS | DeclaredCopyNumber.HOMOZYGOUS_DELETION:
            return _verdict(
                AlterationClass.COPY_NUMBER_LOSS, Outcome.NO_MATCH, "COPY_NUMBER_LOSS", "called a loss"
            ), None
        case DeclaredCopyNumber.NEUTRAL:
            return _verdict(
                AlterationClass.COPY_NUMBER_NEUTRAL, Outcome.NO_MATCH, "COPY_NUMBER_NEUTRAL", "neutral"
            ), None
        case _:
            verdict = _verdict(
                AlterationClass.NOT_ASSESSABLE,
                Outcome.UNDETERMINED,
                "COPY_NUMBER_NOT_STATED",
                "a copy-number call without a value or a word that decides",
                confidence=Confidence.LOW,
                settle=(_ASK_COPIES,),
            )
            return verdict, None


def _is_amplified(copies: float | None, facts: CopyNumberFacts) -> bool:
    """Tell whether absolute copies reach at least one cut."""
    ploidy = ASSUMED_PLOIDY if facts.ploidy is None else facts.ploidy
    return copies is not None and _judge_absolute(copies, ploidy)[0].alteration_class is AlterationClass.AMPLIFICATION


def _deciding_copies(facts: CopyNumberFacts) -> float | None:
    """Return the lowest copies over the gene; where only a part reaches the cut, those of that part (lowered later)."""
    if facts.covers_whole_gene is False and _is_amplified(facts.copies_max, facts):
        return facts.copies_max
    return facts.copies_min if facts.copies_min is not None else facts.copies


def _with_assumed_ploidy(facts: CopyNumberFacts, verdict: Verdict) -> Verdict:
    """Say that ploidy 2 was taken where no source gives it."""
    if facts.ploidy is not None:
        return verdict
    told = Finding(code="PLOIDY_ASSUMED", message="ploidy is not given; 2 is assumed")
    return structs.replace(verdict, findings=(*verdict.findings, told))


def _judge_number(facts: CopyNumberFacts) -> tuple[Verdict, Threshold | None]:
    ploidy = ASSUMED_PLOIDY if facts.ploidy is None else facts.ploidy
    copies = _deciding_copies(facts)
    if copies is not None:
        verdict, cut = _judge_absolute(copies, ploidy)
        return _with_assumed_ploidy(facts, verdict), cut
    return _judge_word(facts) if facts.measure is None else _judge_measure(facts.measure)


def _unless_uncorrected(facts: CopyNumberFacts, verdict: Verdict) -> Verdict:
    """Raise a "no" to review where the value would be a gain if it were not corrected for purity, which nobody says."""
    copies = facts.copies_if_uncorrected
    if copies is None or verdict.outcome is not Outcome.NO_MATCH:
        return verdict
    ploidy = ASSUMED_PLOIDY if facts.ploidy is None else facts.ploidy
    if _judge_absolute(copies, ploidy)[0].outcome is Outcome.NO_MATCH:
        return verdict
    message = f"{copies:.1f} copies at purity {facts.purity:g} if the value is not corrected for purity; the file does not say"
    doubt = Finding(code="PURITY_CORRECTION_DECIDES", message=message, outcome=Outcome.REVIEW, sources=("rules.md 2",))
    return structs.replace(
        verdict,
        alteration_class=AlterationClass.COPY_NUMBER_GAIN,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, doubt),
        would_settle=(*verdict.would_settle, _ASK_COPIES),
    )


def _judge_measure(measure: Measure) -> tuple[Verdict, Threshold]:
    """Judge a value that is no absolute copy number, on its own scale."""
    match measure.unit:
        case CopyNumberUnit.LOG2_RATIO | CopyNumberUnit.FOLD_CHANGE:
            return _judge_ratio(measure.value, measure.unit)
        case CopyNumberUnit.COPIES:
            return _judge_ratio(measure.value / ASSUMED_PLOIDY, CopyNumberUnit.FOLD_CHANGE)
        case CopyNumberUnit.FISH_RATIO:
            return _judge_fish(measure.value)
        case CopyNumberUnit.GISTIC:
            return _judge_gistic(measure.value)
        case CopyNumberUnit.PLASMA_COPIES | CopyNumberUnit.FISH_SIGNALS:
            return _judge_uncertain_scale(measure)


def _is_amplified_throughout(facts: CopyNumberFacts) -> bool:
    """Tell whether the lowest value over the gene is an amplification too."""
    if facts.measure_min is not None and facts.copies is None:
        return _judge_measure(facts.measure_min)[0].alteration_class is AlterationClass.AMPLIFICATION
    return _is_amplified(facts.copies_min, facts)


def _is_partial(facts: CopyNumberFacts) -> bool:
    """Tell whether exons 1-17 are amplified and exon 18 is not: by word, by exon range, or by lowest and highest copies."""
    if facts.declared is DeclaredCopyNumber.PARTIAL_AMPLIFICATION:
        return True
    high = facts.copies_max if facts.copies_max is not None else facts.copies
    if high is None and facts.measure is None:
        return False
    if high is None:
        is_high = _judge_number(facts)[0].alteration_class is AlterationClass.AMPLIFICATION
    else:
        is_high = _is_amplified(high, facts)
    if not is_high or _is_amplified_throughout(facts):
        return False
    if facts.covered_exons is not None and facts.covers_whole_gene is False:
        return facts.covered_exons[0] <= FIRST_CODING_EXON and facts.covered_exons[1] == LAST_KINASE_EXON
    return facts.copies_min is not None


def _judge_partial(facts: CopyNumberFacts) -> tuple[Verdict, Threshold | None]:
    high = facts.copies_max if facts.copies_max is not None else facts.copies
    exons = f"exons {facts.covered_exons[0]}-{facts.covered_exons[1]}" if facts.covered_exons else "part of the gene"
    numbers = ""
    if facts.copies_min is not None and high is not None:
        numbers = f", {facts.copies_min:g} to {high:g} copies"
    elif facts.measure is not None and facts.measure_min is not None:
        numbers = f", {facts.measure.unit.value} {facts.measure_min.value:g} to {facts.measure.value:g}"
    verdict = _verdict(
        AlterationClass.PARTIAL_AMPLIFICATION,
        Outcome.REVIEW,
        "PARTIAL_AMPLIFICATION",
        f"{exons} amplified, the rest of the gene not{numbers}: suspect a break in intron 17",
        settle=(_ASK_BREAK,),
        sources=("Zingg 2022",),
    )
    if high is None:
        return verdict, None
    ploidy = ASSUMED_PLOIDY if facts.ploidy is None else facts.ploidy
    return _with_assumed_ploidy(facts, verdict), _judge_absolute(high, ploidy)[1]


def _judge_part_without_gene(facts: CopyNumberFacts, verdict: Verdict) -> Verdict:
    """Lower an amplified segment that covers only another part of the gene, unless the rest is amplified as well."""
    is_amplified = verdict.alteration_class is AlterationClass.AMPLIFICATION
    if facts.covers_whole_gene is not False or not is_amplified or _is_amplified_throughout(facts):
        return verdict
    exons = facts.covered_exons
    said = f"exons {exons[0]}-{exons[1]}" if exons else "part of the gene"
    told = Finding(code="SEGMENT_ENDS_IN_GENE", message=f"the segment covers only {said}", outcome=Outcome.REVIEW)
    return structs.replace(verdict, outcome=worst(verdict.outcome, Outcome.REVIEW), findings=(*verdict.findings, told))


_GAINED = (
    AlterationClass.AMPLIFICATION,
    AlterationClass.PARTIAL_AMPLIFICATION,
    AlterationClass.COPY_NUMBER_GAIN,
)


def _with_segment_size(facts: CopyNumberFacts, verdict: Verdict) -> Verdict:
    """Say when the gained segment is longer than a focal event; the copies decide as before (rules.md 2)."""
    segment = facts.segment
    if segment is None or segment.focal is not False or segment.bases is None:
        return verdict
    if verdict.alteration_class not in _GAINED:
        return verdict
    size = segment.bases / BASES_PER_MEGABASE
    message = f"the segment of {size:.1f} Mb is longer than 10 Mb: the gain is not focal"
    told = Finding(code="ARM_LEVEL_SEGMENT", message=message, sources=("PMC4830395",))
    return structs.replace(verdict, findings=(*verdict.findings, told))


def _declared_amplification(facts: CopyNumberFacts) -> bool:
    return facts.call.reported_by_lab and facts.declared is DeclaredCopyNumber.AMPLIFICATION


_NO_GAIN = (AlterationClass.COPY_NUMBER_NEUTRAL, AlterationClass.COPY_NUMBER_LOSS)
_WORDS_WITHOUT_GAIN = (DeclaredCopyNumber.LOSS, DeclaredCopyNumber.HOMOZYGOUS_DELETION, DeclaredCopyNumber.NEUTRAL)


def _contradiction(facts: CopyNumberFacts, verdict: Verdict) -> Finding | None:
    """Return what says that word and number of one call exclude each other: more copies by one, none by the other."""
    word = facts.declared
    is_gain_denied = _declared_amplification(facts) and verdict.alteration_class in _NO_GAIN
    is_loss_denied = word in _WORDS_WITHOUT_GAIN and verdict.outcome is Outcome.MATCH
    if word is None or not (is_gain_denied or is_loss_denied):
        return None
    number = verdict.findings[0].message
    message = f"the source calls it {word.value.replace('_', ' ')}, which its number contradicts: {number}"
    return Finding(code="CONFLICT", message=message, outcome=Outcome.REVIEW)


def _with_contradiction(verdict: Verdict, conflict: Finding) -> Verdict:
    """Leave a call that contradicts itself to review: neither its word nor its number is taken."""
    return structs.replace(
        verdict,
        alteration_class=AlterationClass.AMPLIFICATION,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(conflict, *verdict.findings),
        would_settle=(*verdict.would_settle, _ASK_COPIES),
    )


def _with_lab_word(facts: CopyNumberFacts, verdict: Verdict) -> Verdict:
    """Accept a signed-out report's amplification although its number, a gain, stays under the cut, and say so."""
    conflict = _contradiction(facts, verdict)
    if conflict is not None:
        return _with_contradiction(verdict, conflict)
    if not _declared_amplification(facts) or verdict.outcome is Outcome.MATCH:
        return verdict
    told = Finding(
        code="LAB_DECLARED_AMPLIFICATION",
        message="the signed-out report calls it amplification; its number alone would not",
        outcome=Outcome.MATCH,
    )
    return Verdict(
        alteration_class=AlterationClass.AMPLIFICATION,
        outcome=Outcome.MATCH,
        confidence=Confidence.MODERATE,
        findings=(told, *verdict.findings),
        would_settle=verdict.would_settle,
    )


def judge(facts: CopyNumberFacts) -> tuple[Verdict, Threshold | None]:
    """Judge one call of one gene."""
    if facts.call.status is CallStatus.ABSENT and not facts.call.measures:
        message = "the report says that there is no copy-number change"
        return _verdict(AlterationClass.COPY_NUMBER_NEUTRAL, Outcome.NO_MATCH, "COPY_NUMBER_NEUTRAL", message), None
    if _is_partial(facts):
        verdict, cut = _judge_partial(facts)
    else:
        verdict, cut = _judge_number(facts)
        verdict = _unless_uncorrected(facts, verdict)
        verdict = _judge_part_without_gene(facts, _with_lab_word(facts, verdict))
    verdict = _with_segment_size(facts, verdict)
    verdict = structs.replace(verdict, findings=(*verdict.findings, *facts.findings))
    return weigh_quality(verdict, [facts.call]), cut


_NO_COPIES = Verdict(
    alteration_class=AlterationClass.NOT_ASSESSABLE,
    outcome=Outcome.UNDETERMINED,
    confidence=Confidence.HIGH,
    findings=(
        Finding(
            code="EXPRESSION_IS_NOT_COPY_NUMBER",
            message="protein or RNA expression was measured; it says nothing about the copies of the gene",
            outcome=Outcome.UNDETERMINED,
        ),
    ),
    would_settle=(_ASK_COPIES,),
)


def classify_copy_number(group: CopyNumberGroup) -> CopyNumberVerdict:
    """Judge every call of a gene; the best answer leads and a contradiction is told."""
    judged = [(judge(facts), facts) for facts in group.members]
    if not judged:
        return CopyNumberVerdict(verdict=_NO_COPIES, lead=None, threshold=None)
    (verdict, cut), lead = max(judged, key=lambda item: item[0][0].outcome.rank)
    outcomes = {item[0][0].outcome for item in judged}
    if Outcome.NO_MATCH in outcomes and best(*outcomes) in (Outcome.MATCH, Outcome.REVIEW):
        message = "sources disagree on the copy number: " + "; ".join(
            f"{facts.call.caller or facts.call.source.input} {answer.outcome}" for (answer, _), facts in judged
        )
        conflict = Finding(code="CONFLICT", message=message)
        verdict = structs.replace(verdict, findings=(*verdict.findings, conflict))
    return CopyNumberVerdict(verdict=verdict, lead=lead, threshold=cut)
