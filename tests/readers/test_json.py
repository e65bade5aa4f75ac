"""Strict JSON: every fault has its code and line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.readers import _json
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


VALUES: st.SearchStrategy[Any] = st.recursive(
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


TRICKY_TEXTS = st.text(alphabet='ab":\\\\ \\u{}[],09é', max_size=6)
TRICKY_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TRICKY_TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TRICKY_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(TRICKY_VALUES, st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\n", "\t:")]), st.booleans())
def test_the_fast_parser_says_what_the_exact_one_says(value: Any, separators: tuple[str, str], escape: bool) -> None:
    text = json.dumps(value, separators=separators, ensure_ascii=escape)
    fast = _json._parse_fast(text)
    assert fast is _json._DOUBT or fast == _json._parse_exactly(text, "a.json") == value


@given(
    st.lists(st.tuples(TRICKY_TEXTS, TRICKY_VALUES), min_size=1, max_size=5),
    st.sampled_from([":", " :", "\t: "]),
    st.booleans(),
)
def test_a_document_with_equal_keys_never_passes_the_fast_parser(pairs: Any, colon: str, escape: bool) -> None:
    members = [json.dumps(key, ensure_ascii=escape) + colon + json.dumps(value) for key, value in (*pairs, pairs[0])]
    with pytest.raises(MalformedFileError, match="twice"):
        parse_json("{" + ",".join(members) + "}", "a.json")


@pytest.mark.parametrize("text", ['{"a":1,"\\u0061":2}', '{"a\\u0022":1,"b":1,"b":2}', '{"\\u003ab":1,"c":1,"c":":"}'])
def test_an_escaped_character_hides_no_equal_key(text: str) -> None:
    assert _json._parse_fast(text) is _json._DOUBT
