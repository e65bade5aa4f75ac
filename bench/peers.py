"""Two peers beside us: varcode and SnpEff on the probe's junctions and on the 496 Foundation pairs.

Usage: `python -m bench.peers --varcode-python PATH_OF_A_PYTHON_WITH_VARCODE` (SnpEff is taken from the PATH; a peer that is
absent is left out and named). Prints Markdown.

The peers need a genome, so a synthetic one is built from our own gene model of GRCh37 chromosome 10: real exons and strands,
invented bases. Gene pair, order and strand can be compared on it; frame and protein cannot.
"""

import argparse
import itertools
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fgfr_screen.reference import Transcript, transcripts_overlapping
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly
from fgfr_screen.transcripts import exons, start_codon_first_base
from tests.foundation_pairs import PAIRS_FILE, Pair, load_pairs, vcf_text

ROOT = Path(__file__).resolve().parent.parent
CONTIG, LENGTH = "chr10", 135_534_747
STOPS = ("TAA", "TAG", "TGA")
CODONS = tuple("".join(c) for c in itertools.product("ACGT", repeat=3) if "".join(c) not in STOPS)
CODE = dict(
    zip(
        ("".join(c) for c in itertools.product("TCAG", repeat=3)),
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        strict=True,
    )
)
VARCODE = """
import json, logging, sys, warnings
warnings.simplefilter("ignore"); logging.disable(logging.INFO)
import pyensembl, varcode
folder = sys.argv[1]
genome = pyensembl.Genome(reference_name="SYN", annotation_name="syn", gtf_path_or_url=folder + "/t.gtf",
    transcript_fasta_paths_or_urls=[folder + "/t.cdna.fa"], protein_fasta_paths_or_urls=[folder + "/t.pep.fa"],
    cache_directory_path=folder + "/cache")
genome.index(overwrite=True)
variants = varcode.load_vcf(folder + "/p.vcf", genome=genome, parse_structural_variants=True)
metadata = getattr(variants, "metadata", {})
for variant in variants:
    name = (metadata.get(variant) or {}).get("id")
    try:
        for effect in variant.effects():
            five = getattr(getattr(effect, "five_prime_transcript", None), "gene_name", None)
            three = getattr(getattr(effect, "three_prime_transcript", None), "gene_name", None)
            own = getattr(getattr(effect, "transcript", None), "gene_name", None)
            print(json.dumps([name, type(effect).__name__, five, three, own]))
    except Exception as error:
        print(json.dumps([name, "error " + type(error).__name__, None, None, None]))
"""


@dataclass(frozen=True)
class Answer:
    """What one tool says of a junction: `fusion`, `antisense`, `no gene`, `internal`, `other`; genes in the tool's order."""

    kind: str
    genes: tuple[str, ...] = ()
    ordered: bool = True


# ---------------------------------------------------------------------------------------------------- synthetic genome


def chromosome_models() -> list[Transcript]:
    """Return one coding transcript per gene of the chromosome, as our model has them."""
    best: dict[str, Transcript] = {}
    for transcript in transcripts_overlapping(Assembly.GRCH37, CONTIG, 1, LENGTH):
        if transcript.frame_reliable and transcript.cds_start and transcript.mane_status != "Plus_Clinical":
            best.setdefault(transcript.gene, transcript)
    return list(best.values())


def _coding_span(transcript: Transcript) -> tuple[int, int]:
    """Return the transcript offsets of the coding part (0-based half-open, without the stop codon)."""
    offset, first, total = 0, 0, 0
    start = start_codon_first_base(transcript)
    for _, low, high in exons(transcript):
        if low <= start <= high:
            first = offset + abs(start - (low if transcript.strand == "+" else high))
        total += max(0, min(high, transcript.cds_end) - max(low, transcript.cds_start) + 1)
        offset += high - low + 1
    return first, first + total - 3


