"""One junction of two genes, written as each caller writes it. Written from the callers' documents, not from our readers.

`DNA` and `RNA` list what can be written: a writer takes a `Junction` and returns the text of a file. `SENSE_ONLY` are the
writers whose format has no place for the kept side: they say 5' gene and 3' gene, so they can only carry a junction that
keeps the 5' part of the first gene and the 3' part of the second.
"""

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fgfr_screen.terms import Assembly, Orientation, TranscriptSide
from fgfr_screen.transcripts import orientation_of

LEFT, RIGHT = Orientation.LEFT, Orientation.RIGHT


class End(NamedTuple):
    """One side: the last kept base (1-based) and the kept side."""

    gene: str
    strand: str
    contig: str
    pos: int
    keeps: Orientation


class Junction(NamedTuple):
    """Two joined sides; in a sense fusion `one` is the 5' gene."""

    one: End
    other: End
    assembly: Assembly

    @property
    def is_sense(self) -> bool:
        """Whether the 5' part of `one` and the 3' part of `other` stay."""
        five, three = TranscriptSide.FIVE_PRIME, TranscriptSide.THREE_PRIME
        return (self.one.keeps, self.other.keeps) == (
            orientation_of(self.one.strand, five),
            orientation_of(self.other.strand, three),
        )

    @property
    def sorted_ends(self) -> tuple[End, End]:
        """The ends in the order of a file sorted by place."""
        low, high = sorted((self.one, self.other), key=lambda end: (end.contig, end.pos))
        return low, high


def _sign(end: End) -> str:
    return "+" if end.keeps is LEFT else "-"


def _table(*rows: tuple[object, ...], separator: str = "\t") -> str:
    return "".join(separator.join(str(cell) for cell in row) + "\n" for row in rows)


# ------------------------------------------------------------------------------------------------------------- VCF


def _vcf(source: str, rows: list[tuple[object, ...]], assembly: Assembly) -> str:
    columns = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
    return f"##fileformat=VCFv4.2\n##source={source}\n##reference={assembly}\n" + _table(columns, *rows)


def _bracketed(own: End, mate: End) -> str:
    bracket = "]" if mate.keeps is LEFT else "["
    place = f"{bracket}{mate.contig}:{mate.pos}{bracket}"
    return f"N{place}" if own.keeps is LEFT else f"{place}N"


def manta_pair(junction: Junction) -> str:
    """Two BND records with MATEID (Manta, GRIDSS, SvABA)."""
    ends = junction.sorted_ends
    rows: list[tuple[object, ...]] = [
        (own.contig, own.pos, f"bnd:{at}", "N", _bracketed(own, mate), 60, "PASS", f"SVTYPE=BND;MATEID=bnd:{1 - at}")
        for at, (own, mate) in enumerate((ends, ends[::-1]))
    ]
    return _vcf("GenerateSVCandidates 1.6.0", rows, junction.assembly)


def lone_breakend(junction: Junction) -> str:
    """One BND record whose mate record is not in the file (Sniffles 2)."""
    mate, own = junction.sorted_ends
    row = (own.contig, own.pos, "Sniffles2.BND.1", "N", _bracketed(own, mate), 60, "PASS", "PRECISE;SVTYPE=BND")
    return _vcf("Sniffles2_2.0.7", [row], junction.assembly)


def delly(junction: Junction) -> str:
    """One record with CT; symbolic within a contig, BND with CHR2 and POS2 between contigs."""
    low, high = junction.sorted_ends
    connection = f"{3 if low.keeps is LEFT else 5}to{3 if high.keeps is LEFT else 5}"
    if low.contig != high.contig:
        info = f"PRECISE;SVTYPE=BND;CHR2={high.contig};POS2={high.pos};END={low.pos + 1};CT={connection}"
        row: tuple[object, ...] = (low.contig, low.pos, "BND1", "N", _bracketed(low, high), 800, "PASS", info)
    else:
        kind, pos, end = _symbolic(low, high)
        info = f"PRECISE;SVTYPE={kind};END={end};CHR2={high.contig};CT={connection}"
        row = (low.contig, pos, f"{kind}1", "N", f"<{kind}>", 800, "PASS", info)
    return _vcf("DELLY 1.1.6", [row], junction.assembly)


def old_delly(junction: Junction) -> str:
    """As version 0.7: `<TRA>` between contigs."""
    low, high = junction.sorted_ends
    if low.contig == high.contig:
        return delly(junction)
    connection = f"{3 if low.keeps is LEFT else 5}to{3 if high.keeps is LEFT else 5}"
    info = f"PRECISE;SVTYPE=TRA;CHR2={high.contig};END={high.pos};CT={connection}"
    row = (low.contig, low.pos, "TRA1", "N", "<TRA>", ".", "PASS", info)
    return _vcf("EMBL.DELLYv0.7.6", [row], junction.assembly)


