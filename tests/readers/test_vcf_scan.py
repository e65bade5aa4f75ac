"""The byte search picks the lines that a slow reading, field by field, finds, whatever the file looks like."""

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from fgfr_screen import coords
from fgfr_screen.errors import FgfrScreenError, MalformedFileError
from fgfr_screen.model import InputContent
from fgfr_screen.readers import _gzip, _stored
from fgfr_screen.readers.vcf.scan import bodies, finder, search
from fgfr_screen.terms import Assembly, FgfrGene
from tests.readers.vcf_text import LENGTHS, read_path, read_text, vcf

ACCESSION = {"chr3": "NC_000003", "chr4": "NC_000004", "chr8": "NC_000008", "chr10": "NC_000010", "chr14": "NC_000014"}
VERSION = {"chr3": 11, "chr4": 11, "chr8": 10, "chr10": 10, "chr14": 8}
GENBANK = {"chr3": "CM000665", "chr4": "CM000666", "chr8": "CM000670", "chr10": "CM000672", "chr14": "CM000676"}


def spelled(contig: str, style: str, assembly: Assembly) -> str:
    """Return a contig's name in one of the ways that files spell it."""
    newer = assembly is Assembly.GRCH38
    names = {
        "plain": contig[3:],
        "refseq": f"{ACCESSION[contig]}.{VERSION[contig] + newer}",
        "genbank": f"{GENBANK[contig]}.{1 + newer}",
        "capital": contig.upper(),
        "assembly": f"{assembly}_{contig}",
        "species": f"hs{contig[3:]}",
        "stem": ACCESSION[contig],
        "file": f"{contig}.fa",
    }
    return names.get(style, contig)


