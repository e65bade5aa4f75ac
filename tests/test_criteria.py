"""Each clinical condition alone: four-valued, silent facts are never "no"."""

from typing import Any

import msgspec
import pytest

from fgfr_screen import criteria
from fgfr_screen.model import ClinicalFacts, TreatmentLine, TumorType
from fgfr_screen.terms import Extent, Outcome

GEM_CIS = TreatmentLine(agents=("gemcitabine", "cisplatin"))
STAGE = criteria.PathologicalStage(neoadjuvant_min_t=2, upper_min_t=2, bladder_min_t=3)

EVERY: tuple[criteria.Criterion, ...] = (
    criteria.AgeBetween(min_months=216),
    criteria.CountryAge(country=("TW",), min_months=240),
    criteria.ExtentIn(allowed=(Extent.METASTATIC,)),
    criteria.Resected(),
    criteria.PriorLinesAtLeast(lines=1),
    criteria.PriorLinesAtMost(lines=0),
    criteria.PriorAgent(agents=("gemcitabine",)),
    criteria.PriorFgfrInhibitor(),
    criteria.PriorPd1(),
    criteria.PriorPlatinum(),
    criteria.SurgeryWithinDays(days=120),
    STAGE,
    criteria.GrowthPlatesOpen(),
    criteria.PropelWeeksAtLeast(weeks=26),
    criteria.ClinicalAchondroplasia(),
    criteria.HistologyVariantExcluded(variants=("plasmacytoid",)),
)


def site(code: str) -> TumorType:
    """Build an understood tumour type of which only the code matters here."""
    return TumorType(text=code, oncotree=code, lineage="solid", lineage_codes=(code,))


def outcome(criterion: criteria.Criterion, tumor: TumorType | None = None, **facts: Any) -> Outcome:
    """Judge a condition on the given facts."""
    return criteria.judge(criterion, ClinicalFacts(**facts), tumor).outcome


def test_the_list_of_this_file_is_the_whole_vocabulary() -> None:
    assert tuple(sorted(criteria.name_of(criterion) for criterion in EVERY)) == criteria.names()


@pytest.mark.parametrize("criterion", EVERY, ids=criteria.name_of)
def test_without_facts_every_condition_is_undetermined_and_names_a_fact(criterion: criteria.Criterion) -> None:
    answer = criteria.judge(criterion, ClinicalFacts())
    assert answer.outcome is Outcome.UNDETERMINED
    assert answer.missing


@pytest.mark.parametrize("criterion", EVERY, ids=criteria.name_of)
def test_an_unverified_condition_never_goes_below_review(criterion: criteria.Criterion) -> None:
    unverified = msgspec.structs.replace(criterion, unverified=True)
    silent = criteria.judge(unverified, ClinicalFacts())
    assert silent.outcome is Outcome.REVIEW
    assert silent.missing


def test_an_unverified_condition_that_fails_is_review_and_says_why() -> None:
    answer = criteria.judge(criteria.PriorFgfrInhibitor(unverified=True), ClinicalFacts(prior_fgfr_inhibitor=True))
    assert answer.outcome is Outcome.REVIEW
    assert "not read in a source" in answer.message


@pytest.mark.parametrize(
    ("months", "expected"),
    [(35, Outcome.NO_MATCH), (36, Outcome.MATCH), (143.9, Outcome.MATCH), (144, Outcome.NO_MATCH)],
)
def test_the_lower_age_limit_is_inside_and_the_upper_outside(months: float, expected: Outcome) -> None:
    assert outcome(criteria.AgeBetween(min_months=36, below_months=144), age_months=months) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"age_months": 230, "country": "TW"}, Outcome.NO_MATCH),
        ({"age_months": 230, "country": "DE"}, Outcome.MATCH),
        ({"age_months": 230}, Outcome.UNDETERMINED),
        ({"age_months": 240}, Outcome.MATCH),
        ({"country": "TW"}, Outcome.UNDETERMINED),
        ({"country": "DE"}, Outcome.MATCH),
    ],
)
def test_a_country_age_limit_binds_only_there(facts: dict[str, Any], expected: Outcome) -> None:
    assert outcome(criteria.CountryAge(country=("TW",), min_months=240), **facts) is expected


def test_extent_has_a_list_for_review() -> None:
    rule = criteria.ExtentIn(allowed=(Extent.METASTATIC,), review=(Extent.LOCALLY_ADVANCED,))
    assert outcome(rule, extent=Extent.METASTATIC) is Outcome.MATCH
    assert outcome(rule, extent=Extent.LOCALLY_ADVANCED) is Outcome.REVIEW
    assert outcome(rule, extent=Extent.RESECTED) is Outcome.NO_MATCH


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"resected": True}, Outcome.MATCH),
        ({"resected": True, "extent": Extent.RESECTED}, Outcome.MATCH),
        ({"resected": True, "extent": Extent.METASTATIC}, Outcome.NO_MATCH),
        ({"extent": Extent.RESECTABLE}, Outcome.NO_MATCH),
        ({"resected": False}, Outcome.NO_MATCH),
    ],
)
def test_resected_means_without_distant_disease(facts: dict[str, Any], expected: Outcome) -> None:
    assert outcome(criteria.Resected(), **facts) is expected


@pytest.mark.parametrize(("count", "expected"), [(0, Outcome.NO_MATCH), (1, Outcome.REVIEW), (2, Outcome.MATCH)])
def test_at_least_two_lines_with_review_from_one(count: int, expected: Outcome) -> None:
    assert outcome(criteria.PriorLinesAtLeast(lines=2, review_from=1), lines=(GEM_CIS,) * count) is expected


