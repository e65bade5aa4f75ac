"""The thread behind the workers: what it writes, when, and how its faults reach the run."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgfr_screen.cohort.ledger import Ledger
from fgfr_screen.cohort.registry import open_registry
from fgfr_screen.cohort.writer import Writer
from fgfr_screen.errors import FgfrScreenError
from tests.cohort.cohorts import a_cohort, batch
from tests.cohort.test_ledger import RUN, a_row, an_answer

SAMPLES = 4


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(str(tmp_path / "out")) as opened:
        opened.plan([a_row(tmp_path, n) for n in range(SAMPLES)], RUN)
        yield opened


def writer_of(ledger: Ledger, tmp_path: Path) -> Writer:
    return Writer(ledger, str(tmp_path / "out"), str(tmp_path / "r.sqlite"))


def commit(ledger: Ledger, tmp_path: Path, *numbers: int) -> None:
    keys = dict(enumerate(key for key, _ in ledger.pending()))
    ledger.commit([an_answer(keys[n], tmp_path / f"f{n}") for n in numbers])


def stored(tmp_path: Path) -> list[str]:
    with open_registry(str(tmp_path / "r.sqlite"), read_only=True) as registry:
        return [one.sample_id for one in registry.screenings()]


def tell_for(seconds: float, writer: Writer) -> None:
    """Tell of more answers again and again, as a run does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        writer.go_on()
        time.sleep(0.01)


def threads() -> int:
    return sum(thread.name == "writer" for thread in threading.enumerate())


def test_answers_in_any_order_are_written_in_manifest_order(ledger: Ledger, tmp_path: Path) -> None:
    pending = [key for key, _ in ledger.pending()]
    with writer_of(ledger, tmp_path) as writer:
        for number in (2, 0, 3, 1):
            ledger.commit([an_answer(pending[number], tmp_path / f"f{number}")])
            writer.go_on()
        writer.finish()
    assert (tmp_path / "out/results.ndjson").read_bytes() == b"{}\n" * SAMPLES
    assert (tmp_path / "out/summary.tsv").read_bytes().splitlines()[1:] == [b"line"] * SAMPLES
    assert stored(tmp_path) == [f"f{n}" for n in range(SAMPLES)]
    assert threads() == 0


def test_run_that_ends_early_leaves_older_files_and_no_thread(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "out/results.ndjson").write_text("older")
    commit(ledger, tmp_path, 0, 1)
    with writer_of(ledger, tmp_path) as writer:
        writer.go_on()
    assert (tmp_path / "out/results.ndjson").read_text() == "older"
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.endswith(".new")] == []
    assert threads() == 0


def test_registry_that_cannot_be_used_is_told_at_the_next_answers(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "r.sqlite").write_text("this is a note " * 100)
    commit(ledger, tmp_path, 0)
    with pytest.raises(FgfrScreenError) as caught, writer_of(ledger, tmp_path) as writer:
        tell_for(20, writer)
    assert caught.value.code == "REGISTRY_FOREIGN"
    assert not (tmp_path / "out/results.ndjson").exists()


def test_damaged_answer_is_told_at_the_end(ledger: Ledger, tmp_path: Path) -> None:
    commit(ledger, tmp_path, *range(SAMPLES))
    with sqlite3.connect(ledger.path) as database:
        database.execute("UPDATE answer SET packed = x'00'")
    database.close()
    with pytest.raises(FgfrScreenError) as caught, writer_of(ledger, tmp_path) as writer:
        writer.finish()
    assert caught.value.code == "LEDGER_DAMAGED"
    assert not (tmp_path / "out/results.ndjson").exists()


def test_result_that_the_registry_has_with_another_answer_is_told_by_its_sample(tmp_path: Path) -> None:
    manifest, registry = a_cohort(tmp_path / "in", 3), str(tmp_path / "r.sqlite")
    first = batch(manifest, tmp_path / "one", "--registry", registry)
    assert (first.returncode, "REGISTRY_CONFLICT" in first.stderr) == (0, False)
    with sqlite3.connect(registry) as database:
        database.execute("UPDATE screening SET answer_sha256 = ? WHERE sample_id = 'S1'", ("0" * 64,))
    database.close()
    again = batch(manifest, tmp_path / "two", "--registry", registry)
    assert again.returncode == 4
    assert "WARNING REGISTRY_CONFLICT 1 results differ" in again.stderr
    header, *rows = (tmp_path / "two/errors.tsv").read_text().splitlines()
    (told,) = [dict(zip(header.split("\t"), row.split("\t"), strict=True)) for row in rows]
    assert (told["sample_id"], told["manifest_line"], told["code"]) == ("S1", "", "REGISTRY_CONFLICT")
    assert len((tmp_path / "two/results.ndjson").read_bytes().splitlines()) == 3
