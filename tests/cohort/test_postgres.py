"""What only a real PostgreSQL server shows: SQLite's answers, its own locks and refusals. Skipped where none is installed."""

from pathlib import Path

import pytest

from fgfr_screen.cli import run as run_here
from fgfr_screen.cohort.registry import open_registry
from fgfr_screen.cohort.registry.export import TABLES, result_lines, rows_of
from fgfr_screen.cohort.registry.query import OUTCOMES, Query, run
from fgfr_screen.errors import FgfrScreenError, OutputError
from tests.cohort.conftest import a_result, gold_results
from tests.postgresql import Server


def test_same_exports_and_answers_as_sqlite(server: Server, tmp_path: Path) -> None:
    places = [server.empty_database(), str(tmp_path / "r.sqlite")]
    for place in places:
        with open_registry(place) as registry:
            registry.add_screenings((one,) for one in gold_results())
    with open_registry(places[0]) as one, open_registry(places[1]) as other:
        assert list(result_lines(one)) == list(result_lines(other))
        for table in TABLES:
            assert list(rows_of(one, table)) == list(rows_of(other, table))
    moment = Query().columns.index("recorded_at")
    for question in (Query(outcomes=OUTCOMES), Query(table="events"), Query(classes=("fusion",), tumor_type="CHOL")):
        answers = [list(run(place, question)) for place in places]
        assert answers[0]
        cells = [[[c for n, c in enumerate(row) if n not in (moment, 14)] for row in rows] for rows in answers]
        assert cells[0] == cells[1]


def test_merging_between_sqlite_and_postgresql(server: Server, tmp_path: Path) -> None:
    shard, target = str(tmp_path / "shard.sqlite"), server.empty_database()
    with open_registry(shard) as registry:
        registry.add_screenings([(a_result("A"),), (a_result("B"),)])
    assert run_here(["registry", "merge", target, shard]) == 0
    assert run_here(["registry", "verify", target]) == 0
    back = str(tmp_path / "back.sqlite")
    assert run_here(["registry", "merge", back, target]) == 0
    with open_registry(shard) as one, open_registry(back) as other:
        assert list(one.chronicle()) == list(other.chronicle())


def test_second_writer_waits_and_then_says_that_it_is_locked(server: Server) -> None:
    place = server.empty_database()
    with open_registry(place) as holder, holder.writing():
        with open_registry(place, wait_seconds=0.2) as other, pytest.raises(OutputError) as caught:
            other.add_screenings([(a_result(),)])
        assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_LOCKED", 5)


def test_newer_foreign_and_missing_registries(server: Server) -> None:
    place = server.empty_database()
    with open_registry(place):
        pass
    server.execute("registry", "UPDATE registry_meta SET value = '99'")
    with pytest.raises(FgfrScreenError) as caught:
        open_registry(place)
    assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_NEWER", 3)
    server.execute("registry", "UPDATE registry_meta SET value = 'ours'")
    with pytest.raises(FgfrScreenError) as caught:
        open_registry(place)
    assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_FOREIGN", 3)
    place = server.empty_database()
    with pytest.raises(FgfrScreenError) as caught:
        open_registry(place, create=False)
    assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_NOT_FOUND", 3)


def test_tables_of_another_program_stay_as_they_are(server: Server) -> None:
    place = server.empty_database()
    server.execute("registry", "CREATE TABLE screening (id integer)")
    with pytest.raises(FgfrScreenError) as caught:
        open_registry(place)
    assert (caught.value.code, caught.value.exit_code) == ("REGISTRY_FOREIGN", 3)


def test_user_without_rights_is_told(server: Server) -> None:
    place = server.empty_database()
    with open_registry(place):
        pass
    server.execute(
        "registry",
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    address = place.replace("tester@", "reader@")
    with open_registry(address) as registry, pytest.raises(OutputError) as caught:
        registry.add_screenings([(a_result(),)])
    assert caught.value.code == "REGISTRY_READ_ONLY"
    assert list(run(address, Query())) == []
    server.execute("registry", "DROP OWNED BY reader", "DROP ROLE reader")


def test_server_that_does_not_answer_is_told_without_the_password(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("psycopg")
    assert run_here(["registry", "export", "postgresql://someone:secretword@127.0.0.1:1/none"]) == 5
    shown = capfd.readouterr().err
    assert "REGISTRY_UNREACHABLE" in shown
    assert "secretword" not in shown
