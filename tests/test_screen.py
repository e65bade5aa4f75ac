"""`fgfr_screen.screen`: files of one patient in, one answer out; every record accounted for; silence is never "no"."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from fgfr_screen.errors import InputError, UnknownFormatError, UsageError
from fgfr_screen.model import (
    Accounting,
    Assay,
    Call,
    ClinicalFacts,
    Event,
    ExpressionCall,
    Finding,
    InputContent,
    Pos1,
    Rejected,
    SampleReport,
)
from fgfr_screen.screen import ScreenOptions, screen_contents, screen_sample, to_json
from fgfr_screen.terms import (
    AlterationClass,
    AssayQc,
    Assembly,
    CallStatus,
    Confidence,
    CopyNumberUnit,
    DeclaredStructure,
    EventKind,
    FgfrGene,
    KinaseDomain,
    Molecule,
    Orientation,
    Origin,
    Outcome,
    SpecimenKind,
)
from tests.builders import (
    FIVE,
    GRCH37,
    THREE,
    a_call,
    a_content,
    a_copy_number_call,
    a_joined,
    a_named_call,
    a_negative,
    a_segment,
    a_short_variant_call,
    a_source,
    a_specimen,
    an_assay,
    an_end,
    an_fgfr2_bicc1_call,
    an_input_report,
    an_interval,
    an_rna_call,
    coverage,
    from_line,
    measured,
    other_product,
    place,
    turned,
)
from tests.readers.vcf_text import vcf
from tests.strategies import patients

MATCH, REVIEW, NO_MATCH, UNDETERMINED = Outcome.MATCH, Outcome.REVIEW, Outcome.NO_MATCH, Outcome.UNDETERMINED
NO_ACCOUNT = Accounting(records=0, outside_fgfr=0, in_events=0, rejected=0)


def screen(*calls: Call, **options: Any) -> SampleReport:
    return screen_contents([a_content(*calls)], ScreenOptions(**options))


def is_balanced(report: SampleReport) -> bool:
    """Check the identity of the whole and of every input."""
    whole = report.accounting
    parts = report.inputs
    return (
        whole.records == whole.outside_fgfr + whole.in_events + whole.rejected
        and min(whole.records, whole.outside_fgfr, whole.in_events, whole.rejected) >= 0
        and whole.records == sum(one.records for one in parts)
        and whole.outside_fgfr == sum(one.outside_fgfr for one in parts)
        and whole.rejected == sum(one.rejected for one in parts)
    )


def warnings_of(report: SampleReport) -> list[str]:
    return [finding.code for finding in report.warnings]


def program(report: SampleReport, program_id: str) -> Any:
    return next(one for one in report.programs if one.id == program_id)


# --------------------------------------------------------------------------------------------------------------- files

FUSION = (
    "chr10 58702500 b1 N [chr10:121481200[N 60 PASS SVTYPE=BND;MATEID=b2",
    "chr10 121481200 b2 N [chr10:58702500[N 60 PASS SVTYPE=BND;MATEID=b1",
)
ELSEWHERE = "chr3 1000000 . A G 60 PASS ."
S249C = "chr4 1801841 . C G 60 PASS ."
BAD_ALT = "chr10 121481200 . N [chr10:oops[N 60 PASS SVTYPE=BND"


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Write a VCF of some rows under a name."""

    def write(name: str, *rows: str, **form: Any) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(vcf(*rows, **form), encoding="ascii")
        return str(path)

    return write


def lab_report(**changes: Any) -> dict[str, Any]:
    """Return a report of a panel that found nothing."""
    genes = ["FGFR1", "FGFR2", "FGFR3"]
    document = {
        "schema_version": "1.0",
        "report": {"id": "r1", "lab": "Laboratory"},
        "genome": {"build": "GRCh38"},
        "tumor_type": {"text": "intrahepatic cholangiocarcinoma", "oncotree": "IHCH"},
        "specimen": {"kind": "tissue_primary", "tumor_content": 0.6},
        "assays": [
            {
                "name": "panel",
                "method": "dna_panel",
                "qc": "pass",
                "covers": {"short_variants": genes, "copy_numbers": genes, "rearrangements": genes},
            }
        ],
        "short_variants": [],
        "copy_numbers": [],
        "rearrangements": [],
    }
    return {**document, **changes}


@pytest.fixture
def report_file(tmp_path: Path) -> Callable[..., str]:
    def write(name: str = "report.json", *, indent: int | None = 1, **changes: Any) -> str:
        path = tmp_path / name
        path.write_text(json.dumps(lab_report(**changes), indent=indent), encoding="utf-8")
        return str(path)

    return write


def test_the_order_of_files_does_not_change_one_byte(file: Callable[..., str], report_file: Callable[..., str]) -> None:
    paths = [
        file("b.vcf", *FUSION, ELSEWHERE),
        file("a.vcf", S249C),
        report_file(copy_numbers=[{"call": "present", "gene": {"symbol": "FGFR1"}, "type": "gain"}]),
    ]
    texts = {to_json(screen_sample(*order, tumor_type="IHCH")) for order in itertools.permutations(paths)}
    assert len(texts) == 1


def test_inputs_are_numbered_by_name_whatever_their_folder(file: Callable[..., str]) -> None:
    report = screen_sample(file("z/a.vcf", S249C), file("a/b.vcf", ELSEWHERE))
    assert [(one.id, Path(one.path).name) for one in report.inputs] == [("in1", "a.vcf"), ("in2", "b.vcf")]


