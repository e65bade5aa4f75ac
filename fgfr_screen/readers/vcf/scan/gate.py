"""Whether one line of a VCF body can touch FGFR1-3: the question that is asked of every line, or of every suspect.

A line touches when one of its alleles has its own place, its mate, CHR2 with POS2 or END, or its span in a window
(gene and 5 kb on each side) of an assembly that is still possible, or joins an immunoglobulin locus to the
surroundings of FGFR3. A line that cannot be understood here is a candidate too, and so is one whose far end nothing
tells: it is parsed in full, and used or refused there. `search` finds the lines of a big file for which the answer can
be yes, without asking it of the others.
"""

from collections.abc import Iterable, Iterator

from fgfr_screen import coords
from fgfr_screen.model import Pos1
from fgfr_screen.terms import Assembly, FgfrGene

# rules.md 1.3: an immunoglobulin locus joined this close to FGFR3 is kept.
HIJACK_BP = 250_000
_MAX_POSITION_DIGITS = 10
_NO_LIMIT = 10**_MAX_POSITION_DIGITS
SEGMENT = b"<CNV>"
_NOT_EVENTS = frozenset((b"*", b"<*>", b"<NON_REF>", b"."))
_GENE_WORDS = tuple(gene.value.encode() for gene in FgfrGene)

# INFO keys that can hold the position on CHR2.
_FAR_KEYS = (b"POS2", b"END2", b"END")
REMOTE = (b"<TRA", b"<BND", b"<CTX", b"<FUS")
"""Symbolic alleles whose far end may lie on any contig: CHR2 or the mate's record tells it."""
_WITHOUT_SPAN = (*REMOTE, b"<INS", b"<CNV", b"<CN")

Window = tuple[int, int]
# Number of an allele, from 1, and how many there are.
Which = tuple[int, int]


class Place:
    """One contig as the gate sees it.

    Attributes:
        name: UCSC-style name, or None when it is not known.
        windows: FGFR windows on it, of all possible assemblies.
        hijack: Surroundings of FGFR3, of all possible assemblies.
        limit: Highest position that can exist (contig length + 1, the virtual telomere).
        highest: Highest position seen; a clue to the assembly.
        has_rows: True when a search found rows on it that it need not ask about.
    """

    __slots__ = ("has_rows", "highest", "hijack", "limit", "name", "windows")

    def __init__(self, name: str | None, windows: tuple[Window, ...], hijack: tuple[Window, ...], limit: int) -> None:
        self.name = name
        self.windows = windows
        self.hijack = hijack
        self.limit = limit
        self.highest = 0
        self.has_rows = False


