"""Start of a file -> signs of a report format, without parsing. Imports nothing, so that discovery stays cheap."""

from fgfr_screen.readers._api import Head


def json_with(head: Head, *keys: str) -> bool:
    """Tell whether the file starts like a JSON object and its start names all these keys."""
    return head.data.lstrip().startswith(b"{") and all(f'"{key}"'.encode() in head.data for key in keys)


def xml_with(head: Head, *words: str) -> bool:
    """Tell whether the file starts like XML and its start holds all these words (`<testDetails`)."""
    return head.data.lstrip().startswith(b"<") and all(word.encode() in head.data for word in words)
