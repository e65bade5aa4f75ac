"""Read and write HGVS text of short variants.

Protein changes (varnomen, "protein"): three-letter or one-letter residues, with or without `p.`, parentheses and
accession; stop as `*`, `Ter` or `X`. Coding changes (varnomen, "DNA"): `c.` positions with intron offsets and `*`.
Text is folded with NFKC first, so full-width letters and symbols read like ASCII.

| text | kind | new | stop_after |
|---|---|---|---|
| `S249C`, `p.(Ser249Cys)` | SUBSTITUTION | C | |
| `E768*`, `Glu768Ter` | SUBSTITUTION | * | |
| `D139=` | SYNONYMOUS | | |
| `K642Rfs*12`, `Lys642fs`, `K642fs*12+` | FRAMESHIFT | R or "" | 12 or None (`+` = at least) |
| `H167_N173del` | DELETION | | |
| `S267_D273dup` | DUPLICATION | | |
| `A12_B13insGS` | INSERTION | GS | |
| `W290_I291delinsC` | DELINS | C | |
| `*807Cext*101` | EXTENSION | C | 101 or None |
| `M1?`, `0?` | START_LOST | | |
| `X768_splice` | SPLICE | | |
"""

import re
import unicodedata
from enum import StrEnum

from fgfr_screen.coords import to_start0
from fgfr_screen.isoforms import Coordinate
from fgfr_screen.model import Record

THREE_LETTERS = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu", "G": "Gly", "H": "His",
    "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe", "P": "Pro", "S": "Ser", "T": "Thr", "W": "Trp",
    "Y": "Tyr", "V": "Val", "*": "Ter", "X": "Xaa",
}  # fmt: skip
_ONE_LETTER = {name: letter for letter, name in THREE_LETTERS.items() if letter != "X"}
# Dashes, the asterisk operator and the arrow that word processors put in place of ASCII.
_LOOKALIKES = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "∗": "*", "→": ">", "﹡": "*"})
# Patterns are texts here: `re` compiles each when it is first asked and keeps it. Most runs ask two or three of them.
_ACCESSION = r"([A-Za-z][\w.\-]*)(?:\([^)]*\))?:(?=.)"
_KEYWORDS = ("delins", "splice", "del", "ins", "dup", "ext", "fs", "inv")


class ProteinKind(StrEnum):
    """Form of a protein change."""

    SUBSTITUTION = "substitution"
    SYNONYMOUS = "synonymous"
    FRAMESHIFT = "frameshift"
    DELETION = "deletion"
    DUPLICATION = "duplication"
    INSERTION = "insertion"
    DELINS = "delins"
    EXTENSION = "extension"
    START_LOST = "start_lost"
    SPLICE = "splice"


class ProteinChange(Record, frozen=True, kw_only=True):
    """A protein change; residues are 1-based on some isoform, amino acids one-letter, `*` = stop.

    Attributes:
        start_aa, start: First residue named; `X` = not told.
        end_aa, end: Last residue named, equal to the first for one residue.
        new: Amino acids that replace or are added; "" = none or not told.
        stop_after: Codons from the first changed one to the new stop (frameshift), or added (extension); None =
            unknown.
    """

    kind: ProteinKind
    start_aa: str
    start: int
    end_aa: str
    end: int
    new: str = ""
    stop_after: int | None = None


class CodingKind(StrEnum):
    """Form of a coding-DNA change."""

    SUBSTITUTION = "substitution"
    IDENTITY = "identity"
    DELETION = "deletion"
    DUPLICATION = "duplication"
    INSERTION = "insertion"
    DELINS = "delins"


class CodingChange(Record, frozen=True, kw_only=True):
    """A `c.` change. `ref` and `alt` are on the transcript strand; None = not written."""

    kind: CodingKind
    start: Coordinate
    end: Coordinate
    ref: str | None
    alt: str | None


