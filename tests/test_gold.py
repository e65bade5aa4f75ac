"""The 80 gold cases one by one, and the fixtures against the words of the gold table."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgfr_screen.terms import Frame
from tests.gold import CLASSES, FIXTURES, KINDS, VERDICTS, Case, answer, load_cases, main, screen_case

TABLE = Path(__file__).parents[2] / "shared" / "knowledge" / "gold_cases.tsv"
CASES = {case.id: case for case in load_cases()}
POSITION = re.compile(r"\b\d{1,2}:(\d{6,9})(?:-(\d{6,9}))?")
CHANGE = re.compile(r"p\.([A-Z]\d+(?:_[A-Z]\d+)?(?:[A-Z*]|del))")
ROW_FRAMES = {"yes": Frame.IN_FRAME, "no": Frame.OUT_OF_FRAME, "unknown": Frame.UNKNOWN}


def text_of(case: Case) -> str:
    return "".join((FIXTURES / name).read_text(encoding="utf-8") for name in case.files)


@pytest.mark.parametrize("case_id", CASES)
def test_case_answers_as_the_gold_table_expects(case_id: str) -> None:
    assert answer(CASES[case_id]).differences == ()


def test_all_80_cases_are_there() -> None:
    assert list(CASES) == [f"G{number:03}" for number in range(1, 81)]


def test_every_file_belongs_to_one_case() -> None:
    used = sorted(name for case in CASES.values() for name in case.files)
    assert used == sorted(path.name for path in FIXTURES.iterdir() if path.name != "cases.toml")


@pytest.mark.skipif(not TABLE.exists(), reason="the gold table is not beside the project")
def test_cases_repeat_the_gold_table_word_for_word() -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    columns = ("case_id", "kind", "gene", "event", "expected_class", "expected_verdict", "expected_program")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        (case.id, case.kind, case.gene, case.event, case.gold_class, case.gold_verdict, case.gold_program)
        for case in CASES.values()
    ]
    codes = {row["case_id"]: row["tumor_code"] for row in rows}
    assert {case.id: case.tumor_type for case in CASES.values() if case.tumor_type != codes[case.id]} == {
        "G070": "achondroplasia",
        "G071": "achondroplasia",
        "G072": None,
        "G073": None,
        "G074": "achondroplasia",
    }


def test_every_word_of_the_gold_vocabulary_is_used() -> None:
    assert {case.gold_class.removeprefix(f"{case.gene}_") for case in CASES.values()} == set(CLASSES)
    assert {case.kind for case in CASES.values()} == set(KINDS)
    assert {case.gold_verdict for case in CASES.values()} == set(VERDICTS)


def stated_positions(case: Case) -> Iterator[int]:
    for found in POSITION.finditer(case.event):
        yield from (int(number) for number in found.groups() if number is not None)


@pytest.mark.parametrize("case_id", [case.id for case in CASES.values() if any(stated_positions(case))])
def test_every_position_of_the_row_stands_in_its_file(case_id: str) -> None:
    numbers = {int(number) for number in re.findall(r"\d+", text_of(CASES[case_id]))}
    for position in stated_positions(CASES[case_id]):
        # A symbolic allele names the base before the side that keeps RIGHT.
        assert numbers & {position, position - 1}, position


@pytest.mark.parametrize(
    "case_id", [case.id for case in CASES.values() if case.kind == "snv" and case.files[0].endswith(".vcf")]
)
def test_alleles_of_a_vcf_are_the_protein_changes_of_the_row(case_id: str) -> None:
    case = CASES[case_id]
    events = screen_case(case).events
    assert sorted(event.protein_change or "" for event in events) == sorted(CHANGE.findall(case.event))


@pytest.mark.parametrize("case_id", [case.id for case in CASES.values() if "in_frame=" in case.event])
def test_our_frame_is_the_frame_of_the_row(case_id: str) -> None:
    case = CASES[case_id]
    stated = re.search(r"in_frame=(\w+)", case.event)
    assert stated is not None
    assert [event.frame for event in screen_case(case).events] == [ROW_FRAMES[stated[1]]]


def test_rna_upgrades_the_intergenic_dna_break_and_both_stay_as_evidence() -> None:
    (event,) = screen_case(CASES["G025"]).events
    assert {line.molecule for line in event.evidence} == {"DNA", "RNA"}
    assert "RNA_UPGRADES_INTERGENIC" in [finding.code for finding in event.findings]


def test_both_products_of_the_balanced_pair_stay_as_evidence() -> None:
    (event,) = screen_case(CASES["G019"]).events
    assert len({line.line for line in event.evidence}) == 2


def test_runner_prints_every_case_and_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    status = main()
    lines = capsys.readouterr().out.splitlines()
    good = sum(line.endswith("\tok") for line in lines[1:-1])
    assert [line.split("\t")[0] for line in lines[1:-1]] == list(CASES)
    assert lines[-1] == f"gold {good}/80"
    assert status == (0 if good == 80 else 1)


def test_runner_is_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.gold"], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1].startswith("gold ")
