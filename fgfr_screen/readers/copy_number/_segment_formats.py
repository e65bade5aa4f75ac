"""What the columns of each segment table mean; read by `_segments`."""

from collections.abc import Mapping

from fgfr_screen.model import Measure
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._table import LOG2_LIMIT, Cells, RowError, Table, exact_integer, exact_number
from fgfr_screen.readers.copy_number._segments import SegmentFormat, SegmentValues
from fgfr_screen.terms import CopyNumberUnit, DeclaredCopyNumber, Origin

_UNKNOWN_CORRECTION = ("PURITY_CORRECTION_UNKNOWN",)
_CALL_SIGNS = {"+": DeclaredCopyNumber.GAIN, "-": DeclaredCopyNumber.LOSS, "0": DeclaredCopyNumber.NEUTRAL}
_FREEC_WORDS = {
    "gain": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
    "neutral": DeclaredCopyNumber.NEUTRAL,
    "normal": DeclaredCopyNumber.NEUTRAL,
}
# With genotypes the word stands behind them; without, in the column that the script for p-values then heads "genotype".
_FREEC_ORIGINS = {"germline": Origin.GERMLINE, "somatic": Origin.SOMATIC}
_FREEC_ORIGIN_COLUMNS = ("origin", "origin_without_genotype")


def _log2(cells: Cells, column: str) -> tuple[Measure, ...]:
    value = cells.number(column, low=-LOG2_LIMIT, high=LOG2_LIMIT)
    return () if value is None else (Measure(value=value, unit=CopyNumberUnit.LOG2_RATIO),)


def _uncorrected(copies: float | None) -> tuple[Measure, ...]:
    if copies is None:
        return ()
    return (Measure(value=copies, unit=CopyNumberUnit.COPIES, purity_corrected=False),)


def _cnvkit(cells: Cells) -> SegmentValues:
    copies = cells.number("copies", low=0)
    measures = (*_log2(cells, "log2"), *_uncorrected(copies))
    return SegmentValues(measures=measures, finding_codes=() if copies is None else _UNKNOWN_CORRECTION)


def _gatk(cells: Cells) -> SegmentValues:
    sign = cells.text("call")
    if sign is not None and sign not in _CALL_SIGNS:
        raise RowError("COPY_NUMBER_MALFORMED", f"CALL {sign[:20]!r} is none of +, - and 0")
    return SegmentValues(measures=_log2(cells, "log2"), declared=_CALL_SIGNS[sign] if sign is not None else None)


def _facets(cells: Cells) -> SegmentValues:
    copies, fraction = cells.number("copies", low=0), cells.number("fraction", low=0)
    measures = () if copies is None else (Measure(value=copies, unit=CopyNumberUnit.COPIES, purity_corrected=True),)
    return SegmentValues(
        measures=measures, text=None if fraction is None else f"in a fraction {fraction:g} of all cells"
    )


def _freec(cells: Cells) -> SegmentValues:
    word = (cells.text("word") or "").lower()
    if word not in _FREEC_WORDS:
        raise RowError("COPY_NUMBER_MALFORMED", f"{word[:20]!r} is none of gain, loss and neutral")
    told = [(cells.text(column) or "").lower() for column in _FREEC_ORIGIN_COLUMNS]
    return SegmentValues(
        measures=_uncorrected(cells.number("copies", low=0)),
        declared=_FREEC_WORDS[word],
        origin=next((_FREEC_ORIGINS[one] for one in told if one in _FREEC_ORIGINS), Origin.UNKNOWN),
        finding_codes=_UNKNOWN_CORRECTION,
    )


def _seg(cells: Cells) -> SegmentValues:
    return SegmentValues(measures=_log2(cells, "mean"))


CNVKIT = SegmentFormat(
    name="cnvkit-cns",
    caller="CNVkit",
    columns={
        "contig": ("chromosome",),
        "start": ("start",),
        "end": ("end",),
        "gene": ("gene",),
        "log2": ("log2",),
        "copies": ("cn",),
    },
    required=("log2",),
    starts_at_zero=True,
    values=_cnvkit,
)
GATK = SegmentFormat(
    name="gatk-seg",
    caller="GATK",
    columns={
        "contig": ("contig",),
        "start": ("start",),
        "end": ("end",),
        "log2": ("mean_log2_copy_ratio",),
        "call": ("call",),
    },
    required=("log2",),
    comment="@",
    values=_gatk,
)
FACETS = SegmentFormat(
    name="facets",
    caller="FACETS",
    columns={
        "sample": ("id",),
        "contig": ("chrom",),
        "start": ("start", "loc.start"),
        "end": ("end", "loc.end"),
        "copies": ("tcn.em",),
        "fraction": ("cf.em",),
    },
    required=("copies",),
    numeric_sex=True,
    values=_facets,
)
_FREEC_POSITIONS = {
    "contig": 0,
    "start": 1,
    "end": 2,
    "copies": 3,
    "word": 4,
    "origin_without_genotype": 5,
    "origin": 7,
}
FREEC = SegmentFormat(
    name="control-freec",
    caller="Control-FREEC",
    columns={},
    positions=_FREEC_POSITIONS,
    starts_at_zero=True,
    lists_genome=False,
    values=_freec,
)
FREEC_WITH_HEADER = SegmentFormat(
    name="control-freec",
    caller="Control-FREEC",
    columns={
        "contig": ("chr",),
        "start": ("start",),
        "end": ("end",),
        "copies": ("copy number",),
        "word": ("status",),
        "origin_without_genotype": ("genotype",),
        "origin": ("somatic/germline",),
    },
    required=("copies", "word"),
    starts_at_zero=True,
    lists_genome=False,
    values=_freec,
)


def seg_format(columns: Mapping[str, tuple[str, ...]]) -> SegmentFormat:
    """Return the layout of a `.seg` file with the spellings by which it is recognised."""
    return SegmentFormat(
        name="seg",
        caller=None,
        columns=columns,
        required=("sample", "mean"),
        numeric_sex=True,
        comment="WARNING",
        values=_seg,
    )


def add_sequence_lengths(table: Table, clues: AssemblyClues) -> None:
    """Take contig lengths from the `@SQ SN:name LN:length` lines of a SAM-style header."""
    for number, line in table.comments:
        fields = dict(part.split(":", 1) for part in line.split("\t")[1:] if ":" in part)
        if line.startswith("@SQ") and {"SN", "LN"} <= fields.keys():
            try:
                clues.add_contig(fields["SN"], exact_integer(fields["LN"]), number)
            except ValueError:
                continue  # A length that cannot be read is no clue.


def purity_ploidy_of_comments(table: Table) -> tuple[float | None, float | None]:
    """Return purity and ploidy from comments such as `# Purity = 0.62`; None where not told or not possible."""
    found: dict[str, float] = {}
    for _, line in table.comments:
        key, equals, value = line.lstrip("# ").replace(":", "=", 1).partition("=")
        name = key.strip().lower()
        if equals and name in ("purity", "ploidy") and value.strip().upper() != "NA":
            try:
                found.setdefault(name, exact_number(value))
            except ValueError:
                continue  # Free text behind the word says nothing.
    purity, ploidy = found.get("purity"), found.get("ploidy")
    return (
        purity if purity is not None and 0 < purity <= 1 else None,
        ploidy if ploidy is not None and ploidy > 0 else None,
    )
