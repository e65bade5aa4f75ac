"""Reading of BEDPE tables: lines -> layout -> rows -> dialect and assembly -> calls.

Ten columns in bedtools order (chrom1 start1 end1 chrom2 start2 end2 name score strand1 strand2), or a header with the
names of a known tool. What positions and strands mean is decided once per file by `_bedpe_dialects`.
"""

from collections.abc import Sequence

from fgfr_screen import coords, genes
from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import (
    Accounting,
    Breakend,
    Call,
    InputContent,
    Pos1,
    RearrangementCall,
    Record,
    Rejected,
    Source,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._table import (
    TAB,
    Columns,
    RowError,
    check_last_row,
    exact_integer,
    has_no_support,
    normalise_contig,
    usual_width,
)
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.fusions import _bedpe_dialects as dialects
from fgfr_screen.readers.fusions._bedpe_columns import COORDINATE_COLUMNS, has_columns
from fgfr_screen.readers.fusions._bedpe_dialects import ClassConflictError, Dialect, DialectFinding, RawEnd, Row
from fgfr_screen.terms import (
    Assembly,
    DeclaredStructure,
    FgfrGene,
    FilterStatus,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
)

# Rows kept for telling the dialect; rows near FGFR1-3 are always kept.
_ROWS_FOR_DIALECT = 5000
FORMAT = "bedpe"
_ASSEMBLY_KEYS = ("assembly", "reference", "genome", "build", "genome_build", "ref")
_CALLERS = {Dialect.BRASS: "BRASS", Dialect.TENX: "Long Ranger", Dialect.SQUID: "SQUID"}
_OPTIONAL = {
    "name": ("name", "id", "sv_id", "id/name", "chimera_cluster_id"),
    "strand1": ("strand1", "strand_a", "strand5p"),
    "strand2": ("strand2", "strand_b", "strand3p"),
    "class": ("svclass", "sv_class", "svtype", "type"),
    "filter": ("filter", "filters"),
    "genes1": ("genes5p",),
    "genes2": ("genes3p",),
    "pairs": ("pe_support",),
    "info": ("info_a", "info"),
    "split": ("spanning_frags",),
    "fragments": ("total_frags", "readpair count"),
    "score": ("score",),
}
_PLAIN = {
    "contig1": 0,
    "start1": 1,
    "end1": 2,
    "contig2": 3,
    "start2": 4,
    "end2": 5,
    "name": 6,
    "score": 7,
    "strand1": 8,
    "strand2": 9,
}
# Chromosomes of FGFR3, FGFR1 and FGFR2.
_FGFR_CONTIGS = {"chr4", "chr8", "chr10"}
# Reads in INFO of LUMPY and svtools: all, pairs, split.
_INFO_COUNTS = ("SU", "PE", "SR")
_STRANDS = {"+": "+", "-": "-", "1": "+", "-1": "-"}


class _Layout(Record, frozen=True, kw_only=True):
    """Index of each column we use; `names` are the header's, () without header."""

    at: dict[str, int]
    names: tuple[str, ...] = ()

    def cell(self, cells: Sequence[str], column: str) -> str | None:
        """Return a cell, None where the table has no such column."""
        index = self.at.get(column)
        return cells[index].strip() if index is not None and index < len(cells) else None


class _Table:
    """What was taken from the lines, before dialect and assembly are known.

    Attributes:
        rows: Readable rows: all near FGFR1-3 on any assembly, and the first of the others, which tell the dialect.
        cells: Cells of the rows near FGFR1-3, by line.
        records: All data rows.
    """

    def __init__(self, opened: OpenedInput, options: ReadOptions) -> None:
        self.input = opened.id
        self.path = opened.path
        self.clues = AssemblyClues(opened.path, options.assembly)
        self.layout = _Layout(at=_PLAIN)
        self.rows: list[Row] = []
        self.cells: dict[int, list[str]] = {}
        self.rejected: list[Rejected] = []
        self.dialect: Dialect | None = None
        self.records = 0

    def reject(self, line: int, code: str, message: str, *, touches_fgfr: bool) -> None:
        """Keep a row that cannot be used as a rejected record."""
        self.rejected.append(
            Rejected(input=self.input, line=line, code=code, message=message, touches_fgfr=touches_fgfr)
        )


def _header_layout(line: str, path: str, number: int) -> _Layout:
    columns = Columns(line, path=path, line=number)
    at = {column: columns.require(*spellings) for column, spellings in COORDINATE_COLUMNS.items()}
    found = {column: columns.find(*spellings) for column, spellings in _OPTIONAL.items()}
    return _Layout(at=at | {column: index for column, index in found.items() if index is not None}, names=columns.names)


# -------------------------------------------------------------------------------------------------------------- read


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read a whole table.

    Raises:
        MalformedFileError: The header is broken, names an unknown dialect, or classes contradict the strands.
        TruncatedFileError: The last line is cut, and that was not allowed.
        AssemblyError: The assembly is contradictory, not supported, or needed and not known.
    """
    table = _collect(opened, options)
    finding = _dialect(table)
    assembly = table.clues.settle()
    calls: list[Call] = []
    near = [row for row in table.rows if row.line in table.cells]
    if near:
        name = table.clues.require(assembly, near[0].line)
        for row in near:
            calls.extend(_calls_of(row, finding, name, table))
    # An inversion of svtools states two junctions in one row, and a junction counts as one record.
    records = table.records + len(calls) - len({call.source.line for call in calls})
    accounting = Accounting(
        records=records,
        outside_fgfr=records - len(calls) - len(table.rejected),
        in_events=len(calls),
        rejected=len(table.rejected),
    )
    report = input_report(
        opened,
        format_name=FORMAT,
        format_evidence=f"{evidence}; dialect {finding.dialect}: {finding.evidence}",
        assembly=assembly,
        accounting=accounting,
        caller=_CALLERS.get(finding.dialect),
    )
    rejected = tuple(sorted(table.rejected, key=lambda row: row.line or 0))
    return InputContent(report=report, calls=tuple(calls), rejected=rejected, accounting=accounting)


def _collect(opened: OpenedInput, options: ReadOptions) -> _Table:
    table = _Table(opened, options)
    rows: list[tuple[int, list[str]]] = []
    for number, raw in enumerate(opened.lines(), 1):
        line = decode_text(raw)[0]
        if line.startswith("##"):
            _take_comment(table, line, number)
        elif not rows and not table.layout.names and has_columns(line):
            table.layout = _header_layout(line, table.path, number)
        elif line.strip() and not line.startswith("#"):
            rows.append((number, line.split(TAB)))
    table.records = len(rows)
    width = len(table.layout.names) or usual_width(len(cells) for _, cells in rows)
    if rows:
        check_last_row(opened, rows[-1][0], len(rows[-1][1]), width, allow_truncated=options.allow_truncated)
    for number, cells in rows:
        _take_row(table, number, cells, width)
    return table


def _take_comment(table: _Table, line: str, number: int) -> None:
    key, equals, value = line[2:].partition("=")
    key = key.strip().lower()
    if equals and key in _ASSEMBLY_KEYS:
        table.clues.add_name(value, number)
    elif equals and key == "dialect":
        table.dialect = dialects.dialect_named(value)
        if table.dialect is None:
            known = ", ".join(dialect for dialect in Dialect if dialect is not Dialect.UNKNOWN)
            reason, remedy = f"there is no BEDPE dialect {value.strip()!r}", f"use one of: {known}"
            raise MalformedFileError(reason, remedy=remedy, path=table.path, line=number, code="BEDPE_DIALECT_NAME")


def _take_row(table: _Table, number: int, cells: list[str], width: int) -> None:
    named = genes.mentions_fgfr(TAB.join(cells))
    try:
        row = _row(table.layout, number, cells, width)
    except RowError as error:
        # A place that cannot be read may be anywhere on its chromosome.
        contigs = {normalise_contig(cells[at]) for at in (0, 3) if at < len(cells)}
        on_fgfr_contig = None in contigs or bool(contigs & _FGFR_CONTIGS)
        touches = on_fgfr_contig or genes.may_touch_fgfr(TAB.join(cells))
        table.reject(number, error.code, str(error), touches_fgfr=touches)
        return
    _add_clues(table.clues, row)
    if named or _fgfr_of(row.first) or _fgfr_of(row.second) or _in_any_window(row):
        table.cells[number] = cells
        table.rows.append(row)
    elif len(table.rows) < _ROWS_FOR_DIALECT:
        table.rows.append(row)


def _row(layout: _Layout, number: int, cells: list[str], width: int) -> Row:
    if len(cells) != width or width < 6:
        raise RowError("RAGGED_ROW", f"the row has {len(cells)} cells where the table has {width}")
    genes1, genes2 = _gene_words(layout, cells)
    first = _end(layout, cells, "1", genes1)
    second = _end(layout, cells, "2", genes2)
    if first is None and second is None:
        raise RowError("NO_POSITION", "the row gives a position for neither end")
    word = layout.cell(cells, "class")
    return Row(
        line=number,
        name=layout.cell(cells, "name"),
        first=first,
        second=second,
        sv_class=None if word is None else word.lower(),
    )


def _gene_words(layout: _Layout, cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the gene words of end 1 and end 2: from gene columns, else from a name such as `FGFR3>>TACC3`."""
    columns = layout.cell(cells, "genes1"), layout.cell(cells, "genes2")
    pair = genes.split_fusion_name(layout.cell(cells, "name") or "")
    words = tuple(given or "" for given in columns) if any(columns) else tuple(name.given for name in pair or ())
    found = []
    for word in words:
        name = genes.resolve(word)
        if name.problem is not None:
            raise RowError(name.problem, name.problem_text or name.problem)
        found.append(() if name.is_blank else tuple(part.strip() for part in name.given.split(",")))
    return (found[0], found[1]) if found else ((), ())


def _end(layout: _Layout, cells: list[str], which: str, words: tuple[str, ...]) -> RawEnd | None:
    contig = layout.cell(cells, f"contig{which}") or "."
    start, end = (_number(layout.cell(cells, f"{edge}{which}") or "") for edge in ("start", "end"))
    if contig in (".", "-1") or (start is None and end is None):
        return None
    if start is not None and end is not None and start > end:
        raise RowError("POSITION_ORDER", f"start {start} is greater than end {end}")
    return RawEnd(
        contig=normalise_contig(contig) or contig,
        start=start,
        end=end,
        strand=_STRANDS.get(layout.cell(cells, f"strand{which}") or ""),
        genes=words,
    )


def _number(text: str) -> int | None:
    """Read a BEDPE position; None for -1 and `.`, which mean "not known" here."""
    if text == ".":
        return None
    try:
        number = exact_integer(text)
    except ValueError as error:
        raise RowError("BAD_POSITION", str(error)) from error
    if number < -1:
        raise RowError("BAD_POSITION", f"position {number} is negative")
    return None if number == -1 else number


# ------------------------------------------------------------------------------------------------- dialect, assembly


def _dialect(table: _Table) -> DialectFinding:
    by_columns = dialects.dialect_of_columns(table.layout.names)
    try:
        if table.dialect is not None:
            dialects.check_classes(table.rows, table.dialect)
            return DialectFinding(dialect=table.dialect, evidence="named in the header")
        if by_columns is not None:
            dialects.check_classes(table.rows, by_columns[0])
            return DialectFinding(dialect=by_columns[0], evidence=by_columns[1])
        return dialects.dialect_of_rows(table.rows)
    except ClassConflictError as conflict:
        remedy = "find out what the strands mean and name the dialect in a line ##dialect=NAME"
        raise MalformedFileError(
            str(conflict), remedy=remedy, path=table.path, line=conflict.line, code="BEDPE_CLASS_CONFLICT"
        ) from conflict


def _add_clues(clues: AssemblyClues, row: Row) -> None:
    ends = [end for end in (row.first, row.second) if end is not None]
    for end in ends:
        lowest, highest = _span(end)
        clues.add_position(end.contig, highest, row.line)
        for gene in _fgfr_of(end):
            clues.add_gene_position(gene, end.contig, lowest, highest, row.line)


def _fgfr_of(end: RawEnd | None) -> tuple[FgfrGene, ...]:
    words = () if end is None else end.genes
    return tuple(gene for word in words if (gene := genes.fgfr_gene(word)) is not None)


def _span(end: RawEnd) -> tuple[Pos1, Pos1]:
    """Return the 1-based bases that an end may mean in any dialect."""
    known = [edge for edge in (end.start, end.end) if edge is not None]
    return Pos1(min(known)), coords.after(max(known))


def _in_any_window(row: Row) -> bool:
    """Tell the same of every assembly; most rows have no end on these contigs."""
    contigs = {end.contig for end in (row.first, row.second) if end is not None}
    return not contigs.isdisjoint(_FGFR_CONTIGS) and any(_in_window(row, assembly) for assembly in Assembly)


def _in_window(row: Row, assembly: Assembly) -> bool:
    ends = [end for end in (row.first, row.second) if end is not None and end.contig in _FGFR_CONTIGS]
    return any(coords.fgfr_gene_at(assembly, end.contig, *_span(end)) is not None for end in ends)


# ------------------------------------------------------------------------------------------------------------- calls


def _calls_of(row: Row, finding: DialectFinding, assembly: Assembly, table: _Table) -> list[RearrangementCall]:
    """Return the call or calls of a row; none when it lies outside FGFR1-3 or has to be rejected."""
    cells = table.cells[row.line]
    is_named = bool(_fgfr_of(row.first) or _fgfr_of(row.second)) or genes.mentions_fgfr(TAB.join(cells))
    if not is_named and not _in_window(row, assembly):
        return []
    for end in (row.first, row.second):
        length = None if end is None else coords.contig_length(assembly, end.contig)
        if end is not None and length is not None and max(end.start or 0, end.end or 0) > length:
            message = f"a position lies past the end of {end.contig} in {assembly} ({length} bases)"
            table.reject(row.line, "POSITION_PAST_CONTIG_END", message, touches_fgfr=True)
            return []
    call = _call(row, finding, assembly, table)
    second_junction = _is_two_sided_inversion(row, finding.dialect, table.layout.cell(cells, "info"))
    return [call, _call(_flipped(row), finding, assembly, table)] if second_junction else [call]


def _call(row: Row, finding: DialectFinding, assembly: Assembly, table: _Table) -> RearrangementCall:
    cells = table.cells[row.line]
    sides = [
        _breakend(row.first, finding.dialect, is_first=True),
        _breakend(row.second, finding.dialect, is_first=False),
    ]
    known = [side for side in sides if side is not None]
    is_rna = finding.dialect in (Dialect.RNA, Dialect.SQUID)
    text = table.layout.cell(cells, "filter")
    pairs, *others = _support(table.layout, cells, finding.dialect)
    return RearrangementCall(
        source=Source(input=table.input, line=row.line, raw_id=None if row.name in (None, "", ".") else row.name),
        caller=_CALLERS.get(finding.dialect),
        assembly=assembly,
        molecule=Molecule.RNA if is_rna else None if finding.dialect is Dialect.UNKNOWN else Molecule.DNA,
        filter=_filter(text),
        filter_text=text,
        no_support=has_no_support(pairs, *others),
        first=known[0],
        second=known[1] if len(known) > 1 else None,
        order=GeneOrder.ASSERTED if finding.dialect is Dialect.RNA and len(known) > 1 else GeneOrder.UNKNOWN,
        junction=JunctionKind.RNA_JUNCTION if is_rna else JunctionKind.DNA_BREAKPOINT,
        declared=DeclaredStructure.READ_THROUGH if row.sv_class == "read_through" else None,
        orientation_is_reliable=finding.dialect not in (Dialect.TENX, Dialect.UNKNOWN),
        imprecise=any(side.pos != side.pos_end for side in known),
        spanning_pairs=pairs,
        finding_codes=() if finding.code is None else (finding.code,),
    )


def _support(layout: _Layout, cells: list[str], dialect: Dialect) -> list[int | None]:
    """Return the read pairs over the join, then every other count of reads that a row states; None = not stated."""
    info = dict(entry.split("=", 1) for entry in (layout.cell(cells, "info") or "").split(";") if entry.count("=") == 1)
    counts = [layout.cell(cells, name) for name in ("pairs", "split", "fragments")]
    counts += [info.get(name) for name in _INFO_COUNTS]
    if dialect is Dialect.SQUID:
        counts.append(layout.cell(cells, "score"))
    return [None if text is None or not (text.isascii() and text.isdigit()) else int(text) for text in counts]


def _breakend(end: RawEnd | None, dialect: Dialect, *, is_first: bool) -> Breakend | None:
    if end is None:
        return None
    side: Orientation | None = dialects.orientation(end, dialect, is_first=is_first)
    pos, pos_end = dialects.interval(end, dialect, side) or (None, None)
    return Breakend(contig=end.contig, pos=pos, pos_end=pos_end, orientation=side, genes=end.genes)


def _filter(text: str | None) -> FilterStatus:
    if text is None or text in ("", "."):
        return FilterStatus.UNFILTERED
    return FilterStatus.PASS if text.upper() == "PASS" else FilterStatus.FAILED


def _is_two_sided_inversion(row: Row, dialect: Dialect, info: str | None) -> bool:
    """Tell whether an INV row of svtools has support for both of its junctions (`STRANDS=++:4,--:5`)."""
    if dialect is not Dialect.SVTOOLS or row.sv_class != "inv" or info is None:
        return False
    strands = next((entry for entry in info.split(";") if entry.startswith("STRANDS=")), "")
    counts = dict(part.split(":", 1) for part in strands.removeprefix("STRANDS=").split(",") if ":" in part)
    return all(counts.get(pair, "0") != "0" for pair in ("++", "--"))


def _flipped(row: Row) -> Row:
    """Return the other junction of an inversion: both ends keep the other side."""
    first, second = (
        None
        if end is None
        else RawEnd(
            contig=end.contig,
            start=end.start,
            end=end.end,
            strand={"+": "-", "-": "+"}.get(end.strand or ""),
            genes=end.genes,
        )
        for end in (row.first, row.second)
    )
    return Row(line=row.line, name=row.name, first=first, second=second, sv_class=row.sv_class)
