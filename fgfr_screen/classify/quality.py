"""Doubts that a source itself has about its calls. They can only lower a verdict, never raise it (rules.md 1.3)."""

from collections.abc import Sequence

from msgspec import structs

from fgfr_screen.facts import Verdict
from fgfr_screen.model import CallBase, Finding
from fgfr_screen.terms import CallStatus, Confidence, FilterStatus, Mark, Outcome, worst

_RESERVATIONS = {
    "ASSAY_FAILED": "only tests that failed their quality control show it",
    "REPORT_PRELIMINARY": "only preliminary reports hold it, and their laboratory may still change it",
}
"""Reservation of a laboratory about a whole test or report, by code -> what it means for an event."""
_UNSURE_READINGS = {
    "GENE_ID_CONFLICT": "the report's gene id and its symbol name different genes",
    "POSITION_OUTSIDE_GENE": "the position that the source states is not in the gene that it states",
    "PROTEIN_CHANGE_NOT_AT_POSITION": "the stated place changes no protein, the stated protein change does; the latter is shown",
    "TEXT_NEEDS_REVIEW": "the words of the source have to be read by a person",
}
_UNCERTAIN = (CallStatus.EQUIVOCAL, CallStatus.INDETERMINATE)


def doubts_of(calls: Sequence[CallBase]) -> tuple[Finding, ...]:
    """Return what every call of an event shares and what keeps it from being certain; one good call removes a doubt."""
    doubts = []
    if all(call.filter is FilterStatus.FAILED for call in calls):
        texts = ", ".join(sorted({call.filter_text or "failed" for call in calls}))
        doubts.append(Finding(code="FILTER_FAILED", message=f"FILTER {texts} on every call", outcome=Outcome.REVIEW))
    if all(call.no_support for call in calls):
        message = "no alternate read or genotype 0/0 in the tumour"
        doubts.append(Finding(code="NO_TUMOR_SUPPORT", message=message, outcome=Outcome.REVIEW))
    if all(call.status in _UNCERTAIN for call in calls):
        words = ", ".join(sorted({call.status.value for call in calls}))
        doubts.append(Finding(code="EQUIVOCAL", message=f"the source calls it {words}", outcome=Outcome.REVIEW))
    if any("ASSEMBLY_CONFLICT" in call.finding_codes for call in calls):
        message = "the report's coordinates do not fit the assembly it states"
        doubts.append(Finding(code="ASSEMBLY_CONFLICT", message=message, outcome=Outcome.REVIEW))
    doubts += [
        Finding(code=code, message=message, outcome=Outcome.REVIEW)
        for code, message in _RESERVATIONS.items()
        if all(code in call.finding_codes for call in calls)
    ]
    doubts += _unsure_readings(calls)
    return tuple(doubts)


def _unsure_readings(calls: Sequence[CallBase]) -> list[Finding]:
    """Return what made the reading of every call unsure."""
    found = []
    for code, message in _UNSURE_READINGS.items():
        if all(code in call.finding_codes for call in calls):
            quoted = next((f": {call.text!r}" for call in calls if call.text and code == "TEXT_NEEDS_REVIEW"), "")
            found.append(Finding(code=code, message=f"{message}{quoted}", outcome=Outcome.REVIEW))
    return found


def weigh_quality(verdict: Verdict, calls: Sequence[CallBase]) -> Verdict:
    """Return the verdict lowered by the doubts of its calls, and marked subclonal when every call says so."""
    marks = verdict.marks
    if all(call.subclonal for call in calls):
        marks = (*marks, Mark.SUBCLONAL)
    doubts = doubts_of(calls)
    if not doubts:
        return structs.replace(verdict, marks=marks)
    codes = {doubt.code for doubt in doubts}
    others = tuple(told for told in verdict.findings if told.outcome is not None or told.code not in codes)
    return structs.replace(
        verdict,
        outcome=worst(verdict.outcome, Outcome.REVIEW),
        confidence=Confidence.LOW,
        marks=marks,
        findings=(*others, *doubts),
    )
