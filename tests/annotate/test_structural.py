"""`fgfr_screen.annotate.structural`: which FGFR end, which side stays, where it breaks, what is left of the kinase."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.coords import LOCUS_MARGIN_BP, after, from_grch38, to_grch38
from fgfr_screen.facts import RearrangementFacts
from fgfr_screen.model import Breakend, Pos1, RearrangementCall
from fgfr_screen.terms import (
    Assembly,
    BreakSite,
    DeclaredStructure,
    FgfrGene,
    Frame,
    GeneOrder,
    JunctionKind,
    KinaseDomain,
    Molecule,
    Orientation,
    PartnerKind,
    Region,
    TranscriptSide,
)
from tests.builders import (
    FIVE,
    GRCH37,
    GRCH38,
    LEFT,
    RIGHT,
    THREE,
    a_call,
    a_joined,
    a_named_call,
    an_end,
    an_fgfr2_bicc1_call,
    an_interval,
    an_rna_call,
    downstream_of,
    intergenic,
    mane,
    named,
    place,
    turned,
)
from tests.strategies import structural_calls

# Written out, not computed: FGFR1 and FGFR2 are transcribed from the reverse strand, FGFR3 and BICC1 from the forward one.
KEPT = {
    ("FGFR1", LEFT): THREE,
    ("FGFR1", RIGHT): FIVE,
    ("FGFR2", LEFT): THREE,
    ("FGFR2", RIGHT): FIVE,
    ("FGFR3", LEFT): FIVE,
    ("FGFR3", RIGHT): THREE,
    ("BICC1", LEFT): FIVE,
    ("BICC1", RIGHT): THREE,
}
FGFRS = ("FGFR1", "FGFR2", "FGFR3")
EVERYWHERE = pytest.mark.parametrize(("gene", "assembly"), list(itertools.product(FGFRS, Assembly)))


def facts_of(call: RearrangementCall) -> RearrangementFacts:
    facts = annotate_rearrangement(call)
    assert facts is not None
    return facts


def at(gene: str, pos: int, assembly: Assembly, keeps: TranscriptSide = FIVE) -> RearrangementFacts:
    """Break the gene at one position and join it to an intergenic place."""
    end = an_end(gene, "intron 17", keeps, assembly, pos=Pos1(pos), pos_end=Pos1(pos))
    return facts_of(a_call(end, intergenic(assembly=assembly), assembly=assembly))


def codes(facts: RearrangementFacts) -> list[str]:
    return [finding.code for finding in facts.findings]


# --------------------------------------------------------------------------------------------- orientation truth table


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("fgfr_is_first", [True, False])
@pytest.mark.parametrize("sides", list(itertools.product(Orientation, Orientation)))
@pytest.mark.parametrize("gene", FGFRS)
def test_orientation_alone_decides_which_part_of_each_gene_stays(
    gene: str, sides: tuple[Orientation, Orientation], fgfr_is_first: bool, assembly: Assembly
) -> None:
    call = a_joined(gene, "intron 17", "BICC1", "intron 2", assembly)
    assert call.second is not None
    call = structs.replace(
        call,
        first=structs.replace(call.first, orientation=sides[0]),
        second=structs.replace(call.second, orientation=sides[1]),
    )
    facts = facts_of(call if fgfr_is_first else turned(call))

    keeps, partner_keeps = KEPT[gene, sides[0]], KEPT["BICC1", sides[1]]
    assert facts.gene == gene
    assert facts.fgfr_keeps is keeps
    assert facts.partner_keeps is partner_keeps
    assert facts.in_strand is (keeps is not partner_keeps)
    assert facts.site is BreakSite.HOTSPOT
    assert facts.kinase is (KinaseDomain.RETAINED if keeps is FIVE else KinaseDomain.LOST)
    assert facts.retained_exons == ("1-17" if keeps is FIVE else "18-18")
    assert facts.partner is not None
    assert (facts.partner.gene, facts.partner.intron) == ("BICC1", 2)
    assert facts.fgfr.intron == 17
    assert facts.fgfr_is_first is fgfr_is_first
    if keeps is partner_keeps:
        assert facts.frame is Frame.UNKNOWN, "two 5' or two 3' parts make no chimeric reading frame"


# --------------------------------------------------------------------------------------------------- limits to the base


@EVERYWHERE
def test_the_hotspot_begins_with_the_last_base_of_exon_17(gene: str, assembly: Assembly) -> None:
    tx = mane(gene, assembly)
    last = tx.exon_ends[16] if tx.strand == "+" else tx.exon_starts[1]
    assert at(gene, downstream_of(tx, last, -1), assembly).site is BreakSite.BEFORE_HOTSPOT
    assert at(gene, last, assembly).site is BreakSite.HOTSPOT
    assert at(gene, downstream_of(tx, last, 1), assembly).site is BreakSite.HOTSPOT
    assert at(gene, downstream_of(tx, last, -1), assembly).retained_exons == "1-16"
    assert at(gene, last, assembly).retained_exons == "1-17"


@EVERYWHERE
def test_the_hotspot_ends_before_the_stop_codon(gene: str, assembly: Assembly) -> None:
    tx = mane(gene, assembly)
    last_of_stop = tx.cds_end if tx.strand == "+" else tx.cds_start
    first_of_stop = downstream_of(tx, last_of_stop, -2)
    assert at(gene, downstream_of(tx, first_of_stop, -1), assembly).site is BreakSite.HOTSPOT
    for bases in (0, 1, 2, 3):
        assert at(gene, downstream_of(tx, first_of_stop, bases), assembly).site is BreakSite.BEYOND_STOP


@EVERYWHERE
def test_exon_18_is_whole_from_its_first_base(gene: str, assembly: Assembly) -> None:
    tx = mane(gene, assembly)
    first = tx.exon_starts[17] if tx.strand == "+" else tx.exon_ends[0]
    assert at(gene, first, assembly).site is BreakSite.HOTSPOT
    whole = at(gene, first, assembly, THREE)
    assert (whole.three_prime_exon, whole.kinase) == (18, KinaseDomain.LOST)
    cut = at(gene, downstream_of(tx, first, 1), assembly, THREE)
    assert (cut.three_prime_exon, cut.kinase) == (None, KinaseDomain.LOST)


@EVERYWHERE
def test_a_three_prime_part_keeps_the_kinase_when_exon_11_is_whole(gene: str, assembly: Assembly) -> None:
    tx = mane(gene, assembly)
    first = tx.exon_starts[10] if tx.strand == "+" else tx.exon_ends[7]
    assert at(gene, first, assembly, THREE).kinase is KinaseDomain.RETAINED
    assert at(gene, downstream_of(tx, first, -1), assembly, THREE).kinase is KinaseDomain.RETAINED
    cut = at(gene, downstream_of(tx, first, 1), assembly, THREE)
    assert (cut.kinase, cut.three_prime_exon) == (KinaseDomain.PARTLY, 12)


@EVERYWHERE
def test_the_window_reaches_5_kb_beyond_the_gene_and_no_further(gene: str, assembly: Assembly) -> None:
    tx = mane(gene, assembly)
    # The windows begin at the outermost RefSeq transcript, which lies at most 400 bases beyond MANE.
    inside, outside = LOCUS_MARGIN_BP - 1, LOCUS_MARGIN_BP + 400
    for edge, sign in ((tx.tx_start, -1), (tx.tx_end, 1)):
        near = Breakend(contig=tx.contig, pos=Pos1(edge + sign * inside), orientation=LEFT)
        far = Breakend(contig=tx.contig, pos=Pos1(edge + sign * outside), orientation=LEFT)
        assert annotate_rearrangement(a_call(near, intergenic(), assembly=assembly)) is not None
        assert annotate_rearrangement(a_call(far, intergenic(), assembly=assembly)) is None


def test_known_junctions_of_the_rules_lie_in_the_hotspot() -> None:
    assert at("FGFR2", 123243212, GRCH37).site is BreakSite.HOTSPOT
    assert at("FGFR2", 121483698, GRCH38).site is BreakSite.HOTSPOT
    assert at("FGFR3", 1808661, GRCH37).site is BreakSite.HOTSPOT
    assert at("FGFR2", 123239371, GRCH37).site is BreakSite.BEYOND_STOP
    assert at("FGFR2", 123244200, GRCH37).site is BreakSite.BEFORE_HOTSPOT, "intron 16"


@EVERYWHERE
def test_an_rna_junction_at_the_donor_of_exon_17_is_in_the_hotspot(gene: str, assembly: Assembly) -> None:
    facts = facts_of(an_rna_call(gene, 17, "BICC1", 3, assembly))
    assert facts.site is BreakSite.HOTSPOT
    assert (facts.fgfr.exon, facts.fgfr.intron) == (17, None)
    assert facts.kinase is KinaseDomain.RETAINED
    assert facts_of(an_rna_call(gene, 16, "BICC1", 3, assembly)).site is BreakSite.BEFORE_HOTSPOT


@EVERYWHERE
def test_one_break_has_the_same_facts_on_both_assemblies(gene: str, assembly: Assembly) -> None:
    tx = mane(gene, assembly)
    for where in (
        "exon 17 last base",
        "exon 18 first base",
        "intron 17",
        "intron 9",
        "stop codon",
        "upstream",
        "downstream",
    ):
        here = facts_of(a_joined(gene, where, "BICC1", "intron 2", assembly))
        there = facts_of(a_joined(gene, where, "BICC1", "intron 2"))
        for field in ("site", "kinase", "retained_exons", "fgfr_keeps", "frame", "frame_detail", "fgfr_place"):
            assert getattr(here, field) == getattr(there, field), (tx.accession, where, field)
        assert (here.fgfr.coordinate, here.fgfr.exon, here.fgfr.intron) == (
            there.fgfr.coordinate,
            there.fgfr.exon,
            there.fgfr.intron,
        )


# ------------------------------------------------------------------------------------------------------------ intervals


@EVERYWHERE
def test_an_interval_over_a_limit_of_the_hotspot_crosses_it(gene: str, assembly: Assembly) -> None:
    for where in ("exon 17 last base", "stop codon"):
        end = an_interval(an_end(gene, where, FIVE, assembly), -1, 1)
        assert facts_of(a_call(end, intergenic(assembly=assembly), assembly=assembly)).site is BreakSite.CROSSES_LIMIT


@EVERYWHERE
def test_an_interval_inside_the_hotspot_is_in_the_hotspot(gene: str, assembly: Assembly) -> None:
    end = an_interval(an_end(gene, "intron 17", FIVE, assembly), -20, 20)
    facts = facts_of(a_call(end, intergenic(assembly=assembly), assembly=assembly))
    assert facts.site is BreakSite.HOTSPOT
    assert facts.kinase is KinaseDomain.RETAINED


@EVERYWHERE
def test_of_an_interval_only_the_exons_that_stay_in_any_case_are_retained(gene: str, assembly: Assembly) -> None:
    end = an_interval(an_end(gene, "exon 17 last base", FIVE, assembly), -2, 2)
    assert facts_of(a_call(end, intergenic(assembly=assembly), assembly=assembly)).retained_exons == "1-16"


def test_a_three_prime_interval_over_the_kinase_limit_leaves_the_kinase_open() -> None:
    end = an_interval(an_end("FGFR2", "exon 11 first base", THREE), -3, 3)
    assert facts_of(a_call(end, intergenic())).kinase is KinaseDomain.UNKNOWN


@pytest.mark.parametrize("width", [100_000, 2_000_000])
@EVERYWHERE
def test_an_interval_wider_than_the_common_shift_is_no_error(gene: str, assembly: Assembly, width: int) -> None:
    end = an_interval(an_end(gene, "intron 17", FIVE, assembly), -width // 2, width // 2)
    facts = facts_of(a_call(end, intergenic(assembly=assembly), assembly=assembly))
    assert facts.site is BreakSite.CROSSES_LIMIT


# ----------------------------------------------------------------------------------------------- which end is told of


def test_of_two_fgfr_genes_the_one_that_keeps_its_kinase_as_five_prime_part_is_told() -> None:
    call = a_call(an_end("FGFR2", "intron 4", THREE), an_end("FGFR3", "intron 17", FIVE))
    assert facts_of(call).gene is FgfrGene.FGFR3
    assert facts_of(turned(call)).gene is FgfrGene.FGFR3
    assert facts_of(call).partner is not None
    assert facts_of(call).partner_names == ()
    both = a_call(an_end("FGFR2", "intron 17", FIVE), an_end("FGFR3", "intron 10", THREE))
    assert facts_of(both).gene is FgfrGene.FGFR2
    assert facts_of(both).partner_kind is PartnerKind.CODING_GENE


def test_coordinates_outrank_names() -> None:
    outside = an_end("BICC1", "intron 2", FIVE, genes=("FGFR2",))
    assert annotate_rearrangement(a_call(outside, intergenic())) is None
    misnamed = an_end("FGFR2", "intron 17", FIVE, genes=("FGFR1",))
    assert facts_of(a_call(misnamed, intergenic())).gene is FgfrGene.FGFR2


@pytest.mark.parametrize("name", ["FGFR1OP", "FGFR1OP2", "FGFRL1", "FGFR4"])
def test_genes_that_only_sound_like_fgfr_are_outside(name: str) -> None:
    assert annotate_rearrangement(a_named_call(name, "BICC1")) is None


@pytest.mark.parametrize("changes", [{"assembly": None}, {"contig": None}])
def test_positions_on_no_known_assembly_or_contig_are_not_read(changes: dict[str, Any]) -> None:
    """A GRCh37 position of intron 17 lies 5' of exon 1 on GRCh38: read there, it would cut the kinase."""
    end = an_end("FGFR2", "intron 17", FIVE, GRCH37, genes=("FGFR2",))
    call = a_call(end, named("BICC1"), assembly=GRCH38)
    call = (
        structs.replace(call, assembly=None)
        if "assembly" in changes
        else structs.replace(call, first=structs.replace(end, contig=None))
    )
    facts = facts_of(call)
    assert facts.site is BreakSite.UNKNOWN
    assert facts.fgfr.pos is None
    assert facts.call == call, "the call itself stays as its source gave it"


