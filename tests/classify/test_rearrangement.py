"""`fgfr_screen.classify.rearrangement`: the decision table of rules.md 1.3, FGFR1 and FGFR3, words, FISH, doubts."""

from typing import Any

import pytest
from hypothesis import given, settings
from msgspec import structs

from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.classify.rearrangement import classify_rearrangement
from fgfr_screen.facts import Verdict
from fgfr_screen.merge import merge_rearrangements
from fgfr_screen.model import Breakend, Pos1, RearrangementCall, TumorType
from fgfr_screen.terms import (
    AlterationClass,
    Assembly,
    CallStatus,
    Confidence,
    DeclaredStructure,
    FgfrGene,
    FilterStatus,
    Frame,
    GeneOrder,
    KinaseDomain,
    Mark,
    Molecule,
    Orientation,
    Outcome,
)
from tests.builders import (
    CCA,
    FIVE,
    GRCH37,
    GRCH38,
    LEFT,
    RIGHT,
    STOMACH,
    THREE,
    a_call,
    a_joined,
    a_named_call,
    an_end,
    an_fgfr2_bicc1_call,
    an_interval,
    an_rna_call,
    downstream_of,
    from_line,
    intergenic,
    mane,
    named,
    other_product,
    place,
    turned,
)
from tests.strategies import structural_calls

FUSION, REARRANGEMENT = AlterationClass.FUSION, AlterationClass.REARRANGEMENT
OTHER, DUPLICATED, SILENT = (
    AlterationClass.OTHER_STRUCTURAL_VARIANT,
    AlterationClass.INTERNAL_TANDEM_DUPLICATION,
    AlterationClass.SILENT,
)
MATCH, REVIEW, NO_MATCH = Outcome.MATCH, Outcome.REVIEW, Outcome.NO_MATCH
HIGH, MODERATE, LOW = Confidence.HIGH, Confidence.MODERATE, Confidence.LOW
WORD = DeclaredStructure
BUILDS = pytest.mark.parametrize("assembly", list(Assembly))


def verdict_on(*calls: RearrangementCall, tumor: TumorType | None = CCA) -> Verdict:
    """Judge the calls, which must be one event."""
    found = [annotate_rearrangement(from_line(call, line)) for line, call in enumerate(calls, 1)]
    groups = merge_rearrangements([facts for facts in found if facts is not None])
    assert len(groups) == 1
    return classify_rearrangement(groups[0], tumor)


def answer(*calls: RearrangementCall, tumor: TumorType | None = CCA) -> tuple[AlterationClass, Outcome, str]:
    """Return class, outcome and the code of the first reason."""
    verdict = verdict_on(*calls, tumor=tumor)
    return verdict.alteration_class, verdict.outcome, verdict.findings[0].code


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def fgfr2(where: str, partner: Breakend | None, assembly: Assembly = GRCH38, **changes: Any) -> RearrangementCall:
    return a_call(an_end("FGFR2", where, FIVE, assembly), partner, assembly=assembly, **changes)


def part(gene: str, where: str, keeps: Any = THREE, assembly: Assembly = GRCH38) -> Breakend:
    return an_end(gene, where, keeps, assembly)


# ------------------------------------------------------------------------------ the table of rules.md 1.3, row by row


@BUILDS
@pytest.mark.parametrize("where", ["exon 17 last base", "intron 17", "exon 18 first base", "exon 18 coding"])
@pytest.mark.parametrize(
    ("partner", "keeps"),
    [("intron 2", THREE), ("intron 3", THREE), ("intron 2", FIVE)],
    ids=["in frame", "out of frame", "out of strand"],
)
def test_row_1_a_tier_a_partner_in_the_hotspot_is_a_fusion_whatever_frame_and_strand(
    assembly: Assembly, where: str, partner: str, keeps: Any
) -> None:
    call = fgfr2(
        "exon 18 first base" if where == "exon 18 coding" else where, part("BICC1", partner, keeps, assembly), assembly
    )
    if where == "exon 18 coding":
        assert call.first.pos is not None
        pos = downstream_of(mane("FGFR2", assembly), call.first.pos, 100)
        call = structs.replace(call, first=structs.replace(call.first, pos=pos, pos_end=pos))
    verdict = verdict_on(call)
    assert (verdict.alteration_class, verdict.outcome) == (FUSION, MATCH)
    assert verdict.confidence is (MODERATE if keeps is FIVE else HIGH)


