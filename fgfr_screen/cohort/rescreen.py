"""Stored screenings against new programmes or new knowledge, without the input files.

What is stored of a screening is enough to weigh programmes again: events, tumour type as given, clinical facts, and what the
absence of each kind of event is worth. `knowledge` says what is asked of the events again. What only the files could tell is
not guessed: a screening without stored absence is counted, not judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import structs

from fgfr_screen import __version__
from fgfr_screen.clinical import facts_from_mapping
from fgfr_screen.cohort.answers import Answer, decode
from fgfr_screen.cohort.changes import Change, category_changes, program_changes
from fgfr_screen.cohort.knowledge import reconsider
from fgfr_screen.cohort.registry import _rows
from fgfr_screen.cohort.registry._store import BATCH, Registry, Stored
from fgfr_screen.diseases import tumor_type
from fgfr_screen.errors import UsageError
from fgfr_screen.model import AbsenceReport, ClinicalFacts, Event, ProgramResult, Tool, TumorType
from fgfr_screen.program_files import load_directory
from fgfr_screen.programs import Program, evaluate, load_builtin
from fgfr_screen.reference import data_release
from fgfr_screen.summary import summarise


class Again(NamedTuple):
    """One stored screening weighed again.

    Attributes:
        changes: What is not as it was; () = nothing.
        is_weighed: False when the stored result lacks what weighing needs.
        body: The result as it reads now, when it was asked for and differs from the stored one; else None.
    """

    stored: Stored
    changes: tuple[Change, ...] = ()
    is_weighed: bool = True
    body: bytes | None = None


class Rules(NamedTuple):
    """What to weigh with.

    Attributes:
        programs: All programmes.
        own_ids: Programmes that may differ although the rule set of the package does not.
    """

    programs: tuple[Program, ...]
    own_ids: frozenset[str]
    tool: Tool


def load_rules(programs_dir: str | None = None, only: Sequence[str] = ()) -> Rules:
    """Load the programmes to weigh: those of the package, and those of a folder, which replace programmes of the same id.

    Raises:
        UsageError: a file is wrong, or `only` names an unknown programme.
    """
    known = {program.id: program for program in load_builtin()}
    own = load_directory(programs_dir) if programs_dir is not None else ()
    known |= {program.id: program for program in own}
    unknown = [name for name in only if name not in known]
    if unknown:
        remedy = f"known programmes: {', '.join(sorted(known))}"
        raise UsageError(f"no programme {', '.join(unknown)}", remedy=remedy, code="UNKNOWN_PROGRAM")
    release, digest = data_release()
    chosen = tuple(known[name] for name in sorted(known) if not only or name in only)
    return Rules(
        programs=chosen,
        own_ids=frozenset(program.id for program in own),
        tool=Tool(name="fgfr-screen", version=__version__, data_release=release, rules_sha256=digest),
    )


def rescreen(registry: Registry, rules: Rules) -> Iterator[Again]:
    """Weigh every current screening again, by sample id; memory stays flat.

    Programmes of the package are skipped for screenings that were made with the same rule set and tool: they cannot differ.
    """
    for stored in registry.screenings():
        yield weigh_again(stored, rules)


def rescreen_and_store(registry: Registry, rules: Rules) -> Iterator[Again]:
    """Weigh every current screening again, and store each result that reads otherwise now as a new screening."""
    digest = rules_digest(rules)
    waiting: list[tuple[bytes, str]] = []
    for stored in registry.screenings():
        again = weigh_again(stored, rules, with_body=True)
        if again.body is not None:
            waiting.append((again.body, _rows.digest([stored.options_sha256, digest])))
        if len(waiting) >= BATCH:
            registry.add_screenings(waiting)
            waiting = []
        yield again
    registry.add_screenings(waiting)


def weigh_again(stored: Stored, rules: Rules, *, with_body: bool = False) -> Again:
    """Weigh one stored screening again."""
    answer = decode(stored.body)
    if not answer.absence:
        return Again(stored, is_weighed=False)
    is_same = (answer.tool.version, answer.tool.rules_sha256) == (rules.tool.version, rules.tool.rules_sha256)
    stale = _stale_programs(answer, rules, is_same=is_same)
    if is_same and not stale:
        return Again(stored)
    clinical = facts_from_mapping(answer.clinical)
    tumor = answer.sample.tumor_type
    if tumor is not None and not is_same:
        tumor = tumor_type(tumor.text)
    events = answer.events if is_same else _events(answer, clinical)
    results = _results(stale, events, tumor, clinical, answer)
    summary = answer.summary if events == answer.events else _summary(events, answer.absence)
    changes = _changes(stored, answer, rules, (summary, events), results)
    if not with_body:
        return Again(stored, changes)
    new = {result.id: result for result in results}
    programs = {**{result.id: result for result in answer.programs}, **new}.values()
    return Again(stored, changes, body=_body(stored.body, rules, events, tumor, summary, programs))


def _stale_programs(answer: Answer, rules: Rules, *, is_same: bool) -> tuple[Program, ...]:
    """Return the programmes whose stored outcome may be out of date, or that were not weighed."""
    weighed = {result.id for result in answer.programs}
    return tuple(
        program for program in rules.programs if not is_same or program.id in rules.own_ids or program.id not in weighed
    )


def _events(answer: Answer, clinical: ClinicalFacts) -> tuple[Event, ...]:
    return tuple(reconsider(event, clinical, answer.specimens) for event in answer.events)


def _results(
    programs: Iterable[Program],
    events: tuple[Event, ...],
    tumor: TumorType | None,
    clinical: ClinicalFacts,
    answer: Answer,
) -> tuple[ProgramResult, ...]:
    absence = {(one.gene, one.kind): (one.outcome, one.findings, one.would_settle) for one in answer.absence}
    return tuple(evaluate(program, events, tumor, clinical, absence) for program in programs)


def _summary(events: Iterable[Event], absence: Iterable[AbsenceReport]) -> dict[str, str]:
    """Return one outcome per category, as `screen` does."""
    answers = summarise(events, {(one.gene, one.kind): one.outcome for one in absence})
    return {category: outcome.value for category, outcome in structs.asdict(answers).items()}


def _changes(
    stored: Stored,
    answer: Answer,
    rules: Rules,
    now: tuple[dict[str, str], tuple[Event, ...]],
    results: tuple[ProgramResult, ...],
) -> tuple[Change, ...]:
    """Set the new results against the stored ones. Programmes that are not weighed now keep their stored outcome."""
    new = {result.id: result for result in results}
    old = {result.id: result for result in answer.programs if result.id in new}
    cause = _cause(answer, rules, results)
    who = (stored.sample_id, stored.patient_id)
    return (
        *category_changes(*who, (answer.summary, answer.events), now, cause),
        *program_changes(*who, old, new, cause),
    )


def _cause(answer: Answer, rules: Rules, results: Iterable[ProgramResult]) -> str:
    if answer.tool.rules_sha256 != rules.tool.rules_sha256:
        return f"rules changed ({answer.tool.rules_sha256[:12]} -> {rules.tool.rules_sha256[:12]})"
    own = sorted(result.id for result in results if result.id in rules.own_ids)
    return f"programmes: {', '.join(own)}" if own else f"tool changed ({answer.tool.version} -> {rules.tool.version})"


def _order(result: ProgramResult) -> tuple[int, int, str]:
    return (-result.outcome.rank, -result.genomic.rank, result.id)


def _body(
    body: bytes,
    rules: Rules,
    events: tuple[Event, ...],
    tumor: TumorType | None,
    summary: dict[str, str],
    programs: Iterable[ProgramResult],
) -> bytes | None:
    """Return the result with the parts that were weighed again, everything else as it was written; None = nothing differs."""
    before = msgspec.json.decode(body)
    again = {
        "tool": rules.tool,
        "sample": {**before["sample"], "tumor_type": tumor},
        "summary": summary,
        "events": events,
        "programs": sorted(programs, key=_order),
    }
    body = msgspec.json.encode(before | again)
    return None if msgspec.json.decode(body) == before else body


def rules_digest(rules: Rules) -> str:
    """Return a digest of every programme that was weighed, for the screening key of a stored rescreening."""
    return _rows.digest([structs.replace(program, examples=()) for program in rules.programs])
