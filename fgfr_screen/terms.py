"""Closed vocabularies: every word that a result, a reader or a programme file may use.

Values are spelled as they appear in JSON. The meaning of the words is fixed by the glossary in `docs/glossary.md`; nothing of
ours is imported here.
"""

from enum import StrEnum
from operator import attrgetter


class FgfrGene(StrEnum):
    """The three receptors in scope (HGNC symbols). FGFR4, FGFRL1, CEP43 (FGFR1OP) and FGFR1OP2 are other genes."""

    FGFR1 = "FGFR1"
    FGFR2 = "FGFR2"
    FGFR3 = "FGFR3"


class Assembly(StrEnum):
    """Supported assemblies. hg19 and hg38 are accepted on input only."""

    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


class Orientation(StrEnum):
    """Which side of a breakend is kept, on the forward strand of the reference (VCF 4.5 section 5.4).

    LEFT: bases at and left of the position stay (`t[p[`, `t]p]`); RIGHT: bases at and right of it stay (`]p]t`, `[p[t`).
    """

    LEFT = "LEFT"
    RIGHT = "RIGHT"

    @property
    def opposite(self) -> "Orientation":
        """The other side."""
        return Orientation.RIGHT if self is Orientation.LEFT else Orientation.LEFT


class TranscriptSide(StrEnum):
    """Which part of a gene a breakend keeps, read along the gene's own strand."""

    FIVE_PRIME = "five_prime"
    THREE_PRIME = "three_prime"


class Region(StrEnum):
    """Where a position lies relative to the named transcript or gene."""

    EXONIC = "exonic"
    INTRONIC = "intronic"
    UTR5 = "5utr"
    UTR3 = "3utr"
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    NON_CODING = "non_coding"
    INTERGENIC = "intergenic"


class Molecule(StrEnum):
    """What was sequenced or hybridised. RNA junctions and DNA breakpoints are different kinds of position."""

    DNA = "DNA"
    RNA = "RNA"
    FISH = "FISH"
    PROTEIN = "protein"


class CallStatus(StrEnum):
    """What the source says about the call itself."""

    PRESENT = "present"
    ABSENT = "absent"
    EQUIVOCAL = "equivocal"
    INDETERMINATE = "indeterminate"
    NOT_TESTED = "not_tested"


class FilterStatus(StrEnum):
    """VCF FILTER. `.` is unfiltered, which is not the same as failed."""

    PASS = "pass"
    UNFILTERED = "unfiltered"
    FAILED = "failed"


class Origin(StrEnum):
    """Origin of the alteration as far as it is known."""

    SOMATIC = "somatic"
    GERMLINE = "germline"
    UNKNOWN = "origin_unknown"


class EventKind(StrEnum):
    """The three kinds of change that are never mixed."""

    REARRANGEMENT = "rearrangement"
    COPY_NUMBER = "copy_number"
    SHORT_VARIANT = "short_variant"


class DeclaredStructure(StrEnum):
    """The word a laboratory or a caller used for a structural call."""

    FUSION = "fusion"
    REARRANGEMENT = "rearrangement"
    TRUNCATION = "truncation"
    INTRAGENIC_DELETION = "intragenic_deletion"
    INTRAGENIC_DUPLICATION = "intragenic_duplication"
    INVERSION = "inversion"
    EXON_SKIPPING = "exon_skipping"
    READ_THROUGH = "read_through"
    OTHER = "other"
    UNKNOWN = "unknown"


class DeclaredCopyNumber(StrEnum):
    """The word a laboratory or a caller used for a copy-number call."""

    AMPLIFICATION = "amplification"
    PARTIAL_AMPLIFICATION = "partial_amplification"
    GAIN = "gain"
    NEUTRAL = "neutral"
    PARTIAL_LOSS = "partial_loss"
    LOSS = "loss"
    HOMOZYGOUS_DELETION = "homozygous_deletion"
    UNKNOWN = "unknown"


class CopyNumberUnit(StrEnum):
    """Scale of a copy-number value. The scales are never interchangeable without purity and ploidy."""

    COPIES = "copies"
    FOLD_CHANGE = "fold_change"
    LOG2_RATIO = "log2_ratio"
    FISH_RATIO = "fish_gene_to_centromere_ratio"
    FISH_SIGNALS = "fish_gene_signals_per_cell"
    GISTIC = "gistic_level"
    PLASMA_COPIES = "plasma_copies"