@BUILDS
def test_row_2_another_gene_in_strand_and_in_frame_is_a_fusion(assembly: Assembly) -> None:
    in_frame = fgfr2("intron 17", part("WDR7", "intron 4", THREE, assembly), assembly)
    facts = annotate_rearrangement(in_frame)
    assert facts is not None
    assert (facts.partner_tier, facts.frame) != ("A", Frame.OUT_OF_FRAME)
    expected = FUSION if facts.frame is Frame.IN_FRAME else REARRANGEMENT
    assert answer(in_frame)[:2] == (expected, MATCH)


@pytest.mark.parametrize("phase", [0, 1, 2])
def test_rows_2_and_3_the_frame_decides_between_fusion_and_rearrangement(phase: int) -> None:
    """AMOTL1 is no listed partner; its introns stand for the three phases."""
    calls = [fgfr2("intron 17", part("AMOTL1", f"intron {number}")) for number in range(2, 12)]
    found = [annotate_rearrangement(call) for call in calls]
    in_phase = next(
        call
        for call, facts in zip(calls, found, strict=True)
        if facts and f"{phase} expected" in (facts.frame_detail or "")
    )
    if phase == 0:
        assert answer(in_phase) == (FUSION, MATCH, "FUSION_IN_FRAME")
    else:
        verdict = verdict_on(in_phase)
        assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (REARRANGEMENT, MATCH, MODERATE)
        assert codes(verdict) == ["REARRANGEMENT_FRAME"]
        assert verdict.would_settle, "RNA could still show a chimeric transcript"


def test_row_2_rna_in_frame_upgrades_an_unknown_dna_frame() -> None:
    dna = fgfr2("intron 17", part("AMOTL1", "exon 5"))
    assert answer(dna) == (REARRANGEMENT, MATCH, "REARRANGEMENT_FRAME")
    rna = next(
        call
        for call in (an_rna_call("FGFR2", 17, "AMOTL1", number) for number in range(3, 12))
        if (facts := annotate_rearrangement(call)) and facts.frame is Frame.IN_FRAME
    )
    assert answer(dna, rna) == (FUSION, MATCH, "FUSION_IN_FRAME")


def test_row_3_out_of_strand_is_a_rearrangement() -> None:
    verdict = verdict_on(fgfr2("intron 17", part("AMOTL1", "intron 5", FIVE)))
    assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (REARRANGEMENT, MATCH, MODERATE)
    assert codes(verdict) == ["REARRANGEMENT_OUT_OF_STRAND"]


@BUILDS
@pytest.mark.parametrize("where", ["intron 17", "exon 18 first base", "exon 17 last base"])
def test_row_4_no_gene_on_the_other_side_is_a_rearrangement(where: str, assembly: Assembly) -> None:
    for partner in (intergenic(assembly=assembly), None):
        verdict = verdict_on(fgfr2(where, partner, assembly))
        assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (REARRANGEMENT, MATCH, HIGH)
        assert codes(verdict) == ["REARRANGEMENT_WITHOUT_GENE"]


def test_row_4_rna_upgrades_an_intergenic_break() -> None:
    bicc1 = mane("BICC1").exon_starts[2]
    before = Breakend(contig="chr10", pos=Pos1(bicc1 - 330_000), orientation=RIGHT)
    verdict = verdict_on(fgfr2("intron 17", before), an_rna_call("FGFR2", 17, "BICC1", 3))
    assert (verdict.alteration_class, verdict.outcome) == (FUSION, MATCH)
    assert "RNA_UPGRADES_INTERGENIC" in codes(verdict)


