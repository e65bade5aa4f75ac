"""Gene words of a source -> approved HGNC symbols; fusion names -> their two genes. No other module splits a name.

Words are first brought to one form: full-width letters and signs become plain ones (NFKC, on symbols only), every dash
becomes `-`, `→` becomes `->`. What then still is not ASCII is no gene symbol: a Cyrillic `С` in a symbol looks right
and matches nothing, so it is named with its code point instead of being passed over. Words that a spreadsheet has
turned into dates or numbers are recognised as damage. FGFR1-3 are also known by their numbers in Ensembl, NCBI Gene, HGNC
and RefSeq, because some programs fill a gene column with these.
"""

import re
from functools import lru_cache

from fgfr_screen import reference
from fgfr_screen.model import Record
from fgfr_screen.terms import FgfrGene

_BLANK_WORDS = frozenset(
    (
        "",
        ".",
        "-",
        "--",
        "?",
        "na",
        "n/a",
        "n.a.",
        "nan",
        "none",
        "null",
        "unknown",
        "intergenic",
        "not given",
        "no gene",
    )
)
_STRONG_SEPARATORS = ("::", "--", "->", ">>", "=>")
_WEAK_SEPARATORS = "/|:_-"
# A longer text is no name of a fusion; each separator in it would be tried with all that stands on both sides.
_NAME_LIMIT_CHARACTERS = 300
# Signs that join two genes and stand in no symbol; `-` and `_` do, so they never split unknown words.
_SIGNS_NOT_IN_SYMBOLS = "/|:"
_BAND_LIMIT_CHARACTERS = 20
_DASHES = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"} | {0x2192: "->"}

# `FGFR-2`, `FGFR2b`, `FGFR3-IIIc`: the receptor with a hyphen or with the name of its isoform.
# Patterns stay text: `re` compiles and keeps them on first use, and many screenings never use them.
_FGFR_SPELLING = r"FGFR[- ]?([123])(?:[- ]?(?:III)?[- ]?[BC])?(?:[- ]?(?:ALPHA|BETA))?"
_RECEPTORS = frozenset(gene.value for gene in FgfrGene)
# Spellings without the hyphen of the HGNC alias (K-SAM, N-SAM).
_FGFR_WORDS = {"KSAM": FgfrGene.FGFR2, "NSAM": FgfrGene.FGFR1}
# HGNC aliases of FGFR1 that mean histones (H2, H3, H4) or CCDC6 (H4) wherever a laboratory writes them.
_ALIASES_OF_OTHERS = frozenset(("H2", "H3", "H4", "H5"))
# Other genes whose names hold an FGFR1-3 name: CEP43, FGFR1OP2, and pseudogenes such as FGFR3P1.
_FGFR_TEXT = r"FGFR[-_ ]?[123](?!OP|P\d?|[0-9])"

