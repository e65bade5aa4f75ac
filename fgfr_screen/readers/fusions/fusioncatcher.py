"""FusionCatcher `final-list_candidate-fusion-genes.txt` (tab, one header).

The 5' gene comes first. `Fusion_point_for_gene_1(...)` is `contig:position:strand`, 1-based, with the strand of the
gene. One event has a row for each place where its reads break. `Predicted_effect` is in-frame, out-of-frame, or tells
regions (`intronic/CDS(truncated)`), which is no frame. `Fusion_description` holds tags; those that the manual links with
false positives are kept as words on the call, because FusionCatcher itself keeps such rows. `IGH@` is a locus, no gene.

Written against a real file (version 1.33, Ensembl 102); its VCF is read by the VCF reader.
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
    header_names,
    read_fusions,
)
from fgfr_screen.terms import EventKind

_GENES = ("gene_1_symbol(5end_fusion_partner)", "gene_2_symbol(3end_fusion_partner)")
_POINTS = ("fusion_point_for_gene_1(5end_fusion_partner)", "fusion_point_for_gene_2(3end_fusion_partner)")
# Tags that the manual links with false positives (memory); they are shown and decide nothing.
_DOUBTFUL_TAGS = frozenset(
    (
        "1000genomes",
        "banned",
        "bodymap2",
        "distance1000bp",
        "ensembl_fully_overlapping",
        "ensembl_partially_overlapping",
        "ensembl_same_strand_overlapping",
        "gtex",
        "healthy",
        "hpa",
        "mt",
        "non_cancer_tissues",
        "non_tumor_cells",
        "pair_pseudo_genes",
        "paralogs",
        "readthrough",
        "rrna",
        "short_distance",
        "similar_reads",
        "similar_symbols",
    )
)


def _sniff(head: Head) -> str | None:
    if header_names(head) >= {*_GENES, *_POINTS}:
        return (
            "the header has the columns Gene_1_symbol(5end_fusion_partner) and Fusion_point_for_gene_1 of FusionCatcher"
        )
    return None


def _call(row: FusionRow) -> RearrangementCall:
    tags = [tag.strip() for tag in row.text("fusion_description").split(",")]
    effect = row.text("predicted_effect")
    return fusion(
        row,
        end((row.text(_GENES[0]),), row.place(_POINTS[0]), FIVE),
        end((row.text(_GENES[1]),), row.place(_POINTS[1]), THREE),
        frame=effect,
        split_reads=row.count("spanning_unique_reads"),
        spanning_pairs=row.count("spanning_pairs"),
        filter_text=",".join(tag for tag in tags if tag.lower() in _DOUBTFUL_TAGS),
        text=effect,
    )


_FORMAT = FusionFormat(
    name="fusioncatcher", caller="FusionCatcher", call=_call, required=tuple((name,) for name in (*_GENES, *_POINTS))
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="fusioncatcher",
    title="FusionCatcher final list of candidate fusion genes (text)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="final list of its own test data (version 1.33)",
    carries_note="gene order, both places with strand, predicted effect, read counts; only sense fusions",
    sniff=_sniff,
    read=_read,
)
