"""FHIR beside variants with HGNC labels: other catalogues of genes, tests in words, conclusions, nested bundles, open results."""

import json
from typing import Any

import pytest

from fgfr_screen.model import Call, CopyNumberCall, InputContent, NegativeCall, RearrangementCall
from fgfr_screen.terms import (
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    GeneOrder,
    Molecule,
)
from tests.readers.reading import read_text

Document = dict[str, Any]
PRESENT, ABSENT = "LA9633-4", "LA9634-2"
HGNC = "http://www.genenames.org/geneId"
FGFR2 = {"system": HGNC, "code": "HGNC:3689", "display": "FGFR2"}
PAIR = {"code": "HGNC:3689::HGNC:19351", "display": "FGFR2::BICC1"}
GAIN = ("48019-4", {"code": "SO:0001742"})
POSITIVE = {"coding": [{"system": "http://loinc.org", "code": "LA6576-8"}]}
NEGATIVE = {"coding": [{"system": "http://loinc.org", "code": "LA6577-6", "display": "Negative"}]}
FISH = {"coding": [{"system": "http://loinc.org", "code": "95784-5"}]}
TEXT_TEST = {"text": "FGFR2 rearrangement"}


def loinc(code: str) -> Document:
    return {"coding": [{"system": "http://loinc.org", "code": code}]}


def variant(*components: tuple[str, Document], value: str = PRESENT, status: str = "final") -> Document:
    listed = [
        {"code": loinc(code), "valueCodeableConcept": coding if "text" in coding else {"coding": [coding]}}
        for code, coding in components
    ]
    return other(loinc("69548-6"), status=status, valueCodeableConcept=loinc(value), component=listed)


def other(code: Document, *, status: str = "final", **more: Any) -> Document:
    return {"resourceType": "Observation", "id": "o", "status": status, "code": code, **more}


def report(**more: Any) -> Document:
    return {"resourceType": "DiagnosticReport", "status": "final", "code": loinc("51969-4"), **more}


def bundle(*resources: Document) -> Document:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def read(*resources: Document) -> InputContent:
    return read_text(json.dumps(bundle(*resources)), reader="fhir-genomics")


def counted(content: InputContent) -> tuple[int, int, int]:
    counts = content.accounting
    assert counts is not None
    return counts.outside_fgfr, counts.in_events, counts.rejected


def rearranged(call: Call) -> tuple[tuple[str, ...], tuple[str, ...]]:
    assert isinstance(call, RearrangementCall)
    return call.first.genes, () if call.second is None else call.second.genes


def refusals(content: InputContent) -> list[tuple[str, bool]]:
    return [(row.code, row.touches_fgfr) for row in content.rejected]


# ------------------------------------------------------------------------------------------------------------- fusions


def test_a_pair_of_ids_needs_no_symbols() -> None:
    content = read(variant(("95123-6", {"code": "HGNC:3689::HGNC:19351"})))
    (call,) = content.calls
    assert rearranged(call) == (("FGFR2",), ("HGNC:19351",))
    assert isinstance(call, RearrangementCall)
    assert (call.order, call.declared) == (GeneOrder.ASSERTED, DeclaredStructure.FUSION)
    assert counted(content) == (0, 1, 0)


def test_a_pair_without_fgfr_is_outside() -> None:
    assert counted(read(variant(("95123-6", {"code": "HGNC:1316::HGNC:427"})))) == (1, 0, 0)


def test_a_pair_in_text_alone_is_read() -> None:
    content = read(variant(("95123-6", {"text": "FGFR2::BICC1"})))
    (call,) = content.calls
    assert rearranged(call) == (("FGFR2",), ("BICC1",))
    assert isinstance(call, RearrangementCall)
    assert call.declared is DeclaredStructure.FUSION
    assert counted(content) == (0, 1, 0)


@pytest.mark.parametrize(
    "coding", [{"code": "HGNC:3689::"}, {"code": "x", "display": "FGFR2::"}, {"text": "FGFR2 fusion"}]
)
def test_half_a_pair_is_refused_and_touches(coding: Document) -> None:
    content = read(variant(("95123-6", coding)))
    assert refusals(content) == [("FUSION_NAME", True)]
    assert counted(content) == (0, 0, 1)


def test_words_of_a_variant_of_another_gene_are_not_passed_over() -> None:
    bicc1 = {"system": HGNC, "code": "HGNC:19351", "display": "BICC1"}
    content = read(variant(("48018-6", bicc1), ("81252-9", {"text": "FGFR2-BICC1 fusion"})))
    assert refusals(content) == [("ENTRY_NOT_UNDERSTOOD", True)]
    assert counted(content) == (0, 0, 1)


# --------------------------------------------------------------------------------------------------------------- genes


