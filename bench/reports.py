"""Laboratory reports of 2-200 KB: from their bytes to typed calls, against `json.loads`.

Usage: `python -m bench.reports FOLDER` with a folder of JSON reports; those of a form that no reader knows are left out. The
first table is what `screen` does before it judges: open, choose the reader, decode with all checks, read every entry. Beside it
stands decoding alone. Both sides refuse equal keys; ours also depth, long numbers and broken characters. The routes take turns
every few reports, and a ratio is the median of the rounds.
"""

import argparse
import json
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

Route = Callable[[bytes], int]


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


def by_standard_library(data: bytes) -> Any:
    """Decode with the hook that sees equal keys."""
    return json.loads(data, object_pairs_hook=_strict_object)


def count_calls(data: bytes) -> int:
    """Read a report as `screen` does."""
    with OpenedInput("report.json", stored=data) as opened:
        reader, _ = choose(opened.head)
        return len(reader.read(opened, ReadOptions()).calls)


def _decoding(decode: Callable[[bytes], Any]) -> Route:
    return lambda data: decode(data) is None


READING: dict[str, Route] = {
    "json.loads with hook, and walk": lambda data: by_walk(by_standard_library(data)),
    "ours from bytes to calls": count_calls,
}
DECODING: dict[str, Route] = {
    "json.loads with hook": _decoding(by_standard_library),
    "ours with all checks": _decoding(lambda data: parse_json(data.decode(), "report.json")),
    "msgspec without checks": _decoding(msgspec.json.decode),
}


def measure(reports: Sequence[bytes], routes: Mapping[str, Route], rounds: int) -> str:
    """Return a table in Markdown, with ratios to the first route."""
    seconds: dict[str, list[float]] = {name: [] for name in routes}
    for _ in range(rounds):
        spent = dict.fromkeys(routes, 0.0)
        for at in range(0, len(reports), _TURN_REPORTS):
            for name, route in routes.items():
                start = time.process_time()
                for data in reports[at : at + _TURN_REPORTS]:
                    route(data)
                spent[name] += time.process_time() - start
        for name, found in spent.items():
            seconds[name].append(found)
    base = next(iter(seconds.values()))
    lines = ["| route | reports/s (median) | ratio |", "|---|---|---|"]
    for name, own in seconds.items():
        ratio = statistics.median(first / mine for first, mine in zip(base, own, strict=True))
        lines.append(f"| {name} | {len(reports) / statistics.median(own):.0f} | {ratio:.2f} |")
    return "\n".join(lines) + "\n"


def _is_known(data: bytes) -> bool:
    with OpenedInput("report.json", stored=data) as opened:
        try:
            choose(opened.head)
        except UnknownFormatError:
            return False
    return True


def main() -> None:
    """Print the tables; a report in which the walk finds a gene and our way finds no call is an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    given = [path.read_bytes() for path in sorted(options.folder.glob("*.json"))]
    reports = [data for data in given if _is_known(data)]
    positive = [data for data in reports if by_walk(by_standard_library(data))]
    if not all(map(count_calls, positive)):
        sys.exit("the walk finds a gene in a report in which our way finds no call")
    told = f"{len(reports)} of {len(given)} reports are of a known form, {len(positive)} name FGFR1-3; {options.rounds} rounds"
    read, decoded = (measure(reports, routes, options.rounds) for routes in (READING, DECODING))
    sys.stdout.write(f"{told}\n\n{read}\nDecoding alone\n\n{decoded}")


if __name__ == "__main__":
    main()
