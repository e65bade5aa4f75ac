"""Gold cases: 80 curated patients through the front door, compared with what the gold table expects.

`python -m tests.gold` prints one line per case and `gold N/80`; it ends with 1 if a case fails. Compared are (design
sections 2 and 6) the number of events of the row's gene and kind, and that there is no other event; their class; their
outcome, where the class word of the table fixes it; and the best answer of the programme family that the row names, or
for `-` the best of all five families. Clinical facts that the row does not state are left out of that answer.
"""

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from fgfr_screen.clinical import facts_from_mapping
from fgfr_screen.errors import FgfrScreenError
from fgfr_screen.model import Event, Record, SampleReport
from fgfr_screen.programs import evaluate_stated, load_builtin
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, Assembly, EventKind, FgfrGene, Outcome, best

FIXTURES = Path(__file__).parents[1] / "fixtures" / "gold"
FAMILIES = ("CCA_FGFR2", "GC_FGFR2_AMP", "SOLID_FGFR", "UC_FGFR3", "ACH_FGFR3")
NO_PROGRAM = "-"
KINDS = {"sv": EventKind.REARRANGEMENT, "cn": EventKind.COPY_NUMBER, "snv": EventKind.SHORT_VARIANT}
VERDICTS = {"qualifies": Outcome.MATCH, "review": Outcome.REVIEW, "no": Outcome.NO_MATCH}
# Class words of the gold table without their gene: our class, and the outcome of the event where the word fixes it.
CLASSES: dict[str, tuple[AlterationClass, Outcome | None]] = {
    "FUSION": (AlterationClass.FUSION, None),
    "REARRANGEMENT": (AlterationClass.REARRANGEMENT, None),
    "RE_NOT_QUALIFYING": (AlterationClass.OTHER_STRUCTURAL_VARIANT, Outcome.NO_MATCH),
    "RE_REVIEW": (AlterationClass.OTHER_STRUCTURAL_VARIANT, Outcome.REVIEW),
    "AMP": (AlterationClass.AMPLIFICATION, None),
    "AMP_PARTIAL": (AlterationClass.PARTIAL_AMPLIFICATION, None),
    "AMP_REVIEW": (AlterationClass.COPY_NUMBER_GAIN, Outcome.REVIEW),
    "CN_NOT_AMP": (AlterationClass.COPY_NUMBER_GAIN, Outcome.NO_MATCH),
    "SUSCEPTIBLE_MUT": (AlterationClass.ACTIVATING_MUTATION, None),
    "ACTIVATING_OTHER": (AlterationClass.ACTIVATING_MUTATION, None),
    "ACTIVATING_MUT": (AlterationClass.ACTIVATING_MUTATION, None),
    "RESISTANCE_MUT": (AlterationClass.RESISTANCE_MUTATION, None),
    "EID": (AlterationClass.EXTRACELLULAR_DELETION, None),
    "DELTA_E18_MUT": (AlterationClass.EXON18_TRUNCATION, None),
    "LOF_OR_VUS": (AlterationClass.LOSS_OF_FUNCTION, None),
    "VUS": (AlterationClass.VUS, None),
    "NOT_ACTIVATING": (AlterationClass.VUS, None),
    "BENIGN": (AlterationClass.BENIGN, None),
    "GERMLINE_ACH": (AlterationClass.GERMLINE_ACHONDROPLASIA, None),
    "GERMLINE_HCH": (AlterationClass.GERMLINE_OTHER, None),
    "GERMLINE_TD": (AlterationClass.GERMLINE_OTHER, None),
    "GERMLINE_SUSPECT": (AlterationClass.GERMLINE_SUSPECT, None),
    "NOT_ASSESSABLE": (AlterationClass.NOT_ASSESSABLE, Outcome.UNDETERMINED),
}


