"""`fgfr-screen schema`: JSON Schemas, generated from the types."""

import click

from fgfr_screen.commands._output import write


@click.command(name="schema")
@click.argument("name", type=click.Choice(["result", "report"]), default="result")
def command(name: str) -> None:
    """Print the JSON Schema of the result or of the lab report."""
    import msgspec

    if name == "report":
        from fgfr_screen.lab_report import report_schema as schema
    else:
        from fgfr_screen.report.json import schema
    write(msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n", None)
