"""STAR-Fusion, FusionInspector, ctat-LR-fusion: names, frames, reads, and which program wrote the file."""

import pytest

from fgfr_screen.model import RearrangementCall
from fgfr_screen.terms import Frame, GeneOrder, JunctionKind, Molecule, Orientation
from tests.readers.reading import FIXTURES, read_path, read_text, table

HEADER = ["#FusionName", "JunctionReadCount", "SpanningFragCount", "LeftGene", "LeftBreakpoint"]
HEADER += ["RightGene", "RightBreakpoint"]


def call_of(header: list[str], *cells: object) -> RearrangementCall:
    (call,) = read_text(table(header, cells), reader="star-fusion").calls
    assert isinstance(call, RearrangementCall)
    return call


def fusion(name: str, left: str, left_at: str, right: str, right_at: str) -> RearrangementCall:
    return call_of(HEADER, name, 9, 4, left, left_at, right, right_at)


@pytest.mark.parametrize(
    ("left", "right", "kept"),
    [
        ("chr4:1806934:+", "chr4:1739702:+", (Orientation.LEFT, Orientation.RIGHT)),
        ("chr4:1806934:+", "chr10:121480021:-", (Orientation.LEFT, Orientation.LEFT)),
        ("chr10:121483698:-", "chr10:58702074:+", (Orientation.RIGHT, Orientation.RIGHT)),
        ("chr10:121483698:-", "chr10:116948997:-", (Orientation.RIGHT, Orientation.LEFT)),
    ],
)
def test_strands_of_the_genes_tell_the_kept_sides(left: str, right: str, kept: tuple[Orientation, Orientation]) -> None:
    call = fusion("A--B", "", left, "", right)
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation) == kept
    assert (call.order, call.junction, call.molecule) == (
        GeneOrder.ASSERTED,
        JunctionKind.RNA_JUNCTION,
        Molecule.RNA,
    )


@pytest.mark.parametrize(
    ("left", "right"), [("FGFR3^ENSG00000068078.16", "TACC3^ENSG00000013810.17"), ("FGFR3", "TACC3"), (".", ".")]
)
def test_genes_stand_with_or_without_their_number_or_in_the_name(left: str, right: str) -> None:
    call = fusion("FGFR3--TACC3", left, "chr4:1806934:+", right, "chr4:1739702:+")
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("FGFR3",), ("TACC3",))


@pytest.mark.parametrize(
    ("word", "frame"), [("INFRAME", Frame.IN_FRAME), ("FRAMESHIFT", Frame.OUT_OF_FRAME), (".", None), ("", None)]
)
def test_the_coding_effect_is_the_frame(word: str, frame: Frame | None) -> None:
    header = [*HEADER, "PROT_FUSION_TYPE"]
    call = call_of(header, "FGFR3--TACC3", 9, 4, "FGFR3", "chr4:1806934:+", "TACC3", "chr4:1739702:+", word)
    assert call.declared_frame is frame


def test_the_columns_tell_the_program() -> None:
    names = {path.stem: read_path(path).report.caller for path in (FIXTURES / "star-fusion").glob("*.tsv")}
    assert names == {
        "coding_effect": "STAR-Fusion",
        "ctat_lr_two_annots": "ctat-LR-fusion",
        "fusion_inspector_consolidated": "FusionInspector",
    }


def test_long_and_short_reads_are_summed_and_empty_counts_are_not_zero() -> None:
    header = ["#FusionName", "num_LR", *HEADER[1:]]
    cells = ["FGFR3", "chr4:1806934:+", "TACC3", "chr4:1739702:+"]
    call = call_of(header, "FGFR3--TACC3", "343.0", "1686.0", "631.0", *cells)
    assert (call.split_reads, call.spanning_pairs) == (2029, 631)
    call = call_of(header, "FGFR3--TACC3", "343.0", "", "", *cells)
    assert (call.split_reads, call.spanning_pairs) == (343, None)


def test_quoted_annotations_do_not_shift_cells() -> None:
    header = [*HEADER, "annots"]
    annots = '"[""INTRACHROMOSOMAL[chr8:0.03Mb]"",""LOCAL_REARRANGEMENT:-:[28866]""]"'
    call = call_of(header, "FGFR3--TACC3", 9, 4, "FGFR3", "chr4:1806934:+", "TACC3", "chr4:1739702:+", annots)
    assert call.first.pos == 1806934
