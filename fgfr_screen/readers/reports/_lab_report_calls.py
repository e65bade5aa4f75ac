"""Parts of a typed laboratory report -> model calls. Words of the laboratory are kept as declared, never judged."""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from fgfr_screen import coords, genes, lab_report
from fgfr_screen.model import (
    Breakend,
    Call,
    CopyNumberCall,
    ExpressionCall,
    Measure,
    NegativeCall,
    NormalJunctionCall,
    Pos1,
    RearrangementCall,
    Record,
    ShortVariantCall,
    Source,
)
from fgfr_screen.readers._report_entries import (
    GeneWord,
    Told,
    gene_word,
    may_mean_fgfr,
    receptor_of,
    receptor_told,
    with_receptors_told,
)
from fgfr_screen.readers._report_parts import EntryError, receptors, touches_fgfr
from fgfr_screen.terms import (
    Assembly,
    CallStatus,
    EventKind,
    FgfrGene,
    Frame,
    GeneOrder,
    JunctionKind,
    KinaseDomain,
    Molecule,
    Orientation,
    Origin,
    Region,
)

_ORIGINS = {
    "somatic": Origin.SOMATIC,
    "likely_somatic": Origin.SOMATIC,
    "germline": Origin.GERMLINE,
    "likely_germline": Origin.GERMLINE,
    "unknown": Origin.UNKNOWN,
}
_FRAMES = {
    "yes": Frame.IN_FRAME,
    "no": Frame.OUT_OF_FRAME,
    "unknown": Frame.UNKNOWN,
    "not_applicable": Frame.NOT_CODING,
}
_KINASE = {"yes": KinaseDomain.RETAINED, "no": KinaseDomain.LOST, "unknown": KinaseDomain.UNKNOWN}
_SIDES = {"lower": Orientation.LEFT, "higher": Orientation.RIGHT, "unknown": None}
_REGIONS = {
    "exonic": Region.EXONIC,
    "intronic": Region.INTRONIC,
    "5utr": Region.UTR5,
    "3utr": Region.UTR3,
    "promoter": Region.UPSTREAM,
    "intergenic": Region.INTERGENIC,
    "unknown": None,
}
_KINDS = {
    "short_variant": EventKind.SHORT_VARIANT,
    "copy_number": EventKind.COPY_NUMBER,
    "rearrangement": EventKind.REARRANGEMENT,
    "any": None,
}
_MOLECULES = {"DNA": Molecule.DNA, "RNA": Molecule.RNA, "DNA+RNA": Molecule.RNA, "FISH": Molecule.FISH}

_Value = TypeVar("_Value")

_Event = lab_report.ReportShortVariant | lab_report.ReportCopyNumber | lab_report.ReportRearrangement
_Statement = lab_report.ReportIhc | lab_report.ReportNegative | lab_report.ReportNormalJunction
_OfOneGene = lab_report.ReportShortVariant | lab_report.ReportCopyNumber | _Statement
AnyEntry = _Event | _Statement


class Setting(Record, frozen=True, kw_only=True):
    """What all calls of one report share.

    Attributes:
        assembly: Assembly that the report or the user states; None = not known, each call tells its own if it can.
        molecules: What each assay of the report tests, in order; None = not stated.
        is_signed_out: False for a preliminary report.
    """

    lab: str | None
    assembly: Assembly | None
    molecules: tuple[Molecule | None, ...]
    has_matched_normal: tuple[bool | None, ...]
    is_signed_out: bool
    is_germline: bool
    purity: float | None
    ploidy: float | None


def entries(report: lab_report.LabReport) -> Iterator[tuple[str, AnyEntry]]:
    """Yield every entry of a report with its path."""
    for name in ("short_variants", "copy_numbers", "rearrangements", "ihc", "negatives", "normal_junctions"):
        for index, entry in enumerate(getattr(report, name)):
            yield f"$.{name}[{index}]", entry


