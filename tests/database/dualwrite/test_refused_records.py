"""Records that the other side refuses: parked with their cause; the others go on, and each comes home."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connections, transaction

from tieout.database import schema
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver, deliver_all
from tieout.dualwrite.delivery.problems import TargetUnavailable
from tieout.dualwrite.delivery.queries import ParkedRecord, parked
from tieout.dualwrite.delivery.rules import ATTEMPTS_MAX, ErrorClass, error_class, pause
from tieout.dualwrite.maps.queries import maps
from tieout.dualwrite.resync.actions import resync_parked
from tieout.finance.models import Currency, Vendor
from tieout.kernel.access import Actor, VerbNotPermitted
from tieout.operations.models import Currency as MirroredCurrency
from tieout.operations.models import Vendor as MirroredVendor
from tieout.outbox.models import Entry, Parked
from tieout.problems.models import LoggedProblem, Resolution

pytestmark = pytest.mark.usefixtures("databases")

INTEGRATOR = Actor(name="ines", roles=frozenset({"integrator"}), companies=None)
VENDORS = "msdyn_vendors"
CURRENCIES = "transactioncurrencies"


def _state(map_name: str, keys: list[uuid.UUID]) -> None:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "insert into outbox_entry (map, key) select %s, k from unnest(%s::uuid[]) k", [map_name, keys]
        )


def _vendors(count: int, *, company: str = "GBOC", first: int = 0) -> list[uuid.UUID]:
    vendors = [
        Vendor(id=uuid.uuid4(), company_code=company, account_number=f"V{i:05}", name=f"Vendor {i}")
        for i in range(first, first + count)
    ]
    with transaction.atomic(using=FINANCE):
        Vendor.objects.bulk_create(vendors)
        _state(VENDORS, [vendor.id for vendor in vendors])
    return [vendor.id for vendor in vendors]


def _currency(code: str, version: int = 1, key: uuid.UUID | None = None) -> uuid.UUID:
    key = key or uuid.uuid4()
    with transaction.atomic(using=FINANCE):
        if not Currency.objects.filter(id=key).update(code=code, version=version):
            Currency.objects.bulk_create([Currency(id=key, code=code, name=code, digits=2, version=version)])
        _state(CURRENCIES, [key])
    return key


@contextmanager
def rule(text: str, undo: str) -> Iterator[None]:
    """A rule that somebody has given the other side."""
    with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
        cursor.execute(text)
    try:
        yield
    finally:
        with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
            cursor.execute(undo)


def check_on_vendors(condition: str) -> AbstractContextManager[None]:
    return rule(
        f"alter table operations_vendor add constraint vendor_known check ({condition}) not valid",
        "alter table operations_vendor drop constraint vendor_known",
    )


def _parked(map_name: str = "") -> list[ParkedRecord]:
    return parked(actor=INTEGRATOR, map=map_name)


def _waiting() -> int:
    return Entry.objects.using(FINANCE).count()


def _open_problems() -> list[tuple[str, str, str]]:
    found = LoggedProblem.objects.using(FINANCE).filter(resolution=None).order_by("record_name")
    return list(found.values_list("code", "company_code", "record_name"))


def test_a_refused_record_is_parked_with_its_cause_and_the_others_arrive() -> None:
    _vendors(20)
    with check_on_vendors("account_number not like '%3'"):  # V00003, V00013
        done = deliver(actor=INTEGRATOR, map=VENDORS, batch_size=8)
        assert (done.stated, done.landed, done.parked) == (20, 18, 2)
        assert (MirroredVendor.objects.count(), _waiting()) == (18, 0)
        assert _open_problems() == [("DW-208", "GBOC", "V00003"), ("DW-208", "GBOC", "V00013")]
        [first, second] = _parked(VENDORS)
        assert {first.name, second.name} == {"V00003", "V00013"}
        assert (first.kind, first.attempts, first.next_try_at, first.company) == ("check", 1, None, "GBOC")
        assert first.text.message == (
            f"Record {first.name} of map msdyn_vendors breaks the rule vendor_known of the other side."
        )
        assert f"whose account_number is '{first.name}'" in first.text.cause
        # Nothing has changed, so it is not tried again.
        again = deliver(actor=INTEGRATOR, map=VENDORS)
        assert (again.stated, again.landed, again.parked) == (0, 0, 0)
        assert [one.attempts for one in _parked()] == [1, 1]
        status = next(one for one in maps(actor=INTEGRATOR) if one.map.map == VENDORS)
        assert (status.waiting, status.parked) == (0, 2)


def test_a_record_that_was_corrected_is_sent_again_and_its_problem_is_over() -> None:
    keys = _vendors(3)
    with check_on_vendors("name <> 'Vendor 1'"):
        deliver(actor=INTEGRATOR, map=VENDORS)
        assert [one.key for one in _parked()] == [keys[1]]
        Vendor.objects.filter(id=keys[1]).update(name="Vendor one", version=2)
        _state(VENDORS, [keys[1]])
        done = deliver(actor=INTEGRATOR, map=VENDORS)
    assert (done.stated, done.landed, _parked(), _open_problems()) == (1, 1, [], [])
    assert MirroredVendor.objects.get(id=keys[1]).name == "Vendor one"
    assert Resolution.objects.using(FINANCE).count() == 1


def test_sync_asks_again_for_what_is_parked_within_the_companies_of_who_asks() -> None:
    _vendors(2)
    _vendors(1, company="NLOC", first=7)
    with check_on_vendors("name like 'x%'"):
        assert deliver(actor=INTEGRATOR, map=VENDORS).parked == 3
    assert deliver(actor=INTEGRATOR, map=VENDORS).stated == 0  # the rule is gone, and nobody has asked
    dutch = Actor(name="nel", roles=frozenset({"integrator"}), companies=frozenset({"NLOC"}))
    assert [one.company for one in parked(actor=dutch)] == ["NLOC"]
    assert resync_parked(actor=dutch, map=VENDORS) == 1
    assert deliver(actor=INTEGRATOR, map=VENDORS).landed == 1
    assert resync_parked(actor=INTEGRATOR, map=VENDORS) == 2
    assert deliver(actor=INTEGRATOR, map=VENDORS).landed == 2
    assert (MirroredVendor.objects.count(), Parked.objects.using(FINANCE).count()) == (3, 0)
    auditor = Actor(name="ann", roles=frozenset({"auditor"}), companies=None)
    with pytest.raises(VerbNotPermitted):
        resync_parked(actor=auditor, map=VENDORS)


def test_a_record_whose_master_is_missing_follows_it_by_itself() -> None:
    """Finance spec 7, pain 14 (#63): what a record lacks is named, and it follows when that is there."""
    reference = rule(
        "alter table operations_vendor add constraint vendor_company"
        " foreign key (company_code) references operations_company (code)",
        "alter table operations_vendor drop constraint vendor_company",
    )
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            "insert into operations_company (id, code, name, currency_code, version, batch_id)"
            " values (gen_random_uuid(), 'GBOC', 'Council', 'GBP', 1, 0)"
        )
    with reference:
        _vendors(4)
        _vendors(2, company="NLOC", first=4)
        assert deliver(actor=INTEGRATOR, map=VENDORS).parked == 2
        assert MirroredVendor.objects.count() == 4
        [one, _] = _parked()
        assert (one.text.code, one.kind) == ("DW-205", "missing")
        assert one.text.message == (
            f"Record {one.name} of map msdyn_vendors names company_code NLOC,"
            " which the other side does not have."
        )
        deliver_all(actor=INTEGRATOR)
        assert [found.attempts for found in _parked()] == [2, 2]
        assert LoggedProblem.objects.using(FINANCE).count() == 2  # the same problem is not logged again
        with connections[OPERATIONS].cursor() as cursor:
            cursor.execute(
                "insert into operations_company (id, code, name, currency_code, version, batch_id)"
                " values (gen_random_uuid(), 'NLOC', 'Dutch', 'EUR', 1, 0)"
            )
        [done] = deliver_all(actor=INTEGRATOR)
        assert (done.landed, _parked(), _open_problems()) == (2, [], [])
        assert MirroredVendor.objects.count() == 6


