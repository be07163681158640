"""Documents born in finance are approved by arriving: as posted, once, or refused with a code."""

from datetime import date
from decimal import Decimal
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections, transaction
from tests.database.operations.ledger import JOB, LINES, a_project, actuals, approve, count, outbox, rows

from tieout.database.aliases import OPERATIONS
from tieout.database.locks import session_lock
from tieout.kernel.money import round_half_up
from tieout.operations.actuals.queries import actuals_of_project
from tieout.operations.approvals.actions import DocumentsApproved, record_intake
from tieout.operations.approvals.queries import Hop, waiting
from tieout.operations.entries.actions import settle_problems
from tieout.operations.organization.queries import projects
from tieout.problems.rules import AlreadyRunning

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 3)


def test_cost_is_what_finance_posted_and_never_computed_again() -> None:
    """Pain 15 (633470): tax that is not recoverable is part of the cost of the project."""
    world, project, category = a_project()
    line = world.vendor_invoice_line(
        project,
        category,
        "1000.00",
        quantity=Decimal("3.3333333333333333"),
        unit_price=Decimal("299.9999"),
        currency_code="USD",
        exchange_rate=Decimal("80.1234"),
        exchange_rate_date=date(2025, 2, 28),
        accounting_amount=Decimal("801.29"),  # with non-recoverable tax that was posted
        transaction_date=date(2025, 2, 27),
        accounting_date=date(2025, 3, 31),
    )
    world.land(LINES)
    world.load()
    done = approve()
    assert (done.approved, done.amount_approved) == (1, Decimal("801.29"))
    assert rows(
        "select transaction_type, transaction_class, quantity, price, amount, tax_amount, currency_code,"
        " exchange_rate, exchange_rate_date, accounting_amount, transaction_date, accounting_date,"
        " category_id, resource_id, skip_sync, source_kind, source_id, description from operations_actual"
    ) == [
        (
            "cost",
            "expense",
            Decimal("3.3333333333333333"),
            Decimal("299.9999"),
            1000,
            0,
            "USD",
            Decimal("80.1234"),
            date(2025, 2, 28),
            Decimal("801.29"),
            date(2025, 2, 27),
            date(2025, 3, 31),
            category,
            None,
            False,
            "vendor_invoice_line",
            line,
            "bought",
        )
    ]


def test_the_person_of_an_expense_and_the_class_of_a_category_are_kept() -> None:
    world, project, category = a_project()
    unit = world.tables["operations_organizational_unit"][0]["id"]
    resource = world.resource(unit)
    world.expense(project, category, "12.30", resource_code="resource-1")
    world.vendor_invoice_line(project, world.category("material"), "45.60")
    world.land("msdyn_expenses")
    world.land(LINES, 1)
    world.tables["operations_vendor_invoice_line"][0]["batch_id"] = 2
    world.batches[1] = (LINES, 2)
    world.load()
    assert approve().approved == 2
    assert rows(
        "select source_kind, transaction_class, resource_id, resourcing_unit_id from operations_actual"
        " order by 1"
    ) == [("expense", "expense", resource, unit), ("vendor_invoice_line", "material", None, None)]


@pytest.mark.parametrize(
    ("currency", "rate", "amount", "sales"),
    [
        ("GBP", None, "-105.21", "-105.21"),  # same currency: as posted
        ("USD", "125", "1000.00", "1250"),
        ("USD", "100.5", "1.00", "1.01"),  # 1.005: half up
        ("USD", "100.5", "-1.00", "-1.01"),  # and away from zero
        ("USD", "100.4999999999999999", "1.00", "1"),  # though the price, of 16 decimals, becomes 1.005
        ("JPY", "18550", "0.10", "19"),  # 18.55
        ("JPY", "18550", "-0.10", "-19"),
        ("BHD", "47.3219", "33.33", "15.772"),  # 15.77238927
    ],
)
def test_sales_at_cost_are_in_the_currency_of_the_contract(
    currency: str, rate: str | None, amount: str, sales: str
) -> None:
    world, project, category = a_project("time_and_materials", currency)
    if rate:
        world.rate(f"GBP{currency}", rate, DAY)
        world.rate(f"GBP{currency}", "1", date(2025, 3, 4))
    line = world.vendor_invoice_line(project, category, amount)
    world.land(LINES)
    world.load()
    assert approve().approved == 1
    price = round_half_up(Decimal(amount) * Decimal(rate or 100) / 100, 16)
    assert rows(
        "select transaction_type, amount, price, currency_code, accounting_amount, price_reason"
        " from operations_actual where source_id = %s order by 1",
        line,
    ) == [
        ("cost", Decimal(amount), Decimal(amount), "GBP", Decimal(amount), "posted_amount"),
        ("unbilled_sales", Decimal(sales), price, currency, None, "at_cost"),
    ]


def test_a_second_run_makes_nothing_twice() -> None:
    world, project, category = a_project("time_and_materials")
    for amount in ("10.00", "-10.00", "0.00"):
        world.vendor_invoice_line(project, category, amount)
    world.land(LINES)
    world.load()
    assert approve().approved == 3
    assert approve() == DocumentsApproved()
    with transaction.atomic(using=OPERATIONS):
        record_intake(map=LINES, batch_id=1)  # the same batch lands again, and brings nothing
    assert approve() == DocumentsApproved()
    rows("update operations_intake set processed_at = null returning id")
    again = approve()
    assert (again.judged, again.approved, again.already_approved, again.refused) == (3, 0, 3, 0)
    assert (count("operations_actual"), count("operations_transaction_connection")) == (6, 3)
    assert outbox() == {"msdyn_actuals": 6, "msdyn_transactionconnections": 3}


