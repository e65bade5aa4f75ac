"""Programmes as data: TOML -> `Program`, and a programme weighed against one patient -> `ProgramResult`.

One file per trial, approval or access programme; no programme is named in code. A programme asks three questions
(alteration, tumour type, clinical facts), each answered four-valued; the answer is the worst of the three. Each file
carries examples that `program_files.check_programs` executes. How to write a file: `docs/programs.md`.
"""

import datetime
import functools
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from fgfr_screen import criteria, diseases, reference
from fgfr_screen.criteria import Criterion
from fgfr_screen.model import ClinicalFacts, Event, Finding, ProgramResult, Record, TumorType
from fgfr_screen.terms import (
    AlterationClass,
    EventKind,
    FgfrGene,
    Mark,
    Outcome,
    ProgramStatus,
    best,
    worst,
)

AbsenceAnswer = tuple[Outcome, tuple[Finding, ...], tuple[str, ...]]
"""What it is worth that no event of a gene and kind was found: outcome, reasons, what would settle it."""
Absence = Mapping[tuple[FgfrGene, EventKind], AbsenceAnswer] | Callable[[FgfrGene, EventKind], AbsenceAnswer]

Sentence = Annotated[str, msgspec.Meta(min_length=1)]
Codes = tuple[Annotated[str, msgspec.Meta(pattern="^[A-Z][A-Z0-9_]*$")], ...]

KEPT = 256
"""Answers and programmes that are remembered."""
_T = TypeVar("_T")

_STRUCTURAL = (
    AlterationClass.FUSION,
    AlterationClass.REARRANGEMENT,
    AlterationClass.INTERNAL_TANDEM_DUPLICATION,
    AlterationClass.OTHER_STRUCTURAL_VARIANT,
)
_COPY_NUMBER = (
    AlterationClass.AMPLIFICATION,
    AlterationClass.PARTIAL_AMPLIFICATION,
    AlterationClass.COPY_NUMBER_GAIN,
    AlterationClass.COPY_NUMBER_NEUTRAL,
    AlterationClass.COPY_NUMBER_LOSS,
)
WITHOUT_KIND = (AlterationClass.NOT_ASSESSABLE, AlterationClass.SILENT)
_NOT_WORTH_A_LINE = frozenset(
    {AlterationClass.SILENT, AlterationClass.BENIGN, AlterationClass.VUS, AlterationClass.COPY_NUMBER_NEUTRAL}
)

# Codes by the rank of an outcome: no_match, undetermined, review, match.
_TUMOR_CODES = ("TUMOR_TYPE_NOT_MET", "TUMOR_TYPE_NOT_MET", "TUMOR_TYPE_REVIEW", "TUMOR_TYPE_MET")
_CRITERION_CODES = ("CRITERION_NOT_MET", "FACT_MISSING", "CRITERION_REVIEW", "CRITERION_MET")


