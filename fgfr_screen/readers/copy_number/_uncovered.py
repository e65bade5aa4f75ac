"""Genes of FGFR1-3 that a complete table of copy numbers leaves out, wholly or in part: nothing was measured there.

A table that lists the whole genome says "no change" by a value, so where it has none it says nothing. Such a gene becomes a
call that was not tested: no event, and no answer of the test behind the file.
"""

from collections.abc import Iterable

from fgfr_screen.model import Call, CopyNumberCall, Pos1, Source
from fgfr_screen.reference import fgfr_transcript
from fgfr_screen.terms import Assembly, CallStatus, FgfrGene, Molecule
from fgfr_screen.transcripts import exons

Span = tuple[Pos1, Pos1]
"""First and last base of a segment (1-based inclusive)."""


def covers_coding_exons(assembly: Assembly, gene: FgfrGene, spans: Iterable[Span]) -> bool:
    """Tell whether each MANE exon with coding bases meets a segment.

    Two segments with a break between them leave a few bases out; an exon that none of them reaches was not measured.
    """
    transcript = fgfr_transcript(assembly, gene)
    spans = tuple(spans)
    coding = (
        (first, last)
        for _, first, last in exons(transcript)
        if first <= transcript.cds_end and transcript.cds_start <= last
    )
    return all(any(start <= last and first <= end for start, end in spans) for first, last in coding)


def genes_left_out(calls: Iterable[Call]) -> tuple[FgfrGene, ...]:
    """Return the receptors that no call of a table names."""
    named = {call.gene for call in calls if isinstance(call, CopyNumberCall)}
    return tuple(gene for gene in FgfrGene if gene.value not in named)


def not_covered(input_id: str, caller: str | None, genes: Iterable[FgfrGene]) -> tuple[CopyNumberCall, ...]:
    """Return one call for each gene that was not measured; it belongs to no record of the file."""
    return tuple(
        CopyNumberCall(
            source=Source(input=input_id, line=None),
            caller=caller,
            molecule=Molecule.DNA,
            status=CallStatus.NOT_TESTED,
            gene=gene.value,
            finding_codes=("NOT_COVERED",),
        )
        for gene in genes
    )
