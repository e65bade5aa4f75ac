"""Systemic agents as people write them -> lower-case names, and the classes that programmes ask about.

Only what was given is ever proven: an agent that is not known here says nothing about any class.
"""

import re
import unicodedata

PD1_CLASS = "pd-1 or pd-l1 antibody"
FGFR_CLASS = "fgfr inhibitor"
PLATINUM_CLASS = "platinum"

PD1_AGENTS = frozenset(
    {
        "pembrolizumab", "nivolumab", "cemiplimab", "dostarlimab", "atezolizumab", "durvalumab", "avelumab", "toripalimab",
        "tislelizumab", "sintilimab", "camrelizumab", "penpulimab", "zimberelimab", "serplulimab", "retifanlimab",
        "envafolimab", "sugemalimab", "adebrelimab", "benmelstobart", "cadonilimab", "ivonescimab", "keytruda", "opdivo",
        "tecentriq", "imfinzi", "bavencio", PD1_CLASS,
    }
)  # fmt: skip
"""PD-1 and PD-L1 antibodies by international non-proprietary name, with the commonest brands."""

FGFR_INHIBITORS = frozenset(
    {
        "pemigatinib", "infigratinib", "futibatinib", "erdafitinib", "derazantinib", "rogaratinib", "lirafugratinib",
        "fanregratinib", "gunagratinib", "tinengotinib", "tasurgratinib", "bgj398", "rly-4008", "hmpl-453", "icp-192",
        "tas-120", "e7090", "tt-00420", "incb054828", "jnj-42756493", "bay 1163877", "arq 087", "azd4547", "debio 1347",
        "debio1347", "truseltiq", "pemazyre", "lytgobi", "balversa", "tasfygo", FGFR_CLASS,
    }
)  # fmt: skip
"""Selective FGFR inhibitors by name or development code. Multikinase drugs that also hit FGFR are not counted."""

PLATINUM_AGENTS = frozenset({"cisplatin", "carboplatin", "oxaliplatin", "nedaplatin", "lobaplatin", PLATINUM_CLASS})

_OTHER_NAMES = {
    "cis": "cisplatin", "carbo": "carboplatin", "gem": "gemcitabine", "5-fu": "fluorouracil", "5fu": "fluorouracil",
    "吉西他滨": "gemcitabine", "顺铂": "cisplatin", "卡铂": "carboplatin", "奥沙利铂": "oxaliplatin", "奈达铂": "nedaplatin",
    "洛铂": "lobaplatin", "卡培他滨": "capecitabine", "替吉奥": "s-1", "氟尿嘧啶": "fluorouracil", "伊立替康": "irinotecan",
    "佩米替尼": "pemigatinib", "培米替尼": "pemigatinib", "达伯坦": "pemigatinib", "英菲格拉替尼": "infigratinib",
    "厄达替尼": "erdafitinib", "福巴替尼": "futibatinib", "德拉替尼": "derazantinib", "罗加替尼": "rogaratinib",
    "凡瑞格拉替尼": "fanregratinib", "帕博利珠单抗": "pembrolizumab", "可瑞达": "keytruda", "纳武利尤单抗": "nivolumab",
    "欧狄沃": "opdivo", "阿替利珠单抗": "atezolizumab", "度伐利尤单抗": "durvalumab", "英飞凡": "imfinzi",
    "阿维鲁单抗": "avelumab", "特瑞普利单抗": "toripalimab", "替雷利珠单抗": "tislelizumab", "信迪利单抗": "sintilimab",
    "卡瑞利珠单抗": "camrelizumab", "派安普利单抗": "penpulimab", "斯鲁利单抗": "serplulimab", "恩沃利单抗": "envafolimab",
    "舒格利单抗": "sugemalimab", "阿得贝利单抗": "adebrelimab", "卡度尼利单抗": "cadonilimab", "依沃西单抗": "ivonescimab",
}  # fmt: skip
"""Shorthand and Chinese names (from memory; product labels of the NMPA) -> the name used here."""

_CLASS_WORDS = (
    (r"fgfr[1-4/-]*\s*(?:tki|inhibitor|抑制剂)|fgfri\b", FGFR_CLASS),
    (r"\b(?:anti-?)?pd-?l?-?1\b(?!\d)|pd-?l?1(?:抗体|单抗|抑制剂)", PD1_CLASS),
    (r"\bplatinum\b|铂类|含铂", PLATINUM_CLASS),
)
# What takes "given" back within one part, and what looks like it and does not.
_NOT_GIVEN = (
    r"\b(?:no|not|non|never|without|none|naive|naïve|free|declined|refused|planned|consider\w*|candidate|placebo|screen\w*|"
    r"ineligible|unfit|contraindicated|allerg\w*|to be|to start)\b|[未无拒拟]|不含|禁忌|过敏|拟用"
)
_WAS_GIVEN = r"\b(?:no|not|non)[- ](?:respon\w+|tolerated|effective)|\bplanned dose\b|无效|未缓解|无进展"
_BIOMARKER = r"\b(?:cps|tps|positiv\w*|negativ\w*|express\w*|score|status)\b|%|阳性|阴性|表达"

_REGIMENS = {
    "gemcis": ("gemcitabine", "cisplatin"),
    "gemox": ("gemcitabine", "oxaliplatin"),
    "folfox": ("fluorouracil", "oxaliplatin"),
    "folfirinox": ("fluorouracil", "irinotecan", "oxaliplatin"),
    "xelox": ("capecitabine", "oxaliplatin"),
    "capox": ("capecitabine", "oxaliplatin"),
    "sox": ("s-1", "oxaliplatin"),
}
_KNOWN = {name: name for name in PD1_AGENTS | FGFR_INHIBITORS | PLATINUM_AGENTS} | _OTHER_NAMES


def agents_of(written: str) -> tuple[str, ...]:
    """Split what was given into lower-case names; doses, salts and remarks beside a known name are left out.

    >>> agents_of("Gem/Cis"), agents_of("Pemigatinib 13.5 mg (stopped)"), agents_of("FGFR抑制剂"), agents_of("XYZ-1")
    (('gemcitabine', 'cisplatin'), ('pemigatinib',), ('fgfr inhibitor',), ('xyz-1',))
    """
    names: list[str] = []
    folded = unicodedata.normalize("NFKC", written).strip().casefold()
    for part in re.split(r"\s*(?:[/+,&;、,]|\band\b|联合)\s*", folded):
        if part:
            names.extend(_REGIMENS.get(part.replace("-", ""), _known_in(part) or (part,)))
    return tuple(names)


def _known_in(part: str) -> tuple[str, ...]:
    """Return the name that a part of the text is or holds; () when it holds none that we know."""
    if part in _KNOWN:
        return (_KNOWN[part],)
    if re.search(_NOT_GIVEN, re.sub(_WAS_GIVEN, "", part)) or re.search(_BIOMARKER, part):
        return ()
    for name in sorted(_KNOWN, key=len, reverse=True):
        # Short forms are too short to be looked for inside a text.
        is_there = re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", part) if name.isascii() else name in part
        if is_there and (len(name) > len("carbo") or not name.isascii()):
            return (_KNOWN[name],)
    return tuple(word for pattern, word in _CLASS_WORDS if re.search(pattern, part))
