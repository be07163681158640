"""The embedded server after kill -9 of anything, with stale, false and missing files."""

import shutil
import time
from pathlib import Path

import pytest
from tests.database.embedded_people import KINDS, RefusedError, eventually, is_alive, kill, person


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_program_is_no_user_any_more(kind: str) -> None:
    with person(kind) as someone:
        killed, other = someone.program(), someone.program()
        killed.ask("start")
        other.ask("start")
        server = other.ask("status")["pid"]
        killed.kill()
        assert other.ask("status")["users"] == [other.pid]
        assert other.ask("sql", statement="select 1") == [[1]]
        other.ask("stop")
        assert not is_alive(server)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_lost_all_its_users_is_used_again(kind: str) -> None:
    with person(kind) as someone:
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_server_recovers_with_every_committed_row(kind: str) -> None:
    with person(kind) as someone:
        program, busy = someone.program(), someone.program()
        program.ask("start", durable=True)
        busy.ask("start")
        program.ask("sql", statement="create table kept (line int primary key)")
        program.ask("sql", statement="insert into kept select generate_series(1, 10000)")
        # A session that computes does not notice that its server is gone
        endless = "select count(*) from generate_series(1, 20000000000)"
        busy.order("sql", statement=f"insert into kept {endless}")
        counting = (
            f"select pid from pg_stat_activity where state = 'active' and query ~ 'insert' and pid <> {0}"
        )
        assert eventually(lambda: len(program.ask("sql", statement=counting)) > 1)
        sessions = program.ask("sql", statement="select pid from pg_stat_activity where query ~ '^insert'")
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_reused_process_number_is_not_believed(kind: str) -> None:
    with person(kind) as someone, person(kind, "nobody") as servers_account:
        program = someone.program()
        program.ask("start")
        status = program.ask("status")
        program.ask("sql", statement="create table kept as select 42 as figure")
        kill(status["pid"])
        assert eventually(lambda: not is_alive(status["pid"]))
        # PostgreSQL itself believes in a process of its own user
        strangers = [someone.sleeper(), servers_account.sleeper()]
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
                program.ask("start")
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
        for delay in (0.05, 0.2, 0.35, 0.5, 0.65, 0.8):  # directories, initdb, launch, databases
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_whose_socket_was_cleaned_away_is_replaced(kind: str) -> None:
    with person(kind) as someone:
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_cannot_start_says_why_and_where(kind: str) -> None:
    with person(kind) as someone:
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


@pytest.mark.parametrize("kind", KINDS)
def test_data_of_another_version_is_refused_and_left_alone(kind: str) -> None:
    with person(kind) as someone:
        program = someone.program()
        program.ask("start")
        program.ask("stop")
        version = Path(program.ask("status")["data"], "PG_VERSION")
        version.write_text("15\n", encoding="ascii")
        with pytest.raises(
            RefusedError, match=r"was written by PostgreSQL 15.*brings PostgreSQL 18.*pg_dump"
        ):
            program.ask("start")
        version.write_text("18\n", encoding="ascii")
        program.ask("start")
