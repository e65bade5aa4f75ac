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
            "carries_note": reader.carries_note,
            "built_from": reader.built_from,
            "read_from": reader.read_from,
        }
        for reader in readers(with_entry_points=True).values()
    ]
    if output_format == "json":
        write(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n", None)
        return
    width = max(len(str(row["name"])) for row in rows) + 2
    lines = [f"{'name':<{width}}title"]
    for row in rows:
        kinds = ", ".join(row["carries"])
        note = f" ({row['carries_note']})" if row["carries_note"] else ""
        read_from = f" ({row['read_from']})" if row["read_from"] else ""
        lines.append(f"{row['name']:<{width}}{row['title']}")
        lines.append(f"{'':<{width}}carries: {kinds}{note}")
        lines.append(f"{'':<{width}}built from: {row['built_from']}{read_from}")
    write("\n".join(lines) + "\n", None)
