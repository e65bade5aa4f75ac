"""`fgfr_screen.annotate.copy_number`: which gene and exons, and absolute copies where they can be had."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.annotate.copy_number import annotate_copy_number, copies_from_ratio
from fgfr_screen.facts import CopyNumberFacts
from fgfr_screen.model import CopyNumberCall, Measure, Pos1
from fgfr_screen.terms import Assembly, CopyNumberUnit, FgfrGene
from tests.builders import a_copy_number_call, a_segment, mane, measured, place

COPIES, FOLD, LOG2 = CopyNumberUnit.COPIES, CopyNumberUnit.FOLD_CHANGE, CopyNumberUnit.LOG2_RATIO


def facts_of(call: CopyNumberCall, purity: float | None = None, ploidy: float | None = None) -> CopyNumberFacts:
    facts = annotate_copy_number(call, purity=purity, ploidy=ploidy)
    assert facts is not None
    return facts


# ------------------------------------------------------------------------------------------------------------- copies


@pytest.mark.parametrize(
    ("ratio", "purity", "ploidy", "copies"),
    [
        (2.0, 0.2, 2.0, 12.0),  # log2 1 at purity 0.2
        (1.0, 0.5, 2.0, 2.0),
        (1.0, 0.5, 4.0, 4.0),  # the mean of a tetraploid tumour is four copies
        (2.0, 1.0, 2.0, 4.0),
        (2.0, 1.0, 3.0, 6.0),
        (0.5, 1.0, 2.0, 1.0),
        (0.1, 0.3, 2.0, 0.0),  # noise below no copies
    ],
)
def test_a_ratio_becomes_copies_by_purity_and_ploidy(ratio: float, purity: float, ploidy: float, copies: float) -> None:
    assert copies_from_ratio(ratio, purity, ploidy) == pytest.approx(copies)
    fold = facts_of(measured(ratio, FOLD), purity, ploidy)
    log2 = facts_of(measured(math.log2(ratio), LOG2), purity, ploidy)
    assert fold.copies == pytest.approx(copies)
    assert log2.copies == pytest.approx(copies, abs=1e-3)
    assert [finding.code for finding in fold.findings] == ["COPIES_COMPUTED"]


@given(copies=st.floats(0, 100), purity=st.floats(0.05, 1), ploidy=st.floats(1.2, 6))
def test_the_formula_is_the_inverse_of_mixing(copies: float, purity: float, ploidy: float) -> None:
    seen = purity * copies + 2 * (1 - purity)
    mean = purity * ploidy + 2 * (1 - purity)
    assert copies_from_ratio(seen / mean, purity, ploidy) == pytest.approx(copies, abs=1e-3)


def test_without_purity_a_ratio_stays_a_ratio() -> None:
    facts = facts_of(measured(3.0, FOLD), None, 2.0)
    assert (facts.copies, facts.computed, facts.findings) == (None, None, ())
    assert facts_of(measured(3.0, FOLD), 0.0, 2.0).copies is None


def test_ploidy_2_is_taken_for_the_formula_where_none_is_given() -> None:
    facts = facts_of(measured(1.0, LOG2), 0.2)
    assert facts.copies == pytest.approx(12)
    assert facts.ploidy is None, "what is assumed is not told as a fact"


def test_a_ratio_that_is_corrected_for_purity_needs_only_the_ploidy() -> None:
    call = a_copy_number_call(measures=(Measure(value=2.0, unit=FOLD, purity_corrected=True),))
    assert facts_of(call, None, 3.0).copies == pytest.approx(6)
    assert facts_of(call).copies == pytest.approx(4)


def test_absolute_copies_are_taken_as_they_are() -> None:
    facts = facts_of(a_copy_number_call(7.5), 0.1, 4.0)
    assert (facts.copies, facts.computed) == (7.5, None)


def test_copies_that_ignore_purity_are_a_ratio() -> None:
    call = a_copy_number_call(measures=(Measure(value=4.0, unit=COPIES, purity_corrected=False),))
    assert facts_of(call).copies is None
    assert facts_of(call, 0.2, 2.0).copies == pytest.approx(12)


def test_values_of_the_call_win_over_those_of_the_specimen() -> None:
    call = measured(2.0, FOLD, purity=0.2, ploidy=2.0)
    facts = facts_of(call, 1.0, 4.0)
    assert (facts.purity, facts.ploidy, facts.copies) == (0.2, 2.0, 12.0)


@pytest.mark.parametrize(
    ("units", "chosen"),
    [
        ((LOG2, COPIES), COPIES),
        ((FOLD, LOG2), LOG2),
        ((COPIES, CopyNumberUnit.FISH_RATIO), CopyNumberUnit.FISH_RATIO),
        ((CopyNumberUnit.GISTIC, FOLD), FOLD),
        ((CopyNumberUnit.FISH_SIGNALS, CopyNumberUnit.PLASMA_COPIES), CopyNumberUnit.PLASMA_COPIES),
    ],
)
def test_of_several_scales_the_surest_decides(units: tuple[CopyNumberUnit, ...], chosen: CopyNumberUnit) -> None:
    for order in (units, units[::-1]):
        call = a_copy_number_call(measures=tuple(Measure(value=3.0, unit=unit) for unit in order))
        measure = facts_of(call).measure
        assert measure is not None
        assert measure.unit is chosen


def test_copies_that_ignore_purity_come_after_every_other_scale() -> None:
    measures = (Measure(value=4.0, unit=COPIES, purity_corrected=False), Measure(value=1.0, unit=LOG2))
    measure = facts_of(a_copy_number_call(measures=measures)).measure
    assert measure is not None
    assert measure.unit is LOG2


# --------------------------------------------------------------------------------------------------- gene and segment


@pytest.mark.parametrize("word", ["FGFR2", "BEK", "K-SAM", "TACC2,FGFR2,ATE1", "FGFR2;ATE1"])
def test_the_gene_is_known_by_any_name_and_in_a_list(word: str) -> None:
    assert facts_of(a_copy_number_call(8, gene=word)).gene is FgfrGene.FGFR2


@pytest.mark.parametrize("word", ["ATE1", "FGFR4", "FGFR1OP", "", None])
def test_other_genes_without_a_place_are_outside(word: str | None) -> None:
    assert annotate_copy_number(a_copy_number_call(8, gene=word)) is None


@pytest.mark.parametrize("word", ["ATE1", "segment 12", None])
@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("gene", list(FgfrGene))
def test_a_segment_over_the_gene_is_about_the_gene_whatever_it_is_called(
    gene: FgfrGene, assembly: Assembly, word: str | None
) -> None:
    facts = facts_of(structs.replace(a_segment(gene.value, 1, 18, 8, assembly), gene=word))
    assert (facts.gene, facts.covered_exons, facts.covers_whole_gene) == (gene, (1, 18), True)


def test_a_segment_that_holds_no_exon_whole_is_outside() -> None:
    start = place("FGFR2", "intron 5")
    call = a_segment("FGFR2", 5, 9, 8, start=start, end=Pos1(start + 10))
    assert annotate_copy_number(call) is None
    named = structs.replace(call, gene="FGFR2")
    assert facts_of(named).covered_exons is None


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize(("first", "last"), [(1, 17), (2, 17), (10, 18), (5, 5)])
def test_a_segment_that_ends_in_the_gene_tells_its_exons(first: int, last: int, assembly: Assembly) -> None:
    facts = facts_of(a_segment("FGFR2", first, last, 8, assembly))
    assert (facts.covered_exons, facts.covers_whole_gene) == ((first, last), False)


def test_a_segment_that_holds_the_coding_part_holds_the_gene() -> None:
    tx = mane("FGFR2")
    call = a_segment("FGFR2", 1, 18, 8, start=Pos1(tx.cds_start), end=Pos1(tx.cds_end))
    assert facts_of(call).covers_whole_gene is True
    short = structs.replace(call, start=Pos1(tx.cds_start + 1))
    assert facts_of(short).covers_whole_gene is False


def test_exon_numbers_of_a_laboratory_count_like_coordinates() -> None:
    assert facts_of(a_copy_number_call(8, first_exon=1, last_exon=17)).covered_exons == (1, 17)
    assert facts_of(a_copy_number_call(8, first_exon=1, last_exon=18)).covers_whole_gene is True
    assert facts_of(a_copy_number_call(8)).covers_whole_gene is None


def test_a_focal_segment_has_at_most_10_million_bases() -> None:
    start = mane("FGFR2").tx_start - 1000
    for bases, focal in ((10_000_000, True), (10_000_001, False)):
        segment = facts_of(a_segment("FGFR2", 1, 18, 8, start=Pos1(start), end=Pos1(start + bases - 1))).segment
        assert segment is not None
        assert (segment.bases, segment.focal) == (bases, focal)


def test_a_gene_without_coordinates_has_no_segment() -> None:
    assert facts_of(a_copy_number_call(8)).segment is None


@pytest.mark.parametrize("value", [1500.0, -1500.0, 40.1, math.nan, math.inf])
def test_a_value_that_cannot_be_meant_is_left_out_and_told(value: float) -> None:
    facts = facts_of(measured(value, LOG2), 0.5, 2.0)
    assert (facts.measure, facts.copies, facts.call.measures) == (None, None, ())
    assert [finding.code for finding in facts.findings] == ["COPY_NUMBER_MALFORMED"]


def test_other_scales_stay_beside_a_value_that_cannot_be_meant() -> None:
    call = a_copy_number_call(measures=(Measure(value=1e9, unit=LOG2), Measure(value=9.0, unit=COPIES)))
    facts = facts_of(call)
    assert facts.measure == Measure(value=9.0, unit=COPIES)
    assert "COPY_NUMBER_MALFORMED" in [finding.code for finding in facts.findings]
