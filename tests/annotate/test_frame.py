"""`fgfr_screen.annotate.frame`: the sum of codon bases on both sides of a join."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.annotate.frame import FramePrediction, JoinSide, keeps_start_codon, predict_frame
from fgfr_screen.model import Pos1
from fgfr_screen.reference import Transcript, transcripts_of
from fgfr_screen.terms import Assembly, Frame, JunctionKind
from fgfr_screen.transcripts import first_base, last_base
from tests.builders import GRCH37, GRCH38, a_transcript, downstream_of, mane, place

RNA, DNA = JunctionKind.RNA_JUNCTION, JunctionKind.DNA_BREAKPOINT
BOTH = pytest.mark.parametrize("strand", ["+", "-"])


def side(transcript: Transcript, low: int, high: int | None = None) -> JoinSide:
    return JoinSide(transcript=transcript, low=Pos1(low), high=Pos1(low if high is None else high))


def exon_ends(
    five: Transcript,
    five_exon: int,
    three: Transcript,
    three_exon: int,
    inserted: str | None = "",
    codon_prefix: str = "",
    junction: JunctionKind = RNA,
) -> FramePrediction:
    return predict_frame(
        side(five, last_base(five, five_exon)),
        side(three, first_base(three, three_exon)),
        junction=junction,
        inserted=inserted,
        codon_prefix=codon_prefix,
    )


def in_introns(
    five: Transcript, after_exon: int, three: Transcript, before_exon: int, inserted: str | None = None
) -> FramePrediction:
    return predict_frame(
        side(five, downstream_of(five, last_base(five, after_exon), 3)),
        side(three, downstream_of(three, first_base(three, before_exon), -3)),
        junction=DNA,
        inserted=inserted,
    )


# The transcript of `a_transcript`: exons of 10, 20 and 30 bases, start codon at base 6; exon 1 ends after 5 coding bases,
# exon 2 after 25, and the stop codon is bases 43 to 45 of the coding sequence.


@BOTH
@pytest.mark.parametrize("other", ["+", "-"])
def test_joining_an_exon_to_its_own_successor_is_in_frame(strand: str, other: str) -> None:
    five, three = a_transcript(strand), a_transcript(other)
    for number in (1, 2):
        assert exon_ends(five, number, three, number + 1).frame is Frame.IN_FRAME
        assert in_introns(five, number, three, number + 1).frame is Frame.IN_FRAME
    assert exon_ends(five, 1, three, 3).frame is Frame.OUT_OF_FRAME
    assert in_introns(five, 1, three, 3).frame is Frame.OUT_OF_FRAME


@pytest.mark.parametrize(
    ("inserted", "frame"),
    [("", Frame.OUT_OF_FRAME), ("A", Frame.OUT_OF_FRAME), ("AC", Frame.IN_FRAME), ("ACGTC", Frame.IN_FRAME)],
)
def test_inserted_bases_count_at_a_join_of_two_exons(inserted: str, frame: Frame) -> None:
    # Five coding bases use two of a codon; exon 3 expects one.
    assert exon_ends(a_transcript(), 1, a_transcript(), 3, inserted).frame is frame
    assert exon_ends(a_transcript(), 1, a_transcript(), 3, inserted, junction=DNA).frame is frame


def test_bases_inserted_in_an_intron_are_spliced_out() -> None:
    assert in_introns(a_transcript(), 1, a_transcript(), 2, "ACGT").frame is Frame.IN_FRAME
    assert in_introns(a_transcript(), 1, a_transcript(), 3, "AC").frame is Frame.OUT_OF_FRAME


@pytest.mark.parametrize("stop", ["TAA", "TAG", "TGA", "taa"])
def test_a_stop_codon_in_the_insertion_ends_the_protein(stop: str) -> None:
    tx = a_transcript()
    # Two bases of the running codon are used up: one inserted base completes it.
    assert exon_ends(tx, 1, tx, 2, f"C{stop}CC", codon_prefix="CC").frame is Frame.STOP_BEFORE_JUNCTION
    assert exon_ends(tx, 1, tx, 2, f"{stop}CCC", codon_prefix="CC").frame is not Frame.STOP_BEFORE_JUNCTION


def test_the_running_codon_can_become_a_stop_codon() -> None:
    tx = a_transcript()
    assert exon_ends(tx, 1, tx, 2, "ACC", codon_prefix="TA").frame is Frame.STOP_BEFORE_JUNCTION
    assert exon_ends(tx, 1, tx, 2, "TCC", codon_prefix="TA").frame is Frame.IN_FRAME


@pytest.mark.parametrize("prefix", ["", "A"])
def test_a_running_codon_that_is_not_known_shifts_nothing(prefix: str) -> None:
    """Without the two bases before it, the insertion must still be read from its second base on."""
    tx = a_transcript()
    assert exon_ends(tx, 1, tx, 2, "TAACCC", codon_prefix=prefix).frame is Frame.IN_FRAME, (
        "TAA stands across two codons"
    )
    assert exon_ends(tx, 1, tx, 2, "CTAACC", codon_prefix=prefix).frame is Frame.STOP_BEFORE_JUNCTION


def test_utr_bases_of_the_start_codon_exon_are_read() -> None:
    # Exon 1 begins five bases before the start codon: one base of a codon must come before them.
    tx = a_transcript()
    joined = exon_ends(tx, 2, tx, 1)
    assert joined.frame is Frame.IN_FRAME
    assert "reads 5 bases of 5' UTR before the start codon (a stop codon there cannot be excluded)" in joined.detail
    assert exon_ends(tx, 1, tx, 1).frame is Frame.OUT_OF_FRAME


def test_an_out_of_frame_answer_names_the_transcripts_and_its_limit() -> None:
    detail = exon_ends(a_transcript(), 1, a_transcript(accession="NM_2.1"), 3).detail
    assert "NM_1.1" in detail
    assert "NM_2.1" in detail
    assert "other transcripts were not examined" in detail
    assert "not examined" not in exon_ends(a_transcript(), 1, a_transcript(), 2).detail


@BOTH
def test_a_three_prime_part_behind_its_stop_codon_is_not_coding(strand: str) -> None:
    tx = a_transcript(strand)
    utr3 = place_of_coding_base(tx, 46)
    found = predict_frame(side(tx, last_base(tx, 1)), side(tx, utr3), junction=RNA, inserted="")
    assert found.frame is Frame.NOT_CODING


@BOTH
def test_a_three_prime_gene_without_coding_sequence_is_not_coding(strand: str) -> None:
    assert exon_ends(a_transcript(strand), 1, a_transcript(strand, cds_start=0, cds_end=0), 2).frame is Frame.NOT_CODING


@BOTH
def test_a_five_prime_part_before_the_start_codon_is_not_coding(strand: str) -> None:
    tx = a_transcript(strand)
    utr5 = downstream_of(tx, first_base(tx, 1), 1)
    assert (
        predict_frame(side(tx, utr5), side(tx, first_base(tx, 2)), junction=RNA, inserted="").frame is Frame.NOT_CODING
    )
    none = a_transcript(strand, cds_start=0, cds_end=0)
    assert exon_ends(none, 1, tx, 2).frame is Frame.NOT_CODING


@BOTH
def test_a_five_prime_part_that_holds_the_stop_codon_ends_before_the_junction(strand: str) -> None:
    tx = a_transcript(strand)
    for base in (45, 46):
        found = predict_frame(
            side(tx, place_of_coding_base(tx, base)), side(tx, first_base(tx, 2)), junction=RNA, inserted=""
        )
        assert found.frame is Frame.STOP_BEFORE_JUNCTION
    before_stop = predict_frame(
        side(tx, place_of_coding_base(tx, 42)), side(tx, first_base(tx, 1)), junction=RNA, inserted="A"
    )
    assert before_stop.frame is Frame.IN_FRAME


def place_of_coding_base(tx: Transcript, number: int) -> Pos1:
    """Base `number` of the coding sequence, counted on behind its end, in exon 3."""
    return downstream_of(tx, first_base(tx, 3), number - 26)


# ------------------------------------------------------------------------------------------------------------- unknown


def test_an_exon_joined_to_an_intron_is_unknown() -> None:
    tx = a_transcript()
    intron = downstream_of(tx, first_base(tx, 2), -3)
    for five, three in ((last_base(tx, 1), intron), (downstream_of(tx, last_base(tx, 1), 3), first_base(tx, 2))):
        found = predict_frame(side(tx, five), side(tx, three), junction=DNA, inserted="")
        assert found.frame is Frame.UNKNOWN
        assert "inside an exon, the other in an intron" in found.detail


def test_an_rna_junction_in_introns_is_unknown() -> None:
    tx = a_transcript()
    five, three = downstream_of(tx, last_base(tx, 1), 3), downstream_of(tx, first_base(tx, 2), -3)
    assert predict_frame(side(tx, five), side(tx, three), junction=RNA, inserted="").frame is Frame.UNKNOWN


def test_an_interval_inside_one_intron_is_as_good_as_a_position() -> None:
    tx = a_transcript()
    five, three = side(tx, 115, 150), side(tx, 160, 195)
    assert predict_frame(five, three, junction=DNA, inserted=None).frame is Frame.IN_FRAME


@pytest.mark.parametrize("interval", [(105, 108), (108, 115), (195, 205), (150, 250), (90, 115)])
def test_an_interval_that_touches_an_exon_or_leaves_the_gene_is_unknown(interval: tuple[int, int]) -> None:
    tx = a_transcript()
    assert predict_frame(side(tx, *interval), side(tx, 250), junction=DNA, inserted="").frame is Frame.UNKNOWN


@pytest.mark.parametrize("which", [0, 1])
def test_a_coding_sequence_that_is_not_certain_gives_no_frame(which: int) -> None:
    certain = [True, True]
    certain[which] = False
    five, three = (a_transcript(frame_reliable=reliable) for reliable in certain)
    found = in_introns(five, 1, three, 2)
    assert (found.frame, found.detail) == (
        Frame.UNKNOWN,
        "the coding sequence of one gene is not certain on this assembly",
    )


def test_the_last_intron_is_followed_by_no_exon_beyond_the_gene() -> None:
    tx = a_transcript()
    assert predict_frame(side(tx, 115), side(tx, 331), junction=DNA, inserted="").frame is Frame.UNKNOWN


# ------------------------------------------------------------------------------------- rows without their first exons


@BOTH
def test_a_break_before_a_row_that_lacks_exons_enters_its_first_one(strand: str) -> None:
    five, three = a_transcript(strand), a_transcript(strand, missing_upstream_exons=1)
    before_row = downstream_of(three, first_base(three, 2), -500)
    found = predict_frame(side(five, place_in_intron_2(five)), side(three, before_row), junction=DNA, inserted="")
    # As with the UTR bases of a start-codon exon: 25 coding bases and 5 of the UTR.
    assert (found.frame, found.three_prime_exon) == (Frame.IN_FRAME, 2)


def place_in_intron_2(tx: Transcript) -> Pos1:
    return downstream_of(tx, last_base(tx, 2), 3)


def test_a_break_before_a_whole_row_enters_nothing() -> None:
    tx = a_transcript()
    assert (
        predict_frame(side(tx, place_in_intron_2(tx)), side(tx, 50), junction=DNA, inserted="").frame is Frame.UNKNOWN
    )


def test_sorbs1_has_the_same_frame_on_both_assemblies() -> None:
    """Its GRCh37 row lacks exons of the 5' UTR; Foundation cases break in the introns before it (rules.md 1.6)."""
    rows = {assembly: transcripts_of(assembly, "SORBS1")[0] for assembly in Assembly}
    start = {assembly: next(n for n in range(1, 10) if _holds_start(tx, n)) for assembly, tx in rows.items()}
    assert start[GRCH37] == start[GRCH38]
    frames = set()
    for assembly, tx in rows.items():
        before_start = downstream_of(tx, first_base(tx, start[assembly]), -40)
        fgfr = side(mane("FGFR2", assembly), place("FGFR2", "intron 17", assembly))
        frames.add(predict_frame(fgfr, side(tx, before_start), junction=DNA, inserted="").frame)
    assert frames == {Frame.IN_FRAME}


