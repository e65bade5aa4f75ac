"""`fgfr_screen.evidence.assays`: what an assay can find, by catalogue id or from a user's file."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from fgfr_screen.errors import UsageError, UserFileError
from fgfr_screen.evidence import assays
from fgfr_screen.evidence.absence import TestedMaterial, covers_kind, weigh_all
from fgfr_screen.evidence.assays import _plain, catalogue, compile_directory, load_assay, recognise, with_known_coverage
from fgfr_screen.model import Assay, Coverage
from fgfr_screen.terms import AssayQc, EventKind, FgfrGene, Molecule, Outcome, SpecimenKind

FOLDER = Path(assays.__file__).parent.parent / "data" / "assays"
SOURCES = FOLDER.parent / "SOURCES.md"
PANEL = """
id = "house-panel"
name = "House panel, 500 genes"
molecule = "DNA"
sources = ["laboratory manual 3.2"]
qc = "pass"
matched_normal = true

[[covers]]
genes = ["FGFR2", "FGFR3"]
kinds = ["short_variant", "copy_number"]

[[covers]]
genes = ["FGFR2"]
kinds = ["rearrangement"]
region = "intron 17"
"""


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    path = tmp_path / "panel.toml"
    path.write_text(PANEL, encoding="utf-8")
    return path


@pytest.fixture
def packaged(panel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assays, "assays_compiled", lambda: compile_directory(panel.parent))


def test_a_file_tells_genes_kinds_molecule_and_quality(panel: Path) -> None:
    assay = load_assay(str(panel))
    assert (assay.id, assay.source, assay.name) == ("as0", str(panel), "House panel, 500 genes")
    assert (assay.molecule, assay.qc, assay.is_germline, assay.has_matched_normal) == (
        Molecule.DNA,
        AssayQc.PASS,
        False,
        True,
    )
    assert assay.covers is not None
    assert len(assay.covers) == 5
    assert Coverage(gene=FgfrGene.FGFR3, kind=EventKind.COPY_NUMBER) in assay.covers
    assert Coverage(gene=FgfrGene.FGFR2, kind=EventKind.REARRANGEMENT, region="intron 17") in assay.covers


def test_a_description_without_a_word_on_quality_never_says_that_a_run_worked(panel: Path) -> None:
    panel.write_text(PANEL.replace('qc = "pass"\n', ""), encoding="utf-8")
    assert load_assay(str(panel)).qc is AssayQc.UNKNOWN


def test_a_packaged_assay_is_known_by_its_id(packaged: None) -> None:
    assert load_assay("house-panel", "as7").id == "as7"
    assert load_assay("house-panel").source == "catalogue:house-panel"


def test_compiling_is_independent_of_file_names(panel: Path) -> None:
    (panel.parent / "a.toml").write_text(PANEL.replace("house-panel", "zebra"), encoding="utf-8")
    rows = msgspec.msgpack.decode(compile_directory(panel.parent))
    assert [row["id"] for row in rows] == ["house-panel", "zebra"]


def test_an_unknown_assay_names_the_nearest_id(packaged: None) -> None:
    with pytest.raises(UsageError, match="no assay 'house-panle'") as caught:
        load_assay("house-panle")
    assert caught.value.remedy == "did you mean house-panel?"
    assert (caught.value.code, caught.value.exit_code) == ("UNKNOWN_ASSAY", 2)


def test_an_unknown_assay_far_from_all_ids_lists_them(packaged: None) -> None:
    with pytest.raises(UsageError) as caught:
        load_assay("xyz")
    assert "known ids: house-panel" in caught.value.remedy
    assert "TOML" in caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("matched_normal", "matched_norma", 7, "unknown key 'matched_norma'"),
        ('region = "intron 17"', 'regions = "intron 17"', 16, "unknown key 'covers[1].regions'"),
        ('"FGFR2", "FGFR3"', '"FGFR2", "FGFR9"', 10, "FGFR9"),
        ('molecule = "DNA"', 'molecule = "dna"', 4, "dna"),
        ('name = "House panel, 500 genes"\n', "", None, "name"),
        ("matched_normal = true", 'matched_normal = "yes"', 7, "matched_normal"),
    ],
)
def test_a_wrong_key_or_word_is_an_error_with_its_line(
    panel: Path, old: str, new: str, line: int | None, told: str
) -> None:
    panel.write_text(PANEL.replace(old, new), encoding="utf-8")
    with pytest.raises(UserFileError) as caught:
        load_assay(str(panel))
    assert told in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(panel), line)


def test_the_nearest_key_is_named(panel: Path) -> None:
    panel.write_text(PANEL.replace("matched_normal", "matched_norma"), encoding="utf-8")
    with pytest.raises(UserFileError) as caught:
        load_assay(str(panel))
    assert caught.value.remedy == "did you mean 'matched_normal'?"


@pytest.mark.parametrize("data", [b"id = ", b"\xff\xfe\x00", b"id = 1\nid = 2\n"])
def test_a_file_that_is_no_toml_is_a_user_error(panel: Path, data: bytes) -> None:
    panel.write_bytes(data)
    with pytest.raises(UserFileError):
        load_assay(str(panel))


def _report_assay(name: str | None, **more: Any) -> Assay:
    return Assay(id="as1", source="report", name=name, **more)


def test_the_packaged_files_say_what_they_are_and_where_they_have_it_from() -> None:
    known = catalogue()
    assert set(known) == {path.stem for path in FOLDER.glob("*.toml")}
    assert all(description.sources for description in known.values())
    names = [plain for one in known.values() for plain in {_plain(word) for word in (one.id, one.name, *one.aliases)}]
    assert len(names) == len(set(names)), "one name, two assays"


def test_the_page_of_sources_has_a_row_for_every_packaged_assay_and_no_other() -> None:
    part = SOURCES.read_text(encoding="utf-8").split("## Sources of assays")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    listed = [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]
    assert sorted(listed) == sorted(catalogue())


def _excluded(assay_id: str) -> set[tuple[FgfrGene, EventKind]]:
    """Return what a passed run without a finding excludes, when nothing is known of the specimen."""
    passed = structs.replace(load_assay(assay_id), qc=AssayQc.PASS)
    weighed = weigh_all(TestedMaterial(assays=(passed,), specimens=(), inputs=(), rejected=()))
    return {what for what, absence in weighed.items() if absence.outcome is Outcome.NO_MATCH}


@pytest.mark.parametrize(
    "assay_id", ["foundationone-liquid-cdx", "guardant360", "guardant360-cdx", "trusight-oncology-500-ctdna"]
)
def test_a_plasma_test_excludes_nothing_even_where_the_file_does_not_say_plasma(assay_id: str) -> None:
    assert _excluded(assay_id) == set()
    passed = structs.replace(load_assay(assay_id), qc=AssayQc.PASS)
    weighed = weigh_all(TestedMaterial(assays=(passed,), specimens=(), inputs=(), rejected=()))
    codes = {finding.code for absence in weighed.values() for finding in absence.findings}
    assert codes == {"PLASMA_NEGATIVE", "NOT_TESTED"}


def test_a_report_that_names_a_plasma_test_is_of_plasma() -> None:
    told = Assay(id="as1", source="report", name="Guardant360 CDx")
    assert with_known_coverage(told).material is SpecimenKind.PLASMA


@pytest.mark.parametrize("assay_id", ["oncomine-comprehensive-v3-dna", "therascreen-fgfr-rt-pcr"])
def test_a_test_of_single_variants_excludes_nothing(assay_id: str) -> None:
    assert _excluded(assay_id) == set()


@pytest.mark.parametrize(
    ("assay_id", "kinds"),
    [
        ("caris-mi-transcriptome", {EventKind.REARRANGEMENT}),
        ("dfci-oncopanel", {EventKind.SHORT_VARIANT, EventKind.COPY_NUMBER}),
        ("foundationone-cdx", set(EventKind)),
        ("genminetop-dna", {EventKind.SHORT_VARIANT, EventKind.COPY_NUMBER}),
        ("genminetop-rna", {EventKind.REARRANGEMENT}),
        ("msk-impact", {EventKind.SHORT_VARIANT}),
        ("tempus-xr", {EventKind.REARRANGEMENT}),
        ("trusight-oncology-500-dna", {EventKind.SHORT_VARIANT, EventKind.COPY_NUMBER}),
        ("trusight-oncology-500-rna", {EventKind.REARRANGEMENT}),
    ],
)
def test_a_passed_run_excludes_what_the_source_states_and_nothing_more(assay_id: str, kinds: set[EventKind]) -> None:
    assert _excluded(assay_id) == {(gene, kind) for gene in FgfrGene for kind in kinds}


def test_only_dna_tests_with_a_stated_intron_17_speak_for_fgfr2_and_fgfr3_rearrangements() -> None:
    for gene in (FgfrGene.FGFR2, FgfrGene.FGFR3):
        found = {
            name
            for name, one in catalogue().items()
            if one.molecule is Molecule.DNA
            and one.material is not SpecimenKind.PLASMA
            and covers_kind(load_assay(name), gene, EventKind.REARRANGEMENT)
        }
        split = {"fgfr2-break-apart-fish"} if gene is FgfrGene.FGFR2 else set()
        assert found == {"foundationone-cdx", "whole-genome-tumor-normal"} | split


@pytest.mark.parametrize(
    ("name", "assay_id"),
    [
        ("Guardant360 CDx", "guardant360-cdx"),
        ("GUARDANT360", "guardant360"),
        ("FoundationOneLiquidDx", "foundationone-liquid-cdx"),
        ("FoundationOne® Liquid CDx", "foundationone-liquid-cdx"),
        ("IMPACT468", "msk-impact"),
        ("MSK-IMPACT505", "msk-impact"),
        ("Profile Somatic Oncopanel", "dfci-oncopanel"),
        ("TSO500 RNA", "trusight-oncology-500-rna"),
        ("Tempus | xR", None),
        ("xR", "tempus-xr"),
        ("xT", None),
        ("GenMineTOP", None),
        ("Oncomine Comprehensive Assay v3", None),
        ("MSK-IMPACT Heme", None),
        ("OncoPanel", None),
        ("TSO500", None),
    ],
)
def test_a_name_means_one_half_of_one_test_or_nothing(name: str, assay_id: str | None) -> None:
    known = recognise(name)
    assert (known.id if known is not None else None) == assay_id


@pytest.mark.parametrize(
    "name", ["FoundationOne®CDx", "foundationone cdx", "F1CDx", "FoundationOneDx", "foundationone-cdx"]
)
def test_a_report_that_names_a_packaged_assay_gets_its_coverage(name: str) -> None:
    assay = with_known_coverage(_report_assay(name, qc=AssayQc.PASS))
    assert (assay.molecule, assay.qc, assay.source) == (
        Molecule.DNA,
        AssayQc.PASS,
        "report, catalogue:foundationone-cdx",
    )
    assert assay.covers is not None
    assert Coverage(gene=FgfrGene.FGFR2, kind=EventKind.REARRANGEMENT, region="intron 17") in assay.covers


@pytest.mark.parametrize("name", ["FoundationOne", "FoundationOne Liquid", "CDx", "", None])
def test_another_name_is_another_test(name: str | None) -> None:
    assay = _report_assay(name)
    assert with_known_coverage(assay) is assay


def test_what_the_report_itself_says_of_its_coverage_stays() -> None:
    stated = (Coverage(gene=FgfrGene.FGFR3, kind=EventKind.SHORT_VARIANT),)
    assay = _report_assay("F1CDx", covers=stated)
    assert with_known_coverage(assay).covers == stated
    rna = _report_assay("F1CDx", molecule=Molecule.RNA)
    assert with_known_coverage(rna).covers is None


@pytest.mark.parametrize("name", ["foundationone-cdx", "FoundationOne CDx", "f1cdx"])
def test_the_user_may_name_an_assay_as_a_report_does(name: str) -> None:
    assay = load_assay(name)
    assert (assay.name, assay.source) == ("FoundationOne CDx", "catalogue:foundationone-cdx")
