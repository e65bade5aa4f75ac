"""Tables of RNA fusion callers -> calls. Serves the readers of all of them; knows no single caller.

A reader says in a `FusionFormat` how one row becomes a call; here the lines are split, the sample is chosen, rows near
FGFR1-3 are kept, the assembly is settled and the account is closed. Positions are splice junctions, 1-based. The strand
that these callers write is that of the gene, so an end keeps its side by role:

| role | gene on + | gene on - |
|---|---|---|
| 5' partner | LEFT | RIGHT |
| 3' partner | RIGHT | LEFT |
"""

import contextlib
import functools
from collections.abc import Callable, Sequence

from msgspec import structs

from fgfr_screen import coords, genes
from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import (
    Accounting,
    Breakend,
    Finding,
    InputContent,
    Pos1,
    RearrangementCall,
    Record,
    Rejected,
    Source,
)
from fgfr_screen.readers._api import Head, OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._table import (
    Columns,
    RowError,
    choose_sample,
    exact_integer,
    exact_number,
    has_no_support,
    normalise_contig,
    refuse_cut,
)
from fgfr_screen.readers._text import decode_text
from fgfr_screen.terms import (
    Assembly,
    DeclaredStructure,
    FgfrGene,
    FilterStatus,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
    TranscriptSide,
)
from fgfr_screen.transcripts import orientation_of

TAB = "\t"
COMMA = ","
# Rows besides those of FGFR1-3 whose genes and positions may tell the assembly.
_ROWS_FOR_ASSEMBLY = 300
_NOT_GIVEN = frozenset(("", ".", "NA", "na", "nan", "None"))
_STRANDS = ("+", "-")
FIVE, THREE = TranscriptSide.FIVE_PRIME, TranscriptSide.THREE_PRIME
_FRAME_WORDS = {
    "inframe": Frame.IN_FRAME,
    "outofframe": Frame.OUT_OF_FRAME,
    "frameshift": Frame.OUT_OF_FRAME,
    "stopcodon": Frame.STOP_BEFORE_JUNCTION,
    "true": Frame.IN_FRAME,
    "false": Frame.OUT_OF_FRAME,
}


class Place(Record, frozen=True, kw_only=True):
    """A position as a caller writes it. `strand` is that of the gene; None = not given."""

    contig: str
    pos: Pos1
    strand: str | None = None


class FusionRow:
    """One row of a table, read by the names of its columns.

    Attributes:
        source: Way back to the row.
        cells: Cells without the quotes around them.
    """

    def __init__(self, columns: Columns, cells: Sequence[str], source: Source) -> None:
        self.source = source
        self.cells = cells
        self._columns = columns

    def text(self, *names: str) -> str:
        """Return the cell under the first of these column names; "" when blank, `.`, `NA`, or without such a column."""
        index = self._columns.find(*names)
        text = "" if index is None else self.cells[index].strip()
        return "" if text in _NOT_GIVEN else text

    def has(self, name: str) -> bool:
        """Tell whether the table has a column."""
        return name in self._columns

    def count(self, *names: str) -> int | None:
        """Return a number of reads; None when not given or no whole number."""
        try:
            return exact_integer(self.text(*names))
        except ValueError:
            return None

    def amount(self, name: str) -> float | None:
        """Return a number that may have decimals; None when not given or no number."""
        try:
            return exact_number(self.text(name))
        except ValueError:
            return None

    def place(self, name: str) -> Place | None:
        """Return the position in a cell such as `chr4:1806934:+`, or None when not given."""
        return parse_place(self.text(name))


class FusionFormat(Record, frozen=True, kw_only=True):
    """How the rows of one caller are read.

    Attributes:
        name: Name of the reader.
        caller: Program, where all rows come from one; None = each call names its own.
        call: Row -> its call, or the calls of all programs that it sums up, without assembly. Raises `RowError` when the
            row cannot be used.
        required: Columns that must be there, each with its spellings.
        separator: Tab or comma.
        header: Names of the columns of a file without header line; None = the first line is the header.
        row_start: Words that rows begin with, where a file holds other lines too; () = every line is a row.
        sample: Spellings of the column that names the sample; () = one sample a file.
        repeatable: Columns that some versions write twice (the first counts).
        slack_bp: Bases by which the caller misses the ends of exons.
        check: Looks at all rows before they are read; raises `InputError` to refuse the file.
    """

    name: str
    call: Callable[[FusionRow], RearrangementCall | tuple[RearrangementCall, ...]]
    caller: str | None = None
    required: tuple[tuple[str, ...], ...] = ()
    separator: str = TAB
    header: str | None = None
    row_start: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    slack_bp: int = 0
    check: Callable[[str, Sequence[FusionRow]], None] | None = None


