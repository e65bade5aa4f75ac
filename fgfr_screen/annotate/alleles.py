"""Alleles of FGFR1-3: trimming, shifting inside a coding exon, where they lie on an isoform, and their HGVS text.

An `Allele` is on the genome (GRCh38, forward strand, 1-based inclusive); a `CodingEdit` is the same change in the
direction of transcription, with 0-based half-open offsets into a coding sequence. The HGVS 3' rule is applied inside
one
coding exon only: not across exon edges (varnomen, exception at exon/exon junctions), not where no sequence is known.
"""

import msgspec

from fgfr_screen import coords, isoforms
from fgfr_screen.isoforms import Isoform, SpliceSite, reverse_complement
from fgfr_screen.model import Pos1, Record
from fgfr_screen.terms import Assembly, Consequence, FgfrGene

_CONTIG_ACCESSION = {
    (FgfrGene.FGFR1, Assembly.GRCH37): "NC_000008.10",
    (FgfrGene.FGFR1, Assembly.GRCH38): "NC_000008.11",
    (FgfrGene.FGFR2, Assembly.GRCH37): "NC_000010.10",
    (FgfrGene.FGFR2, Assembly.GRCH38): "NC_000010.11",
    (FgfrGene.FGFR3, Assembly.GRCH37): "NC_000004.11",
    (FgfrGene.FGFR3, Assembly.GRCH38): "NC_000004.12",
}


class Allele(Record, frozen=True, kw_only=True):
    """A change of the genome: GRCh38, forward strand.

    Attributes:
        start, end: Bases replaced, 1-based inclusive; an insertion before `start` has `end` one less than `start`.
        ref: Bases replaced; None = not told and not known here.
        alt: New bases, "" = deletion; None = a copy of `start`-`end` is inserted after it whose bases are not known.
    """

    gene: FgfrGene
    start: Pos1
    end: Pos1
    ref: str | None
    alt: str | None

    @property
    def is_insertion(self) -> bool:
        """Whether no base is replaced."""
        return self.end < self.start

    @property
    def size(self) -> int:
        """Number of bases replaced."""
        return coords.span_length(self.start, self.end)

    @property
    def key(self) -> str:
        """Text that is equal for equal changes."""
        new = "dup" if self.alt is None else self.alt or "del"
        return f"{isoforms.mane(self.gene).contig}:{self.start}-{self.end}>{new}"


class CodingEdit(Record, frozen=True, kw_only=True):
    """A change inside one coding exon, in transcript direction: `cds[start0:end0]` becomes `new`."""

    isoform: Isoform
    start0: int
    end0: int
    new: str
    copies: bool
    allele: Allele


def trim(gene: FgfrGene, start: Pos1, ref: str, alt: str) -> Allele:
    """Take off the bases that REF and ALT share, at the end first (as VCF writers left-align)."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        ref, alt, start = ref[1:], alt[1:], coords.after(start)
    end = coords.before(start + len(ref))
    return Allele(gene=gene, start=start, end=end, ref=ref, alt=alt)


# ------------------------------------------------------------------------------------------------------ coding exons


def edit_on(isoform: Isoform, allele: Allele) -> CodingEdit | None:
    """Place an allele in one coding exon of an isoform and shift it to the 3' end there; None = not inside one."""
    if isoform.cds is None or allele.alt is None or "N" in allele.alt:
        return None
    block = isoforms.coding_block(isoform, allele.start)
    if allele.is_insertion:
        block = block or isoforms.coding_block(isoform, allele.end)
    if block is None or not (block[0] <= allele.end <= block[1] or allele.is_insertion):
        return None
    offset = isoforms.cds_offset(isoform, block[0] if isoform.strand == "+" else block[1])
    assert offset is not None
    size = coords.span_length(*block)
    sequence = isoform.cds[offset : offset + size]
    forward = isoform.strand == "+"
    start0 = allele.start - block[0] if forward else block[1] - allele.end
    end0 = start0 + allele.size
    new = allele.alt if forward else reverse_complement(allele.alt)
    shifted = _shift(sequence, start0, end0, new)
    if shifted is None:
        return None
    start0, end0, new = shifted
    copies = start0 == end0 and sequence[max(0, start0 - len(new)) : start0] == new
    return CodingEdit(
        isoform=isoform,
        start0=offset + start0,
        end0=offset + end0,
        new=new,
        copies=copies,
        allele=_block_allele(allele.gene, isoform, block, (start0, end0), new),
    )


