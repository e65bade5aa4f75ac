"""Copy-number call -> `CopyNumberFacts`: which FGFR gene and exons, and absolute copies where they can be had.

Scales stay apart. A ratio becomes copies only with purity (rules.md section 2):
n = (r * (p * P + 2 * (1 - p)) - 2 * (1 - p)) / p, with r the ratio to the sample's mean (2 ** log2), p purity, P ploidy.
"""

import math

from msgspec import structs

from fgfr_screen.coords import fgfr_gene_at, span_length
from fgfr_screen.facts import CopyNumberFacts
from fgfr_screen.findings import FINDINGS
from fgfr_screen.genes import resolve
from fgfr_screen.model import CopyNumberCall, Finding, Measure, Pos1, Segment
from fgfr_screen.reference import Transcript, fgfr_transcript
from fgfr_screen.terms import CopyNumberUnit, FgfrGene
from fgfr_screen.transcripts import exons

NORMAL_COPIES = 2.0
"""Copies of an autosomal locus in normal cells."""
PURITY_CORRECTION_UNKNOWN = "PURITY_CORRECTION_UNKNOWN"
"""Code of a reader whose file does not say whether its values are corrected for purity."""
FOCAL_MAX_BASES = 10_000_000
"""A focal event is at most 10 Mb (PMC4830395)."""

LOG2_LIMIT = 40.0
"""Largest size of a log2 ratio that can be meant (copies change by 2 to that power); programs write -33 for no reads."""

_PREFERRED = (
    CopyNumberUnit.FISH_RATIO,
    CopyNumberUnit.COPIES,
    CopyNumberUnit.LOG2_RATIO,
    CopyNumberUnit.FOLD_CHANGE,
    CopyNumberUnit.GISTIC,
    CopyNumberUnit.PLASMA_COPIES,
    CopyNumberUnit.FISH_SIGNALS,
)


def copies_from_ratio(ratio: float, purity: float, ploidy: float) -> float:
    """Return tumour copies from a ratio to the sample mean.

    >>> copies_from_ratio(2.0, purity=0.2, ploidy=2.0)
    12.0
    """
    normal = NORMAL_COPIES * (1 - purity)
    copies = (ratio * (purity * ploidy + normal) - normal) / purity
    return round(max(copies, 0.0), 4)  # Noise and a purity that is too low give less than nothing.


def _named_gene(call: CopyNumberCall) -> FgfrGene | None:
    """Return the receptor that the source names, alone or in the gene list of a segment."""
    symbols = resolve(call.gene).symbols if call.gene is not None else ()
    named = [symbol for symbol in symbols if symbol in FgfrGene.__members__]
    return FgfrGene(named[0]) if len(named) == 1 else None


def _gene_at(call: CopyNumberCall) -> FgfrGene | None:
    if call.assembly is None or call.contig is None or call.start is None or call.end is None:
        return None
    gene = fgfr_gene_at(call.assembly, call.contig, call.start, call.end)
    if gene is None:
        return None
    transcript = fgfr_transcript(call.assembly, gene)
    overlaps = call.start <= transcript.tx_end and transcript.tx_start <= call.end
    return gene if overlaps else None


def _covered_exons(transcript: Transcript, start: Pos1, end: Pos1) -> tuple[int, int] | None:
    inside = [number for number, first, last in exons(transcript) if start <= first and last <= end]
    return (min(inside), max(inside)) if inside else None


def _coverage(call: CopyNumberCall, gene: FgfrGene) -> tuple[tuple[int, int] | None, bool | None]:
    """Return the covered MANE exons and whether they are all; None where neither numbers nor coordinates tell."""
    if call.first_exon is not None and call.last_exon is not None:
        return (call.first_exon, call.last_exon), (call.first_exon, call.last_exon) == (1, 18)
    if call.assembly is None or call.start is None or call.end is None:
        return None, None
    transcript = fgfr_transcript(call.assembly, gene)
    covered = _covered_exons(transcript, call.start, call.end)
    coding_whole = call.start <= transcript.cds_start and transcript.cds_end <= call.end
    return covered, coding_whole


def _is_possible(measure: Measure) -> bool:
    """Tell whether a value is a number and, as a log2 ratio, one that a sample can have."""
    limit = LOG2_LIMIT if measure.unit is CopyNumberUnit.LOG2_RATIO else math.inf
    return math.isfinite(measure.value) and abs(measure.value) <= limit


