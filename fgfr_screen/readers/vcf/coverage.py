"""Rows of a gVCF without a variant -> which receptors have hotspots that were not read well enough to say "no".

A reference block says how sure its program is that nothing is there: GT `./.` is a no-call (Illumina, "Genome VCF files":
low coverage), a failed FILTER takes the statement back, and DP or MIN_DP is the lowest depth in the block. A file of such
blocks says nothing about a base that no block holds. Files of variants alone have no such rows, and nothing is asked of them.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from fgfr_screen import coords, reference
from fgfr_screen.model import ShortVariantCall, Source
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord
from fgfr_screen.readers.vcf.samples import sample_values
from fgfr_screen.terms import Assembly, CallStatus, FgfrGene, HotspotFunction, Molecule

MINIMUM_DEPTH = 20
"""Reads under which no test sees even a variant in half of them (IDT, coverage for variant calling). A floor: what a test of
tumours needs is more and its own matter, and its quality control is asked for elsewhere."""
_NO_VARIANT = frozenset(("<NON_REF>", "<*>"))


def hotspots_left_out(
    records: Iterable[VcfRecord], last_line: bytes, caller: Caller, tumor: int | None, assembly: Assembly | None
) -> tuple[FgfrGene, ...]:
    """Return the receptors of which a hotspot was not covered; () for a file without reference rows.

    Args:
        records: Rows that start near FGFR1-3.
        last_line: Last line of the body: that of a gVCF tells it where no row is near.
        caller: Program; segments of depth callers and RNA junctions are no reference rows.
        tumor: Column of the tumour, None = no column.
        assembly: None = not known, so that no place can be told.
    """
    if assembly is None or caller.is_depth or caller.is_rna:
        return ()
    records = tuple(records)
    blocks = [one for one in records if _says_no_variant(one)]
    is_gvcf = any(_is_block(one) for one in blocks) or _is_gvcf_line(last_line)
    if not blocks and not is_gvcf:
        return ()
    stated = _by_contig(blocks)
    well = _by_contig([one for one in records if _is_called(one, tumor) or _is_sure(one, tumor)])
    return tuple(
        gene
        for gene in FgfrGene
        for contig, bases in (_hotspot_bases(gene, assembly),)
        if any(
            not _holds(well.get(contig, ()), pos) and (is_gvcf or _holds(stated.get(contig, ()), pos)) for pos in bases
        )
    )


def not_covered(input_id: str, caller: str | None, genes: Iterable[FgfrGene]) -> Iterator[ShortVariantCall]:
    """Yield one call for each receptor that was not covered; it belongs to no record of the file."""
    for gene in genes:
        yield ShortVariantCall(
            source=Source(input=input_id, line=None),
            caller=caller,
            molecule=Molecule.DNA,
            status=CallStatus.NOT_TESTED,
            gene=gene.value,
            finding_codes=("NOT_COVERED",),
        )


def _says_no_variant(record: VcfRecord) -> bool:
    return all(alt in _NO_VARIANT for alt in record.alts)


def _is_block(record: VcfRecord) -> bool:
    return bool(record.alts) or _end(record) > record.pos


def _is_gvcf_line(line: bytes) -> bool:
    columns = line.split(b"\t", 5)
    return len(columns) == 6 and not _NO_VARIANT.isdisjoint(columns[4].decode("latin-1").split(","))


def _last(record: VcfRecord) -> int:
    """Return the last base of a row; one whose END cannot be read is as long as REF."""
    return max(_end(record), record.pos + len(record.ref) - 1)


def _end(record: VcfRecord) -> int:
    """Return END, 0 where it is not given or cannot be read."""
    try:
        return record.integer("END") or 0
    except RecordError:
        return 0


def _is_called(record: VcfRecord, tumor: int | None) -> bool:
    """Tell whether a row shows a variant: by genotype, or without one."""
    if _says_no_variant(record):
        return False
    try:
        genotype = sample_values(record, tumor).get("GT")
    except RecordError:
        return False
    return genotype is None or not set(genotype) <= set("0./|")


def _is_sure(record: VcfRecord, tumor: int | None) -> bool:
    """Tell whether a row without variant was called with enough reads, as far as it tells."""
    if record.filter_text not in ("PASS", ".", "") or (tumor is None and record.samples):
        return False
    try:
        values = sample_values(record, tumor)
    except RecordError:
        return False
    if "GT" in record.format and not values.get("GT", "").strip("./|"):
        return False
    depth = values.get("MIN_DP") or values.get("DP") or record.text("MIN_DP") or record.text("DP")
    return depth is None or (depth.isdecimal() and int(depth) >= MINIMUM_DEPTH)


def _by_contig(records: Iterable[VcfRecord]) -> dict[str, list[tuple[int, int]]]:
    """Return first and last base of rows, by UCSC name of their contig."""
    found: dict[str, list[tuple[int, int]]] = {}
    for one in records:
        found.setdefault(coords.normalise_contig(one.contig) or one.contig, []).append((one.pos, _last(one)))
    return found


def _holds(spans: Iterable[tuple[int, int]], pos: int) -> bool:
    return any(first <= pos <= last for first, last in spans)


@cache
def _hotspot_bases(gene: FgfrGene, assembly: Assembly) -> tuple[str, tuple[int, ...]]:
    """Return contig and 1-based positions of the listed residues of a gene."""
    from fgfr_screen import isoforms

    mane = isoforms.mane(gene)
    residues = {
        row.residue
        for row in reference.hotspots()
        if row.gene == gene and row.residue is not None and row.function in _ASKED
    }
    codons = (isoforms.codon(gene, mane.accession, residue) for residue in sorted(residues))
    bases = (pos for codon in codons if codon is not None for pos in codon.positions)
    return mane.contig, tuple(coords.from_grch38(gene, pos, assembly) for pos in bases)


_ASKED = frozenset(
    (
        HotspotFunction.ACTIVATING,
        HotspotFunction.ACTIVATING_RESISTANCE_WHEN_ACQUIRED,
        HotspotFunction.GERMLINE_ACTIVATING,
    )
)
"""What a change has to do for its place to be asked about."""
