"""Catching up: new records go before a backlog, and an initial write that is broken off continues."""

from __future__ import annotations

import pytest
from django.db import connections, transaction

from tieout.database.aliases import FINANCE
from tieout.dualwrite.delivery.actions import _batches, deliver
from tieout.dualwrite.maps import actions as map_actions
from tieout.dualwrite.maps.actions import continue_backlog, set_state
from tieout.dualwrite.maps.queries import MapStatus, find, maps
from tieout.dualwrite.maps.rules import MAPS, State, lag_words
from tieout.finance.models import Vendor
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations.models import Vendor as MirroredVendor
from tieout.outbox.models import InitialWrite

pytestmark = pytest.mark.usefixtures("databases")

INTEGRATOR = Actor(name="ines", roles=frozenset({"integrator"}), companies=None)
VENDORS = "msdyn_vendors"


def _vendors(count: int, prefix: str) -> None:
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        made = [
            Vendor(id=new_id(), company_code="GBOC", account_number=f"{prefix}{i:05}", name=f"Vendor {i}")
            for i in range(count)
        ]
        Vendor.objects.bulk_create(made)
        cursor.execute(
            "insert into outbox_entry (map, key)"
            " select %s, k from unnest(%s::uuid[]) k where outbox_captures(%s)",
            [VENDORS, [one.id for one in made], VENDORS],
        )


def _arrived(prefix: str) -> int:
    return MirroredVendor.objects.filter(account_number__startswith=prefix).count()


def _status() -> MapStatus:
    return next(one for one in maps(actor=INTEGRATOR) if one.map.map == VENDORS)


def _crash() -> None:
    raise ConnectionAbortedError


def _to(state: State) -> None:
    set_state(actor=INTEGRATOR, map=VENDORS, state=state)


def test_what_is_new_goes_before_each_batch_of_the_backlog() -> None:
    _to(State.PAUSED)
    _vendors(25, "OLD")
    _to(State.RUNNING)
    status = _status()
    assert (status.state, status.waiting, status.backlog) == (State.CATCHING_UP, 25, 25)
    assert status.lag.total_seconds() > 0
    _vendors(2, "NEW")
    assert (_status().waiting, _status().backlog) == (27, 25)
    deliver(actor=INTEGRATOR, map=VENDORS, batch_size=10, max_batches=2)
    assert (_arrived("NEW"), _arrived("OLD")) == (2, 10)
    _vendors(3, "NEWER")
    deliver(actor=INTEGRATOR, map=VENDORS, batch_size=10, max_batches=2)
    assert (_arrived("NEWER"), _arrived("OLD"), _status().backlog) == (3, 20, 5)
    done = deliver(actor=INTEGRATOR, map=VENDORS, batch_size=10)
    assert (done.stated, done.landed) == (5, 5)
    status = _status()
    assert (status.state, status.waiting, status.backlog, status.oldest) == (State.RUNNING, 0, 0, None)
    assert MirroredVendor.objects.count() == 30


def test_a_session_that_is_gone_between_the_batches_of_a_backlog_stops_no_map() -> None:
    _to(State.PAUSED)
    _vendors(25, "OLD")
    _to(State.RUNNING)
    carried = []
    for batch in _batches(find(VENDORS), 10, try_parked=True, between_commits=None):
        carried.append(batch.taken)
        connections[FINANCE].connection.close()
    assert carried == [10, 10, 5]
    assert _arrived("OLD") == 25


def test_a_record_that_changed_meanwhile_arrives_as_it_is_now_and_not_older() -> None:
    _vendors(3, "V")
    deliver(actor=INTEGRATOR, map=VENDORS)
    _to(State.PAUSED)
    key = Vendor.objects.order_by("account_number").values_list("id", flat=True)[0]
    for version, name in ((2, "Second"), (3, "Third")):
        with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
            Vendor.objects.filter(id=key).update(name=name, version=version)
            cursor.execute("insert into outbox_entry (map, key) values (%s, %s)", [VENDORS, key])
        if version == 2:
            _to(State.RUNNING)  # the second is backlog, the third overtakes it
    deliver(actor=INTEGRATOR, map=VENDORS, batch_size=1)
    assert MirroredVendor.objects.get(id=key).name == "Third"
    assert _status().state is State.RUNNING


