"""Shared knowledge and reference folders -> the tables of `data/`: one function per file.

The folder given with `--shared` holds `reference/` (genome tables) and `knowledge/` (curated tables, each row sourced).
Facts are copied or restructured; nothing is invented here. Rows that rest on memory stay marked as unverified.
"""

import re
from collections.abc import Callable
from pathlib import Path

from fgfr_screen import reference
from tools.hotspot_rows import hotspot_rows, literature_sources
from tools.tables import Row, columns_of, read_table, write_table

GENE_MODEL_COMMENTS = (
    "Source: MANE v1.5 (NCBI, EMBL-EBI), UCSC refGene 2015/2017 (RefSeq) and GENCODE v19/v43/v44 exon chains; how they",
    "were joined and checked: SOURCES.md. Licence: RefSeq and UCSC tables public domain; GENCODE and MANE open data.",
)
GENE_BOUNDS_LICENCE = "Licence: GENCODE open data (EMBL-EBI terms of use), attribution requested."
HG18_LENGTHS = (
    "247249719 242951149 199501827 191273063 180857866 170899992 158821424 146274826 140273252 135374737 134452384 "
    "132349534 114142980 106368585 100338915 88827254 78774742 76117153 63811651 62435964 46944323 49691432 154913754 "
    "57772954"
)
ASSEMBLY_NAMES = {"GRCh37": "GRCh37", "GRCh38": "GRCh38", "T2T-CHM13v2.0": "T2T-CHM13"}
PARTNER_RENAMES = {"IQCG": "DRC9"}
"""Partners whose symbol changed after the list was written (MANE v1.5)."""
RESTRICTED_SOURCES = ("COSMIC", "OncoKB", "Mitelman")
SIDES = {"FGFR_5prime": "five_prime", "FGFR_3prime": "three_prime", "both": "both", "unknown": "unknown"}


def _copy(shared: Path, data: Path, name: str, comments: tuple[str, ...]) -> None:
    """Copy a reference table with our own comment lines."""
    rows = list(read_table(shared / "reference" / name))
    write_table(data / name, comments, list(rows[0]), rows)


def derive_gene_models(shared: Path, data: Path) -> None:
    """Write the gene models of both assemblies."""
    for assembly in ("GRCh37", "GRCh38"):
        first = (
            f"Transcripts on {assembly}, 1-based inclusive, exon lists ascending on the genome; cds_start/cds_end",
            "ascending, stop codon included, 0 0 = no coding sequence.",
        )
        _copy(shared, data, f"gene_model.{assembly}.tsv.gz", (*first, *GENE_MODEL_COMMENTS))


def derive_gene_bounds(shared: Path, data: Path) -> None:
    """Write the gene bounds of both assemblies."""
    for assembly, release in (("GRCh37", "v19"), ("GRCh38", "v43")):
        first = f"All genes of GENCODE {release} on {assembly}, 1-based inclusive; symbols as in that release."
        source = f"Source: GENCODE {release} gene rows (release inferred from gene counts)."
        _copy(shared, data, f"gene_bounds.{assembly}.tsv.gz", (first, source, GENE_BOUNDS_LICENCE))


def derive_aliases(shared: Path, data: Path) -> None:
    """Write the alias table."""
    comments = (
        "Alias or former symbol -> approved symbol; an alias with several rows is ambiguous. Rows whose third column",
        "is RefSeq2015-17 join the symbol that a RefSeq transcript had in 2015-2017 with its MANE v1.5 symbol.",
        "Source: HGNC table of 2022-04-04; RefSeq 2015/2017 and MANE v1.5.",
        "Licence: HGNC data are free to use; RefSeq public domain.",
    )
    _copy(shared, data, "hgnc_aliases.tsv.gz", comments)


def derive_contigs(shared: Path, data: Path) -> None:
    """Write primary contigs: two assemblies we use, two that we recognise to refuse them."""
    rows = [
        {
            "assembly": ASSEMBLY_NAMES[row["build"]],
            "name": row["ucsc"],
            "refseq": row["refseq"].removeprefix("na"),
            "genbank": row["genbank"],
            "length": row["length"],
            "refget": row["refget"],
        }
        for row in read_table(shared / "reference" / "contigs.tsv")
    ]
    names = [f"chr{label}" for label in (*range(1, 23), "X", "Y")]
    rows += [
        {"assembly": "hg18", "name": name, "length": length}
        for name, length in zip(names, HG18_LENGTHS.split(), strict=True)
    ]
    comments = (
        "Primary contigs, length in bases. GRCh37 chrM is NC_012920 (16569); UCSC hg19 chrM was NC_001807 (16571).",
        "hg18 and T2T-CHM13 are listed to be recognised and refused.",
        "Source: bioutils 0.6.2 assembly tables (NCBI); refget digests: GenomicMedLab/agct; hg18 lengths: UCSC.",
        "Licence: NCBI and UCSC assembly facts, public domain; bioutils and agct Apache-2.0.",
    )
    write_table(data / "contigs.tsv", comments, columns_of(reference.Contig), rows)