def test_a_call_that_names_no_fgfr_and_has_no_readable_place_is_outside() -> None:
    assert annotate_rearrangement(a_call(an_end("FGFR2", "intron 17"), None, assembly=None)) is None


# ------------------------------------------------------------------------------------------------- order, words, sides


def test_without_orientation_an_asserted_order_gives_the_sides() -> None:
    ends = an_end("FGFR2", "intron 17", None), an_end("BICC1", "intron 2", None)
    five = facts_of(a_call(*ends, order=GeneOrder.ASSERTED))
    assert (five.fgfr_keeps, five.kinase) == (FIVE, KinaseDomain.RETAINED)
    three = facts_of(a_call(*reversed(ends), order=GeneOrder.ASSERTED))
    assert (three.fgfr_keeps, three.kinase) == (THREE, KinaseDomain.LOST)
    assert facts_of(a_call(*ends)).fgfr_keeps is None


def test_orientation_outranks_the_order_of_the_names() -> None:
    call = an_fgfr2_bicc1_call(order=GeneOrder.ASSERTED)
    assert facts_of(turned(call)).fgfr_keeps is FIVE


def test_an_orientation_that_the_caller_does_not_mean_is_not_used() -> None:
    facts = facts_of(an_fgfr2_bicc1_call(orientation_is_reliable=False))
    assert facts.fgfr_keeps is None
    assert facts.partner_keeps is None
    assert facts.in_strand is None
    assert facts.kinase is KinaseDomain.UNKNOWN