def test_two_records_with_one_code_the_second_waits_until_the_first_gives_it_up() -> None:
    """A rule that the product's own tables have: one currency per code."""
    first = _currency("EUR")
    deliver(actor=INTEGRATOR, map=CURRENCIES)
    second = uuid.uuid4()
    with (
        schema.as_owner(),
        connections[FINANCE].cursor() as cursor,
    ):  # finance would refuse two, an old one had both
        cursor.execute("alter table finance_currency drop constraint finance_currency_code_key")
    try:
        _currency("EUR", key=second)
        _currency("SEK")
        done = deliver(actor=INTEGRATOR, map=CURRENCIES)
        assert (done.stated, done.landed, done.parked) == (2, 1, 1)
        [one] = _parked()
        assert (one.key, one.kind, one.text.code) == (second, "not_unique", "DW-207")
        assert one.text.message == (
            f"Record EUR of map transactioncurrencies has the code EUR, which record {first} has already."
        )
        _currency("XEU", version=2, key=first)
        assert deliver(actor=INTEGRATOR, map=CURRENCIES).landed == 1
        assert deliver(actor=INTEGRATOR, map=CURRENCIES).landed == 1
        assert (_parked(), _open_problems()) == ([], [])
        codes = dict(MirroredCurrency.objects.values_list("id", "code"))
        assert (codes[first], codes[second], len(codes)) == ("XEU", "EUR", 3)
    finally:
        with schema.as_owner(), connections[FINANCE].cursor() as cursor:
            cursor.execute(
                "alter table finance_currency add constraint finance_currency_code_key unique (code)"
            )