def test_the_result_is_the_same_in_another_run(file: Callable[..., str]) -> None:
    path = file("a.vcf", *FUSION, S249C)
    assert to_json(screen_sample(path)) == to_json(screen_sample(path))
    assert to_json(screen_sample(path)).endswith(b"}\n")


def test_one_bad_file_among_good_ones_is_incomplete_and_forbids_every_no(
    file: Callable[..., str], report_file: Callable[..., str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("nothing that a reader knows\n", encoding="ascii")
    good = report_file()
    clean = screen_sample(good)
    assert clean.summary.qualifying_fgfr2_fusion_or_rearrangement is NO_MATCH
    report = screen_sample(good, str(bad), file("f.vcf", ELSEWHERE))
    failed = next(one for one in report.inputs if one.path == str(bad))
    assert (failed.complete, failed.format, failed.findings[0].code) == (False, "none", "UNKNOWN_FORMAT")
    assert set(structs.asdict(report.summary).values()) == {UNDETERMINED}
    assert is_balanced(report)


def test_what_a_good_file_shows_stands_beside_a_bad_one(file: Callable[..., str], tmp_path: Path) -> None:
    report = screen_sample(file("good.vcf", *FUSION), str(tmp_path / "missing.vcf"))
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is MATCH


def test_strict_makes_one_bad_file_fatal(file: Callable[..., str], tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.vcf")
    with pytest.raises(InputError) as caught:
        screen_sample(file("good.vcf", *FUSION), missing, strict=True)
    assert (caught.value.path, caught.value.exit_code) == (missing, 3)


def test_strict_makes_one_refused_record_fatal(file: Callable[..., str]) -> None:
    path = file("a.vcf", *FUSION, BAD_ALT)
    assert screen_sample(path).rejected
    with pytest.raises(InputError) as caught:
        screen_sample(path, strict=True)
    assert (caught.value.path, caught.value.code) == (path, "BREAKEND_MALFORMED")
    assert caught.value.line is not None


def test_without_any_file_that_can_be_used_there_is_no_answer(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("nothing\n", encoding="ascii")
    with pytest.raises(UnknownFormatError):
        screen_sample(str(bad), str(tmp_path / "missing.vcf"))


def test_no_file_or_one_file_twice_is_an_error_of_use(file: Callable[..., str]) -> None:
    with pytest.raises(UsageError, match="no input file"):
        screen_sample()
    path = file("a.vcf", ELSEWHERE)
    with pytest.raises(UsageError, match="named twice"):
        screen_sample(path, path)


def test_an_option_that_does_not_exist_names_those_that_do(file: Callable[..., str]) -> None:
    with pytest.raises(UsageError) as caught:
        screen_sample(file("a.vcf", ELSEWHERE), tumour="IHCH")
    assert "tumor_type" in caught.value.remedy


def test_two_assemblies_of_one_event_in_two_files_are_one_event(file: Callable[..., str]) -> None:
    old = "chr10 60462260 x N [chr10:123240714[N 60 PASS SVTYPE=BND"
    one = screen_sample(file("new.vcf", FUSION[0]))
    both = screen_sample(file("new.vcf", FUSION[0]), file("old.vcf", old, assembly=GRCH37))
    assert [event.id for event in both.events] == [event.id for event in one.events]
    assert [line.assembly for line in both.events[0].evidence] == [Assembly.GRCH38, GRCH37]


# ---------------------------------------------------------------------------------------------------------- accounting


def test_every_record_of_mixed_inputs_is_accounted_for(
    file: Callable[..., str], report_file: Callable[..., str]
) -> None:
    variant = {"call": "present", "gene": {"symbol": "FGFR3"}, "hgvs_p": "p.S249C"}
    report = screen_sample(
        file("a.vcf", *FUSION, ELSEWHERE, BAD_ALT, S249C, "chr10 121479000 . A <CNV> 60 PASS END=121479100"),
        report_file(
            short_variants=[variant, {**variant, "gene": {"symbol": "TP53"}}, {**variant, "hgvs_p": "p.Z999?"}],
            negatives=[{"gene": {"symbol": "FGFR1"}, "event_class": "any"}],
        ),
    )
    assert is_balanced(report)
    assert report.accounting.records == 10
    assert report.accounting.rejected == len(report.rejected)


def test_a_call_that_turns_out_to_lie_outside_is_moved_in_the_account() -> None:
    report = screen(an_fgfr2_bicc1_call(), a_joined("TACC1", "intron 2", "BICC1", "intron 2"))
    assert report.accounting == Accounting(records=2, outside_fgfr=1, in_events=1, rejected=0)
    assert report.inputs[0].outside_fgfr == 1


def test_a_pair_of_mates_is_two_records_with_one_fate() -> None:
    pair = structs.replace(a_joined("TACC1", "intron 2", "BICC1", "intron 2"), mates=(a_source(line=2),))
    content = a_content(pair, accounting=Accounting(records=2, outside_fgfr=0, in_events=2, rejected=0))
    report = screen_contents([content], ScreenOptions())
    assert report.accounting == Accounting(records=2, outside_fgfr=2, in_events=0, rejected=0)


def _one_record(*calls: Any, place: str | None = None) -> SampleReport:
    """Screen calls that a reader took from one line (ALT 1, ALT 2, ...), which it counts once."""
    at = [from_line(call, 7, place=place or f"ALT {number}") for number, call in enumerate(calls, 1)]
    accounting = Accounting(records=5, outside_fgfr=4, in_events=1, rejected=0)
    content = structs.replace(a_content(accounting=accounting), calls=tuple(at))
    return screen_contents([content], ScreenOptions())


INSIDE = an_fgfr2_bicc1_call()
OUTSIDE = a_joined("TACC1", "intron 2", "BICC1", "intron 2")
UNUSABLE = a_short_variant_call(gene="FGFR3", hgvs_p="p.Z999?")


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ((INSIDE, INSIDE), (4, 1, 0)),
        ((INSIDE, OUTSIDE), (4, 1, 0)),
        ((OUTSIDE, OUTSIDE), (5, 0, 0)),
        ((OUTSIDE, UNUSABLE), (4, 0, 1)),
        ((UNUSABLE, UNUSABLE), (4, 0, 1)),
        ((INSIDE, UNUSABLE), (4, 1, 0)),
    ],
)
def test_the_alleles_and_junctions_of_one_line_are_one_record(
    calls: tuple[Any, ...], expected: tuple[int, int, int]
) -> None:
    for order in (calls, calls[::-1]):
        report = _one_record(*order)
        count = report.accounting
        assert (count.outside_fgfr, count.in_events, count.rejected) == expected
        assert is_balanced(report)


def test_two_junctions_with_one_source_are_one_record() -> None:
    assert _one_record(INSIDE, other_product(INSIDE), place="ALT 1").accounting.in_events == 1


def test_entries_of_a_report_on_one_line_are_records_of_their_own() -> None:
    calls = [
        from_line(call, 1, place=f"$.rearrangements[{at}]")
        for at, call in enumerate((INSIDE, OUTSIDE, OUTSIDE, UNUSABLE))
    ]
    content = structs.replace(
        a_content(accounting=structs.replace(NO_ACCOUNT, records=4, in_events=4)), calls=tuple(calls)
    )
    report = screen_contents([content], ScreenOptions())
    assert report.accounting == Accounting(records=4, outside_fgfr=2, in_events=1, rejected=1)


def test_a_reader_without_lines_is_accounted_for_by_place() -> None:
    sources = [a_source(line=None, place=f"row {at}") for at in range(3)]
    calls = [
        structs.replace(call, source=source) for call, source in zip((INSIDE, OUTSIDE, OUTSIDE), sources, strict=True)
    ]
    content = structs.replace(
        a_content(accounting=structs.replace(NO_ACCOUNT, records=3, in_events=3)), calls=tuple(calls)
    )
    assert screen_contents([content], ScreenOptions()).accounting == Accounting(
        records=3, outside_fgfr=2, in_events=1, rejected=0
    )


def test_a_report_on_a_single_line_balances(report_file: Callable[..., str]) -> None:
    variant = {"call": "present", "gene": {"symbol": "FGFR3"}, "hgvs_p": "p.S249C"}
    bad = {**variant, "hgvs_p": "p.Z999?"}
    report = screen_sample(report_file(indent=None, short_variants=[variant, bad, bad]))
    assert is_balanced(report)
    assert report.accounting == Accounting(records=3, outside_fgfr=0, in_events=1, rejected=2)
    assert len(report.rejected) == 2


def test_a_refused_variant_names_its_line_and_touches_fgfr() -> None:
    report = screen(INSIDE, UNUSABLE)
    (refused,) = report.rejected
    assert (refused.input, refused.line, refused.touches_fgfr) == ("in1", 2, True)
    assert is_balanced(report)


@given(calls=patients(), lines=st.lists(st.integers(1, 3), min_size=6, max_size=6))
@settings(deadline=None, max_examples=40)
def test_the_account_balances_however_calls_share_lines(calls: list[Any], lines: list[int]) -> None:
    at = [from_line(call, line) for call, line in zip((*calls, OUTSIDE), lines, strict=False)]
    records = len({call.source.line for call in at})
    content = structs.replace(
        a_content(accounting=structs.replace(NO_ACCOUNT, records=records, in_events=records)), calls=tuple(at)
    )
    report = screen_contents([content], ScreenOptions())
    assert is_balanced(report)
    in_events = {line.line for event in (*report.events, *report.silent_events) for line in event.evidence}
    assert report.accounting.in_events == len(in_events)


# ------------------------------------------------------------------------------------------------------------- absence


def test_without_an_assay_nothing_found_is_never_no() -> None:
    report = screen()
    assert set(structs.asdict(report.summary).values()) == {UNDETERMINED}
    assert {one.genomic for one in report.programs} == {UNDETERMINED}
    assert {one.outcome for one in report.absence} == {UNDETERMINED}


def test_an_assay_of_the_report_that_covers_everything_says_no(report_file: Callable[..., str]) -> None:
    report = screen_sample(report_file())
    assert set(structs.asdict(report.summary).values()) == {NO_MATCH}
    assert report.events == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"specimen": {"kind": "plasma"}},
        {"specimen": {"kind": "tissue_primary", "tumor_content": 0.1}},
        {"assays": [{"name": "panel", "method": "dna_panel", "qc": "fail", "covers": {"rearrangements": ["FGFR2"]}}]},
        {"assays": [{"name": "panel", "method": "dna_panel", "qc": "pass"}]},
    ],
    ids=["plasma", "little tumour", "failed", "coverage not known"],
)
def test_a_weak_test_never_says_no(report_file: Callable[..., str], changes: dict[str, Any]) -> None:
    assert set(structs.asdict(screen_sample(report_file(**changes)).summary).values()) == {UNDETERMINED}


