"""What becomes of every line of a text VCF: calls, refusals, counts, and errors of the whole file."""

import gzip
from pathlib import Path

import pytest

from fgfr_screen.errors import AssemblyError, InputError, MalformedFileError, UnknownFormatError
from fgfr_screen.model import CopyNumberCall, InputContent, RearrangementCall, ShortVariantCall
from fgfr_screen.terms import Assembly, CallStatus, FilterStatus, Orientation
from tests.readers.vcf_text import SHARED, read_path, read_text, vcf

L, R = Orientation.LEFT, Orientation.RIGHT
SNV = "chr10 121483000 . G A . PASS ."


def refused(content: InputContent) -> list[tuple[int | None, str, bool]]:
    return [(item.line, item.code, item.touches_fgfr) for item in content.rejected]


def identity_holds(content: InputContent) -> bool:
    counts = content.accounting
    return counts is not None and counts.records == counts.outside_fgfr + counts.in_events + counts.rejected


def test_a_record_outside_is_only_counted() -> None:
    content = read_text(vcf("chr3 1000 . G A . PASS .", SNV))
    assert (content.report.records, content.report.outside_fgfr, len(content.calls)) == (2, 1, 1)
    assert identity_holds(content)


def test_line_numbers_are_those_of_the_file_across_blank_and_note_lines() -> None:
    text = vcf(SNV).replace("chr10\t121483000", "\n#a note\n\nchr10\t121483000")
    content = read_text(text)
    assert (
        content.calls[0].source.line
        == text.split("\n").index(next(x for x in text.split("\n") if x.startswith("chr10\t"))) + 1
    )