class GeneOrder(StrEnum):
    """How the 5' to 3' order of two named genes is known."""

    KNOWN = "known"
    ASSERTED = "asserted"
    UNKNOWN = "unknown"


class JunctionKind(StrEnum):
    """What the two positions of a rearrangement are."""

    DNA_BREAKPOINT = "dna_breakpoint"
    RNA_JUNCTION = "rna_junction"
    NAMES_ONLY = "names_only"


class PartnerKind(StrEnum):
    """What lies on the other side of the FGFR breakend."""

    CODING_GENE = "coding_gene"
    NON_CODING_GENE = "non_coding_gene"
    SAME_GENE = "same_gene"
    INTERGENIC = "intergenic"
    IMMUNOGLOBULIN = "immunoglobulin"
    UNKNOWN = "unknown"


class Frame(StrEnum):
    """Reading frame across the junction."""

    IN_FRAME = "in_frame"
    OUT_OF_FRAME = "out_of_frame"
    STOP_BEFORE_JUNCTION = "stop_before_junction"
    NOT_CODING = "not_coding"
    UNKNOWN = "unknown"


class KinaseDomain(StrEnum):
    """Fate of the FGFR kinase domain; retained means MANE exon 17 complete (5' FGFR) or exons 11-17 complete (3' FGFR)."""

    RETAINED = "retained"
    PARTLY = "partly"
    LOST = "lost"
    UNKNOWN = "unknown"


class BreakSite(StrEnum):
    """Where the last kept FGFR base lies when the 5' part stays (rules.md 1.2)."""

    BEFORE_HOTSPOT = "before_hotspot"
    HOTSPOT = "hotspot"
    BEYOND_STOP = "beyond_stop"
    CROSSES_LIMIT = "crosses_limit"
    UNKNOWN = "unknown"


class AlterationClass(StrEnum):
    """What an event is called."""

    FUSION = "fusion"
    REARRANGEMENT = "rearrangement"
    INTERNAL_TANDEM_DUPLICATION = "internal_tandem_duplication"
    OTHER_STRUCTURAL_VARIANT = "other_structural_variant"
    AMPLIFICATION = "amplification"
    PARTIAL_AMPLIFICATION = "partial_amplification"
    COPY_NUMBER_GAIN = "copy_number_gain"
    COPY_NUMBER_NEUTRAL = "copy_number_neutral"
    COPY_NUMBER_LOSS = "copy_number_loss"
    ACTIVATING_MUTATION = "activating_mutation"
    RESISTANCE_MUTATION = "resistance_mutation"
    EXTRACELLULAR_DELETION = "extracellular_deletion"
    EXON18_TRUNCATION = "exon18_truncation"
    LOSS_OF_FUNCTION = "loss_of_function"
    BENIGN = "benign"
    VUS = "vus"
    GERMLINE_ACHONDROPLASIA = "germline_achondroplasia"
    GERMLINE_OTHER = "germline_other"
    GERMLINE_SUSPECT = "germline_suspect"
    SILENT = "silent"
    NOT_ASSESSABLE = "not_assessable"


class Mark(StrEnum):
    """A second property of an event beside its class."""

    ACTIVATING = "activating"
    RESISTANCE = "resistance"
    RECIPROCAL_ONLY = "reciprocal_only"
    ENHANCER_HIJACK = "enhancer_hijack"
    SUBCLONAL = "subclonal"


class Category(StrEnum):
    """The patient-level question that an event belongs to."""

    FGFR2_FUSION_OR_REARRANGEMENT = "qualifying_fgfr2_fusion_or_rearrangement"
    FGFR2_AMPLIFICATION = "fgfr2_amplification"
    FGFR3_ALTERATION = "fgfr3_alteration"
    OTHER_FGFR_ALTERATION = "other_fgfr_alteration"
    NONE = "none"