def test_a_failed_rna_test_is_not_negative(report_file: Callable[..., str]) -> None:
    assays = [{"name": "rna", "method": "rna_panel", "qc": "fail", "covers": {"rearrangements": ["FGFR2"]}}]
    report = screen_sample(report_file(assays=assays))
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is UNDETERMINED


def test_a_refused_fgfr_record_keeps_absence_open(file: Callable[..., str], report_file: Callable[..., str]) -> None:
    report = screen_sample(report_file(), file("a.vcf", BAD_ALT))
    assert set(structs.asdict(report.summary).values()) == {UNDETERMINED}


def test_an_assay_named_by_the_user_speaks_for_inputs_without_one(file: Callable[..., str], tmp_path: Path) -> None:
    panel = tmp_path / "panel.toml"
    panel.write_text(
        'id = "p"\nname = "p"\nmolecule = "DNA"\nsources = []\nqc = "pass"\n'
        '[[covers]]\ngenes = ["FGFR2"]\nkinds = ["rearrangement"]\nregion = "intron 17"\n',
        encoding="ascii",
    )
    path = file("a.vcf", ELSEWHERE)
    assert screen_sample(path).summary.qualifying_fgfr2_fusion_or_rearrangement is UNDETERMINED
    report = screen_sample(path, assay=str(panel))
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is NO_MATCH
    assert report.summary.fgfr2_amplification is UNDETERMINED
    assert (
        screen_sample(path, assay=str(panel), purity=0.1).summary.qualifying_fgfr2_fusion_or_rearrangement
        is UNDETERMINED
    )
    with_fusion = screen_sample(file("b.vcf", *FUSION), assay=str(panel))
    assert {line.assay for line in with_fusion.events[0].evidence} == {"as0"}


