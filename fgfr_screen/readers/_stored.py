"""The stored bytes of one input: opened, counted, hashed, and checked for change while they are read."""

import contextlib
import hashlib
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import IO

from fgfr_screen.errors import InputError

FILE_LIMIT_BYTES = 20 << 30
# Fits the processor's cache, so that what was read is still there when it is searched.
PIECE_BYTES = 1 << 18
HEAD_BYTES = 64 << 10
"""What is looked at to tell the format."""
GZIP_HEADER_BYTES = 12
GZIP_TRAILER_BYTES = 8
BGZF_HEADER_BYTES = GZIP_HEADER_BYTES + 6

_URL = r"[A-Za-z][A-Za-z0-9+.-]+:"

# Called with the name of the input, the stored bytes read so far, and the size (0 = not known).
Watcher = Callable[[str, int, int], None]
_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextlib.contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of every piece that inputs opened within the block read."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


class StoredBytes:
    """The bytes of one input, as stored.

    Attributes:
        is_regular: True for an ordinary file.
        size: Its size in bytes; 0 for what is not an ordinary file.
    """

    def __init__(self, path: str, stored: str | bytes | None = None) -> None:
        """Open the input.

        Args:
            path: Name of the input, as shown in messages; `-` = standard input.
            stored: Where the bytes are, when `path` is only a name: another path, or the bytes; None = at `path`.

        Raises:
            InputError: The name is a URL, the file is missing, unreadable or no ordinary file.
        """
        self._path = path
        self._digest: hashlib._Hash | None = hashlib.sha256()
        self._at_end = False
        self._watcher = _WATCHER.get()
        self._buffer = b""
        self._at = 0
        self._read_bytes = 0
        self._copy: IO[bytes] | None = None
        self._stream, self._owned = (
            (io.BytesIO(stored), False) if isinstance(stored, bytes) else _open_stream(stored or path, path)
        )
        self._before = os.fstat(self._stream.fileno()) if self._owned else None
        self.is_regular = self._before is not None and stat.S_ISREG(self._before.st_mode)
        self.size = self._before.st_size if self.is_regular and self._before else 0
        # A pipe cannot be read again: what the head takes is kept until `copy_to` is called or reading goes on.
        self._kept: list[bytes] | None = None if self.is_regular else []

    @property
    def offset(self) -> int:
        """Stored bytes consumed so far."""
        return self._read_bytes - (len(self._buffer) - self._at)

    @property
    def sha256(self) -> str | None:
        return self._digest.hexdigest() if self._at_end and self._digest is not None else None

    def close(self) -> None:
        if self._owned:
            self._stream.close()

    def copy_to(self, copy: IO[bytes]) -> None:
        """Write everything read so far, and from now on everything that is read, to `copy`."""
        copy.writelines(self._kept or ())
        self._kept = None
        self._copy = copy

    def skip_digest(self) -> None:
        """Do without the digest."""
        self._digest = None

    def fill(self, count: int) -> bool:
        """Make at least `count` bytes available; False when the input ends before."""
        while len(self._buffer) - self._at < count:
            piece = self._read()
            if not piece:
                return False
            self._buffer = self._buffer[self._at :] + piece
            self._at = 0
        return True

    def take(self, count: int | None = None) -> bytes:
        """Return the next `count` available bytes; without `count`, whatever comes next, b"" at the end."""
        if count is None and self._at == len(self._buffer):
            return self._read()
        end = len(self._buffer) if count is None else self._at + count
        taken = self._buffer[self._at : end]
        self._at = end
        return taken

    def give_back(self, rest: bytes) -> None:
        """Put bytes that were taken too much back."""
        self._buffer = rest + self._buffer[self._at :]
        self._at = 0

    def starts_with(self, magic: bytes) -> bool:
        return self._buffer.startswith(magic, self._at)

    def bgzf_block_bytes(self) -> int | None:
        """Size of the BGZF block that starts here, from its `BC` extra field; None for other gzip members."""
        header = self._buffer[self._at : self._at + BGZF_HEADER_BYTES]
        # SAM specification 4.1: CM 8, FLG 4, first extra subfield SI1 66, SI2 67, SLEN 2.
        if len(header) < BGZF_HEADER_BYTES or header[2:4] != b"\x08\x04" or header[12:16] != b"BC\x02\x00":
            return None
        stored_size = int.from_bytes(header[16:18], "little")
        return max(stored_size + 1, BGZF_HEADER_BYTES + GZIP_TRAILER_BYTES)

    def _read(self) -> bytes:
        if self._at_end:
            return b""
        try:
            piece = self._stream.read(PIECE_BYTES)
        except OSError as error:
            raise InputError(
                f"reading failed: {error.strerror}", remedy="check the disk or the pipe", path=self._path
            ) from error
        self._read_bytes += len(piece)
        if self._watcher is not None:
            self._watcher(self._path, self._read_bytes, self.size)
        if self._digest is not None:
            self._digest.update(piece)
        if self._read_bytes > FILE_LIMIT_BYTES:
            reason = f"the file is larger than {FILE_LIMIT_BYTES >> 30} GiB"
            raise InputError(reason, remedy="split it by chromosome", path=self._path, code="FILE_TOO_BIG")
        self._keep(piece)
        if not piece:
            self._at_end = True
            self._check_unchanged()
        return piece

    def _keep(self, piece: bytes) -> None:
        if self._copy is not None:
            self._copy.write(piece)
        elif self._kept is not None:
            self._kept.append(piece)
            if self._read_bytes > 2 * PIECE_BYTES + HEAD_BYTES:
                self._kept = None

    def _check_unchanged(self) -> None:
        if not self.is_regular or self._before is None:
            return
        now = os.fstat(self._stream.fileno())
        if (now.st_size, now.st_mtime_ns) != (self._before.st_size, self._before.st_mtime_ns):
            reason = "the file changed while it was read"
            raise InputError(
                reason, remedy="wait until it is written and run again", path=self._path, code="FILE_CHANGED"
            )


def _open_stream(path: str, name: str) -> tuple[IO[bytes], bool]:
    """Open `path`, called `name` in messages; the flag tells whether we have to close it."""
    if path == "-":
        return sys.stdin.buffer, False
    if re.match(_URL, path):
        raise InputError(
            "names with a scheme (URLs) are refused: nothing is fetched",
            remedy="download the file; for a local file of this name write ./ before it",
            path=name,
            code="URL_REFUSED",
        )
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode) and not _is_descriptor(path):
            kind = "a directory" if stat.S_ISDIR(mode) else "no ordinary file"
            raise InputError(
                f"the path is {kind}", remedy="give a file, or - to read from a pipe", path=name, code="NOT_A_FILE"
            )
        return open(path, "rb"), True
    except FileNotFoundError as error:
        raise InputError(f"{error.strerror}", remedy="check the path", path=name, code="NOT_FOUND") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(reason, remedy="check the path and its permissions", path=name, code="NOT_READABLE") from error


def _is_descriptor(path: str) -> bool:
    return path.startswith(("/dev/fd/", "/proc/self/fd/")) or path == "/dev/stdin"
