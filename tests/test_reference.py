"""Look-ups in `data/compiled.bin`: known places and names, agreement with a slow scan, damaged files."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen import reference
from fgfr_screen.errors import ReferenceDataError
from fgfr_screen.terms import Assembly, FgfrGene, HotspotFunction, PartnerTier

GRCH37, GRCH38 = Assembly.GRCH37, Assembly.GRCH38
COMPILED = Path(reference.data_path("compiled.bin"))


def genes_at(assembly: Assembly, contig: str, pos: int) -> list[str]:
    """Return the symbols of the transcripts at a base, each once."""
    return sorted({tx.gene for tx in reference.transcripts_overlapping(assembly, contig, pos, pos)})


@pytest.mark.parametrize(
    ("assembly", "contig", "pos", "genes"),
    [
        (GRCH37, "chr10", 123243212, ["FGFR2"]),
        (GRCH38, "chr10", 121483698, ["FGFR2"]),
        (GRCH37, "chr10", 60461834, ["BICC1"]),
        (GRCH38, "chr10", 58702074, ["BICC1"]),
        (GRCH37, "chr4", 1741429, ["TACC3"]),
        (GRCH38, "chr4", 1739702, ["TACC3"]),
        (GRCH37, "chr7", 97991744, ["BAIAP2L1"]),
        (GRCH37, "chr10", 122879497, []),
        (GRCH37, "10", 123243212, []),
    ],
)
def test_transcripts_at_known_places(assembly: Assembly, contig: str, pos: int, genes: list[str]) -> None:
    assert genes_at(assembly, contig, pos) == genes


def test_an_intergenic_base_has_no_coding_gene_in_gencode() -> None:
    found = reference.genes_overlapping(GRCH37, "chr10", 122879497, 122879497)
    assert [gene.symbol for gene in found if gene.biotype == "protein_coding"] == []


@pytest.mark.parametrize(("assembly", "end"), [(GRCH37, 123243212), (GRCH38, 121483698)])
def test_fgfr2_exon_17_ends_at_the_known_base_in_both_isoforms(assembly: Assembly, end: int) -> None:
    transcripts = reference.transcripts_of(assembly, "FGFR2")
    assert [tx.accession for tx in transcripts] == ["NM_000141.5", "NM_022970.4"]
    # Minus strand: exon 17 of 18 is the second on the genome; its last base in transcription order is its first here.
    assert {tx.exon_starts[1] for tx in transcripts} == {end}
    assert {len(tx.exon_starts) for tx in transcripts} == {18}


@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize(
    ("gene", "accession"),
    [(FgfrGene.FGFR1, "NM_023110.3"), (FgfrGene.FGFR2, "NM_000141.5"), (FgfrGene.FGFR3, "NM_000142.5")],
)
def test_the_mane_select_transcript_of_each_fgfr(assembly: Assembly, gene: FgfrGene, accession: str) -> None:
    transcript = reference.fgfr_transcript(assembly, gene)
    assert (transcript.accession, transcript.mane_status, transcript.frame_reliable) == (accession, "Select", True)


def test_an_unknown_symbol_has_no_transcript_and_no_gene() -> None:
    assert reference.transcripts_of(GRCH38, "NOSUCHGENE") == ()
    assert reference.genes_of(GRCH38, "NOSUCHGENE") == ()


def test_gencode_symbols_are_returned_as_written_there_and_can_be_brought_up_to_date() -> None:
    (shtn1,) = reference.transcripts_of(GRCH37, "SHTN1")
    written = {gene.symbol for gene in reference.genes_overlapping(GRCH37, "chr10", shtn1.tx_start, shtn1.tx_start)}
    assert "KIAA1598" in written
    assert "SHTN1" in {reference.current_symbol(symbol) for symbol in written}


@pytest.mark.parametrize(
    ("given_name", "approved"),
    [
        ("KIAA1598", "SHTN1"),
        ("C10orf118", "CCDC186"),
        ("C10ORF118", "CCDC186"),
        ("MGEA5", "OGA"),
        ("KIAA1967", "CCAR2"),
        ("CCDC147", "CFAP58"),
        ("FGFR1OP", "CEP43"),
        ("CEP110", "CNTRL"),
        ("ZNF198", "ZMYM2"),
        ("WHSC1", "NSD2"),
        ("WHSC1L1", "NSD3"),
        ("AES", "TLE5"),
        ("PARK2", "PRKN"),
        ("ARNTL", "BMAL1"),
        ("fgfr2", "FGFR2"),
        ("FLG", "FLG"),
        ("FGFR1OP2", "FGFR1OP2"),
    ],
)
def test_a_name_resolves_to_its_one_approved_symbol(given_name: str, approved: str) -> None:
    assert reference.approved_symbol(given_name) == (approved,)
    assert reference.current_symbol(given_name) == approved


def test_an_ambiguous_alias_gives_all_its_genes_and_is_left_alone_by_current_symbol() -> None:
    assert reference.approved_symbol("CEP1") == ("CDC42EP1", "CNTRL")
    assert reference.current_symbol("CEP1") == "CEP1"


@pytest.mark.parametrize("text", ["", " ", "FGFR2 ", "nonsense", "FGFR２", "ENSG00000290825", "BICC1\tFGFR2"])
def test_what_is_no_symbol_is_unknown(text: str) -> None:
    assert reference.approved_symbol(text) == ()
    assert reference.current_symbol(text) == text


@given(st.text(max_size=12))
def test_no_text_makes_the_symbol_look_up_fail(text: str) -> None:
    assert isinstance(reference.approved_symbol(text), tuple)


def _tables() -> list[reference.IntervalTable]:
    file = reference.CompiledFile(str(COMPILED))
    return [reference.ModelTable(file, f"gene_model.{GRCH37}"), reference.IntervalTable(file, f"gene_bounds.{GRCH38}")]


TABLES = _tables()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TABLES), st.sampled_from(["chr4", "chr10", "chr21", "chrM", "chr8_alt"]), st.data())
def test_the_fast_search_finds_what_a_scan_of_all_rows_finds(
    table: reference.IntervalTable, contig: str, data: st.DataObject
) -> None:
    low, high = table.contigs.get(contig, (0, 0))
    # Anchor half of the spans at gene bounds, where an error of one base would show.
    row = data.draw(st.integers(low, max(low, high - 1)))
    anchor = data.draw(st.sampled_from([table.starts[row], table.ends[row], 1, 150_000_000]))
    start = max(1, anchor + data.draw(st.integers(-2, 2)))
    end = start + data.draw(st.sampled_from([0, 1, 1000, 5_000_000]))
    slow = [n for n in range(low, high) if table.starts[n] <= end and table.ends[n] >= start]
    assert sorted(table.overlapping(contig, start, end)) == slow


def test_small_tables_have_their_known_rows() -> None:
    hotspots = {(row.gene, row.change): row for row in reference.hotspots()}
    assert hotspots[FgfrGene.FGFR3, "S249C"].erdafitinib_label
    assert hotspots[FgfrGene.FGFR3, "G380R"].hgvs_c == ("c.1138G>A", "c.1138G>C")
    assert hotspots[FgfrGene.FGFR2, "H167_N173del"].function is HotspotFunction.EXTRACELLULAR_DELETION
    assert {row.change for row in reference.hotspots() if row.erdafitinib_label} == {"R248C", "S249C", "G370C", "Y373C"}
    bicc1 = reference.partner(FgfrGene.FGFR2, "BICC1")
    assert bicc1 is not None
    assert (bicc1.tier, bicc1.n_cases) == (PartnerTier.A, 198)
    assert reference.partner(FgfrGene.FGFR2, "NOSUCHGENE") is None
    assert {row.gene for row in reference.resistance()} == set(FgfrGene)
    assert any(row.assay.startswith("PURPLE") for row in reference.amplification_thresholds())
    assert {row.code for row in reference.oncotree()} >= {"CHOL", "IHCH", "STAD", "BLCA"}
    assert any("胆管癌" in row.chinese for row in reference.tumor_types())
    assert {row.assembly for row in reference.contigs()} == {"GRCh37", "GRCh38", "T2T-CHM13", "hg18"}


def test_the_release_is_a_date_and_a_checksum() -> None:
    release, checksum = reference.data_release()
    assert len(release) == len("2000-01-01")
    assert len(bytes.fromhex(checksum)) == 32


def test_compiled_definitions_are_bytes() -> None:
    assert isinstance(reference.programs_compiled(), bytes)
    assert isinstance(reference.assays_compiled(), bytes)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda raw: b"", "cannot be opened"),
        (lambda raw: raw[:10], "magic"),
        (lambda raw: b"X" + raw[1:], "magic"),
        (lambda raw: raw[:8] + b"\xff" + raw[9:], "format version"),
        (lambda raw: raw[:16] + b"\xc1" * 64 + raw[80:], "table of contents"),
        (lambda raw: raw[:12] + b"\xff\xff\xff\xff" + raw[16:], "table of contents"),
        (lambda raw: raw[:-8], "cut or extended"),
        (lambda raw: raw + b"\0" * 8, "cut or extended"),
    ],
    ids=["empty", "head only", "magic", "version", "garbled contents", "endless contents", "cut", "extended"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: object, words: str) -> None:
    assert callable(damage)
    file = tmp_path / "compiled.bin"
    file.write_bytes(damage(COMPILED.read_bytes()))
    with pytest.raises(ReferenceDataError, match=words):
        reference.CompiledFile(str(file))


def test_a_missing_file_a_missing_section_and_a_wrong_type_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="cannot be opened"):
        reference.CompiledFile(str(tmp_path / "none.bin"))
    file = reference.CompiledFile(str(COMPILED))
    with pytest.raises(ReferenceDataError, match="lacks section"):
        file.section("no.such.section")
    with pytest.raises(ReferenceDataError, match="broken section"):
        file.decode("table.hotspots", int)


def test_a_section_that_is_no_array_of_numbers_is_refused() -> None:
    file = reference.CompiledFile(str(COMPILED))
    odd = next(name for name, (_, size) in file.contents.sections.items() if size % 4)
    with pytest.raises(ReferenceDataError, match="broken number section"):
        file.numbers(odd)


@given(st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_no_bytes_make_the_loader_raise_anything_else(noise: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "compiled.bin")
        file.write_bytes(reference.MAGIC + noise)
        with pytest.raises(ReferenceDataError):
            reference.CompiledFile(str(file))
