"""TruSight Oncology 500 `*_CombinedVariantOutput.tsv` (LocalApp, DRAGEN, ctDNA); read by `_tso500_read`.

Sections are found by name, in any order. Positions are 1-based. Gene pairs: `A-B` = 5' gene first, `A/B` = order not
known, `;` = genes that overlap at that break. `NA` alone in a section = nothing found or not run: the sample ids of DNA
and RNA tell. Seen: ruo-2.2.0; later sections from documentation.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    starts = {line.lstrip().partition(b"]")[0] for line in head.data.lower().splitlines()}
    if b"[analysis details" in starts and starts & {b"[small variants", b"[fusions", b"[tmb"}:
        return "sections [Analysis Details] and [TMB], [Fusions] or [Small Variants]"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a report is there: every start looks at all readers.
    from fgfr_screen.readers.tables import _tso500_read

    return _tso500_read.read_combined(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="tso500-cvo",
    title="TruSight Oncology 500 combined variant output (TSV with sections)",
    built_from="real file",
    read_from="two files of pipeline 2.2; documentation of later versions",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    carries_note="RNA fusions with gene order, fold change, short variants; no frame, no build, no quality verdict",
    sniff=_sniff,
    read=_read,
)
