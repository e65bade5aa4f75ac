"""What `annotate` finds out about one call, before calls are merged and before anything is judged.

`merge` groups these records, `classify` judges the groups. They live here because stages of one rank never import each other.
"""

from fgfr_screen.model import (
    Breakend,
    CopyNumberCall,
    EventEnd,
    ExpressionCall,
    Finding,
    IsoformChange,
    Measure,
    RearrangementCall,
    Record,
    Segment,
    ShortVariantCall,
    Threshold,
)
from fgfr_screen.terms import (
    AlterationClass,
    BreakSite,
    Confidence,
    Consequence,
    DeclaredCopyNumber,
    FgfrGene,
    Frame,
    KinaseDomain,
    Mark,
    Outcome,
    PartnerKind,
    TranscriptSide,
)


class SharedPlace(Record, frozen=True, kw_only=True):
    """A place that can be compared between assemblies.

    Attributes:
        contig: `chr10`, or None when only a gene is known.
        low, high: GRCh38 interval of an FGFR end, or the interval on `assembly` of any other end; None = not given.
        assembly: Assembly of `low` and `high`; "shared" for FGFR ends, which are shifted to GRCh38 (where that is exact).
        gene: Approved symbol or None.
        part: `exon 18`, `intron 17`, `upstream`, `intergenic`, or None when not known, or when the number of a partner's exon
            does not mean the same on both assemblies.
    """

    contig: str | None
    low: int | None
    high: int | None
    assembly: str | None
    gene: str | None
    part: str | None


class RearrangementFacts(Record, frozen=True, kw_only=True):
    """Everything the gene models say about one structural call.

    Attributes:
        gene: The FGFR gene that the event is told of.
        fgfr, partner: Ends as they will be printed; `partner` None = not given.
        fgfr_breakend: The FGFR side as called.
        fgfr_keeps, partner_keeps: Kept part of each gene, None = not known or no gene.
        kept_side_assumed: True when no source states the side and the laboratory's word made us take the 5' part.
        site: Where the last kept FGFR base lies when the 5' part stays.
        partner_kind: What lies on the other side.
        partner_names: Approved symbols that the source names on the partner side.
        is_internal: Both ends in the same FGFR gene.
        internal_shape: `deletion`, `duplication`, `inversion`, `insertion` (neighbours of one place) or None.
        duplicated_exons: First and last MANE exon wholly inside a duplication, or None.
        same_intron: Both ends of an internal event in one intron.
        immunoglobulin: `IGH`, `IGK`, `IGL` or None.
        three_prime_exon: First complete FGFR exon when the 3' part stays, or None.
        joins_before_start_codon: True when the kept 3' part of FGFR holds its own start codon.
        places: FGFR place and partner place for comparison between calls.
    """

    call: RearrangementCall
    gene: FgfrGene
    fgfr: EventEnd
    partner: EventEnd | None
    fgfr_breakend: Breakend
    fgfr_keeps: TranscriptSide | None
    partner_keeps: TranscriptSide | None
    site: BreakSite
    partner_kind: PartnerKind
    kept_side_assumed: bool = False
    fgfr_is_first: bool = True
    partner_names: tuple[str, ...] = ()
    partner_tier: str | None = None
    in_strand: bool | None = None
    frame: Frame = Frame.UNKNOWN
    frame_detail: str | None = None
    kinase: KinaseDomain = KinaseDomain.UNKNOWN
    retained_exons: str | None = None
    is_internal: bool = False
    internal_shape: str | None = None
    duplicated_exons: tuple[int, int] | None = None
    same_intron: bool = False
    immunoglobulin: str | None = None
    three_prime_exon: int | None = None
    joins_before_start_codon: bool = False
    fgfr_place: SharedPlace
    partner_place: SharedPlace | None
    findings: tuple[Finding, ...] = ()


class CopyNumberFacts(Record, frozen=True, kw_only=True):
    """Copies of one FGFR gene from one call.

    Attributes:
        copies: Absolute copies of the tumour, given or computed from `measure` with purity and ploidy; None = unknown.
        copies_min, copies_max: Over the gene, when the source distinguishes.
        measure_min: Of several segments that cover the gene together, the lowest value on the scale of `measure`.
        amplified_exons: MANE exons inside a gained segment, as first and last, when the segment ends inside the gene.
        computed: Sentence with the formula when `copies` was computed.
        copies_if_uncorrected: Absolute copies if the value were not corrected for purity, where the source does not say
            whether it is; None = it says, or the purity is not known.
    """

    call: CopyNumberCall
    gene: FgfrGene
    copies: float | None
    copies_min: float | None
    copies_max: float | None
    measure: Measure | None
    purity: float | None
    ploidy: float | None
    declared: DeclaredCopyNumber | None
    segment: Segment | None
    covered_exons: tuple[int, int] | None
    covers_whole_gene: bool | None
    computed: str | None = None
    measure_min: Measure | None = None
    copies_if_uncorrected: float | None = None
    findings: tuple[Finding, ...] = ()


