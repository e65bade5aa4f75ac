"""`fgfr_screen.events`: id, name, category, ends and evidence of an event."""

import hashlib

import pytest
from hypothesis import given, settings
from msgspec import structs

from fgfr_screen.annotate.copy_number import annotate_copy_number
from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.classify.copy_number import classify_copy_number
from fgfr_screen.classify.rearrangement import classify_rearrangement
from fgfr_screen.events import (
    category_of,
    copy_number_event,
    event_id,
    event_order,
    evidence_of,
    origin_of,
    rearrangement_event,
    vaf_of,
)
from fgfr_screen.facts import ExpressionFacts
from fgfr_screen.merge import merge_copy_numbers, merge_rearrangements
from fgfr_screen.model import Breakend, CopyNumberCall, Event, ExpressionCall, Pos1, RearrangementCall
from fgfr_screen.terms import (
    AlterationClass,
    Assembly,
    Category,
    CopyNumberUnit,
    DeclaredStructure,
    EventKind,
    FgfrGene,
    GeneOrder,
    KinaseDomain,
    Origin,
    Outcome,
)
from tests.builders import (
    FIVE,
    GRCH37,
    GRCH38,
    LEFT,
    RIGHT,
    THREE,
    a_call,
    a_copy_number_call,
    a_joined,
    a_named_call,
    a_source,
    an_end,
    an_fgfr2_bicc1_call,
    an_rna_call,
    from_line,
    intergenic,
    measured,
    named,
    other_product,
    turned,
)
from tests.strategies import patients

FUSION = DeclaredStructure.FUSION


def events_of(*calls: RearrangementCall) -> list[Event]:
    found = [annotate_rearrangement(from_line(call, line)) for line, call in enumerate(calls, 1)]
    groups = merge_rearrangements([facts for facts in found if facts is not None])
    return [rearrangement_event(group, classify_rearrangement(group, None)) for group in groups]


def event_of(*calls: RearrangementCall) -> Event:
    events = events_of(*calls)
    assert len(events) == 1
    return events[0]


def copies_event(*calls: CopyNumberCall) -> Event:
    found = [annotate_copy_number(from_line(call, line)) for line, call in enumerate(calls, 1)]
    (group,) = merge_copy_numbers([facts for facts in found if facts is not None], ())
    return copy_number_event(group, classify_copy_number(group))


# ------------------------------------------------------------------------------------------------------------ category

STRUCTURAL = (AlterationClass.FUSION, AlterationClass.REARRANGEMENT)
AMPLIFIED = (AlterationClass.AMPLIFICATION, AlterationClass.PARTIAL_AMPLIFICATION, AlterationClass.COPY_NUMBER_GAIN)
NOTHING = (
    AlterationClass.BENIGN,
    AlterationClass.VUS,
    AlterationClass.SILENT,
    AlterationClass.COPY_NUMBER_NEUTRAL,
    AlterationClass.COPY_NUMBER_LOSS,
)


@pytest.mark.parametrize("gene", list(FgfrGene))
@pytest.mark.parametrize("alteration", list(AlterationClass))
def test_each_class_belongs_to_one_question(gene: FgfrGene, alteration: AlterationClass) -> None:
    if alteration in NOTHING:
        expected = Category.NONE
    elif gene is FgfrGene.FGFR2 and alteration in STRUCTURAL:
        expected = Category.FGFR2_FUSION_OR_REARRANGEMENT
    elif gene is FgfrGene.FGFR2 and alteration in AMPLIFIED:
        expected = Category.FGFR2_AMPLIFICATION
    elif gene is FgfrGene.FGFR3 and alteration not in AMPLIFIED:
        expected = Category.FGFR3_ALTERATION
    else:
        expected = Category.OTHER_FGFR_ALTERATION
    assert category_of(gene, alteration) is expected


# ------------------------------------------------------------------------------------------------------------------ id


def test_an_id_is_12_hex_digits_of_a_sha256_over_gene_kind_and_coordinates() -> None:
    expected = hashlib.sha256(b"FGFR2|rearrangement|a|b").hexdigest()[:12]
    assert event_id(FgfrGene.FGFR2, EventKind.REARRANGEMENT, "a", "b") == expected


