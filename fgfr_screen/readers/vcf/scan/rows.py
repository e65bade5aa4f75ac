"""Regular expressions for rows of a VCF body that cannot touch FGFR1-3, one row at a time.

Each expression judges a row by its own bytes, from its line end to its INFO, and says "plain" only of what it has read
in full: eight columns, a position, mates in brackets as `name:digits`, numbers of digits. All else is for `Gate`.
"""

import re
from functools import cached_property

from fgfr_screen.readers.vcf.scan.gate import REMOTE, Gate, Place
from fgfr_screen.readers.vcf.scan.numbers import around, within

REF_REACH_BP = 1 << 17
"""A REF allele may reach from here into a window; a longer one makes its line longer than this."""

_SVLEN_DIGITS = 6
_FARTHEST = 10**10 - 1
_LABELS = (*map(str, range(1, 23)), "X", "Y", "M")
# The first column: every line of a run has a tab, so that this stays in its line; to ask for one letter is fastest.
_CONTIG = r"[^\t]*+"
# One column without control characters; a text without brackets (and the backslash between them).
_CELL = r"[ -\xff]*+\t"
_NO_BRACKETS = r"[ -Z^-\xff]*+"
# The same without a comma: one allele, or what stands beside its brackets.
_ONE_ALLELE = r"[ -+\--Z^-\xff]*+"
# What an item of INFO is made of, and what ends its value.
_ITEM = r"[ -:<-\xff]"
_VALUE_END = r"(?=[;\t\n]|\r\n)"

UNTOLD = re.compile(
    rb"<(?=(?:" + b"|".join(name[1:] for name in REMOTE) + rb")(?:[^\t\n]*\t){3}"
    rb"(?!(?:(?!CHR2=|MATEID=)[^;\t\n]*;)*(?:CHR2|MATEID)=(?!\.?[;\t\r\n])))"
)
"""Match where an allele may begin whose far end lies on a contig that INFO does not tell."""


class Rows:
    """How the rows of one contig are judged.

    Attributes:
        start: How each of its lines begins, with the line end before it.
        is_known: False for a contig without a common name; nothing is known of its rows.
        has_fgfr: True when it carries one of FGFR1-3.
    """

    def __init__(self, name: bytes, gate: Gate) -> None:
        """Take the name as written."""
        self._place = place = gate.place(name)
        place.has_rows = True
        self._key = _any_key(gate)
        self.start = b"\n" + name + b"\t"
        self.is_known = place.name is not None
        self.has_fgfr = bool(place.windows)

    @cached_property
    def near(self) -> re.Pattern[bytes]:
        """Match the line end before every row of this FGFR contig that is short, or may be in a window."""
        before, beyond = _sides(self._place, REF_REACH_BP, self._place.limit)
        return re.compile(re.escape(self.start) + f"(?!(?:{before}|{beyond})\t{_CELL * 5})".encode())

    @cached_property
    def reaching(self) -> re.Pattern[bytes]:
        """Match what `near` matches, and rows with a symbolic allele that may reach into a window."""
        before, beyond = _sides(self._place, 10**_SVLEN_DIGITS, self._place.limit)
        ends_before, ends_beyond = _sides(self._place, 0, _FARTHEST)
        info = f"(?(1){_info(self._key, ends_before, reach=True)}|{_info(self._key, ends_beyond, reach=False)})"
        columns = rf"{_CELL * 2}(?:[ -;=-\xff]*+\t{_CELL * 2}|{_CELL * 3}{info})"
        return re.compile(re.escape(self.start) + f"(?!(?:({before})|{beyond})\t{columns})".encode())


