"""`fgfr_screen.merge`: which calls are one event, whatever their order, caller, molecule and assembly."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen import merge
from fgfr_screen.annotate.copy_number import annotate_copy_number
from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.facts import CopyNumberFacts, ExpressionFacts, RearrangementFacts, RearrangementGroup
from fgfr_screen.merge import group_by, is_same_event, merge_copy_numbers, merge_rearrangements
from fgfr_screen.model import Breakend, CopyNumberCall, ExpressionCall, Pos1, RearrangementCall
from fgfr_screen.terms import (
    Assembly,
    BreakSite,
    CallStatus,
    DeclaredStructure,
    FgfrGene,
    FilterStatus,
    GeneOrder,
    JunctionKind,
    Molecule,
)
from tests.builders import (
    FIVE,
    GRCH37,
    GRCH38,
    LEFT,
    RIGHT,
    THREE,
    a_call,
    a_copy_number_call,
    a_joined,
    a_named_call,
    a_segment,
    a_source,
    an_end,
    an_fgfr2_bicc1_call,
    an_interval,
    an_rna_call,
    from_line,
    intergenic,
    named,
    other_product,
    place,
    turned,
)
from tests.strategies import patients, structural_calls

FUSION = DeclaredStructure.FUSION


def numbered(*calls: RearrangementCall) -> list[RearrangementFacts]:
    """Annotate the calls, each from a line of its own, 1 first."""
    found = [annotate_rearrangement(from_line(call, line)) for line, call in enumerate(calls, 1)]
    return [facts for facts in found if facts is not None]


def lines_of(group: RearrangementGroup) -> set[int]:
    return {facts.call.source.line or 0 for facts in (*group.members, *group.reciprocal)}


def partition(*calls: RearrangementCall) -> list[set[int]]:
    """Return the lines of each event, in the order of their lowest line."""
    return sorted((lines_of(group) for group in merge_rearrangements(numbered(*calls))), key=min)


def moved(call: RearrangementCall, fgfr: int = 0, partner: int = 0) -> RearrangementCall:
    """Shift both ends by some bases."""

    def shifted(end: Breakend | None, bases: int) -> Breakend | None:
        if end is None or end.pos is None:
            return end
        return structs.replace(end, pos=Pos1(end.pos + bases), pos_end=Pos1((end.pos_end or end.pos) + bases))

    return structs.replace(call, first=shifted(call.first, fgfr), second=shifted(call.second, partner))


def one_event(*calls: RearrangementCall) -> RearrangementGroup:
    groups = merge_rearrangements(numbered(*calls))
    assert len(groups) == 1, partition(*calls)
    return groups[0]


# ----------------------------------------------------------------------------------------------------- same breakpoint


def test_callers_may_differ_by_50_bases_at_each_end() -> None:
    call = an_fgfr2_bicc1_call()
    assert partition(call, moved(call, 50, -50)) == [{1, 2}]
    assert partition(call, moved(call, 51, 0)) == [{1}, {2}]
    assert partition(call, moved(call, 0, 51)) == [{1}, {2}]


def test_an_interval_is_near_by_its_nearest_base() -> None:
    call = an_fgfr2_bicc1_call()
    assert call.second is not None
    wide = structs.replace(call, first=an_interval(call.first, -500, 500), second=an_interval(call.second, -300, 300))
    assert partition(wide, moved(call, 550, 350)) == [{1, 2}]
    assert partition(wide, moved(call, 551, 0)) == [{1}, {2}]


def test_the_end_that_a_source_names_first_does_not_matter() -> None:
    call = an_fgfr2_bicc1_call()
    assert partition(call, turned(call)) == [{1, 2}]


def test_an_unoriented_call_of_the_same_place_is_the_same_event() -> None:
    call = an_fgfr2_bicc1_call()
    unoriented = structs.replace(call, orientation_is_reliable=False)
    group = one_event(unoriented, call)
    assert group.lead.call.source.line == 2, "the call that tells the sides leads"


def test_two_fusions_of_one_gene_stay_two() -> None:
    assert partition(an_fgfr2_bicc1_call(), a_joined("FGFR2", "intron 17", "SHTN1", "intron 6")) == [{1}, {2}]


def test_two_genes_stay_two_events() -> None:
    assert partition(an_fgfr2_bicc1_call(), a_joined("FGFR3", "intron 17", "TACC3", "intron 10")) == [{1}, {2}]


def test_another_kept_side_of_the_partner_is_another_junction() -> None:
    call = an_fgfr2_bicc1_call()
    other = structs.replace(call, second=an_end("BICC1", "intron 2", FIVE))
    assert partition(call, other) == [{1}, {2}]


def test_intergenic_partners_are_told_apart_by_place() -> None:
    one = a_call(an_end("FGFR2", "intron 17"), intergenic())
    assert partition(one, moved(one, 10, 10)) == [{1, 2}]
    assert partition(one, moved(one, 0, 1000)) == [{1}, {2}]


# --------------------------------------------------------------------------------------------------- both assemblies


@pytest.mark.parametrize("partner", ["BICC1", "SORBS1", "BEND3", "SHTN1"])
def test_one_junction_on_two_assemblies_is_one_event(partner: str) -> None:
    calls = [
        a_joined("FGFR2", "intron 17", partner, "intron 5" if partner != "BEND3" else "intron 2", build)
        for build in Assembly
    ]
    # BEND3 has another exon structure on GRCh37, so `intron 2` is not the same place; the gene is compared then.
    assert partition(*calls) == [{1, 2}]


def test_another_fgfr_break_on_the_other_assembly_is_another_event() -> None:
    assert partition(an_fgfr2_bicc1_call(GRCH37), moved(an_fgfr2_bicc1_call(GRCH38), 60)) == [{1}, {2}]


def test_another_partner_intron_on_the_other_assembly_is_another_event() -> None:
    assert partition(an_fgfr2_bicc1_call(GRCH37), a_joined("FGFR2", "intron 17", "BICC1", "intron 3")) == [{1}, {2}]


def test_intergenic_partners_on_two_assemblies_are_compared_by_contig() -> None:
    calls = [
        a_call(an_end("FGFR2", "intron 17", FIVE, build), intergenic(assembly=build), assembly=build)
        for build in Assembly
    ]
    assert partition(*calls) == [{1, 2}]
    elsewhere = structs.replace(
        calls[1], second=intergenic(contig="chr21", pos=Pos1(6_000_000), pos_end=Pos1(6_000_000))
    )
    assert partition(calls[0], elsewhere) == [{1}, {2}]


@pytest.mark.parametrize("distance", [10_000, 150_000])
def test_a_hijacked_fgfr3_on_two_assemblies_is_one_event(distance: int) -> None:
    calls = []
    for build, igh in ((GRCH37, 106_346_000), (GRCH38, 105_880_000)):
        pos = Pos1(place("FGFR3", "end of stop codon", build) + 5000 + distance)
        ends = (
            Breakend(contig="chr4", pos=pos, pos_end=pos, orientation=RIGHT),
            Breakend(contig="chr14", pos=Pos1(igh), orientation=LEFT),
        )
        calls.append(a_call(*ends, assembly=build))
    assert partition(*calls) == [{1, 2}]


# ---------------------------------------------------------------------------------------------------------- reciprocal


@pytest.mark.parametrize("gap", [0, 5, 900])
def test_both_products_of_a_balanced_event_are_one_event(gap: int) -> None:
    call = an_fgfr2_bicc1_call()
    group = one_event(other_product(call, gap), call)
    assert group.lead.call.source.line == 2
    assert [facts.call.source.line for facts in group.reciprocal] == [1]


def test_products_more_than_1_kb_apart_are_two_events() -> None:
    call = an_fgfr2_bicc1_call()
    assert partition(call, other_product(call, 1000)) == [{1}, {2}]


def test_both_products_on_two_assemblies_are_one_event() -> None:
    assert partition(an_fgfr2_bicc1_call(GRCH37), other_product(an_fgfr2_bicc1_call(GRCH38))) == [{1, 2}]


def test_opposite_sides_at_one_end_only_are_no_reciprocal_pair() -> None:
    call = an_fgfr2_bicc1_call()
    other = structs.replace(call, first=other_product(call).first)
    assert partition(call, other) == [{1}, {2}]


def test_both_junctions_of_an_internal_inversion_are_one_event() -> None:
    ends = [an_end("FGFR2", "intron 17", None), an_end("FGFR2", "intron 9", None)]
    both = [a_call(*(structs.replace(end, orientation=side) for end in ends)) for side in (LEFT, RIGHT)]
    assert partition(*both) == [{1, 2}]


# ----------------------------------------------------------------------------------------------------------------- RNA


def test_dna_and_rna_of_one_fusion_are_one_event() -> None:
    group = one_event(an_rna_call("FGFR2", 17, "BICC1", 3), an_fgfr2_bicc1_call())
    assert group.lead.call.junction is JunctionKind.DNA_BREAKPOINT


def test_rna_isoforms_of_one_fusion_are_one_event() -> None:
    assert partition(an_rna_call("FGFR2", 17, "BICC1", 3), an_rna_call("FGFR2", 17, "BICC1", 4)) == [{1, 2}]


def test_rna_of_another_partner_is_another_event() -> None:
    rna = an_rna_call("FGFR2", 17, "BICC1", 3)
    assert partition(rna, an_rna_call("FGFR2", 17, "SHTN1", 7)) == [{1}, {2}]


def test_a_transcript_that_skips_the_last_exons_is_of_the_same_event_and_never_leads_it() -> None:
    group = one_event(an_rna_call("FGFR2", 16, "BICC1", 3, split_reads=900), an_rna_call("FGFR2", 17, "BICC1", 3))
    assert group.lead.site is BreakSite.HOTSPOT


def test_rna_without_kept_sides_joins_the_surer_of_two_events_and_makes_no_one_of_them() -> None:
    main, other = an_rna_call("FGFR2", 17, "BICC1", 3), an_rna_call("BICC1", 2, "FGFR2", 10)
    unsided = structs.replace(main, order=GeneOrder.UNKNOWN, orientation_is_reliable=False)
    assert partition(main, other, unsided) == [{1, 3}, {2}]


def test_rna_cannot_show_exons_that_the_dna_break_has_cut_off() -> None:
    dna = a_joined("FGFR2", "intron 10", "BICC1", "intron 2")
    assert partition(dna, an_rna_call("FGFR2", 17, "BICC1", 3)) == [{1}, {2}]
    assert partition(dna, an_rna_call("FGFR2", 9, "BICC1", 3)) == [{1, 2}]
    assert partition(dna, an_rna_call("FGFR2", 11, "BICC1", 3)) == [{1}, {2}]


def test_rna_of_exon_17_comes_from_a_break_behind_the_stop_codon_as_well() -> None:
    dna = a_joined("FGFR2", "end of stop codon", "BICC1", "intron 2")
    group = one_event(dna, an_rna_call("FGFR2", 17, "BICC1", 3))
    assert group.lead.site is BreakSite.HOTSPOT


def test_an_interval_over_the_end_of_exon_17_fits_the_rna_of_it() -> None:
    end = an_interval(an_end("FGFR2", "exon 17 last base"), -5, 5)
    dna = a_call(end, an_end("BICC1", "intron 2", THREE))
    assert one_event(dna, an_rna_call("FGFR2", 16, "BICC1", 3)).lead.call.source.line in (1, 2)


def test_rna_of_the_reciprocal_product_in_the_same_intron_joins() -> None:
    rna, back = an_rna_call("FGFR2", 17, "BICC1", 3), an_rna_call("BICC1", 2, "FGFR2", 18)
    group = one_event(back, rna)
    assert (group.lead.call.source.line, len(group.reciprocal)) == (2, 1)
    assert partition(back, an_fgfr2_bicc1_call()) == [{1, 2}]


def test_rna_with_reversed_genes_in_another_intron_is_another_event() -> None:
    assert partition(an_rna_call("FGFR2", 17, "BICC1", 3), an_rna_call("BICC1", 2, "FGFR2", 10)) == [{1}, {2}]


def test_rna_of_the_kinase_does_not_come_from_a_break_behind_it() -> None:
    dna = a_call(an_end("BICC1", "intron 2", FIVE), an_end("FGFR2", "intron 17", THREE))
    assert partition(dna, an_rna_call("BICC1", 2, "FGFR2", 10)) == [{1}, {2}]


def test_rna_runs_from_an_intergenic_break_into_the_next_gene() -> None:
    bicc1 = place("BICC1", "exon 3 first base")
    before = Breakend(contig="chr10", pos=Pos1(bicc1 - 330_000), pos_end=Pos1(bicc1 - 330_000), orientation=RIGHT)
    dna = a_call(an_end("FGFR2", "intron 17"), before)
    group = one_event(dna, an_rna_call("FGFR2", 17, "BICC1", 3))
    assert group.lead.partner is not None
    assert group.lead.partner.gene == "BICC1", "the call that names the gene leads"


@pytest.mark.parametrize(("reach", "events"), [(330_000, [{1, 2}]), (329_999, [{1}, {2}])])
def test_rna_reaches_just_so_far(reach: int, events: list[set[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    assert merge.RNA_REACH_BP == 500_000
    monkeypatch.setattr(merge, "RNA_REACH_BP", reach)
    there = Pos1(place("BICC1", "exon 3 first base") - 330_000)
    dna = a_call(an_end("FGFR2", "intron 17"), Breakend(contig="chr10", pos=there, orientation=RIGHT))
    assert partition(dna, an_rna_call("FGFR2", 17, "BICC1", 3)) == events


@pytest.mark.parametrize(
    ("bases", "orientation"),
    [(-330_000, LEFT), (600_000, RIGHT), (-501_000, RIGHT), (None, RIGHT)],
    ids=["kept side away", "behind the gene", "too far", "another contig"],
)
def test_rna_does_not_run_backwards_or_too_far(bases: int | None, orientation: str) -> None:
    bicc1 = place("BICC1", "exon 3 first base")
    pos = Pos1(bicc1 + bases) if bases is not None else Pos1(55_000_000)
    contig = "chr10" if bases is not None else "chr13"
    there = Breakend(contig=contig, pos=pos, pos_end=pos, orientation=LEFT if orientation == LEFT else RIGHT)
    dna = a_call(an_end("FGFR2", "intron 17"), there)
    assert partition(dna, an_rna_call("FGFR2", 17, "BICC1", 3)) == [{1}, {2}]


# ---------------------------------------------------------------------------------------------------------- names only


@pytest.mark.parametrize("order", list(GeneOrder))
def test_a_named_fusion_is_the_one_that_coordinates_show(order: GeneOrder) -> None:
    text = a_named_call("FGFR2", "BICC1", declared=FUSION, order=order)
    assert partition(text, an_fgfr2_bicc1_call()) == [{1, 2}]
    assert partition(text, an_rna_call("FGFR2", 17, "BICC1", 3)) == [{1, 2}]


def test_a_named_fusion_of_another_partner_stays_alone() -> None:
    assert partition(a_named_call("FGFR2", "SHTN1", declared=FUSION), an_fgfr2_bicc1_call()) == [{1}, {2}]


def test_a_named_fusion_with_another_site_stays_alone() -> None:
    text = structs.replace(a_named_call("FGFR2", "BICC1", declared=FUSION), first=named("FGFR2", exon=5))
    assert partition(text, an_fgfr2_bicc1_call()) == [{1}, {2}]


def test_a_named_fusion_in_words_of_exon_17_joins_the_break_in_intron_17() -> None:
    text = structs.replace(
        a_named_call("FGFR2", "BICC1", declared=DeclaredStructure.REARRANGEMENT), first=named("FGFR2", exon=17)
    )
    assert partition(text, an_fgfr2_bicc1_call()) == [{1, 2}]


def test_a_named_fusion_in_the_other_order_stays_alone() -> None:
    text = a_named_call("BICC1", "FGFR2", declared=FUSION, order=GeneOrder.ASSERTED)
    assert partition(text, an_fgfr2_bicc1_call()) == [{1}, {2}]


def test_a_name_never_makes_one_event_of_two() -> None:
    """One pair of genes, one break in the hotspot and one that cuts the kinase: the name is that of the surer one."""
    cut, text = a_joined("FGFR2", "intron 5", "BICC1", "intron 2"), a_named_call("FGFR2", "BICC1", declared=FUSION)
    assert partition(an_fgfr2_bicc1_call(), cut, text) == [{1, 3}, {2}]


def test_a_partner_that_has_only_a_name_is_that_of_the_same_fgfr_break() -> None:
    call = an_fgfr2_bicc1_call()
    half = structs.replace(call, second=named("BICC1"))
    assert partition(call, half) == [{1, 2}]
    assert partition(call, moved(half, 500)) == [{1}, {2}]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_side_of_the_partner_that_leads_does_not_hang_on_the_order(order: tuple[int, ...]) -> None:
    """A partner by name fits both kept sides of one place; the one in strand leads, whichever is told first."""
    call = a_joined("FGFR3", "exon 18 last base", "BICC1", "intron 2")
    assert call.second is not None
    other_side = structs.replace(call.second, orientation=LEFT if call.second.orientation is RIGHT else RIGHT)
    calls = (call, structs.replace(call, second=other_side), structs.replace(call, second=named("BICC1")))
    lead = one_event(*(calls[at] for at in order)).lead
    assert lead.in_strand is True


def test_an_fgfr_that_has_only_a_name_is_that_of_the_same_partner() -> None:
    call = an_fgfr2_bicc1_call()
    half = structs.replace(call, first=named("FGFR2"))
    assert partition(call, half) == [{1, 2}]


def test_names_alone_are_one_event_by_pair() -> None:
    texts = [a_named_call("FGFR2", name, declared=FUSION) for name in ("BICC1", "BICC1", "SHTN1", "KIAA1598")]
    assert partition(*texts) == [{1, 2}, {3, 4}]


# ----------------------------------------------------------------------------------------------------- without partner


def test_a_statement_without_partner_joins_the_only_event_it_fits() -> None:
    text = a_named_call("FGFR2", declared=DeclaredStructure.REARRANGEMENT, molecule=Molecule.FISH)
    assert partition(text, an_fgfr2_bicc1_call()) == [{1, 2}]
    with_word = structs.replace(text, second=named("N/A"), first=named("FGFR2", intron=17))
    assert partition(with_word, an_fgfr2_bicc1_call()) == [{1, 2}]


def test_a_statement_without_partner_stays_alone_when_two_events_fit() -> None:
    text = a_named_call("FGFR2", declared=DeclaredStructure.REARRANGEMENT)
    two = an_fgfr2_bicc1_call(), a_joined("FGFR2", "intron 17", "SHTN1", "intron 6")
    assert partition(*two, text) == [{1}, {2}, {3}]


def test_a_statement_without_partner_does_not_join_another_site_or_gene() -> None:
    text = structs.replace(a_named_call("FGFR2"), first=named("FGFR2", intron=17))
    assert partition(text, a_joined("FGFR2", "intron 5", "BICC1", "intron 2")) == [{1}, {2}]
    assert partition(a_named_call("FGFR3"), an_fgfr2_bicc1_call()) == [{1}, {2}]


def test_statements_without_partner_are_one_event_per_gene_and_site() -> None:
    texts = [a_named_call("FGFR2"), a_named_call("FGFR2"), a_named_call("FGFR3")]
    assert partition(*texts) == [{1, 2}, {3}]


def test_a_single_breakend_is_the_break_that_has_a_partner_elsewhere() -> None:
    call = an_fgfr2_bicc1_call()
    single = structs.replace(call, second=None)
    assert partition(single, moved(call, 20)) == [{1, 2}]
    assert partition(moved(single, 200), call) == [{1}, {2}]
    assert partition(single, other_product(call)) == [{1}, {2}]


def test_a_single_breakend_between_two_events_makes_them_no_one() -> None:
    one = an_fgfr2_bicc1_call()
    other = moved(a_joined("FGFR2", "intron 17", "SHTN1", "intron 6"), 60)
    single = moved(structs.replace(one, second=None), 30)
    assert partition(one, other, single) == [{1}, {2}, {3}]


def test_rna_without_partner_is_the_junction_that_another_caller_gives_a_partner_to() -> None:
    rna = an_rna_call("FGFR2", 17, "BICC1", 3)
    assert partition(rna, structs.replace(rna, second=None)) == [{1, 2}]


# ------------------------------------------------------------------------------------------------------------ internal


def internal(low: str | None, high: str | None, **changes: object) -> RearrangementCall:
    ends = [an_end("FGFR2", where, None, orientation=side) for where, side in (("intron 17", low), ("intron 9", high))]
    return structs.replace(a_call(*ends), **changes)


def test_an_unoriented_internal_event_is_the_oriented_one() -> None:
    """Without orientation the hotspot end tells the event, with it the end that keeps the 5' part."""
    assert partition(internal(None, None), internal(LEFT, RIGHT)) == [{1, 2}]
    assert partition(internal(None, None), internal(RIGHT, LEFT)) == [{1, 2}]


