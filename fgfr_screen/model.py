"""Record types: frozen, without I/O, look-ups or guessing defaults. `None` always means "not known".

The order of this file is the order of the pipeline: what a source said (`Call`), what we know about it (`Breakend` facts),
what it is (`Event`), what it means for a programme (`ProgramResult`), and the answer (`SampleReport`).

Records are `msgspec.Struct`s: defining forty of them costs 2 ms where frozen dataclasses cost 60, and JSON, TOML and
JSON Schema come from the same types. Coordinates are `Pos1`: 1-based, one base; 0 is the virtual telomere of VCF.
"""

from typing import TYPE_CHECKING, Any, NewType

import msgspec

from fgfr_screen.terms import (
    AlterationClass,
    AssayQc,
    Assembly,
    CallStatus,
    Category,
    Confidence,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    Extent,
    FgfrGene,
    FilterStatus,
    Frame,
    GeneOrder,
    JunctionKind,
    KinaseDomain,
    Mark,
    Molecule,
    Orientation,
    Origin,
    Outcome,
    ProgramStatus,
    Region,
    SpecimenKind,
)

if TYPE_CHECKING:
    import pandas

Pos1 = NewType("Pos1", int)
"""1-based position of one base on a contig. Only `coords` adds to or subtracts from it."""


class Record(msgspec.Struct, frozen=True):
    """Base of every record: immutable. Subclasses repeat `kw_only=True`, which msgspec does not inherit."""


# ---------------------------------------------------------------------------------------------------------- inputs


class Source(Record, frozen=True, kw_only=True):
    """Where a call came from: the way back from a verdict to the input line.

    Attributes:
        input: Id of the input within this screening (`in1`).
        line: 1-based line of a text file, 1-based record number of a BCF; None where a file has no lines.
        place: Path inside a structured file (`$.rearrangements[0]`), or None.
        raw_id: Identifier that the source gave the record, or None.
    """

    input: str
    line: int | None
    place: str | None = None
    raw_id: str | None = None


class AssemblyEvidence(Record, frozen=True, kw_only=True):
    """The assembly of one input and why we believe it."""

    name: Assembly | None
    source: str
    evidence: tuple[str, ...] = ()


class Rejected(Record, frozen=True, kw_only=True):
    """A record that could not be read. `touches_fgfr` True caps absence at `undetermined`."""

    input: str
    line: int | None
    code: str
    message: str
    touches_fgfr: bool


class Accounting(Record, frozen=True, kw_only=True):
    """Counts of one input: `records == outside_fgfr + in_events + rejected` (an ALT or junction counts once).

    `headers` and `blank` lines are outside the identity.
    """

    records: int
    outside_fgfr: int
    in_events: int
    rejected: int


class InputReport(Record, frozen=True, kw_only=True):
    """What was read from one file."""

    id: str
    path: str
    format: str
    format_evidence: str
    caller: str | None
    assembly: AssemblyEvidence
    sha256: str | None
    records: int
    outside_fgfr: int
    rejected: int
    complete: bool
    findings: tuple["Finding", ...] = ()


# ----------------------------------------------------------------------------------------------------------- calls


class Breakend(Record, frozen=True, kw_only=True):
    """One side of a rearrangement as the source gave it.

    Attributes:
        contig: UCSC-style name (`chr10`) as normalised by `coords`; any other name is kept as written; None = not given.
        pos: Lowest position that the last kept base can have.
        pos_end: Highest position that it can have; equal to `pos` when exact.
        orientation: Kept side on the forward strand; None = not stated.
        genes: Symbols as given by the source for this side, in its order; several when they overlap.
        states_no_gene: True when the source says that there is no gene here (intergenic), False when it says nothing.
        transcript: Accession as given.
        exon: Exon number on `transcript` as given; the break lies in it, or at its end for an RNA junction.
        intron: Intron number as given (intron n follows exon n).
        region: Region as given.
    """

    contig: str | None = None
    pos: Pos1 | None = None
    pos_end: Pos1 | None = None
    orientation: Orientation | None = None
    genes: tuple[str, ...] = ()
    states_no_gene: bool = False
    transcript: str | None = None
    exon: int | None = None
    intron: int | None = None
    region: Region | None = None


