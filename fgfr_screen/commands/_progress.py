"""A line on standard error that says how much of the input was read; only on a terminal."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_SECONDS_BETWEEN = 0.1
_MEGABYTE = 1_000_000
_NAME_LETTERS = 40


@contextmanager
def progress_line(*, wanted: bool, stream: TextIO | None = None) -> Iterator[None]:
    """Show the bytes read while the block runs; nothing when not wanted or when the stream is no terminal."""
    from fgfr_screen.readers._stored import watched

    stream = sys.stderr if stream is None else stream
    if not wanted or not stream.isatty():
        yield
        return
    last = 0.0

    def show(path: str, done: int, size: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN:
            last = now
            stream.write(f"\r{progress_text(path, done, size)}\x1b[K")
            stream.flush()

    try:
        with watched(show):
            yield
    finally:
        stream.write("\r\x1b[K")
        stream.flush()


def progress_text(path: str, done: int, size: int) -> str:
    """Return name, megabytes done and share; size 0 = not known.

    >>> progress_text("runs/tumor.vcf.gz", 50_000_000, 200_000_000), progress_text("-", 7_000_000, 0)
    ('tumor.vcf.gz: 50 of 200 MB (25 %)', '-: 7 MB')
    """
    name = "".join(letter if letter.isprintable() else "?" for letter in os.path.basename(path))[-_NAME_LETTERS:]
    read = done // _MEGABYTE
    return f"{name}: {read} of {size // _MEGABYTE} MB ({100 * done // size} %)" if size else f"{name}: {read} MB"
