"""Reference rows of a gVCF: a hotspot without enough reads leaves the question open, and only that of its gene and kind."""

from pathlib import Path

import pytest

from fgfr_screen.model import InputContent, ShortVariantCall
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly, CallStatus, EventKind, Outcome
from tests.readers.vcf_text import read_text, vcf

PLACES = {"FGFR1": ("chr8", 38_410_000, 38_470_000), "FGFR2": ("chr10", 121_475_000, 121_605_000)}
FGFR3 = ("chr4", 1_790_000, 1_812_000)
META = (
    '##ALT=<ID=NON_REF,Description="any">\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="end">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">\n'
)
GOOD = "GT:DP:GQ:MIN_DP:PL 0/0:60:99:55:0,120,1800"
S249 = 1_801_840  # middle base of the codon on GRCh38
OWN = """
id = "own"
name = "Own panel"
molecule = "DNA"
sources = ["this test"]
qc = "pass"
[[covers]]
genes = ["FGFR1", "FGFR2", "FGFR3"]
kinds = ["short_variant"]
"""


def block(contig: str, start: int, end: int, sample: str = GOOD, alt: str = "<NON_REF>", passed: str = ".") -> str:
    return f"{contig} {start} . A {alt} . {passed} END={end} {sample}"


def gvcf(*of_fgfr3: str, others: bool = True) -> str:
    """Return a gVCF in which FGFR1 and FGFR2 are covered, with these rows at FGFR3."""
    rows = [block(*place) for place in PLACES.values()] if others else []
    return vcf(*of_fgfr3, *rows, meta=META, samples=("S1",))


def left_out(content: InputContent) -> list[str | None]:
    found = [one for one in content.calls if one.status is CallStatus.NOT_TESTED]
    assert all(isinstance(one, ShortVariantCall) and one.finding_codes == ("NOT_COVERED",) for one in found)
    return [one.gene for one in found if isinstance(one, ShortVariantCall)]


def around(sample: str, **more: str) -> str:
    """Return FGFR3 with one block over the codon of S249 that has this sample column, and good blocks beside it."""
    contig, first, last = FGFR3
    return gvcf(
        block(contig, first, S249 - 10),
        block(contig, S249 - 9, S249 + 9, f"GT:DP:GQ:MIN_DP:PL {sample}", **more),
        block(contig, S249 + 10, last),
    )


def test_good_blocks_over_every_hotspot_leave_nothing_out() -> None:
    content = read_text(gvcf(block(*FGFR3)))
    assert (left_out(content), content.calls) == ([], ())
    assert content.report.outside_fgfr == content.report.records == 3


@pytest.mark.parametrize(
    ("sample", "more"),
    [
        ("0/0:0:0:0:0,0,0", {}),
        ("./.:0:0:0:0,0,0", {}),
        (".|.:60:0:60:0,0,0", {}),
        (".:60:0:60:0,0,0", {}),
        ("0/0:60:99:19:0,0,0", {}),
        ("0/0:19:40:.:0,0,0", {}),
        ("0/0:60:99:55:0,0,0", {"passed": "LowGQX"}),
        ("0/0:0:0:0:0,0,0", {"alt": "<*>"}),
        ("0/0:0:0:0:0,0,0", {"alt": "."}),
    ],
)
def test_a_block_without_enough_reads_over_a_hotspot_leaves_its_gene_out(sample: str, more: dict[str, str]) -> None:
    content = read_text(around(sample, **more))
    assert left_out(content) == ["FGFR3"]
    assert content.report.outside_fgfr == content.report.records


@pytest.mark.parametrize("sample", ["0/0:20:50:20:0,0,0", "0/0:60:99:.:0,0,0", "0/0:.:99:.:0,0,0"])
def test_a_block_with_enough_reads_or_that_tells_no_depth_is_an_answer(sample: str) -> None:
    assert left_out(read_text(around(sample))) == []


def test_a_bad_block_beside_the_hotspots_asks_nothing() -> None:
    contig, first, last = FGFR3
    bad = "GT:DP:GQ:MIN_DP:PL ./.:0:0:0:0,0,0"
    rows = block(contig, first, first + 500, bad), block(contig, first + 501, last)
    assert left_out(read_text(gvcf(*rows))) == []


def test_a_gvcf_says_nothing_of_a_base_that_no_block_holds() -> None:
    assert left_out(read_text(gvcf())) == ["FGFR3"]
    contig, first, _ = FGFR3
    assert left_out(read_text(gvcf(block(contig, first, S249 - 10)))) == ["FGFR3"]


