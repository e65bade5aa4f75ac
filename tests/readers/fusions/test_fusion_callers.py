"""FusionCatcher, JAFFA, EricScript, DRAGEN, cohort tables and annoFuse: what is particular to each."""

from pathlib import Path

import pytest

from fgfr_screen.model import Event, RearrangementCall
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, FilterStatus, Frame, GeneOrder, JunctionKind, Outcome
from tests.readers.reading import FIXTURES, read_path

REALDATA = Path(__file__).parents[4] / "shared" / "realdata"
FUSIONCATCHER = REALDATA / "fusioncatcher_testset" / "final-list_candidate-fusion-genes.txt"
ANNOFUSE = REALDATA / "openpbta_annofuse" / "putative_driver.fgfr.tsv"
ARRIBA_1 = REALDATA / "fuma_chimerascan" / "arriba_v1_layout.tsv"
needs_realdata = pytest.mark.skipif(not REALDATA.is_dir(), reason="../shared/realdata is not beside the project")


def calls(name: str) -> dict[int | None, RearrangementCall]:
    return {c.source.line: c for c in read_path(FIXTURES / name).calls if isinstance(c, RearrangementCall)}


def events(path: Path, **options: object) -> list[Event]:
    return list(screen_sample(path, **options).events)


# --------------------------------------------------------------------------------------------------- FusionCatcher


def test_fusioncatcher_effects_that_tell_regions_are_no_frame() -> None:
    found = calls("fusioncatcher/final_list.txt")
    assert (found[2].declared_frame, found[3].declared_frame) == (Frame.IN_FRAME, None)


def test_fusioncatcher_doubtful_tags_are_told_and_decide_nothing() -> None:
    found = calls("fusioncatcher/final_list.txt")
    assert (found[2].filter_text, found[3].filter_text) == (None, "banned,readthrough")
    assert {call.filter for call in found.values()} == {FilterStatus.UNFILTERED}


def test_an_immunoglobulin_locus_beside_fgfr3_is_an_enhancer_hijack() -> None:
    found = events(FIXTURES / "fusioncatcher" / "final_list.txt")
    assert [(event.name, event.outcome) for event in found if "IGH" in event.name] == [
        ("FGFR3 rearrangement (IGH)", Outcome.NO_MATCH)
    ]


@needs_realdata
def test_real_fusioncatcher_rows_are_one_event() -> None:
    report = screen_sample(FUSIONCATCHER, tumor_type="BLCA")
    (event,) = (*report.events, *report.silent_events)
    assert (event.name, event.alteration_class, event.frame) == (
        "FGFR3::TACC3",
        AlterationClass.FUSION,
        Frame.IN_FRAME,
    )
    assert [line.line for line in event.evidence] == [2, 3, 4]
    assert (report.accounting.records, report.accounting.rejected) == (25, 0)


@needs_realdata
def test_real_fusioncatcher_text_and_vcf_are_one_event() -> None:
    (event,) = screen_sample(FUSIONCATCHER, FUSIONCATCHER.with_suffix(".vcf")).events
    assert event.name == "FGFR3::TACC3"
    assert {line.input for line in event.evidence} == {"in1", "in2"}


# ----------------------------------------------------------------------------------------------------------- JAFFA


def test_jaffa_without_strands_keeps_the_order_and_no_side() -> None:
    (call,) = calls("jaffa/old_header.csv").values()
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation, call.order) == (None, None, GeneOrder.ASSERTED)


@pytest.mark.parametrize("name", ["jaffa/old_header.csv", "jaffa/with_strands.csv"])
def test_jaffa_gives_the_same_event_with_and_without_strands(name: str) -> None:
    event = next(event for event in events(FIXTURES / name) if event.gene == "FGFR2")
    assert (event.name, event.alteration_class, event.outcome) == ("FGFR2::BICC1", "fusion", Outcome.MATCH)
    assert (event.in_strand, event.frame) == (True, Frame.IN_FRAME)


