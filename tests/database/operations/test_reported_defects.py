"""Defects that release notes of such systems report, and no other test names (operations spec 1 to 3, 8)."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.database.operations.ledger import LINES, MANAGER, approve, rows
from tests.database.operations.site import Site

from tieout.database.aliases import OPERATIONS
from tieout.operations.reevaluation.actions import reevaluate_entries

pytestmark = pytest.mark.usefixtures("databases")


def worked() -> Site:
    """Enter eight hours that cost 90 and are sold for 120."""
    site = Site()
    role = site.role()
    site.role_price(site.costs, role, "90")
    site.role_price(site.sales, role, "120")
    site.time(site.person, site.project_id, role)
    return site


def test_5561998_both_parts_of_a_decrease_name_their_entry_and_their_cost() -> None:
    """6 of 8 hours are billed: the part that is not had no source document."""
    site = worked()
    site.approve(billable=360)
    [entry] = [row["id"] for row in site.tables["operations_entry"]]
    made = rows(
        "select made.source_kind, made.source_id, made.quantity::int,"
        " array(select origin.origin_type::text from operations_transaction_origin as origin"
        " where origin.transaction_id = made.id order by 1),"
        " (select cost.quantity::int from operations_transaction_connection as link"
        " join operations_actual as cost on cost.id = link.transaction2_id"
        " where link.transaction1_id = made.id and link.transaction2_role = 'cost')"
        " from operations_actual as made where made.transaction_type = 'unbilled_sales' order by 3"
    )
    origins = ["journal_line", "time_entry"]
    assert made == [("time_entry", entry, 2, origins, 8), ("time_entry", entry, 6, origins, 8)]


def test_4481635_what_finance_posted_stays_when_work_is_evaluated_again() -> None:
    """A change of tasks reversed the actuals of all vendor invoices of the project."""
    site = worked()
    line = site.vendor_invoice_line(site.project_id, site.category(), "250.00", currency_code="GBP")
    site.land(LINES)
    site.approve()
    assert approve().approved == 1
    with transaction.atomic(using=OPERATIONS):
        done = reevaluate_entries(actor=MANAGER, company="GB01", project_id=site.project_id)
    assert done.done == 1
    query = "select source_id = %s, count(*), sum(amount)::int from operations_actual group by 1 order by 1"
    # Of the work two rows stand, two are reversed and two reverse them; the invoice stays as posted.
    assert rows(query, line) == [(False, 6, 720 + 960), (True, 2, 500)]
