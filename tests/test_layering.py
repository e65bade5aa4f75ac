"""The rank table of docs/architecture.md is true: who may import whom, and what nobody imports at the top of a module."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "fgfr_screen"
TABLE = ROOT / "docs" / "architecture.md"
HEAVY = {"pandas", "numpy", "pysam", "vcf", "Bio", "click"}
CLICK_AT_TOP = ("commands", "cli")
REPORT_RANKS = {0, 1}


def ranks() -> dict[str, int]:
    """Read the table: `coords` -> 3, `readers` (a folder) -> 4."""
    found: dict[str, int] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\|\s*(\d+)\s*\|([^|]+)\|", line)
        if row is not None:
            found |= {name.rstrip("/"): int(row[1]) for name in re.findall(r"`([a-z_]+/?)`", row[2])}
    return found


RANKS = ranks()
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(module: Path) -> str:
    """Return the row of the table that a file belongs to: its folder, or its own name."""
    return module.parts[0] if len(module.parts) > 1 else module.stem


def imports_of(module: Path, *, at_top: bool) -> Iterator[tuple[int, str]]:
    """Yield line and full name of every import; of those at the top only, which run when the module is loaded."""
    tree = parsed(PACKAGE / module)
    nodes = _run_on_import(tree) if at_top else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} relative import"
            base = node.module or ""
            # `from fgfr_screen import coords` imports a module, `from fgfr_screen.coords import after` a name of one.
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _run_on_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements that run when a module is loaded: not function bodies, not `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _run_on_import(node)


def own_parts(module: Path) -> Iterator[tuple[int, str]]:
    """Yield line and table row of every import of our own package."""
    for line, name in imports_of(module, at_top=False):
        steps = name.split(".")
        if steps[0] == "fgfr_screen" and len(steps) > 1 and not steps[1].startswith("__"):
            yield line, steps[1]


def test_the_table_names_every_module_of_the_package() -> None:
    parts = {part_of(module) for module in MODULES} - {"__init__", "__main__"}
    assert parts == set(RANKS)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_from_lower_ranks_and_its_own_folder_only(module: Path) -> None:
    here = part_of(module)
    if here in ("__init__", "__main__"):
        return
    wrong = [
        f"{module}:{line} imports {other} (rank {RANKS[other]})"
        for line, other in own_parts(module)
        if other in RANKS and other != here and RANKS[other] >= RANKS[here]
    ]
    assert not wrong, f"rank {RANKS[here]}: {wrong}"


FAMILIES = sorted(path.parent.name for path in (PACKAGE / "readers").glob("*/__init__.py"))


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module.parts[0] == "readers" and len(module.parts) > 2], ids=str
)
def test_a_family_of_readers_knows_no_other_family(module: Path) -> None:
    others = set(FAMILIES) - {module.parts[1]}
    wrong = [
        f"{line}: {name}"
        for line, name in imports_of(module, at_top=False)
        if name.startswith("fgfr_screen.readers.") and name.split(".")[2] in others
    ]
    assert len(FAMILIES) == 5
    assert not wrong


@pytest.mark.parametrize("module", [module for module in MODULES if part_of(module) == "report"], ids=str)
def test_a_report_knows_records_and_words_only(module: Path) -> None:
    wrong = [
        f"{line}: {other}"
        for line, other in own_parts(module)
        if other != "report" and RANKS.get(other) not in REPORT_RANKS
    ]
    assert not wrong


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_nothing_heavy_is_loaded_with_a_module(module: Path) -> None:
    allowed = {"click"} if part_of(module) in CLICK_AT_TOP else set()
    wrong = [
        f"{module}:{line} {name}"
        for line, name in imports_of(module, at_top=True)
        if name.split(".")[0] in HEAVY - allowed
    ]
    assert not wrong


@pytest.mark.parametrize(
    "module", [module for module in MODULES if part_of(module) not in ("coords", "commands", "cli")], ids=str
)
def test_only_readers_user_files_data_and_outputs_open_files(module: Path) -> None:
    """Every stage between is a pure function over records."""
    if part_of(module) in ("readers", "user_toml", "reference", "second_opinion", "isoforms", "cohort"):
        return
    tree = parsed(PACKAGE / module)
    opened = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]
    assert not opened


def test_a_wrong_import_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "merge.py").write_text(
        "import os\nfrom fgfr_screen.classify import quality\nfrom fgfr_screen import screen\n\n\n"
        "def lazy() -> None:\n    import pandas\n    from fgfr_screen.programs import Program\n",
        encoding="ascii",
    )
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    module = Path("merge.py")
    assert list(own_parts(module)) == [(2, "classify"), (3, "screen"), (8, "programs")]
    with pytest.raises(AssertionError, match=r"merge\.py:2 imports classify"):
        test_a_module_imports_from_lower_ranks_and_its_own_folder_only(module)
    test_nothing_heavy_is_loaded_with_a_module(module)
    parsed.cache_clear()
    (tmp_path / "merge.py").write_text("class A:\n    import pandas\n", encoding="ascii")
    with pytest.raises(AssertionError, match="pandas"):
        test_nothing_heavy_is_loaded_with_a_module(module)


def test_no_module_adds_one_to_a_position() -> None:
    """Only `coords` knows what one base to the right is; counts, exon numbers and (in readers) bytes may be added to."""
    names = re.compile(r"\b(?:pos|pos_end|start|end|low|high|cds_start|cds_end|tx_start|tx_end)\s*[+-]\s*1\b(?!_)")
    wrong = [
        f"{module}:{number} {line.strip()}"
        for module in MODULES
        if part_of(module) not in ("coords", "reference", "readers")
        for number, line in enumerate((PACKAGE / module).read_text(encoding="utf-8").splitlines(), 1)
        if names.search(line.split("#")[0])
    ]
    assert not wrong
