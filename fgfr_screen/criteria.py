"""Closed vocabulary of clinical conditions that a programme may use: a record and a pure judgement for each.

The record's fields are the keys of a `[[clinical]]` table; `criterion` names the condition. A judgement reads
recorded facts only and answers four-valued: a fact that was not given is `undetermined` and named, never "no"
(rules.md 6).
"""

import datetime

from fgfr_screen.model import ClinicalFacts, Record, TumorType
from fgfr_screen.terms import Extent, Outcome


class Answer(Record, frozen=True):
    """Outcome, one sentence with the numbers, and the facts whose absence left it open (() = none)."""

    outcome: Outcome
    message: str
    missing: tuple[str, ...] = ()


class CriterionBase(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="criterion"):
    """What every condition carries.

    Attributes:
        unverified: True when nobody has read the condition in a source ("memory"): it can then lower
            an outcome to `review` only.
        source: Who says so.
    """

    unverified: bool = False
    source: str = ""

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Answer from the recorded facts; each condition has its own."""
        raise NotImplementedError


class AgeBetween(CriterionBase, tag="age_between", frozen=True, kw_only=True):
    """Age in months: at least `min_months`, less than `below_months`; None = no limit on that side."""

    min_months: float | None = None
    below_months: float | None = None

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Compare the recorded age with the limits."""
        return _age_answer(facts, self.min_months, self.below_months)


class CountryAge(CriterionBase, tag="country_age", frozen=True, kw_only=True):
    """A higher age limit in some countries, such as 20 years in Taiwan; it says nothing about other countries."""

    country: tuple[str, ...]
    min_months: float

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Apply the limit where the country is known to be one of those named."""
        if facts.age_months is not None and facts.age_months >= self.min_months:
            return _age_answer(facts, self.min_months, None)
        if facts.country is None:
            return _unknown(
                "country", f"the age limit is higher in {', '.join(self.country)} and the country is not recorded"
            )
        if facts.country not in self.country:
            return Answer(Outcome.MATCH, f"country {facts.country} has no higher age limit")
        return _age_answer(facts, self.min_months, None)


class ExtentIn(CriterionBase, tag="extent_in", frozen=True, kw_only=True):
    """Extent of disease is one of `allowed`; one of `review` needs a look (for example resectability not stated)."""

    allowed: tuple[Extent, ...]
    review: tuple[Extent, ...] = ()

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Look the recorded extent up."""
        if facts.extent is None:
            return _unknown("extent", "extent of disease is not recorded")
        told = f"extent is {facts.extent}; asked: {', '.join(self.allowed)}"
        if facts.extent in self.allowed:
            return Answer(Outcome.MATCH, told)
        return Answer(Outcome.REVIEW if facts.extent in self.review else Outcome.NO_MATCH, told)


class Resected(CriterionBase, tag="resected", frozen=True, kw_only=True):
    """The tumour was resected and no distant disease is recorded."""

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Ask for resection; recorded metastatic or unresectable disease excludes (M0 is part of the condition)."""
        if facts.extent is not None and facts.extent is not Extent.RESECTED and facts.resected is not True:
            return Answer(Outcome.NO_MATCH, f"extent is {facts.extent}, asked: resected")
        if facts.extent in (Extent.METASTATIC, Extent.UNRESECTABLE):
            return Answer(Outcome.NO_MATCH, f"extent is {facts.extent}, asked: resected without remaining disease")
        return _flag("resected", facts.resected, wanted=True, subject="resection")


class PriorLinesAtLeast(CriterionBase, tag="prior_lines_at_least", frozen=True, kw_only=True):
    """At least `lines` recorded lines of systemic therapy; from `review_from` on (if given) it is a case for review."""

    lines: int
    review_from: int | None = None

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Count the recorded lines."""
        if facts.lines is None:
            return _unknown("lines", "lines of systemic therapy are not recorded")
        count = len(facts.lines)
        told = f"{count} recorded lines of systemic therapy, asked: at least {self.lines}"
        if count >= self.lines:
            return Answer(Outcome.MATCH, told)
        is_review = self.review_from is not None and count >= self.review_from
        return Answer(Outcome.REVIEW if is_review else Outcome.NO_MATCH, told)


