"""The other side of an FGFR break: which gene lies there, if any.

A gene is a partner only when the break lies inside it. A nearest gene never is one (FUSOR and Arriba tables show what that
costs), and neither is a name that the source gives for a place where our gene models have no such gene.
"""

import functools

from msgspec import structs

from fgfr_screen.annotate.frame import FramePrediction, JoinSide, predict_frame
from fgfr_screen.coords import span_length
from fgfr_screen.genes import resolve
from fgfr_screen.model import Breakend, Pos1, Record
from fgfr_screen.reference import (
    Gene,
    Transcript,
    current_symbol,
    genes_overlapping,
    transcripts_of,
    transcripts_overlapping,
)
from fgfr_screen.reference import partner as listed_partner
from fgfr_screen.terms import (
    Assembly,
    FgfrGene,
    Frame,
    JunctionKind,
    PartnerKind,
    TranscriptSide,
)
from fgfr_screen.transcripts import exon_count, exons, first_exon, kept_side

_FRAME_RANK = {
    Frame.IN_FRAME: 0,
    Frame.UNKNOWN: 1,
    Frame.OUT_OF_FRAME: 2,
    Frame.STOP_BEFORE_JUNCTION: 3,
    Frame.NOT_CODING: 4,
}


class Partner(Record, frozen=True, kw_only=True):
    """The best gene on the partner side.

    Attributes:
        symbol: Approved symbol; None = intergenic.
        transcript: Coding transcript that the frame was read on, or None for a gene without one.
        kind: Coding gene, non-coding gene or intergenic.
        keeps: Kept part of the partner gene; None = orientation or strand not known.
        in_strand: True when one gene keeps its 5' part and the other its 3' part; None = not known.
        prediction: Frame, or None when the pair is not in strand.
        overlapping: All genes at the break, for the record.
    """

    symbol: str | None
    transcript: Transcript | None
    strand: str | None
    kind: PartnerKind
    keeps: TranscriptSide | None
    in_strand: bool | None
    prediction: FramePrediction | None
    overlapping: tuple[str, ...] = ()


class Join(Record, frozen=True, kw_only=True):
    """What the partner search needs to know of the FGFR side and of the junction."""

    fgfr: JoinSide | None
    fgfr_keeps: TranscriptSide | None
    junction: JunctionKind
    inserted: str | None
    codon_prefix: str = ""


def _in_strand(join: Join, keeps: TranscriptSide | None) -> bool | None:
    if keeps is None or join.fgfr_keeps is None:
        return None
    return keeps is not join.fgfr_keeps


def _predict(join: Join, transcript: Transcript, low: Pos1, high: Pos1) -> FramePrediction | None:
    if join.fgfr is None or join.fgfr_keeps is None:
        return None
    partner = JoinSide(transcript=transcript, low=low, high=high)
    fgfr_is_five = join.fgfr_keeps is TranscriptSide.FIVE_PRIME
    five, three = (join.fgfr, partner) if fgfr_is_five else (partner, join.fgfr)
    return predict_frame(
        five,
        three,
        junction=join.junction,
        inserted=join.inserted,
        codon_prefix=join.codon_prefix if fgfr_is_five else "",
    )


def _coding_candidate(join: Join, transcript: Transcript, breakend: Breakend, low: Pos1, high: Pos1) -> Partner:
    keeps = kept_side(transcript.strand, breakend.orientation) if breakend.orientation else None
    in_strand = _in_strand(join, keeps)
    return Partner(
        symbol=transcript.gene,
        transcript=transcript,
        strand=transcript.strand,
        kind=PartnerKind.CODING_GENE if transcript.cds_start else PartnerKind.NON_CODING_GENE,
        keeps=keeps,
        in_strand=in_strand,
        prediction=_predict(join, transcript, low, high) if in_strand else None,
    )


def _row_without_upstream_exons(assembly: Assembly, gene: Gene) -> Transcript | None:
    """Return the gene's transcript row when it lacks 5' exons of MANE, so that the gene reaches beyond it."""
    rows = transcripts_of(assembly, current_symbol(gene.symbol))
    return next((row for row in rows if row.missing_upstream_exons and row.contig == gene.contig), None)


def _gene_candidate(join: Join, gene: Gene, breakend: Breakend) -> Partner:
    keeps = kept_side(gene.strand, breakend.orientation) if breakend.orientation else None
    coding = gene.biotype == "protein_coding"
    return Partner(
        symbol=current_symbol(gene.symbol),
        transcript=None,
        strand=gene.strand,
        kind=PartnerKind.CODING_GENE if coding else PartnerKind.NON_CODING_GENE,
        keeps=keeps,
        in_strand=_in_strand(join, keeps),
        prediction=None,
    )