def call_of(entry: AnyEntry, source: Source, setting: Setting) -> Call | None:
    """Turn one entry into a call.

    Returns:
        The call; None when the entry is about other genes than FGFR1-3.

    Raises:
        EntryError: The entry cannot be used.
    """
    if entry.assay_index is not None and entry.assay_index >= len(setting.molecules):
        raise EntryError("REPORT_ASSAY_INDEX", f"assay_index {entry.assay_index} is beyond the list of assays")
    if isinstance(entry, lab_report.ReportRearrangement):
        return _rearrangement(entry, source, setting)
    named = _receptor_of_entry(entry, setting)
    if named is None or named.receptor is None:
        _check_words(entry)
        return None
    if isinstance(entry, lab_report.ReportShortVariant):
        return _short_variant(entry, named, named.receptor, source, setting)
    if isinstance(entry, lab_report.ReportCopyNumber):
        return _copy_number(entry, named, named.receptor, source, setting)
    if named.codes:
        raise EntryError(named.codes[0], "symbol and HGNC id name different genes")
    return _statement(entry, named.receptor, source, setting)


def _receptor_of_entry(entry: _OfOneGene, setting: Setting) -> GeneWord | None:
    """Return the receptor of an entry about one gene: by name, else by transcript or place where no known gene is named."""
    if isinstance(entry, lab_report.ReportShortVariant | lab_report.ReportCopyNumber):
        return receptor_told(entry.gene.symbol, entry.gene.hgnc_id, lambda: _told(entry, setting.assembly))
    return receptor_of(entry.gene.symbol, entry.gene.hgnc_id)


def _told(entry: lab_report.ReportShortVariant | lab_report.ReportCopyNumber, assembly: Assembly | None) -> Told:
    if isinstance(entry, lab_report.ReportCopyNumber):
        return Told(assembly, entry.chromosome, entry.start, entry.end)
    names = (entry.transcript, entry.hgvs_c, entry.hgvs_p)
    return Told(assembly, entry.chromosome, entry.position, entry.position, names)


def _statement(
    entry: _Statement,
    gene: FgfrGene,
    source: Source,
    setting: Setting,
) -> Call:
    """Turn an entry that is no event into a call."""
    shared: dict[str, Any] = {
        "source": source,
        "caller": setting.lab,
        "assay": _assay(entry.assay_index, setting),
        "specimen": "sp1",
        "reported_by_lab": setting.is_signed_out,
        "gene": gene.value,
    }
    if isinstance(entry, lab_report.ReportIhc):
        percent = "" if entry.percent is None else f"{entry.percent:g} %"
        text = ", ".join(part for part in (entry.result, percent) if part) or None
        return ExpressionCall(**shared, molecule=Molecule.PROTEIN, text=text, stain=entry.stain)
    if isinstance(entry, lab_report.ReportNormalJunction):
        return NormalJunctionCall(**shared, molecule=Molecule.RNA, upstream_exon=entry.upstream_exon, reads=entry.reads)
    return NegativeCall(**shared, status=CallStatus.ABSENT, kind=_KINDS[entry.event_class])


# ------------------------------------------------------------------------------------------------------------- genes


def _gene_of(side: lab_report.ReportBreakend) -> GeneWord | None:
    """Return the gene that a side names, else the receptor on whose transcript its exon or intron is counted.

    Raises:
        EntryError: The symbol is damaged, or may mean FGFR1-3 and does not tell which.
    """
    if isinstance(side.gene, lab_report.GeneSymbol):
        return gene_word(side.gene.symbol, side.gene.hgnc_id)
    is_open = side.gene is UNSET and side.position is None and not side.overlapping_genes
    if not is_open or side.transcript is None or not genes.is_identifier(side.transcript):
        return None
    receptor = genes.fgfr_gene(side.transcript)
    return None if receptor is None else GeneWord(word=receptor.value, receptor=receptor)


