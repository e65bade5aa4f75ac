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
from fgfr_screen.annotate.copy_number import annotate_copy_number
from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.classify.copy_number import classify_copy_number
from fgfr_screen.classify.quality import weigh_quality
from fgfr_screen.classify.rearrangement import classify_rearrangement, weigh_normal_junction
from fgfr_screen.clinical import facts_from_mapping, load_clinical, merge_clinical
from fgfr_screen.diseases import tumor_type as understand_tumor_type
from fgfr_screen.errors import InputError, UsageError
from fgfr_screen.events import (
    copy_number_event,
    event_order,
    origin_of,
    rearrangement_event,
    short_variant_event,
    vaf_of,
)
from fgfr_screen.evidence.absence import Absence, TestedMaterial, weigh_all, weigh_measured
from fgfr_screen.evidence.history import negatives_of, weigh_contradictions, with_times
from fgfr_screen.facts import (
    CopyNumberFacts,
    ExpressionFacts,
    RearrangementFacts,
    RearrangementGroup,
    ShortVariantFacts,
    ShortVariantGroup,
    Verdict,
)
from fgfr_screen.genes import fgfr_gene
from fgfr_screen.merge import merge_copy_numbers, merge_rearrangements, merge_short_variants
from fgfr_screen.model import (
    AbsenceReport,
    Accounting,
    Assay,
    AssemblyEvidence,
    Call,
    ClinicalFacts,
    CopyNumberCall,
    Event,
    ExpressionCall,
    Finding,
    InputContent,
    InputReport,
    NegativeCall,
    NormalJunctionCall,
    ProgramResult,
    RearrangementCall,
    Record,
    Rejected,
    SampleIdentity,
    SampleReport,
    ShortVariantCall,
    Source,
    Specimen,
    Summary,
    Tool,
    TumorType,
)
from fgfr_screen.pairing import pair_mates
from fgfr_screen.programs import Program, Weigher, load_builtin, load_directory
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.reference import data_release
from fgfr_screen.terms import (
    AlterationClass,
    AssayQc,
    Assembly,
    CallStatus,
    Category,
    EventKind,
    FgfrGene,
    Outcome,
    ProgramStatus,
    best,
)

_TAKES_PATIENTS = (ProgramStatus.OPEN, ProgramStatus.APPROVED)
SCHEMA_VERSION = "1.0"
TOOL_NAME = "fgfr-screen"
MONTHS_PER_YEAR = 12


class ScreenOptions(Record, frozen=True, kw_only=True):
    """What the user says about the sample; every field may stay None.

    Attributes:
        tumor_type: OncoTree code, name, or English or Chinese text.
        assembly: For inputs that do not tell theirs.
        purity, ploidy: Of the tumour specimen, for inputs that do not tell theirs.
        assay: Catalogue id or TOML file that describes the test behind the inputs without a description of their own.
        assay_qc: `pass` or `fail`, of that test; None = as its description says.
        clinical: TOML file, mapping, or facts.
        programs: Ids to weigh; None = all.
        programs_dir: Folder with more programme files.
        only_open: Leave out programmes that take no patients now (status closed or unknown).
        column_map: TOML file that describes the columns of result tables.
        strict: An input that cannot be used, or a refused record, ends the screening.
    """

    sample_id: str | None = None
    patient_id: str | None = None
    tumor_type: str | None = None
    assembly: Assembly | None = None
    tumor_sample: str | None = None
    normal_sample: str | None = None
    purity: float | None = None
    ploidy: float | None = None
    assay: str | None = None
    assay_qc: str | None = None
    clinical: str | os.PathLike[str] | Mapping[str, Any] | ClinicalFacts | None = None
    programs: tuple[str, ...] | None = None
    programs_dir: str | None = None
    only_open: bool = False
    column_map: str | None = None
    input_format: str | None = None
    allow_truncated: bool = False
    strict: bool = False


class _Facts(Record, frozen=True, kw_only=True):
    """Facts of all calls, and the fate of the records behind them.

    Attributes:
        kept: Records that are part of an event.
        refused: Records with a call that could not be used; told in `rejected`.
        outside: Records with a call that turned out to lie outside FGFR1-3.
    """

    structural: tuple[RearrangementFacts, ...]
    copies: tuple[CopyNumberFacts, ...]
    short: tuple[ShortVariantFacts, ...]
    expression: tuple[ExpressionFacts, ...]
    normal_junctions: tuple[NormalJunctionCall, ...]
    rejected: tuple[Rejected, ...]
    kept: tuple[Source, ...]
    refused: tuple[Source, ...]
    outside: tuple[Source, ...]