@pytest.mark.parametrize(
    ("row", "code", "touches"),
    [
        ("chr10 12,148,3000 . G A . PASS .", "POS_MALFORMED", True),
        ("chr10 -5 . G A . PASS .", "POS_MALFORMED", True),
        ("chr3 -5 . G A . PASS .", "POS_MALFORMED", False),
        ("chr3 x . G A . PASS GENE=FGFR2", "POS_MALFORMED", True),
        ("chr10 99999999999 . G A . PASS .", "POS_MALFORMED", True),
        ("chr10 133799999 . G A . PASS .", "POS_BEYOND_END", True),
        ("chr3 198299999 . G A . PASS .", "POS_BEYOND_END", False),
        ("chr10 121483000 . G", "ROW_SHORT", True),
        ("chr3 1000 . G", "ROW_SHORT", False),
        ("chr10 121483000 . G. A . PASS .", "REF_MALFORMED", True),
        ("chr10 121483000 . G G[chr4:1806000] . PASS .", "BREAKEND_MALFORMED", True),
        ("chr3 5000 . G G[chr4:1,806,000[ . PASS .", "BREAKEND_MALFORMED", True),
        ("chr3 5000 . G G[chr7:100] . PASS .", "BREAKEND_MALFORMED", False),
        ("chr10 121483000 . G <DEL> . PASS END=abc", "INFO_MALFORMED", True),
        ("chr10 121000000 . G <DEL> . PASS END=abc", "INFO_MALFORMED", True),
        ("chr10 121483000 . G <DEL> . PASS END=121483100;END=121490000", "INFO_DUPLICATE_KEY", True),
        ("chr10 121483000 . G <DEL> . PASS END=121480000", "END_BEFORE_POS", True),
        ("chr10 121483000 . G <DEL> . PASS .", "SPAN_MISSING", True),
        ("chr10 121483000 . G <STR27> . PASS END=121483100", "ALT_UNKNOWN", True),
        ("chr10 121483000 . G <TRA> . PASS CHR2=chr3;END=5;CT=4to4", "INFO_MALFORMED", True),
        ("chr10 121483000 . G A . PASS CIPOS=5,x", "INFO_MALFORMED", True),
        ("chr10 121483000 . G G[chr4:999999999[ . PASS .", "POS_BEYOND_END", True),
        ("chr10 121483000 . G A?T . PASS .", "ALT_UNKNOWN", True),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_alone(row: str, code: str, touches: bool) -> None:
    content = read_text(vcf(row, SNV))
    assert len(content.calls) == 1
    assert identity_holds(content)
    (item,) = content.rejected
    # A number of eleven digits is refused by whichever test sees it first.
    assert item.code in ({code, "POS_BEYOND_END"} if "99999999999" in row else {code})
    assert item.touches_fgfr is touches
    assert item.message


def test_a_wrong_type_in_an_unused_info_key_is_no_fault() -> None:
    content = read_text(vcf("chr10 121483000 . G A . PASS DP=many;AF=x;CSQ=|||,,;ANN"))
    assert len(content.calls) == 1


def test_quality_text_is_not_looked_at() -> None:
    assert len(read_text(vcf("chr10 121483000 . G A high PASS .")).calls) == 1


@pytest.mark.parametrize("alt", ["*", "<*>", "<NON_REF>", "."])
def test_an_allele_that_is_no_event_is_outside(alt: str) -> None:
    content = read_text(vcf(f"chr10 121483000 . G {alt} . PASS END=121483500"))
    assert {call.status for call in content.calls} <= {CallStatus.NOT_TESTED}
    assert content.report.outside_fgfr == 1


def test_each_alternate_allele_is_its_own_call() -> None:
    content = read_text(vcf("chr10 121483000 . G A,G[chr4:1806000[,<DEL>,* . PASS END=121490000"))
    assert [type(call) for call in content.calls] == [ShortVariantCall, RearrangementCall, RearrangementCall]
    assert [call.source.place for call in content.calls] == ["ALT 1", "ALT 2", "ALT 3"]
    assert content.accounting is not None
    assert content.accounting.in_events == 1


def test_only_the_allele_that_touches_becomes_a_call() -> None:
    content = read_text(vcf("chr3 5000 . G G[chr4:1806000[,G[chr7:5[,A . PASS ."))
    (call,) = content.calls
    assert call.source.place == "ALT 1"


def test_a_symbolic_span_over_the_gene_touches_and_one_beside_it_does_not() -> None:
    over = read_text(vcf("chr10 100000000 . N <DUP> . PASS END=130000000;SVTYPE=DUP"))
    beside = read_text(vcf("chr10 100000000 . N <DUP> . PASS END=110000000;SVTYPE=DUP"))
    # Neither SVCLAIM nor the caller tells the join from the copies.
    assert [type(call) for call in over.calls] == [RearrangementCall, CopyNumberCall]
    assert beside.calls == ()


def test_an_immunoglobulin_locus_joined_near_fgfr3_is_kept() -> None:
    near = vcf("chr4 1600000 . N N]chr14:105700000] . PASS SVTYPE=BND")
    far = vcf("chr4 1200000 . N N]chr14:105700000] . PASS SVTYPE=BND")
    other = vcf("chr4 1600000 . N N]chr14:50000000] . PASS SVTYPE=BND")
    assert [len(read_text(text).calls) for text in (near, far, other)] == [1, 0, 0]
    mirrored = vcf("chr14 105700000 . N N]chr4:1600000] . PASS SVTYPE=BND")
    assert len(read_text(mirrored).calls) == 1


def test_a_record_on_an_alternate_contig_counts_when_it_names_the_gene() -> None:
    content = read_text(
        vcf(
            "chr8_KI270821v1_alt 5000 . G A . PASS ANN=A|missense|FGFR1|x", "HSCHR8 5000 . G A . PASS ANN=A|x|FGFR1OP|y"
        )
    )
    (call,) = content.calls
    assert isinstance(call, ShortVariantCall)
    assert (call.gene, call.contig) == ("FGFR1", "chr8_KI270821v1_alt")


def test_position_zero_is_a_telomere() -> None:
    (call,) = read_text(vcf("chr10 0 . N N]chr4:1806000] . PASS SVTYPE=BND")).calls
    assert isinstance(call, RearrangementCall)
    assert call.first.pos == 0


def test_span_and_length_that_contradict_are_reported() -> None:
    (call,) = read_text(vcf("chr10 121400000 . N <DUP> . PASS END=121450000;SVLEN=90000")).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.second.pos, call.finding_codes) == (121490000, ("SPAN_CONFLICT",))


def test_a_connection_that_contradicts_the_brackets_is_not_relied_on() -> None:
    (call,) = read_text(vcf("chr10 121483000 . N N[chr4:1806000[ . PASS SVTYPE=BND;CT=5to5")).calls
    assert isinstance(call, RearrangementCall)
    assert (call.orientation_is_reliable, call.finding_codes) == (False, ("SIDES_CONFLICT",))


def test_large_plain_alleles_are_structural_from_fifty_bases_on() -> None:
    bases = "ACGTTGCAAC" * 5
    texts = [f"chr10 121483000 . C{bases} C . PASS .", f"chr10 121483000 . C{bases[1:]} C . PASS ."]
    large, small = (read_text(vcf(row)).calls[0] for row in texts)
    assert isinstance(small, ShortVariantCall)
    assert isinstance(large, RearrangementCall)
    assert large.second is not None
    assert (large.first.pos, large.first.orientation, large.second.pos, large.second.orientation) == (
        121483000,
        L,
        121483051,
        R,
    )


def test_filter_words() -> None:
    rows = [
        f"chr10 12148300{n} . G A . {text} ."
        for n, text in enumerate(["PASS", ".", "q10;s50", "pass", "PASS;q10", "0"])
    ]
    content = read_text(vcf(*rows))
    passed, unfiltered, *failed = (call.filter for call in content.calls)
    assert (passed, unfiltered) == (FilterStatus.PASS, FilterStatus.UNFILTERED)
    assert set(failed) == {FilterStatus.FAILED}
    assert {finding.code for finding in content.report.findings} == {"FILTER_CASE", "FILTER_MIXED"}


def test_purity_and_ploidy_come_from_the_header() -> None:
    content = read_text(vcf(meta="##purity=0.35\n##ploidy=3.1\n"))
    assert (content.purity, content.ploidy) == (0.35, 3.1)
    odd = read_text(vcf(meta="##purity=high\n##ploidy=-1\n"))
    assert (odd.purity, odd.ploidy) == (None, None)


# ------------------------------------------------------------------------------------------------------- whole files


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("##fileformat=VCFv4.2\nchr10\t5\t.\tG\tA\t.\tPASS\t.\n", "NO_HEADER"),
        ("##fileformat=VCFv4.2\n##source=x\n", "NO_HEADER"),
        (vcf(SNV) + vcf(SNV), "SECOND_HEADER"),
        (vcf("chr10 5 . G A . PASS . GT 0/1 0/1", samples=("T", "T")), "DUPLICATE_SAMPLE"),
        (vcf(SNV).replace("\tQUAL", "\tSCORE"), "HEADER_COLUMNS"),
        (vcf(SNV).replace("\t", "  "), "BLANKS_NOT_TABS"),
    ],
)
def test_a_file_that_breaks_the_format_is_refused(text: str, code: str) -> None:
    with pytest.raises(MalformedFileError) as caught:
        read_text(text)
    assert caught.value.code == code
    assert caught.value.line
    assert caught.value.exit_code == 3


