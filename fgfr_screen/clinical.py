"""Clinical facts: a user's TOML or a report's values -> `ClinicalFacts`, and the two together without silent loss.

The keys are a closed list (README, clinical facts). Types, ranges and contradictions are checked here, so that `criteria`
reads plain facts. Nothing is ever inferred from silence: an agent in `lines` can only say "yes", its absence says
nothing.
"""

import datetime
import os
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec

from fgfr_screen import user_toml
from fgfr_screen.agents import FGFR_INHIBITORS, PD1_AGENTS, PLATINUM_AGENTS, agents_of
from fgfr_screen.errors import UserFileError
from fgfr_screen.model import ClinicalFacts, Finding, Record, TreatmentLine
from fgfr_screen.terms import Extent

_PT = r"(?:(y?)p?T)?(is|a|0|[1-4][a-d]?|X)"
_PN = r"(?:(y?)p?N)?([0-3][a-c]?|\+|X)"

Age = Annotated[float, msgspec.Meta(ge=0, le=1560)]
Weeks = Annotated[float, msgspec.Meta(ge=0, le=1560)]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2}$")]


class _Line(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    agents: list[Annotated[str, msgspec.Meta(min_length=1)]]
    start: datetime.date | None = None
    end: datetime.date | None = None


class _Given(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The closed list of keys with their types, as a user writes them."""

    age_months: Age | None = None
    sex: Literal["female", "male", "other", "unknown"] | None = None
    country: Country | None = None
    extent: Extent | None = None
    resected: bool | None = None
    surgery_date: datetime.date | None = None
    pt: str | None = None
    pn: str | None = None
    neoadjuvant: bool | None = None
    lines: list[_Line] | None = None
    prior_fgfr_inhibitor: bool | None = None
    prior_pd1: bool | None = None
    prior_platinum: bool | None = None
    growth_plates_open: bool | None = None
    propel_weeks: Weeks | None = None
    clinical_achondroplasia: bool | None = None
    histology_variant: str | None = None
    as_of: datetime.date | None = None


KEYS = _Given.__struct_fields__
"""The closed list, in the order in which it is printed."""


class _WrongValueError(Exception):
    """A value that has the right type and still cannot be; `key` says where."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


def load_clinical(path: str | os.PathLike[str]) -> ClinicalFacts:
    """Read clinical facts from a TOML file.

    Args:
        path: File with any of `KEYS`; every key is optional.

    Returns:
        The facts, with `prior_*` set to True where an agent in `lines` proves it.

    Raises:
        UserFileError: The file is not TOML, a key is unknown, a value is wrong, or two facts contradict.
    """
    name = os.fspath(path)
    text = user_toml.read_text(path)
    return facts_from_mapping(user_toml.parse(text, name), text=text, path=name)


def facts_from_mapping(values: Mapping[str, Any], *, text: str = "", path: str = "clinical facts") -> ClinicalFacts:
    """Check values that are already parsed (a table inside another TOML, a report, a library caller).

    Args:
        values: Keys of the closed list; dates as ISO text or `datetime.date`.
        text: TOML text in which an error's line is looked up; "" = no lines.
        path: Name for the message.

    Raises:
        UserFileError: As `load_clinical`.
    """
    given = user_toml.convert(dict(values), _Given, text, path, known=(*KEYS, *_Line.__struct_fields__))
    try:
        return _with_derived(_facts(given))
    except _WrongValueError as error:
        line = user_toml.line_of(text, (error.key,))
        raise UserFileError(f"{error.key}: {error.reason}", path=path, line=line) from error


def merge_clinical(
    stated: ClinicalFacts, reported: Iterable[tuple[str, Mapping[str, Any]]]
) -> tuple[ClinicalFacts, tuple[Finding, ...]]:
    """Complete the user's facts with those that reports carry.

    The user's value wins over a report's. Reports that disagree among themselves leave the fact unknown.

    Args:
        stated: Facts of the user's file; an empty `ClinicalFacts()` when there is none.
        reported: Input id and the values that its reader took; the order does not matter.

    Returns:
        The facts, and findings CLINICAL_CONFLICT and CLINICAL_REPORT_VALUE (a report's value that cannot be used).
    """
    findings: list[Finding] = []
    given = stated.to_dict()
    claims: dict[str, list[tuple[str, Any]]] = {}
    for source, values in sorted(reported, key=lambda item: item[0]):
        for key, value in _usable(source, values, findings):
            claims.setdefault(key, []).append((source, value))
    for key in (key for key in KEYS if key in claims):
        merged, conflict = _weigh(key, given.get(key), claims[key])
        if conflict is not None:
            findings.append(conflict)
        if merged is not None:
            given[key] = merged
    return _reconciled(stated, given, findings), tuple(findings)


def _reconciled(stated: ClinicalFacts, given: dict[str, Any], findings: list[Finding]) -> ClinicalFacts:
    """Rebuild the facts; when the sum contradicts itself only the user's own facts stay, and a finding says so."""
    try:
        return facts_from_mapping(given)
    except UserFileError as error:
        message = f"the report's clinical facts contradict the recorded ones and are not used: {error.reason}"
        findings.append(Finding(code="CLINICAL_CONFLICT", message=message))
        return stated


def _usable(source: str, values: Mapping[str, Any], findings: list[Finding]) -> list[tuple[str, Any]]:
    """Return the values of one report that pass the checks, in the normalised form of the echo."""
    usable: list[tuple[str, Any]] = []
    for key in sorted(values):
        if values[key] is None:
            continue
        try:
            echo = facts_from_mapping({key: values[key]}).to_dict()
        except UserFileError as error:
            message = f"{source}: the report's value cannot be used: {error.reason}"
            findings.append(Finding(code="CLINICAL_REPORT_VALUE", message=message))
            continue
        usable.extend(echo.items())
    return usable


def _weigh(key: str, own: object, claims: list[tuple[str, Any]]) -> tuple[Any, Finding | None]:
    """Return the value to keep (None = leave as it is) and the conflict, if there is one."""
    values = [value for _, value in claims]
    if own is None and all(value == values[0] for value in values):
        return values[0], None
    told = ", ".join(f"{source} says {value!r}" for source, value in claims)
    if own is None:
        return None, Finding(code="CLINICAL_CONFLICT", message=f"{key}: {told}; the fact is taken as not known")
    if any(value != own for value in values):
        return None, Finding(
            code="CLINICAL_CONFLICT", message=f"{key}: recorded {own!r}, {told}; the recorded fact is used"
        )
    return None, None


def _facts(given: _Given) -> ClinicalFacts:
    """Normalise spellings; nothing is derived here except what a `yp` prefix itself states."""
    pt, pt_after_therapy = _stage("pt", given.pt, _PT, "T")
    pn, pn_after_therapy = _stage("pn", given.pn, _PN, "N")
    after_therapy = pt_after_therapy or pn_after_therapy
    if after_therapy and given.neoadjuvant is False:
        raise _WrongValueError(
            "neoadjuvant", "false contradicts the 'yp' stage, which is given after neoadjuvant therapy"
        )
    lines = None if given.lines is None else tuple(_line(number, line) for number, line in enumerate(given.lines))
    is_derived = after_therapy and given.neoadjuvant is None
    return ClinicalFacts(
        age_months=given.age_months,
        sex=None if given.sex == "unknown" else given.sex,
        country=None if given.country is None else given.country.upper(),
        extent=given.extent,
        resected=given.resected,
        surgery_date=_iso(given.surgery_date),
        pt=pt,
        pn=pn,
        neoadjuvant=True if is_derived else given.neoadjuvant,
        lines=lines,
        prior_fgfr_inhibitor=given.prior_fgfr_inhibitor,
        prior_pd1=given.prior_pd1,
        prior_platinum=given.prior_platinum,
        growth_plates_open=given.growth_plates_open,
        propel_weeks=given.propel_weeks,
        clinical_achondroplasia=given.clinical_achondroplasia,
        histology_variant=_variant(given.histology_variant),
        as_of=_iso(given.as_of),
        derived=("neoadjuvant",) if is_derived else (),
    )


def _with_derived(facts: ClinicalFacts) -> ClinicalFacts:
    """Set `prior_*` and `resected` to True where another fact proves it.

    Raises:
        _WrongValueError: The user says "false" and another fact says otherwise.
    """
    proven = {
        "prior_fgfr_inhibitor": _named(facts, FGFR_INHIBITORS),
        "prior_pd1": _named(facts, PD1_AGENTS),
        "prior_platinum": _named(facts, PLATINUM_AGENTS),
        "resected": "extent = 'resected'" if facts.extent is Extent.RESECTED else None,
    }
    derived = list(facts.derived)
    for key, proof in proven.items():
        value = getattr(facts, key)
        if proof is not None and value is False:
            raise _WrongValueError(key, f"false contradicts {proof}")
        if proof is not None and value is None:
            facts = msgspec.structs.replace(facts, **{key: True})
            derived.append(key)
    return msgspec.structs.replace(facts, derived=tuple(derived))


def _named(facts: ClinicalFacts, agents: frozenset[str]) -> str | None:
    """Say which recorded agent belongs to the class, or None."""
    for number, line in enumerate(facts.lines or (), start=1):
        for agent in line.agents:
            if agent in agents:
                return f"line {number}, which names {agent}"
    return None


def _line(index: int, given: _Line) -> TreatmentLine:
    """Normalise one line of therapy; regimen names and `gem/cis` become agents."""
    if given.start is not None and given.end is not None and given.end < given.start:
        raise _WrongValueError("lines", f"line {index} of the list (counted from 0) ends before it starts")
    agents = tuple(agent for written in given.agents for agent in agents_of(written))
    return TreatmentLine(agents=agents, start=_iso(given.start), end=_iso(given.end))


def _stage(key: str, written: str | None, pattern: str, letter: str) -> tuple[str | None, bool]:
    """Normalise a pathological T or N; the flag is True for a `yp` stage; TX and NX are not known."""
    if written is None:
        return None, False
    found = re.fullmatch(pattern, written.strip(), re.IGNORECASE)
    if found is None:
        raise _WrongValueError(
            key, f"'{written}' is not a pathological {letter} stage such as 'p{letter}2' or 'yp{letter}1'"
        )
    value = found[2].lower()
    is_after_therapy = bool(found[1])
    prefix = "yp" if is_after_therapy else "p"
    return (None if value == "x" else prefix + letter + value), is_after_therapy


def _variant(written: str | None) -> str | None:
    """Normalise a histology variant: lower case, single spaces; blank is not known."""
    return None if written is None else " ".join(written.casefold().split()) or None


def _iso(day: datetime.date | None) -> str | None:
    """Write a date as ISO 8601, or None."""
    return None if day is None else day.isoformat()