def test_an_assay_that_cannot_be_found_is_an_error_of_use(file: Callable[..., str]) -> None:
    with pytest.raises(UsageError, match="no assay"):
        screen_sample(file("a.vcf", ELSEWHERE), assay="no-such-panel")


def test_a_measured_copy_number_under_the_cut_answers_for_its_gene_alone() -> None:
    report = screen(a_copy_number_call(2.1, ploidy=2.0))
    assert report.summary.fgfr2_amplification is NO_MATCH
    assert report.summary.other_fgfr_alteration is UNDETERMINED


@pytest.mark.parametrize(
    "specimen", [a_specimen(id="sp1", kind=SpecimenKind.PLASMA), a_specimen(id="sp1", tumor_content=0.1)]
)
def test_copies_measured_in_plasma_or_with_little_tumour_are_no_answer(specimen: Any) -> None:
    call = measured(1.0, CopyNumberUnit.FOLD_CHANGE, specimen="sp1")
    report = screen_contents([a_content(call, specimens=(specimen,))], ScreenOptions())
    assert report.events[0].outcome is NO_MATCH
    assert report.summary.fgfr2_amplification is UNDETERMINED


def test_the_copies_of_fgfr3_belong_to_the_other_alterations() -> None:
    """Everything but the copies of FGFR3 was tested: an amplification of FGFR3 would be another FGFR alteration."""
    pairs = [
        (gene, kind)
        for gene in FgfrGene
        for kind in EventKind
        if (gene, kind) != (FgfrGene.FGFR3, EventKind.COPY_NUMBER)
    ]
    assay = an_assay(id="as1", specimen=None, covers=coverage(*pairs))
    report = screen_contents([a_content(assays=(assay,))], ScreenOptions())
    assert report.summary.other_fgfr_alteration is UNDETERMINED
    assert report.summary.fgfr3_alteration is NO_MATCH


@pytest.mark.parametrize(("copies", "outcome"), [(12.0, MATCH), (4.5, REVIEW), (2.0, NO_MATCH)])
def test_the_summary_has_the_best_event_of_each_question(copies: float, outcome: Outcome) -> None:
    report = screen(a_copy_number_call(copies, ploidy=2.0), an_fgfr2_bicc1_call())
    assert report.summary.fgfr2_amplification is outcome
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is MATCH


def test_assays_and_specimens_of_two_reports_are_not_mixed_up(report_file: Callable[..., str]) -> None:
    plasma = report_file("a.json", specimen={"kind": "plasma"})
    tissue = report_file("b.json", assays=[{"name": "panel", "method": "dna_panel", "qc": "pass"}])
    report = screen_sample(plasma, tissue)
    assert [one.id for one in report.assays] == ["in1.as1", "in2.as1"]
    assert [one.specimen for one in report.assays] == ["in1.sp1", "in2.sp1"]
    assert set(structs.asdict(report.summary).values()) == {UNDETERMINED}, "neither test can exclude anything"


def test_a_negative_of_one_report_proves_nothing_about_the_test_of_another(report_file: Callable[..., str]) -> None:
    negative = [{"gene": {"symbol": "FGFR2"}, "event_class": "rearrangement"}]
    blind = [{"name": "fish", "method": "fish", "qc": "fail"}, {"name": "other", "method": "other", "qc": "fail"}]
    report = screen_sample(
        report_file("a.json", assays=blind, negatives=negative),
        report_file("b.json", assays=[{"name": "panel", "method": "dna_panel", "qc": "pass"}]),
    )
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is UNDETERMINED


# ----------------------------------------------------------------------------------------------------------- conflicts


