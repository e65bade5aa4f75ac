"""Each caller's file, written by us after its conventions: who wrote it, and which junctions it states."""

import pytest

from fgfr_screen.model import Breakend, CopyNumberCall, RearrangementCall, ShortVariantCall
from fgfr_screen.pairing import pair_mates
from fgfr_screen.readers.vcf.callers import CALLERS, Caller
from fgfr_screen.terms import (
    CopyNumberUnit,
    DeclaredCopyNumber,
    EventKind,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Origin,
)
from tests.readers.vcf_text import FIXTURES, read_path, read_text, vcf

E1 = "chr10:58702500 RIGHT + chr10:121481200 RIGHT"
E1_MIRROR = "chr10:58702499 LEFT + chr10:121481199 LEFT"
E2 = "chr10:116950000 LEFT + chr10:121481300 RIGHT"
E3 = "chr4:1739900 RIGHT + chr4:1807200 LEFT"
E4 = "chr10:121481400 RIGHT + chr3:111900000 RIGHT"
E4_PAIR = "chr3:111900000 RIGHT + chr10:121481400 RIGHT"
E5 = "chr4:1807300 LEFT + chr7:98362500 LEFT"

# file, caller, junctions after pairing, split reads, spanning pairs (of the first call)
STRUCTURAL = [
    ("manta", "Manta", [E1, E2, E5], 7, 9),
    ("delly_new", "DELLY", [E3, E4], 5, 9),
    ("delly_old", "DELLY", [E4], 0, 8),
    ("gridss", "GRIDSS", [E4_PAIR, "chr10:121482000 RIGHT", "chr10:121482500 LEFT + chr7:5000000 RIGHT"], 11, 9),
    ("lumpy", "LUMPY", [E3, E1_MIRROR, E1, E5], 10, 12),
    ("svaba", "SvABA", [E2], 8, 6),
    ("sniffles1", "Sniffles", [E4], 15, None),
    ("sniffles2", "Sniffles 2", [E1], 14, None),
    ("severus", "Severus", [E5, "chr10:121482000 RIGHT"], 9, None),
    ("survivor", "SURVIVOR", [E4], 9, None),
    ("tiddit", "TIDDIT", ["chr3:111900000 None + chr10:121481400 None"], 4, 5),
    (
        "longranger",
        "Long Ranger",
        ["chr3:111900000 None + chr10:121481400 None", "chr10:121400000 None + chr10:121481000 None"],
        4,
        12,
    ),
]


def junction_text(call: RearrangementCall) -> str:
    """Write both ends by the middle of their intervals, which is the stated position for symmetric ones."""
    return " + ".join(end_text(end) for end in (call.first, call.second) if end is not None)


def end_text(end: Breakend) -> str:
    return f"{end.contig}:{end.pos} {end.orientation and end.orientation.value}"


def without_intervals(text: str) -> str:
    """Drop CIPOS, CIEND and homology, so that the stated positions show."""
    for key in ("CIPOS", "CIEND", "HOMLEN", "HOMSEQ"):
        text = text.replace(f";{key}=", f";OLD{key}=").replace(f"\t{key}=", f"\tOLD{key}=")
    # Mates whose ALT positions differ by their homology are made to agree.
    return text.replace("98362502]", "98362500]").replace("1807302]", "1807300]")


@pytest.mark.parametrize(
    ("name", "caller", "junctions", "split_reads", "pairs"), STRUCTURAL, ids=[row[0] for row in STRUCTURAL]
)
def test_structural_callers(
    name: str, caller: str, junctions: list[str], split_reads: int | None, pairs: int | None
) -> None:
    content = read_text(without_intervals((FIXTURES / f"{name}.vcf").read_text()))
    calls = [call for call in pair_mates(content.calls) if isinstance(call, RearrangementCall)]
    assert content.report.caller == caller
    assert [junction_text(call) for call in calls] == junctions
    assert (calls[0].split_reads, calls[0].spanning_pairs) == (split_reads, pairs)
    assert content.rejected == ()
    assert all(call.orientation_is_reliable is ("None" not in junction_text(call)) for call in calls)


