"""A generated cohort through `fgfr-screen batch`: time, memory, and that every broken sample fails for its own reason.

Usage: `python -m bench.cohort [--samples N] [--workers N] [--folder DIR]`. 60 % VCF, 25 % BEDPE, 15 % laboratory reports of about
20 records, 1 % broken in 20 ways; the same seed gives the same files. The reference reads and decodes the same files
without us on as many processes: PyVCF3 for VCF, `csv` for BEDPE, `json` for reports.
"""

import argparse
import csv
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

SEED = 20260101
ROOT = Path(__file__).resolve().parent.parent
FOLDER_SAMPLES = 1000
BROKEN_EVERY = 100
RECORDS = 20

CONTIGS = {"chr4": 190214555, "chr8": 145138636, "chr10": 133797422, "chr17": 83257441}
VCF_HEAD = "\n".join(
    [
        "##fileformat=VCFv4.2",
        "##source=mixed",
        *(f"##contig=<ID={name},length={length}>" for name, length in CONTIGS.items()),
        '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=AF,Number=A,Type=Float,Description="Allele fraction">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tTUMOR",
    ]
)
BEDPE_COLUMNS = "chrom1 start1 end1 chrom2 start2 end2 sv_id pe_support strand1 strand2 svclass svmethod"
BEDPE_HEAD = "##assembly=GRCh38\n" + BEDPE_COLUMNS.replace(" ", "\t")
TUMORS = ("IHCH", "CHOL", "BLCA", "STAD", "BRCA", "LUAD", "")
EVENTS = (
    ("chr4", 1801841, "C", "G", ".", "0.31"),
    ("chr4", 1804392, "G", "A", ".", "0.22"),
    ("chr10", 121481200, "A", "[chr10:58700000[A", "SVTYPE=BND", "0.20"),
    ("chr10", 121482300, "A", "[chr17:40000000[A", "SVTYPE=BND", "0.15"),
)


def vcf(rng: random.Random) -> str:
    """Return a VCF; one in three holds an FGFR event."""
    rows = [EVENTS[rng.randrange(len(EVENTS))]] if rng.random() < 1 / 3 else []
    while len(rows) < RECORDS:
        contig = rng.choice(("chr8", "chr17"))
        rows.append((contig, rng.randint(50_000_000, 80_000_000), "A", "T", ".", f"{rng.random():.3f}"))
    rows.sort()
    body = [f"{c}\t{p}\t.\t{ref}\t{alt}\t.\tPASS\t{info}\tGT:AF\t0/1:{af}" for c, p, ref, alt, info, af in rows]
    return "\n".join([VCF_HEAD, *body]) + "\n"


def bedpe(rng: random.Random) -> str:
    """Return a BEDPE; one in three holds an FGFR2 rearrangement."""
    body = []
    if rng.random() < 1 / 3:
        body.append("10\t58702499\t58702500\t10\t121481199\t121481200\tSV0\t9\t-\t-\tt2tINV\tDELLY")
    while len(body) < RECORDS:
        one, two = sorted(rng.randint(1_000_000, 60_000_000) for _ in range(2))
        body.append(f"17\t{one}\t{one + 1}\t17\t{two}\t{two + 1}\tSV{len(body)}\t7\t+\t-\tDEL\tDELLY")
    return "\n".join([BEDPE_HEAD, *body]) + "\n"


def report(rng: random.Random) -> str:
    """Return a laboratory report in our form, the bundled one with another diagnosis and finding."""
    document = json.loads((ROOT / "fixtures" / "demo" / "report.json").read_text("utf-8"))
    document["report"]["id"] = f"R-{rng.randrange(10**9)}"
    document["tumor_type"] = {"text": rng.choice(("CHOL", "IHCH", "BLCA")), "stage": "metastatic"}
    document["copy_numbers"][0]["metrics"][0]["value"] = round(rng.uniform(1.5, 12), 1)
    if rng.random() < 0.5:
        document["rearrangements"] = []
    return json.dumps(document)


def _cut_gzip(text: str) -> bytes:
    return gzip.compress(text.encode() * 200, mtime=0)[:-20]


def _wrong_crc(text: str) -> bytes:
    packed = bytearray(gzip.compress(text.encode(), mtime=0))
    packed[-6] ^= 0xFF
    return bytes(packed)