# ----------------------------------------------------------------------------------------------------- for the readers


@functools.lru_cache(maxsize=8)  # a dozen readers ask for the same head
def header_names(head: Head, separator: str = TAB) -> frozenset[str]:
    """Return the column names of the first line that is no `##` comment: lower case, without `#` and quotes."""
    lines = head.data.split(b"\n", 20)
    first = next((line for line in lines if line.strip() and not line.startswith(b"##")), b"")
    if separator.encode() not in first or len(first) > 1 << 15:
        return frozenset()
    cells = first.decode("latin-1").split(separator)
    return frozenset(cell.strip().strip('"').lstrip("#").lower() for cell in cells)


def parse_place(text: str) -> Place | None:
    """Read `chr4:1806934:+` or `4:1806934`.

    Returns:
        The position; None for empty text.

    Raises:
        RowError: It is no position (BAD_POSITION).
    """
    if not text:
        return None
    rest, colon, last = text.rpartition(":")
    strand = None
    if colon and last in ("+", "-", ".", ""):
        strand = last if last in _STRANDS else None
        rest, colon, last = rest.rpartition(":")
    if not colon or not rest:
        raise RowError("BAD_POSITION", f"{text[:40]!r} is not contig:position:strand")
    return place_of(rest, last, strand)


def place_of(contig: str, position: str, strand: str | None = None) -> Place:
    """Read a position that stands in columns of its own.

    Raises:
        RowError: It is no whole number from 1 on (BAD_POSITION).
    """
    try:
        number = exact_integer(position)
    except ValueError as error:
        raise RowError("BAD_POSITION", str(error)) from error
    if number < 1 or not contig.strip():
        raise RowError("BAD_POSITION", f"{contig[:20]}:{position[:20]} is no position")
    name = normalise_contig(contig) or contig.strip()
    return Place(contig=name, pos=Pos1(number), strand=strand if strand in _STRANDS else None)


def gene_pair(name: str) -> tuple[str, str]:
    """Return the two gene words of a fusion name.

    Raises:
        RowError: The name cannot be split into two genes (FUSION_NAME).
    """
    pair = genes.split_fusion_name(name)
    if pair is None:
        raise RowError("FUSION_NAME", f"{name[:60]!r} is no pair of genes")
    return pair[0].given, pair[1].given


def end(
    words: Sequence[str],
    place: Place | None,
    role: TranscriptSide | None,
    *,
    slack_bp: int = 0,
    orientation: Orientation | None = None,
    states_no_gene: bool = False,
    transcript: str = "",
) -> Breakend:
    """Return one side of a fusion.

    Args:
        words: Gene names; what follows `^` (an Ensembl number) is left out.
        place: Position, or None.
        role: Which partner this is; None = the caller's order says nothing.
        slack_bp: Bases by which the position may miss the end of the exon.
        orientation: Kept side as the caller states it; None = from role and strand, where both are known.
        states_no_gene: The caller says that no gene lies here.
        transcript: Accession, or "".
    """
    named = tuple(word.partition("^")[0].strip() for word in words if not genes.is_blank(word))
    if orientation is None and place is not None and place.strand is not None and role is not None:
        orientation = orientation_of(place.strand, role)
    low, high = (None, None) if place is None else _interval(place.pos, slack_bp)
    return Breakend(
        contig=None if place is None else place.contig,
        pos=low,
        pos_end=high,
        orientation=orientation,
        genes=named,
        states_no_gene=states_no_gene,
        transcript=transcript or None,
    )


def _interval(pos: Pos1, slack_bp: int) -> tuple[Pos1, Pos1]:
    low = high = pos
    for _ in range(slack_bp):
        low, high = coords.before(low) if low > 1 else low, coords.after(high)
    return low, high