def test_an_explicit_negative_against_an_event_is_a_conflict_and_cancels_nothing() -> None:
    contents = [a_content(an_fgfr2_bicc1_call()), a_content(a_negative(), input_id="in2", path="later.json")]
    report = screen_contents(contents, ScreenOptions())
    assert [one.code for one in report.conflicts] == ["CONFLICT"]
    assert "later.json" in report.conflicts[0].message
    assert "FGFR2::BICC1" in report.conflicts[0].message
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is MATCH


@pytest.mark.parametrize(
    ("negative", "is_conflict"),
    [
        (a_negative(kind=None), True),
        (a_negative(kind=EventKind.COPY_NUMBER), False),
        (a_negative("FGFR3"), False),
    ],
)
def test_a_negative_contradicts_its_own_gene_and_kind(negative: Any, is_conflict: bool) -> None:
    report = screen(an_fgfr2_bicc1_call(), negative)
    assert bool(report.conflicts) is is_conflict


def test_a_negative_does_not_contradict_an_event_that_does_not_count() -> None:
    assert not screen(a_joined("FGFR2", "intron 5", "BICC1", "intron 2"), a_negative()).conflicts


def test_sources_that_disagree_on_copies_are_a_conflict_of_the_report() -> None:
    contents = [
        a_content(a_copy_number_call(12, ploidy=2.0)),
        a_content(a_copy_number_call(2, ploidy=2.0), input_id="in2"),
    ]
    report = screen_contents(contents, ScreenOptions())
    assert [one.code for one in report.conflicts] == ["CONFLICT"]


@pytest.mark.parametrize("status", [CallStatus.ABSENT, CallStatus.NOT_TESTED])
def test_a_line_that_says_absent_is_no_event(status: CallStatus) -> None:
    report = screen(an_fgfr2_bicc1_call(status=status), a_short_variant_call(status=status))
    assert report.events == ()
    assert is_balanced(report)


# -------------------------------------------------------------------------------------------------------------- events


def test_silent_events_are_kept_apart() -> None:
    inside = a_call(an_end("FGFR2", "intron 5", FIVE), an_interval(an_end("FGFR2", "intron 5", THREE), 50, 50))
    report = screen(inside)
    assert report.events == ()
    assert [event.alteration_class for event in report.silent_events] == [AlterationClass.SILENT]
    assert is_balanced(report)


def test_amplification_and_rearrangement_of_one_gene_stay_two_events() -> None:
    report = screen(an_fgfr2_bicc1_call(), a_segment("FGFR2", 1, 17, 12, ploidy=2.0))
    assert [(event.kind, event.outcome) for event in report.events] == [
        (EventKind.REARRANGEMENT, MATCH),
        (EventKind.COPY_NUMBER, REVIEW),
    ]


def test_expression_is_an_event_that_cannot_be_told() -> None:
    report = screen(ExpressionCall(source=a_source(), gene="FGFR2", stain="FGFR2b"))
    assert [event.alteration_class for event in report.events] == [AlterationClass.NOT_ASSESSABLE]
    assert report.summary.fgfr2_amplification is UNDETERMINED


def test_purity_and_ploidy_come_from_the_specimen_then_the_file_then_the_user() -> None:
    call = measured(2.0, CopyNumberUnit.FOLD_CHANGE)
    specimen = a_specimen(id="sp1", tumor_content=0.2, ploidy=2.0)

    def copies(**content: Any) -> float | None:
        return screen_contents([a_content(call, **content)], ScreenOptions(purity=1.0, ploidy=2.0)).events[0].copies

    assert copies() == 4.0
    assert copies(purity=0.5) == 6.0
    assert copies(purity=0.5, specimens=(specimen,)) == 12.0


def test_the_specimen_s_time_and_not_the_file_decides_on_resistance() -> None:
    specimens = (a_specimen(id="sp1", before_fgfr_inhibitor=True),)
    gatekeeper = a_short_variant_call(gene="FGFR2", hgvs_p="p.N549K", transcript="NM_000141.5", specimen="sp1")
    before = screen_contents(
        [a_content(gatekeeper, specimens=specimens)], ScreenOptions(clinical={"prior_fgfr_inhibitor": True})
    )
    after = screen(gatekeeper, clinical={"prior_fgfr_inhibitor": True})
    assert before.events[0].alteration_class is AlterationClass.ACTIVATING_MUTATION
    assert after.events[0].alteration_class is AlterationClass.RESISTANCE_MUTATION


# ------------------------------------------------------------------------------------------ tumour type, clinical facts


def test_the_user_s_tumour_type_wins_and_a_difference_is_told() -> None:
    content = a_content(tumor_oncotree="STAD")
    report = screen_contents([content], ScreenOptions(tumor_type="IHCH"))
    assert report.sample.tumor_type is not None
    assert report.sample.tumor_type.oncotree == "IHCH"
    assert "TUMOR_TYPE_CONFLICT" in warnings_of(report)
    agreed = screen_contents([content], ScreenOptions(tumor_type="STAD"))
    assert warnings_of(agreed) == []


def test_a_report_s_tumour_type_is_used_where_the_user_gives_none() -> None:
    contents = [a_content(tumor_type_text="a word nobody knows"), a_content(input_id="in2", tumor_oncotree="IHCH")]
    for order in (contents, contents[::-1]):
        report = screen_contents(order, ScreenOptions())
        assert report.sample.tumor_type is not None
        assert report.sample.tumor_type.oncotree == "IHCH"


def test_a_tumour_type_that_is_not_understood_is_told() -> None:
    report = screen(tumor_type="a word nobody knows")
    assert warnings_of(report) == ["TUMOR_TYPE_NOT_UNDERSTOOD"]
    assert screen().sample.tumor_type is None


