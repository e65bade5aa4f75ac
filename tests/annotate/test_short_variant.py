"""`fgfr_screen.annotate.short_variant` and `fgfr_screen.annotate.alleles`."""

import csv
import random
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen import coords, isoforms
from fgfr_screen.annotate.hgvs import parse_coding
from fgfr_screen.annotate.short_variant import UnusableVariant, annotate_short_variant, same_change
from fgfr_screen.facts import ShortVariantFacts
from fgfr_screen.model import Pos1, ShortVariantCall, Source
from fgfr_screen.terms import Assembly, Consequence, FgfrGene

SHARED = Path(__file__).resolve().parents[3] / "shared"
HOTSPOTS = SHARED / "reference" / "fgfr_hotspots_check.tsv"


def by_genome(
    contig: str, pos: int, ref: str, alt: str, assembly: Assembly = Assembly.GRCH38, **also: str
) -> ShortVariantFacts | UnusableVariant:
    source = Source(input="in1", line=1)
    call = ShortVariantCall(source=source, contig=contig, pos=Pos1(pos), ref=ref, alt=alt, **also)  # type: ignore[arg-type]
    return annotate_short_variant(call, assembly)


def by_text(
    gene: str, text: str, transcript: str | None = None, protein: str | None = None
) -> ShortVariantFacts | UnusableVariant:
    is_coding = parse_coding(text) is not None
    call = ShortVariantCall(
        source=Source(input="in1", line=1),
        gene=gene,
        transcript=transcript,
        hgvs_c=text if is_coding else None,
        hgvs_p=protein if is_coding else text,
    )
    return annotate_short_variant(call, None)


def good(facts: ShortVariantFacts | UnusableVariant) -> ShortVariantFacts:
    assert isinstance(facts, ShortVariantFacts), facts
    return facts


def refused(facts: ShortVariantFacts | UnusableVariant) -> UnusableVariant:
    assert isinstance(facts, UnusableVariant), facts
    return facts


def codes(facts: ShortVariantFacts) -> list[str]:
    return [finding.code for finding in facts.findings]