class Outcome(StrEnum):
    """Four-valued answer, written in its order: no_match < undetermined < review < match.

    Attributes:
        rank: Position in the order; higher is better.
    """

    rank: int

    NO_MATCH = "no_match"
    UNDETERMINED = "undetermined"
    REVIEW = "review"
    MATCH = "match"


for _rank, _outcome in enumerate(Outcome):
    _outcome.rank = _rank
_BY_RANK = attrgetter("rank")


def worst(*outcomes: Outcome) -> Outcome:
    """Return the lowest outcome (`all_of`); `match` for none."""
    return min(outcomes, key=_BY_RANK, default=Outcome.MATCH)


def best(*outcomes: Outcome) -> Outcome:
    """Return the highest outcome (`any_of`); `no_match` for none."""
    return max(outcomes, key=_BY_RANK, default=Outcome.NO_MATCH)


class Confidence(StrEnum):
    """How firm the class of an event is."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class ProgramStatus(StrEnum):
    """Whether a programme takes patients. Never changes an outcome."""

    OPEN = "open"
    CLOSED = "closed"
    APPROVED = "approved"
    UNKNOWN = "unknown"


class SpecimenKind(StrEnum):
    """Material that was tested."""

    TISSUE_PRIMARY = "tissue_primary"
    TISSUE_METASTASIS = "tissue_metastasis"
    PLASMA = "plasma"
    BLOOD = "blood"
    BILE = "bile"
    CYTOLOGY = "cytology"
    OTHER = "other"
    UNKNOWN = "unknown"


class AssayQc(StrEnum):
    """Quality verdict of the laboratory on one assay."""

    PASS = "pass"
    QUALIFIED = "qualified"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Extent(StrEnum):
    """Extent of disease, a clinical fact given by the user."""

    RESECTABLE = "resectable"
    RESECTED = "resected"
    LOCALLY_ADVANCED = "locally_advanced"
    UNRESECTABLE = "unresectable"
    METASTATIC = "metastatic"


class HotspotFunction(StrEnum):
    """What `data/hotspots.tsv` says a change does. `region_rule` rows document a rule that lives in code."""

    ACTIVATING = "activating"
    ACTIVATING_RESISTANCE_WHEN_ACQUIRED = "activating_resistance_when_acquired"
    GERMLINE_ACTIVATING = "germline_activating"
    BENIGN = "benign"
    UNCERTAIN = "uncertain"
    NOT_ACTIVATING = "not_activating"
    EXTRACELLULAR_DELETION = "extracellular_deletion"
    REGION_RULE = "region_rule"
    STOP_LOSS = "stop_loss"


class PartnerSide(StrEnum):
    """Side of the fusion that the FGFR gene is on, as `data/fusion_partners.tsv` records it."""

    FIVE_PRIME = "five_prime"
    THREE_PRIME = "three_prime"
    BOTH = "both"
    UNKNOWN = "unknown"


class PartnerTier(StrEnum):
    """How well a fusion partner is known.

    A: recurrent, or named by a label or a study list. B: one tumour-derived report. C: unordered list, cell line or
    computation. X: must not qualify by name.
    """

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class Consequence(StrEnum):
    """What a short variant does to the transcript it is told on. `splice_site` = lab said splice, side not known."""

    MISSENSE = "missense"
    SYNONYMOUS = "synonymous"
    NONSENSE = "nonsense"
    FRAMESHIFT = "frameshift"
    INFRAME_DELETION = "inframe_deletion"
    INFRAME_INSERTION = "inframe_insertion"
    INFRAME_DUPLICATION = "inframe_duplication"
    DELINS = "delins"
    START_LOST = "start_lost"
    STOP_LOST = "stop_lost"
    SPLICE_DONOR = "splice_donor"
    SPLICE_ACCEPTOR = "splice_acceptor"
    SPLICE_SITE = "splice_site"
    SPLICE_REGION = "splice_region"
    INTRONIC = "intronic"
    UTR = "utr"
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    AMBIGUOUS = "ambiguous"


WITHOUT_PROTEIN_CHANGE = frozenset(
    {Consequence.SYNONYMOUS, Consequence.INTRONIC, Consequence.UTR, Consequence.UPSTREAM, Consequence.DOWNSTREAM}
)
"""Consequences that leave the protein as it is, as far as the sequence tells."""
