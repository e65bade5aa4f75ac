"""Facts of several calls -> one candidate event each, whatever the order of files and records.

Two structural calls are the same event when (rules.md 1.7)
1. both ends lie within `SAME_BREAKPOINT_BP` and keep the same sides (FGFR ends are compared on GRCh38; partner ends on their
   assembly, or by gene and exon between assemblies);
2. they are the two products of a balanced event: opposite sides, each end within `RECIPROCAL_BP`, or the same introns with
   the genes reversed in RNA;
3. both are RNA: same two genes and kept sides, whatever exons are spliced together (one whose kept sides are not known joins
   the surest such event); or one is DNA: the same, and the DNA keeps the exons that the RNA shows; or the DNA partner
   is intergenic and the RNA partner begins within `RNA_REACH_BP` on the kept side;
4. one has no place in FGFR: same partner and no contradiction; it joins the surest such event, and never makes one of two;
5. one has no partner: it joins when exactly one event fits its place, or its gene.
Among calls with both places being the same is extended over chains (union-find); the others join afterwards. So the partition
does not depend on order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import structs

from fgfr_screen.facts import (
    CopyNumberFacts,
    CopyNumberGroup,
    ExpressionFacts,
    RearrangementFacts,
    RearrangementGroup,
    SharedPlace,
    ShortVariantFacts,
    ShortVariantGroup,
    same_change,
)
from fgfr_screen.model import Measure, Source
from fgfr_screen.terms import (
    BreakSite,
    CallStatus,
    FgfrGene,
    FilterStatus,
    Frame,
    JunctionKind,
    KinaseDomain,
    Orientation,
    PartnerKind,
    TranscriptSide,
)

SAME_BREAKPOINT_BP = 50
"""Two callers place one breakpoint within this many bases (their confidence intervals come on top)."""
RECIPROCAL_BP = 1_000
"""The two products of a balanced event lose or double at most this much at each break (rules.md 1.3)."""
RNA_REACH_BP = 500_000
"""Transcription runs on through an intergenic break to the next gene; looked for within this distance."""

EXONS = 18
"""MANE Select of FGFR1, FGFR2 and FGFR3 have 18 exons each."""

_T = TypeVar("_T")


class _UnionFind:
    """Disjoint sets over list indices."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """Return the representative (the smallest index) of the item's set."""
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def union(self, one: int, other: int) -> None:
        """Join two sets."""
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low


def group_by(items: Sequence[_T], same: Callable[[_T, _T], bool]) -> list[list[_T]]:
    """Split items into sets connected by `same` (symmetric)."""
    sets = _UnionFind(len(items))
    for i, one in enumerate(items):
        for j in range(i):
            if sets.find(i) != sets.find(j) and same(items[j], one):
                sets.union(i, j)
    grouped: dict[int, list[_T]] = defaultdict(list)
    for i, item in enumerate(items):
        grouped[sets.find(i)].append(item)
    return list(grouped.values())


# ------------------------------------------------------------------------------------------------------ structural


def _near(one: SharedPlace | None, other: SharedPlace | None, bases: int) -> bool | None:
    """Tell whether two places lie within `bases`; None when they cannot be compared by position."""
    if one is None or other is None or one.contig is None or other.contig is None:
        return None
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return None
    if one.contig != other.contig:
        return False
    if one.assembly != other.assembly:
        return None
    return one.low - other.high <= bases and other.low - one.high <= bases


def _same_part(one: SharedPlace, other: SharedPlace) -> bool:
    """Compare partner places of different assemblies by gene and exon, or by contig between genes."""
    if one.gene is None or other.gene is None:
        return one.gene is other.gene and one.contig == other.contig
    return one.gene == other.gene and (one.part == other.part or one.part is None or other.part is None)


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one is other


def _has_place(place: SharedPlace | None) -> bool:
    return place is not None and place.low is not None


def _is_rna(facts: RearrangementFacts) -> bool:
    return facts.call.junction is JunctionKind.RNA_JUNCTION


def _fgfr_matches(one: RearrangementFacts, other: RearrangementFacts, bases: int) -> bool:
    near = _near(one.fgfr_place, other.fgfr_place, bases)
    if near is None and _has_place(one.fgfr_place) and _has_place(other.fgfr_place):
        return _same_part(one.fgfr_place, other.fgfr_place)
    return bool(near)


