"""One ALT allele of a structural record -> the junctions it states, each as two breakends with kept sides.

| allele | first | second |
|---|---|---|
| breakend | side kept at POS | side kept at the mate |
| `<DEL>` | LEFT at POS | RIGHT after END |
| `<DUP>`, `<DUP:TANDEM>` | RIGHT after POS | LEFT at END |
| `<INV>` INV3, CT 3to3, STRANDS `++` | LEFT at POS | LEFT at END |
| `<INV>` INV5, CT 5to5, STRANDS `--` | RIGHT after POS | RIGHT after END |
| `<INS>`, long insertion | LEFT at POS | RIGHT after POS, inserted bases between |
| `<TRA>`, `<BND>`, `<CTX>` | CT or STRANDS at POS | the other one at CHR2 and POS2, END2 or END |

POS of a symbolic allele is the base before the event (VCF 4.5, section 1.6.1); what each program means differently
stands in `callers`. RNA fusion callers are in `rna_junctions`.
"""

from fgfr_screen import coords
from fgfr_screen.breakends import parse_breakend
from fgfr_screen.model import Breakend, Pos1, Record
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord
from fgfr_screen.terms import DeclaredStructure, Frame, GeneOrder, Orientation

# VCF 4.5 speaks of structural variants from 50 bases on; shorter changes of plain bases are indels.
STRUCTURAL_BASES = 50
# Programs count SVLEN from either end of the event, so END and SVLEN may differ by one without contradiction.
_SPAN_SLACK = 1

_LEFT, _RIGHT = Orientation.LEFT, Orientation.RIGHT
Sides = tuple[Orientation | None, Orientation | None]
_UNKNOWN_SIDES: Sides = (None, None)
_CT: dict[str, Sides] = {
    "3to5": (_LEFT, _RIGHT),
    "5to3": (_RIGHT, _LEFT),
    "3to3": (_LEFT, _LEFT),
    "5to5": (_RIGHT, _RIGHT),
}
_SIGN = {"+": _LEFT, "-": _RIGHT}
_INVERSIONS: tuple[Sides, Sides] = ((_LEFT, _LEFT), (_RIGHT, _RIGHT))
_REMOTE_KINDS = frozenset(("TRA", "BND", "CTX", "ITX", "FUS"))
_DUPLICATIONS = frozenset(("DUP", "TDUP", "IDUP"))
# Types that say where something lies but not how the ends are joined.
_UNSIDED_KINDS = frozenset(("UNK", "INVDUP", "DUP:INV", "COMPLEX", "CPX"))

Interval = tuple[int, int]


class Junction(Record, frozen=True, kw_only=True):
    """Two joined breakends, without what the record says about evidence.

    Attributes:
        first, second: The two sides; `second` None = single breakend or mate not given.
        codes: Findings about this junction.
    """

    first: Breakend
    second: Breakend | None
    order: GeneOrder = GeneOrder.UNKNOWN
    declared: DeclaredStructure | None = None
    declared_frame: Frame | None = None
    orientation_is_reliable: bool = True
    untemplated_sequence: str | None = None
    codes: tuple[str, ...] = ()


def breakend_junction(record: VcfRecord, allele: int, caller: Caller) -> Junction:
    """Read a breakend allele (`t[p[`, `t.` and so on).

    Args:
        record: The record.
        allele: 1 for the first ALT.
        caller: Dialect.

    Raises:
        RecordError: The allele breaks the grammar.
    """
    try:
        parsed = parse_breakend(record.ref, record.alts[allele - 1])
    except ValueError as error:
        raise RecordError("BREAKEND_MALFORMED", f"ALT {_shown(record.alts[allele - 1])}: {error}") from error
    sides: Sides = (parsed.own_side, parsed.mate_side)
    sides, codes = _settled_sides(record, sides, caller)
    inserted = parsed.inserted if parsed.inserted or not record.flag("IMPRECISE") else None
    own_at = coords.before(record.pos + len(record.ref)) if parsed.own_side is _LEFT else record.pos
    first = _breakend(record.contig, own_at, _own_offsets(record), sides[0])
    if parsed.mate_contig is None or parsed.mate_pos is None:
        return Junction(
            first=first, second=None, untemplated_sequence=inserted, orientation_is_reliable=sides[0] is not None
        )
    contig, pos = _mate_place(record, caller, parsed.mate_contig, Pos1(parsed.mate_pos))
    if parsed.mate_in_assembly_file or coords.normalise_contig(contig) is None:
        codes = (*codes, "MATE_CONTIG_UNKNOWN")
    return Junction(
        first=first,
        second=_breakend(contig, pos, _mate_offsets(record, sides), sides[1]),
        orientation_is_reliable=None not in sides and "SIDES_CONFLICT" not in codes,
        untemplated_sequence=inserted,
        codes=codes,
    )