@functools.lru_cache(maxsize=512)
def shared_numbers_from(transcript: Transcript) -> int | None:
    """Return the exon from which the numbers of a transcript mean the same on both assemblies, or None when they do not.

    The GRCh37 rows of one gene in twenty have another exon structure than MANE; others lack exons of the 5' UTR.
    """
    rows = (row for assembly in Assembly for row in transcripts_of(assembly, transcript.gene))
    twins = [row for row in rows if row.mane_refseq == transcript.mane_refseq]
    start, last = max((first_exon(row) for row in twins), default=1), exon_count(transcript)
    counts = {exon_count(row) for row in twins}
    inner = {
        tuple(span_length(first, end) for number, first, end in exons(row) if start < number < last) for row in twins
    }
    on_both = len({row.assembly for row in twins}) == len(Assembly)
    return start if on_both and len(counts) == len(inner) == 1 else None


def partner_tier(gene: FgfrGene, symbol: str | None, fgfr_side: TranscriptSide | None) -> str | None:
    """Return the tier (A, B, C, X) of a partner in `data/fusion_partners.tsv`, or None when it is not listed.

    A row counts only when FGFR is on the side it names. With the side unknown, or for a row without one, any row counts
    except that such a row never gives tier A (it could be the other orientation).
    """
    row = listed_partner(gene, symbol) if symbol is not None else None
    if row is None:
        return None
    if fgfr_side is None or row.fgfr_side.value in ("both", fgfr_side.value):
        return row.tier.value
    if row.fgfr_side.value == "unknown":
        return "B" if row.tier.value == "A" else row.tier.value
    return None


def _rank(candidate: Partner, gene: FgfrGene, join: Join, named: frozenset[str]) -> tuple[object, ...]:
    frame = candidate.prediction.frame if candidate.prediction else Frame.NOT_CODING
    tier = partner_tier(gene, candidate.symbol, join.fgfr_keeps)
    return (
        candidate.in_strand is not True or frame is not Frame.IN_FRAME,
        candidate.kind is not PartnerKind.CODING_GENE,
        candidate.symbol not in named,
        tier != "A",
        candidate.in_strand is not True,
        _FRAME_RANK[frame],
        candidate.symbol or "",
        candidate.transcript.accession if candidate.transcript else "",
    )


def find_partner(gene: FgfrGene, join: Join, breakend: Breakend, assembly: Assembly, named: tuple[str, ...]) -> Partner:
    """Return the gene that the partner breakend lies in, best candidate first (in frame, coding, named by the source).

    Args:
        gene: The FGFR gene on the other side.
        join: FGFR side and junction.
        breakend: Partner breakend with contig and position.
        assembly: Assembly of its coordinates.
        named: Approved symbols that the source gives for this side.
    """
    if breakend.contig is None or breakend.pos is None:
        msg = "find_partner needs coordinates"
        raise ValueError(msg)
    low, high = breakend.pos, breakend.pos_end or breakend.pos
    candidates = [
        _coding_candidate(join, transcript, breakend, low, high)
        for transcript in transcripts_overlapping(assembly, breakend.contig, low, high)
    ]
    modelled = {candidate.symbol for candidate in candidates}
    for found in genes_overlapping(assembly, breakend.contig, low, high):
        if current_symbol(found.symbol) in modelled:
            continue
        longer = _row_without_upstream_exons(assembly, found)
        candidates.append(
            _gene_candidate(join, found, breakend)
            if longer is None
            else _coding_candidate(join, longer, breakend, low, high)
        )
    names = tuple(sorted({candidate.symbol for candidate in candidates if candidate.symbol}))
    if not candidates:
        return Partner(
            symbol=None,
            transcript=None,
            strand=None,
            kind=PartnerKind.INTERGENIC,
            keeps=None,
            in_strand=None,
            prediction=None,
        )
    chosen = min(candidates, key=lambda candidate: _rank(candidate, gene, join, frozenset(named)))
    return structs.replace(chosen, overlapping=names)


def named_symbols(breakend: Breakend | None) -> tuple[str, ...]:
    """Return the approved symbols of the names that a source gives for one side; ambiguous names give all of them."""
    if breakend is None:
        return ()
    found = {symbol for name in breakend.genes for symbol in resolve(name).symbols}
    return tuple(sorted(found))