def _check_words(entry: AnyEntry) -> None:
    """Refuse an event of other genes, or of none, whose words name FGFR1-3 (`FGFR2 rearrangement`), unless it is absent."""
    if not isinstance(entry, lab_report.CallPart) or entry.call is CallStatus.ABSENT:
        return
    if any(genes.mentions_fgfr(text) for text in _texts(entry)):
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "FGFR1-3 is named only in the words of the entry")


def _texts(entry: AnyEntry) -> tuple[str, ...]:
    given = (getattr(entry, "name", None), getattr(entry, "verbatim", None))
    return tuple(text for text in given if text)


def may_touch_fgfr(entry: AnyEntry) -> bool:
    """Tell whether an entry that was refused may be about FGFR1-3: by a name, by its words, or by its place.

    A rearrangement that names no gene at all may be.
    """
    words = re.findall(r'"(?:symbol|hgnc_id|transcript)":"([^"]*)"', msgspec.json.encode(entry).decode())
    if isinstance(entry, lab_report.ReportRearrangement):
        words += [word for side in entry.breakends for word in side.overlapping_genes]
        places = [_place_of(side) for side in entry.breakends]
        if not any((*words, entry.name)) or touches_fgfr(places, None):
            return True
    if isinstance(entry, lab_report.ReportShortVariant | lab_report.ReportCopyNumber):
        words = [word for word in with_receptors_told(words, lambda: _told(entry, None)) if word]
    return any(map(may_mean_fgfr, words)) or any(map(genes.may_touch_fgfr, _texts(entry)))


def _place_of(side: lab_report.ReportBreakend) -> Breakend:
    """Return a side as a mere place, whatever else is wrong with it."""
    contig = coords.normalise_contig(side.chromosome) if side.chromosome is not None else None
    ends = [Pos1(pos) for pos in (side.position, side.position_end) if pos is not None]
    return Breakend(contig=contig, pos=min(ends, default=None), pos_end=max(ends, default=None))


def _assay(index: int | None, setting: Setting) -> str | None:
    if index is None and len(setting.molecules) != 1:
        return None
    return assay_id(index or 0)


def assay_id(index: int) -> str:
    """Return our id of the assay at `index` (from 0) of a report's list."""
    return f"as{index + 1}"


def _of_assay(values: tuple[_Value, ...], index: int | None) -> _Value | None:
    if index is None:
        return values[0] if len(values) == 1 else None
    return values[index]


def _origin(word: str, setting: Setting) -> Origin:
    known = _ORIGINS[word]
    return Origin.GERMLINE if known is Origin.UNKNOWN and setting.is_germline else known


# ------------------------------------------------------------------------------------------------------------- calls


def _shared(
    entry: _Event, source: Source, setting: Setting, assembly: Assembly | None, codes: tuple[str, ...]
) -> dict[str, object]:
    """Return the fields that every kind of call has; `assembly` None = the call has no usable place."""
    return {
        "source": source,
        "caller": setting.lab,
        "assembly": assembly,
        "assay": _assay(entry.assay_index, setting),
        "specimen": "sp1",
        "molecule": _of_assay(setting.molecules, entry.assay_index),
        "status": entry.call,
        "origin": _origin(entry.origin, setting),
        "reported_by_lab": setting.is_signed_out and entry.reported,
        "subclonal": entry.subclonal,
        "text": entry.verbatim,
        "finding_codes": codes,
    }