def test_no_block_near_any_receptor_leaves_all_of_them_out() -> None:
    far = block("chr3", 1_000, 90_000_000)
    assert left_out(read_text(gvcf(far, others=False))) == ["FGFR1", "FGFR2", "FGFR3"]


def test_a_row_with_the_variant_covers_its_base() -> None:
    contig, first, last = FGFR3
    sample = "GT:DP:GQ:MIN_DP:PL 0/0:60:99:55:0,0,0"
    variant = f"{contig} {S249} . C G,<NON_REF> . . . GT:AD:DP 0/1:40,20,0:60"
    rows = block(contig, first, S249 - 1, sample), variant, block(contig, S249 + 1, last, sample)
    content = read_text(gvcf(*rows))
    assert left_out(content) == []
    assert any(one.status is CallStatus.PRESENT for one in content.calls)


def test_a_file_of_variants_alone_is_asked_nothing() -> None:
    rows = ("chr4 1801000 . A G . PASS . GT:DP 0/1:50", "chr8 38411000 . A G . PASS . GT:DP 0/1:3")
    assert left_out(read_text(vcf(*rows, meta=META, samples=("S1",)))) == []


def test_single_sites_are_asked_where_they_stand() -> None:
    """An all-sites row is no block: a file that forces a few hotspots says nothing of the others."""
    site = f"chr4 {S249} . C . . {{}} . GT:DP {{}}"
    for filters, sample, expected in (
        ("PASS", "0/0:300", []),
        ("PASS", "./.:0", ["FGFR3"]),
        ("LowDP", "0/0:5", ["FGFR3"]),
    ):
        assert left_out(read_text(vcf(site.format(filters, sample), samples=("S1",)))) == expected


def test_the_assembly_moves_the_hotspots() -> None:
    contig, first, last = "chr4", 1_791_000, 1_814_000
    places = block("chr8", 38_268_000, 38_335_000), block("chr10", 123_233_000, 123_365_000)
    text = vcf(block(contig, first, last), *places, meta=META, samples=("S1",), assembly=Assembly.GRCH37)
    assert left_out(read_text(text)) == []


def test_a_gvcf_holds_short_variants_alone() -> None:
    bare = '##ALT=<ID=NON_REF,Description="any">\n'
    assert read_text(vcf(block(*FGFR3), meta=bare, samples=("S1",))).carries == (EventKind.SHORT_VARIANT,)
    assert read_text(vcf(block(*FGFR3), samples=("S1",))).carries is None


def test_the_answer_on_fgfr3_stays_open_and_that_on_the_others_does_not(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    outcomes = []
    for text in (gvcf(block(*FGFR3)), around("0/0:0:0:0:0,0,0")):
        path = tmp_path / "sample.g.vcf"
        path.write_text(text)
        report = screen_sample(path, assay=str(tmp_path / "own.toml"))
        outcomes.append({one.gene.value: one.outcome for one in report.absence if one.kind == "short_variant"})
    closed = dict.fromkeys(("FGFR1", "FGFR2", "FGFR3"), Outcome.NO_MATCH)
    assert outcomes == [closed, closed | {"FGFR3": Outcome.UNDETERMINED}]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (f"chr4 {S249} . C T,<NON_REF> . LowQual . GT:AD:DP ./.:0,0,0:0", ["FGFR3"]),
        (f"chr4 {S249} . C T,<NON_REF> . . . GT:AD:DP 0/0:3,0,0:3", ["FGFR3"]),
        (f"chr4 {S249} . C T,<NON_REF> . . . GT:AD:DP 0/1:3,3,0:6", []),
        (f"chr4 {S249} . C T,<NON_REF> . . . GT:AD:DP 0/0:60,0,0:60", []),
    ],
)
def test_a_row_with_alleles_covers_its_base_when_it_is_called_or_well_read(row: str, expected: list[str]) -> None:
    contig, first, last = FGFR3
    assert left_out(read_text(gvcf(block(contig, first, S249 - 1), row, block(contig, S249 + 1, last)))) == expected


def test_a_long_ref_without_allele_makes_no_gvcf() -> None:
    row = "chr4 1801841 . CTT . . PASS DP=500 GT:DP 0/0:500"
    assert left_out(read_text(vcf(row, samples=("S1",)))) == []


def test_the_last_line_of_a_gvcf_may_hold_a_variant() -> None:
    row = "chr17 7674220 . C T,<NON_REF> . . . GT:DP 0/1:60"
    assert left_out(read_text(vcf(row, meta=META, samples=("S1",)))) == ["FGFR1", "FGFR2", "FGFR3"]
