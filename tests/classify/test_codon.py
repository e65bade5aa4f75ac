"""`fgfr_screen.classify.codon`: substitutions of one codon that were called apart."""

import pytest

from fgfr_screen import isoforms, reference
from fgfr_screen.model import Event, Pos1
from fgfr_screen.screen import ScreenOptions, screen_contents
from fgfr_screen.terms import Assembly, FgfrGene, Outcome
from tests.builders import a_content, a_short_variant_call, from_line


def events_of(gene: str, residue: int, *changes: tuple[int, str], inputs: tuple[str, ...] = ()) -> dict[str, Event]:
    """Screen one call for each (place in the codon 0-2, new base in the direction of transcription)."""
    receptor = FgfrGene(gene)
    mane = isoforms.mane(receptor)
    codon = isoforms.codon(receptor, mane.accession, residue)
    assert codon is not None
    calls = []
    for line, (at, base) in enumerate(changes, start=1):
        pos = Pos1(codon.positions[at])
        ref, alt = isoforms.base_at(receptor, pos), base if mane.strand == "+" else isoforms.reverse_complement(base)
        call = a_short_variant_call(
            contig=mane.contig, pos=pos, ref=ref, alt=alt, assembly=Assembly.GRCH38, gene=None, hgvs_c=None, hgvs_p=None
        )
        calls.append(from_line(call, line, inputs[line - 1] if inputs else "in1"))
    names = sorted({call.source.input for call in calls})
    contents = [a_content(*(one for one in calls if one.source.input == name), input_id=name) for name in names]
    report = screen_contents(contents, ScreenOptions())
    return {event.name: event for event in (*report.events, *report.silent_events)}


def codes(event: Event) -> list[str]:
    return [finding.code for finding in event.findings]


def test_two_listed_changes_of_one_codon_are_for_review() -> None:
    events = events_of("FGFR3", 650, (0, "G"), (1, "T"))
    assert {name: event.outcome for name, event in events.items()} == {
        "FGFR3 K650E": Outcome.REVIEW,
        "FGFR3 K650M": Outcome.REVIEW,
    }
    told = next(finding for finding in events["FGFR3 K650E"].findings if finding.code == "SAME_CODON")
    assert told.message == "K650M changes the same codon; on one allele both make K650V"


def test_a_change_that_the_other_undoes_is_for_review() -> None:
    events = events_of("FGFR3", 249, (0, "A"), (1, "G"))
    assert events["FGFR3 S249C"].outcome is Outcome.REVIEW


def test_no_listed_change_needs_two_bases() -> None:
    rows = [
        row
        for row in reference.hotspots()
        if row.alt_aa and row.residue and row.function.value.startswith("activating")
    ]
    assert rows
    for row in rows:
        mane = isoforms.mane(row.gene)
        codon = isoforms.codon(row.gene, mane.accession, row.residue or 0)
        assert codon is not None
        forward = "".join(isoforms.base_at(row.gene, pos) or "" for pos in sorted(codon.positions))
        bases = forward if mane.strand == "+" else isoforms.reverse_complement(forward)
        makers = [one for one, residue in isoforms.codon_table().items() if residue == row.alt_aa]
        singles = [one for one in makers if sum(map(str.__ne__, one, bases)) == 1]
        assert singles, row.change


@pytest.mark.parametrize(
    ("changes", "inputs"),
    [(((0, "G"),), ()), (((0, "G"), (0, "C")), ()), (((0, "G"), (1, "T")), ("in1", "in2")), (((0, "G"), (2, "A")), ())],
    ids=["alone", "one base", "two files", "same residue"],
)
def test_a_change_without_a_partner_stays_as_it_is(
    changes: tuple[tuple[int, str], ...], inputs: tuple[str, ...]
) -> None:
    events = events_of("FGFR3", 650, *changes, inputs=inputs)
    assert events["FGFR3 K650E"].outcome is Outcome.MATCH
    assert "SAME_CODON" not in codes(events["FGFR3 K650E"])
