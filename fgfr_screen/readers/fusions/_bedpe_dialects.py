"""Which dialect of BEDPE a table is, and what its positions and strands mean in that dialect.

BEDPE has no agreed meaning. For one and the same junction of FGFR3 (LEFT kept, + strand) and TACC3 (RIGHT kept, +
strand) the dialects write, FGFR3 first:

| dialect | interval | strands | a strand means |
|---|---|---|---|
| `gridss` | 0-based half-open | `+ -` | kept side: + LEFT, - RIGHT |
| `svtools` | gap between bases: + the base before, - the base after it | `+ -` | kept side |
| `brass` | 0-based start, 1-based end; start = end is one base | `+ +` | second strand: opposite of the kept side |
| `10x` | 0-based half-open, wide | `+ +` always | nothing |
| `rna` | 0-based half-open; the end at the junction counts | `+ +` | strand of the gene; end 1 is 5' |
| `squid` | as `rna` | `+ -` | kept side |

`gridss` is also the form of StructuralVariantAnnotation, Viola, LUMPY and the PCAWG consensus; `rna` that of SMC-RNA,
INTEGRATE and ChimeraScan. So `+ +` is LEFT/LEFT, LEFT/RIGHT or nothing. A table is read as a dialect when its header
says so (`##dialect=NAME`, column names) or when the rows prove it; else orientation stays unknown, with the finding
BEDPE_DIALECT_UNKNOWN.

Sources: bedtools2 general usage; svtools vcftobedpe; StructuralVariantAnnotation; BRASS; 10x Long Ranger; SQUID README;
PCAWG consensus and ChimeraScan rows.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from fgfr_screen import coords, genes, reference
from fgfr_screen.model import Pos1, Record
from fgfr_screen.terms import Assembly, Orientation

# Rows that BRASS, svtools and PCAWG label; kept sides of the lower and the higher end on one contig.
_LEFT, _RIGHT = Orientation.LEFT, Orientation.RIGHT
_SIDES_OF_CLASS: dict[str, tuple[Orientation, Orientation]] = {
    "del": (_LEFT, _RIGHT),
    "deletion": (_LEFT, _RIGHT),
    "dup": (_RIGHT, _LEFT),
    "duplication": (_RIGHT, _LEFT),
    "tandem-duplication": (_RIGHT, _LEFT),
    "h2hinv": (_LEFT, _LEFT),
    "t2tinv": (_RIGHT, _RIGHT),
}
# Intervals wider than this in every row are estimates (10x Long Ranger), not split-read positions.
_WIDE_BP = 100


class Dialect(StrEnum):
    """Dialects that are read; `UNKNOWN` keeps positions and drops orientation."""

    GRIDSS = "gridss"
    SVTOOLS = "svtools"
    BRASS = "brass"
    TENX = "10x"
    RNA = "rna"
    SQUID = "squid"
    UNKNOWN = "unknown"


_SPELLINGS = {
    "structuralvariantannotation": Dialect.GRIDSS,
    "pcawg": Dialect.GRIDSS,
    "icgc": Dialect.GRIDSS,
    "lumpy": Dialect.GRIDSS,
    "viola": Dialect.GRIDSS,
    "longranger": Dialect.TENX,
    "smc-rna": Dialect.RNA,
    "integrate": Dialect.RNA,
    "chimerascan": Dialect.RNA,
}


class RawEnd(Record, frozen=True, kw_only=True):
    """One end of a row as written: contig (normalised where known), BEDPE start and end, strand, gene words.

    `start` or `end` None = written as -1.
    """

    contig: str
    start: int | None
    end: int | None
    strand: str | None
    genes: tuple[str, ...] = ()


class Row(Record, frozen=True, kw_only=True):
    """One readable row. An end is None when the row gives none; `sv_class` is lower case."""

    line: int
    name: str | None
    first: RawEnd | None
    second: RawEnd | None
    sv_class: str | None = None


class DialectFinding(Record, frozen=True, kw_only=True):
    """The dialect, why, and the finding code for every call (None = the header or the rows prove the dialect)."""

    dialect: Dialect
    evidence: str
    code: str | None = None


class ClassConflictError(ValueError):
    """The class of a row contradicts its strands in every dialect; `line` is that row's line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def dialect_named(word: str) -> Dialect | None:
    """Return the dialect that a `##dialect=` comment names, or None for a word that is not known."""
    lowered = word.strip().lower()
    if lowered in _SPELLINGS:
        return _SPELLINGS[lowered]
    return Dialect(lowered) if lowered in list(Dialect) and lowered != Dialect.UNKNOWN else None


