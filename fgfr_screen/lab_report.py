"""Types of our own laboratory report, JSON form 1.0. The published JSON Schema is generated from them.

A hospital can write this form without our code: keys in snake case, words with underscores, coordinates 1-based and
closed. Names, birth dates and record numbers have no field on purpose. A key left out means "not stated"; a gene that
is `null` means that the laboratory states that there is no gene.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from fgfr_screen.terms import (
    AssayQc,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    Extent,
    SpecimenKind,
)

SCHEMA_ID = "urn:fgfr-screen:lab-report:1.0"

Text = Annotated[str, Meta(min_length=1)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]
Position = Annotated[int, Meta(ge=1)]
Chromosome = Annotated[str, Meta(pattern=r"^(chr)?([1-9]|1[0-9]|2[0-2]|X|Y|M|MT)$")]
SchemaVersion = Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]+$")]

OriginWord = Literal["somatic", "germline", "likely_somatic", "likely_germline", "unknown"]
Significance = Literal[
    "pathogenic", "likely_pathogenic", "uncertain", "likely_benign", "benign", "ambiguous", "not_given"
]
Method = Literal[
    "dna_panel",
    "rna_panel",
    "wes",
    "wgs",
    "rna_seq",
    "ctdna_panel",
    "fish",
    "ihc",
    "rt_pcr",
    "array",
    "sanger",
    "other",
]


class ReportPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every part: immutable, and a key that is not listed is an error."""


class ReportHeader(ReportPart, frozen=True, kw_only=True):
    """The document itself. `replaces` names the report that an amended one supersedes.

    What a `preliminary` report does not hold is undetermined, whatever its assays cover.
    """

    id: Text
    lab: str | None = None
    issued: date | None = None
    status: Literal["final", "amended", "preliminary", "cancelled"] = "final"
    replaces: str | None = None


class Patient(ReportPart, frozen=True, kw_only=True):
    """Pseudonym only. `age_months` counts for programmes that treat children."""

    pseudonym: str | None = None
    sex: Literal["female", "male", "other", "unknown"] = "unknown"
    age_years: Annotated[int, Meta(ge=0, le=130)] | None = None
    age_months: Annotated[int, Meta(ge=0, le=1560)] | None = None


class Genome(ReportPart, frozen=True, kw_only=True):
    """Assembly of all coordinates. hg18 and T2T-CHM13 can be stated and are then refused by name."""

    build: Literal["GRCh37", "GRCh38", "hg18", "T2T-CHM13", "unknown"]
    source: Literal["stated", "default", "inferred"] | None = None
    coordinates: Literal["1_based_closed"] = "1_based_closed"


class ReportTumorType(ReportPart, frozen=True, kw_only=True):
    """Diagnosis as written, with codes where the laboratory gives them. `not_a_cancer`: a constitutional test."""

    text: Text
    oncotree: str | None = None
    icd10: str | None = None
    icd_o3_morphology: str | None = None
    icd_o3_topography: str | None = None
    ncit: str | None = None
    stage: Literal["localised", "locally_advanced", "metastatic", "unknown"] = "unknown"
    not_a_cancer: bool = False


class ReportSpecimen(ReportPart, frozen=True, kw_only=True):
    """Material tested. `tumor_content`: fraction of tumour cells; `ploidy`: mean copies of the tumour genome."""

    id: str | None = None
    kind: SpecimenKind = SpecimenKind.UNKNOWN
    site: str | None = None
    tumor_content: Fraction | None = None
    ploidy: Annotated[float, Meta(gt=0, le=20)] | None = None
    collected: date | None = None
    before_fgfr_inhibitor: bool | None = None


class Covers(ReportPart, frozen=True, kw_only=True):
    """Genes that the assay can call, per kind of change. A gene that is not listed was not tested, never negative."""

    short_variants: tuple[str, ...] = ()
    copy_numbers: tuple[str, ...] = ()
    rearrangements: tuple[str, ...] = ()


class ReportAssay(ReportPart, frozen=True, kw_only=True):
    """One test. `covers` left out = the report does not say what the assay can find."""

    name: Text
    version: str | None = None
    method: Method | None = None
    nucleic_acid: Literal["DNA", "RNA"] | None = None
    matched_normal: bool | None = None
    qc: AssayQc = AssayQc.UNKNOWN
    mean_depth: Annotated[float, Meta(ge=0)] | None = None
    covers: Covers | None = None


class GeneSymbol(ReportPart, frozen=True, kw_only=True):
    """A gene by its symbol, any alias or former symbol. `hgnc_id` decides where the symbol is none that is known.

    An event whose id and symbol name different genes is for review; a negative of such a gene is refused.
    """

    symbol: Text
    hgnc_id: Annotated[str, Meta(pattern="^HGNC:[0-9]+$")] | None = None


class CallPart(ReportPart, frozen=True, kw_only=True):
    """What every finding has.

    Attributes:
        call: What the laboratory says about the finding itself.
        reported: False for a finding below the reporting line.
        assay_index: Place in `assays`, from 0; left out = the only assay, or not stated.
        verbatim: The laboratory's own sentence about the event (no patient data).
    """

    call: CallStatus
    id: str | None = None
    origin: OriginWord = "unknown"
    significance: Significance | None = None
    reported: bool = True
    subclonal: bool = False
    assay_index: Count | None = None
    verbatim: str | None = None


class ReportShortVariant(CallPart, frozen=True, kw_only=True):
    """Substitution or indel: by `hgvs_p`, by `hgvs_c`, or by chromosome, position, ref and alt as in VCF."""

    gene: GeneSymbol
    chromosome: Chromosome | None = None
    position: Position | None = None
    ref: Annotated[str, Meta(pattern="^[ACGTN]+$")] | None = None
    alt: Annotated[str, Meta(pattern="^[ACGTN*]+$")] | None = None
    transcript: str | None = None
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    exon: str | None = None
    consequence: str | None = None
    allele_fraction: Fraction | None = None
    depth: Count | None = None
    zygosity: Literal["heterozygous", "homozygous", "hemizygous", "mosaic", "unknown"] | None = None


