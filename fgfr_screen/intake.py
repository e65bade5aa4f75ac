"""What comes in: the user's options and the files of one patient, each read by its reader, with ids made unique."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from fgfr_screen.errors import InputError, UsageError
from fgfr_screen.model import (
    Accounting,
    Assay,
    AssemblyEvidence,
    Call,
    ClinicalFacts,
    Finding,
    InputContent,
    InputReport,
    Record,
)
from fgfr_screen.pairing import pair_mates
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.terms import (
    AssayQc,
    Assembly,
    EventKind,
    Molecule,
    Outcome,
)

ASSAY_FAILED, REPORT_PRELIMINARY = "ASSAY_FAILED", "REPORT_PRELIMINARY"
"""Codes of the reservations that a laboratory has about a whole test or report."""


class ScreenOptions(Record, frozen=True, kw_only=True):
    """What the user says about the sample; every field may stay None.

    Attributes:
        tumor_type: OncoTree code, name, or English or Chinese text.
        assembly: For inputs that do not tell theirs.
        purity: Of the tumour specimen, above 0 and up to 1, for inputs that do not tell theirs.
        ploidy: The same, 0.5 to 20.
        assay: Catalogue id or TOML file that describes the test behind the inputs without a description of their own.
        assay_qc: `pass` or `fail`, of that test; None = as its description says.
        clinical: TOML file, mapping, or facts.
        programs: Ids to weigh; None = all.
        programs_dir: Folder with more programme files.
        only_open: Leave out programmes that take no patients now (status closed or unknown).
        column_map: TOML file that describes the columns of result tables.
        strict: An input that cannot be used, or a refused record, ends the screening.
    """

    sample_id: str | None = None
    patient_id: str | None = None
    tumor_type: str | None = None
    assembly: Assembly | None = None
    tumor_sample: str | None = None
    normal_sample: str | None = None
    purity: float | None = None
    ploidy: float | None = None
    assay: str | None = None
    assay_qc: str | None = None
    clinical: str | os.PathLike[str] | Mapping[str, Any] | ClinicalFacts | None = None
    programs: tuple[str, ...] | None = None
    programs_dir: str | None = None
    only_open: bool = False
    column_map: str | None = None
    input_format: str | None = None
    allow_truncated: bool = False
    strict: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no number of its range, `nan` too.

        Raises:
            UsageError: A number is out of range.
        """
        for name, value, low, high in (("purity", self.purity, 0.0, 1.0), ("ploidy", self.ploidy, 0.5, 20.0)):
            if value is not None and (not low <= value <= high or value == 0):
                raise UsageError(f"{name}: {value} is not in the range {low:g} to {high:g}", remedy=f"correct {name}")


def _read_one(path: str, input_id: str, options: ScreenOptions, stored: str | bytes | None) -> InputContent:
    with OpenedInput(path, input_id, allow_truncated=options.allow_truncated, stored=stored) as opened:
        reader, evidence = choose(opened.head, options.input_format, column_map=options.column_map)
        content = reader.read(
            opened,
            ReadOptions(
                assembly=options.assembly,
                tumor_sample=options.tumor_sample,
                normal_sample=options.normal_sample,
                allow_truncated=options.allow_truncated,
                sample_id=options.sample_id,
                column_map=options.column_map,
            ),
        )
    report = structs.replace(content.report, format_evidence=evidence)
    carries = reader.carries if content.carries is None else content.carries
    return structs.replace(content, report=report, calls=pair_mates(content.calls), carries=carries)


def _failed_input(path: str, input_id: str, error: InputError) -> InputContent:
    line = f"line {error.line}: " if error.line is not None else ""
    remedy = f" -- {error.remedy}" if error.remedy else ""
    finding = Finding(code=error.code, message=f"{line}{error.reason}{remedy}", outcome=Outcome.UNDETERMINED)
    report = InputReport(
        id=input_id,
        path=path,
        format="none",
        format_evidence="could not be used",
        caller=None,
        assembly=AssemblyEvidence(name=None, source="none"),
        sha256=None,
        records=0,
        outside_fgfr=0,
        rejected=0,
        complete=False,
        findings=(finding,),
    )
    return InputContent(report=report, accounting=Accounting(records=0, outside_fgfr=0, in_events=0, rejected=0))


