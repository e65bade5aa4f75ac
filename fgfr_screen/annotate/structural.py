"""Structural call -> `RearrangementFacts`: the FGFR end, its kept side and site, the partner, strand sense, frame, kinase.

Order: find the FGFR end, take its kept side from the orientation (or from an asserted gene order), place the last kept base
on the MANE Select transcript, find the partner, read the frame, say what is left of the kinase. Nothing is judged here.
"""

from msgspec import structs

from fgfr_screen.annotate.frame import JoinSide, keeps_start_codon
from fgfr_screen.annotate.partner import Join, Partner, find_partner, named_symbols, partner_tier, shared_numbers_from
from fgfr_screen.annotate.splice_order import with_splice_order
from fgfr_screen.coords import after, before, can_shift, fgfr_gene_at, immunoglobulin_locus_at, to_grch38
from fgfr_screen.facts import RearrangementFacts, SharedPlace
from fgfr_screen.findings import FINDINGS
from fgfr_screen.genes import fgfr_gene, is_blank
from fgfr_screen.model import Breakend, EventEnd, Finding, Pos1, RearrangementCall, Record
from fgfr_screen.reference import Transcript, fgfr_transcript, transcripts_of
from fgfr_screen.terms import (
    Assembly,
    BreakSite,
    DeclaredStructure,
    FgfrGene,
    Frame,
    GeneOrder,
    KinaseDomain,
    Molecule,
    Orientation,
    PartnerKind,
    Region,
    TranscriptSide,
)
from fgfr_screen.transcripts import (
    contains,
    exon_count,
    exon_distance,
    exon_number,
    exons,
    first_base,
    hgvs_position,
    intron_number,
    is_upstream,
    kept_side,
    last_base,
    next_exon,
    previous_exon,
    region,
    stop_codon_first_base,
)

HOTSPOT_EXON = 17
"""The hotspot begins with the last base of this MANE exon: kinase-retaining fusions keep it whole (rules.md 1.2)."""
KINASE_FIRST_EXON = 11
"""First MANE exon that must be complete when FGFR is the 3' gene (rules.md 1.3)."""
HIJACK_REACH_BP = 250_000
"""An immunoglobulin locus joined this near to FGFR3 is an enhancer hijack (rules.md 1.3)."""
_COMPLEMENT = str.maketrans("ACGTNacgtn", "TGCANtgcan")


class _FgfrSide(Record, frozen=True, kw_only=True):
    """The FGFR end that the event is told of."""

    gene: FgfrGene
    breakend: Breakend
    other: Breakend | None
    is_first: bool


def _named_fgfr(breakend: Breakend) -> FgfrGene | None:
    for name in breakend.genes:
        gene = fgfr_gene(name)
        if gene is not None:
            return gene
    return None


def _fgfr_of(breakend: Breakend | None, assembly: Assembly | None) -> FgfrGene | None:
    """Return the FGFR gene of one side: by coordinates when there are any, else by the source's name."""
    if breakend is None:
        return None
    if breakend.contig is not None and breakend.pos is not None and assembly is not None:
        return fgfr_gene_at(assembly, breakend.contig, breakend.pos, breakend.pos_end or breakend.pos)
    return _named_fgfr(breakend)


def _lies_in(breakend: Breakend, gene: FgfrGene, transcript: Transcript, assembly: Assembly | None) -> bool:
    """Tell whether the other side lies in the same gene; a break beside it, inside the window, is intergenic."""
    if _fgfr_of(breakend, assembly) is not gene:
        return False
    return (
        breakend.pos is None
        or contains(transcript, breakend.pos)
        or contains(transcript, breakend.pos_end or breakend.pos)
    )


def _hijacked_fgfr3(one: Breakend, other: Breakend | None, assembly: Assembly | None) -> FgfrGene | None:
    """Return FGFR3 when `one` lies within reach of it and `other` in an immunoglobulin locus."""
    if assembly is None or other is None or one.pos is None or other.pos is None or not (one.contig and other.contig):
        return None
    if immunoglobulin_locus_at(assembly, other.contig, other.pos, other.pos_end or other.pos) is None:
        return None
    transcript = fgfr_transcript(assembly, FgfrGene.FGFR3)
    near = transcript.tx_start - HIJACK_REACH_BP <= one.pos <= transcript.tx_end + HIJACK_REACH_BP
    return FgfrGene.FGFR3 if near and one.contig == transcript.contig else None


