"""Entries of a Foundation Medicine report -> model calls. Words of the laboratory are kept as declared, never judged.

`targeted-gene` (in some files `target-gene`) is the baited gene, not the 5' gene: the order is told only by a description
with exons (`FGFR2(NM_000141)-BICC1(NM_001080512) fusion (F17;B3)`). `other-gene="N/A"` = partner not given. No strand is given;
a deletion or duplication inside one chromosome tells its kept sides by its meaning. `equivocal` and `subclonal` stand beside
the call. Status `ambiguous` is read as indeterminate.
"""

import re

from fgfr_screen import genes
from fgfr_screen.model import (
    Breakend,
    Call,
    CopyNumberCall,
    Measure,
    NegativeCall,
    RearrangementCall,
    Record,
    ShortVariantCall,
    Source,
)
from fgfr_screen.readers._report_entries import Told, has_no_reads, names_another, receptor_beside
from fgfr_screen.readers._report_parts import (
    EntryError,
    Side,
    count_of,
    fgfr_named,
    fitting_assemblies,
    fraction_of,
    gene_side,
    interval_of,
    number_of,
    of_deletion,
    settle,
    touches_fgfr,
)
from fgfr_screen.readers._xml import Element
from fgfr_screen.terms import (
    Assembly,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    FgfrGene,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
)

LAB = "Foundation Medicine"
_STRUCTURES = {
    "fusion": DeclaredStructure.FUSION,
    "rearrangement": DeclaredStructure.REARRANGEMENT,
    "truncation": DeclaredStructure.TRUNCATION,
    "deletion": DeclaredStructure.INTRAGENIC_DELETION,
    "duplication": DeclaredStructure.INTRAGENIC_DUPLICATION,
    "inversion": DeclaredStructure.INVERSION,
}
_FRAMES = {"yes": Frame.IN_FRAME, "no": Frame.OUT_OF_FRAME, "unknown": Frame.UNKNOWN}
_COPY_NUMBERS = {
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "partial amplification": DeclaredCopyNumber.PARTIAL_AMPLIFICATION,
    "gain": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
    "partial loss": DeclaredCopyNumber.PARTIAL_LOSS,
    "deletion": DeclaredCopyNumber.LOSS,
}
# GENE(NM_1)-GENE(NM_2) fusion (E13;A20): order and exons.
_DESCRIPTION = re.compile(
    r"\s*([^\s()]+)\s*\(([^()]+)\)\s*-\s*([^\s()]+)\s*\(([^()]+)\)\s*fusion\s*\([A-Za-z]+(\d{1,4})\s*;\s*[A-Za-z]+(\d{1,4})\)\s*"
)
_EXON_COUNTS = re.compile(r"\s*(\d{1,4})\s*of\s*(\d{1,4})\s*")
# `205-8_205-2>CCT` lacks the replaced bases, which HGVS calls a delins.
_RANGE_TO_BASES = re.compile(r"(?:c\.)?([-*+\d]+_[-*+\d]+)>([ACGT]+)")


class Setting(Record, frozen=True, kw_only=True):
    """What all calls of one report share; `molecule` None = several or none stated."""

    assembly: Assembly
    molecule: Molecule | None
    is_signed_out: bool
    purity: float | None


