"""Depth or junction, one allele of several, far ends and contigs that are not told: what a row states, and its doubts."""

import pytest

from fgfr_screen.model import Call, CopyNumberCall, InputContent, RearrangementCall
from fgfr_screen.terms import Assembly, CallStatus, CopyNumberUnit, DeclaredCopyNumber, Origin, Outcome
from tests.readers.vcf_text import LENGTHS, read_text, vcf

WHOLE = "chr10 121400000 x N {alt} . PASS {info}"
JOIN = "chr4 1739899 x N <DUP> . PASS {info}"
COPIES = CopyNumberUnit.COPIES
SV_META = "".join(f'##INFO=<ID={key},Number=1,Type=String,Description="x">\n' for key in ("SVTYPE", "DP"))


def kinds(content: InputContent) -> list[type[Call]]:
    return [type(call) for call in content.calls]


def copies_of(content: InputContent) -> list[tuple[int | None, dict[CopyNumberUnit, float]]]:
    return [
        (call.end, {one.unit: one.value for one in call.measures})
        for call in content.calls
        if isinstance(call, CopyNumberCall)
    ]


def only_copies(text: str) -> CopyNumberCall:
    (call,) = read_text(text).calls
    assert isinstance(call, CopyNumberCall)
    return call


# ------------------------------------------------------------------------------------------------- lists of alleles


@pytest.mark.parametrize(
    ("alt", "info"),
    [
        ("A,<INV>", "SVLEN=.,62778700"),
        ("<INV>", "SVTYPE=INV;END=121481199,121481199"),
        ("<DEL>,<INV>", "SVTYPE=INV;SVLEN=500,62778700;END=58702999,121481199"),
        ("<INV>", "SVTYPE=INV;SVLEN=+62778700"),
    ],
)
def test_an_allele_takes_its_own_span_from_a_list(alt: str, info: str) -> None:
    content = read_text(vcf(f"chr10 58702499 x N {alt} . PASS {info}"))
    clean = read_text(vcf("chr10 58702499 x N <INV> . PASS SVLEN=62778700"))
    ends = [(call.first, call.second) for call in (*content.calls, *clean.calls) if isinstance(call, RearrangementCall)]
    assert len(ends) == 4
    assert ends[:2] == ends[2:]


@pytest.mark.parametrize("info", ["SVLEN=.,.", "SVLEN=500,.", "END=x,121481199"])
def test_an_allele_without_a_readable_span_forbids_a_no(info: str) -> None:
    content = read_text(vcf(f"chr10 58702499 x N A,<INV> . PASS SVTYPE=INV;{info}"))
    assert [record.touches_fgfr for record in content.rejected] == [True]


@pytest.mark.parametrize("info", ["SVLEN=500,62778700", "END=58702999,121481199"])
def test_spans_that_do_not_fit_the_alleles_are_refused(info: str) -> None:
    content = read_text(vcf(f"chr10 58702499 x N <INV> . PASS SVTYPE=INV;{info}"))
    assert [(one.code, one.touches_fgfr) for one in content.rejected] == [("INFO_MALFORMED", True)]


def test_copies_and_span_are_those_of_the_allele() -> None:
    row = WHOLE.format(alt="<DEL>,<DUP>", info="SVLEN=50,300000;CN=1,30;SVCLAIM=D,D")
    assert copies_of(read_text(vcf(row))) == [(121700000, {COPIES: 30.0})]
    both = WHOLE.format(alt="<DEL>,<DUP>", info="SVLEN=200000,300000;CN=1,30;SVCLAIM=D,D")
    content = read_text(vcf(both))
    assert copies_of(content) == [(121600000, {COPIES: 1.0}), (121700000, {COPIES: 30.0})]
    assert [(call.source.place, call.declared) for call in content.calls if isinstance(call, CopyNumberCall)] == [
        ("ALT 1", DeclaredCopyNumber.LOSS),
        ("ALT 2", DeclaredCopyNumber.GAIN),
    ]


def test_alleles_that_share_span_and_copies_are_one_call() -> None:
    row = WHOLE.format(alt="<DEL>,<DUP>", info="END=121700000;SVCLAIM=D GT:CN 1/2:2")
    call = only_copies(vcf(row, samples=("T",)))
    assert (call.declared, call.no_support, call.source.place) == (None, False, None)