@pytest.mark.parametrize(
    ("partner", "where"),
    [
        ("BICC1", "intron 2"),
        ("BICC1", "exon 3 first base"),
        ("SORBS1", "intron 5"),
        ("TACC2", "intron 7"),
        ("ATE1", "intron 9"),
    ],
)
@pytest.mark.parametrize("fgfr", ["intron 17", "exon 18", "exon 17 last base", "intron 5"])
def test_one_junction_has_one_id_on_both_assemblies(fgfr: str, partner: str, where: str) -> None:
    one, other = (event_of(a_joined("FGFR2", fgfr, partner, where, build)) for build in Assembly)
    assert one.id == other.id


@pytest.mark.parametrize(("old", "new"), [("intron 2", "intron 1"), ("intron 3", "intron 2")])
def test_a_partner_with_other_exon_numbers_on_the_older_assembly_has_one_id(old: str, new: str) -> None:
    """BEND3 has one more exon in its GRCh37 row."""
    one = event_of(a_joined("FGFR2", "intron 17", "BEND3", old, GRCH37))
    other = event_of(a_joined("FGFR2", "intron 17", "BEND3", new, GRCH38))
    assert one.id == other.id


@pytest.mark.parametrize(
    ("fgfr", "where", "other"),
    [("FGFR2", "intron 17", None), ("FGFR2", "intron 17", "intron 9"), ("FGFR3", "downstream", None)],
)
def test_an_intergenic_or_internal_event_has_one_id_on_both_assemblies(
    fgfr: str, where: str, other: str | None
) -> None:
    ids = set()
    for build in Assembly:
        partner = intergenic(assembly=build) if other is None else an_end(fgfr, other, THREE, build)
        ids.add(event_of(a_call(an_end(fgfr, where, FIVE, build), partner, assembly=build)).id)
    assert len(ids) == 1


def test_a_hijack_far_from_fgfr3_has_one_id_on_both_assemblies() -> None:
    """Only the older gene table has a segment of the locus (IGHA2) at this base."""
    ids = set()
    for build, pos, igh in ((GRCH37, 1_950_000, 106_054_500), (GRCH38, 1_948_273, 105_588_642)):
        ends = (
            Breakend(contig="chr4", pos=Pos1(pos), orientation=RIGHT),
            Breakend(contig="chr14", pos=Pos1(igh), orientation=LEFT),
        )
        ids.add(event_of(a_call(*ends, assembly=build)).id)
    assert len(ids) == 1


def test_an_id_does_not_depend_on_the_end_told_first_or_the_file_or_the_class() -> None:
    call = an_fgfr2_bicc1_call()
    plain = event_of(call)
    assert event_of(turned(call)).id == plain.id
    assert event_of(structs.replace(call, caller="another", source=a_source(input="in7", line=99))).id == plain.id
    lowered = event_of(structs.replace(call, no_support=True))
    assert (lowered.outcome, lowered.id) == (Outcome.REVIEW, plain.id)


def test_other_breaks_partners_and_sides_have_other_ids() -> None:
    calls = [
        an_fgfr2_bicc1_call(),
        a_joined("FGFR2", "intron 16", "BICC1", "intron 2"),
        a_joined("FGFR2", "intron 17", "BICC1", "intron 3"),
        a_joined("FGFR2", "intron 17", "SHTN1", "intron 2"),
        a_joined("FGFR3", "intron 17", "BICC1", "intron 2"),
        other_product(an_fgfr2_bicc1_call()),
        a_call(an_end("FGFR2", "intron 17"), None),
        a_call(an_end("FGFR2", "intron 17"), intergenic()),
        a_named_call("FGFR2", "BICC1", declared=FUSION),
    ]
    ids = [event_of(call).id for call in calls]
    assert len(set(ids)) == len(ids)


def test_the_copies_of_a_gene_have_one_id_whatever_the_number() -> None:
    assert copies_event(a_copy_number_call(38)).id == copies_event(measured(0.1, CopyNumberUnit.LOG2_RATIO)).id
    assert copies_event(a_copy_number_call(8, "FGFR1")).id != copies_event(a_copy_number_call(8, "FGFR2")).id


@given(calls=patients())
@settings(deadline=None, max_examples=60)
def test_ids_do_not_depend_on_the_order_of_calls(calls: list[RearrangementCall]) -> None:
    found = [annotate_rearrangement(from_line(call, line)) for line, call in enumerate(calls, 1)]
    facts = [one for one in found if one is not None]
    ids = [
        sorted((e.id, e.alteration_class, e.outcome) for g in merge_rearrangements(order) for e in [_judged(g)])
        for order in (facts, facts[::-1])
    ]
    assert ids[0] == ids[1]


