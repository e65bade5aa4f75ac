"""`fgfr-screen check`: what one file is, what would be used of it, and whether a second reader agrees."""

from collections.abc import Iterator

import click

from fgfr_screen.commands._output import write
from fgfr_screen.model import InputContent
from fgfr_screen.screen import ScreenOptions, read_inputs


def _described(content: InputContent) -> Iterator[str]:
    report = content.report
    assembly = report.assembly
    yield f"file:      {report.path}"
    yield f"format:    {report.format} ({report.format_evidence})" + (f", by {report.caller}" if report.caller else "")
    yield f"assembly:  {assembly.name or 'not told'} ({assembly.source}: {'; '.join(assembly.evidence) or 'no evidence'})"
    yield (
        f"records:   {report.records} read, {report.outside_fgfr} outside FGFR1-3, {report.rejected} refused, "
        f"{report.records - report.outside_fgfr - report.rejected} of interest"
    )
    yield f"complete:  {'yes' if report.complete else 'no'}"
    for finding in report.findings:
        yield f"note:      {finding.message} [{finding.code}]"
    for record in content.rejected:
        touching = " (touches FGFR1-3)" if record.touches_fgfr else ""
        yield f"refused:   line {record.line}{touching}: {record.message} [{record.code}]"


def _second_proteins(content: InputContent, options: ScreenOptions) -> Iterator[str]:
    from fgfr_screen.screen import screen_contents
    from fgfr_screen.second_opinion import protein_differences

    report = screen_contents([content], options)
    compared, differences = protein_differences((*report.events, *report.silent_events))
    if compared:
        yield f"Biopython: {compared} coding substitutions translated again, {len(differences)} differences"
    for difference in differences:
        yield f"           {difference}"


def _second_opinion(path: str) -> Iterator[str]:
    from fgfr_screen.second_opinion import SHOWN, compare

    opinion = compare(path)
    yield f"PyVCF3:    {opinion.compared} records compared, {len(opinion.differences)} differences"
    for difference in opinion.differences[:SHOWN]:
        yield f"           {difference}"
    if opinion.stopped is not None:
        yield f"           it could not read on: {opinion.stopped}"


@click.command(name="check")
@click.argument("file", metavar="FILE")
@click.option("--assembly", help="GRCh37 (hg19) or GRCh38 (hg38), when the file does not tell.")
@click.option("--tumor-sample", help="Sample column of the tumour in a VCF.")
@click.option("--input-format", metavar="NAME", help="Reader for the file (see `fgfr-screen formats`).")
def command(file: str, assembly: str | None, tumor_sample: str | None, input_format: str | None) -> None:
    """Read one file, show what would be used of it, and ask a second reader.

    The second reader is PyVCF3 for text VCF, and Biopython for protein changes. Exit status 3: the file cannot be used.
    """
    from fgfr_screen.commands.screen import chosen_assembly

    options = ScreenOptions(assembly=chosen_assembly(assembly), tumor_sample=tumor_sample, input_format=input_format)
    content = read_inputs([file], options)[0]
    lines = list(_described(content))
    if content.report.format == "vcf" and file != "-":
        lines += _second_opinion(file)
    lines += _second_proteins(content, options)
    write("\n".join(lines) + "\n", None)
