"""Header and numbered lines of one VCF (or BCF printed as VCF) -> `InputContent`.

1. `scan` finds the lines that may touch FGFR1-3; the others are only counted.
2. What is left is parsed, and gives clues to the assembly (REF bases, genes, ends of contigs).
3. With the assembly settled, the records that still touch FGFR1-3 become calls; one that cannot be used becomes
`Rejected`.

Every line ends as exactly one of outside, in events, rejected.
"""

from collections.abc import Iterator

from fgfr_screen import coords, genes
from fgfr_screen.model import (
    Accounting,
    AssemblyEvidence,
    Call,
    Finding,
    InputContent,
    InputReport,
    Pos1,
    Record,
    Rejected,
    ShortVariantCall,
)
from fgfr_screen.readers._api import OpenedInput, ReadOptions
from fgfr_screen.readers._assembly import AssemblyClues
from fgfr_screen.readers._text import decode_text
from fgfr_screen.readers.vcf.callers import Caller, carried_kinds, identify, is_rna_run
from fgfr_screen.readers.vcf.calls import Context, calls_of
from fgfr_screen.readers.vcf.coverage import hotspots_left_out, not_covered
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.readers.vcf.records import RecordError, VcfRecord, parse_record
from fgfr_screen.readers.vcf.rna_junctions import rna_junction
from fgfr_screen.readers.vcf.samples import sample_columns
from fgfr_screen.readers.vcf.scan.bodies import Scan
from fgfr_screen.readers.vcf.scan.gate import Gate
from fgfr_screen.readers.vcf.scan.scanned import Scanned
from fgfr_screen.terms import Assembly, Outcome

_LINES_SHOWN = 5
_WARNINGS = {
    "FILTER_MIXED": "FILTER holds PASS beside a failed filter; the record counts as failed",
    "FILTER_CASE": "FILTER is 'pass' in another case than PASS; the record counts as failed",
    "SPAN_CONFLICT": "END and SVLEN contradict each other; the rule of the caller decided",
    "SIDES_CONFLICT": "INFO CT contradicts the brackets of ALT; the kept sides are not relied on",
    "MATE_CONTIG_UNKNOWN": "the mate lies on a contig that is not a chromosome",
    "MATE_NOT_GIVEN": "the record names no place for its mate",
    "NOT_UTF8": "the text is not UTF-8; it was read as Latin-1",
}


class _Kept(Record, frozen=True, kw_only=True):
    """A line that may touch FGFR1-3: its record, or why it cannot be used."""

    number: int | None
    line: bytes
    record: VcfRecord | None
    error: tuple[str, str] | None = None


def read_body(
    header: Header,
    scan: Scan,
    opened: OpenedInput,
    options: ReadOptions,
    *,
    format_name: str,
    format_evidence: str,
) -> InputContent:
    """Read the records of one file.

    Args:
        header: The header.
        scan: Walks over the body and returns its candidates, which the given gate picks.
        opened: The input, for its id, path, digest and state at the end.
        options: What the user said.
        format_name: Name of the reader.
        format_evidence: Why the file is of this format.

    Raises:
        MalformedFileError: A second header stands in the body (SECOND_HEADER).
        AssemblyError: The assembly contradicts itself, is refused, or a record needs it and it cannot be told.
        SampleColumnError: A record needs the tumour column and it cannot be told; or a named column does not exist.
    """
    caller = identify(header)
    clues = AssemblyClues(opened.path, options.assembly)
    _add_header_clues(clues, header)
    gate = asked = _gate(clues.settle().name, header, caller)
    scanned = scan(gate)
    kept = [_parse(number, line, header) for number, line in scanned.candidates]
    evidence = _settle(clues, kept, gate, caller)
    if evidence.name is not None and gate.assemblies != (evidence.name,):
        gate = _gate(evidence.name, header, caller)
    context = _context(header, caller, evidence, opened, options)
    calls, rejected, in_events = _calls(kept, context, gate)
    if calls:
        clues.require(evidence, calls[0].source.line)
    counts = Accounting(
        records=scanned.records,
        outside_fgfr=scanned.records - in_events - len(rejected),
        in_events=in_events,
        rejected=len(rejected),
    )
    findings = (
        *header.findings,
        *_findings(calls, kept),
        *_end_findings(scanned, opened),
        *_assembly_findings(evidence, scanned),
        *_contig_findings(header, asked, scanned),
    )
    report = InputReport(
        id=opened.id,
        path=opened.path,
        format=format_name,
        format_evidence=format_evidence,
        caller=caller.name,
        assembly=evidence,
        sha256=opened.sha256,
        records=counts.records,
        outside_fgfr=counts.outside_fgfr,
        rejected=counts.rejected,
        complete=not opened.truncated and not _is_cut(scanned, header, opened),
        findings=findings,
    )
    return InputContent(
        report=report,
        carries=carried_kinds(header, caller),
        calls=(*calls, *_gaps(kept, scanned, context)),
        rejected=rejected,
        accounting=counts,
        purity=header.purity,
        ploidy=header.ploidy,
    )