def hotspot_rows() -> list[dict[str, str]]:
    if not HOTSPOTS.exists():
        return []
    lines = [line for line in HOTSPOTS.read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


# -------------------------------------------------------------------------------------------------- known hotspots


@pytest.mark.skipif(not HOTSPOTS.exists(), reason="shared reference tables are absent")
@pytest.mark.parametrize("assembly", list(Assembly))
@pytest.mark.parametrize("row", hotspot_rows(), ids=lambda row: f"{row['transcript']}-{row['hgvs_c']}")
def test_a_hotspot_is_the_same_by_genome_by_c_and_by_p(row: dict[str, str], assembly: Assembly) -> None:
    facts = good(by_genome(row["chrom"], int(row[f"pos_{assembly}"]), row["ref"], row["alt"], assembly))
    texts = {change.transcript.partition(".")[0]: change for change in facts.isoforms}
    assert texts[row["transcript"]].hgvs_c == row["hgvs_c"]
    by_c = good(by_text(row["gene"], row["hgvs_c"], row["transcript"]))
    by_p = good(by_text(row["gene"], row["hgvs_p"], row["transcript"]))
    assert facts.key == by_c.key
    assert facts.protein_change == by_c.protein_change == by_p.protein_change
    assert same_change(facts, by_p)
    assert same_change(by_p, facts)


def test_the_normal_form_is_told_in_full() -> None:
    facts = good(by_genome("4", 1803568, "C", "G", Assembly.GRCH37))
    assert facts.hgvs_g == "NC_000004.11:g.1803568C>G"
    assert facts.hgvs_c == "NM_000142.5:c.746C>G"
    assert facts.hgvs_p == "NP_000133.1:p.(Ser249Cys)"
    assert facts.protein_change == "S249C"
    assert (facts.contig, facts.pos, facts.ref, facts.alt) == ("chr4", 1801841, "C", "G")
    assert (facts.residue_start, facts.residue_end, facts.consequence) == (249, 249, Consequence.MISSENSE)


def test_different_alleles_of_one_protein_change_differ_on_the_genome() -> None:
    one = good(by_text("FGFR3", "c.1138G>A", "NM_000142"))
    other = good(by_text("FGFR3", "c.1138G>C", "NM_000142"))
    assert one.protein_change == other.protein_change == "G380R"
    assert not same_change(one, other)


def test_both_alleles_equal_the_protein_text() -> None:
    told = good(by_text("FGFR3", "p.G380R", "NM_000142"))
    assert same_change(told, good(by_text("FGFR3", "c.1138G>A", "NM_000142")))
    assert same_change(told, good(by_text("FGFR3", "c.1138G>C", "NM_000142")))


# ------------------------------------------------------------------------------------------------- refused records


def test_a_reference_base_that_contradicts_the_gene_is_refused_with_both_bases() -> None:
    error = refused(by_genome("chr4", 1803568, "G", "C", Assembly.GRCH37))
    assert error.code == "REF_MISMATCH"
    assert "REF is G" in error.message
    assert "has C" in error.message


def test_a_reference_base_in_c_that_contradicts_the_gene_is_refused() -> None:
    assert refused(by_text("FGFR3", "c.746A>G", "NM_000142")).code == "REF_MISMATCH"


def test_an_old_residue_number_is_refused() -> None:
    error = refused(by_text("FGFR3", "p.S247C"))
    assert error.code == "WRONG_REFERENCE_RESIDUE"
    assert error.gene is FgfrGene.FGFR3


@pytest.mark.parametrize(
    ("contig", "pos", "ref", "alt", "code"),
    [
        ("chr1", 1801841, "C", "G", "OUTSIDE_FGFR"),
        ("chr4", 5, "C", "G", "OUTSIDE_FGFR"),
        ("chr4", 1801841, "C", "<DEL>", "BAD_ALLELE"),
        ("chr4", 1801841, "C", "N", "BAD_ALLELE"),
        ("chr4", 1801841, "C", "C", "NO_CHANGE"),
    ],
)
def test_unusable_alleles_are_refused(contig: str, pos: int, ref: str, alt: str, code: str) -> None:
    assert refused(by_genome(contig, pos, ref, alt)).code == code


def test_masked_reference_bases_are_filled_from_the_coding_sequence() -> None:
    masked, plain = good(by_genome("chr4", 1801841, "NN", "GC")), good(by_genome("chr4", 1801841, "C", "G"))
    assert masked.key == plain.key


def test_a_call_without_any_description_is_refused() -> None:
    call = ShortVariantCall(source=Source(input="in1", line=1), gene="FGFR3", hgvs_p="p.?")
    assert refused(annotate_short_variant(call, None)).code == "NO_DESCRIPTION"


def test_a_transcript_of_another_gene_is_refused() -> None:
    assert refused(by_text("FGFR2", "p.S249C", "NM_000142")).code == "GENE_TRANSCRIPT_CONFLICT"


def test_a_position_that_is_not_on_the_transcript_is_refused() -> None:
    assert refused(by_text("FGFR3", "c.2300+1G>A", "NM_000142")).code == "HGVS_NOT_ON_TRANSCRIPT"


def test_another_gene_is_refused() -> None:
    assert refused(by_text("FGFR4", "p.G388R")).code == "OUTSIDE_FGFR"


# -------------------------------------------------------------------------------------------------------- numbering


@pytest.mark.parametrize(
    ("gene", "text", "change"),
    [("FGFR3", "p.G372C", "G370C"), ("FGFR1", "p.N577K", "N546K"), ("FGFR3", "p.Y375C", "Y373C")],
)
def test_a_number_that_fits_another_isoform_only_is_taken_and_told(gene: str, text: str, change: str) -> None:
    facts = good(by_text(gene, text))
    assert facts.protein_change == change
    assert codes(facts) == ["ISOFORM_INFERRED"]


@pytest.mark.parametrize(
    ("gene", "text"),
    [("FGFR2", "p.N549K"), ("FGFR2", "p.C382R"), ("FGFR2", "p.Y375C"), ("FGFR3", "p.S249C"), ("FGFR1", "p.N546K")],
)
def test_rare_isoforms_do_not_make_a_usual_number_ambiguous(gene: str, text: str) -> None:
    facts = good(by_text(gene, text))
    assert facts.protein_change == text.removeprefix("p.")
    assert codes(facts) == []


def test_a_number_that_fits_two_isoforms_lists_both() -> None:
    facts = good(by_text("FGFR3", "p.V555M"))
    assert codes(facts) == ["AMBIGUOUS_ISOFORM"]
    assert [candidate.protein_change for candidate in facts.candidates] == ["V555M", "V553M"]
    assert "V555M" in facts.findings[0].message
    assert "V553M" in facts.findings[0].message


def test_a_transcript_settles_the_ambiguity() -> None:
    assert good(by_text("FGFR3", "p.V555M", "NM_000142.4")).protein_change == "V555M"
    assert good(by_text("FGFR3", "p.V555M", "ENST00000340107")).protein_change == "V553M"


def test_an_ambiguous_number_is_the_same_as_each_reading() -> None:
    ambiguous = good(by_text("FGFR3", "p.V555M"))
    exact = good(by_text("FGFR3", "c.1663G>A", "NM_000142"))
    assert same_change(ambiguous, exact)
    assert same_change(exact, ambiguous)


def test_an_unknown_transcript_is_told_and_the_number_tried() -> None:
    facts = good(by_text("FGFR3", "p.S249C", "NM_999999.1"))
    assert (facts.protein_change, codes(facts)) == ("S249C", ["UNKNOWN_TRANSCRIPT"])


def test_a_protein_change_lists_its_number_on_every_isoform() -> None:
    facts = good(by_text("FGFR2", "p.N550K", "NM_022970"))
    numbers = {change.transcript: change.hgvs_p for change in facts.isoforms}
    assert numbers["NM_000141.5"] == "p.(Asn549Lys)"
    assert numbers["NM_022970.4"] == "p.(Asn550Lys)"


def test_a_change_in_the_iiib_exon_is_told_on_iiib() -> None:
    iiib = next(one for one in isoforms.isoforms(FgfrGene.FGFR2) if one.accession == "NM_022970")
    pos = isoforms.position_of(iiib, isoforms.Coordinate(base=1000))
    assert pos is not None
    base = isoforms.base_at(FgfrGene.FGFR2, pos)
    assert base is not None
    facts = good(by_genome("chr10", pos, base, "A" if base != "A" else "C"))
    assert not facts.is_mane
    assert facts.hgvs_c is not None
    assert facts.hgvs_c.startswith("NM_022970.4:c.1000")
    assert "NOT_ON_MANE" in codes(facts)


# ------------------------------------------------------------------------------------------------ several descriptions


def test_a_protein_text_that_contradicts_the_genome_is_told_and_kept() -> None:
    facts = good(by_genome("chr4", 1801841, "C", "G", hgvs_p="p.S249Y", gene="FGFR3"))
    assert facts.protein_change == "S249C"
    assert codes(facts) == ["HGVS_CONFLICT"]
    assert facts.given == ("p.S249Y",)


def test_agreeing_texts_leave_no_finding() -> None:
    facts = good(by_genome("chr4", 1804362, "G", "T", hgvs_p="p.G372C", hgvs_c="c.1114G>T", transcript="NM_001163213"))
    assert codes(facts) == []


def test_a_coding_text_that_contradicts_the_genome_is_told() -> None:
    facts = good(by_genome("chr4", 1801841, "C", "G", hgvs_c="NM_000142.5:c.742C>T"))
    assert codes(facts) == ["HGVS_CONFLICT"]


def test_a_protein_text_settles_a_coding_text_without_transcript() -> None:
    call = by_text("FGFR3", "c.1118A>G", protein="p.Y373C")
    assert good(call).protein_change == "Y373C"


def test_an_unreadable_text_is_told() -> None:
    facts = good(by_genome("chr4", 1801841, "C", "G", hgvs_p="kinase something"))
    assert codes(facts) == ["HGVS_UNREADABLE"]


def test_the_old_reference_base_is_told_and_not_an_error() -> None:
    facts = good(by_text("FGFR3", "c.1953A>G", "NM_000142.4"))
    assert (facts.consequence, codes(facts)) == (Consequence.SYNONYMOUS, ["OLD_REFERENCE_BASE"])
    other = good(by_text("FGFR3", "c.1953A>C", "NM_000142.4"))
    assert other.hgvs_c == "NM_000142.5:c.1953G>C"


# --------------------------------------------------------------------------------------------------- other consequences


@pytest.mark.parametrize(
    ("gene", "text", "consequence", "edge"),
    [
        ("FGFR2", "c.2302-1G>T", Consequence.SPLICE_ACCEPTOR, 2302),
        ("FGFR2", "c.2302-2A>G", Consequence.SPLICE_ACCEPTOR, 2302),
        ("FGFR2", "c.2302-3C>G", Consequence.SPLICE_REGION, 2302),
        ("FGFR2", "c.2302-9C>G", Consequence.INTRONIC, None),
        ("FGFR2", "c.2301+2T>G", Consequence.SPLICE_DONOR, 2301),
        ("FGFR2", "c.2302-5_2310del", Consequence.SPLICE_ACCEPTOR, 2302),
        ("FGFR3", "c.-3C>G", Consequence.UTR, None),
        ("FGFR3", "c.*3C>G", Consequence.UTR, None),
        ("FGFR3", "c.-2_3del", Consequence.START_LOST, None),
        ("FGFR3", "c.2420_*3del", Consequence.STOP_LOST, None),
        ("FGFR3", "c.2T>G", Consequence.START_LOST, None),
        ("FGFR3", "c.2419T>G", Consequence.STOP_LOST, None),
    ],
)
def test_places_outside_one_coding_exon_have_their_consequence(
    gene: str, text: str, consequence: Consequence, edge: int | None
) -> None:
    transcript = isoforms.mane(FgfrGene(gene)).accession
    facts = good(by_text(gene, text, transcript))
    assert (facts.consequence, facts.exon_edge) == (consequence, edge)
    assert facts.hgvs_c == f"{facts.transcript}:{text}"


def test_an_intron_indel_is_told_as_given() -> None:
    facts = good(by_text("FGFR2", "c.2302-20_2302-18del", "NM_000141"))
    assert codes(facts) == ["NOT_SHIFTED"]
    assert facts.hgvs_p == "NP_000132.3:p.?"


def test_an_intron_allele_is_the_same_by_genome_and_by_text() -> None:
    pos = isoforms.position_of(isoforms.mane(FgfrGene.FGFR2), isoforms.Coordinate(base=2302, offset=-1))
    assert pos is not None
    assert same_change(good(by_genome("chr10", pos, "C", "A")), good(by_text("FGFR2", "c.2302-1G>T", "NM_000141")))


def test_a_duplication_beside_a_splice_site_stays_in_the_exon() -> None:
    last = isoforms.position_of(isoforms.mane(FgfrGene.FGFR3), isoforms.Coordinate(base=2274))
    assert last is not None
    base = isoforms.base_at(FgfrGene.FGFR3, last)
    assert base is not None
    facts = good(by_genome("chr4", last, base, base + base))
    assert facts.hgvs_c is not None
    assert re.fullmatch(r"NM_000142\.5:c\.2274dup", facts.hgvs_c)
    assert facts.consequence is Consequence.FRAMESHIFT


def test_a_place_beyond_the_transcript_has_no_c_text() -> None:
    first = isoforms.mane(FgfrGene.FGFR3).exons[0].start
    facts = good(by_genome("chr4", first - 100, "A", "C"))
    assert (facts.consequence, facts.hgvs_c) == (Consequence.UPSTREAM, None)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("c.499_519del", "H167_N173del"),
        ("c.799_819dup", "S267_D273dup"),
        ("c.868_873delinsTGT", "W290_I291delinsC"),
        ("c.2302G>T", "E768*"),
    ],
)
def test_coding_text_gives_the_listed_protein_change(text: str, change: str) -> None:
    facts = good(by_text("FGFR2", text, "NM_000141"))
    assert facts.protein_change == change
    assert same_change(facts, good(by_text("FGFR2", change, "NM_000141")))


