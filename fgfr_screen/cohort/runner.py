"""One machine: a few worker processes around the ledger.

The supervisor is the only one that writes. It hands out chunks, takes one answer per sample and commits them chunk by
chunk. A worker that dies has lost nothing but the sample it was at: that one is tried again alone, and when it ends a
worker a second time it becomes an error row. A worker that stays silent beyond the time limit is killed.
"""

import collections
import contextlib
import fcntl
import itertools
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import IO

import msgspec

import fgfr_screen
from fgfr_screen.cohort.manifest import SampleError
from fgfr_screen.cohort.worker import NO_STAMPS, Answer, Chunk, Settings, cut_frames, out_of_time, write_frame
from fgfr_screen.errors import FgfrScreenError

CHUNK_SAMPLES = 128
_DEATHS_ALLOWED = 1
_FAILED_STARTS_ALLOWED = 3
_GRACE_SECONDS = 10.0
"""A worker ends a sample at its time limit by itself; only one that hangs in foreign code needs this much longer."""
_START_SECONDS = 60.0
_PIPE_BYTES = 1 << 20
_READ_BYTES = 1 << 16


class WorkerStartError(FgfrScreenError):
    """No worker process can be started; nothing of the samples is wrong."""

    default_code = "WORKER_START"


class Worker:
    """One worker process as the supervisor sees it."""

    def __init__(self, settings: bytes) -> None:
        """Start the process; it answers nothing before `wait_ready`.

        Raises:
            WorkerStartError: The system refuses another process.
        """
        package = os.path.dirname(os.path.dirname(os.path.abspath(fgfr_screen.__file__)))
        path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "fgfr_screen.cohort.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": path},
            )
        except OSError as error:
            remedy = "use fewer --workers, or raise the limit of processes"
            raise WorkerStartError(f"no process can be started: {error.strerror}", remedy=remedy) from error
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to: IO[bytes] = self._process.stdin
        self.answers: IO[bytes] = self._process.stdout
        _widen(self.answers)
        self._heard = bytearray()
        self.waiting: collections.deque[tuple[bytes, bytes]] = collections.deque()
        self.finished: list[Answer] = []
        self.is_ready = False
        self.deadline = time.monotonic() + _START_SECONDS
        self._send(settings)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def give(self, chunk: Chunk, seconds: float) -> None:
        """Hand out a chunk to a worker that has none; each sample may take that long."""
        self.waiting.extend(chunk)
        self.deadline = time.monotonic() + seconds
        self._send(msgspec.msgpack.encode(chunk))

    def take(self, seconds: float) -> bool:
        """Take what the worker has said by now; False when it is gone."""
        said = os.read(self.answers.fileno(), _READ_BYTES)
        if not said:
            return False
        self.deadline = time.monotonic() + seconds
        self._heard += said
        for frame in cut_frames(self._heard):
            if self.is_ready:
                self.finished.append(msgspec.msgpack.decode(frame, type=Answer))
                self.waiting.popleft()
            self.is_ready = True
        return True

    def end(self) -> int:
        """End the process and return its exit status (negative = signal)."""
        self._process.kill()
        status = self._process.wait()
        for pipe in (self._to, self.answers):
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # what was buffered for a dead worker
        return status

    def exit_status(self) -> int:
        """Return the exit status of a worker that is gone."""
        try:
            return self._process.wait(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return self.end()

    def _send(self, payload: bytes) -> None:
        try:
            write_frame(self._to, payload)
        except BrokenPipeError:
            return  # a dead worker is found when its answers end


def _widen(pipe: IO[bytes]) -> None:
    """Let a worker go on while the supervisor writes to the disk; where the system allows no more, it waits."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


class Pool:
    """Workers that answer a stream of samples; `run` yields committed chunks of answers."""

    def __init__(self, settings: Settings, workers: int, chunk_samples: int = CHUNK_SAMPLES) -> None:
        """Start no more than `workers` processes, each when there is work for it."""
        self._settings = msgspec.msgpack.encode(settings)
        self._time_limit = settings.time_limit
        self._size = workers
        self._chunk_samples = chunk_samples
        self._workers: list[Worker] = []
        self._selector = selectors.DefaultSelector()
        self._queue: collections.deque[Chunk] = collections.deque()
        self._deaths: collections.Counter[bytes] = collections.Counter()
        self._finished: list[Answer] = []
        self._failed_starts = 0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in list(self._workers):
            self._drop(worker)
            worker.end()
        self._selector.close()

    def run(
        self, samples: Iterator[tuple[bytes, bytes]], commit: Callable[[list[Answer]], None], tick: Callable[[], None]
    ) -> None:
        """Answer every sample.

        Args:
            samples: Keys and packed specs.
            commit: Gets the answers of a chunk; they are kept when it returns.
            tick: Called a few times a second.

        Raises:
            WorkerStartError: Workers cannot be started, or end before they are ready.
        """
        try:
            while self._hand_out(samples):
                self._commit(commit)  # while the workers are at their next chunks
                for key, _ in self._selector.select(timeout=0.5):
                    self._hear(key.data)
                self._end_silent()
                tick()
        finally:
            for worker in self._workers:
                self._collect(worker)
            self._commit(commit)

    def _hand_out(self, samples: Iterator[tuple[bytes, bytes]]) -> bool:
        """Give every idle worker a chunk, and start workers for the chunks that are left; False when all is done."""
        for worker in self._workers:
            if worker.is_ready and not worker.waiting:
                self._fill(samples)
                if self._queue:
                    worker.give(self._queue.popleft(), self._patience)
        self._fill(samples)
        starting = sum(not worker.is_ready for worker in self._workers)
        for _ in range(min(self._size - len(self._workers), len(self._queue) - starting)):
            self._start()
        return bool(self._queue) or any(worker.waiting for worker in self._workers)

    def _fill(self, samples: Iterator[tuple[bytes, bytes]]) -> None:
        """Keep as many chunks ready as there are workers."""
        while len(self._queue) < self._size:
            chunk = list(itertools.islice(samples, self._chunk_samples))
            if not chunk:
                return
            self._queue.append(chunk)

    def _start(self) -> None:
        try:
            worker = Worker(self._settings)
        except WorkerStartError:
            if not self._workers:
                raise
            self._size = len(self._workers)  # go on with those that there are
            return
        self._workers.append(worker)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _hear(self, worker: Worker) -> None:
        if not worker.take(self._patience):
            status = worker.exit_status()
            suspect = worker.waiting.popleft() if worker.waiting else None
            if suspect is not None:
                self._suspect(worker, suspect, status)
            self._bury(worker, status)
        elif worker.is_ready and not worker.waiting:
            self._collect(worker)

    def _end_silent(self) -> None:
        """Kill workers that are over their time; the sample that they were at becomes an error row."""
        now = time.monotonic()
        for worker in [w for w in self._workers if w.deadline < now and (w.waiting or not w.is_ready)]:
            if worker.waiting:
                key, _ = worker.waiting.popleft()
                worker.finished.append(Answer(key, NO_STAMPS, error=out_of_time(self._time_limit)))
            self._bury(worker, worker.end())

    def _suspect(self, worker: Worker, sample: tuple[bytes, bytes], status: int) -> None:
        """Try the sample that a worker died at again, alone; the second time it is the sample's fault."""
        key, _ = sample
        self._deaths[key] += 1
        if self._deaths[key] > _DEATHS_ALLOWED:
            worker.finished.append(Answer(key, NO_STAMPS, error=_died(status)))
        else:
            self._queue.append([sample])

    def _bury(self, worker: Worker, status: int) -> None:
        """Keep what a dead worker answered, and queue what it did not."""
        self._drop(worker)
        self._failed_starts = 0 if worker.is_ready else self._failed_starts + 1
        if self._failed_starts > _FAILED_STARTS_ALLOWED:
            told = f"workers end with status {status} before their first sample"
            raise WorkerStartError(told, remedy="see the messages above, or raise --memory-limit")
        if worker.waiting:
            self._queue.append(list(worker.waiting))
        self._collect(worker)

    def _collect(self, worker: Worker) -> None:
        self._finished += worker.finished
        worker.finished = []

    def _commit(self, commit: Callable[[list[Answer]], None]) -> None:
        finished, self._finished = self._finished, []
        if finished:
            commit(finished)

    def _drop(self, worker: Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.answers)

    @property
    def _patience(self) -> float:
        return self._time_limit + _GRACE_SECONDS


def _died(status: int) -> SampleError:
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return SampleError(
        code="WORKER_DIED",
        message=f"the process that screened the sample died twice ({how})",
        remedy="look at the file; --retry-failed tries again",
    )
