"""Reading of `*.linx.fusion.tsv`: rows -> calls, 5' gene first."""

from fgfr_screen import genes
from fgfr_screen.model import (
    Accounting,
    AssemblyEvidence,
    Breakend,
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
    Cells,
    Columns,
    RowError,
    check_end,
    exact_integer,
    header_columns,
    normalise_contig,
    read_table,
    receptor,
)
from fgfr_screen.terms import (
    Assembly,
    DeclaredStructure,
    FilterStatus,
    Frame,
    GeneOrder,
    Molecule,
    Orientation,
)

FORMAT = "linx-fusion"
_PHASES = {"INFRAME": Frame.IN_FRAME, "OUT_OF_FRAME": Frame.OUT_OF_FRAME, "SKIPPED_EXONS": Frame.IN_FRAME}
_SIDES = {"1": Orientation.LEFT, "-1": Orientation.RIGHT}
_COLUMNS = {
    "name": ("name",),
    "reported": ("reported",),
    "type": ("reportedtype",),
    "reasons": ("reportablereasons",),
    "phased": ("phased",),
    "likelihood": ("likelihood",),
    "skipped_up": ("skippedexonsup",),
    "skipped_down": ("skippedexonsdown",),
    "exon_up": ("fusedexonup",),
    "exon_down": ("fusedexondown",),
    "gene_up": ("genestart",),
    "gene_down": ("geneend",),
    "context_up": ("genecontextstart",),
    "context_down": ("genecontextend",),
    "transcript_up": ("transcriptstart",),
    "transcript_down": ("transcriptend",),
    "junction_copies": ("junctioncopynumber",),
    "coords_up": ("fiveprimecoords",),
    "coords_down": ("threeprimecoords",),
}
_REQUIRED = ("name", "reported", "phased", "likelihood", "exon_up", "exon_down")