@pytest.mark.parametrize(("count", "expected"), [(0, Outcome.MATCH), (1, Outcome.REVIEW), (2, Outcome.NO_MATCH)])
def test_at_most_no_line_with_review_to_one(count: int, expected: Outcome) -> None:
    assert outcome(criteria.PriorLinesAtMost(lines=0, review_to=1), lines=(GEM_CIS,) * count) is expected


def test_a_prior_agent_is_searched_in_all_lines() -> None:
    rule = criteria.PriorAgent(agents=("Gemcitabine",))
    other = TreatmentLine(agents=("fluorouracil",))
    assert outcome(rule, lines=(other, GEM_CIS)) is Outcome.MATCH
    assert outcome(rule, lines=(other,)) is Outcome.NO_MATCH
    assert outcome(rule, lines=()) is Outcome.NO_MATCH


def test_a_prior_fgfr_inhibitor_excludes_or_asks_for_a_look() -> None:
    assert outcome(criteria.PriorFgfrInhibitor(), prior_fgfr_inhibitor=False) is Outcome.MATCH
    assert outcome(criteria.PriorFgfrInhibitor(), prior_fgfr_inhibitor=True) is Outcome.NO_MATCH
    assert outcome(criteria.PriorFgfrInhibitor(review_if_given=True), prior_fgfr_inhibitor=True) is Outcome.REVIEW


def test_a_patient_naive_to_pd1_is_excluded_or_looked_at() -> None:
    assert outcome(criteria.PriorPd1(), prior_pd1=True) is Outcome.MATCH
    assert outcome(criteria.PriorPd1(), prior_pd1=False) is Outcome.NO_MATCH
    assert outcome(criteria.PriorPd1(review_if_naive=True), prior_pd1=False) is Outcome.REVIEW


def test_prior_platinum_can_be_wanted_or_unwanted() -> None:
    assert outcome(criteria.PriorPlatinum(), prior_platinum=True) is Outcome.MATCH
    assert outcome(criteria.PriorPlatinum(wanted=False), prior_platinum=True) is Outcome.NO_MATCH


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2026-05-01", Outcome.MATCH), ("2026-05-02", Outcome.NO_MATCH), ("2025-12-31", Outcome.NO_MATCH)],
)
def test_the_surgery_window_counts_days_from_surgery(as_of: str, expected: Outcome) -> None:
    assert outcome(criteria.SurgeryWithinDays(days=120), surgery_date="2026-01-01", as_of=as_of) is expected


def test_the_surgery_window_needs_both_dates() -> None:
    answer = criteria.judge(criteria.SurgeryWithinDays(days=120), ClinicalFacts(surgery_date="2026-01-01"))
    assert answer.missing == ("as_of",)


@pytest.mark.parametrize(
    ("code", "neoadjuvant", "pt", "pn", "expected"),
    [
        ("UTUC", True, "ypT2", "ypN0", Outcome.MATCH),
        ("UTUC", True, "ypT1", "ypN1", Outcome.MATCH),
        ("BLCA", True, "ypT1", "ypN0", Outcome.NO_MATCH),
        ("UTUC", False, "pT2a", "pN0", Outcome.MATCH),
        ("UTUC", False, "pT1", "pN1", Outcome.NO_MATCH),
        ("BLCA", False, "pT2", "pN0", Outcome.NO_MATCH),
        ("BLCA", False, "pT3", None, Outcome.MATCH),
        ("BLCA", False, "pTis", "pN+", Outcome.MATCH),
        ("BLCA", False, "pT2", None, Outcome.UNDETERMINED),
        ("UC", False, "pT2", "pN0", Outcome.UNDETERMINED),
        ("UC", False, "pT3", "pN0", Outcome.MATCH),
        ("UTUC", None, "pT3", "pN0", Outcome.MATCH),
    ],
)
def test_the_stage_rule_answers_only_when_every_possibility_agrees(
    code: str, neoadjuvant: bool | None, pt: str | None, pn: str | None, expected: Outcome
) -> None:
    assert outcome(STAGE, site(code), neoadjuvant=neoadjuvant, pt=pt, pn=pn) is expected


def test_the_stage_rule_names_the_site_when_only_the_site_is_open() -> None:
    facts = ClinicalFacts(neoadjuvant=False, pt="pT2", pn="pN0")
    assert criteria.judge(STAGE, facts, site("UC")).missing == ("tumor_site",)


def test_propel_weeks_and_growth_plates() -> None:
    assert outcome(criteria.PropelWeeksAtLeast(weeks=26), propel_weeks=26) is Outcome.MATCH
    assert outcome(criteria.PropelWeeksAtLeast(weeks=26), propel_weeks=25) is Outcome.NO_MATCH
    assert outcome(criteria.GrowthPlatesOpen(), growth_plates_open=False) is Outcome.NO_MATCH
    assert outcome(criteria.ClinicalAchondroplasia(), clinical_achondroplasia=True) is Outcome.MATCH


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("none", Outcome.MATCH),
        ("10 % plasmacytoid", Outcome.NO_MATCH),
        ("squamous differentiation", Outcome.REVIEW),
    ],
)
def test_an_excluded_variant_fails_and_another_needs_a_look(variant: str, expected: Outcome) -> None:
    rule = criteria.HistologyVariantExcluded(variants=("plasmacytoid", "sarcomatoid"))
    assert outcome(rule, histology_variant=variant) is expected
