"""Which sample column is the tumour, and what happens when it cannot be told."""

import pytest

from fgfr_screen.errors import SampleColumnError
from fgfr_screen.model import ShortVariantCall
from fgfr_screen.terms import Origin
from tests.readers.vcf_text import read_text, vcf

ROW = "chr10 121483000 . G A . PASS . GT:AF:DP 0/0:0.0:50 0/1:0.4:60"


def the_call(text: str, **options: str) -> ShortVariantCall:
    (call,) = read_text(text, **options).calls
    assert isinstance(call, ShortVariantCall)
    return call


@pytest.mark.parametrize(
    ("samples", "meta"),
    [
        (("NORMAL", "TUMOR"), ""),
        (("Normal_1", "Tumour_1"), ""),
        (("ref_sample", "tumor_sample"), ""),
        (("P7-normal", "P7"), ""),
        (("A", "B"), "##tumor_sample=B\n##normal_sample=A\n"),
    ],
)
def test_the_tumor_column_is_told_from_the_file(samples: tuple[str, ...], meta: str) -> None:
    call = the_call(vcf(ROW, samples=samples, meta=meta))
    assert (call.vaf, call.origin, call.has_matched_normal) == (0.4, Origin.SOMATIC, True)


def test_names_with_blanks_are_one_column() -> None:
    text = vcf(ROW, samples=("N", "T")).replace("\tN\tT", "\tNormal 1\tTumor 1")
    assert the_call(text).vaf == 0.4


def test_the_user_overrides_the_file() -> None:
    call = the_call(vcf(ROW, samples=("TUMOR", "X")), tumor_sample="X", normal_sample="TUMOR")
    assert (call.vaf, call.normal_vaf) == (0.4, 0.0)


def test_a_single_column_is_the_tumor() -> None:
    call = the_call(vcf("chr10 121483000 . G A . PASS . GT:AF 0/1:0.3", samples=("S1",)))
    assert (call.vaf, call.has_matched_normal, call.origin) == (0.3, None, Origin.UNKNOWN)


def test_columns_that_cannot_be_told_stop_only_a_file_that_needs_them() -> None:
    outside = vcf("chr3 5000 . G A . PASS . GT 0/0 0/1", samples=("COLO829R", "COLO829T"))
    assert read_text(outside).report.records == 1
    with pytest.raises(SampleColumnError) as caught:
        read_text(vcf(ROW, samples=("COLO829R", "COLO829T")))
    assert "COLO829R" in caught.value.reason
    assert "COLO829T" in caught.value.reason
    assert caught.value.exit_code == 3


def test_a_record_without_sample_data_does_not_need_the_column() -> None:
    text = vcf(ROW, samples=("A", "B")).replace("\tGT:AF:DP\t0/0:0.0:50\t0/1:0.4:60", "")
    assert len(read_text(text).calls) == 1


@pytest.mark.parametrize("option", ["tumor_sample", "normal_sample"])
def test_a_name_that_is_not_there_lists_the_names(option: str) -> None:
    with pytest.raises(SampleColumnError) as caught:
        read_text(vcf(ROW, samples=("N1", "T1")), **{option: "T2"})
    assert "'N1', 'T1'" in caught.value.reason


@pytest.mark.parametrize(
    ("normal", "origin"),
    [
        ("0/1:0.5:40", Origin.GERMLINE),
        ("0/0:0.1:40", Origin.GERMLINE),
        ("0/0:0.09:40", Origin.SOMATIC),
        ("./.:0.0:40", Origin.SOMATIC),
        ("0/0:0.0:9", Origin.UNKNOWN),
        ("0/0:.:.", Origin.SOMATIC),
        ("./.:.:.", Origin.UNKNOWN),
    ],
)
def test_the_normal_decides_the_origin(normal: str, origin: Origin) -> None:
    call = the_call(vcf(f"chr10 121483000 . G A . PASS . GT:AF:DP {normal} 0/1:0.4:60", samples=("NORMAL", "TUMOR")))
    assert call.origin is origin


def test_the_somatic_flag_decides_where_the_normal_says_nothing() -> None:
    assert the_call(vcf("chr10 121483000 . G A . PASS SOMATIC")).origin is Origin.SOMATIC


@pytest.mark.parametrize(
    ("tumor", "no_support"),
    [
        ("0/0:0.3", True),
        ("0/1:0.0", True),
        ("0/1:0.2", False),
        ("./.:0.2", False),
        ("0/2:.", True),
        ("0/2:0.1", False),
        ("1|0:.", False),
    ],
)
def test_no_support_in_the_tumor(tumor: str, no_support: bool) -> None:
    assert the_call(vcf(f"chr10 121483000 . G A . PASS . GT:AF {tumor}", samples=("T",))).no_support is no_support


@pytest.mark.parametrize("value", ["0/1:lots", "0/1:1.5", "0/1:0.3:5"])
def test_malformed_sample_values_that_are_needed_refuse_the_record(value: str) -> None:
    content = read_text(vcf(f"chr10 121483000 . G A . PASS . GT:AF {value}", samples=("T",)))
    assert [(item.code, item.touches_fgfr) for item in content.rejected] == [("SAMPLE_MALFORMED", True)]


@pytest.mark.parametrize(("values", "code"), [("0/1:0.3", "ROW_SHORT"), ("0/1:0.3 0/1:0.3 0/1:0.3", "ROW_LONG")])
def test_too_few_or_too_many_sample_columns_refuse_the_record(values: str, code: str) -> None:
    content = read_text(vcf(f"chr10 121483000 . G A . PASS . GT:AF {values}", samples=("N", "T")))
    assert [item.code for item in content.rejected] == [code]
