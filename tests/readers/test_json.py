"""Strict JSON: every fault has its code and line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.readers._json import line_of, lines_of, parse_json


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{"a": 1,\n "b": [\n {"c": 1,\n "c": 2}]}', "DUPLICATE_KEY", 4),
        ('{"a":\nNaN}', "JSON_NAN", 2),
        ("[1,\n-Infinity]", "JSON_NAN", 2),
        ('{"a": [1,\n]}', "JSON_SYNTAX", 2),
        ("{}\n{}", "JSON_SYNTAX", 2),
        ("{\n// note\n}", "JSON_SYNTAX", 2),
        ('{"a": 1', "JSON_SYNTAX", 1),
        ("[\n" + "9" * 20 + "]", "JSON_NUMBER", 2),
        ("[1,\n1e400]", "JSON_NUMBER", 2),
        ('[\n"\\ud800"]', "JSON_SURROGATE", 2),
        ("[" * 101 + "]" * 101, "JSON_TOO_DEEP", None),
        ("[" * 100_000, "JSON_TOO_DEEP", None),
        ("", "JSON_SYNTAX", 1),
        ("[" + "1" * 5000 + "]", "JSON_NUMBER", 1),
    ],
)
def test_each_fault_has_its_code_and_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(MalformedFileError) as caught:
        parse_json(text, "report.json")
    assert (caught.value.code, caught.value.line, caught.value.path) == (code, line, "report.json")


def test_a_hundred_levels_are_read() -> None:
    assert parse_json("[" * 100 + "]" * 100, "x")


def test_values_have_their_line_by_path() -> None:
    text = '{\n "a": [1,\n  {"b": "x: {[,"}],\n "c": {"d":\n null}}'
    assert lines_of(text) == {"$": 1, "$.a": 2, "$.a[0]": 2, "$.a[1]": 3, "$.a[1].b": 3, "$.c": 4, "$.c.d": 5}
    assert line_of(text, "$.c.d") == 5
    assert line_of(text, "$.nowhere") is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc.[]", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 1]))
def test_valid_documents_come_back_and_every_value_has_a_line(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert parse_json(text, "x") == value
    assert line_of(text, "$") == 1


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    code = "JSON_"
    try:
        parse_json(text, "x")
    except MalformedFileError as error:
        code = error.code
    assert code.startswith(("JSON_", "DUPLICATE_"))