def short_variant(entry: Element, source: Source, setting: Setting) -> ShortVariantCall | None:
    """Read a `short-variant`; None when it is about other genes than FGFR1-3."""
    gene = _gene(entry, setting)
    if gene is None:
        return None
    coding, protein = _coding(entry.get("cds-effect")), entry.get("protein-effect")
    if coding is None and protein is None:
        raise EntryError("REPORT_INCOMPLETE", "a short variant needs cds-effect or protein-effect")
    contig, pos, _ = interval_of(entry.get("position")) or (None, None, None)
    fits = () if pos is None else fitting_assemblies(gene, contig, pos, pos)
    is_placed = setting.assembly in fits
    vaf = fraction_of(entry.get("allele-fraction"))
    return ShortVariantCall(
        source=source,
        caller=LAB,
        assembly=setting.assembly if is_placed else None,
        assay="as1",
        specimen="sp1",
        molecule=_molecule(entry, setting),
        status=_status(entry),
        has_matched_normal=False,
        vaf=fraction_of(entry.get("percent-reads"), percent=True) if vaf is None else vaf,
        reported_by_lab=setting.is_signed_out,
        subclonal=_is_true(entry, "subclonal"),
        text=_words(entry, "functional-effect", "status"),
        finding_codes=() if is_placed or pos is None else ("ASSEMBLY_CONFLICT" if fits else "POSITION_OUTSIDE_GENE",),
        gene=gene.value,
        contig=contig if is_placed else None,
        pos=pos if is_placed else None,
        transcript=entry.get("transcript"),
        hgvs_c=coding,
        hgvs_p=protein,
        depth=count_of(entry.get("depth")),
    )


def copy_number(entry: Element, source: Source, setting: Setting) -> CopyNumberCall | None:
    """Read a `copy-number-alteration`; None when it is about other genes than FGFR1-3."""
    gene = _gene(entry, setting)
    if gene is None:
        return None
    contig, start, end = interval_of(entry.get("position")) or (None, None, None)
    fits = () if start is None or end is None else fitting_assemblies(gene, contig, start, end)
    is_placed = setting.assembly in fits
    copies, ratio = number_of(entry.get("copy-number")), number_of(entry.get("ratio"))
    measures = [] if copies is None else [Measure(value=copies, unit=CopyNumberUnit.COPIES, purity_corrected=True)]
    if ratio is not None:
        measures.append(Measure(value=ratio, unit=CopyNumberUnit.FOLD_CHANGE, purity_corrected=False))
    return CopyNumberCall(
        source=source,
        caller=LAB,
        assembly=setting.assembly if is_placed else None,
        assay="as1",
        specimen="sp1",
        molecule=_molecule(entry, setting),
        status=_status(entry),
        reported_by_lab=setting.is_signed_out,
        subclonal=_is_true(entry, "subclonal"),
        text=_words(entry, "type", "number-of-exons", "status"),
        finding_codes=() if is_placed or start is None else ("ASSEMBLY_CONFLICT" if fits else "POSITION_OUTSIDE_GENE",),
        gene=gene.value,
        # The position is that of the targeted exons of the gene, not of a segment: it may not tell partial from whole.
        measures=tuple(measures),
        purity=setting.purity,
        declared=_declared_copies(entry),
    )


def rearrangement(entry: Element, source: Source, setting: Setting) -> RearrangementCall | None:
    """Read a `rearrangement`; None when it does not touch FGFR1-3."""
    first, codes_first = _end(gene_side(entry.get("targeted-gene", "target-gene")), entry.get("pos1"))
    second, codes_second = _end(gene_side(entry.get("other-gene")), entry.get("pos2"))
    if not touches_fgfr((first, second), setting.assembly):
        return None
    sides, assembly, codes = settle((first, second), setting.assembly)
    declared = _STRUCTURES.get(
        (entry.get("type") or "").lower(), DeclaredStructure.OTHER if entry.get("type") else None
    )
    if declared in (DeclaredStructure.INTRAGENIC_DELETION, DeclaredStructure.INTRAGENIC_DUPLICATION):
        sides = of_deletion(*sides, is_duplication=declared is DeclaredStructure.INTRAGENIC_DUPLICATION)
    sides, order = _ordered(sides, entry.get("description"))
    molecule = _molecule(entry, setting)
    pairs = count_of(entry.get("supporting-read-pairs"))
    has_place = any(side.pos is not None or side.exon is not None for side in sides)
    junction = JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT
    vaf = fraction_of(entry.get("allele-fraction"))
    return RearrangementCall(
        source=source,
        caller=LAB,
        assembly=assembly if any(side.pos is not None for side in sides) else None,
        assay="as1",
        specimen="sp1",
        molecule=molecule,
        status=_status(entry),
        has_matched_normal=False,
        vaf=fraction_of(entry.get("percent-reads"), percent=True) if vaf is None else vaf,
        reported_by_lab=setting.is_signed_out,
        subclonal=_is_true(entry, "subclonal"),
        no_support=has_no_reads(pairs),
        text=_words(entry, "type", "description", "status"),
        finding_codes=tuple(dict.fromkeys((*codes_first, *codes_second, *codes))),
        first=sides[0],
        second=sides[1] if sides[1] != Breakend() else None,
        order=order,
        junction=junction if has_place else JunctionKind.NAMES_ONLY,
        declared=declared,
        declared_frame=_FRAMES.get((entry.get("in-frame") or "").lower()),
        imprecise=any(side.pos != side.pos_end for side in sides),
        spanning_pairs=pairs,
    )


