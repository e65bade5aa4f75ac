"""Questions to the registry: who qualifies for a programme now, which events are there, by class, partner, tumour type, date.

One SQL text serves SQLite and PostgreSQL. On SQLite it runs through the standard library alone: importing SQLAlchemy would
cost more than the answer. The table of outcomes is clustered by programme and outcome, so one range of pages is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fgfr_screen.cohort.registry._faults import translated
from fgfr_screen.cohort.registry._file import connect, sqlite_path
from fgfr_screen.errors import UsageError

OUTCOMES = ("match", "review", "undetermined", "no_match")
PROGRAM_COLUMNS = (
    "sample_id",
    "patient_id",
    "program",
    "outcome",
    "genomic",
    "tumor_type",
    "clinical",
    "status",
    "oncotree",
    "events",
    "missing",
    "recorded_at",
    "rules_sha256",
)
EVENT_COLUMNS = (
    "sample_id",
    "patient_id",
    "oncotree",
    "gene",
    "name",
    "alteration_class",
    "category",
    "outcome",
    "confidence",
    "partner",
    "frame",
    "protein_change",
    "marks",
    "event_id",
    "recorded_at",
    "rules_sha256",
)
_PROGRAM_SELECT = (
    "s.sample_id, s.patient_id, o.program_id, o.outcome, o.genomic, o.tumor_type, o.clinical, o.status, s.tumor_code, "
    "o.events, o.missing, s.recorded_at, s.rules_sha256 FROM outcome o JOIN screening s ON s.id = o.screening_id"
)
_EVENT_SELECT = (
    "s.sample_id, s.patient_id, s.tumor_code, e.gene, e.name, e.alteration_class, e.category, e.outcome, e.confidence, "
    "e.partner, e.frame, e.protein_change, e.marks, e.event_id, s.recorded_at, s.rules_sha256 "
    "FROM event e JOIN screening s ON s.id = e.screening_id"
)

Row = Sequence[str | None]


class Query(NamedTuple):
    """A question; every field may stay empty.

    Attributes:
        table: `programs` gives a row per sample and programme, `events` a row per event.
        programs, outcomes: Ids and outcomes to list; () = all. For `events`, `outcomes` are those of the events.
        genes, classes, partners: What at least one event of the sample (for `events`: the event) must be.
        tumor_type: OncoTree code; its descendants count.
        since, until: First and last day (or moment) on which the screening was recorded, UTC.
        only_open: Only programmes that take patients, and approved drugs.
        include_history: Also screenings that no longer count.
    """

    table: str = "programs"
    programs: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    tumor_type: str | None = None
    since: str | None = None
    until: str | None = None
    only_open: bool = False
    include_history: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of the answer."""
        return EVENT_COLUMNS if self.table == "events" else PROGRAM_COLUMNS


def _one_of(column: str, name: str, values: Sequence[str], given: dict[str, str]) -> list[str]:
    """Return the condition that a column has one of the values, with named parameters."""
    if not values:
        return []
    names = [f"{name}{number}" for number in range(len(values))]
    given.update(zip(names, values, strict=True))
    return [f"{column} IN ({', '.join(':' + one for one in names)})"]


def _event_conditions(query: Query, given: dict[str, str]) -> list[str]:
    return [
        *_one_of("e.gene", "gene", query.genes, given),
        *_one_of("e.alteration_class", "class", query.classes, given),
        *_one_of("e.partner", "partner", query.partners, given),
    ]


def _screening_conditions(query: Query, given: dict[str, str]) -> list[str]:
    conditions = [] if query.include_history else ["s.is_current"]
    if query.tumor_type is not None:
        given["tumor"] = f"%;{query.tumor_type.upper().replace('_', '!_')};%"
        conditions.append("s.tumor_lineage LIKE :tumor ESCAPE '!'")
    if query.since is not None:
        given["since"] = query.since
        conditions.append("s.recorded_at >= :since")
    if query.until is not None:
        given["until"] = query.until + "~"  # sorts after every moment of that day, or of that second
        conditions.append("s.recorded_at <= :until")
    return conditions


def sql_of(query: Query) -> tuple[str, dict[str, str]]:
    """Return the SQL text and its parameters.

    Raises:
        UsageError: an outcome is not one of the four words.
    """
    unknown = [one for one in query.outcomes if one not in OUTCOMES]
    if unknown:
        raise UsageError(f"no outcome {', '.join(unknown)}", remedy=f"one of {', '.join(OUTCOMES)}")
    given: dict[str, str] = {}
    conditions = _screening_conditions(query, given)
    events = _event_conditions(query, given)
    if query.table == "events":
        conditions += [*events, *_one_of("e.outcome", "outcome", query.outcomes, given)]
        select, order = _EVENT_SELECT, "s.sample_id, s.screening_key, e.number"
    else:
        if events:
            belongs = " AND ".join(["e.screening_id = s.id", *events])
            conditions.append(f"EXISTS (SELECT 1 FROM event e WHERE {belongs})")  # noqa: S608 - values are parameters
        conditions += _one_of("o.program_id", "program", query.programs, given)
        conditions += _one_of("o.outcome", "outcome", query.outcomes or OUTCOMES, given)
        if query.only_open:
            conditions.append("o.status IN ('open', 'approved')")
        select, order = _PROGRAM_SELECT, "s.sample_id, s.screening_key, o.program_id"
    return f"SELECT {select} WHERE {' AND '.join(conditions) or '1 = 1'} ORDER BY {order}", given


def run(url: str, query: Query, *, wait_seconds: float = 10.0) -> Iterator[Row]:
    """Yield the rows of the answer, by sample id.

    Raises:
        InputError, OutputError: as `open_registry`.
    """
    statement, given = sql_of(query)
    path = sqlite_path(url)
    if path is None:
        yield from _run_elsewhere(url, statement, given, wait_seconds)
        return
    connection, _ = connect(path, read_only=True, wait_seconds=wait_seconds)
    try:
        with translated(path):
            yield from connection.execute(statement, given)
    finally:
        connection.close()


def _run_elsewhere(url: str, statement: str, given: Mapping[str, str], wait_seconds: float) -> Iterator[Row]:
    from sqlalchemy import text

    from fgfr_screen.cohort.registry import open_registry

    with (
        open_registry(url, read_only=True, wait_seconds=wait_seconds) as registry,
        registry.reading() as connection,
    ):
        for row in connection.execution_options(yield_per=1000).execute(text(statement), given):
            yield tuple(row)
