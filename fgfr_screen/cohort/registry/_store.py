"""The registry itself: adding, merging, and reading results back, on SQLite and PostgreSQL through SQLAlchemy Core."""

import contextlib
import datetime
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Self

import sqlalchemy
from sqlalchemy import and_, func, insert, select, text
from sqlalchemy.pool import StaticPool

from fgfr_screen.cohort import packing
from fgfr_screen.cohort.registry import _rows, _schema
from fgfr_screen.cohort.registry._faults import fault, translated
from fgfr_screen.cohort.registry._file import APPLICATION_ID, SCHEMA_VERSION, connect, missing, newer, sqlite_path
from fgfr_screen.errors import UsageError

BATCH = 500
"""Screenings per transaction and per page."""
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
_SCREENING, _HISTORY, _RESULT = _schema.SCREENING, _schema.HISTORY, _schema.RESULT

ScreeningRow = tuple[bytes] | tuple[bytes, str | None]
"""A result as JSON, and the digest of the options and programme files it was made with (None = derived from it)."""


class Conflict(NamedTuple):
    """One screening with two answers: the stored one stays, the other is told."""

    sample_id: str
    screening_key: str


class AddReport(NamedTuple):
    """What became of the results that were given.

    Attributes:
        added: New screenings.
        known: Screenings that were stored already.
        restored: Stored screenings that became the current one of their sample again.
        conflicts: Screenings that are stored with another answer.
    """

    added: int = 0
    known: int = 0
    restored: int = 0
    conflicts: tuple[Conflict, ...] = ()

    def plus(self, other: "AddReport") -> "AddReport":
        """Add two reports up."""
        return AddReport(*(one + two for one, two in zip(self, other, strict=True)))  # type: ignore[operator]


class Stored(NamedTuple):
    """One screening as it is stored, with the result it came from."""

    id: int
    screening_key: str
    sample_id: str
    patient_id: str | None
    options_sha256: str
    tool_version: str
    data_release: str
    rules_sha256: str
    result_sha256: str
    recorded_at: str
    is_current: bool
    body: bytes


class _Entry(NamedTuple):
    """A result on its way in with its rows; `recorded_at` None = now."""

    parsed: _rows.Parsed
    packed: bytes
    recorded_at: str | None = None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _statement(table: sqlalchemy.Table, dialect: sqlalchemy.Dialect) -> str:
    """Return the INSERT of all columns in their order, with positional parameters."""
    return str(insert(table).compile(dialect=dialect))


