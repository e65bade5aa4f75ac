"""The reading half of a format knows nothing of the half that recognises it, and is loaded only when a file is there."""

import ast
from pathlib import Path

import pytest

READERS = Path(__file__).parents[2] / "fgfr_screen" / "readers"
FOLDERS = ("fusions", "copy_number", "tables")


def imported(path: Path, *, at_top: bool) -> set[str]:
    """Return the modules of readers that a module imports, as file stems; at its top only, or also in its functions."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if at_top else list(ast.walk(tree))
    names = {
        f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return {part for name in names if name.startswith("fgfr_screen.readers.") for part in name.split(".")[2:]}


@pytest.mark.parametrize("folder", FOLDERS)
def test_modules_of_a_family_import_each_other_in_no_circle(folder: str) -> None:
    paths = {path.stem: path for path in (READERS / folder).glob("*.py")}
    left = {stem: imported(path, at_top=False) & paths.keys() - {stem} for stem, path in paths.items()}
    while free := [stem for stem, needs in left.items() if not needs & left.keys()]:
        for stem in free:
            del left[stem]
    assert left == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_recognising_a_format_loads_no_reading(folder: str) -> None:
    for path in (READERS / folder).glob("[a-z]*.py"):
        assert not {stem for stem in imported(path, at_top=True) if stem.endswith("_read")}, path.name
