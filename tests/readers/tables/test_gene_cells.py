"""A gene cell with a list, a number of a catalogue or an unclear word: the event, or a refusal that forbids a "no"."""

from collections.abc import Callable

import pytest

from fgfr_screen.model import CopyNumberCall, InputContent, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.terms import Assembly
from tests.readers.reading import FIXTURES, read_text, table

LISTS = ("FGFR2;ATE1", "ATE1,FGFR2,NSMCE4A")
NUMBERS = (
    "ENSG00000066468",
    "ENSG00000066468.24",
    "2263",
    "HGNC:3689",
    "NM_000141",
    "NM_000141.5",
    "ENST00000358487.10",
)
UNCLEAR = ("CFD1", "FGFR2,FGFR3", "FGFR2.1", "FGFR2_E17")


def fixture(name: str) -> list[str]:
    return (FIXTURES / name).read_text("utf-8").splitlines()


def mapped_copies(word: str) -> str:
    return table(("Gene", "Variant type", "Copy number"), (word, "Amplification", 14))


def mapped_fusion(word: str) -> str:
    return table(("Gene 1", "Gene 2", "Variant type"), (word, "BICC1", "Fusion"))


def oncokb_fusion(word: str) -> str:
    return table(("Tumor_Sample_Barcode", "GeneA", "GeneB", "Sv_Type"), ("S", word, "BICC1", "FUSION"))


def oncokb_copies(word: str) -> str:
    return table(("Tumor_Sample_Barcode", "Hugo_Symbol", "Copy_Number_Alteration"), ("S", word, "Amplification"))


def cbioportal_copies(word: str) -> str:
    return table(("Hugo_Symbol", "Entrez_Gene_Id", "P-1"), (word, "", 2))


def linx(word: str) -> str:
    header, row = fixture("linx-fusion/exons_only.linx.fusion.tsv")[:2]
    return f"{header}\n{row.replace('FGFR2', word)}\n"


def driver_catalog(word: str) -> str:
    header, *rows = fixture("driver-catalog/tumor.driver.catalog.somatic.tsv")
    row = next(row for row in rows if "FGFR2" in row)
    return f"{header}\n{row.replace('FGFR2', word)}\n"


def star_fusion(word: str) -> str:
    header, row = fixture("star-fusion/coding_effect.tsv")[:2]
    named = row.replace("FGFR2--BICC1", f"{word}--BICC1").replace("FGFR2^ENSG00000066468.24", word)
    return f"{header}\n{named.replace('chr10:121483698:-', '.')}\n"


def tso500_copies(word: str) -> str:
    return "\n".join(fixture("tso500-cvo/patient.tsv")).replace("FGFR2\t5.000", f"{word}\t5.000") + "\n"


def tso500_pair(word: str) -> str:
    text = "\n".join(fixture("tso500-cvo/patient.tsv")) + "\n"
    return text.replace("FGFR2-BICC1\tchr10:123243212", f"{word}-BICC1\t")


FORMS: tuple[Callable[[str], str], ...] = (
    mapped_copies,
    mapped_fusion,
    oncokb_fusion,
    oncokb_copies,
    cbioportal_copies,
    linx,
    driver_catalog,
    star_fusion,
    tso500_copies,
    tso500_pair,
)


def about_fgfr2(content: InputContent) -> list[object]:
    calls = [call for call in content.calls if not isinstance(call, ShortVariantCall)]
    return [call for call in calls if not isinstance(call, CopyNumberCall) or call.gene == "FGFR2"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("word", [*LISTS, *NUMBERS])
def test_a_list_or_a_number_is_the_event_of_its_receptor(form: Callable[[str], str], word: str) -> None:
    named, given = read_text(form("FGFR2")), read_text(form(word))
    assert len(about_fgfr2(given)) == len(about_fgfr2(named)) > 0
    assert (given.report.outside_fgfr, given.rejected) == (named.report.outside_fgfr, named.rejected)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("word", UNCLEAR)
def test_an_unclear_word_without_a_place_is_refused_and_forbids_a_negative(
    form: Callable[[str], str], word: str
) -> None:
    named, given = read_text(form("FGFR2")), read_text(form(word))
    assert given.report.outside_fgfr == named.report.outside_fgfr
    assert [row.touches_fgfr for row in given.rejected] == [True]


def test_the_event_of_a_list_is_told_by_the_receptor() -> None:
    (call,) = read_text(mapped_copies("ATE1,FGFR2,NSMCE4A")).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.measures[0].value) == ("FGFR2", 14)