class _Context(Record, frozen=True, kw_only=True):
    """What classification may look at beside the facts."""

    tumor: TumorType | None
    clinical: ClinicalFacts
    assays: dict[str, Assay]
    specimens: dict[str, Specimen]


# ---------------------------------------------------------------------------------------------------------- reading


def _read_one(path: str, input_id: str, options: ScreenOptions, stored: str | bytes | None) -> InputContent:
    with OpenedInput(path, input_id, allow_truncated=options.allow_truncated, stored=stored) as opened:
        reader, evidence = choose(opened.head, options.input_format, column_map=options.column_map)
        content = reader.read(
            opened,
            ReadOptions(
                assembly=options.assembly,
                tumor_sample=options.tumor_sample,
                normal_sample=options.normal_sample,
                allow_truncated=options.allow_truncated,
                sample_id=options.sample_id,
                column_map=options.column_map,
            ),
        )
    report = structs.replace(content.report, format_evidence=evidence)
    return structs.replace(content, report=report, calls=pair_mates(content.calls))


def _failed_input(path: str, input_id: str, error: InputError) -> InputContent:
    line = f"line {error.line}: " if error.line is not None else ""
    remedy = f" -- {error.remedy}" if error.remedy else ""
    finding = Finding(code=error.code, message=f"{line}{error.reason}{remedy}", outcome=Outcome.UNDETERMINED)
    report = InputReport(
        id=input_id,
        path=path,
        format="none",
        format_evidence="could not be used",
        caller=None,
        assembly=AssemblyEvidence(name=None, source="none"),
        sha256=None,
        records=0,
        outside_fgfr=0,
        rejected=0,
        complete=False,
        findings=(finding,),
    )
    return InputContent(report=report, accounting=Accounting(records=0, outside_fgfr=0, in_events=0, rejected=0))


def read_inputs(
    paths: Sequence[str], options: ScreenOptions, stored: Mapping[str, str | bytes] | None = None
) -> tuple[InputContent, ...]:
    """Read every input; one that cannot be used becomes an incomplete one as long as another can.

    Inputs are numbered in the order of their names, so the order on the command line does not matter.

    Args:
        paths: Names of the inputs, as shown in the result.
        options: What the user says.
        stored: Where an input's bytes are when its name is not where to open it: another path, or the bytes.

    Raises:
        InputError: no input could be used, or `strict` and one could not.
        UsageError: no path, or one path twice.
    """
    if not paths:
        raise UsageError("no input file", remedy="name at least one file, or - for standard input")
    if len(set(paths)) < len(paths):
        twice = sorted({path for path in paths if paths.count(path) > 1})
        raise UsageError(f"named twice: {', '.join(twice)}", remedy="name each file once", code="INPUT_TWICE")
    contents, errors = [], []
    for number, path in enumerate(sorted(paths, key=lambda p: (os.path.basename(p), p)), start=1):
        try:
            contents.append(_read_one(path, f"in{number}", options, (stored or {}).get(path)))
        except InputError as error:
            located = (
                error
                if error.path is not None
                else type(error)(error.reason, remedy=error.remedy, path=path, line=error.line, code=error.code)
            )
            if options.strict:
                raise located from error
            errors.append(located)
            contents.append(_failed_input(path, f"in{number}", located))
    if len(errors) == len(contents):
        raise errors[0]
    return tuple(contents)


# --------------------------------------------------------------------------------------------------------- annotate


def _is_negative(call: Call) -> bool:
    """Tell whether a line says that nothing was found, that all is normal, or that it was not looked for."""
    if isinstance(call, (CopyNumberCall, ExpressionCall)):
        return call.status is CallStatus.NOT_TESTED
    return isinstance(call, (NegativeCall, NormalJunctionCall)) or call.status in (
        CallStatus.ABSENT,
        CallStatus.NOT_TESTED,
    )


def _only_one(values: Iterable[float | None]) -> float | None:
    """Return the value that the inputs give when they give exactly one, else None."""
    given = {value for value in values if value is not None}
    return given.pop() if len(given) == 1 else None