def derive_oncotree(shared: Path, data: Path) -> None:
    """Write the whole OncoTree."""
    rows = []
    for row in read_table(shared / "reference" / "oncotree.tsv"):
        lists = {key: row[key].replace(",", ";") for key in ("history", "revocations")}
        rows.append(row | lists | {"external": row["umls_nci"].replace(",", ";")})
    comments = (
        "OncoTree 2025_10_03; history = former codes, external = UMLS and NCI Thesaurus codes, lineage = solid or",
        "haematologic by ancestor MYELOID or LYMPH.",
        "Source: cBioPortal/oncotree trees/oncotree_2025_10_03.json, Memorial Sloan Kettering. Licence: CC BY 4.0.",
    )
    write_table(data / "oncotree.tsv", comments, columns_of(reference.OncoTreeNode), rows)


def _chinese(cell: str) -> str:
    """Keep Chinese synonyms that name this very disease; notes in brackets mark lay and machine words."""
    words = [word for word in cell.split(";") if "(lay)" not in word]
    return ";".join(re.sub(r"\(.*?\)", "", word) for word in words)


def _tumor_type(row: Row) -> Row:
    path, group = row["oncotree_path_2025_10_03"], row["program_group"]
    in_tree = row["oncotree_code"] != "-"
    caution = row["caution"]
    if "maps to" in path:
        caution = f"{path}; {caution}"
    return {
        "oncotree": row["oncotree_code"] if in_tree else "",
        "name": row["oncotree_name"],
        "main_type": row["main_type"],
        "path": path.replace(">", ";") if in_tree else "",
        "nci_code": row["nci_code"],
        "program_group": group.removesuffix("?"),
        "uncertain_group": "yes" if group.endswith("?") else "no",
        "caution": caution,
        "english": row["english_free_text"],
        "chinese": _chinese(row["chinese_free_text"]),
    }


def derive_tumor_types(shared: Path, data: Path) -> None:
    """Write the free-text names of tumour types."""
    rows = [_tumor_type(row) for row in read_table(shared / "knowledge" / "tumor_types.tsv")]
    comments = (
        "Free-text names of tumour types; `;` separates. No OncoTree code = germline entity or open term.",
        "Source: OncoTree 2025_10_03 (codes, names, paths); synonyms, Chinese names and codes marked (memory) are our",
        "own and unverified. Licence: OncoTree CC BY 4.0 (Memorial Sloan Kettering); the rest Apache-2.0.",
    )
    write_table(data / "tumor_types.tsv", comments, columns_of(reference.TumorTypeTerm), rows)


def _is_restricted(source: str) -> bool:
    return source.startswith(RESTRICTED_SOURCES)


def _partner(row: Row) -> Row | None:
    """Return our row of one gene pair; None when only a restricted source knows it and no paper is cited."""
    sources = [source for source in row["sources_seen"].split(";") if source and not _is_restricted(source)]
    papers = [pmid for pmid in row["pmids_in_source"].split(";") if pmid]
    if not sources and not papers:
        return None
    from_memory = [f"memory:{pmid}" for pmid in row["pmids_memory_unverified"].split(";") if pmid not in ("", *papers)]
    counted = any(source.startswith("Zingg2022") for source in sources)
    note = row["kinase_note"]
    former = row["partner_hgnc"]
    symbol = PARTNER_RENAMES.get(former, former)
    return {
        "fgfr_gene": row["fgfr_gene"],
        "partner": symbol,
        "aliases": ";".join(filter(None, [row["reported_as"], former if symbol != former else ""])),
        "fgfr_side": SIDES[row["fgfr_side"]],
        "typical_junction": row["typical_junction"],
        "tumour_types": row["tumour_types"],
        # Other counts are COSMIC's.
        "n_cases": row["n_cases(FMI_or_COSMIC)"] if counted else "",
        "tier": row["evidence_tier"],
        "kinase_note": "" if "OncoKB" in note else note,
        "sources": ";".join(sources or ["literature"]),
        "pmids": ";".join([*papers, *from_memory]),
    }