class Metric(ReportPart, frozen=True, kw_only=True):
    """One copy-number value with its scale."""

    value: float
    unit: CopyNumberUnit
    purity_corrected: bool | None = None


class ReportCopyNumber(CallPart, frozen=True, kw_only=True):
    """Copies of a gene. `first_exon` and `last_exon` bound the amplified part in MANE exon numbers."""

    gene: GeneSymbol
    type: DeclaredCopyNumber
    metrics: tuple[Metric, ...] = ()
    copies_min: Annotated[float, Meta(ge=0)] | None = None
    copies_max: Annotated[float, Meta(ge=0)] | None = None
    first_exon: Position | None = None
    last_exon: Position | None = None
    chromosome: Chromosome | None = None
    start: Position | None = None
    end: Position | None = None
    exons_affected: Count | None = None
    exons_total: Count | None = None


class ReportBreakend(ReportPart, frozen=True, kw_only=True):
    """One side of a rearrangement.

    Attributes:
        gene: `null` = the laboratory states that there is no gene here; left out = not given.
        position_end: Set when the laboratory gives an interval.
        keeps: Side of the break that the derivative keeps, by coordinate; needs no strand.
        transcript: Names the gene as well where nothing else does and there is no position.
        intron: Intron n follows exon n.
    """

    gene: GeneSymbol | UnsetType | None = UNSET
    overlapping_genes: tuple[str, ...] = ()
    chromosome: Chromosome | None = None
    position: Position | None = None
    position_end: Position | None = None
    keeps: Literal["lower", "higher", "unknown"] = "unknown"
    transcript: str | None = None
    exon: Position | None = None
    intron: Count | None = None
    region: Literal["exonic", "intronic", "5utr", "3utr", "promoter", "intergenic", "unknown"] = "unknown"


class ReadEvidence(ReportPart, frozen=True, kw_only=True):
    """What supports a rearrangement."""

    nucleic_acid: Literal["DNA", "RNA", "DNA+RNA", "FISH"] | None = None
    supporting_reads: Count | None = None
    split_reads: Count | None = None
    spanning_pairs: Count | None = None
    total_reads: Count | None = None
    allele_fraction: Fraction | None = None
    fish_positive_cell_fraction: Fraction | None = None


class ReportRearrangement(CallPart, frozen=True, kw_only=True):
    """Structural change with one or two sides. `order_is_transcriptional` only when the laboratory asserts 5' to 3'.

    The genes of `name` (`FGFR2::BICC1`) count where FGFR1-3 stands on no side and it is plain which side is meant.
    """

    type: DeclaredStructure
    breakends: Annotated[tuple[ReportBreakend, ...], Meta(min_length=1, max_length=2)]
    five_prime: GeneSymbol | UnsetType | None = UNSET
    three_prime: GeneSymbol | UnsetType | None = UNSET
    order_is_transcriptional: bool = False
    in_frame: Literal["yes", "no", "unknown", "not_applicable"] | None = None
    kinase_domain_kept: Literal["yes", "no", "unknown"] | None = None
    evidence: ReadEvidence | None = None
    name: str | None = None


class ReportIhc(ReportPart, frozen=True, kw_only=True):
    """Immunohistochemistry. `result` as written (`3+`), `percent` of tumour cells stained."""

    gene: GeneSymbol
    stain: Text
    result: str | None = None
    percent: Annotated[float, Meta(ge=0, le=100)] | None = None
    assay_index: Count | None = None


class ReportNegative(ReportPart, frozen=True, kw_only=True):
    """An explicit statement that nothing of a kind was found in a gene."""

    gene: GeneSymbol
    event_class: Literal["short_variant", "copy_number", "rearrangement", "any"]
    assay_index: Count | None = None


class ReportNormalJunction(ReportPart, frozen=True, kw_only=True):
    """RNA reads over the normal junction of MANE exon `upstream_exon` with the next exon of the same gene."""

    gene: GeneSymbol
    upstream_exon: Position
    reads: Count
    assay_index: Count | None = None


class ReportClinical(ReportPart, frozen=True, kw_only=True):
    """Clinical facts that a report may carry; the full list is given to the program in a file of its own."""

    extent: Extent | None = None
    resected: bool | None = None
    prior_pd1: bool | None = None
    prior_platinum: bool | None = None
    growth_plates_open: bool | None = None
    clinical_achondroplasia: bool | None = None


class LabReport(ReportPart, frozen=True, kw_only=True):
    """The whole report; the three event lists are required and may be empty."""

    schema_version: SchemaVersion
    report: ReportHeader
    genome: Genome
    tumor_type: ReportTumorType
    assays: Annotated[tuple[ReportAssay, ...], Meta(min_length=1)]
    short_variants: tuple[ReportShortVariant, ...]
    copy_numbers: tuple[ReportCopyNumber, ...]
    rearrangements: tuple[ReportRearrangement, ...]
    patient: Patient = Patient()
    specimen: ReportSpecimen = ReportSpecimen()
    ihc: tuple[ReportIhc, ...] = ()
    negatives: tuple[ReportNegative, ...] = ()
    normal_junctions: tuple[ReportNormalJunction, ...] = ()
    prior_fgfr_inhibitor: bool | None = None
    clinical: ReportClinical = ReportClinical()


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the report."""
    # Through JSON text, so that tuples become the lists that a validator expects.
    schema = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(LabReport)))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "fgfr-screen laboratory report 1.0",
        **schema,
    }