def test_internal_and_other_events_stay_apart() -> None:
    assert partition(internal(RIGHT, LEFT), an_fgfr2_bicc1_call()) == [{1}, {2}]
    assert partition(internal(RIGHT, LEFT), a_named_call("FGFR2")) == [{1}, {2}]


def test_a_deletion_and_a_duplication_of_the_same_exons_are_two_products_of_one_event() -> None:
    group = one_event(internal(LEFT, RIGHT), internal(RIGHT, LEFT))
    assert (group.lead.internal_shape, group.lead.site) == ("duplication", BreakSite.HOTSPOT)


# ------------------------------------------------------------------------------------------------------------ the lead


@pytest.mark.parametrize(
    "worse",
    [
        {"status": CallStatus.EQUIVOCAL},
        {"filter": FilterStatus.FAILED},
        {"no_support": True},
        {"split_reads": 3},
    ],
)
def test_the_surer_call_leads(worse: dict[str, object]) -> None:
    good = an_fgfr2_bicc1_call(split_reads=30)
    assert one_event(structs.replace(good, **worse), good).lead.call.source.line == 2


def test_a_call_in_frame_leads_one_that_is_not() -> None:
    out, within = an_rna_call("FGFR2", 17, "BICC1", 4), an_rna_call("FGFR2", 17, "BICC1", 3)
    assert one_event(out, within).lead.call.source.line == 2


