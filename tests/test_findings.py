"""Every code that the program can print is documented, and every documented code is a word of the program."""

import ast
import re

from fgfr_screen.findings import CLASSES, FINDINGS
from fgfr_screen.terms import AlterationClass
from tests.conftest import ROOT

CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|CONFLICT|EQUIVOCAL|AMPLIFICATION")


def words_of_the_program() -> set[str]:
    """Return every string constant that looks like a code, in all modules but the table itself."""
    words = set()
    for path in sorted((ROOT / "fgfr_screen").rglob("*.py")):
        if path.name == "findings.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                words.add(node.value)
    return words


def emitted_codes() -> set[str]:
    """Return the codes given by keyword or default to a finding, an error or a refused record."""
    codes = set()
    for path in sorted((ROOT / "fgfr_screen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                codes.add(node.value.value)
            if isinstance(node, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "default_code" for t in node.targets
            ):
                assert isinstance(node.value, ast.Constant)
                codes.add(node.value.value)
    return {code for code in codes if isinstance(code, str)}


def test_every_emitted_code_is_documented() -> None:
    assert emitted_codes() - FINDINGS.keys() == set()


def test_every_documented_code_is_used() -> None:
    assert FINDINGS.keys() - words_of_the_program() - emitted_codes() == set()


def test_every_class_is_explained() -> None:
    assert set(CLASSES) == {member.value for member in AlterationClass}


def test_every_entry_says_what_it_means() -> None:
    assert [doc.code for doc in FINDINGS.values() if not doc.title or not doc.meaning.endswith(".")] == []
