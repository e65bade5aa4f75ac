"""Reading of FHIR bundles: variant observations -> calls; report status, specimens, diagnosis."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import structs

from fgfr_screen import genes as symbols
from fgfr_screen.coords import after, contig_assembly, normalise_contig
from fgfr_screen.model import Assay, Call, Finding, InputContent, Source, Specimen
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._report_entries import (
    Entries,
    GeneWord,
    GenomicAllele,
    Said,
    Setting,
    Side,
    Told,
    assembly_of_entry,
    check_not_cancelled,
    copy_number,
    date_of,
    evidence_from_calls,
    fraction,
    fraction_of_percent,
    gene_word,
    genomic_allele,
    may_mean_fgfr,
    names_another,
    negative,
    not_tested,
    one_or_none,
    preliminary,
    rearrangement,
    receptor_beside,
    short_variant,
    stated_assembly,
    tumor_text,
    with_receptors_told,
)
from fgfr_screen.readers._report_json import JsonReport, Node, report_faults
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.readers.reports._fhir_words_read import (
    NOT_FINAL,
    UNSETTLED,
    WITHDRAWN,
    Coding,
    ToldReceptors,
    codings_of,
    has_code,
    read_conclusion,
    read_observation,
    tells_of_fgfr,
    untold_sentences,
    words_of,
)
from fgfr_screen.terms import (
    Assembly,
    CallStatus,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    FgfrGene,
    GeneOrder,
    Origin,
    SpecimenKind,
)

FORMAT = "fhir-genomics"
_VARIANT = "69548-6"
_REPORTS = ("51969-4", "81247-9")
_GENE, _FUSION, _ASSEMBLY, _CHROMOSOME = "48018-6", "95123-6", "62374-4", "48000-4"
_EXACT, _OUTER, _INNER, _COORDINATES = "81254-5", "81301-4", "81302-2", "92822-6"
_REF, _ALT, _CHANGE, _ORIGIN = "69547-8", "69551-0", "48019-4", "48002-0"
_SHARE, _DEPTH, _COPIES = "81258-6", "82121-5", "82155-3"
_G_HGVS, _C_HGVS, _P_HGVS, _TRANSCRIPT, _SEQUENCE, _NAME = (
    "81290-9",
    "48004-6",
    "48005-3",
    "51958-7",
    "48013-7",
    "81252-9",
)
_STATUSES = {
    "LA9633-4": CallStatus.PRESENT,
    "LA9634-2": CallStatus.ABSENT,
    "LA18198-4": CallStatus.NOT_TESTED,
    "LA11884-6": CallStatus.INDETERMINATE,
}
_STATUS_WORDS = {
    "present": CallStatus.PRESENT,
    "absent": CallStatus.ABSENT,
    "no call": CallStatus.NOT_TESTED,
    "indeterminate": CallStatus.INDETERMINATE,
}
_ASSEMBLIES = {"LA14029-5": "GRCh37", "LA26806-2": "GRCh38", "LA14024-6": "hg18"}
_ORIGINS = {
    "LA6683-2": Origin.GERMLINE,
    "LA6684-0": Origin.SOMATIC,
    "LA26807-0": Origin.GERMLINE,  # de novo: in every cell
}
_STRUCTURE_TERMS = {
    "SO:0001565": DeclaredStructure.FUSION,
    "SO:0001882": DeclaredStructure.FUSION,
    "SO:0001886": DeclaredStructure.FUSION,
    "SO:1000044": DeclaredStructure.REARRANGEMENT,
    "SO:0000199": DeclaredStructure.REARRANGEMENT,
    "SO:1000036": DeclaredStructure.INVERSION,
    "SO:0002062": DeclaredStructure.REARRANGEMENT,
    "SO:0001784": DeclaredStructure.REARRANGEMENT,
}
_COPY_TERMS = {
    "SO:0001742": DeclaredCopyNumber.GAIN,
    "SO:0001743": DeclaredCopyNumber.LOSS,
    "SO:0001019": DeclaredCopyNumber.UNKNOWN,
}
_KINDS_OF_TERMS = ("(disorder)", "(morphologic abnormality)", "(finding)")
_HYPHEN_PAIR = re.compile(r"HGNC:\d+(::|-|--|/)HGNC:\d+", re.IGNORECASE)
_BLOOD_WORDS = ("blood", "128480004")


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read one bundle, report or observation.

    Raises:
        MalformedFileError: It is not strict JSON or not of the form.
        InputError: Its report is cancelled or entered in error.
    """
    document = JsonReport(opened)
    entries = Entries(opened.id, document.line_of)
    with report_faults(opened.path):
        resources = list(_resources(document.root))
        reports = [one for one in resources if _kind(one) == "DiagnosticReport" and has_code(one, _REPORTS)]
        statuses = {report.text("status") or "" for report in reports}
        check_not_cancelled(bool(statuses) and statuses <= set(WITHDRAWN), opened.path)
        stated = stated_assembly(None, options.assembly, opened.path, "LOINC 62374-4")
        setting = Setting(
            assembly=stated.name,
            assay="as1",
            is_signed_out=bool(statuses & {"final", "amended", "corrected", "appended"}),
        )
        specimens = _specimens(resources)
        samples = [one for one in resources if _kind(one) == "Specimen"]
        undated = dict.fromkeys(told for one in samples for told in _collected(one)[1])
        _read_all(resources, setting, specimens, entries)
        tumor = _tumor(resources)
    accounting = entries.accounting
    return InputContent(
        report=input_report(
            opened,
            format_name=FORMAT,
            format_evidence=evidence,
            assembly=evidence_from_calls(stated, entries.calls),
            accounting=accounting,
            findings=(
                *document.findings,
                *undated,
                *preliminary(is_preliminary=bool(statuses) and statuses <= set(NOT_FINAL)),
            ),
        ),
        calls=tuple(entries.calls),
        rejected=tuple(entries.rejected),
        accounting=accounting,
        assays=(Assay(id="as1", source="report"),),
        specimens=tuple(dict.fromkeys(specimens.values())),
        tumor_type_text=tumor,
    )