class PriorLinesAtMost(CriterionBase, tag="prior_lines_at_most", frozen=True, kw_only=True):
    """At most `lines` recorded lines of systemic therapy; up to `review_to` (if given) it is a case for review."""

    lines: int
    review_to: int | None = None

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Count the recorded lines."""
        if facts.lines is None:
            return _unknown("lines", "lines of systemic therapy are not recorded")
        count = len(facts.lines)
        told = f"{count} recorded lines of systemic therapy, asked: at most {self.lines}"
        if count <= self.lines:
            return Answer(Outcome.MATCH, told)
        is_review = self.review_to is not None and count <= self.review_to
        return Answer(Outcome.REVIEW if is_review else Outcome.NO_MATCH, told)


class PriorAgent(CriterionBase, tag="prior_agent", frozen=True, kw_only=True):
    """One recorded line contains one of `agents` (for example a gemcitabine-containing regimen)."""

    agents: tuple[str, ...]

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Search the recorded lines; a list that was given is taken as complete."""
        asked = " or ".join(self.agents)
        if facts.lines is None:
            return _unknown("lines", f"agents are not recorded, asked: {asked}")
        given = {agent for line in facts.lines for agent in line.agents}
        found = sorted(given & {agent.casefold() for agent in self.agents})
        if found:
            return Answer(Outcome.MATCH, f"{', '.join(found)} is among the recorded agents")
        return Answer(Outcome.NO_MATCH, f"no recorded line contains {asked}")


class PriorFgfrInhibitor(CriterionBase, tag="prior_fgfr_inhibitor", frozen=True, kw_only=True):
    """A prior selective FGFR inhibitor excludes, or with `review_if_given` asks for a look (acquired resistance)."""

    review_if_given: bool = False

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Read the fact; True is the unwanted value."""
        answer = _flag("prior_fgfr_inhibitor", facts.prior_fgfr_inhibitor, wanted=False, subject="prior FGFR inhibitor")
        if self.review_if_given and answer.outcome is Outcome.NO_MATCH:
            return Answer(Outcome.REVIEW, f"{answer.message}; acquired resistance has to be weighed")
        return answer


class PriorPd1(CriterionBase, tag="prior_pd1", frozen=True, kw_only=True):
    """A prior PD-1 or PD-L1 inhibitor is asked for; `review_if_naive`: without one, eligibility for it is judged."""

    review_if_naive: bool = False

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Read the fact; True is the wanted value."""
        answer = _flag("prior_pd1", facts.prior_pd1, wanted=True, subject="prior PD-1 or PD-L1 inhibitor")
        if self.review_if_naive and answer.outcome is Outcome.NO_MATCH:
            return Answer(Outcome.REVIEW, f"{answer.message}; allowed only if the patient cannot have one")
        return answer


class PriorPlatinum(CriterionBase, tag="prior_platinum", frozen=True, kw_only=True):
    """A prior platinum drug is asked for (`wanted = true`) or excludes (`wanted = false`)."""

    wanted: bool = True

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Read the fact."""
        return _flag("prior_platinum", facts.prior_platinum, wanted=self.wanted, subject="prior platinum")


class SurgeryWithinDays(CriterionBase, tag="surgery_within_days", frozen=True, kw_only=True):
    """The day asked for (`as_of`) is at most `days` days after surgery."""

    days: int

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Count days between the two recorded dates; no clock is read."""
        missing = tuple(key for key in ("surgery_date", "as_of") if getattr(facts, key) is None)
        if facts.surgery_date is None or facts.as_of is None:
            return Answer(
                Outcome.UNDETERMINED, f"{' and '.join(missing)} not recorded, asked: within {self.days} days", missing
            )
        passed = (datetime.date.fromisoformat(facts.as_of) - datetime.date.fromisoformat(facts.surgery_date)).days
        told = f"{passed} days since surgery, asked: 0 to {self.days}"
        return Answer(Outcome.MATCH if 0 <= passed <= self.days else Outcome.NO_MATCH, told)