def test_a_batch_that_lands_more_is_opened_again() -> None:
    world, project, category = a_project()
    world.vendor_invoice_line(project, category, "10.00")
    world.land(LINES)
    world.load()
    approve()
    world.vendor_invoice_line(project, category, "5.00")
    world.land(LINES)
    world.load()
    assert [(row.hop, row.count, row.amount) for row in waiting(actor=JOB, company="GB01")] == [
        (Hop.ARRIVED, 2, Decimal(15))
    ]
    done = approve()
    assert (done.approved, done.already_approved) == (1, 1)


def test_two_runs_at_once_the_second_is_told() -> None:
    world, project, category = a_project()
    world.vendor_invoice_line(project, category, "10.00")
    world.land(LINES)
    world.load()
    holding, release = Event(), Event()

    def hold() -> None:
        with session_lock(OPERATIONS, "approve", "GB01") as held:
            assert held
            holding.set()
            release.wait(10)
        connections[OPERATIONS].close()

    other = Thread(target=hold)
    other.start()
    holding.wait(10)
    with pytest.raises(AlreadyRunning) as told:
        approve()
    assert told.value.code == "JOB-101"
    assert not actuals()
    release.set()
    other.join()
    assert approve().approved == 1


def test_two_real_runs_approve_each_line_once() -> None:
    world, project, category = a_project()
    for number in range(200):
        world.vendor_invoice_line(project, category, "1.00", batch_id=1 + number % 20)
    for batch in range(1, 21):
        world.land(LINES, batch)
    world.load()
    results: list[DocumentsApproved | AlreadyRunning] = []

    def run() -> None:
        try:
            results.append(approve())
        except AlreadyRunning as problem:
            results.append(problem)
        finally:
            connections[OPERATIONS].close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [result for result in results if isinstance(result, DocumentsApproved)]
    assert len(results) == 2
    assert sum(result.approved for result in done) == 200
    assert count("operations_actual") == 200


def test_a_run_that_breaks_off_is_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    world, project, category = a_project()
    for batch in (1, 2, 3):
        world.vendor_invoice_line(project, category, "1.00", batch_id=batch)
        world.land(LINES, batch)
    world.load()
    seen: list[dict[str, Any]] = []

    def crash(**given: Any) -> None:
        settle_problems(**given)
        seen.append(given)
        if len(seen) == 2:  # the first batch, and in the middle of the second; nothing was refused before
            raise KeyboardInterrupt

    monkeypatch.setattr("tieout.operations.approvals.actions.settle_problems", crash)
    with pytest.raises(KeyboardInterrupt):
        approve()
    assert count("operations_actual") == 1
    monkeypatch.undo()
    assert approve().approved == 2
    assert count("operations_actual") == 3


def test_a_map_that_is_not_running_is_told_nothing() -> None:
    world, project, category = a_project("time_and_materials")
    world.vendor_invoice_line(project, category, "10.00")
    world.land(LINES)
    world.load()
    rows("update outbox_map set state = 'not_running' where map = 'msdyn_actuals' returning map")
    rows("update outbox_map set state = 'paused' where map = 'msdyn_transactionconnections' returning map")
    approve()
    assert outbox() == {"msdyn_transactionconnections": 1}
    assert count("operations_actual") == 2


def test_an_intake_is_recorded_for_lines_only_and_inside_a_transaction() -> None:
    world, project, category = a_project()
    world.vendor_invoice_line(project, category, "10.25")
    world.vendor_invoice_line(project, category, "-0.25", company_code="DE01")
    world.expense(project, category, "3.00", batch_id=2)
    world.land(LINES)
    world.land("msdyn_expenses", 2)
    world.land("msdyn_projectvendorinvoices", 3)
    world.land("msdyn_vendors", 4)
    world.load()
    assert rows(
        "select map, batch_id, company_code, row_count, amount_total from operations_intake order by 1, 3"
    ) == [
        ("msdyn_expenses", 2, "GB01", 1, 3),
        (LINES, 1, "DE01", 1, Decimal("-0.25")),
        (LINES, 1, "GB01", 1, Decimal("10.25")),
    ]
    with pytest.raises(transaction.TransactionManagementError):
        record_intake(map=LINES, batch_id=1)


def test_the_actuals_of_a_project_are_shown_to_its_company() -> None:
    world, project, category = a_project("fixed_price")
    world.vendor_invoice_line(project, category, "10.25")
    world.land(LINES)
    world.load()
    approve()
    [shown] = actuals_of_project(actor=JOB, company="GB01", project_id=project)
    assert (shown.transaction_type, shown.amount, shown.accounting_amount) == (
        "cost",
        Decimal("10.25"),
        Decimal("10.25"),
    )
    assert actuals_of_project(actor=JOB, company="GB01", project_id=project, after=shown.id) == []
    assert actuals_of_project(actor=JOB, company="DE01", project_id=project) == []
    [row] = projects(actor=JOB, company="GB01")
    assert (row.stage, row.situation, row.currency_code) == ("sold", "fixed_price", "GBP")
