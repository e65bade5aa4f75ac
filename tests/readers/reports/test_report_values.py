"""Values of reports that do not belong: nothing where an object should be, words that contradict each other, dates, no reads."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgfr_screen.errors import FgfrScreenError
from fgfr_screen.model import CopyNumberCall, InputContent
from fgfr_screen.readers._api import OpenedInput, ReadOptions, readers
from fgfr_screen.readers._report_entries import date_of, has_no_reads
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import DeclaredCopyNumber, Outcome
from tests.readers.reading import FIXTURES, read_text

JSON_REPORTS = ("caris", "cats", "dnpm", "fhir-genomics", "ipr", "lab-report", "orange", "phenopacket", "tempus")
FOREIGN: tuple[Any, ...] = (None, "", "x", 7, True, [], [None], {})


def reports_of(reader: str) -> list[Any]:
    """Return every fixture of a reader that is a JSON document."""
    found = []
    for path in sorted((FIXTURES / reader).iterdir()):
        if ".expected." not in path.name and path.suffix in (".json", ".cats"):
            with_text = path.read_text(encoding="utf-8-sig")
            found += [json.loads(with_text)] if with_text.lstrip().startswith("{") else []
    return found


def with_foreign(document: Any) -> Iterator[Any]:
    """Yield a document once for every object and list in it, with every member of that replaced by a foreign value."""
    waiting = [document]
    while waiting:
        place = waiting.pop()
        for key in list(place) if isinstance(place, dict) else range(len(place)):
            kept = place[key]
            for value in FOREIGN:
                place[key] = value
                yield document
            place[key] = kept
            waiting += [kept] if isinstance(kept, dict | list) else []


@pytest.mark.parametrize("reader", JSON_REPORTS)
def test_a_foreign_value_at_any_place_is_read_or_refused_by_name(reader: str) -> None:
    documents = reports_of(reader)
    assert documents
    for document in documents:
        for changed in with_foreign(copy.deepcopy(document)):
            with OpenedInput("report", stored=json.dumps(changed).encode()) as opened:
                try:
                    content = readers()[reader].read(opened, ReadOptions())
                except FgfrScreenError as error:
                    assert error.code != "INTERNAL_ERROR"
                else:
                    assert content.accounting is not None


def tempus(name: str, *way: str | int, value: Any) -> InputContent:
    document = json.loads((FIXTURES / "tempus" / name).read_text(encoding="utf-8"))
    place = document
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return read_text(json.dumps(document), reader="tempus")


@pytest.mark.parametrize("kind", ["fusions", "cnvs", "snvIndels", "isoforms", "other"])
@pytest.mark.parametrize("value", [None, "", "x"])
def test_a_tempus_detail_that_is_no_object_is_refused_with_its_place(kind: str, value: object) -> None:
    group = [{"variantType": kind, "variantDetails": [value, {"gene5": "AHCYL1", "gene3": "FGFR2", "gene": "FGFR2"}]}]
    content = tempus("family_3.json", "genomicVariants", "potentiallyActionable", value={"variants": group})
    place = "$.genomicVariants.potentiallyActionable.variants[0].variantDetails[0]"
    assert (content.rejected[0].code, content.rejected[0].message.startswith(place)) == ("REPORT_VALUE", True)


# ------------------------------------------------------------------------------------------- words that contradict


def declared_by_tempus(kind: str, description: str | None, copies: Any = None) -> CopyNumberCall:
    entry = {"gene": "FGFR2", "variantType": kind, "variantDescription": description, "copyNumber": copies}
    content = tempus("patient.json", "results", "somaticPotentiallyActionableCopyNumberVariants", value=[entry])
    return next(call for call in content.calls if isinstance(call, CopyNumberCall))


@pytest.mark.parametrize(
    ("kind", "description", "declared"),
    [
        ("amplification", "Copy number loss", DeclaredCopyNumber.AMPLIFICATION),
        ("deletion", "Copy number gain", DeclaredCopyNumber.GAIN),
    ],
)
def test_words_of_gain_and_loss_together_need_a_reader(
    kind: str, description: str, declared: DeclaredCopyNumber
) -> None:
    call = declared_by_tempus(kind, description)
    assert (call.declared, call.finding_codes) == (declared, ("TEXT_NEEDS_REVIEW",))
    assert call.text == f"{kind}, {description}"


def test_words_that_agree_declare_what_the_first_says() -> None:
    call = declared_by_tempus("amplification", "Copy number gain")
    assert (call.declared, call.finding_codes, call.text) == (
        DeclaredCopyNumber.AMPLIFICATION,
        (),
        "Copy number gain",
    )


def test_caris_words_of_gain_and_loss_together_need_a_reader() -> None:
    row = {"gene": "FGFR2", "result": "Amplified", "copyNumberType": "Loss"}
    document = json.loads((FIXTURES / "caris/negatives.json").read_text(encoding="utf-8"))
    document["tests"] = [{"testName": "Exome", "testResults": [{"copyNumberAlteration": row}]}]
    (call,) = read_text(json.dumps(document), reader="caris").calls
    assert (call.finding_codes, call.text) == (("TEXT_NEEDS_REVIEW",), "Amplified, Loss")


@pytest.mark.parametrize(
    ("description", "copies"), [("Copy number loss", "0"), (None, "0"), ("Copy number loss", None)]
)
def test_an_amplification_that_something_contradicts_is_for_review(
    description: str | None, copies: str | None, tmp_path: Path
) -> None:
    document = json.loads((FIXTURES / "tempus/patient.json").read_text(encoding="utf-8"))
    results = document["results"]
    for key, listed in results.items():
        results[key] = [] if isinstance(listed, list) else listed
    entry = {"gene": "FGFR2", "variantType": "amplification", "variantDescription": description, "copyNumber": copies}
    results["somaticPotentiallyActionableCopyNumberVariants"] = [entry]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document))
    (event,) = screen_sample(path).events
    assert event.outcome is Outcome.REVIEW


# ------------------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        (" 2026-03-20 ", "2026-03-20"),
        ("2026-03-20T10:15:00Z", "2026-03-20"),
        ("2026-03-20T10:15:00.125+01:00", "2026-03-20"),
        ("2026-03-20 10:15", "2026-03-20"),
        (None, None),
        ("", None),
        ("n/a", None),
    ],
)
def test_an_iso_date_is_kept_as_its_day(text: str | None, date: str | None) -> None:
    assert date_of(text) == (date, ())


@pytest.mark.parametrize(
    "text",
    [
        "Zzyzxname",
        "1931-02-27 Zzyzxname",
        "Zzyzxname 2026-03-20",
        "27.02.1931",
        "2026-13-01",
        "2026-03-32",
        "2026-3-2",
        "2026T10:15",
        "2026-03T10:15",
        "20260320",
        "\u0662\u0660\u0662\u0666",
        "2026-03-20T10:15 at Zzyzxname",
    ],
)
def test_any_other_text_is_left_out_and_not_quoted(text: str) -> None:
    date, findings = date_of(text)
    assert (date, [finding.code for finding in findings]) == (None, ["REPORT_VALUE"])
    assert text not in findings[0].message


def dated(reader: str, text: str) -> str:
    """Return a report of a form whose specimen was collected at a date."""
    if reader == "foundation-xml":
        return f"<ResultsReport><FinalReport><CollDate>{text}</CollDate></FinalReport><variant-report/></ResultsReport>"
    if reader == "dnpm":
        document = json.loads((FIXTURES / "dnpm/patient.json").read_text(encoding="utf-8"))
        document["specimens"][0]["collection"] = {"date": text}
    elif reader == "caris":
        document = json.loads((FIXTURES / "caris/negatives.json").read_text(encoding="utf-8"))
        sample = {"tumorSpecimenInformation": {"specimenCollectionDate": text}}
        document["specimenInformation"] = sample
    else:
        specimen = {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": text}}
        report = {"resourceType": "DiagnosticReport", "status": "final", "code": {"coding": [{"code": "51969-4"}]}}
        entries = [{"resource": one} for one in (specimen, report)]
        document = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(document)


@pytest.mark.parametrize("reader", ["caris", "dnpm", "fhir-genomics", "foundation-xml"])
def test_only_a_date_is_told_as_the_day_of_collection(reader: str) -> None:
    (kept, *_) = read_text(dated(reader, "2026-03-20T09:00:00Z"), reader=reader).specimens
    assert kept.collected == "2026-03-20"
    content = read_text(dated(reader, "by Zzyzxname"), reader=reader)
    assert content.specimens[0].collected is None
    assert "REPORT_VALUE" in [finding.code for finding in content.report.findings]
    assert "Zzyzxname" not in repr(content)


# ---------------------------------------------------------------------------------------------------------- no reads


@pytest.mark.parametrize(("counts", "is_unseen"), [((0,), True), ((None, 0), True), ((0, 3), False), ((None,), False)])
def test_counts_that_are_all_zero_are_no_support(counts: tuple[int | None, ...], is_unseen: bool) -> None:
    assert has_no_reads(*counts) is is_unseen


FUSION = (
    '<rearrangement targeted-gene="FGFR2" other-gene="BICC1" type="fusion" in-frame="Yes" supporting-read-pairs="{}"/>'
)


@pytest.mark.parametrize(("pairs", "outcome"), [("0", Outcome.REVIEW), ("12", Outcome.MATCH), ("", Outcome.MATCH)])
def test_a_foundation_fusion_without_reads_is_for_review(pairs: str, outcome: Outcome, tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(f"<variant-report><rearrangements>{FUSION.format(pairs)}</rearrangements></variant-report>")
    (event,) = screen_sample(path).events
    assert event.outcome is outcome
    assert ("NO_TUMOR_SUPPORT" in [finding.code for finding in event.findings]) is (pairs == "0")


PAIR = {"five": {"gene": {"display": "FGFR2"}}, "three": {"gene": {"display": "BICC1"}}}


def with_reads(reader: str, count: int) -> InputContent:
    """Read a report of one event that so many reads show."""
    if reader == "cats":
        document = json.loads((FIXTURES / "cats/patient.cats").read_text(encoding="utf-8"))
        ends = [{"transcripts": [{"geneSymbol": gene}]} for gene in ("FGFR2", "BICC1")]
        entry: Any = {"breakends": ends, "rearrangementType": "gene fusion", "supportingReadCount": count}
        document["variants"] = {"rearrangements": [entry]}
    elif reader == "dnpm":
        document = json.loads((FIXTURES / "dnpm/patient.json").read_text(encoding="utf-8"))
        entry = {"fusionPartner5prime": PAIR["five"], "fusionPartner3prime": PAIR["three"], "reportedNumReads": count}
        document["ngsReports"][0]["results"] = {"rnaFusions": [entry]}
    else:
        document = json.loads((FIXTURES / "ipr/patient.json").read_text(encoding="utf-8"))
        small = {"gene": "FGFR3", "hgvsProtein": "p.S249C", "tumourAltCount": count, "tumourDepth": 50}
        fusion = {"eventType": "fusion", "gene1": "FGFR2", "gene2": "BICC1", "tumourAltCount": count}
        document |= {"smallMutations": [small], "structuralVariants": [fusion], "copyVariants": []}
    return read_text(json.dumps(document), reader=reader)


@pytest.mark.parametrize("reader", ["cats", "dnpm", "ipr"])
@pytest.mark.parametrize("count", [0, 9])
def test_calls_without_reads_have_no_support(reader: str, count: int) -> None:
    calls = with_reads(reader, count).calls
    assert [call.no_support for call in calls] == [count == 0] * (2 if reader == "ipr" else 1)
