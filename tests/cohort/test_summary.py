"""Counts, intervals, units and pictures of a cohort."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.cli import run as run_here
from fgfr_screen.cohort.answers import decode
from fgfr_screen.cohort.plots import PLOTS, draw, escaped, fitted
from fgfr_screen.cohort.registry import open_registry
from fgfr_screen.cohort.summary import COLUMNS, DIMENSIONS, Row, summarise, summarise_units, units_of, wilson
from fgfr_screen.commands import cohort as cohort_command
from fgfr_screen.report._plain import plain
from fgfr_screen.terms import Outcome
from tests.cohort.conftest import a_result, gold_results

PEMI = "CCA_FGFR2_PEMI"


def rows(results: list[bytes], dimension: str, group: str | None = None, *, by: str = "sample") -> dict[str, Row]:
    summary = summarise(map(decode, results), by=by)
    return {
        row.measure if group else row.group: row
        for row in summary.rows
        if row.dimension == dimension and group in (None, row.group)
    }


class TestWilson:
    # Newcombe 1998, table I: the score interval without continuity correction.
    @pytest.mark.parametrize(
        ("count", "total", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_published_values(self, count: int, total: int, low: float, high: float) -> None:
        assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)

    @given(st.integers(1, 10**6), st.floats(0, 1))
    def test_interval_holds_the_share_and_stays_inside(self, total: int, share: float) -> None:
        count = round(total * share)
        limits = wilson(count, total)
        assert limits is not None
        assert 0 <= limits[0] <= count / total <= limits[1] <= 1

    @given(st.integers(1, 10**5), st.floats(0, 1))
    def test_symmetric(self, total: int, share: float) -> None:
        count = round(total * share)
        one, other = wilson(count, total), wilson(total - count, total)
        assert one is not None
        assert other is not None
        assert one[0] == pytest.approx(1 - other[1], abs=1e-9)

    def test_nothing_has_no_interval(self) -> None:
        assert wilson(0, 0) is None


class TestCounting:
    def test_programmes_add_up(self) -> None:
        summary = summarise(map(decode, gold_results()))
        by_program: dict[str, int] = {}
        for row in summary.rows:
            if row.dimension == "program":
                by_program[row.group] = by_program.get(row.group, 0) + row.count
        assert set(by_program.values()) == {len(gold_results())}

    def test_counts_equal_a_plain_recount(self) -> None:
        answers = [msgspec.json.decode(one) for one in gold_results()]
        counted = rows(list(gold_results()), "program", PEMI)
        for outcome in Outcome:
            plain = sum(p["outcome"] == outcome for a in answers for p in a["programs"] if p["id"] == PEMI)
            assert counted[outcome.value].count == plain
        fusions = sum(
            any(e["gene"] == "FGFR2" and e["alteration_class"] == "fusion" for e in a["events"]) for a in answers
        )
        own = rows(list(gold_results()), "class", "FGFR2 fusion")
        assert sum(row.count for row in own.values()) == fusions

    def test_every_dimension_is_there(self) -> None:
        assert {row.dimension for row in summarise(map(decode, gold_results())).rows} == set(DIMENSIONS)

    def test_partner_tumour_type_and_assay(self) -> None:
        results = [a_result("A"), a_result("B", tumor_type="COAD")]
        assert rows(results, "partner", "FGFR2 BICC1")["match"].count == 2
        assert rows(results, "tumor_type", "COAD")["units"].rate == 0.5
        qualifying = "qualifying_fgfr2_fusion_or_rearrangement match"
        assert rows(results, "tumor_type", "IHCH")[qualifying].count == 1
        (assay,) = rows(results, "assay")
        assert rows(results, "assay", assay)["units"].count == 2

    def test_undetermined_for_want_of_what(self) -> None:
        counted = rows([a_result("A", clinical={}), a_result("B")], "missing")
        assert counted["lines"].count >= 1
        assert counted["lines"].total <= 2

    def test_empty_cohort(self) -> None:
        assert summarise([]).rows == ()

    def test_frame_has_the_rows(self) -> None:
        summary = summarise(map(decode, gold_results()))
        frame = summary.to_frame()
        assert list(frame.columns) == list(COLUMNS)
        assert len(frame) == len(summary.rows)
        assert list(summarise([]).to_frame().columns) == list(COLUMNS)


class TestPatients:
    def test_several_samples_count_once(self) -> None:
        results = [a_result(name, patient_id="P") for name in "AB"] + [a_result("C")]
        assert summarise(map(decode, results), by="patient").units == 2
        assert summarise(map(decode, results), by="sample").units == 3
        assert rows(results, "program", PEMI, by="patient")["match"].count == 2

    def test_order_of_samples_does_not_matter(self) -> None:
        results = [a_result("A", patient_id="P"), a_result("B", patient_id="P", tumor_type="COAD")]
        one = summarise(map(decode, results), by="patient")
        assert one == summarise(map(decode, reversed(results)), by="patient")

    @pytest.mark.parametrize(
        ("first", "second", "joined"),
        [
            ("undetermined", "no_match", "no_match"),
            ("no_match", "review", "review"),
            ("undetermined", "match", "match"),
            ("review", "match", "match"),
        ],
    )
    def test_tested_negative_answers_what_another_sample_left_open(self, first: str, second: str, joined: str) -> None:
        results = []
        for name, outcome in (("A", first), ("B", second)):
            plain = msgspec.json.decode(a_result(name, patient_id="P"))
            plain["summary"]["fgfr3_alteration"] = outcome
            results.append(msgspec.json.encode(plain))
        counted = rows(results, "category", "fgfr3_alteration", by="patient")
        assert [row.measure for row in counted.values() if row.count] == [joined]

    def test_patient_and_sample_of_one_name_are_two(self) -> None:
        assert summarise(map(decode, [a_result("X"), a_result("A", patient_id="X")]), by="patient").units == 2


class TestPlots:
    def pictures(self, results: list[bytes]) -> dict[str, str]:
        units, samples = units_of(map(decode, results))
        summary = summarise_units(units, samples, by="sample")
        return {name: draw(name, summary, units) for name in PLOTS}

    def test_command_offers_every_plot(self) -> None:
        assert cohort_command.PLOTS == PLOTS

    def test_pictures_are_well_formed_and_inert(self) -> None:
        nasty = '<script>alert(1)</script>"onload="x'
        for name, picture in self.pictures([*gold_results(), a_result(nasty)]).items():
            tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(picture).iter()}
            assert tags <= {"svg", "style", "rect", "text", "title", "path"}, name
            assert not re.search(r"\son\w+=|href|url\(|<script", picture), name

    def test_everything_lies_inside_the_picture(self) -> None:
        for name, picture in self.pictures(list(gold_results())).items():
            root = ET.fromstring(picture)
            wide, high = float(root.attrib["width"]), float(root.attrib["height"])
            for element in root.iter():
                if element.tag.endswith("rect"):
                    x, y = float(element.get("x", 0)), float(element.get("y", 0))
                    assert x + float(element.attrib["width"]) <= wide + 0.01, name
                    assert y + float(element.attrib["height"]) <= high + 0.01, name
                if element.tag.endswith("text") and element.get("text-anchor") == "start":
                    assert float(element.attrib["x"]) + 6 * len(element.text or "") <= wide + 40, (name, element.text)

    def test_same_cohort_gives_the_same_bytes(self) -> None:
        assert self.pictures(list(gold_results())) == self.pictures(list(reversed(gold_results())))

    def test_empty_cohort_gives_empty_pictures(self) -> None:
        for name, picture in self.pictures([]).items():
            tags = [element.tag.rpartition("}")[2] for element in ET.fromstring(picture).iter()]
            assert "title" not in tags, name  # what every bar and cell has
            assert re.search(r">0 (of 0 )?samples", picture), name
        assert "<title>" in self.pictures([a_result()])["programs"]

    def test_matrix_says_how_many_it_leaves_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from fgfr_screen.cohort import plots

        monkeypatch.setattr(plots, "MATRIX_COLUMNS", 2)
        assert "3 more not shown" in self.pictures([a_result(name) for name in "ABCDE"])["matrix"]

    @given(st.text())
    def test_any_text_is_inert(self, text: str) -> None:
        element = ET.fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>')
        assert (element.get("b"), element.text or "") == (plain(text), plain(text))
        assert (list(element), set(element.attrib)) == ([], {"b"})

    def test_long_labels_are_cut(self) -> None:
        assert len(fitted("x" * 500, 200)) < 40
        assert fitted("short", 200) == "short"


class TestCommand:
    def test_registry_and_results_give_the_same_table(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        place, ndjson = str(tmp_path / "r.sqlite"), tmp_path / "results.ndjson"
        ndjson.write_bytes(b"".join(one + b"\n" for one in gold_results()))
        with open_registry(place) as registry:
            registry.add_screenings((one,) for one in gold_results())
        shown = []
        for source in (place, str(ndjson)):
            assert run_here(["cohort", source]) == 0
            shown.append(capfd.readouterr().out)
        assert shown[0] == shown[1]
        assert {line.count("\t") for line in shown[0].splitlines()} == {len(COLUMNS) - 1}

    def test_json_and_plot(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        ndjson = tmp_path / "results.ndjson"
        ndjson.write_bytes(a_result() + b"\n")
        assert run_here(["cohort", str(ndjson), "--format", "json", "--by", "patient"]) == 0
        shown = msgspec.json.decode(capfd.readouterr().out)
        assert (shown["by"], shown["units"], shown["samples"]) == ("patient", 1, 1)
        assert run_here(["cohort", str(ndjson), "--plot", "matrix", "-o", str(tmp_path / "m.svg")]) == 0
        assert "FGFR2 fusion" in (tmp_path / "m.svg").read_text("utf-8")

    def test_broken_line_is_named(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        ndjson = tmp_path / "results.ndjson"
        ndjson.write_bytes(a_result() + b"\n{}\n")
        assert run_here(["cohort", str(ndjson)]) == 3
        assert "results.ndjson:2 ERROR REGISTRY_RESULT" in capfd.readouterr().err
        assert run_here(["cohort", str(tmp_path / "none.ndjson")]) == 3
