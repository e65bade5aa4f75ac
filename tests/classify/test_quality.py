"""`fgfr_screen.classify.quality`: doubts can lower an answer and never raise it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.classify.quality import doubts_of, weigh_quality
from fgfr_screen.facts import Verdict
from fgfr_screen.model import CallBase, Finding
from fgfr_screen.terms import AlterationClass, CallStatus, Confidence, FilterStatus, Mark, Outcome
from tests.builders import an_fgfr2_bicc1_call

DOUBTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"filter": FilterStatus.FAILED, "filter_text": "LowQual"}, "FILTER_FAILED"),
    ({"no_support": True}, "NO_TUMOR_SUPPORT"),
    ({"status": CallStatus.EQUIVOCAL}, "EQUIVOCAL"),
    ({"status": CallStatus.INDETERMINATE}, "EQUIVOCAL"),
    ({"finding_codes": ("ASSAY_FAILED",)}, "ASSAY_FAILED"),
    ({"finding_codes": ("REPORT_PRELIMINARY",)}, "REPORT_PRELIMINARY"),
)


def a_verdict(outcome: Outcome = Outcome.MATCH) -> Verdict:
    return Verdict(alteration_class=AlterationClass.FUSION, outcome=outcome, confidence=Confidence.HIGH)


def codes(*calls: CallBase) -> list[str]:
    return [finding.code for finding in doubts_of(calls)]


@pytest.mark.parametrize(("changes", "code"), DOUBTS)
def test_what_every_call_shares_is_a_doubt(changes: dict[str, Any], code: str) -> None:
    doubtful, good = an_fgfr2_bicc1_call(**changes), an_fgfr2_bicc1_call()
    assert codes(doubtful) == [code]
    assert codes(doubtful, doubtful) == [code]
    assert codes(doubtful, good) == []


@pytest.mark.parametrize("status", [FilterStatus.PASS, FilterStatus.UNFILTERED])
def test_passed_and_unfiltered_are_no_doubt(status: FilterStatus) -> None:
    assert codes(an_fgfr2_bicc1_call(filter=status)) == []


def test_different_uncertain_words_are_one_doubt_that_names_both() -> None:
    calls = [an_fgfr2_bicc1_call(status=status) for status in (CallStatus.INDETERMINATE, CallStatus.EQUIVOCAL)]
    (doubt,) = doubts_of(calls)
    assert "equivocal, indeterminate" in doubt.message


def test_the_filters_are_named_once_each_in_a_fixed_order() -> None:
    calls = [
        an_fgfr2_bicc1_call(filter=FilterStatus.FAILED, filter_text=text) for text in ("PON", "LowQual", "PON", None)
    ]
    assert "FILTER LowQual, PON, failed on every call" in doubts_of(calls)[0].message


def test_one_call_on_the_wrong_assembly_is_a_doubt_for_all() -> None:
    bad = an_fgfr2_bicc1_call(finding_codes=("ASSEMBLY_CONFLICT",))
    assert codes(bad, an_fgfr2_bicc1_call()) == ["ASSEMBLY_CONFLICT"]


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize(("changes", "code"), DOUBTS)
def test_a_doubt_caps_at_review(changes: dict[str, Any], code: str, outcome: Outcome) -> None:
    weighed = weigh_quality(a_verdict(outcome), [an_fgfr2_bicc1_call(**changes)])
    assert weighed.outcome is (Outcome.REVIEW if outcome is Outcome.MATCH else outcome)
    assert weighed.confidence is Confidence.LOW
    assert [finding.code for finding in weighed.findings] == [code]


def test_a_doubt_that_a_call_tells_already_is_told_once_and_with_its_effect() -> None:
    told = Finding(code="ASSAY_FAILED", message="Assay failed")
    verdict = structs.replace(a_verdict(), findings=(told, structs.replace(told, code="MATE_MISSING")))
    weighed = weigh_quality(verdict, [an_fgfr2_bicc1_call(finding_codes=("ASSAY_FAILED",))])
    assert [(one.code, one.outcome) for one in weighed.findings] == [
        ("MATE_MISSING", None),
        ("ASSAY_FAILED", Outcome.REVIEW),
    ]


def test_without_a_doubt_nothing_changes() -> None:
    assert weigh_quality(a_verdict(), [an_fgfr2_bicc1_call()]) == a_verdict()


def test_a_change_is_subclonal_when_every_call_says_so() -> None:
    sub, plain = an_fgfr2_bicc1_call(subclonal=True), an_fgfr2_bicc1_call()
    marked = structs.replace(a_verdict(), marks=(Mark.ACTIVATING,))
    assert weigh_quality(marked, [sub, sub]).marks == (Mark.ACTIVATING, Mark.SUBCLONAL)
    assert weigh_quality(marked, [sub, plain]).marks == (Mark.ACTIVATING,)


@given(
    outcome=st.sampled_from(Outcome),
    calls=st.lists(
        st.builds(
            an_fgfr2_bicc1_call,
            filter=st.sampled_from(FilterStatus),
            no_support=st.booleans(),
            status=st.sampled_from((CallStatus.PRESENT, CallStatus.EQUIVOCAL, CallStatus.INDETERMINATE)),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_quality_never_raises_and_never_rejects(outcome: Outcome, calls: list[CallBase]) -> None:
    weighed = weigh_quality(a_verdict(outcome), calls)
    assert weighed.outcome.rank <= outcome.rank
    assert weighed.outcome.rank >= min(outcome.rank, Outcome.REVIEW.rank)
