"""`fgfr-screen registry`: ask, compare, weigh again, export, merge and verify stored screenings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from fgfr_screen.commands._output import write, write_all
from fgfr_screen.errors import FgfrScreenError, UsageError, VerifyError

if TYPE_CHECKING:
    from fgfr_screen.cohort.changes import Change
    from fgfr_screen.cohort.registry._store import AddReport

MERGE_CONFLICT_STATUS = 4
_KEY_SHOWN = 12
"""Digits of a screening key in messages: names of samples stay out of logs."""
_WHICH_SAMPLE = "; `registry export --table screenings --history` tells the sample of a screening_key"
_CONFLICT, _IMPOSSIBLE = "REGISTRY_CONFLICT", "RESCREEN_IMPOSSIBLE"
_FORMAT = click.option(
    "--format", "output_format", type=click.Choice(["tsv", "json"]), default="tsv", show_default=True
)
_OUTPUT = click.option("-o", "--output", metavar="FILE", help="Write to a file, replaced in one step.")
_REGISTRY = click.argument("registry", metavar="REGISTRY")


@click.group(name="registry")
def command() -> None:
    """Ask, compare, weigh again, export, merge and verify stored screenings.

    REGISTRY is an SQLite file, or the address of a PostgreSQL database (postgresql://USER@HOST/NAME).
    """


def _cells(row: Iterable[object]) -> list[str]:
    """Return cells for TSV: one line each, None empty."""
    from fgfr_screen.report._plain import plain

    return ["" if value is None else plain(str(value)) for value in row]


def _tsv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table; rows that are plain text, which is nearly all, are not looked at cell by cell."""
    yield "\t".join(names) + "\n"
    tabs = len(names) - 1
    for row in rows:
        line = "\t".join([value or "" for value in row])  # type: ignore[misc]
        if not (line.isascii() and line.replace("\t", "").isprintable() and line.count("\t") == tabs):
            line = "\t".join(_cells(row))
        yield line + "\n"


def _json(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a JSON array with one object a line."""
    import json

    before = "[\n"
    for row in rows:
        yield before + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _oncotree(text: str | None) -> str | None:
    """Return the OncoTree code of a tumour type given as code, name, or English or Chinese text."""
    if text is None or (text.isascii() and text.isupper()):
        return text
    from fgfr_screen.diseases import tumor_type

    code = tumor_type(text).oncotree
    if code is None:
        raise UsageError(f"tumour type {text!r} is not understood", remedy="give an OncoTree code")
    return code


@command.command(name="query")
@_REGISTRY
@click.option("--program", "programs", multiple=True, metavar="ID", help="Programme (repeatable).")
@click.option("--outcome", "outcomes", multiple=True, metavar="WORD", help="match, review, undetermined or no_match.")
@click.option("--gene", "genes", multiple=True, help="FGFR1, FGFR2 or FGFR3.")
@click.option("--class", "classes", multiple=True, metavar="CLASS", help="Class of alteration.")
@click.option("--partner", "partners", multiple=True, metavar="GENE", help="Gene on the other side of the break.")
@click.option("--tumor-type", metavar="TYPE", help="OncoTree code, name or text; what lies below it counts.")
@click.option("--since", metavar="DATE", help="Recorded on that day or later (UTC).")
@click.option("--until", metavar="DATE", help="Recorded on that day or earlier (UTC).")
@click.option("--open", "only_open", is_flag=True, help="Only programmes that take patients, and approved drugs.")
@click.option("--history", "include_history", is_flag=True, help="Also screenings that no longer count.")
@click.option("--table", type=click.Choice(["programs", "events"]), help="Rows per programme, or per event.")
@_FORMAT
@_OUTPUT
def query(
    registry: str,
    tumor_type: str | None,
    table: str | None,
    output_format: str,
    output: str | None,
    **options: object,
) -> None:
    """Say who qualifies for a programme now, and which events are there.

    With --program and no --outcome, the patients with outcome match are listed.
    """
    from fgfr_screen.cohort.registry.query import Query, run

    chosen = table or ("programs" if options["programs"] or not options["classes"] else "events")
    if chosen == "programs" and options["programs"] and not options["outcomes"]:
        options["outcomes"] = ("match",)
    asked = Query(table=chosen, tumor_type=_oncotree(tumor_type), **options)  # type: ignore[arg-type]
    rows = run(registry, asked)
    write_all((_json if output_format == "json" else _tsv)(asked.columns, rows), output)


def _write_changes(changes: Iterable["Change"], output_format: str, output: str | None) -> None:
    from fgfr_screen.cohort.changes import COLUMNS

    if output_format == "tsv":
        write_all(_tsv(COLUMNS, (change.cells() for change in changes)), output)
        return
    import msgspec

    lines = (msgspec.json.encode(change).decode() for change in changes)
    first = next(lines, None)
    rest = (f",\n{line}" for line in lines)
    write("[]\n", output) if first is None else write_all((f"[\n{first}", *rest, "\n]\n"), output)


@command.command(name="diff")
@_REGISTRY
@click.option("--since", metavar="DATE", help="Compare the start of that day (UTC) with now.")
@click.option("--rules", nargs=2, metavar="OLD NEW", help="Compare two rule sets (start of rules_sha256, or release).")
@_FORMAT
@_OUTPUT
def diff(
    registry: str, since: str | None, rules: tuple[str, str] | None, output_format: str, output: str | None
) -> None:
    """Say whose outcome changed and why: since a day, or between two rule sets."""
    from fgfr_screen.cohort.registry import open_registry
    from fgfr_screen.cohort.registry.diff import changes_between_rules, changes_since

    if (since is None) == (rules is None):
        raise click.UsageError("give either --since DATE or --rules OLD NEW")
    with open_registry(registry, read_only=True) as opened:
        if since is not None:
            changes = changes_since(opened, since)
        else:
            assert rules is not None
            changes = changes_between_rules(opened, *rules)
        _write_changes(changes, output_format, output)


@command.command(name="rescreen")
@_REGISTRY
@click.option(
    "--programs-dir", metavar="DIR", help="Programme files; one with the id of a packaged programme replaces it."
)
@click.option("--program", "programs", multiple=True, metavar="ID", help="Weigh only this programme (repeatable).")
@click.option("--apply", "is_applied", is_flag=True, help="Store the new results; the old ones stay in the history.")
@_FORMAT
@_OUTPUT
def rescreen(
    registry: str,
    programs_dir: str | None,
    programs: tuple[str, ...],
    output_format: str,
    output: str | None,
    *,
    is_applied: bool,
) -> None:
    """Weigh stored screenings again, without their input files, and list whose outcome changed and why."""
    from fgfr_screen.cohort.registry import open_registry
    from fgfr_screen.cohort.rescreen import load_rules, rescreen_and_store
    from fgfr_screen.cohort.rescreen import rescreen as weigh

    rules = load_rules(programs_dir, programs)
    counts = {"weighed": 0, "left": 0, "changed": 0}

    def changes() -> Iterator["Change"]:
        """Yield what changed, and count on the way."""
        for again in (rescreen_and_store if is_applied else weigh)(opened, rules):
            counts["weighed" if again.is_weighed else "left"] += 1
            counts["changed"] += bool(again.changes)
            yield from again.changes

    with open_registry(registry, create=False, read_only=not is_applied) as opened:
        _write_changes(changes(), output_format, output)
    click.echo(f"{counts['weighed']} samples weighed again, {counts['changed']} with another outcome", err=True)
    if counts["left"]:
        told = f"{counts['left']} samples were stored without what absence is worth; screen them from their files"
        click.echo(f"{registry} WARNING {_IMPOSSIBLE} {told}", err=True)


@command.command(name="export")
@_REGISTRY
@click.option(
    "--table", type=click.Choice(["screenings", "programs", "events", "inputs"]), default="programs", show_default=True
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["tsv", "ndjson", "parquet", "xlsx"]),
    default="tsv",
    show_default=True,
    help="ndjson gives whole results, whatever the table.",
)
@click.option("--history", "include_history", is_flag=True, help="Also screenings that no longer count.")
@_OUTPUT
def export(registry: str, table: str, output_format: str, output: str | None, *, include_history: bool) -> None:
    """Export a table, or whole results, in the order of the samples."""
    from fgfr_screen.cohort.registry import export as exporting
    from fgfr_screen.cohort.registry import open_registry

    if output_format in ("parquet", "xlsx") and (output is None or output == "-"):
        raise click.UsageError(f"{output_format} needs -o FILE")
    with open_registry(registry, read_only=True) as opened:
        if output_format == "ndjson":
            write_all(exporting.result_lines(opened, include_history=include_history), output)
            return
        rows = exporting.rows_of(opened, table, include_history=include_history)
        names = exporting.column_names(table)
        if output_format == "tsv":
            write_all(exporting.tsv_lines(names, rows), output)
        elif output_format == "parquet":
            exporting.write_parquet(str(output), names, rows)
        else:
            exporting.write_excel(str(output), table, names, rows)


def _tell_added(name: str, report: "AddReport") -> int:
    """Print what became of the screenings; status 4 when some have two answers."""
    counts = f"{report.added} added, {report.known} known, {report.restored} current again"
    click.echo(f"{name}: {counts}, {len(report.conflicts)} in conflict", err=True)
    for conflict in report.conflicts:
        told = f"screening {conflict.screening_key[:_KEY_SHOWN]}: the stored answer differs and was kept"
        click.echo(f"{name} ERROR {_CONFLICT} {told}{_WHICH_SAMPLE}", err=True)
    return MERGE_CONFLICT_STATUS if report.conflicts else 0


@command.command(name="merge")
@_REGISTRY
@click.argument("shards", nargs=-1, required=True, metavar="SHARD...")
def merge(registry: str, shards: tuple[str, ...]) -> int:
    """Take over the screenings of other registries; doing it twice changes nothing.

    Exit status 4 when a screening has another answer there: the stored one is kept and the conflict is printed.
    """
    from fgfr_screen.cohort.registry import open_registry

    status = 0
    with open_registry(registry) as opened:
        for shard in shards:
            with open_registry(shard, read_only=True) as other:
                status = max(status, _tell_added(other.name, opened.merge(other)))
    return status


@command.command(name="add")
@_REGISTRY
@click.argument("results", nargs=-1, required=True, metavar="RESULT...")
def add(registry: str, results: tuple[str, ...]) -> int:
    """Store results: JSON of `screen`, or one result a line as `batch` writes them."""
    from fgfr_screen.cohort.answers import read_results
    from fgfr_screen.cohort.registry import open_registry

    status = 0
    with open_registry(registry) as opened:
        for path in results:
            report = opened.add_screenings((body,) for body, _ in read_results(path))
            status = max(status, _tell_added(path, report))
    return status


@command.command(name="verify")
@_REGISTRY
@click.option("--rehash", is_flag=True, help="Also hash the input files again, where they still are.")
@click.option("--root", metavar="DIR", help="Folder that relative input paths start from.")
def verify(registry: str, root: str | None, *, rehash: bool) -> None:
    """Hash stored results again and derive every row from them; exit status 6 when something differs."""
    from fgfr_screen.cohort.registry import open_registry
    from fgfr_screen.cohort.registry.verify import verify as check

    try:
        with open_registry(registry, read_only=True) as opened:
            report = check(opened, rehash=rehash, root=root)
    except FgfrScreenError as error:
        if error.code != "REGISTRY_DAMAGED":
            raise
        raise VerifyError(error.reason, path=registry, remedy=error.remedy) from error
    for problem in report.problems:
        where = f" screening {problem.screening_key[:_KEY_SHOWN]}:" if problem.screening_key else ""
        click.echo(f"{registry} ERROR {problem.code}{where} {problem.message}", err=True)
    files = f", {report.rehashed} input files hashed again, {report.absent} no longer there" if rehash else ""
    write(f"{registry}: {report.screenings} screenings, {len(report.problems)} problems{files}\n", None)
    if report.problems:
        remedy = f"restore a copy, or screen those samples again{_WHICH_SAMPLE}"
        raise VerifyError(f"{len(report.problems)} problem(s)", path=registry, remedy=remedy)
