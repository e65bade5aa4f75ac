"""Reading of MAF: rows of one sample -> short variants.

A deletion or insertion gets its anchor base from the FGFR coding sequences; where these end, its HGVS text alone is used.
"""

from contextlib import suppress

from fgfr_screen import coords, genes
from fgfr_screen.model import Breakend, Call, InputContent, Pos1, ShortVariantCall, Source
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._report_parts import Account, EntryError, contig_of, count_of, fgfr_named, touches_fgfr
from fgfr_screen.readers._sections import Row, chosen_sample, rows_of, text_lines
from fgfr_screen.readers._table import exact_integer, has_no_support, plain_contig
from fgfr_screen.terms import Assembly, FgfrGene, FilterStatus, Molecule, Origin

FORMAT = "maf"
_SAMPLE = "tumor_sample_barcode"
_REQUIRED = (
    ("hugo_symbol",),
    ("chromosome",),
    ("start_position",),
    ("reference_allele",),
    ("tumor_seq_allele2",),
    (_SAMPLE,),
)
_ORIGINS = {"germline": Origin.GERMLINE, "somatic": Origin.SOMATIC}


def read(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read the rows of one sample.

    Raises:
        MalformedFileError: The header lacks a column.
        SampleColumnError: The table holds several samples and none is named.
        AssemblyError: The rows contradict each other or the user, or nothing tells the assembly of an FGFR row.
    """
    account = Account(opened.id)
    clues = AssemblyClues(opened.path, options.assembly)
    rows = list(rows_of(text_lines(opened), opened, options, account, required=_REQUIRED))
    sample = chosen_sample(rows, _SAMPLE, options.sample_id, opened.path)
    near = []
    for row in rows:
        if row.cells[_SAMPLE] != sample or not _is_near(row):
            account.outside += 1
            continue
        near.append(row)
        _add_clues(clues, row)
    settled = clues.settle()
    for row in near:
        try:
            account.add(_call(row, opened.id, clues.require(settled, row.line)))
        except EntryError as error:
            account.reject(row.line, error, touches_fgfr=True)
    counts = account.counts()
    return InputContent(
        report=input_report(opened, format_name=FORMAT, format_evidence=evidence, assembly=settled, accounting=counts),
        calls=tuple(account.calls),
        rejected=tuple(sorted(account.rejected, key=lambda row: row.line or 0)),
        accounting=counts,
    )


def _place(row: Row) -> tuple[str | None, Pos1 | None]:
    try:
        pos = exact_integer(row.get("start_position") or "")
    except ValueError:
        return None, None
    return contig_of(plain_contig(row.get("chromosome") or "")), Pos1(pos) if pos > 0 else None


def _is_near(row: Row) -> bool:
    """Tell whether a row names one of FGFR1-3 or may lie there, on any assembly."""
    contig, pos = _place(row)
    name = genes.resolve(row.cells["hugo_symbol"])
    named = name.fgfr is not None or name.doubt is not None or any(map(genes.is_identifier, _identifiers(row)))
    if pos is None and genes.band_doubt(name.given) is not None:
        return True  # a position tells more than a band, where it can be read
    return named or touches_fgfr((Breakend(contig=contig, pos=pos, pos_end=pos),), None)


def _identifiers(row: Row) -> tuple[str, ...]:
    """Return what else than the symbol may name the gene; vcf2maf writes an Ensembl number into `Gene`."""
    number = row.get("hgnc_id")
    hgnc = None if number is None else f"HGNC:{number.upper().removeprefix('HGNC:')}"
    words = (row.get("entrez_gene_id"), row.get("gene"), hgnc, row.get("transcript_id"))
    return tuple(word for word in words if word is not None)


def _gene(row: Row) -> FgfrGene | None:
    """Return the receptor of a row: by its symbol, by an identifier where the symbol is not known; raises as `fgfr_named`."""
    symbol = row.get("hugo_symbol") or ""
    named = fgfr_named(symbol)
    if named is not None or genes.resolve(symbol).symbols:
        return named
    return next((gene for word in _identifiers(row) if (gene := genes.fgfr_gene(word)) is not None), None)


def _add_clues(clues: AssemblyClues, row: Row) -> None:
    build = row.get("ncbi_build")
    if build is not None:
        clues.add_name(build, row.line)
    contig, pos = _place(row)
    if contig is None or pos is None:
        return
    ref = row.get("reference_allele")
    if ref is not None and ref != "-":
        clues.add_base(contig, pos, ref)
    with suppress(EntryError):  # `_call` refuses the row and says why
        gene = _gene(row)
        if gene is not None:
            clues.add_gene_position(gene, contig, pos, pos, row.line)


def _call(row: Row, input_id: str, assembly: Assembly) -> Call | None:
    contig, pos = _place(row)
    gene = _gene(row)
    if pos is None or contig is None:
        place = f"{row.get('chromosome') or ''}:{row.get('start_position') or ''}"
        raise EntryError("BAD_POSITION", f"{place!r} is no position")
    if gene is None and not touches_fgfr((Breakend(contig=contig, pos=pos, pos_end=pos),), assembly):
        return None
    ref_and_alt = _alleles(row)
    alleles = None if ref_and_alt is None else _anchored(assembly, contig, pos, *ref_and_alt)
    coding, protein = row.get("hgvsc"), row.get("hgvsp_short", "hgvsp")
    if alleles is None and coding is None and protein is None:
        reason = "the row has no allele" if ref_and_alt is None else "the indel has no anchor base that is known here"
        raise EntryError("BAD_ALLELE", f"{reason}, and no HGVS text")
    start, ref, alt = alleles or (pos, None, None)
    total = count_of(row.get("t_depth")) or _sum(row, "t_ref_count", "t_alt_count")
    text = row.get("filter")
    return ShortVariantCall(
        source=Source(input=input_id, line=row.line),
        assembly=assembly,
        molecule=Molecule.DNA,
        filter=_filter(text),
        filter_text=text,
        no_support=has_no_support(count_of(row.get("t_alt_count"))),
        origin=_ORIGINS.get((row.get("mutation_status") or "").lower(), Origin.UNKNOWN),
        has_matched_normal=True if count_of(row.get("n_depth")) else None,
        vaf=_share(count_of(row.get("t_alt_count")), total),
        text=row.get("variant_classification"),
        gene=None if gene is None else gene.value,
        contig=contig,
        pos=start,
        ref=ref,
        alt=alt,
        transcript=row.get("transcript_id"),
        hgvs_c=coding,
        hgvs_p=protein,
        depth=total,
        normal_vaf=_share(count_of(row.get("n_alt_count")), count_of(row.get("n_depth"))),
    )


def _alleles(row: Row) -> tuple[str, str] | None:
    """Return the reference and the allele of the tumour that differs from it; None where one of them is left blank.

    A blank is no `-`, which means that bases are lost or put in: some programs fill one allele of the tumour alone.

    Raises:
        EntryError: No allele of the tumour differs from the reference (BAD_ALLELE).
    """
    cells = [row.get(name) for name in ("reference_allele", "tumor_seq_allele2", "tumor_seq_allele1")]
    ref, *alts = (None if cell is None else cell.upper() for cell in cells)
    given = [alt for alt in alts if alt is not None]
    if ref is None or not given:
        return None
    changed = next((alt for alt in given if alt != ref), None)
    if changed is None:
        raise EntryError("BAD_ALLELE", "no allele of the tumour differs from the reference")
    return ref, changed


def _anchored(assembly: Assembly, contig: str, pos: Pos1, ref: str, alt: str) -> tuple[Pos1, str, str] | None:
    """Return the alleles as VCF writes them, or None when no base beside the indel is known.

    A MAF deletion starts at its first lost base; an insertion starts at the base before it.
    """
    from fgfr_screen.isoforms import coding_base

    if "-" not in (ref, alt):
        return pos, ref, alt
    is_insertion = ref == "-"
    before = pos if is_insertion else coords.before(pos)
    after = coords.after(pos if is_insertion else pos + len(ref) - 1)
    new, lost = (alt, "") if is_insertion else ("", ref)
    base = coding_base(assembly, contig, before)
    if base is not None:
        return before, base + lost, base + new
    base = coding_base(assembly, contig, after)
    return None if base is None else (coords.after(before), lost + base, new + base)


def _filter(text: str | None) -> FilterStatus:
    if text is None:
        return FilterStatus.UNFILTERED
    return FilterStatus.PASS if text.upper() == "PASS" else FilterStatus.FAILED


def _sum(row: Row, *names: str) -> int | None:
    counts = [count_of(row.get(name)) for name in names]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(names) else None


def _share(part: int | None, total: int | None) -> float | None:
    return round(part / total, 6) if part is not None and total and part <= total else None