def test_each_allele_has_its_own_claim() -> None:
    row = WHOLE.format(alt="<DUP>,<INV>", info="SVLEN=300000,80000;CN=30,.;SVCLAIM=D,J")
    assert kinds(read_text(vcf(row))) == [RearrangementCall, RearrangementCall, CopyNumberCall]


@pytest.mark.parametrize(("name", "found"), [("<CN12>", {COPIES: 12.0}), ("<CN>", None), ("<CN12345>", None)])
def test_an_allele_named_by_its_copies(name: str, found: dict[CopyNumberUnit, float] | None) -> None:
    content = read_text(vcf(WHOLE.format(alt=name, info="END=121700000")))
    assert copies_of(content) == ([] if found is None else [(121700000, found)])
    assert len(content.rejected) == (found is None)


def test_copies_of_the_sample_count_before_those_in_the_name_of_an_allele() -> None:
    row = WHOLE.format(alt="<CN12>", info="END=121700000 GT:CN 0/1:13")
    assert copies_of(read_text(vcf(row, samples=("T",)))) == [(121700000, {COPIES: 13.0})]


def test_an_allele_that_the_genotype_leaves_out_has_no_support() -> None:
    row = WHOLE.format(alt="<CN0>,<CN12>", info="END=121700000 GT 0/1")
    calls = read_text(vcf(row, samples=("T",))).calls
    assert [(call.source.place, call.no_support) for call in calls if isinstance(call, CopyNumberCall)] == [
        ("ALT 1", False),
        ("ALT 2", True),
    ]


# ---------------------------------------------------------------------------------------------------- depth or junction


@pytest.mark.parametrize("keys", ["LOG2CNT=3.2;BINS=20", "CNLR_MEDIAN=3.1", "TCN=9", "DP=7"])
def test_a_duplication_of_a_whole_gene_is_a_gain_whatever_its_scale(keys: str) -> None:
    content = read_text(vcf(WHOLE.format(alt="<DUP>", info=f"SVTYPE=DUP;END=121700000;{keys}")))
    assert kinds(content) == [RearrangementCall, CopyNumberCall]
    call = content.calls[1]
    assert isinstance(call, CopyNumberCall)
    assert (call.declared, call.measures) == (DeclaredCopyNumber.GAIN, ())


def test_total_copies_of_facets_are_read() -> None:
    row = WHOLE.format(alt="<DUP>", info="SVTYPE=DUP;END=121700000;TCN_EM=22;CNLR_MEDIAN=3.1")
    assert copies_of(read_text(vcf(row))) == [(121700000, {COPIES: 22.0})]


@pytest.mark.parametrize("alt", ["<DEL>", "<INV>"])
def test_what_gains_nothing_is_no_gain(alt: str) -> None:
    content = read_text(vcf(WHOLE.format(alt=alt, info="END=121700000;DP=7")))
    assert set(kinds(content)) == {RearrangementCall}


def test_a_junction_caller_that_counts_copies_of_a_whole_gene_states_both() -> None:
    meta = "##source=DELLY\n"
    for end, found in (("121700000", [RearrangementCall, CopyNumberCall]), ("121500000", [RearrangementCall])):
        row = WHOLE.format(alt="<DUP>", info=f"SVTYPE=DUP;END={end};PE=9 GT:RDCN 0/1:30")
        assert kinds(read_text(vcf(row, meta=meta, samples=("T",)))) == found


@pytest.mark.parametrize(
    ("info", "status", "found"),
    [
        ("END=1807200 GT:CN 0/1:3", CallStatus.EQUIVOCAL, [RearrangementCall, CopyNumberCall]),
        ("END=1807200;BINS=4 GT 0/1", CallStatus.EQUIVOCAL, [RearrangementCall, CopyNumberCall]),
        ("END=1807200 GT 0/1", CallStatus.PRESENT, [RearrangementCall]),
        ("END=1807200;PE=9 GT:CN 0/1:3", CallStatus.PRESENT, [RearrangementCall]),
        ("END=1807200;SVCLAIM=J GT:CN 0/1:3", CallStatus.PRESENT, [RearrangementCall]),
        ("END=1807200;SVCLAIM=DJ GT:CN 0/1:3", CallStatus.PRESENT, [RearrangementCall, CopyNumberCall]),
        ("END=1807200;SVCLAIM=D GT:CN 0/1:3", None, [CopyNumberCall]),
    ],
)
def test_a_duplication_that_may_join_two_genes_is_read_as_a_junction_too(
    info: str, status: CallStatus | None, found: list[type[Call]]
) -> None:
    content = read_text(vcf(JOIN.format(info=info), samples=("T",)))
    assert kinds(content) == found
    told = {call.status for call in content.calls if isinstance(call, RearrangementCall)}
    assert told == ({status} if status is not None else set())


