"""Protein level: what an edit of a coding sequence does to the protein, and residue numbers between isoforms.

Offsets into sequences are 0-based half-open (`start0`, `end0`); residues are 1-based. The 3' rule (varnomen, "general")
is applied to deletions, insertions and duplications of residues.
"""

import msgspec

from fgfr_screen.annotate.hgvs import ProteinChange, ProteinKind
from fgfr_screen.coords import from_start0, to_start0
from fgfr_screen.isoforms import Codon, Isoform, codon, codon_table
from fgfr_screen.model import Record
from fgfr_screen.terms import Consequence, FgfrGene

_KIND_CONSEQUENCE = {
    ProteinKind.SYNONYMOUS: Consequence.SYNONYMOUS,
    ProteinKind.FRAMESHIFT: Consequence.FRAMESHIFT,
    ProteinKind.DELETION: Consequence.INFRAME_DELETION,
    ProteinKind.DUPLICATION: Consequence.INFRAME_DUPLICATION,
    ProteinKind.INSERTION: Consequence.INFRAME_INSERTION,
    ProteinKind.DELINS: Consequence.DELINS,
    ProteinKind.EXTENSION: Consequence.STOP_LOST,
    ProteinKind.START_LOST: Consequence.START_LOST,
    ProteinKind.SPLICE: Consequence.SPLICE_SITE,
}


class ProteinEffect(Record, frozen=True, kw_only=True):
    """Consequence and protein change; `change` None = the protein cannot be told (`p.?`)."""

    consequence: Consequence
    change: ProteinChange | None


def translate(bases: str) -> str:
    """Translate complete codons; bases left over at the end are not translated."""
    table = codon_table()
    return "".join(table[bases[start0 : start0 + 3]] for start0 in range(0, len(bases) - 2, 3))


def consequence_of(change: ProteinChange) -> Consequence:
    """Return the consequence that a protein change is called by; any new stop inside counts as nonsense."""
    if change.kind is ProteinKind.SUBSTITUTION:
        return Consequence.NONSENSE if change.new == "*" else Consequence.MISSENSE
    if change.kind in (ProteinKind.DELINS, ProteinKind.INSERTION) and "*" in change.new:
        return Consequence.NONSENSE
    return _KIND_CONSEQUENCE[change.kind]


def _effect(change: ProteinChange) -> ProteinEffect:
    return ProteinEffect(consequence=consequence_of(change), change=change)


