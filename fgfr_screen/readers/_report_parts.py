"""What readers of reports and result tables share: gene words, places, assemblies of single calls, and the account.

A report's build belongs to each call: where the FGFR side does not lie as the stated build has it, the call is kept on
the build that fits and says ASSEMBLY_CONFLICT, or is kept by name alone and says POSITION_OUTSIDE_GENE.
"""

from collections.abc import Iterable, Sequence

from msgspec import structs

from fgfr_screen import coords, genes
from fgfr_screen.model import Accounting, Breakend, Call, Pos1, Record, Rejected
from fgfr_screen.reference import transcripts_of
from fgfr_screen.terms import Assembly, FgfrGene, Orientation, TranscriptSide
from fgfr_screen.transcripts import orientation_of


class EntryError(ValueError):
    """An entry that cannot be used: `code` and what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Account:
    """Collects calls and refused entries of one input and counts the rest.

    Attributes:
        calls, rejected: In the order of the file.
        outside: Records that do not touch FGFR1-3.
    """

    def __init__(self, input_id: str) -> None:
        """Start an empty account."""
        self._input = input_id
        self.calls: list[Call] = []
        self.rejected: list[Rejected] = []
        self.outside = 0

    def add(self, call: Call | None) -> None:
        """Take the call of one record; None = it does not touch FGFR1-3."""
        if call is None:
            self.outside += 1
        else:
            self.calls.append(call)

    def reject(self, line: int | None, error: EntryError, *, touches_fgfr: bool, place: str | None = None) -> None:
        """Keep a record that cannot be used."""
        message = str(error) if place is None else f"{place}: {error}"
        self.rejected.append(
            Rejected(input=self._input, line=line, code=error.code, message=message, touches_fgfr=touches_fgfr)
        )

    def counts(self) -> Accounting:
        """Return the account; every call stands for one record."""
        return Accounting(
            records=len(self.calls) + len(self.rejected) + self.outside,
            outside_fgfr=self.outside,
            in_events=len(self.calls),
            rejected=len(self.rejected),
        )


class Side(Record, frozen=True, kw_only=True):
    """Gene words of one side as read; `code` = a damaged word was left out."""

    genes: tuple[str, ...] = ()
    code: str | None = None


def gene_side(word: str | None) -> Side:
    """Read the gene word of one side; blank words (`N/A`) give no gene.

    Raises:
        EntryError: The word may mean FGFR1-3 and cannot be read.
    """
    name = genes.resolve(word or "")
    if name.is_blank:
        return Side()
    if name.doubt is not None:
        raise EntryError(*name.doubt)
    if name.problem is not None:
        return Side(code=name.problem)
    return Side(genes=tuple(part.strip() for part in name.given.replace(";", ",").split(",") if part.strip()))


def fgfr_named(word: str | None) -> FgfrGene | None:
    """Return the receptor that a report names in a field for one gene.

    Raises:
        EntryError: The word may mean FGFR1-3 and cannot be read, or is a chromosome band that holds one.
    """
    side = gene_side(word)
    doubt = genes.band_doubt(word or "")
    if doubt is not None:
        raise EntryError(*doubt)
    return receptors(Breakend(genes=side.genes))[0] if receptors(Breakend(genes=side.genes)) else None


def receptors(side: Breakend | None) -> tuple[FgfrGene, ...]:
    """Return the receptors that a side names."""
    words = () if side is None else side.genes
    return tuple(gene for word in words if (gene := genes.fgfr_gene(word)) is not None)


def contig_of(text: str | None) -> str | None:
    """Return a contig as called inside; `ch17` (seen in reports) is read as `chr17`, any other name is kept."""
    word = (text or "").strip()
    if not word:
        return None
    return coords.normalise_contig(word) or coords.normalise_contig(word.removeprefix("ch")) or word


def interval_of(text: str | None) -> tuple[str | None, Pos1 | None, Pos1 | None] | None:
    """Read `chr10:123241000` or `chr10:123241000-123241200`, 1-based closed.

    Returns:
        Contig, first and last base; three times None for a blank; None when the text is something else.
    """
    if text is None or genes.is_blank(text):
        return None, None, None
    contig, colon, place = text.replace(",", "").partition(":")
    low, dash, high = place.partition("-")
    numbers = [low.strip(), high.strip() if dash else low.strip()]
    if not colon or not all(number.isascii() and number.isdigit() and len(number) < 12 for number in numbers):
        return None
    first, last = sorted(int(number) for number in numbers)
    return (contig_of(contig), Pos1(first), Pos1(last)) if first > 0 else None


def fitting_assemblies(gene: FgfrGene, contig: str | None, low: Pos1, high: Pos1) -> tuple[Assembly, ...]:
    """Return the assemblies that have the gene (with its window) at a place."""
    return tuple(one for one in Assembly if coords.fgfr_gene_at(one, contig, low, high) is gene)


def settle(
    sides: Sequence[Breakend], stated: Assembly | None
) -> tuple[tuple[Breakend, ...], Assembly | None, tuple[str, ...]]:
    """Tell the assembly of one call from the places of its FGFR sides.

    Returns:
        The sides (exchanged or without places where nothing else fits), the assembly, and codes of what was found.
    """
    given = tuple(sides)
    fits = _fitting(given)
    if fits is None:
        return given, stated, ()
    if stated in fits:
        return given, stated, ()
    if fits:
        if stated is None:
            return given, fits[0] if len(fits) == 1 else None, ()
        return given, fits[0], ("ASSEMBLY_CONFLICT",)
    exchanged = _exchanged(given)
    fits = _fitting(exchanged) or ()
    if stated in fits or (stated is None and len(fits) == 1):
        return exchanged, stated or fits[0], ("PLACES_EXCHANGED",)
    return tuple(_without_place(side) for side in given), None, ("POSITION_OUTSIDE_GENE",)


def _fitting(sides: tuple[Breakend, ...]) -> tuple[Assembly, ...] | None:
    """Return the assemblies that fit all FGFR sides; None when no FGFR side has a place."""
    sets = [
        fitting_assemblies(gene, side.contig, side.pos, side.pos_end or side.pos)
        for side in sides
        if side.pos is not None
        for gene in receptors(side)
    ]
    return tuple(one for one in Assembly if all(one in fits for fits in sets)) if sets else None


def _exchanged(sides: tuple[Breakend, ...]) -> tuple[Breakend, ...]:
    """Give each of two sides the place of the other."""
    if len(sides) != 2:
        return sides
    names = ("contig", "pos", "pos_end", "orientation")
    places = [{name: getattr(side, name) for name in names} for side in reversed(sides)]
    return tuple(structs.replace(side, **place) for side, place in zip(sides, places, strict=True))


def _without_place(side: Breakend) -> Breakend:
    return structs.replace(side, contig=None, pos=None, pos_end=None, orientation=None)


def touches_fgfr(sides: Iterable[Breakend | None], assembly: Assembly | None) -> bool:
    """Tell whether a side names a receptor, or lies in a window of the assembly (of any, when it is not known)."""
    assemblies = list(Assembly) if assembly is None else [assembly]
    return any(
        side is not None
        and (
            bool(receptors(side))
            or any(
                side.pos is not None
                and coords.fgfr_gene_at(one, side.contig, side.pos, side.pos_end or side.pos) is not None
                for one in assemblies
            )
        )
        for side in sides
    )


def oriented_by_strand(side: Breakend, keeps: TranscriptSide, assembly: Assembly | None) -> Breakend:
    """Give a side of an RNA junction its orientation: the 5' gene keeps its 5' part, as its strand has it."""
    if side.orientation is not None or side.pos is None or assembly is None:
        return side
    symbols = dict.fromkeys(symbol for word in side.genes for symbol in genes.resolve(word).symbols)
    models = [model for symbol in symbols for model in transcripts_of(assembly, symbol)]
    strands = {model.strand for model in models if model.contig == side.contig}
    if len(strands) != 1:
        return side
    return structs.replace(side, orientation=orientation_of(strands.pop(), keeps))


def of_deletion(first: Breakend, second: Breakend, *, is_duplication: bool = False) -> tuple[Breakend, Breakend]:
    """Orient both ends of a deletion (what lies between is lost) or of a tandem duplication on one contig."""
    if first.contig != second.contig or first.pos is None or second.pos is None:
        return first, second
    first_is_low = first.pos <= second.pos
    keeps_left = first_is_low != is_duplication
    side = Orientation.LEFT if keeps_left else Orientation.RIGHT
    return structs.replace(first, orientation=side), structs.replace(second, orientation=side.opposite)


def number_of(text: str | None) -> float | None:
    """Read a decimal number; None for a blank or anything that is no finite number."""
    word = (text or "").strip().removesuffix("%").strip()
    try:
        value = float(word)
    except ValueError:
        return None
    return value if -1e12 < value < 1e12 else None


def digits_of(text: str | None) -> int | None:
    """Read a number of at most nine digits and nothing else; None for anything else."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None


def count_of(text: str | None) -> int | None:
    """Read a count; None for a blank or anything that is no count."""
    value = number_of(text)
    return int(value) if value is not None and value >= 0 and value == int(value) else None


def fraction_of(text: str | None, *, percent: bool = False) -> float | None:
    """Read a fraction 0 to 1, or a percentage; None when it is none."""
    value = number_of(text)
    if value is None:
        return None
    share = round(value / 100, 6) if percent else value
    return share if 0 <= share <= 1 else None