# Numbers of the receptors (HGNC table of 2022-04-04; Ensembl release 109).
_IDENTIFIERS = {
    "ENSG00000077782": FgfrGene.FGFR1,
    "ENSG00000066468": FgfrGene.FGFR2,
    "ENSG00000068078": FgfrGene.FGFR3,
    "HGNC:3688": FgfrGene.FGFR1,
    "HGNC:3689": FgfrGene.FGFR2,
    "HGNC:3690": FgfrGene.FGFR3,
}
# NCBI Gene numbers: only a cell that holds nothing else is one.
_ENTREZ = {"2260": FgfrGene.FGFR1, "2263": FgfrGene.FGFR2, "2261": FgfrGene.FGFR3}
# Chromosome bands of the receptors (UCSC cytoBand on GRCh37 and GRCh38): chromosome and arm, region and band without dot.
_BANDS = {
    ("8p", "1122"): FgfrGene.FGFR1,
    ("8p", "1123"): FgfrGene.FGFR1,
    ("10q", "2613"): FgfrGene.FGFR2,
    ("4p", "163"): FgfrGene.FGFR3,
}
# `10q26.13`, `chr8p11`, `10q25-q26`: a band or a range of one arm; a whole arm (`10q`) is no name of a gene.
_BAND = r"(?:chr)?(\d{1,2}[pq])(\d\d?(?:\.\d{1,2})?)(?:-[pq]?(\d\d?(?:\.\d{1,2})?))?"
# Transcripts of `data/fgfr_transcripts.tsv` without version, held here because a name is looked up before any table is read.
_TRANSCRIPTS = {
    FgfrGene.FGFR1: (
        "ENST00000326324 ENST00000335922 ENST00000356207 ENST00000397091 ENST00000397108 ENST00000397113 "
        "ENST00000425967 ENST00000447712 ENST00000532791 NM_001174063 NM_001174064 NM_001174065 NM_001174066 "
        "NM_001174067 NM_015850 NM_023105 NM_023106 NM_023110"
    ),
    FgfrGene.FGFR2: (
        "ENST00000346997 ENST00000356226 ENST00000357555 ENST00000358487 ENST00000360144 ENST00000369056 "
        "ENST00000369060 ENST00000369061 ENST00000457416 NM_000141 NM_001144913 NM_001144914 NM_001144915 "
        "NM_001144916 NM_001144917 NM_001144918 NM_001144919 NM_001320654 NM_001320658 NM_022970 NM_023029"
    ),
    FgfrGene.FGFR3: (
        "ENST00000260795 ENST00000340107 ENST00000352904 ENST00000412135 ENST00000440486 NM_000142 "
        "NM_001163213 NM_022965"
    ),
}
_TRANSCRIPT = r"(?:NM_|ENST)\d+(?:\.\d+)?"

_MONTH = r"(?:jan|feb|mar|mrz|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)[a-z]*"
_EXCEL_DAMAGE = (
    rf"\d{{1,4}}[-./ ]+{_MONTH}(?:[-./ ]+\d{{2,4}})?"  # 1-Mar, 2-Sep-2020
    rf"|{_MONTH}[-./ ]+\d{{1,4}}"  # Sep-02
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?: \d{1,2}:\d{2}(?::\d{2})?)?"  # 2020-03-01
    r"|[34]\d{4}(?:\.0+)?"  # 43891: days since 1900, for 1982 to 2036
    r"|\d(?:\.\d+)?E\+\d+"  # 2.31E+13, from RIKEN identifiers
    r"|#(?:NAME\?|REF!|VALUE!|N/A|NUM!|DIV/0!|NULL!)"
)
# Letters of other scripts that are drawn like Latin ones; used only to notice that a word may mean an FGFR.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХҒԌΡΒΕΖΗΙΚΜΝΟΤΥΧϜ", "ABEKMHOPCTXFGPBEZHIKMNOTYXF")


class GeneName(Record, frozen=True, kw_only=True):
    """One gene as a source names it.

    Attributes:
        given: The word as given, trimmed.
        symbols: Approved symbols it can mean: none (blank or not known), one, or several (ambiguous alias, or a list).
        fgfr: The receptor that the word means, alone or as the only FGFR1-3 of a list; None for no receptor, for two of
            them, and for an alias that is also one of another gene.
        problem: Code of what is wrong with the word (`EXCEL_DAMAGE`, `SYMBOL_NOT_ASCII`), or None.
        problem_text: One sentence on it, or None.
    """

    given: str
    symbols: tuple[str, ...] = ()
    fgfr: FgfrGene | None = None
    problem: str | None = None
    problem_text: str | None = None

    @property
    def symbol(self) -> str | None:
        """The approved symbol when there is exactly one, else None."""
        return self.symbols[0] if len(self.symbols) == 1 else None

    @property
    def is_blank(self) -> bool:
        """True when the source names no gene here (`N/A`, `intergenic`, empty)."""
        return is_blank(self.given)

    @property
    def doubt(self) -> tuple[str, str] | None:
        """Code and sentence where the word may mean FGFR1-3 and does not tell which, else None: never pass over such a word."""
        if self.fgfr is not None:
            return None
        if not _RECEPTORS.isdisjoint(self.symbols):
            return "AMBIGUOUS_SYMBOL", f"{self.given!r} can mean {' or '.join(self.symbols)}"
        if not mentions_fgfr(self.given):
            return None
        unknown = f"{self.given!r} is not a gene symbol that is known"
        return self.problem or "UNKNOWN_SYMBOL", self.problem_text or unknown