# ---------------------------------------------------------------------------------------------------------- resources


def _resources(root: Node) -> Iterator[Node]:
    """Yield every resource: of a bundle, of bundles in it, and those contained in others."""
    if _kind(root) == "Bundle":
        for entry in root.items("entry"):
            yield from _resources(entry.get("resource"))
    elif root and isinstance(root.value, dict):
        yield root
        yield from root.items("contained")


def _kind(node: Node) -> str | None:
    return node.text("resourceType")


def _read_all(resources: list[Node], setting: Setting, specimens: dict[str, Specimen], entries: Entries) -> None:
    """Take all observations, then what the conclusions add to them."""
    for resource in resources:
        if _kind(resource) == "Observation":
            own = structs.replace(setting, specimen=_specimen_of(resource, specimens))
            _observation(resource, own, entries)
    told = ToldReceptors()
    for resource in resources:
        if _kind(resource) == "DiagnosticReport":
            _conclusion(resource, setting, entries, told)


def _observation(resource: Node, setting: Setting, entries: Entries) -> None:
    """Take an observation that is a variant, or says something else of its own about FGFR1-3."""
    if has_code(resource, (_VARIANT,)):
        words = with_receptors_told(resource.strings(), lambda: _told(_Components(resource), setting))
        entries.read(resource.place, words, partial(_variant, resource, setting))
    elif tells_of_fgfr(resource):
        entries.read(resource.place, words_of(resource), partial(read_observation, resource, setting))


def _conclusion(report: Node, setting: Setting, entries: Entries, told: ToldReceptors) -> None:
    """Take the conclusion of a report where it says more of FGFR1-3 than what was read so far."""
    told.take(entries.calls)
    left = untold_sentences(report, told)
    if left:
        entries.read(report.place, left, partial(read_conclusion, left, setting))


def _specimens(resources: list[Node]) -> dict[str, Specimen]:
    """Return our specimens by the ends of references that can name them (`Specimen/x`, `x`)."""
    found: dict[str, Specimen] = {}
    members = [one for one in resources if _kind(one) == "Specimen"]
    for at, resource in enumerate(members, start=1):
        words = " ".join(f"{c.code} {c.display}" for c in codings_of(resource.get("type"))).lower()
        is_blood = any(word in words for word in _BLOOD_WORDS)
        collected, _ = _collected(resource)
        kind = SpecimenKind.BLOOD if is_blood else SpecimenKind.UNKNOWN
        found[resource.text("id") or f"#{at}"] = Specimen(id=f"sp{at}", kind=kind, collected=collected)
    return found


def _collected(specimen: Node) -> tuple[str | None, tuple[Finding, ...]]:
    return date_of(specimen.get("collection").text("collectedDateTime"))


