"""FGFR1-3 isoforms: which transcripts exist, their exons and coding sequences, and coordinates on them.

Everything inside is GRCh38, forward strand, 1-based inclusive; `coords` shifts to and from GRCh37, which is exact for
these three genes. Coordinates on a transcript follow HGVS `c.` (varnomen, "numbering"): no position 0, `-` before the
start codon, `*` after the stop codon, an offset for introns. Tables are read on first use and kept.

Some known isoforms have exons but no sequence here (`cds` is None); positions can be told on them, changes cannot.
"""

from collections.abc import Iterator
from functools import cache

from fgfr_screen import coords, reference
from fgfr_screen.errors import ReferenceDataError
from fgfr_screen.model import Pos1, Record
from fgfr_screen.terms import Assembly, FgfrGene

_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")

# Order of preference when a place lies on several isoforms. These are also the transcripts that laboratories number on
# (rules.md 4); a residue number without transcript is tried on them before any rarer isoform.
REPORTED_ISOFORMS: dict[FgfrGene, tuple[str, ...]] = {
    FgfrGene.FGFR1: ("NM_023110", "NM_001174067", "NM_015850", "NM_001174063"),
    FgfrGene.FGFR2: ("NM_000141", "NM_022970"),
    FgfrGene.FGFR3: ("NM_000142", "NM_001163213"),
}
# Ensembl transcripts whose protein changed between releases: from this version on they are the MANE Select isoform;
# other or missing versions can also be the second one (knowledge: SERVE; ClinVar).
_CHANGED_ENSEMBL = {
    "ENST00000440486": (8, "NM_000142", "NM_001163213"),
    "ENST00000358487": (10, "NM_000141", "NM_022970"),
}


class Exon(Record, frozen=True, kw_only=True):
    """One exon on GRCh38.

    Attributes:
        number: Exon number along the transcript, from 1.
        start, end: Genomic bounds, ascending.
        n_start, n_end: First and last base counted from the start of the transcript, from 1.
        c_start, c_end: Coding part in HGVS `c.` numbers; None = no coding base.
        coding_start, coding_end: Coding part on the genome, ascending; None = no coding base.
    """

    number: int
    start: Pos1
    end: Pos1
    n_start: int
    n_end: int
    c_start: int | None
    c_end: int | None
    coding_start: Pos1 | None
    coding_end: Pos1 | None


class Isoform(Record, frozen=True, kw_only=True):
    """One transcript of FGFR1, FGFR2 or FGFR3.

    Attributes:
        accession: RefSeq accession without version.
        version: The same with its version; None = version not known.
        protein: RefSeq protein with version, or None.
        ensembl: Ensembl transcripts of this isoform, with version where known.
        is_mane: True for MANE Select.
        aa_length: Residues, stop codon not counted.
        cds: Coding sequence with stop codon, or None when it is not shipped.
        residues: Protein sequence without stop, or None.
        strand: `+` or `-`.
        exons: In the order of transcription.
        c1_n: Transcript position of the first base of the start codon, from 1.
        cds_length: Coding bases with stop codon.
    """

    gene: FgfrGene
    accession: str
    version: str | None
    protein: str | None
    ensembl: tuple[str, ...]
    uniprot: str | None
    ccds: str | None
    note: str
    is_mane: bool
    aa_length: int
    cds: str | None
    residues: str | None
    contig: str
    strand: str
    exons: tuple[Exon, ...]
    c1_n: int
    cds_length: int

    @property
    def name(self) -> str:
        """The accession with its version where it is known."""
        return self.version or self.accession


class Coordinate(Record, frozen=True, kw_only=True):
    """An HGVS `c.` position.

    Attributes:
        base: Number of the exonic base: negative before the start codon, counted after the stop when `after_stop`.
        offset: Distance into the intron from that base (`+1`, `-2`), 0 = exonic.
        after_stop: True for `*` positions.
    """

    base: int
    offset: int = 0
    after_stop: bool = False

    def __str__(self) -> str:
        """Write as in HGVS, without `c.`: `2302-2`, `-102`, `*35`."""
        return ("*" if self.after_stop else "") + str(self.base) + (f"{self.offset:+d}" if self.offset else "")