def is_blank(text: str) -> bool:
    """Tell whether a word stands for "no gene here" or "not given".

    >>> [is_blank(word) for word in ("N/A", " . ", "intergenic", "NAT1")]
    [True, True, True, False]
    """
    return text.strip().lower() in _BLANK_WORDS


def is_excel_damage(text: str) -> bool:
    """Tell whether a spreadsheet has turned a gene symbol into a date, a number or an error word.

    >>> [is_excel_damage(word) for word in ("1-Mar", "Sep-02", "43891", "#NAME?", "MARCHF1", "SEPTIN2")]
    [True, True, True, True, False, False]
    """
    word = text.strip()
    if word.isalnum() and not word[0].isdigit():
        return False  # most symbols end here, and the pattern takes a millisecond to compile
    return re.fullmatch(_EXCEL_DAMAGE, word, re.IGNORECASE) is not None


def resolve(text: str) -> GeneName:
    """Find the approved symbols of a gene word.

    Understands aliases, former symbols, `SYMBOL^ENSG...`, `SYMBOL(123)`, and lists such as `TACC2,TACC3`, whose genes
    are all kept; of FGFR1-3 also the numbers of gene and transcripts (`ENSG00000066468.24`, `HGNC:3689`, `2263`,
    `NM_000141.5`). Case is ignored where the exact spelling is not known.

    Args:
        text: The word as the source wrote it.

    Returns:
        The word and its symbols; never raises. A word that cannot be a symbol says why in `problem`.
    """
    return _resolve(text.strip())


def fgfr_gene(text: str) -> FgfrGene | None:
    """Return the receptor that a word means, or None.

    >>> [fgfr_gene(word) for word in ("FGFR1OP", "FGFR1OP2", "FGFRL1", "FGFR4", "FGF7")]
    [None, None, None, None, None]
    """
    return resolve(text).fgfr


def mentions_fgfr(text: str) -> bool:
    """Tell whether free text may be about FGFR1-3: a caution for lines that cannot be read, so it errs towards True.

    >>> [mentions_fgfr(line) for line in ("x FGFR2--? y", "FGFR1OP and FGFR4", "n-a FGFRL1")]
    [True, False, False]
    """
    plain = text if text.isascii() else _fold(text).translate(_LOOKALIKES)
    return re.search(_FGFR_TEXT, plain, re.IGNORECASE) is not None


def may_touch_fgfr(line: str) -> bool:
    """Tell whether a line that was refused may be about FGFR1-3: it mentions one, or a word of it is an alias of one.

    A number of a receptor counts as well; a bare one (`2263`), and a chromosome band, only where there is nothing else.

    >>> [may_touch_fgfr(line) for line in ("KSAM-BICC1 9", "chr10 CD332|x", "H4 2", "FLG 2", "3.5 EGFR")]
    [True, True, False, False, False]
    >>> [may_touch_fgfr(line) for line in ("x HGNC:3689 2", "ENST00000358487.10", "2263", "chr1 2263", "10q26.13")]
    [True, True, True, False, True]
    """
    if mentions_fgfr(line) or band_doubt(line.strip()) is not None:
        return True
    words = re.findall(r"HGNC:\d+|[A-Za-z][\w-]+", line, re.IGNORECASE)
    named = [resolve(word) for word in ([line] if line.strip().isdigit() else words)]
    named += [half for word in words for half in split_fusion_name(word) or ()]
    return any(name.fgfr is not None or name.doubt is not None for name in named)