class Rows:
    """Random rows; each comes with the slow answer."""

    def __init__(self, seed: int, assembly: Assembly, styles: tuple[str, ...]) -> None:
        self.random = Random(seed)
        self.assembly = assembly
        self.styles = styles
        self.windows = {gene: coords.fgfr_window(gene, assembly) for gene in FgfrGene}

    def name(self, contig: str) -> str:
        return spelled(contig, self.random.choice(self.styles), self.assembly)

    def far_from(self) -> tuple[str, int]:
        """A place that is in no window, not even that of FGFR3 and the immunoglobulin loci."""
        contig = self.random.choice(list(LENGTHS[self.assembly]))
        return contig, self.random.randint(30_000_000, 37_000_000)

    def inside(self) -> tuple[str, int]:
        contig, low, high = self.windows[self.random.choice(list(FgfrGene))]
        return contig, self.random.choice((low, high, self.random.randint(low, high)))

    def mate(self, place: tuple[str, int]) -> str:
        contig, pos = place
        form = self.random.choice(("{r}[{m}[", "{r}]{m}]", "]{m}]{r}", "[{m}[{r}"))
        return form.format(r=self.random.choice("ACGT"), m=f"{self.name(contig)}:{pos}")

    def row(self, place: tuple[str, int], ref: str, alt: str, info: str) -> str:
        contig, pos = place
        sample = f"0/1:{self.random.randint(1, 150)}:{self.random.randint(1, 40)},{self.random.randint(1, 40)}"
        return f"{self.name(contig)}\t{pos}\t.\t{ref}\t{alt}\t{pos % 400}\tPASS\t{info}\tGT:DP:AD\t{sample}"

    def planted(self) -> str:
        """Return a row that touches FGFR1-3."""
        far, near = self.far_from(), self.inside()
        contig, low, high = self.windows[self.random.choice(list(FgfrGene))]
        kinds: tuple[Callable[[], str], ...] = (
            lambda: self.row(near, "G", "A", "DP=9"),
            lambda: self.row(far, "G", self.mate(near), "SVTYPE=BND"),
            lambda: self.row(far, "G", f"A,{self.mate(near)}", "SVTYPE=BND"),
            lambda: self.row(near, "G", self.mate(far), "SVTYPE=BND"),
            lambda: self.row(far, "N", "<TRA>", f"SVTYPE=TRA;CHR2={self.name(near[0])};END={near[1]}"),
            lambda: self.row(far, "N", "N", f"CHR2={self.name(near[0])};POS2={near[1]};END=5"),
            lambda: self.row((contig, low - 900_000), "N", "<DUP>", f"SVTYPE=DUP;END={high + 70_000}"),
            lambda: self.row((contig, low - 900_000), "N", "<DEL>", f"SVLEN=-{high - low + 950_000};SVTYPE=DEL"),
            lambda: self.row((contig, low - 900_000), "N", "A,<DUP>", f"SVTYPE=DUP;SVLEN=.,{high - low + 970_000}"),
            lambda: self.row((contig, low - 900_000), "N", "<DEL>,<INV>", f"END={low - 899_000},{high + 70_000}"),
            lambda: self.row(far, "N", "<TRA>", "SVTYPE=TRA;CHRB=chr10"),
            lambda: self.row(far, "N", "A,<BND>", "SVTYPE=BND;CHR2=."),
            lambda: self.row((contig, low - 3), "ACGTACGT", "A", "DP=3"),
            lambda: self.row((contig, low - 120_000), "A" * 130_000, "A", "DP=3"),
        )
        return self.random.choice(kinds)()

    def beside(self) -> str:
        """Return a row that touches nothing."""
        place, other = self.far_from(), self.far_from()
        kinds: tuple[Callable[[], str], ...] = (
            *[lambda: self.row(place, "G", "A", "DP=38;CSQ=A|x|FGFR1OP,FGFRL1")] * 6,
            lambda: self.row(place, "G", "<NON_REF>", f"END={place[1] + 500}"),
            lambda: self.row(place, "G", self.mate(other), "SVTYPE=BND"),
            lambda: self.row(place, "N", "<DEL>", f"SVTYPE=DEL;END={place[1] + 90_000};CHR2={self.name(place[0])}"),
            lambda: self.row(place, "N", "<TRA>", f"SVTYPE=TRA;CHR2={self.name(other[0])};END={other[1]}"),
            lambda: "",
            lambda: "# a note\twith a tab",
        )
        return self.random.choice(kinds)()


def big_file(seed: int, styles: tuple[str, ...], *, is_sorted: bool) -> tuple[str, set[int]]:
    """Return a VCF and the numbers of its planted lines."""
    assembly = list(Assembly)[seed % 2]
    rows = Rows(seed, assembly, styles)
    body = [(rows.beside(), False) for _ in range(400)] + [(rows.planted(), True) for _ in range(40)]
    rows.random.shuffle(body)
    if is_sorted:
        body.sort(key=lambda item: item[0].split("\t")[0])
    head = vcf(assembly=assembly, samples=("T",))
    first = head.count("\n") + 1
    text = head + "".join(line + "\n" for line, _ in body)
    return text, {number for number, (_, touches) in enumerate(body, first) if touches}


def lines_found(content: InputContent) -> set[int | None]:
    """Return the lines of calls and refused rows; a body that ends as gVCF has calls of no line for what it leaves out."""
    found = {call.source.line for call in content.calls if "NOT_COVERED" not in call.finding_codes}
    return found | {item.line for item in content.rejected}


def comparable(content: InputContent) -> InputContent:
    """Take away the name of the temporary file."""
    return replace(content, report=replace(content.report, path="x"))


def searched(monkeypatch: pytest.MonkeyPatch, piece_bytes: int = 1 << 18) -> None:
    """Make every file a big one, read in pieces of this size."""
    monkeypatch.setattr(bodies, "SEARCH_FROM_BYTES", 0)
    monkeypatch.setattr(_stored, "PIECE_BYTES", piece_bytes)