class CallBase(Record, frozen=True, kw_only=True):
    """What every call carries.

    Attributes:
        source: Way back to the input.
        caller: Program or laboratory that made the call; None = not stated.
        assembly: Assembly of this call's coordinates; None where it has none or it cannot be told.
        assay: Id of the assay (`as1`), or None.
        specimen: Id of the specimen (`sp1`), or None.
        molecule: What was tested; None = not stated.
        status: What the source says about the call.
        filter: VCF FILTER reduced to three values; `filter_text` is the column as written.
        no_support: True when the tumour genotype is 0/0 or has no alternate read.
        origin: Germline or somatic as far as the source (or a matched normal) decides it.
        has_matched_normal: True when a normal sample was called beside the tumour; None = not stated.
        vaf: Variant allele fraction 0-1, or None.
        reported_by_lab: True for a line of a signed-out report, whose words count as declared by the laboratory.
        text: The source's own words for an event field, or None. Never a patient field.
    """

    source: Source
    caller: str | None = None
    assembly: Assembly | None = None
    assay: str | None = None
    specimen: str | None = None
    molecule: Molecule | None = None
    status: CallStatus = CallStatus.PRESENT
    filter: FilterStatus = FilterStatus.UNFILTERED
    filter_text: str | None = None
    no_support: bool = False
    origin: Origin = Origin.UNKNOWN
    has_matched_normal: bool | None = None
    vaf: float | None = None
    reported_by_lab: bool = False
    subclonal: bool = False
    text: str | None = None
    finding_codes: tuple[str, ...] = ()


class RearrangementCall(CallBase, tag="rearrangement", frozen=True, kw_only=True):
    """Two breakends that a source says are joined, or one whose mate is not known.

    Attributes:
        first, second: The two sides in the source's order; `second` None = single breakend or partner not given.
        order: ASSERTED when the source says that `first` is the 5' partner; KNOWN only when kept sides prove it;
            UNKNOWN otherwise.
        junction: DNA breakpoint, RNA splice junction, or names only.
        declared: Word of the source for the event.
        declared_frame: Frame as the source gives it; None = not stated.
        declared_kinase: Kinase fate as the source gives it.
        orientation_is_reliable: False for callers whose brackets or strands carry no orientation.
        untemplated_sequence: Bases at the join found in neither side, on the strand of `first`; "" = none, None = not known.
        homology_length: Bases at the join found on both sides, or None.
        imprecise: True when the source says that the position is an estimate.
        split_reads, spanning_pairs: Fragments crossing the join; pairs with one mate on each side. None = not given.
        mate_ids: Identifiers of mate records in the same file; `event_id` groups records in some callers.
    """

    first: Breakend
    second: Breakend | None
    order: GeneOrder = GeneOrder.UNKNOWN
    junction: JunctionKind = JunctionKind.DNA_BREAKPOINT
    declared: DeclaredStructure | None = None
    declared_frame: Frame | None = None
    declared_kinase: KinaseDomain | None = None
    orientation_is_reliable: bool = True
    untemplated_sequence: str | None = None
    homology_length: int | None = None
    imprecise: bool = False
    split_reads: int | None = None
    spanning_pairs: int | None = None
    mate_ids: tuple[str, ...] = ()
    mates: tuple[Source, ...] = ()


class Measure(Record, frozen=True, kw_only=True):
    """One copy-number value on its own scale. `purity_corrected` None = not stated."""

    value: float
    unit: CopyNumberUnit
    purity_corrected: bool | None = None


class CopyNumberCall(CallBase, tag="copy_number", frozen=True, kw_only=True):
    """Copies of a gene or of a segment.

    Attributes:
        gene: Symbol as given, or None for a segment.
        contig, start, end: Segment, 1-based inclusive, or None.
        measures: Values, each with its scale; empty = only a word was given.
        copies_min, copies_max: Lowest and highest absolute copies over the gene, or None.
        first_exon, last_exon: Amplified MANE exons as given, or None.
        purity, ploidy: Tumour values stated with the call, or None.
        declared: Word of the source.
    """

    gene: str | None = None
    contig: str | None = None
    start: Pos1 | None = None
    end: Pos1 | None = None
    measures: tuple[Measure, ...] = ()
    copies_min: float | None = None
    copies_max: float | None = None
    first_exon: int | None = None
    last_exon: int | None = None
    purity: float | None = None
    ploidy: float | None = None
    declared: DeclaredCopyNumber | None = None


