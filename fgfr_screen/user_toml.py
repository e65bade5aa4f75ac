"""TOML of the user -> typed records, with errors that name file, line, key and the nearest known key.

Serves clinical facts, programmes and any other TOML that a person writes. `tomllib` keeps no line numbers and
`msgspec` names a path (`$.clinical[0].min_months`); this module finds the line of that path in the text.
"""

import os
import re
from typing import Any, TypeVar

import msgspec

from fgfr_screen.errors import UserFileError

T = TypeVar("T")
KeyPath = tuple[str | int, ...]

# Patterns stay text: `re` compiles and keeps them on first use, and most screenings never use them.
_HEADER = r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$"
_ASSIGNMENT = r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)((?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*="""
_PATH_STEP = r"\.([A-Za-z0-9_-]+)|\[(\d+)\]"
_ERROR_PATH = r" - at `(?:key in )?\$([^`]*)`$"
_UNKNOWN_FIELD = r"Object contains unknown field `([^`]*)`"
_UNKNOWN_VALUE = r"Invalid (?:enum )?value '([^']*)'"
_SYNTAX_LINE = r"\s*\(at (?:line (\d+), column \d+|end of document)\)"


def read_text(path: str | os.PathLike[str]) -> str:
    """Return the text of a UTF-8 file without a byte-order mark.

    Raises:
        UserFileError: The file cannot be opened or is not UTF-8.
    """
    try:
        with open(path, "rb") as handle:
            return handle.read().decode("utf-8-sig")
    except OSError as error:
        raise UserFileError(f"cannot be read: {error.strerror}", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise UserFileError("is not UTF-8 text", path=str(path), remedy="save the file as UTF-8") from error


def parse(text: str, path: str) -> dict[str, Any]:
    """Parse TOML.

    Raises:
        UserFileError: The text is not TOML (this includes a key given twice); `line` is where the parser stopped.
    """
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(_SYNTAX_LINE, str(error))
        line = int(found[1]) if found and found[1] else len(text.splitlines()) or None
        raise UserFileError(
            f"is not valid TOML: {re.sub(_SYNTAX_LINE, '', str(error))}", path=path, line=line
        ) from error


def convert(document: Any, kind: type[T], text: str, path: str, known: tuple[str, ...] = ()) -> T:
    """Turn a parsed document into a record.

    Args:
        document: What `parse` returned.
        kind: Record type with `forbid_unknown_fields`.
        text: The file's text, in which the line of an error is looked up.
        path: File name for the message.
        known: Every key and word that the format knows anywhere, for the "did you mean" of an unknown one.

    Raises:
        UserFileError: A key is unknown or missing, or a value is wrong.
    """
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), text, path, known) from error


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return the known word that looks most like `word`, or None when none is near.

    >>> nearest("age_month", ("age_months", "sex"))
    'age_months'
    """
    from difflib import get_close_matches

    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def line_of(text: str, path: KeyPath) -> int | None:
    r"""Return the 1-based line of the value at `path`, or of its nearest enclosing table; None for neither.

    >>> line_of('a = 1\n[[b]]\nc = 2\n[[b]]\nc = 3', ("b", 1, "c"))
    5
    """
    places = _places(text)
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return None


def _explained(message: str, text: str, path: str, known: tuple[str, ...]) -> UserFileError:
    """Turn a msgspec message into our error with line and nearest key."""
    located = re.search(_ERROR_PATH, message)
    steps: KeyPath = tuple(
        name or int(index) for name, index in (re.findall(_PATH_STEP, located[1]) if located else ())
    )
    reason = re.sub(_ERROR_PATH, "", message)
    unknown = re.search(_UNKNOWN_FIELD, message)
    if unknown is None:
        shown = _shown(steps)
        value = re.search(_UNKNOWN_VALUE, message)
        meant = nearest(value[1], known) if value else None
        remedy = f"did you mean '{meant}'?" if meant else ""
        return UserFileError(
            f"{shown}: {reason}" if shown else reason, path=path, line=line_of(text, steps), remedy=remedy
        )
    key = unknown[1]
    close = nearest(key, known)
    return UserFileError(
        f"unknown key '{_shown((*steps, key))}'",
        path=path,
        line=line_of(text, (*steps, key)),
        remedy=f"did you mean '{close}'?" if close else "known keys: " + ", ".join(sorted(known)),
    )


def _shown(path: KeyPath) -> str:
    """Write a path the way a person reads it: `clinical[0].min_months`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _places(text: str) -> dict[KeyPath, int]:
    """Map each table header and each key at the start of a line to its first line.

    Text inside multi-line strings may look like a key; a real key of the same path always comes with the first hit of
    its own table, so the worst case is a line number inside the right table.
    """
    places: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(_HEADER, line)
        if header is not None:
            table = _table_path(header[2], counts, is_array=header[1] == "[[")
            places.setdefault(table, number)
            continue
        key = re.match(_ASSIGNMENT, line)
        if key is not None:
            dotted = [part.strip() for part in key[2].split(".") if part.strip()]
            places.setdefault((*table, key[1].strip("\"'"), *dotted), number)
    return places


def _table_path(name: str, counts: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """Resolve a header to its path; each `[[name]]` opens the next element, `[name.sub]` belongs to the last one."""
    path: KeyPath = ()
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for depth, part in enumerate(parts):
        path = (*path, part)
        is_last = depth == len(parts) - 1
        if is_array and is_last:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
