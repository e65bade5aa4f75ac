"""Strict JSON: every fault has its code and line."""

import json
import math
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.readers import _json
from fgfr_screen.readers._json import lines_of, parse_json


@pytest.fixture(scope="module", params=[10**9, 0], ids=["few documents", "many documents"], autouse=True)
def few_documents(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ask everything of the parser of a process that reads few documents, and of one that reads many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_json, "_FEW_DOCUMENTS", request.param)
        yield


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


@pytest.mark.parametrize("inside", ["", "1", '"]"', "{}"])
def test_a_hundred_levels_are_read_and_no_more(inside: str) -> None:
    deepest = 99 if inside == "{}" else 100
    assert parse_json("[" * deepest + inside + "]" * deepest, "x")
    with pytest.raises(MalformedFileError, match="100 levels"):
        parse_json("[" * (deepest + 1) + inside + "]" * (deepest + 1), "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["]",', ',"["]'),
        ('{"}":', ',"{":1}'),
        ('["\\"]\\"",', ',"\\"[\\""]'),
        ('["\\\\","]","\\\\",', ',"\\\\","[","\\\\"]'),
    ],
)
def test_brackets_in_strings_hide_no_level(before: str, after: str) -> None:
    assert parse_json(before * 100 + "1" + after * 100, "x")
    with pytest.raises(MalformedFileError, match="100 levels"):
        parse_json(before * 101 + "1" + after * 101, "x")


def test_objects_and_lists_in_turn_are_counted_one_by_one() -> None:
    assert parse_json('[{"a":' * 50 + "1" + "}]" * 50, "x")
    with pytest.raises(MalformedFileError, match="100 levels"):
        parse_json('[{"a":' * 51 + "1" + "}]" * 51, "x")


@pytest.mark.parametrize("offset", range(20))
def test_an_integer_of_twenty_digits_is_refused_wherever_it_stands(offset: int) -> None:
    with pytest.raises(MalformedFileError, match="more than 19 digits"):
        parse_json(" " * offset + "[18446744073709551615]", "x")


def test_values_have_their_line_by_path() -> None:
    text = '{\n "a": [1,\n  {"b": "x: {[,"}],\n "c": {"d":\n null}}'
    lines = lines_of(text)
    places = ("$", "$.a", "$.a[0]", "$.a[1]", "$.a[1].b", "$.c", "$.c.d", "$.nowhere", "$.a[2]", "$.a[0].b", "a")
    assert [lines.get(place) for place in places] == [1, 2, 2, 3, 3, 4, 5, None, None, None, None]


def test_lines_are_found_by_keys_as_the_reader_spells_them() -> None:
    assert lines_of('{"a":\n {"B":\n 1}}', str.upper).get("$.A.B") == 3


def test_the_line_of_a_late_entry_of_a_long_list_is_found_at_once() -> None:
    lines = lines_of("[\n" + "{},\n" * 200_000 + "{}]")
    assert [lines.get(f"$[{index}]") for index in range(0, 200_001, 100)] == list(range(2, 200_003, 100))


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc.[]", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 1]))
def test_valid_documents_come_back_and_every_value_has_a_line(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert parse_json(text, "x") == value
    assert lines_of(text).get("$") == 1


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


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"\\u0061":2}',
        '{"a\\u0022":1,"b":1,"b":2}',
        '{"\\u003ab":1,"c":1,"c":":"}',
        '{"x\\\\":1,"b":"\\"","b":2}',
    ],
)
def test_an_escaped_character_hides_no_equal_key(text: str) -> None:
    with pytest.raises(MalformedFileError, match="twice"):
        parse_json(text, "a.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"Gr\\u00f6\\u00dfe": "\\u00e4"}',
        '{"a": "x \\"[y]\\" \\\\", "b": ["{", 1]}',
        '{\n  "a": 1234567890123456789,\n  "b": [0.1, -1e5, null]\n}',
        '{"a":{"b":[true,"x"]}}',
    ],
)
def test_what_reports_hold_is_left_to_the_fast_parser(text: str) -> None:
    assert _json._parse_fast(text) == json.loads(text)


