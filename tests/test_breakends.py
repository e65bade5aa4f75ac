"""Breakend grammar: the four bracket forms, single breakends, what is refused, and the round trip."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.breakends import ParsedBreakend, format_breakend, is_breakend_alt, parse_breakend
from fgfr_screen.terms import Orientation

LEFT, RIGHT = Orientation.LEFT, Orientation.RIGHT


@pytest.mark.parametrize(
    ("alt", "own", "mate"),
    [
        ("G[chr10:58702500[", LEFT, RIGHT),
        ("G]chr10:58702500]", LEFT, LEFT),
        ("]chr10:58702500]G", RIGHT, LEFT),
        ("[chr10:58702500[G", RIGHT, RIGHT),
    ],
)
def test_each_bracket_form_has_its_kept_sides(alt: str, own: Orientation, mate: Orientation) -> None:
    parsed = parse_breakend("G", alt)
    assert (parsed.own_side, parsed.mate_side) == (own, mate)
    assert (parsed.mate_contig, parsed.mate_pos, parsed.inserted) == ("chr10", 58702500, "")


@pytest.mark.parametrize(("alt", "own"), [("GAC.", LEFT), (".ACG", RIGHT)])
def test_single_breakends_have_no_mate(alt: str, own: Orientation) -> None:
    parsed = parse_breakend("G", alt)
    assert parsed.is_single
    assert parsed.mate_contig is None
    assert parsed.mate_side is None
    assert (parsed.own_side, parsed.inserted) == (own, "AC")


def test_inserted_bases_follow_ref_on_the_left_and_precede_it_on_the_right() -> None:
    assert parse_breakend("C", "CAGT[2:321682[").inserted == "AGT"
    assert parse_breakend("T", "]13:123456]AGTT").inserted == "AGT"


def test_position_stands_after_the_last_colon() -> None:
    parsed = parse_breakend("G", "G[HLA-A*01:01:01:01:100[")
    assert (parsed.mate_contig, parsed.mate_pos) == ("HLA-A*01:01:01:01", 100)


def test_contig_in_angle_brackets_is_in_the_assembly_file() -> None:
    parsed = parse_breakend("G", "G[<ctg1>:7[")
    assert parsed.mate_in_assembly_file
    assert parsed.mate_contig == "ctg1"


def test_position_zero_is_the_virtual_telomere() -> None:
    assert parse_breakend("N", "]chr1:0]N").mate_pos == 0


@pytest.mark.parametrize(
    ("ref", "alt", "matches"), [("g", "G[1:2[", True), ("N", "G[1:2[", True), ("A", "G[1:2[", False)]
)
def test_a_base_that_differs_from_ref_is_told_and_not_refused(ref: str, alt: str, matches: bool) -> None:
    assert parse_breakend(ref, alt).ref_matches is matches


@pytest.mark.parametrize(
    "alt",
    [
        "G]chr10:8[",
        "G[:8[",
        "G[chr10[",
        "G[chr10:[",
        "G[chr10:1,000[",
        "G[chr10:-5[",
        "G[chr10:８[",
        "G[chr10:8[ ",
        " G[chr10:8[",
        "G[chr10:8",
        "G[chr10:8[G",
        "[chr10:8[",
        "G[chr10:8[[",
        "G[chr 10:8[",
        "G[chr10::8[",
        "G[<>:8[",
        "G[<ctg:8[",
        "G.G",
        ".",
        "..",
        "<BND>",
        "GA",
        "G*[chr10:8[",
        "G[chr10:12345678901[",
        "G[chr10:8\n[",
        "",
    ],
)
def test_malformed_breakends_are_refused_with_a_sentence(alt: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_breakend("G", alt)


@pytest.mark.parametrize("ref", ["", ".", "G1", "<DEL>"])
def test_ref_must_be_bases(ref: str) -> None:
    with pytest.raises(ValueError, match="REF"):
        parse_breakend(ref, "G[chr10:8[")


@pytest.mark.parametrize(
    ("alt", "is_one"),
    [
        ("G[1:2[", True),
        ("]1:2]G", True),
        ("G.", True),
        (".G", True),
        (".", False),
        ("<BND>", False),
        ("<a[b>", False),
        ("GA", False),
        ("*", False),
        ("", False),
    ],
)
def test_breakend_alleles_are_recognised(alt: str, is_one: bool) -> None:
    assert is_breakend_alt(alt) is is_one


BASES = st.text("ACGTNacgtn", max_size=12)
CONTIGS = st.from_regex(r"[A-Za-z0-9_.*-][A-Za-z0-9_.*-]{0,8}(:[0-9]{2}){0,2}", fullmatch=True)
MATED = st.builds(
    ParsedBreakend,
    mate_contig=CONTIGS,
    mate_pos=st.integers(0, 2**31),
    own_side=st.sampled_from(Orientation),
    mate_side=st.sampled_from(Orientation),
    inserted=BASES,
    is_single=st.just(False),
    mate_in_assembly_file=st.booleans(),
)
SINGLE = st.builds(
    ParsedBreakend,
    mate_contig=st.none(),
    mate_pos=st.none(),
    own_side=st.sampled_from(Orientation),
    mate_side=st.none(),
    inserted=BASES,
    is_single=st.just(True),
    mate_in_assembly_file=st.just(False),
)


@given(st.text("ACGTN", min_size=1, max_size=3), MATED | SINGLE)
def test_parse_is_the_inverse_of_format(ref: str, breakend: ParsedBreakend) -> None:
    alt = format_breakend(ref, breakend)
    assert is_breakend_alt(alt)
    assert parse_breakend(ref, alt) == breakend


@given(st.text("ACGN[]:.<>10chr ,", max_size=20))
def test_any_text_is_parsed_or_refused_with_value_error(alt: str) -> None:
    try:
        parsed = parse_breakend("A", alt)
    except ValueError:
        return
    assert parse_breakend("A", format_breakend("A", parsed)).own_side is parsed.own_side


def test_half_a_mate_cannot_be_written() -> None:
    breakend = parse_breakend("G", "G[1:2[")
    broken = ParsedBreakend(
        **{name: getattr(breakend, name) for name in breakend.__struct_fields__} | {"mate_pos": None}
    )
    with pytest.raises(ValueError, match="mate"):
        format_breakend("G", broken)


@pytest.mark.parametrize(
    "alt", ["A" * 1_000_000 + "]", "G[" + "c:" * 500_000 + "1[", "[" * 1_000_000, "G" * 999_999 + "."]
)
def test_a_megabyte_takes_linear_time(alt: str) -> None:
    started = time.perf_counter()
    with suppress(ValueError):
        parse_breakend("G", alt)
    assert time.perf_counter() - started < 0.25
