"""Encodings: what a byte order mark says, and bytes of a field or document -> text."""

import codecs
import contextlib

# The longer mark first: UTF-32-LE starts with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "BOM_STRIPPED"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF32_DECODED"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF32_DECODED"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF16_DECODED"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF16_DECODED"),
)
_GB18030_MARK = b"\x84\x31\x95\x33"


def encoding_of(first: bytes) -> tuple[int, str | None, str | None]:
    """Tell (bytes of the mark, encoding to decode or None, note) from the first bytes of the content."""
    for mark, encoding, note in _MARKS:
        if first.startswith(mark):
            return len(mark), None if encoding == "utf-8" else encoding, note
    # Text without mark whose every second byte is zero; no format of ours starts so (BCF has its zero bytes later).
    zeros = tuple(byte == 0 for byte in first[:4])
    if zeros == (False, True, False, True):
        return 0, "utf-16-le", "UTF16_DECODED"
    if zeros == (True, False, True, False):
        return 0, "utf-16-be", "UTF16_DECODED"
    return 0, None, None


def decode_text(data: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """Turn the bytes of a field or a document into text.

    Args:
        data: Bytes without byte order mark (a GB18030 mark is recognised).
        declared: Encoding that the file names, tried after UTF-8; None = none named.

    Returns:
        The text and the code of what was assumed: None for UTF-8, `GB18030_DECODED`, `DECLARED_ENCODING`, or
        `NOT_UTF8` (read as Latin-1, which keeps every byte apart).
    """
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        pass_on = data
    if pass_on.startswith(_GB18030_MARK):
        declared, pass_on = "gb18030", pass_on[len(_GB18030_MARK) :]
    if declared is not None:
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            code = "GB18030_DECODED" if declared.lower() in ("gb18030", "gbk", "gb2312") else "DECLARED_ENCODING"
            return pass_on.decode(declared), code
    return data.decode("latin-1"), "NOT_UTF8"
