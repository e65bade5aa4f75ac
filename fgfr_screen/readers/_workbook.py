"""Excel workbook -> rows of text by sheet. Needs python-calamine, the extra `xlsx`, which is loaded only here."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from fgfr_screen.errors import InputError, MalformedFileError
from fgfr_screen.readers._api import OpenedInput
from fgfr_screen.readers._zip_container import has_too_many_cells

WORKBOOK_LIMIT_BYTES = 64 << 20


def read_workbook(opened: OpenedInput) -> dict[str, list[list[str]]]:
    """Return the cells of every sheet as text, by sheet name; row n of a sheet stands at index n - 1.

    Raises:
        InputError: The extra is not installed (EXTRA_MISSING).
        MalformedFileError: The workbook cannot be read (WORKBOOK_DAMAGED).
    """
    try:
        import python_calamine
    except ImportError as error:
        raise InputError(
            "Excel workbooks need the package python-calamine",
            remedy="install the extra: pip install 'fgfr-screen[xlsx]', or save the sheet as CSV",
            path=opened.path,
            code="EXTRA_MISSING",
        ) from error
    data = opened.read_all(WORKBOOK_LIMIT_BYTES)
    try:
        if has_too_many_cells(data):
            reason, remedy = "the sheets reach over a million cells", "delete what stands beside the tables"
            raise InputError(reason, remedy=remedy, path=opened.path, code="FILE_TOO_BIG")
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: _rows(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names}
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ValueError, OSError) as error:
        remedy = "open it in a spreadsheet program and save it again"
        raise MalformedFileError(
            "the workbook cannot be read", remedy=remedy, path=opened.path, code="WORKBOOK_DAMAGED"
        ) from error


def _rows(sheet: Any) -> list[list[str]]:
    # Without the empty rows on top the row numbers would not be those of the sheet.
    rows: Sequence[Sequence[Any]] = sheet.to_python(skip_empty_area=False)
    return [[cell_text(cell) for cell in row] for row in rows]


def cell_text(cell: object) -> str:
    """Return a cell as a person reads it: whole numbers without decimals, dates as ISO (what Excel made of a symbol)."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()[:10]
    return str(cell).strip()