def _judged(group: object) -> Event:
    return rearrangement_event(group, classify_rearrangement(group, None))  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------------------------- name


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (an_fgfr2_bicc1_call(), "FGFR2::BICC1"),
        (a_call(an_end("TACC1", "intron 2", FIVE), an_end("FGFR1", "intron 9", THREE)), "TACC1::FGFR1"),
        (a_call(an_end("FGFR2", "intron 17"), an_end("TACC2", "intron 7", FIVE)), "FGFR2 rearrangement (TACC2)"),
        (a_call(an_end("FGFR2", "intron 17"), intergenic()), "FGFR2 rearrangement (intergenic chr13)"),
        (a_call(an_end("FGFR2", "intron 17"), None), "FGFR2 rearrangement (partner not given)"),
        (a_named_call("FGFR2", "BICC1", declared=FUSION), "FGFR2::BICC1"),
        (a_named_call("FGFR2", "NOVEL1", declared=FUSION), "FGFR2 rearrangement (NOVEL1)"),
        (a_named_call("FGFR2", "NOVEL1", declared=FUSION, order=GeneOrder.ASSERTED), "FGFR2::NOVEL1"),
        (
            structs.replace(a_named_call("FGFR2"), second=Breakend(states_no_gene=True)),
            "FGFR2 rearrangement (intergenic)",
        ),
        (
            a_call(an_end("FGFR2", "intron 17", FIVE), an_end("FGFR2", "intron 9", THREE)),
            "FGFR2 internal duplication",
        ),
        (
            a_call(an_end("FGFR1", "intron 17", FIVE), an_end("FGFR1", "intron 9", THREE)),
            "FGFR1 exon 10-17 tandem duplication",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_name_joins_two_genes_only_in_the_order_of_transcription(call: RearrangementCall, name: str) -> None:
    assert event_of(call).name == name


def test_copies_are_named_with_the_number_that_decided() -> None:
    assert copies_event(a_copy_number_call(38)).name == "FGFR2 amplification, 38 copies"
    assert copies_event(measured(1.7, CopyNumberUnit.FOLD_CHANGE)).name == "FGFR2 copy number gain, fold change 1.7"
    assert copies_event(a_copy_number_call()).name == "FGFR2 not assessable"


# ---------------------------------------------------------------------------------------------------------------- ends


def test_the_five_prime_end_stands_first_whichever_gene_it_is() -> None:
    event = event_of(an_fgfr2_bicc1_call())
    assert event.five_prime is not None
    assert event.three_prime is not None
    assert (event.five_prime.gene, event.five_prime.intron) == ("FGFR2", 17)
    assert (event.three_prime.gene, event.three_prime.intron) == ("BICC1", 2)
    other = event_of(a_call(an_end("TACC1", "intron 2", FIVE), an_end("FGFR1", "intron 9", THREE)))
    assert other.five_prime is not None
    assert other.three_prime is not None
    assert (other.five_prime.gene, other.three_prime.gene) == ("TACC1", "FGFR1")


def test_fgfr_stands_first_when_the_order_is_not_known() -> None:
    event = event_of(a_named_call("BICC1", "FGFR2", declared=FUSION))
    assert event.five_prime is not None
    assert event.five_prime.gene == "FGFR2"


def test_the_event_tells_what_was_found_out() -> None:
    event = event_of(an_fgfr2_bicc1_call(untemplated_sequence="ACG", homology_length=2, vaf=0.3))
    assert (event.kind, event.gene, event.category) == (
        EventKind.REARRANGEMENT,
        FgfrGene.FGFR2,
        Category.FGFR2_FUSION_OR_REARRANGEMENT,
    )
    assert (event.kinase_domain, event.retained_exons, event.partner_tier) == (KinaseDomain.RETAINED, "1-17", "A")
    assert (event.untemplated_sequence, event.homology_length, event.vaf) == ("ACG", 2, 0.3)
    assert event.in_strand is True


def test_the_lead_tells_the_event_and_every_call_is_evidence() -> None:
    dna, rna, back = an_fgfr2_bicc1_call(), an_rna_call("FGFR2", 17, "BICC1", 3), other_product(an_fgfr2_bicc1_call())
    event = event_of(rna, back, dna)
    assert [line.line for line in event.evidence] == [1, 2, 3]
    assert event.five_prime is not None
    assert event.five_prime.intron == 17


def test_copy_number_tells_all_its_numbers() -> None:
    event = copies_event(
        a_copy_number_call(9.4, copies_min=2.0, copies_max=9.4, ploidy=2.0, purity=0.6, first_exon=1, last_exon=17)
    )
    assert (event.copies, event.copies_min, event.copies_max) == (9.4, 2.0, 9.4)
    assert (event.ploidy, event.purity, event.retained_exons) == (2.0, 0.6, "1-17")
    assert event.alteration_class is AlterationClass.PARTIAL_AMPLIFICATION
    assert event.threshold is not None
    ratio = copies_event(measured(1.7, CopyNumberUnit.FOLD_CHANGE))
    assert (ratio.fold_change, ratio.log2_ratio, ratio.scale) == (1.7, None, CopyNumberUnit.FOLD_CHANGE)


def test_expression_without_copies_is_an_event_that_cannot_be_told() -> None:
    call = ExpressionCall(source=a_source(), gene="FGFR2", stain="FGFR2b", text="3+")
    (group,) = merge_copy_numbers((), (ExpressionFacts(call=call, gene=FgfrGene.FGFR2),))
    event = copy_number_event(group, classify_copy_number(group))
    assert (event.alteration_class, event.outcome) == (AlterationClass.NOT_ASSESSABLE, Outcome.UNDETERMINED)
    assert event.evidence[0].text == "3+"


# ------------------------------------------------------------------------------------------------------------ evidence


def test_a_mate_is_a_line_of_evidence_of_its_own() -> None:
    call = an_fgfr2_bicc1_call(source=a_source(line=7, raw_id="b"), mates=(a_source(line=3, raw_id="a"),))
    lines = evidence_of([call])
    assert [(line.line, line.raw_id) for line in lines] == [(3, "a"), (7, "b")]
    assert len({line.position for line in lines}) == 1


def test_evidence_is_in_the_order_of_the_files() -> None:
    calls = [from_line(an_fgfr2_bicc1_call(), line, name) for name, line in (("in2", 1), ("in1", 5), ("in1", 2))]
    assert [(line.input, line.line) for line in evidence_of(calls)] == [("in1", 2), ("in1", 5), ("in2", 1)]


def test_evidence_gives_places_as_the_source_does() -> None:
    (line,) = evidence_of([a_call(an_end("FGFR2", "exon 17 last base"), None, filter_text="LowQual")])
    assert line.position == "chr10:121483698 (right kept)"
    assert line.filter == "LowQual"
    assert line.assembly is GRCH38
    (nameless,) = evidence_of([a_named_call("FGFR2", "BICC1")])
    assert nameless.position is None
    (segment,) = evidence_of([a_copy_number_call(8, contig="chr10", start=Pos1(5), end=Pos1(9))])
    assert segment.position == "chr10:5-9"


@pytest.mark.parametrize(
    ("stated", "origin"),
    [
        ((Origin.UNKNOWN,), Origin.UNKNOWN),
        ((Origin.SOMATIC, Origin.UNKNOWN), Origin.SOMATIC),
        ((Origin.SOMATIC, Origin.GERMLINE), Origin.UNKNOWN),
        ((Origin.GERMLINE, Origin.GERMLINE), Origin.GERMLINE),
    ],
)
def test_the_origin_is_what_the_calls_that_state_one_agree_on(stated: tuple[Origin, ...], origin: Origin) -> None:
    assert origin_of([an_fgfr2_bicc1_call(origin=one) for one in stated]) is origin


def test_the_highest_allele_fraction_is_told() -> None:
    assert vaf_of([an_fgfr2_bicc1_call(vaf=vaf) for vaf in (0.1, None, 0.4)]) == 0.4
    assert vaf_of([an_fgfr2_bicc1_call()]) is None


def test_events_come_surest_first_then_by_kind_and_name() -> None:
    fusion, cut = event_of(an_fgfr2_bicc1_call()), event_of(a_joined("FGFR2", "intron 5", "BICC1", "intron 2"))
    copies = copies_event(a_copy_number_call(38))
    named_only = event_of(structs.replace(a_named_call("FGFR2"), second=named("N/A")))
    assert sorted([cut, named_only, copies, fusion], key=event_order) == [fusion, copies, named_only, cut]
