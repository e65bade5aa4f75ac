"""GATK ModelSegments: `.called.seg` and `.cr.seg`.

SAM-style header lines starting with `@` (`@SQ SN: LN:` prove the assembly), then CONTIG, START, END (1-based inclusive),
NUM_POINTS_COPY_RATIO, MEAN_LOG2_COPY_RATIO and, in a called file, CALL: `+` gain of any height, `-` loss, `0` neutral.
The log2 ratio is not corrected for purity.

Seen: column order in other readers of the format; GATK documentation. No whole file of GATK was read.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_COLUMNS = ("contig", "start", "end", "num_points_copy_ratio", "mean_log2_copy_ratio")


def _sniff(head: Head) -> str | None:
    if header_of(head, comment="@")[: len(_COLUMNS)] == _COLUMNS:
        return "the header has the GATK columns CONTIG START END NUM_POINTS_COPY_RATIO MEAN_LOG2_COPY_RATIO"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.copy_number._segment_formats import GATK, add_sequence_lengths
    from fgfr_screen.readers.copy_number._segments import read_segments

    evidence = _sniff(opened.head) or "named by the user"
    return read_segments(opened, options, evidence, GATK, add_clues=add_sequence_lengths)


READER = Reader(
    name="gatk-seg",
    title="GATK ModelSegments copy-ratio segments (.called.seg, .cr.seg)",
    built_from="documentation",
    read_from="GATK documentation; column order in two public readers",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="log2 ratio of a segment and the word gain, loss or neutral",
    sniff=_sniff,
    read=_read,
)