@pytest.mark.parametrize(
    "word", [DeclaredStructure.FUSION, DeclaredStructure.REARRANGEMENT, DeclaredStructure.TRUNCATION]
)
def test_a_laboratory_word_stands_in_for_the_side_of_a_hotspot_break(word: DeclaredStructure) -> None:
    call = a_call(an_end("FGFR2", "intron 17", None), None, declared=word, reported_by_lab=True)
    facts = facts_of(call)
    assert (facts.fgfr_keeps, facts.kept_side_assumed) == (FIVE, True)
    assert "KEPT_SIDE_ASSUMED" in codes(facts)


@pytest.mark.parametrize(
    "call",
    [
        a_call(an_end("FGFR2", "intron 17", None), None, declared=DeclaredStructure.FUSION),
        a_call(an_end("FGFR2", "intron 17", None), None, declared=DeclaredStructure.INVERSION, reported_by_lab=True),
        a_call(an_end("FGFR2", "intron 16", None), None, declared=DeclaredStructure.FUSION, reported_by_lab=True),
        a_call(an_end("FGFR1", "intron 17", None), None, declared=DeclaredStructure.FUSION, reported_by_lab=True),
    ],
    ids=["a caller", "another word", "outside the hotspot", "FGFR1"],
)
def test_nothing_else_stands_in_for_the_side(call: RearrangementCall) -> None:
    facts = facts_of(call)
    assert (facts.fgfr_keeps, facts.kept_side_assumed) == (None, False)