class PathologicalStage(CriterionBase, tag="pathological_stage", frozen=True, kw_only=True):
    """Stage rule for adjuvant urothelial cancer (PROOF 302, NL-OMON55032).

    After neoadjuvant therapy: at least `neoadjuvant_min_t`, or nodes positive. Without: upper tract at least
    `upper_min_t` with any nodes; bladder at least `bladder_min_t`, or nodes positive.
    """

    neoadjuvant_min_t: int
    upper_min_t: int
    bladder_min_t: int

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Try every value that an unknown fact could have; only if all agree is the answer known."""
        known = _stage_values(facts, tumor)
        stage = f"{facts.pt or 'pT ?'}, {facts.pn or 'pN ?'}"
        told = f"{stage}, neoadjuvant {_word(facts.neoadjuvant)}, site {_site_word(tumor)}"
        answers = {
            self._is_high_risk(after_neoadjuvant, is_upper, depth, has_nodes)
            for after_neoadjuvant in known["neoadjuvant"]
            for is_upper in known["tumor_site"]
            for depth in known["pt"]
            for has_nodes in known["pn"]
        }
        if len(answers) == 1:
            return Answer(Outcome.MATCH if answers.pop() else Outcome.NO_MATCH, told)
        return Answer(Outcome.UNDETERMINED, told, tuple(key for key, values in known.items() if len(values) > 1))

    def _is_high_risk(self, after_neoadjuvant: int, is_upper: int, depth: int, has_nodes: int) -> bool:
        """Apply the rule to one complete set of values."""
        if after_neoadjuvant:
            return depth >= self.neoadjuvant_min_t or bool(has_nodes)
        if is_upper:
            return depth >= self.upper_min_t
        return depth >= self.bladder_min_t or bool(has_nodes)


class GrowthPlatesOpen(CriterionBase, tag="growth_plates_open", frozen=True, kw_only=True):
    """Growth plates are open."""

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Read the fact."""
        return _flag("growth_plates_open", facts.growth_plates_open, wanted=True, subject="open growth plates")


class PropelWeeksAtLeast(CriterionBase, tag="propel_weeks_at_least", frozen=True, kw_only=True):
    """At least `weeks` weeks of growth assessment in the PROPEL run-in."""

    weeks: float

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Compare the recorded weeks."""
        if facts.propel_weeks is None:
            return _unknown("propel_weeks", f"weeks in PROPEL are not recorded, asked: at least {self.weeks:g}")
        told = f"{facts.propel_weeks:g} weeks in PROPEL, asked: at least {self.weeks:g}"
        return Answer(Outcome.MATCH if facts.propel_weeks >= self.weeks else Outcome.NO_MATCH, told)


class ClinicalAchondroplasia(CriterionBase, tag="clinical_achondroplasia", frozen=True, kw_only=True):
    """Achondroplasia is documented clinically."""

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Read the fact."""
        return _flag(
            "clinical_achondroplasia", facts.clinical_achondroplasia, wanted=True, subject="clinical achondroplasia"
        )


class HistologyVariantExcluded(CriterionBase, tag="histology_variant_excluded", frozen=True, kw_only=True):
    """No component of the variants named in `variants` (`none` = the pathologist says that there is no variant)."""

    variants: tuple[str, ...]

    def judge(self, facts: ClinicalFacts, tumor: TumorType | None) -> Answer:
        """Search the words of the exclusion in the recorded text; a variant that is not named needs a look."""
        excluded = ", ".join(self.variants)
        if facts.histology_variant is None:
            return _unknown("histology_variant", f"variant histology is not recorded, excluded: {excluded}")
        if facts.histology_variant in {"none", "no", "pure urothelial"}:
            return Answer(Outcome.MATCH, f"no variant histology; excluded: {excluded}")
        found = [variant for variant in self.variants if variant.casefold() in facts.histology_variant]
        told = f"variant histology '{facts.histology_variant}'; excluded: {excluded}"
        return Answer(Outcome.NO_MATCH if found else Outcome.REVIEW, told)