def test_frame_shifts_are_compared_as_far_as_both_tell() -> None:
    exact = good(by_text("FGFR2", "c.100dup", "NM_000141"))
    assert exact.protein_change == "E34Gfs*41"
    assert same_change(exact, good(by_text("FGFR2", "p.E34fs", "NM_000141")))
    assert same_change(exact, good(by_text("FGFR2", "p.E34fs*41", "NM_000141")))
    assert not same_change(exact, good(by_text("FGFR2", "p.E34fs*40", "NM_000141")))


# ------------------------------------------------------------------------------------------------------- properties


def coding_exons(gene: FgfrGene) -> list[tuple[Pos1, Pos1]]:
    exons = isoforms.mane(gene).exons
    return [(one.coding_start, one.coding_end) for one in exons if one.coding_start and one.coding_end]


@st.composite
def coding_alleles(draw: st.DrawFn) -> tuple[FgfrGene, int, str, str]:
    """Draw a VCF-like allele (GRCh38, anchored for indels) inside one coding exon of MANE Select."""
    gene = draw(st.sampled_from(list(FgfrGene)))
    low, high = draw(st.sampled_from([span for span in coding_exons(gene) if span[1] - span[0] > 40]))
    start = draw(st.integers(low + 5, high - 30))
    size = draw(st.sampled_from([0, 1, 1, 2, 3, 6, 12, 21]))
    ref = "".join(isoforms.base_at(gene, pos) or "" for pos in range(start, start + 1 + size))
    copied = draw(st.booleans())
    added = ref[1:] * 2 if copied else draw(st.text("ACGT", max_size=9))
    return gene, start, ref, ref[0] + added