def fold(text: str) -> str:
    """Return the text in ASCII shape: NFKC, look-alike signs replaced, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_LOOKALIKES).split())


def split_accession(text: str) -> tuple[str | None, str]:
    """Split `NM_000142.5(FGFR3):c.746C>G` into accession and change; None where there is no accession."""
    folded = fold(text)
    found = re.match(_ACCESSION, folded)
    return (found.group(1), folded[found.end() :]) if found else (None, folded)


# ---------------------------------------------------------------------------------------------------------- protein

_LETTER = "ACDEFGHIKLMNPQRSTVWXY"
_RESIDUE = rf"([{_LETTER}*])(\d{{1,9}})"
_RANGE = rf"{_RESIDUE}(?:_{_RESIDUE})?"
_PROTEIN_FORMS = (
    (ProteinKind.SUBSTITUTION, rf"{_RESIDUE}([{_LETTER}*])"),
    (ProteinKind.START_LOST, r"(?:M1\?|0\??)"),
    (ProteinKind.SYNONYMOUS, rf"{_RANGE}="),
    (ProteinKind.FRAMESHIFT, rf"{_RESIDUE}([{_LETTER}])?fs(?:[*X](\d{{1,9}}\+|\d{{1,9}}|\?)?)?(\d{{1,9}})?"),
    (ProteinKind.EXTENSION, rf"([*X])(\d{{1,9}})([{_LETTER}])?ext(?:[*X]?(\d{{1,9}}|\?))?"),
    (ProteinKind.DELINS, rf"{_RANGE}(?:del[A-Z]*ins|>)([{_LETTER}*]+)"),
    (ProteinKind.DELETION, rf"{_RANGE}del[A-Z]*"),
    (ProteinKind.DUPLICATION, rf"{_RANGE}dup[A-Z]*"),
    (ProteinKind.INSERTION, rf"{_RESIDUE}_{_RESIDUE}ins([{_LETTER}*]+)"),
    (ProteinKind.SPLICE, rf"([{_LETTER}])(\d{{1,9}})_splice"),
)
"""No text has two of these forms; the commonest comes first."""
_AMINO_ACIDS = "|".join(_ONE_LETTER)


def parse_protein(text: str) -> ProteinChange | None:
    """Read a protein change without its accession (see the table above); None = not understood, `p.?` among them."""
    body = fold(text)
    body = re.sub(r"^[pP]\.", "", body).replace("(", "").replace(")", "").replace("[", "").replace("]", "")
    for spelling in (_title_case_to_one_letter(body), _any_case_to_one_letter(body)):
        for kind, form in _PROTEIN_FORMS:
            found = re.fullmatch(form, spelling)
            if found:
                return _protein_change(kind, found.groups())
    return None


def _title_case_to_one_letter(body: str) -> str:
    return re.sub(_AMINO_ACIDS, lambda name: _ONE_LETTER[name.group()], body)


def _any_case_to_one_letter(body: str) -> str:
    names = re.sub(_AMINO_ACIDS, lambda name: _ONE_LETTER[name.group().capitalize()], body, flags=re.IGNORECASE)
    folded = names.upper()
    for keyword in _KEYWORDS:
        folded = folded.replace(keyword.upper(), keyword)
    return folded


def _protein_change(kind: ProteinKind, parts: tuple[str | None, ...]) -> ProteinChange | None:
    if kind is ProteinKind.START_LOST:
        return ProteinChange(kind=kind, start_aa="M", start=1, end_aa="M", end=1)
    start_aa, start = parts[0] or "", int(parts[1] or 0)
    if kind in (ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION):
        return _tail_change(kind, start_aa, start, parts[2:])
    if kind in (ProteinKind.SUBSTITUTION, ProteinKind.SPLICE):
        return _one_residue(kind, start_aa, start, (*parts, "")[2] or "")
    end_aa, end = (parts[2] or start_aa), int(parts[3] or start)
    if end < start or (kind is ProteinKind.INSERTION and end - start != 1):
        return None
    new = parts[4] or "" if len(parts) > 4 else ""
    if kind is ProteinKind.DELINS and start == end and len(new) == 1:
        return _one_residue(ProteinKind.SUBSTITUTION, start_aa, start, new)
    return ProteinChange(kind=kind, start_aa=start_aa, start=start, end_aa=end_aa, end=end, new=new)


def _one_residue(kind: ProteinKind, aa: str, residue: int, new: str) -> ProteinChange:
    """Read one residue; the old sign `X` for a stop is taken as `*`, an unchanged residue as synonymous."""
    if kind is ProteinKind.SUBSTITUTION:
        new = "*" if new == "X" else new
        aa = "*" if aa == "X" else aa
        if new == aa:
            kind, new = ProteinKind.SYNONYMOUS, ""
        elif aa == "M" and residue == 1:
            kind, new = ProteinKind.START_LOST, ""
        elif aa == "*":
            kind = ProteinKind.EXTENSION
    return ProteinChange(kind=kind, start_aa=aa, start=residue, end_aa=aa, end=residue, new=new)


def _tail_change(kind: ProteinKind, aa: str, residue: int, parts: tuple[str | None, ...]) -> ProteinChange:
    count = next((part for part in parts[1:] if part and part.isdigit()), None)
    aa = "*" if aa == "X" and kind is ProteinKind.EXTENSION else aa
    return ProteinChange(
        kind=kind,
        start_aa=aa,
        start=residue,
        end_aa=aa,
        end=residue,
        new=parts[0] or "",
        stop_after=None if count is None else int(count),
    )


def format_protein(change: ProteinChange, *, three_letters: bool) -> str:
    """Write a protein change without `p.`: `Ser249Cys` or, in prose, `S249C`.

    A frameshift whose stop is not reached is `Lys642ArgfsTer?`; one whose first new residue is not told is `Lys642fs`.
    """

    def spell(letters: str) -> str:
        return "".join(THREE_LETTERS[letter] for letter in letters) if three_letters else letters

    stop = spell("*")
    first = f"{spell(change.start_aa)}{change.start}"
    place = first if change.start == change.end else f"{first}_{spell(change.end_aa)}{change.end}"
    length = "?" if change.stop_after is None else str(change.stop_after)
    match change.kind:
        case ProteinKind.SUBSTITUTION:
            return first + spell(change.new)
        case ProteinKind.SYNONYMOUS:
            return f"{place}="
        case ProteinKind.FRAMESHIFT:
            tail = f"{stop}{length}" if change.new or change.stop_after is not None else ""
            return f"{first}{spell(change.new)}fs{tail}"
        case ProteinKind.EXTENSION:
            return f"{first}{spell(change.new)}ext{stop}{length}"
        case ProteinKind.START_LOST:
            return f"{first}?"
        case ProteinKind.SPLICE:
            return f"{first}_splice"
        case ProteinKind.DELETION:
            return f"{place}del"
        case ProteinKind.DUPLICATION:
            return f"{place}dup"
        case ProteinKind.INSERTION:
            return f"{place}ins{spell(change.new)}"
        case ProteinKind.DELINS:
            return f"{place}delins{spell(change.new)}"


# ----------------------------------------------------------------------------------------------------------- coding

_POSITION = r"([*-]?\d{1,9})([+-]\d{1,9})?"
_CODING = (
    rf"{_POSITION}(?:_{_POSITION})?"
    r"(?:(?P<from>[ACGT]+)>(?P<to>[ACGT]+)|(?P<same>[ACGT]*=)|del(?P<deleted>[ACGT]*)ins(?P<replaced>[ACGT]+)"
    r"|del(?P<del>[ACGT]*|\d{1,9})|dup(?P<dup>[ACGT]*|\d{1,9})|ins(?P<ins>[ACGT]+))"
)


def parse_coding(text: str) -> CodingChange | None:
    """Read a `c.` change without its accession; None = not understood.

    Also understood: no `c.`, a leading "splice site" (Foundation reports), a trailing protein change in parentheses.
    """
    body = re.sub(r"^(splicesite|splice)", "", fold(text), flags=re.IGNORECASE)
    body = re.sub(r"^[cC]\.", "", body).partition("(")[0]
    head = re.sub(r"(del|ins|dup)", lambda word: word.group().lower(), body.upper(), flags=re.IGNORECASE)
    found = re.fullmatch(_CODING, head)
    if found is None:
        return None
    start = _coordinate(found.group(1), found.group(2))
    end = start if found.group(3) is None else _coordinate(found.group(3), found.group(4))
    if start is None or end is None:
        return None
    return _coding_change(found.groupdict(), start, end)


def _coordinate(base: str, offset: str | None) -> Coordinate | None:
    number = int(base.lstrip("*"))
    if number == 0:
        return None
    return Coordinate(base=number, offset=int(offset or 0), after_stop=base.startswith("*"))


def _coding_change(parts: dict[str, str | None], start: Coordinate, end: Coordinate) -> CodingChange | None:
    kind, ref, alt = _kind_and_bases(parts)
    if kind is CodingKind.INSERTION and start == end:
        return None
    if kind is CodingKind.SUBSTITUTION and (len(ref or "") != 1 or len(alt or "") != 1):
        kind = CodingKind.DELINS
    if ref and len(ref) > 1 and start == end and start.offset == 0:  # `c.746CT>GA`, old style
        end = Coordinate(base=start.base + to_start0(len(ref)), after_stop=start.after_stop)
    return CodingChange(kind=kind, start=start, end=end, ref=ref, alt=alt)


def _kind_and_bases(parts: dict[str, str | None]) -> tuple[CodingKind, str | None, str | None]:
    if parts["from"] is not None:
        return CodingKind.SUBSTITUTION, parts["from"], parts["to"]
    if parts["same"] is not None:
        return CodingKind.IDENTITY, parts["same"].rstrip("=") or None, None
    if parts["replaced"] is not None:
        return CodingKind.DELINS, parts["deleted"] or None, parts["replaced"]
    if parts["ins"] is not None:
        return CodingKind.INSERTION, None, parts["ins"]
    if parts["dup"] is not None:
        return CodingKind.DUPLICATION, None, _letters(parts["dup"])
    return CodingKind.DELETION, _letters(parts["del"] or ""), ""


def _letters(text: str) -> str | None:
    """Return the bases, None when none or only their number was written."""
    return text if text.isalpha() else None
