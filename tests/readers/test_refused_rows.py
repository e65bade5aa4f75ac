"""A row that is refused and names FGFR1-3 by an alias forbids a "no": it may be the event."""

import re
from pathlib import Path

import pytest

from fgfr_screen.errors import InputError
from fgfr_screen.genes import may_touch_fgfr
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.terms import Assembly
from tests.readers.reading import read_text

FIXTURES = Path(__file__).parents[2] / "fixtures"
ALIAS = {"FGFR1": "CD331", "FGFR2": "KSAM", "FGFR3": "CD333"}


def damaged(path: Path) -> tuple[str, int] | None:
    """Return the table with its first FGFR row under an alias and cut behind the name, and the line; None = no such row."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    for at, line in enumerate(lines):
        found = re.search(r"(?<![\w-])FGFR[123](?![\w-])", line)
        if at == 0 or line.startswith(("#", "[")) or found is None or "\t" not in line[found.end() :]:
            continue
        rest = line[found.end() :].split("\t")[1:-1]
        lines[at] = line[: found.start()] + ALIAS[found[0]] + "\t" + "\t".join(rest)[:-1]
        return "\n".join(lines) + "\n", at + 1
    return None


TABLES = {
    f"{path.parent.name}/{path.name}": made
    for path in sorted(FIXTURES.rglob("*"))
    if path.suffix in (".tsv", ".txt", ".bedpe", ".cns", ".seg", ".maf") and path.parent.name not in ("gold", "vcf")
    if (made := damaged(path)) is not None
}


@pytest.mark.parametrize(("text", "line"), TABLES.values(), ids=TABLES)
def test_a_cut_row_under_an_alias_touches_fgfr(text: str, line: int) -> None:
    try:
        content = read_text(text, ReadOptions(assembly=Assembly.GRCH38))
    except InputError as error:
        assert error.line in (None, line)
        return
    of_row = [record for record in content.rejected if record.line == line]
    assert all(record.touches_fgfr for record in of_row)
    assert of_row or any(call.source.line == line for call in content.calls)


@pytest.mark.parametrize("word", [*ALIAS.values(), "K-SAM", "BEK", "KGFR", "JTK4", "FGFR-2", "fgfr3"])
def test_every_way_to_write_a_receptor_is_noticed_in_a_line(word: str) -> None:
    assert may_touch_fgfr(f"chr1\t{word}\t3")
    assert may_touch_fgfr(f"{word}|chr10")
    assert not may_touch_fgfr(f"chr1\tX{word}OP\t3")


MAF = (
    "#version 2.4\nHugo_Symbol\tEntrez_Gene_Id\tNCBI_Build\tChromosome\tStart_Position\tEnd_Position\t"
    "Variant_Classification\tReference_Allele\tTumor_Seq_Allele2\tTumor_Sample_Barcode\n"
    "TP53\t7157\tGRCh37\t17\t7577120\t7577120\tMissense_Mutation\tC\tT\tS1\n"
)


@pytest.mark.parametrize("number", ["2260", "2261", "2263"])
@pytest.mark.parametrize("row", ["\t{}\tGRCh37", "{}", "x\ty\t{}"])
def test_a_ragged_row_with_the_bare_number_of_a_receptor_touches_it(number: str, row: str) -> None:
    (refused,) = read_text(MAF + row.format(number) + "\n").rejected
    assert (refused.code, refused.touches_fgfr) == ("RAGGED_ROW", True)
    (other,) = read_text(MAF + row.format("7157") + "\n").rejected
    assert not other.touches_fgfr


def test_a_bare_number_is_that_of_a_gene_only_where_the_table_has_such_numbers() -> None:
    without = "\n".join(line.replace("\tEntrez_Gene_Id", "").replace("\t7157", "") for line in MAF.splitlines())
    (refused,) = read_text(f"{without}\n\t2263\tGRCh37\n").rejected
    assert not refused.touches_fgfr


@pytest.mark.parametrize(("row", "touches"), [("2263", True), ("7157", False), ("10q26.13\t1", True)])
def test_a_short_row_of_gene_copies_may_hold_its_gene_in_any_cell(row: str, touches: bool) -> None:
    text = f"Hugo_Symbol\tEntrez_Gene_Id\tS1\nAKT1\t207\t0\n{row}\n"
    (refused,) = read_text(text).rejected
    assert (refused.code, refused.touches_fgfr) == ("RAGGED_ROW", touches)


def test_a_gene_cell_with_the_band_of_a_receptor_is_refused() -> None:
    content = read_text("Hugo_Symbol\tS1\n10q26.13\t2\nAKT1\t0\n")
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("AMBIGUOUS_SYMBOL", True)]
