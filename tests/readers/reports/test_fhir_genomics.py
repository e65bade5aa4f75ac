"""FHIR bundles: the value decides first, three forms of a fusion, ids against labels, units, references."""

from typing import Any

import pytest

from fgfr_screen.errors import InputError
from fgfr_screen.model import Call, CopyNumberCall, NegativeCall, RearrangementCall, ShortVariantCall
from fgfr_screen.terms import Assembly, CallStatus, DeclaredStructure, EventKind, GeneOrder, Origin, SpecimenKind
from tests.readers.reading import FIXTURES, read_path, read_text

CONTENT = read_path(FIXTURES / "fhir-genomics/mcode.json", reader="fhir-genomics")


def of_kind(kind: type[Call]) -> list[Any]:
    return [call for call in CONTENT.calls if isinstance(call, kind)]


def test_two_gene_components_have_no_order() -> None:
    call = of_kind(RearrangementCall)[0]
    assert (call.first.genes, call.second.genes, call.order) == (("BICC1",), ("FGFR2",), GeneOrder.UNKNOWN)


def test_a_joined_code_has_an_order_and_a_hyphen_is_a_read_through() -> None:
    call = of_kind(RearrangementCall)[-1]
    assert (call.first.genes, call.order, call.declared) == (
        ("FGFR3",),
        GeneOrder.ASSERTED,
        DeclaredStructure.READ_THROUGH,
    )


def test_an_absent_observation_is_a_negative_of_every_gene_it_names() -> None:
    found = {(call.gene, call.kind) for call in of_kind(NegativeCall)}
    assert found == {("FGFR3", EventKind.SHORT_VARIANT), ("FGFR1", EventKind.SHORT_VARIANT)}


def test_no_call_is_neither_event_nor_negative() -> None:
    assert [call.status for call in CONTENT.calls].count(CallStatus.NOT_TESTED) == 1


def test_an_id_that_disagrees_with_its_label_is_a_conflict() -> None:
    call = of_kind(ShortVariantCall)[0]
    assert (call.gene, call.finding_codes, call.status) == ("FGFR2", ("GENE_ID_CONFLICT",), CallStatus.INDETERMINATE)


def test_zero_based_ranges_and_decimal_fractions() -> None:
    call = of_kind(ShortVariantCall)[1]
    assert (call.contig, call.pos, call.ref, call.alt) == ("chr4", 1803568, "C", "G")
    assert (call.vaf, call.assembly, call.origin) == (0.066, Assembly.GRCH37, Origin.SOMATIC)


def test_copies_are_a_quantity() -> None:
    (call,) = of_kind(CopyNumberCall)
    assert call.measures[0].value == 9


def test_a_gene_told_only_in_words_is_refused_and_never_passed_over() -> None:
    (refused,) = CONTENT.rejected
    assert (refused.code, refused.touches_fgfr) == ("ENTRY_NOT_UNDERSTOOD", True)


def test_implications_are_no_findings() -> None:
    assert CONTENT.report.records == 8


def test_a_preliminary_report_declares_nothing() -> None:
    assert {call.reported_by_lab for call in CONTENT.calls} == {False}


def test_a_full_reference_names_the_specimen() -> None:
    assert of_kind(RearrangementCall)[0].specimen == "sp1"
    assert (CONTENT.specimens[0].kind, CONTENT.specimens[0].collected) == (SpecimenKind.BLOOD, "2026-03-02")


def test_a_cancelled_report_is_refused() -> None:
    text = (FIXTURES / "fhir-genomics/mcode.json").read_text().replace('"preliminary"', '"entered-in-error"')
    with pytest.raises(InputError) as caught:
        read_text(text)
    assert caught.value.code == "REPORT_CANCELLED"
