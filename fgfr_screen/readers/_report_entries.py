"""Entries of a laboratory report -> calls, with the account of every entry. Serves the readers of vendors' reports.

A reader walks its document and hands over one entry after the other (`Entries.read`) with a function that makes the
calls; what cannot be used is rejected alone. The makers here settle what all formats share: gene words and HGNC ids, genes
told by transcript or place, the assembly of one entry, places that do not lie where the named gene lies.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import structs

from fgfr_screen import coords, genes, isoforms
from fgfr_screen.errors import AssemblyError, InputError
from fgfr_screen.model import (
    Accounting,
    AssemblyEvidence,
    Breakend,
    Call,
    CopyNumberCall,
    Finding,
    Measure,
    NegativeCall,
    Pos1,
    RearrangementCall,
    Record,
    Rejected,
    ShortVariantCall,
    Source,
)
from fgfr_screen.readers._assembly import NOTHING_DECIDES
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers._report_parts import (
    EntryError,
    contig_of,
    interval_of,
    oriented_by_strand,
    receptors,
    settle,
    touches_fgfr,
)
from fgfr_screen.terms import (
    Assembly,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    FgfrGene,
    FilterStatus,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
    Origin,
    TranscriptSide,
)

MONTHS_PER_YEAR = 12
# A longer text is no gene name, but may hold one.
_WORD_LIMIT_CHARACTERS = 40
_HGNC_IDS = {"3688": FgfrGene.FGFR1, "3689": FgfrGene.FGFR2, "3690": FgfrGene.FGFR3}
_REFUSED = {coords.HG18: "HG18_REFUSED", coords.T2T: "T2T_REFUSED"}
_BASES = re.compile(r"[ACGTN]+")
# `NC_000004.11:g.1803568C>G`, `NC_000004.11:g.1803568_1803570del`; `NC_000004.11:1803567:C:G` with a 0-based start.
_GENOMIC_HGVS = r"(NC_[0-9]{6}\.[0-9]{1,3}):g\.([0-9]{1,10})(?:_([0-9]{1,10}))?(?:([ACGT])>([ACGT])|[a-z=(\[].*)"
_SPDI = r"(NC_[0-9]{6}\.[0-9]{1,3}):([0-9]{1,10}):([ACGTN]*|[0-9]{1,9}):([ACGTN]*)"
_DATE = r"([0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?)"
_TIME_OF_DAY = r"(?<=-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_MORE_COPIES = (DeclaredCopyNumber.AMPLIFICATION, DeclaredCopyNumber.PARTIAL_AMPLIFICATION, DeclaredCopyNumber.GAIN)
# Refusals of what may be about FGFR1-3 although no word of it says so.
_MAY_BE_FGFR = frozenset(("ASSEMBLY_UNKNOWN", "AMBIGUOUS_SYMBOL"))
# Diagnosis codes whose meaning is exactly one tumour type of ours; ICD-10 and ICD-10-GM agree on them.
_ICD10 = {
    "C22.1": "intrahepatic cholangiocarcinoma",
    "C23": "gallbladder cancer",
    "Q77.4": "achondroplasia",
}


class Setting(Record, frozen=True, kw_only=True):
    """What the calls of one report, or of one of its tests, share.

    Attributes:
        lab: Laboratory or program, or None.
        assembly: Assembly stated by the report or the user; None = each entry tells its own if it can.
        is_signed_out: True for a signed-out report, whose words count as declared.
    """

    lab: str | None = None
    assembly: Assembly | None = None
    assay: str | None = None
    specimen: str | None = None
    molecule: Molecule | None = None
    has_matched_normal: bool | None = None
    is_signed_out: bool = False
    purity: float | None = None
    ploidy: float | None = None


class Said(Record, frozen=True, kw_only=True):
    """What a source says about one entry beside its contents.

    Attributes:
        reported: False for a line below the reporting limit, or listed without being a result.
        text: The source's own words for the event; never a patient field.
    """

    status: CallStatus = CallStatus.PRESENT
    origin: Origin = Origin.UNKNOWN
    vaf: float | None = None
    reported: bool = True
    subclonal: bool = False
    filter: FilterStatus = FilterStatus.UNFILTERED
    filter_text: str | None = None
    no_support: bool = False
    text: str | None = None
    codes: tuple[str, ...] = ()


class GeneWord(Record, frozen=True, kw_only=True):
    """A gene as a report names it; `codes` holds GENE_ID_CONFLICT when symbol and id name different genes."""

    word: str
    receptor: FgfrGene | None = None
    codes: tuple[str, ...] = ()


class Side(Record, frozen=True, kw_only=True):
    """One side of a structural entry: gene and where it breaks; fields as in `model.Breakend`."""

    gene: GeneWord | None = None
    contig: str | None = None
    pos: int | None = None
    pos_end: int | None = None
    orientation: Orientation | None = None
    states_no_gene: bool = False
    transcript: str | None = None
    exon: int | None = None
    intron: int | None = None


class Told(NamedTuple):
    """What tells the gene of an entry beside its gene word.

    Attributes:
        assembly: Of the place; None = not known.
        contig, start, end: Place, 1-based closed; None = not given.
        names: Transcripts, proteins, or texts in HGVS form that begin with one; None = not given.
    """

    assembly: Assembly | None
    contig: str | None = None
    start: int | None = None
    end: int | None = None
    names: tuple[str | None, ...] = ()


class GenomicAllele(NamedTuple):
    """A change of the genome as HGVS or SPDI text: its place, 1-based closed, and for plain bases what replaces what.

    Attributes:
        assembly: As the accession of the chromosome proves; None = it proves none that is supported.
        ref, alt: None = no replacement of bases by bases.
    """

    assembly: Assembly | None
    contig: str
    start: int
    end: int
    ref: str | None = None
    alt: str | None = None


class Entries:
    """Collects the entries of one report.

    Attributes:
        calls, rejected: What was read so far.
    """

    def __init__(self, input_id: str, line_of: Callable[[str], int | None] | None = None) -> None:
        """Start empty; `line_of` gives the line of a place, where the document has lines."""
        self.calls: list[Call] = []
        self.rejected: list[Rejected] = []
        self._input_id = input_id
        self._line_of = line_of
        self._outside = 0
        self._used = 0

    @property
    def accounting(self) -> Accounting:
        """The account so far; an entry counts once, however many calls it gave."""
        return Accounting(
            records=self._used + self._outside + len(self.rejected),
            outside_fgfr=self._outside,
            in_events=self._used,
            rejected=len(self.rejected),
        )

    def left_of(self, listed: Node, find_left: Callable[[list[Any]], list[int]]) -> list[Node]:
        """Return the members of a list that have to be understood; the others are counted.

        Args:
            listed: The list; also a single object, or nothing.
            find_left: Finds the members whose reading may give a call or a refusal (`_report_gate`).

        Raises:
            EntryError: The value is neither.
        """
        left, others = listed.items_except(find_left)
        self._outside += others
        return left

    def read(
        self,
        place: str,
        words: Iterable[str | None],
        make: Callable[[Source], Iterable[Call]],
        *,
        line: int | None = None,
        raw_id: str | None = None,
    ) -> None:
        """Take one entry.

        Args:
            place: Path of the entry (`$.results.fusions[0]`).
            words: Every text of the entry that may name a gene: they tell whether a refused entry may be an FGFR event.
            make: Makes the calls; nothing = the entry is about other genes.
            line: 1-based line or row; None = looked up from the place.
            raw_id: The source's identifier of the event (never of a patient).
        """
        source = Source(input=self._input_id, line=line, place=place, raw_id=raw_id)
        try:
            calls = list(make(source))
        except EntryError as error:
            self._reject(source, error, words)
            return
        if not calls:  # as nearly all entries are: nothing more is asked about them
            self._outside += 1
            return
        if line is None and self._line_of is not None and _touch_fgfr(words):
            found = self._line_of(place)
            calls = [with_line(call, found) for call in calls]
        self.calls += calls
        self._used += 1

    def _reject(self, source: Source, error: EntryError, words: Iterable[str | None]) -> None:
        line, place = source.line, source.place or ""
        touches = error.code in _MAY_BE_FGFR or _touch_fgfr(words)
        if line is None and self._line_of is not None and touches:
            line = self._line_of(place)
        message = f"{place}: {error}"
        self.rejected.append(
            Rejected(input=self._input_id, line=line, code=error.code, message=message, touches_fgfr=touches)
        )


def with_line(call: Call, line: int | None) -> Call:
    """Return a call with the 1-based line of its entry, which is looked up only for entries that give a call."""
    return structs.replace(call, source=structs.replace(call.source, line=line))


def _touch_fgfr(words: Iterable[str | None]) -> bool:
    return any(word and may_mean_fgfr(word) for word in words)


def may_mean_fgfr(text: str) -> bool:
    """Tell whether a text may name FGFR1-3; letters of another script make it possible."""
    return _word_may_mean_fgfr(text) if len(text) < _WORD_LIMIT_CHARACTERS else genes.mentions_fgfr(text)


@lru_cache(maxsize=4096)  # the words of a report are mostly the names of the same few hundred genes
def _word_may_mean_fgfr(text: str) -> bool:
    if genes.mentions_fgfr(text):
        return True
    if text.isascii() and text.isdigit():
        return text in _HGNC_IDS or genes.fgfr_gene(text) is not None
    if text.isascii() and text[1:2] == ".":
        return False  # `c.` or `p.`: no alias is written so
    name = genes.resolve(text)
    if name.fgfr is not None or name.doubt is not None or name.problem == "SYMBOL_NOT_ASCII":
        return True
    return "HGNC:" in text and genes.may_touch_fgfr(text)  # two ids in one word


# ------------------------------------------------------------------------------------------------------------- genes


def gene_word(symbol: str | None, hgnc_id: str | None = None) -> GeneWord | None:
    """Understand a gene by symbol and HGNC id; the id decides where the symbol is no name of a known gene.

    Returns:
        The word; None when neither is given. When id and symbol name different genes and one of them is FGFR1-3, the
        symbol's receptor (else the id's) with code GENE_ID_CONFLICT.

    Raises:
        EntryError: The symbol is damaged, or may mean FGFR1-3 and does not tell which.
    """
    by_id = receptor_of_id(hgnc_id)
    if symbol is None or genes.is_blank(symbol):
        return None if by_id is None else GeneWord(word=by_id.value, receptor=by_id)
    receptor = _receptor_named(symbol)
    if hgnc_id is not None and _digits(hgnc_id) and receptor is not by_id:
        if by_id is not None and not genes.resolve(symbol).symbols:
            return GeneWord(word=by_id.value, receptor=by_id)
        return GeneWord(word=(receptor or by_id or symbol), receptor=receptor or by_id, codes=("GENE_ID_CONFLICT",))
    return GeneWord(word=symbol.strip(), receptor=receptor)


@lru_cache(maxsize=4096)
def _receptor_named(symbol: str) -> FgfrGene | None:
    name = genes.resolve(symbol)
    if name.problem is not None:
        raise EntryError(name.problem, name.problem_text or name.problem)
    if name.doubt is not None:
        raise EntryError(*name.doubt)
    return name.fgfr


def receptor_of(symbol: str | None, hgnc_id: str | None = None) -> GeneWord | None:
    """Return the gene of an entry about one gene when it is FGFR1-3, else None.

    Raises:
        EntryError: As `gene_word`; or a chromosome band that holds FGFR1-3 stands for the gene.
    """
    gene = gene_word(symbol, hgnc_id)
    if gene is not None and gene.receptor is not None:
        return gene
    doubt = genes.band_doubt(symbol or "")
    if doubt is not None:
        raise EntryError(*doubt)
    return None


def receptor_of_id(hgnc_id: str | None) -> FgfrGene | None:
    """Return the receptor that an HGNC id means (`HGNC:3689`, `3689`), or None."""
    if hgnc_id is None:
        return None
    return _HGNC_IDS.get(hgnc_id if hgnc_id.isdecimal() else _digits(hgnc_id))


def _digits(hgnc_id: str) -> str:
    return hgnc_id.strip().upper().removeprefix("HGNC:").strip()


# ------------------------------------------------------------------------------------- genes told beside the gene word


def receptor_told(symbol: str | None, hgnc_id: str | None, tell: Callable[[], Told]) -> GeneWord | None:
    """Return the gene of an entry when it is FGFR1-3: by name, else by transcript or place where no known gene is named.

    Args:
        symbol: Gene word; None = not given.
        hgnc_id: HGNC id; None = not given.
        tell: Reads what else tells the gene; asked only where the name does not.

    Raises:
        EntryError: As `receptor_of` and `receptor_beside`.
    """
    named = receptor_of(symbol, hgnc_id)
    if named is not None or names_another(symbol, hgnc_id):
        return named
    return receptor_beside(tell())


def names_another(symbol: str | None, hgnc_id: str | None = None) -> bool:
    """Tell whether a symbol is that of a known gene, or the id that of a gene, which is not FGFR1-3."""
    is_known = symbol is not None and bool(genes.resolve(symbol).symbols)
    is_numbered = hgnc_id is not None and _digits(hgnc_id).isdecimal()
    return (is_known or is_numbered) and receptor_of(symbol, hgnc_id) is None


def receptor_beside(told: Told) -> GeneWord | None:
    """Return the receptor of a transcript or protein, else of a place.

    Raises:
        EntryError: Transcripts of several receptors are named, or only one assembly has a receptor at the place and which one
            counts is not known.
    """
    named = _receptors_of_names(told.names)
    if len(named) > 1:
        raise EntryError("ENTRY_NOT_UNDERSTOOD", f"the entry has transcripts of {' and '.join(sorted(named))}")
    at_place = _receptors_at(told) if told.assembly is None else {_receptor_at(told.assembly, told)}
    if not named and len(at_place) > 1:
        raise EntryError("ASSEMBLY_UNKNOWN", "the place is in FGFR1-3 on one assembly, and the build is not known")
    receptor = next(iter(named or at_place))
    return None if receptor is None else GeneWord(word=receptor.value, receptor=receptor)


def with_receptors_told(words: Iterable[str | None], *tells: Callable[[], Told]) -> Iterator[str | None]:
    """Yield the words of an entry, then the receptors that its transcripts or, on any assembly, its places may mean."""
    yield from words
    for tell in tells:
        with contextlib.suppress(EntryError):
            told = tell()
            yield from (found.value for found in {*_receptors_of_names(told.names), *_receptors_at(told)} if found)


def _receptors_of_names(names: Iterable[str | None]) -> set[FgfrGene]:
    stems = {re.split(r"[:(]", name, maxsplit=1)[0].strip() for name in names if name}
    return {receptor for stem in stems if stem[1:2] != "." for receptor in _receptors_of_stem(stem)}


@lru_cache(maxsize=4096)
def _receptors_of_stem(name: str) -> frozenset[FgfrGene]:
    found = {isoform.gene for isoform in isoforms.resolve_transcript(name)}
    receptor = genes.fgfr_gene(name) if genes.is_identifier(name) and not name.isdigit() else None
    return frozenset(found if receptor is None else {*found, receptor})


def _receptors_at(told: Told) -> set[FgfrGene | None]:
    """Return what the assemblies have at a place: a receptor, or None for another place."""
    return {_receptor_at(one, told) for one in Assembly}


def _receptor_at(assembly: Assembly, told: Told) -> FgfrGene | None:
    ends = [pos for pos in (told.start, told.end) if pos is not None]
    return coords.fgfr_gene_at(assembly, contig_of(told.contig), min(ends), max(ends)) if ends else None


def genomic_allele(text: str | None) -> GenomicAllele | None:
    """Read a change of a chromosome in HGVS (`NC_000004.11:g.1803568C>G`) or SPDI form; None for any other text.

    Raises:
        EntryError: The chromosome is of hg18 or T2T-CHM13.
    """
    word = (text or "").strip()
    hgvs = re.fullmatch(_GENOMIC_HGVS, word)
    spdi = None if hgvs is not None else re.fullmatch(_SPDI, word)
    found = hgvs or spdi
    if found is None:
        return None
    contig = coords.normalise_contig(found[1])
    name = coords.assembly_of_contig_name(found[1])
    if name in _REFUSED:
        raise EntryError(_REFUSED[name], f"the change is described on {name}, which is not read")
    if contig is None:
        return None
    start = int(found[2]) if spdi is None else coords.from_start0(int(found[2]))
    if spdi is None:
        return GenomicAllele(
            coords.contig_assembly(found[1]), contig, start, int(found[3] or start), found[4], found[5]
        )
    bases = int(found[3]) if found[3].isdecimal() else len(found[3])
    is_plain = bool(found[3] and found[4]) and not found[3].isdecimal()
    ref, alt = (found[3], found[4]) if is_plain else (None, None)
    end = start + max(bases - 1, 0)
    return GenomicAllele(coords.contig_assembly(found[1]), contig, start, end, ref, alt)


# -------------------------------------------------------------------------------------------------- numbers and places


def fraction_of_percent(percent: float | None) -> float | None:
    """Return a percentage as fraction 0-1; None stays None.

    Raises:
        EntryError: It is not between 0 and 100.
    """
    if percent is None:
        return None
    if not 0 <= percent <= 100:
        raise EntryError("REPORT_RANGE", f"{percent:g} is no percentage")
    return round(percent / 100, 6)


def fraction(value: float | None) -> float | None:
    """Return a fraction as it is.

    Raises:
        EntryError: It is not between 0 and 1.
    """
    if value is not None and not 0 <= value <= 1:
        raise EntryError("REPORT_RANGE", f"{value:g} is no fraction between 0 and 1")
    return value


def place_of(text: str | None) -> tuple[str | None, int | None, int | None]:
    """Read `chr10:123239371`, `10:123,239,371`, an interval `chr10:1-9`, with or without a trailing strand.

    Returns:
        Contig, first and last position (1-based closed); all None for no text.

    Raises:
        EntryError: It is no place.
    """
    word = (text or "").strip()
    place = interval_of(word[:-2] if word.endswith((":+", ":-")) else word)
    if place is None:
        raise EntryError("BAD_POSITION", f"{word[:60]!r} is no genomic position")
    return place


def stated_assembly(text: str | None, option: Assembly | None, path: str, said_by: str) -> AssemblyEvidence:
    """Tell the assembly that a report states for all its coordinates.

    Args:
        text: The report's word; None = it states none.
        option: The user's word.
        path: File, for messages.
        said_by: What says it (`order.test.referenceGenome`).

    Raises:
        AssemblyError: It is hg18 or T2T-CHM13, or contradicts the user.
    """
    name = None if text is None else coords.assembly_from_name(text)
    if name in _REFUSED:
        reason = f"{said_by} says {name}, which is not read"
        remedy = "ask the laboratory for GRCh37 or GRCh38 coordinates"
        raise AssemblyError(reason, remedy=remedy, path=path, code=_REFUSED[name])
    if name is not None:
        if option is not None and option != name:
            reason = f"the user says {option}; but {said_by} says {name}"
            raise AssemblyError(reason, remedy="leave the option out, or correct the report", path=path)
        return AssemblyEvidence(name=Assembly(name), source="header", evidence=(f"{said_by} says {name}",))
    if option is not None:
        return AssemblyEvidence(name=option, source="option", evidence=(f"the user says {option}",))
    return AssemblyEvidence(name=None, source=NOTHING_DECIDES)


def evidence_from_calls(stated: AssemblyEvidence, calls: Iterable[Call]) -> AssemblyEvidence:
    """Return what is stated; without a statement, the assembly that all placed calls share."""
    if stated.name is not None:
        return stated
    found = {call.assembly for call in calls if call.assembly is not None}
    if len(found) != 1:
        return stated
    name = found.pop()
    fact = f"the FGFR genes lie where {name} has them"
    return AssemblyEvidence(name=name, source="gene_coordinates", evidence=(fact,))


def assembly_of_entry(text: str | None, fallback: Assembly | None) -> Assembly | None:
    """Return the assembly that one entry states, else the report's.

    Raises:
        EntryError: The entry is hg18 or T2T-CHM13.
    """
    name = None if text is None else coords.assembly_from_name(text)
    if name in _REFUSED:
        raise EntryError(_REFUSED[name], f"the entry's coordinates are {name}, which is not read")
    return fallback if name is None else Assembly(name)


def on_stated_assembly(setting: Setting, text: str | None) -> Setting:
    """Return the setting on the assembly that one entry states, else as it is; raises as `assembly_of_entry`."""
    assembly = assembly_of_entry(text, setting.assembly)
    return setting if assembly is setting.assembly else structs.replace(setting, assembly=assembly)


# ------------------------------------------------------------------------------------------------------------- makers


_MAKE_DOUBTFUL = frozenset(("GENE_ID_CONFLICT", "POSITION_OUTSIDE_GENE"))


def _shared(
    setting: Setting, source: Source, said: Said, assembly: Assembly | None = None, codes: tuple[str, ...] = ()
) -> dict[str, object]:
    """Return the fields that every kind of call has; `assembly` None = the call has no usable place."""
    every = tuple(dict.fromkeys((*said.codes, *codes)))
    doubtful = not _MAKE_DOUBTFUL.isdisjoint(every)
    status = CallStatus.INDETERMINATE if doubtful and said.status is CallStatus.PRESENT else said.status
    return {
        "source": source,
        "caller": setting.lab,
        "assembly": assembly,
        "assay": setting.assay,
        "specimen": setting.specimen,
        "molecule": setting.molecule,
        "status": status,
        "filter": said.filter,
        "filter_text": said.filter_text,
        "no_support": said.no_support,
        "origin": said.origin,
        "has_matched_normal": setting.has_matched_normal,
        "vaf": said.vaf,
        "reported_by_lab": setting.is_signed_out and said.reported,
        "subclonal": said.subclonal,
        "text": said.text,
        "finding_codes": every,
    }


def short_variant(
    setting: Setting,
    source: Source,
    gene: GeneWord,
    said: Said,
    *,
    contig: str | None = None,
    pos: int | None = None,
    ref: str | None = None,
    alt: str | None = None,
    hgvs_c: str | None = None,
    hgvs_p: str | None = None,
    transcript: str | None = None,
    depth: int | None = None,
    normal_vaf: float | None = None,
) -> ShortVariantCall:
    """Make a short variant of an FGFR gene; `pos` is 1-based as in VCF, used only with plain bases in `ref` and `alt`.

    Raises:
        EntryError: Neither HGVS text nor a genomic allele in the gene is given.
    """
    is_allele = bool(contig and pos and ref and alt and _BASES.fullmatch(ref) and _BASES.fullmatch(alt))
    place, assembly, codes = _placed(setting, gene, contig, pos if is_allele else None, pos)
    if place.pos is None and not hgvs_c and not hgvs_p:
        if codes:
            raise EntryError("POSITION_OUTSIDE_GENE", f"{contig}:{pos} does not lie in {gene.receptor}")
        raise EntryError("REPORT_INCOMPLETE", "a short variant needs HGVS text, or contig, position, REF and ALT")
    return ShortVariantCall(
        **_shared(setting, source, said, assembly, (*gene.codes, *codes)),  # type: ignore[arg-type]
        gene=gene.receptor.value if gene.receptor is not None else gene.word,
        contig=place.contig if place.pos is not None else None,
        pos=place.pos,
        ref=ref if place.pos is not None else None,
        alt=alt if place.pos is not None else None,
        transcript=transcript,
        hgvs_c=hgvs_c,
        hgvs_p=hgvs_p,
        depth=depth,
        normal_vaf=normal_vaf,
    )


def copy_number(
    setting: Setting,
    source: Source,
    gene: GeneWord,
    said: Said,
    *,
    value: float | None = None,
    unit: CopyNumberUnit = CopyNumberUnit.COPIES,
    purity_corrected: bool | None = None,
    copies_min: float | None = None,
    copies_max: float | None = None,
    contig: str | None = None,
    start: int | None = None,
    end: int | None = None,
    declared: DeclaredCopyNumber | None = None,
) -> CopyNumberCall:
    """Make a copy-number call of an FGFR gene; `start` and `end` are 1-based inclusive."""
    place, assembly, codes = _placed(setting, gene, contig, start, end)
    return CopyNumberCall(
        **_shared(setting, source, said, assembly, (*gene.codes, *codes)),  # type: ignore[arg-type]
        gene=gene.receptor.value if gene.receptor is not None else gene.word,
        contig=place.contig if place.pos is not None else None,
        start=place.pos,
        end=place.pos_end,
        measures=() if value is None else (Measure(value=value, unit=unit, purity_corrected=purity_corrected),),
        copies_min=copies_min,
        copies_max=copies_max,
        purity=setting.purity,
        ploidy=setting.ploidy,
        declared=declared,
    )


def rearrangement(
    setting: Setting,
    source: Source,
    first: Side,
    second: Side | None,
    said: Said,
    *,
    order: GeneOrder = GeneOrder.UNKNOWN,
    declared: DeclaredStructure | None = None,
    frame: Frame | None = None,
    split_reads: int | None = None,
    spanning_pairs: int | None = None,
    junction: JunctionKind | None = None,
) -> RearrangementCall | None:
    """Make a structural call.

    The 5' side is `first` when `order` is ASSERTED; `second` None = partner not given; `junction` None = told by the
    molecule of the setting.

    Returns:
        The call; None when no side is FGFR1-3, by name or place.

    Raises:
        EntryError: No side names a receptor, one lies where an assembly has it, and the assembly is not known.
    """
    given = [_breakend(side) for side in (first, second) if side is not None]
    if not touches_fgfr(given, setting.assembly):
        return None
    check_build(given, setting.assembly)
    ends, assembly, found = settle(given, setting.assembly)
    if setting.molecule is Molecule.RNA and order is GeneOrder.ASSERTED and len(ends) == 2:
        keeps = (TranscriptSide.FIVE_PRIME, TranscriptSide.THREE_PRIME)
        ends = tuple(oriented_by_strand(end, side, assembly) for end, side in zip(ends, keeps, strict=True))
    of_genes = tuple(code for side in (first, second) if side is not None and side.gene for code in side.gene.codes)
    has_place = any(end.pos is not None for end in ends)
    unseen = structs.replace(said, no_support=said.no_support or has_no_reads(split_reads, spanning_pairs))
    fields = _shared(setting, source, unseen, assembly if has_place else None, (*of_genes, *found))
    return RearrangementCall(
        **fields,  # type: ignore[arg-type]
        first=ends[0],
        second=ends[1] if len(ends) > 1 else None,
        order=order,
        junction=junction or _junction(ends, setting.molecule),
        declared=declared,
        declared_frame=frame,
        imprecise=any(end.pos != end.pos_end for end in ends),
        split_reads=split_reads,
        spanning_pairs=spanning_pairs,
    )


def check_build(sides: Iterable[Breakend], assembly: Assembly | None) -> None:
    """Refuse sides of an FGFR entry that only their places tell, where the assembly (None) is not known.

    Raises:
        EntryError: ASSEMBLY_UNKNOWN.
    """
    if assembly is None and not any(map(receptors, sides)):
        message = "a side without gene lies where an assembly has FGFR1-3, and the build is not known"
        raise EntryError("ASSEMBLY_UNKNOWN", message)


def has_no_reads(*counts: int | None) -> bool:
    """Tell whether counts of reads with the change are given and all are 0; None = not given."""
    given = [count for count in counts if count is not None]
    return bool(given) and not any(given)


def negative(setting: Setting, source: Source, gene: FgfrGene, kind: EventKind | None) -> NegativeCall:
    """Make an explicit statement that nothing of a kind was found; `kind` None = of any kind."""
    return NegativeCall(
        source=source,
        caller=setting.lab,
        assay=setting.assay,
        specimen=setting.specimen,
        molecule=setting.molecule,
        status=CallStatus.ABSENT,
        reported_by_lab=setting.is_signed_out,
        gene=gene.value,
        kind=kind,
    )


def not_tested(setting: Setting, source: Source, gene: FgfrGene, kind: EventKind) -> Call:
    """Make a line that says that a kind could not be told in a gene: neither an event nor a negative."""
    said = Said(status=CallStatus.NOT_TESTED)
    fields = _shared(setting, source, said)
    if kind is EventKind.COPY_NUMBER:
        return CopyNumberCall(**fields, gene=gene.value)  # type: ignore[arg-type]
    if kind is EventKind.SHORT_VARIANT:
        return ShortVariantCall(**fields, gene=gene.value)  # type: ignore[arg-type]
    first = Breakend(genes=(gene.value,))
    return RearrangementCall(**fields, first=first, second=None)  # type: ignore[arg-type]


def _placed(
    setting: Setting, gene: GeneWord, contig: str | None, start: int | None, end: int | None
) -> tuple[Breakend, Assembly | None, tuple[str, ...]]:
    """Settle the place of a gene's entry: its place (without positions when useless), assembly, codes."""
    side = _breakend(Side(gene=gene, contig=contig, pos=start, pos_end=end))
    ends, assembly, codes = settle((side,), setting.assembly)
    return ends[0], assembly if ends[0].pos is not None else None, codes