class Gate:
    """The question, for the assemblies that are still possible.

    Attributes:
        assemblies: Those that are possible.
        far_keys: INFO keys that can hold the position on CHR2, or the end of a span.
        has_segments: True when ALT `.` is a copy-number segment without change.
    """

    def __init__(
        self,
        assemblies: Iterable[Assembly],
        lengths: Iterable[tuple[str, int | None]] = (),
        *,
        end_is_coordinate: bool = True,
        has_segments: bool = False,
    ) -> None:
        """Prepare the windows.

        Args:
            assemblies: Those that are possible.
            lengths: Contig names and lengths of the header.
            end_is_coordinate: False when INFO END is text in this file.
            has_segments: True when ALT `.` is a copy-number segment without change.
        """
        self.assemblies = tuple(assemblies)
        self._lengths = {name: length for name, length in lengths if length is not None}
        self.far_keys = _FAR_KEYS if end_is_coordinate else _FAR_KEYS[:-1]
        self.has_segments = has_segments
        self._places: dict[bytes, Place] = {}
        self._windows = _windows(self.assemblies)

    @property
    def contigs(self) -> tuple[str, ...]:
        """UCSC names of the contigs of FGFR1-3."""
        return tuple(sorted(self._windows))

    def lowest_limit(self, contig: str) -> int:
        """Return the lowest limit that any spelling of a contig (`chr10`) has in this file."""
        lengths = (length for name, length in self._lengths.items() if coords.normalise_contig(name) == contig)
        return min((_longest(contig), *lengths)) + 1

    @property
    def highest_positions(self) -> dict[str, int]:
        """Highest position seen per known contig."""
        found: dict[str, int] = {}
        for place in self._places.values():
            if place.name is not None and place.highest:
                found[place.name] = max(place.highest, found.get(place.name, 0))
        return dict(sorted(found.items()))

    @property
    def may_miss_fgfr_contig(self) -> bool:
        """Tell whether rows stood on contigs, and none on one whose name is known: that would show how names are spelled."""
        met = [place for place in self._places.values() if place.highest or place.has_rows]
        return bool(met) and all(place.name is None for place in met)

    def candidate(self, line: bytes) -> bool:
        """Tell whether a line touches FGFR1-3, or must be parsed in full to know."""
        columns = line.split(b"\t", 5)
        if len(columns) < 6:
            return True
        contig, pos_text, _, ref, alt, rest = columns
        place = self._places.get(contig) or self.place(contig)
        if not pos_text.isdigit() or len(pos_text) > _MAX_POSITION_DIGITS:
            return True
        pos = int(pos_text)
        if pos > place.highest:
            if pos > place.limit:
                return True
            place.highest = pos
        if rest.count(b"\t") < 2 or (place.windows and _overlaps(place.windows, pos, pos + len(ref))):
            return True
        if self.has_segments and alt == b".":
            alt = SEGMENT
        if b"[" not in alt and b"]" not in alt and b"<" not in alt and b"CHR2=" not in rest:
            return place.name is None and _names_fgfr(rest)
        return self._joined_candidate(place, pos, alt, rest)

    def allele(self, line: bytes, alt: bytes, number: int) -> bool | None:
        """Tell whether one allele of a parsed line touches FGFR1-3; None when its far end cannot be read here.

        Args:
            line: The line.
            alt: The allele.
            number: 1 for the first ALT; of a list in END or SVLEN that fits the alleles, its own value counts.
        """
        contig, pos_text, _, ref, alts, rest = line.split(b"\t", 5)
        place, pos = self.place(contig), int(pos_text)
        if alt in _NOT_EVENTS:
            return False
        if _overlaps(place.windows, pos, pos + len(ref)) or (place.name is None and _names_fgfr(rest)):
            return True
        return self._allele(place, pos, alt, rest, (number, alts.count(b",") + 1))

    def is_excused(self, line: bytes, *, far_ends_declared: bool) -> bool:
        """Tell whether a candidate can be passed over in a big body, where not every position is read.

        It does not say FGFR, and is a candidate only for faults that cannot hide FGFR1-3:

        - the position of a mate lies beyond the end of a contig without FGFR gene;
        - on a known contig without FGFR gene, POS is no number, or lies beyond the contig's end;
        - there it has too few columns, but no bracket, and no far end is declared.
        """
        columns = line.split(b"\t", 5)
        place = self.place(columns[0])
        is_elsewhere = place.name is not None and not place.windows
        if b"FGFR" in line:
            return False
        if len(columns) < 6 or columns[5].count(b"\t") < 2:
            return is_elsewhere and not far_ends_declared and b"[" not in line and b"]" not in line
        pos = _position(columns[1])
        if not is_elsewhere and (
            pos is None or pos > place.limit or _overlaps(place.windows, pos, pos + len(columns[3]))
        ):
            return False
        alts = SEGMENT if self.has_segments and columns[4] == b"." else columns[4]
        return all(
            alt in _NOT_EVENTS or self._allele(place, pos, alt, columns[5], which) is False or self._is_beyond(alt)
            for which, alt in _numbered(alts)
        )

    def _is_beyond(self, alt: bytes) -> bool:
        """Tell whether a mate lies beyond the end of a contig without FGFR gene."""
        mate = _mate(alt)
        if mate is None:
            return False
        place = self.place(mate[0])
        return not place.windows and mate[1] > place.limit

    def refused_touches(self, line: bytes) -> bool:
        """Tell whether a line that was refused may have touched FGFR1-3.

        A readable place outside the windows clears it, unless its far end is what could not be read. A place that
        cannot be read clears nothing on the contigs of FGFR1-3, or when the text names one of them or holds a number
        from a window.
        """
        columns = line.split(b"\t")
        place = self.place(columns[0])
        pos = _position(columns[1]) if len(columns) > 2 else None
        if pos is None or pos > place.limit:
            return bool(place.windows) or _names_fgfr(line) or self._holds_window_number(b"\t".join(columns[1:]))
        ref, alt = (columns[3], columns[4]) if len(columns) > 4 else (b"", b"")
        if _overlaps(place.windows, pos, pos + len(ref)):
            return True
        info = columns[7] if len(columns) > 7 else b""
        is_joined = any(mark in alt for mark in (b"[", b"]", b"<")) or _info(info, b"CHR2") is not None
        if not is_joined and len(columns) > 4:
            return False
        if b"<" in alt and any(pos <= high for _, high in place.windows):
            return True
        if self._far_contig_has_fgfr(alt, info) or any(_is_untold(one, info) for one in alt.split(b",")):
            return True
        return _names_fgfr(line) or self._holds_window_number(b"\t".join(columns[4:8]))

    def _far_contig_has_fgfr(self, alts: bytes, info: bytes) -> bool:
        """Tell whether a far end that could not be read lies on a contig of FGFR1-3, by CHR2 or inside the brackets."""
        names = [_info(info, b"CHR2")]
        for alt in alts.replace(b"]", b"[").split(b","):
            inside = alt.split(b"[")[1:]
            names += [text.rpartition(b":")[0] if b":" in text else text for text in inside[:1]]
        places = [self.place(name) for name in names if name]
        return any(place.windows and _far_is_unread(alts, info, place) for place in places)

    def place(self, contig: bytes) -> Place:
        """Return what is known of a contig, by its name as written."""
        found = self._places.get(contig)
        if found is None:
            found = self._places[contig] = self._new_place(contig.decode("latin-1"))
        return found

    def _new_place(self, contig: str) -> Place:
        name = coords.normalise_contig(contig)
        if name is None:
            return Place(None, (), (), self._lengths.get(contig, _NO_LIMIT) + 1)
        own, hijack = self._windows.get(name, ((), ()))
        limit = self._lengths.get(contig)
        return Place(name, own, hijack, (_longest(name) if limit is None else limit) + 1)

    def _joined_candidate(self, place: Place, pos: int, alts: bytes, rest: bytes) -> bool:
        if place.name is None and _names_fgfr(rest):
            return True
        return any(
            alt not in _NOT_EVENTS and self._allele(place, pos, alt, rest, which) is not False
            for which, alt in _numbered(alts)
        )

    def _allele(self, place: Place, pos: int | None, alt: bytes, rest: bytes, which: Which) -> bool | None:
        """Return True when the far end or the span touches, None when it cannot be read here.

        Without `pos` the allele may lie anywhere on `place`, which has no FGFR gene.
        """
        if b"[" in alt or b"]" in alt:
            mate = _mate(alt)
            return None if mate is None else self._joined(place, pos, self.place(mate[0]), mate[1])
        is_symbolic = alt.startswith(b"<")
        info = rest.split(b"\t", 3)[2]
        other = _info(info, b"CHR2")
        ends = [end for key in self.far_keys for end in _own(_info(info, key), which)]
        if other is not None:
            other_place = self.place(other)
            if not is_symbolic or (other_place is not place and other_place.name != place.name):
                return self._remote(place, pos, other_place, ends)
        if not is_symbolic:
            return False
        if _is_untold(alt, info):
            return None
        lengths = _own(_info(info, b"SVLEN"), which)
        return self._spans(place, pos, ends, lengths, needs_end=not alt.startswith(_WITHOUT_SPAN))

    def _remote(self, place: Place, pos: int | None, other: Place, ends: list[bytes]) -> bool | None:
        positions = [_position(end) for end in ends]
        if None in positions or (not positions and (other.windows or other.name is None)):
            return None
        return any(self._joined(place, pos, other, end) is True for end in positions if end is not None)

    def _joined(self, place: Place, pos: int | None, other: Place, mate_pos: int) -> bool | None:
        if _overlaps(other.windows, mate_pos, mate_pos):
            return True
        if mate_pos > other.limit:
            return None
        near = pos is not None and _overlaps(place.hijack, pos, pos)
        far = _overlaps(other.hijack, mate_pos, mate_pos)
        return (near and self._in_immunoglobulin(other, mate_pos)) or (far and self._in_immunoglobulin(place, pos))

    def _in_immunoglobulin(self, place: Place, pos: int | None) -> bool:
        name = place.name
        start, end = (1, place.limit) if pos is None else (pos, pos)
        return name is not None and any(
            coords.immunoglobulin_locus_at(assembly, name, Pos1(start), Pos1(end)) is not None
            for assembly in self.assemblies
        )

    def _spans(
        self, place: Place, pos: int | None, ends: list[bytes], lengths: list[bytes], *, needs_end: bool
    ) -> bool | None:
        if not place.windows or pos is None:
            return False
        reach = [_position(end) for end in ends]
        reach += [None if (size := _position(item.lstrip(b"-"))) is None else pos + size for item in lengths]
        if None in reach or (needs_end and not reach):
            return None if pos <= max(high for _, high in place.windows) else False
        known = [pos, *(end for end in reach if end is not None)]
        return _overlaps(place.windows, min(known), max(known))

    def _holds_window_number(self, text: bytes) -> bool:
        digits = bytes(letter if 48 <= letter <= 57 or letter == 44 else 32 for letter in text)
        numbers = {int(word) for word in digits.replace(b",", b"").split() if len(word) <= _MAX_POSITION_DIGITS}
        numbers |= {int(word) for word in digits.replace(b",", b" ").split() if len(word) <= _MAX_POSITION_DIGITS}
        return any(
            low <= number <= high for own, _ in self._windows.values() for low, high in own for number in numbers
        )


