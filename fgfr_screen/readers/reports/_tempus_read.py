"""Reading of Tempus reports: both JSON families -> calls, assay, specimen, diagnosis."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from msgspec import structs

from fgfr_screen.model import Assay, Call, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    Said,
    Setting,
    Side,
    Told,
    copy_number,
    declare_copies,
    evidence_from_calls,
    fraction_of_percent,
    gene_word,
    may_mean_fgfr,
    on_stated_assembly,
    one_or_none,
    rearrangement,
    receptor_of,
    receptor_told,
    short_variant,
    stated_assembly,
    tumor_text,
    with_receptors_told,
    word_of,
)
from fgfr_screen.readers._report_gate import is_other_gene, search_by_gene
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import EntryError, digits_of
from fgfr_screen.terms import (
    AssayQc,
    CallStatus,
    DeclaredCopyNumber,
    DeclaredStructure,
    GeneOrder,
    Molecule,
    Origin,
    SpecimenKind,
)

FORMAT = "tempus"
_LAB = "Tempus"
_MOLECULES = {"dna": Molecule.DNA, "rna": Molecule.RNA}
_SPECIMENS = {"cfdna specimen": SpecimenKind.PLASMA, "cfdna": SpecimenKind.PLASMA, "heme": SpecimenKind.BLOOD}
_COPY_WORDS = {
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "deletion": DeclaredCopyNumber.LOSS,
    "copy number gain": DeclaredCopyNumber.GAIN,
    "copy number loss": DeclaredCopyNumber.LOSS,
}
_FLAT_LISTS = (
    "somaticPotentiallyActionableCopyNumberVariants",
    "somaticBiologicallyRelevantVariants",
    "somaticVariantsOfUnknownSignificance",
    "fusionVariants",
    "rnaFindings",
)
_INHERITED_LISTS = (
    "inheritedRelevantVariants",
    "inheritedIncidentalFindings",
    "inheritedVariantsOfUnknownSignificance",
)
_GROUPS = (
    "potentiallyActionable",
    "biologicallyRelevant",
    "pathogenic",
    "likelyPathogenic",
    "riskAllele",
    "unknownSignificance",
)
# What `_flat` asks of an entry before it asks for the gene.
_FIRST_TEXTS, _FIRST_ABSENT = ("variantType", "variantDescription"), ("referenceGenome", "gene5", "gene3")
_variants_left = search_by_gene(None, texts=_FIRST_TEXTS, absent=_FIRST_ABSENT)
_entries_left = search_by_gene("gene", "hgncId", texts=_FIRST_TEXTS, absent=_FIRST_ABSENT)
_details_left = search_by_gene("gene", "hgncId", texts=("genomicSourceClass",))
_CODING, _PROTEIN = ("HGVS.c", "HGVS_c", "cVar"), ("HGVS.p", "HGVS.pFull", "HGVS_p", "pVar")
_KINDS = {"snvindels": "snv", "cnvs": "cnv", "fusions": "fusion", "isoforms": "isoform"}


class _Header(NamedTuple):
    """What the head of a report says about all its entries."""

    setting: Setting
    qc: AssayQc
    specimen: Specimen
    tumor: str | None
    assay_name: str | None


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is not strict JSON or not of the form.
        AssemblyError: It states hg18 or T2T, or contradicts the user.
    """
    document = JsonReport(opened)
    root = document.root
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        test = root.get("order").get("test")
        stated = stated_assembly(
            test.text("referenceGenome"), options.assembly, opened.path, "order.test.referenceGenome"
        )
        header = _header(root, Setting(lab=_LAB, assembly=stated.name, assay="as1", specimen="sp1"))
        if root.get("genomicVariants"):
            _groups(root.get("genomicVariants"), entries, header.setting)
        else:
            _lists(root.get("results"), entries, header.setting)
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            caller=_LAB,
            findings=document.findings,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(_assay(header),),
        specimens=(header.specimen,),
        tumor_type_text=header.tumor,
        purity=header.specimen.tumor_content,
    )


# ------------------------------------------------------------------------------------------------------------- header


def _header(root: Node, setting: Setting) -> _Header:
    report, order = root.get("report"), root.get("order")
    workflow = report.get("workflow")
    status = (workflow.text("reportStatus") or report.text("reportStatus") or "").lower()
    signed = report.text("signout_date", "signoutDate") or workflow.text("signout_date", "signoutDate")
    specimens = root.items("specimens")
    categories = [(one.text("sampleCategory") or "").lower() for one in specimens]
    tumors = [one for one, name in zip(specimens, categories, strict=True) if name != "normal"]
    specimen = _specimen(tumors[0]) if tumors else Specimen(id="sp1")
    named = structs.replace(
        setting,
        molecule=_MOLECULES.get((workflow.text("reportType") or report.text("reportType") or "").lower()),
        has_matched_normal=True if "normal" in categories else None,
        is_signed_out=signed is not None,
        purity=specimen.tumor_content,
    )
    test = order.get("test")
    name = " ".join(part for part in (_LAB, test.text("code") or test.text("name")) if part)
    return _Header(named, _qc(status), specimen, _tumor(root.get("patient"), tumors), name)


