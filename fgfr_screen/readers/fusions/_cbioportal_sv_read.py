"""Reading of cBioPortal structural variants: rows of one sample -> calls; the build belongs to each row."""

import re

from fgfr_screen import coords, genes
from fgfr_screen.model import (
    AssemblyEvidence,
    Breakend,
    InputContent,
    Pos1,
    RearrangementCall,
    Source,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import NOTHING_DECIDES
from fgfr_screen.readers._report_parts import (
    Account,
    EntryError,
    contig_of,
    count_of,
    gene_side,
    of_deletion,
    oriented_by_strand,
    settle,
    touches_fgfr,
)
from fgfr_screen.readers._sections import Row, chosen_sample, rows_of, text_lines
from fgfr_screen.readers._table import exact_integer, has_no_support, plain_contig
from fgfr_screen.terms import (
    Assembly,
    DeclaredStructure,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Origin,
    Region,
    TranscriptSide,
)

FORMAT = "cbioportal-sv"
_SAMPLE = "sample_id"
_REQUIRED = ((_SAMPLE,), ("site1_hugo_symbol",), ("site2_hugo_symbol",))
_INTERGENIC = ("intergenic", "igr")
_REGIONS = {
    "exon": Region.EXONIC,
    "intron": Region.INTRONIC,
    "5_prime_utr": Region.UTR5,
    "5'utr": Region.UTR5,
    "3_prime_utr": Region.UTR3,
    "3'utr": Region.UTR3,
    "promoter": Region.UPSTREAM,
    "igr": Region.INTERGENIC,
    "intergenic": Region.INTERGENIC,
}
_FRAMES = {
    "in_frame": Frame.IN_FRAME,
    "inframe": Frame.IN_FRAME,
    "frameshift": Frame.OUT_OF_FRAME,
    "frame_shift": Frame.OUT_OF_FRAME,
    "out_of_frame": Frame.OUT_OF_FRAME,
}
_CLASSES = {
    "fusion": DeclaredStructure.FUSION,
    "deletion": DeclaredStructure.INTRAGENIC_DELETION,
    "duplication": DeclaredStructure.INTRAGENIC_DUPLICATION,
    "inversion": DeclaredStructure.INVERSION,
}
_ORIGINS = {"germline": Origin.GERMLINE, "somatic": Origin.SOMATIC}


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read the rows of one sample.

    Raises:
        MalformedFileError: The header lacks a column.
        SampleColumnError: The table holds several samples and none is named.
    """
    account = Account(opened.id)
    rows = list(rows_of(text_lines(opened), opened, options, account, required=_REQUIRED))
    sample = chosen_sample(rows, _SAMPLE, options.sample_id, opened.path)
    for row in rows:
        if row.cells[_SAMPLE] != sample:
            account.outside += 1
            continue
        try:
            account.add(_call(row, opened.id, options.assembly))
        except EntryError as error:
            account.reject(row.line, error, touches_fgfr=genes.may_touch_fgfr(" ".join(row.cells.values())))
    counts = account.counts()
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=_assembly_evidence(account, options),
            accounting=counts,
        ),
        calls=tuple(account.calls),
        rejected=tuple(sorted(account.rejected, key=lambda row: row.line or 0)),
        accounting=counts,
    )


def _assembly_evidence(account: Account, options: ReadOptions) -> AssemblyEvidence:
    found = {call.assembly for call in account.calls if call.assembly is not None}
    if len(found) == 1:
        name = found.pop()
        return AssemblyEvidence(name=name, source="rows", evidence=(f"the FGFR rows are on {name}",))
    if options.assembly is not None:
        return AssemblyEvidence(name=options.assembly, source="option", evidence=(f"the user says {options.assembly}",))
    return AssemblyEvidence(name=None, source=NOTHING_DECIDES)


def _call(row: Row, input_id: str, option: Assembly | None) -> RearrangementCall | None:
    first, first_code = _side(row, "site1")
    second, second_code = _side(row, "site2")
    named = coords.assembly_from_name(row.get("ncbi_build") or "")
    stated = Assembly(named) if named in tuple(Assembly) else option
    if not touches_fgfr((first, second), stated):
        return None
    sides, assembly, codes = settle((first, second), stated)
    declared = _declared(row, sides)
    if declared in (DeclaredStructure.INTRAGENIC_DELETION, DeclaredStructure.INTRAGENIC_DUPLICATION):
        sides = of_deletion(*sides, is_duplication=declared is DeclaredStructure.INTRAGENIC_DUPLICATION)
        if not _same_gene(sides):
            declared = DeclaredStructure.REARRANGEMENT
    molecule = _molecule(row)
    (first, second), order = _ordered((sides[0], sides[1]), row)
    if order is GeneOrder.ASSERTED and molecule is Molecule.RNA:
        first = oriented_by_strand(first, TranscriptSide.FIVE_PRIME, assembly)
        second = oriented_by_strand(second, TranscriptSide.THREE_PRIME, assembly)
    is_bare = second == Breakend()
    split, pairs = (count_of(row.get(f"tumor_{name}_read_count")) for name in ("split", "paired_end"))
    variants = count_of(row.get("tumor_variant_count"))
    is_whole = variants is not None or None not in (split, pairs)  # half of the evidence is often left out
    codes = tuple(code for code in (first_code, second_code, *codes) if code is not None)
    return RearrangementCall(
        source=Source(input=input_id, line=row.line),
        assembly=assembly if any(side.pos is not None for side in (first, second)) else None,
        molecule=molecule,
        origin=_ORIGINS.get((row.get("sv_status") or "").lower(), Origin.UNKNOWN),
        no_support=is_whole and has_no_support(split, pairs, variants),
        text=row.get("event_info", "annotation"),
        finding_codes=tuple(dict.fromkeys(codes)),
        first=first,
        second=None if is_bare else second,
        order=order,
        junction=_junction((first, second), molecule),
        declared=declared,
        declared_frame=_frame(row),
        imprecise=(row.get("breakpoint_type") or "").upper() == "IMPRECISE",
        split_reads=split,
        spanning_pairs=pairs,
    )


def _side(row: Row, site: str) -> tuple[Breakend, str | None]:
    word = row.get(f"{site}_hugo_symbol") or row.get(f"{site}_entrez_gene_id")
    place = (row.get(f"{site}_region") or "").lower()
    no_gene = (word or "").lower() in _INTERGENIC or (word is None and place in _INTERGENIC)
    side = gene_side(None if no_gene else word)
    number = count_of(row.get(f"{site}_region_number", f"{site}_exon"))
    is_intron = place == "intron"
    pos = _position(row.get(f"{site}_position"))
    breakend = Breakend(
        contig=contig_of(plain_contig(row.get(f"{site}_chromosome") or "")) if pos is not None else None,
        pos=pos,
        pos_end=pos,
        genes=side.genes,
        states_no_gene=no_gene,
        transcript=row.get(f"{site}_ensembl_transcript_id"),
        exon=None if is_intron else number or None,
        intron=number if is_intron else None,
        region=_REGIONS.get(place),
    )
    return breakend, side.code


def _position(text: str | None) -> Pos1 | None:
    if text is None:
        return None
    try:
        number = exact_integer(text)
    except ValueError as error:
        raise EntryError("BAD_POSITION", str(error)) from error
    return Pos1(number) if number > 0 else None


def _same_gene(sides: tuple[Breakend, ...]) -> bool:
    first, second = (tuple(symbol for word in side.genes for symbol in genes.resolve(word).symbols) for side in sides)
    return bool(set(first) & set(second))


def _declared(row: Row, sides: tuple[Breakend, ...]) -> DeclaredStructure:
    """Return the class of the row; other classes between two genes are rearrangements."""
    word = (row.get("class") or "").lower()
    info = (row.get("event_info") or "").lower()
    if word == "fusion" or (word not in _CLASSES and "fusion" in info and "antisense" not in info):
        return DeclaredStructure.FUSION
    declared = _CLASSES.get(word, DeclaredStructure.REARRANGEMENT)
    return (
        declared
        if declared is not DeclaredStructure.INVERSION or _same_gene(sides)
        else DeclaredStructure.REARRANGEMENT
    )


def _frame(row: Row) -> Frame | None:
    word = (row.get("site2_effect_on_frame") or "").lower().replace("-", "_").replace(" ", "_")
    if word in _FRAMES:
        return _FRAMES[word]
    info = (row.get("event_info") or "").lower().replace("-", " ")
    found = {
        frame for text, frame in (("in frame", Frame.IN_FRAME), ("out of frame", Frame.OUT_OF_FRAME)) if text in info
    }
    return found.pop() if len(found) == 1 else None


def _molecule(row: Row) -> Molecule | None:
    dna, rna = ((row.get(name) or "").lower() == "yes" for name in ("dna_support", "rna_support"))
    return Molecule.DNA if dna else Molecule.RNA if rna else None


def _junction(sides: tuple[Breakend, Breakend], molecule: Molecule | None) -> JunctionKind:
    if not any(side.pos is not None or side.exon is not None or side.intron is not None for side in sides):
        return JunctionKind.NAMES_ONLY
    return JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT


def _ordered(sides: tuple[Breakend, Breakend], row: Row) -> tuple[tuple[Breakend, Breakend], GeneOrder]:
    """Put the 5' gene first where a text names the fusion: `(FGFR2-BICC1)`, `{FGFR2:BICC1}`, `FGFR2-BICC1.F17B3`."""
    first, second = sides
    if not first.genes or not second.genes or _same_gene(sides):
        return sides, GeneOrder.UNKNOWN
    for text in (row.get("event_info"), row.get("annotation")):
        if text is None or "antisense" in text.lower():
            continue
        is_fusion = "fusion" in text.lower() or re.search(r"\.[A-Z]\d", text) is not None
        forward, backward = (_joined(one, other, text) for one, other in ((first, second), (second, first)))
        if is_fusion and forward != backward:
            return (sides if forward else (second, first)), GeneOrder.ASSERTED
    return sides, GeneOrder.UNKNOWN


def _joined(one: Breakend, other: Breakend, text: str) -> bool:
    """Tell whether a text holds the genes of two sides, in this order, joined by a sign."""
    return any(
        re.search(
            rf"(?<![A-Za-z0-9]){re.escape(left)}\s*(?:\([^()]*\))?\s*(?:-|:|::|--|/)\s*{re.escape(right)}(?![A-Za-z0-9])",
            text,
            re.IGNORECASE,
        )
        for left in one.genes
        for right in other.genes
    )
