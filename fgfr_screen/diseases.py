"""Tumour type as written -> `TumorType`: OncoTree codes and names, English and Chinese free text.

Tables: OncoTree 2025_10_03 and our synonyms. What is not understood for certain stays not understood: a wrong tumour
type would send a patient to the wrong programme or keep one from the right one. Conditions outside OncoTree that
programmes need (skeletal dysplasias, urothelial carcinoma without a site, "solid tumour") get codes of our own, said
so in `caution`.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from fgfr_screen import reference
from fgfr_screen.model import TumorType

ACHONDROPLASIA = "ACHONDROPLASIA"
UROTHELIAL_NO_SITE = "UC"
SOLID_NO_SITE = "SOLID_TUMOR"

_OWN_CODES = {
    "Achondroplasia": (ACHONDROPLASIA, "germline", ()),
    "Hypochondroplasia": ("HYPOCHONDROPLASIA", "germline", ()),
    "Thanatophoric dysplasia": ("THANATOPHORIC_DYSPLASIA", "germline", ()),
    "Urothelial carcinoma, site not given": (UROTHELIAL_NO_SITE, "solid", ("BLADDER", "TISSUE")),
    "Solid tumour, other": (SOLID_NO_SITE, "solid", ("TISSUE",)),
}
"""Name in the synonym table -> our code, lineage, OncoTree ancestors."""

_UROTHELIAL_SITES = {
    "BLCA": r"\bbladder\b|膀胱",
    "UTUC": r"\bupper (?:urinary )?tract\b|\bureter(?:al|ic)?\b|\brenal pelvis\b|上尿路|输尿管|肾盂",
    "UCU": r"\burethra(?:l)?\b|尿道",
}

# Words that take a diagnosis back or leave it open. A programme must not be opened or closed by a suspicion. Anywhere
# before the diagnosis, directly before it, and after it: "HER2-negative gastric cancer, no metastasis" is still
# gastric cancer.
# Patterns stay text: `re` compiles and keeps them on first use.
_DOUBT_BEFORE = (
    r"\b(?:not|no|without|exclud\w*|rul(?:e|ed|ing)[- ]out|r/o|versus|vs|suspected|suspicious|probabl[ey]|possibl[ey]|"
    r"differential|negative for|denies|absence|question\w*|likely|unlikely|favou?r\w*|presum\w*|suggest\w*|at risk)\b|"
    r"\?|不是|并非|无|未见|未发现|没有|排除|除外|疑似|可能|鉴别|考虑|倾向|怀疑|提示"
)
_DENIED_BEFORE = r"(?:\bnon[- ]|\bhistory of |\b(?:previous|prior|former|past) |非|既往)$"
_DOUBT_AFTER = (
    r"\b(?:excluded|ruled out|unlikely|not (?:confirmed|seen|found|identified|present)|versus|vs|mimic\w*|differential)\b|\?|"
    r"^病史|^家族史|排除|除外|待查|待排|可能|未确诊|^[- ](?:like|screening)\b|^\W*negative\b|"
    r"^\W{0,2}(?:(?:is|was|strongly|highly) )*(?:suspected|presumed|probable|possible|likely|favou?red|suggested)\b(?! \w)"
)
# Another person's tumour, a tumour of unknown origin, a mixture of two tumours.
_RELATIVES = (
    r"mother|father|sister|brother|sibling|aunt|uncle|cousin|grand(?:mother|father|parent)|husband|wife|relative"
)
_DOUBT_ANYWHERE = (
    rf"\bfamily\b|\b(?:{_RELATIVES})s?\b(?! (?:of|hospital|institut\w+|centre|center)\b)|\bunknown primary\b|\bprimary unknown\b|"
    r"\b(?:collision|biphenotypic)\b|父|母|[兄弟](?!弟?医院)|姐|妹|祖[父母]|叔|姑|姨|舅|丈夫|妻子|亲属|家属|家族|原发灶?不明|碰撞"
)
_LIVER_CELLS = r"\bhepatocellular\b|\bhcc\b|肝细胞"
"""Beside a cholangiocarcinoma: a mixture of both, which is a tumour of its own."""
_CANCER_WORD = r"(?<!differentiated )\b\w*(?:cancer|carcinoma|sarcoma|lymphoma|melanoma)s?\b|癌|肉瘤|淋巴瘤|黑色素瘤"
"""A disease that stands beside an abbreviation: ICC is also invasive cervical carcinoma."""
_BILIARY = "BILIARY_TRACT"
_BROADER_TYPES = {"hepatobiliary cancer": "liver cancer"}
"""Main type -> another one that people write for it."""
_SITELESS_SYNONYMS = frozenset({"tcc"})
"""Listed under bladder in our table, and just as silent about the site as the words it abbreviates."""
_ANNOTATION = r"\((?:lay|machine mistranslation)\)$"


class _Term(NamedTuple):
    """A way to write a tumour type: normalised text, code, and the spelling an abbreviation needs in a sentence."""

    text: str
    code: str
    abbreviation: str | None


def tumor_type(text: str) -> TumorType:
    """Understand a tumour type.

    Args:
        text: OncoTree code, OncoTree name, or English or Chinese words, any case and width.

    Returns:
        The type; `oncotree` None and `lineage_codes` () when it is not understood for certain, with the candidates in
        `caution`.

    >>> tumor_type("GBM").oncotree, tumor_type("肝内胆管癌").oncotree, tumor_type("something else").oncotree
    ('GB', 'IHCH', None)
    """
    wanted = _normal(text)
    code = _codes().get(wanted.upper()) or _exact_terms().get(wanted)
    if code is not None:
        return _described(text, code)
    found = _contained(text)
    candidates = _most_specific(frozenset(found))
    if not candidates:
        return TumorType(text=text, caution="tumour type not understood")
    is_open = any(_is_doubtful(wanted, *span) for span in found.values()) or _is_about_another(text, wanted, found)
    if len(candidates) > 1 or is_open:
        listed = ", ".join(sorted(candidates))
        return TumorType(text=text, caution=f"tumour type not understood for certain; it could be {listed}")
    return _described(text, _with_site(candidates[0], wanted))


def lineage_codes(code: str) -> tuple[str, ...]:
    """Return a code and its ancestors up to the root; () for a code that we do not know.

    >>> lineage_codes("IHCH")
    ('IHCH', 'CHOL', 'IPN', 'BILIARY_TRACT', 'TISSUE')
    """
    own = _own_lineage().get(code)
    if own is not None:
        return (code, *own[1])
    node = _nodes().get(code)
    path: list[str] = []
    while node is not None:
        path.append(node.code)
        node = _nodes().get(node.parent or "")
    return tuple(path)


def is_broader(tumor: TumorType, code: str) -> bool:
    """Say whether the type is a proper ancestor of `code`, so that the patient may or may not have `code`.

    An entity that is itself a diagnosis (IPN, the precursor above CHOL in the tree) must be named by the programme.
    """
    if tumor.oncotree == SOLID_NO_SITE:
        node = _nodes().get(code)
        return node is not None and node.lineage == "solid"
    return tumor.oncotree is not None and tumor.oncotree != code and tumor.oncotree in lineage_codes(code)


@functools.cache
def _nodes() -> dict[str, reference.OncoTreeNode]:
    """OncoTree by current code."""
    return {node.code: node for node in reference.oncotree()}


@functools.cache
def _own_lineage() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Our codes: lineage and ancestors."""
    return {code: (lineage, above) for code, lineage, above in _OWN_CODES.values()}