def _breakend(side: Side) -> Breakend:
    end = side.pos if side.pos_end is None else side.pos_end
    if side.pos is not None and (side.pos < 1 or (end is not None and end < side.pos)):
        raise EntryError("REPORT_RANGE", f"{side.pos}-{end} is no interval of positions")
    return Breakend(
        contig=contig_of(side.contig),
        pos=None if side.pos is None else Pos1(side.pos),
        pos_end=None if side.pos is None or end is None else Pos1(end),
        orientation=side.orientation,
        genes=() if side.gene is None else (side.gene.word,),
        states_no_gene=side.states_no_gene,
        transcript=side.transcript,
        exon=side.exon,
        intron=side.intron,
    )


def _junction(ends: Sequence[Breakend], molecule: Molecule | None) -> JunctionKind:
    has_place = any(end.pos is not None or end.exon is not None or end.intron is not None for end in ends)
    if molecule is Molecule.FISH or not has_place:
        return JunctionKind.NAMES_ONLY
    return JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT


# -------------------------------------------------------------------------------------------------- words of reports


def one_or_none(call: Call | None) -> tuple[Call, ...]:
    """Return a call as the list that `Entries.read` takes."""
    return () if call is None else (call,)


def word_of(text: str | None, words: Mapping[str, str]) -> str | None:
    """Return what a closed list makes of a word, compared in lower case with single blanks; None when not in it."""
    return None if text is None else words.get(" ".join(text.lower().replace("_", " ").replace("-", " ").split()))


