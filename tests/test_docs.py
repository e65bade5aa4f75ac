"""What the documents say is what the program does: commands, picture, example code, key lists."""

import re
import tomllib

import msgspec

import fgfr_screen
from fgfr_screen.cli import COMMANDS
from fgfr_screen.clinical import KEYS
from fgfr_screen.evidence.assays import AssayFile
from fgfr_screen.programs import load_builtin
from tests.conftest import ROOT
from tools.draw_report import TARGET, demo_report, draw

README = (ROOT / "README.md").read_text("utf-8")


def test_picture_is_that_of_the_present_report(monkeypatch: object) -> None:
    assert TARGET.read_text("utf-8") == draw(demo_report()), "run `python -m tools.draw_report`"


def test_readme_names_every_clinical_key() -> None:
    assert [key for key in KEYS if f"`{key}`" not in README and f"`[[{key}]]`" not in README] == []


def test_readme_assay_example_is_valid() -> None:
    block = next(b for b in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[[covers]]" in b)
    assert msgspec.convert(tomllib.loads(block), AssayFile).id == "my-panel"


def test_readme_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_architecture_names_every_top_level_module() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "fgfr_screen").glob("*.py")} - {"__init__", "__main__"}
    folders = {path.name for path in (ROOT / "fgfr_screen").iterdir() if (path / "__init__.py").exists()}
    assert [name for name in sorted(modules | folders) if f"`{name}`" not in text and f"`{name}/`" not in text] == []


def test_changelog_names_every_command() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"{name}`" not in text] == []


def test_public_names_exist() -> None:
    assert [name for name in fgfr_screen.__all__ if getattr(fgfr_screen, name, None) is None] == []


def test_unknown_public_name_is_an_attribute_error() -> None:
    assert not hasattr(fgfr_screen, "no_such_name")


def test_every_programme_has_source_date_and_status() -> None:
    assert [p.id for p in load_builtin() if not (p.sources and p.reviewed and p.status)] == []


def test_no_machine_path_and_no_foreign_address_in_the_project() -> None:
    pattern = re.compile(r"(^|[ \"'=(])/(work|root|home|tmp|farm)/|index-url|pypi\.org")
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = set(path.relative_to(ROOT).parts)
        if parts & {".git", ".venv", "build", "dist"} or path.suffix not in {
            ".py",
            ".md",
            ".cfg",
            ".toml",
            ".tsv",
            ".json",
        }:
            continue
        if path.is_file() and path.name != "test_docs.py" and ".hypothesis" not in parts and not path.is_symlink():
            found += [f"{path.name}: {line}" for line in path.read_text("utf-8").splitlines() if pattern.search(line)]
    assert found == []
