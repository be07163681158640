"""Delivery: at least once and idempotent, in order, refused when it would corrupt, parted by map states."""

from __future__ import annotations

import threading
import uuid
from datetime import date

import pytest
from django.db import connections, transaction

from tieout.database import schema, sql
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver, deliver_all
from tieout.dualwrite.delivery.problems import ColumnsDiffer
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.problems import MapNotRunning, MapVersionTooOld, UnknownMap
from tieout.dualwrite.maps.queries import maps
from tieout.dualwrite.maps.rules import MAPS, State
from tieout.dualwrite.resync.actions import resync
from tieout.finance.models import Vendor, VendorInvoice
from tieout.kernel.access import Actor, VerbNotPermitted
from tieout.operations.models import Vendor as MirroredVendor
from tieout.operations.models import VendorInvoice as MirroredInvoice
from tieout.outbox.models import Entry, Map, Resync

pytestmark = pytest.mark.usefixtures("databases")

INTEGRATOR = Actor(name="ines", roles=frozenset({"integrator"}), companies=None)
INVOICES = "msdyn_projectvendorinvoices"
VENDORS = "msdyn_vendors"


class CrashError(RuntimeError):
    """Stands for a crash between the two commits."""


def _crash() -> None:
    raise CrashError


def _enter_invoices(count: int, *, state: bool = True) -> list[uuid.UUID]:
    """Enter invoices as finance would, stating them in the same transaction."""
    with transaction.atomic(using=FINANCE):
        invoices = [
            VendorInvoice(
                id=uuid.uuid4(),
                company_code="GBOC",
                vendor_id=uuid.uuid4(),
                invoice_number=f"I-{i}",
                invoice_date=date(2016, 1, 4),
                accounting_date=date(2016, 1, 5),
                currency_code="GBP",
                entered_by="test",
            )
            for i in range(count)
        ]
        VendorInvoice.objects.bulk_create(invoices)
        if state:
            _state(INVOICES, [invoice.id for invoice in invoices])
    return [invoice.id for invoice in invoices]


def _state(map_name: str, keys: list[uuid.UUID]) -> None:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "insert into outbox_entry (map, key)"
            " select %s, k from unnest(%s::uuid[]) k where outbox_captures(%s)",
            [map_name, keys, map_name],
        )


def _waiting(map_name: str) -> int:
    return Entry.objects.using(FINANCE).filter(map=map_name).count()


def test_everything_stated_arrives_once_in_bounded_batches() -> None:
    """Finance spec 7, pain 13: no transaction grows with what is owed; none meets a limit of minutes."""
    keys = _enter_invoices(25)
    done = deliver(actor=INTEGRATOR, map=INVOICES, batch_size=10)
    assert (done.stated, done.landed) == (25, 25)
    assert set(MirroredInvoice.objects.values_list("id", flat=True)) == set(keys)
    assert MirroredInvoice.objects.values("batch_id").distinct().count() == 3
    assert _waiting(INVOICES) == 0
    again = deliver(actor=INTEGRATOR, map=INVOICES)
    assert (again.stated, again.landed) == (0, 0)


def test_a_crash_between_the_commits_delivers_again_and_doubles_nothing() -> None:
    _enter_invoices(12)
    with pytest.raises(CrashError):
        deliver(actor=INTEGRATOR, map=INVOICES, between_commits=_crash)
    assert (_waiting(INVOICES), MirroredInvoice.objects.count()) == (12, 12)
    _enter_invoices(3)
    done = deliver(actor=INTEGRATOR, map=INVOICES)
    assert (done.stated, done.landed) == (15, 3)
    assert (_waiting(INVOICES), MirroredInvoice.objects.count()) == (0, 15)


def test_a_record_stated_several_times_is_sent_once() -> None:
    keys = _enter_invoices(2)
    _state(INVOICES, keys * 3)
    done = deliver(actor=INTEGRATOR, map=INVOICES)
    assert (done.stated, done.landed, _waiting(INVOICES)) == (2, 2, 0)


def test_uncommitted_changes_are_not_seen_and_not_lost() -> None:
    entered, committed = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic(using=FINANCE):
            _enter_invoices(1)
            entered.set()
            committed.wait(20)
        connections[FINANCE].close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    entered.wait(20)
    _enter_invoices(2)  # later numbers, committed first
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 2
    committed.set()
    writer.join()
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 1


def test_two_workers_at_once_share_the_work() -> None:
    _enter_invoices(400)
    landed: list[int] = []

    def work() -> None:
        try:
            landed.append(deliver(actor=INTEGRATOR, map=INVOICES, batch_size=20).landed)
        finally:
            for alias in (FINANCE, OPERATIONS):
                connections[alias].close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(landed) == 400
    assert MirroredInvoice.objects.count() == 400


def _vendor(version: int, name: str) -> None:
    key = uuid.UUID(int=7)
    if not Vendor.objects.filter(id=key).update(name=name, version=version):
        vendor = Vendor(id=key, company_code="GBOC", account_number="V1", name=name, version=version)
        Vendor.objects.bulk_create([vendor])
    _state(VENDORS, [key])


def test_a_set_up_record_is_replaced_by_a_newer_version_only() -> None:
    _vendor(1, "Old name")
    deliver(actor=INTEGRATOR, map=VENDORS)
    _vendor(2, "New name")
    deliver(actor=INTEGRATOR, map=VENDORS)
    assert MirroredVendor.objects.get().name == "New name"
    _vendor(1, "Old name, late")
    done = deliver(actor=INTEGRATOR, map=VENDORS)
    assert (done.stated, done.landed) == (1, 0)
    assert MirroredVendor.objects.get().name == "New name"


