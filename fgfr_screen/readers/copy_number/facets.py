"""FACETS segments (`cncf`), of the R package and of facets-suite.

Columns: chrom (1-22, 23 = X), seg, num.mark, nhet, cnlr.median, mafR, segclust, cnlr.median.clust, mafR.clust, start, end,
cf.em, tcn.em, lcn.em; facets-suite writes ID, chrom, loc.start, loc.end and keeps the rest. Positions are those of the
first and last marker, 1-based. `tcn.em` is the absolute copy number of the tumour cells in the fraction `cf.em` (cells,
normal ones included); NA = FACETS could not tell, which is reported as not assessable. `cnlr.median` has no fixed
baseline (dipLogR) and is not used. Purity and ploidy are taken from `# Purity = ...` comments where a file has them.

Seen: column list in the package's source (mskcc/facets R/facets-emcncf.R) and in two public readers.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_COLUMNS = ("chrom", "cnlr.median", "tcn.em", "lcn.em")


def _sniff(head: Head) -> str | None:
    if set(_COLUMNS) <= set(header_of(head)):
        return f"the header has the FACETS columns {', '.join(_COLUMNS)}"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.copy_number._segment_formats import FACETS, purity_ploidy_of_comments
    from fgfr_screen.readers.copy_number._segments import read_segments

    evidence = _sniff(opened.head) or "named by the user"
    return read_segments(opened, options, evidence, FACETS, purity_ploidy=purity_ploidy_of_comments)


READER = Reader(
    name="facets",
    title="FACETS segments (cncf)",
    built_from="documentation",
    read_from="source of mskcc/facets (R/facets-emcncf.R)",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="absolute copies of a segment in a fraction of the cells",
    sniff=_sniff,
    read=_read,
)
