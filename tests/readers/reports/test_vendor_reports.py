"""Vendors' reports (Tempus, Caris, Guardant, ORANGE, PCGR, DNPM, GenMineTOP, IPR, phenopackets): what each form says."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import AssemblyError, FgfrScreenError, InputError, MalformedFileError
from fgfr_screen.evidence.assays import with_known_coverage
from fgfr_screen.model import Call, CopyNumberCall, InputContent, NegativeCall, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import (
    AssayQc,
    Assembly,
    CallStatus,
    EventKind,
    FilterStatus,
    GeneOrder,
    Molecule,
    Orientation,
    Origin,
    Outcome,
    SpecimenKind,
)
from tests.readers.reading import FIXTURES, read_path, read_text
from tests.report_emitters import EMITTERS, Patient
from tests.workbooks import workbook

JSON_FORMATS = ("tempus", "dnpm", "orange", "ipr", "phenopacket", "fhir-genomics")
XML_FORMATS = ("caris", "genminetop")


def fixture(name: str) -> InputContent:
    return read_path(FIXTURES / name, reader=name.partition("/")[0])


def changed(name: str, change: Callable[[Any], None]) -> str:
    document = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document)


def of_kind(content: InputContent, kind: type[Call]) -> list[Any]:
    return [call for call in content.calls if isinstance(call, kind)]


# ------------------------------------------------------------------------------------------------------------- tempus


def test_tempus_fusions_have_an_asserted_order_and_no_place() -> None:
    (call,) = of_kind(fixture("tempus/patient.json"), RearrangementCall)
    assert (call.first.genes, call.second.genes, call.order) == (("FGFR2",), ("BICC1",), GeneOrder.ASSERTED)
    assert (call.first.pos, call.reported_by_lab) == (None, True)


def test_tempus_fusion_without_three_prime_gene_is_a_rearrangement() -> None:
    partnerless, behind, isoform = of_kind(fixture("tempus/family_3.json"), RearrangementCall)
    assert (partnerless.first.genes, partnerless.second) == (("FGFR2",), None)
    assert behind.second.genes == ("FGFR2",)
    assert isoform.status is CallStatus.INDETERMINATE


def test_tempus_germline_is_told_by_the_source_class() -> None:
    (call,) = of_kind(fixture("tempus/family_3.json"), ShortVariantCall)
    assert (call.origin, call.vaf, call.hgvs_p) == (Origin.GERMLINE, 0.487, "p.G380R")


def test_tempus_percentages_above_one_hundred_refuse_the_entry_alone() -> None:
    (refused,) = fixture("tempus/family_3.json").rejected
    assert (refused.code, refused.touches_fgfr, refused.line) == ("REPORT_RANGE", True, 84)


def test_tempus_quality_status_reaches_the_assay() -> None:
    def fail(report: Any) -> None:
        report["report"]["workflow"]["reportStatus"] = "qns"

    assert fixture("tempus/patient.json").assays[0].qc is AssayQc.PASS
    assert read_text(changed("tempus/patient.json", fail)).assays[0].qc is AssayQc.FAIL


def test_a_tempus_report_that_nobody_signed_declares_nothing() -> None:
    content = read_text(changed("tempus/patient.json", lambda report: report["report"].pop("signout_date")))
    assert {call.reported_by_lab for call in content.calls} == {False}


def test_tempus_inherited_lists_are_read_in_all_their_forms() -> None:
    entry = {"gene": "FGFR3", "chromosome": "4", "pos": 1806119, "ref": "G", "alt": "A", "HGVS.p": "p.G380R"}
    forms: tuple[Any, ...] = ([entry], {"note": "", "values": [entry]})
    for form in forms:

        def add(report: Any, form: Any = form) -> None:
            report["results"]["inheritedRelevantVariants"] = form

        content = read_text(changed("tempus/patient.json", add))
        assert any(call.origin is Origin.GERMLINE for call in of_kind(content, ShortVariantCall))
    told = changed("tempus/patient.json", lambda r: r["results"].update(inheritedRelevantVariants="FGFR3 was seen"))
    assert [row.code for row in read_text(told).rejected] == ["ENTRY_NOT_UNDERSTOOD"]


# -------------------------------------------------------------------------------------------------------------- caris


def test_caris_wild_type_rows_are_negatives_and_indeterminate_ones_are_neither() -> None:
    content = fixture("caris/negatives.json")
    negatives = {(call.gene, call.kind) for call in of_kind(content, NegativeCall)}
    assert negatives == {
        ("FGFR3", EventKind.SHORT_VARIANT),
        ("FGFR1", EventKind.COPY_NUMBER),
        ("FGFR3", EventKind.REARRANGEMENT),
    }
    not_tested = [call for call in content.calls if call.status is CallStatus.NOT_TESTED]
    assert len(not_tested) == 2


def test_caris_builds_belong_to_rows() -> None:
    content = fixture("caris/negatives.json")
    (fusion,) = [call for call in of_kind(content, RearrangementCall) if call.status is CallStatus.PRESENT]
    (copies,) = of_kind(content, CopyNumberCall)
    assert (fusion.assembly, copies.assembly) == (Assembly.GRCH37, Assembly.GRCH38)
    assert (fusion.molecule, fusion.order) == (Molecule.RNA, GeneOrder.UNKNOWN)
    assert copies.status is CallStatus.EQUIVOCAL


def test_a_cancelled_caris_test_has_failed() -> None:
    assert [assay.qc for assay in fixture("caris/negatives.json").assays][-1] is AssayQc.FAIL


def test_caris_forms_agree() -> None:
    assert len(fixture("caris/patient.xml").calls) == 3
    assert fixture("caris/patient.xml").tumor_type_text == "intrahepatic cholangiocarcinoma"


# ----------------------------------------------------------------------------------------------------------- guardant


def test_only_called_rows_of_guardant_count() -> None:
    content = fixture("guardant-xlsx/candidates.xlsx")
    assert content.report.records == 5
    assert [type(call) for call in content.calls] == [CopyNumberCall, RearrangementCall]
    assert [row.code for row in content.rejected] == ["EXCEL_DAMAGE"]


def test_guardant_zero_is_no_position_and_the_downstream_gene_is_three_prime() -> None:
    (named,) = of_kind(fixture("guardant-xlsx/candidates.xlsx"), RearrangementCall)
    assert (named.first.pos, named.order) == (None, GeneOrder.UNKNOWN)
    (ordered,) = of_kind(fixture("guardant-xlsx/patient.xlsx"), RearrangementCall)
    assert (ordered.first.genes, ordered.second.genes) == (("FGFR2",), ("BICC1",))
    assert ordered.order is GeneOrder.ASSERTED


def test_guardant_covers_what_the_device_covers() -> None:
    content = fixture("guardant-xlsx/patient.xlsx")
    assay = with_known_coverage(content.assays[0])
    covers = {(one.gene.value, one.kind) for one in assay.covers or ()}
    assert ("FGFR1", EventKind.REARRANGEMENT) not in covers
    assert ("FGFR2", EventKind.COPY_NUMBER) in covers
    assert assay.material is SpecimenKind.PLASMA
    assert content.specimens[0].kind is SpecimenKind.PLASMA


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match="python-calamine") as caught:
        fixture("guardant-xlsx/patient.xlsx")
    assert (caught.value.code, "xlsx" in caught.value.remedy) == ("EXTRA_MISSING", True)


def test_a_guardant_sheet_without_call_column_is_refused() -> None:
    sheets: dict[str, list[tuple[object, ...]]] = {
        "SNV": [("gene", "call")],
        "Indels": [],
        "CNAs": [("gene", "copy_number"), ("FGFR2", 9)],
        "Fusion": [],
    }
    with pytest.raises(MalformedFileError, match="call") as caught:
        read_text(workbook(sheets))
    assert caught.value.code == "MISSING_COLUMN"


def test_zip_files_that_are_no_workbook_are_refused() -> None:
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "FGFR2")
    for data in (target.getvalue(), target.getvalue()[:40], b"PK\x03\x04" + b"\0" * 100):
        with pytest.raises(MalformedFileError) as caught:
            read_text(data)
        assert caught.value.code == "UNSUPPORTED_CONTAINER"


# ------------------------------------------------------------------------------------------------------------- orange


def test_orange_orientations_are_those_of_the_breakends() -> None:
    fusion, joined = of_kind(fixture("orange/patient.json"), RearrangementCall)
    assert (fusion.first.exon, fusion.order) == (17, GeneOrder.ASSERTED)
    assert (joined.first.orientation, joined.second.orientation) == (Orientation.RIGHT, Orientation.RIGHT)


def test_orange_older_layout_is_read_and_unreported_fusions_are_failed() -> None:
    fusion, truncated = of_kind(fixture("orange/older_layout.json"), RearrangementCall)
    assert (fusion.filter, fusion.filter_text) == (FilterStatus.FAILED, "reportedType NONE")
    assert truncated.second is not None
    assert truncated.second.states_no_gene
    (gain,) = of_kind(fixture("orange/older_layout.json"), CopyNumberCall)
    assert (gain.copies_min, gain.ploidy) == (11, 1.9)


def test_orange_contradicting_the_user_is_refused() -> None:
    with pytest.raises(AssemblyError):
        read_path(FIXTURES / "orange/patient.json", ReadOptions(assembly=Assembly.GRCH38))


# ------------------------------------------------------------------------------------------------------- other formats


def test_pcgr_half_names_are_rearrangements_without_partner() -> None:
    first, second = of_kind(fixture("pcgr-fusions/half_names.tsv"), RearrangementCall)
    assert (first.first.genes, first.second.genes) == (("FGFR2",), ())
    assert (second.first.genes, second.second.genes) == ((), ("FGFR3",))


def test_dnpm_genes_under_neutral_loh_have_no_copy_number() -> None:
    entry = {
        "type": {"code": "low-level-gain"},
        "totalCopyNumber": 4,
        "reportedAffectedGenes": [{"code": "HGNC:3688", "display": "FGFR1"}],
        "copyNumberNeutralLoH": [{"code": "HGNC:3690", "display": "FGFR3"}],
        "chromosome": {"code": "chr8"},
    }

    def add(record: Any) -> None:
        record["ngsReports"][0]["results"]["copyNumberVariants"] = [entry]

    (call,) = of_kind(read_text(changed("dnpm/patient.json", add)), CopyNumberCall)
    assert call.gene == "FGFR1"


def test_ids_and_symbols_that_disagree_make_the_call_doubtful() -> None:
    def swap(record: Any) -> None:
        record["ngsReports"][0]["results"]["simpleVariants"][0]["gene"]["code"] = "HGNC:3942"

    (call,) = of_kind(read_text(changed("dnpm/patient.json", swap)), ShortVariantCall)
    assert (call.finding_codes, call.status) == (("GENE_ID_CONFLICT",), CallStatus.INDETERMINATE)


def test_genminetop_expression_is_no_alteration() -> None:
    content = fixture("genminetop/patient.xml")
    assert [call.molecule for call in content.calls if not isinstance(call, ShortVariantCall)][-1] is Molecule.RNA
    assert {call.gene for call in of_kind(content, CopyNumberCall)} == {"FGFR2"}
    assert of_kind(content, ShortVariantCall)[0].vaf == 217 / 700


def test_ipr_halves_may_be_blank() -> None:
    first, second = of_kind(fixture("ipr/blank_half.json"), RearrangementCall)
    assert (first.first.genes, first.second.pos) == (("FGFR2",), 1000000)
    assert (second.first.genes, second.second.genes) == ((), ("FGFR3",))
    assert [row.touches_fgfr for row in fixture("ipr/blank_half.json").rejected] == [False]


def test_phenopacket_diagnosis_is_a_clinical_fact_only_when_it_is_stated() -> None:
    content = fixture("phenopacket/achondroplasia.json")
    assert content.clinical == {"age_months": 76, "sex": "male", "clinical_achondroplasia": True}
    causative, rejected = of_kind(content, ShortVariantCall)
    assert (causative.origin, causative.assembly) == (Origin.GERMLINE, Assembly.GRCH38)
    assert rejected.status is CallStatus.ABSENT

    def other(packet: Any) -> None:
        packet["interpretations"][0]["diagnosis"]["disease"] = {"id": "OMIM:146000", "label": "Hypochondroplasia"}

    assert "clinical_achondroplasia" not in read_text(changed("phenopacket/achondroplasia.json", other)).clinical


def test_a_position_outside_its_gene_is_left_out_and_told() -> None:
    def move(record: Any) -> None:
        record["ngsReports"][0]["results"]["simpleVariants"][0]["chromosome"] = "chr1"

    (call,) = of_kind(read_text(changed("dnpm/patient.json", move)), ShortVariantCall)
    assert (call.pos, call.hgvs_p, call.finding_codes) == (None, "p.Ser249Cys", ("POSITION_OUTSIDE_GENE",))


def test_a_refused_cats_entry_under_an_alias_forbids_a_no() -> None:
    def damage(report: Any) -> None:
        (entry,) = report["variants"]["rearrangements"]
        entry["alternateAlleleFrequency"] = 7

    text = changed("cats/patient.cats", damage).replace('"FGFR2"', '"KSAM"')
    refused = [row for row in read_text(text).rejected if "rearrangements" in row.message]
    assert [(row.code, row.touches_fgfr) for row in refused] == [("REPORT_RANGE", True)]


# ------------------------------------------------------------------------------------------------------- hostile input


@pytest.mark.parametrize("name", JSON_FORMATS)
def test_duplicate_keys_and_nan_refuse_a_json_report(name: str) -> None:
    text = EMITTERS[name].write(Patient()).decode()
    for damage in (text.replace("{", '{"x": 1, "x": 2, ', 1), text.replace("{", '{"x": NaN, ', 1), text + "{}"):
        with pytest.raises(MalformedFileError) as caught:
            read_text(damage)
        assert caught.value.line is not None


@pytest.mark.parametrize("name", XML_FORMATS)
def test_entities_refuse_an_xml_report(name: str) -> None:
    text = EMITTERS[name].write(Patient()).decode()
    bomb = text.replace("<root>", '<!DOCTYPE root [<!ENTITY a "b">]><root>', 1)
    with pytest.raises(MalformedFileError) as caught:
        read_text(bomb)
    assert caught.value.code == "XML_DOCTYPE"


@st.composite
def damaged_report(draw: st.DrawFn) -> tuple[str, str]:
    """Replace one value, anywhere in a report, by a value of another kind."""
    name = draw(st.sampled_from(JSON_FORMATS))
    document = json.loads(EMITTERS[name].write(Patient()))
    node: Any = document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        key = draw(st.sampled_from(keys))
        below = node[key]
        if not isinstance(below, (dict, list)) or not below or draw(st.integers(0, 3)) == 0:
            values = [None, "", "FGFR2", "FGFR2--", -1, 1e300, True, [], [1], {}, {"a": 1}, "chr10:x", "\u0424GFR2"]
            node[key] = draw(st.sampled_from(values))
            break
        node = below
    return name, json.dumps(document)


@given(damaged_report())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_wrong_value_anywhere_is_read_or_refused_by_name(damaged: tuple[str, str]) -> None:
    _, text = damaged
    try:
        read_text(text)
    except FgfrScreenError as error:
        assert error.exit_code in (2, 3)


def test_every_emitter_of_these_formats_has_a_fixture(tmp_path: Path) -> None:
    for name in (*JSON_FORMATS, *XML_FORMATS, "guardant-xlsx", "pcgr-fusions", "mapped-table"):
        assert (FIXTURES / name / f"patient{EMITTERS[name].suffix}").read_bytes() == EMITTERS[name].write(Patient())


# ------------------------------------------------------------------------------------------------ preliminary reports


def codes(content: InputContent) -> list[str]:
    return [finding.code for finding in content.report.findings]


@pytest.mark.parametrize("status", ["final", "amended", "preliminary"])
def test_a_preliminary_lab_report_says_so_and_its_fusion_is_for_review(status: str, tmp_path: Any) -> None:
    document = json.loads((FIXTURES / "lab-report/fusion_rna.json").read_text(encoding="utf-8"))
    document["report"]["status"] = status
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document))
    (event,) = screen_sample(path).events
    assert event.outcome is (Outcome.REVIEW if status == "preliminary" else Outcome.MATCH)
    assert ("REPORT_PRELIMINARY" in codes(read_text(json.dumps(document)))) is (status == "preliminary")


@pytest.mark.parametrize(("kind", "is_preliminary"), [("Final", False), ("Preliminary", True)])
def test_a_preliminary_caris_report_says_so(kind: str, is_preliminary: bool) -> None:
    text = json.dumps({"testDetails": {"labSchemaVersion": "3", "reportType": kind}, "tests": []})
    assert ("REPORT_PRELIMINARY" in codes(read_text(text, reader="caris"))) is is_preliminary
