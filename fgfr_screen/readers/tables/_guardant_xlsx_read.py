"""Reading of Guardant workbooks: called rows of every sheet -> calls on plasma."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from msgspec import structs

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Assay, Call, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    Said,
    Setting,
    Side,
    copy_number,
    evidence_from_calls,
    fraction_of_percent,
    gene_word,
    one_or_none,
    rearrangement,
    receptor_of,
    short_variant,
    stated_assembly,
)
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers._workbook import read_workbook
from fgfr_screen.terms import (
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    GeneOrder,
    Molecule,
    Origin,
    SpecimenKind,
)

FORMAT = "guardant-xlsx"
_LAB = "Guardant360"
_CONVENTION = "hg19"
_Make = Callable[[Node, Setting, Source], Iterable[Call]]


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one workbook.

    Raises:
        InputError: The extra `xlsx` is not installed.
        MalformedFileError: A sheet lacks a column.
    """
    sheets = read_workbook(opened)
    entries = Entries(opened.id)
    said_by = "the convention of this deliverable"
    stated = stated_assembly(None if options.assembly else _CONVENTION, options.assembly, opened.path, said_by)
    setting = Setting(lab=_LAB, assembly=stated.name, assay="as1", specimen="sp1", molecule=Molecule.DNA)
    for name, rows in sheets.items():
        make = _MAKERS.get(name.strip().lower())
        if make is not None:
            _sheet(name, rows, make, entries, setting, opened.path)
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            caller=_LAB,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(
            Assay(
                id="as1",
                source="report",
                name=_LAB,
                molecule=Molecule.DNA,
                specimen="sp1",
                has_matched_normal=False,
            ),
        ),
        specimens=(Specimen(id="sp1", kind=SpecimenKind.PLASMA),),
    )


def _sheet(
    name: str, rows: Sequence[Sequence[str]], make: _Make, entries: Entries, setting: Setting, path: str
) -> None:
    header_at = next((at for at, row in enumerate(rows) if any(row)), None)
    if header_at is None:
        return
    header = [cell.strip().lower() for cell in rows[header_at]]
    for column in ("call", "gene_a" if "fusion" in name.lower() else "gene"):
        if column not in header:
            reason = f"the sheet {name} has no column {column!r}"
            raise MalformedFileError(reason, remedy="give the workbook as delivered", path=path, code="MISSING_COLUMN")
    for number, cells in enumerate(rows[header_at + 1 :], start=header_at + 2):
        if not any(cells):
            continue
        row = Node(dict(zip(header, cells, strict=False)), f"$.{name}[{number}]")
        # Of an uncalled candidate nothing is read, so that nothing in it can be a fault.
        entries.read(row.place, cells, partial(_called, row, make, setting), line=number)


def _called(row: Node, make: _Make, setting: Setting, source: Source) -> Iterable[Call]:
    return make(row, setting, source) if row.number("call") == 1 else ()


def _given(row: Node, contig: str, pos: str) -> tuple[str | None, int | None]:
    """Return a place; 0 = not given."""
    number = row.integer(pos)
    return (row.text(contig), number) if number else (None, None)


def _short(row: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_of(row.text("gene"))
    if gene is None:
        return ()
    contig, pos = _given(row, "chrom", "position")
    ref, _, alt = (row.text("mut_nt") or "").partition(">")
    call = short_variant(
        setting,
        source,
        gene,
        Said(vaf=fraction_of_percent(row.number("percentage")), origin=Origin.UNKNOWN, text=row.text("mut_aa")),
        contig=contig,
        pos=pos,
        ref=ref.strip(),
        alt=alt.strip(),
        hgvs_c=row.text("cdna"),
        hgvs_p=row.text("mut_aa"),
        transcript=row.text("transcript_id"),
    )
    return (call,)


def _copies(row: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_of(row.text("gene"))
    if gene is None:
        return ()
    call = copy_number(
        setting,
        source,
        gene,
        Said(),
        value=row.number("copy_number"),
        unit=CopyNumberUnit.PLASMA_COPIES,
        declared=DeclaredCopyNumber.AMPLIFICATION,
    )
    return (call,)


def _fusion(row: Node, setting: Setting, source: Source) -> Iterable[Call]:
    sides = []
    for end in ("a", "b"):
        contig, pos = _given(row, f"chrom_{end}", f"pos_{end}")
        sides.append(Side(gene=gene_word(row.text(f"gene_{end}")), contig=contig, pos=pos))
    last = gene_word(row.text("downstream_gene"))
    order = GeneOrder.UNKNOWN
    words = [None if side.gene is None else side.gene.word for side in sides]
    if last is not None and last.word in words and words[0] != words[1]:
        order = GeneOrder.ASSERTED
        sides = sides if words[1] == last.word else sides[::-1]
    if sides[0].gene is None and sides[0].pos is None:
        sides = sides[::-1]
    has_partner = sides[1].gene is not None or sides[1].pos is not None
    call = rearrangement(
        setting,
        source,
        sides[0],
        sides[1] if has_partner else None,
        structs.replace(Said(), vaf=fraction_of_percent(row.number("percentage"))),
        order=order if has_partner else GeneOrder.UNKNOWN,
        declared=DeclaredStructure.FUSION if has_partner else DeclaredStructure.REARRANGEMENT,
    )
    return one_or_none(call)


_MAKERS: dict[str, _Make] = {"snv": _short, "indels": _short, "cnas": _copies, "fusion": _fusion, "fusions": _fusion}