def _candidates(call: RearrangementCall) -> list[_FgfrSide]:
    sides = []
    for is_first, one, other in ((True, call.first, call.second), (False, call.second, call.first)):
        if one is None:
            continue
        gene = _fgfr_of(one, call.assembly) or _hijacked_fgfr3(one, other, call.assembly)
        if gene is not None:
            sides.append(_FgfrSide(gene=gene, breakend=one, other=other, is_first=is_first))
    return sides


def _keeps(call: RearrangementCall, side: _FgfrSide, strand: str) -> TranscriptSide | None:
    """Return the kept part of FGFR: from the orientation, else from a gene order that the source asserts."""
    if side.breakend.orientation is not None and call.orientation_is_reliable:
        return kept_side(strand, side.breakend.orientation)
    if call.order is GeneOrder.UNKNOWN:
        return None
    return TranscriptSide.FIVE_PRIME if side.is_first else TranscriptSide.THREE_PRIME


def _told_of(call: RearrangementCall) -> _FgfrSide | None:
    """Choose the FGFR end that carries the event: the one that keeps its 5' part in the hotspot, then 5', then first."""

    def rank(side: _FgfrSide) -> tuple[object, ...]:
        transcript = fgfr_transcript(call.assembly or Assembly.GRCH38, side.gene)
        keeps = _keeps(call, side, transcript.strand)
        site = _site(transcript, side.breakend, call)
        pos = side.breakend.pos
        return (
            pos is not None and not contains(transcript, pos),
            keeps is not TranscriptSide.FIVE_PRIME or site is not BreakSite.HOTSPOT,
            keeps is not TranscriptSide.FIVE_PRIME,
            site is not BreakSite.HOTSPOT,
            side.gene.value,
            pos or 0,
            side.breakend.pos_end or 0,
            side.breakend.orientation or "",
            (side.breakend.exon or 0, side.breakend.intron or 0, side.breakend.genes),
            not side.is_first,
        )

    return min(_candidates(call), key=rank, default=None)


# ------------------------------------------------------------------------------------------------------- FGFR side


def _site_of(transcript: Transcript, pos: Pos1) -> BreakSite:
    """Place the last kept base of a 5' part."""
    if is_upstream(transcript, pos, last_base(transcript, HOTSPOT_EXON)):
        return BreakSite.BEFORE_HOTSPOT
    return (
        BreakSite.HOTSPOT if is_upstream(transcript, pos, stop_codon_first_base(transcript)) else BreakSite.BEYOND_STOP
    )


def _site_in_words(breakend: Breakend, declared: DeclaredStructure | None) -> BreakSite:
    """Place a break that a laboratory gives by exon or intron number.

    Numbers above MANE (intron 18, exon 19) come from gene-wise numbering and name the same place. Exon 17 of a fusion is its
    last kept exon; of a mere rearrangement it is where the break lies, which may cut the kinase.
    """
    if breakend.intron is not None:
        return BreakSite.HOTSPOT if breakend.intron >= HOTSPOT_EXON else BreakSite.BEFORE_HOTSPOT
    if breakend.exon is None:
        return BreakSite.UNKNOWN
    if breakend.exon == HOTSPOT_EXON:
        return BreakSite.HOTSPOT if declared is DeclaredStructure.FUSION else BreakSite.CROSSES_LIMIT
    return BreakSite.HOTSPOT if breakend.exon > HOTSPOT_EXON else BreakSite.BEFORE_HOTSPOT


def _site(transcript: Transcript, breakend: Breakend, call: RearrangementCall) -> BreakSite:
    if breakend.pos is None:
        return _site_in_words(breakend, call.declared)
    low, high = _site_of(transcript, breakend.pos), _site_of(transcript, breakend.pos_end or breakend.pos)
    return low if low is high else BreakSite.CROSSES_LIMIT


def _first_complete_exon(transcript: Transcript, pos: Pos1) -> int | None:
    """Return the first exon wholly kept when the 3' part stays from `pos` on."""
    exon = exon_number(transcript, pos)
    if exon is not None and first_base(transcript, exon) == pos:
        return exon
    return next_exon(transcript, pos)


def _last_complete_exon(transcript: Transcript, pos: Pos1) -> int | None:
    """Return the last exon wholly kept when the 5' part stays up to `pos`."""
    exon = exon_number(transcript, pos)
    if exon is not None and last_base(transcript, exon) == pos:
        return exon
    return previous_exon(transcript, pos)


