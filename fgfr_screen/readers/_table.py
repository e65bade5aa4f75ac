"""Delimited text: columns by name, exact numbers, ragged rows. Serves every table reader; knows no format."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from fgfr_screen import coords, genes
from fgfr_screen.errors import MalformedFileError, SampleColumnError, TruncatedFileError
from fgfr_screen.model import Record
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers._text import decode_text
from fgfr_screen.terms import FgfrGene

TAB = "\t"
_EXACT_INTEGER = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?")
# A chromosome as spreadsheets and pandas leave it (`4.0`, `04`), or with its band (`4p16.3`).
_WRITTEN_CHROMOSOME = re.compile(r"(?:chr)?0*([1-9][0-9]?)(?:\.0*|[pq][0-9.]*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SAMPLES_NAMED = 10
LOG2_LIMIT = 40.0
"""Largest size of a log2 ratio that can be meant: programs write about -33 (log2 of 1e-10) where no read lies."""
_BLANK = frozenset(("", ".", "na", "nan", "n/a"))


class RowError(ValueError):
    """A row that cannot be used: `code` and what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Columns:
    """Where each named column of a table stands.

    Attributes:
        names: Column names in file order, as compared: trimmed, lower case, without leading `#`.
    """

    def __init__(
        self,
        header: str,
        *,
        separator: str = "\t",
        path: str | None = None,
        line: int | None = None,
        repeatable: Sequence[str] = (),
    ) -> None:
        """Read a header line; of a `repeatable` column that stands twice the first counts.

        Raises:
            MalformedFileError: Another column name occurs twice (code DUPLICATE_COLUMN).
        """
        cells = header.lstrip("#").split(separator)
        self.names = tuple(cell.strip().strip('"').lstrip("#").lower() for cell in cells)
        self._path, self._line = path, line
        self._index = {name: at for at, name in reversed(tuple(enumerate(self.names)))}
        if len(self._index) < len(self.names):
            twice = sorted({name for name in self.names if self.names.count(name) > 1} - set(repeatable))
            if twice:
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


def plain_contig(text: str) -> str:
    """Return the contig of a cell without what tables add to the number of a chromosome; any other name as written.

    >>> [plain_contig(cell) for cell in ("4.0", "chr04", "4p16.3", "GL000192.1", "chrX")]
    ['4', '4', '4', 'GL000192.1', 'chrX']
    """
    found = _WRITTEN_CHROMOSOME.fullmatch(text.strip())
    return text.strip() if found is None else found[1]


def normalise_contig(text: str, numeric_sex: bool = False) -> str | None:
    """Return the contig of a cell as `coords.normalise_contig` names it, also in the spellings of `plain_contig`."""
    return coords.normalise_contig(plain_contig(text), numeric_sex)


def plain_place(text: str) -> str:
    """Return `contig:position` with a contig as `plain_contig` has it, and a position that pandas wrote as `1803568.0`."""
    contig, colon, place = text.partition(":")
    return f"{plain_contig(contig)}:{place.strip().removesuffix('.0')}" if colon else text


def has_no_support(*amounts: float | None) -> bool:
    """Tell whether a row states its support (reads, pairs, allele fraction) and all of it is zero; None = not stated."""
    return {amount for amount in amounts if amount is not None} == {0}


def usual_width(widths: Iterable[int]) -> int:
    """Return the most frequent number of cells (the larger of equals), 0 for no rows."""
    counts: dict[int, int] = {}
    for width in widths:
        counts[width] = counts.get(width, 0) + 1
    return max(counts, key=lambda width: (counts[width], width), default=0)


def exact_number(text: str) -> float:
    """Read a number with a decimal point, as programs write it (`0.62`, `7e-04`); no thousands separators.

    Raises:
        ValueError: The text is no finite number.
    """
    found = _NUMBER.fullmatch(text.strip())
    number = float(found[0]) if found is not None else math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]!r} is not a number")
    return number


class Table(Record, frozen=True, kw_only=True):
    """Lines of a delimited text: comments, one header, rows.

    Attributes:
        header: The header line and its number; None = the file has no line that is not a comment.
        comments: Comment lines with their numbers.
        rows: Other lines with their numbers, not split; blank lines are left out.
    """

    header: tuple[int, str] | None
    comments: tuple[tuple[int, str], ...]
    rows: tuple[tuple[int, str], ...]


def read_table(opened: OpenedInput, *, comment: str = "#", has_header: bool = True) -> Table:
    """Read all lines of a table; `comment` is the sign that comment lines start with."""
    header: tuple[int, str] | None = None
    comments: list[tuple[int, str]] = []
    rows: list[tuple[int, str]] = []
    for number, raw in enumerate(opened.lines(), 1):
        line = decode_text(raw)[0]
        if not line.strip():
            continue
        if line.startswith(comment):
            comments.append((number, line))
        elif has_header and header is None:
            header = number, line
        else:
            rows.append((number, line))
    return Table(header=header, comments=tuple(comments), rows=tuple(rows))


def refuse_cut(opened: OpenedInput, line: int, reason: str, *, allow_truncated: bool) -> None:
    """Take a file that ends inside a row for a cut one: refuse it, or mark it as not complete where that is allowed.

    Raises:
        TruncatedFileError: It is not allowed.
    """
    if not allow_truncated:
        remedy = "fetch the file again, or use --allow-truncated to read what is there"
        raise TruncatedFileError(f"the file ends inside a row: {reason}", remedy=remedy, path=opened.path, line=line)
    opened.truncated = True


