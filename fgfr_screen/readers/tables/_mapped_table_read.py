"""Reading of result tables: rows by field -> calls."""

import csv
import re
from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import structs

from fgfr_screen import coords, genes
from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Assay, Call, Finding, InputContent, Record, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    GeneWord,
    Said,
    Setting,
    Side,
    Told,
    assembly_of_entry,
    copy_number,
    evidence_from_calls,
    fraction,
    fraction_of_percent,
    gene_word,
    may_mean_fgfr,
    names_another,
    negative,
    not_tested,
    one_or_none,
    place_of,
    rearrangement,
    receptor_beside,
    short_variant,
    stated_assembly,
    tumor_text,
    word_of,
)
from fgfr_screen.readers._report_parts import EntryError, contig_of, interval_of
from fgfr_screen.readers._table import (
    LOG2_LIMIT,
    check_last_row,
    choose_sample,
    has_no_support,
    plain_contig,
    plain_place,
)
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.tables._finding_text import TextFinding, names_receptor, read_text
from fgfr_screen.readers.tables._mapped_table_headers import (
    ESSENTIAL,
    HEADER_LINES,
    IGNORED,
    SEPARATORS,
    ColumnMap,
    field_of,
    load_map,
    nearest_header,
    normal,
    recognised,
)
from fgfr_screen.terms import (
    Assembly,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    FgfrGene,
    Frame,
    GeneOrder,
    Molecule,
    Origin,
)

FORMAT = "mapped-table"
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_TEXT_LIMIT_CHARACTERS = 300
_BLANKS = frozenset(("", "-", "--", ".", "/", "na", "n/a", "nan", "none", "null", "无", "—", "不适用"))
_FUSION_WORDS = (
    "fusion|gene fusion|rearrangement|gene rearrangement|sv|structural variant|translocation|"
    "融合|基因融合|融合突变|融合变异|重排|基因重排|易位|结构变异"
)
_COPY_KIND_WORDS = (
    "cnv|cna|copy number|copy number variation|copy number variant|amplification|gain|loss|"
    "扩增|基因扩增|拷贝数变异|拷贝数|拷贝数扩增|拷贝数增加|拷贝数缺失"
)
_SHORT_WORDS = (
    "snv|snp|indel|mutation|missense|nonsense|frameshift|point mutation|substitution|missense mutation|"
    "突变|点突变|错义突变|无义突变|移码突变|插入缺失|插入|缺失|单核苷酸变异|小片段插入缺失|剪接突变|剪切突变|基因突变"
)
_KINDS = {
    word: kind.value
    for kind, words in (
        (EventKind.REARRANGEMENT, _FUSION_WORDS),
        (EventKind.COPY_NUMBER, _COPY_KIND_WORDS),
        (EventKind.SHORT_VARIANT, _SHORT_WORDS),
    )
    for word in words.split("|")
}
_STRUCTURES = {
    "rearrangement": DeclaredStructure.REARRANGEMENT,
    "gene rearrangement": DeclaredStructure.REARRANGEMENT,
    "重排": DeclaredStructure.REARRANGEMENT,
    "基因重排": DeclaredStructure.REARRANGEMENT,
}
_COPY_WORDS = {
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "扩增": DeclaredCopyNumber.AMPLIFICATION,
    "基因扩增": DeclaredCopyNumber.AMPLIFICATION,
    "拷贝数扩增": DeclaredCopyNumber.AMPLIFICATION,
    "gain": DeclaredCopyNumber.GAIN,
    "拷贝数增加": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
    "拷贝数缺失": DeclaredCopyNumber.LOSS,
}
# What an unclear text says about copies, as far as one word tells.
_COPY_SIGNS = (
    (DeclaredCopyNumber.AMPLIFICATION, r"amplif|(?<![a-z])amps?(?![a-z])|扩增"),
    (DeclaredCopyNumber.GAIN, r"(?<![a-z])gain(?:s|ed)?(?![a-z])|拷贝数增加"),
)
_STATUSES = {
    word: status
    for status, words in (
        ("present", "present|positive|detected|yes|pos|+|阳性|检出|检测到|是|有|阳性(+)"),
        (
            "absent",
            "absent|negative|not detected|no|neg|wild type|wildtype|阴性|未检出|未检测到|未见|否|野生型|阴性( )",
        ),
        ("equivocal", "equivocal|borderline|可疑|临界"),
        ("not_tested", "not tested|failed|qns|not evaluable|未检测|检测失败|无法判定|无法评估"),
    )
    for word in words.split("|")
}
_ORIGINS = {
    "somatic": "s",
    "体细胞": "s",
    "体细胞变异": "s",
    "germline": "g",
    "胚系": "g",
    "胚系变异": "g",
    "遗传": "g",
}
_FRAMES = {
    "in frame": Frame.IN_FRAME,
    "inframe": Frame.IN_FRAME,
    "yes": Frame.IN_FRAME,
    "框内": Frame.IN_FRAME,
    "是": Frame.IN_FRAME,
    "out of frame": Frame.OUT_OF_FRAME,
    "frameshift": Frame.OUT_OF_FRAME,
    "no": Frame.OUT_OF_FRAME,
    "框外": Frame.OUT_OF_FRAME,
    "移码": Frame.OUT_OF_FRAME,
    "否": Frame.OUT_OF_FRAME,
}
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d+)?")