STYLES = [
    ("chr",),
    ("plain",),
    ("refseq",),
    ("genbank",),
    ("capital",),
    ("chr", "plain", "refseq", "genbank", "capital", "assembly", "species", "stem", "file"),
    ("assembly",),
    ("species", "stem", "file"),
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("styles", STYLES, ids="+".join)
@pytest.mark.parametrize("is_sorted", [True, False], ids=["sorted", "shuffled"])
def test_no_planted_line_is_missed(
    seed: int, styles: tuple[str, ...], is_sorted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, planted = big_file(seed, styles, is_sorted=is_sorted)
    slow = read_text(text)
    assert lines_found(slow) == planted
    searched(monkeypatch)
    assert comparable(read_text(text)) == comparable(slow)
    assert slow.accounting is not None
    assert slow.accounting.records == sum(1 for line in text.split("\n") if line and not line.startswith("#"))


def test_no_row_is_judged_by_expressions_that_are_not_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    text, planted = big_file(3, ("chr",), is_sorted=True)
    searched(monkeypatch)
    monkeypatch.setattr(bodies, "HAS_SOUND_EXPRESSIONS", False)
    monkeypatch.setattr(search.Search, "run", None)
    assert lines_found(read_text(text)) == planted


@pytest.mark.parametrize("piece_bytes", [50, 777, 65_536, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_size_of_pieces_and_the_line_ends_do_not_matter(
    piece_bytes: int, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, planted = big_file(7, ("chr", "plain"), is_sorted=True)
    data = text.replace("\n", end).encode()
    searched(monkeypatch, piece_bytes)
    assert lines_found(read_text(data)) == planted
    assert lines_found(read_text(data.removesuffix(end.encode()))) == planted
    half = len(data) // 2
    assert lines_found(read_text(gzip.compress(data[:half]) + gzip.compress(data[half:]))) == planted


def test_the_fallback_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = big_file(3, ("chr", "plain", "refseq"), is_sorted=True)
    searched(monkeypatch)
    data = gzip.compress(text.encode())
    fast = read_text(data)
    monkeypatch.setitem(__import__("sys").modules, "stringzilla", None)
    monkeypatch.setitem(__import__("sys").modules, "isal", None)
    assert finder.fast_finder() is finder.PLAIN_FINDER
    monkeypatch.setattr(_gzip, "_FAST_INFLATE_FROM_BYTES", 0)
    assert comparable(read_text(data)) == comparable(fast)


@pytest.mark.parametrize(
    "row",
    [
        "chr10\t12,148,3000\t.\tG\tA\t.\tPASS\t.",
        "chr10\t-5\t.\tG\tA\t.\tPASS\t.",
        "chr10\tx\t.\tG\tA\t.\tPASS\t.",
        "chr10\t0121483000\t.\tG\tA\t.\tPASS\t.",
        "chr10\t133799999\t.\tG\tA\t.\tPASS\t.",
        "chr3\tx\t.\tG\tA\t.\tPASS\tGENE=FGFR2",
        "chr10\t121483000\t.\tG",
        "chr10\t40000000\t.\tG",
        "chr3 1000 . G A . PASS FGFR2",
        "chr10  121483000  .  G  A  .  PASS  .",
        "chr3\t5000\t.\tG\tG[chr4:1,806,000[\t.\tPASS\t.",
        "chr3\t5000\t.\tG\tG[chr10:12148",
        "chr10\t121000000\t.\tG\t<DEL>\t.\tPASS\tEND=abc",
        "chr10\t20000000\t.\tG\t<DEL>\t.\tPASS\tEND=abc",
        "chr3\t5000\t.\tG\t<TRA>\t.\tPASS\tCHR2=chr10;END=x",
        "chr3\t5000\t.\tG\tG[chr10:x[\t.\tPASS\t.",
        "chr3\t5000\t.\tG\tG[chr10: 121483000[\t.\tPASS\t.",
        "chr3\t5000\t.\tG\tG[ chr10 :121483000[\t.\tPASS\t.",
        "chr3\t5000\t.\tG",
    ],
)
def test_a_bad_line_that_can_hide_the_genes_is_judged_as_in_a_small_file(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = ["chr3\t900\t.\tG\tA\t.\tPASS\t."] * 3
    text = vcf() + "\n".join([*around, row, *around, "chr10\t90000000\t.\tG\tA\t.\tPASS\t.", row, ""])
    slow = read_text(text)
    searched(monkeypatch)
    assert comparable(read_text(text)) == comparable(slow)


def test_a_bad_line_elsewhere_is_counted_as_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    text = vcf("chr3 900 . G A . PASS .", "chr3 x . G A . PASS .", "chr3 950 . G A . PASS .")
    searched(monkeypatch)
    content = read_text(text)
    assert (content.report.records, content.report.outside_fgfr, content.rejected) == (3, 3, ())


def test_a_second_header_in_a_big_file_names_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = big_file(1, ("chr",), is_sorted=True)
    searched(monkeypatch)
    with pytest.raises(MalformedFileError) as caught:
        read_text(text + text)
    assert (caught.value.code, caught.value.line) == ("SECOND_HEADER", text.count("\n") + 1)


def test_annotated_genes_on_other_contigs_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"chr8_KI270821v1_alt {pos} . G A . PASS ANN=A|x|{'FGFR1' if pos == 50 else 'TP53'}|y" for pos in range(90)]
    searched(monkeypatch)
    assert len(read_text(vcf(*rows)).calls) == 1


def test_the_other_assembly_is_searched_while_none_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    searched(monkeypatch)
    rows = ("chr10 123240000 . G A . PASS .", "chr10 134000000 . G A . PASS .")
    content = read_text(vcf(*rows, assembly=None))
    assert (content.report.assembly.name, len(content.calls)) == (Assembly.GRCH37, 1)


@pytest.mark.parametrize("container", ["bgzf", "gzip"])
def test_damage_is_an_error_or_changes_nothing(container: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, planted = big_file(5, ("chr",), is_sorted=True)
    whole = packed(text.encode(), container)
    searched(monkeypatch, 4096)
    random = Random(1)
    for _ in range(60):
        at = random.randrange(len(whole))
        flipped = whole[:at] + bytes([whole[at] ^ (1 << random.randrange(8))]) + whole[at + 1 :]
        for data in (flipped, whole[:at]):
            try:
                found = lines_found(read_text(data, forced="vcf"))
            except FgfrScreenError:
                continue
            assert found == planted


def packed(data: bytes, container: str) -> bytes:
    if container == "gzip":
        return gzip.compress(data)
    import pysam

    with tempfile.TemporaryDirectory() as folder:
        plain, target = Path(folder) / "a.vcf", Path(folder) / "a.vcf.gz"
        plain.write_bytes(data)
        pysam.tabix_compress(str(plain), str(target))
        return target.read_bytes()


def test_a_plain_file_cut_inside_a_line_is_never_a_quiet_result(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = big_file(2, ("chr",), is_sorted=True)
    searched(monkeypatch)
    random = Random(4)
    for _ in range(150):
        at = random.randrange(text.index("#CHROM"), len(text))
        if text[at - 1] == "\n":
            continue
        try:
            content = read_text(text[:at], forced="vcf")
        except FgfrScreenError:
            continue
        codes = {finding.code for finding in content.report.findings}
        assert not content.report.complete or "LAST_LINE_OPEN" in codes


def test_a_big_file_on_disk_is_searched_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"chr3 {1000 + number} . G A . PASS ." for number in range(60_000)]
    text = vcf(*rows, "chr10 121483000 . G A . PASS .")
    path = tmp_path / "big.vcf"
    path.write_text(text)
    monkeypatch.setattr(bodies, "scan_lines", None)
    content = read_path(path)
    assert (content.report.records, len(content.calls)) == (60_001, 1)
