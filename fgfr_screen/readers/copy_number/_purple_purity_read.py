"""Reading of `*.purple.purity.tsv`: one row -> purity and ploidy of the input."""

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Accounting, AssemblyEvidence, InputContent
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._table import TAB, exact_number, header_columns, read_table

FORMAT = "purple-purity"


def read(opened: OpenedInput, _: ReadOptions, evidence: str) -> InputContent:
    """Read the file.

    Raises:
        MalformedFileError: There is not exactly one row, or a value is impossible (code PURITY_MALFORMED).
    """
    table = read_table(opened)
    columns, _line = header_columns(table, opened.path)
    if len(table.rows) != 1:
        raise _malformed(opened.path, None, f"the file has {len(table.rows)} rows where it must have one")
    number, line = table.rows[0]
    cells = line.split(TAB)
    values = {}
    for name, highest in (("purity", 1.0), ("ploidy", 20.0)):
        at = columns.require(name)
        try:
            values[name] = exact_number(cells[at] if at < len(cells) else "")
        except ValueError as error:
            raise _malformed(opened.path, number, f"{name}: {error}") from error
        if not 0 < values[name] <= highest:
            raise _malformed(opened.path, number, f"{name} {values[name]:g} is not above 0 and at most {highest:g}")
    accounting = Accounting(records=1, outside_fgfr=1, in_events=0, rejected=0)
    report = input_report(
        opened,
        format_name=FORMAT,
        format_evidence=evidence,
        assembly=AssemblyEvidence(name=None, source="not needed"),
        accounting=accounting,
        caller="PURPLE",
    )
    return InputContent(report=report, accounting=accounting, purity=values["purity"], ploidy=values["ploidy"])


def _malformed(path: str, line: int | None, reason: str) -> MalformedFileError:
    remedy = "give the file as PURPLE wrote it, or the values by --purity and --ploidy"
    return MalformedFileError(reason, remedy=remedy, path=path, line=line, code="PURITY_MALFORMED")
