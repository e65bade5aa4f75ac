"""Substitutions and indels: genome, `c.` or `p.` text -> one normal form with HGVS and isoform numbers.

Three ways lead to the same facts. A genomic allele (VCF form) is moved to GRCh38, checked against our coding
sequence, trimmed and, inside a coding exon, shifted to the 3' end of the transcript (`alleles`). A `c.` text on any
isoform becomes such an allele. A `p.` text alone is mapped through the residue tables (`numbering`). Where several
descriptions are given, coordinates win over `c.`, `c.` over `p.`, and disagreement is told.

Introns and UTRs have no sequence here: what lies there is described as given.
"""

from collections.abc import Callable, Iterable

import msgspec

from fgfr_screen import coords, genes, isoforms
from fgfr_screen.annotate import alleles, numbering
from fgfr_screen.annotate.alleles import Allele, CodingEdit
from fgfr_screen.annotate.hgvs import (
    CodingChange,
    CodingKind,
    ProteinChange,
    ProteinKind,
    format_protein,
    parse_coding,
    parse_protein,
    split_accession,
)
from fgfr_screen.facts import ShortVariantFacts, same_change
from fgfr_screen.isoforms import Isoform, reverse_complement
from fgfr_screen.model import Finding, IsoformChange, Pos1, Record, ShortVariantCall
from fgfr_screen.terms import WITHOUT_PROTEIN_CHANGE, Assembly, Consequence, FgfrGene

__all__ = ["UnusableVariant", "annotate_short_variant", "same_change"]

# REF may hold masked bases; a new base that is not told leaves the protein open.
_BESIDE_CODING = (Consequence.UTR, Consequence.INTRONIC, Consequence.UPSTREAM, Consequence.DOWNSTREAM)
FLANK_BP = 100_000
"""Less than the shift of FGFR1 and FGFR2 between the assemblies, so that a wrong build is not taken for a flank."""
_REF_BASES = frozenset("ACGTN")
_ALT_BASES = frozenset("ACGT")


class UnusableVariant(Record, frozen=True, kw_only=True):
    """A short-variant call that cannot be used; becomes a `Rejected`. `gene` None = not in FGFR1-3."""

    code: str
    message: str
    gene: FgfrGene | None


class Description(Record, frozen=True, kw_only=True):
    """The three texts of a call that can describe a change, split into accession and rest."""

    accession: str | None
    coding: str | None
    protein: str | None


def annotate_short_variant(call: ShortVariantCall, assembly: Assembly | None) -> ShortVariantFacts | UnusableVariant:
    """Return the normal form of a call, or why it cannot be used.

    Args:
        call: Genomic allele (as in VCF), HGVS text, or both.
        assembly: Assembly of the coordinates; None = not known, then only the HGVS text is used.
    """
    texts = _description(call)
    given = tuple(text for text in (call.hgvs_c, call.hgvs_p) if text)
    if call.pos is not None and call.ref and call.alt and call.contig and assembly is not None:
        facts = _from_genome(call, assembly)
        if isinstance(facts, UnusableVariant) and facts.gene is None:
            facts = _from_name(call, texts, assembly, facts)
    elif texts.coding is not None:
        facts = _from_coding_or_protein(call, texts)
    elif texts.protein is not None:
        facts = _from_protein(call, texts)
    else:
        reason = "no readable genomic allele with a known assembly, c. or p. description"
        return UnusableVariant(code="NO_DESCRIPTION", message=reason, gene=genes.fgfr_gene(call.gene or ""))
    if isinstance(facts, UnusableVariant):
        return facts
    facts = _unless_silent(facts, call, texts)
    findings = (*facts.findings, *_disagreements(facts, call, texts), *_unread(call, texts))
    return msgspec.structs.replace(facts, given=given, findings=findings)


