"""Tables of text with `[Section]` lines, and simple tables with comment lines -> rows by column name.

Serves the readers of Illumina TruSight Oncology 500 and of cohort tables; knows no format. Blank padding, trailing
separators and quoted cells are taken away.
"""

from collections.abc import Iterable, Iterator, Sequence

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.genes import is_identifier, may_touch_fgfr
from fgfr_screen.model import Record
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers._report_parts import Account, EntryError
from fgfr_screen.readers._table import TAB, Columns, check_last_row, choose_sample
from fgfr_screen.readers._text import decode_text


class Row(Record, frozen=True, kw_only=True):
    """One data row: cells by column (lower case), trimmed; `line` is 1-based."""

    line: int
    cells: dict[str, str]

    def get(self, *names: str) -> str | None:
        """Return the first of these columns that is there and not blank (`NA` and `.` are blank)."""
        found = (self.cells.get(name, "") for name in names)
        return next((value for value in found if value and value.upper() not in ("NA", "N/A", ".", "NAN")), None)


class Section(Record, frozen=True, kw_only=True):
    """A `[Name]` block: its lines with their numbers, blank ones left out."""

    name: str
    line: int
    lines: tuple[tuple[int, str], ...]


def text_lines(opened: OpenedInput) -> Iterator[tuple[int, str]]:
    """Yield every line with its number, decoded.

    Raises:
        MalformedFileError: A line holds a zero byte.
    """
    for number, raw in enumerate(opened.lines(), 1):
        if b"\0" in raw:
            reason, remedy = "the line holds a zero byte", "save the file as plain text"
            raise MalformedFileError(reason, remedy=remedy, path=opened.path, line=number, code="NUL_BYTE")
        yield number, decode_text(raw)[0]


def sections(opened: OpenedInput) -> tuple[Section, ...]:
    """Read all `[Name]` sections of a file in order; lines before the first are left out.

    Raises:
        MalformedFileError: A section occurs twice (code DUPLICATE_SECTION).
    """
    found: list[tuple[str, int, list[tuple[int, str]]]] = []
    for number, line in text_lines(opened):
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            name = text[1:-1].strip()
            if any(other.lower() == name.lower() for other, _, _ in found):
                reason, remedy = f"the section [{name}] stands twice", "give each sample's file alone"
                raise MalformedFileError(reason, remedy=remedy, path=opened.path, line=number, code="DUPLICATE_SECTION")
            found.append((name, number, []))
        elif text and found:
            found[-1][2].append((number, line))
    return tuple(Section(name=name, line=number, lines=tuple(lines)) for name, number, lines in found)


def rows_of(
    lines: Iterable[tuple[int, str]],
    opened: OpenedInput,
    options: ReadOptions,
    account: Account,
    *,
    separator: str = TAB,
    required: Sequence[Sequence[str]] = (),
    at_end: bool = True,
) -> Iterator[Row]:
    """Yield the rows of a table whose first line is its header; ragged rows go to `account` as rejected.

    Args:
        lines: Numbered lines; blank ones and those that start with `#` are passed over.
        opened: The file that the lines are from.
        options: Whether a cut file may be read.
        account: Takes rows that cannot be cut into cells.
        separator: Between cells; in comma tables quoted cells may hold it.
        required: Columns that must be there, each with its spellings.
        at_end: True when the last of these lines is the last of the file.

    Raises:
        MalformedFileError: No header, a column is missing or stands twice.
        TruncatedFileError: The last row is cut, and that was not allowed.
    """
    columns: Columns | None = None
    for number, line, is_last in _with_last(lines):
        if not line.strip().strip(separator) or line.startswith("#"):
            continue
        cells = _cells(line, separator)
        if columns is None:
            # Trailing separators pad a header, as they pad every row.
            while cells and not cells[-1]:
                cells.pop()
            columns = Columns(TAB.join(cells), path=opened.path, line=number)
            for spellings in required:
                columns.require(*spellings)
            continue
        is_cut = (
            is_last
            and at_end
            and check_last_row(opened, number, len(cells), len(columns), allow_truncated=options.allow_truncated)
        )
        if is_cut or any(cells[len(columns) :]) or len(cells) < _cells_needed(columns, required):
            reason = f"the row has {len(cells)} cells where the table has {len(columns)}"
            touches = is_cut or may_touch_fgfr(line) or _holds_number(columns, cells)
            account.reject(number, EntryError("RAGGED_ROW", reason), touches_fgfr=touches)
            continue
        yield Row(line=number, cells=dict(zip(columns.names, cells, strict=False)))
    if columns is None and required:
        reason, remedy = "the table has no header line", "give the file as the program wrote it"
        raise MalformedFileError(reason, remedy=remedy, path=opened.path, code="NO_HEADER")


def _holds_number(columns: Columns, cells: Iterable[str]) -> bool:
    """Tell whether a cell of a ragged row is a bare number of FGFR1-3, in a table with a column of such numbers."""
    return any("entrez" in name for name in columns.names) and any(map(is_identifier, cells))


def _with_last(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """Yield every line and whether it is the last, which is known when the one after it was asked for."""
    waiting: tuple[int, str] | None = None
    for line in lines:
        if waiting is not None:
            yield *waiting, False
        waiting = line
    if waiting is not None:
        yield *waiting, True


def _cells_needed(columns: Columns, required: Sequence[Sequence[str]]) -> int:
    """Return how many cells a row needs to hold every required column."""
    return max((columns.require(*spellings) + 1 for spellings in required), default=0)


def _cells(line: str, separator: str) -> list[str]:
    if '"' not in line:
        return [cell.strip() for cell in line.split(separator)]
    import csv

    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]


def chosen_sample(rows: Sequence[Row], column: str, wanted: str | None, path: str) -> str | None:
    """Choose the sample of a table by its column of sample names; None when it has no row; raises as `choose_sample`."""
    return choose_sample([row.cells[column] for row in rows], wanted, path=path) if rows else None
