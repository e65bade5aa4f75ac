"""STAR-Fusion, FusionInspector and ctat-LR-fusion tables (tab; plain, abridged, with coding effect, or consolidated).

`FusionName` is `A--B` with the 5' gene first; `LeftBreakpoint` and `RightBreakpoint` are `contig:position:strand`,
1-based, with the strand of the gene. `LeftGene` is `SYMBOL^ENSG...` or the bare symbol. `PROT_FUSION_TYPE` (coding
effect only) is INFRAME, FRAMESHIFT or `.`. Tables of many samples begin with `#sample` or end with `Sample`. ctat-LR-fusion
counts long reads in `num_LR`, leaves the columns of short reads empty, and may write `annots` twice. The columns
`NumCounterFusion...` count reads of the unfused genes at the fused positions and say nothing about one normal junction.

Written against real files of all three programs.
"""

from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    end,
    fusion,
    gene_pair,
    header_names,
    read_fusions,
)
from fgfr_screen.terms import EventKind

_SIGNS = {"fusionname", "leftgene", "leftbreakpoint", "rightgene", "rightbreakpoint"}


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns FusionName, LeftGene, LeftBreakpoint and RightBreakpoint of STAR-Fusion"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    left, right = row.text("leftgene"), row.text("rightgene")
    if not (left and right):
        left, right = gene_pair(row.text("fusionname"))
    counts = [count for count in (row.count("num_lr"), row.count("junctionreadcount")) if count is not None]
    return fusion(
        row,
        end((left,), row.place("leftbreakpoint"), FIVE, transcript=row.text("cds_left_id")),
        end((right,), row.place("rightbreakpoint"), THREE, transcript=row.text("cds_right_id")),
        caller=_caller(row),
        frame=row.text("prot_fusion_type"),
        split_reads=sum(counts) if counts else None,
        spanning_pairs=row.count("spanningfragcount"),
        other_support=(row.amount("est_j"), row.amount("est_s")),
    )


def _caller(row: FusionRow) -> str:
    if row.has("num_lr"):
        return "ctat-LR-fusion"
    return "FusionInspector" if row.has("leftlocalbreakpoint") else "STAR-Fusion"


_FORMAT = FusionFormat(
    name="star-fusion",
    call=_call,
    required=tuple((name,) for name in sorted(_SIGNS)),
    sample=("sample",),
    repeatable=("annots",),
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="star-fusion",
    title="STAR-Fusion, FusionInspector and ctat-LR-fusion tables",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="consolidated tables of STAR-Fusion, FusionInspector, ctat-LR-fusion (RT112, TCGA)",
    carries_note="gene order, both places with strand, read counts; frame with coding effect; only sense fusions",
    sniff=_sniff,
    read=_read,
)
