"""Zip container -> names of the sheets when it is an Excel workbook. Nothing is unpacked but the list of sheets.

Source: ECMA-376 part 1, section 12 (packaging of SpreadsheetML).
"""

import io
import re
import zipfile

STORED_LIMIT_BYTES = 64 << 20
# A workbook is unpacked in memory, a cell becomes an object, and cells that are not there are made up to the last one.
_UNPACKED_LIMIT_BYTES = 128 << 20
_CELL_LIMIT = 1_000_000
_SHEETS = "xl/worksheets/"
_PIECE_BYTES = 1 << 20
_OVERLAP_BYTES = 1 << 10
_SHEET_LIST = "xl/workbook.xml"
_SHEET_LIST_LIMIT_BYTES = 1 << 20
_PLACE = re.compile(rb"<(?:\w+:)?(?:row|c)\s[^<>]{0,200}?\br=[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*?\bname=(\"[^\"]*\"|'[^']*')")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def sheet_names(data: bytes) -> tuple[str, ...] | None:
    """Return the names of the sheets of a workbook.

    Returns:
        The names in order; None when the bytes are no workbook, are damaged, or unpack to more than 128 MiB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > _UNPACKED_LIMIT_BYTES:
                return None
            listing = next((member for member in members if member.filename == _SHEET_LIST), None)
            if listing is None or listing.file_size > _SHEET_LIST_LIMIT_BYTES:
                return None
            text = archive.read(listing).decode("utf-8", "replace")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return None
    return tuple(_plain(found[1:-1]) for found in _SHEET.findall(text))


def _plain(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def has_too_many_cells(data: bytes) -> bool:
    """Tell whether the sheets of a workbook reach over more than a million cells, given or not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith(_SHEETS) and name.endswith(".xml")]
        return sum(_cells_of(archive, name) for name in names) > _CELL_LIMIT


def _cells_of(archive: zipfile.ZipFile, name: str) -> int:
    """Return rows times columns up to the last cell of a sheet."""
    rows = columns = 0
    left = b""
    with archive.open(name) as sheet:
        while piece := sheet.read(_PIECE_BYTES):
            left += piece
            for letters, digits in _PLACE.findall(left):
                rows, columns = max(rows, int(digits)), max(columns, _column(letters))
            left = left[-_OVERLAP_BYTES:]
    return rows * columns


def _column(letters: bytes) -> int:
    """Return the number of a column, from 1; 0 for no letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