@pytest.mark.parametrize(
    ("exon", "intron", "declared", "site"),
    [
        (None, 17, None, BreakSite.HOTSPOT),
        (None, 18, None, BreakSite.HOTSPOT),
        (None, 16, None, BreakSite.BEFORE_HOTSPOT),
        (18, None, None, BreakSite.HOTSPOT),
        (19, None, None, BreakSite.HOTSPOT),
        (16, None, None, BreakSite.BEFORE_HOTSPOT),
        (17, None, DeclaredStructure.FUSION, BreakSite.HOTSPOT),
        (17, None, DeclaredStructure.REARRANGEMENT, BreakSite.CROSSES_LIMIT),
        (None, None, DeclaredStructure.FUSION, BreakSite.UNKNOWN),
    ],
)
def test_a_break_in_words_is_placed_by_its_numbers(
    exon: int | None, intron: int | None, declared: DeclaredStructure | None, site: BreakSite
) -> None:
    call = a_named_call("FGFR2", "BICC1", declared=declared)
    facts = facts_of(structs.replace(call, first=named("FGFR2", exon=exon, intron=intron)))
    assert facts.site is site


@pytest.mark.parametrize(
    ("exon", "intron", "kinase"),
    [
        (10, None, KinaseDomain.RETAINED),
        (11, None, KinaseDomain.RETAINED),
        (12, None, KinaseDomain.PARTLY),
        (18, None, KinaseDomain.LOST),
        (None, 10, KinaseDomain.RETAINED),
        (None, 11, KinaseDomain.PARTLY),
        (None, 17, KinaseDomain.LOST),
        (None, None, KinaseDomain.UNKNOWN),
    ],
)
def test_a_three_prime_part_in_words_begins_with_the_exon_it_names(
    exon: int | None, intron: int | None, kinase: KinaseDomain
) -> None:
    call = a_named_call("VCL", "FGFR2", order=GeneOrder.ASSERTED)
    facts = facts_of(structs.replace(call, second=named("FGFR2", exon=exon, intron=intron)))
    assert (facts.fgfr_keeps, facts.kinase) == (THREE, kinase)