@BUILDS
def test_row_5_an_internal_event_that_keeps_exons_1_to_17_is_a_rearrangement(assembly: Assembly) -> None:
    for other in ("intron 9", "intron 2", "exon 18 first base"):
        verdict = verdict_on(fgfr2("intron 17", part("FGFR2", other, THREE, assembly), assembly))
        assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (REARRANGEMENT, MATCH, MODERATE)
    inverted = fgfr2("intron 17", part("FGFR2", "intron 9", FIVE, assembly), assembly)
    assert answer(inverted) == (REARRANGEMENT, MATCH, "INTERNAL_IN_HOTSPOT")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("intron 9", FIVE), ("intron 2", THREE)),
        (("intron 9", FIVE), ("intron 12", THREE)),
        (("intron 9", FIVE), ("intron 17", THREE)),
        (("intron 16", FIVE), ("intron 3", FIVE)),
        (("intron 17", THREE), ("intron 9", THREE)),
    ],
    ids=["duplication", "deletion", "deletion up to intron 17", "inversion", "inversion, hotspot end keeps exon 18"],
)
def test_row_6_other_internal_events_do_not_qualify(one: Any, other: Any) -> None:
    call = a_call(part("FGFR2", *one), part("FGFR2", *other))
    assert answer(call)[:2] == (OTHER, NO_MATCH)
    assert answer(turned(call))[:2] == (OTHER, NO_MATCH)


@BUILDS
@pytest.mark.parametrize("where", ["intron 1", "intron 5", "intron 16", "exon 17"])
@pytest.mark.parametrize("partner", ["BICC1", "ATE1", None])
def test_row_7_a_break_before_the_end_of_exon_17_cuts_the_kinase(
    where: str, partner: str | None, assembly: Assembly
) -> None:
    other = intergenic(assembly=assembly) if partner is None else part(partner, "intron 2", THREE, assembly)
    assert answer(fgfr2(where, other, assembly)) == (OTHER, NO_MATCH, "KINASE_CUT")


def test_row_7_holds_for_rna_in_frame_and_known_partners() -> None:
    """SNU-16 (exon 6) and SUM52PE (exon 5)."""
    for exon in (5, 6, 16):
        assert answer(an_rna_call("FGFR2", exon, "ATE1", 3, declared_frame=Frame.IN_FRAME)) == (
            OTHER,
            NO_MATCH,
            "KINASE_CUT",
        )


@pytest.mark.parametrize("tumor", [CCA, STOMACH, None])
@pytest.mark.parametrize("where", ["intron 17", "exon 18 first base", "stop codon"])
def test_row_8_exon_18_alone_is_review_in_cholangiocarcinoma_or_when_the_tumour_is_not_known(
    where: str, tumor: TumorType | None
) -> None:
    verdict = verdict_on(a_call(part("BICC1", "intron 2", FIVE), part("FGFR2", where)), tumor=tumor)
    expected = NO_MATCH if tumor is STOMACH else REVIEW
    assert (verdict.alteration_class, verdict.outcome, codes(verdict)) == (OTHER, expected, ["RECIPROCAL_ONLY"])
    assert verdict.marks == (Mark.RECIPROCAL_ONLY,)
    assert ("not known" in verdict.findings[0].message) == (tumor is None)


def test_row_8_a_tumour_type_that_was_not_understood_counts_as_not_known() -> None:
    call = a_call(part("BICC1", "intron 2", FIVE), part("FGFR2", "intron 17"))
    assert verdict_on(call, tumor=TumorType(text="?")).outcome is REVIEW


@pytest.mark.parametrize("tumor", [CCA, STOMACH, None])
def test_row_8_together_with_the_main_junction_it_is_that_junction(tumor: TumorType | None) -> None:
    call = an_fgfr2_bicc1_call()
    verdict = verdict_on(other_product(call), call, tumor=tumor)
    assert (verdict.alteration_class, verdict.outcome, verdict.marks) == (FUSION, MATCH, ())


@pytest.mark.parametrize("gene", ["FGFR1", "FGFR3"])
def test_row_8_is_for_fgfr2_only(gene: str) -> None:
    call = a_call(part("TACC3", "intron 5", FIVE), part(gene, "intron 17"))
    assert verdict_on(call, tumor=None).outcome is NO_MATCH


def test_a_break_behind_the_gene_joins_nothing_of_it() -> None:
    call = a_call(part("BICC1", "intron 2", FIVE), part("FGFR2", "downstream"))
    assert answer(call, tumor=CCA) == (OTHER, NO_MATCH, "BREAK_OUTSIDE_GENE")


@BUILDS
@pytest.mark.parametrize("gene", ["FGFR2", "FGFR3"])
@pytest.mark.parametrize("where", ["intron 1", "intron 9", "exon 11 first base"])
def test_row_9_fgfr2_or_3_as_three_prime_gene_with_its_kinase_is_review(
    gene: str, where: str, assembly: Assembly
) -> None:
    call = a_call(part("VCL", "intron 5", FIVE, assembly), part(gene, where, THREE, assembly), assembly=assembly)
    assert answer(call) == (OTHER, REVIEW, "FGFR_3PRIME_WITH_KINASE")