class Registry:
    """An open registry; use `fgfr_screen.cohort.registry.open_registry`. A context manager.

    Attributes:
        name: Path or address without a password, for messages.
        url: Address as SQLAlchemy knows it.
    """

    def __init__(self, url: str, *, create: bool, read_only: bool, wait_seconds: float) -> None:
        self.path = sqlite_path(url)
        self.read_only = read_only
        self.name = self.path if self.path is not None else _shown(url)
        self._inserts: dict[str, str] = {}
        if self.path is not None:
            self._engine, exists = _sqlite_engine(self.path, create, read_only, wait_seconds)
        else:
            self._engine, exists = _postgresql_engine(url, self.name, read_only, wait_seconds)
        try:
            if not exists:
                self._create(allowed=create)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    # ------------------------------------------------------------------------------------------------ transactions

    @property
    def is_sqlite(self) -> bool:
        """Tell whether it is an SQLite file."""
        return self.path is not None

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlalchemy.Connection]:
        """Open a transaction that only reads."""
        with translated(self.name), self._engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlalchemy.Connection]:
        """Open a transaction as the only writer."""
        if self.read_only:
            raise fault("REGISTRY_READ_ONLY", self.name, "opened for reading")
        with translated(self.name), self._engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": APPLICATION_ID})
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _create(self, *, allowed: bool) -> None:
        if not allowed:
            raise missing(self.name)
        with self.writing() as connection:
            _schema.METADATA.create_all(connection)
            known = connection.execute(select(_schema.META.c.value)).first()
            if known is None:
                connection.execute(insert(_schema.META), [{"name": "schema_version", "value": str(SCHEMA_VERSION)}])
            if self.is_sqlite:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

    # -------------------------------------------------------------------------------------------------------- adding

    def add_screenings(self, rows: Iterable[ScreeningRow]) -> AddReport:
        """Store results; each batch of 500 is one transaction.

        A screening that is stored already (same sample, input checksums, options, rules and tool) is not stored again. A new
        one becomes the current screening of its sample; the one before it stays.

        Args:
            rows: Results, and optionally the digest of their options (see `ScreeningRow`).

        Raises:
            InputError: a row is no result, or has no sample id. Batches before it are stored.
            OutputError: the registry is locked, read-only or full.
        """
        return self._add_all(_Entry(_rows.parse(*row), packing.pack(row[0])) for row in rows)

    def add_parsed(self, results: Iterable[tuple[_rows.Parsed, bytes]]) -> AddReport:
        """Store results whose rows were made before (`_rows.ready`), as `add_screenings` stores others.

        Args:
            results: Rows, and the packed result that they were made of.

        Raises:
            OutputError: the registry is locked, read-only or full.
        """
        return self._add_all(itertools.starmap(_Entry, results))

    def merge(self, other: "Registry") -> AddReport:
        """Take over every screening of another registry with its history; doing it twice changes nothing."""
        return self._add_all(
            _Entry(_rows.parse(body, options), packing.pack(body), moment)
            for body, options, moment in other.chronicle()
        )

    def _add_all(self, entries: Iterator[_Entry]) -> AddReport:
        report = AddReport()
        while batch := list(itertools.islice(entries, BATCH)):
            with self.writing() as connection:
                report = report.plus(self._add(connection, batch))
        return report

    def _add(self, connection: sqlalchemy.Connection, batch: Sequence[_Entry]) -> AddReport:
        """Store one batch inside a transaction."""
        known = self._known(connection, {entry.parsed.key for entry in batch})
        current = self._current(connection, {entry.parsed.sample_id for entry in batch})
        touched = set()
        clock = self._clock(connection)
        number = connection.scalar(select(func.coalesce(func.max(_SCREENING.c.id), 0))) or 0
        new: list[tuple[int, str, _Entry]] = []
        history: list[tuple[int, str]] = []
        conflicts, restored, repeated = [], 0, 0
        for entry in batch:
            parsed, _, recorded_at = entry
            stored = known.get(parsed.key)
            if stored is not None and stored[1] != parsed.answer_sha256:
                conflicts.append(Conflict(parsed.sample_id, parsed.key))
                continue
            if stored is not None and recorded_at is None and current.get(parsed.sample_id) == stored[0]:
                repeated += 1
                continue
            moment = recorded_at or next(clock)
            if stored is None:
                number += 1
                stored = known[parsed.key] = (number, parsed.answer_sha256)
                new.append((number, moment, entry))
            elif recorded_at is None:
                restored += 1
            else:
                repeated += 1
            if parsed.sample_id in current or recorded_at is not None:
                touched.add(parsed.sample_id)
            current[parsed.sample_id] = stored[0]
            history.append((stored[0], moment))
        self._insert_new(connection, new, touched)
        self._insert_history(connection, history)
        self._choose_current(connection, touched)
        return AddReport(len(new), repeated, restored, tuple(conflicts))

    def _known(self, connection: sqlalchemy.Connection, keys: set[str]) -> dict[str, tuple[int, str]]:
        """Return number and answer of the screenings that are stored already."""
        columns = (_SCREENING.c.screening_key, _SCREENING.c.id, _SCREENING.c.answer_sha256)
        found = connection.execute(select(*columns).where(_SCREENING.c.screening_key.in_(keys)))
        return {key: (number, answer) for key, number, answer in found}

    def _current(self, connection: sqlalchemy.Connection, samples: set[str]) -> dict[str, int]:
        """Return the current screening of each sample that has one."""
        query = select(_SCREENING.c.sample_id, _SCREENING.c.id).where(
            and_(_SCREENING.c.sample_id.in_(samples), _SCREENING.c.is_current)
        )
        return {row.sample_id: row.id for row in connection.execute(query)}

    def _clock(self, connection: sqlalchemy.Connection) -> Iterator[str]:
        """Give moments that never repeat and never run back, whatever the computer's clock does."""
        latest = connection.scalar(select(func.max(_HISTORY.c.recorded_at)))
        moment = _now()
        if latest is not None:
            seen = datetime.datetime.strptime(latest, _TIME_FORMAT).replace(tzinfo=datetime.UTC)
            moment = max(moment, seen + datetime.timedelta(microseconds=1))
        while True:
            yield moment.strftime(_TIME_FORMAT)
            moment += datetime.timedelta(microseconds=1)

    def _insert(self, connection: sqlalchemy.Connection, table: sqlalchemy.Table, rows: list[tuple[Any, ...]]) -> None:
        """Insert whole rows by position: half the cost of rows as mappings."""
        if not rows:
            return
        if table.name not in self._inserts:
            self._inserts[table.name] = _statement(table, self._engine.dialect)
        connection.exec_driver_sql(self._inserts[table.name], rows)

    def _insert_new(
        self, connection: sqlalchemy.Connection, new: list[tuple[int, str, _Entry]], touched: set[str]
    ) -> None:
        screenings, results, inputs, events, outcomes = [], [], [], [], []
        for number, moment, (parsed, packed, _) in new:
            screenings.append((number, *parsed.screening, moment, parsed.sample_id not in touched))
            results.append((number, packed))
            inputs += [(number, *row) for row in parsed.inputs]
            events += [(number, *row) for row in parsed.events]
            outcomes += [(*row[:2], number, *row[2:]) for row in parsed.outcomes]
        self._insert(connection, _SCREENING, screenings)
        self._insert(connection, _RESULT, results)
        self._insert(connection, _schema.INPUT, inputs)
        self._insert(connection, _schema.EVENT, events)
        self._insert(connection, _schema.OUTCOME, sorted(outcomes))  # as the table is clustered: neighbours together

    def _insert_history(self, connection: sqlalchemy.Connection, history: list[tuple[int, str]]) -> None:
        """Insert moments that are not stored yet."""
        numbers = {number for number, _ in history}
        found = connection.execute(select(_HISTORY).where(_HISTORY.c.screening_id.in_(numbers)))
        stored = {(number, moment) for number, moment in found}
        self._insert(connection, _HISTORY, [row for row in dict.fromkeys(history) if row not in stored])

    def _choose_current(self, connection: sqlalchemy.Connection, samples: set[str]) -> None:
        """Let the last screening in the history of each sample count."""
        if not samples:
            return
        joined = _HISTORY.join(_SCREENING, _SCREENING.c.id == _HISTORY.c.screening_id)
        columns = (_SCREENING.c.sample_id, _HISTORY.c.recorded_at, _SCREENING.c.screening_key, _SCREENING.c.id)
        query = select(*columns).select_from(joined).where(_SCREENING.c.sample_id.in_(samples))
        last: dict[str, tuple[str, str, int]] = {}
        for sample, moment, key, number in connection.execute(query):
            last[sample] = max(last.get(sample, ("", "", 0)), (moment, key, number))
        change = text("UPDATE screening SET is_current = (id = :number) WHERE sample_id = :sample")
        connection.execute(change, [{"number": last[sample][2], "sample": sample} for sample in sorted(last)])

    # ------------------------------------------------------------------------------------------------------- reading

    def count(self, *, current_only: bool = True) -> int:
        """Count screenings."""
        query = select(func.count()).select_from(_SCREENING)
        with self.reading() as connection:
            return connection.scalar(query.where(_SCREENING.c.is_current) if current_only else query) or 0

    def screenings(self, *, current_only: bool = True) -> Iterator[Stored]:
        """Yield screenings with their results, by sample id and then by key; pages of 500, so memory stays flat."""
        names = Stored._fields[:-1]
        columns = [_SCREENING.c[name] for name in names]
        joined = _SCREENING.join(_RESULT, _RESULT.c.screening_id == _SCREENING.c.id)
        order = (_SCREENING.c.sample_id, _SCREENING.c.screening_key)
        query = select(*columns, _RESULT.c.packed).select_from(joined).order_by(*order).limit(BATCH)
        if current_only:
            query = query.where(_SCREENING.c.is_current)
        last: tuple[str, str] | None = None
        while True:
            page = query if last is None else query.where(sqlalchemy.tuple_(*order) > sqlalchemy.tuple_(*last))
            with self.reading() as connection:
                rows = connection.execute(page).all()
            for row in rows:
                yield Stored._make((*row[:-1], _rows.unpack(row[-1])))
            if len(rows) < BATCH:
                return
            last = (rows[-1].sample_id, rows[-1].screening_key)

    def chronicle(self) -> Iterator[tuple[bytes, str, str]]:
        """Yield every moment of the history in order: result, digest of its options, time."""
        joined = _HISTORY.join(_SCREENING, _SCREENING.c.id == _HISTORY.c.screening_id).join(
            _RESULT, _RESULT.c.screening_id == _SCREENING.c.id
        )
        order = (_HISTORY.c.recorded_at, _HISTORY.c.screening_id)
        columns = (_RESULT.c.packed, _SCREENING.c.options_sha256, *order)
        query = select(*columns).select_from(joined).order_by(*order).limit(BATCH)
        last: tuple[str, int] | None = None
        while True:
            page = query if last is None else query.where(sqlalchemy.tuple_(*order) > sqlalchemy.tuple_(*last))
            with self.reading() as connection:
                rows = connection.execute(page).all()
            for packed, options, moment, _ in rows:
                yield _rows.unpack(packed), options, moment
            if len(rows) < BATCH:
                return
            last = (rows[-1].recorded_at, rows[-1].screening_id)

    def result_of(self, number: int) -> bytes:
        """Return the result of one screening by its number."""
        with self.reading() as connection:
            packed = connection.scalar(select(_RESULT.c.packed).where(_RESULT.c.screening_id == number))
        return _rows.unpack(packed or b"")