def fusion(
    row: FusionRow,
    first: Breakend,
    second: Breakend,
    *,
    caller: str | None = None,
    order: GeneOrder = GeneOrder.ASSERTED,
    declared: DeclaredStructure | None = DeclaredStructure.FUSION,
    frame: str = "",
    split_reads: int | None = None,
    spanning_pairs: int | None = None,
    other_support: Sequence[float | None] = (),
    failed: bool | None = None,
    filter_text: str = "",
    text: str = "",
) -> RearrangementCall:
    """Return the call of a row; the assembly is filled in when the whole file is read.

    Args:
        row: The row.
        first: Side that the caller writes first.
        second: The other side.
        caller: Program, where rows of one file come from several.
        order: ASSERTED when the caller puts the 5' partner first.
        declared: None when the caller does not say that the two genes are read in one sense.
        frame: The caller's word for the frame, in any spelling.
        split_reads: As given.
        spanning_pairs: As given.
        other_support: Further amounts that speak for the fusion; one that is stated and all zero has no support.
        failed: True or False for a filter column that decides; None = there is none.
        filter_text: The caller's words on how sure it is.
        text: Other words of the caller on the event.
    """
    has_place = first.pos is not None or second.pos is not None
    status = FilterStatus.UNFILTERED if failed is None else FilterStatus.FAILED if failed else FilterStatus.PASS
    return RearrangementCall(
        source=row.source,
        caller=caller,
        molecule=Molecule.RNA,
        filter=status,
        filter_text=filter_text or None,
        no_support=has_no_support(split_reads, spanning_pairs, *other_support),
        text=text or None,
        first=first,
        second=second,
        order=order,
        junction=JunctionKind.RNA_JUNCTION if has_place else JunctionKind.NAMES_ONLY,
        declared=declared,
        declared_frame=frame_of(frame),
        imprecise=first.pos != first.pos_end or second.pos != second.pos_end,
        split_reads=split_reads,
        spanning_pairs=spanning_pairs,
    )


def frame_of(word: str) -> Frame | None:
    """Return the frame that a caller's word means (`in-frame`, `INFRAME`, `TRUE`); None for any other word."""
    return _FRAME_WORDS.get("".join(sign for sign in word.lower() if sign.isalpha()))


# ---------------------------------------------------------------------------------------------------------------- read


class Reading:
    """State of one file while it is read; `others` are rows of other samples, which still tell the assembly."""

    def __init__(self, opened: OpenedInput, options: ReadOptions, layout: FusionFormat) -> None:
        self.input = opened.id
        self.path = opened.path
        self.layout = layout
        self.clues = AssemblyClues(opened.path, options.assembly)
        self.rejected: list[Rejected] = []
        self.findings: dict[str, Finding] = {}
        self.others: list[FusionRow] = []

    def reject(self, line: int | None, error: RowError, *, touches_fgfr: bool) -> None:
        """Keep a row that cannot be used as a rejected record."""
        self.rejected.append(
            Rejected(input=self.input, line=line, code=error.code, message=str(error), touches_fgfr=touches_fgfr)
        )

    def tell(self, code: str, message: str) -> None:
        """Add a finding on the file, once."""
        self.findings.setdefault(code, Finding(code=code, message=message))


def read_fusions(opened: OpenedInput, options: ReadOptions, evidence: str, layout: FusionFormat) -> InputContent:
    """Read a whole table.

    Raises:
        MalformedFileError: A column is missing or stands twice, two files were joined, or a NUL byte stands in the text.
        TruncatedFileError: The last line is cut, and that was not allowed.
        SampleColumnError: The table holds several samples and none is chosen.
        AssemblyError: The assembly is contradictory, not supported, or needed and not known.
    """
    reading = Reading(opened, options, layout)
    columns, lines = _lines(opened, reading)
    rows = _rows(columns, lines, opened, options, reading)
    # A row that cannot be split may be of any sample, so it stays among the refused.
    rows = _of_sample(rows, options, reading)
    if layout.check is not None:
        layout.check(opened.path, rows)
    return finish(opened, rows, reading, evidence)