# ---------------------------------------------------------------------------------------------------------- properties

A_SET = patients() | st.sampled_from(Assembly).flatmap(
    lambda build: st.lists(structural_calls(build), min_size=1, max_size=4)
)


@given(calls=A_SET, seed=st.integers(0, 99))
@settings(deadline=None, max_examples=80)
def test_the_order_of_calls_changes_nothing(calls: list[RearrangementCall], seed: int) -> None:
    facts = numbered(*calls)
    shuffled = random.Random(seed).sample(facts, len(facts))
    assert merge_rearrangements(shuffled) == merge_rearrangements(facts)


@given(calls=A_SET)
@settings(deadline=None, max_examples=80)
def test_every_call_is_in_exactly_one_event(calls: list[RearrangementCall]) -> None:
    facts = numbered(*calls)
    groups = merge_rearrangements(facts)
    lines = [line for group in groups for line in (f.call.source.line for f in (*group.members, *group.reciprocal))]
    assert sorted(line or 0 for line in lines) == sorted(f.call.source.line or 0 for f in facts)
    assert all(group.lead in group.members for group in groups)
    assert all(f.gene is group.lead.gene for group in groups for f in (*group.members, *group.reciprocal))


@given(calls=A_SET)
@settings(deadline=None, max_examples=80)
def test_being_the_same_event_is_symmetric_and_holds_for_oneself(calls: list[RearrangementCall]) -> None:
    facts = numbered(*calls)
    for one in facts:
        for other in facts:
            assert is_same_event(one, other) == is_same_event(other, one)