def _purity_ploidy(
    call: Call, content: InputContent, contents: Sequence[InputContent], options: ScreenOptions
) -> tuple[float | None, float | None]:
    """Return purity and ploidy for a call: of its specimen, of its file, as the user says, or as another file says."""
    specimen = next((one for one in content.specimens if one.id == call.specimen), None)
    if specimen is None and len(content.specimens) == 1:
        specimen = content.specimens[0]
    other_purity, other_ploidy = _only_one(c.purity for c in contents), _only_one(c.ploidy for c in contents)
    purity = [specimen.tumor_content if specimen else None, content.purity, options.purity, other_purity]
    ploidy = [specimen.ploidy if specimen else None, content.ploidy, options.ploidy, other_ploidy]
    return (
        next((value for value in purity if value is not None), None),
        next((value for value in ploidy if value is not None), None),
    )


def _sources_of(call: Call) -> tuple[Source, ...]:
    return (call.source, *call.mates) if isinstance(call, RearrangementCall) else (call.source,)


def _facts_of(
    call: Call, content: InputContent, contents: Sequence[InputContent], options: ScreenOptions
) -> RearrangementFacts | CopyNumberFacts | ShortVariantFacts | ExpressionFacts | Rejected | None:
    """Return what is found out about one call, why it cannot be used, or None when it lies outside FGFR1-3."""
    match call:
        case RearrangementCall():
            return annotate_rearrangement(call)
        case CopyNumberCall():
            purity, ploidy = _purity_ploidy(call, content, contents, options)
            return annotate_copy_number(call, purity=purity, ploidy=ploidy)
        case ShortVariantCall():
            return _short_variant(call)
        case ExpressionCall():
            gene = fgfr_gene(call.gene)
            return ExpressionFacts(call=call, gene=gene) if gene is not None else None
        case NegativeCall() | NormalJunctionCall():
            return None


def _annotate(contents: Sequence[InputContent], options: ScreenOptions) -> _Facts:
    found: list[object] = []
    kept: list[Source] = []
    refused: list[Source] = []
    outside: list[Source] = []
    for content in contents:
        for call in content.calls:
            if _is_negative(call):
                continue
            facts = _facts_of(call, content, contents, options)
            fate = outside if facts is None else refused if isinstance(facts, Rejected) else kept
            fate += _sources_of(call)
            found.append(facts)
    return _Facts(
        structural=tuple(facts for facts in found if isinstance(facts, RearrangementFacts)),
        copies=tuple(facts for facts in found if isinstance(facts, CopyNumberFacts)),
        short=tuple(facts for facts in found if isinstance(facts, ShortVariantFacts)),
        expression=tuple(facts for facts in found if isinstance(facts, ExpressionFacts)),
        normal_junctions=tuple(c for content in contents for c in content.calls if isinstance(c, NormalJunctionCall)),
        rejected=tuple(facts for facts in found if isinstance(facts, Rejected)),
        kept=tuple(kept),
        refused=tuple(refused),
        outside=tuple(outside),
    )


def _short_variant(call: ShortVariantCall) -> ShortVariantFacts | Rejected | None:
    from fgfr_screen.annotate.short_variant import UnusableVariant, annotate_short_variant

    facts = annotate_short_variant(call, call.assembly)
    if not isinstance(facts, UnusableVariant):
        return facts
    if facts.gene is None:
        return None
    source = call.source
    message = facts.message if source.place is None else f"{source.place}: {facts.message}"
    return Rejected(input=source.input, line=source.line, code=facts.code, message=message, touches_fgfr=True)


# --------------------------------------------------------------------------------------------------------- classify


def _prior_inhibitor(group: ShortVariantGroup, context: _Context) -> bool | None:
    """Return whether the specimen was taken after an FGFR inhibitor: by the specimen, else by the clinical facts."""
    stated = set()
    for facts in group.members:
        specimen = context.specimens.get(facts.call.specimen or "")
        if specimen is not None and specimen.before_fgfr_inhibitor is not None:
            stated.add(not specimen.before_fgfr_inhibitor)
    return stated.pop() if len(stated) == 1 else context.clinical.prior_fgfr_inhibitor


