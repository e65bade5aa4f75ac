"""Reading of CATS reports: strict JSON -> calls, assays. Test id, file comments and item names are read and forgotten."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fgfr_screen import coords
from fgfr_screen.errors import AssemblyError
from fgfr_screen.genes import fgfr_gene, is_blank
from fgfr_screen.model import (
    Assay,
    AssemblyEvidence,
    Breakend,
    Call,
    CopyNumberCall,
    InputContent,
    Measure,
    Pos1,
    RearrangementCall,
    Record,
    ShortVariantCall,
    Source,
    Specimen,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import NOTHING_DECIDES
from fgfr_screen.readers._report_entries import (
    Told,
    check_build,
    has_no_reads,
    may_mean_fgfr,
    names_another,
    receptor_beside,
    with_line,
    with_receptors_told,
)
from fgfr_screen.readers._report_gate import Search, is_elsewhere, is_text, search_by, search_by_gene
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import (
    Account,
    EntryError,
    contig_of,
    fgfr_named,
    fitting_assemblies,
    gene_side,
    oriented_by_strand,
    settle,
    touches_fgfr,
)
from fgfr_screen.terms import (
    Assembly,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    FgfrGene,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
    Origin,
    SpecimenKind,
    TranscriptSide,
)

FORMAT = "cats"
_ORIGINS = {
    "somatic": Origin.SOMATIC,
    "likely somatic": Origin.SOMATIC,
    "germline": Origin.GERMLINE,
    "likely germline": Origin.GERMLINE,
}
_UNITS = {
    "copy number": CopyNumberUnit.COPIES,
    "absolute copy number": CopyNumberUnit.COPIES,
    "fold-change": CopyNumberUnit.FOLD_CHANGE,
    "log2 fold-change": CopyNumberUnit.LOG2_RATIO,
}
_COPY_NUMBERS = {
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "gain": DeclaredCopyNumber.GAIN,
    "duplication": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
    "deletion": DeclaredCopyNumber.LOSS,
    "homozygous deletion": DeclaredCopyNumber.HOMOZYGOUS_DELETION,
    "neutral": DeclaredCopyNumber.NEUTRAL,
}
_STRUCTURES = {
    "gene fusion": DeclaredStructure.FUSION,
    "gene fusion and frameshift variant": DeclaredStructure.FUSION,
    "bidirectional gene fusion": DeclaredStructure.FUSION,
    "duplication": DeclaredStructure.INTRAGENIC_DUPLICATION,
    "tandem duplication": DeclaredStructure.INTRAGENIC_DUPLICATION,
    "deletion": DeclaredStructure.INTRAGENIC_DELETION,
    "inversion": DeclaredStructure.INVERSION,
    "truncation": DeclaredStructure.TRUNCATION,
    "splice variant": DeclaredStructure.EXON_SKIPPING,
    "exon skipping": DeclaredStructure.EXON_SKIPPING,
}
_INTRAGENIC = (
    DeclaredStructure.INTRAGENIC_DELETION,
    DeclaredStructure.INTRAGENIC_DUPLICATION,
    DeclaredStructure.INVERSION,
)
_transcripts_left = search_by_gene("geneSymbol")
_all_left = search_by(lambda _: False)
_SIDES = {"downstream": Orientation.LEFT, "upstream": Orientation.RIGHT}


class _Setting(Record, frozen=True, kw_only=True):
    """What all calls of one report share: `molecules` and `assays` by id of the sequenced sample.

    Attributes:
        molecule: That of all samples; None = they differ, or none tells.
    """

    input_id: str
    assembly: Assembly | None
    molecules: dict[str, Molecule]
    molecule: Molecule | None
    assays: dict[str, str]
    has_matched_normal: bool | None


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is not strict JSON, of another shape, or of another major version.
        AssemblyError: Its build is refused or contradicts the user.
    """
    report = JsonReport(opened)
    with report_faults(opened.path):
        return _content(report, opened, options, evidence)


def _content(report: JsonReport, opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    root = report.root
    report.check_version(root.get("metaData").get("schemaVersion"), "1", "CATS")
    assembly = _assembly(root, options.assembly, opened.path)
    assays, setting = _setting(root, opened.id, assembly.name)
    account = Account(opened.id)
    takers: tuple[tuple[str, Callable[[Node, Source, _Setting], Call | None], Search], ...] = (
        ("shortVariants", _short_variant, search_by(_is_short_variant_elsewhere)),
        ("copyNumberAlterations", _copy_number, search_by(_is_of_other_genes)),
        ("rearrangements", _rearrangement, _all_left),
        ("structuralVariants", _rearrangement, _all_left),
    )
    for key, take, find_left in takers:
        left, others = root.get("variants").get(key).items_except(find_left)
        account.outside += others
        for entry in left:
            place = entry.place
            try:
                call = take(entry, Source(input=opened.id, line=None, place=place), setting)
            except EntryError as error:
                touches = any(may_mean_fgfr(text) for text in _words(entry, setting) if text)
                account.reject(report.line_of(place), error, touches_fgfr=touches, place=place)
                continue
            account.add(None if call is None else with_line(call, report.line_of(place)))
    counts = account.counts()
    is_plasma = "cell-free" in (root.get("testInfo").text("testType") or "")
    kind = SpecimenKind.PLASMA if is_plasma else SpecimenKind.UNKNOWN
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=assembly,
            accounting=counts,
            caller=root.get("testInfo").text("panelName"),
            findings=report.findings,
        ),
        calls=tuple(account.calls),
        rejected=tuple(account.rejected),
        accounting=counts,
        assays=assays,
        specimens=(Specimen(id="sp1", kind=kind),),
    )


