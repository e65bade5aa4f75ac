"""Reading of what FHIR resources say about FGFR1-3 outside of variants: results of single tests, words, conclusions.

Only a coded test is read as it stands. A positive result of a test that is named in words, and a conclusion that tells of
a finding that no observation gives, become an event for review; any other words about FGFR1-3 are refused, so that they
are neither a finding nor a negative. Free text may hold anything, so none of it is kept.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import structs

from fgfr_screen import genes as symbols
from fgfr_screen.model import (
    Call,
    CopyNumberCall,
    NegativeCall,
    RearrangementCall,
    ShortVariantCall,
    Source,
)
from fgfr_screen.readers._report_entries import (
    GeneWord,
    Said,
    Setting,
    Side,
    copy_number,
    may_mean_fgfr,
    negative,
    not_tested,
    one_or_none,
    rearrangement,
)
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers._report_parts import EntryError, receptors
from fgfr_screen.terms import CallStatus, DeclaredCopyNumber, DeclaredStructure, EventKind, FgfrGene, Molecule

WITHDRAWN = ("cancelled", "entered-in-error")
UNSETTLED = ("registered", "unknown", "preliminary")
"""Statuses of an observation whose words may still change: nothing is excluded by them."""
NOT_FINAL = ("registered", "partial", "preliminary")
"""Statuses of a report that its laboratory has not finished; `partial` = some of its results are missing."""

_FISH = "95784-5"  # FGFR2 gene rearrangements in tissue by FISH
_LISTS = ("53041-0", "48018-6", "51963-7")  # regions studied, gene studied, drug assessed: name genes, tell no result
_TELLING = ("code", "valueCodeableConcept", "valueString", "interpretation", "component", "note")
_RESULTS = {
    "LA6576-8": CallStatus.PRESENT,
    "LA11882-0": CallStatus.PRESENT,
    "LA9633-4": CallStatus.PRESENT,
    "10828004": CallStatus.PRESENT,  # SNOMED CT: positive
    "260373001": CallStatus.PRESENT,  # detected
    "LA6577-6": CallStatus.ABSENT,
    "LA11883-8": CallStatus.ABSENT,
    "LA9634-2": CallStatus.ABSENT,
    "260385009": CallStatus.ABSENT,  # negative
    "260415000": CallStatus.ABSENT,  # not detected
    "pos": CallStatus.PRESENT,
    "positive": CallStatus.PRESENT,
    "positiv": CallStatus.PRESENT,
    "detected": CallStatus.PRESENT,
    "present": CallStatus.PRESENT,
    "det": CallStatus.PRESENT,
    "neg": CallStatus.ABSENT,
    "negative": CallStatus.ABSENT,
    "negativ": CallStatus.ABSENT,
    "not detected": CallStatus.ABSENT,
    "absent": CallStatus.ABSENT,
    "nd": CallStatus.ABSENT,
}
_KINDS = (
    (EventKind.REARRANGEMENT, r"fusion|re-?arrang|transloc|重排|融合"),
    (EventKind.COPY_NUMBER, r"amplif|copy number|扩增"),
    (EventKind.SHORT_VARIANT, r"mutation|variant|突变"),
)
_KIND_OF_CALL: dict[type[Call], EventKind] = {
    RearrangementCall: EventKind.REARRANGEMENT,
    CopyNumberCall: EventKind.COPY_NUMBER,
    ShortVariantCall: EventKind.SHORT_VARIANT,
}
_NEGATION = (
    r"\b(?:no|not|non|none|neither|nor|negative?|without|absent|absence|exclude\w*|unlikely|wild-?type"
    r"|kein\w*|nicht|ohne|ausgeschlossen)\b|未|无|阴性"
)
_SENTENCE_END = re.compile(r"[.;!?。；](?=\s|$)|[。；\n]")
_SHORT_LIST = re.compile(r"FGFR-?([1-4](?:/[1-4])+)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w:-]*[A-Za-z0-9]")


class Coding(NamedTuple):
    """One code of a concept: system, code, label."""

    system: str
    code: str
    display: str


def codings_of(concept: Node) -> list[Coding]:
    """Return the codes of a concept."""
    return [
        Coding(one.text("system") or "", one.text("code") or "", one.text("display") or "")
        for one in concept.items("coding")
    ]


def has_code(resource: Node, codes: tuple[str, ...]) -> bool:
    """Tell whether a resource has one of these codes."""
    return any(coding.code in codes for coding in codings_of(resource.get("code")))


# ------------------------------------------------------------------------------------------------ single observations


def tells_of_fgfr(observation: Node) -> bool:
    """Tell whether an observation that is no variant says something of its own about FGFR1-3.

    Implications and biomarkers, what is derived from other observations, and mere lists of genes and drugs do not.
    """
    codings = codings_of(observation.get("code"))
    if any(coding.code == _FISH for coding in codings):
        return True
    if observation.get("derivedFrom") or any(one.code in _LISTS or "tbd-codes" in one.system for one in codings):
        return False
    return any(may_mean_fgfr(text) for text in _texts(observation))


def words_of(observation: Node) -> Iterator[str]:
    """Yield every text of an observation, and the gene that a coded test means."""
    yield from observation.strings()
    if has_code(observation, (_FISH,)):
        yield FgfrGene.FGFR2.value


def _texts(observation: Node) -> Iterator[str]:
    for key in _TELLING:
        yield from observation.get(key).strings()


def read_observation(observation: Node, setting: Setting, source: Source) -> Iterable[Call]:
    """Read the result of a test of FGFR1-3 that is no variant observation.

    Raises:
        EntryError: The gene, the kind of change or the result cannot be told.
    """
    status = observation.text("status") or ""
    if status in WITHDRAWN:
        return ()
    named = " ".join(observation.get("code").strings())
    is_coded = has_code(observation, (_FISH,))
    if not is_coded and not _receptors_in(named):
        return _fusion_in_value(observation, setting, source)
    found = [FgfrGene.FGFR2] if is_coded else _receptors_in(named)
    kind = EventKind.REARRANGEMENT if is_coded else _kind_in(named)
    result = _result_of(observation)
    if not found or kind is None or result is None:
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "the observation names FGFR1-3 in a form that cannot be read")
    is_fish = is_coded or re.search(r"\bfish\b|in situ", named, re.IGNORECASE) is not None
    local = structs.replace(setting, molecule=Molecule.FISH) if is_fish else setting
    if result is CallStatus.ABSENT:
        make = not_tested if status in UNSETTLED else negative
        return [make(local, source, gene, kind) for gene in found]
    is_sure = is_coded and status not in UNSETTLED
    return _finding(found, kind, local, source, Said() if is_sure else _unclear())


def _fusion_in_value(observation: Node, setting: Setting, source: Source) -> Iterable[Call]:
    """Read the name of a fusion as the value of a test that names no receptor, for review: the test is not known.

    Raises:
        EntryError: The value is no name of one fusion of FGFR1-3.
    """
    concept = observation.get("valueCodeableConcept")
    words = (observation.text("valueString"), concept.text("text"), *(one.display for one in codings_of(concept)))
    pairs = list(dict.fromkeys(filter(None, (symbols.split_fusion_name(word) for word in words if word))))
    halves = pairs[0] if len(pairs) == 1 and _result_of(observation) is not CallStatus.ABSENT else ()
    is_known = all(half.is_blank or half.symbol is not None for half in halves)  # any other word may be anybody's name
    if not is_known or all(half.fgfr is None for half in halves):
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "the observation names FGFR1-3 in a form that cannot be read")
    sides = [Side(gene=GeneWord(word=one.symbol, receptor=one.fgfr)) for one in halves if one.symbol is not None]
    second = sides[1] if len(sides) > 1 else None
    declared = DeclaredStructure.FUSION
    return one_or_none(rearrangement(setting, source, sides[0], second, _unclear(), declared=declared))


def _unclear() -> Said:
    return Said(status=CallStatus.INDETERMINATE, codes=("TEXT_NEEDS_REVIEW",))


def _finding(found: list[FgfrGene], kind: EventKind, setting: Setting, source: Source, said: Said) -> Iterable[Call]:
    """Make the event of one receptor; where it breaks, or what it changes into, is not told."""
    if len(found) != 1 or kind is EventKind.SHORT_VARIANT:
        raise EntryError("ENTRY_NOT_UNDERSTOOD", "the words do not tell which change of which gene was found")
    gene = GeneWord(word=found[0].value, receptor=found[0])
    if kind is EventKind.COPY_NUMBER:
        return (copy_number(setting, source, gene, said, declared=DeclaredCopyNumber.AMPLIFICATION),)
    return one_or_none(rearrangement(setting, source, Side(gene=gene), None, said))


def _result_of(observation: Node) -> CallStatus | None:
    """Return the result that value and interpretation agree on, or None."""
    concepts = [observation.get("valueCodeableConcept"), *observation.items("interpretation")]
    words = [observation.text("valueString") or "", *(concept.text("text") or "" for concept in concepts)]
    words += [word for concept in concepts for coding in codings_of(concept) for word in (coding.code, coding.display)]
    flag = observation.flag("valueBoolean")
    told = {_RESULTS.get(word, _RESULTS.get(word.lower().rstrip("."))) for word in words if word}
    told |= set() if flag is None else {CallStatus.PRESENT if flag else CallStatus.ABSENT}
    known = told - {None}
    return known.pop() if len(known) == 1 else None


# ------------------------------------------------------------------------------------------------------ conclusions


def _sentences(report: Node) -> Iterator[str]:
    texts = [report.text("conclusion") or "", *report.get("conclusionCode").strings()]
    for text in texts:
        yield from (part for part in _SENTENCE_END.split(text) if symbols.mentions_fgfr(part))


class ToldReceptors:
    """Of which receptors the calls taken so far tell, by the kind of what was found, and which they deny."""

    def __init__(self) -> None:
        """Start without calls."""
        self._taken = 0
        self._found: dict[EventKind | None, set[FgfrGene]] = {}
        self._denied: set[FgfrGene] = set()

    def take(self, calls: list[Call]) -> None:
        """Take the calls that a growing list has got since it was last taken."""
        for call in calls[self._taken :]:
            own = _KIND_OF_CALL.get(type(call))
            if isinstance(call, NegativeCall):
                self._denied.update(_named(call.gene))
            elif own is not None and call.status not in (CallStatus.ABSENT, CallStatus.NOT_TESTED):
                for kind in (own, None):  # None: of any kind
                    self._found.setdefault(kind, set()).update(_receptors_of(call))
        self._taken = len(calls)

    def tells(self, sentence: str) -> bool:
        """Tell whether a finding of its kind, or for a denial an explicit negative, already says what a sentence says."""
        told = self._denied if _denies(sentence) else self._found.get(_kind_in(sentence), set())
        found = _receptors_in(sentence)
        return bool(found) and told.issuperset(found)


def untold_sentences(report: Node, told: ToldReceptors) -> list[str]:
    """Return the sentences of a report's conclusion that name FGFR1-3 and say more than what is told already."""
    if (report.text("status") or "") in WITHDRAWN:
        return []
    return [sentence for sentence in _sentences(report) if not told.tells(sentence)]


