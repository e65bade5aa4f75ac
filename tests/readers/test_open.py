"""Opening inputs: containers by content, cut and damaged files, encodings, refused kinds, lines."""

import errno
import gzip
import hashlib
import io
import os
import stat
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import FgfrScreenError, InputError, MalformedFileError, TruncatedFileError
from fgfr_screen.readers import _gzip, _open, _stored
from fgfr_screen.readers._open import OpenedInput

TEXT = b"#h\n" + b"".join(b"chr10\t%d\tA\n" % number for number in range(20000))
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(content: bytes, name: str = "input") -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return _write


def bgzf(content: bytes, *, with_end: bool = True, block: int = 60000) -> bytes:
    """Compress as BGZF (SAM specification 4.1)."""
    blocks = []
    for at in range(0, len(content), block):
        part = content[at : at + block]
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(part) + packer.flush()
        head = struct.pack("<4BI2BH2BHH", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, len(packed) + 25)
        blocks.append(head + packed + struct.pack("<II", zlib.crc32(part), len(part)))
    return b"".join(blocks) + (BGZF_END if with_end else b"")


def read_back(path: str) -> bytes:
    with OpenedInput(path) as opened:
        return opened.read_all()


@pytest.mark.parametrize(
    ("pack", "container"),
    [
        (bytes, "plain"),
        (gzip.compress, "gzip"),
        (bgzf, "bgzf"),
        (lambda text: gzip.compress(text[:500]) + gzip.compress(text[500:]), "gzip"),
    ],
)
def test_the_content_decides_the_container(write: Write, pack: Callable[[bytes], bytes], container: str) -> None:
    path = write(pack(TEXT), "misleading.vcf")
    with OpenedInput(path, "in7") as opened:
        assert (opened.container, opened.head.container, opened.id) == (container, container, "in7")
        assert opened.head.data == TEXT[: len(opened.head.data)]
        assert len(opened.head.data) <= _stored.HEAD_BYTES
        assert opened.read_all() == TEXT
        assert opened.sha256 == hashlib.sha256(Path(path).read_bytes()).hexdigest()


def test_two_bgzf_files_joined_are_one(write: Write) -> None:
    assert read_back(write(bgzf(TEXT) + bgzf(TEXT))) == TEXT + TEXT


def test_a_member_may_begin_on_the_last_byte_of_a_piece(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    first = gzip.compress(b"a\n" * 40, mtime=0)
    monkeypatch.setattr(_stored, "PIECE_BYTES", len(first) + 1)
    assert read_back(write(first + gzip.compress(b"b\n", mtime=0))) == b"a\n" * 40 + b"b\n"


def test_zero_padding_after_gzip_is_accepted(write: Write) -> None:
    assert read_back(write(gzip.compress(TEXT) + bytes(512))) == TEXT


def test_the_digest_is_not_known_before_the_end(write: Write) -> None:
    with OpenedInput(write(TEXT * 20)) as opened:
        assert opened.sha256 is None
        opened.finish()
        assert opened.sha256 is not None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bgzf(TEXT, with_end=False), "BGZF_NO_EOF"),
        (bgzf(TEXT)[:-40], "GZIP_TRUNCATED"),
        (gzip.compress(TEXT)[:-3], "GZIP_TRUNCATED"),
        (gzip.compress(TEXT)[: len(gzip.compress(TEXT)) // 2], "GZIP_TRUNCATED"),
    ],
)
def test_a_cut_container_is_an_error_and_can_be_allowed(write: Write, content: bytes, code: str) -> None:
    path = write(content)
    with pytest.raises(TruncatedFileError) as caught:
        read_back(path)
    assert caught.value.code == code
    assert caught.value.path == path
    assert caught.value.remedy
    with OpenedInput(path, allow_truncated=True) as opened:
        lines = list(opened.lines())
        assert opened.truncated
    assert lines == TEXT.splitlines()[: len(lines)]
    assert len(lines) > 1


