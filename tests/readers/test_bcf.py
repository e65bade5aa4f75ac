"""BCF gives the same calls as the VCF it was made from, and a damaged one is refused."""

import struct
from pathlib import Path

import pytest
from msgspec.structs import replace

from fgfr_screen.errors import FgfrScreenError, MalformedFileError, TruncatedFileError
from fgfr_screen.model import Call, InputContent
from fgfr_screen.readers import _stored, bcf
from fgfr_screen.readers._api import choose
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.terms import Assembly
from tests.readers.vcf_text import FIXTURES, read_path, vcf

pysam = pytest.importorskip("pysam")

DECLARED = {
    "SVTYPE": ("1", "String"),
    "END": ("1", "Integer"),
    "CHR2": ("1", "String"),
    "POS2": ("1", "Integer"),
    "SVLEN": (".", "Integer"),
    "CIPOS": ("2", "Integer"),
    "CIEND": ("2", "Integer"),
    "HOMLEN": (".", "Integer"),
}


def bcf_of(path: Path, folder: Path) -> Path:
    """Convert with htslib; keys without a declaration get one, as htslib demands."""
    text = path.read_text()
    meta, _, body = text.partition("#CHROM")
    infos = {
        item.partition("=")[0] for row in body.split("\n")[1:] if row for item in row.split("\t")[7].split(";")
    } - {"."}
    with_value = {
        item.partition("=")[0]
        for row in body.split("\n")[1:]
        if row
        for item in row.split("\t")[7].split(";")
        if "=" in item
    }
    formats = {key for row in body.split("\n")[1:] if row.count("\t") > 8 for key in row.split("\t")[8].split(":")}
    filters = {name for row in body.split("\n")[1:] if row for name in row.split("\t")[6].split(";")} - {".", "PASS"}
    for key in sorted(infos):
        number, kind = DECLARED.get(key, (".", "String")) if key in with_value else ("0", "Flag")
        if f"<ID={key}," not in meta:
            meta += f'##INFO=<ID={key},Number={number},Type={kind},Description="x">\n'
    for key in sorted(formats):
        if f"##FORMAT=<ID={key}," not in meta:
            meta += f'##FORMAT=<ID={key},Number=.,Type=String,Description="x">\n'
    meta += "".join(f'##FILTER=<ID={name},Description="x">\n' for name in sorted(filters))
    declared = folder / "declared.vcf"
    declared.write_text(f"{meta}#CHROM{body}")
    target = folder / "sample.bcf"
    with pysam.VariantFile(str(declared)) as source, pysam.VariantFile(str(target), "wb", header=source.header) as sink:
        for record in source:
            sink.write(record)
    return target


def found(content: InputContent) -> list[Call]:
    return [replace(call, source=replace(call.source, line=None)) for call in content.calls]


@pytest.mark.parametrize("name", ["manta", "delly_new", "gridss", "cnvkit", "mutect2", "lumpy", "severus"])
def test_bcf_gives_the_calls_of_its_vcf(name: str, tmp_path: Path) -> None:
    content = read_path(bcf_of(FIXTURES / f"{name}.vcf", tmp_path))
    assert found(content) == found(read_path(FIXTURES / f"{name}.vcf"))
    assert content.report.format == "bcf"
    assert content.report.sha256 is not None


def test_lines_are_record_numbers(tmp_path: Path) -> None:
    content = read_path(bcf_of(FIXTURES / "manta.vcf", tmp_path))
    assert [call.source.line for call in content.calls] == [1, 2, 3, 4]


def test_content_and_not_the_name_tells_bcf(tmp_path: Path) -> None:
    path = bcf_of(FIXTURES / "manta.vcf", tmp_path).rename(tmp_path / "misnamed.vcf")
    with OpenedInput(str(path)) as opened:
        reader, evidence = choose(opened.head)
    assert reader.name == "bcf"
    assert "BCF" in evidence


