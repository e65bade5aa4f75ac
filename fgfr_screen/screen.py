"""The pipeline as a list of calls: files of one patient in, `SampleReport` out. The library's front door.

read -> pair mates -> annotate -> merge -> classify -> weigh absence -> weigh programmes. Every stage is a pure function over
records; this module only carries their results from one to the next and keeps the account of every record.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs

from fgfr_screen import __version__
from fgfr_screen.clinical import facts_from_mapping, load_clinical, merge_clinical
from fgfr_screen.diseases import tumor_type as understand_tumor_type
from fgfr_screen.errors import InputError, UsageError
from fgfr_screen.evidence.absence import Absence, TestedMaterial, weigh_all, weigh_measured
from fgfr_screen.evidence.history import negatives_of, weigh_contradictions, with_times
from fgfr_screen.intake import (
    ScreenOptions,
    named_assay_of,
    qualified,
    read_inputs,
    unheld_kinds,
    with_named_assay,
)
from fgfr_screen.model import (
    AbsenceReport,
    Accounting,
    Assay,
    ClinicalFacts,
    Event,
    Finding,
    InputContent,
    InputReport,
    NegativeCall,
    ProgramResult,
    Rejected,
    SampleIdentity,
    SampleReport,
    Source,
    Specimen,
    Tool,
    TumorType,
)
from fgfr_screen.programs import Program, Weigher, load_builtin
from fgfr_screen.reference import data_release
from fgfr_screen.summary import summarise
from fgfr_screen.terms import (
    AlterationClass,
    EventKind,
    FgfrGene,
    Outcome,
    ProgramStatus,
)
from fgfr_screen.verdicts import CallFacts, PatientContext, annotate_all, classify_all, only_one

__all__ = [
    "ScreenOptions",
    "chosen_programs",
    "read_inputs",
    "screen_contents",
    "screen_sample",
    "to_json",
]

_TAKES_PATIENTS = (ProgramStatus.OPEN, ProgramStatus.APPROVED)
SCHEMA_VERSION = "1.0"
TOOL_NAME = "fgfr-screen"


# ---------------------------------------------------------------------------------------------------------- absence


def _weigh_absence(material: TestedMaterial, events: tuple[Event, ...]) -> dict[tuple[FgfrGene, EventKind], Absence]:
    """Weigh what was not found; a copy number measured under the cut is an answer, not silence."""
    absences = dict(weigh_all(material))
    if any(not item.complete for item in material.inputs) or any(one.touches_fgfr for one in material.rejected):
        return absences
    for event in events:
        key = (event.gene, event.kind)
        is_under_cut = event.kind is EventKind.COPY_NUMBER and event.outcome is Outcome.NO_MATCH
        if is_under_cut and absences[key].outcome is not Outcome.NO_MATCH:
            absences[key] = weigh_measured(event, material)
    return absences


def _over_time(
    events: tuple[Event, ...],
    contents: Iterable[InputContent],
    material: TestedMaterial,
    specimens: Mapping[str, Specimen],
) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Set what one test found against what another did not; return the events and all contradictions."""
    words = [(c.report.path, call) for c in contents for call in c.calls if isinstance(call, NegativeCall)]
    negatives = negatives_of(words, material.assays, events, specimens, material.untested)
    inside = [finding for event in events for finding in event.findings if finding.code == "CONFLICT"]
    events, between = weigh_contradictions(events, negatives, specimens)
    return events, tuple(dict.fromkeys((*inside, *between)))


# ------------------------------------------------------------------------------------------------------- the sample


def _tumor_type(
    options: ScreenOptions, contents: Iterable[InputContent]
) -> tuple[TumorType | None, tuple[Finding, ...]]:
    """Return the tumour type: the user's word wins over the reports'; a difference is told."""
    texts = [options.tumor_type] if options.tumor_type else []
    reported = [content.tumor_oncotree or content.tumor_type_text for content in contents]
    texts += [text for text in reported if text]
    if not texts:
        return None, ()
    understood = [understand_tumor_type(text) for text in texts]
    known = [one for one in understood if one.oncotree is not None]
    chosen = known[0] if known and not options.tumor_type else understood[0]
    findings = []
    if chosen.oncotree is None:
        hint = f": {chosen.caution}" if chosen.caution else ""
        findings.append(Finding(code="TUMOR_TYPE_NOT_UNDERSTOOD", message=f"{chosen.text!r} is no known type{hint}"))
    codes = {one.oncotree for one in understood if one.oncotree is not None}
    if len(codes) > 1:
        message = f"different tumour types are given: {', '.join(sorted(codes))}; {chosen.oncotree} is used"
        findings.append(Finding(code="TUMOR_TYPE_CONFLICT", message=message))
    return chosen, tuple(findings)