def _without_impossible(call: CopyNumberCall) -> tuple[CopyNumberCall, tuple[Finding, ...]]:
    """Leave out values that cannot be meant, which a reader should have refused, and say so."""
    usable = tuple(measure for measure in call.measures if _is_possible(measure))
    if usable == call.measures:
        return call, ()
    values = ", ".join(f"{one.unit} {one.value:g}" for one in call.measures if not _is_possible(one))
    told = Finding(code="COPY_NUMBER_MALFORMED", message=f"{values} is no value that can be meant, and is left out")
    return structs.replace(call, measures=usable), (told,)


def _chosen_measure(measures: tuple[Measure, ...]) -> Measure | None:
    """Choose the measure that decides: absolute copies first, unless the source says they ignore purity."""

    def rank(measure: Measure) -> tuple[bool, int]:
        uncorrected = measure.unit is CopyNumberUnit.COPIES and measure.purity_corrected is False
        return (uncorrected, _PREFERRED.index(measure.unit))

    return min(measures, key=rank, default=None)


def _absolute(measure: Measure | None, purity: float | None, ploidy: float | None) -> tuple[float | None, str | None]:
    """Return absolute copies and the sentence that says how they were computed."""
    if measure is None:
        return None, None
    if measure.unit is CopyNumberUnit.COPIES and measure.purity_corrected is not False:
        return measure.value, None
    ratio = _ratio(measure)
    if ratio is None:
        return None, None
    tumour_ploidy = NORMAL_COPIES if ploidy is None else ploidy
    if measure.purity_corrected:
        return round(ratio * tumour_ploidy, 4), f"{ratio:.2f} x ploidy {tumour_ploidy:g}"
    if purity is None or purity <= 0:
        return None, None
    copies = copies_from_ratio(ratio, purity, tumour_ploidy)
    return copies, f"{copies:.1f} copies from ratio {ratio:.2f} at purity {purity:g} and ploidy {tumour_ploidy:g}"


def _told_by_reader(call: CopyNumberCall) -> tuple[Finding, ...]:
    """Return the reader's codes as findings; a reader of another package may use codes of its own."""
    return tuple(
        Finding(code=code, message=FINDINGS[code].meaning if code in FINDINGS else code.replace("_", " ").lower())
        for code in call.finding_codes
    )


def _ratio(measure: Measure) -> float | None:
    match measure.unit:
        case CopyNumberUnit.LOG2_RATIO:
            return float(2**measure.value)
        case CopyNumberUnit.FOLD_CHANGE:
            return measure.value
        case CopyNumberUnit.COPIES:
            return measure.value / NORMAL_COPIES
        case _:
            return None


def _segment(call: CopyNumberCall) -> Segment | None:
    if call.start is None or call.end is None:
        return None
    bases = span_length(call.start, call.end)
    return Segment(start=call.start, end=call.end, bases=bases, focal=bases <= FOCAL_MAX_BASES)


def annotate_copy_number(
    call: CopyNumberCall, *, purity: float | None = None, ploidy: float | None = None
) -> CopyNumberFacts | None:
    """Return the facts of one copy-number call, or None when it covers no FGFR1-3 exon.

    Args:
        call: The call; its own purity and ploidy win.
        purity: Tumour content of the specimen, from the user or another file; None = not known.
        ploidy: Of the tumour, likewise.
    """
    call, malformed = _without_impossible(call)
    named = _named_gene(call)
    gene = named or _gene_at(call)
    if gene is None:
        return None
    covered, whole = _coverage(call, gene)
    if covered is None and named is None:
        return None
    own_purity = call.purity if call.purity is not None else purity
    own_ploidy = call.ploidy if call.ploidy is not None else ploidy
    measure = _chosen_measure(call.measures)
    # What may be corrected for purity already is not corrected again.
    is_open = PURITY_CORRECTION_UNKNOWN in call.finding_codes
    usable_purity = None if is_open else own_purity
    copies, computed = _absolute(measure, usable_purity, own_ploidy)
    told = () if computed is None else (Finding(code="COPIES_COMPUTED", message=computed, sources=("rules.md 2",)),)
    return CopyNumberFacts(
        call=call,
        gene=gene,
        copies=copies,
        copies_min=call.copies_min,
        copies_max=call.copies_max,
        measure=measure,
        purity=own_purity,
        ploidy=own_ploidy,
        declared=call.declared,
        segment=_segment(call),
        covered_exons=covered,
        covers_whole_gene=whole,
        computed=computed,
        copies_if_uncorrected=_absolute(measure, own_purity, own_ploidy)[0] if is_open else None,
        findings=(*_told_by_reader(call), *malformed, *told),
    )
