"""What a reader is, which readers exist, and which of them reads a file.

A built-in reader is a module or package that defines `READER`, in this folder or in the folder of its family (`fusions`,
`copy_number`, `tables`, `reports`); other packages register the same object in the entry-point group
`fgfr_screen.readers`. A file is read only when exactly one reader claims it, or when the user
names the reader.
"""

import importlib
import os
from collections.abc import Callable
from functools import cache, lru_cache
from types import ModuleType

from fgfr_screen import readers as _package
from fgfr_screen.errors import UnknownFormatError, UsageError
from fgfr_screen.model import Accounting, AssemblyEvidence, Finding, InputContent, InputReport, Record
from fgfr_screen.readers._open import Head, OpenedInput
from fgfr_screen.terms import Assembly, EventKind

__all__ = ["Head", "OpenedInput", "ReadOptions", "Reader", "choose", "header_of", "input_report", "readers"]

ENTRY_POINT_GROUP = "fgfr_screen.readers"
MAPPED_TABLE = "mapped-table"
_NOTES = {
    "BOM_STRIPPED": "a UTF-8 byte order mark at the start was left out",
    "UTF16_DECODED": "the file is UTF-16 and was read as such",
    "UTF32_DECODED": "the file is UTF-32 and was read as such",
    "INPUT_TRUNCATED": "the file is cut; what is missing is not known, so absence proves nothing",
}


class ReadOptions(Record, frozen=True, kw_only=True):
    """What the user said about an input.

    Attributes:
        assembly: Assembly to assume where the file gives none; None = tell it from the file.
        tumor_sample, normal_sample: Names of sample columns; None = tell them from the file.
        allow_truncated: Read what is there of a cut file (the result is then incomplete) instead of refusing it.
        sample_id: Name of the sample in a file that holds several; None = the file holds one.
        column_map: TOML file that describes the columns of a result table; None = its headers are known.
    """

    assembly: Assembly | None = None
    tumor_sample: str | None = None
    normal_sample: str | None = None
    allow_truncated: bool = False
    sample_id: str | None = None
    column_map: str | None = None


class Reader(Record, frozen=True, kw_only=True):
    """One input format.

    Attributes:
        name: Word for `--input-format` (`vcf`).
        title: What the format is, for `fgfr-screen formats`.
        built_from: `real file` or `documentation`: what the reader was written and tested against.
        carries: Kinds of change that a file of this format can hold.
        sniff: Head of a file -> one sentence that proves the format, or None. Never raises.
        read: Opened file -> everything in it. Raises `errors.InputError` when the file cannot be trusted.
        read_from: Which files, source or documentation were read, in a few words.
        carries_note: What the format tells of an event and what it cannot tell, in a few words.
    """

    name: str
    title: str
    built_from: str
    carries: tuple[EventKind, ...]
    sniff: Callable[[Head], str | None]
    read: Callable[[OpenedInput, ReadOptions], InputContent]
    read_from: str = ""
    carries_note: str = ""


def _names_in(folder: ModuleType) -> list[tuple[str, bool]]:
    """Return the public modules of a folder in alphabetical order, and whether each is a package.

    `pkgutil` would tell the same, but loads `inspect` for it: a tenth of a short run.
    """
    found: dict[str, bool] = {}
    for path in folder.__path__:
        with os.scandir(path) as entries:
            found |= {entry.name.removesuffix(".py"): entry.is_dir() for entry in entries}
    return sorted((name, is_package) for name, is_package in found.items() if name.isidentifier() and name[0] != "_")


def _import(folder: ModuleType, name: str) -> ModuleType:
    return importlib.import_module(f"{folder.__name__}.{name}")


@cache
def _folders() -> tuple[ModuleType, ...]:
    """Load the folder of all readers and the folder of each family of formats; a family's `__init__` defines no `READER`."""
    packages = (_import(_package, name) for name, is_package in _names_in(_package) if is_package)
    return (_package, *(package for package in packages if hasattr(package, "NEVER_STARTS_WITH")))


@cache
def _readers_in(folder: ModuleType) -> dict[str, Reader]:
    """Load the readers of one folder, by name."""
    modules = (_import(folder, name) for name, _ in _names_in(folder))
    offered = (getattr(module, "READER", None) for module in modules)
    return {reader.name: reader for reader in offered if isinstance(reader, Reader)}


def _may_claim(head: Head) -> dict[str, Reader]:
    """Return the built-in readers that can claim a file with this start; the others are not loaded."""
    start = head.data.removeprefix(b"\xef\xbb\xbf").lstrip()
    asked = (one for one in _folders() if not start.startswith(getattr(one, "NEVER_STARTS_WITH", ())))
    return {name: reader for folder in asked for name, reader in _readers_in(folder).items()}