def test_exon_18_alone_depends_on_the_tumour_type() -> None:
    reciprocal = other_product(an_fgfr2_bicc1_call())
    assert screen(reciprocal, tumor_type="IHCH").events[0].outcome is REVIEW
    assert screen(reciprocal, tumor_type="STAD").events[0].outcome is NO_MATCH
    assert screen(reciprocal).events[0].outcome is REVIEW


@pytest.mark.parametrize("form", ["mapping", "record", "file"])
def test_clinical_facts_come_as_a_mapping_a_record_or_a_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text("age_months = 720\n", encoding="ascii")
    given_facts: Any = {"mapping": {"age_months": 720}, "record": ClinicalFacts(age_months=720), "file": path}[form]
    assert screen(clinical=given_facts).clinical == {"age_months": 720.0}


def test_facts_of_a_report_fill_what_the_user_leaves_out() -> None:
    content = a_content(clinical={"age_months": 700, "sex": "female"})
    report = screen_contents([content], ScreenOptions(clinical={"age_months": 720}))
    assert report.clinical["age_months"] == 720
    assert report.clinical["sex"] == "female"
    assert report.warnings, "the difference in age is told"


# ---------------------------------------------------------------------------------------------------------- programmes


def test_programmes_are_chosen_by_id_and_an_unknown_id_is_an_error() -> None:
    report = screen(an_fgfr2_bicc1_call(), programs=("CCA_FGFR2", "GC_FGFR2_AMP"))
    assert {one.id for one in report.programs} == {"CCA_FGFR2", "GC_FGFR2_AMP"}
    with pytest.raises(UsageError, match="no programme NOPE"):
        screen(programs=("NOPE",))


def test_a_fusion_reaches_its_programme_and_absence_does_not_lower_it() -> None:
    report = screen(an_fgfr2_bicc1_call(), tumor_type="IHCH")
    result = program(report, "CCA_FGFR2")
    assert (result.genomic, result.tumor_type, result.outcome) == (MATCH, MATCH, UNDETERMINED)
    assert result.event_ids == (report.events[0].id,)
    assert result.missing


def test_programmes_are_listed_best_first() -> None:
    outcomes = [one.outcome.rank for one in screen(an_fgfr2_bicc1_call(), tumor_type="IHCH").programs]
    assert outcomes == sorted(outcomes, reverse=True)


# ---------------------------------------------------------------------------------------------------------- properties


def _answers(report: SampleReport) -> Any:
    def told(event: Event) -> Any:
        return (event.id, event.kind, event.alteration_class, event.outcome, event.confidence, event.name)

    return [told(event) for event in report.events], report.summary, [(one.id, one.outcome) for one in report.programs]


@given(
    calls=patients(),
    split=st.lists(st.booleans(), min_size=6, max_size=6),
    ends=st.lists(st.booleans(), min_size=6, max_size=6),
)
@settings(deadline=None, max_examples=30)
def test_files_lines_and_ends_do_not_change_the_answer(calls: list[Any], split: list[bool], ends: list[bool]) -> None:
    one_file = screen_contents([a_content(*calls)], ScreenOptions())
    swapped = [
        turned(call) if flag and call.second is not None and call.order.value == "unknown" else call
        for call, flag in zip(calls, ends, strict=False)
    ]
    parts = [[call for call, flag in zip(swapped, split, strict=False) if flag is which] for which in (True, False)]
    two_files = screen_contents(
        [a_content(*reversed(part), input_id=f"in{at}") for at, part in enumerate(parts, 1)], ScreenOptions()
    )
    assert _answers(two_files) == _answers(one_file)


def test_a_named_fusion_and_fish_and_rna_and_dna_are_one_event_of_four_sources() -> None:
    calls = (
        an_fgfr2_bicc1_call(),
        an_rna_call("FGFR2", 17, "BICC1", 3),
        a_named_call("FGFR2", "BICC1", declared=DeclaredStructure.FUSION),
        a_named_call("FGFR2", declared=DeclaredStructure.REARRANGEMENT, molecule=Molecule.FISH),
    )
    (event,) = screen_contents(
        [a_content(call, input_id=f"in{at}") for at, call in enumerate(calls, 1)], ScreenOptions()
    ).events
    assert [line.input for line in event.evidence] == ["in1", "in2", "in3", "in4"]
    assert event.outcome is MATCH


def test_findings_of_an_input_travel_with_it() -> None:
    refused = Rejected(input="in1", line=3, code="ALT_UNKNOWN", message="x", touches_fgfr=False)
    report = screen_contents(
        [
            a_content(
                report=an_input_report(complete=False),
                rejected=(refused,),
                accounting=structs.replace(NO_ACCOUNT, records=1, rejected=1),
            )
        ],
        ScreenOptions(),
    )
    assert report.rejected == (refused,)
    assert report.inputs[0].complete is False
    assert is_balanced(report)


def test_an_assay_of_unknown_quality_is_listed_and_excludes_nothing() -> None:
    assay: Assay = an_assay(id="as1", qc=AssayQc.UNKNOWN)
    report = screen_contents([a_content(assays=(assay,))], ScreenOptions())
    assert [one.id for one in report.assays] == ["in1.as1"]
    assert set(structs.asdict(report.summary).values()) == {UNDETERMINED}


