"""Reading of IPR content: structural, copy-number and small variants -> calls; diagnosis."""

from collections.abc import Iterable
from functools import partial

from msgspec import structs

from fgfr_screen.model import Assay, Call, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    GeneWord,
    Said,
    Setting,
    Side,
    Told,
    assembly_of_entry,
    copy_number,
    evidence_from_calls,
    fraction_of_percent,
    gene_word,
    has_no_reads,
    one_or_none,
    place_of,
    rearrangement,
    receptor_of,
    receptor_told,
    short_variant,
    stated_assembly,
    tumor_text,
    with_receptors_told,
)
from fgfr_screen.readers._report_gate import search_by_gene
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.terms import Assembly, DeclaredCopyNumber, DeclaredStructure, Frame, GeneOrder, Molecule, Origin

FORMAT = "ipr"
_CALLER = "IPR"
_COPY_WORDS = {
    "amplification": DeclaredCopyNumber.AMPLIFICATION,
    "low level copy gain": DeclaredCopyNumber.GAIN,
    "shallow deletion": DeclaredCopyNumber.LOSS,
    "deep deletion": DeclaredCopyNumber.HOMOZYGOUS_DELETION,
}
_FRAMES = {
    "in-frame": Frame.IN_FRAME,
    "in frame": Frame.IN_FRAME,
    "frame-shift": Frame.OUT_OF_FRAME,
    "frameshift": Frame.OUT_OF_FRAME,
    "out of frame": Frame.OUT_OF_FRAME,
}
_EVENTS = {
    "fusion": DeclaredStructure.FUSION,
    "gene fusion": DeclaredStructure.FUSION,
    "inversion": DeclaredStructure.INVERSION,
}
_entries_left = search_by_gene("gene")
_PLOIDIES = {"haploid": 1.0, "diploid": 2.0, "triploid": 3.0, "tetraploid": 4.0}


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one upload.

    Raises:
        MalformedFileError: It is not strict JSON or not of the form.
    """
    document = JsonReport(opened)
    root = document.root
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        stated = stated_assembly(None, options.assembly, opened.path, "ncbiBuild")
        builds = {entry.text("ncbiBuild") for entry in root.items("smallMutations")} - {None}
        shared = assembly_of_entry(builds.pop(), stated.name) if len(builds) == 1 else stated.name
        ploidy = _PLOIDIES.get((root.text("ploidy") or "").lower())
        setting = Setting(
            lab=_CALLER,
            assembly=shared,
            assay="as1",
            specimen="sp1",
            ploidy=ploidy,
            purity=fraction_of_percent(root.number("tumourContent")),
        )
        for entry in root.items("structuralVariants"):
            entries.read(entry.place, entry.strings(), partial(_structure, entry, setting))
        for name, make in (("copyVariants", _copies), ("smallMutations", _short)):
            for entry in entries.left_of(root.get(name), _entries_left):
                words = with_receptors_told(entry.strings(), partial(_told, entry, setting))
                entries.read(entry.place, words, partial(make, entry, setting))
        patient = root.get("patientInformation")
        tumor = tumor_text(patient.text("diagnosis")) or tumor_text(root.text("kbDiseaseMatch"))
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            caller=_CALLER,
            findings=document.findings,
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(Assay(id="as1", source="report", name=_CALLER, specimen="sp1"),),
        specimens=(Specimen(id="sp1", tumor_content=setting.purity, ploidy=ploidy),),
        tumor_type_text=tumor,
        purity=setting.purity,
        ploidy=ploidy,
    )


def _origin(entry: Node) -> Origin:
    is_germline = entry.flag("germline")
    return Origin.UNKNOWN if is_germline is None else Origin.GERMLINE if is_germline else Origin.SOMATIC


def _structure(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    genes = [gene_word(entry.text("gene1")), gene_word(entry.text("gene2"))]
    places = (entry.text("breakpoint") or "").split("|")
    if len(places) not in (1, 2):
        raise EntryError("BAD_POSITION", "breakpoint is not two places joined with |")
    places += [""] * (2 - len(places))
    first, second = (
        _side(gene, place, entry.integer(f"exon{number}"))
        for number, (gene, place) in enumerate(zip(genes, places, strict=True), start=1)
    )
    detected = (entry.text("detectedIn") or "").upper()
    molecule = {"DNA": Molecule.DNA, "RNA": Molecule.RNA}.get(detected)
    both = genes[0] is not None and genes[1] is not None
    word = entry.text("eventType")
    call = rearrangement(
        structs.replace(setting, molecule=molecule),
        source,
        first,
        second if genes[1] is not None or second.pos is not None else None,
        Said(origin=_origin(entry), text=entry.text("conventionalName") or word),
        # A blank half is no gene; which half it is still tells the part of the other that stays.
        order=GeneOrder.ASSERTED,
        declared=_EVENTS.get(
            (word or "").lower(), DeclaredStructure.FUSION if both else DeclaredStructure.REARRANGEMENT
        ),
        frame=_FRAMES.get((entry.text("frame") or "").lower()),
        split_reads=entry.integer("tumourAltCount"),
    )
    return one_or_none(call)


def _side(gene: GeneWord | None, place: str, exon: int | None) -> Side:
    contig, pos, pos_end = place_of(place)
    return Side(gene=gene, contig=contig, pos=pos, pos_end=pos_end, exon=exon if pos is None else None)


def _copies(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_of(entry.text("gene"))
    if gene is None:
        return ()
    word = entry.text("kbCategory")
    call = copy_number(
        structs.replace(setting, molecule=Molecule.DNA),
        source,
        gene,
        Said(origin=_origin(entry), text=entry.text("cnvState") or word),
        value=entry.number("cna"),
        declared=_COPY_WORDS.get((word or "").lower()),
    )
    return (call,)


def _told(entry: Node, setting: Setting) -> Told:
    """Return what tells the gene of a small mutation; a copy variant has neither place nor transcript."""
    pos = entry.integer("startPosition")
    names = tuple(entry.text(key) for key in ("transcript", "hgvsCds", "hgvsProtein"))
    return Told(_assembly(entry, setting), entry.text("chromosome"), pos, pos, names)


def _assembly(entry: Node, setting: Setting) -> Assembly | None:
    return assembly_of_entry(entry.text("ncbiBuild"), setting.assembly)


def _short(entry: Node, setting: Setting, source: Source) -> Iterable[Call]:
    gene = receptor_told(entry.text("gene"), None, partial(_told, entry, setting))
    if gene is None:
        return ()
    reads, depth = entry.integer("tumourAltCount"), entry.integer("tumourDepth")
    if depth is None and reads is not None and entry.get("tumourRefCount"):
        depth = reads + (entry.integer("tumourRefCount") or 0)
    protein = entry.text("hgvsProtein") or entry.text("proteinChange")
    call = short_variant(
        structs.replace(setting, molecule=Molecule.DNA, assembly=_assembly(entry, setting)),
        source,
        gene,
        Said(
            origin=_origin(entry),
            vaf=reads / depth if reads is not None and depth and reads <= depth else None,
            no_support=has_no_reads(reads),
        ),
        contig=entry.text("chromosome"),
        pos=entry.integer("startPosition"),
        ref=entry.text("refSeq"),
        alt=entry.text("altSeq"),
        hgvs_c=entry.text("hgvsCds"),
        hgvs_p=protein,
        transcript=entry.text("transcript"),
        depth=depth,
    )
    return (call,)
