"""`fgfr-screen explain`: what a code, a class or a programme means."""

import textwrap

import click

from fgfr_screen.commands._output import write
from fgfr_screen.errors import UsageError


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(textwrap.fill(text, 80) for text in texts if text) + "\n"


def explain(word: str) -> str:
    """Return the text for a code, an alteration class or a programme id.

    Raises:
        UsageError: the word is none of them; the nearest one is named.
    """
    from difflib import get_close_matches

    from fgfr_screen.commands.programs import describe
    from fgfr_screen.findings import CLASSES, FINDINGS
    from fgfr_screen.programs import load_builtin

    programs = {program.id: program for program in load_builtin()}
    upper, lower = word.upper(), word.lower()
    if upper in FINDINGS:
        doc = FINDINGS[upper]
        return _paragraphs(f"{doc.code}: {doc.title}", doc.meaning, f"What to do: {doc.remedy}" if doc.remedy else "")
    if lower in CLASSES:
        return _paragraphs(f"{lower} (alteration class)", CLASSES[lower])
    if upper in programs:
        return describe(programs[upper])
    near = get_close_matches(upper, [*FINDINGS, *(name.upper() for name in CLASSES), *programs], n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "see `fgfr-screen programs list` or the codes in a report"
    raise UsageError(f"nothing is known about {word!r}", remedy=hint, code="UNKNOWN_WORD")


@click.command(name="explain")
@click.argument("word", metavar="CODE|CLASS|PROGRAMME")
def command(word: str) -> None:
    """Explain a code, a class or a programme."""
    write(explain(word), None)
