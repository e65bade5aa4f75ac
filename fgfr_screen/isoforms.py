"""FGFR1-3 isoforms: which transcripts exist, their exons and coding sequences, and coordinates on them.

Everything inside is GRCh38, forward strand, 1-based inclusive; `coords` shifts to and from GRCh37, which is exact for
these three genes. Coordinates on a transcript follow HGVS `c.` (varnomen, "numbering"): no position 0, `-` before the
start codon, `*` after the stop codon, an offset for introns. What is known of a gene is compiled from the `fgfr_*` tables of
`data/` (`tools/compile_isoforms.py`), decoded on first use and kept.

Some known isoforms have exons but no sequence here (`cds` is None); positions can be told on them, changes cannot.
"""

from bisect import bisect_right
from functools import cache
from operator import attrgetter, itemgetter

from fgfr_screen import coords, reference
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
        splice_sites: Every intron end, in the order of transcription.
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
    splice_sites: tuple[SpliceSite, ...]

    @property
    def name(self) -> str:
        """The accession with its version where it is known."""
        return self.version or self.accession


class Codon(Record, frozen=True, kw_only=True):
    """One codon: amino acid (`X` = not known), genomic bases in reading order, residue number by accession."""

    aa: str
    positions: tuple[Pos1, Pos1, Pos1]
    residues: dict[str, int]


class ReferenceDifference(Record, frozen=True, kw_only=True):
    """A coding site where an older reference has another base than the genome. `base` is on the forward strand."""

    pos: Pos1
    base: str
    note: str


class CodingBlock(Record, frozen=True, kw_only=True):
    """A run of genomic positions that are coding on some isoform with a sequence. `bases` are on the forward strand."""

    start: Pos1
    bases: str


class GeneIsoforms(Record, frozen=True, kw_only=True):
    """What is compiled of one gene.

    Attributes:
        isoforms: MANE Select, then those that laboratories number on, then the rest.
        coding: All coding bases, ascending.
        near_coding: Spans, ascending and apart, of the coding bases and of the two outer bases of each coding intron of
            the isoforms that have a sequence, one base more on each side (an insertion lies between two).
        differences: Where an older reference has another base.
    """

    isoforms: tuple[Isoform, ...]
    coding: tuple[CodingBlock, ...]
    near_coding: tuple[tuple[Pos1, Pos1], ...]
    differences: tuple[ReferenceDifference, ...]


# ---------------------------------------------------------------------------------------------------------- reading


@cache
def _isoforms_of(gene: FgfrGene) -> GeneIsoforms:
    return reference.compiled(f"isoforms.{gene}", GeneIsoforms)


@cache
def codon_table() -> dict[str, str]:
    """Return the residue (one letter, `*` = stop) by codon, standard genetic code; a test holds it against Biopython."""
    return reference.compiled("codon_table", dict[str, str])


# --------------------------------------------------------------------------------------------------------- look-ups


def isoforms(gene: FgfrGene) -> tuple[Isoform, ...]:
    """Return every known isoform of a gene: MANE Select, then those that laboratories number on, then the rest."""
    return _isoforms_of(gene).isoforms


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
    blocks = _isoforms_of(gene).coding
    at = bisect_right(blocks, pos, key=attrgetter("start")) - 1
    if at < 0 or pos - blocks[at].start >= len(blocks[at].bases):
        return None
    return blocks[at].bases[pos - blocks[at].start]


def is_near_coding(gene: FgfrGene, start: int, end: int) -> bool:
    """Tell whether a GRCh38 span comes within a base of coding bases or outermost intron bases of any isoform.

    Args:
        gene: The receptor.
        start: First position, 1-based.
        end: Last position, 1-based inclusive; one less than `start` for the gap before `start`.
    """
    spans = _isoforms_of(gene).near_coding
    at = bisect_right(spans, max(start, end), key=itemgetter(0)) - 1
    return at >= 0 and spans[at][1] >= min(start, end)


def reverse_complement(bases: str) -> str:
    """Return the other strand, read 5' to 3'."""
    return bases.translate(_COMPLEMENT)[::-1]


def reference_differences(gene: FgfrGene) -> tuple[ReferenceDifference, ...]:
    """Return coding sites of GRCh38 where an older transcript of the gene has another base."""
    return _isoforms_of(gene).differences


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


# ----------------------------------------------------------------------------------------------------------- codons


@cache
def _codons(gene: FgfrGene) -> tuple[Codon, ...]:
    return reference.compiled(f"codons.{gene}", tuple[Codon, ...])


@cache
def _codons_on(gene: FgfrGene, accession: str) -> dict[int, Codon]:
    return {codon.residues[accession]: codon for codon in _codons(gene) if accession in codon.residues}


def codon(gene: FgfrGene, accession: str, residue: int) -> Codon | None:
    """Return the codon of a residue (1-based) on an isoform, or None when the isoform has no such residue."""
    return _codons_on(gene, accession).get(residue)
