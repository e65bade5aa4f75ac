"""RT-112 seen by Arriba, STAR-Fusion, FusionInspector, ctat-LR-fusion and a table of five long-read callers: one event."""

import itertools
from pathlib import Path

import pytest

from fgfr_screen.model import SampleReport
from fgfr_screen.screen import screen_sample, to_json
from fgfr_screen.terms import AlterationClass, Frame, KinaseDomain, Outcome

FOLDER = Path(__file__).parents[2] / "shared" / "realdata" / "rt112_multi_caller"
BENCHMARK = FOLDER / "depmap9_all_callers.fgfr_rows.tsv"
FILES = {
    "arriba.fusions.tsv": 2,
    "ctat-LR-fusion.fusion_predictions.tsv": 4,
    "fusioninspector.consolidated.tsv": 4,
    "starfusion.consolidated.tsv": 1,
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/realdata is not beside the project")


def screened(*names: str) -> SampleReport:
    return screen_sample(*(FOLDER / name for name in names), sample_id="RT112", tumor_type="BLCA")


def check_event(report: SampleReport, rows: int) -> None:
    (event,) = (*report.events, *report.silent_events)
    assert (event.name, event.alteration_class, event.outcome) == (
        "FGFR3::TACC3",
        AlterationClass.FUSION,
        Outcome.MATCH,
    )
    assert (event.frame, event.kinase_domain, event.in_strand) == (Frame.IN_FRAME, KinaseDomain.RETAINED, True)
    assert event.five_prime is not None and event.three_prime is not None
    assert (event.five_prime.gene, event.five_prime.exon, event.five_prime.pos) == ("FGFR3", 17, 1806934)
    assert (event.three_prime.gene, event.three_prime.exon, event.three_prime.pos) == ("TACC3", 11, 1739702)
    assert len(event.evidence) == rows
    count = report.accounting
    assert count.records == count.outside_fgfr + count.in_events
    assert (count.in_events, count.rejected) == (rows, 0)
    assert {item.assembly.name for item in report.inputs} == {"GRCh38"}


@pytest.mark.parametrize(("name", "rows"), FILES.items())
def test_isoform_rows_of_one_file_are_one_event(name: str, rows: int) -> None:
    check_event(screened(name), rows)


def test_callers_that_write_the_genes_in_another_order_tell_the_same_event() -> None:
    report = screened(BENCHMARK.name)
    check_event(report, 8)
    assert report.inputs[0].records == 43
    codes = {finding.code for event in report.events for finding in event.findings}
    assert not {"ORDER_UNKNOWN", "ORIENTATION_UNKNOWN"} & codes


@pytest.mark.parametrize("order", list(itertools.permutations((*FILES, BENCHMARK.name)))[::17])
def test_all_files_together_are_one_event_in_any_order(order: tuple[str, ...]) -> None:
    report = screened(*order)
    check_event(report, sum(FILES.values()) + 8)
    assert to_json(report) == to_json(screened(*sorted(order)))


@pytest.mark.parametrize("caller", ["LongGF", "fusionseeker"])
def test_the_main_junction_of_a_caller_without_order_is_repaired_alone(caller: str, tmp_path: Path) -> None:
    lines = BENCHMARK.read_text().splitlines()
    main = [line for line in lines if f"RT112\t{caller}\tTACC3--FGFR3\tchr4:1739701--" in line]
    path = tmp_path / "one.tsv"
    path.write_text("\n".join((lines[0], *main)) + "\n")
    (event,) = screen_sample(path).events
    assert (event.name, event.outcome, event.in_strand) == ("FGFR3::TACC3", Outcome.MATCH, True)
    assert "ORDER_REPAIRED" in {finding.code for finding in event.findings}


OTHER_SAMPLES = ("K562", "KIJK", "HCC1187", "DMS53", "SKBR3", "VCAP")


@pytest.mark.parametrize("sample", OTHER_SAMPLES)
def test_the_decoys_of_the_other_cell_lines_are_no_event(sample: str) -> None:
    """FGFR1OP (CEP43) and FGFR1OP2 are other genes, whichever side they stand on."""
    report = screen_sample(BENCHMARK, sample_id=sample)
    assert (*report.events, *report.silent_events, *report.rejected) == ()
    assert report.accounting.records == report.accounting.outside_fgfr > 0
