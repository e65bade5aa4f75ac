"""One parsed record -> the calls that touch FGFR1-3: rearrangement, copy number, short variant; each ALT on its own."""

import contextlib
from typing import Any

from msgspec.structs import replace

from fgfr_screen import coords
from fgfr_screen.breakends import is_breakend_alt
from fgfr_screen.model import Breakend, Call, CopyNumberCall, Pos1, RearrangementCall, Record, ShortVariantCall, Source
from fgfr_screen.readers.vcf import copy_number
from fgfr_screen.readers.vcf.adjacencies import (
    Junction,
    breakend_junction,
    contig_name,
    homology_length,
    plain_junction,
    span_end,
    symbolic_junctions,
)
from fgfr_screen.readers.vcf.callers import Caller
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord
from fgfr_screen.readers.vcf.rna_junctions import rna_junction
from fgfr_screen.readers.vcf.samples import (
    AlleleSupport,
    SampleColumns,
    allele_support,
    fragment_counts,
    has_no_support,
    origin_of,
    require,
    sample_values,
)
from fgfr_screen.readers.vcf.scan.gate import SEGMENT, Gate
from fgfr_screen.terms import (
    Assembly,
    CallStatus,
    CopyNumberUnit,
    FgfrGene,
    FilterStatus,
    JunctionKind,
    Molecule,
    Origin,
)


class Context(Record, frozen=True, kw_only=True):
    """What is the same for every record of one file.

    Attributes:
        input_id, path: For sources and messages.
        header: Header of the file.
        caller: Dialect.
        is_rna: True when the junctions are RNA junctions.
        assembly: Assembly of the coordinates, or None.
        columns: Tumour and normal column.
    """

    input_id: str
    path: str
    header: Header
    caller: Caller
    is_rna: bool
    assembly: Assembly | None
    columns: SampleColumns


class _Evidence(Record, frozen=True, kw_only=True):
    """What the sample columns say about one structural allele."""

    tumor: AlleleSupport
    normal: AlleleSupport | None
    split_reads: int | None = None
    spanning_pairs: int | None = None


def calls_of(record: VcfRecord, line: bytes, context: Context, gate: Gate) -> tuple[Call, ...]:
    """Turn a record into calls; () when no allele of it touches FGFR1-3.

    Args:
        record: The parsed line.
        line: Its bytes, for the gate.
        context: The file.
        gate: Windows of the assembly.

    Raises:
        RecordError: The record cannot be used.
        SampleColumnError: It needs the tumour column, which is not known.
    """
    if not record.alts and context.caller.is_depth and gate.allele(line, SEGMENT, 1):
        _check_samples(record, context)
        return (_copy_number_call(record, 1, context),)
    touching = _touching(record, line, context, gate)
    if touching:
        _check_samples(record, context)
    calls: list[Call] = []
    claims = {allele: _claim(record, allele, context) for allele in range(1, len(record.alts) + 1)}
    for allele in touching:
        if claims[allele].junction:
            calls += _allele_calls(record, allele, context, gate, is_told=claims[allele].is_told)
    segments = [allele for allele, claim in claims.items() if claim.depth]
    return (*calls, *_copy_number_calls(record, segments, touching, context))


def _claim(record: VcfRecord, allele: int, context: Context) -> copy_number.Claim:
    spans_gene = False
    if context.assembly is not None and record.alts[allele - 1].upper().startswith("<DUP"):
        with contextlib.suppress(RecordError):  # Whether the record is refused for it is decided where it is read.
            end, _ = span_end(record, allele, context.caller)
            contig = contig_name(record.contig)
            spans_gene = coords.spans_fgfr_gene(context.assembly, contig, coords.after(record.pos), end)
    return copy_number.claim_of(record, allele, context.caller, spans_gene=spans_gene)


def _touching(record: VcfRecord, line: bytes, context: Context, gate: Gate) -> list[int]:
    """Return the numbers of the alleles that touch FGFR1-3, and of those that only the parser can read."""
    touching: list[int] = []
    for allele, alt in enumerate(record.alts, 1):
        verdict = gate.allele(line, alt.encode("utf-8", "surrogateescape"), allele)
        if verdict is None:
            calls = _allele_calls(record, allele, context, gate)
            if any("MATE_NOT_GIVEN" in one.finding_codes for one in calls):
                message = "the place of the far end is not given, and its chromosome may be one of FGFR1-3"
                raise RecordError("FAR_END_NOT_GIVEN", message)
            verdict = any(isinstance(one, RearrangementCall) for one in calls)
        if verdict:
            touching.append(allele)
    return touching


