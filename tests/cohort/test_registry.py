"""The registry on SQLite and PostgreSQL: what is kept, what is asked, what is refused."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fgfr_screen.cli import run as run_here
from fgfr_screen.cohort.registry import _rows, open_registry
from fgfr_screen.cohort.registry._rows import parse
from fgfr_screen.cohort.registry.diff import changes_between_rules, changes_since
from fgfr_screen.cohort.registry.export import TABLES, result_lines, rows_of, tsv_lines, write_excel, write_parquet
from fgfr_screen.cohort.registry.query import Query, Row, run
from fgfr_screen.cohort.registry.verify import verify
from fgfr_screen.errors import FgfrScreenError, InputError, OutputError, UsageError
from tests.cohort.conftest import DEMO, a_result, gold_reports, gold_results
from tests.conftest import ROOT, Session

PEMI = "CCA_FGFR2_PEMI"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of one megabyte; skipped where that is not allowed."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs root to mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def filled(place: str, *results: bytes) -> str:
    with open_registry(place) as registry:
        registry.add_screenings((one,) for one in results)
    return place


def asked(place: str, **question: Any) -> list[dict[str, str | None]]:
    query = Query(**question)
    return [dict(zip(query.columns, row, strict=True)) for row in run(place, query)]


def exported(place: str, table: str = "programs", *, include_history: bool = False) -> str:
    with open_registry(place, read_only=True) as registry:
        return "".join(tsv_lines([], rows_of(registry, table, include_history=include_history)))


def later(result: bytes, **tool: str) -> bytes:
    """Return the result as another rule set or tool would have made it."""
    plain = msgspec.json.decode(result)
    plain["tool"] |= tool
    return msgspec.json.encode(plain)


def other_input(result: bytes) -> bytes:
    plain = msgspec.json.decode(result)
    plain["inputs"][0]["sha256"] = "0" * 64
    return msgspec.json.encode(plain)


class TestAdding:
    def test_same_screening_twice_is_one_row(self, place: str) -> None:
        with open_registry(place) as registry:
            first = registry.add_screenings([(a_result(),)])
            second = registry.add_screenings([(a_result(),)])
            assert (first.added, second.added, second.known) == (1, 0, 1)
            assert registry.count(current_only=False) == 1

    def test_order_of_inputs_does_not_matter_to_the_key(self) -> None:
        plain = msgspec.json.decode(a_result())
        plain["inputs"].reverse()
        assert parse(msgspec.json.encode(plain)).key == parse(a_result()).key

    @pytest.mark.parametrize(
        "change",
        [other_input, lambda result: later(result, rules_sha256="f" * 64), lambda result: later(result, version="9.9")],
    )
    def test_changed_input_rules_or_tool_is_a_new_row_with_history(self, place: str, change: Any) -> None:
        filled(place, a_result(), change(a_result()))
        with open_registry(place) as registry:
            rows = list(registry.screenings(current_only=False))
            assert [row.is_current for row in rows].count(True) == 1
            current = next(row for row in rows if row.is_current)
            assert current.body == change(a_result())
            assert verify(registry).problems == ()

    def test_options_make_a_screening_of_their_own(self, place: str) -> None:
        with open_registry(place) as registry:
            registry.add_screenings([(a_result(), "a" * 64), (a_result(), "b" * 64)])
            assert registry.count(current_only=False) == 2

    def test_rows_made_with_the_result_are_those_derived_from_it(self) -> None:
        for report in gold_reports():
            body = msgspec.json.encode(report)
            ready = _rows.ready(report, body, "a" * 64)
            assert _rows.parsed_of(ready.rows) == parse(body, "a" * 64)
            assert _rows.unpack(ready.packed) == body

    def test_prepared_results_are_stored_like_others(self, place: str, tmp_path: Path) -> None:
        bodies = [msgspec.json.encode(report) for report in gold_reports()]
        ready = [_rows.ready(report, body, "a" * 64) for report, body in zip(gold_reports(), bodies, strict=True)]
        with open_registry(place) as registry:
            report = registry.add_parsed((_rows.parsed_of(one.rows), one.packed) for one in ready)
            assert (report.added, report.conflicts) == (len(bodies), ())
            assert registry.add_screenings((body, "a" * 64) for body in bodies).known == len(bodies)
            assert verify(registry).problems == ()
        whole = str(tmp_path / "whole.sqlite")
        with open_registry(whole) as registry:
            registry.add_screenings((body, "a" * 64) for body in bodies)
        assert [exported(place, table) for table in TABLES] == [exported(whole, table) for table in TABLES]

    def test_result_packed_by_zlib_alone_is_read(self, place: str) -> None:
        rows = parse(a_result())
        with open_registry(place) as registry:
            registry.add_parsed([(rows, zlib.compress(a_result(), 9))])
            assert [row.body for row in registry.screenings()] == [a_result()]
            assert verify(registry).problems == ()

    def test_older_screening_becomes_current_again(self, place: str) -> None:
        old, new = a_result(), other_input(a_result())
        with open_registry(place) as registry:
            registry.add_screenings([(old,), (new,)])
            assert registry.add_screenings([(old,)]).restored == 1
            assert [row.body for row in registry.screenings()] == [old]
            assert registry.add_screenings([(old,)]).restored == 0
            assert verify(registry).problems == ()

    def test_other_answer_under_one_key_is_a_conflict_and_the_stored_one_stays(self, place: str) -> None:
        plain = msgspec.json.decode(a_result())
        plain["summary"]["fgfr3_alteration"] = "match"
        with open_registry(place) as registry:
            report = registry.add_screenings([(a_result(),), (msgspec.json.encode(plain),)])
            assert [one.sample_id for one in report.conflicts] == ["S1"]
            assert [row.body for row in registry.screenings()] == [a_result()]

    def test_other_path_of_the_same_file_is_the_same_screening(self, place: str) -> None:
        plain = msgspec.json.decode(a_result())
        plain["inputs"][0]["path"] = "elsewhere/tumor.sv.vcf"
        with open_registry(place) as registry:
            assert registry.add_screenings([(a_result(),), (msgspec.json.encode(plain),)]).known == 1

    @pytest.mark.parametrize(
        "body", [b"{}", b"not json", a_result("").replace(b'"sample_id":""', b'"sample_id":null')], ids=str
    )
    def test_what_is_no_result_is_refused(self, tmp_path: Path, body: bytes) -> None:
        with open_registry(str(tmp_path / "r.sqlite")) as registry, pytest.raises(InputError) as caught:
            registry.add_screenings([(body,)])
        assert caught.value.code == "REGISTRY_RESULT"

    def test_later_major_version_is_refused(self, tmp_path: Path) -> None:
        with open_registry(str(tmp_path / "r.sqlite")) as registry, pytest.raises(InputError, match=r"2\.0"):
            registry.add_screenings([(a_result(schema_version="2.0"),)])

    def test_clock_that_runs_back_does_not_change_which_screening_counts(
        self, place: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import datetime

        from fgfr_screen.cohort.registry import _store

        with open_registry(place) as registry:
            registry.add_screenings([(a_result(),)])
            past = datetime.datetime(1999, 1, 1, tzinfo=datetime.UTC)
            monkeypatch.setattr(_store, "_now", lambda: past)
            registry.add_screenings([(other_input(a_result()),)])
            assert [row.body for row in registry.screenings()] == [other_input(a_result())]

    def test_two_writers_lose_nothing(self, place: str) -> None:
        with open_registry(place):
            pass
        failures: list[BaseException] = []

        def write(writer: int) -> None:
            try:
                with open_registry(place, wait_seconds=60) as registry:
                    for number in range(10):
                        registry.add_screenings([(a_result(f"W{writer}-{number}"),)])
            except BaseException as error:  # noqa: BLE001 - handed to the main thread
                failures.append(error)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with open_registry(place) as registry:
            assert registry.count() == 20
            assert verify(registry).problems == ()


class TestQuery:
    def test_who_qualifies_now(self, place: str) -> None:
        filled(place, a_result("B"), a_result("A"), a_result("C", tumor_type="COAD"))
        rows = asked(place, programs=(PEMI,), outcomes=("match",))
        assert [row["sample_id"] for row in rows] == ["A", "B"]
        assert rows[0]["events"] == "FGFR2::BICC1"

    def test_superseded_screenings_do_not_count(self, place: str) -> None:
        filled(place, a_result(), a_result(tumor_type="COAD"))
        assert asked(place, programs=(PEMI,), outcomes=("match",)) == []
        assert len(asked(place, programs=(PEMI,), outcomes=("match",), include_history=True)) == 1

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ({"classes": ("fusion",)}, ["A", "B"]),
            ({"partners": ("BICC1",)}, ["A", "B"]),
            ({"partners": ("TACC3",)}, []),
            ({"genes": ("FGFR2",), "tumor_type": "CHOL"}, ["A"]),
            ({"tumor_type": "biliary_tract", "classes": ("fusion",)}, ["A"]),
            ({"tumor_type": "BILIARY.TRACT", "classes": ("fusion",)}, []),
            ({"since": "2000-01-01", "classes": ("fusion",)}, ["A", "B"]),
            ({"until": "2000-01-01", "classes": ("fusion",)}, []),
            ({"outcomes": ("match",)}, ["A", "B"]),
        ],
    )
    def test_events_are_found_by(self, place: str, question: dict[str, Any], expected: list[str]) -> None:
        filled(place, a_result("A"), a_result("B", tumor_type="COAD"))
        rows = asked(place, table="events", **question)
        assert sorted({str(row["sample_id"]) for row in rows}) == expected

    def test_programmes_can_be_narrowed_by_event_and_status(self, place: str) -> None:
        filled(place, a_result("A"))
        every = asked(place, classes=("fusion",))
        some = asked(place, classes=("fusion",), only_open=True)
        assert len(every) > len(some) > 0
        assert {row["status"] for row in some} <= {"open", "approved"}
        assert asked(place, classes=("amplification",)) == []

    def test_unknown_outcome_is_a_usage_error(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError):
            list(run(str(tmp_path / "x"), Query(outcomes=("yes",))))

    def test_values_are_parameters_never_sql(self, place: str) -> None:
        filled(place, a_result("A"))
        assert asked(place, programs=("' OR 1=1 --",)) == []
        assert asked(place, table="events", partners=("'; DROP TABLE screening; --",)) == []
        assert len(asked(place, programs=(PEMI,))) == 1

    def test_sqlite_is_asked_without_sqlalchemy(self, tmp_path: Path) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result("A"))
        code = (
            "import sys\nfrom fgfr_screen.cli import run\nstatus = run(sys.argv[1:])\n"
            "heavy = {'sqlalchemy', 'pandas', 'numpy', 'msgspec'} & set(sys.modules)\nsys.exit(status or len(heavy))"
        )
        command = [sys.executable, "-c", code, "registry", "query", place, "--program", PEMI]
        done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.count(b"\n") == 2

    def test_command_prints_table_or_json(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result("a\tb", patient_id="P-1"))
        assert run_here(["registry", "query", place, "--program", PEMI]) == 0
        head, row = capfd.readouterr().out.splitlines()
        cells = dict(zip(head.split("\t"), row.split("\t"), strict=True))
        assert (cells["sample_id"], cells["patient_id"]) == ("a\\tb", "P-1")
        assert (
            run_here(["registry", "query", place, "--class", "fusion", "--tumor-type", "胆管癌", "--format", "json"])
            == 0
        )
        assert msgspec.json.decode(capfd.readouterr().out)[0]["sample_id"] == "a\tb"
        assert run_here(["registry", "query", place, "--class", "vus", "--format", "json"]) == 0
        assert msgspec.json.decode(capfd.readouterr().out) == []


class TestDiff:
    def test_since_a_day_tells_who_changed_and_why(self, place: str) -> None:
        untreated = {"extent": "metastatic", "lines": []}
        filled(place, a_result("A"), a_result("B"))
        with open_registry(place) as registry:
            moment = max(row.recorded_at for row in registry.screenings())
            registry.add_screenings([(a_result("A", clinical=untreated),), (a_result("B"),), (a_result("NEW"),)])
            changes = {change.subject: change for change in changes_since(registry, moment[:-1] + "9")}
            assert {change.sample_id for change in changes.values()} == {"A"}
            assert (changes[PEMI].before, changes[PEMI].after) == ("match", "no_match")
            assert changes[PEMI].parts == ("clinical: match -> no_match",)
            assert any("CRITERION_NOT_MET" in reason for reason in changes[PEMI].reasons)
            assert changes[PEMI].cause == "options, clinical facts or programmes changed"
            assert list(changes_since(registry, "2100-01-01")) == []

    def test_between_two_rule_sets(self, place: str) -> None:
        old = later(a_result("A"), rules_sha256="a" * 64, data_release="2020-01-01")
        new = later(a_result("A", tumor_type="COAD"), rules_sha256="b" * 64)
        filled(place, old, new, later(a_result("B"), rules_sha256="a" * 64))
        with open_registry(place) as registry:
            changes = list(changes_between_rules(registry, "aaaa", "bbbb"))
            assert {change.sample_id for change in changes} == {"A"}
            assert all("rules changed (aaaaaaaaaaaa -> bbbbbbbbbbbb)" in change.cause for change in changes)
            with pytest.raises(UsageError, match="no rule set"):
                list(changes_between_rules(registry, "cccc", "bbbb"))
            with pytest.raises(UsageError, match="more than one"):
                list(changes_between_rules(registry, "", "bbbb"))

    def test_wrong_date_is_a_usage_error(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result())
        assert run_here(["registry", "diff", place, "--since", "yesterday"]) == 2
        assert run_here(["registry", "diff", place]) == 2
        capfd.readouterr()
        assert run_here(["registry", "diff", place, "--since", "2026-01-01", "--format", "json"]) == 0
        assert capfd.readouterr().out == "[]\n"


class TestMerge:
    def shards(self, folder: Path) -> list[str]:
        results = gold_results()
        return [
            filled(str(folder / f"shard{number}.sqlite"), *results[number::5], *results[number : number + 2])
            for number in range(5)
        ]

    def test_overlapping_shards_merged_twice_equal_one_run(self, place: str, tmp_path: Path) -> None:
        whole = filled(str(tmp_path / "whole.sqlite"), *gold_results())
        with open_registry(place) as registry:
            for shard in [*self.shards(tmp_path), *self.shards(tmp_path)]:
                with open_registry(shard, read_only=True) as other:
                    assert registry.merge(other).conflicts == ()
            assert verify(registry).problems == ()
        assert [exported(place, table) for table in TABLES] == [exported(whole, table) for table in TABLES]
        with open_registry(place) as one, open_registry(whole) as other:
            assert list(result_lines(one)) == list(result_lines(other))

    def test_newest_screening_counts_whatever_the_order_of_merging(self, tmp_path: Path) -> None:
        old, new = (str(tmp_path / name) for name in ("old.sqlite", "new.sqlite"))
        filled(old, a_result())
        filled(new, other_input(a_result()))
        bodies: list[list[bytes]] = []
        for order in ((old, new), (new, old), (new, old, new)):
            target = str(tmp_path / f"target{len(bodies)}.sqlite")
            with open_registry(target) as registry:
                for shard in order:
                    with open_registry(shard) as other:
                        registry.merge(other)
                bodies.append([row.body for row in registry.screenings()])
        assert bodies == [[other_input(a_result())]] * 3

    def test_conflict_is_reported_with_status_4(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        plain = msgspec.json.decode(a_result())
        plain["programs"][0]["outcome"] = "review"
        target, shard = (str(tmp_path / name) for name in ("target.sqlite", "shard.sqlite"))
        filled(target, a_result())
        filled(shard, msgspec.json.encode(plain))
        assert run_here(["registry", "merge", target, shard]) == 4
        told = capfd.readouterr().err
        assert f"REGISTRY_CONFLICT screening {parse(a_result()).key[:12]}: " in told
        assert "S1" not in told
        with open_registry(target) as registry:
            assert [row.body for row in registry.screenings()] == [a_result()]


class TestExport:
    NASTY = '=HYPERLINK("x")\t+1\n\x1b[31m\u202e'

    def test_tsv_never_splits_a_row(self, place: str) -> None:
        filled(place, a_result(self.NASTY.replace("\n", "\\n")), a_result("ok"))
        lines = exported(place, "screenings").splitlines()
        assert len({line.count("\t") for line in lines[1:]}) == 1
        assert "\\t" in lines[1]
        assert "\\x1b" in lines[1]
        assert "\\u202e" in lines[1]

    def test_excel_cells_are_text(self, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        path = str(tmp_path / "t.xlsx")
        write_excel(path, "events", ["a", "b"], [("=1+1", "1-Mar"), (None, "007"), ("2026-01-01", "1e5")])
        sheet = openpyxl.load_workbook(path).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        assert [cell.value for cell in cells] == ["a", "b", "=1+1", "1-Mar", "007", "2026-01-01", "1e5"]
        assert os.listdir(tmp_path) == ["t.xlsx"]

    def test_excel_goes_on_in_the_next_sheet(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        from fgfr_screen.cohort.registry import export

        monkeypatch.setattr(export, "EXCEL_ROWS", 3)
        write_excel(str(tmp_path / "t.xlsx"), "t", ["n"], [(str(number),) for number in range(5)])
        book = openpyxl.load_workbook(tmp_path / "t.xlsx")
        assert [[row[0].value for row in sheet.iter_rows()] for sheet in book] == [
            ["n", "0", "1"],
            ["n", "2", "3"],
            ["n", "4"],
        ]

    def test_parquet_equals_tsv(self, place: str, tmp_path: Path) -> None:
        parquet = pytest.importorskip("pyarrow.parquet")
        from fgfr_screen.cohort.registry.export import column_names

        filled(place, *gold_results()[:5])
        for table in TABLES:
            with open_registry(place) as registry:
                rows = list(rows_of(registry, table))
            names = column_names(table)
            write_parquet(str(tmp_path / "t.parquet"), names, rows)
            read = parquet.read_table(tmp_path / "t.parquet")
            assert read.column_names == names
            assert [tuple(row.values()) for row in read.to_pylist()] == rows

    @pytest.mark.parametrize("output_format", ["parquet", "xlsx"])
    def test_binary_formats_need_a_file(self, tmp_path: Path, output_format: str) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result())
        assert run_here(["registry", "export", place, "--format", output_format]) == 2
        target = tmp_path / "out"
        assert run_here(["registry", "export", place, "--format", output_format, "-o", str(target)]) == 0
        assert target.stat().st_size > 0

    def test_ndjson_gives_the_results_back(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        indented = msgspec.json.format(a_result("A"), indent=2)
        place = filled(str(tmp_path / "r.sqlite"), indented, a_result("B"))
        assert run_here(["registry", "export", place, "--format", "ndjson"]) == 0
        lines = capfd.readouterr().out.splitlines()
        assert [msgspec.json.decode(line) for line in lines] == [
            msgspec.json.decode(a_result("A")),
            msgspec.json.decode(a_result("B")),
        ]

    def test_add_takes_json_and_ndjson(self, tmp_path: Path, cli: Session) -> None:
        one, many = tmp_path / "one.json", tmp_path / "many.ndjson"
        one.write_bytes(msgspec.json.format(a_result("A"), indent=2) + b"\n")
        many.write_bytes(a_result("B") + b"\n" + a_result("C") + b"\n")
        done = cli("registry", "add", str(tmp_path / "r.sqlite"), str(one), str(many))
        assert (done.returncode, done.stderr.count(b" added")) == (0, 2)
        assert len(asked(str(tmp_path / "r.sqlite"), programs=(PEMI,))) == 3

    def test_nothing_but_what_the_result_holds(self, place: str) -> None:
        filled(place, *gold_results())
        words = set(msgspec.json.decode(b"[" + b",".join(gold_results()) + b"]").__repr__().lower())
        assert set("".join(exported(place, table) for table in TABLES).lower()) - set("\n\t") <= words


class TestVerify:
    def test_whole_registry_has_no_problem(self, place: str) -> None:
        filled(place, *gold_results())
        with open_registry(place, read_only=True) as registry:
            report = verify(registry)
        assert (report.screenings, report.problems) == (len(gold_results()), ())

    @pytest.mark.parametrize(
        "forgery",
        [
            "UPDATE outcome SET clinical = 'match' WHERE program_id = 'CCA_FGFR2_PEMI'",
            "UPDATE outcome SET outcome = 'match' WHERE program_id = 'GC_FGFR2_AMP'",
            "UPDATE event SET alteration_class = 'amplification'",
            "UPDATE input SET sha256 = NULL",
            "UPDATE screening SET result_sha256 = screening_key",
            "UPDATE screening SET patient_id = 'someone'",
            "UPDATE screening SET rules_sha256 = result_sha256",
            "UPDATE screening SET is_current = (1 = 0)",
            "DELETE FROM result",
            "DELETE FROM outcome",
            "DELETE FROM history",
        ],
    )
    def test_every_forged_row_is_found(self, place: str, forgery: str) -> None:
        untreated = {"extent": "metastatic", "lines": []}
        filled(place, a_result(clinical=untreated))
        with open_registry(place) as registry, registry.writing() as connection:
            connection.exec_driver_sql(forgery)
        with open_registry(place) as registry:
            problems = verify(registry).problems
        assert problems
        assert {problem.screening_key for problem in problems} <= {parse(a_result(clinical=untreated)).key}

    def test_rehash_finds_a_changed_input_and_counts_absent_ones(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("tumor.sv.vcf", "report.json"):
            shutil.copy(DEMO / name, tmp_path / name)
        result, place = str(tmp_path / "result.json"), str(tmp_path / "r.sqlite")
        files = [str(tmp_path / name) for name in ("tumor.sv.vcf", "report.json")]
        assert run_here(["screen", *files, "--sample-id", "A", "--format", "json", "-o", result]) == 0
        assert run_here(["registry", "add", place, result]) == 0
        assert run_here(["registry", "verify", place, "--rehash"]) == 0
        assert "2 input files hashed again, 0 no longer there" in capfd.readouterr().out
        with open(files[0], "ab") as stream:
            stream.write(b"\n")
        os.unlink(files[1])
        assert run_here(["registry", "verify", place, "--rehash"]) == 6
        shown = capfd.readouterr()
        assert "REGISTRY_INPUT_CHANGED" in shown.err
        assert "1 input files hashed again, 1 no longer there" in shown.out

    def test_flipped_byte_is_found(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        place = filled(str(tmp_path / "r.sqlite"), *gold_results())
        whole = Path(place).read_bytes()
        with sqlite3.connect(place) as connection:
            (packed,) = connection.execute("SELECT packed FROM result LIMIT 1").fetchone()
        connection.close()
        at = whole.index(packed[:200]) + 100
        Path(place).write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        assert run_here(["registry", "verify", place]) == 6
        assert "REGISTRY_VERIFY" in capfd.readouterr().err

    @pytest.mark.parametrize("page", [1, 2, 3, 5, 8])
    def test_corrupt_page_is_told_and_nothing_is_written(
        self, tmp_path: Path, page: int, capfd: pytest.CaptureFixture[str]
    ) -> None:
        place = filled(str(tmp_path / "r.sqlite"), *gold_results())
        whole = Path(place).read_bytes()
        broken = whole[: page * 4096] + b"\xff" * 4096 + whole[(page + 1) * 4096 :]
        Path(place).write_bytes(broken)
        assert run_here(["registry", "verify", place]) == 6
        assert "REGISTRY_" in capfd.readouterr().err
        assert Path(place).read_bytes() == broken


class TestRefused:
    def refused(self, place: str, **options: Any) -> FgfrScreenError:
        with pytest.raises(FgfrScreenError) as caught, open_registry(place, **options) as registry:
            registry.add_screenings([(a_result(),)])
        return caught.value

    def test_database_of_another_program(self, tmp_path: Path) -> None:
        place = tmp_path / "other.sqlite"
        with sqlite3.connect(place) as connection:
            connection.execute("CREATE TABLE t (x)")
        connection.close()
        before = place.read_bytes()
        error = self.refused(str(place))
        assert (error.code, error.exit_code) == ("REGISTRY_FOREIGN", 3)
        assert place.read_bytes() == before

    @pytest.mark.parametrize("content", [b"this is text, not a database" * 100, b"SQLite format 3\x00" + b"\x01" * 84])
    def test_file_that_is_no_database(self, tmp_path: Path, content: bytes) -> None:
        place = tmp_path / "text.sqlite"
        place.write_bytes(content)
        error = self.refused(str(place))
        assert error.exit_code == 3
        assert place.read_bytes() == content

    def test_newer_registry(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result())
        with sqlite3.connect(place) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        error = self.refused(place)
        assert (error.code, error.exit_code) == ("REGISTRY_NEWER", 3)
        assert run_here(["registry", "query", place]) == 3
        assert "REGISTRY_NEWER" in capfd.readouterr().err

    def test_missing_registry_is_not_made_by_a_question(self, tmp_path: Path) -> None:
        place = str(tmp_path / "none.sqlite")
        assert run_here(["registry", "query", place]) == 3
        assert run_here(["registry", "export", place]) == 3
        assert run_here(["registry", "verify", place]) == 3
        assert run_here(["registry", "rescreen", place]) == 3
        assert run_here(["registry", "rescreen", place, "--apply"]) == 3
        assert os.listdir(tmp_path) == []

    def test_locked_registry(self, tmp_path: Path) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result())
        holder = sqlite3.connect(place, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        error = self.refused(place, wait_seconds=0.1)
        holder.close()
        assert (error.code, error.exit_code) == ("REGISTRY_LOCKED", 5)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_read_only_folder(self, tmp_path: Path) -> None:
        place = filled(str(tmp_path / "r.sqlite"), a_result())
        os.chmod(place, 0o400)
        os.chmod(tmp_path, 0o500)
        try:
            error = self.refused(place)
            assert (error.code, error.exit_code) == ("REGISTRY_READ_ONLY", 5)
            assert len(asked(place, programs=(PEMI,))) == 1
        finally:
            os.chmod(tmp_path, 0o700)

    def test_opened_for_reading_never_writes(self, place: str) -> None:
        filled(place, a_result())
        with open_registry(place, read_only=True) as registry, pytest.raises(OutputError) as caught:
            registry.add_screenings([(a_result("B"),)])
        assert caught.value.code == "REGISTRY_READ_ONLY"

    def test_read_only_transaction_of_the_database_itself(self, place: str) -> None:
        filled(place, a_result())
        registry = open_registry(place, read_only=True)
        registry.read_only = False
        with registry, pytest.raises(OutputError) as caught:
            registry.add_screenings([(a_result("B"),)])
        assert caught.value.code == "REGISTRY_READ_ONLY"

    def test_missing_folder(self, tmp_path: Path) -> None:
        error = self.refused(str(tmp_path / "no" / "r.sqlite"))
        assert (error.code, error.exit_code) == ("REGISTRY_UNREACHABLE", 5)

    def test_full_disk_leaves_what_was_committed(self, tmp_path: Path) -> None:
        place = str(tmp_path / "r.sqlite")
        with open_registry(place) as registry:
            registry.add_screenings([(a_result("A"),)])
            with registry.reading() as connection:
                pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
                connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
            with pytest.raises(OutputError) as caught:
                registry.add_screenings((a_result(f"B{number}"),) for number in range(100))
        assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_FULL", 5)
        with open_registry(place) as registry:
            assert [row.sample_id for row in registry.screenings()] == ["A"]
            assert verify(registry).problems == ()

    def test_disk_of_one_megabyte(self, small_disk: Path) -> None:
        place = filled(str(small_disk / "r.sqlite"), a_result("A"))
        with pytest.raises(OutputError) as caught:
            filled(place, *(a_result(f"B{number}") for number in range(300)))
        assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_FULL", 5)
        with open_registry(place) as registry:
            assert [row.sample_id for row in registry.screenings()] == ["A"]
            assert verify(registry).problems == ()

    def test_read_only_medium_can_be_asked_but_not_written(self, small_disk: Path) -> None:
        place = filled(str(small_disk / "r.sqlite"), a_result("A"))
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        error = self.refused(place)
        assert (error.code, error.exit_code) == ("REGISTRY_READ_ONLY", 5)
        assert len(asked(place, programs=(PEMI,))) == 1
        with open_registry(place, read_only=True) as registry:
            assert verify(registry).problems == ()

    @pytest.mark.parametrize("url", ["mysql://host/db", "oracle://x"])
    def test_other_databases(self, url: str) -> None:
        with pytest.raises(UsageError):
            open_registry(url)


def test_many_screenings_are_read_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fgfr_screen.cohort.registry import _store

    place = filled(str(tmp_path / "r.sqlite"), *(a_result(f"S{number:02d}") for number in range(25)))
    filled(place, *(other_input(a_result(f"S{number:02d}")) for number in range(25)))
    monkeypatch.setattr(_store, "BATCH", 7)
    with open_registry(place) as registry:
        assert [row.sample_id for row in registry.screenings()] == [f"S{number:02d}" for number in range(25)]
        assert len(list(registry.screenings(current_only=False))) == 50
        assert len(list(registry.chronicle())) == 50


def test_rows_of_a_question_are_plain_values(tmp_path: Path) -> None:
    place = filled(str(tmp_path / "r.sqlite"), a_result())
    rows: list[Row] = list(run(place, Query(programs=(PEMI,))))
    assert all(value is None or isinstance(value, str) for row in rows for value in row)
