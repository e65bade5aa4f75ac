"""Positions, contig names and assemblies: the only place where one is added to or taken from a coordinate.

Every position inside the package is a `Pos1` (1-based, one base). Formats differ: VCF, GTF and MAF are 1-based; BED and
BEDPE give a 0-based start and an end that is 1-based when read as inclusive.

Contigs are called as UCSC does (`chr10`, `chrX`, `chrM`). Alternate, fix, decoy and unplaced sequences have no such
name: callers keep what the file says. Assemblies we recognise only to refuse them are `hg18` and `T2T-CHM13`.

Between the assemblies FGFR positions move by a fixed shift, so no chain file is needed: each LRG maps to both builds
without a gap (EBI LRG_993, LRG_994, LRG_1021), and exon bounds of the genes on both sides (GENCODE v19/v43, MANE) show
the same shift over the wider spans given in `_LOCI`.
"""

import functools

from fgfr_screen import reference
from fgfr_screen.model import Pos1, Record
from fgfr_screen.terms import Assembly, FgfrGene

LOCUS_MARGIN_BP = 5000
"""Bases on each side of an FGFR gene that still belong to its window (rules.md 1.3)."""

HG18 = "hg18"
T2T = "T2T-CHM13"


class _Locus(Record, frozen=True, kw_only=True):
    """Where an FGFR gene lies: spans in GRCh37, 1-based inclusive; GRCh38 = GRCh37 + `shift`.

    `start`, `end`: the gene with all RefSeq transcripts (LRG span without flanks; MANE begins FGFR3 19 bases before).
    `shift_start`, `shift_end`: where the shift holds.
    """

    contig: str
    start: int
    end: int
    shift: int
    shift_start: int
    shift_end: int


_LOCI = {
    # The shift holds from LETM2 to TACC1, from RP11-159H3.1 to RPS15AP5, and from TACC3 to LETM1.
    FgfrGene.FGFR1: _Locus(
        contig="chr8", start=38268656, end=38326352, shift=142482, shift_start=38243994, shift_end=38644722
    ),
    FgfrGene.FGFR2: _Locus(
        contig="chr10", start=123237844, end=123357972, shift=-1759514, shift_start=122892604, shift_end=123473508
    ),
    FgfrGene.FGFR3: _Locus(
        contig="chr4", start=1795020, end=1810599, shift=-1727, shift_start=1723266, shift_end=1857974
    ),
}


# ----------------------------------------------------------------------------------------------------------- arithmetic


def after(pos: int) -> Pos1:
    """Return the base to the right of `pos` on the forward strand."""
    return Pos1(pos + 1)


def before(pos: int) -> Pos1:
    """Return the base to the left of `pos` on the forward strand; 0 is the virtual telomere of VCF."""
    return Pos1(pos - 1)


def from_start0(start0: int) -> Pos1:
    """Return the 1-based position of a 0-based start (BED, BEDPE)."""
    return Pos1(start0 + 1)


def to_start0(pos: int) -> int:
    """Return the 0-based start of a 1-based position (BED, pysam)."""
    return pos - 1


def span_length(start: int, end: int) -> int:
    """Return the number of bases from `start` to `end`, both included; 0 when `end` is the base before `start`."""
    return end - start + 1


# -------------------------------------------------------------------------------------------------------- contig names


def _plain_names() -> dict[str, str]:
    """Return the lower-case spellings without an accession: `10`, `chr10`, `chromosome10`."""
    labels = [*(str(number) for number in range(1, 23)), "X", "Y", "M"]
    spoken = [(label.lower(), f"chr{label}") for label in labels] + [("mt", "chrM")]
    return {
        prefix + label: name for label, name in spoken for prefix in ("", "chr", "chr_", "chromosome", "chromosome ")
    }


_PLAIN = _plain_names()
_HUMAN = ("grch37", "grch38", "hg19", "hg38", "b37", "b38", "homo_sapiens", "human", "hsa", "hs")
"""What a name may begin with (references of several species); other species and assemblies are other sequences."""
_SEQUENCE_FILES = (".fa", ".fasta", ".fna", ".fa.gz")
_MARKS = "_-.:|"
_NUMERIC_SEX = {"23": "chrX", "24": "chrY", "chr23": "chrX", "chr24": "chrY"}


