"""Gzip and BGZF: stored bytes -> content, with every checksum, the BGZF end block and the size checked.

Sources: SAM specification section 4.1 (BGZF); RFC 1952 (gzip).
"""

import contextlib
import zlib
from collections.abc import Iterator
from types import ModuleType

from fgfr_screen.errors import MalformedFileError, TruncatedFileError
from fgfr_screen.readers import _stored
from fgfr_screen.readers._stored import BGZF_HEADER_BYTES, GZIP_HEADER_BYTES, GZIP_TRAILER_BYTES, StoredBytes

INFLATE_FREE_BYTES = 100 << 20
INFLATE_LIMIT_RATIO = 1000
GZIP_MAGIC = b"\x1f\x8b"

# Below this size, loading the faster inflate library costs more than it saves.
_FAST_INFLATE_FROM_BYTES = 1 << 20
_BGZF_BLOCK_LIMIT_BYTES = 1 << 16
_GZIP_WINDOW = 31  # zlib's number for "gzip header, largest window"
_RAW_WINDOW = -15


class GzipContent:
    """The content of a gzip file whose first bytes are available in `raw`.

    Attributes:
        is_bgzf: True when it consists of BGZF blocks.
        truncated: True when it ends early and that was allowed; known only at the end.
    """

    def __init__(self, raw: StoredBytes, path: str, *, allow_truncated: bool) -> None:
        self.is_bgzf = raw.bgzf_block_bytes() is not None
        self.truncated = False
        self._raw = raw
        self._path = path
        self._allow_truncated = allow_truncated

    def pieces(self) -> Iterator[bytes]:
        """Yield the content.

        Raises:
            MalformedFileError: It is damaged, something else follows it, or it unpacks to a thousand times its size.
            TruncatedFileError: It is cut and that was not allowed.
        """
        unpacked = 0
        for piece in _gathered(self._members()):
            unpacked += len(piece)
            if unpacked > INFLATE_FREE_BYTES and unpacked > INFLATE_LIMIT_RATIO * self._raw.offset:
                reason = f"the file unpacks to more than {INFLATE_LIMIT_RATIO} times its size"
                raise self._malformed("INFLATE_LIMIT", reason, "no genomic file does; do not trust its source")
            yield piece

    def _members(self) -> Iterator[bytes]:
        """Yield the content of all gzip members (a BGZF block is one); checks every checksum and the BGZF end block."""
        inflate = inflate_library(self._raw.size)
        last_is_empty_block = False
        while self._raw.fill(1):
            # A member may begin on the last byte of a piece.
            self._raw.fill(len(GZIP_MAGIC))
            if not self._raw.starts_with(GZIP_MAGIC):
                self._check_padding()
                break
            self._raw.fill(BGZF_HEADER_BYTES)
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
        if self.is_bgzf and not last_is_empty_block:
            self._cut("BGZF_NO_EOF", "the BGZF end block is missing, so the file was cut")

    def _bgzf_block(self, inflate: ModuleType, block_bytes: int) -> bytes:
        block = self._raw.take(block_bytes)
        data_from = GZIP_HEADER_BYTES + int.from_bytes(block[10:12], "little")
        data_to = block_bytes - GZIP_TRAILER_BYTES
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
                content: bytes = member.decompress(data, _stored.PIECE_BYTES) if data else member.flush()
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

    def _cut(self, code: str, reason: str) -> None:
        if not self._allow_truncated:
            remedy = (
                "fetch the file again, or use --allow-truncated to read what is there (absence then proves nothing)"
            )
            raise TruncatedFileError(
                f"{reason} (at byte {self._raw.offset})", remedy=remedy, path=self._path, code=code
            )
        self.truncated = True

    def _damaged(self) -> MalformedFileError:
        reason = f"the compressed data are damaged near byte {self._raw.offset}: the checksum or the length is wrong"
        return self._malformed("GZIP_CRC", reason, "fetch the file again")

    def _malformed(self, code: str, reason: str, remedy: str) -> MalformedFileError:
        return MalformedFileError(reason, remedy=remedy, path=self._path, code=code)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Join small pieces (BGZF blocks), because every piece costs its reader some calls."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _stored.PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def inflate_library(stored_bytes: int) -> ModuleType:
    """Return the inflate module for a file of this size: `isal` for large ones where installed, else zlib."""
    if stored_bytes >= _FAST_INFLATE_FROM_BYTES:
        with contextlib.suppress(ImportError):
            from isal import isal_zlib

            return isal_zlib
    return zlib
