"""Gene words: aliases, other genes with similar names, damage, and the splitting of fusion names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen import genes
from fgfr_screen.terms import FgfrGene

FGFR1, FGFR2, FGFR3 = FgfrGene.FGFR1, FgfrGene.FGFR2, FgfrGene.FGFR3


@pytest.mark.parametrize(
    ("word", "gene"),
    [
        ("FGFR1", FGFR1),
        ("fgfr2", FGFR2),
        (" FGFR3 ", FGFR3),
        ("KSAM", FGFR2),
        ("K-SAM", FGFR2),
        ("BEK", FGFR2),
        ("KGFR", FGFR2),
        ("CD332", FGFR2),
        ("FLT2", FGFR1),
        ("N-SAM", FGFR1),
        ("CEK2", FGFR3),
        ("CD333", FGFR3),
        ("FGFR-2", FGFR2),
        ("FGFR2b", FGFR2),
        ("FGFR2-IIIb", FGFR2),
        ("FGFR3 IIIc", FGFR3),
        ("ＦＧＦＲ２", FGFR2),
        ("FGFR2^ENSG00000066468.24", FGFR2),
        ("FGFR2(1234)", FGFR2),
        ("FGFR2(intergenic)", FGFR2),
    ],
)
def test_spellings_of_the_receptors_are_known(word: str, gene: FgfrGene) -> None:
    assert genes.fgfr_gene(word) is gene


@pytest.mark.parametrize(
    "word",
    [
        "FGFR1OP",
        "FGFR1OP2",
        "FGFRL1",
        "FGFR4",
        "FGF7",
        "FGF2",
        "FGFR3P1",
        "CEP43",
        "FGFR",
        "FGFR5",
        "FGFR12",
        "H3",
        "H4",
        "FLG",
        "FGFR2-BICC1",
        "",
        ".",
        "FGFR2,FGFR3",
    ],
)
def test_other_words_are_never_a_receptor(word: str) -> None:
    assert genes.fgfr_gene(word) is None


def test_former_symbols_become_approved_ones() -> None:
    given = {"KIAA1598": "SHTN1", "C10orf118": "CCDC186", "FGFR1OP": "CEP43", "WHSC1": "NSD2", "PARK2": "PRKN"}
    assert {word: genes.resolve(word).symbol for word in given} == given


def test_an_ambiguous_alias_stays_ambiguous() -> None:
    name = genes.resolve("CEP1")
    assert name.symbols == ("CDC42EP1", "CNTRL")
    assert name.symbol is None


def test_a_list_keeps_all_its_genes() -> None:
    assert genes.resolve("TACC2,TACC3").symbols == ("TACC2", "TACC3")


@pytest.mark.parametrize("word", ["", " ", "N/A", "NA", ".", "-", "none", "Unknown", "intergenic", "?"])
def test_blank_words_name_no_gene(word: str) -> None:
    name = genes.resolve(word)
    assert genes.is_blank(word)
    assert name.symbols == ()
    assert name.problem is None


@pytest.mark.parametrize(
    "word", ["1-Mar", "Sep-02", "2-Dec", "43891", "#NAME?", "#REF!", "01-Sep-2020", "2020-03-01", "2.31E+13", "10-Okt"]
)
def test_spreadsheet_damage_is_named(word: str) -> None:
    assert genes.resolve(word).problem == "EXCEL_DAMAGE"


@pytest.mark.parametrize("word", ["MARCHF1", "SEPTIN2", "DELEC1", "FGFR2", "12345", "7SK", "A1BG"])
def test_symbols_are_not_taken_for_damage(word: str) -> None:
    assert not genes.is_excel_damage(word)


def test_a_foreign_letter_is_named_with_its_code_point() -> None:
    name = genes.resolve("FGFR2\u0421")
    assert name.problem == "SYMBOL_NOT_ASCII"
    assert "U+0421" in (name.problem_text or "")
    assert name.symbols == ()


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("FGFR2::BICC1", ("FGFR2", "BICC1")),
        ("FGFR2--BICC1", ("FGFR2", "BICC1")),
        ("BICC1-FGFR2", ("BICC1", "FGFR2")),
        ("FGFR2->BICC1", ("FGFR2", "BICC1")),
        ("FGFR2>>BICC1", ("FGFR2", "BICC1")),
        ("FGFR2→BICC1", ("FGFR2", "BICC1")),
        ("FGFR2/BICC1", ("FGFR2", "BICC1")),
        ("FGFR2|BICC1", ("FGFR2", "BICC1")),
        ("FGFR2_BICC1", ("FGFR2", "BICC1")),
        ("FGFR3:TACC3", ("FGFR3", "TACC3")),
        ("FGFR2–BICC1", ("FGFR2", "BICC1")),
        ("ＦＧＦＲ２：：ＢＩＣＣ１", ("FGFR2", "BICC1")),
        ("fgfr2-bicc1", ("FGFR2", "BICC1")),
        ("FGFR2-KIAA1598", ("FGFR2", "SHTN1")),
        ("FGFR1OP-RET", ("CEP43", "RET")),
        ("HLA-A-FGFR2", ("HLA-A", "FGFR2")),
        ("FGFR2-NKX2-1", ("FGFR2", "NKX2-1")),
        ("FGFR2-BICC1 fusion", ("FGFR2", "BICC1")),
        ("FGFR2-FAM24B-CUZD1", ("FGFR2", "FAM24B-CUZD1")),
    ],
)
def test_fusion_names_are_split_at_the_one_place_that_makes_sense(text: str, pair: tuple[str, str]) -> None:
    found = genes.split_fusion_name(text)
    assert found is not None
    assert (found[0].symbol, found[1].symbol) == pair


@pytest.mark.parametrize("text", ["FGFR2::", "FGFR2-N/A", "FGFR2/N/A", "FGFR2::?", "FGFR2-intergenic", "FGFR2-"])
def test_half_names_have_a_blank_second_gene(text: str) -> None:
    found = genes.split_fusion_name(text)
    assert found is not None
    assert found[0].fgfr is FGFR2
    assert found[1].is_blank


@pytest.mark.parametrize(
    "text",
    ["HLA-A", "NKX2-1", "FAM24B-CUZD1", "FGFR2", "1-Mar", "Sep-02", "", "ABC_DEF", "A::B::C", "FGFR3-TACC3-FGFR3"],
)
def test_other_names_are_not_split(text: str) -> None:
    assert genes.split_fusion_name(text) is None


def test_an_ambiguous_partner_is_kept_with_both_meanings() -> None:
    found = genes.split_fusion_name("FGFR2-CEP1")
    assert found is not None
    assert found[1].symbols == ("CDC42EP1", "CNTRL")


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("chr1\tFGFR2--?", True),
        ("fgfr-3 amplified", True),
        ("FGFR1OP", False),
        ("FGFR4", False),
        ("FGFR3P1", False),
        ("FGFR21", False),
        ("\u0492GFR2", True),
    ],
)
def test_free_text_about_the_receptors_is_noticed(text: str, mentions: bool) -> None:
    assert genes.mentions_fgfr(text) is mentions


@given(st.text(max_size=30))
def test_no_text_makes_the_functions_raise(text: str) -> None:
    name = genes.resolve(text)
    assert name.given in text
    assert name.problem is None or name.symbols == ()
    assert genes.may_touch_fgfr(text) or name.fgfr is None
    halves = genes.split_fusion_name(text)
    assert halves is None or len(halves) == 2
