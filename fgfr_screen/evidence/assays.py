"""Assay descriptions as data: `data/assays/*.toml`, or a user's own file named with `--assay`.

A description says which FGFR genes and kinds of event an assay can find, on which molecule. It never says that a run worked:
`qc = "pass"` in a user's file does.
"""

import os
from typing import TYPE_CHECKING

import msgspec

from fgfr_screen.errors import UsageError, UserFileError
from fgfr_screen.model import Assay, Coverage, Record
from fgfr_screen.reference import assays_compiled
from fgfr_screen.terms import AssayQc, EventKind, FgfrGene, Molecule

if TYPE_CHECKING:
    from pathlib import Path


class CoverageEntry(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[covers]]` table. `region` names a part that is tiled beside the coding exons (`intron 17`)."""

    genes: tuple[FgfrGene, ...]
    kinds: tuple[EventKind, ...]
    region: str | None = None


class AssayFile(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An assay file."""

    id: str
    name: str
    molecule: Molecule
    sources: tuple[str, ...]
    covers: tuple[CoverageEntry, ...] = ()
    qc: AssayQc = AssayQc.UNKNOWN
    is_germline: bool = False
    matched_normal: bool | None = None


def _decode(text: str, path: str) -> AssayFile:
    import tomllib

    try:
        return msgspec.convert(tomllib.loads(text), AssayFile, strict=False)
    except tomllib.TOMLDecodeError as error:
        raise UserFileError(str(error), path=path, remedy="mend the TOML syntax") from error
    except msgspec.ValidationError as error:
        known = ", ".join(AssayFile.__struct_fields__)
        raise UserFileError(str(error), path=path, remedy=f"an assay file has the keys {known}") from error


def to_assay(description: AssayFile, assay_id: str, source: str) -> Assay:
    """Turn a description into the assay of one screening."""
    covers = tuple(
        Coverage(gene=gene, kind=kind, region=entry.region)
        for entry in description.covers
        for gene in entry.genes
        for kind in entry.kinds
    )
    return Assay(
        id=assay_id,
        source=source,
        name=description.name,
        covers=covers,
        molecule=description.molecule,
        qc=description.qc,
        is_germline=description.is_germline,
        has_matched_normal=description.matched_normal,
    )


def compile_directory(directory: "Path") -> bytes:
    """Return the msgpack of every assay file of a folder, by id."""
    found = [_decode(path.read_text(encoding="utf-8"), path.name) for path in sorted(directory.glob("*.toml"))]
    return msgspec.msgpack.encode(sorted(found, key=lambda description: description.id))


def catalogue() -> dict[str, AssayFile]:
    """Return the packaged assays by id."""
    data = assays_compiled()
    rows = msgspec.msgpack.decode(data, type=tuple[AssayFile, ...]) if data else ()
    return {row.id: row for row in rows}


def load_assay(name: str, assay_id: str = "as0") -> Assay:
    """Return the assay that `--assay` names: a catalogue id or the path of a TOML file.

    Raises:
        UsageError: neither a known id nor a readable file.
        UserFileError: the file has a wrong key or value.
    """
    known = catalogue()
    if name in known:
        return to_assay(known[name], assay_id, f"catalogue:{name}")
    if not os.path.isfile(name):
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1)
        hint = (
            f"did you mean {near[0]}?"
            if near
            else f"known ids: {', '.join(sorted(known)) or 'none'}; or give a TOML file"
        )
        reason = f"no assay {name!r}"
        raise UsageError(reason, remedy=hint, code="UNKNOWN_ASSAY")
    with open(name, encoding="utf-8") as stream:
        return to_assay(_decode(stream.read(), name), assay_id, name)
