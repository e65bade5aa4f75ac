"""XML bytes -> a tree of elements with line numbers, safely. Serves every XML reader; knows no format.

Only the expat parser of the standard library is used. A document type is refused where it begins, so no entity is ever
defined, expanded or fetched. Namespaces are left out: elements and attributes are found by local name. Long texts
(embedded PDF files) are dropped as they are read; depth and number of elements are limited.
"""

from collections.abc import Iterator
from typing import NoReturn

from fgfr_screen.errors import InputError, MalformedFileError, TruncatedFileError
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers._text import decode_text

SIZE_LIMIT_BYTES = 64 << 20
DEPTH_LIMIT = 200
ELEMENT_LIMIT = 300_000
TEXT_LIMIT_CHARACTERS = 64 << 10

# Codes of expat for a document that ends early: nothing, inside a token, a character, or a CDATA section.
_ENDS_EARLY = (3, 5, 6, 20)
_FEED_BYTES = 1 << 20


class Element:
    """One element.

    Attributes:
        name: Local name.
        attributes: Values by local name.
        children: Child elements in order.
        text: Own text, trimmed; "" when there is none or it was longer than 64 Ki characters.
        line: 1-based line of the start tag.
    """

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        """Start an element without content."""
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        self.line = line

    def get(self, *names: str) -> str | None:
        """Return the first of these attributes that is there and not blank, trimmed."""
        found = (self.attributes.get(name, "").strip() for name in names)
        return next((value for value in found if value), None)

    def all(self, name: str, *, stop: str | None = None) -> Iterator["Element"]:
        """Yield every element of this name below, in document order, but none inside an element named `stop`.

        Whoever asks each of many elements for what is below it names them as `stop`: nested in each other, the innermost
        content would be walked through once for each of them.
        """
        waiting = list(reversed(self.children))
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            if element.name != stop:
                waiting += reversed(element.children)

    def first(self, name: str, *, stop: str | None = None) -> "Element | None":
        """Return the first element of this name below, or None; `stop` as for `all`."""
        return next(self.all(name, stop=stop), None)

    def text_of(self, name: str) -> str | None:
        """Return the text of the first element of this name below that has any, or None."""
        return next((element.text for element in self.all(name) if element.text), None)


def root_name(head: bytes) -> str | None:
    """Return the local name of the root element from the start of a file, or None when it is no XML.

    Looks past the declaration, comments and a document type; never parses.
    """
    at = 0
    while True:
        at = _next_sign(head, at)
        if at < 0:
            return None
        for start, end in ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">")):
            if head.startswith(start, at):
                at = _after_doctype(head, at) if start == b"<!" else head.find(end, at)
                break
        else:
            return _tag_name(head[at + 1 : at + 200])
        if at < 0:
            return None
        at += 1


def _next_sign(head: bytes, at: int) -> int:
    """Return where the next markup begins; -1 at the end, or at the start of anything that is no XML."""
    found = head.find(b"<", at)
    return -1 if at == 0 and head[:found].strip() else found


def _after_doctype(head: bytes, at: int) -> int:
    """Return where a document type ends: its subset in brackets may hold `>`."""
    end, bracket = head.find(b">", at), head.find(b"[", at)
    return end if bracket < 0 or end < bracket else head.find(b">", head.find(b"]", bracket))


def _tag_name(tag: bytes) -> str | None:
    for sign in (b">", b"/"):
        tag = tag.partition(sign)[0]
    words = tag.split()
    name = words[0].decode("utf-8", "replace") if words else ""
    local = name.rpartition(":")[2]
    return local if local[:1].isalpha() else None


def parse_xml(opened: OpenedInput) -> Element:
    """Read one XML document.

    Raises:
        MalformedFileError: XML_SYNTAX, XML_DOCTYPE, XML_TOO_DEEP or XML_TOO_BIG with the line; BAD_ENCODING.
        TruncatedFileError: The document ends early.
        InputError: It is larger than 64 MiB.
    """
    data = _as_utf8(opened.read_all(SIZE_LIMIT_BYTES), opened.path)
    return _Builder(opened.path).build(data)


