"""Columns by name and exact numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.readers._table import Columns, exact_integer, usual_width


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (" 12 ", 12), ("12.0", 12), ("12.", 12), ("+5", 5), ("-1", -1), ("007", 7)]
)
def test_exact_numbers_are_read(text: str, number: int) -> None:
    assert exact_integer(text) == number


@pytest.mark.parametrize(
    "text",
    ["1e8", "1.21E+08", "1,234,567", "121.480.500", "12.5", "", ".", "NA", "1 2", "１２", "0x10", "1_000", "9" * 30],
)
def test_numbers_that_may_have_lost_digits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        exact_integer(text)


@given(st.integers(-(10**17), 10**17))
def test_every_written_integer_comes_back(number: int) -> None:
    assert exact_integer(str(number)) == number


def test_columns_are_found_by_any_of_their_names() -> None:
    columns = Columns('#Chrom1\t"start1"\tName')
    assert columns.require("chr1", "chrom1") == 0
    assert columns.find("start1") == 1
    assert columns.find("score") is None
    assert "name" in columns
    assert len(columns) == 3


def test_a_missing_column_names_the_nearest_one() -> None:
    with pytest.raises(MalformedFileError) as caught:
        Columns("chrom1\tstart_1", path="a.tsv", line=1).require("start1")
    assert caught.value.code == "MISSING_COLUMN"
    assert "'start_1'" in caught.value.remedy
    assert caught.value.line == 1


def test_a_column_that_stands_twice_is_an_error() -> None:
    with pytest.raises(MalformedFileError, match="name") as caught:
        Columns("name\tchrom\tNAME")
    assert caught.value.code == "DUPLICATE_COLUMN"


def test_the_usual_width_is_the_most_frequent_one() -> None:
    assert usual_width([10, 5, 10, 11]) == 10
    assert usual_width([]) == 0