def _classify_short(group: ShortVariantGroup, context: _Context) -> Verdict:
    from fgfr_screen.classify.short_variant import classify_short_variant

    calls = [facts.call for facts in group.members]
    assays = [context.assays[call.assay] for call in calls if call.assay in context.assays]
    normals = {call.has_matched_normal for call in calls} | {assay.has_matched_normal for assay in assays}
    age_months = context.clinical.age_months
    verdict = classify_short_variant(
        group.lead,
        origin=origin_of(calls),
        vaf=vaf_of(calls),
        has_matched_normal=True if True in normals else False if False in normals else None,
        prior_fgfr_inhibitor=_prior_inhibitor(group, context),
        is_germline_assay=any(assay.is_germline for assay in assays),
        age_years=age_months / MONTHS_PER_YEAR if age_months is not None else None,
    )
    return weigh_quality(verdict, calls)


def _classify_structural(group: RearrangementGroup, facts: _Facts, context: _Context) -> Verdict:
    """Judge one structural event, with the normal junctions that RNA shows (a failed assay shows nothing)."""
    failed = {name for name, assay in context.assays.items() if assay.qc is AssayQc.FAIL}
    junctions = [call for call in facts.normal_junctions if call.assay not in failed]
    verdict = classify_rearrangement(group, context.tumor)
    return weigh_normal_junction(verdict, group, junctions, facts.structural)


def _classify(facts: _Facts, context: _Context) -> tuple[Event, ...]:
    events = [
        rearrangement_event(group, _classify_structural(group, facts, context))
        for group in merge_rearrangements(facts.structural)
    ]
    events += [
        copy_number_event(group, classify_copy_number(group))
        for group in merge_copy_numbers(facts.copies, facts.expression)
    ]
    events += [
        short_variant_event(group, _classify_short(group, context)) for group in merge_short_variants(facts.short)
    ]
    return tuple(sorted(events, key=event_order))


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


CATEGORY_KINDS: dict[Category, tuple[tuple[FgfrGene, EventKind], ...]] = {
    Category.FGFR2_FUSION_OR_REARRANGEMENT: ((FgfrGene.FGFR2, EventKind.REARRANGEMENT),),
    Category.FGFR2_AMPLIFICATION: ((FgfrGene.FGFR2, EventKind.COPY_NUMBER),),
    Category.FGFR3_ALTERATION: (
        (FgfrGene.FGFR3, EventKind.REARRANGEMENT),
        (FgfrGene.FGFR3, EventKind.SHORT_VARIANT),
    ),
    Category.OTHER_FGFR_ALTERATION: (
        (FgfrGene.FGFR1, EventKind.REARRANGEMENT),
        (FgfrGene.FGFR1, EventKind.COPY_NUMBER),
        (FgfrGene.FGFR1, EventKind.SHORT_VARIANT),
        (FgfrGene.FGFR2, EventKind.REARRANGEMENT),
        (FgfrGene.FGFR2, EventKind.SHORT_VARIANT),
        (FgfrGene.FGFR3, EventKind.COPY_NUMBER),
    ),
}


def _summarise(events: Iterable[Event], absences: Mapping[tuple[FgfrGene, EventKind], Absence]) -> Summary:
    answers = {}
    for category, kinds in CATEGORY_KINDS.items():
        found = best(*(event.outcome for event in events if event.category is category))
        silence = best(*(absences[key].outcome for key in kinds))
        answers[category.value] = best(found, silence)
    return Summary(**answers)