def test_row_9_a_promoter_swap_before_the_gene_needs_a_gene_in_the_same_sense() -> None:
    upstream = part("FGFR2", "upstream")
    assert answer(a_call(part("SLC45A3", "intron 1", FIVE), upstream)) == (OTHER, REVIEW, "FGFR_3PRIME_WITH_KINASE")
    assert answer(a_call(part("SLC45A3", "intron 1", THREE), upstream)) == (OTHER, NO_MATCH, "BREAK_OUTSIDE_GENE")
    assert answer(a_call(intergenic(), upstream)) == (OTHER, NO_MATCH, "BREAK_OUTSIDE_GENE")


@pytest.mark.parametrize("gene", ["FGFR1", "FGFR2", "FGFR3"])
@pytest.mark.parametrize("where", ["exon 11", "intron 11", "exon 16"])
def test_a_three_prime_part_with_a_cut_kinase_does_not_qualify(gene: str, where: str) -> None:
    assert answer(a_call(part("VCL", "intron 5", FIVE), part(gene, where))) == (OTHER, NO_MATCH, "KINASE_CUT")


@pytest.mark.parametrize("where", ["stop codon", "end of stop codon", "exon 18 last base", "downstream"])
def test_row_10_a_break_behind_the_stop_codon_is_review(where: str) -> None:
    verdict = verdict_on(fgfr2(where, part("BICC1", "intron 2")))
    assert (verdict.alteration_class, verdict.outcome, codes(verdict)) == (OTHER, REVIEW, ["BREAK_BEYOND_STOP"])


@pytest.mark.parametrize(
    "call",
    [
        a_named_call("FGFR2", declared=WORD.REARRANGEMENT, molecule=Molecule.FISH),
        a_named_call("FGFR2", "N/A", declared=WORD.REARRANGEMENT),
        a_named_call("FGFR2", "BICC1", declared=WORD.REARRANGEMENT),
        a_named_call("FGFR2", "BICC1", declared=WORD.FUSION, molecule=Molecule.FISH),
        a_named_call("FGFR2", "FGFR2", declared=WORD.INTRAGENIC_DELETION),
        a_named_call("FGFR2", declared=None),
    ],
    ids=["FISH", "no partner", "named rearrangement", "FISH with a partner", "internal", "no word"],
)
def test_row_15_a_word_without_breakpoint_is_review(call: RearrangementCall) -> None:
    verdict = verdict_on(call)
    assert (verdict.alteration_class, verdict.outcome) == (REARRANGEMENT, REVIEW)
    assert "REARRANGED_WITHOUT_BREAKPOINT" in codes(verdict)
    assert verdict.would_settle


@pytest.mark.parametrize("order", list(GeneOrder))
@pytest.mark.parametrize(("gene", "partner"), [("FGFR2", "BICC1"), ("FGFR2", "KIAA1598"), ("FGFR3", "TACC3")])
def test_row_15_a_named_fusion_with_a_tier_a_partner_qualifies(gene: str, partner: str, order: GeneOrder) -> None:
    verdict = verdict_on(a_named_call(gene, partner, declared=WORD.FUSION, order=order))
    assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (FUSION, MATCH, MODERATE)


@pytest.mark.parametrize(("gene", "partner"), [("FGFR2", "NOVEL1"), ("FGFR1", "TACC1"), ("FGFR2", "CEP1")])
def test_row_15_any_other_named_fusion_is_review(gene: str, partner: str) -> None:
    """CEP1 may be CNTRL or CDC42EP1: an ambiguous name is no known partner."""
    verdict = verdict_on(a_named_call(gene, partner, declared=WORD.FUSION))
    assert (verdict.alteration_class, verdict.outcome) == (FUSION, REVIEW)


# -------------------------------------------------------------------------------------------- intervals and limits


