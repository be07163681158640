"""Who may connect to an embedded server, and that nobody can put his own in its place."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.database.embedded_people import AS_ROOT, KINDS, RefusedError, person

from tieout.database import embedded


@pytest.mark.parametrize("kind", KINDS)
def test_a_directory_of_somebody_else_is_refused(kind: str) -> None:
    with person(kind) as someone:
        theirs = Path("/var")
        if kind == "root":
            theirs = someone.home / "theirs"
            theirs.mkdir()
            os.chown(theirs, 1, 1)
        with pytest.raises(RefusedError, match="belongs to the user with number") as refused:
            someone.program(theirs).ask("start")
        assert refused.value.kind == "EmbeddedServerError"


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_in_the_sockets_place_is_refused(kind: str) -> None:
    with person(kind) as someone:
        program = someone.program()
        host = Path(program.ask("status")["host"])
        trap = someone.home / "trap"
        trap.mkdir()
        host.symlink_to(trap)
        try:
            with pytest.raises(RefusedError, match="was made by somebody else"):
                program.ask("start")
            assert not program.ask("status")["running"]
        finally:
            host.unlink()
        assert not list(trap.iterdir())


if AS_ROOT:  # only root can play two users at once

    def test_a_second_user_has_his_own_server_and_cannot_use_the_firsts() -> None:
        with (
            person("ordinary", "daemon") as first,
            person("ordinary", "games") as second,
            person("root") as root,
        ):
            programs = [someone.program() for someone in (first, second, root)]
            hosts = []
            for program in programs:
                program.ask("start")
                program.ask("sql", statement=f"create table of_{program.pid} ()")
                hosts.append(program.ask("status")["host"])
            assert len(set(hosts)) == 3
            for asker, host in [(0, hosts[1]), (1, hosts[0]), (0, hosts[2])]:
                with pytest.raises(RefusedError, match="Permission denied"):
                    programs[asker].ask("sql", statement="select 1", host=host)
            with pytest.raises(RefusedError, match=r"belongs to the user|cannot be made or read"):
                second.program(first.data_directory).ask("start")
            # The server of root runs as nobody, so nobody can enter its directory; the server itself refuses
            with person("ordinary", "nobody") as nobody:
                program = nobody.program()
                with pytest.raises(RefusedError, match='Peer authentication failed for user "tieout"'):
                    program.ask("sql", statement="select 1", host=hosts[2])

    def test_a_socket_directory_made_by_another_user_is_not_used() -> None:
        with person("ordinary", "daemon") as victim, person("ordinary", "games") as other:
            program = victim.program()
            host = program.ask("status")["host"]
            other.run("/bin/mkdir", "-m", "777", host)
            try:
                with pytest.raises(RefusedError, match="was made by somebody else"):
                    program.ask("start")
                assert not program.ask("status")["running"]
            finally:
                Path(host).rmdir()

    def test_a_user_without_a_name_is_told_so() -> None:
        with person("ordinary", "daemon") as someone:
            call = (
                "from pathlib import Path; from tieout.database import embedded;"
                f"embedded.start(data_directory=Path({str(someone.home)!r}))"
            )
            done = subprocess.run(
                [someone.python.executable, "-c", call],
                user=54321,
                group=54321,
                extra_groups=[],
                env=someone.python.environment,
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
            )
            assert "The user with number 54321 has no name on this machine" in done.stderr


def test_an_address_is_known_without_a_server_and_differs_by_directory(tmp_path: Path) -> None:
    first = embedded.address(data_directory=tmp_path / "a")
    assert first == embedded.address(data_directory=tmp_path / "a")
    assert first != embedded.address(data_directory=tmp_path / "b")
    assert first.user == "tieout"
    assert not Path(first.host).exists()
    assert not (tmp_path / "a").exists()


def test_a_directory_that_may_not_be_written_is_named() -> None:
    with person("ordinary") as someone:
        program = someone.program()
        someone.data_directory.mkdir(mode=0o500)
        os.chown(someone.data_directory, someone.account.pw_uid, someone.account.pw_gid)
        with pytest.raises(RefusedError, match=r"cannot be started: .*Permission denied.*data/start.lock"):
            program.ask("start")