def test_a_second_header_names_its_line() -> None:
    first = vcf(SNV)
    with pytest.raises(MalformedFileError) as caught:
        read_text(first + vcf(SNV))
    assert caught.value.line == first.count("\n") + 1


@pytest.mark.parametrize("text", ["<html><body>Log in</body></html>", "chr10\t5\t.\tG\tA\t.\tPASS\t.\n", "{}"])
def test_what_is_no_vcf_is_no_negative(text: str) -> None:
    with pytest.raises(InputError):
        read_text(text)


def test_a_missing_version_line_is_a_warning() -> None:
    content = read_text(vcf(SNV).replace("##fileformat=VCFv4.2\n", ""))
    assert [finding.code for finding in content.report.findings] == ["FILEFORMAT_MISSING"]
    assert len(content.calls) == 1


@pytest.mark.parametrize(
    ("version", "codes"), [("VCFv4.0", ["FILEFORMAT_OLD"]), ("VCFv3.3", ["FILEFORMAT_OLD"]), ("VCFv4.5", [])]
)
def test_an_old_version_is_a_warning(version: str, codes: list[str]) -> None:
    content = read_text(vcf(SNV).replace("VCFv4.2", version))
    assert [finding.code for finding in content.report.findings] == codes


def test_line_ends_marks_and_encodings_change_nothing() -> None:
    plain = vcf("chr10 121483000 . G A . PASS LAB=Zurich")
    calls = read_text(plain).calls
    assert read_text(plain.replace("\n", "\r\n")).calls == calls
    assert read_text(b"\xef\xbb\xbf" + plain.encode()).calls == calls
    assert read_text(gzip.compress(plain.encode())).calls == calls
    latin = read_text(plain.replace("Zurich", "Z\xfcrich").encode("latin-1"))
    assert latin.calls == calls
    assert [finding.code for finding in latin.report.findings] == ["NOT_UTF8"]