EVENT_ROW = "chr10\t121481200\t.\tA\t[chr10:58700000[A\t.\tPASS\tSVTYPE=BND\tGT:AF\t0/1:0.2"
TWO_SAMPLES = VCF_HEAD.replace("\tTUMOR", "\tA1\tB2") + f"\n{EVENT_ROW}\t0/0:0\n"
HG18 = f"##fileformat=VCFv4.2\n##contig=<ID=chr10,length=135374737>\n{VCF_HEAD.splitlines()[-1]}\n{EVENT_ROW}\n"
BROKEN = (
    ("NOT_FOUND", "vcf", lambda _: None),
    ("EMPTY_FILE", "vcf", lambda _: b""),
    ("LOOKS_LIKE_HTML", "vcf", lambda _: b"<html><head><title>Login</title></head></html>"),
    ("LOOKS_LIKE_PDF", "json", lambda _: b"%PDF-1.7\n"),
    ("GZIP_TRUNCATED", "vcf.gz", _cut_gzip),
    ("GZIP_CRC", "vcf.gz", _wrong_crc),
    ("GZIP_TRAILING", "vcf.gz", lambda t: gzip.compress(t.encode(), mtime=0) + b"trailing"),
    ("UNSUPPORTED_CONTAINER", "vcf.xz", lambda _: b"\xfd7zXZ\x00rest"),
    ("NO_HEADER", "vcf", lambda t: t.replace("#CHROM", "##CHROM").encode()),
    ("SECOND_HEADER", "vcf", lambda t: (t + t).encode()),
    ("DUPLICATE_SAMPLE", "vcf", lambda t: t.replace("\tTUMOR\n", "\tTUMOR\tTUMOR\n").encode()),
    ("HG18_REFUSED", "vcf", lambda _: HG18.encode()),
    ("TUMOR_COLUMN", "vcf", lambda _: TWO_SAMPLES.encode()),
    ("UNKNOWN_FORMAT", "vcf", lambda _: b"just a line of words\n"),
    ("DUPLICATE_KEY", "json", lambda t: t.replace('"report":', '"report": {"id": "x"}, "report":', 1).encode()),
    ("JSON_NAN", "json", lambda t: t.replace("0.4", "NaN", 1).encode()),
    ("UNKNOWN_SCHEMA_VERSION", "json", lambda t: t.replace('"1.0"', '"7.0"', 1).encode()),
    ("JSON_SYNTAX", "json", lambda t: t[: len(t) * 3 // 4].encode()),
    ("BAD_CELL", "bedpe", lambda t: t.encode()),
    ("UNKNOWN_ASSAY", "bedpe", lambda t: t.encode()),
)


def make_cohort(folder: Path, samples: int) -> Counter[str]:
    """Write the files and `manifest.tsv`; returns how often each code must come."""
    wanted: Counter[str] = Counter()
    makers = {"vcf": vcf, "bedpe": bedpe, "json": report}
    with open(folder / "manifest.tsv", "w", encoding="utf-8") as manifest:
        manifest.write("sample_id\tpatient_id\tfiles\ttumor_type\tassay\tpurity\tage_months\n")
        for number in range(samples):
            rng = random.Random(SEED + number)
            share = rng.random()
            kind = "vcf" if share < 0.6 else "bedpe" if share < 0.85 else "json"
            cells = {"tumor": rng.choice(TUMORS), "assay": "", "purity": ""}
            content: bytes | None
            if number % BROKEN_EVERY == BROKEN_EVERY // 2:
                code, suffix, damage = BROKEN[number // BROKEN_EVERY % len(BROKEN)]
                kind = suffix.split(".")[0]
                content = damage(makers[kind](rng))
                wanted[code] += 1
                cells["purity"] = "high" if code == "BAD_CELL" else ""
                cells["assay"] = "no such assay" if code == "UNKNOWN_ASSAY" else ""
            else:
                suffix, content = kind, makers[kind](rng).encode()
            name = f"{number // FOLDER_SAMPLES:04d}/S{number:06d}.{suffix}"
            if number % FOLDER_SAMPLES == 0:
                (folder / name).parent.mkdir(exist_ok=True)
            if content is not None:
                (folder / name).write_bytes(content)
            row = (
                f"S{number:06d}",
                f"P{number // 2:06d}",
                name,
                cells["tumor"],
                cells["assay"],
                cells["purity"],
                "720",
            )
            manifest.write("\t".join(row) + "\n")
    return wanted


def decode_only(paths: list[str]) -> int:
    """Read and decode files without us; returns how many records there were."""
    import vcf as pyvcf

    records = 0
    for path in paths:
        try:
            if ".vcf" in path:
                records += sum(1 for _ in pyvcf.Reader(filename=path))
            elif path.endswith(".bedpe"):
                with open(path, encoding="utf-8", newline="") as stream:
                    records += sum(1 for _ in csv.reader(stream, delimiter="\t"))
            else:
                with open(path, encoding="utf-8") as stream:
                    records += len(json.load(stream))
        except Exception:  # noqa: BLE001 - broken on purpose
            continue
    return records


def reference_seconds(folder: Path, workers: int, limit: int) -> float:
    """Return wall seconds per sample of `decode_only` over the first `limit` files."""
    paths = sorted(str(path) for path in folder.glob("*/S*"))[:limit]
    chunks = [paths[at : at + 128] for at in range(0, len(paths), 128)]
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(decode_only, chunks[:workers]))
        start = time.perf_counter()
        list(pool.map(decode_only, chunks))
        return (time.perf_counter() - start) / max(len(paths), 1)


class Memory(threading.Thread):
    """Samples the resident memory of a process and its children: (seconds, own MB, largest child MB)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.rows: list[tuple[float, float, float]] = []
        self.stop = threading.Event()

    def run(self) -> None:
        start = time.perf_counter()
        while not self.stop.wait(0.5):
            try:
                children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
                own = _rss_mb(self.pid)
                others = [_rss_mb(int(pid)) for pid in children]
            except OSError:
                continue
            self.rows.append((time.perf_counter() - start, own, max(others, default=0.0)))

    def slope_mb(self) -> float:
        """Return how much the largest worker grew from a tenth of the run to its end."""
        busy = [row for row in self.rows if row[2] > 0]
        part = max(len(busy) // 20, 1)
        early, late = busy[len(busy) // 10 :][:part], busy[-part:]
        return sum(r[2] for r in late) / part - sum(r[2] for r in early) / max(len(early), 1) if busy else 0.0


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def check(out: Path, samples: int, wanted: Counter[str]) -> str:
    """Compare results and errors with what was planted; returns "exact" or what differs."""
    with open(out / "errors.tsv", encoding="utf-8", newline="") as stream:
        found = Counter(row["code"] for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    with open(out / "results.ndjson", "rb") as results:
        count = sum(1 for _ in results)
    failed = sum(wanted.values())
    return (
        "exact"
        if found == wanted and count == samples - failed
        else f"{count} results, {found - wanted}, {wanted - found}"
    )


def main() -> None:
    """Generate, run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = make_cohort(folder, chosen.samples)
        out = folder / "out"
        command = [sys.executable, "-m", "fgfr_screen", "batch", str(folder / "manifest.tsv"), "--out", str(out)]
        start = time.perf_counter()
        child = subprocess.Popen([*command, "--workers", str(chosen.workers)], cwd=ROOT)
        memory = Memory(child.pid)
        memory.start()
        status = child.wait()
        seconds = time.perf_counter() - start
        memory.stop.set()
        reference = reference_seconds(folder, chosen.workers, 5000)
        row = {
            "samples": chosen.samples,
            "workers": chosen.workers,
            "exit": status,
            "s": f"{seconds:.1f}",
            "ms per sample": f"{1000 * seconds / chosen.samples:.2f}",
            "reference ms": f"{1000 * reference:.2f}",
            "ratio": f"{seconds / chosen.samples / reference:.2f}",
            "worker MB": f"{max((row[2] for row in memory.rows), default=0.0):.0f}",
            "growth MB": f"{memory.slope_mb():.1f}",
            "supervisor MB": f"{max((row[1] for row in memory.rows), default=0.0):.0f}",
            "outcome": check(out, chosen.samples, wanted),
        }
        print("| " + " | ".join(row) + " |\n" + "|---" * len(row) + "|")
        print("| " + " | ".join(map(str, row.values())) + " |")
        digest = hashlib.sha256((out / "results.ndjson").read_bytes()).hexdigest()[:12]
        print(f"results.ndjson sha256 {digest}")


if __name__ == "__main__":
    main()