# ------------------------------------------------------------------------------------------------------ whole report


def _assembly(root: Node, option: Assembly | None, path: str) -> AssemblyEvidence:
    genome = root.get("metaData").get("referenceGenome")
    texts = [text for text in (genome.text("grcRelease"), genome.text("name")) if text is not None]
    named = next((name for text in texts if (name := coords.assembly_from_name(text)) is not None), None)
    if named is None:
        if option is None:
            return AssemblyEvidence(name=None, source=NOTHING_DECIDES)
        return AssemblyEvidence(name=option, source="option", evidence=(f"the user says {option}",))
    if named not in tuple(Assembly):
        reason = f"the report's coordinates are {named}, which is not read"
        code = "HG18_REFUSED" if named == coords.HG18 else "T2T_REFUSED"
        raise AssemblyError(reason, remedy="ask for GRCh37 or GRCh38 coordinates", path=path, code=code)
    if option is not None and option != named:
        reason = f"the user says {option}; but metaData.referenceGenome of the report says {named}"
        raise AssemblyError(reason, remedy="leave the option out, or correct the report", path=path)
    fact = f"metaData.referenceGenome says {texts[0]}"
    return AssemblyEvidence(name=Assembly(named), source="header", evidence=(fact,))


def _setting(root: Node, input_id: str, assembly: Assembly | None) -> tuple[tuple[Assay, ...], _Setting]:
    """Describe the sequenced tumour samples as assays; what the panel covers is not in the file."""
    test = root.get("testInfo")
    kind = test.text("testType") or ""
    has_normal = True if "normal" in kind else False if "tumor-only" in kind else None
    molecules: dict[str, Molecule] = {}
    assays: dict[str, str] = {}
    found: list[Assay] = []
    for sample in root.items("sequencingSamples"):
        word = (sample.text("nucleicAcid") or "").upper()
        molecule = Molecule(word) if word in ("DNA", "RNA") else None
        name = sample.text("itemId") or ""
        if molecule is not None:
            molecules[name] = molecule
        if sample.text("tumorOrNormal") == "tumor":
            assays[name] = f"as{len(found) + 1}"
            found.append(
                Assay(
                    id=assays[name],
                    source="report",
                    name=test.text("panelName"),
                    molecule=molecule,
                    specimen="sp1",
                    has_matched_normal=has_normal,
                )
            )
    kinds = set(molecules.values())
    setting = _Setting(
        input_id=input_id,
        assembly=assembly,
        molecules=molecules,
        molecule=kinds.pop() if len(kinds) == 1 else None,
        assays=assays,
        has_matched_normal=has_normal,
    )
    return tuple(found), setting


# -------------------------------------------------------------------------------------------------------------- calls


def _is_of_other_genes(entry: Any) -> bool:
    """Tell whether the transcripts of a plain entry surely are all of other genes."""
    transcripts = entry.get("transcripts") if isinstance(entry, dict) else None
    return isinstance(transcripts, list) and bool(transcripts) and not _transcripts_left(transcripts)


def _is_short_variant_elsewhere(entry: Any) -> bool:
    """Tell whether a plain short variant surely is neither of FGFR1-3 by name nor by place."""
    return _is_of_other_genes(entry) and is_text(entry.get("chromosome")) and is_elsewhere(entry.get("position"))


def _gene(entry: Node) -> tuple[FgfrGene | None, Node]:
    """Return the receptor that the transcripts of an entry name, and the transcript that names it."""
    transcripts = entry.items("transcripts")
    for transcript in transcripts:
        gene = fgfr_named(transcript.text("geneSymbol"))
        if gene is not None:
            return gene, transcript
    return None, transcripts[0] if transcripts else Node(None, f"{entry.place}.transcripts")


def _receptor(entry: Node, setting: _Setting) -> FgfrGene | None:
    """Return the receptor of a copy-number entry: by name, else by transcript or place where no known gene is named."""
    gene, _ = _gene(entry)
    if gene is not None or any(names_another(one.text("geneSymbol")) for one in entry.items("transcripts")):
        return gene
    beside = receptor_beside(_told(entry, setting))
    return None if beside is None else beside.receptor