@functools.cache
def _codes() -> dict[str, str]:
    """Upper-case code -> current code. Former and revoked codes count when exactly one current code took them over."""
    claims: dict[str, set[str]] = {}
    for node in _nodes().values():
        for former in (*node.history, *node.revocations):
            claims.setdefault(former.upper(), set()).add(node.code)
    codes = {former: min(current) for former, current in claims.items() if len(current) == 1}
    codes.update({code.upper(): code for code in _nodes()})
    codes.update({code: code for code in _own_lineage()})
    return codes


@functools.cache
def _terms() -> tuple[_Term, ...]:
    """Every synonym and OncoTree name, longest first.

    A synonym of two types (urothelial carcinoma: bladder, or site not given) belongs to the open one.
    """
    terms = {_normal(node.name): _Term(_normal(node.name), node.code, None) for node in _unique_names()}
    rows = [(_term_code(row), row) for row in reference.tumor_types()]
    for code, row in sorted(rows, key=lambda pair: pair[0] in _own_lineage()):
        for written in (row.name, *row.english, *row.chinese):
            clean = re.sub(_ANNOTATION, "", written).strip()
            name = _normal(clean)
            named = UROTHELIAL_NO_SITE if name in _SITELESS_SYNONYMS else code
            terms[name] = _Term(name, named, clean if _is_abbreviation(clean) else None)
    return tuple(sorted(terms.values(), key=lambda term: (-len(term.text), term.text)))


