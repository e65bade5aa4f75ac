"""Events inside one FGFR gene: their shape, and the exons that they double."""

from fgfr_screen.annotate.fgfr_side import FgfrSide
from fgfr_screen.coords import after
from fgfr_screen.model import Breakend, Pos1, RearrangementCall
from fgfr_screen.reference import Transcript
from fgfr_screen.terms import DeclaredStructure, Orientation
from fgfr_screen.transcripts import exons, intron_number


def internal_shape(one: Breakend, other: Breakend) -> str | None:
    """Return `inversion`, `insertion`, `deletion` or `duplication`; None = a position or an orientation is missing."""
    if one.pos is None or other.pos is None or one.orientation is None or other.orientation is None:
        return None
    if one.orientation is other.orientation:
        return "inversion"
    low = one if one.pos <= other.pos else other
    if low.orientation is Orientation.LEFT and max(one.pos, other.pos) == after(min(one.pos, other.pos)):
        return "insertion"
    return "deletion" if low.orientation is Orientation.LEFT else "duplication"


def in_same_intron(transcript: Transcript, one: Breakend, other: Breakend) -> bool:
    """Tell whether both ends, wherever in their intervals they lie, are in one intron."""
    introns: set[int | None] = set()
    for end in (one, other):
        if end.pos is None:
            introns.add(end.intron)
        else:
            introns |= {intron_number(transcript, end.pos), intron_number(transcript, end.pos_end or end.pos)}
    return len(introns) == 1 and None not in introns


def _exons_inside(transcript: Transcript, low: Pos1, high: Pos1) -> tuple[int, int] | None:
    inside = []
    for number, start, end in exons(transcript):
        if low <= start and end <= high:
            inside.append(number)
    return (min(inside), max(inside)) if inside else None


def _declared_exons(call: RearrangementCall) -> tuple[int, int] | None:
    """Return the exon range of an internal duplication that a laboratory gives by number."""
    if call.declared is not DeclaredStructure.INTRAGENIC_DUPLICATION or call.second is None:
        return None
    numbers = [end.exon for end in (call.first, call.second) if end.exon is not None]
    return (min(numbers), max(numbers)) if len(numbers) == 2 else None


def duplicated_exons(
    call: RearrangementCall, transcript: Transcript, shape: str | None, side: FgfrSide
) -> tuple[int, int] | None:
    """Return the first and last exon that an internal duplication doubles as a whole; None = none, or not known."""
    other = side.other
    if shape == "duplication" and other is not None and other.pos is not None and side.breakend.pos is not None:
        low, high = sorted((side.breakend.pos, other.pos))
        return _exons_inside(transcript, Pos1(low), Pos1(high))
    return _declared_exons(call)
