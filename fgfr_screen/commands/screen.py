"""`fgfr-screen screen`: the files of one patient -> report, JSON or table."""

import sys
from typing import TYPE_CHECKING

from fgfr_screen.commands._output import write
from fgfr_screen.commands._plain import Option, as_click_command, read_plainly
from fgfr_screen.commands._progress import progress_line
from fgfr_screen.coords import assembly_from_name
from fgfr_screen.errors import UsageError
from fgfr_screen.model import SampleReport
from fgfr_screen.terms import Assembly

if TYPE_CHECKING:
    import click


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
            print(f"{item.path} {level} {finding.code} {finding.message}", file=sys.stderr)
    for record in report.rejected:
        line = "" if record.line is None else f":{record.line}"
        path = paths.get(record.input, record.input)
        print(f"{path}{line} WARNING {record.code} {record.message}", file=sys.stderr)


OPTIONS = (
    Option(names=("--sample-id",), into="sample_id", help="Name of the sample in the result."),
    Option(
        names=("--patient-id",),
        into="patient_id",
        help="Pseudonym of the patient in the result; never taken from a file.",
    ),
    Option(names=("--tumor-type",), into="tumor_type", help="OncoTree code, name, or English or Chinese text."),
    Option(
        names=("--assembly",),
        into="assembly",
        help="GRCh37 (hg19) or GRCh38 (hg38), for files that do not tell theirs.",
    ),
    Option(names=("--tumor-sample",), into="tumor_sample", help="Sample column of the tumour in a VCF."),
    Option(names=("--normal-sample",), into="normal_sample", help="Sample column of the matched normal in a VCF."),
    Option(names=("--purity",), into="purity", low=0, high=1, low_excluded=True, help="Tumour purity, 0 to 1."),
    Option(names=("--ploidy",), into="ploidy", low=0.5, high=20, help="Tumour ploidy."),
    Option(names=("--assay",), into="assay", help="What was tested: a catalogue id or a TOML file."),
    Option(
        names=("--assay-qc",),
        into="assay_qc",
        choices=("pass", "fail"),
        help="Whether that test passed its quality control.",
    ),
    Option(names=("--clinical",), into="clinical", metavar="FILE.toml", help="Clinical facts."),
    Option(
        names=("--program",),
        into="programs",
        is_repeatable=True,
        metavar="ID",
        help="Weigh only this programme (repeatable).",
    ),
    Option(names=("--programs-dir",), into="programs_dir", metavar="DIR", help="Folder with more programme files."),
    Option(
        names=("--open",),
        into="only_open",
        is_flag=True,
        help="Only programmes that take patients now, and approved drugs.",
    ),
    Option(
        names=("--column-map",),
        into="column_map",
        metavar="FILE.toml",
        help="What the columns of a result table mean.",
    ),
    Option(
        names=("--input-format",),
        into="input_format",
        metavar="NAME",
        help="Reader for every file (see `fgfr-screen formats`).",
    ),
    Option(
        names=("--allow-truncated",),
        into="allow_truncated",
        is_flag=True,
        help="Use what is there of a cut file; absence then proves nothing.",
    ),
    Option(names=("--all",), into="show_all", is_flag=True, help="Also list silent changes."),
    Option(
        names=("--progress",),
        into="progress",
        is_flag=True,
        help="Show the bytes read on standard error, on a terminal only.",
    ),
    Option(
        names=("--strict",),
        into="strict",
        is_flag=True,
        help="End with status 3 on any unusable file or refused record.",
    ),
    Option(names=("--format",), into="output_format", choices=("text", "json", "tsv"), default="text"),
    Option(names=("--table",), into="table", choices=("events", "programs"), default="events"),
    Option(names=("-o", "--output"), into="output", metavar="FILE", help="Write to a file, replaced in one step."),
)


def run(
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
        import click

        raise click.UsageError("name at least one file, or - for standard input")
    with progress_line(wanted=progress):
        report = screen_sample(*files, programs=programs or None, assembly=chosen_assembly(assembly), **options)
    _tell_rejected(report)
    write(_render(report, output_format, table, show_all=show_all), output)


def run_plainly(words: list[str]) -> bool:
    """Run a command line that needs nothing of click; False = it was not run."""
    values = read_plainly(OPTIONS, words)
    if values is not None:
        run(**values)
    return values is not None


def click_command() -> "click.Command":
    """Build the command for click: help, abbreviations, and errors in the command line."""
    return as_click_command("screen", run, OPTIONS)