def _kinase_of_three_prime(transcript: Transcript, breakend: Breakend) -> tuple[KinaseDomain, int | None]:
    if breakend.pos is None:
        exon = breakend.intron + 1 if breakend.exon is None and breakend.intron is not None else breakend.exon
        return (_kinase_from_exon(exon, transcript), exon) if exon is not None else (KinaseDomain.UNKNOWN, None)
    ends = {_first_complete_exon(transcript, pos) for pos in (breakend.pos, breakend.pos_end or breakend.pos)}
    fates = {_kinase_from_exon(exon, transcript) for exon in ends}
    known = [exon for exon in ends if exon is not None]
    return (fates.pop() if len(fates) == 1 else KinaseDomain.UNKNOWN), max(known, default=None)


def _kinase_from_exon(exon: int | None, transcript: Transcript) -> KinaseDomain:
    if exon is None or exon >= exon_count(transcript):
        return KinaseDomain.LOST
    return KinaseDomain.RETAINED if exon <= KINASE_FIRST_EXON else KinaseDomain.PARTLY


def _kinase_of_five_prime(site: BreakSite) -> KinaseDomain:
    match site:
        case BreakSite.HOTSPOT | BreakSite.BEYOND_STOP:
            return KinaseDomain.RETAINED
        case BreakSite.BEFORE_HOTSPOT:
            return KinaseDomain.LOST
        case _:
            return KinaseDomain.UNKNOWN


def _retained_exons(
    transcript: Transcript, breakend: Breakend, keeps: TranscriptSide | None, first: int | None
) -> str | None:
    last = exon_count(transcript)
    if keeps is TranscriptSide.THREE_PRIME:
        return f"{first}-{last}" if first is not None else None
    if keeps is None or breakend.pos is None:
        return None
    ends = (breakend.pos, breakend.pos_end or breakend.pos)
    # Of an interval, what stays in any case.
    complete = _last_complete_exon(transcript, min(ends) if transcript.strand == "+" else max(ends))
    return f"1-{complete}" if complete is not None else None


# ------------------------------------------------------------------------------------------------------------ ends


def _part(transcript: Transcript | None, pos: Pos1 | None, breakend: Breakend) -> tuple[int | None, int | None]:
    """Return exon and intron number: ours by position, else the source's words."""
    if pos is None:
        return breakend.exon, breakend.intron
    if transcript is None:
        return None, None
    return exon_number(transcript, pos), intron_number(transcript, pos)


def _end(
    breakend: Breakend, transcript: Transcript | None, symbol: str | None, strand: str | None, place: Region | None
) -> EventEnd:
    exon, intron = _part(transcript, breakend.pos, breakend)
    where = region(transcript, breakend.pos) if transcript is not None and breakend.pos is not None else place
    c_position = (
        hgvs_position(transcript, breakend.pos) if transcript is not None and breakend.pos is not None else None
    )
    return EventEnd(
        gene=symbol,
        hgnc_id=transcript.hgnc_id if transcript else None,
        transcript=transcript.accession if transcript else breakend.transcript,
        exon=exon,
        intron=intron,
        region=where,
        distance_bp=exon_distance(transcript, breakend.pos)
        if transcript is not None and breakend.pos is not None
        else None,
        contig=breakend.contig,
        pos=breakend.pos,
        pos_end=breakend.pos_end if breakend.pos_end is not None else breakend.pos,
        orientation=breakend.orientation,
        strand=strand,
        coordinate=f"{transcript.accession}:c.{c_position}" if transcript and c_position else None,
    )


def _part_name(exon: int | None, intron: int | None, where: Region | None) -> str | None:
    if exon is not None:
        return f"exon {exon}"
    if intron is not None:
        return f"intron {intron}"
    return where.value if where is not None else None


def _shared_part(transcript: Transcript, end: EventEnd) -> str | None:
    """Name the exon or intron of a partner where its number means the same on both assemblies."""
    start, number = shared_numbers_from(transcript), end.exon if end.exon is not None else end.intron
    return None if start is None or number is None or number < start else _part_name(end.exon, end.intron, None)


