"""Tables of segments, gene-wise copy numbers and purity, one module a caller."""

NEVER_STARTS_WITH = (b"##fileformat=VCF", b"{", b"<")
"""No reader of this folder claims a file with such a start, so that none is loaded for it."""