class _Row(Record, frozen=True, kw_only=True):
    """One row: cells by field, blanks left out.

    Attributes:
        percent: True when the header of the VAF names a percentage.
        blank_result: What stands for "nothing" in the column of results (`NA`, ""); None = it says something, or there is
            no such column.
    """

    cells: dict[str, str]
    line: int
    place: str
    percent: bool = False
    blank_result: str | None = None

    def text(self, name: str) -> str | None:
        return self.cells.get(name)

    def number(self, name: str) -> float | None:
        """Return a number; a trailing `%`, `x` or 倍 is left out."""
        text = self.cells.get(name)
        if text is None:
            return None
        plain = text.rstrip("%％xX倍 ").strip()
        if _NUMBER.fullmatch(plain) is None:
            raise EntryError("REPORT_VALUE", f"the column {name} should be a number")
        return float(plain)


class _Sheet(Record, frozen=True, kw_only=True):
    """A table as rows of cells with their numbers; `name` None = a text file, `is_open` = its last line has no end."""

    name: str | None
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    is_open: bool = False


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one table.

    Raises:
        MalformedFileError: No header is found, a header is not known (UNKNOWN_COLUMN), or the user's column is not there.
        TruncatedFileError: The last line of a text is cut, and that was not allowed.
        UserFileError: The column map is wrong.
        InputError: The file is a workbook and the extra `xlsx` is not installed.
    """
    chosen = ColumnMap() if options.column_map is None else load_map(options.column_map)
    is_mapped = options.column_map is not None
    sheets, findings = _sheets(opened, chosen)
    rows = [row for sheet in sheets for row in _rows(sheet, chosen, opened.path, is_mapped, len(sheets) > 1)]
    _refuse_cut_row(sheets, chosen, opened, options)
    if not rows and not any(_header(sheet, chosen, is_mapped) for sheet in sheets):
        raise _no_header(sheets, chosen, opened.path)
    rows = _of_sample(rows, options, opened.path)
    named = {row.text("assembly") for row in rows} - {None}
    word = chosen.assembly or (named.pop() if len(named) == 1 else None)
    stated = stated_assembly(word, options.assembly, opened.path, "the table or its column map")
    setting = Setting(
        lab=chosen.lab,
        assembly=stated.name,
        assay="as1",
        specimen="sp1",
        molecule=None if chosen.molecule is None else Molecule(chosen.molecule),
        is_signed_out=chosen.signed_out,
    )
    entries = Entries(opened.id)
    for row in rows:
        entries.read(row.place, _words(row), partial(_calls, row, chosen, setting), line=row.line)
    accounting = entries.accounting
    tumors = [found for row in rows if (found := tumor_text(row.text("tumor_type"))) is not None]
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            caller=chosen.lab,
            findings=findings,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(Assay(id="as1", source="report", molecule=setting.molecule, specimen="sp1"),),
        specimens=(Specimen(id="sp1"),),
        tumor_type_text=tumors[0] if tumors else None,
    )


# ---------------------------------------------------------------------------------------------------------------- table


def _sheets(opened: OpenedInput, chosen: ColumnMap) -> tuple[list[_Sheet], tuple[Finding, ...]]:
    if opened.container == "xlsx":
        from fgfr_screen.readers._workbook import read_workbook

        found = read_workbook(opened)
        if chosen.sheet is not None and chosen.sheet not in found:
            reason = "the workbook has no sheet of the name that the column map gives"
            remedy = f"its sheets are: {', '.join(found)}"
            raise MalformedFileError(reason, remedy=remedy, path=opened.path, code="MISSING_SHEET")
        return [
            _Sheet(name=name, rows=tuple((at, tuple(cells)) for at, cells in enumerate(rows, start=1)))
            for name, rows in found.items()
            if chosen.sheet in (None, name)
        ], ()
    text, note = decode_text(opened.read_all(), "gb18030")
    findings = () if note is None else (Finding(code=note, message="the table is not UTF-8 and was decoded otherwise"),)
    separator = _SEPARATORS[chosen.separator] if chosen.separator else _separator(text, chosen)
    lines = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        rows = tuple((lines.line_num, tuple(cell.strip() for cell in cells)) for cells in lines)
    except csv.Error as error:
        reason = f"the table cannot be split into cells: {error}"
        raise MalformedFileError(
            reason, remedy="save it again as UTF-8 text", path=opened.path, line=lines.line_num, code="RAGGED_ROW"
        ) from error
    return [_Sheet(name=None, rows=rows, is_open=not text.endswith(("\n", "\r")))], findings


def _separator(text: str, chosen: ColumnMap) -> str:
    """Return the separator that splits a header line into most known columns."""
    wanted = {normal(header) for header in chosen.columns.values()}
    best, most = "\t", 0
    for line in text.splitlines()[:HEADER_LINES]:
        for separator in SEPARATORS:
            cells = [cell.strip().strip('"') for cell in line.split(separator)]
            known = sum(normal(cell) in wanted or field_of(cell) is not None for cell in cells if cell)
            if len(cells) > 1 and known > most:
                best, most = separator, known
    return best


def _header(sheet: _Sheet, chosen: ColumnMap, is_mapped: bool) -> tuple[int, tuple[str, ...]] | None:
    """Return place in `rows` and cells of the header: the row with all mapped columns, else the first that is recognised."""
    wanted = {normal(header) for header in chosen.columns.values()}
    for at, (_, cells) in enumerate(sheet.rows[:HEADER_LINES]):
        if is_mapped and wanted:
            if wanted <= {normal(cell) for cell in cells}:
                return at, cells
        elif recognised(cells) is not None or _is_nearly(cells):
            return at, cells
    return None


def _is_nearly(cells: Sequence[str]) -> bool:
    """Tell whether a row is a header with some unknown columns, which are then named in the error."""
    fields = [field_of(cell) for cell in cells if cell]
    known = [name for name in fields if name is not None]
    return len(known) > 1 and 2 * len(known) >= len(fields) and not ESSENTIAL.isdisjoint(known)


def _no_header(sheets: list[_Sheet], chosen: ColumnMap, path: str) -> MalformedFileError:
    """Say which column is missing, or that no header was found, with the nearest known one."""
    first = next((cells for sheet in sheets for _, cells in sheet.rows if sum(map(bool, cells)) > 1), ())
    if chosen.columns:
        have = {normal(cell) for cell in first}
        missing = next(header for header in chosen.columns.values() if normal(header) not in have)
        near = _nearest_of(missing, first)
        reason = f"the table has no column {missing!r}, which the column map names"
        remedy = f"is it the column {near!r}?" if near else "correct the column map"
        return MalformedFileError(reason, remedy=remedy, path=path, code="MISSING_COLUMN")
    reason = "no row of the table is a header that is known"
    remedy = "describe its columns in a file for --column-map; examples are in data/column_maps"
    return MalformedFileError(reason, remedy=remedy, path=path, code="NO_HEADER")


def _nearest_of(header: str, cells: Sequence[str]) -> str | None:
    from difflib import get_close_matches

    by_normal = {normal(cell): cell for cell in cells if cell}
    close = get_close_matches(normal(header), by_normal, n=1, cutoff=0.5)
    return by_normal[close[0]] if close else None


def _fields(cells: tuple[str, ...], chosen: ColumnMap, path: str, line: int, is_mapped: bool) -> dict[int, str]:
    """Return the field of each column that is read.

    Raises:
        MalformedFileError: A column is not known (UNKNOWN_COLUMN), or two have one field (DUPLICATE_COLUMN).
    """
    mapped = {normal(header): name for name, header in chosen.columns.items()}
    ignored = {normal(header) for header in chosen.ignore}
    found: dict[int, str] = {}
    for at, cell in enumerate(cells):
        if not cell or normal(cell) in ignored:
            continue
        # With a map only its columns are read: the others are the user's decision.
        name = mapped.get(normal(cell)) if is_mapped and mapped else field_of(cell)
        if name is None and not (is_mapped and mapped):
            near = nearest_header(cell)
            reason = f"the column {cell!r} is not known"
            meant = f"did you mean {near!r}? " if near else ""
            remedy = f"{meant}name or ignore it in a file for --column-map"
            raise MalformedFileError(reason, remedy=remedy, path=path, line=line, code="UNKNOWN_COLUMN")
        if name is not None and name != IGNORED:
            if name in found.values():
                reason, remedy = f"two columns mean {name!r}", "name one of them in a file for --column-map"
                raise MalformedFileError(reason, remedy=remedy, path=path, line=line, code="DUPLICATE_COLUMN")
            found[at] = name
    return found


def _rows(sheet: _Sheet, chosen: ColumnMap, path: str, is_mapped: bool, is_one_of_many: bool) -> list[_Row]:
    header = _header(sheet, chosen, is_mapped)
    if header is None:
        return []
    at, cells = header
    fields = _fields(cells, chosen, path, sheet.rows[at][0], is_mapped)
    percent = any("%" in cells[index] or "％" in cells[index] for index, name in fields.items() if name == "vaf")
    prefix = f"$.{sheet.name}" if sheet.name is not None and is_one_of_many else "$.row"
    found = []
    for number, row in sheet.rows[at + 1 :]:
        named = {name: row[index] for index, name in fields.items() if index < len(row)}
        given = {name: cell for name, cell in named.items() if cell.strip().lower() not in _BLANKS}
        blank = named["result"].strip() if "result" in named and "result" not in given else None
        if any(row):
            found.append(
                _Row(cells=given, line=number, place=f"{prefix}[{number}]", percent=percent, blank_result=blank)
            )
    return found


def _refuse_cut_row(sheets: list[_Sheet], chosen: ColumnMap, opened: OpenedInput, options: ReadOptions) -> None:
    """Notice a text that is cut inside its last row; raises as `check_last_row`."""
    for sheet in sheets:
        header = _header(sheet, chosen, options.column_map is not None)
        if header is None or header[0] + 1 == len(sheet.rows):
            continue
        width = max((at for at, cell in enumerate(header[1], start=1) if cell), default=0)
        line, cells = sheet.rows[-1]
        check_last_row(opened, line, len(cells), width, allow_truncated=options.allow_truncated, is_open=sheet.is_open)


def _of_sample(rows: list[_Row], options: ReadOptions, path: str) -> list[_Row]:
    samples = [name for row in rows if (name := row.text("sample")) is not None]
    if not samples:
        return rows
    wanted = choose_sample(samples, options.sample_id, path=path)
    return [row for row in rows if row.text("sample") in (wanted, None)]


# ----------------------------------------------------------------------------------------------------------------- rows


def _calls(row: _Row, chosen: ColumnMap, setting: Setting, source: Source) -> Iterable[Call]:
    local = structs.replace(setting, assembly=assembly_of_entry(row.text("assembly"), setting.assembly))
    if row.text("molecule") in ("DNA", "RNA"):
        local = structs.replace(local, molecule=Molecule(row.cells["molecule"]))
    kind = _kind(row)
    if kind is None:
        return _of_text(row, local, chosen, source)
    sides = _sides(row) if kind is EventKind.REARRANGEMENT else []
    named = [side.gene for side in sides] if sides else [_told_gene(row)]
    receptors = [gene for gene in named if gene is not None and gene.receptor is not None]
    said = _said(row, chosen)
    if not receptors and not any(side.pos for side in sides):
        receptors = _receptors_at(row, kind, local.assembly)
        _refuse_band(row)
        if not receptors or said.status is CallStatus.ABSENT:
            return ()
    if said.status is CallStatus.ABSENT:
        return [negative(local, source, gene.receptor, kind) for gene in receptors if gene.receptor is not None]
    if said.status is CallStatus.NOT_TESTED:
        return [not_tested(local, source, gene.receptor, kind) for gene in receptors if gene.receptor is not None]
    if kind is EventKind.REARRANGEMENT:
        return _structure(row, sides, chosen, local, said, source)
    if kind is EventKind.COPY_NUMBER:
        return _copies(row, receptors[0], local, said, source)
    return _short(row, receptors[0], local, said, source)


def _gene(word: str | None) -> GeneWord | None:
    """Return the gene of a cell.

    Raises:
        EntryError: It may be FGFR1-3 and does not tell which, or is damaged.
    """
    doubt = None if word is None else genes.resolve(word).doubt
    if doubt is not None:
        raise EntryError(*doubt)
    return gene_word(word)


def _told_gene(row: _Row) -> GeneWord | None:
    """Return the gene of a row about one: by its word, by a transcript or protein where that names no known gene.

    Raises:
        EntryError: As `_gene`, or transcripts of two receptors are named.
    """
    word = row.text("gene") or row.text("gene1")
    gene = _gene(word)
    if (gene is not None and gene.receptor is not None) or names_another(word):
        return gene
    names = (row.text("transcript"), row.text("hgvs_c"), row.text("hgvs_p"))
    return receptor_beside(Told(assembly=None, names=names)) or gene


def _refuse_band(row: _Row) -> None:
    """Refuse a row without a place in which a chromosome band stands for the gene.

    Raises:
        EntryError: The band holds one of FGFR1-3.
    """
    words = (word for name in ("gene", "gene1", "gene2") if (word := row.text(name)) is not None)
    doubt = next((found for word in words if (found := genes.band_doubt(word)) is not None), None)
    if doubt is not None and _span(row)[0] is None:
        raise EntryError(*doubt)


def _words(row: _Row) -> tuple[str, ...]:
    """Return what tells whether a refused row may be about FGFR1-3: its cells, and the receptors by number or place."""
    cells = [row.text(name) for name in ("gene", "gene1", "gene2", "fusion", "text", "result", "variant_type")]
    by_name = [gene.value for cell in cells if cell is not None and genes.may_touch_fgfr(cell) for gene in FgfrGene]
    return (*row.cells.values(), *by_name, *(gene.value for gene in _fgfr_at(row, tuple(Assembly))))


def _span(row: _Row) -> tuple[str | None, int | None, int | None]:
    """Return contig, first and last base of a row with a place of its own; all None where it cannot be read."""
    start, end = ((row.text(name) or "").removesuffix(".0") for name in ("position", "end"))
    word = plain_place(f"{row.text('chromosome') or ''}:{start}-{end or start}")
    return interval_of(word) or interval_of(start) or (None, None, None)


def _fgfr_at(row: _Row, assemblies: Sequence[Assembly]) -> tuple[FgfrGene, ...]:
    contig, low, high = _span(row)
    if contig is None or low is None or high is None:
        return ()
    found = (coords.fgfr_gene_at(assembly, contig, low, high) for assembly in assemblies)
    return tuple(dict.fromkeys(gene for gene in found if gene is not None))


def _receptors_at(row: _Row, kind: EventKind, assembly: Assembly | None) -> list[GeneWord]:
    """Return the receptor at the place of a row that names none; a segment of copies may bear any other gene's name.

    Raises:
        EntryError: It may lie there, and the assembly is not known (ASSEMBLY_UNKNOWN).
    """
    named = [word for name in ("gene", "gene1") if (word := row.text(name)) is not None]
    is_other_gene = any(genes.band_doubt(word) is None for word in named)
    if kind is EventKind.REARRANGEMENT or (kind is EventKind.SHORT_VARIANT and is_other_gene):
        return []
    if assembly is None and _fgfr_at(row, tuple(Assembly)):
        raise EntryError("ASSEMBLY_UNKNOWN", "the row may lie at FGFR1-3, and nothing tells its assembly")
    return [GeneWord(word=gene.value, receptor=gene) for gene in _fgfr_at(row, [assembly] if assembly else [])]


def _kind(row: _Row) -> EventKind | None:
    """Return the kind of a row: by its type column, else by the columns that are filled; None = only words."""
    word = word_of(row.text("variant_type"), _KINDS)
    if word is not None:
        kind = EventKind(word)
        has_change = row.text("hgvs_c") or row.text("hgvs_p") or (row.text("ref") and row.text("alt"))
        return None if kind is EventKind.SHORT_VARIANT and not has_change and row.text("result") is None else kind
    if row.text("fusion") or row.text("gene2") or row.text("breakpoint1") or row.text("breakpoints"):
        return EventKind.REARRANGEMENT
    if row.text("hgvs_c") or row.text("hgvs_p") or (row.text("ref") and row.text("alt")):
        return EventKind.SHORT_VARIANT
    if row.text("copies") or row.text("fold_change") or row.text("log2_ratio"):
        return EventKind.COPY_NUMBER
    return None


def _said(row: _Row, chosen: ColumnMap) -> Said:
    result = row.text("result")
    known = word_of(result, _STATUSES) if result not in ("+", "(+)") else "present"
    codes: tuple[str, ...] = ()
    status = CallStatus(known) if known is not None else CallStatus.PRESENT
    if result is not None and known is None:
        status, codes = CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",)
    told = [text[:_TEXT_LIMIT_CHARACTERS] for name in ("text", "result") if (text := row.text(name)) is not None]
    if row.blank_result is not None:
        status, codes = CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",)
        told.append(f'result "{row.blank_result}"')
    origin = {"s": Origin.SOMATIC, "g": Origin.GERMLINE}.get(
        word_of(row.text("origin"), _ORIGINS) or "", Origin.UNKNOWN
    )
    return Said(status=status, origin=origin, vaf=_vaf(row, chosen), text="; ".join(told) or None, codes=codes)


def _vaf(row: _Row, chosen: ColumnMap) -> float | None:
    text = row.text("vaf")
    if text is None or _NUMBER.fullmatch(text.rstrip("%％ ")) is None:
        # A shared column of fraction and copies holds other words too.
        return None
    value = row.number("vaf")
    is_percent = chosen.vaf_unit == "percent" or (
        chosen.vaf_unit is None and (row.percent or text.endswith(("%", "％")) or (value is not None and value > 1))
    )
    return fraction_of_percent(value) if is_percent or text.endswith(("%", "％")) else fraction(value)


def _sides(row: _Row) -> list[Side]:
    """Return the sides of a structural row, in the order written; the second is left out when nothing is given for it."""
    first, second = row.text("gene1") or row.text("gene"), row.text("gene2")
    name = row.text("fusion")
    if name is not None and second is None:
        pair = genes.split_fusion_name(name.removesuffix("融合").removesuffix("基因").rstrip())
        if pair is None and may_mean_fgfr(name) and genes.fgfr_gene(name) is None:
            raise EntryError("FUSION_NAME", "the name of the fusion is not two genes")
        if pair is not None:
            first, second = pair[0].given, pair[1].given
        elif first is None:
            first = name
    places = [row.text("breakpoint1"), row.text("breakpoint2")]
    if places == [None, None] and row.text("breakpoints") is not None:
        parts = [part.strip() for part in re.split(r"[|;；/]|--|,(?=\s*(?:chr)?\w{1,2}:)", row.cells["breakpoints"])]
        if len(parts) > 2:
            raise EntryError("BAD_POSITION", "the breakpoints are not two places")
        places = [*parts, None][:2]
    sides = [
        _side(row, number, _gene(word), place)
        for number, word, place in ((1, first, places[0]), (2, second, places[1]))
    ]
    return [side for side in sides if side.gene is not None or side.pos is not None or side is sides[0]]


def _side(row: _Row, number: int, gene: GeneWord | None, place: str | None) -> Side:
    contig, pos, pos_end = place_of(place)
    exon = row.text(f"exon{number}")
    found = re.fullmatch(r"(?:exon|ex|e|第)?\s*(\d{1,2})\s*(?:号?外显子)?", exon or "", re.IGNORECASE)
    return Side(
        gene=gene, contig=contig, pos=pos, pos_end=pos_end, exon=int(found[1]) if found and pos is None else None
    )


def _structure(
    row: _Row, sides: list[Side], chosen: ColumnMap, setting: Setting, said: Said, source: Source
) -> Iterable[Call]:
    is_pair = len(sides) > 1
    kind = (row.text("variant_type") or "").lower()
    default = DeclaredStructure.FUSION if is_pair else DeclaredStructure.REARRANGEMENT
    reads = row.number("reads")
    said = structs.replace(said, no_support=has_no_support(reads, said.vaf))
    call = rearrangement(
        setting,
        source,
        sides[0],
        sides[1] if is_pair else None,
        said,
        order=GeneOrder.ASSERTED if chosen.order == "five_prime_first" and is_pair else GeneOrder.UNKNOWN,
        declared=_STRUCTURES.get(kind, default),
        frame=_FRAMES.get((row.text("frame") or "").lower().replace("-", " ")),
        split_reads=None if reads is None else int(reads),
    )
    return one_or_none(call)


def _copies(row: _Row, gene: GeneWord, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    scales = (
        ("copies", CopyNumberUnit.COPIES),
        ("fold_change", CopyNumberUnit.FOLD_CHANGE),
        ("log2_ratio", CopyNumberUnit.LOG2_RATIO),
    )
    name, unit = next(((name, unit) for name, unit in scales if row.text(name)), ("copies", CopyNumberUnit.COPIES))
    words = (row.text("variant_type"), row.text("text"))
    own, value = _told_gene(row), row.number(name)
    if unit is CopyNumberUnit.LOG2_RATIO and value is not None and abs(value) > LOG2_LIMIT:
        raise EntryError("COPY_NUMBER_MALFORMED", f"{name}={value:g} is no log2 ratio that can be meant")
    is_named = own is not None and own.receptor is not None
    contig, start, end = (None, None, None) if is_named else _span(row)
    declared = next((_COPY_WORDS[word.lower()] for word in words if word and word.lower() in _COPY_WORDS), None)
    call = copy_number(
        setting,
        source,
        gene,
        structs.replace(said, vaf=None),
        value=value,
        unit=unit,
        declared=declared or DeclaredCopyNumber.UNKNOWN,
        contig=contig,
        start=start,
        end=end,
    )
    # Which receptor an unnamed segment covers, and how much of it, its place tells.
    return (call if is_named else structs.replace(call, gene=None),)


def _short(row: _Row, gene: GeneWord, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    contig, pos = contig_of(plain_contig(row.text("chromosome") or "")), row.number("position")
    if pos is None or contig is None:
        contig, pos = None, None
    depth = row.number("depth")
    call = short_variant(
        setting,
        source,
        gene,
        structs.replace(said, no_support=has_no_support(said.vaf)),
        contig=contig,
        pos=None if pos is None else int(pos),
        ref=row.text("ref"),
        alt=row.text("alt"),
        hgvs_c=row.text("hgvs_c"),
        hgvs_p=row.text("hgvs_p"),
        transcript=row.text("transcript"),
        depth=None if depth is None else int(depth),
    )
    return (call,)


# ---------------------------------------------------------------------------------------------------------------- words


def _of_text(row: _Row, setting: Setting, chosen: ColumnMap, source: Source) -> Iterable[Call]:
    """Read a row that has only words: gene and finding together, or the finding alone."""
    gene = row.text("gene") or row.text("gene1")
    told = row.text("text") or row.text("variant_type")
    if told is None and row.text("result") is not None:
        told = row.text("result")
    named = _gene(gene)
    receptor = None if named is None else named.receptor
    text = told or ""
    if gene is not None and receptor is None and not may_mean_fgfr(text) and not names_receptor(text):
        _refuse_band(row)
        return ()
    if receptor is not None and not names_receptor(text):
        text = f"{receptor} {text}".strip()
    has_words = row.text("text") or row.blank_result is not None
    said = _said(row, chosen) if has_words else Said(text=text[:_TEXT_LIMIT_CHARACTERS])
    return [call for one in read_text(text) for call in _text_calls(one, setting, said, source)]


def _text_calls(one: TextFinding, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    words = [word for word in map(gene_word, one.genes) if word is not None]
    receptors = [word for word in words if word.receptor is not None]
    told = structs.replace(said, text=one.text[:_TEXT_LIMIT_CHARACTERS]) if not said.codes or not said.text else said
    if one.kind is None:
        unclear = structs.replace(told, status=CallStatus.INDETERMINATE, codes=("TEXT_NEEDS_REVIEW",), vaf=None)
        return _unclear_calls(one, receptors[0], setting, unclear, source)
    stated = said.status if said.codes == () else CallStatus.PRESENT
    if stated is CallStatus.ABSENT and not one.is_negative and one.kind is not None:
        return [negative(setting, source, word.receptor, one.kind) for word in receptors if word.receptor is not None]
    if one.is_negative:
        return [negative(setting, source, word.receptor, one.kind) for word in receptors if word.receptor is not None]
    if one.kind is EventKind.COPY_NUMBER:
        call = copy_number(
            setting,
            source,
            receptors[0],
            structs.replace(told, vaf=None),
            value=one.copies,
            declared=DeclaredCopyNumber.AMPLIFICATION,
        )
        return (call,)
    if one.kind is EventKind.SHORT_VARIANT:
        return (short_variant(setting, source, receptors[0], told, hgvs_c=one.hgvs_c, hgvs_p=one.hgvs_p),)
    sides = [Side(gene=word, exon=exon) for word, exon in zip(words, one.exons, strict=False)]
    return one_or_none(
        rearrangement(
            setting,
            source,
            sides[0],
            sides[1] if len(sides) > 1 else None,
            told,
            declared=DeclaredStructure.FUSION if one.is_fusion else DeclaredStructure.REARRANGEMENT,
        )
    )


def _unclear_calls(one: TextFinding, gene: GeneWord, setting: Setting, unclear: Said, source: Source) -> Iterable[Call]:
    """Return a call for review of every kind that an unclear text may be about."""
    calls: list[Call] = []
    if one.hint in (None, EventKind.COPY_NUMBER):
        declared = next((word for word, sign in _COPY_SIGNS if re.search(sign, one.text.lower())), None)
        calls.append(
            copy_number(
                setting, source, gene, unclear, value=one.copies, declared=declared or DeclaredCopyNumber.UNKNOWN
            )
        )
    if one.hint is not EventKind.COPY_NUMBER:
        calls += one_or_none(rearrangement(setting, source, Side(gene=gene), None, unclear))
    if one.hint in (None, EventKind.SHORT_VARIANT) and gene.receptor is not None:
        # Without a change there is no short variant to show, but absence of one is not told either.
        calls.append(not_tested(setting, source, gene.receptor, EventKind.SHORT_VARIANT))
    return calls