def _holds_start(tx: Transcript, number: int) -> bool:
    try:
        ends = sorted((first_base(tx, number), last_base(tx, number)))
    except IndexError:
        return False
    return ends[0] <= (tx.cds_start if tx.strand == "+" else tx.cds_end) <= ends[1]


# ---------------------------------------------------------------------------------------------------------- real genes


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize(
    ("partner", "intron", "frame"),
    [
        ("BICC1", 2, Frame.IN_FRAME),
        ("BICC1", 3, Frame.OUT_OF_FRAME),
        ("AHCYL1", 1, Frame.IN_FRAME),
        ("SHTN1", 6, Frame.IN_FRAME),
    ],
)
def test_partners_of_fgfr2_read_from_intron_17(partner: str, intron: int, frame: Frame, assembly: Assembly) -> None:
    fgfr = side(mane("FGFR2", assembly), place("FGFR2", "intron 17", assembly))
    other = side(mane(partner, assembly), place(partner, f"intron {intron}", assembly))
    assert predict_frame(fgfr, other, junction=DNA, inserted=None).frame is frame


@pytest.mark.parametrize("assembly", list(Assembly))
def test_fgfr3_tacc3_of_rt112_is_in_frame(assembly: Assembly) -> None:
    assert exon_ends(mane("FGFR3", assembly), 17, mane("TACC3", assembly), 11).frame is Frame.IN_FRAME