def _place(
    end: EventEnd, assembly: Assembly | None, gene: FgfrGene | None, transcript: Transcript | None
) -> SharedPlace:
    """Return the end in a form that two calls on different assemblies can compare; FGFR ends are shifted to GRCh38."""
    low, high, name = end.pos, end.pos_end, assembly.value if assembly else None
    # An enhancer hijack can break, and a wide interval can reach, where the two assemblies are not shifted evenly.
    if (
        gene is not None
        and assembly is not None
        and low is not None
        and high is not None
        and can_shift(gene, low, assembly)
        and can_shift(gene, high, assembly)
    ):
        low, high = to_grch38(gene, low, assembly), to_grch38(gene, high, assembly)
        name = "shared"
    if gene is None and transcript is not None:
        part = _shared_part(transcript, end)
    else:
        part = _part_name(end.exon, end.intron, end.region)
    return SharedPlace(contig=end.contig, low=low, high=high, assembly=name, gene=end.gene, part=part)


def _partner_place(
    end: EventEnd, assembly: Assembly | None, partner: Partner, locus: str | None, *, is_internal: bool
) -> SharedPlace:
    """Return the other end for comparison; in an immunoglobulin locus the segment that it hits has no lasting name."""
    gene = FgfrGene(partner.symbol) if is_internal and partner.symbol is not None else None
    place = _place(end, assembly, gene, partner.transcript)
    return place if locus is None else structs.replace(place, gene=locus, part=None)


# --------------------------------------------------------------------------------------------------------- partner


def _inserted_in_transcript_direction(
    call: RearrangementCall, side: _FgfrSide, keeps: TranscriptSide | None
) -> str | None:
    """Return the inserted bases as transcribed; they are given on the forward strand of `call.first`."""
    bases, first = call.untemplated_sequence, call.first
    if bases is None or keeps is None or first.orientation is None or not call.orientation_is_reliable:
        return bases if not bases else None
    first_is_five_prime = (keeps is TranscriptSide.FIVE_PRIME) == side.is_first
    reads_forward = (first.orientation is Orientation.LEFT) == first_is_five_prime
    return bases if reads_forward else bases.translate(_COMPLEMENT)[::-1]


def _codon_prefix(transcript: Transcript, pos: Pos1, assembly: Assembly) -> str:
    """Return the last coding bases up to an exonic position, for the stop codon test."""
    from fgfr_screen.isoforms import coding_base  # 150 kB of sequence, needed for inserted bases only

    bases = ""
    here: Pos1 | None = pos
    step = before if transcript.strand == "+" else after
    while here is not None and len(bases) < 2:
        base = coding_base(assembly, transcript.contig, here)
        if base is None:
            break
        bases = (base if transcript.strand == "+" else base.translate(_COMPLEMENT)) + bases
        here = step(here)
    return bases


def _join(call: RearrangementCall, side: _FgfrSide, transcript: Transcript, keeps: TranscriptSide | None) -> Join:
    breakend = side.breakend
    inserted = _inserted_in_transcript_direction(call, side, keeps)
    prefix = ""
    if inserted and breakend.pos is not None and call.assembly is not None and exon_number(transcript, breakend.pos):
        prefix = _codon_prefix(transcript, breakend.pos, call.assembly)
    fgfr = None
    if breakend.pos is not None:
        fgfr = JoinSide(transcript=transcript, low=breakend.pos, high=breakend.pos_end or breakend.pos)
    return Join(fgfr=fgfr, fgfr_keeps=keeps, junction=call.junction, inserted=inserted, codon_prefix=prefix)


def _named_partner(side: _FgfrSide, assembly: Assembly | None, keeps: TranscriptSide | None) -> Partner:
    """Return the partner that a source names without coordinates."""
    other = side.other
    names = named_symbols(other)
    nothing = other is None or (not names and not other.genes)
    if other is not None and other.states_no_gene:
        kind, symbol = PartnerKind.INTERGENIC, None
    elif nothing or (other is not None and all(is_blank(name) for name in other.genes)):
        kind, symbol = PartnerKind.UNKNOWN, None
    else:
        words = [word for word in other.genes if not is_blank(word)] if other is not None else []
        symbol = names[0] if len(names) == 1 else (words[0] if words and not names else None)
        kind = PartnerKind.CODING_GENE if symbol else PartnerKind.UNKNOWN
    if symbol is not None and symbol == side.gene.value:
        kind = PartnerKind.SAME_GENE
    models = transcripts_of(assembly or Assembly.GRCH38, symbol) if symbol else ()
    return Partner(
        symbol=symbol,
        transcript=models[0] if models else None,
        strand=models[0].strand if models else None,
        kind=kind,
        keeps=None if keeps is None or symbol is None else _other_side(keeps),
        in_strand=True if symbol and keeps is not None else None,
        prediction=None,
        overlapping=names,
    )