def _qc(status: str) -> AssayQc:
    if "qns" in status:
        return AssayQc.FAIL
    if not status:
        return AssayQc.UNKNOWN
    return AssayQc.PASS if status == "standard" else AssayQc.QUALIFIED


def _specimen(node: Node) -> Specimen:
    category = (node.text("sampleCategory") or "").lower()
    kind = _SPECIMENS.get(category, SpecimenKind.UNKNOWN)
    if kind is SpecimenKind.UNKNOWN and (node.text("sampleType") or "").lower() == "blood":
        kind = SpecimenKind.BLOOD
    content = fraction_of_percent(node.get("institutionData").number("tumorPercentage"))
    return Specimen(id="sp1", kind=kind, tumor_content=content)


def _tumor(patient: Node, tumors: list[Node]) -> str | None:
    for specimen in tumors:
        diagnosis = specimen.get("diagnosis")
        if isinstance(diagnosis.value, dict):
            found = tumor_text(diagnosis.text("originPathLabDiagnosis"), diagnosis.text("tempusIcd10Code"))
            if found is not None:
                return found
    return tumor_text(patient.text("diagnosis"))


def _assay(header: _Header) -> Assay:
    return Assay(
        id="as1",
        source="report",
        name=header.assay_name,
        molecule=header.setting.molecule,
        qc=header.qc,
        specimen="sp1",
        has_matched_normal=header.setting.has_matched_normal,
    )


# ---------------------------------------------------------------------------------------------------------- 1.x lists


def _lists(results: Node, entries: Entries, setting: Setting) -> None:
    somatic, germline = Said(origin=Origin.SOMATIC), Said(origin=Origin.GERMLINE)
    for gene in results.items("somaticPotentiallyActionableMutations"):
        # Looked for once for all variants of the gene, of which there may be thousands.
        is_other = isinstance(gene.value, dict) and is_other_gene(gene.value.get("gene"), gene.value.get("hgncId"))
        variants = gene.get("variants")
        left = entries.left_of(variants, _variants_left) if is_other else variants.items()
        words = (next(filter(may_mean_fgfr, gene.strings()), None),) if left else ()
        for variant in left:
            told = with_receptors_told(words, partial(_told, variant, setting))
            entries.read(variant.place, told, partial(_flat, variant, gene, setting, somatic))
    for names, said in ((_FLAT_LISTS, somatic), (_INHERITED_LISTS, germline)):
        for name in names:
            for entry in _left_of(results.get(name), entries):
                told = with_receptors_told(entry.strings(), partial(_told, entry, setting))
                entries.read(entry.place, told, partial(_flat, entry, entry, setting, said))


def _left_of(node: Node, entries: Entries) -> list[Node]:
    """Return what is to be read of a list in any of its spellings: an array, `{note, values}`, or a sentence."""
    if isinstance(node.value, str):
        return [node] if may_mean_fgfr(node.value) else []
    listed = node.get("values") if isinstance(node.value, dict) else node
    return entries.left_of(listed, _entries_left)


def _flat(entry: Node, gene: Node, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    """Read one entry of a 1.x list; `gene` holds the gene's symbol and ids."""
    if isinstance(entry.value, str):
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "the entry is a sentence that names FGFR1-3")
    local = on_stated_assembly(setting, entry.text("referenceGenome"))
    if entry.get("gene5") or entry.get("gene3"):
        return _fusion(entry, local, said, source)
    kind = (entry.text("variantType") or "").lower()
    if (
        kind in ("amplification", "deletion", "cnv")
        or "copy number" in (entry.text("variantDescription") or "").lower()
    ):
        return _copies(entry, gene, local, said, source)
    return _short(entry, gene, local, said, source)