def band_doubt(text: str) -> tuple[str, str] | None:
    """Return code and sentence where a word is a chromosome band, or a range of bands of one arm, that holds FGFR1-3.

    Such a word in the place of a gene may mean the receptor. Beside a receptor it only tells where a partner lies, so it is
    no `doubt` of a name.

    >>> [band_doubt(word) is not None for word in ("10q26.13", "chr8p11", "4p15-p16.3", "10q26.3", "10q", "FGFR2")]
    [True, True, True, False, False, False]
    """
    word = text.strip()
    if not (word[:1].isdigit() or word[:3].lower() == "chr") or len(word) > _BAND_LIMIT_CHARACTERS:
        return None  # as nearly all words are
    found = re.fullmatch(_BAND, word, re.IGNORECASE)
    if found is None:
        return None
    low, high = sorted(number.replace(".", "") for number in (found[2], found[3] or found[2]))
    for (arm, band), gene in _BANDS.items():
        # A band told in part (`10q26`) holds all that begin so.
        if arm == found[1].lower() and low <= band and (band <= high or band.startswith(high)):
            return "AMBIGUOUS_SYMBOL", f"{word!r} is a chromosome band, which holds {gene} and other genes"
    return None


def is_identifier(text: str) -> bool:
    """Tell whether a word is a number of FGFR1-3 in a catalogue of genes or transcripts, and no symbol.

    >>> [is_identifier(word) for word in ("NM_000141.5", "HGNC:3689", "FGFR2", "NM_005228.5")]
    [True, True, False, False]
    """
    return _receptor_of_identifier(text.strip()) is not None


def split_fusion_name(text: str) -> tuple[GeneName, GeneName] | None:
    """Split the name of a fusion into its two genes, in the order written.

    `::`, `--`, `->` and `>>` always split. `/`, `|`, `:`, `_` and `-` split where exactly one place leaves a known gene
    on both sides, or an FGFR on one side and a blank word (`N/A`, nothing) or the name of a read-through
    (`FAM24B-CUZD1`) on the other; `/`, `|` and `:`, which stand in no symbol, also split unknown words when there is
    only one of them. A name that is itself a symbol (`HLA-A`, `NKX2-1`) is never split.

    Args:
        text: Fusion name; a trailing word `fusion` is left out.

    Returns:
        Both genes (one may be blank or not known), or None when the text is no fusion name or can be split in several
        ways.
    """
    if len(text) > _NAME_LIMIT_CHARACTERS or (text.isalnum() and text.isascii()):
        return None
    name = re.sub(r"\s+fusion$", "", _fold(text).strip(), flags=re.IGNORECASE)
    for separator in _STRONG_SEPARATORS:
        parts = name.split(separator)
        if len(parts) == 2:
            return resolve(parts[0]), resolve(parts[1])
        if len(parts) > 2:
            return None
    if not name or is_excel_damage(name) or _symbols_of(name):
        return None
    places = [at for at, sign in enumerate(name) if sign in _WEAK_SEPARATORS and not _is_beside_identifier(name, at)]
    splits = [(resolve(name[:at]), resolve(name[at + 1 :])) for at in places]
    likely = [pair for pair in splits if _is_likely_pair(*pair)]
    if len(likely) == 1:
        return likely[0]
    certain = [pair for at, pair in zip(places, splits, strict=True) if name[at] in _SIGNS_NOT_IN_SYMBOLS]
    return certain[0] if not likely and len(certain) == 1 else None


def _is_beside_identifier(name: str, at: int) -> bool:
    """Tell whether one half is a bare number (`chr10:2263`) or says again which receptor the other is (`FGFR2:NM_000141`)."""
    halves = name[:at].strip(), name[at + 1 :].strip()
    if not any(map(is_identifier, halves)):
        return False
    return any(half in _ENTREZ for half in halves) or resolve(halves[0]).fgfr is resolve(halves[1]).fgfr


