"""Reading of Caris reports: tests and their results -> calls, assays, specimen, diagnosis."""

from collections.abc import Iterable
from functools import partial
from itertools import chain
from typing import Any

from msgspec import structs

from fgfr_screen.model import Assay, Call, ExpressionCall, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    GeneWord,
    Said,
    Setting,
    Side,
    Told,
    check_not_cancelled,
    copy_number,
    date_of,
    declare_copies,
    evidence_from_calls,
    fraction_of_percent,
    gene_word,
    may_mean_fgfr,
    negative,
    not_tested,
    on_stated_assembly,
    one_or_none,
    place_of,
    preliminary,
    rearrangement,
    receptor_of,
    receptor_told,
    short_variant,
    stated_assembly,
    tumor_text,
    with_receptors_told,
    word_of,
)
from fgfr_screen.readers._report_gate import is_other_gene, search_by
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.readers.reports._report_xml import XmlReport
from fgfr_screen.terms import (
    AssayQc,
    CallStatus,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    GeneOrder,
    Molecule,
    Origin,
    SpecimenKind,
)

FORMAT = "caris"
_LAB = "Caris"
_ABSENT = dict.fromkeys(
    (
        "wild type",
        "wildtype",
        "not detected",
        "mutation not detected",
        "no mutation",
        "negative",
        "amplification not detected",
        "not amplified",
        "fusion not detected",
        "variant transcript not detected",
        "no alteration",
    ),
    "absent",
) | {
    "no result": "untested",
    "indeterminate": "indeterminate",
    "indeterminate due to low coverage": "indeterminate",
    "qns": "untested",
    "quantity not sufficient": "untested",
    "quality not sufficient": "untested",
    "technical failure": "untested",
    "not performed": "untested",
    "test not performed": "untested",
    "intermediate": "equivocal",
    "equivocal": "equivocal",
    "equivocal low": "equivocal",
}
_STATUSES = {
    "absent": CallStatus.ABSENT,
    "untested": CallStatus.NOT_TESTED,
    "indeterminate": CallStatus.INDETERMINATE,
    "equivocal": CallStatus.EQUIVOCAL,
}
_UNTOLD = (CallStatus.NOT_TESTED, CallStatus.INDETERMINATE)
_COPY_WORDS = {
    "amplified": DeclaredCopyNumber.AMPLIFICATION,
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "amplification detected": DeclaredCopyNumber.AMPLIFICATION,
    "gain": DeclaredCopyNumber.GAIN,
    "deleted": DeclaredCopyNumber.LOSS,
    "loss": DeclaredCopyNumber.LOSS,
    "deletion": DeclaredCopyNumber.LOSS,
}
_ORIGINS = {"somatic": Origin.SOMATIC, "germline": Origin.GERMLINE}
_SPECIMENS = {"blood": SpecimenKind.BLOOD, "plasma": SpecimenKind.PLASMA, "whole blood": SpecimenKind.BLOOD}
_KINDS = ("genomicAlteration", "copyNumberAlteration", "translocation", "expressionAlteration")
_KINDS_OF_ONE_GENE = _KINDS[:2]


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is not strict JSON or safe XML, or not of the form.
        InputError: The laboratory has cancelled it.
    """
    is_xml = opened.head.data.lstrip().startswith(b"<")
    document = XmlReport(opened) if is_xml else JsonReport(opened)
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        root = document.root.get("root") or document.root
        details = root.get("testDetails")
        kind = (details.text("reportType", "reportStatus") or "").lower()
        check_not_cancelled("cancel" in kind, opened.path)
        stated = stated_assembly(None, options.assembly, opened.path, "testDetails")
        setting = Setting(
            lab=_LAB,
            assembly=stated.name,
            specimen="sp1",
            is_signed_out=_is_signed_out(details, kind),
        )
        assays = tuple(_test(test, index, entries, setting) for index, test in enumerate(root.items("tests"), start=1))
        sample = root.at("specimenInformation", "tumorSpecimenInformation")
        collected, undated = date_of(sample.text("specimenCollectionDate"))
        specimen = Specimen(id="sp1", kind=_specimen_kind(sample), collected=collected)
        patient = root.get("patientInformation")
        tumor = tumor_text(
            patient.text("pathologicDiagnosis", "diagnosis", "lineage"), patient.text("icd_code", "icdCode")
        )
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            caller=_LAB,
            findings=(
                *(document.findings if isinstance(document, JsonReport) else ()),
                *preliminary(is_preliminary="prelim" in kind),
                *undated,
            ),
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=assays,
        specimens=(specimen,),
        tumor_type_text=tumor,
    )


def _is_signed_out(details: Node, kind: str) -> bool:
    """Tell whether a pathologist has approved the report; a preliminary one never counts."""
    approved = details.get("approvalInformation").text("approveDate", "approvedDate", "approvedDateTime")
    return approved is not None and "prelim" not in kind


def _specimen_kind(sample: Node) -> SpecimenKind:
    return _SPECIMENS.get((sample.text("specimenType") or "").lower(), SpecimenKind.UNKNOWN)


# -------------------------------------------------------------------------------------------------------------- tests


def _test(test: Node, index: int, entries: Entries, setting: Setting) -> Assay:
    name = test.text("testName")
    molecule = _molecule(" ".join(filter(None, (name, test.text("platformTechnology"), test.text("testMethodology")))))
    cancelled = test.text("test_cancellation_reason") is not None
    local = structs.replace(setting, assay=f"as{index}", molecule=molecule)
    if not cancelled:
        for result in entries.left_of(test.get("testResults"), search_by(_is_other_result)):
            _result(result, entries, local)
    return Assay(
        id=f"as{index}",
        source="report",
        name=name,
        molecule=molecule,
        qc=AssayQc.FAIL if cancelled else AssayQc.UNKNOWN,
        specimen="sp1",
    )


def _molecule(words: str) -> Molecule | None:
    text = words.lower()
    if any(word in text for word in ("rna", "transcriptome", "fusion", "variant transcript", "hybrid")):
        return Molecule.RNA
    if "ihc" in text.split() or "immunohisto" in text:
        return Molecule.PROTEIN
    if any(word in text for word in ("cish", "fish", "in situ", "ish")) and "ngs" not in text:
        return Molecule.FISH
    return Molecule.DNA if any(word in text for word in ("exome", "dna", "ngs", "sequencing", "panel")) else None


def _is_other_result(result: Any) -> bool:
    """Tell whether a plain result is one row of one gene, which surely is another."""
    given = [kind for kind in _KINDS if result.get(kind) is not None] if isinstance(result, dict) else []
    row = result[given[0]] if len(given) == 1 and given[0] in _KINDS_OF_ONE_GENE else None
    return isinstance(row, dict) and is_other_gene(row.get("gene"))


def _result(result: Node, entries: Entries, setting: Setting) -> None:
    makers = (_variant, _copies, _translocation, _expression)
    for kind, make in zip(_KINDS, makers, strict=True):
        for entry in result.items(kind):
            name = entry.text("gene", "biomarkerName") if kind != "expressionAlteration" else None
            words = with_receptors_told(chain((name,), entry.strings()), partial(_told, entry, setting))
            entries.read(entry.place, words, partial(make, entry, setting))


def _said(entry: Node) -> Said:
    result = entry.text("result")
    known = word_of(result, _ABSENT)
    status = _STATUSES[known] if known is not None else CallStatus.PRESENT
    if known is None and "not detected" in (result or "").lower():
        status = CallStatus.ABSENT
    if entry.flag("wildtypeBiomarker"):
        status = CallStatus.ABSENT
    if status is CallStatus.PRESENT and result is None:
        raise EntryError("REPORT_INCOMPLETE", "the row has no result")
    origin = _ORIGINS.get((entry.text("genomicSource") or "").lower(), Origin.UNKNOWN)
    return Said(status=status, origin=origin, text=result)


def _local(entry: Node, setting: Setting) -> Setting:
    return on_stated_assembly(setting, entry.text("genomeBuild"))


def _without_finding(
    setting: Setting, source: Source, genes: Iterable[GeneWord], kind: EventKind, said: Said
) -> Iterable[Call]:
    """Make what a row without a finding says: a negative, or that the test could not tell."""
    found = dict.fromkeys(gene.receptor for gene in genes if gene.receptor is not None)
    if said.status is CallStatus.ABSENT:
        return [negative(setting, source, gene, kind) for gene in found]
    return [not_tested(setting, source, gene, kind) for gene in found]


def _told(entry: Node, setting: Setting) -> Told:
    """Return what tells the gene of a variant or of copies beside its name."""
    transcript = entry.at("alterationDetails", "transcriptAlterationDetails").text("transcriptID")
    names = (transcript, entry.text("hgvsCodingChange"), entry.text("hgvsProteinChange"))
    contig, start, end = _segment(entry)
    return Told(_local(entry, setting).assembly, contig, start, end, names)


def _segment(entry: Node) -> tuple[str | None, int | None, int | None]:
    """Return contig, first and last base of `build:contig:first-last`, 1-based; None = not given."""
    parts = (entry.text("genomicCoordinates") or "").split(":")
    contig, start, end = place_of(f"{parts[-2]}:{parts[-1]}") if len(parts) > 1 else (None, None, None)
    return entry.text("chromosome") or contig, start, end


def _variant(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_told(entry.text("gene", "biomarkerName"), None, partial(_told, entry, setting))
    if gene is None:
        return ()
    said = _said(entry)
    is_empty = not entry.get("hgvsCodingChange", "hgvsProteinChange")
    if said.status is CallStatus.ABSENT or (said.status is not CallStatus.PRESENT and is_empty):
        return _without_finding(setting, source, [gene], EventKind.SHORT_VARIANT, said)
    details = entry.at("alterationDetails", "transcriptAlterationDetails")
    share = entry.at("alleleFrequencyInformation", "alleleFrequency")
    call = short_variant(
        _local(entry, setting),
        source,
        gene,
        structs.replace(said, vaf=fraction_of_percent(share.number())),
        hgvs_c=entry.text("hgvsCodingChange"),
        hgvs_p=entry.text("hgvsProteinChange"),
        transcript=details.text("transcriptID"),
        depth=entry.get("readInformation").integer("readDepth"),
    )
    return (call,)


def _copies(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_told(entry.text("gene", "biomarkerName"), None, partial(_told, entry, setting))
    if gene is None:
        return ()
    said = _said(entry)
    ratio, copies = entry.number("copyNumberRatio"), entry.number("copyNumber")
    is_measured = ratio is not None or copies is not None
    if said.status is CallStatus.ABSENT or (said.status in _UNTOLD and not is_measured):
        return _without_finding(setting, source, [gene], EventKind.COPY_NUMBER, said)
    contig, start, end = _segment(entry)
    described, declared = declare_copies(said, (entry.text("result"), entry.text("copyNumberType")), _COPY_WORDS)
    call = copy_number(
        _local(entry, setting),
        source,
        gene,
        described,
        value=copies if copies is not None else ratio,
        unit=CopyNumberUnit.COPIES if copies is not None else CopyNumberUnit.FISH_RATIO,
        contig=contig,
        start=start,
        end=end,
        declared=declared,
    )
    return (call,)


def _translocation(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    genes = [gene_word(entry.text("gene1")), gene_word(entry.text("gene2"))]
    named = [gene for gene in (*genes, gene_word(entry.text("gene", "biomarkerName"))) if gene is not None]
    if not any(gene.receptor for gene in named):
        return ()
    said = _said(entry)
    is_named = genes[0] is not None and genes[1] is not None
    if said.status is CallStatus.ABSENT or (said.status in _UNTOLD and not is_named):
        return _without_finding(setting, source, named, EventKind.REARRANGEMENT, said)
    local = structs.replace(_local(entry, setting), molecule=setting.molecule or Molecule.RNA)
    places = (entry.text("genomicBreakpoint") or "").split("/")
    sides = [
        _side(gene, entry, number, places[number - 1] if len(places) == 2 else None)
        for number, gene in enumerate(genes, start=1)
    ]
    if genes[0] is None and genes[1] is None:
        sides = [Side(gene=next(gene for gene in named if gene.receptor)), Side()]
    isoform = structs.replace(said, text=entry.text("fusionISOForm") or said.text)
    first, second = sides if sides[0].gene is not None else sides[::-1]
    declared = DeclaredStructure.FUSION if second.gene is not None else DeclaredStructure.REARRANGEMENT
    partner = second if second.gene is not None or second.pos is not None else None
    call = rearrangement(local, source, first, partner, isoform, order=GeneOrder.UNKNOWN, declared=declared)
    return one_or_none(call)


def _side(gene: GeneWord | None, entry: Node, number: int, place: str | None) -> Side:
    contig, pos, pos_end = place_of(place)
    return Side(
        gene=gene,
        contig=contig,
        pos=pos,
        pos_end=pos_end,
        transcript=entry.text(f"transcriptID{number}"),
        exon=entry.integer(f"exon{number}"),
    )


def _expression(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    words = [node.text() for node in _leaves(entry.get("gene"))] or [entry.text("biomarkerName")]
    receptors = [gene for word in words if word and may_mean_fgfr(word) and (gene := receptor_of(word)) is not None]
    result = entry.text("result")
    return [
        ExpressionCall(
            source=source,
            caller=setting.lab,
            assay=setting.assay,
            specimen=setting.specimen,
            molecule=Molecule.PROTEIN,
            reported_by_lab=setting.is_signed_out,
            text=result,
            gene=gene.receptor.value,
            stain=entry.text("biomarkerName", "expressionType") or gene.receptor.value,
        )
        for gene in receptors
        if gene.receptor is not None
    ]


def _leaves(node: Node) -> list[Node]:
    return node.items() if isinstance(node.value, list) else ([node] if node else [])