def symbolic_junctions(record: VcfRecord, allele: int, caller: Caller) -> tuple[Junction, ...]:
    """Read a symbolic structural allele; an inversion without a flag states two junctions.

    A plain allele beside CHR2 is read like `<TRA>`.

    Raises:
        RecordError: The type is not known, or the end of the event is missing or contradicts POS.
    """
    word = record.alts[allele - 1][1:-1].upper()
    kind = word.partition(":")[0]
    if not record.alts[allele - 1].startswith("<") or kind in _REMOTE_KINDS or _is_on_other_contig(record):
        return (_remote_junction(record, allele),)
    if word in _UNSIDED_KINDS:
        return (_unsided_junction(record, allele, caller),)
    if kind == "INS" or word == "DUP/INS":
        return (_insertion(record, record.pos, record.text("SVINSSEQ")),)
    if kind not in ("DEL", "INV") and kind not in _DUPLICATIONS:
        raise RecordError("ALT_UNKNOWN", f"ALT {_shown(record.alts[allele - 1])} is a symbolic type that is not known")
    end, codes = span_end(record, allele, caller)
    inserted = _symbolic_insertion(record)
    if kind == "INV":
        return tuple(
            _span(record, end, sides, inserted, codes, declared=DeclaredStructure.INVERSION)
            for sides in _inversion_sides(record, caller)
        )
    sides: Sides = (_LEFT, _RIGHT) if kind == "DEL" else (_RIGHT, _LEFT)
    return (_span(record, end, sides, inserted, codes),)


def plain_junction(record: VcfRecord, allele: int) -> Junction | None:
    """Read an allele of plain bases as a junction when it removes or adds at least 50 bases; None when it is shorter.

    A duplication that is written out (SVTYPE DUP) is the junction of its two copies; another insertion joins the two
    neighbours of its place.
    """
    ref, alt = record.ref.upper(), record.alts[allele - 1].upper()
    shared = _shared_start(ref, alt)
    tail = _shared_start(ref[shared:][::-1], alt[shared:][::-1])
    removed, added = ref[shared : len(ref) - tail], alt[shared : len(alt) - tail]
    if max(len(removed), len(added)) < STRUCTURAL_BASES:
        return None
    before = coords.before(Pos1(record.pos + shared))
    if not removed:
        if (record.text("SVTYPE") or "").startswith("DUP"):
            return _span(record, Pos1(before + len(added)), (_RIGHT, _LEFT), "", (), start=before)
        return _insertion(record, before, added)
    return _span(record, Pos1(before + len(removed)), (_LEFT, _RIGHT), added, (), start=before)


def span_end(record: VcfRecord, allele: int, caller: Caller) -> tuple[Pos1, tuple[str, ...]]:
    """Return the last base of a symbolic event and findings: SVLEN first (its absolute value), then END.

    Raises:
        RecordError: Neither gives an end, a list does not fit the alleles, or END lies before POS and there is no SVLEN.
    """
    end = _own(record, "END", allele)
    length = abs(_own(record, "SVLEN", allele) or 0)
    by_length = record.pos + length if length else None
    if end is not None and end < record.pos:
        if by_length is None:
            raise RecordError("END_BEFORE_POS", f"INFO END={end} lies before POS {record.pos}")
        return Pos1(by_length), ("SPAN_CONFLICT",)
    if end is not None and end > record.pos and (by_length is None or abs(end - by_length) <= _SPAN_SLACK):
        return Pos1(end), ()
    if by_length is None:
        raise RecordError("SPAN_MISSING", "a symbolic allele without END and SVLEN has no second end")
    if end is None or end == record.pos:
        return Pos1(by_length), ()
    return Pos1(end if caller.end_first else by_length), ("SPAN_CONFLICT",)