def _short_variant(
    entry: lab_report.ReportShortVariant, named: GeneWord, gene: FgfrGene, source: Source, setting: Setting
) -> ShortVariantCall:
    genomic = (entry.chromosome, entry.position, entry.ref, entry.alt)
    if entry.hgvs_p is None and entry.hgvs_c is None and None in genomic:
        raise EntryError(
            "REPORT_INCOMPLETE", "a short variant needs hgvs_p, hgvs_c, or chromosome, position, ref and alt"
        )
    contig, pos = _place(entry.chromosome, entry.position)
    assembly, codes = _assembly(setting, [(gene, contig, pos, pos)])
    return ShortVariantCall(
        **_shared(  # type: ignore[arg-type]
            entry, source, setting, assembly if pos is not None else None, (*named.codes, *codes)
        ),
        has_matched_normal=_of_assay(setting.has_matched_normal, entry.assay_index),
        vaf=entry.allele_fraction,
        gene=gene.value,
        contig=contig,
        pos=pos,
        ref=entry.ref,
        alt=entry.alt,
        transcript=entry.transcript,
        hgvs_c=entry.hgvs_c,
        hgvs_p=entry.hgvs_p,
        depth=entry.depth,
    )


def _copy_number(
    entry: lab_report.ReportCopyNumber, named: GeneWord, gene: FgfrGene, source: Source, setting: Setting
) -> CopyNumberCall:
    low, high = entry.copies_min, entry.copies_max
    if low is not None and high is not None and low > high:
        raise EntryError("REPORT_RANGE", f"copies_min {low:g} is greater than copies_max {high:g}")
    contig, start = _place(entry.chromosome, entry.start)
    _, end = _place(entry.chromosome, entry.end)
    assembly, codes = _assembly(setting, [(gene, contig, start, end)])
    return CopyNumberCall(
        **_shared(  # type: ignore[arg-type]
            entry, source, setting, assembly if start is not None else None, (*named.codes, *codes)
        ),
        gene=gene.value,
        contig=contig,
        start=start,
        end=end,
        measures=tuple(
            Measure(value=one.value, unit=one.unit, purity_corrected=one.purity_corrected) for one in entry.metrics
        ),
        copies_min=low,
        copies_max=high,
        first_exon=entry.first_exon,
        last_exon=entry.last_exon,
        purity=setting.purity,
        ploidy=setting.ploidy,
        declared=entry.type,
    )


def _rearrangement(entry: lab_report.ReportRearrangement, source: Source, setting: Setting) -> RearrangementCall | None:
    entry = _with_genes_of_name(entry)
    sides, order = _ordered_sides(entry)
    named = [_gene_of(side) for side in sides]
    breakends = [_breakend(side, gene) for side, gene in zip(sides, named, strict=True)]
    if not touches_fgfr(breakends, setting.assembly):
        _check_content(entry, breakends)
        return None
    spans = [(gene, side.contig, side.pos, side.pos_end) for side in breakends for gene in receptors(side)]
    if not spans and setting.assembly is None:
        message = "a side without gene lies where an assembly has FGFR1-3, and the build is not known"
        raise EntryError("ASSEMBLY_UNKNOWN", message)
    assembly, found = _assembly(setting, spans)
    codes = (*dict.fromkeys(code for gene in named if gene is not None for code in gene.codes), *found)
    evidence = entry.evidence or lab_report.ReadEvidence()
    stated = _MOLECULES.get(evidence.nucleic_acid or "")
    molecule = stated or _of_assay(setting.molecules, entry.assay_index)
    has_position = any(side.pos is not None for side in breakends)
    shared = _shared(entry, source, setting, assembly if has_position else None, codes)
    return RearrangementCall(
        **(shared | {"molecule": molecule}),  # type: ignore[arg-type]
        no_support=evidence.supporting_reads == 0,
        has_matched_normal=_of_assay(setting.has_matched_normal, entry.assay_index),
        vaf=evidence.allele_fraction,
        first=breakends[0],
        second=breakends[1] if len(breakends) > 1 else None,
        order=order,
        junction=_junction(breakends, molecule),
        declared=entry.type,
        declared_frame=None if entry.in_frame is None else _FRAMES[entry.in_frame],
        declared_kinase=None if entry.kinase_domain_kept is None else _KINASE[entry.kinase_domain_kept],
        imprecise=any(side.pos != side.pos_end for side in breakends),
        split_reads=evidence.split_reads,
        spanning_pairs=evidence.spanning_pairs,
    )


