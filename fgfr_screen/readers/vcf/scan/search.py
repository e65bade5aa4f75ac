"""Texts of a big VCF -> its candidate lines, found by byte search; all other lines are only counted.

What is found is what `Gate.candidate` picks, line by line, but for what `Gate.is_excused` forgives; the order of
lines, the size of texts and what stands in other lines make no difference. A line is passed over only on a proof:

- Its contig is the one that all lines of a run begin with: as many line starts with that contig as line ends.
- That contig is known and has no FGFR gene, and the run holds no bracket where no far end is declared.
- Or `Rows` and `Mates` say that the row is plain, where CHR2 stands also by its INFO.
- It holds no allele whose far end nothing tells (`UNTOLD`).
- It does not name FGFR, and is no longer than 64 KiB, so that a REF allele cannot reach a window from far away.

The first line of a text, lines of contigs without a common name, and runs that are shuffled are asked about one by one.
"""

import re
from collections.abc import Iterable, Iterator

from fgfr_screen.readers.vcf.scan.finder import Finder
from fgfr_screen.readers.vcf.scan.gate import REMOTE, Gate
from fgfr_screen.readers.vcf.scan.rows import REF_REACH_BP, UNTOLD, Mates, Rows
from fgfr_screen.readers.vcf.scan.scanned import Scanned, is_note

# A line of twice this length holds a whole stretch of it without a line end.
_LONG_LINE_BYTES = REF_REACH_BP >> 2
_NEWLINE = b"\n"
_Pattern = re.Pattern[bytes]
# Alleles in angle brackets that are no events, with what must follow them.
_NO_SYMBOLS = (b"<NON_REF>\t", b"<NON_REF>,", b"<*>\t", b"<*>,")