class ShortVariantCall(CallBase, tag="short_variant", frozen=True, kw_only=True):
    """A substitution or an indel: genomic (`contig` `pos` `ref` `alt`, as in VCF), or by HGVS text, or both.

    Attributes:
        gene: Symbol as given, or None.
        transcript: Accession that `hgvs_c` and `hgvs_p` refer to, as given, or None.
        hgvs_c, hgvs_p: Text as given, or None.
        depth: Reads at the site, or None.
        normal_vaf: Allele fraction in the matched normal, or None.
    """

    gene: str | None = None
    contig: str | None = None
    pos: Pos1 | None = None
    ref: str | None = None
    alt: str | None = None
    transcript: str | None = None
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    depth: int | None = None
    normal_vaf: float | None = None


class ExpressionCall(CallBase, tag="expression", frozen=True, kw_only=True):
    """Protein or RNA amount (for example FGFR2b immunohistochemistry): says nothing about the gene's copies."""

    gene: str
    stain: str


class NegativeCall(CallBase, tag="negative", frozen=True, kw_only=True):
    """A laboratory's explicit statement that nothing of a kind was found. `kind` None = any kind."""

    gene: str
    kind: EventKind | None


class NormalJunctionCall(CallBase, tag="normal_junction", frozen=True, kw_only=True):
    """RNA reads that join an exon to the next one of the same gene, as in the unbroken transcript.

    Attributes:
        gene: Symbol as given.
        upstream_exon: MANE exon before the junction (17 for exon 17 to exon 18).
        reads: Reads over the junction.
    """

    gene: str
    upstream_exon: int
    reads: int


Call = RearrangementCall | CopyNumberCall | ShortVariantCall | ExpressionCall | NegativeCall | NormalJunctionCall


# ---------------------------------------------------------------------------------------- what was tested, on what


class Coverage(Record, frozen=True, kw_only=True):
    """A gene and kind that an assay can find. `region` names a part that must be tiled (`intron 17`), None = whole gene."""

    gene: FgfrGene
    kind: EventKind
    region: str | None = None


class Assay(Record, frozen=True, kw_only=True):
    """One test: what it can find, on which molecule, and whether it worked.

    Attributes:
        source: Where the description comes from (`report`, a catalogue id, a user's file).
        covers: What it can find; None = not known (so an absence from it is never negative).
        material: What the test is made for, where its description says so; the specimen, where known, tells more.
        is_germline: True for a constitutional test.
        has_matched_normal: None = not stated.
    """

    id: str
    source: str
    name: str | None = None
    covers: tuple[Coverage, ...] | None = None
    molecule: Molecule | None = None
    qc: AssayQc = AssayQc.UNKNOWN
    specimen: str | None = None
    material: SpecimenKind = SpecimenKind.UNKNOWN
    is_germline: bool = False
    has_matched_normal: bool | None = None


class Specimen(Record, frozen=True, kw_only=True):
    """Tumour or germline material. `collected` is an ISO date. `before_fgfr_inhibitor` None = not known."""

    id: str
    kind: SpecimenKind = SpecimenKind.UNKNOWN
    collected: str | None = None
    tumor_content: float | None = None
    ploidy: float | None = None
    before_fgfr_inhibitor: bool | None = None


class TumorType(Record, frozen=True, kw_only=True):
    """Tumour type as given (`text`) and as understood. `lineage` is `solid`, `haematologic` or `germline`.

    `lineage_codes` are OncoTree codes from the type itself up to the root, or () when not understood.
    """

    text: str
    oncotree: str | None = None
    name: str | None = None
    lineage: str | None = None
    lineage_codes: tuple[str, ...] = ()
    caution: str | None = None


