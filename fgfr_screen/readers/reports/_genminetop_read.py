"""Reading of GenMineTOP reports: items of alterations -> calls; specimen, diagnosis, age and sex."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from msgspec import structs

from fgfr_screen.model import Assay, Call, ExpressionCall, InputContent, Source, Specimen
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
    evidence_from_calls,
    fraction_of_percent,
    gene_word,
    may_mean_fgfr,
    names_another,
    one_or_none,
    place_of,
    rearrangement,
    receptor_beside,
    receptor_told,
    short_variant,
    stated_assembly,
    tumor_text,
    with_receptors_told,
)
from fgfr_screen.readers._report_json import Node, report_faults
from fgfr_screen.readers._report_parts import EntryError, digits_of
from fgfr_screen.readers.reports._report_xml import XmlReport
from fgfr_screen.terms import DeclaredCopyNumber, DeclaredStructure, Frame, GeneOrder, Molecule, Origin

FORMAT = "genminetop"
_LAB = "GenMineTOP"
_ORIGINS = {"somatic": Origin.SOMATIC, "germline": Origin.GERMLINE}
_FRAMES = {
    "in-frame": Frame.IN_FRAME,
    "inframe": Frame.IN_FRAME,
    "out-of-frame": Frame.OUT_OF_FRAME,
    "frameshift": Frame.OUT_OF_FRAME,
}
_SHORT = ("snv", "insertion", "deletion", "indel", "mnv", "substitution")


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one report.

    Raises:
        MalformedFileError: It is not safe XML, or not of the form.
        AssemblyError: It states hg18 or T2T, or contradicts the user.
    """
    document = XmlReport(opened)
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        report = document.root.get("report")
        result = report.get("result")
        stated = stated_assembly(result.text("reference-genome"), options.assembly, opened.path, "reference-genome")
        content = report.at("qc", "tumor-content")
        estimated = fraction_of_percent(content.get("estimated").number("value"))
        setting = Setting(
            lab=_LAB,
            assembly=stated.name,
            assay="as1",
            specimen="sp1",
            is_signed_out=report.get("date").text("reported") is not None,
            purity=estimated,
        )
        for item in result.get("alterations").items("item"):
            words = with_receptors_told(item.strings(), partial(_told, item, setting))
            entries.read(item.place, words, partial(_item, item, setting))
        counted = fraction_of_percent(content.get("nuclei").number("value"))
        specimen = Specimen(id="sp1", tumor_content=estimated if estimated is not None else counted)
        tumor = tumor_text(report.get("specimen").text("pathology"))
        clinical = _clinical(report.get("patient"))
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            caller=_LAB,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(Assay(id="as1", source="report", name=_LAB, specimen="sp1"),),
        specimens=(specimen,),
        tumor_type_text=tumor,
        clinical=clinical,
        purity=specimen.tumor_content,
    )


def _clinical(patient: Node) -> dict[str, Any]:
    sex = (patient.text("sex") or "").lower()
    years = patient.number("age")
    facts = {
        "age_months": None if years is None else years * MONTHS_PER_YEAR,
        "sex": sex if sex in ("female", "male", "other") else None,
    }
    return {key: fact for key, fact in facts.items() if fact is not None}


# -------------------------------------------------------------------------------------------------------------- items


