"""Start-up, one report, one panel VCF and gene look-up, against the bare interpreter, pysam and pandas.

Usage: `python -m bench [--rounds N]` in an environment where fgfr-screen is installed.
"""

import argparse
import platform
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.paired import compare, markdown

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SCRIPT = str(Path(sys.executable).with_name("fgfr-screen"))
PYSAM = "import pysam, sys\nfor r in pysam.VariantFile(sys.argv[1]): r.alts"
LOOKUPS = """
import time; start = time.process_time()
from fgfr_screen.reference import genes_overlapping, transcripts_overlapping
from fgfr_screen.terms import Assembly
loaded = time.process_time()
for i in range(20):
    transcripts_overlapping(Assembly.GRCH38, "chr%d" % (i + 1), 50_000_000, 50_000_001)
    genes_overlapping(Assembly.GRCH38, "chr%d" % (i + 1), 50_000_000, 50_000_001)
done = time.process_time()
print("%.1f ms import with msgspec, %.1f ms load and 20 look-ups" % (1000 * (loaded - start), 1000 * (done - loaded)))
"""


def panel_vcf(path: Path, records: int = 300) -> None:
    """Write a seeded panel VCF: small variants all over, one FGFR3 S249C and one FGFR2 break among them."""
    rng = random.Random(20260101)
    lines = [
        "##fileformat=VCFv4.2",
        "##contig=<ID=chr4,length=190214555>",
        "##contig=<ID=chr10,length=133797422>",
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Allele fraction">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tTUMOR",
    ]
    body = [("chr4", 1801841, "C", "G", ".", "GT:AF\t0/1:0.31")]
    body += [("chr10", 121481200, "A", "[chr10:58700000[A", "SVTYPE=BND", "GT:AF\t0/1:0.2")]
    while len(body) < records:
        contig = rng.choice(("chr4", "chr10"))
        body.append((contig, rng.randint(2_000_000, 100_000_000), "A", "T", ".", f"GT:AF\t0/1:{rng.random():.3f}"))
    for contig, pos, ref, alt, info, sample in sorted(body, key=lambda row: (row[0] != "chr4", row[1])):
        lines.append(f"{contig}\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\t{info}\t{sample}")
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def main() -> None:
    """Run the comparisons and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    report = str(ROOT / "fixtures" / "demo" / "report.json")
    with tempfile.TemporaryDirectory() as folder:
        panel = Path(folder) / "panel.vcf"
        panel_vcf(panel)
        commands = {
            "bare interpreter": [PYTHON, "-c", "pass"],
            "fgfr-screen --version": [SCRIPT, "--version"],
            "fgfr-screen --help": [SCRIPT, "--help"],
            "one JSON report to verdict": [SCRIPT, "screen", report],
            "300-record VCF to verdict": [SCRIPT, "screen", str(panel), "--tumor-type", "BLCA"],
            "pysam iterates the 300 records": [PYTHON, "-c", PYSAM, str(panel)],
            "import pandas": [PYTHON, "-c", "import pandas"],
        }
        rows = compare(commands, rounds)
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {rounds} rounds\n")
    print(markdown("Whole processes, ratio to the bare interpreter in the same round", rows))
    print(
        "Gene look-up in one process:",
        subprocess.run([PYTHON, "-c", LOOKUPS], capture_output=True, text=True, check=True).stdout,
    )


if __name__ == "__main__":
    main()
