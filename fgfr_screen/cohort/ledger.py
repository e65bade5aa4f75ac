"""The durable memory of a run: which sample was answered, with what, from which bytes (SQLite, one writer).

Every answer is kept under a key over everything that decides it: the sample's row, the programmes, the data release and
the version. An answer counts only while its inputs are the bytes that were read (size and time, else the digest). So the
same command goes on where a killed run stopped, and a changed file, row or rule is screened again.
"""

import contextlib
import errno
import fcntl
import hashlib
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, TypeVar

import msgspec

from fgfr_screen.cohort import packing
from fgfr_screen.cohort.manifest import Row, SampleError, SampleSpec, folded
from fgfr_screen.cohort.output import Failed, Outcome, Succeeded
from fgfr_screen.cohort.registry._rows import parsed_of
from fgfr_screen.cohort.worker import Answer, Stamp
from fgfr_screen.errors import InputError, OutputError
from fgfr_screen.model import Record

FILE_NAME = "ledger.sqlite"
APPLICATION_ID = 0x46475343
"""Mark in the file header of our ledgers ("FGSC")."""
SCHEMA_VERSION = 2
_KEY_BYTES = 20
_LINES_NAMED = 5
_INSERT_ROWS = 1000
_PAGE_ROWS = 100

_TABLES = """
CREATE TABLE IF NOT EXISTS answer (
    key BLOB PRIMARY KEY, stamps BLOB NOT NULL, packed BLOB, rows BLOB, summary BLOB NOT NULL, error BLOB);
CREATE TABLE IF NOT EXISTS task (
    ordinal INTEGER PRIMARY KEY, line INTEGER NOT NULL, folded TEXT NOT NULL, key BLOB, spec BLOB NOT NULL, error BLOB);
CREATE TABLE IF NOT EXISTS file (ordinal INTEGER NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL);
"""
T = TypeVar("T")


class Progress(Record, frozen=True):
    """How far a run is: samples of this shard, answered ones, failed ones among them.

    `conflicts` counts results that the registry holds with another answer; known at the end of a run.
    """

    total: int
    done: int
    failed: int
    conflicts: int = 0