def _lines(opened: OpenedInput, reading: Reading) -> tuple[Columns, list[tuple[int, str]]]:
    layout = reading.layout
    columns: Columns | None = None
    if layout.header is not None:
        columns = Columns(layout.header, separator=layout.separator, path=reading.path)
    header_line = ""
    lines = []
    for number, raw in enumerate(opened.lines(), 1):
        line = _text(raw, number, reading)
        if not line.strip() or line.startswith("##"):
            if line.startswith("##"):
                reading.clues.add_name(line.partition("=")[2], number)
        elif columns is None:
            columns, header_line = _header(line, number, reading), line
        elif line == header_line:
            reason, remedy = "a second header stands between the rows", "two files were joined: give them one by one"
            raise MalformedFileError(reason, remedy=remedy, path=reading.path, line=number, code="SECOND_HEADER")
        elif not layout.row_start or line.startswith(layout.row_start):
            lines.append((number, line))
    if columns is None:
        reason, remedy = "the file has no header line", "fetch it again with its header"
        raise MalformedFileError(reason, remedy=remedy, path=reading.path, code="NO_HEADER")
    return columns, lines


def _text(raw: bytes, number: int, reading: Reading) -> str:
    if b"\0" in raw:
        reason, remedy = "a NUL byte stands in the text", "the file is damaged: fetch it again"
        raise MalformedFileError(reason, remedy=remedy, path=reading.path, line=number, code="NUL_BYTE")
    line, note = decode_text(raw)
    if note is not None:
        reading.tell(note, f"line {number} is not UTF-8 and was decoded otherwise")
    return line


def _header(line: str, number: int, reading: Reading) -> Columns:
    layout = reading.layout
    columns = Columns(line, separator=layout.separator, path=reading.path, line=number, repeatable=layout.repeatable)
    for spellings in layout.required:
        columns.require(*spellings)
    return columns


def _cells(line: str, separator: str, width: int) -> list[str]:
    """Split a line into `width` cells.

    Raises:
        RowError: It has another number of cells, or its quotes do not close (RAGGED_ROW).
    """
    cells = [_unquoted(cell) for cell in line.split(TAB)] if separator == TAB else _quoted_cells(line, separator)
    if len(cells) != width:
        raise RowError("RAGGED_ROW", f"the row has {len(cells)} cells where the header has {width}")
    return cells


def _quoted_cells(line: str, separator: str) -> list[str]:
    import csv

    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error as error:
        raise RowError("RAGGED_ROW", f"the quotes of the row do not close: {error}") from error


def _unquoted(cell: str) -> str:
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if is_quoted else cell


def _rows(
    columns: Columns,
    lines: list[tuple[int, str]],
    opened: OpenedInput,
    options: ReadOptions,
    reading: Reading,
) -> list[FusionRow]:
    rows = []
    last = lines[-1][0] if lines else 0
    for number, line in lines:
        is_last = number == last and not opened.ends_with_newline
        try:
            cells = _cells(line, reading.layout.separator, len(columns))
        except RowError as error:
            if is_last:
                refuse_cut(opened, number, str(error), allow_truncated=options.allow_truncated)
            reading.reject(number, error, touches_fgfr=is_last or genes.may_touch_fgfr(line))
            continue
        rows.append(FusionRow(columns, cells, Source(input=reading.input, line=number)))
    return rows


def _of_sample(rows: list[FusionRow], options: ReadOptions, reading: Reading) -> list[FusionRow]:
    names = [row.text(*reading.layout.sample) for row in rows] if reading.layout.sample else []
    if not any(names):
        return rows
    chosen = choose_sample([name for name in names if name], options.sample_id, path=reading.path)
    own = [row for row, name in zip(rows, names, strict=True) if name in (chosen, "")]
    reading.others = [row for row, name in zip(rows, names, strict=True) if name not in (chosen, "")]
    if reading.others:
        message = f"{len(reading.others)} rows of other samples than {chosen} were left out"
        reading.tell("OTHER_SAMPLES_LEFT_OUT", message)
    return own


def _calls(rows: list[FusionRow], reading: Reading) -> list[RearrangementCall]:
    calls: list[RearrangementCall] = []
    for row in rows:
        try:
            made = reading.layout.call(row)
            calls += made if isinstance(made, tuple) else (made,)
        except RowError as error:
            touches = genes.may_touch_fgfr(" ".join(row.cells))
            reading.reject(row.source.line, error, touches_fgfr=touches)
    return calls


