"""The same cohort serially, with two workers, on a local Dask cluster and in five merged shards: equal files and exports.

The cluster is real: `dask scheduler` and `dask worker` processes on 127.0.0.1. Each part is told as the sha256 of its sorted
lines.
"""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.cohort_files import ROOT, SOME_FAILED_STATUS, Cohort, batch_command
from bench.paired import table

SHARDS = 5
DASK_WORKERS = 2
START_SECONDS = 30
TABLES = ("screenings", "programs", "events", "inputs")
FILES = ("results.ndjson", "summary.tsv", "errors.tsv")


def batch(manifest: Path, out: Path, *arguments: str) -> None:
    """Run a batch to its end; a shard may hold none of the broken samples."""
    done = subprocess.run(batch_command(manifest, out, *arguments), cwd=ROOT, check=False, capture_output=True)
    if done.returncode not in {0, SOME_FAILED_STATUS}:
        raise RuntimeError(f"status {done.returncode}: {done.stderr.decode()}")


def serially(manifest: Path, folder: Path) -> list[Path]:
    """Screen with one worker."""
    batch(manifest, folder, "--workers", "1")
    return [folder]


def with_workers(manifest: Path, folder: Path) -> list[Path]:
    """Screen with two workers."""
    batch(manifest, folder, "--workers", "2")
    return [folder]


def on_dask(manifest: Path, folder: Path) -> list[Path]:
    """Screen on a Dask cluster of this machine."""
    folder.mkdir()
    with dask_cluster(folder) as address:
        batch(manifest, folder, "--scheduler", address)
    return [folder]


def in_shards(manifest: Path, folder: Path) -> list[Path]:
    """Screen in five runs and merge their registries; returns the folders of the runs."""
    parts = [folder / str(number) for number in range(1, SHARDS + 1)]
    for number, part in enumerate(parts, start=1):
        batch(manifest, part, "--shard", f"{number}/{SHARDS}", "--workers", "1")
    registries = [str(part / "registry.sqlite") for part in parts]
    run("registry", "merge", str(folder / "registry.sqlite"), *registries)
    return parts


ROUTES: dict[str, Callable[[Path, Path], list[Path]]] = {
    "serial": serially,
    "2 workers": with_workers,
    "Dask cluster": on_dask,
    "5 shards merged": in_shards,
}


@contextlib.contextmanager
def dask_cluster(folder: Path) -> Iterator[str]:
    """Start a scheduler and two workers of one thread each; yields the address, ends them all."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    with contextlib.ExitStack() as started:
        where = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        started.enter_context(dask_process(folder, "scheduler", *where))
        wait_for(port)
        for _ in range(DASK_WORKERS):
            started.enter_context(
                dask_process(folder, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
            )
        yield address


@contextlib.contextmanager
def dask_process(folder: Path, *arguments: str) -> Iterator[None]:
    """Run a process of the cluster with all that it starts."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open(folder / "dask.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the Dask scheduler does not start")


def run(*arguments: str) -> bytes:
    """Run a command of ours; returns what it prints."""
    command = [sys.executable, "-m", "fgfr_screen", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def sorted_digest(text: bytes) -> str:
    """Return the sha256 of the sorted lines."""
    return hashlib.sha256(b"\n".join(sorted(text.splitlines()))).hexdigest()


def without_repeated_head(parts: list[bytes]) -> bytes:
    """Join tables that each have the same first line."""
    head, _, first = parts[0].partition(b"\n")
    return head + b"\n" + first + b"".join(part.partition(b"\n")[2] for part in parts[1:])


def digests(outs: list[Path], registry: str) -> dict[str, str]:
    """Return the digest of every file and export of a route."""
    found = {}
    for name in FILES:
        parts = [(out / name).read_bytes() for out in outs]
        found[name] = sorted_digest(b"".join(parts) if name.endswith(".ndjson") else without_repeated_head(parts))
    found["export ndjson"] = sorted_digest(run("registry", "export", registry, "--format", "ndjson"))
    for name in TABLES:
        found[f"export {name}"] = sorted_digest(run("registry", "export", registry, "--table", name))
    return found


def compare_routes(folder: Path, samples: int) -> bool:
    """Take every route, print the digests, and say whether all are equal."""
    manifest = Cohort(folder, samples).manifest(samples)
    found: dict[str, dict[str, str]] = {}
    for number, (name, route) in enumerate(ROUTES.items()):
        place = folder / f"route{number}"
        outs = route(manifest, place)
        registry = str(place / "registry.sqlite")
        run("registry", "verify", registry)
        found[name] = digests(outs, registry)
    first = next(iter(found.values()))
    rows = [(part, *(route[part][:16] for route in found.values())) for part in first]
    is_equal = all(route == first for route in found.values())
    print(f"{samples:,} samples, sha256 of the sorted lines (first 16 digits)\n")
    print(table(("part", *found), rows))
    print("All routes are equal." if is_equal else "THE ROUTES DIFFER.")
    return is_equal
