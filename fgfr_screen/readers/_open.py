"""Path or `-` -> bytes, lines or whole text of one input: the only module that opens inputs.

The order is stored bytes, hashed (`_stored`) -> container, told by content, never by suffix (`_gzip`, `_zip_container`) ->
encoding: byte order mark removed, UTF-16 turned into UTF-8 (`_text`) -> blocks of whole lines -> lines. Libraries see a
path only through `local_path`, after the whole container was checked here: htslib and its wrappers pass over a missing
BGZF end block or a cut stream in silence.
"""

import codecs
import contextlib
import os
from collections.abc import Iterator
from itertools import chain
from typing import Self

from fgfr_screen.errors import InputError, MalformedFileError, TruncatedFileError
from fgfr_screen.model import Record
from fgfr_screen.readers._gzip import GZIP_MAGIC, GzipContent
from fgfr_screen.readers._stored import BGZF_HEADER_BYTES, HEAD_BYTES, StoredBytes
from fgfr_screen.readers._text import encoding_of

__all__ = ["Head", "OpenedInput"]

LINE_LIMIT_BYTES = 64 << 20
WHOLE_FILE_LIMIT_BYTES = 256 << 20

# Hashing a plain file takes longer than searching it; inflating a packed one takes longer than both.
DIGEST_PLAIN_LIMIT_BYTES = 64 << 20

_ZIP_MAGIC = b"PK\x03\x04"
_REFUSED_MAGIC = (
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstandard"),
    (b"\xd0\xcf\x11\xe0", "old Excel or Word"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"CRAM", "CRAM"),
)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")


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
        self._raw = StoredBytes(path, stored)
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
        raw.fill(BGZF_HEADER_BYTES)
        if raw.starts_with(_ZIP_MAGIC):
            yield self._workbook()
            return
        for magic, name in _REFUSED_MAGIC:
            if raw.starts_with(magic):
                remedy = "decompress it, or save it as text, and give that file"
                raise self._malformed("UNSUPPORTED_CONTAINER", f"{name} files are not read", remedy)
        if raw.starts_with(GZIP_MAGIC):
            content = GzipContent(raw, self.path, allow_truncated=self._allow_truncated)
            self.container = "bgzf" if content.is_bgzf else "gzip"
            yield from content.pieces()
            self.truncated = self.truncated or content.truncated
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

    def _decode(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Take the byte order mark away and turn UTF-16 and UTF-32 into UTF-8."""
        first = b""
        while len(first) < 4 and (piece := next(pieces, None)) is not None:
            first += piece
        mark_bytes, encoding, note = encoding_of(first)
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

    def _malformed(self, code: str, reason: str, remedy: str) -> MalformedFileError:
        return MalformedFileError(reason, remedy=remedy, path=self.path, code=code)

    def _refused(self, code: str, reason: str, remedy: str) -> InputError:
        return InputError(reason, remedy=remedy, path=self.path, code=code)


def _with_lf(block: bytes) -> bytes:
    return block.replace(b"\r\n", b"\n") if b"\r" in block else block
