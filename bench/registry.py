"""A million outcomes in a registry: "who qualifies for X", whole process, against pandas on the TSV export of the same registry.

Usage: `python -m bench.registry [--outcomes N] [--rounds N]` in an environment where fgfr-screen is installed.
"""

import argparse
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.paired import compare, markdown
from fgfr_screen.cohort.registry import open_registry
from fgfr_screen.cohort.registry.export import column_names, rows_of, tsv_lines
from fgfr_screen.cohort.rescreen import load_rules, rescreen
from fgfr_screen.screen import screen_sample

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SCRIPT = str(Path(sys.executable).with_name("fgfr-screen"))
PROGRAM = "CCA_FGFR2_PEMI"
SEED = 20260101
TUMORS = ("IHCH", "EHCH", "STAD", "BLCA", "COAD", "LUAD")
PANDAS = """
import pandas, sys
table = pandas.read_csv(sys.argv[1], sep="\\t", {options})
rows = table[(table.program_id == sys.argv[2]) & (table.outcome == "match")]
rows.to_csv(sys.stdout, sep="\\t", index=False)
"""
WHOLE = PANDAS.format(options="")
CHOSEN = PANDAS.format(options="usecols=['sample_id', 'patient_id', 'tumor_code', 'program_id', 'outcome', 'events']")


def results(samples: int) -> Iterator[tuple[bytes]]:
    """Yield results of the bundled patient under many names; one in six qualifies for the programme."""
    rng = random.Random(SEED)
    demo = ROOT / "fixtures" / "demo"
    files = (demo / "tumor.sv.vcf", demo / "report.json")
    facts = ({"extent": "metastatic", "lines": [{"agents": ["gemcitabine"]}]}, {})
    known = [
        msgspec.to_builtins(screen_sample(*files, tumor_type=tumor, clinical=clinical))
        for tumor in TUMORS
        for clinical in facts
    ]
    for number in range(samples):
        plain = rng.choice(known)
        plain["sample"] |= {"sample_id": f"S{number:07d}", "patient_id": f"P{number // 2:07d}"}
        plain["inputs"][0]["sha256"] = f"{rng.getrandbits(256):064x}"
        yield (msgspec.json.encode(plain),)


def build(place: str, outcomes: int) -> tuple[int, float]:
    """Fill a registry; returns the number of samples and the seconds."""
    per_sample = len(load_rules().programs)
    samples = -(-outcomes // per_sample)
    start = time.perf_counter()
    with open_registry(place) as registry:
        registry.add_screenings(results(samples))
    return samples, time.perf_counter() - start


def export(place: str, path: str) -> None:
    """Write the table of outcomes as TSV."""
    with open_registry(place, read_only=True) as registry, open(path, "w", encoding="utf-8") as stream:
        stream.writelines(tsv_lines(column_names("programs"), rows_of(registry, "programs")))


def weigh_again(place: str, folder: str, limit: int) -> str:
    """Time a rescreening after one programme changed, and say what it found."""
    text = (ROOT / "data/programs/cca-fgfr2-pemi.toml").read_text("utf-8")
    own = Path(folder) / "programs"
    own.mkdir()
    (own / "pemi.toml").write_text(text.replace("\nno_match = [", '\nno_match = ["EHCH", ', 1), encoding="utf-8")
    start = time.process_time()
    with open_registry(place, read_only=True) as registry:
        again = list(itertools.islice(rescreen(registry, load_rules(str(own))), limit))
    changed = sum(bool(one.changes) for one in again)
    spent = (time.process_time() - start) / max(1, len(again))
    return f"{len(again)} stored samples weighed against a changed programme: {changed} changed, {1000 * spent:.2f} ms each"


def main() -> None:
    """Build, export, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outcomes", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place, table = os.path.join(folder, "r.sqlite"), os.path.join(folder, "programs.tsv")
        samples, seconds = build(place, options.outcomes)
        export(place, table)
        size = os.path.getsize(place) / samples / 1000
        print(f"{samples} samples stored, {1e6 * seconds / samples:.0f} us and {size:.1f} kB each; {PROGRAM}\n")
        rows = compare(
            {
                "pandas on the TSV export": [PYTHON, "-c", WHOLE, table, PROGRAM],
                "pandas, six columns only": [PYTHON, "-c", CHOSEN, table, PROGRAM],
                "registry query": [SCRIPT, "registry", "query", place, "--program", PROGRAM],
                "registry query --class fusion": [
                    SCRIPT,
                    "registry",
                    "query",
                    place,
                    "--program",
                    PROGRAM,
                    "--class",
                    "fusion",
                ],
            },
            options.rounds,
        )
        print(markdown("Who qualifies for the programme now, ratio to pandas in the same round", rows))
        print(weigh_again(place, folder, 10_000))


if __name__ == "__main__":
    main()
