"""Names, birth dates and record numbers that stand in a report reach no output, log or error."""

import logging
from pathlib import Path

import pytest

from fgfr_screen.errors import FgfrScreenError
from fgfr_screen.screen import screen_sample, to_json
from tests.conftest import Session
from tests.report_emitters import EMITTERS, PLANTED, Patient

PATIENTS = {"positive": Patient(), "negative": Patient(fusion=False, copies=2.0, hotspot=False)}


def written(folder: Path, name: str, patient: Patient) -> Path:
    path = folder / f"report{EMITTERS[name].suffix}"
    path.write_bytes(EMITTERS[name].write(patient))
    return path


def planted_in(text: str) -> list[str]:
    return [word for word in PLANTED if word.lower() in text.lower()]


@pytest.mark.parametrize("patient", PATIENTS)
@pytest.mark.parametrize("name", EMITTERS)
def test_no_planted_word_reaches_the_result(
    name: str, patient: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, name, PATIENTS[patient])
    with caplog.at_level(logging.DEBUG):
        report = screen_sample(path)
    assert planted_in(to_json(report).decode()) == []
    assert planted_in(caplog.text) == []


@pytest.mark.parametrize("name", EMITTERS)
def test_every_format_holds_planted_words(name: str) -> None:
    assert planted_in(EMITTERS[name].write(Patient()).decode("utf-8", "replace")) or EMITTERS[name].suffix == ".xlsx"


@pytest.mark.parametrize("name", EMITTERS)
def test_no_planted_word_reaches_an_error_of_a_damaged_report(name: str, tmp_path: Path) -> None:
    content = EMITTERS[name].write(Patient())
    for cut in (len(content) // 3, len(content) // 2, len(content) - 20):
        path = tmp_path / f"cut{EMITTERS[name].suffix}"
        path.write_bytes(content[:cut])
        try:
            text = to_json(screen_sample(path, input_format=name)).decode()
        except FgfrScreenError as error:
            text = str(error)
        assert planted_in(text) == []


@pytest.mark.parametrize("form", ["text", "json", "tsv"])
def test_no_planted_word_reaches_the_command_line(form: str, tmp_path: Path, cli: Session) -> None:
    paths = []
    for name in ("foundation-xml", "cats", "tso500-cvo"):
        folder = tmp_path / name
        folder.mkdir()
        paths.append(str(written(folder, name, Patient())))
    done = cli("screen", *paths, "--format", form)
    assert done.returncode == 0
    assert planted_in((done.stdout + done.stderr).decode()) == []
