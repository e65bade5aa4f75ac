"""Write results whole or not at all: a file through a temporary neighbour, standard output flushed and checked."""

import os
import sys

from fgfr_screen.errors import OutputError


def _replace(target: str, text: str) -> None:
    import contextlib
    import tempfile

    folder, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(dir=folder or ".", prefix=f".{name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
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


def write(text: str, path: str | None) -> None:
    """Write text to a file (replaced in one step) or to standard output (`None` or `-`).

    Raises:
        OutputError: the text could not be written whole; an older file is left as it was.
    """
    try:
        if path is not None and path != "-":
            _replace(path, text)
            return
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        where = path or "standard output"
        raise OutputError(
            f"cannot write: {error.strerror}", path=where, remedy="free space or choose another place with -o"
        ) from error
