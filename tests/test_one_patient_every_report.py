"""The same invented patient gives the same events and answers from every report format, less what a format cannot carry."""

from pathlib import Path

import pytest

from fgfr_screen.model import Event, SampleReport
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, EventKind, FgfrGene, Outcome
from tests.report_emitters import EMITTERS, Patient


def screened(folder: Path, name: str, patient: Patient, **options: str) -> SampleReport:
    path = folder / f"report{EMITTERS[name].suffix}"
    path.write_bytes(EMITTERS[name].write(patient))
    report = screen_sample(path, tumor_type="IHCH", **options)
    assert [one.format for one in report.inputs] == [name]
    counts = report.accounting
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
    return report


def event_of(report: SampleReport, gene: FgfrGene, kind: EventKind) -> Event | None:
    found = [event for event in report.events if (event.gene, event.kind) == (gene, kind)]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("name", EMITTERS)
def test_the_fusion_is_found(name: str, tmp_path: Path) -> None:
    event = event_of(screened(tmp_path, name, Patient()), FgfrGene.FGFR2, EventKind.REARRANGEMENT)
    if "fusion" in EMITTERS[name].lacks:
        assert event is None
        return
    assert event is not None
    assert (event.alteration_class, event.outcome) == (AlterationClass.FUSION, Outcome.MATCH)
    assert event.three_prime is not None
    assert event.three_prime.gene == "BICC1"


@pytest.mark.parametrize("name", EMITTERS)
def test_the_amplification_is_found(name: str, tmp_path: Path) -> None:
    event = event_of(screened(tmp_path, name, Patient()), FgfrGene.FGFR2, EventKind.COPY_NUMBER)
    if "amplification" in EMITTERS[name].lacks:
        assert event is None
        return
    assert event is not None
    assert (event.alteration_class, event.outcome) == (AlterationClass.AMPLIFICATION, Outcome.MATCH)


@pytest.mark.parametrize("name", EMITTERS)
def test_the_hotspot_mutation_is_found(name: str, tmp_path: Path) -> None:
    event = event_of(screened(tmp_path, name, Patient()), FgfrGene.FGFR3, EventKind.SHORT_VARIANT)
    if "hotspot" in EMITTERS[name].lacks:
        assert event is None
        return
    assert event is not None
    assert (event.protein_change, event.outcome) == ("S249C", Outcome.MATCH)
    assert event.alteration_class is AlterationClass.ACTIVATING_MUTATION


@pytest.mark.parametrize("name", EMITTERS)
def test_a_patient_without_findings_has_no_positive_answer(name: str, tmp_path: Path) -> None:
    report = screened(tmp_path, name, Patient(fusion=False, copies=2.0, hotspot=False))
    assert [event.name for event in report.events if event.outcome.rank >= Outcome.REVIEW.rank] == []


@pytest.mark.parametrize("name", [name for name, emitter in EMITTERS.items() if "tumor_type" not in emitter.lacks])
def test_the_tumour_type_is_taken_from_the_report(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"report{EMITTERS[name].suffix}"
    path.write_bytes(EMITTERS[name].write(Patient()))
    tumor = screen_sample(path).sample.tumor_type
    assert tumor is not None
    assert tumor.oncotree == "IHCH"
