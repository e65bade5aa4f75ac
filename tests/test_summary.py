"""`fgfr_screen.summary`: an open event of another class leaves the question of a qualifying FGFR2 rearrangement open."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec import structs

from fgfr_screen import screen_sample
from fgfr_screen.errors import FgfrScreenError
from fgfr_screen.model import Call, SampleReport
from fgfr_screen.screen import ScreenOptions, screen_contents
from fgfr_screen.summary import CATEGORY_KINDS, summarise
from fgfr_screen.terms import AlterationClass, Category, EventKind, FgfrGene, Outcome
from tests.builders import a_content, an_assay, an_fgfr2_bicc1_call, intergenic, other_product, place
from tests.strategies import patients

FIXTURES = Path(__file__).parents[1] / "fixtures"
NO = dict.fromkeys([pair for pairs in CATEGORY_KINDS.values() for pair in pairs], Outcome.NO_MATCH)


def covered(*calls: Call, tumor_type: str = "IHCH") -> SampleReport:
    """Screen calls of an assay that covers everything and passed: silence is "no"."""
    content = a_content(*calls, assays=(an_assay(id="as1", specimen=None),))
    return screen_contents([content], ScreenOptions(tumor_type=tumor_type))


def unoriented_outside() -> Call:
    call = an_fgfr2_bicc1_call()
    first = structs.replace(call.first, pos=place("FGFR2", "intron 5"), pos_end=None, orientation=None)
    return structs.replace(call, first=first, second=structs.replace(intergenic(), orientation=None))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (other_product(an_fgfr2_bicc1_call()), "RECIPROCAL_ONLY"),
        (unoriented_outside(), "OUTSIDE_HOTSPOT_SIDE_UNKNOWN"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_open_break_of_fgfr2_leaves_the_question_of_a_rearrangement_open(call: Call, code: str) -> None:
    report = covered(call)
    (event,) = report.events
    assert (event.alteration_class, event.outcome) == (AlterationClass.OTHER_STRUCTURAL_VARIANT, Outcome.REVIEW)
    assert event.findings[0].code == code
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.REVIEW
    assert report.summary.other_fgfr_alteration is Outcome.REVIEW
    assert report.summary.fgfr2_amplification is Outcome.NO_MATCH


@pytest.mark.parametrize(
    "changes",
    [
        {"gene": FgfrGene.FGFR1},
        {"alteration_class": AlterationClass.ACTIVATING_MUTATION},
        {"outcome": Outcome.NO_MATCH},
        {"outcome": Outcome.MATCH},
    ],
    ids=str,
)
def test_other_events_leave_it_answered(changes: dict[str, Any]) -> None:
    (event,) = covered(other_product(an_fgfr2_bicc1_call())).events
    assert summarise([event], NO).qualifying_fgfr2_fusion_or_rearrangement is Outcome.REVIEW
    changed = summarise([structs.replace(event, **changes)], NO)
    assert changed.qualifying_fgfr2_fusion_or_rearrangement is Outcome.NO_MATCH


def test_a_pair_of_which_nothing_is_known_says_nothing() -> None:
    assert set(structs.asdict(summarise((), {})).values()) == {Outcome.NO_MATCH}
    known = {(FgfrGene.FGFR2, EventKind.COPY_NUMBER): Outcome.UNDETERMINED}
    told = {name for name, value in structs.asdict(summarise((), known)).items() if value is Outcome.UNDETERMINED}
    assert told == {Category.FGFR2_AMPLIFICATION.value}


def _own_files() -> Iterator[Path]:
    return (path for path in sorted(FIXTURES.rglob("*")) if path.is_file() and ".expected." not in path.name)


@pytest.mark.parametrize("assay", [None, "foundationone-cdx"])
def test_summary_and_programme_give_one_answer_for_every_file(assay: str | None) -> None:
    checked = 0
    for path in _own_files():
        try:
            report = screen_sample(path, tumor_type="IHCH", assay=assay)
        except FgfrScreenError:
            continue
        genomic = {result.id: result.genomic for result in report.programs}
        assert genomic["CCA_FGFR2"] is report.summary.qualifying_fgfr2_fusion_or_rearrangement, path
        checked += 1
    assert checked > 100


@given(patients())
@settings(max_examples=60)
def test_summary_and_programme_give_one_answer_for_any_calls(calls: list[Call]) -> None:
    report = covered(*calls)
    genomic = {result.id: result.genomic for result in report.programs}
    assert genomic["CCA_FGFR2"] is report.summary.qualifying_fgfr2_fusion_or_rearrangement
