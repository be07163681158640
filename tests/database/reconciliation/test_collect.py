"""What a collection does besides taking new rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connections, transaction
from tests.database.reconciliation.world import ACCOUNTANT, ACCOUNTS, EXPENSE, VENDOR, World, collected

from tieout.database import sql
from tieout.database.aliases import FINANCE, RECONCILIATION
from tieout.finance.models import IntegrationParameters, PeriodStatus, Vendor
from tieout.kernel.access import Actor, VerbNotPermitted
from tieout.reconciliation.collectors.actions import Collection, collect
from tieout.reconciliation.collectors.rules import FACTS, Mode
from tieout.reconciliation.models import (
    FactIntegrationAccount,
    FactLedgerEntry,
    FactPeriod,
    FactSourceLine,
    Watermark,
)

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2024, 3, 5)


def _rows(collection: Collection) -> dict[str, int]:
    return {view.view: view.rows for view in collection.views if view.rows}


def test_first_collection_takes_all_the_next_only_what_came_since() -> None:
    world = World()
    world.periods(2024)
    world.cleared(world.post(VENDOR, 100, DAY))
    assert _rows(collected()) == {
        "fact_period": 12,
        "fact_finance_map": 4,
        "fact_operations_map": 2,
        "fact_integration_account": 2,
        "fact_source_line": 1,
        "fact_staged": 1,
        "fact_journal_line": 1,
        "fact_posting": 1,
        "fact_ledger_entry": 2,
        "fact_document": 1,
        "fact_invoice_header": 1,
        "fact_approval": 1,
        "fact_actual": 1,
        "fact_write_back": 1,
    }
    assert _rows(collected()) == {}
    world.post(EXPENSE, 40, DAY)
    assert _rows(collected()) == {"fact_source_line": 1, "fact_ledger_entry": 1}


def test_source_line_is_a_fact_when_its_voucher_is_posted_not_when_it_was_entered() -> None:
    world = World()
    line = world.post(EXPENSE, Decimal("12.34"), DAY)
    collected()
    fact = FactSourceLine.objects.get(line_id=line.id)
    assert (fact.kind, fact.account, fact.accounting_amount, fact.voucher) == (
        "expense",
        ACCOUNTS[EXPENSE],
        Decimal("12.34"),
        line.voucher,
    )
    assert (fact.day, fact.project_number, fact.category_name, fact.cost_type) == (
        19787,
        "P-1",
        "Hotel",
        "cost",
    )
    assert fact.needs_journal


def test_a_line_whose_masters_are_missing_is_still_a_fact() -> None:
    world = World()
    line = world.post(VENDOR, 5, DAY)
    Vendor.objects.all().delete()
    collected()
    assert FactSourceLine.objects.get(line_id=line.id).party_name == ""


def test_periods_are_replaced_when_one_is_closed() -> None:
    world = World()
    world.periods(2024)
    collected()
    period = FactPeriod.objects.get(name="2024-03")
    assert period.status == "open"
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("select id from finance_fiscal_period where name = '2024-03'")
        (found,) = cursor.fetchone()
    PeriodStatus.objects.create(company_code=world.company, period_id=found, status="on_hold")
    assert _rows(collected()) == {"fact_period": 12}
    assert FactPeriod.objects.get(name="2024-03").status == "on_hold"
    assert FactPeriod.objects.count() == 12


def test_changed_integration_account_collects_the_ledger_again() -> None:
    world = World()
    world.post(VENDOR, 100, DAY)
    world.manual_entry(EXPENSE, Decimal(7), DAY)
    world.voucher(DAY, "general_journal", world.project_id, ("118999", "ledger", Decimal(3), None))
    collected()
    assert FactLedgerEntry.objects.count() == 2
    IntegrationParameters.objects.update(procurement_integration_account="118999")
    collection = collected()
    ledger = next(view for view in collection.views if view.view == "fact_ledger_entry")
    assert (ledger.restarted, ledger.rows) == (True, 3)
    # The former account keeps what documents posted to it; the new one brings its earlier entries.
    assert sorted(FactLedgerEntry.objects.values_list("account", flat=True)) == ["118800", "118900", "118999"]
    assert FactIntegrationAccount.objects.get(kind="vendor_invoice_line").account == "118999"


@pytest.mark.parametrize(
    "changed",
    [{"system_identifier": "1"}, {"timeline": 99}, {"database": "other"}, {"snapshot": "9999999:9999999:"}],
    ids=str,
)
def test_another_source_or_one_set_back_is_collected_from_nothing(changed: dict[str, object]) -> None:
    world = World()
    world.cleared(world.post(VENDOR, 100, DAY))
    first = collected()
    Watermark.objects.update(**changed)
    again = collected()
    rows = {view.view: view.rows for view in first.views}
    assert {v.view: v.rows for v in again.views if v.restarted} == {
        fact.view: rows[fact.view] for fact in FACTS if fact.mode is Mode.INCREMENTAL
    }
    assert FactLedgerEntry.objects.count() == 2
    assert _rows(collected()) == {}


def test_rows_and_watermark_are_committed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.post(VENDOR, 100, DAY)
    collected()
    world.post(VENDOR, 200, DAY)
    real = sql.run

    def dies_at_the_watermark(alias: str, statement: sql.Statement, **parameters: object) -> int:
        if statement.name.endswith("remember_sources"):
            raise DatabaseError("the power failed")
        return real(alias, statement, **parameters)

    with monkeypatch.context() as patch:
        patch.setattr(sql, "run", dies_at_the_watermark)
        with pytest.raises(DatabaseError, match="the power failed"):
            collected()
    assert FactSourceLine.objects.count() == 1
    assert FactLedgerEntry.objects.count() == 1
    assert _rows(collected()) == {"fact_source_line": 1, "fact_ledger_entry": 1}


def test_only_one_collects_at_a_time() -> None:
    other = connections.create_connection(RECONCILIATION)
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [_lock_key()])
        assert collected() == Collection(ran=False, views=())
    finally:
        with other.cursor() as cursor:  # a backend that is told to end frees its locks a moment later
            cursor.execute("select pg_advisory_unlock_all()")
        other.close()
    assert collected().ran


def _lock_key() -> int:
    from tieout.database import locks

    return locks.lock_key("collect")  # another session holds what the collector asks for


def test_collecting_writes_nothing_on_the_sides() -> None:
    with transaction.atomic(using=FINANCE):
        sql.run(FINANCE, sql.load("tieout.reconciliation.collectors", "one_snapshot"))
        with (
            pytest.raises(DatabaseError, match="read-only transaction"),
            connections[FINANCE].cursor() as cursor,
        ):
            cursor.execute(
                "insert into finance_currency (code, name, digits, version) values ('X', '', 2, 1)"
            )
        transaction.set_rollback(True, using=FINANCE)


def test_who_may_not_reconcile_may_not_collect() -> None:
    with pytest.raises(VerbNotPermitted):
        collect(actor=Actor("rob", frozenset({"resource"}), None))
    assert collect(actor=ACCOUNTANT).ran
