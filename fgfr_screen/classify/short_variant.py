"""What a short variant is: activating, resistance, extracellular deletion, truncation, benign, unknown or silent.

Listed changes come from `data/hotspots.tsv` and `data/resistance.tsv` (MANE numbering); the rest is decided by region
and consequence. The outcome says how surely the variant is what its class says; programmes decide what it is worth.

| change | class |
|---|---|
| listed as activating | `activating_mutation` |
| listed for both, acquired under an FGFR inhibitor | `resistance_mutation` |
| listed at a resistance residue only | `resistance_mutation` |
| truncation before the end of exon 17 (FGFR1 764, FGFR2 767, FGFR3 758), start lost | `loss_of_function` |
| FGFR2 truncation E768 to Y783, or acceptor of exon 18 | `exon18_truncation` |
| truncation after that | `vus` |
| FGFR2 in-frame deletion in residues 22-377 | `extracellular_deletion` |
| delins of whole residues that holds a listed activating substitution | `activating_mutation`, review |
| synonymous, deep intronic, UTR, beyond the transcript | `silent` |
| any other | `vus` |
"""

import msgspec

from fgfr_screen import reference
from fgfr_screen.classify import germline
from fgfr_screen.coords import span_length
from fgfr_screen.facts import ShortVariantFacts, Verdict
from fgfr_screen.model import Finding
from fgfr_screen.reference import Hotspot, ResistanceSite
from fgfr_screen.terms import (
    AlterationClass,
    Confidence,
    Consequence,
    FgfrGene,
    HotspotFunction,
    Mark,
    Origin,
    Outcome,
)

# Last residue of exon 17 on MANE Select (reference: fgfr_exons.tsv; exon 17 ends in phase 0 in all three genes).
LAST_RESIDUE_OF_EXON_17 = {FgfrGene.FGFR1: 764, FgfrGene.FGFR2: 767, FgfrGene.FGFR3: 758}
# Zingg 2022: truncations E768-Y783 of FGFR2 transform, P784-T821 are without proven effect.
LAST_PROXIMAL_RESIDUE = 783
# FGFR2 between signal peptide and membrane (fgfr_domains.tsv).
EXTRACELLULAR_RESIDUES = range(22, 378)
# Transcripts of the IIIb isoforms, which epithelial tumours express.
IIIB_TRANSCRIPTS = ("NM_022970", "NM_001163213")
_RULES = ("rules.md 1.3",)
_ZINGG = ("Zingg 2022 PMID 35948633",)
_CLEARY = ("Cleary 2021 PMC8690974",)
_ASK_INHIBITOR = "whether the sample was taken before or after an FGFR inhibitor"
_ASK_TRANSCRIPT = "the transcript of the residue number, or the genomic position"
_SILENT = {
    Consequence.SYNONYMOUS: "the protein stays the same",
    Consequence.INTRONIC: "deep in an intron",
    Consequence.UTR: "outside the coding sequence",
    Consequence.UPSTREAM: "upstream of the transcript",
    Consequence.DOWNSTREAM: "downstream of the transcript",
}
_ACTIVATING = (
    HotspotFunction.ACTIVATING,
    HotspotFunction.ACTIVATING_RESISTANCE_WHEN_ACQUIRED,
    HotspotFunction.GERMLINE_ACTIVATING,
)
_TRUNCATING = (Consequence.NONSENSE, Consequence.FRAMESHIFT)
_SPLICE = (Consequence.SPLICE_DONOR, Consequence.SPLICE_ACCEPTOR, Consequence.SPLICE_SITE)


