"""`fgfr_screen.annotate.partner`: which gene lies on the other side, and which one of several is told."""

import pytest
from msgspec import structs

from fgfr_screen.annotate import partner as partner_module
from fgfr_screen.annotate.frame import JoinSide
from fgfr_screen.annotate.partner import Join, Partner, find_partner, named_symbols, partner_tier, shared_numbers_from
from fgfr_screen.model import Breakend, Pos1
from fgfr_screen.reference import genes_overlapping, partners, transcripts_of
from fgfr_screen.terms import (
    Assembly,
    FgfrGene,
    Frame,
    JunctionKind,
    Orientation,
    PartnerKind,
    PartnerSide,
    PartnerTier,
    TranscriptSide,
)
from fgfr_screen.transcripts import exon_count, exons
from tests.builders import (
    FIVE,
    GRCH37,
    GRCH38,
    LEFT,
    RIGHT,
    THREE,
    a_transcript,
    an_end,
    an_interval,
    downstream_of,
    intergenic,
    mane,
    named,
    place,
)

FGFR2 = FgfrGene.FGFR2


def join(keeps: TranscriptSide | None = FIVE, assembly: Assembly = GRCH38, where: str = "intron 17") -> Join:
    pos = place("FGFR2", where, assembly)
    fgfr = JoinSide(transcript=mane("FGFR2", assembly), low=pos, high=pos)
    return Join(fgfr=fgfr, fgfr_keeps=keeps, junction=JunctionKind.DNA_BREAKPOINT, inserted="")


def partner_at(end: Breakend, assembly: Assembly = GRCH38, keeps: TranscriptSide | None = FIVE, *words: str) -> Partner:
    return find_partner(FGFR2, join(keeps, assembly), end, assembly, words)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_break_in_a_coding_gene_names_it(assembly: Assembly) -> None:
    found = partner_at(an_end("BICC1", "intron 2", THREE, assembly), assembly)
    assert (found.symbol, found.kind, found.strand) == ("BICC1", PartnerKind.CODING_GENE, "+")
    assert (found.keeps, found.in_strand) == (THREE, True)
    assert found.prediction is not None
    assert found.prediction.frame is Frame.IN_FRAME


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_break_between_genes_names_none_however_near_one_is(assembly: Assembly) -> None:
    assert partner_at(intergenic(assembly=assembly), assembly).kind is PartnerKind.INTERGENIC
    tx = mane("BICC1", assembly)
    edge = next(pos for pos in range(tx.tx_start, 1, -500) if not genes_overlapping(assembly, tx.contig, pos, pos))
    beside = Breakend(contig=tx.contig, pos=Pos1(edge), orientation=RIGHT)
    assert (partner_at(beside, assembly).symbol, partner_at(beside, assembly).kind) == (None, PartnerKind.INTERGENIC)


@pytest.mark.parametrize(
    ("fgfr_keeps", "orientation", "in_strand"),
    [
        (FIVE, RIGHT, True),
        (FIVE, LEFT, False),
        (THREE, RIGHT, False),
        (THREE, LEFT, True),
        (None, RIGHT, None),
        (FIVE, None, None),
    ],
)
def test_one_five_prime_and_one_three_prime_part_are_in_strand(
    fgfr_keeps: TranscriptSide | None, orientation: Orientation | None, in_strand: bool | None
) -> None:
    found = partner_at(an_end("BICC1", "intron 2", None, orientation=orientation), GRCH38, fgfr_keeps)
    assert found.in_strand is in_strand
    assert (found.prediction is not None) == (in_strand is True)


def test_a_break_out_of_strand_has_no_frame_and_still_names_the_gene() -> None:
    found = partner_at(an_end("BICC1", "intron 2", FIVE))
    assert (found.symbol, found.prediction) == ("BICC1", None)


def test_a_gene_without_coding_sequence_is_told_as_such() -> None:
    lnc = next(gene for gene in genes_overlapping(GRCH38, "chr13", 54_000_000, 56_000_000) if gene.biotype == "lncRNA")
    end = Breakend(contig="chr13", pos=Pos1(lnc.start + 10), orientation=RIGHT)
    assert partner_at(end).kind is PartnerKind.NON_CODING_GENE


def test_of_overlapping_genes_the_one_in_frame_is_told_and_all_are_listed() -> None:
    """A microRNA lies inside CCDC186: the coding gene goes before it."""
    tx = mane("CCDC186")
    mirna = next(
        gene for gene in genes_overlapping(GRCH38, tx.contig, tx.tx_start, tx.tx_end) if gene.biotype == "miRNA"
    )
    end = Breakend(contig=tx.contig, pos=Pos1(mirna.start), orientation=LEFT)
    found = partner_at(end)
    assert found.symbol == "CCDC186"
    unoriented = structs.replace(end, orientation=None)
    assert partner_at(unoriented, GRCH38, None, mirna.symbol).symbol == "CCDC186", "not even by name"
    assert set(found.overlapping) >= {"CCDC186", mirna.symbol}


def test_the_gene_that_the_source_names_goes_before_an_equal_one() -> None:
    pairs = [
        gene
        for gene in genes_overlapping(GRCH38, "chr1", 1, 249_000_000)
        if gene.biotype == "protein_coding" and transcripts_of(GRCH38, gene.symbol)
    ]
    one, other = next(
        (a, b)
        for i, a in enumerate(pairs)
        for b in pairs[i + 1 :]
        if a.start < b.end and b.start < a.end and a.strand == b.strand
    )
    end = Breakend(contig="chr1", pos=Pos1(max(one.start, other.start) + 1))
    for name in (one.symbol, other.symbol):
        assert partner_at(end, GRCH38, None, name).symbol == name


