"""Structural call -> `RearrangementFacts`: the FGFR end, its kept side and site, the partner, strand sense, frame, kinase.

Order: find the FGFR end, take its kept side from the orientation (or from an asserted gene order), place the last kept base
on the MANE Select transcript, find the partner, read the frame, say what is left of the kinase. Nothing is judged here.
"""

from msgspec import structs

from fgfr_screen.annotate.event_end import event_end, partner_place, shared_place
from fgfr_screen.annotate.fgfr_side import FgfrSide, kept_part, lies_in_gene, named_fgfr, told_of
from fgfr_screen.annotate.frame import JoinSide, keeps_start_codon
from fgfr_screen.annotate.internal import duplicated_exons, in_same_intron, internal_shape
from fgfr_screen.annotate.partner import Join, Partner, find_partner, named_symbols, partner_tier
from fgfr_screen.annotate.site import break_site, kinase_of_five_prime, kinase_of_three_prime, retained_exons
from fgfr_screen.annotate.splice_order import with_splice_order
from fgfr_screen.coords import after, before, immunoglobulin_locus_at
from fgfr_screen.facts import RearrangementFacts
from fgfr_screen.findings import FINDINGS
from fgfr_screen.genes import is_blank
from fgfr_screen.model import Breakend, EventEnd, Finding, Pos1, RearrangementCall
from fgfr_screen.reference import Transcript, fgfr_transcript, transcripts_of
from fgfr_screen.terms import (
    Assembly,
    BreakSite,
    DeclaredStructure,
    FgfrGene,
    Frame,
    KinaseDomain,
    Molecule,
    Orientation,
    PartnerKind,
    Region,
    TranscriptSide,
)
from fgfr_screen.transcripts import exon_number, kept_side

_COMPLEMENT = str.maketrans("ACGTNacgtn", "TGCANtgcan")


# --------------------------------------------------------------------------------------------------------- partner


def _inserted_in_transcript_direction(
    call: RearrangementCall, side: FgfrSide, keeps: TranscriptSide | None
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


def _join(call: RearrangementCall, side: FgfrSide, transcript: Transcript, keeps: TranscriptSide | None) -> Join:
    breakend = side.breakend
    inserted = _inserted_in_transcript_direction(call, side, keeps)
    prefix = ""
    if inserted and breakend.pos is not None and call.assembly is not None and exon_number(transcript, breakend.pos):
        prefix = _codon_prefix(transcript, breakend.pos, call.assembly)
    fgfr = None
    if breakend.pos is not None:
        fgfr = JoinSide(transcript=transcript, low=breakend.pos, high=breakend.pos_end or breakend.pos)
    return Join(fgfr=fgfr, fgfr_keeps=keeps, junction=call.junction, inserted=inserted, codon_prefix=prefix)


def _named_partner(side: FgfrSide, assembly: Assembly | None, keeps: TranscriptSide | None) -> Partner:
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


def _trusted_partner(side: FgfrSide, call: RearrangementCall) -> Breakend:
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


def _partner(call: RearrangementCall, side: FgfrSide, join: Join) -> Partner:
    other = side.other
    if other is None or other.contig is None or other.pos is None or call.assembly is None:
        return _named_partner(side, call.assembly, join.fgfr_keeps)
    breakend = _trusted_partner(side, call)
    return find_partner(side.gene, join, breakend, call.assembly, named_symbols(other))


def _partner_end(side: FgfrSide, partner: Partner) -> EventEnd | None:
    if side.other is None and partner.symbol is None:
        return None
    breakend = side.other or Breakend()
    place = Region.INTERGENIC if partner.kind is PartnerKind.INTERGENIC else None
    end = event_end(breakend, partner.transcript, partner.symbol, partner.strand, place)
    return structs.replace(end, overlapping_genes=partner.overlapping if len(partner.overlapping) > 1 else ())


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


def _told_findings(call: RearrangementCall, side: FgfrSide, partner: Partner, *, assumed: bool) -> tuple[Finding, ...]:
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
    gene = named_fgfr(end) if end is not None else None
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
    side = told_of(call)
    if side is None:
        return None
    assembly = call.assembly
    transcript = fgfr_transcript(assembly or Assembly.GRCH38, side.gene)
    site = break_site(transcript, side.breakend, call)
    keeps = kept_part(call, side, transcript.strand)
    is_internal = side.other is not None and lies_in_gene(side.other, side.gene, transcript, assembly)
    assumed = keeps is None and not is_internal and _assume_five_prime(call, side.gene, site)
    keeps = TranscriptSide.FIVE_PRIME if assumed else keeps
    join = _join(call, side, transcript, keeps)
    partner = _partner(call, side, join)
    if is_internal and partner.kind is not PartnerKind.SAME_GENE:
        partner = _same_gene(side, transcript, partner, join)
    facts = _assemble(call, side, transcript, site, keeps, partner, assumed=assumed, is_internal=is_internal)
    return structs.replace(facts, call=given, findings=(*facts.findings, *order_findings))


def _same_gene(side: FgfrSide, transcript: Transcript, partner: Partner, join: Join) -> Partner:
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
    side: FgfrSide,
    transcript: Transcript,
    site: BreakSite,
    keeps: TranscriptSide | None,
    partner: Partner,
    *,
    assumed: bool,
    is_internal: bool,
) -> RearrangementFacts:
    three_kinase, three_exon = kinase_of_three_prime(transcript, side.breakend)
    by_side = {TranscriptSide.FIVE_PRIME: kinase_of_five_prime(site), TranscriptSide.THREE_PRIME: three_kinase}
    frame, detail, frame_findings = _frame(call, partner)
    fgfr = event_end(side.breakend, transcript, side.gene.value, transcript.strand, None)
    partner_end = _partner_end(side, partner)
    other, assembly = side.other, call.assembly
    shape = internal_shape(side.breakend, other) if is_internal and other is not None else None
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
        retained_exons=retained_exons(transcript, side.breakend, keeps, three_exon),
        is_internal=is_internal,
        internal_shape=shape,
        duplicated_exons=duplicated_exons(call, transcript, shape, side),
        same_intron=is_internal and other is not None and in_same_intron(transcript, side.breakend, other),
        immunoglobulin=locus,
        three_prime_exon=three_exon if keeps is TranscriptSide.THREE_PRIME else None,
        joins_before_start_codon=side.breakend.pos is not None and keeps_start_codon(transcript, side.breakend.pos),
        fgfr_place=shared_place(fgfr, assembly, side.gene, transcript),
        partner_place=None
        if partner_end is None
        else partner_place(partner_end, assembly, partner, locus, is_internal=is_internal),
        findings=(*_told_findings(call, side, partner, assumed=assumed), *frame_findings),
    )


def _immunoglobulin(other: Breakend | None, assembly: Assembly | None, partner: Partner) -> str | None:
    if other is None:
        return None
    if assembly is not None and other.contig is not None and other.pos is not None:
        return immunoglobulin_locus_at(assembly, other.contig, other.pos, other.pos_end or other.pos)
    names = {name.upper().split("@")[0] for name in (*other.genes, partner.symbol or "")}
    return next((locus for locus in ("IGH", "IGK", "IGL") if locus in names), None)
