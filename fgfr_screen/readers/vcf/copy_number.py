"""Copy-number alleles of a VCF -> measures, each on its own scale.

A `<DUP>` of a depth caller is a segment with more reads, not a junction: it never makes a fusion. Where neither SVCLAIM
nor the caller tells depth from junction, an allele is read as both.
"""

from fgfr_screen.model import Measure, Record
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord, as_number
from fgfr_screen.terms import CopyNumberUnit, DeclaredCopyNumber

# Where a value stands and what it is. FOLD_CHANGE of CNVkit is 2 to the power of log2, SM of DRAGEN the linear copy
# ratio, FC of TSO500 the fold change, RDCN of DELLY the copies from read depth, TCN_EM of FACETS total copies.
_MEASURES: tuple[tuple[str, CopyNumberUnit], ...] = (
    ("CN", CopyNumberUnit.COPIES),
    ("RDCN", CopyNumberUnit.COPIES),
    ("TCN_EM", CopyNumberUnit.COPIES),
    ("FOLD_CHANGE", CopyNumberUnit.FOLD_CHANGE),
    ("SM", CopyNumberUnit.FOLD_CHANGE),
    ("FC", CopyNumberUnit.FOLD_CHANGE),
    ("FOLD_CHANGE_LOG", CopyNumberUnit.LOG2_RATIO),
    ("LOG2", CopyNumberUnit.LOG2_RATIO),
    ("LOG2_COPY_RATIO", CopyNumberUnit.LOG2_RATIO),
)
_VALUE_KEYS = frozenset(key for key, _ in _MEASURES)
# Keys of programs that look at depth alone (CNVkit, GATK gCNV, FACETS, QDNAseq), and of other copies than those above.
_DEPTH_KEYS = _VALUE_KEYS | {"PROBES", "CNQ", "NP", "CNLR_MEDIAN", "LOG2CNT", "BINS", "TCN"}
# A caller that writes one of these looked at the join itself.
_JUNCTION_KEYS = ("CT", "STRANDS", "CIPOS", "HOMLEN", "HOMSEQ", "PE", "SR", "SUPPORT", "RE", "SVINSSEQ", "INV3", "INV5")
_JUNCTION_FORMATS = frozenset(("PR", "SR", "PE", "RV", "DV"))
_GENE_KEYS = ("GENE", "GENES", "GENE_NAME", "GENE_SYMBOL", "ANT", "SEGID")
_MAX_COPIES_DIGITS = 4
_DECLARED = {"DUP": DeclaredCopyNumber.GAIN, "DEL": DeclaredCopyNumber.LOSS}
# rules.md 2: what a sample of ploidy 2, as a normal is, must have at least to show a gain.
_LEAST_GAIN = {
    CopyNumberUnit.COPIES: 4.0,
    CopyNumberUnit.FOLD_CHANGE: 2.0,
    CopyNumberUnit.LOG2_RATIO: 1.0,
}


class Claim(Record, frozen=True, kw_only=True):
    """What a symbolic allele states.

    Attributes:
        depth: It is a segment with more or fewer copies.
        junction: It joins its two ends.
        is_told: False when nothing says whether the number of copies or the join was seen, so that both may be meant.
    """

    depth: bool
    junction: bool
    is_told: bool = True


_DEPTH = Claim(depth=True, junction=False)
_JUNCTION = Claim(depth=False, junction=True)


def claim_of(record: VcfRecord, allele: int, caller: Caller, *, spans_gene: bool) -> Claim:
    """Tell a copy-number segment from a junction.

    Args:
        record: The record.
        allele: 1 for the first ALT.
        caller: Dialect.
        spans_gene: The allele holds a whole FGFR gene: a duplication then means more copies of it, with a number or not.
    """
    alt = record.alts[allele - 1]
    kind = alt.strip("<>").partition(":")[0].upper()
    if kind == "CNV" or _copies_in_name(kind) is not None or (caller.is_depth and kind in _DECLARED):
        return _DEPTH
    if kind not in _DECLARED or not alt.startswith("<"):
        return _JUNCTION
    has_number = _has_key(record, _VALUE_KEYS)
    gains_gene = spans_gene and kind == "DUP"
    claim = _stated_claim(record, allele)
    if claim is not None:
        is_depth = "J" not in claim or ("D" in claim and (has_number or gains_gene))
        return Claim(depth=is_depth, junction="J" in claim)
    if caller.calls_junctions or _shows_junction(record):
        return Claim(depth=gains_gene and has_number, junction=True)
    may_be_depth = _has_key(record, _DEPTH_KEYS)
    return Claim(depth=may_be_depth or gains_gene, junction=True, is_told=not may_be_depth)