def _told(entry: Node, setting: _Setting) -> Told:
    start, end = entry.integer("startPosition", "position"), entry.integer("endPosition", "startPosition", "position")
    names = tuple(one.text("transcriptId") for one in entry.items("transcripts"))
    return Told(setting.assembly, entry.text("chromosome"), start, end, names)


def _words(entry: Node, setting: _Setting) -> Iterator[str | None]:
    """Yield the texts of an entry, and the receptors that its places may mean."""
    listed = entry.value.get("breakends") if isinstance(entry.value, dict) else None
    sides = [Node(side) for side in listed] if isinstance(listed, list) else []
    return with_receptors_told(entry.strings(), *(partial(_told, one, setting) for one in (entry, *sides)))


def _molecule(entry: Node, setting: _Setting) -> Molecule | None:
    return setting.molecules.get(entry.text("sampleItemId") or "") or setting.molecule


def _assay(entry: Node, setting: _Setting) -> str | None:
    own = setting.assays.get(entry.text("sampleItemId") or "")
    return own or (next(iter(setting.assays.values())) if len(setting.assays) == 1 else None)


def _origin(entry: Node) -> Origin:
    return _ORIGINS.get((entry.text("variantOrigin") or "").lower(), Origin.UNKNOWN)


def _position(entry: Node, *keys: str) -> Pos1 | None:
    number = entry.integer(*keys)
    if number is not None and number < 1:
        raise EntryError("REPORT_RANGE", f"{entry.place}.{keys[0]} is no position")
    return None if number is None else Pos1(number)


def _fraction(entry: Node, key: str) -> float | None:
    value = entry.number(key)
    if value is not None and not 0 <= value <= 1:
        raise EntryError("REPORT_RANGE", f"{entry.place}.{key} is no fraction from 0 to 1")
    return value


def _short_variant(entry: Node, source: Source, setting: _Setting) -> ShortVariantCall | None:
    gene, transcript = _gene(entry)
    contig, pos = contig_of(entry.text("chromosome")), _position(entry, "position")
    place = Breakend(contig=contig, pos=pos, pos_end=pos)
    if gene is None and not touches_fgfr((place,), setting.assembly):
        return None
    named = Breakend(contig=contig, pos=pos, pos_end=pos, genes=() if gene is None else (gene.value,))
    check_build((named,), setting.assembly)
    _, assembly, codes = settle((named,), setting.assembly)
    return ShortVariantCall(
        source=source,
        assembly=assembly,
        assay=_assay(entry, setting),
        specimen="sp1",
        molecule=_molecule(entry, setting),
        origin=_origin(entry),
        reported_by_lab=entry.flag("reported") is True,
        has_matched_normal=setting.has_matched_normal,
        vaf=_fraction(entry, "alternateAlleleFrequency"),
        finding_codes=codes,
        gene=None if gene is None else gene.value,
        contig=contig,
        pos=pos,
        ref=entry.text("referenceAllele"),
        alt=entry.text("alternateAllele"),
        # The transcript may be of another gene in anonymised files; a change is told by its place first.
        transcript=transcript.text("transcriptId"),
        hgvs_c=transcript.text("cdsChange"),
        hgvs_p=transcript.text("aminoAcidsChange"),
        depth=entry.integer("totalReadDepth"),
    )


def _copy_number(entry: Node, source: Source, setting: _Setting) -> CopyNumberCall | None:
    gene = _receptor(entry, setting)
    if gene is None:
        return None
    contig = contig_of(entry.text("chromosome"))
    start, end = _position(entry, "startPosition"), _position(entry, "endPosition")
    fits = () if start is None or end is None else fitting_assemblies(gene, contig, start, end)
    is_placed = setting.assembly in fits
    word = (entry.text("copyNumberAlterationType") or "").lower()
    return CopyNumberCall(
        source=source,
        assembly=setting.assembly if is_placed else None,
        assay=_assay(entry, setting),
        specimen="sp1",
        molecule=_molecule(entry, setting),
        origin=_origin(entry),
        reported_by_lab=entry.flag("reported") is True,
        text=word or None,
        finding_codes=() if is_placed or start is None else ("ASSEMBLY_CONFLICT" if fits else "POSITION_OUTSIDE_GENE",),
        gene=gene.value,
        contig=contig if is_placed else None,
        start=start if is_placed else None,
        end=end if is_placed else None,
        measures=_measures(entry, word),
        declared=_COPY_NUMBERS.get(word, DeclaredCopyNumber.UNKNOWN),
    )