def _as_utf8(data: bytes, path: str) -> bytes:
    """Return the document in UTF-8, whatever its declaration says; the declared encoding is tried where that fails."""
    declared = _declared_encoding(data)
    text, note = decode_text(data, declared)
    if note == "NOT_UTF8":
        said = f"{declared}, which it declares" if declared else "UTF-8, and it declares no encoding"
        reason, remedy = f"the document is not valid {said}", "save it as UTF-8"
        raise MalformedFileError(reason, remedy=remedy, path=path, line=1, code="BAD_ENCODING")
    return data if note is None else text.encode()


def _declared_encoding(data: bytes) -> str | None:
    start = data[:200]
    if not start.lstrip().startswith(b"<?xml"):
        return None
    value = start.partition(b"?>")[0].partition(b"encoding")[2].lstrip(b" =\t")
    quote = value[:1]
    return value[1:].partition(quote)[0].decode("ascii", "replace") if quote in (b'"', b"'") else None


class _Builder:
    """Builds the tree from the events of expat without recursion."""

    def __init__(self, path: str) -> None:
        from xml.parsers import expat

        self._path = path
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._root: Element | None = None
        self._count = 0
        self._error = expat.ExpatError
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def build(self, data: bytes) -> Element:
        """Parse the whole document."""
        try:
            for at in range(0, len(data), _FEED_BYTES):
                self._parser.Parse(data[at : at + _FEED_BYTES], False)
            self._parser.Parse(b"", True)
        except self._error as error:
            raise self._syntax(error) from error
        finally:
            # The handlers are bound methods: without this the tree would live until the next garbage collection.
            self._parser.StartElementHandler = self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = self._parser.StartDoctypeDeclHandler = None
        assert self._root is not None
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEPTH_LIMIT:
            self._refuse("XML_TOO_DEEP", f"elements are nested more than {DEPTH_LIMIT} deep")
        if self._count > ELEMENT_LIMIT:
            self._refuse("XML_TOO_BIG", f"the document has more than {ELEMENT_LIMIT} elements")
        local = {_local(key): value for key, value in attributes.items() if not key.startswith("xmlns")}
        element = Element(_local(name), local, self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])
        self._lengths.append(0)

    def _end(self, _: str) -> None:
        text, length = self._texts.pop(), self._lengths.pop()
        element = self._open.pop()
        element.text = "".join(text).strip() if length <= TEXT_LIMIT_CHARACTERS else ""

    def _text(self, data: str) -> None:
        self._lengths[-1] += len(data)
        if self._lengths[-1] <= TEXT_LIMIT_CHARACTERS:
            self._texts[-1].append(data)
        else:
            self._texts[-1].clear()

    def _doctype(self, *_: object) -> None:
        self._refuse("XML_DOCTYPE", "the document has a document type (DOCTYPE), which may define entities")

    def _refuse(self, code: str, reason: str) -> NoReturn:
        remedy = "export the report again without it" if code == "XML_DOCTYPE" else "no report is like that"
        line = self._parser.CurrentLineNumber
        raise MalformedFileError(reason, remedy=remedy, path=self._path, line=line, code=code)

    def _syntax(self, error: Exception) -> InputError:
        from xml.parsers import expat

        number, line, column = (int(getattr(error, name)) for name in ("code", "lineno", "offset"))
        if number in _ENDS_EARLY:
            reason = f"the XML ends early, inside <{self._open[-1].name}>" if self._open else "the XML ends early"
            return TruncatedFileError(reason, remedy="fetch the file again", path=self._path, line=line)
        is_second = number == expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
        said = "a second document follows the first" if is_second else expat.ErrorString(number)
        reason = f"this is not valid XML: {said}, column {column + 1}"
        remedy = "repair the file where the message points, or export it again"
        return MalformedFileError(reason, remedy=remedy, path=self._path, line=line, code="XML_SYNTAX")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
