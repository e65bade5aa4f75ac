"""Files of callers give what their source says (`python -m tests.conformance` prints the table)."""

import pytest

from tests import conformance

pytestmark = pytest.mark.skipif(
    not conformance.REALDATA.is_dir(), reason="../shared/realdata is not beside the project"
)


def test_every_caller_file_gives_what_its_source_says() -> None:
    table = list(conformance.lines())
    assert [line for line in table if not line.ok] == []
    assert len({line.file for line in table}) >= 31