def _clinical(options: ScreenOptions, contents: Iterable[InputContent]) -> tuple[ClinicalFacts, tuple[Finding, ...]]:
    given = options.clinical
    if given is None:
        stated = ClinicalFacts()
    elif isinstance(given, ClinicalFacts):
        stated = given
    elif isinstance(given, Mapping):
        stated = facts_from_mapping(given)
    else:
        stated = load_clinical(os.fspath(given))
    return merge_clinical(stated, [(content.report.id, content.clinical) for content in contents if content.clinical])


def _record_of(source: Source) -> object:
    """Return what a record is: a place in a structured file, else a line, whose alleles and junctions are one record."""
    in_structure = source.place is not None and source.place.startswith("$")
    return source.place if in_structure or source.line is None else source.line


def _count(contents: Sequence[InputContent], facts: CallFacts) -> tuple[Accounting, tuple[InputReport, ...]]:
    """Close the account of each input: outside FGFR1-3, part of an event, or rejected.

    A reader counts every record that gave a call as part of an event; what became of it is known only now.
    """
    reports: list[InputReport] = []
    counts: list[Accounting] = []
    for content in contents:
        own = content.accounting or Accounting(records=0, outside_fgfr=0, in_events=0, rejected=0)
        kept, refused, outside = (
            {_record_of(source) for source in sources if source.input == content.report.id}
            for sources in (facts.kept, facts.refused, facts.outside)
        )
        late_rejected, late_outside = len(refused - kept), len(outside - kept - refused)
        count = Accounting(
            records=own.records,
            outside_fgfr=own.outside_fgfr + late_outside,
            in_events=own.in_events - late_outside - late_rejected,
            rejected=own.rejected + late_rejected,
        )
        counts.append(count)
        reports.append(
            structs.replace(
                content.report, outside_fgfr=count.outside_fgfr, rejected=count.rejected, records=count.records
            )
        )
    total = Accounting(
        records=sum(count.records for count in counts),
        outside_fgfr=sum(count.outside_fgfr for count in counts),
        in_events=sum(count.in_events for count in counts),
        rejected=sum(count.rejected for count in counts),
    )
    return total, tuple(reports)


def chosen_programs(options: ScreenOptions) -> tuple[Program, ...]:
    """Return the programmes that the options name: packaged ones, those of `programs_dir`, or some of both.

    Raises:
        UsageError: a programme file is wrong, or an id is not known.
    """
    programs = load_builtin()
    if options.programs_dir is not None:
        from fgfr_screen.program_files import load_directory

        programs += load_directory(options.programs_dir, taken=[program.id for program in programs])
    if options.only_open:
        programs = tuple(program for program in programs if program.status in _TAKES_PATIENTS)
    if options.programs is None:
        return programs
    known = {program.id: program for program in programs}
    unknown = [name for name in options.programs if name not in known]
    if unknown:
        remedy = f"known programmes: {', '.join(sorted(known))}"
        raise UsageError(f"no programme {', '.join(unknown)}", remedy=remedy, code="UNKNOWN_PROGRAM")
    return tuple(program for program in programs if program.id in options.programs)


def _tested(
    contents: Iterable[InputContent],
    options: ScreenOptions,
    named_assay: Assay | None,
    clinical: ClinicalFacts,
    inputs: tuple[InputReport, ...],
    rejected: tuple[Rejected, ...],
) -> TestedMaterial:
    """Gather everything that absence depends on; the assay that the user names comes last."""
    contents = tuple(contents)
    assays = tuple(assay for content in contents for assay in content.assays)
    unheld = unheld_kinds(contents)
    named = named_assay if unheld is not None else None
    specimens = (specimen for content in contents for specimen in content.specimens)
    stated = options.purity
    return TestedMaterial(
        assays=assays if named is None else (*assays, named),
        specimens=with_times(specimens, clinical),
        inputs=inputs,
        rejected=rejected,
        negatives=tuple(c for content in contents for c in content.calls if isinstance(c, NegativeCall)),
        named=named.id if named is not None else None,
        unheld=unheld or (),
        purity=stated if stated is not None else only_one(content.purity for content in contents),
    )


def _not_used(named_assay: Assay | None, material: TestedMaterial) -> tuple[Finding, ...]:
    if named_assay is None or material.named is not None:
        return ()
    message = f"{named_assay.name or named_assay.id} is not used: every input describes its own tests"
    return (Finding(code="ASSAY_NOT_USED", message=message),)


def _refuse(rejected: tuple[Rejected, ...], contents: Iterable[InputContent]) -> None:
    """Raise the first refused record as an error of its file; nothing where none was refused."""
    if not rejected:
        return
    first = rejected[0]
    path = next((content.report.path for content in contents if content.report.id == first.input), first.input)
    raise InputError(first.message, path=path, line=first.line, code=first.code, remedy="leave out --strict to go on")


