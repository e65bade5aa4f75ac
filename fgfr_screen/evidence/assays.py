"""Assay descriptions as data: `data/assays/*.toml`, or a user's own file named with `--assay`.

A description says which FGFR genes and kinds of event an assay can find, on which molecule. It never says that a run worked:
`qc = "pass"` in a user's file, `--assay-qc` or the report does.
"""

import os
import re
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from fgfr_screen import user_toml
from fgfr_screen.errors import UsageError
from fgfr_screen.model import Assay, Coverage, Record
from fgfr_screen.reference import assays_compiled
from fgfr_screen.terms import AssayQc, EventKind, FgfrGene, Molecule, SpecimenKind

if TYPE_CHECKING:
    from pathlib import Path


class CoverageEntry(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[covers]]` table. `region` names a part that is tiled beside the coding exons (`intron 17`)."""

    genes: tuple[FgfrGene, ...]
    kinds: tuple[EventKind, ...]
    region: str | None = None


class AssayFile(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An assay file. `aliases` are the names that reports give the same test; `material` is what it is made for (`plasma`)."""

    id: str
    name: str
    molecule: Molecule
    sources: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    covers: tuple[CoverageEntry, ...] = ()
    qc: AssayQc = AssayQc.UNKNOWN
    material: SpecimenKind = SpecimenKind.UNKNOWN
    is_germline: bool = False
    matched_normal: bool | None = None


_KNOWN_WORDS = (
    *AssayFile.__struct_fields__,
    *CoverageEntry.__struct_fields__,
    *(member.value for words in (FgfrGene, EventKind, Molecule, AssayQc, SpecimenKind) for member in words),
)


def _read(path: str | os.PathLike[str]) -> AssayFile:
    name, text = os.fspath(path), user_toml.read_text(path)
    return user_toml.convert(user_toml.parse(text, name), AssayFile, text, name, known=_KNOWN_WORDS)


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
        material=description.material,
        is_germline=description.is_germline,
        has_matched_normal=description.matched_normal,
    )


def compile_directory(directory: "Path") -> bytes:
    """Return the msgpack of every assay file of a folder, by id."""
    found = [_read(path) for path in sorted(directory.glob("*.toml"))]
    return msgspec.msgpack.encode(sorted(found, key=lambda description: description.id))


def catalogue() -> dict[str, AssayFile]:
    """Return the packaged assays by id."""
    data = assays_compiled()
    rows = msgspec.msgpack.decode(data, type=tuple[AssayFile, ...]) if data else ()
    return {row.id: row for row in rows}


_DECORATION = re.compile(r"[\s_\-/(),.®™]+")


def _plain(name: str) -> str:
    return _DECORATION.sub("", name).casefold()


def recognise(name: str) -> AssayFile | None:
    """Return the packaged assay that a report means by `name`: its id, name or an alias, whole; None = not known.

    Case, spaces, hyphens and trade marks do not count. A longer or shorter name is another test: never guessed.
    """
    wanted = _plain(name)
    for description in catalogue().values():
        if wanted in map(_plain, (description.id, description.name, *description.aliases)):
            return description
    return None


def with_known_coverage(assay: Assay) -> Assay:
    """Add what the catalogue knows to an assay of a report that says its name but not what it covers."""
    if assay.covers is not None or not assay.name:
        return assay
    known = recognise(assay.name)
    if known is None or assay.molecule not in (None, known.molecule):
        return assay
    described = to_assay(known, assay.id, f"{assay.source}, catalogue:{known.id}")
    normal = described.has_matched_normal if assay.has_matched_normal is None else assay.has_matched_normal
    return structs.replace(
        assay,
        source=described.source,
        covers=described.covers,
        molecule=described.molecule,
        material=described.material,
        has_matched_normal=normal,
    )


def load_assay(name: str, assay_id: str = "as0") -> Assay:
    """Return the assay that `--assay` names: a catalogue id (or a name of that assay) or the path of a TOML file.

    Raises:
        UsageError: neither a known id nor a readable file.
        UserFileError: the file has a wrong key or value.
    """
    known = catalogue()
    described = known.get(name) or (None if os.path.isfile(name) else recognise(name))
    if described is not None:
        return to_assay(described, assay_id, f"catalogue:{described.id}")
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
    return to_assay(_read(name), assay_id, name)