def test_homology_widens_both_ends_in_the_right_direction() -> None:
    content = read_path(FIXTURES / "manta.vcf")
    lone = next(call for call in content.calls if call.source.raw_id == "MantaBND:8:0")
    assert isinstance(lone, RearrangementCall)
    assert lone.second is not None
    # L/L: where one end slides right, the other slides left of the written 98362502.
    assert (lone.first.pos, lone.first.pos_end, lone.second.pos, lone.second.pos_end) == (
        1807300,
        1807302,
        98362500,
        98362502,
    )
    assert lone.homology_length == 2


def test_intervals_of_both_ends_are_kept() -> None:
    (call,) = read_path(FIXTURES / "delly_old.vcf").calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.pos, call.first.pos_end, call.second.pos, call.second.pos_end) == (
        121481350,
        121481450,
        111899940,
        111900060,
    )
    assert call.imprecise
    assert call.untemplated_sequence is None


def test_single_breakend_keeps_its_inserted_bases() -> None:
    call = next(call for call in read_path(FIXTURES / "gridss.vcf").calls if call.source.raw_id == "gridss9bb_7b")
    assert isinstance(call, RearrangementCall)
    assert (call.second, call.untemplated_sequence, call.split_reads) == (None, "TTAC", 6)


def test_a_matched_normal_without_the_event_makes_it_somatic() -> None:
    for call in read_path(FIXTURES / "manta.vcf").calls:
        assert isinstance(call, RearrangementCall)
        assert (call.origin, call.has_matched_normal) == (Origin.SOMATIC, True)


def test_an_event_in_the_normal_is_germline() -> None:
    text = (FIXTURES / "manta.vcf").read_text().replace("30,0:20,0", "20,9:15,8")
    call = read_text(text).calls[0]
    assert isinstance(call, RearrangementCall)
    assert call.origin is Origin.GERMLINE


@pytest.mark.parametrize("name", ["arriba", "fusioncatcher", "rnafusion"])
def test_rna_callers_give_the_five_prime_gene_first(name: str) -> None:
    content = read_path(FIXTURES / f"{name}.vcf")
    (call,) = pair_mates(content.calls)
    assert isinstance(call, RearrangementCall)
    assert junction_text(call) == "chr10:121483698 RIGHT + chr10:58702074 RIGHT"
    assert call.second is not None
    assert (call.first.genes, call.second.genes) == (("FGFR2",), ("BICC1",))
    assert (call.order, call.junction, call.molecule) == (GeneOrder.ASSERTED, JunctionKind.RNA_JUNCTION, Molecule.RNA)
    assert call.declared_frame is (None if name == "arriba" else Frame.IN_FRAME)


def test_manta_in_rna_mode_gives_rna_junctions() -> None:
    text = (
        (FIXTURES / "manta.vcf")
        .read_text()
        .replace("##contig=<ID=chr3", "##cmdline=configManta.py --rna --bam x\n##contig=<ID=chr3")
    )
    assert {call.junction for call in read_text(text).calls if isinstance(call, RearrangementCall)} == {
        JunctionKind.RNA_JUNCTION
    }


COPIES, FOLD, LOG2 = CopyNumberUnit.COPIES, CopyNumberUnit.FOLD_CHANGE, CopyNumberUnit.LOG2_RATIO
GAIN, NEUTRAL = DeclaredCopyNumber.GAIN, DeclaredCopyNumber.NEUTRAL
COPY_NUMBER = [
    ("cnvkit", "CNVkit", [(GAIN, 121300001, 121700000, {COPIES: 17.0, FOLD: 8.57, LOG2: 3.1})]),
    (
        "dragen_cnv",
        "DRAGEN CNV",
        [
            (NEUTRAL, 38300000, 38500000, {COPIES: 2.0, FOLD: 1.02}),
            (GAIN, 121300001, 121700000, {COPIES: 9.0, FOLD: 4.6}),
            (None, 1700001, 1900000, {COPIES: 2.0, FOLD: 1.0}),
        ],
    ),
    ("gatk_gcnv", "GATK gCNV", [(GAIN, 121300001, 121700000, {COPIES: 3.0})]),
    (
        "tso500_cnv",
        "TSO500 CNV",
        [(GAIN, 121478331, 121598458, {FOLD: 3.4}), (NEUTRAL, 38411143, 38468635, {FOLD: 1.05})],
    ),
]


