"""The records of a sorted, indexed BGZF file near FGFR1-3, found by bisection over its blocks.

A region read returns what begins in the region, so it is used only where no allele has a far end: the header declares
INFO keys but none of `has_far_keys`, no ALT line but those of gVCF, and no END; the assembly is known. The index is
proof of order (tabix refuses what is not sorted) and gives the contigs in order; it must not be older than the file.
Contigs without a common name are read as a whole, because their records count when they name a gene. Whatever looks
wrong on the way (an order that is not kept, a block that cannot be read) leaves the file to the full search.
"""

import os
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import BinaryIO

from fgfr_screen.readers._gzip import inflate_library
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.scan.bodies import has_far_keys
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.scanned import Scanned

_BLOCK_MAGIC = b"\x1f\x8b\x08\x04"
_BLOCK_HEADER_BYTES = 18
_WINDOW_BYTES = 1 << 17
_END_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_GZIP = 31
_NAMES_LIMIT_BYTES = 4 << 20
_REF_REACH_BP = 1 << 17

Key = tuple[int, int]


class _UnusableError(Exception):
    """The file or its index is not what it should be."""


def fresh_index(path: str) -> str | None:
    """Return the index beside a file when it is not older than the file."""
    for suffix in (".tbi", ".csi"):
        try:
            if os.stat(path + suffix).st_mtime_ns >= os.stat(path).st_mtime_ns:
                return path + suffix
        except OSError:
            continue
    return None


def loses_nothing(header: Header, gate: Gate) -> bool:
    """Tell whether every event of the file begins near FGFR1-3."""
    alleles = [value for value in header.values("ALT") if "ID=NON_REF," not in value and "ID=*," not in value]
    is_plain = not has_far_keys(header) and "END" not in header.info_types and not alleles
    return is_plain and len(gate.assemblies) == 1 and not gate.has_segments


def scan_indexed(path: str, header: Header, gate: Gate) -> Scanned | None:
    """Read the records near FGFR1-3; None when the file has to be read as a whole.

    Records elsewhere are not counted, and candidates have no line number.
    """
    index = fresh_index(path)
    if index is None or not loses_nothing(header, gate):
        return None
    try:
        with open(path, "rb") as file:
            return _Bisection(file, _contigs_of(index)).scan(gate)
    except (_UnusableError, OSError):
        return None


def _contigs_of(index: str) -> list[str]:
    """Return the contigs of the file in order, from the head of its index.

    Layout: tabix and CSI specifications; both hold eight numbers before the names, CSI within its auxiliary data.
    """
    data = b""
    with open(index, "rb") as file:
        for block in _blocks(file, 0, zlib):
            data += block
            start = {b"TBI\1": 36, b"CSI\1": 44}.get(data[:4])
            if start is None:
                break
            size = int.from_bytes(data[start - 4 : start], "little")
            if len(data) >= start + size:
                return data[start : start + size].rstrip(b"\0").decode("utf-8", "surrogateescape").split("\0")
            if size > _NAMES_LIMIT_BYTES:
                break
    raise _UnusableError


def _blocks(file: BinaryIO, at: int, library: ModuleType) -> Iterator[bytes]:
    """Yield the content of each block from `at` on."""
    file.seek(at)
    while head := file.read(_BLOCK_HEADER_BYTES):
        size = int.from_bytes(head[16:], "little") + 1
        stored = head + file.read(max(size - len(head), 0))
        if stored[:4] != _BLOCK_MAGIC or len(stored) != size:
            raise _UnusableError
        yield _inflated(stored, library)


def _inflated(block: bytes, library: ModuleType) -> bytes:
    """Return the content of one block; its checksum is right."""
    try:
        content: bytes = library.decompress(block, _GZIP)
    except library.error as error:
        raise _UnusableError from error
    return content