@pytest.mark.parametrize(
    "coding",
    [
        {"system": "http://www.ncbi.nlm.nih.gov/gene", "code": "2263"},
        {"system": "http://www.ncbi.nlm.nih.gov/gene", "code": "2263", "display": "FGFR2"},
        {"system": "http://www.ensembl.org", "code": "ENSG00000066468"},
        {
            "system": "http://www.ensembl.org",
            "code": "ENSG00000066468.24",
            "display": "fibroblast growth factor receptor 2",
        },
        {"system": HGNC, "code": "3689"},
        {"code": "3689"},
        {"code": "2263"},
        {"system": HGNC, "code": "HGNC:3689", "display": "fibroblast growth factor receptor 2"},
    ],
)
def test_a_gene_by_any_catalogue_is_read(coding: Document) -> None:
    content = read(
        variant(("48018-6", coding), GAIN), variant(("48018-6", coding), ("48019-4", {"code": "SO:0001565"}))
    )
    copies, joined = content.calls
    assert isinstance(copies, CopyNumberCall)
    assert isinstance(joined, RearrangementCall)
    assert (copies.gene, copies.declared, copies.finding_codes) == ("FGFR2", DeclaredCopyNumber.GAIN, ())
    assert joined.finding_codes == ()
    assert counted(content) == (0, 2, 0)


@pytest.mark.parametrize(
    "coding",
    [
        {"system": "http://www.ncbi.nlm.nih.gov/gene", "code": "2261"},
        {"system": HGNC, "code": "2263"},
        {"system": "http://www.ncbi.nlm.nih.gov/gene", "code": "3689"},
    ],
)
def test_a_number_means_what_its_catalogue_says(coding: Document) -> None:
    genes = [call.gene for call in read(variant(("48018-6", coding), GAIN)).calls if isinstance(call, CopyNumberCall)]
    assert genes == (["FGFR3"] if coding["code"] == "2261" else [])


def test_an_id_of_fgfr_under_the_label_of_another_gene_is_a_conflict() -> None:
    coding = {"system": "http://www.ensembl.org", "code": "ENSG00000066468", "display": "MTOR"}
    (call,) = read(variant(("48018-6", coding), GAIN)).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.finding_codes) == ("FGFR2", ("GENE_ID_CONFLICT",))


def test_copies_are_kept_with_an_id_alone() -> None:
    amount = {"code": loinc("82155-3"), "valueQuantity": {"value": 20}}
    observation = variant(("48018-6", {"code": "ENSG00000066468"}), GAIN)
    observation["component"].append(amount)
    (call,) = read(observation).calls
    assert isinstance(call, CopyNumberCall)
    assert [(one.value, one.unit) for one in call.measures] == [(20, CopyNumberUnit.COPIES)]


# -------------------------------------------------------------------------------------------------- other observations


def test_a_positive_fish_is_a_rearrangement_without_partner() -> None:
    content = read(other(FISH, valueCodeableConcept=POSITIVE))
    (call,) = content.calls
    assert rearranged(call) == (("FGFR2",), ())
    assert (call.molecule, call.status, call.finding_codes) == (Molecule.FISH, CallStatus.PRESENT, ())
    assert counted(content) == (0, 1, 0)


def test_a_negative_fish_is_a_negative() -> None:
    content = read(other(FISH, valueCodeableConcept=NEGATIVE))
    (call,) = content.calls
    assert isinstance(call, NegativeCall)
    assert (call.gene, call.kind, call.molecule) == ("FGFR2", EventKind.REARRANGEMENT, Molecule.FISH)
    assert counted(content) == (0, 1, 0)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"valueString": "see report"},
        {"valueCodeableConcept": POSITIVE, "interpretation": [{"coding": [{"code": "NEG"}]}]},
        {"dataAbsentReason": {"text": "not performed"}},
    ],
)
def test_a_fish_without_one_clear_result_is_refused(told: Document) -> None:
    content = read(other(FISH, **told))
    assert refusals(content) == [("ENTRY_NOT_UNDERSTOOD", True)]
    assert counted(content) == (0, 0, 1)


@pytest.mark.parametrize(
    "told", [{"valueString": "Positive"}, {"valueCodeableConcept": POSITIVE}, {"valueBoolean": True}]
)
def test_a_positive_test_in_words_is_for_review(told: Document) -> None:
    content = read(other(TEXT_TEST, **told))
    (call,) = content.calls
    assert rearranged(call) == (("FGFR2",), ())
    assert (call.status, call.finding_codes) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",))
    assert counted(content) == (0, 1, 0)


def test_an_amplification_in_words_is_for_review() -> None:
    (call,) = read(other({"text": "FGFR1 amplification (FISH)"}, valueString="detected")).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.status, call.molecule) == ("FGFR1", CallStatus.INDETERMINATE, Molecule.FISH)


