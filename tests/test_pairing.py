"""Mates of one file become one call; everything that is no mate stays as it is."""

from msgspec.structs import replace

from fgfr_screen.model import Breakend, Call, Pos1, RearrangementCall, ShortVariantCall, Source
from fgfr_screen.pairing import pair_mates
from fgfr_screen.terms import FilterStatus, GeneOrder, Orientation

L, R = Orientation.LEFT, Orientation.RIGHT


def end(
    contig: str, pos: int, side: Orientation | None, pos_end: int | None = None, genes: tuple[str, ...] = ()
) -> Breakend:
    return Breakend(
        contig=contig, pos=Pos1(pos), pos_end=Pos1(pos if pos_end is None else pos_end), orientation=side, genes=genes
    )


FGFR2 = end("chr10", 121482000, R)
PARTNER = end("chr3", 111900000, L)


def record(raw_id: str, line: int, first: Breakend, second: Breakend | None, *mate_ids: str) -> RearrangementCall:
    return RearrangementCall(
        source=Source(input="in1", line=line, raw_id=raw_id), first=first, second=second, mate_ids=mate_ids
    )


def pair() -> tuple[RearrangementCall, RearrangementCall]:
    return record("a", 1, FGFR2, PARTNER, "b"), record("b", 2, PARTNER, FGFR2, "a")


def test_mates_become_one_call_that_names_both_lines() -> None:
    (call,) = pair_mates(pair())
    assert isinstance(call, RearrangementCall)
    assert {call.source.line, *(mate.line for mate in call.mates)} == {1, 2}
    assert call.finding_codes == ()


def test_the_order_of_the_records_does_not_matter() -> None:
    a, b = pair()
    assert pair_mates((a, b)) == pair_mates((b, a))


def test_a_lone_record_is_a_whole_junction() -> None:
    lone = record("a", 1, FGFR2, PARTNER)
    assert pair_mates((lone,)) == (lone,)


def test_a_missing_mate_is_told() -> None:
    a, _ = pair()
    (call,) = pair_mates((a,))
    assert isinstance(call, RearrangementCall)
    assert (call.finding_codes, call.second) == (("MATE_MISSING",), PARTNER)


def test_one_sided_mate_ids_pair() -> None:
    a, b = pair()
    assert len(pair_mates((a, replace(b, mate_ids=())))) == 1
    assert len(pair_mates((replace(a, mate_ids=()), b))) == 1


def test_records_at_one_place_without_ids_are_not_paired() -> None:
    a, b = (replace(call, mate_ids=()) for call in pair())
    assert len(pair_mates((a, b))) == 2


def test_mates_of_other_inputs_are_not_paired() -> None:
    a, b = pair()
    other = replace(b, source=replace(b.source, input="in2"))
    assert len(pair_mates((a, other))) == 2


def test_the_same_ids_twice_pair_within_each_copy() -> None:
    a, b = pair()
    later = tuple(
        replace(call, source=replace(call.source, line=(call.source.line or 0) + 10), filter_text="PASS")
        for call in (a, b)
    )
    calls = pair_mates((a, b, *later))
    lines = [
        {call.source.line, *(mate.line for mate in call.mates)} for call in calls if isinstance(call, RearrangementCall)
    ]
    assert lines == [{1, 2}, {11, 12}]


def test_a_cycle_of_three_pairs_only_those_that_state_one_junction() -> None:
    a = record("a", 1, FGFR2, PARTNER, "b")
    b = record("b", 2, PARTNER, FGFR2, "c")
    c = record("c", 3, end("chr7", 500, L), FGFR2, "a")
    calls = pair_mates((a, b, c))
    assert len(calls) == 2
    assert isinstance(calls[0], RearrangementCall)
    assert len(calls[0].mates) == 1


def test_among_several_mates_the_one_with_the_same_junction_is_taken() -> None:
    other = end("chr7", 500, L)
    a = record("a", 1, FGFR2, PARTNER, "x", "b")
    x = record("x", 2, other, FGFR2, "a")
    b = record("b", 3, PARTNER, FGFR2, "a")
    joined = [call for call in pair_mates((a, x, b)) if isinstance(call, RearrangementCall) and call.mates]
    assert [{call.source.line, call.mates[0].line} for call in joined] == [{1, 3}]


def test_mates_that_disagree_on_a_side_are_one_call_without_reliable_sides() -> None:
    a, b = pair()
    (call,) = pair_mates((a, replace(b, first=replace(PARTNER, orientation=R))))
    assert isinstance(call, RearrangementCall)
    assert call.finding_codes == ("MATE_DISAGREE",)
    assert not call.orientation_is_reliable


def test_mates_that_disagree_on_a_position_are_one_call() -> None:
    a, b = pair()
    (call,) = pair_mates((a, replace(b, first=end("chr3", 222900000, L))))
    assert isinstance(call, RearrangementCall)
    assert call.finding_codes == ("MATE_DISAGREE",)


def test_mates_on_other_contigs_stay_two_calls_and_say_so() -> None:
    a, b = pair()
    calls = pair_mates((a, replace(b, first=end("chr7", 5000, L))))
    assert [call.finding_codes for call in calls if isinstance(call, RearrangementCall)] == [("MATE_DISAGREE",)] * 2


def test_each_end_takes_the_place_of_its_own_record() -> None:
    # VCF 4.5 section 5.4: with homology the coordinate in ALT differs from the POS of the mate.
    a = record("a", 1, end("chr1", 1832651, L, 1832653), end("chr17", 38112500, L, 38112502), "b")
    b = record("b", 2, end("chr17", 38112500, L, 38112505), end("chr1", 1832648, L, 1832653), "a")
    (call,) = pair_mates((a, b))
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first, call.second) == (a.first, b.first)


def test_asserted_order_is_kept_and_the_genes_of_both_records_are_joined() -> None:
    five, three = end("chr10", 121483698, R), end("chr4", 1000, R)
    a = replace(record("1a", 1, replace(five, genes=("FGFR2",)), three, "1b"), order=GeneOrder.ASSERTED)
    b = replace(record("1b", 2, five, replace(three, genes=("X",)), "1a"), order=GeneOrder.ASSERTED)
    for records in ((a, b), (b, a)):
        (call,) = pair_mates(records)
        assert isinstance(call, RearrangementCall)
        assert call.second is not None
        assert (call.first.genes, call.second.genes, call.first.contig) == (("FGFR2",), ("X",), "chr10")


def test_a_pair_passed_only_when_both_records_did() -> None:
    a, b = pair()
    passed = replace(a, filter=FilterStatus.PASS, filter_text="PASS")
    failed = replace(b, filter=FilterStatus.FAILED, filter_text="q10")
    (call,) = pair_mates((passed, failed))
    assert isinstance(call, RearrangementCall)
    assert (call.filter, call.filter_text) == (FilterStatus.FAILED, "q10")


def test_alleles_of_one_line_are_not_mates() -> None:
    a = record("a", 1, FGFR2, PARTNER, "a")
    b = record("a", 1, PARTNER, FGFR2, "a")
    assert len(pair_mates((a, b))) == 2


def test_single_breakends_and_other_calls_are_untouched() -> None:
    single = record("s", 1, FGFR2, None)
    short: Call = ShortVariantCall(source=Source(input="in1", line=2), contig="chr10", pos=Pos1(5), ref="A", alt="C")
    assert pair_mates((single, short)) == (single, short)
