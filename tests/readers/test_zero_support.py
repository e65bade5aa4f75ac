"""A table that states its support and gives zero for all of it: at most review; what is left blank is not zero."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.readers._table import has_no_support
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly, Outcome
from tests.readers.reading import FIXTURES, read_text, table

# File, separator, and every column of it that counts reads of the fusion.
TABLES = (
    ("annofuse/one_sample.tsv", "\t", ("JunctionReadCount", "SpanningFragCount")),
    ("arriba/version2.tsv", "\t", ("split_reads1", "split_reads2", "discordant_mates")),
    ("bedpe/pcawg.bedpe", "\t", ("pe_support",)),
    ("bedpe/squid.bedpe", "\t", ("score",)),
    ("ctat-benchmark/one_sample.tsv", "\t", ("num_reads",)),
    ("ericscript/results.total.tsv", "\t", ("crossingreads", "spanningreads")),
    ("fusioncatcher/final_list.txt", "\t", ("Spanning_pairs", "Spanning_unique_reads")),
    ("fusionseeker/confident_genefusion.txt", "\t", ("NumSupp",)),
    ("jaffa/with_strands.csv", ",", ("spanning pairs", "spanning reads")),
    ("star-fusion/coding_effect.tsv", "\t", ("JunctionReadCount", "SpanningFragCount", "est_J", "est_S")),
    ("tcga-fusions/one_sample.tsv", "\t", ("Junction", "Spanning")),
)
STAR = ("#FusionName", "SpliceType", "LeftGene", "LeftBreakpoint", "RightGene", "RightBreakpoint")
STAR_ROW = ("FGFR2--BICC1", "ONLY_REF_SPLICE", "FGFR2", "chr10:121483698:-", "BICC1", "chr10:58702074:+")
BEDPE = "chr10\t58702499\t58702500\tchr10\t121481199\t121481200\te1\t55\t-\t-\tINV\tPASS"
SVTOOLS = "##reference=GRCh38\n#" + table(
    (
        *("CHROM_A", "START_A", "END_A", "CHROM_B", "START_B", "END_B"),
        *("ID", "QUAL", "STRAND_A", "STRAND_B", "TYPE", "FILTER", "INFO_A"),
    )
)
CHIMERASCAN = (
    *("chrom5p", "start5p", "end5p", "chrom3p", "start3p", "end3p"),
    *("chimera_cluster_id", "score", "strand5p", "strand3p", "genes5p", "genes3p"),
)
CHIMERA = ("chr10", 121483697, 121483698, "chr10", 58702073, 58702074, "c1", 9, "-", "+", "FGFR2", "BICC1")
PLASMA = "Chr1,Pos1,Chr2,Pos2,Direction,Alt_Depth,Total_Depth,VAF,Gene1,Gene2,Filter,Fusion Directionality Known\n"
PCGR = ("FusionGene", "LeftBreakpoint", "RightBreakpoint", "SplitReads")
DRAGEN = ("#FusionGene", "LeftBreakpoint", "RightBreakpoint", "NumSplitReads", "NumPairedReads", "NumSoftClippedReads")
PLACES = ("10:121483698", "10:58702074")


def with_counts(name: str, separator: str, columns: Iterable[str], value: str) -> str:
    """Return a fixture with one value in all its columns of counts."""
    text = (FIXTURES / name).read_text("utf-8")
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    at = next(number for number, row in enumerate(rows) if len(row) > 3)
    header = [cell.strip("# ").lower() for cell in rows[at]]
    places = [header.index(column.lower()) for column in columns]
    for row in rows[at + 1 :]:
        for place in places:
            row[place] = value
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator="\n").writerows(rows)
    return written.getvalue()


def unsupported(text: str, *, assembly: Assembly = Assembly.GRCH38) -> set[bool]:
    calls = read_text(text, ReadOptions(assembly=assembly)).calls
    assert calls
    return {call.no_support for call in calls}


@pytest.mark.parametrize(("name", "separator", "columns"), TABLES, ids=[name for name, *_ in TABLES])
def test_zero_in_all_counts_is_no_support(name: str, separator: str, columns: tuple[str, ...]) -> None:
    assert unsupported(with_counts(name, separator, columns, "0")) == {True}
    assert unsupported(with_counts(name, separator, columns, "")) == {False}
    assert unsupported(with_counts(name, separator, columns, "7")) == {False}


@pytest.mark.parametrize(
    ("counts", "is_unsupported"),
    [
        ({"JunctionReadCount": 0, "SpanningFragCount": 0, "est_J": 0}, True),
        ({"JunctionReadCount": 0, "SpanningFragCount": ""}, True),
        ({"JunctionReadCount": 0, "SpanningFragCount": 3}, False),
        ({"JunctionReadCount": 4, "SpanningFragCount": 0}, False),
        ({"est_J": 0, "est_S": "0.0"}, True),
        ({"est_J": "2.5", "est_S": 0}, False),
        ({"num_LR": 0, "JunctionReadCount": 0, "SpanningFragCount": 0}, True),
        ({"num_LR": 9, "JunctionReadCount": 0, "SpanningFragCount": 0}, False),
        ({}, False),
    ],
)
def test_every_count_of_star_fusion_is_asked(counts: dict[str, object], is_unsupported: bool) -> None:
    assert unsupported(table((*STAR, *counts), (*STAR_ROW, *counts.values()))) == {is_unsupported}


@pytest.mark.parametrize(
    ("text", "is_unsupported"),
    [
        (f"{SVTOOLS}{BEDPE}\tSVTYPE=INV;SU=0;PE=0;SR=0\n", True),
        (f"{SVTOOLS}{BEDPE}\tSVTYPE=INV;SU=3;PE=0;SR=3\n", False),
        (f"{SVTOOLS}{BEDPE}\tSVTYPE=INV\n", False),
        ("##assembly=GRCh38\n" + table((*CHIMERASCAN, "total_frags", "spanning_frags"), (*CHIMERA, 0, 0)), True),
        ("##assembly=GRCh38\n" + table((*CHIMERASCAN, "total_frags", "spanning_frags"), (*CHIMERA, 5, 0)), False),
        (table(PCGR, ("FGFR2--BICC1", *PLACES, 0)), True),
        (table(DRAGEN, ("FGFR2--BICC1", *PLACES, 0, 0, 0)), True),
        (table(DRAGEN, ("FGFR2--BICC1", *PLACES, 0, 2, 0)), False),
        (table(DRAGEN, ("FGFR2--BICC1", *PLACES, 0, 0, 4)), False),
        ("SumGF\tFGFR2:BICC1 0 10:121483698 10:58702074\n", True),
    ],
)
def test_tables_of_other_programs(text: str, is_unsupported: bool) -> None:
    assert unsupported(text) == {is_unsupported}


@pytest.mark.parametrize(
    ("reads", "vaf", "is_unsupported"), [("0", "0", True), ("0", "", True), ("", "0", True), ("0", "0.1", False)]
)
def test_plasma_fusions(reads: str, vaf: str, is_unsupported: bool) -> None:
    row = f"chr10,123241373,chr10,60421247,rR2R1,{reads},900,{vaf},FGFR2,BICC1,PASS,True\n"
    assert unsupported(PLASMA + row, assembly=Assembly.GRCH37) == {is_unsupported}


@pytest.mark.parametrize(("reads", "outcome"), [("64", Outcome.MATCH), ("0", Outcome.REVIEW)])
def test_a_combined_output_without_a_read_is_for_review(tmp_path: Path, reads: str, outcome: Outcome) -> None:
    text = (FIXTURES / "tso500-cvo/patient.tsv").read_text("utf-8")
    path = tmp_path / "patient.tsv"
    path.write_text(text.replace("chr10:60461834\t64\t", f"chr10:60461834\t{reads}\t"))
    (event,) = [event for event in screen_sample(path).events if event.name == "FGFR2::BICC1"]
    assert event.outcome is outcome
    assert ("NO_TUMOR_SUPPORT" in [finding.code for finding in event.findings]) is (outcome is Outcome.REVIEW)


@pytest.mark.parametrize(
    ("columns", "cells", "is_unsupported"),
    [
        (("Gene 1", "Gene 2", "Supporting reads"), ("FGFR2", "BICC1", 0), True),
        (("Gene 1", "Gene 2", "Supporting reads"), ("FGFR2", "BICC1", 3), False),
        (("Gene", "HGVSp", "VAF"), ("FGFR3", "p.S249C", "0%"), True),
        (("Gene", "HGVSp", "VAF"), ("FGFR3", "p.S249C", "1%"), False),
        # A fraction beside copies is no count of reads.
        (("Gene", "Copy number", "VAF"), ("FGFR2", 14, "0"), False),
    ],
)
def test_result_tables(columns: tuple[str, ...], cells: tuple[object, ...], is_unsupported: bool) -> None:
    assert unsupported(table(columns, cells)) == {is_unsupported}


def test_structural_variants_of_cbioportal() -> None:
    columns = ("Sample_ID", "Site1_Hugo_Symbol", "Site2_Hugo_Symbol", "Tumor_Split_Read_Count", "Tumor_Variant_Count")
    assert unsupported(table(columns, ("s1", "FGFR2", "BICC1", 0, 0))) == {True}
    assert unsupported(table(columns, ("s1", "FGFR2", "BICC1", 0, 8))) == {False}
    assert unsupported(table(columns, ("s1", "FGFR2", "BICC1", 0, ""))) == {False}
    both = (*columns[:4], "Tumor_Paired_End_Read_Count")
    assert unsupported(table(both, ("s1", "FGFR2", "BICC1", 0, 0))) == {True}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [((), False), ((None,), False), ((0,), True), ((0, None, 0.0), True), ((0, 1), False), ((0.01, 0), False)],
)
def test_zero_is_what_is_stated(amounts: tuple[float | None, ...], expected: bool) -> None:
    assert has_no_support(*amounts) is expected
