"""Reading of phenopackets: genomic interpretations -> short variants; diseases, age and sex of the subject."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from fgfr_screen.model import Assay, Call, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    MONTHS_PER_YEAR,
    Entries,
    GenomicAllele,
    Said,
    Setting,
    Told,
    evidence_from_calls,
    genomic_allele,
    may_mean_fgfr,
    on_stated_assembly,
    receptor_told,
    short_variant,
    stated_assembly,
    with_receptors_told,
)
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.terms import CallStatus, Origin

FORMAT = "phenopacket"
_ACHONDROPLASIA = ("MONDO:0007037", "OMIM:100800")
_STATUSES = {
    "CAUSATIVE": CallStatus.PRESENT,
    "CONTRIBUTORY": CallStatus.PRESENT,
    "CANDIDATE": CallStatus.INDETERMINATE,
    "UNKNOWN_STATUS": CallStatus.INDETERMINATE,
    "REJECTED": CallStatus.ABSENT,
}
_SEXES = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other"}
_AGE = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:\d+W)?(?:\d+D)?(?:T.*)?")


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one phenopacket; of a family, the proband's.

    Raises:
        MalformedFileError: It is not strict JSON, not of the form, or of version 1.
    """
    document = JsonReport(opened)
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        root = document.root.get("proband") or document.root
        for packet in (document.root, root):
            version = _get(_get(packet, "metaData"), "phenopacketSchemaVersion")
            if version:  # version 1 has its variants at another place, where none would be found
                document.check_version(version, "2", "phenopacket")
        stated = stated_assembly(None, options.assembly, opened.path, "vcfRecord.genomeAssembly")
        is_tumor = any(_stated_tumor(sample) for sample in root.items("biosamples"))
        setting = Setting(assembly=stated.name, assay="as1", specimen="sp1")
        diseases = list(_diseases(root))
        origin = Origin.UNKNOWN if is_tumor else Origin.GERMLINE
        for interpretation in root.items("interpretations"):
            for entry in _get(interpretation.get("diagnosis"), "genomicInterpretations").items():
                said = Said(origin=origin, status=_status(entry))
                words = with_receptors_told(entry.strings(), partial(_told, entry, setting))
                entries.read(entry.place, words, partial(_variant, entry, setting, said))
        labels = [label for _, label in diseases if label]
        clinical = _clinical(root.get("subject"), [key for key, _ in diseases])
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            findings=document.findings,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(Assay(id="as1", source="report", specimen="sp1", is_germline=not is_tumor),),
        specimens=(Specimen(id="sp1"),),
        tumor_type_text=labels[0] if labels else None,
        clinical=clinical,
    )


def _get(node: Node, camel: str) -> Node:
    """Return the value at a key in camel case or snake case."""
    return node.get(camel, re.sub(r"(?<=[a-z])([A-Z])", r"_\1", camel).lower())


def _stated_tumor(sample: Node) -> bool:
    return any(bool(_get(sample, key)) for key in ("tumorProgression", "tumorGrade", "histologicalDiagnosis"))


def _diseases(root: Node) -> Iterable[tuple[str, str | None]]:
    """Yield id and label of every disease that is stated and not excluded, those of solved interpretations first."""
    for interpretation in root.items("interpretations"):
        disease = interpretation.get("diagnosis").get("disease")
        is_open = (_get(interpretation, "progressStatus").text() or "").upper() in ("UNSOLVED", "IN_PROGRESS")
        if disease and not is_open:
            yield (disease.text("id") or "").upper(), disease.text("label")
    for entry in root.items("diseases"):
        if not entry.flag("excluded"):
            term = entry.get("term")
            yield (term.text("id") or "").upper(), term.text("label")


def _clinical(subject: Node, diseases: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    found = _get(subject, "timeAtLastEncounter")
    iso = found.get("age").text("iso8601duration", "iso8601_duration") if found else None
    age = _AGE.fullmatch(iso or "")
    if iso and age is not None and (age[1] or age[2]):
        facts["age_months"] = int(age[1] or 0) * MONTHS_PER_YEAR + int(age[2] or 0)
    sex = _SEXES.get((subject.text("sex") or "").upper())
    if sex is not None:
        facts["sex"] = sex
    if any(one in _ACHONDROPLASIA for one in diseases):
        facts["clinical_achondroplasia"] = True
    return facts


def _status(entry: Node) -> CallStatus:
    word = (_get(entry, "interpretationStatus").text() or "UNKNOWN_STATUS").upper()
    return _STATUSES.get(word, CallStatus.INDETERMINATE)


class _Change(NamedTuple):
    """What a descriptor tells of a change: the setting on its assembly, its allele, texts by syntax (`hgvs.c`)."""

    setting: Setting
    contig: str | None
    pos: int | None
    ref: str | None
    alt: str | None
    texts: dict[str, str | None]


def _descriptor(entry: Node) -> Node:
    return _get(_get(entry, "variantInterpretation"), "variationDescriptor")


def _change(descriptor: Node, setting: Setting) -> _Change:
    """Read the VCF record of a descriptor, else an expression in genomic coordinates.

    Raises:
        EntryError: The assembly is hg18 or T2T-CHM13, or a value is of another type.
    """
    record = _get(descriptor, "vcfRecord")
    texts = {(one.text("syntax") or "").lower(): one.text("value") for one in descriptor.items("expressions")}
    local = on_stated_assembly(setting, _get(record, "genomeAssembly").text())
    if record:
        return _Change(
            local, record.text("chrom"), record.integer("pos"), record.text("ref"), record.text("alt"), texts
        )
    alleles: Iterable[GenomicAllele | None] = map(genomic_allele, texts.values())
    found = next(filter(None, alleles), None)
    if found is None:
        return _Change(local, None, None, None, None, texts)
    local = structs.replace(local, assembly=found.assembly or local.assembly)
    return _Change(local, found.contig, found.start, found.ref, found.alt, texts)


def _described(texts: dict[str, str | None], level: str) -> str | None:
    """Return the HGVS text of a level (`c`, `p`), also one whose syntax is called otherwise."""
    others = (text for text in texts.values() if text is not None and f":{level}." in text)
    return texts.get(f"hgvs.{level}") or next(others, None)


def _told(entry: Node, setting: Setting) -> Told:
    change = _change(_descriptor(entry), setting)
    return Told(change.setting.assembly, change.contig, change.pos, change.pos, tuple(change.texts.values()))


def _variant(entry: Node, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    descriptor = _descriptor(entry)
    context = _get(descriptor, "geneContext")
    symbol, hgnc_id = context.text("symbol"), _get(context, "valueId").text()
    given = receptor_told(symbol, hgnc_id, partial(_told, entry, setting))
    if given is None:
        if symbol is None and any(may_mean_fgfr(word) for word in entry.strings()):
            raise EntryError("ENTRY_NOT_UNDERSTOOD", "the variant names FGFR1-3 outside of its gene context")
        return ()
    change = _change(descriptor, setting)
    word = _get(_get(entry, "variantInterpretation"), "acmgPathogenicityClassification").text()
    call = short_variant(
        change.setting,
        source,
        given,
        structs.replace(said, text=word),
        contig=change.contig,
        pos=change.pos,
        ref=change.ref,
        alt=change.alt,
        hgvs_c=_described(change.texts, "c"),
        hgvs_p=_described(change.texts, "p"),
    )
    return (call,)