def test_what_only_the_other_side_knows_is_found_by_halves_and_tried_a_few_times() -> None:
    trigger = rule(
        """create function vendor_refused() returns trigger language plpgsql as $$
        begin
            if new.name = 'Vendor 5' then raise exception 'no dealings with %', new.name; end if;
            return new;
        end $$;
        create trigger vendor_refused before insert on operations_vendor
        for each row execute function vendor_refused()""",
        "drop function vendor_refused cascade",
    )
    with trigger:
        _vendors(50)
        done = deliver(actor=INTEGRATOR, map=VENDORS)
        assert (done.stated, done.landed, done.parked) == (50, 49, 1)
        [one] = _parked()
        assert (one.kind, one.text.code, one.name) == ("raised", "DW-209", "V00005")
        assert "no dealings with Vendor 5" in one.text.message
        for attempts in range(2, ATTEMPTS_MAX + 1):
            _make_due()
            deliver(actor=INTEGRATOR, map=VENDORS)
            [one] = _parked()
            assert one.attempts == attempts
        assert one.next_try_at is None  # enough: Sync, or a change
        _make_due()
        deliver(actor=INTEGRATOR, map=VENDORS)
        assert _parked()[0].attempts == ATTEMPTS_MAX
    resync_parked(actor=INTEGRATOR, map=VENDORS)
    assert deliver(actor=INTEGRATOR, map=VENDORS).landed == 1


def _make_due() -> None:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("update outbox_parked set next_try_at = tried_at where next_try_at is not null")


def test_a_crash_between_the_commits_parks_once() -> None:
    _vendors(4)

    def crash() -> None:
        raise ConnectionAbortedError

    with check_on_vendors("name <> 'Vendor 2'"):
        with pytest.raises(ConnectionAbortedError):
            deliver(actor=INTEGRATOR, map=VENDORS, between_commits=crash)
        assert (_waiting(), _parked(), _open_problems()) == (4, [], [])
        done = deliver(actor=INTEGRATOR, map=VENDORS)
        assert (done.stated, done.landed, done.parked) == (4, 0, 1)
        assert (MirroredVendor.objects.count(), len(_parked()), len(_open_problems())) == (3, 1, 1)


def test_an_error_that_passes_is_waited_for_and_one_that_does_not_leaves_all_owed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("tieout.dualwrite.delivery.actions.time.sleep", waited.append)
    _vendors(2)
    with rule(
        "revoke insert on operations_vendor from tieout_app",
        "grant insert on operations_vendor to tieout_app",
    ):
        [done] = deliver_all(actor=INTEGRATOR)
        assert done.problem is not None
        assert (done.problem.code, waited, _waiting()) == ("DW-210", [], 2)
    busy = rule(
        """create function vendor_busy() returns trigger language plpgsql as $$
        begin raise exception 'busy' using errcode = 'lock_not_available'; end $$;
        create trigger vendor_busy before insert on operations_vendor
        for each statement execute function vendor_busy()""",
        "drop function vendor_busy cascade",
    )
    with busy, pytest.raises(TargetUnavailable):
        deliver(actor=INTEGRATOR, map=VENDORS)
    assert waited == [0.1, 0.2, 0.4, 0.8]
    assert (_waiting(), _parked()) == (2, [])
    assert deliver(actor=INTEGRATOR, map=VENDORS).landed == 2


@pytest.mark.parametrize(
    ("sqlstate", "expected"),
    [
        (None, ErrorClass.TRANSIENT),
        ("40P01", ErrorClass.TRANSIENT),
        ("57014", ErrorClass.TRANSIENT),
        ("23505", ErrorClass.RECORD),
        ("54000", ErrorClass.RECORD),
        ("P0001", ErrorClass.RECORD),
        ("42501", ErrorClass.PROGRAM),
        ("42703", ErrorClass.PROGRAM),
    ],
)
def test_each_error_has_its_class(sqlstate: str | None, expected: ErrorClass) -> None:
    assert error_class(sqlstate) is expected


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause(attempts) for attempts in (1, 2, 3, 10, 11, 99)] == [100, 200, 400, 51_200, 60_000, 60_000]
