"""docs/lab-report.md: its example is valid, screens as the page says, and every key that it explains exists."""

import json
import re
from pathlib import Path

import jsonschema
import msgspec

from fgfr_screen.lab_report import LabReport
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Outcome

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "lab-report.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0]
SCHEMA = msgspec.json.schema(LabReport)


def test_the_example_is_valid_and_qualifies(tmp_path: Path) -> None:
    jsonschema.validate(json.loads(EXAMPLE), SCHEMA)
    path = tmp_path / "report.json"
    path.write_text(EXAMPLE, encoding="utf-8")
    report = screen_sample(str(path))
    assert report.summary.qualifying_fgfr2_fusion_or_rearrangement is Outcome.MATCH
    assert report.sample.tumor_type is not None
    assert report.sample.tumor_type.oncotree == "IHCH"
    assert not report.rejected


def test_every_key_that_the_page_explains_exists() -> None:
    known = set(re.findall(r"[a-z_0-9]+", json.dumps(SCHEMA)))
    explained = re.findall(r"`([a-z_]+(?:(?:\[\])?\.[a-z_]+)*)`", PAGE)
    words = {part for text in explained for part in re.split(r"\[\]\.|\.", text) if part not in ("true", "json")}
    assert words - known - {"lower", "higher"} == set()
