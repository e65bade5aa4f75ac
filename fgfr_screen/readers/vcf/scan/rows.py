"""Regular expressions for rows of a VCF body that cannot touch FGFR1-3, one row at a time.

Each expression judges a row by its own bytes, from its line end to its INFO, and says "plain" only of what it has read
in full: eight columns, a position, mates in brackets as `name:digits`, numbers of digits. All else is for `Gate`.
"""

import re
from functools import cached_property

from fgfr_screen.readers.vcf.scan.gate import Gate, Place
from fgfr_screen.readers.vcf.scan.numbers import around, within

REF_REACH_BP = 1 << 17
"""A REF allele may reach from here into a window; a longer one makes its line longer than this."""

_SVLEN_DIGITS = 6
_FARTHEST = 10**10 - 1
_LABELS = (*map(str, range(1, 23)), "X", "Y", "M")
# One column without control characters; a text without brackets (and the backslash between them).
_CELL = r"[ -\xff]*+\t"
_NO_BRACKETS = r"[ -Z^-\xff]*+"
_VALUE_END = r"(?=[;\t\n]|\r\n)"


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
        self._far_keys = gate.far_keys
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
        keys = [key.decode() for key in self._far_keys]
        info = f"(?(1){_info(keys, ends_before, reach=True)}|{_info(keys, ends_beyond, reach=False)})"
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
        plain = rf"\Z|{_CELL * 4}{_NO_BRACKETS}(?:{self._plain_mate()}{_NO_BRACKETS})?+\t{_CELL * 2}"
        if not self._far_ends_declared:
            plain += r"|[^\n\[\]]*+\n"
        return re.compile(rf"\n(?!{plain})".encode())

    @cached_property
    def far_positions(self) -> tuple[re.Pattern[bytes], ...]:
        """Match END, END2 and POS2 with a value that is near FGFR1-3 on any contig, or is no number."""
        plain = rf"(?!{self._near})(?:[1-9][0-9]{{0,8}}+|0){_VALUE_END}"
        # END and END2 are found in one go; an expression that does not begin with letters is slow.
        ends = "END" + "2?+" * (b"END" in self._gate.far_keys) + "2" * (b"END" not in self._gate.far_keys)
        return tuple(
            re.compile(rf"{key[:3]}(?<=[;\t]{key[:3]}){key[3:]}=(?!{plain})".encode()) for key in (ends, "POS2")
        )

    @cached_property
    def far_contig(self) -> re.Pattern[bytes]:
        """Match CHR2 and the rest of its column, unless it is a common contig without FGFR gene."""
        elsewhere = _any_of([label for label in _LABELS if f"chr{label}" not in self._gate.contigs])
        return re.compile(rf"CHR2=(?<=[;\t]CHR2=)(?!(?:chr)?+(?:{elsewhere}){_VALUE_END})[^\t\n]*+".encode())

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
        return rf"([\[\]])(?:(?:chr)?+(?:{'|'.join(plain)})|{anywhere})\1"


def _sides(place: Place, reach: int, limit: int) -> tuple[str, str]:
    """Return expressions for positions `reach` bases before all windows of a contig, and beyond them, up to `limit`."""
    windows = (*place.windows, *place.hijack)
    before = min(low for low, _ in windows) - reach - 1
    return within(1, min(before, limit)), within(max(high for _, high in windows) + 1, limit)


def _info(keys: list[str], numbers: str, *, reach: bool) -> str:
    """Return an expression for INFO whose every end is one of `numbers`; to reach, it must have one, and SVLEN be short."""
    item = r"[ -:<-\xff]"
    plain = dict.fromkeys(keys, rf"(?:{numbers}|\.)")
    up_to_end = ""
    if reach:
        plain = dict.fromkeys(keys, numbers) | {"SVLEN": rf"-?[0-9]{{1,{_SVLEN_DIGITS}}}+"}
        any_key = f"(?:{'|'.join(plain)})="
        up_to_end = f"(?:(?!{any_key}){item}*+;)*+(?={any_key})"
    odd = "|".join(f"{key}=(?!{value}{_VALUE_END})" for key, value in plain.items())
    return rf"{up_to_end}(?:(?!{odd}){item}++;?+|;)*+\r?+[\t\n]"


def _any_of(labels: list[str]) -> str:
    """Return an expression for any of some labels of one or two letters, the longer first."""
    starts = sorted({label[:-1] for label in labels}, reverse=True)
    return "|".join(f"{start}[{''.join(label[-1] for label in labels if label[:-1] == start)}]" for start in starts)
