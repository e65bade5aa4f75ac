"""`fgfr_screen.classify.short_variant`."""

import csv
import re
from pathlib import Path

import pytest

from fgfr_screen import coords, isoforms, reference
from fgfr_screen.annotate.hgvs import format_protein, parse_coding, parse_protein
from fgfr_screen.annotate.numbering import normalise
from fgfr_screen.annotate.short_variant import annotate_short_variant
from fgfr_screen.classify.short_variant import classify_short_variant
from fgfr_screen.facts import ShortVariantFacts, Verdict
from fgfr_screen.model import ShortVariantCall, Source
from fgfr_screen.terms import AlterationClass, Assembly, FgfrGene, Mark, Origin, Outcome

SHARED = Path(__file__).resolve().parents[3] / "shared"
TRUNCATIONS = SHARED / "realdata" / "zingg2022_fmi_hmf" / "fmi_fgfr2_truncating_mutations.hg19.tsv"


def facts_of(gene: str, text: str, transcript: str | None = None) -> ShortVariantFacts:
    is_coding = parse_coding(text) is not None
    call = ShortVariantCall(
        source=Source(input="in1", line=1),
        gene=gene,
        transcript=transcript,
        hgvs_c=text if is_coding else None,
        hgvs_p=None if is_coding else text,
    )
    facts = annotate_short_variant(call, None)
    assert isinstance(facts, ShortVariantFacts), facts
    return facts


def classified(
    gene: str, text: str, transcript: str | None = None, *, prior: bool | None = None, vaf: float | None = None
) -> Verdict:
    return classify_short_variant(
        facts_of(gene, text, transcript),
        origin=Origin.UNKNOWN,
        vaf=vaf,
        has_matched_normal=None,
        prior_fgfr_inhibitor=prior,
        is_germline_assay=False,
    )


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


@pytest.mark.parametrize(
    ("gene", "transcript", "text", "prior", "vaf", "expected", "outcome"),
    [
        pytest.param("FGFR2", "NM_022970", "p.N550K", False, None, "activating_mutation", "match", id="G031"),
        pytest.param("FGFR2", "NM_000141", "p.N549K", True, 0.008, "resistance_mutation", "match", id="G032-brake"),
        pytest.param("FGFR2", "NM_000141", "p.V564F", True, 0.003, "resistance_mutation", "match", id="G032-gate"),
        pytest.param("FGFR2", "NM_000141", "p.C382R", False, None, "activating_mutation", "match", id="G033"),
        pytest.param("FGFR2", "NM_000141", "p.S252W", False, None, "activating_mutation", "match", id="G034"),
        pytest.param("FGFR2", "NM_000141", "p.H167_N173del", False, None, "extracellular_deletion", "match", id="G035"),
        pytest.param("FGFR2", "NM_000141", "c.2302G>T", False, None, "exon18_truncation", "match", id="G036"),
        pytest.param("FGFR2", "NM_000141", "p.R759*", False, None, "loss_of_function", "no_match", id="G037"),
        pytest.param("FGFR2", "NM_000141", "p.Q805*", False, None, "vus", "no_match", id="G038"),
        pytest.param("FGFR2", "NM_000141", "p.R664W", None, None, "vus", "no_match", id="G039"),
        pytest.param("FGFR3", "NM_000142", "p.S249C", None, None, "activating_mutation", "match", id="G056"),
        pytest.param("FGFR3", "NM_001163213", "p.G372C", None, None, "activating_mutation", "match", id="G057"),
        pytest.param("FGFR3", "NM_001163213", "p.Y375C", None, None, "activating_mutation", "match", id="G058"),
        pytest.param("FGFR3", "NM_001163213", "p.K652E", None, None, "activating_mutation", "match", id="G059"),
        pytest.param("FGFR3", "NM_000142", "p.A391E", None, None, "activating_mutation", "match", id="G060"),
        pytest.param("FGFR3", "NM_000142", "p.S371C", None, None, "activating_mutation", "match", id="G061"),
        pytest.param("FGFR3", "NM_000142", "p.F384L", None, 0.49, "benign", "no_match", id="G062"),
        pytest.param("FGFR3", "NM_000142", "p.G380R", None, 0.51, "germline_suspect", "review", id="G063"),
        pytest.param("FGFR1", "853-aa transcript", "p.N577K", None, None, "activating_mutation", "match", id="G077"),
    ],
)
def test_gold_tumour_rows_have_their_class(
    gene: str, transcript: str, text: str, prior: bool | None, vaf: float | None, expected: str, outcome: str
) -> None:
    verdict = classified(gene, text, transcript, prior=prior, vaf=vaf)
    assert (verdict.alteration_class.value, verdict.outcome.value) == (expected, outcome)