@functools.cache
def _exact_terms() -> dict[str, str]:
    """Normalised synonym -> code."""
    return {term.text: term.code for term in _terms()}


def _unique_names() -> list[reference.OncoTreeNode]:
    """Nodes below tissue level whose name only they have ("Yolk Sac Tumor" exists in several organs)."""
    by_name: dict[str, list[reference.OncoTreeNode]] = {}
    for node in _nodes().values():
        if node.parent not in {None, "", "TISSUE"}:
            by_name.setdefault(_normal(node.name), []).append(node)
    return [nodes[0] for nodes in by_name.values() if len(nodes) == 1]


def _term_code(row: reference.TumorTypeTerm) -> str:
    """Return the OncoTree code of a synonym row, or our own."""
    return row.oncotree if row.oncotree is not None else _OWN_CODES[row.name][0]


def _is_abbreviation(written: str) -> bool:
    """Abbreviations (GC, iCCA, ICC) count inside a sentence only in their own spelling; "uc" may be anything."""
    return written.isascii() and " " not in written and sum(letter.isupper() for letter in written) > 1


def _contained(text: str) -> dict[str, tuple[int, int]]:
    """Find synonyms inside the text, longest first; a found one hides the shorter ones inside it.

    Returns:
        Code -> where it starts and ends in the normalised text (0-based, half-open).
    """
    folded = _normal(text)
    written = " ".join(_plain(text).split())
    found: dict[str, tuple[int, int]] = {}
    for term in _terms():
        # Case folding keeps the length of everything but a few letters such as sharp s; then abbreviations are not
        # looked for.
        is_short = term.abbreviation is not None
        if is_short and len(written) != len(folded):
            continue
        span = _word_at(written if is_short else folded, term.abbreviation or term.text)
        if span is None:
            continue
        blank = "\0" * (span[1] - span[0])
        if len(written) == len(folded):
            written = written[: span[0]] + blank + written[span[1] :]
        folded = folded[: span[0]] + blank + folded[span[1] :]
        found.setdefault(term.code, span)
    return found


def _word_at(text: str, word: str) -> tuple[int, int] | None:
    """Return where `word` stands in `text` (0-based, half-open), None = nowhere; ASCII words need boundaries."""
    if word not in text:
        return None
    if not word.isascii():
        return text.index(word), text.index(word) + len(word)
    found = re.search(rf"(?<![a-zA-Z0-9]){re.escape(word)}(?:s|es)?(?![a-zA-Z0-9])", text)
    return found.span() if found else None


