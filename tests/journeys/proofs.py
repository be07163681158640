"""What has to hold at the end of every journey, whatever was entered: asked of the two sides by plain SQL."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connections
from tests.referees import bean_check

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.exports.ledger import LedgerFormat, export_ledger
from tieout.kernel.access import Actor, Role
from tieout.reconciliation.causes import queries as causes
from tieout.reconciliation.collectors.actions import collect

AUDITOR = Actor("otto.auditor", frozenset({Role.AUDITOR}), None)

COLLECTOR = Actor("cora.collector", frozenset({Role.PROJECT_ACCOUNTANT}), None)

Sums = dict[tuple[str, str], tuple[int, Decimal]]
"""By company and currency: how many, and how much."""

# Of each actual that travels: the voucher that was written back, blank where none was.
_WRITTEN_BACK = """
    select a.id, coalesce(p.voucher, '')
    from operations_actual as a
    left join operations_actual_posting as p on p.actual_id = a.id
    where not a.skip_sync
"""
_VOUCHERS = """
    select l.actual_id, v.number, v.company_code
    from finance_integration_journal_line as l
    join finance_voucher as v on v.document_id = l.id
"""
_COST_OF_ACTUALS = """
    select company_code, currency_code, count(*), sum(amount)
    from operations_actual
    where transaction_type in ('cost', 'resourcing_unit_cost') and not skip_sync and amount <> 0
    group by 1, 2
"""
_COST_POSTED = """
    select l.company_code, l.currency_code, count(*), sum(l.amount)
    from finance_voucher_line as l
    join finance_voucher as v on v.id = l.voucher_id
    where v.document_kind = 'integration_journal_line'
        and l.posting_type in ('cost', 'wip_cost_value', 'wip_cost_value_item')
    group by 1, 2
"""


def rows(alias: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query on one side."""
    with connections[alias].cursor() as cursor:
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]


def every_synced_actual_has_its_voucher() -> int:
    """Compare the voucher that each actual names with the one that finance made for it; return how many."""
    named, made = rows(OPERATIONS, _WRITTEN_BACK), rows(FINANCE, _VOUCHERS)
    assert all(voucher for _, voucher in named)
    assert sorted(named) == sorted((actual, number) for actual, number, _ in made)
    assert len({(company, number) for _, number, company in made}) == len(made)
    return len(named)


def cost_is_what_finance_posted() -> Sums:
    """Compare cost that travels with the cost lines of vouchers, per company and currency; return it.

    A line of 0.00 has a voucher without ledger entries, so that both sides are counted without it.
    """
    entered = _sums(rows(OPERATIONS, _COST_OF_ACTUALS))
    assert entered == _sums(rows(FINANCE, _COST_POSTED))
    return entered


def trial(company: str) -> dict[str, Decimal]:
    """Return the balance of each account of a company, in its accounting currency; they come to nothing."""
    found = dict(
        rows(
            FINANCE,
            "select account, sum(accounting_amount) from finance_voucher_line where company_code = %s"
            " group by 1 order by 1",
            company,
        )
    )
    assert sum(found.values()) == 0
    return found


def nothing_waits() -> None:
    """Nothing is on its way between the sides, no intake or draft is left, and every actual is home."""
    for alias in (OPERATIONS, FINANCE):
        assert rows(alias, "select count(*) from outbox_entry") == [(0,)]
    assert rows(FINANCE, "select count(*) from finance_staging_retry") == [(0,)]
    collect(actor=COLLECTOR)
    for (company,) in rows(FINANCE, "select code from finance_company"):
        assert causes.actuals(actor=COLLECTOR, company=company) == ()


def the_ledger_is_checked(folder: Path, company: str) -> None:
    """Let the outside referee read the ledger of a company: it has nothing to say."""
    file = folder / f"{company}.beancount"
    export_ledger(actor=AUDITOR, company=company, ledger_format=LedgerFormat.BEANCOUNT, file=file)
    assert bean_check(file) == ""


def _sums(found: list[tuple[Any, ...]]) -> Sums:
    return {(company, currency): (count, total) for company, currency, count, total in found}