class _Fusion(Record, frozen=True, kw_only=True):
    """A row that names an FGFR gene."""

    line: int
    cells: Cells
    five_prime: Breakend
    three_prime: Breakend


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read a whole file.

    Raises:
        MalformedFileError: The header lacks a column.
        AssemblyError: A row of FGFR1-3 has coordinates and their assembly cannot be told, or contradicts itself.
    """
    table = read_table(opened)
    columns, _ = header_columns(table, opened.path)
    check_end(opened, table, len(columns), allow_truncated=options.allow_truncated)
    at = _index(columns)
    clues = AssemblyClues(opened.path, options.assembly)
    fusions: list[_Fusion] = []
    rejected: list[Rejected] = []
    for number, line in table.rows:
        try:
            fusion = _fusion(at, len(columns), number, line)
        except RowError as error:
            touches = genes.may_touch_fgfr(line)
            rejected.append(
                Rejected(input=opened.id, line=number, code=error.code, message=str(error), touches_fgfr=touches)
            )
            continue
        if fusion is not None:
            _add_clues(clues, fusion)
            fusions.append(fusion)
    assembly = clues.settle()
    calls = tuple(_call(one, _assembly(one, clues, assembly), opened.id) for one in fusions)
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
        assembly=assembly,
        accounting=accounting,
        caller="LINX",
    )
    return InputContent(report=report, calls=calls, rejected=tuple(rejected), accounting=accounting)


def _index(columns: Columns) -> dict[str, int]:
    for name in _REQUIRED:
        columns.require(*_COLUMNS[name])
    found = {name: columns.find(*spellings) for name, spellings in _COLUMNS.items()}
    return {name: index for name, index in found.items() if index is not None}


def _fusion(at: dict[str, int], width: int, number: int, line: str) -> _Fusion | None:
    """Return the row as two breakends, None when it names no FGFR gene."""
    cells = line.split(TAB)
    if len(cells) != width:
        raise RowError("RAGGED_ROW", f"the row has {len(cells)} cells where the table has {width}")
    row = Cells(at, cells)
    five, three = _names(row)
    receptors = [receptor(name) for name in (five, three)]
    if receptors == [None, None]:
        return None
    return _Fusion(line=number, cells=row, five_prime=_end(row, "up", five), three_prime=_end(row, "down", three))


def _names(row: Cells) -> tuple[str, str]:
    """Return the two genes: from their own columns, else from the name, where symbols may hold `-` but not `_`."""
    five, three = row.text("gene_up"), row.text("gene_down")
    if five is not None and three is not None:
        return five, three
    parts = (row.text("name") or "").split("_")
    if len(parts) == 2 and all(parts):
        return parts[0], parts[1]
    pair = genes.split_fusion_name(row.text("name") or "")
    if pair is None:
        raise RowError("FUSION_NAME", f"{row.text('name')!a} does not name two genes as GENE5_GENE3")
    return pair[0].given, pair[1].given


def _end(row: Cells, side: str, gene: str) -> Breakend:
    contig, pos, orientation = _place(row.text(f"coords_{side}"))
    return Breakend(
        contig=contig,
        pos=pos,
        pos_end=pos,
        orientation=orientation,
        genes=(gene,),
        transcript=row.text(f"transcript_{side}"),
        exon=_exon(row, side),
    )


def _exon(row: Cells, side: str) -> int | None:
    """Return the exon next to the break: skipped exons lie between it and the exon that the transcript joins."""
    text, skipped = row.text(f"exon_{side}"), row.text(f"skipped_{side}") or "0"
    if text is None:
        return None
    try:
        fused, between = exact_integer(text), exact_integer(skipped)
    except ValueError as error:
        raise RowError("BAD_EXON", str(error)) from error
    exon = fused + between if side == "up" else fused - between
    # LINX writes 0 for a break in front of the gene.
    return exon if exon > 0 else None


def _place(text: str | None) -> tuple[str | None, Pos1 | None, Orientation | None]:
    if text is None:
        return None, None, None
    parts = text.split(":")
    contig = normalise_contig(parts[0])
    if len(parts) != 3 or parts[2] not in _SIDES:
        raise RowError("BAD_POSITION", f"{text[:60]!a} is not chromosome:position:orientation")
    try:
        pos = exact_integer(parts[1])
    except ValueError as error:
        raise RowError("BAD_POSITION", str(error)) from error
    if pos < 1:
        raise RowError("BAD_POSITION", f"position {pos} is negative")
    return contig or parts[0], Pos1(pos), _SIDES[parts[2]]


def _add_clues(clues: AssemblyClues, fusion: _Fusion) -> None:
    for end in (fusion.five_prime, fusion.three_prime):
        if end.contig is None or end.pos is None:
            continue
        clues.add_position(end.contig, end.pos, fusion.line)
        gene = genes.fgfr_gene(end.genes[0])
        if gene is not None:
            clues.add_gene_position(gene, end.contig, end.pos, end.pos, fusion.line)


def _assembly(fusion: _Fusion, clues: AssemblyClues, settled: AssemblyEvidence) -> Assembly | None:
    """Return the assembly of a row with coordinates; None for one that has none."""
    has_place = fusion.five_prime.pos is not None or fusion.three_prime.pos is not None
    return clues.require(settled, fusion.line) if has_place else None


def _call(fusion: _Fusion, assembly: Assembly | None, input_id: str) -> RearrangementCall:
    row = fusion.cells
    is_reported = (row.text("reported") or "").lower() == "true"
    reasons = row.text("reasons") or "no reason given"
    phased = (row.text("phased") or "").upper()
    return RearrangementCall(
        source=Source(input=input_id, line=fusion.line, raw_id=row.text("name")),
        caller="LINX",
        assembly=assembly,
        molecule=Molecule.DNA,
        filter=FilterStatus.PASS if is_reported else FilterStatus.FAILED,
        filter_text="reported" if is_reported else f"not reported by LINX: {reasons}",
        text=_text(row),
        finding_codes=("FRAME_BY_EXON_SKIPPING",) if phased == "SKIPPED_EXONS" else (),
        first=fusion.five_prime,
        second=fusion.three_prime,
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
        declared_frame=_PHASES.get(phased, Frame.UNKNOWN),
    )


def _text(row: Cells) -> str:
    """Return what LINX says of the fusion, in its own words."""
    parts = [
        row.text("type"),
        row.text("phased"),
        f"likelihood {row.text('likelihood') or 'not given'}",
        _side_text(row, "up"),
        _side_text(row, "down"),
    ]
    copies = row.text("junction_copies")
    return ", ".join(part for part in (*parts, f"junction copies {copies}" if copies else None) if part)


def _side_text(row: Cells, side: str) -> str | None:
    context, transcript = row.text(f"context_{side}"), row.text(f"transcript_{side}")
    return f"{context} of {transcript}" if context and transcript else None
