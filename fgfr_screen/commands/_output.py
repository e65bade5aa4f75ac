"""Write results whole or not at all: a file through a temporary neighbour, standard output flushed and checked."""

import os
import sys
from collections.abc import Iterable, Iterator

from fgfr_screen.errors import OutputError

BLOCK_CHARACTERS = 1 << 18


def _replace(target: str, parts: Iterable[str]) -> None:
    import contextlib
    import tempfile

    folder, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(dir=folder or ".", prefix=f".{name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _in_blocks(parts: Iterable[str]) -> Iterator[bytes]:
    """Join short parts, so that a million lines are not a million system calls."""
    block: list[str] = []
    size = 0
    for part in parts:
        block.append(part)
        size += len(part)
        if size > BLOCK_CHARACTERS:
            yield "".join(block).encode("utf-8", "surrogateescape")
            block, size = [], 0
    yield "".join(block).encode("utf-8", "surrogateescape")


def write(text: str, path: str | None) -> None:
    """Write text to a file (replaced in one step) or to standard output (`None` or `-`).

    Raises:
        OutputError: the text could not be written whole; an older file is left as it was.
    """
    write_all((text,), path)


def write_all(parts: Iterable[str], path: str | None) -> None:
    """Write the parts of a text one after the other, as `write` does, without holding it whole.

    Raises:
        OutputError: the text could not be written whole; an older file is left as it was.
    """
    try:
        if path is not None and path != "-":
            _replace(path, parts)
            return
        for block in _in_blocks(parts):
            sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        where = path or "standard output"
        raise OutputError(
            f"cannot write: {error.strerror}", path=where, remedy="free space or choose another place with -o"
        ) from error
