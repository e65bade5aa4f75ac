"""Reading of our own laboratory report: calls, assays, specimen and clinical facts.

Steps: bytes -> strict JSON -> (draft form made final) -> typed report -> calls. A fault in the document refuses the
whole report with path and line; an entry that is well formed and cannot be used is rejected alone. The patient's
pseudonym, the report's id and the specimen's id are read and then forgotten.
"""

import re
from typing import Any

import msgspec

from fgfr_screen import genes, lab_report
from fgfr_screen.errors import AssemblyError, InputError, MalformedFileError
from fgfr_screen.model import (
    Accounting,
    Assay,
    AssemblyEvidence,
    Call,
    Coverage,
    Finding,
    InputContent,
    Rejected,
    Source,
    Specimen,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import NOTHING_DECIDES
from fgfr_screen.readers._json import Lines, lines_of, parse_json
from fgfr_screen.readers._report_entries import preliminary, with_line
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.reports import _lab_report_draft as draft
from fgfr_screen.readers.reports._lab_report_calls import Setting, assay_id, call_of, entries, may_touch_fgfr
from fgfr_screen.terms import AssayQc, Assembly, EventKind, Extent, FgfrGene, Molecule, SpecimenKind

FORMAT = "lab-report"
_MAJOR_VERSION = "1"
_MONTHS_PER_YEAR = 12
_SHOWN_CHARACTERS = 200
_RNA_METHODS = ("rna_panel", "rna_seq", "rt_pcr")
_REFUSED_BUILDS = {"hg18": "HG18_REFUSED", "T2T-CHM13": "T2T_REFUSED"}
_EXTENTS = {"locally_advanced": Extent.LOCALLY_ADVANCED, "metastatic": Extent.METASTATIC}
_AT_PATH = re.compile(r"(.*) - at `([^`]*)`", re.DOTALL)
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]*)`")


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is not strict JSON, not of the schema, or of another major version.
        AssemblyError: Its build is refused or contradicts the user.
        InputError: The laboratory has cancelled it.
    """
    text, note = decode_text(opened.read_all())
    document = parse_json(text, opened.path)
    findings = [] if note is None else [Finding(code=note, message="the file is not UTF-8 and was decoded otherwise")]
    is_draft = draft.is_draft(document)
    if is_draft:
        message = "the report is in the draft form (camel case), which was read as the final form"
        findings.append(Finding(code="DRAFT_REPORT_FORM", message=message))
    report = _typed(document, text, opened.path, is_draft=is_draft)
    if report.report.status == "cancelled":
        reason = "the laboratory has cancelled this report"
        raise InputError(reason, remedy="give the report that replaces it", path=opened.path, code="REPORT_CANCELLED")
    setting = _setting(report, options, opened.path)
    calls, rejected, outside = _calls(report, setting, opened.id, _final_lines(text, is_draft=is_draft))
    accounting = Accounting(
        records=len(calls) + len(rejected) + outside,
        outside_fgfr=outside,
        in_events=len(calls),
        rejected=len(rejected),
    )
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=_assembly_evidence(report, setting, options),
            accounting=accounting,
            caller=report.report.lab,
            findings=(*findings, *preliminary(is_preliminary=report.report.status == "preliminary")),
        ),
        calls=tuple(calls),
        rejected=tuple(rejected),
        accounting=accounting,
        assays=tuple(_assay(report, index) for index in range(len(report.assays))),
        specimens=(_specimen(report),),
        tumor_type_text=report.tumor_type.text,
        tumor_oncotree=report.tumor_type.oncotree,
        clinical=_clinical(report),
        purity=report.specimen.tumor_content,
        ploidy=report.specimen.ploidy,
    )


# ------------------------------------------------------------------------------------------------------ typed report


def _typed(document: Any, text: str, path: str, *, is_draft: bool) -> lab_report.LabReport:
    _check_version(document, text, path)
    try:
        return msgspec.convert(draft.to_final(document) if is_draft else document, lab_report.LabReport)
    except msgspec.ValidationError as error:
        found = _AT_PATH.fullmatch(str(error))
        message, place = (found[1], found[2]) if found else (str(error), "$")
        line = _final_lines(text, is_draft=is_draft).get(place)
        remedy = "see `fgfr-screen schema` for the form"
        field = _UNKNOWN_FIELD.search(message)
        if field is not None:
            import difflib

            near = difflib.get_close_matches(field[1], _known_keys(), n=1)
            remedy = f"did you mean {near[0]!r}?" if near else remedy
        reason = f"{message[:_SHOWN_CHARACTERS]} at {place[:_SHOWN_CHARACTERS]}"  # they may hold a key of any length
        raise MalformedFileError(reason, remedy=remedy, path=path, line=line, code="REPORT_SCHEMA") from error


def _check_version(document: Any, text: str, path: str) -> None:
    fields = document if isinstance(document, dict) else {}
    key = next((key for key in ("schema_version", "schemaVersion") if key in fields), None)
    version = "" if key is None else str(fields[key])
    if version.partition(".")[0] != _MAJOR_VERSION:
        said = f"version {version[:20]!r}" if key is not None else "no schema_version"
        raise MalformedFileError(
            f"the report has {said}; this program reads version {_MAJOR_VERSION}",
            remedy="export the report in form 1.0, or use a newer program",
            path=path,
            line=lines_of(text).get(f"$.{key}"),
            code="UNKNOWN_SCHEMA_VERSION",
        )


def _known_keys() -> list[str]:
    parts = [part for part in vars(lab_report).values() if isinstance(part, type) and issubclass(part, msgspec.Struct)]
    return sorted({name for part in parts for name in part.__struct_fields__})


def _final_lines(text: str, *, is_draft: bool) -> Lines:
    """Return the lines of values by their path in the final form."""
    return lines_of(text, draft.final_key if is_draft else str)


# ---------------------------------------------------------------------------------------------------------- contents


def _setting(report: lab_report.LabReport, options: ReadOptions, path: str) -> Setting:
    return Setting(
        lab=report.report.lab,
        assembly=_assembly(report.genome.build, options.assembly, path),
        molecules=tuple(_molecule(assay) for assay in report.assays),
        has_matched_normal=tuple(assay.matched_normal for assay in report.assays),
        is_signed_out=report.report.status != "preliminary",
        is_germline=any(_is_germline(report, assay) for assay in report.assays),
        purity=report.specimen.tumor_content,
        ploidy=report.specimen.ploidy,
    )


def _assembly(build: str, option: Assembly | None, path: str) -> Assembly | None:
    if build in _REFUSED_BUILDS:
        reason = f"the report's coordinates are {build}, which is not read"
        remedy = "ask the laboratory for GRCh37 or GRCh38 coordinates"
        raise AssemblyError(reason, remedy=remedy, path=path, code=_REFUSED_BUILDS[build])
    if build == "unknown":
        return option
    if option is not None and option != build:
        reason = f"the user says {option}; but genome.build of the report says {build}"
        raise AssemblyError(reason, remedy="leave the option out, or correct the report", path=path)
    return Assembly(build)


def _assembly_evidence(report: lab_report.LabReport, setting: Setting, options: ReadOptions) -> AssemblyEvidence:
    build = report.genome.build
    if build != "unknown":
        return AssemblyEvidence(name=setting.assembly, source="header", evidence=(f"genome.build says {build}",))
    if options.assembly is not None:
        return AssemblyEvidence(name=options.assembly, source="option", evidence=(f"the user says {options.assembly}",))
    return AssemblyEvidence(name=None, source=NOTHING_DECIDES)


def _calls(
    report: lab_report.LabReport, setting: Setting, input_id: str, lines: Lines
) -> tuple[list[Call], list[Rejected], int]:
    calls: list[Call] = []
    rejected: list[Rejected] = []
    outside = 0
    for place, entry in entries(report):
        source = Source(input=input_id, line=None, place=place, raw_id=getattr(entry, "id", None))
        try:
            call = call_of(entry, source, setting)
        except EntryError as error:
            line, message = lines.get(place), f"{place}: {error}"
            touches = may_touch_fgfr(entry)
            rejected.append(Rejected(input=input_id, line=line, code=error.code, message=message, touches_fgfr=touches))
            continue
        if call is None:
            outside += 1
        else:
            calls.append(with_line(call, lines.get(place)))
    return calls, rejected, outside


def _molecule(assay: lab_report.ReportAssay) -> Molecule | None:
    by_method = {"fish": Molecule.FISH, "ihc": Molecule.PROTEIN} | dict.fromkeys(_RNA_METHODS, Molecule.RNA)
    if assay.method in by_method:
        return by_method[assay.method]
    if assay.nucleic_acid is not None:
        return Molecule(assay.nucleic_acid)
    return None if assay.method in (None, "other") else Molecule.DNA


def _is_germline(report: lab_report.LabReport, assay: lab_report.ReportAssay) -> bool:
    is_blood_sequence = report.specimen.kind is SpecimenKind.BLOOD and assay.method == "sanger"
    return report.tumor_type.not_a_cancer or is_blood_sequence


def _assay(report: lab_report.LabReport, index: int) -> Assay:
    """Describe one test; what a preliminary report does not hold may still come, so none of its tests has passed yet."""
    assay = report.assays[index]
    is_open = report.report.status == "preliminary" and assay.qc is AssayQc.PASS
    return Assay(
        id=assay_id(index),
        source="report",
        name=assay.name,
        covers=None if assay.covers is None else _covers(assay.covers),
        molecule=_molecule(assay),
        qc=AssayQc.UNKNOWN if is_open else assay.qc,
        specimen="sp1",
        is_germline=_is_germline(report, assay),
        has_matched_normal=assay.matched_normal,
    )


def _covers(covers: lab_report.Covers) -> tuple[Coverage, ...]:
    by_kind = (
        (EventKind.SHORT_VARIANT, covers.short_variants),
        (EventKind.COPY_NUMBER, covers.copy_numbers),
        (EventKind.REARRANGEMENT, covers.rearrangements),
    )
    found = {(genes.fgfr_gene(word), kind): None for kind, words in by_kind for word in words}
    return tuple(Coverage(gene=gene, kind=kind) for gene, kind in found if isinstance(gene, FgfrGene))


def _specimen(report: lab_report.LabReport) -> Specimen:
    given = report.specimen
    kind = given.kind
    if kind is SpecimenKind.UNKNOWN and any(assay.method == "ctdna_panel" for assay in report.assays):
        kind = SpecimenKind.PLASMA
    return Specimen(
        id="sp1",
        kind=kind,
        collected=None if given.collected is None else given.collected.isoformat(),
        tumor_content=given.tumor_content,
        ploidy=given.ploidy,
        before_fgfr_inhibitor=given.before_fgfr_inhibitor,
    )


def _clinical(report: lab_report.LabReport) -> dict[str, Any]:
    """Return the clinical facts that the report states, under the keys of the closed list."""
    patient, clinical = report.patient, report.clinical
    months = patient.age_months
    if months is None and patient.age_years is not None:
        months = patient.age_years * _MONTHS_PER_YEAR
    facts = {
        "age_months": months,
        "sex": None if patient.sex == "unknown" else patient.sex,
        "prior_fgfr_inhibitor": report.prior_fgfr_inhibitor,
        **msgspec.to_builtins(clinical),
    }
    facts["extent"] = clinical.extent or _EXTENTS.get(report.tumor_type.stage)
    return {
        key: str(value) if isinstance(value, Extent) else value for key, value in facts.items() if value is not None
    }
