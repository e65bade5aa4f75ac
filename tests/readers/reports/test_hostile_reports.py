"""Every report reader: what is damaged or made to do harm is refused by name, within bounds of memory and time."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fgfr_screen.errors import InputError, MalformedFileError
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers.reports._report_xml import XmlReport
from tests.readers.reading import FIXTURES, read_path, read_text
from tests.readers.reports import hostile
from tests.workbooks import workbook

JSON_REPORTS = (
    "caris/negatives.json",
    "cats/patient.cats",
    "dnpm/patient.json",
    "fhir-genomics/patient.json",
    "ipr/patient.json",
    "lab-report/fusion_rna.json",
    "orange/patient.json",
    "phenopacket/patient.json",
    "tempus/patient.json",
)
XML_REPORTS = ("caris/patient.xml", "foundation-xml/patient.xml", "genminetop/patient.xml")
# Allows nothing that grows as the square of the input: the slowest takes less than 3 s on an idle machine.
SECONDS = 60
BYTES = 300 << 20


def text_of(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def test_every_reader_of_reports_is_among_these() -> None:
    folder = Path(hostile.__file__).parents[3] / "fgfr_screen" / "readers" / "reports"
    readers = {path.stem.replace("_", "-") for path in folder.glob("[a-z]*.py")}
    assert readers == {name.partition("/")[0] for name in (*JSON_REPORTS, *XML_REPORTS)}


@pytest.mark.parametrize("name", JSON_REPORTS)
def test_what_is_no_strict_json_is_refused_by_name(name: str) -> None:
    for told, document, code in hostile.json_refusals(text_of(name)):
        with pytest.raises(MalformedFileError) as caught:
            read_text(document)
        assert (caught.value.code, bool(caught.value.remedy)) == (code, True), told
        assert (caught.value.line is None) == (code == "JSON_TOO_DEEP"), told


@pytest.mark.parametrize("name", XML_REPORTS)
def test_what_is_no_safe_xml_is_refused_by_name(name: str) -> None:
    for told, document, code in hostile.xml_refusals(text_of(name)):
        with pytest.raises(InputError) as caught:
            read_text(document)
        assert (caught.value.code, bool(caught.value.remedy), caught.value.line is None) == (code, True, False), told


@pytest.mark.parametrize("name", [name for name in JSON_REPORTS if not name.startswith("lab-report")])
def test_a_wrong_encoding_of_a_json_report_is_told(name: str) -> None:
    content = read_text(hostile.with_member(text_of(name), '"x": "é"').encode("latin-1"))
    assert content.calls == read_path(FIXTURES / name).calls
    assert "NOT_UTF8" in [finding.code for finding in content.report.findings]


@pytest.mark.parametrize(
    ("name", "now", "then"),
    [
        ("cats/patient.cats", '"1.2.1"', '"2.0"'),
        (
            "foundation-xml/patient.xml",
            "<rr:ResultsReport ",
            '<rr:ResultsReport schemaLocation="x ResultsReport.3.0.xsd" ',
        ),
        ("lab-report/fusion_rna.json", '"schema_version": "1.0"', '"schema_version": "2.0"'),
        ("phenopacket/patient.json", '"phenopacketSchemaVersion": "2.0"', '"phenopacketSchemaVersion": "1.0.0"'),
        (
            "phenopacket/achondroplasia.json",
            '"phenopacket_schema_version": "2.0.0"',
            '"phenopacket_schema_version": "1.0"',
        ),
    ],
)
def test_an_unknown_version_is_refused_where_the_form_tells_its_version(name: str, now: str, then: str) -> None:
    assert now in text_of(name)
    with pytest.raises(MalformedFileError) as caught:
        read_text(text_of(name).replace(now, then))
    assert (caught.value.code, caught.value.line is None) == ("UNKNOWN_SCHEMA_VERSION", False)


def test_the_version_of_a_family_is_that_of_its_outermost_packet() -> None:
    packet = json.loads(text_of("phenopacket/patient.json"))
    family = {"proband": packet, "metaData": {"phenopacketSchemaVersion": "1.0"}}
    with pytest.raises(MalformedFileError, match="phenopacket version 2"):
        read_text(json.dumps(family))


def burdened(folder: Path, name: str) -> list[Path]:
    """Write the report as it is, and with everything that changes nothing but its cost."""
    is_json = name in JSON_REPORTS
    text = text_of(name)
    burdens = hostile.json_burdens(text) if is_json else hostile.xml_burdens(text)
    if name.startswith("lab-report"):  # a key that is not known refuses the report: the burden stands in one that is
        report = json.loads(text)
        report["rearrangements"][0]["verbatim"] = "A" * hostile.MEGABYTES_12
        burdens = iter(
            [("12 MB of text", json.dumps(report)), ("12 MB of line ends", text + "\n" * hostile.MEGABYTES_12)]
        )
    paths = []
    for told, document in (("as it is", text), *burdens):
        path = folder / told
        path.write_bytes(document if isinstance(document, bytes) else document.encode())
        paths.append(path)
    return paths


@pytest.mark.parametrize("name", [*JSON_REPORTS, *XML_REPORTS])
def test_burdens_change_no_result_and_stay_within_300_mb(name: str, tmp_path: Path) -> None:
    found, peak = hostile.read_apart(burdened(tmp_path, name))
    assert len({outcome for outcome, _ in found.values()}) == 1, found
    assert max(seconds for _, seconds in found.values()) < SECONDS, found
    assert peak < BYTES


def test_a_million_keys_of_which_two_are_equal_stay_within_300_mb(tmp_path: Path) -> None:
    members = ",".join(f'"k{number}":1' for number in range(900_000))
    path = tmp_path / "keys.json"
    path.write_text(hostile.with_member(text_of("tempus/patient.json"), f'"x":{{{members},"k899999":2}}'))
    found, peak = hostile.read_apart([path])
    outcome, seconds = found["keys.json"]
    assert (outcome, seconds < SECONDS, peak < BYTES) == ("DUPLICATE_KEY", True, True)


# ------------------------------------------------------------------------------------------------ many entries, long words


def grown(value: Any, entries: int) -> Any:
    """Return a report with every list of objects repeated to about a number of entries."""
    if isinstance(value, dict):
        return {key: grown(item, entries) for key, item in value.items()}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return value * (entries // len(value))
    return value


@pytest.mark.parametrize("name", JSON_REPORTS)
def test_thousands_of_entries_are_read_in_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps(grown(json.loads(text_of(name)), 4000)), encoding="utf-8")
    # The keys that tell the form may stand behind so many entries.
    found, peak = hostile.read_apart([path], name.partition("/")[0])
    outcome, seconds = found["many.json"]
    assert (outcome.endswith("calls"), seconds < SECONDS, peak < BYTES) == (True, True, True), found


def test_nested_entries_are_counted_once() -> None:
    alterations = "<Alteration><Name>S249C</Name></Alteration>" * 3
    nested = "<Genes><Gene><Name>FGFR3</Name>" * 60 + alterations + "</Gene></Genes>" * 60
    negatives = "<PertinentNegative>" * 60 + "<Gene>FGFR2</Gene>" + "</PertinentNegative>" * 60
    content = read_text(f"<ResultsReport><FinalReport>{nested}{negatives}</FinalReport></ResultsReport>")
    assert [call.source.place for call in content.calls if call.source.line == 1] == [
        "$.Genes[59].Alterations[0]",
        "$.Genes[59].Alterations[1]",
        "$.Genes[59].Alterations[2]",
        "$.PertinentNegatives[0]",
    ]


def test_the_line_of_an_element_is_found_by_its_place() -> None:
    text = "<root>\n <tests>\n  <a/>\n  <a>\n   <b>x</b>\n  </a>\n </tests>\n</root>"
    with OpenedInput("report.xml", stored=text.encode()) as opened:
        report = XmlReport(opened)
    places = ("$", "$.tests", "$.tests.a[0]", "$.tests.a[1]", "$.tests.a[1].b", "$.tests.a[2]", "$.nowhere")
    assert [report.line_of(place) for place in places] == [1, 2, 3, 4, 5, None, None]
    assert report.root.value == {"tests": {"a": [None, {"b": "x"}]}}


LONG_WORDS = ("1" * 5000, "1e999", "9" * 400 + ".5", "1" * 5000 + "/" + "2" * 5000, "P" + "1" * 5000 + "Y")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [leaf for key, item in members for leaf in leaves(item, (*path, key))] if members else [path]


@pytest.mark.parametrize("name", JSON_REPORTS)
def test_a_number_beyond_all_bounds_is_read_or_refused_by_name(name: str) -> None:
    report = json.loads(text_of(name))
    for path in leaves(report):
        holder = report
        for key in path[:-1]:
            holder = holder[key]
        kept = holder[path[-1]]
        for word in LONG_WORDS:
            holder[path[-1]] = word
            try:
                outcome = read_text(json.dumps(report)).report.format
            except InputError as error:
                outcome = error.code
            assert outcome, path
        holder[path[-1]] = kept


@pytest.mark.parametrize(
    ("name", "now"),
    [
        ("genminetop/patient.xml", "217/700"),
        ("foundation-xml/patient.xml", 'number-of-exons="17 of 17"'),
    ],
)
def test_a_count_beyond_all_bounds_does_not_stop_the_reading_of_xml(name: str, now: str) -> None:
    assert now in text_of(name)
    content = read_text(text_of(name).replace(now, re.sub("[0-9]+", "2" * 5000, now)))
    assert content.calls


# ---------------------------------------------------------------------------------------------------------- workbooks


def guardant(cell: object = None) -> bytes:
    sheets: dict[str, list[tuple[object, ...]]] = {
        "SNV": [("gene", "call", "mut_aa", "note"), ("FGFR3", 1, "S249C", cell)],
        "Indels": [("gene", "call")],
        "CNAs": [("gene", "call", "copy_number")],
        "Fusion": [("gene_a", "gene_b", "call")],
    }
    return workbook(sheets)


def test_a_workbook_with_12_mb_in_a_cell_is_read(tmp_path: Path) -> None:
    paths = [tmp_path / "small.xlsx", tmp_path / "big.xlsx"]
    paths[0].write_bytes(guardant())
    paths[1].write_bytes(guardant("A" * hostile.MEGABYTES_12))
    found, peak = hostile.read_apart(paths)
    assert [outcome for outcome, _ in found.values()] == ["1 calls", "1 calls"]
    assert peak < BYTES


def test_a_damaged_workbook_is_refused() -> None:
    data = guardant()
    for part in (data[: len(data) // 2], data[:-30]):
        with pytest.raises(MalformedFileError) as caught:
            read_text(part)
        assert caught.value.code == "UNSUPPORTED_CONTAINER"


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(guardant())), io.BytesIO()
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in source.namelist():
            changed.writestr(name, source.read(name).decode().replace("</sheetData>", far))
    path = tmp_path / "far.xlsx"
    path.write_bytes(target.getvalue())
    found, peak = hostile.read_apart([path])
    assert (found["far.xlsx"][0], peak < BYTES) == ("FILE_TOO_BIG", True)


def test_a_long_name_of_a_fusion_is_not_tried_at_each_of_its_signs(tmp_path: Path) -> None:
    report = json.loads(text_of("lab-report/fusion_rna.json"))
    report["rearrangements"][0]["name"] = "FGFR2-" * 100_000
    path = tmp_path / "name.json"
    path.write_text(json.dumps(report))
    found, peak = hostile.read_apart([path])
    assert (found["name.json"][0], peak < BYTES) == ("1 calls", True)
