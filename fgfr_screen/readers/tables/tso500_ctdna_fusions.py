"""TruSight Oncology 500 ctDNA `*_Fusions.csv`: DNA fusions in plasma; read by `_tso500_read`.

Positions are 1-based. Direction tells the kept sides as VCF does: L1R2 = `t[p[`, L1rL2 = `t]p]`, L2R1 = `]p]t`, rR2R1 =
`[p[t`, told of side 1. From documentation (ctDNA v2.1).
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if {"chr1", "pos1", "chr2", "pos2", "direction", "gene1", "gene2"} <= set(header_of(head, separator=",")):
        return "the header has Chr1, Pos1, Chr2, Pos2, Direction, Gene1 and Gene2"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a table is there: every start looks at all readers.
    from fgfr_screen.readers.tables import _tso500_read

    return _tso500_read.read_ctdna_fusions(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="tso500-ctdna-fusions",
    title="TruSight Oncology 500 ctDNA fusions (Fusions.csv)",
    built_from="documentation",
    read_from="documentation of ctDNA v2.1",
    carries=(EventKind.REARRANGEMENT,),
    carries_note="plasma fusions with kept sides; no build",
    sniff=_sniff,
    read=_read,
)
