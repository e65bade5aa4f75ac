"""Cohort pictures as hand-written SVG: stacked bars of outcomes, bars with intervals, and a matrix of alterations.

No script, no link, no font from elsewhere; every text from the data is escaped, and cut where it would leave its box (the
full text stays in the tooltip). The same counts always give the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from fgfr_screen.cohort.summary import CohortSummary, Row, Unit, UnitEvent, class_of, wilson
from fgfr_screen.report._plain import plain, width
from fgfr_screen.terms import Outcome

PLOTS = ("programs", "categories", "classes", "partners", "tumor-types", "missing", "matrix")
MATRIX_COLUMNS = 400
"""Most units that the matrix shows; it says how many it leaves out."""
BAR_ROWS = 40
_OUTCOME_COLOURS = {"match": "#1b7837", "review": "#e6a800", "undetermined": "#9e9e9e", "no_match": "#dfe3e8"}
_CLASS_COLOURS = {
    "fusion": "#762a83",
    "rearrangement": "#af58ba",
    "internal_tandem_duplication": "#d6a4e0",
    "other_structural_variant": "#c7b6cc",
    "amplification": "#b2182b",
    "partial_amplification": "#d6604d",
    "copy_number_gain": "#f4a582",
    "copy_number_neutral": "#e6e1df",
    "copy_number_loss": "#92a9c9",
    "activating_mutation": "#1f78b4",
    "resistance_mutation": "#08306b",
    "extracellular_deletion": "#41b6c4",
    "exon18_truncation": "#238b8d",
    "loss_of_function": "#6f7f8f",
    "germline_achondroplasia": "#8c6d31",
    "germline_other": "#bd9e39",
    "germline_suspect": "#e7cb94",
}
_OTHER_COLOUR = "#bdbdbd"
_BAR_COLOUR = "#4575b4"
_LABEL_WIDTH = 250
_BAR_WIDTH = 420
_LINE = 22
_PIXELS_PER_COLUMN = 6.7
_HEAD = 56
_STYLE = "text{font-family:Helvetica,Arial,sans-serif;font-size:12px;fill:#222}.t{font-size:15px;font-weight:bold}.s{fill:#666}"


def escaped(text: str) -> str:
    """Return text that is inert inside SVG, in an element or an attribute.

    >>> escaped('<b a="1">&')
    '&lt;b a=&quot;1&quot;&gt;&amp;'
    """
    replaced = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return replaced.replace('"', "&quot;").replace("'", "&#39;")


def fitted(text: str, pixels: float) -> str:
    """Cut text to a width in pixels; what is cut is shown by an ellipsis."""
    shown = plain(text)
    room = int(pixels / _PIXELS_PER_COLUMN)
    if width(shown) <= room:
        return shown
    while shown and width(shown) > room - 1:
        shown = shown[:-1]
    return shown + "…"


def _text(x: float, y: float, content: str, *, anchor: str = "start", kind: str = "") -> str:
    klass = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{klass}>{escaped(content)}</text>'


def _rect(x: float, y: float, wide: float, high: float, colour: str, tip: str = "", extra: str = "") -> str:
    title = f"<title>{escaped(tip)}</title>" if tip else ""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{colour}"{extra}>{title}</rect>'


def _document(wide: float, high: float, title: str, note: str, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}" '
        f'role="img" aria-label="{escaped(title)}">\n<style>{_STYLE}</style>\n'
        f'<rect width="{wide:g}" height="{high:g}" fill="#fff"/>\n'
    )
    lines = [_text(12, 24, title, kind="t"), _text(12, 42, note, kind="s"), *parts]
    return head + "\n".join(lines) + "\n</svg>\n"


def _label(y: float, text: str) -> str:
    shown = fitted(text, _LABEL_WIDTH - 20)
    tip = f"<title>{escaped(text)}</title>" if shown != plain(text) else ""
    return f'<text x="{_LABEL_WIDTH - 8}" y="{y + 14:g}" text-anchor="end">{escaped(shown)}{tip}</text>'


def _legend(names: Sequence[tuple[str, str]], y: float, limit: float) -> tuple[list[str], float]:
    """Lay the legend out in lines; returns the parts and the height used."""
    parts, x = [], float(_LABEL_WIDTH)
    top = y
    for name, colour in names:
        room = 22 + width(name) * _PIXELS_PER_COLUMN + 12
        if x + room > limit and x > _LABEL_WIDTH:
            x, y = float(_LABEL_WIDTH), y + 18
        parts += [_rect(x, y, 12, 12, colour), _text(x + 17, y + 10, name)]
        x += room
    return parts, y - top + 24


def _unit_word(summary: CohortSummary) -> str:
    return f"{summary.units} {summary.by}{'' if summary.units == 1 else 's'}"


def stacked_bars(summary: CohortSummary, dimension: str, title: str) -> str:
    """Draw one bar of outcomes per group (`program` or `category`)."""
    groups: dict[str, dict[str, Row]] = {}
    for row in summary.rows:
        if row.dimension == dimension:
            groups.setdefault(row.group, {})[row.measure] = row
    wide = _LABEL_WIDTH + _BAR_WIDTH + 130
    legend, high = _legend([(name.replace("_", " "), _OUTCOME_COLOURS[name]) for name in _OUTCOME_COLOURS], _HEAD, wide)
    y = _HEAD + high
    parts = legend
    for group, rows in groups.items():
        parts.append(_label(y, group))
        x = float(_LABEL_WIDTH)
        for measure, colour in _OUTCOME_COLOURS.items():
            counted = rows.get(measure)
            if counted is None or counted.count == 0:
                continue
            length = _BAR_WIDTH * counted.count / counted.total
            parts.append(_rect(x, y + 3, length, _LINE - 6, colour, _tip(counted)))
            x += length
        match = rows.get("match")
        if match is not None:
            parts.append(_text(_LABEL_WIDTH + _BAR_WIDTH + 8, y + 14, f"{match.count} match of {match.total}"))
        y += _LINE
    return _document(wide, y + 12, title, _unit_word(summary), parts)


def _tip(row: Row) -> str:
    if row.rate is None or row.low is None or row.high is None:
        return f"{row.group}: {row.measure} {row.count}"
    limits = f"{100 * row.low:.1f}-{100 * row.high:.1f} %"
    return f"{row.group}: {row.measure} {row.count} of {row.total}, {100 * row.rate:.1f} % (95 % CI {limits})"


def interval_bars(summary: CohortSummary, dimension: str, title: str) -> str:
    """Draw the share of units per group with its interval; outcomes of a group are added up."""
    groups: dict[str, tuple[int, int]] = {}
    for row in summary.rows:
        if row.dimension == dimension and row.measure in ("units", "undetermined", *_OUTCOME_COLOURS):
            groups[row.group] = (groups.get(row.group, (0, 0))[0] + row.count, row.total)
    ordered = sorted(groups, key=lambda name: (-groups[name][0], name))
    shown = ordered[:BAR_ROWS]
    ends = [(wilson(*groups[name]) or (0.0, 0.0))[1] for name in shown]
    scale = max(ends, default=1.0) or 1.0
    parts, y = [], float(_HEAD)
    for name in shown:
        count, total = groups[name]
        low, high = wilson(count, total) or (0.0, 0.0)
        share = count / total if total else 0.0
        start = float(_LABEL_WIDTH)
        tip = f"{name}: {count} of {total}, {100 * share:.1f} % (95 % CI {100 * low:.1f}-{100 * high:.1f} %)"
        parts.append(_label(y, name))
        parts.append(_rect(start, y + 4, _BAR_WIDTH * share / scale, _LINE - 8, _BAR_COLOUR, tip))
        left, right = start + _BAR_WIDTH * low / scale, start + _BAR_WIDTH * high / scale
        parts.append(f'<path d="M{left:.2f} {y + 11:g}H{right:.2f}" stroke="#222" fill="none"/>')
        parts.append(_text(_LABEL_WIDTH + _BAR_WIDTH + 8, y + 15, f"{count} ({100 * share:.1f} %)"))
        y += _LINE
    note = f"{_unit_word(summary)}; line: 95 % Wilson interval"
    note += f"; {len(ordered) - len(shown)} more not shown" if len(ordered) > len(shown) else ""
    return _document(_LABEL_WIDTH + _BAR_WIDTH + 130, y + 12, title, note, parts)


def _matrix_rows(units: Iterable[Unit]) -> list[str]:
    counts = Counter(name for unit in units for name in {class_of(event) for event in _shown_events(unit)})
    return sorted(counts, key=lambda name: (-counts[name], name))


def _shown_events(unit: Unit) -> list[UnitEvent]:
    return [event for event in unit.events if event.outcome in (Outcome.MATCH, Outcome.REVIEW)]


def matrix(summary: CohortSummary, units: Sequence[Unit]) -> str:
    """Draw one column per unit with an alteration, one row per gene and class; pale = review."""
    altered = [unit for unit in units if _shown_events(unit)]
    rows = _matrix_rows(altered)
    cells = {unit.name: {class_of(event): event.outcome for event in reversed(_shown_events(unit))} for unit in altered}
    for unit in altered:
        for event in _shown_events(unit):
            if event.outcome is Outcome.MATCH:
                cells[unit.name][class_of(event)] = Outcome.MATCH
    ordered = sorted(altered, key=lambda unit: ([name not in cells[unit.name] for name in rows], unit.name))
    shown = ordered[:MATRIX_COLUMNS]
    cell = 14.0 if len(shown) <= 60 else max(3.0, 840 / len(shown))
    wide = max(_LABEL_WIDTH + cell * len(shown) + 90, _LABEL_WIDTH + 420)
    used = [(name, colour) for name, colour in _CLASS_COLOURS.items() if any(row.endswith(f" {name}") for row in rows)]
    legend, high = _legend([(name.replace("_", " "), colour) for name, colour in used], _HEAD, wide)
    parts, y = legend, _HEAD + high
    for name in rows:
        colour = _CLASS_COLOURS.get(name.partition(" ")[2], _OTHER_COLOUR)
        parts.append(_label(y, name.replace("_", " ")))
        parts.append(_rect(_LABEL_WIDTH, y + 2, cell * len(shown), _LINE - 4, "#f1f3f5"))
        for place, unit in enumerate(shown):
            outcome = cells[unit.name].get(name)
            if outcome is None:
                continue
            pale = "" if outcome is Outcome.MATCH else ' fill-opacity="0.4"'
            tip = f"{unit.name}: {name} {outcome.value}, {unit.tumor_type}"
            gap = 0.8 if cell > 4 else 0.0
            parts.append(_rect(_LABEL_WIDTH + cell * place, y + 2, cell - gap, _LINE - 4, colour, tip, pale))
        count = sum(name in cells[unit.name] for unit in altered)
        parts.append(_text(_LABEL_WIDTH + cell * len(shown) + 8, y + 15, f"{count} ({_percent(count, summary.units)})"))
        y += _LINE
    hidden = len(ordered) - len(shown)
    note = f"{len(altered)} of {_unit_word(summary)} with an alteration of outcome match, or review (pale)"
    note += f"; {hidden} more not shown" if hidden else ""
    return _document(
        max(wide, 24 + width(note) * _PIXELS_PER_COLUMN), y + 12, "Alterations by gene and class", note, parts
    )


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "-"


def draw(name: str, summary: CohortSummary, units: Sequence[Unit]) -> str:
    """Return one of the `PLOTS` as an SVG document."""
    match name:
        case "programs":
            return stacked_bars(summary, "program", "Programmes")
        case "categories":
            return stacked_bars(summary, "category", "Categories")
        case "classes":
            return interval_bars(summary, "class", "Classes of alteration")
        case "partners":
            return interval_bars(summary, "partner", "Partners of rearranged FGFR genes")
        case "tumor-types":
            return interval_bars(summary, "tumor_type", "Tumour types")
        case "missing":
            return interval_bars(summary, "missing", "Facts whose absence leaves a programme undetermined")
        case _:
            return matrix(summary, units)