def test_a_missing_end_block_is_refused(tmp_path: Path) -> None:
    path = bcf_of(FIXTURES / "manta.vcf", tmp_path)
    path.write_bytes(path.read_bytes()[:-28])
    with pytest.raises(TruncatedFileError):
        read_path(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_flipped_byte_is_refused(share: float, tmp_path: Path) -> None:
    path = bcf_of(FIXTURES / "manta.vcf", tmp_path)
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(FgfrScreenError):
        read_path(path)


def test_content_that_only_starts_like_bcf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.bcf"
    path.write_bytes(b"BCF\2\2" + bytes(200))
    with pytest.raises(FgfrScreenError):
        read_path(path)


def both_ways(path: Path, monkeypatch: pytest.MonkeyPatch, piece_bytes: int) -> InputContent:
    """Read by hopping and by printing every record; both must give the same."""
    through = read_path(path)
    monkeypatch.setattr(bcf, "_SEARCH_FROM_BYTES", 0)
    monkeypatch.setattr(_stored, "PIECE_BYTES", piece_bytes)
    assert read_path(path) == through
    return through


@pytest.mark.parametrize("name", ["manta", "delly_new", "gridss", "cnvkit", "mutect2", "lumpy", "severus"])
@pytest.mark.parametrize("piece_bytes", [50, 1 << 18])
def test_a_big_file_is_read_as_a_small_one(
    name: str, piece_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = both_ways(bcf_of(FIXTURES / f"{name}.vcf", tmp_path), monkeypatch, piece_bytes)
    rows = [line for line in (FIXTURES / f"{name}.vcf").read_text().splitlines() if not line.startswith("#")]
    assert content.report.records == len(rows) > 0


@pytest.mark.parametrize("prefix", ["chr", ""])
def test_records_of_every_kind_are_found_by_hopping(
    prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = [f"{prefix}3 {1000 + pos} . G A . PASS DP=9" for pos in range(400)]
    rows = [
        f"{prefix}10 121483000 . G A . PASS DP=9",
        f"{prefix}10 90000000 . G A . PASS DP=9",
        f"{prefix}3 5000 . G G[{prefix}10:121482000[ . PASS DP=91",
        f"{prefix}4 1801841 . C G . PASS DP=60",
        f"{prefix}8 38405000 . {'A' * 3000} A . PASS DP=60",
        f"{prefix}4 1600000 . N N]{prefix}14:105700000] . PASS DP=3",
    ]
    text = vcf(*beside[:200], *rows, *beside[200:], prefix=prefix)
    text = text.replace("#CHROM", '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n#CHROM')
    plain = tmp_path / "rows.vcf"
    plain.write_text(text)
    content = both_ways(bcf_of(plain, tmp_path), monkeypatch, 777)
    assert content.report.records == 406
    assert [call.source.line for call in content.calls] == [201, 203, 204, 205, 206]


def test_a_big_file_cut_within_a_record_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = vcf(*[f"chr3 {pos} . G A . PASS DP=9" for pos in range(1, 99)])
    plain = tmp_path / "rows.vcf"
    plain.write_text(text.replace("#CHROM", '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n#CHROM'))
    path = bcf_of(plain, tmp_path)
    content = pysam.BGZFile(str(path), "rb").read()
    with pysam.BGZFile(str(tmp_path / "cut.bcf"), "wb") as sink:
        sink.write(content[:-7])
    monkeypatch.setattr(bcf, "_SEARCH_FROM_BYTES", 0)
    with pytest.raises(TruncatedFileError):
        read_path(tmp_path / "cut.bcf")


@pytest.mark.parametrize("contig", ["chr3", "chr10"])
def test_a_record_that_says_it_is_shorter_than_can_be_is_refused(
    contig: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = vcf(*[f"{contig} {pos} . G A . PASS DP=9" for pos in range(1, 99)])
    plain = tmp_path / "rows.vcf"
    plain.write_text(text.replace("#CHROM", '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n#CHROM'))
    path = bcf_of(plain, tmp_path)
    content = bytearray(pysam.BGZFile(str(path), "rb").read())
    at = 9 + int.from_bytes(content[5:9], "little")
    shared, own = struct.unpack_from("<II", content, at)
    at += 40 * (8 + shared + own)
    content[at : at + 8] = struct.pack("<II", 23, shared + own - 23)
    with pysam.BGZFile(str(path), "wb") as sink:
        sink.write(bytes(content))
    monkeypatch.setattr(bcf, "_SEARCH_FROM_BYTES", 0)
    with pytest.raises(MalformedFileError, match="record 41 gives an impossible length"):
        read_path(path)


PLAIN_HEADER = (
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n##INFO=<ID=END,Number=1,Type=Integer,Description="x">\n'
)


def one_way_of(rows: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Return the records found by hopping, which must be those found by printing, whatever lengths records claim."""
    beside = [f"chr3 {pos} . G A . PASS DP=91" for pos in range(1, 60)]
    plain = tmp_path / "rows.vcf"
    plain.write_bytes(vcf(*beside, *rows, *beside, meta=PLAIN_HEADER).encode("latin-1"))
    path = bcf_of(plain, tmp_path)
    content = bytearray(pysam.BGZFile(str(path), "rb").read())
    at = 9 + int.from_bytes(content[5:9], "little")
    while at < len(content):
        content[at + 16 : at + 20] = (1).to_bytes(4, "little")
        at += 8 + sum(int.from_bytes(content[at + step : at + step + 4], "little") for step in (0, 4))
    with pysam.BGZFile(str(path), "wb") as sink:
        sink.write(bytes(content))
    result = both_ways(path, monkeypatch, 777)
    return sorted({call.source.line for call in result.calls} | {item.line for item in result.rejected}, key=str)


@pytest.mark.parametrize(
    "row",
    [
        "chr10 121400000 . N <DUP> . PASS END=121500000",
        "chr10 100000000 . N <NON_REF>,<DUP> . PASS END=121500000",
        f"chr10 100000000 . N <{'Q' * 300}> . PASS END=121500000",
        f"chr10 121473000 . {'A' * 400} A . PASS DP=5",
        f"chr10 121335000 . {'A' * 139000} A . PASS DP=5",
        "chr10 121483000 . G A . PASS DP=5",
    ],
)
def test_the_length_that_a_record_claims_is_not_relied_on(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = ["chr10 100000000 . N <NON_REF> . PASS END=100000500", "chr10 90000000 . G <*> . PASS DP=60"]
    assert one_way_of([*beside, row], tmp_path, monkeypatch) == [62]


@pytest.mark.parametrize(
    "mate", ["10:121482000", "CHR10:121482000", "chr10\x0b:121482000", "NC_000010.3:121482000", "chr10:0121482000"]
)
def test_a_mate_is_found_however_its_contig_is_spelled(
    mate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one_way_of([f"chr3 5000 . G G[{mate}[ . PASS DP=91"], tmp_path, monkeypatch) == [60]


@pytest.mark.parametrize("allele", ["<TRA>", "A,<BND>", "<CTX>", "<FUS>"])
def test_an_allele_whose_far_end_nothing_tells_is_found(
    allele: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert one_way_of([f"chr3 5000 . N {allele} . PASS DP=91"], tmp_path, monkeypatch) == [60]


@pytest.mark.parametrize("mate", ["chr10:x", "chr10;121482000", "chr10:121,482,000", "chr4:", "4:+1"])
def test_a_mate_that_cannot_be_read_is_found(mate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bcf, "_SEARCH_FROM_BYTES", 0)
    plain = tmp_path / "rows.vcf"
    plain.write_text(vcf("chr3 70 . G A . PASS DP=9", f"chr3 90 . G ]{mate}]G . PASS DP=9", meta=PLAIN_HEADER))
    assert [item.line for item in read_path(bcf_of(plain, tmp_path)).rejected] == [2]


@pytest.mark.parametrize(
    ("meta", "is_searchable"),
    [
        (PLAIN_HEADER, True),
        (PLAIN_HEADER + '##FORMAT=<ID=SVLEN,Number=1,Type=Integer,Description="x">\n', False),
        (PLAIN_HEADER + '##FILTER=<ID=near_FGFR2,Description="x">\n', False),
        (PLAIN_HEADER + '##FILTER=<ID=low,Description="near FGFR2, CHR2">\n', True),
        (PLAIN_HEADER + '##INFO=<ID=CHR2,Number=1,Type=String,Description="x">\n', False),
        ("", False),
    ],
)
def test_only_a_file_without_far_ends_is_searched(meta: str, is_searchable: bool, tmp_path: Path) -> None:
    from fgfr_screen.readers import _bcf_search
    from fgfr_screen.readers.vcf.scan.gate import Gate

    plain = tmp_path / "rows.vcf"
    plain.write_text(vcf(meta=meta))
    with pysam.VariantFile(str(plain)) as source:
        text = str(source.header)
    header = bcf._header(text, "x")
    assert _bcf_search.is_searchable(text, header, Gate((Assembly.GRCH38,))) is is_searchable
    assert not _bcf_search.is_searchable(text, header, Gate(tuple(Assembly)))
    assert not _bcf_search.is_searchable(text, header, Gate((Assembly.GRCH38,), has_segments=True))


def test_a_text_with_brackets_elsewhere_is_no_mate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fgfr_screen.readers import _bcf_search

    meta = PLAIN_HEADER + '##INFO=<ID=ANN,Number=.,Type=String,Description="x">\n'
    plain = tmp_path / "rows.vcf"
    plain.write_text(vcf(*[f"chr3 {pos} . G A . PASS ANN=[TP53|chr10:121482000]" for pos in range(1, 99)], meta=meta))
    shown: list[int] = []
    printed = _bcf_search.printed

    def counted(header: bytes, records: list[bytes], path: str) -> list[bytes]:
        shown.append(len(records))
        return printed(header, records, path)

    monkeypatch.setattr(bcf, "_SEARCH_FROM_BYTES", 0)
    monkeypatch.setattr(_bcf_search, "printed", counted)
    read_path(bcf_of(plain, tmp_path))
    assert shown == [0]
