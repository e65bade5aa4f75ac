"""Short findings in English or Chinese words -> what they say, only where there is one way to read them.

| text | reading |
|---|---|
| `FGFR2-BICC1融合`, `FGFR2::BICC1 fusion detected` | fusion, order as written is not asserted |
| `FGFR2 exon 17 - BICC1 exon 3 fusion`, `FGFR2-BICC1(F17:B3)融合` | fusion with exons |
| `FGFR2重排`, `FGFR2 rearrangement` | rearrangement |
| `FGFR2扩增`, `FGFR2 amplification (CN 12)` | amplification, copies |
| `FGFR3 p.S249C突变`, `FGFR3 c.746C>G` | short variant |
| `未检出FGFR2融合`, `FGFR2 amplification not detected`, `FGFR3野生型` | negative |

Everything else that names FGFR1-3 is unclear: it is shown to a person and never read as a finding or as a negative. A
text is taken apart only where every part can be read.
"""

import re
import unicodedata

from msgspec import structs

from fgfr_screen import genes
from fgfr_screen.model import Record
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.terms import EventKind

_GENE = r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*"
_FGFR = r"FGFR[- ]?[123]"
_GENE_WORD = r"\s*(?:基因|gene)?\s*"
_JOIN = r"\s*(?:-|::|/|--|->|与|和)\s*"
_EXON = r"(?:exons?|ex\.?|e|外显子|第)\s*(\d{1,2})(?:\s*号?外显子)?"
_STRUCTURE = r"fusions?|gene fusions?|融合|基因融合|融合基因|融合变异|融合突变"
_REARRANGED = r"rearrangements?|rearranged|gene rearrangements?|重排|基因重排|易位"
_AMPLIFIED = r"amplifications?|amplified|gene amplifications?|扩增|基因扩增|拷贝数扩增"
_MUTATED = r"mutations?|variants?|突变|基因突变|变异|点突变"
_KIND_WORDS = (
    (EventKind.REARRANGEMENT, rf"{_STRUCTURE}|{_REARRANGED}"),
    (EventKind.COPY_NUMBER, _AMPLIFIED),
    (EventKind.SHORT_VARIANT, _MUTATED),
)
_ANY_KIND = "|".join(words for _, words in _KIND_WORDS)
# What an unclear text is about; `(?<![a-z])` and not `\b`, because Chinese letters stand beside these words.
_ABOUT_COPIES = (
    rf"{_AMPLIFIED}|拷贝|copy[- ]?numbers?|(?<![a-z])(?:amps?|gains?|gained|high[- ]level gain|cn[av]?|copies)(?![a-z])"
)
_ABOUT_STRUCTURE = rf"{_STRUCTURE}|{_REARRANGED}"
_FOUND_BEFORE = r"(?:(?:检出|检测到|发现|存在|positive for|detected)\s*:?\s*)?"
_FOUND_AFTER = r"(?:\s*[:：]?\s*\(?(?:(?:was |is )?(?:detected|present|positive|identified|found)|阳性|检出|\+)\)?)?"
_NOT_BEFORE = r"(?:未检出|未检测到|未见|未发现|无|no|not detected:?|negative for|no evidence of)"
_NOT_AFTER = (
    r"(?:\s*[:：]?\s*\(?(?:(?:was |were |is )?(?:not (?:detected|found|identified|present|seen)|negative|absent)"
    r"|阴性|未检出|未检测到|未见|未发现|-)\)?)"
)
_WILD_TYPE = r"wild[- ]?type|野生型"
_COPIES = (
    r"(?:\s*[,(]?\s*(?:cn|copy number|copies|拷贝数)?\s*[=:：]?\s*(\d{1,3}(?:\.\d+)?)\s*(?:copies|拷贝|x)?\s*\)?)?"
)
_COPIES_TOLD = (
    r"(?:(?:gains?|gained|amps?|amplifications?|amplified|扩增|拷贝数增加)\s*[,(]?\s*)?"
    r"(?:(?:cn|copy[- ]?number|copies|拷贝数)\s*[=:：]?\s*(\d{1,3}(?:\.\d+)?)|(\d{1,3}(?:\.\d+)?)\s*(?:copies|拷贝))"
    r"\s*(?:copies|拷贝)?\s*\)?"
)
_PROTEIN = r"(?:p\.)?\(?((?:[A-Z][a-z]{2}|[A-Z])\d{1,4}[A-Za-z0-9_*=>]*)\)?"
_CODING = r"(c\.[-*0-9_+ACGTacgtdelinsup>]+)"

_PARTS = re.compile(r"[;；\n。]|(?<=[^\d\s])、")
_UNCERTAIN = re.compile(
    r"\b(?:possibl[ey]|suspected|suspicious|likely|probabl[ey]|equivocal|cannot|could not|indeterminate|borderline|vus|"
    r"or|versus|vs|unless|previous(?:ly)?|history|recommend\w*|consider)\b|[?？]|可疑|疑似|可能|不确定|待|既往|建议|不除外|或"
)