class ExpressionFacts(Record, frozen=True, kw_only=True):
    """Expression of one FGFR gene: tells nothing about its copies."""

    call: ExpressionCall
    gene: FgfrGene


class RearrangementGroup(Record, frozen=True, kw_only=True):
    """Calls of one structural event.

    Attributes:
        lead: Facts that the event is told by.
        members: All facts of the same product, the lead among them, in a fixed order.
        reciprocal: Facts of the other product of a balanced event.
    """

    lead: RearrangementFacts
    members: tuple[RearrangementFacts, ...]
    reciprocal: tuple[RearrangementFacts, ...] = ()


class CopyNumberGroup(Record, frozen=True, kw_only=True):
    """Copy-number calls of one gene, one per input and caller (segments of one file are already joined)."""

    gene: FgfrGene
    members: tuple[CopyNumberFacts, ...]
    expression: tuple[ExpressionFacts, ...] = ()


class Verdict(Record, frozen=True, kw_only=True):
    """What `classify` says about one candidate event."""

    alteration_class: AlterationClass
    outcome: Outcome
    confidence: Confidence
    marks: tuple[Mark, ...] = ()
    findings: tuple[Finding, ...] = ()
    would_settle: tuple[str, ...] = ()


class ShortVariantFacts(Record, frozen=True, kw_only=True):
    """One substitution or indel in normal form, independent of the assembly it came on.

    Attributes:
        key: `genomic_key` where there is one, else `protein_key`, else the ambiguous text.
        genomic_key: GRCh38 interval and new bases after trimming and, in coding exons, shifting to the 3' end.
        protein_key: Protein change on `transcript`, frameshifts without their tail; None = no protein change told.
        contig, pos, ref, alt: GRCh38, forward strand, trimmed; `ref` or `alt` "" in a pure insertion or deletion
            (`pos` is the first deleted base, or the base after an insertion); all None for protein-only calls; `ref`
            or `alt` None = bases not told.
        transcript: What `hgvs_c`, `hgvs_p` and the residues are told on: MANE Select unless it lacks the place.
        is_mane: False when the place exists on another isoform only.
        residue_start, residue_end: Residues of `protein_change` on `transcript`; None = not coding.
        exon_edge: `c.` number of the exon base whose splice site is hit, or None.
        inserted: New residues (one letter) of the protein change, "" = none or not told.
        stop_after: Codons to the new stop of a frameshift, None = not told or not reached.
        given: HGVS texts of the source, kept as given.
        candidates: The possible readings of an ambiguous residue number; () = not ambiguous.
    """

    call: ShortVariantCall
    gene: FgfrGene
    key: str
    genomic_key: str | None = None
    protein_key: str | None = None
    contig: str | None = None
    pos: int | None = None
    ref: str | None = None
    alt: str | None = None
    hgvs_g: str | None = None
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    protein_change: str | None = None
    transcript: str
    is_mane: bool = True
    residue_start: int | None = None
    residue_end: int | None = None
    exon_edge: int | None = None
    inserted: str = ""
    stop_after: int | None = None
    consequence: Consequence
    isoforms: tuple[IsoformChange, ...] = ()
    given: tuple[str, ...] = ()
    candidates: tuple["ShortVariantFacts", ...] = ()
    findings: tuple[Finding, ...] = ()


class ShortVariantGroup(Record, frozen=True, kw_only=True):
    """Calls of one substitution or indel; the lead tells the change by coordinates when any call has them."""

    lead: ShortVariantFacts
    members: tuple[ShortVariantFacts, ...]


class CopyNumberVerdict(Record, frozen=True, kw_only=True):
    """Verdict on the copies of one gene, the facts that decided, and the cut that was used."""

    verdict: Verdict
    lead: CopyNumberFacts | None
    threshold: Threshold | None


def same_change(one: ShortVariantFacts, other: ShortVariantFacts) -> bool:
    """Tell whether two facts are the same change, however each was written; symmetric.

    Two genomic changes are compared on the genome. Otherwise the protein changes are compared: details of a frameshift
    (first new residue, distance to the stop) only where both tell them. An ambiguous number is the same as any reading.
    """
    if one.candidates or other.candidates:
        readings = one.candidates or (one,)
        return any(same_change(first, second) for first in readings for second in other.candidates or (other,))
    if one.genomic_key is not None and other.genomic_key is not None:
        return one.genomic_key == other.genomic_key
    if one.protein_key is None or one.protein_key != other.protein_key:
        return False
    tails_agree = one.stop_after is None or other.stop_after is None or one.stop_after == other.stop_after
    return tails_agree and (not one.inserted or not other.inserted or one.inserted == other.inserted)
