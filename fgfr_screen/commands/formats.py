"""`fgfr-screen formats`: the readers."""

import click

from fgfr_screen.commands._output import write


@click.command(name="formats")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(output_format: str) -> None:
    """List the input formats and what each was built from."""
    import msgspec

    from fgfr_screen.readers._api import readers

    rows = [
        {
            "name": reader.name,
            "title": reader.title,
            "carries": [kind.value for kind in reader.carries],
            "built_from": reader.built_from,
        }
        for reader in readers(with_entry_points=True).values()
    ]
    if output_format == "json":
        write(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n", None)
        return
    lines = [f"{'name':<14}{'built from':<16}title"]
    for row in rows:
        lines.append(f"{row['name']:<14}{row['built_from']:<16}{row['title']}")
        lines.append(f"{'':<30}carries: {', '.join(row['carries'])}")
    write("\n".join(lines) + "\n", None)
