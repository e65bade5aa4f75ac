"""Which end of a structural call is FGFR1-3, and which part of the gene stays there."""

from fgfr_screen.annotate.site import break_site
from fgfr_screen.coords import fgfr_gene_at, immunoglobulin_locus_at
from fgfr_screen.genes import fgfr_gene
from fgfr_screen.model import Breakend, RearrangementCall, Record
from fgfr_screen.reference import Transcript, fgfr_transcript
from fgfr_screen.terms import Assembly, BreakSite, FgfrGene, GeneOrder, TranscriptSide
from fgfr_screen.transcripts import contains, kept_side

HIJACK_REACH_BP = 250_000
"""An immunoglobulin locus joined this near to FGFR3 is an enhancer hijack (rules.md 1.3)."""


class FgfrSide(Record, frozen=True, kw_only=True):
    """The FGFR end that the event is told of.

    Attributes:
        gene: The receptor.
        breakend: Its end.
        other: The other end; None = the source gives one end only.
        is_first: True when its end is `call.first`.
    """

    gene: FgfrGene
    breakend: Breakend
    other: Breakend | None
    is_first: bool


def named_fgfr(breakend: Breakend) -> FgfrGene | None:
    """Return the first FGFR gene among the source's names."""
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
    return named_fgfr(breakend)


def lies_in_gene(breakend: Breakend, gene: FgfrGene, transcript: Transcript, assembly: Assembly | None) -> bool:
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


def _candidates(call: RearrangementCall) -> list[FgfrSide]:
    sides = []
    for is_first, one, other in ((True, call.first, call.second), (False, call.second, call.first)):
        if one is None:
            continue
        gene = _fgfr_of(one, call.assembly) or _hijacked_fgfr3(one, other, call.assembly)
        if gene is not None:
            sides.append(FgfrSide(gene=gene, breakend=one, other=other, is_first=is_first))
    return sides


def kept_part(call: RearrangementCall, side: FgfrSide, strand: str) -> TranscriptSide | None:
    """Return the kept part of FGFR: from the orientation, else from a gene order that the source asserts."""
    if side.breakend.orientation is not None and call.orientation_is_reliable:
        return kept_side(strand, side.breakend.orientation)
    if call.order is GeneOrder.UNKNOWN:
        return None
    return TranscriptSide.FIVE_PRIME if side.is_first else TranscriptSide.THREE_PRIME


def told_of(call: RearrangementCall) -> FgfrSide | None:
    """Choose the FGFR end that carries the event: the one that keeps its 5' part in the hotspot, then 5', then first."""

    def rank(side: FgfrSide) -> tuple[object, ...]:
        transcript = fgfr_transcript(call.assembly or Assembly.GRCH38, side.gene)
        keeps = kept_part(call, side, transcript.strand)
        site = break_site(transcript, side.breakend, call)
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
