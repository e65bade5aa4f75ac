"""Tables of `data/` -> `data/compiled.bin` (layout: `fgfr_screen.reference`).

Everything is sorted and carries no time stamp, so that the same tables give the same bytes. Sections that other modules
own (programmes, assays) come from their `compile_directory` hook.
"""

import hashlib
import importlib
import importlib.util
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec

from fgfr_screen import reference
from fgfr_screen.errors import ReferenceDataError
from fgfr_screen.model import Record
from fgfr_screen.terms import Assembly
from tools.compile_isoforms import isoform_sections
from tools.tables import Row, read_comments, read_table, to_records

Sections = dict[str, bytes]

SMALL_TABLES: dict[str, tuple[str, type[Record]]] = {
    "hotspots": ("hotspots.tsv", reference.Hotspot),
    "resistance": ("resistance.tsv", reference.ResistanceSite),
    "partners": ("fusion_partners.tsv", reference.Partner),
    "amplification_thresholds": ("amplification_thresholds.tsv", reference.AmplificationThreshold),
    "tumor_types": ("tumor_types.tsv", reference.TumorTypeTerm),
    "oncotree": ("oncotree.tsv", reference.OncoTreeNode),
    "contigs": ("contigs.tsv", reference.Contig),
}

HOOKS = {"programs": "fgfr_screen.program_files", "assays": "fgfr_screen.evidence.assays"}
"""Section (and folder of `data/`) -> module whose `compile_directory(folder) -> bytes` fills it."""

IMMUNOGLOBULIN_CONTIGS = {"IGH": "chr14", "IGK": "chr2", "IGL": "chr22"}


# ------------------------------------------------------------------------------------------------------ interval tables


def _numbers(values: Iterable[int]) -> bytes:
    return array("I", values).tobytes()


def _offsets(parts: Sequence[Sequence[object] | bytes]) -> bytes:
    return _numbers(accumulate((len(part) for part in parts), initial=0))


def _contig_key(name: str) -> tuple[int, str]:
    """Order contigs 1..22, X, Y, M."""
    label = name.removeprefix("chr")
    return (int(label), "") if label.isdigit() else (99, label)


def _sorted_rows(rows: Iterable[Row], start: str, end: str) -> list[Row]:
    key = ("chrom", start, end, "gene")
    return sorted(rows, key=lambda row: (_contig_key(row[key[0]]), int(row[start]), int(row[end]), tuple(row.values())))


def _interval_sections(name: str, rows: list[Row], start: str, end: str, words: list[list[str]]) -> Sections:
    """Build the sections that `reference.IntervalTable` reads from rows sorted by contig, start, end."""
    spans: dict[str, list[int]] = {}
    reach: list[int] = []
    for number, row in enumerate(rows):
        span = spans.setdefault(row["chrom"], [number, number])
        reach.append(max(int(row[end]), reach[-1] if span[1] > span[0] else 0))
        span[1] = number + 1
    text = ["\t".join(parts).encode("ascii") for parts in words]
    by_symbol = sorted(range(len(rows)), key=lambda number: (words[number][0], number))
    return {
        f"{name}.contigs": msgspec.msgpack.encode(spans),
        f"{name}.starts": _numbers(int(row[start]) for row in rows),
        f"{name}.ends": _numbers(int(row[end]) for row in rows),
        f"{name}.reach": _numbers(reach),
        f"{name}.by_symbol": _numbers(by_symbol),
        f"{name}.text_offsets": _offsets(text),
        f"{name}.text": b"".join(text),
    }


def _integers(cell: str) -> list[int]:
    return [int(part) for part in cell.split(",") if part]


def coding_length(row: Row) -> int:
    """Return the number of coding bases of a gene-model row, stop codon included; 0 for a non-coding one."""
    low, high = int(row["cds_start"]), int(row["cds_end"])
    if not low:
        return 0
    spans = zip(_integers(row["exon_starts"]), _integers(row["exon_ends"]), strict=True)
    return sum(max(0, min(end, high) - max(start, low) + 1) for start, end in spans)


def accession_of(row: Row) -> str:
    """Return `Transcript.accession` of a gene-model row (the rule is in its docstring)."""
    used, mane, source = row["transcript_used"], row["mane_refseq"], row["source"]
    if used == mane or "." in used:
        return used
    if used == "GENCODE19":
        return mane if source.endswith("same_CDS") else f"GENCODE19:{row['gene']}"
    same_accession = used == mane.partition(".")[0]
    return mane if same_accession and source.endswith("same_CDS") else used


def frame_is_reliable(row: Row) -> bool:
    """Say whether phases of this row can be used (reference README: CDS_differs, gencode19_longest, not n x 3)."""
    differs = "CDS_differs" in row["source"] or "gencode19_longest" in row["source"]
    return not differs and coding_length(row) % 3 == 0


