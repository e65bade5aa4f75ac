"""`fgfr-screen programs`: list, show and check programmes."""

import textwrap

import click

from fgfr_screen.commands._output import write
from fgfr_screen.errors import UsageError, UserFileError
from fgfr_screen.program_files import check_programs, load_directory
from fgfr_screen.programs import Program, load_builtin


def _load(directory: str | None) -> tuple[Program, ...]:
    builtin = load_builtin()
    if directory is None:
        return builtin
    return builtin + load_directory(directory, taken=[program.id for program in builtin])


def _fill(text: str, indent: str = "  ") -> str:
    return textwrap.fill(text, 80, initial_indent=indent, subsequent_indent=indent + "  ")


def describe(program: Program) -> str:
    """Return what a programme asks, where that was read, and whether it takes patients."""
    tumor = program.tumor_type
    lines = [
        f"{program.id}: {program.title}",
        "",
        _fill(f"drug: {program.drug}; sponsor: {program.sponsor or 'not given'}"),
        _fill(f"status: {program.status} ({program.status_note or 'no note'}); read {program.reviewed.isoformat()}"),
        "",
        "Alterations",
    ]
    for entry in program.genomic:
        what = f"{'/'.join(entry.gene)} {', '.join(name.replace('_', ' ') for name in entry.alteration_class)}"
        narrowed = [*entry.protein_change, *(f"partner {name}" for name in entry.partner), *entry.marks]
        lines.append(_fill(f"{entry.outcome}: {what}" + (f" ({', '.join(narrowed)})" if narrowed else "")))
        lines.append(_fill(entry.why, "    "))
    if program.genomic_not_decidable:
        lines.append(_fill(f"not decidable from these data: {program.genomic_not_decidable}"))
    lines += ["", "Tumour type (OncoTree, with everything below)"]
    for words, codes in (("yes", tumor.match), ("review", tumor.review), ("no", tumor.no_match)):
        if codes:
            lines.append(_fill(f"{words}: {', '.join(codes)}"))
    if tumor.lineage_match:
        lines.append(_fill(f"yes, apart from these: any {', '.join(tumor.lineage_match)} tumour"))
    lines += ["", "Clinical conditions"]
    for condition in program.clinical:
        lines.append(_fill(condition_text(condition)))
    for item in program.to_check:
        lines.append(_fill(f"to be checked by the team: {item}"))
    lines += ["", _fill(f"sources: {'; '.join(program.sources)}", "")]
    return "\n".join(lines) + "\n"


def condition_text(condition: object) -> str:
    """Return one clinical condition with its parameters as words."""
    import msgspec

    values = msgspec.to_builtins(condition)
    name = values.pop("criterion")
    unverified = (
        " (not verified at a source: can lower an answer only to review)" if values.pop("unverified", False) else ""
    )
    source = values.pop("source", "")
    shown = ", ".join(f"{key} {value}" for key, value in values.items() if value not in (None, "", [], (), False))
    return f"{name.replace('_', ' ')}: {shown or 'see source'}{unverified} [{source}]"


@click.group(name="programs")
def command() -> None:
    """List, show or check programmes."""


@command.command(name="list")
@click.option("--programs-dir", metavar="DIR", help="Folder with more programme files.")
@click.option("--open", "only_open", is_flag=True, help="Only programmes that take patients now.")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_programs(programs_dir: str | None, output_format: str, *, only_open: bool) -> None:
    """List the programmes."""
    import msgspec

    rows = [p for p in _load(programs_dir) if not only_open or p.status.value in ("open", "approved")]
    if output_format == "json":
        keys = ("id", "family", "title", "status", "status_note", "reviewed", "sources")
        plain = [{key: msgspec.to_builtins(getattr(row, key)) for key in keys} for row in rows]
        write(msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n", None)
        return
    lines = [f"{'id':<20}{'status':<10}{'read':<12}title"]
    for row in rows:
        head = f"{row.id:<20}{row.status.value:<10}{row.reviewed.isoformat():<12}"
        lines.append(textwrap.fill(head + row.title, 80, subsequent_indent=" " * 42))
    write("\n".join(lines) + "\n", None)


@command.command(name="show")
@click.argument("program_id", metavar="ID")
@click.option("--programs-dir", metavar="DIR", help="Folder with more programme files.")
def show(program_id: str, programs_dir: str | None) -> None:
    """Show one programme."""
    from difflib import get_close_matches

    known = {program.id: program for program in _load(programs_dir)}
    if program_id not in known:
        near = get_close_matches(program_id.upper(), known, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"known programmes: {', '.join(known)}"
        raise UsageError(f"no programme {program_id}", remedy=remedy, code="UNKNOWN_PROGRAM")
    write(describe(known[program_id]), None)


@command.command(name="check")
@click.argument("path", metavar="FILE|DIR")
def check(path: str) -> None:
    """Check programme files: keys, values, and every example in them."""
    problems = check_programs(path)
    for problem in problems:
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        click.echo(f"{place} ERROR {problem.code} {problem.message}", err=True)
    if problems:
        raise UserFileError(f"{len(problems)} problem(s) in {path}", remedy="mend the lines named above")
    write(f"{path}: no problem found\n", None)