def _has_key(record: VcfRecord, keys: frozenset[str]) -> bool:
    return not (keys.isdisjoint(record.info) and keys.isdisjoint(record.format))


def _stated_claim(record: VcfRecord, allele: int) -> str | None:
    """Return SVCLAIM of the allele (`D`, `J`, `DJ`), or None."""
    items = (record.text("SVCLAIM") or "").upper().split(",")
    item = items[allele - 1] if allele <= len(items) else items[0]
    return None if item in ("", ".") else item


def _shows_junction(record: VcfRecord) -> bool:
    return any(key in record.info for key in _JUNCTION_KEYS) or not _JUNCTION_FORMATS.isdisjoint(record.format)


def _copies_in_name(kind: str) -> int | None:
    """Return the copies that an allele like `<CN12>` names, or None."""
    digits = kind.removeprefix("CN")
    is_number = digits != kind and digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_COPIES_DIGITS
    return int(digits) if is_number else None


def measures(
    record: VcfRecord, values: dict[str, str], allele: int, caller: Caller, *, use_info: bool = True
) -> tuple[Measure, ...]:
    """Return every value of a sample column, then those of INFO for scales the column does not give.

    Args:
        record: The record.
        values: Result of `sample_values`.
        allele: 1 for the first ALT; of a list in INFO, its own value counts.
        caller: Dialect.
        use_info: INFO and the name of the allele speak of this sample.

    Raises:
        RecordError: A value is not a number, or a copy number or fold change is negative.
    """
    found: list[Measure] = []
    for key, unit in _MEASURES:
        value = _sample_number(key, values.get(key))
        value = record.number(key, allele - 1) if value is None and use_info else value
        if value is None or any(measure.unit is unit for measure in found):
            continue
        if value < 0 and unit is not CopyNumberUnit.LOG2_RATIO:
            raise RecordError("COPY_NUMBER_MALFORMED", f"{key}={value:g} is negative")
        uncorrected = unit is CopyNumberUnit.COPIES and caller.copies_ignore_purity
        found.append(Measure(value=value, unit=unit, purity_corrected=False if uncorrected else None))
    named = _copies_in_name(record.alts[allele - 1].strip("<>").upper()) if record.alts and use_info else None
    if named is not None and all(measure.unit is not CopyNumberUnit.COPIES for measure in found):
        found.append(Measure(value=named, unit=CopyNumberUnit.COPIES))
    return tuple(found)


def shows_gain(found: tuple[Measure, ...]) -> bool:
    """Tell whether the measures of a normal show a gain."""
    return any(measure.value >= _LEAST_GAIN[measure.unit] for measure in found)


def is_unsure(record: VcfRecord, values: dict[str, str], allele: int, copies: float, ploidy: float | None) -> bool:
    """Tell whether CICN reaches from an amplification to what is none (cuts of rules.md 2).

    Args:
        record: The record.
        values: Result of `sample_values`.
        allele: 1 for the first ALT; INFO CICN has two offsets for each.
        copies: Absolute copies.
        ploidy: Of the tumour; None = 2.

    Raises:
        RecordError: An offset is not a number.
    """
    text = values.get("CICN") or record.text("CICN")
    if text is None:
        return False
    items = text.split(",")
    low = items[2 * allele - 2] if len(items) >= 2 * allele else items[0]
    offset = _sample_number("CICN", None if low == "." else low)
    usual = 2.0 if ploidy is None else ploidy
    cut = max(usual + 4, 3 * usual)
    return offset is not None and copies + offset < cut <= copies


def declared_copy_number(alts: tuple[str, ...], caller: Caller) -> DeclaredCopyNumber | None:
    """Return the caller's word; two different words in one record (loss of heterozygosity in DRAGEN) say nothing."""
    kinds = {alt.strip("<>").partition(":")[0].upper() for alt in alts}
    if not kinds:
        return DeclaredCopyNumber.NEUTRAL if caller.is_depth else None
    return _DECLARED.get(kinds.pop()) if len(kinds) == 1 else None


def stated_gene(record: VcfRecord) -> str | None:
    """Return the gene of a gene-wise row (TSO500), or None."""
    return next((value for key in _GENE_KEYS if (value := record.text(key)) is not None), None)


def _sample_number(key: str, text: str | None) -> float | None:
    if text is None:
        return None
    number = as_number(text)
    if number is None:
        raise RecordError("COPY_NUMBER_MALFORMED", f"{key}={text[:40]!a} is not a number")
    return number
