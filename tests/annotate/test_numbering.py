"""`fgfr_screen.annotate.numbering`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen import isoforms
from fgfr_screen.annotate import numbering
from fgfr_screen.annotate.hgvs import ProteinChange, ProteinKind, format_protein, parse_protein
from fgfr_screen.terms import Consequence, FgfrGene

FGFR3 = isoforms.mane(FgfrGene.FGFR3)
WITH_SEQUENCE = [one for gene in FgfrGene for one in isoforms.isoforms(gene) if one.cds is not None]


def effect(start0: int, end0: int, new: str) -> tuple[Consequence, str | None]:
    found = numbering.protein_effect(FGFR3, start0, end0, new)
    return found.consequence, None if found.change is None else format_protein(found.change, three_letters=True)


def test_a_stop_codon_that_is_read_through_is_an_extension() -> None:
    assert effect(2418, 2419, "C") == (Consequence.STOP_LOST, "Ter807ArgextTer?")


def test_a_start_codon_change_is_start_lost() -> None:
    assert effect(0, 1, "G") == (Consequence.START_LOST, "Met1?")


def test_a_silent_base_is_synonymous() -> None:
    assert FGFR3.cds is not None
    assert FGFR3.cds[1950:1953] == "ACG"
    assert effect(1952, 1953, "A") == (Consequence.SYNONYMOUS, "Thr651=")


def test_a_deleted_stop_cannot_be_told() -> None:
    assert effect(2418, 2421, "") == (Consequence.STOP_LOST, None)


def test_the_whole_stop_and_tail_cannot_be_told() -> None:
    assert effect(2412, 2421, "") == (Consequence.STOP_LOST, None)


def test_a_frame_shift_whose_stop_lies_beyond_is_told_without_distance() -> None:
    consequence, text = effect(2400, 2401, "")
    assert consequence is Consequence.FRAMESHIFT
    assert text is not None
    assert text.endswith("fsTer?")


def test_an_inserted_stop_is_nonsense() -> None:
    assert effect(741, 741, "TAA")[0] is Consequence.NONSENSE


def test_an_isoform_without_sequence_is_refused() -> None:
    bare = next(one for one in isoforms.isoforms(FgfrGene.FGFR2) if one.cds is None)
    with pytest.raises(ValueError, match="no coding sequence"):
        numbering.protein_effect(bare, 0, 1, "A")


def test_a_deletion_of_residues_moves_to_the_end() -> None:
    change = parse_protein("A2del")
    assert change is not None
    assert format_protein(numbering.normalise(change, "MAAAG"), three_letters=False) == "A4del"


def test_an_inserted_copy_is_a_duplication() -> None:
    change = parse_protein("M1_A2insA")
    assert change is not None
    assert format_protein(numbering.normalise(change, "MAAAG"), three_letters=False) == "A4dup"


def apply_protein(protein: str, change: ProteinChange) -> str | None:
    """Apply a protein change to a protein with `*`, up to the new stop; None = tail not told."""
    start0, end0 = change.start - 1, change.end
    match change.kind:
        case ProteinKind.SYNONYMOUS:
            return protein
        case ProteinKind.SUBSTITUTION | ProteinKind.DELINS:
            made = protein[:start0] + change.new + protein[end0:]
        case ProteinKind.DELETION:
            made = protein[:start0] + protein[end0:]
        case ProteinKind.DUPLICATION:
            made = protein[:end0] + protein[start0:end0] + protein[end0:]
        case ProteinKind.INSERTION:
            made = protein[: start0 + 1] + change.new + protein[start0 + 1 :]
        case _:
            return None
    return made[: made.index("*") + 1]


@st.composite
def edits(draw: st.DrawFn) -> tuple[isoforms.Isoform, int, int, str]:
    isoform = draw(st.sampled_from(WITH_SEQUENCE))
    assert isoform.cds is not None
    start0 = draw(st.integers(3, len(isoform.cds) - 40))
    end0 = start0 + draw(st.sampled_from([0, 1, 1, 2, 3, 6, 9, 20]))
    new = draw(st.text("ACGT", min_size=0 if end0 > start0 else 1, max_size=9))
    return isoform, start0, end0, new


@settings(max_examples=300, deadline=None)
@given(edits())
def test_the_protein_change_equals_translating_the_mutated_sequence(
    edit: tuple[isoforms.Isoform, int, int, str],
) -> None:
    isoform, start0, end0, new = edit
    assert isoform.cds is not None
    assert isoform.residues is not None
    found = numbering.protein_effect(isoform, start0, end0, new)
    whole = numbering.translate(isoform.cds[:start0] + new + isoform.cds[end0:])
    stop0 = whole.find("*")
    mutated = whole[: stop0 + 1] if stop0 >= 0 else whole
    change = found.change
    if change is None or change.kind in (ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION):
        if change is not None and change.new:
            assert mutated[: change.start - 1] == isoform.residues[: change.start - 1]
            assert mutated[change.start - 1] == change.new
            expected = stop0 - (change.start - 1) + (change.kind is ProteinKind.FRAMESHIFT)
            assert change.stop_after == (expected if stop0 >= 0 else None)
        return
    assert apply_protein(isoform.residues + "*", change) == mutated
    assert (isoform.residues + "*")[change.start - 1] == change.start_aa
    assert (isoform.residues + "*")[change.end - 1] == change.end_aa
