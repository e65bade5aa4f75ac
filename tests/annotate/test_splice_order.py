"""`fgfr_screen.annotate.splice_order`: kept sides of RNA junctions from the ends of exons, on both assemblies."""

import pytest
from msgspec import structs

from fgfr_screen.annotate.splice_order import with_splice_order
from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.model import Breakend, RearrangementCall
from fgfr_screen.terms import Assembly, DeclaredStructure, Frame, GeneOrder, JunctionKind, TranscriptSide
from tests.builders import an_interval, an_rna_call, turned

BUILDS = pytest.mark.parametrize("assembly", list(Assembly))
PAIRS = [("FGFR2", 17, "BICC1", 3), ("FGFR3", 17, "TACC3", 11), ("FGFR2", 17, "SHTN1", 7), ("FGFR1", 17, "TACC1", 7)]


def unsided(end: Breakend | None, gene: str, slack: int = 0) -> Breakend:
    assert end is not None
    return an_interval(structs.replace(end, orientation=None, genes=(gene,)), -slack, slack)


def unordered(five: str, exon: int, three: str, other: int, assembly: Assembly, slack: int = 0) -> RearrangementCall:
    """Return an RNA junction as LongGF tells it: names and positions, in no order."""
    call = an_rna_call(five, exon, three, other, assembly, order=GeneOrder.UNKNOWN)
    return structs.replace(call, first=unsided(call.first, five, slack), second=unsided(call.second, three, slack))


@BUILDS
@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("slack", [0, 3])
@pytest.mark.parametrize("is_turned", [False, True])
def test_ends_of_exons_give_sides_and_positions_back(
    pair: tuple[str, int, str, int], assembly: Assembly, slack: int, is_turned: bool
) -> None:
    call = unordered(*pair, assembly, slack)
    found, findings = with_splice_order(turned(call) if is_turned else call)
    truth = an_rna_call(*pair, assembly)
    ends = (found.second, found.first) if is_turned else (found.first, found.second)
    told = [(end.pos, end.pos_end, end.orientation) for end in ends if end]
    assert told == [(end.pos, end.pos, end.orientation) for end in (truth.first, truth.second) if end]
    assert [finding.code for finding in findings] == ["ORDER_REPAIRED"]


@BUILDS
def test_facts_of_a_repaired_call_are_those_of_the_ordered_one(assembly: Assembly) -> None:
    repaired = annotate_rearrangement(turned(unordered("FGFR2", 17, "BICC1", 3, assembly, slack=3)))
    ordered = annotate_rearrangement(an_rna_call("FGFR2", 17, "BICC1", 3, assembly))
    assert repaired is not None and ordered is not None
    for name in ("gene", "fgfr", "fgfr_keeps", "site", "kinase", "frame", "in_strand", "retained_exons", "partner"):
        assert getattr(repaired, name) == getattr(ordered, name)


@pytest.mark.parametrize("shift", [40, -40])
def test_a_junction_inside_an_exon_stays_unknown_and_is_flagged(shift: int) -> None:
    call = unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38)
    moved = structs.replace(call, first=an_interval(call.first, shift, shift))
    found, findings = with_splice_order(moved)
    assert found == moved
    assert [finding.code for finding in findings] == ["ORDER_UNKNOWN"]
    facts = annotate_rearrangement(moved)
    assert facts is not None
    assert facts.fgfr_keeps is None


@pytest.mark.parametrize("exons", [(17, 2), (18, 3)])
def test_two_donors_or_two_acceptors_tell_no_order(exons: tuple[int, int]) -> None:
    donors = unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38)
    both = an_rna_call("BICC1", 2, "FGFR2", 18, order=GeneOrder.UNKNOWN)
    other = unsided(both.first, "BICC1") if exons == (17, 2) else donors.second
    own = donors.first if exons == (17, 2) else unsided(both.second, "FGFR2")
    _, findings = with_splice_order(structs.replace(donors, first=own, second=other))
    assert [finding.code for finding in findings] == ["ORDER_UNKNOWN"]


def test_an_asserted_order_needs_only_the_strand() -> None:
    call = unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38)
    asserted = structs.replace(call, order=GeneOrder.ASSERTED, declared=DeclaredStructure.FUSION)
    facts = annotate_rearrangement(asserted)
    assert facts is not None
    assert (facts.fgfr_keeps, facts.in_strand, facts.frame) == (TranscriptSide.FIVE_PRIME, True, Frame.IN_FRAME)


def test_an_asserted_order_off_the_exons_keeps_its_position() -> None:
    call = unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38)
    moved = structs.replace(
        call,
        first=an_interval(call.first, -40, -40),
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
    )
    found, findings = with_splice_order(moved)
    assert (found.first.pos, found.first.orientation, findings) == (moved.first.pos, "RIGHT", ())


def test_a_source_that_does_not_say_fusion_is_given_no_sides() -> None:
    call = structs.replace(unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38), order=GeneOrder.ASSERTED)
    assert with_splice_order(call) == (call, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"junction": JunctionKind.DNA_BREAKPOINT},
        {"junction": JunctionKind.NAMES_ONLY},
        {"assembly": None},
        {"second": None},
    ],
)
def test_other_calls_are_left_alone(changes: dict[str, object]) -> None:
    call = structs.replace(unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38), **changes)
    assert with_splice_order(call) == (call, ())


def test_kept_sides_of_the_source_are_never_replaced() -> None:
    call = an_rna_call("FGFR2", 17, "BICC1", 3, order=GeneOrder.UNKNOWN)
    assert with_splice_order(call) == (call, ())


def test_a_laboratory_is_not_told_that_its_order_is_unknown() -> None:
    call = unordered("FGFR2", 17, "BICC1", 3, Assembly.GRCH38)
    moved = structs.replace(call, first=an_interval(call.first, 40, 40), reported_by_lab=True)
    assert with_splice_order(moved) == (moved, ())