def test_paused_queues_and_not_running_captures_nothing() -> None:
    set_state(actor=INTEGRATOR, map=INVOICES, state=State.PAUSED)
    _enter_invoices(2)
    assert deliver(actor=INTEGRATOR, map=INVOICES).stated == 0
    assert _waiting(INVOICES) == 2
    set_state(actor=INTEGRATOR, map=INVOICES, state=State.NOT_RUNNING)
    lost = _enter_invoices(3)
    assert _waiting(INVOICES) == 2
    with pytest.raises(MapNotRunning):
        deliver(actor=INTEGRATOR, map=INVOICES)
    with pytest.raises(MapNotRunning):
        resync(actor=INTEGRATOR, map=INVOICES, keys=lost)
    set_state(actor=INTEGRATOR, map=INVOICES, state=State.RUNNING)
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 2
    assert resync(actor=INTEGRATOR, map=INVOICES, keys=lost) == 3
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 3
    assert list(Resync.objects.using(FINANCE).values_list("asked_by", flat=True)) == ["ines"] * 3
    states = {status.map.map: (status.state, status.changed_by) for status in maps(actor=INTEGRATOR)}
    assert states[INVOICES] == (State.RUNNING, "ines")


def test_a_run_that_is_paused_ends_with_its_batch() -> None:
    _enter_invoices(5)

    def pause() -> None:
        Map.objects.using(FINANCE).filter(map=INVOICES).update(state=State.PAUSED)

    done = deliver(actor=INTEGRATOR, map=INVOICES, batch_size=2, between_commits=pause)
    assert (done.stated, done.landed, _waiting(INVOICES)) == (2, 2, 3)
    set_state(actor=INTEGRATOR, map=INVOICES, state=State.RUNNING)
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 3


def test_a_run_carries_what_is_owed_when_it_begins_however_much_is_stated_meanwhile() -> None:
    _enter_invoices(4)

    def more() -> None:
        _enter_invoices(3)

    done = deliver(actor=INTEGRATOR, map=INVOICES, batch_size=2, between_commits=more)
    assert (done.stated, _waiting(INVOICES)) == (4, 6)
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 6


def test_unequal_columns_stop_the_delivery_and_lose_nothing() -> None:
    _enter_invoices(2)
    with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
        cursor.execute("alter table operations_vendor_invoice alter invoice_number type varchar(61)")
    try:
        with pytest.raises(ColumnsDiffer) as refused:
            deliver(actor=INTEGRATOR, map=INVOICES)
        assert refused.value.column == "invoice_number"
        assert (_waiting(INVOICES), MirroredInvoice.objects.count()) == (2, 0)
    finally:
        with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
            cursor.execute("alter table operations_vendor_invoice alter invoice_number type varchar(60)")
    assert deliver(actor=INTEGRATOR, map=INVOICES).landed == 2


def test_a_map_below_its_required_version_is_refused_and_passed_over() -> None:
    _enter_invoices(1)
    Map.objects.using(FINANCE).filter(map=INVOICES).update(version="1.0.0.0")
    with pytest.raises(MapVersionTooOld):
        deliver(actor=INTEGRATOR, map=INVOICES)
    assert deliver_all(actor=INTEGRATOR) == []
    Map.objects.using(FINANCE).filter(map=INVOICES).update(version="1.0.0.10")  # later than 1.0.0.1
    assert [(done.map, done.landed) for done in deliver_all(actor=INTEGRATOR)] == [(INVOICES, 1)]


def test_only_the_integrator_manages_maps_and_unknown_maps_are_named() -> None:
    auditor = Actor(name="ann", roles=frozenset({"auditor"}), companies=None)
    with pytest.raises(VerbNotPermitted):
        set_state(actor=auditor, map=INVOICES, state=State.PAUSED)
    with pytest.raises(VerbNotPermitted):
        deliver(actor=auditor, map=INVOICES)
    with pytest.raises(UnknownMap, match="msdyn_nothing"):
        deliver(actor=INTEGRATOR, map="msdyn_nothing")


@pytest.mark.parametrize("map_name", [row.map for row in MAPS])
def test_each_projection_fits_its_target(map_name: str) -> None:
    """The stream of every map has the columns of its table: names, types and modifiers.

    Finance spec 7, pain 14 (DIPV1002): what no table can take is met here, and not by who starts the map.
    """
    from tieout.database import transfer

    map_ = MAPS.one(map_name)
    with transaction.atomic(using=map_.source), connections[map_.source].cursor() as cursor:
        cursor.execute("create temporary table if not exists outbox_taken (key uuid) on commit delete rows")
        query = sql.load("tieout.dualwrite.maps", map_name).text
        parameters = {"key_from": uuid.UUID(int=0), "key_to": uuid.UUID(int=0), "batch_id": 1}
        ours = transfer.columns_of_query(map_.source, query, parameters)
    theirs = transfer.columns_of_table(map_.target, map_.table, [column.name for column in ours])
    transfer.refuse_difference(ours, theirs, map_.table)
    required = _required_columns(map_.target, map_.table)
    assert required <= {column.name for column in ours}


def _required_columns(alias: str, table: str) -> set[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select column_name from information_schema.columns where table_name = %s"
            " and is_nullable = 'NO' and column_default is null",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}