def _sequence(transcript: Transcript, rng: random.Random) -> str:
    length = sum(high - low + 1 for _, low, high in exons(transcript))
    first, last = _coding_span(transcript)
    coding = "ATG" + "".join(rng.choice(CODONS) for _ in range((last - first) // 3 - 1)) + "TAA"
    pad = "".join(rng.choice("ACGT") for _ in range(length - len(coding)))
    return pad[:first] + coding + pad[first:]


def _gtf_rows(number: int, transcript: Transcript) -> Iterable[str]:
    names = (
        f'gene_id "ENSG{number:011d}"; gene_version "1"; gene_name "{transcript.gene}"; gene_source "ensembl"; '
        'gene_biotype "protein_coding";'
    )
    own = names + (
        f' transcript_id "ENST{number:011d}"; transcript_version "1"; transcript_name "{transcript.gene}-201"; '
        'transcript_source "ensembl"; transcript_biotype "protein_coding"; tag "basic"; tag "Ensembl_canonical";'
    )

    def row(feature: str, low: int, high: int, words: str, frame: str = ".") -> str:
        return "\t".join(("10", "ensembl", feature, str(low), str(high), ".", transcript.strand, frame, words))

    yield row("gene", transcript.tx_start, transcript.tx_end, names)
    yield row("transcript", transcript.tx_start, transcript.tx_end, own)
    done = 0
    plus = transcript.strand == "+"
    cds_low = transcript.cds_start + (0 if plus else 3)
    cds_high = transcript.cds_end - (3 if plus else 0)
    for exon, (_, low, high) in enumerate(exons(transcript), 1):
        label = f'{own} exon_number "{exon}"; exon_id "ENSE{number:07d}{exon:04d}"; exon_version "1";'
        yield row("exon", low, high, label)
        inside = (max(low, cds_low), min(high, cds_high))
        if inside[0] <= inside[1]:
            protein = f'{own} exon_number "{exon}"; protein_id "ENSP{number:011d}"; protein_version "1";'
            yield row("CDS", *inside, protein, str((3 - done % 3) % 3))
            done += inside[1] - inside[0] + 1
    start = transcript.cds_start if plus else transcript.cds_end - 2
    stop = transcript.cds_end - 2 if plus else transcript.cds_start
    yield row("start_codon", start, start + 2, own, "0")
    yield row("stop_codon", stop, stop + 2, own, "0")


def write_genome(folder: Path) -> None:
    """Write `t.gtf`, `t.cdna.fa` and `t.pep.fa`."""
    rng = random.Random(7)
    gtf, cdna, pep = ["#!genome-build SYN"], [], []
    for number, transcript in enumerate(chromosome_models(), 1):
        gtf += _gtf_rows(number, transcript)
        sequence = _sequence(transcript, rng)
        first, last = _coding_span(transcript)
        protein = "".join(CODE[sequence[i : i + 3]] for i in range(first, last, 3))
        place = f"chromosome:SYN:10:{transcript.tx_start}:{transcript.tx_end}:{transcript.strand}1".replace("+1", "1")
        cdna.append(f">ENST{number:011d}.1 cdna {place} gene:ENSG{number:011d}.1\n{sequence}")
        pep.append(
            f">ENSP{number:011d}.1 pep {place} gene:ENSG{number:011d}.1 transcript:ENST{number:011d}.1\n{protein}"
        )
    for name, lines in (("t.gtf", gtf), ("t.cdna.fa", cdna), ("t.pep.fa", pep)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="ascii")


# --------------------------------------------------------------------------------------------------------------- tools


def ours(pair: Pair, path: Path) -> Answer:
    """Screen one pair by itself."""
    path.write_text(vcf_text(pair), encoding="ascii")
    report = screen_sample(str(path), programs=())
    events = (*report.events, *report.silent_events)
    if len(events) != 1:
        return Answer("other", tuple(event.name for event in events))
    event = events[0]
    five = event.five_prime.gene if event.five_prime else None
    three = event.three_prime.gene if event.three_prime else None
    genes = tuple(gene for gene in (five, three) if gene)
    if len(genes) == 2 and five == three:
        return Answer("internal", ("FGFR2",))
    if len(genes) < 2:
        return Answer("no gene", ("FGFR2",))
    return Answer("fusion" if event.in_strand else "antisense", genes)


def varcode_answers(folder: Path, python: str) -> dict[str, Answer]:
    """Run varcode on `p.vcf` and keep its most telling effect of each record."""
    import json

    done = subprocess.run([python, "-c", VARCODE, str(folder)], capture_output=True, text=True, check=True)
    found: dict[str, list[tuple[str, str | None, str | None, str | None]]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("["):
            name, effect, five, three, own = json.loads(line)
            found.setdefault(name, []).append((effect, five, three, own))
    return {name: _varcode_answer(effects) for name, effects in found.items()}


def _varcode_answer(effects: list[tuple[str, str | None, str | None, str | None]]) -> Answer:
    for effect, five, three, _ in effects:
        if effect == "GeneFusion" and five and three:
            return Answer("internal", (five,)) if five == three else Answer("fusion", (five, three))
    names = {effect for effect, *_ in effects}
    if "TranslocationToIntergenic" in names:
        return Answer("no gene", ("FGFR2",))
    return Answer("other", tuple(sorted(names)))


def snpeff_answers(folder: Path, genome: str | None = None) -> dict[str, Answer]:
    """Build a SnpEff database (contig `10`; unknown bases when no genome is given) and annotate `p.vcf`."""
    data = folder / "snpeff" / "data" / "syn"
    data.mkdir(parents=True)
    shutil.copy(folder / "t.gtf", data / "genes.gtf")
    (data / "sequences.fa").write_text(genome or f">10\n{'N' * LENGTH}\n", encoding="ascii")
    config = folder / "snpeff" / "snpEff.config"
    config.write_text("data.dir = ./data/\nsyn.genome : syn\n", encoding="ascii")
    options = ["-c", str(config), "-noLog"]
    build = ["snpEff", "build", *options, "-gtf22", "-noCheckCds", "-noCheckProtein", "syn"]
    subprocess.run(build, capture_output=True, check=True, cwd=folder / "snpeff")
    run = ["snpEff", "ann", *options, "-noStats", "syn", str(folder / "p.vcf")]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=folder / "snpeff")
    return dict(_snpeff_answer(line) for line in done.stdout.splitlines() if line.startswith("10\t"))


def _snpeff_answer(line: str) -> tuple[str, Answer]:
    columns = line.split("\t")
    annotation = next((field[4:] for field in columns[7].split(";") if field.startswith("ANN=")), "")
    effects = [
        (fields[1], fields[3]) for fields in (one.split("|") for one in annotation.split(",")) if len(fields) > 3
    ]
    for effect, genes in effects:
        names = tuple(genes.split("&"))
        if "bidirectional_gene_fusion" in effect:
            return columns[2], Answer("antisense", names, ordered=False)
        if "gene_fusion" in effect:
            return columns[2], Answer("fusion", names, ordered=False)
    return columns[2], Answer("no gene" if effects else "other", ("FGFR2",) if effects else (), ordered=False)


# ---------------------------------------------------------------------------------------------------------- comparison


def explain(mine: Answer, theirs: Answer, modelled: set[str]) -> str:
    """Return why two answers differ, or `same`; `modelled` are the genes that the peers were given."""
    same_genes = sorted(mine.genes) == sorted(theirs.genes)
    if mine.kind == theirs.kind and same_genes and (mine.genes == theirs.genes or not theirs.ordered):
        return "same" if theirs.ordered or mine.kind == "no gene" else "same pair; the peer names genes without order"
    if mine.kind == theirs.kind and same_genes:
        return "same pair, other order"
    if mine.kind == theirs.kind:
        return "another of several overlapping genes"
    if theirs.kind == "no gene" and mine.kind in ("fusion", "antisense"):
        return _why_no_gene(mine, theirs, modelled)
    if mine.kind == "internal":
        said = ", ".join(theirs.genes) if theirs.kind == "other" else theirs.kind
        return f"both ends in FGFR2: a class of its own here, {said} there"
    return f"we say {mine.kind}, the peer {theirs.kind} ({', '.join(theirs.genes)})"


def _why_no_gene(mine: Answer, theirs: Answer, modelled: set[str]) -> str:
    if not set(mine.genes) <= modelled:
        return "the gene is not in the synthetic model (non-coding, or its coding sequence is not certain)"
    if mine.kind == "antisense" and theirs.ordered:
        return "the peer gives an antisense join no second gene"
    return "the break lies in the gene but before the first exon of the GRCh37 row, whose 5' exons only MANE has"


def peer_vcf(pairs: Iterable[Pair]) -> str:
    """Write the FGFR2 record of every pair (`p0`, `p1`, ...) on a contig named as in the synthetic genome."""
    lines = ["##fileformat=VCFv4.2", f"##contig=<ID=10,length={LENGTH}>"]
    lines += [
        '##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
    ]
    for number, pair in enumerate(pairs):
        _, pos, _, ref, alt = vcf_text(pair).splitlines()[3].split("\t")[:5]
        lines.append(f"10\t{pos}\tp{number}\t{ref}\t{alt.replace(CONTIG, '10')}\t.\tPASS\tSVTYPE=BND")
    return "\n".join(lines) + "\n"


def foundation_table(varcode_python: str | None) -> str:
    """Compare the Foundation pairs; return Markdown."""
    pairs = load_pairs()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_genome(folder)
        mine = [ours(pair, folder / "one.vcf") for pair in pairs]
        (folder / "p.vcf").write_text(peer_vcf(pairs), encoding="ascii")
        peers: dict[str, dict[str, Answer]] = {}
        if varcode_python:
            peers["varcode"] = varcode_answers(folder, varcode_python)
        if shutil.which("snpEff"):
            peers["SnpEff"] = snpeff_answers(folder)
    modelled = {transcript.gene for transcript in chromosome_models()}
    lines = ["### 496 Foundation pairs, synthetic chromosome 10", ""]
    for peer, answers in peers.items():
        counts: Counter[tuple[str, str, str]] = Counter()
        for number, own in enumerate(mine):
            theirs = answers.get(f"p{number}", Answer("other", ("no answer",)))
            counts[(own.kind, theirs.kind, explain(own, theirs, modelled))] += 1
        lines += [f"| ours | {peer} | pairs | why |", "|---|---|---|---|"]
        lines += [f"| {a} | {b} | {count} | {why} |" for (a, b, why), count in sorted(counts.items())]
        lines.append("")
    absent = [peer for peer in ("varcode", "SnpEff") if peer not in peers]
    return "\n".join(lines) + (f"\nNot run here: {', '.join(absent)}.\n" if absent else "")


PROBE: dict[str, tuple[int, str, str]] = {
    "V1_inframe": (121481200, "[chr10:58700000[N", "SVTYPE=BND"),
    "V2_inframe_exon4": (121481200, "[chr10:58800500[N", "SVTYPE=BND"),
    "V2b_partner_lastintron": (121481200, "[chr10:58825000[N", "SVTYPE=BND"),
    "V3_intergenic": (121481200, "[chr10:57000000[N", "SVTYPE=BND"),
    "V4_antisense": (121481200, "[chr10:121850000[N", "SVTYPE=BND"),
    "V5_single": (121481200, ".N", "SVTYPE=BND"),
    "V6_intragenic_dup": (121481200, "<DUP>", "SVTYPE=DUP;END=121510000"),
    "V7_reciprocal_only": (121481200, "N]chr10:58700000]", "SVTYPE=BND"),
    "V8_partner_upstream": (121481200, "[chr10:58511872[N", "SVTYPE=BND"),
    "V9_exon6_bp": (121479950, "[chr10:58700000[N", "SVTYPE=BND"),
    "V10_INVsymbolic": (58700000, "<INV>", "SVTYPE=INV;END=121481200"),
    "V11_del_lastexon": (121477500, "<DEL>", "SVTYPE=DEL;END=121481200"),
    "V12_5prime_partner_first": (58700000, "[chr10:121481200[N", "SVTYPE=BND"),
}
"""The probe's junctions on the human genes (GRCh38) that its stand-ins are named after: FGFR2, BICC1, ATE1."""


def _our_probe(position: int, alt: str, info: str, path: Path) -> str:
    path.write_text(
        "##fileformat=VCFv4.3\n##contig=<ID=chr10,length=133797422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        f"chr10\t{position}\tp\tN\t{alt}\t.\tPASS\t{info}\n",
        encoding="ascii",
    )
    report = screen_sample(str(path), programs=())
    said = [
        f"{event.name}: {event.alteration_class.value}, {event.outcome.value}, kinase {event.kinase_domain}, {event.frame}"
        for event in (*report.events, *report.silent_events)
    ]
    return "; ".join(said) or "no event"


def probe_table(varcode_python: str | None) -> str:
    """Run the probe's toy locus through the peers and its human counterparts through us; return Markdown."""
    source = ROOT.parent / "shared" / "anchors" / "peer-probe" / "mk_toy.py"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mine = {key: _our_probe(*row, folder / "one.vcf") for key, row in PROBE.items()}
        peers: dict[str, dict[str, Answer]] = {}
        if source.exists():
            subprocess.run([sys.executable, str(source)], cwd=folder, check=True, capture_output=True)
            if varcode_python:
                peers["varcode"] = varcode_answers(folder, varcode_python)
            if shutil.which("snpEff"):
                peers["SnpEff"] = snpeff_answers(folder, (folder / "g.fa").read_text("ascii"))
    lines = [
        "### The probe's 13 junctions",
        "",
        f"| junction | ours | {' | '.join(peers)} |",
        "|---|---|" + "---|" * len(peers),
    ]
    for key, said in mine.items():
        cells = [answers.get(key, Answer("no answer")) for answers in peers.values()]
        lines.append(f"| {key} | {said} | " + " | ".join(f"{c.kind} {' '.join(c.genes)}".strip() for c in cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--varcode-python", help="a Python in whose environment varcode is installed")
    options = parser.parse_args()
    if not PAIRS_FILE.exists():
        sys.exit("The breakpoint pairs are not here, so there is nothing to compare.")
    sys.stdout.write(probe_table(options.varcode_python) + "\n" + foundation_table(options.varcode_python))


if __name__ == "__main__":
    main()
