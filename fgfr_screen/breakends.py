"""VCF breakend ALT text <-> `ParsedBreakend`: the only place that knows the bracket grammar.

Grammar of VCF 4.5, section 5.4 ("Specifying complex rearrangements with breakends"); `t` replaces REF, `p` is
`contig:position`:

| ALT | own side kept | mate side kept | `t` holds |
|---|---|---|---|
| `t[p[` | LEFT | RIGHT | REF, then inserted bases |
| `t]p]` | LEFT | LEFT | REF, then inserted bases |
| `]p]t` | RIGHT | LEFT | inserted bases, then REF |
| `[p[t` | RIGHT | RIGHT | inserted bases, then REF |
| `t.` | LEFT | not known | REF, then inserted bases |
| `.t` | RIGHT | not known | inserted bases, then REF |

`p` is split at its last colon, because contig names such as `HLA-A*01:01:01:01` hold colons. A contig in angle brackets
(`<ctg1>:7`) lies in an assembly file, not in the reference. Every function takes time linear in the text.
"""

from fgfr_screen.model import Record
from fgfr_screen.terms import Orientation

# IUPAC nucleotide letters in both cases; VCF allows ACGTN, callers write the rest.
_BASES = "ACGTNacgtnRYKMSWBDHVUrykmswbdhvu"
# 2**31 - 1 has ten digits: the largest position that VCF and BCF can hold.
_MAX_POSITION_DIGITS = 10
# VCF 4.5 section 1.4.7 leaves these out of contig names; `*` and `=` are allowed after the first character.
_NOT_IN_CONTIG = frozenset("\\,\"'`()[]{}<>")


class ParsedBreakend(Record, frozen=True, kw_only=True):
    """One ALT breakend, read literally.

    Attributes:
        mate_contig: Contig of the mate as written, without angle brackets; None for a single breakend.
        mate_pos: 1-based position of the mate (0 and contig length + 1 are virtual telomeres); None for a single one.
        own_side: Side kept at the record's own position.
        mate_side: Side kept at the mate; None for a single breakend.
        inserted: Bases of `t` beyond REF, as written on the forward strand of the record; "" for none.
        is_single: True when the mate is not known (`G.`, `.G`).
        mate_in_assembly_file: True when the mate's contig stands in angle brackets.
        ref_matches: False when the bases of `t` that should repeat REF differ from it (N fits every base, in any case).
    """

    mate_contig: str | None
    mate_pos: int | None
    own_side: Orientation
    mate_side: Orientation | None
    inserted: str
    is_single: bool
    mate_in_assembly_file: bool
    ref_matches: bool = True


def is_breakend_alt(alt: str) -> bool:
    """Tell cheaply whether one ALT allele is meant as a breakend (it can still be malformed).

    >>> [is_breakend_alt(alt) for alt in ("G[chr4:5[", "G.", ".G", ".", "<BND>", "GA")]
    [True, True, True, False, False, False]
    """
    if alt.startswith("<"):
        return False
    if "[" in alt or "]" in alt:
        return True
    return len(alt) > 1 and (alt[0] == "." or alt[-1] == ".")


def parse_breakend(ref: str, alt: str) -> ParsedBreakend:
    """Read one breakend allele.

    Args:
        ref: The REF column (letters, at least one).
        alt: One ALT allele.

    Returns:
        The kept sides, the mate and the inserted bases; see the table of this module.

    Raises:
        ValueError: `alt` breaks the grammar; the message is a sentence for the user. Nothing is guessed.
    """
    if alt != alt.strip():
        raise ValueError("the breakend has a blank at its start or end")
    if not ref or ref.strip(_BASES):
        raise ValueError("REF is not a run of bases, so the breakend cannot be read")
    bracket = _only_bracket(alt)
    if bracket is None:
        return _parse_single(ref, alt)
    parts = alt.split(bracket)
    if len(parts) != 3:
        raise ValueError(f"a breakend needs exactly two brackets, this one has {len(parts) - 1}")
    before, place, after = parts
    if bool(before) == bool(after):
        raise ValueError(
            "bases stand on both sides of the brackets"
            if before
            else "no base stands beside the brackets of the breakend"
        )
    own_side = Orientation.LEFT if before else Orientation.RIGHT
    contig, pos, in_file = _parse_place(place)
    inserted, matches = _inserted(ref, before or after, own_side)
    return ParsedBreakend(
        mate_contig=contig,
        mate_pos=pos,
        own_side=own_side,
        mate_side=Orientation.RIGHT if bracket == "[" else Orientation.LEFT,
        inserted=inserted,
        is_single=False,
        mate_in_assembly_file=in_file,
        ref_matches=matches,
    )


