"""Passing over the entries of other genes changes no result: every report is read with it and, entry by entry, without it."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen.errors import InputError
from fgfr_screen.readers import _report_gate
from fgfr_screen.readers._api import OpenedInput, ReadOptions, readers
from fgfr_screen.readers._report_gate import is_elsewhere, is_other_gene, is_text, search_by_gene
from fgfr_screen.readers._report_json import Node
from fgfr_screen.readers.reports import _report_head
from tests.readers.reading import FIXTURES
from tests.report_emitters import EMITTERS, Patient

REPORT_READERS = ("caris", "cats", "dnpm", "fhir-genomics", "ipr", "lab-report", "orange", "phenopacket", "tempus")
SAMPLES = Path(__file__).parents[4] / "shared" / "formats" / "samples"

# A word of each kind that a gene, an id, a text or a position may be, and what stands where it does not belong.
WORDS = (
    "FGFR2", " fgfr3 ", "KSAM", "CD332", "FGFR2, FGFR3", "TACC2;FGFR1", "FGFR2::BICC1", "FGFR", "FGFR4", "FGFR1OP",
    "H4", "BEK", "FLG", "\u0424GFR2", "FGFR\uff12", "1-Mar", "43891", "#NAME?", "N/A", ".", "", "  ", "unknown",
    "TP53", "tp53", "X" * 60, "FGFR2 " + "x" * 60, "HGNC:3689", "hgnc:3690 ", "3688", "2263", "HGNC:11998", "11998",
    "NM_000141.5", "ENSG00000066468.24", "ENST00000440486", "chr10", "10q26", "c.746C>G", "Amplification", "cnv",
    "copy number gain of FGFR2", "hg18", "T2T-CHM13", "GRCh38", "Wild Type", "germline",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2263, 3689, 1.5, 1803568, 121_500_000, 123_300_000, 38_300_000, 2**62)
WRONG_TYPES: tuple[Any, ...] = (True, False, [], ["FGFR2"], {}, {"gene": "FGFR2"}, [{"gene": "FGFR2"}], [[]])
VALUES: tuple[Any, ...] = (None, *WORDS, *NUMBERS, *WRONG_TYPES)
FURTHER_KEYS = (
    "gene", "hgncId", "gene5", "gene3", "referenceGenome", "variantType", "variantDescription", "genomicSourceClass",
    "biomarkerName", "translocation", "expressionAlteration", "transcripts", "position", "display", "code",
)  # fmt: skip


class Listed(NamedTuple):
    """A list of a report whose entries are passed over: fixture, way to the list, and an entry of another gene."""

    fixture: str
    way: tuple[str | int, ...]
    entry: dict[str, Any]

    @property
    def reader(self) -> str:
        return self.fixture.partition("/")[0]

    def report(self, entries: list[Any]) -> bytes:
        """Return the fixture with other entries in the list."""
        document = json.loads((FIXTURES / self.fixture).read_bytes())
        place = document
        for step in self.way[:-1]:
            place = place[step]
        place[self.way[-1]] = entries
        return json.dumps(document, indent=1).encode()


SMALL = {"variantType": "SNV", "variantDescription": "Missense", "mutationEffect": "p.R175H", "therapies": []}
TP53 = {"gene": "TP53", "hgncId": "11998"}
PLACE = {"chromosome": "17", "position": 7578406, "ref": "C", "alt": "T"}
NEAR = {"chromosome": "10", "position": 123279677, "ref": "G", "alt": "C"}
CATS = {"itemId": "v9", "chromosome": "17", "reported": True, "transcripts": [{"geneSymbol": "TP53"}]}
LISTS = (
    Listed("tempus/patient.json", ("results", "somaticVariantsOfUnknownSignificance"), {**TP53, **SMALL}),
    Listed("tempus/patient.json", ("results", "inheritedRelevantVariants"), {"gene": "MYC", "copyNumber": 1}),
    Listed(
        "tempus/patient.json", ("results", "somaticPotentiallyActionableMutations"), {**TP53, "variants": [SMALL, {}]}
    ),
    Listed("tempus/family_3.json", ("genomicVariants", "unknownSignificance"), {
        "variantType": "snvIndels", "variantDetails": [{**TP53, "genomicSourceClass": "somatic"}]
    }),
    Listed("orange/patient.json", ("purple", "somaticVariants"), {"gene": "TP53", **PLACE, "adjustedVAF": 0.5}),
    Listed("orange/patient.json", ("purple", "somaticVariants"), {"gene": "TP53", **NEAR}),
    Listed("tempus/patient.json", ("results", "somaticVariantsOfUnknownSignificance"), {**TP53, **NEAR}),
    Listed("tempus/patient.json", ("results", "somaticBiologicallyRelevantVariants"), {
        **TP53, "nucleotideAlteration": "chr4:1803568:C:G"
    }),
    Listed("ipr/patient.json", ("smallMutations",), {
        "gene": "TP53", "ncbiBuild": "GRCh37", "startPosition": 123279677, "chromosome": "10", "hgvsCds": "c.1A>G"
    }),
    Listed("dnpm/patient.json", ("ngsReports", 0, "results", "simpleVariants"), {
        "gene": {"display": "TP53"}, "position": {"start": 123279677}, "chromosome": "chr10", "dnaChange": "c.1A>G"
    }),
    Listed("cats/patient.cats", ("variants", "copyNumberAlterations"), {
        **CATS, "chromosome": "10", "startPosition": 123237844, "endPosition": 123357972
    }),
    Listed("caris/negatives.json", ("tests", 0, "testResults"), {
        "copyNumberAlteration": {
            "gene": "TP53", "result": "Amplified", "genomicCoordinates": "GRCh37:chr10:123237844-123357972"
        }
    }),
    Listed("orange/patient.json", ("purple", "allSomaticGeneCopyNumbers"), {"gene": "TP53", "minCopyNumber": 1.0}),
    Listed("ipr/patient.json", ("copyVariants",), {"gene": "TP53", "cna": 1, "kbCategory": "shallow deletion"}),
    Listed("ipr/patient.json", ("smallMutations",), {"gene": "TP53", "ncbiBuild": "GRCh37", "germline": False}),
    Listed("dnpm/patient.json", ("ngsReports", 0, "results", "simpleVariants"), {
        "gene": {"code": "HGNC:11998", "display": "TP53"}, "position": {"start": 7578406}, "chromosome": "chr17"
    }),
    Listed("cats/patient.cats", ("variants", "shortVariants"), {**CATS, "position": 7578406}),
    Listed("cats/patient.cats", ("variants", "copyNumberAlterations"), {**CATS, "startPosition": 7}),
    Listed("caris/negatives.json", ("tests", 0, "testResults"), {
        "genomicAlteration": {"gene": "TP53", "result": "Wild Type", "wildtypeBiomarker": True}
    }),
    Listed("caris/negatives.json", ("tests", 0, "testResults"), {
        "copyNumberAlteration": {"gene": "MYC", "result": "Amplified", "copyNumber": "9"}
    }),
)  # fmt: skip
NAMES = [f"{listed.fixture} {listed.way[-1]} {index}" for index, listed in enumerate(LISTS)]


def outcome(reader: str, report: bytes, *, entry_by_entry: bool = False) -> object:
    """Read a report; an error stands for what it says."""
    with pytest.MonkeyPatch.context() as patch, OpenedInput("report", stored=report) as opened:
        if entry_by_entry:
            patch.setattr(Node, "items_except", lambda self, _: (self.items(), 0))
        try:
            return readers()[reader].read(opened, ReadOptions())
        except InputError as error:
            return type(error), str(error), error.code, error.line


def assert_equal_outcomes(reader: str, report: bytes) -> None:
    assert outcome(reader, report) == outcome(reader, report, entry_by_entry=True)


def ways_of(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value inside."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield (step,)
        yield from ((step, *rest) for rest in ways_of(member))


def changed(entry: Any, way: tuple[str | int, ...], value: Any) -> Any:
    """Return a copy of an entry with another value at a way; a way that the entry has not leaves it as it is."""
    found = copy.deepcopy(entry)
    place = found
    try:
        for step in way[:-1]:
            place = place[step]
        place[way[-1]] = value
    except (KeyError, IndexError, TypeError):
        pass
    return found


def all_ways(listed: Listed) -> list[tuple[str | int, ...]]:
    objects = [way for way in ways_of(listed.entry) if isinstance(_at(listed.entry, way), dict)]
    further = [(*way, key) for way in ((), *objects) for key in FURTHER_KEYS]
    return list(dict.fromkeys((*ways_of(listed.entry), *further)))


def _at(entry: Any, way: tuple[str | int, ...]) -> Any:
    for step in way:
        entry = entry[step]
    return entry


@pytest.mark.parametrize("listed", LISTS, ids=NAMES)
def test_entries_of_other_genes_are_passed_over(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[Node] = []
    passed = 0
    plain = Node.items_except

    def watched(node: Node, find_left: _report_gate.Search) -> tuple[list[Node], int]:
        nonlocal passed
        found, settled = plain(node, find_left)
        left.extend(found)
        passed += settled
        return found, settled

    report = listed.report([listed.entry, listed.entry])
    without = listed.report([])
    monkeypatch.setattr(Node, "items_except", watched)
    outcome(listed.reader, without)
    left_without, passed_without = len(left), passed
    outcome(listed.reader, report)
    assert len(left) == 2 * left_without
    assert passed >= 2 * passed_without + 2


@pytest.mark.parametrize("listed", LISTS, ids=NAMES)
def test_every_value_at_every_place_of_an_entry_gives_the_same_result(listed: Listed) -> None:
    for value in VALUES:
        entries = [changed(listed.entry, way, value) for way in all_ways(listed)]
        assert_equal_outcomes(listed.reader, listed.report([listed.entry, *entries, value]))
        assert_equal_outcomes(listed.reader, listed.report(value))


@pytest.mark.parametrize("listed", LISTS, ids=NAMES)
def test_every_value_of_a_wrong_type_gives_the_same_error(listed: Listed) -> None:
    for way in all_ways(listed):
        for value in WRONG_TYPES:
            assert_equal_outcomes(listed.reader, listed.report([listed.entry, changed(listed.entry, way, value)]))


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_changes_of_some_entries_give_the_same_result(data: st.DataObject) -> None:
    listed = data.draw(st.sampled_from(LISTS))
    change = st.tuples(st.sampled_from(all_ways(listed)), st.sampled_from(VALUES))
    entries = []
    for changes in data.draw(st.lists(st.lists(change, max_size=4), min_size=1, max_size=5)):
        entry = listed.entry
        for way, value in changes:
            entry = changed(entry, way, value)
        entries.append(entry)
    assert_equal_outcomes(listed.reader, listed.report(entries))


@pytest.mark.parametrize("reader", REPORT_READERS)
def test_every_fixture_and_invented_patient_gives_the_same_result(reader: str) -> None:
    reports = [path.read_bytes() for path in (FIXTURES / reader).iterdir() if ".expected." not in path.name]
    if reader in EMITTERS:
        reports += [EMITTERS[reader].write(patient) for patient in (Patient(), Patient(False, 2.0, False))]
    assert reports
    for report in reports:
        assert_equal_outcomes(reader, report)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/formats/samples is not beside the project")
def test_every_sample_of_others_gives_the_same_result() -> None:
    folders = {"cats": "cats", "dnpm_mtb": "dnpm", "fhir_genomics": "fhir-genomics", "orange": "orange"}
    reports = [(reader, path) for name, reader in folders.items() for path in (SAMPLES / name).glob("*.[jc]*")]
    assert len(reports) > 5
    for reader, path in reports:
        assert_equal_outcomes(reader, path.read_bytes())


def test_a_caris_row_of_two_genes_or_of_a_stain_is_read() -> None:
    listed = LISTS[-1]
    rows = [
        {"translocation": {"gene": "TP53", "gene1": "FGFR2", "gene2": "BICC1", "result": "Fusion Detected"}},
        {"expressionAlteration": {"gene": ["TP53", "FGFR3"], "result": "Positive"}},
    ]
    assert_equal_outcomes(listed.reader, listed.report(rows))


# ------------------------------------------------------------------------------------------------------- the questions


@pytest.mark.parametrize("symbol", ["TP53", " tp53", "FGFR4", "FGFR1OP", "TACC2,BICC1"])
def test_a_plain_name_of_another_gene_is_one(symbol: str) -> None:
    assert is_other_gene(symbol)
    assert is_other_gene(symbol, "HGNC:11998")
    assert is_other_gene(symbol, "11998")


@pytest.mark.parametrize(
    "symbol",
    [
        "FGFR2",
        "fgfr3",
        "KSAM",
        "TACC2,FGFR2",
        "HGNC:3689",
        "2263",
        "NM_000141.5",
        "1-Mar",
        "",
        " ",
        "N/A",
        "\u0424",
        "GENE17",
        "H4",
        None,
        1,
    ],
)
def test_anything_else_is_left_to_the_reader(symbol: object) -> None:
    assert not is_other_gene(symbol)
    assert not is_other_gene(symbol)  # asked again, when words met before are known


@pytest.mark.parametrize("hgnc_id", ["3688", "HGNC:3689", " hgnc: 3690 ", 11998, True, ["x"]])
def test_an_id_of_a_receptor_or_of_a_wrong_type_is_left_to_the_reader(hgnc_id: object) -> None:
    assert not is_other_gene("TP53", hgnc_id)


def test_only_short_names_and_not_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: set[str] = set()
    monkeypatch.setattr(_report_gate, "_names_of_others", kept)
    monkeypatch.setattr(_report_gate, "_NAMES_LIMIT", 2)
    assert all(map(is_other_gene, ["TP53," * 9, "TP53", "FGFR4", "MYC"]))
    assert kept == {"TP53", "FGFR4"}


def test_a_position_is_elsewhere_only_outside_every_window_on_any_chromosome() -> None:
    assert [is_elsewhere(pos) for pos in (None, 1, 7578406, 2**62)] == [True] * 4
    near = [1803568, 38_300_000, 38_420_000, 121_500_000, 123_300_000]
    assert not any(map(is_elsewhere, [*near, 0, -1, 7.0, "7", True]))


def test_what_is_read_as_text_without_an_error_is_text() -> None:
    assert all(map(is_text, ("", "x", 1, 1.5, None)))
    assert not any(map(is_text, (True, [], {})))


def test_only_an_object_is_an_entry() -> None:
    assert search_by_gene("gene")([{"gene": "TP53"}, "TP53", ["gene"], None, {"gene": "MYC"}]) == [1, 2, 3]


# ------------------------------------------------------------------------------------------------- start of the report


def test_both_searches_of_the_start_give_the_same_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("stringzilla")
    paths = [path for reader in REPORT_READERS for path in (FIXTURES / reader).iterdir()]
    found = []
    for few in (10**9, 0):
        monkeypatch.setattr(_report_head, "_FEW_QUESTIONS", few)
        for path in paths:
            with OpenedInput(str(path)) as opened:
                claims = [reader.sniff(opened.head) for reader in readers().values()]
                found.append((path, claims))
    assert found[: len(paths)] == found[len(paths) :]
    assert _report_head._fast_find() is not bytes.find


@pytest.mark.parametrize(
    ("gene", "number", "is_left"),
    [
        ("TP53", None, False),
        ("TP53", "11998", False),
        ("PANEL_GENE_7", "11998", False),
        ("PANEL_GENE_7", None, True),
        ("PANEL_GENE_7", "unknown", True),
        ("PANEL_GENE_7", "3689", True),
        ("TP53", 3689, True),
        ("KGFR", "11998", True),
        ("10q26.13", "11998", True),
        ("", "11998", True),
        ("FGFR2.1", "11998", True),
    ],
)
def test_a_word_that_is_not_known_is_passed_over_by_its_number(gene: str, number: Any, is_left: bool) -> None:
    left = _report_gate.search_by_gene("gene", "hgncId")
    for _ in range(2):  # the second time from what was kept
        assert bool(left([{"gene": gene, "hgncId": number}])) is is_left
