"""Is the registry what was written? Stored results are hashed again, and every row is derived from its result again."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from fgfr_screen.cohort.registry import _rows, _schema
from fgfr_screen.cohort.registry._store import BATCH, Registry
from fgfr_screen.errors import FgfrScreenError

_READ_BYTES = 1 << 20
_SCREENING, _RESULT = _schema.SCREENING, _schema.RESULT
_PARSED_COLUMNS = [column.name for column in _SCREENING.c][1:-2]


class Problem(NamedTuple):
    """One thing that is not as it was written. `screening_key` "" = it belongs to no one screening."""

    screening_key: str
    code: str
    message: str


class VerifyReport(NamedTuple):
    """What was looked at. `absent` counts input files that are no longer where they were."""

    screenings: int
    problems: tuple[Problem, ...]
    rehashed: int = 0
    absent: int = 0


def verify(registry: Registry, *, rehash: bool = False, root: str | None = None) -> VerifyReport:
    """Check the whole registry.

    Args:
        registry: The registry.
        rehash: Also hash input files again, those that are still where they were.
        root: Folder that relative input paths start from; None = the working directory.

    Returns:
        Problems in the order of the screenings; none means that every stored byte is accounted for.
    """
    problems = list(_file_problems(registry))
    count = 0
    files: Counter[str] = Counter()
    try:
        for page in _pages(registry):
            count += len(page)
            problems += _page_problems(registry, page)
            if rehash:
                problems += _file_changes(registry, page, root, files)
        problems += _current_problems(registry)
    except FgfrScreenError as error:
        problems.append(Problem("", error.code, error.reason))
    return VerifyReport(count, tuple(problems), files["rehashed"], files["absent"])


def _file_problems(registry: Registry) -> Iterator[Problem]:
    """Ask SQLite about its own pages and references; PostgreSQL checks pages when it reads them."""
    if not registry.is_sqlite:
        return
    try:
        with registry.reading() as connection:
            for (told,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
                if told != "ok":
                    yield Problem("", "REGISTRY_DAMAGED", str(told))
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
                yield Problem("", "REGISTRY_DAMAGED", f"row {row[1]} of {row[0]} belongs to no {row[2]}")
    except FgfrScreenError as error:
        yield Problem("", error.code, error.reason)


def _pages(registry: Registry) -> Iterator[Sequence[tuple[object, ...]]]:
    """Yield all columns of `screening` and the packed result, by number."""
    joined = _SCREENING.outerjoin(_RESULT, _RESULT.c.screening_id == _SCREENING.c.id)
    query = select(*_SCREENING.c, _RESULT.c.packed).select_from(joined).order_by(_SCREENING.c.id).limit(BATCH)
    last = 0
    while True:
        with registry.reading() as connection:
            rows = connection.execute(query.where(_SCREENING.c.id > last)).all()
        if rows:
            yield [tuple(row) for row in rows]
            last = rows[-1].id
        if len(rows) < BATCH:
            return


def _stored_rows(registry: Registry, first: int, last: int) -> dict[str, dict[int, list[tuple[object, ...]]]]:
    """Return the rows of inputs, events and outcomes of a range of screenings, by table and screening."""
    found: dict[str, dict[int, list[tuple[object, ...]]]] = {}
    with registry.reading() as connection:
        for table in _schema.CONTENT_TABLES:
            own = found.setdefault(table.name, {})
            place = list(table.c.keys()).index("screening_id")
            for row in connection.execute(select(table).where(table.c.screening_id.between(first, last))):
                own.setdefault(row[place], []).append((*row[:place], *row[place + 1 :]))
    return found


def _page_problems(registry: Registry, page: Sequence[tuple[object, ...]]) -> Iterator[Problem]:
    numbers = [row[0] for row in page]
    stored = _stored_rows(registry, int(str(numbers[0])), int(str(numbers[-1])))
    for row in page:
        yield from _screening_problems(row, stored)


def _screening_problems(
    row: tuple[object, ...], stored: dict[str, dict[int, list[tuple[object, ...]]]]
) -> Iterator[Problem]:
    columns = dict(zip((*_SCREENING.c.keys(), "packed"), row, strict=True))
    number, key = int(str(row[0])), str(columns["screening_key"])
    packed = columns["packed"]
    if not isinstance(packed, bytes):
        yield Problem(key, "REGISTRY_VERIFY", "its result is missing")
        return
    try:
        body = _rows.unpack(packed)
        parsed = _rows.parse(body, str(columns["options_sha256"]))
    except FgfrScreenError as error:
        yield Problem(key, "REGISTRY_VERIFY", error.reason)
        return
    if hashlib.sha256(body).hexdigest() != columns["result_sha256"]:
        yield Problem(key, "REGISTRY_VERIFY", "the stored result is not the one that was written")
    for name, derived in zip(_PARSED_COLUMNS, parsed.screening, strict=True):
        if columns[name] != derived and name != "result_sha256":
            yield Problem(key, "REGISTRY_VERIFY", f"screening.{name} does not follow from the result")
    for name, rows in (("input", parsed.inputs), ("event", parsed.events), ("outcome", parsed.outcomes)):
        if sorted(map(repr, stored[name].get(number, []))) != sorted(map(repr, rows)):
            yield Problem(key, "REGISTRY_VERIFY", f"rows of {name} do not follow from the result")


def _current_problems(registry: Registry) -> Iterator[Problem]:
    """Every sample has exactly one current screening: the last of its history."""
    history = _schema.HISTORY
    joined = history.join(_SCREENING, _SCREENING.c.id == history.c.screening_id)
    columns = (_SCREENING.c.sample_id, _SCREENING.c.screening_key)
    query = select(*columns).select_from(joined).order_by(history.c.recorded_at, _SCREENING.c.screening_key)
    with registry.reading() as connection:
        every = {row.sample_id: row.screening_key for row in connection.execute(select(*columns))}
        last = {row.sample_id: row.screening_key for row in connection.execute(query)}
        flagged: dict[str, list[str]] = {}
        for sample, key in connection.execute(select(*columns).where(_SCREENING.c.is_current)):
            flagged.setdefault(sample, []).append(key)
    for sample, key in sorted({**every, **last}.items()):
        if flagged.get(sample, []) != [last.get(sample)]:
            told = "it, or another of its sample, counts and is not the last of the history"
            yield Problem(key, "REGISTRY_VERIFY", told)


def _file_changes(
    registry: Registry, page: Sequence[tuple[object, ...]], root: str | None, files: "Counter[str]"
) -> Iterator[Problem]:
    """Hash the inputs of current screenings again."""
    keys = {int(str(row[0])): str(row[1]) for row in page if row[-2]}
    columns = _schema.INPUT.c
    query = select(columns.screening_id, columns.path, columns.sha256).where(columns.sha256.is_not(None))
    first, last = int(str(page[0][0])), int(str(page[-1][0]))
    with registry.reading() as connection:
        ordered = query.where(columns.screening_id.between(first, last)).order_by(*_schema.INPUT.primary_key)
        rows = connection.execute(ordered).all()
    for number, path, expected in rows:
        if number not in keys:
            continue
        place = os.path.join(root or "", path)
        if path == "-" or not os.path.isfile(place):
            files["absent"] += 1
            continue
        files["rehashed"] += 1
        if _file_digest(place) != expected:
            yield Problem(keys[number], "REGISTRY_INPUT_CHANGED", f"{path} is not the file that was screened")


def _file_digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()
