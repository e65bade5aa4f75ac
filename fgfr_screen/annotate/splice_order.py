"""RNA junction without kept sides -> the same junction with them, where the gene models prove them.

A chimeric transcript joins the end of an exon (its donor) to the begin of another (its acceptor). So the gene whose exon
ends at the junction is the 5' partner, whatever order the caller writes; its strand then tells the kept side. A caller that
does assert the order needs only the strand. Nothing is assumed: where the exons do not tell, the call stays as it is, with
a finding.
"""

from msgspec import structs

from fgfr_screen.genes import resolve
from fgfr_screen.model import Breakend, Finding, Pos1, RearrangementCall, Record
from fgfr_screen.reference import Transcript, genes_overlapping, transcripts_overlapping
from fgfr_screen.terms import Assembly, DeclaredStructure, GeneOrder, JunctionKind, TranscriptSide
from fgfr_screen.transcripts import exons, first_base, last_base, orientation_of

_FIVE, _THREE = TranscriptSide.FIVE_PRIME, TranscriptSide.THREE_PRIME


class _ExonEdge(Record, frozen=True, kw_only=True):
    """End of an exon inside the interval of a breakend: `role` is what a join there makes of the gene."""

    pos: Pos1
    strand: str
    role: TranscriptSide


def with_splice_order(call: RearrangementCall) -> tuple[RearrangementCall, tuple[Finding, ...]]:
    """Return the call with kept sides as far as order, strands and exons tell them, and what was done.

    Only RNA junctions whose both sides have a position and no kept side are looked at.
    """
    first, second = call.first, call.second
    if call.junction is not JunctionKind.RNA_JUNCTION or second is None or call.assembly is None:
        return call, ()
    if any(side.orientation is not None or side.pos is None or side.contig is None for side in (first, second)):
        return call, ()
    if call.order is not GeneOrder.UNKNOWN:
        return (_with_asserted_sides(call, second, call.assembly), ()) if _reads_sense(call) else (call, ())
    for five, three, is_turned in ((first, second, False), (second, first, True)):
        edges = _only_edge(five, call.assembly), _only_edge(three, call.assembly)
        if edges[0] and edges[1] and (edges[0].role, edges[1].role) == (_FIVE, _THREE):
            return _repaired(call, (five, edges[0]), (three, edges[1]), is_turned=is_turned)
    told = Finding(
        code="ORDER_UNKNOWN",
        message=f"{call.caller or 'the source'} does not put the 5' gene first, and the ends of exons do not tell it",
    )
    # A laboratory's words are judged for themselves.
    return call, () if call.reported_by_lab else (told,)


def _reads_sense(call: RearrangementCall) -> bool:
    """Tell whether the source says that both genes are read in their own direction."""
    return call.declared is DeclaredStructure.FUSION and not call.reported_by_lab


def _models(side: Breakend, assembly: Assembly) -> tuple[Transcript, ...]:
    """Return the transcripts at a breakend: those of the genes that the source names, else all."""
    if side.contig is None or side.pos is None:
        return ()
    found = transcripts_overlapping(assembly, side.contig, side.pos, side.pos_end or side.pos)
    named = {symbol for word in side.genes for symbol in resolve(word).symbols}
    return tuple(model for model in found if model.gene in named) or (() if named else found)


def _edges(side: Breakend, assembly: Assembly) -> set[_ExonEdge]:
    low, high = side.pos or 0, side.pos_end or side.pos or 0
    found = set()
    for model in _models(side, assembly):
        numbers = [number for number, _, _ in exons(model)]
        # The last exon has no donor and the first no acceptor.
        places = [(last_base(model, number), _FIVE) for number in numbers[:-1]]
        places += [(first_base(model, number), _THREE) for number in numbers[1:]]
        found |= {_ExonEdge(pos=pos, strand=model.strand, role=role) for pos, role in places if low <= pos <= high}
    return found


def _only_edge(side: Breakend, assembly: Assembly) -> _ExonEdge | None:
    edges = _edges(side, assembly)
    return next(iter(edges)) if len(edges) == 1 else None


def _at(side: Breakend, edge: _ExonEdge) -> Breakend:
    return structs.replace(side, pos=edge.pos, pos_end=edge.pos, orientation=orientation_of(edge.strand, edge.role))


def _repaired(
    call: RearrangementCall, five: tuple[Breakend, _ExonEdge], three: tuple[Breakend, _ExonEdge], *, is_turned: bool
) -> tuple[RearrangementCall, tuple[Finding, ...]]:
    names = " and ".join("/".join(side.genes) or f"{side.contig}:{side.pos}" for side, _ in (five, three))
    how = "the other order than written" if is_turned else "the order written"
    told = Finding(
        code="ORDER_REPAIRED",
        message=f"{call.caller or 'the source'} does not put the 5' gene first; an exon of {names} ends and one begins at "
        f"the junction: {how}",
    )
    ends = (_at(*three), _at(*five)) if is_turned else (_at(*five), _at(*three))
    return structs.replace(call, first=ends[0], second=ends[1]), (told,)


def _with_asserted_sides(call: RearrangementCall, second: Breakend, assembly: Assembly) -> RearrangementCall:
    """Fill in the kept sides of a call whose order is asserted; a position near one fitting exon end is moved there."""
    sides = (_sided(call.first, _FIVE, assembly), _sided(second, _THREE, assembly))
    return structs.replace(call, first=sides[0], second=sides[1])


def _sided(side: Breakend, role: TranscriptSide, assembly: Assembly) -> Breakend:
    edges = [edge for edge in _edges(side, assembly) if edge.role is role]
    if len(edges) == 1:
        return _at(side, edges[0])
    strands = {model.strand for model in _models(side, assembly)} or _strands_of_genes(side, assembly)
    if len(strands) != 1:
        return side
    return structs.replace(side, orientation=orientation_of(strands.pop(), role))


def _strands_of_genes(side: Breakend, assembly: Assembly) -> set[str]:
    """Return the strands of the genes without a transcript model that the source names at a breakend."""
    if side.contig is None or side.pos is None:
        return set()
    found = genes_overlapping(assembly, side.contig, side.pos, side.pos_end or side.pos)
    return {gene.strand for gene in found if gene.symbol in side.genes}
