"""Our laboratory report: what reaches the calls, what is refused with path and line, what is forgotten."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import AssemblyError, FgfrScreenError, InputError
from fgfr_screen.lab_report import LabReport, report_schema
from fgfr_screen.model import (
    CopyNumberCall,
    ExpressionCall,
    InputContent,
    NegativeCall,
    RearrangementCall,
    ShortVariantCall,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.terms import (
    AssayQc,
    Assembly,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    EventKind,
    Frame,
    GeneOrder,
    JunctionKind,
    KinaseDomain,
    Molecule,
    Orientation,
    Origin,
    SpecimenKind,
)

FIXTURES = Path(__file__).parents[3] / "fixtures" / "lab-report"
DRAFT = Path(__file__).parents[4] / "shared" / "formats" / "examples" / "report_min_fgfr2_intergenic.json"

Read = Callable[..., InputContent]
Document = dict[str, Any]


def read_file(path: Path, options: ReadOptions | None = None) -> InputContent:
    with OpenedInput(str(path)) as opened:
        reader, _ = choose(opened.head)
        assert reader.name == "lab-report"
        content = reader.read(opened, options or ReadOptions())
    counts = content.accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
    return content


def fixture(name: str, options: ReadOptions | None = None) -> InputContent:
    return read_file(FIXTURES / f"{name}.json", options)


def document(name: str) -> Document:
    loaded: Document = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(report: Document | str, options: ReadOptions | None = None) -> InputContent:
        path = tmp_path / "report.json"
        path.write_text(report if isinstance(report, str) else json.dumps(report, indent=1), encoding="utf-8")
        return read_file(path, options)

    return _read


def refused(read: Read, report: Document | str) -> FgfrScreenError:
    with pytest.raises(InputError) as caught:
        read(report)
    return caught.value


# ------------------------------------------------------------------------------------------------------------- calls


def test_a_fusion_has_its_five_prime_side_first_whatever_the_order_of_breakends() -> None:
    content = fixture("fusion_rna")
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("BEK",), ("BICC1",))
    assert call.order is GeneOrder.ASSERTED
    assert call.first.orientation is Orientation.RIGHT
    assert call.first.pos == 121483698
    assert call.first.exon == 17
    assert (call.junction, call.molecule, call.assay) == (JunctionKind.RNA_JUNCTION, Molecule.RNA, "as2")
    assert (call.declared_frame, call.declared_kinase) == (Frame.IN_FRAME, KinaseDomain.RETAINED)
    assert (call.split_reads, call.spanning_pairs, call.reported_by_lab) == (75, 60, True)
    assert content.accounting is not None
    assert content.accounting.outside_fgfr == 1


def test_a_rearrangement_without_partner_states_that_there_is_no_gene() -> None:
    (call,) = fixture("rearrangement_no_partner").calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert call.second.states_no_gene
    assert call.second.genes == ()
    assert call.order is GeneOrder.UNKNOWN
    assert (call.first.pos, call.first.pos_end, call.first.intron) == (123241000, 123241200, 17)
    assert call.imprecise
    assert call.assembly is Assembly.GRCH37
    assert call.vaf == 0.12


def test_fish_has_names_only_and_no_assembly() -> None:
    content = fixture("fish_only")
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is None
    assert (call.junction, call.molecule, call.assembly) == (JunctionKind.NAMES_ONLY, Molecule.FISH, None)
    assert content.assays[0].molecule is Molecule.FISH


def test_each_copy_number_keeps_its_scale() -> None:
    calls = [call for call in fixture("amplification_scales").calls if isinstance(call, CopyNumberCall)]
    units = [tuple(measure.unit for measure in call.measures) for call in calls]
    assert units == [
        (CopyNumberUnit.COPIES,),
        (CopyNumberUnit.FOLD_CHANGE,),
        (CopyNumberUnit.LOG2_RATIO,),
        (CopyNumberUnit.FISH_RATIO, CopyNumberUnit.FISH_SIGNALS),
        (CopyNumberUnit.GISTIC,),
        (CopyNumberUnit.PLASMA_COPIES,),
    ]
    assert (calls[0].copies_min, calls[0].copies_max, calls[0].purity, calls[0].ploidy) == (13.0, 15.5, 0.4, 2.0)


def test_a_partial_amplification_keeps_its_exons() -> None:
    (call,) = fixture("partial_amplification").calls
    assert isinstance(call, CopyNumberCall)
    assert call.declared is DeclaredCopyNumber.PARTIAL_AMPLIFICATION
    assert (call.first_exon, call.last_exon) == (1, 17)


def test_immunohistochemistry_is_expression() -> None:
    (call,) = fixture("ihc").calls
    assert isinstance(call, ExpressionCall)
    assert (call.gene, call.text) == ("FGFR2", "3+, 40 %")


def test_a_constitutional_test_is_germline() -> None:
    content = fixture("germline_achondroplasia")
    (call,) = content.calls
    assert isinstance(call, ShortVariantCall)
    assert call.origin is Origin.GERMLINE
    assert (call.contig, call.pos, call.hgvs_c, call.assembly) == ("chr4", 1804392, "c.1138G>A", Assembly.GRCH38)
    assert content.assays[0].is_germline
    assert content.clinical["age_months"] == 51


def test_negatives_are_explicit_statements() -> None:
    content = fixture("negatives")
    negatives = [call for call in content.calls if isinstance(call, NegativeCall)]
    assert [(call.gene, call.kind) for call in negatives] == [("FGFR2", EventKind.REARRANGEMENT), ("FGFR3", None)]
    assert all(call.status is CallStatus.ABSENT for call in content.calls)
    assert content.clinical["prior_fgfr_inhibitor"] is False


def test_a_failed_assay_is_told() -> None:
    assert fixture("qc_failed").assays[0].qc is AssayQc.FAIL


def test_a_preliminary_report_is_not_signed_out() -> None:
    content = fixture("equivocal")
    assert {call.status for call in content.calls} == {
        CallStatus.EQUIVOCAL,
        CallStatus.INDETERMINATE,
        CallStatus.NOT_TESTED,
    }
    assert not any(call.reported_by_lab for call in content.calls)
    assert content.specimens[0].kind is SpecimenKind.PLASMA
    assert content.assays[0].covers is None


def test_covers_become_genes_and_kinds() -> None:
    covers = fixture("negatives").assays[0].covers
    assert covers is not None
    assert len(covers) == 7
    assert {(item.gene.value, item.kind.value) for item in covers} >= {
        ("FGFR2", "rearrangement"),
        ("FGFR1", "copy_number"),
    }


def test_entries_that_cannot_be_used_are_rejected_alone_with_line_and_path() -> None:
    content = fixture("unusable_entries")
    assert [row.code for row in content.rejected] == [
        "REPORT_INCOMPLETE",
        "SYMBOL_NOT_ASCII",
        "EXCEL_DAMAGE",
        "REPORT_ASSAY_INDEX",
        "REPORT_RANGE",
        "REPORT_INCOMPLETE",
        "REPORT_RANGE",
    ]
    lines = (FIXTURES / "unusable_entries.json").read_text(encoding="utf-8").splitlines()
    assert all(row.line is not None and lines[row.line - 1].strip() == "{" for row in content.rejected)
    assert [row.touches_fgfr for row in content.rejected] == [True, True, False, True, True, True, True]


def test_a_place_of_the_other_assembly_is_a_finding_of_the_call() -> None:
    (call,) = fixture("unusable_entries").calls
    assert call.finding_codes == ("ASSEMBLY_CONFLICT",)


def test_a_place_outside_the_gene_is_a_finding_of_the_call(read: Read) -> None:
    report = document("unusable_entries")
    report["rearrangements"][2]["breakends"][0]["position"] = 5
    assert read(report).calls[0].finding_codes == ("POSITION_OUTSIDE_GENE",)


def test_without_a_build_the_place_of_the_gene_tells_it(read: Read) -> None:
    report = document("unusable_entries") | {"genome": {"build": "unknown"}}
    (call,) = read(report).calls
    assert call.assembly is Assembly.GRCH37
    assert call.finding_codes == ()


def test_a_side_without_gene_counts_by_its_place(read: Read) -> None:
    report = document("fish_only") | {"genome": {"build": "GRCh38"}}
    side = {"chromosome": "10", "position": 121481200}
    report["rearrangements"][0]["breakends"] = [side]
    assert len(read(report).calls) == 1
    side["position"] = 1000
    assert len(read(report).calls) == 0


def test_two_names_for_two_empty_sides_are_a_pair_without_order(read: Read) -> None:
    report = document("fish_only")
    report["rearrangements"][0] |= {
        "breakends": [{}, {}],
        "five_prime": {"symbol": "BICC1"},
        "three_prime": {"symbol": "FGFR2"},
    }
    (call,) = read(report).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.genes, call.second.genes, call.order) == (("BICC1",), ("FGFR2",), GeneOrder.UNKNOWN)


# ------------------------------------------------------------------------------------------------- draft, assemblies


def test_the_draft_form_gives_the_same_call_with_a_finding() -> None:
    content = fixture("draft_form")
    assert [finding.code for finding in content.report.findings] == ["DRAFT_REPORT_FORM"]
    draft = next(call for call in content.calls if isinstance(call, RearrangementCall))
    (final,) = fixture("rearrangement_no_partner").calls
    assert isinstance(final, RearrangementCall)
    assert (draft.first, draft.second, draft.text, draft.declared) == (
        final.first,
        final.second,
        final.text,
        final.declared,
    )
    assert draft.source.line is not None
    assert content.specimens[0].tumor_content == 0.4


def test_the_published_example_of_the_draft_is_read() -> None:
    if not DRAFT.exists():
        pytest.skip("the shared example of the draft is not here")
    content = read_file(DRAFT)
    assert [type(call).__name__ for call in content.calls] == ["CopyNumberCall", "RearrangementCall", "NegativeCall"]
    assert content.tumor_type_text == "肝内胆管癌"
    assert content.tumor_oncotree == "IHCH"


@pytest.mark.parametrize(("build", "code"), [("hg18", "HG18_REFUSED"), ("T2T-CHM13", "T2T_REFUSED")])
def test_other_builds_are_refused_by_name(read: Read, build: str, code: str) -> None:
    error = refused(read, document("negatives") | {"genome": {"build": build}})
    assert isinstance(error, AssemblyError)
    assert error.code == code


def test_an_option_that_contradicts_the_report_is_an_error() -> None:
    with pytest.raises(AssemblyError, match="GRCh37") as caught:
        fixture("negatives", ReadOptions(assembly=Assembly.GRCH37))
    assert caught.value.code == "ASSEMBLY_CONFLICT"
    assert fixture("fish_only", ReadOptions(assembly=Assembly.GRCH37)).report.assembly.name is Assembly.GRCH37


# ----------------------------------------------------------------------------------------------------------- refusals


def test_a_cancelled_report_is_refused(read: Read) -> None:
    report = document("negatives")
    report["report"]["status"] = "cancelled"
    assert refused(read, report).code == "REPORT_CANCELLED"


def test_an_unknown_key_is_an_error_with_line_path_and_the_nearest_key(read: Read) -> None:
    report = document("fusion_rna")
    report["rearrangements"][0]["breakends"][1]["keps"] = "higher"
    error = refused(read, report)
    assert (error.code, error.remedy) == ("REPORT_SCHEMA", "did you mean 'keeps'?")
    assert "$.rearrangements[0].breakends[1]" in error.reason
    written = json.dumps(report, indent=1).splitlines()
    assert error.line is not None
    assert written[error.line - 1].strip() == "{"


def test_a_wrong_value_is_an_error_at_its_own_line(read: Read) -> None:
    report = document("negatives")
    report["specimen"]["tumor_content"] = 40
    error = refused(read, report)
    written = json.dumps(report, indent=1).splitlines()
    assert error.code == "REPORT_SCHEMA"
    assert error.line is not None
    assert "tumor_content" in written[error.line - 1]


@pytest.mark.parametrize("version", ["2.0", "0.9", "", 3, None])
def test_another_major_version_is_refused(read: Read, version: object) -> None:
    assert refused(read, document("negatives") | {"schema_version": version}).code == "UNKNOWN_SCHEMA_VERSION"


def test_a_later_minor_version_is_read(read: Read) -> None:
    assert read(document("negatives") | {"schema_version": "1.4"}).calls


def test_a_key_that_stands_twice_is_an_error(read: Read) -> None:
    text = (FIXTURES / "negatives.json").read_text(encoding="utf-8")
    error = refused(read, text.replace('"negatives": [', '"rearrangements": [],\n "negatives": ['))
    assert error.code == "DUPLICATE_KEY"
    assert error.line is not None


def test_a_cut_report_is_an_error(read: Read) -> None:
    text = (FIXTURES / "negatives.json").read_text(encoding="utf-8")
    assert refused(read, text[: len(text) - 5]).code == "JSON_SYNTAX"


# ------------------------------------------------------------------------------------------------ privacy and schema


def test_no_identity_of_the_patient_reaches_the_content(read: Read) -> None:
    report = document("fusion_rna")
    planted = ["PSEUDO-4711", "REPORT-4712", "SPECIMEN-4713", "OLD-4714"]
    report["patient"]["pseudonym"], report["report"]["id"], report["specimen"]["id"], report["report"]["replaces"] = (
        planted
    )
    content = read(report)
    text = msgspec.json.encode(content).decode() + repr(content)
    assert content.calls
    assert not any(word in text for word in planted)


def test_names_have_no_field(read: Read) -> None:
    report = document("negatives")
    report["patient"]["name"] = "Jane Planted"
    error = refused(read, report)
    assert error.code == "REPORT_SCHEMA"
    assert "Planted" not in str(error)


def test_the_schema_lists_what_is_required_and_nothing_else_is_allowed() -> None:
    schema = report_schema()
    definition = schema["$defs"]["LabReport"]
    assert definition["additionalProperties"] is False
    assert {"schema_version", "assays", "genome"} <= set(definition["required"])
    assert json.loads(json.dumps(schema)) == schema


def test_every_fixture_in_final_form_fits_the_types() -> None:
    paths = [path for path in FIXTURES.glob("*.json") if not path.name.endswith(".expected.json")]
    reports = [msgspec.json.decode(path.read_bytes(), type=LabReport) for path in paths if path.stem != "draft_form"]
    assert len(reports) == len(paths) - 1 > 10
    assert {(report.schema_version, bool(report.assays)) for report in reports} == {("1.0", True)}


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_a_report_is_read_or_refused_by_name(tmp_path: Path, data: st.DataObject) -> None:
    text = json.dumps(document(data.draw(st.sampled_from(["fusion_rna", "amplification_scales", "unusable_entries"]))))
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from(["", '"', "0", "-", "{", "[", ",", "null", "é"])) + text[at + 1 :]
    path = tmp_path / "any.json"
    path.write_text(changed, encoding="utf-8")
    try:
        outcome = read_file(path).report.format
    except FgfrScreenError as error:
        outcome = f"{error.exit_code} {error.path}"
    assert outcome in {"lab-report", f"3 {path}"}


def test_a_wrong_build_keeps_the_event_on_the_build_that_fits(read: Read) -> None:
    report = document("rearrangement_no_partner")
    report["genome"]["build"] = "GRCh38"
    (call,) = read(report).calls
    assert (call.assembly, call.finding_codes) == (Assembly.GRCH37, ("ASSEMBLY_CONFLICT",))


def test_a_place_outside_the_gene_keeps_the_event_by_name(read: Read) -> None:
    report = document("rearrangement_no_partner")
    report["rearrangements"][0]["breakends"][0].update(position=5, position_end=6)
    (call,) = read(report).calls
    assert (call.assembly, call.finding_codes) == (None, ("POSITION_OUTSIDE_GENE",))


# ---------------------------------------------------------------------------------- genes by id, list, name and place


def with_events(**lists: list[Document]) -> Document:
    """Return a report of the RNA assay with these lists of events and no other."""
    empty: Document = {"short_variants": [], "copy_numbers": [], "rearrangements": [], "negatives": []}
    return document("negatives") | empty | {"genome": {"build": "GRCh38"}} | lists


def fusion(*sides: Document, **more: object) -> Document:
    return {"call": "present", "type": "fusion", "breakends": list(sides), **more}


def amplification(**gene: str) -> Document:
    return {"call": "present", "gene": gene, "type": "amplification"}


def counted(content: InputContent) -> tuple[int, int, int]:
    counts = content.accounting
    assert counts is not None
    return counts.outside_fgfr, counts.in_events, counts.rejected


BICC1 = {"gene": {"symbol": "BICC1"}}


def test_one_receptor_in_a_list_of_symbols_is_its_event(read: Read) -> None:
    side = {"gene": {"symbol": "FGFR2,ATE1"}}
    content = read(with_events(copy_numbers=[amplification(symbol="FGFR2,ATE1")], rearrangements=[fusion(side, BICC1)]))
    copies, joined = content.calls
    assert isinstance(copies, CopyNumberCall)
    assert isinstance(joined, RearrangementCall)
    assert copies.gene == "FGFR2"
    assert joined.first.genes == ("FGFR2,ATE1",)
    assert counted(content) == (0, 2, 0)


def test_two_receptors_in_a_list_are_refused(read: Read) -> None:
    content = read(with_events(copy_numbers=[amplification(symbol="FGFR2,FGFR3")]))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("AMBIGUOUS_SYMBOL", True)]
    assert counted(content) == (0, 0, 1)


@pytest.mark.parametrize("symbol", ["2263", "ENSG00000066468", "panel-gene-17", "fibroblast growth factor receptor 2"])
def test_the_hgnc_id_decides_where_the_symbol_is_none(read: Read, symbol: str) -> None:
    gene = {"symbol": symbol, "hgnc_id": "HGNC:3689"}
    content = read(with_events(copy_numbers=[amplification(**gene)], rearrangements=[fusion({"gene": gene}, BICC1)]))
    copies, joined = content.calls
    assert isinstance(copies, CopyNumberCall)
    assert isinstance(joined, RearrangementCall)
    assert (copies.gene, copies.finding_codes) == ("FGFR2", ())
    assert joined.finding_codes == ()
    assert counted(content) == (0, 2, 0)


def test_the_hgnc_id_names_the_five_prime_gene(read: Read) -> None:
    five = {"symbol": "panel-gene-17", "hgnc_id": "HGNC:3689"}
    ordered = fusion(BICC1, {"gene": {"symbol": "FGFR2"}}, five_prime=five, order_is_transcriptional=True)
    (call,) = read(with_events(rearrangements=[ordered])).calls
    assert isinstance(call, RearrangementCall)
    assert (call.first.genes, call.order) == (("FGFR2",), GeneOrder.ASSERTED)


@pytest.mark.parametrize(
    ("symbol", "hgnc_id"), [("TP53", "HGNC:3689"), ("FGFR2", "HGNC:11998"), ("FGFR2", "HGNC:3690")]
)
def test_a_symbol_and_an_id_of_different_genes_are_a_conflict(read: Read, symbol: str, hgnc_id: str) -> None:
    gene = {"symbol": symbol, "hgnc_id": hgnc_id}
    short = {"call": "present", "gene": gene, "hgvs_p": "p.Ser252Trp"}
    content = read(
        with_events(
            short_variants=[short],
            copy_numbers=[amplification(**gene)],
            rearrangements=[fusion({"gene": gene}, BICC1)],
            negatives=[{"gene": gene, "event_class": "any"}],
        )
    )
    assert [call.finding_codes for call in content.calls] == [("GENE_ID_CONFLICT",)] * 3
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("GENE_ID_CONFLICT", True)]
    assert counted(content) == (0, 3, 1)


@pytest.mark.parametrize("transcript", ["NM_000141.5", "ENST00000358487.10"])
def test_a_transcript_names_the_gene_of_a_side_that_gives_none(read: Read, transcript: str) -> None:
    content = read(with_events(rearrangements=[fusion({"transcript": transcript, "intron": 17}, BICC1)]))
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert (call.first.genes, call.first.intron) == (("FGFR2",), 17)
    assert counted(content) == (0, 1, 0)


def test_a_transcript_is_no_gene_where_the_laboratory_states_that_there_is_none(read: Read) -> None:
    content = read(
        with_events(rearrangements=[fusion({"gene": None, "transcript": "NM_000141.5", "intron": 17}, BICC1)])
    )
    assert counted(content) == (1, 0, 0)


@pytest.mark.parametrize("sides", [[{"region": "unknown"}], [{}, {}]])
@pytest.mark.parametrize("name", ["FGFR2-BICC1", "FGFR2::BICC1", "FGFR2-BICC1 fusion", "KSAM--BICC1"])
def test_the_name_gives_the_genes_where_no_side_does(read: Read, sides: list[Document], name: str) -> None:
    content = read(with_events(rearrangements=[fusion(*sides, name=name)]))
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert call.first.genes in (("FGFR2",), ("KSAM",))
    assert (call.second.genes, call.order) == (("BICC1",), GeneOrder.UNKNOWN)
    assert counted(content) == (0, 1, 0)


def test_the_name_gives_the_gene_of_the_one_side_that_has_none(read: Read) -> None:
    place = {"chromosome": "chr10", "position": 121481200, "keeps": "higher"}
    content = read(
        with_events(rearrangements=[fusion(BICC1, place, name="FGFR2-BICC1")]) | {"genome": {"build": "unknown"}}
    )
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.genes, call.second.genes, call.assembly) == (("BICC1",), ("FGFR2",), Assembly.GRCH38)
    assert counted(content) == (0, 1, 0)


def test_a_named_receptor_is_not_moved_by_the_name(read: Read) -> None:
    entry = fusion({"gene": {"symbol": "FGFR2"}}, {"chromosome": "chr1", "position": 5}, name="FGFR2-BICC1")
    (call,) = read(with_events(rearrangements=[entry])).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("FGFR2",), ())


def test_a_blank_half_of_a_name_gives_no_gene(read: Read) -> None:
    (call,) = read(with_events(rearrangements=[fusion({}, name="FGFR2::intergenic")])).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("FGFR2",), ())


NAMED_IN_WORDS = [
    fusion({"region": "unknown"}, verbatim="FGFR2 rearrangement"),
    fusion({"region": "unknown"}, name="rearrangement of FGFR2"),
    fusion({"gene": {"symbol": "ATE1"}}, BICC1, verbatim="ATE1-BICC1 fusion beside FGFR2"),
    fusion({"intron": 17}, {}, name="FGFR2-BICC1"),
    fusion({}, name="FGFR2-BICC1") | {"five_prime": {"symbol": "ATE1"}},
    fusion(BICC1, verbatim="FGFR2 not assessable") | {"call": "not_tested"},
]


@pytest.mark.parametrize("entry", NAMED_IN_WORDS)
def test_fgfr_in_words_alone_is_refused_and_never_passed_over(read: Read, entry: Document) -> None:
    content = read(with_events(rearrangements=[entry]))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("ENTRY_NOT_UNDERSTOOD", True)]
    assert counted(content) == (0, 0, 1)


def test_fgfr_in_the_words_of_another_gene_is_refused(read: Read) -> None:
    copies = amplification(symbol="ATE1") | {"verbatim": "amplicon 10q26 with FGFR2"}
    short = {"call": "present", "gene": {"symbol": "TP53"}, "hgvs_p": "p.R175H", "verbatim": "FGFR3 S249C as well"}
    content = read(with_events(copy_numbers=[copies], short_variants=[short]))
    assert [row.code for row in content.rejected] == ["ENTRY_NOT_UNDERSTOOD"] * 2
    assert counted(content) == (0, 0, 2)


def test_what_is_absent_is_no_event_whatever_its_words_name(read: Read) -> None:
    absent = fusion({"gene": {"symbol": "EML4"}}, verbatim="no ALK or FGFR2 fusion") | {"call": "absent"}
    assert counted(read(with_events(rearrangements=[absent]))) == (1, 0, 0)


def test_a_rearrangement_of_nothing_is_refused_as_it_may_be_of_fgfr(read: Read) -> None:
    content = read(with_events(rearrangements=[fusion({"region": "unknown"})]))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("REPORT_INCOMPLETE", True)]
    assert counted(content) == (0, 0, 1)


def test_a_place_without_gene_and_build_is_refused_as_it_may_be_fgfr(read: Read) -> None:
    side = {"chromosome": "chr10", "position": 121481200, "keeps": "higher"}
    report = with_events(rearrangements=[fusion(side, BICC1)]) | {"genome": {"build": "unknown"}}
    content = read(report)
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("ASSEMBLY_UNKNOWN", True)]
    assert counted(content) == (0, 0, 1)
    assert counted(read(report, ReadOptions(assembly=Assembly.GRCH38))) == (0, 1, 0)
    assert counted(read(report, ReadOptions(assembly=Assembly.GRCH37))) == (1, 0, 0)


def test_a_refused_entry_touches_fgfr_by_its_place(read: Read) -> None:
    side = {"chromosome": "chr10", "position": 121481200}
    content = read(with_events(rearrangements=[fusion(side, BICC1, assay_index=9)]))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("REPORT_ASSAY_INDEX", True)]
    content = read(with_events(rearrangements=[fusion(BICC1, assay_index=9)]))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("REPORT_ASSAY_INDEX", False)]


@pytest.mark.parametrize(("status", "qc"), [("final", AssayQc.PASS), ("preliminary", AssayQc.UNKNOWN)])
def test_no_assay_of_a_preliminary_report_has_passed_yet(read: Read, status: str, qc: AssayQc) -> None:
    report = with_events()
    report["report"]["status"] = status
    report["assays"][0]["qc"] = "pass"
    assert read(report).assays[0].qc is qc
    report["assays"][0]["qc"] = "fail"
    assert read(report).assays[0].qc is AssayQc.FAIL
