"""The registry: every screening that was ever made, what it was made from, and which one counts now.

A registry is an SQLite file (`cohort.sqlite`) or a PostgreSQL database (`postgresql://...`). Each row is one result with the
checksums of its inputs, the versions of tool, data and rules, its events and outcomes. The screening key is the sample, the
sorted input checksums, the digest of the options, and the versions of rules and tool: the same screening added twice is one
row, a changed input or rule set is a new row. Nothing is overwritten; a flag says which row counts, a history says since when.

| table | one row per |
|---|---|
| `registry_meta` | property of the registry (`schema_version`) |
| `screening` | screening; `is_current` marks the one that counts for its sample |
| `result` | screening: the result contract as zlib-packed JSON, and its sha256 in `screening` |
| `input` | input file of a screening |
| `event` | event of a screening |
| `outcome` | programme weighed in a screening |
| `history` | moment at which a screening became the current one of its sample |

Importing this package loads neither SQLAlchemy nor a driver: `registry query` on SQLite needs only the standard library.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fgfr_screen.cohort.registry._store import Registry

__all__ = ["open_registry"]


def open_registry(url: str, *, create: bool = True, read_only: bool = False, wait_seconds: float = 10.0) -> "Registry":
    """Open a registry, or make an empty one.

    Args:
        url: Path of an SQLite file, `sqlite:///PATH`, or `postgresql://USER@HOST/DATABASE`.
        create: False refuses a registry that does not exist yet.
        read_only: True never writes, and works on a read-only medium.
        wait_seconds: How long to wait for another writer.

    Raises:
        InputError: it is no registry, one of a newer version, damaged, or missing (exit status 3).
        OutputError: it is locked, read-only or cannot be reached (exit status 5).
    """
    from fgfr_screen.cohort.registry._store import Registry

    return Registry(url, create=create and not read_only, read_only=read_only, wait_seconds=wait_seconds)