def test_a_cut_last_line_is_refused_and_the_file_is_incomplete() -> None:
    content = read_text(vcf(SNV) + "chr10\t1214")
    assert (len(content.calls), refused(content)[0][1:], content.report.complete) == (1, ("ROW_SHORT", True), False)


def test_a_missing_last_newline_is_no_fault() -> None:
    content = read_text(vcf(SNV).rstrip("\n"))
    assert (len(content.calls), content.report.complete) == (1, True)


def test_header_only_is_read_as_complete_and_empty() -> None:
    content = read_text(vcf())
    assert (content.report.records, content.report.complete, content.calls) == (0, True, ())


# ---------------------------------------------------------------------------------------------------------- assembly


def test_the_assembly_is_asked_for_only_when_a_record_needs_it() -> None:
    assert read_text(vcf("chr3 5000 . G A . PASS .", assembly=None)).report.assembly.name is None
    with pytest.raises(AssemblyError) as caught:
        read_text(vcf(SNV, assembly=None))
    assert caught.value.code == "ASSEMBLY_UNKNOWN"
    assert "--assembly" in caught.value.remedy
    told = read_text(vcf(SNV, assembly=None), assembly=Assembly.GRCH38)
    assert told.calls[0].assembly is Assembly.GRCH38


def test_the_other_builds_window_is_not_used_once_the_assembly_is_known() -> None:
    row = "chr10 123240000 . G A . PASS ."
    assert len(read_text(vcf(row, assembly=Assembly.GRCH37)).calls) == 1
    assert len(read_text(vcf(row, assembly=Assembly.GRCH38)).calls) == 0


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ("##reference=hg19.fa\n", "ASSEMBLY_CONFLICT"),
        ("##reference=file:///ref/hg18.fa\n", "HG18_REFUSED"),
        ("##assembly=T2T-CHM13v2.0\n", "T2T_REFUSED"),
    ],
)
def test_an_assembly_that_contradicts_or_is_not_supported_is_refused(meta: str, code: str) -> None:
    lengths = Assembly.GRCH38 if code == "ASSEMBLY_CONFLICT" else None
    with pytest.raises(AssemblyError) as caught:
        read_text(vcf(SNV, meta=meta, assembly=lengths))
    assert caught.value.code == code


def test_accession_contigs_prove_the_assembly() -> None:
    content = read_text(vcf(SNV.replace("chr10", "NC_000010.11"), assembly=None))
    assert content.report.assembly.name is Assembly.GRCH38
    assert isinstance(content.calls[0], ShortVariantCall)
    assert content.calls[0].contig == "chr10"


def test_a_position_past_the_end_of_one_build_proves_the_other() -> None:
    content = read_text(vcf("chr10 123240000 . G A . PASS .", "chr10 134000000 . G A . PASS .", assembly=None))
    assert content.report.assembly.name is Assembly.GRCH37
    assert len(content.calls) == 1


# ------------------------------------------------------------------------------------------------------------ probes

