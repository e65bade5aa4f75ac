"""Builders: each gives a whole, plausible record, and a test changes only what matters to it.

Places are told by landmark (`intron 17`, `exon 17 last base`) of the MANE transcript, so that no test repeats coordinates
and every test can run on both assemblies.
"""

import re
from typing import Any

from msgspec import structs

from fgfr_screen.coords import after, before, from_grch38
from fgfr_screen.model import (
    Accounting,
    Assay,
    AssemblyEvidence,
    Breakend,
    Call,
    CopyNumberCall,
    Coverage,
    Evidence,
    InputContent,
    InputReport,
    Measure,
    NegativeCall,
    Pos1,
    RearrangementCall,
    ShortVariantCall,
    Source,
    Specimen,
    TumorType,
)
from fgfr_screen.reference import Transcript, transcripts_of
from fgfr_screen.terms import (
    AssayQc,
    Assembly,
    CopyNumberUnit,
    EventKind,
    FgfrGene,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
    TranscriptSide,
)
from fgfr_screen.transcripts import first_base, last_base, orientation_of, stop_codon_first_base, stop_codon_last_base

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38
FIVE, THREE = TranscriptSide.FIVE_PRIME, TranscriptSide.THREE_PRIME
LEFT, RIGHT = Orientation.LEFT, Orientation.RIGHT
CCA = TumorType(
    text="IHCH",
    oncotree="IHCH",
    name="Intrahepatic Cholangiocarcinoma",
    lineage="solid",
    lineage_codes=("IHCH", "CHOL", "TISSUE"),
)
STOMACH = TumorType(
    text="STAD",
    oncotree="STAD",
    name="Stomach Adenocarcinoma",
    lineage="solid",
    lineage_codes=("STAD", "STOMACH", "TISSUE"),
)

_PLACE = re.compile(r"(exon|intron) (\d+)(?: (first|last) base)?")


def a_source(**changes: Any) -> Source:
    return structs.replace(Source(input="in1", line=1), **changes)


# ---------------------------------------------------------------------------------------------------------- breakends


def a_transcript(strand: str = "+", **changes: Any) -> Transcript:
    """Three exons of 10, 20 and 30 bases; read along the transcript the coding part is bases 6 to 50 of 60."""
    starts, ends = ((101, 201, 301), (110, 220, 330)) if strand == "+" else ((101, 211, 321), (130, 230, 330))
    cds = (106, 320) if strand == "+" else (111, 325)
    transcript = Transcript(
        gene="GENE",
        hgnc_id=None,
        accession="NM_1.1",
        mane_refseq="NM_1.1",
        mane_ensembl="ENST1.1",
        mane_status="Select",
        assembly=Assembly.GRCH38,
        contig="chr1",
        strand=strand,
        tx_start=101,
        tx_end=330,
        cds_start=cds[0],
        cds_end=cds[1],
        exon_starts=starts,
        exon_ends=ends,
        frame_reliable=True,
        missing_upstream_exons=0,
    )
    return structs.replace(transcript, **changes)


def mane(gene: str, assembly: Assembly = GRCH38) -> Transcript:
    return transcripts_of(assembly, gene)[0]


def downstream_of(transcript: Transcript, pos: int, bases: int) -> Pos1:
    """Return the base that lies `bases` further along the transcript's strand (negative: upstream)."""
    forward = (transcript.strand == "+") == (bases > 0)
    for _ in range(abs(bases)):
        pos = after(pos) if forward else before(pos)
    return Pos1(pos)


