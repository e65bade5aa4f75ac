"""Parts of a typed laboratory report -> model calls. Words of the laboratory are kept as declared, never judged."""

from collections.abc import Iterator
from typing import TypeVar

from msgspec import UNSET, UnsetType

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

AnyEntry = (
    lab_report.ReportShortVariant
    | lab_report.ReportCopyNumber
    | lab_report.ReportRearrangement
    | lab_report.ReportIhc
    | lab_report.ReportNegative
    | lab_report.ReportNormalJunction
)


class EntryError(ValueError):
    """An entry that cannot be used: `code` and what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


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
    gene = _fgfr(entry.gene)
    if gene is None:
        return None
    if isinstance(entry, lab_report.ReportShortVariant):
        return _short_variant(entry, gene, source, setting)
    if isinstance(entry, lab_report.ReportCopyNumber):
        return _copy_number(entry, gene, source, setting)
    assay = _assay(entry.assay_index, setting)
    if isinstance(entry, lab_report.ReportIhc):
        percent = "" if entry.percent is None else f"{entry.percent:g} %"
        text = ", ".join(part for part in (entry.result, percent) if part) or None
        return ExpressionCall(
            source=source,
            caller=setting.lab,
            assay=assay,
            specimen="sp1",
            molecule=Molecule.PROTEIN,
            reported_by_lab=setting.is_signed_out,
            text=text,
            gene=gene.value,
            stain=entry.stain,
        )
    if isinstance(entry, lab_report.ReportNormalJunction):
        return NormalJunctionCall(
            source=source,
            caller=setting.lab,
            assay=assay,
            specimen="sp1",
            molecule=Molecule.RNA,
            reported_by_lab=setting.is_signed_out,
            gene=gene.value,
            upstream_exon=entry.upstream_exon,
            reads=entry.reads,
        )
    return NegativeCall(
        source=source,
        caller=setting.lab,
        assay=assay,
        specimen="sp1",
        status=CallStatus.ABSENT,
        reported_by_lab=setting.is_signed_out,
        gene=gene.value,
        kind=_KINDS[entry.event_class],
    )


# ------------------------------------------------------------------------------------------------------------- genes


def _fgfr(given: lab_report.GeneSymbol) -> FgfrGene | None:
    """Return the receptor that a symbol means.

    Raises:
        EntryError: The symbol is damaged, or looks like an FGFR and is not known.
    """
    name = genes.resolve(given.symbol)
    if name.problem is not None:
        raise EntryError(name.problem, name.problem_text or name.problem)
    if not name.symbols and genes.mentions_fgfr(given.symbol):
        raise EntryError("UNKNOWN_SYMBOL", f"{given.symbol!r} is not a gene symbol that is known")
    return name.fgfr


def _words(side: lab_report.ReportBreakend) -> tuple[str, ...]:
    own = (side.gene.symbol,) if isinstance(side.gene, lab_report.GeneSymbol) else ()
    return tuple(dict.fromkeys((*own, *side.overlapping_genes)))


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


def _short_variant(
    entry: lab_report.ReportShortVariant, gene: FgfrGene, source: Source, setting: Setting
) -> ShortVariantCall:
    genomic = (entry.chromosome, entry.position, entry.ref, entry.alt)
    if entry.hgvs_p is None and entry.hgvs_c is None and None in genomic:
        raise EntryError(
            "REPORT_INCOMPLETE", "a short variant needs hgvs_p, hgvs_c, or chromosome, position, ref and alt"
        )
    contig, pos = _place(entry.chromosome, entry.position)
    assembly, codes = _assembly(setting, [(gene, contig, pos, pos)])
    return ShortVariantCall(
        source=source,
        caller=setting.lab,
        assembly=assembly if pos is not None else None,
        assay=_assay(entry.assay_index, setting),
        specimen="sp1",
        molecule=_of_assay(setting.molecules, entry.assay_index),
        status=entry.call,
        origin=_origin(entry.origin, setting),
        has_matched_normal=_of_assay(setting.has_matched_normal, entry.assay_index),
        vaf=entry.allele_fraction,
        reported_by_lab=setting.is_signed_out and entry.reported,
        subclonal=entry.subclonal,
        text=entry.verbatim,
        finding_codes=codes,
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
    entry: lab_report.ReportCopyNumber, gene: FgfrGene, source: Source, setting: Setting
) -> CopyNumberCall:
    low, high = entry.copies_min, entry.copies_max
    if low is not None and high is not None and low > high:
        raise EntryError("REPORT_RANGE", f"copies_min {low:g} is greater than copies_max {high:g}")
    contig, start = _place(entry.chromosome, entry.start)
    _, end = _place(entry.chromosome, entry.end)
    assembly, codes = _assembly(setting, [(gene, contig, start, end)])
    return CopyNumberCall(
        source=source,
        caller=setting.lab,
        assembly=assembly if start is not None else None,
        assay=_assay(entry.assay_index, setting),
        specimen="sp1",
        molecule=_of_assay(setting.molecules, entry.assay_index),
        status=entry.call,
        origin=_origin(entry.origin, setting),
        reported_by_lab=setting.is_signed_out and entry.reported,
        subclonal=entry.subclonal,
        text=entry.verbatim,
        finding_codes=codes,
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
    sides, order = _ordered_sides(entry)
    breakends = [_breakend(side) for side in sides]
    spans = [(gene, side.contig, side.pos, side.pos_end) for side in breakends for gene in _receptors(side)]
    if not spans and not _lies_in_window(breakends, setting.assembly):
        return None
    assembly, codes = _assembly(setting, spans)
    evidence = entry.evidence or lab_report.ReadEvidence()
    stated = _MOLECULES.get(evidence.nucleic_acid or "")
    molecule = stated or _of_assay(setting.molecules, entry.assay_index)
    has_position = any(side.pos is not None for side in breakends)
    return RearrangementCall(
        source=source,
        caller=setting.lab,
        assembly=assembly if has_position else None,
        assay=_assay(entry.assay_index, setting),
        specimen="sp1",
        molecule=molecule,
        status=entry.call,
        no_support=evidence.supporting_reads == 0,
        origin=_origin(entry.origin, setting),
        has_matched_normal=_of_assay(setting.has_matched_normal, entry.assay_index),
        vaf=evidence.allele_fraction,
        reported_by_lab=setting.is_signed_out and entry.reported,
        subclonal=entry.subclonal,
        text=entry.verbatim,
        finding_codes=codes,
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


# ------------------------------------------------------------------------------------------------------------- sides


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
            sides[at] = _named_side(sides[at], gene)
    elif len(left) == 2 and len(open_sides) == 2 and not any(_has_place(sides[at]) for at in open_sides):
        sides = [_named_side(side, gene) for side, gene in zip(sides, left, strict=True)]
    return sides


def _has_place(side: lab_report.ReportBreakend) -> bool:
    return side.position is not None or side.exon is not None or side.intron is not None


def _named_side(
    side: lab_report.ReportBreakend, gene: lab_report.GeneSymbol | UnsetType | None
) -> lab_report.ReportBreakend:
    from msgspec.structs import replace

    return replace(side, gene=gene)


def _symbol_of(gene: lab_report.GeneSymbol | UnsetType | None) -> str | None:
    return genes.resolve(gene.symbol).symbol or gene.symbol if isinstance(gene, lab_report.GeneSymbol) else None


def _names(side: lab_report.ReportBreakend, symbol: str | None) -> bool:
    return symbol is not None and any((genes.resolve(word).symbol or word) == symbol for word in _words(side))


def _breakend(side: lab_report.ReportBreakend) -> Breakend:
    contig, pos = _place(side.chromosome, side.position)
    pos_end = pos if side.position_end is None else Pos1(side.position_end)
    if (pos is None) != (pos_end is None) or (pos is not None and pos_end is not None and pos_end < pos):
        raise EntryError("REPORT_RANGE", "position_end needs a position that is not greater")
    words = _words(side)
    for word in words:
        _fgfr(lab_report.GeneSymbol(symbol=word))
    return Breakend(
        contig=contig,
        pos=pos,
        pos_end=pos_end,
        orientation=_SIDES[side.keeps],
        genes=words,
        states_no_gene=side.gene is None,
        transcript=side.transcript,
        exon=side.exon,
        intron=side.intron,
        region=_REGIONS[side.region],
    )


def _receptors(side: Breakend) -> tuple[FgfrGene, ...]:
    return tuple(gene for word in side.genes if (gene := genes.fgfr_gene(word)) is not None)


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


def _lies_in_window(sides: list[Breakend], assembly: Assembly | None) -> bool:
    """Tell whether a side lies in an FGFR1-3 window of the assembly (of any assembly, when it is not known)."""
    assemblies = list(Assembly) if assembly is None else [assembly]
    return any(
        side.pos is not None
        and side.pos_end is not None
        and coords.fgfr_gene_at(name, side.contig, side.pos, side.pos_end) is not None
        for side in sides
        for name in assemblies
    )