@given(calls=A_SET, ends=st.lists(st.booleans(), min_size=6, max_size=6))
@settings(deadline=None, max_examples=60)
def test_exchanging_the_ends_of_calls_changes_no_event(calls: list[RearrangementCall], ends: list[bool]) -> None:
    plain = [structs.replace(call, order=GeneOrder.UNKNOWN) for call in calls]
    swapped = [turned(call) if flag and call.second else call for call, flag in zip(plain, ends, strict=False)]
    assert partition(*swapped) == partition(*plain)


@given(calls=A_SET, inputs=st.lists(st.sampled_from(("in1", "in2")), min_size=6, max_size=6))
@settings(deadline=None, max_examples=60)
def test_splitting_the_calls_into_two_files_changes_no_event(calls: list[RearrangementCall], inputs: list[str]) -> None:
    facts = numbered(*calls)
    split = [
        structs.replace(one, call=structs.replace(one.call, source=a_source(input=name, line=one.call.source.line)))
        for one, name in zip(facts, inputs, strict=False)
    ]
    whole, parts = ([lines_of(group) for group in merge_rearrangements(one)] for one in (facts, split))
    assert sorted(parts, key=min) == sorted(whole, key=min)


@given(st.lists(st.integers(0, 30), max_size=12))
def test_group_by_joins_chains(numbers: list[int]) -> None:
    groups = group_by(numbers, lambda a, b: abs(a - b) <= 1)
    assert sorted(n for group in groups for n in group) == sorted(numbers)
    for group in groups:
        assert max(group) - min(group) == len(set(group)) - 1
    for one in groups:
        for other in groups:
            assert one is other or all(abs(a - b) > 1 for a in one for b in other)