def test_a_partner_in_a_list_stays_a_partner() -> None:
    (call,) = read_text(mapped_fusion("FGFR2;ATE1")).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert call.second.genes == ("BICC1",)


def test_a_list_of_other_genes_lies_outside() -> None:
    assert read_text(mapped_copies("ATE1;NSMCE4A")).report.outside_fgfr == 1


def test_a_number_of_another_gene_or_a_number_elsewhere_is_no_receptor() -> None:
    assert read_text(mapped_copies("3688")).report.outside_fgfr == 1
    content = read_text(table(("Hugo_Symbol", "Entrez_Gene_Id", "P-1"), ("TP53", 7157, 0), ("AKT1", 207, 2263, 1)))
    assert [row.touches_fgfr for row in content.rejected] == [False]


@pytest.mark.parametrize("symbol", ["AKT1", "FGFR3"])
def test_another_symbol_beside_the_number_of_a_receptor_is_a_conflict(symbol: str) -> None:
    content = read_text(table(("Hugo_Symbol", "Entrez_Gene_Id", "P-1"), (symbol, 2263, 2)))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("GENE_ID_CONFLICT", True)]


def test_a_cut_row_with_the_number_of_a_receptor_forbids_a_negative() -> None:
    content = read_text(table(("Hugo_Symbol", "Entrez_Gene_Id", "P-1"), ("AKT1", 207, 0), ("", 2263)))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("RAGGED_ROW", True)]


MAF = ("Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "Reference_Allele", "Tumor_Seq_Allele2")
MAF_END = ("Variant_Classification", "Tumor_Sample_Barcode", "HGVSp_Short")


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("Entrez_Gene_Id", "2261"),
        ("Gene", "ENSG00000068078"),
        ("HGNC_ID", "3690"),
        ("HGNC_ID", "HGNC:3690"),
        ("Transcript_ID", "NM_000142.5"),
    ],
)
@pytest.mark.parametrize("symbol", ["Unknown", "", "LOC99"])
def test_an_unnamed_maf_row_is_told_by_its_number(symbol: str, column: str, word: str) -> None:
    header = (*MAF, *MAF_END, column)
    placed = (symbol, "GRCh37", 4, 1803568, "C", "G", "Missense_Mutation", "S", "p.S249C", word)
    (call,) = read_text(table(header, placed), reader="maf").calls
    assert isinstance(call, ShortVariantCall)
    assert call.gene == "FGFR3"
    without = (symbol, "GRCh37", "", "", "C", "G", "Missense_Mutation", "S", "p.S249C", word)
    content = read_text(table(header, without), ReadOptions(assembly=Assembly.GRCH37), reader="maf")
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("BAD_POSITION", True)]


def test_a_number_that_contradicts_the_place_is_refused() -> None:
    header, row = fixture("arriba/version2.tsv")[:2]
    cells = dict(zip(header.split("\t"), row.split("\t"), strict=True))
    cells |= {"#gene1": "ENSG00000066468", "breakpoint1": "10:1"}
    content = read_text(table(header.split("\t"), tuple(cells.values())), reader="arriba")
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("POSITION_OUTSIDE_GENE", True)]


def test_an_unclear_word_at_a_place_is_told_by_the_place() -> None:
    header, row = fixture("star-fusion/coding_effect.tsv")[:2]
    text = f"{header}\n{row.replace('FGFR2--BICC1', 'FGFR2.1--BICC1').replace('FGFR2^', 'FGFR2.1^')}\n"
    assert len(read_text(text, reader="star-fusion").calls) == 1


def test_an_unclear_partner_does_not_hide_a_receptor() -> None:
    header, row = fixture("star-fusion/coding_effect.tsv")[:2]
    names = row.split("\t")[0]
    content = read_text(f"{header}\n{row.replace(names, 'FGFR2--FGFR2.1', 1)}\n", reader="star-fusion")
    assert len(content.calls) == 1