PROBES = SHARED / "probes_vcf"
needs_probes = pytest.mark.skipif(not PROBES.exists(), reason="shared/probes_vcf is absent")
ONE_RECORD = [
    "01_plain.vcf",
    "02_plaingzip.vcf.gz",
    "10_space_in_info.vcf",
    "11_space_sample.vcf",
    "12_crlf.vcf",
    "13_latin1.vcf",
]
ONE_RECORD += [
    "20_pos0.vcf",
    "22_blank_trailing.vcf",
    "23_bom.vcf",
    "24_qual_txt.vcf",
    "28_desc_escape.vcf",
    "29_missing_desc.vcf",
]
ONE_RECORD += ["30_numberR_af.vcf", "31_named.vcf.gz", "09_nofileformat.vcf", "04_end_string_5.vcf"]


@needs_probes
@pytest.mark.parametrize("name", ONE_RECORD)
def test_probe_holds_one_usable_record(name: str) -> None:
    content = read_path(PROBES / name)
    assert content.accounting is not None
    assert (content.accounting.in_events, content.accounting.rejected) == (1, 0)


@needs_probes
@pytest.mark.parametrize(
    ("name", "contig", "pos"), [("03_end_lt_pos.vcf", "chr4", 1806000), ("05_tra_end_gt.vcf", "chr10", 121483000)]
)
def test_probe_translocation_keeps_its_partner(name: str, contig: str, pos: int) -> None:
    (call,) = read_path(PROBES / name).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.second.contig, call.second.pos) == (contig, pos)


@needs_probes
def test_probe_duplication_takes_its_end_from_the_length() -> None:
    (call,) = read_path(PROBES / "06_svlen_only45.vcf").calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert (call.first.pos, call.second.pos) == (121400001, 121490000)


@needs_probes
def test_probe_undeclared_keys_are_read_as_declared() -> None:
    (call,) = read_path(PROBES / "07_undeclared.vcf", assembly=Assembly.GRCH38).calls
    assert isinstance(call, RearrangementCall)
    assert (call.first.pos, call.first.pos_end, call.mate_ids) == (121482995, 121483005, ("b",))


@needs_probes
@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("14_truncline.vcf", 15, "ROW_SHORT"),
        ("17_cipos1.vcf", 14, "INFO_MALFORMED"),
        ("18_dupkey.vcf", 14, "INFO_DUPLICATE_KEY"),
        ("19_commapos.vcf", 14, "POS_MALFORMED"),
        ("25_twosample_onecol.vcf", 14, "ROW_SHORT"),
    ],
)
def test_probe_record_is_refused_with_its_line(name: str, line: int, code: str) -> None:
    content = read_path(PROBES / name)
    assert refused(content) == [(line, code, True)]


@needs_probes
@pytest.mark.parametrize("name", ["08_noheader.vcf", "21_spaces_cols.vcf", "26_empty.vcf", "32_truncgz.vcf.gz"])
def test_probe_file_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        read_path(PROBES / name)


@needs_probes
def test_probe_without_header_is_refused_even_when_named_vcf() -> None:
    with pytest.raises(UnknownFormatError):
        read_path(PROBES / "08_noheader.vcf")
    with pytest.raises(MalformedFileError) as caught:
        read_path(PROBES / "08_noheader.vcf", forced="vcf")
    assert (caught.value.code, caught.value.line) == ("NO_HEADER", 1)


@needs_probes
def test_probe_alleles_have_the_sides_of_the_specification() -> None:
    content = read_path(PROBES / "15_alts.vcf")
    found = [
        (call.source.raw_id, call.first.orientation, call.second and call.second.orientation, call.untemplated_sequence)
        for call in content.calls
        if isinstance(call, RearrangementCall)
    ]
    assert found == [
        ("0", L, R, ""),
        ("1", L, L, ""),
        ("2", R, L, ""),
        ("3", R, R, ""),
        ("4", L, R, "ACC"),
        ("5", R, L, "TT"),
        ("6", L, None, ""),
        ("7", R, None, ""),
        ("8", L, R, ""),
        ("9", L, R, ""),
        ("10", L, L, ""),
        ("16", L, R, ""),
        ("16", R, L, ""),
    ]
    hla = next(call for call in content.calls if call.source.raw_id == "9")
    assert isinstance(hla, RearrangementCall)
    assert hla.second is not None
    assert (hla.second.contig, hla.second.pos) == ("HLA-A*01:01:01", 5)
    assert refused(content)[0][:2] == (25, "BREAKEND_MALFORMED")
    # Records 12 and 13 have no END, 14 and 15 are no events.
    assert [item.code for item in content.rejected[1:]] == ["SPAN_MISSING", "SPAN_MISSING"]
    assert content.report.outside_fgfr == 2