# --------------------------------------------------------------------------------------------------------- copy number


def copies_of(*calls: CopyNumberCall) -> list[CopyNumberFacts]:
    found = [annotate_copy_number(from_line(call, line, call.source.input)) for line, call in enumerate(calls, 1)]
    return [facts for facts in found if facts is not None]


def joined(*calls: CopyNumberCall) -> CopyNumberFacts:
    groups = merge_copy_numbers(copies_of(*calls), ())
    assert [len(group.members) for group in groups] == [1]
    return groups[0].members[0]


def test_segments_of_one_file_are_joined_over_the_gene() -> None:
    facts = joined(a_segment("FGFR2", 18, 18, 2), a_segment("FGFR2", 1, 17, 9))
    assert (facts.copies, facts.copies_min, facts.copies_max) == (9, 2, 9)
    assert (facts.covered_exons, facts.covers_whole_gene) == ((1, 17), False)


def test_an_exon_that_holds_the_limit_of_two_segments_counts_as_covered() -> None:
    one, other = a_segment("FGFR2", 1, 8, 9), a_segment("FGFR2", 10, 18, 8)
    assert joined(one, other).copies_min == 8
    gap = a_segment("FGFR2", 11, 18, 8)
    assert joined(one, gap).copies_min is None, "exons 9 and 10 were not seen"


