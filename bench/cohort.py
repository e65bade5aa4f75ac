"""A generated cohort through `fgfr-screen batch`: exactness, time, memory, and how the cost grows with the samples.

Usage: `python -m bench.cohort [--samples N] [--workers N] [--folder DIR]`, or `--routes N` for the same cohort over four routes.
Runs the first 1,000, 3,000, 10,000, ... samples and then all of them, each into an empty folder, and prints Markdown: every
sample must be a result or an error row with the planted code, by id and in order. The reference reads and decodes the same
files without us on as many processes, before and after the largest run: PyVCF3 for VCF, `csv` for BEDPE, `json` for reports.
"""

import argparse
import csv
import json
import math
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from bench.cohort_files import ROOT, SOME_FAILED_STATUS, Cohort, batch_command
from bench.paired import table

SIZES = (1_000, 3_000, 10_000, 30_000)
REFERENCE_CHUNK = 128
WATCH_SECONDS = 0.5
START_UP_SAMPLES = 20
"""Enough for every worker to be started."""


class Look(NamedTuple):
    """Memory at one moment: samples answered by then, MB of the supervisor, MB by process id of a worker."""

    done: int
    supervisor: float
    workers: dict[int, float]


class Run(NamedTuple):
    """One finished batch. Seconds of all its processes; `verdict` is "exact" or what differs from what was planted."""

    samples: int
    status: int
    wall: float
    cpu: float
    looks: list[Look]
    verdict: str


class Pace(NamedTuple):
    """Seconds per sample."""

    wall: float
    cpu: float


# --------------------------------------------------------------------------------------------------------- reference


def decode_only(paths: list[str]) -> float:
    """Read and decode files without us; returns the processor seconds."""
    import vcf as pyvcf

    start = time.process_time()
    for path in paths:
        try:
            if ".vcf" in path:
                for _ in pyvcf.Reader(filename=path):
                    pass
            elif path.endswith(".bedpe"):
                with open(path, encoding="utf-8", newline="") as stream:
                    list(csv.reader(stream, delimiter="\t"))
            else:
                with open(path, encoding="utf-8") as stream:
                    json.load(stream)
        except Exception:  # noqa: BLE001 - broken on purpose
            continue
    return time.process_time() - start


def reference(paths: list[str], workers: int) -> Pace:
    """Time `decode_only` over all files."""
    chunks = [paths[at : at + REFERENCE_CHUNK] for at in range(0, len(paths), REFERENCE_CHUNK)]
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(decode_only, chunks[:workers]))  # starts the processes and loads PyVCF3
        start = time.perf_counter()
        cpu = sum(pool.map(decode_only, chunks))
        return Pace((time.perf_counter() - start) / len(paths), cpu / len(paths))


# --------------------------------------------------------------------------------------------------------- one batch


class Watch(threading.Thread):
    """Looks at the memory of a running batch and at how far it is."""

    def __init__(self, pid: int, ledger: Path) -> None:
        super().__init__(daemon=True)
        self.looks: list[Look] = []
        self._pid = pid
        self._ledger = ledger
        self._over = threading.Event()

    def run(self) -> None:
        """Look until told to end."""
        while not self._over.wait(WATCH_SECONDS):
            try:
                children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text("ascii").split()
                workers = {int(pid): _rss_mb(int(pid)) for pid in children}
                self.looks.append(Look(_answered(self._ledger), _rss_mb(self._pid), workers))
            except (OSError, sqlite3.Error):
                continue  # a process ended, or the ledger is not there yet

    def end(self) -> list[Look]:
        """Stop, and return what was seen."""
        self._over.set()
        self.join()
        return self.looks


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _answered(ledger: Path) -> int:
    database = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    try:
        return int(database.execute("SELECT ifnull(max(rowid), 0) FROM answer").fetchone()[0])
    finally:
        database.close()


def batch(cohort: Cohort, samples: int, workers: int) -> Run:
    """Screen the first samples of a cohort into an empty folder, compare with what was planted, and remove the folder."""
    manifest, out = cohort.manifest(samples), cohort.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    command = batch_command(manifest, out, "--workers", str(workers))
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    watch = Watch(child.pid, out / "ledger.sqlite")
    watch.start()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    looks = watch.end()
    verdict = differences(out, list(cohort.expected.items())[:samples])
    shutil.rmtree(out)
    return Run(samples, child.returncode, wall, usage.ru_utime + usage.ru_stime, looks, verdict)