def _description(call: ShortVariantCall) -> Description:
    accession_c, coding = split_accession(call.hgvs_c) if call.hgvs_c else (None, None)
    accession_p, protein = split_accession(call.hgvs_p) if call.hgvs_p else (None, None)
    if protein and parse_protein(protein) is None and parse_coding(protein) is not None and not coding:
        coding, protein = protein, None  # laboratories print "splice site 2302-1G>T" in the protein column
    given = (name for name in (accession_c, accession_p, call.transcript) if name)
    known = [name for name in given if genes.is_identifier(name) or genes.fgfr_gene(name) is None]
    return Description(
        accession=known[0] if known else None,
        coding=coding if coding and parse_coding(coding) else None,
        protein=protein if protein and parse_protein(protein) else None,
    )


def _unread(call: ShortVariantCall, texts: Description) -> Iterable[Finding]:
    for text, read in ((call.hgvs_c, texts.coding), (call.hgvs_p, texts.protein)):
        silent = text is None or text.strip(" .()?=pc-") == "" or (texts.coding is not None and text == call.hgvs_p)
        if read is None and not silent:
            yield Finding(code="HGVS_UNREADABLE", message=f"the text {text!r} was not understood and not used")


def _disagreements(facts: ShortVariantFacts, call: ShortVariantCall, texts: Description) -> Iterable[Finding]:
    """Yield a finding for each given text that says another change than the one that was used."""
    by_genome = facts.genomic_key is not None and call.pos is not None
    if texts.coding is not None and by_genome:
        other = _from_coding(call, texts)
        if isinstance(other, UnusableVariant) or not same_change(facts, other):
            yield _conflict(call.hgvs_c or texts.coding, facts)
    if texts.protein is not None and (by_genome or texts.coding is not None) and facts.protein_key is not None:
        told = _from_protein(call, texts)
        if isinstance(told, UnusableVariant) or not _same_protein(facts, told):
            yield _conflict(call.hgvs_p or texts.protein, facts)


def _unless_silent(facts: ShortVariantFacts, call: ShortVariantCall, texts: Description) -> ShortVariantFacts:
    """Return the stated protein change where place or `c.` gives none, marked as a doubt; dropping it would be a silent "no"."""
    if facts.consequence not in WITHOUT_PROTEIN_CHANGE or texts.protein is None:
        return facts
    told = _from_protein(call, texts)
    if isinstance(told, UnusableVariant) or told.consequence in WITHOUT_PROTEIN_CHANGE:
        return facts
    doubted = msgspec.structs.replace(call, finding_codes=(*call.finding_codes, "PROTEIN_CHANGE_NOT_AT_POSITION"))
    return msgspec.structs.replace(
        told, call=doubted, findings=(*told.findings, _conflict(call.hgvs_p or texts.protein, facts))
    )


def _same_protein(facts: ShortVariantFacts, told: ShortVariantFacts) -> bool:
    return same_change(msgspec.structs.replace(facts, genomic_key=None), told)


def _conflict(text: str, facts: ShortVariantFacts) -> Finding:
    ours = facts.hgvs_c or facts.genomic_key or facts.protein_key
    message = f"the source also says {text!r}, which is not the same change as {ours} {facts.protein_change or ''}"
    return Finding(code="HGVS_CONFLICT", message=message.rstrip())


# ------------------------------------------------------------------------------------------------------------ genome


def _from_genome(call: ShortVariantCall, assembly: Assembly) -> ShortVariantFacts | UnusableVariant:
    assert call.pos is not None and call.ref and call.alt and call.contig
    ref, alt = call.ref.upper(), call.alt.upper()
    contig = coords.normalise_contig(call.contig)
    last = coords.before(call.pos + len(ref))
    gene = None if contig is None else coords.fgfr_gene_at(assembly, contig, call.pos, last)
    if gene is None:
        place = f"{call.contig}:{call.pos}"
        return UnusableVariant(code="OUTSIDE_FGFR", message=f"{place} on {assembly} is not in FGFR1-3", gene=None)
    if not (_REF_BASES.issuperset(ref) and _ALT_BASES.issuperset(alt)):
        message = f"REF {call.ref!r} and ALT {call.alt!r} are not both plain bases"
        return UnusableVariant(code="BAD_ALLELE", message=message, gene=gene)
    if not (coords.can_shift(gene, call.pos, assembly) and coords.can_shift(gene, last, assembly)):
        message = f"{contig}:{call.pos}-{last} on {assembly} reaches beyond {gene} and its surroundings"
        return UnusableVariant(code="OUTSIDE_FGFR", message=message, gene=gene)
    start = coords.to_grch38(gene, call.pos, assembly)
    place = f"{contig}:{{}} on {assembly}"
    checked = _check_ref(gene, start, ref, lambda pos: place.format(coords.from_grch38(gene, pos, assembly)))
    if isinstance(checked, UnusableVariant):
        return checked
    ref, findings = checked
    return _from_allele(call, alleles.trim(gene, start, ref, alt), assembly, findings)


