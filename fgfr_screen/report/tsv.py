"""One row per event, or one row per programme. Lists inside a cell are joined by `; `; tab and line breaks are escaped."""

from collections.abc import Iterable

from fgfr_screen.model import Event, EventEnd, ProgramResult, SampleReport
from fgfr_screen.report._plain import plain

EVENT_COLUMNS = (
    "sample_id",
    "event_id",
    "gene",
    "name",
    "alteration_class",
    "marks",
    "category",
    "outcome",
    "confidence",
    "five_prime_gene",
    "five_prime_transcript",
    "five_prime_exon",
    "five_prime_intron",
    "five_prime_position",
    "three_prime_gene",
    "three_prime_transcript",
    "three_prime_exon",
    "three_prime_intron",
    "three_prime_position",
    "in_strand",
    "frame",
    "kinase_domain",
    "retained_exons",
    "partner_tier",
    "copies",
    "fold_change",
    "log2_ratio",
    "ploidy",
    "purity",
    "threshold",
    "hgvs_c",
    "hgvs_p",
    "isoforms",
    "origin",
    "vaf",
    "evidence",
    "findings",
    "would_settle",
)
PROGRAM_COLUMNS = (
    "sample_id",
    "program",
    "family",
    "status",
    "reviewed",
    "outcome",
    "genomic",
    "tumor_type",
    "clinical",
    "event_ids",
    "missing",
    "would_settle",
    "title",
)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return plain(str(value))


def _list(values: Iterable[object]) -> str:
    return "; ".join(_cell(value) for value in values)


def _position(end: EventEnd | None) -> str:
    if end is None or end.pos is None:
        return ""
    interval = f"-{end.pos_end}" if end.pos_end not in (None, end.pos) else ""
    return f"{end.contig}:{end.pos}{interval}"


def _end_cells(end: EventEnd | None) -> tuple[str, ...]:
    if end is None:
        return ("",) * 5
    return (_cell(end.gene), _cell(end.transcript), _cell(end.exon), _cell(end.intron), _position(end))


def event_row(sample_id: str | None, event: Event) -> tuple[str, ...]:
    """Return the cells of one event, in the order of `EVENT_COLUMNS`."""
    head = (sample_id, event.id, event.gene, event.name, event.alteration_class, _list(event.marks))
    answer = (event.category, event.outcome, event.confidence)
    structure = (event.in_strand, event.frame, event.kinase_domain, event.retained_exons, event.partner_tier)
    copies = (event.copies, event.fold_change, event.log2_ratio, event.ploidy, event.purity)
    threshold = event.threshold.value if event.threshold else None
    variant = (event.hgvs_c, event.hgvs_p, _list(f"{i.transcript}:{i.hgvs_p}" for i in event.isoforms))
    evidence = _list(f"{e.input}:{e.line if e.line is not None else e.place or ''}" for e in event.evidence)
    reasons = (evidence, _list(f.code for f in event.findings), _list(event.would_settle))
    tail = (*structure, *copies, threshold, *variant, event.origin, event.vaf, *reasons)
    cells = [_cell(value) for value in (*head, *answer)]
    return (*cells, *_end_cells(event.five_prime), *_end_cells(event.three_prime), *(_cell(value) for value in tail))


def program_row(sample_id: str | None, result: ProgramResult) -> tuple[str, ...]:
    """Return the cells of one programme, in the order of `PROGRAM_COLUMNS`."""
    answer = (result.outcome, result.genomic, result.tumor_type, result.clinical)
    lists = (_list(result.event_ids), _list(result.missing), _list(result.would_settle))
    head = (sample_id, result.id, result.family, result.status, result.reviewed)
    return tuple(_cell(value) for value in (*head, *answer, *lists, result.title))


def render(report: SampleReport, *, table: str = "events", show_all: bool = False) -> str:
    """Return the table with its header line.

    Args:
        report: The answer.
        table: `events` or `programs`.
        show_all: Also list silent events.
    """
    sample = report.sample.sample_id
    if table == "programs":
        rows = [PROGRAM_COLUMNS, *(program_row(sample, result) for result in report.programs)]
    else:
        events = (*report.events, *(report.silent_events if show_all else ()))
        rows = [EVENT_COLUMNS, *(event_row(sample, event) for event in events)]
    return "".join("\t".join(row) + "\n" for row in rows)
