"""Positions that cannot concern FGFR1-3, whatever else a line says: as a quick expression, and as an exact answer."""

import re
from collections.abc import Iterable

_MAX_DIGITS = 10
_VALUE = re.compile(rb"[^;\t\n]*")


def info_values(text: bytes, key: bytes, start: int, end: int) -> list[bytes]:
    r"""Return every value of an INFO key within start..end of a text, which is one line or a part of it.

    Several `find` are faster here than one expression over the line.

    >>> info_values(b"1\tEND=5;CIEND=7;END=9;X\t0", b"END=", 0, 24)
    [b'5', b'9']
    """
    found: list[bytes] = []
    at = text.find(key, start, end)
    while at >= 0:
        after = at + len(key)
        if at > start and text[at - 1] in b";\t":
            value = _VALUE.match(text, after, end)
            found.append(value[0] if value else b"")
        at = text.find(key, after, end)
    return found


class Outside:
    """The positions of one contig that lie in no window and not beyond its end."""

    def __init__(self, windows: Iterable[tuple[int, int]], limit: int) -> None:
        """Take the windows (first and last position, 1-based inclusive) and the highest position that exists."""
        self._windows = tuple(windows)
        self._limit = limit

    def holds(self, text: bytes) -> bool:
        """Tell whether the text is such a position; signs, leading zeros, blanks and digit groups never are.

        >>> outside = Outside([(1_000_000, 2_000_000)], 190_000_000)
        >>> [outside.holds(text) for text in (b"5", b"999999", b"1500000", b"05", b"200000000", b"1,5", b"")]
        [True, True, False, False, False, False, False]
        """
        if not text.isdigit() or len(text) > _MAX_DIGITS or text.startswith(b"0"):
            return False
        number = int(text)
        if number > self._limit:
            return False
        for low, high in self._windows:  # noqa: SIM110  # a third of the cost of any()
            if low <= number <= high:
                return False
        return True

    def holds_span(self, pos: bytes, ends: list[bytes], lengths: list[bytes]) -> bool:
        """Tell whether the span over a position, all ends, and all lengths from the position, meets no window.

        >>> outside = Outside([(1_000_000, 2_000_000)], 190_000_000)
        >>> [outside.holds_span(b"5", [], [text]) for text in (b"-1000", b"1000000", b"1e3", b"5,1000000")]
        [True, False, False, False]
        """
        if not self.holds(pos):
            return False
        low = high = start = int(pos)
        for text in ends + [length.removeprefix(b"-") for length in lengths]:
            if not text.isdigit() or len(text) > _MAX_DIGITS:
                return False
        for reach in [int(end) for end in ends] + [start + int(length.removeprefix(b"-")) for length in lengths]:
            low, high = min(low, reach), max(high, reach)
        return all(high < first or low > last for first, last in self._windows)

    @property
    def pattern(self) -> str:
        """Return a quick expression for many of these positions: all that share number and first two of their digits.

        >>> Outside([(121_000_000, 121_600_000)], 133_797_422).pattern
        '(?:[1-9][0-9]{0,7}+|1[01][0-9]{7})'
        """
        parts: list[str] = []
        short = 0
        for digits in range(1, _MAX_DIGITS + 1):
            groups = self._groups(digits)
            if len(groups) == (9 if digits == 1 else 90) and short == digits - 1:
                short = digits
            else:
                parts += _spelled(groups, digits - 2)
        return "(?:" + "|".join([f"[1-9][0-9]{{0,{short - 1}}}+"] * bool(short) + parts) + ")"

    def _groups(self, digits: int) -> list[int]:
        """Return the leading digits of the groups (numbers that share them and their length) that lie outside."""
        size = 10 ** max(digits - 2, 0)
        leading = range(1, 10) if digits == 1 else range(10, 100)
        return [first for first in leading if self._all_outside(first * size, (first + 1) * size - 1)]

    def _all_outside(self, low: int, high: int) -> bool:
        return high <= self._limit and not any(low <= last and high >= first for first, last in self._windows)


def _spelled(groups: list[int], rest: int) -> list[str]:
    """Return one expression for all first digits that are complete, and one for each that is not."""
    by_first = {first: [group % 10 for group in groups if group // 10 == first] for first in range(1, 10)}
    complete = [first for first, second in by_first.items() if len(second) == 10]
    parts = [f"{_class(complete)}[0-9]{{{rest + 1}}}"] if complete else []
    for first, second in by_first.items():
        if second and first not in complete:
            parts.append(f"{first}{_class(second)}" + (f"[0-9]{{{rest}}}" if rest else ""))
    return parts


def _class(digits: list[int]) -> str:
    return "[" + "".join(map(str, digits)) + "]"
