"""Registry -> TSV, NDJSON, Parquet, Excel. Order is by sample, never by time of arrival, so that equal cohorts export alike.

Nothing is exported that the results do not hold. TSV escapes tabs, line breaks and invisible characters; Excel cells are text,
so that no formula, date or number is guessed from a name.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import select

from fgfr_screen.cohort.registry._schema import EVENT, INPUT, OUTCOME, SCREENING
from fgfr_screen.cohort.registry._store import Registry
from fgfr_screen.errors import OutputError, UsageError
from fgfr_screen.report._plain import plain

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

TABLES = ("screenings", "programs", "events", "inputs")
FORMATS = ("tsv", "ndjson", "parquet", "xlsx")
EXCEL_ROWS = 1_048_576
EXCEL_CELL = 32_767
_BATCH = 10_000
_NOT_EXPORTED = {"id", "screening_id", "number", "recorded_at", "is_current", "answer_sha256"}
_CONTENT = {"programs": OUTCOME, "events": EVENT, "inputs": INPUT}

Value = str | bool | None


def _columns(table: str) -> list[sqlalchemy.Column[object]]:
    if table == "screenings":
        return [column for column in SCREENING.c if column.name not in _NOT_EXPORTED]
    own = [column for column in _CONTENT[table].c if column.name not in _NOT_EXPORTED]
    return [SCREENING.c.sample_id, SCREENING.c.patient_id, SCREENING.c.tumor_code, *own]


def column_names(table: str) -> list[str]:
    """Return the names of the columns of an exported table."""
    return [column.name for column in _columns(table)]


def rows_of(registry: Registry, table: str, *, include_history: bool = False) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of one table, by sample id.

    Args:
        registry: The registry.
        table: One of `TABLES`.
        include_history: Also screenings that no longer count.
    """
    order = [SCREENING.c.sample_id, SCREENING.c.screening_key]
    query = select(*_columns(table))
    if table == "screenings":
        query = query.select_from(SCREENING)
    else:
        content = _CONTENT[table]
        query = query.select_from(SCREENING.join(content, content.c.screening_id == SCREENING.c.id))
        order += [content.c.program_id] if table == "programs" else [content.c.number]
    if not include_history:
        query = query.where(SCREENING.c.is_current)
    with registry.reading() as connection:
        for row in connection.execution_options(yield_per=_BATCH).execute(query.order_by(*order)):
            yield _values(row)


def _values(row: Iterable[Any]) -> tuple[Value, ...]:
    return tuple(row)


def tsv_cell(value: Value) -> str:
    """Return one cell; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value.isascii() and value.isprintable() else plain(value)


def tsv_lines(names: Iterable[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Yield a header and one line per row."""
    yield "\t".join(names) + "\n"
    for row in rows:
        yield "\t".join(map(tsv_cell, row)) + "\n"


def result_lines(registry: Registry, *, include_history: bool = False) -> Iterator[str]:
    """Yield every result as one line of JSON, byte for byte as it was stored when that was one line."""
    import msgspec

    for stored in registry.screenings(current_only=not include_history):
        body = stored.body if b"\n" not in stored.body else msgspec.json.format(stored.body, indent=-1)
        yield body.decode() + "\n"


def _without(extra: str, package: str) -> UsageError:
    remedy = f"pip install 'fgfr-screen[{extra}]'"
    return UsageError(f"this format needs {package}", code="MISSING_EXTRA", remedy=remedy)


def _replace(path: str, temporary: str) -> None:
    with open(temporary, "rb") as stream:
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def write_parquet(path: str, names: list[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a Parquet file; columns are text, `complete` is true or false.

    Raises:
        UsageError: pyarrow is not installed.
        OutputError: the file cannot be written.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise _without("parquet", "pyarrow") from error
    kinds = [pyarrow.bool_() if name == "complete" else pyarrow.string() for name in names]
    schema = pyarrow.schema(list(zip(names, kinds, strict=True)))
    temporary = f"{path}.new"
    iterator = iter(rows)
    try:
        with pyarrow.parquet.ParquetWriter(temporary, schema, compression="zstd") as writer:
            while batch := list(islice(iterator, _BATCH)):
                columns = [
                    pyarrow.array(column, kind) for column, kind in zip(zip(*batch, strict=True), kinds, strict=True)
                ]
                writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
        _replace(path, temporary)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: str, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write: {error.strerror or error}", path=path, remedy="free space or choose another place"
    )


def write_excel(path: str, sheet: str, names: list[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write an Excel workbook of text cells; a table longer than a sheet goes on in the next one.

    Raises:
        UsageError: openpyxl is not installed.
        OutputError: the file cannot be written.
    """
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise _without("excel", "openpyxl") from error
    book = openpyxl.Workbook(write_only=True)
    iterator = iter(rows)
    page = 1
    first: list[Sequence[Value]] = list(islice(iterator, 1))
    while page == 1 or first:
        own = book.create_sheet(sheet if page == 1 else f"{sheet} {page}")
        own.freeze_panes = "A2"
        for row in islice(chain([names], first, iterator), EXCEL_ROWS):
            own.append(_text_cells(own, row))
        first = list(islice(iterator, 1))
        page += 1
    try:
        book.save(f"{path}.new")
        _replace(path, f"{path}.new")
    except OSError as error:
        raise _cannot_write(path, error) from error


def _text_cells(sheet: "WriteOnlyWorksheet", row: Sequence[Value]) -> list[object]:
    from openpyxl.cell import WriteOnlyCell

    cells: list[object] = []
    for value in row:
        if value is None:
            cells.append(None)
            continue
        cell = WriteOnlyCell(sheet)
        cell.value = tsv_cell(value)[:EXCEL_CELL]
        cell.data_type = "s"
        cell.number_format = "@"
        cells.append(cell)
    return cells
