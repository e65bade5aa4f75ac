"""The committed tables: the compiled file equals them, closed words hold, `tools` rebuilds them from their sources."""

import functools
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from fgfr_screen import reference
from fgfr_screen.terms import Assembly, FgfrGene, PartnerTier
from tools import build_data, compile_data, derive_data, tables
from tools.hotspot_rows import single_base_changes

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SHARED = ROOT.parent / "shared"

needs_shared = pytest.mark.skipif(not (SHARED / "reference").is_dir(), reason="the shared source folder is not here")


@functools.cache
def model_rows(assembly: Assembly) -> tuple[tables.Row, ...]:
    """Return the rows of a gene-model table."""
    return tuple(tables.read_table(DATA / f"gene_model.{assembly}.tsv.gz"))


def integers(cell: str) -> tuple[int, ...]:
    """Split a comma-separated cell."""
    return tuple(int(part) for part in cell.split(","))


def test_the_committed_files_pass_the_check() -> None:
    assert build_data.faults(DATA) == []


@pytest.mark.parametrize("assembly", list(Assembly))
def test_every_gene_model_row_is_found_with_its_values(assembly: Assembly) -> None:
    for row in model_rows(assembly):
        start, end = int(row["tx_start"]), int(row["tx_end"])
        found = [tx for tx in reference.transcripts_of(assembly, row["gene"]) if tx.mane_refseq == row["mane_refseq"]]
        same_place = [tx for tx in found if (tx.contig, tx.tx_start, tx.tx_end) == (row["chrom"], start, end)]
        assert len(same_place) == 1, row["gene"]
        tx = same_place[0]
        assert (tx.cds_start, tx.cds_end) == (int(row["cds_start"]), int(row["cds_end"]))
        assert (tx.exon_starts, tx.exon_ends) == (integers(row["exon_starts"]), integers(row["exon_ends"]))
        assert (tx.strand, tx.mane_ensembl, tx.mane_status) == (row["strand"], row["mane_ensembl"], row["mane_status"])
        assert tx.hgnc_id == (row["hgnc_id"] or None)


@pytest.mark.parametrize("assembly", list(Assembly))
def test_every_gene_bounds_row_is_in_the_compiled_file(assembly: Assembly) -> None:
    table = reference.IntervalTable(reference.CompiledFile(str(DATA / "compiled.bin")), f"gene_bounds.{assembly}")
    compiled = sorted(
        (*table.words(row), contig, table.starts[row], table.ends[row])
        for contig, (low, high) in table.contigs.items()
        for row in range(low, high)
    )
    rows = tables.read_table(DATA / f"gene_bounds.{assembly}.tsv.gz")
    assert compiled == sorted(
        (row["gene"], row["biotype"], row["strand"], row["chrom"], int(row["start"]), int(row["end"])) for row in rows
    )


def test_small_tables_equal_their_files() -> None:
    compiled = {
        "hotspots": reference.hotspots(),
        "resistance": reference.resistance(),
        "partners": reference.partners(),
        "amplification_thresholds": reference.amplification_thresholds(),
        "tumor_types": reference.tumor_types(),
        "oncotree": reference.oncotree(),
        "contigs": reference.contigs(),
    }
    assert compiled.keys() == compile_data.SMALL_TABLES.keys()
    for name, (file, kind) in compile_data.SMALL_TABLES.items():
        assert compiled[name] == tables.to_records(kind, tables.read_table(DATA / file)), name


def test_every_alias_row_resolves_to_a_symbol() -> None:
    for row in tables.read_table(DATA / "hgnc_aliases.tsv.gz"):
        assert reference.approved_symbol(row["alias"]), row["alias"]


def test_frames_are_trusted_only_where_the_coding_sequence_is_known() -> None:
    for assembly in Assembly:
        for row in model_rows(assembly):
            reliable = compile_data.frame_is_reliable(row)
            assert not (reliable and compile_data.coding_length(row) % 3)
            assert not (reliable and ("CDS_differs" in row["source"] or "gencode19_longest" in row["source"]))
            assert reliable or assembly is Assembly.GRCH37


@pytest.mark.parametrize(
    ("used", "source", "accession"),
    [
        ("NM_1", "same_NM_same_CDS", "NM_1.4"),
        ("NM_1", "same_NM_CDS_differs", "NM_1"),
        ("NM_2", "other_NM_same_CDS", "NM_2"),
        ("GENCODE19", "gencode19_same_CDS", "NM_1.4"),
        ("GENCODE19", "gencode19_longest", "GENCODE19:GENE"),
        ("NM_1.4", "v44:gencode+refgene", "NM_1.4"),
    ],
)
def test_an_accession_carries_a_version_only_where_the_structure_is_known(
    used: str, source: str, accession: str
) -> None:
    row = {"gene": "GENE", "transcript_used": used, "mane_refseq": "NM_1.4", "source": source}
    assert compile_data.accession_of(row) == accession


def test_partner_rows_are_unique_sorted_and_free_of_restricted_sources() -> None:
    pairs = [(row.fgfr_gene, row.partner) for row in reference.partners()]
    assert pairs == sorted(set(pairs))
    for row in reference.partners():
        assert row.sources
        assert not [word for word in row.sources if word.startswith(derive_data.RESTRICTED_SOURCES)], row.partner
    assert sum(row.tier is PartnerTier.A for row in reference.partners()) == 43


