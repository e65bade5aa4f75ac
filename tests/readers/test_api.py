"""Which reader reads a file."""

from pathlib import Path

import pytest

from fgfr_screen.errors import InputError, UnknownFormatError, UsageError
from fgfr_screen.model import InputContent
from fgfr_screen.readers import _api
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, choose, readers
from fgfr_screen.terms import EventKind

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ROOT / "fixtures",
    *(ROOT.parent / "shared" / name for name in ("realdata", "formats/samples", "probes_vcf")),
)


def head(data: bytes) -> Head:
    return Head(name="some.file", data=data, container="plain")


def never_reads(opened: OpenedInput, options: ReadOptions) -> InputContent:
    raise NotImplementedError(opened.id, options)


def a_reader(name: str, start: bytes) -> Reader:
    return Reader(
        name=name,
        title=name,
        built_from="documentation",
        carries=(EventKind.REARRANGEMENT,),
        sniff=lambda head: f"starts with {start!r}" if head.data.startswith(start) else None,
        read=never_reads,
    )


@pytest.fixture
def two_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"alpha": a_reader("alpha", b"a"), "albatross": a_reader("albatross", b"al")}
    monkeypatch.setattr(_api, "readers", lambda **_: known)
    monkeypatch.setattr(_api, "_may_claim", lambda _: known)


def test_readers_of_this_folder_are_found_in_alphabetical_order() -> None:
    names = list(readers())
    assert {"bedpe", "lab-report"} <= set(names)
    assert names == sorted(names)


def test_every_reader_is_described() -> None:
    for name, reader in readers().items():
        assert name == reader.name
        assert reader.title
        assert reader.carries
        assert reader.built_from in ("real file", "documentation")
        assert reader.read_from, name
        assert reader.carries_note, name


def test_readers_of_other_packages_are_looked_up_without_harm() -> None:
    assert set(readers(with_entry_points=True)) >= set(readers())


def test_no_reader_claims_noise() -> None:
    with pytest.raises(UnknownFormatError) as caught:
        choose(head(b"hello world\n"))
    assert caught.value.code == "UNKNOWN_FORMAT"
    assert "bedpe" in caught.value.remedy
    assert caught.value.path == "some.file"


@pytest.mark.usefixtures("two_readers")
def test_exactly_one_claim_decides() -> None:
    reader, evidence = choose(head(b"abc"))
    assert (reader.name, evidence) == ("alpha", "starts with b'a'")


@pytest.mark.usefixtures("two_readers")
def test_two_claims_are_an_error_that_names_both() -> None:
    with pytest.raises(UnknownFormatError, match=r"alpha .*albatross") as caught:
        choose(head(b"alb"))
    assert caught.value.code == "AMBIGUOUS_FORMAT"


@pytest.mark.usefixtures("two_readers")
def test_the_user_can_name_the_reader() -> None:
    assert choose(head(b"alb"), "albatross")[0].name == "albatross"


@pytest.mark.usefixtures("two_readers")
def test_a_wrong_name_gets_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        choose(head(b"alb"), "albatros")
    assert caught.value.exit_code == 2
    assert "did you mean albatross?" in caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"\x00", b"{", b"#", b"\t\t\t\t\t\t", bytes(range(256))])
def test_no_sniffer_raises_at_or_claims_what_no_format_starts_with(data: bytes) -> None:
    assert [name for name, reader in readers().items() if reader.sniff(head(data)) is not None] == []


def test_readers_that_are_not_asked_would_not_have_claimed_the_file() -> None:
    checked = 0
    for path in sorted(path for folder in FOLDERS for path in folder.rglob("*") if path.is_file()):
        try:
            head = OpenedInput(str(path)).head
        except InputError:
            continue
        asked = _api._may_claim(head)
        for name, reader in readers().items():
            assert name in asked or reader.sniff(head) is None, (path, name)
            checked += name not in asked
    assert checked > 1000
