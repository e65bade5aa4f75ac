"""Reading of DNPM records: every NGS report -> an assay and its calls; diagnosis, specimens, age and sex."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from msgspec import structs

from fgfr_screen.model import Assay, Call, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    MONTHS_PER_YEAR,
    Entries,
    Said,
    Setting,
    Side,
    copy_number,
    evidence_from_calls,
    fraction,
    gene_word,
    one_or_none,
    rearrangement,
    receptor_of,
    short_variant,
    stated_assembly,
    tumor_text,
)
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.terms import DeclaredCopyNumber, DeclaredStructure, GeneOrder, Molecule

FORMAT = "dnpm"
_COPY_WORDS = {
    "low-level-gain": DeclaredCopyNumber.GAIN,
    "high-level-gain": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
}
_SEXES = {"male": "male", "female": "female", "other": "other"}
_AGE_UNITS = {"years": MONTHS_PER_YEAR, "months": 1}


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one record.

    Raises:
        MalformedFileError: It is not strict JSON or not of the form.
        AssemblyError: It states hg18 or T2T, or contradicts the user.
    """
    document = JsonReport(opened)
    root = document.root
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        specimens = {one.text("id") or "": f"sp{at}" for at, one in enumerate(root.items("specimens"), start=1)}
        contents = _tumor_contents(root, specimens)
        found = tuple(_specimen(one, f"sp{at}", contents) for at, one in enumerate(root.items("specimens"), start=1))
        reports = root.items("ngsReports")
        builds = [meta.text("referenceGenome") for report in reports for meta in report.items("metadata")]
        words = ", ".join(dict.fromkeys(word for word in builds if word))
        stated = stated_assembly(words or None, options.assembly, opened.path, "metadata.referenceGenome")
        assays = []
        for at, report in enumerate(reports, start=1):
            named = specimens.get(report.get("specimen").text("id") or "")
            setting = Setting(
                assembly=stated.name,
                assay=f"as{at}",
                specimen=named,
                is_signed_out=report.text("issuedOn") is not None,
                purity=contents.get(named or ""),
            )
            kind = report.get("type").text("display", "code")
            assays.append(Assay(id=f"as{at}", source="report", name=kind, specimen=named))
            _results(report.get("results"), entries, setting)
        tumor = _tumor(root.items("diagnoses"))
        clinical = _clinical(root.get("patient"))
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
        assays=tuple(assays),
        specimens=found,
        tumor_type_text=tumor,
        clinical=clinical,
    )


# ------------------------------------------------------------------------------------------------- patient, specimens


def _tumor_contents(root: Node, specimens: dict[str, str]) -> dict[str, float]:
    """Return the tumour content, 0 to 1, by our specimen id."""
    found = {}
    for report in root.items("ngsReports"):
        content = report.at("results", "tumorCellContent")
        named = specimens.get(report.get("specimen").text("id") or "")
        value = fraction(content.number("value")) if content else None
        if named is not None and value is not None:
            found[named] = value
    return found


def _specimen(node: Node, own_id: str, contents: dict[str, float]) -> Specimen:
    return Specimen(id=own_id, collected=node.get("collection").text("date"), tumor_content=contents.get(own_id))


def _tumor(diagnoses: list[Node]) -> str | None:
    main = [
        one for one in diagnoses if any(v.get("value").text("code") == "main" for v in one.get("type").items("history"))
    ]
    for diagnosis in (*main, *diagnoses):
        code = diagnosis.get("code")
        found = tumor_text(code.text("display"), code.text("code"))
        if found is not None:
            return found
    return None


def _clinical(patient: Node) -> dict[str, Any]:
    sex = _SEXES.get((patient.get("gender").text("code") or "").lower())
    age = patient.get("age")
    per_unit = _AGE_UNITS.get((age.text("unit") or "").lower())
    value = age.number("value")
    months = value * per_unit if value is not None and per_unit is not None else None
    return {key: fact for key, fact in (("age_months", months), ("sex", sex)) if fact is not None}


# ------------------------------------------------------------------------------------------------------------ results


def _results(results: Node, entries: Entries, setting: Setting) -> None:
    dna = structs.replace(setting, molecule=Molecule.DNA)
    rna = structs.replace(setting, molecule=Molecule.RNA)
    for name, make, local in (
        ("simpleVariants", _short, dna),
        ("copyNumberVariants", _copies, dna),
        ("dnaFusions", _fusion, dna),
        ("rnaFusions", _fusion, rna),
    ):
        for entry in results.items(name):
            entries.read(entry.place, entry.strings(), partial(make, entry, local))


def _chromosome(node: Node) -> str | None:
    value = node.get("chromosome")
    return value.text("code") if isinstance(value.value, dict) else value.text()


def _short(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_of(entry.get("gene").text("display"), entry.get("gene").text("code"))
    if gene is None:
        return ()
    call = short_variant(
        setting,
        source,
        gene,
        Said(vaf=fraction(entry.number("allelicFrequency")), text=entry.get("interpretation").text("display")),
        contig=_chromosome(entry),
        pos=entry.get("position").integer("start"),
        ref=entry.text("refAllele"),
        alt=entry.text("altAllele"),
        hgvs_c=entry.text("dnaChange"),
        hgvs_p=entry.text("proteinChange"),
        transcript=entry.get("transcriptId").text("value"),
        depth=entry.integer("readDepth"),
    )
    return (call,)


def _copies(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    """Make one call per affected FGFR gene; genes of `copyNumberNeutralLoH` have no copy-number change."""
    kind = entry.get("type").text("code")
    said = Said(text=kind)
    for named in entry.items("reportedAffectedGenes"):
        gene = receptor_of(named.text("display"), named.text("code"))
        if gene is None:
            continue
        yield copy_number(
            setting,
            source,
            gene,
            said,
            value=entry.number("totalCopyNumber"),
            contig=_chromosome(entry),
            start=entry.get("startRange").integer("start"),
            end=entry.get("endRange").integer("end", "start"),
            declared=_COPY_WORDS.get(kind or "", DeclaredCopyNumber.UNKNOWN),
        )


def _fusion(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    five, three = (_partner(entry.get(f"fusionPartner{end}prime"), setting) for end in (5, 3))
    call = rearrangement(
        setting,
        source,
        five,
        three,
        Said(),
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
        split_reads=entry.integer("reportedNumReads"),
    )
    return one_or_none(call)


def _partner(node: Node, setting: Setting) -> Side:
    gene = gene_word(node.get("gene").text("display"), node.get("gene").text("code"))
    contig = _chromosome(node)
    pos = node.integer("position") if contig is not None else None
    exon = node.text("exonId")
    return Side(
        gene=gene,
        contig=contig,
        pos=pos,
        transcript=node.get("transcriptId").text("value") if setting.molecule is Molecule.RNA else None,
        exon=int(exon) if exon is not None and exon.isdecimal() and pos is None else None,
    )
