"""Arriba: directions, neighbours that are no partners, order, confidence, and the file of discarded events."""

from pathlib import Path

import pytest

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import RearrangementCall
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import AlterationClass, FilterStatus, GeneOrder, Orientation, Outcome
from tests.readers.reading import FIXTURES, read_path, read_text, table

VERSION2 = FIXTURES / "arriba" / "version2.tsv"
VERSION1 = FIXTURES / "arriba" / "version1_grch37.tsv"
ROWS = [line.split("\t") for line in VERSION2.read_text().splitlines()]
HEADER, BICC1 = ROWS[0], ROWS[1]


def row(**changes: object) -> list[object]:
    """Return the FGFR2::BICC1 row with other cells, by column name."""
    names = [name.lstrip("#").replace("(gene/fusion)", "") for name in HEADER]
    cells: list[object] = list(BICC1)
    for name, value in changes.items():
        cells[names.index(name)] = value
    return cells


def call_of(**changes: object) -> RearrangementCall:
    (call,) = read_text(table(HEADER, row(**changes)), reader="arriba").calls
    assert isinstance(call, RearrangementCall)
    return call


@pytest.mark.parametrize(
    ("directions", "kept"),
    [
        (("downstream", "upstream"), (Orientation.LEFT, Orientation.RIGHT)),
        (("upstream", "downstream"), (Orientation.RIGHT, Orientation.LEFT)),
        (("downstream", "downstream"), (Orientation.LEFT, Orientation.LEFT)),
        (("upstream", "upstream"), (Orientation.RIGHT, Orientation.RIGHT)),
    ],
)
def test_directions_are_kept_sides(directions: tuple[str, str], kept: tuple[Orientation, Orientation]) -> None:
    call = call_of(direction1=directions[0], direction2=directions[1])
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation) == kept


def test_without_directions_the_strands_of_the_transcript_tell_the_kept_sides() -> None:
    call = call_of(direction1=".", direction2=".")
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation) == (Orientation.RIGHT, Orientation.RIGHT)


@pytest.mark.parametrize("strand", ["-/.", "."])
def test_a_transcript_strand_that_is_not_known_leaves_the_order_unknown(strand: str) -> None:
    assert call_of(strand1=strand).order is GeneOrder.UNKNOWN
    assert call_of().order is GeneOrder.ASSERTED


@pytest.mark.parametrize("neighbours", ["GENEA(123),GENEB(456)", "TACC2(90),ATE1(2)", ".", "WDR11(12)"])
def test_neighbours_of_a_place_between_genes_are_never_a_partner(neighbours: str) -> None:
    call = call_of(gene2=neighbours, strand2="./+", breakpoint2="13:55000000")
    assert call.second is not None
    assert call.second.genes == ()
    assert call.second.states_no_gene


def test_an_intergenic_partner_stays_one_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "fusions.tsv"
    path.write_text(table(HEADER, row(gene2="BICC1(123),PHYHIPL(456)", strand2="./+", breakpoint2="13:55000000")))
    (event,) = screen_sample(path, tumor_type="IHCH").events
    assert event.name == "FGFR2 rearrangement (intergenic chr13)"
    assert (event.alteration_class, event.outcome) == (AlterationClass.REARRANGEMENT, Outcome.MATCH)


@pytest.mark.parametrize("confidence", ["low", "medium", "high"])
def test_confidence_is_a_rank_and_no_filter(confidence: str) -> None:
    call = call_of(confidence=confidence)
    assert (call.filter, call.filter_text) == (FilterStatus.UNFILTERED, f"confidence {confidence}")


def test_reads_are_summed() -> None:
    call = call_of(split_reads1=3, split_reads2=4, discordant_mates=5)
    assert (call.split_reads, call.spanning_pairs) == (7, 5)
    assert call_of(split_reads1=".").split_reads is None


def test_a_join_of_two_5_prime_parts_is_not_declared_a_fusion() -> None:
    assert call_of(type="inversion/5'-5'").declared is None


def test_versions_1_and_2_differ_in_order_only() -> None:
    (old,) = read_path(VERSION1).calls
    assert isinstance(old, RearrangementCall)
    assert (old.first.orientation, old.declared_frame, old.split_reads) == (Orientation.RIGHT, "in_frame", 21)


def test_an_internal_duplication_is_no_fusion() -> None:
    report = screen_sample(VERSION2)
    internal = [event for event in report.events if any(line.line == 5 for line in event.evidence)]
    assert [event.alteration_class for event in internal] == [AlterationClass.INTERNAL_TANDEM_DUPLICATION]
    assert internal[0].name.startswith("FGFR3 ")


# ------------------------------------------------------------------------------------------------- discarded events


def test_a_file_of_discarded_events_is_refused_by_its_content() -> None:
    rows = [row(filters="min_support"), row(filters="duplicates(4),relative_support")]
    with pytest.raises(MalformedFileError, match="discarded") as caught:
        read_text(table(HEADER, *rows))
    assert (caught.value.code, caught.value.line) == ("DISCARDED_FUSIONS", 2)
    assert "fusions.tsv" in caught.value.remedy


def test_a_file_of_discarded_events_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "fusions.discarded.tsv"
    path.write_text(VERSION2.read_text())
    with pytest.raises(MalformedFileError) as caught:
        read_path(path)
    assert caught.value.code == "DISCARDED_FUSIONS"


def test_a_discarded_event_among_calls_has_failed() -> None:
    content = read_text(table(HEADER, row(), row(filters="duplicates(4),mismappers")))
    assert [(call.filter, call.filter_text) for call in content.calls] == [
        (FilterStatus.UNFILTERED, "confidence high"),
        (FilterStatus.FAILED, "duplicates(4),mismappers"),
    ]
