"""A cohort from manifest to tables: plan, answer, write, register. The library entry point of `fgfr-screen batch`."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from fgfr_screen import __version__, screen, user_toml
from fgfr_screen.cohort.ledger import Ledger, Progress
from fgfr_screen.cohort.manifest import OPTION_KEYS, Row, SampleError, read_manifest
from fgfr_screen.cohort.runner import CHUNK_SAMPLES, Pool
from fgfr_screen.cohort.worker import Answer, Settings
from fgfr_screen.cohort.writer import Writer
from fgfr_screen.errors import UsageError
from fgfr_screen.evidence.assays import load_assay
from fgfr_screen.model import Assay, Record
from fgfr_screen.reference import data_release
from fgfr_screen.terms import Assembly

REGISTRY_NAME = "registry.sqlite"
_CHUNKS_PER_WORKER = 4


class BatchOptions(Record, frozen=True, kw_only=True):
    """What the user says about a cohort. The options of a sample hold where its row does not say otherwise.

    Attributes:
        manifest: TSV, CSV or NDJSON table, folder, NDJSON or tar of reports.
        out: Folder for the results and the ledger.
        workers: Processes on this machine; None = one per processor that we may use.
        registry: URL of a registry; None = `registry.sqlite` in `out`.
        root: Folder that names are relative to and that no file may leave.
        shard: (k, n): every n-th sample from the k-th on.
        scheduler: Address of a Dask scheduler, or None.
        time_limit: Seconds for one sample. `memory_limit_mb`: address space of one worker; None = no limit.
        retry_failed: Try samples again that failed in an earlier run.
    """

    manifest: str
    out: str
    workers: int | None = None
    registry: str | None = None
    root: str | None = None
    shard: tuple[int, int] = (1, 1)
    scheduler: str | None = None
    time_limit: float = 600.0
    memory_limit_mb: int | None = None
    retry_failed: bool = False
    tumor_type: str | None = None
    assembly: Assembly | None = None
    tumor_sample: str | None = None
    normal_sample: str | None = None
    purity: float | None = None
    ploidy: float | None = None
    assay: str | None = None
    assay_qc: str | None = None
    column_map: str | None = None
    input_format: str | None = None
    programs: tuple[str, ...] | None = None
    programs_dir: str | None = None
    only_open: bool = False
    allow_truncated: bool = False
    strict: bool = False


_DEFAULTS = (*OPTION_KEYS, "input_format")


def run_batch(options: BatchOptions, tick: Callable[[Progress], None] = lambda _: None) -> Progress:
    """Screen a cohort; an interrupted run goes on when it is started again.

    Args:
        options: What to do.
        tick: Called a few times a second with how far the run is.

    Returns:
        Counts of this shard; `failed` samples stand in `errors.tsv` with their reason, and so do `conflicts`.

    Raises:
        UsageError: An option, a programme or an assay file is wrong.
        InputError: The manifest, the ledger or the registry cannot be used.
        OutputError: Something could not be written; older output files are as they were.
    """
    programs = _packed_programs(options)
    assays = _Assays(options)
    with Ledger(options.out, options.shard) as ledger:
        run_digest = _run_digest(options, programs)
        ledger.plan(assays.checked(_rows(options)), run_digest, again=options.retry_failed)
        settings = Settings(
            run_digest=run_digest,
            programs=programs,
            assays=assays.loaded,
            column_map=None if options.column_map is None else os.path.abspath(options.column_map),
            allow_truncated=options.allow_truncated,
            strict=options.strict,
            time_limit=options.time_limit,
            memory_limit_mb=options.memory_limit_mb,
        )
        with Writer(ledger, options.out, options.registry or os.path.join(options.out, REGISTRY_NAME)) as writer:
            _answer_all(ledger, settings, options, tick, writer.go_on)
            writer.finish()
        ledger.forget_others()
        return msgspec.structs.replace(ledger.progress(), conflicts=writer.conflicts)


def _rows(options: BatchOptions) -> Iterator[Row]:
    chosen = {name: getattr(options, name) for name in _DEFAULTS}
    return read_manifest(
        options.manifest, options.root, {name: value for name, value in chosen.items() if value is not None}
    )


def _packed_programs(options: BatchOptions) -> bytes | None:
    """Return the programmes to weigh, None for all packaged ones; a fault in one is told before anything is read."""
    chosen = screen.chosen_programs(
        screen.ScreenOptions(programs=options.programs, programs_dir=options.programs_dir, only_open=options.only_open)
    )
    if options.programs is None and options.programs_dir is None and not options.only_open:
        return None
    return msgspec.msgpack.encode([msgspec.structs.replace(program, examples=()) for program in chosen])


class _Assays:
    """Tests that rows name; each is loaded once, before any sample is screened."""

    def __init__(self, options: BatchOptions) -> None:
        self.loaded: dict[str, Assay] = {}
        self._digests: dict[str, str] = {}
        if options.assay is not None:
            self._load(options.assay)

    def checked(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows with the digest of their assay; one whose assay cannot be used carries the error."""
        for row in rows:
            name = row.spec.assay
            if name is None or row.error is not None:
                yield row
                continue
            try:
                digest = self._digests.get(name) or self._load(name)
            except UsageError as fault:
                error = SampleError(code=fault.code, message=fault.reason, remedy=fault.remedy, path=fault.path)
                yield msgspec.structs.replace(row, error=error)
                continue
            yield msgspec.structs.replace(row, spec=msgspec.structs.replace(row.spec, assay_sha256=digest))

    def _load(self, name: str) -> str:
        """Load an assay and return its digest.

        Raises:
            UsageError: It is no known id and no usable file.
        """
        self.loaded[name] = load_assay(name)
        self._digests[name] = hashlib.sha256(msgspec.msgpack.encode(self.loaded[name])).hexdigest()
        return self._digests[name]


def _run_digest(options: BatchOptions, programs: bytes | None) -> bytes:
    """Return a digest over everything beside its row and its files that decides the result of a sample."""
    release, rules = data_release()
    parts: tuple[Any, ...] = (
        __version__,
        screen.SCHEMA_VERSION,
        release,
        rules,
        programs,
        None if options.column_map is None else user_toml.read_text(options.column_map),
        options.allow_truncated,
        options.strict,
    )
    return hashlib.sha256(msgspec.msgpack.encode(parts)).digest()


def _answer_all(
    ledger: Ledger,
    settings: Settings,
    options: BatchOptions,
    tick: Callable[[Progress], None],
    tell_writer: Callable[[], None],
) -> None:
    """Answer every sample that has no answer yet."""
    start = ledger.progress()
    left = start.total - start.done
    if left == 0:
        return
    counts = [start.done, start.failed]

    def commit(answers: list[Answer]) -> None:
        """Keep the answers of a chunk, and let them be written."""
        ledger.commit(answers)
        tell_writer()
        counts[0] += len(answers)
        counts[1] += sum(one.error is not None for one in answers)

    def tell() -> None:
        """Tell how far the run is."""
        tick(Progress(start.total, counts[0], counts[1]))

    if options.scheduler is not None:
        from fgfr_screen.cohort.cluster import run_on_cluster

        run_on_cluster(options.scheduler, settings, ledger.pending(), left, commit, tell)
        return
    workers = options.workers or usable_processors()
    chunk = min(CHUNK_SAMPLES, max(1, left // (workers * _CHUNKS_PER_WORKER)))
    with Pool(settings, workers, chunk) as pool:
        pool.run(ledger.pending(), commit, tell)


def usable_processors() -> int:
    """Return how many processors this process may use.

    >>> usable_processors() > 0
    True
    """
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
