"""LongGF, FusionSeeker and tables of several callers: order of genes is not 5' to 3', positions miss the exon's end."""

from pathlib import Path

import pytest

from fgfr_screen.errors import TruncatedFileError
from fgfr_screen.model import RearrangementCall
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import GeneOrder, Outcome
from tests.readers.reading import FIXTURES, read_path, read_text

LONGGF = FIXTURES / "longgf" / "run.log"
SEEKER = FIXTURES / "fusionseeker" / "confident_genefusion.txt"
BENCHMARK = FIXTURES / "ctat-benchmark" / "one_sample.tsv"


def first_calls(path: str) -> list[RearrangementCall]:
    return [call for call in read_path(FIXTURES / path).calls if isinstance(call, RearrangementCall)]


@pytest.mark.parametrize("path", ["longgf/run.log", "fusionseeker/confident_genefusion.txt"])
def test_order_and_kept_sides_are_not_taken_from_the_file(path: str) -> None:
    for call in first_calls(path):
        assert call.second is not None
        assert (call.order, call.first.orientation, call.second.orientation) == (GeneOrder.UNKNOWN, None, None)
        assert call.imprecise


def test_lines_of_the_log_that_are_no_sums_are_no_records() -> None:
    assert read_path(LONGGF).report.records == 3


def test_a_sum_line_that_is_cut_short_is_refused_with_its_line() -> None:
    content = read_text("GF\tA:B 1\nSumGF\tFGFR2:BICC1 12 chr10:121483698\nend\n")
    assert [(row.line, row.code, row.touches_fgfr) for row in content.rejected] == [(2, "RAGGED_ROW", True)]


def test_both_orders_are_repaired_from_the_ends_of_exons() -> None:
    found = {event.name: event for event in screen_sample(LONGGF).events}
    assert {name: event.outcome for name, event in found.items()} == {
        "FGFR3::TACC3": Outcome.MATCH,
        "FGFR2::BICC1": Outcome.MATCH,
    }
    assert all("ORDER_REPAIRED" in {f.code for f in event.findings} for event in found.values())
    ends = found["FGFR3::TACC3"].five_prime, found["FGFR3::TACC3"].three_prime
    assert [end.pos for end in ends if end] == [1806934, 1739702]


def test_a_junction_off_the_exons_is_flagged_and_joins_the_event_that_is_told() -> None:
    (event,) = screen_sample(SEEKER).events
    assert event.name == "FGFR3::TACC3"
    assert [line.line for line in event.evidence] == [2, 3]


def test_alone_it_is_for_review_and_says_why(tmp_path: Path) -> None:
    text = "Gene1\tGene2\tNumSupp\tChrom1\tBreakpoint1\tChrom2\tBreakpoint2\tID\tSupportingReads\n"
    text += "TACC3\tFGFR3\t9\tchr4\t1744984\tchr4\t1807100\tGF01\tr1\n"
    path = tmp_path / "confident_genefusion.txt"
    path.write_text(text)
    (event,) = screen_sample(path, assembly="GRCh38").events
    assert event.outcome is Outcome.REVIEW
    assert {"ORDER_UNKNOWN", "ORIENTATION_UNKNOWN"} <= {finding.code for finding in event.findings}


def test_fusionseeker_is_read_with_and_without_its_header_and_with_the_id_first() -> None:
    (plain,) = first_calls("fusionseeker/no_header.txt")
    cells = (FIXTURES / "fusionseeker" / "no_header.txt").read_text().rstrip("\n").split("\t")
    (turned,) = read_text("\t".join([cells[7], *cells[:7], cells[8]]) + "\n", reader="fusionseeker").calls
    assert turned == plain


def test_a_cut_log_is_an_error() -> None:
    with pytest.raises(TruncatedFileError):
        read_text("Gene1\tGene2\tNumSupp\tChrom1\tBreakpoint1\tChrom2\tBreakpoint2\tID\tSupportingReads\nTACC3\tFG")


def test_in_a_table_of_callers_the_program_tells_what_the_order_means() -> None:
    orders = {call.caller: call.order for call in first_calls("ctat-benchmark/one_sample.tsv")}
    assert orders == {
        "LongGF": GeneOrder.UNKNOWN,
        "pbfusion_v0.4.0": GeneOrder.ASSERTED,
        "ctat-LR-fusion.v0.13.0": GeneOrder.ASSERTED,
        "JAFFAL": GeneOrder.ASSERTED,
        "newtool": GeneOrder.UNKNOWN,
    }


def test_all_callers_of_a_table_give_one_event() -> None:
    (event,) = screen_sample(BENCHMARK).events
    assert (event.name, event.outcome, len(event.evidence)) == ("FGFR3::TACC3", Outcome.MATCH, 5)