def _measures(entry: Node, word: str) -> tuple[Measure, ...]:
    """Read the metrics with a scale that is known; a fraction of the gene is none."""
    found = []
    for metric in entry.items("copyNumberMetrics"):
        unit, value = _UNITS.get((metric.text("unit") or "").lower()), metric.number("value")
        # Panels without absolute copies fill in 0, which contradicts the word beside it.
        is_filler = unit is CopyNumberUnit.COPIES and value == 0 and word in ("amplification", "gain", "duplication")
        if unit is not None and value is not None and not is_filler:
            found.append(Measure(value=value, unit=unit))
    return tuple(found)


def _rearrangement(entry: Node, source: Source, setting: _Setting) -> RearrangementCall | None:
    given = [_breakend(one) for one in entry.items("breakends")]
    if not touches_fgfr(given, setting.assembly) and not any(
        fgfr_gene(symbol.text() or "") for pair in entry.items("orderedGenePairs") for symbol in pair.items()
    ):
        return None
    if not 1 <= len(given) <= 2:
        raise EntryError("REPORT_INCOMPLETE", f"{entry.place} has {len(given)} breakends")
    if touches_fgfr(given, setting.assembly):
        check_build(given, setting.assembly)
    sides, assembly, codes = settle(given, setting.assembly)
    sides, order = _ordered(sides, entry)
    molecule = _molecule(entry, setting)
    if order is GeneOrder.ASSERTED and molecule is Molecule.RNA and len(sides) == 2:
        keeps = (TranscriptSide.FIVE_PRIME, TranscriptSide.THREE_PRIME)
        sides = tuple(oriented_by_strand(side, part, assembly) for side, part in zip(sides, keeps, strict=True))
    reads = entry.integer("supportingReadCount")
    word = (entry.text("rearrangementType") or "").lower()
    has_place = any(side.pos is not None for side in sides)
    junction = JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT
    return RearrangementCall(
        source=source,
        assembly=assembly if has_place else None,
        assay=_assay(entry, setting),
        specimen="sp1",
        molecule=molecule,
        origin=_origin(entry),
        reported_by_lab=entry.flag("reported") is True,
        has_matched_normal=setting.has_matched_normal,
        vaf=_fraction(entry, "alternateAlleleFrequency"),
        no_support=has_no_reads(reads),
        text=word or None,
        finding_codes=codes,
        first=sides[0],
        second=sides[1] if len(sides) > 1 else None,
        order=order,
        junction=junction if has_place else JunctionKind.NAMES_ONLY,
        declared=_declared(word, sides),
        declared_frame=Frame.OUT_OF_FRAME if "frameshift" in word else None,
        untemplated_sequence=entry.text("insertedSequence"),
        imprecise=any(side.pos != side.pos_end for side in sides),
        split_reads=reads,
    )


def _breakend(entry: Node) -> Breakend:
    symbols = [transcript.get("geneSymbol") for transcript in entry.items("transcripts")]
    words = [text for symbol in symbols if (text := symbol.text()) is not None and not is_blank(text)]
    genes = dict.fromkeys(gene for word in words for gene in gene_side(word).genes)
    start, end = (
        _position(entry, "startPosition", "position"),
        _position(entry, "endPosition", "startPosition", "position"),
    )
    if start is not None and end is not None and end < start:
        raise EntryError("REPORT_RANGE", f"{entry.place}.endPosition is less than startPosition")
    return Breakend(
        contig=contig_of(entry.text("chromosome")) if start is not None else None,
        pos=start,
        pos_end=end if start is not None else None,
        orientation=_SIDES.get((entry.text("matePieceLocation") or "").lower()),
        genes=tuple(genes),
    )


def _ordered(sides: tuple[Breakend, ...], entry: Node) -> tuple[tuple[Breakend, ...], GeneOrder]:
    """Put the 5' gene first where exactly one ordered pair is given and its genes stand on the two sides."""
    pairs = [[symbol.text() or "" for symbol in pair.items()] for pair in entry.items("orderedGenePairs")]
    if len(pairs) != 1 or len(pairs[0]) != 2 or len(sides) != 2:
        return sides, GeneOrder.UNKNOWN
    five, three = pairs[0]
    if five in sides[0].genes and three in sides[1].genes:
        return sides, GeneOrder.ASSERTED
    if five in sides[1].genes and three in sides[0].genes:
        return sides[::-1], GeneOrder.ASSERTED
    return sides, GeneOrder.UNKNOWN


def _declared(word: str, sides: tuple[Breakend, ...]) -> DeclaredStructure:
    """Return the laboratory's word; a deletion, duplication or inversion between two genes is a rearrangement."""
    declared = _STRUCTURES.get(word, DeclaredStructure.OTHER if word else DeclaredStructure.UNKNOWN)
    is_two_genes = len(sides) == 2 and not set(sides[0].genes) & set(sides[1].genes)
    return DeclaredStructure.REARRANGEMENT if declared in _INTRAGENIC and is_two_genes else declared
