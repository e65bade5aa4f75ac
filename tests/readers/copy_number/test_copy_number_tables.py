"""Copy-number tables: scale kept, assembly and sample told, parts of a gene, size of a segment, rows that cannot be used."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import AssemblyError, FgfrScreenError, MalformedFileError, SampleColumnError
from fgfr_screen.model import CopyNumberCall, Event, InputContent, Measure
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import (
    AlterationClass,
    Assembly,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    FgfrGene,
    Origin,
    Outcome,
)
from tests.builders import GRCH37, GRCH38, place
from tests.readers.reading import FIXTURES, read_path, read_text, table

CNS = ("chromosome", "start", "end", "gene", "log2", "depth", "probes", "weight")
SEG = ("ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean")
FACETS = ("chrom", "start", "end", "cnlr.median", "cf.em", "tcn.em", "lcn.em")
COPIES, LOG2, LEVEL = CopyNumberUnit.COPIES, CopyNumberUnit.LOG2_RATIO, CopyNumberUnit.GISTIC


def copy_numbers(content: InputContent) -> list[CopyNumberCall]:
    """Return what was measured."""
    return [one for one in content.calls if isinstance(one, CopyNumberCall) and one.status is not CallStatus.NOT_TESTED]


def left_out(content: InputContent) -> list[str | None]:
    """Return the genes that a table has no data for."""
    found = [one for one in content.calls if isinstance(one, CopyNumberCall) and one.status is CallStatus.NOT_TESTED]
    assert all("NOT_COVERED" in one.finding_codes for one in found)
    return [one.gene for one in found]


def event_of(gene: str, *paths: Path, **options: object) -> Event:
    report = screen_sample(*paths, **options)
    count = report.accounting
    assert count.records == count.outside_fgfr + count.in_events + count.rejected
    (event,) = [one for one in report.events if one.gene.value == gene]
    return event


def written(folder: Path, text: str, name: str = "input.txt") -> Path:
    path = folder / name
    path.write_text(text)
    return path


# ---------------------------------------------------------------------------------------------------- scale and base


@pytest.mark.parametrize(
    ("fixture", "gene", "measures"),
    [
        ("cnvkit-cns/partial_amplification.cns", "FGFR3", [(0.12, LOG2, None)]),
        ("cnvkit-cns/whole_gene.call.cns", "FGFR2", [(3.1, LOG2, None), (17, COPIES, False)]),
        ("gatk-seg/tumor.cr.seg", None, [(1.9, LOG2, None)]),
        ("facets/suite.hisens.cncf.txt", None, [(9, COPIES, True)]),
        ("control-freec/tumor_CNVs.p.value.txt", None, [(5, COPIES, False)]),
        ("seg/quoted.seg", None, [(1.7, LOG2, None)]),
        ("cbioportal-cna/long.txt", "FGFR2", [(2, LEVEL, None)]),
        ("purple-gene-copy-number/tumor.purple.cnv.gene.tsv", "FGFR3", [(2.0161, COPIES, True)]),
    ],
)
def test_a_value_keeps_its_scale(
    fixture: str, gene: str | None, measures: list[tuple[float, CopyNumberUnit, bool | None]]
) -> None:
    call = copy_numbers(read_path(FIXTURES / fixture))[0]
    assert call.gene == gene
    assert call.measures == tuple(Measure(value=v, unit=u, purity_corrected=c) for v, u, c in measures)


@pytest.mark.parametrize(
    ("fixture", "start", "end"),
    [
        ("cnvkit-cns/whole_gene.call.cns", 121300001, 121700000),
        ("control-freec/tumor_CNVs.p.value.txt", 121300001, 121700000),
        ("gatk-seg/tumor.cr.seg", 121300001, 121700000),
        ("seg/quoted.seg", 121300000, 121700000),
        ("facets/suite.hisens.cncf.txt", 121200100, 121800200),
    ],
)
def test_the_first_base_follows_the_base_of_the_format(fixture: str, start: int, end: int) -> None:
    call = copy_numbers(read_path(FIXTURES / fixture))[-1]
    assert (call.contig, call.start, call.end) == ("chr10", start, end)


def test_calls_of_gatk_are_words_beside_the_ratio() -> None:
    calls = copy_numbers(read_path(FIXTURES / "gatk-seg" / "tumor.called.seg"))
    assert [call.declared for call in calls] == [
        DeclaredCopyNumber.NEUTRAL,
        DeclaredCopyNumber.LOSS,
        DeclaredCopyNumber.GAIN,
    ]


# ------------------------------------------------------------------------------------------- purity, ploidy, amplified


def test_a_ratio_becomes_copies_with_the_purity_of_another_file() -> None:
    cns, purity = FIXTURES / "cnvkit-cns" / "partial_amplification.cns", FIXTURES / "purple-purity"
    alone = event_of("FGFR1", cns)
    both = event_of("FGFR1", cns, purity / "tumor.purple.purity.tsv")
    assert (alone.copies, alone.outcome, both.ploidy, both.purity) == (None, Outcome.NO_MATCH, 3.9, 0.62)
    # r = 2 ** 0.65, n = (r * (0.62 * 3.9 + 2 * 0.38) - 2 * 0.38) / 0.62
    assert both.copies == pytest.approx(6.8174, abs=1e-3)
    assert (both.alteration_class, both.outcome) == (AlterationClass.COPY_NUMBER_GAIN, Outcome.REVIEW)


def test_two_files_that_tell_different_ploidies_serve_no_other_file(tmp_path: Path) -> None:
    header = ("purity", "normFactor", "score", "diploidProportion", "ploidy")
    cns = FIXTURES / "cnvkit-cns" / "partial_amplification.cns"
    values = [
        written(tmp_path, table(header, (p, 1, 1, 1, ploidy)), f"{p}.tsv") for p, ploidy in ((0.5, 2.0), (0.6, 4.0))
    ]
    event = event_of("FGFR1", cns, *values)
    assert (event.copies, event.purity, event.ploidy) == (None, None, None)


def test_the_users_ploidy_wins_over_that_of_another_file() -> None:
    gene = FIXTURES / "purple-gene-copy-number" / "tumor.purple.cnv.gene.tsv"
    purity = FIXTURES / "purple-purity" / "tumor.purple.purity.tsv"
    assert event_of("FGFR3", gene, purity, ploidy=2.0).ploidy == 2.0
    assert event_of("FGFR3", gene, purity).alteration_class is AlterationClass.COPY_NUMBER_LOSS


def test_values_that_may_be_corrected_already_are_not_converted() -> None:
    event = event_of("FGFR2", FIXTURES / "cnvkit-cns" / "whole_gene.call.cns", purity=0.3, ploidy=2.0)
    assert event.copies is None
    assert "PURITY_CORRECTION_UNKNOWN" in [finding.code for finding in event.findings]


def test_facets_copies_are_weighed_against_the_ploidy_of_its_header() -> None:
    event = event_of("FGFR2", FIXTURES / "facets" / "suite.hisens.cncf.txt")
    assert (event.copies, event.ploidy, event.outcome) == (9, 3.1, Outcome.REVIEW)


def test_a_copy_number_that_facets_could_not_fit_is_not_assessable() -> None:
    event = event_of("FGFR1", FIXTURES / "facets" / "cncf.tsv")
    assert event.alteration_class is AlterationClass.NOT_ASSESSABLE


def test_purple_calls_a_gene_amplified_in_part_by_its_highest_copies() -> None:
    event = event_of("FGFR2", FIXTURES / "purple-gene-copy-number" / "tumor.purple.cnv.gene.tsv")
    assert (event.alteration_class, event.name) == (
        AlterationClass.PARTIAL_AMPLIFICATION,
        "FGFR2 partial amplification, 2.1 to 7.58 copies",
    )
    assert event.segment is None


def test_the_driver_catalogue_gives_amplifications_and_refuses_what_it_does_not_name() -> None:
    path = FIXTURES / "driver-catalog" / "tumor.driver.catalog.somatic.tsv"
    assert event_of("FGFR2", path).outcome is Outcome.MATCH
    assert event_of("FGFR1", path).alteration_class is AlterationClass.PARTIAL_AMPLIFICATION
    (refused,) = read_path(path).rejected
    assert (refused.code, refused.touches_fgfr) == ("DRIVER_WITHOUT_CHANGE", True)


# ------------------------------------------------------------------------------------------------- parts and segments


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", FgfrGene)
@pytest.mark.parametrize("low_log2", [0.0, 3.0])
def test_two_segments_of_one_gene_tell_whether_all_of_it_is_amplified(
    tmp_path: Path, gene: FgfrGene, assembly: Assembly, low_log2: float
) -> None:
    contig = {"FGFR1": 8, "FGFR2": 10, "FGFR3": 4}[gene.value]
    cut = place(gene.value, "intron 17", assembly)
    left, right = (contig, cut - 900_000, cut), (contig, cut + 1, cut + 900_000)
    # Exon 18 lies left of intron 17 where the gene runs from right to left.
    values = (low_log2, 3.1) if gene is not FgfrGene.FGFR3 else (3.1, low_log2)
    rows = [("t", *span, 50, value) for span, value in zip((left, right), values, strict=True)]
    event = event_of(gene.value, written(tmp_path, table(SEG, *rows)), assembly=assembly)
    whole = low_log2 > 1.585
    assert event.alteration_class is (AlterationClass.AMPLIFICATION if whole else AlterationClass.PARTIAL_AMPLIFICATION)
    assert event.outcome is (Outcome.MATCH if whole else Outcome.REVIEW)
    assert event.retained_exons == "1-17"


def test_a_gene_without_a_segment_gives_no_event(tmp_path: Path) -> None:
    path = written(tmp_path, table(SEG, ("t", 10, 1_000_000, 2_000_000, 5, 3.0), ("t", 7, 1, 2, 5, 3.0)))
    report = screen_sample(path)
    assert report.events == ()
    assert report.accounting.outside_fgfr == 2
    assert report.summary.fgfr2_amplification is Outcome.UNDETERMINED


OWN_ASSAY = """
id = "own"
name = "Own array"
molecule = "DNA"
sources = ["this test"]
qc = "pass"
[[covers]]
genes = ["FGFR1", "FGFR2", "FGFR3"]
kinds = ["copy_number"]
"""
"""A test that covers the copies of every receptor and passed."""
WHOLE_GENOME = tuple(("t", contig, 1_000, 133_000_000, 900, 0.0) for contig in (4, 8, 10))


def amplification(tmp_path: Path, text: str) -> Outcome:
    """Return the answer on FGFR2 amplification of a table behind a test that covers it."""
    assay = written(tmp_path, OWN_ASSAY, "own.toml")
    report = screen_sample(written(tmp_path, text), assay=str(assay), assembly=GRCH38, input_format="seg")
    count = report.accounting
    assert count.records == count.outside_fgfr + count.in_events + count.rejected
    return report.summary.fgfr2_amplification


def test_segments_over_the_whole_gene_answer_no(tmp_path: Path) -> None:
    assert amplification(tmp_path, table(SEG, *WHOLE_GENOME)) is Outcome.NO_MATCH


@pytest.mark.parametrize(
    "rows",
    [
        [("t", 10, 1_000, 110_000_000, 900, 0.0), ("t", 10, 125_000_000, 133_000_000, 90, 0.0)],
        [("t", 7, 1_000, 110_000_000, 900, 0.0)],
        # Exon 18 alone is measured, then exons 1 to 17 alone.
        [("t", 10, 1_000, 121_481_000, 900, 0.0)],
        [("t", 10, 121_482_000, 133_000_000, 900, 0.0)],
    ],
)
def test_segments_that_leave_an_exon_out_leave_the_question_open(
    tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    assert amplification(tmp_path, table(SEG, *rows)) is Outcome.UNDETERMINED


def test_an_amplified_part_counts_although_another_part_has_no_segment(tmp_path: Path) -> None:
    row = ("t", 10, 121_482_000, 133_000_000, 900, 3.0)
    assert amplification(tmp_path, table(SEG, row)) is Outcome.REVIEW


def test_a_break_between_two_segments_leaves_no_exon_out(tmp_path: Path) -> None:
    cut = place("FGFR2", "intron 17", GRCH38)
    rows = ("t", 10, 1_000, cut - 500, 900, 0.0), ("t", 10, cut + 500, 133_000_000, 900, 0.1)
    assert amplification(tmp_path, table(SEG, *rows)) is Outcome.NO_MATCH


def test_genes_without_data_are_told_of_tables_of_the_whole_genome_alone(tmp_path: Path) -> None:
    on_grch38 = ReadOptions(assembly=GRCH38)
    assert left_out(read_text(table(SEG, WHOLE_GENOME[2]), on_grch38)) == ["FGFR1", "FGFR3"]
    assert left_out(read_text(MATRIX, ReadOptions(sample_id="S1"))) == ["FGFR1", "FGFR3"]
    changes_only = FIXTURES / "control-freec" / "tumor_CNVs.p.value.txt"
    assert left_out(read_path(changes_only)) == []
    assert left_out(read_path(FIXTURES / "cbioportal-cna" / "long.txt")) == []


@pytest.mark.parametrize(("bases", "is_focal"), [(10_000_000, True), (10_000_001, False)])
def test_a_gain_longer_than_ten_megabases_is_not_focal(tmp_path: Path, bases: int, is_focal: bool) -> None:
    start = 121_000_000
    row = ("t", 10, start, start + bases - 1, 50, 1.2)
    event = event_of("FGFR2", written(tmp_path, table(SEG, row)), assembly=GRCH38)
    assert event.segment is not None
    assert (event.segment.bases, event.segment.focal) == (bases, is_focal)
    assert ("ARM_LEVEL_SEGMENT" in [finding.code for finding in event.findings]) is not is_focal
    assert (event.alteration_class, event.outcome) == (AlterationClass.COPY_NUMBER_GAIN, Outcome.REVIEW)


def test_an_arm_level_segment_over_the_cut_stays_an_amplification(tmp_path: Path) -> None:
    row = ("t", 10, 100_000_000, 130_000_000, 50, 3.0)
    event = event_of("FGFR2", written(tmp_path, table(SEG, row)), assembly=GRCH38)
    assert event.outcome is Outcome.MATCH
    assert "ARM_LEVEL_SEGMENT" in [finding.code for finding in event.findings]


# --------------------------------------------------------------------------------------------------------- assembly


def test_the_assembly_is_asked_for_when_an_fgfr_row_needs_it(tmp_path: Path) -> None:
    text = table(SEG, ("t", 10, 121_300_000, 121_700_000, 50, 3.0))
    with pytest.raises(AssemblyError) as caught:
        read_text(text, reader="seg")
    assert (caught.value.code, caught.value.line) == ("ASSEMBLY_UNKNOWN", 2)
    assert len(copy_numbers(read_text(text, ReadOptions(assembly=GRCH38)))) == 1
    assert copy_numbers(read_text(text, ReadOptions(assembly=GRCH37))) == []


def test_contig_lengths_of_the_header_contradict_a_wrong_option() -> None:
    with pytest.raises(AssemblyError) as caught:
        read_path(FIXTURES / "gatk-seg" / "tumor.cr.seg", ReadOptions(assembly=GRCH37))
    assert caught.value.code == "ASSEMBLY_CONFLICT"


@pytest.mark.parametrize("prefix", ["", "chr", "Chr"])
def test_contig_spelling_does_not_matter(prefix: str) -> None:
    text = table(CNS, (f"{prefix}10", 121300000, 121700000, "FGFR2", 3.1, 9, 60, 40))
    assert copy_numbers(read_text(text))[0].contig == "chr10"


# ------------------------------------------------------------------------------------------------------------ samples


SEVERAL = table(
    SEG,
    *((f"S{n}", 10, 121_300_000, 121_700_000, 50, n / 10) for n in range(12)),
    ("S0", 17, 100000, 83_200_000, 400, 0.0),
)
MATRIX = table(("Hugo_Symbol", "S1", "S2"), ("FGFR2", 2, 0), ("AKT1", 0, 1))


@pytest.mark.parametrize(("text", "names"), [(SEVERAL, "S9 and 2 more"), (MATRIX, "S1, S2")])
def test_several_samples_ask_which_is_the_patients(text: str, names: str) -> None:
    with pytest.raises(SampleColumnError, match=names) as caught:
        read_text(text)
    assert caught.value.code == "SAMPLE_CHOICE"
    assert "--sample-id" in caught.value.remedy


def test_a_name_that_is_not_in_the_table_is_no_choice() -> None:
    with pytest.raises(SampleColumnError, match="none is named 'S3'"):
        read_text(MATRIX, ReadOptions(sample_id="S3"))


def test_the_chosen_sample_alone_is_read_and_every_row_is_counted() -> None:
    content = read_text(SEVERAL, ReadOptions(sample_id="S7"))
    assert [call.measures[0].value for call in copy_numbers(content)] == [0.7]
    assert content.report.records == 13
    assert [call.measures[0].value for call in copy_numbers(read_text(MATRIX, ReadOptions(sample_id="S2")))] == [0]


def test_a_table_without_an_fgfr_row_does_not_ask() -> None:
    assert read_text(table(("Hugo_Symbol", "S1", "S2"), ("AKT1", 0, 1))).report.outside_fgfr == 1
    assert read_text(table(SEG, ("a", 7, 1, 5, 1, 0.0), ("b", 7, 1, 5, 1, 0.0))).report.outside_fgfr == 2


def test_one_sample_is_read_whatever_the_user_calls_it() -> None:
    text = table(("Hugo_Symbol", "S1"), ("FGFR2", 2))
    assert len(copy_numbers(read_text(text, ReadOptions(sample_id="my patient")))) == 1


# ------------------------------------------------------------------------------------------------------ hostile input


def test_rows_that_cannot_be_used_are_rejected_alone() -> None:
    content = read_path(FIXTURES / "cnvkit-cns" / "damaged_rows.cns")
    assert [(row.line, row.code, row.touches_fgfr) for row in content.rejected] == [
        (2, "COPY_NUMBER_MALFORMED", True),
        (3, "BAD_POSITION", True),
        (4, "POSITION_ORDER", True),
        (5, "RAGGED_ROW", True),
        (6, "POSITION_PAST_CONTIG_END", True),
        (7, "POSITION_OUTSIDE_GENE", True),
        (8, "POSITION_ORDER", False),
    ]
    assert len(copy_numbers(content)) == 1


@pytest.mark.parametrize("value", ["inf", "nan(", "1e999", "--3", "3,1", "0x10", "３"])
def test_a_value_that_is_no_number_is_refused(value: str) -> None:
    content = read_text(table(CNS, ("10", 121300000, 121700000, "FGFR2", value, 9, 60, 40)))
    assert [row.code for row in content.rejected] == ["COPY_NUMBER_MALFORMED"]


GATK = ("CONTIG", "START", "END", "NUM_POINTS_COPY_RATIO", "MEAN_LOG2_COPY_RATIO")
LOG2_TABLES = {
    "seg": lambda value: table(SEG, ("s", 10, 121_300_000, 121_700_000, 30, value)),
    "cnvkit-cns": lambda value: table(CNS, ("10", 121_300_000, 121_700_000, "FGFR2", value, 9, 60, 40)),
    "gatk-seg": lambda value: table(GATK, ("10", 121_300_000, 121_700_000, 30, value)),
}


@pytest.mark.parametrize("name", LOG2_TABLES)
@pytest.mark.parametrize("value", ["1500.0", "1e300", "-1500.0", "40.1", "inf", "-inf"])
def test_a_log2_ratio_that_cannot_be_is_refused(name: str, value: str, tmp_path: Path) -> None:
    text = LOG2_TABLES[name](value)
    content = read_text(text, ReadOptions(assembly=GRCH38), reader=name)
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("COPY_NUMBER_MALFORMED", True)]
    report = screen_sample(written(tmp_path, text), assembly=GRCH38)
    assert (report.events, report.summary.fgfr2_amplification) == ((), Outcome.UNDETERMINED)


@pytest.mark.parametrize("name", LOG2_TABLES)
def test_a_log2_ratio_of_no_reads_is_read(name: str) -> None:
    (call,) = copy_numbers(read_text(LOG2_TABLES[name]("-33.2"), ReadOptions(assembly=GRCH38), reader=name))
    assert call.measures[0].value == -33.2


@pytest.mark.parametrize("name", LOG2_TABLES)
def test_a_ratio_that_is_no_number_does_not_tell_absence(name: str, tmp_path: Path) -> None:
    report = screen_sample(written(tmp_path, LOG2_TABLES[name]("NaN")), assembly=GRCH38)
    assert report.summary.fgfr2_amplification is Outcome.UNDETERMINED


@pytest.mark.parametrize("value", ["nan", "inf", "NA", ""])
def test_a_purity_or_ploidy_that_is_no_number_is_refused(value: str) -> None:
    for row in ((value, 1, 1, 1, 2.0), (0.5, 1, 1, 1, value)):
        with pytest.raises(MalformedFileError) as caught:
            read_text(table(("purity", "normFactor", "score", "diploidProportion", "ploidy"), row))
        assert caught.value.code == "PURITY_MALFORMED"
    facets = f"# Purity = {value}\n# Ploidy = {value}\n" + table(FACETS, (10, 121_300_000, 121_700_000, 2.0, 0.5, 3, 0))
    content = read_text(facets, ReadOptions(assembly=GRCH38), reader="facets")
    assert (content.purity, content.ploidy) == (None, None)


@pytest.mark.parametrize(
    ("cells", "origin", "outcome"),
    [
        (("gain",), Origin.UNKNOWN, Outcome.MATCH),
        (("gain", "germline", "50"), Origin.GERMLINE, Outcome.REVIEW),
        (("gain", "somatic", "0"), Origin.SOMATIC, Outcome.MATCH),
        (("gain", "AAB", "3.1"), Origin.UNKNOWN, Outcome.MATCH),
        (("gain", "AAB", "3.1", "germline", "50"), Origin.GERMLINE, Outcome.REVIEW),
        (("gain", "AAB", "3.1", "somatic", "0"), Origin.SOMATIC, Outcome.MATCH),
    ],
)
def test_a_gain_that_the_normal_shows_too_is_for_review(
    cells: tuple[str, ...], origin: Origin, outcome: Outcome, tmp_path: Path
) -> None:
    names = ("status", "genotype", "uncertainty", "somatic/germline", "precentageOfGermline")
    row = (10, 121_300_000, 121_700_000, 20, *cells)
    for rows in ([row], [("chr", "start", "end", "copy number", *names[: len(cells)]), row]):
        text = table(*rows)
        (call,) = copy_numbers(read_text(text, ReadOptions(assembly=GRCH38), reader="control-freec"))
        assert call.origin is origin
        assert event_of("FGFR2", written(tmp_path, text, "t_CNVs"), assembly=GRCH38).outcome is outcome


def test_negative_copies_are_refused() -> None:
    row = (10, 121300000, 121700000, 2.0, 0.5, -3, 0)
    content = read_text(table(FACETS, row), ReadOptions(assembly=GRCH38), reader="facets")
    assert [rejected.code for rejected in content.rejected] == ["COPY_NUMBER_MALFORMED"]


def test_a_lookalike_letter_in_a_gene_name_is_refused_by_name() -> None:
    content = read_text(table(("Hugo_Symbol", "S1"), ("FGFR\u0032", 2), ("FG\u0424R2", 2), ("\uff26GFR2", 1)))
    assert {row.code for row in content.rejected} <= {"SYMBOL_NOT_ASCII"}
    assert len(copy_numbers(content)) + len(content.rejected) >= 2


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(0.5, 1, 1, 1, 2.0), (0.6, 1, 1, 1, 2.0)],
        [(0, 1, 1, 1, 2)],
        [(1.2, 1, 1, 1, 2)],
        [(0.5, 1, 1, 1, -1)],
        [("x", 1, 1, 1, 2)],
        [(0.5,)],
    ],
)
def test_purity_files_that_make_no_sense_are_refused(rows: list[tuple[object, ...]]) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_text(table(("purity", "normFactor", "score", "diploidProportion", "ploidy"), *rows))
    assert caught.value.code == "PURITY_MALFORMED"


def test_continuous_gene_tables_are_not_taken_for_levels() -> None:
    with pytest.raises(FgfrScreenError) as caught:
        read_text(table(("Hugo_Symbol", "S1"), ("FGFR2", 1.73), ("AKT1", 0.02)))
    assert caught.value.code == "UNKNOWN_FORMAT"


@pytest.mark.parametrize("last", [(), ("weight",)])
def test_bins_are_not_taken_for_segments(last: tuple[str, ...]) -> None:
    header = ("chromosome", "start", "end", "gene", "depth", "log2", *last)
    with pytest.raises(FgfrScreenError) as caught:
        read_text(table(header, ("chr10", 121_480_000, 121_480_200, "FGFR2", 9, 3.1, *("0.9" for _ in last))))
    assert caught.value.code in ("BINS_NOT_SEGMENTS", "AMBIGUOUS_FORMAT")


CELLS = st.sampled_from(
    ["10", "chr4", "", ".", "NA", "121300000", "121700000", "1e8", "-1", "3.1", "gain", "FGFR2", "\x00"]
)
HEADERS = st.sampled_from(
    [
        CNS,
        SEG,
        FACETS,
        ("CONTIG", "START", "END", "NUM_POINTS_COPY_RATIO", "MEAN_LOG2_COPY_RATIO", "CALL"),
        ("chr", "start", "end", "copy number", "status"),
        ("chromosome", "start", "end", "gene", "minCopyNumber", "maxCopyNumber"),
        ("gene", "driver", "likelihoodMethod", "driverLikelihood", "minCopyNumber", "maxCopyNumber"),
        ("Hugo_Symbol", "Sample_Id", "Value"),
        ("purity", "normFactor", "score", "diploidProportion", "ploidy"),
    ]
)


@given(header=HEADERS, rows=st.lists(st.lists(CELLS, max_size=9), max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_table_is_read_or_refused_by_name(header: tuple[str, ...], rows: list[list[str]]) -> None:
    try:
        content = read_text(table(header, *rows), ReadOptions(assembly=GRCH38))
    except FgfrScreenError as error:
        assert error.exit_code == 3
    else:
        assert content.report.complete
