"""Every fixture of the table and report readers gives exactly its `.expected.json`.

`pytest --update-golden` writes the files again; the difference is then reviewed as code.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose, readers

FIXTURES = Path(__file__).parents[2] / "fixtures"
# The VCF fixtures are told call by call in test_vcf*.py.
FOLDERS = sorted(name for name in readers() if name not in ("vcf", "bcf") and (FIXTURES / name).is_dir())
CASES = sorted(
    path for folder in FOLDERS for path in (FIXTURES / folder).iterdir() if not path.name.endswith(".expected.json")
)


def stated(value: Any) -> Any:
    """Leave out what is not known, so that a golden shows only what was read."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := stated(item)) not in (None, [], {}, "")}
    return [stated(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_fixture_gives_its_golden(path: Path, request: pytest.FixtureRequest) -> None:
    with OpenedInput(str(path)) as opened:
        reader, _ = choose(opened.head)
        content = reader.read(opened, ReadOptions())
    found = stated(msgspec.to_builtins(content))
    assert reader.name == path.parent.name
    del found["report"]["path"], found["report"]["sha256"]
    golden = path.with_name(f"{path.stem}.expected.json")
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden", default=False):
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text
