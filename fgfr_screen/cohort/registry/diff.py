"""Who changed, and why: between the registry on a day and now, or between two rule sets."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select

from fgfr_screen.cohort.answers import decode
from fgfr_screen.cohort.changes import Change, category_changes, program_changes
from fgfr_screen.cohort.registry._schema import HISTORY, INPUT, SCREENING
from fgfr_screen.cohort.registry._store import Registry
from fgfr_screen.errors import UsageError


class _Screening(NamedTuple):
    """What tells whether two screenings of a sample may differ, and why."""

    id: int
    sample_id: str
    patient_id: str | None
    answer_sha256: str
    inputs_sha256: str
    options_sha256: str
    rules_sha256: str
    tool_version: str


_COLUMNS = tuple(SCREENING.c[name] for name in _Screening._fields)
_HISTORY_OF_SCREENINGS = HISTORY.join(SCREENING, SCREENING.c.id == HISTORY.c.screening_id)


def _moment(day: str) -> str:
    """Check a date or moment and return it as the history writes it.

    >>> _moment("2026-03-01")
    '2026-03-01'
    """
    try:
        datetime.datetime.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"{day!r} is no date", remedy="write 2026-03-01 or 2026-03-01T12:00:00") from error
    return day.removesuffix("Z")


def _last_before(registry: Registry, moment: str | None) -> dict[str, _Screening]:
    """Return, per sample, the screening that counted just before a moment (None = counts now)."""
    order = (HISTORY.c.recorded_at, SCREENING.c.screening_key)
    query = select(*_COLUMNS).select_from(_HISTORY_OF_SCREENINGS).order_by(*order)
    if moment is not None:
        query = query.where(HISTORY.c.recorded_at < moment)
    with registry.reading() as connection:
        return {row.sample_id: _Screening._make(row) for row in connection.execute(query)}


def _last_with_rules(registry: Registry, rules: str) -> dict[str, _Screening]:
    """Return, per sample, its last screening under a rule set, named by the start of its checksum or its release.

    Raises:
        UsageError: no rule set, or more than one, has that name.
    """
    is_named = SCREENING.c.rules_sha256.startswith(rules, autoescape=True) | (SCREENING.c.data_release == rules)
    with registry.reading() as connection:
        known = connection.scalars(select(SCREENING.c.rules_sha256).where(is_named).distinct()).all()
        if len(known) != 1:
            every = connection.execute(select(SCREENING.c.data_release, SCREENING.c.rules_sha256).distinct()).all()
            told = ", ".join(sorted(f"{release} {sha[:12]}" for release, sha in every)) or "none"
            reason = f"{'no' if not known else 'more than one'} rule set {rules!r} in the registry"
            raise UsageError(reason, remedy=f"rule sets: {told}")
        order = (HISTORY.c.recorded_at, SCREENING.c.screening_key)
        query = select(*_COLUMNS).select_from(_HISTORY_OF_SCREENINGS).order_by(*order)
        found = connection.execute(query.where(SCREENING.c.rules_sha256 == known[0]))
        return {row.sample_id: _Screening._make(row) for row in found}


def _cause(registry: Registry, old: _Screening, new: _Screening) -> str:
    """Say what is different about two screenings of a sample."""
    causes = []
    if old.inputs_sha256 != new.inputs_sha256:
        query = select(INPUT.c.screening_id, func.count()).where(INPUT.c.screening_id.in_((old.id, new.id)))
        with registry.reading() as connection:
            rows = connection.execute(query.group_by(INPUT.c.screening_id)).all()
        files = {row[0]: row[1] for row in rows}
        causes.append(f"inputs changed ({files.get(old.id, 0)} -> {files.get(new.id, 0)} files)")
    if old.rules_sha256 != new.rules_sha256:
        causes.append(f"rules changed ({old.rules_sha256[:12]} -> {new.rules_sha256[:12]})")
    if old.tool_version != new.tool_version:
        causes.append(f"tool changed ({old.tool_version} -> {new.tool_version})")
    if old.options_sha256 != new.options_sha256:
        causes.append("options, clinical facts or programmes changed")
    return "; ".join(causes)


def _changes(registry: Registry, before: dict[str, _Screening], after: dict[str, _Screening]) -> Iterator[Change]:
    for sample in sorted(before.keys() & after.keys()):
        old, new = before[sample], after[sample]
        if old.answer_sha256 == new.answer_sha256:
            continue
        one, other = decode(registry.result_of(old.id)), decode(registry.result_of(new.id))
        cause = _cause(registry, old, new)
        first, second = (one.summary, one.events), (other.summary, other.events)
        yield from category_changes(sample, new.patient_id, first, second, cause)
        programs = ({p.id: p for p in one.programs}, {p.id: p for p in other.programs})
        yield from program_changes(sample, new.patient_id, *programs, cause)


def changes_since(registry: Registry, day: str) -> Iterator[Change]:
    """Yield what changed between the start of a day (UTC) and now; samples that are new since then are not changes.

    Raises:
        UsageError: the day is no date.
    """
    yield from _changes(registry, _last_before(registry, _moment(day)), _last_before(registry, None))


def changes_between_rules(registry: Registry, old: str, new: str) -> Iterator[Change]:
    """Yield what changed between two rule sets, for the samples that were screened under both.

    Args:
        registry: The registry.
        old: Start of `rules_sha256`, or a data release.
        new: The same of the other rule set.

    Raises:
        UsageError: one is not in the registry.
    """
    yield from _changes(registry, _last_with_rules(registry, old), _last_with_rules(registry, new))
