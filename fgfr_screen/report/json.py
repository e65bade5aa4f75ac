"""The result contract as JSON (schema: `fgfr-screen schema result`)."""

from typing import Any

import msgspec

from fgfr_screen.model import SampleReport


def render(report: SampleReport, *, show_all: bool = False) -> str:
    """Return one indented JSON object with a final newline; silent events only with `show_all`."""
    shown = report if show_all else msgspec.structs.replace(report, silent_events=())
    return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the result, generated from the types."""
    generated = msgspec.json.schema(SampleReport)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:fgfr-screen:result:1.0",
        "title": "fgfr-screen result 1.0",
        **generated,
    }
