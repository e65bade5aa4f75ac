"""Names of the coordinate columns of BEDPE tables; serves their recognition and their reading."""

from fgfr_screen.readers._table import TAB

COORDINATE_COLUMNS = {
    "contig1": ("chrom1", "chr1", "chrom_a", "chrom5p", "chr_a"),
    "start1": ("start1", "start_a", "start5p"),
    "end1": ("end1", "stop1", "end_a", "end5p"),
    "contig2": ("chrom2", "chr2", "chrom_b", "chrom3p", "chr_b"),
    "start2": ("start2", "start_b", "start3p"),
    "end2": ("end2", "stop2", "end_b", "end3p"),
}


def has_columns(line: str) -> bool:
    """Tell whether a line is a header with all six coordinate columns, under any tool's names."""
    names = {cell.strip().lower() for cell in line.lstrip("#").split(TAB)}
    return all(names & set(spellings) for spellings in COORDINATE_COLUMNS.values())
