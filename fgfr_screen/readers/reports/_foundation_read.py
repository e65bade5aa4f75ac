"""Reading of Foundation Medicine reports: document -> parts -> calls, assay, specimen, tumour type.

Names, birth date, record and report numbers, physicians and free pathology text are never taken. A part that is missing
is no error; a report with neither variants nor alterations is.
"""

import re
from collections.abc import Callable, Iterator

from fgfr_screen.errors import MalformedFileError, SampleColumnError
from fgfr_screen.model import (
    Assay,
    AssemblyEvidence,
    Call,
    Finding,
    InputContent,
    Record,
    Source,
    Specimen,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import date_of
from fgfr_screen.readers._report_parts import Account, EntryError, fraction_of
from fgfr_screen.readers._xml import Element, parse_xml
from fgfr_screen.readers.reports import _foundation_calls as to_call
from fgfr_screen.readers.reports._foundation_calls import LAB, Setting
from fgfr_screen.terms import AssayQc, Assembly, Molecule, SpecimenKind

FORMAT = "foundation-xml"
_MAJOR_VERSION = "2"
_VERSIONS = re.compile(r"(?:ResultsReport\.|variant-report-external-)(\d+)\.(\d+)\.xsd")
_QC = {"pass": AssayQc.PASS, "qualified": AssayQc.QUALIFIED, "fail": AssayQc.FAIL}
_LISTS: tuple[tuple[str, str, Callable[[Element, Source, Setting], Call | None]], ...] = (
    ("short-variants", "short-variant", to_call.short_variant),
    ("copy-number-alterations", "copy-number-alteration", to_call.copy_number),
    ("rearrangements", "rearrangement", to_call.rearrangement),
)


class _Parts(Record, frozen=True, kw_only=True):
    """The parts of one report; None = missing."""

    variants: Element | None
    final: Element | None


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is no sound XML, has a document type, another major version, or no result part.
        SampleColumnError: It holds several reports.
    """
    root = parse_xml(opened)
    _check_version(root, opened.path)
    parts = _parts(root, opened.path)
    setting = _setting(parts, options)
    account = Account(opened.id)
    for place, entry, take in _entries(parts):
        _take(account, Source(input=opened.id, line=entry.line, place=place), entry, take, setting)
    counts = account.counts()
    collected, undated = date_of(parts.final.text_of("CollDate") if parts.final is not None else None)
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=_assembly_evidence(account, setting, options),
            accounting=counts,
            caller=LAB,
            findings=(*_findings(setting), *undated),
        ),
        calls=tuple(account.calls),
        rejected=tuple(account.rejected),
        accounting=counts,
        assays=(_assay(parts, setting),),
        specimens=(_specimen(parts, setting, collected),),
        tumor_type_text=_tumor_type(parts),
        clinical=_clinical(parts),
        purity=setting.purity,
    )


def _check_version(root: Element, path: str) -> None:
    for element in (root, *root.all("variant-report")):
        for major, minor in _VERSIONS.findall(element.get("schemaLocation") or ""):
            if major != _MAJOR_VERSION:
                raise MalformedFileError(
                    f"the report has schema version {major}.{minor}; this program reads version {_MAJOR_VERSION}",
                    remedy="ask for the report in schema 2.x, or use a newer program",
                    path=path,
                    line=element.line,
                    code="UNKNOWN_SCHEMA_VERSION",
                )


def _parts(root: Element, path: str) -> _Parts:
    variants, final = (
        [root, *root.all(name)] if root.name == name else list(root.all(name))
        for name in ("variant-report", "FinalReport")
    )
    for several in (variants, final):
        if len(several) > 1:
            reason = f"the document holds {len(several)} reports"
            remedy = "give each report as a file of its own"
            raise SampleColumnError(reason, remedy=remedy, path=path, line=several[1].line, code="SAMPLE_CHOICE")
    if not variants and not final:
        reason = "the document has neither variant-report nor FinalReport"
        raise MalformedFileError(reason, remedy="ask for the complete report", path=path, code="REPORT_INCOMPLETE")
    return _Parts(variants=variants[0] if variants else None, final=final[0] if final else None)


def _setting(parts: _Parts, options: ReadOptions) -> Setting:
    variants = parts.variants
    kinds = {(sample.get("nucleic-acid-type") or "").upper() for sample in (variants.all("sample") if variants else ())}
    content = None
    if variants is not None:
        content = fraction_of(variants.get("purity-assessment", "percent-tumor-nuclei"), percent=True)
    signed = parts.final is None or any(signature.children for signature in parts.final.all("Signature"))
    return Setting(
        assembly=options.assembly or Assembly.GRCH37,
        molecule=Molecule(kinds.pop()) if kinds in ({"DNA"}, {"RNA"}) else None,
        is_signed_out=signed,
        purity=content or None,
    )


# ------------------------------------------------------------------------------------------------------------ entries

_Take = Callable[[Element, Source, Setting], Call | None]


def _entries(parts: _Parts) -> Iterator[tuple[str, Element, _Take]]:
    """Yield every entry with its path and what reads it; the text part counts only where there is no variant part."""
    if parts.variants is not None:
        for group, name, take in _LISTS:
            for index, entry in enumerate(parts.variants.all(name)):
                yield f"$.{group}[{index}]", entry, take
    elif parts.final is not None:
        yield from _narrative(parts.final)
    if parts.final is not None:
        groups = parts.final.all("PertinentNegative", stop="PertinentNegative")
        negatives = (gene for group in groups for gene in group.all("Gene"))
        for index, gene in enumerate(negatives):
            yield f"$.PertinentNegatives[{index}]", gene, to_call.negative


def _narrative(final: Element) -> Iterator[tuple[str, Element, _Take]]:
    """Yield reported alterations and the list of variants of unknown significance."""
    for at, gene in enumerate(one for group in final.all("Genes") for one in group.children if one.name == "Gene"):
        word = next((child.text for child in gene.children if child.name == "Name"), "")
        for index, alteration in enumerate(gene.all("Alteration", stop="Gene")):
            name = next((child.text for child in alteration.children if child.name == "Name"), "")
            if name:
                flags = alteration.first("AlterationProperty", stop="Alteration")
                yield f"$.Genes[{at}].Alterations[{index}]", alteration, _narrator(word, name, flags)
    for index, entry in enumerate(final.all("VariantProperty")):
        variant = entry.get("variantName")
        if variant is not None and (entry.get("isVUS") or "").lower() == "true":
            yield f"$.VariantProperties[{index}]", entry, _narrator(entry.get("geneName") or "", variant, None)


def _narrator(word: str, name: str, flags: Element | None) -> _Take:
    return lambda _, source, setting: to_call.narrative(word, name, flags, source, setting)


def _take(account: Account, source: Source, entry: Element, take: _Take, setting: Setting) -> None:
    try:
        account.add(take(entry, source, setting))
    except EntryError as error:
        # Only entries that may be about FGFR1-3 are refused; all others are passed over unread.
        account.reject(source.line, error, touches_fgfr=True, place=source.place)


# ------------------------------------------------------------------------------------------------------ whole report


def _assembly_evidence(account: Account, setting: Setting, options: ReadOptions) -> AssemblyEvidence:
    if options.assembly is not None:
        return AssemblyEvidence(name=options.assembly, source="option", evidence=(f"the user says {options.assembly}",))
    facts = ["reports of this laboratory are on hg19 and do not say so"]
    placed = [call for call in account.calls if call.assembly is not None]
    agree = sum(call.assembly is setting.assembly for call in placed)
    if placed:
        facts.append(f"{agree} of {len(placed)} FGFR positions lie where {setting.assembly} has the gene")
    return AssemblyEvidence(name=setting.assembly, source="format", evidence=tuple(facts))


def _findings(setting: Setting) -> tuple[Finding, ...]:
    if setting.is_signed_out:
        return ()
    message = "the report bears no signature: its words do not count as declared by the laboratory"
    return (Finding(code="REPORT_NOT_SIGNED", message=message),)


def _assay(parts: _Parts, setting: Setting) -> Assay:
    name = _test_name(parts)
    control = parts.variants.first("quality-control") if parts.variants is not None else None
    status = (control.get("status") or "").lower() if control is not None else ""
    return Assay(
        id="as1",
        source="report",
        name=name,
        molecule=setting.molecule,
        qc=_QC.get(status, AssayQc.UNKNOWN),
        specimen="sp1",
        has_matched_normal=False,
    )


def _test_name(parts: _Parts) -> str | None:
    name = parts.final.text_of("TestType") if parts.final is not None else None
    if name is None and parts.variants is not None:
        name = parts.variants.get("test-type")
    return None if name is None else name[:80]


def _specimen(parts: _Parts, setting: Setting, collected: str | None) -> Specimen:
    site = (parts.final.text_of("SpecSite") or "").lower() if parts.final is not None else ""
    kind = SpecimenKind.BLOOD if site == "blood" else SpecimenKind.UNKNOWN
    if "liquid" in (_test_name(parts) or "").lower():
        kind = SpecimenKind.PLASMA
    return Specimen(id="sp1", kind=kind, collected=collected, tumor_content=setting.purity)


def _tumor_type(parts: _Parts) -> str | None:
    """Return the diagnosis: the vendor's label, else the submitted one, else the organ."""
    variants, final = parts.variants, parts.final
    texts = [
        variants.get("disease-ontology") if variants is not None else None,
        final.text_of("SubmittedDiagnosis") if final is not None else None,
        variants.get("disease") if variants is not None else None,
    ]
    text = next((text for text in texts if text), None)
    return None if text is None else text[:120]


def _clinical(parts: _Parts) -> dict[str, str]:
    sex = (parts.variants.get("gender") or "").lower() if parts.variants is not None else ""
    return {"sex": sex} if sex in ("female", "male") else {}
