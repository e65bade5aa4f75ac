"""`fgfr_screen.evidence.history`: several tests of one patient over time."""

from typing import Any

import pytest
from msgspec import structs

from fgfr_screen.evidence.history import with_times
from fgfr_screen.model import ClinicalFacts, InputContent, SampleReport, TreatmentLine
from fgfr_screen.screen import ScreenOptions, screen_contents
from fgfr_screen.terms import AssayQc, CallStatus, Outcome, SpecimenKind
from tests.builders import a_content, a_named_call, a_negative, a_source, a_specimen, an_assay, an_fgfr2_bicc1_call

TREATED = ClinicalFacts(lines=(TreatmentLine(agents=("pemigatinib",), start="2026-02-01"),))


def positive(collected: str | None, kind: SpecimenKind = SpecimenKind.TISSUE_PRIMARY) -> InputContent:
    call = an_fgfr2_bicc1_call(assay="as1", specimen="sp1")
    return a_content(
        call,
        assays=(an_assay(id="as1", specimen="sp1"),),
        specimens=(a_specimen(id="sp1", kind=kind, collected=collected),),
    )


def silent(collected: str | None, kind: SpecimenKind = SpecimenKind.TISSUE_PRIMARY, **assay: Any) -> InputContent:
    return a_content(
        input_id="in2",
        path="later.json",
        assays=(an_assay(id="as1", specimen="sp1", name="second panel", **assay),),
        specimens=(a_specimen(id="sp1", kind=kind, collected=collected),),
    )


def screened(*contents: InputContent, clinical: ClinicalFacts | None = None) -> SampleReport:
    return screen_contents(contents, ScreenOptions(clinical=clinical))


def told(report: SampleReport) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in report.conflicts if "rearrangement" in one.message]


def test_a_covering_assay_that_shows_nothing_is_set_against_the_event_and_cancels_nothing() -> None:
    report = screened(positive("2026-01-10"), silent("2026-05-01"))
    message = (
        "second panel found no FGFR2 rearrangement in tissue primary of 2026-05-01; "
        "FGFR2::BICC1 was found in tissue primary of 2026-01-10"
    )
    assert told(report) == [("CONFLICT", message)]
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.MATCH


def test_a_negative_after_an_inhibitor_asks_for_review() -> None:
    report = screened(positive("2026-01-10"), silent("2026-05-01"), clinical=TREATED)
    assert [code for code, _ in told(report)] == ["NEGATIVE_AFTER_INHIBITOR"]
    assert "(before an FGFR inhibitor)" in told(report)[0][1]
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.REVIEW
    assert "a new specimen of the growing tumour" in report.events[0].would_settle


def test_a_positive_after_the_inhibitor_is_not_lowered_by_a_negative_after_it() -> None:
    report = screened(positive("2026-06-01"), silent("2026-05-01"), clinical=TREATED)
    assert [code for code, _ in told(report)] == ["CONFLICT"]
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.MATCH


def test_tissue_negative_and_plasma_positive_are_both_shown() -> None:
    report = screened(positive("2026-03-01", SpecimenKind.PLASMA), silent("2026-01-10"))
    assert "found in plasma of 2026-03-01" in told(report)[0][1]
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.MATCH


def test_a_negative_in_plasma_is_shown_with_what_it_is_worth() -> None:
    report = screened(positive("2026-01-10"), silent("2026-03-01", SpecimenKind.PLASMA))
    assert told(report)[0][1].endswith("; a negative in plasma excludes nothing")


@pytest.mark.parametrize(
    "assay", [{"qc": AssayQc.FAIL}, {"qc": AssayQc.UNKNOWN}, {"covers": None}, {"covers": ()}, {"is_germline": True}]
)
def test_a_test_that_could_not_have_seen_the_event_says_nothing(assay: dict[str, Any]) -> None:
    assert told(screened(positive(None), silent(None, **assay))) == []


def test_a_test_without_data_for_the_gene_found_nothing_and_says_nothing() -> None:
    report = silent("2026-06-01")
    gap = a_named_call(
        "FGFR2",
        source=a_source(input="in2"),
        assay="as1",
        status=CallStatus.NOT_TESTED,
        finding_codes=("NOT_COVERED",),
    )
    assert [code for code, _ in told(screened(positive("2026-01-01"), report))] == ["CONFLICT"]
    assert told(screened(positive("2026-01-01"), structs.replace(report, calls=(gap,)))) == []


def test_the_words_of_a_report_are_not_told_twice() -> None:
    content = silent("2026-05-01")
    spoken = a_content(
        a_negative(assay="as1", specimen="sp1"),
        input_id="in2",
        path="later.json",
        assays=content.assays,
        specimens=content.specimens,
    )
    assert [message[:10] for _, message in told(screened(positive("2026-01-10"), spoken))] == ["later.json"]


@pytest.mark.parametrize(
    ("collected", "before"),
    [
        ("2026-01-31", True),
        ("2026-02-02", False),
        ("2026-02-01", None),
        ("2026", None),
        ("2026-02", None),
        (None, None),
    ],
)
def test_dates_say_whether_a_specimen_was_taken_before_the_inhibitor(
    collected: str | None, before: bool | None
) -> None:
    assert with_times([a_specimen(collected=collected)], TREATED)[0].before_fgfr_inhibitor is before


def test_what_the_report_says_of_the_time_wins_and_an_undated_inhibitor_says_nothing() -> None:
    stated = a_specimen(collected="2026-05-01", before_fgfr_inhibitor=True)
    assert with_times([stated], TREATED) == (stated,)
    undated = ClinicalFacts(lines=(*(TREATED.lines or ()), TreatmentLine(agents=("futibatinib",))))
    dated = a_specimen(collected="2026-05-01")
    assert with_times([dated], undated) == (dated,)
    other = ClinicalFacts(lines=(TreatmentLine(agents=("gemcitabine",), start="2026-02-01"),))
    assert with_times([dated], other) == (dated,)
