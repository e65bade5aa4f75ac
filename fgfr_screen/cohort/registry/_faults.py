"""Database errors -> our errors, with a code, an exit status and advice. Knows SQLite's and PostgreSQL's words for each fault."""

import contextlib
import sqlite3
from collections.abc import Iterator

from fgfr_screen.errors import FgfrScreenError, InputError, OutputError

_ADVICE: dict[str, tuple[type[FgfrScreenError], str, str]] = {
    "REGISTRY_LOCKED": (OutputError, "another process is writing to it", "wait for the other run, then start again"),
    "REGISTRY_READ_ONLY": (OutputError, "it cannot be written to", "check permissions, or choose another place"),
    "REGISTRY_FULL": (OutputError, "no space is left for it", "free space; what was committed before is whole"),
    "REGISTRY_DAMAGED": (InputError, "the file is damaged", "restore a copy; `registry verify` says what is left"),
    "REGISTRY_FOREIGN": (InputError, "it is not a registry of fgfr-screen", "name another file"),
    "REGISTRY_UNREACHABLE": (OutputError, "it cannot be opened or reached", "check path, address and permissions"),
}
_SQLITE: tuple[tuple[str, str], ...] = (
    ("SQLITE_BUSY", "REGISTRY_LOCKED"),
    ("SQLITE_LOCKED", "REGISTRY_LOCKED"),
    ("SQLITE_PROTOCOL", "REGISTRY_LOCKED"),
    ("SQLITE_READONLY", "REGISTRY_READ_ONLY"),
    ("SQLITE_PERM", "REGISTRY_READ_ONLY"),
    ("SQLITE_FULL", "REGISTRY_FULL"),
    ("SQLITE_CORRUPT", "REGISTRY_DAMAGED"),
    ("SQLITE_NOTADB", "REGISTRY_FOREIGN"),
)
_POSTGRESQL: tuple[tuple[str, str], ...] = (
    ("55P03", "REGISTRY_LOCKED"),
    ("40P01", "REGISTRY_LOCKED"),
    ("25006", "REGISTRY_READ_ONLY"),
    ("42501", "REGISTRY_READ_ONLY"),
    ("53100", "REGISTRY_FULL"),
    ("42P01", "REGISTRY_DAMAGED"),
    ("XX001", "REGISTRY_DAMAGED"),
    ("XX002", "REGISTRY_DAMAGED"),
)


def fault(code: str, where: str, detail: str = "") -> FgfrScreenError:
    """Build the error of a code; `detail` is the database's own word."""
    kind, reason, remedy = _ADVICE[code]
    return kind(f"{reason} ({detail})" if detail else reason, path=where, code=code, remedy=remedy)


def _code_of(error: BaseException) -> str | None:
    """Tell which fault a driver's error is; None = a mistake of ours, not of the registry."""
    name = getattr(error, "sqlite_errorname", None)
    if name == "SQLITE_ERROR":
        return "REGISTRY_DAMAGED" if str(error).startswith("no such") else None
    if name is not None:
        return next((code for start, code in _SQLITE if str(name).startswith(start)), "REGISTRY_UNREACHABLE")
    state = getattr(error, "sqlstate", None)
    known = next((code for start, code in _POSTGRESQL if start == state), None)
    is_ours = known is None and state is not None and str(state).startswith(("22", "23", "42"))
    return None if is_ours else known or "REGISTRY_UNREACHABLE"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@contextlib.contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what a database driver raises into an error of ours. `where` names the registry without a password."""
    try:
        yield
    except FgfrScreenError:
        raise
    except Exception as error:
        origin = getattr(error, "orig", None) or error  # SQLAlchemy wraps the driver's error
        is_driver = isinstance(origin, sqlite3.Error) or hasattr(origin, "sqlstate")
        code = _code_of(origin) if is_driver else None
        if code is None:
            raise
        raise fault(code, where, _first_line(origin)) from error