def negative(entry: Element, source: Source, setting: Setting) -> NegativeCall | None:
    """Read a gene of `PertinentNegatives`; None for other genes than FGFR1-3."""
    gene = fgfr_named(entry.text)
    if gene is None:
        return None
    return NegativeCall(
        source=source,
        caller=LAB,
        assay="as1",
        specimen="sp1",
        status=CallStatus.ABSENT,
        reported_by_lab=setting.is_signed_out,
        gene=gene.value,
        kind=None,
    )


def narrative(word: str, name: str, flags: Element | None, source: Source, setting: Setting) -> Call | None:
    """Read an alteration of the text part, for reports without `variant-report`: a gene and `amplification`, `S249C`, ...

    Raises:
        EntryError: The alteration of an FGFR gene is not understood.
    """
    pair = genes.split_fusion_name(name)
    if fgfr_named(word) is None and not any(one.fgfr for one in pair or ()):
        return None
    status = CallStatus.EQUIVOCAL if flags is not None and _is_true(flags, "isEquivocal") else CallStatus.PRESENT
    subclonal = flags is not None and _is_true(flags, "isSubclonal")
    lowered = name.strip().lower()
    if lowered in _COPY_NUMBERS:
        return CopyNumberCall(
            source=source,
            caller=LAB,
            assay="as1",
            specimen="sp1",
            status=status,
            reported_by_lab=setting.is_signed_out,
            subclonal=subclonal,
            text=lowered,
            gene=word,
            purity=setting.purity,
            declared=_COPY_NUMBERS[lowered],
        )
    declared = next((value for key, value in _STRUCTURES.items() if key in lowered), None)
    if declared is not None:
        given = [one.given for one in pair] if pair else [word]
        sides = [Breakend(genes=gene_side(one).genes) for one in given]
        return RearrangementCall(
            source=source,
            caller=LAB,
            assay="as1",
            specimen="sp1",
            status=status,
            reported_by_lab=setting.is_signed_out,
            subclonal=subclonal,
            text=name,
            first=sides[0],
            second=sides[1] if len(sides) > 1 and sides[1].genes else None,
            junction=JunctionKind.NAMES_ONLY,
            declared=declared,
        )
    if not re.fullmatch(r"[A-Z*]\d\S*|splice site \S+|promoter \S+", name.strip()):
        raise EntryError("REPORT_INCOMPLETE", f"the alteration {name[:60]!r} of {word} is not understood")
    return ShortVariantCall(
        source=source,
        caller=LAB,
        assay="as1",
        specimen="sp1",
        status=status,
        has_matched_normal=False,
        reported_by_lab=setting.is_signed_out,
        subclonal=subclonal,
        gene=word,
        hgvs_p=name.strip(),
    )


# ------------------------------------------------------------------------------------------------------------- fields


