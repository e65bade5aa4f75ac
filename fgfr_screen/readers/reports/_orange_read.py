"""Reading of ORANGE: fusions and breakends of LINX, copy numbers and variants of PURPLE -> calls."""

from collections.abc import Iterable
from functools import partial

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Assay, AssemblyEvidence, Call, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    Said,
    Setting,
    Side,
    Told,
    copy_number,
    fraction,
    gene_word,
    may_mean_fgfr,
    names_another,
    one_or_none,
    rearrangement,
    receptor_beside,
    receptor_of,
    receptor_told,
    short_variant,
    stated_assembly,
    with_receptors_told,
)
from fgfr_screen.readers._report_gate import search_by_gene
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.terms import (
    AssayQc,
    DeclaredCopyNumber,
    DeclaredStructure,
    FilterStatus,
    Frame,
    GeneOrder,
    Molecule,
    Orientation,
    Origin,
)

FORMAT = "orange"
_CALLER = "ORANGE"
_ASSEMBLIES = {"V37": "GRCh37", "V38": "GRCh38", "37": "GRCh37", "38": "GRCh38"}
_FRAMES = {"INFRAME": Frame.IN_FRAME, "SKIPPED_EXONS": Frame.IN_FRAME, "OUT_OF_FRAME": Frame.OUT_OF_FRAME}
_COPY_WORDS = {
    "FULL_GAIN": DeclaredCopyNumber.GAIN,
    "PARTIAL_GAIN": DeclaredCopyNumber.GAIN,
    "FULL_LOSS": DeclaredCopyNumber.LOSS,
    "FULL_DEL": DeclaredCopyNumber.LOSS,
    "PARTIAL_LOSS": DeclaredCopyNumber.PARTIAL_LOSS,
    "PARTIAL_DEL": DeclaredCopyNumber.PARTIAL_LOSS,
}
_ORIENTATIONS = {1: Orientation.LEFT, -1: Orientation.RIGHT}
# Newer name first; 3.x lists everything and, once more, what it reports.
_FUSIONS = ("fusions", "allSomaticFusions", "reportableSomaticFusions")
_BREAKENDS = ("somaticBreakends", "allSomaticBreakends", "reportableSomaticBreakends")
_STRUCTURES = ("somaticStructuralVariants", "allSomaticStructuralVariants")
_VARIANTS = ("somaticVariants", "allSomaticVariants", "reportableSomaticVariants")
_GERMLINE_VARIANTS = ("germlineVariants", "allGermlineVariants", "reportableGermlineVariants")
_GAINS = (
    "somaticGainsDels",
    "allSomaticGainsDels",
    "allSomaticGainsLosses",
    "reportableSomaticGainsDels",
    "reportableSomaticGainsLosses",
)
_entries_left = search_by_gene("gene")
_GENE_COPIES = ("somaticGeneCopyNumbers", "allSomaticGeneCopyNumbers", "geneCopyNumbers")


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one result.

    Raises:
        MalformedFileError: It is not strict JSON or not of the form.
        AssemblyError: The assembly contradicts the user.
    """
    document = JsonReport(opened)
    root = document.root
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        stated = _assembly(root, options, opened.path)
        purple, linx = root.get("purple"), root.get("linx")
        fit = purple.get("fit")
        setting = Setting(
            lab=_CALLER,
            assembly=stated.name,
            assay="as1",
            specimen="sp1",
            molecule=Molecule.DNA,
            purity=fraction(fit.number("purity")),
            ploidy=fit.number("ploidy"),
        )
        _structures(linx, entries, setting)
        _purple(purple, entries, setting)
        qc = _qc(fit)
        terms = [one.text("doidTerm") for one in root.items("configuredPrimaryTumor")]
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=stated,
            accounting=accounting,
            caller=_CALLER,
            findings=document.findings,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(Assay(id="as1", source="report", name=_CALLER, molecule=Molecule.DNA, qc=qc, specimen="sp1"),),
        specimens=(Specimen(id="sp1", tumor_content=setting.purity, ploidy=setting.ploidy),),
        tumor_type_text=", ".join(term for term in terms if term) or None,
        purity=setting.purity,
        ploidy=setting.ploidy,
    )


def _assembly(root: Node, options: ReadOptions, path: str) -> AssemblyEvidence:
    word = root.text("refGenomeVersion")
    if word is not None and word not in _ASSEMBLIES:
        reason = "refGenomeVersion is neither V37 nor V38"
        raise MalformedFileError(reason, remedy="give the file as ORANGE wrote it", path=path, code="REPORT_SHAPE")
    return stated_assembly(_ASSEMBLIES.get(word or ""), options.assembly, path, "refGenomeVersion")


def _qc(fit: Node) -> AssayQc:
    words = [one.text() or "" for one in fit.get("qc").items("status")] if fit.get("qc").get("status") else []
    if any(word.startswith("FAIL") for word in words):
        return AssayQc.FAIL
    if any(word.startswith("WARN") for word in words):
        return AssayQc.QUALIFIED
    return AssayQc.PASS if "PASS" in words else AssayQc.UNKNOWN


# --------------------------------------------------------------------------------------------------------------- LINX


def _structures(linx: Node, entries: Entries, setting: Setting) -> None:
    for entry in linx.get(*_FUSIONS).items():
        words = (entry.text("geneUp", "geneStart"), entry.text("geneDown", "geneEnd"))
        entries.read(entry.place, words, partial(_fusion, entry, setting))
    ends = linx.get(*_BREAKENDS).items()
    by_structure: dict[str, list[Node]] = {}
    for end in ends:
        by_structure.setdefault(end.text("svId") or end.place, []).append(end)
    names = {one.text("svId"): one for one in linx.get(*_STRUCTURES).items()}
    for key, members in by_structure.items():
        # The ends of one structure are one record; a row per transcript repeats them.
        symbols = [member.text("gene") for member in members]
        named = with_receptors_told(symbols, *(partial(_told, member, setting) for member in members))
        entries.read(members[0].place, named, partial(_breakends, members, names.get(key), setting))


def _fusion(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    five, three = gene_word(entry.text("geneUp", "geneStart")), gene_word(entry.text("geneDown", "geneEnd"))
    kind = entry.text("reportedType") or "NONE"
    is_reported = kind != "NONE"
    said = Said(
        reported=is_reported,
        filter=FilterStatus.UNFILTERED if is_reported else FilterStatus.FAILED,
        filter_text=f"reportedType {kind}",
        text=" to ".join(
            filter(None, (entry.text("contextUp", "geneContextStart"), entry.text("contextDown", "geneContextEnd")))
        )
        or None,
    )
    call = rearrangement(
        setting,
        source,
        Side(
            gene=five, exon=entry.integer("fusedExonUp"), transcript=entry.text("transcriptUp", "geneTranscriptStart")
        ),
        Side(
            gene=three,
            exon=entry.integer("fusedExonDown"),
            transcript=entry.text("transcriptDown", "geneTranscriptEnd"),
        ),
        said,
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
        frame=_FRAMES.get(entry.text("phased") or "", Frame.UNKNOWN),
    )
    return one_or_none(call)


def _breakends(members: list[Node], structure: Node | None, setting: Setting, source: Source) -> Iterable[Call]:
    """Join the breakends of one structural variant; of several rows at one place the canonical transcript is taken."""
    if not any(_may_be_fgfr(member, setting) for member in members):
        return ()
    ordered = sorted(members, key=lambda member: member.flag("isCanonical", "canonical") is not True)
    by_place: dict[tuple[str | None, int | None, int | None], Node] = {}
    for member in ordered:
        place = (member.text("chromosome"), member.integer("position"), member.integer("orientation"))
        by_place.setdefault(place, member)
    ends = list(by_place.values())[:2]
    first = _side(ends[0])
    second = _side(ends[1]) if len(ends) > 1 else _other_side(first, structure)
    call = rearrangement(setting, source, first, second, Said(text=ends[0].text("type")))
    return one_or_none(call)


def _may_be_fgfr(end: Node, setting: Setting) -> bool:
    """Tell whether a breakend may be in FGFR1-3: by its gene, or by its place where it names no known gene."""
    word = end.text("gene")
    if word is not None and may_mean_fgfr(word):
        return True
    return not names_another(word) and receptor_beside(_told(end, setting)) is not None


def _told(entry: Node, setting: Setting) -> Told:
    pos = entry.integer("position")
    return Told(setting.assembly, entry.text("chromosome"), pos, pos)


def _side(end: Node) -> Side:
    return Side(
        gene=gene_word(end.text("gene")),
        contig=end.text("chromosome"),
        pos=end.integer("position"),
        orientation=_ORIENTATIONS.get(end.integer("orientation") or 0),
        transcript=end.text("transcript"),
    )


def _other_side(first: Side, structure: Node | None) -> Side | None:
    """Return the side that has no breakend row, by what the structural variant names; no row = no gene there."""
    if structure is None:
        return None
    names = [structure.text("geneStart"), structure.text("geneEnd")]
    own = first.gene.word if first.gene is not None else ""
    others = [name for name in names if name is None or own not in name.split(";")]
    if len(others) != 1:
        return None
    return Side(
        gene=None if others[0] is None else gene_word(others[0].split(";")[0]), states_no_gene=others[0] is None
    )


# ------------------------------------------------------------------------------------------------------------- PURPLE


def _purple(purple: Node, entries: Entries, setting: Setting) -> None:
    for names, origin in ((_VARIANTS, Origin.SOMATIC), (_GERMLINE_VARIANTS, Origin.GERMLINE)):
        for entry in entries.left_of(purple.get(*names), _entries_left):
            words = with_receptors_told((entry.text("gene"),), partial(_told_of_variant, entry, setting))
            entries.read(entry.place, words, partial(_variant, entry, origin, setting))
    for keys in (_GAINS, _GENE_COPIES):
        for entry in entries.left_of(purple.get(*keys), _entries_left):
            entries.read(entry.place, (entry.text("gene"),), partial(_copies, entry, setting))


def _told_of_variant(entry: Node, setting: Setting) -> Told:
    return _told(entry, setting)._replace(names=(entry.get("canonicalImpact").text("transcript"),))


def _variant(entry: Node, origin: Origin, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_told(entry.text("gene"), None, partial(_told_of_variant, entry, setting))
    if gene is None:
        return ()
    impact, depth = entry.get("canonicalImpact"), entry.get("tumorDepth")
    share = entry.number("adjustedVAF")
    # A fraction adjusted by purity may pass 1 by rounding and copy-number noise.
    vaf = None if share is None else min(max(share, 0.0), 1.0)
    call = short_variant(
        setting,
        source,
        gene,
        Said(origin=origin, vaf=vaf),
        contig=entry.text("chromosome"),
        pos=entry.integer("position"),
        ref=entry.text("ref"),
        alt=entry.text("alt"),
        hgvs_c=impact.text("hgvsCodingImpact"),
        hgvs_p=impact.text("hgvsProteinImpact"),
        transcript=impact.text("transcript"),
        depth=depth.integer("totalReadCount"),
    )
    return (call,)


def _copies(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_of(entry.text("gene"))
    if gene is None:
        return ()
    low, high = entry.number("minCopyNumber", "minCopies"), entry.number("maxCopyNumber", "maxCopies")
    word = entry.text("interpretation")
    call = copy_number(
        setting,
        source,
        gene,
        Said(text=word),
        value=low,
        purity_corrected=True,
        copies_min=low,
        copies_max=high,
        declared=_COPY_WORDS.get(word or ""),
    )
    return (call,)
