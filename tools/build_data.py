"""Build and check `data/`: `python -m tools.build_data [--shared ../shared] [--check]`.

| call | does |
|---|---|
| (no option) | compiles the tables of `data/` into `data/compiled.bin` |
| `--shared FOLDER` | first rebuilds every table from the shared knowledge and reference folders |
| `--check` | writes nothing; exit 1 when `compiled.bin` is not what the tables compile to or a table breaks a rule |
"""

import argparse
import os
import sys
from pathlib import Path

from tools.compile_data import (
    HOOKS,
    Sections,
    assemble,
    comment_faults,
    hook_sections,
    release_of,
    sections_of,
    table_sections,
)
from tools.derive_data import DERIVATIONS, left_out_partners

DATA = Path(__file__).resolve().parent.parent / "data"


def derive(shared: Path, data: Path) -> None:
    """Rebuild the tables from the shared folder."""
    for derivation in DERIVATIONS:
        derivation(shared, data)
        print(f"{derivation.__name__}: done")
    names = [
        f"{row['fgfr_gene']}-{row['partner_hgnc']} (tier {row['evidence_tier']})" for row in left_out_partners(shared)
    ]
    print(f"fusion_partners.tsv: {len(names)} pairs left out: {', '.join(names)}")


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step, so that a running program sees the old or the new one."""
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    os.replace(draft, path)


def compile_file(data: Path) -> None:
    """Compile the tables into `compiled.bin`.

    The hooks may look things up in the reference data. They must meet today's tables, so these are written first,
    beside the programmes of the file that was there.
    """
    release, target = release_of(data), data / "compiled.bin"
    tables: Sections = table_sections(data)
    _replace(target, assemble(release, tables | sections_of(target, HOOKS)))
    content = assemble(release, tables | hook_sections(data))
    _replace(target, content)
    print(f"compiled.bin: {len(content)} bytes, release {release}")


def faults(data: Path) -> list[str]:
    """Return what is wrong with the committed files; [] when all is well."""
    found = [f"{name}: its first lines must name a source and a licence" for name in comment_faults(data)]
    stamped = [file.name for file in sorted(data.glob("*.gz")) if file.read_bytes()[4:8] != b"\0\0\0\0"]
    found += [f"{name}: carries a time stamp" for name in stamped]
    expected = assemble(release_of(data), table_sections(data) | hook_sections(data))
    if (data / "compiled.bin").read_bytes() != expected:
        found.append("compiled.bin: is not what the tables compile to; run python -m tools.build_data")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the program; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.build_data", description="Build and check data/.")
    parser.add_argument("--shared", type=Path, help="folder with reference/ and knowledge/: rebuild the tables first")
    parser.add_argument("--check", action="store_true", help="verify the committed files, write nothing")
    options = parser.parse_args(arguments)
    if options.check:
        found = faults(DATA)
        print("\n".join(found) or "data/: all checks passed")
        return 1 if found else 0
    if options.shared:
        derive(options.shared, DATA)
    compile_file(DATA)
    return 0


if __name__ == "__main__":
    sys.exit(main())
