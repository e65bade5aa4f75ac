"""BEDPE tables of structural-variant and RNA fusion callers; read by `_bedpe_read`, dialects in `_bedpe_dialects`.

A row becomes a call when an end lies in an FGFR1-3 window or the row names one of these genes. `##dialect=NAME` and
`##assembly=NAME` comments (ours) state dialect and assembly.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers._table import TAB, normalise_contig
from fgfr_screen.readers.fusions._bedpe_columns import has_columns
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    text = head.data.decode("latin-1")
    if text.startswith("##fileformat=VCF"):
        return None
    lines = [line for line in text.split("\n")[:200] if line.strip() and not line.startswith("##")]
    if lines and has_columns(lines[0]):
        return f"the header has the BEDPE columns {', '.join(lines[0].split(TAB)[:6])}"
    if any(_looks_like_row(line) for line in lines if not line.startswith("#")):
        return "the rows have two contigs with start and end each"
    return None


def _looks_like_row(line: str) -> bool:
    cells = line.rstrip("\r").split(TAB)
    if len(cells) < 6 or not any(normalise_contig(cells[at]) for at in (0, 3)):
        return False
    numbers = [cells[at].strip().removeprefix("-") for at in (1, 2, 4, 5)]
    contigs_ok = all(normalise_contig(cells[at]) or not cells[at].strip().isdigit() for at in (0, 3))
    return contigs_ok and all(number.isascii() and number.isdigit() for number in numbers)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a table is there: every start looks at all readers.
    from fgfr_screen.readers.fusions import _bedpe_read

    return _bedpe_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="bedpe",
    title="BEDPE of structural-variant and fusion callers (GRIDSS, PCAWG, svtools, BRASS, 10x, ChimeraScan, SQUID)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="GRIDSS, ChimeraScan and unnamed BEDPE files; source or documentation of the other tools",
    carries_note="both places; kept sides where the dialect's strands mean them; no frame, no gene order in DNA dialects",
    sniff=_sniff,
    read=_read,
)