def exons_to_start_codon(row: Row) -> int:
    """Return how many exons lie 5' of the coding sequence, the start-codon exon among them; 0 for a non-coding row."""
    low, high = int(row["cds_start"]), int(row["cds_end"])
    if not low:
        return 0
    if row["strand"] == "+":
        return sum(start <= low for start in _integers(row["exon_starts"]))
    return sum(end >= high for end in _integers(row["exon_ends"]))


def missing_upstream_exons(row: Row, mane: dict[str, Row]) -> int:
    """Return how many 5' exons of the MANE structure an older row of the same coding sequence lacks."""
    model = mane.get(row["mane_refseq"])
    if model is None or not frame_is_reliable(row) or not frame_is_reliable(model):
        return 0
    return max(0, exons_to_start_codon(model) - exons_to_start_codon(row))


def model_sections(name: str, rows: Iterable[Row], mane: dict[str, Row]) -> Sections:
    """Build the sections of one gene-model table.

    Args:
        name: Section prefix.
        rows: The table.
        mane: GRCh38 rows by MANE RefSeq accession, whose exon numbers every row takes.
    """
    rows = _sorted_rows(rows, "tx_start", "tx_end")
    same = ("hgnc_id", "mane_refseq", "mane_ensembl", "mane_status", "strand")
    words = [
        [
            row["gene"],
            row[same[0]],
            accession_of(row),
            *(row[key] for key in same[1:]),
            str(int(frame_is_reliable(row))),
            str(missing_upstream_exons(row, mane)),
        ]
        for row in rows
    ]
    starts = [_integers(row["exon_starts"]) for row in rows]
    ends = [_integers(row["exon_ends"]) for row in rows]
    return _interval_sections(name, rows, "tx_start", "tx_end", words) | {
        f"{name}.cds_starts": _numbers(int(row["cds_start"]) for row in rows),
        f"{name}.cds_ends": _numbers(int(row["cds_end"]) for row in rows),
        f"{name}.exon_offsets": _offsets(starts),
        f"{name}.exon_starts": _numbers(position for exons in starts for position in exons),
        f"{name}.exon_ends": _numbers(position for exons in ends for position in exons),
    }


def bounds_sections(name: str, rows: Iterable[Row]) -> Sections:
    """Build the sections of one gene-bounds table."""
    rows = _sorted_rows(rows, "start", "end")
    words = [[row["gene"], row["biotype"], row["strand"]] for row in rows]
    return _interval_sections(name, rows, "start", "end", words)


def immunoglobulin_loci(bounds: dict[Assembly, list[Row]]) -> tuple[reference.ImmunoglobulinLocus, ...]:
    """Compute the spans of the immunoglobulin loci: all IG_* genes of the locus on its contig, orphons left out."""
    loci = []
    for assembly, rows in bounds.items():
        for locus, contig in IMMUNOGLOBULIN_CONTIGS.items():
            members = [
                (int(row["start"]), int(row["end"]))
                for row in rows
                if row["chrom"] == contig
                and row["biotype"].startswith("IG_")
                and row["gene"].startswith(locus)
                and "OR" not in row["gene"]
            ]
            loci.append(
                reference.ImmunoglobulinLocus(
                    name=locus,
                    assembly=assembly,
                    contig=contig,
                    start=min(start for start, _ in members),
                    end=max(end for _, end in members),
                )
            )
    return tuple(loci)


# -------------------------------------------------------------------------------------------------------------- symbols


class Nomenclature:
    """Which symbols are approved, and what every other name stands for.

    MANE v1.5 symbols are the newest and always approved. HGNC (2022-04-04) and GENCODE v43 symbols are approved unless
    the alias table says that the same RefSeq transcript has another MANE symbol now (`RefSeq2015-17` rows), or, for
    GENCODE symbols, that HGNC lists them as an alias only.
    """

    def __init__(self, mane: set[str], gencode: set[str], alias_rows: Iterable[Row]) -> None:
        aliases: dict[str, set[str]] = defaultdict(set)
        renamed: dict[str, set[str]] = defaultdict(set)
        for row in alias_rows:
            targets = row["approved"].split(" /// ")
            aliases[row["alias"]].update(targets)
            if row["chromosome"].startswith("RefSeq") and row["alias"] not in mane:
                renamed[row["alias"]].update(target for target in targets if target in mane)
        hgnc = {target for targets in aliases.values() for target in targets}
        self._renamed = {old: new for old, new in renamed.items() if new}
        self.approved = mane | ((hgnc | (gencode - aliases.keys())) - self._renamed.keys())
        self.aliases = {alias: self._today(targets) for alias, targets in aliases.items()}

    def _today(self, symbols: set[str]) -> set[str]:
        """Replace symbols that were renamed after 2022."""
        return {new for symbol in symbols for new in self._renamed.get(symbol, {symbol})}

    def meanings(self) -> dict[str, set[str]]:
        """Return name -> symbols; an approved symbol stands for itself and nothing else."""
        return self.aliases | {symbol: {symbol} for symbol in self.approved}


