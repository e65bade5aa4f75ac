"""What the byte search finds in a big body is what `Gate` picks line by line: malformed rows cannot hide one another."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgfr_screen import coords
from fgfr_screen.readers.vcf.scan.finder import PLAIN_FINDER, fast_finder
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.numbers import around, within
from fgfr_screen.readers.vcf.scan.scanned import is_note
from fgfr_screen.readers.vcf.scan.search import Search
from fgfr_screen.terms import Assembly, FgfrGene
from tests.readers.vcf_text import LENGTHS

GENE_CONTIGS = ("chr4", "chr8", "chr10")
PIECES = (50, 61, 300, 4096, 1 << 18)
Found = tuple[list[tuple[int | None, bytes]], int, int]


def runs(body: bytes, piece_bytes: int) -> Iterator[tuple[bytes, int, int]]:
    """Cut a body as `OpenedInput.runs` does."""
    waiting = b""
    for at in range(0, len(body), piece_bytes):
        piece = body[at : at + piece_bytes]
        cut, begin = piece.rfind(b"\n") + 1, 0
        if cut and waiting:
            begin = piece.find(b"\n") + 1
            yield waiting + piece[:begin], 0, len(waiting) + begin
            waiting = b""
        if begin < cut:
            yield piece, begin, cut
        waiting += piece[cut:]
    if waiting:
        line = waiting.removesuffix(b"\r")
        yield line, 0, len(line)


def searched(body: bytes, gate: Gate, piece_bytes: int, *, declared: bool, plain: bool = False) -> Found:
    """Return candidates, records and the number of the last line, as the search finds them."""
    search = Search(gate, PLAIN_FINDER if plain else fast_finder(), "x", far_ends_declared=declared)
    scanned = search.run(runs(body, piece_bytes), 1)
    return scanned.candidates, scanned.records, scanned.last_number


def asked(body: bytes, gate: Gate, *, declared: bool) -> Found:
    """Return the same, asked of every line."""
    lines = [line.removesuffix(b"\r") for line in body.removesuffix(b"\n").split(b"\n")]
    rows = [(number, line) for number, line in enumerate(lines, 1) if not is_note(line, number, "x")]
    found: list[tuple[int | None, bytes]] = [
        (number, line)
        for number, line in rows
        if gate.candidate(line) and not gate.is_excused(line, far_ends_declared=declared)
    ]
    return found, len(rows), len(lines)


def numbers_found(body: str, *, declared: bool = True) -> list[int | None]:
    """Return the lines found, which must be those that are found line by line."""
    text = body.encode("latin-1")
    gate = Gate((Assembly.GRCH38,), LENGTHS[Assembly.GRCH38].items())
    slow = asked(text, gate, declared=declared)
    for piece_bytes in PIECES:
        assert searched(text, gate, piece_bytes, declared=declared) == slow
    return [number for number, _ in slow[0]]


def row(contig: str, pos: object, alt: str = "A", info: str = ".", ref: str = "G") -> str:
    return f"{contig}\t{pos}\t.\t{ref}\t{alt}\t.\tPASS\t{info}\n"


# Rows of one contig stand together: where contigs are shuffled, every line is asked about.
BEFORE, AFTER = row("chr3", 5000) * 3, row("chr5", 5000) * 3


def test_two_rows_with_one_bracket_do_not_hide_a_mate_spelled_otherwise() -> None:
    # Two brackets too few and two too many: sums over a block say that every mate begins with "chr".
    odd = row("chr3", 5000, "G[chr3")
    body = BEFORE + odd + row("chr3", 6000, "G[10:121483000[") + odd + AFTER
    assert numbers_found(body) == [4, 5, 6]


def test_a_long_row_does_not_hide_a_short_one() -> None:
    body = BEFORE + "chr10\t90000000\t.\tG\n" + row("chr10", 90_000_001, info=".\t0/1\t0/1\t0/1\t0/1") + AFTER
    assert numbers_found(body) == [4]
    assert numbers_found(body.replace("chr10", "chr3")) == [4]


@pytest.mark.parametrize("allele", ["<NON_REF>X", "<*>X", "<NON_REF><DUP>", "A,<NON_REF>X"])
def test_a_symbolic_allele_that_begins_as_one_of_gvcf_is_seen(allele: str) -> None:
    inside = row("chr10", 120_000_000, allele, "END=122000000")
    assert numbers_found(BEFORE + row("chr10", 5, "<NON_REF>") + inside + AFTER) == [5]


def test_chr2_of_a_symbolic_allele_counts_where_the_header_does_not_declare_it() -> None:
    body = BEFORE + row("chr3", 7, "<TRA>", "CHR2=chr10;END=121483000") + AFTER
    assert numbers_found(body, declared=False) == [4]


@pytest.mark.parametrize(
    "name", ["chr10\x0b", "\x1cchr10", "chr10\x85", "\xa010", "Chr_10", "chromosome 10", "nC_000010.3", "cm000672.1"]
)
def test_a_mate_is_found_however_its_contig_is_spelled(name: str) -> None:
    plain = row("chr3", 1, "G[chr5:9[")
    for info in ("SVTYPE=BND", f"CHR2={name};POS2=121483000"):
        allele = f"G[{name}:121483000[" if "CHR2" not in info else "N"
        assert numbers_found(BEFORE + plain + row("chr3", 7, allele, info) + plain) == [5]


def test_a_spelling_longer_than_its_contig_in_the_header_has_the_limit_of_its_contig() -> None:
    gate = Gate((Assembly.GRCH38,), [("chr10", 10**9)])
    body = row("chr3", 5, "G[10:500000000[").encode() * 3
    assert searched(body, gate, 1 << 18, declared=True) == asked(body, gate, declared=True)
    assert len(asked(body, gate, declared=True)[0]) == 3


def test_faults_that_cannot_hide_the_genes_are_excused_whatever_stands_beside_them() -> None:
    odd = row("chr3", "x") + row("chr3", 198_295_561) + row("chr3", 5, "G[chr5:900000000[") + "chr3\t5000\t.\tG\n"
    shuffled = row("chr10", 90_000_000) + odd + row("chr3", 9) + row("chr10", 90_000_001) + odd
    assert numbers_found(BEFORE + odd + AFTER, declared=False) == []
    assert numbers_found(shuffled, declared=False) == []


def test_a_row_without_position_may_join_an_immunoglobulin_locus_to_fgfr3() -> None:
    assert numbers_found(BEFORE + row("chr14", "x", "N]chr4:1600000]") + AFTER) == [4]
    assert numbers_found(BEFORE + row("chr3", "x", "N]chr4:1600000]") + AFTER) == []


@pytest.mark.parametrize(
    ("pos", "info", "is_found"),
    [
        (119_000_000, "END=119500000", False),
        (119_000_000, "DP=5;END=121480000", True),
        (119_000_000, "END=129000000", True),
        (119_000_000, "POS2=121480000;DP=5", True),
        (119_000_000, "END=x", True),
        (119_000_000, "SVLEN=-2999999", True),
        (119_000_000, "SVLEN=5,2999999", True),
        (119_000_000, "SVLEN=999999;END=.", False),
        (120_900_000, "SVLEN=999999", True),
        (129_000_000, "END=129500000;SVLEN=9999999", False),
        (129_000_000, "END=121480000", True),
        (129_000_000, "POS2=119000000", True),
        (129_000_000, "END=5\r;DP=9", False),
        (129_000_000, "END=5", True),
        (129_000_000, "XEND=5;CIEND=7;END", False),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_span_is_found_from_either_side(pos: int, info: str, is_found: bool, end: str) -> None:
    body = (BEFORE + row("chr10", 90_000_000) + row("chr10", pos, "<DUP>", info) + AFTER).replace("\n", end)
    assert numbers_found(body) == [5] * is_found


@pytest.mark.parametrize(
    "allele",
    ["G[chr5:9", "G[chr5:9]", "[chr5:x[", "G[chr5:9[[chr5:9[", "[:5[", "]chr5]", "[chr5:9,000[", "[", "[chr5:9x["],
)
def test_a_mate_that_cannot_be_read_is_found_wherever_it_stands(allele: str) -> None:
    plain = row("chr3", 1, "A,G[chr5:9[,T") + row("chr3", 2, "]chr5:9]G")
    assert numbers_found(BEFORE + plain + row("chr3", 3, allele) + plain + AFTER) == [6]
    assert numbers_found(BEFORE + plain + row("chr3", 3, allele) + AFTER, declared=False) == [6]


@pytest.mark.parametrize("contig", ["chr10", "chr3"])
@pytest.mark.parametrize("columns", range(1, 9))
def test_a_row_with_too_few_columns_is_found(contig: str, columns: int) -> None:
    plain = row(contig, 90_000_000) * 2
    short = "\t".join(row(contig, 90_000_000).rstrip("\n").split("\t")[:columns]) + "\n"
    assert numbers_found(plain + short + plain) == [3] * (columns < 8)


@pytest.mark.parametrize(("length", "is_found"), [(138_000, True), (130_000, False)])
def test_a_ref_allele_reaches_a_window_from_afar(length: int, is_found: bool) -> None:
    low = coords.fgfr_window(FgfrGene.FGFR2, Assembly.GRCH38)[1]
    body = BEFORE + row("chr10", 90_000_000) + row("chr10", low - 138_000, ref="A" * length) + AFTER
    assert numbers_found(body) == [5] * is_found


@pytest.mark.parametrize("length", [500_000, 270_000])
def test_a_ref_allele_reaches_a_window_from_where_every_position_is_plain(length: int) -> None:
    low = coords.fgfr_window(FgfrGene.FGFR2, Assembly.GRCH38)[1]
    long_row = row("chr10", low - 499_000, ref="A" * length)
    body = (BEFORE + row("chr10", 90_000_000) * 2 + long_row + row("chr10", 130_000_000) + AFTER).encode()
    gate = Gate((Assembly.GRCH38,))
    found = searched(body, gate, 1 << 20, declared=True)
    assert found == asked(body, gate, declared=True)
    assert len(found[0]) == (length > 499_000)


@pytest.mark.parametrize(
    ("value", "is_found"),
    [
        ("0121483000", True),
        ("x", True),
        ("5x", True),
        ("12148300000", True),
        ("+5", True),
        ("5\r", True),
        ("5", False),
        (".", True),
        ("", True),
        ("0", False),
        ("150000000", False),
    ],
)
@pytest.mark.parametrize("key", ["END", "END2", "POS2"])
def test_a_position_of_chr2_is_plain_only_as_digits(key: str, value: str, is_found: bool) -> None:
    for info in (f"CHR2=chr10;{key}={value};DP=1", f"{key}={value};DP=1;CHR2=10"):
        assert numbers_found(BEFORE + row("chr3", 7, "N", info) + AFTER) == [4] * is_found


@pytest.mark.parametrize(
    ("info", "is_found"),
    [
        ("CHR2=chr10", True),
        ("CHR2=10;CIEND=5", True),
        ("CHR2=chr10;END=.;END=5", True),
        ("CHR2=odd_contig", True),
        ("CHR2=chr9", False),
        ("CHR2=chr9;END=.", False),
        ("CHR2=chr10;END=5", False),
        ("CHR2=chr10;END=5;END2=121483000", True),
        ("CHR2=chr10\tGT\t0/1;END=5", True),
        ("DP=5;CHR2=chr10;END=5\tGT\t0/1", False),
    ],
)
def test_chr2_of_an_fgfr_chromosome_without_a_position_is_found(info: str, is_found: bool) -> None:
    assert numbers_found(BEFORE + row("chr3", 7, "<BND>", info) + AFTER) == [4] * is_found


@pytest.mark.parametrize(
    ("alt", "info", "is_found"),
    [
        ("<DEL>", "END=121483000;CHR2=chr3", False),
        ("<DEL>", "END=x;CHR2=chr3", False),
        ("<TRA>", "CHR2=chr3;CHR2=chr10;END=121483000", False),
        ("<TRA>", "CHR2=chr10;CHR2=chr3;END=121483000", True),
        ("<TRA>", "XCHR2=chr3;CHR2=chr10;END=121483000", True),
        ("<TRA>", "CIPOS=5;CHR2=chr33;END=121483000", False),
        ("<TRA>", "CHR2=chr3.1", True),
        ("<TRA>", "CIPOS=5;CHR2=10\tGT\tCHR2=chr3", True),
        ("A", "END=x;CHR2=chr3", True),
        ("A", "END=121483000;CHR2=chr3", False),
        ("<DEL>,A", "END=x;CHR2=chr3", True),
        ("A,<TRA>", "END=121483000;CHR2=10", True),
        ("G[chr5:9[", "END=121483000;CHR2=chr10", False),
        ("G[chr5:9[,A", "END=121483000;CHR2=chr10", True),
        ("<TRA>,G[chr5:9[", "END=121483000;CHR2=chr10", True),
        ("<TRA>", "CIPOS=5;C=HR2=3;CHR=2", True),
        ("<DEL>", "CIPOS=5;C=HR2=3;CHR=2", False),
        ("<TRA>", "END=x\tGT;CHR2=chr10", True),
        ("<DEL>", "END=x\tGT;CHR2=chr10", False),
        ("<TRA>", f"{'C=' * 20}{'A' * 200};CHR2=chr10;END=121483000", True),
        ("<TRA>", f"{'C=' * 20}{'A' * 200};CHR2=chr3;END=x", False),
    ],
)
def test_chr2_counts_unless_the_allele_tells_its_far_end_or_stays_on_its_contig(
    alt: str, info: str, is_found: bool
) -> None:
    plain = row("chr3", 7, "<DEL>", "END=9;CHR2=chr3")
    assert numbers_found(BEFORE + plain + row("chr3", 8, alt, info) + plain + AFTER) == [5] * is_found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("contig", ["chr1", "chr10"])
def test_rows_as_callers_write_them_are_passed_over_without_being_asked_about(
    contig: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    delly = [
        row(contig, 1_700_000, "<DEL>", f"SVTYPE=DEL;END=1800000;SVLEN=100000;CIPOS=-5,5;CHR2={contig};PE=9"),
        row(contig, 1_800_000, "<DEL>", f"PRECISE;END=1800009;CHR2={contig}"),
        row(contig, 1_700_000, "<DEL>", "SVTYPE=DEL;END=1800000;CIPOS=0,1"),
        row(contig, 7, "G]chr4:9000000]", "SVTYPE=BND;END=1800000;CHR2=chr4;POS2=9000000;PE=9"),
        row(contig, 7, "<TRA>", "SVTYPE=TRA;CHR2=chr10;END=5"),
        row(contig, 7, "<TRA>", "SVTYPE=TRA;CHR2=chr9;END=5"),
    ]
    manta = [row(contig, 7, "<DUP>", "END=99;SVTYPE=DUP;SVLEN=92"), row(contig, 7, "[9:5[A", "SVTYPE=BND;MATEID=C:1")]
    asked_about: list[bytes] = []
    monkeypatch.setattr(Gate, "candidate", lambda _, line: asked_about.append(line))
    for rows in (delly, manta):
        body = "".join([row(contig, 1), *rows, row(contig, 1)]).replace("\n", end).encode()
        searched(body, Gate((Assembly.GRCH38,)), 1 << 18, declared=True)
        # The first line of a text is asked about, and the last where it may end with its INFO.
        assert {line.removesuffix(b"\r") for line in asked_about} == {row(contig, 1).rstrip("\n").encode()}


@pytest.mark.parametrize(
    ("alt", "info", "is_found"),
    [
        ("<TRA>", "SVTYPE=TRA", True),
        ("<TRA>", "CHRB=chr10;POSB=121483000", True),
        ("<BND>", "CHR2=.;END=5", True),
        ("<BND>", "CHR2=;END=5", True),
        ("<BND>", "CHR2=.;CHR2=chr9;END=5", True),
        ("<CTX>", ".", True),
        ("A,<FUS>", "END=9", True),
        ("<TRA>", "CHR2=chr9", False),
        ("<TRA>", "END=9;CHR2=chr9", False),
        ("<BND>", "SVTYPE=BND;MATEID=b", False),
        ("<BND>", "SVTYPE=BND;MATEID=.", True),
        ("<BND>", "XMATEID=b", True),
        ("<ITX>", "SVTYPE=ITX", False),
        ("<INS>", ".", False),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_allele_whose_far_end_nothing_tells_is_found_on_every_contig(
    alt: str, info: str, is_found: bool, end: str
) -> None:
    body = (BEFORE + row("chr3", 7, alt, info) + AFTER).replace("\n", end)
    assert numbers_found(body) == numbers_found(body, declared=False) == [4] * is_found
    beside = row("chr3", 9, "<TRA>", "CHR2=chr9;END=5") + row("chr3", 9, "<DEL>", "END=10;CHR2=chr3")
    assert numbers_found(BEFORE + beside + row("chr3", 7, alt, info) + beside) == [6] * is_found


def test_a_name_in_angle_brackets_before_the_allele_does_not_hide_it() -> None:
    odd = row("chr3", 7, "<TRA>").replace("\t.\tG", "\t<TRA>\tG")
    assert numbers_found(BEFORE + odd + AFTER) == [4]


@pytest.mark.parametrize(
    ("alt", "info", "is_found"),
    [
        ("A,<INV>", "SVLEN=.,62778700", True),
        ("<INV>", "END=121483000,121483000", True),
        ("<DEL>,<INV>", "SVLEN=500,9;END=119000500,121483000", True),
        ("A,<INV>", "SVLEN=.,500", False),
        ("<DEL>,<INV>", "END=119000500,119000900", False),
        ("A,<INV>", "SVLEN=.,.", True),
        ("A,<INV>", "SVLEN=500,.", True),
        ("A,<INV>", "SVLEN=2500000,500", False),
        ("<INV>,A,<INV>", "SVLEN=500,2500000", True),
        ("<INV>", "SVLEN=500,2500000", True),
    ],
)
def test_of_a_list_of_spans_each_allele_has_its_own(alt: str, info: str, is_found: bool) -> None:
    assert numbers_found(BEFORE + row("chr10", 119_000_000, alt, info) + AFTER) == [4] * is_found


def test_every_place_of_some_bytes_is_found_by_both_searches() -> None:
    text = b"x[]a]" * 40 + b"["
    for finder in (PLAIN_FINDER, fast_finder()):
        for start, end in ((0, len(text)), (2, 77), (5, 5)):
            places = finder.each_of(text, b"[]", start, end)
            assert sorted(places) == [at for at in range(start, end) if text[at] in b"[]"]


def test_where_end_is_text_it_is_no_position_of_chr2_and_no_end_of_a_span() -> None:
    gate = Gate((Assembly.GRCH38,), end_is_coordinate=False)
    odd = row("chr3", 7, "N", "CHR2=chr10;END=5") + row("chr10", 90_000_000, "<DEL>", "END=5")
    body = (BEFORE + odd + row("chr10", 90_000_000, "<DEL>", "END2=5") + AFTER).encode()
    found = searched(body, gate, 1 << 18, declared=True)
    assert found == asked(body, gate, declared=True)
    assert [number for number, _ in found[0]] == [4, 5]


@pytest.mark.parametrize(
    ("alt", "info", "is_found"),
    [
        ("<DEL>", "SVTYPE=DEL", True),
        ("<DEL>", "CIEND=0,5", True),
        ("<DEL>", "END=.;END=120000100", True),
        ("<DEL>", "END=120000100", False),
        ("<DEL>", "SVLEN=-100", False),
        ("<INS>", "SVTYPE=INS", False),
    ],
)
def test_a_span_before_a_window_without_an_end_is_found(alt: str, info: str, is_found: bool) -> None:
    assert numbers_found(BEFORE + row("chr10", 120_000_000, alt, info) + AFTER) == [4] * is_found


def test_every_row_of_a_depth_caller_on_these_contigs_is_asked_about() -> None:
    gate = Gate((Assembly.GRCH38,), has_segments=True)
    body = (BEFORE + row("chr10", 90_000_000) * 2 + row("chr10", 110_000_000, ".", "END=130000000") + AFTER).encode()
    assert [number for number, _ in searched(body, gate, 1 << 18, declared=True)[0]] == [6]


@pytest.mark.parametrize("line", ["\t121483000\t.\tG\tA\t.\tPASS\t.\n", "\t\t\t\t\t\t\t\t\n", "# a\tb\n", "\n"])
def test_lines_that_are_no_rows_are_counted_as_in_a_small_body(line: str) -> None:
    assert numbers_found(line * 3, declared=False) == numbers_found(BEFORE + line * 3 + AFTER, declared=False) == []


def test_a_position_that_cannot_be_read_beside_the_name_of_a_gene_is_found() -> None:
    assert numbers_found(BEFORE + row("chr3", "x", info="GENE=FGFR2") + AFTER, declared=False) == [4]


def edges(assembly: Assembly) -> list[tuple[str, int]]:
    """Return places on both sides of every border that decides."""
    found = []
    for gene in FgfrGene:
        contig, low, high = coords.fgfr_window(gene, assembly)
        length = LENGTHS[assembly][contig]
        at = (low, high, low - 245_000, high + 245_000, low - (1 << 17), low - 1_000_000, 0, length + 1, 10**9, 10**10)
        found += [(contig, max(pos + step, 0)) for pos in at for step in (-1, 0, 1)]
    return found


@st.composite
def odd_rows(draw: st.DrawFn, assembly: Assembly, own: str) -> str:
    """Return a row of one contig with at most two odd columns, about places that decide."""
    places = st.sampled_from([*edges(assembly), ("chr3", 5000), ("chr14", 105_700_000), ("chr14", 106_500_000)])
    far, far_pos = draw(places)
    pos = draw(places.filter(lambda place: place[0] == own or own not in GENE_CONTIGS))[1]
    name = st.sampled_from([far] * 4 + [far[3:], f" {far}", f"{far}\x0b", far.upper(), f"{far}_alt", f"a:{far}"])
    number = st.sampled_from([f"{far_pos}"] * 6 + [f"0{far_pos}", f"{far_pos:,}", "x", "", f"{far_pos}\r", "1e8", "+5"])
    mate = f"{draw(name)}:{draw(number)}"
    mates = [f"G[{mate}[", f"]{mate}]G", f"A,G[{mate}[", f"[{mate}]", f"[{far}", f"[{mate}[[{mate}[", "]x", "["]
    symbols = ["<DEL>", "<DUP>,A", "A<TRA>", "<NON_REF>", "A,<*>", "<NON_REF>X", "<*>,<DUP>", "*"]
    symbols += ["<TRA>", "<BND>,A", "A,<CTX>", "<FUS>", "<ITX>", "<DEL>,<INV>", "<TRA>,G[chr5:9["]
    items = [
        f"END={draw(number)}",
        f"END2={draw(number)}",
        f"POS2={draw(number)}",
        f"CHR2={draw(name)}",
        f"SVLEN=-{far_pos % 10**7}",
        "END=.",
    ]
    items += ["CHR2=.", "CHR2=", "MATEID=x", "MATEID=.", f"END={draw(number)},{far_pos}", f"SVLEN=.,{far_pos % 10**7}"]
    items += ["SVLEN=999999", "SVLEN=5,7", "CIEND=121483000", "DP=9", "ANN=FGFR2|x", "F=[a]", "S=<x>", "", "END"]
    odd: dict[int, st.SearchStrategy[str]] = {
        1: st.sampled_from(["x", f"0{pos}", f"{pos:,}", f"{pos} ", ""]),
        2: st.just("x["),
        3: st.sampled_from(["a", "RYN", "", "A" * 131_073]),
        4: st.sampled_from(mates + symbols),
        7: st.lists(st.sampled_from(items), min_size=1, max_size=4).map(";".join),
    }
    cells = [own, f"{pos}", ".", "G", "A", ".", "PASS", "DP=9", "GT", "0/1"]
    for column in draw(st.sets(st.sampled_from([4, 4, 7, *odd]), max_size=3)):
        cells[column] = draw(odd[column])
    size = draw(st.sampled_from([10] * 9 + [8, 8, 7, 5, 3, 1]))
    return "\t".join(cells[:size] + draw(st.sampled_from([[]] * 6 + [["x"] * 3, ["[", "]"]])))


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Assembly, bytes]:
    assembly = draw(st.sampled_from(list(Assembly)))
    names = draw(st.lists(st.sampled_from([*GENE_CONTIGS, "chr3", "chr14", "5", "10", "X_alt", "chr4 "]), max_size=4))
    lines: list[str] = []
    for name in names:
        lines += draw(st.lists(odd_rows(assembly, name), min_size=1, max_size=9))
    if draw(st.sampled_from([False, False, True])):
        other = st.sampled_from(
            ["", " \t", "# note\tx", "\t5\t.\tG\tA\t.\t.\t.", "chr10", "\0", lines[0] if lines else ""]
        )
        lines = draw(st.permutations(lines + draw(st.lists(other, max_size=4))))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return assembly, (end.join(lines) + draw(st.sampled_from([end, ""]))).encode("latin-1")


@settings(max_examples=300, deadline=None)
@given(bodies(), st.sampled_from(PIECES), *[st.booleans()] * 4)
def test_no_arrangement_of_bytes_hides_a_candidate(
    given_body: tuple[Assembly, bytes],
    piece_bytes: int,
    declared: bool,
    plain: bool,
    lengths: bool,
    end: bool,
) -> None:
    assembly, body = given_body
    known = LENGTHS[assembly].items() if lengths else ()
    gate = Gate((assembly,), known, end_is_coordinate=end)
    if body:
        found = searched(body, gate, piece_bytes, declared=declared, plain=plain)
        assert found == asked(body, gate, declared=declared)


SIZES = st.integers(1, 10).flatmap(lambda digits: st.integers(10 ** (digits - 1), 10**digits - 1))


@settings(max_examples=500)
@given(SIZES, SIZES, st.lists(SIZES, max_size=8))
def test_expressions_for_numbers_never_say_too_much_or_too_little(one: int, other: int, more: list[int]) -> None:
    low, high = sorted((one, other))
    inner, outer = re.compile(within(low, high)), re.compile(around(low, high))
    for number in (low, high, low - 1, high + 1, (low + high) // 2, *more):
        is_inside = low <= number <= high
        assert is_inside or not inner.fullmatch(str(number))
        assert outer.fullmatch(str(number)) or not is_inside
        assert not inner.fullmatch(f"0{number}")


@given(SIZES, SIZES)
def test_expressions_for_numbers_miss_little(one: int, other: int) -> None:
    low, high = sorted((one, other))
    margin = max(high // 100, 1)
    if high - low > 4 * margin:
        assert re.fullmatch(within(low, high), str(high - margin))
    assert high + margin > 10**10 - 1 or not re.fullmatch(around(low, high), str(high + margin + 1))