# ----------------------------------------------------------------------------------------------------------- engines


def _shown(url: str) -> str:
    """Return an address without its password."""
    try:
        return sqlalchemy.make_url(url).render_as_string(hide_password=True)
    except sqlalchemy.exc.ArgumentError as error:
        raise UsageError(
            "the address of the registry cannot be read", remedy="PATH or postgresql://HOST/NAME"
        ) from error


def _sqlite_engine(path: str, create: bool, read_only: bool, wait: float) -> tuple[sqlalchemy.Engine, bool]:
    connection, exists = connect(path, read_only=read_only, create=create, wait_seconds=wait)
    if not read_only:
        connection.execute("PRAGMA synchronous = FULL")

    def given() -> sqlite3.Connection:
        """Hand out the one connection."""
        return connection

    engine = sqlalchemy.create_engine("sqlite://", creator=given, poolclass=StaticPool)
    return engine, exists


def _postgresql_engine(url: str, name: str, read_only: bool, wait: float) -> tuple[sqlalchemy.Engine, bool]:
    address = sqlalchemy.make_url(url)
    if address.get_backend_name() not in ("postgresql", "postgres"):
        raise UsageError(f"no registry on {address.get_backend_name()}", remedy="an SQLite file or postgresql://")
    settings = f"-c lock_timeout={int(wait * 1000)} -c default_transaction_read_only={'on' if read_only else 'off'}"
    try:
        engine = sqlalchemy.create_engine(
            address.set(drivername="postgresql+psycopg"),
            paramstyle="format",
            connect_args={"options": settings, "connect_timeout": max(2, int(wait))},
        )
    except ModuleNotFoundError as error:
        raise UsageError(
            "PostgreSQL needs a driver", code="MISSING_EXTRA", remedy="pip install 'fgfr-screen[postgres]'"
        ) from error
    with translated(name), engine.connect() as connection:
        present = set(sqlalchemy.inspect(connection).get_table_names()) & set(_schema.METADATA.tables)
        if not present:
            return engine, False
        if _schema.META.name not in present:
            raise fault("REGISTRY_FOREIGN", name, f"it has tables of its own: {', '.join(sorted(present))}")
        version = connection.scalar(select(_schema.META.c.value).where(_schema.META.c.name == "schema_version"))
    if version is None or not str(version).isdecimal():
        raise fault("REGISTRY_FOREIGN", name)
    if int(version) > SCHEMA_VERSION:
        raise newer(name, version)
    return engine, True