def test_the_start_codon_is_kept_when_the_join_lies_at_or_before_it() -> None:
    plus, minus = a_transcript("+"), a_transcript("-")
    assert keeps_start_codon(plus, 106)
    assert not keeps_start_codon(plus, 107)
    assert keeps_start_codon(minus, 325)
    assert not keeps_start_codon(minus, 324)
    assert not keeps_start_codon(a_transcript(cds_start=0, cds_end=0), 50)


@given(
    strand=st.sampled_from("+-"),
    five=st.integers(0, 44),
    three=st.integers(-5, 44),
    inserted=st.integers(0, 7),
)
def test_the_sum_is_that_of_the_offsets(strand: str, five: int, three: int, inserted: int) -> None:
    """Independent of exons: bases read before `three`, counted from the start codon, must be a multiple of 3 too many."""
    tx = a_transcript(strand)
    by_offset = _by_offset(tx)
    found = predict_frame(side(tx, by_offset[five]), side(tx, by_offset[three]), junction=RNA, inserted="C" * inserted)
    if five >= 44:
        assert found.frame is Frame.STOP_BEFORE_JUNCTION
    else:
        assert (found.frame is Frame.IN_FRAME) == ((five + 1 + inserted - three) % 3 == 0)


def _by_offset(tx: Transcript) -> dict[int, Pos1]:
    bases = [
        downstream_of(tx, first_base(tx, n), step)
        for n, length in ((1, 10), (2, 20), (3, 30))
        for step in range(length)
    ]
    return dict(zip(range(-5, 55), bases, strict=True))
