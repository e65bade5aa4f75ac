"""Far ends of a block of VCF lines that can lie in FGFR1-3: mates in brackets, and CHR2 with POS2 or END.

Where every mate of a block starts with `chr`, six needles find those on the contigs of FGFR1-3. Otherwise every
spelling is looked for: plain names by their last figures, accessions by marks that make the whole block suspect.
"""

import re

from fgfr_screen import reference
from fgfr_screen.model import Record
from fgfr_screen.readers.vcf.scan.finder import Finder
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.numbers import Outside, info_values

_NEWLINE = b"\n"
_BRACKETS = (b"[", b"]")
_MATE_POSITION = re.compile(rb"([0-9]+)[\[\]]")
# A name of this length or more is no plain one (`chr10`); it is left to the gate.
_LONG_NAME = 7


class _Label(Record, frozen=True, kw_only=True):
    """The figures of one contig (`10`) and the positions on it that cannot concern FGFR1-3.

    Attributes:
        needle: Figures and colon, as they stand in a mate.
        spoken: The same after `chr`, in both kinds of brackets.
        outside: Those positions.
    """

    needle: bytes
    spoken: tuple[bytes, ...]
    outside: Outside


class FarEnds:
    """The search for far ends."""

    def __init__(self, gate: Gate, finder: Finder) -> None:
        """Prepare the patterns for the assemblies of `gate`."""
        self._finder = finder
        self._labels = {contig.removeprefix("chr").encode(): _label(gate, contig) for contig in gate.contigs}
        self._accession_marks = _accession_marks(gate.contigs)
        self._chr2 = _chr2_pattern(self._labels) if gate.has_chr2 else None

    def add_suspects(self, block: bytes, start: int, end: int, suspects: set[int], *, marked: bool) -> None:
        """Add the line starts of lines with a far end that is not plainly outside.

        Args:
            block: Text.
            start: A line end; the search begins here.
            end: Where it stops, just behind a line end.
            suspects: Offsets of line ends before suspect lines.
            marked: False when this part holds no bracket of any kind.
        """
        if marked:
            self._add_mates(block, start, end, suspects)
        if self._chr2 is not None and self._finder.find(block, b"CHR2=", start, end) >= 0:
            self._add_chr2(self._chr2, block, start, end, suspects)

    def _add_mates(self, block: bytes, start: int, end: int, suspects: set[int]) -> None:
        if not self._finder.any_of(block, b"[]", start, end):
            return
        count = self._finder.count
        brackets = sum(count(block, bracket, start, end) for bracket in _BRACKETS)
        if brackets == 2 * sum(count(block, bracket + b"chr", start, end) for bracket in _BRACKETS):
            for label in self._labels.values():
                for needle in label.spoken:
                    self._add_hits(label, needle, block, start, end, suspects)
        elif any(self._finder.find(block, mark, start, end) >= 0 for mark in self._accession_marks):
            for bracket in _BRACKETS:
                places = self._finder.places(block, bracket, start, end)
                suspects.update(block.rfind(_NEWLINE, start, at) for at in places)
        else:
            for label in self._labels.values():
                self._add_hits(label, label.needle, block, start, end, suspects)

    def _add_hits(self, label: _Label, needle: bytes, block: bytes, start: int, end: int, suspects: set[int]) -> None:
        for at in self._finder.places(block, needle, start, end):
            mate = _MATE_POSITION.match(block, at + len(needle), end)
            is_outside = mate is not None and label.outside.holds(mate[1])
            if not is_outside and _in_brackets(block, start, at + 1):
                suspects.add(block.rfind(_NEWLINE, start, at))

    def _add_chr2(self, chr2: re.Pattern[bytes], block: bytes, start: int, end: int, suspects: set[int]) -> None:
        for match in chr2.finditer(block, start, end):
            line_start = block.rfind(_NEWLINE, start, match.start())
            label = self._labels.get(match[1] or b"")
            line_end = block.find(_NEWLINE, line_start + 1)
            positions = info_values(block, b"POS2=", line_start, line_end)
            positions += info_values(block, b"END=", line_start, line_end)
            if label is None or not all(label.outside.holds(text) for text in positions):
                suspects.add(line_start)


def _in_brackets(block: bytes, start: int, end: int) -> bool:
    """Tell whether the column that holds the byte before `end` has a bracket up to there: a mate, no sample value."""
    column = max(block.rfind(b"\t", start, end), start)
    return block.find(b"[", column, end) >= 0 or block.find(b"]", column, end) >= 0


def _label(gate: Gate, contig: str) -> _Label:
    place = gate.place(contig.encode())
    figures = contig.removeprefix("chr").encode()
    return _Label(
        needle=figures + b":",
        spoken=tuple(bracket + contig.encode() + b":" for bracket in _BRACKETS),
        outside=Outside((*place.windows, *place.hijack), gate.lowest_limit(contig)),
    )


def _chr2_pattern(labels: dict[bytes, _Label]) -> re.Pattern[bytes]:
    """Return an expression for CHR2 with a name that ends in the figures of a label, or is long."""
    figures = b"|".join(labels)
    plain = rb"(?:[^;\t\n]*[^;\t\n0-9])?(" + figures + rb")[^;\t\n0-9]*"
    long = rb"[^;\t\n]{%d,}" % _LONG_NAME
    return re.compile(rb"CHR2=(?:" + long + b"|" + plain + rb")(?=[;\t\n])")


def _accession_marks(contigs: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return byte strings of which one stands in every accession or digest of `contigs`, and names with a blank."""
    marks = {"SQ.", " :"}
    for row in reference.contigs():
        for accession in (row.refseq, row.genbank) if row.name in contigs else ():
            if accession:
                marks |= {accession[1:6], accession[1:6].lower()}
    return tuple(sorted(mark.encode() for mark in marks))
