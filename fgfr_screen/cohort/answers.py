"""A stored result -> what it says, typed: the parts of the result contract that a cohort needs, unknown keys ignored."""

from collections.abc import Iterator
from typing import Any

import msgspec

from fgfr_screen.errors import InputError
from fgfr_screen.model import AbsenceReport, Assay, Event, ProgramResult, Record, SampleIdentity, Specimen, Tool

RESULT_MAJOR = "1"


class Answer(Record, frozen=True):
    """One result. `absence` is () in results made before it was stored."""

    schema_version: str
    tool: Tool
    sample: SampleIdentity
    summary: dict[str, str]
    events: tuple[Event, ...]
    programs: tuple[ProgramResult, ...]
    clinical: dict[str, Any] = msgspec.field(default_factory=dict)
    assays: tuple[Assay, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    absence: tuple[AbsenceReport, ...] = ()


_DECODER = msgspec.json.Decoder(Answer)


def decode(body: bytes | str, where: str | None = None, line: int | None = None) -> Answer:
    """Return the answer of one result.

    Raises:
        InputError: it is no result, or one of a later major version (REGISTRY_RESULT).
    """
    try:
        answer = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        remedy = "give results of `screen --format json` or of `batch`"
        raise InputError(
            f"not a result: {error}", path=where, line=line, code="REGISTRY_RESULT", remedy=remedy
        ) from error
    if answer.schema_version.partition(".")[0] != RESULT_MAJOR:
        raise InputError(
            f"the result has schema_version {answer.schema_version}",
            path=where,
            line=line,
            code="REGISTRY_RESULT",
            remedy=f"this program reads {RESULT_MAJOR}.x",
        )
    return answer


def read_results(path: str) -> Iterator[tuple[bytes, int]]:
    """Yield the results of a file with their lines: one JSON object (of `screen`), or one a line (of `batch`).

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with open(path, "rb") as stream:
            first = stream.readline()
            if first.strip() in (b"{", b"[") or not first.endswith(b"\n"):
                yield first + stream.read(), 1
                return
            for line, body in enumerate(_lines(first, stream), start=1):
                if body.strip():
                    yield body.rstrip(b"\r\n"), line
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", path=path, code="NOT_READABLE", remedy="check path and permissions"
        ) from error


def _lines(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
