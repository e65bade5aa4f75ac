"""The three renderings of one answer agree, stay in their bounds and send no control character."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.model import Finding, SampleIdentity, SampleReport
from fgfr_screen.report import json as json_report
from fgfr_screen.report import text, tsv
from fgfr_screen.report._plain import plain, width
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Outcome
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def report() -> SampleReport:
    demo = ROOT / "fixtures" / "demo"
    return screen_sample(demo / "tumor.sv.vcf", demo / "report.json", clinical=demo / "clinical.toml", sample_id="P-1")


def test_json_holds_the_whole_contract(report: SampleReport) -> None:
    result = json.loads(json_report.render(report))
    assert list(result)[:4] == ["schema_version", "tool", "sample", "specimens"]
    event = result["events"][0]
    for key in ("five_prime", "three_prime", "copies", "isoforms", "would_settle", "threshold", "vaf"):
        assert key in event, "a key without a value is never left out"
    assert event["five_prime"]["transcript"] == "NM_000141.5"


def test_json_decodes_to_the_same_report(report: SampleReport) -> None:
    assert msgspec.json.decode(json_report.render(report), type=SampleReport) == report


def test_text_tsv_and_json_say_the_same(report: SampleReport) -> None:
    shown, table = text.render(report), tsv.render(report)
    for event, row in zip(report.events, table.splitlines()[1:], strict=True):
        assert event.name in shown
        assert event.id in shown
        cells = dict(zip(tsv.EVENT_COLUMNS, row.split("\t"), strict=True))
        assert (cells["name"], cells["outcome"], cells["frame"]) == (event.name, event.outcome, event.frame or "")


def test_frame_has_one_row_per_event(report: SampleReport) -> None:
    frame = report.to_frame()
    assert list(frame["name"]) == [event.name for event in report.events]
    assert frame["five_prime.gene"][0] == "FGFR2"


@given(st.text(max_size=60))
def test_any_text_stays_in_80_columns_and_prints_no_control(words: str) -> None:
    demo = ROOT / "fixtures" / "demo"
    base = _cached(demo.as_posix())
    note = Finding(code="CONFLICT", message=words, outcome=Outcome.REVIEW)
    changed = structs.replace(
        base,
        warnings=(note,),
        sample=SampleIdentity(sample_id=words, patient_id=None, tumor_type=base.sample.tumor_type),
        events=tuple(structs.replace(event, findings=(note,)) for event in base.events),
    )
    shown = text.render(changed)
    assert all(width(line) <= text.COLUMNS for line in shown.splitlines())
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert all(line.count("\t") == len(tsv.EVENT_COLUMNS) - 1 for line in tsv.render(changed).splitlines())


_REPORTS: dict[str, SampleReport] = {}


def _cached(demo: str) -> SampleReport:
    if demo not in _REPORTS:
        _REPORTS[demo] = screen_sample(f"{demo}/tumor.sv.vcf", f"{demo}/report.json")
    return _REPORTS[demo]


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("a\tb\n", "a\\tb\\n"),
        ("张伟", "张伟"),
    ],
)
def test_hidden_characters_are_shown(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


def test_rich_markup_and_html_are_literal(report: SampleReport) -> None:
    changed = structs.replace(
        report, sample=SampleIdentity(sample_id="[bold]<script>[/x]", patient_id=None, tumor_type=None)
    )
    assert "[bold]<script>[/x]" in text.render(changed)


def test_nothing_found_says_how_many_records_were_read(tmp_path: object) -> None:
    path = f"{tmp_path}/empty.vcf"
    with open(path, "w", encoding="ascii") as stream:
        stream.write("##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n")
        stream.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t5\t.\tA\tT\t.\tPASS\t.\n")
    shown = text.render(screen_sample(path))
    assert "1 records read, none of them an FGFR1-3 event." in shown
    assert "CANNOT TELL" in shown
    assert "YES" not in shown
