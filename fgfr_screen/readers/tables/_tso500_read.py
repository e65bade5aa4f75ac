"""Reading of the three TruSight Oncology 500 files: rows -> calls, assembly from the places of named genes.

The build is never stated. A fold change is a number of the pipeline, not an amplification declared by a laboratory; small
variants have no germline filter.
"""

from collections.abc import Callable, Iterable

from msgspec import structs

from fgfr_screen import genes
from fgfr_screen.model import (
    Assay,
    Breakend,
    Call,
    CopyNumberCall,
    Coverage,
    InputContent,
    Measure,
    RearrangementCall,
    Record,
    ShortVariantCall,
    Source,
    Specimen,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions, input_report
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._report_parts import (
    Account,
    EntryError,
    count_of,
    fgfr_named,
    fraction_of,
    gene_side,
    interval_of,
    number_of,
    oriented_by_strand,
    receptors,
    touches_fgfr,
)
from fgfr_screen.readers._sections import Row, Section, rows_of, sections, text_lines
from fgfr_screen.readers._table import has_no_support, plain_place
from fgfr_screen.terms import (
    Assembly,
    CopyNumberUnit,
    DeclaredCopyNumber,
    DeclaredStructure,
    EventKind,
    FgfrGene,
    FilterStatus,
    GeneOrder,
    JunctionKind,
    Molecule,
    Orientation,
    SpecimenKind,
    TranscriptSide,
)

CALLER = "TSO500"
_LEFT, _RIGHT = Orientation.LEFT, Orientation.RIGHT
_DIRECTIONS = {
    "L1R2": (_LEFT, _RIGHT),
    "L1RL2": (_LEFT, _LEFT),
    "L2R1": (_RIGHT, _LEFT),
    "RR2R1": (_RIGHT, _RIGHT),
}
_FUSIONS = ("fusions", "dna fusions", "rna fusions", "large rearrangements", "splice variants")
_AMPLIFICATIONS = ("gene amplifications", "copy number variants")
_SMALL = ("small variants",)


class _Job(Record, frozen=True, kw_only=True):
    """What reading one file carries along."""

    opened: OpenedInput
    account: Account
    clues: AssemblyClues


def _job(opened: OpenedInput, options: ReadOptions) -> _Job:
    return _Job(opened=opened, account=Account(opened.id), clues=AssemblyClues(opened.path, options.assembly))


def read_combined(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read a combined variant output.

    Raises:
        MalformedFileError: A section stands twice or lacks a column.
        AssemblyError: The places of named genes contradict each other, or an FGFR row has a place and no clue tells.
    """
    job = _job(opened, options)
    found = {section.name.lower(): section for section in sections(opened)}
    details = _details(found.get("analysis details"))
    last = next(reversed(found.values()), None)
    calls: list[Call] = []
    for name, section in found.items():
        take = _taker(name, details)
        if take is not None:
            # A section with nothing in it holds the word NA under its header.
            lines = [line for line in section.lines if line[1].strip() != "NA"]
            rows = rows_of(lines, opened, options, job.account, at_end=section is last)
            calls += _calls(job, rows, take)
    return _content(job, calls, "tso500-cvo", evidence, assays=_assays(found, details), details=details)


def read_all_fusions(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read a table of RNA fusion candidates.

    Raises:
        MalformedFileError: A column is missing.
        AssemblyError: As `read_combined`.
    """
    job = _job(opened, options)
    required = (("gene a",), ("gene b",), ("gene a breakpoint",), ("gene b breakpoint",), ("keepfusion",))
    rows = rows_of(text_lines(opened), opened, options, job.account, separator=",", required=required)
    return _content(job, _calls(job, rows, _candidate), "tso500-all-fusions", evidence)


def read_ctdna_fusions(opened: OpenedInput, options: ReadOptions, evidence: str) -> InputContent:
    """Read a table of DNA fusions in plasma.

    Raises:
        MalformedFileError: A column is missing.
        AssemblyError: As `read_combined`.
    """
    job = _job(opened, options)
    required = (("chr1",), ("pos1",), ("chr2",), ("pos2",), ("direction",), ("gene1",), ("gene2",))
    rows = rows_of(text_lines(opened), opened, options, job.account, separator=",", required=required)
    plasma = (Specimen(id="sp1", kind=SpecimenKind.PLASMA),)
    return _content(job, _calls(job, rows, _plasma_fusion), "tso500-ctdna-fusions", evidence, specimens=plasma)


# --------------------------------------------------------------------------------------------------------- whole file

_Take = Callable[[Row, str], Call | None]


def _calls(job: _Job, rows: Iterable[Row], take: _Take) -> list[Call]:
    calls: list[Call] = []
    for row in rows:
        try:
            call = take(row, job.opened.id)
        except EntryError as error:
            touches = error.code != "CANDIDATE_NOT_KEPT" and genes.may_touch_fgfr(" ".join(row.cells.values()))
            job.account.reject(row.line, error, touches_fgfr=touches)
            continue
        _add_places(job.clues, row)
        if call is None:
            job.account.outside += 1
        else:
            calls.append(call)
            _add_clues(job.clues, call)
    return calls


def _add_places(clues: AssemblyClues, row: Row) -> None:
    """Take the places of all genes that a row names, in whatever table it stands."""
    named = genes.split_fusion_name(row.get("gene pair") or "") or ()
    words = [row.get("gene"), row.get("gene a", "gene1"), row.get("gene b", "gene2"), *(name.given for name in named)]
    symbols = {symbol for word in words if word is not None for symbol in genes.resolve(word).symbols}
    ends = (
        row.get("breakpoint 1", "gene a breakpoint"),
        row.get("breakpoint 2", "gene b breakpoint"),
        *(f"{row.get(f'chr{n}') or ''}:{row.get(f'pos{n}') or ''}" for n in (1, 2)),
        f"{row.get('chromosome') or ''}:{row.get('genomic position') or ''}",
    )
    for text in ends:
        contig, low, high = interval_of(plain_place(text or "")) or (None, None, None)
        if contig is not None and low is not None and high is not None:
            clues.add_named_place(symbols, contig, low, high)


def _add_clues(clues: AssemblyClues, call: Call) -> None:
    sides: list[Breakend | None] = []
    if isinstance(call, RearrangementCall):
        sides = [call.first, call.second]
    elif isinstance(call, ShortVariantCall):
        sides = [Breakend(contig=call.contig, pos=call.pos, pos_end=call.pos, genes=(call.gene or "",))]
        if call.contig is not None and call.pos is not None and call.ref is not None:
            clues.add_base(call.contig, call.pos, call.ref)
    for side in sides:
        if side is None or side.contig is None or side.pos is None:
            continue
        clues.add_position(side.contig, side.pos, call.source.line)
        if isinstance(call, RearrangementCall) and call.junction is JunctionKind.RNA_JUNCTION:
            for word in side.genes:
                clues.add_splice_site(word, side.contig, side.pos, side.pos_end or side.pos, call.source.line)
        for gene in receptors(side):
            clues.add_gene_position(gene, side.contig, side.pos, side.pos_end or side.pos, call.source.line)


def _content(
    job: _Job,
    calls: list[Call],
    format_name: str,
    evidence: str,
    *,
    assays: tuple[Assay, ...] = (),
    specimens: tuple[Specimen, ...] = (),
    details: dict[str, str] | None = None,
) -> InputContent:
    settled = job.clues.settle()
    for call in calls:
        assembly = job.clues.require(settled, call.source.line) if _needs_assembly(call) else settled.name
        job.account.add(_on(call, assembly))
    counts = job.account.counts()
    version = (details or {}).get("pipeline version", "NA")
    return InputContent(
        report=input_report(
            job.opened,
            format_name=format_name,
            format_evidence=evidence,
            assembly=settled,
            accounting=counts,
            caller=CALLER if version == "NA" else f"{CALLER} {version[:40]}",
        ),
        calls=tuple(job.account.calls),
        rejected=tuple(sorted(job.account.rejected, key=lambda row: row.line or 0)),
        accounting=counts,
        assays=assays,
        specimens=specimens,
    )


def _needs_assembly(call: Call) -> bool:
    """Tell whether a call cannot be understood without the assembly: copies and HGVS texts can."""
    if isinstance(call, ShortVariantCall):
        return call.hgvs_c is None and call.hgvs_p is None
    return not isinstance(call, CopyNumberCall)


def _on(call: Call, assembly: Assembly | None) -> Call | None:
    """Set the assembly of a call, and the kept sides of an RNA junction whose order is told; None = not in FGFR1-3."""
    if isinstance(call, RearrangementCall):
        if not touches_fgfr((call.first, call.second), assembly):
            return None
        first, second = call.first, call.second
        if call.order is GeneOrder.ASSERTED and call.molecule is Molecule.RNA and second is not None:
            first = oriented_by_strand(first, TranscriptSide.FIVE_PRIME, assembly)
            second = oriented_by_strand(second, TranscriptSide.THREE_PRIME, assembly)
        return structs.replace(call, assembly=assembly, first=first, second=second)
    return call if isinstance(call, CopyNumberCall) else structs.replace(call, assembly=assembly)


def _details(section: Section | None) -> dict[str, str]:
    pairs = (line.split("\t") for _, line in section.lines) if section is not None else ()
    return {cells[0].strip().lower(): cells[1].strip() for cells in pairs if len(cells) > 1}


def _ran(details: dict[str, str], molecule: Molecule) -> bool:
    """Tell whether a library of this kind was sequenced: its sample id is not NA."""
    return details.get(f"{molecule.value.lower()} sample id", "NA").upper() not in ("NA", "")


def _assays(found: dict[str, Section], details: dict[str, str]) -> tuple[Assay, ...]:
    """Describe the libraries that were sequenced; the file has no word on whether they passed."""
    plans = (
        ("as1", Molecule.DNA, EventKind.SHORT_VARIANT, _SMALL),
        ("as1", Molecule.DNA, EventKind.COPY_NUMBER, _AMPLIFICATIONS),
        ("as1", Molecule.DNA, EventKind.REARRANGEMENT, ("dna fusions",)),
        ("as2", Molecule.RNA, EventKind.REARRANGEMENT, ("fusions", "rna fusions")),
    )
    covers: dict[tuple[str, Molecule], list[Coverage]] = {}
    for assay, molecule, kind, names in plans:
        if _ran(details, molecule) and any(name in found for name in names):
            covers.setdefault((assay, molecule), []).extend(Coverage(gene=gene, kind=kind) for gene in FgfrGene)
    return tuple(
        Assay(
            id=assay,
            source="report",
            name=f"{CALLER} {molecule}",
            covers=tuple(kinds),
            molecule=molecule,
            has_matched_normal=False,
        )
        for (assay, molecule), kinds in covers.items()
    )


# --------------------------------------------------------------------------------------------------------------- rows


def _taker(section: str, details: dict[str, str]) -> _Take | None:
    if section in _AMPLIFICATIONS:
        return _copy_number
    if section in _SMALL:
        return _small_variant
    if section not in _FUSIONS:
        return None
    is_dna = section in ("dna fusions", "large rearrangements")
    is_dna = is_dna or (section == "fusions" and _ran(details, Molecule.DNA) and not _ran(details, Molecule.RNA))
    return _dna_fusion if is_dna else _rna_fusion


def _copy_number(row: Row, input_id: str) -> CopyNumberCall | None:
    gene = fgfr_named(row.get("gene"))
    if gene is None:
        return None
    fold = number_of(row.get("fold change"))
    copies = number_of(row.get("absolute copy number", "copy number"))
    word = (row.get("copy number variant", "alt", "type") or "").strip("<>").upper()
    measures = [] if fold is None else [Measure(value=fold, unit=CopyNumberUnit.FOLD_CHANGE, purity_corrected=False)]
    if copies is not None:
        measures.append(Measure(value=copies, unit=CopyNumberUnit.COPIES))
    if not measures and not word:
        raise EntryError("REPORT_INCOMPLETE", "the row has no fold change and no copy number")
    return CopyNumberCall(
        source=Source(input=input_id, line=row.line),
        caller=CALLER,
        assay="as1",
        molecule=Molecule.DNA,
        filter=FilterStatus.PASS,
        gene=gene.value,
        measures=tuple(measures),
        declared=DeclaredCopyNumber.LOSS if word in ("DEL", "LOSS") else DeclaredCopyNumber.GAIN,
    )


def _small_variant(row: Row, input_id: str) -> ShortVariantCall | None:
    gene = fgfr_named(row.get("gene"))
    place = interval_of(plain_place(f"{row.get('chromosome') or ''}:{row.get('genomic position') or ''}"))
    contig, pos, _ = place or (None, None, None)
    is_near = touches_fgfr((Breakend(contig=contig, pos=pos, pos_end=pos),), None)
    if gene is None and not is_near:
        return None
    if pos is None:
        raise EntryError("BAD_POSITION", f"{row.get('genomic position')!r} is no position")
    vaf = fraction_of(row.get("allele frequency"))
    return ShortVariantCall(
        source=Source(input=input_id, line=row.line),
        caller=CALLER,
        assay="as1",
        molecule=Molecule.DNA,
        filter=FilterStatus.PASS,
        no_support=has_no_support(vaf),
        has_matched_normal=False,
        vaf=vaf,
        text=row.get("consequence(s)"),
        gene=None if gene is None else gene.value,
        contig=contig,
        pos=pos,
        ref=row.get("reference call"),
        alt=row.get("alternative call"),
        hgvs_c=row.get("c-dot notation"),
        hgvs_p=row.get("p-dot notation"),
        depth=count_of(row.get("depth")),
    )


def _rna_fusion(row: Row, input_id: str) -> RearrangementCall | None:
    return _pair_of_row(row, input_id, Molecule.RNA)


def _dna_fusion(row: Row, input_id: str) -> RearrangementCall | None:
    return _pair_of_row(row, input_id, Molecule.DNA)


def _pair_of_row(row: Row, input_id: str, molecule: Molecule) -> RearrangementCall | None:
    pair = row.get("gene pair")
    if pair is None:
        # A splice variant has one gene and two places.
        word, declared = row.get("gene") or "", DeclaredStructure.EXON_SKIPPING
        words, order = (word, word), GeneOrder.UNKNOWN
    else:
        (*words_found, order), declared = _split(pair), DeclaredStructure.FUSION
        words = (str(words_found[0]), str(words_found[1]))
    places = (row.get("breakpoint 1"), row.get("breakpoint 2"))
    reads = count_of(row.get("fusion supporting reads", "splice supporting reads", "supporting reads"))
    call = _fusion(Source(input=input_id, line=row.line), words, places, molecule)
    if call is None:
        return None
    assay = "as2" if molecule is Molecule.RNA else "as1"
    return structs.replace(
        call,
        order=order,
        declared=declared,
        assay=assay,
        filter=FilterStatus.PASS,
        no_support=has_no_support(reads),
        split_reads=reads,
        text=pair,
    )


def _split(pair: str) -> tuple[str, str, GeneOrder]:
    """Split a gene pair: `A-B` is in 5' to 3' order, `A/B` in none.

    Raises:
        EntryError: The pair names an FGFR and cannot be split.
    """
    if "/" in pair:
        first, _, second = pair.partition("/")
        return first, second, GeneOrder.UNKNOWN
    named = genes.split_fusion_name(pair)
    if named is not None:
        return named[0].given, named[1].given, GeneOrder.ASSERTED
    # A pair by definition: where only one gene is known, the rest of the word is the other.
    places = [at for at, sign in enumerate(pair) if sign == "-"]
    likely = [
        (pair[:at], pair[at + 1 :])
        for at in places
        if genes.fgfr_gene(pair[:at]) is not None or genes.fgfr_gene(pair[at + 1 :]) is not None
    ]
    if len(likely) == 1:
        return (*likely[0], GeneOrder.ASSERTED)
    if genes.may_touch_fgfr(pair):
        raise EntryError("GENE_SYMBOL", f"the gene pair {pair!r} cannot be split")
    return pair, "", GeneOrder.UNKNOWN


def _fusion(
    source: Source, words: tuple[str, str], places: tuple[str | None, str | None], molecule: Molecule
) -> RearrangementCall | None:
    """Return a call without order; None when no side is an FGFR by name or, on any assembly, by place."""
    ends, codes = [], []
    for word, text in zip(words, places, strict=True):
        side = gene_side(word)
        place = interval_of(plain_place(text or ""))
        codes += [code for code in (side.code, "POSITION_UNREADABLE" if place is None else None) if code is not None]
        contig, low, high = place or (None, None, None)
        ends.append(Breakend(contig=contig, pos=low, pos_end=high, genes=side.genes))
    if not touches_fgfr(ends, None):
        return None
    has_place = any(end.pos is not None for end in ends)
    junction = JunctionKind.RNA_JUNCTION if molecule is Molecule.RNA else JunctionKind.DNA_BREAKPOINT
    return RearrangementCall(
        source=source,
        caller=CALLER,
        molecule=molecule,
        finding_codes=tuple(dict.fromkeys(codes)),
        first=ends[0],
        second=ends[1],
        junction=junction if has_place else JunctionKind.NAMES_ONLY,
        declared=DeclaredStructure.FUSION,
    )


def _candidate(row: Row, input_id: str) -> RearrangementCall | None:
    words = (row.get("gene a") or "", row.get("gene b") or "")
    places = (row.get("gene a breakpoint"), row.get("gene b breakpoint"))
    call = _fusion(Source(input=input_id, line=row.line), words, places, Molecule.RNA)
    if call is None:
        return None
    verdict = row.get("filter")
    is_kept = (row.get("keepfusion") or "").lower() == "true"
    if not is_kept and verdict is not None and verdict.upper() != "PASS":
        raise EntryError("CANDIDATE_NOT_KEPT", "the pipeline did not keep this candidate (KeepFusion)")
    is_ordered = (row.get("fusion directionality known") or "").lower() in ("true", "yes")
    split = count_of(row.get("alt split", "split reads", "supporting reads"))
    pairs = count_of(row.get("alt pair", "paired reads"))
    return structs.replace(
        call,
        order=GeneOrder.ASSERTED if is_ordered else GeneOrder.UNKNOWN,
        # What passed the filter and was left out of the final list all the same is for a person to judge.
        filter=FilterStatus.PASS if is_kept else FilterStatus.FAILED,
        filter_text=verdict if is_kept else f"{verdict or 'no filter'}, not kept (KeepFusion)",
        no_support=has_no_support(split, pairs),
        split_reads=split,
        spanning_pairs=pairs,
    )


def _plasma_fusion(row: Row, input_id: str) -> RearrangementCall | None:
    words = (row.get("gene1") or "", row.get("gene2") or "")
    places = tuple(f"{row.get(f'chr{n}') or ''}:{row.get(f'pos{n}') or ''}" for n in (1, 2))
    call = _fusion(Source(input=input_id, line=row.line), words, (places[0], places[1]), Molecule.DNA)
    if call is None or call.second is None:
        return None
    sides = _DIRECTIONS.get((row.get("direction") or "").strip("{} ").upper())
    first, second = call.first, call.second
    if sides is not None:
        first, second = structs.replace(first, orientation=sides[0]), structs.replace(second, orientation=sides[1])
    is_ordered = (row.get("fusion directionality known") or "").lower() in ("true", "yes")
    text = row.get("filter")
    passed = (
        FilterStatus.UNFILTERED
        if text is None
        else FilterStatus.PASS
        if text.upper() == "PASS"
        else FilterStatus.FAILED
    )
    reads, vaf = count_of(row.get("alt_depth")), fraction_of(row.get("vaf"))
    return structs.replace(
        call,
        first=first,
        second=second,
        order=GeneOrder.ASSERTED if is_ordered else GeneOrder.UNKNOWN,
        specimen="sp1",
        no_support=has_no_support(reads, vaf),
        filter=passed,
        filter_text=text,
        vaf=vaf,
        split_reads=reads,
        finding_codes=call.finding_codes if sides is not None else (*call.finding_codes, "ORIENTATION_NOT_GIVEN"),
    )