class Codon(Record, frozen=True, kw_only=True):
    """One codon: amino acid (`X` = not known), genomic bases in reading order, residue number by accession."""

    aa: str
    positions: tuple[Pos1, Pos1, Pos1]
    residues: dict[str, int]


class SpliceSite(Record, frozen=True, kw_only=True):
    """The intron end at one exon edge.

    Attributes:
        is_donor: True at the 3' edge of an exon, False (acceptor) at the 5' edge.
        edge: `c.` position of the exon's edge.
        essential_start, essential_end: The two intron bases next to the exon, genomic, ascending.
        region_start, region_end: Intron bases 3 to 8, genomic, ascending.
        splits_coding: True when coding bases lie on both sides of the intron.
    """

    is_donor: bool
    edge: Coordinate
    essential_start: Pos1
    essential_end: Pos1
    region_start: Pos1
    region_end: Pos1
    splits_coding: bool


class ReferenceDifference(Record, frozen=True, kw_only=True):
    """A coding site where an older reference has another base than the genome. `base` is on the forward strand."""

    gene: FgfrGene
    pos: Pos1
    base: str
    note: str


# ---------------------------------------------------------------------------------------------------------- reading


def _lines(name: str) -> Iterator[str]:
    try:
        with open(reference.data_path(name), encoding="utf-8") as handle:
            yield from (line.rstrip("\n") for line in handle if not line.startswith("#"))
    except OSError as error:
        raise ReferenceDataError(f"cannot read {name}: {error.strerror}", path=name) from error


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = _lines(name)
    header = next(lines).split("\t")
    for line in lines:
        yield dict(zip(header, line.split("\t"), strict=False))