def read_conclusion(sentences: list[str], setting: Setting, source: Source) -> Iterable[Call]:
    """Read sentences of a conclusion as findings for review.

    Raises:
        EntryError: A sentence denies something, or does not tell which change of which gene.
    """
    for sentence in sentences:
        kind = _kind_in(sentence)
        if kind is None or _denies(sentence):
            raise EntryError("ENTRY_NOT_UNDERSTOOD", "the conclusion says more of FGFR1-3 than the observations")
        yield from _finding(_receptors_in(sentence), kind, setting, source, _unclear())


def _receptors_of(call: Call) -> tuple[FgfrGene, ...]:
    if isinstance(call, RearrangementCall):
        return (*receptors(call.first), *receptors(call.second))
    return _named(call.gene)


def _named(word: str | None) -> tuple[FgfrGene, ...]:
    gene = symbols.fgfr_gene(word or "")
    return () if gene is None else (gene,)


# -------------------------------------------------------------------------------------------------------------- words


def _receptors_in(text: str) -> list[FgfrGene]:
    """Return the receptors that words of a text name, alone, in the name of a fusion, or as `FGFR2/3`."""
    found = {gene: None for gene in FgfrGene for short in _SHORT_LIST.findall(text) if gene.value[-1] in short}
    for word in _WORD.findall(text):
        pair = symbols.split_fusion_name(word)
        for name in (symbols.resolve(word), *(pair or ())):
            if name.fgfr is not None:
                found[name.fgfr] = None
    return list(found)


def _kind_in(text: str) -> EventKind | None:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, text, re.IGNORECASE)), None)


def _denies(sentence: str) -> bool:
    return re.search(_NEGATION, sentence, re.IGNORECASE) is not None
