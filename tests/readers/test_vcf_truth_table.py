"""Four orientations x three genes x FGFR at either end x both builds x every way of writing the junction.

What must come out is written down here from the bracket table of VCF 4.5, section 5.4, not from our code.
"""

import itertools

import pytest

from fgfr_screen import coords
from fgfr_screen.model import Breakend, Pos1, RearrangementCall
from fgfr_screen.pairing import pair_mates
from fgfr_screen.terms import Assembly, FgfrGene, Orientation
from tests.readers.vcf_text import read_text, vcf

# kept sides at (own, mate): ALT at own, ALT at mate, CT of DELLY
FORMS = {
    ("LEFT", "RIGHT"): ("N[{mate}[", "]{own}]N", "3to5"),
    ("LEFT", "LEFT"): ("N]{mate}]", "N]{own}]", "3to3"),
    ("RIGHT", "LEFT"): ("]{mate}]N", "N[{own}[", "5to3"),
    ("RIGHT", "RIGHT"): ("[{mate}[N", "[{own}[N", "5to5"),
}
# a position inside each gene on GRCh38
INSIDE = {FgfrGene.FGFR1: ("chr8", 38420000), FgfrGene.FGFR2: ("chr10", 121482000), FgfrGene.FGFR3: ("chr4", 1806500)}
PARTNER = ("chr3", 111900000)
CASES = list(itertools.product(FORMS, FgfrGene, (1, 2), Assembly))


def case_name(case: tuple[tuple[str, str], FgfrGene, int, Assembly]) -> str:
    sides, gene, end, assembly = case
    return f"{sides[0]}-{sides[1]}-{gene}-at-end-{end}-{assembly}"


def ends_of(call: RearrangementCall) -> set[tuple[str | None, int | None, str]]:
    return {end_of(end) for end in (call.first, call.second) if end is not None}


def end_of(end: Breakend) -> tuple[str | None, int | None, str]:
    assert end.pos == end.pos_end
    return end.contig, end.pos, end.orientation.value if end.orientation is not None else "?"


@pytest.mark.parametrize("way", ["pair", "lone", "connection", "translocation"])
@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_junction_between_contigs(case: tuple[tuple[str, str], FgfrGene, int, Assembly], way: str) -> None:
    sides, gene, fgfr_end, assembly = case
    contig, pos38 = INSIDE[gene]
    fgfr = (contig, int(coords.from_grch38(gene, Pos1(pos38), assembly)))
    own, mate = (fgfr, PARTNER) if fgfr_end == 1 else (PARTNER, fgfr)
    own_text, mate_text = (f"{place[0]}:{place[1]}" for place in (own, mate))
    own_alt, mate_alt, connection = (form.format(own=own_text, mate=mate_text) for form in FORMS[sides])
    first = f"{own[0]} {own[1]} a N {own_alt} . PASS SVTYPE=BND"
    rows = {
        "pair": [f"{first};MATEID=b", f"{mate[0]} {mate[1]} b N {mate_alt} . PASS SVTYPE=BND;MATEID=a"],
        "lone": [first],
        "connection": [f"{first};CHR2={mate[0]};POS2={mate[1]};CT={connection}"],
        "translocation": [
            f"{own[0]} {own[1]} a N <TRA> . PASS SVTYPE=TRA;CHR2={mate[0]};END={mate[1]};CT={connection}"
        ],
    }[way]
    (call,) = pair_mates(read_text(vcf(*rows, assembly=assembly)).calls)
    assert isinstance(call, RearrangementCall)
    assert ends_of(call) == {(*own, sides[0]), (*mate, sides[1])}
    assert call.orientation_is_reliable
    assert call.finding_codes == ()
    assert len(call.mates) == (1 if way == "pair" else 0)


# symbolic allele and flags: offsets of the lower and the upper end from POS and END, and their sides
SYMBOLIC = {
    "<DEL>": ((0, "LEFT"), (1, "RIGHT")),
    "<DUP>": ((1, "RIGHT"), (0, "LEFT")),
    "<DUP:TANDEM>": ((1, "RIGHT"), (0, "LEFT")),
    "<INV> INV3": ((0, "LEFT"), (0, "LEFT")),
    "<INV> INV5": ((1, "RIGHT"), (1, "RIGHT")),
    "<INV> CT=3to3": ((0, "LEFT"), (0, "LEFT")),
    "<INV> CT=5to5": ((1, "RIGHT"), (1, "RIGHT")),
    "<INV> STRANDS=++:7": ((0, "LEFT"), (0, "LEFT")),
    "<INV> STRANDS=--:7": ((1, "RIGHT"), (1, "RIGHT")),
}


@pytest.mark.parametrize("form", SYMBOLIC)
@pytest.mark.parametrize("gene", FgfrGene)
@pytest.mark.parametrize("fgfr_end", [1, 2])
@pytest.mark.parametrize("assembly", Assembly)
@pytest.mark.parametrize("length", ["END", "SVLEN", "both"])
def test_symbolic_junction(form: str, gene: FgfrGene, fgfr_end: int, assembly: Assembly, length: str) -> None:
    contig, pos38 = INSIDE[gene]
    fgfr = int(coords.from_grch38(gene, Pos1(pos38), assembly))
    start, end = (fgfr, fgfr + 400_000) if fgfr_end == 1 else (fgfr - 400_000, fgfr)
    keys = {"END": f"END={end}", "SVLEN": f"SVLEN=-{end - start}", "both": f"END={end};SVLEN={end - start}"}[length]
    alt, _, flag = form.partition(" ")
    row = f"{contig} {start} x N {alt} . PASS SVTYPE={alt[1:4]};{keys}" + (f";{flag}" if flag else "")
    (call,) = read_text(vcf(row, assembly=assembly)).calls
    assert isinstance(call, RearrangementCall)
    (low_shift, low_side), (high_shift, high_side) = SYMBOLIC[form]
    assert ends_of(call) == {(contig, start + low_shift, low_side), (contig, end + high_shift, high_side)}
    assert call.finding_codes == ()


def test_an_inversion_without_a_flag_states_both_junctions() -> None:
    calls = read_text(vcf("chr10 121000000 x N <INV> . PASS SVTYPE=INV;END=121482000")).calls
    assert [ends_of(call) for call in calls if isinstance(call, RearrangementCall)] == [
        {("chr10", 121000000, "LEFT"), ("chr10", 121482000, "LEFT")},
        {("chr10", 121000001, "RIGHT"), ("chr10", 121482001, "RIGHT")},
    ]


def test_a_deletion_and_its_breakend_form_are_the_same_junction() -> None:
    (symbolic,) = read_text(vcf("chr10 121482000 x N <DEL> . PASS SVTYPE=DEL;END=121483000")).calls
    (breakend,) = read_text(vcf("chr10 121482000 x N N[chr10:121483001[ . PASS SVTYPE=BND")).calls
    assert isinstance(symbolic, RearrangementCall)
    assert isinstance(breakend, RearrangementCall)
    assert ends_of(symbolic) == ends_of(breakend)
    assert {side.orientation for side in (symbolic.first, symbolic.second) if side} == {
        Orientation.LEFT,
        Orientation.RIGHT,
    }