def _check_content(entry: lab_report.ReportRearrangement, sides: list[Breakend]) -> None:
    """Refuse what may be an event of FGFR1-3 although no side tells of one.

    Raises:
        EntryError: Its words name FGFR1-3, or it gives neither gene nor place.
    """
    _check_words(entry)
    if entry.call is not CallStatus.ABSENT and not any(side.genes or side.contig for side in sides):
        raise EntryError("REPORT_INCOMPLETE", "a rearrangement needs a gene or a place")


# ------------------------------------------------------------------------------------------------------------- sides


def _with_genes_of_name(entry: lab_report.ReportRearrangement) -> lab_report.ReportRearrangement:
    """Return the entry with the genes of its `name` (`FGFR2-BICC1`) where the receptor stands nowhere else.

    The sides that give no gene take those left over, as far as it is plain which side takes which.
    """
    pair = genes.split_fusion_name(entry.name) if entry.name else None
    if pair is None or entry.five_prime is not UNSET or entry.three_prime is not UNSET:
        return entry
    sides = [*entry.breakends, lab_report.ReportBreakend()][:2]
    left = [name for name in pair if not any(_names(side, name.fgfr or name.symbol or name.given) for side in sides)]
    open_sides = [at for at, side in enumerate(sides) if _is_open(side)]
    is_plain = len(left) == 1 or not any(_has_place(sides[at]) for at in open_sides)
    if len(left) != len(open_sides) or not is_plain or not any(name.fgfr for name in left):
        return entry
    for at, name in zip(open_sides, left, strict=True):
        if not name.is_blank:
            sides[at] = replace(sides[at], gene=lab_report.GeneSymbol(symbol=name.given))
    return replace(entry, breakends=tuple(sides))


def _is_open(side: lab_report.ReportBreakend) -> bool:
    return side.gene is UNSET and not side.overlapping_genes and side.transcript is None


def _ordered_sides(
    entry: lab_report.ReportRearrangement,
) -> tuple[list[lab_report.ReportBreakend], GeneOrder]:
    """Return the sides with the 5' one first where the report says which it is, and how the order is known."""
    sides = _with_named_partners(entry)
    five, three = (_symbol_of(named) for named in (entry.five_prime, entry.three_prime))
    if len(sides) < 2:
        return sides, GeneOrder.UNKNOWN
    first_is_five = _names(sides[0], five) or _names(sides[1], three)
    second_is_five = _names(sides[1], five) or _names(sides[0], three)
    if second_is_five and not first_is_five:
        sides = sides[::-1]
    is_known = (first_is_five or second_is_five) and entry.order_is_transcriptional
    return sides, GeneOrder.ASSERTED if is_known else GeneOrder.UNKNOWN


def _with_named_partners(entry: lab_report.ReportRearrangement) -> list[lab_report.ReportBreakend]:
    """Fill sides that give no gene from `five_prime` and `three_prime`, as far as these are not on another side yet."""
    sides = list(entry.breakends)
    named = [gene for gene in (entry.five_prime, entry.three_prime) if gene is not UNSET]
    left = [gene for gene in named if not any(_names(side, _symbol_of(gene)) for side in sides)]
    open_sides = [at for at, side in enumerate(sides) if side.gene is UNSET and not side.overlapping_genes]
    if any(side.gene is None for side in sides):
        left = [gene for gene in left if gene is not None]
    if len(sides) == 1 and len(left) > len(open_sides):
        sides.append(lab_report.ReportBreakend())
        open_sides.append(1)
    # Two names for two sides are in 5' to 3' order only when the report says that its order means something.
    if len(left) == 1 or entry.order_is_transcriptional:
        for at, gene in zip(open_sides, left, strict=False):
            sides[at] = replace(sides[at], gene=gene)
    elif len(left) == 2 and len(open_sides) == 2 and not any(_has_place(sides[at]) for at in open_sides):
        sides = [replace(side, gene=gene) for side, gene in zip(sides, left, strict=True)]
    return sides


