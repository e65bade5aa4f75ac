"""Several tests of one patient over time: when each specimen was taken, and where a negative stands against a positive.

A later negative never cancels an earlier positive. Taken after an FGFR inhibitor it asks for review, because the clone that
carried the event may be gone; otherwise both are shown as a contradiction.
"""

from collections.abc import Iterable, Mapping

from msgspec import structs

from fgfr_screen.agents import FGFR_INHIBITORS
from fgfr_screen.evidence.absence import Untested, covers_kind, untested_by
from fgfr_screen.model import Assay, ClinicalFacts, Event, Finding, NegativeCall, Record, Specimen
from fgfr_screen.terms import AssayQc, EventKind, FgfrGene, Outcome, SpecimenKind, worst

_ISO_DATE = len("2026-01-31")
_NEW_SPECIMEN = "a new specimen of the growing tumour"


class Negative(Record, frozen=True, kw_only=True):
    """One statement that a kind of event was not found. `specimen` None = the material is not known."""

    gene: FgfrGene
    kind: EventKind
    said_by: str
    specimen: Specimen | None


def with_times(specimens: Iterable[Specimen], clinical: ClinicalFacts) -> tuple[Specimen, ...]:
    """Say of each dated specimen whether it was taken before the first FGFR inhibitor, where dates tell and nobody else does."""
    start = _first_inhibitor(clinical)
    return tuple(_with_time(specimen, start) for specimen in specimens)


def _first_inhibitor(clinical: ClinicalFacts) -> str | None:
    """Return the ISO day on which the first dated line with an FGFR inhibitor began; None = not known."""
    lines = [line for line in clinical.lines or () if FGFR_INHIBITORS.intersection(line.agents)]
    if not lines or any(line.start is None for line in lines):
        return None
    return min(line.start for line in lines if line.start is not None)


def _with_time(specimen: Specimen, start: str | None) -> Specimen:
    day = specimen.collected
    is_known = specimen.before_fgfr_inhibitor is not None
    if is_known or start is None or day is None or len(day) < _ISO_DATE or day[:_ISO_DATE] == start:
        return specimen
    return structs.replace(specimen, before_fgfr_inhibitor=day[:_ISO_DATE] < start)


def negatives_of(
    calls: Iterable[tuple[str, NegativeCall]],
    assays: Iterable[Assay],
    events: tuple[Event, ...],
    specimens: Mapping[str, Specimen],
    untested: tuple[Untested, ...] = (),
) -> tuple[Negative, ...]:
    """Collect what was said not to be there: in words, and by a covering assay that passed and shows no event of the kind.

    Args:
        calls: Path of the report and its explicit negative.
        assays: Assays of all inputs.
        events: All events; an assay that supports one of a kind is not negative for the kind.
        specimens: By id.
        untested: What was not tested, or not in all of a gene: silence about it is no negative.
    """
    found = [_in_words(path, call, kind, specimens) for path, call in calls for kind in _kinds(call)]
    words = {(one.gene, one.kind, one.specimen) for one in found}
    for assay in assays:
        for gene in FgfrGene:
            for kind in EventKind:
                if untested_by(assay, gene, kind, untested) is not None:
                    continue
                silent = _by_silence(assay, gene, kind, events, specimens)
                if silent is not None and (gene, kind, silent.specimen) not in words:
                    found.append(silent)
    return tuple(dict.fromkeys(found))


def _kinds(call: NegativeCall) -> tuple[EventKind, ...]:
    if call.gene not in FgfrGene.__members__:
        return ()
    return tuple(EventKind) if call.kind is None else (call.kind,)


def _in_words(path: str, call: NegativeCall, kind: EventKind, specimens: Mapping[str, Specimen]) -> Negative:
    specimen = specimens.get(call.specimen or "")
    return Negative(gene=FgfrGene(call.gene), kind=kind, said_by=path, specimen=specimen)