@cache
def _sequences(name: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(name):
        if line.startswith(">"):
            current = found.setdefault(line[1:].split()[0], [])
        else:
            current.append(line)
    return {accession: "".join(parts) for accession, parts in found.items()}


def _number(text: str) -> int | None:
    return int(text) if text else None


@cache
def codon_table() -> dict[str, str]:
    """Return the residue (one letter, `*` = stop) by codon, standard genetic code; a test holds it against Biopython."""
    return {row["codon"]: row["residue"] for row in _rows("fgfr_codons.tsv")}


@cache
def _exon_rows() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in _rows("fgfr_exons.tsv"):
        if row["build"] == Assembly.GRCH38.value:
            found.setdefault(row["transcript"], []).append(row)
    return found


def _exons(accession: str) -> tuple[Exon, ...]:
    exons = []
    used = 0
    for row in _exon_rows()[accession]:
        length = int(row["length"])
        coding_start, coding_end = _number(row["cds_start"]), _number(row["cds_end"])
        exons.append(
            Exon(
                number=int(row["exon_number"]),
                start=Pos1(int(row["start"])),
                end=Pos1(int(row["end"])),
                n_start=coords.from_start0(used),
                n_end=used + length,
                c_start=_number(row["c_start"]),
                c_end=_number(row["c_end"]),
                coding_start=None if coding_start is None else Pos1(coding_start),
                coding_end=None if coding_end is None else Pos1(coding_end),
            )
        )
        used += length
    return tuple(exons)


def _first_coding_n(exons: tuple[Exon, ...], strand: str) -> int:
    exon = next(exon for exon in exons if exon.c_start == 1)
    assert exon.coding_start is not None and exon.coding_end is not None
    return exon.n_start + (exon.coding_start - exon.start if strand == "+" else exon.end - exon.coding_end)


def _isoform(row: dict[str, str]) -> Isoform:
    accession = row["transcript"]
    exons = _exons(accession)
    return Isoform(
        gene=FgfrGene(row["gene"]),
        accession=accession,
        version=row["current_version"] or None,
        protein=row["protein"] or None,
        ensembl=tuple(sorted(_ensembl_names(row["ensembl"]))),
        uniprot=row["uniprot_isoform"] or None,
        ccds=row["ccds"] or None,
        note=row["note"],
        is_mane=row["note"].startswith("MANE Select"),
        aa_length=int(row["aa_len"]),
        cds=_sequences("fgfr_cds.fa").get(accession),
        residues=_sequences("fgfr_protein.fa").get(accession),
        contig=row["chrom"],
        strand=row["strand"],
        exons=exons,
        c1_n=_first_coding_n(exons, row["strand"]),
        cds_length=int(row["cds_len_with_stop"]),
    )


def _ensembl_names(text: str) -> Iterator[str]:
    cleaned = text.replace("(", " ").replace(")", " ").replace(",", " ")
    return (word for word in cleaned.split() if word.startswith("ENST"))


@cache
def _all_isoforms() -> dict[FgfrGene, tuple[Isoform, ...]]:
    found: dict[FgfrGene, list[Isoform]] = {gene: [] for gene in FgfrGene}
    for row in _rows("fgfr_transcripts.tsv"):
        if row["build"] == Assembly.GRCH38.value:
            found[FgfrGene(row["gene"])].append(_isoform(row))
    return {gene: tuple(sorted(members, key=_preference)) for gene, members in found.items()}


def _preference(isoform: Isoform) -> tuple[int, bool, str]:
    order = REPORTED_ISOFORMS[isoform.gene]
    rank = order.index(isoform.accession) if isoform.accession in order else len(order)
    return rank, isoform.cds is None, isoform.accession


# --------------------------------------------------------------------------------------------------------- look-ups


def isoforms(gene: FgfrGene) -> tuple[Isoform, ...]:
    """Return every known isoform of a gene: MANE Select, then those that laboratories number on, then the rest."""
    return _all_isoforms()[gene]


def mane(gene: FgfrGene) -> Isoform:
    """Return the MANE Select isoform (IIIc in all three genes)."""
    return isoforms(gene)[0]


def reported_isoforms(gene: FgfrGene) -> tuple[Isoform, ...]:
    """Return the isoforms that laboratories number on, MANE Select first."""
    return isoforms(gene)[: len(REPORTED_ISOFORMS[gene])]


def resolve_transcript(text: str, gene: FgfrGene | None = None) -> tuple[Isoform, ...]:
    """Return the isoforms that a transcript or protein name can mean, best first; () = not a known FGFR1-3 transcript.

    Understood: `NM_`, `NP_`, `ENST`, `CCDS` with or without version, UniProt isoforms (`P22607-2`), and with `gene`
    also `IIIb`, `IIIc` and a protein length (`853-aa`). Ensembl names whose protein changed between releases are
    ambiguous unless their version settles it.
    """
    name = text.strip()
    stem, _, version = name.partition(".")
    everything = [isoform for one in FgfrGene for isoform in isoforms(one)]
    if stem in _CHANGED_ENSEMBL:
        since, first, second = _CHANGED_ENSEMBL[stem]
        settled = version.isdigit() and int(version) >= since
        return tuple(one for one in everything if one.accession == first or (not settled and one.accession == second))
    named = tuple(one for one in everything if stem in _names(one) or name in _names(one))
    if named or gene is None:
        return named
    return tuple(one for one in isoforms(gene) if _is_described_by(one, name))


def mane_exon(gene: FgfrGene, transcript: str, exon: int) -> int | None:
    """Return the number that an exon of another transcript has on MANE Select.

    Args:
        gene: The receptor.
        transcript: Any name that `resolve_transcript` understands.
        exon: Exon number on that transcript.

    Returns:
        The number of the MANE exon that shares bases with it; None when the transcript is not known, its name is ambiguous
        in this, or MANE Select has no such exon.
    """
    numbers: set[int | None] = set()
    for isoform in resolve_transcript(transcript, gene):
        own = next((one for one in isoform.exons if one.number == exon), None)
        on_mane = (one.number for one in mane(gene).exons if own and one.start <= own.end and own.start <= one.end)
        numbers.add(next(on_mane, None))
    return numbers.pop() if len(numbers) == 1 else None


def _names(isoform: Isoform) -> set[str]:
    versioned = [isoform.accession, isoform.protein or "", isoform.ccds or "", *isoform.ensembl]
    names = {name.partition(".")[0] for name in versioned if name}
    if isoform.uniprot:
        names.add(isoform.uniprot)
        if isoform.is_mane:
            names.add(isoform.uniprot.partition("-")[0])
    return names


def _is_described_by(isoform: Isoform, words: str) -> bool:
    lowered = words.lower()
    digits = "".join(letter for letter in lowered if letter.isdigit())
    if "aa" in lowered and digits:
        return isoform.aa_length == int(digits)
    form = next((form for form in ("iiib", "iiic") if form in lowered), None)
    return form is not None and form in isoform.note.lower()


def coding_base(assembly: Assembly, contig: str, pos: int) -> str | None:
    """Return the forward-strand base at a position, or None outside the shipped coding exons of FGFR1-3.

    Args:
        assembly: Assembly of the position.
        contig: UCSC-style name (`chr4`).
        pos: 1-based position on `assembly`.
    """
    for gene in FgfrGene:
        if mane(gene).contig == contig and coords.can_shift(gene, pos, assembly):
            return base_at(gene, coords.to_grch38(gene, pos, assembly))
    return None


def base_at(gene: FgfrGene, pos: int) -> str | None:
    """Return the forward-strand base at a GRCh38 position of the gene, or None outside its shipped coding exons."""
    return _coding_bases(gene).get(pos)


@cache
def _coding_bases(gene: FgfrGene) -> dict[int, str]:
    bases: dict[int, str] = {}
    for isoform in isoforms(gene):
        for exon in isoform.exons:
            if isoform.cds is None or exon.c_start is None or exon.c_end is None or exon.coding_start is None:
                continue
            piece = isoform.cds[coords.to_start0(exon.c_start) : exon.c_end]
            forward = piece if isoform.strand == "+" else reverse_complement(piece)
            bases.update(enumerate(forward, start=exon.coding_start))
    return bases


def reverse_complement(bases: str) -> str:
    """Return the other strand, read 5' to 3'."""
    return bases.translate(_COMPLEMENT)[::-1]


@cache
def reference_differences() -> tuple[ReferenceDifference, ...]:
    """Return coding sites of GRCh38 where an older transcript has another base."""
    found = []
    for row in _rows("fgfr_reference_differences.tsv"):
        base, (_, _, pos) = row["lrg_base"], row["genome_pos"].partition(":")
        if row["build"] == Assembly.GRCH38.value and pos.isdigit() and base in "ACGT":
            gene = FgfrGene(row["gene"])
            forward = base if mane(gene).strand == "+" else reverse_complement(base)
            note = row["note"]
            found.append(ReferenceDifference(gene=gene, pos=Pos1(int(pos)), base=forward, note=note))
    return tuple(found)


# ------------------------------------------------------------------------------------------------------ coordinates


def exon_at(isoform: Isoform, pos: int) -> Exon | None:
    """Return the exon that holds a GRCh38 position, or None."""
    return next((exon for exon in isoform.exons if exon.start <= pos <= exon.end), None)


def coding_block(isoform: Isoform, pos: int) -> tuple[Pos1, Pos1] | None:
    """Return the genomic bounds (ascending) of the coding part of the exon that holds `pos`; None = not coding."""
    exon = exon_at(isoform, pos)
    if exon is None or exon.coding_start is None or exon.coding_end is None:
        return None
    return (exon.coding_start, exon.coding_end) if exon.coding_start <= pos <= exon.coding_end else None


def _first(isoform: Isoform, exon: Exon) -> Pos1:
    return exon.start if isoform.strand == "+" else exon.end


def _last(isoform: Isoform, exon: Exon) -> Pos1:
    return exon.end if isoform.strand == "+" else exon.start


def _from_n(isoform: Isoform, n: int, offset: int = 0) -> Coordinate:
    past_start = n - isoform.c1_n
    if past_start < 0:
        return Coordinate(base=past_start, offset=offset)
    if past_start < isoform.cds_length:
        return Coordinate(base=coords.from_start0(past_start), offset=offset)
    return Coordinate(base=coords.from_start0(past_start - isoform.cds_length), offset=offset, after_stop=True)


def _to_n(isoform: Isoform, coordinate: Coordinate) -> int:
    if coordinate.after_stop:
        return isoform.c1_n + isoform.cds_length + coords.to_start0(coordinate.base)
    return isoform.c1_n + (coords.to_start0(coordinate.base) if coordinate.base > 0 else coordinate.base)


def coordinate_at(isoform: Isoform, pos: int) -> Coordinate | None:
    """Return the `c.` position of a GRCh38 position; None = outside the transcript.

    An intron base is told from the nearer exon, from the upstream one in the middle (HGVS numbering).
    """
    exon = exon_at(isoform, pos)
    if exon is not None:
        return _from_n(isoform, exon.n_start + abs(pos - _first(isoform, exon)))
    for upstream, downstream in zip(isoform.exons, isoform.exons[1:], strict=False):
        left, right = _last(isoform, upstream), _first(isoform, downstream)
        if min(left, right) < pos < max(left, right):
            from_left, from_right = abs(pos - left), abs(pos - right)
            if from_left <= from_right:
                return _from_n(isoform, upstream.n_end, from_left)
            return _from_n(isoform, downstream.n_start, -from_right)
    return None


def position_of(isoform: Isoform, coordinate: Coordinate) -> Pos1 | None:
    """Return the GRCh38 position of a `c.` position; None = there is no such base on this isoform.

    An offset is accepted only at an exon edge, on the side of the intron, and only inside that intron.
    """
    n = _to_n(isoform, coordinate)
    exon = next((exon for exon in isoform.exons if exon.n_start <= n <= exon.n_end), None)
    if exon is None:
        return None
    step = n - exon.n_start if isoform.strand == "+" else exon.n_start - n
    pos = Pos1(_first(isoform, exon) + step)
    if coordinate.offset == 0:
        return pos
    if n != (exon.n_end if coordinate.offset > 0 else exon.n_start):
        return None
    moved = Pos1(pos + (coordinate.offset if isoform.strand == "+" else -coordinate.offset))
    inside = isoform.exons[0].n_start < n < isoform.exons[-1].n_end and exon_at(isoform, moved) is None
    return moved if inside else None


def cds_offset(isoform: Isoform, pos: int) -> int | None:
    """Return the 0-based offset of a GRCh38 position into the coding sequence; None = not coding on this isoform."""
    if coding_block(isoform, pos) is None:
        return None
    coordinate = coordinate_at(isoform, pos)
    return None if coordinate is None else coords.to_start0(coordinate.base)


@cache
def splice_sites(accession: str, gene: FgfrGene) -> tuple[SpliceSite, ...]:
    """Return every intron end of an isoform, in the order of transcription."""
    isoform = next(one for one in isoforms(gene) if one.accession == accession)
    found = []
    for upstream, downstream in zip(isoform.exons, isoform.exons[1:], strict=False):
        coding = upstream.c_end is not None and downstream.c_start is not None
        found.append(_splice_site(isoform, _last(isoform, upstream), is_donor=True, splits_coding=coding))
        found.append(_splice_site(isoform, _first(isoform, downstream), is_donor=False, splits_coding=coding))
    return tuple(found)


def _splice_site(isoform: Isoform, edge: Pos1, *, is_donor: bool, splits_coding: bool) -> SpliceSite:
    direction = 1 if is_donor == (isoform.strand == "+") else -1
    essential = sorted(edge + direction * distance for distance in (1, 2))
    region = sorted(edge + direction * distance for distance in (3, 8))
    coordinate = coordinate_at(isoform, edge)
    assert coordinate is not None
    return SpliceSite(
        is_donor=is_donor,
        edge=coordinate,
        essential_start=Pos1(essential[0]),
        essential_end=Pos1(essential[1]),
        region_start=Pos1(region[0]),
        region_end=Pos1(region[1]),
        splits_coding=splits_coding,
    )


# ----------------------------------------------------------------------------------------------------------- codons


@cache
def _codons(gene: FgfrGene) -> dict[tuple[str, int], Codon]:
    found: dict[tuple[str, int], Codon] = {}
    lines = _lines(f"{gene.value.lower()}_residue_map.tsv")
    accessions = next(lines).split("\t")[2:]
    for line in lines:
        aa, bases, *numbers = line.split("\t")
        first, second, third = (Pos1(int(base)) for base in bases.split(","))
        residues = {name: int(number) for name, number in zip(accessions, numbers, strict=False) if number}
        codon = Codon(aa=aa, positions=(first, second, third), residues=residues)
        found.update(((accession, residue), codon) for accession, residue in residues.items())
    return found


def codon(gene: FgfrGene, accession: str, residue: int) -> Codon | None:
    """Return the codon of a residue (1-based) on an isoform, or None when the isoform has no such residue."""
    return _codons(gene).get((accession, residue))
