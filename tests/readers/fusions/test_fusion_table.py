"""What all readers of RNA fusion tables share: damage, samples, assembly, and whose file it is."""

from pathlib import Path

import pytest

from fgfr_screen.errors import AssemblyError, InputError, MalformedFileError, SampleColumnError, TruncatedFileError
from fgfr_screen.model import InputContent, RearrangementCall
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose, readers
from fgfr_screen.readers._table import RowError
from fgfr_screen.readers.fusions._fusion_table import parse_place
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly
from tests.readers.reading import FIXTURES, read_path, read_text

FAMILY = (
    "annofuse",
    "arriba",
    "ctat-benchmark",
    "dragen-fusion",
    "ericscript",
    "fusion-report",
    "fusioncatcher",
    "fusionseeker",
    "jaffa",
    "longgf",
    "star-fusion",
    "tcga-fusions",
)
FILES = sorted(
    path for name in FAMILY for path in (FIXTURES / name).iterdir() if not path.name.endswith(".expected.json")
)
TEXTS = [path for path in FILES if path.suffix != ".json"]
WITH_HEADER = [path for path in TEXTS if path.parent.name != "longgf" and path.stem != "no_header"]
STAR = "#FusionName\tJunctionReadCount\tSpanningFragCount\tSpliceType\tLeftGene\tLeftBreakpoint\tRightGene\tRightBreakpoint"
TACC3 = "FGFR3--TACC3\t9\t4\tONLY_REF_SPLICE\tFGFR3\tchr4:1806934:+\tTACC3\tchr4:1739702:+"


def star(*rows: str, header: str = STAR) -> str:
    return "\n".join((header, *rows)) + "\n"


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def calls(content: InputContent) -> list[RearrangementCall]:
    return [call for call in content.calls if isinstance(call, RearrangementCall)]


# ------------------------------------------------------------------------------------------------------ whose file


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_exactly_one_reader_claims_a_fixture(path: Path) -> None:
    with OpenedInput(str(path)) as opened:
        claims = [name for name, reader in readers().items() if reader.sniff(opened.head) is not None]
    assert claims == [path.parent.name]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_decoys_of_a_fixture_are_no_calls(path: Path) -> None:
    named = {word for call in calls(read_path(path)) for end in (call.first, call.second) if end for word in end.genes}
    assert not {"FGFR1OP", "FGFR1OP2", "FGFR4", "FGFRL1"} & named


# ---------------------------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("path", WITH_HEADER, ids=name_of)
def test_a_nul_byte_is_an_error_with_its_line(path: Path) -> None:
    damaged = path.read_bytes().removesuffix(b"\n") + b"\0\n"
    with pytest.raises(MalformedFileError) as caught:
        read_text(damaged)
    assert caught.value.code == "NUL_BYTE"
    assert caught.value.line == damaged.count(b"\n")
    assert caught.value.remedy


@pytest.mark.parametrize("path", WITH_HEADER, ids=name_of)
def test_a_file_cut_inside_a_row_is_an_error_and_read_only_on_request(path: Path) -> None:
    whole = path.read_bytes()
    cut = whole[: whole.rindex(b"\n", 0, -1) + 10]
    with pytest.raises(TruncatedFileError, match="ends inside a row") as caught:
        read_text(cut)
    assert caught.value.line == cut.count(b"\n") + 1
    assert "--allow-truncated" in caught.value.remedy
    content = read_text(cut, ReadOptions(allow_truncated=True))
    assert not content.report.complete
    assert [row.touches_fgfr for row in content.rejected] == [True]


@pytest.mark.parametrize("path", WITH_HEADER, ids=name_of)
def test_two_files_joined_are_an_error(path: Path) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_text(path.read_bytes() * 2)
    assert caught.value.code == "SECOND_HEADER"


@pytest.mark.parametrize("path", WITH_HEADER, ids=name_of)
def test_a_header_without_rows_is_a_file_without_calls(path: Path) -> None:
    content = read_text(path.read_text().splitlines()[0] + "\n")
    assert content.report.records == 0
    assert content.report.complete


