"""An XML report as a plain tree of `Node`s, for reports whose XML and JSON forms use the same names.

An element with children is an object, a repeated child a list, a leaf its text; an empty element is not given.
Attributes are left out: the formats served here have none that matter.
"""

from typing import Any

from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers._xml import Element, parse_xml


class XmlReport:
    """A document of an opened input.

    Attributes:
        root: Its root element as a plain tree.
    """

    def __init__(self, opened: OpenedInput) -> None:
        """Read and parse; raises as `parse_xml`."""
        self._lines: dict[str, int] = {}
        self.root = Node(self._plain(parse_xml(opened), "$"))

    def line_of(self, place: str) -> int | None:
        """Return the 1-based line of the start tag at a place, or None."""
        return self._lines.get(place)

    def _plain(self, element: Element, place: str) -> Any:
        self._lines[place] = element.line
        if not element.children:
            return element.text or None
        by_name: dict[str, list[Element]] = {}
        for child in element.children:
            by_name.setdefault(child.name, []).append(child)
        return {name: self._value(members, f"{place}.{name}") for name, members in by_name.items()}

    def _value(self, members: list[Element], place: str) -> Any:
        if len(members) == 1:
            return self._plain(members[0], place)
        return [self._plain(member, f"{place}[{index}]") for index, member in enumerate(members)]