# Words of running text that join to no gene name; `KGFR扩增` has no blank behind it.
_ALIAS = r"(?<![A-Za-z0-9.-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*(?![A-Za-z0-9.-])"
# HGNC aliases of the receptors that are names of diseases (achondroplasia, Jackson-Weiss, Crouzon) in running text.
_DISEASES = frozenset(("ACH", "JWS", "CFD1"))


class TextFinding(Record, frozen=True, kw_only=True):
    """What one text says.

    Attributes:
        kind: Kind of change; None = unclear.
        hint: Kind that the words of an unclear text are about; None = not told, so it may be any.
        is_negative: True when the text says that nothing of the kind was found.
        genes: Gene words in the order written; the first is an FGFR unless a fusion names it second.
        exons: Exon numbers beside the genes; None = not given.
        is_fusion: False for a mere rearrangement.
        copies: Copies as given, also in an unclear text that says nothing else.
        hgvs_c, hgvs_p: Change as given.
        text: The part of the text that was read.
    """

    kind: EventKind | None
    hint: EventKind | None = None
    is_negative: bool = False
    genes: tuple[str, ...]
    exons: tuple[int | None, int | None] = (None, None)
    is_fusion: bool = False
    copies: float | None = None
    hgvs_c: str | None = None
    hgvs_p: str | None = None
    text: str


