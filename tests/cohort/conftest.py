"""Results to store, and places to store them: an SQLite file, and a database of a real PostgreSQL server."""

import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fgfr_screen.model import SampleReport
from fgfr_screen.screen import screen_sample
from tests.conftest import ROOT
from tests.gold import load_cases, screen_case
from tests.postgresql import Server, binaries

DEMO = ROOT / "fixtures" / "demo"


@functools.cache
def demo_report(tumor_type: str | None = None, clinical: str | None = None) -> SampleReport:
    """Screen the bundled patient once per question."""
    files = [str(DEMO / name) for name in ("tumor.sv.vcf", "report.json")]
    facts = str(DEMO / "clinical.toml") if clinical is None else msgspec.json.decode(clinical)
    return screen_sample(*files, tumor_type=tumor_type, clinical=facts)


def a_result(
    sample_id: str = "S1",
    *,
    patient_id: str | None = None,
    tumor_type: str | None = None,
    clinical: dict[str, Any] | None = None,
    **changes: Any,
) -> bytes:
    """Return the stored form of the bundled patient's result under another name; `changes` are top-level keys."""
    report = demo_report(tumor_type, None if clinical is None else msgspec.json.encode(clinical).decode())
    plain = msgspec.to_builtins(report)
    plain["sample"] |= {"sample_id": sample_id, "patient_id": patient_id}
    return msgspec.json.encode(plain | changes)


@functools.cache
def gold_reports() -> tuple[SampleReport, ...]:
    """Screen the curated cases: every class, many tumour types."""
    return tuple(screen_case(case) for case in load_cases())


@functools.cache
def gold_results() -> tuple[bytes, ...]:
    """Return the results of the curated cases as JSON."""
    return tuple(msgspec.json.encode(report) for report in gold_reports())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server here (Debian package postgresql)")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed (extra postgres)")
    with Server(folder) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a registry that does not exist yet."""
    if request.param == "sqlite":
        return str(tmp_path / "registry.sqlite")
    running: Server = request.getfixturevalue("server")
    return running.empty_database()