def test_the_choice_does_not_depend_on_the_orientation_of_the_file() -> None:
    end = an_end("ATE1", "intron 5", THREE)
    assert partner_at(end) == partner_at(end)
    assert partner_at(end).symbol == "ATE1"


def test_an_interval_in_one_intron_keeps_the_frame_and_a_wider_one_loses_it() -> None:
    end = an_end("BICC1", "intron 2", THREE)
    near, wide = partner_at(an_interval(end, -50, 50)), partner_at(an_interval(end, -100_000, 100_000))
    assert near.prediction is not None
    assert near.prediction.frame is Frame.IN_FRAME
    assert wide.prediction is not None
    assert wide.prediction.frame is Frame.UNKNOWN


def test_a_row_without_its_first_exons_still_reaches_over_the_whole_gene() -> None:
    row = transcripts_of(GRCH37, "SORBS1")[0]
    assert row.missing_upstream_exons > 0, "the case this test is about"
    before_row = downstream_of(row, row.tx_end if row.strand == "-" else row.tx_start, -500)
    found = partner_at(Breakend(contig=row.contig, pos=before_row, orientation=LEFT), GRCH37)
    assert (found.symbol, found.in_strand) == ("SORBS1", True)
    assert found.prediction is not None
    assert found.prediction.frame is not Frame.NOT_CODING


def test_a_partner_without_place_is_no_question_for_coordinates() -> None:
    with pytest.raises(ValueError, match="needs coordinates"):
        partner_at(named("BICC1"))


# --------------------------------------------------------------------------------------------------------------- tiers


@pytest.mark.parametrize(
    ("gene", "partner", "side", "tier"),
    [
        (FGFR2, "SHTN1", FIVE, "A"),
        (FGFR2, "SHTN1", None, "A"),
        (FGFR2, "SHTN1", THREE, None),
        (FGFR2, "BICC1", THREE, "A"),
        (FGFR2, "MTSS1", THREE, "X"),
        (FGFR2, "MTSS1", FIVE, None),
        (FGFR2, "MTSS1", None, "X"),
        (FgfrGene.FGFR3, "TACC3", FIVE, "A"),
        (FgfrGene.FGFR3, "NSD2", FIVE, "X"),
        (FGFR2, "NOVEL1", FIVE, None),
        (FGFR2, None, FIVE, None),
    ],
)
def test_a_tier_counts_for_the_side_it_was_found_on(
    gene: FgfrGene, partner: str | None, side: TranscriptSide | None, tier: str | None
) -> None:
    assert partner_tier(gene, partner, side) == tier


@pytest.mark.parametrize(("listed", "told"), [("A", "B"), ("B", "B"), ("C", "C"), ("X", "X")])
def test_a_row_without_side_never_gives_tier_a(listed: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(row for row in partners() if row.fgfr_side is PartnerSide.UNKNOWN)
    changed = structs.replace(row, tier=PartnerTier(listed))
    monkeypatch.setattr(partner_module, "listed_partner", lambda *_: changed)
    assert partner_tier(row.fgfr_gene, row.partner, FIVE) == told
    assert partner_tier(row.fgfr_gene, row.partner, None) == listed


# --------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("words", "symbols"),
    [
        (("KIAA1598",), ("SHTN1",)),
        (("TACC2,TACC3",), ("TACC2", "TACC3")),
        (("BICC1", "KIAA1598"), ("BICC1", "SHTN1")),
        (("N/A",), ()),
        (("NOVEL1",), ()),
        ((), ()),
    ],
)
def test_names_are_brought_to_approved_symbols(words: tuple[str, ...], symbols: tuple[str, ...]) -> None:
    assert named_symbols(named(*words)) == symbols


def test_no_side_has_no_names() -> None:
    assert named_symbols(None) == ()


# ---------------------------------------------------------------------------------------------------- shared numbers


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("gene", ["BICC1", "TACC3", "AHCYL1", "FGFR2"])
def test_most_genes_have_the_same_exon_numbers_on_both_assemblies(gene: str, assembly: Assembly) -> None:
    assert shared_numbers_from(mane(gene, assembly)) == 1


@pytest.mark.parametrize("assembly", list(Assembly))
def test_numbers_begin_where_both_rows_have_exons(assembly: Assembly) -> None:
    missing = transcripts_of(GRCH37, "SORBS1")[0].missing_upstream_exons
    assert shared_numbers_from(mane("SORBS1", assembly)) == missing + 1


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("gene", ["BEND3", "DOCK1"])
def test_other_exons_mean_other_numbers(gene: str, assembly: Assembly) -> None:
    """BEND3 has another number of exons on GRCh37, DOCK1 the same number with other lengths."""
    assert shared_numbers_from(mane(gene, assembly)) is None


def test_a_gene_on_one_assembly_only_shares_nothing() -> None:
    assert shared_numbers_from(a_transcript(gene="NOT_A_GENE")) is None


def test_shared_numbers_are_symmetric_and_true_for_listed_partners() -> None:
    for row in partners():
        rows = [transcripts_of(assembly, row.partner) for assembly in Assembly]
        if not all(rows) or rows[0][0].mane_refseq != rows[1][0].mane_refseq:
            continue
        start, other = (shared_numbers_from(found[0]) for found in rows)
        assert start == other, row.partner
        if start is not None:
            assert exon_count(rows[0][0]) == exon_count(rows[1][0])
            numbers = [{number for number, _, _ in exons(found[0]) if number >= start} for found in rows]
            assert numbers[0] == numbers[1], row.partner