@pytest.mark.parametrize("source", ["CNVkit v0.9.10", "DRAGEN_CNV"])
def test_a_segment_of_a_depth_caller_is_never_a_junction(source: str) -> None:
    text = vcf(JOIN.format(info="END=1807200 GT:CN 0/1:3"), meta=f"##source={source}\n", samples=("T",))
    assert kinds(read_text(text)) == [CopyNumberCall]


# -------------------------------------------------------------------------------------------------------- tumour, normal


@pytest.mark.parametrize(
    ("samples", "origin"),
    [
        ("GT:CN ./.:20 ./.:20", Origin.GERMLINE),
        ("GT:CN ./.:4 ./.:20", Origin.GERMLINE),
        ("GT:CN 0/1:2 0/1:20", Origin.UNKNOWN),
        ("GT 0/1 0/1", Origin.GERMLINE),
        ("GT 0/0 0/1", Origin.UNKNOWN),
        ("GT:LOG2 ./.:2.5 ./.:2.6", Origin.GERMLINE),
        ("GT:FC ./.:1.2 ./.:4.6", Origin.UNKNOWN),
    ],
)
def test_a_gain_that_the_normal_shows_too_is_not_of_the_tumour(samples: str, origin: Origin) -> None:
    row = WHOLE.format(alt="<CNV>", info=f"END=121700000 {samples}")
    assert only_copies(vcf(row, samples=("NORMAL", "TUMOR"))).origin is origin


@pytest.mark.parametrize(("genotype", "is_doubted"), [("0/0", True), ("0", True), ("0/1", False), ("./.", False)])
def test_a_gain_without_the_allele_in_the_genotype_has_no_support(genotype: str, is_doubted: bool) -> None:
    row = WHOLE.format(alt="<DUP>", info=f"END=121700000;SVCLAIM=D GT:CN {genotype}:20")
    assert only_copies(vcf(row, samples=("T",))).no_support is is_doubted


def test_a_segment_without_change_needs_no_allele_in_its_genotype() -> None:
    row = WHOLE.format(alt=".", info="END=121700000 GT:CN 0/0:2")
    text = vcf(row, meta="##source=DRAGEN_CNV\n", samples=("NORMAL", "TUMOR")).replace("0/0:2", "0/0:2\t0/0:2")
    assert only_copies(text).no_support is False


@pytest.mark.parametrize(
    ("info", "ploidy", "is_doubted"),
    [
        ("CN=20;CICN=-18,0", "", True),
        ("CN=20;CICN=-14,4", "", False),
        ("CN=20;CICN=-14,4", "##ploidy=3\n", True),
        ("CN=3;CICN=-1,1", "", False),
        ("CN=20;CICN=.,.", "", False),
        ("CN=20", "", False),
    ],
)
def test_copies_whose_interval_leaves_the_amplified_are_doubted(info: str, ploidy: str, is_doubted: bool) -> None:
    call = only_copies(vcf(WHOLE.format(alt="<CNV>", info=f"END=121700000;{info}"), meta=ploidy))
    assert call.status is (CallStatus.EQUIVOCAL if is_doubted else CallStatus.PRESENT)


def test_the_interval_is_that_of_the_allele() -> None:
    row = WHOLE.format(alt="<CNV>,<DUP>", info="SVLEN=300000,310000;SVCLAIM=D;CN=20,21;CICN=0,0,-18,0")
    calls = read_text(vcf(row)).calls
    assert [call.status for call in calls if isinstance(call, CopyNumberCall)] == [
        CallStatus.PRESENT,
        CallStatus.EQUIVOCAL,
    ]


def test_an_interval_that_is_no_number_is_refused() -> None:
    content = read_text(vcf(WHOLE.format(alt="<CNV>", info="END=121700000;CN=20;CICN=a,b")))
    assert [(one.code, one.touches_fgfr) for one in content.rejected] == [("COPY_NUMBER_MALFORMED", True)]


# --------------------------------------------------------------------------------------------------- far ends not told


