"""DNPM records: segments without genes, genes by transcript, values as text or object."""

import json
from typing import Any

import pytest

from fgfr_screen.model import CopyNumberCall, InputContent, RearrangementCall
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.terms import Assembly, GeneOrder
from tests.readers.reading import FIXTURES, read_text

Entry = dict[str, Any]
BICC1 = {"gene": {"code": "HGNC:19351", "display": "BICC1"}}


def read(kind: str, entry: Entry, *, build: str | None = "HG19", options: ReadOptions | None = None) -> InputContent:
    """Read a record whose only result is one entry of a kind."""
    record = json.loads((FIXTURES / "dnpm/patient.json").read_text(encoding="utf-8"))
    (sequencing,) = record["ngsReports"]
    sequencing["results"] = {kind: [entry]}
    sequencing["metadata"] = [] if build is None else [{"referenceGenome": build}]
    return read_text(json.dumps(record), options, reader="dnpm")


def segment(start: int, end: int, **more: Any) -> Entry:
    return {
        "chromosome": "chr10",
        "startRange": {"start": start},
        "endRange": {"start": end},
        "totalCopyNumber": 20,
        "reportedAffectedGenes": [],
        "type": {"code": "high-level-gain"},
        **more,
    }


def counted(content: InputContent) -> tuple[int, int, int]:
    counts = content.accounting
    assert counts is not None
    return counts.outside_fgfr, counts.in_events, counts.rejected


@pytest.mark.parametrize("affected", [[], [{"code": "HGNC:782", "display": "ATE1"}]])
def test_a_segment_counts_for_the_gene_that_it_covers(affected: list[Entry]) -> None:
    content = read("copyNumberVariants", segment(123_000_000, 124_000_000, reportedAffectedGenes=affected))
    (call,) = content.calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.contig, call.start, call.measures[0].value) == ("FGFR2", "chr10", 123_000_000, 20)
    assert call.assembly is Assembly.GRCH37
    assert counted(content) == (0, 1, 0)


def test_a_segment_beside_the_gene_is_outside() -> None:
    assert counted(read("copyNumberVariants", segment(123_360_000, 124_000_000))) == (1, 0, 0)
    assert counted(read("copyNumberVariants", segment(123_000_000, 124_000_000) | {"chromosome": "chr11"})) == (1, 0, 0)


def test_a_gene_of_neutral_loss_is_not_covered() -> None:
    neutral = [{"code": "HGNC:3689", "display": "FGFR2"}]
    entry = segment(123_000_000, 124_000_000, copyNumberNeutralLoH=neutral)
    assert counted(read("copyNumberVariants", entry)) == (1, 0, 0)


def test_a_segment_on_an_unknown_build_is_refused_where_one_build_has_the_gene() -> None:
    entry = segment(123_000_000, 124_000_000)
    content = read("copyNumberVariants", entry, build=None)
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("ASSEMBLY_UNKNOWN", True)]
    assert counted(content) == (0, 0, 1)
    for build, expected in ((Assembly.GRCH37, (0, 1, 0)), (Assembly.GRCH38, (1, 0, 0))):
        told = read("copyNumberVariants", entry, build=None, options=ReadOptions(assembly=build))
        assert counted(told) == expected


def test_a_segment_that_covers_the_gene_on_every_build_needs_none() -> None:
    (call,) = read("copyNumberVariants", segment(100_000_000, 130_000_000), build=None).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.gene, call.assembly) == ("FGFR2", None)


def test_a_refused_segment_touches_fgfr_by_its_place() -> None:
    content = read("copyNumberVariants", segment(123_000_000, 124_000_000, totalCopyNumber="many"))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("REPORT_VALUE", True)]
    content = read("copyNumberVariants", segment(1_000, 2_000, totalCopyNumber="many") | {"startRange": {"start": "x"}})
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("REPORT_VALUE", False)]


