"""TruSight Oncology 500, cBioPortal, MAF, OncoKB and CATS: what reaches the calls, and the samples of ../shared."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgfr_screen.errors import AssemblyError, InputError
from fgfr_screen.model import CopyNumberCall, InputContent, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose, readers
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import (
    Assembly,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    FilterStatus,
    Frame,
    GeneOrder,
    Molecule,
    Orientation,
    Origin,
    Outcome,
    SpecimenKind,
)
from tests.builders import GRCH37, GRCH38, LEFT, RIGHT, place
from tests.report_emitters import EMITTERS, Patient, cats, oncokb_copies

SAMPLES = Path(__file__).parents[4] / "shared/formats/samples"
FAMILIES = {
    "cats": "cats",
    "cbioportal_sv": "cbioportal-sv",
    "foundation_xml": "foundation-xml",
    "oncokb": "oncokb",
    "tso500_cvo": "tso500-cvo",
}
SAMPLE_FILES = sorted(path for folder in FAMILIES for path in (SAMPLES / folder).glob("*") if path.name != "ORIGIN.md")
Read = Callable[..., InputContent]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(name: str, content: str | bytes, **options: Any) -> InputContent:
        path = tmp_path / "input"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(path, name, **options)

    return _read


def read_file(path: Path, name: str, **options: Any) -> InputContent:
    with OpenedInput(str(path)) as opened:
        reader, _ = choose(opened.head)
        assert reader.name == name
        content = reader.read(opened, ReadOptions(**options))
    counts = content.accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
    return content


def rearrangements(content: InputContent) -> list[RearrangementCall]:
    return [call for call in content.calls if isinstance(call, RearrangementCall)]


# ----------------------------------------------------------------------------------------------------------- samples


@pytest.mark.skipif(not SAMPLE_FILES, reason="the shared samples are not here")
def test_every_shared_sample_is_claimed_by_its_reader_alone() -> None:
    for path in SAMPLE_FILES:
        with OpenedInput(str(path)) as opened:
            claims = [reader.name for reader in readers().values() if reader.sniff(opened.head)]
        assert claims == [FAMILIES[path.parent.name]], path


@pytest.mark.skipif(not SAMPLE_FILES, reason="the shared samples are not here")
def test_the_shared_samples_say_what_their_origin_states() -> None:
    def events(name: str, **options: str) -> list[tuple[str, str]]:
        report = screen_sample(SAMPLES / name, **options)
        return [(event.name, event.outcome.value) for event in report.events]

    assert events("tso500_cvo/rna_fusions_CombinedVariantOutput.tsv") == [
        ("FGFR3::BAIAP2L1", "match"),
        ("FGFR3::TACC3", "match"),
    ]
    assert events("tso500_cvo/ntc_no_variant_CombinedVariantOutput.tsv") == []
    (taccs,) = events("cats/cats_sample_20231211000001.cats")
    assert taccs == ("FGFR2::TACC2", "match")
    assert [outcome for _, outcome in events("cats/cats_sample_20231211000006.cats")] != ["match"]
    assert events("cats/rearrangements_input_cats_format.json") == events("cats/cna_input_cats_format.json") == []
    (amplified,) = events("cats/format_update_output_v1.2.0.json")
    assert amplified[1] == "match"
    for sample, name in (
        ("TCGA-A2-A04P-01", "study_es_0_data_structural_variants"),
        ("P01_Pri", "cats_data_structural_variants"),
    ):
        assert events(f"cbioportal_sv/{name}.txt", sample_id=sample) == []
    for name in ("example_sv", "example_individual_cna"):
        assert events(f"oncokb/{name}.txt", sample_id="TCGA-05-4417-01") == []


@pytest.mark.skipif(not SAMPLE_FILES, reason="the shared samples are not here")
def test_what_was_not_sequenced_was_not_tested() -> None:
    report = screen_sample(SAMPLES / "tso500_cvo/rna_fusions_CombinedVariantOutput.tsv")
    assert [(assay.molecule, len(assay.covers or ())) for assay in report.assays] == [(Molecule.RNA, 3)]
    assert report.inputs[0].assembly.name is GRCH37
    assert report.summary.fgfr2_amplification is Outcome.UNDETERMINED


# ------------------------------------------------------------------------------------------------------------ TSO500


def combined(section: str, header: str, *rows: str, dna: str = "D", rna: str = "R") -> str:
    lines = [
        "[Analysis Details]",
        f"DNA Sample ID\t{dna}",
        f"RNA Sample ID\t{rna}",
        "[TMB]",
        f"[{section}]",
        header,
        *rows,
    ]
    return "\n".join(line + "\t\t" for line in lines)


FUSION_COLUMNS = "Gene Pair\tBreakpoint 1\tBreakpoint 2\tFusion Supporting Reads"


@pytest.mark.parametrize(
    ("pair", "genes", "order"),
    [
        ("FGFR2-BICC1", (("FGFR2",), ("BICC1",)), GeneOrder.ASSERTED),
        ("FGFR2/BICC1", (("FGFR2",), ("BICC1",)), GeneOrder.UNKNOWN),
        ("FGFR2-BICC1;TACC1", (("FGFR2",), ("BICC1", "TACC1")), GeneOrder.ASSERTED),
        ("FGFR2-NKX2-1", (("FGFR2",), ("NKX2-1",)), GeneOrder.ASSERTED),
        ("FGFR2-AC016683.6", (("FGFR2",), ("AC016683.6",)), GeneOrder.ASSERTED),
        ("AC016683.6;PAX8/FGFR2", (("AC016683.6", "PAX8"), ("FGFR2",)), GeneOrder.UNKNOWN),
        ("1-Mar/FGFR2", ((), ("FGFR2",)), GeneOrder.UNKNOWN),
    ],
)
def test_gene_pairs(pair: str, genes: tuple[Any, Any], order: GeneOrder, read: Read) -> None:
    fgfr = f"chr10:{place('FGFR2', 'exon 17 last base', GRCH37)}"
    places = (fgfr, "chr10:60461834") if genes[0] == ("FGFR2",) else ("chr10:60461834", fgfr)
    (call,) = rearrangements(read("tso500-cvo", combined("Fusions", FUSION_COLUMNS, "\t".join((pair, *places, "50")))))
    assert call.second is not None
    assert (call.first.genes, call.second.genes, call.order) == (*genes, order)
    assert (call.assembly, call.split_reads, call.filter) == (GRCH37, 50, FilterStatus.PASS)


def test_a_fold_change_is_a_number_and_no_declared_amplification(read: Read) -> None:
    calls = read(
        "tso500-cvo", combined("Gene Amplifications", "Gene\tFold Change", "FGFR2\t2.173", "MYC\t4", rna="NA")
    ).calls
    (call,) = calls
    assert isinstance(call, CopyNumberCall)
    assert [(one.value, one.unit) for one in call.measures] == [(2.173, CopyNumberUnit.FOLD_CHANGE)]
    assert not call.reported_by_lab


def test_newer_sections_are_found_by_name(read: Read) -> None:
    text = combined("Copy Number Variants", "Gene\tFold Change\tCopy Number Variant", "FGFR2\t0.4\t<DEL>", rna="NA")
    (call,) = read("tso500-cvo", text).calls
    assert isinstance(call, CopyNumberCall)
    assert call.declared is DeclaredCopyNumber.LOSS
    pos = place("FGFR2", "intron 17", GRCH38)
    text = combined("DNA Fusions", FUSION_COLUMNS, f"FGFR2-BICC1\tchr10:{pos}\tchr10:58700000\t9", rna="NA")
    (fusion,) = rearrangements(read("tso500-cvo", text))
    assert (fusion.molecule, fusion.assembly, fusion.order) == (Molecule.DNA, GRCH38, GeneOrder.ASSERTED)


def test_a_small_variant_has_no_germline_filter(read: Read) -> None:
    content = read("tso500-cvo", EMITTERS["tso500-cvo"].write(Patient(fusion=False, copies=None)))
    (call,) = content.calls
    assert isinstance(call, ShortVariantCall)
    assert (call.origin, call.has_matched_normal, call.pos, call.vaf) == (Origin.UNKNOWN, False, 1803568, 0.31)
    # Nothing tells the build of this one row; its HGVS text does without.
    assert call.assembly is None


def test_the_places_of_other_genes_tell_the_build(read: Read) -> None:
    fusions = "FGFR3-TACC3\tchr4:1808700\tchr4:1741300\t9", "EML4-ALK\tchr2:42522654\tchr2:29446394\t75"
    (call,) = rearrangements(read("tso500-cvo", combined("Fusions", FUSION_COLUMNS, *fusions, dna="NA")))
    assert call.assembly is GRCH37


def test_a_section_twice_is_refused(read: Read) -> None:
    with pytest.raises(InputError) as caught:
        read("tso500-cvo", combined("Fusions", FUSION_COLUMNS) + "\n[Fusions]")
    assert (caught.value.code, caught.value.line) == ("DUPLICATE_SECTION", 7)


def test_only_kept_candidates_count(read: Read) -> None:
    content = read("tso500-all-fusions", EMITTERS["tso500-all-fusions"].write(Patient()))
    (call,) = rearrangements(content)
    assert (call.order, call.molecule, call.first.orientation) == (GeneOrder.ASSERTED, Molecule.RNA, RIGHT)
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("CANDIDATE_NOT_KEPT", False)]


@pytest.mark.parametrize("verdict", ["PASS", ""])
def test_a_candidate_that_passed_and_was_not_kept_is_for_review(verdict: str, read: Read, tmp_path: Path) -> None:
    text = EMITTERS["tso500-all-fusions"].write(Patient()).decode().replace(",PASS,True,True", f",{verdict},False,True")
    (call,) = rearrangements(read("tso500-all-fusions", text))
    assert call.filter is FilterStatus.FAILED
    (event,) = screen_sample(tmp_path / "input").events
    assert (event.name, event.outcome) == ("FGFR2::BICC1", Outcome.REVIEW)


@pytest.mark.parametrize(
    ("direction", "sides"),
    [
        ("L1R2", (LEFT, RIGHT)),
        ("L1rL2", (LEFT, LEFT)),
        ("L2R1", (RIGHT, LEFT)),
        ("rR2R1", (RIGHT, RIGHT)),
        ("?", (None, None)),
    ],
)
def test_directions_of_plasma_fusions(
    direction: str, sides: tuple[Orientation | None, Orientation | None], read: Read
) -> None:
    text = EMITTERS["tso500-ctdna-fusions"].write(Patient()).decode().replace("rR2R1", direction)
    content = read("tso500-ctdna-fusions", text)
    (call,) = rearrangements(content)
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation) == sides
    assert content.specimens[0].kind is SpecimenKind.PLASMA


# --------------------------------------------------------------------------------------------- cBioPortal, MAF, OncoKB


def sv_table(*rows: dict[str, Any]) -> str:
    columns = list(
        dict.fromkeys(("Sample_ID", "Site1_Hugo_Symbol", "Site2_Hugo_Symbol", *(key for row in rows for key in row)))
    )
    lines = ["\t".join(columns)]
    lines += [
        "\t".join(str(row.get(column, "s1" if column == "Sample_ID" else "")) for column in columns) for row in rows
    ]
    return "\n".join(lines) + "\n"


def sv_row(**changes: Any) -> dict[str, Any]:
    row = {
        "Site1_Hugo_Symbol": "BICC1",
        "Site1_Chromosome": "10",
        "Site1_Position": place("BICC1", "intron 2", GRCH37),
        "Site2_Hugo_Symbol": "FGFR2",
        "Site2_Chromosome": "10",
        "Site2_Position": place("FGFR2", "intron 17", GRCH37),
        "NCBI_Build": "37",
    }
    return {**row, **changes}


@pytest.mark.parametrize(
    ("changes", "order", "five"),
    [
        ({}, GeneOrder.UNKNOWN, "BICC1"),
        ({"Event_Info": "Protein Fusion: in frame {FGFR2:BICC1}"}, GeneOrder.ASSERTED, "FGFR2"),
        ({"Event_Info": "Protein fusion: out of frame (BICC1-FGFR2)"}, GeneOrder.ASSERTED, "BICC1"),
        ({"Event_Info": "Fusion", "Annotation": "FGFR2-BICC1.F17B3"}, GeneOrder.ASSERTED, "FGFR2"),
        ({"Annotation": "FGFR2 (NM_000141) - BICC1 (NM_001080512) fusion"}, GeneOrder.ASSERTED, "FGFR2"),
        ({"Annotation": "FGFR2 (NM_000141) - BICC1 (NM_001080512) rearrangement"}, GeneOrder.UNKNOWN, "BICC1"),
        ({"Event_Info": "Antisense Fusion (FGFR2-BICC1)"}, GeneOrder.UNKNOWN, "BICC1"),
        ({"Connection_Type": "3to5"}, GeneOrder.UNKNOWN, "BICC1"),
    ],
)
def test_the_order_comes_from_the_texts(changes: dict[str, Any], order: GeneOrder, five: str, read: Read) -> None:
    (call,) = rearrangements(read("cbioportal-sv", sv_table(sv_row(**changes))))
    assert (call.order, call.first.genes) == (order, (five,))
    assert not call.reported_by_lab


def test_old_and_new_headers_and_intergenic_sides(read: Read) -> None:
    old = sv_row(Site2_Exon=17, Site1_Exon=3)
    new = sv_row(Site1_Hugo_Symbol="", Site1_Region="IGR", Site2_Region="INTRON", Site2_Region_Number=17)
    first, second = rearrangements(read("cbioportal-sv", sv_table(old, new)))
    assert first.second is not None
    assert second.second is not None
    assert (first.first.exon, first.second.exon, first.first.states_no_gene) == (3, 17, False)
    assert (second.first.genes, second.first.states_no_gene, second.second.intron) == ((), True, 17)


@pytest.mark.parametrize(
    ("word", "origin"), [("GERMLINE", Origin.GERMLINE), ("SOMATIC", Origin.SOMATIC), ("", Origin.UNKNOWN)]
)
def test_the_origin_of_a_row(word: str, origin: Origin, read: Read) -> None:
    (call,) = rearrangements(read("cbioportal-sv", sv_table(sv_row(SV_Status=word, Site2_Effect_On_Frame="IN_FRAME"))))
    assert (call.origin, call.declared_frame) == (origin, Frame.IN_FRAME)


def test_a_deletion_tells_its_kept_sides(read: Read) -> None:
    (call,) = rearrangements(read("cbioportal-sv", sv_table(sv_row(Class="DELETION"))))
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation, call.declared) == (
        LEFT,
        RIGHT,
        DeclaredStructure.REARRANGEMENT,
    )


def test_several_samples_need_a_choice(read: Read) -> None:
    text = sv_table(sv_row(Sample_ID="a"), sv_row(Sample_ID="b"))
    with pytest.raises(InputError) as caught:
        read("cbioportal-sv", text)
    assert caught.value.code == "SAMPLE_CHOICE"
    content = read("cbioportal-sv", text, sample_id="b")
    assert content.accounting is not None
    assert (content.accounting.outside_fgfr, [call.source.line for call in content.calls]) == (1, [3])


MAF_COLUMNS = (
    "Hugo_Symbol",
    "Chromosome",
    "Start_Position",
    "Reference_Allele",
    "Tumor_Seq_Allele2",
    "Variant_Classification",
    "Tumor_Sample_Barcode",
    "NCBI_Build",
    "HGVSc",
    "HGVSp_Short",
    "Mutation_Status",
    "t_ref_count",
    "t_alt_count",
)


def maf_table(*rows: dict[str, Any]) -> str:
    base = {"Hugo_Symbol": "FGFR3", "Chromosome": "4", "Tumor_Sample_Barcode": "s1", "NCBI_Build": "GRCh37"}
    lines = ["#version 2.4", "\t".join(MAF_COLUMNS)]
    lines += ["\t".join(str({**base, **row}.get(column, "")) for column in MAF_COLUMNS) for row in rows]
    return "\n".join(lines) + "\n"


def test_maf_rows(read: Read) -> None:
    row = {"Start_Position": 1803568, "Reference_Allele": "C", "Tumor_Seq_Allele2": "G", "HGVSp_Short": "p.S249C"}
    other = {"Hugo_Symbol": "TP53", "Chromosome": "17", "Start_Position": 7577120}
    content = read(
        "maf", maf_table({**row, "Mutation_Status": "Germline", "t_ref_count": 30, "t_alt_count": 10}, other)
    )
    (call,) = content.calls
    assert isinstance(call, ShortVariantCall)
    assert (call.contig, call.pos, call.ref, call.alt, call.vaf) == ("chr4", 1803568, "C", "G", 0.25)
    assert (call.origin, call.assembly) == (Origin.GERMLINE, GRCH37)


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "told"),
    [
        (1803568, "C", "-", (1803567, "TC", "T")),
        (1803568, "-", "GGA", (1803568, "C", "CGGA")),
        (1800000, "A", "-", (1800000, None, None)),
    ],
)
def test_indels_get_their_anchor_base_from_the_coding_sequence(
    pos: int, ref: str, alt: str, told: tuple[Any, ...], read: Read
) -> None:
    row = {"Start_Position": pos, "Reference_Allele": ref, "Tumor_Seq_Allele2": alt, "HGVSc": "c.100del"}
    (call,) = read("maf", maf_table(row)).calls
    assert isinstance(call, ShortVariantCall)
    assert (call.pos, call.ref, call.alt) == told


def test_an_indel_that_nothing_describes_is_rejected(read: Read) -> None:
    content = read("maf", maf_table({"Start_Position": 1800000, "Reference_Allele": "A", "Tumor_Seq_Allele2": "-"}))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("BAD_ALLELE", True)]


def test_a_maf_of_the_other_build_is_refused(read: Read) -> None:
    row = {"Start_Position": 1803568, "Reference_Allele": "C", "Tumor_Seq_Allele2": "G"}
    with pytest.raises(AssemblyError):
        read("maf", maf_table(row), assembly=Assembly.GRCH38)


@pytest.mark.parametrize(
    ("value", "declared", "level"),
    [
        ("2", None, 2.0),
        ("-1.5", None, -1.5),
        ("Amplification", DeclaredCopyNumber.AMPLIFICATION, None),
        ("Gain", DeclaredCopyNumber.GAIN, None),
        ("Deletion", DeclaredCopyNumber.HOMOZYGOUS_DELETION, None),
    ],
)
def test_oncokb_copies(value: str, declared: DeclaredCopyNumber | None, level: float | None, read: Read) -> None:
    text = oncokb_copies(Patient()).decode().replace("Amplification", value)
    (call,) = read("oncokb", text).calls
    assert isinstance(call, CopyNumberCall)
    assert call.declared is declared
    assert [one.value for one in call.measures] == ([] if level is None else [level])


def test_an_oncokb_word_that_is_not_known_is_rejected(read: Read) -> None:
    content = read("oncokb", oncokb_copies(Patient()).decode().replace("Amplification", "High"))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("UNKNOWN_WORD", True)]


# -------------------------------------------------------------------------------------------------------------- CATS


def cats_report(**changes: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(cats(Patient()))
    return {**report, **changes}


def test_a_cats_pair_has_its_five_prime_gene_first(read: Read) -> None:
    report = cats_report()
    report["variants"]["rearrangements"][0]["breakends"].reverse()
    (call,) = rearrangements(read("cats", json.dumps(report)))
    assert (call.first.genes, call.order, call.first.orientation) == (("FGFR2",), GeneOrder.ASSERTED, RIGHT)
    del report["variants"]["rearrangements"][0]["orderedGenePairs"]
    (call,) = rearrangements(read("cats", json.dumps(report)))
    assert (call.first.genes, call.order) == (("BICC1",), GeneOrder.UNKNOWN)


def test_a_cats_breakend_without_gene_is_kept(read: Read) -> None:
    report = cats_report()
    report["variants"]["rearrangements"][0]["breakends"][1]["transcripts"][0]["geneSymbol"] = None
    (call,) = rearrangements(read("cats", json.dumps(report)))
    assert call.second is not None
    assert (call.second.genes, call.second.states_no_gene) == ((), False)


def test_a_cats_label_that_contradicts_the_gene_is_a_conflict(read: Read) -> None:
    report = cats_report()
    report["metaData"]["referenceGenome"]["grcRelease"] = "GRCh38"
    (call,) = rearrangements(read("cats", json.dumps(report)))
    assert (call.assembly, call.finding_codes) == (GRCH37, ("ASSEMBLY_CONFLICT",))


@pytest.mark.parametrize("version", ["1.0", "1.0.1", "1.1.0", "1.2.1", "1.3.0"])
def test_cats_versions(version: str, read: Read) -> None:
    report = cats_report()
    report["metaData"] = {"schemaVersion": version}
    assert len(read("cats", json.dumps(report), assembly=GRCH37).calls) == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (json.dumps({**cats_report(), "metaData": {"schemaVersion": "2.0"}}), "UNKNOWN_SCHEMA_VERSION"),
        (json.dumps({**cats_report(), "variants": []}), "REPORT_SHAPE"),
        (json.dumps(cats_report())[:-1] + ', "testInfo": {}}', "DUPLICATE_KEY"),
        (json.dumps(cats_report())[:-30], "JSON_SYNTAX"),
        (json.dumps(cats_report()) * 2, "JSON_SYNTAX"),
        (json.dumps({**cats_report(), "x": 1})[:-2] + "[" * 100_000, "JSON_TOO_DEEP"),
    ],
)
def test_a_damaged_cats_report_is_refused_with_a_remedy(content: str, code: str, read: Read) -> None:
    with pytest.raises(InputError) as caught:
        read("cats", content)
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_wrong_value_rejects_one_entry(read: Read) -> None:
    report = cats_report()
    report["variants"]["shortVariants"][0]["position"] = "not a number"
    content = read("cats", json.dumps(report, indent=1))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("REPORT_VALUE", True)]
    assert content.rejected[0].line is not None
    assert len(content.calls) == 2


@pytest.mark.parametrize("name", ["tso500-cvo", "tso500-all-fusions", "tso500-ctdna-fusions", "cbioportal-sv", "maf"])
def test_a_ragged_row_that_names_fgfr_forbids_a_negative(name: str, read: Read) -> None:
    extra = {".csv": ","}.get(EMITTERS[name].suffix, "\t") * 30 + "x"
    text = EMITTERS[name].write(Patient()).decode()
    broken = "\n".join(line + extra if "FGFR" in line else line for line in text.split("\n"))
    content = read(name, broken)
    assert {(row.code, row.touches_fgfr) for row in content.rejected} == {("RAGGED_ROW", True)}
    assert content.calls == ()


# ------------------------------------------------------------------------------------------------- alleles of a MAF


def maf_alleles(read: Read, ref: str, first: str, second: str, **more: str) -> InputContent:
    row = {
        "Hugo_Symbol": "FGFR3",
        "Chromosome": "4",
        "Tumor_Sample_Barcode": "s1",
        "NCBI_Build": "GRCh37",
        "Start_Position": "1803568",
        "Variant_Classification": "Missense_Mutation",
        "Reference_Allele": ref,
        "Tumor_Seq_Allele1": first,
        "Tumor_Seq_Allele2": second,
        **more,
    }
    return read("maf", "\t".join(row) + "\n" + "\t".join(row.values()) + "\n")


@pytest.mark.parametrize(
    ("first", "second"), [("C", "G"), ("G", ""), ("", "G"), ("G", "NA"), ("G", "C"), ("G", "G"), ("g", " ")]
)
def test_the_allele_that_differs_from_the_reference_counts(first: str, second: str, read: Read) -> None:
    (call,) = maf_alleles(read, "C", first, second).calls
    assert isinstance(call, ShortVariantCall)
    assert (call.pos, call.ref, call.alt) == (1803568, "C", "G")


def test_a_hyphen_is_a_deletion_and_a_blank_is_none(read: Read) -> None:
    (call,) = maf_alleles(read, "C", "C", "-").calls
    assert isinstance(call, ShortVariantCall)
    assert (call.pos, call.ref, call.alt) == (1803567, "TC", "T")
    content = maf_alleles(read, "C", "", "")
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("BAD_ALLELE", True)]


@pytest.mark.parametrize(
    ("ref", "first", "second"), [("C", "C", "C"), ("C", "C", ""), ("-", "-", "-"), ("", "G", "G"), ("", "", "")]
)
def test_a_row_without_a_changed_allele_is_refused(ref: str, first: str, second: str, read: Read) -> None:
    content = maf_alleles(read, ref, first, second)
    assert (content.calls, [row.code for row in content.rejected]) == ((), ["BAD_ALLELE"])


@pytest.mark.parametrize(("ref", "first"), [("C", ""), ("", "G")])
def test_hgvs_text_stands_alone_where_an_allele_is_blank(ref: str, first: str, read: Read) -> None:
    (call,) = maf_alleles(read, ref, first, "", HGVSp_Short="p.S249C").calls
    assert isinstance(call, ShortVariantCall)
    assert (call.ref, call.alt, call.hgvs_p) == (None, None, "p.S249C")