@pytest.mark.parametrize("alt", ["<TRA>", "<BND>", "<CTX>"])
@pytest.mark.parametrize("info", ["SVTYPE=TRA", "SVTYPE=TRA;CHRB=chr10;POSB=121481200", "CHR2=.;END=121481200"])
def test_a_far_end_on_a_contig_that_nothing_tells_forbids_a_no(alt: str, info: str) -> None:
    content = read_text(vcf(f"chr3 111900000 x N {alt} . PASS {info}"))
    assert [(one.code, one.touches_fgfr) for one in content.rejected] == [("FAR_END_NOT_GIVEN", True)]


@pytest.mark.parametrize("info", ["CHR2=chr10", "CHR2=chr10;END=.", "CHR2=10;POS2=x"])
def test_a_plain_allele_with_a_far_end_on_a_contig_of_fgfr_and_no_place_forbids_a_no(info: str) -> None:
    content = read_text(vcf(f"chr3 111900000 x N N . PASS SVTYPE=TRA;{info}"))
    assert [one.touches_fgfr for one in content.rejected] == [True]


def test_a_mate_that_has_its_own_record_is_not_asked_for() -> None:
    content = read_text(vcf("chr3 111900000 x N <BND> . PASS SVTYPE=BND;MATEID=y"))
    assert (content.calls, content.rejected) == ((), ())


def test_a_translocation_within_its_contig_needs_no_chr2() -> None:
    (call,) = read_text(vcf("chr10 58702500 x N <ITX> . PASS SVTYPE=ITX;END=121481200")).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.second.contig, call.second.pos) == ("chr10", 121481200)
    assert read_text(vcf("chr3 58702500 x N <ITX> . PASS SVTYPE=ITX")).rejected == ()


@pytest.mark.parametrize("meta", ["", SV_META, SV_META[SV_META.index("##INFO=<ID=DP") :]])
def test_chr2_counts_whether_the_header_declares_it_or_not(meta: str) -> None:
    row = "chr3 111900000 x N N . PASS SVTYPE=TRA;CHR2=chr10;END=121481200;CT=5to5"
    (call,) = read_text(vcf(row, meta=meta)).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.second.contig, call.second.pos) == ("chr10", 121481200)


# ------------------------------------------------------------------------------------------------------ contigs not known


def told(text: str) -> list[tuple[str, Outcome | None]]:
    return [(finding.code, finding.outcome) for finding in read_text(text).report.findings]


UNREAD = [("CONTIG_NOT_KNOWN", Outcome.UNDETERMINED)]


@pytest.mark.parametrize("name", ["GRCh38_chr10", "NC_000010", "hs10", "chr10.fa"])
def test_a_contig_is_searched_however_it_is_decorated(name: str) -> None:
    row = f"{name} 121481200 x A [{name}:58702500[A . PASS SVTYPE=BND"
    content = read_text(vcf(row).replace("=chr10,", f"={name},"))
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.contig, call.second.contig) == ("chr10", "chr10")
    assert content.report.findings == ()


def test_a_contig_as_long_as_one_of_fgfr_with_a_name_that_is_not_known_leaves_the_question_open() -> None:
    for assembly in Assembly:
        contig = f"##contig=<ID=scaffold_7,length={LENGTHS[assembly]['chr8']}>\n"
        row = "chr3 5000 x A T . PASS ."
        assert told(vcf(row, meta=contig)) == UNREAD
    assert told(vcf("chr3 5000 x A T . PASS .", meta="##contig=<ID=scaffold_7,length=5000>\n")) == []


@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["LG10 121481200 x A T . PASS ."], UNREAD),
        (["LG10 5 x A T . PASS .", "chr3 5 x A T . PASS ."], []),
        (["LG10 5 x A T . PASS .", "10 5 x A T . PASS ."], []),
        (["10 5 x A T . PASS .", "LG10 5 x A T . PASS .", "10 6 x A T . PASS ."], []),
        ([], []),
    ],
)
def test_records_on_no_known_contig_of_fgfr_leave_the_question_open(
    rows: list[str], found: list[tuple[str, Outcome]], is_big: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_big:
        monkeypatch.setattr("fgfr_screen.readers.vcf.scan.bodies.SEARCH_FROM_BYTES", 0)
    beside = ["LG9 5 x A T . PASS ."] * 3 if rows else []
    assert told(vcf(*beside, *rows, *beside, assembly=None, meta="##reference=GRCh38\n")) == found


def test_records_on_other_known_contigs_alone_show_how_names_are_spelled() -> None:
    assert told(vcf("chr17 7674220 x C T . PASS .", assembly=None, meta="##reference=GRCh38\n")) == []
