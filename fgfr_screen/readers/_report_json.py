"""Values of a JSON (or plain tree) report by key, with their place, and errors that name it. Serves report readers.

A value of the wrong type is an `EntryError`: inside an entry it rejects that entry alone, anywhere else
`report_faults` makes it an error of the file. Texts are never part of a message: they may be patient data.
"""

import contextlib
import math
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Finding
from fgfr_screen.readers._api import OpenedInput
from fgfr_screen.readers._json import Lines, lines_of, parse_json
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.readers._text import decode_text

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DECODED = "the file is not UTF-8 and was decoded otherwise"


class Node:
    """One value of a document.

    Attributes:
        value: The plain value; None = not given.
    """

    __slots__ = ("_parent", "_step", "value")

    def __init__(self, value: Any, step: str = "$", parent: "Node | None" = None) -> None:
        """Wrap a value; `step` is its key in its parent, or its whole place where it has none."""
        self.value = value
        self._step = step
        self._parent = parent

    def __bool__(self) -> bool:
        return self.value is not None

    @property
    def place(self) -> str:
        """Its path (`$.results.fusionVariants[0]`), put together only when it is asked for."""
        return self._step if self._parent is None else f"{self._parent.place}.{self._step}"

    def get(self, *keys: str) -> "Node":
        """Return the first of these keys that is given and not null; a node without value when none is.

        Raises:
            EntryError: This value is no object.
        """
        key = self._given(keys)
        return Node(None, keys[0], self) if key is None else Node(self.value[key], key, self)

    def _given(self, keys: tuple[str, ...]) -> str | None:
        if isinstance(self.value, dict):
            for key in keys:
                if self.value.get(key) is not None:
                    return key
        elif self.value is not None and self.value != "":
            raise self._wrong("an object")
        return None

    def at(self, *path: str) -> "Node":
        """Return the value at a path of keys."""
        node = self
        for key in path:
            node = node.get(key)
        return node

    def items(self, *keys: str) -> list["Node"]:
        """Return the members of a list (of this value, or of the value at a key); a single object is a list of one.

        Raises:
            EntryError: The value is neither.
        """
        node = self.get(*keys) if keys else self
        if isinstance(node.value, list):
            place = node.place
            return [Node(item, f"{place}[{index}]") for index, item in enumerate(node.value)]
        if node.value is None or node.value == "":
            return []
        if isinstance(node.value, dict):
            return [node]
        raise node._wrong("a list")

    def items_except(self, find_left: Callable[[list[Any]], list[int]]) -> tuple[list["Node"], int]:
        """Return the members as `items` does, but of a list only those at the indexes that are found, and how many others."""
        if not isinstance(self.value, list):
            return self.items(), 0
        left = find_left(self.value)
        place = self.place if left else ""
        return [Node(self.value[index], f"{place}[{index}]") for index in left], len(self.value) - len(left)

    def fields(self) -> dict[str, Any]:
        """Return the value, which has to be an object.

        Raises:
            EntryError: It is another value, or not given.
        """
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        return self.value

    def text(self, *keys: str) -> str | None:
        """Return a text, trimmed; numbers as written; None for not given or blank.

        Raises:
            EntryError: The value is a list, an object or a flag.
        """
        value = self.value
        if keys:
            key = self._given(keys)
            if key is None:
                return None
            value = value[key]
        if isinstance(value, str):
            return value.strip() or None
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return f"{value}"
        raise (self.get(*keys) if keys else self)._wrong("a text")

    def number(self, *keys: str) -> float | None:
        """Return a number, also one written as text (`"12.5"`, `"12.5%"`); None for not given, blank or `NA`.

        Raises:
            EntryError: The value is something else.
        """
        node = self.get(*keys) if keys else self
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return float(node.value)
        text = node.text()
        if text is None or text.lower() in ("na", "n/a", "nan", "none", "null", "."):
            return None
        plain = text.removesuffix("%").strip()
        if re.fullmatch(_NUMBER, plain) is None or math.isinf(float(plain)):
            raise node._wrong("a number")
        return float(plain)

    def integer(self, *keys: str) -> int | None:
        """Return a whole number; raises as `number`."""
        node = self.get(*keys) if keys else self
        found = node.number()
        if found is not None and found != int(found):
            raise node._wrong("a whole number")
        return None if found is None else int(found)

    def flag(self, *keys: str) -> bool | None:
        """Return true or false, also written as text.

        Raises:
            EntryError: The value is something else.
        """
        node = self.get(*keys) if keys else self
        if node.value is None or isinstance(node.value, bool):
            return node.value
        known = _FLAGS.get(str(node.value).strip().lower())
        if known is None and str(node.value).strip():
            raise node._wrong("true or false")
        return known

    def strings(self) -> Iterator[str]:
        """Yield every text inside, at any depth, in the order of the document."""
        waiting = [self.value]
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                waiting += reversed(value.values())
            elif isinstance(value, list):
                waiting += reversed(value)

    def _wrong(self, wanted: str) -> EntryError:
        return EntryError("REPORT_VALUE", f"{self.place} should be {wanted}")


class JsonReport:
    """A strict JSON document of an opened input.

    Attributes:
        root: Its value.
        findings: What was assumed on decoding.
    """

    def __init__(self, opened: OpenedInput) -> None:
        """Read and parse.

        Raises:
            MalformedFileError: It is not strict JSON, or no object.
        """
        self._path = opened.path
        self._text, note = decode_text(opened.read_all())
        value = parse_json(self._text, opened.path)
        if not isinstance(value, dict):
            reason = "the document is no JSON object"
            raise MalformedFileError(
                reason, remedy="give the report as delivered", path=opened.path, code="REPORT_SHAPE"
            )
        self.root = Node(value)
        self.findings = () if note is None else (Finding(code=note, message=_DECODED),)

    @cached_property
    def _lines(self) -> Lines:
        return lines_of(self._text)

    def line_of(self, place: str) -> int | None:
        """Return the 1-based line where the value at a place starts, or None."""
        return self._lines.get(place)

    def check_version(self, version: Node, major: str, form: str) -> None:
        """Refuse a report of another major version of its form, or of none.

        Raises:
            MalformedFileError: UNKNOWN_SCHEMA_VERSION.
        """
        word = version.text() or ""
        if word.partition(".")[0] == major:
            return
        said = f"version {word[:20]!r}" if word else f"no {version.place.removeprefix('$.')}"
        raise MalformedFileError(
            f"the report has {said}; this program reads {form} version {major}",
            remedy=f"export the report as {form} {major}.x, or use a newer program",
            path=self._path,
            line=self.line_of(version.place),
            code="UNKNOWN_SCHEMA_VERSION",
        )


@contextlib.contextmanager
def report_faults(path: str) -> Iterator[None]:
    """Make an `EntryError` outside of an entry an error of the file (REPORT_SHAPE)."""
    try:
        yield
    except EntryError as error:
        remedy = "the file is not of the form that its reader knows; see `fgfr-screen formats`"
        raise MalformedFileError(str(error), remedy=remedy, path=path, code="REPORT_SHAPE") from error
