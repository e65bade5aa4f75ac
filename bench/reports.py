"""Laboratory reports of 2-200 KB: strict decoding and the search for FGFR1-3, against `json.loads`.

Usage: `python -m bench.reports FOLDER` with a folder of JSON reports. All routes but the last refuse equal keys; ours also
depth, long numbers and broken characters. The routes take turns every few reports, and a ratio is the median of the rounds.
A second table is of the reports that a reader knows: from their bytes to calls, which is the work of `screen` before it judges.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fgfr_screen.errors import UnknownFormatError
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.readers._json import parse_json

GENES = frozenset({"FGFR1", "FGFR2", "FGFR3"})
_TURN_REPORTS = 50
_WRITTEN_GENE = re.compile(rb'"FGFR[123]"(?!:)')
_BACKSLASH = ord("\\")

Route = Callable[[str], int]


def _strict_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("equal keys")
    return found


def by_walk(value: Any) -> int:
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


def by_search(value: Any) -> int:
    """Count the same values in the report written anew, which has one spelling for each of them."""
    written = msgspec.json.encode(value)
    return sum(written[found.start() - 1] != _BACKSLASH for found in _WRITTEN_GENE.finditer(written))


def by_standard_library(text: str) -> Any:
    """Decode with the hook that sees equal keys."""
    return json.loads(text, object_pairs_hook=_strict_object)


def by_us(text: str) -> Any:
    """Decode with all checks."""
    return parse_json(text, "report.json")


def count_calls(text: str) -> int:
    """Read a report as `screen` does."""
    with OpenedInput("report.json", stored=text.encode()) as opened:
        reader, _ = choose(opened.head)
        return len(reader.read(opened, ReadOptions()).calls)


def _decoding(decode: Callable[[str], Any]) -> Route:
    return lambda text: decode(text) is None


ROUTES: dict[str, Route] = {
    "json.loads with hook, and walk": lambda text: by_walk(by_standard_library(text)),
    "ours with all checks, and search": lambda text: by_search(by_us(text)),
    "ours with all checks, and the same walk": lambda text: by_walk(by_us(text)),
}
STAGES: dict[str, Route] = {
    "json.loads with hook": _decoding(by_standard_library),
    "ours with all checks": _decoding(by_us),
    "msgspec without checks": _decoding(msgspec.json.decode),
}
READING: dict[str, Route] = {
    "json.loads with hook, and walk": ROUTES["json.loads with hook, and walk"],
    "ours from bytes to calls": count_calls,
}


def measure(texts: Sequence[str], routes: Mapping[str, Route], rounds: int) -> tuple[str, dict[str, int]]:
    """Return a table in Markdown, with ratios to the first route, and what each route counted in one round."""
    seconds: dict[str, list[float]] = {name: [] for name in routes}
    counts: dict[str, int] = {}
    for _ in range(rounds):
        counts = dict.fromkeys(routes, 0)
        spent = dict.fromkeys(routes, 0.0)
        for at in range(0, len(texts), _TURN_REPORTS):
            for name, route in routes.items():
                start = time.process_time()
                counts[name] += sum(map(route, texts[at : at + _TURN_REPORTS]))
                spent[name] += time.process_time() - start
        for name, found in spent.items():
            seconds[name].append(found)
    base = next(iter(seconds.values()))
    lines = ["| route | reports/s (median) | ratio |", "|---|---|---|"]
    for name, own in seconds.items():
        ratio = statistics.median(first / mine for first, mine in zip(base, own, strict=True))
        lines.append(f"| {name} | {len(texts) / statistics.median(own):.0f} | {ratio:.2f} |")
    return "\n".join(lines) + "\n", counts


def _is_known(text: str) -> bool:
    with OpenedInput("report.json", stored=text.encode()) as opened:
        try:
            choose(opened.head)
        except UnknownFormatError:
            return False
    return True


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(options.folder.glob("*.json"))]
    known = [text for text in texts if _is_known(text)]
    found, genes = measure(texts, ROUTES, options.rounds)
    if len(set(genes.values())) > 1:
        sys.exit(f"the routes disagree: {genes}")
    told = f"{len(texts)} reports, {options.rounds} rounds, {max(genes.values())} gene names found by each route"
    decoded, _ = measure(texts, STAGES, options.rounds)
    read, _ = measure(known, READING, options.rounds)
    sys.stdout.write(f"{told}\n\n{found}\nDecoding alone\n\n{decoded}\n{len(known)} reports of a known form\n\n{read}")


if __name__ == "__main__":
    main()
