"""fusion-report (nf-core/rnafusion) `fusions.json` and `fusions.csv`; read by `_fusion_report_read`.

One entry per pair of genes: name `A--B`, databases, score, and for each program that saw it the words of that program,
`position: chr4:1806934:+#chr4:1739702:+,junction_reads: 12`. Each program becomes a call of its own. Positions are 1-based;
Arriba's have no strand, Squid's are intervals and pizzly gives none. Of several rows of a program only the first is in the
file. Arriba's neighbours of a place between genes are written as if they were partners: coordinates outrank such names.

Written from the source of fusion-report and of nf-core/rnafusion, which reads the CSV; no real file was seen.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import COMMA, header_names
from fgfr_screen.terms import EventKind

_SIGNS = {"fusion", "databases", "score"}


def _sniff(head: Head) -> str | None:
    start = head.data.lstrip()
    if start.startswith(b"[") and all(f'"{key}"'.encode() in start for key in ("Fusion", "Databases", "Score")):
        return "a JSON list whose entries have Fusion, Databases and Score, as fusion-report writes them"
    if header_names(head, COMMA) >= _SIGNS:
        return "the header has the columns Fusion, Databases and Score of fusion-report"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a report is there: every start looks at all readers.
    from fgfr_screen.readers.fusions import _fusion_report_read

    return _fusion_report_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="fusion-report",
    title="fusion-report of nf-core/rnafusion (JSON and CSV)",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT,),
    read_from="source of fusion-report and of nf-core/rnafusion",
    carries_note="names and, for some callers, places; one row for several callers",
    sniff=_sniff,
    read=_read,
)
