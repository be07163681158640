"""The embedded server after kill -9 of anything, with stale, false and missing files."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.database.embedded_people import (
    KINDS,
    Person,
    RefusedError,
    eventually,
    is_alive,
    kill,
    person,
    settled,
    visited,
)

from tieout.database.embedded import running
from tieout.database.embedded.account import Account


@pytest.fixture(scope="module", params=KINDS)
def resident(request: pytest.FixtureRequest) -> Iterator[Person]:
    yield from settled(request.param)


@pytest.fixture
def someone(resident: Person) -> Iterator[Person]:
    yield from visited(resident)


def test_a_killed_program_is_no_user_any_more(someone: Person) -> None:
    killed, other = someone.program(), someone.program()
    killed.ask("start")
    other.ask("start")
    server = other.ask("status")["pid"]
    killed.kill()
    assert other.ask("status")["users"] == [other.pid]
    assert other.ask("sql", statement="select 1") == [[1]]
    other.ask("stop")
    assert not is_alive(server)


def test_a_server_that_lost_all_its_users_is_used_again(someone: Person) -> None:
    programs = [someone.program(), someone.program()]
    for program in programs:
        program.ask("start")
    server = programs[0].ask("status")["pid"]
    for program in programs:
        program.kill()
    assert is_alive(server)
    next_one = someone.program()
    status = next_one.ask("status")
    assert (status["running"], status["pid"], status["users"]) == (True, server, [])
    next_one.ask("start")
    assert next_one.ask("status")["pid"] == server
    next_one.end()
    assert eventually(lambda: not is_alive(server))


def test_a_killed_server_recovers_with_every_committed_row(someone: Person) -> None:
    program, busy = someone.program(), someone.program()
    program.ask("start", durable=True)
    busy.ask("start")
    program.ask("sql", statement="create table kept (line int primary key)")
    program.ask("sql", statement="insert into kept select generate_series(1, 10000)")
    # A session that computes does not notice that its server is gone
    endless = "select count(*) from generate_series(1, 20000000000)"
    busy.order("sql", statement=f"insert into kept {endless}")
    active = "select pid from pg_stat_activity where state = 'active' and query like 'insert%'"
    assert eventually(lambda: bool(program.ask("sql", statement=active)))
    sessions = program.ask("sql", statement=active)
    server = program.ask("status")["pid"]

    kill(server)

    assert eventually(lambda: not is_alive(server))
    assert any(is_alive(session) for (session,) in sessions)
    program.ask("stop")
    program.ask("start", durable=True)
    assert not any(is_alive(session) for (session,) in sessions)
    assert program.ask("status")["pid"] != server
    assert program.ask("sql", statement="select count(*), max(line) from kept") == [[10000, 10000]]
    with pytest.raises(RefusedError, match="server closed the connection"):
        busy.answer()
    assert busy.ask("sql", statement="select count(*) from kept") == [[10000]]


def test_a_reused_process_number_is_not_believed(someone: Person) -> None:
    program = someone.program()
    program.ask("start", durable=True)
    status = program.ask("status")
    program.ask("sql", statement="create table kept as select 42 as figure")
    kill(status["pid"])
    assert eventually(lambda: not is_alive(status["pid"]))
    # PostgreSQL itself believes in a process of its own user
    strangers = [someone.sleeper(), someone.sleeper(servers_account=True)]
    try:
        for stranger in strangers:
            for file in (
                Path(status["data"], "postmaster.pid"),
                Path(status["host"], ".s.PGSQL.5432.lock"),
            ):
                lines = file.read_text(encoding="utf-8").splitlines()
                file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n", encoding="utf-8")
            assert not program.ask("status")["running"]
            program.ask("stop")
            program.ask("start", durable=True)
            assert program.ask("sql", statement="select figure from kept") == [[42]]
            kill(program.ask("status")["pid"])
            assert stranger.poll() is None, "a stranger's process is not touched"
    finally:
        for stranger in strangers:
            stranger.kill()
            stranger.wait()


@pytest.mark.parametrize("kind", KINDS)
def test_a_program_killed_while_starting_leaves_nothing_in_the_way(kind: str) -> None:
    with person(kind) as someone:
        for delay in (0.1, 0.3, 0.5, 0.7):  # directories, initdb, launch, databases
            program = someone.program()
            program.ask("status")
            program.order("start")
            time.sleep(delay)
            program.kill()
        program = someone.program()
        program.ask("start")
        for database in ("operations", "finance", "reconciliation"):
            assert program.ask("sql", database=database, statement="select 1") == [[1]]
        server = program.ask("status")["data"]
        assert not list(Path(server).parent.glob(".new-*"))


def test_a_server_whose_socket_was_cleaned_away_is_replaced(someone: Person) -> None:
    first, second = someone.program(), someone.program()
    first.ask("start")
    first.ask("sql", statement="create table kept as select 42 as figure")
    status = first.ask("status")
    shutil.rmtree(status["host"])
    second.ask("start")
    assert not is_alive(status["pid"])
    assert first.ask("sql", statement="select figure from kept") == [[42]]
    assert second.ask("status")["users"] == sorted([first.pid, second.pid])


@pytest.mark.parametrize("kind", KINDS)
def test_a_directory_deleted_under_its_server_is_made_anew(kind: str) -> None:
    with person(kind) as someone:
        first, second = someone.program(), someone.program()
        first.ask("start")
        first.ask("sql", statement="create table old as select 42 as figure")
        server = first.ask("status")["pid"]
        shutil.rmtree(someone.data_directory)
        second.ask("start")
        assert not is_alive(server)
        assert second.ask("sql", statement="select to_regclass('old')") == [[None]]
        first.ask("stop")
        assert second.ask("status")["running"]


def test_a_server_that_cannot_start_says_why_and_where(someone: Person) -> None:
    program = someone.program()
    program.ask("start")
    program.ask("stop")
    data = Path(program.ask("status")["data"])
    control = data / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))
    with pytest.raises(RefusedError) as refused:
        program.ask("start")
    assert refused.value.kind == "EmbeddedServerError"
    assert f"The embedded PostgreSQL on {data} did not start" in str(refused.value)
    assert "could not find the database system" in str(refused.value)
    assert "then try again" in str(refused.value)
    control.with_suffix(".away").rename(control)
    program.ask("start")
    assert program.ask("sql", statement="select 1") == [[1]]


def test_data_of_another_version_is_refused_and_left_alone(someone: Person) -> None:
    program = someone.program()
    program.ask("start")
    program.ask("stop")
    version = Path(program.ask("status")["data"], "PG_VERSION")
    version.write_text("15\n", encoding="ascii")
    with pytest.raises(RefusedError, match=r"was written by PostgreSQL 15.*brings PostgreSQL 18.*pg_dump"):
        program.ask("start")
    version.write_text("18\n", encoding="ascii")
    program.ask("start")


def test_a_server_that_still_begins_is_waited_for_however_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine it has no socket for a second: it was taken for one that lost it, and ended."""
    told = iter(["no socket yet", "no socket yet", None])
    ended: list[int] = []
    monkeypatch.setattr(running, "refusal", lambda _: next(told))
    monkeypatch.setattr(running, "find", lambda *_: SimpleNamespace(main=7, others=()))
    monkeypatch.setattr("tieout.database.embedded.processes.send", lambda process, _: ended.append(process))
    monkeypatch.setattr(running, "SOCKET_SECONDS", 0.0)
    address = SimpleNamespace(host=tmp_path, port=5432)
    paths: Any = SimpleNamespace(data=tmp_path, address=address, server_lock=tmp_path / "lock")
    for status, sent in (("starting", []), ("ready   ", [7])):
        (tmp_path / "postmaster.pid").write_text(f"7\n{status}\n", encoding="utf-8")
        assert running.answers(paths, cast("Account", None))
        assert ended == sent
        told = iter(["no socket", None])
