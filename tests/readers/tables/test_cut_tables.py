"""A table that ends inside its last row is a cut file for every reader; a last row without line end alone is not."""

from pathlib import Path

import pytest

from fgfr_screen.errors import TruncatedFileError
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.terms import Assembly
from tests.readers.reading import FIXTURES, read_path, read_text

NAMES = (
    "bedpe/brass.bedpe",
    "bedpe/gridss.bedpe",
    "cbioportal-sv/patient.txt",
    "cnvkit-cns/*.cns",
    "driver-catalog/*.tsv",
    "facets/*.tsv",
    "gatk-seg/*.seg",
    "linx-fusion/exons_only.linx.fusion.tsv",
    "maf/patient.maf",
    "mapped-table/english.tsv",
    "mapped-table/patient.csv",
    "oncokb/copies.tsv",
    "oncokb/patient.txt",
    "purple-gene-copy-number/*.tsv",
    "seg/dnacopy.seg",
    "star-fusion/coding_effect.tsv",
    "tso500-all-fusions/patient.csv",
    "tso500-ctdna-fusions/patient.csv",
)
TABLES = [path for name in NAMES for path in sorted(FIXTURES.glob(name))]
PATHS = pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")


def options(path: Path, *, allow_truncated: bool = False) -> ReadOptions:
    """Return options with the assembly of the whole file, which fewer rows may not tell."""
    found = read_path(path, ReadOptions(sample_id="T1")).report.assembly.name
    return ReadOptions(
        assembly=None if found is None else Assembly(found), allow_truncated=allow_truncated, sample_id="T1"
    )


def cut(path: Path) -> bytes:
    """Return the file up to the first cell of its last row."""
    whole = path.read_bytes().rstrip(b"\r\n")
    start = whole.rindex(b"\n") + 1
    ends = [at for sign in b"\t," if (at := whole.find(sign, start)) > 0]
    return whole[: min(ends)]


@PATHS
def test_a_table_that_ends_inside_a_row_is_refused(path: Path) -> None:
    text = cut(path)
    with pytest.raises(TruncatedFileError, match="ends inside a row") as caught:
        read_text(text, options(path))
    assert caught.value.line == text.count(b"\n") + 1
    assert "--allow-truncated" in caught.value.remedy


@PATHS
def test_it_is_read_on_request_and_is_not_complete(path: Path) -> None:
    report = read_text(cut(path), options(path, allow_truncated=True)).report
    assert not report.complete
    assert "INPUT_TRUNCATED" in [finding.code for finding in report.findings]


@PATHS
def test_a_whole_last_row_needs_no_line_end(path: Path) -> None:
    text = path.read_bytes()
    whole, open_end = read_text(text, options(path)), read_text(text.rstrip(b"\r\n"), options(path))
    assert open_end.report.complete
    assert open_end.calls == whole.calls
    assert open_end.rejected == whole.rejected


@PATHS
def test_a_short_last_row_with_a_line_end_is_no_cut_file(path: Path) -> None:
    assert read_text(cut(path) + b"\n", options(path)).report.complete


def test_a_short_row_of_a_section_in_front_of_others_is_no_cut_file() -> None:
    lines = (FIXTURES / "tso500-cvo/patient.tsv").read_text("utf-8").rstrip("\n").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("FGFR2\t5.000"))
    lines[at] = "FGFR2"
    content = read_text("\n".join(lines), reader="tso500-cvo")
    assert content.report.complete


def test_the_last_section_of_a_report_may_be_cut() -> None:
    text = (FIXTURES / "tso500-cvo/patient.tsv").read_text("utf-8")
    with pytest.raises(TruncatedFileError):
        read_text(text[: text.index("FGFR2\t5.000") + len("FGF")], reader="tso500-cvo")
