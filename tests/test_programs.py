"""Programmes: the files, their examples, the evaluation, and the curated cases of the shared knowledge."""

import csv
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen import clinical, criteria, diseases, program_files, programs
from fgfr_screen.errors import UserFileError
from fgfr_screen.model import ClinicalFacts, Event, EventEnd, Finding, TumorType
from fgfr_screen.terms import AlterationClass, EventKind, FgfrGene, Mark, Outcome, ProgramStatus, best, worst

ROOT = Path(__file__).parents[1]
PROGRAM_FOLDER = ROOT / "data" / "programs"
GOLD = ROOT.parent / "shared" / "knowledge" / "gold_cases.tsv"
SHEET = ROOT.parent / "shared" / "knowledge" / "programs.tsv"
FAMILIES = ("CCA_FGFR2", "GC_FGFR2_AMP", "SOLID_FGFR", "UC_FGFR3", "ACH_FGFR3")

PROGRAMS = {program.id: program for program in program_files.load_directory(PROGRAM_FOLDER)}
PEMI = PROGRAMS["CCA_FGFR2_PEMI"]
TREATED = clinical.facts_from_mapping(
    {"age_months": 700, "extent": "metastatic", "lines": [{"agents": ["gemcitabine"]}], "prior_fgfr_inhibitor": False}
)
ICC = diseases.tumor_type("IHCH")

MINIMAL = """\
id = "MINE"
family = "CCA_FGFR2"
title = "Mine"
drug = "x"
status = "open"
reviewed = 2026-11-22
sources = ["protocol"]

[[genomic]]
gene = ["FGFR2"]
alteration_class = ["fusion"]
outcome = "match"
why = "fusion"

[tumor_type]
match = ["CHOL"]

[[clinical]]
criterion = "age_between"
min_months = 216

[[examples]]
name = "yes"
outcome = "match"

[examples.given]
gene = "FGFR2"
alteration_class = "fusion"
tumor_type = "CHOL"

[examples.given.clinical]
age_months = 300
"""


def an_event(**changes: Any) -> Event:
    """Build an FGFR2::BICC1 fusion with changes."""
    fusion = Event(
        id="e1",
        kind=EventKind.REARRANGEMENT,
        gene=FgfrGene.FGFR2,
        alteration_class=AlterationClass.FUSION,
        outcome=Outcome.MATCH,
        name="FGFR2::BICC1",
        five_prime=EventEnd(gene="FGFR2"),
        three_prime=EventEnd(gene="BICC1"),
    )
    return msgspec.structs.replace(fusion, **changes)