@pytest.mark.parametrize(("name", "caller", "expected"), COPY_NUMBER, ids=[row[0] for row in COPY_NUMBER])
def test_copy_number_callers(
    name: str, caller: str, expected: list[tuple[object, int, int, dict[CopyNumberUnit, float]]]
) -> None:
    content = read_path(FIXTURES / f"{name}.vcf")
    assert content.report.caller == caller
    found = []
    for call in content.calls:
        assert isinstance(call, CopyNumberCall)
        found.append((call.declared, call.start, call.end, {measure.unit: measure.value for measure in call.measures}))
    assert found == expected


def test_purity_and_ploidy_travel_with_the_copy_number() -> None:
    content = read_path(FIXTURES / "dragen_cnv.vcf")
    assert {(call.purity, call.ploidy) for call in content.calls if isinstance(call, CopyNumberCall)} == {(0.62, 2.1)}


def test_the_gene_of_a_gene_wise_row_is_kept() -> None:
    assert [call.gene for call in read_path(FIXTURES / "tso500_cnv.vcf").calls if isinstance(call, CopyNumberCall)] == [
        "FGFR2",
        "FGFR1",
    ]


def test_a_reference_segment_that_starts_before_the_gene_is_a_call() -> None:
    text = (FIXTURES / "dragen_cnv.vcf").read_text().replace("chr8\t38300000", "chr8\t30000000")
    assert len(read_text(text).calls) == 3


@pytest.mark.parametrize(("value", "code"), [("-2", "COPY_NUMBER_MALFORMED"), ("many", "COPY_NUMBER_MALFORMED")])
def test_a_copy_number_that_is_none_is_refused(value: str, code: str) -> None:
    content = read_text((FIXTURES / "cnvkit.vcf").read_text().replace(":17\n", f":{value}\n"))
    assert [(item.code, item.touches_fgfr) for item in content.rejected] == [(code, True)]


def short(name: str) -> list[tuple[int, float | None, float | None, Origin, bool]]:
    found = []
    for call in read_path(FIXTURES / f"{name}.vcf").calls:
        assert isinstance(call, ShortVariantCall)
        assert call.pos is not None
        found.append((int(call.pos), call.vaf, call.normal_vaf, call.origin, call.no_support))
    return found


def test_mutect2_fractions_origin_and_support() -> None:
    assert short("mutect2") == [
        (1801841, 0.40, 0.016, Origin.SOMATIC, False),
        (121498520, 0.22, 0.01, Origin.SOMATIC, False),
        (121498520, 0.11, 0.01, Origin.SOMATIC, False),
        (1804392, 0.45, 0.48, Origin.GERMLINE, False),
        (38414500, 0.0, 0.01, Origin.SOMATIC, True),
    ]


def test_strelka2_fractions_come_from_tier_one() -> None:
    assert short("strelka2") == [
        (1801841, 0.25, 0.0, Origin.SOMATIC, False),
        (121483700, 0.25, 0.0, Origin.SOMATIC, False),
    ]


def test_vardict_fraction_comes_from_info() -> None:
    assert short("vardict") == [(1801841, 0.31, None, Origin.UNKNOWN, False)]


@pytest.mark.parametrize(
    ("format_and_value", "vaf"),
    [
        ("GT:AD 0/1:30,10", 0.25),
        ("GT:DP4 0/1:15,15,5,5", 0.25),
        ("GT:FREQ 0/1:25%", 0.25),
        ("GT:RD:AD 0/1:30:10", 0.25),
        ("GT:VAF 0/1:0.25", 0.25),
        ("GT 0/1", None),
    ],
)
def test_allele_fraction_of_other_callers(format_and_value: str, vaf: float | None) -> None:
    (call,) = read_text(vcf(f"chr10 121483000 . G A . PASS AF=0.001 {format_and_value}", samples=("T",))).calls
    assert isinstance(call, ShortVariantCall)
    assert call.vaf == vaf


@pytest.mark.parametrize("caller", CALLERS, ids=[str(caller.name) for caller in CALLERS])
def test_every_row_of_the_caller_table_can_be_reached(caller: Caller) -> None:
    """A row that another one hides, or that has no way to be recognised, is a fault of the table."""
    meta = f"##source={caller.sources[0]}\n" if caller.sources else ""
    meta += "".join(f'##INFO=<ID={key},Number=.,Type=String,Description="x">\n' for key in caller.infos)
    meta += "".join(f'##FORMAT=<ID={key},Number=.,Type=String,Description="x">\n' for key in caller.formats)
    assert read_text(vcf(meta=meta)).report.caller == caller.name


