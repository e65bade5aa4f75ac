"""Clinical facts: closed keys, checked types, nothing inferred from silence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen import clinical
from fgfr_screen.errors import UserFileError
from fgfr_screen.model import ClinicalFacts
from fgfr_screen.terms import Extent

FULL = """\
age_months = 744
sex = "female"
country = "tw"
extent = "metastatic"
resected = true
surgery_date = 2026-01-10
pt = "ypT3"
pn = "N0"
histology_variant = "None"
as_of = "2026-03-01"

[[lines]]
agents = ["Gem/Cis"]
start = 2026-02-01

[[lines]]
agents = ["Pembrolizumab", "pemigatinib"]
"""


def write(folder: Path, text: str) -> Path:
    """Write a clinical file."""
    path = folder / "clinical.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_full_file_is_read_and_normalised(tmp_path: Path) -> None:
    facts = clinical.load_clinical(write(tmp_path, FULL))
    assert (facts.age_months, facts.country, facts.extent) == (744, "TW", Extent.METASTATIC)
    assert (facts.pt, facts.pn, facts.neoadjuvant) == ("ypT3", "pN0", True)
    assert facts.lines is not None
    assert facts.lines[0].agents == ("gemcitabine", "cisplatin")
    assert facts.lines[0].start == "2026-02-01"
    assert facts.histology_variant == "none"
    assert facts.as_of == "2026-03-01"


def test_agents_prove_prior_treatment(tmp_path: Path) -> None:
    facts = clinical.load_clinical(write(tmp_path, FULL))
    assert (facts.prior_pd1, facts.prior_platinum, facts.prior_fgfr_inhibitor) == (True, True, True)


def test_the_echo_shows_what_was_given_and_not_what_follows_from_it(tmp_path: Path) -> None:
    echo = clinical.load_clinical(write(tmp_path, FULL)).to_dict()
    assert set(echo) == {
        "age_months", "sex", "country", "extent", "resected", "surgery_date", "pt", "pn", "histology_variant",
        "as_of", "lines",
    }  # fmt: skip


def test_absence_among_the_agents_says_nothing() -> None:
    facts = clinical.facts_from_mapping({"lines": [{"agents": ["gemcitabine"]}]})
    assert (facts.prior_pd1, facts.prior_platinum, facts.prior_fgfr_inhibitor) == (None, None, None)


def test_no_line_and_lines_not_known_are_different() -> None:
    assert clinical.facts_from_mapping({"lines": []}).lines == ()
    assert clinical.facts_from_mapping({}).lines is None


def test_a_resected_extent_proves_resection() -> None:
    assert clinical.facts_from_mapping({"extent": "resected"}).resected is True


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"prior_pd1": False, "lines": [{"agents": ["nivolumab"]}]}, "prior_pd1"),
        ({"prior_fgfr_inhibitor": False, "lines": [{"agents": ["futibatinib"]}]}, "prior_fgfr_inhibitor"),
        ({"pt": "ypT2", "neoadjuvant": False}, "neoadjuvant"),
        ({"extent": "resected", "resected": False}, "resected"),
        ({"lines": [{"agents": ["cisplatin"], "start": "2026-02-01", "end": "2026-01-01"}]}, "lines"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(values: dict[str, object], key: str) -> None:
    with pytest.raises(UserFileError) as caught:
        clinical.facts_from_mapping(values)
    assert caught.value.reason.startswith(f"{key}: ")


def test_an_unknown_key_names_file_line_and_the_nearest_key(tmp_path: Path) -> None:
    path = write(tmp_path, 'sex = "male"\nage_month = 7\n')
    with pytest.raises(UserFileError) as caught:
        clinical.load_clinical(path)
    assert (caught.value.exit_code, caught.value.path, caught.value.line) == (2, str(path), 2)
    assert "age_month" in caught.value.reason
    assert "age_months" in caught.value.remedy


def test_an_unknown_key_of_a_line_is_found_in_its_own_table(tmp_path: Path) -> None:
    path = write(tmp_path, '[[lines]]\nagents = ["a"]\n[[lines]]\nagents = ["b"]\nstar = 2026-01-01\n')
    with pytest.raises(UserFileError) as caught:
        clinical.load_clinical(path)
    assert caught.value.line == 5
    assert "'start'" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "age_months = -1",
        'age_months = "60"',
        'sex = "f"',
        'country = "Taiwan"',
        'extent = "spread"',
        'pt = "T7"',
        'pn = "yes"',
        'resected = "yes"',
        "surgery_date = 2026",
        "lines = [{ agents = [1] }]",
        "lines = [{}]",
        "sex = ",
        'sex = "male"\nsex = "male"',
    ],
)
def test_a_wrong_value_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserFileError) as caught:
        clinical.load_clinical(write(tmp_path, text))
    assert caught.value.line is not None


def test_a_missing_file_and_a_file_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFileError, match="cannot be read"):
        clinical.load_clinical(tmp_path / "none.toml")
    path = tmp_path / "latin1.toml"
    path.write_bytes('histology_variant = "é"'.encode("latin-1"))
    with pytest.raises(UserFileError, match="UTF-8"):
        clinical.load_clinical(path)


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbfage_months = 3\n")
    assert clinical.load_clinical(path).age_months == 3


@pytest.mark.parametrize("written", ["TX", "pNX", "ypTx"])
def test_a_stage_that_was_not_assessed_is_not_known(written: str) -> None:
    key = "pt" if "T" in written else "pn"
    assert getattr(clinical.facts_from_mapping({key: written}), key) is None


def test_a_report_completes_the_users_facts() -> None:
    stated = clinical.facts_from_mapping({"sex": "male"})
    merged, findings = clinical.merge_clinical(stated, [("in1", {"age_months": 60, "sex": None})])
    assert (merged.sex, merged.age_months, findings) == ("male", 60, ())


def test_the_users_value_wins_and_the_conflict_is_told() -> None:
    stated = clinical.facts_from_mapping({"prior_fgfr_inhibitor": True})
    merged, findings = clinical.merge_clinical(stated, [("in1", {"prior_fgfr_inhibitor": False})])
    assert merged.prior_fgfr_inhibitor is True
    assert [finding.code for finding in findings] == ["CLINICAL_CONFLICT"]


def test_reports_that_disagree_leave_the_fact_unknown_whatever_their_order() -> None:
    reports = [("in1", {"sex": "male"}), ("in2", {"sex": "female"})]
    merged, findings = clinical.merge_clinical(ClinicalFacts(), reports)
    assert merged.sex is None
    assert clinical.merge_clinical(ClinicalFacts(), reversed(reports)) == (merged, findings)


def test_a_report_that_contradicts_recorded_agents_is_told_and_not_used() -> None:
    stated = clinical.facts_from_mapping({"lines": [{"agents": ["pemigatinib"]}]})
    merged, findings = clinical.merge_clinical(stated, [("in1", {"prior_fgfr_inhibitor": False})])
    assert merged == stated
    assert [finding.code for finding in findings] == ["CLINICAL_CONFLICT"]


def test_a_value_of_a_report_that_cannot_be_used_is_told() -> None:
    merged, findings = clinical.merge_clinical(ClinicalFacts(), [("in1", {"age_months": "old", "sex": "male"})])
    assert (merged.age_months, merged.sex) == (None, "male")
    assert [finding.code for finding in findings] == ["CLINICAL_REPORT_VALUE"]


def test_the_echo_of_derived_stage_facts_reads_back_to_the_same_facts() -> None:
    facts = clinical.facts_from_mapping({"pt": "ypT3", "lines": [{"agents": ["FOLFOX"]}]})
    assert clinical.facts_from_mapping(facts.to_dict()) == facts


@given(st.dictionaries(st.sampled_from(clinical.KEYS), st.one_of(st.none(), st.booleans(), st.integers(), st.text())))
def test_any_mapping_gives_facts_or_our_error(values: dict[str, object]) -> None:
    try:
        facts = clinical.facts_from_mapping(values)
    except UserFileError:
        return
    assert clinical.facts_from_mapping(facts.to_dict()) == facts
