"""What ``tieout check`` and every other command say of a configuration that cannot work."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from tests.databases import server_url

GOOD = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"  # readable; port 1 answers nobody
NAMES = (
    "TIEOUT_OPERATIONS_DATABASE_URL",
    "TIEOUT_FINANCE_DATABASE_URL",
    "TIEOUT_RECONCILIATION_DATABASE_URL",
)


def _tieout(*arguments: str, **addresses: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, "-m", "tieout", *arguments],
        env=clean | addresses,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["check", "status"])
@pytest.mark.parametrize(
    ("finance", "code", "words"),
    [
        ("mysql://x/y", "CFG-101", "starts with mysql, not postgresql"),
        ("postgresql://127.0.0.1:5432", "CFG-101", "names no database"),
        ("postgresql://127.0.0.1:notaport/x", "CFG-101", "is not a URL"),
        ("", "CFG-106", "TIEOUT_FINANCE_DATABASE_URL is not set"),
        (GOOD, "CFG-105", "cannot be reached"),
    ],
)
def test_an_address_that_cannot_work_is_said_in_one_line(
    command: str, finance: str, code: str, words: str
) -> None:
    done = _tieout(command, **dict.fromkeys(NAMES, GOOD) | {NAMES[1]: finance})
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert code in said
    assert words in said
    assert "Traceback" not in said
    if command == "check":
        assert any(line.startswith("PROBLEM") and code in line for line in done.stdout.splitlines())


@pytest.mark.parametrize("command", [["worker", "--once"], ["serve", "--port", "1"], ["run", "chain"]])
def test_a_server_that_is_down_is_said_once(command: list[str]) -> None:
    done = _tieout(*command, **dict.fromkeys(NAMES, GOOD))
    assert done.returncode == 1
    assert done.stderr.count("CFG-105") == 1
    assert done.stderr.count("\n") == 3, done.stderr


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "command",
    [["status"], ["reconcile"], ["run", "chain"], ["problems"], ["users", "list"], ["worker", "--once"],
     ["serve", "--port", "1"], ["trace", "x"], ["maps"]],
    ids=" ".join,
)  # fmt: skip
def test_databases_without_tables_are_said_with_the_command_that_makes_them(command: list[str]) -> None:
    name = f"tieout_bare_{os.getpid()}"
    with psycopg.connect(server_url("postgres"), autocommit=True) as connection:
        connection.execute(f'create database "{name}"'.encode())
        try:
            done = _tieout(*command, **dict.fromkeys(NAMES, server_url(name)))
        finally:
            connection.execute(f'drop database "{name}" with (force)'.encode())
    assert done.returncode == 1, done.stderr
    assert "CFG-104" in done.stderr
    assert "Run tieout migrate." in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_refuses_given_databases_in_words() -> None:
    done = _tieout("demo", "--no-serve", **dict.fromkeys(NAMES, GOOD))
    assert (done.returncode, "CFG-301" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


def test_help_needs_no_database() -> None:
    done = _tieout("--help", **{NAMES[0]: "nonsense"})
    assert done.returncode == 0
    for command in (
        "migrate",
        "check",
        "serve",
        "worker",
        "run",
        "status",
        "reconcile",
        "trace",
        "maps",
        "users",
    ):
        assert command in done.stdout
