"""The progress line is for people: it shows on a terminal, and nowhere else."""

import io
from pathlib import Path

import pytest

from fgfr_screen.commands._progress import progress_line
from fgfr_screen.readers._open import OpenedInput


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "wanted", "is_shown"),
    [(Terminal(), True, True), (Terminal(), False, False), (io.StringIO(), True, False)],
)
def test_progress_shows_on_a_terminal_only(stream: io.StringIO, wanted: bool, is_shown: bool, tmp_path: Path) -> None:
    path = tmp_path / "sample.txt"
    path.write_text("x\n" * 1000)
    with progress_line(wanted=wanted, stream=stream), OpenedInput(str(path)) as opened:
        opened.finish()
    assert ("sample.txt: 0 of 0 MB (100 %)" in stream.getvalue()) is is_shown
    assert bool(stream.getvalue()) is is_shown


def test_inputs_opened_outside_are_not_watched(tmp_path: Path) -> None:
    path = tmp_path / "sample.txt"
    path.write_text("x\n")
    stream = Terminal()
    with progress_line(wanted=True, stream=stream):
        pass
    with OpenedInput(str(path)) as opened:
        opened.finish()
    assert "sample" not in stream.getvalue()