def _other_side(side: TranscriptSide) -> TranscriptSide:
    return TranscriptSide.THREE_PRIME if side is TranscriptSide.FIVE_PRIME else TranscriptSide.FIVE_PRIME


def _trusted_partner(side: _FgfrSide, call: RearrangementCall) -> Breakend:
    """Return the partner breakend, unoriented when the caller's orientation cannot be trusted."""
    other = side.other
    if other is None:
        msg = "no partner breakend"
        raise ValueError(msg)
    if call.orientation_is_reliable:
        return other
    return Breakend(
        contig=other.contig, pos=other.pos, pos_end=other.pos_end, genes=other.genes, transcript=other.transcript
    )


def _partner(call: RearrangementCall, side: _FgfrSide, join: Join) -> Partner:
    other = side.other
    if other is None or other.contig is None or other.pos is None or call.assembly is None:
        return _named_partner(side, call.assembly, join.fgfr_keeps)
    breakend = _trusted_partner(side, call)
    return find_partner(side.gene, join, breakend, call.assembly, named_symbols(other))


def _partner_end(side: _FgfrSide, partner: Partner) -> EventEnd | None:
    if side.other is None and partner.symbol is None:
        return None
    breakend = side.other or Breakend()
    place = Region.INTERGENIC if partner.kind is PartnerKind.INTERGENIC else None
    end = _end(breakend, partner.transcript, partner.symbol, partner.strand, place)
    return structs.replace(end, overlapping_genes=partner.overlapping if len(partner.overlapping) > 1 else ())


# -------------------------------------------------------------------------------------------------------- internal


def _internal_shape(one: Breakend, other: Breakend) -> str | None:
    if one.pos is None or other.pos is None or one.orientation is None or other.orientation is None:
        return None
    if one.orientation is other.orientation:
        return "inversion"
    low = one if one.pos <= other.pos else other
    if low.orientation is Orientation.LEFT and max(one.pos, other.pos) == after(min(one.pos, other.pos)):
        return "insertion"
    return "deletion" if low.orientation is Orientation.LEFT else "duplication"


def _in_same_intron(transcript: Transcript, one: Breakend, other: Breakend) -> bool:
    """Tell whether both ends, wherever in their intervals they lie, are in one intron."""
    introns: set[int | None] = set()
    for end in (one, other):
        if end.pos is None:
            introns.add(end.intron)
        else:
            introns |= {intron_number(transcript, end.pos), intron_number(transcript, end.pos_end or end.pos)}
    return len(introns) == 1 and None not in introns


def _exons_inside(transcript: Transcript, low: Pos1, high: Pos1) -> tuple[int, int] | None:
    inside = []
    for number, start, end in exons(transcript):
        if low <= start and end <= high:
            inside.append(number)
    return (min(inside), max(inside)) if inside else None


def _declared_exons(call: RearrangementCall) -> tuple[int, int] | None:
    """Return the exon range of an internal duplication that a laboratory gives by number."""
    if call.declared is not DeclaredStructure.INTRAGENIC_DUPLICATION or call.second is None:
        return None
    numbers = [end.exon for end in (call.first, call.second) if end.exon is not None]
    return (min(numbers), max(numbers)) if len(numbers) == 2 else None


# -------------------------------------------------------------------------------------------------------- assembly


def _assume_five_prime(call: RearrangementCall, gene: FgfrGene, site: BreakSite) -> bool:
    """Tell whether a laboratory's word stands in for a missing orientation (rules.md 1.3)."""
    words = (DeclaredStructure.FUSION, DeclaredStructure.REARRANGEMENT, DeclaredStructure.TRUNCATION)
    return call.reported_by_lab and call.declared in words and site is BreakSite.HOTSPOT and gene is not FgfrGene.FGFR1