def classify_short_variant(
    facts: ShortVariantFacts,
    *,
    origin: Origin,
    vaf: float | None,
    has_matched_normal: bool | None,
    prior_fgfr_inhibitor: bool | None,
    is_germline_assay: bool,
    age_years: float | None = None,
) -> Verdict:
    """Return class, marks, outcome and reasons of one short variant.

    Args:
        facts: The variant.
        origin: As the source or a matched normal decides it.
        vaf: Allele fraction 0-1, None = not given.
        has_matched_normal: None = not stated.
        prior_fgfr_inhibitor: Whether an FGFR inhibitor was given before the sample was taken; None = not known.
        is_germline_assay: True for a constitutional test.
        age_years: Age of the patient, None = not given.
    """
    if facts.candidates:
        verdicts = [
            classify_short_variant(
                candidate,
                origin=origin,
                vaf=vaf,
                has_matched_normal=has_matched_normal,
                prior_fgfr_inhibitor=prior_fgfr_inhibitor,
                is_germline_assay=is_germline_assay,
                age_years=age_years,
            )
            for candidate in facts.candidates
        ]
        return _of_candidates(verdicts)
    inherited = germline.classify_germline(
        facts,
        origin=origin,
        vaf=vaf,
        has_matched_normal=has_matched_normal,
        is_germline_assay=is_germline_assay,
        age_years=age_years,
    )
    if inherited is not None:
        return inherited
    verdict = _of_change(facts, prior_fgfr_inhibitor)
    if (is_germline_assay or origin is Origin.GERMLINE) and verdict.outcome is Outcome.MATCH:
        return germline.doubt_tumour_change(verdict)
    return germline.tell_germline_like(verdict, facts, origin=origin, vaf=vaf, has_matched_normal=has_matched_normal)


def _of_candidates(verdicts: list[Verdict]) -> Verdict:
    """Return the common class of all readings of an ambiguous number, with the lowest outcome, or `not_assessable`."""
    lowest = min(verdicts, key=lambda verdict: verdict.outcome.rank)
    settle = tuple(dict.fromkeys((_ASK_TRANSCRIPT, *lowest.would_settle)))
    classes = sorted({verdict.alteration_class.value for verdict in verdicts})
    if len(classes) == 1:
        return msgspec.structs.replace(lowest, would_settle=settle, confidence=Confidence.LOW)
    message = f"the possible readings have different classes: {', '.join(classes)}"
    return Verdict(
        alteration_class=AlterationClass.NOT_ASSESSABLE,
        outcome=Outcome.UNDETERMINED,
        confidence=Confidence.LOW,
        findings=(Finding(code="READINGS_DIFFER", message=message, outcome=Outcome.UNDETERMINED, sources=_RULES),),
        would_settle=settle,
    )


def _verdict(
    alteration: AlterationClass,
    outcome: Outcome,
    code: str,
    message: str,
    *,
    confidence: Confidence = Confidence.HIGH,
    marks: tuple[Mark, ...] = (),
    sources: tuple[str, ...] = _RULES,
    more: tuple[Finding, ...] = (),
    settle: tuple[str, ...] = (),
) -> Verdict:
    reason = Finding(code=code, message=message, outcome=outcome, sources=sources)
    return Verdict(
        alteration_class=alteration,
        outcome=outcome,
        confidence=confidence,
        marks=marks,
        findings=(reason, *more),
        would_settle=settle,
    )


def _of_change(facts: ShortVariantFacts, prior_fgfr_inhibitor: bool | None) -> Verdict:
    row, site = germline.hotspot_of(facts), _resistance_site(facts)
    if row is not None:
        return _of_hotspot(row, site, prior_fgfr_inhibitor)
    if site is not None and facts.inserted in site.alt_aas:
        return _resistance(facts, site)
    if facts.consequence in _TRUNCATING:
        return _of_truncation(facts)
    if facts.consequence in _SPLICE:
        return _of_splice(facts)
    if facts.consequence in _SILENT:
        reason = f"{_name(facts)}: {_SILENT[facts.consequence]}"
        return _verdict(AlterationClass.SILENT, Outcome.NO_MATCH, "SILENT_CHANGE", reason)
    if facts.consequence is Consequence.START_LOST:
        reason = f"{_name(facts)} removes the start codon"
        return _loss(reason)
    if facts.consequence is Consequence.STOP_LOST:
        return _of_stop_loss(facts)
    listed = _listed_within(facts)
    if listed:
        return _holds_hotspot(facts, listed)
    if _is_extracellular_deletion(facts):
        return _unlisted_extracellular(facts)
    return _unknown(facts, site)


def _name(facts: ShortVariantFacts) -> str:
    return f"{facts.gene} {facts.protein_change or facts.hgvs_c or facts.key}"


