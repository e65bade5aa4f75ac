"""The report that a tumour board reads: 80 columns, the answer first, then why, then what would settle the rest."""

import textwrap
from collections.abc import Iterable, Iterator

from fgfr_screen.model import Event, EventEnd, Evidence, Finding, InputReport, ProgramResult, SampleReport
from fgfr_screen.report._plain import plain, width
from fgfr_screen.terms import EventKind, Frame, Outcome, ProgramStatus

COLUMNS = 80
UNUSABLE = "none"
_FRAME = {Frame.UNKNOWN: "frame unknown", Frame.NOT_CODING: "no coding sequence across the join"}
_ANSWER = {
    Outcome.MATCH: "YES",
    Outcome.REVIEW: "REVIEW",
    Outcome.UNDETERMINED: "CANNOT TELL",
    Outcome.NO_MATCH: "no",
}
_CATEGORIES = (
    ("qualifying_fgfr2_fusion_or_rearrangement", "FGFR2 fusion or other rearrangement"),
    ("fgfr2_amplification", "FGFR2 amplification"),
    ("fgfr3_alteration", "FGFR3 alteration"),
    ("other_fgfr_alteration", "other FGFR1-3 alteration"),
)
_STATUS = {
    ProgramStatus.OPEN: "open",
    ProgramStatus.CLOSED: "closed to new patients",
    ProgramStatus.APPROVED: "approved drug",
    ProgramStatus.UNKNOWN: "status unknown",
}
_STATUS_ORDER = (ProgramStatus.OPEN, ProgramStatus.APPROVED, ProgramStatus.UNKNOWN, ProgramStatus.CLOSED)
FOOTER = (
    "For research and for discussion by a molecular tumour board. Every statement must be confirmed by the treating "
    "team and the programme before it is acted on."
)


def _wrap(text: str, *, indent: str = "  ", hanging: str = "") -> list[str]:
    """Break a paragraph at `COLUMNS`; East Asian text is broken by its display width."""
    clean = plain(text)
    if width(clean) == len(clean):
        return textwrap.wrap(
            clean, COLUMNS, initial_indent=indent, subsequent_indent=indent + hanging, break_long_words=True
        ) or [indent.rstrip()]
    lines, current = [], indent
    for character in clean:
        if width(current) + width(character) > COLUMNS:
            lines.append(current)
            current = indent + hanging
        current += character
    return [*lines, current]


def _title(text: str) -> list[str]:
    return ["", text.upper(), "-" * len(text)]


def _head(report: SampleReport) -> Iterator[str]:
    tool = report.tool
    yield f"FGFR SCREENING REPORT    {tool.name} {tool.version}, data {tool.data_release} ({tool.rules_sha256[:12]})"
    yield "=" * COLUMNS
    sample = report.sample
    yield from _wrap(f"Sample:  {sample.sample_id or 'no name given'}", indent="", hanging=" " * 9)
    tumor = sample.tumor_type
    if tumor is None:
        said = "not given (programmes cannot be decided without it)"
    elif tumor.oncotree is None:
        said = f"{tumor.text} (not understood)"
    else:
        said = f"{tumor.name} ({tumor.oncotree})" + (f", given as {tumor.text}" if tumor.text != tumor.oncotree else "")
    yield from _wrap(f"Tumour:  {said}", indent="", hanging=" " * 9)


def _summary(report: SampleReport) -> Iterator[str]:
    yield from _title("Answer")
    for key, words in _CATEGORIES:
        outcome: Outcome = getattr(report.summary, key)
        yield f"  {words:<38}{_ANSWER[outcome]}"
    if not report.events:
        count = report.accounting
        yield from _wrap(f"{count.records} records read, none of them an FGFR1-3 event.")


def _place(end: EventEnd) -> str:
    parts = []
    if end.exon is not None:
        parts.append(f"exon {end.exon}")
    elif end.intron is not None:
        away = f", {end.distance_bp} bases from an exon" if end.distance_bp is not None else ""
        parts.append(f"intron {end.intron}{away}")
    elif end.region is not None:
        parts.append(end.region.value)
    if end.transcript and end.gene:
        parts.append(f"({end.transcript})")
    if end.pos is not None:
        interval = f"-{end.pos_end}" if end.pos_end not in (None, end.pos) else ""
        parts.append(f"{end.contig}:{end.pos}{interval}")
    return " ".join([end.gene or "", *parts]).strip() or "not given"


