"""`readers._text`: bytes of a field or a document -> text."""

from fgfr_screen.readers._text import decode_text


def test_text_that_is_not_utf8_is_decoded_with_a_note() -> None:
    assert decode_text("肝".encode()) == ("肝", None)
    assert decode_text("é".encode("latin-1")) == ("é", "NOT_UTF8")
    assert decode_text("肝".encode("gb18030"), "GB18030") == ("肝", "GB18030_DECODED")
    assert decode_text(b"\x84\x31\x95\x33" + "肝".encode("gb18030")) == ("肝", "GB18030_DECODED")
    assert decode_text(b"\xe9", "no-such-encoding") == ("é", "NOT_UTF8")