@BUILDS
@pytest.mark.parametrize("where", ["exon 17 last base", "stop codon"])
@pytest.mark.parametrize("partner", ["BICC1", None])
def test_an_interval_over_a_limit_of_the_hotspot_is_review(where: str, partner: str | None, assembly: Assembly) -> None:
    other = intergenic(assembly=assembly) if partner is None else part(partner, "intron 2", THREE, assembly)
    call = fgfr2(where, other, assembly)
    verdict = verdict_on(structs.replace(call, first=an_interval(call.first, -2, 2)))
    assert (verdict.outcome, verdict.confidence) == (REVIEW, LOW)
    assert "POSITION_INTERVAL_CROSSES_LIMIT" in codes(verdict)


def test_an_internal_interval_over_the_limit_is_review() -> None:
    end = an_interval(part("FGFR2", "exon 17 last base", FIVE), -2, 2)
    verdict = verdict_on(a_call(end, part("FGFR2", "intron 9")))
    assert (verdict.alteration_class, verdict.outcome) == (REARRANGEMENT, REVIEW)
    assert "POSITION_INTERVAL_CROSSES_LIMIT" in codes(verdict)


def test_a_duplication_whose_end_may_lie_in_exon_17_is_review() -> None:
    end = an_interval(part("FGFR3", "exon 17 last base", FIVE), -2, 2)
    call = a_call(end, part("FGFR3", "intron 9"))
    assert verdict_on(call).outcome is REVIEW


def test_a_three_prime_interval_over_the_kinase_limit_is_review() -> None:
    end = an_interval(part("FGFR2", "exon 11 first base"), -2, 2)
    assert answer(a_call(part("VCL", "intron 5", FIVE), end)) == (OTHER, REVIEW, "KINASE_UNKNOWN")


# --------------------------------------------------------------------------------------------------- side not stated


@pytest.mark.parametrize("second", [part("BICC1", "intron 2", None), intergenic(None)])
def test_a_hotspot_break_of_a_caller_without_orientation_is_review(second: Breakend) -> None:
    call = a_call(part("FGFR2", "intron 17", None), second)
    assert answer(call) == (REARRANGEMENT, REVIEW, "ORIENTATION_UNKNOWN")
    unreliable = structs.replace(an_fgfr2_bicc1_call(), orientation_is_reliable=False)
    assert answer(unreliable) == (REARRANGEMENT, REVIEW, "ORIENTATION_UNKNOWN")


def test_a_break_outside_the_hotspot_without_orientation_is_review() -> None:
    for where in ("intron 5", "end of stop codon"):
        call = a_call(part("FGFR2", where, None), part("BICC1", "intron 2", None))
        assert answer(call) == (OTHER, REVIEW, "OUTSIDE_HOTSPOT_SIDE_UNKNOWN")


def test_a_laboratory_word_and_a_hotspot_break_stand_for_the_kept_side() -> None:
    call = structs.replace(
        a_named_call("FGFR2", "N/A", declared=WORD.REARRANGEMENT),
        first=named("FGFR2", intron=17),
        molecule=Molecule.DNA,
    )
    verdict = verdict_on(call)
    assert (verdict.alteration_class, verdict.outcome) == (REARRANGEMENT, MATCH)
    assert "KEPT_SIDE_ASSUMED" in codes(verdict)
    with_partner = structs.replace(call, second=named("AMOTL1"))
    assert verdict_on(with_partner).confidence is MODERATE


def test_a_laboratory_word_outside_the_hotspot_is_review() -> None:
    call = structs.replace(a_named_call("FGFR2", declared=WORD.REARRANGEMENT), first=named("FGFR2", exon=2))
    assert answer(call) == (OTHER, REVIEW, "OUTSIDE_HOTSPOT_SIDE_UNKNOWN")


def test_an_internal_hotspot_event_without_orientation_is_review() -> None:
    call = a_call(part("FGFR2", "intron 17", None), part("FGFR2", "intron 9", None))
    assert answer(call) == (REARRANGEMENT, REVIEW, "ORIENTATION_UNKNOWN")
    upstream = a_call(part("FGFR2", "intron 9", None), part("FGFR2", "intron 3", None))
    assert answer(upstream)[:2] == (OTHER, NO_MATCH)


def test_coordinates_without_an_assembly_never_cut_a_kinase() -> None:
    end = part("FGFR2", "intron 17", FIVE, GRCH37)
    call = a_call(structs.replace(end, genes=("FGFR2",)), named("BICC1"), assembly=None, declared=WORD.FUSION)
    assert verdict_on(call).outcome is not NO_MATCH


