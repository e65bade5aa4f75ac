"""One result (JSON) -> the rows that the registry keeps of it. Pure: the same bytes always give the same rows."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from fgfr_screen.cohort import packing
from fgfr_screen.errors import InputError
from fgfr_screen.model import Event, InputReport, ProgramResult, Record, SampleReport, TumorType

RESULT_MAJOR = "1"


class _Tool(Record, frozen=True):
    version: str
    data_release: str
    rules_sha256: str


class _Tumor(Record, frozen=True):
    text: str
    oncotree: str | None = None
    lineage_codes: tuple[str, ...] = ()


class _Sample(Record, frozen=True):
    sample_id: str | None
    patient_id: str | None = None
    tumor_type: _Tumor | None = None


class _AssemblyName(Record, frozen=True):
    name: str | None = None


class _Input(Record, frozen=True):
    path: str
    format: str
    sha256: str | None
    complete: bool
    assembly: _AssemblyName
    caller: str | None = None


class _End(Record, frozen=True):
    gene: str | None = None


class _Event(Record, frozen=True):
    id: str
    gene: str
    kind: str
    alteration_class: str
    category: str
    outcome: str
    confidence: str
    name: str
    marks: tuple[str, ...] = ()
    five_prime: _End | None = None
    three_prime: _End | None = None
    frame: str | None = None
    protein_change: str | None = None


class _Program(Record, frozen=True):
    id: str
    status: str
    reviewed: str
    outcome: str
    genomic: str
    tumor_type: str
    clinical: str
    event_ids: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class _Result(Record, frozen=True):
    schema_version: str
    tool: _Tool
    sample: _Sample
    inputs: tuple[_Input, ...]
    summary: dict[str, str]
    events: tuple[_Event, ...]
    programs: tuple[_Program, ...]
    clinical: dict[str, Any] = msgspec.field(default_factory=dict)
    assays: tuple[dict[str, Any], ...] = ()


_DECODER = msgspec.json.Decoder(_Result)
CATEGORIES = (
    "qualifying_fgfr2_fusion_or_rearrangement",
    "fgfr2_amplification",
    "fgfr3_alteration",
    "other_fgfr_alteration",
)


class Parsed(NamedTuple):
    """Rows of one result, without the numbers that the registry gives.

    Attributes:
        screening: Columns of `screening` from `screening_key` to `other_fgfr_alteration`.
        inputs, events: Columns of their tables after `screening_id`.
        outcomes: Columns of `outcome`; the screening is filled in between `outcome` and `genomic`.
    """

    key: str
    sample_id: str
    answer_sha256: str
    screening: tuple[str | None, ...]
    inputs: tuple[tuple[int | str | bool | None, ...], ...]
    events: tuple[tuple[int | str | None, ...], ...]
    outcomes: tuple[tuple[str, ...], ...]


class Ready(NamedTuple):
    """A result that was prepared for the registry where it was made: packed, and its rows (`Parsed`) as msgpack."""

    packed: bytes
    rows: bytes


_ROWS_DECODER = msgspec.msgpack.Decoder(Parsed)


def digest(value: object) -> str:
    """Return the sha256 of a value as canonical JSON."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def unpack(packed: bytes) -> bytes:
    """Give a stored result back.

    Raises:
        InputError: the stored bytes are damaged.
    """
    try:
        return packing.unpack(packed)
    except ValueError as error:
        remedy = "`registry verify` names the row"
        raise InputError(str(error), code="REGISTRY_DAMAGED", remedy=remedy) from error


def options_digest(result: _Result | SampleReport) -> str:
    """Return a digest of what was asked, as far as the result tells it: for callers that have no digest of their own."""
    tumor = result.sample.tumor_type
    programs = sorted((program.id, program.reviewed, program.status) for program in result.programs)
    assays = sorted(digest(assay) for assay in result.assays)
    return digest([result.sample.patient_id, tumor.text if tumor else None, result.clinical, assays, programs])


def screening_key(
    sample_id: str, inputs: Iterable[str | None], options_sha256: str, rules_sha256: str, tool_version: str
) -> str:
    """Return the identity of a screening; `inputs` are sha256 sums, None for a file that could not be read."""
    return digest([sample_id, sorted(one or "" for one in inputs), options_sha256, rules_sha256, tool_version])


def _answer(result: _Result | SampleReport) -> str:
    """Return the digest of everything that must not differ between two runs of one screening (paths may)."""
    tumor = result.sample.tumor_type
    events = sorted(
        [one.id, one.alteration_class, sorted(one.marks), one.category, one.outcome, one.confidence]
        for one in result.events
    )
    programs = sorted(
        [one.id, one.outcome, one.genomic, one.tumor_type, one.clinical, sorted(one.event_ids)]
        for one in result.programs
    )
    code = tumor.oncotree if tumor else None
    return digest([result.sample.patient_id, code, _summary(result), events, programs])