@pytest.mark.parametrize("transcript", ["ENST00000358487", {"value": "ENST00000358487.10"}, {"value": "NM_000141.5"}])
def test_a_transcript_names_the_gene_of_a_partner(transcript: object) -> None:
    five = {"transcriptId": transcript, "exonId": "17"}
    content = read("rnaFusions", {"fusionPartner5prime": five, "fusionPartner3prime": BICC1})
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.exon, call.second.genes, call.order) == (17, ("BICC1",), GeneOrder.ASSERTED)
    assert call.first.genes[0].startswith(("ENST", "NM_"))
    assert counted(content) == (0, 1, 0)


def test_a_gene_stands_over_its_transcript() -> None:
    five = {"gene": {"code": "HGNC:3689", "display": "FGFR2"}, "transcriptId": "NM_005228.5", "exonId": "17"}
    content = read("rnaFusions", {"fusionPartner5prime": five, "fusionPartner3prime": BICC1})
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert (call.first.genes, call.first.transcript) == (("FGFR2",), "NM_005228.5")


def test_ids_alone_name_the_genes() -> None:
    five = {"gene": {"code": "HGNC:3689"}}
    content = read("dnaFusions", {"fusionPartner5prime": five, "fusionPartner3prime": BICC1})
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.first.genes == ("FGFR2",)
    assert counted(content) == (0, 1, 0)


# ------------------------------------------------------------------------------------- places and bands without gene

NAMED_BY_PLACE = {
    "fusionPartner5prime": {"chromosome": "chr10", "position": 123241373},
    "fusionPartner3prime": {"chromosome": "chr10", "gene": {"code": "HGNC:19351", "display": "BICC1"}},
}


def read_ipr(entry: Any, *, options: ReadOptions | None = None) -> InputContent:
    record = json.loads((FIXTURES / "ipr/patient.json").read_text(encoding="utf-8"))
    record |= {"structuralVariants": [entry], "copyVariants": [], "smallMutations": []}
    return read_text(json.dumps(record), options, reader="ipr")


IPR_BY_PLACE = {"eventType": "fusion", "gene1": None, "gene2": "BICC1", "breakpoint": "10:123241373|10:60421247"}


@pytest.mark.parametrize("lab", ["dnpm", "ipr"])
def test_a_place_without_gene_or_build_is_refused_and_touches(lab: str) -> None:
    content = read("dnaFusions", NAMED_BY_PLACE, build=None) if lab == "dnpm" else read_ipr(IPR_BY_PLACE)
    assert refusals(content) == [("ASSEMBLY_UNKNOWN", True)]
    assert counted(content) == (0, 0, 1)


@pytest.mark.parametrize("lab", ["dnpm", "ipr"])
def test_a_place_without_gene_is_a_call_where_the_build_is_known(lab: str) -> None:
    options = ReadOptions(assembly=Assembly.GRCH37)
    if lab == "dnpm":
        content = read("dnaFusions", NAMED_BY_PLACE, build=None, options=options)
    else:
        content = read_ipr(IPR_BY_PLACE, options=options)
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.assembly is Assembly.GRCH37


@pytest.mark.parametrize("position", [50_000_000, 135_000_000])
def test_a_place_that_no_assembly_gives_fgfr_is_outside_whatever_the_build(position: int) -> None:
    partner = {"chromosome": "chr10", "position": position}
    assert counted(read("dnaFusions", NAMED_BY_PLACE | {"fusionPartner5prime": partner}, build=None)) == (1, 0, 0)


def refusals(content: InputContent) -> list[tuple[str, bool]]:
    return [(row.code, row.touches_fgfr) for row in content.rejected]


def test_a_band_in_the_place_of_a_gene_is_refused_and_touches() -> None:
    band = {"chromosome": "chr10", "gene": {"display": "10q26.13"}, "dnaChange": "c.1A>G", "proteinChange": "p.S252W"}
    content = read("simpleVariants", band)
    assert refusals(content) == [("AMBIGUOUS_SYMBOL", True)]
    other_band = band | {"gene": {"display": "10q26.3"}}
    assert counted(read("simpleVariants", other_band)) == (1, 0, 0)


def test_a_band_beside_a_receptor_tells_where_its_partner_lies() -> None:
    (call,) = read_ipr({"eventType": "fusion", "gene1": "FGFR2", "gene2": "10q26.13"}).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("FGFR2",), ("10q26.13",))