class Mates:
    """How far ends are judged, whatever contig they are on: mates in brackets, and the positions of CHR2."""

    def __init__(self, gate: Gate, *, far_ends_declared: bool) -> None:
        """Take the gate, and whether the header says that alleles can have a far end."""
        self._gate = gate
        self._far_ends_declared = far_ends_declared
        places = [gate.place(contig.encode()) for contig in gate.contigs]
        windows = [window for place in places for window in (*place.windows, *place.hijack)]
        self._near = "(?:" + "|".join(around(low, high) for low, high in windows) + ")(?![0-9])"

    @cached_property
    def near(self) -> re.Pattern[bytes]:
        r"""Match the line end before every row that is short, or has a mate that may be near FGFR1-3.

        Without declared far ends, a short row is plain when it holds no bracket.
        """
        plain = rf"{_CONTIG}\t{_CELL * 3}{_NO_BRACKETS}(?:{self._plain_mate()}{_NO_BRACKETS})?+\t{_CELL * 2}"
        if not self._far_ends_declared:
            plain += r"|[^\n\[\]]*+\n"
        return re.compile(rf"\n(?!{plain})".encode())

    @cached_property
    def near_or_far(self) -> re.Pattern[bytes]:
        r"""Match what `near` matches, and rows whose CHR2 may lead near FGFR1-3, for blocks in which CHR2 stands.

        Four kinds of row are plain: with a symbolic allele and the row's own contig as CHR2; with a mate in brackets as
        the only allele, for which CHR2 does not count; with one allele and no CHR2; and what `_plain_far_end` tells of.
        """
        mate = rf"{self._plain_mate()}{_ONE_ALLELE}\t{_CELL * 2}"
        # The next CHR2, wherever it stands: when it is not in this row, the row has none. So far and no farther.
        up_to = "[^C]{0,99}+(?:C(?!HR2=)[^C]{0,99}+){0,9}+"
        symbol = rf"<{_ONE_ALLELE}\t{_CELL * 2}{up_to}CHR2=(?<=[;\t]CHR2=)(?P=own){_VALUE_END}"
        # Four letters are left out where two would do: of fewer than three, `re` asks one by one, which is slower.
        other = r"[^C\t\n\r\0]*+"
        one = rf"{_ONE_ALLELE}(?:{mate}|\t{_CELL * 2}{other}(?:C(?!HR2=){other})*+\r?+[\t\n])"
        more = rf"{_NO_BRACKETS}\t{_CELL * 2}{self._plain_far_end()}"
        return re.compile(rf"\n(?!(?P<own>{_CONTIG})\t{_CELL * 3}(?:{symbol}|{one}|{more}))".encode())

    def _plain_far_end(self) -> str:
        """Return an expression for INFO with positions that are near FGFR1-3 on no contig.

        It has one, or CHR2 is a common contig without FGFR gene.
        """
        keys = _any_key(self._gate)
        number = rf"(?!{self._near})(?:[1-9][0-9]{{0,8}}+|0){_VALUE_END}"
        elsewhere = _any_of([label for label in _LABELS if f"chr{label}" not in self._gate.contigs])
        is_elsewhere = _without(rf"CHR2=(?!(?:chr)?+(?:{elsewhere}){_VALUE_END})")
        return rf"(?:{_up_to(keys)}|(?={is_elsewhere})){_without(rf'{keys}(?!{number})')}"

    def _plain_mate(self) -> str:
        """Return an expression for a mate in its brackets that is not near FGFR1-3.

        That is one on a common contig, at any position where the contig has no FGFR gene, and one on any contig whose
        position is in no window; but never beyond the end of a contig of FGFR1-3.
        """
        limits = {contig: self._gate.lowest_limit(contig) for contig in self._gate.contigs}
        elsewhere = _any_of([label for label in _LABELS if f"chr{label}" not in limits])
        plain = [rf"(?:{elsewhere}):[0-9]{{1,9}}+"]
        for contig, limit in limits.items():
            sides = "|".join(_sides(self._gate.place(contig.encode()), 0, limit))
            plain.append(f"{contig.removeprefix('chr')}:(?:{sides})")
        anywhere = rf"[^\t\n,:\[\]]++:(?!{self._near}){within(1, min(limits.values()))}"
        return rf"(?P<bracket>[\[\]])(?:(?:chr)?+(?:{'|'.join(plain)})|{anywhere})(?P=bracket)"


def _sides(place: Place, reach: int, limit: int) -> tuple[str, str]:
    """Return expressions for positions `reach` bases before all windows of a contig, and beyond them, up to `limit`."""
    windows = (*place.windows, *place.hijack)
    before = min(low for low, _ in windows) - reach - 1
    return within(1, min(before, limit)), within(max(high for _, high in windows) + 1, limit)


def _info(keys: str, numbers: str, *, reach: bool) -> str:
    """Return an expression for INFO whose every end is one of `numbers`; to reach, it must have one, and SVLEN be short."""
    if not reach:
        return _without(rf"{keys}(?!(?:{numbers}|\.){_VALUE_END})")
    odd = rf"{keys}(?!{numbers}{_VALUE_END})|SVLEN=(?!-?[0-9]{{1,{_SVLEN_DIGITS}}}+{_VALUE_END})"
    return _up_to(f"(?:{keys}|SVLEN=)") + _without(odd)


def _any_key(gate: Gate) -> str:
    """Return an expression for the start of an item of INFO that can hold the position on CHR2, or the end of a span."""
    return f"(?:{'|'.join(key.decode() for key in gate.far_keys)})="


def _up_to(start: str) -> str:
    """Return an expression for INFO up to its first item that starts so."""
    return rf"(?:(?!{start}){_ITEM}*+;)*+(?={start})"


def _without(start: str) -> str:
    """Return an expression for INFO none of whose items starts so."""
    return rf"(?:(?!{start}){_ITEM}++;?+|;)*+\r?+[\t\n]"


def _any_of(labels: list[str]) -> str:
    """Return an expression for any of some labels of one or two letters, the longer first."""
    starts = sorted({label[:-1] for label in labels}, reverse=True)
    return "|".join(f"{start}[{''.join(label[-1] for label in labels if label[:-1] == start)}]" for start in starts)