def protein_effect(isoform: Isoform, start0: int, end0: int, new: str) -> ProteinEffect:
    """Return what replacing `cds[start0:end0]` by `new` (transcript strand) does to the protein of an isoform.

    Raises:
        ValueError: the isoform has no coding sequence here.
    """
    if isoform.cds is None or isoform.residues is None:
        msg = f"{isoform.name} has no coding sequence"
        raise ValueError(msg)
    mutated = isoform.cds[:start0] + new + isoform.cds[end0:]
    reference = isoform.residues + "*"
    if mutated[:3] != isoform.cds[:3]:
        return _effect(ProteinChange(kind=ProteinKind.START_LOST, start_aa="M", start=1, end_aa="M", end=1))
    grown = len(new) - (end0 - start0)
    if grown % 3:
        return _shifted_frame(reference, start0 // 3, mutated)
    first, last = start0 // 3, -(-end0 // 3)
    return _same_frame(reference, first, last, translate(mutated[3 * first : 3 * last + grown]))


def _common_prefix(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return length


def _at(reference: str, start0: int, end0: int, kind: ProteinKind, new: str = "") -> ProteinChange:
    """Build a change of `reference[start0:end0]`."""
    last0 = end0 - 1
    return ProteinChange(
        kind=kind,
        start_aa=reference[start0],
        start=from_start0(start0),
        end_aa=reference[last0],
        end=from_start0(last0),
        new=new,
    )


def _shifted_frame(reference: str, first: int, mutated: str) -> ProteinEffect:
    read = translate(mutated[3 * first :])
    same = _common_prefix(reference[first:], read)
    place = first + same
    if place >= len(reference):
        stop = len(reference) - 1
        return _effect(_at(reference, stop, len(reference), ProteinKind.SYNONYMOUS))
    if same == len(read):  # the coding sequence ends before a difference shows
        lost_stop = reference[place] == "*"
        change = None if lost_stop else _at(reference, place, place + 1, ProteinKind.FRAMESHIFT)
        return ProteinEffect(consequence=Consequence.STOP_LOST if lost_stop else Consequence.FRAMESHIFT, change=change)
    tail = read[same:]
    if tail[0] == "*":
        return _effect(_at(reference, place, place + 1, ProteinKind.SUBSTITUTION, "*"))
    stop0 = tail.find("*")
    extends = reference[place] == "*"
    kind = ProteinKind.EXTENSION if extends else ProteinKind.FRAMESHIFT
    # A frameshift counts the first changed residue as 1 (varnomen "frame shift"), an extension the old stop as 0.
    after = None if stop0 < 0 else stop0 if extends else from_start0(stop0)
    return _effect(msgspec.structs.replace(_at(reference, place, place + 1, kind, tail[0]), stop_after=after))


def _same_frame(reference: str, first: int, last: int, new: str) -> ProteinEffect:
    old = reference[first:last]
    if "*" in old and "*" not in new:
        return _stop_replaced(reference, first, new)
    stop0 = new.find("*")
    if stop0 >= 0 and not (old.endswith("*") and stop0 == len(new) - 1):
        return _new_stop(reference, first, last, new[: stop0 + 1])
    if old == new:
        return _effect(_at(reference, first, last, ProteinKind.SYNONYMOUS))
    same = _common_prefix(old, new)
    first, old, new = first + same, old[same:], new[same:]
    tail = _common_prefix(old[::-1], new[::-1])
    last, new = last - tail, new[: len(new) - tail]
    return _effect(normalise(_replacement(reference, first, last, new), reference))


def _replacement(reference: str, start0: int, end0: int, new: str) -> ProteinChange:
    if start0 == end0:
        # Named by its two neighbours.
        return _at(reference, start0 - 1, end0 + 1, ProteinKind.INSERTION, new)
    if not new:
        return _at(reference, start0, end0, ProteinKind.DELETION)
    kind = ProteinKind.SUBSTITUTION if end0 - start0 == len(new) == 1 else ProteinKind.DELINS
    return _at(reference, start0, end0, kind, new)


def _stop_replaced(reference: str, first: int, new: str) -> ProteinEffect:
    same = _common_prefix(reference[first:], new)
    place = first + same
    if place == len(reference) - 1 and same < len(new):
        return _effect(_at(reference, place, place + 1, ProteinKind.EXTENSION, new[same]))
    return ProteinEffect(consequence=Consequence.STOP_LOST, change=None)


def _new_stop(reference: str, first: int, last: int, new: str) -> ProteinEffect:
    """Describe new residues that end in a stop; `new` holds everything up to it."""
    same = _common_prefix(reference[first:last], new)
    first, new = first + same, new[same:]
    if new == "*":
        return _effect(_at(reference, first, first + 1, ProteinKind.SUBSTITUTION, "*"))
    return _effect(_replacement(reference, first, last, new))


def normalise(change: ProteinChange, reference: str) -> ProteinChange:
    """Move a deletion, duplication or insertion of residues to the 3' end; an inserted copy is a duplication.

    Args:
        change: On the protein given.
        reference: Protein, with `*` at the end or without; it must reach to the changed residues.
    """
    reference = reference.rstrip("*") + "*"
    if change.kind is ProteinKind.INSERTION and "*" not in change.new:
        return _normal_insertion(reference, change.start, change.new)
    if change.kind is ProteinKind.DUPLICATION:
        return _normal_insertion(reference, change.end, reference[to_start0(change.start) : change.end])
    if change.kind is ProteinKind.DELETION:
        start0, end0 = to_start0(change.start), change.end
        while end0 < len(reference) - 1 and reference[start0] == reference[end0]:
            start0, end0 = start0 + 1, end0 + 1
        return _at(reference, start0, end0, ProteinKind.DELETION)
    return change


def _normal_insertion(reference: str, before0: int, new: str) -> ProteinChange:
    """Describe `new` put in front of `reference[before0]`."""
    while before0 < len(reference) - 1 and reference[before0] == new[0]:
        new, before0 = new[1:] + new[0], before0 + 1
    if before0 >= len(new) and reference[before0 - len(new) : before0] == new:
        return _at(reference, before0 - len(new), before0, ProteinKind.DUPLICATION)
    return _at(reference, before0 - 1, before0 + 1, ProteinKind.INSERTION, new)


# -------------------------------------------------------------------------------------------------------- renumbering


def codons_of(change: ProteinChange, isoform: Isoform) -> tuple[Codon, Codon] | None:
    """Return the first and last codon that a change names, when the isoform has the residues it states; else None.

    The stop codon has no codon row: a change of the stop fits an isoform whose protein ends right before it.
    """
    first = _codon_with(isoform, change.start_aa, change.start)
    last = _codon_with(isoform, change.end_aa, change.end)
    return None if first is None or last is None else (first, last)


def _codon_with(isoform: Isoform, aa: str, residue: int) -> Codon | None:
    if aa == "*":
        return _stop_codon(isoform) if residue == from_start0(isoform.aa_length) else None
    found = codon(isoform.gene, isoform.accession, residue)
    return found if found is not None and aa in (found.aa, "X") else None


def _stop_codon(isoform: Isoform) -> Codon | None:
    """Return a row for the stop codon, which all isoforms that share the last residue share."""
    last = codon(isoform.gene, isoform.accession, isoform.aa_length)
    if last is None:
        return None
    residues: dict[str, int] = {name: from_start0(number) for name, number in last.residues.items()}
    return Codon(aa="*", positions=last.positions, residues=residues)


def renumber(change: ProteinChange, codons: tuple[Codon, Codon], accession: str) -> ProteinChange | None:
    """Return the change numbered on another isoform; None when that isoform lacks the codons or has others between."""
    first, last = (codon_.residues.get(accession) for codon_ in codons)
    if first is None or last is None or last - first != change.end - change.start:
        return None
    return msgspec.structs.replace(change, start=first, end=last)


def residue_text(gene: FgfrGene, isoform: Isoform, residue: int) -> str:
    """Say which amino acid an isoform has at a residue: `Cys247 on NM_000142.5`-like, one letter."""
    found = codon(gene, isoform.accession, residue)
    return f"{isoform.name} has no residue {residue}" if found is None else f"{isoform.name} has {found.aa}{residue}"
