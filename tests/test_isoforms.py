"""`fgfr_screen.isoforms`."""

import random

import pytest

from fgfr_screen import coords, isoforms, reference
from fgfr_screen.annotate import alleles
from fgfr_screen.isoforms import Coordinate
from fgfr_screen.model import Pos1
from fgfr_screen.terms import Assembly, FgfrGene
from tools import build_isoforms

ALL = [isoform for gene in FgfrGene for isoform in isoforms.isoforms(gene)]


def test_nineteen_isoforms_have_a_coding_sequence() -> None:
    assert sum(isoform.cds is not None for isoform in ALL) == 19


def test_the_packaged_tables_agree_with_each_other() -> None:
    texts = {}
    for name in build_isoforms.HEADERS:
        with open(reference.data_path(name), encoding="utf-8") as handle:
            texts[name] = handle.read()
    assert build_isoforms.check(texts) == []


def test_a_changed_base_is_found_by_the_build_check() -> None:
    cds = {"NM_1": "ATGTGA"}
    assert build_isoforms.check_sequences(cds, {"NM_1": "K"}) == ["NM_1: translation differs from the protein"]


@pytest.mark.parametrize("gene", list(FgfrGene))
def test_mane_select_comes_first(gene: FgfrGene) -> None:
    assert isoforms.mane(gene).is_mane
    assert sum(isoform.is_mane for isoform in isoforms.isoforms(gene)) == 1


@pytest.mark.parametrize("isoform", ALL, ids=lambda isoform: isoform.accession)
def test_every_transcribed_base_survives_the_way_to_c_and_back(isoform: isoforms.Isoform) -> None:
    chosen = random.Random(isoform.accession)
    for exon in isoform.exons:
        for pos in {exon.start, exon.end, chosen.randint(exon.start, exon.end)}:
            coordinate = isoforms.coordinate_at(isoform, pos)
            assert coordinate is not None
            assert isoforms.position_of(isoform, coordinate) == pos


@pytest.mark.parametrize("isoform", ALL, ids=lambda isoform: isoform.accession)
def test_every_intron_base_survives_the_way_to_c_and_back(isoform: isoforms.Isoform) -> None:
    chosen = random.Random(isoform.accession)
    for one, other in zip(isoform.exons, isoform.exons[1:], strict=False):
        low, high = sorted((one, other), key=lambda exon: exon.start)
        for pos in (low.end + 1, high.start - 1, chosen.randint(low.end + 1, high.start - 1)):
            coordinate = isoforms.coordinate_at(isoform, pos)
            assert coordinate is not None
            assert coordinate.offset != 0
            assert isoforms.position_of(isoform, coordinate) == pos


@pytest.mark.parametrize(
    ("gene", "pos37", "text"),
    [
        (FgfrGene.FGFR2, 123243212, "2301"),
        (FgfrGene.FGFR2, 123243211, "2301+1"),
        (FgfrGene.FGFR2, 123239536, "2302-1"),
        (FgfrGene.FGFR2, 123239535, "2302"),
        (FgfrGene.FGFR3, 1808661, "2274"),
        (FgfrGene.FGFR3, 1795662, "1"),
        (FgfrGene.FGFR3, 1795661, "-1"),
        (FgfrGene.FGFR3, 1808989, "2421"),
        (FgfrGene.FGFR3, 1808990, "*1"),
    ],
)
def test_known_places_have_their_hgvs_position(gene: FgfrGene, pos37: int, text: str) -> None:
    pos = coords.to_grch38(gene, pos37, Assembly.GRCH37)
    assert str(isoforms.coordinate_at(isoforms.mane(gene), pos)) == text


def test_an_offset_away_from_an_exon_edge_is_no_position() -> None:
    mane = isoforms.mane(FgfrGene.FGFR2)
    assert isoforms.position_of(mane, Coordinate(base=2300, offset=1)) is None
    assert isoforms.position_of(mane, Coordinate(base=2301, offset=-1)) is None
    assert isoforms.position_of(mane, Coordinate(base=99999)) is None


def test_positions_outside_the_transcript_have_no_coordinate() -> None:
    mane = isoforms.mane(FgfrGene.FGFR3)
    assert isoforms.coordinate_at(mane, mane.exons[0].start - 1) is None


