"""An XML report as a plain tree of `Node`s, for reports whose XML and JSON forms use the same names.

An element with children is an object, a repeated child a list, a leaf its text; an empty element is not given.
Attributes are left out: the formats served here have none that matter.
"""

import re
from typing import Any

from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers._xml import Element, parse_xml

_STEP = r"\.([^.\[]+)(?:\[(\d+)\])?"


class XmlReport:
    """A document of an opened input.

    Attributes:
        root: Its root element as a plain tree.
    """

    def __init__(self, opened: OpenedInput) -> None:
        """Read and parse; raises as `parse_xml`."""
        self._root = parse_xml(opened)
        self._named: dict[int, dict[str, list[Element]]] = {}
        self.root = Node(self._plain())

    def line_of(self, place: str) -> int | None:
        """Return the 1-based line of the start tag at a place, or None."""
        element = self._root
        for name, index in re.findall(_STEP, place):
            members = self._children_by_name(element).get(name, [])
            at = int(index or 0)
            if at >= len(members):
                return None
            element = members[at]
        return element.line

    def _plain(self) -> Any:
        """Make the tree from its leaves up, without recursion and without the place of each element."""
        order = [self._root]
        for element in order:
            order += element.children
        values: dict[int, Any] = {}
        for element in reversed(order):
            by_name = self._children_by_name(element)
            members = {name: [values.pop(id(one)) for one in children] for name, children in by_name.items()}
            inside = {name: found[0] if len(found) == 1 else found for name, found in members.items()}
            values[id(element)] = inside or element.text or None
        return values[id(self._root)]

    def _children_by_name(self, element: Element) -> dict[str, list[Element]]:
        if id(element) not in self._named:
            by_name: dict[str, list[Element]] = {}
            for child in element.children:
                by_name.setdefault(child.name, []).append(child)
            self._named[id(element)] = by_name
        return self._named[id(element)]