def test_a_short_variant_whose_place_contradicts_its_protein_change_is_review_and_not_silent() -> None:
    call = a_short_variant_call(contig="chr4", pos=1801841, ref="C", alt="G", assembly=Assembly.GRCH37)
    report = screen_contents([a_content(call)], ScreenOptions())
    assert [(one.outcome, one.protein_change) for one in report.events] == [(Outcome.REVIEW, "S249C")]
    assert "PROTEIN_CHANGE_NOT_AT_POSITION" in {one.code for one in report.events[0].findings}


@pytest.mark.parametrize("turn", [1, -1])
def test_a_call_without_partner_never_hides_the_partner_that_another_call_names(turn: int) -> None:
    calls = [a_named_call("FGFR2"), a_named_call("AHCYL1", "FGFR2")][::turn]
    report = screen_contents([a_content(*calls)], ScreenOptions())
    assert [(one.name, len(one.evidence)) for one in report.events] == [("FGFR2::AHCYL1", 2)]


def test_one_break_told_with_and_without_sure_orientation_has_one_name_in_any_order() -> None:
    call = an_fgfr2_bicc1_call(Assembly.GRCH37)
    assert call.second is not None
    lost = structs.replace(
        call,
        first=structs.replace(call.first, pos=Pos1(123238690), orientation=Orientation.LEFT),
        second=structs.replace(call.second, pos=Pos1(60421247), orientation=Orientation.LEFT),
        orientation_is_reliable=True,
    )
    unsure = structs.replace(lost, orientation_is_reliable=False)
    reports = [screen_contents([a_content(*order)], ScreenOptions()) for order in ([lost, unsure], [unsure, lost])]
    assert _answers(reports[0]) == _answers(reports[1])
    assert [event.name for event in reports[0].events] == ["BICC1::FGFR2"]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    "told",
    [
        a_named_call("FGFR2", declared=DeclaredStructure.REARRANGEMENT, molecule=Molecule.FISH),
        a_named_call("FGFR2", "BICC1"),
        a_named_call("FGFR2", "BICC1", declared=DeclaredStructure.FUSION),
    ],
    ids=["FISH", "named", "named fusion"],
)
def test_a_rearrangement_told_without_a_place_never_ends_as_the_no_of_a_break_elsewhere(told: Any, turn: int) -> None:
    call = an_fgfr2_bicc1_call()
    cut = structs.replace(call, first=structs.replace(call.first, pos=place("FGFR2", "intron 5"), pos_end=None))
    assert screen(cut).events[0].outcome is NO_MATCH
    covered = a_content(*[cut, told][::turn], assays=(an_assay(id="as1", specimen=None),))
    report = screen_contents([covered], ScreenOptions())
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is REVIEW
    assert sum(len(event.evidence) for event in report.events) == 2


# ----------------------------------------------------------------------------- what the user, the laboratory, the normal say


def _fgfr2(report: SampleReport) -> Outcome:
    return report.summary.qualifying_fgfr2_fusion_or_rearrangement


PASSED: dict[str, Any] = {"assay": "whole-transcriptome", "assay_qc": "pass", "tumor_type": "IHCH"}


def test_the_assay_of_the_user_stands_behind_files_that_describe_none_and_no_other() -> None:
    options = ScreenOptions(**PASSED)
    assert _fgfr2(screen_contents([a_content()], options)) is NO_MATCH
    failed = a_content(assays=(an_assay(id="as1", specimen=None, qc=AssayQc.FAIL),))
    report = screen_contents([failed], options)
    assert _fgfr2(report) is UNDETERMINED
    assert [finding.code for finding in report.warnings] == ["ASSAY_NOT_USED"]
    assert [assay.id for assay in report.assays] == ["in1.as1"]


@pytest.mark.parametrize(
    ("carries", "outcome"),
    [
        (None, NO_MATCH),
        ((EventKind.REARRANGEMENT,), NO_MATCH),
        ((EventKind.SHORT_VARIANT, EventKind.COPY_NUMBER), UNDETERMINED),
    ],
)
def test_a_file_that_can_hold_no_rearrangement_does_not_exclude_one(carries: Any, outcome: Outcome) -> None:
    assert _fgfr2(screen_contents([a_content(carries=carries)], ScreenOptions(**PASSED))) is outcome
    both = [a_content(carries=carries), a_content(input_id="in2", carries=(EventKind.REARRANGEMENT,))]
    assert _fgfr2(screen_contents(both, ScreenOptions(**PASSED))) is NO_MATCH


@pytest.mark.parametrize(
    "call",
    [
        an_fgfr2_bicc1_call(status=CallStatus.NOT_TESTED),
        a_named_call("FGFR2", "BICC1", status=CallStatus.NOT_TESTED),
    ],
    ids=["by place", "by name"],
)
def test_a_finding_listed_as_not_tested_leaves_its_question_open(call: Any) -> None:
    content = a_content(call, assays=(an_assay(id="as1", specimen=None),))
    report = screen_contents([content], ScreenOptions(tumor_type="IHCH"))
    assert (report.events, _fgfr2(report)) == ((), UNDETERMINED)
    assert report.summary.fgfr2_amplification is NO_MATCH


@pytest.mark.parametrize("kinase", [KinaseDomain.LOST, KinaseDomain.PARTLY])
@pytest.mark.parametrize(
    "call",
    [a_named_call("FGFR2", "BICC1", declared=DeclaredStructure.FUSION), an_fgfr2_bicc1_call()],
    ids=["name", "place"],
)
def test_a_fusion_without_kinase_by_the_laboratorys_word_is_for_a_person(call: Any, kinase: KinaseDomain) -> None:
    assert screen(call).events[0].outcome is MATCH
    event = screen(structs.replace(call, declared_kinase=kinase)).events[0]
    assert event.outcome is REVIEW
    assert "DECLARED_KINASE_LOST" in {finding.code for finding in event.findings}


