"""Packed results: isal and zlib read each other, and damage never passes for a result."""

import sys
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.cohort import packing


@pytest.fixture(params=["isal", "zlib"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Pack and unpack with one of the two."""
    if request.param == "isal":
        pytest.importorskip("isal")
    else:
        monkeypatch.setitem(sys.modules, "isal", None)
    packing._library.cache_clear()
    yield request.param
    packing._library.cache_clear()


def test_missing_isal_leaves_zlib(library: str) -> None:
    assert packing._library().__name__.rpartition(".")[2] == {"isal": "isal_zlib", "zlib": "zlib"}[library]


@given(st.binary())
def test_what_is_packed_comes_back(body: bytes) -> None:
    assert packing.unpack(packing.pack(body)) == body
    assert zlib.decompress(packing.pack(body)) == body
    assert packing.unpack(zlib.compress(body)) == body


def test_each_library_reads_the_other(library: str) -> None:
    body = b'{"sample": 1}' * 500
    assert packing.unpack(zlib.compress(body, 9)) == body
    assert zlib.decompress(packing.pack(body)) == body


def test_every_flipped_or_missing_byte_is_noticed(library: str) -> None:
    packed = packing.pack(b'{"sample": 1}' * 20)
    for place in range(2, len(packed)):  # the first two bytes are flags and hold nothing of the result
        with pytest.raises(ValueError, match="damaged"):
            packing.unpack(packed[:place])
        flipped = packed[:place] + bytes([packed[place] ^ 0x10]) + packed[place + 1 :]
        with pytest.raises(ValueError, match="damaged"):
            packing.unpack(flipped)
