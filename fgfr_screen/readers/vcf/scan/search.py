"""Texts of a big VCF -> its candidate lines, found by byte search; all other lines are only counted.

A line that `Gate.candidate` would pick is asked about here, with these exceptions, none of which can hide FGFR1-3: on a
contig that is known and carries none of the three, a position that is malformed or beyond the contig's end, or a
breakend whose far end is malformed and does not stand on an FGFR contig. Such lines are counted as outside.

What is looked at, block by block:

- Lines that do not start with the contig of the line before, and all lines where several contigs are mixed.
- On the contigs of FGFR1-3: every position that is not plainly outside; every symbolic allele.
- Breakends and CHR2 that name a contig of FGFR1-3, unless the position is plainly outside.
- Lines that name FGFR; lines longer than 64 KiB; the first line of a text.
- Lines with too few columns: on the contigs of FGFR1-3, and wherever an allele can have a far end.
"""

import re
from collections.abc import Iterable, Iterator

from fgfr_screen.model import Record
from fgfr_screen.readers.vcf.scan.far_ends import FarEnds
from fgfr_screen.readers.vcf.scan.finder import Finder
from fgfr_screen.readers.vcf.scan.gate import Gate, Place
from fgfr_screen.readers.vcf.scan.numbers import Outside, info_values
from fgfr_screen.readers.vcf.scan.scanned import Scanned, is_note

# A REF allele may reach from here into a window; a longer one makes its line longer than `_LONG_LINE_BYTES` twice.
_REF_REACH_BP = 1 << 17
_LONG_LINE_BYTES = 1 << 15
_NEWLINE = b"\n"
_FIXED_TABS = 7


class _Contig(Record, frozen=True, kw_only=True):
    """How the lines of one contig are searched.

    Attributes:
        start: Newline, name and tab: how each of its lines begins.
        outside: Positions that cannot touch; None when the contig carries no FGFR gene.
        positions: Start of a line whose position may be another.
        symbols: Start of a line with a symbolic allele that can be an event.
    """

    start: bytes
    outside: Outside | None = None
    positions: re.Pattern[bytes] | None = None
    symbols: re.Pattern[bytes] | None = None


