"""`fgfr-screen assays`: the packaged assay descriptions."""

from typing import TYPE_CHECKING

import click

from fgfr_screen.commands._output import write

if TYPE_CHECKING:
    from fgfr_screen.evidence.assays import AssayFile


@click.command(name="assays")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(output_format: str) -> None:
    """List the tests that `--assay ID` knows and what each can find."""
    import msgspec

    from fgfr_screen.evidence.assays import catalogue

    known = tuple(catalogue().values())
    if output_format == "json":
        write(msgspec.json.format(msgspec.json.encode(known), indent=2).decode() + "\n", None)
        return
    width = max(len(assay.id) for assay in known) + 2
    write("\n".join("\n".join(_lines(assay, width)) for assay in known) + "\n", None)


def _lines(assay: "AssayFile", width: int) -> list[str]:
    indent = " " * width
    lines = [f"{assay.id:<{width}}{assay.name} ({assay.molecule})"]
    for entry in assay.covers:
        kinds = ", ".join(kind.replace("_", " ") for kind in entry.kinds)
        region = f" in {entry.region}" if entry.region else ""
        lines.append(f"{indent}{', '.join(entry.genes)}: {kinds}{region}")
    if not assay.covers:
        lines.append(f"{indent}no kind of event as a whole: a negative excludes nothing")
    return lines + [f"{indent}source: {source}" for source in assay.sources]