def _far_is_unread(alts: bytes, info: bytes, place: Place) -> bool:
    """Tell whether no far end of a record has a readable position on a contig."""
    mates = [mate[1] for alt in alts.split(b",") if (mate := _mate(alt)) is not None]
    given = [
        pos for key in _FAR_KEYS if (text := _info(info, key)) is not None and (pos := _position(text)) is not None
    ]
    return not any(pos <= place.limit for pos in (*mates, *given))


def _longest(contig: str) -> int:
    """Return the length of a contig in the supported assembly where it is longest.

    What lies beyond the end in one assembly is evidence for the other, not a fault.
    """
    return max(coords.contig_length(assembly, contig) or _NO_LIMIT for assembly in Assembly)


def _windows(assemblies: tuple[Assembly, ...]) -> dict[str, tuple[tuple[Window, ...], tuple[Window, ...]]]:
    """Return FGFR windows and the surroundings of FGFR3 per contig."""
    found: dict[str, tuple[tuple[Window, ...], tuple[Window, ...]]] = {}
    for gene in FgfrGene:
        for assembly in assemblies:
            contig, start, end = coords.fgfr_window(gene, assembly)
            own, hijack = found.get(contig, ((), ()))
            margin = HIJACK_BP - coords.LOCUS_MARGIN_BP
            near = (*hijack, (start - margin, end + margin)) if gene is FgfrGene.FGFR3 else hijack
            found[contig] = ((*own, (start, end)), near)
    return found


