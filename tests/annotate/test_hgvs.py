"""`fgfr_screen.annotate.hgvs`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.annotate.hgvs import (
    THREE_LETTERS,
    CodingKind,
    ProteinChange,
    ProteinKind,
    format_protein,
    parse_coding,
    parse_protein,
    split_accession,
)
from fgfr_screen.isoforms import Coordinate


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("S249C", "S249C"),
        ("p.S249C", "S249C"),
        ("p.(Ser249Cys)", "S249C"),
        ("p.Ser249Cys", "S249C"),
        ("p.SER249CYS", "S249C"),
        ("p.s249c", "S249C"),
        ("ｐ．（Ｓｅｒ２４９Ｃｙｓ）", "S249C"),
        ("p.E768*", "E768*"),
        ("p.E768X", "E768*"),
        ("p.(Glu768Ter)", "E768*"),
        ("p.D139=", "D139="),
        ("p.D139D", "D139="),
        ("p.(Lys642ArgfsTer12)", "K642Rfs*12"),
        ("p.K642Rfs*12", "K642Rfs*12"),
        ("p.K642RfsX12", "K642Rfs*12"),
        ("p.K642fs*12", "K642fs*12"),
        ("p.Lys642fs", "K642fs"),
        ("T821fs*3+", "T821fs"),
        ("p.(Lys642ArgfsTer?)", "K642Rfs*?"),
        ("H167_N173del", "H167_N173del"),
        ("p.(His167_Asn173del)", "H167_N173del"),
        ("S267_D273dup", "S267_D273dup"),
        ("p.A12_B13insGS", None),
        ("p.A12_G13insGS", "A12_G13insGS"),
        ("p.A12_G14insGS", None),
        ("W290_I291delinsC", "W290_I291delinsC"),
        ("W290_I291>C", "W290_I291delinsC"),
        ("*807Wext*101", "*807Wext*101"),
        ("p.(Ter807CysextTer?)", "*807Cext*?"),
        ("p.*807W", "*807Wext*?"),
        ("p.M1?", "M1?"),
        ("p.0?", "M1?"),
        ("p.M1V", "M1?"),
        ("X768_splice", "X768_splice"),
        ("p.?", None),
        ("amplification", None),
        ("p.N173_H167del", None),
        ("", None),
    ],
)
def test_protein_texts_are_read(text: str, prose: str | None) -> None:
    change = parse_protein(text)
    assert (None if change is None else format_protein(change, three_letters=False)) == prose


AMINO_ACIDS = st.sampled_from("ACDEFGHIKLMNPQRSTVWY")


@st.composite
def protein_changes(draw: st.DrawFn) -> ProteinChange:
    kind = draw(st.sampled_from([kind for kind in ProteinKind if kind is not ProteinKind.START_LOST]))
    start = draw(st.integers(2, 800))
    aa = "*" if kind is ProteinKind.EXTENSION else draw(AMINO_ACIDS)
    alone = (ProteinKind.SUBSTITUTION, ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION, ProteinKind.SPLICE)
    span = 1 if kind is ProteinKind.INSERTION else 0 if kind in alone else draw(st.integers(0, 9))
    new = (
        draw(st.text(AMINO_ACIDS, min_size=2, max_size=4))
        if kind in (ProteinKind.INSERTION, ProteinKind.DELINS)
        else ""
    )
    stop_after = None
    if kind in (ProteinKind.SUBSTITUTION, ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION):
        new = draw(AMINO_ACIDS.filter(lambda letter: letter != aa))
    if kind in (ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION):
        stop_after = draw(st.none() | st.integers(2, 200))
    end_aa = aa if span == 0 else draw(AMINO_ACIDS)
    return ProteinChange(
        kind=kind, start_aa=aa, start=start, end_aa=end_aa, end=start + span, new=new, stop_after=stop_after
    )


@given(protein_changes(), st.booleans())
def test_written_protein_changes_are_read_back(change: ProteinChange, three_letters: bool) -> None:
    assert parse_protein(f"p.({format_protein(change, three_letters=three_letters)})") == change


def test_three_letters_are_written() -> None:
    change = parse_protein("W290_I291delinsC")
    assert change is not None
    assert format_protein(change, three_letters=True) == "Trp290_Ile291delinsCys"
    assert len(set(THREE_LETTERS.values())) == len(THREE_LETTERS)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "ref", "alt"),
    [
        ("c.746C>G", CodingKind.SUBSTITUTION, "746", "746", "C", "G"),
        ("746c>g", CodingKind.SUBSTITUTION, "746", "746", "C", "G"),
        ("ｃ．７４６Ｃ＞Ｇ", CodingKind.SUBSTITUTION, "746", "746", "C", "G"),
        ("c.746C→G", CodingKind.SUBSTITUTION, "746", "746", "C", "G"),
        ("splice site 2302-1G>T", CodingKind.SUBSTITUTION, "2302-1", "2302-1", "G", "T"),
        ("c.2302–1G>T", CodingKind.SUBSTITUTION, "2302-1", "2302-1", "G", "T"),
        ("c.-102+5del", CodingKind.DELETION, "-102+5", "-102+5", None, ""),
        ("c.*35A>G", CodingKind.SUBSTITUTION, "*35", "*35", "A", "G"),
        ("c.499_519del", CodingKind.DELETION, "499", "519", None, ""),
        ("c.499_500delAC", CodingKind.DELETION, "499", "500", "AC", ""),
        ("c.499_519del21", CodingKind.DELETION, "499", "519", None, ""),
        ("c.100dup", CodingKind.DUPLICATION, "100", "100", None, None),
        ("c.100dupG", CodingKind.DUPLICATION, "100", "100", None, "G"),
        ("c.100_101insACGT", CodingKind.INSERTION, "100", "101", None, "ACGT"),
        ("c.868_873delinsTGT", CodingKind.DELINS, "868", "873", None, "TGT"),
        ("c.868_869delTGinsCA", CodingKind.DELINS, "868", "869", "TG", "CA"),
        ("c.868TG>CA", CodingKind.DELINS, "868", "869", "TG", "CA"),
        ("c.1953=", CodingKind.IDENTITY, "1953", "1953", None, None),
        ("c.746C>G (p.S249C)", CodingKind.SUBSTITUTION, "746", "746", "C", "G"),
    ],
)
def test_coding_texts_are_read(
    text: str, kind: CodingKind, start: str, end: str, ref: str | None, alt: str | None
) -> None:
    change = parse_coding(text)
    assert change is not None
    assert (change.kind, str(change.start), str(change.end)) == (kind, start, end)
    assert (change.ref, change.alt) == (ref, alt)


@pytest.mark.parametrize("text", ["c.0A>G", "p.S249C", "c.746", "c.100insA", "", "c.(?_1)_(2_?)del"])
def test_unreadable_coding_texts_are_none(text: str) -> None:
    assert parse_coding(text) is None


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    coding, protein = parse_coding(text), parse_protein(text)
    assert coding is None or isinstance(coding.start, Coordinate)
    assert protein is None or protein.start >= 0


@pytest.mark.parametrize(
    ("text", "accession", "rest"),
    [
        ("NM_000142.5:c.746C>G", "NM_000142.5", "c.746C>G"),
        ("NM_000142.5(FGFR3):c.746C>G", "NM_000142.5", "c.746C>G"),
        ("FGFR3:p.S249C", "FGFR3", "p.S249C"),
        ("p.S249C", None, "p.S249C"),
    ],
)
def test_the_accession_is_split_off(text: str, accession: str | None, rest: str) -> None:
    assert split_accession(text) == (accession, rest)


@pytest.mark.parametrize("text", [f"p.S{'9' * 5000}C", f"p.S249fs*{'9' * 5000}", f"p.*807{'9' * 5000}ext*5"])
def test_a_number_of_thousands_of_digits_is_no_residue(text: str) -> None:
    assert parse_protein(text) is None
    assert parse_coding(f"c.{'9' * 5000}C>G") is None