def tumor_text(text: str | None, icd10: str | None = None) -> str | None:
    """Return the diagnosis: the exact meaning of an ICD-10 code of ours, else the text as given."""
    for code in (icd10 or "").replace(";", ",").split(","):
        known = _ICD10.get(code.strip().upper())
        if known is not None:
            return known
    return text.strip() or None if text is not None else None


def declare_copies(
    said: Said, words: Sequence[str | None], known: Mapping[str, DeclaredCopyNumber]
) -> tuple[Said, DeclaredCopyNumber | None]:
    """Tell what the words of an entry declare.

    Args:
        said: What the source says beside them.
        words: Words of the entry, the most telling first; None = not given.
        known: Words in lower case -> what they declare.

    Returns:
        The first that is declared, None when no word is known. Where one says more copies and another does not, the first
        that says more, and `said` with all words and TEXT_NEEDS_REVIEW.
    """
    found = [known[word.lower()] for word in words if word and word.lower() in known]
    more = [one for one in found if one in _MORE_COPIES]
    if not more or len(more) == len(found):
        return said, next(iter(found), None)
    every = ", ".join(word for word in words if word)
    return structs.replace(said, text=every, codes=(*said.codes, "TEXT_NEEDS_REVIEW")), more[0]


def date_of(text: str | None) -> tuple[str | None, tuple[Finding, ...]]:
    """Return the ISO date of a text (year, month or day; of a date with time the day), and a finding where it is none.

    Any other text may name a person, so it is neither kept nor quoted.
    """
    if text is None or genes.is_blank(text):
        return None, ()
    found = re.fullmatch(f"{_DATE}(?:{_TIME_OF_DAY})?", text.strip())
    if found is not None:
        return found[1], ()
    message = "a date of collection is not written as an ISO date (2026-03-20) and was left out"
    return None, (Finding(code="REPORT_VALUE", message=message),)


def preliminary(*, is_preliminary: bool) -> tuple[Finding, ...]:
    """Return the finding of a report that its laboratory calls preliminary; nothing for a final one."""
    if not is_preliminary:
        return ()
    message = "the laboratory calls the report preliminary: what it holds may still change"
    return (Finding(code="REPORT_PRELIMINARY", message=message),)


def check_not_cancelled(is_cancelled: bool, path: str) -> None:
    """Refuse a report that its laboratory has taken back.

    Raises:
        InputError: REPORT_CANCELLED.
    """
    if is_cancelled:
        reason = "the laboratory has cancelled this report"
        raise InputError(reason, remedy="give the report that replaces it", path=path, code="REPORT_CANCELLED")
