"""Every report sample of ../shared/formats/samples through the front door, compared with what its ORIGIN.md states.

`python -m tests.report_conformance` prints one line per file (per sample of a table that holds several) and ends with 1 if
a line is not ok. A file for which nothing is expected is not ok, so none is forgotten.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fgfr_screen.errors import InputError
from fgfr_screen.screen import screen_sample

SAMPLES = Path(__file__).parents[2] / "shared" / "formats" / "samples"
_SAMPLE_COLUMNS = ("Sample_Id", "Sample_ID", "SAMPLE_ID", "Tumor_Sample_Barcode")


class Expectation(NamedTuple):
    """What a file must give.

    Attributes:
        reader: Name of the reader that claims it.
        events: Names and outcomes, in any order.
        assembly: What the input report says; "" = not compared.
        tumor: Words that the tumour type contains; "" = not compared.
    """

    reader: str
    events: frozenset[str] = frozenset()
    assembly: str = ""
    tumor: str = ""


# From the ORIGIN.md beside each file.
EXPECTED = {
    # FGFR2 with TACC2, type gene fusion, reported, GRCh37.
    "cats/cats_sample_20231211000001.cats": Expectation("cats", frozenset({"FGFR2::TACC2 match"}), "GRCh37"),
    # No fusion and no known hotspot. G>T on the forward strand is C>A in FGFR2, so our text differs from the file's A511V.
    "cats/cats_sample_20231211000006.cats": Expectation("cats", frozenset({"FGFR2 A511E no_match"}), "GRCh37"),
    "cats/cna_input_cats_format.json": Expectation("cats"),
    "cats/format_update_output_v1.2.0.json": Expectation(
        "cats", frozenset({"FGFR2 amplification, fold change 9.65 match"}), "GRCh37"
    ),
    "cats/rearrangements_input_cats_format.json": Expectation("cats"),
    "cbioportal_sv/cats_data_structural_variants.txt": Expectation("cbioportal-sv"),
    "cbioportal_sv/study_es_0_data_structural_variants.txt": Expectation("cbioportal-sv"),
    # Nothing is plausible here. FGFR2 stands in a loss, a low and a high gain; FGFR3 in the high gain, and under LoH;
    # the FGFR3 variant does not fit the coding sequence and is refused.
    "dnpm_mtb/mv64e-mtb-fake-patient.json": Expectation(
        "dnpm",
        frozenset(
            {
                "EGFR::FGFR3 review",
                "FGFR2 copy number gain, 5 copies review",
                "FGFR3 copy number gain, 5 copies review",
                "FGFR2 R165W no_match",
            }
        ),
        "GRCh37",
    ),
    "fhir_genomics/Bundle-mii-braf.json": Expectation("fhir-genomics", tumor="Adenocarcinoma"),
    "fhir_genomics/Bundle-mii-srcc-ctnna1.json": Expectation("fhir-genomics", tumor="Signet ring cell"),
    "foundation_xml/foundationone_heme_testpatient.xml": Expectation("foundation-xml", tumor="osteosarcoma"),
    "oncokb/example_individual_cna.txt": Expectation("oncokb"),
    "oncokb/example_sv.txt": Expectation("oncokb"),
    # DMD_DMD was found and not reported.
    "orange/real.orange.json": Expectation("orange", assembly="GRCh37", tumor="skin melanoma"),
    # The break lies in the kinase; TACC3 is not where the file puts it.
    "pcgr/T001-BRCA.grch38.fusions.tsv": Expectation(
        "pcgr-fusions", frozenset({"FGFR3 rearrangement (intergenic chr4) no_match"}), "GRCh38"
    ),
    "tso500_cvo/ntc_no_variant_CombinedVariantOutput.tsv": Expectation("tso500-cvo"),
    "tso500_cvo/rna_fusions_CombinedVariantOutput.tsv": Expectation(
        "tso500-cvo", frozenset({"FGFR3::TACC3 match", "FGFR3::BAIAP2L1 match"}), "GRCh37"
    ),
}


class Line(NamedTuple):
    """One line of the table."""

    file: str
    reader: str
    events: int
    expected: str
    got: str
    ok: bool


def lines() -> Iterator[Line]:
    """Screen every file and compare."""
    for path in sorted(SAMPLES.glob("*/*")):
        if path.name == "ORIGIN.md":
            continue
        for sample in _samples(path) or [None]:
            yield _line(path, sample)


def _samples(path: Path) -> list[str | None]:
    """Return the samples of a table that holds several, else []."""
    if path.suffix != ".txt":
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader((line for line in stream if not line.startswith("#")), delimiter="\t"))
    column = next((name for name in _SAMPLE_COLUMNS if rows and name in rows[0]), None)
    found = dict.fromkeys(row[column] for row in rows) if column is not None else {}
    return list(found) if len(found) > 1 else []


def _line(path: Path, sample: str | None) -> Line:
    file = f"{path.parent.name}/{path.name}"
    expected = EXPECTED.get(file)
    told = "no expectation" if expected is None else f"{expected.reader}: {_joined(expected.events)}"
    name = file if sample is None else f"{file} [{sample}]"
    try:
        report = screen_sample(path, sample_id=sample)
    except InputError as error:
        return Line(name, "none", 0, told, error.code, ok=False)
    events = frozenset(f"{event.name} {event.outcome.value}" for event in report.events)
    tumor = report.sample.tumor_type
    is_ok = expected is not None and (
        (report.inputs[0].format, events) == (expected.reader, expected.events)
        and expected.assembly in ("", report.inputs[0].assembly.name)
        and expected.tumor.lower() in ("" if tumor is None else tumor.text.lower())
    )
    return Line(name, report.inputs[0].format, len(events), told, _joined(events), is_ok)


def _joined(events: frozenset[str]) -> str:
    return ", ".join(sorted(events)) or "-"


def main() -> int:
    """Print the table."""
    if not SAMPLES.is_dir():
        print("../shared/formats/samples is not beside the project", file=sys.stderr)
        return 2
    table = list(lines())
    rows = [("file", "reader", "events", "expected", "got", "ok"), *(tuple(map(str, line)) for line in table)]
    widths = [min(max(len(row[at]) for row in rows), 70) for at in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell[:width].ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"{sum(line.ok for line in table)} of {len(table)} ok")
    return 0 if all(line.ok for line in table) else 1


if __name__ == "__main__":
    sys.exit(main())
