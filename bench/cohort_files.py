"""A generated cohort: 60 % VCF, 25 % BEDPE, 15 % laboratory reports of about 20 records, one in a hundred broken in 20 ways.

The same seed gives the same files, and the first samples of a larger cohort are those of a smaller one.
"""

import gzip
import json
import random
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

SEED = 20260101
ROOT = Path(__file__).resolve().parent.parent
FOLDER_SAMPLES = 1000
BROKEN_EVERY = 100
RECORDS = 20
SOME_FAILED_STATUS = 4
"""Exit status of a batch with error rows."""

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
    document = json.loads(_bundled_report())
    document["report"]["id"] = f"R-{rng.randrange(10**9)}"
    document["tumor_type"] = {"text": rng.choice(("CHOL", "IHCH", "BLCA")), "stage": "metastatic"}
    document["copy_numbers"][0]["metrics"][0]["value"] = round(rng.uniform(1.5, 12), 1)
    if rng.random() < 0.5:
        document["rearrangements"] = []
    return json.dumps(document)


@cache
def _bundled_report() -> str:
    return (ROOT / "fixtures" / "demo" / "report.json").read_text("utf-8")


def _cut_gzip(text: str) -> bytes:
    return gzip.compress(text.encode() * 200, mtime=0)[:-20]


def _wrong_crc(text: str) -> bytes:
    packed = bytearray(gzip.compress(text.encode(), mtime=0))
    packed[-6] ^= 0xFF
    return bytes(packed)


EVENT_ROW = "chr10\t121481200\t.\tA\t[chr10:58700000[A\t.\tPASS\tSVTYPE=BND\tGT:AF\t0/1:0.2"
TWO_SAMPLES = VCF_HEAD.replace("\tTUMOR", "\tA1\tB2") + f"\n{EVENT_ROW}\t0/0:0\n"
HG18 = f"##fileformat=VCFv4.2\n##contig=<ID=chr10,length=135374737>\n{VCF_HEAD.splitlines()[-1]}\n{EVENT_ROW}\n"
BROKEN: tuple[tuple[str, str, Callable[[str], bytes | None]], ...] = (
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


MANIFEST_HEAD = "sample_id\tpatient_id\tfiles\ttumor_type\tassay\tpurity\tage_months\n"
MAKERS = {"vcf": vcf, "bedpe": bedpe, "json": report}


class Cohort:
    """Files of a cohort and what must become of each sample.

    Attributes:
        expected: Error code by sample, None = a result; in the order of the manifest.
        files: Paths of the inputs that are there, in the same order.
    """

    def __init__(self, folder: Path, samples: int) -> None:
        self.folder = folder
        self.expected: dict[str, str | None] = {}
        self.files: list[str] = []
        self._rows = [self._sample(number) for number in range(samples)]

    def manifest(self, samples: int) -> Path:
        """Write and return the manifest of the first samples."""
        path = self.folder / f"manifest{samples}.tsv"
        path.write_text(MANIFEST_HEAD + "".join(self._rows[:samples]), encoding="utf-8")
        return path

    def _sample(self, number: int) -> str:
        """Write the file of a sample and return its row."""
        rng = random.Random(SEED + number)
        share = rng.random()
        kind = suffix = "vcf" if share < 0.6 else "bedpe" if share < 0.85 else "json"
        tumor, code, assay, purity = rng.choice(TUMORS), None, "", ""
        content: bytes | None
        if number % BROKEN_EVERY == BROKEN_EVERY // 2:
            code, suffix, damage = BROKEN[number // BROKEN_EVERY % len(BROKEN)]
            content = damage(MAKERS[suffix.split(".")[0]](rng))
            purity = "high" if code == "BAD_CELL" else ""
            assay = "no such assay" if code == "UNKNOWN_ASSAY" else ""
        else:
            content = MAKERS[kind](rng).encode()
        name = f"{number // FOLDER_SAMPLES:04d}/S{number:06d}.{suffix}"
        self.expected[f"S{number:06d}"] = code
        self._write(name, content)
        return "\t".join((f"S{number:06d}", f"P{number // 2:06d}", name, tumor, assay, purity, "720")) + "\n"

    def _write(self, name: str, content: bytes | None) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        if content is not None:
            path.write_bytes(content)
            self.files.append(str(path))


def batch_command(manifest: Path, out: Path, *arguments: str) -> list[str]:
    """Return the command line of a batch."""
    return [sys.executable, "-m", "fgfr_screen", "batch", str(manifest), "--out", str(out), *arguments]