def test_coding_base_knows_both_assemblies() -> None:
    assert isoforms.coding_base(Assembly.GRCH37, "chr4", 1803568) == "C"
    assert isoforms.coding_base(Assembly.GRCH38, "chr4", 1801841) == "C"
    assert isoforms.coding_base(Assembly.GRCH38, "chr10", 121520163) == "G"


def test_coding_base_is_none_outside_coding_exons() -> None:
    assert isoforms.coding_base(Assembly.GRCH38, "chr4", 1806935) is None
    assert isoforms.coding_base(Assembly.GRCH38, "chr1", 1801841) is None


@pytest.mark.parametrize(
    ("text", "accessions"),
    [
        ("NM_000142", ["NM_000142"]),
        ("NM_000142.4", ["NM_000142"]),
        ("NP_000133.1", ["NM_000142"]),
        ("ENST00000440486.8", ["NM_000142"]),
        ("ENST00000440486.7", ["NM_000142", "NM_001163213"]),
        ("ENST00000440486", ["NM_000142", "NM_001163213"]),
        ("ENST00000260795", ["NM_000142"]),
        ("ENST00000340107", ["NM_001163213"]),
        ("ENST00000358487.10", ["NM_000141"]),
        ("ENST00000358487", ["NM_000141", "NM_022970"]),
        ("ENST00000457416.7", ["NM_022970"]),
        ("CCDS3353.1", ["NM_000142"]),
        ("P22607", ["NM_000142"]),
        ("P22607-2", ["NM_001163213"]),
        ("P11362-7", ["NM_015850", "NM_001174065"]),
        ("NM_004448.4", []),
        ("nonsense", []),
    ],
)
def test_transcript_names_resolve(text: str, accessions: list[str]) -> None:
    assert [isoform.accession for isoform in isoforms.resolve_transcript(text)] == accessions


def test_lengths_and_forms_resolve_with_the_gene() -> None:
    by_length = isoforms.resolve_transcript("853-aa transcript", FgfrGene.FGFR1)
    assert [isoform.accession for isoform in by_length] == ["NM_001174067"]
    assert isoforms.resolve_transcript("FGFR3-IIIb", FgfrGene.FGFR3)[0].accession == "NM_001163213"


def test_codons_number_the_same_residue_on_every_isoform() -> None:
    codon = isoforms.codon(FgfrGene.FGFR2, "NM_000141", 549)
    assert codon is not None
    assert (codon.aa, codon.residues["NM_022970"]) == ("N", 550)


@pytest.mark.parametrize("isoform", [one for one in ALL if one.cds is not None], ids=lambda one: one.accession)
def test_residue_maps_equal_the_proteins(isoform: isoforms.Isoform) -> None:
    assert isoform.residues is not None
    for residue, aa in enumerate(isoform.residues, start=1):
        codon = isoforms.codon(isoform.gene, isoform.accession, residue)
        assert codon is not None
        assert codon.aa == aa
        assert isoforms.cds_offset(isoform, codon.positions[0]) == 3 * (residue - 1)


def test_the_old_fgfr3_reference_base_is_known() -> None:
    (row,) = isoforms.reference_differences(FgfrGene.FGFR3)
    assert (row.pos, row.base) == (1806167, "A")
    assert not isoforms.reference_differences(FgfrGene.FGFR1) + isoforms.reference_differences(FgfrGene.FGFR2)


@pytest.mark.parametrize("gene", list(FgfrGene))
def test_what_is_not_near_coding_bases_changes_no_isoform(gene: FgfrGene) -> None:
    chosen = random.Random(gene.value)
    edges = [edge for one in isoforms.isoforms(gene) for exon in one.exons for edge in (exon.start, exon.end)]
    far = 0
    for edge in edges:
        for _ in range(20):
            start = edge + chosen.randint(-9, 9)
            alt = chosen.choice(["", "A", "ACG", None])
            allele = alleles.Allele(
                gene=gene, start=Pos1(start), end=Pos1(start + chosen.choice([-1, 0, 0, 1, 4])), ref=None, alt=alt
            )
            if not isoforms.is_near_coding(gene, allele.start, allele.end):
                far += 1
                assert not any(alters(one, allele) for one in isoforms.isoforms(gene) if one.cds)
    assert far > 100


def alters(isoform: isoforms.Isoform, allele: alleles.Allele) -> bool:
    return (
        alleles.edit_on(isoform, allele) is not None
        or alleles.coding_overlap(isoform, allele) is not None
        or alleles.splice_hit(isoform, allele, essential=True) is not None
    )
