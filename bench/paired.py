"""Run commands in turn (A B C A B C ...) and form ratios inside each round, so that a noisy machine harms all alike."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One finished process: processor seconds (user + system), wall seconds, peak memory in MB."""

    cpu: float
    wall: float
    rss_mb: float


@dataclass(frozen=True)
class Row:
    """Medians over the rounds; ratios are to the first command of the same round."""

    name: str
    cpu_ms: float
    wall_ms: float
    rss_mb: float
    cpu_ratio: float
    wall_ratio: float


def run_once(command: list[str], environment: dict[str, str]) -> Run:
    """Run one process to its end and read the kernel's account of it."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        msg = f"{command} ended with {child.returncode}"
        raise RuntimeError(msg)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def compare(commands: dict[str, list[str]], rounds: int) -> list[Row]:
    """Return one row per command; the first is the reference."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for command in commands.values():
        run_once(command, environment)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run_once(command, environment))
    reference = runs[next(iter(commands))]
    return [
        Row(
            name=name,
            cpu_ms=1000 * statistics.median(run.cpu for run in own),
            wall_ms=1000 * statistics.median(run.wall for run in own),
            rss_mb=max(run.rss_mb for run in own),
            cpu_ratio=statistics.median(run.cpu / base.cpu for run, base in zip(own, reference, strict=True)),
            wall_ratio=statistics.median(run.wall / base.wall for run, base in zip(own, reference, strict=True)),
        )
        for name, own in runs.items()
    ]


def markdown(title: str, rows: list[Row]) -> str:
    """Return a Markdown table."""
    lines = [f"### {title}", "", "| command | cpu ratio | wall ratio | cpu ms | peak MB |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.name} | {row.cpu_ratio:.2f} | {row.wall_ratio:.2f} | {row.cpu_ms:.0f} | {row.rss_mb:.0f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def cpu_now() -> float:
    """Return the processor seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
