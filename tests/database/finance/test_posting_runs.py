"""The lease of a posting run: who holds a journal, and what becomes of it when a run dies, hangs or fails."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.database.finance.costs import move
from tests.database.finance.test_journal_states import STATUS, delete, imported, post, reset, states, steps
from tests.database.finance.world import AUDITOR, COMPANY, World, table

from tieout.database.aliases import FINANCE
from tieout.finance.journalkeeping.problems import JournalNotOpen
from tieout.finance.journals import actions
from tieout.finance.journals.actions import PostedJournals
from tieout.finance.journals.queries import journal
from tieout.problems.rules import AlreadyRunning

ROOT = Path(__file__).parents[3]
_HOLDING = """
import sys
import django
from tieout.config import logs
logs.configure(level="WARNING")
django.setup()
from tieout.database import batches
from tieout.finance.journals import actions
from tieout.kernel.access import Actor
from tieout.problems.rules import AlreadyRunning
actions.LINES_MAX = 2
batches.AT_ONCE = 1
post = actions._post_slice
done = 0
def then_wait(*given):
    global done
    done += 1
    if done == 2:
        print("holds", flush=True)
        sys.stdin.readline()
    return post(*given)
actions._post_slice = then_wait
who = Actor(name="bob", roles=frozenset({"project_accountant"}), companies=frozenset({"NL01"}))
try:
    print(actions.post_integration_journals(actor=who, company="NL01").lines, flush=True)
except AlreadyRunning as met:
    print(met.code, flush=True)
"""


@pytest.fixture
def holder(world: World) -> Any:
    """A program that has posted two of six lines, holds the journal, and waits."""
    imported(world, *["1.00"] * 6)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDING],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "holds\n"
        yield program
        program.kill()


def test_a_journal_in_hand_says_whose_it_is_and_is_left_alone(holder: subprocess.Popen[str]) -> None:
    found = journal(actor=AUDITOR, company=COMPANY, number="IJ0001")
    assert found is not None
    assert (found.status, found.held_by) == ("processing", "bob")
    assert [state for _, _, state in states("IJ0001")] == ["posted"] * 2 + ["processing"] * 4
    with pytest.raises(AlreadyRunning):
        post()
    with pytest.raises(AlreadyRunning):  # a cost that moves now would be missed by its reversal
        move(["IJV0001"])
    move(["IJV0001"], is_preview=True)  # which moves nothing, and is no run
    assert table("select started_by from finance_posting_run") == [("bob",)]
    with pytest.raises(JournalNotOpen):
        delete("IJ0001")
    assert not reset("IJ0001")
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "6\n"
    assert table(STATUS) == [("IJ0001", "posted", 6)]


def test_a_run_that_died_is_continued_at_once_and_nothing_is_posted_twice(
    holder: subprocess.Popen[str],
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    posted = None
    for _ in range(100):  # the server notices within a moment that the session is gone
        try:
            posted = post()
            break
        except AlreadyRunning:
            time.sleep(0.05)
    assert posted == PostedJournals(1, 0, 4, Decimal(4), 0)
    assert table("select count(*), count(distinct document_id) from finance_voucher") == [(6, 6)]
    assert [step[3] for step in steps("IJ0001")] == ["bob", "ada", "ada"]
    assert table("select started_by, ended_at is not null from finance_posting_run order by id") == [
        ("bob", True), ("ada", True),
    ]  # fmt: skip


def test_a_run_that_hangs_loses_its_journals_when_its_lease_is_over(
    world: World, holder: subprocess.Popen[str]
) -> None:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("update finance_posting_run set alive_until = now() - interval '1 second'")
    assert reset("IJ0001")  # a person may have it back too
    assert post() == PostedJournals(1, 0, 4, Decimal(4), 0)
    assert holder.stdin is not None
    assert holder.stdout is not None
    imported(world, *["5.00"] * 3)  # of a journal that is nobody's yet
    holder.stdin.write("\n")  # it wakes up, finds its journal in other hands, and takes no other
    holder.stdin.flush()
    assert holder.stdout.readline() == f"{AlreadyRunning.code}\n"
    assert table("select count(*), count(distinct document_id) from finance_voucher") == [(6, 6)]
    assert table(STATUS) == [("IJ0001", "posted", 6), ("IJ0002", "draft", 3)]


def test_a_run_that_meets_an_error_hands_its_journals_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(world, "1.00")
    monkeypatch.setattr(actions, "_post_slice", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        post()
    monkeypatch.undo()
    assert [step[:2] for step in steps("IJ0001")] == [("post", "processing"), ("break_off", "draft")]
    assert post().lines == 1
