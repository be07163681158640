"""What ``tieout check`` and every other command say of a configuration that cannot work."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
