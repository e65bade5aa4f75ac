"""Reading of DNPM records: every NGS report -> an assay and its calls; diagnosis, specimens, age and sex."""

import contextlib
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from msgspec import structs

from fgfr_screen import genes
from fgfr_screen.model import Assay, Call, Finding, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    MONTHS_PER_YEAR,
    Entries,
    GeneWord,
    Said,
    Setting,
    Side,
    Told,
    copy_number,
    date_of,
    evidence_from_calls,
    fraction,
    gene_word,
    one_or_none,
    rearrangement,
    receptor_told,
    short_variant,
    stated_assembly,
    tumor_text,
    with_receptors_told,
)
from fgfr_screen.readers._report_gate import is_other_gene, search_by
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import EntryError, contig_of, digits_of
from fgfr_screen.reference import fgfr_transcript
from fgfr_screen.terms import Assembly, DeclaredCopyNumber, DeclaredStructure, FgfrGene, GeneOrder, Molecule

FORMAT = "dnpm"
_COPY_WORDS = {
    "low-level-gain": DeclaredCopyNumber.GAIN,
    "high-level-gain": DeclaredCopyNumber.GAIN,
    "loss": DeclaredCopyNumber.LOSS,
}
_SEXES = {"male": "male", "female": "female", "other": "other"}
_AGE_UNITS = {"years": MONTHS_PER_YEAR, "months": 1}


class _Segment(NamedTuple):
    """Where copies were counted: contig, first and last base, 1-based closed; None = not given."""

    contig: str | None
    start: int | None
    end: int | None


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
        undated = dict.fromkeys(told for one in root.items("specimens") for told in _collected(one)[1])
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
            findings=(*document.findings, *undated),
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


def _collected(node: Node) -> tuple[str | None, tuple[Finding, ...]]:
    return date_of(node.get("collection").text("date"))


def _specimen(node: Node, own_id: str, contents: dict[str, float]) -> Specimen:
    return Specimen(id=own_id, collected=_collected(node)[0], tumor_content=contents.get(own_id))


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
    for entry in entries.left_of(results.get("simpleVariants"), search_by(_is_of_other_gene)):
        words = with_receptors_told(entry.strings(), partial(_told, entry, dna))
        entries.read(entry.place, words, partial(_short, entry, dna))
    for name, make, local in (
        ("copyNumberVariants", _copies, dna),
        ("dnaFusions", _fusion, dna),
        ("rnaFusions", _fusion, rna),
    ):
        for entry in results.items(name):
            entries.read(entry.place, _words(entry), partial(make, entry, local))


def _is_of_other_gene(entry: Any) -> bool:
    """Tell whether a plain short variant is surely of another gene."""
    gene = entry.get("gene") if isinstance(entry, dict) else None
    return isinstance(gene, dict) and is_other_gene(gene.get("display"), gene.get("code"))


def _words(entry: Node) -> Iterable[str]:
    """Yield the texts of an entry, and the receptor that a segment of it may cover."""
    yield from entry.strings()
    with contextlib.suppress(EntryError):
        segment = _segment(entry)
        yield from (receptor.value for receptor in FgfrGene for one in Assembly if _is_over(receptor, one, segment))


def _chromosome(node: Node) -> str | None:
    return _word(node.get("chromosome"), "code")


def _word(node: Node, *keys: str) -> str | None:
    """Return a text that is given as it is, or under a key of an object."""
    return node.text(*keys) if isinstance(node.value, dict) else node.text()


def _short(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    named = entry.get("gene")
    gene = receptor_told(named.text("display"), named.text("code"), partial(_told, entry, setting))
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
        transcript=_word(entry.get("transcriptId"), "value", "code"),
        depth=entry.integer("readDepth"),
    )
    return (call,)


def _told(entry: Node, setting: Setting) -> Told:
    place = entry.get("position")
    names = (_word(entry.get("transcriptId"), "value", "code"), entry.text("dnaChange"), entry.text("proteinChange"))
    return Told(setting.assembly, _chromosome(entry), place.integer("start"), place.integer("end"), names)


def _copies(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    """Make one call per FGFR gene that is named as affected, else lies in the segment.

    Genes of `copyNumberNeutralLoH` have no copy-number change.
    """
    kind = entry.get("type").text("code")
    contig, start, end = segment = _segment(entry)
    affected = [_gene(named) for named in entry.items("reportedAffectedGenes")]
    named = [gene for gene in affected if gene is not None and gene.receptor is not None]
    for gene in named or _covered(entry, setting.assembly, segment):
        yield copy_number(
            setting,
            source,
            gene,
            Said(text=kind),
            value=entry.number("totalCopyNumber"),
            contig=contig,
            start=start,
            end=end,
            declared=_COPY_WORDS.get(kind or "", DeclaredCopyNumber.UNKNOWN),
        )


def _gene(node: Node) -> GeneWord | None:
    return gene_word(node.text("display"), node.text("code"))


def _segment(entry: Node) -> _Segment:
    start, end = entry.get("startRange").integer("start"), entry.get("endRange").integer("end", "start")
    return _Segment(contig_of(_chromosome(entry)), start, end)


def _is_over(receptor: FgfrGene, assembly: Assembly, segment: _Segment) -> bool:
    """Tell whether a segment covers a base of the gene."""
    if segment.start is None or segment.end is None:
        return False
    gene = fgfr_transcript(assembly, receptor)
    return segment.contig == gene.contig and segment.start <= gene.tx_end and gene.tx_start <= segment.end


def _covered(entry: Node, assembly: Assembly | None, segment: _Segment) -> Iterable[GeneWord]:
    """Return the receptor that a segment covers and that is not told to be neutral.

    Raises:
        EntryError: One assembly has a receptor there, the other has not, and which one counts is not known.
    """
    neutral = {gene.receptor for named in entry.items("copyNumberNeutralLoH") if (gene := _gene(named)) is not None}
    for receptor in FgfrGene:
        fits = [one for one in Assembly if _is_over(receptor, one, segment)]
        if not fits or receptor in neutral:
            continue
        if assembly in fits or len(fits) == len(Assembly):
            yield GeneWord(word=receptor.value, receptor=receptor)
        elif assembly is None:
            raise EntryError(
                "ASSEMBLY_UNKNOWN", "the segment covers FGFR1-3 on one assembly, and the build is not known"
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
    transcript = _word(node.get("transcriptId"), "value", "code")
    gene = _gene(node.get("gene"))
    if gene is None and transcript is not None and genes.is_identifier(transcript):
        gene = gene_word(transcript)
    contig = _chromosome(node)
    pos = node.integer("position") if contig is not None else None
    exon = digits_of(node.text("exonId"))
    return Side(
        gene=gene,
        contig=contig,
        pos=pos,
        transcript=transcript if setting.molecule is Molecule.RNA else None,
        exon=exon if pos is None else None,
    )