class Search:
    """A walk over the blocks of one body, whatever their size."""

    def __init__(self, gate: Gate, finder: Finder, path: str, *, far_ends_declared: bool) -> None:
        """Prepare.

        Args:
            gate: The question; its assemblies are those that are possible.
            finder: How to search bytes.
            path: For messages.
            far_ends_declared: True when the header says that alleles can have a far end, or says nothing.
        """
        self._gate = gate
        self._finder = finder
        self._path = path
        self._far_ends_declared = far_ends_declared
        self._mates = Mates(gate, far_ends_declared=far_ends_declared)
        self._rows_by_name: dict[bytes, Rows] = {}
        self._current: Rows | None = None
        self._number = 0
        self._records = 0
        self._last_line = b""
        self._found: list[tuple[int | None, bytes]] = []

    def run(self, runs: Iterable[tuple[bytes, int, int]], first_number: int) -> Scanned:
        """Walk over the body.

        Args:
            runs: Texts with the part of each that is whole lines, as `OpenedInput.runs` gives them.
            first_number: Number of the first line.

        Raises:
            MalformedFileError: A second header stands in the body (SECOND_HEADER).
        """
        self._number = first_number
        for text, start, end in runs:
            self._run(text, start, end)
        return Scanned(
            candidates=self._found, records=self._records, last_number=self._number - 1, last_line=self._last_line
        )

    def _run(self, text: bytes, start: int, end: int) -> None:
        """Search whole lines; the first is asked about by itself where no line end stands before it."""
        if not start:
            first_end = text.find(_NEWLINE, 0, end)
            start = end if first_end < 0 else first_end + 1
            self._single(text[: start if first_end < 0 else first_end])
        last_end = text.rfind(_NEWLINE, start, end) + 1
        if last_end > start:
            self._region(text, start - 1, last_end)
            start = last_end
        if start < end:
            self._single(text[start:end])

    def _single(self, line: bytes) -> None:
        self._ask(line, self._number)
        self._number += 1
        self._last_line = line

    def _ask(self, line: bytes, number: int) -> None:
        """Count one line, and keep it when it is a candidate."""
        line = line.removesuffix(b"\r")
        self._records += 1
        if is_note(line, number, self._path):
            self._records -= 1
        elif self._gate.candidate(line) and not self._gate.is_excused(line, far_ends_declared=self._far_ends_declared):
            self._found.append((number, line))

    def _region(self, block: bytes, start: int, end: int) -> None:
        """Search the lines between the line end at `start` and the one before `end`."""
        finder = self._finder
        lines = finder.count(block, _NEWLINE, start + 1, end)
        marked = finder.any_of(block, b"[]<", start, end)
        brackets = marked and finder.any_of(block, b"[]", start, end)
        suspects: set[int] = set()
        with_chr2 = finder.find(block, b"CHR2=", start, end) >= 0
        mates = self._mates.near_or_far if with_chr2 else self._mates.near if brackets else None
        self._add_rows(block, start, end, lines, suspects, mates)
        if marked and any(finder.find(block, name, start, end) >= 0 for name in REMOTE):
            suspects.update(block.rfind(_NEWLINE, start, match.start()) for match in UNTOLD.finditer(block, start, end))
        for at in finder.places(block, b"FGFR", start, end):
            suspects.add(block.rfind(_NEWLINE, start, at))
        for at in range(start, end - _LONG_LINE_BYTES, _LONG_LINE_BYTES):
            if block.find(_NEWLINE, at, at + _LONG_LINE_BYTES) < 0:
                suspects.add(block.rfind(_NEWLINE, start, at))
        self._records += lines - len(suspects)
        self._ask_all(block, start, suspects)
        self._number += lines
        self._last_line = block[block.rfind(_NEWLINE, start, end - 1) + 1 : end - 1]

    def _ask_all(self, block: bytes, start: int, suspects: set[int]) -> None:
        number, counted_to = self._number, start + 1
        for at in sorted(suspects):
            line = block[at + 1 : block.find(_NEWLINE, at + 1)]
            number += self._finder.count(block, _NEWLINE, counted_to, at + 1)
            counted_to = at + 1
            self._ask(line, number)

    def _add_rows(
        self, block: bytes, start: int, end: int, lines: int, suspects: set[int], mates: _Pattern | None
    ) -> None:
        """Add rows by what stands in their own columns: run by run, where the block mixes contigs.

        `mates` judges the far ends of every row; None where there are none. Notes and blank lines are rows of a contig
        that is not known.
        """
        count = self._finder.count
        if self._current is not None and count(block, self._current.start, start, end) == lines:
            self._add_uniform(self._current, block, start, end, suspects, mates)
            return
        while start < end - 1:
            line_end = block.find(_NEWLINE, start + 1)
            name, tab, _ = block[start + 1 : line_end].partition(b"\t")
            if not tab:
                suspects.add(start)
                start = line_end
                continue
            self._current = rows = self._rows(name)
            run_end = block.find(_NEWLINE, self._finder.rfind(block, rows.start, start, end) + 1) + 1
            lines = count(block, _NEWLINE, start + 1, run_end)
            if count(block, rows.start, start, run_end) == lines:
                self._add_uniform(rows, block, start, run_end, suspects, mates)
            else:
                suspects.update(_line_starts(block, start, run_end))
            start = run_end - 1

    def _add_uniform(
        self, rows: Rows, block: bytes, start: int, end: int, suspects: set[int], mates: _Pattern | None
    ) -> None:
        """Add rows of a run whose lines all begin with one contig."""
        if not rows.is_known or (rows.has_fgfr and self._gate.has_segments):
            suspects.update(_line_starts(block, start, end))
            return
        patterns = [] if mates is None else [mates]
        if rows.has_fgfr:
            patterns.append(rows.reaching if self._has_symbols(block, start, end) else rows.near)
        elif mates is None and self._far_ends_declared:
            patterns.append(self._mates.near)
        # Without the last line end, which begins no row.
        for pattern in patterns:
            suspects.update(match.start() for match in pattern.finditer(block, start, end - 1))

    def _has_symbols(self, block: bytes, start: int, end: int) -> bool:
        """Tell whether an angle bracket begins anything but `<NON_REF>` and `<*>` of gVCF."""
        first = self._finder.find(block, b"<", start, end)
        if first < 0 or not block.startswith(_NO_SYMBOLS, first):
            return first >= 0
        count = self._finder.count
        return count(block, b"<", start, end) != sum(count(block, allele, start, end) for allele in _NO_SYMBOLS)

    def _rows(self, name: bytes) -> Rows:
        """Return how the rows of a contig are judged, by its name as written."""
        known = self._rows_by_name.get(name)
        if known is None:
            known = self._rows_by_name[name] = Rows(name, self._gate)
        return known


def _line_starts(block: bytes, start: int, end: int) -> Iterator[int]:
    """Yield the offset of the line end before every line."""
    while start < end - 1:
        yield start
        start = block.find(_NEWLINE, start + 1)
