"""RNA that shows the normal FGFR2 exon 17-18 junction and no chimera, beside a DNA break without a gene (rules.md 1.4)."""

import json
from pathlib import Path
from typing import Any

import pytest

from fgfr_screen.classify.rearrangement import MIN_NORMAL_JUNCTION_READS
from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Event, SampleReport
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, EventKind, FgfrGene, Outcome
from tests.conftest import ROOT

REPORT = ROOT / "fixtures" / "lab-report" / "normal_junction.json"
STAR = ROOT / "fixtures" / "star-fusion" / "coding_effect.tsv"
CODE = "RNA_SHOWS_NORMAL_JUNCTION"


def screened(folder: Path, *others: Path, **changes: Any) -> SampleReport:
    """Screen the report with other entries; `junction` changes the count, `rna` the RNA assay."""
    document = json.loads(REPORT.read_text())
    document["normal_junctions"][0] |= changes.pop("junction", {})
    document["assays"][1] |= changes.pop("rna", {})
    document["rearrangements"][0] |= changes.pop("event", {})
    path = folder / "report.json"
    path.write_text(json.dumps(document | changes))
    return screen_sample(path, *others)


def the_event(report: SampleReport) -> Event:
    return next(event for event in report.events if event.gene is FgfrGene.FGFR2)


def test_a_break_without_a_gene_is_for_review(tmp_path: Path) -> None:
    event = the_event(screened(tmp_path))
    assert (event.alteration_class, event.outcome) == (AlterationClass.REARRANGEMENT, Outcome.REVIEW)
    (told,) = [finding for finding in event.findings if finding.code == CODE]
    assert (told.outcome, told.sources) == (Outcome.REVIEW, ("rules.md 1.4",))
    assert "240 reads from exon 17 to exon 18 of FGFR2" in told.message


def test_without_rna_it_qualifies(tmp_path: Path) -> None:
    assert the_event(screened(tmp_path, normal_junctions=[])).outcome is Outcome.MATCH


@pytest.mark.parametrize(
    ("reads", "outcome"),
    [(MIN_NORMAL_JUNCTION_READS - 1, Outcome.MATCH), (MIN_NORMAL_JUNCTION_READS, Outcome.REVIEW)],
)
def test_the_number_of_reads_decides_what_is_enough(reads: int, outcome: Outcome, tmp_path: Path) -> None:
    assert the_event(screened(tmp_path, junction={"reads": reads})).outcome is outcome


@pytest.mark.parametrize("junction", [{"upstream_exon": 9}, {"gene": {"symbol": "FGFR3"}}])
def test_another_junction_or_gene_says_nothing(junction: dict[str, Any], tmp_path: Path) -> None:
    assert the_event(screened(tmp_path, junction=junction)).outcome is Outcome.MATCH


def test_a_failed_assay_shows_nothing(tmp_path: Path) -> None:
    assert the_event(screened(tmp_path, rna={"qc": "fail"})).outcome is Outcome.MATCH


def test_a_chimera_in_rna_settles_it(tmp_path: Path) -> None:
    document = json.loads(REPORT.read_text())
    side = document["rearrangements"][0]["breakends"][0] | {"position": 123241000, "position_end": 123241200}
    report = screened(tmp_path, STAR, event={"breakends": [side]})
    assert Outcome.MATCH in {event.outcome for event in report.events if event.gene is FgfrGene.FGFR2}
    assert CODE not in {finding.code for event in report.events for finding in event.findings}


def test_a_break_inside_a_partner_gene_is_not_lowered(tmp_path: Path) -> None:
    document = json.loads(REPORT.read_text())
    partner = {"gene": {"symbol": "BICC1"}, "chromosome": "10", "position": 60461000, "keeps": "higher"}
    sides = [*document["rearrangements"][0]["breakends"], partner]
    event = the_event(screened(tmp_path, event={"breakends": sides, "three_prime": {"symbol": "BICC1"}}))
    assert (event.name, event.outcome) == ("FGFR2::BICC1", Outcome.MATCH)


def test_a_normal_junction_is_a_record_and_no_event(tmp_path: Path) -> None:
    report = screened(tmp_path, rearrangements=[])
    count = report.accounting
    assert report.events == ()
    assert (count.records, count.in_events, count.outside_fgfr, count.rejected) == (2, 1, 1, 0)


@pytest.mark.parametrize("fault", [{"reads": -1}, {"upstream_exon": 0}, {"reads": 1.5}, {"exon": 17}])
def test_a_wrong_entry_refuses_the_report(fault: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(MalformedFileError) as caught:
        screened(tmp_path, junction=fault)
    assert caught.value.code == "REPORT_SCHEMA"


def test_absence_after_a_failed_rna_assay_is_undetermined(tmp_path: Path) -> None:
    rna = json.loads(REPORT.read_text())["assays"][1]
    failed = screened(tmp_path, assays=[rna | {"qc": "fail"}], rearrangements=[], normal_junctions=[])
    passed = screened(tmp_path, assays=[rna], rearrangements=[], normal_junctions=[])
    found = {
        name: next(one for one in report.absence if (one.gene, one.kind) == (FgfrGene.FGFR2, EventKind.REARRANGEMENT))
        for name, report in (("failed", failed), ("passed", passed))
    }
    assert found["failed"].outcome is Outcome.UNDETERMINED
    assert [finding.code for finding in found["failed"].findings] == ["ASSAY_FAILED"]
    assert found["passed"].outcome is Outcome.NO_MATCH
