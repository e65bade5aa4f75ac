"""BEDPE: one junction in every dialect, what decides the dialect, rows that cannot be used, real files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgfr_screen import coords
from fgfr_screen.errors import AssemblyError, FgfrScreenError, MalformedFileError
from fgfr_screen.model import Breakend, InputContent, RearrangementCall
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.terms import Assembly, FgfrGene, FilterStatus, GeneOrder, JunctionKind, Molecule, Orientation

FIXTURES = Path(__file__).parents[3] / "fixtures" / "bedpe"
REALDATA = Path(__file__).parents[4] / "shared" / "realdata"
LEFT, RIGHT = Orientation.LEFT, Orientation.RIGHT
GRCH38 = "##assembly=GRCh38\n"

Read = Callable[..., InputContent]


def read_file(path: Path, options: ReadOptions | None = None) -> InputContent:
    with OpenedInput(str(path)) as opened:
        reader, _ = choose(opened.head)
        assert reader.name == "bedpe"
        content = reader.read(opened, options or ReadOptions())
    counts = content.accounting
    assert counts is not None
    assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
    return content


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str, options: ReadOptions | None = None) -> InputContent:
        path = tmp_path / "a.bedpe"
        path.write_text(text)
        return read_file(path, options)

    return _read


def rearrangements(content: InputContent) -> list[RearrangementCall]:
    return [call for call in content.calls if isinstance(call, RearrangementCall)]


def place(end: Breakend | None) -> tuple[str | None, int | None, int | None, Orientation | None]:
    assert end is not None
    return end.contig, end.pos, end.pos_end, end.orientation


@pytest.mark.parametrize("name", ["gridss", "pcawg", "svtools", "brass"])
def test_one_junction_is_the_same_in_every_dna_dialect(name: str) -> None:
    call = rearrangements(read_file(FIXTURES / f"{name}.bedpe"))[0]
    assert place(call.first) == ("chr4", 1739900, 1739900, RIGHT)
    assert place(call.second) == ("chr4", 1807200, 1807200, LEFT)
    assert (call.molecule, call.junction, call.order) == (Molecule.DNA, JunctionKind.DNA_BREAKPOINT, GeneOrder.UNKNOWN)


def test_strands_of_rna_pairs_are_gene_strands() -> None:
    fgfr3, fgfr2 = rearrangements(read_file(FIXTURES / "rna_pairs.bedpe"))
    assert (place(fgfr3.first), place(fgfr3.second)) == (
        ("chr4", 1806934, 1806934, LEFT),
        ("chr4", 1739702, 1739702, RIGHT),
    )
    assert (place(fgfr2.first), place(fgfr2.second)) == (
        ("chr10", 121483698, 121483698, RIGHT),
        ("chr10", 58702074, 58702074, RIGHT),
    )
    assert fgfr2.first.genes == ("FGFR2",)
    assert fgfr2.order is GeneOrder.ASSERTED
    assert fgfr2.molecule is Molecule.RNA


def test_squid_gives_the_junction_end_of_each_span() -> None:
    (call,) = rearrangements(read_file(FIXTURES / "squid.bedpe"))
    assert (place(call.first), place(call.second)) == (
        ("chr4", 1806934, 1806934, LEFT),
        ("chr4", 1739702, 1739702, RIGHT),
    )
    assert call.caller == "SQUID"
    assert call.junction is JunctionKind.RNA_JUNCTION


def test_10x_intervals_are_wide_and_have_no_orientation() -> None:
    (call,) = rearrangements(read_file(FIXTURES / "tenx.bedpe"))
    assert place(call.first) == ("chr4", 1739001, 1740800, None)
    assert call.imprecise
    assert not call.orientation_is_reliable


def test_svtools_widens_by_the_confidence_interval_and_states_both_inversion_junctions() -> None:
    _, wide, *inversion = rearrangements(read_file(FIXTURES / "svtools.bedpe"))
    assert place(wide.first) == ("chr10", 58702500, 58702510, RIGHT)
    assert wide.filter is FilterStatus.FAILED
    assert [place(call.first) for call in inversion] == [
        ("chr8", 38420000, 38420000, LEFT),
        ("chr8", 38420001, 38420001, RIGHT),
    ]


def test_a_single_plus_plus_row_has_no_orientation() -> None:
    (call,) = rearrangements(read_file(FIXTURES / "one_row_plus_plus.bedpe"))
    assert call.finding_codes == ("BEDPE_DIALECT_UNKNOWN",)
    assert call.first.orientation is None
    assert not call.orientation_is_reliable


def test_the_header_can_name_the_dialect_of_that_row(read: Read) -> None:
    row = "chr4\t1807299\t1807300\tchr7\t98362499\t98362500\te5\t40\t+\t+\n"
    sides = {}
    for dialect in ("pcawg", "brass", "rna"):
        (call,) = rearrangements(read(f"##dialect={dialect}\n{GRCH38}{row}"))
        sides[dialect] = (place(call.first)[3], place(call.second)[3])
    assert sides == {"pcawg": (LEFT, LEFT), "brass": (LEFT, RIGHT), "rna": (LEFT, RIGHT)}


def test_an_unknown_dialect_name_is_an_error(read: Read) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read("##dialect=nobody\nchr4\t1807299\t1807300\tchr7\t98362499\t98362500\te5\t40\t+\t+\n")
    assert caught.value.code == "BEDPE_DIALECT_NAME"
    assert "gridss" in caught.value.remedy
    assert caught.value.line == 1


def test_classes_that_contradict_the_strands_refuse_the_file(read: Read) -> None:
    header = "chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tsv_id\tpe_support\tstrand1\tstrand2\tsvclass\n"
    row = "4\t1739899\t1739900\t4\t1807199\t1807200\ta\t2\t-\t+\t{}\n"
    with pytest.raises(MalformedFileError, match="contradicts") as caught:
        read(GRCH38 + header + row.format("DUP") + row.format("DEL"))
    assert caught.value.code == "BEDPE_CLASS_CONFLICT"
    assert caught.value.line == 4


def test_classes_that_fit_only_brass_make_the_dialect_brass(read: Read) -> None:
    header = "chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tid\tscore\tstrand1\tstrand2\tsvclass\n"
    (call,) = rearrangements(read(GRCH38 + header + "4\t1739899\t1739900\t4\t1807199\t1807200\ta\t2\t-\t-\tDUP\n"))
    assert (call.first.orientation, place(call.second)[3]) == (RIGHT, LEFT)


def test_dna_strands_beside_gene_pair_names_are_not_rna(read: Read) -> None:
    row = "chr4\t1807199\t1807200\tchr4\t1739899\t1739900\tFGFR3--TACC3\t60\t+\t-\n"
    (call,) = rearrangements(read(GRCH38 + row))
    assert (place(call.first)[3], place(call.second)[3]) == (LEFT, RIGHT)
    assert call.molecule is Molecule.DNA


def test_rows_without_strands_have_no_orientation() -> None:
    (call,) = rearrangements(read_file(FIXTURES / "no_strands.bedpe"))
    assert call.finding_codes == ("ORIENTATION_NOT_GIVEN",)
    assert place(call.first) == (
        "chr10",
        121481200,
        121481260,
        None,
    )


def test_a_missing_end_is_a_single_breakend() -> None:
    single = rearrangements(read_file(FIXTURES / "single_end.bedpe"))[0]
    assert single.second is None
    assert place(single.first) == ("chr10", 121481400, 121481400, RIGHT)


def test_rows_that_cannot_be_used_are_rejected_alone() -> None:
    content = read_file(FIXTURES / "damaged_rows.bedpe")
    assert [(row.line, row.code, row.touches_fgfr) for row in content.rejected] == [
        (3, "BAD_POSITION", True),
        (4, "BAD_POSITION", True),
        (5, "RAGGED_ROW", False),
        (6, "POSITION_ORDER", False),
        (7, "POSITION_PAST_CONTIG_END", True),
        (8, "NO_POSITION", True),
        (9, "EXCEL_DAMAGE", True),
    ]
    assert len(content.calls) == 1


@pytest.mark.parametrize("gene", FgfrGene)
@pytest.mark.parametrize("assembly", Assembly)
def test_a_row_counts_from_the_first_to_the_last_base_of_a_window(
    read: Read, gene: FgfrGene, assembly: Assembly
) -> None:
    contig, start, end = coords.fgfr_window(gene, assembly)
    inside = [start, coords.after(start), coords.before(end), end]
    outside = [coords.before(coords.before(start)), coords.after(coords.after(end))]
    rows = [f"chr1\t99\t100\t{contig}\t{coords.to_start0(pos)}\t{pos}\tx\t1\t+\t-\n" for pos in (*inside, *outside)]
    content = read(f"##assembly={assembly}\n" + "".join(rows))
    assert {place(call.second)[1] for call in rearrangements(content)} >= set(inside)
    assert content.accounting is not None
    assert content.accounting.in_events in (len(inside), len(inside) + len(outside))


def test_an_fgfr_row_without_assembly_asks_for_it(read: Read) -> None:
    row = "chr10\t121481199\t121481200\tchr3\t111899999\t111900000\te\t1\t-\t-\nchr1\t5\t6\tchr2\t5\t6\te\t1\t+\t-\n"
    with pytest.raises(AssemblyError) as caught:
        read(row)
    assert caught.value.code == "ASSEMBLY_UNKNOWN"
    assert caught.value.line == 1
    assert len(read(row, ReadOptions(assembly=Assembly.GRCH38)).calls) == 1
    assert len(read(row, ReadOptions(assembly=Assembly.GRCH37)).calls) == 0


def test_the_named_gene_tells_the_assembly(read: Read) -> None:
    row = "chr10\t123243211\t123243212\tchr10\t60461834\t60461835\tFGFR2>>BICC1\t1\t-\t+\n"
    content = read(row)
    assert content.report.assembly.name is Assembly.GRCH37
    assert content.report.assembly.source == "gene_coordinates"


def test_crlf_and_contig_spelling_do_not_matter(read: Read) -> None:
    text = (FIXTURES / "gridss.bedpe").read_text()
    expected = read(text).calls
    assert read(text.replace("\n", "\r\n")).calls == expected
    assert read(text.replace("chr", "")).calls == expected
    assert read(text.replace("chr10", "CM000672.2")).calls == expected


@given(
    st.lists(
        st.lists(
            st.sampled_from(["chr10", "4", ".", "-1", "121481200", "1e8", "+", "-", "FGFR2>>BICC1", ""]), max_size=12
        ),
        max_size=5,
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_read_or_refused_by_name(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "any.bedpe"
    start = "chr1\t5\t6\tchr2\t5\t6\te\t1\t+\t-\n"
    path.write_text(GRCH38 + start + "\n".join("\t".join(row) for row in rows))
    try:
        exit_code, records = 0, read_file(path).report.records
    except FgfrScreenError as error:
        exit_code, records = error.exit_code, 0
    assert exit_code == 3 or records >= 1


# ---------------------------------------------------------------------------------------------------------- real data


def real(path: str) -> Path:
    found = REALDATA / path
    if not found.exists():
        pytest.skip(f"shared real data are not here: {path}")
    return found


@pytest.mark.parametrize("name", ["gridss.bedpe", "unnamed.bedpe"])
def test_files_without_fgfr_rows_need_no_assembly(name: str) -> None:
    content = read_file(real(f"colo829_sv_negative/{name}"))
    assert content.calls == ()
    assert content.rejected == ()
    assert content.report.records == 2


def test_gridss_rows_mean_what_their_vcf_says(tmp_path: Path) -> None:
    path = tmp_path / "gridss.bedpe"
    moved = real("colo829_sv_negative/gridss.bedpe").read_text()
    path.write_text(GRCH38 + moved.replace("gridss2o", "FGFR2").replace("gridss39o", "FGFR3"))
    first, second = rearrangements(read_file(path))
    assert (place(first.first), place(first.second)) == (
        ("chr1", 18992158, 18992158, LEFT),
        ("chr12", 84963533, 84963533, RIGHT),
    )
    assert (place(second.first), place(second.second)) == (
        ("chr12", 84350, 84350, RIGHT),
        ("chr12", 4886681, 4886681, LEFT),
    )


def test_chimerascan_on_hg18_is_claimed_and_refused() -> None:
    path = real("fuma_chimerascan/example.chimerascan.fgfr.bedpe")
    with pytest.raises(AssemblyError, match="FGFR3") as caught:
        read_file(path)
    assert caught.value.code == "HG18_REFUSED"
    assert caught.value.exit_code == 3
