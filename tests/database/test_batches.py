"""Batches of one run: each its own transaction, several at once; who else wants the lock has it soon."""

import time
from threading import Barrier, Event, Thread, current_thread
from uuid import UUID

import pytest
from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.database.operations.ledger import CLERK, MANAGER, rows
from tests.reference.world import World

from tieout.database import batches
from tieout.database.aliases import OPERATIONS
from tieout.database.batches import each_batch
from tieout.database.locks import wait_in_transaction
from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.entries import actions as entries

pytestmark = pytest.mark.usefixtures("databases")
LOCK = ("test", "batches")


@pytest.fixture(autouse=True)
def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two batches be worked on at once, however many cores the machine has."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)


def _answer(query: str) -> int:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def test_two_batches_are_worked_on_at_once_and_answer_in_their_order() -> None:
    both = Barrier(2, timeout=20)  # a batch that waited for the other to end would break it

    def work(batch: int) -> tuple[int, int]:
        both.wait()
        return batch, _answer("select pg_backend_pid()")

    done = list(each_batch(OPERATIONS, range(4), work, lock=LOCK))
    assert [batch for batch, _ in done] == [0, 1, 2, 3]
    assert len({session for _, session in done[:2]}) == 2


def test_a_run_keeps_its_two_sessions_and_ends_them() -> None:
    both = Barrier(2, timeout=20)

    def work(_: int) -> int:
        both.wait()
        return _answer("select pg_backend_pid()")

    sessions = set(each_batch(OPERATIONS, range(8), work, lock=LOCK))
    assert len(sessions) == 2
    open_ones = "select count(*) from pg_stat_activity where pid = any(array{})"
    deadline = time.monotonic() + 20
    while (left := _answer(open_ones.format(sorted(sessions)))) and time.monotonic() < deadline:
        time.sleep(0.05)  # a server ends a session a moment after its client has left
    assert left == 0


def test_a_batch_alone_is_worked_on_by_the_session_that_asked() -> None:
    done = list(each_batch(OPERATIONS, ["only"], lambda _: _answer("select pg_backend_pid()"), lock=LOCK))
    assert done == [_answer("select pg_backend_pid()")]


def test_the_lock_is_held_while_batches_are_under_way_and_free_afterwards() -> None:
    held = "select count(*) from pg_locks where locktype = 'advisory' and granted"
    during = list(each_batch(OPERATIONS, range(5), lambda _: _answer(held), lock=LOCK))
    assert (during, _answer(held)) == ([1] * 5, 0)


def test_a_session_that_is_done_takes_the_next_batch() -> None:
    others_done = Event()
    done: list[int] = []

    def work(batch: int) -> int:
        if batch == 0:
            assert others_done.wait(20)
        done.append(batch)
        if len(done) == 4:
            others_done.set()
        return batch

    assert list(each_batch(OPERATIONS, range(5), work, lock=LOCK)) == [0, 1, 2, 3, 4]
    assert done == [1, 2, 3, 4, 0]


def test_who_waits_for_the_lock_has_it_before_the_run_ends() -> None:
    is_waiting, was_let_in = Event(), Event()

    def another_run() -> None:
        try:
            with transaction.atomic(using=OPERATIONS, durable=True):
                is_waiting.set()
                wait_in_transaction(OPERATIONS, *LOCK)
                was_let_in.set()
        finally:
            connections.close_all()

    other = Thread(target=another_run)
    begun: list[int] = []

    def work(batch: int) -> bool:
        begun.append(batch)
        if batch == 0:
            other.start()
            assert is_waiting.wait(20)
            while not _answer("select count(*) from pg_locks where locktype = 'advisory' and not granted"):
                time.sleep(0.01)
        return was_let_in.is_set()

    let_in = list(each_batch(OPERATIONS, range(40), work, lock=LOCK))
    other.join(20)
    assert let_in[0] is False
    assert let_in[-1] is True
    assert sorted(begun) == list(range(40))


def test_a_batch_that_fails_leaves_those_under_way_and_ends_the_run() -> None:
    world = World()
    world.company()
    world.load()
    begun: list[str] = []
    failed = Event()

    def work(name: str) -> None:
        begun.append(name)
        if name == "a":
            assert failed.wait(20)
            time.sleep(0.2)  # by then the run knows
        with connections[OPERATIONS].cursor() as cursor:
            cursor.execute("update operations_company set name = name || %s", [name])
        if name == "b":
            failed.set()
            raise ArithmeticError(name)

    before = rows("select name from operations_company")[0][0]
    with pytest.raises(ArithmeticError, match="b"):
        list(each_batch(OPERATIONS, "abc", work, lock=LOCK))
    assert sorted(begun) == ["a", "b"]
    assert rows("select name from operations_company") == [(before + "a",)]


def test_entries_of_several_batches_come_to_the_same_as_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "BATCH", 3)
    world = World()
    world.company()
    unit, role = world.unit(), world.role()
    project, contract = world.sold_project(unit, "time_and_materials")
    world.role_price(world.price_list(contract=contract), role, "200")
    world.role_price(world.price_list(unit=unit), role, "100")
    person = world.resource(unit)
    made: list[UUID] = [world.time(person, project, role) for _ in range(10)]
    world.load()
    submitted = submit_entries(actor=CLERK, company="GB01")
    assert (submitted.submitted, submitted.minutes, submitted.refused) == (10, 4800, ())
    approved = approve_entries(actor=MANAGER, company="GB01")
    assert (approved.approved, approved.minutes, approved.refused) == (10, 4800, ())
    again = approve_entries(actor=MANAGER, company="GB01", entry_ids=made)
    assert (again.approved, again.already_approved) == (0, 10)
    assert rows(
        "select transaction_type, count(*), sum(amount) from operations_actual group by 1 order by 1"
    ) == [("cost", 10, 8000), ("unbilled_sales", 10, 16000)]


def test_what_waits_for_a_batch_that_gets_no_session_does_not_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = Event()
    first = Event()
    connect = BaseDatabaseWrapper.connect

    def connect_to_a_full_server(wrapper: BaseDatabaseWrapper) -> None:
        if current_thread().name.startswith("batch") and not first.is_set():
            first.set()
            raise OperationalError("too many clients")
        connect(wrapper)

    def work(_: int) -> bool:
        return over.wait(timeout=20)

    monkeypatch.setattr(BaseDatabaseWrapper, "connect", connect_to_a_full_server)
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="too many clients"):
        list(each_batch(OPERATIONS, range(2), work, lock=LOCK, over=lambda _: over.set()))
    assert time.monotonic() - begun < 15
