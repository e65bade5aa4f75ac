"""Path or `-` -> bytes, lines or whole text of one input: the only module that opens inputs.

The order is raw bytes (hashed) -> container (plain, gzip, BGZF; told by content, never by suffix) -> encoding (byte
order mark removed, UTF-16 turned into UTF-8) -> blocks of whole lines -> lines. Libraries see a path only through
`local_path`, after the whole container was checked here: htslib and its wrappers pass over a missing BGZF end block or
a cut stream in silence.

Sources: SAM specification section 4.1 (BGZF); RFC 1952 (gzip).
"""

import codecs
import contextlib
import hashlib
import io
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from itertools import chain
from types import ModuleType
from typing import IO, Self

from fgfr_screen.errors import InputError, MalformedFileError, TruncatedFileError
from fgfr_screen.model import Record

__all__ = ["Head", "OpenedInput", "decode_text"]

HEAD_BYTES = 64 << 10
LINE_LIMIT_BYTES = 64 << 20
FILE_LIMIT_BYTES = 20 << 30
WHOLE_FILE_LIMIT_BYTES = 256 << 20
INFLATE_FREE_BYTES = 100 << 20
INFLATE_LIMIT_RATIO = 1000

# Hashing a plain file takes longer than searching it; inflating a packed one takes longer than both.
DIGEST_PLAIN_LIMIT_BYTES = 64 << 20

# Fits the processor's cache, so that what was read is still there when it is searched.
_PIECE_BYTES = 1 << 18
# Below this size, loading the faster inflate library costs more than it saves.
_FAST_INFLATE_FROM_BYTES = 1 << 20
_BGZF_BLOCK_LIMIT_BYTES = 1 << 16
_ZIP_MAGIC = b"PK\x03\x04"
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_HEADER_BYTES = 12
_GZIP_TRAILER_BYTES = 8
_GZIP_WINDOW = 31  # zlib's number for "gzip header, largest window"
_RAW_WINDOW = -15

_URL = r"[A-Za-z][A-Za-z0-9+.-]+:"
_REFUSED_MAGIC = (
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"\xd0\xcf\x11\xe0", "old Excel or Word"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"CRAM", "CRAM"),
)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
# The longer mark first: UTF-32-LE starts with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "BOM_STRIPPED"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF32_DECODED"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF32_DECODED"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF16_DECODED"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF16_DECODED"),
)
_GB18030_MARK = b"\x84\x31\x95\x33"


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


class Head(Record, frozen=True, kw_only=True):
    """Start of an input, which decides the reader.

    Attributes:
        name: The path as given; `-` for standard input.
        data: First bytes (at most 64 KiB), decompressed, as UTF-8 where the file was UTF-16, without byte order mark.
        container: `plain`, `gzip`, `bgzf` or `xlsx`.
        sheets: Names of the sheets of an Excel workbook, whose `data` are the packed bytes; () = no workbook.
    """

    name: str
    data: bytes
    container: str
    sheets: tuple[str, ...] = ()


