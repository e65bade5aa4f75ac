"""Entries that are surely about other genes, told from their plain values. Serves readers of reports with long lists.

A search made here passes over an entry only where the function that reads it would make no call and refuse nothing: with any
value of an unusual type, any word that is no plain name of another known gene, or a position near FGFR1-3 the entry is left
to that function. So a search saves time and never decides; `tests/readers/reports/test_report_gate.py` reads reports with
and without it.
"""

from collections.abc import Callable
from functools import cache
from types import NoneType
from typing import Any

from fgfr_screen import coords, genes
from fgfr_screen.readers._report_entries import receptor_of_id
from fgfr_screen.terms import Assembly, FgfrGene

Search = Callable[[list[Any]], list[int]]
"""Plain entries -> indexes of those that have to be read; the others surely are about other genes than FGFR1-3."""

# What `Node.text` takes without an error.
_TEXTS = frozenset((str, int, float, NoneType))
# Some reports list a whole genome by gene.
_NAMES_LIMIT = 1 << 16
_NAME_LIMIT_CHARACTERS = 40
# Names of known genes that are no receptors; words that are no receptor, blank, damaged or a doubt.
_names_of_others: set[str] = set()
_plain_words: set[str] = set()


def search_by_gene(
    symbol: str | None,
    hgnc_id: str | None = None,
    *,
    texts: tuple[str, ...] = (),
    absent: tuple[str, ...] = (),
) -> Search:
    """Make a search of objects that tell one gene; it passes over genes that are known and no receptor.

    A word that names no known gene is left to the reader, which may find the gene by transcript or place, unless the id is
    that of another gene.

    Args:
        symbol: Key of the gene's symbol; None = the gene is told elsewhere and was asked for there.
        hgnc_id: Key of its HGNC id; None = the objects have none.
        texts: Other keys that are read as texts before the gene decides, whatever they hold.
        absent: Keys of values with which the object would be read in another way.
    """

    def find(entries: list[Any]) -> list[int]:
        left = []
        for index, entry in enumerate(entries):
            if type(entry) is not dict:
                left.append(index)
                continue
            get = entry.get  # of None, which is no key of a report, it gives None
            word, number = get(symbol), get(hgnc_id)
            is_other = symbol is None or (
                type(word) is str
                and (
                    (word in _names_of_others or _is_name_of_other(word))
                    if number is None
                    else (word in _plain_words or _is_plain(word)) and _is_id_of_other(number, word)
                )
            )
            for key in absent:
                is_other = is_other and get(key) is None
            for key in texts:
                is_other = is_other and type(get(key)) in _TEXTS
            if not is_other:
                left.append(index)
        return left

    return find


def search_by(is_other: Callable[[Any], bool]) -> Search:
    """Make a search from a test of one entry; the test says yes only as a search passes over."""
    return lambda entries: [index for index, entry in enumerate(entries) if not is_other(entry)]


_pairs_left = search_by_gene("symbol", "hgnc_id")


def is_other_gene(symbol: Any, hgnc_id: Any = None) -> bool:
    """Tell whether symbol and HGNC id (None = not given) are texts that name a known gene which is no receptor."""
    return not _pairs_left([{"symbol": symbol, "hgnc_id": hgnc_id}])


def _is_name_of_other(symbol: str) -> bool:
    """Find out about a word that was not met before, and keep it when it is the name of a known gene."""
    is_other = _is_plain(symbol) and bool(genes.resolve(symbol).symbols)
    return is_other and _keep(_names_of_others, symbol)


def _is_plain(symbol: str) -> bool:
    """Find out about a word that was not met before, and keep it when it is no receptor, blank, damaged or a doubt."""
    name = genes.resolve(symbol)
    is_named = name.fgfr is None and name.problem is None and not name.is_blank
    is_plain = is_named and name.doubt is None and genes.band_doubt(symbol) is None
    return is_plain and _keep(_plain_words, symbol)


def _keep(words: set[str], word: str) -> bool:
    """Keep a word while there is room; always True."""
    if len(word) <= _NAME_LIMIT_CHARACTERS and len(words) < _NAMES_LIMIT:
        words.add(word)
    return True


def _is_id_of_other(number: Any, word: str) -> bool:
    """Tell whether an HGNC id is a text that is no receptor's; one that is no number tells nothing of an unknown word."""
    if type(number) is not str or receptor_of_id(number) is not None:
        return False
    return number.isdecimal() or word in _names_of_others or _is_name_of_other(word)


def is_text(value: Any) -> bool:
    """Tell whether a value can be read as text, or is not given."""
    return type(value) in _TEXTS


def is_elsewhere(pos: Any) -> bool:
    """Tell whether a 1-based position is a whole number outside the windows of FGFR1-3 on any chromosome, or not given."""
    if pos is None:
        return True
    return type(pos) is int and pos > 0 and not any(first <= pos <= last for first, last in _windows())


@cache
def _windows() -> tuple[tuple[int, int], ...]:
    """Return first and last base of the windows of all receptors on all assemblies."""
    return tuple(coords.fgfr_window(gene, assembly)[1:] for gene in FgfrGene for assembly in Assembly)
