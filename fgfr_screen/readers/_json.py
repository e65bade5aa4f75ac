"""JSON text -> value, strictly, with the line of every fault. Serves every JSON reader.

The standard library keeps the last of two equal keys, reads `NaN`, and turns `1e400` into infinity without a word; here
each of them is an error with its line. Also refused: a second document, more than 100 levels, integers of more than 19
digits, half of a surrogate pair.

Two parsers. msgspec is fast but silent about equal keys, depth and long integers. Its answer is taken only when byte counts prove
that nothing of the kind is there; any doubt goes to the exact parser, which alone words the errors.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec

from fgfr_screen.errors import MalformedFileError

DEPTH_LIMIT = 100
INTEGER_DIGITS_LIMIT = 19

_DIGITS_AS_ZERO = bytes(ord("0") if byte in b"0123456789" else byte for byte in range(256))
_TOO_MANY_DIGITS = b"0" * (INTEGER_DIGITS_LIMIT + 1)
_BRACKETS = b"[]{}"
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class _FaultError(ValueError):
    """A fault found inside the JSON parser, which does not know the line; `word` is the token or key to look for."""

    def __init__(self, code: str, message: str, word: str) -> None:
        super().__init__(message)
        self.code = code
        self.word = word


def parse_json(text: str, path: str) -> Any:
    """Parse one JSON document.

    Args:
        text: The document.
        path: Name of the file, for messages.

    Raises:
        MalformedFileError: With line and code JSON_SYNTAX, DUPLICATE_KEY, JSON_NAN, JSON_NUMBER, JSON_TOO_DEEP or
            JSON_SURROGATE.
    """
    fast = _parse_fast(text)
    return _parse_exactly(text, path) if fast is _DOUBT else fast


_DOUBT = object()


def _parse_fast(text: str) -> Any:
    """Return the value, or `_DOUBT` unless the document is surely without a fault."""
    try:
        source = text.encode()
        value = msgspec.json.decode(source)
        written = msgspec.json.encode(value)
    except (ValueError, RecursionError):
        return _DOUBT
    if _TOO_MANY_DIGITS in source.translate(_DIGITS_AS_ZERO) or (b"\\" in source and b"\\u00" in source):
        return _DOUBT
    # Written anew, the document has the same quotes, unless two equal keys became one (an escaped ASCII character may hide
    # one more, hence the test above).
    if source.count(b'"') != written.count(b'"'):
        return _DOUBT
    return value if _is_shallow(written) else _DOUBT


def _is_shallow(written: bytes) -> bool:
    """Tell whether a document surely has at most `DEPTH_LIMIT` levels: a round takes away at most two, and all must go."""
    brackets = written.translate(None, _NOT_BRACKETS)
    for _ in range(DEPTH_LIMIT // 2):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def _parse_exactly(text: str, path: str) -> Any:
    import json  # rarely needed, and not free to load

    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
        _check_depth_and_strings(value)
    except json.JSONDecodeError as error:
        reason = f"this is not valid JSON: {error.msg}, column {error.colno}"
        if error.msg == "Extra data":
            reason = "a second JSON document follows the first"
        remedy = "repair the file where the message points; comments and trailing commas are not JSON"
        raise MalformedFileError(reason, remedy=remedy, path=path, line=error.lineno, code="JSON_SYNTAX") from error
    except RecursionError as error:
        raise _too_deep(path) from error
    except _FaultError as error:
        if error.code == "JSON_TOO_DEEP":
            raise _too_deep(path) from error
        line = _line_of_fault(text, error)
        raise MalformedFileError(str(error), remedy="repair the file", path=path, line=line, code=error.code) from error
    return value


def line_of(text: str, place: str) -> int | None:
    """Return the 1-based line where the value at a path such as `$.rearrangements[0].breakends[1]` starts.

    Returns:
        The line, or None when the document has no such path.
    """
    return next((line for path, line in _values(text) if path == place), None)


def lines_of(text: str) -> dict[str, int]:
    """Return the 1-based line of the start of every value, by path."""
    return dict(_values(text))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _FaultError("DUPLICATE_KEY", f"the key {twice!r} stands twice in one object", twice)
    return found


def _constant(word: str) -> NoReturn:
    raise _FaultError("JSON_NAN", f"{word} is not a JSON number; leave the key out when a value is not known", word)


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > INTEGER_DIGITS_LIMIT:
        raise _FaultError("JSON_NUMBER", f"an integer has more than {INTEGER_DIGITS_LIMIT} digits", digits)
    return int(digits)


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _FaultError("JSON_NUMBER", f"the number {text[:40]} is too large", text)
    return number


def _check_depth_and_strings(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH_LIMIT + 1):
        if not level:
            return
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += item
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str) and not item.isascii():
                _check_surrogates(item)
        level = below
    raise _FaultError("JSON_TOO_DEEP", "too deep", "")


def _check_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        escape = f"\\u{ord(text[error.start]):04x}"
        raise _FaultError("JSON_SURROGATE", f"a string holds half of a character ({escape})", escape) from error


def _too_deep(path: str) -> MalformedFileError:
    reason = f"the JSON has more than {DEPTH_LIMIT} levels"
    return MalformedFileError(reason, remedy="no report has so many", path=path, code="JSON_TOO_DEEP")


def _line_of_fault(text: str, fault: _FaultError) -> int | None:
    if fault.code == "DUPLICATE_KEY":
        return _line_of_second_key(text, fault.word)
    for word, line in _tokens(text):
        is_string = word.startswith('"')
        if word == fault.word or (is_string and fault.word.startswith("\\u") and fault.word in word.lower()):
            return line
    return None


def _line_of_second_key(text: str, key: str) -> int | None:
    seen: set[str] = set()
    for path, line in _values(text):
        if path in seen and path.endswith(f".{key}"):
            return line
        seen.add(path)
    return None


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, at = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        yield found[0], line


def _values(text: str) -> Iterator[tuple[str, int]]:
    """Yield path and line of every value of a valid document, in order (equal keys twice)."""
    prefixes: list[str] = []
    counts: list[int | None] = []
    key: str | None = None
    tokens = _tokens(text)
    for word, line in tokens:
        if word in {"}", "]"}:
            prefixes.pop()
            counts.pop()
        elif word in (",", ":"):
            continue
        elif counts and counts[-1] is None and key is None:
            key = word[1:-1] if "\\" not in word else _unescaped(word)
        else:
            path = _path(prefixes, counts, key)
            key = None
            yield path, line
            if word in ("{", "["):
                prefixes.append(path)
                counts.append(None if word == "{" else 0)


def _unescaped(word: str) -> str:
    import json

    return str(json.loads(word))


def _path(prefixes: list[str], counts: list[int | None], key: str | None) -> str:
    if not prefixes:
        return "$"
    index = counts[-1]
    if index is None:
        return f"{prefixes[-1]}.{key}"
    counts[-1] = index + 1
    return f"{prefixes[-1]}[{index}]"