def test_a_negative_test_in_words_is_a_negative_of_every_gene() -> None:
    content = read(other({"text": "FGFR2 and FGFR3 gene fusion"}, valueString="Not detected."))
    found = [(call.gene, call.kind) for call in content.calls if isinstance(call, NegativeCall)]
    assert found == [("FGFR2", EventKind.REARRANGEMENT), ("FGFR3", EventKind.REARRANGEMENT)]
    assert counted(content) == (0, 1, 0)


@pytest.mark.parametrize(
    "observation",
    [
        other({"text": "Fusion result"}, valueString="FGFR2-BICC1 fusion detected"),
        other({"coding": [{"code": "48972-4", "display": "FGFR2+FGFR3 gene mutations"}]}, valueString="positive"),
        other({"text": "FGFR2 and FGFR3 fusion"}, valueString="positive"),
        other({"text": "FISH"}, component=[{"code": TEXT_TEST, "valueString": "positive"}]),
        other({"text": "FGFR2"}, valueString="positive"),
    ],
)
def test_other_words_about_fgfr_are_refused(observation: Document) -> None:
    content = read(observation)
    assert refusals(content) == [("ENTRY_NOT_UNDERSTOOD", True)]
    assert counted(content) == (0, 0, 1)


@pytest.mark.parametrize(
    "observation",
    [
        other(
            {"coding": [{"system": "http://x/tbd-codes-cs", "code": "therapeutic-implication"}]},
            valueString="FGFR2 fusion",
        ),
        other({"text": "significance"}, valueString="FGFR2 fusion", derivedFrom=[{"reference": "Observation/o"}]),
        other(loinc("53041-0"), component=[{"code": loinc("48018-6"), "valueCodeableConcept": {"coding": [FGFR2]}}]),
        other(loinc("94076-7"), valueQuantity={"value": 3}),
    ],
)
def test_implications_lists_and_other_tests_are_no_records(observation: Document) -> None:
    assert counted(read(observation)) == (0, 0, 0)


def test_a_withdrawn_observation_counts_and_tells_nothing() -> None:
    assert counted(read(other(FISH, status="entered-in-error", valueCodeableConcept=POSITIVE))) == (1, 0, 0)


# --------------------------------------------------------------------------------------------------------- conclusions


def test_a_conclusion_that_no_observation_tells_is_for_review() -> None:
    content = read(report(conclusion="FGFR2-BICC1 fusion detected"))
    (call,) = content.calls
    assert rearranged(call) == (("FGFR2",), ())
    assert (call.status, call.finding_codes, call.text) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",), None)
    assert counted(content) == (0, 1, 0)


def test_a_conclusion_stands_against_a_negative_observation() -> None:
    content = read(variant(("48018-6", FGFR2), value=ABSENT), report(conclusion="FGFR2-BICC1 fusion detected"))
    assert [type(call) for call in content.calls] == [NegativeCall, RearrangementCall]
    assert counted(content) == (0, 2, 0)


@pytest.mark.parametrize(
    "words", ["No FGFR2 fusion detected", "Keine FGFR2-Fusion", "FGFR3 p.S249C found", "FGFR2/3 fusion"]
)
def test_a_conclusion_that_cannot_be_read_is_refused(words: str) -> None:
    content = read(report(conclusion=words))
    assert refusals(content) == [("ENTRY_NOT_UNDERSTOOD", True)]
    assert counted(content) == (0, 0, 1)


def test_no_text_of_a_conclusion_is_kept() -> None:
    for words in ("Jane Planted has an FGFR2 fusion", "Jane Planted has no FGFR2 fusion"):
        assert "Planted" not in repr(read(report(conclusion=words)))


def test_a_conclusion_that_restates_the_observations_is_no_record() -> None:
    told = "FGFR2::BICC1 fusion was found. TP53 wild type; no FGFR3 alteration."
    negative = variant(("48018-6", {"system": HGNC, "code": "HGNC:3690", "display": "FGFR3"}), value=ABSENT)
    assert counted(read(variant(("95123-6", PAIR)), negative, report(conclusion=told))) == (0, 2, 0)
    gain = variant(("48018-6", FGFR2), GAIN)
    assert counted(read(gain, report(conclusion="FGFR2 fusion"))) == (0, 2, 0)


def test_the_conclusion_of_a_withdrawn_report_is_not_read() -> None:
    withdrawn = report(conclusion="FGFR2 fusion") | {"status": "entered-in-error"}
    assert counted(read(report(), withdrawn)) == (0, 0, 0)


def test_a_coded_conclusion_is_read() -> None:
    content = read(report(conclusionCode=[{"text": "FGFR3 amplification"}]))
    (call,) = content.calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, counted(content)) == ("FGFR3", (0, 1, 0))