def test_names_alone_tell_the_partner_and_nothing_more() -> None:
    facts = facts_of(a_named_call("FGFR2", "KIAA1598"))
    assert facts.partner is not None
    assert facts.partner.gene == "SHTN1"
    assert facts.partner_tier == "A"
    assert (facts.fgfr_keeps, facts.in_strand, facts.site) == (None, None, BreakSite.UNKNOWN)


def test_the_first_word_that_is_a_gene_names_a_partner_we_do_not_know() -> None:
    call = a_named_call("FGFR2")
    facts = facts_of(structs.replace(call, second=named("N/A", "NOVEL1")))
    assert facts.partner is not None
    assert facts.partner.gene == "NOVEL1"


@pytest.mark.parametrize("side", [named("N/A"), named("."), Breakend(), None])
def test_a_partner_that_is_not_given_is_unknown(side: Breakend | None) -> None:
    facts = facts_of(structs.replace(a_named_call("FGFR2"), second=side))
    assert facts.partner_kind is PartnerKind.UNKNOWN
    assert facts.partner is None or facts.partner.gene is None


def test_a_partner_that_the_source_states_as_intergenic_is_intergenic() -> None:
    facts = facts_of(structs.replace(a_named_call("FGFR2"), second=Breakend(states_no_gene=True)))
    assert facts.partner_kind is PartnerKind.INTERGENIC


def test_a_name_for_a_place_without_genes_is_told_and_not_believed() -> None:
    call = a_call(an_end("FGFR2", "intron 17"), intergenic(genes=("BICC1",)))
    facts = facts_of(call)
    assert facts.partner_kind is PartnerKind.INTERGENIC
    assert facts.partner is not None
    assert facts.partner.gene is None
    assert "NAMED_GENE_NOT_AT_BREAK" in codes(facts)


def test_a_finding_of_a_reader_that_we_do_not_know_is_told_in_its_own_words() -> None:
    facts = facts_of(an_fgfr2_bicc1_call(finding_codes=("SIDES_CONFLICT", "HOUSE_RULE_7")))
    assert codes(facts)[:2] == ["SIDES_CONFLICT", "HOUSE_RULE_7"]
    assert facts.findings[1].message == "house rule 7"


# ----------------------------------------------------------------------------------------------------- inserted bases


