"""Short findings in words: one reading, or a person's."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.readers.tables._finding_text import names_receptor, read_text
from fgfr_screen.terms import EventKind

STRUCTURE, COPIES, SHORT = EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT


@pytest.mark.parametrize(
    ("text", "genes", "exons"),
    [
        ("FGFR2-BICC1融合", ("FGFR2", "BICC1"), (None, None)),
        ("FGFR2::BICC1 fusion detected", ("FGFR2", "BICC1"), (None, None)),
        ("FGFR2 exon 17 - BICC1 exon 3 fusion", ("FGFR2", "BICC1"), (17, 3)),
        ("FGFR2第17号外显子与BICC1第3号外显子融合", ("FGFR2", "BICC1"), (17, 3)),
        ("检出FGFR2-BICC1(F17:B3)融合", ("FGFR2", "BICC1"), (17, 3)),
        ("FGFR2-NKX2-1融合", ("FGFR2", "NKX2-1"), (None, None)),
        ("ＦＧＦＲ３—TACC3 融合（+）", ("FGFR3", "TACC3"), (None, None)),
    ],
)
def test_fusions(text: str, genes: tuple[str, ...], exons: tuple[int | None, int | None]) -> None:
    (one,) = read_text(text)
    assert (one.kind, one.is_negative, one.genes, one.exons, one.is_fusion) == (STRUCTURE, False, genes, exons, True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("未检出FGFR2融合", STRUCTURE),
        ("FGFR2融合阴性", STRUCTURE),
        ("FGFR2融合（-）", STRUCTURE),
        ("No FGFR2 fusion detected", STRUCTURE),
        ("FGFR2 rearrangement: negative", STRUCTURE),
        ("FGFR2 amplification not detected", COPIES),
        ("未见FGFR2扩增", COPIES),
        ("FGFR3野生型", SHORT),
        ("FGFR3 wild-type", SHORT),
        ("未检测到FGFR3突变", SHORT),
    ],
)
def test_negatives(text: str, kind: EventKind) -> None:
    (one,) = read_text(text)
    assert (one.kind, one.is_negative) == (kind, True)


@pytest.mark.parametrize(
    ("text", "hgvs_c", "hgvs_p"),
    [
        ("FGFR3 p.S249C突变", None, "S249C"),
        ("FGFR3 S249C", None, "S249C"),
        ("FGFR3 p.(Ser249Cys)", None, "Ser249Cys"),
        ("FGFR3 c.746C>G p.S249C", "c.746C>G", "S249C"),
    ],
)
def test_short_variants(text: str, hgvs_c: str | None, hgvs_p: str | None) -> None:
    (one,) = read_text(text)
    assert (one.kind, one.hgvs_c, one.hgvs_p) == (SHORT, hgvs_c, hgvs_p)


@pytest.mark.parametrize(
    ("text", "copies"),
    [("FGFR2扩增", None), ("FGFR2 amplification (CN 12)", 12), ("FGFR2扩增，拷贝数12", 12)],
)
def test_amplifications(text: str, copies: float | None) -> None:
    (one,) = read_text(text)
    assert (one.kind, one.is_negative, one.copies) == (COPIES, False, copies)


@pytest.mark.parametrize(
    "text",
    [
        "疑似FGFR2-BICC1融合",
        "FGFR2 fusion not excluded",
        "FGFR2 fusion cannot be ruled out",
        "未检出FGFR2融合及扩增",
        "FGFR2-BICC1融合未检出",
        "FGFR2 was not tested",
        "FGFR2 p.S252W, p.N549K",
        "FGFR2扩增？",
        "history of FGFR2-BICC1 fusion",
        "FGFR2 fusion or amplification",
        "FGFR2扩增；结果见附页",
    ],
)
def test_everything_else_is_left_to_a_person(text: str) -> None:
    assert {one.kind for one in read_text(text)} == {None}


def test_several_findings_are_read_only_together() -> None:
    kinds = [one.kind for one in read_text("FGFR2-BICC1融合；FGFR3扩增；TP53 p.R175H突变")]
    assert kinds == [STRUCTURE, COPIES]


@pytest.mark.parametrize("text", ["", "TP53 p.R175H", "FGFR4扩增", "FGFRL1 amplification", "未检出"])
def test_texts_on_other_genes_say_nothing(text: str) -> None:
    assert read_text(text) == ()


def test_letters_of_another_script_are_refused() -> None:
    with pytest.raises(EntryError) as caught:
        read_text("FG\u0424R2扩增".replace("\u0424", "\u03dc"))
    assert caught.value.code == "SYMBOL_NOT_ASCII"


@given(
    st.lists(
        st.sampled_from(
            ["未检出", "no ", "FGFR2", "FGFR3", "-BICC1", "融合", " fusion", "扩增", " not detected", "，", "？"]
        ),
        max_size=7,
    )
)
def test_a_text_with_a_negation_is_never_positive(words: list[str]) -> None:
    text = "".join(words)
    if any(word in text for word in ("未检出", "no ", "not detected")):
        try:
            found = read_text(text)
        except EntryError:
            return
        assert [one for one in found if one.kind is not None and not one.is_negative] == []


@pytest.mark.parametrize(
    ("text", "gene"),
    [
        ("KGFR扩增", "FGFR2"),
        ("BEK amplification", "FGFR2"),
        ("CD332 amplified", "FGFR2"),
        ("K-SAM扩增", "FGFR2"),
        ("KSAM amplification", "FGFR2"),
        ("CD331扩增", "FGFR1"),
        ("EGFR扩增；JTK4扩增", "FGFR3"),
    ],
)
def test_an_alias_of_a_receptor_is_its_name(text: str, gene: str) -> None:
    (one,) = read_text(text)
    assert (one.kind, one.genes) == (COPIES, (gene,))
    assert one.text == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize(
    "text", ["ACH", "FLG mutation", "H4 positive", "XKGFR扩增", "KGFR-X9", "Bek was here", "met CEK-like"]
)
def test_words_that_are_no_alias_of_a_receptor_name_none(text: str) -> None:
    assert not names_receptor(text)
    assert read_text(text) == ()


def test_a_spelling_of_the_symbol_stays_as_written() -> None:
    for text in ("FGFR2-IIIC amplification", "ENST00000358487 FGFR2 c.1", "FGFR2-BICC1融合"):
        assert all(one.text == text for one in read_text(text))
