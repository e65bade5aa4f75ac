"""What must not matter: order of records and mates, names of contigs, ends of a BEDPE row, unrelated records, one file or two."""

import json
import random
from pathlib import Path

import pytest

from fgfr_screen.model import SampleReport
from fgfr_screen.report import json as json_report
from fgfr_screen.screen import screen_sample

META = (
    "##fileformat=VCFv4.2",
    "##source=GenerateSVCandidates 1.6.0",
    "##contig=<ID={p}4,length=190214555>",
    "##contig=<ID={p}8,length=145138636>",
    "##contig=<ID={p}10,length=133797422>",
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
FUSION = (
    "{p}10\t58700000\tb1\tT\t[{p}10:121481200[T\t.\tPASS\tSVTYPE=BND;MATEID=b2",
    "{p}10\t121481200\tb2\tA\t[{p}10:58700000[A\t.\tPASS\tSVTYPE=BND;MATEID=b1",
)
RECORDS = (
    *FUSION,
    "{p}4\t1739899\tdup\tN\t<DUP:TANDEM>\t.\tPASS\tSVTYPE=DUP;END=1807200",
    "{p}4\t1801841\t.\tC\tG\t.\tPASS\t.",
    "{p}8\t38417331\t.\tG\tT\t.\tPASS\t.",
)
ACCESSIONS = {"4": "NC_000004.12", "8": "NC_000008.11", "10": "NC_000010.11"}


def vcf(path: Path, records: tuple[str, ...], prefix: str = "chr") -> str:
    lines = [line.replace("{p}", prefix) for line in (*META, COLUMNS, *records)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return str(path)


def by_accession(path: Path) -> str:
    text = "\n".join((*META, COLUMNS, *RECORDS)) + "\n"
    for number, accession in ACCESSIONS.items():
        for before, after in (("=", ","), ("\n", "\t"), ("[", ":")):
            text = text.replace(f"{before}{{p}}{number}{after}", f"{before}{accession}{after}")
    path.write_text(text, encoding="ascii")
    return str(path)


def answer(report: SampleReport) -> object:
    """Return what the patient is told: everything but where it was read."""
    result = json.loads(json_report.render(report))
    events = []
    for event in result["events"]:
        evidence = sorted(
            (e["raw_id"] or "", e["position"].replace("NC_0000", ""), e["filter"]) for e in event["evidence"]
        )
        events.append({**event, "evidence": evidence})
    return events, result["programs"], result["summary"]


@pytest.fixture
def expected(tmp_path: Path) -> object:
    return answer(screen_sample(vcf(tmp_path / "expected.vcf", RECORDS), tumor_type="IHCH"))


def test_the_patient_has_four_events(tmp_path: Path) -> None:
    report = screen_sample(vcf(tmp_path / "a.vcf", RECORDS))
    assert sorted(event.name for event in report.events) == [
        "FGFR1 N546K",
        "FGFR2::BICC1",
        "FGFR3 S249C",
        "FGFR3::TACC3",
    ]


@pytest.mark.parametrize("seed", range(5))
def test_order_of_records_and_mates_does_not_matter(seed: int, tmp_path: Path, expected: object) -> None:
    records = list(RECORDS)
    random.Random(seed).shuffle(records)
    assert answer(screen_sample(vcf(tmp_path / "a.vcf", tuple(records)), tumor_type="IHCH")) == expected


def test_names_of_contigs_do_not_matter(tmp_path: Path, expected: object) -> None:
    assert answer(screen_sample(vcf(tmp_path / "a.vcf", RECORDS, prefix=""), tumor_type="IHCH")) == expected
    assert answer(screen_sample(by_accession(tmp_path / "b.vcf"), tumor_type="IHCH")) == expected


def test_ten_thousand_unrelated_records_do_not_matter(tmp_path: Path, expected: object) -> None:
    rng = random.Random(1)
    noise = [
        f"{{p}}{rng.choice(('4', '8', '10'))}\t{rng.randint(50_000_000, 100_000_000)}\t.\tA\tT\t.\tPASS\t."
        for _ in range(10_000)
    ]
    mixed = [*RECORDS, *noise]
    rng.shuffle(mixed)
    report = screen_sample(vcf(tmp_path / "a.vcf", tuple(mixed)), tumor_type="IHCH")
    assert answer(report) == expected
    assert report.accounting.records == 10_005
    assert report.accounting.outside_fgfr == 10_000


def test_one_file_or_two_does_not_matter(tmp_path: Path, expected: object) -> None:
    one, other = vcf(tmp_path / "one.vcf", RECORDS[::2]), vcf(tmp_path / "other.vcf", RECORDS[1::2])
    split = answer(screen_sample(one, other, tumor_type="IHCH"))
    for got, wanted in zip(split, expected, strict=True):  # type: ignore[call-overload]  # both are triples
        assert without_mate_notes(got) == without_mate_notes(wanted)


def without_mate_notes(part: object) -> object:
    """Leave out that a mate is in another file, which is the one thing that may differ."""
    if not isinstance(part, list):
        return part
    return [
        {**item, "findings": [f for f in item["findings"] if f["code"] != "MATE_MISSING"]}
        if "evidence" in item
        else item
        for item in part
    ]


@pytest.mark.parametrize("swapped", [False, True])
def test_ends_of_a_bedpe_row_do_not_matter(swapped: bool, tmp_path: Path) -> None:
    ends = [("chr10", 121481199, 121481200, "-"), ("chr10", 58699999, 58700000, "-")]
    if swapped:
        ends.reverse()
    (one, other) = ends
    row = (*one[:3], *other[:3], "call", "60", one[3], other[3])
    path = tmp_path / "a.bedpe"
    path.write_text("##dialect=gridss\n" + "\t".join(map(str, row)) + "\n", encoding="ascii")
    report = screen_sample(str(path), assembly="GRCh38")
    assert [(event.id, event.name, event.outcome) for event in report.events] == [
        ("8c49fe6a146a", "FGFR2::BICC1", "match")
    ]


def test_assembly_does_not_change_the_id(tmp_path: Path) -> None:
    shifted = tmp_path / "old.vcf"
    shifted.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=10,length=135534747>\n" + COLUMNS
        + "\n10\t60459760\t.\tT\t[10:123240714[T\t.\tPASS\tSVTYPE=BND\n",
        encoding="ascii",
    )  # fmt: skip
    old = screen_sample(str(shifted)).events
    new = screen_sample(vcf(tmp_path / "new.vcf", FUSION)).events
    assert [event.id for event in old] == [event.id for event in new]
    both = screen_sample(str(shifted), str(tmp_path / "new.vcf")).events
    assert [(event.id, len(event.evidence)) for event in both] == [(new[0].id, 3)]
