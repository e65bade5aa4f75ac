"""Our record reader against pysam and PyVCF3 on every text VCF at hand: place, alleles and breakend sides.

A difference is either a fault of ours or it stands in `DIFFERENCES` with the reason; an entry that no longer differs
fails too.
"""

import gzip
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgfr_screen.breakends import is_breakend_alt, parse_breakend
from fgfr_screen.readers.vcf.records import RecordError, parse_record
from fgfr_screen.terms import Orientation
from tests.readers.vcf_text import FIXTURES, SHARED

Row = tuple[str, int, str, tuple[str, ...]]
Sides = tuple[str, str | None, int | None, str | None]

FILES = sorted(FIXTURES.glob("*.vcf"))
FILES += sorted((SHARED / "realdata").glob("*/*.vcf")) + sorted((SHARED / "probes_vcf").glob("*.vcf*"))
NOT_VCF = {"08_noheader.vcf", "26_empty.vcf", "32_truncgz.vcf.gz", "21_spaces_cols.vcf"}

# (file, library) -> why the rows of the library differ from ours
DIFFERENCES: dict[tuple[str, str], str] = {
    ("manta-0.29.6.vcf", "pysam"): "ends at the last row, whose FORMAT is empty and whose sample is missing",
    ("multipleAltSVs.vcf", "PyVCF3"): "an empty INFO column is an IndexError",
    ("02_plaingzip.vcf.gz", "pysam"): "plain gzip is not opened",
    ("09_nofileformat.vcf", "pysam"): "a file without ##fileformat is not opened",
    ("13_latin1.vcf", "PyVCF3"): "Latin-1 bytes are a UnicodeDecodeError",
    ("15_alts.vcf", "PyVCF3"): "splits HLA contigs at the first colon and ends at the position with commas",
    ("17_cipos1.vcf", "pysam"): "drops END=abc in silence where we refuse the record",
    ("18_dupkey.vcf", "pysam"): "takes the first of two END where we refuse the record",
    ("18_dupkey.vcf", "PyVCF3"): "takes the last of two END where we refuse the record",
    ("22_blank_trailing.vcf", "pysam"): "a blank line ends the file",
    ("23_bom.vcf", "pysam"): "a byte order mark is not read over",
    ("23_bom.vcf", "PyVCF3"): "a byte order mark is not read over",
    (
        "25_twosample_onecol.vcf",
        "pysam",
    ): "refuses the row for its sample columns, which here are checked only when they are needed",
    ("28_desc_escape.vcf", "PyVCF3"): "escaped quotes in a Description are a SyntaxError",
    ("29_missing_desc.vcf", "PyVCF3"): "a missing Description is a SyntaxError",
    ("31_named.vcf.gz", "PyVCF3"): "plain text named .gz is a BadGzipFile",
}


def texts(path: Path) -> list[tuple[int, str]]:
    data = path.read_bytes()
    text = (
        (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
        .removeprefix(b"\xef\xbb\xbf")
        .decode("utf-8", "replace")
    )
    lines = enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def our_rows(path: Path) -> list[Row]:
    rows = []
    for number, line in texts(path):
        try:
            record = parse_record(number, line)
        except RecordError:
            continue
        rows.append((record.contig, int(record.pos), record.ref, record.alts))
    return rows


def pysam_rows(path: Path) -> list[Row]:
    pysam = pytest.importorskip("pysam")
    spoken = pysam.set_verbosity(0)
    rows: list[Row] = []
    try:
        with pysam.VariantFile(str(path)) as file:
            rows.extend((record.chrom, record.pos, record.ref, record.alts or ()) for record in file)
    except (OSError, ValueError, NotImplementedError):
        return rows
    finally:
        pysam.set_verbosity(spoken)
    return rows


def pyvcf_rows(path: Path) -> list[Row]:
    return [
        (str(record.CHROM), record.POS, record.REF, tuple(str(alt) for alt in record.ALT if alt is not None))
        for record in pyvcf_records(path)
    ]


def pyvcf_records(path: Path) -> Iterator[Any]:
    vcf = pytest.importorskip("vcf")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from vcf.Reader(filename=str(path), strict_whitespace=True)
    except (
        ValueError,
        IndexError,
        SyntaxError,
        KeyError,
        OSError,
        StopIteration,
        RuntimeError,
        TypeError,
        AttributeError,
    ):
        return


LIBRARIES = {"pysam": pysam_rows, "PyVCF3": pyvcf_rows}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_agree(path: Path, library: str) -> None:
    if path.name in NOT_VCF:
        pytest.skip("no VCF: the reader refuses the file")
    same = our_rows(path) == LIBRARIES[library](path)
    reason = DIFFERENCES.get((path.name, library))
    assert same is (reason is None), reason or "the rows differ"


def our_sides(path: Path) -> list[Sides]:
    found: list[Sides] = []
    for contig, _, ref, alts in our_rows(path):
        for alt in alts:
            if not is_breakend_alt(alt) or ("[" not in alt and "]" not in alt):
                continue
            try:
                parsed = parse_breakend(ref, alt)
            except ValueError:
                continue
            found.append(
                (
                    f"{contig} {parsed.own_side.value}",
                    parsed.mate_contig,
                    parsed.mate_pos,
                    parsed.mate_side and parsed.mate_side.value,
                )
            )
    return found


def pyvcf_sides(path: Path) -> list[Sides]:
    """`orientation` False: this end keeps its left side; `remoteOrientation` True: the mate keeps its right one."""
    sides = {False: Orientation.LEFT.value, True: Orientation.RIGHT.value}
    return [
        (f"{record.CHROM} {sides[alt.orientation]}", alt.chr, alt.pos, sides[alt.remoteOrientation])
        for record in pyvcf_records(path)
        for alt in record.ALT
        if type(alt).__name__ == "_Breakend"
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_breakend_sides_agree(path: Path) -> None:
    if path.name in NOT_VCF or (path.name, "PyVCF3") in DIFFERENCES:
        pytest.skip(DIFFERENCES.get((path.name, "PyVCF3"), "no VCF: the reader refuses the file"))
    assert our_sides(path) == pyvcf_sides(path)


def test_shared_files_were_there() -> None:
    if not SHARED.exists():
        pytest.skip("shared data are absent: only our fixtures were compared")
    assert len(FILES) > 50