def check_last_row(
    opened: OpenedInput, line: int, cells: int, width: int, *, allow_truncated: bool, is_open: bool | None = None
) -> bool:
    """Notice a file that is cut inside its last row: no line end, and fewer cells than the table has.

    Args:
        opened: The file, read to its end.
        line: Number of its last row.
        cells: Cells of that row.
        width: Cells of the table.
        allow_truncated: Read what is there; the input then counts as not complete.
        is_open: Whether the last line has no line end; None = as `opened` found while it gave the lines.

    Returns:
        True when the row is cut, so that nothing in it can be used.

    Raises:
        TruncatedFileError: The file is cut, and that was not allowed.
    """
    without_end = not opened.ends_with_newline if is_open is None else is_open
    is_cut = without_end and cells < width
    if is_cut:
        refuse_cut(opened, line, f"it has {cells} of {width} cells", allow_truncated=allow_truncated)
    return is_cut


def check_end(opened: OpenedInput, table: Table, width: int, *, allow_truncated: bool) -> None:
    """Notice a table of `width` columns that is cut inside its last row; raises as `check_last_row`."""
    if table.rows:
        line, text = table.rows[-1]
        check_last_row(opened, line, text.count(TAB) + 1, width, allow_truncated=allow_truncated)


class Cells:
    """One row by column name; blank cells (``""``, `.`, `NA`) are None."""

    def __init__(self, at: Mapping[str, int], cells: Sequence[str]) -> None:
        self._at = at
        self._cells = cells

    def text(self, column: str) -> str | None:
        """Return a cell without quotes, None where it is blank or the table has no such column."""
        index = self._at.get(column)
        value = self._cells[index].strip().strip('"') if index is not None else ""
        return None if value.lower() in _BLANK else value

    def number(self, column: str, *, low: float | None = None, high: float | None = None) -> float | None:
        """Return a number, None where the cell is blank.

        Raises:
            RowError: It is no number, less than `low` or more than `high` (COPY_NUMBER_MALFORMED).
        """
        text = self.text(column)
        if text is None:
            return None
        try:
            value = exact_number(text)
        except ValueError as error:
            raise RowError("COPY_NUMBER_MALFORMED", f"{column}: {error}") from error
        if low is not None and value < low:
            raise RowError("COPY_NUMBER_MALFORMED", f"{column}={value:g} is less than {low:g}")
        if high is not None and value > high:
            raise RowError("COPY_NUMBER_MALFORMED", f"{column}={value:g} is more than {high:g}")
        return value


def header_columns(table: Table, path: str) -> tuple[Columns, str]:
    """Return the columns of a table and its header line.

    Raises:
        MalformedFileError: There is none (code MISSING_COLUMN).
    """
    if table.header is None:
        reason, remedy = "the table has no header", "give the file as the program wrote it"
        raise MalformedFileError(reason, remedy=remedy, path=path, code="MISSING_COLUMN")
    number, line = table.header
    return Columns(line, path=path, line=number), line


def receptor(symbol: str | None, entrez: str | None = None) -> FgfrGene | None:
    """Return the receptor that a row is about, or None.

    Args:
        symbol: Gene symbol, also `FGFR2|chr10`; None = not given.
        entrez: NCBI Gene identifier, used where no symbol is known.

    Raises:
        RowError: The word may mean an FGFR and does not tell which, or symbol and identifier name different genes.
    """
    name = genes.resolve((symbol or "").partition("|")[0])
    doubt = name.doubt or genes.band_doubt(name.given)
    if doubt is not None:
        raise RowError(*doubt)
    by_number = genes.fgfr_gene(entrez or "")
    if name.symbols and by_number is not None and by_number is not name.fgfr:
        raise RowError("GENE_ID_CONFLICT", f"{name.given!r} is not the gene of the identifier {entrez}")
    return name.fgfr or by_number


def names_fgfr(cells: Sequence[str], *columns: int | None) -> bool:
    """Tell whether a row may name FGFR1-3: anywhere by a word, in its gene columns also by a bare number or a band.

    Of a row with fewer cells than its gene columns need it is not known which cell is which, so any may be the gene.
    """
    known = [at for at in columns if at is not None]
    is_short = any(at >= len(cells) for at in known)
    gene_cells = cells if is_short else [cells[at] for at in known]
    return any(map(genes.may_touch_fgfr, (TAB.join(cells), *(cell.strip().strip('"') for cell in gene_cells))))


def choose_sample(samples: Sequence[str], wanted: str | None, *, path: str) -> str:
    """Choose the sample of a table that holds several; of one sample, that one whatever it is called.

    Args:
        samples: Names as written, in file order; repeats are allowed.
        wanted: Name given by the user, or None.
        path: For the message.

    Raises:
        SampleColumnError: The user has to choose, or chose a name that is not there (code SAMPLE_CHOICE).
    """
    names = list(dict.fromkeys(samples))
    if len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    told = ", ".join(names[:_SAMPLES_NAMED]) + (
        f" and {len(names) - _SAMPLES_NAMED} more" if len(names) > _SAMPLES_NAMED else ""
    )
    reason = (
        f"the table holds {len(names)} samples" + (f" and none is named {wanted!r}" if wanted else "") + f": {told}"
    )
    remedy = "name the patient's sample with --sample-id"
    raise SampleColumnError(reason, remedy=remedy, path=path, code="SAMPLE_CHOICE")