@pytest.mark.parametrize("pack", [gzip.compress, bgzf])
def test_no_cut_is_taken_for_a_whole_file(write: Write, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(TEXT[:200000])
    for length in range(2, len(packed), 97):
        with pytest.raises(InputError):
            read_back(write(packed[:length]))


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_bit_is_an_error_or_changes_nothing(tmp_path: Path, data: st.DataObject) -> None:
    packed = bytearray(data.draw(st.sampled_from([gzip.compress(TEXT[:5000]), bgzf(TEXT[:5000])])))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path / "flipped"
    path.write_bytes(bytes(packed))
    try:
        content = read_back(str(path))
    except InputError:
        return
    # Only the first two bytes turn a gzip file into one that is plain (and that no reader claims).
    assert content in (TEXT[:5000], bytes(packed))


def test_garbage_after_the_container_is_an_error(write: Write) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_back(write(bgzf(TEXT) + b"junk"))
    assert caught.value.code == "GZIP_TRAILING"


def test_a_wrong_checksum_is_an_error(write: Write) -> None:
    for pack in (gzip.compress, bgzf):
        packed = bytearray(pack(TEXT))
        packed[-7 if pack is gzip.compress else -28 - 7] ^= 1
        with pytest.raises(MalformedFileError) as caught:
            read_back(write(bytes(packed)))
        assert caught.value.code == "GZIP_CRC"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (gzip.compress(b""), "EMPTY_FILE"),
        (b"<!DOCTYPE html><html>", "LOOKS_LIKE_HTML"),
        (b"\n <HTML><body>", "LOOKS_LIKE_HTML"),
        (b"%PDF-1.7", "LOOKS_LIKE_PDF"),
        (b"PK\x03\x04xlsx", "UNSUPPORTED_CONTAINER"),
        (b"\xfd7zXZ\x00rest", "UNSUPPORTED_CONTAINER"),
        (b"BZh91AY", "UNSUPPORTED_CONTAINER"),
        (b"{\\rtf1", "UNSUPPORTED_CONTAINER"),
        (b"SQLite format 3\x00", "UNSUPPORTED_CONTAINER"),
    ],
)
def test_kinds_that_are_never_an_input_are_named(write: Write, content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        OpenedInput(write(content))
    assert caught.value.code == code
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("http://example.org/a.vcf", "URL_REFUSED"),
        ("s3://bucket/a.vcf", "URL_REFUSED"),
        ("no/such/file", "NOT_FOUND"),
        (os.curdir, "NOT_A_FILE"),
        ("/dev/null", "NOT_A_FILE"),
        ("a\0b", "NOT_READABLE"),
    ],
)
def test_names_that_are_no_file_are_refused(path: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        OpenedInput(path)
    assert caught.value.code == code


def test_a_missing_file_has_the_words_of_the_system() -> None:
    with pytest.raises(InputError, match=os.strerror(errno.ENOENT)):
        OpenedInput("no/such/file")


def test_a_bomb_is_stopped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_gzip, "INFLATE_FREE_BYTES", 1 << 20)
    monkeypatch.setattr(_gzip, "INFLATE_LIMIT_RATIO", 100)
    with pytest.raises(MalformedFileError) as caught:
        read_back(write(gzip.compress(b"a\n" * (4 << 20))))
    assert caught.value.code == "INFLATE_LIMIT"


def test_a_line_without_end_is_stopped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_open, "LINE_LIMIT_BYTES", 1 << 20)
    with OpenedInput(write(b"a\n" + b"x" * (4 << 20))) as opened, pytest.raises(MalformedFileError) as caught:
        list(opened.lines())
    assert caught.value.code == "LINE_TOO_LONG"


def test_a_whole_file_has_a_limit(write: Write) -> None:
    with OpenedInput(write(TEXT)) as opened, pytest.raises(InputError) as caught:
        opened.read_all(limit=1000)
    assert caught.value.code == "FILE_TOO_BIG"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_line_ends_do_not_matter(write: Write, ending: bytes, last: bytes) -> None:
    rows = [b"a", b"", b"b c", b"d"]
    with OpenedInput(write(ending.join(rows) + (ending if last else b""))) as opened:
        assert list(opened.lines()) == rows
        assert opened.ends_with_newline is bool(last)