class Search:
    """A walk over the blocks of one body, whatever their size."""

    def __init__(self, gate: Gate, finder: Finder, path: str, *, tabs: int, checks_all_tabs: bool) -> None:
        """Prepare the patterns.

        Args:
            gate: The question; its assemblies are those that are possible.
            finder: How to search bytes.
            path: For messages.
            tabs: Tabs in a row with all columns of the header.
            checks_all_tabs: True when the header says that alleles can have a far end.
        """
        self._gate = gate
        self._finder = finder
        self._path = path
        self._tabs = tabs
        self._checks_all_tabs = checks_all_tabs
        self._contigs: dict[bytes, _Contig] = {}
        self._current = self._contig(b"")
        self._far_ends = FarEnds(gate, finder)
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
        elif self._gate.candidate(line):
            self._found.append((number, line))

    def _region(self, block: bytes, start: int, end: int) -> None:
        """Search the lines between the line end at `start` and the one before `end`."""
        count = self._finder.count
        lines = count(block, _NEWLINE, start + 1, end)
        marked = self._finder.any_of(block, b"[]<", start, end)
        suspects: set[int] = set()
        if count(block, self._current.start, start, end) == lines:
            self._uniform(block, start, end, lines, suspects, marked=marked)
        else:
            self._mixed(block, start, end, suspects, marked=marked)
        self._far_ends.add_suspects(block, start, end, suspects, marked=marked)
        for at in self._finder.places(block, b"FGFR", start, end):
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

    def _uniform(self, block: bytes, start: int, end: int, lines: int, suspects: set[int], *, marked: bool) -> None:
        """Search lines that all begin with the current contig."""
        contig = self._current
        if contig.positions is not None:
            if self._gate.has_segments:
                suspects.update(_line_starts(block, start, end))
                return
            self._add_near(contig, block, start, end, suspects)
            if marked and self._has_symbols(block, start, end):
                _add_symbols(contig, block, start, end, suspects)
        elif not marked and not self._checks_all_tabs:
            return
        if self._finder.count(block, b"\t", start, end) != lines * self._tabs:
            for at in _line_starts(block, start, end):
                if block.count(b"\t", at, block.find(_NEWLINE, at + 1)) < _FIXED_TABS:
                    suspects.add(at)

    def _add_near(self, contig: _Contig, block: bytes, start: int, end: int, suspects: set[int]) -> None:
        """Add the lines whose position is not plainly outside: first by the quick expression, then exactly."""
        if contig.positions is None or contig.outside is None:
            return
        size = len(contig.start)
        for match in contig.positions.finditer(block, start, end):
            begin = match.start() + size
            if not contig.outside.holds(block[begin : block.find(b"\t", begin)]):
                suspects.add(match.start())

    def _has_symbols(self, block: bytes, start: int, end: int) -> bool:
        """Tell whether an allele in angle brackets is an event; `<NON_REF>` and `<*>` of gVCF are none."""
        count = self._finder.count
        symbols = count(block, b"<", start, end)
        return symbols > 0 and symbols != count(block, b"<NON_REF>", start, end) + count(block, b"<*>", start, end)

    def _mixed(self, block: bytes, start: int, end: int, suspects: set[int], *, marked: bool) -> None:
        """Search lines of several contigs run by run; what is no row, and runs that are shuffled, are all suspects."""
        count = self._finder.count
        while start < end - 1:
            line_end = block.find(_NEWLINE, start + 1)
            name, tab, _ = block[start + 1 : line_end].partition(b"\t")
            if not tab or name.startswith(b"#") or not name.strip():
                suspects.add(start)
                start = line_end
                continue
            self._current = self._contig(name)
            run_end = block.find(_NEWLINE, block.rfind(self._current.start, start, end) + 1) + 1
            lines = count(block, _NEWLINE, start + 1, run_end)
            if count(block, self._current.start, start, run_end) == lines:
                self._uniform(block, start, run_end, lines, suspects, marked=marked)
            else:
                suspects.update(_line_starts(block, start, run_end))
            start = run_end - 1

    def _contig(self, name: bytes) -> _Contig:
        """Return how a contig is searched, by its name as written."""
        known = self._contigs.get(name)
        if known is None:
            start = b"\n" + name + b"\t"
            place = self._gate.place(name)
            known = _with_windows(start, place) if place.windows else _Contig(start=start)
            self._contigs[name] = known
        return known


def _add_symbols(contig: _Contig, block: bytes, start: int, end: int, suspects: set[int]) -> None:
    """Add the lines with a symbolic allele, unless all its numbers lie on one side of every window."""
    if contig.symbols is None or contig.outside is None:
        return
    for match in contig.symbols.finditer(block, start, end):
        begin, stop = match.end(), block.find(_NEWLINE, match.end())
        ends = info_values(block, b"END=", begin, stop) + info_values(block, b"POS2=", begin, stop)
        if not contig.outside.holds_span(match[1], ends, info_values(block, b"SVLEN=", begin, stop)):
            suspects.add(match.start())


def _with_windows(start: bytes, place: Place) -> _Contig:
    windows = [(low - _REF_REACH_BP, high) for low, high in (*place.windows, *place.hijack)]
    begin = re.escape(start)
    outside = Outside(windows, place.limit)
    return _Contig(
        start=start,
        outside=outside,
        positions=re.compile(begin + b"(?!" + outside.pattern.encode() + rb"\t)"),
        symbols=re.compile(begin + rb"([^\t\n]*)\t[^\t\n]*\t[^\t\n]*\t[^\t\n]*?<(?!NON_REF>|\*>)"),
    )


def _line_starts(block: bytes, start: int, end: int) -> Iterator[int]:
    """Yield the offset of the line end before every line."""
    while start < end - 1:
        yield start
        start = block.find(_NEWLINE, start + 1)
