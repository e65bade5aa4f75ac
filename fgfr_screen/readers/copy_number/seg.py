"""Generic segment files (`.seg`) of CBS/DNAcopy, IGV, TCGA and cBioPortal.

Columns in the order sample, chromosome, start, end, markers, mean, under the names ID chrom loc.start loc.end num.mark
seg.mean (DNAcopy, cBioPortal), Sample or GDC_Aliquot Chromosome Start End Num_Probes Segment_Mean (TCGA), or sampleName
chromosome start end nbrOfLoci mean (PSCBS); quotes are ignored. Positions are 1-based (marker positions), 23 and 24 mean
X and Y. The mean is a log2 ratio that is not corrected for purity: the format itself does not say so, and log10 files
exist, but all named programs write log2. A file may hold many samples: the patient's is then chosen by `--sample-id`,
and the rows of the others count as outside.

Seen: CNVkit's collection of `.seg` files (etal/cnvkit test/formats); cbioportal-core validateData.py.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_COLUMNS = {
    "sample": ("id", "sample", "sampleid", "sample_id", "samplename", "gdc_aliquot"),
    "contig": ("chrom", "chromosome", "chr"),
    "start": ("loc.start", "start", "start.pos", "loc_start"),
    "end": ("loc.end", "end", "end.pos", "loc_end"),
    "markers": ("num.mark", "num_probes", "num_markers", "nbrofloci", "num.markers", "num_mark"),
    "mean": ("seg.mean", "segment_mean", "mean", "seg_mean"),
}


def _sniff(head: Head) -> str | None:
    columns = header_of(head, comment="WARNING")
    if len(columns) == len(_COLUMNS) and all(
        name in names for name, names in zip(columns, _COLUMNS.values(), strict=True)
    ):
        return f"the header has the six columns of a .seg file: {', '.join(columns)}"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.copy_number._segment_formats import seg_format
    from fgfr_screen.readers.copy_number._segments import read_segments

    return read_segments(opened, options, _sniff(opened.head) or "named by the user", seg_format(_COLUMNS))


READER = Reader(
    name="seg",
    title="Segment file of CBS/DNAcopy, IGV, TCGA or cBioPortal (.seg)",
    built_from="real file",
    read_from="CNVkit test files (DNAcopy, PSCBS); cbioportal-core validateData.py",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="log2 ratio of a segment",
    sniff=_sniff,
    read=_read,
)
