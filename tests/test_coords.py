"""Base arithmetic, contig spellings, assembly names, and the FGFR shift between assemblies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen import coords, reference
from fgfr_screen.terms import Assembly, FgfrGene

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38
CONTIGS = [row for row in reference.contigs() if row.assembly != "hg18"]
positions = st.integers(1, 250_000_000)


@given(positions)
def test_after_and_before_undo_each_other(pos: int) -> None:
    assert coords.before(coords.after(pos)) == coords.after(coords.before(pos)) == pos


@given(positions)
def test_zero_based_starts_come_back(pos: int) -> None:
    assert coords.from_start0(coords.to_start0(pos)) == pos


def test_a_bed_interval_of_one_base_has_length_one() -> None:
    assert coords.span_length(coords.from_start0(99), 100) == 1
    assert coords.span_length(5, 4) == 0


@pytest.mark.parametrize("row", CONTIGS, ids=lambda row: f"{row.assembly}-{row.name}")
def test_every_spelling_of_a_contig_gives_its_ucsc_name(row: reference.Contig) -> None:
    label = row.name.removeprefix("chr")
    spellings = [
        row.name,
        label,
        row.name.upper(),
        f"Chr{label}",
        f"CHR{label}",
        f" {row.name}  ",
        f"chromosome{label}",
    ]
    spellings += [text for text in (row.refseq, row.genbank, row.refget) if text]
    spellings += [text.lower() for text in (row.refseq, row.genbank) if text]
    assert {coords.normalise_contig(text) for text in spellings} == {row.name}


def test_the_mitochondrion_has_several_names() -> None:
    assert {coords.normalise_contig(text) for text in ("MT", "M", "chrMT", "chrM", "NC_001807.4")} == {"chrM"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "chr",
        "0",
        "chr0",
        "chr23",
        "23",
        "010",
        "１０",
        "chr１０",
        "chr10_KI270825v1_alt",
        "chr10_KN196480v1_fix",
        "chrUn_KI270302v1",
        "GL000191.1",
        "hs37d5",
        "chrEBV",
        "NC_007605.1",
        "HLA-A*01:01:01:01",
        "NC_000010.x",
        "NC_000010." + "9" * 5000,
        "NC_000025.1",
        "NC_000067.6",
        "chr10:123",
    ],
)
def test_other_sequences_have_no_primary_name(name: str) -> None:
    assert coords.normalise_contig(name) is None
    assert coords.assembly_of_contig_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "GRCh38_chr10",
        "GRCh37_10",
        "hg38.chr10",
        "hg19chr10",
        "human_chr10",
        "Homo_sapiens|10",
        "hs10",
        "hs_10",
        "hsa10",
        "NC_000010",
        "nc_000010",
        "chr10.fa",
        "10.fasta",
        "hg38_chr10.fa.gz",
    ],
)
def test_a_chromosome_is_known_behind_species_or_assembly_and_before_a_file_name(name: str) -> None:
    assert coords.normalise_contig(name) == "chr10"


@pytest.mark.parametrize(
    "name",
    ["mm10_chr10", "GRCm38_chr10", "hg18_chr10", "hg1910", "hs", "hs37", "hg19", "human", "GRCh38_chr10_alt", "NC_10"],
)
def test_a_name_of_another_species_or_of_no_chromosome_stays_unknown(name: str) -> None:
    assert coords.normalise_contig(name) is None


def test_a_span_holds_a_gene_only_from_end_to_end() -> None:
    contig, first, last = coords.fgfr_window(FgfrGene.FGFR2, GRCH38)
    start, end = first + coords.LOCUS_MARGIN_BP, last - coords.LOCUS_MARGIN_BP
    spans = [(start, end), (start + 1, end), (start, end - 1), (1, end + 10**6)]
    assert [coords.spans_fgfr_gene(GRCH38, contig, *span) for span in spans] == [True, False, False, True]
    assert not coords.spans_fgfr_gene(GRCH38, "chr9", start, end)


def test_numbers_23_and_24_are_sex_chromosomes_only_on_request() -> None:
    assert coords.normalise_contig("23", numeric_sex=True) == "chrX"
    assert coords.normalise_contig("chr24", numeric_sex=True) == "chrY"
    assert coords.normalise_contig("10", numeric_sex=True) == "chr10"


@given(st.text(max_size=20))
def test_no_text_makes_contig_or_assembly_recognition_fail(text: str) -> None:
    assert coords.normalise_contig(text) in {None, *(row.name for row in CONTIGS)}
    assert coords.assembly_from_name(text) in {None, "GRCh37", "GRCh38", "hg18", "T2T-CHM13"}
    assert coords.contig_assembly(text) in {None, *Assembly}


@pytest.mark.parametrize("row", CONTIGS, ids=lambda row: f"{row.assembly}-{row.name}")
def test_an_accession_proves_its_assembly_unless_it_is_shared(row: reference.Contig) -> None:
    shared = row.name == "chrM" and row.assembly != "T2T-CHM13"
    for accession in filter(None, (row.refseq, row.genbank, row.refget)):
        assert coords.assembly_of_contig_name(accession) == (None if shared else row.assembly)
    expected = Assembly(row.assembly) if row.assembly in ("GRCh37", "GRCh38") and not shared else None
    assert coords.contig_assembly(row.genbank or "") is expected


def test_the_version_before_grch37_is_hg18() -> None:
    assert coords.assembly_of_contig_name("NC_000010.9") == "hg18"
    assert coords.contig_assembly("NC_000010.9") is None
    assert coords.assembly_of_contig_name("NC_000010.8") is None
    assert coords.normalise_contig("NC_000010.9") == "chr10"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hg19", "GRCh37"),
        ("HG19 ", "GRCh37"),
        ("37", "GRCh37"),
        ("b37", "GRCh37"),
        ("GRCh37.p13", "GRCh37"),
        ("GRCh37/hg19", "GRCh37"),
        ("hs37d5", "GRCh37"),
        ("human_g1k_v37_decoy.fasta", "GRCh37"),
        ("/ref/Homo_sapiens_assembly19.fasta", "GRCh37"),
        ("GCF_000001405.25", "GRCh37"),
        ("GCA_000001405.14", "GRCh37"),
        ("file:///db/hg19/GRCh38_full_analysis_set.fa", "GRCh38"),
        ("/data/hg38/genome.fa", "GRCh38"),
        ("C:\\ref\\hg38.fa", "GRCh38"),
        ("GRCh38DH", "GRCh38"),
        ("hs38DH", "GRCh38"),
        ("GCA_000001405.15_GRCh38_no_alt_analysis_set.fna", "GRCh38"),
        ("GCF_000001405.40", "GRCh38"),
        ("38", "GRCh38"),
        ("hg18", "hg18"),
        ("NCBI36", "hg18"),
        ("GCF_000001405.12", "hg18"),
        ("chm13v2.0.fa", "T2T-CHM13"),
        ("hs1", "T2T-CHM13"),
        ("hg19 lifted to hg38", None),
        ("GRCh37/hg38", None),
        ("mm10", None),
        ("GRCm38", None),
        ("GRCh370", None),
        ("hg１９", None),
        ("hg191", None),
        ("rb37", None),
        ("", None),
    ],
)
def test_assemblies_are_recognised_by_name(text: str, name: str | None) -> None:
    assert coords.assembly_from_name(text) == name


@pytest.mark.parametrize("row", reference.contigs(), ids=lambda row: f"{row.assembly}-{row.name}")
def test_a_length_tells_the_assembly_except_for_the_mitochondrion(row: reference.Contig) -> None:
    assert coords.contig_length(row.assembly, row.name) == row.length
    expected = None if row.name == "chrM" else row.assembly
    assert coords.assembly_of_length(row.name, row.length) == expected


def test_an_unknown_contig_has_no_length() -> None:
    assert coords.contig_length(GRCH37, "chr10_alt") is None
    assert coords.assembly_of_length("chr10", 5) is None


@pytest.mark.parametrize(
    ("gene", "grch37", "grch38"),
    [
        (FgfrGene.FGFR1, 38275891, 38418373),
        (FgfrGene.FGFR2, 123243212, 121483698),
        (FgfrGene.FGFR3, 1803568, 1801841),
    ],
)
def test_known_positions_move_by_the_fixed_shift(gene: FgfrGene, grch37: int, grch38: int) -> None:
    assert coords.to_grch38(gene, grch37, GRCH37) == grch38
    assert coords.from_grch38(gene, grch38, GRCH37) == grch37
    assert coords.to_grch38(gene, grch38, GRCH38) == grch38


@given(st.sampled_from(list(FgfrGene)), st.sampled_from(list(Assembly)), st.floats(0, 1))
def test_the_shift_and_its_inverse_cover_the_whole_window(gene: FgfrGene, assembly: Assembly, part: float) -> None:
    _, first, last = coords.fgfr_window(gene, assembly)
    pos = first + round((last - first) * part)
    assert coords.from_grch38(gene, coords.to_grch38(gene, pos, assembly), assembly) == pos


@pytest.mark.parametrize("gene", list(FgfrGene))
@pytest.mark.parametrize("assembly", list(Assembly))
def test_a_position_far_away_is_not_shifted_by_guess(gene: FgfrGene, assembly: Assembly) -> None:
    assert not coords.can_shift(gene, 1, assembly)
    with pytest.raises(ValueError, match="outside the span"):
        coords.to_grch38(gene, 1, assembly)
    with pytest.raises(ValueError, match="outside the span"):
        coords.from_grch38(gene, 240_000_000, assembly)


def _bounds(assembly: Assembly, contig: str, low: int, high: int) -> set[int]:
    """Return the exon and gene bounds between two bases."""
    exons = {
        position
        for tx in reference.transcripts_overlapping(assembly, contig, low, high)
        for position in (*tx.exon_starts, *tx.exon_ends)
    }
    genes = {
        position
        for gene in reference.genes_overlapping(assembly, contig, low, high)
        for position in (gene.start, gene.end)
    }
    return {position for position in exons | genes if low <= position <= high}


@pytest.mark.parametrize("gene", list(FgfrGene))
def test_bounds_of_other_genes_on_both_sides_confirm_the_shift(gene: FgfrGene) -> None:
    contig, first, last = coords.fgfr_window(gene, GRCH37)
    margin = 130_000
    outside = [
        pos
        for pos in _bounds(GRCH37, contig, first - margin, last + margin)
        if not first <= pos <= last and coords.can_shift(gene, pos, GRCH37)
    ]
    _, low, high = coords.fgfr_window(gene, GRCH38)
    there = _bounds(GRCH38, contig, low - margin, high + margin)
    agreeing = [pos for pos in outside if coords.to_grch38(gene, pos, GRCH37) in there]
    assert min(agreeing) < first
    assert max(agreeing) > last
    assert len(agreeing) >= 2


@pytest.mark.parametrize("gene", list(FgfrGene))
def test_the_window_is_the_same_place_on_both_assemblies_and_holds_the_gene(gene: FgfrGene) -> None:
    old, new = coords.fgfr_window(gene, GRCH37), coords.fgfr_window(gene, GRCH38)
    assert [coords.to_grch38(gene, pos, GRCH37) for pos in old[1:]] == list(new[1:])
    for assembly, (contig, first, last) in ((GRCH37, old), (GRCH38, new)):
        transcript = reference.fgfr_transcript(assembly, gene)
        assert contig == transcript.contig
        assert first <= transcript.tx_start - coords.LOCUS_MARGIN_BP
        assert last >= transcript.tx_end + coords.LOCUS_MARGIN_BP


def test_the_window_edge_belongs_to_the_gene_and_the_next_base_does_not() -> None:
    for assembly in Assembly:
        for gene in FgfrGene:
            contig, first, last = coords.fgfr_window(gene, assembly)
            assert coords.fgfr_gene_at(assembly, contig, first, first) is gene
            assert coords.fgfr_gene_at(assembly, contig, last, last) is gene
            assert coords.fgfr_gene_at(assembly, contig, last + 1, last + 9) is None
            assert coords.fgfr_gene_at(assembly, contig, first - 9, first - 1) is None
            assert coords.fgfr_gene_at(assembly, None, first, last) is None


@pytest.mark.parametrize(
    ("assembly", "contig", "pos", "locus"),
    [
        (GRCH37, "chr14", 106330000, "IGH"),
        (GRCH38, "chr14", 105864000, "IGH"),
        (GRCH37, "chr2", 89157000, "IGK"),
        (GRCH38, "chr22", 22900000, "IGL"),
        (GRCH37, "chr14", 105000000, None),
        (GRCH37, "chr15", 106330000, None),
        (GRCH37, "chr22", 17000000, None),
    ],
)
def test_immunoglobulin_loci(assembly: Assembly, contig: str, pos: int, locus: str | None) -> None:
    assert coords.immunoglobulin_locus_at(assembly, contig, pos, pos) == locus


@pytest.mark.parametrize("word", sorted(word for word in coords._WHOLE_WORDS if not word.isdigit()))
def test_a_usual_name_means_what_the_patterns_say(word: str) -> None:
    assert coords._assemblies_in(word) == {coords.assembly_from_name(word)}