def _gaps(kept: list[_Kept], scanned: Scanned, context: Context) -> Iterator[ShortVariantCall]:
    """Yield a call for each receptor with a hotspot that a file of reference rows leaves out."""
    records = (item.record for item in kept if item.record is not None)
    tumor = context.columns.tumor
    left_out = hotspots_left_out(records, scanned.last_line, context.caller, tumor, context.assembly)
    return not_covered(context.input_id, context.caller.name, left_out)


def _assembly_findings(evidence: AssemblyEvidence, scanned: Scanned) -> tuple[Finding, ...]:
    """Say that nothing tells the assembly: on a third one FGFR1-3 lie elsewhere, so silence is no answer."""
    if evidence.name is not None or not scanned.records:
        return ()
    message = "nothing tells the assembly; on another than GRCh37 and GRCh38 these records could be of FGFR1-3"
    return (Finding(code="ASSEMBLY_NOT_TOLD", message=message, outcome=Outcome.UNDETERMINED),)


def _contig_findings(header: Header, gate: Gate, scanned: Scanned) -> tuple[Finding, ...]:
    """Say that the chromosomes of FGFR1-3 may stand there under a name that is not known."""
    if not scanned.records:
        return ()
    lengths = {coords.contig_length(assembly, contig): contig for assembly in Assembly for contig in gate.contigs}
    names = {name: coords.normalise_contig(name) for name, _ in header.contigs}
    for name, length in header.contigs:
        if length in lengths and names[name] is None:
            return (_unread(f"contig {name!a} is as long as {lengths[length]} and its name is not known"),)
    if not gate.may_miss_fgfr_contig or not set(gate.contigs).isdisjoint(names.values()):
        return ()
    return (_unread("records lie on contigs whose names are not known, and on no other"),)


def _unread(reason: str) -> Finding:
    message = f"{reason}: what the file does not show there is no answer; name its contigs as chr10 or 10"
    return Finding(code="CONTIG_NOT_KNOWN", message=message, outcome=Outcome.UNDETERMINED)


def _context(
    header: Header, caller: Caller, evidence: AssemblyEvidence, opened: OpenedInput, options: ReadOptions
) -> Context:
    # A sample named by the user is the one to read, in a file that holds several.
    tumor = options.tumor_sample or (options.sample_id if options.sample_id in header.samples else None)
    return Context(
        input_id=opened.id,
        path=opened.path,
        header=header,
        caller=caller,
        is_rna=is_rna_run(header, caller),
        assembly=evidence.name,
        columns=sample_columns(header, tumor, options.normal_sample, opened.path),
    )


def _is_cut(scanned: Scanned, header: Header, opened: OpenedInput) -> bool:
    """Tell whether the last line has no terminator and lacks columns: what followed it is not known."""
    if scanned.is_partial:
        return False
    is_short = scanned.last_line.count(b"\t") + 1 < header.column_count
    return is_short and scanned.records > 0 and not opened.ends_with_newline


def _end_findings(scanned: Scanned, opened: OpenedInput) -> tuple[Finding, ...]:
    """Say that an index was used; else warn of a last line without a line end, which a cut may have left."""
    if scanned.is_partial:
        message = "the index was used: only records near FGFR1-3 were read, and those elsewhere were not counted"
        return (Finding(code="READ_BY_INDEX", message=message),)
    if opened.ends_with_newline or opened.truncated or not scanned.records:
        return ()
    message = "the last line has no line end: if the file was cut there, the records behind it are not known"
    return (Finding(code="LAST_LINE_OPEN", message=message),)


