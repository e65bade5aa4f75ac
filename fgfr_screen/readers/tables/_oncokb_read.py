"""Reading of OncoKB sample tables: rows of one sample -> calls by name. No laboratory has signed them."""

from collections.abc import Sequence

from fgfr_screen import genes
from fgfr_screen.model import (
    AssemblyEvidence,
    Breakend,
    Call,
    CopyNumberCall,
    InputContent,
    Measure,
    RearrangementCall,
    Source,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import NOTHING_DECIDES
from fgfr_screen.readers._report_parts import Account, EntryError, fgfr_named, gene_side, number_of, touches_fgfr
from fgfr_screen.readers._sections import Row, chosen_sample, rows_of, text_lines
from fgfr_screen.terms import CopyNumberUnit, DeclaredCopyNumber, DeclaredStructure, JunctionKind

FORMAT = "oncokb"
_SAMPLE = "tumor_sample_barcode"
_STRUCTURES = {
    "fusion": DeclaredStructure.FUSION,
    "deletion": DeclaredStructure.INTRAGENIC_DELETION,
    "duplication": DeclaredStructure.INTRAGENIC_DUPLICATION,
    "inversion": DeclaredStructure.INVERSION,
    "translocation": DeclaredStructure.REARRANGEMENT,
    "insertion": DeclaredStructure.OTHER,
}
_COPY_WORDS = {
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "gain": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
    "deletion": DeclaredCopyNumber.HOMOZYGOUS_DELETION,
}


def read(
    opened: OpenedInput, options: ReadOptions, evidence: str, columns: Sequence[str], *, is_copies: bool
) -> InputContent:
    """Read the rows of one sample.

    Args:
        opened: The file.
        options: What the user said.
        evidence: The sentence that proves the format.
        columns: Columns that must be there.
        is_copies: True for the table of copy numbers, False for that of structural variants.

    Raises:
        MalformedFileError: The header lacks a column.
        SampleColumnError: The table holds several samples and none is named.
    """
    required = tuple((name,) for name in columns)
    account = Account(opened.id)
    rows = list(rows_of(text_lines(opened), opened, options, account, required=required))
    sample = chosen_sample(rows, _SAMPLE, options.sample_id, opened.path)
    take = _copy_number if is_copies else _structural
    for row in rows:
        if row.cells[_SAMPLE] != sample:
            account.outside += 1
            continue
        try:
            account.add(take(row, Source(input=opened.id, line=row.line)))
        except EntryError as error:
            account.reject(row.line, error, touches_fgfr=genes.may_touch_fgfr(" ".join(row.cells.values())))
    counts = account.counts()
    nothing = AssemblyEvidence(name=None, source=NOTHING_DECIDES)
    return InputContent(
        report=input_report(opened, format_name=FORMAT, format_evidence=evidence, assembly=nothing, accounting=counts),
        calls=tuple(account.calls),
        rejected=tuple(sorted(account.rejected, key=lambda row: row.line or 0)),
        accounting=counts,
    )


def _structural(row: Row, source: Source) -> Call | None:
    first, second = gene_side(row.get("genea")), gene_side(row.get("geneb"))
    sides = [Breakend(genes=side.genes) for side in (first, second)]
    if not touches_fgfr(sides, None):
        return None
    sides.sort(key=lambda side: not touches_fgfr((side,), None))
    word = (row.get("sv_type") or "").lower()
    return RearrangementCall(
        source=source,
        finding_codes=tuple(side.code for side in (first, second) if side.code is not None),
        text=row.get("sv_type"),
        first=sides[0],
        second=sides[1] if sides[1].genes else None,
        junction=JunctionKind.NAMES_ONLY,
        declared=_STRUCTURES.get(word, DeclaredStructure.UNKNOWN),
    )


def _copy_number(row: Row, source: Source) -> Call | None:
    gene = fgfr_named(row.get("hugo_symbol"))
    if gene is None:
        return None
    word = row.get("copy_number_alteration") or ""
    level, declared = number_of(word), _COPY_WORDS.get(word.lower())
    if level is None and declared is None:
        raise EntryError("UNKNOWN_WORD", f"{word!r} is neither a level from -2 to 2 nor a word for copies")
    measures = () if level is None else (Measure(value=level, unit=CopyNumberUnit.GISTIC),)
    return CopyNumberCall(source=source, text=word, gene=gene.value, measures=measures, declared=declared)