def _block_allele(
    gene: FgfrGene, isoform: Isoform, block: tuple[Pos1, Pos1], span0: tuple[int, int], new: str
) -> Allele:
    """Return the forward-strand allele of an edit given in transcript direction inside a coding block."""
    if isoform.strand == "+":
        start, end = Pos1(block[0] + span0[0]), coords.before(block[0] + span0[1])
        alt = new
    else:
        start, end = coords.after(block[1] - span0[1]), Pos1(block[1] - span0[0])
        alt = reverse_complement(new)
    ref = "".join(isoforms.base_at(gene, pos) or "N" for pos in range(start, coords.after(end)))
    return Allele(gene=gene, start=start, end=end, ref=ref, alt=alt)


def _shift(sequence: str, start0: int, end0: int, new: str) -> tuple[int, int, str] | None:
    """Move a pure insertion or deletion as far right as the sequence allows.

    None = an insertion at the edge of the sequence that could as well belong to what lies outside.
    """
    size = len(sequence)
    if start0 == end0:
        while start0 < size and sequence[start0] == new[0]:
            new, start0 = new[1:] + new[0], start0 + 1
        is_copy = sequence[max(0, start0 - len(new)) : start0] == new
        if start0 == size and not is_copy and sequence[-1] == new[-1]:
            new, start0 = new[-1] + new[:-1], start0 - 1
        at_edge = start0 in (0, size) and not is_copy
        return None if at_edge else (start0, start0, new)
    if not new:
        while end0 < size and sequence[start0] == sequence[end0]:
            start0, end0 = start0 + 1, end0 + 1
    return start0, end0, new


def coding_text(edit: CodingEdit) -> str:
    """Return the `c.` description of an edit, with `c.`."""
    assert edit.isoform.cds is not None
    old = edit.isoform.cds[edit.start0 : edit.end0]
    if edit.copies:
        return "c." + _span(edit.start0 - len(edit.new), edit.start0) + "dup"
    if edit.start0 == edit.end0:
        return f"c.{edit.start0}_{coords.from_start0(edit.start0)}ins{edit.new}"
    place = _span(edit.start0, edit.end0)
    if not edit.new:
        return f"c.{place}del"
    return f"c.{place}{old}>{edit.new}" if len(old) == len(edit.new) == 1 else f"c.{place}delins{edit.new}"


def _span(start0: int, end0: int) -> str:
    first = coords.from_start0(start0)
    return str(first) if first == end0 else f"{first}_{end0}"


def genome_text(allele: Allele, block: tuple[Pos1, Pos1] | None, assembly: Assembly) -> str | None:
    """Return the `g.` description on an assembly; indels are shifted to the right inside `block` (HGVS 3' rule)."""
    if allele.alt is None:
        return None
    bounds = block
    copied = False
    if bounds is not None and (allele.is_insertion or not allele.alt):
        sequence = "".join(
            isoforms.base_at(allele.gene, pos) or "N" for pos in range(bounds[0], coords.after(bounds[1]))
        )
        span = allele.start - bounds[0], allele.start - bounds[0] + len(allele.ref or "")
        moved = _shift(sequence, *span, allele.alt) or (*span, allele.alt)
        start = Pos1(bounds[0] + moved[0])
        end = coords.before(bounds[0] + moved[1])
        allele = msgspec.structs.replace(allele, start=start, end=end, alt=moved[2])
        copied = allele.is_insertion and sequence[max(0, moved[0] - len(moved[2])) : moved[0]] == moved[2]
    return f"{_CONTIG_ACCESSION[allele.gene, assembly]}:g.{_genome_change(allele, assembly, copied=copied)}"


