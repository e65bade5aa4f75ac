"""Fusion callers on RNA that write VCF: Arriba, FusionCatcher and nf-core/rnafusion.

The positions are exon ends. `first` is always the 5' partner (order asserted by the caller). A 5' partner keeps LEFT
when its gene lies on the plus strand and RIGHT on minus; a 3' partner the reverse. Only Arriba's brackets follow the
specification.
"""

from msgspec.structs import replace

from fgfr_screen.model import Breakend
from fgfr_screen.readers.vcf.adjacencies import Junction, breakend_junction, contig_name
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord, parse_position
from fgfr_screen.terms import DeclaredStructure, Frame, GeneOrder, Orientation

_KEPT_FIVE_PRIME = {"+": Orientation.LEFT, "-": Orientation.RIGHT}
_COMPLEMENT = str.maketrans("ACGTNacgtn", "TGCANtgcan")
_FRAMES = {
    "in-frame": Frame.IN_FRAME,
    "out-of-frame": Frame.OUT_OF_FRAME,
    "stop-codon": Frame.STOP_BEFORE_JUNCTION,
}


def rna_junction(record: VcfRecord, allele: int, caller: Caller) -> Junction:
    """Read one allele of an RNA fusion caller.

    Raises:
        RecordError: The genes, strands or positions that the caller always writes are missing or malformed.
    """
    if caller.rna == "fusioncatcher":
        return _fusioncatcher(record, allele, caller)
    if caller.rna == "rnafusion":
        return _rnafusion(record)
    return _arriba(record, allele, caller)


def _arriba(record: VcfRecord, allele: int, caller: Caller) -> Junction:
    """IDs end in `a` (5' partner) and `b`; GENE_NAME is the gene of the record's own side."""
    junction = breakend_junction(record, allele, caller)
    own = replace(junction.first, genes=_names(record.text("GENE_NAME")))
    suffix = (record.id or "")[-1:]
    if junction.second is None or suffix not in ("a", "b"):
        return replace(junction, first=own, declared=DeclaredStructure.FUSION)
    if suffix == "a":
        return replace(junction, first=own, order=GeneOrder.ASSERTED, declared=DeclaredStructure.FUSION)
    return replace(
        junction,
        first=junction.second,
        second=own,
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
        untemplated_sequence=_seen_from_mate(junction),
    )


def _fusioncatcher(record: VcfRecord, allele: int, caller: Caller) -> Junction:
    """END says 5 or 3; STRAND is the gene strand of this side, and the bracket repeats that of the other one."""
    literal = breakend_junction(record, allele, caller)
    end, strand = record.text("END"), record.text("STRAND")
    if end not in ("5", "3") or strand not in _KEPT_FIVE_PRIME or literal.second is None:
        raise RecordError("INFO_MALFORMED", f"INFO END={end} STRAND={strand} does not say which partner this is")
    other = "+" if "[" in record.alts[allele - 1] else "-"
    own = replace(literal.first, orientation=_kept(strand, is_five_prime=end == "5"))
    mate = replace(literal.second, orientation=_kept(other, is_five_prime=end == "3"))
    first, second = (own, mate) if end == "5" else (mate, own)
    sided = replace(literal, first=own, second=mate)
    return replace(
        sided,
        first=replace(first, genes=_names(record.text("GENE5"))),
        second=replace(second, genes=_names(record.text("GENE3"))),
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
        declared_frame=_frame(record.text("EFFECT")),
        untemplated_sequence=literal.untemplated_sequence if end == "5" else _seen_from_mate(sided),
    )


def _rnafusion(record: VcfRecord) -> Junction:
    """One record holds both sides; the brackets of the minus strand are wrong and not read."""
    strands = (record.text("ORIENTATION") or "").split(",")
    contigs = record.text("CHRA"), record.text("CHRB")
    if len(strands) != 2 or not set(strands) <= _KEPT_FIVE_PRIME.keys() or None in contigs:
        raise RecordError("INFO_MALFORMED", "INFO CHRA, CHRB and ORIENTATION do not name two sides and their strands")
    first = _at(contigs[0] or "", record.text("POSA"), _kept(strands[0], is_five_prime=True))
    second = _at(contigs[1] or "", record.text("POSB"), _kept(strands[1], is_five_prime=False))
    return Junction(
        first=replace(first, genes=_names(record.text("GENEA"))),
        second=replace(second, genes=_names(record.text("GENEB"))),
        order=GeneOrder.ASSERTED,
        declared=DeclaredStructure.FUSION,
        declared_frame=_frame(record.text("FRAME_STATUS")),
    )


def _kept(strand: str, *, is_five_prime: bool) -> Orientation:
    side = _KEPT_FIVE_PRIME[strand]
    return side if is_five_prime else side.opposite


def _at(contig: str, pos: str | None, side: Orientation) -> Breakend:
    place = parse_position(pos or "")
    return Breakend(contig=contig_name(contig), pos=place, pos_end=place, orientation=side)


def _names(text: str | None) -> tuple[str, ...]:
    """Split a gene list; Arriba adds distances (`GENEA(123),GENEB(456)`) for places between genes."""
    names = (item.partition("(")[0].strip() for item in (text or "").split(","))
    return tuple(name for name in names if name not in ("", "."))


def _seen_from_mate(junction: Junction) -> str | None:
    """Return the inserted bases on the strand of the mate: the other one when both ends keep the same side."""
    bases, second = junction.untemplated_sequence, junction.second
    if bases is None or second is None or junction.first.orientation is not second.orientation:
        return bases
    return bases.translate(_COMPLEMENT)[::-1]


def _frame(effect: str | None) -> Frame | None:
    return _FRAMES.get((effect or "").lower().replace("_", "-"))