def test_an_unknown_program_is_read_by_the_specification() -> None:
    content = read_text(vcf("chr10 121483000 . G G[chr4:1806000[ . PASS SVTYPE=BND", meta="##source=somebody 1.0\n"))
    assert content.report.caller is None
    assert len(content.calls) == 1


# ------------------------------------------------------------------------------------------------- what a file can hold


@pytest.mark.parametrize(
    ("source", "keys", "kinds"),
    [
        ("Mutect2", "SVTYPE", (EventKind.SHORT_VARIANT,)),
        ("delly", "SVTYPE", (EventKind.REARRANGEMENT,)),
        ("CNVkit v0.9", "SVTYPE", (EventKind.COPY_NUMBER,)),
        ("own script", "DP", (EventKind.SHORT_VARIANT,)),
        ("own script", "SVTYPE", None),
        ("own script", None, None),
    ],
)
def test_the_program_or_the_declared_keys_tell_what_silence_can_mean(
    source: str, keys: str | None, kinds: tuple[EventKind, ...] | None
) -> None:
    lines = ["##fileformat=VCFv4.2", f"##source={source}"]
    if keys is not None:
        lines.append(f'##INFO=<ID={keys},Number=1,Type=String,Description="x">')
    text = "\n".join([*lines, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"]) + "\n"
    assert read_text(text).carries == kinds


def test_records_of_an_untold_assembly_make_silence_no_answer() -> None:
    head = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    told = [finding.code for finding in read_text(head + "chr10\t122400000\t.\tA\tT\t.\tPASS\t.\n").report.findings]
    assert told == ["ASSEMBLY_NOT_TOLD"]
    assert read_text(head).report.findings == ()


# -------------------------------------------------------------------------------------- far ends that name a chromosome


def test_the_far_end_of_gatk_sv_is_end2() -> None:
    info = "SVTYPE=BND;CHR2=chr10;END=111900000;END2=121481200;STRANDS=--"
    content = read_text(vcf(f"chr3\t111900000\td\tN\t<BND>\t.\tPASS\t{info}"))
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.second.contig, call.second.pos) == ("chr10", 121481200)


@pytest.mark.parametrize(
    ("alt", "info"),
    [
        ("<TRA>", "SVTYPE=TRA;CHR2=chr10"),
        ("<BND>", "SVTYPE=BND;CHR2=chr10;END=x"),
        ("<CTX>", "SVTYPE=CTX;CHR2=10;POS2=."),
        ("N[chr10:1e8[", "SVTYPE=BND"),
        ("N[chr10:[", "SVTYPE=BND"),
    ],
)
def test_a_far_end_on_an_fgfr_chromosome_without_a_place_forbids_a_no(alt: str, info: str) -> None:
    content = read_text(vcf(f"chr3\t111900000\ta\tN\t{alt}\t.\tPASS\t{info}"))
    assert content.calls == ()
    assert [record.touches_fgfr for record in content.rejected] == [True]


@pytest.mark.parametrize(("pos", "refused"), [(121000000, True), (130000000, False)])
def test_a_deletion_without_end_before_an_fgfr_gene_forbids_a_no(pos: int, refused: bool) -> None:
    content = read_text(vcf(f"chr10\t{pos}\ta\tN\t<DEL>\t.\tPASS\tSVTYPE=DEL"))
    assert [record.touches_fgfr for record in content.rejected] == [True] * refused


def test_a_far_end_without_a_place_on_another_chromosome_is_elsewhere() -> None:
    content = read_text(vcf("chr3\t111900000\ta\tN\t<TRA>\t.\tPASS\tSVTYPE=TRA;CHR2=chr9"))
    assert (content.calls, content.rejected) == ((), ())


@pytest.mark.parametrize(
    ("counts", "is_unsupported"),
    [("0:0:0:0:0", True), ("0:0:20:0:0", False), ("0:0:0:12:9", False), ("3:0:0:0:0", False)],
)
def test_reads_of_an_assembly_support_a_junction(counts: str, is_unsupported: bool) -> None:
    row = f"chr10 121481200 x A [chr10:58702500[A . PASS SVTYPE=BND SR:RP:VF:ASSR:ASRP {counts}"
    (call,) = read_text(vcf(row, samples=("T",))).calls
    assert isinstance(call, RearrangementCall)
    assert call.no_support is is_unsupported
