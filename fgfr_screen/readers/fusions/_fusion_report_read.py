"""Reading of fusion-report: entries of the JSON list, or rows of the CSV -> one call per program.

Both forms hold the same: the JSON has the words of a program as an object, the CSV as `key: value,key: value`.
"""

from collections.abc import Sequence
from typing import Any

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Breakend, InputContent, RearrangementCall, Source
from fgfr_screen.readers._api import OpenedInput, ReadOptions
from fgfr_screen.readers._json import lines_of, parse_json
from fgfr_screen.readers._table import Columns, RowError, exact_integer
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.fusions._fusion_table import (
    COMMA,
    FIVE,
    TAB,
    THREE,
    FusionFormat,
    FusionRow,
    Reading,
    end,
    finish,
    fusion,
    gene_pair,
    parse_place,
    read_fusions,
)
from fgfr_screen.terms import DeclaredStructure, GeneOrder, TranscriptSide

_CALLERS = {
    "arriba": "Arriba",
    "ctat_lr_fusion": "ctat-LR-fusion",
    "dragen": "DRAGEN",
    "ericscript": "EricScript",
    "fusioncatcher": "FusionCatcher",
    "jaffa": "JAFFA",
    "pizzly": "pizzly",
    "squid": "SQUID",
    "starfusion": "STAR-Fusion",
    "starfusion_lr": "ctat-LR-fusion",
}
# Squid does not order the genes, and gives spans; for pizzly nothing is known.
_UNORDERED = frozenset(("pizzly", "squid"))
_SPLIT_READS = (
    "split_reads1",
    "split_reads2",
    "junction_reads",
    "spanning_unique_reads",
    "spanning_reads",
    "num_LR",
)
_PAIRS = ("discordant_mates", "discordant_reads", "spanning_pairs")
# STAR-Fusion calls pairs what JAFFA calls split reads.
_PAIRS_OF_STAR = ("spanning_reads",)


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is not strict JSON, not a list, or the CSV lacks a column.
        InputError: As `_fusion_table.read_fusions`.
    """
    if opened.head.data.lstrip()[:1] == b"[":
        return _read_json(opened, options, evidence)
    return read_fusions(opened, options, evidence, _layout())


def _layout() -> FusionFormat:
    return FusionFormat(
        name="fusion-report", call=_calls, separator=COMMA, required=(("fusion",), ("databases",), ("score",))
    )


def _read_json(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    reading = Reading(opened, options, _layout())
    text, note = decode_text(opened.read_all())
    if note is not None:
        reading.tell(note, "the file is not UTF-8 and was decoded otherwise")
    entries = parse_json(text, opened.path)
    if not isinstance(entries, list):
        reason, remedy = "the report is no JSON list of fusions", "give fusions.json as fusion-report wrote it"
        raise MalformedFileError(reason, remedy=remedy, path=opened.path, code="REPORT_SCHEMA")
    lines = lines_of(text)
    rows = []
    for index, entry in enumerate(entries):
        line = lines.get(f"$[{index}]")
        if not isinstance(entry, dict) or not isinstance(entry.get("Fusion"), str):
            error = RowError("REPORT_INCOMPLETE", f"entry {index} of the list has no Fusion")
            reading.reject(line, error, touches_fgfr=True)
            continue
        rows.append(_row(entry, Source(input=opened.id, line=line, place=f"$[{index}]")))
    return finish(opened, rows, reading, evidence)


def _row(entry: dict[str, Any], source: Source) -> FusionRow:
    """Write an entry as the CSV has it."""
    names = [str(key).replace(TAB, " ") for key in entry]
    cells = [
        ",".join(f"{key}: {detail}" for key, detail in value.items()) if isinstance(value, dict) else str(value)
        for value in entry.values()
    ]
    # Keys that differ in case only cannot stand in one report of fusion-report.
    return FusionRow(Columns(TAB.join(names), repeatable=tuple(name.lower() for name in names)), cells, source)


def _calls(row: FusionRow) -> tuple[RearrangementCall, ...]:
    pair = gene_pair(row.text("fusion"))
    seen = {tool: row.text(tool) for tool in _CALLERS if row.text(tool)}
    if not seen:
        return (_call(row, pair, "", ""),)
    return tuple(_call(row, pair, tool, words) for tool, words in seen.items())


def _call(row: FusionRow, pair: tuple[str, str], tool: str, words: str) -> RearrangementCall:
    details = _details(words)
    is_ordered = tool not in _UNORDERED
    first, _, second = details.get("position", "").partition("#")
    kind = details.get("type") or details.get("fusion_type", "")
    pairs = _PAIRS_OF_STAR if tool.startswith("starfusion") else _PAIRS
    confidence = details.get("confidence") or details.get("classification", "")
    return fusion(
        row,
        _side(pair[0], first, tool, FIVE if is_ordered else None),
        _side(pair[1], second, tool, THREE if is_ordered else None),
        caller=_CALLERS.get(tool, "fusion-report"),
        order=GeneOrder.ASSERTED if is_ordered else GeneOrder.UNKNOWN,
        declared=None if "5'-5'" in kind or "3'-3'" in kind else DeclaredStructure.FUSION,
        frame=details.get("reading-frame") or details.get("inframe") or kind,
        split_reads=_sum(details, [key for key in _SPLIT_READS if key not in pairs]),
        spanning_pairs=_sum(details, pairs),
        filter_text=f"confidence {confidence}" if tool == "arriba" and confidence else confidence,
        text=kind,
    )


def _details(words: str) -> dict[str, str]:
    """Split `position: a#b,junction_reads: 12`; a comma inside a value is no separator."""
    found: dict[str, str] = {}
    last = ""
    for part in words.split(COMMA):
        key, colon, value = part.partition(": ")
        if colon:
            last = key.strip()
            found[last] = value.strip()
        elif last:
            found[last] += COMMA + part
    return found


def _side(word: str, position: str, tool: str, role: TranscriptSide | None) -> Breakend:
    has_place = bool(position) and tool != "squid" and "predict" not in position
    return end((word,), parse_place(position) if has_place else None, role)


def _sum(details: dict[str, str], keys: Sequence[str]) -> int | None:
    counts = []
    for key in keys:
        try:
            counts.append(exact_integer(details.get(key, "")))
        except ValueError:
            continue
    return sum(counts) if counts else None