def _resistance_site(facts: ShortVariantFacts) -> ResistanceSite | None:
    """Return the resistance residue that a missense change hits, or None."""
    if not facts.is_mane or facts.consequence is not Consequence.MISSENSE:
        return None
    sites = reference.resistance()
    return next((site for site in sites if (site.gene, site.residue) == (facts.gene, facts.residue_start)), None)


# ---------------------------------------------------------------------------------------------------- listed changes


def _of_hotspot(row: Hotspot, site: ResistanceSite | None, prior_fgfr_inhibitor: bool | None) -> Verdict:
    name, sources = f"{row.gene} {row.change}", (row.sources,)
    match row.function:
        case HotspotFunction.BENIGN:
            reason = f"{name} is listed as benign"
            return _verdict(AlterationClass.BENIGN, Outcome.NO_MATCH, "BENIGN_VARIANT", reason, sources=sources)
        case HotspotFunction.UNCERTAIN | HotspotFunction.NOT_ACTIVATING | HotspotFunction.REGION_RULE:
            reason = f"{name} is listed, but not as activating ({row.function.value})"
            confidence = Confidence.LOW if row.class_unverified else Confidence.MODERATE
            return _verdict(
                AlterationClass.VUS, Outcome.NO_MATCH, "NOT_ACTIVATING", reason, confidence=confidence, sources=sources
            )
        case HotspotFunction.EXTRACELLULAR_DELETION:
            reason = f"{name} is a listed extracellular in-frame deletion; not a fusion or rearrangement by label"
            return _verdict(
                AlterationClass.EXTRACELLULAR_DELETION,
                Outcome.MATCH,
                "EXTRACELLULAR_DELETION",
                reason,
                marks=(Mark.ACTIVATING,),
                sources=sources,
            )
        case _:
            return _of_activating(row, site, prior_fgfr_inhibitor)


def _of_activating(row: Hotspot, site: ResistanceSite | None, prior_fgfr_inhibitor: bool | None) -> Verdict:
    is_listed_resistant = site is not None and row.alt_aa in site.alt_aas
    is_dual = row.function is HotspotFunction.ACTIVATING_RESISTANCE_WHEN_ACQUIRED or is_listed_resistant
    if is_dual and prior_fgfr_inhibitor:
        reason = f"{row.gene} {row.change} after an FGFR inhibitor: activating at baseline, resistance when acquired"
        return _verdict(
            AlterationClass.RESISTANCE_MUTATION,
            Outcome.MATCH,
            "RESISTANCE_SITE",
            reason,
            marks=(Mark.RESISTANCE, Mark.ACTIVATING),
            sources=(row.sources,),
        )
    more, settle, outcome, confidence = _doubts(row, ask_inhibitor=is_dual and prior_fgfr_inhibitor is None)
    return _verdict(
        AlterationClass.ACTIVATING_MUTATION,
        outcome,
        "ACTIVATING_HOTSPOT",
        f"{row.gene} {row.change} is listed as activating ({row.region})",
        confidence=confidence,
        marks=(Mark.ACTIVATING, Mark.RESISTANCE) if is_dual else (Mark.ACTIVATING,),
        sources=(row.sources,),
        more=more,
        settle=settle,
    )


def _doubts(row: Hotspot, *, ask_inhibitor: bool) -> tuple[tuple[Finding, ...], tuple[str, ...], Outcome, Confidence]:
    """Return findings, what would settle them, outcome and confidence of an activating row."""
    findings: list[Finding] = []
    outcome, confidence = Outcome.MATCH, Confidence.HIGH
    if row.function in (HotspotFunction.GERMLINE_ACTIVATING, HotspotFunction.STOP_LOSS):
        message = (
            f"{row.gene} {row.change} is known from an inherited syndrome ({row.germline_syndrome}), not from tumours"
        )
        findings.append(
            Finding(code="KNOWN_FROM_GERMLINE", message=message, outcome=Outcome.REVIEW, sources=(row.sources,))
        )
        outcome, confidence = Outcome.REVIEW, Confidence.MODERATE
    if row.class_unverified:
        findings.append(germline.unverified_finding(row))
        outcome, confidence = Outcome.REVIEW, Confidence.LOW
    if ask_inhibitor:
        message = "taken as a baseline change; after an FGFR inhibitor the same change means resistance"
        findings.append(Finding(code="PRIOR_FGFR_INHIBITOR_UNKNOWN", message=message, sources=_RULES))
        confidence = min(
            confidence, Confidence.MODERATE, key=[Confidence.LOW, Confidence.MODERATE, Confidence.HIGH].index
        )
    return tuple(findings), (_ASK_INHIBITOR,) if ask_inhibitor else (), outcome, confidence


