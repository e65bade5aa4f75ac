"""`fgfr_screen.evidence.absence`: when "not found" means "no", and when it means "cannot be told"."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.diseases import tumor_type
from fgfr_screen.evidence.absence import Absence, TestedMaterial, Untested, weigh_absence, weigh_all, weigh_measured
from fgfr_screen.model import Assay, Coverage, Event, Rejected
from fgfr_screen.terms import AlterationClass, AssayQc, EventKind, FgfrGene, Molecule, Outcome, SpecimenKind
from tests.builders import a_negative, a_source, a_specimen, an_assay, an_input_report, coverage, evidence

FGFR1, FGFR2, FGFR3 = FgfrGene
REARRANGED, COPIES, SHORT = EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT
NO_MATCH, UNDETERMINED = Outcome.NO_MATCH, Outcome.UNDETERMINED


def a_material(*assays: Assay, **changes: Any) -> TestedMaterial:
    material = TestedMaterial(assays=assays, specimens=(), inputs=(an_input_report(),), rejected=())
    return structs.replace(material, **changes)


def weigh(material: TestedMaterial, gene: FgfrGene = FGFR2, kind: EventKind = REARRANGED) -> Absence:
    return weigh_absence(gene, kind, material)


def codes(absence: Absence) -> list[str]:
    return [finding.code for finding in absence.findings]


def refused(touches_fgfr: bool) -> Rejected:
    return Rejected(input="in1", line=7, code="POS_BEYOND_END", message="x", touches_fgfr=touches_fgfr)


def copies_event(*lines: Any) -> Event:
    return Event(
        id="0",
        kind=COPIES,
        gene=FGFR2,
        alteration_class=AlterationClass.COPY_NUMBER_NEUTRAL,
        outcome=NO_MATCH,
        name="FGFR2 copy number neutral, 2 copies",
        evidence=lines or (evidence(),),
    )


# ------------------------------------------------------------------------------------------------------- nothing known


@pytest.mark.parametrize("gene", list(FgfrGene))
@pytest.mark.parametrize("kind", list(EventKind))
def test_without_an_assay_absence_cannot_be_told(gene: FgfrGene, kind: EventKind) -> None:
    absence = weigh(a_material(), gene, kind)
    assert (absence.outcome, codes(absence)) == (UNDETERMINED, ["NOT_TESTED"])
    assert gene.value in absence.would_settle[0]


def test_an_assay_whose_coverage_is_not_known_excludes_nothing() -> None:
    assert weigh(a_material(an_assay(covers=None))).outcome is UNDETERMINED
    assert weigh(a_material(an_assay(covers=()))).outcome is UNDETERMINED


def test_every_gene_and_kind_is_weighed() -> None:
    answers = weigh_all(a_material(an_assay()))
    assert set(answers) == {(gene, kind) for gene in FgfrGene for kind in EventKind}
    assert {one.outcome for one in answers.values()} == {NO_MATCH}


# ------------------------------------------------------------------------------------------------------------- covered


def test_a_test_that_covers_gene_and_kind_and_passed_says_no() -> None:
    for kind in (COPIES, SHORT):
        absence = weigh(a_material(an_assay()), FGFR2, kind)
        assert (absence.outcome, codes(absence), absence.would_settle) == (NO_MATCH, ["TESTED_NEGATIVE"], ())
        assert "panel" in absence.findings[0].message


@pytest.mark.parametrize(
    "covers", [coverage((FGFR3, REARRANGED)), coverage((FGFR2, SHORT)), coverage((FGFR2, COPIES), (FGFR1, REARRANGED))]
)
def test_another_gene_or_kind_is_not_covered(covers: tuple[Coverage, ...]) -> None:
    assert codes(weigh(a_material(an_assay(covers=covers)))) == ["NOT_TESTED"]


@pytest.mark.parametrize("gene", [FGFR2, FGFR3])
@pytest.mark.parametrize(
    ("region", "molecule", "outcome"),
    [
        (None, Molecule.DNA, NO_MATCH),
        ("intron 17", Molecule.DNA, NO_MATCH),
        ("exons", Molecule.DNA, UNDETERMINED),
        ("exons", Molecule.RNA, NO_MATCH),
        ("exons", None, UNDETERMINED),
    ],
)
def test_dna_must_cover_the_hotspot_intron_of_fgfr2_and_fgfr3(
    gene: FgfrGene, region: str | None, molecule: Molecule | None, outcome: Outcome
) -> None:
    assay = an_assay(covers=coverage((gene, REARRANGED), region=region), molecule=molecule)
    assert weigh(a_material(assay), gene).outcome is outcome


def test_fgfr1_has_no_hotspot_intron_to_cover() -> None:
    assay = an_assay(covers=coverage((FGFR1, REARRANGED), region="exons"))
    assert weigh(a_material(assay), FGFR1).outcome is NO_MATCH


def test_a_dna_only_negative_is_told_with_what_would_settle_it() -> None:
    absence = weigh(a_material(an_assay()))
    assert (absence.outcome, codes(absence)) == (NO_MATCH, ["TESTED_NEGATIVE", "DNA_ONLY_NEGATIVE"])
    assert absence.would_settle == ("RNA fusion panel",)


def test_rna_beside_dna_leaves_nothing_to_settle() -> None:
    rna = an_assay(id="in1.as2", molecule=Molecule.RNA, name="fusion panel")
    for assays in ((rna,), (an_assay(), rna), (rna, an_assay())):
        absence = weigh(a_material(*assays))
        assert (absence.outcome, codes(absence), absence.would_settle) == (NO_MATCH, ["TESTED_NEGATIVE"], ())


def test_dna_only_is_no_matter_of_copies_and_short_variants() -> None:
    assert "DNA_ONLY_NEGATIVE" not in codes(weigh(a_material(an_assay()), FGFR2, SHORT))


# ---------------------------------------------------------------------------------------------------------- weaknesses


@pytest.mark.parametrize(
    ("qc", "code"),
    [(AssayQc.FAIL, "ASSAY_FAILED"), (AssayQc.UNKNOWN, "QC_NOT_STATED"), (AssayQc.QUALIFIED, "QC_NOT_STATED")],
)
def test_only_a_test_that_passed_its_quality_control_counts(qc: AssayQc, code: str) -> None:
    absence = weigh(a_material(an_assay(qc=qc)))
    assert (absence.outcome, codes(absence)) == (UNDETERMINED, [code])


def test_a_test_that_failed_beside_one_that_passed_does_no_harm() -> None:
    rna = an_assay(id="in1.as2", molecule=Molecule.RNA, qc=AssayQc.FAIL)
    absence = weigh(a_material(an_assay(), rna))
    assert codes(absence) == ["TESTED_NEGATIVE", "DNA_ONLY_NEGATIVE"], "a failed RNA test is no RNA test"


def test_a_negative_in_plasma_excludes_nothing() -> None:
    plasma = a_specimen(kind=SpecimenKind.PLASMA)
    absence = weigh(a_material(an_assay(), specimens=(plasma,)), FGFR2, SHORT)
    assert (absence.outcome, codes(absence)) == (UNDETERMINED, ["PLASMA_NEGATIVE"])


@pytest.mark.parametrize(
    ("content", "outcome"), [(0.2, NO_MATCH), (0.1999, UNDETERMINED), (0.0, UNDETERMINED), (None, NO_MATCH)]
)
def test_under_20_percent_tumour_a_negative_does_not_count(content: float | None, outcome: Outcome) -> None:
    absence = weigh(a_material(an_assay(), specimens=(a_specimen(tumor_content=content),)), FGFR2, SHORT)
    assert absence.outcome is outcome
    assert (codes(absence) == ["LOW_TUMOR_CONTENT"]) == (outcome is UNDETERMINED)


def test_the_purity_that_the_user_gives_counts_where_the_specimen_tells_none() -> None:
    assert weigh(a_material(an_assay(), purity=0.1), FGFR2, SHORT).outcome is UNDETERMINED
    stated = a_material(an_assay(), purity=0.1, specimens=(a_specimen(tumor_content=0.6),))
    assert weigh(stated, FGFR2, SHORT).outcome is NO_MATCH


@pytest.mark.parametrize("specimen", [a_specimen(kind=SpecimenKind.PLASMA), a_specimen(tumor_content=0.05)])
def test_a_germline_test_needs_no_tumour(specimen: Any) -> None:
    material = a_material(an_assay(is_germline=True), specimens=(specimen,), tumor=tumor_type("achondroplasia"))
    assert weigh(material, FGFR3, SHORT).outcome is NO_MATCH


@pytest.mark.parametrize("tumor", [None, "IHCH", "BLCA"])
def test_a_test_of_inherited_variants_or_of_blood_excludes_no_event_of_a_tumour(tumor: str | None) -> None:
    known = None if tumor is None else tumor_type(tumor)
    blood = (a_specimen(kind=SpecimenKind.BLOOD),)
    for assay, specimens, code in (
        (an_assay(is_germline=True), (), "GERMLINE_NEGATIVE"),
        (an_assay(is_germline=True), blood, "GERMLINE_NEGATIVE"),
        (an_assay(), blood, "BLOOD_NEGATIVE"),
    ):
        absence = weigh(a_material(assay, specimens=specimens, tumor=known), FGFR3, SHORT)
        assert (absence.outcome, codes(absence)) == (UNDETERMINED, [code])


def test_blood_is_the_tumour_of_a_leukaemia() -> None:
    leukaemia = tumor_type("AML")
    assert leukaemia.lineage == "haematologic"
    material = a_material(an_assay(), specimens=(a_specimen(kind=SpecimenKind.BLOOD),), tumor=leukaemia)
    assert weigh(material).outcome is NO_MATCH


# ------------------------------------------------------------------------------------- what was looked for, and by whom

_DNA_OF_SHORT = {"id": "in1.as2", "covers": coverage((FGFR2, SHORT))}


@pytest.mark.parametrize(
    "others",
    [
        (an_assay(covers=None, qc=AssayQc.FAIL, molecule=Molecule.RNA), an_assay(**_DNA_OF_SHORT)),
        (an_assay(covers=None, qc=AssayQc.FAIL, molecule=Molecule.RNA), an_assay(id="in1.as2", covers=None)),
        (an_assay(covers=None, molecule=Molecule.PROTEIN),),
        (an_assay(**_DNA_OF_SHORT),),
    ],
    ids=[
        "RNA failed, DNA covers short variants",
        "RNA failed, DNA of unknown coverage",
        "stain",
        "DNA of short variants",
    ],
)
def test_a_negative_without_its_assay_is_not_that_of_a_test_that_cannot_have_said_it(others: tuple[Assay, ...]) -> None:
    assert weigh(a_material(*others, negatives=(a_negative(),))).outcome is UNDETERMINED


def test_a_negative_without_its_assay_is_that_of_the_only_test_or_of_all_that_passed() -> None:
    one, other = an_assay(covers=None), an_assay(id="in1.as2", covers=None, molecule=Molecule.RNA)
    assert weigh(a_material(one, negatives=(a_negative(),))).outcome is NO_MATCH
    assert weigh(a_material(one, other, negatives=(a_negative(),))).outcome is NO_MATCH


@pytest.mark.parametrize(
    ("molecule", "seen"),
    [(Molecule.FISH, {REARRANGED, COPIES}), (Molecule.PROTEIN, set()), (Molecule.RNA, {REARRANGED, SHORT})],
)
@pytest.mark.parametrize("names_assay", [True, False])
def test_a_negative_of_any_kind_speaks_of_what_the_method_can_see(
    molecule: Molecule, seen: set[EventKind], names_assay: bool
) -> None:
    negative = a_negative(kind=None, assay="in1.as1" if names_assay else None)
    material = a_material(an_assay(covers=None, molecule=molecule), negatives=(negative,))
    assert {kind for kind in EventKind if weigh(material, FGFR2, kind).outcome is NO_MATCH} == seen


@pytest.mark.parametrize("assay", [None, "in1.as1"])
def test_what_the_source_lists_as_not_tested_is_no_silence(assay: str | None) -> None:
    untested = (Untested(gene=FGFR2, kind=REARRANGED, assay=assay, input="in1"),)
    material = a_material(an_assay(), untested=untested)
    assert codes(weigh(material)) == ["LISTED_AS_NOT_TESTED"]
    assert weigh(material, FGFR2, COPIES).outcome is NO_MATCH
    assert weigh(material, FGFR3).outcome is NO_MATCH
    second = a_material(an_assay(), an_assay(id="in2.as1"), untested=untested)
    assert weigh(second).outcome is NO_MATCH


def test_a_part_of_a_gene_without_data_leaves_the_question_open() -> None:
    gap = Untested(gene=FGFR2, kind=COPIES, assay=None, input="in1", is_gap=True)
    material = a_material(an_assay(), untested=(gap,))
    absence = weigh(material, FGFR2, COPIES)
    assert (absence.outcome, codes(absence)) == (UNDETERMINED, ["NOT_COVERED"])
    assert weigh(material, FGFR1, COPIES).outcome is NO_MATCH
    assert weigh(material, FGFR2, SHORT).outcome is NO_MATCH


def test_copies_under_the_cut_of_one_part_are_no_answer_where_their_file_leaves_out_another() -> None:
    gap = Untested(gene=FGFR2, kind=COPIES, assay=None, input="in1", is_gap=True)
    material = a_material(an_assay(), untested=(gap,))
    line = evidence(input="in1", assay="in1.as1")
    assert codes(weigh_measured(copies_event(line), material)) == ["NOT_COVERED"]
    other = evidence(input="in2", assay=None)
    assert weigh_measured(copies_event(line, other), material).outcome is NO_MATCH
    listed = a_material(an_assay(), untested=(structs.replace(gap, is_gap=False),))
    assert weigh_measured(copies_event(line), listed).outcome is NO_MATCH


def test_the_assay_of_the_user_speaks_only_of_kinds_that_its_files_can_hold() -> None:
    material = a_material(an_assay(id="as0", specimen=None), named="as0", unheld=(REARRANGED,))
    assert codes(weigh(material)) == ["NOT_IN_INPUTS"]
    assert weigh(material, FGFR2, SHORT).outcome is NO_MATCH


def test_each_assay_is_weighed_with_its_own_specimen() -> None:
    specimens = (
        a_specimen(id="in1.sp1", kind=SpecimenKind.PLASMA),
        a_specimen(id="in2.sp1", kind=SpecimenKind.TISSUE_PRIMARY),
    )
    plasma, tissue = an_assay(), an_assay(id="in2.as1", specimen="in2.sp1")
    assert weigh(a_material(plasma, specimens=specimens), FGFR2, SHORT).outcome is UNDETERMINED
    assert weigh(a_material(plasma, tissue, specimens=specimens), FGFR2, SHORT).outcome is NO_MATCH
    unknown = an_assay(id="as0", specimen=None)
    assert weigh(a_material(unknown, specimens=specimens), FGFR2, SHORT).outcome is NO_MATCH
    assert weigh(a_material(unknown, specimens=specimens[:1]), FGFR2, SHORT).outcome is UNDETERMINED


# -------------------------------------------------------------------------------------------------------------- damage


def test_an_input_that_was_not_read_to_its_end_forbids_every_negative() -> None:
    cut = an_input_report(id="in2", path="cut.vcf", complete=False)
    for answer in weigh_all(a_material(an_assay(), inputs=(an_input_report(), cut))).values():
        assert (answer.outcome, codes(answer)) == (UNDETERMINED, ["INPUT_INCOMPLETE"])
        assert "cut.vcf" in answer.findings[0].message


def test_a_refused_record_that_touches_fgfr_forbids_every_negative() -> None:
    absence = weigh(a_material(an_assay(), rejected=(refused(touches_fgfr=True),)))
    assert (absence.outcome, codes(absence)) == (UNDETERMINED, ["REJECTED_FGFR_RECORD"])
    assert "in1:7" in absence.findings[0].message


def test_a_refused_record_elsewhere_does_not() -> None:
    assert weigh(a_material(an_assay(), rejected=(refused(touches_fgfr=False),))).outcome is NO_MATCH


# ---------------------------------------------------------------------------------------------------- explicit negatives


def test_an_explicit_negative_proves_that_its_assay_looked() -> None:
    blind = an_assay(covers=None)
    negative = a_negative("FGFR2", REARRANGED, assay="in1.as1")
    assert weigh(a_material(blind, negatives=(negative,))).outcome is NO_MATCH
    assert weigh(a_material(blind, negatives=(negative,)), FGFR2, SHORT).outcome is UNDETERMINED
    assert weigh(a_material(blind, negatives=(negative,)), FGFR3).outcome is UNDETERMINED


def test_a_negative_of_any_kind_speaks_for_every_kind() -> None:
    negative = a_negative("FGFR2", None, assay="in1.as1")
    for kind in EventKind:
        assert weigh(a_material(an_assay(covers=None), negatives=(negative,)), FGFR2, kind).outcome is NO_MATCH


def test_a_negative_without_an_assay_speaks_for_its_own_report_only() -> None:
    negative = a_negative(source=a_source(input="in1"))
    own, other = an_assay(covers=None), an_assay(id="in2.as1", covers=None)
    assert weigh(a_material(own, negatives=(negative,))).outcome is NO_MATCH
    assert weigh(a_material(other, negatives=(negative,))).outcome is UNDETERMINED
    assert weigh(a_material(an_assay(id="in10.as1", covers=None), negatives=(negative,))).outcome is UNDETERMINED


def test_a_negative_of_a_test_that_failed_is_none() -> None:
    negative = a_negative(assay="in1.as1")
    assert codes(weigh(a_material(an_assay(qc=AssayQc.FAIL, covers=None), negatives=(negative,)))) == ["ASSAY_FAILED"]


def test_a_negative_about_another_gene_says_nothing_about_ours() -> None:
    assert (
        weigh(a_material(an_assay(covers=None), negatives=(a_negative("FGFR4", None, assay="in1.as1"),))).outcome
        is UNDETERMINED
    )


# ------------------------------------------------------------------------------------------------------ measured copies


def test_a_measured_copy_number_under_the_cut_is_an_answer() -> None:
    absence = weigh_measured(copies_event(), a_material())
    assert (absence.outcome, codes(absence)) == (NO_MATCH, ["MEASURED_BELOW_CUT"])


@pytest.mark.parametrize(
    ("specimen", "code"),
    [
        (a_specimen(kind=SpecimenKind.PLASMA), "PLASMA_NEGATIVE"),
        (a_specimen(tumor_content=0.1), "LOW_TUMOR_CONTENT"),
    ],
)
def test_copies_measured_where_little_tumour_is_are_none(specimen: Any, code: str) -> None:
    absence = weigh_measured(copies_event(evidence(specimen="in1.sp1")), a_material(specimens=(specimen,)))
    assert (absence.outcome, codes(absence)) == (UNDETERMINED, [code])
    assert absence.would_settle


def test_copies_of_an_assay_that_failed_are_none_and_of_one_without_quality_word_are() -> None:
    event = copies_event(evidence(assay="in1.as1"))
    assert codes(weigh_measured(event, a_material(an_assay(qc=AssayQc.FAIL)))) == ["ASSAY_FAILED"]
    assert weigh_measured(event, a_material(an_assay(qc=AssayQc.UNKNOWN))).outcome is NO_MATCH


def test_one_good_measurement_is_enough() -> None:
    specimens = a_specimen(id="in1.sp1", kind=SpecimenKind.PLASMA), a_specimen(id="in2.sp1", tumor_content=0.7)
    event = copies_event(evidence(specimen="in1.sp1"), evidence(input="in2", specimen="in2.sp1"))
    assert weigh_measured(event, a_material(specimens=specimens)).outcome is NO_MATCH


# ---------------------------------------------------------------------------------------------------------- properties

ASSAYS = st.builds(
    an_assay,
    qc=st.sampled_from(AssayQc),
    molecule=st.sampled_from((None, *Molecule)),
    covers=st.sampled_from((None, (), coverage((FGFR2, REARRANGED)), coverage((FGFR2, SHORT), (FGFR3, COPIES)))),
)


@given(assays=st.lists(ASSAYS, max_size=3), is_damaged=st.booleans())
def test_absence_is_never_more_than_no_and_always_has_a_reason(assays: list[Assay], is_damaged: bool) -> None:
    material = a_material(*assays, rejected=(refused(touches_fgfr=True),) if is_damaged else ())
    answers: Mapping[tuple[FgfrGene, EventKind], Absence] = weigh_all(material)
    for answer in answers.values():
        assert answer.outcome in (NO_MATCH, UNDETERMINED)
        assert answer.findings
        assert answer.would_settle or answer.outcome is NO_MATCH


@given(assays=st.lists(ASSAYS, max_size=3), another=ASSAYS)
def test_another_assay_never_makes_a_no_less_sure(assays: list[Assay], another: Assay) -> None:
    before, after = weigh_all(a_material(*assays)), weigh_all(a_material(*assays, another))
    for key, answer in before.items():
        if answer.outcome is NO_MATCH:
            assert after[key].outcome is NO_MATCH
