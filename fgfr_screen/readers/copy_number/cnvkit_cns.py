"""CNVkit segments (`.cns`, `.call.cns`).

Tab separated: chromosome, start (0-based), end, gene (comma list, `-` for none), log2, then depth, probes, weight in any
order; `cnvkit.py call` adds cn, cn1, cn2. Segments reach from the first to the last bin, so the ends of a gene can be
left out where the panel has no bin. `log2` of a `.cns` is not corrected for purity. `cnvkit.py call` corrects log2 and cn
only when it is given the purity, and the file does not say whether it was: values of a file with `cn` are therefore
never converted again (finding PURITY_CORRECTION_UNKNOWN), and `cn`, which the default thresholds cut coarsely, is used
only where log2 is missing. Bin files (`.cnr`, `.cnn`) are claimed and refused (BINS_NOT_SEGMENTS): one noisy bin would pass
for an amplified gene. `genemetrics` tables are not read.

Seen: CNVkit's own test files (etal/cnvkit, test/formats: `.cns` and `.call.cns`).
"""

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_COLUMNS = ("chromosome", "start", "end", "gene", "log2", "probes")


def _sniff(head: Head) -> str | None:
    columns = header_of(head)
    if is_bins(columns):
        return "the header has the columns of CNVkit bins: chromosome, start, end, gene, depth, log2"
    if columns[:3] == _COLUMNS[:3] and set(_COLUMNS) <= set(columns):
        return f"the header has the CNVkit columns {', '.join(_COLUMNS)}"
    return None


def is_bins(columns: tuple[str, ...]) -> bool:
    """Tell whether the header is that of a bin file, whose rows are no segments."""
    return columns[:4] == _COLUMNS[:4] and {"depth", "log2"} <= set(columns) and "probes" not in columns


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    if is_bins(header_of(opened.head)):
        reason, remedy = "the file holds bins, not segments", "give the .cns or .call.cns of the same sample"
        raise MalformedFileError(reason, remedy=remedy, path=opened.path, code="BINS_NOT_SEGMENTS")
    from fgfr_screen.readers.copy_number._segment_formats import CNVKIT
    from fgfr_screen.readers.copy_number._segments import read_segments

    return read_segments(opened, options, _sniff(opened.head) or "named by the user", CNVKIT)


READER = Reader(
    name="cnvkit-cns",
    title="CNVkit segments (.cns, .call.cns)",
    built_from="real file",
    read_from="CNVkit test files .cns and .call.cns (etal/cnvkit test/formats); manual",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="log2 ratio of a segment; copies only where the file lacks log2",
    sniff=_sniff,
    read=_read,
)
