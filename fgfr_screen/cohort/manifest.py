"""Manifest, folder, NDJSON or tar -> one `Row` per sample, in order, one at a time.

A row that cannot be used carries its error and the others go on; only a manifest that as a whole means nothing (no rows,
no column for the files, an unknown column) is refused. Nothing in a cell is ever expanded: `~` and `$HOME` are letters.
"""

import csv
import difflib
import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from fgfr_screen.clinical import KEYS as CLINICAL_KEYS
from fgfr_screen.coords import assembly_from_name
from fgfr_screen.errors import InputError, MalformedFileError
from fgfr_screen.model import Record
from fgfr_screen.readers._open import WHOLE_FILE_LIMIT_BYTES, OpenedInput
from fgfr_screen.readers._text import decode_text
from fgfr_screen.terms import Assembly

SAMPLE_KEYS = ("sample_id", "patient_id", "files", "input_format")
OPTION_KEYS = ("tumor_type", "assay", "assay_qc", "tumor_sample", "normal_sample", "assembly", "purity", "ploidy")
COLUMNS = (*SAMPLE_KEYS, *OPTION_KEYS, *CLINICAL_KEYS)
"""Every column that a manifest may have; `sample_id` and `files` must be there."""

FILE_SEPARATOR = ";"
_MISSING = frozenset({"", ".", "na", "n/a", "nan", "none", "null"})
_YES_NO = {"yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False}
_YES_NO_KEYS = frozenset(
    {
        "resected",
        "neoadjuvant",
        "prior_fgfr_inhibitor",
        "prior_pd1",
        "prior_platinum",
        "growth_plates_open",
        "clinical_achondroplasia",
    }
)
_NUMBER_KEYS = frozenset({"age_months", "propel_weeks", "purity", "ploidy"})
_ASSAY_QC = ("pass", "fail")
_RANGES = {"purity": (0.01, 1), "ploidy": (0.5, 20)}
_SUFFIXES = frozenset(
    {
        ".gz", ".bgz", ".vcf", ".bcf", ".bedpe", ".json", ".ndjson", ".jsonl", ".tar", ".xml", ".tsv", ".csv", ".txt",
        ".seg", ".cns", ".maf", ".xlsx",
    }
)  # fmt: skip
_NO_INPUT = (".tbi", ".csi", ".idx", ".md5", ".sha256")
_GZIP_MAGIC = b"\x1f\x8b"
_TAR_MAGIC_AT = 257


class SampleFile(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One input of a sample.

    Attributes:
        name: As the manifest has it; shown in results and messages.
        path: Where to open it.
        offset, size: Bytes of it that are the input, 0-based; None = the whole file.
    """

    name: str
    path: str
    offset: int | None = None
    size: int | None = None


class SampleSpec(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a worker needs to know about one sample.

    Attributes:
        assay_sha256: Digest of the description of `assay`, so that a changed one is noticed.
        same_file_as: Other samples that name one of these files.
    """

    sample_id: str
    patient_id: str | None = None
    files: tuple[SampleFile, ...] = ()
    input_format: str | None = None
    tumor_type: str | None = None
    assay: str | None = None
    assay_sha256: str | None = None
    assay_qc: str | None = None
    tumor_sample: str | None = None
    normal_sample: str | None = None
    assembly: Assembly | None = None
    purity: float | None = None
    ploidy: float | None = None
    clinical: dict[str, Any] = msgspec.field(default_factory=dict)
    same_file_as: tuple[str, ...] = ()


class SampleError(Record, frozen=True, kw_only=True):
    """Why a sample has no result; codes are those of `screen`. `line` is a line of `path`."""

    code: str
    message: str
    remedy: str = ""
    path: str | None = None
    line: int | None = None


class Row(Record, frozen=True, kw_only=True):
    """One sample of a manifest. `line` is 1-based; in a folder or tar it counts the samples."""

    line: int
    spec: SampleSpec
    error: SampleError | None = None


class _RowError(Exception):
    """A row that cannot be used."""

    def __init__(self, code: str, message: str, remedy: str = "mend the row") -> None:
        super().__init__(message)
        self.code = code
        self.remedy = remedy


def folded(sample_id: str) -> str:
    """Return what two ids must differ in: Unicode composed, case folded, spaces at the ends left out.

    >>> folded(" Ä1") == folded("A\u0308" + "1") == folded("ä1")
    True
    """
    if sample_id.isascii():
        return sample_id.strip().lower()
    composed = unicodedata.normalize("NFC", sample_id).strip().casefold()
    return unicodedata.normalize("NFC", composed)


def read_manifest(path: str, root: str | None, defaults: dict[str, Any]) -> Iterator[Row]:
    """Yield the samples of a manifest, a folder, an NDJSON file or a tar of reports.

    Args:
        path: What the user names; its kind is told by content.
        root: Folder that no file may lie outside of, and that names are relative to; None = relative to the
            manifest's own folder, anywhere.
        defaults: Options for samples whose row does not say otherwise, by field of `SampleSpec`.

    Raises:
        InputError: The manifest as a whole cannot be used.
    """
    if os.path.isdir(path):
        rows = _folder(path)
    else:
        with OpenedInput(path) as opened:
            rows = _rows_of_file(opened)
            yield from _finished(rows, root, os.path.dirname(os.path.abspath(path)), defaults)
        return
    yield from _finished(rows, root, os.path.abspath(path), defaults)


# ------------------------------------------------------------------------------------------- what kind of manifest


_Cells = dict[str, Any]
_Raw = tuple[int, _Cells, _RowError | None]
"""Line, values by column, and why they cannot be used."""


def _rows_of_file(opened: OpenedInput) -> Iterator[_Raw]:
    start = opened.head.data
    if start[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return _tar(opened)
    if start.lstrip()[:1] != b"{":
        return _table(opened)
    first = start.lstrip().split(b"\n", 1)[0]
    return _json_rows(opened) if b'"files"' in first else _report_lines(opened)


def _folder(path: str) -> Iterator[_Raw]:
    names = sorted(
        entry.name
        for entry in os.scandir(path)
        if entry.is_file() and not entry.name.startswith(".") and not entry.name.lower().endswith(_NO_INPUT)
    )
    if not names:
        raise InputError("the folder holds no file", path=path, code="MANIFEST_EMPTY", remedy="name another folder")
    for number, name in enumerate(names, start=1):
        yield number, {"sample_id": _id_from_name(name), "files": [name]}, None


def _id_from_name(name: str) -> str:
    """Return the name of a file without folder and suffixes.

    >>> _id_from_name("reports/P-17.sv.vcf.gz")
    'P-17.sv'
    """
    base = os.path.basename(name)
    while True:
        stem, suffix = os.path.splitext(base)
        if not stem or suffix.lower() not in _SUFFIXES:
            return base
        base = stem


def _must_be_plain(opened: OpenedInput) -> None:
    if opened.container != "plain":
        raise InputError(
            "a compressed archive cannot be read from the middle",
            path=opened.path,
            code="ARCHIVE_COMPRESSED",
            remedy="decompress it and give that file",
        )


def _tar(opened: OpenedInput) -> Iterator[_Raw]:
    import tarfile

    _must_be_plain(opened)
    try:
        with tarfile.open(opened.path, "r:") as archive:
            number = 0
            while (member := archive.next()) is not None:
                setattr(archive, "members", [])  # noqa: B010 - else every header is kept; typeshed hides the field
                if member.isdir():
                    continue
                number += 1
                place = SampleFile(
                    name=f"{os.path.basename(opened.path)}!{member.name}",
                    path=os.path.abspath(opened.path),
                    offset=member.offset_data,
                    size=member.size,
                )
                usable = member.isreg() and member.size <= WHOLE_FILE_LIMIT_BYTES
                fault = None if usable else _RowError("NOT_A_FILE", "a link, a device or too large")
                yield number, {"sample_id": _id_from_name(member.name), "file": place}, fault
    except tarfile.TarError as error:
        raise MalformedFileError(str(error), path=opened.path, remedy="make the archive again") from error


def _report_lines(opened: OpenedInput) -> Iterator[_Raw]:
    _must_be_plain(opened)
    stem = _id_from_name(opened.path)
    offset = 0
    with open(opened.path, "rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                name = f"{os.path.basename(opened.path)}:{number}"
                place = SampleFile(name=name, path=os.path.abspath(opened.path), offset=offset, size=len(line))
                yield number, {"sample_id": f"{stem}-{number}", "file": place}, None
            offset += len(line)


def _json_rows(opened: OpenedInput) -> Iterator[_Raw]:
    for number, line in enumerate(opened.lines(), start=1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line, object_pairs_hook=_object)
        except _RowError as error:
            yield number, {}, error
        except ValueError:
            yield number, {}, _RowError("JSON_SYNTAX", "the line is not one JSON object")
        else:
            if isinstance(cells, dict):
                yield number, cells, _unknown_key(cells)
            else:
                yield number, {}, _RowError("JSON_SYNTAX", "the line is not one JSON object")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RowError("DUPLICATE_KEY", "a key stands twice in one object")
    return found


def _unknown_key(cells: _Cells) -> _RowError | None:
    unknown = [key for key in cells if key not in COLUMNS]
    return _RowError("UNKNOWN_COLUMN", _told_unknown(unknown[0])) if unknown else None


def _told_unknown(name: str) -> str:
    near = difflib.get_close_matches(name, COLUMNS, n=1)
    return f"unknown column {name!r}" + (f"; did you mean {near[0]}?" if near else "")


def _table(opened: OpenedInput) -> Iterator[_Raw]:
    """Yield the rows of a TSV or CSV; the separator is the one of the header line."""
    head = opened.head.data.decode("latin-1")
    named = next((line for line in head.splitlines() if "sample_id" in line), "")
    separator = next((sign for sign in ("\t", ",", ";") if sign in named), "\t")
    lines = _text_lines(opened)
    is_tsv = separator == "\t"
    rows = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE if is_tsv else csv.QUOTE_MINIMAL)
    header: tuple[str, ...] = ()
    number = 0
    try:
        for cells in rows:
            number = rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells, opened.path, number)
            elif not cells[0].startswith("#"):
                yield _table_row(number, cells, header)
    except csv.Error as error:
        raise MalformedFileError(str(error), path=opened.path, line=number + 1, remedy="mend the line") from error
    if not header:
        raise InputError("the manifest has no header", path=opened.path, code="MISSING_COLUMN", remedy=_HEADER_REMEDY)


_HEADER_REMEDY = "the first row names the columns; sample_id and files must be among them"


def _text_lines(opened: OpenedInput) -> Iterator[str]:
    for line in opened.lines():
        yield decode_text(line, "gb18030")[0] + "\n"


def _header(cells: list[str], path: str, line: int) -> tuple[str, ...]:
    names = tuple(cell.strip().lstrip("#").strip().lower() for cell in cells)
    for name in names:
        if name not in COLUMNS:
            remedy = f"a manifest may have the columns {', '.join(COLUMNS)}"
            raise InputError(_told_unknown(name), path=path, line=line, code="UNKNOWN_COLUMN", remedy=remedy)
        if names.count(name) > 1:
            raise InputError(f"the column {name} stands twice", path=path, line=line, code="DUPLICATE_COLUMN")
    for name in ("sample_id", "files"):
        if name not in names:
            raise InputError(f"no column {name}", path=path, line=line, code="MISSING_COLUMN", remedy=_HEADER_REMEDY)
    return names


def _table_row(line: int, cells: list[str], header: tuple[str, ...]) -> _Raw:
    values: _Cells = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    if len(cells) == len(header):
        return line, values, None
    told = f"{len(cells)} cells in a table of {len(header)} columns"
    return line, {"sample_id": values.get("sample_id", "")}, _RowError("RAGGED_ROW", told)


# ------------------------------------------------------------------------------------------------- cells -> sample


def _finished(rows: Iterable[_Raw], root: str | None, base: str, defaults: dict[str, Any]) -> Iterator[Row]:
    locate = _locator(base if root is None else os.path.abspath(root), root)
    is_empty = True
    for line, cells, fault in rows:
        is_empty = False
        try:
            if fault is not None:
                raise fault
            yield Row(line=line, spec=_spec(cells, locate, defaults))
        except _RowError as error:
            named, patient = (cells.get(key) for key in ("sample_id", "patient_id"))
            spec = SampleSpec(
                sample_id=named.strip() if isinstance(named, str) else "",
                patient_id=patient or None if isinstance(patient, str) else None,
            )
            yield Row(line=line, spec=spec, error=SampleError(code=error.code, message=str(error), remedy=error.remedy))
    if is_empty:
        raise InputError("the manifest names no sample", path=base, code="MANIFEST_EMPTY", remedy="add a row")


def _locator(base: str, root: str | None) -> Callable[[str], SampleFile]:
    """Return a function from a name to the file; the base is absolute."""
    real_root = None if root is None else os.path.join(os.path.realpath(root), "")

    def locate(name: str) -> SampleFile:
        """Return the file of a name.

        Raises:
            _RowError: No file can have the name, or it lies outside the root.
        """
        if "\0" in name:
            raise _RowError("NUL_BYTE", "a file name holds a NUL byte")
        path = name if "://" in name else os.path.join(base, name)
        if real_root is not None and not os.path.realpath(path).startswith(real_root):
            told = f"{name} lies outside the folder given with --root"
            raise _RowError("PATH_OUTSIDE_ROOT", told, "move the file, or choose another --root")
        return SampleFile(name=name, path=path)

    return locate


def _spec(cells: _Cells, locate: Callable[[str], SampleFile], defaults: dict[str, Any]) -> SampleSpec:
    sample_id = cells.get("sample_id")
    if not isinstance(sample_id, str) or not sample_id.strip():
        raise _RowError("SAMPLE_ID_MISSING", "the row has no sample_id", "name every sample")
    place = cells.get("file")
    files = (place,) if isinstance(place, SampleFile) else tuple(map(locate, _file_names(cells.get("files"))))
    if not files:
        raise _RowError("FILES_MISSING", "the row names no file", "name at least one file")
    if len({file.name for file in files}) < len(files):
        raise _RowError("INPUT_TWICE", "the row names a file twice", "name each file once")
    options = {key: _option(key, value) for key, value in _values(cells, OPTION_KEYS)}
    fields = {**defaults, **options, "clinical": dict(_values(cells, CLINICAL_KEYS))}
    if reader := _text_or_none(cells.get("input_format")):
        fields["input_format"] = reader
    patient_id = _text_or_none(cells.get("patient_id"))
    return SampleSpec(sample_id=sample_id.strip(), patient_id=patient_id, files=files, **fields)


def _values(cells: _Cells, keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield those of the columns that are there and say something, in the order of `keys`."""
    for key in keys:
        if key in cells and (value := _value(key, cells[key])) is not None:
            yield key, value


def _text_or_none(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _file_names(value: object) -> list[str]:
    if isinstance(value, str):
        return [name for part in value.split(FILE_SEPARATOR) if (name := part.strip())]
    if isinstance(value, list) and all(isinstance(name, str) and name for name in value):
        return value
    return []


def _option(key: str, value: object) -> str | float:
    """Check the value of an option column.

    Raises:
        _RowError: It is of the wrong type, out of range, or no assembly that we support.
    """
    if key in _RANGES:
        low, high = _RANGES[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise _RowError("BAD_CELL", f"{key}: {value!r} is not a number from {low} to {high}")
        return float(value)
    if not isinstance(value, str):
        raise _RowError("BAD_CELL", f"{key} is not text")
    if key == "assay_qc" and value not in _ASSAY_QC:
        raise _RowError("BAD_CELL", f"assay_qc: {value!r} is neither pass nor fail")
    if key != "assembly":
        return value
    known = assembly_from_name(value)
    if known not in tuple(Assembly):
        raise _RowError("BAD_CELL", f"assembly {value!r} is not supported", "GRCh37 (hg19) or GRCh38 (hg38)")
    return Assembly(known)


def _value(key: str, cell: object) -> Any:
    """Return the value of a cell, None where it says nothing; JSON values stay as they are."""
    if not isinstance(cell, str):
        return cell
    written = cell.strip()
    if written.casefold() in _MISSING and not (key == "histology_variant" and written.casefold() == "none"):
        return None
    if key in _YES_NO_KEYS:
        if written.casefold() not in _YES_NO:
            raise _RowError("BAD_CELL", f"{key}: {written!r} is neither yes nor no")
        return _YES_NO[written.casefold()]
    if key in _NUMBER_KEYS:
        try:
            return float(written)
        except ValueError:
            raise _RowError("BAD_CELL", f"{key}: {written!r} is not a number") from None
    if key == "lines":
        return _lines(written)
    return written


def _lines(written: str) -> list[dict[str, Any]]:
    """Read lines of therapy: `;` between lines, `/` or `+` between agents; `untreated` = no line was given."""
    if written.casefold() in {"untreated", "0"}:
        return []
    return [{"agents": [line.strip()]} for line in written.split(";") if line.strip()]
