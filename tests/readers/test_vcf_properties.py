"""Laws that hold for every VCF: order, naming and unrelated records change nothing; damage is told."""

import gzip
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fgfr_screen.errors import FgfrScreenError
from fgfr_screen.model import Call, InputContent, RearrangementCall, Source
from fgfr_screen.pairing import pair_mates
from fgfr_screen.readers.vcf.header import structured_fields
from fgfr_screen.readers.vcf.records import RecordError, parse_info, parse_record
from tests.readers.vcf_text import FIXTURES, read_text, vcf

ROWS = [
    "chr4 1807300 m0 G G]chr3:98362502] . PASS SVTYPE=BND;MATEID=m1;CIPOS=0,2;HOMLEN=2",
    "chr3 98362500 m1 T T]chr4:1807302] . PASS SVTYPE=BND;MATEID=m0;CIPOS=0,2;HOMLEN=2",
    "chr10 121482000 g0 A [chr3:5000[ACG . q10 SVTYPE=BND;MATEID=g1",
    "chr3 5000 g1 A [chr10:121482000[CGA . q10 SVTYPE=BND;MATEID=g0",
    "chr10 121400000 d0 N <DUP> . PASS SVTYPE=DUP;END=121490000",
    "chr10 121000000 i0 N <INV> . . SVTYPE=INV;END=121482000",
    "chr8 38420000 t0 N <TRA> . PASS SVTYPE=TRA;CHR2=chr3;END=700;CT=5to5",
    "chr10 121482500 s0 A A. . PASS SVTYPE=BND",
    "chr4 1801841 v0 C G . PASS .",
]
UNRELATED = [
    "chr3 7000 u G A . PASS .",
    "chr3 8000 u N <DEL> . PASS END=9000",
    "chr3 5 u N N[chr14:900[ . PASS SVTYPE=BND",
]
NAMES = {
    "plain": {"chr3": "3", "chr4": "4", "chr8": "8", "chr10": "10", "chr14": "14"},
    "accession": {
        "chr3": "NC_000003.12",
        "chr4": "NC_000004.12",
        "chr8": "NC_000008.11",
        "chr10": "NC_000010.11",
        "chr14": "NC_000014.9",
    },
}


def found(content: InputContent) -> set[Call]:
    """Return the paired calls without their line numbers."""
    return {without_lines(call) for call in pair_mates(content.calls)}


def without_lines(call: Call) -> Call:
    source = replace(call.source, line=None)
    if isinstance(call, RearrangementCall):
        return replace(call, source=source, mates=tuple(replace(mate, line=None) for mate in call.mates))
    return replace(call, source=source)


EXPECTED = vcf(*ROWS)


@settings(max_examples=25, deadline=None)
@given(st.permutations(ROWS))
def test_the_order_of_records_and_mates_does_not_matter(rows: list[str]) -> None:
    assert found(read_text(vcf(*rows))) == found(read_text(EXPECTED))


@pytest.mark.parametrize("style", NAMES)
def test_the_naming_of_contigs_does_not_matter(style: str) -> None:
    text = EXPECTED
    # The longer names first, so that chr1 does not change chr10.
    for name in sorted(NAMES[style], key=len, reverse=True):
        text = text.replace(name, NAMES[style][name])
    assert found(read_text(text)) == found(read_text(EXPECTED))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(UNRELATED), max_size=20), st.randoms(use_true_random=False))
def test_unrelated_records_change_only_counts(extra: list[str], random: Random) -> None:
    rows = ROWS + extra
    random.shuffle(rows)
    content = read_text(vcf(*rows))
    assert found(content) == found(read_text(EXPECTED))
    assert content.report.outside_fgfr == len(extra)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="chr10\t,;=[]<>:.ACGTN*0123456789PASEVLD|/\0 ", max_size=80))
def test_no_line_makes_the_record_parser_raise_anything_but_its_own_error(line: str) -> None:
    try:
        record = parse_record(1, line)
    except RecordError as error:
        assert error.code
    else:
        assert record.pos >= 0
        assert record.ref


@given(st.dictionaries(st.text("ABCDEF", min_size=1, max_size=5), st.text("abc123,.", max_size=5), max_size=6))
def test_info_is_read_back_as_written(info: dict[str, str]) -> None:
    text = ";".join(f"{key}={value}" if value else key for key, value in info.items()) or "."
    assert parse_info(text) == info


FIELDS = st.lists(st.text("ab,=<> ", max_size=4), max_size=4).map(lambda parts: ",".join(f"K{part}" for part in parts))


@given(FIELDS)
def test_header_fields_are_the_same_beside_a_quoted_one(text: str) -> None:
    beside = structured_fields(f'<{text},Z="q">')
    assert beside.pop("Z") == "q"
    assert structured_fields(f"<{text},>") == beside


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_changed_byte_refuses_the_file_or_keeps_the_accounting(at: int, byte: int) -> None:
    original = vcf(ROWS[4]).encode()
    at %= len(original)
    damaged = original[:at] + bytes([byte]) + original[at + 1 :]
    try:
        content = read_text(damaged, forced="vcf")
    except FgfrScreenError:
        return
    counts = content.accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected


@pytest.mark.parametrize("cut", range(20, 300, 17))
def test_a_cut_gzip_file_is_refused(cut: int) -> None:
    whole = gzip.compress(EXPECTED.encode())
    with pytest.raises(FgfrScreenError):
        read_text(whole[: min(cut, len(whole) - 1)], forced="vcf")


def test_a_cut_bgzf_file_is_refused_and_read_on_demand() -> None:
    import pysam

    with tempfile.TemporaryDirectory() as folder:
        plain, packed = Path(folder) / "a.vcf", Path(folder) / "a.vcf.gz"
        plain.write_text(EXPECTED)
        pysam.tabix_compress(str(plain), str(packed))
        whole = packed.read_bytes()
    without_end = whole[:-28]
    with pytest.raises(FgfrScreenError):
        read_text(without_end)
    content = read_text(without_end, allow_truncated=True)
    assert not content.report.complete
    assert found(content) == found(read_text(EXPECTED))
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    with pytest.raises(FgfrScreenError):
        read_text(bytes(flipped))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.vcf")), ids=lambda path: path.name)
def test_every_fixture_keeps_the_accounting_identity(path: Path) -> None:
    counts = read_text(path.read_text()).accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected


def test_sources_name_the_lines_of_both_mates() -> None:
    calls = pair_mates(read_text(EXPECTED).calls)
    lines = EXPECTED.split("\n")
    pair = next(call for call in calls if call.source.raw_id in ("m0", "m1"))
    assert isinstance(pair, RearrangementCall)
    sources: list[Source] = [pair.source, *pair.mates]
    assert {lines[(source.line or 0) - 1].split("\t")[2] for source in sources} == {"m0", "m1"}