def _item(item: Node, setting: Setting, source: Source) -> Iterable[Call]:
    kind = (item.text("type") or "").lower()
    said = Said(origin=_ORIGINS.get((item.text("origin") or "").lower(), Origin.UNKNOWN), text=kind or None)
    genes = _texts(item.get("gene"))
    if kind in ("fusion", "splicing-variant", "rearrangement"):
        return _structure(item, genes, kind, setting, said, source)
    gene = _gene(genes, partial(_told, item, setting))
    if gene is None:
        if len(genes) != 1 and any(may_mean_fgfr(word) for word in genes):
            raise EntryError("ENTRY_NOT_UNDERSTOOD", f"an item of type {kind!r} names several genes")
        return ()
    if kind == "expression":
        amount = item.text("tpm")
        call = ExpressionCall(
            source=source,
            caller=setting.lab,
            assay=setting.assay,
            specimen=setting.specimen,
            molecule=Molecule.RNA,
            reported_by_lab=setting.is_signed_out,
            text=None if amount is None else f"{amount} TPM",
            gene=gene.word,
            stain="RNA expression",
        )
        return (call,)
    dna = structs.replace(setting, molecule=Molecule.DNA)
    if kind.startswith("cnv"):
        contig, start, end = place_of(item.text("locus"))
        amplified = "amplification" in kind
        return (
            copy_number(
                dna,
                source,
                gene,
                said,
                value=item.number("num-copy"),
                contig=contig,
                start=start,
                end=end,
                declared=DeclaredCopyNumber.AMPLIFICATION if amplified else DeclaredCopyNumber.UNKNOWN,
            ),
        )
    if kind not in _SHORT:
        raise EntryError("ENTRY_NOT_UNDERSTOOD", f"the type {kind!r} of the item is not known")
    contig, pos, _ = place_of(item.text("locus"))
    call_of = short_variant(
        dna,
        source,
        gene,
        structs.replace(said, vaf=_share(item.text("allele-frequency"))),
        contig=contig,
        pos=pos,
        ref=item.text("ref"),
        alt=item.text("alt"),
        hgvs_c=item.text("coding-dna-alteration"),
        hgvs_p=item.text("protein-alteration"),
        transcript=item.text("transcript"),
    )
    return (call_of,)


def _gene(words: list[str], tell: Callable[[], Told]) -> GeneWord | None:
    """Return the receptor of an item of one gene, or of an item whose words name no known gene."""
    if len(words) == 1:
        return receptor_told(words[0], None, tell)
    return None if any(may_mean_fgfr(word) or names_another(word) for word in words) else receptor_beside(tell())


def _told(item: Node, setting: Setting) -> Told:
    names = tuple(item.text(key) for key in ("transcript", "coding-dna-alteration", "protein-alteration"))
    return Told(setting.assembly, *place_of(item.text("locus")), names)


def _texts(node: Node) -> list[str]:
    """Return the text of an element, or of its `item` children."""
    parts = [one.text() for one in _items(node.get("item"))] if isinstance(node.value, dict) else [node.text()]
    return [part for part in parts if part]


def _items(node: Node) -> list[Node]:
    return node.items() if isinstance(node.value, list) else ([node] if node else [])


def _share(text: str | None) -> float | None:
    """Read `201/634`, reads with the change of all reads, or a fraction."""
    if text is None:
        return None
    counts = [digits_of(part.strip()) for part in text.split("/", 2)]
    if len(counts) == 2 and counts[0] and counts[1] and counts[1] >= counts[0]:
        return counts[0] / counts[1]
    raise EntryError("REPORT_RANGE", "allele-frequency is not two counts such as 201/634")


def _structure(item: Node, genes: list[str], kind: str, setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    ends = item.get("breakpoint").items("item")
    rna = structs.replace(setting, molecule=Molecule.RNA)
    words = [end.text("gene") for end in ends] if len(ends) == 2 else []
    if not all(words) or len(words) != 2:
        words = list(genes)
    if len(words) == 1 and len(ends) == 2:
        words = words * 2
    if len(words) > 2 or not words:
        if any(may_mean_fgfr(word or "") for word in words):
            raise EntryError("ENTRY_NOT_UNDERSTOOD", "the item names more than two genes")
        return ()
    sides = [_side(word, ends[at] if len(ends) == len(words) else None) for at, word in enumerate(words)]
    is_fusion = kind == "fusion"
    call = rearrangement(
        rna,
        source,
        sides[0],
        sides[1] if len(sides) > 1 else None,
        said,
        order=GeneOrder.UNKNOWN if is_fusion else GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION if is_fusion else DeclaredStructure.EXON_SKIPPING,
        frame=_FRAMES.get((item.text("frame") or "").lower(), Frame.UNKNOWN) if item.get("frame") else None,
        split_reads=item.integer("num-reads"),
    )
    return one_or_none(call)


def _side(word: str | None, end: Node | None) -> Side:
    if end is None:
        return Side(gene=gene_word(word))
    contig, pos, _ = place_of(f"{end.text('chr')}:{end.text('pos')}") if end.get("pos") else (None, None, None)
    exon = end.integer("index") if end.text("region") == "exon" and pos is None else None
    return Side(gene=gene_word(word), contig=contig, pos=pos, transcript=end.text("transcript"), exon=exon)