def lumpy(junction: Junction) -> str:
    """STRANDS with support; the first sign is the record's own side."""
    low, high = junction.sorted_ends
    if low.contig != high.contig:
        rows: list[tuple[object, ...]] = [
            (own.contig, own.pos, f"1_{at}", "N", _bracketed(own, mate), ".", ".", _lumpy_info(own, mate, at))
            for at, (own, mate) in enumerate(((low, high), (high, low)), 1)
        ]
    else:
        kind, pos, end = _symbolic(low, high)
        info = f"SVTYPE={kind};STRANDS={_sign(low)}{_sign(high)}:9;SVLEN={end - pos};END={end};SU=9"
        rows = [(low.contig, pos, 1, "N", f"<{kind}>", ".", ".", info)]
    return _vcf("LUMPY", rows, junction.assembly)


def _lumpy_info(own: End, mate: End, at: int) -> str:
    return f"SVTYPE=BND;STRANDS={_sign(own)}{_sign(mate)}:9;EVENT=1;MATEID=1_{3 - at}" + (
        ";SECONDARY" if at == 2 else ""
    )


def _symbolic(low: End, high: End) -> tuple[str, int, int]:
    """Return type, POS (the base before the event) and END."""
    match low.keeps, high.keeps:
        case Orientation.LEFT, Orientation.RIGHT:
            return "DEL", low.pos, high.pos - 1
        case Orientation.RIGHT, Orientation.LEFT:
            return "DUP", low.pos - 1, high.pos
        case Orientation.LEFT, Orientation.LEFT:
            return "INV", low.pos, high.pos
        case _:
            return "INV", low.pos - 1, high.pos - 1


# ----------------------------------------------------------------------------------------------------------- BEDPE


def _bedpe(dialect: str, cells: Sequence[object], assembly: Assembly) -> str:
    return f"##dialect={dialect}\n##assembly={assembly}\n" + _table(tuple(cells))


def gridss_bedpe(junction: Junction) -> str:
    """The kept base, half-open."""
    low, high = junction.sorted_ends
    places = [cell for end in (low, high) for cell in (end.contig, end.pos - 1, end.pos)]
    return _bedpe("gridss", [*places, "e1", 60, _sign(low), _sign(high)], junction.assembly)


def svtools_bedpe(junction: Junction) -> str:
    """The gap between two bases: start = end."""
    low, high = junction.sorted_ends
    gaps = [end.pos if end.keeps is LEFT else end.pos - 1 for end in (low, high)]
    places = [low.contig, gaps[0], gaps[0], high.contig, gaps[1], gaps[1]]
    return _bedpe("svtools", [*places, "e1", 60, _sign(low), _sign(high)], junction.assembly)


def brass_bedpe(junction: Junction) -> str:
    """The second strand has the opposite meaning."""
    low, high = junction.sorted_ends
    places = [cell for end in (low, high) for cell in (end.contig, end.pos - 1, end.pos)]
    turned = "-" if high.keeps is LEFT else "+"
    return _bedpe("brass", [*places, "e1", 60, _sign(low), turned], junction.assembly)


def rna_bedpe(junction: Junction) -> str:
    """End 1 is the 5' gene, strands are those of the genes."""
    one, other = junction.one, junction.other
    places = [cell for end in (one, other) for cell in (end.contig, end.pos - 1, end.pos)]
    cells = [*places, f"{one.gene}>>{other.gene}", 60, one.strand, other.strand]
    return _bedpe("rna", cells, junction.assembly)


# ------------------------------------------------------------------------------------------------- tables and report


def linx(junction: Junction) -> str:
    """Newer columns: chr:pos:orientation, 1 = kept left."""
    sides = [f"{end.contig}:{end.pos}:{1 if end.keeps is LEFT else -1}" for end in (junction.one, junction.other)]
    header = "name reported reportedType phased likelihood fivePrimeCoords threePrimeCoords fusedExonUp fusedExonDown"
    name = f"{junction.one.gene}_{junction.other.gene}"
    return _table(tuple(header.split()), (name, "true", "PROMISCUOUS_5", "NA", "HIGH", *sides, "", ""))


def tso500_ctdna(junction: Junction) -> str:
    """Direction of both sides, as told of side 1."""
    low, high = junction.sorted_ends
    words = {(LEFT, RIGHT): "L1R2", (RIGHT, LEFT): "L2R1", (LEFT, LEFT): "L1rL2", (RIGHT, RIGHT): "rR2R1"}
    header = (
        "Sample,Name,Chr1,Pos1,Chr2,Pos2,Direction,Alt_Depth,Total_Depth,VAF,Gene1,Gene2,Contig,Filter,"
        "Is_Cosmic_GenePair,Fusion Directionality Known"
    )
    places = (low.contig, low.pos, high.contig, high.pos, words[low.keeps, high.keeps])
    row = ("s", "e1", *places, 9, 900, 0.01, low.gene, high.gene, "", "PASS", "False", "False")
    return header + "\n" + _table(row, separator=",")