def apply_coding(cds: str, text: str) -> str:
    """Apply a `c.` description to a coding sequence."""
    change = parse_coding(text.partition(":")[2])
    assert change is not None
    start0, end0 = change.start.base - 1, change.end.base
    match change.kind.value:
        case "insertion":
            return cds[: start0 + 1] + (change.alt or "") + cds[start0 + 1 :]
        case "duplication":
            return cds[:end0] + cds[start0:end0] + cds[end0:]
        case _:
            return cds[:start0] + (change.alt or "") + cds[end0:]


def mutated_cds(gene: FgfrGene, start: int, ref: str, alt: str) -> str:
    """Edit the coding sequence of MANE Select by a forward-strand allele."""
    isoform = isoforms.mane(gene)
    assert isoform.cds is not None
    ends = [isoforms.cds_offset(isoform, pos) for pos in (start, start + len(ref) - 1)]
    first, last = (end for end in ends if end is not None)
    if isoform.strand == "-":
        first, last, alt = last, first, isoforms.reverse_complement(alt)
    return isoform.cds[:first] + alt + isoform.cds[last + 1 :]


@settings(max_examples=250, deadline=None)
@given(coding_alleles(), st.randoms(use_true_random=False))
def test_any_coding_allele_keeps_its_meaning(allele: tuple[FgfrGene, int, str, str], chance: random.Random) -> None:
    gene, start, ref, alt = allele
    isoform = isoforms.mane(gene)
    assert isoform.cds is not None
    if ref == alt:
        assert refused(by_genome(isoform.contig, start, ref, alt)).code == "NO_CHANGE"
        return
    facts = good(by_genome(isoform.contig, start, ref, alt))
    assert facts.hgvs_c is not None
    assert apply_coding(isoform.cds, facts.hgvs_c) == mutated_cds(gene, start, ref, alt)
    on_old = by_genome(isoform.contig, coords.from_grch38(gene, start, Assembly.GRCH37), ref, alt, Assembly.GRCH37)
    assert good(on_old).key == facts.key
    left, right = chance.randint(0, 4), chance.randint(0, 4)
    before = "".join(isoforms.base_at(gene, pos) or "" for pos in range(start - left, start))
    after = "".join(isoforms.base_at(gene, pos) or "" for pos in range(start + len(ref), start + len(ref) + right))
    padded = good(by_genome(isoform.contig, start - len(before), before + ref + after, before + alt + after))
    assert padded.key == facts.key
    assert good(by_text(gene, facts.hgvs_c)).key == facts.key