class OpenedInput:
    """One input, read once from start to end.

    Attributes:
        id: Name within this screening (`in1`).
        path: As given; `-` = standard input.
        head: Start of the content.
        container: `plain`, `gzip`, `bgzf` or `xlsx`.
        truncated: True when the container ends early and the caller allowed that; known only at the end.
        notes: Codes of what was repaired on opening (`BOM_STRIPPED`, `UTF16_DECODED`, `UTF32_DECODED`).
        ends_with_newline: False when the last line has no terminator; known only at the end of `blocks` or `lines`.
    """

    def __init__(
        self,
        path: str,
        input_id: str = "in1",
        *,
        allow_truncated: bool = False,
        stored: str | bytes | None = None,
    ) -> None:
        """Open `path` and look at its start.

        Args:
            path: Name of the input, as shown in results and messages.
            input_id: Name within this screening.
            allow_truncated: Read what is there of a cut container.
            stored: Where the bytes are, when `path` is only a name: another path, or the bytes; None = at `path`.

        Raises:
            InputError: The name is a URL, the file is missing, unreadable, no ordinary file or empty.
            MalformedFileError: The content is of a kind that is never an input (HTML, PDF, zip), or is damaged.
            TruncatedFileError: The container is cut within its first bytes.
        """
        self.id = input_id
        self.path = path
        self.container = "plain"
        self._sheets: tuple[str, ...] = ()
        self.truncated = False
        self.notes: tuple[str, ...] = ()
        self.ends_with_newline = True
        self._allow_truncated = allow_truncated
        self._temporary: str | None = None
        self._stored_at = stored if isinstance(stored, str) else path
        self._raw = _RawBytes(path, stored)
        try:
            self._pieces: Iterator[bytes] | None = None
            self.head = self._read_head(self._decode(self._unpack()))
        except BaseException:
            self._raw.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def sha256(self) -> str | None:
        """Hex digest of the raw bytes (as stored, before decompression).

        None until the input was read to its end, and for uncompressed files of more than 64 MiB.
        """
        return self._raw.sha256

    @property
    def stored_at(self) -> str:
        """Where the bytes are; only with `stored_bytes` above 0 is it a file."""
        return self._stored_at

    @property
    def stored_bytes(self) -> int:
        """Size of the file as stored; 0 for what is not an ordinary file."""
        return self._raw.size

    def close(self) -> None:
        """Close the file and remove the temporary copy, if any."""
        self._raw.close()
        if self._temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary)
            self._temporary = None

    def pieces(self) -> Iterator[bytes]:
        """Yield the decompressed content in pieces of any size, from the start.

        Raises:
            RuntimeError: The content was already taken.
            MalformedFileError: The container is damaged.
            TruncatedFileError: The container is cut and that was not allowed.
        """
        pieces, self._pieces = self._pieces, None
        if pieces is None:
            raise RuntimeError("the input can be read only once")
        return pieces

    def blocks(self) -> Iterator[bytes]:
        r"""Yield runs of whole lines: each ends with `\n` (`\r\n` is made `\n`), only the last may lack it.

        An unfinished last line of a cut container is left out. Cheaper than `lines` for a reader that searches first.

        Raises:
            MalformedFileError: A line is longer than 64 MiB, or lines end with CR only; also as `pieces`.
        """
        for text, start, end in self.runs():
            yield _with_lf(text[start:end])

    def runs(self) -> Iterator[tuple[bytes, int, int]]:
        r"""Yield texts with the part of each that is whole lines, uncopied, for a reader that searches first.

        Every part ends with `\n` (before it there may be `\r`), only the last may lack it; what stands before a part
        that does not begin its text is a `\n`. An unfinished last line of a cut container is left out.

        Raises:
            MalformedFileError: As `blocks`.
        """
        if b"\r" in self.head.data and b"\n" not in self.head.data:
            raise self._malformed("CR_ONLY", "lines end with CR only", "convert the file to LF line ends")
        waiting: list[bytes] = []
        waiting_bytes = 0
        for piece in self.pieces():
            cut = piece.rfind(b"\n") + 1
            begin = 0
            if cut and waiting:
                begin = piece.find(b"\n") + 1
                line = b"".join((*waiting, piece[:begin]))
                yield line, 0, len(line)
                waiting, waiting_bytes = [], 0
            if begin < cut:
                yield piece, begin, cut
            if cut < len(piece):
                waiting.append(piece[cut:])
                waiting_bytes += len(piece) - cut
                if waiting_bytes > LINE_LIMIT_BYTES:
                    limit = LINE_LIMIT_BYTES >> 20
                    raise self._malformed(
                        "LINE_TOO_LONG",
                        f"a line is longer than {limit} MiB",
                        "check the file; no format has such lines",
                    )
        if waiting:
            self.ends_with_newline = False
            if not self.truncated:
                line = b"".join(waiting).removesuffix(b"\r")
                yield line, 0, len(line)

    def lines(self) -> Iterator[bytes]:
        """Yield every line without its terminator (LF or CRLF); number them with `enumerate(..., 1)`.

        Raises:
            MalformedFileError: As `blocks`.
        """
        for block in self.blocks():
            yield from block.removesuffix(b"\n").split(b"\n")

    def read_all(self, limit: int = WHOLE_FILE_LIMIT_BYTES) -> bytes:
        """Return the whole content.

        Raises:
            InputError: It is longer than `limit` bytes (code FILE_TOO_BIG).
        """
        parts: list[bytes] = []
        size = 0
        for piece in self.pieces():
            size += len(piece)
            if size > limit:
                raise self._refused("FILE_TOO_BIG", f"the content is larger than {limit >> 20} MiB", "split the file")
            parts.append(piece)
        return b"".join(parts)

    def finish(self) -> None:
        """Read what is left, so that a damaged end is found and `sha256` is known."""
        if self._pieces is not None:
            for _ in self.pieces():
                pass

    def local_path(self) -> str:
        """Return a path that a library can open; the whole container is checked and hashed first.

        Standard input and pipes are copied, as they come, to a temporary file (mode 0600) that `close` removes.

        Raises:
            RuntimeError: The content was already taken and cannot be had again.
            InputError: As `pieces`.
        """
        if self._temporary is not None:
            return self._temporary
        if self._raw.is_regular:
            self.finish()
            return os.path.abspath(self._stored_at)
        if self._pieces is None:
            raise RuntimeError("the input was already read and cannot be read again")
        import tempfile

        handle, self._temporary = tempfile.mkstemp(prefix="fgfr-screen-")
        with os.fdopen(handle, "wb") as copy:
            self._raw.copy_to(copy)
            self.finish()
        return self._temporary

    # ------------------------------------------------------------------------------------------------- containers

    def _read_head(self, stream: Iterator[bytes]) -> Head:
        first: list[bytes] = []
        missing = HEAD_BYTES
        while missing > 0 and (piece := next(stream, None)) is not None:
            first.append(piece)
            missing -= len(piece)
        data = b"".join(first)
        if not data and self.truncated:
            raise TruncatedFileError(
                "the file is cut before its first line", remedy="fetch the file again", path=self.path
            )
        if not data:
            raise self._refused(
                "EMPTY_FILE", "the file is empty", "an empty file is no negative result: fetch it again"
            )
        self._refuse_foreign_text(data)
        self._pieces = chain((data,), stream)
        return Head(name=self.path, data=data[:HEAD_BYTES], container=self.container, sheets=self._sheets)

    def _refuse_foreign_text(self, data: bytes) -> None:
        if data[:1024].lstrip().lower().startswith(_HTML_STARTS):
            remedy = "it may be the login page of a server: download the file again"
            raise self._malformed("LOOKS_LIKE_HTML", "the file looks like a web page (HTML)", remedy)
        if data.startswith(b"%PDF"):
            raise self._malformed(
                "LOOKS_LIKE_PDF", "the file is a PDF", "give the data file or a report in our JSON form"
            )
        if data.startswith(b"{\\rtf"):
            raise self._malformed("UNSUPPORTED_CONTAINER", "the file is rich text (RTF)", "save it as plain text")

    def _unpack(self) -> Iterator[bytes]:
        """Yield the content of the container; sets `container` before the first piece."""
        raw = self._raw
        raw.fill(_GZIP_HEADER_BYTES + 6)
        if raw.starts_with(_ZIP_MAGIC):
            yield self._workbook()
            return
        for magic, name in _REFUSED_MAGIC:
            if raw.starts_with(magic):
                remedy = "decompress it, or save it as text, and give that file"
                raise self._malformed("UNSUPPORTED_CONTAINER", f"{name} files are not read", remedy)
        if raw.starts_with(_GZIP_MAGIC):
            self.container = "gzip" if raw.bgzf_block_bytes() is None else "bgzf"
            yield from self._limited(_gathered(self._members()))
            return
        if raw.size > DIGEST_PLAIN_LIMIT_BYTES:
            raw.skip_digest()
        while piece := raw.take():
            yield piece

    def _workbook(self) -> bytes:
        """Return the packed bytes of an Excel workbook; any other zip file is refused."""
        from fgfr_screen.readers._zip_container import STORED_LIMIT_BYTES, sheet_names

        parts: list[bytes] = []
        size = 0
        while piece := self._raw.take():
            size += len(piece)
            if size > STORED_LIMIT_BYTES:
                limit = STORED_LIMIT_BYTES >> 20
                raise self._refused("FILE_TOO_BIG", f"the zip file is larger than {limit} MiB", "save it as text")
            parts.append(piece)
        data = b"".join(parts)
        sheets = sheet_names(data)
        if sheets is None:
            remedy = "decompress it, or save it as text, and give that file"
            raise self._malformed("UNSUPPORTED_CONTAINER", "zip files other than Excel workbooks are not read", remedy)
        self.container, self._sheets = "xlsx", sheets
        return data

    def _limited(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        unpacked = 0
        for piece in pieces:
            unpacked += len(piece)
            if unpacked > INFLATE_FREE_BYTES and unpacked > INFLATE_LIMIT_RATIO * self._raw.offset:
                reason = f"the file unpacks to more than {INFLATE_LIMIT_RATIO} times its size"
                raise self._malformed("INFLATE_LIMIT", reason, "no genomic file does; do not trust its source")
            yield piece

    def _members(self) -> Iterator[bytes]:
        """Yield the content of all gzip members (a BGZF block is one); checks every checksum and the BGZF end block."""
        inflate = _inflate_library(self._raw.size)
        last_is_empty_block = False
        while self._raw.fill(1):
            if not self._raw.starts_with(_GZIP_MAGIC):
                self._check_padding()
                break
            self._raw.fill(_GZIP_HEADER_BYTES + 6)
            block_bytes = self._raw.bgzf_block_bytes()
            if block_bytes is None:
                last_is_empty_block = False
                yield from self._gzip_member(inflate)
            elif not self._raw.fill(block_bytes):
                self._cut("GZIP_TRUNCATED", "the file ends inside a compressed block")
                return
            else:
                block = self._bgzf_block(inflate, block_bytes)
                last_is_empty_block = not block
                if block:
                    yield block
            if self.truncated:
                return
        if self.container == "bgzf" and not last_is_empty_block:
            self._cut("BGZF_NO_EOF", "the BGZF end block is missing, so the file was cut")

    def _bgzf_block(self, inflate: ModuleType, block_bytes: int) -> bytes:
        block = self._raw.take(block_bytes)
        data_from = _GZIP_HEADER_BYTES + int.from_bytes(block[10:12], "little")
        data_to = block_bytes - _GZIP_TRAILER_BYTES
        checksum, length = (int.from_bytes(block[at : at + 4], "little") for at in (data_to, data_to + 4))
        if data_from > data_to or length > _BGZF_BLOCK_LIMIT_BYTES:
            raise self._damaged()
        try:
            content: bytes = inflate.decompress(block[data_from:data_to], _RAW_WINDOW, max(length, 1))
        except inflate.error as error:
            raise self._damaged() from error
        if len(content) != length or inflate.crc32(content) != checksum:
            raise self._damaged()
        return content

    def _gzip_member(self, inflate: ModuleType) -> Iterator[bytes]:
        member = inflate.decompressobj(_GZIP_WINDOW)
        data = self._raw.take()
        while True:
            try:
                content: bytes = member.decompress(data, _PIECE_BYTES) if data else member.flush()
            except inflate.error as error:
                raise self._damaged() from error
            if content:
                yield content
            if member.eof:
                self._raw.give_back(member.unused_data)
                return
            if not data:
                self._cut("GZIP_TRUNCATED", "the gzip stream ends early")
                return
            data = member.unconsumed_tail or self._raw.take()

    def _check_padding(self) -> None:
        # Tape and block tools fill up with zero bytes; gzip itself passes over them.
        offset = self._raw.offset
        while rest := self._raw.take():
            if rest.strip(b"\0"):
                reason = f"bytes that are not gzip follow the compressed data (after byte {offset})"
                raise self._malformed("GZIP_TRAILING", reason, "fetch the file again")

    def _decode(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Take the byte order mark away and turn UTF-16 and UTF-32 into UTF-8."""
        first = b""
        while len(first) < 4 and (piece := next(pieces, None)) is not None:
            first += piece
        mark_bytes, encoding, note = _encoding_of(first)
        if note is not None:
            self.notes = (note,)
        content = chain((first[mark_bytes:],), pieces) if first else pieces
        if encoding is None:
            yield from (piece for piece in content if piece)
            return
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            for piece in content:
                yield decoder.decode(piece).encode()
            decoder.decode(b"", final=True)
        except UnicodeError as error:
            raise self._malformed("BAD_ENCODING", f"the file is not valid {encoding}", "save it as UTF-8") from error

    # ----------------------------------------------------------------------------------------------------- errors

    def _cut(self, code: str, reason: str) -> None:
        if not self._allow_truncated:
            remedy = (
                "fetch the file again, or use --allow-truncated to read what is there (absence then proves nothing)"
            )
            raise TruncatedFileError(f"{reason} (at byte {self._raw.offset})", remedy=remedy, path=self.path, code=code)
        self.truncated = True

    def _damaged(self) -> MalformedFileError:
        reason = f"the compressed data are damaged near byte {self._raw.offset}: the checksum or the length is wrong"
        return self._malformed("GZIP_CRC", reason, "fetch the file again")

    def _malformed(self, code: str, reason: str, remedy: str) -> MalformedFileError:
        return MalformedFileError(reason, remedy=remedy, path=self.path, code=code)

    def _refused(self, code: str, reason: str, remedy: str) -> InputError:
        return InputError(reason, remedy=remedy, path=self.path, code=code)


class _RawBytes:
    """The stored bytes of one input: opened, counted, hashed, and checked for change while they are read."""

    def __init__(self, path: str, stored: str | bytes | None = None) -> None:
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
        header = self._buffer[self._at : self._at + _GZIP_HEADER_BYTES + 6]
        # SAM specification 4.1: CM 8, FLG 4, first extra subfield SI1 66, SI2 67, SLEN 2.
        if len(header) < _GZIP_HEADER_BYTES + 6 or header[2:4] != b"\x08\x04" or header[12:16] != b"BC\x02\x00":
            return None
        stored_size = int.from_bytes(header[16:18], "little")
        return max(stored_size + 1, _GZIP_HEADER_BYTES + 6 + _GZIP_TRAILER_BYTES)

    def _read(self) -> bytes:
        if self._at_end:
            return b""
        try:
            piece = self._stream.read(_PIECE_BYTES)
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
            if self._read_bytes > 2 * _PIECE_BYTES + HEAD_BYTES:
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


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Join small pieces (BGZF blocks), because every piece costs its reader some calls."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _with_lf(block: bytes) -> bytes:
    return block.replace(b"\r\n", b"\n") if b"\r" in block else block


def _encoding_of(first: bytes) -> tuple[int, str | None, str | None]:
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


def _inflate_library(stored_bytes: int) -> ModuleType:
    """Return the inflate module for a file of this size: `isal` for large ones where installed, else zlib."""
    if stored_bytes >= _FAST_INFLATE_FROM_BYTES:
        with contextlib.suppress(ImportError):
            from isal import isal_zlib

            return isal_zlib
    return zlib


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
