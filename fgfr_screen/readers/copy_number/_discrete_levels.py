"""Columns and levels of discrete copy-number tables; serves their recognition and their reading."""

SYMBOL_COLUMNS = ("hugo_symbol", "gene symbol")
ENTREZ_COLUMNS = ("entrez_gene_id", "locus id", "geneid", "gene id")
ANNOTATION_COLUMNS = (*SYMBOL_COLUMNS, *ENTREZ_COLUMNS, "cytoband")
LEVELS = ("-2", "-1.5", "-1", "0", "1", "2")
MISSING = ("NA", "NAN", "", "[NOT AVAILABLE]")


def is_long(columns: tuple[str, ...]) -> bool:
    """Tell whether the header is that of the long form."""
    return {"hugo_symbol", "sample_id", "value"} <= set(columns)
