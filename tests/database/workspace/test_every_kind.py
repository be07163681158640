"""Every kind of actual, from operations to the vouchers of two companies: none is dropped or mislabelled."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from tests.database.reconciliation.world import collected
from tests.database.workspace.world import ADMINISTRATOR, WorkingWorld

from tieout.database.aliases import RECONCILIATION
from tieout.finance.intercompany.models import LendingRelationship
from tieout.finance.journals.rules import POSTING_MATRIX, GoesTo, ProjectCompany, SourceKind, Treatment
from tieout.finance.models import ExchangeRate
from tieout.jobs import actions
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations import models as operations
from tieout.reconciliation.findings.queries import out_of_sync
from tieout.reconciliation.traces.queries import status, trace
from tieout.reconciliation.traces.rules import Stage
from tieout.workspace.screens import OutOfSyncLine
from tieout.workspace.screens import out_of_sync as out_of_sync_line

BORROWER, LENDER = "USMF", "DEMF"
ANNA = Actor("anna", frozenset({"project_accountant"}), frozenset({BORROWER, LENDER}))
CURRENCIES = ("USD", "EUR")
# What a company without profiles makes of each kind; the lender accrues nothing.
USUAL = (Treatment.PROFIT_AND_LOSS, Treatment.NOT_ACCRUED)
# The cost of a general journal and of stock is finance's own and never travels, and lent work has none.
AT_SOURCE = {SourceKind.GENERAL_JOURNAL_LINE, SourceKind.STOCKED_INVOICE_LINE}
NEVER_SENT = {GoesTo.AT_SOURCE, GoesTo.NOT_APPLICABLE}
EVERY_KIND = [
    row
    for row in POSTING_MATRIX
    if row.treatment in USUAL and not (row.source_kind in AT_SOURCE and row.goes_to in NEVER_SENT)
]
COST = """
select a.company_code, a.currency_code, count(*), sum(a.amount),
       count(p.line_id), sum(case when p.line_id is not null then j.amount end)
  from fact_actual a
  left join fact_journal_line j on j.actual_id = a.actual_id
  left join fact_posting p on p.line_id = j.line_id
 where not a.skip_sync and a.transaction_type in ('cost', 'resourcing_unit_cost')
 group by a.company_code, a.currency_code
 order by a.company_code, a.currency_code
