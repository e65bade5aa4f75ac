"""Header words of result tables -> fields of ours, and the column map of the user."""

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

import msgspec

from fgfr_screen import user_toml
from fgfr_screen.reference import data_path

SEPARATORS = ("\t", ",", ";", "|")
HEADER_LINES = 30
IGNORED = "ignored"
# A row needs one of these to be a finding.
ESSENTIAL = frozenset(("gene", "gene1", "fusion", "text"))
# A table in English is taken as ours only with one of these beside the gene: `gene` alone heads many tables.
_TELLING = frozenset(
    (
        "variant_type",
        "gene2",
        "fusion",
        "hgvs_c",
        "hgvs_p",
        "copies",
        "text",
        "result",
        "breakpoint1",
        "breakpoints",
    )
)
_IN_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_SIGNS = re.compile(r"[\s_.\-:*#/\\]+")


class ColumnMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The user's description of a table.

    Attributes:
        columns: Our field -> header of the table as it stands there.
        ignore: Headers that say nothing about a finding.
        separator: Sign between cells; left out = told from the header.
        sheet: Sheet of a workbook; left out = every sheet that has the columns.
        vaf_unit: Left out = told from a `%` in header or cell, else a number above 1 is a percentage.
        order: Whether gene 1 (or the first of a fusion's name) is the 5' gene.
        signed_out: The table is part of a signed-out report, so its words count as declared.
    """

    columns: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    separator: Literal["tab", "comma", "semicolon", "pipe"] | None = None
    sheet: str | None = None
    assembly: Literal["GRCh37", "GRCh38", "hg19", "hg38"] | None = None
    molecule: Literal["DNA", "RNA"] | None = None
    vaf_unit: Literal["percent", "fraction"] | None = None
    order: Literal["five_prime_first", "unknown"] = "unknown"
    signed_out: bool = False
    lab: str | None = None


class _HeaderFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: dict[str, tuple[str, ...]]


def load_map(path: str) -> ColumnMap:
    """Read a column map.

    Raises:
        UserFileError: It is no TOML, or a key or field is not known (the nearest is named).
    """
    from fgfr_screen.errors import UserFileError

    text = user_toml.read_text(path)
    known = (*ColumnMap.__struct_fields__, *field_names())
    found = user_toml.convert(user_toml.parse(text, path), ColumnMap, text, path, known)
    unknown = next((name for name in found.columns if name not in field_names()), None)
    if unknown is not None:
        near = user_toml.nearest(unknown, field_names())
        raise UserFileError(
            f"columns.{unknown} is no field",
            path=path,
            line=user_toml.line_of(text, ("columns", unknown)),
            remedy=f"did you mean '{near}'?" if near else f"fields are: {', '.join(field_names())}",
        )
    return found


@functools.cache
def _headers() -> dict[str, str]:
    """Normalised spelling -> field."""
    import tomllib

    with open(data_path("column_headers.toml"), "rb") as handle:
        rows = msgspec.convert(tomllib.load(handle), _HeaderFile).fields
    return {normal(word): name for name, words in rows.items() for word in (*words, name)}


@functools.cache
def field_names() -> tuple[str, ...]:
    """Return the fields that a column map can name."""
    return tuple(sorted(set(_headers().values()) - {IGNORED}))


def normal(header: str) -> str:
    """Return a header as compared: NFKC, lower case, without blanks, signs and what stands in brackets.

    >>> normal("丰度（%）"), normal("Gene_Symbol")
    ('丰度', 'genesymbol')
    """
    plain = unicodedata.normalize("NFKC", header).lower()
    return _SIGNS.sub("", _IN_BRACKETS.sub("", plain)) or _SIGNS.sub("", plain)


def field_of(header: str) -> str | None:
    """Return the field of a header, `ignored`, or None when it is not known."""
    return _headers().get(normal(header))


def nearest_header(header: str) -> str | None:
    """Return the known spelling that looks most like a header, or None."""
    from difflib import get_close_matches

    close = get_close_matches(normal(header), _headers(), n=1, cutoff=0.5)
    return close[0] if close else None


def evidence(data: bytes) -> str | None:
    """Tell why the start of a text is such a table, or None.

    A table with Chinese headers is ours when it names a gene, fusion or finding; one in English only when every
    header is known, so that no table of a program is taken.
    """
    lines = decoded(data).splitlines()[:HEADER_LINES]
    for line in lines:
        for separator in SEPARATORS:
            cells = [cell.strip().strip('"') for cell in line.split(separator)]
            if len(cells) < 2:
                continue
            found = recognised(cells)
            if found is not None:
                return f"the header has known columns: {', '.join(found)}"
    return None


def has_columns(data: bytes, chosen: ColumnMap) -> bool:
    """Tell whether a line at the start of a text has every column that a map names."""
    wanted = {normal(header) for header in chosen.columns.values()}
    lines = decoded(data).splitlines()[:HEADER_LINES]
    split = (line.split(separator) for line in lines for separator in SEPARATORS)
    return bool(wanted) and any(wanted <= {normal(cell.strip().strip('"')) for cell in cells} for cells in split)


def recognised(cells: Sequence[str]) -> tuple[str, ...] | None:
    """Return the known headers of a line when it is the header of such a table, else None."""
    named = [cell for cell in cells if cell.strip()]
    fields = [field_of(cell) for cell in named]
    known = [cell for cell, name in zip(named, fields, strict=True) if name not in (None, IGNORED)]
    has_essential = not ESSENTIAL.isdisjoint(fields)
    is_chinese = any(not cell.isascii() for cell in known)
    if is_chinese:
        return tuple(known) if has_essential and len(known) > 1 else None
    complete = None not in fields
    return tuple(known) if complete and has_essential and len(known) > 1 and _TELLING & set(fields) else None


def decoded(data: bytes) -> str:
    """Return the start of a file as text: UTF-8, else GB18030, else Latin-1; a character cut at the end is left out."""
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                return data[: len(data) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return data.decode("latin-1")
