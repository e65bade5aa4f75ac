"""`fgfr-screen cohort`: counts and rates of a whole cohort, as table, JSON or picture."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from fgfr_screen.commands._output import write

if TYPE_CHECKING:
    from fgfr_screen.cohort.answers import Answer
    from fgfr_screen.cohort.summary import CohortSummary

PLOTS = ("programs", "categories", "classes", "partners", "tumor-types", "missing", "matrix")


def _answers(source: str) -> Iterator["Answer"]:
    """Yield the current results of a registry, or those of a file of results."""
    from fgfr_screen.cohort.answers import decode, read_results

    if source.endswith((".json", ".ndjson", ".jsonl")):
        for body, line in read_results(source):
            yield decode(body, source, line)
        return
    from fgfr_screen.cohort.registry import open_registry

    with open_registry(source, read_only=True) as registry:
        for stored in registry.screenings():
            yield decode(stored.body, source)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _tsv(summary: "CohortSummary") -> str:
    from fgfr_screen.cohort.summary import COLUMNS
    from fgfr_screen.report._plain import plain

    lines = ["\t".join(COLUMNS)]
    for row in summary.rows:
        names = (plain(row.dimension), plain(row.group), plain(row.measure), str(row.count), str(row.total))
        lines.append("\t".join((*names, _number(row.rate), _number(row.low), _number(row.high))))
    return "\n".join(lines) + "\n"


@click.command(name="cohort")
@click.argument("source", metavar="REGISTRY|RESULTS.ndjson")
@click.option(
    "--by", type=click.Choice(["sample", "patient"]), default="sample", show_default=True, help="What counts once."
)
@click.option("--format", "output_format", type=click.Choice(["tsv", "json"]), default="tsv", show_default=True)
@click.option("--plot", type=click.Choice(PLOTS), help="Draw an SVG picture instead of the table.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file, replaced in one step.")
def command(source: str, by: str, output_format: str, plot: str | None, output: str | None) -> None:
    """Count a cohort: rates with intervals by programme, class, partner, tumour type, assay.

    Also what is undetermined for want of what. Intervals are Wilson's, of 95 %.
    """
    from fgfr_screen.cohort.summary import summarise_units, units_of

    units, samples = units_of(_answers(source), by=by)
    summary = summarise_units(units, samples, by=by)
    if plot is not None:
        from fgfr_screen.cohort.plots import draw

        write(draw(plot, summary, units), output)
    elif output_format == "json":
        import msgspec

        write(msgspec.json.format(msgspec.json.encode(summary), indent=2).decode() + "\n", output)
    else:
        write(_tsv(summary), output)
