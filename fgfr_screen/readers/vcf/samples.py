"""Sample columns -> tumour and normal column, and what they say about one allele.

The tumour column is named by the user, else by `##tumor_sample` (Mutect2), else by a name that holds the word tumour
or normal, else it is the only column. Nothing else is guessed: a swapped normal would turn a somatic event into a
germline one.
"""

import re

from fgfr_screen.errors import SampleColumnError
from fgfr_screen.model import Record
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord, as_number
from fgfr_screen.terms import Origin

# README (samples): an allele at this fraction in the matched normal is germline.
GERMLINE_VAF = 0.1
# Below this depth in the normal, "not seen there" says nothing: at 10 reads a heterozygous allele is missed once in
# 1,000.
NORMAL_DEPTH = 10

_WORD = re.compile(r"[A-Za-z]+")
_TUMOR_WORDS = frozenset(("tumor", "tumour"))
_NORMAL_WORDS = frozenset(("normal", "germline", "control", "reference", "ref"))


class SampleColumns(Record, frozen=True, kw_only=True):
    """Indices of the columns; None = there is none, or it cannot be told (`problem` then says why).

    Attributes:
        problem: Error to raise as soon as a record needs sample data; None = the columns are known.
    """

    tumor: int | None = None
    normal: int | None = None
    problem: str | None = None


class AlleleSupport(Record, frozen=True, kw_only=True):
    """What one sample says about one allele.

    Attributes:
        is_called: True when GT names alleles (not `./.`).
        in_genotype: True when GT holds the allele.
        is_reference: True when GT holds only the reference allele.
        vaf: Fraction 0-1, or None.
        depth: Reads at the site, or None.
    """

    is_called: bool = False
    in_genotype: bool = False
    is_reference: bool = False
    vaf: float | None = None
    depth: int | None = None


def sample_columns(header: Header, tumor: str | None, normal: str | None, path: str) -> SampleColumns:
    """Find the tumour and the normal column.

    Args:
        header: Header of the file.
        tumor: Name of the tumour column given by the user, or None.
        normal: Name of the normal column given by the user, or None.
        path: For messages.

    Raises:
        SampleColumnError: A name given by the user is not in the file; the message lists the names.
    """
    names = header.samples
    given_tumor, given_normal = _given(names, tumor, "tumour", path), _given(names, normal, "normal", path)
    stated_tumor = _stated(names, header.value("tumor_sample"))
    stated_normal = _stated(names, header.value("normal_sample"))
    worded_tumor, worded_normal = _worded(names)
    # What the user says overrides the file: files with two tumours or renamed columns exist.
    tumor_at = _first(given_tumor, stated_tumor, worded_tumor)
    normal_at = _first(given_normal, stated_normal, worded_normal)
    if tumor_at is None and normal_at is not None and len(names) == 2:
        tumor_at = 1 - normal_at
    if tumor_at is None and len(names) == 1 and normal_at is None:
        tumor_at = 0
    if tumor_at == normal_at:
        normal_at = None
    if tumor_at is None and names:
        return SampleColumns(problem=f"the tumour column cannot be told among {_listed(names)}")
    return SampleColumns(tumor=tumor_at, normal=normal_at)


def require(columns: SampleColumns, path: str) -> None:
    """Stop when the tumour column is needed and not known.

    Raises:
        SampleColumnError: `columns.problem` is set.
    """
    if columns.problem is not None:
        raise SampleColumnError(columns.problem, remedy="name it with --tumor-sample (and --normal-sample)", path=path)


def sample_values(record: VcfRecord, column: int | None) -> dict[str, str]:
    """Return FORMAT key to text for one sample column; empty values are left out.

    Raises:
        RecordError: The sample has more values than FORMAT has keys, or the column is missing.
    """
    if column is None or not record.format:
        return {}
    if column >= len(record.samples):
        raise RecordError("ROW_SHORT", "the sample column is missing")
    values = record.samples[column].split(":")
    if len(values) > len(record.format):
        raise RecordError("SAMPLE_MALFORMED", f"a sample has {len(values)} values for {len(record.format)} FORMAT keys")
    return {key: value for key, value in zip(record.format, values, strict=False) if value not in ("", ".")}


def allele_support(
    record: VcfRecord, values: dict[str, str], allele: int, caller: Caller, *, use_info: bool
) -> AlleleSupport:
    """Read genotype, allele fraction and depth of one allele.

    Args:
        record: The record.
        values: Result of `sample_values`.
        allele: 1 for the first ALT.
        caller: Dialect.
        use_info: INFO AF and DP4 belong to this sample (tumour or only sample).

    Raises:
        RecordError: AF is malformed.
    """
    alleles = [item for item in re.split(r"[/|]", values.get("GT", "")) if item not in ("", ".")]
    counts = _allele_counts(record, values, allele)
    vaf = _stated_fraction(values, allele)
    if vaf is None and use_info and (caller.info_af or not record.samples):
        vaf = _info_fraction(record, allele, caller)
    if vaf is None and counts is not None and counts[1] > 0:
        vaf = counts[0] / counts[1]
    depth = _whole(values.get("DP"))
    if depth is None and counts is not None:
        depth = counts[1]
    if depth is None and use_info and len(record.samples) < 2:
        depth = _whole(record.text("DP"))
    return AlleleSupport(
        is_called=bool(alleles),
        in_genotype=str(allele) in alleles,
        is_reference=bool(alleles) and set(alleles) == {"0"},
        vaf=vaf,
        depth=depth,
    )


def has_no_support(tumor: AlleleSupport) -> bool:
    """Tell whether the tumour speaks against the allele: GT 0/0, fraction 0, or GT of other alleles without a read."""
    if tumor.is_reference or tumor.vaf == 0:
        return True
    return tumor.is_called and not tumor.in_genotype and tumor.vaf is None


