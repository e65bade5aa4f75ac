"""TCGA fusion rows with FGFR1-3 (Gao 2018): what each says about the kinase, row by row and sample by sample."""

import csv
from pathlib import Path

import pytest

from fgfr_screen.errors import SampleColumnError
from fgfr_screen.model import Event, SampleReport
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly, KinaseDomain, Outcome

FOLDER = Path(__file__).parents[2] / "shared" / "realdata" / "tcga_gao2018_fusions"
TABLE = FOLDER / "final_fusion_mmc2.fgfr.tsv"
STARFUSION = FOLDER / "merged_starfusion_tcga.fgfr.tsv"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/realdata is not beside the project")

Row = dict[str, str]
KEPT = "kinase kept"
CUT = "broken 5'"
LOST = ("3' part starts at E18", "3' part starts inside E17")
MAY_BE_KEPT = "3' part starts upstream"

# FGFR1 rows, which the source leaves open: event, outcome, exons of FGFR1 that stay.
FGFR1 = {
    ("TCGA-BH-A0EI-01A-11R-A115-07", "FGFR1--ADGRA2"): ("no_match", KinaseDomain.LOST, "1-2"),
    ("TCGA-BH-A18U-01A-21R-A12D-07", "RHOT1--FGFR1"): ("match", KinaseDomain.RETAINED, "2-18"),
    ("TCGA-BH-A1ES-01A-11R-A137-07", "FGFR1--CSMD1"): ("no_match", KinaseDomain.LOST, "1-2"),
    ("TCGA-BH-A209-01A-11R-A157-07", "ZNF791--FGFR1"): ("review", KinaseDomain.RETAINED, "11-18"),
    ("TCGA-C8-A1HO-01A-11R-A13Q-07", "FGFR1--TACC1"): ("no_match", KinaseDomain.LOST, "1-10"),
    ("TCGA-25-2401-01A-01R-1569-13", "FGFR1--TTLL1"): ("no_match", KinaseDomain.LOST, "1-2"),
}


def expected() -> list[Row]:
    if not FOLDER.is_dir():
        return []
    lines = (FOLDER / "expected.tsv").read_text().splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def event_of(row: Row, folder: Path) -> Event:
    """Screen one row alone; the assembly is told, because one row need not tell it."""
    lines = TABLE.read_text().splitlines()
    (own,) = [line for line in lines if line.split("\t")[1:3] == [row["sample"], row["fusion"]]]
    path = folder / "row.tsv"
    path.write_text(f"{lines[0]}\n{own}\n")
    (event,) = screen_sample(path, tumor_type=row["cancer"], assembly=Assembly.GRCH38).events
    return event


@pytest.mark.parametrize("row", expected(), ids=lambda row: f"{row['sample'][5:12]}-{row['fusion']}")
def test_the_kinase_of_every_row_is_read_as_derived(row: Row, tmp_path: Path) -> None:
    event = event_of(row, tmp_path)
    assert event.gene == row["fgfr"]
    side = event.five_prime if row["fgfr_end"] == "5'" else event.three_prime
    assert side is not None
    assert side.gene == row["fgfr"]
    assert side.pos == int(row["breakpoint1" if row["fgfr_end"] == "5'" else "breakpoint2"].split(":")[1])
    reading = row["derived_kinase_reading"]
    if reading.startswith(KEPT):
        assert (event.kinase_domain, event.retained_exons, event.outcome) == (
            KinaseDomain.RETAINED,
            "1-17",
            Outcome.MATCH,
        )
    elif reading.startswith(CUT):
        assert (event.kinase_domain, event.outcome) == (KinaseDomain.LOST, Outcome.NO_MATCH)
    elif reading.startswith(LOST):
        # One row begins inside exon 16, so that exon 17 alone of the kinase stays.
        assert event.kinase_domain in (KinaseDomain.LOST, KinaseDomain.PARTLY)
        assert event.outcome is not Outcome.MATCH
    elif reading.startswith(MAY_BE_KEPT):
        assert (event.kinase_domain, event.outcome) == (KinaseDomain.RETAINED, Outcome.REVIEW)
    else:
        assert (event.outcome, event.kinase_domain, event.retained_exons) == FGFR1[row["sample"], row["fusion"]]


def test_every_row_has_a_reading_that_is_checked() -> None:
    known = (KEPT, CUT, *LOST, MAY_BE_KEPT, "FGFR1: needs annotation")
    assert [row for row in expected() if not row["derived_kinase_reading"].startswith(known)] == []
    assert len(expected()) == 46


def screened(sample: str) -> SampleReport:
    return screen_sample(TABLE, sample_id=sample)


@pytest.mark.parametrize("sample", sorted({row["sample"] for row in expected()}))
def test_every_sample_of_the_table_is_read_without_being_told_the_assembly(sample: str) -> None:
    report = screened(sample)
    rows = [row for row in expected() if row["sample"] == sample]
    assert report.inputs[0].assembly.name is Assembly.GRCH38
    assert report.accounting.in_events == len(rows)
    assert {event.gene for event in report.events} == {row["fgfr"] for row in rows}


def test_the_table_as_a_whole_needs_a_choice() -> None:
    with pytest.raises(SampleColumnError, match="TCGA-CF-A3MF-01A-12R-A21D-07"):
        screen_sample(TABLE)


def decoys() -> list[str]:
    names = ("FGFR1OP", "FGFRL1", "FGFR4")
    lines = TABLE.read_text().splitlines() if FOLDER.is_dir() else []
    return [line.split("\t")[1] for line in lines if any(name in line for name in names)]


@pytest.mark.parametrize("sample", decoys())
def test_decoys_are_no_event(sample: str) -> None:
    report = screened(sample)
    assert (*report.events, *report.silent_events, *report.rejected) == ()


def test_both_nsd3_fgfr1_rows_of_star_fusion_are_one_event() -> None:
    report = screen_sample(STARFUSION, sample_id="TCGA-E2-A15A-01A", tumor_type="BRCA")
    (event,) = report.events
    assert (event.name, event.three_prime and event.three_prime.gene) == ("NSD3::FGFR1", "FGFR1")
    assert [line.line for line in event.evidence] == [2, 3]
    assert report.inputs[0].caller == "STAR-Fusion"
    assert screen_sample(STARFUSION, sample_id="TCGA-06-5412-01A").events == ()