def filter_status(text: str) -> tuple[FilterStatus, tuple[str, ...]]:
    """Reduce FILTER to three values, with findings.

    >>> filter_status("PASS;LowQual")
    (<FilterStatus.FAILED: 'failed'>, ('FILTER_MIXED',))
    """
    if text == "PASS":
        return FilterStatus.PASS, ()
    if text in (".", ""):
        return FilterStatus.UNFILTERED, ()
    if text.lower() == "pass":
        return FilterStatus.FAILED, ("FILTER_CASE",)
    return FilterStatus.FAILED, ("FILTER_MIXED",) if "PASS" in text.split(";") else ()


def _check_samples(record: VcfRecord, context: Context) -> None:
    """The row must have all its columns before the tumour column is asked for."""
    if not record.format:
        return
    if len(record.samples) != len(context.header.samples):
        code = "ROW_SHORT" if len(record.samples) < len(context.header.samples) else "ROW_LONG"
        raise RecordError(
            code, f"the row has {len(record.samples)} sample columns, the header has {len(context.header.samples)}"
        )
    require(context.columns, context.path)


def _allele_calls(record: VcfRecord, allele: int, context: Context, gate: Gate, *, is_told: bool = True) -> list[Call]:
    """Read one allele as a junction or a short variant; one not told from a copy number is not certain."""
    alt = record.alts[allele - 1]
    if is_breakend_alt(alt) or alt.startswith("<") or _is_remote_plain(record):
        junctions = _junctions(record, allele, context.caller)
    else:
        if not alt.isalpha():
            raise RecordError("ALT_UNKNOWN", f"ALT {alt[:60]!a} is neither bases, a breakend nor a symbolic allele")
        junction = plain_junction(record, allele)
        if junction is None:
            return [_short_variant(record, allele, context)]
        junctions = (junction,)
    evidence = _structural_evidence(record, allele, context)
    for junction in junctions:
        _check_ends(junction, gate)
    status = CallStatus.PRESENT if is_told else CallStatus.EQUIVOCAL
    return [replace(_rearrangement(record, allele, one, evidence, context), status=status) for one in junctions]


def _is_remote_plain(record: VcfRecord) -> bool:
    """Some merges write a translocation with a plain base as ALT and everything else in INFO."""
    return record.text("SVTYPE") in ("BND", "TRA") and record.text("CHR2") is not None


def _junctions(record: VcfRecord, allele: int, caller: Caller) -> tuple[Junction, ...]:
    alt = record.alts[allele - 1]
    if caller.rna is not None:
        return (rna_junction(record, allele, caller),)
    if is_breakend_alt(alt):
        return (breakend_junction(record, allele, caller),)
    return symbolic_junctions(record, allele, caller)


def _check_ends(junction: Junction, gate: Gate) -> None:
    """Refuse a breakend that lies beyond the end of its contig."""
    for end in (junction.first, junction.second):
        if end is None or end.contig is None or end.pos is None:
            continue
        limit = gate.place(end.contig.encode("utf-8", "surrogateescape")).limit
        if end.pos > limit:
            raise RecordError(
                "POS_BEYOND_END",
                f"{end.contig!a}:{end.pos} lies beyond the end of the contig ({coords.before(limit)})",
            )


def _place(record: VcfRecord, allele: int) -> str | None:
    """Tell the allele of several; the whole record where an index left the line unknown."""
    if record.line is None:
        return f"{record.contig}:{record.pos} {record.ref}>{','.join(record.alts)}"
    return f"ALT {allele}" if len(record.alts) > 1 and allele else None


def _base(
    record: VcfRecord, allele: int, tumor: AlleleSupport, normal: AlleleSupport | None, context: Context
) -> dict[str, Any]:
    status, codes = filter_status(record.filter_text)
    return {
        "source": Source(
            input=context.input_id,
            line=record.line,
            place=_place(record, allele),
            raw_id=record.id,
        ),
        "caller": context.caller.name,
        "assembly": context.assembly,
        "molecule": Molecule.RNA if context.is_rna else Molecule.DNA,
        "filter": status,
        "filter_text": record.filter_text,
        "no_support": has_no_support(tumor),
        "origin": origin_of(record, normal),
        "has_matched_normal": True if context.columns.normal is not None and record.format else None,
        "vaf": tumor.vaf,
        "finding_codes": codes,
    }