@pytest.mark.parametrize("is_turned", [False, True])
def test_inserted_bases_count_in_the_direction_of_transcription(is_turned: bool) -> None:
    """TTA on the forward strand reads TAA in an FGFR2 transcript: a stop codon. TAA reads TTA."""
    ends = an_end("FGFR2", "exon 17 last base"), an_end("BICC1", "exon 3 first base", THREE)
    call = a_call(*ends, untemplated_sequence="TTA")
    facts = facts_of(turned(call) if is_turned else call)
    assert facts.frame is Frame.STOP_BEFORE_JUNCTION
    harmless = structs.replace(call, untemplated_sequence="TAA")
    assert facts_of(turned(harmless) if is_turned else harmless).frame is Frame.IN_FRAME


def test_inserted_bases_of_a_caller_without_orientation_have_no_direction() -> None:
    call = an_rna_call("FGFR2", 17, "BICC1", 3, untemplated_sequence="TTA", orientation_is_reliable=False)
    assert facts_of(call).frame is not Frame.STOP_BEFORE_JUNCTION


def test_both_bases_of_a_running_codon_are_read() -> None:
    """Exon 18 of FGFR2 reads GAA TAC: after its TA an inserted A (T on the forward strand) is the stop codon TAA."""
    tx = mane("FGFR2")
    pos = downstream_of(tx, tx.exon_ends[0], 4)
    end = an_end("FGFR2", "exon 18 first base", pos=pos, pos_end=pos)
    partner = an_end("BICC1", "exon 3 first base", THREE)
    assert facts_of(a_call(end, partner, untemplated_sequence="T")).frame is Frame.STOP_BEFORE_JUNCTION
    assert facts_of(a_call(end, partner, untemplated_sequence="G")).frame is Frame.IN_FRAME


def test_the_running_codon_is_read_up_to_the_insertion() -> None:
    """FGFR2 exon 18 begins GA: an inserted G (C on the forward strand) completes the codon, and TAA or TGA after it is a stop."""
    tx = mane("FGFR2")
    second = downstream_of(tx, tx.exon_ends[0], 1)
    end = an_end("FGFR2", "exon 18 first base", pos=second, pos_end=second)
    partner = an_end("BICC1", "exon 3 first base", THREE)
    for inserted, frame in (
        ("C", Frame.IN_FRAME),
        ("CC", Frame.OUT_OF_FRAME),
        ("TTAC", Frame.STOP_BEFORE_JUNCTION),
        ("CTTA", Frame.IN_FRAME),
        ("CTCA", Frame.IN_FRAME),
        ("CTCAC", Frame.STOP_BEFORE_JUNCTION),
    ):
        assert facts_of(a_call(end, partner, untemplated_sequence=inserted)).frame is frame


# ------------------------------------------------------------------------------------------------------------ internal


def internal(
    one: tuple[str, Orientation | None], other: tuple[str, Orientation | None], gene: str = "FGFR2"
) -> RearrangementFacts:
    ends = [an_end(gene, where, None, orientation=side) for where, side in (one, other)]
    return facts_of(a_call(*ends))


@pytest.mark.parametrize(
    ("low", "high", "shape"),
    [
        (LEFT, RIGHT, "deletion"),
        (RIGHT, LEFT, "duplication"),
        (LEFT, LEFT, "inversion"),
        (RIGHT, RIGHT, "inversion"),
        (None, LEFT, None),
    ],
)
def test_the_kept_sides_tell_the_shape_of_an_internal_event(
    low: Orientation | None, high: Orientation | None, shape: str | None
) -> None:
    # FGFR2 is read from the reverse strand: intron 17 lies lower than intron 9.
    facts = internal(("intron 17", low), ("intron 9", high))
    assert facts.is_internal
    assert facts.internal_shape == shape
    assert facts.partner_kind is PartnerKind.SAME_GENE


def test_bases_inserted_at_one_place_are_no_deletion() -> None:
    at = place("FGFR2", "intron 17")
    low = structs.replace(an_end("FGFR2", "intron 17"), pos=at, orientation=LEFT)
    high = structs.replace(low, pos=after(at), orientation=RIGHT)
    assert facts_of(a_call(low, high)).internal_shape == "insertion"
    wide = structs.replace(high, pos=after(after(at)))
    assert facts_of(a_call(low, wide)).internal_shape == "deletion"


