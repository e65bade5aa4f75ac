"""One junction, written in every format that can carry it, comes back as one and the same event.

Positions, kept sides and what follows from them are compared after `annotate`; gene order where the format has one. All
calls of one junction then merge into one event. What a format cannot carry stands in `tests/emit.py` and in
`Reader.carries_note`: STAR-Fusion, FusionCatcher, RNA BEDPE and LINX know no junction without a 5' and a 3' gene.
"""

from collections.abc import Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.facts import RearrangementFacts
from fgfr_screen.merge import merge_rearrangements
from fgfr_screen.model import Breakend, Pos1, RearrangementCall, Source
from fgfr_screen.pairing import pair_mates
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.terms import Assembly, FgfrGene, GeneOrder, JunctionKind, Molecule, Orientation
from fgfr_screen.transcripts import exon_count, first_base, first_exon, last_base, orientation_of
from tests import emit
from tests.builders import FIVE, THREE, mane
from tests.emit import End, Junction, Writer
from tests.readers.reading import read_text

PARTNERS = ("BICC1", "SHTN1", "TACC3", "BAIAP2L1", "CDYL", "TACC1", "WAC", "PHLDB2", "CCDC6", "VCL")
Place = tuple[str | None, int | None, int | None, Orientation | None]


def an_end(symbol: str, pos: int, keeps: Orientation, assembly: Assembly) -> End:
    transcript = mane(symbol, assembly)
    return End(gene=symbol, strand=transcript.strand, contig=transcript.contig, pos=pos, keeps=keeps)


@st.composite
def dna_junctions(draw: st.DrawFn) -> Junction:
    """Any two places of an FGFR gene and a partner gene, with any kept sides, in any order."""
    assembly = draw(st.sampled_from(Assembly))
    ends = []
    for symbols in (tuple(gene.value for gene in FgfrGene), PARTNERS):
        transcript = mane(draw(st.sampled_from(symbols)), assembly)
        pos = draw(st.integers(transcript.tx_start, transcript.tx_end))
        ends.append(an_end(transcript.gene, pos, draw(st.sampled_from(Orientation)), assembly))
    one, other = draw(st.permutations(ends))
    junction = Junction(one, other, assembly)
    turned = Junction(other, one, assembly)
    return turned if turned.is_sense else junction


@st.composite
def rna_junctions(draw: st.DrawFn) -> Junction:
    """The end of an exon joined to the begin of another, in sense."""
    assembly = draw(st.sampled_from(Assembly))
    symbols = draw(st.permutations((draw(st.sampled_from(FgfrGene)).value, draw(st.sampled_from(PARTNERS)))))
    ends = []
    for symbol, side, edge in zip(symbols, (FIVE, THREE), (last_base, first_base), strict=True):
        transcript = mane(symbol, assembly)
        exon = draw(st.integers(first_exon(transcript), first_exon(transcript) + exon_count(transcript) - 2))
        ends.append(an_end(symbol, edge(transcript, exon), orientation_of(transcript.strand, side), assembly))
    return Junction(ends[0], ends[1], assembly)


def truth(junction: Junction, molecule: Molecule) -> RearrangementCall:
    first, second = (
        Breakend(contig=end.contig, pos=Pos1(end.pos), pos_end=Pos1(end.pos), orientation=end.keeps)
        for end in (junction.one, junction.other)
    )
    return RearrangementCall(
        source=Source(input="in0", line=1),
        assembly=junction.assembly,
        molecule=molecule,
        order=GeneOrder.ASSERTED if junction.is_sense else GeneOrder.UNKNOWN,
        junction=JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT,
        first=first,
        second=second,
    )


def read_back(writer: Writer, junction: Junction) -> RearrangementCall:
    content = read_text(writer(junction), ReadOptions(assembly=junction.assembly))
    assert content.rejected == (), writer.__name__
    (call,) = pair_mates(content.calls)
    assert isinstance(call, RearrangementCall)
    return call


def place(end: Breakend | None) -> Place:
    assert end is not None
    return end.contig, end.pos, end.pos_end, end.orientation


def told(facts: RearrangementFacts | None) -> tuple[object, ...]:
    """Return what the junction means, without who said so and in which words."""
    assert facts is not None
    return (
        facts.gene,
        facts.fgfr,
        facts.partner,
        facts.fgfr_keeps,
        facts.partner_keeps,
        facts.site,
        facts.partner_kind,
        facts.in_strand,
        facts.frame,
        facts.kinase,
        facts.is_internal,
    )


def check(junction: Junction, writers: Sequence[Writer], molecule: Molecule) -> None:
    expected = truth(junction, molecule)
    facts = annotate_rearrangement(expected)
    # Where genes overlap, a format that names the gene and one that does not may tell different ones.
    names = {end.gene for end in (junction.one, junction.other)}
    assume(facts is not None and facts.partner is not None and {facts.gene.value, facts.partner.gene} == names)
    every = [facts]
    for at, writer in enumerate(writers, 1):
        if writer in emit.SENSE_ONLY and not junction.is_sense:
            continue
        call = read_back(writer, junction)
        ends = (place(expected.first), place(expected.second))
        found = (place(call.first), place(call.second))
        assert set(found) == set(ends), writer.__name__
        assert call.orientation_is_reliable, writer.__name__
        if writer in emit.ORDERED and junction.is_sense:
            assert (found, call.order) == (ends, GeneOrder.ASSERTED), writer.__name__
        assert call.molecule in (molecule, None), writer.__name__
        assert call.junction is expected.junction, writer.__name__
        read = annotate_rearrangement(call)
        assert told(read) == told(facts), writer.__name__
        assert read is not None
        source = structs.replace(call.source, input=f"in{at}")
        every.append(structs.replace(read, call=structs.replace(call, source=source)))
    (group,) = merge_rearrangements([one for one in every if one is not None])
    assert len(group.members) == len(every)


@given(dna_junctions())
@settings(max_examples=60, deadline=None)
def test_a_dna_junction_is_the_same_event_in_every_format(junction: Junction) -> None:
    check(junction, emit.DNA, Molecule.DNA)


@given(rna_junctions())
@settings(max_examples=60, deadline=None)
def test_an_rna_junction_is_the_same_event_in_every_format(junction: Junction) -> None:
    check(junction, emit.RNA, Molecule.RNA)


@given(dna_junctions())
@settings(max_examples=30, deadline=None)
def test_arriba_carries_a_junction_without_sense_by_its_directions(junction: Junction) -> None:
    assume(not junction.is_sense)
    call = read_back(emit.arriba, junction)
    expected = truth(junction, Molecule.RNA)
    assert {place(call.first), place(call.second)} == {place(expected.first), place(expected.second)}
    assert call.order is not GeneOrder.ASSERTED
