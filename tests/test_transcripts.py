"""`fgfr_screen.transcripts`: where a position lies, on both strands and both assemblies."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.reference import fgfr_transcript
from fgfr_screen.terms import Assembly, FgfrGene, Orientation, Region, TranscriptSide
from fgfr_screen.transcripts import (
    cds_length,
    coding_offset,
    codon_bases_expected,
    codon_bases_used,
    exon_bounds,
    exon_count,
    exon_distance,
    exon_number,
    exons,
    first_base,
    first_exon,
    hgvs_position,
    intron_number,
    is_upstream,
    kept_side,
    last_base,
    next_exon,
    orientation_of,
    previous_exon,
    region,
    start_codon_first_base,
    stop_codon_first_base,
    stop_codon_last_base,
    transcript_offset,
)
from tests.builders import a_transcript, downstream_of

BOTH = pytest.mark.parametrize("strand", ["+", "-"])
FGFRS = pytest.mark.parametrize(("assembly", "gene"), [(assembly, gene) for assembly in Assembly for gene in FgfrGene])


@BOTH
def test_exons_are_numbered_along_the_transcript(strand: str) -> None:
    lengths = [end - start + 1 for _, start, end in exons(a_transcript(strand))]
    assert lengths == [10, 20, 30]


def test_first_and_last_base_follow_the_strand() -> None:
    plus, minus = a_transcript("+"), a_transcript("-")
    assert (first_base(plus, 2), last_base(plus, 2)) == (201, 220)
    assert (first_base(minus, 2), last_base(minus, 2)) == (230, 211)


@BOTH
def test_the_bases_beside_an_exon_are_intronic(strand: str) -> None:
    tx = a_transcript(strand)
    for number in (1, 2, 3):
        first, last = first_base(tx, number), last_base(tx, number)
        assert exon_number(tx, first) == exon_number(tx, last) == number
        assert exon_number(tx, downstream_of(tx, first, -1)) is None
        assert exon_number(tx, downstream_of(tx, last, 1)) is None
    assert intron_number(tx, downstream_of(tx, last_base(tx, 1), 1)) == 1
    assert intron_number(tx, downstream_of(tx, first_base(tx, 3), -1)) == 2


@BOTH
def test_outside_the_transcript_there_is_no_intron(strand: str) -> None:
    tx = a_transcript(strand)
    assert intron_number(tx, 100) is None
    assert intron_number(tx, 331) is None
    assert intron_number(tx, first_base(tx, 2)) is None


def test_an_exon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(IndexError, match="exons 1 to 3"):
        exon_bounds(a_transcript(), 4)
    with pytest.raises(IndexError):
        exon_bounds(a_transcript(), 0)


def test_a_row_without_upstream_exons_keeps_the_mane_numbers() -> None:
    tx = a_transcript("-", missing_upstream_exons=2)
    assert (first_exon(tx), exon_count(tx)) == (3, 5)
    assert exon_number(tx, 330) == 3
    with pytest.raises(IndexError, match="exons 3 to 5"):
        exon_bounds(tx, 2)


@BOTH
def test_next_and_previous_exon_are_those_whose_splice_site_survives(strand: str) -> None:
    tx = a_transcript(strand)
    in_intron_1 = downstream_of(tx, last_base(tx, 1), 5)
    assert (previous_exon(tx, in_intron_1), next_exon(tx, in_intron_1)) == (1, 2)
    assert previous_exon(tx, downstream_of(tx, last_base(tx, 1), 1)) == 1
    assert previous_exon(tx, last_base(tx, 1)) is None
    assert next_exon(tx, first_base(tx, 2)) == 3
    assert next_exon(tx, first_base(tx, 3)) is None


@BOTH
def test_coding_offset_counts_exonic_bases_from_the_start_codon(strand: str) -> None:
    tx = a_transcript(strand)
    start, stop = start_codon_first_base(tx), stop_codon_last_base(tx)
    assert coding_offset(tx, start) == 0
    assert coding_offset(tx, downstream_of(tx, start, -1)) == -1
    assert coding_offset(tx, last_base(tx, 1)) == 4
    assert coding_offset(tx, first_base(tx, 2)) == 5
    assert coding_offset(tx, stop) == 44
    assert coding_offset(tx, downstream_of(tx, last_base(tx, 1), 1)) is None
    assert cds_length(tx) == 45


@BOTH
def test_codon_bases_used_and_expected_meet_across_an_exon_limit(strand: str) -> None:
    tx = a_transcript(strand)
    assert codon_bases_used(tx, last_base(tx, 1)) == 5 % 3
    assert codon_bases_expected(tx, first_base(tx, 2)) == 5 % 3


@BOTH
def test_the_codon_count_ends_with_the_coding_sequence(strand: str) -> None:
    tx = a_transcript(strand)
    start, stop = start_codon_first_base(tx), stop_codon_last_base(tx)
    before_start = downstream_of(tx, start, -1)
    assert codon_bases_used(tx, before_start) is None
    assert codon_bases_expected(tx, before_start) == 2, "one UTR base is read before the start codon"
    assert codon_bases_used(tx, start) == 1
    assert codon_bases_used(tx, stop) is None
    assert codon_bases_used(tx, downstream_of(tx, stop, -1)) == 2
    assert codon_bases_expected(tx, stop) == 2
    assert codon_bases_expected(tx, downstream_of(tx, stop, 1)) is None


@BOTH
def test_region_names_every_part(strand: str) -> None:
    tx = a_transcript(strand)
    start, stop = start_codon_first_base(tx), stop_codon_last_base(tx)
    assert region(tx, start) is Region.EXONIC
    assert region(tx, downstream_of(tx, start, -1)) is Region.UTR5
    assert region(tx, stop) is Region.EXONIC
    assert region(tx, downstream_of(tx, stop, 1)) is Region.UTR3
    assert region(tx, downstream_of(tx, last_base(tx, 1), 1)) is Region.INTRONIC
    assert region(tx, downstream_of(tx, first_base(tx, 1), -1)) is Region.UPSTREAM
    assert region(tx, downstream_of(tx, last_base(tx, 3), 1)) is Region.DOWNSTREAM


def test_a_transcript_without_coding_part_has_no_frame() -> None:
    tx = a_transcript(cds_start=0, cds_end=0)
    assert region(tx, 105) is Region.NON_CODING
    assert coding_offset(tx, 105) is None
    assert codon_bases_used(tx, 105) is None
    assert codon_bases_expected(tx, 105) is None
    assert hgvs_position(tx, 105) == "5"


@BOTH
def test_hgvs_position_counts_as_hgvs_does(strand: str) -> None:
    tx = a_transcript(strand)
    start, stop = start_codon_first_base(tx), stop_codon_last_base(tx)
    assert hgvs_position(tx, start) == "1"
    assert hgvs_position(tx, downstream_of(tx, start, -1)) == "-1"
    assert hgvs_position(tx, stop) == "45"
    assert hgvs_position(tx, downstream_of(tx, stop, 1)) == "*1"
    assert hgvs_position(tx, downstream_of(tx, last_base(tx, 1), 2)) == "5+2"
    assert hgvs_position(tx, downstream_of(tx, first_base(tx, 2), -2)) == "6-2"
    assert hgvs_position(tx, 100) is None


def test_the_middle_of_an_intron_counts_from_the_upstream_exon() -> None:
    tx = a_transcript("+")
    # Bases 111 to 200: 155 is 45 after the donor and 46 before the acceptor, 156 the other way round.
    assert hgvs_position(tx, 155) == "5+45"
    assert hgvs_position(tx, 156) == "6-45"
    odd = structs.replace(tx, exon_starts=(101, 202, 301))
    assert hgvs_position(odd, 156) == "5+46"


@FGFRS
def test_exon_17_of_the_three_receptors_ends_in_phase_0(assembly: Assembly, gene: FgfrGene) -> None:
    tx = fgfr_transcript(assembly, gene)
    assert exon_count(tx) == 18
    assert codon_bases_used(tx, last_base(tx, 17)) == 0
    assert exon_number(tx, stop_codon_first_base(tx)) == exon_number(tx, stop_codon_last_base(tx)) == 18
    assert cds_length(tx) % 3 == 0


def test_fgfr2_exon_17_ends_where_the_rules_say() -> None:
    assert last_base(fgfr_transcript(Assembly.GRCH37, FgfrGene.FGFR2), 17) == 123243212
    assert first_base(fgfr_transcript(Assembly.GRCH37, FgfrGene.FGFR2), 18) == 123239535
    assert last_base(fgfr_transcript(Assembly.GRCH38, FgfrGene.FGFR2), 17) == 121483698
    assert last_base(fgfr_transcript(Assembly.GRCH37, FgfrGene.FGFR3), 17) == 1808661
    assert first_base(fgfr_transcript(Assembly.GRCH37, FgfrGene.FGFR1), 10) == 38275891
    assert first_base(fgfr_transcript(Assembly.GRCH38, FgfrGene.FGFR1), 10) == 38418373


@pytest.mark.parametrize(
    ("strand", "orientation", "side"),
    [
        ("+", Orientation.LEFT, TranscriptSide.FIVE_PRIME),
        ("+", Orientation.RIGHT, TranscriptSide.THREE_PRIME),
        ("-", Orientation.LEFT, TranscriptSide.THREE_PRIME),
        ("-", Orientation.RIGHT, TranscriptSide.FIVE_PRIME),
    ],
)
def test_kept_side_needs_strand_and_orientation(strand: str, orientation: Orientation, side: TranscriptSide) -> None:
    assert kept_side(strand, orientation) is side
    assert orientation_of(strand, side) is orientation


@given(strand=st.sampled_from("+-"), pos=st.integers(90, 340))
def test_every_position_lies_in_one_exon_or_one_intron_or_outside(strand: str, pos: int) -> None:
    tx = a_transcript(strand)
    inside = tx.tx_start <= pos <= tx.tx_end
    assert ((exon_number(tx, pos) is None) + (intron_number(tx, pos) is None) == 1) == inside
    assert (transcript_offset(tx, pos) is None) == (exon_number(tx, pos) is None)
    assert (hgvs_position(tx, pos) is None) == (not inside)


@given(strand=st.sampled_from("+-"), one=st.integers(101, 330), other=st.integers(101, 330))
def test_offsets_grow_downstream(strand: str, one: int, other: int) -> None:
    tx = a_transcript(strand)
    here, there = transcript_offset(tx, one), transcript_offset(tx, other)
    if here is not None and there is not None:
        assert is_upstream(tx, one, other) == (here < there)


@given(
    strand=st.sampled_from("+-"),
    missing=st.integers(0, 2),
    steps=st.lists(st.integers(1, 9), min_size=2, max_size=12).filter(lambda steps: len(steps) % 2 == 0),
    pos=st.integers(90, 220),
)
def test_exons_at_and_beside_a_position_are_those_that_a_walk_along_the_transcript_meets(
    strand: str, missing: int, steps: list[int], pos: int
) -> None:
    # Lengths of exons and of the gaps between them, in turns.
    limits = list(accumulate(steps, initial=101))
    starts, ends = tuple(limits[:-1:2]), tuple(limit - 1 for limit in limits[1::2])
    tx = a_transcript(
        strand,
        exon_starts=starts,
        exon_ends=ends,
        tx_start=starts[0],
        tx_end=ends[-1],
        missing_upstream_exons=missing,
    )
    walked = [(number, range(start, end + 1)) for number, start, end in exons(tx)]
    assert [exon_bounds(tx, number) for number, _ in walked] == [(bases[0], bases[-1]) for _, bases in walked]
    assert exon_number(tx, pos) == next((number for number, bases in walked if pos in bases), None)
    behind = [number for number, bases in walked if all(is_upstream(tx, base, pos) for base in bases)]
    ahead = [number for number, bases in walked if all(is_upstream(tx, pos, base) for base in bases)]
    assert (previous_exon(tx, pos), next_exon(tx, pos)) == (max(behind, default=None), min(ahead, default=None))
    between = behind and ahead and exon_number(tx, pos) is None
    assert intron_number(tx, pos) == (min(ahead) - 1 if between else None)
    offset = sum(is_upstream(tx, base, pos) for _, bases in walked for base in bases)
    assert transcript_offset(tx, pos) == (None if exon_number(tx, pos) is None else offset)
    nearest = min(abs(base - pos) for _, bases in walked for base in bases)
    assert exon_distance(tx, pos) == (nearest if starts[0] <= pos <= ends[-1] else None)
