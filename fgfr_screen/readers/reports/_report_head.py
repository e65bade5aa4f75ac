"""Start of a file -> signs of a report format, without parsing. Imports nothing, so that discovery stays cheap."""

from collections.abc import Callable
from functools import cache
from itertools import count

from fgfr_screen.readers._api import Head

# Loading the faster search pays only in a process that looks at many files; it takes as long as about so many questions.
_FEW_QUESTIONS = 500
_questions = count(1)


def json_with(head: Head, *keys: str) -> bool:
    """Tell whether the file starts like a JSON object and its start names all these keys.

    A key that is missing is looked for in the whole start: give the one that other forms lack first, and a long one before a
    short.
    """
    if not head.data.lstrip().startswith(b"{"):
        return False
    find = bytes.find if next(_questions) <= _FEW_QUESTIONS else _fast_find()
    for key in keys:  # noqa: SIM110 (asked some twenty times of every report)
        if find(head.data, f'"{key}"'.encode()) < 0:
            return False
    return True


@cache
def _fast_find() -> Callable[[bytes, bytes], int]:
    """Return the fastest search that is installed; the answers are the same."""
    try:
        import stringzilla
    except ImportError:
        return bytes.find
    find: Callable[[bytes, bytes], int] = stringzilla.find
    return find


def xml_with(head: Head, *words: str) -> bool:
    """Tell whether the file starts like XML and its start holds all these words (`<testDetails`)."""
    return head.data.lstrip().startswith(b"<") and all(word.encode() in head.data for word in words)