@pytest.mark.parametrize("path", WITH_HEADER, ids=name_of)
def test_columns_may_stand_in_any_order(path: Path) -> None:
    separator = "," if path.suffix == ".csv" else "\t"
    lines = [line.split(separator) for line in path.read_text().splitlines()]
    if len({len(cells) for cells in lines}) > 1:
        pytest.skip("cells hold the separator")
    turned = "".join(separator.join([*cells[1:], cells[0]]).replace("#", "") + "\n" for cells in lines)
    assert calls(read_text(turned)) == calls(read_path(path))


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_line_ends_and_byte_order_marks_do_not_matter(path: Path) -> None:
    content = read_path(path)
    for other in (path.read_bytes().replace(b"\n", b"\r\n"), path.read_text().encode("utf-16")):
        assert read_text(other).calls == content.calls


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_damage_raises_anything_but_an_input_error(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(0, len(whole), max(len(whole) // 40, 1)):
        for damaged in (whole[:at], whole[:at] + b'\xff"\t,' + whole[at:], whole[:at] + whole[at + 7 :]):
            try:
                read_text(damaged)
            except InputError as error:
                assert error.remedy


def test_a_renamed_column_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text((FIXTURES / "jaffa" / "with_strands.csv").read_text().replace('"base2"', '"base_2"'))
    with OpenedInput(str(path)) as opened, pytest.raises(MalformedFileError) as caught:
        choose(opened.head, "jaffa")[0].read(opened, ReadOptions())
    assert (caught.value.code, caught.value.line) == ("MISSING_COLUMN", 1)
    assert "'base_2'" in caught.value.remedy


def test_a_column_that_stands_twice_is_an_error() -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_text(star(TACC3 + "\tx", header=STAR + "\tLeftBreakpoint"))
    assert (caught.value.code, caught.value.line) == ("DUPLICATE_COLUMN", 1)


def test_a_ragged_row_is_refused_alone() -> None:
    content = read_text(star("FGFR2--BICC1\t9", TACC3, "GOPC--ROS1\t1\t2"))
    assert [(row.line, row.code, row.touches_fgfr) for row in content.rejected] == [
        (2, "RAGGED_ROW", True),
        (4, "RAGGED_ROW", False),
    ]
    assert len(content.calls) == 1


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("chr4:x:+", "BAD_POSITION"),
        ("chr4:1,806,934:+", "BAD_POSITION"),
        ("chr4:1.8e6:+", "BAD_POSITION"),
        ("chr4:0:+", "BAD_POSITION"),
        ("chr4:-5:+", "BAD_POSITION"),
        ("1806934", "BAD_POSITION"),
        ("chr4:999999999:+", "POSITION_PAST_CONTIG_END"),
        ("chr4:2500000:+", "POSITION_OUTSIDE_GENE"),
        ("chr10:1806934:+", "POSITION_OUTSIDE_GENE"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_its_line(place: str, code: str) -> None:
    content = read_text(star(TACC3, TACC3.replace("chr4:1806934:+", place)))
    assert [(row.line, row.code, row.touches_fgfr) for row in content.rejected] == [(3, code, True)]
    assert len(content.calls) == 1


def test_a_damaged_partner_name_does_not_lose_a_fusion_that_has_coordinates() -> None:
    (call,) = calls(read_text(star(TACC3.replace("\tTACC3\t", "\t1-Mar\t"))))
    assert call.second is not None
    assert call.second.genes == ()
    assert call.finding_codes == ("EXCEL_DAMAGE",)


def test_a_look_alike_name_of_a_receptor_is_found_by_its_coordinates() -> None:
    (call,) = calls(read_text(star(TACC3.replace("\tFGFR3\t", "\tFGFR3".replace("F", "Ғ") + "\t"))))
    assert call.first.pos == 1806934
    assert call.finding_codes == ("SYMBOL_NOT_ASCII",)


def test_text_that_is_not_utf8_is_read_and_told() -> None:
    content = read_text(star(TACC3.replace("ONLY_REF_SPLICE", "caf\xe9")).encode("latin-1"))
    assert len(content.calls) == 1
    assert [finding.code for finding in content.report.findings] == ["NOT_UTF8"]


def test_other_files_of_the_patient_are_still_used(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tsv", tmp_path / "bad.tsv"
    good.write_text(star(TACC3))
    bad.write_bytes(star(TACC3).encode() + b"\0\n")
    report = screen_sample(good, bad)
    assert [event.name for event in report.events] == ["FGFR3::TACC3"]
    assert [item.complete for item in report.inputs] == [False, True]


# --------------------------------------------------------------------------------------------------------- samples


def many(*names: str) -> str:
    return star(*(f"{name}\t{TACC3}" for name in names), header="#sample\t" + STAR)


def test_one_sample_is_read_whatever_it_is_called() -> None:
    assert len(read_text(many("S1", "S1"), ReadOptions(sample_id="patient 7")).calls) == 2


def test_several_samples_need_a_choice() -> None:
    with pytest.raises(SampleColumnError, match="S1, S2") as caught:
        read_text(many("S1", "S2"))
    assert caught.value.code == "SAMPLE_CHOICE"
    assert "--sample-id" in caught.value.remedy
    with pytest.raises(SampleColumnError, match="none is named 'S3'"):
        read_text(many("S1", "S2"), ReadOptions(sample_id="S3"))


def test_only_the_rows_of_the_chosen_sample_are_records() -> None:
    content = read_text(many("S1", "S2", "S2"), ReadOptions(sample_id="S2"))
    assert [call.source.line for call in content.calls] == [3, 4]
    assert content.report.records == 2
    assert [finding.code for finding in content.report.findings] == ["OTHER_SAMPLES_LEFT_OUT"]


# -------------------------------------------------------------------------------------------------------- assembly


@pytest.mark.parametrize(
    ("first", "second", "assembly"), [(1806934, 1739702, Assembly.GRCH38), (1808661, 1741429, Assembly.GRCH37)]
)
def test_junctions_on_the_ends_of_exons_tell_the_assembly(first: int, second: int, assembly: Assembly) -> None:
    text = star(TACC3.replace("1806934", str(first)).replace("1739702", str(second)))
    content = read_text(text)
    assert (content.report.assembly.name, content.report.assembly.source) == (assembly, "splice_sites")
    other = next(one for one in Assembly if one is not assembly)
    with pytest.raises(AssemblyError) as caught:
        read_text(text, ReadOptions(assembly=other))
    assert caught.value.code == "ASSEMBLY_CONFLICT"


def test_one_junction_alone_does_not_contradict_the_user() -> None:
    text = star(TACC3.replace("1739702", "1739000"))
    assert read_text(text).report.assembly.name is Assembly.GRCH38
    assert read_text(text, ReadOptions(assembly=Assembly.GRCH37)).report.assembly.name is Assembly.GRCH37


def test_an_assembly_that_nothing_tells_is_asked_for_only_when_it_matters() -> None:
    text = star(TACC3.replace("1806934", "1807198").replace("1739702", "1739644"))
    with pytest.raises(AssemblyError) as caught:
        read_text(text)
    assert (caught.value.code, caught.value.line) == ("ASSEMBLY_UNKNOWN", 2)
    assert read_text(star("A1BG--ZZZ3\t1\t1\tx\tA1BG\tchr19:5:-\tZZZ3\tchr1:5:-")).report.records == 1


def test_fgfr3_where_hg18_has_it_is_refused() -> None:
    with pytest.raises(AssemblyError) as caught:
        read_text(star(TACC3.replace("1806934", "1775000").replace("1739702", "1709000")))
    assert caught.value.code == "HG18_REFUSED"


# ------------------------------------------------------------------------------------------------------- positions


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("chr4:1806934:+", ("chr4", 1806934, "+")),
        ("4:1806934", ("chr4", 1806934, None)),
        ("NC_000004.12:5:-", ("chr4", 5, "-")),
        ("HLA-A*01:01:01:01:100:+", ("HLA-A*01:01:01:01", 100, "+")),
        ("chr4:1806934:.", ("chr4", 1806934, None)),
        ("chr4:12.0:-", ("chr4", 12, "-")),
    ],
)
def test_positions_are_split_from_the_right(text: str, place: tuple[str, int, str | None]) -> None:
    found = parse_place(text)
    assert found is not None
    assert (found.contig, found.pos, found.strand) == place


@pytest.mark.parametrize("text", ["chr4", ":5:+", "chr4::+", "+", "::"])
def test_other_text_is_no_position(text: str) -> None:
    with pytest.raises(RowError):
        parse_place(text)


def test_nothing_is_no_position() -> None:
    assert parse_place("") is None
