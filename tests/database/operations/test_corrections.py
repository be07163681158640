"""Correction journals: reversed and made anew with new values, once (operations spec 2.5, 6; its defects)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.operations.corrections import (
    Firm,
    adjustments,
    approved_day,
    books,
    corrected,
    drafted,
    live,
    valued,
)
from tests.database.operations.journals import MAKER, confirm
from tests.database.operations.ledger import count, outbox, rows
from tests.database.operations.time_entries import state

from tieout.operations.approvals.rules import BillingType
from tieout.operations.journals import queries
from tieout.operations.journals.rules import JournalType

pytestmark = pytest.mark.usefixtures("databases")


# ---------------------------------------------------------------- what is made


def test_another_project_gets_the_work_at_its_own_prices() -> None:
    firm = Firm()
    entry = approved_day(firm)
    before = outbox()
    done = corrected(entry, project=firm.number(firm.other_id))
    assert (done.reversed, done.made, done.unpriced) == (2, 2, 0)
    assert adjustments() == [
        ("cost", -800, "unadjustable"),
        ("cost", 800, "adjusted"),
        ("cost", 800, "live"),
        ("unbilled_sales", -1600, "unadjustable"),
        ("unbilled_sales", 1600, "adjusted"),
        ("unbilled_sales", 2000, "live"),
    ]
    first, second = firm.number(firm.project_id), firm.number(firm.other_id)
    assert books() == [
        (first, "cost", 0, 0),
        (first, "unbilled_sales", 0, 0),
        (second, "cost", 8, 800),
        (second, "unbilled_sales", 8, 2000),
    ]
    # Both maps: 4 actuals; reversing and replacing for each original, and the sale on its cost.
    assert {name: sent - before.get(name, 0) for name, sent in outbox().items()} == {
        "msdyn_actuals": 4,
        "msdyn_transactionconnections": 5,
    }
    assert state(entry) == "approved", "the entry is as it was"


def test_every_correction_is_connected_and_has_all_its_ancestors() -> None:
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, role=firm.code("operations_role", firm.senior))
    assert rows(
        "select c.transaction1_role, a.amount::int, c.transaction2_role, b.amount::int"
        " from operations_transaction_connection as c join operations_actual as a on a.id = c.transaction1_id"
        " join operations_actual as b on b.id = c.transaction2_id where c.transaction1_type = 'actual'"
        " order by 1, 2, 4"
    ) == [
        ("replacing", 1200, "original", 800),
        ("replacing", 2400, "original", 1600),
        ("reversing", -1600, "original", 1600),
        ("reversing", -800, "original", 800),
        ("unbilled_sales", 1600, "cost", 800),
        ("unbilled_sales", 2400, "cost", 1200),
    ]
    # The entry and its journal line, carried over, and the line of this journal.
    assert rows(
        "select a.amount::int, array_agg(o.origin_type::text order by o.origin_type),"
        " bool_or(o.origin_id = l.id), bool_or(o.origin_id = a.source_id)"
        " from operations_actual as a join operations_journal_line as l on l.actual_id = a.id"
        " join operations_transaction_origin as o on o.transaction_id = a.id group by a.id order by 1"
    ) == [
        (amount, ["journal_line", "journal_line", "time_entry"], True, True)
        for amount in (-1600, -800, 1200, 2400)
    ]


@pytest.mark.parametrize(
    ("other", "made"),
    [("internal", [("cost", 800)]), ("fixed_price", [("cost", 800)])],
)
def test_where_nothing_is_sold_the_sale_has_no_replacement(other: str, made: list[tuple[str, int]]) -> None:
    firm = Firm(other="fixed_price")
    entry = approved_day(firm)
    target = firm.internal_id if other == "internal" else firm.other_id
    corrected(entry, project=firm.number(target))
    assert [(row[0], row[3]) for row in live()] == made


def test_work_that_was_internal_and_is_sold_gets_its_sale() -> None:
    firm = Firm()
    entry = firm.time(firm.person, firm.internal_id, firm.worker)
    firm.approve()
    assert [(row[0], row[3]) for row in live()] == [("cost", 800)]
    done = corrected(entry, project=firm.number(firm.other_id))
    assert (done.reversed, done.made) == (1, 2)
    assert [(row[0], row[3]) for row in live()] == [("cost", 800), ("unbilled_sales", 2000)]


def test_what_the_approver_changed_stays() -> None:
    firm = Firm()
    entry = approved_day(firm, billable=360)
    corrected(entry, project=firm.number(firm.other_id))
    second = firm.number(firm.other_id)
    assert live() == [
        ("cost", "chargeable", second, 800, 100),
        ("unbilled_sales", "chargeable", second, 1500, 250),
        ("unbilled_sales", "non_chargeable", second, 500, 250),
    ]


def test_a_complimentary_day_stays_so() -> None:
    firm = Firm()
    entry = approved_day(firm, billing_type=BillingType.COMPLIMENTARY)
    corrected(entry, project=firm.number(firm.other_id))
    assert [(row[0], row[1]) for row in live()] == [
        ("cost", "chargeable"),
        ("unbilled_sales", "complimentary"),
    ]


def test_customers_discount_and_fee_are_those_of_the_new_contract() -> None:
    firm = Firm()
    line = firm.tables["operations_contract_line"][1]
    line.update(discount_percent=Decimal(10), fee_percent=None)
    firm.tables["operations_contract_line"][0].update(discount_percent=None, fee_percent=None)
    for place, percent in enumerate((60, 40)):
        customer = firm.add(
            "operations_customer", company_code="GB01", account_number=f"S{place}", name="", version=1
        )
        firm.add(
            "operations_contract_line_customer",
            contract_line_id=line["id"],
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=place == 0,
            version=1,
        )
    entry = approved_day(firm)
    corrected(entry, project=firm.number(firm.other_id))
    assert rows(
        "select c.account_number, a.quantity, a.amount::int, a.discount_amount::int"
        " from operations_actual as a join operations_customer as c on c.id = a.customer_id"
        " where a.contract_line_customer_id is not null order by 1"
    ) == [("S0", Decimal("4.8"), 1200, 120), ("S1", Decimal("3.2"), 800, 80)]


def test_another_resource_of_another_unit_makes_the_units_rows() -> None:
    firm = Firm()
    lender = firm.unit()
    firm.role_price(firm.price_list(unit=lender), firm.worker, "70")
    other = firm.resource(lender)
    entry = approved_day(firm)
    corrected(entry, resource=firm.code("operations_resource", other))
    assert [(row[0], row[3]) for row in live()] == [
        ("cost", 800),
        ("interorganizational_sales", 800),
        ("resourcing_unit_cost", 560),
        ("unbilled_sales", 1600),
    ]


def test_another_date_has_its_own_price_and_a_missing_one_is_said() -> None:
    firm = Firm()
    entry = approved_day(firm)
    done = corrected(entry, date=date(2026, 1, 2))
    assert done.unpriced == 2
    assert [(row[0], row[3]) for row in live()] == [("cost", 0), ("unbilled_sales", 0)]
    assert rows("select code, record_name from problem_log order by 2") == [
        ("APR-102", "C1/3"),
        ("APR-102", "C1/4"),
    ]


def test_expenses_and_material_are_corrected_too() -> None:
    firm = Firm()
    travel, meals = firm.category(), firm.category()
    for category, cost, price in ((travel, 4, 5), (meals, 6, 9)):
        firm.category_price(firm.costs, category, "each", price=Decimal(cost))
        firm.category_price(firm.sales, category, "each", price=Decimal(price))
    beam = firm.goods()
    firm.product_price(firm.costs, beam, "each", price=Decimal(30))
    firm.product_price(firm.sales, beam, "each", price=Decimal(45))
    spent = firm.spent(firm.person, firm.project_id, travel, quantity=Decimal(10))
    used = firm.used(firm.project_id, price=Decimal(7), quantity=Decimal(2))
    firm.approve()
    corrected(spent, of=JournalType.EXPENSE_CORRECTION, category=firm.code("operations_category", meals))
    drafted(JournalType.MATERIAL_CORRECTION, used, number="C2")
    valued("C2", product="BEAM")
    assert confirm("C2").made == 2
    assert [(row[0], row[3]) for row in live()] == [
        ("cost", 60),
        ("cost", 60),
        ("unbilled_sales", 90),
        ("unbilled_sales", 90),
    ]
    assert rows("select distinct product_name from operations_actual where product_id is not null") == [("",)]


def test_a_line_without_a_price_and_without_a_rate_for_its_tax_says_both() -> None:
    """A write-in that nobody typed a price for, and a tax of 5 dollars that no rate converts."""
    firm = Firm()
    used = firm.used(firm.project_id, tax_amount=Decimal(5), currency_code="USD")
    firm.approve()
    corrected(used, of=JournalType.MATERIAL_CORRECTION, date=date(2025, 3, 4))
    query = (
        "select record_name, code from problem_log as met where record_name like 'C1/%%' and not exists"
        " (select from problem_resolution as over where over.problem_id = met.id) order by 1, 2"
    )
    assert rows(query) == [(f"C1/{line}", code) for line in (3, 4) for code in ("APR-102", "APR-119")]


def test_the_cost_of_nothing_used_stays_a_cost() -> None:
    """0 pieces at 7 are 0.00, which finance is told; the correction moves that to the other project."""
    firm = Firm()
    entry = firm.used(firm.project_id, price=Decimal(7), quantity=Decimal(0))
    firm.approve()
    done = corrected(entry, of=JournalType.MATERIAL_CORRECTION, project=firm.number(firm.other_id))
    assert (done.reversed, done.made) == (1, 1)
    assert live() == [("cost", "chargeable", firm.number(firm.other_id), 0, 7)]


def test_a_negative_usage_keeps_its_replacement_sale() -> None:
    """Defect 4192197: negative actuals lost their unbilled sales on correction."""
    firm = Firm()
    entry = firm.used(firm.project_id, price=Decimal(7), quantity=Decimal(-2))
    firm.approve()
    corrected(entry, of=JournalType.MATERIAL_CORRECTION, project=firm.number(firm.other_id))
    second = firm.number(firm.other_id)
    assert live() == [
        ("cost", "chargeable", second, -14, 7),
        ("unbilled_sales", "chargeable", second, -14, 7),
    ]


def test_a_correction_is_corrected_again_from_where_it_stands() -> None:
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, role=firm.code("operations_role", firm.senior))
    drafted(JournalType.TIME_CORRECTION, entry, number="C2")
    valued("C2", date=date(2025, 4, 1))
    confirm("C2")
    assert [(row[0], row[3], row[4]) for row in live()] == [
        ("cost", 1200, 150),
        ("unbilled_sales", 2400, 300),
    ]
    assert rows("select distinct transaction_date::text from operations_actual order by 1") == [
        ("2025-03-03",),
        ("2025-04-01",),
    ]


# ---------------------------------------------------------------- preview


def test_the_preview_is_what_is_confirmed_and_writes_nothing() -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(project=firm.number(firm.other_id))
    before = (count("operations_actual"), count("operations_price_trace"), count("operations_actual_status"))
    found = queries.preview(actor=MAKER, company="GB01", number="C1")
    assert before == (
        count("operations_actual"),
        count("operations_price_trace"),
        count("operations_actual_status"),
    )
    said = [(one.step, one.transaction_type, int(one.amount)) for one in found]
    assert sorted(said) == [
        ("corrected", "cost", 800),
        ("corrected", "unbilled_sales", 2000),
        ("reversing", "cost", -800),
        ("reversing", "unbilled_sales", -1600),
    ]
    confirm("C1")
    made = queries.confirmed_lines(actor=MAKER, company="GB01", number="C1")
    assert [(one.step, one.transaction_type, int(one.amount)) for one in made] == said
    assert [one.line_number for one in made] == [1, 2, 3, 4]
