"""Draft form of our laboratory report (camel case keys, words with hyphens) -> final form. Values are not judged."""

import re
from typing import Any

# Keys whose values are words of a closed list, where a hyphen of the draft is an underscore now.
_WORD_KEYS = frozenset(
    (
        "stage",
        "kind",
        "method",
        "qc",
        "call",
        "origin",
        "significance",
        "type",
        "unit",
        "event_class",
        "region",
        "in_frame",
        "coordinates",
    )
)
_RENAMED = {"tumour": "tumor_type", "purity": "tumor_content"}
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def is_draft(document: object) -> bool:
    """Tell whether a document says `schemaVersion` where the final form says `schema_version`."""
    return isinstance(document, dict) and "schemaVersion" in document and "schema_version" not in document


def to_final(value: Any, key: str = "") -> Any:
    """Return the value with keys and words of the final form; unknown keys are kept for the type check to name."""
    if isinstance(value, dict):
        named = {final_key(name): item for name, item in value.items()}
        return {name: to_final(item, name) for name, item in named.items()}
    if isinstance(value, list):
        return [to_final(item) for item in value]
    if isinstance(value, str) and key in _WORD_KEYS:
        return value.replace("-", "_")
    return value


def final_key(key: str) -> str:
    """Return the final spelling of a key of the draft.

    >>> [final_key(key) for key in ("hgvsC", "icdO3Morphology", "tumour", "exon")]
    ['hgvs_c', 'icd_o3_morphology', 'tumor_type', 'exon']
    """
    return _RENAMED.get(key, _CAPITAL.sub(r"_\1", key).lower())