def _from_name(
    call: ShortVariantCall, texts: Description, assembly: Assembly, outside: UnusableVariant
) -> ShortVariantFacts | UnusableVariant:
    """Return what a source means that names FGFR1-3 beside a place elsewhere: the described change, as a doubt.

    A change beside the gene that alters no coding base is outside: annotators name the nearest gene.
    """
    gene = genes.fgfr_gene(call.gene or "")
    if gene is None:
        return outside
    code = "POSITION_OUTSIDE_GENE"
    codes = (*call.finding_codes, code)
    named = msgspec.structs.replace(call, contig=None, pos=None, ref=None, alt=None, finding_codes=codes)
    facts: ShortVariantFacts | UnusableVariant = outside
    if texts.coding is not None:
        facts = _from_coding_or_protein(named, texts)
    elif texts.protein is not None:
        facts = _from_protein(named, texts)
    if isinstance(facts, ShortVariantFacts) and facts.consequence not in _BESIDE_CODING:
        return facts
    if _says_no_coding_change(call, texts, facts) and _is_beside(gene, call, assembly):
        return outside
    return UnusableVariant(code=code, message=f"the row names {gene}, but {outside.message}", gene=gene)


def _says_no_coding_change(
    call: ShortVariantCall, texts: Description, facts: ShortVariantFacts | UnusableVariant
) -> bool:
    """Tell whether the texts describe a change beside the coding sequence, or there is no text."""
    if isinstance(facts, ShortVariantFacts) or not (call.hgvs_c or call.hgvs_p):
        return True
    change = parse_coding(texts.coding) if texts.coding is not None and texts.protein is None else None
    return change is not None and (change.start.after_stop or change.start.base < 0)


def _is_beside(gene: FgfrGene, call: ShortVariantCall, assembly: Assembly) -> bool:
    """Tell whether a place lies within `FLANK_BP` of the gene and its surroundings."""
    contig, first, last = coords.fgfr_window(gene, assembly)
    on_contig = call.pos is not None and coords.normalise_contig(call.contig or "") == contig
    return on_contig and first - FLANK_BP <= (call.pos or 0) <= last + FLANK_BP


def _check_ref(
    gene: FgfrGene, start: Pos1, ref: str, place: Callable[[Pos1], str]
) -> tuple[str, tuple[Finding, ...]] | UnusableVariant:
    """Compare `ref` with the coding sequence; a known base of an older reference is replaced and told."""
    bases, findings = list(ref), []
    for offset, base in enumerate(ref):
        pos = Pos1(start + offset)
        known = isoforms.base_at(gene, pos)
        if known is None or base == known:
            continue
        if base == "N":
            bases[offset] = known
            continue
        old = _old_reference(gene, pos, base)
        if old is None:
            message = f"REF is {base} at {place(pos)}, the {gene} coding sequence has {known} there (forward strand)"
            return UnusableVariant(code="REF_MISMATCH", message=message, gene=gene)
        findings.append(Finding(code="OLD_REFERENCE_BASE", message=f"{base} at {place(pos)}: {old}"))
        bases[offset] = known
    return "".join(bases), tuple(findings)


