"""Approval sets on their pages: progress, log, Retry; and what a request for many entries is told."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from tests.database.operations.ledger import rows
from tests.database.workspace.time_world import Place, entered, place, press, shown
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.jobs.actions import SYSTEM, perform
from tieout.kernel.access import Actor
from tieout.operations.approvalsets.rules import Action
from tieout.workspace.approval_set_screens import ask

LogIn = Callable[..., Client]
TIME, SETS = "/companies/USMF/time/", "/companies/USMF/approvals/sets/"
MAX = Actor("max", frozenset({"project_manager"}), None)


@pytest.fixture
def at(databases: None) -> Place:
    """A company in both sides with a project, which approves nothing at once."""
    WorkingWorld()
    world = World(currencies=())
    world.add(
        "operations_project_parameters",
        company_code="USMF",
        interorganizational="time_and_materials",
        daily_minutes=1440,
        approval_threshold=0,
        journal_validation="none",
        version=1,
    )
    return place(world)


@pytest.fixture
def waiting(at: Place, log_in: LogIn) -> tuple[Client, list[UUID]]:
    """A manager, and two entries that rita has submitted."""
    worker, manager = log_in("resource", name="rita"), log_in("project_manager", name="max")
    entries = [entered(worker, at), entered(worker, at)]
    assert "Submitted: 2 of 2." in press(worker, TIME, "submit", *entries)
    return manager, entries


def run() -> None:
    perform(actor=SYSTEM, job="approval-sets")


def number() -> int:
    [(found,)] = rows("select max(id) from operations_approval_set")
    return int(found)


def test_what_is_queued_is_said_shown_and_processed(waiting: tuple[Client, list[UUID]]) -> None:
    manager, entries = waiting
    assert ask(MAX, "USMF", Action.APPROVE, entries).said == "2 of 2 queued as 1 set: see Approval sets."
    again = ask(MAX, "USMF", Action.REJECT, entries)
    assert again.said == "0 of 2 queued as 0 sets: see Approval sets. Refused: 2."
    [text] = again.problems[entries[0]]
    assert text.code == "APR-141"
    page = shown(manager, SETS, "waiting")
    assert f'<a href="{SETS}{number()}/">{number()}</a>' in page
    assert "<td>Approve</td>" in page
    assert "<td>Queued</td>" in page
    one = shown(manager, f"{SETS}{number()}/")
    assert "0 of 2 done, 2 left; nothing else is done with these" in one
    run()
    assert "2 of 2 done, 0 left" in shown(manager, f"{SETS}{number()}/")
    assert "<td>Completed</td>" in shown(manager, SETS, "completed")
    assert "Nothing here." in shown(manager, SETS, "failed")
    assert rows("select approved_by, count(*) from operations_approval group by 1") == [("max", 2)]


def test_at_once_reads_as_it_did(waiting: tuple[Client, list[UUID]]) -> None:
    _, entries = waiting
    rows("update operations_project_parameters set approval_threshold = 2 returning id")
    assert ask(MAX, "USMF", Action.REJECT, entries[:1]).said == "Rejected: 1 of 1."
    assert ask(MAX, "USMF", Action.APPROVE, entries[1:]).said == "Approved: 1 of 1."
    assert ask(MAX, "USMF", Action.CANCEL, entries[1:]).said == "Approval cancelled: 1 of 1."


def test_retry_after_mending(waiting: tuple[Client, list[UUID]]) -> None:
    manager, entries = waiting
    ask(MAX, "USMF", Action.APPROVE, entries)
    rows("update operations_project set stage = 'closed' returning id")
    for _ in range(3):
        run()
    address = f"{SETS}{number()}/"
    failed = shown(manager, address)
    assert '<dd id="status">Failed</dd>' in failed
    assert "3 made, 0 left" in failed
    assert failed.count("<td>INT-701</td>") == 6
    assert "free to be approved, rejected or recalled by hand" in failed
    rows("update operations_project set stage = 'sold' where contract_line_id is not null returning id")
    answer = manager.post(address)
    assert "Queued again: it is processed in the background." in answer.content.decode()
    assert rows("select status, attempts_left from operations_approval_set") == [("queued", 1)]
    assert "Retry</button>" not in shown(manager, address)
    assert manager.post(address).status_code == 409  # it is queued already
    run()
    assert "2 of 2 done, 0 left" in shown(manager, address)


def test_a_user_who_is_gone_approves_nothing(waiting: tuple[Client, list[UUID]], log_in: LogIn) -> None:
    _, entries = waiting
    auditor = log_in("auditor", name="aud")
    ask(Actor("nobody", frozenset({"project_manager"}), None), "USMF", Action.APPROVE, entries)
    run()
    page = shown(auditor, f"{SETS}{number()}/")
    assert page.count("<td>ACCESS-104</td>") == 2
    assert "Retry</button>" not in page
    assert auditor.post(f"{SETS}{number()}/").status_code == 403


def test_other_companies_see_nothing(waiting: tuple[Client, list[UUID]], log_in: LogIn) -> None:
    _, entries = waiting
    ask(MAX, "USMF", Action.APPROVE, entries)
    stranger = log_in("project_manager", name="sue", companies=[])
    for address in (SETS, f"{SETS}{number()}/"):
        assert stranger.get(address).status_code == 403
        assert stranger.post(address).status_code in {403, 405}


def test_addresses_that_people_mistype(waiting: tuple[Client, list[UUID]]) -> None:
    manager, _ = waiting
    assert manager.get(f"{SETS}999/").status_code == 409
    for before in ("x", "-1", "9" * 30, "\u0663"):
        assert manager.get(SETS, {"before": before, "view": "nonsense"}).status_code == 200