def _fusion(entry: Node, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    five = gene_word(entry.text("gene5"), entry.text("gene5hgncId"))
    three = gene_word(entry.text("gene3"), entry.text("gene3hgncId"))
    told = structs.replace(said, text=entry.text("variantDescription"))
    if five is None or three is None:
        only = five or three
        call = rearrangement(setting, source, Side(gene=only), None, told, declared=DeclaredStructure.REARRANGEMENT)
        return one_or_none(call)
    call = rearrangement(
        setting,
        source,
        Side(gene=five),
        Side(gene=three),
        told,
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
    )
    return one_or_none(call)


def _copies(entry: Node, gene: Node, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    receptor = receptor_told(gene.text("gene"), gene.text("hgncId"), partial(_told, entry, setting))
    if receptor is None:
        return ()
    words = (entry.text("variantType"), entry.text("variantDescription"))
    described, declared = declare_copies(structs.replace(said, text=words[1]), words, _COPY_WORDS)
    call = copy_number(
        setting,
        source,
        receptor,
        described,
        value=entry.number("copyNumber"),
        declared=declared or DeclaredCopyNumber.UNKNOWN,
    )
    return (call,)


def _short(entry: Node, gene: Node, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    receptor = receptor_told(gene.text("gene"), gene.text("hgncId"), partial(_told, entry, setting))
    if receptor is None:
        if gene.text("gene") is None and any(may_mean_fgfr(word) for word in entry.strings()):
            raise EntryError("ENTRY_NOT_UNDERSTOOD", "the entry names FGFR1-3 in a form that is not known")
        return ()
    contig, pos, ref, alt = _allele(entry)
    call = short_variant(
        setting,
        source,
        receptor,
        structs.replace(
            said, vaf=fraction_of_percent(entry.number("allelicFraction")), text=entry.text("mutationEffect")
        ),
        contig=contig,
        pos=pos,
        ref=ref,
        alt=alt,
        hgvs_c=entry.text(*_CODING),
        hgvs_p=entry.text(*_PROTEIN) or entry.text("mutationEffect"),
        transcript=entry.text("transcript", "transcriptId"),
        depth=entry.integer("coverage"),
    )
    return (call,)


def _told(entry: Node, setting: Setting) -> Told:
    contig, pos, _, _ = _allele(entry)
    names = (entry.text("transcript", "transcriptId"), *(entry.text(key) for key in (*_CODING, *_PROTEIN)))
    return Told(setting.assembly, contig, pos, pos, names)


def _allele(entry: Node) -> tuple[str | None, int | None, str | None, str | None]:
    """Return contig, position, REF and ALT, from fields or from `chrom:pos:ref:alt`."""
    if entry.get("pos"):
        return entry.text("chromosome"), entry.integer("pos"), entry.text("ref"), entry.text("alt")
    parts = (entry.text("nucleotideAlteration") or "").split(":")
    pos = digits_of(parts[1]) if len(parts) == 4 else None
    return (None, None, None, None) if pos is None else (parts[0], pos, parts[2], parts[3])


# ---------------------------------------------------------------------------------------------------------- 3.x groups


def _groups(groups: Node, entries: Entries, setting: Setting) -> None:
    for name in _GROUPS:
        group = groups.get(name)
        for variant in group.items("variants") if isinstance(group.value, dict) else group.items():
            kind = (variant.text("variantType") or "").lower()
            details = variant.get("variantDetails")
            # What else a fusion or an isoform may name is looked for in all its words.
            is_of_gene = _KINDS.get(kind) in ("snv", "cnv")
            for detail in entries.left_of(details, _details_left) if is_of_gene else details.items():
                words = with_receptors_told(detail.strings(), partial(_told, detail, setting))
                entries.read(detail.place, words, partial(_detail, detail, kind, setting))


def _detail(entry: Node, kind: str, setting: Setting, source: Source) -> Iterable[Call]:
    fields = entry.fields()
    said = Said(origin=_origin(entry.text("genomicSourceClass")))
    known = _KINDS.get(kind)
    if known == "fusion":
        if not entry.get("gene5") and not entry.get("gene3"):
            entry = Node({**fields, "gene5": entry.text("gene", "fusedGene")}, entry.place)
        return _fusion(entry, setting, said, source)
    if known == "cnv":
        return _copies(entry, entry, setting, said, source)
    if known == "snv":
        return _short(entry, entry, setting, said, source)
    gene = receptor_of(entry.text("gene", "gene5"))
    if gene is None:
        if any(may_mean_fgfr(word) for word in entry.strings()):
            raise EntryError("ENTRY_NOT_UNDERSTOOD", "the entry names FGFR1-3 in a form that is not known")
        return ()
    told = structs.replace(said, status=CallStatus.INDETERMINATE, text=entry.text("variantDescription"))
    call = rearrangement(setting, source, Side(gene=gene), None, told, declared=DeclaredStructure.OTHER)
    return one_or_none(call)


def _origin(text: str | None) -> Origin:
    words = {"germline": "g", "somatic": "s", "likely somatic": "s", "likely germline": "g"}
    return {"g": Origin.GERMLINE, "s": Origin.SOMATIC}.get(word_of(text, words) or "", Origin.UNKNOWN)
