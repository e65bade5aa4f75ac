"""Seeded VCF files for timing, GRCh38: small variants of one sample or of a pair, gVCF, and SV calls with planted events.

Usage: `python -m bench.generate KIND RECORDS OUT.vcf`, KIND one of single, pair, gvcf, manta, delly. The SV files carry
five events whose far end is FGFR2 and whose own contig is another: what a region query on FGFR2 does not return.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path

BASES = "ACGT"
SIZES: tuple[int, ...] = (
    248956422,
    242193529,
    198295559,
    190214555,
    181538259,
    170805979,
    159345973,
    145138636,
    138394717,
    133797422,
)
SIZES += (135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167)
SIZES += (46709983, 50818468, 156040895, 57227415)
CONTIGS = dict(zip([f"chr{label}" for label in (*range(1, 23), "X", "Y")], SIZES, strict=True))
FGFR2 = (121478332, 121598458)
PLANTED = 5

SHORT_KEYS = {"AC": "A", "AF": "A", "AN": "1", "DP": "1", "ECNT": "1", "FS": "1", "GERMQ": "1", "MBQ": "R", "MPOS": "A"}
SHORT_KEYS |= {"MQ": "1", "NLOD": "A", "POPAF": "A", "QD": "1", "SOR": "1", "TLOD": "A", "MMQ": "R"}
SV_KEYS = {"SVTYPE": "1", "END": "1", "SVLEN": ".", "CHR2": "1", "POS2": "1", "MATEID": ".", "CIPOS": "2", "CT": "1"}
SV_KEYS |= {"PE": "1", "SR": "1", "MAPQ": "1", "HOMLEN": ".", "HOMSEQ": ".", "BND_DEPTH": "1"}
WORDS = frozenset(("SVTYPE", "CHR2", "MATEID", "CT", "HOMSEQ"))
REAL = frozenset(("AF", "FS", "MQ", "NLOD", "POPAF", "QD", "SOR", "TLOD"))


def header(kind: str) -> str:
    """Return the header of one kind, with the keys that its rows use."""
    keys = {"single": SHORT_KEYS, "pair": SHORT_KEYS, "gvcf": SHORT_KEYS | {"END": "1"}}.get(kind, SV_KEYS)
    lines = ["##fileformat=VCFv4.2", f"##source=bench-{kind}"]
    lines += [f"##contig=<ID={name},length={size},assembly=GRCh38>" for name, size in CONTIGS.items()]
    lines += [f'##FILTER=<ID={name},Description="x">' for name in ("germline", "weak_evidence")]
    for key, number in keys.items():
        kind_of = "String" if key in WORDS else "Float" if key in REAL else "Integer"
        lines.append(f'##INFO=<ID={key},Number={number},Type={kind_of},Description="x">')
    lines += [f'##FORMAT=<ID={key},Number=1,Type=String,Description="x">' for key in ("GT", "SB")]
    lines += [f'##FORMAT=<ID={key},Number=.,Type=Integer,Description="x">' for key in ("AD", "DP", "GQ", "PL", "PR")]
    lines += [f'##FORMAT=<ID={key},Number=.,Type=Integer,Description="x">' for key in ("SR", "DR", "DV", "RR", "RV")]
    lines.append('##FORMAT=<ID=AF,Number=A,Type=Float,Description="x">')
    samples = ["TUMOR"] if kind in ("single", "gvcf") else ["NORMAL", "TUMOR"]
    lines.append("\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]))
    return "\n".join(lines) + "\n"


def places(rng: random.Random, records: int) -> Iterator[tuple[str, int, int]]:
    """Yield contig, ascending position and the gap to the next, spread over the genome."""
    total = sum(CONTIGS.values())
    for contig, size in CONTIGS.items():
        count = max(1, round(records * size / total))
        step = size / (count + 1)
        for index in range(count):
            yield contig, int(index * step + rng.random() * step) + 1, int(step)


def alleles(rng: random.Random) -> tuple[str, str]:
    """Return REF and another ALT; one in eight is an insertion."""
    ref = rng.choice(BASES)
    if rng.random() < 0.12:
        return ref, ref + "".join(rng.choices(BASES, k=rng.randrange(1, 9)))
    return ref, rng.choice(BASES.replace(ref, ""))


def single_row(rng: random.Random, contig: str, pos: int, _: int) -> str:
    """Return a row as HaplotypeCaller writes it."""
    ref, alt = alleles(rng)
    depth, number = rng.randrange(12, 70), rng.randrange(10**7, 10**9)
    name = f"rs{number}" if rng.random() < 0.9 else "."
    info = f"AC=1;AF=0.500;AN=2;DP={depth};FS={rng.random() * 9:.3f};MQ={rng.random() * 5 + 55:.2f}"
    info += f";QD={rng.random() * 30:.2f};SOR={rng.random() * 3:.3f}"
    sample = f"0/1:{depth // 2},{depth - depth // 2}:{depth}:{number % 99}:{number % 1500},0,{number % 1400}"
    return f"{contig}\t{pos}\t{name}\t{ref}\t{alt}\t{rng.random() * 1500:.2f}\tPASS\t{info}\tGT:AD:DP:GQ:PL\t{sample}\n"


def pair_row(rng: random.Random, contig: str, pos: int, _: int) -> str:
    """Return a row as Mutect2 writes it for a tumour and its normal."""
    ref, alt = alleles(rng)
    depth, number = rng.randrange(12, 70), rng.randrange(10**6)
    told = rng.choice(("PASS", "germline", "weak_evidence", "germline"))
    info = f"DP={depth * 2};ECNT={number % 4 + 1};GERMQ={number % 93};MBQ=30,{number % 18 + 20};MMQ=60,60"
    info += (
        f";MPOS={number % 60};NLOD={rng.random() * 20:.2f};POPAF={rng.random() * 6:.2f};TLOD={rng.random() * 60:.2f}"
    )
    normal = f"0/0:{depth},0:{rng.random() * 0.05:.3f}:{depth}:{number % 9},{number % 8},0,0"
    tumor = f"0/1:{depth // 2},{depth // 3}:{rng.random():.3f}:{depth}:{number % 9},{number % 7},{number % 6},3"
    return f"{contig}\t{pos}\t.\t{ref}\t{alt}\t.\t{told}\t{info}\tGT:AD:AF:DP:SB\t{normal}\t{tumor}\n"


def gvcf_row(rng: random.Random, contig: str, pos: int, gap: int) -> str:
    """Return a row of a gVCF: four of five are blocks without a variant."""
    ref, alt = alleles(rng)
    depth, number = rng.randrange(12, 70), rng.randrange(10**6)
    if number % 5:
        end = pos + number % max(gap, 1)
        return f"{contig}\t{pos}\t.\t{ref}\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ:PL\t0/0:{depth}:{number % 99}:0,9,99\n"
    info, sample = f"DP={depth};MQ=60.00", f"0/1:{depth // 2},{depth // 3},0:{depth}:99:{number % 1500},0,9,9,9,9"
    return f"{contig}\t{pos}\t.\t{ref}\t{alt},<NON_REF>\t{number % 900}.6\t.\t{info}\tGT:AD:DP:GQ:PL\t{sample}\n"


def anywhere(rng: random.Random) -> tuple[str, int]:
    """Return a random place."""
    contig = rng.choice(list(CONTIGS)[:23])
    return contig, rng.randrange(10_000, CONTIGS[contig] - 1_000_000)


def breakend(rng: random.Random, own: tuple[str, int], far: tuple[str, int], index: int, *, manta: bool) -> str:
    """Return one breakend as Manta (mates in two rows) or DELLY (one row with CHR2 and POS2) writes it."""
    base, mate = rng.choice(BASES), f"{far[0]}:{far[1]}"
    alt = rng.choice((f"{base}[{mate}[", f"{base}]{mate}]", f"]{mate}]{base}", f"[{mate}[{base}"))
    if manta:
        info = f"SVTYPE=BND;MATEID=BND:{index}:1;CIPOS=0,4;HOMLEN=4;HOMSEQ=GACT;BND_DEPTH={rng.randrange(20, 90)}"
    else:
        info = f"SVTYPE=BND;END={own[1] + 1};CHR2={far[0]};POS2={far[1]};PE={rng.randrange(40)};MAPQ=60"
        info += f";CT={rng.choice(('3to3', '3to5', '5to3', '5to5'))};CIPOS=-5,5;SR={rng.randrange(20)}"
    return f"{own[0]}\t{own[1]}\tBND{index}\t{base}\t{alt}\t.\tPASS\t{info}"


def span(rng: random.Random, index: int, *, manta: bool) -> str:
    """Return a deletion, duplication or inversion."""
    contig, pos = anywhere(rng)
    kind, length = rng.choice(("DEL", "DUP", "INV")), int(10 ** rng.uniform(2, 6))
    info = f"SVTYPE={kind};END={pos + length};SVLEN={length};CIPOS=-5,5"
    info += "" if manta else f";CHR2={contig};PE={rng.randrange(40)};MAPQ=60"
    return f"{contig}\t{pos}\t{kind}{index}\tN\t<{kind}>\t.\tPASS\t{info}"


def sv_rows(rng: random.Random, records: int, *, manta: bool) -> list[str]:
    """Return sorted rows with the planted events among them."""
    rows: list[str] = []
    for index in range(records):
        if rng.random() < 0.4:
            own, far = anywhere(rng), anywhere(rng)
            rows.append(breakend(rng, own, far, index, manta=manta))
            rows += [breakend(rng, far, own, index, manta=manta)] * manta
        else:
            rows.append(span(rng, index, manta=manta))
    for index, contig in enumerate(("chr1", "chr6", "chr17", "chrX", "chr3")):
        own, far = (contig, rng.randrange(10**6, CONTIGS[contig] - 10**6)), ("chr10", rng.randrange(*FGFR2))
        rows.append(breakend(rng, own, far, 9_000_000 + index, manta=manta))
    order = {contig: index for index, contig in enumerate(CONTIGS)}
    rows.sort(key=lambda row: (order[row.split("\t")[0]], int(row.split("\t")[1])))
    keys = "PR:SR" if manta else "GT:GQ:DR:DV:RR:RV"

    def sample() -> str:
        pair = f"{rng.randrange(60)},{rng.randrange(9)}:{rng.randrange(60)},{rng.randrange(9)}"
        return (
            pair if manta else f"0/1:{rng.randrange(999)}:{rng.randrange(60)}:4:{rng.randrange(60)}:{rng.randrange(9)}"
        )

    return [f"{row}\t{keys}\t{sample()}\t{sample()}\n" for row in rows]


def write(kind: str, records: int, path: Path) -> None:
    """Write one file; the same arguments give the same bytes."""
    rng = random.Random(20261122)
    row_of: dict[str, Callable[[random.Random, str, int, int], str]] = {
        "single": single_row,
        "pair": pair_row,
        "gvcf": gvcf_row,
    }
    with path.open("w", encoding="ascii") as out:
        out.write(header(kind))
        if kind in row_of:
            out.writelines(row_of[kind](rng, *place) for place in places(rng, records))
        else:
            out.writelines(sv_rows(rng, records, manta=kind == "manta"))


def main() -> None:
    """Write the file that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("single", "pair", "gvcf", "manta", "delly"))
    parser.add_argument("records", type=int)
    parser.add_argument("path", type=Path)
    options = parser.parse_args()
    write(options.kind, options.records, options.path)


if __name__ == "__main__":
    main()
