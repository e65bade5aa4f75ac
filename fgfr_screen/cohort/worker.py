"""One worker process: specs of samples on standard input, answers on standard output.

`python -m fgfr_screen.cohort.worker` is started by the supervisor (`runner`), on a cluster by the task (`cluster`). The
imports and tables are paid for once; a sample can kill, block or bloat this process and nothing else. Frames are a
4-byte little-endian length and a msgpack value: first `Settings`, then chunks of (key, spec); back comes one empty
frame when the worker is ready, then one `Answer` per sample. The end of standard input ends the worker.
"""

import functools
import gc
import hashlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import IO, Any

import msgspec

from fgfr_screen import screen
from fgfr_screen.cohort.manifest import SampleError, SampleFile, SampleSpec
from fgfr_screen.cohort.output import summary_line
from fgfr_screen.cohort.registry import _rows
from fgfr_screen.errors import FgfrScreenError, InputError
from fgfr_screen.model import Assay, Finding, Record, SampleReport
from fgfr_screen.programs import Program, Weigher, load_builtin
from fgfr_screen.terms import AssayQc

GARBAGE_THRESHOLD = 100_000
_LENGTH_BYTES = 4

Chunk = list[tuple[bytes, bytes]]
"""Keys of the ledger and encoded `SampleSpec`s."""


class Settings(Record, frozen=True, kw_only=True):
    """What is the same for all samples of a run.

    Attributes:
        run_digest: Over everything beside a sample's row and files that decides its result.
        programs: Programmes as msgpack; None = all packaged ones.
        assays: Tests that rows name, by the name in the row.
        column_map: TOML file that describes the columns of result tables, or None.
        time_limit: Seconds for one sample.
        memory_limit_mb: Address space of a worker; None = no limit.
    """

    run_digest: bytes = b""
    programs: bytes | None = None
    assays: dict[str, Assay] = msgspec.field(default_factory=dict)
    column_map: str | None = None
    allow_truncated: bool = False
    strict: bool = False
    time_limit: float = 600.0
    memory_limit_mb: int | None = None


class Stamp(Record, frozen=True, array_like=True):
    """State of an input when it was read: bytes, modification time, digest; None where there was no such file."""

    path: str
    size: int | None
    mtime_ns: int | None
    sha256: str | None


class Answer(Record, frozen=True, array_like=True):
    """What became of a sample, in the form in which the ledger keeps it.

    Attributes:
        key: Of the ledger.
        stamps: `Stamp`s of its inputs as msgpack (`packed_stamps`).
        result: As the registry takes it; None with an `error`.
        summary: Its line of `summary.tsv`; b"" with an `error`.
    """

    key: bytes
    stamps: bytes
    result: _rows.Ready | None = None
    summary: bytes = b""
    error: SampleError | None = None


class _TimeLimitError(BaseException):
    """The time of a sample is over. No reader may catch it."""


# -------------------------------------------------------------------------------------------------------- one sample


def answer(key: bytes, spec: SampleSpec, settings: Settings) -> Answer:
    """Screen one sample; whatever happens becomes an answer."""
    stamps = tuple(_stamp(file) for file in spec.files)
    try:
        report = _screened(spec, settings)
    except FgfrScreenError as fault:
        error = SampleError(
            code=fault.code, message=fault.reason, remedy=fault.remedy, path=fault.path, line=fault.line
        )
    except MemoryError:
        error = SampleError(
            code="MEMORY_LIMIT", message="the sample needs more memory than allowed", remedy="raise --memory-limit"
        )
    except Exception as fault:  # noqa: BLE001 - one bad sample never stops the others
        error = _internal(fault)
    else:
        digests = {item.path: item.sha256 for item in report.inputs}
        named = zip(spec.files, stamps, strict=True)
        stamps = tuple(
            Stamp(s.path, s.size, s.mtime_ns, digests.get(f.name) if f.size is None else None) for f, s in named
        )
        ready = _rows.ready(report, msgspec.json.encode(report), options_digest(settings.run_digest, spec))
        return Answer(key, packed_stamps(stamps), ready, summary_line(report))
    return Answer(key, packed_stamps(stamps), error=error)


def packed_stamps(stamps: tuple[Stamp, ...]) -> bytes:
    """Return stamps as an answer carries them."""
    return msgspec.msgpack.encode(stamps)


NO_STAMPS = packed_stamps(())
"""Of a sample whose files nobody got to look at; such an answer holds whatever they are."""


def options_digest(run_digest: bytes, spec: SampleSpec) -> str:
    """Return a digest of everything but the files that decides a result; it does not depend on the machine."""
    bare = msgspec.structs.replace(spec, files=())
    return hashlib.sha256(run_digest + msgspec.msgpack.encode(bare)).hexdigest()