def _genome_change(allele: Allele, assembly: Assembly, *, copied: bool) -> str:
    assert allele.alt is not None
    start, end = (coords.from_grch38(allele.gene, pos, assembly) for pos in (allele.start, allele.end))
    if copied:
        first = start - len(allele.alt)
        return f"{first}dup" if first == end else f"{first}_{end}dup"
    if allele.is_insertion:
        return f"{end}_{start}ins{allele.alt}"
    place = str(start) if start == end else f"{start}_{end}"
    if not allele.alt:
        return f"{place}del"
    if start == end and len(allele.alt) == 1 and allele.ref:
        return f"{place}{allele.ref}>{allele.alt}"
    return f"{place}delins{allele.alt}"


# ------------------------------------------------------------------------------------------------ outside coding exons


def coding_overlap(isoform: Isoform, allele: Allele) -> tuple[int, int] | None:
    """Return the first and last coding offset (0-based) that an allele replaces; None = none."""
    overlaps = []
    for exon in isoform.exons:
        if exon.coding_start is None or exon.coding_end is None:
            continue
        low, high = max(exon.coding_start, allele.start), min(exon.coding_end, allele.end)
        if low <= high:
            overlaps += [isoforms.cds_offset(isoform, low), isoforms.cds_offset(isoform, high)]
    known = [offset for offset in overlaps if offset is not None]
    return (min(known), max(known)) if known else None


def splice_hit(isoform: Isoform, allele: Allele, *, essential: bool) -> SpliceSite | None:
    """Return the first splice site of a coding intron that an allele changes: its two outer bases, or bases 3-8."""
    for site in isoform.splice_sites:
        low, high = (site.essential_start, site.essential_end) if essential else (site.region_start, site.region_end)
        inside = (
            low <= allele.end and allele.start <= high
            if allele.is_insertion
            else allele.start <= high and low <= allele.end
        )
        if site.splits_coding and inside:
            return site
    return None


def outside_consequence(isoform: Isoform, allele: Allele) -> tuple[Consequence, int | None]:
    """Return the consequence of a change not inside one coding exon, and the `c.` number of a splice site hit."""
    site = splice_hit(isoform, allele, essential=True)
    if site is not None:
        return (Consequence.SPLICE_DONOR if site.is_donor else Consequence.SPLICE_ACCEPTOR), site.edge.base
    overlap = coding_overlap(isoform, allele)
    if overlap is not None:
        return (Consequence.START_LOST if overlap[0] == 0 else Consequence.STOP_LOST), None
    near = splice_hit(isoform, allele, essential=False) or _edge_insertion(isoform, allele)
    if near is not None:
        return Consequence.SPLICE_REGION, near.edge.base
    coordinate = isoforms.coordinate_at(isoform, allele.start)
    if coordinate is None:
        first = isoform.exons[0].start if isoform.strand == "+" else isoform.exons[0].end
        upstream = allele.start < first if isoform.strand == "+" else allele.start > first
        return (Consequence.UPSTREAM if upstream else Consequence.DOWNSTREAM), None
    return (Consequence.INTRONIC if coordinate.offset else Consequence.UTR), None


def _edge_insertion(isoform: Isoform, allele: Allele) -> SpliceSite | None:
    """Return the splice site of a coding intron at whose exon edge bases are inserted, or None."""
    if not allele.is_insertion:
        return None
    for site in isoform.splice_sites:
        touches = allele.start in (site.essential_start, site.essential_end) or allele.end in (
            site.essential_start,
            site.essential_end,
        )
        if site.splits_coding and touches:
            return site
    return None


def position_text(isoform: Isoform, allele: Allele) -> str | None:
    """Return the `c.` description at positions as they are; None = outside the transcript."""
    low, high = (allele.end, allele.start) if allele.is_insertion else (allele.start, allele.end)
    ends = [isoforms.coordinate_at(isoform, pos) for pos in ((low, high) if isoform.strand == "+" else (high, low))]
    first, last = ends
    if first is None or last is None:
        return None
    place = str(first) if first == last else f"{first}_{last}"
    if allele.alt is None:
        return f"c.{place}dup"
    alt = allele.alt if isoform.strand == "+" else reverse_complement(allele.alt)
    if allele.is_insertion:
        return f"c.{place}ins{alt}"
    if not alt:
        return f"c.{place}del"
    if len(alt) == 1 and first == last and allele.ref:
        ref = allele.ref if isoform.strand == "+" else reverse_complement(allele.ref)
        return f"c.{place}{ref}>{alt}"
    return f"c.{place}delins{alt}"