@needs_probes
def test_probe_header_only_has_no_variants() -> None:
    assert read_path(PROBES / "27_headeronly.vcf").report.records == 0


REALDATA = SHARED / "realdata"
needs_realdata = pytest.mark.skipif(not REALDATA.exists(), reason="shared/realdata is absent")


@needs_realdata
@pytest.mark.parametrize("path", sorted((REALDATA / "colo829_sv_negative").glob("*.vcf")), ids=lambda path: path.name)
def test_real_files_without_fgfr_give_no_call_and_lose_no_record(path: Path) -> None:
    content = read_path(path)
    assert content.calls == ()
    assert content.rejected == ()
    assert content.report.records == sum(
        not line.startswith("#") and bool(line.strip()) for line in path.read_text().splitlines()
    )


@needs_realdata
def test_real_fusioncatcher_file_gives_fgfr3_first_and_tacc3_second() -> None:
    content = read_path(REALDATA / "fusioncatcher_testset" / "final-list_candidate-fusion-genes.vcf")
    assert content.report.caller == "FusionCatcher"
    assert len(content.calls) == 4
    for call in content.calls:
        assert isinstance(call, RearrangementCall)
        assert call.second is not None
        assert (call.first.genes, call.first.orientation, call.second.genes, call.second.orientation) == (
            ("FGFR3",),
            L,
            ("TACC3",),
            R,
        )


@needs_realdata
def test_real_germline_file_is_called_germline_by_its_normal() -> None:
    content = read_path(REALDATA / "hmftools_linx_purple" / "orange.purple.germline.fgfr.vcf")
    assert len(content.calls) == 8
    assert {call.origin.value for call in content.calls if isinstance(call, ShortVariantCall)} == {"germline"}


def test_a_depth_claim_is_a_copy_number_and_a_joined_claim_a_junction() -> None:
    depth = read_text(vcf("chr10 121300000 . N <DUP> . PASS END=121700000;SVCLAIM=D;CN=6"))
    joined = read_text(vcf("chr10 121300000 . N <DUP> . PASS END=121700000;SVCLAIM=DJ;CN=6"))
    assert isinstance(depth.calls[0], CopyNumberCall)
    assert isinstance(joined.calls[0], RearrangementCall)


def test_a_plain_allele_beside_chr2_is_a_translocation() -> None:
    for contig, pos in (("chr3", 5000), ("chr10", 5000)):
        (call,) = read_text(vcf(f"chr10 121482000 . A N . PASS SVTYPE=TRA;CHR2={contig};END={pos};STRANDS=--")).calls
        assert isinstance(call, RearrangementCall)
        assert call.second is not None
        assert (call.first.orientation, call.second.contig, call.second.pos) == (R, contig, pos)


def test_a_translocation_back_to_the_gene_on_its_own_contig_touches() -> None:
    (call,) = read_text(vcf("chr10 130000000 . N <TRA> . PASS SVTYPE=TRA;CHR2=chr10;END=121482000;CT=5to5")).calls
    assert isinstance(call, RearrangementCall)
    assert call.second is not None
    assert call.second.pos == 121482000


def test_the_sample_named_by_the_user_is_read_from_a_file_of_several() -> None:
    text = vcf("chr10 121483000 . G A . PASS . GT:AF 0/0:0.0 0/1:0.4 0/0:0.0", samples=("S1", "S2", "S3"))
    (call,) = read_text(text, sample_id="S2").calls
    assert isinstance(call, ShortVariantCall)
    assert call.vaf == 0.4


def test_the_digest_of_the_file_is_reported() -> None:
    import hashlib

    text = vcf(SNV)
    assert read_text(text).report.sha256 == hashlib.sha256(text.encode()).hexdigest()
