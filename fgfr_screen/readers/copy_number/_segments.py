"""Copy-number segment tables -> calls. Serves every reader whose rows are contig, start, end and values.

A reader describes its table in a `SegmentFormat`; the way of a row is here: cells -> place -> near FGFR1-3 on any
assembly? -> assembly of the file -> sample -> call. Rows elsewhere are counted, never kept.
"""

from collections.abc import Callable, Mapping, Sequence

from fgfr_screen import coords, genes
from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import (
    Accounting,
    CopyNumberCall,
    InputContent,
    Measure,
    Pos1,
    Record,
    Rejected,
    Source,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._table import (
    TAB,
    Cells,
    Columns,
    RowError,
    Table,
    check_end,
    choose_sample,
    exact_integer,
    normalise_contig,
    read_table,
    usual_width,
)
from fgfr_screen.readers.copy_number._uncovered import covers_coding_exons, not_covered
from fgfr_screen.terms import Assembly, DeclaredCopyNumber, FgfrGene, Molecule, Origin

# Contigs of FGFR3, FGFR1 and FGFR2.
_FGFR_CONTIGS = frozenset(("chr4", "chr8", "chr10"))


class SegmentValues(Record, frozen=True, kw_only=True):
    """What a row says about its segment; the fields are those of `CopyNumberCall`."""

    measures: tuple[Measure, ...] = ()
    declared: DeclaredCopyNumber | None = None
    origin: Origin = Origin.UNKNOWN
    text: str | None = None
    finding_codes: tuple[str, ...] = ()


class SegmentFormat(Record, frozen=True, kw_only=True):
    """One table layout.

    Attributes:
        columns: Our name -> spellings in lower case. `contig`, `start`, `end` must be there; `sample` and `gene` are used
            where the table has them, all others by `values`.
        required: Further columns that must be there.
        positions: Index of each column where the table has no header, the last ones optional; None = it has one.
        starts_at_zero: True when `start` is 0-based (BED).
        numeric_sex: True when 23 and 24 mean X and Y.
        comment: Sign that comment lines start with.
        lists_genome: False for a table of changes only, whose silence about a gene means that it is as usual.
        values: Row -> values. Raises `RowError`.
    """

    name: str
    caller: str | None
    columns: Mapping[str, tuple[str, ...]]
    values: Callable[[Cells], SegmentValues]
    required: tuple[str, ...] = ()
    positions: Mapping[str, int] | None = None
    starts_at_zero: bool = False
    numeric_sex: bool = False
    comment: str = "#"
    lists_genome: bool = True


class _Segment(Record, frozen=True, kw_only=True):
    """A row that lies near an FGFR gene on some assembly, or names one."""

    line: int
    cells: Cells
    contig: str
    start: Pos1
    end: Pos1
    fgfr: str | None


class _Reading:
    """State of one file while it is read."""

    def __init__(self, opened: OpenedInput, options: ReadOptions, layout: SegmentFormat, table: Table) -> None:
        self.input = opened.id
        self.layout = layout
        self.clues = AssemblyClues(opened.path, options.assembly)
        self.rejected: list[Rejected] = []
        self.near: list[_Segment] = []
        self.samples: list[str] = []
        self.at, self.width = _columns(table, layout, opened.path)

    def reject(self, line: int, code: str, message: str, *, touches_fgfr: bool) -> None:
        self.rejected.append(
            Rejected(input=self.input, line=line, code=code, message=message, touches_fgfr=touches_fgfr)
        )


def _columns(table: Table, layout: SegmentFormat, path: str) -> tuple[dict[str, int], int]:
    """Return the index of each column that the table has, and the cells of a row."""
    if layout.positions is not None:
        width = usual_width(line.count(TAB) + 1 for _, line in table.rows)
        return {name: index for name, index in layout.positions.items() if index < width}, width
    if table.header is None:
        reason, remedy = "the table has no header", "give the file as the program wrote it"
        raise MalformedFileError(reason, remedy=remedy, path=path, code="MISSING_COLUMN")
    number, line = table.header
    columns = Columns(line, path=path, line=number)
    for name in ("contig", "start", "end", *layout.required):
        columns.require(*layout.columns[name])
    found = {name: columns.find(*spellings) for name, spellings in layout.columns.items()}
    return {name: index for name, index in found.items() if index is not None}, len(columns)


def read_segments(
    opened: OpenedInput,
    options: ReadOptions,
    evidence: str,
    layout: SegmentFormat,
    *,
    purity_ploidy: Callable[[Table], tuple[float | None, float | None]] | None = None,
    add_clues: Callable[[Table, AssemblyClues], None] | None = None,
) -> InputContent:
    """Read a whole segment table.

    Args:
        opened: The file.
        options: What the user said.
        evidence: The sentence that proves the format.
        layout: What its columns mean.
        purity_ploidy: Finds tumour purity and ploidy in the comments, for tools that write them there.
        add_clues: Finds clues of the assembly in the comments.

    Raises:
        MalformedFileError: The header lacks a column.
        AssemblyError: A row lies near FGFR1-3 and the assembly cannot be told, or contradicts itself.
        SampleColumnError: Such rows belong to several samples and the user named none of them.
    """
    table = read_table(opened, comment=layout.comment, has_header=layout.positions is None)
    reading = _Reading(opened, options, layout, table)
    check_end(opened, table, reading.width, allow_truncated=options.allow_truncated)
    for _, comment in table.comments:
        reading.clues.add_name(comment)
    if add_clues is not None:
        add_clues(table, reading.clues)
    for number, line in table.rows:
        _take_row(reading, number, line)
    assembly = reading.clues.settle()
    calls: list[CopyNumberCall] = []
    if reading.near:
        name = reading.clues.require(assembly, reading.near[0].line)
        calls = _calls(reading, name, options, opened.path)
    untested = not_covered(opened.id, layout.caller, _left_out(calls)) if layout.lists_genome else ()
    accounting = Accounting(
        records=len(table.rows),
        outside_fgfr=len(table.rows) - len(calls) - len(reading.rejected),
        in_events=len(calls),
        rejected=len(reading.rejected),
    )
    purity, ploidy = purity_ploidy(table) if purity_ploidy is not None else (None, None)
    report = input_report(
        opened,
        format_name=layout.name,
        format_evidence=evidence,
        assembly=assembly,
        accounting=accounting,
        caller=layout.caller,
    )
    rejected = tuple(sorted(reading.rejected, key=lambda row: row.line or 0))
    return InputContent(
        report=report,
        calls=(*calls, *untested),
        rejected=rejected,
        accounting=accounting,
        purity=purity,
        ploidy=ploidy,
    )


def _left_out(calls: Sequence[CopyNumberCall]) -> tuple[FgfrGene, ...]:
    """Return the receptors that the segments of the sample, all on one assembly, do not cover."""
    assembly = calls[0].assembly if calls else None
    if assembly is None:
        return tuple(FgfrGene)
    places = [(one.contig, (one.start, one.end)) for one in calls if one.start is not None and one.end is not None]
    return tuple(
        gene
        for gene in FgfrGene
        for home in coords.fgfr_window(gene, assembly)[:1]
        if not covers_coding_exons(assembly, gene, [span for contig, span in places if contig == home])
    )


def _take_row(reading: _Reading, number: int, line: str) -> None:
    cells = line.split(TAB)
    if len(cells) != reading.width:
        message = f"the row has {len(cells)} cells where the table has {reading.width}"
        reading.reject(number, "RAGGED_ROW", message, touches_fgfr=True)
        return
    row = Cells(reading.at, cells)
    name = row.text("contig") or ""
    contig = normalise_contig(name, reading.layout.numeric_sex)
    try:
        start, end = _place(row, starts_at_zero=reading.layout.starts_at_zero)
    except RowError as error:
        touches = genes.may_touch_fgfr(line) or not name or contig in _FGFR_CONTIGS
        reading.reject(number, error.code, str(error), touches_fgfr=touches)
        return
    sample, fgfr = row.text("sample"), _named_fgfr(row.text("gene"))
    if sample is not None and sample not in reading.samples:
        reading.samples.append(sample)
    if contig is None and (fgfr is not None or not name):
        message = f"the contig {name[:40]!r} is no chromosome, so where the segment lies is not known"
        reading.reject(number, "BAD_POSITION", message, touches_fgfr=True)
    if contig is None:
        return
    reading.clues.add_contig(name, line=number)
    reading.clues.add_position(contig, end, number)
    if fgfr is not None:
        reading.clues.add_gene_position(fgfr, contig, start, end, number)
    is_near = contig in _FGFR_CONTIGS and any(coords.fgfr_gene_at(one, contig, start, end) for one in Assembly)
    if fgfr is not None or is_near:
        segment = _Segment(line=number, cells=row, contig=contig, start=start, end=end, fgfr=fgfr)
        reading.near.append(segment)


def _named_fgfr(text: str | None) -> FgfrGene | None:
    """Return the receptor in the gene list of a segment, or None."""
    if text is None or not genes.mentions_fgfr(text):
        return None
    words = text.replace(";", ",").replace("|", ",").split(",")
    return next((gene for word in words if (gene := genes.fgfr_gene(word)) is not None), None)


def _place(row: Cells, *, starts_at_zero: bool) -> tuple[Pos1, Pos1]:
    """Return first and last base of a segment (1-based inclusive)."""
    try:
        start, end = (exact_integer(row.text(edge) or "") for edge in ("start", "end"))
    except ValueError as error:
        raise RowError("BAD_POSITION", str(error)) from error
    first = coords.from_start0(start) if starts_at_zero else Pos1(max(start, 1))
    if start < 0 or end < 1:
        raise RowError("BAD_POSITION", f"position {min(start, end)} is negative")
    if first > end:
        raise RowError("POSITION_ORDER", f"start {start} is greater than end {end}")
    return first, Pos1(end)


def _calls(reading: _Reading, assembly: Assembly, options: ReadOptions, path: str) -> list[CopyNumberCall]:
    """Turn the rows near FGFR1-3 on the assembly of the file into calls; the others turn out to lie elsewhere."""
    here = [one for one in reading.near if one.fgfr or coords.fgfr_gene_at(assembly, one.contig, one.start, one.end)]
    chosen = None
    if here and reading.samples:
        chosen = choose_sample(reading.samples, options.sample_id, path=path)
    calls = []
    for segment in here:
        if chosen is not None and segment.cells.text("sample") != chosen:
            continue
        try:
            calls.append(_call(reading, segment, assembly))
        except RowError as error:
            reading.reject(segment.line, error.code, str(error), touches_fgfr=True)
    return calls


def _call(reading: _Reading, segment: _Segment, assembly: Assembly) -> CopyNumberCall:
    if coords.fgfr_gene_at(assembly, segment.contig, segment.start, segment.end) is None:
        place = f"{segment.contig}:{segment.start}-{segment.end}"
        raise RowError("POSITION_OUTSIDE_GENE", f"the row names {segment.fgfr}, but {place} does not lie there")
    length = coords.contig_length(assembly, segment.contig)
    if length is not None and segment.end > length:
        message = f"the segment ends past the end of {segment.contig} in {assembly} ({length} bases)"
        raise RowError("POSITION_PAST_CONTIG_END", message)
    values = reading.layout.values(segment.cells)
    return CopyNumberCall(
        source=Source(input=reading.input, line=segment.line),
        caller=reading.layout.caller,
        assembly=assembly,
        molecule=Molecule.DNA,
        gene=segment.fgfr,
        contig=segment.contig,
        start=segment.start,
        end=segment.end,
        measures=values.measures,
        declared=values.declared,
        origin=values.origin,
        text=values.text,
        finding_codes=values.finding_codes,
    )