def _specimen_of(resource: Node, specimens: dict[str, Specimen]) -> str | None:
    """Return the specimen that an observation refers to: relative, by full address, or contained."""
    reference = resource.get("specimen").text("reference") if resource.get("specimen") else None
    key = (reference or "").rpartition("/")[2].removeprefix("#").removeprefix("urn:uuid:")
    if key in specimens:
        return specimens[key].id
    return next(iter(specimens.values())).id if len(specimens) == 1 else None


def _tumor(resources: list[Node]) -> str | None:
    """Return the diagnosis: of a condition, else the reason of the order. Text of family members is elsewhere."""
    concepts = [one.get("code") for one in resources if _kind(one) == "Condition"]
    concepts += [reason for one in resources if _kind(one) == "ServiceRequest" for reason in one.items("reasonCode")]
    for concept in concepts:
        codings = codings_of(concept)
        if any("family history" in coding.display.lower() for coding in codings):
            continue
        icd = ",".join(coding.code for coding in codings if "icd-10" in coding.system.lower())
        label = next((coding.display for coding in codings if "snomed" in coding.system and coding.display), None)
        found = tumor_text(label or next((coding.display for coding in codings if coding.display), None), icd)
        if found is not None:
            kind = next((kind for kind in _KINDS_OF_TERMS if found.endswith(kind)), "")
            return found.removesuffix(kind).rstrip()
    return None


# ----------------------------------------------------------------------------------------------------------- variants


class _Components:
    """Components of one observation, by LOINC code."""

    def __init__(self, resource: Node) -> None:
        self._by_code: dict[str, list[Node]] = {}
        for component in resource.items("component"):
            for coding in codings_of(component.get("code")):
                self._by_code.setdefault(coding.code, []).append(component)

    def all(self, code: str) -> list[Node]:
        return self._by_code.get(code, [])

    def codings(self, code: str) -> list[Coding]:
        return [one for component in self.all(code) for one in codings_of(component.get("valueCodeableConcept"))]

    def words(self, code: str) -> Iterator[str]:
        """Yield every code, label, text and string of the components."""
        for component in self.all(code):
            concept = component.get("valueCodeableConcept")
            told = [word for coding in codings_of(concept) for word in (coding.code, coding.display)]
            yield from filter(None, (*told, concept.text("text"), component.text("valueString")))

    def text(self, code: str) -> str | None:
        """Return the first code, label, text or string of a component."""
        for component in self.all(code):
            concept = component.get("valueCodeableConcept")
            words = [word for coding in codings_of(concept) for word in (coding.code, coding.display) if word]
            told = component.text("valueString") or (words[0] if words else concept.text("text") if concept else None)
            if told is not None:
                return told
        return None

    def quantity(self, code: str) -> tuple[float | None, str]:
        """Return value and unit of a quantity."""
        for component in self.all(code):
            quantity = component.get("valueQuantity")
            if quantity:
                return quantity.number("value"), (quantity.text("unit") or quantity.text("code") or "")
            if component.get("valueInteger"):
                return component.number("valueInteger"), ""
        return None, ""

    def range(self, *codes: str) -> tuple[int | None, int | None]:
        """Return both ends of the first of these ranges that is given."""
        for code in codes:
            for component in self.all(code):
                found = component.get("valueRange")
                if found:
                    return found.get("low").integer("value"), found.get("high").integer("value")
        return None, None


def _status(resource: Node) -> CallStatus:
    concept = resource.get("valueCodeableConcept")
    for coding in codings_of(concept):
        known = _STATUSES.get(coding.code) or _STATUS_WORDS.get(coding.display.lower())
        if known is not None:
            return known
    text = (concept.text("text") or "").lower() if concept else ""
    if text in _STATUS_WORDS:
        return _STATUS_WORDS[text]
    raise EntryError("REPORT_INCOMPLETE", "the observation does not say whether the variant is present")


