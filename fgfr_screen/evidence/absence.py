"""What it is worth that no event was found (rules.md 6).

Absence is `no_match` only when a test covers the gene, the kind and, for rearrangements of FGFR2 and FGFR3 on DNA, the hotspot
intron, passed its quality control, and looked at material with enough tumour. Everything else is `undetermined`, with what
would settle it. Silence is never "no".
"""

from collections.abc import Iterable, Mapping

from fgfr_screen.model import (
    Assay,
    Coverage,
    Event,
    Finding,
    InputReport,
    NegativeCall,
    Record,
    Rejected,
    Specimen,
    TumorType,
)
from fgfr_screen.terms import (
    AssayQc,
    EventKind,
    FgfrGene,
    Molecule,
    Outcome,
    SpecimenKind,
)

MINIMUM_TUMOR_CONTENT = 0.2
"""Under this tumour fraction a negative result is not counted (rules.md 6)."""
HOTSPOT_REGION = "intron 17"
_GERMLINE, _HAEMATOLOGIC = "germline", "haematologic"
_SEEN_BY = {
    Molecule.RNA: frozenset((EventKind.REARRANGEMENT, EventKind.SHORT_VARIANT)),
    Molecule.FISH: frozenset((EventKind.REARRANGEMENT, EventKind.COPY_NUMBER)),
    Molecule.PROTEIN: frozenset[EventKind](),
}
"""Molecule -> what a test of it can see at all, for words that do not say what was looked for; any other sees every kind."""


