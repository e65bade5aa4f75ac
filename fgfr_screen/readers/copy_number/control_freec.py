"""Control-FREEC `_CNVs` (no header) and its `.p.value.txt` (header).

Columns: chromosome (without `chr`), start, end, copies, `gain`, `loss` or `neutral`, then optionally genotype and
uncertainty, then optionally somatic or germline and a percentage; the table with p-values starts with
`chr start end copy number status`. The format without header is claimed only when every row at the start of the file has
three plain numbers and one of the three words in its place. Copies are counted against the ploidy of the configuration,
which the file does not tell, and are corrected for normal cells only if that was asked for: they are weighed as a ratio
to two copies and never converted (finding PURITY_CORRECTION_UNKNOWN). Whether starts are 0- or 1-based is not sure; one
base decides nothing here, and they are read as 0-based. `germline` says that the normal has the change as well, so it
counts as inherited.

Seen: BoevaLab/FREEC EntryCNV.cpp and scripts/assess_significance.R. No whole file of the program was read.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.readers._table import normalise_contig
from fgfr_screen.terms import EventKind

_WORDS = ("gain", "loss", "neutral", "normal")
_HEADER = ("chr", "start", "end", "copy number", "status")


def _sniff(head: Head) -> str | None:
    if has_header(head):
        return "the header starts with the Control-FREEC columns chr, start, end, copy number, status"
    whole_lines = head.data.decode("latin-1").split("\n")[:50]
    rows = [line.rstrip("\r").split("\t") for line in whole_lines if line.strip()]
    if rows and all(_is_row(cells) for cells in (rows[:-1] or rows)):
        return "every row has contig, start, end, whole copies and gain, loss or neutral, as Control-FREEC writes"
    return None


def has_header(head: Head) -> bool:
    """Tell whether the file is the table with p-values."""
    return header_of(head)[:5] == _HEADER


def _is_row(cells: list[str]) -> bool:
    numbers_ok = len(cells) >= 5 and all(cell.isascii() and cell.isdigit() for cell in cells[1:4])
    return numbers_ok and cells[4] in _WORDS and normalise_contig(cells[0]) is not None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.copy_number._segment_formats import FREEC, FREEC_WITH_HEADER
    from fgfr_screen.readers.copy_number._segments import read_segments

    layout = FREEC_WITH_HEADER if has_header(opened.head) else FREEC
    return read_segments(opened, options, _sniff(opened.head) or "named by the user", layout)


READER = Reader(
    name="control-freec",
    title="Control-FREEC copy-number calls (_CNVs, .p.value.txt)",
    built_from="documentation",
    read_from="source of BoevaLab/FREEC (EntryCNV.cpp, assess_significance.R)",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="whole copies against a ploidy that is not told, and the word gain or loss",
    sniff=_sniff,
    read=_read,
)
