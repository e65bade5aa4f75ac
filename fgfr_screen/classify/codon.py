"""Substitutions of one codon that a caller reports apart: on one allele they make another residue than either alone.

`FGFR3 K650E` and `K650M`, both called, are `K650V` when they stand on the same reads. No source tells that for certain
(phase sets are rarely given), so the verdicts on both are lowered, and the joint residue is named.
"""

from collections.abc import Iterable, Sequence

from msgspec import structs

from fgfr_screen import isoforms
from fgfr_screen.facts import ShortVariantFacts, ShortVariantGroup, Verdict
from fgfr_screen.isoforms import Codon, codon_table, reverse_complement
from fgfr_screen.model import Finding
from fgfr_screen.terms import Confidence, Consequence, Outcome

_IN_CODON = (Consequence.MISSENSE, Consequence.SYNONYMOUS, Consequence.NONSENSE)
_ASK_PHASE = "whether both changes of the codon stand on the same reads"


def weigh_codon(verdict: Verdict, group: ShortVariantGroup, others: Iterable[ShortVariantGroup]) -> Verdict:
    """Lower a match on a substitution to review when another one of the same codon was called with it.

    Every listed change is made by one base alone, so two changes never make one that neither is.

    Args:
        verdict: On the group alone.
        group: The substitution.
        others: All short variants of the patient.
    """
    facts = group.lead
    codon = _codon_of(facts) if verdict.outcome is Outcome.MATCH else None
    if codon is None:  # asked first: a genome has hundreds of variants near FGFR1-3, and few of them match
        return verdict
    beside = [one.lead for one in others if one is not group and _is_beside(one, group)]
    if not beside:
        return verdict
    joint = _joint_residue(facts, codon, beside)
    change = None if joint is None else f"{codon.aa}{facts.residue_start}{joint}"
    if change == facts.protein_change:
        return verdict
    named = ", ".join(sorted(one.protein_change or one.hgvs_c or one.key for one in beside))
    message = f"{named} changes the same codon; on one allele both make {change or 'another residue'}"
    return structs.replace(
        verdict,
        outcome=Outcome.REVIEW,
        confidence=Confidence.LOW,
        findings=(*verdict.findings, Finding(code="SAME_CODON", message=message, outcome=Outcome.REVIEW)),
        would_settle=(*verdict.would_settle, _ASK_PHASE),
    )


def _codon_of(facts: ShortVariantFacts) -> Codon | None:
    """Return the codon of a substitution of one base that is known on the genome, or None."""
    is_single = facts.pos is not None and len(facts.ref or "") == len(facts.alt or "") == 1
    if not is_single or not facts.is_mane or facts.consequence not in _IN_CODON or facts.residue_start is None:
        return None
    return isoforms.codon(facts.gene, isoforms.mane(facts.gene).accession, facts.residue_start)


def _is_beside(one: ShortVariantGroup, group: ShortVariantGroup) -> bool:
    """Tell whether both are of one codon, at different places, and from one file."""
    lead, facts = one.lead, group.lead
    if (lead.gene, lead.residue_start) != (facts.gene, facts.residue_start) or lead.pos == facts.pos:
        return False
    inputs = [{member.call.source.input for member in each.members} for each in (one, group)]
    return _codon_of(lead) is not None and not inputs[0].isdisjoint(inputs[1])


def _joint_residue(facts: ShortVariantFacts, codon: Codon, beside: Sequence[ShortVariantFacts]) -> str | None:
    """Return the residue that all changes make together; None = two of them change one base."""
    new = {one.pos: one.alt or "" for one in (facts, *beside)}
    if len(new) <= len(beside):
        return None
    bases = "".join(new.get(pos) or isoforms.base_at(facts.gene, pos) or "N" for pos in sorted(codon.positions))
    spelled = bases if isoforms.mane(facts.gene).strand == "+" else reverse_complement(bases)
    return codon_table().get(spelled)