@functools.cache
def _accessions() -> dict[str, tuple[str, str | None]]:
    """Return accession or refget digest -> contig and the assembly that it proves (None when in several)."""
    known: dict[str, tuple[str, str | None]] = {"NC_001807.4": ("chrM", None)}
    for row in reference.contigs():
        for accession in (row.refseq, row.genbank, row.refget):
            if accession:
                # The mitochondrial record is the same in GRCh37 and GRCh38.
                assembly = None if accession in known else row.assembly
                known[accession] = (row.name, assembly)
    return known


@functools.cache
def _accession_stems() -> dict[str, str]:
    """Return accession without its version -> contig; NCBI keeps the stem of a chromosome in every assembly."""
    return {accession.partition(".")[0]: name for accession, (name, _) in _accessions().items() if "." in accession[4:]}


def _split_accession(name: str) -> tuple[str, str]:
    """Return stem and version of an accession; a version is one to three plain digits."""
    stem, _, version = name.partition(".")
    return stem, version if len(version) <= 3 and version.isascii() and version.isdigit() else ""


def _without_decoration(lowered: str) -> str:
    """Return a lower-case name without the end of a file name, and without the species or assembly before it.

    >>> _without_decoration("grch38_chr10.fa"), _without_decoration("hs10"), _without_decoration("hg1910")
    ('chr10', '10', 'hg1910')
    """
    ending = next((one for one in _SEQUENCE_FILES if lowered.endswith(one)), "")
    bare = lowered.removesuffix(ending)
    start = next((one for one in _HUMAN if bare.startswith(one)), "")
    rest = bare.removeprefix(start)
    # A digit behind the word could belong to it; that behind `hs` is the chromosome's.
    is_apart = rest.startswith(("chr", *_MARKS)) or start in ("hs", "hsa")
    return rest.lstrip(_MARKS) if start and is_apart else bare


@functools.lru_cache(maxsize=4096)
def normalise_contig(name: str, numeric_sex: bool = False) -> str | None:
    """Return the UCSC name of a primary contig, whatever its spelling.

    Args:
        name: `chr10`, `10`, `Chr10`, `NC_000010.11` (any version, or none), `CM000672.2`, `MT`, a refget digest,
            `hs10`, `GRCh38_chr10`, `chr10.fa`; blanks around it are ignored.
        numeric_sex: Read 23 and 24 as X and Y (PLINK, some array files).

    Returns:
        `chr1` to `chr22`, `chrX`, `chrY`, `chrM`; None for anything else (alternate, fix, decoy, unplaced).

    >>> normalise_contig("NC_000010.11"), normalise_contig("mt "), normalise_contig("chr10_KI270825v1_alt")
    ('chr10', 'chrM', None)
    """
    text = name.strip()
    if not text.isascii():
        return None
    lowered = text.lower()
    if numeric_sex and lowered in _NUMERIC_SEX:
        return _NUMERIC_SEX[lowered]
    plain = _PLAIN.get(lowered) or _PLAIN.get(_without_decoration(lowered))
    if plain or len(text) < 8:
        return plain
    if text in _accessions():
        return _accessions()[text][0]
    stem, version = _split_accession(text.upper())
    return _accession_stems().get(stem) if version or "." not in text else None


def assembly_of_contig_name(name: str) -> str | None:
    """Return the assembly that an accession proves: `GRCh37`, `GRCh38`, `hg18`, `T2T-CHM13`, or None.

    RefSeq raised the version of every chromosome once between hg18 and GRCh37, so one version less than GRCh37 is hg18.
    """
    text = name.strip()
    known = _accessions()
    found = known.get(text) or known.get(text.upper())
    if found:
        return found[1]
    stem, version = _split_accession(text.upper())
    if not stem.startswith("NC_0000") or not version:
        return None
    newer = known.get(f"{stem}.{int(version) + 1}")
    return HG18 if newer and newer[1] == Assembly.GRCH37 else None


def contig_assembly(name: str) -> Assembly | None:
    """Return the supported assembly that an accession spelling proves (`NC_000010.10` -> GRCh37), or None.

    None also for hg18 and T2T-CHM13 accessions: `assembly_of_contig_name` names those.
    """
    found = assembly_of_contig_name(name)
    return Assembly(found) if found in (Assembly.GRCH37, Assembly.GRCH38) else None