def _short_variant(record: VcfRecord, allele: int, context: Context) -> ShortVariantCall:
    values = sample_values(record, context.columns.tumor)
    tumor = allele_support(record, values, allele, context.caller, use_info=True)
    normal = _normal(record, allele, context)
    return ShortVariantCall(
        **_base(record, allele, tumor, normal, context),
        gene=_stated_fgfr(record) if coords.normalise_contig(record.contig) is None else None,
        contig=contig_name(record.contig),
        pos=record.pos,
        ref=record.ref.upper(),
        alt=record.alts[allele - 1].upper(),
        depth=tumor.depth,
        normal_vaf=None if normal is None else normal.vaf,
    )


def _stated_fgfr(record: VcfRecord) -> str | None:
    """Return the FGFR gene that annotations name, for a contig whose coordinates say nothing."""
    text = " ".join(record.info.values())
    return next((gene.value for gene in FgfrGene if gene.value in text), None)


_OTHER_READS = ("VF", "ASSR", "ASRP")
"""GRIDSS and Esvee: fragments, and reads and pairs of the assembly that SR and RP leave out."""


def _normal(record: VcfRecord, allele: int, context: Context) -> AlleleSupport | None:
    if context.columns.normal is None or not record.format:
        return None
    values = sample_values(record, context.columns.normal)
    return allele_support(record, values, allele, context.caller, use_info=False)


def _has_other_reads(record: VcfRecord, tumor: AlleleSupport, context: Context) -> bool:
    """Tell whether a junction is supported by a fraction, by fragments or by assembled reads, which some callers count apart."""
    values = sample_values(record, context.columns.tumor)
    stated = (values.get(key) or record.text(key) for key in _OTHER_READS)
    return bool(tumor.vaf) or any(text is not None and text.isdecimal() and int(text) > 0 for text in stated)


def _rearrangement(
    record: VcfRecord, allele: int, junction: Junction, evidence: _Evidence, context: Context
) -> RearrangementCall:
    base = _base(record, allele, evidence.tumor, evidence.normal, context)
    has_no_reads = {evidence.split_reads, evidence.spanning_pairs} in ({0}, {0, None})
    base["no_support"] = base["no_support"] or (has_no_reads and not _has_other_reads(record, evidence.tumor, context))
    base["finding_codes"] = (*base["finding_codes"], *junction.codes)
    return RearrangementCall(
        **base,
        first=_named(junction.first, record),
        second=junction.second,
        order=junction.order,
        junction=JunctionKind.RNA_JUNCTION if context.is_rna else JunctionKind.DNA_BREAKPOINT,
        declared=junction.declared,
        declared_frame=junction.declared_frame,
        orientation_is_reliable=junction.orientation_is_reliable,
        untemplated_sequence=junction.untemplated_sequence,
        homology_length=homology_length(record),
        imprecise=record.flag("IMPRECISE"),
        split_reads=evidence.split_reads,
        spanning_pairs=evidence.spanning_pairs,
        mate_ids=_mate_ids(record, context.caller),
    )


def _named(end: Breakend, record: VcfRecord) -> Breakend:
    """Add the annotated FGFR gene to a side whose contig says nothing (alternate contigs)."""
    if end.genes or coords.normalise_contig(record.contig) is not None:
        return end
    gene = _stated_fgfr(record)
    return (
        end
        if gene is None
        else Breakend(contig=end.contig, pos=end.pos, pos_end=end.pos_end, orientation=end.orientation, genes=(gene,))
    )


def _mate_ids(record: VcfRecord, caller: Caller) -> tuple[str, ...]:
    for key in (caller.mate_key or "").split(","):
        value = record.text(key)
        if value is not None:
            return tuple(item for item in value.split(",") if item not in ("", "."))
    stem, _, number = (record.id or "").rpartition("_")
    if caller.mates_by_suffix and stem and number in ("1", "2"):
        return (f"{stem}_{'2' if number == '1' else '1'}",)
    return ()


def _structural_evidence(record: VcfRecord, allele: int, context: Context) -> _Evidence:
    tumor, split, pairs = _fragments(record, allele, context.columns.tumor, context.caller, use_info=True)
    normal = None
    if context.columns.normal is not None and record.format:
        normal, _, _ = _fragments(record, allele, context.columns.normal, context.caller, use_info=False)
    return _Evidence(tumor=tumor, normal=normal, split_reads=split, spanning_pairs=pairs)


