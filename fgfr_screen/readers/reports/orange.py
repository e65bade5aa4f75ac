"""Hartwig ORANGE, JSON of 3.x and newer (LINX fusions and breakends, PURPLE copy numbers and variants).

Certainty A for the newer layout (a test file of its maintainers was read), B for 3.x. `refGenomeVersion` V37 or V38; positions
1-based; `orientation` 1 keeps the bases at and left of a breakend, -1 those right of it. Fusions have explicit 5' and 3' genes
and exons (`fusedExonUp` is the last exon kept) and no coordinates, which stand in the breakends; fusions with
`reportedType` NONE were found and not reported. Copy numbers are absolute, from purity and ploidy. This is the output of a
pipeline, not a signed-out report.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if json_with(head, "refGenomeVersion", "purple", "sampleId"):
        return "a JSON object with sampleId, refGenomeVersion and purple (ORANGE)"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _orange_read

    return _orange_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="orange",
    title="Hartwig ORANGE, JSON 3.x and newer",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="one ORANGE file of hmftools test data; its source",
    carries_note="gene order and exons of fusions, absolute copies, HGVS",
    sniff=_sniff,
    read=_read,
)
