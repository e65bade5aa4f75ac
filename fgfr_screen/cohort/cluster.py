"""Several machines: the same chunks as tasks of an existing Dask cluster, the answers in the ledger of this process.

A task runs its chunk in a worker process of its own (`runner.Pool`), so a sample that kills or blocks it harms neither the
Dask worker nor its other tasks. Dask runs the chunks of a lost Dask worker again elsewhere; a chunk that keeps losing
workers is halved until the sample is alone. When the scheduler is lost the run ends, and the same command goes on later.
Every machine must see the files under the same paths and have the same version and data.
"""

import collections
import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from fgfr_screen import __version__
from fgfr_screen.cohort.manifest import SampleError
from fgfr_screen.cohort.runner import Pool
from fgfr_screen.cohort.worker import NO_STAMPS, Answer, Chunk, Settings
from fgfr_screen.errors import OutputError, UsageError
from fgfr_screen.reference import data_release

CHUNK_SAMPLES = 256
_CHUNKS_PER_THREAD = 4
_TASKS_PER_THREAD = 3
_CONNECT_SECONDS = 20
_WAIT_SECONDS = 1.0

_pools = threading.local()


def answer_chunk(settings: bytes, chunk: bytes, versions: tuple[str, str]) -> bytes:
    """Answer a chunk on a machine of the cluster; the worker process stays for the next chunk.

    Raises:
        RuntimeError: The machine has another version of the program or its data.
    """
    if versions != _versions():
        told = (
            f"{versions[0]} with data {versions[1][:12]} is wanted, {_versions()[0]} with {_versions()[1][:12]} is here"
        )
        raise RuntimeError(told)
    digest = hashlib.sha256(settings).digest()
    if getattr(_pools, "digest", None) != digest:
        _pools.pool = Pool(msgspec.msgpack.decode(settings, type=Settings), 1)
        _pools.digest = digest
    answers: list[Answer] = []
    _pools.pool.run(iter(msgspec.msgpack.decode(chunk, type=Chunk)), answers.extend, _pass)
    return msgspec.msgpack.encode(answers)


def _pass() -> None:
    """Nobody watches a task."""


def _versions() -> tuple[str, str]:
    return __version__, data_release()[1]


def run_on_cluster(
    address: str,
    settings: Settings,
    samples: Iterator[tuple[bytes, bytes]],
    count: int,
    commit: Callable[[list[Answer]], None],
    tick: Callable[[], None],
) -> None:
    """Answer every sample on a Dask cluster.

    Args:
        address: Of the scheduler.
        settings: What is the same for all samples.
        samples: Keys and packed specs.
        count: How many they are.
        commit: Gets the answers of a chunk; they are kept when it returns.
        tick: Called a few times a second.

    Raises:
        UsageError: Dask is not installed, or no scheduler answers at the address.
        OutputError: The scheduler was lost, or a machine has another version; what is in the ledger stays.
    """
    try:
        import distributed
    except ImportError as error:
        remedy = "pip install 'fgfr-screen[cluster]'"
        raise UsageError("--scheduler needs Dask", code="CLUSTER_EXTRA", remedy=remedy) from error
    try:
        client: Any = _client(distributed, address)
    except (OSError, ValueError, TimeoutError) as error:
        remedy = "start one with `dask scheduler`, or check the address"
        raise UsageError(f"no Dask scheduler at {address}", code="CLUSTER_UNREACHABLE", remedy=remedy) from error
    try:
        with client.as_current():
            _Run(client, settings, count, commit, tick).run(samples)
    except distributed.CancelledError as error:
        raise _lost(address) from error
    finally:
        client.close(timeout=1)


def _client(distributed: Any, address: str) -> Any:
    return distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)


def _lost(address: str) -> OutputError:
    remedy = "the ledger has what was done: start the cluster and give the same command again"
    return OutputError(f"the Dask scheduler at {address} was lost", code="CLUSTER_LOST", remedy=remedy)


class _Run:
    """One run: a few tasks per thread of the cluster in flight, their answers committed as they come."""

    def __init__(
        self,
        client: Any,
        settings: Settings,
        count: int,
        commit: Callable[[list[Answer]], None],
        tick: Callable[[], None],
    ) -> None:
        self._client = client
        self._chunk_samples = min(CHUNK_SAMPLES, max(1, count // (_CHUNKS_PER_THREAD * self._threads)))
        self._settings = msgspec.msgpack.encode(settings)
        self._commit = commit
        self._tick = tick
        self._flying: dict[Any, Chunk] = {}
        self._again: collections.deque[Chunk] = collections.deque()

    def run(self, samples: Iterator[tuple[bytes, bytes]]) -> None:
        """Answer every sample."""
        import distributed

        wait: Any = distributed.wait
        while True:
            self._submit(samples)
            if not self._flying:
                return
            try:
                wait(list(self._flying), timeout=_WAIT_SECONDS, return_when="FIRST_COMPLETED")
            except TimeoutError:
                self._check_alive()
            for future in [future for future in self._flying if future.done()]:
                self._take(future, self._flying.pop(future))
            self._tick()

    def _submit(self, samples: Iterator[tuple[bytes, bytes]]) -> None:
        limit = _TASKS_PER_THREAD * self._threads
        while len(self._flying) < limit:
            chunk = self._again.popleft() if self._again else list(itertools.islice(samples, self._chunk_samples))
            if not chunk:
                return
            packed = msgspec.msgpack.encode(chunk)
            future = self._client.submit(answer_chunk, self._settings, packed, _versions(), pure=False, retries=1)
            self._flying[future] = chunk

    @property
    def _threads(self) -> int:
        """Ask how many threads the cluster has now.

        Raises:
            OutputError: The scheduler was lost.
        """
        try:
            threads: dict[str, int] = self._client.nthreads()
        except OSError as error:  # as Dask tells a broken connection
            raise self._lost() from error
        return max(sum(threads.values()), 1)

    def _check_alive(self) -> None:
        if self._client.status != "running":
            raise self._lost()

    def _lost(self) -> OutputError:
        return _lost(self._client.scheduler.address if self._client.scheduler else "its address")

    def _take(self, future: Any, chunk: Chunk) -> None:
        """Keep the answers of a task, halve the chunk of one that lost its workers."""
        import distributed

        if future.status == "finished":
            self._commit(msgspec.msgpack.decode(future.result(), type=list[Answer]))
            return
        error = future.exception()
        if not isinstance(error, distributed.KilledWorker):
            remedy = "install the same fgfr-screen everywhere, and see the log of the Dask worker"
            raise OutputError(f"a task failed: {error}", code="CLUSTER_TASK", remedy=remedy) from error
        if len(chunk) > 1:
            self._again.extend([chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]])
            return
        fault = SampleError(
            code="WORKER_DIED",
            message="the Dask workers that screened the sample died",
            remedy="look at the file; --retry-failed tries again",
        )
        self._commit([Answer(chunk[0][0], NO_STAMPS, error=fault)])