def _resistance(facts: ShortVariantFacts, site: ResistanceSite) -> Verdict:
    more: tuple[Finding, ...] = ()
    if site.unverified:
        message = (
            f"part of what is told about {site.gene} residue {site.residue} is not confirmed by a source that was read"
        )
        more = (Finding(code="UNVERIFIED_SOURCE", message=message, sources=(site.sources,)),)
    return _verdict(
        AlterationClass.RESISTANCE_MUTATION,
        Outcome.MATCH,
        "RESISTANCE_SITE",
        f"{_name(facts)}: {site.role}, reported after {site.reported_after}",
        confidence=Confidence.MODERATE if site.unverified else Confidence.HIGH,
        marks=(Mark.RESISTANCE,),
        sources=(site.sources,),
        more=more,
    )


# ------------------------------------------------------------------------------------------------- region and effect


def _loss(reason: str) -> Verdict:
    return _verdict(
        AlterationClass.LOSS_OF_FUNCTION, Outcome.NO_MATCH, "LOSS_OF_FUNCTION", reason, confidence=Confidence.MODERATE
    )


def _exon18(reason: str, outcome: Outcome = Outcome.MATCH) -> Verdict:
    return _verdict(
        AlterationClass.EXON18_TRUNCATION,
        outcome,
        "EXON18_TRUNCATION",
        f"{reason}; oncogenic in models, not a fusion or rearrangement by label",
        confidence=Confidence.HIGH if outcome is Outcome.MATCH else Confidence.MODERATE,
        sources=_ZINGG,
    )


def _distal(reason: str) -> Verdict:
    return _verdict(
        AlterationClass.VUS,
        Outcome.NO_MATCH,
        "DISTAL_TRUNCATION",
        reason,
        confidence=Confidence.MODERATE,
        sources=_ZINGG,
    )


def _of_truncation(facts: ShortVariantFacts) -> Verdict:
    name, residue = _name(facts), facts.residue_start
    if not facts.is_mane:
        return _off_mane(facts)
    if residue is None or residue <= LAST_RESIDUE_OF_EXON_17[facts.gene]:
        return _loss(f"{name} cuts the protein before the end of exon 17, within or before the kinase domain")
    if facts.gene is FgfrGene.FGFR2 and residue <= LAST_PROXIMAL_RESIDUE:
        doubted = any(finding.code == "WRONG_REFERENCE_RESIDUE" for finding in facts.findings)
        outcome = Outcome.REVIEW if doubted else Outcome.MATCH
        return _exon18(f"{name} cuts the C-terminal tail between E768 and Y783", outcome)
    return _distal(f"{name} cuts the C-terminal tail where no effect is proven")


def _off_mane(facts: ShortVariantFacts) -> Verdict:
    """Judge a truncation of other isoforms only: the IIIb exon makes the receptor of epithelia, the rest is open."""
    if facts.transcript.partition(".")[0] in IIIB_TRANSCRIPTS:
        return _loss(
            f"{_name(facts)} cuts the isoform {facts.transcript}, which {facts.gene} MANE Select does not share"
        )
    reason = f"{_name(facts)} changes {facts.transcript} only, not MANE Select"
    return _verdict(AlterationClass.VUS, Outcome.NO_MATCH, "NOT_LISTED", reason, confidence=Confidence.MODERATE)


