"""Exon geometry: where a genomic position lies in a transcript, and what that means for the reading frame.

All positions are 1-based genomic positions on the transcript's assembly and contig. Exons are numbered along the transcript
from 1; intron n follows exon n. "Upstream", "first" and "last" are meant in the direction of transcription. The exons of a
row ascend and never overlap, so the one at or beside a position is found by bisection.
"""

import functools
from bisect import bisect_left, bisect_right
from typing import cast

from fgfr_screen.coords import after, before, span_length
from fgfr_screen.model import Pos1
from fgfr_screen.reference import Transcript
from fgfr_screen.terms import Orientation, Region, TranscriptSide

KEPT = 512
"""Transcripts whose coding length is remembered."""


def first_exon(transcript: Transcript) -> int:
    """Return the number of the first exon that the row holds; above 1 when an older row lacks 5' exons of MANE."""
    return transcript.missing_upstream_exons + 1


def exon_count(transcript: Transcript) -> int:
    """Return the number of the last exon."""
    return transcript.missing_upstream_exons + len(transcript.exon_starts)


def exon_bounds(transcript: Transcript, number: int) -> tuple[Pos1, Pos1]:
    """Return the genomic start and end (ascending, inclusive) of exon `number`.

    Raises:
        IndexError: there is no such exon.
    """
    first, last = first_exon(transcript), exon_count(transcript)
    if not first <= number <= last:
        msg = f"{transcript.accession} has exons {first} to {last} on {transcript.assembly}, not {number}"
        raise IndexError(msg)
    index = number - first if transcript.strand == "+" else last - number
    return Pos1(transcript.exon_starts[index]), Pos1(transcript.exon_ends[index])


def exons(transcript: Transcript) -> tuple[tuple[int, Pos1, Pos1], ...]:
    """Return exon number, genomic start and end in the order of transcription."""
    numbers = range(first_exon(transcript), exon_count(transcript) + 1)
    starts, ends = transcript.exon_starts, transcript.exon_ends
    if transcript.strand != "+":
        starts, ends = starts[::-1], ends[::-1]
    return cast("tuple[tuple[int, Pos1, Pos1], ...]", tuple(zip(numbers, starts, ends, strict=True)))


def _numbered(transcript: Transcript, index: int) -> int | None:
    """Return the number of an exon by its place on the genome (0 = leftmost), or None beside the outermost ones."""
    if not 0 <= index < len(transcript.exon_starts):
        return None
    return first_exon(transcript) + index if transcript.strand == "+" else exon_count(transcript) - index


def _exon_at(transcript: Transcript, pos: int) -> int | None:
    """Return the place on the genome (0 = leftmost) of the exon that holds the position, or None."""
    index = bisect_right(transcript.exon_starts, pos) - 1
    return index if index >= 0 and pos <= transcript.exon_ends[index] else None


def _exon_left_of(transcript: Transcript, pos: int) -> int | None:
    """Return the number of the nearest exon that ends left of the position on the genome, or None."""
    return _numbered(transcript, bisect_left(transcript.exon_ends, pos) - 1)


def _exon_right_of(transcript: Transcript, pos: int) -> int | None:
    """Return the number of the nearest exon that starts right of the position on the genome, or None."""
    return _numbered(transcript, bisect_right(transcript.exon_starts, pos))


def first_base(transcript: Transcript, number: int) -> Pos1:
    """Return the first transcribed base of exon `number`."""
    start, end = exon_bounds(transcript, number)
    return start if transcript.strand == "+" else end


def last_base(transcript: Transcript, number: int) -> Pos1:
    """Return the last transcribed base of exon `number`."""
    start, end = exon_bounds(transcript, number)
    return end if transcript.strand == "+" else start


def is_upstream(transcript: Transcript, one: int, other: int) -> bool:
    """Tell whether `one` lies 5' of `other` on the transcript's strand."""
    return one < other if transcript.strand == "+" else one > other


def contains(transcript: Transcript, pos: int) -> bool:
    """Tell whether the position lies between the ends of the transcript, introns included."""
    return transcript.tx_start <= pos <= transcript.tx_end


def exon_number(transcript: Transcript, pos: int) -> int | None:
    """Return the exon that holds the position, or None in an intron or outside."""
    index = _exon_at(transcript, pos)
    return None if index is None else _numbered(transcript, index)


def intron_number(transcript: Transcript, pos: int) -> int | None:
    """Return n when the position lies between exon n and exon n + 1, else None."""
    if not contains(transcript, pos) or _exon_at(transcript, pos) is not None:
        return None
    following = next_exon(transcript, pos)
    return None if following is None else following - 1


def next_exon(transcript: Transcript, pos: int) -> int | None:
    """Return the first exon that begins 3' of the position (its acceptor survives), or None after the last acceptor."""
    return _exon_right_of(transcript, pos) if transcript.strand == "+" else _exon_left_of(transcript, pos)


def previous_exon(transcript: Transcript, pos: int) -> int | None:
    """Return the last exon that ends 5' of the position (its donor survives), or None before the first donor."""
    return _exon_left_of(transcript, pos) if transcript.strand == "+" else _exon_right_of(transcript, pos)


def has_cds(transcript: Transcript) -> bool:
    """Tell whether the transcript is translated."""
    return transcript.cds_start > 0


def start_codon_first_base(transcript: Transcript) -> Pos1:
    """Return the A of the start codon."""
    return Pos1(transcript.cds_start if transcript.strand == "+" else transcript.cds_end)


def stop_codon_last_base(transcript: Transcript) -> Pos1:
    """Return the last base of the stop codon."""
    return Pos1(transcript.cds_end if transcript.strand == "+" else transcript.cds_start)


