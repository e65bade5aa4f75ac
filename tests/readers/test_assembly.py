"""Clues of one file and what they settle."""

import pytest

from fgfr_screen import coords, isoforms, reference
from fgfr_screen.errors import AssemblyError
from fgfr_screen.model import Pos1
from fgfr_screen.readers._assembly import NOTHING_DECIDES, AssemblyClues, ref_base_votes
from fgfr_screen.terms import Assembly, FgfrGene

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38


def clues(option: Assembly | None = None) -> AssemblyClues:
    return AssemblyClues("a.vcf", option)


def coding_bases(assembly: Assembly, count: int) -> list[tuple[str, Pos1, str]]:
    """Return places and bases of FGFR2 coding exons on one assembly."""
    transcript = reference.fgfr_transcript(assembly, FgfrGene.FGFR2)
    found: list[tuple[str, Pos1, str]] = []
    for start, end in zip(transcript.exon_starts, transcript.exon_ends, strict=True):
        for pos in range(start, end):
            base = isoforms.coding_base(assembly, transcript.contig, pos)
            if base is not None and len(found) < count:
                found.append((transcript.contig, Pos1(pos), base))
    return found


def test_without_clues_nothing_decides() -> None:
    settled = clues().settle()
    assert settled.name is None
    assert settled.source == NOTHING_DECIDES
    assert settled.evidence == ()


def test_the_option_fills_in_for_missing_clues() -> None:
    settled = clues(GRCH37).settle()
    assert (settled.name, settled.source) == (GRCH37, "option")


@pytest.mark.parametrize(
    ("name", "length", "assembly"),
    [
        ("chr10", 135534747, GRCH37),
        ("10", 133797422, GRCH38),
        ("NC_000010.10", None, GRCH37),
        ("CM000672.2", None, GRCH38),
    ],
)
def test_contigs_prove_the_assembly(name: str, length: int | None, assembly: Assembly) -> None:
    found = clues()
    found.add_contig(name, length, 3)
    settled = found.settle()
    assert settled.name is assembly
    assert "line 3" in settled.evidence[0]


def test_a_header_that_contradicts_its_contigs_is_an_error_with_both_facts() -> None:
    found = clues()
    found.add_name("/ref/hg38.fa", 2)
    found.add_contig("chr10", 135534747, 5)
    with pytest.raises(AssemblyError, match=r"hg38.*line 2.*135534747.*GRCh37.*line 5") as caught:
        found.settle()
    assert caught.value.code == "ASSEMBLY_CONFLICT"
    assert caught.value.exit_code == 3


def test_a_clue_that_contradicts_the_user_is_an_error() -> None:
    found = clues(GRCH38)
    found.add_contig("NC_000010.10")
    with pytest.raises(AssemblyError, match="the user says GRCh38"):
        found.settle()


@pytest.mark.parametrize(("name", "code"), [("hg18", "HG18_REFUSED"), ("T2T-CHM13v2.0", "T2T_REFUSED")])
def test_other_assemblies_are_refused_by_name(name: str, code: str) -> None:
    found = clues()
    found.add_name(name)
    with pytest.raises(AssemblyError) as caught:
        found.settle()
    assert caught.value.code == code


@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("gene", [FgfrGene.FGFR1, FgfrGene.FGFR2])
def test_a_named_gene_tells_the_assembly_by_its_place(gene: FgfrGene, assembly: Assembly) -> None:
    contig, start, end = coords.fgfr_window(gene, assembly)
    found = clues()
    found.add_gene_position(gene, contig, start, end)
    assert found.settle().name is assembly


def test_a_place_that_fits_both_assemblies_tells_nothing() -> None:
    found = clues()
    found.add_gene_position(FgfrGene.FGFR3, "chr4", Pos1(1800000), Pos1(1800001))
    assert found.settle().name is None


def test_fgfr3_of_hg18_is_recognised() -> None:
    found = clues()
    found.add_gene_position(FgfrGene.FGFR3, "chr4", Pos1(1775854), Pos1(1780395))
    with pytest.raises(AssemblyError, match="hg18"):
        found.settle()


@pytest.mark.parametrize("assembly", Assembly)
def test_bases_inside_coding_exons_tell_the_assembly(assembly: Assembly) -> None:
    found = clues()
    for contig, pos, base in coding_bases(assembly, 5):
        assert ref_base_votes(contig, pos, base)[assembly] is True
        found.add_base(contig, pos, base)
    assert found.settle().name is assembly


def test_two_bases_are_too_few_and_one_wrong_base_is_too_much() -> None:
    wrong = {"A": "C", "C": "A", "G": "A", "T": "A"}
    few, spoiled = clues(), clues()
    places = coding_bases(GRCH38, 5)
    for place in places[:2]:
        few.add_base(*place)
    for contig, pos, base in places:
        spoiled.add_base(contig, pos, base if pos != places[0][1] else wrong[base])
    assert few.settle().name is None
    assert spoiled.settle().name is None


def test_bases_outside_the_genes_and_letters_that_are_no_base_say_nothing() -> None:
    contig, pos, _ = coding_bases(GRCH38, 1)[0]
    assert ref_base_votes("chr1", Pos1(1000), "A") == {}
    assert ref_base_votes(contig, pos, "N") == {}
    assert ref_base_votes(contig, pos, "") == {}


def test_a_position_past_a_contigs_end_decides_only_alone() -> None:
    alone, beside = clues(), clues()
    for found in (alone, beside):
        found.add_position("chr10", Pos1(134000000))
    beside.add_name("GRCh38")
    assert (alone.settle().name, alone.settle().source) == (GRCH37, "contig_end")
    assert beside.settle().name is GRCH38


def test_an_assembly_that_is_needed_and_not_known_is_an_error() -> None:
    found = clues()
    with pytest.raises(AssemblyError) as caught:
        found.require(found.settle(), line=7)
    assert caught.value.code == "ASSEMBLY_UNKNOWN"
    assert caught.value.line == 7
    assert "--assembly" in caught.value.remedy
    assert found.require(clues(GRCH37).settle()) is GRCH37