def test_paused_again_and_started_again_keeps_all_that_is_owed() -> None:
    _to(State.PAUSED)
    _vendors(10, "A")
    _to(State.RUNNING)
    deliver(actor=INTEGRATOR, map=VENDORS, batch_size=4, max_batches=1)
    _to(State.PAUSED)
    assert deliver(actor=INTEGRATOR, map=VENDORS).stated == 0
    _vendors(5, "B")
    _to(State.RUNNING)
    assert (_status().state, _status().backlog) == (State.CATCHING_UP, 11)
    deliver(actor=INTEGRATOR, map=VENDORS)
    assert (MirroredVendor.objects.count(), _status().state) == (15, State.RUNNING)


def test_a_map_that_starts_with_nothing_owed_runs_at_once() -> None:
    _to(State.PAUSED)
    _to(State.RUNNING)
    assert _status().state is State.RUNNING


def test_an_initial_write_goes_on_by_ranges_also_after_a_crash_and_starves_nothing_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _to(State.NOT_RUNNING)
    _vendors(25, "OLD")
    monkeypatch.setattr(map_actions, "RECORDS_OF_RANGE", 10)
    _to(State.RUNNING)
    status = _status()
    assert (status.state, status.waiting, status.backlog) == (State.CATCHING_UP, 10, 10)
    assert (status.written, status.to_write) == (10, 25)
    _vendors(1, "NEW")
    assert _status().backlog == 10
    with pytest.raises(ConnectionAbortedError):  # what a crash undoes, it does again
        deliver(actor=INTEGRATOR, map=VENDORS, batch_size=10, max_batches=1, between_commits=_crash)
    assert (_status().written, _status().backlog, _status().waiting) == (20, 20, 21)
    deliver(actor=INTEGRATOR, map=VENDORS, batch_size=10, max_batches=1)
    assert (_arrived("NEW"), _arrived("OLD")) == (1, 0)
    assert (_status().written, _status().backlog) == (None, 26)  # its last range is stated
    deliver(actor=INTEGRATOR, map=VENDORS, batch_size=10)
    assert (_arrived("NEW"), _arrived("OLD"), _status().state) == (1, 25, State.RUNNING)
    assert (_status().written, _status().to_write) == (None, None)
    write = InitialWrite.objects.using(FINANCE).get(map=VENDORS)
    # The new one, stated by itself, is found by the write as well if its key comes after the first range.
    assert (write.begun_by, write.stated, write.finished_at is not None) == ("ines", 26, True)
    assert MirroredVendor.objects.count() == 26


def test_an_initial_write_of_a_paused_map_waits_with_the_rest() -> None:
    _to(State.NOT_RUNNING)
    _vendors(4, "V")
    _to(State.PAUSED)
    status = _status()
    assert (status.state, status.waiting, status.written) == (State.PAUSED, 4, None)
    assert deliver(actor=INTEGRATOR, map=VENDORS).stated == 0
    _to(State.RUNNING)
    assert deliver(actor=INTEGRATOR, map=VENDORS).landed == 4
    assert continue_backlog(MAPS.one(VENDORS)) is None


def test_an_initial_write_of_an_empty_table_is_over_at_once() -> None:
    _to(State.NOT_RUNNING)
    _to(State.RUNNING)
    assert continue_backlog(MAPS.one(VENDORS)) is None
    assert _status().state is State.RUNNING


def test_every_map_stands_after_those_it_depends_on() -> None:
    order = {row.map: row.order for row in MAPS}
    for row in MAPS:
        assert all(order[name] < row.order for name in row.dependencies), row.map


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, ""), (0.9, ""), (1, "1 s"), (59, "59 s"), (60, "1 min"), (7_199, "1 h"), (86_400 * 3, "3 d")],
)
def test_a_lag_is_said_in_its_largest_unit(seconds: float, words: str) -> None:
    from datetime import timedelta

    assert lag_words(timedelta(seconds=seconds)) == words