def test_a_document_of_more_levels_than_usual_is_read_all_the_same() -> None:
    text = '[{"a":' * 20 + "[[[1]]]" + "}]" * 20
    assert parse_json(text, "x") == json.loads(text)


# ------------------------------------------------------------------------------------------------------- slow oracle


class FaultError(Exception):
    """What the oracle refuses, by code."""


TOKEN = re.compile(
    r'\s*("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|[\[\]{},:]|[^\s\[\]{},:"]+)', re.ASCII
)
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
WORDS = {"true": True, "false": False, "null": None}


class Oracle:
    """A strict JSON parser that asks one token after the other and shares no code with the program.

    `faults` are the codes of all faults that stand before the first place that is no JSON.
    """

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line, self.faults = text, 0, 1, set[str]()
        self.lines: dict[str, set[int]] = {}

    def parse(self) -> Any:
        value = self.value(self.token(), "$", 1)
        if self.text[self.at :].strip(" \t\r\n"):
            raise FaultError("JSON_SYNTAX")
        if self.faults:
            raise FaultError(*self.faults)
        return value

    def token(self) -> str:
        found = TOKEN.match(self.text, self.at)
        if found is None:
            raise FaultError("JSON_SYNTAX")
        self.line += self.text.count("\n", self.at, found.start(1))
        self.at = found.end()
        return found[1]

    def value(self, token: str, path: str, depth: int) -> Any:
        self.lines.setdefault(path, set()).add(self.line)
        if depth > 100 and token in ("[", "{"):
            self.faults.add("JSON_TOO_DEEP")
        if token == "[":
            return self.members(path, depth, [])
        if token == "{":
            return self.members(path, depth, {})
        return self.string(token) if token.startswith('"') else self.scalar(token)

    def members(self, path: str, depth: int, found: Any) -> Any:
        end = "]" if isinstance(found, list) else "}"
        token = self.token()
        while token != end or found:
            if isinstance(found, list):
                found.append(self.value(token, f"{path}[{len(found)}]", depth + 1))
            else:
                key = self.string(token)
                if self.token() != ":":
                    raise FaultError("JSON_SYNTAX")
                self.faults |= {"DUPLICATE_KEY"} if key in found else set()
                found[key] = self.value(self.token(), f"{path}.{key}", depth + 1)
            sign = self.token()
            if sign == end:
                break
            if sign != ",":
                raise FaultError("JSON_SYNTAX")
            token = self.token()
        return found

    def string(self, token: str) -> str:
        if not token.startswith('"'):
            raise FaultError("JSON_SYNTAX")
        text = re.sub(r"\\(u....|.)", self.unescaped, token[1:-1])
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text
        self.faults |= {"JSON_SURROGATE"} if "\ufffd" in text else set()
        return text

    def unescaped(self, found: re.Match[str]) -> str:
        sign = found[1]
        return (
            chr(int(sign[1:], 16))
            if len(sign) == 5
            else {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}.get(sign, sign)
        )

    def scalar(self, token: str) -> Any:
        if token in WORDS:
            return WORDS[token]
        number = NUMBER.fullmatch(token)
        if token in ("NaN", "Infinity", "-Infinity"):
            self.faults.add("JSON_NAN")
        elif number is None:
            raise FaultError("JSON_SYNTAX")
        elif number[1] or number[2]:
            value = float(token)
            self.faults |= {"JSON_NUMBER"} if math.isinf(value) else set()
            return value
        elif len(token.lstrip("-")) > 19:
            self.faults.add("JSON_NUMBER")
        else:
            return int(token)
        return None


