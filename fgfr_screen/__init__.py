"""FGFR1-3 events of one tumour: read, named, classified and routed to programmes, offline and with every reason shown.

Public names (semantic versioning): `screen_sample`, `SampleReport`, `Call`, `Event`, `FgfrScreenError`. They are loaded on
first use, so that importing the package costs nothing.
"""

TYPE_CHECKING = False  # importing `typing` would double the time of `--version`
if TYPE_CHECKING:
    from typing import Any

    from fgfr_screen.errors import FgfrScreenError
    from fgfr_screen.model import Call, Event, SampleReport
    from fgfr_screen.screen import screen_sample

__version__ = "0.1.0"
__all__ = ["Call", "Event", "FgfrScreenError", "SampleReport", "__version__", "screen_sample"]

_HOME = {
    "Call": "fgfr_screen.model",
    "Event": "fgfr_screen.model",
    "FgfrScreenError": "fgfr_screen.errors",
    "SampleReport": "fgfr_screen.model",
    "screen_sample": "fgfr_screen.screen",
}


def __getattr__(name: str) -> "Any":
    """Load a public name from its module on first use (PEP 562)."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
