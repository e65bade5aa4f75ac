"""LINX fusions (`*.linx.fusion.tsv`): DNA rearrangements with the transcripts that they join.

Columns: name (`GENE5_GENE3`, 5' gene first), reported, reportedType, reportableReasons, phased, likelihood, skippedExonsUp,
skippedExonsDown, fusedExonUp, fusedExonDown, transcriptStart, transcriptEnd, junctionCopyNumber; newer versions add
fivePrimeCoords and threePrimeCoords, `chr:pos:orientation` with 1 = kept left of the position and -1 = kept right of it
(hmftools Orientation.java). Exon numbers are those of the Ensembl transcript in the row; fusedExonUp is the last exon of the
5' gene in the predicted transcript, so the break lies skippedExonsUp exons further on, and skippedExonsDown before
fusedExonDown. phased INFRAME and OUT_OF_FRAME are frames; SKIPPED_EXONS is in frame only if the cell skips exons, which is
said (FRAME_BY_EXON_SKIPPING). A row with reported=false is kept as a call that failed LINX's own filter.

A file without coordinates has no positions: the calls carry names, transcripts and exon numbers. Single breakends and
rearrangements that join no two genes are not in this file.

Seen: two whole files of hartwigmedical/hmftools test data (older columns, GRCh37, one FGFR2::CDYL); newer columns from the
LINX README and source.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_COLUMNS = ("name", "reported", "reportedtype", "phased", "likelihood", "fusedexonup", "fusedexondown")


def _sniff(head: Head) -> str | None:
    if set(_COLUMNS) <= set(header_of(head)):
        return f"the header has the LINX columns {', '.join(_COLUMNS)}"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.fusions import _linx_fusion_read

    return _linx_fusion_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="linx-fusion",
    title="LINX fusions (.linx.fusion.tsv)",
    built_from="real file",
    read_from="two files of the hmftools test data (older columns); LINX README and source for the newer ones",
    carries=(EventKind.REARRANGEMENT,),
    carries_note="gene order, frame, exons; places and kept sides only in newer files; no read counts",
    sniff=_sniff,
    read=_read,
)
