"""A period is closed beside postings that are under way: none enters it afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date
from time import monotonic, sleep

import pytest
from django.db import connections, transaction
from tests.database.finance import general
from tests.database.finance.world import ACCOUNTANT, COMPANY, World, table, value

from tieout.database.aliases import FINANCE
from tieout.database.locks import is_waited_for
from tieout.finance.costs.actions import post_costs
from tieout.finance.costs.rules import CostsTo, PeriodNotOpen
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.actions import enter_set_up, set_period_status
from tieout.kernel.calendar import PeriodStatus as Status

MARCH, TODAY = date(2024, 3, 1), date(2024, 3, 15)
LOCK = ("periods of a company", COMPANY)


class Beside:
    """Something that is done in a session of its own."""

    def __init__(self, work: Callable[[], int]) -> None:
        self.found: int | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.found = self._work()
        finally:
            connections.close_all()

    def end(self) -> int | None:
        """Wait until it is done; return what it answered."""
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.found


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = monotonic() + 20
    while not is_so():
        assert monotonic() < end
        sleep(0.01)


def is_stopped() -> bool:
    """Whether a session waits for a row that this one holds."""
    return bool(
        value("select exists (select from pg_locks where not granted and locktype = 'transactionid')")
    )


def test_a_period_is_closed_when_what_is_under_way_is_posted(world: World) -> None:
    world.invoice("10.00")
    with transaction.atomic(using=FINANCE):
        value("select 1 from finance_number_sequence where reference = 'vendor_invoice_voucher' for update")
        posting = Beside(lambda: post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).documents)
        until(is_stopped)
        closing = Beside(
            lambda: set_period_status(
                actor=ACCOUNTANT,
                company=COMPANY,
                periods=[world.periods[MARCH].id],
                module=None,
                status=Status.PERMANENTLY_CLOSED,
            )
        )
        until(lambda: is_waited_for(FINANCE, *LOCK))
        assert value("select count(*) from finance_period_change") == 0
    assert (posting.end(), closing.end()) == (1, 1)
    assert table("select accounting_date from finance_voucher") == [(TODAY,)]


def _costs() -> int:
    try:
        post_costs(actor=ACCOUNTANT, company=COMPANY, costs=["X"], to=CostsTo.BALANCE, accounting_date=TODAY)
    except PeriodNotOpen:
        return 1
    return 0


POSTINGS: dict[str, Callable[[], int]] = {
    "vendor invoices": lambda: post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).refused,
    "expense reports": lambda: post_expense_reports(actor=ACCOUNTANT, company=COMPANY).refused,
    "integration journals": lambda: post_integration_journals(actor=ACCOUNTANT, company=COMPANY).refused,
    "general journals": lambda: general.post().refused,
    "costs": _costs,
}


@pytest.mark.parametrize("kind", POSTINGS)
def test_what_is_posted_while_a_period_is_being_closed_finds_it_closed(world: World, kind: str) -> None:
    world.invoice("10.00")
    world.report("20.00")
    world.stage("30.00", source_kind="time_entry")
    general.enter(general.line(world, 1))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    hold = {"row": 0, "company": COMPANY, "name_id": str(world.periods[MARCH].id), "status": "on_hold"}
    with transaction.atomic(using=FINANCE):
        enter_set_up(
            actor=ACCOUNTANT, entity="period_status", companies=[COMPANY], records=json.dumps([hold])
        )
        posting = Beside(POSTINGS[kind])
        until(lambda: is_waited_for(FINANCE, *LOCK))
    assert posting.end() == 1
    assert value("select count(*) from finance_voucher") == 0
