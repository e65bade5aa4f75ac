"""Any result table (TSV, CSV, Excel) with recognised English or Chinese headers, or with a column map of the user.

One row is one finding. Headers and their spellings: `data/column_headers.toml`; a column map (`--column-map FILE.toml`, examples
in `data/column_maps/`) names the columns of a table with other headers and says what the file does not: unit of the VAF,
assembly, molecule, whether gene 1 is the 5' gene, whether the report is signed out. Positions are 1-based. Without a map
a laboratory's word is not taken as signed out, and the order of two genes as not told. Texts in a cell are read only
where they are unambiguous (`_finding_text`). Columns that name the patient are never read.

Certainty C: Chinese laboratories publish no sample; the headers are those that their report tables print.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind

_NEVER = (b"{", b"[", b"<", b"##")


def _sniff(head: Head) -> str | None:
    if head.container == "xlsx":
        from fgfr_screen.readers.tables import guardant_xlsx

        return "an Excel workbook" if guardant_xlsx.READER.sniff(head) is None else None
    start = head.data.lstrip()[:2]
    if not start or b"\0" in head.data[:4096] or start.startswith(_NEVER) or b"[analysis details]" in head.data.lower():
        return None
    from fgfr_screen.readers.tables._mapped_table_headers import evidence

    return evidence(head.data)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.tables import _mapped_table_read

    return _mapped_table_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="mapped-table",
    title="Result table (TSV, CSV; Excel with extra xlsx) with known headers or a column map",
    built_from="documentation",
    read_from="headers that report tables print; no sample is published",
    carries_note="what its columns are told to mean, no more",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    sniff=_sniff,
    read=_read,
)
