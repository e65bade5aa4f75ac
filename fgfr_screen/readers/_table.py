"""Delimited text: columns by name, exact numbers, ragged rows. Serves every table reader; knows no format."""

import re
from collections.abc import Iterable

from fgfr_screen.errors import MalformedFileError

_EXACT_INTEGER = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?")


class Columns:
    """Where each named column of a table stands.

    Attributes:
        names: Column names in file order, as compared: trimmed, lower case, without leading `#`.
    """

    def __init__(self, header: str, *, separator: str = "\t", path: str | None = None, line: int | None = None) -> None:
        """Read a header line.

        Raises:
            MalformedFileError: A column name occurs twice (code DUPLICATE_COLUMN).
        """
        cells = header.lstrip("#").split(separator)
        self.names = tuple(cell.strip().strip('"').lower() for cell in cells)
        self._path, self._line = path, line
        self._index = {name: at for at, name in enumerate(self.names)}
        if len(self._index) < len(self.names):
            twice = sorted({name for name in self.names if self.names.count(name) > 1})
            reason = f"the header has a column twice: {', '.join(twice)}"
            remedy = "keep one of them"
            raise MalformedFileError(reason, remedy=remedy, path=path, line=line, code="DUPLICATE_COLUMN")

    def __contains__(self, name: str) -> bool:
        return name in self._index

    def __len__(self) -> int:
        return len(self.names)

    def find(self, *names: str) -> int | None:
        """Return the index of the first of these spellings that the table has, or None."""
        return next((self._index[name] for name in names if name in self._index), None)

    def require(self, *names: str) -> int:
        """Return the index of a column under any of its spellings.

        Raises:
            MalformedFileError: None of them is there (code MISSING_COLUMN); names the nearest column.
        """
        index = self.find(*names)
        if index is not None:
            return index
        import difflib

        near = difflib.get_close_matches(names[0], self.names, n=1)
        remedy = f"is it the column {near[0]!r}?" if near else f"the columns are: {', '.join(self.names)}"
        reason = f"the table has no column {names[0]!r}"
        raise MalformedFileError(reason, remedy=remedy, path=self._path, line=self._line, code="MISSING_COLUMN")


def exact_integer(text: str) -> int:
    """Read a whole number exactly as written.

    Blanks around it, a sign and a decimal part of zeros (`12.0`, as pandas writes) are accepted; exponents, which have
    lost digits, and thousands separators, which differ by country, are not.

    Raises:
        ValueError: The text is no whole number.
    """
    found = _EXACT_INTEGER.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a whole number written in plain digits")
    return int(found[1])


def usual_width(widths: Iterable[int]) -> int:
    """Return the most frequent number of cells (the larger of equals), 0 for no rows."""
    counts: dict[int, int] = {}
    for width in widths:
        counts[width] = counts.get(width, 0) + 1
    return max(counts, key=lambda width: (counts[width], width), default=0)