def origin_of(record: VcfRecord, normal: AlleleSupport | None) -> Origin:
    """Tell germline from somatic by the matched normal, then by INFO SOMATIC.

    Args:
        record: The record.
        normal: What the normal says; None = there is no normal column.
    """
    if normal is not None:
        if normal.in_genotype or (normal.vaf is not None and normal.vaf >= GERMLINE_VAF):
            return Origin.GERMLINE
        if (
            normal.depth is not None
            and normal.depth >= NORMAL_DEPTH
            and (normal.vaf is not None or normal.is_reference)
        ):
            return Origin.SOMATIC
        if normal.depth is None and normal.is_reference:
            return Origin.SOMATIC
    return Origin.SOMATIC if record.flag("SOMATIC") else Origin.UNKNOWN


def fragment_counts(
    record: VcfRecord, values: dict[str, str], places: tuple[str, ...], allele: int
) -> tuple[int | None, int | None]:
    """Return fragments for the allele and for the reference from the first of `places` that has a value.

    A list is `reference,alternate...`; a single number is the alternate. None = not given.
    """
    for place in places:
        column, _, key = place.partition("/")
        text = values.get(key) if column == "FORMAT" else record.text(key)
        numbers = [_whole(item) for item in text.split(",")] if text else []
        if len(numbers) == 1:
            return numbers[0], None
        if numbers:
            return numbers[min(allele, len(numbers) - 1)], numbers[0]
    return None, None


def _given(names: tuple[str, ...], name: str | None, role: str, path: str) -> int | None:
    if name is None:
        return None
    if name not in names:
        raise SampleColumnError(
            f"there is no sample named {name!a} for the {role}; the file has {_listed(names)}",
            remedy=f"give one of these names with --{'tumor' if role == 'tumour' else role}-sample",
            path=path,
        )
    return names.index(name)


def _stated(names: tuple[str, ...], name: str | None) -> int | None:
    return names.index(name.strip()) if name is not None and name.strip() in names else None


def _worded(names: tuple[str, ...]) -> tuple[int | None, int | None]:
    words = [frozenset(word.lower() for word in _WORD.findall(name)) for name in names]
    tumors = [at for at, found in enumerate(words) if found & _TUMOR_WORDS and not found & _NORMAL_WORDS]
    normals = [at for at, found in enumerate(words) if found & _NORMAL_WORDS and not found & _TUMOR_WORDS]
    return (tumors[0] if len(tumors) == 1 else None), (normals[0] if len(normals) == 1 else None)


def _first(*indices: int | None) -> int | None:
    return next((index for index in indices if index is not None), None)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(ascii, names)) if names else "no samples"


def _stated_fraction(values: dict[str, str], allele: int) -> float | None:
    for key in ("AF", "VAF", "FREQ"):
        text = values.get(key)
        if text is None:
            continue
        items = text.split(",")
        item = items[allele - 1] if allele - 1 < len(items) else items[0]
        if item in (".", ""):
            continue
        percent = item.endswith("%")
        number = as_number(item.removesuffix("%"))
        if number is None:
            raise RecordError("SAMPLE_MALFORMED", f"FORMAT {key}={item[:40]!a} is not a number")
        fraction = number / 100 if percent else number
        if 0 <= fraction <= 1:
            return fraction
        raise RecordError("SAMPLE_MALFORMED", f"FORMAT {key}={item[:40]!a} is not a fraction between 0 and 1")
    return None


def _info_fraction(record: VcfRecord, allele: int, caller: Caller) -> float | None:
    number = record.number("AF", allele - 1) if caller.info_af else None
    if number is not None:
        if not 0 <= number <= 1:
            raise RecordError("INFO_MALFORMED", f"INFO AF={number:g} is not a fraction between 0 and 1")
        return number
    counts = _dp4(record.text("DP4")) if len(record.alts) == 1 else None
    return counts[0] / counts[1] if counts and counts[1] else None


def _allele_counts(record: VcfRecord, values: dict[str, str], allele: int) -> tuple[int, int] | None:
    """Return reads with the allele and reads with any allele, or None."""
    if "AD" in values:
        depths = [_whole(item) for item in values["AD"].split(",")]
        if len(depths) > allele and depths[allele] is not None:
            return depths[allele] or 0, sum(depth or 0 for depth in depths)
        # VarScan: AD is the alternate alone and RD the reference.
        reference = _whole(values.get("RD"))
        if len(depths) == 1 and reference is not None and depths[0] is not None:
            return depths[0], depths[0] + reference
    if "DP4" in values and len(record.alts) == 1:
        return _dp4(values["DP4"])
    return _strelka_counts(record, values, allele)


def _strelka_counts(record: VcfRecord, values: dict[str, str], allele: int) -> tuple[int, int] | None:
    """Return tier 1 counts of Strelka2: `AU:CU:GU:TU` for substitutions, `TAR:TIR` for indels."""
    alt = record.alts[allele - 1].upper()
    if "TAR" in values and "TIR" in values:
        reference, alternate = _tier1(values["TAR"]), _tier1(values["TIR"])
    else:
        reference, alternate = _tier1(values.get(f"{record.ref.upper()}U")), _tier1(values.get(f"{alt}U"))
    return None if reference is None or alternate is None else (alternate, alternate + reference)


def _tier1(text: str | None) -> int | None:
    return None if text is None else _whole(text.partition(",")[0])


def _dp4(text: str | None) -> tuple[int, int] | None:
    counts = [_whole(item) for item in (text or "").split(",")]
    if len(counts) != 4 or None in counts:
        return None
    whole = [count or 0 for count in counts]
    return whole[2] + whole[3], sum(whole)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 12 else None
