"""Reference tables: `data/compiled.bin` -> typed, frozen records.

`tools/build_data.py` compiles the tables of `data/` into one flat file. Here it is mapped, not read: a look-up touches
only the pages it needs, and nothing is turned into an object before it is asked for. Layout (little-endian):

| part | content |
|---|---|
| bytes 0-7 | magic `FGFRDATA` |
| bytes 8-11, 12-15 | format version, length of the table of contents |
| from 16 | table of contents: msgpack of `Contents` (release, checksum, file length, name -> offset and length) |
| then | sections, each at a multiple of 8: flat uint32 arrays, text blobs, msgpack of small tables |

Gene rows are sorted by contig, start and end; `reach` holds the running maximum of the ends within a contig, so that an
overlap search is one bisection and a short walk to the left. Symbols are sorted byte strings under an array of offsets.
Coordinates are 1-based inclusive throughout. Licences and origins: `data/SOURCES.md`.
"""

import functools
import mmap
import os
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from fgfr_screen.errors import ReferenceDataError
from fgfr_screen.model import Record
from fgfr_screen.terms import Assembly, FgfrGene, HotspotFunction, PartnerSide, PartnerTier

MAGIC = b"FGFRDATA"
FORMAT_VERSION = 2
HEAD_BYTES = 16
ALIGNMENT = 8

_T = TypeVar("_T")
_REMEDY = "install the package again, or rebuild the file with `python -m tools.build_data`"
_STATUS_ORDER = {"Select": 0, "Plus_Clinical": 1}


# ------------------------------------------------------------------------------------------------------------- records


class Transcript(Record, frozen=True, kw_only=True):
    """One transcript on one assembly (MANE Select, MANE Plus Clinical, or the row that stands in for it).

    Attributes:
        gene: Approved symbol as MANE v1.5 spells it, on both assemblies.
        hgnc_id: `HGNC:n`, or None.
        accession: What exon numbers refer to. GRCh38: RefSeq with version. GRCh37: `mane_refseq` with version when the
            row has that transcript's coding sequence (same accession, or a GENCODE v19 model with the same coding
            exons); otherwise the accession used, without a version because the source has none; `GENCODE19:<gene>`
            when no RefSeq row was found and the coding sequence differs.
        mane_refseq, mane_ensembl: MANE v1.5 identifiers with version, whatever structure the row holds.
        mane_status: `Select`, `Plus_Clinical` or `fallback`.
        strand: `+` or `-`.
        tx_start, tx_end: First and last base, 1-based inclusive, ascending.
        cds_start, cds_end: Coding part, ascending, stop codon included; 0 and 0 = none.
        exon_starts, exon_ends: Ascending on the genome whatever the strand.
        frame_reliable: False when the coding length is not a multiple of three or (GRCh37) the coding exons differ from
            MANE: names and strand can be used, phases cannot.
        missing_upstream_exons: 5' exons of the MANE structure that this (GRCh37) row lacks although the coding sequence is
            the same. Its first exon then has number `missing_upstream_exons + 1`, has an acceptor, and a break before it
            may lie in one of the missing introns.
    """

    gene: str
    hgnc_id: str | None
    accession: str
    mane_refseq: str
    mane_ensembl: str
    mane_status: str
    assembly: Assembly
    contig: str
    strand: str
    tx_start: int
    tx_end: int
    cds_start: int
    cds_end: int
    exon_starts: tuple[int, ...]
    exon_ends: tuple[int, ...]
    frame_reliable: bool
    missing_upstream_exons: int


class Gene(Record, frozen=True, kw_only=True):
    """Bounds of one GENCODE gene (v19 on GRCh37, v43 on GRCh38) of any biotype, symbol as written there."""

    symbol: str
    biotype: str
    contig: str
    strand: str
    start: int
    end: int


