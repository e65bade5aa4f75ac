"""Where a break lies in FGFR1-3, and what it leaves of the kinase and of the exons (MANE Select numbers, rules.md 1.2, 1.3)."""

from fgfr_screen.model import Breakend, Pos1, RearrangementCall
from fgfr_screen.reference import Transcript
from fgfr_screen.terms import BreakSite, DeclaredStructure, KinaseDomain, TranscriptSide
from fgfr_screen.transcripts import (
    exon_count,
    exon_number,
    first_base,
    is_upstream,
    last_base,
    next_exon,
    previous_exon,
    stop_codon_first_base,
)

HOTSPOT_EXON = 17
"""The hotspot begins with the last base of this MANE exon: kinase-retaining fusions keep it whole (rules.md 1.2)."""
KINASE_FIRST_EXON = 11
"""First MANE exon that must be complete when FGFR is the 3' gene (rules.md 1.3)."""


def _site_of(transcript: Transcript, pos: Pos1) -> BreakSite:
    """Place the last kept base of a 5' part."""
    if is_upstream(transcript, pos, last_base(transcript, HOTSPOT_EXON)):
        return BreakSite.BEFORE_HOTSPOT
    return (
        BreakSite.HOTSPOT if is_upstream(transcript, pos, stop_codon_first_base(transcript)) else BreakSite.BEYOND_STOP
    )


def _site_in_words(breakend: Breakend, declared: DeclaredStructure | None) -> BreakSite:
    """Place a break that a laboratory gives by exon or intron number.

    Numbers above MANE (intron 18, exon 19) come from gene-wise numbering and name the same place. Exon 17 of a fusion is its
    last kept exon; of a mere rearrangement it is where the break lies, which may cut the kinase.
    """
    if breakend.intron is not None:
        return BreakSite.HOTSPOT if breakend.intron >= HOTSPOT_EXON else BreakSite.BEFORE_HOTSPOT
    if breakend.exon is None:
        return BreakSite.UNKNOWN
    if breakend.exon == HOTSPOT_EXON:
        return BreakSite.HOTSPOT if declared is DeclaredStructure.FUSION else BreakSite.CROSSES_LIMIT
    return BreakSite.HOTSPOT if breakend.exon > HOTSPOT_EXON else BreakSite.BEFORE_HOTSPOT


def break_site(transcript: Transcript, breakend: Breakend, call: RearrangementCall) -> BreakSite:
    """Place the last kept base of a 5' part, by position or else by the laboratory's exon or intron number."""
    if breakend.pos is None:
        return _site_in_words(breakend, call.declared)
    low, high = _site_of(transcript, breakend.pos), _site_of(transcript, breakend.pos_end or breakend.pos)
    return low if low is high else BreakSite.CROSSES_LIMIT


def _first_complete_exon(transcript: Transcript, pos: Pos1) -> int | None:
    """Return the first exon wholly kept when the 3' part stays from `pos` on."""
    exon = exon_number(transcript, pos)
    if exon is not None and first_base(transcript, exon) == pos:
        return exon
    return next_exon(transcript, pos)


def _last_complete_exon(transcript: Transcript, pos: Pos1) -> int | None:
    """Return the last exon wholly kept when the 5' part stays up to `pos`."""
    exon = exon_number(transcript, pos)
    if exon is not None and last_base(transcript, exon) == pos:
        return exon
    return previous_exon(transcript, pos)


def kinase_of_three_prime(transcript: Transcript, breakend: Breakend) -> tuple[KinaseDomain, int | None]:
    """Return what a kept 3' part holds of the kinase, and its first complete exon; None = not known, or none."""
    if breakend.pos is None:
        exon = breakend.intron + 1 if breakend.exon is None and breakend.intron is not None else breakend.exon
        return (_kinase_from_exon(exon, transcript), exon) if exon is not None else (KinaseDomain.UNKNOWN, None)
    ends = {_first_complete_exon(transcript, pos) for pos in (breakend.pos, breakend.pos_end or breakend.pos)}
    fates = {_kinase_from_exon(exon, transcript) for exon in ends}
    known = [exon for exon in ends if exon is not None]
    return (fates.pop() if len(fates) == 1 else KinaseDomain.UNKNOWN), max(known, default=None)


def _kinase_from_exon(exon: int | None, transcript: Transcript) -> KinaseDomain:
    if exon is None or exon >= exon_count(transcript):
        return KinaseDomain.LOST
    return KinaseDomain.RETAINED if exon <= KINASE_FIRST_EXON else KinaseDomain.PARTLY


def kinase_of_five_prime(site: BreakSite) -> KinaseDomain:
    """Return what a kept 5' part holds of the kinase."""
    match site:
        case BreakSite.HOTSPOT | BreakSite.BEYOND_STOP:
            return KinaseDomain.RETAINED
        case BreakSite.BEFORE_HOTSPOT:
            return KinaseDomain.LOST
        case _:
            return KinaseDomain.UNKNOWN


def retained_exons(
    transcript: Transcript, breakend: Breakend, keeps: TranscriptSide | None, first: int | None
) -> str | None:
    """Return the exons that stay complete (`1-17`); None = not known. `first` is the first one of a 3' part."""
    last = exon_count(transcript)
    if keeps is TranscriptSide.THREE_PRIME:
        return f"{first}-{last}" if first is not None else None
    if keeps is None or breakend.pos is None:
        return None
    ends = (breakend.pos, breakend.pos_end or breakend.pos)
    # Of an interval, what stays in any case.
    complete = _last_complete_exon(transcript, min(ends) if transcript.strand == "+" else max(ends))
    return f"1-{complete}" if complete is not None else None