# ------------------------------------------------------------------------------------------------------------ silent


@BUILDS
@pytest.mark.parametrize("gene", list(FgfrGene))
@pytest.mark.parametrize("sides", [(FIVE, THREE), (THREE, FIVE), (FIVE, FIVE), (None, None)])
def test_both_ends_in_one_intron_change_no_exon(gene: FgfrGene, sides: tuple[Any, Any], assembly: Assembly) -> None:
    ends = [part(gene.value, "intron 17", side, assembly) for side in sides]
    far = an_interval(ends[1], 20, 20)
    assert answer(a_call(ends[0], far, assembly=assembly)) == (SILENT, NO_MATCH, "BOTH_ENDS_IN_ONE_INTRON")


def test_a_change_within_exon_18_is_for_review() -> None:
    first, last = place("FGFR2", "exon 18 first base"), place("FGFR2", "stop codon")
    middle = (first + last) // 2
    five = Breakend(contig="chr10", pos=Pos1(middle + 30), orientation=RIGHT)
    three = Breakend(contig="chr10", pos=Pos1(middle - 30), orientation=LEFT)
    assert answer(a_call(five, three)) == (REARRANGEMENT, REVIEW, "WITHIN_LAST_EXON")


# ------------------------------------------------------------------------------------------------ tandem duplication


@BUILDS
@pytest.mark.parametrize("gene", ["FGFR1", "FGFR3"])
@pytest.mark.parametrize("upstream", ["intron 9", "intron 10", "exon 11 first base"])
def test_a_duplication_of_exons_11_to_17_is_one_in_fgfr1_and_3(gene: str, upstream: str, assembly: Assembly) -> None:
    call = a_call(part(gene, "intron 17", FIVE, assembly), part(gene, upstream, THREE, assembly), assembly=assembly)
    assert answer(call) == (DUPLICATED, MATCH, "KINASE_DUPLICATION")


def test_a_duplication_with_an_end_in_the_fgfr2_hotspot_is_a_rearrangement() -> None:
    call = a_call(part("FGFR2", "intron 17", FIVE), part("FGFR2", "intron 9"))
    assert answer(call) == (REARRANGEMENT, MATCH, "INTERNAL_IN_HOTSPOT")
    behind = a_call(part("FGFR2", "exon 18 last base", FIVE), part("FGFR2", "intron 9"))
    assert answer(behind) == (DUPLICATED, MATCH, "KINASE_DUPLICATION")


@pytest.mark.parametrize(("first", "last"), [(17, 10), (10, 17)])
def test_a_duplication_of_fgfr2_up_to_exon_17_in_words_ends_in_the_hotspot(first: int, last: int) -> None:
    call = a_named_call("FGFR2", declared=WORD.INTRAGENIC_DUPLICATION)
    words = structs.replace(call, first=named("FGFR2", exon=first), second=named("FGFR2", exon=last))
    assert answer(words) == (REARRANGEMENT, MATCH, "INTERNAL_IN_HOTSPOT")


def test_a_duplication_in_words_of_another_gene_or_more_exons_is_a_kinase_duplication() -> None:
    for gene, last in (("FGFR1", 17), ("FGFR2", 18)):
        call = a_named_call(gene, declared=WORD.INTRAGENIC_DUPLICATION)
        words = structs.replace(call, first=named(gene, exon=10), second=named(gene, exon=last))
        assert answer(words) == (DUPLICATED, MATCH, "KINASE_DUPLICATION")


@pytest.mark.parametrize("upstream", ["exon 11", "intron 11"])
def test_a_duplication_that_leaves_exon_11_out_is_not_of_the_kinase(upstream: str) -> None:
    call = a_call(part("FGFR3", "exon 18 last base", FIVE), part("FGFR3", upstream))
    assert answer(call)[:2] == (OTHER, NO_MATCH)


# --------------------------------------------------------------------------------------------------------------- FGFR1


