"""JSON text -> value, strictly, with the line of every fault. Serves every JSON reader.

The standard library keeps the last of two equal keys, reads `NaN`, and turns `1e400` into infinity without a word; here
each of them is an error with its line. Also refused: a second document, more than 100 levels, integers of more than 19
digits, half of a surrogate pair.

Two parsers. msgspec is fast but silent about equal keys, depth and long integers. Its answer is taken only when byte counts prove
that nothing of the kind is there; any doubt goes to the exact parser, which alone words the errors. A process that reads many
documents has msgspec itself look at depth and integers, by a type, whose making pays only then.
"""

import contextlib
import math
import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import accumulate, count
from types import GenericAlias
from typing import Annotated, Any, NoReturn

import msgspec

from fgfr_screen.errors import MalformedFileError

DEPTH_LIMIT = 100
INTEGER_DIGITS_LIMIT = 19

_DIGITS_AS_ZERO = bytes(ord("0") if byte in b"0123456789" else byte for byte in range(256))
_TOO_MANY_DIGITS = b"0" * (INTEGER_DIGITS_LIMIT + 1)
# A run of 20 digits holds four of every fifth byte, whatever byte it begins at.
_SAMPLED_EVERY = 5
_DIGITS_IN_SAMPLE = b"0" * ((INTEGER_DIGITS_LIMIT + 1) // _SAMPLED_EVERY)
# Levels of objects and lists that the deepest reports have, and some more.
_USUAL_LEVELS = 12
_FEW_DOCUMENTS = 100
_documents = count(1)
_ENCODER = msgspec.json.Encoder()
_MARKS = b'"[]{}'
_NOT_MARKS = bytes(byte for byte in range(256) if byte not in _MARKS)
# Patterns stay text: `re` compiles and keeps them on first use, and most documents need none.
# Possessive: a text of megabytes with escapes must not fill a stack of places to come back to. (Python before 3.11.5 errs
# on possessive groups that can match in several ways; this one cannot.)
_STRING = r'"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"'
_TOKEN = rf"{_STRING}|[{{}}\[\],:]|[^\s{{}}\[\],:\"]+"
_STRING_OR_BRACE = rf"({_STRING})(\s*+:)?|[{{}}]"
_SPACE = rb"[\s,]*"
_KEY = rb"[\s,]*" + _STRING.encode() + rb"\s*:\s*"
_STEP = r"[.\[]"
_LINE_COUNT_BYTES = 1 << 12
_SHOWN_CHARACTERS = 40


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
        value, is_bounded = _decode(text)
        written = bytearray(len(text))
        _ENCODER.encode_into(value, written)
        is_sure = _has_as_many_strings(text, written) and (is_bounded or _keeps_to_limits(text, value))
    except (ValueError, RecursionError):
        return _DOUBT
    return value if is_sure else _DOUBT


def _decode(text: str) -> tuple[Any, bool]:
    """Decode; True = levels and integers are known to keep to the limits."""
    if next(_documents) > _FEW_DOCUMENTS:
        with contextlib.suppress(msgspec.ValidationError):
            return _bounded_decoder().decode(text), True
    return msgspec.json.decode(text), False


def _has_as_many_strings(text: str, written: bytearray) -> bool:
    """Tell whether a document and what was written of its value have the same strings.

    There are fewer when a key, and what it stood for, went lost because an equal key followed.
    """
    if len(written) == len(text) and written == text.encode():
        return True
    if "\\" in text:
        return _without_escaped_quotes(text).count('"') == _without_escaped_quotes(written.decode()).count('"')
    return text.count('"') == written.count(b'"')


def _without_escaped_quotes(text: str) -> str:
    r"""Take every `\"` away, and first every `\\`, whose second half escapes nothing; each quote left ends a string."""
    return text.replace("\\\\", "").replace('\\"', "")


@cache
def _bounded_decoder() -> msgspec.json.Decoder[Any]:
    """Make a decoder for integers of 64 bits and for as many levels as reports have; it takes as long as many reports."""
    scalar: Any = str | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | float | bool | None
    inner = outer = scalar
    for _ in range(_USUAL_LEVELS):
        # A list within a list holds no more lists or objects: with both at every level the type would grow as 2 ** levels.
        listed = scalar | GenericAlias(list, scalar) | GenericAlias(dict, (str, inner))
        inner, outer = outer, scalar | GenericAlias(dict, (str, outer)) | GenericAlias(list, listed)
    return msgspec.json.Decoder(outer)


def _keeps_to_limits(text: str, value: Any) -> bool:
    """Tell whether a document surely has no integer that is too long, and at most `DEPTH_LIMIT` levels."""
    source = text.encode()
    digits_in_sample = _DIGITS_IN_SAMPLE in source[::_SAMPLED_EVERY].translate(_DIGITS_AS_ZERO)
    if digits_in_sample and _TOO_MANY_DIGITS in source.translate(_DIGITS_AS_ZERO):
        return False
    if "\\" in text:
        source = _without_escaped_quotes(text).encode()
    marks = source.translate(None, _NOT_MARKS)
    brackets = marks.translate(None, b'"')
    if len(marks) - len(brackets) != 2 * marks.count(b'""'):  # strings hold brackets, too
        return _is_shallow(value)
    # A round takes away one level at least and two at most, and all must go.
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
        if not _is_shallow(value):
            raise _too_deep(path)
        _check_surrogates(value)
    except json.JSONDecodeError as error:
        reason = f"this is not valid JSON: {error.msg}, column {error.colno}"
        if error.msg == "Extra data":
            reason = "a second JSON document follows the first"
        remedy = "repair the file where the message points; comments and trailing commas are not JSON"
        raise MalformedFileError(reason, remedy=remedy, path=path, line=error.lineno, code="JSON_SYNTAX") from error
    except RecursionError as error:
        raise _too_deep(path) from error
    except _FaultError as error:
        line = _line_of_fault(text, error)
        raise MalformedFileError(str(error), remedy="repair the file", path=path, line=line, code=error.code) from error
    return value


def lines_of(text: str, key_of: Callable[[str], str] = str) -> "Lines":
    """Return the lines of the values of a valid document; `key_of` turns its keys into those of the paths."""
    return Lines(text, key_of)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # What is found is taken out, without a second table of all keys, of which there may be a million.
        twice = next(key for key, _ in pairs if found.pop(key, _DOUBT) is _DOUBT)
        shown = twice[:_SHOWN_CHARACTERS]
        raise _FaultError("DUPLICATE_KEY", f"the key {shown!r} stands twice in one object", twice)
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
        raise _FaultError("JSON_NUMBER", f"the number {text[:_SHOWN_CHARACTERS]} is too large", text)
    return number


def _is_shallow(value: Any) -> bool:
    """Tell whether a value has at most `DEPTH_LIMIT` levels of objects and lists."""
    level = [value]
    for _ in range(DEPTH_LIMIT + 1):
        containers = [one for one in level if isinstance(one, (dict, list))]
        if not containers:
            return True
        level = [item for one in containers for item in (one.values() if isinstance(one, dict) else one)]
    return False


def _check_surrogates(value: Any) -> None:
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError as error:
        escape = f"\\u{ord(error.object[error.start]):04x}"
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
    """Return the line where a key stands for the second time in its object."""
    seen: list[bool] = []
    for found in re.finditer(_STRING_OR_BRACE, text):
        word, colon = found.groups()
        if found[0] == "{":
            seen.append(False)
        elif found[0] == "}":
            seen.pop()
        elif colon and _unescaped(word) == key:
            if seen[-1]:
                return 1 + text.count("\n", 0, found.start())
            seen[-1] = True
    return None


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, at = 1, 0
    for found in re.finditer(_TOKEN, text):
        line += text.count("\n", at, found.start())
        at = found.start()
        yield found[0], line


def _unescaped(word: str) -> str:
    if "\\" not in word:
        return word[1:-1]
    import json  # unlike msgspec, it takes half of a character, which another key may hold

    return str(json.loads(word))


# ------------------------------------------------------------------------------------------------------------- lines


class Lines:
    """Tells the line of a value of a valid document by its path; reads only what lies on the way.

    An object or list on the way is divided into its members once, without decoding them.
    """

    def __init__(self, text: str, key_of: Callable[[str], str]) -> None:
        """Take a document; see `lines_of`."""
        self._source = text.encode()
        self._key_of = key_of
        self._divided: dict[int, dict[str, tuple[int, int]]] = {}

    def get(self, place: str) -> int | None:
        """Return the 1-based line where the value at a path such as `$.rearrangements[0].breakends[1]` starts.

        Returns:
            The line, or None when the document has no such path.
        """
        start = self._find(place[1:], 0, len(self._source)) if place.startswith("$") else None
        if start is None:
            return None
        block, offset = divmod(start, _LINE_COUNT_BYTES)
        return 1 + self._line_ends_before[block] + self._source.count(b"\n", start - offset, start)

    def _find(self, steps: str, start: int, end: int) -> int | None:
        """Return where the value starts that these steps (`.a[0]`) lead to from the value at `start`."""
        if not steps:
            return _after(_SPACE, self._source, start)
        members = self._members(start, end)
        # A key may hold the signs of a path.
        for cut in (*(sign.start() + 1 for sign in re.finditer(_STEP, steps[1:])), len(steps)):
            member = members.get(steps[:cut])
            found = None if member is None else self._find(steps[cut:], *member)
            if found is not None:
                return found
        return None

    def _members(self, start: int, end: int) -> dict[str, tuple[int, int]]:
        if start not in self._divided:
            self._divided[start] = dict(self._divide(start, end))
        return self._divided[start]

    def _divide(self, start: int, end: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield step, start and end of every member of the value between two bytes."""
        inside = memoryview(self._source)[start:end]
        at = _after(_SPACE, self._source, start) + 1
        if self._source.startswith(b"{", at - 1):
            for key, member in msgspec.json.decode(inside, type=dict[str, msgspec.Raw]).items():
                at = _after(_KEY, self._source, at)
                yield f".{self._key_of(key)}", (at, at + len(member))
                at += len(member)
        elif self._source.startswith(b"[", at - 1):
            for index, member in enumerate(msgspec.json.decode(inside, type=list[msgspec.Raw])):
                at = _after(_SPACE, self._source, at)
                yield f"[{index}]", (at, at + len(member))
                at += len(member)

    @cached_property
    def _line_ends_before(self) -> list[int]:
        """Count the line ends before the first byte of every block."""
        blocks = range(0, len(self._source), _LINE_COUNT_BYTES)
        return [0, *accumulate(self._source.count(b"\n", at, at + _LINE_COUNT_BYTES) for at in blocks)]


def _after(pattern: bytes, source: bytes, at: int) -> int:
    found = re.compile(pattern).match(source, at)
    return at if found is None else found.end()