def excluded(_gene: FgfrGene, _kind: EventKind) -> programs.AbsenceAnswer:
    """Answer that a suitable test excluded everything else."""
    return Outcome.NO_MATCH, (), ()


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    """Write a programme file and return its folder."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder


# ------------------------------------------------------------------------------------------------------------- files


def test_every_packaged_programme_is_correct_and_its_examples_hold() -> None:
    assert program_files.check_programs(PROGRAM_FOLDER) == ()


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.id)
def test_every_programme_shows_two_answers_and_names_its_file_by_its_id(program: programs.Program) -> None:
    outcomes = {example.outcome for example in program.examples}
    assert len(outcomes) > 1
    assert Outcome.MATCH in outcomes or program.genomic_not_decidable
    assert (PROGRAM_FOLDER / f"{program.id.lower().replace('_', '-')}.toml").is_file()


def test_every_row_of_the_programme_sheet_is_packaged() -> None:
    if not SHEET.is_file():
        pytest.skip("shared knowledge is not beside the project")
    with SHEET.open(encoding="utf-8") as handle:
        rows = {row["program_id"]: row for row in csv.DictReader(handle, delimiter="\t")}
    assert set(PROGRAMS) == set(rows)
    assert {name: program.family for name, program in PROGRAMS.items()} == {
        name: row["family"] for name, row in rows.items()
    }


def test_compiled_programmes_are_those_of_the_files_without_examples() -> None:
    packed = program_files.compile_directory(PROGRAM_FOLDER)
    unpacked = msgspec.msgpack.decode(packed, type=tuple[programs.Program, ...])
    assert unpacked == tuple(msgspec.structs.replace(program, examples=()) for program in PROGRAMS.values())


def test_the_package_carries_the_programmes_of_the_folder() -> None:
    assert [program.id for program in programs.load_builtin()] == sorted(PROGRAMS)


def test_a_wrong_key_names_file_line_and_the_nearest_key(tmp_path: Path) -> None:
    path = write(tmp_path, MINIMAL.replace("min_months", "min_month")) / "mine.toml"
    with pytest.raises(UserFileError) as caught:
        program_files.load_program(path)
    assert (caught.value.path, caught.value.line, caught.value.exit_code) == (str(path), 20, 2)
    assert "clinical[0].min_month" in caught.value.reason
    assert "'min_months'" in caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"age_between"', '"age_betwen"', 19),
        ('status = "open"', 'status = "opened"', 5),
        ('gene = ["FGFR2"]\nalt', 'gene = ["FGFR4"]\nalt', 10),
        ('outcome = "match"\nwhy', 'outcome = "no_match"\nwhy', 12),
        ("reviewed = 2026-11-22", 'reviewed = "yesterday"', 6),
        ('match = ["CHOL"]', 'match = ["bile duct"]', 16),
        ('sources = ["protocol"]', "sources = []", 7),
        ('alteration_class = ["fusion"]\nout', 'alteration_class = ["not_assessable"]\nout', 9),
    ],
)
def test_a_wrong_value_names_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert old in MINIMAL
    with pytest.raises(UserFileError) as caught:
        program_files.load_directory(write(tmp_path, MINIMAL.replace(old, new)))
    assert caught.value.line == line


def test_a_misspelt_criterion_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UserFileError) as caught:
        program_files.load_directory(write(tmp_path, MINIMAL.replace('"age_between"', '"age_betwen"')))
    assert "age_between" in caught.value.remedy


def test_a_programme_must_say_what_it_takes(tmp_path: Path) -> None:
    text = re.sub(r"\[\[genomic\]\].*?\n\n", "", MINIMAL, flags=re.DOTALL)
    with pytest.raises(UserFileError, match="genomic"):
        program_files.load_directory(write(tmp_path, text))


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFileError) as caught:
        program_files.load_directory(write(tmp_path, MINIMAL), taken=("MINE",))
    assert (caught.value.code, caught.value.line) == ("PROGRAM_DUPLICATE", 1)
    write(tmp_path, MINIMAL, "second.toml")
    with pytest.raises(UserFileError, match="PROGRAM_DUPLICATE"):
        program_files.load_directory(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFileError, match="not a folder"):
        program_files.load_directory(tmp_path / "none")


def test_a_correct_user_file_passes_the_check(tmp_path: Path) -> None:
    assert program_files.check_programs(write(tmp_path, MINIMAL)) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('outcome = "match"\n\n[examples', 'outcome = "review"\n\n[examples', "PROGRAM_EXAMPLE_FAILED"),
        ("age_months = 300", 'sex = "x"', "PROGRAM_EXAMPLE_FAILED"),
        ('match = ["CHOL"]', 'match = ["CHOL", "NOWHERE"]', "PROGRAM_TUMOR_CODE"),
        ('drug = "x"', 'drugs = "x"', "USER_FILE"),
    ],
)
def test_the_check_reports_what_is_wrong(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in MINIMAL
    problems = program_files.check_programs(write(tmp_path, MINIMAL.replace(old, new)))
    assert [problem.code for problem in problems] == [code]
    assert problems[0].line is not None


def test_the_check_goes_on_after_a_bad_file_and_finds_duplicates_and_missing_examples(tmp_path: Path) -> None:
    write(tmp_path, "id = ", "a.toml")
    write(tmp_path, MINIMAL.partition("[[examples]]")[0], "b.toml")
    write(tmp_path, MINIMAL, "c.toml")
    codes = [problem.code for problem in program_files.check_programs(tmp_path)]
    assert codes == ["USER_FILE", "PROGRAM_NO_EXAMPLE", "PROGRAM_DUPLICATE"]


def test_the_example_of_the_documentation_is_a_correct_programme(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 1
    assert program_files.check_programs(write(tmp_path, blocks[0])) == ()


def test_the_documentation_lists_every_criterion_with_its_keys() -> None:
    text = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, flags=re.MULTILINE))
    documented = {name: set(re.findall(r"`(\w+)`", keys)) for name, keys in rows.items() if name != "criterion"}
    shared = set(criteria.CriterionBase.__struct_fields__)
    vocabulary = {
        str(kind.__struct_config__.tag): set(kind.__struct_fields__) - shared for kind in criteria.Criterion.__args__
    }
    assert documented == vocabulary


# -------------------------------------------------------------------------------------------------------- evaluation


def test_the_three_answers_are_apart_and_the_worst_is_the_outcome() -> None:
    result = programs.evaluate(PEMI, (an_event(),), diseases.tumor_type("GBC"), ClinicalFacts(), excluded)
    assert (result.genomic, result.tumor_type, result.clinical) == (
        Outcome.MATCH,
        Outcome.NO_MATCH,
        Outcome.UNDETERMINED,
    )
    assert result.outcome is Outcome.NO_MATCH
    assert {"age_months", "extent", "lines"} <= set(result.missing)


def test_a_match_names_its_event() -> None:
    result = programs.evaluate(PEMI, (an_event(),), ICC, TREATED, excluded)
    assert (result.outcome, result.event_ids) == (Outcome.MATCH, ("e1",))
    assert "GENOMIC_NAMED" in {finding.code for finding in result.findings}


@pytest.mark.parametrize("status", list(ProgramStatus))
def test_the_status_never_changes_an_outcome(status: ProgramStatus) -> None:
    program = msgspec.structs.replace(PEMI, status=status)
    assert programs.evaluate(program, (an_event(),), ICC, TREATED, excluded).outcome is Outcome.MATCH


def test_an_event_is_worth_no_more_than_itself() -> None:
    event = an_event(outcome=Outcome.REVIEW, would_settle=("RNA",))
    result = programs.evaluate(PEMI, (event,), ICC, TREATED, excluded)
    assert (result.genomic, result.would_settle) == (Outcome.REVIEW, ("RNA",))


def test_the_best_event_counts() -> None:
    vus = an_event(
        id="e2", alteration_class=AlterationClass.VUS, kind=EventKind.SHORT_VARIANT, outcome=Outcome.NO_MATCH
    )
    result = programs.evaluate(PEMI, (vus, an_event()), ICC, TREATED, excluded)
    assert (result.genomic, result.event_ids) == (Outcome.MATCH, ("e1",))


def test_without_tests_the_genomic_answer_is_undetermined_and_says_what_would_settle_it() -> None:
    result = programs.evaluate(PEMI, (), ICC, TREATED, {})
    assert (result.genomic, result.genomic_events) == (Outcome.UNDETERMINED, Outcome.NO_MATCH)
    assert result.would_settle == ("a test that covers FGFR2 rearrangement",)


def test_a_suitable_negative_test_is_no_match_and_its_reasons_are_told() -> None:
    reason = Finding(code="DNA_ONLY_NEGATIVE", message="DNA only")
    absence = {(FgfrGene.FGFR2, EventKind.REARRANGEMENT): (Outcome.NO_MATCH, (reason,), ("RNA",))}
    result = programs.evaluate(PEMI, (), ICC, TREATED, absence)
    assert result.genomic is Outcome.NO_MATCH
    assert reason in result.findings


def test_absence_of_another_kind_does_not_speak_for_the_programme() -> None:
    absence = {(FgfrGene.FGFR2, EventKind.SHORT_VARIANT): (Outcome.NO_MATCH, (), ())}
    assert programs.evaluate(PEMI, (), ICC, TREATED, absence).genomic is Outcome.UNDETERMINED


def test_an_event_that_cannot_be_assessed_leaves_its_kind_open() -> None:
    event = an_event(alteration_class=AlterationClass.NOT_ASSESSABLE, outcome=Outcome.UNDETERMINED)
    assert programs.evaluate(PEMI, (event,), ICC, TREATED, excluded).genomic is Outcome.UNDETERMINED
    other = an_event(
        alteration_class=AlterationClass.NOT_ASSESSABLE, outcome=Outcome.UNDETERMINED, kind=EventKind.SHORT_VARIANT
    )
    assert programs.evaluate(PEMI, (other,), ICC, TREATED, excluded).genomic is Outcome.NO_MATCH


@pytest.mark.parametrize("tumor", [None, TumorType(text="something")])
def test_an_unknown_tumour_type_is_undetermined_and_missing(tumor: TumorType | None) -> None:
    result = programs.evaluate(PEMI, (an_event(),), tumor, TREATED, excluded)
    assert result.tumor_type is Outcome.UNDETERMINED
    assert result.missing == ("tumor_type",)


@pytest.mark.parametrize(
    ("program_id", "tumor", "expected"),
    [
        ("CCA_FGFR2_PEMI", "CHOL", Outcome.MATCH),
        ("CCA_FGFR2_PEMI", "EHCH", Outcome.MATCH),
        ("CCA_FGFR2_PEMI", "HCCIHCH", Outcome.REVIEW),
        ("CCA_FGFR2_PEMI", "IPN", Outcome.NO_MATCH),
        ("CCA_FGFR2_PEMI", "GBAD", Outcome.NO_MATCH),
        ("CCA_FGFR2_PEMI", "PAMPCA", Outcome.NO_MATCH),
        ("CCA_FGFR2_PEMI", "BILIARY_TRACT", Outcome.UNDETERMINED),
        ("CCA_FGFR2_PEMI", "solid tumor", Outcome.UNDETERMINED),
        ("CCA_FGFR2_DERA", "CHOL", Outcome.REVIEW),
        ("CCA_FGFR2_DERA", "PHCH", Outcome.NO_MATCH),
        ("GC_FGFR2_AMP", "SSRCC", Outcome.MATCH),
        ("GC_FGFR2_AMP", "EGC", Outcome.MATCH),
        ("GC_FGFR2_AMP", "ESCA", Outcome.REVIEW),
        ("GC_FGFR2_AMP", "STSC", Outcome.REVIEW),
        ("GC_FGFR2_AMP", "ESCC", Outcome.NO_MATCH),
        ("GC_FGFR2_AMP", "STOMACH", Outcome.UNDETERMINED),
        ("SOLID_FGFR", "GBC", Outcome.MATCH),
        ("SOLID_FGFR", "solid tumor", Outcome.MATCH),
        ("SOLID_FGFR", "IHCH", Outcome.REVIEW),
        ("SOLID_FGFR", "DSTAD", Outcome.REVIEW),
        ("SOLID_FGFR", "MM", Outcome.NO_MATCH),
        ("SOLID_FGFR", "achondroplasia", Outcome.NO_MATCH),
        ("UC_FGFR3_LABEL", "尿路上皮癌", Outcome.MATCH),
        ("UC_FGFR3_LABEL", "BLADDER", Outcome.UNDETERMINED),
        ("UC_FGFR3_PROOF302", "SRCBC", Outcome.NO_MATCH),
        ("UC_FGFR3_PROOF302", "UCU", Outcome.REVIEW),
        ("ACH_FGFR3_PROPEL3", "hypochondroplasia", Outcome.NO_MATCH),
        ("ACH_FGFR3_PROPEL3", "solid tumor", Outcome.NO_MATCH),
        ("MLN_FGFR1_PEMI", "MYELOID", Outcome.UNDETERMINED),
    ],
)
def test_the_nearest_named_ancestor_decides_the_tumour_type(program_id: str, tumor: str, expected: Outcome) -> None:
    result = programs.evaluate(PROGRAMS[program_id], (), diseases.tumor_type(tumor), ClinicalFacts(), excluded)
    assert result.tumor_type is expected


def test_an_unverified_tumour_rule_never_goes_below_review() -> None:
    program = msgspec.structs.replace(PEMI, tumor_type=msgspec.structs.replace(PEMI.tumor_type, unverified=True))
    assert programs.evaluate(program, (), diseases.tumor_type("LUAD"), TREATED, excluded).tumor_type is Outcome.REVIEW


def test_a_recorded_achondroplasia_is_the_diagnosis_where_no_tumour_type_is_given() -> None:
    facts = ClinicalFacts(clinical_achondroplasia=True)
    assert programs.evaluate(PROGRAMS["ACH_FGFR3_PROPEL"], (), None, facts, excluded).tumor_type is Outcome.MATCH
    assert programs.evaluate(PEMI, (), None, facts, excluded).tumor_type is Outcome.UNDETERMINED


def test_a_question_about_rna_is_never_answered_by_dna() -> None:
    result = programs.evaluate(PROGRAMS["UC_FGFR_ROGA"], (), diseases.tumor_type("BLCA"), ClinicalFacts(), excluded)
    assert result.genomic is Outcome.UNDETERMINED


def test_skipping_missing_facts_leaves_stated_ones_to_decide() -> None:
    facts = ClinicalFacts(prior_fgfr_inhibitor=True)
    assert programs.evaluate_stated(PEMI, (an_event(),), ICC, ClinicalFacts()).outcome is Outcome.MATCH
    assert programs.evaluate_stated(PEMI, (an_event(),), ICC, facts).outcome is Outcome.REVIEW


@given(st.sampled_from(sorted(PROGRAMS)), st.sampled_from(list(AlterationClass)), st.sampled_from(list(Outcome)))
def test_the_outcome_is_never_better_than_a_part_and_more_events_never_lower_it(
    program_id: str, name: AlterationClass, outcome: Outcome
) -> None:
    program = PROGRAMS[program_id]
    event = an_event(id="e9", alteration_class=name, outcome=outcome)
    alone = programs.evaluate(program, (an_event(),), ICC, TREATED, excluded)
    both = programs.evaluate(program, (an_event(), event), ICC, TREATED, excluded)
    assert both.genomic.rank >= alone.genomic.rank
    assert both.outcome.rank == min(part.rank for part in (both.genomic, both.tumor_type, both.clinical))


@pytest.mark.parametrize("name", ["benign", "vus", "loss_of_function", "resistance_mutation", "copy_number_gain"])
def test_a_cholangiocarcinoma_programme_takes_no_such_event(name: str) -> None:
    event = an_event(alteration_class=AlterationClass(name), kind=EventKind.SHORT_VARIANT, outcome=Outcome.MATCH)
    answers = {
        programs.evaluate(program, (event,), ICC, TREATED, excluded).genomic
        for program in PROGRAMS.values()
        if program.family == "CCA_FGFR2"
    }
    assert answers == {Outcome.NO_MATCH}


# ------------------------------------------------------------------------------------------- many patients in a row


_EVENTS = st.builds(
    an_event,
    id=st.sampled_from(("e1", "e2", "e3")),
    kind=st.sampled_from(EventKind),
    gene=st.sampled_from(FgfrGene),
    alteration_class=st.sampled_from(AlterationClass),
    outcome=st.sampled_from(Outcome),
    name=st.sampled_from(("", "FGFR2::BICC1")),
    marks=st.lists(st.sampled_from(Mark), max_size=2).map(tuple),
    protein_change=st.sampled_from((None, "S249C", "p.(G380R)", "p.N549K", "p.V564F")),
    three_prime=st.sampled_from((None, EventEnd(gene="BICC1"), EventEnd(gene="TACC3"))),
    would_settle=st.sampled_from(((), ("RNA",))),
)
_REASON = Finding(code="DNA_ONLY_NEGATIVE", message="DNA only")
_ABSENCES = st.dictionaries(
    st.tuples(st.sampled_from(FgfrGene), st.sampled_from(EventKind)),
    st.sampled_from(((Outcome.NO_MATCH, (), ()), (Outcome.UNDETERMINED, (_REASON,), ("RNA", "FISH")))),
)
_PATIENTS = st.tuples(
    st.lists(_EVENTS, max_size=3).map(tuple),
    st.sampled_from((None, ICC, diseases.tumor_type("BLCA"), diseases.tumor_type("achondroplasia"))),
    st.sampled_from((ClinicalFacts(), TREATED, ClinicalFacts(clinical_achondroplasia=True))),
    _ABSENCES | st.sampled_from(({}, {(FgfrGene.FGFR2, EventKind.REARRANGEMENT): (Outcome.NO_MATCH, (), ())})),
)


@given(st.lists(_PATIENTS, min_size=1, max_size=6), st.sampled_from((1, 2, programs.KEPT)))
def test_a_weigher_answers_every_patient_like_evaluate_whatever_it_keeps_from_those_before(
    patients: list[Any], kept: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "KEPT", kept)
        weigher = programs.Weigher(PROGRAMS.values())
        for events, tumor, facts, absence in (*patients, *patients):
            expected = tuple(programs.evaluate(program, events, tumor, facts, absence) for program in PROGRAMS.values())
            assert weigher.weigh(events, tumor, facts, absence) == expected
            assert max(len(weigher._parts), len(weigher._eventless)) <= kept


def test_an_answer_that_no_event_concerns_is_weighed_once() -> None:
    weigher = programs.Weigher(PROGRAMS.values())
    achondroplasia = [at for at, name in enumerate(PROGRAMS) if name.startswith("ACH_")]
    fused, bare = (weigher.weigh(events, ICC, TREATED, {}) for events in ((an_event(),), ()))
    assert all(fused[at] is bare[at] for at in achondroplasia)
    assert fused != bare


def test_outcomes_are_ranked_as_they_are_ordered() -> None:
    assert [outcome.rank for outcome in Outcome] == [0, 1, 2, 3]
    assert (worst(*Outcome), best(*Outcome)) == (Outcome.NO_MATCH, Outcome.MATCH)
    assert (worst(), best()) == (Outcome.MATCH, Outcome.NO_MATCH)
    assert msgspec.json.decode(b'"review"', type=Outcome).rank == Outcome.REVIEW.rank


# ----------------------------------------------------------------------------------------------------- curated cases

_CLASS_OF = {
    "FUSION": ("fusion", "match"),
    "REARRANGEMENT": ("rearrangement", "match"),
    "RE_REVIEW": ("other_structural_variant", "review"),
    "RE_NOT_QUALIFYING": ("other_structural_variant", "no_match"),
    "AMP": ("amplification", "match"),
    "AMP_REVIEW": ("copy_number_gain", "review"),
    "AMP_PARTIAL": ("partial_amplification", "match"),
    "CN_NOT_AMP": ("copy_number_gain", "no_match"),
    "ACTIVATING_MUT": ("activating_mutation", "match"),
    "ACTIVATING_OTHER": ("activating_mutation", "match"),
    "SUSCEPTIBLE_MUT": ("activating_mutation", "match"),
    "RESISTANCE_MUT": ("resistance_mutation", "match"),
    "EID": ("extracellular_deletion", "match"),
    "DELTA_E18_MUT": ("exon18_truncation", "match"),
    "LOF_OR_VUS": ("loss_of_function", "no_match"),
    "VUS": ("vus", "no_match"),
    "NOT_ACTIVATING": ("vus", "no_match"),
    "BENIGN": ("benign", "no_match"),
    "GERMLINE_ACH": ("germline_achondroplasia", "match"),
    "GERMLINE_HCH": ("germline_other", "match"),
    "GERMLINE_TD": ("germline_other", "match"),
    "GERMLINE_SUSPECT": ("germline_suspect", "review"),
    "ASSESSABLE": ("not_assessable", "undetermined"),
}
_MANE = {"G372C": "G370C", "Y375C": "Y373C", "K652E": "K650E"}
_KIND = {"sv": EventKind.REARRANGEMENT, "cn": EventKind.COPY_NUMBER, "snv": EventKind.SHORT_VARIANT}
_VERDICT = {"qualifies": Outcome.MATCH, "review": Outcome.REVIEW, "no": Outcome.NO_MATCH}
_STATED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("prior gem/cis", {"lines": [{"agents": ["gemcitabine", "cisplatin"]}]}),
    ("1L", {"lines": [{"agents": ["a"]}]}),
    ("2L", {"lines": [{"agents": ["a"]}, {"agents": ["b"]}]}),
    ("3L", {"lines": [{"agents": ["a"]}, {"agents": ["b"]}, {"agents": ["c"]}]}),
    ("FGFRi-naive", {"prior_fgfr_inhibitor": False}),
    ("on pemigatinib", {"prior_fgfr_inhibitor": True}),
    ("mUC after PD-1", {"extent": "metastatic", "lines": [{"agents": ["pembrolizumab"]}]}),
    ("mUC", {"extent": "metastatic"}),
    ("adjuvant", {"resected": True}),
    ("ypT3", {"pt": "ypT3"}),
    ("neonate", {"age_months": 0}),
    ("ACH", {"clinical_achondroplasia": True}),
)


def gold_rows() -> list[dict[str, str]]:
    """Read the curated cases, none where the shared knowledge is absent."""
    if not GOLD.is_file():
        return []
    with GOLD.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def gold_facts(context: str) -> ClinicalFacts:
    """Turn the words of a context into facts."""
    values: dict[str, Any] = {}
    for words, facts in _STATED:
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", context):
            values = {**facts, **values}
    years = re.search(r"\bage (\d+)", context)
    if years is not None:
        values["age_months"] = 12 * int(years[1])
    return clinical.facts_from_mapping(values)


def gold_event(row: dict[str, str]) -> Event:
    """Build the least event that has the expected class, at the best outcome that the class allows."""
    word = row["expected_class"].split("_", 1)[1]
    name, outcome = _CLASS_OF[word]
    if row["case_id"] == "G026":  # FISH break-apart: a rearrangement that is itself a case for review
        outcome = "review"
    change = re.search(r"p\.([A-Z]\d+[A-Z*])", row["event"])
    partner = re.search(r"TACC3|BAIAP2L1|BICC1|TACC1", row["event"])
    return an_event(
        gene=FgfrGene(row["gene"]),
        kind=_KIND[row["kind"]],
        alteration_class=AlterationClass(name),
        outcome=Outcome(outcome),
        five_prime=EventEnd(gene=row["gene"]),
        three_prime=EventEnd(gene=partner[0]) if partner else None,
        protein_change=_MANE.get(change[1], change[1]) if change else None,
    )


def family_outcome(row: dict[str, str], family: str) -> Outcome:
    """Return the best answer of a family by stated facts."""
    tumor = None if row["tumor_code"] == "-" else diseases.tumor_type(row["tumor_code"])
    facts = gold_facts(row["context"])
    family_programs = [program for program in PROGRAMS.values() if program.family == family]
    return best(
        *(programs.evaluate_stated(program, (gold_event(row),), tumor, facts).outcome for program in family_programs)
    )


@pytest.mark.parametrize("row", gold_rows(), ids=lambda row: row["case_id"])
def test_a_curated_case_reaches_its_verdict_in_its_family(row: dict[str, str]) -> None:
    verdict = _VERDICT[row["expected_verdict"]]
    if row["expected_program"] == "-":
        assert {family_outcome(row, family) for family in FAMILIES} == {Outcome.NO_MATCH}
    else:
        assert family_outcome(row, row["expected_program"]) is verdict


def test_the_curated_cases_are_complete_where_they_are_present() -> None:
    if not GOLD.is_file():
        pytest.skip("shared knowledge is not beside the project")
    assert len(gold_rows()) == 80