@pytest.mark.parametrize(("assembly", "pos"), [(GRCH37, 38275891), (GRCH38, 38418373)])
def test_the_classical_join_of_fgfr1_is_at_mane_exon_10(assembly: Assembly, pos: int) -> None:
    end = part("FGFR1", "exon 10 first base", THREE, assembly)
    assert end.pos == pos
    in_frame = next(
        call
        for number in range(1, 7)
        if (call := an_rna_call("FGFR1OP2", number, "FGFR1", 10, assembly))
        and (facts := annotate_rearrangement(call))
        and facts.frame is Frame.IN_FRAME
    )
    assert answer(in_frame, tumor=None) == (FUSION, MATCH, "FUSION_FGFR1_3PRIME")


def test_fgfr1_as_three_prime_gene_out_of_frame_is_review() -> None:
    out = next(
        call
        for number in range(1, 7)
        if (call := an_rna_call("FGFR1OP2", number, "FGFR1", 10))
        and (facts := annotate_rearrangement(call))
        and facts.frame is Frame.OUT_OF_FRAME
    )
    assert answer(out) == (OTHER, REVIEW, "FGFR_3PRIME_WITH_KINASE")


def test_fgfr1_joined_before_its_start_codon_needs_a_gene_in_the_same_sense() -> None:
    assert answer(a_call(part("TACC1", "intron 1", FIVE), part("FGFR1", "intron 1"))) == (
        FUSION,
        MATCH,
        "FUSION_FGFR1_3PRIME",
    )
    assert answer(a_call(intergenic(), part("FGFR1", "intron 1"))) == (OTHER, REVIEW, "FGFR_3PRIME_WITH_KINASE")


def test_fgfr1_as_five_prime_gene_needs_strand_and_frame_even_for_a_tier_a_partner() -> None:
    calls = {
        facts.frame: facts.call
        for n in range(2, 12)
        if (facts := annotate_rearrangement(a_joined("FGFR1", "intron 17", "TACC1", f"intron {n}")))
    }
    assert answer(calls[Frame.IN_FRAME]) == (FUSION, MATCH, "FUSION_IN_FRAME")
    assert answer(calls[Frame.OUT_OF_FRAME]) == (REARRANGEMENT, MATCH, "REARRANGEMENT_FRAME")
    out_of_strand = a_call(part("FGFR1", "intron 17", FIVE), part("TACC1", "intron 6", FIVE))
    assert answer(out_of_strand) == (REARRANGEMENT, MATCH, "REARRANGEMENT_OUT_OF_STRAND")


# --------------------------------------------------------------------------------------------------------------- FGFR3


@BUILDS
@pytest.mark.parametrize("intron", [7, 10])
def test_fgfr3_tacc3_is_a_fusion_whatever_the_frame(intron: int, assembly: Assembly) -> None:
    call = a_joined("FGFR3", "intron 17", "TACC3", f"intron {intron}", assembly)
    assert answer(call, tumor=None)[:2] == (FUSION, MATCH)


def test_fgfr3_with_another_partner_needs_strand_and_frame_to_be_a_fusion() -> None:
    assert answer(a_call(part("FGFR3", "intron 17", FIVE), intergenic()))[:2] == (REARRANGEMENT, MATCH)
    assert answer(a_call(part("FGFR3", "intron 17", FIVE), part("AMOTL1", "intron 5", FIVE)))[:2] == (
        REARRANGEMENT,
        MATCH,
    )


@BUILDS
@pytest.mark.parametrize("keeps", [LEFT, RIGHT])
@pytest.mark.parametrize("distance", [-2000, 40_000, 130_000])
def test_an_immunoglobulin_enhancer_beside_fgfr3_is_a_myeloma_event(
    distance: int, keeps: Orientation, assembly: Assembly
) -> None:
    edge = mane("FGFR3", assembly).tx_end if distance > 0 else mane("FGFR3", assembly).tx_start
    igh = Pos1(105_880_000 if assembly is GRCH38 else 106_346_000)
    ends = (
        Breakend(contig="chr4", pos=Pos1(edge + distance), orientation=keeps),
        Breakend(contig="chr14", pos=igh, orientation=keeps),
    )
    verdict = verdict_on(a_call(*ends, assembly=assembly), tumor=None)
    assert (verdict.alteration_class, verdict.outcome, verdict.marks) == (OTHER, NO_MATCH, (Mark.ENHANCER_HIJACK,))


def test_a_named_immunoglobulin_partner_is_a_hijack_as_well() -> None:
    for name in ("IGH", "IGH@"):
        assert answer(a_named_call(name, "FGFR3", declared=WORD.FUSION)) == (OTHER, NO_MATCH, "ENHANCER_HIJACK")