class GenomicEntry(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """Alterations that the programme takes.

    Attributes:
        gene, alteration_class: The event must have one of each.
        kind: Needed for `not_assessable`, which exists for every kind; () = any.
        protein_change: One-letter changes on the MANE numbering; () = any.
        partner: Approved symbols of the other gene; () = any, also none.
        marks, without_marks: All of these, none of those.
        outcome: Best that such an event can be worth: `match` or `review`.
        why: Reason printed with the result.
    """

    gene: Annotated[tuple[FgfrGene, ...], msgspec.Meta(min_length=1)]
    alteration_class: Annotated[tuple[AlterationClass, ...], msgspec.Meta(min_length=1)]
    outcome: Literal["match", "review"]
    why: Sentence
    kind: tuple[EventKind, ...] = ()
    protein_change: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    without_marks: tuple[Mark, ...] = ()


class CountryRule(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tumour types where the patient's country is one of `country`; it replaces the lists of the programme."""

    country: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    match: Codes = ()
    review: Codes = ()
    no_match: Codes = ()


class TumorTypeRule(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tumour types that the programme takes.

    Attributes:
        match, review, no_match: OncoTree codes (and our own), each with its descendants; the list that names the
            nearest ancestor decides.
        exact: Codes of the lists that stand for themselves only, without descendants.
        lineage_match: Lineages taken as a whole (`solid`), after the lists.
        otherwise: Answer for every other understood type.
        unverified: True when the rule was not read in a source: then `no_match` becomes `review`.
        or_clinical_achondroplasia: True when, without a tumour type, a recorded clinical achondroplasia is the
            diagnosis.
        country: Rules for some countries.
        why: Reason printed with the result.
    """

    match: Codes = ()
    review: Codes = ()
    no_match: Codes = ()
    exact: Codes = ()
    lineage_match: tuple[Literal["solid", "haematologic", "germline"], ...] = ()
    otherwise: Literal["no_match", "review"] = "no_match"
    unverified: bool = False
    or_clinical_achondroplasia: bool = False
    country: tuple[CountryRule, ...] = ()
    why: str = ""


class ExampleGiven(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Patient of an example: at most one event; `absence` is what it is worth that nothing else was found."""

    gene: FgfrGene | None = None
    alteration_class: AlterationClass | None = None
    kind: EventKind | None = None
    event_outcome: Outcome = Outcome.MATCH
    protein_change: str | None = None
    partner: str | None = None
    marks: tuple[Mark, ...] = ()
    tumor_type: str | None = None
    clinical: dict[str, Any] = msgspec.field(default_factory=dict)
    absence: Outcome = Outcome.NO_MATCH


class Example(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the programme must answer for a patient; parts that are None are not compared."""

    name: Sentence
    given: ExampleGiven
    outcome: Outcome
    genomic: Outcome | None = None
    tumor_type: Outcome | None = None
    clinical: Outcome | None = None


class Program(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One programme as its file says it.

    Attributes:
        family: Programmes that ask the same question share it.
        status: Printed, never weighed.
        reviewed: Day on which a person last read the sources.
        certainty: How the row was known when it was written (`seen`, or what was not).
        to_check: Conditions that the tool does not judge; they are printed.
        genomic_not_decidable: Reason why no DNA result can answer the genomic question; "" = it can.
    """

    id: Annotated[str, msgspec.Meta(pattern="^[A-Z][A-Z0-9_]*$")]
    family: Sentence
    title: Sentence
    drug: Sentence
    sponsor: str = ""
    registry_ids: tuple[str, ...] = ()
    status: ProgramStatus
    status_note: str = ""
    reviewed: datetime.date
    sources: Annotated[tuple[Sentence, ...], msgspec.Meta(min_length=1)]
    certainty: str = ""
    to_check: tuple[Sentence, ...] = ()
    genomic_not_decidable: str = ""
    genomic: tuple[GenomicEntry, ...] = ()
    tumor_type: TumorTypeRule
    clinical: tuple[Criterion, ...] = ()
    examples: tuple[Example, ...] = ()


class _Part(Record, frozen=True):
    """Answer to one of the three questions."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    would_settle: tuple[str, ...] = ()


_PartsByProgram = tuple[tuple[_Part, _Part], ...]
"""Answers to the tumour-type and the clinical question of each programme."""


class _Worth(Record, frozen=True):
    """What one event is worth for the programme, and the entry that decided."""

    event: Event
    outcome: Outcome
    entry: GenomicEntry | None


@functools.cache
def load_builtin() -> tuple[Program, ...]:
    """Return the programmes of the package, sorted by id; () when none are packaged."""
    packed = reference.programs_compiled()
    return msgspec.msgpack.decode(packed, type=tuple[Program, ...]) if packed else ()


# -------------------------------------------------------------------------------------------------------- evaluation


def evaluate(
    program: Program,
    events: tuple[Event, ...],
    tumor: TumorType | None,
    clinical: ClinicalFacts,
    absence: Absence,
    *,
    skip_missing: bool = False,
) -> ProgramResult:
    """Weigh one programme against one patient.

    Args:
        program: The programme.
        events: All events of the patient.
        tumor: Tumour type; None, or one that was not understood, is undetermined.
        clinical: Recorded facts.
        absence: What it is worth that nothing of a gene and kind was found; a pair that a mapping lacks was not tested.
        skip_missing: True leaves out clinical conditions whose fact is not recorded (for comparisons only).

    Returns:
        The three answers apart, their worst, every reason, and what is missing. The status never changes the outcome.
    """
    tumor_part = _tumor_part(program.tumor_type, tumor, clinical)
    clinical_part = _clinical_part(program, tumor, clinical, skip_missing=skip_missing)
    return _result(program, events, absence, tumor_part, clinical_part)


class Weigher:
    """Weighs many patients against the same programmes; what patients have in common is weighed once.

    Answers are those of `evaluate`. Kept are the tumour-type and clinical parts of patients with equal facts, and the
    answers of programmes that no event of a patient concerns, for patients who also had the same tests.
    """

    def __init__(self, programs: Iterable[Program]) -> None:
        self.programs = tuple(programs)
        self._parts: dict[object, _PartsByProgram] = {}
        self._eventless: dict[object, dict[int, ProgramResult]] = {}
        self._concerned: dict[tuple[FgfrGene, AlterationClass], tuple[int, ...]] = {}

    def weigh(
        self,
        events: tuple[Event, ...],
        tumor: TumorType | None,
        clinical: ClinicalFacts,
        absence: Mapping[tuple[FgfrGene, EventKind], AbsenceAnswer],
    ) -> tuple[ProgramResult, ...]:
        """Return one result per programme, in their order; arguments as in `evaluate`."""
        facts = (tumor, clinical)
        parts = _kept(self._parts, facts, lambda: self._parts_of(tumor, clinical))
        eventless = _kept(self._eventless, (facts, tuple(absence.items())), dict)
        own_events = self._events_by_program(events)
        for at, program in enumerate(self.programs):
            if at not in eventless and at not in own_events:
                eventless[at] = _result(program, (), absence, *parts[at])
        concerned = {at: _result(self.programs[at], tuple(own), absence, *parts[at]) for at, own in own_events.items()}
        return tuple([concerned[at] if at in concerned else eventless[at] for at in range(len(self.programs))])

    def _events_by_program(self, events: tuple[Event, ...]) -> dict[int, list[Event]]:
        """Return the events that concern each programme; the others leave its answer as it is."""
        found: dict[int, list[Event]] = {}
        for event in events:
            key = (event.gene, event.alteration_class)
            if key not in self._concerned:
                concerns = (_concerns(program, *key) for program in self.programs)
                self._concerned[key] = tuple(at for at, is_concerned in enumerate(concerns) if is_concerned)
            for at in self._concerned[key]:
                found.setdefault(at, []).append(event)
        return found

    def _parts_of(self, tumor: TumorType | None, clinical: ClinicalFacts) -> _PartsByProgram:
        return tuple(
            (
                _tumor_part(program.tumor_type, tumor, clinical),
                _clinical_part(program, tumor, clinical, skip_missing=False),
            )
            for program in self.programs
        )


def _kept(table: dict[object, _T], key: object, make: Callable[[], _T]) -> _T:
    """Return what a table keeps for a key, made where it is missing; a full table starts anew."""
    known = table.get(key)
    if known is None:
        if len(table) >= KEPT:
            table.clear()
        known = table[key] = make()
    return known


def _result(
    program: Program, events: tuple[Event, ...], absence: Absence, tumor_part: "_Part", clinical_part: "_Part"
) -> ProgramResult:
    """Put the three answers together."""
    worths = [_worth(program, event) for event in events]
    on_events = _events_part(program, worths)
    genomic = _with_absence(program, on_events, absence)
    return ProgramResult(
        id=program.id,
        family=program.family,
        title=program.title,
        status=program.status,
        status_note=program.status_note,
        reviewed=program.reviewed.isoformat(),
        outcome=worst(genomic.outcome, tumor_part.outcome, clinical_part.outcome),
        genomic=genomic.outcome,
        genomic_events=on_events.outcome,
        tumor_type=tumor_part.outcome,
        clinical=clinical_part.outcome,
        event_ids=tuple([worth.event.id for worth in worths if worth.outcome is not Outcome.NO_MATCH]),
        findings=(*genomic.findings, *tumor_part.findings, *clinical_part.findings, *_to_check(program.to_check)),
        missing=_each_once(genomic.missing, tumor_part.missing, clinical_part.missing),
        would_settle=_each_once(genomic.would_settle, tumor_part.would_settle, clinical_part.would_settle),
    )


def _each_once(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of all groups in their order, each once."""
    return tuple(dict.fromkeys(itertools.chain.from_iterable(groups)))


def evaluate_stated(
    program: Program, events: tuple[Event, ...], tumor: TumorType | None, clinical: ClinicalFacts
) -> ProgramResult:
    """Weigh a programme by stated facts alone: events found, tumour type, recorded clinical facts.

    What was not tested and what was not recorded are left out. For comparisons with curated cases only.
    """
    return evaluate(
        program, events, tumor, clinical, lambda _gene, _kind: (Outcome.NO_MATCH, (), ()), skip_missing=True
    )


def wanted_kinds(program: Program) -> tuple[tuple[FgfrGene, EventKind], ...]:
    """Return the genes and kinds of event that the programme asks about, sorted; only tests of these can exclude."""
    return _wanted(program.genomic)


@functools.lru_cache(maxsize=KEPT)
def _wanted(entries: tuple[GenomicEntry, ...]) -> tuple[tuple[FgfrGene, EventKind], ...]:
    pairs = {
        (gene, kind)
        for entry in entries
        for gene in entry.gene
        for kind in entry.kind or kinds_of(entry.alteration_class)
    }
    return tuple(sorted(pairs))


@functools.lru_cache(maxsize=KEPT)
def _entries_by_class(
    entries: tuple[GenomicEntry, ...],
) -> Mapping[tuple[FgfrGene, AlterationClass], tuple[GenomicEntry, ...]]:
    """Return the entries of each gene and class, in their order."""
    found: dict[tuple[FgfrGene, AlterationClass], tuple[GenomicEntry, ...]] = {}
    for entry in entries:
        for key in itertools.product(dict.fromkeys(entry.gene), dict.fromkeys(entry.alteration_class)):
            found[key] = (*found.get(key, ()), entry)
    return found


@functools.lru_cache(maxsize=KEPT)
def _wanted_genes(entries: tuple[GenomicEntry, ...]) -> tuple[FgfrGene, ...]:
    return tuple(dict.fromkeys(gene for gene, _ in _wanted(entries)))


def _is_asked(program: Program, gene: FgfrGene, name: AlterationClass) -> bool:
    """Tell whether the programme asks about the gene, and the class means something anywhere."""
    return name not in _NOT_WORTH_A_LINE and gene in _wanted_genes(program.genomic)


def _concerns(program: Program, gene: FgfrGene, name: AlterationClass) -> bool:
    """Tell whether an event of a gene and class can change the answer of the programme."""
    return (gene, name) in _entries_by_class(program.genomic) or _is_asked(program, gene, name)


def kinds_of(classes: Iterable[AlterationClass]) -> tuple[EventKind, ...]:
    """Return the kinds that the classes belong to; `not_assessable` and `silent` belong to none by themselves."""
    kinds = {
        EventKind.REARRANGEMENT
        if name in _STRUCTURAL
        else EventKind.COPY_NUMBER
        if name in _COPY_NUMBER
        else EventKind.SHORT_VARIANT
        for name in classes
        if name not in WITHOUT_KIND
    }
    return tuple(sorted(kinds))


def _worth(program: Program, event: Event) -> _Worth:
    """Return what the event is worth: the best entry, capped by how surely the event is what it is called."""
    entries = _entries_by_class(program.genomic).get((event.gene, event.alteration_class), ())
    answers = [(_capped(entry, event), entry) for entry in entries if _names(entry, event)]
    if answers:
        outcome, entry = max(answers, key=lambda answer: answer[0].rank)
        return _Worth(event, outcome, entry)
    is_open = event.alteration_class is AlterationClass.NOT_ASSESSABLE and (event.gene, event.kind) in wanted_kinds(
        program
    )
    return _Worth(event, Outcome.UNDETERMINED if is_open else Outcome.NO_MATCH, None)


def _capped(entry: GenomicEntry, event: Event) -> Outcome:
    """Return the worse of entry and event; an entry for `not_assessable` counts as it is."""
    cap = Outcome.MATCH if entry.outcome == "match" else Outcome.REVIEW
    return cap if event.alteration_class is AlterationClass.NOT_ASSESSABLE else worst(cap, event.outcome)


def _names(entry: GenomicEntry, event: Event) -> bool:
    """Say whether an entry for the gene and class of the event speaks of this event."""
    return (
        (not entry.kind or event.kind in entry.kind)
        and (not entry.protein_change or _change(event) in entry.protein_change)
        and (not entry.partner or not _other_genes(event).isdisjoint(entry.partner))
        and (not entry.marks or set(entry.marks) <= set(event.marks))
        and (not entry.without_marks or set(entry.without_marks).isdisjoint(event.marks))
    )


def _change(event: Event) -> str:
    """Return the protein change as entries write it."""
    return (event.protein_change or "").removeprefix("p.").strip("()")


def _other_genes(event: Event) -> set[str | None]:
    return {end.gene for end in (event.five_prime, event.three_prime) if end is not None} - {event.gene.value}


def _events_part(program: Program, worths: Sequence[_Worth]) -> _Part:
    """Answer the genomic question from the events found."""
    if program.genomic_not_decidable:
        reason = Finding(
            code="GENOMIC_NOT_DECIDABLE", message=program.genomic_not_decidable, outcome=Outcome.UNDETERMINED
        )
        return _Part(Outcome.UNDETERMINED, (reason,))
    findings = [_event_finding(program, worth) for worth in worths if _is_worth_a_line(program, worth)]
    steps = [
        step
        for worth in worths
        if worth.outcome in (Outcome.REVIEW, Outcome.UNDETERMINED)
        for step in worth.event.would_settle
    ]
    return _Part(best(*[worth.outcome for worth in worths]), tuple(findings), would_settle=tuple(steps))


def _is_worth_a_line(program: Program, worth: _Worth) -> bool:
    """Leave out events of other genes and events that mean nothing anywhere."""
    return worth.entry is not None or _is_asked(program, worth.event.gene, worth.event.alteration_class)


def _event_finding(program: Program, worth: _Worth) -> Finding:
    """Say what an event is worth and why."""
    name = worth.event.name or f"{worth.event.gene} {worth.event.alteration_class}"
    if worth.entry is None:
        told = f"{name}: {worth.event.alteration_class} is not among the alterations of this programme"
        if worth.outcome is Outcome.UNDETERMINED:
            told = f"{name}: cannot be assessed, and the programme asks about this kind of change"
        return Finding(code="GENOMIC_NOT_NAMED", message=told, outcome=worth.outcome, sources=program.sources)
    told = f"{name}: {worth.entry.why}"
    if worth.outcome != worth.entry.outcome:
        told += f"; the event itself is {worth.event.outcome}"
    return Finding(code="GENOMIC_NAMED", message=told, outcome=worth.outcome, sources=program.sources)


def _with_absence(program: Program, found: _Part, absence: Absence) -> _Part:
    """Raise the answer by what was not tested: an alteration may exist that nobody could have seen.

    Once an event is worth `review` or `match`, absence cannot add anything.
    """
    if found.outcome in (Outcome.REVIEW, Outcome.MATCH) or program.genomic_not_decidable:
        return found
    answers = [_absence_of(absence, gene, kind) for gene, kind in wanted_kinds(program)]
    outcome = best(found.outcome, *(answer[0] for answer in answers))
    reasons = tuple(reason for answer in answers for reason in answer[1])
    steps = tuple(step for answer in answers for step in answer[2])
    return _Part(
        outcome,
        tuple(dict.fromkeys((*found.findings, *reasons))),
        would_settle=(*found.would_settle, *steps) if outcome is not Outcome.NO_MATCH else (),
    )


def _absence_of(absence: Absence, gene: FgfrGene, kind: EventKind) -> AbsenceAnswer:
    """Ask what the absence of a gene and kind is worth; an unknown pair was not tested."""
    answer = absence(gene, kind) if callable(absence) else absence.get((gene, kind))
    if answer is not None:
        return answer
    told = f"{gene} {kind}: no test is known to cover it"
    return (
        Outcome.UNDETERMINED,
        (Finding(code="NOT_TESTED", message=told, outcome=Outcome.UNDETERMINED),),
        (f"a test that covers {gene} {kind}",),
    )


def _tumor_part(rule: TumorTypeRule, tumor: TumorType | None, facts: ClinicalFacts) -> _Part:
    """Answer the tumour-type question."""
    if tumor is None and rule.or_clinical_achondroplasia and facts.clinical_achondroplasia:
        return _tumor_answer(rule, Outcome.MATCH, "clinical achondroplasia is recorded")
    if tumor is None or not tumor.lineage_codes:
        told = "tumour type not given" if tumor is None else tumor.caution or "tumour type not understood"
        return _tumor_missing(told)
    lists = _lists_for(rule, facts)
    named = _nearest_list(lists, rule.exact, tumor)
    told = f"{tumor.name or tumor.oncotree} ({tumor.oncotree})"
    if named is not None:
        return _tumor_answer(rule, named, told)
    if tumor.lineage in rule.lineage_match:
        return _tumor_answer(rule, Outcome.MATCH, f"{told}: {tumor.lineage}")
    if any(diseases.is_broader(tumor, code) for code in (*lists.match, *lists.review)):
        return _tumor_missing(f"{told} is too general to tell")
    return _tumor_answer(rule, Outcome(rule.otherwise), f"{told} is not among the tumour types of this programme")


def _lists_for(rule: TumorTypeRule, facts: ClinicalFacts) -> TumorTypeRule | CountryRule:
    """Return the lists that hold in the patient's country; without a rule for it, those of the programme."""
    return next((country for country in rule.country if facts.country in country.country), rule)


def _nearest_list(lists: TumorTypeRule | CountryRule, exact: Codes, tumor: TumorType) -> Outcome | None:
    """Walk from the type to the root; the first code that a list names decides. None = no list names it."""
    by_outcome = (
        (Outcome.NO_MATCH, lists.no_match),
        (Outcome.REVIEW, lists.review),
        (Outcome.MATCH, lists.match),
    )
    for distance, code in enumerate(tumor.lineage_codes):
        if distance > 0 and code in exact:
            continue
        for outcome, codes in by_outcome:
            if code in codes:
                return outcome
    return None


def _tumor_answer(rule: TumorTypeRule, outcome: Outcome, told: str) -> _Part:
    """Build the answer with its reason; an unverified rule never goes below `review`."""
    if rule.unverified and outcome is Outcome.NO_MATCH:
        outcome = Outcome.REVIEW
        told += "; the rule was not read in a source"
    if outcome is not Outcome.MATCH and rule.why:
        told += f"; {rule.why}"
    return _Part(outcome, (Finding(code=_TUMOR_CODES[outcome.rank], message=told, outcome=outcome),))


def _tumor_missing(told: str) -> _Part:
    """Build the answer for a tumour type that is not known well enough."""
    finding = Finding(code="TUMOR_TYPE_UNKNOWN", message=told, outcome=Outcome.UNDETERMINED)
    return _Part(Outcome.UNDETERMINED, (finding,), missing=("tumor_type",))


def _clinical_part(program: Program, tumor: TumorType | None, facts: ClinicalFacts, *, skip_missing: bool) -> _Part:
    """Answer the clinical question: the worst of all conditions."""
    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    missing: list[str] = []
    for condition in program.clinical:
        answer = criteria.judge(condition, facts, tumor)
        if answer.missing and skip_missing:
            continue
        outcomes.append(answer.outcome)
        missing.extend(answer.missing)
        findings.append(_criterion_finding(condition, answer))
    return _Part(worst(*outcomes), tuple(findings), missing=tuple(missing))


def _criterion_finding(condition: Criterion, answer: criteria.Answer) -> Finding:
    """Say how a condition was answered."""
    return Finding(
        code="FACT_MISSING" if answer.missing else _CRITERION_CODES[answer.outcome.rank],
        message=f"{criteria.name_of(condition)}: {answer.message}",
        outcome=answer.outcome,
        sources=(condition.source,) if condition.source else (),
    )


@functools.lru_cache(maxsize=KEPT)
def _to_check(asked: tuple[str, ...]) -> tuple[Finding, ...]:
    """List what the programme asks and the tool does not judge."""
    if not asked:
        return ()
    return (Finding(code="NOT_JUDGED", message="to be checked by a person: " + "; ".join(asked)),)
