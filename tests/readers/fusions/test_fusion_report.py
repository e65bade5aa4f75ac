"""fusion-report of nf-core/rnafusion: JSON and CSV say the same, each program is a call."""

import json
from collections.abc import Mapping

import pytest

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import RearrangementCall
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import GeneOrder, Orientation, Outcome
from tests.readers.reading import FIXTURES, read_path, read_text

JSON = FIXTURES / "fusion-report" / "fusions.json"
CSV = FIXTURES / "fusion-report" / "table.csv"


def report(*entries: object) -> str:
    return json.dumps(entries, indent=1)


def entry(tools: Mapping[str, Mapping[str, object]], fusion: str = "FGFR3--TACC3") -> dict[str, object]:
    return {"Fusion": fusion, "Databases": [], "Score": 0.5, "Explained score": "", **tools}


def calls(text: str) -> list[RearrangementCall]:
    return [call for call in read_text(text, reader="fusion-report").calls if isinstance(call, RearrangementCall)]


def plain(call: RearrangementCall) -> tuple[object, ...]:
    return (
        call.caller,
        call.first,
        call.second,
        call.order,
        call.declared_frame,
        call.split_reads,
        call.spanning_pairs,
    )


def test_json_and_csv_say_the_same() -> None:
    from_json = [call for call in read_path(JSON).calls if isinstance(call, RearrangementCall)]
    from_csv = [call for call in read_path(CSV).calls if isinstance(call, RearrangementCall)]
    assert [plain(call) for call in from_json[:2]] == [plain(call) for call in from_csv]


def test_every_program_is_a_call_of_its_own_and_one_record() -> None:
    position = "chr4:1806934:+#chr4:1739702:+"
    tools = {"starfusion": {"position": position}, "fusioncatcher": {"position": position, "fusion_type": "in-frame"}}
    content = read_text(report(entry(tools)))
    assert [call.caller for call in content.calls] == ["FusionCatcher", "STAR-Fusion"]
    assert (content.report.records, content.report.outside_fgfr) == (1, 0)


def test_a_position_without_strand_keeps_no_side_and_one_with_it_does() -> None:
    tools = {"arriba": {"position": "4:1806934#4:1739702"}, "jaffa": {"position": "4:1806934:+#4:1739702:+"}}
    assert [call.first.orientation for call in calls(report(entry(tools)))] == [None, Orientation.LEFT]


@pytest.mark.parametrize("tool", ["squid", "pizzly"])
def test_programs_that_do_not_order_genes_give_no_order(tool: str) -> None:
    (call,) = calls(report(entry({tool: {"score": 4, "position": "4:1-20:+#4:30-40:+" if tool == "squid" else ""}})))
    assert (call.order, call.first.pos, call.declared) == (GeneOrder.UNKNOWN, None, None)


def test_pairs_of_star_fusion_are_no_split_reads() -> None:
    tools = {"starfusion": {"position": "4:1806934:+#4:1739702:+", "junction_reads": 12, "spanning_reads": 5}}
    (call,) = calls(report(entry(tools)))
    assert (call.split_reads, call.spanning_pairs) == (12, 5)


def test_a_neighbour_that_was_written_as_partner_is_outranked_by_the_coordinates() -> None:
    tools = {"arriba": {"position": "10:121483698#13:55000000", "type": "translocation"}}
    path = report(entry(tools, "FGFR2--BICC1"))
    (call,) = calls(path)
    assert call.second is not None
    assert call.second.contig == "chr13"


def test_an_entry_without_a_fusion_is_refused_with_its_line() -> None:
    content = read_text(report(entry({"jaffa": {"position": "4:1806934:+#4:1739702:+"}}), {"fusion": 1}))
    assert [(row.line, row.code, row.touches_fgfr) for row in content.rejected] == [(11, "REPORT_INCOMPLETE", True)]
    assert len(content.calls) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (report(entry({}))[:-20], "JSON_SYNTAX"),
        (report(entry({})) + report(entry({})), "JSON_SYNTAX"),
        (report(entry({})).replace('"Score": 0.5', '"Score": NaN'), "JSON_NAN"),
        (report(entry({})).replace('"Databases": []', '"Score": 1, "Databases": []'), "DUPLICATE_KEY"),
    ],
)
def test_damaged_json_is_an_error(text: str, code: str) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_text(text)
    assert caught.value.code == code


def test_the_fixture_is_one_fgfr2_fusion_and_names_without_place_for_review() -> None:
    found = {event.name: event.outcome for event in screen_sample(JSON).events}
    assert found == {"FGFR2::BICC1": Outcome.MATCH, "FGFR3::TACC3": Outcome.REVIEW}
