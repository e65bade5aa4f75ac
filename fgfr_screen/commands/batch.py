"""`fgfr-screen batch`: a manifest of samples -> results, tables and registry, with progress and resume."""

import sys
import time
from typing import Any

import click

from fgfr_screen.cohort.ledger import Progress
from fgfr_screen.commands._plain import float_range
from fgfr_screen.commands.screen import chosen_assembly

SOME_FAILED_CODE = "SAMPLES_FAILED"
SOME_FAILED = 4
"""Exit status: the run is done, and some samples stand in `errors.tsv`."""


class _ProgressLine:
    """One line on a terminal: done, failed, rate, time left."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None
        self._shown = 0.0

    def tick(self, now: Progress) -> None:
        """Show how far the run is, at most twice a second."""
        clock = time.monotonic()
        if self._first is None:
            self._first = (clock, now.done)
        if clock - self._shown < 0.5:
            return
        self._shown = clock
        started, before = self._first
        rate = (now.done - before) / max(clock - started, 0.001)
        left = f"{(now.total - now.done) / rate:.0f} s left" if rate > 0 else "..."
        click.echo(
            f"\r{now.done} of {now.total} done, {now.failed} failed, {rate:.0f}/s, {left}\x1b[K", err=True, nl=False
        )

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def _shard(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[int, int]:
    if value is None:
        return (1, 1)
    number, _, count = value.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise click.BadParameter(f"{value!r} is not k/n with 1 <= k <= n, such as 3/10")
    return int(number), int(count)


@click.command(name="batch", context_settings={"max_content_width": 100})
@click.argument("manifest", metavar="MANIFEST")
@click.option("--out", required=True, metavar="DIR", help="Folder for results, tables, registry and ledger.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; default: one per processor.")
@click.option("--registry", metavar="URL", help="Another registry than registry.sqlite in DIR.")
@click.option("--root", metavar="DIR", help="Names are relative to it, and no file may lie outside.")
@click.option("--shard", callback=_shard, metavar="K/N", help="Only every N-th sample, from the K-th on.")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Run on an existing Dask cluster.")
@click.option("--retry-failed", is_flag=True, help="Try samples again that failed in an earlier run.")
@click.option(
    "--time-limit", type=float_range(0.01, None), default=600.0, show_default=True, help="Seconds per sample."
)
@click.option("--memory-limit", "memory_limit_mb", type=click.IntRange(64), help="Megabytes of one worker.")
@click.option("--tumor-type", help="OncoTree code, name, or English or Chinese text.")
@click.option("--assembly", help="GRCh37 (hg19) or GRCh38 (hg38), for files that do not tell theirs.")
@click.option("--tumor-sample", help="Sample column of the tumour in a VCF.")
@click.option("--normal-sample", help="Sample column of the matched normal in a VCF.")
@click.option("--purity", type=float_range(0, 1, low_excluded=True), help="Tumour purity, 0 to 1.")
@click.option("--ploidy", type=float_range(0.5, 20), help="Tumour ploidy.")
@click.option("--assay", help="What was tested: a catalogue id or a TOML file.")
@click.option("--assay-qc", type=click.Choice(["pass", "fail"]), help="Whether that test passed its quality control.")
@click.option("--program", "programs", multiple=True, metavar="ID", help="Weigh only this programme (repeatable).")
@click.option("--programs-dir", metavar="DIR", help="Folder with more programme files.")
@click.option("--open", "only_open", is_flag=True, help="Leave out programmes that take no patients now.")
@click.option("--column-map", metavar="FILE.toml", help="What the columns of a result table mean.")
@click.option("--input-format", metavar="NAME", help="Reader for every file (see `fgfr-screen formats`).")
@click.option("--allow-truncated", is_flag=True, help="Use what is there of a cut file; absence then proves nothing.")
@click.option("--strict", is_flag=True, help="A sample fails on any unusable file or refused record.")
def command(manifest: str, out: str, assembly: str | None, programs: tuple[str, ...], **options: Any) -> int:
    """Screen a cohort: one sample per row, each a result or an error row.

    MANIFEST is a TSV, CSV or NDJSON table with the columns sample_id and files (docs/cohorts.md), a folder with one file
    per sample, or an NDJSON or tar file of laboratory reports. DIR gets results.ndjson, summary.tsv, errors.tsv and
    registry.sqlite. The same command goes on where an interrupted run stopped. Exit status 4: some samples failed, or the
    registry holds another answer of theirs.
    """
    from fgfr_screen.cohort.batch import BatchOptions, run_batch

    chosen = BatchOptions(
        manifest=manifest, out=out, assembly=chosen_assembly(assembly), programs=programs or None, **options
    )
    line = _ProgressLine()
    try:
        done = run_batch(chosen, line.tick if sys.stderr.isatty() else lambda _: None)
    finally:
        line.end()
    if done.failed:
        told = f"{out}/errors.tsv WARNING {SOME_FAILED_CODE} {done.failed} of {done.total} samples failed"
        click.echo(told, err=True)
    if done.conflicts:
        told = "results differ from what the registry holds of the same screening; it keeps the older answers"
        click.echo(f"{out}/errors.tsv WARNING REGISTRY_CONFLICT {done.conflicts} {told}", err=True)
    return SOME_FAILED if done.failed or done.conflicts else 0
