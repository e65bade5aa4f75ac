"""Zip container -> names of the sheets when it is an Excel workbook. Nothing is unpacked but the list of sheets.

Source: ECMA-376 part 1, section 12 (packaging of SpreadsheetML).
"""

import io
import re
import zipfile

STORED_LIMIT_BYTES = 64 << 20
_UNPACKED_LIMIT_BYTES = 512 << 20
_SHEET_LIST = "xl/workbook.xml"
_SHEET_LIST_LIMIT_BYTES = 1 << 20
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*?\bname=(\"[^\"]*\"|'[^']*')")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def sheet_names(data: bytes) -> tuple[str, ...] | None:
    """Return the names of the sheets of a workbook.

    Returns:
        The names in order; None when the bytes are no workbook, are damaged, or unpack to more than 512 MiB.
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