def format_breakend(ref: str, breakend: ParsedBreakend) -> str:
    """Write `breakend` as an ALT allele of a record with this REF; the inverse of `parse_breakend`.

    Raises:
        ValueError: The mate is only half given.
    """
    kept_left = breakend.own_side is Orientation.LEFT
    bases = ref + breakend.inserted if kept_left else breakend.inserted + ref
    if breakend.is_single:
        return f"{bases}." if kept_left else f".{bases}"
    if breakend.mate_contig is None or breakend.mate_pos is None or breakend.mate_side is None:
        raise ValueError("a breakend with a mate needs its contig, position and kept side")
    bracket = "[" if breakend.mate_side is Orientation.RIGHT else "]"
    contig = f"<{breakend.mate_contig}>" if breakend.mate_in_assembly_file else breakend.mate_contig
    place = f"{bracket}{contig}:{breakend.mate_pos}{bracket}"
    return bases + place if kept_left else place + bases


def _only_bracket(alt: str) -> str | None:
    has_open, has_close = "[" in alt, "]" in alt
    if has_open and has_close:
        raise ValueError("the breakend mixes '[' and ']'")
    return "[" if has_open else "]" if has_close else None


def _parse_single(ref: str, alt: str) -> ParsedBreakend:
    if len(alt) < 2 or (alt[0] == ".") == (alt[-1] == "."):
        raise ValueError("the allele is not a breakend: no brackets, and no '.' at exactly one end")
    own_side = Orientation.LEFT if alt[-1] == "." else Orientation.RIGHT
    inserted, matches = _inserted(ref, alt[:-1] if own_side is Orientation.LEFT else alt[1:], own_side)
    return ParsedBreakend(
        mate_contig=None,
        mate_pos=None,
        own_side=own_side,
        mate_side=None,
        inserted=inserted,
        is_single=True,
        mate_in_assembly_file=False,
        ref_matches=matches,
    )


def _parse_place(place: str) -> tuple[str, int, bool]:
    contig, colon, digits = place.rpartition(":")
    if not colon or not digits:
        raise ValueError("the breakend's mate has no position")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("the position of the breakend's mate is not a plain number")
    if len(digits) > _MAX_POSITION_DIGITS:
        raise ValueError(f"the position of the breakend's mate has {len(digits)} digits")
    in_file = contig.startswith("<") and contig.endswith(">")
    name = contig[1:-1] if in_file else contig
    if not name:
        raise ValueError("the breakend's mate has no contig")
    if name.endswith(":"):
        raise ValueError("two colons stand between contig and position of the breakend's mate")
    # `split` finds every kind of white space in one pass; a name with any of it has more than one part or changes.
    if name.split() != [name] or not name.isprintable() or not _NOT_IN_CONTIG.isdisjoint(name):
        raise ValueError("the contig of the breakend's mate holds a character that contig names cannot have")
    return name, int(digits), in_file


def _inserted(ref: str, bases: str, own_side: Orientation) -> tuple[str, bool]:
    if bases.strip(_BASES):
        raise ValueError("the breakend holds characters that are not bases")
    if len(bases) < len(ref):
        raise ValueError("the breakend has fewer bases than REF")
    kept_left = own_side is Orientation.LEFT
    surplus = len(bases) - len(ref)
    repeated, inserted = (bases[: len(ref)], bases[len(ref) :]) if kept_left else (bases[surplus:], bases[:surplus])
    return inserted, _same_bases(ref, repeated)


def _same_bases(ref: str, repeated: str) -> bool:
    ref, repeated = ref.upper(), repeated.upper()
    return ref == repeated or all(a == b or "N" in (a, b) for a, b in zip(ref, repeated, strict=True))