class _Bisection:
    """Block-wise access to one sorted file."""

    def __init__(self, file: BinaryIO, contigs: list[str]) -> None:
        """Check the end block; `contigs` in the order of the file."""
        self._file = file
        self._contigs = contigs
        self._rank = {name.encode("utf-8", "surrogateescape"): rank for rank, name in enumerate(contigs)}
        self._size = file.seek(0, os.SEEK_END)
        self._library = inflate_library(self._size)
        file.seek(self._size - len(_END_BLOCK))
        if file.read() != _END_BLOCK:
            raise _UnusableError

    def scan(self, gate: Gate) -> Scanned:
        """Read what is near FGFR1-3."""
        lines = [line for first, last in self._ranges(gate) for line in self._lines(first, last)]
        candidates: list[tuple[int | None, bytes]] = [(None, line) for line in lines if gate.candidate(line)]
        return Scanned(candidates=candidates, records=len(lines), last_number=0, last_line=b"", is_partial=True)

    def _ranges(self, gate: Gate) -> list[tuple[Key, Key]]:
        """Return what to read: the windows, and contigs without a common name, neighbours joined."""
        ranges: list[tuple[Key, Key]] = []
        for rank, name in enumerate(self._contigs):
            place = gate.place(name.encode("utf-8", "surrogateescape"))
            place.has_rows = True
            if place.name is None and ranges and ranges[-1][1] == (rank, 0):
                ranges[-1] = (ranges[-1][0], (rank + 1, 0))
            elif place.name is None:
                ranges.append(((rank, 0), (rank + 1, 0)))
            for low, high in place.windows:
                ranges.append(((rank, max(low - _REF_REACH_BP, 0)), (rank, high)))
        return ranges

    def _key(self, line: bytes) -> Key:
        contig, _, rest = line.partition(b"\t")
        pos = rest.partition(b"\t")[0]
        if contig not in self._rank or not pos.isdigit():
            raise _UnusableError
        return self._rank[contig], int(pos)

    def _first_key(self, at: int) -> tuple[int, Key] | None:
        """Return the start of the first block at or after `at`, and the key of the first line that begins in it."""
        self._file.seek(at)
        stored = self._file.read(_WINDOW_BYTES)
        begin = stored.find(_BLOCK_MAGIC)
        while begin >= 0:
            size = int.from_bytes(stored[begin + 16 : begin + _BLOCK_HEADER_BYTES], "little") + 1
            following = stored[begin + size : begin + size + 4]
            if stored[begin + 10 : begin + 16] == b"\x06\0BC\2\0" and following == _BLOCK_MAGIC:
                for line in _inflated(stored[begin : begin + size], self._library).split(b"\n")[1:-1]:
                    return at + begin, (-1, 0) if line.startswith(b"#") else self._key(line)
                return None
            begin = stored.find(_BLOCK_MAGIC, begin + 1)
        return None

    def _start(self, first: Key) -> int:
        """Return a block before which no line at or after `first` begins."""
        low, high, low_key, high_key = 0, self._size, (-1, 0), (len(self._contigs), 0)
        while high - low > _WINDOW_BYTES:
            middle = (low + high) // 2
            found = self._first_key(middle)
            if found is None or found[0] >= high:
                high = middle
                continue
            at, key = found
            if not low_key <= key <= high_key:
                raise _UnusableError
            if key < first:
                low, low_key = at, key
            else:
                high, high_key = middle, key
        return low

    def _lines(self, first: Key, last: Key) -> Iterator[bytes]:
        """Yield the records from `first` to `last`, without terminators."""
        before = (-1, 0)
        for text in self._texts(self._start(first)):
            # What lies before is passed over text by text: the last line tells.
            ending = text[text.rfind(b"\n", 0, -1) + 1 : -1]
            if _is_row(ending) and before <= self._key(ending) < first:
                before = self._key(ending)
                continue
            for line in filter(_is_row, text[:-1].split(b"\n")):
                key = self._key(line)
                if key < before:
                    raise _UnusableError
                before = key
                if key > last:
                    return
                if key >= first:
                    yield line.removesuffix(b"\r")

    def _texts(self, at: int) -> Iterator[bytes]:
        """Yield the whole lines that end in each block from `at` on; what ends in the first one began before it."""
        rest = None if at else b""
        for block in _blocks(self._file, at, self._library):
            text = block[block.find(b"\n") + 1 :] if rest is None else rest + block
            cut = text.rfind(b"\n") + 1
            rest = text[cut:]
            if cut:
                yield text[:cut]
        if rest:
            raise _UnusableError


def _is_row(line: bytes) -> bool:
    return not line.startswith(b"#") and bool(line.strip())
