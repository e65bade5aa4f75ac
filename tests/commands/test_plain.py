"""`fgfr_screen.commands._plain`: a command line is read as click reads it, or left to click."""

import subprocess
import sys
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen.commands._plain import read_plainly
from fgfr_screen.commands.screen import OPTIONS, click_command

NAMES = sorted(name for option in OPTIONS for name in option.names)
WORDS = (
    "a.vcf",
    "-",
    "",
    "text",
    "json",
    "0.4",
    "0",
    "1e-3",
    "nan",
    "-1",
    "1_0",
    " 1",
    "pass",
    "IHCH",
    "--",
    "-x",
    "x=y",
)
HALF_NAMES = ("--sample", "--out", "--nonsense", "--help", "-ofile", "-oo", "--=x", "---all", "--all=1")


def by_click(words: list[str]) -> dict[str, Any] | None:
    """Return what click gives to the function; None where it ends with help or an error."""
    try:
        return click_command().make_context("screen", list(words)).params
    except (click.ClickException, click.exceptions.Exit):
        return None


def lines() -> st.SearchStrategy[list[str]]:
    word = st.sampled_from((*NAMES, *WORDS, *HALF_NAMES))
    joined = st.builds("{}={}".format, st.sampled_from(NAMES), st.sampled_from(WORDS))
    pair = st.tuples(st.sampled_from(NAMES), st.sampled_from(WORDS))
    return st.lists(st.one_of(pair, st.tuples(word), st.tuples(joined)), max_size=5).map(
        lambda parts: [word for part in parts for word in part]
    )


@given(lines())
@settings(max_examples=1000)
def test_a_line_that_is_read_without_click_is_read_as_click_would(words: list[str]) -> None:
    plain = read_plainly(OPTIONS, words)
    assert plain is None or plain == by_click(words)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.into)
def test_every_option_spelled_out_is_read_without_click(option: Any) -> None:
    value = option.choices[0] if option.choices else "0.7"
    for name in option.names:
        words = ["a.vcf", name] + ([] if option.is_flag else [value])
        plain = read_plainly(OPTIONS, words)
        assert plain is not None
        assert plain == by_click(words)
        assert plain[option.into] != read_plainly(OPTIONS, ["a.vcf"])[option.into] or value == option.default  # type: ignore[index]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--all"],
        ["--help"],
        ["a.vcf", "--purity", "2"],
        ["a.vcf", "--purity", "0"],
        ["a.vcf", "--purity", "nan"],
        ["a.vcf", "--format", "pdf"],
        ["a.vcf", "--output"],
        ["a.vcf", "--nonsense"],
        ["a.vcf", "--all=yes"],
        ["--", "-a.vcf"],
        ["a.vcf", "--assay", "--all"],
    ],
    ids=" ".join,
)
def test_what_needs_an_explanation_is_left_to_click(words: list[str]) -> None:
    assert read_plainly(OPTIONS, words) is None


def loaded_by(*words: str) -> set[str]:
    code = "import os, sys\nos._exit = sys.exit\nfrom fgfr_screen import cli\nsys.argv[0] = 'fgfr-screen'\n"
    code += "try:\n    cli.main()\nexcept SystemExit:\n    print('MODULES', *sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.rpartition("MODULES ")[2].split())


def test_a_plain_line_loads_no_click_and_another_does(demo: Any) -> None:
    assert "click" not in loaded_by("screen", str(demo / "report.json"), "--format=json")
    assert "click" in loaded_by("screen", str(demo / "report.json"), "--form", "json")


@pytest.mark.parametrize("command", ["screen", "batch"])
@pytest.mark.parametrize("option", ["--purity", "--ploidy"])
def test_nan_is_a_wrong_value(demo: Any, command: str, option: str) -> None:
    words = [sys.executable, "-m", "fgfr_screen", command, str(demo / "report.json"), option, "nan"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nan is no number" in done.stderr
