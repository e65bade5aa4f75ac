"""Walks over the body of one file: every line asked for a small one, byte search for a big one.

A small body is asked line by line, because loading the search would cost more than it saves; so is one whose assembly
is not known yet, because then the highest position of every contig is a clue; and so is every body on a Python whose
regular expressions have the fault that `HAS_SOUND_EXPRESSIONS` tells of.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.scanned import Scanned, is_note

SEARCH_FROM_BYTES = 1 << 20
HAS_SOUND_EXPRESSIONS = sys.version_info >= (3, 11, 5)
"""Before 3.11.5, a possessive group of `re` can match what it must not (CPython issues 100061 and 106052).

A row that touches FGFR1-3 could be taken for one that does not.
"""
FAR_KEYS = frozenset(("SVTYPE", "CHR2", "POS2", "END2", "MATEID", "SVLEN"))
"""Keys of INFO that give an allele a far end, or a span beyond its REF."""

# Blanks and `#` lie below; so do some letters no name starts with.
_FIRST_LETTER = ord("0")

# A text and the part of it that is whole lines (`OpenedInput.runs`).
Run = tuple[bytes, int, int]
Scan = Callable[[Gate], Scanned]


class NumberedLines:
    """The lines of some runs with their numbers, without terminators; what was not taken is handed on as runs."""

    def __init__(self, runs: Iterator[Run], next_number: int = 1) -> None:
        """Give the first line the number `next_number`."""
        self._runs = runs
        self._text = b""
        self._at = self._end = 0
        self.next_number = next_number

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        return self

    def __next__(self) -> tuple[int, bytes]:
        if self._at >= self._end:
            self._text, self._at, self._end = next(self._runs)
        line_end = self._text.find(b"\n", self._at, self._end)
        line_end = self._end if line_end < 0 else line_end
        line = self._text[self._at : line_end].removesuffix(b"\r")
        self._at = line_end + 1
        self.next_number += 1
        return self.next_number - 1, line

    def rest(self) -> Iterator[Run]:
        """Return the runs that were not taken."""
        left = (self._text, self._at, self._end)
        self._at = self._end
        return chain((left,), self._runs) if left[1] < left[2] else self._runs


def scan_lines(lines: Iterable[tuple[int, bytes]], gate: Gate, path: str) -> Scanned:
    """Ask every numbered line.

    Raises:
        MalformedFileError: A second header stands in the body (SECOND_HEADER).
    """
    candidates: list[tuple[int | None, bytes]] = []
    records = number = 0
    line = b""
    is_candidate = gate.candidate
    for number, line in lines:
        # The first test is the cheap half of the second.
        if (not line or line[0] < _FIRST_LETTER) and is_note(line, number, path):
            continue
        records += 1
        if is_candidate(line):
            candidates.append((number, line))
    return Scanned(candidates=candidates, records=records, last_number=number, last_line=line)


def scan_runs(lines: NumberedLines, gate: Gate, header: Header, path: str) -> Scanned:
    """Ask or search, by the size of what is left behind the header.

    Raises:
        MalformedFileError: A second header stands in the body (SECOND_HEADER).
    """
    runs = lines.rest()
    first: list[Run] = []
    size = 0
    while size <= SEARCH_FROM_BYTES and (run := next(runs, None)) is not None:
        first.append(run)
        size += run[2] - run[1]
    runs = chain(first, runs)
    if size <= SEARCH_FROM_BYTES or len(gate.assemblies) > 1 or not HAS_SOUND_EXPRESSIONS:
        return scan_lines(NumberedLines(runs, lines.next_number), gate, path)
    from fgfr_screen.readers.vcf.scan.finder import fast_finder
    from fgfr_screen.readers.vcf.scan.search import Search

    search = Search(gate, fast_finder(), path, far_ends_declared=has_far_keys(header))
    return search.run(runs, lines.next_number)


def has_far_keys(header: Header) -> bool:
    """Tell whether alleles may have a far end by what the header declares; one without INFO lines says nothing."""
    return not header.info_types or not FAR_KEYS.isdisjoint(header.info_types)