def _decoded(body: bytes) -> _Result:
    try:
        result = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        remedy = "give results of `screen --format json` or of `batch`"
        raise InputError(f"not a result: {error}", code="REGISTRY_RESULT", remedy=remedy) from error
    if result.schema_version.partition(".")[0] != RESULT_MAJOR:
        raise InputError(
            f"the result has schema_version {result.schema_version}",
            code="REGISTRY_RESULT",
            remedy=f"this program reads {RESULT_MAJOR}.x",
        )
    return result


def parse(body: bytes, options_sha256: str | None = None) -> Parsed:
    """Return the rows of one result.

    Args:
        body: The result as JSON.
        options_sha256: Digest of the options and programme files of the run; None = derived from the result.

    Raises:
        InputError: it is no result, or one without a sample id (REGISTRY_RESULT).
    """
    return _derived(_decoded(body), body, options_sha256)


def ready(report: SampleReport, body: bytes, options_sha256: str) -> Ready:
    """Prepare a result for the registry where it is made; the rows are those of `parse(body, options_sha256)`.

    Args:
        report: The result.
        body: The same as JSON.
        options_sha256: Digest of the options and programme files of the run.
    """
    return Ready(packing.pack(body), msgspec.msgpack.encode(_derived(report, body, options_sha256)))


def parsed_of(rows: bytes) -> Parsed:
    """Give the rows of a prepared result back.

    Raises:
        ValueError: the bytes are damaged.
    """
    try:
        return _ROWS_DECODER.decode(rows)
    except msgspec.DecodeError as error:
        raise ValueError(f"stored rows are damaged ({error})") from error


def _derived(result: _Result | SampleReport, body: bytes, options_sha256: str | None) -> Parsed:
    sample = result.sample
    if not sample.sample_id:
        raise InputError("the result has no sample id", code="REGISTRY_RESULT", remedy="screen with --sample-id")
    options = options_sha256 or options_digest(result)
    sums = [one.sha256 for one in result.inputs]
    key = screening_key(sample.sample_id, sums, options, result.tool.rules_sha256, result.tool.version)
    summary, answer = _summary(result), _answer(result)
    inputs: Sequence[_Input | InputReport] = result.inputs
    events: Sequence[_Event | Event] = result.events
    names = {event.id: event.name for event in events}
    return Parsed(
        key=key,
        sample_id=sample.sample_id,
        answer_sha256=answer,
        screening=(
            *(key, sample.sample_id, sample.patient_id, *_tumor_columns(sample.tumor_type)),
            *(options, digest(sorted(one or "" for one in sums))),
            *(result.tool.version, result.tool.data_release, result.tool.rules_sha256),
            *(answer, hashlib.sha256(body).hexdigest()),
            *(summary.get(name, "") for name in CATEGORIES),
        ),
        inputs=tuple(
            (number, one.sha256, one.path, one.format, one.caller, one.assembly.name, one.complete)
            for number, one in enumerate(inputs, start=1)
        ),
        events=tuple(_event_row(number, event) for number, event in enumerate(events, start=1)),
        outcomes=tuple([_outcome_row(program, names) for program in result.programs]),
    )


def _summary(result: _Result | SampleReport) -> dict[str, str]:
    return result.summary if isinstance(result, _Result) else msgspec.structs.asdict(result.summary)


def _tumor_columns(tumor: _Tumor | TumorType | None) -> tuple[str | None, str | None, str]:
    """Return code, text, and the codes from the type to the root, each between semicolons."""
    if tumor is None:
        return None, None, ""
    return (
        tumor.oncotree,
        tumor.text,
        "".join(f";{code}" for code in tumor.lineage_codes) + ";" if tumor.lineage_codes else "",
    )


def _partner(event: _Event | Event) -> str | None:
    """Return the gene on the other side of the FGFR break, or None."""
    genes = [end.gene for end in (event.five_prime, event.three_prime) if end is not None]
    return next((gene for gene in genes if gene not in (None, event.gene)), None)


def _event_row(number: int, event: _Event | Event) -> tuple[int | str | None, ...]:
    return (
        number,
        event.id,
        event.gene,
        event.kind,
        event.alteration_class,
        event.category,
        event.outcome,
        event.confidence,
        event.name,
        _partner(event),
        event.frame,
        event.protein_change,
        "; ".join(event.marks),
    )


def _outcome_row(program: _Program | ProgramResult, names: dict[str, str]) -> tuple[str, ...]:
    counted = "; ".join([names[one] for one in program.event_ids if one in names])
    answer = (program.genomic, program.tumor_type, program.clinical)
    return (program.id, program.outcome, *answer, program.status, counted, "; ".join(program.missing))
