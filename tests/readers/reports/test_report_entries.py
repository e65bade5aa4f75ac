"""Values of a report know their place; of the entries of other genes nothing is asked."""

from collections.abc import Callable

import pytest

from fgfr_screen.model import Call, Source
from fgfr_screen.readers._report_entries import Entries, Setting, may_mean_fgfr, negative
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.terms import EventKind, FgfrGene

DOCUMENT = {"a": {"b": [{"c": None}, {"d": ["x", {"e": "y"}], "f": 1.5}]}, "g": "z", "h": True, "i": ""}


def test_a_value_knows_its_place() -> None:
    root = Node(DOCUMENT)
    second = root.get("a").items("b")[1]
    places = (
        root,
        second,
        second.get("c", "d"),
        second.get("c", "x"),
        second.items("d")[1].get("e"),
        root.get("i").get("j"),
    )
    assert [node.place for node in places] == [
        "$",
        "$.a.b[1]",
        "$.a.b[1].d",
        "$.a.b[1].c",
        "$.a.b[1].d[1].e",
        "$.i.j",
    ]


def test_texts_come_in_the_order_of_the_document() -> None:
    assert list(Node(DOCUMENT).strings()) == ["x", "y", "z", ""]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: Node(DOCUMENT).text("a"), r"\$\.a should be a text"),
        (lambda: Node(DOCUMENT).text("h"), r"\$\.h should be a text"),
        (lambda: Node(DOCUMENT).get("g").text("x"), r"\$\.g should be an object"),
        (lambda: Node(DOCUMENT).items("g"), r"\$\.g should be a list"),
        (lambda: Node({"n": "1" * 400}).number("n"), r"\$\.n should be a number"),
        (lambda: Node({"n": "1e999"}).integer("n"), r"\$\.n should be a number"),
        (lambda: Node({"n": "1.5"}).integer("n"), r"\$\.n should be a whole number"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(ask: Callable[[], object], message: str) -> None:
    with pytest.raises(EntryError, match=message):
        ask()


def no_word(_: str) -> str:
    raise AssertionError


def no_line(_: str) -> int:
    raise AssertionError


def a_call(source: Source) -> list[Call]:
    return [negative(Setting(), source, FgfrGene.FGFR2, EventKind.REARRANGEMENT)]


def refusal(_: Source) -> list[Call]:
    raise EntryError("BAD", "it is bad")


def test_of_an_entry_of_other_genes_neither_words_nor_line_are_asked() -> None:
    entries = Entries("in1", no_line)
    entries.read("$.x[0]", map(no_word, ["FGFR2"]), lambda _: ())
    assert (entries.accounting.outside_fgfr, entries.accounting.records) == (1, 1)


def test_a_call_and_a_refusal_have_their_line_where_a_word_names_a_receptor() -> None:
    entries = Entries("in1", {"$.x[0]": 7, "$.x[1]": 8}.__getitem__)
    entries.read("$.x[0]", ("TP53", "FGFR2"), a_call)
    entries.read("$.x[1]", ("KSAM",), refusal)
    assert [(call.source.line, call.source.place) for call in entries.calls] == [(7, "$.x[0]")]
    assert [(row.line, row.touches_fgfr, row.message) for row in entries.rejected] == [(8, True, "$.x[1]: it is bad")]


def test_without_such_a_word_no_line_is_looked_up() -> None:
    entries = Entries("in1", no_line)
    entries.read("$.x[0]", ("TP53", None), a_call)
    entries.read("$.x[1]", ("TP53", ""), refusal)
    entries.read("$.x[2]", ("FGFR3",), refusal, line=9)
    assert [call.source.line for call in entries.calls] == [None]
    assert [(row.line, row.touches_fgfr) for row in entries.rejected] == [(None, False), (9, True)]


@pytest.mark.parametrize("word", ["FGFR2", "KSAM", "BEK", "\u0424GFR2", "x" * 50 + " FGFR3", "HGNC:3689"])
def test_a_word_may_mean_a_receptor(word: str) -> None:
    assert may_mean_fgfr(word)


@pytest.mark.parametrize("word", ["TP53", "c.742C>T", "p.R248C", "12345", "", "x" * 50 + " KSAM"])
def test_a_word_means_no_receptor(word: str) -> None:
    assert not may_mean_fgfr(word)
