"""A real PostgreSQL server for tests: Debian's package, a temporary folder, loopback only, an unprivileged user."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from types import TracebackType
from typing import Self

START_SECONDS = 30
_BINARIES = "/usr/lib/postgresql/*/bin"


def binaries() -> str | None:
    """Return the folder of `initdb` and `postgres`, the newest version first; None = not installed."""
    folders = sorted(glob.glob(_BINARIES), key=lambda path: [int(part) for part in path.split("/") if part.isdigit()])
    on_path = shutil.which("initdb")
    candidates = [*reversed(folders), *([os.path.dirname(on_path)] if on_path else [])]
    return next((one for one in candidates if os.path.exists(os.path.join(one, "postgres"))), None)


def _unprivileged() -> pwd.struct_passwd | None:
    """Return the user to run the server as when we are root (the server refuses root); None = ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError("no unprivileged user")


class Server:
    """A running server; `empty_database()` gives a place for one test."""

    def __init__(self, folder: str) -> None:
        self._binaries = folder
        self._folder = tempfile.mkdtemp(prefix="fgfr-postgresql-")
        self._user = _unprivileged()
        self._databases: set[str] = set()
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self) -> Self:
        data = os.path.join(self._folder, "data")
        setup = ["initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        self._run(setup).wait(timeout=60)
        options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}", "fsync=off"]
        settings = [word for option in options for word in ("-c", option)]
        self._server = self._run(["postgres", "-D", data, "-p", str(self.port), *settings])
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self._log())
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        program = os.path.join(self._binaries, command[0])
        user = self._user
        with open(os.path.join(self._folder, "log"), "ab") as log:
            return subprocess.Popen(
                [program, *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={"PATH": "/usr/bin:/bin", "HOME": self._folder},
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )

    def _log(self) -> str:
        with open(os.path.join(self._folder, "log"), encoding="utf-8") as log:
            return log.read()

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://tester@127.0.0.1:{self.port}/{database}"

    def execute(self, database: str, *statements: str) -> None:
        """Run SQL as the owner of everything."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def empty_database(self, name: str = "registry") -> str:
        """Make a database, or empty it, and return its address."""
        if name not in self._databases:
            self.execute("postgres", f"CREATE DATABASE {name}")
            self._databases.add(name)
        else:
            self.execute(name, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return self.url(name)