# ---------------------------------------------------------------------------------------------------------- assemblies

_ASSEMBLY_WORDS = {
    Assembly.GRCH37: r"hg[-_ ]?19|grch[-_ ]?37|g?b37|hs37(?:d5)?|human_g1k_v37|g1k_v37|(?:ncbi|build)[-_ ]?37"
    r"|(?:homo_sapiens_)?assembly19|gca_000001405\.(?:1[0-4]|[1-9])|gcf_000001405\.(?:1[3-9]|2[0-5])",
    Assembly.GRCH38: r"hg[-_ ]?38|grch[-_ ]?38|b38|hs38(?:dh|d1)?|(?:ncbi|build)[-_ ]?38|(?:homo_sapiens_)?assembly38"
    r"|gca_000001405\.(?:1[5-9]|2\d)|gcf_000001405\.(?:2[6-9]|[34]\d)",
    HG18: r"hg[-_ ]?18|b36|(?:ncbi|build|grch)[-_ ]?36|(?:homo_sapiens_)?assembly18|gcf_000001405\.12",
    T2T: r"t2t|chm13|hs1|gc[fa]_009914755",
}
_WHOLE_WORDS = {
    **dict.fromkeys(("37", "19", "grch37", "hg19", "b37", "hs37d5"), Assembly.GRCH37),
    **dict.fromkeys(("38", "grch38", "hg38"), Assembly.GRCH38),
    **dict.fromkeys(("36", "18", "hg18"), HG18),
}
"""Bare numbers, which mean an assembly only alone, and the usual names, which need no pattern."""


def _assemblies_in(text: str) -> set[str]:
    """Return every assembly that a lower-case text names."""
    import re

    # A digit after the word makes it another word (GRCh370); letters may follow (GRCh38DH, hg38.fa).
    return {
        str(name)
        for name, words in _ASSEMBLY_WORDS.items()
        if re.search(rf"(?<![a-z0-9])(?:{words})(?!\d)", text, flags=re.ASCII)
    }


@functools.lru_cache(maxsize=256)
def assembly_from_name(text: str) -> str | None:
    """Return the assembly that a free text names.

    Args:
        text: `hg19`, `GRCh38.p14`, `b37`, `hs37d5`, `GRCh37/hg19`, a bare `37`, or the path of a reference file. In a
            path the last part that names an assembly decides.

    Returns:
        `GRCh37` or `GRCh38` (equal to the members of `Assembly`), `hg18` or `T2T-CHM13` (to be refused by name), None
        when nothing or more than one assembly is named.

    >>> assembly_from_name("/ref/hg19/GRCh38_full_analysis_set.fa"), assembly_from_name("hg19 lifted to hg38")
    ('GRCh38', None)
    """
    lowered = text.strip().lower()
    if lowered in _WHOLE_WORDS:
        return str(_WHOLE_WORDS[lowered])
    found = _assemblies_in(lowered)
    path = lowered.replace("\\", "/").split("/")
    # `GRCh37/hg19` is a pair of names; two slashes make a path, whose folders may bear the name of another assembly.
    if len(found) > 1 and len(path) > 2:
        named = (_assemblies_in(part) for part in reversed(path))
        found = next(names for names in named if names)
    return found.pop() if len(found) == 1 else None


@functools.cache
def _lengths() -> dict[tuple[str, str], int]:
    return {(row.assembly, row.name): row.length for row in reference.contigs()}


def contig_length(assembly: str, contig: str) -> int | None:
    """Return the length in bases of a contig (`chr10`) of GRCh37, GRCh38, hg18 or T2T-CHM13; None when not known."""
    return _lengths().get((str(assembly), contig))


def assembly_of_length(contig: str, length: int) -> str | None:
    """Return the assembly whose contig has this length; None when none, or (mitochondrion) several have.

    Args:
        contig: UCSC name.
        length: Bases.

    Returns:
        `GRCh37`, `GRCh38`, `hg18`, `T2T-CHM13` or None.
    """
    return _assemblies_by_length().get((contig, length))


@functools.cache
def _assemblies_by_length() -> dict[tuple[str, int], str | None]:
    """Return contig and length -> the only assembly that has it, or None where several have."""
    found: dict[tuple[str, int], str | None] = {}
    for (assembly, name), bases in _lengths().items():
        found[name, bases] = None if (name, bases) in found else assembly
    return found