def finish(opened: OpenedInput, rows: list[FusionRow], reading: Reading, evidence: str) -> InputContent:
    """Turn rows into calls, settle the assembly, keep what touches FGFR1-3, and close the account.

    Args:
        opened: The input, read to its end.
        rows: Rows that could be split.
        reading: State of the file, with what was refused so far.
        evidence: Why the file is of this format.
    """
    records = len(rows) + len(reading.rejected)
    calls = _calls(rows, reading)
    near = [call for call in calls if _is_near(call, tuple(Assembly))]
    assembly = _settled(near, calls, reading)
    kept = _kept(near, assembly, reading)
    in_events = len({_record(call) for call in kept})
    accounting = Accounting(
        records=records,
        outside_fgfr=records - in_events - len(reading.rejected),
        in_events=in_events,
        rejected=len(reading.rejected),
    )
    callers = sorted({call.caller for call in kept if call.caller})
    report = input_report(
        opened,
        format_name=reading.layout.name,
        format_evidence=evidence,
        assembly=reading.clues.settle(),
        accounting=accounting,
        caller=reading.layout.caller or (callers[0] if len(callers) == 1 else None),
        findings=tuple(reading.findings.values()),
    )
    rejected = tuple(sorted(reading.rejected, key=lambda one: one.line or 0))
    return InputContent(report=report, calls=tuple(kept), rejected=rejected, accounting=accounting)


def _record(call: RearrangementCall) -> tuple[int | None, str | None]:
    return call.source.line, call.source.place


def _kept(near: list[RearrangementCall], assembly: Assembly | None, reading: Reading) -> list[RearrangementCall]:
    """Return the calls that can be used; a record is refused only when none of its calls can be."""
    kept: list[RearrangementCall] = []
    refused: dict[tuple[int | None, str | None], tuple[int | None, RowError]] = {}
    for call in near:
        placed = structs.replace(call, assembly=assembly, caller=call.caller or reading.layout.caller)
        try:
            kept += _usable(placed)
        except RowError as error:
            refused.setdefault(_record(call), (call.source.line, error))
    used = {_record(call) for call in kept}
    for record, (line, fault) in refused.items():
        if record not in used:
            reading.reject(line, fault, touches_fgfr=True)
    return kept


def _sides(call: RearrangementCall) -> tuple[Breakend, ...]:
    return (call.first,) if call.second is None else (call.first, call.second)


def _named(side: Breakend) -> FgfrGene | None:
    return next((gene for word in side.genes if (gene := genes.fgfr_gene(word)) is not None), None)


def _window(side: Breakend, assembly: Assembly) -> FgfrGene | None:
    if side.contig is None or side.pos is None:
        return None
    return coords.fgfr_gene_at(assembly, side.contig, side.pos, side.pos_end or side.pos)


def _is_near(call: RearrangementCall, assemblies: tuple[Assembly, ...]) -> bool:
    sides = _sides(call)
    return any(
        _named(side) is not None
        or any(_window(side, assembly) is not None for assembly in assemblies)
        # A damaged name may be that of an FGFR; its position tells, and without one the row is refused.
        or any(genes.resolve(word).problem is not None and genes.mentions_fgfr(word) for word in side.genes)
        or (side.pos is None and any(_is_unsure(word) for word in side.genes))
        for side in sides
    )


def _is_unsure(word: str) -> bool:
    return genes.resolve(word).problem is not None or _doubt_of(word) is not None


def _doubt_of(word: str) -> tuple[str, str] | None:
    return genes.resolve(word).doubt or genes.band_doubt(word)


def _settled(near: list[RearrangementCall], calls: list[RearrangementCall], reading: Reading) -> Assembly | None:
    """Return the assembly; None when no call that is kept has a position."""
    placed = [side for call in near for side in _sides(call) if side.pos is not None]
    if not placed:
        reading.clues.settle()
        return None
    for call in (*near, *calls[:_ROWS_FOR_ASSEMBLY], *_other_calls(reading)):
        for side in _sides(call):
            _add_clues(side, call.source.line, reading)
    return reading.clues.require(reading.clues.settle(), near[0].source.line)


