"""Gene words: aliases, other genes with similar names, damage, and the splitting of fusion names."""

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen import genes, reference
from fgfr_screen.terms import Assembly, FgfrGene

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
        ("FGFR2;ATE1", FGFR2),
        ("ATE1,FGFR2,NSMCE4A", FGFR2),
        ("CFD1,FGFR2", FGFR2),
        ("ENSG00000077782", FGFR1),
        ("ENSG00000066468.24", FGFR2),
        ("ENSG00000068078", FGFR3),
        ("2260", FGFR1),
        ("2263", FGFR2),
        ("2261.0", FGFR3),
        ("HGNC:3688", FGFR1),
        ("hgnc:3690", FGFR3),
        ("NM_023110.3", FGFR1),
        ("NM_022970", FGFR2),
        ("ENST00000440486.8", FGFR3),
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
        "CFD1",
        "CFD1,FGFR3",
        "3688",
        "22631",
        "HGNC:36890",
        "ENSG00000146648",
        "NM_005228.5",
        "TACC2,TACC3",
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


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("CFD1", "AMBIGUOUS_SYMBOL"),
        ("FGFR2,FGFR3", "AMBIGUOUS_SYMBOL"),
        ("FGFR2.1", "UNKNOWN_SYMBOL"),
        ("FGFR2_E17", "UNKNOWN_SYMBOL"),
        ("FGFR2\u0421", "SYMBOL_NOT_ASCII"),
    ],
)
def test_a_word_that_may_mean_a_receptor_says_so(word: str, code: str) -> None:
    doubt = genes.resolve(word).doubt
    assert doubt is not None
    assert (doubt[0], word in doubt[1] or repr(word) in doubt[1] or "U+0421" in doubt[1]) == (code, True)
    assert genes.may_touch_fgfr(f"chr1 {word}")


@pytest.mark.parametrize("word", ["FGFR2", "FGFR2;ATE1", "2263", "TACC2,TACC3", "CEP1", "FGFR1OP", "1-Mar", "XYZ", ""])
def test_other_words_leave_no_doubt(word: str) -> None:
    assert genes.resolve(word).doubt is None


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("gene", list(FgfrGene))
def test_the_numbers_of_the_receptors_are_those_of_the_reference(gene: FgfrGene, assembly: Assembly) -> None:
    for transcript in reference.transcripts_of(assembly, gene.value):
        assert genes.fgfr_gene(transcript.hgnc_id or "") is gene
        assert genes.fgfr_gene(transcript.mane_refseq) is gene
        assert genes.fgfr_gene(transcript.mane_ensembl) is gene


def test_entrez_numbers_are_those_of_the_gene_model() -> None:
    with gzip.open(reference.data_path("gene_model.GRCh38.tsv.gz"), "rt", encoding="utf-8") as handle:
        rows = [line.split("\t") for line in handle if line.startswith("FGFR")]
    given = {row[0]: genes.fgfr_gene(row[2]) for row in rows if row[0] in FgfrGene.__members__}
    assert given == {gene.value: gene for gene in FgfrGene}


@pytest.mark.parametrize("text", ["chr10:2263", "SV_2263", "2263-17", "FGFR2:NM_000141", "FGFR2|ENSG00000066468"])
def test_a_number_is_no_partner(text: str) -> None:
    assert genes.split_fusion_name(text) is None


@pytest.mark.parametrize("text", ["2263::BICC1", "ENSG00000066468-BICC1", "NM_000141/BICC1", "HGNC:3689--BICC1"])
def test_a_fusion_name_may_hold_the_number_of_a_receptor(text: str) -> None:
    found = genes.split_fusion_name(text)
    assert found is not None
    assert (found[0].fgfr, found[1].symbol) == (FGFR2, "BICC1")


@pytest.mark.parametrize("line", ["1 HGNC:3689 2", "x\tENSG00000066468.24", "NM_000141.5 9", "2263", "3 KSAM-BICC1"])
def test_numbers_and_pairs_are_noticed_in_a_refused_line(line: str) -> None:
    assert genes.may_touch_fgfr(line)


@pytest.mark.parametrize("line", ["chr1\t2263\t2261", "HGNC:36891", "ENSG00000146648 9", "NM_005228.5", "22630"])
def test_other_numbers_are_not(line: str) -> None:
    assert not genes.may_touch_fgfr(line)


def test_every_transcript_of_the_isoform_table_tells_its_receptor() -> None:
    with open(reference.data_path("fgfr_transcripts.tsv"), encoding="utf-8") as handle:
        rows = [line.split("\t") for line in handle if line.startswith("GRCh")]
    named = {(row[1], name) for row in rows for cell in row for name in re.findall(r"(?:NM_|ENST)\d+", cell)}
    assert len(named) > 40
    assert {(gene, name) for gene, name in named if genes.fgfr_gene(name) != gene} == set()
    assert {name for words in genes._TRANSCRIPTS.values() for name in words.split()} == {name for _, name in named}


@pytest.mark.parametrize(
    "band", ["10q26.13", "CHR10Q26.13", "10q26.1", "10q26", "10q25-q26", "10q26.2-q24.1", "8p11.22", "8p12-p11"]
)
def test_a_band_that_holds_a_receptor_may_mean_it(band: str) -> None:
    doubt = genes.band_doubt(band)
    assert doubt is not None
    assert doubt[0] == "AMBIGUOUS_SYMBOL"
    assert genes.may_touch_fgfr(band)
    # Beside a receptor it only tells where the partner lies.
    assert genes.resolve(band).doubt is None


@pytest.mark.parametrize(
    "band", ["10q", "10q26.12", "10q26.2", "10q26.131", "8p12", "4p16.1", "1p36", "chr10", "10:26.13", "10q26.13 x"]
)
def test_other_bands_and_whole_arms_mean_no_receptor(band: str) -> None:
    assert genes.band_doubt(band) is None