def _frame(call: RearrangementCall, partner: Partner) -> tuple[Frame, str | None, tuple[Finding, ...]]:
    """Join our frame with the source's: an RNA caller that sees the frame kept is believed, else coordinates win."""
    ours = partner.prediction.frame if partner.prediction else Frame.UNKNOWN
    detail = partner.prediction.detail if partner.prediction else None
    declared = call.declared_frame
    if declared is None or declared in (ours, Frame.UNKNOWN):
        return ours, detail, ()
    if ours is Frame.UNKNOWN and partner.in_strand is not False:
        told = Finding(code="FRAME_FROM_SOURCE", message=f"frame {declared} as given by {call.caller or 'the source'}")
        return declared, detail, (told,)
    conflict = Finding(
        code="FRAME_CONFLICT",
        message=f"{call.caller or 'the source'} says {declared}; our gene models say {ours}: {detail or 'no detail'}",
    )
    if call.molecule is Molecule.RNA and declared is Frame.IN_FRAME and partner.in_strand:
        return declared, detail, (conflict,)
    return ours, detail, (conflict,)


def _title(code: str) -> str:
    """Return the title of a code; a reader of another package may use codes of its own."""
    return FINDINGS[code].title if code in FINDINGS else code.replace("_", " ").lower()


def _told_findings(call: RearrangementCall, side: _FgfrSide, partner: Partner, *, assumed: bool) -> tuple[Finding, ...]:
    found = [Finding(code=code, message=_title(code)) for code in call.finding_codes]
    if assumed:
        found.append(
            Finding(
                code="KEPT_SIDE_ASSUMED",
                message=f"no source states the kept side; the laboratory's word and a break in the hotspot mean that the "
                f"5' part of {side.gene} stays",
            )
        )
    names = named_symbols(side.other)
    if partner.kind is PartnerKind.INTERGENIC and names and side.other is not None and side.other.pos is not None:
        found.append(
            Finding(
                code="NAMED_GENE_NOT_AT_BREAK",
                message=f"the source names {', '.join(names)}, but the break lies outside any gene: kept intergenic",
            )
        )
    return tuple(found)


def _comparable(call: RearrangementCall) -> RearrangementCall:
    """Return the call without positions that cannot be read: on no contig, or on an assembly that is not known."""

    def readable(end: Breakend | None) -> Breakend | None:
        if end is None or end.pos is None or (call.assembly is not None and end.contig is not None):
            return end
        return structs.replace(end, pos=None, pos_end=None)

    return structs.replace(call, first=readable(call.first), second=readable(call.second))


def _on_mane(end: Breakend | None) -> Breakend | None:
    """Return an FGFR end with the exon or intron number of MANE Select where the source numbers on another transcript."""
    number = None if end is None else end.exon if end.exon is not None else end.intron
    gene = _named_fgfr(end) if end is not None else None
    if end is None or end.pos is not None or end.transcript is None or number is None or gene is None:
        return end
    from fgfr_screen.isoforms import mane_exon  # needed only where a source names a transcript and no position

    moved = mane_exon(gene, end.transcript, number)
    if moved is None or moved == number:
        return end
    return structs.replace(end, exon=moved) if end.exon is not None else structs.replace(end, intron=moved)


def _with_mane_numbers(call: RearrangementCall) -> RearrangementCall:
    first, second = _on_mane(call.first), _on_mane(call.second)
    if first is None or (first, second) == (call.first, call.second):
        return call
    codes = (*call.finding_codes, "EXON_NUMBER_CONVERTED")
    return structs.replace(call, first=first, second=second, finding_codes=codes)


def annotate_rearrangement(call: RearrangementCall) -> RearrangementFacts | None:
    """Return the facts of one structural call, or None when it does not touch FGFR1-3.

    Coordinates outrank names: a side with coordinates outside every FGFR window is not FGFR whatever it is called.
    """
    given = call
    call, order_findings = with_splice_order(_with_mane_numbers(_comparable(call)))
    side = _told_of(call)
    if side is None:
        return None
    assembly = call.assembly
    transcript = fgfr_transcript(assembly or Assembly.GRCH38, side.gene)
    site = _site(transcript, side.breakend, call)
    keeps = _keeps(call, side, transcript.strand)
    is_internal = side.other is not None and _lies_in(side.other, side.gene, transcript, assembly)
    assumed = keeps is None and not is_internal and _assume_five_prime(call, side.gene, site)
    keeps = TranscriptSide.FIVE_PRIME if assumed else keeps
    join = _join(call, side, transcript, keeps)
    partner = _partner(call, side, join)
    if is_internal and partner.kind is not PartnerKind.SAME_GENE:
        partner = _same_gene(side, transcript, partner, join)
    facts = _assemble(call, side, transcript, site, keeps, partner, assumed=assumed, is_internal=is_internal)
    return structs.replace(facts, call=given, findings=(*facts.findings, *order_findings))


