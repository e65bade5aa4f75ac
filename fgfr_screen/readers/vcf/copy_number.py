"""Copy-number alleles of a VCF -> measures, each on its own scale.

A `<DUP>` of a depth caller is a segment with more reads, not a junction: it never makes a fusion.
"""

from fgfr_screen.model import Measure
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord, as_number
from fgfr_screen.terms import CopyNumberUnit, DeclaredCopyNumber

# Where a value stands and what it is. FOLD_CHANGE of CNVkit is 2 to the power of log2, SM of DRAGEN the linear copy
# ratio, FC of TSO500 the fold change, RDCN of DELLY the copies from read depth.
_MEASURES: tuple[tuple[str, CopyNumberUnit], ...] = (
    ("CN", CopyNumberUnit.COPIES),
    ("RDCN", CopyNumberUnit.COPIES),
    ("FOLD_CHANGE", CopyNumberUnit.FOLD_CHANGE),
    ("SM", CopyNumberUnit.FOLD_CHANGE),
    ("FC", CopyNumberUnit.FOLD_CHANGE),
    ("FOLD_CHANGE_LOG", CopyNumberUnit.LOG2_RATIO),
    ("LOG2", CopyNumberUnit.LOG2_RATIO),
    ("LOG2_COPY_RATIO", CopyNumberUnit.LOG2_RATIO),
)
_VALUE_KEYS = frozenset(key for key, _ in _MEASURES)
# A caller that writes one of these looked at the join itself.
_JUNCTION_KEYS = ("CT", "STRANDS", "CIPOS", "HOMLEN", "HOMSEQ", "PE", "SR", "SUPPORT", "RE", "SVINSSEQ", "INV3", "INV5")
_JUNCTION_FORMATS = frozenset(("PR", "SR", "PE", "RV", "DV"))
_GENE_KEYS = ("GENE", "GENES", "GENE_NAME", "GENE_SYMBOL", "ANT", "SEGID")
_DECLARED = {"DUP": DeclaredCopyNumber.GAIN, "DEL": DeclaredCopyNumber.LOSS}


def is_copy_number(record: VcfRecord, alt: str, caller: Caller) -> bool:
    """Tell whether a symbolic allele (or `.` of a depth caller) is a copy-number segment and not a junction."""
    kind = alt.strip("<>").partition(":")[0].upper()
    if caller.is_depth:
        return kind in ("DEL", "DUP", "CNV", ".")
    if kind == "CNV" or (kind.startswith("CN") and kind[2:].isdigit()):
        return True
    if kind not in ("DEL", "DUP") or not alt.startswith("<"):
        return False
    claim = record.text("SVCLAIM")
    if claim is not None:
        return "J" not in claim.upper()
    if (
        caller.calls_junctions
        or any(key in record.info for key in _JUNCTION_KEYS)
        or not _JUNCTION_FORMATS.isdisjoint(record.format)
    ):
        return False
    return not _VALUE_KEYS.isdisjoint(record.info) or not _VALUE_KEYS.isdisjoint(record.format)


def measures(record: VcfRecord, values: dict[str, str], caller: Caller) -> tuple[Measure, ...]:
    """Return every value of the tumour column, then those of INFO for scales the column does not give.

    Raises:
        RecordError: A value is not a number, or a copy number or fold change is negative.
    """
    found: list[Measure] = []
    for key, unit in _MEASURES:
        value = _sample_number(key, values.get(key))
        value = record.number(key) if value is None else value
        if value is None or any(measure.unit is unit for measure in found):
            continue
        if value < 0 and unit is not CopyNumberUnit.LOG2_RATIO:
            raise RecordError("COPY_NUMBER_MALFORMED", f"{key}={value:g} is negative")
        uncorrected = unit is CopyNumberUnit.COPIES and caller.copies_ignore_purity
        found.append(Measure(value=value, unit=unit, purity_corrected=False if uncorrected else None))
    return tuple(found)


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
        raise RecordError("COPY_NUMBER_MALFORMED", f"FORMAT {key}={text[:40]!a} is not a number")
    return number
