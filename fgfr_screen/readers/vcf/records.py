"""One line of a VCF body -> `VcfRecord`, with typed access to the INFO keys that we use.

Columns are split at tabs only: values hold blanks in real files. INFO keys that are not used are never touched, so a
wrong type in them cannot stop a record; a used key that is malformed refuses the record (VCF 4.5, sections 1.6.1 and
3).
"""

from fgfr_screen.model import Pos1, Record

FIXED_COLUMNS = 8
_MAX_POSITION_DIGITS = 10
_REF_LETTERS = "ACGTNacgtnRYKMSWBDHVUrykmswbdhvu"
# Keys whose value is one per record; a second, different value cannot be chosen between (18_dupkey of the probes).
_SINGLE_KEYS = frozenset(
    ("SVTYPE", "END", "SVLEN", "CIPOS", "CIEND", "CHR2", "POS2", "CT", "MATEID", "STRANDS", "HOMLEN", "AF", "CN")
)
_CHECKED_EAGERLY = ("SVLEN", "CIPOS", "CIEND")


class RecordError(Exception):
    """A record that cannot be used; becomes `model.Rejected`.

    Attributes:
        code: Stable word for `explain`.
        message: One sentence with the field and its value.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class VcfRecord(Record, frozen=True, kw_only=True):
    """The columns of one line, still as text.

    Attributes:
        line: 1-based line of the file, or record number of a BCF; None = found by an index.
        contig: CHROM as written.
        pos: POS; 0 and contig length + 1 are virtual telomeres.
        id: ID, or None for `.`.
        ref: REF as written.
        alts: ALT alleles as written; () for `.`.
        filter_text: FILTER as written.
        info: INFO as key to text; a flag has the text "".
        format: Keys of FORMAT, () when there is none.
        samples: Text of every sample column.
    """

    line: int | None
    contig: str
    pos: Pos1
    id: str | None
    ref: str
    alts: tuple[str, ...]
    filter_text: str
    info: dict[str, str]
    format: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()

    def text(self, key: str) -> str | None:
        """Return the INFO text of `key`; None when it is absent, empty or `.`."""
        value = self.info.get(key)
        return None if value in (None, "", ".") else value

    def flag(self, key: str) -> bool:
        """Tell whether `key` stands in INFO, with or without a value other than 0."""
        return key in self.info and self.info[key] != "0"

    def integers(self, key: str) -> tuple[int | None, ...]:
        """Return the comma list of `key` as whole numbers, None for `.`; () when the key is absent.

        Raises:
            RecordError: A value is not a whole number.
        """
        value = self.text(key)
        return () if value is None else tuple(_integer(key, item) for item in value.split(","))

    def integer(self, key: str, index: int = 0) -> int | None:
        """Return one whole number of `key`: that at `index`, or the only one; None when it is absent or `.`."""
        values = self.integers(key)
        if not values:
            return None
        return values[index] if index < len(values) else values[0]

    def number(self, key: str, index: int = 0) -> float | None:
        """Return one number of `key`: that at `index`, or the only one; None when it is absent or `.`.

        Raises:
            RecordError: It is not a finite number.
        """
        value = self.text(key)
        if value is None:
            return None
        items = value.split(",")
        item = items[index] if index < len(items) else items[0]
        number = as_number(item)
        if number is None and item not in (".", ""):
            raise RecordError("INFO_MALFORMED", f"INFO {key}={_shown(item)} is not a number")
        return number

    def interval(self, key: str) -> tuple[int, int] | None:
        """Return the two offsets of `CIPOS` or `CIEND`, or None.

        Raises:
            RecordError: There are not exactly two numbers, or the first is greater.
        """
        values = [value for value in self.integers(key) if value is not None]
        if not values:
            return None
        if len(values) != 2 or values[0] > values[1]:
            raise RecordError(
                "INFO_MALFORMED", f"INFO {key}={_shown(self.info[key])} is not two offsets in ascending order"
            )
        return values[0], values[1]


def parse_record(
    line: int | None, text: str, *, end_is_coordinate: bool = True, sample_count: int | None = None
) -> VcfRecord:
    """Split one line and check the columns that we use.

    Args:
        line: 1-based number for messages, None = not known.
        text: The line without its terminator.
        end_is_coordinate: False when the header declares END as text (FusionCatcher writes 5 or 3 there).
        sample_count: Sample columns of the header; None = do not compare.

    Raises:
        RecordError: The line is short or long, or a used column or INFO key is malformed.
    """
    if "\0" in text:
        raise RecordError("NUL_BYTE", "the line holds a NUL byte")
    columns = text.split("\t")
    if len(columns) < FIXED_COLUMNS:
        raise RecordError("ROW_SHORT", short_row_message(text, len(columns)))
    if not columns[0] or " " in columns[0]:
        raise RecordError("CONTIG_MALFORMED", f"CHROM {_shown(columns[0])} is empty or holds a blank")
    ref, alt = columns[3], columns[4]
    if not ref or ref.strip(_REF_LETTERS):
        raise RecordError("REF_MALFORMED", f"REF {_shown(ref)} is not a run of bases")
    _check_sample_columns(len(columns), sample_count)
    record = VcfRecord(
        line=line,
        contig=columns[0],
        pos=parse_position(columns[1]),
        id=None if columns[2] in ("", ".") else columns[2],
        ref=ref,
        alts=() if alt in (".", "") else tuple(alt.split(",")),
        filter_text=columns[6],
        info=parse_info(columns[7]),
        format=tuple(columns[8].split(":")) if len(columns) > FIXED_COLUMNS and columns[8] not in ("", ".") else (),
        samples=tuple(columns[9:]),
    )
    for key in _CHECKED_EAGERLY:
        record.integers(key)
    if end_is_coordinate:
        record.integers("END")
    return record


def parse_position(text: str) -> Pos1:
    """Read POS: plain digits only.

    Raises:
        RecordError: It holds anything else (sign, comma, blank, other digits) or more digits than a contig can have.
    """
    if not (text.isascii() and text.isdigit()):
        raise RecordError("POS_MALFORMED", f"POS {_shown(text)} is not a whole number")
    if len(text) > _MAX_POSITION_DIGITS:
        raise RecordError("POS_BEYOND_END", f"POS {_shown(text)} lies beyond the end of every contig")
    return Pos1(int(text))


def parse_info(text: str) -> dict[str, str]:
    """Split INFO into keys and texts.

    Raises:
        RecordError: A key that we use stands there twice with different values.
    """
    info: dict[str, str] = {}
    if text in (".", ""):
        return info
    for item in text.split(";"):
        key, _, value = item.partition("=")
        if key in info and key in _SINGLE_KEYS and info[key] != value:
            raise RecordError("INFO_DUPLICATE_KEY", f"INFO {key} stands twice: {_shown(info[key])} and {_shown(value)}")
        info.setdefault(key, value)
    return info


def short_row_message(text: str, columns: int) -> str:
    """Say what is wrong with a row that has fewer than eight columns."""
    if columns == 1 and " " in text.strip():
        return "the columns are separated by blanks, not by tabs"
    return f"the row has {columns} of at least {FIXED_COLUMNS} columns"


def as_number(text: str) -> float | None:
    """Read a finite decimal number; None for anything else (`.`, `nan`, digit groups, blanks)."""
    if not text.isascii() or "_" in text or text != text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -1e300 < value < 1e300 else None


def _integer(key: str, text: str) -> int | None:
    if text in (".", ""):
        return None
    digits = text[1:] if text[0] in "+-" else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_POSITION_DIGITS):
        raise RecordError("INFO_MALFORMED", f"INFO {key}={_shown(text)} is not a whole number")
    return int(text)


def _check_sample_columns(columns: int, sample_count: int | None) -> None:
    if sample_count is None or columns == FIXED_COLUMNS:
        return
    expected = FIXED_COLUMNS + (1 + sample_count if sample_count else 0)
    if columns != expected and not (sample_count == 0 and columns == FIXED_COLUMNS + 1):
        code = "ROW_SHORT" if columns < expected else "ROW_LONG"
        raise RecordError(code, f"the row has {columns} columns, the header has {expected}")


def _shown(text: str) -> str:
    """Return at most 40 characters of foreign text, controls escaped."""
    return ascii(text if len(text) <= 40 else text[:40] + "...")