def test_jaffa_ranks_are_words_on_the_call() -> None:
    found = calls("jaffa/with_strands.csv")
    assert [found[line].filter_text for line in (2, 3)] == ["HighConfidence", "PotentialTransSplicing"]
    assert [found[line].declared_frame for line in (2, 3)] == [Frame.IN_FRAME, Frame.OUT_OF_FRAME]


# ------------------------------------------------------------------------------------------------------ EricScript


def test_a_breakpoint_that_ericscript_cannot_predict_leaves_a_pair_of_names_for_review() -> None:
    call = calls("ericscript/results.total.tsv")[3]
    assert (call.junction, call.declared, call.first.pos) == (JunctionKind.NAMES_ONLY, None, None)
    found = {event.name: event.outcome for event in events(FIXTURES / "ericscript" / "results.total.tsv")}
    assert found == {"FGFR2::BICC1": Outcome.MATCH, "FGFR2::SHTN1": Outcome.REVIEW}


# ---------------------------------------------------------------------------------------------------------- DRAGEN


def test_dragen_filters_decide_and_without_the_column_nothing_does() -> None:
    found = calls("dragen-fusion/version4.fusion_candidates.final")
    assert [found[line].filter for line in (2, 3)] == [FilterStatus.PASS, FilterStatus.FAILED]
    (old,) = calls("dragen-fusion/version37.fusion_candidates.final").values()
    assert (old.filter, old.split_reads) == (FilterStatus.UNFILTERED, None)


def test_dragen_antisense_rows_have_no_order() -> None:
    call = calls("dragen-fusion/version4.fusion_candidates.final")[4]
    assert (call.order, call.first.orientation, call.declared) == (GeneOrder.UNKNOWN, None, None)


def test_dragen_keeps_all_genes_of_a_side() -> None:
    assert calls("dragen-fusion/version4.fusion_candidates.final")[3].first.genes == ("FGFR3", "LETM1")


# -------------------------------------------------------------------------------------------------------- annoFuse


def test_annofuse_neighbours_are_no_partner() -> None:
    second = calls("annofuse/one_sample.tsv")[5].second
    assert second is not None
    assert (second.genes, second.states_no_gene) == ((), True)


def test_annofuse_rows_of_several_callers_are_one_event() -> None:
    event = next(event for event in events(FIXTURES / "annofuse" / "one_sample.tsv") if event.name == "FGFR2::BICC1")
    assert sorted(line.caller or "" for line in event.evidence) == ["ARRIBA", "STARFUSION"]
    assert (event.in_strand, event.outcome) == (True, Outcome.MATCH)


EXPECTED_PBTA = {
    "BS_3T6X4BPC": [("FGFR1::TACC1", "fusion", Outcome.MATCH, 2)],
    "BS_8F9BDWY4": [("FGFR1::TACC1", "fusion", Outcome.MATCH, 2)],
    "BS_AKRHBPNZ": [("FGFR2::SHTN1", "fusion", Outcome.MATCH, 2)],
    "BS_F4E8R9VY": [("FGFR2::SHTN1", "fusion", Outcome.MATCH, 2)],
    "BS_TYAYZ9ZW": [("FGFR1::HERC6", "rearrangement", Outcome.MATCH, 1)],
}


@needs_realdata
@pytest.mark.parametrize(("sample", "expected"), EXPECTED_PBTA.items())
def test_real_annofuse_samples(sample: str, expected: list[tuple[str, str, Outcome, int]]) -> None:
    """FGFR2 fusions at the exon 17 donor are fusions, although the source calls their kinase partly kept."""
    report = screen_sample(ANNOFUSE, sample_id=sample, tumor_type="GNG")
    assert [(e.name, e.alteration_class, e.outcome, len(e.evidence)) for e in report.events] == expected


@needs_realdata
def test_real_annofuse_breaks_before_the_kinase_are_no_match() -> None:
    report = screen_sample(ANNOFUSE, sample_id="BS_PK18H7E7")
    assert {event.outcome for event in report.events} == {Outcome.NO_MATCH}


@needs_realdata
def test_real_arriba_of_version_1_holds_no_receptor() -> None:
    report = screen_sample(ARRIBA_1)
    assert report.events == ()
    assert report.accounting.records == report.accounting.outside_fgfr > 20