"""


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connections[RECONCILIATION].cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


def _record(world: WorkingWorld, borrower: WorkingWorld) -> None:
    """Record in operations, for every kind and currency, an actual, and one that takes half of it back.

    The lender's kinds in the books of ``world`` where it is not the borrower, all others in the borrower's;
    the borrower's own cost of what it borrowed skips sync.
    """
    lends = world is not borrower
    made = []
    for place, row in enumerate(EVERY_KIND):
        if (row.project_company is ProjectCompany.OTHER) != lends:
            continue
        for currency in CURRENCIES:
            amount = Decimal(10) + Decimal(place) / 4
            kind = {
                "transaction_type": row.transaction_type,
                "transaction_class": row.transaction_class,
                "source_kind": row.source_kind,
            }
            made += [
                _actual(world, borrower.project_id, signed, currency, **kind)
                for signed in (amount, -amount / 2)
            ]
    if not lends:
        made.append(
            _actual(
                world,
                borrower.project_id,
                Decimal(999),
                "USD",
                transaction_type="cost",
                transaction_class="time",
                source_kind="time_entry",
                skip_sync=True,
            )
        )
    operations.Actual.objects.bulk_create(made)


def _actual(
    world: WorkingWorld, project_id: uuid.UUID, amount: Decimal, currency: str, **kind: Any
) -> operations.Actual:
    return operations.Actual(
        **{"skip_sync": False} | kind,
        id=new_id(),
        billing_type="not_available",
        quantity=1 if amount > 0 else -1,
        price=abs(amount),
        amount=amount,
        tax_amount=0,
        currency_code=currency,
        transaction_date=world.today,
        accounting_date=world.today,
        company_code=world.company,
        project_id=project_id,
        contracting_unit_id=new_id(),
        source_id=new_id(),
        price_reason="",
        description="",
    )


@pytest.fixture
def companies(databases: None) -> list[WorkingWorld]:
    """A company that borrows and one that lends, with every kind of actual in operations only."""
    borrower, lender = WorkingWorld(company=BORROWER), WorkingWorld(company=LENDER)
    ExchangeRate.objects.create(from_currency="EUR", to_currency="USD", valid_from="2020-01-01", rate=125)
    LendingRelationship.objects.create(company_code=LENDER, borrowing_company=BORROWER, accrue_revenue=False)
    for world in (borrower, lender):
        _record(world, borrower)
    collected()
    return [borrower, lender]


def test_cost_actuals_are_the_posted_cost_lines_per_company_and_currency(
    companies: list[WorkingWorld],
) -> None:
    before = _rows(COST)
    assert [row[:3] for row in before] == [
        (LENDER, "EUR", 28),
        (LENDER, "USD", 28),
        (BORROWER, "EUR", 28),
        (BORROWER, "USD", 28),
    ]
    for world in companies:
        assert sum(one.figure.lines for one in out_of_sync(actor=ANNA, company=world.company)) == (
            200 if world.company == BORROWER else 112
        )
        actions.perform(actor=ANNA, job="sync", company=world.company, kind="actual")
    collected()
    for world in companies:
        assert out_of_sync(actor=ANNA, company=world.company) == ()
    # Cost of a fee, tax, retainer or milestone has no accounts and stays in staging; the rest is posted.
    for company, _, actuals, amount, posted, posted_amount in _rows(COST):
        first = 0 if company == BORROWER else 50
        kept_back = sum((Decimal(10) + Decimal(place) / 4) / 2 for place in range(first + 10, first + 14))
        assert (actuals, posted) == (28, 20)
        assert posted_amount == amount - kept_back


def test_each_kind_reaches_the_hop_that_the_matrix_says(companies: list[WorkingWorld]) -> None:
    for world in companies:
        actions.perform(actor=ANNA, job="sync", company=world.company, kind="actual")
    collected()
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for row in EVERY_KIND:
        company = LENDER if row.project_company is ProjectCompany.OTHER else BORROWER
        stages = [Stage.ACTUAL, Stage.STAGED]
        if row.goes_to is GoesTo.INTEGRATION_JOURNAL:
            stages += [Stage.JOURNAL_LINE, Stage.POSTED, Stage.WRITTEN_BACK]
        for stage in stages:
            expected[company, row.source_kind, row.transaction_type, stage] += 4
    found = {
        (one.company_code, one.kind, one.transaction_type, one.stage): one.records
        for one in status(actor=ANNA)
        if one.transaction_type and one.records
    }
    assert found == dict(expected)


def test_the_screen_says_where_what_never_arrived_comes_from(companies: list[WorkingWorld]) -> None:
    found = out_of_sync_line(ANNA, LENDER)
    assert isinstance(found, OutOfSyncLine)
    assert (found.actuals, found.of_documents) == (112, 32)
    assert dict(found.sources) == {
        "time entries": 8,
        "expense entries": 8,
        "material usage": 8,
        "vendor invoices": 24,
        "expense reports": 8,
        "entry journals": 56,
    }
    cost = sum((Decimal(10) + Decimal(place) / 4) / 2 for place in range(50, 64))
    assert dict(found.costs) == {"EUR": cost, "USD": cost}  # what it lends is cost of the lender


def test_the_page_names_the_sources_and_those_that_stand_in_the_views(
    companies: list[WorkingWorld], log_in: Callable[..., Client]
) -> None:
    answer = log_in("auditor").get(f"/companies/{LENDER}/")
    text = answer.content.decode()
    assert "Out of sync actuals: 112 recorded in operations" in text
    for said in ("8 from expense entries", "8 from material usage", "56 from entry journals"):
        assert said in text
    assert 'Those of expense reports and vendor invoices stand in <a href="#summary">Missing actuals' in text


def test_an_actual_of_each_source_kind_is_traced_by_its_name(companies: list[WorkingWorld]) -> None:
    actions.perform(actor=ANNA, job="sync", company=BORROWER, kind="actual")
    collected()
    for kind in ("expense_entry", "material_usage", "journal_line"):
        actual = operations.Actual.objects.filter(source_kind=kind, transaction_type="cost").first()
        assert actual is not None
        [found] = trace(actor=ADMINISTRATOR, text=str(actual.id))
        assert (found.kind, found.company_code) == (kind, BORROWER)
        assert found.actuals[0].hops[-1].stage is Stage.WRITTEN_BACK
        assert found.actuals[0].hops[-1].reached