def _is_likely_pair(first: GeneName, second: GeneName) -> bool:
    if first.symbols and second.symbols:
        return True
    for fgfr, other in ((first, second), (second, first)):
        if fgfr.fgfr is not None and (other.is_blank or _is_read_through(other.given)):
            return True
    return False


def _is_read_through(word: str) -> bool:
    """Tell whether a word is two known gene names with a hyphen, as read-through transcripts are named."""
    places = [at for at, sign in enumerate(word) if sign == "-"]
    return any(_symbols_of(word[:at]) and _symbols_of(word[at + 1 :]) for at in places)


def _fold(text: str) -> str:
    """Bring full-width and typographic signs to their plain form."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)


@lru_cache(maxsize=4096)
def _resolve(given: str) -> GeneName:
    word = _fold(given).strip()
    if is_blank(word):
        return GeneName(given=given)
    if is_excel_damage(word):
        reason = f"{given!r} is what a spreadsheet makes of a gene symbol"
        return GeneName(given=given, problem="EXCEL_DAMAGE", problem_text=reason)
    if not word.isascii():
        return GeneName(given=given, problem="SYMBOL_NOT_ASCII", problem_text=_foreign_letters(word))
    meanings = [_symbols_of(part) for part in re.split("[,;]", word)]
    symbols = tuple(dict.fromkeys(symbol for found in meanings for symbol in found))
    return GeneName(given=given, symbols=symbols, fgfr=_receptor_among(meanings))


def _receptor_among(meanings: list[tuple[str, ...]]) -> FgfrGene | None:
    """Return the one receptor that the words of a list can mean, when a word of it means nothing else."""
    possible = {symbol for found in meanings for symbol in found} & _RECEPTORS
    if len(possible) != 1:
        return None
    (symbol,) = possible
    return FgfrGene(symbol) if (symbol,) in meanings else None


def _symbols_of(part: str) -> tuple[str, ...]:
    # STAR-Fusion writes SYMBOL^ENSG..., Arriba writes SYMBOL(distance) for a neighbour of an intergenic break.
    word = part.partition("^")[0].partition("(")[0].strip()
    if word in _RECEPTORS:
        return (word,)
    spelling = re.fullmatch(_FGFR_SPELLING, word, re.IGNORECASE) if "FGFR" in word.upper() else None
    if spelling is not None:
        return (f"FGFR{spelling[1]}",)
    if word.upper() in _FGFR_WORDS:
        return (_FGFR_WORDS[word.upper()].value,)
    if word.upper() in _ALIASES_OF_OTHERS or is_blank(word):
        return ()
    symbols = reference.approved_symbol(word)
    if not symbols and "-" in word and any(reference.partner(gene, word.upper()) for gene in FgfrGene):
        # Read-through partners (FAM24B-CUZD1) have no approved symbol of their own.
        return (word.upper(),)
    if not symbols:
        receptor = _receptor_of_identifier(word)
        return () if receptor is None else (receptor.value,)
    return symbols


def _receptor_of_identifier(word: str) -> FgfrGene | None:
    if word[:1].isdigit():
        return _ENTREZ.get(word.removesuffix(".0"))
    if word[:5].upper() not in ("ENSG0", "HGNC:", "ENST0") and word[:3].upper() != "NM_":
        return None  # as nearly all words are
    name = word.upper()
    gene = _IDENTIFIERS.get(name.partition(".")[0])
    if gene is not None or re.fullmatch(_TRANSCRIPT, name) is None:
        return gene
    stem = name.partition(".")[0]
    return next((receptor for receptor, names in _TRANSCRIPTS.items() if stem in names.split()), None)


def _foreign_letters(word: str) -> str:
    import unicodedata

    foreign = dict.fromkeys(sign for sign in word if not sign.isascii())
    told = ", ".join(f"U+{ord(sign):04X} {unicodedata.name(sign, 'unnamed')}" for sign in foreign)
    return f"the gene name holds characters that no symbol has: {told}"