def _other_calls(reading: Reading) -> list[RearrangementCall]:
    calls: list[RearrangementCall] = []
    for row in reading.others[:_ROWS_FOR_ASSEMBLY]:
        # Rows of other samples are no records of this one, so one that cannot be read is passed over.
        with contextlib.suppress(RowError):
            made = reading.layout.call(row)
            calls += made if isinstance(made, tuple) else (made,)
    return calls


def _add_clues(side: Breakend, line: int | None, reading: Reading) -> None:
    if side.contig is None or side.pos is None:
        return
    end_pos = side.pos_end or side.pos
    reading.clues.add_position(side.contig, end_pos, line)
    gene = _named(side)
    if gene is not None:
        reading.clues.add_gene_position(gene, side.contig, side.pos, end_pos, line)
    for word in _words_there(side):
        reading.clues.add_splice_site(word, side.contig, side.pos, end_pos, line)
    symbols = [symbol for word in side.genes for symbol in genes.resolve(word).symbols]
    reading.clues.add_named_place(symbols, side.contig, side.pos, end_pos)


def _words_there(side: Breakend) -> tuple[str, ...]:
    """Return the gene of a side; where its word is not known (an Ensembl number), the FGFR genes it may mean."""
    if any(genes.resolve(word).symbols for word in side.genes):
        return side.genes if len(side.genes) == 1 else ()
    found = (_window(side, assembly) for assembly in Assembly)
    return tuple(dict.fromkeys(gene.value for gene in found if gene is not None))


def _usable(call: RearrangementCall) -> tuple[RearrangementCall, ...]:
    """Return the call with names that can be read; () when it lies outside FGFR1-3 on the assembly of the file.

    Raises:
        RowError: A side lies where the contig or the gene that it names is not, or may be FGFR1-3 and cannot be told.
    """
    codes: list[str] = []
    sides = []
    for side in _sides(call):
        _check_place(side, call.assembly)
        words, problems = _readable_words(side)
        codes += problems
        sides.append(structs.replace(side, genes=words))
    if not any(_named(side) or (call.assembly is not None and _window(side, call.assembly)) for side in sides):
        _refuse_doubt(sides)
        return ()
    is_placed = any(side.pos is not None and _named(side) is not None for side in sides) or any(
        call.assembly is not None and _window(side, call.assembly) for side in sides
    )
    changed = structs.replace(
        call,
        first=sides[0],
        second=sides[1] if len(sides) > 1 else None,
        # Without a place in FGFR the row is a pair of names, and a program's names alone are no fusion.
        declared=call.declared if is_placed else None,
        finding_codes=(*call.finding_codes, *dict.fromkeys(codes)),
    )
    return (changed,)


def _refuse_doubt(sides: Sequence[Breakend]) -> None:
    """Refuse a row of which only an unclear word without a position (`FGFR2.1`) may say that it is about FGFR1-3."""
    words = (word for side in sides if side.pos is None for word in side.genes)
    doubt = next((found for word in words if (found := _doubt_of(word)) is not None), None)
    if doubt is not None:
        raise RowError(*doubt)


def _check_place(side: Breakend, assembly: Assembly | None) -> None:
    if assembly is None or side.contig is None or side.pos is None:
        return
    length = coords.contig_length(assembly, side.contig)
    if length is not None and side.pos > length:
        reason = f"{side.contig}:{side.pos} lies past the end of that contig in {assembly} ({length} bases)"
        raise RowError("POSITION_PAST_CONTIG_END", reason)
    gene = _named(side)
    if gene is not None and _window(side, assembly) is not gene:
        reason = f"{gene} is named at {side.contig}:{side.pos}, where {assembly} has another place"
        raise RowError("POSITION_OUTSIDE_GENE", reason)


def _readable_words(side: Breakend) -> tuple[tuple[str, ...], list[str]]:
    """Return the gene words without damaged ones, whose place the coordinates must tell.

    Raises:
        RowError: A word is damaged and there is no position.
    """
    words, codes = [], []
    for word in side.genes:
        name = genes.resolve(word)
        if name.problem is None:
            words.append(word)
        elif side.pos is None:
            raise RowError(name.problem, name.problem_text or name.problem)
        else:
            codes.append(name.problem)
    return tuple(words), codes