@functools.lru_cache(maxsize=512)  # contig names come from files
def shortest_length(contig: str) -> int | None:
    """Return the length of a contig (`chr10`) in the supported assembly where it is shortest; None when not known."""
    lengths = [length for one in Assembly if (length := contig_length(one, contig)) is not None]
    return min(lengths, default=None)


# ---------------------------------------------------------------------------------------------------------- FGFR genes


def _shift(gene: FgfrGene, assembly: Assembly) -> int:
    """Return what is added to a GRCh37 position to get one on `assembly`."""
    return _LOCI[gene].shift if assembly == Assembly.GRCH38 else 0


def can_shift(gene: FgfrGene, pos: int, assembly: Assembly) -> bool:
    """Say whether `to_grch38` and `from_grch38` are exact here; `pos` is on `assembly` and on the gene's contig."""
    locus = _LOCI[gene]
    return locus.shift_start <= pos - _shift(gene, assembly) <= locus.shift_end


def _checked(gene: FgfrGene, pos: int, assembly: Assembly) -> int:
    if not can_shift(gene, pos, assembly):
        raise ValueError(f"{assembly} position {pos} lies outside the span around {gene} in which the shift is known")
    return pos


def to_grch38(gene: FgfrGene, pos: int, assembly: Assembly) -> Pos1:
    """Return the GRCh38 position of a position in or near an FGFR gene.

    Args:
        gene: The gene; the position is on its contig.
        pos: 1-based position on `assembly`.
        assembly: GRCh37, or GRCh38 (nothing changes).

    Raises:
        ValueError: The position lies where the fixed shift is not known (`can_shift`), 24 kb or more from the gene.
    """
    return Pos1(_checked(gene, pos, assembly) - _shift(gene, assembly) + _LOCI[gene].shift)


def from_grch38(gene: FgfrGene, pos: int, assembly: Assembly) -> Pos1:
    """Return the position on `assembly` of a GRCh38 position in or near an FGFR gene; the inverse of `to_grch38`.

    Raises:
        ValueError: As `to_grch38`.
    """
    return Pos1(_checked(gene, pos, Assembly.GRCH38) - _LOCI[gene].shift + _shift(gene, assembly))


@functools.cache
def fgfr_window(gene: FgfrGene, assembly: Assembly) -> tuple[str, Pos1, Pos1]:
    """Return contig, first and last base of an FGFR gene with `LOCUS_MARGIN_BP` on each side (1-based inclusive).

    The gene spans all its RefSeq transcripts, so the window is the same place on both assemblies.
    """
    locus, shift = _LOCI[gene], _shift(gene, assembly)
    return locus.contig, Pos1(locus.start - LOCUS_MARGIN_BP + shift), Pos1(locus.end + LOCUS_MARGIN_BP + shift)


def fgfr_gene_at(assembly: Assembly, contig: str | None, start: int, end: int) -> FgfrGene | None:
    """Return the FGFR gene whose window shares a base with `start..end` (1-based inclusive), or None.

    The three genes lie on three chromosomes, so a span meets one window at most.
    """
    for gene in FgfrGene:
        name, first, last = fgfr_window(gene, assembly)
        if name == contig and start <= last and end >= first:
            return gene
    return None


def spans_fgfr_gene(assembly: Assembly, contig: str | None, start: int, end: int) -> bool:
    """Tell whether `start..end` (1-based inclusive) holds an FGFR gene from its first to its last base."""
    windows = (fgfr_window(gene, assembly) for gene in FgfrGene)
    return any(
        name == contig and start <= first + LOCUS_MARGIN_BP and end >= last - LOCUS_MARGIN_BP
        for name, first, last in windows
    )


def immunoglobulin_locus_at(assembly: Assembly, contig: str | None, start: int, end: int) -> str | None:
    """Return `IGH`, `IGK` or `IGL` when the span (1-based inclusive) shares a base with that locus, or None.

    A locus reaches from the first to the last of its IG_* genes in GENCODE, orphons left out.
    """
    for locus in reference.immunoglobulin_loci():
        if locus.assembly == assembly and locus.contig == contig and start <= locus.end and end >= locus.start:
            return locus.name
    return None
