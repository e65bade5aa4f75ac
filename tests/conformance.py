"""Every caller file of ../shared/realdata through the front door, compared with what its source says.

`python -m tests.conformance` prints one line per file, or per sample of a file that holds several, and ends with 1 if a
line is not ok. What is expected comes from the `expected.tsv` beside the files; here is only how each of these tables is
read. A file for which nothing is expected is not ok, so none is forgotten.

Compared are all structural events, and the other events that a person has to look at: genes in 5' to 3' order, and whether
the kinase of the FGFR is kept where the source tells.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fgfr_screen import genes
from fgfr_screen.errors import InputError
from fgfr_screen.model import Event, EventEnd
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import EventKind, FgfrGene, KinaseDomain, Outcome

REALDATA = Path(__file__).parents[2] / "shared" / "realdata"
# Tables of a paper: truth for other tests, not output of a caller.
_PAPERS = ("zingg2022_fmi_hmf",)
_NOT_INPUTS = ("ORIGIN.md", "expected.tsv")
_SAMPLE_COLUMNS = ("sample", "#sample")
# Names of clones (AC123767.1) change between releases of GENCODE.
ANY_GENE = "any gene"


class Pair(NamedTuple):
    """Two genes in order, and the fate of the kinase: `kept`, `lost`, "" = not told."""

    five: str
    three: str
    kinase: str = ""

    def __str__(self) -> str:
        return f"{self.five}::{self.three}" + (f" kinase {self.kinase}" if self.kinase else "")


class Expectation(NamedTuple):
    """What a file, or one sample of it, must give: events, or the code of the refusal.

    `merged` are the other products of balanced events: each is an event of its own or part of the first product's.
    """

    file: str
    sample: str | None = None
    events: tuple[Pair, ...] = ()
    merged: tuple[Pair, ...] = ()
    refusal: str = ""


class Line(NamedTuple):
    """One line of the table."""

    file: str
    sample: str
    reader: str
    events: int
    expected: str
    got: str
    ok: bool


def lines() -> Iterator[Line]:
    """Screen every file and compare."""
    known = {(one.file, one.sample): one for one in expectations()}
    for path in sorted(REALDATA.glob("*/*")):
        if path.parent.name in _PAPERS or path.name in _NOT_INPUTS:
            continue
        file = f"{path.parent.name}/{path.name}"
        for sample in samples(path) or [None]:
            yield _line(path, sample, known.get((file, sample)))


def _line(path: Path, sample: str | None, expected: Expectation | None) -> Line:
    found: list[Pair] = []
    refusal, reader = "", "none"
    try:
        report = screen_sample(path, sample_id=sample)
    except InputError as error:
        refusal = error.code
    else:
        reader = report.inputs[0].format
        found = sorted(pair_of(event) for event in report.events if _counts(event))
    told = "no expectation" if expected is None else expected.refusal or ", ".join(map(str, expected.events)) or "-"
    is_ok = expected is not None and refusal == expected.refusal and _agree(found, expected)
    got = refusal or ", ".join(map(str, found)) or "-"
    return Line(f"{path.parent.name}/{path.name}", sample or "", reader, len(found), told, got, is_ok)


def _counts(event: Event) -> bool:
    return event.kind is EventKind.REARRANGEMENT or event.outcome in (Outcome.MATCH, Outcome.REVIEW)


def pair_of(event: Event) -> Pair:
    """Return the genes of a structural event in order; the name of any other event stands for its first gene."""
    if event.kind is not EventKind.REARRANGEMENT:
        return Pair(event.name, "")
    fates = {KinaseDomain.RETAINED: "kept", KinaseDomain.LOST: "lost", KinaseDomain.PARTLY: "lost"}
    ends = (_symbol(event.five_prime), _symbol(event.three_prime))
    return Pair(*ends, fates.get(event.kinase_domain or KinaseDomain.UNKNOWN, ""))


def _symbol(end: EventEnd | None) -> str:
    return "?" if end is None else end.gene or "intergenic"


def _agree(found: list[Pair], expected: Expectation) -> bool:
    """Tell whether every event was expected, and every expected one was found."""
    left = sorted(expected.events, key=lambda one: ANY_GENE in one)
    for pair in found:
        fitting = next((one for one in left if _fits(pair, one)), None)
        if fitting is not None:
            left.remove(fitting)
        elif not any(_fits(pair, one) for one in expected.merged):
            return False
    return not left


def _fits(found: Pair, expected: Pair) -> bool:
    names_fit = all(one in (other, ANY_GENE) for one, other in zip(expected[:2], found[:2], strict=True))
    return names_fit and expected.kinase in ("", found.kinase)


def samples(path: Path) -> list[str | None]:
    """Return the samples of a table that holds several, else []."""
    rows = _rows(path) if path.suffix == ".tsv" else []
    column = next((name for name in (rows[0] if rows else {}) if name.lower() in _SAMPLE_COLUMNS), None)
    found = dict.fromkeys(row[column] for row in rows) if column is not None else {}
    return list(found) if len(found) > 1 else []


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        table = (line for line in stream if not line.startswith("# "))
        return list(csv.DictReader(table, delimiter="\t", restval="", quoting=csv.QUOTE_NONE))


# ------------------------------------------------------------------------------------------------ what is expected


def expectations() -> Iterator[Expectation]:
    """Read every `expected.tsv`."""
    for folder, reading in _READINGS.items():
        yield from reading(folder, _rows(REALDATA / folder / "expected.tsv"))


def _without_events(folder: str, rows: list[dict[str, str]]) -> Iterator[Expectation]:
    for row in rows:
        if row["expected"].startswith("no FGFR1-3 event"):
            yield Expectation(f"{folder}/{row['file']}")


def _chimerascan(folder: str, rows: list[dict[str, str]]) -> Iterator[Expectation]:
    assert any("hg18 must be refused" in row["expected"] for row in rows)
    yield Expectation(f"{folder}/example.chimerascan.fgfr.bedpe", refusal="HG18_REFUSED")
    # Beside it only as an example of the older columns: its one gene pair is KMT2A and MLLT10.
    yield Expectation(f"{folder}/arriba_v1_layout.tsv")


def _by_columns(folder: str, rows: list[dict[str, str]]) -> Iterator[Expectation]:
    """Read the tables with `five_prime` and `three_prime`; a decoy row adds nothing to its file."""
    for row in rows:
        file = f"{folder}/{row['file']}"
        if row["sample"].startswith("all other"):
            others = [name for name in samples(REALDATA / file) if name != "RT112"]
            yield from (Expectation(file, name) for name in others)
        elif row["five_prime"]:
            sample = row["sample"] if row["sample"] in samples(REALDATA / file) else None
            yield Expectation(file, sample, (Pair(row["five_prime"], row["three_prime"], "kept"),))


def _hmftools(folder: str, rows: list[dict[str, str]]) -> Iterator[Expectation]:
    for row in rows:
        fusion = re.match(r"fusion (\S+) 5' -> (\S+) 3'", row["event"])
        events = (Pair(fusion[1], fusion[2], "kept"),) if fusion else ()
        yield Expectation(f"{folder}/{row['file']}", events=events)


_KINASE_WORDS = {"Yes": "kept", "No": "lost"}


def _openpbta(folder: str, rows: list[dict[str, str]]) -> Iterator[Expectation]:
    """One event a sample and fusion, whatever the number of callers; the other samples have no FGFR row.

    `Partial` of FGFR2 breaks at the exon 17 donor, so our rule keeps the kinase.
    """
    file = f"{folder}/putative_driver.fgfr.tsv"
    events: dict[str | None, list[Pair]] = {name: [] for name in samples(REALDATA / file)}
    for row in {(row["sample"], row["fusion"]): row for row in rows}.values():
        five, three = row["fusion"].split("--")
        word = row["kinase_retained_gene1A"]
        kinase = "kept" if word == "Partial" else _KINASE_WORDS[word]
        events[row["sample"]].append(Pair(five, _approved(three), kinase))
    yield from (Expectation(file, name, tuple(pairs)) for name, pairs in events.items())


_KINASE_READINGS = {
    "kinase kept": "kept",
    "broken 5'": "lost",
    "3' part starts at E18": "lost",
    "3' part starts inside": "lost",
}


def _tcga(folder: str, rows: list[dict[str, str]]) -> Iterator[Expectation]:
    """One event a row; of two rows of one sample with the same genes, the product with FGFR behind may be part of the other."""
    file = f"{folder}/final_fusion_mmc2.fgfr.tsv"
    in_front = {(row["sample"], row["fusion"]) for row in rows if row["fgfr_end"] == "5'"}
    events: dict[str | None, list[Pair]] = {name: [] for name in samples(REALDATA / file)}
    merged: dict[str | None, list[Pair]] = {name: [] for name in events}
    for row in rows:
        if row["fgfr"] not in FgfrGene.__members__:
            continue
        reading = row["derived_kinase_reading"]
        kinase = next((fate for words, fate in _KINASE_READINGS.items() if reading.startswith(words)), "")
        names = row["fusion"].split("--")
        has_first_product = (row["sample"], "--".join(reversed(names))) in in_front
        chosen = merged if row["fgfr_end"] == "3'" and has_first_product else events
        chosen[row["sample"]].append(Pair(_approved(names[0]), _approved(names[1]), kinase))
    yield from (Expectation(file, name, tuple(pairs), tuple(merged[name])) for name, pairs in events.items())
    star_fusion = f"{folder}/merged_starfusion_tcga.fgfr.tsv"
    for name in samples(REALDATA / star_fusion):
        # ORIGIN.md: two rows of one fusion of FGFR1, and rows of other genes.
        pairs = (Pair("NSD3", "FGFR1"),) if name == "TCGA-E2-A15A-01A" else ()
        yield Expectation(star_fusion, name, pairs)


def _approved(name: str) -> str:
    """Return the symbol that our events carry (`TLE5` for `AES`)."""
    return name if name in FgfrGene.__members__ else genes.resolve(name).symbol or ANY_GENE


_READINGS = {
    "colo829_sv_negative": _without_events,
    "fuma_chimerascan": _chimerascan,
    "fusioncatcher_testset": _by_columns,
    "hmftools_linx_purple": _hmftools,
    "openpbta_annofuse": _openpbta,
    "rt112_multi_caller": _by_columns,
    "tcga_gao2018_fusions": _tcga,
}


def main() -> int:
    """Print the table."""
    if not REALDATA.is_dir():
        print("../shared/realdata is not beside the project", file=sys.stderr)
        return 2
    table = list(lines())
    head = ("file", "sample", "reader", "events", "expected", "got", "ok")
    cells = [head] + [tuple(map(str, (*line[:-1], "ok" if line.ok else "NOT OK"))) for line in table]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    good = sum(line.ok for line in table)
    print(f"conformance {good}/{len(table)}")
    return 0 if good == len(table) else 1


if __name__ == "__main__":
    raise SystemExit(main())