def arriba(junction: Junction) -> str:
    """Version 2; downstream = kept left."""
    one, other = junction.one, junction.other
    sides = ["downstream" if end.keeps is LEFT else "upstream" for end in (one, other)]
    known = "" if junction.is_sense else "."
    strands = [f"{end.strand}/{known or end.strand}" for end in (one, other)]
    header = (
        "#gene1 gene2 strand1(gene/fusion) strand2(gene/fusion) breakpoint1 breakpoint2 site1 site2 type split_reads1 "
        "split_reads2 discordant_mates coverage1 coverage2 confidence reading_frame tags direction1 direction2 filters"
    )
    places = (f"{one.contig}:{one.pos}", f"{other.contig}:{other.pos}")
    row = (one.gene, other.gene, *strands, *places, "CDS/splice-site", "CDS/splice-site", "translocation")
    return _table(tuple(header.split(" ")), (*row, 9, 8, 7, 90, 80, "high", ".", ".", *sides, "."))


def star_fusion(junction: Junction) -> str:
    """Strand of the gene behind each place."""
    one, other = junction.one, junction.other
    header = (
        "#FusionName JunctionReadCount SpanningFragCount SpliceType LeftGene LeftBreakpoint RightGene RightBreakpoint"
    )
    left, right = (f"{end.contig}:{end.pos}:{end.strand}" for end in (one, other))
    row = (
        f"{one.gene}--{other.gene}",
        9,
        8,
        "ONLY_REF_SPLICE",
        f"{one.gene}^ENSG1",
        left,
        f"{other.gene}^ENSG2",
        right,
    )
    return _table((*header.split(" "), "LargeAnchorSupport", "FFPM"), (*row, "YES_LDAS", 1.5))


def fusioncatcher(junction: Junction) -> str:
    """Version 1.33; contigs without chr."""
    one, other = junction.one, junction.other
    header = (
        "Gene_1_symbol(5end_fusion_partner)",
        "Gene_2_symbol(3end_fusion_partner)",
        "Fusion_description",
        "Counts_of_common_mapping_reads",
        "Spanning_pairs",
        "Spanning_unique_reads",
        "Longest_anchor_found",
        "Fusion_finding_method",
        "Fusion_point_for_gene_1(5end_fusion_partner)",
        "Fusion_point_for_gene_2(3end_fusion_partner)",
        "Gene_1_id(5end_fusion_partner)",
        "Gene_2_id(3end_fusion_partner)",
        "Exon_1_id(5end_fusion_partner)",
        "Exon_2_id(3end_fusion_partner)",
        "Fusion_sequence",
        "Predicted_effect",
    )
    points = [f"{end.contig.removeprefix('chr')}:{end.pos}:{end.strand}" for end in (one, other)]
    return _table(header, (one.gene, other.gene, "", 0, 9, 8, 30, "BOWTIE", *points, "ENSG1", "ENSG2", "", "", "", ""))


def report(junction: Junction, molecule: str = "DNA") -> str:
    """Our own laboratory report."""
    sides = [
        {
            "gene": {"symbol": end.gene},
            "chromosome": end.contig,
            "position": end.pos,
            "keeps": "lower" if end.keeps is LEFT else "higher",
        }
        for end in (junction.one, junction.other)
    ]
    entry: dict[str, object] = {
        "call": "present",
        "type": "rearrangement",
        "breakends": sides,
        "evidence": {"nucleic_acid": molecule},
    }
    if junction.is_sense:
        entry |= {
            "order_is_transcriptional": True,
            "five_prime": {"symbol": junction.one.gene},
            "three_prime": {"symbol": junction.other.gene},
        }
    return json.dumps(
        {
            "schema_version": "1.0",
            "report": {"id": "r", "lab": "l", "status": "final"},
            "tumor_type": {"text": "cholangiocarcinoma"},
            "specimen": {"kind": "tissue_primary"},
            "genome": {"build": str(junction.assembly), "source": "stated", "coordinates": "1_based_closed"},
            "assays": [{"name": "panel", "method": "dna_panel" if molecule == "DNA" else "rna_panel", "qc": "pass"}],
            "short_variants": [],
            "copy_numbers": [],
            "rearrangements": [entry],
        }
    )


def rna_report(junction: Junction) -> str:
    """Our own laboratory report of an RNA test."""
    return report(junction, "RNA")


Writer = Callable[[Junction], str]
DNA: tuple[Writer, ...] = (
    manta_pair,
    lone_breakend,
    delly,
    old_delly,
    lumpy,
    gridss_bedpe,
    svtools_bedpe,
    brass_bedpe,
    linx,
    tso500_ctdna,
    report,
)
RNA: tuple[Writer, ...] = (arriba, star_fusion, fusioncatcher, rna_bedpe, rna_report)
SENSE_ONLY: tuple[Writer, ...] = (linx, star_fusion, fusioncatcher, rna_bedpe)
ORDERED: tuple[Writer, ...] = (*SENSE_ONLY, arriba, report, rna_report)