def test_a_stated_protein_change_is_not_lost_where_the_place_changes_no_protein() -> None:
    """FGFR3 S249C at its GRCh38 place under a GRCh37 label: that place is an intron there."""
    call = ShortVariantCall(
        source=Source(input="in1", line=1),
        gene="FGFR3",
        contig="chr4",
        pos=Pos1(1801841),
        ref="C",
        alt="G",
        hgvs_p="p.S249C",
    )
    wrong = annotate_short_variant(call, Assembly.GRCH37)
    right = annotate_short_variant(call, Assembly.GRCH38)
    assert isinstance(wrong, ShortVariantFacts)
    assert isinstance(right, ShortVariantFacts)
    assert wrong.protein_change == right.protein_change == "S249C"
    assert "PROTEIN_CHANGE_NOT_AT_POSITION" in wrong.call.finding_codes
    assert "PROTEIN_CHANGE_NOT_AT_POSITION" not in right.call.finding_codes
    assert [one.code for one in wrong.findings] == ["HGVS_CONFLICT"]
    without_text = annotate_short_variant(msgspec.structs.replace(call, hgvs_p=None), Assembly.GRCH37)
    assert isinstance(without_text, ShortVariantFacts)
    assert without_text.protein_change is None


def test_a_named_protein_change_at_a_place_elsewhere_is_a_doubt() -> None:
    facts = good(by_genome("chr8", 1_801_841, "C", "G", gene="FGFR3", hgvs_c="c.746C>G", hgvs_p="p.S249C"))
    assert (facts.protein_change, facts.call.finding_codes) == ("S249C", ("POSITION_OUTSIDE_GENE",))
    without = refused(by_genome("chr8", 1_801_841, "C", "G", gene="FGFR3"))
    assert (without.code, without.gene) == ("POSITION_OUTSIDE_GENE", FgfrGene.FGFR3)