class Ledger:
    """Ledger of one output folder, locked for this process while it is open."""

    def __init__(self, folder: str, shard: tuple[int, int] = (1, 1)) -> None:
        """Open or create the ledger.

        Args:
            folder: The output folder; made where it is missing.
            shard: (k, n): this run answers every n-th sample from the k-th on.

        Raises:
            OutputError: The folder cannot be written, or another process holds the ledger.
            InputError: The file is no ledger of ours, damaged, or of a newer version.
        """
        self.path = os.path.join(folder, FILE_NAME)
        self._shard = shard
        self._lock = _locked(folder, self.path)
        try:
            self._database = self._guarded(self._connect)
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._lock.close()

    # ---------------------------------------------------------------------------------------------------- the plan

    def plan(self, rows: Iterable[Row], run_digest: bytes, *, again: bool = False) -> None:
        """Take the samples of a manifest as the work to do; answers that still hold are kept.

        Args:
            rows: Samples in order.
            run_digest: Over everything beside the row that decides a result.
            again: True = samples that failed before are tried again.

        Raises:
            OutputError: The ledger cannot be written.
        """

        def write() -> None:
            """Replace the plan by the new one, in one transaction."""
            with self._transaction():
                self._database.execute("DELETE FROM task")
                self._database.execute("DELETE FROM file")
                self._insert(rows, run_digest)
                self._refuse_duplicates()
                self._tell_shared_files(run_digest)
                if again:
                    self._database.execute("DELETE FROM answer WHERE error IS NOT NULL")
                self._forget_changed()

        self._guarded(write)

    def _insert(self, rows: Iterable[Row], run_digest: bytes) -> None:
        tasks: list[tuple[int, int, str, bytes, bytes, bytes | None]] = []
        files: list[tuple[int, int, int]] = []
        for ordinal, row in enumerate(rows):
            spec = msgspec.msgpack.encode(row.spec)
            error = None if row.error is None else msgspec.msgpack.encode(row.error)
            tasks.append((ordinal, row.line, folded(row.spec.sample_id), _key(run_digest, spec), spec, error))
            files += _places(ordinal, row)
            if len(tasks) >= _INSERT_ROWS:
                self._flush(tasks, files)
        self._flush(tasks, files)

    def _flush(
        self, tasks: list[tuple[int, int, str, bytes, bytes, bytes | None]], files: list[tuple[int, int, int]]
    ) -> None:
        self._database.executemany("INSERT INTO task VALUES (?, ?, ?, ?, ?, ?)", tasks)
        self._database.executemany("INSERT INTO file VALUES (?, ?, ?)", files)
        tasks.clear()
        files.clear()

    def _refuse_duplicates(self) -> None:
        """Give every row of an id that stands more than once an error that names the lines."""
        twice = self._database.execute(
            "SELECT folded, group_concat(line), count(*) FROM (SELECT folded, line FROM task ORDER BY ordinal) "
            "WHERE folded != '' GROUP BY folded HAVING count(*) > 1"
        ).fetchall()
        for name, lines, count in twice:
            shown = lines.split(",")[:_LINES_NAMED]
            more = f" and {count - len(shown)} more" if count > len(shown) else ""
            error = SampleError(
                code="DUPLICATE_SAMPLE_ID",
                message=f"the same sample_id stands in lines {', '.join(shown)}{more} (case and Unicode form do not count)",
                remedy="give every sample an id of its own, or list the files of one sample in one row",
            )
            self._database.execute("UPDATE task SET error = ? WHERE folded = ?", (msgspec.msgpack.encode(error), name))

    def _tell_shared_files(self, run_digest: bytes) -> None:
        """Name the other samples in the spec of every sample whose file they name too."""
        shared = self._database.execute(
            "SELECT DISTINCT mine.ordinal, other.ordinal FROM file mine JOIN file other "
            "ON mine.device = other.device AND mine.inode = other.inode AND mine.ordinal != other.ordinal "
            "WHERE (mine.device, mine.inode) IN "
            "(SELECT device, inode FROM file GROUP BY device, inode HAVING count(*) > 1) ORDER BY 1, 2"
        ).fetchall()
        others: dict[int, list[str]] = {}
        for mine, other in shared:
            others.setdefault(mine, []).append(self._spec_of(other).sample_id)
        for ordinal, names in others.items():
            spec = msgspec.structs.replace(self._spec_of(ordinal), same_file_as=tuple(sorted(set(names))))
            packed = msgspec.msgpack.encode(spec)
            self._database.execute(
                "UPDATE task SET spec = ?, key = ? WHERE ordinal = ?", (packed, _key(run_digest, packed), ordinal)
            )

    def _spec_of(self, ordinal: int) -> SampleSpec:
        packed = self._database.execute("SELECT spec FROM task WHERE ordinal = ?", (ordinal,)).fetchone()[0]
        return msgspec.msgpack.decode(packed, type=SampleSpec)

    def _forget_changed(self) -> None:
        """Drop answers whose inputs are no longer the bytes that were read."""
        known = self._database.execute("SELECT key, stamps FROM answer WHERE key IN (SELECT key FROM task)")
        decoder = msgspec.msgpack.Decoder(tuple[Stamp, ...])
        changed = [(key,) for key, stamps in known if not all(map(_holds, decoder.decode(stamps)))]
        self._database.executemany("DELETE FROM answer WHERE key = ?", changed)

    # ---------------------------------------------------------------------------------------------------- the work

    def progress(self) -> Progress:
        """Count what is done; samples refused by the plan are done and failed."""
        row = self._database.execute(
            "SELECT count(*), sum(t.error IS NOT NULL OR a.key IS NOT NULL), "
            "sum(t.error IS NOT NULL OR a.error IS NOT NULL) "
            "FROM task t LEFT JOIN answer a ON a.key = t.key WHERE t.ordinal % ? = ?",
            self._mine,
        ).fetchone()
        return Progress(row[0], row[1] or 0, row[2] or 0)

    def pending(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield key and packed spec of every sample that has no answer, in order."""
        last = -1
        query = (
            "SELECT t.ordinal, t.key, t.spec FROM task t WHERE t.ordinal > ? AND t.error IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.key = t.key) AND t.ordinal % ? = ? "
            "ORDER BY t.ordinal LIMIT 1000"
        )
        while found := self._database.execute(query, (last, *self._mine)).fetchall():
            last = found[-1][0]
            yield from ((key, spec) for _, key, spec in found)

    def commit(self, answers: Iterable[Answer]) -> None:
        """Keep answers, all or none; they survive whatever happens next.

        Raises:
            OutputError: They could not be written.
        """
        rows = [
            (
                one.key,
                one.stamps,
                *(one.result or (None, None)),
                one.summary,
                None if one.error is None else msgspec.msgpack.encode(one.error),
            )
            for one in answers
        ]

        def write() -> None:
            """Keep the answers, in one transaction."""
            with self._transaction():
                self._database.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", rows)

        if rows:
            self._guarded(write)

    # -------------------------------------------------------------------------------------------------- the result

    def outcomes(self) -> "Outcomes":
        """Return a reader of what became of the samples, for use in another thread while this one goes on."""
        return Outcomes(self.path, self._shard)

    def forget_others(self) -> None:
        """Drop answers that belong to no sample of the manifest as it is now, and give the space back."""

        def write() -> None:
            """Delete, and put what is in the log into the file."""
            with self._transaction():
                self._database.execute("DELETE FROM answer WHERE key NOT IN (SELECT key FROM task)")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        self._guarded(write)

    # ------------------------------------------------------------------------------------------------- the database

    @property
    def _mine(self) -> tuple[int, int]:
        return _share(self._shard)

    def _connect(self) -> sqlite3.Connection:
        is_new = not os.path.exists(self.path)
        database = sqlite3.connect(self.path, isolation_level=None, timeout=0)
        try:
            version = _checked_version(database, self.path, is_new=is_new)
            if 0 < version < SCHEMA_VERSION:
                database.execute("DROP TABLE IF EXISTS answer")  # of an older release, whose answers hold no longer
            database.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
                f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};" + _TABLES
            )
        except BaseException:
            database.close()
            raise
        return database

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _guarded(self, act: Callable[[], T]) -> T:
        with _told(self.path):
            return act()


class Outcomes:
    """What became of the samples of a shard, in manifest order: a reader beside the ledger's only writer."""

    def __init__(self, path: str, shard: tuple[int, int]) -> None:
        self._path = path
        self._mine = _share(shard)
        self._last = -1
        with _told(path):
            self._database = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> "Outcomes":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def take(self) -> list[Outcome]:
        """Return the next samples, at most a page of them; [] = the next one has no answer yet, or there is none.

        Raises:
            InputError: The ledger is damaged.
        """
        query = (
            "SELECT t.ordinal, t.line, t.spec, ifnull(t.error, a.error), a.packed, a.rows, a.summary "
            "FROM task t LEFT JOIN answer a ON a.key = t.key "
            "WHERE t.ordinal > ? AND t.ordinal % ? = ? ORDER BY t.ordinal LIMIT ?"
        )
        with _told(self._path):
            page = self._database.execute(query, (self._last, *self._mine, _PAGE_ROWS)).fetchall()
        taken = list(itertools.takewhile(_is_answered, page))
        if taken:
            self._last = taken[-1][0]
        return [self._outcome(*row[1:]) for row in taken]

    def _outcome(
        self, line: int, spec: bytes, error: bytes | None, packed: bytes, rows: bytes, summary: bytes
    ) -> Outcome:
        if error is not None:
            sample = msgspec.msgpack.decode(spec, type=SampleSpec)
            return Failed(line, sample.sample_id, sample.patient_id, msgspec.msgpack.decode(error, type=SampleError))
        try:
            return Succeeded(packing.unpack(packed), packed, parsed_of(rows), summary)
        except ValueError as fault:
            raise _damaged(self._path, fault) from fault


def _is_answered(row: tuple[Any, ...]) -> bool:
    _, _, _, error, packed, *_ = row
    return error is not None or packed is not None


def _share(shard: tuple[int, int]) -> tuple[int, int]:
    """Return count of shards, and rest of the ordinals that belong to ours."""
    number, count = shard
    return count, number - 1


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """Turn errors of the database into ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OutputError(f"the ledger cannot be written: {error}", path=path, remedy=_REMEDY) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error


def _damaged(path: str, error: Exception) -> InputError:
    remedy = "move it away to screen everything again; results.ndjson is not touched"
    return InputError(f"the ledger is damaged: {error}", path=path, code="LEDGER_DAMAGED", remedy=remedy)


_REMEDY = "free space or choose another --out, and give the same command again"


def _checked_version(database: sqlite3.Connection, path: str, *, is_new: bool) -> int:
    """Return the version of the tables, 0 where there are none; refuse a file that is not ours or of a later version.

    Raises:
        InputError: It is.
    """
    application = database.execute("PRAGMA application_id").fetchone()[0]
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    is_empty = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if not is_new and not (is_empty and application == 0) and application != APPLICATION_ID:
        raise InputError("the file is not a ledger of ours", path=path, code="LEDGER_FOREIGN", remedy="move it away")
    if version > SCHEMA_VERSION:
        told = f"the ledger has version {version}; this program knows {SCHEMA_VERSION}"
        raise InputError(told, path=path, code="LEDGER_VERSION", remedy="use the newer fgfr-screen, or another --out")
    return version


def _locked(folder: str, path: str) -> IO[str]:
    """Take the lock of a folder; the system gives it back when the process ends, however it ends.

    Raises:
        OutputError: Another process has it, or the folder cannot be written.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        lock = open(f"{path}.lock", "a+", encoding="ascii")  # noqa: SIM115 - held while the ledger is open
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror}", path=folder, remedy=_REMEDY) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            told = f"the folder cannot be locked: {error.strerror}"
            raise OutputError(told, path=folder, remedy="use a local disk for --out") from error
        raise OutputError(
            f"locked by pid {holder}",
            path=path,
            code="LEDGER_LOCKED",
            remedy="wait for that run, or choose another --out",
        ) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _key(run_digest: bytes, spec: bytes) -> bytes:
    return hashlib.sha256(run_digest + spec).digest()[:_KEY_BYTES]


def _places(ordinal: int, row: Row) -> list[tuple[int, int, int]]:
    """Return device and inode of every whole file of a row that is there."""
    found = []
    for file in row.spec.files:
        if file.offset is None:
            with contextlib.suppress(OSError, ValueError):
                at = os.stat(file.path)
                found.append((ordinal, at.st_dev, at.st_ino))
    return found


def _holds(stamp: Stamp) -> bool:
    """Say whether the file is what it was: same size and time, or else the same bytes."""
    try:
        now = os.stat(stamp.path)
    except (OSError, ValueError):
        return stamp.size is None
    if (now.st_size, now.st_mtime_ns) == (stamp.size, stamp.mtime_ns):
        return True
    return stamp.sha256 is not None and now.st_size == stamp.size and _digest(stamp.path) == stamp.sha256


def _digest(path: str) -> str | None:
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
