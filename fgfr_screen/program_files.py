"""Programme files: read from a folder, checked word by word, their examples executed, compiled for the package.

Loaded only for a user's own folder, for `programs check` and when the package's data are built: a patient is screened with
the compiled programmes (`programs.load_builtin`).
"""

import functools
import os
from collections.abc import Iterable, Iterator

import msgspec

from fgfr_screen import clinical as clinical_facts
from fgfr_screen import criteria, diseases, user_toml
from fgfr_screen.criteria import Criterion, CriterionBase
from fgfr_screen.errors import FgfrScreenError, UserFileError
from fgfr_screen.model import Event, EventEnd, Record
from fgfr_screen.programs import (
    WITHOUT_KIND,
    CountryRule,
    Example,
    ExampleGiven,
    GenomicEntry,
    Program,
    TumorTypeRule,
    evaluate,
    kinds_of,
)
from fgfr_screen.terms import AlterationClass, EventKind, FgfrGene, Mark, Outcome, ProgramStatus


class ProgramProblem(Record, frozen=True, kw_only=True):
    """Something wrong with a programme file, found by `check_programs`."""

    path: str
    line: int | None
    code: str
    message: str


def load_program(path: str | os.PathLike[str]) -> Program:
    """Read one programme file.

    Raises:
        UserFileError: The file is not TOML, a key is unknown or missing, or a value is wrong.
    """
    name = os.fspath(path)
    text = user_toml.read_text(path)
    program = user_toml.convert(user_toml.parse(text, name), Program, text, name, known=_known_words())
    if not program.genomic and not program.genomic_not_decidable:
        raise UserFileError(
            "has neither [[genomic]] nor genomic_not_decidable", path=name, remedy="say which alterations it takes"
        )
    for index, entry in enumerate(program.genomic):
        if any(word in WITHOUT_KIND for word in entry.alteration_class) and not entry.kind:
            line = user_toml.line_of(text, ("genomic", index))
            raise UserFileError(f"genomic[{index}]: class not_assessable or silent needs a kind", path=name, line=line)
    return program


def load_directory(path: str | os.PathLike[str], *, taken: Iterable[str] = ()) -> tuple[Program, ...]:
    """Read every `*.toml` of a folder, sorted by id.

    Args:
        path: Folder of programme files.
        taken: Ids that are in use already (those of the package).

    Raises:
        UserFileError: The folder is missing, a file is wrong, or two programmes have one id (PROGRAM_DUPLICATE).
    """
    owners: dict[str, str] = dict.fromkeys(taken, "the package")
    programs: list[Program] = []
    for file in _files(path):
        program = load_program(file)
        if program.id in owners:
            raise _duplicate(file, program.id, owners[program.id])
        owners[program.id] = file
        programs.append(program)
    return tuple(sorted(programs, key=lambda program: program.id))


def compile_directory(path: str | os.PathLike[str]) -> bytes:
    """Return the programmes of a folder as one msgpack list, without their examples.

    Raises:
        UserFileError: As `load_directory`.
    """
    lean = [msgspec.structs.replace(program, examples=()) for program in load_directory(path)]
    return msgspec.msgpack.encode(lean)


def check_programs(path: str | os.PathLike[str]) -> tuple[ProgramProblem, ...]:
    """Check every programme of a folder: form, ids, tumour codes, and each example by execution.

    Returns:
        Problems in the order of file name and place; () when there are none.

    Raises:
        UserFileError: The folder is missing.
    """
    problems: list[ProgramProblem] = []
    owners: dict[str, str] = {}
    for file in _files(path):
        try:
            program = load_program(file)
            if program.id in owners:
                raise _duplicate(file, program.id, owners[program.id])
        except FgfrScreenError as error:
            message = f"{error.reason}. {error.remedy}".removesuffix(". ")
            problems.append(ProgramProblem(path=file, line=error.line, code=error.code, message=message))
            continue
        owners[program.id] = file
        problems.extend(_content_problems(program, file, user_toml.read_text(file)))
    return tuple(problems)