def _old_reference(gene: FgfrGene, pos: Pos1, base: str) -> str | None:
    rows = isoforms.reference_differences(gene)
    return next((row.note for row in rows if (row.pos, row.base) == (pos, base)), None)


# ------------------------------------------------------------------------------------------------- facts of an allele


def _from_allele(
    call: ShortVariantCall, allele: Allele, assembly: Assembly, findings: tuple[Finding, ...]
) -> ShortVariantFacts | UnusableVariant:
    if allele.ref == allele.alt:
        return _unchanged(call, allele, findings)
    home = _home(allele)
    edit = alleles.edit_on(home, allele)
    if not home.is_mane:
        message = (
            f"the place lies outside the exons of {isoforms.mane(allele.gene).name}; numbers are those of {home.name}"
        )
        findings = (*findings, Finding(code="NOT_ON_MANE", message=message))
    if edit is None:
        return _outside_coding(call, allele, home, assembly, findings)
    return _inside_coding(call, edit, assembly, findings)


def _unchanged(
    call: ShortVariantCall, allele: Allele, findings: tuple[Finding, ...]
) -> ShortVariantFacts | UnusableVariant:
    """Return a silent record when only an older reference base is seen; anything else without a change is refused."""
    place = f"{isoforms.mane(allele.gene).contig}:{allele.start}"
    if not findings:
        message = f"REF and ALT are the same at {place} (GRCh38)"
        return UnusableVariant(code="NO_CHANGE", message=message, gene=allele.gene)
    key = f"{place}="
    return ShortVariantFacts(
        call=call,
        gene=allele.gene,
        key=key,
        genomic_key=key,
        transcript=isoforms.mane(allele.gene).name,
        consequence=Consequence.SYNONYMOUS,
        findings=findings,
    )


def _home(allele: Allele) -> Isoform:
    """Return the isoform that an allele is told on: MANE Select when its coding sequence or splice sites are hit."""
    known = [isoform for isoform in isoforms.isoforms(allele.gene) if isoform.cds is not None]
    if not isoforms.is_near_coding(allele.gene, allele.start, allele.end):
        return known[0]
    return next((isoform for isoform in known if _touches(isoform, allele)), known[0])


def _touches(isoform: Isoform, allele: Allele) -> bool:
    return (
        alleles.edit_on(isoform, allele) is not None
        or alleles.coding_overlap(isoform, allele) is not None
        or alleles.splice_hit(isoform, allele, essential=True) is not None
    )


