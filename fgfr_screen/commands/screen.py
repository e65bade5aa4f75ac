"""`fgfr-screen screen`: the files of one patient -> report, JSON or table."""

import click

from fgfr_screen.commands._output import write
from fgfr_screen.commands._progress import progress_line
from fgfr_screen.coords import assembly_from_name
from fgfr_screen.errors import UsageError
from fgfr_screen.model import SampleReport
from fgfr_screen.terms import Assembly


def chosen_assembly(name: str | None) -> Assembly | None:
    """Return the assembly that an option names, or None.

    Raises:
        UsageError: it is not supported.
    """
    if name is None:
        return None
    known = assembly_from_name(name)
    if known not in tuple(Assembly):
        raise UsageError(f"assembly {name!r} is not supported", remedy="GRCh37 (hg19) or GRCh38 (hg38)")
    return Assembly(known)


def _render(report: SampleReport, output_format: str, table: str, *, show_all: bool) -> str:
    from fgfr_screen.report import json, text, tsv

    match output_format:
        case "json":
            return json.render(report, show_all=show_all)
        case "tsv":
            return tsv.render(report, table=table, show_all=show_all)
        case _:
            return text.render(report, show_all=show_all)


def _tell_rejected(report: SampleReport) -> None:
    """Print refused records and unusable inputs to standard error as `file:line LEVEL CODE message`."""
    paths = {item.id: item.path for item in report.inputs}
    for item in report.inputs:
        for finding in item.findings:
            level = "WARNING" if item.complete else "ERROR"
            click.echo(f"{item.path} {level} {finding.code} {finding.message}", err=True)
    for record in report.rejected:
        line = "" if record.line is None else f":{record.line}"
        path = paths.get(record.input, record.input)
        click.echo(f"{path}{line} WARNING {record.code} {record.message}", err=True)


@click.command(name="screen", context_settings={"max_content_width": 100})
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--sample-id", help="Name of the sample in the result.")
@click.option("--patient-id", help="Pseudonym of the patient in the result; never taken from a file.")
@click.option("--tumor-type", help="OncoTree code, name, or English or Chinese text.")
@click.option("--assembly", help="GRCh37 (hg19) or GRCh38 (hg38), for files that do not tell theirs.")
@click.option("--tumor-sample", help="Sample column of the tumour in a VCF.")
@click.option("--normal-sample", help="Sample column of the matched normal in a VCF.")
@click.option("--purity", type=click.FloatRange(0, 1, min_open=True), help="Tumour purity, 0 to 1.")
@click.option("--ploidy", type=click.FloatRange(0.5, 20), help="Tumour ploidy.")
@click.option("--assay", help="What was tested: a catalogue id or a TOML file.")
@click.option("--assay-qc", type=click.Choice(["pass", "fail"]), help="Whether that test passed its quality control.")
@click.option("--clinical", metavar="FILE.toml", help="Clinical facts.")
@click.option("--program", "programs", multiple=True, metavar="ID", help="Weigh only this programme (repeatable).")
@click.option("--programs-dir", metavar="DIR", help="Folder with more programme files.")
@click.option("--open", "only_open", is_flag=True, help="Only programmes that take patients now, and approved drugs.")
@click.option("--column-map", metavar="FILE.toml", help="What the columns of a result table mean.")
@click.option("--input-format", metavar="NAME", help="Reader for every file (see `fgfr-screen formats`).")
@click.option("--allow-truncated", is_flag=True, help="Use what is there of a cut file; absence then proves nothing.")
@click.option("--all", "show_all", is_flag=True, help="Also list silent changes.")
@click.option("--progress", is_flag=True, help="Show the bytes read on standard error, on a terminal only.")
@click.option("--strict", is_flag=True, help="End with status 3 on any unusable file or refused record.")
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json", "tsv"]), default="text", show_default=True
)
@click.option("--table", type=click.Choice(["events", "programs"]), default="events", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write to a file, replaced in one step.")
def command(
    files: tuple[str, ...],
    programs: tuple[str, ...],
    assembly: str | None,
    output_format: str,
    table: str,
    output: str | None,
    *,
    show_all: bool,
    progress: bool,
    **options: str | float | bool | None,
) -> None:
    """Screen the files of one patient.

    FILE is any mix of VCF, BCF, BEDPE and laboratory reports; - reads standard input.
    """
    from fgfr_screen.screen import screen_sample

    if not files:
        raise click.UsageError("name at least one file, or - for standard input")
    with progress_line(wanted=progress):
        report = screen_sample(*files, programs=programs or None, assembly=chosen_assembly(assembly), **options)
    _tell_rejected(report)
    write(_render(report, output_format, table, show_all=show_all), output)