class Hotspot(Record, frozen=True, kw_only=True):
    """One protein change of `data/hotspots.tsv`, numbered on the MANE transcript.

    Attributes:
        change: One-letter change (`S249C`, `H167_N173del`); for `region_rule` rows a label only.
        residue: First residue; None for rows without one.
        ref_aa, alt_aa: One letter; None where the change is not a substitution.
        alt_isoform: The change as other isoforms number it, as the source wrote it.
        hgvs_c: Coding changes known to cause it (`c.746C>G`), without accession.
        erdafitinib_label, proof302: True when on the list of the erdafitinib label or of the PROOF 302 protocol.
        germline_syndrome: Syndrome of the same germline change, or None.
        adult_life_compatible: True when a carrier may be an adult with a tumour (rules.md 5).
        class_unverified: True when `function` rests on memory only.
    """

    gene: FgfrGene
    change: str
    residue: int | None
    ref_aa: str | None
    alt_aa: str | None
    alt_isoform: str | None
    hgvs_c: tuple[str, ...]
    region: str
    function: HotspotFunction
    erdafitinib_label: bool
    proof302: bool
    germline_syndrome: str | None
    adult_life_compatible: bool
    class_unverified: bool
    tumour_context: tuple[str, ...]
    sources: str


class ResistanceSite(Record, frozen=True, kw_only=True):
    """One residue of `data/resistance.tsv` (MANE numbering). `unverified` True = rests at least partly on memory."""

    gene: FgfrGene
    residue: int
    ref_aa: str
    alt_aas: tuple[str, ...]
    alt_isoform: str
    role: str
    reported_after: str
    retain_activity: str | None
    unverified: bool
    sources: str


class Partner(Record, frozen=True, kw_only=True):
    """One gene pair of `data/fusion_partners.tsv`. `n_cases` = cases in Zingg 2022 (FMI), or None."""

    fgfr_gene: FgfrGene
    partner: str
    aliases: tuple[str, ...]
    fgfr_side: PartnerSide
    typical_junction: str | None
    tumour_types: str | None
    n_cases: int | None
    tier: PartnerTier
    kinase_note: str | None
    sources: tuple[str, ...]
    pmids: tuple[str, ...]


class AmplificationThreshold(Record, frozen=True, kw_only=True):
    """What one assay, tool or study calls an amplification. `unverified` True = rests at least partly on memory."""

    assay: str
    quantity: str
    threshold: str
    handling: str | None
    unverified: bool
    sources: str
    note: str | None


class TumorTypeTerm(Record, frozen=True, kw_only=True):
    """Free-text names of one tumour type.

    Attributes:
        oncotree: OncoTree code, or None for entities outside OncoTree (germline dysplasias) and for open terms.
        path: OncoTree codes from the root, or None.
        program_group: Programme family it belongs to, or None; `uncertain_group` True where only review is right.
        caution: Sentence for the reader, or None.
        english, chinese: Synonyms.
    """

    oncotree: str | None
    name: str
    main_type: str | None
    path: tuple[str, ...]
    nci_code: str | None
    program_group: str | None
    uncertain_group: bool
    caution: str | None
    english: tuple[str, ...]
    chinese: tuple[str, ...]


class OncoTreeNode(Record, frozen=True, kw_only=True):
    """One OncoTree code (release 2025_10_03). `history` = former codes; `lineage` is `solid` or `haematologic`."""

    code: str
    name: str
    parent: str | None
    main_type: str | None
    tissue: str | None
    history: tuple[str, ...]
    revocations: tuple[str, ...]
    external: tuple[str, ...]
    lineage: str


class Contig(Record, frozen=True, kw_only=True):
    """One primary contig of one assembly. `assembly` is GRCh37, GRCh38, T2T-CHM13 or hg18 (the last two: to refuse)."""

    assembly: str
    name: str
    refseq: str | None
    genbank: str | None
    length: int
    refget: str | None


class ImmunoglobulinLocus(Record, frozen=True, kw_only=True):
    """Span of the IG_* genes of one locus (`IGH`, `IGK`, `IGL`), orphons left out; computed from the gene bounds."""

    name: str
    assembly: Assembly
    contig: str
    start: int
    end: int


