"""Laboratory reports in JSON and XML, one module a format."""

NEVER_STARTS_WITH = (b"##fileformat=VCF",)
"""No reader of this folder claims a file with such a start, so that none is loaded for it."""