# --------------------------------------------------------------------------------------------- nested, unsettled


def test_a_bundle_in_a_bundle_is_read() -> None:
    content = read(bundle(variant(("95123-6", PAIR))), variant(("48018-6", {"text": "TP53"})))
    assert [rearranged(call) for call in content.calls] == [(("FGFR2",), ("BICC1",))]
    assert counted(content) == (1, 1, 0)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("final", CallStatus.PRESENT),
        ("preliminary", CallStatus.PRESENT),
        ("registered", CallStatus.INDETERMINATE),
        ("unknown", CallStatus.INDETERMINATE),
    ],
)
def test_a_result_that_is_not_there_yet_is_for_review(status: str, expected: CallStatus) -> None:
    (call,) = read(report(), variant(("95123-6", PAIR), status=status)).calls
    assert (call.status, call.reported_by_lab) == (expected, status == "final")


@pytest.mark.parametrize("status", ["preliminary", "registered", "unknown"])
def test_nothing_is_absent_before_a_result_is_settled(status: str) -> None:
    content = read(
        variant(("48018-6", FGFR2), value=ABSENT, status=status),
        other(FISH, status=status, valueCodeableConcept=NEGATIVE),
    )
    assert [call.status for call in content.calls] == [CallStatus.NOT_TESTED] * 2
    assert not any(isinstance(call, NegativeCall) for call in content.calls)
    assert counted(content) == (0, 2, 0)


# --------------------------------------------------------------------------------- fusions as values; open reports

NAMELESS = {"text": "Gene fusion"}


@pytest.mark.parametrize(
    "value",
    [
        {"valueString": "FGFR2-BICC1"},
        {"valueString": "FGFR2::BICC1 fusion"},
        {"valueCodeableConcept": {"text": "FGFR2-BICC1"}},
        {"valueCodeableConcept": {"coding": [{"display": "FGFR2-BICC1"}], "text": "FGFR2-BICC1"}},
    ],
)
@pytest.mark.parametrize("code", [NAMELESS, {"text": "Result"}, {}])
def test_a_fusion_as_the_value_of_a_test_without_name_is_for_review(code: Any, value: Any) -> None:
    content = read(other(code, **value))
    (call,) = content.calls
    assert rearranged(call) == (("FGFR2",), ("BICC1",))
    assert isinstance(call, RearrangementCall)
    assert (call.status, call.finding_codes) == (CallStatus.INDETERMINATE, ("TEXT_NEEDS_REVIEW",))
    assert (call.declared, call.text) == (DeclaredStructure.FUSION, None)


@pytest.mark.parametrize(
    "more",
    [
        {"valueString": "FGFR2-BICC1", "interpretation": [NEGATIVE]},
        {"valueString": "no FGFR2-BICC1 seen"},
        {"valueString": "FGFR2::Zzyzxname"},
        {"valueString": "FGFR2-BICC1", "valueCodeableConcept": {"text": "FGFR3-TACC3"}},
        {"valueString": "EML4-ALK", "note": [{"text": "FGFR2 not covered"}]},
    ],
)
def test_a_value_that_is_not_the_name_of_one_fusion_is_refused(more: Any) -> None:
    content = read(other(NAMELESS, **more))
    assert refusals(content) == [("ENTRY_NOT_UNDERSTOOD", True)]
    assert content.calls == ()


def codes(content: InputContent) -> list[str]:
    return [finding.code for finding in content.report.findings]


@pytest.mark.parametrize(
    ("statuses", "is_preliminary"),
    [
        (["preliminary"], True),
        (["partial"], True),
        (["registered"], True),
        (["final"], False),
        (["final", "preliminary"], False),
        ([], False),
    ],
)
def test_a_fhir_report_that_is_not_final_says_so(statuses: list[str], is_preliminary: bool) -> None:
    content = read(*(report(status=status) for status in statuses), variant(("95123-6", PAIR)))
    assert ("REPORT_PRELIMINARY" in codes(content)) is is_preliminary


@pytest.mark.parametrize("status", ["final", "preliminary"])
def test_a_preliminary_observation_of_a_final_report_is_marked_alone(status: str) -> None:
    fgfr2 = ("48018-6", {"system": "http://www.genenames.org/geneId", "code": "HGNC:3689", "display": "FGFR2"})
    content = read(report(), variant(("95123-6", PAIR), status=status), variant(fgfr2, GAIN))
    structure, copies = content.calls
    assert isinstance(structure, RearrangementCall)
    assert isinstance(copies, CopyNumberCall)
    assert ("REPORT_PRELIMINARY" in structure.finding_codes) is (status == "preliminary")
    assert "REPORT_PRELIMINARY" not in copies.finding_codes