class Writer:
    """Writes random documents: any spacing and escapes, and now and then a fault."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.faulty = self.random.random() < 0.6

    def document(self) -> str:
        text = self.value(self.random.randrange(1, 6))
        for _ in range(self.random.choice((0, 0, 0, 47, 96, 97, 98, 99, 100, 101))):
            shape = self.random.choice(("[{}]", '{{"]":{}}}', '["]",{},"["]', "[ {} ]"))
            text = shape.format(text)
        text = self.space() + text + self.space()
        if self.faulty and self.random.random() < 0.1:
            at = self.random.randrange(len(text) + 1)
            text = self.random.choice(
                (text[:at], text[:at] + self.random.choice('{}[],:"\\0-e.tN\x01') + text[at:], text + "[]")
            )
        return text

    def space(self) -> str:
        return self.random.choice(("", "", "", " ", "\n", "\r\n", "\t "))

    def rarely(self) -> bool:
        return self.faulty and self.random.random() < 0.03

    def value(self, depth: int) -> str:
        kind = self.random.random()
        if depth == 0 or kind < 0.3:
            return self.random.choice((self.string, self.string, self.number))()
        if kind < 0.6:
            return "[" + ",".join(self.spaced(self.value(depth - 1)) for _ in range(self.random.randrange(4))) + "]"
        keys = self.random.sample(
            ("a", "b", "ab", "", '"', "]", "a.b", "[0]", "é", "\\", "A", "ö😀"), self.random.randrange(6)
        )
        keys += [self.random.choice(keys)] if keys and self.rarely() else []
        self.random.shuffle(keys)
        pairs = (self.spaced(self.quoted(key)) + ":" + self.spaced(self.value(depth - 1)) for key in keys)
        return "{" + ",".join(pairs) + "}"

    def spaced(self, text: str) -> str:
        return self.space() + text + self.space()

    def string(self) -> str:
        if self.rarely():
            return self.random.choice(('"\\ud800"', '"\\udc00\\ud800"', '"a\\uDBFFb"'))
        return self.quoted(
            "".join(self.random.choice('ab":\\/[]{},\n\x07é胆😀0123456789') for _ in range(self.random.randrange(7)))
        )

    def quoted(self, text: str) -> str:
        return '"' + "".join(map(self.sign, text)) + '"'

    def sign(self, sign: str) -> str:
        simple = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "/": "\\/"}
        if sign not in '"\\\n\x07' and self.random.random() < 0.8:
            return sign
        if sign in simple and self.random.random() < 0.7:
            return simple[sign]
        units = sign.encode("utf-16-be").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    def number(self) -> str:
        if self.rarely():
            return self.random.choice(
                ("NaN", "-Infinity", "1e400", "-9" + "0" * 19, "18446744073709551615", "1" * 40, "01", "+1")
            )
        digits = str(self.random.randrange(10 ** self.random.randrange(1, 20)))
        exponent = self.random.choice(("", "", f"e{self.random.randrange(-320, 280)}", f"E+{self.random.randrange(9)}"))
        return self.random.choice(("", "-")) + self.random.choice(
            (digits, "0", f"{digits}.{digits}{exponent}", digits + exponent)
        )


@given(st.integers(0, 2**64))
@settings(max_examples=300, deadline=None)
def test_a_slow_parser_of_its_own_says_the_same_of_any_document(seed: int) -> None:
    text = Writer(seed).document()
    oracle = Oracle(text)
    try:
        expected = oracle.parse()
    except FaultError as fault:
        with pytest.raises(MalformedFileError) as caught:
            parse_json(text, "a.json")
        # Of several faults each is a good reason; what is no JSON may come before or behind the others.
        assert caught.value.code in {*fault.args, *oracle.faults}, text
        return
    found = parse_json(text, "a.json")
    assert repr(found) == repr(expected), text
    lines = lines_of(text)
    places = random.Random(seed).sample(sorted(oracle.lines), min(20, len(oracle.lines)))
    assert all(lines.get(place) in oracle.lines[place] for place in places), text


# -------------------------------------------------------------------------------------------------------- long input


def test_a_key_that_stands_twice_among_a_million_is_found_at_its_line() -> None:
    members = ",\n".join(f'"k{number}":1' for number in range(300_000))
    with pytest.raises(MalformedFileError, match="'k299999'") as caught:
        parse_json("{" + members + ',\n"k299999":2}', "a.json")
    assert (caught.value.code, caught.value.line) == ("DUPLICATE_KEY", 300_001)


def test_a_key_of_megabytes_is_not_part_of_the_message() -> None:
    key = "k" * (1 << 20)
    with pytest.raises(MalformedFileError) as caught:
        parse_json(f'{{"{key}":1,"{key}":2}}', "a.json")
    assert len(str(caught.value)) < 300