def read_inputs(
    paths: Sequence[str], options: ScreenOptions, stored: Mapping[str, str | bytes] | None = None
) -> tuple[InputContent, ...]:
    """Read every input; one that cannot be used becomes an incomplete one as long as another can.

    Inputs are numbered in the order of their names, so the order on the command line does not matter.

    Args:
        paths: Names of the inputs, as shown in the result.
        options: What the user says.
        stored: Where an input's bytes are when its name is not where to open it: another path, or the bytes.

    Raises:
        InputError: no input could be used, or `strict` and one could not.
        UsageError: no path, or one path twice.
    """
    if not paths:
        raise UsageError("no input file", remedy="name at least one file, or - for standard input")
    if len(set(paths)) < len(paths):
        twice = sorted({path for path in paths if paths.count(path) > 1})
        raise UsageError(f"named twice: {', '.join(twice)}", remedy="name each file once", code="INPUT_TWICE")
    contents, errors = [], []
    for number, path in enumerate(sorted(paths, key=lambda p: (os.path.basename(p), p)), start=1):
        try:
            contents.append(_read_one(path, f"in{number}", options, (stored or {}).get(path)))
        except InputError as error:
            located = (
                error
                if error.path is not None
                else type(error)(error.reason, remedy=error.remedy, path=path, line=error.line, code=error.code)
            )
            if options.strict:
                raise located from error
            errors.append(located)
            contents.append(_failed_input(path, f"in{number}", located))
    if len(errors) == len(contents):
        raise errors[0]
    return tuple(contents)


def named_assay_of(options: ScreenOptions) -> Assay | None:
    """Return the assay that the user names, with the quality control that the user states; None = none is named."""
    if options.assay is None:
        return None
    from fgfr_screen.evidence.assays import load_assay

    assay = load_assay(options.assay)
    return assay if options.assay_qc is None else structs.replace(assay, qc=AssayQc(options.assay_qc))


def qualified(content: InputContent) -> InputContent:
    """Make assay and specimen ids unique among the inputs (`in1.as1`)."""
    prefix = content.report.id

    def named(local: str | None) -> str | None:
        return None if local is None else f"{prefix}.{local}"

    calls = tuple(structs.replace(c, assay=named(c.assay), specimen=named(c.specimen)) for c in content.calls)
    described = _described(content.assays)
    assays = tuple(structs.replace(a, id=f"{prefix}.{a.id}", specimen=named(a.specimen)) for a in described)
    specimens = tuple(structs.replace(s, id=f"{prefix}.{s.id}") for s in content.specimens)
    return structs.replace(content, calls=calls, assays=assays, specimens=specimens)


def with_reservations(content: InputContent, assays: Sequence[Assay]) -> InputContent:
    """Mark the calls that only failed tests can have made, and every call of a report that is not final yet.

    Args:
        content: One input, its calls qualified.
        assays: Tests that its calls may name: its own, or the one that the user names.
    """
    is_preliminary = any(finding.code == REPORT_PRELIMINARY for finding in content.report.findings)
    if not is_preliminary and all(assay.qc is not AssayQc.FAIL for assay in assays):
        return content
    of_report = (REPORT_PRELIMINARY,) if is_preliminary else ()
    calls = []
    for call in content.calls:
        of_test = (ASSAY_FAILED,) if _has_only_failed(call, assays) else ()
        codes = tuple(dict.fromkeys((*call.finding_codes, *of_test, *of_report)))
        calls.append(structs.replace(call, finding_codes=codes))
    return structs.replace(content, calls=tuple(calls))


def _has_only_failed(call: Call, assays: Sequence[Assay]) -> bool:
    """Tell whether the test that a call names failed; for a call that names none, every test of its molecule."""
    possible = [
        assay
        for assay in assays
        if call.assay in (None, assay.id) and (call.assay or _fits_molecule(call.molecule, assay.molecule))
    ]
    return bool(possible) and all(assay.qc is AssayQc.FAIL for assay in possible)


def _fits_molecule(called: Molecule | None, tested: Molecule | None) -> bool:
    return called is None or tested is None or called is tested


def _described(assays: tuple[Assay, ...]) -> tuple[Assay, ...]:
    if all(assay.covers is not None for assay in assays):
        return assays
    from fgfr_screen.evidence.assays import with_known_coverage

    return tuple(with_known_coverage(assay) for assay in assays)


def unheld_kinds(contents: Sequence[InputContent]) -> tuple[EventKind, ...] | None:
    """Return the kinds of event that no input behind the assay of the user can hold; None = it describes no input at all.

    It stands behind the inputs that describe no test of their own. A file of short variants says nothing of rearrangements,
    whatever was sequenced.
    """
    behind = [content.carries for content in contents if not content.assays and content.report.complete]
    if not behind:
        return None
    held = {kind for kinds in behind for kind in (EventKind if kinds is None else kinds)}
    return tuple(kind for kind in EventKind if kind not in held)


def with_named_assay(content: InputContent, assay: Assay | None) -> InputContent:
    """Give the assay that the user names to an input that describes none of its own, and mark calls of failed tests."""
    if assay is None or content.assays:
        return with_reservations(content, content.assays)
    calls = tuple(structs.replace(call, assay=assay.id) for call in content.calls)
    return with_reservations(structs.replace(content, calls=calls), (assay,))
