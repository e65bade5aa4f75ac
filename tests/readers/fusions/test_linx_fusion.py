"""LINX fusions: order, frame, exons on MANE, places of the newer files, what LINX itself did not report."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import AssemblyError, FgfrScreenError
from fgfr_screen.model import Breakend, InputContent, RearrangementCall
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, Assembly, FilterStatus, Frame, GeneOrder, Molecule, Orientation, Outcome
from tests.readers.reading import FIXTURES, read_path, read_text, table

LINX = FIXTURES / "linx-fusion"
HMFTOOLS = Path(__file__).parents[4] / "shared" / "realdata" / "hmftools_linx_purple"
HEADER = (
    "name",
    "reported",
    "reportedType",
    "phased",
    "likelihood",
    "fusedExonUp",
    "fusedExonDown",
    "skippedExonsUp",
    "skippedExonsDown",
    "transcriptStart",
    "fivePrimeCoords",
    "threePrimeCoords",
)
ROW = ("FGFR2_BICC1", "true", "PROMISCUOUS_5", "INFRAME", "HIGH", 17, 3, 0, 0, "ENST00000358487", "", "")


def fusions(content: InputContent) -> list[RearrangementCall]:
    return [call for call in content.calls if isinstance(call, RearrangementCall)]


def row(**changes: object) -> tuple[object, ...]:
    return tuple(changes.get(name, value) for name, value in zip(HEADER, ROW, strict=True))


def read_row(**changes: object) -> RearrangementCall:
    (call,) = fusions(read_text(table(HEADER, row(**changes)), ReadOptions(assembly=Assembly.GRCH38)))
    return call


def place(end: Breakend | None) -> tuple[str | None, int | None, Orientation | None]:
    assert end is not None
    return end.contig, end.pos, end.orientation


def test_the_first_gene_is_the_five_prime_one_and_dna_was_read() -> None:
    call = fusions(read_path(LINX / "exons_only.linx.fusion.tsv"))[0]
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("FGFR2",), ("BICC1",))
    assert (call.order, call.molecule, call.assembly) == (GeneOrder.ASSERTED, Molecule.DNA, None)
    assert (call.first.transcript, call.first.exon) == ("ENST00000457416", 17)


def test_orientation_one_keeps_the_left_side() -> None:
    fgfr2, fgfr3, _ = fusions(read_path(LINX / "with_coordinates.linx.fusion.tsv"))
    assert place(fgfr2.first) == ("chr10", 121481200, Orientation.RIGHT)
    assert place(fgfr3.first) == ("chr4", 1807200, Orientation.LEFT)
    assert place(fgfr3.second) == ("chr4", 1739900, Orientation.RIGHT)


@pytest.mark.parametrize(
    ("phased", "frame", "codes"),
    [
        ("INFRAME", Frame.IN_FRAME, ()),
        ("OUT_OF_FRAME", Frame.OUT_OF_FRAME, ()),
        ("SKIPPED_EXONS", Frame.IN_FRAME, ("FRAME_BY_EXON_SKIPPING",)),
        ("NA", Frame.UNKNOWN, ()),
    ],
)
def test_the_frame_is_told_with_how_it_is_kept(phased: str, frame: Frame, codes: tuple[str, ...]) -> None:
    call = read_row(phased=phased)
    assert (call.declared_frame, call.finding_codes) == (frame, codes)


def test_skipped_exons_lie_between_the_break_and_the_joined_exon() -> None:
    call = read_row(phased="SKIPPED_EXONS", fusedExonUp=16, skippedExonsUp=1, fusedExonDown=5, skippedExonsDown=2)
    assert call.second is not None
    assert (call.first.exon, call.second.exon) == (17, 3)


def test_what_linx_does_not_report_is_kept_as_failed(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(table(HEADER, row(reported="false")))
    (event,) = screen_sample(path).events
    assert event.outcome is Outcome.REVIEW
    assert "FILTER_FAILED" in [finding.code for finding in event.findings]
    assert read_row(reported="false").filter is FilterStatus.FAILED


def test_exons_of_another_transcript_are_moved_to_mane(tmp_path: Path) -> None:
    # NM_001174067 (ENST00000425967) has one exon more in front: its exon 18 is exon 17 of MANE Select.
    path = tmp_path / "a.tsv"
    path.write_text(table(HEADER, row(name="FGFR1_TACC1", fusedExonUp=18, transcriptStart="ENST00000425967")))
    (event,) = screen_sample(path).events
    assert event.five_prime is not None
    assert (event.five_prime.exon, event.alteration_class) == (17, AlterationClass.FUSION)
    assert "EXON_NUMBER_CONVERTED" in [finding.code for finding in event.findings]


def test_coordinates_need_an_assembly_that_fits() -> None:
    text = table(HEADER, row(fivePrimeCoords="10:121481200:-1", threePrimeCoords="10:58702500:-1"))
    assert fusions(read_text(text))[0].assembly is Assembly.GRCH38
    with pytest.raises(AssemblyError, match="contradictory"):
        read_text(text, ReadOptions(assembly=Assembly.GRCH37))


@pytest.mark.parametrize("coords", ["10:121481200", "10:x:1", "10:5:2", "10:0:1", ":::", "10:1e8:1"])
def test_a_place_that_cannot_be_read_rejects_the_row(coords: str) -> None:
    (refused,) = read_text(table(HEADER, row(fivePrimeCoords=coords))).rejected
    assert (refused.code, refused.touches_fgfr) == ("BAD_POSITION", True)


def test_symbols_with_hyphens_are_not_split() -> None:
    content = read_text(table(HEADER, row(name="FGFR2_HLA-A"), row(name="NKX2-1_HLA-A")))
    (call,) = fusions(content)
    assert call.second is not None
    assert call.second.genes == ("HLA-A",)
    assert content.report.outside_fgfr == 1


def test_decoys_are_not_fgfr1() -> None:
    content = read_text(table(HEADER, row(name="FGFR1OP2_RET"), row(name="CEP43_FGFRL1"), row(name="FGFR4_X")))
    assert (content.calls, content.report.outside_fgfr) == ((), 3)


@given(
    st.lists(
        st.lists(st.sampled_from(["FGFR2_BICC1", "true", "", "17", "x", "10:1:1", "INFRAME"]), max_size=13), max_size=4
    )
)
@settings(max_examples=100, deadline=None)
def test_any_row_is_read_or_refused_by_name(rows: list[list[str]]) -> None:
    try:
        content = read_text(table(HEADER, *rows), ReadOptions(assembly=Assembly.GRCH38))
    except FgfrScreenError as error:
        assert error.exit_code == 3
    else:
        assert content.report.records <= len(rows)


@pytest.mark.skipif(not HMFTOOLS.is_dir(), reason="../shared/realdata is not beside the project")
def test_the_real_file_holds_one_fgfr2_fusion() -> None:
    (event,) = screen_sample(HMFTOOLS / "tumor_sample.linx.fusion.tsv", tumor_type="IHCH").events
    assert (event.name, event.alteration_class, event.outcome) == ("FGFR2::CDYL", AlterationClass.FUSION, Outcome.MATCH)