# ------------------------------------------------------------------------------------------------------- tier X by name


@pytest.mark.parametrize(("gene", "partner"), [("FGFR2", "MTSS1"), ("FGFR1", "PLAG1"), ("FGFR3", "NSD2")])
def test_a_partner_that_must_not_qualify_does_not_by_name(gene: str, partner: str) -> None:
    assert answer(a_named_call(gene, partner, declared=WORD.FUSION)) == (OTHER, NO_MATCH, "PARTNER_MUST_NOT_QUALIFY")


def test_coordinates_decide_over_a_partner_that_must_not_qualify_by_name() -> None:
    assert answer(a_joined("FGFR3", "intron 17", "NSD2", "intron 5"))[1] is MATCH
    assert answer(a_joined("FGFR2", "intron 17", "CD44", "intron 1"))[1] is MATCH


# ------------------------------------------------------------------------------------------------------------- quality

BAD = [
    ({"filter": FilterStatus.FAILED, "filter_text": "LowQual"}, "FILTER_FAILED"),
    ({"no_support": True}, "NO_TUMOR_SUPPORT"),
    ({"status": CallStatus.EQUIVOCAL}, "EQUIVOCAL"),
    ({"status": CallStatus.INDETERMINATE}, "EQUIVOCAL"),
    ({"finding_codes": ("ASSEMBLY_CONFLICT",)}, "ASSEMBLY_CONFLICT"),
]


@pytest.mark.parametrize(("changes", "code"), BAD)
def test_a_doubtful_call_is_at_most_review(changes: dict[str, Any], code: str) -> None:
    verdict = verdict_on(an_fgfr2_bicc1_call(**changes))
    assert (verdict.alteration_class, verdict.outcome, verdict.confidence) == (FUSION, REVIEW, LOW)
    assert code in codes(verdict)


@pytest.mark.parametrize(("changes", "code"), BAD[:4])
def test_one_good_call_of_the_event_removes_the_doubt(changes: dict[str, Any], code: str) -> None:
    verdict = verdict_on(an_fgfr2_bicc1_call(**changes), an_fgfr2_bicc1_call())
    assert verdict.outcome is MATCH
    assert code not in codes(verdict)


def test_a_doubt_never_raises_an_answer() -> None:
    cut = a_joined("FGFR2", "intron 5", "BICC1", "intron 2", no_support=True)
    assert verdict_on(cut).outcome is NO_MATCH


def test_calls_that_differ_in_frame_are_told() -> None:
    verdict = verdict_on(an_rna_call("FGFR2", 17, "BICC1", 3), an_rna_call("FGFR2", 17, "BICC1", 4))
    assert verdict.findings[0].code == "FUSION_IN_FRAME"
    assert "FRAMES_DIFFER" in codes(verdict)


def test_kinase_kept_and_in_frame_by_the_laboratory_settles_a_named_fusion() -> None:
    call = a_named_call(
        "FGFR2", "NOVEL1", declared=WORD.FUSION, declared_frame=Frame.IN_FRAME, declared_kinase=KinaseDomain.RETAINED
    )
    assert answer(call)[:2] == (FUSION, MATCH)
    assert answer(structs.replace(call, declared_kinase=None))[:2] == (FUSION, REVIEW)


# ---------------------------------------------------------------------------------------------------------- properties


@given(call=structural_calls())
@settings(deadline=None, max_examples=150)
def test_every_answer_has_a_reason_and_a_way_on(call: RearrangementCall) -> None:
    facts = annotate_rearrangement(call)
    if facts is None:
        return
    (group,) = merge_rearrangements([facts])
    verdict = classify_rearrangement(group, None)
    assert verdict.findings
    assert verdict.outcome is not Outcome.UNDETERMINED
    if verdict.outcome is REVIEW:
        lowered = {"FILTER_FAILED", "NO_TUMOR_SUPPORT", "EQUIVOCAL", "ASSEMBLY_CONFLICT"} & set(codes(verdict))
        assert verdict.would_settle or lowered
    if verdict.outcome is MATCH and verdict.alteration_class in (FUSION, REARRANGEMENT):
        by_name = facts.fgfr.pos is None
        assert by_name or facts.kinase is KinaseDomain.RETAINED
