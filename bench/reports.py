"""Laboratory reports of 2-200 KB: strict decoding and the search for FGFR1-3, against `json.loads`.

Usage: `python -m bench.reports FOLDER` with a folder of JSON reports. Both routes refuse equal keys; ours also depth, long
numbers and broken characters. Rounds are interleaved, and the ratio is the median of the rounds.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from fgfr_screen.readers._json import parse_json

GENES = frozenset({"FGFR1", "FGFR2", "FGFR3"})


def _strict_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("equal keys")
    return found


def count_genes(value: Any) -> int:
    """Walk a decoded report and count the values that name FGFR1-3."""
    found = 0
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += item.values()
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str) and item in GENES:
            found += 1
    return found


def by_standard_library(text: str) -> Any:
    """Decode with the hook that sees equal keys."""
    return json.loads(text, object_pairs_hook=_strict_object)


ROUTES: dict[str, tuple[Callable[[str], Any], bool]] = {
    "json.loads with hook, and walk": (by_standard_library, True),
    "ours with all checks, and walk": (lambda text: parse_json(text, "report.json"), True),
    "json.loads with hook": (by_standard_library, False),
    "ours with all checks": (lambda text: parse_json(text, "report.json"), False),
    "msgspec without checks": (msgspec.json.decode, False),
}


def _seconds(texts: list[str], decode: Callable[[str], Any], *, walk: bool) -> tuple[float, int]:
    start = time.process_time()
    found = 0
    for text in texts:
        value = decode(text)
        if walk:
            found += count_genes(value)
    return time.process_time() - start, found


def measure(texts: list[str], rounds: int) -> str:
    """Return the table in Markdown; the two walking routes must find the same."""
    times: dict[str, list[float]] = {name: [] for name in ROUTES}
    found: dict[str, set[int]] = {name: set() for name in ROUTES}
    for _ in range(rounds):
        for name, (decode, walk) in ROUTES.items():
            seconds, genes = _seconds(texts, decode, walk=walk)
            times[name].append(seconds)
            found[name].add(genes)
    walking = [found[name] for name, (_, walk) in ROUTES.items() if walk]
    if walking[0] != walking[1]:
        sys.exit(f"the routes disagree: {walking}")
    lines = [f"{len(texts)} reports, {rounds} rounds, {walking[0].pop()} gene names found by both", ""]
    lines += ["| route | reports/s (median) | ratio to json.loads |", "|---|---|---|"]
    for name, (_, walk) in ROUTES.items():
        base = times["json.loads with hook, and walk" if walk else "json.loads with hook"]
        ratio = statistics.median(first / own for first, own in zip(base, times[name], strict=True))
        lines.append(f"| {name} | {len(texts) / statistics.median(times[name]):.0f} | {ratio:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(options.folder.glob("*.json"))]
    sys.stdout.write(measure(texts, options.rounds))


if __name__ == "__main__":
    main()