def dialect_of_columns(names: Sequence[str]) -> tuple[Dialect, str] | None:
    """Tell the dialect from lower-case column names where they belong to one tool only."""
    present = set(names)
    if "chrom5p" in present:
        return Dialect.RNA, "the columns are those of ChimeraScan"
    if {"chrom_a", "start_a", "strand_a"} <= present:
        return Dialect.SVTOOLS, "the columns are those of svtools"
    if "num_concordantfrag_bp1" in present:
        return Dialect.SQUID, "the columns are those of SQUID"
    if present & {"brass_score", "bkdist"}:
        return Dialect.BRASS, "the columns are those of BRASS"
    if "stop1" in present and present & {"info", "filters"}:
        return Dialect.TENX, "the columns are those of 10x Long Ranger"
    return None


def dialect_of_rows(rows: Sequence[Row]) -> DialectFinding:
    """Tell the dialect from the rows.

    Raises:
        ClassConflictError: Classes are given and contradict the strands however they are read.
    """
    stranded = [row for row in rows if _strands(row) is not None]
    if not stranded:
        return DialectFinding(dialect=Dialect.UNKNOWN, evidence="no row has two strands", code="ORIENTATION_NOT_GIVEN")
    if any(row.sv_class in _SIDES_OF_CLASS for row in stranded):
        return _by_class(stranded)
    if _is_rna(stranded):
        return DialectFinding(
            dialect=Dialect.RNA, evidence="names are 5'-3' gene pairs and strands are those of the genes"
        )
    return _by_signs(stranded)


def _by_signs(rows: Sequence[Row]) -> DialectFinding:
    pairs = {_strands(row) for row in rows}
    if pairs == {("+", "+")}:
        if all(_is_wide(row) for row in rows):
            return DialectFinding(dialect=Dialect.TENX, evidence="every row is + + with wide intervals")
        return _unknown("every row is + +, which is an inversion, a fusion or nothing")
    if any(end.start == end.end for row in rows for end in (row.first, row.second) if end is not None):
        return _unknown("intervals of length 0 are used by svtools and BRASS, whose strands differ")
    if len({strand for pair in pairs if pair for strand in pair}) == 2:
        evidence = "half-open intervals and both strand signs, read as in GRIDSS"
        return DialectFinding(dialect=Dialect.GRIDSS, evidence=evidence, code="BEDPE_DIALECT_ASSUMED")
    return _unknown("the rows do not tell what their strands mean")


def _unknown(evidence: str) -> DialectFinding:
    return DialectFinding(dialect=Dialect.UNKNOWN, evidence=evidence, code="BEDPE_DIALECT_UNKNOWN")


def check_classes(rows: Sequence[Row], dialect: Dialect) -> None:
    """Compare the class of each row with its strands as `dialect` reads them.

    Raises:
        ClassConflictError: They contradict each other in some row.
    """
    for row in rows:
        if _class_agrees(row, dialect) is False:
            strands = " ".join(_strands(row) or ())
            message = f"class {row.sv_class!r} contradicts the strands {strands} in dialect {dialect}"
            raise ClassConflictError(row.line, message)


def _by_class(rows: Sequence[Row]) -> DialectFinding:
    agreeing: list[Dialect] = []
    conflicts: list[ClassConflictError] = []
    for dialect in (Dialect.GRIDSS, Dialect.BRASS):
        try:
            check_classes(rows, dialect)
        except ClassConflictError as conflict:
            conflicts.append(conflict)
        else:
            agreeing.append(dialect)
    if not agreeing:
        raise conflicts[0]
    if len(agreeing) > 1:
        return _unknown("no row has a class that tells what the strands mean")
    return DialectFinding(dialect=agreeing[0], evidence=f"classes and strands agree as in {agreeing[0]}")


def _class_agrees(row: Row, dialect: Dialect) -> bool | None:
    """Whether class and strands of a row agree; None when the row cannot tell."""
    expected = _SIDES_OF_CLASS.get(row.sv_class or "")
    if expected is None or row.first is None or row.second is None or row.first.contig != row.second.contig:
        return None
    sides = orientation(row.first, dialect, is_first=True), orientation(row.second, dialect, is_first=False)
    starts = _lowest(row.first), _lowest(row.second)
    if None in sides or starts[0] == starts[1]:
        return None
    return (sides if starts[0] < starts[1] else sides[::-1]) == expected


