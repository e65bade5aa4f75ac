"""Reading a small text as a user would give it, with the account of its records checked."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose

FIXTURES = Path(__file__).parents[2] / "fixtures"


def table(*rows: Sequence[object]) -> str:
    """Return rows as tab-separated lines."""
    return "".join("\t".join(str(cell) for cell in row) + "\n" for row in rows)


def read_path(path: Path, options: ReadOptions | None = None, *, reader: str | None = None) -> InputContent:
    """Read a file with the reader that claims it, which has to be `reader` where that is given."""
    with OpenedInput(str(path)) as opened:
        chosen, _ = choose(opened.head)
        assert reader is None or chosen.name == reader
        content = chosen.read(opened, options or ReadOptions())
    counts = content.accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
    return content


def read_text(text: str | bytes, options: ReadOptions | None = None, *, reader: str | None = None) -> InputContent:
    """Write the text to a file and read that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_path(path, options, reader=reader)
