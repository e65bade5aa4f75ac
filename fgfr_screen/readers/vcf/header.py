"""Header lines of a VCF -> `Header`: what the screen needs of them, and nothing that could stop it.

Header faults (escaped quotes, a missing Description, unknown Number) are harmless here: only `contig` lines, declared
keys and a handful of plain `##key=value` lines are looked at. Only a missing or wrong `#CHROM` line makes a file
unusable.
"""

from collections.abc import Iterable

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Finding, Record
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.vcf.records import as_number

_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_OLDEST_VERSION = (4, 1)
# Where tumour content and mean copies are written: generic, DRAGEN CNV, PURPLE.
_PURITY_KEYS = ("purity", "tumor_purity", "tumorpurity", "estimatedtumorpurity", "purplepurity")
_PLOIDY_KEYS = ("ploidy", "tumor_ploidy", "tumorploidy", "overallploidy", "purpleploidy")
_LOOKS_LIKE_A_RECORD_COLUMNS = 5


class Header(Record, frozen=True, kw_only=True):
    """What the header says.

    Attributes:
        version: Text after `VCFv` in `##fileformat`, or None when the line is missing.
        lines: `##key=value` lines in order, as key and value; structured lines keep their `<...>` text.
        contigs: Contig names and lengths (None = not given), as written.
        samples: Names of the sample columns.
        info_types: Declared Type of INFO keys.
        formats: Declared FORMAT keys.
        line_count: Lines up to and including `#CHROM`.
        contig_assemblies: Texts of `assembly=` in contig lines.
        findings: Warnings about the header.
    """

    version: str | None
    lines: tuple[tuple[str, str], ...]
    contigs: tuple[tuple[str, int | None], ...]
    samples: tuple[str, ...]
    info_types: dict[str, str]
    formats: tuple[str, ...]
    line_count: int
    contig_assemblies: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of all plain lines `##key=`; the case of the key does not matter."""
        wanted = key.lower()
        return tuple(value for name, value in self.lines if name.lower() == wanted)

    def value(self, *keys: str) -> str | None:
        """Return the first value of the first of `keys` that is there, or None."""
        return next((value for key in keys for value in self.values(key)), None)

    @property
    def column_count(self) -> int:
        """Columns of a full row."""
        return len(_COLUMNS) + (1 + len(self.samples) if self.samples else 0)

    @property
    def purity(self) -> float | None:
        """Tumour content stated in the header, 0-1, or None."""
        value = as_number((self.value(*_PURITY_KEYS) or "").strip())
        return value if value is not None and 0 < value <= 1 else None

    @property
    def ploidy(self) -> float | None:
        """Mean tumour copies stated in the header, or None."""
        value = as_number((self.value(*_PLOIDY_KEYS) or "").strip())
        return value if value is not None and value > 0 else None

    @property
    def end_is_coordinate(self) -> bool:
        """False when END is declared as text."""
        return self.info_types.get("END", "Integer") == "Integer"


def read_header(lines: Iterable[tuple[int, bytes]], path: str) -> Header:
    """Take the header off `lines`, which is left at the first line of the body.

    Args:
        lines: Numbered lines of the file, an iterator.
        path: For messages.

    Raises:
        MalformedFileError: There is no `#CHROM` line (NO_HEADER), its columns are wrong (HEADER_COLUMNS), blanks
            separate them (BLANKS_NOT_TABS), or two samples have one name (DUPLICATE_SAMPLE).
    """
    meta: list[tuple[str, str]] = []
    number = 0
    for number, raw in lines:
        if raw.startswith(b"##"):
            key, _, value = decode_text(raw[2:])[0].partition("=")
            meta.append((key, value))
        elif raw.startswith(b"#CHROM"):
            return _header(meta, _sample_names(decode_text(raw)[0], path, number), number)
        elif raw.strip() and not raw.startswith(b"#"):
            raise _no_header(raw, path, number)
    raise MalformedFileError(
        "the file ends before a #CHROM line",
        remedy="it is no VCF, or it is cut",
        path=path,
        line=number or None,
        code="NO_HEADER",
    )


def structured_fields(value: str) -> dict[str, str]:
    r"""Read `<ID=chr10,length=5,...>`; quoted values may hold commas and escaped quotes. Never raises.

    >>> structured_fields(r'<ID=Q,Description="a \"b\", c=d",Number=1>')["Number"]
    '1'
    """
    fields: dict[str, str] = {}
    inner, key, item = value.strip().removeprefix("<").removesuffix(">"), "", ""
    if '"' not in inner:
        # Most headers have thousands of plain contig lines.
        for part in inner.split(","):
            key, _, item = part.partition("=")
            if key and len(key) < len(part):
                fields.setdefault(key, item)
        return fields
    quoted = escaped = False
    for letter in inner + ",":
        if quoted or letter == '"':
            if letter == '"' and not escaped:
                quoted = not quoted
            else:
                item += letter
            escaped = letter == "\\" and not escaped
        elif letter == "=" and not key:
            key, item = item, ""
        elif letter == ",":
            if key:
                fields.setdefault(key, item)
            key, item = "", ""
        else:
            item += letter
    return fields


def _header(meta: list[tuple[str, str]], samples: tuple[str, ...], line_count: int) -> Header:
    version = next((value.strip() for key, value in meta if key == "fileformat"), None)
    contigs = [structured_fields(value) for key, value in meta if key == "contig"]
    infos = [_declared(value) for key, value in meta if key == "INFO"]
    return Header(
        version=None if version is None else version.removeprefix("VCFv"),
        lines=tuple((key, value) for key, value in meta if key not in ("INFO", "FORMAT", "FILTER", "contig")),
        contigs=tuple((fields["ID"], _length(fields.get("length", ""))) for fields in contigs if fields.get("ID")),
        samples=samples,
        info_types=dict(infos),
        formats=tuple(_declared(value)[0] for key, value in meta if key == "FORMAT"),
        line_count=line_count,
        contig_assemblies=frozenset(fields["assembly"] for fields in contigs if fields.get("assembly")),
        findings=_version_findings(version),
    )


def _declared(value: str) -> tuple[str, str]:
    """Return ID and Type of an INFO or FORMAT line without reading its description."""
    head = value.partition(",Description=")[0]
    fields = dict(item.partition("=")[::2] for item in head.strip("<>").split(","))
    return fields.get("ID", ""), fields.get("Type", "")


def _length(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _version_findings(version: str | None) -> tuple[Finding, ...]:
    if version is None:
        return (
            Finding(code="FILEFORMAT_MISSING", message="the ##fileformat line is missing; the file is read as VCF 4"),
        )
    numbers = version.removeprefix("VCFv").split(".")
    if not all(number.isascii() and number.isdigit() for number in numbers):
        return (
            Finding(code="FILEFORMAT_OLD", message=f"the version {version!a} is not known; the file is read as VCF 4"),
        )
    if tuple(int(number) for number in numbers) < _OLDEST_VERSION:
        return (
            Finding(code="FILEFORMAT_OLD", message=f"{version} is older than VCF 4.1; what can be read safely is read"),
        )
    return ()


def _sample_names(text: str, path: str, line: int) -> tuple[str, ...]:
    columns = text.split("\t")
    if len(columns) == 1 and " " in text:
        raise MalformedFileError(
            "the columns are separated by blanks, not by tabs",
            remedy="write the file again with tabs; blanks inside values cannot be told from separators",
            path=path,
            line=line,
            code="BLANKS_NOT_TABS",
        )
    if tuple(columns[:8]) != _COLUMNS or (len(columns) > 8 and columns[8] != "FORMAT"):
        raise MalformedFileError(
            f"the column line is not {' '.join(_COLUMNS)} FORMAT ...",
            remedy="repair the header",
            path=path,
            line=line,
            code="HEADER_COLUMNS",
        )
    samples = tuple(columns[9:])
    twice = sorted({name for name in samples if samples.count(name) > 1})
    if twice:
        raise MalformedFileError(
            f"two sample columns are named {', '.join(map(ascii, twice))}",
            remedy="rename one of them",
            path=path,
            line=line,
            code="DUPLICATE_SAMPLE",
        )
    return samples


def _no_header(raw: bytes, path: str, line: int) -> MalformedFileError:
    columns = raw.count(b"\t") + 1
    reason = (
        "the records start without a #CHROM line"
        if columns >= _LOOKS_LIKE_A_RECORD_COLUMNS
        else "this is not a line of a VCF header"
    )
    return MalformedFileError(
        reason,
        remedy="a VCF needs its header: without it columns and assembly are a guess",
        path=path,
        line=line,
        code="NO_HEADER",
    )