def test_an_internal_event_is_told_of_the_end_that_keeps_exons_1_to_17() -> None:
    facts = internal(("intron 17", RIGHT), ("intron 9", LEFT))
    assert (facts.fgfr.intron, facts.fgfr_keeps, facts.site) == (17, FIVE, BreakSite.HOTSPOT)
    assert facts.duplicated_exons == (10, 17)


def test_a_deletion_that_ends_in_the_hotspot_is_told_of_its_five_prime_end() -> None:
    facts = internal(("intron 17", LEFT), ("intron 9", RIGHT))
    assert (facts.fgfr.intron, facts.fgfr_keeps, facts.site) == (9, FIVE, BreakSite.BEFORE_HOTSPOT)


def test_both_ends_in_one_intron_count_only_when_no_interval_leaves_it() -> None:
    ends = (
        an_interval(an_end("FGFR2", "intron 5", THREE), -30, -10),
        an_interval(an_end("FGFR2", "intron 5", FIVE), 10, 30),
    )
    assert facts_of(a_call(*ends)).same_intron
    wide = (
        an_interval(an_end("FGFR2", "exon 6 first base", THREE), 1, 40),
        an_interval(an_end("FGFR2", "exon 6 first base", FIVE), -40, 60),
    )
    assert not facts_of(a_call(*wide)).same_intron


def test_introns_in_words_can_be_the_same_intron() -> None:
    ends = named("FGFR2", intron=17), named("FGFR2", intron=17)
    assert facts_of(structs.replace(a_named_call("FGFR2"), first=ends[0], second=ends[1])).same_intron


def test_a_break_beside_the_gene_is_not_internal() -> None:
    facts = facts_of(a_call(an_end("FGFR2", "intron 17"), an_end("FGFR2", "downstream", THREE)))
    assert not facts.is_internal
    assert facts.fgfr.intron == 17


def test_exon_numbers_of_a_laboratory_bound_a_duplication() -> None:
    call = a_named_call("FGFR2", declared=DeclaredStructure.INTRAGENIC_DUPLICATION)
    facts = facts_of(structs.replace(call, first=named("FGFR2", exon=17), second=named("FGFR2", exon=10)))
    assert facts.duplicated_exons == (10, 17)


# ----------------------------------------------------------------------------------------------- immunoglobulin hijack


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("distance", [-240_000, -100_000, 20_000, 60_000, 130_000, 240_000])
def test_an_immunoglobulin_locus_near_fgfr3_is_kept(distance: int, assembly: Assembly) -> None:
    tx = mane("FGFR3", assembly)
    pos = Pos1(tx.tx_end + distance if distance > 0 else tx.tx_start + distance)
    igh = Pos1(105_880_000 if assembly is GRCH38 else 106_346_000)
    ends = (
        Breakend(contig="chr4", pos=pos, pos_end=pos, orientation=RIGHT),
        Breakend(contig="chr14", pos=igh, pos_end=igh, orientation=LEFT),
    )
    for call in (a_call(*ends, assembly=assembly), a_call(*reversed(ends), assembly=assembly)):
        facts = facts_of(call)
        assert (facts.gene, facts.immunoglobulin) == (FgfrGene.FGFR3, "IGH")


def test_an_immunoglobulin_locus_too_far_from_fgfr3_is_outside() -> None:
    pos = Pos1(mane("FGFR3").tx_end + 250_001)
    ends = (
        Breakend(contig="chr4", pos=pos, orientation=RIGHT),
        Breakend(contig="chr14", pos=Pos1(105_880_000), orientation=LEFT),
    )
    assert annotate_rearrangement(a_call(*ends)) is None


def test_an_immunoglobulin_locus_is_known_by_name_as_well() -> None:
    assert facts_of(a_named_call("IGH@", "FGFR3")).immunoglobulin == "IGH"


# --------------------------------------------------------------------------------------------------- frame and sources


def test_a_frame_that_the_source_gives_counts_where_ours_is_unknown() -> None:
    facts = facts_of(a_named_call("FGFR2", "NOVEL1", order=GeneOrder.ASSERTED, declared_frame=Frame.IN_FRAME))
    assert facts.frame is Frame.IN_FRAME
    assert codes(facts) == ["FRAME_FROM_SOURCE"]


def test_coordinates_win_over_the_frame_of_a_dna_caller() -> None:
    facts = facts_of(an_fgfr2_bicc1_call(declared_frame=Frame.OUT_OF_FRAME))
    assert facts.frame is Frame.IN_FRAME
    assert "FRAME_CONFLICT" in codes(facts)


