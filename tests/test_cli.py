"""Terminal sessions: what a user types, what comes back, with which exit status."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fgfr_screen import __version__
from fgfr_screen.cli import COMMANDS, help_text
from fgfr_screen.cli import run as run_here
from tests.conftest import ROOT, Session

HEAVY = ("pandas", "numpy", "pysam", "vcf", "Bio", "sqlalchemy", "dask", "jinja2")


def modules_after(*arguments: str) -> set[str]:
    """Return the names of all modules that a command line loads."""
    code = (
        "import sys\nfrom fgfr_screen import cli\nimport os\nos._exit = sys.exit\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "print('MODULES', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    line = next(line for line in done.stderr.splitlines() if line.startswith("MODULES"))
    return set(line.split()[1:])


def test_version_is_one_clean_line(cli: Session) -> None:
    done = cli("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"fgfr-screen {__version__}\n".encode(), b"")


def test_version_works_without_an_environment() -> None:
    command = [sys.executable, "-m", "fgfr_screen", "--version"]
    done = subprocess.run(command, env={}, capture_output=True, check=True, cwd=ROOT)
    assert done.stdout == f"fgfr-screen {__version__}\n".encode()


def test_help_lists_every_command_with_its_own_first_line(cli: Session) -> None:
    done = cli("--help")
    assert done.stdout.decode() == help_text()
    for name, (module, short) in COMMANDS.items():
        own = cli(name, "--help").stdout.decode()
        assert short in " ".join(own.split()), (name, module)


def test_no_command_is_a_usage_error_that_shows_the_help(cli: Session) -> None:
    done = cli()
    assert done.returncode == 2
    assert b"Commands:" in done.stdout


def test_wrong_command_names_the_nearest(cli: Session) -> None:
    done = cli("scren", "x.vcf")
    assert done.returncode == 2
    assert b"screen" in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_and_version_load_nothing_heavy_not_even_click(arguments: tuple[str, ...]) -> None:
    assert not modules_after(*arguments) & {*HEAVY, "click", "msgspec"}


def test_one_report_loads_nothing_heavy(demo: Path) -> None:
    assert not modules_after("screen", str(demo / "report.json")) & set(HEAVY)


def test_one_vcf_loads_nothing_heavy(demo: Path) -> None:
    loaded = modules_after("screen", str(demo / "tumor.sv.vcf"))
    assert not loaded & {*HEAVY, "click", "typing_extensions", "platform"}
    assert {"msgspec", "uuid"} <= loaded


def test_no_socket_is_opened(demo: Path) -> None:
    code = (
        "import socket\ndef refuse(*a, **k): raise AssertionError('network')\nsocket.socket = refuse\n"
        "from fgfr_screen.cli import run\nimport sys\nsys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "screen", str(demo / "tumor.sv.vcf"), str(demo / "report.json")]
    assert subprocess.run(command, capture_output=True, check=False, cwd=ROOT).returncode == 0


class TestScreen:
    def test_bundled_patient_qualifies(self, cli: Session, demo: Path) -> None:
        files = [str(demo / name) for name in ("tumor.sv.vcf", "report.json")]
        done = cli("screen", *files, "--clinical", str(demo / "clinical.toml"), "--format", "json")
        assert done.returncode == 0
        result = json.loads(done.stdout)
        assert [event["name"] for event in result["events"]] == [
            "FGFR2::BICC1",
            "FGFR2 copy number neutral, 2.1 copies",
        ]
        assert len(result["events"][0]["evidence"]) == 3
        outcomes = {program["id"]: program["outcome"] for program in result["programs"]}
        assert outcomes["CCA_FGFR2_PEMI"] == "match"
        assert result["summary"]["fgfr2_amplification"] == "no_match"

    def test_text_keeps_to_80_columns(self, cli: Session, demo: Path) -> None:
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--tumor-type", "肝内胆管癌")
        lines = done.stdout.decode().splitlines()
        assert lines[0].startswith("FGFR SCREENING REPORT")
        assert max(len(line) for line in lines) <= 80

    def test_order_of_files_gives_the_same_bytes(self, cli: Session, demo: Path) -> None:
        files = [str(demo / name) for name in ("tumor.sv.vcf", "report.json")]
        one = cli("screen", *files, "--format", "json")
        other = cli("screen", *reversed(files), "--format", "json")
        assert one.stdout == other.stdout

    def test_standard_input_gzip_and_plain_agree(self, cli: Session, demo: Path, tmp_path: Path) -> None:
        plain = (demo / "tumor.sv.vcf").read_bytes()
        packed = tmp_path / "named.vcf"
        packed.write_bytes(gzip.compress(plain))
        results = []
        for done in (
            cli("screen", str(demo / "tumor.sv.vcf"), "--format", "json"),
            cli("screen", str(packed), "--format", "json"),
            cli("screen", "-", "--format", "json", stdin=plain),
            cli("screen", "-", "--format", "json", stdin=gzip.compress(plain)),
        ):
            assert done.returncode == 0, done.stderr
            result = json.loads(done.stdout)
            results.append((result["events"], result["programs"], result["accounting"]))
        assert all(result == results[0] for result in results)

    def test_tsv_has_one_row_per_event_or_programme(self, cli: Session, demo: Path) -> None:
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--format", "tsv", "--sample-id", "P-1")
        rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
        assert len(rows) == 2
        assert dict(zip(*rows, strict=True))["name"] == "FGFR2::BICC1"
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--format", "tsv", "--table", "programs")
        rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
        assert len(rows) == 20
        assert {len(row) for row in rows} == {len(rows[0])}

    def test_one_programme_can_be_asked_for(self, cli: Session, demo: Path) -> None:
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--program", "CCA_FGFR2_PEMI", "--format", "json")
        assert [program["id"] for program in json.loads(done.stdout)["programs"]] == ["CCA_FGFR2_PEMI"]

    def test_unknown_programme_is_a_usage_error(self, cli: Session, demo: Path) -> None:
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--program", "CCA")
        assert done.returncode == 2
        assert b"UNKNOWN_PROGRAM" in done.stderr
        assert done.stdout == b""

    def test_own_programme_file_works(self, cli: Session, demo: Path, tmp_path: Path) -> None:
        own = (ROOT / "data/programs/cca-fgfr2-pemi.toml").read_text("utf-8").replace("CCA_FGFR2_PEMI", "OWN_TRIAL")
        (tmp_path / "own.toml").write_text(own, encoding="utf-8")
        done = cli(
            "screen", str(demo / "tumor.sv.vcf"), "--programs-dir", str(tmp_path), "--program", "OWN_TRIAL",
            "--tumor-type", "IHCH", "--format", "json",
        )  # fmt: skip
        assert json.loads(done.stdout)["programs"][0]["genomic"] == "match"

    def test_fault_in_own_programme_names_line_and_key(self, cli: Session, demo: Path, tmp_path: Path) -> None:
        own = (ROOT / "data/programs/cca-fgfr2-pemi.toml").read_text("utf-8").replace("family =", "famly =")
        (tmp_path / "own.toml").write_text(own.replace("CCA_FGFR2_PEMI", "OWN_TRIAL"), encoding="utf-8")
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--programs-dir", str(tmp_path))
        assert done.returncode == 2
        assert b"own.toml:2 ERROR USER_FILE" in done.stderr
        assert b"family" in done.stderr

    def test_unknown_clinical_key_names_the_nearest(self, cli: Session, demo: Path, tmp_path: Path) -> None:
        facts = tmp_path / "clinical.toml"
        facts.write_text('extent = "metastatic"\nage_month = 700\n', encoding="utf-8")
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--clinical", str(facts))
        assert done.returncode == 2
        assert b"clinical.toml:2" in done.stderr
        assert b"age_months" in done.stderr

    def test_output_file_is_replaced_in_one_step(self, cli: Session, demo: Path, tmp_path: Path) -> None:
        target = tmp_path / "result.json"
        target.write_text("old")
        done = cli("screen", str(demo / "tumor.sv.vcf"), "--format", "json", "-o", str(target))
        assert (done.returncode, done.stdout) == (0, b"")
        assert json.loads(target.read_text())["schema_version"] == "1.0"
        assert [path.name for path in tmp_path.iterdir()] == ["result.json"]

    def test_failure_leaves_the_old_output_whole(self, cli: Session, tmp_path: Path) -> None:
        target, empty = tmp_path / "result.json", tmp_path / "empty.vcf"
        target.write_text("old")
        empty.write_bytes(b"")
        done = cli("screen", str(empty), "-o", str(target))
        assert done.returncode == 3
        assert target.read_text() == "old"

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
    def test_full_disk_is_status_5(self, demo: Path) -> None:
        with open("/dev/full", "wb") as full:
            command = [sys.executable, "-m", "fgfr_screen", "screen", str(demo / "tumor.sv.vcf")]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT)
        assert done.returncode == 5
        assert b"ERROR OUTPUT" in done.stderr

    def test_missing_folder_for_output_is_status_5(self, cli: Session, demo: Path, tmp_path: Path) -> None:
        done = cli("screen", str(demo / "tumor.sv.vcf"), "-o", str(tmp_path / "no" / "such" / "folder.json"))
        assert done.returncode == 5

    def test_closed_pipe_dies_quietly_by_sigpipe(self, demo: Path) -> None:
        command = [sys.executable, "-m", "fgfr_screen", "screen", str(demo / "tumor.sv.vcf"), "--format", "json"]
        read_end, write_end = os.pipe()
        os.close(read_end)
        with os.fdopen(write_end, "wb") as closed:
            done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, check=False, cwd=ROOT)
        assert (done.returncode, done.stderr) == (-13, b"")

    @pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"PYTHONHASHSEED": "7"}, {"LC_ALL": "tr_TR.UTF-8"}])
    def test_locale_and_hash_seed_do_not_matter(self, cli: Session, demo: Path, environment: dict[str, str]) -> None:
        arguments = ["screen", str(demo / "report.json"), "--format", "json"]
        command = [sys.executable, "-m", "fgfr_screen", *arguments]
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True, cwd=ROOT)
        assert done.stdout == cli(*arguments).stdout

    def test_one_unusable_file_among_good_ones_is_told_and_caps_absence(
        self, cli: Session, demo: Path, tmp_path: Path
    ) -> None:
        broken = tmp_path / "broken.vcf"
        broken.write_bytes(b"<!DOCTYPE html><html><body>Please log in</body></html>")
        done = cli("screen", str(demo / "report.json"), str(broken), "--format", "json")
        assert done.returncode == 0
        result = json.loads(done.stdout)
        assert [item["complete"] for item in result["inputs"]] == [False, True]
        assert result["summary"]["fgfr3_alteration"] == "undetermined"
        assert b"LOOKS_LIKE_HTML" in done.stderr
        assert cli("screen", str(demo / "report.json"), str(broken), "--strict").returncode == 3


HEADER = b"##fileformat=VCFv4.2\n##contig=<ID=chr10,length=133797422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
RECORD = b"\nchr10\t121481200\ta\tA\t[chr10:58700000[A\t.\tPASS\tSVTYPE=BND"
BAD_INPUTS = {
    "empty": (b"", "EMPTY_FILE"),
    "html": (b"<html><head><title>Login</title></head></html>", "LOOKS_LIKE_HTML"),
    "no header": (RECORD[1:] + b"\n", "UNKNOWN_FORMAT"),
    "header without columns": (HEADER.split(b"#CHROM")[0] + RECORD[1:] + b"\n", "NO_HEADER"),
    "two headers": (HEADER + RECORD + b"\n" + HEADER + RECORD + b"\n", "SECOND_HEADER"),
    "duplicate samples": (HEADER + b"\tFORMAT\tT\tT\n", "DUPLICATE_SAMPLE"),
    "cut gzip": (gzip.compress(HEADER + RECORD * 2000, mtime=0)[:-20], "GZIP_TRUNCATED"),
    "mixed builds": (
        HEADER.replace(b"##contig", b"##contig=<ID=chr4,length=191154276>\n##contig") + RECORD + b"\n",
        "ASSEMBLY_CONFLICT",
    ),
    "hg18": (HEADER.replace(b"133797422", b"135374737") + RECORD + b"\n", "HG18_REFUSED"),
    "duplicate keys": (b'{"schema_version": "1.0", "schema_version": "1.0"}', "DUPLICATE_KEY"),
    "nan": (b'{"schema_version": "1.0", "purity": NaN}', "JSON_NAN"),
    "depth": (b'{"schema_version": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON_TOO_DEEP"),
    "schema version": (b'{"schema_version": "7.0", "report": {"id": "x"}}', "UNKNOWN_SCHEMA_VERSION"),
    "xz": (b"\xfd7zXZ\x00rest", "UNSUPPORTED_CONTAINER"),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_input_has_code_remedy_and_status_3(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content, code = BAD_INPUTS[name]
    path, target = tmp_path / "input.vcf", tmp_path / "result.json"
    path.write_bytes(content)
    named = ["--input-format", "lab-report"] if content.startswith(b"{") else []
    assert run_here(["screen", str(path), "-o", str(target), *named]) == 3
    shown = capfd.readouterr()
    assert f"ERROR {code} " in shown.err
    assert "-- " in shown.err, "no remedy"
    assert str(path) in shown.err
    assert shown.out == ""
    assert not target.exists()


def test_bgzf_without_its_end_block_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import pysam

    path = tmp_path / "cut.vcf.gz"
    with pysam.BGZFile(str(path), "w", None) as handle:
        handle.write(HEADER + RECORD + b"\n")
    whole = path.read_bytes()
    path.write_bytes(whole[:-28])
    assert run_here(["screen", str(path)]) == 3
    assert "BGZF_NO_EOF" in capfd.readouterr().err
    assert run_here(["screen", str(path), "--allow-truncated", "--format", "json"]) == 0
    result = json.loads(capfd.readouterr().out)
    assert result["inputs"][0]["complete"] is False
    assert result["summary"]["qualifying_fgfr2_fusion_or_rearrangement"] == "match"


def test_wrong_tumour_column_lists_the_names(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.vcf"
    path.write_bytes(HEADER + b"\tFORMAT\tA1\tB2" + RECORD + b"\tGT\t0/1\t0/0\n")
    assert run_here(["screen", str(path)]) == 3
    assert "A1" in capfd.readouterr().err
    assert run_here(["screen", str(path), "--tumor-sample", "C3"]) == 3
    assert "B2" in capfd.readouterr().err


@pytest.mark.parametrize("path", ["missing.vcf", "https://example.org/x.vcf", "s3://bucket/x.vcf"])
def test_missing_files_and_addresses_are_refused(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_here(["screen", path]) == 3
    assert path in capfd.readouterr().err


def test_explain_knows_codes_classes_and_programmes(capfd: pytest.CaptureFixture[str]) -> None:
    for word in ("KINASE_CUT", "kinase_cut", "rearrangement", "CCA_FGFR2"):
        assert run_here(["explain", word]) == 0
    assert "cholangiocarcinoma" in capfd.readouterr().out
    assert run_here(["explain", "KINASE_CAT"]) == 2
    assert "KINASE_CUT" in capfd.readouterr().err


def test_formats_lists_every_reader(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_here(["formats", "--format", "json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert {"vcf", "bcf", "bedpe", "lab-report"} <= {row["name"] for row in rows}
    assert all(row["built_from"] and row["carries"] for row in rows)


def test_assays_lists_what_each_can_find(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_here(["assays"]) == 0
    text = capfd.readouterr().out
    assert "FGFR1, FGFR2, FGFR3: rearrangement in intron 17" in text
    assert "a negative excludes nothing" in text
    assert run_here(["assays", "--format", "json"]) == 0
    assert {"foundationone-cdx", "archer-fusionplex-fgfr"} <= {row["id"] for row in json.loads(capfd.readouterr().out)}


def test_a_packaged_assay_that_passed_makes_a_negative_count(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "empty.vcf"
    path.write_text(
        "##fileformat=VCFv4.3\n##contig=<ID=chr10,length=133797422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
        encoding="ascii",
    )
    outcomes = []
    for options in ([], ["--assay", "foundationone-cdx"], ["--assay", "foundationone-cdx", "--assay-qc", "pass"]):
        assert run_here(["screen", str(path), "--tumor-type", "CHOL", "--format", "json", *options]) == 0
        report = json.loads(capfd.readouterr().out)
        absence = {(one["gene"], one["kind"]): one for one in report["absence"]}
        outcomes.append(absence["FGFR2", "rearrangement"]["outcome"])
    assert outcomes == ["undetermined", "undetermined", "no_match"]


def test_programs_list_show_and_check(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run_here(["programs", "list"]) == 0
    assert capfd.readouterr().out.count("2026-11-22") == 19
    assert run_here(["programs", "show", "CCA_FGFR2"]) == 0
    assert "rearrangement" in capfd.readouterr().out
    assert run_here(["programs", "show", "CCA_FGFR"]) == 2
    assert run_here(["programs", "check", str(ROOT / "data" / "programs")]) == 0
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "BAD"\nstatus = "maybe"\n', encoding="utf-8")
    capfd.readouterr()
    assert run_here(["programs", "check", str(bad)]) == 2
    assert "bad.toml" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["result", "report"])
def test_schema_is_json_schema(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    assert run_here(["schema", name]) == 0
    schema = json.loads(capfd.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith("urn:fgfr-screen:")


def test_result_fits_its_schema(demo: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    assert run_here(["screen", str(demo / "tumor.sv.vcf"), str(demo / "report.json"), "--format", "json"]) == 0
    result = json.loads(capfd.readouterr().out)
    assert run_here(["schema", "result"]) == 0
    jsonschema.validate(result, json.loads(capfd.readouterr().out))


def test_check_asks_pyvcf3_and_biopython(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.vcf"
    header = HEADER.replace(b"##contig", b"##contig=<ID=chr4,length=190214555>\n##contig")
    path.write_bytes(header + b"\nchr4\t1801841\t.\tC\tG\t.\tPASS\t.\n")
    assert run_here(["check", str(path)]) == 0
    shown = capfd.readouterr().out
    assert "PyVCF3:    1 records compared, 0 differences" in shown
    assert "Biopython: 1 coding substitutions translated again, 0 differences" in shown


def test_internal_error_prints_no_values(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], demo: Path
) -> None:
    monkeypatch.delenv("FGFR_SCREEN_DEBUG", raising=False)

    def fail(*_: object, **__: object) -> None:
        raise KeyError("Zhang Wei 1970-01-01")

    monkeypatch.setattr("fgfr_screen.screen.screen_sample", fail)
    assert run_here(["screen", str(demo / "report.json")]) == 1
    shown = capfd.readouterr().err
    assert "INTERNAL_ERROR" in shown
    assert "Zhang" not in shown