def stop_codon_first_base(transcript: Transcript) -> Pos1:
    """Return the first base of the stop codon (the CDS of the FGFRs ends in one exon, so no junction splits it)."""
    last = stop_codon_last_base(transcript)
    step = before if transcript.strand == "+" else after
    return step(step(last))


def transcript_offset(transcript: Transcript, pos: int) -> int | None:
    """Return how many exonic bases lie 5' of an exonic position, or None when it is not exonic."""
    index = _exon_at(transcript, pos)
    if index is None:
        return None
    starts, ends = transcript.exon_starts, transcript.exon_ends
    if transcript.strand == "+":
        return sum(map(span_length, starts[:index], ends[:index])) + pos - starts[index]
    return sum(map(span_length, starts[index + 1 :], ends[index + 1 :])) + ends[index] - pos


def coding_offset(transcript: Transcript, pos: int) -> int | None:
    """Return exonic bases between the A of the start codon (0) and an exonic position; negative in the 5' UTR.

    None when the position is not exonic or nothing is translated.
    """
    if not has_cds(transcript):
        return None
    here, start = transcript_offset(transcript, pos), _start_codon_offset(transcript)
    return None if here is None or start is None else here - start


@functools.lru_cache(maxsize=KEPT)
def _start_codon_offset(transcript: Transcript) -> int | None:
    """Return how many exonic bases lie 5' of the A of the start codon."""
    return transcript_offset(transcript, start_codon_first_base(transcript))


@functools.lru_cache(maxsize=KEPT)
def cds_length(transcript: Transcript) -> int:
    """Return coding bases, the stop codon included."""
    last = coding_offset(transcript, stop_codon_last_base(transcript))
    return 0 if last is None else last + 1


def codon_bases_used(transcript: Transcript, last_kept: int) -> int | None:
    """Return how many bases of the running codon are used up after the exonic base `last_kept` (0, 1 or 2).

    None outside the coding sequence: 5' of the start codon or at or after the last base of the stop codon.
    """
    offset = coding_offset(transcript, last_kept)
    if offset is None or offset < 0 or offset + 1 >= cds_length(transcript):
        return None
    return (offset + 1) % 3


def codon_bases_expected(transcript: Transcript, first_kept: int) -> int | None:
    """Return how many codon bases must come before the exonic base `first_kept` for the frame to hold (0, 1 or 2).

    In the 5' UTR the bases up to the start codon are read through, so they count; None after the stop codon.
    """
    offset = coding_offset(transcript, first_kept)
    if offset is None or offset >= cds_length(transcript):
        return None
    return offset % 3


def region(transcript: Transcript, pos: int) -> Region:
    """Name the part of the transcript that holds the position."""
    if not contains(transcript, pos):
        first = transcript.tx_start if transcript.strand == "+" else transcript.tx_end
        return Region.UPSTREAM if is_upstream(transcript, pos, first) else Region.DOWNSTREAM
    if exon_number(transcript, pos) is None:
        return Region.INTRONIC
    if not has_cds(transcript):
        return Region.NON_CODING
    if is_upstream(transcript, pos, start_codon_first_base(transcript)):
        return Region.UTR5
    return Region.UTR3 if is_upstream(transcript, stop_codon_last_base(transcript), pos) else Region.EXONIC


def _exonic_c(transcript: Transcript, pos: int) -> str:
    offset = coding_offset(transcript, pos)
    if offset is None:
        return f"{(transcript_offset(transcript, pos) or 0) + 1}"
    if offset < 0:
        return str(offset)
    length = cds_length(transcript)
    return f"{offset + 1}" if offset < length else f"*{offset - length + 1}"


def hgvs_position(transcript: Transcript, pos: int) -> str | None:
    """Return the HGVS c. position (`2301+1445`, `-12`, `*35`), or None outside the transcript.

    An intronic position counts from the nearer exon; in the middle from the upstream one (HGVS).
    """
    if not contains(transcript, pos):
        return None
    if exon_number(transcript, pos) is not None:
        return _exonic_c(transcript, pos)
    upstream, downstream = previous_exon(transcript, pos), next_exon(transcript, pos)
    if upstream is None or downstream is None:
        return None
    donor, acceptor = last_base(transcript, upstream), first_base(transcript, downstream)
    if abs(pos - donor) <= abs(acceptor - pos):
        return f"{_exonic_c(transcript, donor)}+{abs(pos - donor)}"
    return f"{_exonic_c(transcript, acceptor)}-{abs(acceptor - pos)}"


def exon_distance(transcript: Transcript, pos: int) -> int | None:
    """Return the bases between a position and the nearest exon edge: 0 inside an exon, None outside the transcript."""
    if not contains(transcript, pos):
        return None
    if _exon_at(transcript, pos) is not None:
        return 0
    right = bisect_right(transcript.exon_starts, pos)
    return min(pos - transcript.exon_ends[right - 1], transcript.exon_starts[right] - pos)


def kept_side(strand: str, orientation: Orientation) -> TranscriptSide:
    """Return which part of a gene stays: left on a plus-strand gene is its 5' part.

    >>> kept_side("-", Orientation.RIGHT)
    <TranscriptSide.FIVE_PRIME: 'five_prime'>
    """
    keeps_five_prime = (orientation is Orientation.LEFT) == (strand == "+")
    return TranscriptSide.FIVE_PRIME if keeps_five_prime else TranscriptSide.THREE_PRIME


def orientation_of(strand: str, side: TranscriptSide) -> Orientation:
    """Return the kept side on the forward strand; the inverse of `kept_side`."""
    keeps_left = (side is TranscriptSide.FIVE_PRIME) == (strand == "+")
    return Orientation.LEFT if keeps_left else Orientation.RIGHT