class Absence(Record, frozen=True, kw_only=True):
    """Worth of not having found a kind of event in a gene: `no_match` or `undetermined`, with reasons."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    would_settle: tuple[str, ...] = ()


class Untested(Record, frozen=True, kw_only=True):
    """What its source lists as not tested or failed, or has no data for: silence about its gene and kind is no answer.

    Attributes:
        assay: The test that it names; None = any test of its input.
        input: Id of the input.
        is_gap: True where the source does not say so itself: its data leave out a part of the gene.
    """

    gene: FgfrGene
    kind: EventKind
    assay: str | None
    input: str
    is_gap: bool = False


class TestedMaterial(Record, frozen=True, kw_only=True):
    """Everything that absence depends on.

    Attributes:
        named: Id of the test that the user names; None = none, or it stands behind no input.
        unheld: Kinds of event that no input behind that test can hold.
        tumor: None = not known. A test of inherited variants, or of blood, speaks for no solid tumour.
        purity: Tumour content as the user or a file says, for specimens that do not tell theirs; None = not known.
    """

    __test__ = False

    assays: tuple[Assay, ...]
    specimens: tuple[Specimen, ...]
    inputs: tuple[InputReport, ...]
    rejected: tuple[Rejected, ...]
    negatives: tuple[NegativeCall, ...] = ()
    untested: tuple[Untested, ...] = ()
    named: str | None = None
    unheld: tuple[EventKind, ...] = ()
    tumor: TumorType | None = None
    purity: float | None = None


_KIND_WORDS = {
    EventKind.REARRANGEMENT: "rearrangements",
    EventKind.COPY_NUMBER: "copy number",
    EventKind.SHORT_VARIANT: "short variants",
}
_SETTLE = {
    EventKind.REARRANGEMENT: "a test for {gene} rearrangements (RNA fusion panel, or DNA with intron 17 tiled)",
    EventKind.COPY_NUMBER: "{gene} copy number with purity and ploidy, or FISH",
    EventKind.SHORT_VARIANT: "sequencing of {gene} for short variants",
}


def _can_see(assay: Assay, kind: EventKind) -> bool:
    return assay.molecule is None or kind in _SEEN_BY.get(assay.molecule, frozenset(EventKind))


def _is_said_by(call: NegativeCall, kind: EventKind, assay: Assay, material: TestedMaterial) -> bool:
    """Tell whether an explicit negative comes from an assay: the one that it names, else one of its report.

    Without a name it is not that of an assay whose stated coverage leaves it out, and of no assay where one that could have
    said it did not pass: the words may be about that one.
    """
    if not _can_see(assay, kind):
        return False
    if call.assay is not None:
        return call.assay == assay.id
    of_report = [one for one in material.assays if one.id.startswith(f"{call.source.input}.") and _can_see(one, kind)]
    return (
        assay in of_report
        and assay.covers is None
        and all(one.qc is AssayQc.PASS for one in of_report if one.covers is None)
    )


def _stated_by_negatives(assay: Assay, material: TestedMaterial) -> tuple[Coverage, ...]:
    """Read an explicit negative as proof that its gene and kind were looked at."""
    if not material.negatives:
        return ()
    return tuple(
        Coverage(gene=FgfrGene(call.gene), kind=kind)
        for call in material.negatives
        if call.gene in FgfrGene.__members__
        for kind in (EventKind if call.kind is None else (call.kind,))
        if _is_said_by(call, kind, assay, material)
    )


def _covers(assay: Assay, gene: FgfrGene, kind: EventKind, stated: tuple[Coverage, ...]) -> bool:
    fitting = [cover for cover in (*(assay.covers or ()), *stated) if cover.gene is gene and cover.kind is kind]
    needs_intron = kind is EventKind.REARRANGEMENT and gene is not FgfrGene.FGFR1 and assay.molecule is not Molecule.RNA
    if not needs_intron:
        return bool(fitting)
    return any(cover.region in (None, HOTSPOT_REGION) for cover in fitting)


def covers_kind(assay: Assay, gene: FgfrGene, kind: EventKind) -> bool:
    """Tell whether an assay by its description can find a kind of event (an FGFR2/3 rearrangement in DNA: intron 17 too)."""
    return _covers(assay, gene, kind, ())


def _weakness(assay: Assay, material: TestedMaterial) -> Finding | None:
    """Return why a negative of this assay does not count, or None when it does."""
    name = assay.name or assay.id
    if assay.qc is AssayQc.FAIL:
        return _failed(assay)
    if assay.qc is not AssayQc.PASS:
        message = f"{name}: passed quality control is not stated"
        return Finding(code="QC_NOT_STATED", message=message, outcome=Outcome.UNDETERMINED)
    return _no_tumor(assay, material) or (None if assay.is_germline else _too_little_tumor(name, assay, material))


def _no_tumor(assay: Assay, material: TestedMaterial) -> Finding | None:
    """Return why a test that looked at no tumour does not count, or None: in an inherited disease there is none to look at."""
    lineage = material.tumor.lineage if material.tumor is not None else None
    if lineage == _GERMLINE:
        return None
    name = assay.name or assay.id
    if assay.is_germline:
        message = f"{name}: a test of inherited variants excludes no event of a tumour"
        return Finding(code="GERMLINE_NEGATIVE", message=message, outcome=Outcome.UNDETERMINED)
    specimen = _specimen_of(assay.specimen, material.specimens)
    if specimen is not None and specimen.kind is SpecimenKind.BLOOD and lineage != _HAEMATOLOGIC:
        message = f"{name}: blood holds no tissue of a solid tumour"
        return Finding(code="BLOOD_NEGATIVE", message=message, outcome=Outcome.UNDETERMINED)
    return None


def _not_done(assay: Assay, gene: FgfrGene, kind: EventKind, material: TestedMaterial) -> Finding | None:
    """Return why silence about a gene and kind is no answer of an assay, or None: no file could tell, or one says so."""
    if assay.id == material.named and kind in material.unheld:
        message = f"{assay.name or assay.id}: none of its files can hold {_KIND_WORDS[kind]}"
        return Finding(code="NOT_IN_INPUTS", message=message, outcome=Outcome.UNDETERMINED)
    one = untested_by(assay, gene, kind, material.untested)
    return None if one is None else _untested(assay.name or assay.id, one)


def untested_by(assay: Assay, gene: FgfrGene, kind: EventKind, untested: Iterable[Untested]) -> Untested | None:
    """Return what says that an assay did not test a kind in a gene, or not all of it; None = nothing says so."""
    for one in untested:
        is_of_assay = one.assay == assay.id if one.assay is not None else assay.id.startswith(f"{one.input}.")
        if is_of_assay and (one.gene, one.kind) == (gene, kind):
            return one
    return None


def _untested(name: str, one: Untested) -> Finding:
    if one.is_gap:
        message = f"{name}: {one.input} has no data for a part of {one.gene} ({_KIND_WORDS[one.kind]})"
        return Finding(code="NOT_COVERED", message=message, outcome=Outcome.UNDETERMINED)
    message = f"{name}: {one.gene} {_KIND_WORDS[one.kind]} are listed as not tested or failed"
    return Finding(code="LISTED_AS_NOT_TESTED", message=message, outcome=Outcome.UNDETERMINED)


def _failed(assay: Assay) -> Finding:
    message = f"{assay.name or assay.id} failed: not assessable"
    return Finding(code="ASSAY_FAILED", message=message, outcome=Outcome.UNDETERMINED)


def _too_little_tumor(
    name: str, assay: Assay | None, material: TestedMaterial, specimen_id: str | None = None
) -> Finding | None:
    """Return why a negative of this assay or in this specimen does not count, or None when it does."""
    specimen = _specimen_of(specimen_id or (assay.specimen if assay is not None else None), material.specimens)
    kinds = (specimen.kind if specimen is not None else None, assay.material if assay is not None else None)
    if SpecimenKind.PLASMA in kinds:
        message = f"{name}: a negative in plasma excludes nothing"
        return Finding(code="PLASMA_NEGATIVE", message=message, outcome=Outcome.UNDETERMINED)
    stated = specimen.tumor_content if specimen is not None else None
    content = stated if stated is not None else material.purity
    if content is not None and content < MINIMUM_TUMOR_CONTENT:
        message = f"{name}: tumour content {content:.0%} is below {MINIMUM_TUMOR_CONTENT:.0%}"
        return Finding(code="LOW_TUMOR_CONTENT", message=message, outcome=Outcome.UNDETERMINED)
    return None


def _specimen_of(specimen_id: str | None, specimens: tuple[Specimen, ...]) -> Specimen | None:
    for specimen in specimens:
        if specimen.id == specimen_id:
            return specimen
    return specimens[0] if len(specimens) == 1 else None


def _damage(material: TestedMaterial) -> Finding | None:
    """Return the reading fault that forbids any negative, or None."""
    incomplete = [item.path for item in material.inputs if not item.complete]
    if incomplete:
        message = f"not read to the end or not read at all: {', '.join(incomplete)}"
        return Finding(code="INPUT_INCOMPLETE", message=message, outcome=Outcome.UNDETERMINED)
    doubts = [
        finding for item in material.inputs for finding in item.findings if finding.outcome is Outcome.UNDETERMINED
    ]
    if doubts:
        return doubts[0]
    touching = [record for record in material.rejected if record.touches_fgfr]
    if touching:
        lines = ", ".join(f"{record.input}:{record.line}" for record in touching[:3])
        message = f"{len(touching)} refused record(s) touch FGFR1-3 ({lines})"
        return Finding(code="REJECTED_FGFR_RECORD", message=message, outcome=Outcome.UNDETERMINED)
    return None


def weigh_absence(gene: FgfrGene, kind: EventKind, material: TestedMaterial) -> Absence:
    """Weigh that no event of one kind was found in one gene."""
    return _weigh(gene, kind, material, _damage(material))


def _weigh(gene: FgfrGene, kind: EventKind, material: TestedMaterial, damage: Finding | None) -> Absence:
    settle = (_SETTLE[kind].format(gene=gene.value),)
    if damage is not None:
        return Absence(
            outcome=Outcome.UNDETERMINED, findings=(damage,), would_settle=("a complete, readable file", *settle)
        )
    counted: list[Assay] = []
    weak: list[Finding] = []
    for assay in material.assays:
        if not _covers(assay, gene, kind, _stated_by_negatives(assay, material)):
            continue
        weakness = _not_done(assay, gene, kind, material) or _weakness(assay, material)
        if weakness is None:
            counted.append(assay)
        else:
            weak.append(weakness)
    if not counted:
        not_covered = Finding(
            code="NOT_TESTED",
            message=f"{gene} {_KIND_WORDS[kind]}: no assay is known to cover them",
            outcome=Outcome.UNDETERMINED,
        )
        return Absence(outcome=Outcome.UNDETERMINED, findings=tuple(weak) or (not_covered,), would_settle=settle)
    return _negative(gene, kind, counted)


def _negative(gene: FgfrGene, kind: EventKind, assays: list[Assay]) -> Absence:
    names = ", ".join(sorted(assay.name or assay.id for assay in assays))
    found = [Finding(code="TESTED_NEGATIVE", message=f"{gene} {_KIND_WORDS[kind]}: none found by {names}")]
    has_rna = any(assay.molecule is Molecule.RNA for assay in assays)
    if kind is EventKind.REARRANGEMENT and not has_rna:
        message = f"only DNA was tested; about one in four {gene} rearrangements escapes DNA panels"
        found.append(Finding(code="DNA_ONLY_NEGATIVE", message=message, sources=("rules.md 1.4",)))
        return Absence(outcome=Outcome.NO_MATCH, findings=tuple(found), would_settle=("RNA fusion panel",))
    return Absence(outcome=Outcome.NO_MATCH, findings=tuple(found))


def weigh_measured(event: Event, material: TestedMaterial) -> Absence:
    """Weigh a measured copy number under the cut: an answer for its gene, unless every measurement is too weak for one."""
    weak: list[Finding] = []
    for line in event.evidence:
        assay = next((one for one in material.assays if one.id == line.assay), None)
        name = (assay.name if assay is not None else None) or line.caller or line.input
        is_failed = assay is not None and assay.qc is AssayQc.FAIL
        weakness = (
            _failed(assay)
            if assay is not None and is_failed
            else _gap_beside(event, name, line.input, material)
            or _too_little_tumor(name, assay, material, line.specimen)
        )
        if weakness is None:
            return Absence(outcome=Outcome.NO_MATCH, findings=(Finding(code="MEASURED_BELOW_CUT", message=event.name),))
        weak.append(weakness)
    return Absence(
        outcome=Outcome.UNDETERMINED,
        findings=tuple(dict.fromkeys(weak)),
        would_settle=(_SETTLE[event.kind].format(gene=event.gene.value),),
    )


def _gap_beside(event: Event, name: str, input_id: str, material: TestedMaterial) -> Finding | None:
    """Return what an input leaves out of the gene that it measured in part, or None."""
    found = (
        one
        for one in material.untested
        if one.is_gap and (one.gene, one.kind, one.input) == (event.gene, event.kind, input_id)
    )
    gap = next(found, None)
    return None if gap is None else _untested(name, gap)


def weigh_all(material: TestedMaterial) -> Mapping[tuple[FgfrGene, EventKind], Absence]:
    """Weigh every gene and kind."""
    damage = _damage(material)
    return {(gene, kind): _weigh(gene, kind, material, damage) for gene in FgfrGene for kind in EventKind}