def _most_specific(codes: frozenset[str]) -> tuple[str, ...]:
    """Drop codes that another one refines ("ICC, a cholangiocarcinoma"); several that are left contradict."""
    refined = {above for code in codes for above in _refines(code)}
    return tuple(sorted(codes - refined))


def _refines(code: str) -> tuple[str, ...]:
    """Return the codes that `code` makes more precise."""
    above = lineage_codes(code)[1:]
    no_site = (UROTHELIAL_NO_SITE,) if code in _UROTHELIAL_SITES else ()
    no_tumor = (SOLID_NO_SITE,) if code != SOLID_NO_SITE and "TISSUE" in above else ()
    return (*above, *no_site, *no_tumor)


def _is_doubtful(folded: str, start: int, end: int) -> bool:
    """Say whether the words around the diagnosis at `start`-`end` take it back or leave it open."""
    before, after = folded[:start], folded[end:]
    return any(
        (
            re.search(_DOUBT_BEFORE, before),
            re.search(_DENIED_BEFORE, before),
            re.search(_DOUBT_AFTER, after.lstrip()),
        )
    )


def _is_about_another(text: str, folded: str, found: Mapping[str, tuple[int, int]]) -> bool:
    """Say whether what is left of the text beside the diagnoses found may mean another person's, or another tumour."""
    rest = folded
    for start, end in found.values():
        rest = rest[:start] + "\0" * (end - start) + rest[end:]
    is_biliary = any(_BILIARY in lineage_codes(code) for code in found)
    if (
        re.search(_DOUBT_ANYWHERE, rest)
        or (is_biliary and re.search(_LIVER_CELLS, rest))
        or ("混合" in rest and "HCC" in found)
    ):
        return True
    if any(_word_at(rest, name) for name in _other_main_types(found)):
        return True
    by_abbreviation = any(_is_abbreviation(_plain(text)[start:end]) for start, end in found.values())
    return by_abbreviation and re.search(_CANCER_WORD, rest) is not None


def _other_main_types(found: Iterable[str]) -> Iterator[str]:
    """Yield the names of the main types ("breast cancer") that share no organ with the diagnoses found."""
    own = {_normal(_nodes()[code].main_type or "") for code in found if code in _nodes()}
    own |= {_BROADER_TYPES[name] for name in own if name in _BROADER_TYPES}
    words = {word for name in own for word in name.split()} - {"cancer", "tumor", "cell"}
    for name in {_normal(node.main_type) for node in _nodes().values() if node.main_type}:
        if words.isdisjoint(name.split()):
            yield name


def _with_site(code: str, folded: str) -> str:
    """Give urothelial carcinoma its site where the same text names exactly one."""
    if code != UROTHELIAL_NO_SITE:
        return code
    sites = [site for site, pattern in _UROTHELIAL_SITES.items() if re.search(pattern, folded)]
    return sites[0] if len(sites) == 1 else code


def _described(text: str, code: str) -> TumorType:
    """Build the answer for a known code."""
    own = _own_lineage().get(code)
    node = _nodes().get(code)
    row = next((row for row in reference.tumor_types() if _term_code(row) == code), None)
    cautions = [row.caution] if row is not None and row.caution else []
    if own is not None:
        cautions.append(f"{code} is a code of ours, not of OncoTree")
    lineage = own[0] if own is not None else node.lineage if node is not None and code != "TISSUE" else None
    return TumorType(
        text=text,
        oncotree=code,
        name=node.name if node is not None else row.name if row is not None else None,
        lineage=lineage,
        lineage_codes=lineage_codes(code),
        caution="; ".join(cautions) or None,
    )


def _normal(text: str) -> str:
    """Normalise for comparison: NFKC, case folded, single spaces, typographic hyphens plain."""
    return " ".join(_plain(text).casefold().split())


def _plain(text: str) -> str:
    """Apply NFKC and make typographic hyphens plain."""
    return unicodedata.normalize("NFKC", text).translate({0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: "-"})