def _over_time(
    events: tuple[Event, ...],
    contents: Iterable[InputContent],
    assays: tuple[Assay, ...],
    specimens: Mapping[str, Specimen],
) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Set what one test found against what another did not; return the events and all contradictions."""
    words = [(c.report.path, call) for c in contents for call in c.calls if isinstance(call, NegativeCall)]
    negatives = negatives_of(words, assays, events, specimens)
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


def _qualified(content: InputContent) -> InputContent:
    """Make assay and specimen ids unique among the inputs (`in1.as1`)."""
    prefix = content.report.id

    def named(local: str | None) -> str | None:
        return None if local is None else f"{prefix}.{local}"

    calls = tuple(structs.replace(c, assay=named(c.assay), specimen=named(c.specimen)) for c in content.calls)
    described = _described(content.assays)
    assays = tuple(structs.replace(a, id=f"{prefix}.{a.id}", specimen=named(a.specimen)) for a in described)
    specimens = tuple(structs.replace(s, id=f"{prefix}.{s.id}") for s in content.specimens)
    return structs.replace(content, calls=calls, assays=assays, specimens=specimens)


def _described(assays: tuple[Assay, ...]) -> tuple[Assay, ...]:
    if not assays:
        return ()
    from fgfr_screen.evidence.assays import with_known_coverage

    return tuple(with_known_coverage(assay) for assay in assays)


def _with_named_assay(content: InputContent, assay: Assay | None) -> InputContent:
    """Give the assay that the user names to an input that describes none of its own."""
    if assay is None or content.assays:
        return content
    calls = tuple(structs.replace(call, assay=assay.id) for call in content.calls)
    return structs.replace(content, calls=calls)


def _record_of(source: Source) -> object:
    """Return what a record is: a place in a structured file, else a line, whose alleles and junctions are one record."""
    in_structure = source.place is not None and source.place.startswith("$")
    return source.place if in_structure or source.line is None else source.line


def _count(contents: Sequence[InputContent], facts: _Facts) -> tuple[Accounting, tuple[InputReport, ...]]:
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


def _named_assay(options: ScreenOptions) -> Assay | None:
    if options.assay is None:
        return None
    from fgfr_screen.evidence.assays import load_assay

    assay = load_assay(options.assay)
    return assay if options.assay_qc is None else structs.replace(assay, qc=AssayQc(options.assay_qc))


def chosen_programs(options: ScreenOptions) -> tuple[Program, ...]:
    """Return the programmes that the options name: packaged ones, those of `programs_dir`, or some of both.

    Raises:
        UsageError: a programme file is wrong, or an id is not known.
    """
    programs = load_builtin()
    if options.programs_dir is not None:
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


def _program_order(result: ProgramResult) -> tuple[int, int, str]:
    return (-result.outcome.rank, -result.genomic.rank, result.id)


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
    """
    if weigher is None:
        weigher = Weigher(chosen_programs(options))
    if named_assay is None:
        named_assay = _named_assay(options)
    contents = tuple(_with_named_assay(_qualified(content), named_assay) for content in contents)
    tumor, tumor_findings = _tumor_type(options, contents)
    clinical, clinical_findings = _clinical(options, contents)
    assays = tuple(assay for content in contents for assay in content.assays) + ((named_assay,) if named_assay else ())
    specimens = with_times((specimen for content in contents for specimen in content.specimens), clinical)
    facts = _annotate(contents, options)
    context = _Context(
        tumor=tumor,
        clinical=clinical,
        assays={assay.id: assay for assay in assays},
        specimens={specimen.id: specimen for specimen in specimens},
    )
    every = _classify(facts, context)
    events = tuple(event for event in every if event.alteration_class is not AlterationClass.SILENT)
    events, conflicts = _over_time(events, contents, assays, context.specimens)
    accounting, reports = _count(contents, facts)
    rejected = tuple(r for content in contents for r in content.rejected) + facts.rejected
    negatives = tuple(c for content in contents for c in content.calls if isinstance(c, NegativeCall))
    material = TestedMaterial(
        assays=assays,
        specimens=specimens,
        inputs=reports,
        rejected=rejected,
        negatives=negatives,
        purity=options.purity if options.purity is not None else _only_one(content.purity for content in contents),
    )
    absences = _weigh_absence(material, events)
    answers = {key: (one.outcome, one.findings, one.would_settle) for key, one in absences.items()}
    results = weigher.weigh(events, tumor, clinical, answers)
    release, digest = data_release()
    report = SampleReport(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name=TOOL_NAME, version=__version__, data_release=release, rules_sha256=digest),
        sample=SampleIdentity(sample_id=options.sample_id, patient_id=options.patient_id, tumor_type=tumor),
        specimens=specimens,
        clinical=clinical.to_dict(),
        inputs=reports,
        assays=assays,
        summary=_summarise(events, absences),
        events=events,
        programs=tuple(sorted(results, key=_program_order)),
        rejected=rejected,
        conflicts=conflicts,
        warnings=(*tumor_findings, *clinical_findings),
        accounting=accounting,
        silent_events=tuple(event for event in every if event.alteration_class is AlterationClass.SILENT),
        absence=tuple(
            AbsenceReport(
                gene=gene, kind=kind, outcome=one.outcome, findings=one.findings, would_settle=one.would_settle
            )
            for (gene, kind), one in absences.items()
        ),
    )
    if options.strict and rejected:
        first = rejected[0]
        path = next((r.path for r in reports if r.id == first.input), first.input)
        raise InputError(
            first.message, path=path, line=first.line, code=first.code, remedy="leave out --strict to go on"
        )
    return report


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