class InputContent(Record, frozen=True, kw_only=True):
    """Everything one reader took from one file, before any interpretation.

    Attributes:
        carries: Kinds of event that the file could hold at all; None = not known, then the reader's own.
    """

    report: InputReport
    carries: tuple[EventKind, ...] | None = None
    calls: tuple[Call, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    accounting: Accounting | None = None
    assays: tuple[Assay, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    tumor_type_text: str | None = None
    tumor_oncotree: str | None = None
    clinical: dict[str, Any] = {}
    purity: float | None = None
    ploidy: float | None = None


# ---------------------------------------------------------------------------------------------------------- events


class Finding(Record, frozen=True, kw_only=True):
    """One reason: a stable code, what it does to the outcome (None = only told), a sentence with the numbers, sources."""

    code: str
    message: str
    outcome: Outcome | None = None
    sources: tuple[str, ...] = ()


class EventEnd(Record, frozen=True, kw_only=True):
    """One end of a structural event in the result, on MANE numbering.

    Attributes:
        gene: Approved symbol; None = intergenic or not known (see `region`).
        exon, intron: On `transcript`; None = not inside it or not known. Intron n follows exon n.
        distance_bp: Bases between the break and the nearest exon edge of `transcript` (0 in an exon); None = outside it.
        pos, pos_end: As called, on the assembly of the evidence that leads the event.
        orientation: Kept side on the forward strand.
        coordinate: Position that does not depend on the assembly (`NM_000141.5:c.2301+1445`, `BICC1 intron 2`).
    """

    gene: str | None = None
    hgnc_id: str | None = None
    transcript: str | None = None
    exon: int | None = None
    intron: int | None = None
    region: Region | None = None
    distance_bp: int | None = None
    contig: str | None = None
    pos: int | None = None
    pos_end: int | None = None
    orientation: Orientation | None = None
    strand: str | None = None
    coordinate: str | None = None
    overlapping_genes: tuple[str, ...] = ()


class Segment(Record, frozen=True, kw_only=True):
    """Copy-number segment: 1-based inclusive; `focal` True when at most 10 Mb; None = not known."""

    start: int | None = None
    end: int | None = None
    bases: int | None = None
    focal: bool | None = None


class Threshold(Record, frozen=True, kw_only=True):
    """The cut that decided, in words with numbers, and who says so."""

    value: str
    source: str


class IsoformChange(Record, frozen=True, kw_only=True):
    """The protein change as numbered on one transcript."""

    transcript: str
    hgvs_p: str
    hgvs_c: str | None = None


class Evidence(Record, frozen=True, kw_only=True):
    """One call that supports an event."""

    input: str
    line: int | None = None
    place: str | None = None
    caller: str | None = None
    assay: str | None = None
    specimen: str | None = None
    molecule: Molecule | None = None
    junction: JunctionKind | None = None
    assembly: Assembly | None = None
    position: str | None = None
    split_reads: int | None = None
    spanning_pairs: int | None = None
    vaf: float | None = None
    status: CallStatus = CallStatus.PRESENT
    filter: str | None = None
    raw_id: str | None = None
    text: str | None = None


class Event(Record, frozen=True, kw_only=True):
    """One biological change in normal form, its class and all reasons. Keys are those of the result contract."""

    id: str
    kind: EventKind
    gene: FgfrGene
    alteration_class: AlterationClass
    marks: tuple[Mark, ...] = ()
    category: Category = Category.NONE
    outcome: Outcome = Outcome.UNDETERMINED
    confidence: Confidence = Confidence.MODERATE
    name: str = ""
    five_prime: EventEnd | None = None
    three_prime: EventEnd | None = None
    in_strand: bool | None = None
    frame: Frame | None = None
    frame_detail: str | None = None
    kinase_domain: KinaseDomain | None = None
    retained_exons: str | None = None
    partner_tier: str | None = None
    junction_kind: JunctionKind | None = None
    untemplated_sequence: str | None = None
    homology_length: int | None = None
    copies: float | None = None
    copies_min: float | None = None
    copies_max: float | None = None
    fold_change: float | None = None
    log2_ratio: float | None = None
    scale: CopyNumberUnit | None = None
    ploidy: float | None = None
    purity: float | None = None
    segment: Segment | None = None
    threshold: Threshold | None = None
    hgvs_g: str | None = None
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    protein_change: str | None = None
    isoforms: tuple[IsoformChange, ...] = ()
    origin: Origin | None = None
    vaf: float | None = None
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    would_settle: tuple[str, ...] = ()


# -------------------------------------------------------------------------------------------------------- programmes


class TreatmentLine(Record, frozen=True, kw_only=True):
    """One line of systemic therapy for advanced disease. `start` and `end` are ISO dates; `end` None = running or not known."""

    agents: tuple[str, ...]
    start: str | None = None
    end: str | None = None


class ClinicalFacts(Record, frozen=True, kw_only=True):
    """Clinical facts as recorded by the user or a report. `None` means not known, never "no".

    Attributes:
        age_months: Age in completed months.
        country: ISO 3166 alpha-2 code, upper case.
        surgery_date, as_of: ISO dates; `as_of` is the day for which eligibility is asked (no clock is ever read).
        pt, pn: Pathological T and N, normalised to `pT2a`, `ypT3`, `pN0`, `pN+`; not assessed (X) = not known.
        lines: Systemic lines for advanced disease in the order given; () = none was given to the patient.
        propel_weeks: Weeks of growth data in the PROPEL run-in.
        histology_variant: Variant component as written, or `none`.
        derived: Keys filled in from other facts (an agent of `lines`, a `yp` prefix), so that the echo shows only what was given.
    """

    age_months: float | None = None
    sex: str | None = None
    country: str | None = None
    extent: Extent | None = None
    resected: bool | None = None
    surgery_date: str | None = None
    pt: str | None = None
    pn: str | None = None
    neoadjuvant: bool | None = None
    lines: tuple[TreatmentLine, ...] | None = None
    prior_fgfr_inhibitor: bool | None = None
    prior_pd1: bool | None = None
    prior_platinum: bool | None = None
    growth_plates_open: bool | None = None
    propel_weeks: float | None = None
    clinical_achondroplasia: bool | None = None
    histology_variant: str | None = None
    as_of: str | None = None
    derived: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the facts that were given, as plain JSON values, in the order of the closed list."""
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        hidden = {"derived", *self.derived}
        return {key: value for key, value in plain.items() if value is not None and key not in hidden}


class ProgramResult(Record, frozen=True, kw_only=True):
    """One programme weighed against one patient; the three parts are printed apart.

    Attributes:
        genomic: What the events and the tests done say together.
        genomic_events: What the events found carry by themselves, before what was not tested is weighed.
        missing: Facts whose absence leaves a part undetermined.
    """

    id: str
    family: str
    title: str
    status: ProgramStatus
    status_note: str
    reviewed: str
    outcome: Outcome
    genomic: Outcome
    genomic_events: Outcome
    tumor_type: Outcome
    clinical: Outcome
    event_ids: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    would_settle: tuple[str, ...] = ()


# ----------------------------------------------------------------------------------------------------------- answer


class Tool(Record, frozen=True, kw_only=True):
    """What made the result, so that it can be made again."""

    name: str
    version: str
    data_release: str
    rules_sha256: str


class SampleIdentity(Record, frozen=True, kw_only=True):
    """Names given by the user; `patient_id` never comes from a file."""

    sample_id: str | None
    patient_id: str | None
    tumor_type: TumorType | None


class Summary(Record, frozen=True, kw_only=True):
    """One outcome per category."""

    qualifying_fgfr2_fusion_or_rearrangement: Outcome
    fgfr2_amplification: Outcome
    fgfr3_alteration: Outcome
    other_fgfr_alteration: Outcome


class AbsenceReport(Record, frozen=True, kw_only=True):
    """What it is worth that no event of a kind was found in a gene: `no_match` or `undetermined`, with reasons.

    Stored so that programmes can be weighed again from the result alone.
    """

    gene: FgfrGene
    kind: EventKind
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    would_settle: tuple[str, ...] = ()


class SampleReport(Record, frozen=True, kw_only=True):
    """The answer for one sample. `schema_version` follows semver: a minor adds keys only."""

    schema_version: str
    tool: Tool
    sample: SampleIdentity
    specimens: tuple[Specimen, ...]
    clinical: dict[str, Any]
    inputs: tuple[InputReport, ...]
    assays: tuple[Assay, ...]
    summary: Summary
    events: tuple[Event, ...]
    programs: tuple[ProgramResult, ...]
    rejected: tuple[Rejected, ...]
    conflicts: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    accounting: Accounting
    silent_events: tuple[Event, ...] = ()
    absence: tuple[AbsenceReport, ...] = ()

    def to_frame(self) -> "pandas.DataFrame":
        """Return one row per event; columns are the keys of the result, those of the ends dotted (`five_prime.gene`)."""
        import pandas

        frame = pandas.json_normalize(msgspec.to_builtins(self.events))
        frame.insert(0, "sample_id", self.sample.sample_id)
        return frame
