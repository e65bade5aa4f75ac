"""Byte search over blocks: stringzilla where it is installed, else the methods of `bytes`; the answers are the same."""

from collections.abc import Callable, Iterator

from fgfr_screen.model import Record

# (text, needle, start, end) -> offset or -1; (text, needle, start, end) -> number of places.
Find = Callable[[bytes, bytes, int, int], int]


class Finder(Record, frozen=True, kw_only=True):
    """How to search.

    Attributes:
        find: First offset of a needle within start..end, or -1.
        rfind: Last offset of a needle within start..end, or -1.
        count: Number of places of a needle within start..end, overlaps not counted.
        any_of: Tell whether one of the given bytes stands within start..end.
        each_of: Every offset of one of the given bytes within start..end, in any order.
    """

    find: Find
    rfind: Find
    count: Find
    any_of: Callable[[bytes, bytes, int, int], bool]
    each_of: Callable[[bytes, bytes, int, int], Iterator[int]]

    def places(self, text: bytes, needle: bytes, start: int, end: int) -> Iterator[int]:
        """Yield every offset of `needle`."""
        find = self.find
        at = find(text, needle, start, end)
        while at >= 0:
            yield at
            at = find(text, needle, at + 1, end)


def _plain_any_of(text: bytes, letters: bytes, start: int, end: int) -> bool:
    return any(text.find(letter, start, end) >= 0 for letter in letters)


def _plain_each_of(text: bytes, letters: bytes, start: int, end: int) -> Iterator[int]:
    for letter in letters:
        at = text.find(letter, start, end)
        while at >= 0:
            yield at
            at = text.find(letter, at + 1, end)


PLAIN_FINDER = Finder(
    find=bytes.find, rfind=bytes.rfind, count=bytes.count, any_of=_plain_any_of, each_of=_plain_each_of
)


def fast_finder() -> Finder:
    """Return the fastest search that is installed."""
    try:
        import stringzilla
    except ImportError:
        return PLAIN_FINDER
    first_of = stringzilla.find_first_of

    def any_of(text: bytes, letters: bytes, start: int, end: int) -> bool:
        return bool(first_of(text, letters, start, end) >= 0)

    def each_of(text: bytes, letters: bytes, start: int, end: int) -> Iterator[int]:
        at: int = first_of(text, letters, start, end)
        while at >= 0:
            yield at
            at = first_of(text, letters, at + 1, end)

    return Finder(
        find=stringzilla.find, rfind=stringzilla.rfind, count=stringzilla.count, any_of=any_of, each_of=each_of
    )