def _screened(spec: SampleSpec, settings: Settings) -> SampleReport:
    options = screen.ScreenOptions(
        sample_id=spec.sample_id,
        patient_id=spec.patient_id,
        tumor_type=spec.tumor_type,
        assembly=spec.assembly,
        tumor_sample=spec.tumor_sample,
        normal_sample=spec.normal_sample,
        purity=spec.purity,
        ploidy=spec.ploidy,
        clinical=spec.clinical or None,
        input_format=spec.input_format,
        column_map=settings.column_map,
        allow_truncated=settings.allow_truncated,
        strict=settings.strict,
    )
    stored = {file.name: _stored(file) for file in spec.files}
    contents = screen.read_inputs([file.name for file in spec.files], options, stored)
    report = screen.screen_contents(
        contents,
        options,
        weigher=_weigher(settings.programs),
        named_assay=_named_assay(spec, settings),
    )
    shared = tuple(
        Finding(code="SAME_FILE_TWICE", message=f"sample {other} names the same file") for other in spec.same_file_as
    )
    return msgspec.structs.replace(report, silent_events=(), warnings=(*report.warnings, *shared))


def _named_assay(spec: SampleSpec, settings: Settings) -> Assay | None:
    if spec.assay is None:
        return None
    assay = settings.assays[spec.assay]
    return assay if spec.assay_qc is None else msgspec.structs.replace(assay, qc=AssayQc(spec.assay_qc))


@functools.cache
def _weigher(packed: bytes | None) -> Weigher:
    return Weigher(load_builtin() if packed is None else msgspec.msgpack.decode(packed, type=tuple[Program, ...]))


def _stored(file: SampleFile) -> str | bytes:
    """Return where the bytes of an input are: a path, or the bytes of a part of an archive.

    Raises:
        InputError: The archive cannot be read.
    """
    if file.offset is None or file.size is None:
        return file.path
    try:
        with open(file.path, "rb", buffering=0) as archive:
            return os.pread(archive.fileno(), file.size, file.offset)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise InputError(reason, path=file.name, code="NOT_READABLE", remedy="check the path") from error


def _stamp(file: SampleFile) -> Stamp:
    try:
        now = os.stat(file.path)
    except (OSError, ValueError):
        return Stamp(file.path, None, None, None)
    return Stamp(file.path, now.st_size, now.st_mtime_ns, None)


def _internal(fault: Exception) -> SampleError:
    """Tell where the program failed without values that may belong to a patient."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace is not None else "?"
    return SampleError(
        code="INTERNAL_ERROR", message=f"{type(fault).__name__} at {where}", remedy="this is a bug; please report it"
    )


# ------------------------------------------------------------------------------------------------------- the process


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Write one frame and pass it on."""
    left = memoryview(len(payload).to_bytes(_LENGTH_BYTES, "little") + payload)
    while left:
        left = left[stream.write(left) :]
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Return the next frame; None when the other side is gone, even in the middle of a frame."""
    head = _read_exactly(stream, _LENGTH_BYTES)
    return None if head is None else _read_exactly(stream, int.from_bytes(head, "little"))


def _read_exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts: list[bytes] = []
    while size > 0:
        part = stream.read(size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def cut_frames(heard: bytearray) -> list[bytes]:
    """Take the whole frames off the front of what was read; the start of the next one stays."""
    found, at = [], 0
    while len(heard) - at >= _LENGTH_BYTES:
        start = at + _LENGTH_BYTES
        end = start + int.from_bytes(heard[at:start], "little")
        if end > len(heard):
            break
        found.append(bytes(heard[start:end]))
        at = end
    del heard[:at]
    return found


def frames(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield frames to the end."""
    while (payload := read_frame(stream)) is not None:
        yield payload


def _limit_memory(megabytes: int | None) -> None:
    if megabytes is not None:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, hard))


def _time_is_over(_signal: int, _frame: FrameType | None) -> None:
    raise _TimeLimitError


def _timed(key: bytes, spec: SampleSpec, settings: Settings) -> Answer:
    signal.setitimer(signal.ITIMER_REAL, settings.time_limit)
    try:
        return answer(key, spec, settings)
    except _TimeLimitError:
        stamps = tuple(_stamp(file) for file in spec.files)
        return Answer(key, packed_stamps(stamps), error=out_of_time(settings.time_limit))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def out_of_time(limit: float) -> SampleError:
    """Return the error of a sample that takes longer than allowed."""
    return SampleError(
        code="TIME_LIMIT", message=f"the sample takes longer than {limit:g} s", remedy="raise --time-limit"
    )


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer chunks until the supervisor is gone."""
    requests = frames(source)
    first = next(requests, None)
    if first is None:
        return
    settings = msgspec.msgpack.decode(first, type=Settings)
    _limit_memory(settings.memory_limit_mb)
    _weigher(settings.programs)
    chunks: Any = msgspec.msgpack.Decoder(Chunk)
    specs: Any = msgspec.msgpack.Decoder(SampleSpec)
    gc.collect()
    gc.freeze()  # what is loaded by now stays; looking at it after every chunk would be wasted
    write_frame(sink, b"")
    for request in requests:
        for key, packed in chunks.decode(request):
            write_frame(sink, msgspec.msgpack.encode(_timed(key, specs.decode(packed), settings)))
        gc.collect(1)  # exceptions leave cycles; those of a chunk are collected after it, and memory stays flat


def main() -> None:
    """Serve the supervisor that started this process; a stray print of a library goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides when a terminal interrupts
    signal.signal(signal.SIGALRM, _time_is_over)
    gc.set_threshold(GARBAGE_THRESHOLD)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        serve(sys.stdin.buffer, sink)
    except BrokenPipeError:
        os._exit(0)  # the supervisor is gone; nobody reads the rest


if __name__ == "__main__":
    main()