def _variant(resource: Node, setting: Setting, source: Source) -> Iterable[Call]:
    parts = _Components(resource)
    if (resource.text("status") or "") in WITHDRAWN:
        return ()
    named = _genes(parts)
    pair = _fusion_pair(parts)
    is_named = any(gene.receptor for gene in (*named, *(pair or ())))
    if not is_named:
        beside = None if _names_another_gene(parts, pair) else receptor_beside(_told(parts, setting))
        if beside is None:
            return _by_text_only(parts)
        named = [beside]
    status = _settled(_status(resource), resource)
    kind = _event_kind(parts, named, pair, is_absent=status is CallStatus.ABSENT)
    receptors = dict.fromkeys(g.receptor for g in (*named, *(pair or ())) if g.receptor is not None)
    if status is CallStatus.ABSENT:
        if not is_named:
            return ()  # one change that is absent at a place says nothing of the gene
        return [negative(setting, source, gene, kind) for gene in receptors]
    if status is CallStatus.NOT_TESTED:
        return [not_tested(setting, source, gene, kind) for gene in receptors]
    local = structs.replace(setting, assembly=_assembly(parts, setting))
    if (resource.text("status") or "") in UNSETTLED:
        local = structs.replace(local, is_signed_out=False)
    codes = ("REPORT_PRELIMINARY",) if resource.text("status") == "preliminary" else ()
    said = Said(status=status, origin=_origin(parts), vaf=_share(parts), text=_concept_text(parts), codes=codes)
    if kind is EventKind.REARRANGEMENT:
        return _structure(parts, named, pair, local, said, source)
    if kind is EventKind.COPY_NUMBER:
        return _copies(parts, named, local, said, source)
    return _short(parts, named, local, said, source)


def _settled(status: CallStatus, resource: Node) -> CallStatus:
    """Return what a value is worth: before a result is settled nothing is absent, and `registered` means that there is none."""
    state = resource.text("status") or ""
    if status is CallStatus.ABSENT and state in UNSETTLED:
        return CallStatus.NOT_TESTED
    if status is CallStatus.PRESENT and state in ("registered", "unknown"):
        return CallStatus.INDETERMINATE
    return status


def _by_text_only(parts: _Components) -> Iterable[Call]:
    """Refuse a variant whose FGFR gene is told only in words (`FGFR2 fusion`): not to be passed over."""
    words = [parts.text(code) for code in (_NAME, _C_HGVS, _P_HGVS)] + [_concept_text(parts)]
    if any(word is not None and symbols.mentions_fgfr(word) for word in words):
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "the variant names FGFR1-3 only in its text")
    return ()


def _told(parts: _Components, setting: Setting) -> Told:
    """Return what tells the gene of a variant beside its gene component."""
    low, high = _positions(parts)
    contig, assembly = _contig(parts), _assembly(parts, setting)
    allele = _genomic(parts) if low is None or contig is None else None
    names = tuple(word for code in (_TRANSCRIPT, _SEQUENCE, _C_HGVS, _P_HGVS, _NAME) for word in parts.words(code))
    if allele is not None:
        return Told(allele.assembly or assembly, allele.contig, allele.start, allele.end, names)
    return Told(assembly, contig, low, high, names)


def _genomic(parts: _Components) -> GenomicAllele | None:
    """Return the change that a component describes in coordinates of a chromosome; raises as `genomic_allele`."""
    words = (word for code in (_G_HGVS, _C_HGVS) for word in parts.words(code))
    return next(filter(None, map(genomic_allele, words)), None)


def _names_another_gene(parts: _Components, pair: tuple[GeneWord, GeneWord] | None) -> bool:
    """Tell whether a variant that names no receptor names other genes: two of a fusion, or a known one."""
    codings = parts.codings(_GENE)
    numbered = any(coding.code.isdecimal() or names_another(None, coding.code) for coding in codings)
    return pair is not None or numbered or any(map(names_another, parts.words(_GENE)))


def _concept_text(parts: _Components) -> str | None:
    for component in parts.all(_NAME):
        text = component.get("valueCodeableConcept").text("text")
        if text is not None:
            return text
    return None


def _genes(parts: _Components) -> list[GeneWord]:
    """Return the genes of the components 48018-6, each with ids and label weighed against each other."""
    return [gene for component in parts.all(_GENE) if (gene := _gene_of(component)) is not None]


def _gene_of(component: Node) -> GeneWord | None:
    """Return the gene of a component: its label, else an id; an id of FGFR1-3 that another label contradicts is told."""
    concept = component.get("valueCodeableConcept")
    codings = codings_of(concept)
    hgnc = next((one for one in codings if _is_hgnc(one)), None)
    chosen = hgnc or (codings[0] if codings else Coding("", "", ""))
    label = chosen.display or concept.text("text") or component.text("valueString") or ("" if hgnc else chosen.code)
    gene = gene_word(label, hgnc.code if hgnc is not None else None)
    by_code = [receptor for one in codings if (receptor := _receptor_of(one)) is not None]
    if not by_code or (gene is not None and gene.receptor in by_code):
        return gene
    if gene is None or not symbols.resolve(gene.word).symbols:
        return GeneWord(word=by_code[0].value, receptor=by_code[0])
    receptor = gene.receptor or by_code[0]
    return GeneWord(word=receptor.value, receptor=receptor, codes=("GENE_ID_CONFLICT",))