def symbol_sections(meanings: dict[str, set[str]]) -> Sections:
    """Build the sorted symbol index: upper-case key -> lines of `spelling TAB symbol TAB symbol`."""
    folded: dict[bytes, list[str]] = defaultdict(list)
    for name in sorted(meanings):
        folded[name.upper().encode("ascii")].append("\t".join([name, *sorted(meanings[name])]))
    keys = sorted(folded)
    values = ["\n".join(folded[key]).encode("ascii") for key in keys]
    return {
        "symbols.key_offsets": _offsets(keys),
        "symbols.keys": b"".join(keys),
        "symbols.value_offsets": _offsets(values),
        "symbols.values": b"".join(values),
    }


# --------------------------------------------------------------------------------------------------------- whole file


def table_sections(data: Path) -> Sections:
    """Compile every table of `data/` that this package owns."""
    models = {assembly: list(read_table(data / f"gene_model.{assembly}.tsv.gz")) for assembly in Assembly}
    bounds = {assembly: list(read_table(data / f"gene_bounds.{assembly}.tsv.gz")) for assembly in Assembly}
    sections: Sections = {}
    mane_rows = {row["mane_refseq"]: row for row in models[Assembly.GRCH38]}
    for assembly in Assembly:
        sections |= model_sections(f"gene_model.{assembly}", models[assembly], mane_rows)
        sections |= bounds_sections(f"gene_bounds.{assembly}", bounds[assembly])
    mane = {row["gene"] for rows in models.values() for row in rows}
    # Ensembl ids stand in the symbol column of unnamed genes; they are not symbols.
    gencode = {row["gene"] for row in bounds[Assembly.GRCH38] if not row["gene"].startswith("ENSG")}
    names = Nomenclature(mane, gencode, read_table(data / "hgnc_aliases.tsv.gz"))
    sections |= symbol_sections(names.meanings()) | isoform_sections(data)
    for section, (file, kind) in SMALL_TABLES.items():
        sections[f"table.{section}"] = msgspec.msgpack.encode(to_records(kind, read_table(data / file)))
    sections["table.immunoglobulin_loci"] = msgspec.msgpack.encode(immunoglobulin_loci(bounds))
    return sections


def hook_sections(data: Path) -> Sections:
    """Ask the owners of `HOOKS` for their sections; b"" where the module or its hook does not exist."""
    sections: Sections = {}
    for section, module in HOOKS.items():
        known = importlib.util.find_spec(module) is not None
        hook = getattr(importlib.import_module(module), "compile_directory", None) if known else None
        sections[section] = hook(data / section) if hook else b""
    return sections


def release_of(data: Path) -> str:
    """Return the release date, the one line of `data/RELEASE` that is not a comment."""
    lines = (data / "RELEASE").read_text("utf-8").splitlines()
    return next(line.strip() for line in lines if line and not line.startswith("#"))


def checksum(sections: Sections) -> str:
    """Return the sha256 over names, lengths and bytes of all sections, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(sections):
        digest.update(f"{name}\t{len(sections[name])}\n".encode())
        digest.update(sections[name])
    return digest.hexdigest()


def _padded(size: int) -> int:
    return -(-size // reference.ALIGNMENT) * reference.ALIGNMENT


def assemble(release: str, sections: Sections) -> bytes:
    """Lay the sections out as one file."""
    # The table of contents holds offsets that depend on its own length: reserve what it can need at most.
    reserved = _padded(reference.HEAD_BYTES + 256 + sum(len(name) + 16 for name in sections))
    places: dict[str, tuple[int, int]] = {}
    end = reserved
    for name in sorted(sections):
        places[name] = (end, len(sections[name]))
        end = _padded(end + len(sections[name]))
    contents = reference.Contents(release=release, sha256=checksum(sections), file_bytes=end, sections=places)
    table = msgspec.msgpack.encode(contents)
    head = reference.MAGIC + _numbers([reference.FORMAT_VERSION, len(table)]) + table
    body = b"".join(sections[name].ljust(_padded(len(sections[name])), b"\0") for name in sorted(sections))
    return head.ljust(reserved, b"\0") + body


def sections_of(path: Path, names: Iterable[str]) -> Sections:
    """Return sections of an existing compiled file; b"" for each when there is no usable file."""
    try:
        file = reference.CompiledFile(str(path))
        return {name: bytes(file.section(name)) for name in names}
    except ReferenceDataError:
        return dict.fromkeys(names, b"")


def comment_faults(data: Path) -> list[str]:
    """Return the tables (but for those of the FGFR transcripts) whose first lines name no source or no licence."""
    files = [file for file in sorted([*data.glob("*.tsv"), *data.glob("*.tsv.gz")]) if not file.name.startswith("fgfr")]
    heads = {file.name: " ".join(read_comments(file)).lower() for file in files}
    return [name for name, head in heads.items() if "source" not in head or "licence" not in head]
