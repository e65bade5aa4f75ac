"""Reading of discrete copy-number tables: header -> gene and sample columns -> levels of FGFR1-3 in one sample."""

from collections.abc import Sequence

from fgfr_screen.model import (
    Accounting,
    AssemblyEvidence,
    CopyNumberCall,
    InputContent,
    Measure,
    Record,
    Rejected,
    Source,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._table import (
    TAB,
    Columns,
    RowError,
    check_end,
    choose_sample,
    header_columns,
    names_fgfr,
    read_table,
    receptor,
)
from fgfr_screen.readers.copy_number import _discrete_levels as discrete
from fgfr_screen.readers.copy_number._uncovered import genes_left_out, not_covered
from fgfr_screen.terms import CopyNumberUnit, FgfrGene, Molecule

FORMAT = "cbioportal-cna"


class _Row(Record, frozen=True, kw_only=True):
    """A row of an FGFR gene; `levels` by sample as written."""

    line: int
    gene: FgfrGene
    levels: dict[str, str]


class _Layout(Record, frozen=True, kw_only=True):
    """Where gene and samples stand; `samples` maps an index to its name, `long` holds the columns of the long form."""

    width: int
    symbol: int | None
    entrez: int | None
    samples: dict[int, str]
    long: tuple[int, int] | None


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read a whole table.

    Raises:
        MalformedFileError: The header lacks a column or has one twice.
        SampleColumnError: FGFR1-3 have values in several samples and the user named none of them.
    """
    table = read_table(opened)
    columns, header = header_columns(table, opened.path)
    check_end(opened, table, len(columns), allow_truncated=options.allow_truncated)
    layout = _layout(columns, header)
    rows: list[_Row] = []
    rejected: list[Rejected] = []
    for number, line in table.rows:
        try:
            row = _row(layout, number, line)
        except RowError as error:
            touches = names_fgfr(line.split(TAB), layout.symbol, layout.entrez)
            rejected.append(_rejected(opened.id, number, error, touches_fgfr=touches))
        else:
            rows += [] if row is None else [row]
    calls: list[CopyNumberCall] = []
    names = list(layout.samples.values()) or [name for row in rows for name in row.levels]
    if rows:
        chosen = choose_sample(names, options.sample_id, path=opened.path)
        for row in rows:
            if chosen in row.levels:
                try:
                    calls.append(_call(row, row.levels[chosen], opened.id))
                except RowError as error:
                    rejected.append(_rejected(opened.id, row.line, error, touches_fgfr=True))
    accounting = Accounting(
        records=len(table.rows),
        outside_fgfr=len(table.rows) - len(calls) - len(rejected),
        in_events=len(calls),
        rejected=len(rejected),
    )
    report = input_report(
        opened,
        format_name=FORMAT,
        format_evidence=evidence,
        assembly=AssemblyEvidence(name=None, source="not needed"),
        accounting=accounting,
    )
    # The long form may hold altered genes only; the matrix holds every gene that was looked at.
    untested = not_covered(opened.id, None, genes_left_out(calls)) if layout.long is None else ()
    return InputContent(
        report=report,
        calls=(*calls, *untested),
        rejected=tuple(sorted(rejected, key=lambda one: one.line or 0)),
        accounting=accounting,
    )


def _layout(columns: Columns, header: str) -> _Layout:
    long = None
    samples: dict[int, str] = {}
    if discrete.is_long(columns.names):
        long = columns.require("sample_id"), columns.require("value")
    else:
        written = header.rstrip("\r").split(TAB)
        samples = {
            at: written[at].strip().strip('"')
            for at, name in enumerate(columns.names)
            if name not in discrete.ANNOTATION_COLUMNS and name
        }
    symbol = columns.find(*discrete.SYMBOL_COLUMNS)
    entrez = columns.find(*discrete.ENTREZ_COLUMNS)
    return _Layout(width=len(columns), symbol=symbol, entrez=entrez, samples=samples, long=long)


def _cell(cells: Sequence[str], at: int | None) -> str | None:
    text = cells[at].strip().strip('"') if at is not None else ""
    return text or None


def _row(layout: _Layout, number: int, line: str) -> _Row | None:
    cells = line.split(TAB)
    if len(cells) != layout.width:
        raise RowError("RAGGED_ROW", f"the row has {len(cells)} cells where the table has {layout.width}")
    gene = receptor(_cell(cells, layout.symbol), _cell(cells, layout.entrez))
    if gene is None:
        return None
    if layout.long is not None:
        sample, value = layout.long
        levels = {cells[sample].strip(): cells[value]}
    else:
        levels = {name: cells[at] for at, name in layout.samples.items()}
    return _Row(line=number, gene=gene, levels=levels)


def _rejected(input_id: str, line: int, error: RowError, *, touches_fgfr: bool) -> Rejected:
    return Rejected(input=input_id, line=line, code=error.code, message=str(error), touches_fgfr=touches_fgfr)


def _call(row: _Row, written: str, input_id: str) -> CopyNumberCall:
    level = written.strip().removesuffix(".0")
    if level.upper() in discrete.MISSING:
        raise RowError("COPY_NUMBER_NOT_MEASURED", f"{row.gene} has no value in this sample")
    if level not in discrete.LEVELS:
        raise RowError("COPY_NUMBER_MALFORMED", f"{written[:20]!r} is none of the levels -2 to 2")
    return CopyNumberCall(
        source=Source(input=input_id, line=row.line),
        molecule=Molecule.DNA,
        gene=row.gene.value,
        measures=(Measure(value=float(level), unit=CopyNumberUnit.GISTIC),),
    )
