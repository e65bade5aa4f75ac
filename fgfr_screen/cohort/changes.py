"""Two answers about one sample -> what changed, and why. Shared by `registry diff` and `registry rescreen`."""

from collections.abc import Iterable, Iterator, Mapping

from fgfr_screen.model import Event, Finding, ProgramResult, Record
from fgfr_screen.terms import Outcome

COLUMNS = ("sample_id", "patient_id", "subject", "before", "after", "parts", "reasons", "cause")
_PARTS = ("genomic", "tumor_type", "clinical")
NOT_WEIGHED = "not weighed"


class Change(Record, frozen=True, kw_only=True):
    """One outcome of one sample that is not what it was.

    Attributes:
        subject: Id of a programme, or name of a category of the summary.
        before, after: Outcomes; `not weighed` where a programme was not asked.
        parts: Which of the three answers of a programme moved (`clinical: match -> no_match`).
        reasons: Findings that are new (`+`) or gone (`-`), with their codes.
        cause: What is different about the screening: inputs, options, rules, tool, or programmes.
    """

    sample_id: str
    patient_id: str | None
    subject: str
    before: str
    after: str
    parts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    cause: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells in the order of `COLUMNS`."""
        joined = ("; ".join(self.parts), "; ".join(self.reasons), self.cause)
        return (self.sample_id, self.patient_id or "", self.subject, self.before, self.after, *joined)


def _told(findings: Iterable[Finding]) -> dict[str, None]:
    return dict.fromkeys(f"{finding.code} {finding.message}" for finding in findings if finding.code != "NOT_JUDGED")


def reasons_between(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[str, ...]:
    """Return the findings that are new (`+`), then those that are gone (`-`)."""
    old, new = _told(before), _told(after)
    return (*(f"+{one}" for one in new if one not in old), *(f"-{one}" for one in old if one not in new))


def program_changes(
    sample_id: str,
    patient_id: str | None,
    before: Mapping[str, ProgramResult],
    after: Mapping[str, ProgramResult],
    cause: str,
) -> Iterator[Change]:
    """Yield the programmes whose outcome changed, by id.

    A programme that only one side has is listed when its outcome there is better than `no_match`.
    """
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None:
            if old.outcome is new.outcome:
                continue
            moved = [(part, getattr(old, part), getattr(new, part)) for part in _PARTS]
            parts = tuple(f"{part}: {one} -> {other}" for part, one, other in moved if one is not other)
            reasons = reasons_between(old.findings, new.findings)
        else:
            only = new or old
            if only is None or only.outcome is Outcome.NO_MATCH:
                continue
            parts, reasons = (), reasons_between(old.findings if old else (), new.findings if new else ())
        yield Change(
            sample_id=sample_id,
            patient_id=patient_id,
            subject=name,
            before=old.outcome.value if old else NOT_WEIGHED,
            after=new.outcome.value if new else NOT_WEIGHED,
            parts=parts,
            reasons=reasons,
            cause=cause,
        )


def _event_lines(events: Iterable[Event]) -> dict[str, None]:
    return dict.fromkeys(f"{one.name} {one.alteration_class} {one.outcome}" for one in events)


def category_changes(
    sample_id: str,
    patient_id: str | None,
    before: tuple[Mapping[str, str], tuple[Event, ...]],
    after: tuple[Mapping[str, str], tuple[Event, ...]],
    cause: str,
) -> Iterator[Change]:
    """Yield the categories of the summary whose outcome changed; reasons are events that are new or gone."""
    (old_summary, old_events), (new_summary, new_events) = before, after
    old, new = _event_lines(old_events), _event_lines(new_events)
    reasons = (*(f"+{one}" for one in new if one not in old), *(f"-{one}" for one in old if one not in new))
    for category in sorted({*old_summary, *new_summary}):
        one, other = old_summary.get(category, NOT_WEIGHED), new_summary.get(category, NOT_WEIGHED)
        if one != other:
            yield Change(
                sample_id=sample_id,
                patient_id=patient_id,
                subject=category,
                before=one,
                after=other,
                reasons=reasons,
                cause=cause,
            )
