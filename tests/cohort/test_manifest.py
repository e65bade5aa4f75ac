"""Manifests: what becomes of a table, a folder, an archive; which rows are refused and with which words."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen.cohort.manifest import Row, folded, read_manifest
from fgfr_screen.errors import InputError
from tests.cohort.cohorts import QUIET_VCF
from tests.conftest import ROOT


def rows_of(path: Path, root: Path | None = None) -> list[Row]:
    return list(read_manifest(str(path), None if root is None else str(root), {}))


def table(folder: Path, text: str, name: str = "manifest.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        rows_of(path)
    return caught.value.code


def test_table_gives_options_files_and_clinical_facts(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "sample_id\tpatient_id\tfiles\ttumor_type\tassembly\tpurity\tage_months\tresected\tlines\n"
        "S1\tP1\ta.vcf;b.json\tIHCH\thg19\t0.4\t720\tyes\tgem/cis; pembrolizumab\n"
        "NA\t\tc.vcf\tNA\t.\t\t\t\tuntreated\n",
    )
    one, two = (row.spec for row in rows_of(path))
    assert [file.name for file in one.files] == ["a.vcf", "b.json"]
    assert one.files[0].path == str(tmp_path / "a.vcf")
    assert (one.patient_id, one.tumor_type, one.assembly, one.purity) == ("P1", "IHCH", "GRCh37", 0.4)
    lines = [{"agents": ["gem/cis"]}, {"agents": ["pembrolizumab"]}]
    assert one.clinical == {"age_months": 720.0, "resected": True, "lines": lines}
    assert (two.sample_id, two.tumor_type, two.clinical) == ("NA", None, {"lines": []})


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_may_quote_and_separate_by_comma_or_semicolon(tmp_path: Path, separator: str) -> None:
    path = table(tmp_path, f'\ufeffsample_id{separator}files\r\n"S,1"{separator}"a.vcf;b.vcf"\r\n', "m.csv")
    (row,) = rows_of(path)
    assert row.spec.sample_id == "S,1"
    assert len(row.spec.files) == 2


def test_ndjson_rows_keep_their_types(tmp_path: Path) -> None:
    cells = {"sample_id": "S1", "files": ["a.vcf"], "purity": 0.5, "resected": False, "lines": [{"agents": ["x"]}]}
    (row,) = rows_of(table(tmp_path, json.dumps(cells) + "\n", "m.ndjson"))
    assert row.spec.purity == 0.5
    assert row.spec.clinical == {"resected": False, "lines": [{"agents": ["x"]}]}


def test_gb18030_manifest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    path.write_bytes("sample_id\tfiles\ttumor_type\nS1\ta.vcf\t肝内胆管癌\n".encode("gb18030"))
    assert rows_of(path)[0].spec.tumor_type == "肝内胆管癌"


def test_folder_is_one_sample_per_file_named_after_it(tmp_path: Path) -> None:
    for name in ("b.vcf.gz", "a.sv.vcf", "a.sv.vcf.gz.tbi", ".hidden"):
        (tmp_path / name).write_text("x")
    assert [row.spec.sample_id for row in rows_of(tmp_path)] == ["a.sv", "b"]


def test_reports_in_ndjson_and_tar_are_parts_of_the_archive(tmp_path: Path) -> None:
    report = json.dumps(json.loads((ROOT / "fixtures/demo/report.json").read_text("utf-8"))).encode()
    lines = tmp_path / "reports.ndjson"
    lines.write_bytes(report + b"\n\n" + report + b"\n")
    found = rows_of(lines)
    assert [row.spec.sample_id for row in found] == ["reports-1", "reports-3"]
    place = found[1].spec.files[0]
    assert place.offset is not None and place.size is not None
    assert json.loads(lines.read_bytes()[place.offset :][: place.size]) == json.loads(report)
    archive = tmp_path / "reports.tar"
    with tarfile.open(archive, "w") as tar:
        member = tarfile.TarInfo("lab/R-1.json")
        member.size = len(report)
        tar.addfile(member, io.BytesIO(report))
        link = tarfile.TarInfo("lab/R-2.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    one, two = rows_of(archive)
    assert one.spec.sample_id == "R-1"
    assert one.spec.files[0].size == len(report)
    assert two.error is not None and two.error.code == "NOT_A_FILE"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("\ta.vcf\t", "SAMPLE_ID_MISSING"),
        ("S1\t\t", "FILES_MISSING"),
        ("S1\ta.vcf;a.vcf\t", "INPUT_TWICE"),
        ("S1\ta.vcf\thigh", "BAD_CELL"),
        ("S1\ta.vcf\t7", "BAD_CELL"),
        ("S1\ta.vcf", "RAGGED_ROW"),
        ("S1\ta.vcf\t0.5\tmore", "RAGGED_ROW"),
        ("S1\ta\0.vcf\t", "NUL_BYTE"),
    ],
)
def test_bad_row_is_an_error_and_the_others_go_on(tmp_path: Path, row: str, code: str) -> None:
    first, second = rows_of(table(tmp_path, f"sample_id\tfiles\tpurity\n{row}\nS2\tb.vcf\t0.5\n"))
    assert first.error is not None
    assert (first.line, first.error.code) == (2, code)
    assert second.error is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "EMPTY_FILE"),
        ("sample_id\tfiles\n", "MANIFEST_EMPTY"),
        ("sample_id\tpath\nS1\ta\n", "UNKNOWN_COLUMN"),
        ("sample_id\ttumor_type\nS1\tIHCH\n", "MISSING_COLUMN"),
        ("sample_id\tfiles\tfiles\nS1\ta\tb\n", "DUPLICATE_COLUMN"),
    ],
)
def test_manifest_that_means_nothing_is_refused(tmp_path: Path, text: str, code: str) -> None:
    assert code_of(table(tmp_path, text)) == code


def test_unknown_column_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tumor_type"):
        rows_of(table(tmp_path, "sample_id\tfiles\ttumour_type\nS1\ta\tIHCH\n"))


def test_empty_folder_and_compressed_archive_are_refused(tmp_path: Path) -> None:
    import gzip

    folder = tmp_path / "empty"
    folder.mkdir()
    assert code_of(folder) == "MANIFEST_EMPTY"
    packed = tmp_path / "reports.ndjson.gz"
    packed.write_bytes(gzip.compress(b'{"schema_version": "1.0"}\n'))
    assert code_of(packed) == "ARCHIVE_COMPRESSED"


@pytest.mark.parametrize("name", ["../outside.vcf", "/etc/passwd", "link.vcf", "inside/../../outside.vcf"])
def test_names_that_leave_the_root_are_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    (root / "inside").mkdir(parents=True)
    (tmp_path / "outside.vcf").write_text(QUIET_VCF)
    (root / "link.vcf").symlink_to(tmp_path / "outside.vcf")
    (root / "inside/a.vcf").write_text(QUIET_VCF)
    manifest = table(tmp_path, f"sample_id\tfiles\nS1\t{name}\nS2\tinside/a.vcf\n")
    bad, good = rows_of(manifest, root)
    assert bad.error is not None and bad.error.code == "PATH_OUTSIDE_ROOT"
    assert good.error is None


@pytest.mark.parametrize("name", ["~/a.vcf", "$HOME/a.vcf", "$(touch x).vcf"])
def test_nothing_in_a_name_is_expanded(tmp_path: Path, name: str) -> None:
    (row,) = rows_of(table(tmp_path, f"sample_id\tfiles\nS1\t{name}\n"))
    assert row.spec.files[0].path == f"{tmp_path}/{name}"


@given(st.text(min_size=1, max_size=8))
def test_folding_is_stable_and_ignores_case_form_and_padding(text: str) -> None:
    import unicodedata

    once = folded(text)
    assert folded(once) == once
    assert folded(f" {text} ") == once
    assert folded(unicodedata.normalize("NFD", text)) == once
    assert folded(text.upper()) == folded(text.upper().lower().upper())
