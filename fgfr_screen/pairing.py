"""Mates of one file -> one call: the two records of a breakend pair state the same junction.

1. A record looks for its mate among the records whose ID it names (never by position alone).
2. The mate must tell the same junction from its side; programs that reuse IDs are kept apart that way.
3. Mates that name each other but tell different junctions become one call that says so, or stay two when not even the
   contigs agree. A record without a mate stands for the whole junction.

Sources: VCF 4.5 section 5.4; Manta 0.29.6 output that holds every ID twice.
"""

from msgspec.structs import replace

from fgfr_screen.model import Breakend, Call, RearrangementCall
from fgfr_screen.terms import FilterStatus, GeneOrder

# Mates place the same end up to the length of a homology apart; longer homologies are stated and widen the interval.
MATE_SLACK_BP = 50

_FILTERS = (FilterStatus.PASS, FilterStatus.UNFILTERED, FilterStatus.FAILED)

_Index = dict[tuple[str, str], list[RearrangementCall]]


def pair_mates(calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """Join the breakend records of each input that name each other.

    Args:
        calls: Calls of any kind and of any number of inputs.

    Returns:
        The calls in their order, each pair once, at the place of the record that names its mate first. A joined call
        names its second record in `mates`; its sides come in genome order unless the source asserts which is 5'.
        Finding codes: MATE_DISAGREE (mates that name each other tell different junctions), MATE_MISSING (a mate is
        named and not among the calls).
    """
    index = _by_id(calls)
    mate_of: dict[int, RearrangementCall] = {}
    gone: set[int] = set()
    disagreeing: set[int] = set()
    for call in calls:
        if not isinstance(call, RearrangementCall) or not call.mate_ids or id(call) in mate_of or id(call) in gone:
            continue
        candidates = [mate for mate in _candidates(call, index) if id(mate) not in mate_of and id(mate) not in gone]
        mate = _best_mate(call, candidates)
        if mate is None:
            continue
        if _same_contigs(call, mate):
            mate_of[id(call)] = mate
            gone.add(id(mate))
        else:
            disagreeing |= {id(call), id(mate)}
    return tuple(_finished(call, mate_of, disagreeing, index) for call in calls if id(call) not in gone)


def join(call: RearrangementCall, mate: RearrangementCall) -> RearrangementCall:
    """Make one call of two mates.

    Each end takes the place that its own record gives: with homology or an interval, the coordinate that the other
    record writes into ALT differs from it (VCF 4.5 section 5.4).
    """
    call, mate = sorted((call, mate), key=_genome_key)
    agree = states_same_junction(call, mate)
    sides_agree = agree or _sides(call) == _sides(_turned(mate)) or _sides(call) == _sides(mate)
    first, second = _own_ends(call, mate)
    # A pair passed only when both of its records did.
    worse = max(call, mate, key=lambda record: _FILTERS.index(record.filter))
    codes = (*call.finding_codes, *mate.finding_codes, *(() if agree else ("MATE_DISAGREE",)))
    return replace(
        call,
        first=first,
        second=second,
        orientation_is_reliable=call.orientation_is_reliable and mate.orientation_is_reliable and sides_agree,
        filter=worse.filter,
        filter_text=worse.filter_text,
        no_support=call.no_support and mate.no_support,
        imprecise=call.imprecise or mate.imprecise,
        split_reads=call.split_reads if call.split_reads is not None else mate.split_reads,
        spanning_pairs=call.spanning_pairs if call.spanning_pairs is not None else mate.spanning_pairs,
        vaf=call.vaf if call.vaf is not None else mate.vaf,
        declared_frame=call.declared_frame or mate.declared_frame,
        mates=(*call.mates, mate.source),
        finding_codes=tuple(dict.fromkeys(codes)),
    )


def states_same_junction(call: RearrangementCall, other: RearrangementCall) -> bool:
    """Tell whether two calls join the same two ends with the same kept sides, whichever end comes first."""
    return any(_ends_agree(call, seen) for seen in (_turned(other), other))


def _by_id(calls: tuple[Call, ...]) -> _Index:
    index: _Index = {}
    for call in calls:
        if isinstance(call, RearrangementCall) and call.source.raw_id is not None:
            index.setdefault((call.source.input, call.source.raw_id), []).append(call)
    return index


def _candidates(call: RearrangementCall, index: _Index) -> list[RearrangementCall]:
    """Return the records that `call` names; alleles of its own line are not mates."""
    named = [mate for mate_id in call.mate_ids for mate in index.get((call.source.input, mate_id), ())]
    return [mate for mate in named if mate.source.line != call.source.line]


def _best_mate(call: RearrangementCall, candidates: list[RearrangementCall]) -> RearrangementCall | None:
    """Choose among records of one ID by what they state, then by filter, then by nearness in the file."""
    stated = [mate for mate in candidates if states_same_junction(call, mate)]
    if stated:
        return min(stated, key=lambda mate: (mate.filter_text != call.filter_text, _line_distance(call, mate)))
    mutual = [mate for mate in candidates if call.source.raw_id in mate.mate_ids]
    # Only when each names the other alone can a contradiction be one: lists of mates hold other junctions as well.
    if len(mutual) == 1 and len(call.mate_ids) == len(mutual[0].mate_ids) == 1:
        return mutual[0]
    return None


def _finished(call: Call, mate_of: dict[int, RearrangementCall], disagreeing: set[int], index: _Index) -> Call:
    if not isinstance(call, RearrangementCall):
        return call
    mate = mate_of.get(id(call))
    if mate is not None:
        return join(call, mate)
    if id(call) in disagreeing:
        return replace(call, finding_codes=(*call.finding_codes, "MATE_DISAGREE"))
    if call.mate_ids and not _candidates(call, index):
        return replace(call, finding_codes=(*call.finding_codes, "MATE_MISSING"))
    return call


def _own_ends(call: RearrangementCall, mate: RearrangementCall) -> tuple[Breakend, Breakend | None]:
    """Return both ends in the order of `call`, each as its own record places it.

    A call with an asserted order is written 5' first by both records, so the own end is not always the first one: then
    the ends are the same and the genes of both are kept.
    """
    if call.order is GeneOrder.ASSERTED or mate.order is GeneOrder.ASSERTED:
        leader, other = (call, mate) if call.order is GeneOrder.ASSERTED else (mate, call)
        seen = other if _ends_agree(leader, other) else _turned(other)
        second = None if leader.second is None else _with_genes(leader.second, seen.second)
        return _with_genes(leader.first, seen.first), second
    return call.first, mate.first


def _with_genes(end: Breakend, other: Breakend | None) -> Breakend:
    genes = tuple(dict.fromkeys((*end.genes, *(() if other is None else other.genes))))
    return end if genes == end.genes else replace(end, genes=genes)


def _turned(call: RearrangementCall) -> RearrangementCall:
    """Return the call as seen from its other end; a single breakend stays as it is."""
    return call if call.second is None else replace(call, first=call.second, second=call.first)


def _ends_agree(call: RearrangementCall, other: RearrangementCall) -> bool:
    return _end_agrees(call.first, other.first) and _end_agrees(call.second, other.second)


def _end_agrees(one: Breakend | None, other: Breakend | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.contig != other.contig or one.orientation is not other.orientation:
        return False
    if one.pos is None or other.pos is None:
        return one.pos is other.pos
    gap = max(one.pos, other.pos) - min(one.pos_end or one.pos, other.pos_end or other.pos)
    return gap <= MATE_SLACK_BP


def _same_contigs(call: RearrangementCall, mate: RearrangementCall) -> bool:
    if call.second is None or mate.second is None:
        return False
    own, others = (call.first.contig, call.second.contig), (mate.first.contig, mate.second.contig)
    return own in (others, others[::-1])


def _sides(call: RearrangementCall) -> tuple[object, object]:
    return call.first.orientation, None if call.second is None else call.second.orientation


def _line_distance(call: RearrangementCall, mate: RearrangementCall) -> int:
    return abs((call.source.line or 0) - (mate.source.line or 0))


def _genome_key(call: RearrangementCall) -> tuple[int, str, int, str]:
    """Order mates so that the order of the file does not matter: asserted 5' records keep their own order."""
    contig = call.first.contig or ""
    digits = contig.removeprefix("chr")
    number = int(digits) if digits.isascii() and digits.isdigit() else 100
    return number, contig, call.first.pos or 0, call.source.raw_id or ""
