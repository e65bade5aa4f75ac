"""A registry as an SQLite file: told from any other database, and opened for reading or writing.

`application_id` marks the file as ours, `user_version` is the version of its tables. Writing keeps SQLite's rollback journal
with a full synchronisation per commit, so that a registry at rest is one file that can be copied, and read on any medium.
"""

import os
import sqlite3
from urllib.parse import quote

from fgfr_screen.cohort.registry._faults import fault, translated
from fgfr_screen.errors import InputError

APPLICATION_ID = 0x46474652
"""`FGFR` in ASCII."""
SCHEMA_VERSION = 1
CACHE_KIB = 32_768


def sqlite_path(url: str) -> str | None:
    """Return the path of an SQLite registry; None when the address names another database.

    >>> sqlite_path("out/cohort.sqlite"), sqlite_path("sqlite:////srv/r.db"), sqlite_path("postgresql://h/d")
    ('out/cohort.sqlite', '/srv/r.db', None)
    """
    if "://" not in url:
        return url
    return url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else None


def newer(where: str, version: object) -> InputError:
    """Build the error for a registry made by a later release."""
    return InputError(
        f"the registry has version {version}, this program knows up to {SCHEMA_VERSION}",
        path=where,
        code="REGISTRY_NEWER",
        remedy="use the release that wrote it, or a later one",
    )


def missing(where: str) -> InputError:
    """Build the error for a registry that does not exist."""
    return InputError(
        "there is no registry", path=where, code="REGISTRY_NOT_FOUND", remedy="check the path, or screen a cohort first"
    )


def _check(connection: sqlite3.Connection, path: str, *, may_be_empty: bool) -> bool:
    """Tell whether the file is a registry (True) or still empty (False).

    Raises:
        InputError: it is another database, or newer.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION_ID:
        if version > SCHEMA_VERSION:
            raise newer(path, version)
        return True
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != 0 or version != 0 or objects:
        raise fault("REGISTRY_FOREIGN", path)
    if not may_be_empty:
        raise fault("REGISTRY_FOREIGN", path, "the file is empty")
    return False


def _uri(path: str, mode: str) -> str:
    return f"file:{quote(os.path.abspath(path))}?{mode}"


def connect(
    path: str, *, read_only: bool, create: bool = False, wait_seconds: float = 10.0
) -> tuple[sqlite3.Connection, bool]:
    """Open the file; the flag says whether it is a registry already, or empty.

    Raises:
        InputError: missing, another database, newer, or damaged.
        OutputError: locked, or cannot be opened.
    """
    if not create and not os.path.exists(path):
        raise missing(path)
    with translated(path):
        mode = "mode=ro" if read_only else "mode=rwc" if create else "mode=rw"
        connection = sqlite3.connect(_uri(path, mode), uri=True, timeout=wait_seconds, isolation_level=None)
        try:
            is_registry = _check(connection, path, may_be_empty=create)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
    return connection, is_registry