@pytest.mark.parametrize(
    ("gene", "text", "expected", "outcome"),
    [
        ("FGFR2", "c.2302-1G>T", "exon18_truncation", "match"),
        ("FGFR2", "c.2302-2A>G", "exon18_truncation", "match"),
        ("FGFR2", "p.X768_splice", "exon18_truncation", "review"),
        ("FGFR2", "c.2301+1G>T", "loss_of_function", "no_match"),
        ("FGFR2", "c.2302-5C>T", "vus", "no_match"),
        ("FGFR2", "c.2302-20C>T", "silent", "no_match"),
        ("FGFR2", "c.625-1G>A", "loss_of_function", "no_match"),
        ("FGFR2", "p.Y783fs", "exon18_truncation", "match"),
        ("FGFR2", "p.P784fs", "vus", "no_match"),
        ("FGFR2", "p.E767*", "loss_of_function", "no_match"),
        ("FGFR2", "p.M1?", "loss_of_function", "no_match"),
        ("FGFR2", "W290_I291delinsC", "activating_mutation", "match"),
        ("FGFR2", "S267_D273dup", "activating_mutation", "match"),
        ("FGFR2", "p.W290C", "activating_mutation", "review"),
        ("FGFR2", "p.L617V", "resistance_mutation", "match"),
        ("FGFR2", "p.L617P", "vus", "no_match"),
        ("FGFR2", "p.H167del", "extracellular_deletion", "review"),
        ("FGFR2", "p.H544del", "vus", "no_match"),
        ("FGFR1", "c.2293-1G>A", "vus", "no_match"),
        ("FGFR1", "p.Q764*", "loss_of_function", "no_match"),
        ("FGFR3", "p.E466K", "benign", "no_match"),
        ("FGFR3", "p.P250R", "activating_mutation", "review"),
        ("FGFR3", "p.*807C", "activating_mutation", "review"),
        ("FGFR3", "c.1953G>A", "silent", "no_match"),
        ("FGFR3", "c.-3C>T", "silent", "no_match"),
        ("FGFR3", "p.R248H", "vus", "no_match"),
        ("FGFR1", "p.T141R", "activating_mutation", "review"),
    ],
)
def test_rules_give_class_and_outcome(gene: str, text: str, expected: str, outcome: str) -> None:
    verdict = classified(gene, text, isoforms.mane(FgfrGene(gene)).accession)
    assert (verdict.alteration_class.value, verdict.outcome.value) == (expected, outcome)


def test_every_verdict_gives_a_reason_with_a_source() -> None:
    for text in ("p.N549K", "p.Q805*", "p.R100W", "c.2302-1G>T", "c.-3C>T"):
        assert classified("FGFR2", text, "NM_000141").findings[0].sources


@pytest.mark.parametrize(("gene", "text"), [("FGFR2", "p.N549K"), ("FGFR1", "p.N546K"), ("FGFR3", "p.K650E")])
def test_the_class_of_a_double_faced_change_depends_on_a_prior_inhibitor(gene: str, text: str) -> None:
    transcript = isoforms.mane(FgfrGene(gene)).accession
    after = classified(gene, text, transcript, prior=True)
    assert (after.alteration_class, set(after.marks)) == (
        AlterationClass.RESISTANCE_MUTATION,
        {Mark.RESISTANCE, Mark.ACTIVATING},
    )
    before = classified(gene, text, transcript, prior=False)
    assert (before.alteration_class, codes(before)) == (AlterationClass.ACTIVATING_MUTATION, ["ACTIVATING_HOTSPOT"])
    unknown = classified(gene, text, transcript)
    assert unknown.alteration_class is AlterationClass.ACTIVATING_MUTATION
    assert "PRIOR_FGFR_INHIBITOR_UNKNOWN" in codes(unknown)
    assert unknown.would_settle


def test_a_truncation_with_a_wrong_reference_residue_keeps_its_region() -> None:
    facts = facts_of("FGFR2", "p.Q770*", "NM_000141")
    assert [finding.code for finding in facts.findings] == ["WRONG_REFERENCE_RESIDUE"]
    verdict = classified("FGFR2", "p.Q770*", "NM_000141")
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.EXON18_TRUNCATION, Outcome.REVIEW)


def test_an_exon_18_truncation_is_not_called_a_fusion() -> None:
    assert "not a fusion" in classified("FGFR2", "p.E768*", "NM_000141").findings[0].message


def test_another_change_of_a_listed_residue_names_the_listed_ones() -> None:
    verdict = classified("FGFR3", "p.R248H", "NM_000142")
    assert "SAME_RESIDUE" in codes(verdict)
    assert "R248C" in verdict.findings[1].message


def test_readings_with_one_class_keep_it() -> None:
    verdict = classified("FGFR3", "p.V555M")
    assert verdict.alteration_class is AlterationClass.RESISTANCE_MUTATION
    assert "transcript" in verdict.would_settle[0]


def test_readings_with_different_classes_cannot_be_assessed() -> None:
    one, other = facts_of("FGFR3", "p.V555M", "NM_000142"), facts_of("FGFR3", "p.S100A", "NM_000142")
    mixed = ShortVariantFacts(
        call=one.call,
        gene=one.gene,
        key="mixed",
        transcript=one.transcript,
        consequence=one.consequence,
        candidates=(one, other),
    )
    verdict = classify_short_variant(
        mixed,
        origin=Origin.UNKNOWN,
        vaf=None,
        has_matched_normal=None,
        prior_fgfr_inhibitor=None,
        is_germline_assay=False,
    )
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.NOT_ASSESSABLE, Outcome.UNDETERMINED)


