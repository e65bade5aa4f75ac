"""The ledger: what is kept, what counts again, who may write, and what happens to a damaged file."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from fgfr_screen.cohort.ledger import APPLICATION_ID, FILE_NAME, Ledger
from fgfr_screen.cohort.manifest import Row, SampleError, SampleFile, SampleSpec
from fgfr_screen.cohort.output import Failed, Outcome, Succeeded
from fgfr_screen.cohort.registry import _rows
from fgfr_screen.cohort.worker import Answer, Stamp, packed_stamps
from fgfr_screen.errors import FgfrScreenError, InputError, OutputError
from fgfr_screen.model import SampleIdentity
from tests.cohort.conftest import demo_report

RUN = b"run"


def a_row(folder: Path, number: int, name: str | None = None, file: str | None = None) -> Row:
    path = folder / (file or f"f{number}")
    if not path.exists():
        path.write_text(f"content {number}")
    spec = SampleSpec(sample_id=name or f"S{number}", files=(SampleFile(name=path.name, path=str(path)),))
    return Row(line=number + 2, spec=spec)


def an_answer(key: bytes, path: Path, *, failed: bool = False) -> Answer:
    now = path.stat()
    stamp = Stamp(str(path), now.st_size, now.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
    stamps = packed_stamps((stamp,))
    if failed:
        return Answer(key, stamps, error=SampleError(code="X", message="x"))
    sample = SampleIdentity(sample_id=path.name, patient_id=None, tumor_type=None)
    ready = _rows.ready(structs.replace(demo_report(), sample=sample), b"{}", "")
    return Answer(key, stamps, ready, b"line\n")


def taken(ledger: Ledger) -> list[Outcome]:
    with ledger.outcomes() as outcomes:
        return outcomes.take()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(str(tmp_path / "out")) as opened:
        yield opened


def answer_all(ledger: Ledger, folder: Path, count: int) -> None:
    answers = [an_answer(key, folder / f"f{n}") for n, (key, _) in zip(range(count), ledger.pending(), strict=False)]
    ledger.commit(answers)


def test_answered_samples_are_not_pending_again(ledger: Ledger, tmp_path: Path) -> None:
    rows = [a_row(tmp_path, n) for n in range(3)]
    ledger.plan(rows, RUN)
    answer_all(ledger, tmp_path, 2)
    ledger.plan(rows, RUN)
    assert (ledger.progress().done, len(list(ledger.pending()))) == (2, 1)


def test_another_run_digest_makes_all_pending(ledger: Ledger, tmp_path: Path) -> None:
    rows = [a_row(tmp_path, n) for n in range(3)]
    ledger.plan(rows, RUN)
    answer_all(ledger, tmp_path, 3)
    ledger.plan(rows, b"other rules")
    assert ledger.progress().done == 0


def test_changed_bytes_count_and_a_touched_file_does_not(ledger: Ledger, tmp_path: Path) -> None:
    rows = [a_row(tmp_path, n) for n in range(3)]
    ledger.plan(rows, RUN)
    answer_all(ledger, tmp_path, 3)
    os.utime(tmp_path / "f0", (1, 1))
    (tmp_path / "f1").write_text("other content")
    (tmp_path / "f2").unlink()
    ledger.plan(rows, RUN)
    assert ledger.progress().done == 1


def test_failed_samples_are_kept_unless_they_shall_be_tried_again(ledger: Ledger, tmp_path: Path) -> None:
    rows = [a_row(tmp_path, 0)]
    ledger.plan(rows, RUN)
    ledger.commit([an_answer(key, tmp_path / "f0", failed=True) for key, _ in ledger.pending()])
    ledger.plan(rows, RUN)
    assert ledger.progress().failed == 1
    ledger.plan(rows, RUN, again=True)
    assert ledger.progress().done == 0


def test_all_rows_of_one_id_are_refused_with_their_lines(ledger: Ledger, tmp_path: Path) -> None:
    names = ["A\u030a1", "\u00e51", "B", " b ", "C"]
    ledger.plan([a_row(tmp_path, n, name) for n, name in enumerate(names)], RUN)
    found = {one.line: one.error for one in taken(ledger) if isinstance(one, Failed)}
    assert {line: error.code for line, error in found.items()} == dict.fromkeys((2, 3, 4, 5), "DUPLICATE_SAMPLE_ID")
    assert "lines 2, 3 " in found[2].message
    assert "lines 4, 5 " in found[4].message
    assert len(list(ledger.pending())) == 1


def test_one_file_under_two_ids_is_told_to_both(ledger: Ledger, tmp_path: Path) -> None:
    shared = a_row(tmp_path, 0)
    (tmp_path / "hard").hardlink_to(tmp_path / "f0")
    (tmp_path / "soft").symlink_to(tmp_path / "f0")
    rows = [shared, a_row(tmp_path, 1, file="hard"), a_row(tmp_path, 2, file="soft"), a_row(tmp_path, 3)]
    ledger.plan(rows, RUN)
    specs = [msgspec.msgpack.decode(packed, type=SampleSpec) for _, packed in ledger.pending()]
    assert [spec.same_file_as for spec in specs] == [("S1", "S2"), ("S0", "S2"), ("S0", "S1"), ()]


def test_shards_share_the_work_without_rest(tmp_path: Path) -> None:
    rows = [a_row(tmp_path, n) for n in range(7)]
    found: list[bytes] = []
    for number in (1, 2, 3):
        with Ledger(str(tmp_path / f"out{number}"), (number, 3)) as ledger:
            ledger.plan(rows, RUN)
            found += [key for key, _ in ledger.pending()]
    assert len(set(found)) == len(found) == 7


def test_answers_of_samples_that_are_gone_are_forgotten(ledger: Ledger, tmp_path: Path) -> None:
    rows = [a_row(tmp_path, n) for n in range(3)]
    ledger.plan(rows, RUN)
    answer_all(ledger, tmp_path, 3)
    ledger.plan(rows[:1], RUN)
    ledger.forget_others()
    ledger.plan(rows, RUN)
    assert ledger.progress().done == 1


def test_outcomes_come_in_order_and_stop_before_the_first_sample_without_answer(ledger: Ledger, tmp_path: Path) -> None:
    ledger.plan([a_row(tmp_path, n) for n in range(5)], RUN)
    keys = [key for key, _ in ledger.pending()]
    with ledger.outcomes() as outcomes:
        seen: list[list[str]] = []
        for numbers in ((1, 3), (0,), (4, 2)):
            ledger.commit([an_answer(keys[n], tmp_path / f"f{n}", failed=n == 3) for n in numbers])
            seen.append([a_name(one) for one in outcomes.take()])
        assert seen == [[], ["f0", "f1"], ["f2", "S3", "f4"]]
        assert outcomes.take() == []


def a_name(outcome: Outcome) -> str:
    return outcome.sample_id if isinstance(outcome, Failed) else outcome.rows.sample_id


def test_long_list_of_outcomes_comes_page_by_page(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fgfr_screen.cohort import ledger as module

    monkeypatch.setattr(module, "_PAGE_ROWS", 2)
    ledger.plan([a_row(tmp_path, n) for n in range(5)], RUN)
    answer_all(ledger, tmp_path, 5)
    with ledger.outcomes() as outcomes:
        assert [len(outcomes.take()) for _ in range(4)] == [2, 2, 1, 0]


def test_result_is_given_back_as_it_was_made(ledger: Ledger, tmp_path: Path) -> None:
    ledger.plan([a_row(tmp_path, 0)], RUN)
    answer_all(ledger, tmp_path, 1)
    (found,) = taken(ledger)
    assert isinstance(found, Succeeded)
    assert (found.body, found.summary, found.rows.sample_id) == (b"{}", b"line\n", "f0")


@pytest.mark.parametrize("column", ["packed", "rows"])
def test_damaged_answer_is_told_not_written(ledger: Ledger, tmp_path: Path, column: str) -> None:
    ledger.plan([a_row(tmp_path, 0)], RUN)
    answer_all(ledger, tmp_path, 1)
    with sqlite3.connect(ledger.path) as database:
        database.execute(f"UPDATE answer SET {column} = x'0001'")
    database.close()
    with pytest.raises(InputError) as caught:
        taken(ledger)
    assert (caught.value.code, caught.value.path) == ("LEDGER_DAMAGED", ledger.path)


def test_answers_of_an_older_release_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE answer (key BLOB PRIMARY KEY, body BLOB)")
        database.execute("INSERT INTO answer VALUES (x'00', x'00')")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("PRAGMA user_version = 1")
    database.close()
    with Ledger(str(tmp_path)) as ledger:
        ledger.plan([a_row(tmp_path, 0)], RUN)
        answer_all(ledger, tmp_path, 1)
        assert len(taken(ledger)) == 1


def test_second_run_is_told_the_pid_of_the_first(ledger: Ledger, tmp_path: Path) -> None:
    code = f"from fgfr_screen.cohort.ledger import Ledger\nLedger({str(tmp_path / 'out')!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"locked by pid {os.getpid()}" in done.stderr
    with pytest.raises(OutputError) as caught:
        Ledger(str(tmp_path / "out"))
    assert (caught.value.code, caught.value.exit_code) == ("LEDGER_LOCKED", 5)


def test_lock_of_a_dead_process_does_not_hold(tmp_path: Path) -> None:
    code = f"import os\nfrom fgfr_screen.cohort.ledger import Ledger\nl = Ledger({str(tmp_path)!r})\nos.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False)
    Ledger(str(tmp_path)).__exit__()


def make_newer(path: Path) -> None:
    Ledger(str(path.parent)).__exit__()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE theirs (x)")
    database.close()


def make_damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


def make_text(path: Path) -> None:
    path.write_text("this is a note " * 100)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_newer, "LEDGER_VERSION"),
        (make_foreign, "LEDGER_FOREIGN"),
        (make_damaged, "LEDGER_DAMAGED"),
        (make_text, "LEDGER_DAMAGED"),
    ],
    ids=["newer", "foreign", "damaged", "text"],
)
def test_file_that_is_no_ledger_of_ours_is_refused_and_left_alone(tmp_path: Path, make: object, code: str) -> None:
    path = tmp_path / FILE_NAME
    assert callable(make)
    make(path)
    before = path.read_bytes()
    with pytest.raises(InputError) as caught:
        Ledger(str(tmp_path))
    assert caught.value.code == code
    assert caught.value.remedy
    assert path.read_bytes() == before


def test_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FgfrScreenError) as caught:
        Ledger(str(tmp_path / "file" / "out"))
    assert caught.value.exit_code == 5
