"""Kill a batch at random moments, go on, and compare with an undisturbed run.

Usage: `python -m bench.kills [--kills 20] [--samples 2000]`. Each round kills one worker, the supervisor, or the whole group; the
run is started again until it ends by itself. Results, tables and the sorted rows of the registry must be those of a run
that nobody disturbed.
"""

import argparse
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.cohort_files import ROOT, SEED, Cohort

WHOM = ("worker", "supervisor", "all")


def start(manifest: Path, out: Path) -> "subprocess.Popen[bytes]":
    """Start a run in a process group of its own."""
    command = [sys.executable, "-m", "fgfr_screen", "batch", str(manifest), "--out", str(out), "--workers", "2"]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)


def kill(child: "subprocess.Popen[bytes]", whom: str) -> None:
    """Kill as asked; a run that is over is left alone."""
    try:
        if whom == "all":
            os.killpg(child.pid, signal.SIGKILL)
            return
        listed = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text("ascii").split()
        if whom == "supervisor" or not listed:
            os.kill(child.pid, signal.SIGKILL)
        else:
            os.kill(int(random.choice(listed)), signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError):
        return


def registry_dump(path: Path) -> str:
    """Return a digest over the sorted rows of every table, without row numbers and the moments of adding."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = []
    for table in ("screening", "result", "input", "event", "outcome", "history"):
        columns = [c[1] for c in database.execute(f"PRAGMA table_info({table})")]
        kept = [f"t.{name}" for name in columns if name not in {"id", "screening_id", "recorded_at"}]
        own = "id" if table == "screening" else "screening_id"
        query = f"SELECT {', '.join(['s.screening_key', *kept])} FROM {table} t JOIN screening s ON s.id = t.{own}"
        rows += [f"{table} {row}" for row in database.execute(query)]
    database.close()
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def dump(out: Path) -> dict[str, str]:
    """Return digests of all that a run leaves."""
    names = ("results.ndjson", "summary.tsv", "errors.tsv")
    digests = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}
    return {**digests, "registry": registry_dump(out / "registry.sqlite")}


def main() -> None:
    """Run undisturbed, run with kills, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--samples", type=int, default=2000)
    chosen = parser.parse_args()
    random.seed(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        manifest = Cohort(folder, chosen.samples).manifest(chosen.samples)
        begun = time.perf_counter()
        status = start(manifest, folder / "whole").wait()
        seconds = time.perf_counter() - begun
        wanted, done, runs = dump(folder / "whole"), 0, 0
        while done < chosen.kills:
            out = folder / f"out{runs}"
            runs += 1
            done += disturbed(manifest, out, chosen.kills - done, seconds, status)
            found = dump(out)
            if found != wanted:
                print(f"DIFFERS after {done} kills: {[name for name in wanted if found[name] != wanted[name]]}")
                sys.exit(1)
        print(
            f"{done} kills in {runs} runs of {chosen.samples} samples: files and registry equal the undisturbed run's"
        )


def disturbed(manifest: Path, out: Path, kills: int, seconds: float, status: int) -> int:
    """Run to the end with some kills on the way; returns how many there were."""
    done = 0
    while True:
        child = start(manifest, out)
        try:
            while done < kills:
                child.wait(timeout=random.uniform(0.05, 0.6) * seconds)
                break
        except subprocess.TimeoutExpired:
            kill(child, WHOM[done % len(WHOM)])
            done += 1
        if child.wait() == status:
            return done


if __name__ == "__main__":
    main()
