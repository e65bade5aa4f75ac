"""Files of others (../shared/realdata) through the front door, in the formats that are read now."""

import contextlib
import io
from pathlib import Path

import pytest

from fgfr_screen import cli
from fgfr_screen.breakends import parse_breakend
from fgfr_screen.coords import normalise_contig
from fgfr_screen.errors import AssemblyError
from fgfr_screen.model import SampleReport
from fgfr_screen.readers.fusions import _bedpe_dialects as dialects
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, Assembly, FgfrGene, Frame, Orientation, Outcome

REALDATA = Path(__file__).parents[2] / "shared" / "realdata"
COLO829 = REALDATA / "colo829_sv_negative"
GERMLINE = REALDATA / "hmftools_linx_purple" / "orange.purple.germline.fgfr.vcf"
FUSIONCATCHER = REALDATA / "fusioncatcher_testset" / "final-list_candidate-fusion-genes.vcf"
CHIMERASCAN = REALDATA / "fuma_chimerascan" / "example.chimerascan.fgfr.bedpe"
COLO829_RECORDS = {
    "COLO829.10X.longranger.largeSVs.vcf": 6,
    "COLO829.nanopore.sniffles.vcf": 7,
    "COLO829T.purple.sv.ann.first60.vcf": 60,
    "breakend.vcf": 6,
    "colo829_somatic_manta.first80.vcf": 80,
    "delly-0.6.8.vcf": 4,
    "gridss-missingPartner.vcf": 3,
    "gridss.bedpe": 2,
    "manta-0.29.6.vcf": 8,
    "manta-1.1.1.vcf": 11,
    "multipleAltSVs.vcf": 4,
    "truthset_somaticSVs_COLO829.vcf": 134,
    "unnamed.bedpe": 2,
}

pytestmark = pytest.mark.skipif(not REALDATA.is_dir(), reason="../shared/realdata is not beside the project")


def evidence_lines(report: SampleReport) -> list[int | None]:
    return [line.line for event in (*report.events, *report.silent_events) for line in event.evidence]


def close(report: SampleReport) -> bool:
    """Tell whether the account of every record closes."""
    count = report.accounting
    return count.records == count.outside_fgfr + count.in_events + count.rejected


@pytest.mark.parametrize(("name", "records"), COLO829_RECORDS.items())
def test_melanoma_calls_hold_no_fgfr_event_and_prove_no_absence(name: str, records: int) -> None:
    report = screen_sample(COLO829 / name)
    assert (*report.events, *report.silent_events, *report.rejected) == ()
    assert report.accounting.records == report.accounting.outside_fgfr == records
    assert {report.summary.fgfr3_alteration, report.summary.qualifying_fgfr2_fusion_or_rearrangement} == {
        Outcome.UNDETERMINED
    }


def test_all_melanoma_calls_together_still_hold_no_fgfr_event() -> None:
    report = screen_sample(*(COLO829 / name for name in COLO829_RECORDS))
    assert (*report.events, *report.silent_events) == ()
    assert report.accounting.records == sum(COLO829_RECORDS.values())


def test_gridss_bedpe_states_the_junctions_of_its_vcf() -> None:
    ends: set[tuple[str | None, int, Orientation]] = set()
    for line in (COLO829 / "gridss-missingPartner.vcf").read_text().splitlines():
        if not line.startswith("#"):
            contig, pos, _, ref, alt = line.split("\t")[:5]
            breakend = parse_breakend(ref, alt)
            assert breakend.mate_pos is not None and breakend.mate_side is not None
            ends.add((normalise_contig(contig), int(pos), breakend.own_side))
            ends.add((normalise_contig(breakend.mate_contig or ""), breakend.mate_pos, breakend.mate_side))
    rows = [line.split("\t") for line in (COLO829 / "gridss.bedpe").read_text().splitlines()]
    found = {bedpe_end(cells, 0, 8) for cells in rows} | {bedpe_end(cells, 3, 9) for cells in rows}
    assert found == ends


def bedpe_end(cells: list[str], at: int, strand: int) -> tuple[str | None, int, Orientation]:
    end = dialects.RawEnd(contig=cells[at], start=int(cells[at + 1]), end=int(cells[at + 2]), strand=cells[strand])
    side = dialects.orientation(end, dialects.Dialect.GRIDSS, is_first=at == 0)
    span = dialects.interval(end, dialects.Dialect.GRIDSS, side)
    assert side is not None and span is not None and span[0] == span[1]
    return normalise_contig(cells[at]), int(span[0]), side


def test_benign_germline_variants_are_no_event_above_no_match() -> None:
    report = screen_sample(GERMLINE, tumor_type="BLCA")
    every = (*report.events, *report.silent_events)
    assert {event.outcome for event in every} == {Outcome.NO_MATCH}
    assert {event.gene for event in every} == set(FgfrGene)
    assert {event.origin for event in every} == {"germline"}
    germline = {
        AlterationClass.GERMLINE_ACHONDROPLASIA,
        AlterationClass.GERMLINE_OTHER,
        AlterationClass.GERMLINE_SUSPECT,
    }
    assert not germline & {event.alteration_class for event in every}
    assert len(set(evidence_lines(report))) == report.accounting.in_events
    assert close(report)


def test_fusioncatcher_vcf_is_one_fgfr3_tacc3_fusion() -> None:
    report = screen_sample(FUSIONCATCHER, tumor_type="BLCA")
    (event,) = (*report.events, *report.silent_events)
    assert (event.name, event.alteration_class, event.outcome) == (
        "FGFR3::TACC3",
        AlterationClass.FUSION,
        Outcome.MATCH,
    )
    assert event.frame is Frame.IN_FRAME
    assert event.five_prime is not None and event.three_prime is not None
    assert (event.five_prime.exon, event.five_prime.pos) == (17, 1806934)
    assert event.three_prime.pos == 1727977
    assert len(evidence_lines(report)) == 4
    assert report.summary.fgfr3_alteration is Outcome.MATCH
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.UNDETERMINED
    # The two refused records name a place behind the end of chr14 and no FGFR gene.
    assert [record.touches_fgfr for record in report.rejected] == [False, False]
    assert close(report)


@pytest.mark.parametrize("assembly", [None, Assembly.GRCH37, Assembly.GRCH38])
def test_chimerascan_on_hg18_is_refused_whatever_assembly_the_user_names(assembly: Assembly | None) -> None:
    with pytest.raises(AssemblyError, match="hg18") as caught:
        screen_sample(CHIMERASCAN, assembly=assembly)
    assert caught.value.code == ("HG18_REFUSED" if assembly is None else "ASSEMBLY_CONFLICT")


def test_chimerascan_on_hg18_ends_with_status_3() -> None:
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        assert cli.run(["screen", str(CHIMERASCAN)]) == 3
    assert "HG18_REFUSED" in told.getvalue()