def _fragments(
    record: VcfRecord, allele: int, column: int | None, caller: Caller, *, use_info: bool
) -> tuple[AlleleSupport, int | None, int | None]:
    """Return support, split reads and spanning pairs; the allele fraction falls back on the fragments."""
    values = sample_values(record, column)
    support = allele_support(record, values, allele, caller, use_info=use_info)
    places = [
        tuple(place for place in group if use_info or place.startswith("FORMAT/"))
        for group in (caller.split, caller.pairs)
    ]
    split, split_reference = fragment_counts(record, values, places[0], allele)
    pairs, pair_reference = fragment_counts(record, values, places[1], allele)
    stated = [fragment_counts(record, values, (f"FORMAT/{key}",), allele)[0] for key in caller.references]
    references = [count for count in (*stated, split_reference, pair_reference) if count is not None]
    alternate = (split or 0) + (pairs or 0)
    depth = alternate + sum(references)
    if support.vaf is None and references and depth:
        support = AlleleSupport(
            is_called=support.is_called,
            in_genotype=support.in_genotype,
            is_reference=support.is_reference,
            vaf=alternate / depth,
            depth=depth if support.depth is None else support.depth,
        )
    return support, split, pairs


def _copy_number_calls(
    record: VcfRecord, segments: list[int], touching: list[int], context: Context
) -> list[CopyNumberCall]:
    """Make one call of the record where its alleles share span and numbers, else one of each allele that touches."""
    if set(segments).isdisjoint(touching):
        return []
    calls = {allele: _copy_number_call(record, allele, context) for allele in segments}
    if len({(call.end, call.measures) for call in calls.values()}) > 1:
        return [calls[allele] for allele in segments if allele in touching]
    (first, *_) = calls.values()
    declared = copy_number.declared_copy_number(record.alts, context.caller)
    source = replace(first.source, place=_place(record, 0))
    return [
        replace(first, declared=declared, source=source, no_support=_tumor(record, segments[0], context).is_reference)
    ]


def _copy_number_call(record: VcfRecord, allele: int, context: Context) -> CopyNumberCall:
    """Read one allele (or ALT `.`, as 1) as a segment."""
    values = sample_values(record, context.columns.tumor)
    measures = copy_number.measures(record, values, allele, context.caller)
    copies = next((one.value for one in measures if one.unit is CopyNumberUnit.COPIES), None)
    ploidy = context.header.ploidy
    is_unsure = copies is not None and copy_number.is_unsure(record, values, allele, copies, ploidy)
    base = _base(record, allele, AlleleSupport(), None, context)
    has_end = record.integer("END", allele - 1) is not None or record.integer("SVLEN", allele - 1) is not None
    end, codes = span_end(record, allele, context.caller) if has_end else (None, ())
    base |= {
        "finding_codes": (*base["finding_codes"], *codes),
        "no_support": bool(record.alts) and has_no_support(_tumor(record, allele, context)),
        "status": CallStatus.EQUIVOCAL if is_unsure else CallStatus.PRESENT,
    }
    if _normal_has_gain(record, allele, context):
        base["origin"] = Origin.GERMLINE
    return CopyNumberCall(
        **base,
        gene=copy_number.stated_gene(record),
        contig=contig_name(record.contig),
        start=coords.after(record.pos) if record.alts else Pos1(max(1, record.pos)),
        end=end,
        measures=measures,
        purity=context.header.purity,
        ploidy=ploidy,
        declared=copy_number.declared_copy_number(record.alts[allele - 1 : allele], context.caller),
    )


def _tumor(record: VcfRecord, allele: int, context: Context) -> AlleleSupport:
    """Return what the genotype of the tumour says; fractions say nothing of a number of copies."""
    genotype = sample_values(record, context.columns.tumor).get("GT")
    values = {} if genotype is None else {"GT": genotype}
    return allele_support(record, values, allele, context.caller, use_info=False)


def _normal_has_gain(record: VcfRecord, allele: int, context: Context) -> bool:
    """Tell whether the matched normal shows the gain as well, by its own numbers, else by its genotype."""
    if context.columns.normal is None or not record.format:
        return False
    values = sample_values(record, context.columns.normal)
    measures = copy_number.measures(record, values, allele, context.caller, use_info=False)
    if measures:
        return copy_number.shows_gain(measures)
    if not record.alts:
        return False
    return allele_support(record, values, allele, context.caller, use_info=False).in_genotype