@cache
def readers(*, with_entry_points: bool = False) -> dict[str, Reader]:
    """Return all readers by name, in alphabetical order.

    Args:
        with_entry_points: Also load readers of other packages (slow: it lists every installed distribution).

    Raises:
        UsageError: A registered reader cannot be loaded or takes a name that is in use.
    """
    found = {name: reader for folder in _folders() for name, reader in _readers_in(folder).items()}
    if with_entry_points:
        _add_entry_points(found)
    return dict(sorted(found.items()))


@lru_cache(maxsize=8)  # a dozen readers ask for the same head
def header_of(head: Head, *, comment: str = "#", separator: str = "\t") -> tuple[str, ...]:
    """Return the column names of a table, trimmed, lower case, without quotes; () for a file without such a line.

    Args:
        head: Start of the file.
        comment: Sign that comment lines start with; the header is the first other line that is not blank.
        separator: Sign between cells.
    """
    for line in head.data.decode("latin-1").split("\n"):
        if line.strip() and not line.startswith(comment):
            return tuple(cell.strip().strip('"').lower() for cell in line.rstrip("\r").split(separator))
    return ()


def choose(head: Head, forced: str | None = None, *, column_map: str | None = None) -> tuple[Reader, str]:
    """Find the one reader for a file.

    Args:
        head: Start of the file.
        forced: Name of a reader given by the user, or None.
        column_map: The user's description of a result table: a table that no reader knows, or that has its columns, is
            read by it.

    Returns:
        The reader and the sentence that says why.

    Raises:
        UnknownFormatError: No reader, or more than one, claims the file.
        UsageError: `forced` is not the name of a reader.
    """
    if forced is not None:
        return _forced(forced), "named by the user"
    claims = _claims(_may_claim(head), head) or _claims(readers(with_entry_points=True), head)
    if column_map is not None and (not claims or _has_mapped_columns(head, column_map)):
        return readers()[MAPPED_TABLE], "the columns of the column map"
    if len(claims) == 1:
        return claims[0]
    if not claims:
        names = ", ".join(readers(with_entry_points=True))
        raise UnknownFormatError(
            "no reader knows this format",
            remedy=f"give a file of one of these formats, or name its reader with --input-format: {names}",
            path=head.name,
        )
    told = "; ".join(f"{reader.name} ({evidence})" for reader, evidence in claims)
    raise UnknownFormatError(
        f"more than one reader claims the file: {told}",
        remedy="name the reader with --input-format",
        path=head.name,
        code="AMBIGUOUS_FORMAT",
    )


def _claims(candidates: dict[str, Reader], head: Head) -> list[tuple[Reader, str]]:
    found = ((reader, reader.sniff(head)) for reader in candidates.values())
    return [(reader, evidence) for reader, evidence in found if evidence is not None]


def _has_mapped_columns(head: Head, column_map: str) -> bool:
    from fgfr_screen.readers.tables._mapped_table_headers import has_columns, load_map

    return head.container != "xlsx" and has_columns(head.data, load_map(column_map))


def _forced(name: str) -> Reader:
    known = readers()
    if name not in known:
        known = readers(with_entry_points=True)
    if name in known:
        return known[name]
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(
        f"there is no reader named {name!r}", remedy=f"{hint}known readers: {', '.join(known)}", code="UNKNOWN_READER"
    )


def _add_entry_points(found: dict[str, Reader]) -> None:
    from importlib.metadata import entry_points

    for entry_point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name, point.value)):
        try:
            reader = entry_point.load()
        except (ImportError, AttributeError) as error:
            raise UsageError(
                f"the reader {entry_point.name!r} of another package cannot be loaded: {error}",
                remedy="repair or remove that package",
                code="READER_PLUGIN",
            ) from error
        if not isinstance(reader, Reader) or reader.name in found:
            raise UsageError(
                f"the entry point {entry_point.name!r} is not a new reader",
                remedy="it must name a Reader with a name that is not in use",
                code="READER_PLUGIN",
            )
        found[reader.name] = reader


def input_report(
    opened: OpenedInput,
    *,
    format_name: str,
    format_evidence: str,
    assembly: AssemblyEvidence,
    accounting: Accounting,
    caller: str | None = None,
    findings: tuple[Finding, ...] = (),
) -> InputReport:
    """Describe an input that was read to its end; what was repaired on opening becomes findings."""
    repaired = tuple(Finding(code=note, message=_NOTES[note]) for note in opened.notes)
    cut = (Finding(code="INPUT_TRUNCATED", message=_NOTES["INPUT_TRUNCATED"]),) if opened.truncated else ()
    return InputReport(
        id=opened.id,
        path=opened.path,
        format=format_name,
        format_evidence=format_evidence,
        caller=caller,
        assembly=assembly,
        sha256=opened.sha256,
        records=accounting.records,
        outside_fgfr=accounting.outside_fgfr,
        rejected=accounting.rejected,
        complete=not opened.truncated,
        findings=(*repaired, *cut, *findings),
    )
