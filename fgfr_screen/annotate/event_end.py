"""One end of a structural call as results show it (`EventEnd`) and as two calls are compared (`SharedPlace`)."""

from msgspec import structs

from fgfr_screen.annotate.partner import Partner, shared_numbers_from
from fgfr_screen.coords import can_shift, to_grch38
from fgfr_screen.facts import SharedPlace
from fgfr_screen.model import Breakend, EventEnd, Pos1
from fgfr_screen.reference import Transcript
from fgfr_screen.terms import Assembly, FgfrGene, Region
from fgfr_screen.transcripts import exon_distance, exon_number, hgvs_position, intron_number, region


def _part(transcript: Transcript | None, pos: Pos1 | None, breakend: Breakend) -> tuple[int | None, int | None]:
    """Return exon and intron number: ours by position, else the source's words."""
    if pos is None:
        return breakend.exon, breakend.intron
    if transcript is None:
        return None, None
    return exon_number(transcript, pos), intron_number(transcript, pos)


def event_end(
    breakend: Breakend, transcript: Transcript | None, symbol: str | None, strand: str | None, place: Region | None
) -> EventEnd:
    """Return the end as told; `place` is its region where no transcript is hit."""
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


def shared_place(
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


def partner_place(
    end: EventEnd, assembly: Assembly | None, partner: Partner, locus: str | None, *, is_internal: bool
) -> SharedPlace:
    """Return the other end for comparison; in an immunoglobulin locus the segment that it hits has no lasting name."""
    gene = FgfrGene(partner.symbol) if is_internal and partner.symbol is not None else None
    place = shared_place(end, assembly, gene, partner.transcript)
    return place if locus is None else structs.replace(place, gene=locus, part=None)
