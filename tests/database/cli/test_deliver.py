"""``tieout deliver``: once, and as a process that follows, is told to stop, or is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections, transaction
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture

from tieout.cli.program import ExitCode
from tieout.database import schema
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance import models as finance
from tieout.operations import models as operations
from tieout.outbox.models import Entry

pytestmark = pytest.mark.usefixtures("databases")

VENDORS = "msdyn_vendors"
SECONDS_MAX = 60  # to start a program on a busy machine


def _vendors(count: int) -> None:
    made = [
        finance.Vendor(id=uuid.uuid4(), company_code="USMF", account_number=uuid.uuid4().hex, name="Vendor")
        for _ in range(count)
    ]
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        finance.Vendor.objects.bulk_create(made)
        cursor.execute(
            "insert into outbox_entry (map, key) select %s, k from unnest(%s::uuid[]) k",
            [VENDORS, [one.id for one in made]],
        )


def _arrived() -> int:
    return operations.Vendor.objects.count()


def _until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def _until_arrived(count: int) -> None:
    _until(lambda: _arrived() == count)


@contextmanager
def _following() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tieout", "deliver", "--follow", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_once_it_says_what_each_map_carried(tieout: Tieout) -> None:  # noqa: F811
    assert tieout("deliver").out == "Nothing is owed.\n"
    _vendors(3)
    said = tieout("deliver")
    assert (said.code, said.out) == (ExitCode.OK, f"{VENDORS}: 3 stated, 3 new at the other side\n")
    _vendors(2)
    [done] = tieout("deliver", "--json").document
    assert (done["map"], done["stated"], done["landed"], done["parked"]) == (VENDORS, 2, 2, 0)


def test_what_was_refused_is_a_problem_and_is_listed_with_its_cause(tieout: Tieout) -> None:  # noqa: F811
    _vendors(1)
    with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
        cursor.execute("alter table operations_vendor add constraint vendor_none check (false) not valid")
    try:
        said = tieout("deliver")
        assert said.code == ExitCode.PROBLEM
        assert said.out == f"{VENDORS}: 1 stated, 0 new at the other side, 1 refused\n"
    finally:
        with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
            cursor.execute("alter table operations_vendor drop constraint vendor_none")
    listed = tieout("maps", "refused")
    assert f"{VENDORS}  USMF" in listed.out
    assert "DW-208" in listed.err
    [owing] = tieout("status", "--json").document["maps"]
    assert (owing["map"]["map"], owing["waiting"], owing["parked"]) == (VENDORS, 0, 1)
    assert "DW-212" in tieout("check").out
    assert tieout("maps", "sync", VENDORS).code == ExitCode.OK
    assert tieout("deliver").code == ExitCode.OK
    assert tieout("maps", "refused").out == "The other side has refused nothing.\n"


def test_a_process_that_follows_delivers_and_stops_when_it_is_told() -> None:
    with _following() as process:
        for count in (1, 3, 6):
            _vendors(count - _arrived())
            _until_arrived(count)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == ExitCode.OK
    told = [json.loads(line) for line in out.splitlines()]
    assert (sum(one["stated"] for one in told), sum(one["landed"] for one in told)) == (6, 6)


def test_a_process_that_is_killed_loses_and_doubles_nothing_and_the_next_takes_over() -> None:
    with _following() as first, _following() as second:
        _vendors(1)
        _until(lambda: _arrived() == 1)
        for _ in range(20):
            _vendors(50)
        first.kill()
        second.kill()
    _vendors(10)
    with _following():
        _until(lambda: _arrived() == 1 + 20 * 50 + 10)
        _until(lambda: not Entry.objects.using(FINANCE).exists())
    assert operations.Vendor.objects.values("id").distinct().count() == 1_011