def left_out_partners(shared: Path) -> list[Row]:
    """Return the gene pairs that only COSMIC, OncoKB or Mitelman name, without a paper."""
    return [row for row in read_table(shared / "knowledge" / "partners.tsv") if _partner(row) is None]


def derive_partners(shared: Path, data: Path) -> None:
    """Write the fusion partners."""
    known = [_partner(row) for row in read_table(shared / "knowledge" / "partners.tsv")]
    rows = sorted((row for row in known if row), key=lambda row: (row["fgfr_gene"], row["partner"]))
    comments = (
        "Gene pairs with FGFR1-3; fgfr_side = side of the fusion on which FGFR lies. Tiers: A recurrent, or named",
        "by a label or a study; B one tumour-derived report; C unordered list, cell line, computation; X must not",
        "qualify by name. n_cases = FMI cases in Zingg 2022. A PMID written memory:n is unverified (never looked up).",
        "Source: column sources (see SOURCES.md). Pairs known only from COSMIC, OncoKB or Mitelman are left out.",
        "Licence: gene pairs are facts; this compilation Apache-2.0.",
    )
    write_table(data / "fusion_partners.tsv", comments, columns_of(reference.Partner), rows)


def derive_hotspots(shared: Path, data: Path) -> None:
    """Write the protein changes."""
    comments = (
        "Protein changes, one row each; MANE numbering (FGFR1 NM_023110, FGFR2 NM_000141 IIIc, FGFR3 NM_000142 IIIc).",
        "hgvs_c was checked against the coding sequences; where the source gave none it lists the single-base changes.",
        "class_unverified yes = the function rests on memory. region_rule rows document rules that live in code.",
        "Source: column sources. Licence: facts; this compilation Apache-2.0.",
    )
    write_table(data / "hotspots.tsv", comments, columns_of(reference.Hotspot), hotspot_rows(shared))


def _resistance(row: Row) -> Row:
    residue, retained = row["residue_IIIc_or_NM"], row["drugs_that_may_retain_activity"]
    return {
        "gene": row["gene"],
        "residue": residue[1:],
        "ref_aa": residue[0],
        "alt_aas": row["variants"],
        "alt_isoform": row["residue_IIIb_or_alt"],
        "role": row["role"],
        "reported_after": row["reported_after"],
        "retain_activity": "" if retained == "-" else retained,
        "unverified": "yes" if "memory" in " ".join(row.values()) else "no",
        "sources": literature_sources(row["source"]),
    }


def derive_resistance(shared: Path, data: Path) -> None:
    """Write the resistance residues; off-target bypass genes are outside FGFR1-3 and left out."""
    table = read_table(shared / "knowledge" / "resistance.tsv")
    rows = [_resistance(row) for row in table if row["gene"].startswith("FGFR")]
    comments = (
        "Residues at which resistance to FGFR inhibitors was reported, MANE numbering. unverified yes = at least one",
        "word of the row rests on memory (marked there). Off-target bypass (PIK3CA, PTEN, TSC1, KRAS, NRAS, BRAF; PMID",
        "39226398) is outside FGFR1-3 and not listed.",
        "Source: column sources. Licence: facts; this compilation Apache-2.0.",
    )
    write_table(data / "resistance.tsv", comments, columns_of(reference.ResistanceSite), rows)


def _threshold(row: Row) -> Row:
    marked = f"{row['source']} {row['certainty_or_note']}"
    return {
        "assay": row["assay_or_tool"],
        "quantity": row["quantity"],
        "threshold": row["threshold"],
        "handling": row["purity_ploidy_handling"].removeprefix("-"),
        "unverified": "yes" if re.search("memory|UNKNOWN|inferred", marked) else "no",
        "sources": row["source"],
        "note": "" if row["certainty_or_note"] in ("-", "seen") else row["certainty_or_note"],
    }


def derive_thresholds(shared: Path, data: Path) -> None:
    """Write what assays and tools call an amplification."""
    rows = [_threshold(row) for row in read_table(shared / "knowledge" / "amp_thresholds.tsv")]
    comments = (
        "What assays, tools and studies call an amplification; unverified yes = rests at least partly on memory.",
        "Source: column sources. Licence: facts; this compilation Apache-2.0.",
    )
    write_table(data / "amplification_thresholds.tsv", comments, columns_of(reference.AmplificationThreshold), rows)


DERIVATIONS: tuple[Callable[[Path, Path], None], ...] = (
    derive_gene_models,
    derive_gene_bounds,
    derive_aliases,
    derive_contigs,
    derive_oncotree,
    derive_tumor_types,
    derive_partners,
    derive_hotspots,
    derive_resistance,
    derive_thresholds,
)