Criterion = (
    AgeBetween
    | CountryAge
    | ExtentIn
    | Resected
    | PriorLinesAtLeast
    | PriorLinesAtMost
    | PriorAgent
    | PriorFgfrInhibitor
    | PriorPd1
    | PriorPlatinum
    | SurgeryWithinDays
    | PathologicalStage
    | GrowthPlatesOpen
    | PropelWeeksAtLeast
    | ClinicalAchondroplasia
    | HistologyVariantExcluded
)
"""Every condition; `criterion` in the TOML picks one."""


def name_of(criterion: Criterion) -> str:
    """Return the word that names the condition in a programme file."""
    return str(criterion.__struct_config__.tag)


def names() -> tuple[str, ...]:
    """Return the words of the vocabulary, sorted."""
    return tuple(sorted(str(kind.__struct_config__.tag) for kind in Criterion.__args__))


def judge(criterion: Criterion, facts: ClinicalFacts, tumor: TumorType | None = None) -> Answer:
    """Judge one condition; an unverified one never goes below `review` (rules.md 6).

    Args:
        criterion: The condition of the programme.
        facts: Recorded facts; None in a field = not known.
        tumor: Needed by the stage rule only, which differs between bladder and upper tract.
    """
    answer = criterion.judge(facts, tumor)
    if not criterion.unverified or answer.outcome in (Outcome.MATCH, Outcome.REVIEW):
        return answer
    return Answer(Outcome.REVIEW, f"{answer.message} (this condition was not read in a source)", answer.missing)


def _unknown(fact: str, message: str) -> Answer:
    """Answer for one fact that was not given."""
    return Answer(Outcome.UNDETERMINED, message, (fact,))


def _flag(fact: str, value: bool | None, *, wanted: bool, subject: str) -> Answer:
    """Judge a yes-or-no fact."""
    if value is None:
        return _unknown(fact, f"{subject}: not recorded")
    told = f"{subject}: {_word(value)}, asked: {_word(wanted)}"
    return Answer(Outcome.MATCH if value is wanted else Outcome.NO_MATCH, told)


def _word(value: bool | None) -> str:
    """Say yes, no or not recorded."""
    return "not recorded" if value is None else "yes" if value else "no"


def _age_answer(facts: ClinicalFacts, at_least: float | None, below: float | None) -> Answer:
    """Judge an age in months against a closed lower and an open upper limit."""
    limits = [f"at least {at_least:g}"] if at_least is not None else []
    limits += [f"below {below:g}"] if below is not None else []
    asked = " and ".join(limits) + " months"
    if facts.age_months is None:
        return _unknown("age_months", f"age is not recorded, asked: {asked}")
    is_inside = (at_least is None or facts.age_months >= at_least) and (below is None or facts.age_months < below)
    return Answer(Outcome.MATCH if is_inside else Outcome.NO_MATCH, f"age {facts.age_months:g} months, asked: {asked}")


def _stage_values(facts: ClinicalFacts, tumor: TumorType | None) -> dict[str, tuple[int, ...]]:
    """List, per fact of the stage rule, every value that it can still have."""
    depth = None if facts.pt is None else _depth(facts.pt)
    is_upper = {"UTUC": 1, "BLCA": 0}.get((tumor.oncotree if tumor else None) or "")
    return {
        "neoadjuvant": (0, 1) if facts.neoadjuvant is None else (int(facts.neoadjuvant),),
        "tumor_site": (0, 1) if is_upper is None else (is_upper,),
        "pt": (0, 1, 2, 3, 4) if depth is None else (depth,),
        "pn": (0, 1) if facts.pn is None else (int(not facts.pn.endswith("N0")),),
    }


def _depth(pt: str) -> int:
    """Return the T number of a normalised stage; Tis, Ta and T0 count as 0.

    >>> _depth("ypT2a"), _depth("pTis")
    (2, 0)
    """
    first = pt.partition("T")[2][:1]
    return int(first) if first.isdigit() else 0


def _site_word(tumor: TumorType | None) -> str:
    """Name the site for the message."""
    return {"UTUC": "upper tract", "BLCA": "bladder"}.get((tumor.oncotree if tumor else None) or "", "?")
