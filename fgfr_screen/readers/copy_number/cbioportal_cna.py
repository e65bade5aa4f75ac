"""Discrete copy-number tables of cBioPortal (`data_cna.txt`, wide or long) and GISTIC (`all_thresholded.by_genes.txt`).

Wide: Hugo_Symbol and/or Entrez_Gene_Id (GISTIC: Gene Symbol, Locus ID, Cytoband), then one column a sample. Long:
Hugo_Symbol, Entrez_Gene_Id, Sample_Id, Value. Values: -2 deep loss, -1.5, -1 loss, 0, 1 gain, 2 high level, NA not
measured. They are levels, not copies: +2 means more than the arm-level gains of the same sample, so it is for review.
Continuous tables (`data_log2_cna.txt`, `all_data_by_genes.txt`) have the same header and other values and are not read.
With several samples the patient's is chosen by `--sample-id`; a row counts once, whatever the number of samples.

Seen: test files of cBioPortal/cbioportal-core (wide and long); GISTIC2 documentation.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.readers.copy_number._discrete_levels import (
    ANNOTATION_COLUMNS,
    LEVELS,
    MISSING,
    SYMBOL_COLUMNS,
    is_long,
)
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    columns = header_of(head)
    if is_long(columns):
        return "the header has Hugo_Symbol, Sample_Id and Value, the long form of cBioPortal's discrete copy numbers"
    if not set(SYMBOL_COLUMNS) & set(columns[:2]) or not set(columns) - set(ANNOTATION_COLUMNS):
        return None
    lines = [line for line in head.data.decode("latin-1").split("\n") if line.strip() and not line.startswith("#")]
    # The last line may be cut where the head ends.
    rows = [line.rstrip("\r").split("\t") for line in lines[1:-1] or lines[1:]]
    values = {
        cell.strip()
        for cells in rows
        for name, cell in zip(columns, cells, strict=False)
        if name not in ANNOTATION_COLUMNS
    }
    known = {value for value in values if value.upper() not in MISSING}
    if known and all(value.removesuffix(".0") in LEVELS for value in known):
        return "genes in rows, samples in columns, and only the levels -2 to 2 as values"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.copy_number import _cbioportal_cna_read

    return _cbioportal_cna_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="cbioportal-cna",
    title="Discrete copy-number levels of cBioPortal (data_cna.txt) or GISTIC (all_thresholded.by_genes)",
    built_from="real file",
    read_from="test files of cbioportal-core; GISTIC2 documentation",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="a level from -2 to 2; no copies, no ratio, no segment",
    sniff=_sniff,
    read=_read,
)
