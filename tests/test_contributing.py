"""The example reader of CONTRIBUTING.md is a whole reader: found like the built-in ones, chosen, and read from end to end."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from fgfr_screen.commands.formats import command as formats
from fgfr_screen.readers import _api
from fgfr_screen.readers import copy_number as package
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, Outcome
from tests.conftest import ROOT
from tests.readers.reading import table

MODULE = f"{package.__name__}.three_columns"


def example() -> str:
    section = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## A new input format is one file")[1]
    found = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "three_columns.py").write_text(example(), "utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    _api.readers.cache_clear()
    _api._readers_in.cache_clear()
    yield importlib.import_module(MODULE)
    sys.modules.pop(MODULE, None)
    monkeypatch.undo()
    _api.readers.cache_clear()
    _api._readers_in.cache_clear()


@pytest.fixture
def input_file(tmp_path: Path) -> Path:
    path = tmp_path / "copies.txt"
    rows = (
        ("gene", "copies", "purity"),
        ("KSAM", 14.5, 0.4),
        ("FGFR1OP", 30, 0.4),
        ("FGFR3", "many", 0.4),
        ("EGFR", 2, 0.4),
    )
    path.write_text(table(*rows), "utf-8")
    return path


@pytest.mark.usefixtures("module")
def test_the_example_is_discovered_and_listed() -> None:
    assert "three-columns" in _api.readers()
    listed = CliRunner().invoke(formats)
    assert listed.exit_code == 0
    assert "absolute copies; no segment" in listed.output
    assert "built from: documentation (an example in CONTRIBUTING.md)" in listed.output


@pytest.mark.usefixtures("module")
def test_the_example_reads_a_file_to_the_answer(input_file: Path) -> None:
    report = screen_sample(input_file, ploidy=2.0)
    (event,) = report.events
    assert report.inputs[0].format == "three-columns"
    assert (event.name, event.alteration_class, event.outcome) == (
        "FGFR2 amplification, 14.5 copies",
        AlterationClass.AMPLIFICATION,
        Outcome.MATCH,
    )
    assert [(one.line, one.code) for one in report.rejected] == [(4, "COPY_NUMBER_MALFORMED")]
    count = report.accounting
    assert (count.records, count.outside_fgfr, count.in_events, count.rejected) == (4, 2, 1, 1)


def test_without_the_file_the_example_is_no_reader(input_file: Path) -> None:
    assert "three-columns" not in _api.readers()


def test_the_shared_modules_that_the_text_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:\w+/)?_\w+\.py)`", text)
    assert named
    assert [name for name in named if not (ROOT / "fgfr_screen" / "readers" / name).exists()] == []
