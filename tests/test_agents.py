"""`fgfr_screen.agents`: agents as people write them."""

import pytest

from fgfr_screen.agents import FGFR_INHIBITORS, PD1_AGENTS, PLATINUM_AGENTS, agents_of


@pytest.mark.parametrize(
    "written",
    [
        "pemigatinib 13.5mg", "Pemigatinib (stopped 2025)", "培米替尼", "佩米替尼 13.5 mg qd", "infigratinib phosphate",
        "tasurgratinib", "pemigatinib, no response", "pemigatinib; planned dose reduction", "futibatinib (non-responder)",
        "pemigatinib无效", "TAS-120", "FGFR inhibitor", "FGFR2抑制剂", "FGFRi", "pan-FGFR TKI", "gem/cis + erdafitinib",
    ],
)  # fmt: skip
def test_an_fgfr_inhibitor_is_seen_however_it_is_written(written: str) -> None:
    assert FGFR_INHIBITORS.intersection(agents_of(written))


@pytest.mark.parametrize(
    ("written", "class_"),
    [
        ("PD-1", PD1_AGENTS),
        ("anti-PD-L1", PD1_AGENTS),
        ("PD-1抑制剂", PD1_AGENTS),
        ("特瑞普利单抗240mg", PD1_AGENTS),
        ("含铂化疗", PLATINUM_AGENTS),
        ("奥沙利铂联合吉西他滨", PLATINUM_AGENTS),
    ],
)
def test_classes_are_seen(written: str, class_: frozenset[str]) -> None:
    assert class_.intersection(agents_of(written))


@pytest.mark.parametrize(
    "written",
    [
        "no FGFR inhibitor",
        "未用FGFR抑制剂",
        "pemigatinib planned",
        "lenvatinib",
        "PDL192",
        "-",
        "FGFR inhibitor naive",
        "FGFR2 inhibitor to be started",
        "FGFR inhibitor: none",
        "FGFR3 inhibitor trial screening failure",
        "PD-L1 CPS 10",
        "PD-L1 negative",
        "PD-1 TPS 50%",
        "cisplatin-ineligible",
        "platinum-free",
        "platinum: none",
        "不含铂",
        "unfit for cisplatin",
        "allergic to carboplatin",
        "consider pemigatinib",
        "placebo or pemigatinib",
    ],
)
def test_what_was_not_given_or_is_something_else_proves_nothing(written: str) -> None:
    assert not (FGFR_INHIBITORS | PD1_AGENTS | PLATINUM_AGENTS).intersection(agents_of(written))


@pytest.mark.parametrize("written", ["gemcitabine 1000 mg/m2", "s-1", "lenvatinib", "CAPOX", "Gem-Cis"])
def test_other_agents_keep_their_names(written: str) -> None:
    told = {"gemcitabine 1000 mg/m2": "gemcitabine 1000 mg", "Gem-Cis": "gemcitabine", "CAPOX": "capecitabine"}
    assert agents_of(written)[0] == told.get(written, written)