class Contents(Record, frozen=True, kw_only=True):
    """Table of contents of `compiled.bin`. `sections` maps a name to offset and length in bytes."""

    release: str
    sha256: str
    file_bytes: int
    sections: dict[str, tuple[int, int]]


# ---------------------------------------------------------------------------------------------------------------- file


def data_path(name: str) -> str:
    """Return the path of a packaged data file, for tables that their owner reads directly."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", *name.split("/"))


class CompiledFile:
    """A mapped `compiled.bin`: sections as memory views, without a copy.

    Args:
        path: The file.

    Raises:
        ReferenceDataError: It is missing, of another version, cut or otherwise damaged.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        if sys.byteorder != "little":
            raise self._damaged("holds little-endian tables and this machine is big-endian")
        try:
            with open(path, "rb") as handle:
                self._map = memoryview(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as error:
            raise self._damaged(f"cannot be opened ({error})") from error
        self.contents = self._read_contents()

    def _damaged(self, reason: str) -> ReferenceDataError:
        return ReferenceDataError(f"the reference data file {reason}", path=self.path, remedy=_REMEDY)

    def _read_contents(self) -> Contents:
        """Decode and check the head of the file."""
        view = self._map
        if bytes(view[:8]) != MAGIC or len(view) < HEAD_BYTES:
            raise self._damaged("does not start with its magic bytes")
        version, length = view[8:HEAD_BYTES].cast("I")
        if version != FORMAT_VERSION:
            raise self._damaged(f"has format version {version}, this program reads {FORMAT_VERSION}")
        try:
            contents = msgspec.msgpack.decode(view[HEAD_BYTES : HEAD_BYTES + length], type=Contents)
        except msgspec.DecodeError as error:
            raise self._damaged(f"has no readable table of contents ({error})") from error
        if contents.file_bytes != len(view):
            raise self._damaged(f"holds {len(view)} bytes, {contents.file_bytes} are expected: it was cut or extended")
        for name, (offset, size) in contents.sections.items():
            if offset % ALIGNMENT or offset < HEAD_BYTES or size < 0 or offset + size > len(view):
                raise self._damaged(f"has section {name!r} outside its bounds")
        return contents

    def section(self, name: str) -> memoryview:
        """Return the bytes of a section.

        Raises:
            ReferenceDataError: There is no such section.
        """
        try:
            offset, size = self.contents.sections[name]
        except KeyError:
            raise self._damaged(f"lacks section {name!r}") from None
        return self._map[offset : offset + size]

    def numbers(self, name: str) -> memoryview:
        """Return a section as unsigned 32-bit integers."""
        raw = self.section(name)
        if len(raw) % 4:
            raise self._damaged(f"has a broken number section {name!r}")
        return raw.cast("I")

    def decode(self, name: str, kind: type[_T]) -> _T:
        """Decode a msgpack section into `kind`.

        Raises:
            ReferenceDataError: The section does not fit the type.
        """
        try:
            return msgspec.msgpack.decode(self.section(name), type=kind)
        except msgspec.DecodeError as error:
            raise self._damaged(f"has a broken section {name!r} ({error})") from error


class IntervalTable:
    """Rows of one group of sections (`gene_model.GRCh38`, `gene_bounds.GRCh37`, ...), found by place or by name."""

    def __init__(self, file: CompiledFile, name: str) -> None:
        self.contigs: dict[str, tuple[int, int]] = file.decode(f"{name}.contigs", dict[str, tuple[int, int]])
        self.starts = file.numbers(f"{name}.starts")
        self.ends = file.numbers(f"{name}.ends")
        self._reach = file.numbers(f"{name}.reach")
        self._by_symbol = file.numbers(f"{name}.by_symbol")
        self._text_offsets = file.numbers(f"{name}.text_offsets")
        self._text = file.section(f"{name}.text")

    def __len__(self) -> int:
        return len(self.starts)

    def overlapping(self, contig: str, start: int, end: int) -> Iterator[int]:
        """Yield the rows that share a base with `start..end` (1-based inclusive), from right to left."""
        low, high = self.contigs.get(contig, (0, 0))
        row = bisect_right(self.starts, end, low, high)
        while row > low and self._reach[row - 1] >= start:
            row -= 1
            if self.ends[row] >= start:
                yield row

    def words(self, row: int) -> list[str]:
        """Return the text columns of a row; the first is the symbol."""
        return str(self._text[self._text_offsets[row] : self._text_offsets[row + 1]], "ascii").split("\t")

    def contig_of(self, row: int) -> str:
        """Return the contig of a row."""
        return next(name for name, (low, high) in self.contigs.items() if low <= row < high)

    def named(self, symbol: str) -> Iterator[int]:
        """Yield the rows with exactly this symbol."""
        order = self._by_symbol
        at = bisect_left(order, symbol, key=lambda row: self.words(row)[0])
        while at < len(order) and self.words(order[at])[0] == symbol:
            yield order[at]
            at += 1


class ModelTable(IntervalTable):
    """Gene models: an interval table with coding bounds and exons."""

    def __init__(self, file: CompiledFile, name: str) -> None:
        super().__init__(file, name)
        self.cds_starts = file.numbers(f"{name}.cds_starts")
        self.cds_ends = file.numbers(f"{name}.cds_ends")
        self.exon_offsets = file.numbers(f"{name}.exon_offsets")
        self.exon_starts = file.numbers(f"{name}.exon_starts")
        self.exon_ends = file.numbers(f"{name}.exon_ends")


@functools.cache
def _file() -> CompiledFile:
    return CompiledFile(data_path("compiled.bin"))


@functools.cache
def _models(assembly: Assembly) -> ModelTable:
    return ModelTable(_file(), f"gene_model.{assembly}")


@functools.cache
def _bounds(assembly: Assembly) -> IntervalTable:
    return IntervalTable(_file(), f"gene_bounds.{assembly}")


# ------------------------------------------------------------------------------------------------ genes by place, name


@functools.lru_cache(maxsize=4096)
def _transcript(assembly: Assembly, row: int) -> Transcript:
    """Build the record of one gene-model row."""
    table = _models(assembly)
    gene, hgnc_id, accession, refseq, ensembl, status, strand, reliable, missing = table.words(row)
    exons = slice(table.exon_offsets[row], table.exon_offsets[row + 1])
    return Transcript(
        gene=gene,
        hgnc_id=hgnc_id or None,
        accession=accession,
        mane_refseq=refseq,
        mane_ensembl=ensembl,
        mane_status=status,
        assembly=assembly,
        contig=table.contig_of(row),
        strand=strand,
        tx_start=table.starts[row],
        tx_end=table.ends[row],
        cds_start=table.cds_starts[row],
        cds_end=table.cds_ends[row],
        exon_starts=tuple(table.exon_starts[exons]),
        exon_ends=tuple(table.exon_ends[exons]),
        frame_reliable=reliable == "1",
        missing_upstream_exons=int(missing),
    )


def _gene(assembly: Assembly, row: int) -> Gene:
    """Build the record of one gene-bounds row."""
    table = _bounds(assembly)
    symbol, biotype, strand = table.words(row)
    return Gene(
        symbol=symbol,
        biotype=biotype,
        contig=table.contig_of(row),
        strand=strand,
        start=table.starts[row],
        end=table.ends[row],
    )


@functools.lru_cache(maxsize=4096)
def transcripts_overlapping(assembly: Assembly, contig: str, start: int, end: int) -> tuple[Transcript, ...]:
    """Return the transcripts that share a base with a span.

    Args:
        assembly: Assembly of the coordinates.
        contig: UCSC-style name as `coords.normalise_contig` gives it; any other name finds nothing.
        start: First base, 1-based.
        end: Last base, inclusive.

    Returns:
        Sorted by gene symbol, then accession.
    """
    rows = _models(assembly).overlapping(contig, start, end)
    found = [_transcript(assembly, row) for row in rows]
    return tuple(sorted(found, key=lambda tx: (tx.gene, tx.accession, tx.tx_start)))


@functools.lru_cache(maxsize=4096)
def genes_overlapping(assembly: Assembly, contig: str, start: int, end: int) -> tuple[Gene, ...]:
    """Return the GENCODE genes of any biotype that share a base with a span (1-based inclusive).

    Symbols are those of the GENCODE release (GRCh37: v19 of 2013); `current_symbol` gives today's.

    Returns:
        Sorted by symbol, then start.
    """
    rows = _bounds(assembly).overlapping(contig, start, end)
    found = [_gene(assembly, row) for row in rows]
    return tuple(sorted(found, key=lambda gene: (gene.symbol, gene.start, gene.end, gene.biotype)))


@functools.lru_cache(maxsize=1024)
def transcripts_of(assembly: Assembly, symbol: str) -> tuple[Transcript, ...]:
    """Return the transcripts of a gene, MANE Select first; () for a symbol without a gene model.

    Args:
        assembly: Assembly of the coordinates.
        symbol: Approved symbol, spelled exactly (see `approved_symbol`).
    """
    found = [_transcript(assembly, row) for row in _models(assembly).named(symbol)]
    return tuple(sorted(found, key=lambda tx: (_STATUS_ORDER.get(tx.mane_status, 2), tx.accession, tx.tx_start)))


@functools.lru_cache(maxsize=1024)
def genes_of(assembly: Assembly, symbol: str) -> tuple[Gene, ...]:
    """Return the GENCODE genes written exactly like `symbol` on this assembly, by contig and start; () for none."""
    found = [_gene(assembly, row) for row in _bounds(assembly).named(symbol)]
    return tuple(sorted(found, key=lambda gene: (gene.contig, gene.start, gene.end, gene.biotype)))


def fgfr_transcript(assembly: Assembly, gene: FgfrGene) -> Transcript:
    """Return the MANE Select transcript of FGFR1, FGFR2 (IIIc) or FGFR3 (IIIc).

    Raises:
        ReferenceDataError: The data hold no row for it.
    """
    found = transcripts_of(assembly, str(gene))
    if not found or found[0].mane_status != "Select":
        raise ReferenceDataError(f"no MANE Select transcript of {gene} on {assembly}", remedy=_REMEDY)
    return found[0]


# ------------------------------------------------------------------------------------------------------------- symbols


class _SymbolIndex:
    """Sorted upper-case names; each has the spellings known for it and what they stand for."""

    def __init__(self, file: CompiledFile) -> None:
        self._key_offsets = file.numbers("symbols.key_offsets")
        self._keys = file.section("symbols.keys")
        self._value_offsets = file.numbers("symbols.value_offsets")
        self._values = file.section("symbols.values")

    def _key(self, at: int) -> bytes:
        return bytes(self._keys[self._key_offsets[at] : self._key_offsets[at + 1]])

    def meanings(self, text: str) -> list[list[str]]:
        """Return [spelling, symbol, symbol, ...] for every spelling that equals `text` but for case."""
        key = text.upper().encode("ascii")
        positions = range(len(self._key_offsets) - 1)
        at = bisect_left(positions, key, key=self._key)
        if at == len(positions) or self._key(at) != key:
            return []
        value = str(self._values[self._value_offsets[at] : self._value_offsets[at + 1]], "ascii")
        return [line.split("\t") for line in value.split("\n")]


@functools.cache
def _symbols() -> _SymbolIndex:
    return _SymbolIndex(_file())


@functools.lru_cache(maxsize=4096)
def approved_symbol(text: str) -> tuple[str, ...]:
    """Return the approved symbols that a symbol, an alias or a former symbol stands for.

    An approved symbol wins over an alias that is spelled the same; the exact spelling wins over another case. Nothing
    is trimmed or split: that is the work of `genes`. Approved means MANE v1.5, else HGNC of 2022-04-04, else GENCODE
    v43.

    Returns:
        () unknown; one symbol; several, sorted, when the alias is ambiguous (`CEP1`).
    """
    if not text or not text.isascii():
        return ()
    meanings = _symbols().meanings(text)
    exact = [meaning for meaning in meanings if meaning[0] == text]
    for group in (exact, meanings):
        approved = {meaning[0] for meaning in group if meaning[0] in meaning[1:]}
        if approved:
            return tuple(sorted(approved))
        if group:
            return tuple(sorted({symbol for meaning in group for symbol in meaning[1:]}))
    return ()


def current_symbol(text: str) -> str:
    """Return the one approved symbol that `text` stands for, or `text` itself when there is none or more than one."""
    found = approved_symbol(text)
    return found[0] if len(found) == 1 else text


# -------------------------------------------------------------------------------------------------------- small tables


@functools.cache
def hotspots() -> tuple[Hotspot, ...]:
    """Return `data/hotspots.tsv`, in file order."""
    return _file().decode("table.hotspots", tuple[Hotspot, ...])


@functools.cache
def resistance() -> tuple[ResistanceSite, ...]:
    """Return `data/resistance.tsv`, in file order."""
    return _file().decode("table.resistance", tuple[ResistanceSite, ...])


@functools.cache
def partners() -> tuple[Partner, ...]:
    """Return `data/fusion_partners.tsv`, sorted by FGFR gene and partner."""
    return _file().decode("table.partners", tuple[Partner, ...])


@functools.cache
def _partner_index() -> dict[tuple[str, str], Partner]:
    return {(row.fgfr_gene, row.partner): row for row in partners()}


def partner(gene: FgfrGene, symbol: str) -> Partner | None:
    """Return the row of one gene pair (partner by approved symbol), or None when it is not in the table."""
    return _partner_index().get((gene, symbol))


@functools.cache
def amplification_thresholds() -> tuple[AmplificationThreshold, ...]:
    """Return `data/amplification_thresholds.tsv`, in file order."""
    return _file().decode("table.amplification_thresholds", tuple[AmplificationThreshold, ...])


@functools.cache
def tumor_types() -> tuple[TumorTypeTerm, ...]:
    """Return `data/tumor_types.tsv`, in file order."""
    return _file().decode("table.tumor_types", tuple[TumorTypeTerm, ...])


@functools.cache
def oncotree() -> tuple[OncoTreeNode, ...]:
    """Return `data/oncotree.tsv`, in file order (a parent stands before its children)."""
    return _file().decode("table.oncotree", tuple[OncoTreeNode, ...])


@functools.cache
def contigs() -> tuple[Contig, ...]:
    """Return `data/contigs.tsv`, in file order."""
    return _file().decode("table.contigs", tuple[Contig, ...])


@functools.cache
def immunoglobulin_loci() -> tuple[ImmunoglobulinLocus, ...]:
    """Return the spans of IGH, IGK and IGL on both assemblies."""
    return _file().decode("table.immunoglobulin_loci", tuple[ImmunoglobulinLocus, ...])


def compiled(section: str, kind: type[_T]) -> _T:
    """Decode a section whose layout another module owns.

    Raises:
        ReferenceDataError: There is no such section, or it does not fit the type.
    """
    return _file().decode(section, kind)


def programs_compiled() -> bytes:
    """Return the compiled programme definitions (`data/programs/*.toml`), b"" when there are none."""
    return bytes(_file().section("programs"))


def assays_compiled() -> bytes:
    """Return the compiled assay descriptions (`data/assays/*.toml`), b"" when there are none."""
    return bytes(_file().section("assays"))


def data_release() -> tuple[str, str]:
    """Return the date of the data release and the sha256 over all sections of `compiled.bin` (computed when built)."""
    contents = _file().contents
    return contents.release, contents.sha256
