"""Builders of small cohorts for the tests of this folder."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

VCF_HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr10,length=133797422>\n##contig=<ID=chr4,length=190214555>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)
FUSION_VCF = VCF_HEAD + "chr10\t121481200\ta\tA\t[chr10:58700000[A\t.\tPASS\tSVTYPE=BND\n"
QUIET_VCF = VCF_HEAD + "chr10\t50000000\t.\tA\tT\t.\tPASS\t.\n"

POISON = """
import os, time
from fgfr_screen import screen
original = screen.read_inputs
def read_inputs(paths, options, stored=None):
    if "kill" in options.sample_id:
        os.kill(os.getpid(), 9)
    if "hang" in options.sample_id:
        try:
            time.sleep(600)
        except Exception as fault:
            raise AssertionError("a reader that catches too much would go on beyond the time limit") from fault
    if "bloat" in options.sample_id:
        bytearray(1 << 31)
    if "slow" in options.sample_id:
        time.sleep(float(options.sample_id.split("slow")[1]))
    return original(paths, options, stored)
screen.read_inputs = read_inputs
"""
"""Put into a worker by the import system (`poisoned`): a sample's name says what it does to its worker."""


def write_manifest(folder: Path, rows: list[dict[str, str]], name: str = "manifest.tsv") -> Path:
    """Write a table of the columns that the rows use."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = ["\t".join(columns), *("\t".join(row.get(key, "") for key in columns) for row in rows)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def a_cohort(folder: Path, samples: int = 12, names: tuple[str, ...] = ()) -> Path:
    """Write samples, every third with a fusion, and their manifest; `names` are added with a quiet file each."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(samples):
        (folder / f"s{number}.vcf").write_text(FUSION_VCF if number % 3 == 0 else QUIET_VCF)
        rows.append({"sample_id": f"S{number}", "files": f"s{number}.vcf", "tumor_type": "IHCH"})
    for name in names:
        (folder / f"{name}.vcf").write_text(QUIET_VCF)
        rows.insert(len(rows) // 2, {"sample_id": name, "files": f"{name}.vcf", "tumor_type": "IHCH"})
    return write_manifest(folder, rows)


def command(manifest: Path, out: Path, *arguments: str) -> list[str]:
    """Return the command line of a run."""
    return [sys.executable, "-m", "fgfr_screen", "batch", str(manifest), "--out", str(out), *arguments]


def batch(
    manifest: Path, out: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a batch to its end."""
    line = command(manifest, out, *arguments)
    return subprocess.run(
        line, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT, env={**os.environ, **(env or {})}
    )


def poisoned(folder: Path) -> dict[str, str]:
    """Return an environment in which samples do to their worker what their name says."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        "import sys\nif 'fgfr_screen.cohort.worker' in ' '.join(sys.orig_argv):\n"
        + "\n".join("    " + line for line in POISON.splitlines())
        + "\n"
    )
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


def results(out: Path) -> list[dict[str, Any]]:
    """Return the results in order."""
    return [json.loads(line) for line in (out / "results.ndjson").read_bytes().splitlines()]


def ids(out: Path) -> list[str]:
    """Return the ids of the results in order."""
    return [result["sample"]["sample_id"] for result in results(out)]


def errors(out: Path) -> dict[str, str]:
    """Return the code of every failed sample by id."""
    with open(out / "errors.tsv", encoding="utf-8", newline="") as stream:
        return {r["sample_id"]: r["code"] for r in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}


def written(out: Path) -> dict[str, bytes]:
    """Return the three files."""
    return {name: (out / name).read_bytes() for name in ("results.ndjson", "summary.tsv", "errors.tsv")}
