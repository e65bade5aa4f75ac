"""Batches as a user runs them: what is written, with which status, and what survives kills, poison and full disks."""

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cohort.cohorts import (
    FUSION_VCF,
    a_cohort,
    batch,
    command,
    errors,
    ids,
    poisoned,
    results,
    write_manifest,
    written,
)
from tests.conftest import ROOT


def test_every_sample_is_a_result_in_manifest_order(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = batch(a_cohort(tmp_path / "in"), out, "--workers", "2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert ids(out) == [f"S{number}" for number in range(12)]
    first = results(out)[0]
    assert first["events"][0]["gene"] == "FGFR2"
    assert first["inputs"][0]["path"] == "s0.vcf"
    assert (out / "registry.sqlite").exists()
    assert sorted(path.name for path in out.iterdir() if path.name.startswith(".")) == []
    header, row = (out / "summary.tsv").read_text().splitlines()[:2]
    assert dict(zip(header.split("\t"), row.split("\t"), strict=True))["tumor_type"] == "IHCH"


def test_result_is_the_one_of_screen(tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(a_cohort(tmp_path / "in", 1), out)
    line = [
        *command(Path(), Path())[:3],
        "screen",
        "s0.vcf",
        "--sample-id",
        "S0",
        "--tumor-type",
        "IHCH",
        "--format",
        "json",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    one = subprocess.run(line, capture_output=True, check=True, cwd=tmp_path / "in", env=env)
    assert json.loads(one.stdout) == results(out)[0]


def test_bad_samples_are_error_rows_with_the_codes_of_screen_and_status_4(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    a_cohort(folder, 4)
    (folder / "empty.vcf").write_bytes(b"")
    rows = [
        {"sample_id": "GOOD", "files": "s0.vcf", "tumor_type": "IHCH"},
        {"sample_id": "EMPTY", "files": "empty.vcf"},
        {"sample_id": "GONE", "files": "gone.vcf"},
        {"sample_id": "ONE_OF_TWO", "files": "s1.vcf;empty.vcf"},
        {"sample_id": "CLINICAL", "files": "s2.vcf", "age_months": "99999"},
        {"sample_id": "ASSAY", "files": "s2.vcf", "assay": "no such assay"},
        {"sample_id": "LAST", "files": "s3.vcf"},
    ]
    done = batch(write_manifest(folder, rows), out, "--workers", "2")
    assert done.returncode == 4
    assert "SAMPLES_FAILED 4 of 7" in done.stderr
    assert ids(out) == ["GOOD", "ONE_OF_TWO", "LAST"]
    assert errors(out) == {
        "EMPTY": "EMPTY_FILE",
        "GONE": "NOT_FOUND",
        "CLINICAL": "USER_FILE",
        "ASSAY": "UNKNOWN_ASSAY",
    }
    assert [item["complete"] for item in results(out)[1]["inputs"]] == [False, True]


def test_same_file_under_two_ids_is_a_warning_in_both(tmp_path: Path) -> None:
    a_cohort(tmp_path, 1)
    rows = [{"sample_id": name, "files": "s0.vcf"} for name in ("A", "B")]
    batch(write_manifest(tmp_path, rows), tmp_path / "out")
    told = [[(w["code"], w["message"]) for w in result["warnings"]] for result in results(tmp_path / "out")]
    assert told == [
        [("SAME_FILE_TWICE", "sample B names the same file")],
        [("SAME_FILE_TWICE", "sample A names the same file")],
    ]


def test_workers_do_not_change_a_byte(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 40)
    (tmp_path / "in" / "s7.vcf").unlink()
    outs = [tmp_path / f"out{workers}" for workers in (1, 2, 5)]
    for out, workers in zip(outs, ("1", "2", "5"), strict=True):
        assert batch(manifest, out, "--workers", workers).returncode == 4
    assert written(outs[0]) == written(outs[1]) == written(outs[2])


def test_shards_together_are_the_whole(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 7)
    batch(manifest, tmp_path / "whole")
    parts = [tmp_path / f"part{number}" for number in (1, 2, 3)]
    for number, part in enumerate(parts, start=1):
        assert batch(manifest, part, "--shard", f"{number}/3").returncode == 0
    lines = [line for part in parts for line in (part / "results.ndjson").read_bytes().splitlines()]
    assert sorted(lines) == sorted((tmp_path / "whole/results.ndjson").read_bytes().splitlines())


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "a/b"])
def test_wrong_shard_is_a_usage_error(tmp_path: Path, shard: str) -> None:
    assert batch(a_cohort(tmp_path, 1), tmp_path / "out", "--shard", shard).returncode == 2


def test_second_run_reads_nothing_again_and_a_changed_file_is_screened_again(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    manifest = a_cohort(folder, 6)
    batch(manifest, out)
    before = written(out)
    assert batch(manifest, out, "--time-limit", "0.01").returncode == 0
    assert written(out) == before
    (folder / "s1.vcf").write_text(FUSION_VCF)
    batch(manifest, out)
    lines = zip(written(out)["results.ndjson"].splitlines(), before["results.ndjson"].splitlines(), strict=True)
    changed = [new != old for new, old in lines]
    assert changed == [False, True, False, False, False, False]


def test_edited_assay_file_is_noticed_and_its_quality_counts(tmp_path: Path) -> None:
    a_cohort(tmp_path, 2)
    rows = [
        {"sample_id": f"S{n}", "files": "s1.vcf", "assay": str(tmp_path / "own.toml"), "assay_qc": qc}
        for n, qc in enumerate(("pass", ""))
    ]
    manifest, out = write_manifest(tmp_path, rows), tmp_path / "out"
    covers = '[[covers]]\ngenes = ["FGFR2"]\nkinds = ["copy_number"]\n'
    (tmp_path / "own.toml").write_text('id = "own"\nname = "own panel"\nmolecule = "DNA"\nsources = ["us"]\n')
    batch(manifest, out)
    assert [result["summary"]["fgfr2_amplification"] for result in results(out)] == ["undetermined", "undetermined"]
    with open(tmp_path / "own.toml", "a", encoding="utf-8") as own:
        own.write(covers)
    assert batch(manifest, out).returncode == 0
    assert [result["summary"]["fgfr2_amplification"] for result in results(out)] == ["no_match", "undetermined"]


def test_archive_of_reports(tmp_path: Path) -> None:
    report = json.dumps(json.loads((ROOT / "fixtures/demo/report.json").read_text("utf-8")))
    (tmp_path / "reports.ndjson").write_text(report + "\n{broken\n" + report + "\n")
    done = batch(tmp_path / "reports.ndjson", tmp_path / "out")
    assert done.returncode == 4
    assert ids(tmp_path / "out") == ["reports-1", "reports-3"]
    assert set(errors(tmp_path / "out")) == {"reports-2"}
    assert results(tmp_path / "out")[0]["inputs"][0]["path"] == "reports.ndjson:1"


# -------------------------------------------------------------------------------------------------------------- poison


def test_sample_that_kills_its_worker_is_alone_in_failing(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 30, names=("kill-A", "kill-B"))
    done = batch(manifest, tmp_path / "out", "--workers", "2", env=poisoned(tmp_path / "site"))
    assert done.returncode == 4, done.stderr
    assert errors(tmp_path / "out") == {"kill-A": "WORKER_DIED", "kill-B": "WORKER_DIED"}
    assert ids(tmp_path / "out") == [f"S{number}" for number in range(30)]


def test_sample_that_hangs_ends_at_its_time_limit(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 4, names=("hang",))
    done = batch(manifest, tmp_path / "out", "--time-limit", "1", env=poisoned(tmp_path / "site"))
    assert done.returncode == 4, done.stderr
    assert errors(tmp_path / "out") == {"hang": "TIME_LIMIT"}
    assert len(ids(tmp_path / "out")) == 4


def test_failed_samples_are_tried_again_on_demand(tmp_path: Path) -> None:
    manifest, out = a_cohort(tmp_path / "in", 2, names=("kill",)), tmp_path / "out"
    assert batch(manifest, out, env=poisoned(tmp_path / "site")).returncode == 4
    assert batch(manifest, out).returncode == 4
    assert batch(manifest, out, "--retry-failed").returncode == 0
    assert ids(out) == ["S0", "kill", "S1"]


def test_sample_that_needs_too_much_memory_fails_alone(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 2, names=("bloat",))
    done = batch(manifest, tmp_path / "out", "--memory-limit", "500", env=poisoned(tmp_path / "site"))
    assert done.returncode == 4, done.stderr
    assert errors(tmp_path / "out") == {"bloat": "MEMORY_LIMIT"}


def test_workers_that_end_at_once_are_told_and_not_started_for_ever(tmp_path: Path) -> None:
    site = tmp_path / "site"
    env = poisoned(site)
    (site / "sitecustomize.py").write_text(
        "import os, sys\nif 'cohort.worker' in ' '.join(sys.orig_argv): os._exit(3)\n"
    )
    done = batch(a_cohort(tmp_path / "in", 2), tmp_path / "out", env=env)
    assert done.returncode == 1
    assert "WORKER_START" in done.stderr


# --------------------------------------------------------------------------------------------------------------- kills


@pytest.mark.parametrize("whom", ["worker", "supervisor", "all"])
def test_killed_run_goes_on_and_ends_with_the_same_bytes(tmp_path: Path, whom: str) -> None:
    manifest = a_cohort(tmp_path / "in", 24, names=tuple(f"slow0.0{n}" for n in range(1, 9)))
    env = poisoned(tmp_path / "site")
    batch(manifest, tmp_path / "whole", "--workers", "2", env=env)
    out = tmp_path / "out"
    child = subprocess.Popen(
        command(manifest, out, "--workers", "2"), cwd=ROOT, env={**os.environ, **env}, start_new_session=True
    )
    kill(child, whom)
    child.wait(timeout=60)
    done = batch(manifest, out, "--workers", "2", env=env)
    assert done.returncode == 0, done.stderr
    assert written(out) == written(tmp_path / "whole")


def kill(child: "subprocess.Popen[bytes]", whom: str) -> None:
    """Kill one worker, the supervisor, or all processes of a run while it works."""
    deadline = time.monotonic() + 20
    workers: list[int] = []
    while not workers and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.02)
        try:
            listed = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        except FileNotFoundError:
            pytest.skip("needs /proc to find the workers")
        workers = [int(pid) for pid in listed]
    time.sleep(0.3)
    try:
        if whom == "worker":
            os.kill(workers[0], signal.SIGKILL)
        elif whom == "supervisor":
            os.kill(child.pid, signal.SIGKILL)
        else:
            os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_interrupt_is_status_130_and_the_run_goes_on(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 6, names=tuple(f"slow0.{n}" for n in range(1, 9)))
    env, out = poisoned(tmp_path / "site"), tmp_path / "out"
    child = subprocess.Popen(command(manifest, out, "--workers", "1"), cwd=ROOT, env={**os.environ, **env})
    time.sleep(1.5)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=30) in {-signal.SIGINT, 0}
    assert batch(manifest, out, env=env).returncode == 0
    assert len(ids(out)) == 14


# -------------------------------------------------------------------------------------------------------------- faults


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_full_disk_is_status_5_and_the_old_files_stay_whole(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    try:
        small, large = a_cohort(tmp_path / "small", 1), a_cohort(tmp_path / "large", 300)
        assert batch(small, disk / "out").returncode == 0
        before = written(disk / "out")
        done = batch(large, disk / "out", "--workers", "2")
        assert done.returncode == 5, done.stderr
        assert "ERROR OUTPUT" in done.stderr or "ERROR REGISTRY" in done.stderr
        assert written(disk / "out") == before
        assert [path.name for path in (disk / "out").iterdir() if path.name.endswith(".new")] == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_folder_that_cannot_be_written_is_status_5(tmp_path: Path) -> None:
    done = batch(a_cohort(tmp_path / "in", 1), Path("/proc/none/out"))
    assert done.returncode == 5
    assert "ERROR OUTPUT" in done.stderr


def test_unusable_manifest_is_status_3_and_leaves_old_results(tmp_path: Path) -> None:
    manifest, out = a_cohort(tmp_path / "in", 1), tmp_path / "out"
    batch(manifest, out)
    before = written(out)
    manifest.write_text("nothing\n")
    done = batch(manifest, out)
    assert done.returncode == 3
    assert written(out) == before


def test_faulty_programme_is_told_before_any_sample(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "bad.toml").write_text('id = "BAD"\n')
    done = batch(a_cohort(tmp_path / "in", 1), tmp_path / "out", "--programs-dir", str(tmp_path / "own"))
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_own_programmes_reach_the_workers(tmp_path: Path) -> None:
    own = (ROOT / "data/programs/cca-fgfr2-pemi.toml").read_text("utf-8").replace("CCA_FGFR2_PEMI", "OWN_TRIAL")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "own.toml").write_text(own, encoding="utf-8")
    arguments = ("--programs-dir", str(tmp_path / "own"), "--program", "OWN_TRIAL")
    batch(a_cohort(tmp_path / "in", 1), tmp_path / "out", *arguments)
    assert [program["id"] for program in results(tmp_path / "out")[0]["programs"]] == ["OWN_TRIAL"]


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    manifest = a_cohort(tmp_path / "in", 3, names=("slow0.7", "slow0.6"))
    env = {**os.environ, **poisoned(tmp_path / "site")}
    main, terminal = pty.openpty()
    with subprocess.Popen(
        command(manifest, tmp_path / "out", "--workers", "1"), cwd=ROOT, env=env, stderr=terminal
    ) as child:
        child.wait(timeout=60)
    os.close(terminal)
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert "of 5 done" in shown
    assert "failed" in shown