@pytest.mark.parametrize(
    "call", [an_fgfr2_bicc1_call(), a_copy_number_call(14.0)], ids=["rearrangement", "amplification"]
)
def test_what_the_normal_shows_as_well_is_for_a_person(call: Any) -> None:
    assert screen(call).events[0].outcome is MATCH
    event = screen(structs.replace(call, origin=Origin.GERMLINE)).events[0]
    assert event.outcome is REVIEW
    assert event.findings[-1].code == "SWAP_OR_MOSAIC"


def test_a_copy_number_that_cannot_be_read_leaves_its_question_open() -> None:
    content = a_content(a_copy_number_call(), assays=(an_assay(id="as1", specimen=None),))
    report = screen_contents([content], ScreenOptions(tumor_type="STAD"))
    assert [event.alteration_class.value for event in report.events] == ["not_assessable"]
    assert report.summary.fgfr2_amplification is UNDETERMINED


# -------------------------------------------------------------------------------------- failed tests, preliminary reports

EVERY_KIND = [
    an_fgfr2_bicc1_call(),
    a_short_variant_call(),
    a_copy_number_call(30.0),
]


def only_event(*contents: InputContent, **options: Any) -> Event:
    (event,) = screen_contents(list(contents), ScreenOptions(**options)).events
    return event


def of_test(call: Call, qc: AssayQc = AssayQc.FAIL, assay: str | None = "as1", input_id: str = "in1") -> InputContent:
    """Return a call of the only test of its report; `assay` None = the call does not say of which."""
    test = an_assay(id="as1", qc=qc, specimen=None)
    return a_content(structs.replace(call, assay=assay), input_id=input_id, assays=(test,))


def preliminary(*calls: Call) -> InputContent:
    report = an_input_report(findings=(Finding(code="REPORT_PRELIMINARY", message="status preliminary"),))
    return structs.replace(a_content(*calls), report=report)


@pytest.mark.parametrize("call", EVERY_KIND, ids=lambda call: call.__struct_config__.tag)
class TestReservations:
    def test_an_event_of_a_passed_test_matches(self, call: Call) -> None:
        for qc in (AssayQc.PASS, AssayQc.QUALIFIED, AssayQc.UNKNOWN):
            assert only_event(of_test(call, qc)).outcome is MATCH

    @pytest.mark.parametrize("assay", ["as1", None])
    def test_an_event_that_only_a_failed_test_shows_is_for_review(self, call: Call, assay: str | None) -> None:
        event = only_event(of_test(call, assay=assay))
        assert (event.outcome, event.confidence) == (REVIEW, Confidence.LOW)
        assert [one.outcome for one in event.findings if one.code == "ASSAY_FAILED"] == [REVIEW]

    def test_the_failed_test_of_the_user_counts_as_well(self, call: Call) -> None:
        options = {"assay": "whole-genome-tumor-normal"}
        assert only_event(a_content(call), assay_qc="fail", **options).outcome is REVIEW
        assert only_event(a_content(call), assay_qc="pass", **options).outcome is MATCH

    def test_the_same_event_of_a_passed_test_removes_the_doubt(self, call: Call) -> None:
        assert only_event(of_test(call), of_test(call, AssayQc.PASS, input_id="in2")).outcome is MATCH

    def test_a_call_without_its_test_is_not_that_of_a_failed_one_beside_a_passed_one(self, call: Call) -> None:
        tests = an_assay(id="as1", qc=AssayQc.FAIL), an_assay(id="as2")
        assert only_event(a_content(call, assays=tests)).outcome is MATCH
        other = an_assay(id="as2", molecule=Molecule.RNA)
        assert only_event(a_content(call, assays=(tests[0], other))).outcome is REVIEW

    def test_an_event_of_a_preliminary_report_is_for_review(self, call: Call) -> None:
        event = only_event(preliminary(call))
        assert event.outcome is REVIEW
        assert "REPORT_PRELIMINARY" in [one.code for one in event.findings]
        assert only_event(preliminary(call), a_content(call, input_id="in2")).outcome is MATCH


def test_a_gap_in_one_gene_leaves_the_others_answered() -> None:
    whole = an_assay(id="as1", specimen=None)
    gap = a_short_variant_call(
        gene="FGFR3", hgvs_p=None, assay="as1", status=CallStatus.NOT_TESTED, finding_codes=("NOT_COVERED",)
    )
    report = screen_contents([a_content(gap, assays=(whole,))], ScreenOptions())
    short = {one.gene: one.outcome for one in report.absence if one.kind is EventKind.SHORT_VARIANT}
    assert short == {FgfrGene.FGFR1: NO_MATCH, FgfrGene.FGFR2: NO_MATCH, FgfrGene.FGFR3: UNDETERMINED}
    assert report.events == ()
    (told,) = [one for one in report.absence if (one.gene, one.kind) == (FgfrGene.FGFR3, EventKind.SHORT_VARIANT)]
    assert [finding.code for finding in told.findings] == ["NOT_COVERED"]


@pytest.mark.parametrize(
    "options", [{"purity": float("nan")}, {"purity": 0.0}, {"purity": 1.5}, {"ploidy": float("nan")}]
)
def test_a_purity_or_ploidy_that_is_no_number_of_its_range_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="is not in the range"):
        ScreenOptions(**options)  # type: ignore[arg-type]