def _gene(entry: Element, setting: Setting) -> FgfrGene | None:
    """Return the receptor that an entry names, else by its transcript or place where it names no known gene.

    Raises:
        EntryError: The word may mean FGFR1-3 and cannot be read.
    """
    word = entry.get("gene")
    named = fgfr_named(word)
    if named is not None or names_another(word):
        return named
    place = interval_of(entry.get("position")) or (None, None, None)
    beside = receptor_beside(Told(setting.assembly, *place, (entry.get("transcript"),)))
    return None if beside is None else beside.receptor


def _end(side: Side, position: str | None) -> tuple[Breakend, tuple[str, ...]]:
    """Return one side of a rearrangement, and codes of what could not be read."""
    codes = [] if side.code is None else [side.code]
    place = interval_of(position)
    if place is None:
        codes.append("POSITION_UNREADABLE")
    contig, low, high = place or (None, None, None)
    return Breakend(contig=contig, pos=low, pos_end=high, genes=side.genes), tuple(codes)


def _ordered(sides: tuple[Breakend, ...], description: str | None) -> tuple[tuple[Breakend, Breakend], GeneOrder]:
    """Put the 5' gene first, with transcripts and exons, where the description tells them."""
    from msgspec import structs

    first, second = sides
    found = _DESCRIPTION.fullmatch(description or "")
    if found is None:
        return (first, second), GeneOrder.UNKNOWN
    five, five_transcript, three, three_transcript, five_exon, three_exon = found.groups()
    if _names(first, three) and _names(second, five):
        first, second = second, first
    elif not (_names(first, five) and _names(second, three)):
        return (first, second), GeneOrder.UNKNOWN
    first = structs.replace(first, transcript=five_transcript.strip(), exon=int(five_exon))
    second = structs.replace(second, transcript=three_transcript.strip(), exon=int(three_exon))
    return (first, second), GeneOrder.ASSERTED


def _names(side: Breakend, word: str) -> bool:
    symbols = set(genes.resolve(word).symbols) or {word}
    return any(symbols & (set(genes.resolve(given).symbols) or {given}) for given in side.genes)


def _declared_copies(entry: Element) -> DeclaredCopyNumber:
    word = (entry.get("type") or "").lower().replace("-", " ")
    declared = _COPY_NUMBERS.get(word, DeclaredCopyNumber.UNKNOWN)
    exons = _EXON_COUNTS.fullmatch(entry.get("number-of-exons") or "")
    if exons is None or int(exons[1]) >= int(exons[2]):
        return declared
    partial = {
        DeclaredCopyNumber.AMPLIFICATION: DeclaredCopyNumber.PARTIAL_AMPLIFICATION,
        DeclaredCopyNumber.LOSS: DeclaredCopyNumber.PARTIAL_LOSS,
    }
    return partial.get(declared, declared)


def _coding(text: str | None) -> str | None:
    found = _RANGE_TO_BASES.fullmatch(text or "")
    if found is not None:
        return f"c.{found[1]}delins{found[2]}"
    return text if text is None or text.startswith("c.") else f"c.{text}"


def _molecule(entry: Element, setting: Setting) -> Molecule | None:
    """Return what the entry was seen in; DNA when in both, because its positions are then those of the genome."""
    if entry.first("dna-evidence", stop=entry.name) is not None:
        return Molecule.DNA
    return Molecule.RNA if entry.first("rna-evidence", stop=entry.name) is not None else setting.molecule


def _status(entry: Element) -> CallStatus:
    if _is_true(entry, "equivocal"):
        return CallStatus.EQUIVOCAL
    return CallStatus.INDETERMINATE if (entry.get("status") or "").lower() == "ambiguous" else CallStatus.PRESENT


def _is_true(entry: Element, name: str) -> bool:
    return (entry.get(name) or "").lower() == "true"


def _words(entry: Element, *names: str) -> str | None:
    told = [f"{name} {value[:120]}" for name in names if (value := entry.get(name)) is not None]
    return ", ".join(told) or None
