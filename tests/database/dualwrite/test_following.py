"""Continuous delivery: woken by the commit, one process at a time, a map that is stopped stops no other."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connections, transaction

from tieout.database import schema
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import Delivered
from tieout.dualwrite.following import actions as following
from tieout.dualwrite.following.actions import follow
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.finance.models import Vendor, VendorInvoice
from tieout.kernel.access import Actor, VerbNotPermitted
from tieout.operations.models import Vendor as MirroredVendor
from tieout.operations.models import VendorInvoice as MirroredInvoice
from tieout.outbox.models import Map

pytestmark = pytest.mark.usefixtures("databases")

INTEGRATOR = Actor(name="ines", roles=frozenset({"integrator"}), companies=None)
INVOICES = "msdyn_projectvendorinvoices"
VENDORS = "msdyn_vendors"
PATIENCE = 60  # seconds; a busy machine, not the product's promise


def _state(map_name: str, keys: list[uuid.UUID]) -> None:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "insert into outbox_entry (map, key) select %s, k from unnest(%s::uuid[]) k", [map_name, keys]
        )


def _invoices(count: int, prefix: str = "I") -> list[uuid.UUID]:
    with transaction.atomic(using=FINANCE):
        made = [
            VendorInvoice(
                id=uuid.uuid4(),
                company_code="GBOC",
                vendor_id=uuid.uuid4(),
                invoice_number=f"{prefix}-{i}",
                invoice_date=date(2016, 1, 4),
                accounting_date=date(2016, 1, 5),
                currency_code="GBP",
                entered_by="test",
            )
            for i in range(count)
        ]
        VendorInvoice.objects.bulk_create(made)
        _state(INVOICES, [one.id for one in made])
    return [one.id for one in made]


def _vendors(count: int) -> None:
    with transaction.atomic(using=FINANCE):
        made = [
            Vendor(id=uuid.uuid4(), company_code="GBOC", account_number=f"V{i}", name=f"Vendor {i}")
            for i in range(count)
        ]
        Vendor.objects.bulk_create(made)
        _state(VENDORS, [one.id for one in made])


def _until(condition: Callable[[], bool]) -> None:
    """Return when a condition has come true."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < PATIENCE
        time.sleep(0.01)


def _until_arrived(invoices: int) -> None:
    _until(lambda: MirroredInvoice.objects.count() == invoices)


class _Process:
    """One process that follows, as a thread with connections of its own."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.told: list[Delivered] = []
        self.carried = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.carried = follow(actor=INTEGRATOR, stop=self.stop, tell=self.told.append)

    def end(self) -> float:
        """Stop it; return how many seconds that took."""
        started = time.monotonic()
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return time.monotonic() - started


@contextmanager
def following_process() -> Iterator[_Process]:
    process = _Process()
    try:
        yield process
    finally:
        process.end()


def test_what_is_committed_is_there_within_moments_by_the_notification(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 3_600)  # no clock helps
    with following_process() as process:
        _invoices(1)
        _until_arrived(1)
        for number in range(2, 7):
            time.sleep(0.3)  # it waits again
            _invoices(1)
            _until_arrived(number)
    assert process.carried == 6


def test_without_a_notification_the_clock_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 0.2)
    with schema.as_owner(), connections[FINANCE].cursor() as cursor:
        cursor.execute("alter table outbox_entry disable trigger outbox_entry_wakes")
    try:
        with following_process():
            time.sleep(0.5)
            _invoices(3)
            _until_arrived(3)
    finally:
        with schema.as_owner(), connections[FINANCE].cursor() as cursor:
            cursor.execute("alter table outbox_entry enable trigger outbox_entry_wakes")


def test_it_stops_at_once_and_what_is_left_stays_owed() -> None:
    process = _Process()
    _invoices(2)
    _until_arrived(2)
    assert process.end() < 5
    _invoices(2)
    time.sleep(0.3)
    assert MirroredInvoice.objects.count() == 2


def test_a_second_process_stands_by_and_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "SECONDS_BETWEEN_LOOKS", 0.2)
    with following_process() as first:
        _invoices(1)
        _until_arrived(1)
        with following_process() as second:
            for number in range(2, 6):
                _invoices(1)
                _until_arrived(number)
            first.end()
            assert (len(second.told), sum(one.landed for one in first.told)) == (0, 5)
            _invoices(1)
            _until_arrived(6)
        assert second.carried == 1


def test_a_map_that_is_stopped_stops_no_other_and_is_tried_again_later() -> None:
    _vendors(2)
    Map.objects.using(FINANCE).filter(map=VENDORS).update(version="1.0.0.0")
    _invoices(3)
    with following_process() as process:
        _until_arrived(3)
        _until(lambda: any(one.problem is not None for one in process.told))
        problem = next(one.problem for one in process.told if one.problem is not None)
        assert (problem.code, MirroredVendor.objects.count()) == ("DW-202", 0)
        Map.objects.using(FINANCE).filter(map=VENDORS).update(version="1.0.0.6")
        _until(lambda: MirroredVendor.objects.count() == 2)


def test_a_paused_map_waits_and_goes_when_it_is_started() -> None:
    set_state(actor=INTEGRATOR, map=INVOICES, state=State.PAUSED)
    with following_process():
        _invoices(4)
        _vendors(1)
        _until(lambda: MirroredVendor.objects.count() == 1)
        assert MirroredInvoice.objects.count() == 0
        set_state(actor=INTEGRATOR, map=INVOICES, state=State.RUNNING)
        _until_arrived(4)
        _until(lambda: Map.objects.using(FINANCE).get(map=INVOICES).backlog_to is None)


def test_a_broken_connection_is_opened_again() -> None:
    with following_process() as process:
        _invoices(1)
        _until_arrived(1)
        for alias in (FINANCE, OPERATIONS):
            with schema.as_owner(), connections[alias].cursor() as cursor:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
        _invoices(1)
        _until_arrived(2)
    assert process.carried == 2


def test_one_statement_wakes_once_whatever_its_rows() -> None:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("listen outbox")
        _invoices(500)
        heard = list(cursor.connection.notifies(timeout=0.5))
        cursor.execute("unlisten outbox")
    assert len(heard) == 1


def test_only_who_may_deliver_may_follow() -> None:
    auditor = Actor(name="ann", roles=frozenset({"auditor"}), companies=None)
    with pytest.raises(VerbNotPermitted):
        follow(actor=auditor, stop=threading.Event())
