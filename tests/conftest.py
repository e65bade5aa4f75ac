"""Shared fixtures: the project's root, the bundled patient, and a command line that runs as a user's would."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite expected files; review the diff as code")


@pytest.fixture
def demo() -> Path:
    return ROOT / "fixtures" / "demo"


class Session:
    """Runs `fgfr-screen` in a process of its own."""

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "fgfr_screen", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60, cwd=ROOT)


@pytest.fixture
def cli() -> Session:
    return Session()
