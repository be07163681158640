"""Nothing lost, nothing doubled: kill -9 after every commit, the server killed, two programs at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.databases import (
    DATA_DIRECTORY,
    GIVEN,
    close_connections,
    database_of,
    empty_databases,
    kept_as_they_are,
    server_url,
)
from tests.journeys import chain

from tieout.database import embedded
from tieout.database.aliases import ALIASES

pytestmark = pytest.mark.usefixtures("databases")

ROOT = Path(__file__).parents[2]


def _start(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.chain", str(folder), *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the small world."""
    path = tmp_path_factory.mktemp("world")
    chain.write_world(path)
    return path


EXPECTED_ENTRIES = 2 * (chain.INVOICES * 10 + chain.EXPENSES + chain.TIME_ENTRIES) + (
    chain.INVOICES * 11 + chain.EXPENSES + 3
)


def test_the_chain_by_itself(folder: Path) -> None:
    chain.run_chain(folder)
    books = chain.books()
    assert len(books["entries"]) == EXPECTED_ENTRIES
    assert sum(entry[4] for entry in books["entries"]) == 0
    assert sum(entry[4] for entry in books["entries"] if entry[3] in {"300100", "300200"}) == 0
    before = books
    chain.run_chain(folder)
    assert chain.books() == before


@pytest.fixture
def run_and_kill(folder: Path) -> Iterator[Callable[[str, int], int]]:
    """Yield what runs the chain or its documents, killed after so many commits, and returns how it ended."""
    with _start(folder, "--kill") as program:
        assert program.stdin is not None
        assert program.stdout is not None
        writing, reading = program.stdin, program.stdout

        def run(part: str, commits: int) -> int:
            close_connections()
            writing.write(f"{part} {commits}\n")
            writing.flush()
            return int(reading.readline())

        yield run


@pytest.mark.timeout(900)
def test_kill_9_between_any_two_commits(folder: Path, run_and_kill: Callable[[str, int], int]) -> None:
    made = chain.kill_after(0)
    chain.set_up(folder)
    of_set_up = made()
    with kept_as_they_are() as bring_back_set_up:
        chain.run_documents(folder)
        commits, expected = made() - of_set_up, chain.books()
        assert commits > 40
        for number in range(1, commits):
            bring_back_set_up()
            assert run_and_kill("documents", number) == -9, f"commit {number} of {commits} was not reached"
            chain.run_documents(folder)
            assert chain.books() == expected, f"killed after commit {number} of {commits}"
    # The set-up is one load after the other: every seventh commit, and the last.
    for number in {*range(1, of_set_up, 7), of_set_up}:
        empty_databases()
        assert run_and_kill("chain", number) == -9, f"commit {number} of {of_set_up} was not reached"
        chain.run_chain(folder)
        assert chain.books() == expected, f"killed after commit {number} of {of_set_up} of the set-up"


def test_two_programs_at_once(folder: Path) -> None:
    programs = [_start(folder) for _ in range(2)]
    for program in programs:
        program.communicate()
    chain.run_chain(
        folder
    )  # a program that met the other's lock stopped with a message; the rest is done now
    assert len(chain.books()["entries"]) == EXPECTED_ENTRIES


def _wait_until(alias: str, condition: str) -> None:
    """Wait until the chain has got so far."""
    deadline = time.monotonic() + 60
    with psycopg.connect(server_url(database_of(alias)), autocommit=True) as connection:
        while not connection.execute(f"select exists (select from {condition})".encode()).fetchone()[0]:  # type: ignore[index]
            assert time.monotonic() < deadline, f"the chain never reached {condition}"
            time.sleep(0.005)


MOMENTS = [
    ("finance", "finance_vendor_invoice"),
    ("finance", "finance_voucher"),
    ("operations", "operations_actual"),
    ("finance", "finance_integration_journal_line"),
    ("operations", "operations_actual_posting"),
]


@pytest.mark.parametrize(("alias", "reached"), MOMENTS)
def test_every_connection_is_cut_in_the_middle(folder: Path, alias: str, reached: str) -> None:
    program = _start(folder)
    _wait_until(alias, reached)
    with psycopg.connect(server_url("postgres"), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = any(%s) and pid <> pg_backend_pid()",
            [[database_of(one) for one in ALIASES]],
        )
    program.communicate()
    close_connections()
    chain.run_chain(folder)
    assert len(chain.books()["entries"]) == EXPECTED_ENTRIES


@pytest.mark.skipif(bool(GIVEN), reason="the given server is not ours to kill")
@pytest.mark.parametrize(("alias", "reached"), MOMENTS)
def test_the_server_is_killed_in_the_middle(folder: Path, alias: str, reached: str) -> None:
    program = _start(folder)
    _wait_until(alias, reached)
    pid = embedded.status(data_directory=DATA_DIRECTORY).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    program.communicate()
    close_connections()
    with embedded.start(data_directory=DATA_DIRECTORY, durable=False):
        chain.run_chain(folder)
        assert len(chain.books()["entries"]) == EXPECTED_ENTRIES
