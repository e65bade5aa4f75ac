"""Foundation breakpoint pairs: our class against that of the source, as VCF and as BEDPE (see `foundation_pairs`)."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec import structs

from fgfr_screen.model import Event
from fgfr_screen.reference import current_symbol, partner
from fgfr_screen.terms import AlterationClass, FgfrGene, Frame, Mark, Outcome
from tests.foundation_pairs import (
    IN_FRAME,
    IN_STRAND,
    INTERGENIC,
    INTERNAL,
    OUT_OF_STRAND,
    PAIRS_FILE,
    Pair,
    bedpe_text,
    load_pairs,
    partner_gene,
    partner_side,
    screen_text,
    vcf_text,
)

pytestmark = pytest.mark.skipif(not PAIRS_FILE.exists(), reason=f"{PAIRS_FILE.name} is not beside the project")

Found = list[tuple[Pair, Event]]
BEYOND_STOP = {123239335.5, 123239336.0, 123239353.0}
# Genes of GENCODE 19 where the source says "intergenic" (its own gene list is shorter), with the number of pairs.
GENES_AT_INTERGENIC_BREAKS = {
    "RP11-95I16.2": 6,
    "WDR11-DT": 2,
    "AL022344.4": 1,
    "ATE1": 1,
    "RP11-282I1.1": 1,
    "RP11-500G22.2": 1,
    "ZNF487": 1,
}
# Pairs that the source calls in frame and we do not, by partner, with our answer.
NOT_SEEN_IN_FRAME = {
    ("PLEKHS1", Frame.UNKNOWN): "the coding sequence of one gene is not certain on this assembly",
    ("NRAP", Frame.UNKNOWN): "the break cannot be placed in one exon or intron of both genes",
    ("LIPJ", Frame.UNKNOWN): "the break cannot be placed in one exon or intron of both genes",
    ("MCU", Frame.UNKNOWN): "the break cannot be placed in one exon or intron of both genes",
    ("BICC1", Frame.UNKNOWN): "one side breaks inside an exon, the other in an intron",
    ("CDK1", Frame.OUT_OF_FRAME): "FGFR2 exon 17 (NM_000141.5) and CDK1 exon 2 (NM_001786.5)",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    path = tmp_path_factory.mktemp("pairs") / "pair.vcf"
    return [(pair, event) for pair in load_pairs() for event in screen_text(vcf_text(pair), path)]


def of_class(found: Found, source_class: str) -> Found:
    return [(pair, event) for pair, event in found if pair.source_class == source_class and not _is_beyond(pair)]


def _is_beyond(pair: Pair) -> bool:
    return pair.fgfr2_pos in BEYOND_STOP


def is_known_partner(event: Event) -> bool:
    row = partner(FgfrGene.FGFR2, partner_gene(event) or "")
    return row is not None and row.tier == "A"


def outcomes(found: Iterable[tuple[Pair, Event]]) -> set[Outcome]:
    return {event.outcome for _, event in found}


def test_every_pair_is_one_event_of_fgfr2(found: Found) -> None:
    assert Counter(pair.source_class for pair, _ in found) == {
        IN_FRAME: 288,
        INTERGENIC: 133,
        OUT_OF_STRAND: 31,
        IN_STRAND: 28,
        INTERNAL: 16,
    }
    assert {event.gene for _, event in found} == {FgfrGene.FGFR2}


@pytest.mark.parametrize("source_class", [IN_FRAME, IN_STRAND, OUT_OF_STRAND])
def test_a_pair_with_a_gene_matches_as_fusion_only_in_frame_or_with_a_known_partner(
    found: Found, source_class: str
) -> None:
    chosen = of_class(found, source_class)
    assert outcomes(chosen) == {Outcome.MATCH}
    for pair, event in chosen:
        is_fusion = event.frame is Frame.IN_FRAME or is_known_partner(event)
        expected = AlterationClass.FUSION if is_fusion else AlterationClass.REARRANGEMENT
        assert event.alteration_class is expected, pair


def test_the_partner_is_the_gene_that_the_source_names(found: Found) -> None:
    named = [one for one in found if one[0].source_class in (IN_FRAME, IN_STRAND, OUT_OF_STRAND)]
    others = {pair.partner: partner_gene(event) for pair, event in named if partner_gene(event) != _approved(pair)}
    # A read-through, two genes at one place, and a symbol that has no entry among the aliases.
    assert others == {"FAM24B-CUZD1": "CUZD1", "TUBGCP2;ZNF511": "ZNF511", "LOC387723": "C10orf143"}


def _approved(pair: Pair) -> str:
    return current_symbol(pair.partner)


def test_strand_sense_is_that_of_the_source(found: Found) -> None:
    assert {event.in_strand for _, event in (*of_class(found, IN_FRAME), *of_class(found, IN_STRAND))} == {True}
    # TUBGCP2 and ZNF511 overlap head to head: whichever side is kept, one of them is in strand.
    in_strand = {pair.partner for pair, event in of_class(found, OUT_OF_STRAND) if event.in_strand}
    assert in_strand == {"TUBGCP2;ZNF511"}


def test_an_out_of_strand_fusion_is_never_named_as_a_chimeric_transcript(found: Found) -> None:
    names = [event.name for _, event in of_class(found, OUT_OF_STRAND) if event.in_strand is False]
    assert not [name for name in names if "::" in name]


def test_an_intergenic_pair_is_a_rearrangement_unless_our_models_have_a_known_partner_there(found: Found) -> None:
    chosen = of_class(found, INTERGENIC)
    assert outcomes(chosen) == {Outcome.MATCH}
    fusions = {partner_gene(event) for _, event in chosen if event.alteration_class is AlterationClass.FUSION}
    others = {event.alteration_class for _, event in chosen} - {AlterationClass.FUSION}
    assert fusions == {"ATE1"}
    assert others == {AlterationClass.REARRANGEMENT}


def test_genes_at_breaks_that_the_source_calls_intergenic_are_those_listed(found: Found) -> None:
    genes = Counter(gene for _, event in of_class(found, INTERGENIC) if (gene := partner_gene(event)) is not None)
    assert genes == GENES_AT_INTERGENIC_BREAKS


def test_an_internal_pair_is_a_rearrangement(found: Found) -> None:
    chosen = of_class(found, INTERNAL)
    assert {(event.alteration_class, event.outcome) for _, event in chosen} == {
        (AlterationClass.REARRANGEMENT, Outcome.MATCH)
    }
    assert {partner_gene(event) for _, event in chosen} == {"FGFR2"}


def test_a_break_behind_the_stop_codon_is_for_review(found: Found) -> None:
    chosen = [(pair, event) for pair, event in found if _is_beyond(pair)]
    assert {pair.fgfr2_pos for pair, _ in chosen} == BEYOND_STOP
    assert {(event.alteration_class, event.outcome) for _, event in chosen} == {
        (AlterationClass.OTHER_STRUCTURAL_VARIANT, Outcome.REVIEW)
    }
    assert not any(Mark.RECIPROCAL_ONLY in event.marks for _, event in chosen)


def test_at_least_280_of_284_pairs_in_frame_with_intron_17_are_predicted_in_frame(found: Found) -> None:
    breaks_in_intron = [
        event
        for _, event in of_class(found, IN_FRAME)
        if event.five_prime is not None and event.five_prime.intron == 17
    ]
    assert len(breaks_in_intron) == 284
    assert sum(event.frame is Frame.IN_FRAME for event in breaks_in_intron) >= 280


def test_every_pair_that_we_do_not_see_in_frame_has_its_reason(found: Found) -> None:
    missed = [event for _, event in of_class(found, IN_FRAME) if event.frame is not Frame.IN_FRAME]
    assert len(missed) == 7
    for event in missed:
        reason = NOT_SEEN_IN_FRAME[(partner_gene(event) or "", event.frame or Frame.UNKNOWN)]
        assert (event.frame_detail or "").startswith(reason)


def test_vcf_and_bedpe_of_a_pair_give_the_same_event(found: Found, tmp_path: Path) -> None:
    for pair, event in found:
        other = screen_text(bedpe_text(pair), tmp_path / "pair.bedpe")
        # A BEDPE does not tell whether bases were inserted.
        assert other == (structs.replace(event, evidence=other[0].evidence, untemplated_sequence=None),), pair


def test_the_other_order_of_mates_gives_the_same_event(found: Found, tmp_path: Path) -> None:
    for pair, event in found[::10]:
        header, (one, other) = vcf_text(pair).splitlines()[:-2], vcf_text(pair).splitlines()[-2:]
        turned = screen_text("\n".join((*header, other, one)) + "\n", tmp_path / "turned.vcf")
        assert turned[0].id == event.id
        assert structs.replace(turned[0], evidence=()) == structs.replace(event, evidence=())


def test_kept_sides_cover_all_four_shapes() -> None:
    shapes = {(partner_side(pair), pair.partner_pos < pair.fgfr2_pos) for pair in load_pairs()}
    assert len(shapes) == 4
