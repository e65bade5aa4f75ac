"""Tables with one gene in a row -> calls of FGFR1-3. Serves the readers of gene-wise copy numbers.

A row of another gene is counted, never kept. A gene word that cannot be read but looks like an FGFR is refused by name.
"""

from collections.abc import Callable, Mapping

from fgfr_screen.model import Accounting, Call, InputContent, Record, Rejected, Source
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._table import (
    TAB,
    Cells,
    RowError,
    check_end,
    header_columns,
    names_fgfr,
    read_table,
    receptor,
)
from fgfr_screen.readers.copy_number._uncovered import genes_left_out, not_covered
from fgfr_screen.terms import FgfrGene


class GeneFormat(Record, frozen=True, kw_only=True):
    """One table layout.

    Attributes:
        columns: Our name -> spellings in lower case; `gene` or `entrez` must be among them, others are used where present.
        required: Columns that must be there.
        call: Cells, receptor and source -> call; None = the row says nothing of it. Raises `RowError`.
        add_clues: Cells, receptor, line -> clues of the assembly, for tables with the place of the gene.
        lists_genome: True for a table with every gene, in which one that is left out was not measured.
    """

    name: str
    caller: str | None
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    call: Callable[[Cells, FgfrGene, Source], Call | None]
    add_clues: Callable[[AssemblyClues, Cells, FgfrGene, int], None] | None = None
    lists_genome: bool = False


def read_gene_rows(opened: OpenedInput, options: ReadOptions, evidence: str, layout: GeneFormat) -> InputContent:
    """Read a whole table.

    Raises:
        MalformedFileError: The header lacks a column.
        AssemblyError: The file's clues about its assembly contradict each other.
    """
    table = read_table(opened)
    columns, _ = header_columns(table, opened.path)
    check_end(opened, table, len(columns), allow_truncated=options.allow_truncated)
    for name in layout.required:
        columns.require(*layout.columns[name])
    found = {name: columns.find(*spellings) for name, spellings in layout.columns.items()}
    at = {name: index for name, index in found.items() if index is not None}
    clues = AssemblyClues(opened.path, options.assembly)
    calls: list[Call] = []
    rejected: list[Rejected] = []
    for number, line in table.rows:
        try:
            call = _call(layout, at, len(columns), number, line, opened.id, clues)
        except RowError as error:
            touches = names_fgfr(line.split(TAB), at.get("gene"), at.get("entrez"))
            rejected.append(
                Rejected(input=opened.id, line=number, code=error.code, message=str(error), touches_fgfr=touches)
            )
        else:
            calls += [] if call is None else [call]
    accounting = Accounting(
        records=len(table.rows),
        outside_fgfr=len(table.rows) - len(calls) - len(rejected),
        in_events=len(calls),
        rejected=len(rejected),
    )
    report = input_report(
        opened,
        format_name=layout.name,
        format_evidence=evidence,
        assembly=clues.settle(),
        accounting=accounting,
        caller=layout.caller,
    )
    untested = not_covered(opened.id, layout.caller, genes_left_out(calls)) if layout.lists_genome else ()
    return InputContent(report=report, calls=(*calls, *untested), rejected=tuple(rejected), accounting=accounting)


def _call(
    layout: GeneFormat, at: Mapping[str, int], width: int, number: int, line: str, input_id: str, clues: AssemblyClues
) -> Call | None:
    cells = line.split(TAB)
    if len(cells) != width:
        raise RowError("RAGGED_ROW", f"the row has {len(cells)} cells where the table has {width}")
    row = Cells(at, cells)
    gene = receptor(row.text("gene"), row.text("entrez"))
    if gene is None:
        return None
    if layout.add_clues is not None:
        layout.add_clues(clues, row, gene, number)
    return layout.call(row, gene, Source(input=input_id, line=number))
