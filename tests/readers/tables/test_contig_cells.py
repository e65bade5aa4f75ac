"""A chromosome cell as pandas, a spreadsheet or a person left it is read, in every table; one that says nothing is no "no"."""

from collections.abc import Callable

import pytest

from fgfr_screen.model import CopyNumberCall, InputContent, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.readers._table import normalise_contig, plain_place
from fgfr_screen.terms import Assembly, CallStatus
from tests.readers.reading import FIXTURES, read_text, table

SPELLINGS = ("10.0", "010", "chr010", "10q26.13", "Chr10q26")
FGFR2_BREAK, BICC1_BREAK = 121_481_200, 58_702_500


def maf(contig: str) -> str:
    header = (
        "Hugo_Symbol NCBI_Build Chromosome Start_Position Variant_Classification Reference_Allele Tumor_Seq_Allele2"
    )
    row = ("FGFR2", "GRCh38", contig, "121520163.0", "Missense_Mutation", "G", "C", "s1")
    return table((*header.split(), "Tumor_Sample_Barcode"), row)


def tso500_small(contig: str) -> str:
    lines = (FIXTURES / "tso500-cvo/patient.tsv").read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("[Small Variants]"))
    row = ("FGFR2", contig, "123279677", "G", "C", "0.3", "700", "", "NM_000141.4:c.755C>G", "missense_variant", "7/18")
    return "\n".join(lines[: at + 2]) + "\n" + "\t".join(row) + "\n"


def plasma_fusion(contig: str) -> str:
    header = "Chr1,Pos1,Chr2,Pos2,Direction,Alt_Depth,Total_Depth,VAF,Gene1,Gene2,Filter,Fusion Directionality Known"
    return f"{header}\n{contig},123241373.0,{contig},60421247.0,rR2R1,40,900,0.044,FGFR2,BICC1,PASS,True\n"


def mapped(contig: str) -> str:
    return table(
        ("Gene", "Variant type", "Chromosome", "Position", "Ref", "Alt", "Assembly"),
        ("FGFR2", "SNV", contig, "121520163", "G", "C", "GRCh38"),
    )


def cbioportal_sv(contig: str) -> str:
    sides = {
        f"Site{number}_{name}": value
        for number, gene, pos in ((1, "FGFR2", FGFR2_BREAK), (2, "BICC1", BICC1_BREAK))
        for name, value in (("Hugo_Symbol", gene), ("Chromosome", contig), ("Position", pos))
    }
    return table(("Sample_ID", "NCBI_Build", *sides), ("s1", "GRCh38", *sides.values()))


def seg(contig: str) -> str:
    header = ("ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean")
    return table(header, ("s", contig, 121_300_000, 121_700_000, 30, 2.5))


def freec(contig: str) -> str:
    return table((contig, 121_300_000, 121_700_000, 20, "gain"))


def bedpe(contig: str) -> str:
    row = (contig, BICC1_BREAK - 1, BICC1_BREAK, contig, FGFR2_BREAK - 1, FGFR2_BREAK, "e1", 55, "-", "-")
    return "##assembly=GRCh38\n" + table(row)


def star_fusion(contig: str) -> str:
    header = (
        "#FusionName JunctionReadCount SpanningFragCount SpliceType LeftGene LeftBreakpoint RightGene RightBreakpoint"
    )
    row = (9, 4, "ONLY_REF_SPLICE", "FGFR2", f"{contig}:121483698:-", "BICC1", f"{contig}:58702074:+")
    return table(header.split(), ("FGFR2--BICC1", *row))


def linx(contig: str) -> str:
    header, row = (FIXTURES / "linx-fusion/exons_only.linx.fusion.tsv").read_text("utf-8").splitlines()[:2]
    places = f"{contig}:121481200:-1\t{contig}:58702500:-1"
    return f"{header}\tfivePrimeCoords\tthreePrimeCoords\n{row}\t{places}\n"


FORMS: tuple[Callable[[str], str], ...] = (
    maf,
    tso500_small,
    plasma_fusion,
    mapped,
    cbioportal_sv,
    seg,
    freec,
    bedpe,
    star_fusion,
    linx,
)


def contigs(content: InputContent) -> list[str | None]:
    """Return where the events of FGFR2 lie."""
    found: list[str | None] = []
    for call in content.calls:
        if isinstance(call, RearrangementCall):
            found += [side.contig for side in (call.first, call.second) if side is not None]
        elif isinstance(call, ShortVariantCall | CopyNumberCall) and call.status is not CallStatus.NOT_TESTED:
            found += [call.contig] if call.contig is not None else []
    return found


def read(form: Callable[[str], str], contig: str) -> InputContent:
    is_grch37 = form in (tso500_small, plasma_fusion)
    return read_text(form(contig), ReadOptions(assembly=Assembly.GRCH37 if is_grch37 else Assembly.GRCH38))


@pytest.mark.parametrize("contig", SPELLINGS)
@pytest.mark.parametrize("form", FORMS)
def test_the_spelling_of_a_chromosome_does_not_matter(form: Callable[[str], str], contig: str) -> None:
    expected = contigs(read(form, "10"))
    assert set(expected) == {"chr10"}
    assert contigs(read(form, contig)) == expected


@pytest.mark.parametrize("name", ["", "unknown"])
def test_a_segment_of_an_fgfr_without_a_chromosome_is_refused_by_name(name: str) -> None:
    header = ("chromosome", "start", "end", "gene", "log2", "depth", "probes", "weight")
    content = read_text(table(header, (name, 121_300_000, 121_700_000, "FGFR2", 3.1, 9, 60, 40)))
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [("BAD_POSITION", True)]


def test_a_segment_that_names_no_chromosome_at_all_may_lie_anywhere() -> None:
    rows = table(("ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean"), ("s", "NA", 1, 5, 3, 2.5))
    assert [row.touches_fgfr for row in read_text(rows).rejected] == [True]
    other = table(("ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean"), ("s", "GL000192.1", 1, 5, 3, 2.5))
    assert read_text(other).report.outside_fgfr == 1


@pytest.mark.parametrize(
    ("cell", "contig"),
    [
        ("4.0", "chr4"),
        ("04", "chr4"),
        ("4p16.3", "chr4"),
        ("23.0", "chrX"),
        ("X", "chrX"),
        ("MT", "chrM"),
        ("0", None),
        ("4.5", None),
        ("40", None),
        ("4_alt", None),
        ("GL000192.1", None),
        ("", None),
    ],
)
def test_only_what_surely_is_a_chromosome_is_one(cell: str, contig: str | None) -> None:
    assert normalise_contig(cell, numeric_sex=True) == contig


@pytest.mark.parametrize(
    ("text", "place"), [("4.0:1803568.0", "4:1803568"), ("chr4:5-9", "4:5-9"), ("N/A", "N/A"), (":7", ":7")]
)
def test_a_place_keeps_all_but_the_zeros_of_pandas(text: str, place: str) -> None:
    assert plain_place(text) == place
