"""annoFuse tables (OpenPBTA): one row per fusion and caller (tab, one header), many samples.

`LeftBreakpoint` and `RightBreakpoint` are `contig:position`, 1-based, without strand; the 5' gene is `Gene1A`, the 3' gene
`Gene1B`, and `Gene2A` or `Gene2B` name the second neighbour of a place between genes. `Fusion_Type` is in-frame,
frameshift or other; other includes joins of two 5' parts, so that only the first two say that the genes are read in one
sense. `kinaseDomainRetainedGene1A` asks for a whole Pfam domain, is Partial for every true FGFR2 fusion, and is not used.

Written against a real file.
"""

from fgfr_screen.model import Breakend, InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    end,
    frame_of,
    fusion,
    header_names,
    read_fusions,
)
from fgfr_screen.terms import DeclaredStructure, EventKind, TranscriptSide

_SIGNS = {"leftbreakpoint", "rightbreakpoint", "fusionname", "caller", "fusion_type", "gene1a", "gene1b"}


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns LeftBreakpoint, Fusion_Type, Gene1A and Gene1B of annoFuse"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    kind, confidence = row.text("fusion_type"), row.text("confidence")
    return fusion(
        row,
        _side(row, "A", "leftbreakpoint", FIVE),
        _side(row, "B", "rightbreakpoint", THREE),
        caller=row.text("caller") or None,
        declared=DeclaredStructure.FUSION if frame_of(kind) is not None else None,
        frame=kind,
        split_reads=row.count("junctionreadcount"),
        spanning_pairs=row.count("spanningfragcount"),
        filter_text=f"confidence {confidence}" if confidence else "",
        text=kind,
    )


def _side(row: FusionRow, letter: str, column: str, role: TranscriptSide) -> Breakend:
    words = tuple(word for number in "12" if (word := row.text(f"gene{number}{letter.lower()}")))
    is_between_genes = len(words) > 1
    return end(() if is_between_genes else words, row.place(column), role, states_no_gene=is_between_genes)


_FORMAT = FusionFormat(
    name="annofuse", call=_call, required=tuple((name,) for name in sorted(_SIGNS)), sample=("sample",)
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="annofuse",
    title="annoFuse table of fusions by caller (OpenPBTA)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="a table of the annoFuse data package (OpenPBTA)",
    carries_note="gene order, both places without strand, frame, read counts; kept sides follow from the gene strands",
    sniff=_sniff,
    read=_read,
)
