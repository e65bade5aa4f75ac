"""Result tables with known headers or a column map, in every encoding that laboratories use."""

from pathlib import Path

import pytest

from fgfr_screen.errors import MalformedFileError, SampleColumnError, UnknownFormatError, UserFileError
from fgfr_screen.model import CopyNumberCall, InputContent, NegativeCall, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.readers.tables._mapped_table_headers import load_map
from fgfr_screen.reference import data_path
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly, CallStatus, CopyNumberUnit, DeclaredCopyNumber, GeneOrder, Outcome
from tests.readers.reading import FIXTURES, read_path, read_text, table

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


SEGMENT = ("Gene", "Chromosome", "Start", "End", "Variant type", "Copy number", "Result")


def segment(
    gene: str = "", place: tuple[str, str, str] = ("chr10", "121300000", "121700000"), result: str = "+"
) -> str:
    return table(SEGMENT, (gene, *place, "Amplification", "14", result))


@pytest.mark.parametrize("gene", ["", "NA", "ATE1", "10q26.13"])
def test_a_segment_over_a_receptor_is_its_copy_number_whatever_gene_is_named(gene: str) -> None:
    (call,) = read_text(segment(gene), ReadOptions(assembly=Assembly.GRCH38)).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.contig, call.start, call.end) == (None, "chr10", 121300000, 121700000)
    assert (call.assembly, call.measures[0].value) == (Assembly.GRCH38, 14)


@pytest.mark.parametrize("band", ["10q26.13", "chr10q26", "8p11.2-p12", "4p16"])
@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (("Gene", "Variant type", "Copy number", "Result"), ("Amplification", "14", "Detected")),
        (("Gene", "Variant type", "Copy number", "Result"), ("Amplification", "", "Not detected")),
        (("Gene", "Finding"), ("amplified",)),
        (("Gene 1", "Gene 2", "Variant type", "Result"), ("BICC1", "Fusion", "Detected")),
    ],
)
def test_a_band_in_the_place_of_a_gene_is_refused(header: tuple[str, ...], cells: tuple[str, ...], band: str) -> None:
    content = read_text(table(header, (band, *cells)))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("AMBIGUOUS_SYMBOL", True)]
    assert content.calls == ()
    assert read_text(table(header, ("10q25", *cells))).rejected == ()


def test_a_band_beside_a_receptor_tells_where_its_partner_lies() -> None:
    (call,) = read_text(table(("Gene 1", "Gene 2", "Variant type"), ("FGFR2", "10q26.13", "Fusion"))).calls
    assert isinstance(call, RearrangementCall)
    assert call.first.genes == ("FGFR2",)


def test_a_variant_whose_gene_is_a_band_is_told_by_its_place() -> None:
    header = ("Gene", "Chromosome", "Position", "Ref", "Alt", "Protein change")
    (call,) = read_text(
        table(header, ("4p16.3", "chr4", "1803568", "C", "G", "p.S249C")), ReadOptions(assembly=Assembly.GRCH37)
    ).calls
    assert isinstance(call, ShortVariantCall)
    assert (call.gene, call.pos) == ("FGFR3", 1803568)


@pytest.mark.parametrize("header", [("样本编号", "检测结论"), ("样本编号", "基因", "检测结论")])
def test_words_that_name_a_receptor_by_an_alias_alone_are_read(header: tuple[str, ...]) -> None:
    others = [""] * (len(header) - 2)
    rows = [("S1", *others, text) for text in ("KGFR扩增", "K-SAM-BICC1融合", "CD333 p.S249C突变", "未检出BEK融合")]
    calls = read_text(table(header, *rows)).calls
    assert [type(call) for call in calls] == [CopyNumberCall, RearrangementCall, ShortVariantCall, NegativeCall]
    assert [call.text for call in calls[:3]] == [row[-1] for row in rows[:3]]
    assert [getattr(call, "gene", None) for call in calls] == ["FGFR2", None, "FGFR3", "FGFR2"]