def test_a_truncation_of_the_iiib_exon_is_a_loss() -> None:
    facts = facts_of("FGFR2", "c.1000del", "NM_022970")
    assert not facts.is_mane
    assert classified("FGFR2", "c.1000del", "NM_022970").alteration_class is AlterationClass.LOSS_OF_FUNCTION


def test_a_truncation_of_another_first_exon_is_open() -> None:
    assert classified("FGFR1", "c.5del", "NM_001174067").alteration_class is AlterationClass.VUS


def test_listed_changes_are_in_normal_form() -> None:
    for row in reference.hotspots():
        change = parse_protein(row.change)
        if change is not None and row.residue is not None:
            protein = isoforms.mane(row.gene).residues
            assert protein is not None
            assert format_protein(normalise(change, protein), three_letters=False) == row.change


def test_listed_coding_changes_give_the_listed_protein_change() -> None:
    for row in reference.hotspots():
        for text in row.hgvs_c:
            assert facts_of(row.gene, text, isoforms.mane(row.gene).accession).protein_change == row.change


# ------------------------------------------------------------------------------------------------------- real tumours


def truncation_rows() -> list[dict[str, str]]:
    return list(csv.DictReader(TRUNCATIONS.read_text().splitlines(), delimiter="\t"))


def expected_class(text: str) -> str:
    """Return the class by region, told from the text alone: `E768*`, `L770fs*12`, `splice site 2302-1G>T`."""
    if text.startswith("splice site 2038-"):
        return "silent"  # acceptor of another last exon, deep in intron 17 of MANE Select
    number = re.search(r"\d+", text)
    assert number is not None
    residue = -(-int(number.group()) // 3) if text.startswith("splice") else int(number.group())
    if residue < 768:
        return "loss_of_function"
    return "exon18_truncation" if residue <= 783 else "vus"


def told_on(row: dict[str, str]) -> str | None:
    """Return the transcript of a row; those of the IIIb exon and of another last exon name none that is known here."""
    return None if row["Exon"] in ("8", "17") else "NM_000141"


@pytest.mark.skipif(not TRUNCATIONS.exists(), reason="shared Foundation rows are absent")
def test_foundation_truncations_have_the_class_of_their_region() -> None:
    rows = truncation_rows()
    assert len(rows) == 289
    differing = [
        (row["proteinEffect_SV"], verdict.alteration_class.value)
        for row in rows
        if (verdict := classified("FGFR2", row["proteinEffect_SV"], told_on(row))).alteration_class.value
        != expected_class(row["proteinEffect_SV"])
    ]
    assert differing == []


@pytest.mark.skipif(not TRUNCATIONS.exists(), reason="shared Foundation rows are absent")
def test_foundation_stop_codons_lie_where_the_genome_says() -> None:
    checked, elsewhere = 0, []
    for row in truncation_rows():
        found = re.fullmatch(r"[A-Z](\d+)\*", row["proteinEffect_SV"])
        if found is None:
            continue
        contig, _, pos = row["genomicCoordinate_SV"].partition(":")
        assert contig == "chr10"
        names = [isoform.accession for isoform in isoforms.reported_isoforms(FgfrGene.FGFR2)]
        codons = [isoforms.codon(FgfrGene.FGFR2, name, int(found.group(1))) for name in names]
        places = {base for codon in codons if codon is not None for base in codon.positions}
        checked += 1
        if coords.to_grch38(FgfrGene.FGFR2, int(pos), Assembly.GRCH37) not in places:
            elsewhere.append(row["proteinEffect_SV"])
    assert checked > 100
    # The source places both carriers of this one a base behind the codon.
    assert set(elsewhere) == {"W694*"}


@pytest.mark.parametrize(
    ("gene", "text", "listed"),
    [
        ("FGFR3", "p.R248_S249delinsLC", "S249C"),
        ("FGFR2", "p.S252_P253delinsWR", "S252W, P253R"),
        ("FGFR3", "p.R248_S249delinsCC", "R248C, S249C"),
    ],
)
def test_a_delins_that_holds_a_hotspot_is_for_review(gene: str, text: str, listed: str) -> None:
    verdict = classified(gene, text)
    assert (verdict.alteration_class, verdict.outcome) == (AlterationClass.ACTIVATING_MUTATION, Outcome.REVIEW)
    assert codes(verdict) == ["HOTSPOT_WITHIN_DELINS"]
    assert f"holds the listed {listed};" in verdict.findings[0].message


@pytest.mark.parametrize(("gene", "text"), [("FGFR3", "p.R248_S249delinsLF"), ("FGFR3", "p.R248_S249delinsCCC")])
def test_a_delins_without_a_listed_change_at_its_place_is_none_of_ours(gene: str, text: str) -> None:
    assert "HOTSPOT_WITHIN_DELINS" not in codes(classified(gene, text))
