"""`fgfr_screen.classify.copy_number`: every cut, at it and beside it (rules.md 2)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.annotate.copy_number import annotate_copy_number
from fgfr_screen.classify.copy_number import classify_copy_number, judge
from fgfr_screen.facts import CopyNumberVerdict, ExpressionFacts, Verdict
from fgfr_screen.merge import merge_copy_numbers
from fgfr_screen.model import CopyNumberCall, ExpressionCall, Measure, Pos1
from fgfr_screen.terms import (
    AlterationClass,
    CallStatus,
    Confidence,
    CopyNumberUnit,
    DeclaredCopyNumber,
    FgfrGene,
    FilterStatus,
    Outcome,
)
from tests.builders import a_copy_number_call, a_segment, a_source, from_line, mane, measured

AMPLIFIED, PARTIAL, GAIN, NEUTRAL, LOSS, OPEN = (
    AlterationClass.AMPLIFICATION,
    AlterationClass.PARTIAL_AMPLIFICATION,
    AlterationClass.COPY_NUMBER_GAIN,
    AlterationClass.COPY_NUMBER_NEUTRAL,
    AlterationClass.COPY_NUMBER_LOSS,
    AlterationClass.NOT_ASSESSABLE,
)
MATCH, REVIEW, NO_MATCH, UNDETERMINED = Outcome.MATCH, Outcome.REVIEW, Outcome.NO_MATCH, Outcome.UNDETERMINED


def verdict_on(call: CopyNumberCall, **also: float) -> Verdict:
    facts = annotate_copy_number(call, **also)
    assert facts is not None
    return judge(facts)[0]


def answer(call: CopyNumberCall, **also: float) -> tuple[AlterationClass, Outcome]:
    verdict = verdict_on(call, **also)
    return verdict.alteration_class, verdict.outcome


def group_of(*calls: CopyNumberCall) -> CopyNumberVerdict:
    """Classify the calls of one gene, each from a line of its own."""
    found = [annotate_copy_number(from_line(call, line, call.source.input)) for line, call in enumerate(calls, 1)]
    (group,) = merge_copy_numbers([facts for facts in found if facts is not None], ())
    return classify_copy_number(group)


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


# ------------------------------------------------------------------------------------------------------ absolute copies


@pytest.mark.parametrize(
    ("copies", "ploidy", "expected"),
    [
        # ploidy 2: both cuts lie at 6
        (38.0, 2.1, (AMPLIFIED, MATCH)),
        (6.0, 2.0, (AMPLIFIED, MATCH)),
        (5.999, 2.0, (GAIN, REVIEW)),
        (4.0, 2.0, (GAIN, REVIEW)),
        (3.999, 2.0, (GAIN, NO_MATCH)),
        (2.5, 2.0, (GAIN, NO_MATCH)),
        (2.4, 2.0, (NEUTRAL, NO_MATCH)),
        (2.0, 2.0, (NEUTRAL, NO_MATCH)),
        (1.6, 2.0, (NEUTRAL, NO_MATCH)),
        (1.5, 2.0, (LOSS, NO_MATCH)),
        (0.0, 2.0, (LOSS, NO_MATCH)),
        # ploidy 3: + 4 is 7, x 3 is 9
        (9.0, 3.0, (AMPLIFIED, MATCH)),
        (8.999, 3.0, (AMPLIFIED, REVIEW)),
        (7.0, 3.0, (AMPLIFIED, REVIEW)),
        (6.999, 3.0, (GAIN, REVIEW)),
        (5.0, 3.0, (GAIN, REVIEW)),
        (4.999, 3.0, (GAIN, NO_MATCH)),
        # rules.md: CN 9 at ploidy 3.9, CN 5 and 7 at ploidy 4
        (9.0, 3.9, (AMPLIFIED, REVIEW)),
        (7.0, 4.0, (GAIN, REVIEW)),
        (5.0, 4.0, (GAIN, NO_MATCH)),
        # a near-haploid genome: x 3 is met before + 4
        (4.5, 1.5, (AMPLIFIED, REVIEW)),
        (5.5, 1.5, (AMPLIFIED, MATCH)),
    ],
)
def test_the_cuts_of_absolute_copies(copies: float, ploidy: float, expected: tuple[AlterationClass, Outcome]) -> None:
    assert answer(a_copy_number_call(copies, ploidy=ploidy)) == expected


@pytest.mark.parametrize("gene", list(FgfrGene))
def test_the_cuts_are_the_same_for_every_gene(gene: FgfrGene) -> None:
    assert answer(a_copy_number_call(6, gene.value, ploidy=2.0)) == (AMPLIFIED, MATCH)


def test_the_cut_travels_with_the_answer() -> None:
    facts = annotate_copy_number(a_copy_number_call(9, ploidy=3.0))
    assert facts is not None
    _, cut = judge(facts)
    assert cut is not None
    assert cut.value == ">= 7 copies (ploidy + 4) and >= 9 (3 x ploidy)"
    assert "rules.md" in cut.source


def test_ploidy_2_is_assumed_only_where_none_is_given_and_said() -> None:
    assert "PLOIDY_ASSUMED" in codes(verdict_on(a_copy_number_call(6)))
    assert "PLOIDY_ASSUMED" not in codes(verdict_on(a_copy_number_call(6, ploidy=2.0)))
    assert "PLOIDY_ASSUMED" not in codes(verdict_on(a_copy_number_call(6), ploidy=2.0))


@given(copies=st.floats(0, 60), more=st.floats(0, 20), ploidy=st.floats(1, 6))
def test_more_copies_never_make_a_lower_answer(copies: float, more: float, ploidy: float) -> None:
    low, high = (verdict_on(a_copy_number_call(value, ploidy=ploidy)) for value in (copies, copies + more))
    assert high.outcome.rank >= low.outcome.rank


# ------------------------------------------------------------------------------------------------------- other scales


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.4999, CopyNumberUnit.FOLD_CHANGE, (GAIN, NO_MATCH)),
        (1.5, CopyNumberUnit.FOLD_CHANGE, (GAIN, REVIEW)),
        (1.7, CopyNumberUnit.FOLD_CHANGE, (GAIN, REVIEW)),
        (3.0, CopyNumberUnit.FOLD_CHANGE, (GAIN, REVIEW)),
        (3.0001, CopyNumberUnit.FOLD_CHANGE, (AMPLIFIED, MATCH)),
        (1.0, CopyNumberUnit.FOLD_CHANGE, (NEUTRAL, NO_MATCH)),
        (0.5, CopyNumberUnit.FOLD_CHANGE, (LOSS, NO_MATCH)),
        (0.6999, CopyNumberUnit.LOG2_RATIO, (GAIN, NO_MATCH)),
        (0.7, CopyNumberUnit.LOG2_RATIO, (GAIN, REVIEW)),
        (1.5849, CopyNumberUnit.LOG2_RATIO, (GAIN, REVIEW)),
        (1.585, CopyNumberUnit.LOG2_RATIO, (AMPLIFIED, MATCH)),
        (0.0, CopyNumberUnit.LOG2_RATIO, (NEUTRAL, NO_MATCH)),
        (-1.0, CopyNumberUnit.LOG2_RATIO, (LOSS, NO_MATCH)),
        (2.0, CopyNumberUnit.FISH_RATIO, (AMPLIFIED, MATCH)),
        (1.999, CopyNumberUnit.FISH_RATIO, (GAIN, NO_MATCH)),
        (2, CopyNumberUnit.GISTIC, (GAIN, REVIEW)),
        (1, CopyNumberUnit.GISTIC, (GAIN, NO_MATCH)),
        (0, CopyNumberUnit.GISTIC, (NEUTRAL, NO_MATCH)),
        (-2, CopyNumberUnit.GISTIC, (LOSS, NO_MATCH)),
        (15, CopyNumberUnit.FISH_SIGNALS, (GAIN, REVIEW)),
        (14.9, CopyNumberUnit.FISH_SIGNALS, (GAIN, NO_MATCH)),
        (2.2, CopyNumberUnit.PLASMA_COPIES, (GAIN, REVIEW)),
        (2.19, CopyNumberUnit.PLASMA_COPIES, (GAIN, UNDETERMINED)),
    ],
)
def test_the_cuts_of_every_other_scale(
    value: float, unit: CopyNumberUnit, expected: tuple[AlterationClass, Outcome]
) -> None:
    assert answer(measured(value, unit)) == expected


@pytest.mark.parametrize("unit", [CopyNumberUnit.FOLD_CHANGE, CopyNumberUnit.LOG2_RATIO])
def test_with_purity_a_ratio_is_judged_as_copies(unit: CopyNumberUnit) -> None:
    # Log2 1 at purity 0.2 and ploidy 2 is 12 copies, at purity 1 four.
    value = 2.0 if unit is CopyNumberUnit.FOLD_CHANGE else 1.0
    assert answer(measured(value, unit), purity=0.2, ploidy=2.0) == (AMPLIFIED, MATCH)
    assert answer(measured(value, unit), purity=1.0, ploidy=2.0) == (GAIN, REVIEW)
    assert "COPIES_COMPUTED" in codes(verdict_on(measured(value, unit), purity=0.2, ploidy=2.0))


def test_a_ratio_for_review_asks_for_the_purity() -> None:
    assert any("purity" in step for step in verdict_on(measured(1.7, CopyNumberUnit.FOLD_CHANGE)).would_settle)


def test_copies_that_ignore_purity_are_judged_as_a_ratio() -> None:
    def ignoring(value: float) -> CopyNumberCall:
        return a_copy_number_call(measures=(Measure(value=value, unit=CopyNumberUnit.COPIES, purity_corrected=False),))

    assert answer(ignoring(6.5)) == (AMPLIFIED, MATCH)
    assert answer(ignoring(6.0)) == (GAIN, REVIEW)
    assert answer(ignoring(2.9)) == (GAIN, NO_MATCH)


@pytest.mark.parametrize(("ratio", "strong"), [(10.0, False), (10.1, True)])
def test_a_fish_ratio_above_10_is_told_as_such(ratio: float, strong: bool) -> None:
    assert ("above 10" in verdict_on(measured(ratio, CopyNumberUnit.FISH_RATIO)).findings[0].message) is strong


def test_many_signals_with_a_low_ratio_are_polysomy() -> None:
    call = a_copy_number_call(
        measures=(
            Measure(value=16, unit=CopyNumberUnit.FISH_SIGNALS),
            Measure(value=1.3, unit=CopyNumberUnit.FISH_RATIO),
        )
    )
    verdict = verdict_on(call)
    assert (verdict.outcome, codes(verdict)[0]) == (NO_MATCH, "FISH_POLYSOMY")


# --------------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize("status", [CallStatus.PRESENT, CallStatus.EQUIVOCAL])
def test_the_word_of_a_signed_out_report_is_accepted_unless_equivocal(status: CallStatus) -> None:
    call = a_copy_number_call(declared=DeclaredCopyNumber.AMPLIFICATION, reported_by_lab=True, status=status)
    assert answer(call) == (AMPLIFIED, MATCH if status is CallStatus.PRESENT else REVIEW)


@pytest.mark.parametrize("copies", [3.5, 4.0, 5.999, 7.0, 9.0])
def test_the_word_of_a_signed_out_report_wins_over_any_lower_gain(copies: float) -> None:
    """Also where exactly one of the two cuts is met (7 copies at ploidy 3)."""
    call = a_copy_number_call(copies, declared=DeclaredCopyNumber.AMPLIFICATION, reported_by_lab=True, ploidy=3.0)
    verdict = verdict_on(call)
    assert (verdict.alteration_class, verdict.outcome) == (AMPLIFIED, MATCH)
    assert ("LAB_DECLARED_AMPLIFICATION" in codes(verdict)) == (copies < 9)


@pytest.mark.parametrize("copies", [0.0, 2.0, 3.0, 3.499])
def test_an_amplification_whose_number_is_no_gain_contradicts_itself(copies: float) -> None:
    call = a_copy_number_call(copies, declared=DeclaredCopyNumber.AMPLIFICATION, reported_by_lab=True, ploidy=3.0)
    verdict = verdict_on(call)
    assert (verdict.alteration_class, verdict.outcome, codes(verdict)[0]) == (AMPLIFIED, REVIEW, "CONFLICT")
    assert verdict.findings[0].message.startswith("the source calls it amplification, which its number contradicts")
    assert f"{copies:g} copies" in verdict.findings[0].message


@pytest.mark.parametrize(
    "declared", [DeclaredCopyNumber.LOSS, DeclaredCopyNumber.HOMOZYGOUS_DELETION, DeclaredCopyNumber.NEUTRAL]
)
@pytest.mark.parametrize("is_reported", [True, False])
def test_a_word_without_gain_at_an_amplified_number_contradicts_itself(
    declared: DeclaredCopyNumber, is_reported: bool
) -> None:
    verdict = verdict_on(a_copy_number_call(20.0, declared=declared, reported_by_lab=is_reported))
    assert (verdict.outcome, codes(verdict)[0]) == (REVIEW, "CONFLICT")
    assert verdict_on(a_copy_number_call(1.0, declared=declared)).outcome is NO_MATCH


def test_a_partial_loss_does_not_contradict_an_amplified_number() -> None:
    verdict = verdict_on(a_copy_number_call(20.0, declared=DeclaredCopyNumber.PARTIAL_LOSS))
    assert verdict.outcome is MATCH


@pytest.mark.parametrize("word", [DeclaredCopyNumber.AMPLIFICATION, DeclaredCopyNumber.GAIN])
def test_a_caller_s_word_is_no_amplification(word: DeclaredCopyNumber) -> None:
    assert answer(a_copy_number_call(declared=word)) == (GAIN, REVIEW)
    assert answer(a_copy_number_call(3.0, declared=word, ploidy=2.0)) == (GAIN, NO_MATCH), "its number decides"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (DeclaredCopyNumber.GAIN, (GAIN, REVIEW)),
        (DeclaredCopyNumber.PARTIAL_AMPLIFICATION, (PARTIAL, REVIEW)),
        (DeclaredCopyNumber.NEUTRAL, (NEUTRAL, NO_MATCH)),
        (DeclaredCopyNumber.LOSS, (LOSS, NO_MATCH)),
        (DeclaredCopyNumber.PARTIAL_LOSS, (LOSS, NO_MATCH)),
        (DeclaredCopyNumber.HOMOZYGOUS_DELETION, (LOSS, NO_MATCH)),
        (DeclaredCopyNumber.UNKNOWN, (OPEN, UNDETERMINED)),
        (None, (OPEN, UNDETERMINED)),
    ],
)
@pytest.mark.parametrize("reported", [True, False])
def test_other_words_mean_what_they_say(
    word: DeclaredCopyNumber | None, expected: tuple[AlterationClass, Outcome], reported: bool
) -> None:
    assert answer(a_copy_number_call(declared=word, reported_by_lab=reported)) == expected


def test_a_report_that_states_no_change_is_neutral() -> None:
    assert answer(a_copy_number_call(status=CallStatus.ABSENT)) == (NEUTRAL, NO_MATCH)


# -------------------------------------------------------------------------------------------------- part of the gene


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (6.2, None, (AMPLIFIED, MATCH)),
        (2.0, 9.4, (PARTIAL, REVIEW)),
        (6.0, 9.4, (AMPLIFIED, MATCH)),
        (5.9, 9.4, (PARTIAL, REVIEW)),
        (2.0, 5.9, (NEUTRAL, NO_MATCH)),
        (4.0, 5.9, (GAIN, REVIEW)),
    ],
)
def test_the_lowest_copies_over_the_gene_decide(
    low: float, high: float | None, expected: tuple[AlterationClass, Outcome]
) -> None:
    """PURPLE: lowest copies over the cut = whole gene, only the highest = part of it."""
    assert answer(a_copy_number_call(copies_min=low, copies_max=high, ploidy=2.0)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 17, (PARTIAL, REVIEW)),
        (2, 17, (PARTIAL, REVIEW)),
        (3, 17, (AMPLIFIED, REVIEW)),
        (1, 16, (AMPLIFIED, REVIEW)),
        (10, 18, (AMPLIFIED, REVIEW)),
        (1, 18, (AMPLIFIED, MATCH)),
    ],
)
def test_an_amplified_segment_that_ends_in_the_gene_is_at_most_review(
    first: int, last: int, expected: tuple[AlterationClass, Outcome]
) -> None:
    assert answer(a_segment("FGFR2", first, last, 12, ploidy=2.0)) == expected
    assert answer(a_copy_number_call(12, first_exon=first, last_exon=last, ploidy=2.0)) == expected


def test_a_break_is_suspected_behind_exon_17() -> None:
    verdict = verdict_on(a_segment("FGFR2", 1, 17, 12, ploidy=2.0))
    assert codes(verdict)[0] == "PARTIAL_AMPLIFICATION"
    assert "intron 17" in verdict.would_settle[0]


def test_a_part_under_the_cut_is_no_partial_amplification() -> None:
    assert answer(a_segment("FGFR2", 1, 17, 5, ploidy=2.0)) == (GAIN, REVIEW)
    assert answer(a_segment("FGFR2", 1, 17, 3, ploidy=2.0)) == (GAIN, NO_MATCH)


def test_the_laboratory_s_word_does_not_make_a_part_the_whole_gene() -> None:
    for copies in (4, 12):
        call = a_segment(
            "FGFR2", 10, 18, copies, ploidy=2.0, declared=DeclaredCopyNumber.AMPLIFICATION, reported_by_lab=True
        )
        assert answer(call) == (AMPLIFIED, REVIEW)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (((1, 17, 12.0), (18, 18, 2.0)), (PARTIAL, REVIEW)),
        (((1, 17, 12.0), (18, 18, 9.0)), (AMPLIFIED, MATCH)),
        (((1, 8, 12.0), (10, 18, 9.0)), (AMPLIFIED, MATCH)),
        (((1, 8, 9.0), (9, 18, 12.0)), (AMPLIFIED, MATCH)),
        (((1, 9, 2.0), (10, 18, 12.0)), (AMPLIFIED, REVIEW)),
        (((1, 9, 12.0), (10, 18, 2.0)), (AMPLIFIED, REVIEW)),
        (((1, 5, 12.0), (10, 18, 12.0)), (AMPLIFIED, REVIEW)),
        (((1, 9, 2.0), (10, 18, 3.0)), (NEUTRAL, NO_MATCH)),
    ],
)
def test_segments_of_one_file_are_judged_together(
    parts: tuple[Any, ...], expected: tuple[AlterationClass, Outcome]
) -> None:
    for order in (parts, parts[::-1]):
        verdict = group_of(*(a_segment("FGFR2", *part, ploidy=2.0) for part in order)).verdict
        assert (verdict.alteration_class, verdict.outcome) == expected


@pytest.mark.parametrize(("low", "expected"), [(2.5, (AMPLIFIED, MATCH)), (0.1, (PARTIAL, REVIEW))])
def test_segments_without_absolute_copies_are_judged_together(
    low: float, expected: tuple[AlterationClass, Outcome]
) -> None:
    def ratio(first: int, last: int, value: float) -> CopyNumberCall:
        return structs.replace(
            a_segment("FGFR2", first, last, 0), measures=(Measure(value=value, unit=CopyNumberUnit.LOG2_RATIO),)
        )

    verdict = group_of(ratio(1, 17, 3.0), ratio(18, 18, low)).verdict
    assert (verdict.alteration_class, verdict.outcome) == expected


def test_an_arm_level_segment_is_told_and_judged_by_its_copies() -> None:
    start = Pos1(mane("FGFR2").tx_start - 8_000_000)
    end = Pos1(mane("FGFR2").tx_end + 8_000_000)
    high, low = (verdict_on(a_segment("FGFR2", 1, 18, copies, start=start, end=end, ploidy=2.0)) for copies in (12, 3))
    assert (high.outcome, low.outcome) == (MATCH, NO_MATCH)
    assert "ARM_LEVEL_SEGMENT" in codes(high)


# ------------------------------------------------------------------------------------------------------------- quality


@pytest.mark.parametrize(
    "changes", [{"filter": FilterStatus.FAILED}, {"no_support": True}, {"status": CallStatus.INDETERMINATE}]
)
def test_a_doubtful_amplification_is_review(changes: dict[str, Any]) -> None:
    verdict = verdict_on(a_copy_number_call(12, ploidy=2.0, **changes))
    assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (AMPLIFIED, REVIEW, Confidence.LOW)


# --------------------------------------------------------------------------------------------------- several sources


def test_the_best_source_leads_and_a_contradiction_is_told() -> None:
    judged = group_of(
        a_copy_number_call(2, ploidy=2.0, caller="panel"),
        a_copy_number_call(12, ploidy=2.0, caller="exome", source=a_source(input="in2")),
    )
    assert judged.lead is not None
    assert (judged.lead.call.caller, judged.verdict.outcome) == ("exome", MATCH)
    conflict = next(finding for finding in judged.verdict.findings if finding.code == "CONFLICT")
    assert "panel no_match" in conflict.message
    assert "exome match" in conflict.message
    assert judged.threshold is not None


def test_sources_that_agree_are_no_conflict() -> None:
    judged = group_of(
        a_copy_number_call(12, ploidy=2.0), a_copy_number_call(5, ploidy=2.0, source=a_source(input="in2"))
    )
    assert "CONFLICT" not in codes(judged.verdict)
    assert judged.verdict.outcome is MATCH


def test_a_low_plasma_value_is_no_contradiction() -> None:
    judged = group_of(
        a_copy_number_call(12, ploidy=2.0), measured(2.0, CopyNumberUnit.PLASMA_COPIES, source=a_source(input="in2"))
    )
    assert "CONFLICT" not in codes(judged.verdict)


def test_expression_says_nothing_about_copies() -> None:
    stain = ExpressionFacts(
        call=ExpressionCall(source=a_source(), gene="FGFR2", stain="FGFR2b", text="3+"), gene=FgfrGene.FGFR2
    )
    (group,) = merge_copy_numbers((), (stain,))
    judged = classify_copy_number(group)
    assert (judged.verdict.alteration_class, judged.verdict.outcome) == (OPEN, UNDETERMINED)
    assert codes(judged.verdict) == ["EXPRESSION_IS_NOT_COPY_NUMBER"]
    facts = annotate_copy_number(a_copy_number_call(2, ploidy=2.0))
    assert facts is not None
    (both,) = merge_copy_numbers((facts,), (stain,))
    assert classify_copy_number(both).verdict.outcome is NO_MATCH


@given(
    value=st.floats(-3, 30),
    unit=st.sampled_from(CopyNumberUnit),
    word=st.sampled_from((None, *DeclaredCopyNumber)),
    reported=st.booleans(),
    exons=st.sampled_from(((None, None), (1, 17), (1, 18), (4, 9))),
)
def test_every_answer_has_a_reason_and_review_a_way_on(
    value: float,
    unit: CopyNumberUnit,
    word: DeclaredCopyNumber | None,
    reported: bool,
    exons: tuple[int | None, int | None],
) -> None:
    value = value if unit in (CopyNumberUnit.LOG2_RATIO, CopyNumberUnit.GISTIC) else abs(value)
    call = measured(value, unit, declared=word, reported_by_lab=reported, first_exon=exons[0], last_exon=exons[1])
    verdict = verdict_on(call)
    assert verdict.findings
    if verdict.outcome is UNDETERMINED:
        assert verdict.alteration_class in (OPEN, GAIN)
    if verdict.outcome is MATCH:
        assert verdict.alteration_class is AMPLIFIED


@pytest.mark.parametrize(
    ("purity", "outcome"), [(None, Outcome.NO_MATCH), (0.9, Outcome.NO_MATCH), (0.2, Outcome.REVIEW)]
)
def test_a_value_that_may_be_uncorrected_is_no_no_where_purity_would_make_it_a_gain(
    purity: float | None, outcome: Outcome
) -> None:
    call = measured(0.6, CopyNumberUnit.LOG2_RATIO, finding_codes=("PURITY_CORRECTION_UNKNOWN",))
    facts = annotate_copy_number(call, purity=purity, ploidy=2)
    assert facts is not None
    verdict, _ = judge(facts)
    assert verdict.outcome is outcome
    assert ("PURITY_CORRECTION_DECIDES" in {finding.code for finding in verdict.findings}) is (
        outcome is Outcome.REVIEW
    )