def _add_header_clues(clues: AssemblyClues, header: Header) -> None:
    for key in ("reference", "assembly"):
        for value in header.values(key):
            clues.add_name(value)
    for name, length in header.contigs:
        clues.add_contig(name, length)
    for name in sorted(header.contig_assemblies):
        clues.add_name(name)


def _gate(assembly: Assembly | None, header: Header, caller: Caller) -> Gate:
    return Gate(
        tuple(Assembly) if assembly is None else (assembly,),
        header.contigs,
        end_is_coordinate=header.end_is_coordinate,
        has_segments=caller.is_depth,
    )


def _parse(number: int | None, line: bytes, header: Header) -> _Kept:
    try:
        record = parse_record(number, decode_text(line)[0], end_is_coordinate=header.end_is_coordinate)
    except RecordError as error:
        return _Kept(number=number, line=line, record=None, error=(error.code, error.message))
    return _Kept(number=number, line=line, record=record)


def _settle(clues: AssemblyClues, kept: list[_Kept], gate: Gate, caller: Caller) -> AssemblyEvidence:
    for item in kept:
        if item.record is not None:
            _add_record_clues(clues, item.record, caller)
    if len(gate.assemblies) > 1:
        for contig, pos in gate.highest_positions.items():
            clues.add_position(contig, Pos1(pos))
    return clues.settle()


def _add_record_clues(clues: AssemblyClues, record: VcfRecord, caller: Caller) -> None:
    contig = coords.normalise_contig(record.contig)
    if contig is not None and record.ref.upper() != "N":
        clues.add_base(contig, record.pos, record.ref)
    if contig is None:
        return
    clues.add_contig(record.contig)
    if caller.rna is None:
        return
    try:
        junction = rna_junction(record, 1, caller) if record.alts else None
    except RecordError:
        return  # `_calls` refuses the record and says why.
    for end in (junction.first, junction.second) if junction is not None else ():
        for name in () if end is None or end.contig is None or end.pos is None else end.genes:
            gene = genes.fgfr_gene(name)
            if gene is not None and end is not None and end.contig is not None and end.pos is not None:
                clues.add_gene_position(gene, end.contig, end.pos, end.pos, record.line)


def _calls(kept: list[_Kept], context: Context, gate: Gate) -> tuple[tuple[Call, ...], tuple[Rejected, ...], int]:
    """Return the calls, the refused records and the number of records that gave a call."""
    calls: list[Call] = []
    rejected: list[Rejected] = []
    in_events = 0
    for item in kept:
        error = item.error
        if item.record is not None:
            try:
                found = _calls_within(item.record, item.line, context, gate)
            except RecordError as caught:
                error = (caught.code, caught.message)
            else:
                calls += found
                in_events += bool(found)
        if error is not None:
            touches = gate.refused_touches(item.line)
            rejected.append(
                Rejected(
                    input=context.input_id, line=item.number, code=error[0], message=error[1], touches_fgfr=touches
                )
            )
    return tuple(calls), tuple(rejected), in_events


def _calls_within(record: VcfRecord, line: bytes, context: Context, gate: Gate) -> tuple[Call, ...]:
    """Refuse a position beyond the contig's end before anything is read from the record."""
    place = gate.place(line.partition(b"\t")[0])
    if record.pos > place.limit:
        raise RecordError("POS_BEYOND_END", f"POS {record.pos} lies beyond the end of {record.contig!a}")
    return calls_of(record, line, context, gate)


def _findings(calls: tuple[Call, ...], kept: list[_Kept]) -> tuple[Finding, ...]:
    """Say each warning once, with the lines it concerns."""
    lines: dict[str, list[int]] = {}
    for call in calls:
        for code in call.finding_codes:
            if call.source.line is not None and call.source.line not in lines.setdefault(code, []):
                lines[code].append(call.source.line)
    for item in kept:
        if item.record is not None and item.number is not None and decode_text(item.line)[1] is not None:
            lines.setdefault("NOT_UTF8", []).append(item.number)
    return tuple(
        Finding(code=code, message=f"{_WARNINGS[code]} ({_listed(numbers)})") for code, numbers in sorted(lines.items())
    )


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_LINES_SHOWN])
    more = len(numbers) - _LINES_SHOWN
    return f"line {shown}" + (f" and {more} more" if more > 0 else "")