def test_an_rna_caller_that_sees_the_frame_kept_is_believed() -> None:
    out = an_rna_call("FGFR2", 17, "BICC1", 4)
    assert facts_of(out).frame is Frame.OUT_OF_FRAME
    told = facts_of(structs.replace(out, declared_frame=Frame.IN_FRAME))
    assert told.frame is Frame.IN_FRAME
    assert "FRAME_CONFLICT" in codes(told)


def test_a_frame_across_two_strands_is_not_believed() -> None:
    call = a_call(
        an_end("FGFR2", "intron 17"),
        an_end("BICC1", "intron 2", FIVE),
        declared_frame=Frame.IN_FRAME,
        molecule=Molecule.RNA,
    )
    assert facts_of(call).frame is Frame.UNKNOWN


def test_fgfr1_joined_before_its_start_codon_holds_it() -> None:
    assert facts_of(
        a_call(an_end("TACC1", "intron 1", FIVE), an_end("FGFR1", "intron 1", THREE))
    ).joins_before_start_codon
    assert not facts_of(
        a_call(an_end("TACC1", "intron 1", FIVE), an_end("FGFR1", "intron 2", THREE))
    ).joins_before_start_codon


# ------------------------------------------------------------------------------------------------- shared between builds


@pytest.mark.parametrize("partner", ["BICC1", "SORBS1", "TACC2", "AHCYL1"])
def test_a_partner_exon_is_named_only_where_the_number_means_the_same_on_both_assemblies(partner: str) -> None:
    parts = set()
    for assembly in Assembly:
        facts = facts_of(a_joined("FGFR2", "intron 17", partner, "intron 5", assembly))
        assert facts.partner_place is not None
        parts.add((facts.partner_place.gene, facts.partner_place.part))
    assert parts == {(partner, "intron 5")}


@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_gene_with_other_exons_on_the_older_assembly_is_compared_by_name_only(assembly: Assembly) -> None:
    """BEND3: five exons in the GRCh37 row, four in MANE."""
    facts = facts_of(a_joined("FGFR2", "intron 17", "BEND3", "intron 2", assembly))
    assert facts.partner_place is not None
    assert (facts.partner_place.gene, facts.partner_place.part) == ("BEND3", None)


@given(call=structural_calls())
@settings(deadline=None, max_examples=150)
def test_any_call_can_be_annotated_and_its_ends_can_be_exchanged(call: RearrangementCall) -> None:
    facts = annotate_rearrangement(call)
    if facts is None or call.second is None:
        return
    other = annotate_rearrangement(turned(call))
    assert other is not None
    if call.order is GeneOrder.UNKNOWN:
        same = structs.replace(other, call=facts.call, fgfr_is_first=facts.fgfr_is_first)
        assert same == facts


@given(data=st.data(), gene=st.sampled_from(FGFRS))
@settings(deadline=None, max_examples=60)
def test_every_fgfr_position_has_one_meaning_on_both_assemblies(data: st.DataObject, gene: str) -> None:
    tx = mane(gene)
    # The first and last exons of the two rows end up to 19 bases apart.
    pos = data.draw(st.integers(tx.tx_start + 20, tx.tx_end - 20))
    keeps = data.draw(st.sampled_from(TranscriptSide))
    new, old = at(gene, pos, GRCH38, keeps), at(gene, from_grch38(FgfrGene(gene), pos, GRCH37), GRCH37, keeps)
    assert to_grch38(FgfrGene(gene), old.fgfr.pos or 0, GRCH37) == new.fgfr.pos
    for field in ("site", "kinase", "retained_exons", "three_prime_exon", "joins_before_start_codon", "fgfr_place"):
        assert getattr(new, field) == getattr(old, field)
    assert new.fgfr.coordinate == old.fgfr.coordinate


def test_the_region_of_the_break_is_told() -> None:
    assert at("FGFR2", mane("FGFR2").tx_end + 100, GRCH38).fgfr.region is Region.UPSTREAM
    assert at("FGFR3", mane("FGFR3").tx_end + 100, GRCH38).fgfr.region is Region.DOWNSTREAM


def test_a_junction_that_is_not_told_as_rna_is_no_rna_junction() -> None:
    call = an_rna_call("FGFR2", 17, "BICC1", 3, junction=JunctionKind.DNA_BREAKPOINT)
    assert facts_of(call).frame is Frame.IN_FRAME
