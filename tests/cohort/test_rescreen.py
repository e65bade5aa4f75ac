"""Stored screenings weighed again: nothing moves without a reason, and what moves is told with it."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from fgfr_screen import reference
from fgfr_screen.cli import run as run_here
from fgfr_screen.clinical import facts_from_mapping
from fgfr_screen.cohort import rescreen as rescreening
from fgfr_screen.cohort.answers import Answer, decode
from fgfr_screen.cohort.knowledge import reconsider
from fgfr_screen.cohort.registry import open_registry
from fgfr_screen.cohort.registry.verify import verify
from fgfr_screen.cohort.rescreen import load_rules, rescreen, rescreen_and_store
from fgfr_screen.model import Event, Finding, SampleReport
from fgfr_screen.terms import AlterationClass, Mark, Outcome, PartnerTier
from tests.cohort.conftest import a_result, gold_results
from tests.conftest import ROOT

PEMI = "CCA_FGFR2_PEMI"
PEMI_FILE = ROOT / "data/programs/cca-fgfr2-pemi.toml"


def as_if_older(result: bytes) -> bytes:
    """Return the result as made with another rule set, so that everything is weighed again."""
    plain = msgspec.json.decode(result)
    plain["tool"]["rules_sha256"] = "0" * 64
    return msgspec.json.encode(plain)


def refuse_intrahepatic(folder: Path) -> None:
    """Write the packaged programme with one more tumour type on its list of refusals."""
    text = PEMI_FILE.read_text("utf-8")
    assert "\nno_match = [" in text
    (folder / "pemi.toml").write_text(text.replace("\nno_match = [", '\nno_match = ["IHCH", ', 1), encoding="utf-8")


@pytest.fixture
def own_programs(tmp_path: Path) -> Path:
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


@pytest.fixture
def other_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    reference._partner_index.cache_clear()


def test_stored_absence_has_every_gene_and_kind() -> None:
    report = msgspec.json.decode(a_result(), type=SampleReport)
    assert len({(one.gene, one.kind) for one in report.absence}) == 9


def test_same_rules_change_nothing_in_any_curated_case(tmp_path: Path) -> None:
    with open_registry(str(tmp_path / "r.sqlite")) as registry:
        registry.add_screenings((as_if_older(one),) for one in gold_results())
        rules = load_rules()
        again = list(rescreen(registry, rules))
        assert len(again) == len(gold_results())
        assert [one.changes for one in again if one.changes] == []


def test_reconsidered_events_are_the_same_under_the_same_tables() -> None:
    count = 0
    for result in gold_results():
        answer = decode(result)
        clinical = facts_from_mapping(answer.clinical)
        for event in answer.events:
            assert reconsider(event, clinical, answer.specimens) == event, (answer.sample.sample_id, event.name)
            count += 1
    assert count > 80


def test_results_of_the_same_rules_are_not_weighed_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("evaluated")

    monkeypatch.setattr(rescreening, "evaluate", refuse)
    with open_registry(str(tmp_path / "r.sqlite")) as registry:
        registry.add_screenings([(a_result(),)])
        assert [one.changes for one in rescreen(registry, load_rules())] == [()]


def test_changed_programme_lists_exactly_the_patients_whose_outcome_changed(place: str, own_programs: Path) -> None:
    # The programme now refuses intrahepatic tumours, and nothing else.
    refuse_intrahepatic(own_programs)
    tumors = ["IHCH", "EHCH", "COAD", "IHCH", "GBC"]
    with open_registry(place) as registry:
        registry.add_screenings(
            (a_result(f"S{number}", patient_id=f"P{number}", tumor_type=tumor),) for number, tumor in enumerate(tumors)
        )
        changes = [change for again in rescreen(registry, load_rules(str(own_programs))) for change in again.changes]
    assert [(one.sample_id, one.patient_id, one.subject) for one in changes] == [("S0", "P0", PEMI), ("S3", "P3", PEMI)]
    assert {(one.before, one.after, one.parts) for one in changes} == {
        ("match", "no_match", ("tumor_type: match -> no_match",))
    }
    assert all(any(reason.startswith("+TUMOR_TYPE_NOT_MET") for reason in one.reasons) for one in changes)
    assert {one.cause for one in changes} == {f"programmes: {PEMI}"}


def test_new_programme_is_listed_where_it_is_more_than_no_match(place: str, own_programs: Path) -> None:
    own = PEMI_FILE.read_text("utf-8").replace(PEMI, "OWN_TRIAL")
    (own_programs / "own.toml").write_text(own, encoding="utf-8")
    with open_registry(place) as registry:
        registry.add_screenings([(a_result("A"),), (a_result("B", tumor_type="COAD"),)])
        changes = [change for again in rescreen(registry, load_rules(str(own_programs))) for change in again.changes]
    assert [(one.sample_id, one.subject, one.before, one.after) for one in changes] == [
        ("A", "OWN_TRIAL", "not weighed", "match")
    ]


def test_applied_results_are_stored_once_and_the_old_ones_stay(place: str, own_programs: Path) -> None:
    refuse_intrahepatic(own_programs)
    rules = load_rules(str(own_programs))
    with open_registry(place) as registry:
        registry.add_screenings([(a_result("A"),), (a_result("B", tumor_type="COAD"),)])
        assert sum(bool(again.changes) for again in rescreen_and_store(registry, rules)) == 1
        after = {stored.sample_id: decode(stored.body) for stored in registry.screenings()}
        assert {p.id: p.outcome for p in after["A"].programs}[PEMI] is Outcome.NO_MATCH
        count = registry.count(current_only=False)
        assert next(rescreen(registry, rules)).changes == ()
        list(rescreen_and_store(registry, rules))
        assert registry.count(current_only=False) == count
        assert verify(registry).problems == ()


class TestKnowledge:
    def test_change_that_is_listed_or_delisted_moves_with_the_table(
        self, other_tables: pytest.MonkeyPatch, place: str
    ) -> None:
        body, event = next(
            (result, event)
            for result in gold_results()
            for event in decode(result).events
            if event.marks == (Mark.ACTIVATING,) and event.outcome is Outcome.MATCH
        )
        rows = reference.hotspots()
        fewer = tuple(row for row in rows if (row.gene, row.change) != (event.gene, event.protein_change))
        classes = []
        with open_registry(place) as registry:
            registry.add_screenings([(as_if_older(body),)])
            for table, rules in ((fewer, "1" * 64), (rows, "2" * 64)):
                other_tables.setattr(reference, "hotspots", lambda table=table: table)
                other_tables.setattr(rescreening, "data_release", lambda rules=rules: ("2026-01-01", rules))
                (again,) = rescreen_and_store(registry, load_rules())
                assert any(change.subject == event.category.value for change in again.changes)
                assert all("rules changed" in change.cause for change in again.changes)
                (stored,) = registry.screenings()
                now = next(one for one in decode(stored.body).events if one.id == event.id)
                classes.append((now.alteration_class, now.outcome))
            assert registry.count(current_only=False) == 3
        assert classes == [
            (AlterationClass.VUS, Outcome.NO_MATCH),
            (AlterationClass.ACTIVATING_MUTATION, Outcome.MATCH),
        ]

    def test_partner_that_is_no_longer_known_makes_a_named_fusion_review(
        self, other_tables: pytest.MonkeyPatch
    ) -> None:
        answer, event = next(
            (decode(result), event)
            for result in gold_results()
            for event in decode(result).events
            if "FUSION_NAMED_KNOWN_PARTNER" in _codes(event)
        )
        rows = tuple(structs.replace(row, tier=PartnerTier.C) for row in reference.partners())
        other_tables.setattr(reference, "partners", lambda: rows)
        reference._partner_index.cache_clear()
        now = reconsider(event, facts_from_mapping(answer.clinical), answer.specimens)
        assert (event.outcome, now.outcome) == (Outcome.MATCH, Outcome.REVIEW)
        assert "FUSION_NAMED_ONLY" in _codes(now)

    @pytest.mark.parametrize("code", ["ASSAY_FAILED", "REPORT_PRELIMINARY", "GENE_ID_CONFLICT"])
    def test_doubt_of_the_stored_event_lowers_the_new_one(self, other_tables: pytest.MonkeyPatch, code: str) -> None:
        answer, event = _with_known_partner(other_tables)
        doubt = Finding(code=code, message="told before", outcome=Outcome.REVIEW)
        stored = structs.replace(event, outcome=Outcome.REVIEW, findings=(*event.findings, doubt))
        now = reconsider(stored, facts_from_mapping(answer.clinical), answer.specimens)
        assert (now.alteration_class, now.outcome) == (AlterationClass.FUSION, Outcome.REVIEW)
        assert doubt in now.findings

    def test_known_partner_makes_a_fusion_of_an_out_of_frame_break(self, other_tables: pytest.MonkeyPatch) -> None:
        answer, event = _with_known_partner(other_tables)
        now = reconsider(event, facts_from_mapping(answer.clinical), answer.specimens)
        assert now.alteration_class is AlterationClass.FUSION
        assert now.category is event.category


def _with_known_partner(other_tables: pytest.MonkeyPatch) -> tuple[Answer, Event]:
    """Make the partner of a stored rearrangement a known one; return its result and the event as stored."""
    answer, event = next(
        (decode(result), event)
        for result in gold_results()
        for event in decode(result).events
        if {"REARRANGEMENT_FRAME", "REARRANGEMENT_OUT_OF_STRAND"} & _codes(event) and event.gene == "FGFR2"
    )
    partner = next(end.gene for end in (event.five_prime, event.three_prime) if end and end.gene != "FGFR2")
    row = next(one for one in reference.partners() if one.tier is PartnerTier.A and one.fgfr_gene == "FGFR2")
    rows = (structs.replace(row, partner=partner), *(r for r in reference.partners() if r.partner != partner))
    other_tables.setattr(reference, "partners", lambda: rows)
    reference._partner_index.cache_clear()
    return answer, event


def _codes(event: object) -> set[str]:
    return {finding.code for finding in event.findings}  # type: ignore[attr-defined]


class TestCommand:
    def test_prints_changes_and_a_count(
        self, tmp_path: Path, own_programs: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        place = str(tmp_path / "r.sqlite")
        refuse_intrahepatic(own_programs)
        with open_registry(place) as registry:
            registry.add_screenings([(a_result("A"),)])
        assert run_here(["registry", "rescreen", place, "--programs-dir", str(own_programs), "--program", PEMI]) == 0
        shown = capfd.readouterr()
        assert shown.out.splitlines()[1].split("\t")[:5] == ["A", "", PEMI, "match", "no_match"]
        assert "1 samples weighed again, 1 with another outcome" in shown.err
        assert run_here(["registry", "rescreen", place, "--program", "NONE"]) == 2
        assert run_here(["registry", "rescreen", place, "--format", "json"]) == 0
        assert capfd.readouterr().out == "[]\n"

    def test_result_without_absence_is_counted_not_judged(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        place = str(tmp_path / "r.sqlite")
        with open_registry(place) as registry:
            registry.add_screenings([(as_if_older(a_result(absence=[])),)])
        assert run_here(["registry", "rescreen", place]) == 0
        shown = capfd.readouterr()
        assert "RESCREEN_IMPOSSIBLE 1 samples" in shown.err
        assert len(shown.out.splitlines()) == 1

    def test_applied_by_command_shows_in_the_diff(
        self, tmp_path: Path, own_programs: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        place = str(tmp_path / "r.sqlite")
        refuse_intrahepatic(own_programs)
        with open_registry(place) as registry:
            registry.add_screenings([(a_result("A"),)])
        moment = datetime.datetime.now(datetime.UTC).isoformat()[:26]
        assert run_here(["registry", "rescreen", place, "--programs-dir", str(own_programs), "--apply"]) == 0
        capfd.readouterr()
        assert run_here(["registry", "diff", place, "--since", moment]) == 0
        assert PEMI in capfd.readouterr().out