def test_a_splice_site_at_a_place_of_another_build_is_a_doubt() -> None:
    facts = good(by_genome("chr10", 123_239_536, "C", "A", gene="FGFR2", hgvs_c="c.2302-1G>T"))
    assert (facts.consequence, facts.call.finding_codes) == (Consequence.SPLICE_ACCEPTOR, ("POSITION_OUTSIDE_GENE",))


@pytest.mark.parametrize("also", [{}, {"hgvs_c": "what is this"}])
def test_a_named_row_at_a_place_of_another_build_or_with_a_text_not_understood_is_refused(also: dict[str, str]) -> None:
    pos = 1_850_000 if also else 123_239_536
    contig, gene = ("chr4", "FGFR3") if also else ("chr10", "FGFR2")
    outside = refused(by_genome(contig, pos, "C", "A", Assembly.GRCH38, gene=gene, **also))
    assert (outside.code, outside.gene) == ("POSITION_OUTSIDE_GENE", FgfrGene(gene))


@pytest.mark.parametrize("text", [None, "c.*9000C>G", "c.-9000C>G"])
def test_the_nearest_gene_of_a_place_far_from_it_is_no_contradiction(text: str | None) -> None:
    also = {} if text is None else {"hgvs_c": text}
    outside = refused(by_genome("chr4", 1_850_000, "C", "G", Assembly.GRCH38, gene="FGFR3", **also))
    assert (outside.code, outside.gene) == ("OUTSIDE_FGFR", None)