def test_segments_that_leave_an_end_of_the_gene_out_have_no_lowest_copies() -> None:
    assert joined(a_segment("FGFR2", 1, 5, 9), a_segment("FGFR2", 6, 15, 8)).copies_min is None
    assert joined(a_segment("FGFR2", 4, 9, 9), a_segment("FGFR2", 10, 18, 8)).copies_min is None


def test_segments_of_two_files_or_two_callers_are_not_joined() -> None:
    one, other = a_segment("FGFR2", 1, 17, 9), a_segment("FGFR2", 18, 18, 2)
    for change in ({"source": a_source(input="in2")}, {"caller": "another"}):
        groups = merge_copy_numbers(copies_of(one, structs.replace(other, **change)), ())
        assert [len(group.members) for group in groups] == [2]


def test_copies_of_two_genes_are_two_groups() -> None:
    groups = merge_copy_numbers(copies_of(a_copy_number_call(8, "FGFR2"), a_copy_number_call(8, "FGFR1")), ())
    assert [group.gene for group in groups] == [FgfrGene.FGFR1, FgfrGene.FGFR2]


def test_expression_joins_the_copies_of_its_gene_and_stands_alone_without_them() -> None:
    stain = ExpressionFacts(
        call=ExpressionCall(source=a_source(line=9), gene="FGFR2", stain="FGFR2b"), gene=FgfrGene.FGFR2
    )
    (with_copies,) = merge_copy_numbers(copies_of(a_copy_number_call(8)), (stain,))
    assert (len(with_copies.members), with_copies.expression) == (1, (stain,))
    (alone,) = merge_copy_numbers((), (stain,))
    assert (alone.members, alone.expression) == ((), (stain,))


@given(copies=st.lists(st.floats(0, 30), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_the_order_of_copy_number_calls_changes_nothing(copies: list[float], seed: int) -> None:
    facts = copies_of(*(a_segment("FGFR2", 1 + 4 * at, 4 + 4 * at, value) for at, value in enumerate(copies)))
    shuffled = random.Random(seed).sample(facts, len(facts))
    assert merge_copy_numbers(shuffled, ()) == merge_copy_numbers(facts, ())
