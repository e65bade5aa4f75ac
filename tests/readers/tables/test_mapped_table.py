"""Result tables with known headers or a column map, in every encoding that laboratories use."""

from pathlib import Path

import pytest

from fgfr_screen.errors import MalformedFileError, SampleColumnError, UnknownFormatError, UserFileError
from fgfr_screen.model import CopyNumberCall, InputContent, NegativeCall, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.readers.tables._mapped_table_headers import load_map
from fgfr_screen.reference import data_path
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly, CallStatus, CopyNumberUnit, GeneOrder, Outcome
from tests.readers.reading import FIXTURES, read_path, read_text

FOLDER = FIXTURES / "mapped-table"
CHINESE = "基因,变异类型,氨基酸改变,丰度,拷贝数\nFGFR3,错义突变,p.S249C,23.4%,\nFGFR2,扩增,,,14\n"


def with_map(tmp_path: Path, text: str, column_map: str) -> InputContent:
    table, description = tmp_path / "a.txt", tmp_path / "map.toml"
    table.write_text(text, encoding="utf-8")
    description.write_text(column_map, encoding="utf-8")
    with OpenedInput(str(table)) as opened:
        reader, _ = choose(opened.head, column_map=str(description))
        assert reader.name == "mapped-table"
        return reader.read(opened, ReadOptions(column_map=str(description)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encoding_and_separator_do_not_matter(encoding: str, separator: str) -> None:
    content = read_text(CHINESE.replace(",", separator).encode(encoding), reader="mapped-table")
    short, copies = content.calls
    assert isinstance(short, ShortVariantCall)
    assert isinstance(copies, CopyNumberCall)
    assert (short.hgvs_p, short.vaf) == ("p.S249C", 0.234)
    assert [(one.value, one.unit) for one in copies.measures] == [(14, CopyNumberUnit.COPIES)]


def test_a_workbook_is_read_below_its_title_rows() -> None:
    content = read_path(FOLDER / "report.xlsx", reader="mapped-table")
    assert [type(call) for call in content.calls] == [CopyNumberCall, ShortVariantCall]
    assert content.calls[0].source.line == 3
    assert content.report.records == 3


def test_english_headers_are_known_and_rows_fail_alone() -> None:
    content = read_path(FOLDER / "english.tsv", reader="mapped-table")
    fusion, negative, outside = content.calls
    assert isinstance(fusion, RearrangementCall)
    assert (fusion.assembly, fusion.order, fusion.vaf) == (Assembly.GRCH37, GeneOrder.UNKNOWN, 0.125)
    assert isinstance(negative, NegativeCall)
    assert outside.finding_codes == ("POSITION_OUTSIDE_GENE",)
    assert [(row.code, row.line, row.touches_fgfr) for row in content.rejected] == [("BAD_POSITION", 5, True)]


def test_words_in_cells_are_findings_negatives_or_for_review() -> None:
    fusion, negative, unclear = read_path(FOLDER / "words_utf16.txt", reader="mapped-table").calls
    assert isinstance(fusion, RearrangementCall)
    assert fusion.first.genes == ("FGFR2",)
    assert isinstance(negative, NegativeCall)
    assert (unclear.status, unclear.finding_codes) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",))
    assert unclear.text == "疑似FGFR1扩增,建议FISH复核"


def test_unclear_words_reach_the_answer_as_review_with_their_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("基因,变异结果\nFGFR2,可疑FGFR2-BICC1融合\n", encoding="utf-8")
    report = screen_sample(path, tumor_type="IHCH")
    (event,) = report.events
    assert event.outcome is Outcome.REVIEW
    assert any(one.code == "TEXT_NEEDS_REVIEW" and "可疑FGFR2-BICC1融合" in one.message for one in event.findings)
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.REVIEW


def test_a_result_word_that_is_not_known_is_for_review() -> None:
    (call,) = read_text("基因,变异类型,拷贝数,检测结果\nFGFR2,扩增,14,见备注\n").calls
    assert (call.status, call.finding_codes) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",))


def test_an_unknown_column_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(MalformedFileError, match="氨基酸改编") as caught:
        read_text("基因,变异类型,氨基酸改编\nFGFR3,突变,p.S249C\n")
    assert caught.value.code == "UNKNOWN_COLUMN"
    assert "氨基酸改变" in caught.value.remedy


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_text("基因,基因名称,变异类型\nFGFR3,FGFR3,突变\n")
    assert caught.value.code == "DUPLICATE_COLUMN"


def test_a_table_of_strange_headers_is_claimed_by_nobody() -> None:
    with pytest.raises(UnknownFormatError):
        read_text("gene\tfoo\tbar\nFGFR2\t1\t2\n")


def test_a_column_map_reads_what_headers_do_not_tell(tmp_path: Path) -> None:
    text = "G1\tG2\tP1\tP2\tshare\nFGFR2\tBICC1\tchr10:123241000\tchr10:60461834\t22\n"
    column_map = """
order = "five_prime_first"
signed_out = true
vaf_unit = "percent"
assembly = "hg19"
molecule = "DNA"
[columns]
gene1 = "G1"
gene2 = "G2"
breakpoint1 = "P1"
breakpoint2 = "P2"
vaf = "share"
"""
    (call,) = with_map(tmp_path, text, column_map).calls
    assert isinstance(call, RearrangementCall)
    assert (call.order, call.reported_by_lab, call.vaf) == (GeneOrder.ASSERTED, True, 0.22)
    assert call.assembly is Assembly.GRCH37


def test_a_missing_mapped_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(MalformedFileError, match="Genes") as caught:
        with_map(tmp_path, "Gene_\tText\nFGFR2\tx\n", '[columns]\ngene = "Genes"\ntext = "Text"\n')
    assert (caught.value.code, "Gene_" in caught.value.remedy) == ("MISSING_COLUMN", True)


def test_an_unknown_field_of_a_map_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UserFileError, match=r"columns\.genes") as caught:
        with_map(tmp_path, "a\tb\n", '[columns]\ngenes = "a"\n')
    assert (caught.value.line, "gene" in caught.value.remedy) == (2, True)


@pytest.mark.parametrize("name", ["fusion_table_zh", "small_variants_en", "findings_text"])
def test_example_maps_are_valid(name: str) -> None:
    assert load_map(data_path(f"column_maps/{name}.toml")).columns


def test_several_samples_have_to_be_chosen() -> None:
    text = "样本编号,基因,变异类型,拷贝数\nA,FGFR2,扩增,14\nB,FGFR3,扩增,9\n"
    (call,) = read_text(text, ReadOptions(sample_id="B")).calls
    assert isinstance(call, CopyNumberCall)
    assert call.gene == "FGFR3"
    with pytest.raises(SampleColumnError):
        read_text(text)
