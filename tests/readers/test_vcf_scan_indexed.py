"""An index is used where it loses nothing, gives the calls of the full search, and is left alone otherwise."""

import os
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from fgfr_screen.model import Call, InputContent, RearrangementCall
from fgfr_screen.readers.vcf.scan import whole
from tests.readers.vcf_text import read_path, vcf

pysam = pytest.importorskip("pysam")

DECLARED = '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n'
ALTERNATE = "##contig=<ID=chr8_KI270821v1_alt,length=985506>\n"


def rows(random: Random) -> list[tuple[str, int, str]]:
    places = [
        (contig, random.randint(1, 130_000_000)) for contig in ("chr3", "chr4", "chr8", "chr10") for _ in range(9000)
    ]
    places += [("chr10", pos) for pos in (121_473_331, 121_473_332, 121_483_000, 121_603_458, 121_603_459)]
    places += [("chr8_KI270821v1_alt", pos) for pos in range(1, 900)]
    found = [
        (contig, pos, "DP=9;ANN=FGFR1|x" if contig.endswith("alt") and pos == 44 else "DP=9") for contig, pos in places
    ]
    order = {"chr3": 0, "chr4": 1, "chr8": 2, "chr10": 3, "chr8_KI270821v1_alt": 4}
    return sorted(found, key=lambda row: (order[row[0]], row[1]))


def indexed(folder: Path, *, meta: str = DECLARED, csi: bool = False) -> Path:
    """Write, pack and index a file of several hundred blocks."""
    lines = [f"{contig} {pos} . G A . PASS {info}" for contig, pos, info in rows(Random(3))]
    lines.insert(0, "chr3 1 . A G . PASS DP=" + "1" * 9)
    plain, packed = folder / "sample.vcf", folder / "sample.vcf.gz"
    plain.write_text(vcf(*lines, meta=meta + ALTERNATE))
    pysam.tabix_compress(str(plain), str(packed))
    pysam.tabix_index(str(packed), preset="vcf", csi=csi)
    return packed


def found(content: InputContent) -> list[Call]:
    calls = []
    for call in content.calls:
        assert not isinstance(call, RearrangementCall)
        calls.append(replace(call, source=replace(call.source, line=None, place=None)))
    return sorted(calls, key=repr)


def codes(content: InputContent) -> set[str]:
    return {finding.code for finding in content.report.findings}


@pytest.fixture(autouse=True)
def _small_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "_INDEX_FROM_BYTES", 0)


@pytest.mark.parametrize("csi", [False, True])
def test_the_index_gives_the_calls_of_the_search(tmp_path: Path, csi: bool) -> None:
    path = indexed(tmp_path, csi=csi)
    by_index = read_path(path)
    assert codes(by_index) == {"READ_BY_INDEX"}
    assert by_index.report.sha256 is None
    counts = by_index.accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
    (tmp_path / f"sample.vcf.gz.{'csi' if csi else 'tbi'}").unlink()
    searched = read_path(path)
    assert codes(searched) == set()
    assert found(by_index) == found(searched)
    assert len(found(searched)) >= 4


def test_an_index_older_than_the_file_is_not_used(tmp_path: Path) -> None:
    path = indexed(tmp_path)
    os.utime(f"{path}.tbi", ns=(0, 0))
    assert codes(read_path(path)) == set()


@pytest.mark.parametrize(
    "meta",
    [
        "",
        DECLARED + '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="x">\n',
        DECLARED + '##INFO=<ID=END,Number=1,Type=Integer,Description="x">\n',
        DECLARED + '##ALT=<ID=DUP,Description="x">\n',
        DECLARED + '##ALT=<ID=TRA,Description="x">\n',
    ],
)
def test_a_file_whose_alleles_may_reach_far_is_read_as_a_whole(tmp_path: Path, meta: str) -> None:
    assert codes(read_path(indexed(tmp_path, meta=meta))) == set()


def test_a_file_that_is_not_what_the_index_says_is_read_as_a_whole(tmp_path: Path) -> None:
    path = indexed(tmp_path)
    plain = tmp_path / "other.vcf"
    lines = [f"{contig} {pos} . G A . PASS DP=9" for contig, pos, _ in rows(Random(3))]
    Random(1).shuffle(lines)
    plain.write_text(vcf(*lines, meta=DECLARED + ALTERNATE))
    pysam.tabix_compress(str(plain), str(path), force=True)
    os.utime(f"{path}.tbi")
    content = read_path(path)
    assert codes(content) == set()
    assert content.report.records == len(lines)


def test_a_file_without_end_block_is_not_read_by_its_index(tmp_path: Path) -> None:
    path = indexed(tmp_path)
    path.write_bytes(path.read_bytes()[:-28])
    os.utime(f"{path}.tbi")
    content = read_path(path, allow_truncated=True)
    assert not content.report.complete
    assert codes(content) == set()