def test_crlf_across_pieces_is_one_line_end(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_stored, "PIECE_BYTES", 7)
    rows = [b"%d" % number * 3 for number in range(200)]
    with OpenedInput(write(b"\r\n".join(rows) + b"\r\n")) as opened:
        assert list(opened.lines()) == rows


def test_cr_only_lines_are_an_error(write: Write) -> None:
    with OpenedInput(write(b"a\rb\r")) as opened, pytest.raises(MalformedFileError) as caught:
        list(opened.lines())
    assert caught.value.code == "CR_ONLY"


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        ("utf-8-sig", ("BOM_STRIPPED",)),
        ("utf-16", ("UTF16_DECODED",)),
        ("utf-16-le", ("UTF16_DECODED",)),
        ("utf-16-be", ("UTF16_DECODED",)),
        ("utf-32", ("UTF32_DECODED",)),
        ("utf-8", ()),
    ],
)
def test_encodings_become_utf8(write: Write, encoding: str, notes: tuple[str, ...]) -> None:
    with OpenedInput(write("gene\tFGFR2\n肝\n".encode(encoding))) as opened:
        assert opened.head.data.startswith(b"gene")
        assert list(opened.lines()) == [b"gene\tFGFR2", "肝".encode()]
        assert opened.notes == notes


def test_half_a_utf16_character_is_an_error(write: Write) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_back(write("ab".encode("utf-16") + b"\x00"))
    assert caught.value.code == "BAD_ENCODING"


def test_the_content_can_be_taken_only_once(write: Write) -> None:
    with OpenedInput(write(TEXT)) as opened:
        opened.read_all()
        with pytest.raises(RuntimeError):
            opened.read_all()


def test_a_file_that_changes_while_it_is_read_is_an_error(write: Write) -> None:
    path = write(b"x\n" * (2 << 20))
    with OpenedInput(path) as opened:
        with open(path, "ab") as more:
            more.write(b"y\n")
        with pytest.raises(InputError) as caught:
            opened.read_all()
    assert caught.value.code == "FILE_CHANGED"


class FakeInput:
    """Standard input over bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_standard_input_is_read_and_copied_for_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = bgzf(TEXT)
    monkeypatch.setattr(sys, "stdin", FakeInput(packed))
    with OpenedInput("-") as opened:
        path = opened.local_path()
        assert Path(path).read_bytes() == packed
        assert opened.local_path() == path
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert opened.sha256 == hashlib.sha256(packed).hexdigest()
    assert not os.path.exists(path)


def test_standard_input_without_bgzf_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", FakeInput(bgzf(TEXT, with_end=False)))
    with pytest.raises(TruncatedFileError), OpenedInput("-") as opened:
        opened.local_path()


def test_a_library_gets_the_path_only_after_the_container_was_checked(write: Write) -> None:
    with OpenedInput(write(bgzf(TEXT))) as opened:
        assert os.path.samefile(opened.local_path(), opened.path)
        assert opened.sha256 is not None
    with OpenedInput(write(bgzf(TEXT * 3, with_end=False))) as opened, pytest.raises(TruncatedFileError):
        opened.local_path()


def test_zlib_and_the_fast_library_agree(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("isal")
    monkeypatch.setattr(_gzip, "_FAST_INFLATE_FROM_BYTES", 0)
    assert _gzip.inflate_library(1).__name__ == "isal.isal_zlib"
    for pack in (gzip.compress, bgzf):
        assert read_back(write(pack(TEXT))) == TEXT
        broken = bytearray(pack(TEXT))
        broken[len(broken) // 2] ^= 255
        with pytest.raises(InputError):
            read_back(write(bytes(broken)))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    refusals: list[FgfrScreenError] = []
    try:
        with OpenedInput(str(path)) as opened:
            list(opened.lines())
    except FgfrScreenError as error:
        refusals.append(error)
    assert all(refusal.code.isupper() and refusal.path == str(path) for refusal in refusals)