def _partner_matches(one: RearrangementFacts, other: RearrangementFacts, bases: int) -> bool:
    if one.partner_place is None or other.partner_place is None:
        return False
    near = _near(one.partner_place, other.partner_place, bases)
    return _same_part(one.partner_place, other.partner_place) if near is None else near


def _opposite(one: TranscriptSide | None, other: TranscriptSide | None) -> bool:
    return one is not None and other is not None and one is not other


def _orientations_opposite(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    pairs = ((one.fgfr, other.fgfr), (one.partner, other.partner))
    return all(
        a is not None and b is not None and a.orientation and b.orientation and a.orientation is not b.orientation
        for a, b in pairs
    )


def _same_sides(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    if not _agree(one.fgfr_keeps, other.fgfr_keeps):
        return False
    a = one.partner.orientation if one.partner else None
    b = other.partner.orientation if other.partner else None
    return _agree(a, b)


def _same_dna(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    """Rule 1, and rule 2 for DNA."""
    if _same_sides(one, other):
        bases = SAME_BREAKPOINT_BP
    elif _orientations_opposite(one, other):
        bases = RECIPROCAL_BP
    else:
        return False
    return _fgfr_matches(one, other, bases) and _partner_matches(one, other, bases)


def _turned(facts: RearrangementFacts) -> RearrangementFacts:
    """Return an internal event told of its other end."""
    if facts.partner is None or facts.partner_place is None:
        return facts
    return structs.replace(
        facts,
        fgfr=facts.partner,
        partner=facts.fgfr,
        fgfr_keeps=facts.partner_keeps,
        partner_keeps=facts.fgfr_keeps,
        fgfr_place=facts.partner_place,
        partner_place=facts.fgfr_place,
    )


def _last_exon(facts: RearrangementFacts) -> int | None:
    if facts.retained_exons is None or facts.fgfr_keeps is not TranscriptSide.FIVE_PRIME:
        return None
    return int(facts.retained_exons.split("-")[1])


def _reversed_in_one_intron(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    """Rule 2 for RNA: one product ends with FGFR exon n, the other begins with exon n + 1."""
    five, three = (one, other) if one.fgfr_keeps is TranscriptSide.FIVE_PRIME else (other, one)
    last, first = _last_exon(five), three.three_prime_exon
    return last is not None and first is not None and first == last + 1


def _same_partner_gene(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    a = one.partner.gene if one.partner else None
    b = other.partner.gene if other.partner else None
    return (a is not None and a == b) or bool(set(one.partner_names) & set(other.partner_names))


def _sites_agree(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    """Tell whether two breaks can be at one site; an interval over a limit can be on either side of it."""
    open_sites = (BreakSite.UNKNOWN, BreakSite.CROSSES_LIMIT)
    return one.site is other.site or one.site in open_sites or other.site in open_sites


def _dna_keeps_rna_exons(dna: RearrangementFacts, rna: RearrangementFacts) -> bool:
    if dna.fgfr_keeps is TranscriptSide.FIVE_PRIME:
        kept, shown = _last_exon(dna), _last_exon(rna)
        # From a break behind the stop codon the donor of exon 17 is spliced to the partner as well.
        skips_last = dna.site is BreakSite.BEYOND_STOP and rna.site is BreakSite.HOTSPOT
        return kept is None or shown is None or (shown <= kept and (skips_last or _sites_agree(dna, rna)))
    first, shown_first = dna.three_prime_exon, rna.three_prime_exon
    return first is None or shown_first is None or first <= shown_first


def _runs_into(dna: RearrangementFacts, rna: RearrangementFacts) -> bool:
    """Rule 3 for an intergenic DNA partner: the RNA partner lies on the kept side, within reach, read the same way."""
    if dna.partner_kind is not PartnerKind.INTERGENIC or dna.partner is None or rna.partner is None:
        return False
    here, there = dna.partner, rna.partner
    if (
        here.pos is None
        or there.pos is None
        or here.contig != there.contig
        or dna.call.assembly is not rna.call.assembly
    ):
        return False
    if here.orientation is None or here.orientation is not there.orientation:
        return False
    distance = there.pos - here.pos if here.orientation is Orientation.RIGHT else here.pos - there.pos
    return 0 <= distance <= RNA_REACH_BP


def _same_with_rna(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    if _opposite(one.fgfr_keeps, other.fgfr_keeps):
        return _same_partner_gene(one, other) and _reversed_in_one_intron(one, other)
    dna, rna = (other, one) if _is_rna(one) else (one, other)
    if _is_rna(dna):
        # One break gives transcripts that skip exons, so those of one pair of genes are one event.
        return _same_partner_gene(one, other)
    return (_same_partner_gene(one, other) or _runs_into(dna, rna)) and _dna_keeps_rna_exons(dna, rna)


def _same_by_name(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    if not _agree(one.fgfr_keeps, other.fgfr_keeps):
        return False
    if not _sites_agree(one, other):
        return False
    if _near(one.fgfr_place, other.fgfr_place, SAME_BREAKPOINT_BP) is False:
        return False
    return _same_partner_gene(one, other)


def _lacks_partner(facts: RearrangementFacts) -> bool:
    """Tell whether a call says nothing that a partner could be compared by."""
    return not _has_place(facts.partner_place) and (facts.partner is None or facts.partner.gene is None)


def _same_without_partner(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    """A break without a partner (single breakend, partner N/A) is the break that another call gives a partner to."""
    near = _near(one.fgfr_place, other.fgfr_place, SAME_BREAKPOINT_BP)
    return bool(near) and _agree(one.fgfr_keeps, other.fgfr_keeps)


def is_same_event(one: RearrangementFacts, other: RearrangementFacts) -> bool:
    """Tell whether two structural calls are one event; symmetric."""
    if one.gene is not other.gene or one.is_internal is not other.is_internal:
        return False
    if _lacks_partner(one) or _lacks_partner(other):
        return _same_without_partner(one, other)
    if _is_rna(one) or _is_rna(other):
        if _has_place(one.fgfr_place) and _has_place(other.fgfr_place):
            return _same_with_rna(one, other)
        return _same_by_name(one, other)
    if all(_has_place(place) for facts in (one, other) for place in (facts.fgfr_place, facts.partner_place)):
        return _same_dna(one, other) or (one.is_internal and _same_dna(one, _turned(other)))
    return _same_by_name(one, other)


def _frame_rank(facts: RearrangementFacts) -> int:
    order = (Frame.IN_FRAME, Frame.UNKNOWN, Frame.OUT_OF_FRAME, Frame.STOP_BEFORE_JUNCTION, Frame.NOT_CODING)
    return order.index(facts.frame)


def lead_rank(facts: RearrangementFacts) -> tuple[object, ...]:
    """Order of the calls of one event: the product that keeps the kinase, then frame, quality, precision, place."""
    call = facts.call
    return (
        not (facts.fgfr_keeps is TranscriptSide.FIVE_PRIME and facts.site is BreakSite.HOTSPOT),
        facts.fgfr_keeps is not TranscriptSide.FIVE_PRIME,
        facts.kept_side_assumed,
        not (facts.in_strand and facts.frame is Frame.IN_FRAME),
        facts.partner_kind in (PartnerKind.INTERGENIC, PartnerKind.UNKNOWN) or not _has_place(facts.partner_place),
        _lacks_partner(facts),
        call.status is not CallStatus.PRESENT,
        call.filter is FilterStatus.FAILED or call.no_support,
        _is_rna(facts),
        _frame_rank(facts),
        -(call.split_reads or 0),
        (facts.fgfr_place.high or 0) - (facts.fgfr_place.low or 0),
        call.assembly.value if call.assembly else "~",
        facts.fgfr.pos or 0,
        (facts.partner.contig or "", facts.partner.pos or 0) if facts.partner else ("", 0),
        facts.fgfr_keeps is None,
        # The partner may be kept on either side of one place: what is told of the event must not hang on the order of files.
        facts.in_strand is not True,
        facts.in_strand is None,
        (facts.partner.orientation or "") if facts.partner else "",
        call.caller or "",
        source_key(call.source),
    )


def source_key(source: Source) -> tuple[str, int, str, str]:
    """Fixed order of records: by input, line, place and name."""
    return (source.input, source.line or 0, source.place or "", source.raw_id or "")


def _group(members: list[RearrangementFacts]) -> RearrangementGroup:
    ordered = sorted(members, key=lead_rank)
    lead = ordered[0]
    reciprocal = tuple(f for f in ordered if _opposite(f.fgfr_keeps, lead.fgfr_keeps))
    same = tuple(f for f in ordered if not _opposite(f.fgfr_keeps, lead.fgfr_keeps))
    return RearrangementGroup(lead=lead, members=same, reciprocal=reciprocal)


def _fits(partnerless: RearrangementFacts, group: RearrangementGroup) -> bool:
    lead = group.lead
    if _would_hide(group) or lead.gene is not partnerless.gene or lead.is_internal is not partnerless.is_internal:
        return False
    return _agree(lead.fgfr_keeps, partnerless.fgfr_keeps) and _sites_agree(lead, partnerless)


def _would_hide(group: RearrangementGroup) -> bool:
    """Tell whether every call of an event loses the kinase: what has no place and no partner must not end as its "no"."""
    lost = (KinaseDomain.LOST, KinaseDomain.PARTLY)
    return all(member.kinase in lost for member in (*group.members, *group.reciprocal))


def _is_in(facts: RearrangementFacts, group: RearrangementGroup) -> bool:
    return any(is_same_event(member, facts) for member in (*group.members, *group.reciprocal))


def _with_joined(
    groups: list[RearrangementGroup],
    loose: list[RearrangementFacts],
    fits: Callable[[RearrangementFacts, RearrangementGroup], bool],
    *,
    only_one: bool,
) -> list[RearrangementGroup]:
    """Let each loose call join the first group that it fits (if `only_one`, none of several), or make groups of the rest.

    All are compared with the groups as they came, so that no loose call joins two groups and their order does not matter.
    """
    sets = [[*group.members, *group.reciprocal] for group in groups]
    rest = []
    for one in loose:
        fitting = [i for i, group in enumerate(groups) if fits(one, group)]
        if len(fitting) == 1 or (fitting and not only_one):
            sets[fitting[0]].append(one)
        else:
            rest.append(one)
    sets += group_by(rest, lambda a, b: is_same_event(a, b) or fits(a, _group([b])))
    return sorted((_group(members) for members in sets), key=_group_rank)


def _group_rank(group: RearrangementGroup) -> tuple[object, ...]:
    return (group.lead.gene.value, lead_rank(group.lead))


def merge_rearrangements(facts: Iterable[RearrangementFacts]) -> tuple[RearrangementGroup, ...]:
    """Group structural facts into events, ordered by gene and place."""
    placed: list[RearrangementFacts] = []
    unsided: list[RearrangementFacts] = []
    named: list[RearrangementFacts] = []
    partnerless: list[RearrangementFacts] = []
    floating: list[RearrangementFacts] = []
    for one in sorted(facts, key=lambda f: (f.gene.value, lead_rank(f))):
        has_place = _has_place(one.fgfr_place)
        if _lacks_partner(one):
            (partnerless if has_place else floating).append(one)
        else:
            # RNA whose kept side is not known fits both products of one break, and must not make one event of them.
            is_unsided = has_place and _is_rna(one) and one.fgfr_keeps is None
            (unsided if is_unsided else placed if has_place else named).append(one)
    groups = sorted((_group(members) for members in group_by(placed, is_same_event)), key=_group_rank)
    groups = _with_joined(groups, unsided, _is_in, only_one=False)
    groups = _with_joined(groups, named, _is_in, only_one=False)
    groups = _with_joined(groups, partnerless, _is_in, only_one=True)
    return tuple(_with_joined(groups, floating, _fits, only_one=True))


# ----------------------------------------------------------------------------------------------------- copy number


def _leave_no_exon_out(segments: list[CopyNumberFacts]) -> bool:
    """Tell whether the segments cover the gene together; the exon that holds the limit of two counts as covered."""
    reached = 0
    for first, last in sorted(facts.covered_exons for facts in segments if facts.covered_exons is not None):
        if first - reached > 2:
            return False
        reached = max(reached, last)
    return EXONS - reached < 2


def _lowest_measure(segments: list[CopyNumberFacts]) -> Measure | None:
    """Return the lowest value of the segments, None when one has none or they are on different scales."""
    measures = [facts.measure for facts in segments if facts.measure is not None]
    if len(measures) < len(segments) or len({measure.unit for measure in measures}) > 1:
        return None
    return min(measures, key=lambda measure: measure.value)


def _joined_segments(segments: list[CopyNumberFacts]) -> CopyNumberFacts:
    """Join the segments of one file over one gene: highest copies and their exons; lowest copies if no exon is left out."""
    if len(segments) == 1:
        return segments[0]

    def level(facts: CopyNumberFacts) -> float:
        value = facts.copies if facts.copies is not None else facts.measure.value if facts.measure else 0.0
        return facts.copies_max if facts.copies_max is not None else value

    ordered = sorted(segments, key=lambda f: (-level(f), source_key(f.call.source)))
    top = ordered[0]
    lows = [f.copies_min if f.copies_min is not None else f.copies for f in segments]
    known = [value for value in lows if value is not None]
    highs = [f.copies_max if f.copies_max is not None else f.copies for f in segments]
    known_high = [value for value in highs if value is not None]
    is_complete = _leave_no_exon_out(segments)
    return structs.replace(
        top,
        measure_min=_lowest_measure(segments) if is_complete else None,
        copies_min=min(known) if len(known) == len(segments) and is_complete else top.copies_min,
        copies_max=max(known_high) if len(known_high) == len(segments) else top.copies_max,
    )


def merge_copy_numbers(
    facts: Iterable[CopyNumberFacts], expression: Iterable[ExpressionFacts]
) -> tuple[CopyNumberGroup, ...]:
    """Group copy-number facts by gene; segments of one input and caller are joined first."""
    per_file: dict[tuple[FgfrGene, str, str], list[CopyNumberFacts]] = defaultdict(list)
    for fact in facts:
        per_file[(fact.gene, fact.call.source.input, fact.call.caller or "")].append(fact)
    members: dict[FgfrGene, list[CopyNumberFacts]] = defaultdict(list)
    for (gene, _, _), segments in sorted(per_file.items()):
        segmented = [f for f in segments if f.segment is not None]
        others = [f for f in segments if f.segment is None]
        members[gene] += ([_joined_segments(segmented)] if segmented else []) + others
    stains: dict[FgfrGene, list[ExpressionFacts]] = defaultdict(list)
    for stain in expression:
        stains[stain.gene].append(stain)
    return tuple(
        CopyNumberGroup(
            gene=gene,
            members=tuple(sorted(members[gene], key=lambda f: source_key(f.call.source))),
            expression=tuple(sorted(stains[gene], key=lambda f: source_key(f.call.source))),
        )
        for gene in sorted(set(members) | set(stains))
    )


# --------------------------------------------------------------------------------------------------- short variants


def _variant_rank(facts: ShortVariantFacts) -> tuple[object, ...]:
    call = facts.call
    return (
        facts.genomic_key is None,
        bool(facts.candidates),
        call.status is not CallStatus.PRESENT,
        call.filter is FilterStatus.FAILED or call.no_support,
        call.vaf is None,
        facts.key,
        source_key(call.source),
    )


def merge_short_variants(facts: Iterable[ShortVariantFacts]) -> tuple[ShortVariantGroup, ...]:
    """Group equal changes; a protein-only or ambiguous call joins a group only when exactly one fits it."""
    every = sorted(facts, key=_variant_rank)
    groups: dict[tuple[FgfrGene, str], list[ShortVariantFacts]] = {}
    for fact in every:
        if fact.genomic_key is not None:
            groups.setdefault((fact.gene, fact.genomic_key), []).append(fact)
    for fact in every:
        if fact.genomic_key is not None:
            continue
        fitting = [key for key, members in groups.items() if key[0] is fact.gene and same_change(members[0], fact)]
        groups.setdefault(fitting[0] if len(fitting) == 1 else (fact.gene, fact.key), []).append(fact)
    return tuple(ShortVariantGroup(lead=members[0], members=tuple(members)) for _, members in sorted(groups.items()))