def _own(record: VcfRecord, key: str, allele: int) -> int | None:
    """Return the value of an allele.

    Raises:
        RecordError: There are several values, and not one for each allele.
    """
    values = record.integers(key)
    if len(values) not in (1, len(record.alts)) and len(set(values)) > 1:
        reason = f"INFO {key} has {len(values)} values for {len(record.alts)} alleles"
        raise RecordError("INFO_MALFORMED", reason)
    return record.integer(key, allele - 1)


def contig_name(name: str) -> str:
    """Return the UCSC-style name, or the name as written when it is not known."""
    return coords.normalise_contig(name) or name


def strands_text(record: VcfRecord) -> tuple[str, ...]:
    """Return the sign pairs of INFO STRANDS (`++:4,--:2` gives `++` and `--`)."""
    value = record.text("STRANDS") or ""
    return tuple(item[:2] for item in value.split(",") if len(item) >= 2 and item[0] in _SIGN and item[1] in _SIGN)


def _settled_sides(record: VcfRecord, sides: Sides, caller: Caller) -> tuple[Sides, tuple[str, ...]]:
    """Let the dialect overrule the brackets."""
    if caller.sides == "none" or record.flag("IMPRECISE_DIR"):
        return _UNKNOWN_SIDES, ()
    strands = strands_text(record)
    if caller.sides == "strands" and strands and sides[1] is not None:
        return (_SIGN[strands[0][0]], _SIGN[strands[0][1]]), ()
    stated = _connection(record)
    if stated is not None and sides[1] is not None and stated != sides:
        return sides, ("SIDES_CONFLICT",)
    return sides, ()


def _connection(record: VcfRecord) -> Sides | None:
    """Return the sides of INFO CT.

    Raises:
        RecordError: CT is none of the words of DELLY.
    """
    value = record.text("CT")
    if value is None or value == "NtoN":
        return None
    if value not in _CT:
        raise RecordError("INFO_MALFORMED", f"INFO CT={_shown(value)} is not one of {', '.join(_CT)}")
    return _CT[value]


def _mate_place(record: VcfRecord, caller: Caller, contig: str, pos: Pos1) -> tuple[str, Pos1]:
    """SURVIVOR keeps ALT of one input but writes CHR2 and END of the median caller."""
    other, end = record.text("CHR2"), record.integer("END") if caller.sides == "strands" and caller.end_first else None
    return (other, Pos1(end)) if other is not None and end is not None else (contig, pos)


def _is_on_other_contig(record: VcfRecord) -> bool:
    other = record.text("CHR2")
    return other is not None and contig_name(other) != contig_name(record.contig)


def _remote_junction(record: VcfRecord, allele: int) -> Junction:
    """Read `<TRA>`: POS and the position on CHR2 are the kept bases themselves; END can be below POS.

    `<ITX>`, a translocation within its contig, needs no CHR2.
    """
    sides: Sides = _connection(record) or _UNKNOWN_SIDES
    strands = strands_text(record)
    if sides == _UNKNOWN_SIDES and strands:
        sides = (_SIGN[strands[0][0]], _SIGN[strands[0][1]])
    first = _breakend(record.contig, record.pos, _own_offsets(record), sides[0])
    is_within = record.alts[allele - 1].upper().startswith("<ITX")
    contig = record.text("CHR2") or (record.contig if is_within else None)
    # GATK-SV writes the far end as END2, where END is its own place.
    given = (record.integer(key, allele - 1) for key in ("POS2", "END2", "END"))
    pos = next((value for value in given if value is not None), None)
    if contig is None or pos is None:
        return Junction(
            first=first, second=None, orientation_is_reliable=sides[0] is not None, codes=("MATE_NOT_GIVEN",)
        )
    codes = () if coords.normalise_contig(contig) else ("MATE_CONTIG_UNKNOWN",)
    return Junction(
        first=first,
        second=_breakend(contig, Pos1(pos), _mate_offsets(record, sides), sides[1]),
        orientation_is_reliable=None not in sides,
        untemplated_sequence=_symbolic_insertion(record),
        codes=codes,
    )