def _inside_coding(
    call: ShortVariantCall, edit: CodingEdit, assembly: Assembly, findings: tuple[Finding, ...]
) -> ShortVariantFacts:
    isoform, allele = edit.isoform, edit.allele
    effect = numbering.protein_effect(isoform, edit.start0, edit.end0, edit.new)
    block = isoforms.coding_block(isoform, allele.start) or isoforms.coding_block(isoform, allele.end)
    change = effect.change
    facts = ShortVariantFacts(
        call=call,
        gene=allele.gene,
        key=allele.key,
        genomic_key=allele.key,
        contig=isoform.contig,
        pos=allele.start,
        ref=allele.ref,
        alt=allele.alt,
        hgvs_g=alleles.genome_text(allele, block, assembly),
        hgvs_c=f"{isoform.name}:{alleles.coding_text(edit)}",
        hgvs_p=_protein_text(isoform, change),
        transcript=isoform.name,
        is_mane=isoform.is_mane,
        residue_start=coords.from_start0(edit.start0 // 3),
        residue_end=coords.from_start0(max(edit.start0, edit.end0 - 1) // 3),
        consequence=effect.consequence,
        isoforms=_isoform_changes(allele),
        findings=findings,
    )
    return facts if change is None else _with_protein(facts, isoform, change)


def _protein_text(isoform: Isoform, change: ProteinChange | None) -> str:
    body = "p.?" if change is None else f"p.({format_protein(change, three_letters=True)})"
    return f"{isoform.protein}:{body}" if isoform.protein else body


def _with_protein(facts: ShortVariantFacts, isoform: Isoform, change: ProteinChange) -> ShortVariantFacts:
    """Return the facts with the protein change and its key."""
    tailless = change
    if change.kind in (ProteinKind.FRAMESHIFT, ProteinKind.EXTENSION):
        new = change.new if change.kind is ProteinKind.EXTENSION else ""
        tailless = msgspec.structs.replace(change, stop_after=None, new=new)
    return msgspec.structs.replace(
        facts,
        protein_key=f"{facts.gene}:{isoform.accession}:{format_protein(tailless, three_letters=False)}",
        hgvs_p=_protein_text(isoform, change),
        protein_change=format_protein(change, three_letters=False),
        residue_start=change.start,
        residue_end=change.end,
        inserted=change.new,
        stop_after=change.stop_after,
        consequence=numbering.consequence_of(change),
    )


def _isoform_changes(allele: Allele) -> tuple[IsoformChange, ...]:
    """Return the change on every isoform with a sequence whose coding exons hold it."""
    changes = []
    for isoform in isoforms.isoforms(allele.gene):
        edit = alleles.edit_on(isoform, allele)
        if edit is None:
            continue
        effect = numbering.protein_effect(isoform, edit.start0, edit.end0, edit.new)
        body = "p.?" if effect.change is None else f"p.({format_protein(effect.change, three_letters=True)})"
        changes.append(IsoformChange(transcript=isoform.name, hgvs_p=body, hgvs_c=alleles.coding_text(edit)))
    return tuple(changes)


def _outside_coding(
    call: ShortVariantCall, allele: Allele, isoform: Isoform, assembly: Assembly, findings: tuple[Finding, ...]
) -> ShortVariantFacts:
    consequence, edge = alleles.outside_consequence(isoform, allele)
    overlap = alleles.coding_overlap(isoform, allele)
    if allele.alt is None or len(allele.alt) != coords.span_length(allele.start, allele.end):
        message = "there is no intron or UTR sequence here: the indel is told as given, not shifted to its 3' end"
        findings = (*findings, Finding(code="NOT_SHIFTED", message=message))
    coding = alleles.position_text(isoform, allele)
    return ShortVariantFacts(
        call=call,
        gene=allele.gene,
        key=allele.key,
        genomic_key=allele.key,
        contig=isoform.contig,
        pos=allele.start,
        ref=allele.ref,
        alt=allele.alt,
        hgvs_g=alleles.genome_text(allele, None, assembly),
        hgvs_c=None if coding is None else f"{isoform.name}:{coding}",
        hgvs_p=None if coding is None else _protein_text(isoform, None),
        transcript=isoform.name,
        is_mane=isoform.is_mane,
        residue_start=None if overlap is None else coords.from_start0(overlap[0] // 3),
        residue_end=None if overlap is None else coords.from_start0(overlap[1] // 3),
        exon_edge=edge,
        consequence=consequence,
        findings=findings,
    )


# ------------------------------------------------------------------------------------------------------------- c. text


def _named_isoforms(
    call: ShortVariantCall, accession: str | None
) -> tuple[FgfrGene, tuple[Isoform, ...], tuple[Finding, ...]] | UnusableVariant:
    """Return gene and named isoforms; () = no transcript named, or one that is not known (then with a finding)."""
    gene = genes.fgfr_gene(call.gene or "")
    named = isoforms.resolve_transcript(accession, gene) if accession else ()
    if gene is None and not named:
        message = f"gene {call.gene!r} and transcript {accession!r} are not of FGFR1-3"
        return UnusableVariant(code="OUTSIDE_FGFR", message=message, gene=None)
    if gene is not None and named and named[0].gene != gene:
        message = f"{accession} is a transcript of {named[0].gene}, the gene is given as {gene}"
        return UnusableVariant(code="GENE_TRANSCRIPT_CONFLICT", message=message, gene=gene)
    findings: tuple[Finding, ...] = ()
    if accession and not named:
        message = f"transcript {accession} is not in our tables; the numbers were tried on the known isoforms"
        findings = (Finding(code="UNKNOWN_TRANSCRIPT", message=message),)
    return gene or named[0].gene, named, findings


def _from_coding_or_protein(call: ShortVariantCall, texts: Description) -> ShortVariantFacts | UnusableVariant:
    """Use the `c.` text; when it fits no transcript and a `p.` text does, use that and say so."""
    by_coding = _from_coding(call, texts)
    if texts.protein is None or isinstance(by_coding, ShortVariantFacts):
        return by_coding
    by_protein = _from_protein(call, texts)
    if isinstance(by_protein, UnusableVariant):
        return by_coding
    message = f"{call.hgvs_c!r} was not used ({by_coding.message}); the protein change was"
    finding = Finding(code="HGVS_CONFLICT", message=message)
    return msgspec.structs.replace(by_protein, findings=(*by_protein.findings, finding))


def _from_coding(call: ShortVariantCall, texts: Description) -> ShortVariantFacts | UnusableVariant:
    change = parse_coding(texts.coding or "")
    named = _named_isoforms(call, texts.accession)
    assert change is not None
    if isinstance(named, UnusableVariant):
        return named
    gene, chosen, findings = named
    readings: dict[str, ShortVariantFacts] = {}
    refusal = _no_such_position(gene, texts)
    for group in (chosen,) if chosen else (isoforms.reported_isoforms(gene), isoforms.isoforms(gene)):
        for isoform in group if not readings else ():
            facts = _on_isoform(call, isoform, change, findings)
            if isinstance(facts, ShortVariantFacts):
                readings.setdefault(facts.key, facts)
            elif facts.code == "REF_MISMATCH" and refusal.code != "REF_MISMATCH":
                refusal = facts
    return _one_reading(call, gene, _prefer_told_protein(tuple(readings.values()), texts), texts, refusal)


def _no_such_position(gene: FgfrGene, texts: Description) -> UnusableVariant:
    message = f"c. position of {texts.coding!r} does not exist on {texts.accession or gene}"
    return UnusableVariant(code="HGVS_NOT_ON_TRANSCRIPT", message=message, gene=gene)


def _on_isoform(
    call: ShortVariantCall, isoform: Isoform, change: CodingChange, findings: tuple[Finding, ...]
) -> ShortVariantFacts | UnusableVariant:
    allele = _allele_of(isoform, change)
    if allele is None:
        return UnusableVariant(code="HGVS_NOT_ON_TRANSCRIPT", message=f"not on {isoform.name}", gene=isoform.gene)
    checked = _check_ref(
        isoform.gene, allele.start, allele.ref or "", lambda pos: f"c.{change.start} of {isoform.name} ({pos} GRCh38)"
    )
    if isinstance(checked, UnusableVariant):
        return checked
    ref, told = checked
    if allele.ref and allele.alt is not None:
        allele = alleles.trim(isoform.gene, allele.start, ref, allele.alt)
    return _from_allele(call, allele, Assembly.GRCH38, (*findings, *told))


def _allele_of(isoform: Isoform, change: CodingChange) -> Allele | None:
    """Turn a `c.` change into a forward-strand allele; None = no such position, or inserted between distant bases."""
    first, last = (isoforms.position_of(isoform, place) for place in (change.start, change.end))
    if first is None or last is None:
        return None
    low, high = (first, last) if isoform.strand == "+" else (last, first)
    if low > high or (change.kind is CodingKind.INSERTION and coords.after(low) != high):
        return None
    alt = change.alt if change.alt is None or isoform.strand == "+" else reverse_complement(change.alt)
    known = _known_bases(isoform.gene, low, high)
    if change.kind is CodingKind.INSERTION:
        return Allele(gene=isoform.gene, start=high, end=low, ref="", alt=alt)
    if change.kind is CodingKind.DUPLICATION:
        return _copied(isoform, low, high, alt or known)
    ref = change.ref if change.ref is None or isoform.strand == "+" else reverse_complement(change.ref)
    if ref is not None and len(ref) != coords.span_length(low, high):
        return None
    ref = ref or known
    return Allele(
        gene=isoform.gene, start=low, end=high, ref=ref, alt=ref if change.kind is CodingKind.IDENTITY else alt
    )


def _known_bases(gene: FgfrGene, low: Pos1, high: Pos1) -> str | None:
    bases = [isoforms.base_at(gene, pos) for pos in range(low, coords.after(high))]
    return "".join(base for base in bases if base) if all(bases) else None


def _copied(isoform: Isoform, low: Pos1, high: Pos1, bases: str | None) -> Allele:
    """Return the insertion that a duplication of `low`-`high` makes, after it on the transcript."""
    if bases is None:
        return Allele(gene=isoform.gene, start=low, end=high, ref=None, alt=None)
    start, end = (coords.after(high), high) if isoform.strand == "+" else (low, coords.before(low))
    return Allele(gene=isoform.gene, start=start, end=end, ref="", alt=bases)


def _prefer_told_protein(readings: tuple[ShortVariantFacts, ...], texts: Description) -> tuple[ShortVariantFacts, ...]:
    """Keep the readings whose own isoform numbering gives the protein change that the source also tells."""
    change = parse_protein(texts.protein) if texts.protein else None
    if change is None or len(readings) < 2:
        return readings
    wanted = f"p.({format_protein(change, three_letters=True)})"
    fitting = tuple(facts for facts in readings if any(row.hgvs_p == wanted for row in facts.isoforms))
    return fitting or readings


def _one_reading(
    call: ShortVariantCall,
    gene: FgfrGene,
    readings: tuple[ShortVariantFacts, ...],
    texts: Description,
    refusal: UnusableVariant,
) -> ShortVariantFacts | UnusableVariant:
    if not readings:
        return refusal
    if len(readings) == 1:
        return readings[0]
    text = texts.coding or texts.protein or ""
    shown = "; ".join(_reading_text(facts) for facts in readings)
    message = f"{gene} {text} without a certain transcript can mean: {shown}"
    return ShortVariantFacts(
        call=call,
        gene=gene,
        key=f"{gene}:ambiguous:{text}",
        transcript=isoforms.mane(gene).name,
        consequence=Consequence.AMBIGUOUS,
        candidates=readings,
        findings=(Finding(code="AMBIGUOUS_ISOFORM", message=message),),
    )


def _reading_text(facts: ShortVariantFacts) -> str:
    return f"{facts.protein_change or facts.hgvs_c or facts.key} on {facts.transcript}"


# ------------------------------------------------------------------------------------------------------------- p. text


def _from_protein(call: ShortVariantCall, texts: Description) -> ShortVariantFacts | UnusableVariant:
    """Map a protein change to the isoform that it is told on.

    Without a transcript the isoforms that laboratories number on are tried first, the rare ones only when none of those
    holds the stated residue: otherwise nearly every residue number would be ambiguous.
    """
    change = parse_protein(texts.protein or "")
    named = _named_isoforms(call, texts.accession)
    assert change is not None
    if isinstance(named, UnusableVariant):
        return named
    gene, chosen, findings = named
    groups = (chosen,) if chosen else (isoforms.reported_isoforms(gene), isoforms.isoforms(gene))
    for group in groups:
        readings = _protein_readings(call, change, group, findings)
        if readings:
            if not chosen and len(readings) == 1:
                readings = (_tell_inferred(readings[0], change),)
            return _one_reading(call, gene, readings, texts, _wrong_residue(gene, change, group))
    refusal = _wrong_residue(gene, change, groups[0])
    return _truncation_by_number(call, gene, change, refusal, findings) or refusal


def _truncation_by_number(
    call: ShortVariantCall,
    gene: FgfrGene,
    change: ProteinChange,
    refusal: UnusableVariant,
    findings: tuple[Finding, ...],
) -> ShortVariantFacts | None:
    """Keep a truncation whose reference residue is wrong, by its MANE number: its class depends on the region only.

    It is not comparable with other changes, so it has no protein key. None = not a truncation inside the protein.
    """
    isoform = isoforms.mane(gene)
    consequence = numbering.consequence_of(change)
    if consequence not in (Consequence.NONSENSE, Consequence.FRAMESHIFT) or change.start > isoform.aa_length:
        return None
    message = f"{refusal.message}; only the place of the truncation is used"
    return ShortVariantFacts(
        call=call,
        gene=gene,
        key=f"{gene}:unconfirmed:{format_protein(change, three_letters=False)}",
        transcript=isoform.name,
        protein_change=format_protein(change, three_letters=False),
        residue_start=change.start,
        residue_end=change.end,
        inserted=change.new,
        consequence=consequence,
        findings=(*findings, Finding(code="WRONG_REFERENCE_RESIDUE", message=message)),
    )


def _wrong_residue(gene: FgfrGene, change: ProteinChange, tried: tuple[Isoform, ...]) -> UnusableVariant:
    stated = f"{change.start_aa}{change.start}"
    if change.end != change.start:
        stated += f"_{change.end_aa}{change.end}"
    shown = "; ".join(
        numbering.residue_text(gene, isoform, residue)
        for isoform in tried
        for residue in dict.fromkeys((change.start, change.end))
    )
    message = f"the report says {stated} in {gene}, but {shown}"
    return UnusableVariant(code="WRONG_REFERENCE_RESIDUE", message=message, gene=gene)


def _protein_readings(
    call: ShortVariantCall, change: ProteinChange, group: tuple[Isoform, ...], findings: tuple[Finding, ...]
) -> tuple[ShortVariantFacts, ...]:
    readings: dict[str, ShortVariantFacts] = {}
    for isoform in group:
        facts = _on_residues(call, change, isoform, findings)
        if facts is not None:
            readings.setdefault(facts.key, facts)
    return tuple(readings.values())


def _on_residues(
    call: ShortVariantCall, change: ProteinChange, isoform: Isoform, findings: tuple[Finding, ...]
) -> ShortVariantFacts | None:
    """Read a protein change on one isoform and number it on the home isoform; None = the residues do not fit."""
    codons = numbering.codons_of(change, isoform)
    if codons is None:
        return None
    home, moved = isoform, change
    for other in isoforms.isoforms(isoform.gene):
        renumbered = numbering.renumber(change, codons, other.accession)
        if renumbered is not None and other.residues is not None:
            home, moved = other, numbering.normalise(renumbered, other.residues)
            break
    if not home.is_mane:
        message = f"{isoforms.mane(home.gene).name} has no such residues; numbers are those of {home.name}"
        findings = (*findings, Finding(code="NOT_ON_MANE", message=message))
    facts = ShortVariantFacts(
        call=call,
        gene=isoform.gene,
        key="",
        transcript=home.name,
        is_mane=home.is_mane,
        consequence=numbering.consequence_of(moved),
        isoforms=_renumbered(moved, home),
        findings=findings,
    )
    facts = _with_protein(facts, home, moved)
    return msgspec.structs.replace(facts, key=facts.protein_key or "")


def _renumbered(change: ProteinChange, home: Isoform) -> tuple[IsoformChange, ...]:
    codons = numbering.codons_of(change, home)
    if codons is None:
        return ()
    rows = []
    for isoform in isoforms.isoforms(home.gene):
        moved = numbering.renumber(change, codons, isoform.accession)
        if moved is not None:
            body = f"p.({format_protein(moved, three_letters=True)})"
            rows.append(IsoformChange(transcript=isoform.name, hgvs_p=body))
    return tuple(rows)


def _tell_inferred(facts: ShortVariantFacts, change: ProteinChange) -> ShortVariantFacts:
    """Add a finding when the stated number is not that of MANE Select."""
    if facts.is_mane and facts.residue_start == change.start:
        return facts
    stated = format_protein(change, three_letters=False)
    message = f"no transcript is given; {stated} fits only another isoform's numbering, {_reading_text(facts)}"
    return msgspec.structs.replace(facts, findings=(*facts.findings, Finding(code="ISOFORM_INFERRED", message=message)))