def _same_gene(side: _FgfrSide, transcript: Transcript, partner: Partner, join: Join) -> Partner:
    """Return the partner side of an internal event: the FGFR gene itself, whatever else overlaps there."""
    other = side.other
    keeps = kept_side(transcript.strand, other.orientation) if other is not None and other.orientation else None
    return Partner(
        symbol=side.gene.value,
        transcript=transcript,
        strand=transcript.strand,
        kind=PartnerKind.SAME_GENE,
        keeps=keeps,
        in_strand=None if keeps is None or join.fgfr_keeps is None else keeps is not join.fgfr_keeps,
        prediction=None,
        overlapping=partner.overlapping,
    )


def _assemble(
    call: RearrangementCall,
    side: _FgfrSide,
    transcript: Transcript,
    site: BreakSite,
    keeps: TranscriptSide | None,
    partner: Partner,
    *,
    assumed: bool,
    is_internal: bool,
) -> RearrangementFacts:
    three_kinase, three_exon = _kinase_of_three_prime(transcript, side.breakend)
    by_side = {TranscriptSide.FIVE_PRIME: _kinase_of_five_prime(site), TranscriptSide.THREE_PRIME: three_kinase}
    frame, detail, frame_findings = _frame(call, partner)
    fgfr = _end(side.breakend, transcript, side.gene.value, transcript.strand, None)
    partner_end = _partner_end(side, partner)
    other, assembly = side.other, call.assembly
    shape = _internal_shape(side.breakend, other) if is_internal and other is not None else None
    locus = _immunoglobulin(other, assembly, partner)
    return RearrangementFacts(
        call=call,
        gene=side.gene,
        fgfr=fgfr,
        partner=partner_end,
        fgfr_breakend=side.breakend,
        fgfr_keeps=keeps,
        partner_keeps=partner.keeps,
        site=site,
        partner_kind=partner.kind,
        kept_side_assumed=assumed,
        fgfr_is_first=side.is_first,
        partner_names=named_symbols(other),
        partner_tier=partner_tier(side.gene, partner.symbol, keeps),
        in_strand=partner.in_strand,
        frame=frame,
        frame_detail=detail,
        kinase=KinaseDomain.UNKNOWN if keeps is None else by_side[keeps],
        retained_exons=_retained_exons(transcript, side.breakend, keeps, three_exon),
        is_internal=is_internal,
        internal_shape=shape,
        duplicated_exons=_duplicated_exons(call, transcript, shape, side),
        same_intron=is_internal and other is not None and _in_same_intron(transcript, side.breakend, other),
        immunoglobulin=locus,
        three_prime_exon=three_exon if keeps is TranscriptSide.THREE_PRIME else None,
        joins_before_start_codon=side.breakend.pos is not None and keeps_start_codon(transcript, side.breakend.pos),
        fgfr_place=_place(fgfr, assembly, side.gene, transcript),
        partner_place=None
        if partner_end is None
        else _partner_place(partner_end, assembly, partner, locus, is_internal=is_internal),
        findings=(*_told_findings(call, side, partner, assumed=assumed), *frame_findings),
    )


def _duplicated_exons(
    call: RearrangementCall, transcript: Transcript, shape: str | None, side: _FgfrSide
) -> tuple[int, int] | None:
    other = side.other
    if shape == "duplication" and other is not None and other.pos is not None and side.breakend.pos is not None:
        low, high = sorted((side.breakend.pos, other.pos))
        return _exons_inside(transcript, Pos1(low), Pos1(high))
    return _declared_exons(call)


def _immunoglobulin(other: Breakend | None, assembly: Assembly | None, partner: Partner) -> str | None:
    if other is None:
        return None
    if assembly is not None and other.contig is not None and other.pos is not None:
        return immunoglobulin_locus_at(assembly, other.contig, other.pos, other.pos_end or other.pos)
    names = {name.upper().split("@")[0] for name in (*other.genes, partner.symbol or "")}
    return next((locus for locus in ("IGH", "IGK", "IGL") if locus in names), None)