def test_words_that_may_mean_a_receptor_and_cannot_be_read_touch_it() -> None:
    content = read_text(table(("Gene", "Finding"), ("", "CEK3 possibly amplified"), ("EGFR", "KGFR amplified?")))
    assert [call.finding_codes for call in content.calls if isinstance(call, CopyNumberCall)] == [
        ("TEXT_NEEDS_REVIEW",)
    ] * 2


def test_a_segment_over_a_receptor_is_an_amplification_of_all_its_exons(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(segment(), encoding="utf-8")
    (event,) = screen_sample(path, tumor_type="STAD", assembly="GRCh38").events
    assert (event.gene, event.outcome) == ("FGFR2", Outcome.MATCH)


@pytest.mark.parametrize(
    ("place", "touches"), [(("chr10", "121300000", "121700000"), True), (("chr10", "1000", "2000"), None)]
)
def test_a_segment_without_assembly_is_refused_only_where_it_may_matter(
    place: tuple[str, str, str], touches: bool | None
) -> None:
    content = read_text(segment(place=place))
    expected = [] if touches is None else [("ASSEMBLY_UNKNOWN", touches)]
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == expected
    assert content.calls == ()


def test_a_segment_that_was_not_detected_is_no_negative_of_a_gene_it_does_not_name() -> None:
    content = read_text(segment(result="not detected"), ReadOptions(assembly=Assembly.GRCH38))
    assert (content.calls, content.report.outside_fgfr) == ((), 1)


def test_a_variant_without_gene_is_told_by_its_place() -> None:
    header = ("Gene", "Chromosome", "Position", "Ref", "Alt", "Protein change")
    row = ("chr4", "1803568", "C", "G", "p.S249C")
    (call,) = read_text(table(header, ("", *row)), ReadOptions(assembly=Assembly.GRCH37)).calls
    assert isinstance(call, ShortVariantCall)
    assert (call.gene, call.pos) == ("FGFR3", 1803568)
    assert read_text(table(header, ("TP53", *row)), ReadOptions(assembly=Assembly.GRCH37)).calls == ()


@pytest.mark.parametrize(
    ("words", "declared", "copies"),
    [
        ("AMP", DeclaredCopyNumber.AMPLIFICATION, None),
        ("FGFR2 amp", DeclaredCopyNumber.AMPLIFICATION, None),
        ("gain", DeclaredCopyNumber.GAIN, None),
        ("high level gain", DeclaredCopyNumber.GAIN, None),
        ("拷贝数增加", DeclaredCopyNumber.GAIN, None),
        ("FGFR2 gain (12 copies)", DeclaredCopyNumber.GAIN, 12),
        ("copy number 12", DeclaredCopyNumber.UNKNOWN, 12),
        ("CN=12", DeclaredCopyNumber.UNKNOWN, 12),
        ("拷贝数12", DeclaredCopyNumber.UNKNOWN, 12),
        ("扩增12倍", DeclaredCopyNumber.AMPLIFICATION, None),
        ("copy number 12 or 14", DeclaredCopyNumber.UNKNOWN, None),
    ],
)
def test_words_on_copies_are_a_copy_number_for_review(
    words: str, declared: DeclaredCopyNumber, copies: float | None
) -> None:
    (call,) = read_text(table(("Gene", "Variant"), ("FGFR2", words))).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.status, call.finding_codes) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",))
    assert (call.declared, [one.value for one in call.measures]) == (declared, [] if copies is None else [copies])


