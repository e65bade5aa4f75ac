"""Hypothesis strategies: calls as callers could make them, plausible or not."""

from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.model import Breakend, Pos1, RearrangementCall
from fgfr_screen.terms import (
    Assembly,
    DeclaredStructure,
    FgfrGene,
    FilterStatus,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
)
from tests.builders import (
    FIVE,
    THREE,
    a_call,
    a_named_call,
    a_source,
    an_end,
    an_interval,
    an_rna_call,
    mane,
    other_product,
    turned,
)

PARTNERS = ("BICC1", "SHTN1", "TACC2", "TACC3", "ATE1", "SORBS1", "BEND3", "SLC45A3", "LETM1", "NSD2")
sides = st.sampled_from((None, *Orientation))


@st.composite
def fgfr_ends(draw: st.DrawFn, assembly: Assembly) -> Breakend:
    """A breakend in or near an FGFR gene, exact or an interval, near an exon limit as often as not."""
    gene = draw(st.sampled_from(FgfrGene))
    tx = mane(gene.value, assembly)
    near_a_limit = st.builds(
        lambda edge, shift: edge + shift, st.sampled_from(tx.exon_starts + tx.exon_ends), st.integers(-3, 3)
    )
    pos = draw(st.integers(tx.tx_start - 4000, tx.tx_end + 4000) | near_a_limit)
    width = draw(st.sampled_from((0, 0, 0, 4, 300, 200_000)))
    names = draw(st.sampled_from(((), (gene.value,))))
    return Breakend(contig=tx.contig, pos=Pos1(pos), pos_end=Pos1(pos + width), orientation=draw(sides), genes=names)


@st.composite
def partner_ends(draw: st.DrawFn, assembly: Assembly) -> Breakend | None:
    """A gene, a place between genes, an immunoglobulin locus, a name, FGFR itself, or nothing."""
    gene = draw(st.sampled_from(PARTNERS))
    tx = mane(gene, assembly)
    in_gene = st.builds(
        lambda pos, side, names: Breakend(
            contig=tx.contig, pos=Pos1(pos), pos_end=Pos1(pos), orientation=side, genes=names
        ),
        st.integers(tx.tx_start - 2000, tx.tx_end + 2000),
        sides,
        st.sampled_from(((), (gene,))),
    )
    elsewhere = st.builds(
        lambda contig, pos, side: Breakend(contig=contig, pos=Pos1(pos), orientation=side),
        st.sampled_from(("chr4", "chr13", "chr14", "chr10")),
        st.integers(1, 110_000_000),
        sides,
    )
    by_name = st.builds(
        lambda name, exon: Breakend(genes=(name,), exon=exon),
        st.sampled_from((gene, "N/A", "NOVEL1", "FGFR2", "CEP1", "IGH")),
        st.sampled_from((None, 2, 17, 18)),
    )
    end: Breakend | None = draw(st.one_of(in_gene, in_gene, fgfr_ends(assembly), elsewhere, by_name, st.none()))
    return end


@st.composite
def structural_calls(draw: st.DrawFn, assembly: Assembly | None = None) -> RearrangementCall:
    """Any structural call with one end near FGFR1-3."""
    build = assembly or draw(st.sampled_from(Assembly))
    return RearrangementCall(
        source=a_source(line=draw(st.integers(1, 9))),
        first=draw(fgfr_ends(build)),
        second=draw(partner_ends(build)),
        assembly=build,
        order=draw(st.sampled_from(GeneOrder)),
        junction=draw(st.sampled_from((JunctionKind.DNA_BREAKPOINT, JunctionKind.RNA_JUNCTION))),
        declared=draw(st.sampled_from((None, *DeclaredStructure))),
        declared_frame=draw(st.sampled_from((None, *Frame))),
        molecule=draw(st.sampled_from((None, Molecule.DNA, Molecule.RNA))),
        orientation_is_reliable=draw(st.booleans()),
        untemplated_sequence=draw(st.sampled_from((None, "", "T", "ACTAATG"))),
        reported_by_lab=draw(st.booleans()),
    )


def _versions(call: RearrangementCall, gene: str, partner: str, assembly: Assembly) -> list[RearrangementCall]:
    """The ways in which callers, RNA, reports and the other product tell one junction."""
    assert call.second is not None
    moved = structs.replace(
        call,
        first=an_interval(call.first, 7, 40),
        second=an_interval(call.second, -30, 2),
        imprecise=True,
        caller="another",
    )
    return [
        call,
        turned(call),
        moved,
        other_product(call, 30),
        structs.replace(call, orientation_is_reliable=False),
        structs.replace(call, second=None),
        structs.replace(call, second=Breakend(genes=(partner,))),
        structs.replace(call, filter=FilterStatus.FAILED, filter_text="LowQual"),
        an_rna_call(gene, 17, partner, 3, assembly),
        an_rna_call(gene, 9, partner, 3, assembly),
        a_named_call(gene, partner, declared=DeclaredStructure.FUSION),
        a_named_call(gene, declared=DeclaredStructure.REARRANGEMENT),
    ]


@st.composite
def patients(draw: st.DrawFn) -> list[RearrangementCall]:
    """Several calls of one or two junctions, as DNA, RNA and a report of one patient would give them."""
    calls = []
    for _ in range(draw(st.integers(1, 2))):
        gene = draw(st.sampled_from(("FGFR2", "FGFR2", "FGFR3")))
        partner = draw(st.sampled_from(("BICC1", "SHTN1")))
        where = draw(st.sampled_from(("intron 17", "intron 17", "intron 9", "exon 18", "intron 5")))
        sides = draw(st.sampled_from(((FIVE, THREE), (FIVE, THREE), (THREE, FIVE), (FIVE, FIVE))))
        for _ in range(draw(st.integers(1, 3))):
            build = draw(st.sampled_from(Assembly))
            ends = an_end(gene, where, sides[0], build), an_end(partner, "intron 2", sides[1], build)
            calls.append(draw(st.sampled_from(_versions(a_call(*ends, assembly=build), gene, partner, build))))
    return calls