def _unsided_junction(record: VcfRecord, allele: int, caller: Caller) -> Junction:
    end, codes = span_end(record, allele, caller)
    return Junction(
        first=_breakend(record.contig, record.pos, _own_offsets(record), None),
        second=_breakend(record.contig, end, _mate_offsets(record, _UNKNOWN_SIDES), None),
        orientation_is_reliable=False,
        codes=codes,
    )


def _inversion_sides(record: VcfRecord, caller: Caller) -> tuple[Sides, ...]:
    flags = (record.flag("INV3"), record.flag("INV5"))
    if flags[0] != flags[1]:
        return (_INVERSIONS[0],) if flags[0] else (_INVERSIONS[1],)
    stated = _connection(record)
    if stated in _INVERSIONS:
        return (stated,)
    signs = set(strands_text(record))
    strand = record.text("STRAND")
    if caller.strand_is_side and strand is not None:
        signs.add(strand)
    found = tuple(sides for sides, sign in zip(_INVERSIONS, ("++", "--"), strict=True) if sign in signs)
    return found or _INVERSIONS


def _span(
    record: VcfRecord,
    end: Pos1,
    sides: Sides,
    inserted: str | None,
    codes: tuple[str, ...],
    *,
    declared: DeclaredStructure | None = None,
    start: Pos1 | None = None,
) -> Junction:
    """Join the edges of the span after `start` (POS) up to `end`: LEFT stands on the edge base, RIGHT on the next."""
    start = record.pos if start is None else start
    first = start if sides[0] is _LEFT else coords.after(start)
    second = end if sides[1] is _LEFT else coords.after(end)
    return Junction(
        first=_breakend(record.contig, first, _own_offsets(record), sides[0]),
        second=_breakend(record.contig, second, _mate_offsets(record, sides), sides[1]),
        declared=declared,
        untemplated_sequence=inserted,
        codes=codes,
    )


def _insertion(record: VcfRecord, before: Pos1, inserted: str | None) -> Junction:
    offsets = _own_offsets(record)
    return Junction(
        first=_breakend(record.contig, before, offsets, _LEFT),
        second=_breakend(record.contig, coords.after(before), offsets, _RIGHT),
        declared=DeclaredStructure.OTHER,
        untemplated_sequence=inserted,
    )


def _symbolic_insertion(record: VcfRecord) -> str | None:
    return record.text("SVINSSEQ") or (None if record.flag("IMPRECISE") else "")


def _own_offsets(record: VcfRecord) -> Interval:
    """Return how far the true place can lie from POS: CIPOS, else POS..POS+HOMLEN."""
    interval = record.interval("CIPOS")
    if interval is not None and interval != (0, 0):
        return interval
    return 0, homology_length(record) or 0


def _mate_offsets(record: VcfRecord, sides: Sides) -> Interval:
    """Return the same for the other end: CIEND (or CIRPOS), else CIPOS as seen from there.

    Sliding a join along its homology moves both ends the same way when opposite sides are kept, else in opposite ways.
    """
    interval = record.interval("CIEND") or record.interval("CIRPOS")
    if interval is not None:
        return interval
    low, high = _own_offsets(record)
    return (-high, -low) if sides[0] is not None and sides[0] is sides[1] else (low, high)


def homology_length(record: VcfRecord) -> int | None:
    """Return HOMLEN, or the length of HOMSEQ, or None."""
    stated = record.integer("HOMLEN")
    sequence = record.text("HOMSEQ")
    return stated if stated is not None else len(sequence) if sequence is not None else None


def _breakend(contig: str, pos: Pos1, offsets: Interval, side: Orientation | None) -> Breakend:
    low, high = min(offsets[0], 0), max(offsets[1], 0)
    return Breakend(contig=contig_name(contig), pos=Pos1(max(0, pos + low)), pos_end=Pos1(pos + high), orientation=side)


def _shared_start(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 60 else text[:60] + "...")
