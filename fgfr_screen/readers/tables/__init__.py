"""Tables and workbooks that hold several kinds of event, one module a format."""

NEVER_STARTS_WITH = (b"##fileformat=VCF", b"{", b"<")
"""No reader of this folder claims a file with such a start, so that none is loaded for it."""