def _is_hgnc(coding: Coding) -> bool:
    return coding.code.upper().startswith("HGNC:") or (coding.code.isdecimal() and "genenames" in coding.system)


def _receptor_of(coding: Coding) -> FgfrGene | None:
    """Return the receptor that a code alone means; a bare number without a catalogue is of HGNC or of NCBI."""
    is_open = coding.code.isdecimal() and not any(word in coding.system for word in ("ncbi", "entrez"))
    by_hgnc = gene_word(None, coding.code) if is_open or _is_hgnc(coding) else None
    if by_hgnc is not None or _is_hgnc(coding):
        return None if by_hgnc is None else by_hgnc.receptor
    return symbols.fgfr_gene(coding.code)


def _fusion_pair(parts: _Components) -> tuple[GeneWord, GeneWord] | None:
    """Return both genes of the component 95123-6, 5' first.

    Raises:
        EntryError: It may name FGFR1-3 and cannot be read.
    """
    for component in parts.all(_FUSION):
        concept = component.get("valueCodeableConcept")
        text = concept.text("text") or component.text("valueString") or ""
        for coding in codings_of(concept) or [Coding("", "", text)]:
            label = coding.display or text
            pair = _pair_of(coding.code, label)
            if pair is not None:
                return pair
            if may_mean_fgfr(label) or may_mean_fgfr(coding.code):
                raise EntryError("FUSION_NAME", "the fusion component is not HGNC:a::HGNC:b with its two symbols")
    return None


def _pair_of(code: str, label: str) -> tuple[GeneWord, GeneWord] | None:
    """Return both genes of `HGNC:a::HGNC:b` with or without `A::B`, or of `A::B` alone; None where one is not given."""
    ids = re.findall(r"HGNC:\d+", code, re.IGNORECASE)
    names = symbols.split_fusion_name(label) if label else None
    if _HYPHEN_PAIR.fullmatch(code) is None and (ids or names is None):
        return None
    labels = [name.given for name in names] if names is not None else [None, None]
    first, second = (_partner(word, hgnc) for word, hgnc in zip(labels, ids or [None, None], strict=True))
    return (first, second) if first is not None and second is not None else None


def _partner(label: str | None, hgnc_id: str | None) -> GeneWord | None:
    """Return one gene of a pair; the id stands for a gene without a symbol."""
    return gene_word(label, hgnc_id) or (None if hgnc_id is None else GeneWord(word=hgnc_id))


def _event_kind(
    parts: _Components, named: list[GeneWord], pair: tuple[GeneWord, GeneWord] | None, *, is_absent: bool
) -> EventKind:
    """Return what the variant is. A mere negative speaks of short variants: that a fusion was looked for must be said."""
    terms = {coding.code for coding in parts.codings(_CHANGE)}
    is_short = any(parts.all(code) for code in (_C_HGVS, _P_HGVS, _ALT))
    is_pair = len(named) == 2 and not (is_short or terms or is_absent)
    text = (_concept_text(parts) or "").lower()
    if pair is not None or terms & _STRUCTURE_TERMS.keys() or is_pair:
        return EventKind.REARRANGEMENT
    if terms & _COPY_TERMS.keys() or parts.all(_COPIES):
        return EventKind.COPY_NUMBER
    if is_short:
        return EventKind.SHORT_VARIANT
    if "fusion" in text or "rearrange" in text:
        return EventKind.REARRANGEMENT
    return EventKind.COPY_NUMBER if "amplif" in text else EventKind.SHORT_VARIANT


def _assembly(parts: _Components, setting: Setting) -> Assembly | None:
    """Return the assembly that is stated, else that of the accession of the chromosome."""
    words = [_ASSEMBLIES.get(coding.code) or coding.display for coding in parts.codings(_ASSEMBLY)]
    proven = next(filter(None, map(contig_assembly, parts.words(_SEQUENCE))), None)
    return assembly_of_entry(words[0] if words else None, setting.assembly or proven)


def _origin(parts: _Components) -> Origin:
    return next((_ORIGINS[coding.code] for coding in parts.codings(_ORIGIN) if coding.code in _ORIGINS), Origin.UNKNOWN)


def _share(parts: _Components) -> float | None:
    value, unit = parts.quantity(_SHARE)
    return fraction_of_percent(value) if "%" in unit or "percent" in unit.lower() else fraction(value)


