"""Second opinions that `check` shows: a VCF read by PyVCF3 beside our reader, protein changes translated by Biopython.

PyVCF3 is an independent implementation with a good breakend parser and known weaknesses (it swallows the first record of a
file without a header, splits on blanks unless told not to, refuses some usable headers): it is never the only reader.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from fgfr_screen.breakends import is_breakend_alt, parse_breakend
from fgfr_screen.coords import to_start0
from fgfr_screen.isoforms import mane
from fgfr_screen.model import Event, Pos1, Record
from fgfr_screen.readers._api import OpenedInput
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.vcf.header import read_header
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord, parse_record
from fgfr_screen.terms import Orientation

SHOWN = 10


class Opinion(Record, frozen=True, kw_only=True):
    """Outcome of the comparison: records compared, differences as sentences, and why PyVCF3 stopped (None = it did not)."""

    compared: int
    differences: tuple[str, ...]
    stopped: str | None


class _Seen(Record, frozen=True, kw_only=True):
    """The columns that both readers must agree on."""

    contig: str
    pos: int
    ref: str
    alts: tuple[str, ...]


def _ours(path: str) -> Iterator[tuple[int, _Seen | str]]:
    with OpenedInput(path, allow_truncated=True) as opened:
        lines = enumerate(opened.lines(), 1)
        read_header(lines, path)
        for number, raw in lines:
            if not raw.strip() or raw.startswith(b"#"):
                continue
            try:
                record = parse_record(number, decode_text(raw)[0])
            except RecordError as error:
                yield number, f"we refuse it: {error.message}"
                continue
            yield number, _Seen(contig=record.contig, pos=record.pos, ref=record.ref, alts=_our_alts(record))


def _our_alts(record: VcfRecord) -> tuple[str, ...]:
    return tuple(_breakend_text(record.ref, alt) if is_breakend_alt(alt) else alt for alt in record.alts)


def _breakend_text(ref: str, alt: str) -> str:
    """Write a breakend in a form that does not depend on how the allele was spelled."""
    try:
        parsed = parse_breakend(ref, alt)
    except ValueError as error:
        return f"unreadable breakend: {error}"
    return f"{parsed.own_side} to {parsed.mate_contig}:{parsed.mate_pos} {parsed.mate_side}"


def _their_alt(alt: Any) -> str:
    """Write PyVCF3's ALT in the same form."""
    kind = getattr(alt, "type", None)
    if kind != "BND":
        return str(alt)
    own = Orientation.RIGHT if alt.orientation else Orientation.LEFT
    if alt.chr is None:
        return f"{own} to None:None None"
    mate = Orientation.RIGHT if alt.remoteOrientation else Orientation.LEFT
    return f"{own} to {alt.chr}:{alt.pos} {mate}"


def _theirs(path: str) -> Iterator[_Seen]:
    import vcf

    for record in vcf.Reader(filename=path, strict_whitespace=True):
        alts = tuple(_their_alt(alt) for alt in record.ALT or () if alt is not None)
        yield _Seen(contig=record.CHROM, pos=record.POS, ref=record.REF, alts=alts)


def _until_it_stops(records: Iterator[_Seen], reasons: list[str]) -> Iterator[_Seen]:
    """Yield PyVCF3's records; an exception of any kind ends them and is told."""
    try:
        yield from records
    except Exception as error:  # noqa: BLE001 - the library raises whatever its parser stumbles over
        reasons.append(f"{type(error).__name__}: {error}")


def compare(path: str) -> Opinion:
    """Compare CHROM, POS, REF, ALT and breakend sides of every record.

    Raises:
        InputError: Our own reader cannot use the file.
    """
    reasons: list[str] = []
    differences, compared = [], 0
    for ours, theirs in zip_longest(_ours(path), _until_it_stops(_theirs(path), reasons)):
        if reasons:
            break
        number, seen = ours if ours is not None else (None, None)
        compared += 1
        if seen != theirs:
            differences.append(f"line {number}: we read {_shown(seen)}, PyVCF3 {_shown(theirs)}")
    return Opinion(compared=compared, differences=tuple(differences), stopped=reasons[0] if reasons else None)


def protein_differences(events: Iterable[Event]) -> tuple[int, tuple[str, ...]]:
    """Translate every coding substitution a second time, with Biopython, and compare the residues.

    Returns:
        How many were compared, and a sentence per difference.
    """
    compared, differences = 0, []
    for event in events:
        found = re.fullmatch(r"[^:]+:c\.(\d+)([ACGT])>([ACGT])", event.hgvs_c or "")
        if found is None or event.protein_change is None:
            continue
        theirs = _translated(mane(event.gene).cds or "", int(found[1]), found[3])
        compared += 1
        if theirs != event.protein_change:
            differences.append(f"{event.hgvs_c}: we say {event.protein_change}, Biopython {theirs}")
    return compared, tuple(differences)


def _translated(cds: str, c_position: int, base: str) -> str:
    """Return the residue change (`S249C`, `D139=`) of one coding base as Biopython translates it."""
    start0 = to_start0(Pos1(c_position))
    codon0 = start0 - start0 % 3
    mutated = cds[:start0] + base + cds[start0 + 1 :]
    old, new = (_residue(bases[codon0 : codon0 + 3]) for bases in (cds, mutated))
    return f"{old}{codon0 // 3 + 1}{'=' if old == new else new}"


def _residue(codon: str) -> str:
    from Bio.Seq import Seq

    return str(Seq(codon).translate())  # type: ignore[no-untyped-call]


def _shown(seen: _Seen | str | None) -> str:
    if seen is None:
        return "nothing"
    return seen if isinstance(seen, str) else f"{seen.contig}:{seen.pos} {seen.ref[:20]} {','.join(seen.alts)[:60]}"