def differences(out: Path, expected: Sequence[tuple[str, str | None]]) -> str:
    """Compare results and errors with what was planted, by id and in order; returns "exact" or what differs."""
    results = [sample for sample, code in expected if code is None]
    errors = [(sample, code) for sample, code in expected if code is not None]
    with open(out / "errors.tsv", encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found_errors = [(row["sample_id"], row["code"]) for row in rows]
    found_results = list(result_ids(out / "results.ndjson"))
    if (found_results, found_errors) == (results, errors):
        return "exact"
    missing, strange = set(errors) - set(found_errors), set(found_errors) - set(errors)
    return f"{len(found_results)} of {len(results)} results; errors missing {missing}, not planted {strange}"


def result_ids(path: Path) -> Iterator[str]:
    """Yield the sample of every line of results; each line is read as JSON as a whole."""
    import msgspec

    with open(path, "rb") as stream:
        for line in stream:
            yield msgspec.json.decode(line)["sample"]["sample_id"]


# ------------------------------------------------------------------------------------------------------------ tables


def runs_table(runs: Sequence[Run], base: Pace) -> str:
    """Return one row per run; ratios are to the reference, start-up included."""
    head = ("samples", "exit", "outcome", "wall s", "ms a sample", "CPU ms a sample", "wall ratio", "CPU ratio")
    return table(
        head,
        (
            (
                f"{run.samples:,}",
                run.status,
                run.verdict,
                f"{run.wall:.1f}",
                f"{1000 * run.wall / run.samples:.2f}",
                f"{1000 * run.cpu / run.samples:.2f}",
                f"{run.wall / run.samples / base.wall:.2f}",
                f"{run.cpu / run.samples / base.cpu:.2f}",
            )
            for run in runs
        ),
    )


def growth(runs: Sequence[Run], start_up: Run) -> str:
    """Say how the cost grows: a straight line, and the exponent of a power law once start-up is taken off."""
    told = []
    for name in ("wall", "cpu"):
        sizes = [run.samples for run in runs]
        seconds = [float(getattr(run, name)) for run in runs]
        line = statistics.linear_regression(sizes, seconds)
        net = [max(value - float(getattr(start_up, name)), 1e-9) for value in seconds]
        power = statistics.linear_regression([math.log(n) for n in sizes], [math.log(value) for value in net])
        told.append(
            f"{name} = {line.intercept:.1f} s + {1000 * line.slope:.3f} ms x samples, exponent {power.slope:.3f}"
        )
    return "; ".join(told)


def memory_table(run: Run, marks: Sequence[int]) -> str:
    """Return the memory when so many samples were answered."""
    rows = []
    for mark in marks:
        look = next((look for look in run.looks if look.done >= mark), None)
        if look is not None and look.workers:
            rows.append((f"{look.done:,}", f"{max(look.workers.values()):.1f}", f"{look.supervisor:.1f}"))
    return table(("answered", "largest worker MB", "supervisor MB"), rows)


def memory_slope(run: Run, first: int) -> str:
    """Say how much memory a worker takes at most, and how it grows from sample `first` to the last (straight line)."""
    late = [look for look in run.looks if look.done >= first]
    slopes = [0.0]
    for pid in {pid for look in late for pid in look.workers}:
        seen = [(look.done, look.workers[pid]) for look in late if pid in look.workers]
        if len({done for done, _ in seen}) > 1:
            slopes.append(statistics.linear_regression(*zip(*seen, strict=True)).slope)
    peak = max((megabytes for look in run.looks for megabytes in look.workers.values()), default=0.0)
    supervisor = max((look.supervisor for look in run.looks), default=0.0)
    grown = max(slopes) * (run.samples - first)
    return (
        f"worker at most {peak:.0f} MB, supervisor at most {supervisor:.0f} MB; "
        f"a worker grows by {grown:.1f} MB from sample {first:,} to {run.samples:,}"
    )


def proof(folder: Path, samples: int, workers: int) -> bool:
    """Generate, run, compare, print; False when a sample did not become what was planted."""
    start = time.perf_counter()
    cohort = Cohort(folder, samples)
    made = time.perf_counter() - start
    start_up = batch(cohort, START_UP_SAMPLES, workers)
    runs = [batch(cohort, size, workers) for size in SIZES if size < samples]
    before = reference(cohort.files, workers)
    runs.append(batch(cohort, samples, workers))
    after = reference(cohort.files, workers)
    base = Pace((before.wall + after.wall) / 2, (before.cpu + after.cpu) / 2)
    largest = runs[-1]
    failed = sum(code is not None for code in cohort.expected.values())
    print(
        f"{samples:,} samples, {failed:,} of them broken; {workers} workers; Python {platform.python_version()}, ",
        end="",
    )
    print(f"{platform.system()} {platform.machine()}; files made in {made:.0f} s\n")
    print(runs_table(runs, base))
    print(f"Reference: {1000 * base.wall:.3f} ms wall and {1000 * base.cpu:.3f} ms CPU a sample.")
    print(f"Start-up ({START_UP_SAMPLES} samples): {start_up.wall:.2f} s wall, {start_up.cpu:.2f} s CPU.")
    if len(runs) > 1:
        print(f"Growth: {growth(runs, start_up)}.")
    print(f"Memory: {memory_slope(largest, samples // 10)}.\n")
    print(memory_table(largest, [1, *(size for size in SIZES if size < samples), int(0.99 * samples)]))
    wanted = SOME_FAILED_STATUS if failed else 0
    return largest.status == wanted and all(run.verdict == "exact" for run in runs)


def main() -> None:
    """Run the proof, or the same cohort over four routes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where files and results go; default: a temporary folder")
    parser.add_argument("--routes", type=int, metavar="N", help="N samples serially, with workers, on Dask, in shards")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if chosen.routes is not None:
            from bench.cohort_routes import compare_routes

            is_right = compare_routes(folder, chosen.routes)
        else:
            is_right = proof(folder, chosen.samples, chosen.workers)
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
