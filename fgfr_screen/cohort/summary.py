"""Results of a cohort -> counts and rates: by programme, category, class, partner, tumour type, assay, and what is missing.

Every rate comes with its 95 % Wilson score interval (Wilson 1927), which stays inside 0 to 1 and is fair for small counts.
The unit is the sample, or the patient: then the samples of a patient are joined first. A patient's outcome is the best of
match > review > no_match > undetermined: one sample that was tested and is negative answers what another left open.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from fgfr_screen.cohort.answers import Answer
from fgfr_screen.model import Assay, Event, Record
from fgfr_screen.terms import AlterationClass, EventKind, Outcome

if TYPE_CHECKING:
    import pandas

Z_95 = 1.959963984540054
"""Quantile of the normal distribution for a two-sided interval of 95 %."""
UNKNOWN = "not known"
DIMENSIONS = ("category", "program", "class", "partner", "tumor_type", "assay", "missing", "would_settle")
_JOIN_ORDER = (Outcome.UNDETERMINED, Outcome.NO_MATCH, Outcome.REVIEW, Outcome.MATCH)
_SHOWN_FIRST = (Outcome.MATCH, Outcome.REVIEW, Outcome.UNDETERMINED, Outcome.NO_MATCH)
_PRESENT = (Outcome.MATCH, Outcome.REVIEW)


class Row(Record, frozen=True):
    """One count.

    Attributes:
        dimension: What is counted by (`DIMENSIONS`).
        group: Programme, category, gene and class, partner, tumour type, assay, or missing fact.
        measure: Outcome, category, or `units`.
        count, total: Units counted, and units they are a part of.
        rate, low, high: Share, and its 95 % Wilson interval; None when the total is 0.
    """

    dimension: str
    group: str
    measure: str
    count: int
    total: int
    rate: float | None
    low: float | None
    high: float | None


COLUMNS = Row.__struct_fields__


class UnitEvent(NamedTuple):
    """What is counted of an event."""

    id: str
    gene: str
    kind: EventKind
    alteration_class: AlterationClass
    outcome: Outcome
    partner: str


class Unit(Record, frozen=True):
    """One sample, or one patient with all samples joined.

    Attributes:
        categories, programs: Outcome by name.
        missing, would_settle: What would answer the programmes that are undetermined.
    """

    name: str
    tumor_type: str
    categories: dict[str, Outcome]
    programs: dict[str, Outcome]
    events: tuple[UnitEvent, ...]
    assays: tuple[str, ...]
    missing: tuple[str, ...]
    would_settle: tuple[str, ...]


class CohortSummary(Record, frozen=True):
    """The counts of a cohort.

    Attributes:
        by: `sample` or `patient`.
        units: How many were counted.
        samples: How many results were read.
    """

    by: str
    units: int
    samples: int
    rows: tuple[Row, ...]

    def to_frame(self) -> "pandas.DataFrame":
        """Return the rows as a table for pandas users."""
        import pandas

        values = [[getattr(row, name) for name in COLUMNS] for row in self.rows]
        return pandas.DataFrame(values, columns=list(COLUMNS))


def wilson(count: int, total: int) -> tuple[float, float] | None:
    """Return the 95 % Wilson score interval of a share; None for no unit.

    >>> [round(limit, 4) for limit in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if total == 0:
        return None
    share, spread = count / total, Z_95 * Z_95 / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == total else min(1.0, middle + half)
    return low, high


# -------------------------------------------------------------------------------------------------------------- units


def _assay_name(assay: Assay) -> str:
    """Return the name of an assay without the prefix that marks its input (`in1.as1`)."""
    return assay.name or assay.id.rpartition(".")[2]


def unit_of(answer: Answer) -> Unit:
    """Return what one result counts for."""
    tumor = answer.sample.tumor_type
    open_programs = [result for result in answer.programs if result.outcome is Outcome.UNDETERMINED]
    return Unit(
        name=answer.sample.sample_id or "",
        tumor_type=(tumor.oncotree or UNKNOWN) if tumor is not None else UNKNOWN,
        categories={intern(name): Outcome(outcome) for name, outcome in answer.summary.items()},
        programs={intern(result.id): result.outcome for result in answer.programs},
        events=tuple(_lean(event) for event in answer.events if event.alteration_class is not AlterationClass.SILENT),
        assays=tuple(sorted({_assay_name(assay) for assay in answer.assays})) or (UNKNOWN,),
        missing=tuple(sorted({intern(fact) for result in open_programs for fact in result.missing})),
        would_settle=tuple(sorted({intern(step) for result in open_programs for step in result.would_settle})),
    )


def _lean(event: Event) -> UnitEvent:
    partner = partner_of(event)
    return UnitEvent(event.id, event.gene.value, event.kind, event.alteration_class, event.outcome, intern(partner))


def _better(first: Mapping[str, Outcome], second: Mapping[str, Outcome]) -> dict[str, Outcome]:
    return {
        name: max((side[name] for side in (first, second) if name in side), key=_JOIN_ORDER.index)
        for name in sorted({*first, *second})
    }


def _joined(first: Unit, second: Unit, name: str) -> Unit:
    """Join two samples of a patient."""
    events = {event.id: event for event in (*second.events, *first.events)}
    for event in second.events:
        if event.outcome.rank > events[event.id].outcome.rank:
            events[event.id] = event
    types = sorted({first.tumor_type, second.tumor_type} - {UNKNOWN}) or [UNKNOWN]
    assays = {*first.assays, *second.assays}
    return Unit(
        name=name,
        tumor_type=types[0] if len(types) == 1 else " / ".join(types),
        categories=_better(first.categories, second.categories),
        programs=_better(first.programs, second.programs),
        events=tuple(events[key] for key in sorted(events)),
        assays=tuple(sorted(assays - {UNKNOWN} or assays)),
        missing=tuple(sorted({*first.missing, *second.missing})),
        would_settle=tuple(sorted({*first.would_settle, *second.would_settle})),
    )


def units_of(answers: Iterable[Answer], *, by: str = "sample") -> tuple[list[Unit], int]:
    """Return the units, by name, and the number of results read; a sample without patient id is its own patient."""
    units: dict[tuple[str, str], Unit] = {}
    count = 0
    for answer in answers:
        count += 1
        unit = unit_of(answer)
        patient = answer.sample.patient_id if by == "patient" else None
        key = ("patient", patient) if patient else ("sample", unit.name or f"#{count}")
        known = units.get(key)
        units[key] = unit if known is None else _joined(known, unit, key[1])
    return [units[key] for key in sorted(units)], count


# ----------------------------------------------------------------------------------------------------------- counting


def _row(dimension: str, group: str, measure: str, count: int, total: int) -> Row:
    limits = wilson(count, total)
    low, high = limits or (None, None)
    return Row(dimension, group, measure, count, total, count / total if total else None, low, high)


def _by_outcome(dimension: str, answers: Iterable[Mapping[str, Outcome]]) -> list[Row]:
    """Count outcomes per name; the total of a name is the units that have an outcome for it."""
    found: dict[str, Counter[Outcome]] = {}
    for names in answers:
        for name, outcome in names.items():
            found.setdefault(name, Counter())[outcome] += 1
    return [
        _row(dimension, name, outcome.value, found[name][outcome], found[name].total())
        for name in sorted(found)
        for outcome in _SHOWN_FIRST
    ]


def _best_per_group(groups: Iterable[tuple[str, Outcome]]) -> dict[str, Outcome]:
    best: dict[str, Outcome] = {}
    for name, outcome in groups:
        if name not in best or outcome.rank > best[name].rank:
            best[name] = outcome
    return best


def partner_of(event: Event) -> str:
    """Return the gene on the other side of a structural event, or why there is none."""
    genes = [end.gene for end in (event.five_prime, event.three_prime) if end is not None and end.gene is not None]
    others = [gene for gene in genes if gene != event.gene.value]
    if others:
        return others[0]
    return "same gene" if len(genes) > 1 else "no gene named"


def class_of(event: UnitEvent) -> str:
    """Return gene and class as one name."""
    return f"{event.gene} {event.alteration_class.value}"


def _present_rows(dimension: str, groups: Iterable[Mapping[str, Outcome]], total: int) -> list[Row]:
    """Count the units that have a group, by the best outcome of its events."""
    found: dict[str, Counter[Outcome]] = {}
    for names in groups:
        for name, outcome in names.items():
            found.setdefault(name, Counter())[outcome] += 1
    rows = []
    for name in sorted(found, key=lambda one: (-found[one].total(), one)):
        counts = found[name]
        rows += [_row(dimension, name, one.value, counts[one], total) for one in _SHOWN_FIRST if counts[one]]
    return rows


def _split_rows(dimension: str, groups: Mapping[str, list[Unit]], total: int) -> list[Row]:
    """Count units per group, and the share of each group with a match or a review per category."""
    rows = []
    for name in sorted(groups, key=lambda one: (-len(groups[one]), one)):
        own = groups[name]
        rows.append(_row(dimension, name, "units", len(own), total))
        for category in sorted({category for unit in own for category in unit.categories}):
            for outcome in _PRESENT:
                count = sum(unit.categories.get(category) is outcome for unit in own)
                rows.append(_row(dimension, name, f"{category} {outcome.value}", count, len(own)))
    return rows


def _needed_rows(units: list[Unit]) -> list[Row]:
    """Count what the undetermined units lack; the total is the units with an undetermined programme."""
    waiting = [unit for unit in units if Outcome.UNDETERMINED in unit.programs.values()]
    rows = []
    for dimension in ("missing", "would_settle"):
        counts = Counter(need for unit in waiting for need in getattr(unit, dimension))
        ordered = sorted(counts, key=lambda need: (-counts[need], need))
        rows += [_row(dimension, need, "undetermined", counts[need], len(waiting)) for need in ordered]
    return rows


def _grouped(units: Iterable[Unit], names: str) -> dict[str, list[Unit]]:
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        value = getattr(unit, names)
        for name in (value,) if isinstance(value, str) else value:
            groups.setdefault(name, []).append(unit)
    return groups


def _classes(unit: Unit) -> dict[str, Outcome]:
    return _best_per_group((class_of(event), event.outcome) for event in unit.events)


def _partners(unit: Unit) -> dict[str, Outcome]:
    structural = (event for event in unit.events if event.kind is EventKind.REARRANGEMENT)
    return _best_per_group((f"{event.gene} {event.partner}", event.outcome) for event in structural)


def summarise_units(units: list[Unit], samples: int, *, by: str) -> CohortSummary:
    """Count units that are already joined."""
    total = len(units)
    rows = [
        *_by_outcome("category", (unit.categories for unit in units)),
        *_by_outcome("program", (unit.programs for unit in units)),
        *_present_rows("class", map(_classes, units), total),
        *_present_rows("partner", map(_partners, units), total),
        *_split_rows("tumor_type", _grouped(units, "tumor_type"), total),
        *_split_rows("assay", _grouped(units, "assays"), total),
        *_needed_rows(units),
    ]
    return CohortSummary(by, total, samples, tuple(rows))


def summarise(answers: Iterable[Answer], *, by: str = "sample") -> CohortSummary:
    """Count a cohort.

    Args:
        answers: Results, each once.
        by: `sample`, or `patient` to count several samples of a patient once.
    """
    units, samples = units_of(answers, by=by)
    return summarise_units(units, samples, by=by)
