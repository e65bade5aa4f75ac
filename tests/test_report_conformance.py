"""Report samples give what their origin states (`python -m tests.report_conformance` prints the table)."""

import pytest

from fgfr_screen.readers._api import OpenedInput, readers
from tests import report_conformance

pytestmark = pytest.mark.skipif(
    not report_conformance.SAMPLES.is_dir(), reason="../shared/formats/samples is not beside the project"
)


def test_every_report_sample_gives_what_its_origin_states() -> None:
    table = list(report_conformance.lines())
    assert [line for line in table if not line.ok] == []
    assert len(table) >= len(report_conformance.EXPECTED)


def test_exactly_one_reader_claims_each_sample() -> None:
    for file, expected in report_conformance.EXPECTED.items():
        with OpenedInput(str(report_conformance.SAMPLES / file)) as opened:
            claims = [name for name, reader in readers().items() if reader.sniff(opened.head) is not None]
        assert claims == [expected.reader], file