def _structure(event: Event) -> Iterator[str]:
    if event.five_prime is not None:
        yield f"5' part:  {_place(event.five_prime)}"
    if event.three_prime is not None:
        yield f"3' part:  {_place(event.three_prime)}"
    facts = []
    if event.frame is not None:
        facts.append(_FRAME.get(event.frame, event.frame.value.replace("_", " ")))
    if event.in_strand is not None:
        facts.append("same strand sense" if event.in_strand else "other strand")
    if event.kinase_domain is not None:
        exons = f" (exons {event.retained_exons})" if event.retained_exons else ""
        facts.append(f"kinase {event.kinase_domain.value}{exons}")
    if event.partner_tier is not None:
        facts.append(f"partner tier {event.partner_tier}")
    yield f"Facts:    {'; '.join(facts)}"
    if event.frame_detail:
        yield f"Frame:    {event.frame_detail}"


def _copies(event: Event) -> Iterator[str]:
    numbers = []
    for value, words in (
        (event.copies, "copies"),
        (event.copies_min, "lowest"),
        (event.copies_max, "highest"),
        (event.fold_change, "fold change"),
        (event.log2_ratio, "log2 ratio"),
        (event.ploidy, "ploidy"),
        (event.purity, "purity"),
    ):
        if value is not None:
            numbers.append(f"{words} {value:g}")
    if event.segment is not None and event.segment.bases is not None:
        focal = "focal" if event.segment.focal else "not focal"
        numbers.append(f"segment {event.segment.bases / 1e6:.2f} Mb ({focal})")
    yield f"Numbers:  {'; '.join(numbers) or 'none given'}"
    if event.threshold is not None:
        yield f"Cut:      {event.threshold.value} [{event.threshold.source}]"


def _variant(event: Event) -> Iterator[str]:
    named = [text for text in (event.hgvs_c, event.hgvs_p) if text]
    yield f"HGVS:     {'; '.join(named) or 'not given'}"
    own = event.hgvs_p.split(":")[-1] if event.hgvs_p else None
    others = [f"{one.hgvs_p} on {one.transcript}" for one in event.isoforms if one.hgvs_p and one.hgvs_p != own]
    if others:
        yield f"Also:     {'; '.join(others[:4])}{' ...' if len(others) > 4 else ''}"
    facts = [event.origin.value.replace("_", " ")] if event.origin is not None else []
    if event.vaf is not None:
        facts.append(f"allele fraction {event.vaf:.2f}")
    yield f"Facts:    {'; '.join(facts) or 'none given'}"


def _evidence(evidence: Evidence) -> str:
    where = (
        f"{evidence.input}:{evidence.line}" if evidence.line is not None else f"{evidence.input} {evidence.place or ''}"
    )
    parts = [where.strip(), evidence.caller, evidence.molecule, evidence.assembly, evidence.position]
    if evidence.split_reads is not None:
        parts.append(f"{evidence.split_reads} split reads")
    if evidence.spanning_pairs is not None:
        parts.append(f"{evidence.spanning_pairs} pairs")
    if evidence.filter is not None:
        parts.append(f"filter {evidence.filter}")
    if evidence.text is not None:
        parts.append(f'"{evidence.text}"')
    return ", ".join(str(part) for part in parts if part)


_DETAILS = {
    EventKind.REARRANGEMENT: _structure,
    EventKind.COPY_NUMBER: _copies,
    EventKind.SHORT_VARIANT: _variant,
}


def _reasons(findings: Iterable[Finding], label: str) -> Iterator[str]:
    for number, finding in enumerate(findings):
        head = label if number == 0 else " " * len(label)
        yield from _wrap(f"{head}{finding.message} [{finding.code}]", indent="   ", hanging=" " * len(label))


def _event(number: int, event: Event) -> Iterator[str]:
    marks = f", {', '.join(event.marks)}" if event.marks else ""
    yield ""
    yield from _wrap(f"{number}. {event.name}", indent=" ", hanging="   ")
    klass = event.alteration_class.value.replace("_", " ")
    yield from _wrap(
        f"{_ANSWER[event.outcome]}: {klass}{marks}; confidence {event.confidence}; id {event.id}", indent="   "
    )
    for line in _DETAILS[event.kind](event):
        yield from _wrap(line, indent="   ", hanging=" " * 10)
    yield from _reasons(event.findings, "Why:      ")
    for position, evidence in enumerate(event.evidence):
        head = "Evidence: " if position == 0 else " " * 10
        yield from _wrap(head + _evidence(evidence), indent="   ", hanging=" " * 10)
    if event.would_settle:
        yield from _wrap(f"To settle it: {'; '.join(event.would_settle)}", indent="   ", hanging=" " * 10)


def _events(report: SampleReport, *, show_all: bool) -> Iterator[str]:
    events = (*report.events, *(report.silent_events if show_all else ()))
    if events:
        yield from _title(f"Events ({len(events)})")
    for number, event in enumerate(events, start=1):
        yield from _event(number, event)
    hidden = len(report.silent_events)
    if hidden and not show_all:
        yield ""
        yield from _wrap(
            f"{hidden} silent change(s) (synonymous, deep intronic, UTR) are not listed; --all shows them."
        )


