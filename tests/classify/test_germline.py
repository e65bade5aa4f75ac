"""`fgfr_screen.classify.germline`."""

import pytest

from fgfr_screen.classify.germline import looks_germline
from fgfr_screen.classify.short_variant import classify_short_variant
from fgfr_screen.facts import Verdict
from fgfr_screen.terms import AlterationClass, Origin, Outcome
from tests.classify.test_short_variant import codes, facts_of


def judged(
    text: str,
    *,
    gene: str = "FGFR3",
    origin: Origin = Origin.UNKNOWN,
    vaf: float | None = None,
    normal: bool | None = None,
    germline_assay: bool = False,
    age: float | None = None,
) -> Verdict:
    transcript = {"FGFR2": "NM_000141", "FGFR3": "NM_000142"}[gene]
    return classify_short_variant(
        facts_of(gene, text, transcript),
        origin=origin,
        vaf=vaf,
        has_matched_normal=normal,
        prior_fgfr_inhibitor=None,
        is_germline_assay=germline_assay,
        age_years=age,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("c.1138G>A", "germline_achondroplasia", id="G070"),
        pytest.param("c.1138G>C", "germline_achondroplasia", id="G071"),
        pytest.param("c.1620C>A", "germline_other", id="G072"),
        pytest.param("p.R248C", "germline_other", id="G073"),
        pytest.param("p.K650M", "germline_other", id="SADDAN"),
        pytest.param("p.A391E", "germline_other", id="Crouzon"),
        pytest.param("p.P250R", "germline_other", id="Muenke"),
    ],
)
def test_a_germline_test_names_the_syndrome(text: str, expected: str) -> None:
    verdict = judged(text, germline_assay=True, vaf=0.5)
    assert (verdict.alteration_class.value, verdict.outcome) == (expected, Outcome.MATCH)
    assert "germline material" in verdict.findings[0].message


def test_a_rare_achondroplasia_change_known_from_memory_is_reviewed() -> None:
    verdict = judged("p.G375C", germline_assay=True)
    assert (verdict.alteration_class, verdict.outcome) == (
        AlterationClass.GERMLINE_ACHONDROPLASIA,
        Outcome.REVIEW,
    )
    assert "UNVERIFIED_SOURCE" in codes(verdict)


def test_apert_is_another_germline_change() -> None:
    verdict = judged("p.S252W", gene="FGFR2", germline_assay=True)
    assert verdict.alteration_class is AlterationClass.GERMLINE_OTHER
    assert "Apert" in verdict.findings[0].message


@pytest.mark.parametrize(("text", "expected"), [("p.F384L", "benign"), ("p.S100A", "vus"), ("c.1953G>A", "silent")])
def test_other_germline_changes_follow_the_short_variant_rules(text: str, expected: str) -> None:
    assert judged(text, germline_assay=True).alteration_class.value == expected


@pytest.mark.parametrize("text", ["p.G380R", "p.G375C", "p.N540K", "p.N540T", "p.I538V", "p.P250R"])
@pytest.mark.parametrize("vaf", [0.40, 0.51, 0.60, 0.95])
def test_an_adult_compatible_change_at_a_germline_fraction_is_suspect(text: str, vaf: float) -> None:
    verdict = judged(text, vaf=vaf)
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.GERMLINE_SUSPECT, Outcome.REVIEW)
    assert "matched normal" in verdict.would_settle[0]


@pytest.mark.parametrize("vaf", [None, 0.12, 0.39, 0.75])
def test_another_fraction_is_not_suspect(vaf: float | None) -> None:
    assert judged("p.G380R", vaf=vaf).alteration_class is AlterationClass.ACTIVATING_MUTATION


def test_a_matched_normal_without_the_change_clears_the_suspicion() -> None:
    assert judged("p.G380R", vaf=0.5, normal=True).alteration_class is AlterationClass.ACTIVATING_MUTATION
    assert judged("p.G380R", vaf=0.5, origin=Origin.SOMATIC).alteration_class is AlterationClass.ACTIVATING_MUTATION


def test_a_matched_normal_with_the_change_decides() -> None:
    verdict = judged("p.G380R", vaf=0.5, normal=True, origin=Origin.GERMLINE)
    assert verdict.alteration_class is AlterationClass.GERMLINE_ACHONDROPLASIA


@pytest.mark.parametrize("text", ["p.R248C", "p.S249C", "p.G370C", "p.S371C", "p.Y373C", "p.K650E", "p.K650M"])
def test_a_tumour_hotspot_at_a_germline_fraction_stays_a_tumour_finding(text: str) -> None:
    verdict = judged(text, vaf=0.5)
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.ACTIVATING_MUTATION, Outcome.MATCH)
    assert "VAF_GERMLINE_LIKE" in codes(verdict)


def test_a_low_fraction_leaves_no_remark() -> None:
    assert codes(judged("p.S249C", vaf=0.2)) == ["ACTIVATING_HOTSPOT"]


def test_a_lethal_change_in_the_blood_of_a_tumour_patient_is_a_swap_first() -> None:
    verdict = judged("p.S249C", vaf=0.5, normal=True, origin=Origin.GERMLINE, age=64)
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.ACTIVATING_MUTATION, Outcome.REVIEW)
    assert codes(verdict) == ["SWAP_OR_MOSAIC"]


def test_a_tumour_hotspot_without_a_syndrome_in_germline_material_is_reviewed() -> None:
    verdict = judged("p.C382R", gene="FGFR2", origin=Origin.GERMLINE, normal=True)
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.ACTIVATING_MUTATION, Outcome.REVIEW)
    assert codes(verdict)[-1] == "SWAP_OR_MOSAIC"


def test_the_same_change_in_the_blood_of_a_child_is_inherited() -> None:
    verdict = judged("p.R248C", origin=Origin.GERMLINE, normal=True, age=0.1)
    assert verdict.alteration_class is AlterationClass.GERMLINE_OTHER


def test_an_unknown_fraction_does_not_look_inherited() -> None:
    assert not looks_germline(None)
    assert looks_germline(0.91)
    assert not looks_germline(0.90)
