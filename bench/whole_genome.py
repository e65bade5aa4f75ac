"""Whole-genome VCF and BCF against bcftools, pysam and cyvcf2: generates the inputs, runs all in turn, prints tables.

Usage: `python -m bench.whole_genome [--records N] [--rounds N] [--folder DIR] [--peers PYTHON]` in an environment where
fgfr-screen is installed; bcftools, bgzip and tabix must be on the path. PYTHON is an interpreter that has cyvcf2; a peer
that is missing is left out. Every command is a whole process; ratios are to the first row, inside one round.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.generate import PLANTED
from bench.paired import compare, markdown

SCREEN = [sys.executable, "-m", "fgfr_screen", "screen", "--tumor-type", "IHCH", "--tumor-sample", "TUMOR"]
READ = (
    "import sys\nfrom fgfr_screen.screen import read_inputs, ScreenOptions\nread_inputs(sys.argv[1:], ScreenOptions())"
)
INFLATE = "import sys\nfrom isal import igzip\nf = igzip.open(sys.argv[1])\nwhile f.read(1 << 18): pass"
REGIONS = "chr10:121473332-121603458,chr8:38406138-38473834,chr4:1788293-1813872"
PYSAM = "import pysam, sys\nfor r in pysam.VariantFile(sys.argv[1]): r.pos"
CYVCF2 = "import cyvcf2, sys\nfor r in cyvcf2.VCF(sys.argv[1]): r.POS"
SV_RECORDS = 50_000


def prepare(folder: Path, records: int) -> None:
    """Generate, pack and index the inputs that are not there yet."""
    for kind, count in (
        ("single", records),
        ("pair", records),
        ("gvcf", records),
        ("manta", SV_RECORDS),
        ("delly", SV_RECORDS),
    ):
        plain = folder / f"{kind}.vcf"
        if not plain.exists():
            # In another process: its memory would count as that of every command started afterwards.
            subprocess.run([sys.executable, "-m", "bench.generate", kind, str(count), str(plain)], check=True)
            subprocess.run(["bgzip", "-kf", str(plain)], check=True)
    single = folder / "single.vcf.gz"
    bcf, indexed = folder / "single.bcf", folder / "indexed.vcf.gz"
    if not bcf.exists():
        subprocess.run(["bcftools", "view", "-Ob", "-o", str(bcf), str(single)], check=True)
        indexed.hardlink_to(single)
        subprocess.run(["tabix", "-p", "vcf", str(indexed)], check=True)


def has_module(python: str, module: str) -> bool:
    """Tell whether an interpreter can import a module."""
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def ours(path: Path) -> list[str]:
    """Return the command that screens one file."""
    sample = path.name.startswith(("manta", "delly", "pair"))
    return [*SCREEN[: None if sample else -2], str(path)]


def query(path: Path) -> list[str]:
    """Return the fastest way to ask bcftools for the records on the loci."""
    return ["bcftools", "query", "-t", REGIONS, "-f", "%CHROM %POS\n", str(path)]


def unindexed(path: Path) -> dict[str, list[str]]:
    """Return the fastest peer and ours for a file without index."""
    return {"bcftools query -t": query(path), "fgfr-screen screen": ours(path)}


def all_peers(path: Path, peers: str) -> dict[str, list[str]]:
    """Return every way to read a file without index, the slow ones among them."""
    commands = {
        **unindexed(path),
        "bcftools view -t": ["bcftools", "view", "-t", REGIONS, str(path)],
        "pysam iteration": [sys.executable, "-c", PYSAM, str(path)],
        "inflate only (isal)": [sys.executable, "-c", INFLATE, str(path)],
    }
    if has_module(peers, "cyvcf2"):
        commands["cyvcf2 iteration"] = [peers, "-c", CYVCF2, str(path)]
    return commands


def structural(path: Path) -> dict[str, list[str]]:
    """Return the commands for an SV file, all of which must be read."""
    return {
        "bcftools view": ["bcftools", "view", str(path)],
        "fgfr-screen screen": ours(path),
        "its reading alone": [sys.executable, "-c", READ, str(path)],
        "bare interpreter": [sys.executable, "-c", "pass"],
        "pysam iteration": [sys.executable, "-c", PYSAM, str(path)],
    }


def planted_found(path: Path) -> int:
    """Return how many of the planted far ends are in the evidence of an event."""
    command = [*ours(path), "--format", "json", "--all"]
    report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    found = {item["raw_id"] for event in report["events"] for item in event["evidence"]}
    return len(found & {f"BND{9_000_000 + index}" for index in range(PLANTED)})


def main() -> None:
    """Run the comparisons and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="Keep the inputs here, and use those that are there.")
    parser.add_argument("--peers", default=sys.executable)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        prepare(folder, options.records)
        print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, ", end="")
        print(f"{options.records} records, {options.rounds} rounds\n")
        tables = {
            "One sample, bgzip, no index": all_peers(folder / "single.vcf.gz", options.peers),
            "Tumour and normal, bgzip, no index": unindexed(folder / "pair.vcf.gz"),
            "gVCF, bgzip, no index": unindexed(folder / "gvcf.vcf.gz"),
            "One sample, uncompressed": unindexed(folder / "single.vcf"),
            "One sample, BCF, no index": {
                **unindexed(folder / "single.bcf"),
                "pysam iteration": [sys.executable, "-c", PYSAM, str(folder / "single.bcf")],
            },
            "One sample, bgzip with index": {
                "bcftools view -r": ["bcftools", "view", "-r", REGIONS, str(folder / "indexed.vcf.gz")],
                "fgfr-screen screen": ours(folder / "indexed.vcf.gz"),
                "bare interpreter": [sys.executable, "-c", "pass"],
            },
            "Manta-like SV": structural(folder / "manta.vcf.gz"),
            "DELLY-like SV": structural(folder / "delly.vcf.gz"),
        }
        for title, commands in tables.items():
            print(markdown(title, compare(commands, options.rounds)), flush=True)
        for kind in ("manta", "delly"):
            print(f"{kind}: {planted_found(folder / f'{kind}.vcf.gz')} of {PLANTED} planted far ends found")


if __name__ == "__main__":
    main()