def place(gene: str, where: str, assembly: Assembly = GRCH38) -> Pos1:
    """Return the position of a landmark.

    Args:
        gene: Approved symbol.
        where: `intron 17` (its middle), `exon 18` (its middle), `exon 17 last base`, `exon 18 first base`, `stop codon`,
            `end of stop codon`, `upstream` and `downstream` (1 kb from the transcript).
        assembly: Assembly of the answer.
    """
    if gene in FgfrGene.__members__ and assembly is not GRCH38:
        # The outer ends of the two rows differ by some bases, so a landmark is the same base only by shifting it.
        return from_grch38(FgfrGene(gene), place(gene, where), assembly)
    tx = mane(gene, assembly)
    if where in ("upstream", "downstream"):
        edge = tx.tx_start if (where == "upstream") == (tx.strand == "+") else tx.tx_end
        return downstream_of(tx, edge, -1000 if where == "upstream" else 1000)
    if where in ("stop codon", "end of stop codon"):
        return stop_codon_first_base(tx) if where == "stop codon" else stop_codon_last_base(tx)
    found = _PLACE.fullmatch(where)
    assert found is not None, where
    number = int(found[2])
    if found[3] is not None:
        return first_base(tx, number) if found[3] == "first" else last_base(tx, number)
    edges = (
        (first_base(tx, number), last_base(tx, number))
        if found[1] == "exon"
        else (last_base(tx, number), first_base(tx, number + 1))
    )
    return Pos1(sum(edges) // 2)


def an_end(
    gene: str, where: str, keeps: TranscriptSide | None = FIVE, assembly: Assembly = GRCH38, **changes: Any
) -> Breakend:
    """Return a breakend at a landmark of a gene; `keeps` None = orientation not stated."""
    tx, pos = mane(gene, assembly), place(gene, where, assembly)
    side = None if keeps is None else orientation_of(tx.strand, keeps)
    end = Breakend(contig=tx.contig, pos=pos, pos_end=pos, orientation=side)
    return structs.replace(end, **changes)


def an_interval(end: Breakend, low: int, high: int) -> Breakend:
    """Widen a breakend to an interval around its position."""
    assert end.pos is not None
    return structs.replace(end, pos=Pos1(end.pos + low), pos_end=Pos1(end.pos + high))


def intergenic(keeps: Orientation | None = RIGHT, assembly: Assembly = GRCH38, **changes: Any) -> Breakend:
    """Return a breakend on chromosome 13 where no gene lies on either assembly."""
    pos = Pos1(55_000_000 if assembly is GRCH38 else 55_574_135)
    return structs.replace(Breakend(contig="chr13", pos=pos, pos_end=pos, orientation=keeps), **changes)


def named(*genes: str, **changes: Any) -> Breakend:
    """Return a side that is told by gene name only."""
    return structs.replace(Breakend(genes=genes), **changes)


# --------------------------------------------------------------------------------------------------------------- calls


def a_call(first: Breakend, second: Breakend | None, **changes: Any) -> RearrangementCall:
    """Return a DNA adjacency on GRCh38."""
    call = RearrangementCall(
        source=a_source(), caller="caller", assembly=GRCH38, molecule=Molecule.DNA, first=first, second=second
    )
    return structs.replace(call, **changes)


def a_joined(
    gene: str,
    where: str,
    partner: str,
    partner_where: str,
    assembly: Assembly = GRCH38,
    **changes: Any,
) -> RearrangementCall:
    """Return an adjacency that keeps the 5' part of `gene` and the 3' part of `partner`."""
    ends = (an_end(gene, where, FIVE, assembly), an_end(partner, partner_where, THREE, assembly))
    return a_call(*ends, **{"assembly": assembly, **changes})


def an_fgfr2_bicc1_call(assembly: Assembly = GRCH38, **changes: Any) -> RearrangementCall:
    """Return FGFR2 intron 17 joined to BICC1 intron 2, in strand and in frame (BICC1 exon 3 begins in phase 0)."""
    return a_joined("FGFR2", "intron 17", "BICC1", "intron 2", assembly, **changes)


def an_rna_call(
    gene: str, exon: int, partner: str, partner_exon: int, assembly: Assembly = GRCH38, **changes: Any
) -> RearrangementCall:
    """Return an RNA junction of the end of one exon with the begin of another."""
    ends = (
        an_end(gene, f"exon {exon} last base", FIVE, assembly),
        an_end(partner, f"exon {partner_exon} first base", THREE, assembly),
    )
    call = a_call(
        *ends,
        assembly=assembly,
        molecule=Molecule.RNA,
        junction=JunctionKind.RNA_JUNCTION,
        order=GeneOrder.ASSERTED,
        caller="rna",
    )
    return structs.replace(call, **changes)


def a_named_call(*genes: str, **changes: Any) -> RearrangementCall:
    """Return a call that has gene names and no coordinates, as a signed-out report gives it."""
    ends = [named(gene) for gene in genes]
    call = RearrangementCall(
        source=a_source(),
        caller="laboratory",
        first=ends[0],
        second=ends[1] if len(ends) > 1 else None,
        junction=JunctionKind.NAMES_ONLY,
        reported_by_lab=True,
    )
    return structs.replace(call, **changes)


def turned(call: RearrangementCall) -> RearrangementCall:
    """Tell the same junction from its other end."""
    assert call.second is not None
    bases = call.untemplated_sequence
    if bases and call.first.orientation is call.second.orientation:
        bases = bases.translate(str.maketrans("ACGT", "TGCA"))[::-1]
    return structs.replace(call, first=call.second, second=call.first, untemplated_sequence=bases)


def other_product(call: RearrangementCall, gap: int = 0) -> RearrangementCall:
    """Return the reciprocal product: both ends keep the other side, `gap` bases away."""

    def opposite(end: Breakend) -> Breakend:
        assert end.orientation is not None
        assert end.pos is not None
        step = 1 if end.orientation is LEFT else -1
        pos = Pos1(end.pos + step * (gap + 1))
        return structs.replace(end, pos=pos, pos_end=pos, orientation=end.orientation.opposite)

    assert call.second is not None
    return structs.replace(call, first=opposite(call.first), second=opposite(call.second))


def from_line(call: Any, line: int, input_id: str = "in1", **source: Any) -> Any:
    """Return the call as if it stood in another line or file."""
    return structs.replace(call, source=a_source(input=input_id, line=line, **source))


def a_copy_number_call(copies: float | None = None, gene: str | None = "FGFR2", **changes: Any) -> CopyNumberCall:
    """Return absolute copies of a gene from a caller; None = no number."""
    measures = () if copies is None else (Measure(value=copies, unit=CopyNumberUnit.COPIES),)
    call = CopyNumberCall(source=a_source(), caller="caller", molecule=Molecule.DNA, gene=gene, measures=measures)
    return structs.replace(call, **changes)


def measured(value: float, unit: CopyNumberUnit, **changes: Any) -> CopyNumberCall:
    """Return a copy-number call on a scale of its own."""
    return a_copy_number_call(measures=(Measure(value=value, unit=unit),), **changes)


def a_segment(
    gene: str, first: int, last: int, copies: float, assembly: Assembly = GRCH38, **changes: Any
) -> CopyNumberCall:
    """Return a segment that holds exons `first` to `last` whole and ends in the introns beside them."""
    tx = mane(gene, assembly)
    edges = (
        place(gene, "upstream" if first == 1 else f"intron {first - 1}", assembly),
        place(gene, "downstream" if last == 18 else f"intron {last}", assembly),
    )
    call = a_copy_number_call(
        copies, gene=None, assembly=assembly, contig=tx.contig, start=Pos1(min(edges)), end=Pos1(max(edges))
    )
    return structs.replace(call, **changes)


def a_short_variant_call(**changes: Any) -> ShortVariantCall:
    """Return FGFR3 S249C by its protein change."""
    call = ShortVariantCall(source=a_source(), caller="caller", molecule=Molecule.DNA, gene="FGFR3", hgvs_p="p.S249C")
    return structs.replace(call, **changes)


def a_negative(gene: str = "FGFR2", kind: EventKind | None = EventKind.REARRANGEMENT, **changes: Any) -> NegativeCall:
    return structs.replace(NegativeCall(source=a_source(), gene=gene, kind=kind), **changes)


# --------------------------------------------------------------------------------------------------- what was tested


def coverage(*pairs: tuple[FgfrGene, EventKind], region: str | None = None) -> tuple[Coverage, ...]:
    return tuple(Coverage(gene=gene, kind=kind, region=region) for gene, kind in pairs)


def covers_everything() -> tuple[Coverage, ...]:
    return coverage(*((gene, kind) for gene in FgfrGene for kind in EventKind))


def an_assay(**changes: Any) -> Assay:
    """Return a DNA panel that covers all kinds of change of all three genes, and worked."""
    assay = Assay(
        id="in1.as1",
        source="report",
        name="panel",
        covers=covers_everything(),
        molecule=Molecule.DNA,
        qc=AssayQc.PASS,
        specimen="in1.sp1",
    )
    return structs.replace(assay, **changes)


def a_specimen(**changes: Any) -> Specimen:
    return structs.replace(Specimen(id="in1.sp1"), **changes)


def an_input_report(**changes: Any) -> InputReport:
    report = InputReport(
        id="in1",
        path="patient.vcf",
        format="vcf",
        format_evidence="built by a test",
        caller="caller",
        assembly=AssemblyEvidence(name=GRCH38, source="header"),
        sha256=None,
        records=0,
        outside_fgfr=0,
        rejected=0,
        complete=True,
    )
    return structs.replace(report, **changes)


def a_content(*calls: Call, input_id: str = "in1", path: str | None = None, **changes: Any) -> InputContent:
    """Return an input whose every call stands in a record of its own."""
    own = tuple(
        structs.replace(call, source=structs.replace(call.source, input=input_id, line=at))
        for at, call in enumerate(calls, 1)
    )
    content = InputContent(
        report=an_input_report(id=input_id, path=path or f"{input_id}.vcf"),
        calls=own,
        accounting=Accounting(records=len(own), outside_fgfr=0, in_events=len(own), rejected=0),
    )
    return structs.replace(content, **changes)


def evidence(**changes: Any) -> Evidence:
    return structs.replace(Evidence(input="in1", line=1, caller="caller"), **changes)