class Options(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the user says beside the files; None = nothing."""

    assembly: Assembly | None = None
    purity: float | None = None
    ploidy: float | None = None


class Case(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the gold table with its files.

    Attributes:
        event: The event in the words of the table.
        files: Names in `fixtures/gold`.
        kind: `sv`, `cn` or `snv`.
        gene: The FGFR gene of the row.
        clinical: Facts that the row states.
        gold_class, gold_verdict, gold_program: In the words of the table.
        note: What the row leaves open and the fixture had to choose.
        events: How many events the row means.
    """

    id: str
    event: str
    files: tuple[str, ...]
    kind: str
    gene: FgfrGene
    gold_class: str
    gold_verdict: str
    gold_program: str
    tumor_type: str | None = None
    clinical: dict[str, Any] = msgspec.field(default_factory=dict)
    options: Options = Options()
    note: str | None = None
    events: int = 1

    @property
    def alteration_class(self) -> AlterationClass:
        """Our word for the expected class."""
        return CLASSES[self.gold_class.removeprefix(f"{self.gene}_")][0]

    @property
    def outcome(self) -> Outcome | None:
        """Expected outcome of the event, None where the class word does not fix it."""
        return CLASSES[self.gold_class.removeprefix(f"{self.gene}_")][1]

    @property
    def verdict(self) -> Outcome:
        """Expected answer of the programme family."""
        return VERDICTS[self.gold_verdict]


class Answer(Record, frozen=True, kw_only=True):
    """What we say to one case, and every difference from the table."""

    case: Case
    classes: tuple[AlterationClass, ...]
    outcomes: tuple[Outcome, ...]
    verdict: Outcome
    differences: tuple[str, ...]


class _Cases(Record, frozen=True, forbid_unknown_fields=True):
    case: tuple[Case, ...]


def load_cases() -> tuple[Case, ...]:
    """Read `fixtures/gold/cases.toml`."""
    return msgspec.convert(tomllib.loads((FIXTURES / "cases.toml").read_text(encoding="utf-8")), _Cases).case


def screen_case(case: Case) -> SampleReport:
    """Screen the files of a case."""
    options = {name: value for name, value in msgspec.structs.asdict(case.options).items() if value is not None}
    paths = [str(FIXTURES / name) for name in case.files]
    return screen_sample(*paths, sample_id=case.id, tumor_type=case.tumor_type, clinical=case.clinical, **options)


def family_verdict(report: SampleReport, families: Iterable[str]) -> Outcome:
    """Return the best answer of the programmes of some families, by stated facts alone."""
    wanted = set(families)
    facts = facts_from_mapping(report.clinical)
    return best(
        *(
            evaluate_stated(program, report.events, report.sample.tumor_type, facts).outcome
            for program in load_builtin()
            if program.family in wanted
        )
    )


def compare(case: Case, report: SampleReport) -> Answer:
    """Compare the report of a case with the gold table."""
    every = (*report.events, *report.silent_events)
    events = tuple(event for event in every if event.gene is case.gene and event.kind is KINDS[case.kind])
    verdict = family_verdict(report, FAMILIES if case.gold_program == NO_PROGRAM else (case.gold_program,))
    differences = [*_event_differences(case, events)]
    differences += [f"unexpected {event.name}" for event in every if event not in events]
    differences += [f"refused record {record.code}" for record in report.rejected]
    if verdict is not case.verdict:
        differences.append(f"{case.gold_program} is {verdict}, expected {case.verdict}")
    return Answer(
        case=case,
        classes=tuple(event.alteration_class for event in events),
        outcomes=tuple(event.outcome for event in events),
        verdict=verdict,
        differences=tuple(differences),
    )


def _event_differences(case: Case, events: tuple[Event, ...]) -> Iterable[str]:
    if len(events) != case.events:
        yield f"{len(events)} events, expected {case.events}"
    for event in events:
        if event.alteration_class is not case.alteration_class:
            yield f"{event.name} is {event.alteration_class}, expected {case.alteration_class}"
        if case.outcome is not None and event.outcome is not case.outcome:
            yield f"{event.name} is {event.outcome}, expected {case.outcome}"


def answer(case: Case) -> Answer:
    """Screen a case and compare; files that cannot be used are a difference."""
    try:
        report = screen_case(case)
    except FgfrScreenError as error:
        return Answer(case=case, classes=(), outcomes=(), verdict=Outcome.NO_MATCH, differences=(str(error),))
    return compare(case, report)


def _joined(words: Iterable[str]) -> str:
    return "+".join(dict.fromkeys(words)) or "none"


def _line(one: Answer) -> str:
    case = one.case
    cells = (
        case.id,
        _joined(one.classes),
        case.alteration_class,
        _joined(one.outcomes),
        case.gold_program,
        one.verdict,
        case.verdict,
        "; ".join(one.differences) or "ok",
    )
    return "\t".join(cells)


def main() -> int:
    """Print the table; return the exit status."""
    answers = [answer(case) for case in load_cases()]
    print("case\tclass\texpected\toutcome\tprogram\tverdict\texpected\tok")
    for one in answers:
        print(_line(one))
    good = sum(not one.differences for one in answers)
    print(f"gold {good}/{len(answers)}")
    return 0 if good == len(answers) else 1


if __name__ == "__main__":
    sys.exit(main())