def _by_silence(
    assay: Assay, gene: FgfrGene, kind: EventKind, events: tuple[Event, ...], specimens: Mapping[str, Specimen]
) -> Negative | None:
    if assay.is_germline or assay.qc is not AssayQc.PASS or not covers_kind(assay, gene, kind):
        return None
    shown = any(
        event.gene is gene and event.kind is kind and any(line.assay == assay.id for line in event.evidence)
        for event in events
    )
    if shown:
        return None
    specimen = specimens.get(assay.specimen or "")
    return Negative(gene=gene, kind=kind, said_by=assay.name or assay.id, specimen=specimen)


def weigh_contradictions(
    events: tuple[Event, ...], negatives: tuple[Negative, ...], specimens: Mapping[str, Specimen]
) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Set every negative against the positive events of its gene and kind.

    Returns:
        The events, lowered to review where the negative is later and follows an FGFR inhibitor; and the contradictions.
    """
    weighed = []
    conflicts: list[Finding] = []
    for event in events:
        against = [one for one in negatives if one.gene is event.gene and one.kind is event.kind]
        if event.outcome.rank < Outcome.REVIEW.rank or not against:
            weighed.append(event)
            continue
        taken = _specimens_of(event, specimens)
        treated = [one for one in against if _is_after_treatment(one, taken)]
        findings = tuple(_after_inhibitor(event, one, taken) for one in treated)
        weighed.append(_lowered(event, findings) if findings else event)
        conflicts += findings
        conflicts += [_conflict(event, one, taken) for one in against if one not in treated]
    return tuple(weighed), tuple(dict.fromkeys(conflicts))


def _specimens_of(event: Event, specimens: Mapping[str, Specimen]) -> tuple[Specimen, ...]:
    named = dict.fromkeys(line.specimen for line in event.evidence if line.specimen in specimens)
    return tuple(specimens[name] for name in named if name is not None)


def _is_after_treatment(negative: Negative, taken: tuple[Specimen, ...]) -> bool:
    """Tell whether the negative specimen follows an FGFR inhibitor and no positive one does."""
    later = negative.specimen is not None and negative.specimen.before_fgfr_inhibitor is False
    return later and not any(specimen.before_fgfr_inhibitor is False for specimen in taken)


def _lowered(event: Event, findings: tuple[Finding, ...]) -> Event:
    return structs.replace(
        event,
        outcome=worst(event.outcome, Outcome.REVIEW),
        findings=(*event.findings, *findings),
        would_settle=(*event.would_settle, _NEW_SPECIMEN),
    )


def _after_inhibitor(event: Event, negative: Negative, taken: tuple[Specimen, ...]) -> Finding:
    message = f"{_told(event, negative, taken)}; the later material follows an FGFR inhibitor"
    return Finding(code="NEGATIVE_AFTER_INHIBITOR", message=message, outcome=Outcome.REVIEW)


def _conflict(event: Event, negative: Negative, taken: tuple[Specimen, ...]) -> Finding:
    message = _told(event, negative, taken)
    if negative.specimen is not None and negative.specimen.kind is SpecimenKind.PLASMA:
        message += "; a negative in plasma excludes nothing"
    return Finding(code="CONFLICT", message=message)


def _told(event: Event, negative: Negative, taken: tuple[Specimen, ...]) -> str:
    kind = event.kind.value.replace("_", " ")
    where = f" in {_words(negative.specimen)}" if negative.specimen is not None else ""
    found = f" in {', '.join(_words(specimen) for specimen in taken)}" if taken else ""
    return f"{negative.said_by} found no {event.gene} {kind}{where}; {event.name} was found{found}"


def _words(specimen: Specimen) -> str:
    """Name material and day: `plasma of 2026-05-01 (after an FGFR inhibitor)`."""
    kind = "material" if specimen.kind is SpecimenKind.UNKNOWN else specimen.kind.value.replace("_", " ")
    day = f" of {specimen.collected}" if specimen.collected else ""
    before = specimen.before_fgfr_inhibitor
    time = "" if before is None else " (before an FGFR inhibitor)" if before else " (after an FGFR inhibitor)"
    return f"{kind}{day}{time}"
