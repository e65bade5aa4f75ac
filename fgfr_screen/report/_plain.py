"""Make text from a file safe to print: control, bidirectional, zero-width and odd space characters are shown."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def plain(text: str) -> str:
    r"""Return the text with every invisible character written as an escape (`\\x1b`, `\\u202e`)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c == " " or unicodedata.category(c) not in _HIDDEN else _escape(c) for c in text)


def width(text: str) -> int:
    """Return terminal columns: East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