def _files(path: str | os.PathLike[str]) -> list[str]:
    """List the programme files of a folder by name."""
    folder = os.fspath(path)
    if not os.path.isdir(folder):
        raise UserFileError("is not a folder of programme files", path=folder)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".toml")]


def _duplicate(file: str, program_id: str, owner: str) -> UserFileError:
    """Build the error for an id that is in use."""
    text = user_toml.read_text(file)
    return UserFileError(
        f"programme id {program_id} is already defined by {owner}",
        path=file,
        line=user_toml.line_of(text, ("id",)),
        remedy="give the programme an id of its own",
        code="PROGRAM_DUPLICATE",
    )


@functools.cache
def _known_words() -> tuple[str, ...]:
    """Every key and word of a programme file, for "did you mean"."""
    kinds: tuple[type[msgspec.Struct], ...] = (Program, GenomicEntry, TumorTypeRule, CountryRule, Example, ExampleGiven)
    conditions: tuple[type[CriterionBase], ...] = Criterion.__args__
    words = {field for kind in (*kinds, *conditions) for field in kind.__struct_fields__}
    for vocabulary in (AlterationClass, EventKind, FgfrGene, Mark, Outcome, ProgramStatus):
        words.update(member.value for member in vocabulary)
    return tuple(sorted({*words, "criterion", *criteria.names()}))


def _content_problems(program: Program, path: str, text: str) -> Iterator[ProgramProblem]:
    """Check what types cannot: tumour codes that exist and examples that hold."""
    rule = program.tumor_type
    countries = [code for country in rule.country for code in (*country.match, *country.review, *country.no_match)]
    for code in dict.fromkeys((*rule.match, *rule.review, *rule.no_match, *rule.exact, *countries)):
        if not diseases.lineage_codes(code):
            line = user_toml.line_of(text, ("tumor_type",))
            message = f"tumor_type: '{code}' is not a current OncoTree code"
            yield ProgramProblem(path=path, line=line, code="PROGRAM_TUMOR_CODE", message=message)
    if not program.examples:
        yield ProgramProblem(path=path, line=None, code="PROGRAM_NO_EXAMPLE", message="has no [[examples]]")
    for index, example in enumerate(program.examples):
        for message in example_failures(program, example):
            line = user_toml.line_of(text, ("examples", index))
            yield ProgramProblem(path=path, line=line, code="PROGRAM_EXAMPLE_FAILED", message=message)


def example_failures(program: Program, example: Example) -> tuple[str, ...]:
    """Execute one example and say where the answer differs from what the file expects; () when it holds."""
    given = example.given
    try:
        facts = clinical_facts.facts_from_mapping(given.clinical)
    except UserFileError as error:
        return (f"example '{example.name}': {error.reason}",)
    tumor = None if given.tumor_type is None else diseases.tumor_type(given.tumor_type)
    result = evaluate(program, _example_events(given), tumor, facts, lambda _gene, _kind: (given.absence, (), ()))
    expected = {
        "outcome": example.outcome,
        "genomic": example.genomic,
        "tumor_type": example.tumor_type,
        "clinical": example.clinical,
    }
    return tuple(
        f"example '{example.name}': {part} is {getattr(result, part)}, the file expects {outcome}"
        for part, outcome in expected.items()
        if outcome is not None and getattr(result, part) is not outcome
    )


def _example_events(given: ExampleGiven) -> tuple[Event, ...]:
    """Build the event of an example."""
    if given.gene is None or given.alteration_class is None:
        return ()
    partner = None if given.partner is None else EventEnd(gene=given.partner)
    return (
        Event(
            id="example",
            kind=given.kind or kinds_of((given.alteration_class,))[0],
            gene=given.gene,
            alteration_class=given.alteration_class,
            marks=given.marks,
            outcome=given.event_outcome,
            name=f"{given.gene} {given.alteration_class}",
            five_prime=EventEnd(gene=given.gene),
            three_prime=partner,
            protein_change=given.protein_change,
        ),
    )