def test_partners_are_written_with_their_approved_symbols() -> None:
    outdated = {row.partner for row in reference.partners() if reference.approved_symbol(row.partner) != (row.partner,)}
    # A read-through transcript without an HGNC entry.
    assert outdated == {"FAM24B-CUZD1"}


def test_only_known_changes_are_compatible_with_adult_life() -> None:
    marked = {(row.gene, row.change) for row in reference.hotspots() if row.adult_life_compatible}
    changes = ("G380R", "G375C", "N540K", "N540T", "I538V", "P250R")
    assert marked == {(FgfrGene.FGFR3, change) for change in changes}


def test_oncotree_parents_exist_and_stand_before_their_children() -> None:
    seen: set[str] = set()
    for node in reference.oncotree():
        assert node.parent is None or node.parent in seen, node.code
        seen.add(node.code)


def test_tumor_type_paths_follow_oncotree() -> None:
    parents = {node.code: node.parent for node in reference.oncotree()}
    for row in reference.tumor_types():
        if row.oncotree is not None:
            assert row.path[-1] == row.oncotree
            assert [parents[code] for code in row.path] == [None, *row.path[:-1]], row.oncotree


def test_single_base_changes_are_worked_out_from_the_coding_sequence() -> None:
    assert single_base_changes("ATGAAA", "M1V") == ["c.1A>G"]
    assert single_base_changes("ATGAAA", "K2N") == ["c.6A>C", "c.6A>T"]
    assert single_base_changes("ATGAAA", "K2W") == []
    assert single_base_changes("ATGAAA", "K2del") == []


def test_a_change_of_a_table_without_compiling_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in DATA.iterdir():
        (tmp_path / file.name).symlink_to(file, target_is_directory=file.is_dir())
    (tmp_path / "resistance.tsv").unlink()
    text = (DATA / "resistance.tsv").read_text("utf-8")
    (tmp_path / "resistance.tsv").write_text(
        text.replace("gatekeeper", "gate", 1).replace("Licence:", "Terms:"), "utf-8"
    )

    def only_resistance(data: Path) -> dict[str, bytes]:
        """Compile the changed table; the others are as committed."""
        file = reference.CompiledFile(str(DATA / "compiled.bin"))
        rows = tables.to_records(reference.ResistanceSite, tables.read_table(data / "resistance.tsv"))
        committed = {
            name: bytes(file.section(name)) for name in file.contents.sections if name not in compile_data.HOOKS
        }
        return committed | {"table.resistance": msgspec.msgpack.encode(rows)}

    monkeypatch.setattr(build_data, "table_sections", only_resistance)
    found = build_data.faults(tmp_path)
    assert [fault.partition(":")[0] for fault in found] == ["resistance.tsv", "compiled.bin"]


def test_a_broken_table_stops_the_build(tmp_path: Path) -> None:
    ragged = tmp_path / "ragged.tsv"
    ragged.write_text("# comment\na\tb\n1\t2\n1\n", "utf-8")
    with pytest.raises(ValueError, match=r"ragged.tsv:4 has 1 cells"):
        list(tables.read_table(ragged))


@needs_shared
def test_the_tables_are_what_their_sources_give(tmp_path: Path) -> None:
    for derivation in derive_data.DERIVATIONS:
        derivation(SHARED, tmp_path)
    for file in tmp_path.iterdir():
        # Text, not bytes: zlib versions compress differently.
        assert tables.read_text(file) == tables.read_text(DATA / file.name), file.name


@needs_shared
def test_hotspots_agree_with_the_independent_check_table() -> None:
    ours = {(row.gene, row.change): row.hgvs_c for row in reference.hotspots()}
    mane = {"NM_023110": "FGFR1", "NM_000141": "FGFR2", "NM_000142": "FGFR3"}
    checked = 0
    for row in tables.read_table(SHARED / "reference" / "fgfr_hotspots_check.tsv"):
        key = (FgfrGene(row["gene"]), row["hgvs_p"].removeprefix("p."))
        if row["transcript"] in mane and key in ours:
            assert row["hgvs_c"] in ours[key], key
            checked += 1
    assert checked >= 18


PROBE = """
import time
from fgfr_screen import model
begin = time.process_time()
from fgfr_screen import coords, reference
from fgfr_screen.terms import Assembly, FgfrGene
places = [("chr10", 123243212), ("chr10", 60461834), ("chr4", 1741429), ("chr4", 1808661), ("chr8", 38275891)]
for contig, pos in places:
    reference.transcripts_overlapping(Assembly.GRCH37, contig, pos, pos)
    reference.genes_overlapping(Assembly.GRCH37, contig, pos, pos)
for gene in FgfrGene:
    reference.fgfr_transcript(Assembly.GRCH38, gene)
found = 0
for name in ("KIAA1598", "BICC1", "TACC3", "WHSC1", "FGFR2", "nonsense", "CEP1"):
    found += len(reference.approved_symbol(name)) == 1
print(found, time.process_time() - begin)
"""


def test_twenty_look_ups_in_a_fresh_process_find_what_they_should(capsys: pytest.CaptureFixture[str]) -> None:
    run = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    found, seconds = run.stdout.split()
    with capsys.disabled():
        print(f"\nreference: import, load and 20 look-ups over the model import: {float(seconds) * 1000:.1f} ms cpu")
    assert int(found) == 5