def _lowest(end: RawEnd) -> int:
    return next(value for value in (end.start, end.end, 0) if value is not None)


def _strands(row: Row) -> tuple[str, str] | None:
    if row.first is None or row.second is None or row.first.strand is None or row.second.strand is None:
        return None
    return row.first.strand, row.second.strand


def _is_wide(row: Row) -> bool:
    return any(
        end is not None and end.start is not None and end.end is not None and end.end - end.start > _WIDE_BP
        for end in (row.first, row.second)
    )


def _is_rna(rows: Sequence[Row]) -> bool:
    """Tell whether the strands are those of the genes wherever a row names a pair of known genes."""
    verdicts = {_strands_are_genes(row) for row in rows}
    return True in verdicts and False not in verdicts


def _strands_are_genes(row: Row) -> bool | None:
    """Compare strands with gene strands; None where the row names no pair of known genes."""
    pair = genes.split_fusion_name(row.name or "")
    if pair is None:
        return None
    expected = tuple(_gene_strand(name.symbol) for name in pair)
    return None if None in expected else expected == _strands(row)


def _gene_strand(symbol: str | None) -> str | None:
    found = () if symbol is None else reference.transcripts_of(Assembly.GRCH38, symbol)
    return found[0].strand if found else None


# ------------------------------------------------------------------------------------------------ meaning of one end


def orientation(end: RawEnd, dialect: Dialect, *, is_first: bool) -> Orientation | None:
    """Return the kept side of one end on the forward strand; None when the dialect or the row does not tell."""
    if end.strand is None or dialect in (Dialect.TENX, Dialect.UNKNOWN):
        return None
    side = _LEFT if end.strand == "+" else _RIGHT
    # BRASS turns the second strand round; RNA tables give gene strands, and the 3' partner keeps its 3' part.
    return side.opposite if dialect in (Dialect.BRASS, Dialect.RNA) and not is_first else side


def interval(end: RawEnd, dialect: Dialect, side: Orientation | None) -> tuple[Pos1, Pos1] | None:
    """Return the lowest and highest 1-based position of the last kept base; None when the row gives no position."""
    if dialect in (Dialect.RNA, Dialect.SQUID):
        return _junction_base(end, side)
    start, stop = (end.start if end.start is not None else end.end), (end.end if end.end is not None else end.start)
    if start is None or stop is None:
        return None
    return _MEANINGS[dialect](start, stop, end.strand)


def _junction_base(end: RawEnd, side: Orientation | None) -> tuple[Pos1, Pos1] | None:
    """Take the end of the span at the junction: its right end when the left side is kept, else its left end."""
    if side is _LEFT:
        wanted = [end.end] if end.end is not None else []
    else:
        wanted = [coords.from_start0(end.start)] if end.start is not None else []
    if not wanted and end.end is not None:
        wanted = [end.end]
    if not wanted and end.start is not None:
        wanted = [coords.from_start0(end.start)]
    return (Pos1(wanted[0]), Pos1(wanted[0])) if wanted else None


def _half_open(start: int, end: int, _strand: str | None) -> tuple[Pos1, Pos1]:
    first = coords.from_start0(start)
    return first, Pos1(max(end, first))


def _gap(start: int, end: int, strand: str | None) -> tuple[Pos1, Pos1]:
    if strand == "-":
        return coords.after(start), coords.after(end)
    return Pos1(start), Pos1(end)


def _brass(start: int, end: int, strand: str | None) -> tuple[Pos1, Pos1]:
    return (Pos1(start), Pos1(end)) if start == end else _half_open(start, end, strand)


def _either(start: int, end: int, strand: str | None) -> tuple[Pos1, Pos1]:
    """Cover both readings of an interval of length 0: a gap, or one base."""
    return (Pos1(start), coords.after(end)) if start == end else _half_open(start, end, strand)


_MEANINGS: dict[Dialect, Callable[[int, int, str | None], tuple[Pos1, Pos1]]] = {
    Dialect.GRIDSS: _half_open,
    Dialect.TENX: _half_open,
    Dialect.SVTOOLS: _gap,
    Dialect.BRASS: _brass,
    Dialect.UNKNOWN: _either,
}