def _of_splice(facts: ShortVariantFacts) -> Verdict:
    if not facts.is_mane:
        return _off_mane(facts)
    limit = LAST_RESIDUE_OF_EXON_17[facts.gene]
    if facts.exon_edge is None:
        edge_residue, certain = facts.residue_start or 0, False
    else:
        edge_residue, certain = -(-facts.exon_edge // 3), True
    if edge_residue <= limit:
        return _loss(f"{_name(facts)} removes a splice site before the end of exon 17")
    if facts.gene is FgfrGene.FGFR2:
        return _exon18(f"{_name(facts)} removes the acceptor of exon 18", Outcome.MATCH if certain else Outcome.REVIEW)
    return _distal(f"{_name(facts)} removes the acceptor of exon 18, where no effect is proven")


def _of_stop_loss(facts: ShortVariantFacts) -> Verdict:
    rows = reference.hotspots()
    listed = (row for row in rows if row.gene == facts.gene and row.function is HotspotFunction.STOP_LOSS)
    row = next(listed, None)
    return _unknown(facts, None) if row is None or not facts.is_mane else _of_activating(row, None, None)


def _is_extracellular_deletion(facts: ShortVariantFacts) -> bool:
    start, end = facts.residue_start, facts.residue_end
    if facts.gene is not FgfrGene.FGFR2 or start is None or end is None or not facts.is_mane:
        return False
    loses = facts.consequence is Consequence.INFRAME_DELETION or (
        facts.consequence is Consequence.DELINS and len(facts.inserted) < span_length(start, end)
    )
    return loses and start in EXTRACELLULAR_RESIDUES and end in EXTRACELLULAR_RESIDUES


def _listed_within(facts: ShortVariantFacts) -> list[Hotspot]:
    """Return the activating substitutions that a delins of whole residues holds."""
    start, end = facts.residue_start, facts.residue_end
    if facts.consequence is not Consequence.DELINS or start is None or end is None or not facts.is_mane:
        return []
    if len(facts.inserted) != span_length(start, end):
        return []
    new = dict(enumerate(facts.inserted, start=start))
    return [
        row
        for row in reference.hotspots()
        if row.gene is facts.gene
        and row.function in _ACTIVATING
        and row.alt_aa is not None
        and row.residue is not None
        and new.get(row.residue) == row.alt_aa
    ]


def _holds_hotspot(facts: ShortVariantFacts, listed: list[Hotspot]) -> Verdict:
    names = ", ".join(row.change for row in listed)
    return _verdict(
        AlterationClass.ACTIVATING_MUTATION,
        Outcome.REVIEW,
        "HOTSPOT_WITHIN_DELINS",
        f"{_name(facts)} holds the listed {names}; the change as a whole is in none of our lists",
        confidence=Confidence.MODERATE,
        marks=(Mark.ACTIVATING,),
        sources=tuple(dict.fromkeys(row.sources for row in listed)),
        settle=("functional evidence for the whole change",),
    )


def _unlisted_extracellular(facts: ShortVariantFacts) -> Verdict:
    return _verdict(
        AlterationClass.EXTRACELLULAR_DELETION,
        Outcome.REVIEW,
        "EXTRACELLULAR_DELETION",
        f"{_name(facts)} is an in-frame deletion in the extracellular part, not a listed one",
        confidence=Confidence.MODERATE,
        sources=_CLEARY,
        settle=("functional evidence for this deletion, or FGFR2 expression and RNA",),
    )


def _unknown(facts: ShortVariantFacts, site: ResistanceSite | None) -> Verdict:
    reason = f"{_name(facts)} ({facts.consequence.value}) is in none of our lists"
    neighbours = sorted(
        row.change
        for row in reference.hotspots()
        if (row.gene, row.residue) == (facts.gene, facts.residue_start) and row.alt_aa and facts.is_mane
    )
    known = [*neighbours, *([f"{site.ref_aa}{site.residue}{aa}" for aa in site.alt_aas] if site else [])]
    more: tuple[Finding, ...] = ()
    if known and facts.consequence is Consequence.MISSENSE:
        message = f"the same residue has listed changes: {', '.join(sorted(set(known)))}"
        more = (Finding(code="SAME_RESIDUE", message=message, sources=_RULES),)
    return _verdict(
        AlterationClass.VUS, Outcome.NO_MATCH, "NOT_LISTED", reason, confidence=Confidence.MODERATE, more=more
    )
