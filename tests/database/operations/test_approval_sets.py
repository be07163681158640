"""Approval sets: what is asked of many entries is done by a job, project by project (operations spec 5.2)."""

from __future__ import annotations

import time
from threading import Thread
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction
from tests.database.operations.ledger import CLERK, MANAGER, count, open_problems, outbox, rows
from tests.database.operations.time_entries import BOTH, LEAD, codes
from tests.reference.world import World

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.operations.approvals.actions import (
    approve_entries,
    cancel_approval,
    recall_entries,
    reject_entries,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.approvalsets import actions as sets
from tieout.operations.approvalsets.actions import QueuedSet, SetsProcessed
from tieout.operations.approvalsets.problems import ApprovalSetNotRetried, ApprovalSetUnknown
from tieout.operations.approvalsets.queries import ApprovalSetRow, approval_set, approval_sets, set_log
from tieout.operations.approvalsets.rules import Action, SetStatus
from tieout.operations.entries.rules import Refused

pytestmark = pytest.mark.usefixtures("databases")

JOB = Actor("system", frozenset({"system"}), None)
PEOPLE = {one.name: one for one in (CLERK, MANAGER, LEAD, BOTH)}


def days_on(*entries: int, threshold: int | None = None) -> list[list[UUID]]:
    """Load a project on time and materials with so many submitted days per number; return the entries."""
    world = World()
    world.company()
    if threshold is not None:
        world.add(
            "operations_project_parameters",
            company_code="GB01",
            interorganizational="time_and_materials",
            daily_minutes=1440,
            approval_threshold=threshold,
            journal_validation="none",
            version=1,
        )
    unit, role = world.unit(), world.role()
    resource = world.resource(unit)
    world.role_price(world.price_list(unit=unit), role, "100")
    made = []
    for number in entries:
        project, contract = world.sold_project(unit, "time_and_materials")
        world.role_price(world.price_list(contract=contract), role, "200")
        made.append([world.time(resource, project, role) for _ in range(number)])
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    return made


def ask(
    entries: list[UUID], action: Action = Action.APPROVE, actor: Actor = MANAGER, **more: object
) -> sets.Requested:
    return sets.request(actor=actor, company="GB01", action=action, entry_ids=entries, **more)  # type: ignore[arg-type]


def process() -> SetsProcessed:
    return sets.process(actor=JOB, company="GB01", approvers=PEOPLE.__getitem__)


def the_sets() -> list[tuple[int, str, int, int, int, bool]]:
    """Return entries, status, done, attempts made, attempts left, in flight of all sets, the first first."""
    found, _ = approval_sets(actor=MANAGER, company="GB01")
    return [
        (one.entries, one.status.value, one.done, one.attempt, one.attempts_left, one.in_flight)
        for one in reversed(found)
    ]


def the_set() -> ApprovalSetRow:
    [found] = approval_sets(actor=MANAGER, company="GB01")[0]
    return found


def logged(number: int) -> list[tuple[int, str, str, bool]]:
    found, _ = set_log(actor=MANAGER, company="GB01", number=number)
    return [(one.attempt, one.text.code, one.external_id, one.is_left) for one in reversed(found)]


def states() -> dict[str, int]:
    return dict(rows("select state, count(*) from operations_entry_state group by 1"))


def total(transaction_type: str) -> tuple[int, int]:
    [(number, amount)] = rows(
        "select count(*), coalesce(sum(amount), 0)::int from operations_actual where transaction_type = %s",
        transaction_type,
    )
    return number, amount


# ------------------------------------------------ the threshold


@pytest.mark.parametrize(
    ("threshold", "entries", "at_once"),
    [(0, 1, False), (3, 3, True), (3, 4, False), (None, 50, True), (None, 51, False)],
)
def test_a_request_above_the_threshold_is_queued(threshold: int | None, entries: int, at_once: bool) -> None:  # noqa: FBT001
    [days] = days_on(entries, threshold=threshold)
    asked = ask([*days, days[0]])  # asked for twice, one entry is one
    assert (asked.at_once is not None, len(asked.sets)) == (at_once, 0 if at_once else 1)
    assert states() == {"approved" if at_once else "submitted": entries}
    assert process() == (SetsProcessed() if at_once else SetsProcessed(1, entries, 0))
    assert states() == {"approved": entries}
    assert (total("cost"), total("unbilled_sales")) == ((entries, 800 * entries), (entries, 1600 * entries))
    assert outbox()["msdyn_actuals"] == 2 * entries
    assert the_sets() == ([] if at_once else [(entries, "completed", entries, 1, 2, False)])
    assert count("operations_approval_set_member") == 0
    assert process() == SetsProcessed()


def test_sets_are_one_per_project_in_order_and_keep_what_the_approver_changes() -> None:
    first, second = days_on(2, 1, threshold=0)
    changes = {
        first[1]: Change(billable=360),
        second[0]: Change(billing_type=BillingType.COMPLIMENTARY),
    }
    asked = ask([*second, *first], changes=changes)
    [one, two] = asked.sets
    assert one.number < two.number
    assert [one, two] == [
        QueuedSet(one.number, "project-1", 2),
        QueuedSet(two.number, "project-2", 1),
    ]
    found = approval_set(actor=MANAGER, company="GB01", number=one.number)
    assert (found.target_status, found.requested_by, found.approver) == ("approved", "max", "max")
    assert process() == SetsProcessed(2, 3, 0)
    assert rows(
        "select billing_type, quantity::int, amount::int from operations_actual"
        " where transaction_type = 'unbilled_sales' order by 1, 2"
    ) == [
        ("chargeable", 6, 1200),
        ("chargeable", 8, 1600),
        ("complimentary", 8, 1600),
        ("non_chargeable", 2, 400),
    ]
    assert rows("select distinct approved_by from operations_approval") == [("max",)]


def test_reject_and_cancel_go_the_same_way() -> None:
    [days] = days_on(3, threshold=0)
    ask(days[:1], Action.REJECT, comment="which task?")
    ask(days[1:])
    assert process() == SetsProcessed(2, 3, 0)
    assert states() == {"returned": 1, "approved": 2}
    ask(days[1:], Action.CANCEL, comment="wrong week")
    assert process() == SetsProcessed(1, 2, 0)
    assert states() == {"returned": 1, "submitted": 2}
    assert rows("select event, comment, done_by from operations_entry_event order by 1, entry_id") == [
        ("approval_cancelled", "wrong week", "max"),
        ("approval_cancelled", "wrong week", "max"),
        ("rejected", "which task?", "max"),
    ]
    assert total("cost") == (4, 0)


# ------------------------------------------------ in flight


def test_nothing_else_is_done_with_an_entry_in_flight() -> None:
    [days] = days_on(2, threshold=0)
    [queued] = ask(days[:1]).sets
    held = days[:1]
    assert approve_entries(actor=LEAD, company="GB01", entry_ids=held).refused == (Refused("APR-141", 1),)
    assert codes(reject_entries(actor=LEAD, company="GB01", entry_ids=held)) == [("APR-141", "entry-1")]
    assert codes(recall_entries(actor=CLERK, company="GB01", entry_ids=held)) == [("APR-141", "entry-1")]
    again = ask(days, actor=LEAD)
    assert [(one.code, one.details["set"]) for one in again.refused] == [("APR-141", queued.number)]
    assert [one.entries for one in again.sets] == [1]
    # who approves all that waits leaves the sets alone
    assert approve_entries(actor=LEAD, company="GB01").approved == 0
    assert process() == SetsProcessed(2, 2, 0)
    assert open_problems() == []
    ask(held, Action.CANCEL)
    assert codes(request_recall(actor=CLERK, company="GB01", entry_ids=held)) == [("APR-141", "entry-1")]
    assert codes(cancel_approval(actor=LEAD, company="GB01", entry_ids=held)) == [("APR-141", "entry-1")]


def test_what_the_log_says_of_a_set_is_over_when_it_is_processed() -> None:
    [days] = days_on(1, threshold=0)
    ask(days, Action.REJECT)
    approve_entries(actor=LEAD, company="GB01", entry_ids=days)
    assert open_problems() == [("APR-141", "entry-1")]
    assert process() == SetsProcessed(1, 1, 0)
    assert (open_problems(), states()) == ([], {"returned": 1})


# ------------------------------------------------ failure and retry


def test_what_fails_stays_submitted_and_is_retried_after_mending() -> None:
    first, second = days_on(2, 2, threshold=0)
    rows("update operations_project set stage = 'closed' where number = 'project-2' returning id")
    ask([*first, *second])
    assert process() == SetsProcessed(2, 2, 2)
    # with attempts left it is tried again by itself, and its entries are still in flight
    assert the_sets() == [(2, "completed", 2, 1, 2, False), (2, "failed", 0, 1, 2, True)]
    assert [process(), process(), process()] == [*[SetsProcessed(1, 0, 2)] * 2, SetsProcessed()]
    assert the_sets()[1] == (2, "failed", 0, 3, 0, False)
    assert states() == {"approved": 2, "submitted": 2}
    number = approval_sets(actor=MANAGER, company="GB01")[0][0].number
    assert logged(number) == [
        (attempt, "INT-701", name, True) for attempt in (1, 2, 3) for name in ("entry-3", "entry-4")
    ]
    [text] = {one.text.message for one in set_log(actor=MANAGER, company="GB01", number=number)[0]}
    assert "project-2" in text
    # no attempt is left: the entries are free, and one is rejected by hand
    assert reject_entries(actor=LEAD, company="GB01", entry_ids=second[:1]).done == 1
    rows("update operations_project set stage = 'sold' where number = 'project-2' returning id")
    sets.retry(actor=LEAD, company="GB01", number=number)
    assert the_sets()[1] == (2, "queued", 0, 3, 1, True)
    assert process() == SetsProcessed(1, 1, 1)
    assert the_sets()[1] == (2, "partially_completed", 1, 4, 0, False)
    assert logged(number)[-1] == (4, "APR-101", "entry-3", True)
    # as who retried it
    assert rows("select approved_by, count(*) from operations_approval group by 1 order by 1") == [
        ("lea", 1),
        ("max", 2),
    ]
    submit_entries(actor=CLERK, company="GB01")
    sets.retry(actor=LEAD, company="GB01", number=number)
    assert process() == SetsProcessed(1, 1, 0)
    assert the_sets()[1] == (2, "completed", 2, 5, 0, False)
    assert (total("cost"), total("unbilled_sales")) == ((4, 3200), (4, 6400))
    with pytest.raises(ApprovalSetNotRetried):
        sets.retry(actor=LEAD, company="GB01", number=number)


def test_an_entry_that_another_set_has_by_now_leaves_the_one_that_is_retried() -> None:
    [days] = days_on(2, threshold=0)
    rows("update operations_project set stage = 'closed' returning id")
    ask(days)
    for _ in range(3):
        process()
    old = the_set().number
    [new] = ask(days[:1], actor=LEAD).sets
    rows("update operations_project set stage = 'sold' returning id")
    sets.retry(actor=MANAGER, company="GB01", number=old)
    assert logged(old)[-1] == (3, "APR-141", "entry-1", False)
    assert process() == SetsProcessed(2, 2, 0)
    assert approval_set(actor=MANAGER, company="GB01", number=old).done == 1
    assert approval_set(actor=MANAGER, company="GB01", number=new.number).status is SetStatus.COMPLETED
    assert count("operations_actual") == 4


def test_a_set_runs_as_its_approver_as_they_are_now() -> None:
    [days] = days_on(1, threshold=0)
    ask(days)
    gone = Actor("max", frozenset({"resource"}), None)
    elsewhere = Actor("max", frozenset({"project_manager"}), frozenset({"DE01"}))
    for now in (gone, elsewhere):
        done = sets.process(actor=JOB, company="GB01", approvers={"max": now}.__getitem__)
        assert done == SetsProcessed(1, 0, 1)
    assert [code for _, code, _, _ in logged(the_set().number)] == ["ACCESS-101", "ACCESS-102"]
    assert states() == {"submitted": 1}
    assert process() == SetsProcessed(1, 1, 0)


def test_nobody_approves_in_a_set_what_they_submitted() -> None:
    [days] = days_on(1, threshold=0)
    recall_entries(actor=CLERK, company="GB01", entry_ids=days)
    submit_entries(actor=BOTH, company="GB01")
    ask(days, actor=BOTH)
    assert process() == SetsProcessed(1, 0, 1)
    assert logged(the_set().number) == [(1, "ACCESS-103", "entry-1", True)]
    assert count("operations_actual") == 0


def test_companies_and_verbs_are_a_boundary() -> None:
    [days] = days_on(1, threshold=0)
    stranger = Actor("sue", frozenset({"project_manager"}), frozenset({"DE01"}))
    ask(days)
    number = the_set().number
    with pytest.raises(CompanyNotPermitted):
        ask(days, actor=stranger)
    with pytest.raises(VerbNotPermitted):
        ask(days, actor=CLERK)
    with pytest.raises(CompanyNotPermitted):
        approval_set(actor=stranger, company="GB01", number=number)
    with pytest.raises(ApprovalSetUnknown):
        approval_set(actor=stranger, company="DE01", number=number)
    with pytest.raises(ApprovalSetUnknown):
        sets.retry(actor=stranger, company="DE01", number=number)
    assert set_log(actor=stranger, company="DE01", number=number) == ((), None)
    # entries of another company are in no set
    asked = sets.request(actor=stranger, company="DE01", action=Action.APPROVE, entry_ids=days)
    assert asked.at_once is not None
    assert (asked.sets, states()) == ((), {"submitted": 1})


# ------------------------------------------------ crashes and company


class Killed(BaseException):
    """The program ends."""


def test_a_run_that_is_killed_is_continued_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    [days] = days_on(7, threshold=0)
    ask(days)
    monkeypatch.setattr(sets, "SET_BATCH", 2)
    calls = iter(range(9))

    def approver(name: str) -> Actor:
        if next(calls) == 2:
            raise Killed
        return PEOPLE[name]

    with pytest.raises(Killed):
        sets.process(actor=JOB, company="GB01", approvers=approver)
    assert the_sets() == [(7, "processing", 4, 1, 2, True)]
    assert states() == {"approved": 4, "submitted": 3}
    assert process() == SetsProcessed(1, 3, 0)
    assert the_sets() == [(7, "completed", 7, 1, 1, False)]
    assert (count("operations_actual"), count("operations_approval")) == (14, 7)


def test_a_set_that_is_always_broken_off_is_given_up_and_says_so() -> None:
    first, second = days_on(1, 1, threshold=0)
    ask([*first, *second])

    def killer(_: str) -> Actor:
        raise Killed

    for _ in range(3):
        with pytest.raises(Killed):
            sets.process(actor=JOB, company="GB01", approvers=killer)
    assert process() == SetsProcessed(1, 1, 0)
    assert [one[1] for one in the_sets()] == ["failed", "completed"]
    broken = approval_sets(actor=MANAGER, company="GB01")[0][-1].number
    assert logged(broken) == [(1, "APR-142", "entry-1", True)]
    sets.retry(actor=MANAGER, company="GB01", number=broken)
    assert process() == SetsProcessed(1, 1, 0)


def test_two_workers_at_once_process_a_set_once() -> None:
    first, second = days_on(150, 150, threshold=0)
    ask([*first, *second])
    done: list[SetsProcessed] = []

    def work() -> None:
        try:
            done.append(process())
        finally:
            connections[OPERATIONS].close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(one.sets for one in done), sum(one.done for one in done)) == (2, 300)
    assert (count("operations_actual"), count("operations_approval")) == (600, 300)


def test_the_database_lets_an_entry_be_in_flight_once() -> None:
    [days] = days_on(1, threshold=0)
    ask(days)
    with (
        pytest.raises(IntegrityError, match="operations_approval_set_member_in_flight"),
        transaction.atomic(OPERATIONS),
    ):
        rows(
            "with other as (insert into operations_approval_set (company_code, action, target_status, status,"
            " in_flight, attempt, attempts_left, entries, done, comment, requested_by, approver) values"
            " ('GB01', 'approve', 'approved', 'queued', true, 0, 3, 1, 0, '', 'x', 'x') returning id)"
            " insert into operations_approval_set_member (approval_set_id, entry_id, in_flight, attempt)"
            " select other.id, %s, true, 0 from other returning id",
            days[0],
        )


@pytest.mark.scale
def test_ten_thousand_entries_in_one_set() -> None:
    [days] = days_on(10_000)
    started = time.perf_counter()
    ask(days)
    queued = time.perf_counter()
    assert process() == SetsProcessed(1, 10_000, 0)
    ended = time.perf_counter()
    assert total("cost") == (10_000, 8_000_000)
    assert (queued - started, ended - queued) < (5, 60), (queued - started, ended - queued)
