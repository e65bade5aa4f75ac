"""The same cohort on a real Dask scheduler with real workers on loopback; killed in the middle, nothing is lost or doubled."""

import contextlib
import importlib.util
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgfr_screen.errors import OutputError, UsageError
from tests.cohort.cohorts import a_cohort, batch, command, errors, ids, poisoned, written
from tests.conftest import ROOT

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed (pip install .[cluster])"
)


class Cluster:
    """A scheduler and workers as processes of their own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder = folder
        self._env = {**os.environ, "PYTHONPATH": str(ROOT), **env}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with open(self._folder / "dask.log", "ab") as log:
            line = [sys.executable, "-m", "dask", *arguments]
            return subprocess.Popen(
                line, stdout=log, stderr=log, env=self._env, cwd=self._folder, start_new_session=True
            )

    def start_scheduler(self) -> None:
        where = ("--host", "127.0.0.1", "--port", str(self.port))
        self.scheduler = self._start("scheduler", *where, "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        pytest.fail("the scheduler does not start: " + (self._folder / "dask.log").read_text())

    def add_worker(self) -> None:
        self.workers.append(self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"))

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "dask").mkdir()
    running = Cluster(tmp_path / "dask", poisoned(tmp_path / "site"))
    running.add_worker()
    yield running
    running.stop()


def a_slow_cohort(folder: Path) -> Path:
    """Return samples of which some take their time."""
    return a_cohort(folder, 40, names=tuple(f"slow0.4{n}" for n in range(10)))


def wait_for_rows(out: Path, child: "subprocess.Popen[bytes]") -> None:
    """Wait until the run is under way: the first answers are kept and others are not."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.05)
        with (
            contextlib.suppress(sqlite3.Error),
            sqlite3.connect(f"file:{out}/ledger.sqlite?mode=ro", uri=True) as ledger,
        ):
            if ledger.execute("SELECT count(*) FROM answer").fetchone()[0]:
                break
    assert child.poll() is None, "the run is over before anything was killed"


@needs_dask
def test_cluster_gives_the_bytes_of_one_machine_and_isolates_poison(tmp_path: Path, cluster: Cluster) -> None:
    manifest = a_cohort(tmp_path / "in", 20, names=("kill-A",))
    env = poisoned(tmp_path / "site")
    done = batch(manifest, tmp_path / "cluster", "--scheduler", cluster.address, env=env)
    assert done.returncode == 4, done.stderr
    assert errors(tmp_path / "cluster") == {"kill-A": "WORKER_DIED"}
    batch(manifest, tmp_path / "local", "--workers", "2", env=env)
    assert written(tmp_path / "cluster") == written(tmp_path / "local")


@needs_dask
def test_worker_killed_in_the_middle_and_replaced_loses_and_doubles_nothing(tmp_path: Path, cluster: Cluster) -> None:
    cluster.add_worker()
    manifest, out = a_slow_cohort(tmp_path / "in"), tmp_path / "out"
    env = {**os.environ, **poisoned(tmp_path / "site")}
    child = subprocess.Popen(command(manifest, out, "--scheduler", cluster.address), cwd=ROOT, env=env)
    wait_for_rows(out, child)
    os.killpg(cluster.workers[0].pid, signal.SIGKILL)
    cluster.add_worker()
    assert child.wait(timeout=90) == 0
    assert len(ids(out)) == len(set(ids(out))) == 50


@needs_dask
def test_scheduler_killed_in_the_middle_and_run_again_loses_and_doubles_nothing(
    tmp_path: Path, cluster: Cluster
) -> None:
    manifest, out = a_slow_cohort(tmp_path / "in"), tmp_path / "out"
    env = {**os.environ, **poisoned(tmp_path / "site")}
    line = command(manifest, out, "--scheduler", cluster.address)
    child = subprocess.Popen(line, cwd=ROOT, env=env, stderr=subprocess.PIPE)
    wait_for_rows(out, child)
    os.killpg(cluster.scheduler.pid, signal.SIGKILL)
    _, told = child.communicate(timeout=90)
    assert child.returncode == 5, told.decode()
    assert b"CLUSTER_LOST" in told
    cluster.stop()
    cluster.start_scheduler()
    cluster.add_worker()
    assert batch(manifest, out, "--scheduler", cluster.address, env=poisoned(tmp_path / "site")).returncode == 0
    assert len(ids(out)) == len(set(ids(out))) == 50


@needs_dask
@pytest.mark.parametrize("fault", [OSError("connection reset"), TimeoutError()])
def test_scheduler_that_no_longer_answers_is_told_as_lost(monkeypatch: pytest.MonkeyPatch, fault: OSError) -> None:
    from fgfr_screen.cohort import cluster
    from fgfr_screen.cohort.worker import Settings

    monkeypatch.setattr(cluster, "_client", lambda *_: ClientThatFails(fault))
    with pytest.raises(OutputError) as caught:
        cluster.run_on_cluster("tcp://127.0.0.1:9", Settings(), iter(()), 0, lambda _: None, lambda: None)
    assert caught.value.code == "CLUSTER_LOST"


class ClientThatFails:
    """A Dask client whose scheduler is gone."""

    scheduler = None

    def __init__(self, fault: OSError) -> None:
        self._fault = fault

    def nthreads(self) -> dict[str, int]:
        raise self._fault

    def as_current(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def close(self, timeout: float) -> None:
        assert timeout > 0


@needs_dask
def test_no_scheduler_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fgfr_screen.cohort import cluster
    from fgfr_screen.cohort.worker import Settings

    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError) as caught:
        cluster.run_on_cluster("tcp://127.0.0.1:9", Settings(), iter(()), 0, lambda _: None, lambda: None)
    assert caught.value.code == "CLUSTER_UNREACHABLE"


def test_missing_dask_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from fgfr_screen.cohort import cluster
    from fgfr_screen.cohort.worker import Settings

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="needs Dask") as caught:
        cluster.run_on_cluster("tcp://127.0.0.1:9", Settings(), iter(()), 0, lambda _: None, lambda: None)
    assert "cluster" in caught.value.remedy