def read_text(text: str) -> tuple[TextFinding, ...]:
    """Read a text.

    Returns:
        One finding per part; () when the text does not name FGFR1-3; an unclear one per receptor (kind None) when any
        part that names FGFR1-3 can be read in no way or several.

    Raises:
        EntryError: It seems to name FGFR1-3 in letters of another script (SYMBOL_NOT_ASCII).

    >>> [(one.kind, one.is_negative) for one in read_text("未检出FGFR2融合")]
    [(<EventKind.REARRANGEMENT: 'rearrangement'>, True)]
    """
    given = " ".join(unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-").split())
    plain = _with_symbols(given)
    if plain == given:
        return _read(plain)
    return tuple(structs.replace(one, text=given) for one in _read(plain))


def _read(plain: str) -> tuple[TextFinding, ...]:
    """Read a text in plain letters, whose receptors go by their symbols."""
    if not genes.mentions_fgfr(plain):
        return ()
    found: list[TextFinding] = []
    for part in (piece.strip(" .,，") for piece in _PARTS.split(plain)):
        if not part:
            continue
        one = None if _UNCERTAIN.search(part.lower()) else _read_part(part)
        if one is None and not _is_about_another_gene(part):
            return _unclear(plain)
        if one is not None:
            found.append(one)
    return tuple(found)


def names_receptor(text: str) -> bool:
    """Tell whether a text names FGFR1-3, by symbol or by an alias in capitals (`KGFR`, `CD332`, `K-SAM`)."""
    return genes.mentions_fgfr(_with_symbols(text))


def _with_symbols(text: str) -> str:
    """Return the text with the aliases of FGFR1-3 in it replaced by symbols, alone or in the name of a fusion."""
    return re.sub(_ALIAS, lambda word: _symbol_of(word[0]), text)


def _symbol_of(word: str) -> str:
    name = genes.resolve(word)
    if name.fgfr is not None:
        return name.fgfr.value if _is_alias(name) else word
    pair = genes.split_fusion_name(word)
    if pair is None or not any(map(_is_alias, pair)):
        return word
    return "-".join(half.fgfr.value if half.fgfr is not None and _is_alias(half) else half.given for half in pair)


def _is_alias(name: genes.GeneName) -> bool:
    """Tell whether a word is another name of a receptor: not its symbol in some spelling, no number, no disease."""
    is_symbol = "FGFR" in name.given and name.fgfr is not None and name.fgfr.value in name.given
    return name.fgfr is not None and not (is_symbol or genes.is_identifier(name.given) or name.given in _DISEASES)


def _unclear(text: str) -> tuple[TextFinding, ...]:
    named = dict.fromkeys(genes.fgfr_gene(word) for word in re.findall(_FGFR, text, re.IGNORECASE))
    receptors = [gene for gene in named if gene is not None]
    if not receptors:
        raise EntryError("SYMBOL_NOT_ASCII", "the text may name FGFR1-3 in letters that no symbol has")
    hint, copies = _hint(text), _copies_told(text) if len(receptors) == 1 else None
    return tuple(TextFinding(kind=None, hint=hint, genes=(gene.value,), copies=copies, text=text) for gene in receptors)


def _hint(text: str) -> EventKind | None:
    """Return the kind that the words of an unclear text are about; None for no such word and for words of both kinds."""
    about = ((EventKind.COPY_NUMBER, _ABOUT_COPIES), (EventKind.REARRANGEMENT, _ABOUT_STRUCTURE))
    hints = [kind for kind, words in about if re.search(words, text, re.IGNORECASE)]
    if not hints and re.search(_MUTATED, text, re.IGNORECASE):
        return EventKind.SHORT_VARIANT
    return hints[0] if len(hints) == 1 else None


def _copies_told(text: str) -> float | None:
    """Return the copies of a text that says nothing else of its gene (`FGFR2 CN=12`), else None."""
    found = _match(rf"{_FGFR}{_GENE_WORD}:?\s*{_COPIES_TOLD}", text)
    return float(found[1] or found[2]) if found is not None else None


def _is_about_another_gene(part: str) -> bool:
    if genes.mentions_fgfr(part):
        return False
    word = re.match(_GENE, part)
    return word is not None and bool(genes.resolve(word[0]).symbols)


def _read_part(part: str) -> TextFinding | None:
    for reading in (_negative, _fusion, _rearrangement, _amplification, _short_variant):
        found = reading(part)
        if found is not None:
            return found
    return None


def _match(pattern: str, part: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, part, re.IGNORECASE)


def _negative(part: str) -> TextFinding | None:
    seen = r"(?:\s*(?:was |were )?(?:detected|found|identified|seen))?"
    before = _match(rf"{_NOT_BEFORE}\s*({_FGFR}){_GENE_WORD}({_ANY_KIND}){seen}", part)
    after = _match(rf"({_FGFR}){_GENE_WORD}({_ANY_KIND}){_NOT_AFTER}", part)
    found = before or after
    if found is not None:
        kind = next(kind for kind, words in _KIND_WORDS if _match(words, found[2]))
        return TextFinding(kind=kind, is_negative=True, genes=(found[1],), text=part)
    wild = _match(rf"({_FGFR}){_GENE_WORD}(?:{_WILD_TYPE})", part)
    if wild is not None:
        return TextFinding(kind=EventKind.SHORT_VARIANT, is_negative=True, genes=(wild[1],), text=part)
    return None


def _fusion(part: str) -> TextFinding | None:
    """Read a fusion of two genes; its order is as written, which laboratories do not promise to be 5' to 3'."""
    exons = rf"(?:\s*{_EXON})?"
    apart = _match(
        rf"{_FOUND_BEFORE}({_GENE}){exons}{_JOIN}({_GENE}){exons}\s*(?:{_STRUCTURE}){_FOUND_AFTER}",
        part,
    )
    pair = _match(
        rf"{_FOUND_BEFORE}({_GENE}(?:::|--|/|->|-){_GENE})\s*(?:{_STRUCTURE})?\s*"
        rf"(?:\(\s*[A-Z]?(\d{{1,2}})\s*[:;,]\s*[A-Z]?(\d{{1,2}})\s*\))?\s*(?:{_STRUCTURE})?{_FOUND_AFTER}",
        part,
    )
    if pair is not None and re.search(_STRUCTURE, part, re.IGNORECASE):
        names = genes.split_fusion_name(pair[1])
        if names is not None and _are_known(names[0].given, names[1].given):
            return _fusion_of(names[0].given, pair[2], names[1].given, pair[3], part)
    if apart is not None and _are_known(apart[1], apart[3]):
        return _fusion_of(apart[1], apart[2], apart[3], apart[4], part)
    return None


def _are_known(*words: str) -> bool:
    named = [genes.resolve(word) for word in words]
    return all(name.symbol is not None for name in named) and any(name.fgfr is not None for name in named)


def _fusion_of(first: str, exon1: str | None, second: str, exon2: str | None, part: str) -> TextFinding:
    return TextFinding(
        kind=EventKind.REARRANGEMENT,
        genes=(first, second),
        exons=(int(exon1) if exon1 else None, int(exon2) if exon2 else None),
        is_fusion=True,
        text=part,
    )


def _rearrangement(part: str) -> TextFinding | None:
    found = _match(rf"{_FOUND_BEFORE}({_FGFR}){_GENE_WORD}(?:({_REARRANGED})|({_STRUCTURE})){_FOUND_AFTER}", part)
    if found is None:
        return None
    return TextFinding(kind=EventKind.REARRANGEMENT, genes=(found[1],), is_fusion=found[3] is not None, text=part)


def _amplification(part: str) -> TextFinding | None:
    found = _match(rf"{_FOUND_BEFORE}({_FGFR}){_GENE_WORD}(?:{_AMPLIFIED}){_FOUND_AFTER}{_COPIES}", part)
    if found is None:
        return None
    copies = float(found[2]) if found[2] else None
    return TextFinding(kind=EventKind.COPY_NUMBER, genes=(found[1],), copies=copies, text=part)


def _short_variant(part: str) -> TextFinding | None:
    body = rf"(?:{_PROTEIN}|{_CODING}(?:\s*[,(:]?\s*{_PROTEIN})?)"
    # Residue letters decide; only the words around them may be written in any case.
    found = re.fullmatch(
        rf"(?i:{_FOUND_BEFORE})((?i:{_FGFR}))\s*(?i:基因|gene)?\s*:?\s*{body}\s*(?i:{_MUTATED})?(?i:{_FOUND_AFTER})",
        part,
    )
    if found is None:
        return None
    return TextFinding(
        kind=EventKind.SHORT_VARIANT, genes=(found[1],), hgvs_c=found[3], hgvs_p=found[2] or found[4], text=part
    )
