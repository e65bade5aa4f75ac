"""The 32 probe VCFs of ../shared/probes_vcf through the command line: exit status, events, refused records."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from fgfr_screen import cli

PROBES = Path(__file__).parents[2] / "shared" / "probes_vcf"
# File: exit status; then names of the events (silent ones as "silent") and codes of the refused records, or for exit
# status 3 the code of the error.
JOINED = "FGFR2 rearrangement (FGFR3)"
PROBE_ANSWERS: dict[str, tuple[int, list[str], list[str]]] = {
    "01_plain.vcf": (0, [JOINED], []),
    "02_plaingzip.vcf.gz": (0, [JOINED], []),
    "03_end_lt_pos.vcf": (0, [JOINED], []),
    "04_end_string_5.vcf": (0, [JOINED], []),
    "05_tra_end_gt.vcf": (0, [JOINED], []),
    "06_svlen_only45.vcf": (0, ["FGFR2 rearrangement (intergenic chr10)"], []),
    "07_undeclared.vcf": (3, [], ["ASSEMBLY_UNKNOWN"]),
    "08_noheader.vcf": (3, [], ["UNKNOWN_FORMAT"]),
    "09_nofileformat.vcf": (0, [JOINED], []),
    "10_space_in_info.vcf": (0, ["silent"], []),
    "11_space_sample.vcf": (0, ["silent"], []),
    "12_crlf.vcf": (0, ["silent"], []),
    "13_latin1.vcf": (0, ["silent"], []),
    "14_truncline.vcf": (0, ["silent"], ["ROW_SHORT"]),
    "15_alts.vcf": (
        0,
        [
            JOINED,
            "FGFR2 rearrangement (intergenic HLA-A*01:01:01)",
            "FGFR2 rearrangement (intergenic ctg1)",
            "FGFR2 rearrangement (partner not given)",
            "FGFR2 rearrangement (partner not given)",
            "FGFR2::FGFR3",
            "FGFR3::FGFR2",
        ],
        ["BREAKEND_MALFORMED", "SPAN_MISSING", "SPAN_MISSING"],
    ),
    "16_filter.vcf": (0, ["silent"] * 7, []),
    "17_cipos1.vcf": (0, [], ["INFO_MALFORMED"]),
    "18_dupkey.vcf": (0, [], ["INFO_DUPLICATE_KEY"]),
    "19_commapos.vcf": (0, [], ["POS_MALFORMED"]),
    "20_pos0.vcf": (0, ["FGFR3 rearrangement (intergenic chr10)"], []),
    "21_spaces_cols.vcf": (3, [], ["BLANKS_NOT_TABS"]),
    "22_blank_trailing.vcf": (0, ["silent"], []),
    "23_bom.vcf": (0, ["silent"], []),
    "24_qual_txt.vcf": (0, ["silent"], []),
    "25_twosample_onecol.vcf": (0, [], ["ROW_SHORT"]),
    "26_empty.vcf": (3, [], ["EMPTY_FILE"]),
    "27_headeronly.vcf": (0, [], []),
    "28_desc_escape.vcf": (0, ["silent"], []),
    "29_missing_desc.vcf": (0, ["silent"], []),
    "30_numberR_af.vcf": (0, ["silent"] * 2, []),
    "31_named.vcf.gz": (0, [JOINED], []),
    "32_truncgz.vcf.gz": (3, [], ["GZIP_TRUNCATED"]),
}

pytestmark = pytest.mark.skipif(not PROBES.is_dir(), reason="../shared/probes_vcf is not beside the project")


def screen(name: str, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Run `screen` on one probe and return the exit status and the JSON result ({} when there is none)."""
    target = folder / "result.json"
    status = cli.run(["screen", str(PROBES / name), "--format", "json", "--all", "-o", str(target), *options])
    return status, msgspec.json.decode(target.read_bytes()) if target.exists() else {}


def test_every_probe_is_listed() -> None:
    assert sorted(PROBE_ANSWERS) == sorted(path.name for path in PROBES.iterdir() if path.name != "README.md")


@pytest.mark.parametrize("name", PROBE_ANSWERS)
def test_probe_ends_with_its_status_events_and_refused_records(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status, events, codes = PROBE_ANSWERS[name]
    found, result = screen(name, tmp_path)
    told = capfd.readouterr().err
    assert found == status
    for code in codes:
        assert code in told
    if status == 0:
        names = [event["name"] for event in result["events"]] + ["silent"] * len(result["silent_events"])
        assert sorted(names) == sorted(events)
        assert [record["code"] for record in result["rejected"]] == codes
        count = result["accounting"]
        assert count["records"] == count["outside_fgfr"] + count["in_events"] + count["rejected"]


@pytest.mark.parametrize("name", [name for name, (status, _, codes) in PROBE_ANSWERS.items() if codes and not status])
def test_a_refused_record_that_may_touch_fgfr_ends_strict_screening(name: str, tmp_path: Path) -> None:
    _, result = screen(name, tmp_path)
    assert all(record["touches_fgfr"] for record in result["rejected"])
    assert "no_match" not in result["summary"].values()
    assert screen(name, tmp_path, "--strict")[0] == 3


def test_undeclared_keys_are_read_as_declared_ones_once_the_assembly_is_named(tmp_path: Path) -> None:
    _, result = screen("07_undeclared.vcf", tmp_path, "--assembly", "GRCh38")
    (event,) = result["events"]
    assert (event["name"], event["five_prime"]["pos_end"] - event["five_prime"]["pos"]) == (JOINED, 10)


def test_a_cut_gzip_is_read_only_on_request_and_never_complete(tmp_path: Path) -> None:
    status, result = screen("32_truncgz.vcf.gz", tmp_path, "--allow-truncated")
    assert status == 0
    assert [item["complete"] for item in result["inputs"]] == [False]
    assert "no_match" not in result["summary"].values()


def test_a_cut_last_line_makes_the_input_incomplete(tmp_path: Path) -> None:
    _, result = screen("14_truncline.vcf", tmp_path)
    assert [item["complete"] for item in result["inputs"]] == [False]
