"""Tab-separated tables of `data/`: comment lines, one header line, rows; `.gz` files are reproducible (no date)."""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from fgfr_screen.model import Record

Row = dict[str, str]
RowT = TypeVar("RowT", bound=Record)


def read_text(path: Path) -> str:
    """Return the text of a plain or gzip file, UTF-8."""
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def read_comments(path: Path) -> list[str]:
    """Return the leading `#` lines of a table, without the mark."""
    lines: list[str] = []
    for line in read_text(path).splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    return lines


def read_table(path: Path) -> Iterator[Row]:
    """Yield the rows of a table as dictionaries; cells are trimmed.

    Raises:
        ValueError: A row has another number of cells than the header.
    """
    header: list[str] | None = None
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        if header is None:
            header = cells
        elif len(cells) != len(header):
            raise ValueError(f"{path.name}:{number} has {len(cells)} cells, the header has {len(header)}")
        else:
            yield dict(zip(header, cells, strict=True))


def write_table(path: Path, comments: Iterable[str], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table; a missing cell is empty."""
    lines = [f"# {comment}" for comment in comments]
    lines.append("\t".join(columns))
    lines.extend("\t".join(row.get(column, "") for column in columns) for row in rows)
    raw = ("\n".join(lines) + "\n").encode("utf-8")
    path.write_bytes(gzip.compress(raw, compresslevel=9, mtime=0) if path.suffix == ".gz" else raw)


def columns_of(kind: type[Record]) -> list[str]:
    """Return the column names of the table whose rows become `kind`: its field names."""
    return [field.name for field in msgspec.structs.fields(kind)]


def _cell(text: str, wanted: Any) -> Any:
    """Turn one cell into the JSON-like value that msgspec converts to a field of type `wanted`."""
    if wanted is bool:
        return {"yes": True, "no": False}[text]
    if str(wanted).startswith("tuple"):
        return [part for part in (part.strip() for part in text.split(";")) if part]
    if not text and wanted is not str:
        return None
    return text


def to_records(kind: type[RowT], rows: Iterable[Row]) -> tuple[RowT, ...]:
    """Convert rows to records: empty = None, `yes`/`no` = bool, `;` separates the parts of a tuple.

    Raises:
        KeyError: A column is missing, or a yes/no cell holds another word.
        msgspec.ValidationError: A value is outside its closed list or not a number.
    """
    fields = msgspec.structs.fields(kind)
    values = [{field.name: _cell(row[field.name], field.type) for field in fields} for row in rows]
    return tuple(msgspec.convert(value, kind, strict=False) for value in values)