def _split_silent(events: Iterable[Event]) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """Return the events that count, and those that change nothing."""
    events = tuple(events)
    return (
        tuple(event for event in events if event.alteration_class is not AlterationClass.SILENT),
        tuple(event for event in events if event.alteration_class is AlterationClass.SILENT),
    )


def _weigh_programs(
    weigher: Weigher,
    events: tuple[Event, ...],
    context: PatientContext,
    absences: Mapping[tuple[FgfrGene, EventKind], Absence],
) -> tuple[ProgramResult, ...]:
    """Weigh every programme; the best answer comes first."""
    answers = {pair: (one.outcome, one.findings, one.would_settle) for pair, one in absences.items()}
    results = weigher.weigh(events, context.tumor, context.clinical, answers)
    return tuple(sorted(results, key=lambda one: (-one.outcome.rank, -one.genomic.rank, one.id)))


def _absence_reports(absences: Mapping[tuple[FgfrGene, EventKind], Absence]) -> tuple[AbsenceReport, ...]:
    return tuple(
        AbsenceReport(gene=gene, kind=kind, outcome=one.outcome, findings=one.findings, would_settle=one.would_settle)
        for (gene, kind), one in absences.items()
    )


def screen_contents(
    contents: Sequence[InputContent],
    options: ScreenOptions,
    *,
    weigher: Weigher | None = None,
    named_assay: Assay | None = None,
) -> SampleReport:
    """Screen inputs that are already read (see `screen_sample`).

    Args:
        contents: What the readers took.
        options: What the user says.
        weigher: Programmes loaded before, for many samples in a row; None = those of `options`.
        named_assay: Assay loaded before; None = that of `options`.

    Raises:
        InputError: `options.strict` and a record was refused.
    """
    if weigher is None:
        weigher = Weigher(chosen_programs(options))
    if named_assay is None:
        named_assay = named_assay_of(options)
    contents = tuple(with_named_assay(qualified(content), named_assay) for content in contents)
    facts = annotate_all(contents, options)
    rejected = (*(record for content in contents for record in content.rejected), *facts.rejected)
    if options.strict:
        _refuse(rejected, contents)
    tumor, tumor_findings = _tumor_type(options, contents)
    clinical, clinical_findings = _clinical(options, contents)
    accounting, inputs = _count(contents, facts)
    material = _tested(contents, options, named_assay, clinical, inputs, rejected)
    material = structs.replace(material, untested=facts.untested, tumor=tumor)
    context = PatientContext(
        tumor=tumor,
        clinical=clinical,
        assays={assay.id: assay for assay in material.assays},
        specimens={specimen.id: specimen for specimen in material.specimens},
    )
    events, silent = _split_silent(classify_all(facts, context))
    events, conflicts = _over_time(events, contents, material, context.specimens)
    absences = _weigh_absence(material, events)
    release, digest = data_release()
    return SampleReport(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name=TOOL_NAME, version=__version__, data_release=release, rules_sha256=digest),
        sample=SampleIdentity(sample_id=options.sample_id, patient_id=options.patient_id, tumor_type=tumor),
        specimens=material.specimens,
        clinical=clinical.to_dict(),
        inputs=inputs,
        assays=material.assays,
        summary=summarise(events, {pair: one.outcome for pair, one in absences.items()}),
        events=events,
        programs=_weigh_programs(weigher, events, context, absences),
        rejected=rejected,
        conflicts=conflicts,
        warnings=(*tumor_findings, *clinical_findings, *_not_used(named_assay, material)),
        accounting=accounting,
        silent_events=silent,
        absence=_absence_reports(absences),
    )


def screen_sample(*paths: str | os.PathLike[str], **options: Any) -> SampleReport:
    """Screen the files of one patient.

    Args:
        *paths: Files in any mix of formats; `-` = standard input.
        **options: Fields of `ScreenOptions`.

    Returns:
        Events, summary, programmes, and the account of every record.

    Raises:
        InputError: no input could be trusted (exit status 3).
        UsageError: an option, or a user's own file, is wrong (exit status 2).

    Example:
        >>> from fgfr_screen import screen_sample
        >>> report = screen_sample("patient.vcf", tumor_type="IHCH")  # doctest: +SKIP
        >>> [event.name for event in report.events]  # doctest: +SKIP
        ['FGFR2::BICC1']
    """
    try:
        chosen = ScreenOptions(**options)
    except TypeError as error:
        known = ", ".join(ScreenOptions.__struct_fields__)
        raise UsageError(str(error), remedy=f"options are: {known}") from error
    names = [os.fspath(path) for path in paths]
    return screen_contents(read_inputs(names, chosen), chosen)


def to_json(report: SampleReport) -> bytes:
    """Return the result contract as one JSON object, indented, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
