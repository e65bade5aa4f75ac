"""AB821309.1, a sequenced FGFR2-AHCYL1 fusion mRNA, against our exon geometry, frame and isoform sequences."""

from pathlib import Path

import pytest

from fgfr_screen.annotate.frame import JoinSide, predict_frame
from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.isoforms import Isoform, isoforms
from fgfr_screen.model import Breakend, Pos1, RearrangementCall, Source
from fgfr_screen.reference import Transcript, transcripts_of
from fgfr_screen.terms import (
    Assembly,
    BreakSite,
    FgfrGene,
    Frame,
    GeneOrder,
    JunctionKind,
    KinaseDomain,
    Molecule,
    Orientation,
)
from fgfr_screen.transcripts import coding_offset, codon_bases_expected, codon_bases_used, first_base, last_base

CDNA = Path(__file__).parents[2] / "shared" / "reference" / "fusion_cdna.fa"
FGFR2_BASES = 2037
"""Bases of the cDNA that come from FGFR2; the rest is AHCYL1 from its exon 2 on."""
LAST_FGFR2_CODING_BASE = 2304
"""c. number, on NM_022970, of the last base of exon 17."""
EXON_3 = slice(109, 376)
"""c.110-376 of NM_022970, which the cDNA lacks."""

needs_cdna = pytest.mark.skipif(not CDNA.exists(), reason="../shared/reference is not beside the project")
both_assemblies = pytest.mark.parametrize("assembly", list(Assembly))


def cdna() -> str:
    return "".join(line for line in CDNA.read_text().splitlines() if not line.startswith(">"))


def iiib() -> Isoform:
    return next(isoform for isoform in isoforms(FgfrGene.FGFR2) if isoform.accession == "NM_022970")


def iiib_coding() -> str:
    coding = iiib().cds
    assert coding is not None
    return coding


def translate(bases: str) -> str:
    from Bio.Seq import Seq

    return str(Seq(bases).translate())  # type: ignore[no-untyped-call]


def model(assembly: Assembly, symbol: str, accession: str) -> Transcript:
    return next(t for t in transcripts_of(assembly, symbol) if t.accession.split(".")[0] == accession)


def junction(assembly: Assembly) -> tuple[Pos1, Pos1]:
    """Return the last base of FGFR2 exon 17 and the first of AHCYL1 exon 2."""
    fgfr2, ahcyl1 = model(assembly, "FGFR2", "NM_000141"), model(assembly, "AHCYL1", "NM_006621")
    return last_base(fgfr2, 17), first_base(ahcyl1, 2)


@both_assemblies
def test_fgfr2_exon_17_ends_with_base_2304_of_the_iiib_coding_sequence(assembly: Assembly) -> None:
    iiib_model = model(assembly, "FGFR2", "NM_022970")
    end, _ = junction(assembly)
    assert last_base(iiib_model, 17) == end
    assert coding_offset(iiib_model, end) == LAST_FGFR2_CODING_BASE - 1
    assert codon_bases_used(iiib_model, end) == 0


@both_assemblies
def test_ahcyl1_exon_2_begins_with_base_121_in_phase_0(assembly: Assembly) -> None:
    ahcyl1 = model(assembly, "AHCYL1", "NM_006621")
    _, start = junction(assembly)
    assert coding_offset(ahcyl1, start) == 120
    assert codon_bases_expected(ahcyl1, start) == 0


@both_assemblies
def test_the_exon_junction_is_in_frame(assembly: Assembly) -> None:
    end, start = junction(assembly)
    for accession in ("NM_000141", "NM_022970"):
        answer = predict_frame(
            JoinSide(transcript=model(assembly, "FGFR2", accession), low=end, high=end),
            JoinSide(transcript=model(assembly, "AHCYL1", "NM_006621"), low=start, high=start),
            junction=JunctionKind.RNA_JUNCTION,
            inserted="",
        )
        assert (answer.frame, answer.five_prime_exon, answer.three_prime_exon) == (Frame.IN_FRAME, 17, 2)


@both_assemblies
def test_the_junction_is_annotated_as_a_kinase_keeping_fusion_in_frame(assembly: Assembly) -> None:
    end, start = junction(assembly)
    call = RearrangementCall(
        source=Source(input="in1", line=1),
        assembly=assembly,
        molecule=Molecule.RNA,
        junction=JunctionKind.RNA_JUNCTION,
        order=GeneOrder.ASSERTED,
        first=Breakend(contig="chr10", pos=end, pos_end=end, orientation=Orientation.RIGHT),
        second=Breakend(contig="chr1", pos=start, pos_end=start, orientation=Orientation.RIGHT),
    )
    facts = annotate_rearrangement(call)
    assert facts is not None and facts.partner is not None
    assert (facts.partner.gene, facts.partner.exon) == ("AHCYL1", 2)
    assert (facts.site, facts.kinase, facts.retained_exons) == (BreakSite.HOTSPOT, KinaseDomain.RETAINED, "1-17")
    assert (facts.frame, facts.in_strand, facts.partner_tier) == (Frame.IN_FRAME, True, "A")


@needs_cdna
def test_the_fgfr2_part_of_the_cdna_translates_as_the_iiib_isoform_without_exon_3() -> None:
    coding = iiib_coding()[:LAST_FGFR2_CODING_BASE]
    ours = coding[: EXON_3.start] + coding[EXON_3.stop :]
    sequenced = cdna()[:FGFR2_BASES]
    assert len(ours) == FGFR2_BASES
    # One known synonymous base (c.696A>G) is all that differs.
    differing = [at for at, (one, other) in enumerate(zip(ours, sequenced, strict=True)) if one != other]
    assert [coding.find(ours[at : at + 30]) + 1 for at in differing] == [696]
    assert translate(ours) == translate(sequenced)


@needs_cdna
def test_the_cdna_stays_open_across_the_junction_to_one_stop_at_its_end() -> None:
    protein = translate(cdna())
    assert protein.index("*") == len(protein) - 1
    assert FGFR2_BASES % 3 == 0