@pytest.mark.parametrize("words", ["AMP", "gain", "CN=12", "拷贝数增加", "high level gain"])
def test_words_on_copies_leave_the_amplification_to_a_person(words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(table(("Gene", "Variant"), ("FGFR2", words)), encoding="utf-8")
    report = screen_sample(path, tumor_type="STAD")
    assert report.summary.fgfr2_amplification is Outcome.REVIEW


def test_words_of_no_kind_leave_every_kind_open() -> None:
    calls = read_text(table(("Gene", "Variant"), ("FGFR2", "see comment"))).calls
    assert {type(call): call.status for call in calls if not isinstance(call, NegativeCall)} == {
        RearrangementCall: CallStatus.INDETERMINATE,
        CopyNumberCall: CallStatus.INDETERMINATE,
        ShortVariantCall: CallStatus.NOT_TESTED,
    }


def test_unclear_words_on_a_mutation_leave_the_short_variants_open() -> None:
    calls = read_text(table(("Gene", "Variant"), ("FGFR3", "mutation, see comment"))).calls
    assert [type(call) for call in calls] == [RearrangementCall, ShortVariantCall]


def test_words_under_an_alias_are_those_of_its_receptor() -> None:
    (call,) = read_text(table(("Gene", "Variant"), ("KSAM", "amplification"))).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.status) == ("FGFR2", CallStatus.PRESENT)


@pytest.mark.parametrize("result", ["NA", "", "-", "无"])
@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (("Gene 1", "Gene 2", "Variant type", "Result"), ("FGFR2", "BICC1", "Fusion")),
        (("Gene", "Variant type", "Copy number", "Result"), ("FGFR2", "Amplification", "14")),
        (("Gene", "Protein change", "Result"), ("FGFR3", "p.S249C")),
        (("Gene", "Variant", "Result"), ("FGFR2", "FGFR2-BICC1 fusion")),
    ],
)
def test_a_blank_result_is_no_detection(header: tuple[str, ...], cells: tuple[str, ...], result: str) -> None:
    (call,) = read_text(table(header, (*cells, result))).calls
    assert (call.status, call.finding_codes) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",))
    assert call.text is not None
    assert call.text.endswith(f'result "{result}"')
    (stated,) = read_text(table(header, (*cells, "Detected"))).calls
    (without,) = read_text(table(header[:-1], cells)).calls
    assert stated.status is without.status is CallStatus.PRESENT


def test_words_that_say_no_need_no_result() -> None:
    (call,) = read_text(table(("Gene", "Variant", "Result"), ("FGFR2", "未检出FGFR2融合", "NA"))).calls
    assert isinstance(call, NegativeCall)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        (("Gene", "HGVSc", "HGVSp"), ("", "NM_000142.4:c.746C>G", "p.S249C")),
        (("Gene", "HGVSc", "HGVSp"), ("n/a", "NM_000142.4:c.746C>G", "")),
        (("Gene", "HGVSc", "HGVSp"), ("", "", "NP_000133.1:p.Ser249Cys")),
        (("Gene", "Transcript", "HGVSp"), ("LOC1", "NM_000142", "p.S249C")),
    ],
)
def test_a_transcript_names_the_gene_where_nothing_else_does(columns: tuple[str, ...], cells: tuple[str, ...]) -> None:
    (call,) = read_text(table((*columns, "Result"), (*cells, "Detected")), reader="mapped-table").calls
    assert isinstance(call, ShortVariantCall)
    assert call.gene == "FGFR3"


def test_a_transcript_does_not_outweigh_the_symbol_of_another_gene() -> None:
    columns, row = ("Gene", "HGVSc", "HGVSp"), ("TP53", "NM_000142.4:c.746C>G", "p.S249C")
    assert read_text(table(columns, row), reader="mapped-table").report.outside_fgfr == 1
    other = ("", "NM_000546.6:c.743G>A", "p.R248Q")
    assert read_text(table(columns, other), reader="mapped-table").report.outside_fgfr == 1


def test_copies_of_a_transcript_are_those_of_its_gene() -> None:
    (call,) = read_text(table(("Gene", "Transcript", "Copy number"), ("", "NM_000141.5", 14))).calls
    assert isinstance(call, CopyNumberCall)
    assert call.gene == "FGFR2"


@pytest.mark.parametrize("value", ["1500", "-1500", "41"])
def test_a_log2_ratio_that_cannot_be_is_refused(value: str) -> None:
    content = read_text(table(("Gene", "Variant type", "Log2 ratio"), ("FGFR2", "Amplification", value)))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("COPY_NUMBER_MALFORMED", True)]