def _overlaps(windows: tuple[Window, ...], start: int, end: int) -> bool:
    return any(start <= high and end >= low for low, high in windows)


def _position(text: bytes) -> int | None:
    return int(text) if text.isdigit() and len(text) <= _MAX_POSITION_DIGITS else None


def _mate(alt: bytes) -> tuple[bytes, int] | None:
    """Return contig and position between the brackets, or None when this is not a plain breakend."""
    bracket = b"[" if b"[" in alt else b"]"
    parts = alt.split(bracket)
    if len(parts) != 3 or (b"]" in alt and b"[" in alt):
        return None
    contig, _, digits = parts[1].rpartition(b":")
    pos = _position(digits)
    return None if pos is None or not contig else (contig, pos)


def _info(info: bytes, key: bytes) -> bytes | None:
    wanted = key + b"="
    for item in info.split(b";") if wanted in info else ():
        if item.startswith(wanted):
            value = item[len(wanted) :]
            return None if value in (b"", b".") else value
    return None


def _numbered(alts: bytes) -> Iterator[tuple[Which, bytes]]:
    items = alts.split(b",")
    for number, alt in enumerate(items, 1):
        yield (number, len(items)), alt


def _own(values: bytes | None, which: Which) -> list[bytes]:
    """Return what INFO says of one allele: its value of a list that fits the alleles, else all that is given."""
    items = [] if values is None else values.split(b",")
    number, alleles = which
    if len(items) == alleles:
        items = items[number - 1 : number]
    return [item for item in items if item not in (b"", b".")]


def _is_untold(alt: bytes, info: bytes) -> bool:
    """Tell whether nothing says on which contig the far end of an allele lies."""
    return alt.startswith(REMOTE) and _info(info, b"CHR2") is None and _info(info, b"MATEID") is None


def _names_fgfr(text: bytes) -> bool:
    """Tell whether FGFR1, FGFR2 or FGFR3 stands there as a word (FGFR1OP is another gene)."""
    if b"FGFR" not in text:
        return False
    for word in _GENE_WORDS:
        at = text.find(word)
        while at >= 0:
            before, after = text[at - 1 : at] if at else b"", text[at + len(word) : at + len(word) + 1]
            if not before.isalnum() and not after.isalnum():
                return True
            at = text.find(word, at + 1)
    return False