def _contig(parts: _Components) -> str | None:
    for coding in parts.codings(_CHROMOSOME):
        label = coding.display.lower().removeprefix("chromosome").strip()
        if label:
            return label
    return next((contig for word in parts.words(_SEQUENCE) if (contig := normalise_contig(word))), None)


def _positions(parts: _Components) -> tuple[int | None, int | None]:
    """Return first and last base, 1-based closed, whatever the coordinate system that is stated."""
    low, high = parts.range(_EXACT, _INNER, _OUTER)
    is_zero = any(
        coding.code in ("LA30100-4", "LA30101-2") or "0-based" in coding.display.lower()
        for coding in parts.codings(_COORDINATES)
    )
    if low is not None and is_zero:
        low = after(low)
    return low, high if high is not None else low


def _structure(
    parts: _Components,
    named: list[GeneWord],
    pair: tuple[GeneWord, GeneWord] | None,
    setting: Setting,
    said: Said,
    source: Source,
) -> Iterable[Call]:
    genes = list(pair) if pair is not None else named
    if len(genes) > 2:
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "a structural variant names more than two genes")
    terms = [coding.code for coding in parts.codings(_CHANGE)]
    declared = next((_STRUCTURE_TERMS[term] for term in terms if term in _STRUCTURE_TERMS), None)
    is_read_through = pair is not None and any(one.code and "::" not in one.code for one in parts.codings(_FUSION))
    if is_read_through:
        declared = DeclaredStructure.READ_THROUGH
    elif declared is None or len(genes) == 1:
        declared = DeclaredStructure.FUSION if len(genes) == 2 else DeclaredStructure.REARRANGEMENT
    sides = [Side(gene=gene) for gene in genes]
    if len(sides) == 1:
        low, high = _positions(parts)
        contig = _contig(parts)
        sides[0] = Side(gene=genes[0], contig=contig, pos=low if contig else None, pos_end=high if contig else None)
    call = rearrangement(
        setting,
        source,
        sides[0],
        sides[1] if len(sides) > 1 else None,
        said,
        order=GeneOrder.ASSERTED if pair is not None else GeneOrder.UNKNOWN,
        declared=declared,
    )
    return one_or_none(call)


def _copies(parts: _Components, named: list[GeneWord], setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    value, _ = parts.quantity(_COPIES)
    low, high = (None, None)
    for component in parts.all(_COPIES):
        found = component.get("valueRange")
        if found:
            low, high = found.get("low").number("value"), found.get("high").number("value")
    terms = [coding.code for coding in parts.codings(_CHANGE)]
    declared = next((_COPY_TERMS[term] for term in terms if term in _COPY_TERMS), None)
    if "amplif" in (said.text or "").lower() and declared in (None, DeclaredCopyNumber.GAIN):
        declared = DeclaredCopyNumber.AMPLIFICATION
    start, end = _positions(parts)
    contig = _contig(parts)
    for gene in named:
        if gene.receptor is not None:
            yield copy_number(
                setting,
                source,
                gene,
                said,
                value=value,
                copies_min=low,
                copies_max=high,
                contig=contig,
                start=start if contig else None,
                end=end if contig else None,
                declared=declared,
            )


def _short(parts: _Components, named: list[GeneWord], setting: Setting, said: Said, source: Source) -> Iterable[Call]:
    receptors = [gene for gene in named if gene.receptor is not None]
    if len(receptors) != 1:
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "a short variant names several receptors")
    contig, (pos, _) = _contig(parts), _positions(parts)
    ref, alt = parts.text(_REF), parts.text(_ALT)
    is_described = bool(parts.text(_C_HGVS) or parts.text(_P_HGVS))
    allele = None if is_described or (contig and pos and ref and alt) else _genomic(parts)
    if allele is not None:
        setting = structs.replace(setting, assembly=allele.assembly or setting.assembly)
        contig, pos, ref, alt = allele.contig, allele.start, allele.ref, allele.alt
    transcripts = [parts.text(_TRANSCRIPT), parts.text(_SEQUENCE)]
    depth, _ = parts.quantity(_DEPTH)
    call = short_variant(
        setting,
        source,
        receptors[0],
        said,
        contig=contig,
        pos=pos,
        ref=ref,
        alt=alt,
        hgvs_c=parts.text(_C_HGVS),
        hgvs_p=parts.text(_P_HGVS),
        transcript=next((one for one in transcripts if one is not None and one[:3] in ("NM_", "ENS", "LRG")), None),
        depth=None if depth is None else int(depth),
    )
    return (call,)
