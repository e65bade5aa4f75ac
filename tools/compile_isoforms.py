"""FGFR isoform tables of `data/` -> sections of `data/compiled.bin`, as `fgfr_screen.isoforms` reads them.

| section | content |
|---|---|
| `isoforms.GENE` | `isoforms.GeneIsoforms`: isoforms in order of preference, coding bases, differences of older references |
| `codons.GENE` | one `isoforms.Codon` a residue |
| `codon_table` | codon -> residue, standard genetic code |
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from fgfr_screen import coords
from fgfr_screen.isoforms import (
    REPORTED_ISOFORMS,
    CodingBlock,
    Codon,
    Exon,
    GeneIsoforms,
    Isoform,
    ReferenceDifference,
    SpliceSite,
    coordinate_at,
    reverse_complement,
)
from fgfr_screen.model import Pos1
from fgfr_screen.terms import Assembly, FgfrGene
from tools.build_isoforms import read_fasta
from tools.tables import Row, read_table


def isoform_sections(data: Path) -> dict[str, bytes]:
    """Compile the isoform tables; everything is on GRCh38."""
    encode = msgspec.msgpack.encode
    sections = {"codon_table": encode({row["codon"]: row["residue"] for row in read_table(data / "fgfr_codons.tsv")})}
    for gene in FgfrGene:
        sections[f"isoforms.{gene}"] = encode(_gene_isoforms(gene, data))
        sections[f"codons.{gene}"] = encode(tuple(_codons(data / f"{gene.lower()}_residue_map.tsv")))
    return sections


def _rows(data: Path, name: str) -> Iterator[Row]:
    return (row for row in read_table(data / name) if row["build"] == Assembly.GRCH38.value)


def _gene_isoforms(gene: FgfrGene, data: Path) -> GeneIsoforms:
    sequences = read_fasta((data / "fgfr_cds.fa").read_text("ascii"))
    proteins = read_fasta((data / "fgfr_protein.fa").read_text("ascii"))
    exon_rows = list(_rows(data, "fgfr_exons.tsv"))
    found = []
    for row in _rows(data, "fgfr_transcripts.tsv"):
        if row["gene"] == gene.value:
            name = row["transcript"]
            exons = _exons(one for one in exon_rows if one["transcript"] == name)
            found.append(_isoform(row, exons, cds=sequences.get(name), residues=proteins.get(name)))
    ordered = tuple(sorted(found, key=_preference))
    return GeneIsoforms(
        isoforms=ordered,
        coding=tuple(_coding_blocks(ordered)),
        near_coding=tuple(_near_coding(ordered)),
        differences=tuple(_differences(gene, ordered[0].strand, data)),
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def _position(text: str) -> Pos1 | None:
    return Pos1(int(text)) if text else None


def _exons(rows: Iterable[Row]) -> tuple[Exon, ...]:
    exons = []
    used = 0
    for row in rows:
        length = int(row["length"])
        exons.append(
            Exon(
                number=int(row["exon_number"]),
                start=Pos1(int(row["start"])),
                end=Pos1(int(row["end"])),
                n_start=coords.from_start0(used),
                n_end=used + length,
                c_start=_number(row["c_start"]),
                c_end=_number(row["c_end"]),
                coding_start=_position(row["cds_start"]),
                coding_end=_position(row["cds_end"]),
            )
        )
        used += length
    return tuple(exons)


def _first_coding_n(exons: tuple[Exon, ...], strand: str) -> int:
    exon = next(exon for exon in exons if exon.c_start == 1)
    assert exon.coding_start is not None and exon.coding_end is not None
    return exon.n_start + (exon.coding_start - exon.start if strand == "+" else exon.end - exon.coding_end)


def _isoform(row: Row, exons: tuple[Exon, ...], *, cds: str | None, residues: str | None) -> Isoform:
    isoform = Isoform(
        gene=FgfrGene(row["gene"]),
        accession=row["transcript"],
        version=row["current_version"] or None,
        protein=row["protein"] or None,
        ensembl=tuple(sorted(_ensembl_names(row["ensembl"]))),
        uniprot=row["uniprot_isoform"] or None,
        ccds=row["ccds"] or None,
        note=row["note"],
        is_mane=row["note"].startswith("MANE Select"),
        aa_length=int(row["aa_len"]),
        cds=cds,
        residues=residues,
        contig=row["chrom"],
        strand=row["strand"],
        exons=exons,
        c1_n=_first_coding_n(exons, row["strand"]),
        cds_length=int(row["cds_len_with_stop"]),
        splice_sites=(),
    )
    return msgspec.structs.replace(isoform, splice_sites=tuple(_splice_sites(isoform)))


def _ensembl_names(text: str) -> Iterator[str]:
    cleaned = text.replace("(", " ").replace(")", " ").replace(",", " ")
    return (word for word in cleaned.split() if word.startswith("ENST"))


def _preference(isoform: Isoform) -> tuple[int, bool, str]:
    order = REPORTED_ISOFORMS[isoform.gene]
    rank = order.index(isoform.accession) if isoform.accession in order else len(order)
    return rank, isoform.cds is None, isoform.accession


def _splice_sites(isoform: Isoform) -> Iterator[SpliceSite]:
    """Yield every intron end, in the order of transcription."""
    is_forward = isoform.strand == "+"
    for upstream, downstream in zip(isoform.exons, isoform.exons[1:], strict=False):
        coding = upstream.c_end is not None and downstream.c_start is not None
        donor = upstream.end if is_forward else upstream.start
        acceptor = downstream.start if is_forward else downstream.end
        yield _splice_site(isoform, donor, is_donor=True, splits_coding=coding)
        yield _splice_site(isoform, acceptor, is_donor=False, splits_coding=coding)


def _splice_site(isoform: Isoform, edge: Pos1, *, is_donor: bool, splits_coding: bool) -> SpliceSite:
    direction = 1 if is_donor == (isoform.strand == "+") else -1
    essential = sorted(edge + direction * distance for distance in (1, 2))
    region = sorted(edge + direction * distance for distance in (3, 8))
    coordinate = coordinate_at(isoform, edge)
    assert coordinate is not None
    return SpliceSite(
        is_donor=is_donor,
        edge=coordinate,
        essential_start=Pos1(essential[0]),
        essential_end=Pos1(essential[1]),
        region_start=Pos1(region[0]),
        region_end=Pos1(region[1]),
        splits_coding=splits_coding,
    )


def _coding_blocks(isoforms: Sequence[Isoform]) -> Iterator[CodingBlock]:
    """Yield the coding bases of all isoforms, ascending, one block for each run of positions."""
    bases: dict[int, str] = {}
    for isoform in isoforms:
        for exon in isoform.exons:
            if isoform.cds is None or exon.c_start is None or exon.coding_start is None:
                continue
            piece = isoform.cds[coords.to_start0(exon.c_start) : exon.c_end]
            forward = piece if isoform.strand == "+" else reverse_complement(piece)
            bases.update(enumerate(forward, start=exon.coding_start))
    for positions in _runs(bases):
        yield CodingBlock(start=Pos1(positions[0]), bases="".join(bases[pos] for pos in positions))


def _near_coding(isoforms: Sequence[Isoform]) -> Iterator[tuple[Pos1, Pos1]]:
    """Yield the spans of `GeneIsoforms.near_coding`."""
    covered: set[int] = set()
    for isoform in (one for one in isoforms if one.cds is not None):
        coding = ((one.coding_start, one.coding_end) for one in isoform.exons)
        splicing = ((one.essential_start, one.essential_end) for one in isoform.splice_sites if one.splits_coding)
        for start, end in (*coding, *splicing):
            if start is not None and end is not None:
                covered.update(range(start - 1, coords.after(end) + 1))
    for run in _runs(covered):
        yield Pos1(run[0]), Pos1(run[-1])


def _runs(positions: Iterable[int]) -> Iterator[list[int]]:
    """Yield the runs of neighbouring positions, ascending."""
    for _, run in groupby(enumerate(sorted(positions)), key=lambda placed: placed[1] - placed[0]):
        yield [pos for _, pos in run]


def _differences(gene: FgfrGene, strand: str, data: Path) -> Iterator[ReferenceDifference]:
    for row in _rows(data, "fgfr_reference_differences.tsv"):
        base, (_, _, pos) = row["lrg_base"], row["genome_pos"].partition(":")
        if row["gene"] == gene.value and pos.isdigit() and base in "ACGT":
            forward = base if strand == "+" else reverse_complement(base)
            yield ReferenceDifference(pos=Pos1(int(pos)), base=forward, note=row["note"])


def _codons(path: Path) -> Iterator[Codon]:
    for row in read_table(path):
        aa, bases, *numbers = row.values()
        accessions = list(row)[2:]
        first, second, third = (Pos1(int(base)) for base in bases.split(","))
        residues = {name: int(number) for name, number in zip(accessions, numbers, strict=True) if number}
        yield Codon(aa=aa, positions=(first, second, third), residues=residues)
