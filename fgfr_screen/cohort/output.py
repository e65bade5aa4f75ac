"""Ledger -> `results.ndjson`, `summary.tsv`, `errors.tsv`: written beside the old files, then renamed, all or none."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import IO, NamedTuple

from fgfr_screen import terms
from fgfr_screen.cohort.manifest import SampleError
from fgfr_screen.cohort.registry._rows import Parsed
from fgfr_screen.errors import OutputError
from fgfr_screen.model import SampleReport
from fgfr_screen.report._plain import plain
from fgfr_screen.terms import AlterationClass

SUMMARY_COLUMNS = (
    "sample_id",
    "patient_id",
    "tumor_type",
    "qualifying_fgfr2_fusion_or_rearrangement",
    "fgfr2_amplification",
    "fgfr3_alteration",
    "other_fgfr_alteration",
    "events",
    "programs_match",
    "programs_review",
    "programs_undetermined",
    "records",
    "outside_fgfr",
    "rejected",
    "incomplete_inputs",
    "warnings",
)
FILE_NAMES = ("results.ndjson", "summary.tsv", "errors.tsv")
ERROR_COLUMNS = ("sample_id", "patient_id", "manifest_line", "file", "line", "code", "message", "remedy")
_UNREMARKABLE = {AlterationClass.SILENT, AlterationClass.BENIGN, AlterationClass.COPY_NUMBER_NEUTRAL}


class Succeeded(NamedTuple):
    """A sample with a result: its JSON, the same packed, its rows for the registry, its line of `summary.tsv`."""

    body: bytes
    packed: bytes
    rows: Parsed
    summary: bytes


class Failed(NamedTuple):
    """A sample without a result, or whose result the registry did not take. `line` is a line of the manifest, if known."""

    line: int | None
    sample_id: str
    patient_id: str | None
    error: SampleError


Outcome = Succeeded | Failed


def summary_line(report: SampleReport) -> bytes:
    """Return the row of a result in `summary.tsv`."""
    return _tsv(summary_cells(report))


def summary_cells(report: SampleReport) -> tuple[str, ...]:
    """Return the cells of one row of `summary.tsv`, in the order of `SUMMARY_COLUMNS`."""
    sample, counts = report.sample, report.accounting
    tumor = sample.tumor_type
    named: dict[terms.Outcome, list[str]] = {outcome: [] for outcome in terms.Outcome}
    for item in report.programs:
        named[item.outcome].append(item.id)
    events = [f"{e.name} [{e.outcome}]" for e in report.events if e.alteration_class not in _UNREMARKABLE]
    return (
        sample.sample_id or "",
        sample.patient_id or "",
        "" if tumor is None else tumor.oncotree or tumor.text,
        report.summary.qualifying_fgfr2_fusion_or_rearrangement.value,
        report.summary.fgfr2_amplification.value,
        report.summary.fgfr3_alteration.value,
        report.summary.other_fgfr_alteration.value,
        "; ".join(events),
        "; ".join(sorted(named[terms.Outcome.MATCH])),
        "; ".join(sorted(named[terms.Outcome.REVIEW])),
        "; ".join(sorted(named[terms.Outcome.UNDETERMINED])),
        str(counts.records),
        str(counts.outside_fgfr),
        str(counts.rejected),
        "; ".join(item.path for item in report.inputs if not item.complete),
        "; ".join(dict.fromkeys(item.code for item in report.warnings)),
    )


def error_cells(row: Failed) -> tuple[str, ...]:
    """Return the cells of one row of `errors.tsv`, in the order of `ERROR_COLUMNS`."""
    error = row.error
    row_line, line = ("" if number is None else str(number) for number in (row.line, error.line))
    where = (row.sample_id, row.patient_id or "", row_line, error.path or "", line)
    return (*where, error.code, error.message, error.remedy)


def _tsv(cells: Iterable[str]) -> bytes:
    return ("\t".join(map(plain, cells)) + "\n").encode("utf-8", "surrogateescape")


class Streams:
    """The three files of a run while they are written; renamed by `publish`, removed when something fails."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._open: dict[str, IO[bytes]] = {}

    def __enter__(self) -> "Streams":
        self._guarded(self._start)
        return self

    def __exit__(self, *_: object) -> None:
        for name, stream in self._open.items():
            with contextlib.suppress(OSError):
                stream.close()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary(name))

    def write(self, rows: Iterable[Outcome]) -> Iterator[tuple[Parsed, bytes]]:
        """Write every row; yields each result for the registry: rows, and packed.

        Raises:
            OutputError: The disk is full, or the folder cannot be written any more.
        """
        for row in rows:
            if isinstance(row, Failed):
                self._write("errors.tsv", _tsv(error_cells(row)))
                continue
            self._write("results.ndjson", row.body)
            self._write("results.ndjson", b"\n")
            self._write("summary.tsv", row.summary)
            yield row.rows, row.packed

    def tell_conflict(self, sample_id: str, registry: str) -> None:
        """Write the row of a result that stands in the registry with another answer already.

        Raises:
            OutputError: As `write`.
        """
        error = SampleError(
            code="REGISTRY_CONFLICT",
            message="the registry holds another answer of this screening and keeps it; the new one is in results.ndjson",
            remedy="compare both, and use a new registry when the new answer is right",
            path=registry,
        )
        self._write("errors.tsv", _tsv(error_cells(Failed(None, sample_id, None, error))))

    def publish(self) -> None:
        """Put the new files in the place of the old ones.

        Raises:
            OutputError: A file could not be written whole; the old ones are as they were.
        """
        self._guarded(self._sync)
        for name in FILE_NAMES:
            os.replace(self._temporary(name), os.path.join(self._folder, name))
        self._open.clear()

    def _temporary(self, name: str) -> str:
        return os.path.join(self._folder, f".{name}.new")

    def _start(self) -> None:
        for name in FILE_NAMES:
            self._open[name] = open(self._temporary(name), "wb", buffering=1 << 20)  # noqa: SIM115 - closed by `__exit__`
        self._open["summary.tsv"].write(_tsv(SUMMARY_COLUMNS))
        self._open["errors.tsv"].write(_tsv(ERROR_COLUMNS))

    def _write(self, name: str, line: bytes) -> None:
        try:
            self._open[name].write(line)
        except OSError as error:
            raise self._cannot_write(error) from error

    def _sync(self) -> None:
        for stream in self._open.values():
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            raise self._cannot_write(error) from error

    def _cannot_write(self, error: OSError) -> OutputError:
        remedy = "free space or choose another --out, and give the same command again"
        return OutputError(f"cannot write: {error.strerror}", path=self._folder, remedy=remedy)