def _group_key(result: ProgramResult) -> tuple[str, ...]:
    """Return what programmes printed under one heading share."""
    answers = (result.outcome, result.genomic, result.tumor_type, result.clinical)
    return (*answers, ", ".join(result.missing), "; ".join(result.would_settle))


def _group(results: list[ProgramResult]) -> Iterator[str]:
    first = results[0]
    yield ""
    parts = (
        f"genomic {_ANSWER[first.genomic]}, tumour type {_ANSWER[first.tumor_type]}, clinical {_ANSWER[first.clinical]}"
    )
    yield from _wrap(f"{_ANSWER[first.outcome]}: {parts}", indent="  ")
    if first.missing:
        yield from _wrap(f"missing: {', '.join(first.missing)}", indent="    ", hanging="  ")
    if first.would_settle:
        yield from _wrap(f"to settle it: {'; '.join(first.would_settle)}", indent="    ", hanging="  ")
    for result in sorted(results, key=lambda one: (_STATUS_ORDER.index(one.status), one.id)):
        yield from _wrap(f"- {result.title} [{result.id}]", indent="    ", hanging="  ")
        note = f": {result.status_note}" if result.status_note else ""
        yield from _wrap(f"{_STATUS[result.status]}{note}; read {result.reviewed}", indent="      ", hanging="  ")


def _programs(report: SampleReport) -> Iterator[str]:
    yield from _title("Programmes")
    shown = [result for result in report.programs if result.outcome.rank >= Outcome.REVIEW.rank or result.event_ids]
    shown = [result for result in shown if result.outcome is not Outcome.NO_MATCH]
    groups: dict[tuple[str, ...], list[ProgramResult]] = {}
    for result in shown:
        groups.setdefault(_group_key(result), []).append(result)
    for results in groups.values():
        yield from _group(results)
    rest = [result for result in report.programs if result not in shown]
    for words, part in (
        ("Cannot be told", [result.id for result in rest if result.outcome is Outcome.UNDETERMINED]),
        ("No, tumour type", [result.id for result in rest if result.tumor_type is Outcome.NO_MATCH]),
        (
            "No, alteration",
            [r.id for r in rest if r.genomic is Outcome.NO_MATCH and r.tumor_type is not Outcome.NO_MATCH],
        ),
        ("No, clinical", [r.id for r in rest if r.clinical is Outcome.NO_MATCH and _only_clinical(r)]),
    ):
        if part:
            yield ""
            yield from _wrap(f"{words}: {', '.join(part)}", indent="  ", hanging="  ")


def _only_clinical(result: ProgramResult) -> bool:
    return Outcome.NO_MATCH not in (result.genomic, result.tumor_type)


def _input(item: InputReport) -> Iterator[str]:
    if item.format == UNUSABLE:
        yield from _wrap(f"{item.id}  {item.path}: COULD NOT BE USED", indent="  ", hanging="     ")
        for finding in item.findings:
            yield from _wrap(f"{finding.message} [{finding.code}]", indent="       ", hanging="  ")
        return
    assembly = item.assembly.name or "assembly not needed"
    caller = f" by {item.caller}" if item.caller else ""
    yield from _wrap(f"{item.id}  {item.path}: {item.format}{caller}, {assembly}", indent="  ", hanging="     ")
    done = "read to the end" if item.complete else "NOT COMPLETE"
    counts = f"{item.records} records, {item.outside_fgfr} outside FGFR1-3, {item.rejected} refused; {done}"
    yield from _wrap(counts, indent="       ")
    for finding in item.findings:
        yield from _wrap(f"{finding.message} [{finding.code}]", indent="       ", hanging="  ")


def _inputs(report: SampleReport) -> Iterator[str]:
    yield from _title("What was read")
    for item in report.inputs:
        yield from _input(item)
    for record in report.rejected[:10]:
        touching = ", touches FGFR1-3" if record.touches_fgfr else ""
        where = record.input if record.line is None else f"{record.input}:{record.line}"
        yield from _wrap(f"refused {where}{touching}: {record.message} [{record.code}]", indent="  ", hanging="  ")
    if len(report.rejected) > 10:
        yield f"  ... and {len(report.rejected) - 10} more refused records (--format json lists them all)"
    for finding in (*report.conflicts, *report.warnings):
        yield from _wrap(f"note: {finding.message} [{finding.code}]", indent="  ", hanging="  ")


def render(report: SampleReport, *, show_all: bool = False) -> str:
    """Return the report as text of at most 80 columns, with a final newline."""
    lines = [
        *_head(report),
        *_summary(report),
        *_events(report, show_all=show_all),
        *_programs(report),
        *_inputs(report),
        "",
        *_wrap(FOOTER, indent=""),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"