def _has_place(side: lab_report.ReportBreakend) -> bool:
    return side.position is not None or side.exon is not None or side.intron is not None


def _symbol_of(gene: lab_report.GeneSymbol | UnsetType | None) -> str | None:
    """Return what a gene is compared by: the receptor or approved symbol that it means, else its word."""
    if not isinstance(gene, lab_report.GeneSymbol):
        return None
    name = genes.resolve(gene.symbol)
    if not name.symbols and gene.hgnc_id is not None:
        name = genes.resolve(gene.hgnc_id)
    return name.fgfr or name.symbol or gene.symbol


def _names(side: lab_report.ReportBreakend, symbol: str | None) -> bool:
    named = [lab_report.GeneSymbol(symbol=word) for word in side.overlapping_genes if word]
    return symbol is not None and symbol in (_symbol_of(side.gene), *map(_symbol_of, named))


def _breakend(side: lab_report.ReportBreakend, gene: GeneWord | None) -> Breakend:
    contig, pos = _place(side.chromosome, side.position)
    pos_end = pos if side.position_end is None else Pos1(side.position_end)
    if (pos is None) != (pos_end is None) or (pos is not None and pos_end is not None and pos_end < pos):
        raise EntryError("REPORT_RANGE", "position_end needs a position that is not greater")
    for word in side.overlapping_genes:
        gene_word(word)  # refuses a word that cannot be read
    given = side.gene.symbol if isinstance(side.gene, lab_report.GeneSymbol) else None
    own = [gene.word if gene is not None else given]
    return Breakend(
        contig=contig,
        pos=pos,
        pos_end=pos_end,
        orientation=_SIDES[side.keeps],
        genes=tuple(dict.fromkeys(word for word in (*own, *side.overlapping_genes) if word is not None)),
        states_no_gene=side.gene is None,
        transcript=side.transcript,
        exon=side.exon,
        intron=side.intron,
        region=_REGIONS[side.region],
    )


def _junction(sides: list[Breakend], molecule: Molecule | None) -> JunctionKind:
    has_place = any(
        side.pos is not None or side.exon is not None or side.intron is not None or side.region is not None
        for side in sides
    )
    if molecule is Molecule.FISH or not has_place:
        return JunctionKind.NAMES_ONLY
    return JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT


# ------------------------------------------------------------------------------------------------ place and assembly


def _place(chromosome: str | None, position: int | None) -> tuple[str | None, Pos1 | None]:
    contig = None if chromosome is None else coords.normalise_contig(chromosome) or chromosome
    if contig is None and position is not None:
        raise EntryError("REPORT_INCOMPLETE", "a position is given without its chromosome")
    return contig, None if position is None else Pos1(position)


def _assembly(
    setting: Setting, spans: list[tuple[FgfrGene, str | None, Pos1 | None, Pos1 | None]]
) -> tuple[Assembly | None, tuple[str, ...]]:
    """Tell the assembly of one call from the places of its FGFR sides.

    Returns:
        The stated assembly when it fits; else the one that fits, with ASSEMBLY_CONFLICT, or None with
        POSITION_OUTSIDE_GENE; without a statement, the only assembly that fits every side, or None.
    """
    placed = [(gene, contig, start, end or start) for gene, contig, start, end in spans if contig and start]
    fitting = [
        assembly
        for assembly in Assembly
        if all(
            coords.fgfr_gene_at(assembly, contig, start, end or start) is gene for gene, contig, start, end in placed
        )
    ]
    if setting.assembly is None:
        return fitting[0] if placed and len(fitting) == 1 else None, ()
    if not placed or setting.assembly in fitting:
        return setting.assembly, ()
    # On the stated assembly the place lies outside the gene, and the event would be lost.
    return (fitting[0], ("ASSEMBLY_CONFLICT",)) if fitting else (None, ("POSITION_OUTSIDE_GENE",))
