"""The way into one body: by its index where that loses nothing, else from start to end."""

from fgfr_screen.readers._api import OpenedInput
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.scan.bodies import NumberedLines, has_far_keys, scan_runs
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.scanned import Scanned

# Smaller files are read faster than their index.
_INDEX_FROM_BYTES = 1 << 20


def scan_body(opened: OpenedInput, lines: NumberedLines, gate: Gate, header: Header) -> Scanned:
    """Find the candidates of a text VCF.

    Args:
        opened: The input.
        lines: Its lines, behind the header.
        gate: The question.
        header: The header.

    Raises:
        InputError: As `scan_runs` and `OpenedInput.runs`.
    """
    is_big = opened.container == "bgzf" and opened.stored_bytes >= _INDEX_FROM_BYTES
    # `scan_indexed` asks this too, but is not loaded in vain for an SV file.
    if is_big and not has_far_keys(header):
        from fgfr_screen.readers.vcf.scan.indexed import scan_indexed

        found = scan_indexed(opened.stored_at, header, gate)
        if found is not None:
            return found
    return scan_runs(lines, gate, header, opened.path)
