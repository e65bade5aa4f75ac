"""`knowledge/hotspots.tsv` (written for people) -> rows of `data/hotspots.tsv` (one protein change, closed words).

Every coding change is applied to the coding sequence of the MANE transcript and translated; a change that does not give
the protein change of its row stops the build.
"""

import re
from itertools import product
from pathlib import Path

from tools.tables import Row, read_table

MANE = {"FGFR1": "NM_023110", "FGFR2": "NM_000141", "FGFR3": "NM_000142"}
SUBSTITUTION = re.compile(r"([A-Z])(\d+)([A-Z])")
ADULT_LIFE = frozenset({"G380R", "G375C", "N540K", "N540T", "I538V", "P250R"})
"""FGFR3 changes that an adult with a tumour can carry in the germline (achondroplasia, hypochondroplasia, Muenke)."""

FUNCTIONS = {
    ("FGFR3", "E466K"): "benign",
    ("FGFR3", "F384L"): "benign",
    ("FGFR2", "S252L"): "uncertain",
    ("FGFR1", "R445W"): "uncertain",
    ("FGFR2", "R664W"): "not_activating",
    ("FGFR2", "H167_N173del"): "extracellular_deletion",
    ("FGFR3", "*807"): "stop_loss",
}
UNVERIFIED_CLASS = frozenset(
    {("FGFR1", "K656M"), ("FGFR1", "T141R"), ("FGFR1", "R445W"), ("FGFR2", "W290C"), ("FGFR3", "*807")}
)
REGION_LABELS = {
    "E768*": "E768-Y783 truncation",
    "P784..T821": "P784-T821 truncation",
    "internal tandem": "kinase domain tandem duplication",
}


def coding_sequences(shared: Path) -> dict[str, str]:
    """Return the coding sequences of the FGFR transcripts by accession, stop codon included."""
    records = (shared / "reference" / "fgfr_cds.fa").read_text("ascii").split(">")[1:]
    return {record.split()[0]: "".join(record.split("\n")[1:]) for record in records}


def _translate(codon: str) -> str:
    from Bio.Seq import translate

    return str(translate(codon))  # type: ignore[no-untyped-call]


def _protein_change(cds: str, position: int, base: str) -> str:
    """Return the one-letter change of a substitution at a 1-based coding position."""
    first = (position - 1) // 3 * 3
    codon = cds[first : first + 3]
    offset = (position - 1) % 3
    changed = codon[:offset] + base + codon[offset + 1 :]
    return f"{_translate(codon)}{first // 3 + 1}{_translate(changed)}"


def single_base_changes(cds: str, change: str) -> list[str]:
    """Return all coding substitutions of one base that cause a protein change (`M391R` -> `c.1172T>G`)."""
    match = SUBSTITUTION.fullmatch(change)
    if match is None:
        return []
    first = int(match[2]) * 3 - 2
    places = product(range(first, first + 3), "ACGT")
    return [
        f"c.{position}{cds[position - 1]}>{base}"
        for position, base in places
        if base != cds[position - 1] and _protein_change(cds, position, base) == change
    ]


def _written_changes(cell: str) -> list[str]:
    """Expand `c.1950G>T or G>C` and `c.870G>T/C` to full substitutions."""
    match = re.fullmatch(r"c\.(\d+)([ACGT])>([ACGT])(?:(?: or [ACGT]>|/)([ACGT]))?", cell)
    if match is None:
        return []
    position, ref, *alts = match.groups()
    return [f"c.{position}{ref}>{alt}" for alt in alts if alt]


def _coding_changes(row: Row, change: str, sequences: dict[str, str]) -> list[str]:
    """Return the coding changes of a row, checked; those of one base when the source gives none.

    Raises:
        ValueError: A written change does not cause the protein change.
    """
    possible = single_base_changes(sequences[MANE[row["gene"]]], change)
    written = _written_changes(row["cds_NM"])
    wrong = [text for text in written if text not in possible]
    if wrong:
        raise ValueError(f"{row['gene']} {change}: {', '.join(wrong)} gives another protein change")
    return written or possible


def _label(text: str) -> str:
    """Return the change of a row, or the label of a rule."""
    for prefix, label in REGION_LABELS.items():
        if text.startswith(prefix):
            return label
    return text.removesuffix(" readthrough")


def _function(gene: str, change: str, words: str) -> str:
    if (gene, change) in FUNCTIONS:
        return FUNCTIONS[gene, change]
    if change in REGION_LABELS.values():
        return "region_rule"
    if "resistance when acquired" in words:
        return "activating_resistance_when_acquired"
    return "germline_activating" if words.startswith("germline activating") else "activating"


def literature_sources(text: str) -> str:
    """Cite papers instead of the OncoKB lists that led to them; a part without a paper is dropped."""
    parts = [part.strip() for part in text.split("; ")]
    kept = [part for part in parts if "oncokb" not in part.lower() or "PMID" in part]
    cited = [re.sub(r"OncoKB 2017 (?:list|file)(?: \(Meijian[^)]*\))?", "literature", part) for part in kept]
    return "; ".join(cited) or "(memory, unverified)"


def _residue_columns(change: str) -> Row:
    """Split a change into residue and amino acids as far as it has them."""
    if match := SUBSTITUTION.fullmatch(change):
        return {"ref_aa": match[1], "residue": match[2], "alt_aa": match[3]}
    if match := re.match(r"([A-Z*])(\d+)", change):
        return {"ref_aa": match[1], "residue": match[2]}
    return {}


def _hotspot(row: Row, sequences: dict[str, str]) -> Row:
    gene, change = row["gene"], _label(row["protein_IIIc_or_NM"])
    syndrome = row["germline_syndrome"]
    return _residue_columns(change) | {
        "gene": gene,
        "change": change,
        "alt_isoform": change if row["protein_alt_isoform"] == "same" else row["protein_alt_isoform"],
        "hgvs_c": ";".join(_coding_changes(row, change, sequences)),
        "region": row["region"],
        "function": _function(gene, change, row["functional_class"]),
        "erdafitinib_label": "yes" if row["in_erdafitinib_label_list"] == "label" else "no",
        "proof302": "yes" if row["in_PROOF302_list"].startswith("listed") else "no",
        "germline_syndrome": "" if syndrome in ("-", "benign") else syndrome,
        "adult_life_compatible": "yes" if gene == "FGFR3" and change in ADULT_LIFE else "no",
        "class_unverified": "yes" if (gene, change) in UNVERIFIED_CLASS else "no",
        "tumour_context": row["tumour_context"].removeprefix("-"),
        "sources": literature_sources(row["source"]),
    }


def _joined(first: str, second: str) -> str:
    """Join two `; ` lists, each part once."""
    return "; ".join(dict.fromkeys(part for part in [*first.split("; "), *second.split("; ")] if part))


def hotspot_rows(shared: Path) -> list[Row]:
    """Return the rows of `data/hotspots.tsv`; two coding changes with one protein change become one row."""
    sequences = coding_sequences(shared)
    merged: dict[tuple[str, str], Row] = {}
    for source_row in read_table(shared / "knowledge" / "hotspots.tsv"):
        row = _hotspot(source_row, sequences)
        known = merged.setdefault((row["gene"], row["change"]), row)
        if known is not row:
            known["hgvs_c"] += ";" + row["hgvs_c"]
            known["sources"] = _joined(known["sources"], row["sources"])
    return list(merged.values())
