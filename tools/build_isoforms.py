"""Copy the FGFR1-3 isoform tables into `data/` and check them against each other.

Run `python tools/build_isoforms.py --source FOLDER` where FOLDER holds the verified reference tables. Each copy
starts with a line that names its origin and licence. The script stops with a sentence when a check fails; nothing is
written then.
"""

import argparse
import sys
from pathlib import Path

HEADERS = {
    "fgfr_cds.fa": "FGFR1, FGFR2: LRG_993, LRG_994 (EMBL-EBI/NCBI public data); FGFR3: NM_000142.5 (public domain)",
    "fgfr_protein.fa": "translation of fgfr_cds.fa; FGFR3 equals UniProt P22607 (CC BY 4.0)",
    "fgfr_exons.tsv": "RefSeq/UCSC refGene rows and LRG labels (public data)",
    "fgfr_transcripts.tsv": "RefSeq/UCSC refGene rows, MANE v1.5 (public data), UniProt isoform joins (CC BY 4.0)",
    "fgfr1_residue_map.tsv": "computed from fgfr_exons.tsv and fgfr_cds.fa",
    "fgfr2_residue_map.tsv": "computed from fgfr_exons.tsv and fgfr_cds.fa",
    "fgfr3_residue_map.tsv": "computed from fgfr_exons.tsv and fgfr_cds.fa",
    "fgfr_domains.tsv": "Ensembl 110/InterPro (CC0), UniProt (CC BY 4.0), RefSeq (public domain); see column source",
    "fgfr_reference_differences.tsv": "LRG_994, LRG_1021 (EMBL-EBI/NCBI public data), GenBank AB821309.1",
}
# Fixed difference GRCh38 - GRCh37 inside the LRG spans, FGFR1, FGFR2, FGFR3.
SHIFTS = {"FGFR1": 142482, "FGFR2": -1759514, "FGFR3": -1727}
COMPLEMENT = str.maketrans("ACGT", "TGCA")


def read_fasta(text: str) -> dict[str, str]:
    """Return sequence by accession."""
    sequences: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            sequences[name] = ""
        elif line and not line.startswith("#"):
            sequences[name] += line.strip()
    return sequences


def read_table(text: str) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table; lines that start with `#` are comments."""
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [dict(zip(lines[0], row, strict=False)) for row in lines[1:]]


def check_sequences(cds: dict[str, str], protein: dict[str, str]) -> list[str]:
    """Return one sentence per coding sequence that does not translate to its protein."""
    from Bio.Seq import Seq

    troubles = [f"{name}: no protein" for name in cds if name not in protein]
    return troubles + [
        f"{name}: translation differs from the protein"
        for name, sequence in cds.items()
        if name in protein and str(Seq(sequence).translate()) != protein[name] + "*"  # type: ignore[no-untyped-call]
    ]


def check_exons(exons: list[dict[str, str]], cds: dict[str, str]) -> list[str]:
    """Return one sentence per transcript whose exons disagree between assemblies or with the coding sequence."""
    troubles = []
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    coding: dict[str, int] = {}
    for row in exons:
        shift = SHIFTS[row["gene"]] if row["build"] == "GRCh37" else 0
        spans.setdefault((row["transcript"], row["build"]), []).append(
            (int(row["start"]) + shift, int(row["end"]) + shift)
        )
        if row["build"] == "GRCh38" and row["c_end"]:
            coding[row["transcript"]] = max(coding.get(row["transcript"], 0), int(row["c_end"]))
    for (name, build), span in spans.items():
        if build == "GRCh37" and span != spans[(name, "GRCh38")]:
            troubles.append(f"{name}: exons differ between GRCh37 and GRCh38")
    troubles += [f"{name}: exon lengths do not sum to the CDS" for name in cds if coding.get(name) != len(cds[name])]
    return troubles


def check_bases(exons: list[dict[str, str]], cds: dict[str, str]) -> list[str]:
    """Return one sentence per genomic base on which two transcripts disagree."""
    troubles = []
    bases: dict[tuple[str, int], str] = {}
    for row in exons:
        if row["build"] != "GRCh38" or not row["c_start"] or row["transcript"] not in cds:
            continue
        piece = cds[row["transcript"]][int(row["c_start"]) - 1 : int(row["c_end"])]
        forward = piece if row["strand"] == "+" else piece.translate(COMPLEMENT)[::-1]
        for offset, base in enumerate(forward):
            key = (row["chrom"], int(row["cds_start"]) + offset)
            if bases.setdefault(key, base) != base:
                troubles.append(f"{row['transcript']}: {key[0]}:{key[1]} is {base}, elsewhere {bases[key]}")
    return troubles


def check(texts: dict[str, str]) -> list[str]:
    """Return every trouble found, empty when the tables agree."""
    cds = read_fasta(texts["fgfr_cds.fa"])
    exons = read_table(texts["fgfr_exons.tsv"])
    return [
        *check_sequences(cds, read_fasta(texts["fgfr_protein.fa"])),
        *check_exons(exons, cds),
        *check_bases(exons, cds),
    ]


def codon_table() -> str:
    """Return the standard genetic code as a table, from Biopython; its import alone would cost a screening 30 ms."""
    from Bio.Data import CodonTable

    code = CodonTable.unambiguous_dna_by_id[1]
    residues = {**code.forward_table, **dict.fromkeys(code.stop_codons, "*")}
    rows = "".join(f"{codon}\t{residue}\n" for codon, residue in sorted(residues.items()))
    return f"# Source: NCBI genetic code 1 through Biopython; licence: public domain\ncodon\tresidue\n{rows}"


def main() -> None:
    """Copy and check."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=root.parent / "shared" / "reference")
    parser.add_argument("--target", type=Path, default=root / "data")
    options = parser.parse_args()
    texts = {name: (options.source / name).read_text(encoding="utf-8") for name in HEADERS}
    troubles = check(texts)
    if troubles:
        sys.exit("\n".join(troubles))
    for name, origin in HEADERS.items():
        header = f"# Source: {origin}; checked by tools/build_isoforms.py\n"
        body = texts[name] if not texts[name].startswith("# Source: ") else texts[name].split("\n", 1)[1]
        (options.target / name).write_text(header + body, encoding="utf-8")
    (options.target / "fgfr_codons.tsv").write_text(codon_table(), encoding="utf-8")


if __name__ == "__main__":
    main()
