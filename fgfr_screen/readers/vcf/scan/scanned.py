"""What a walk over a body gives back, and which of its lines are no records."""

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Record

_HASH = ord("#")


class Scanned(Record, frozen=True, kw_only=True):
    """What a walk over the body found.

    Attributes:
        candidates: Number (None = not known) and bytes of every line to parse, in file order.
        records: Lines that are records.
        last_number: Number of the last line.
        last_line: The last line.
        is_partial: True when an index was used: only the records near FGFR1-3 were read and counted.
    """

    candidates: list[tuple[int | None, bytes]]
    records: int
    last_number: int
    last_line: bytes
    is_partial: bool = False


def is_note(line: bytes, number: int, path: str) -> bool:
    """Tell whether a line of the body is blank or starts with `#`.

    Raises:
        MalformedFileError: It starts a second header (SECOND_HEADER).
    """
    if line and line[0] != _HASH and line.strip():
        return False
    if line.startswith((b"##fileformat", b"#CHROM\t")):
        raise MalformedFileError(
            "a second header stands between the records",
            remedy="two files were joined: give them one by one",
            path=path,
            line=number,
            code="SECOND_HEADER",
        )
    return True
