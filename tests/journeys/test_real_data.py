"""Three years of a city council's published spending through the whole chain, to the penny.

What was read, what was rejected and why, and that every loaded line arrives in cost with the procurement
integration account back at nothing.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.databases import REAL_DATA
from tests.journeys import council

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.loading.actions import Loaded
from tieout.operations.approvals.actions import approve_documents

pytestmark = pytest.mark.real_data

LINES, COST = 41_391, Decimal("151314992.24")
TOTALS = {
    "first": {
        "read": {"rows": 45_230, "GBP": Decimal("165481456.60")},
        "loaded": {"rows": LINES, "GBP": COST},
        "already_there": {"rows": 2, "GBP": Decimal("577.08")},
        "rejected": {"rows": 3_837, "GBP": Decimal("14165887.28")},
    },
    "second": {
        "read": {"rows": 45_230, "GBP": Decimal("165481456.60")},
        "loaded": {"rows": 0, "GBP": Decimal(0)},
        "already_there": {"rows": LINES + 2, "GBP": Decimal("151315569.32")},
        "rejected": {"rows": 3_837, "GBP": Decimal("14165887.28")},
    },
}


def files() -> list[Path]:
    return sorted((REAL_DATA / "council_spend").glob("*.csv"))


def one(alias: str, query: str) -> tuple[Any, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return tuple(cursor.fetchone())


def books() -> tuple[Any, ...]:
    return one(
        FINANCE,
        "select (select count(*) from finance_vendor_invoice), (select count(*) from finance_posting_queue),"
        " count(*), sum(amount), sum(accounting_amount), md5(string_agg(l::text, '' order by id))"
        " from finance_vendor_invoice_line l",
    )


@pytest.fixture
def loaded(databases: None, tmp_path: Path) -> Loaded:
    council.set_up(tmp_path / "setup")
    return council.load_spend(files(), tmp_path / "rejected")


def test_every_published_row_is_accounted_for_and_loading_again_changes_nothing(
    loaded: Loaded, tmp_path: Path
) -> None:
    assert loaded.totals.figures() == TOTALS["first"]
    assert loaded.codes == {"LOAD-204": 1, "LOAD-207": 3_836}
    assert loaded.created == {"project": 34, "category": 232, "vendor": 2_383}
    signs = "select count(*) filter (where amount < 0), sum(amount) filter (where amount < 0),"
    query = f"{signs} count(*) filter (where amount = 0) from finance_vendor_invoice_line"
    assert one(FINANCE, query) == (47, Decimal("-105218.31"), 1)
    before = books()
    assert council.load_spend(files(), tmp_path / "rejected").totals.figures() == TOTALS["second"]
    assert books() == before


def test_a_trial_run_says_the_same(databases: None, tmp_path: Path) -> None:
    council.set_up(tmp_path / "setup")
    tried = council.load_spend(files(), tmp_path / "rejected", dry_run=True)
    assert tried.totals.figures() == TOTALS["first"]
    assert one(FINANCE, "select count(*) from finance_vendor_invoice") == (0,)


def test_every_line_arrives_in_cost(loaded: Loaded) -> None:
    actor, company = council.OPERATOR, council.COMPANY
    post_vendor_invoices(actor=actor, company=company)
    deliver_all(actor=actor)
    approve_documents(actor=actor, company=company)
    deliver_all(actor=actor)
    import_from_staging(actor=actor, company=company)
    post_integration_journals(actor=actor, company=company)
    deliver_all(actor=actor)
    actuals = "select transaction_type, count(*), sum(amount) from operations_actual group by 1"
    assert one(OPERATIONS, actuals) == ("cost", LINES, COST)
    assert one(FINANCE, "select count(*), sum(amount) from finance_staged_actual") == (LINES, COST)
    journal = "select count(*) from finance_voucher where document_kind = 'integration_journal_line'"
    assert one(FINANCE, journal) == (LINES,)
    account = "select count(*), sum(accounting_amount) from finance_voucher_line where account = '{}'"
    assert one(FINANCE, account.format("6000")) == (LINES - 1, COST)  # one line of 0.00 has no ledger entry
    assert one(FINANCE, account.format("1920"))[1] == Decimal(0)
    assert one(FINANCE, account.format("2000"))[1] == -COST
    assert one(OPERATIONS, "select count(*) from operations_actual_posting") == (LINES,)
    assert one(FINANCE, "select count(*) from outbox_entry") == one(
        OPERATIONS, "select count(*) from outbox_entry"
    )
    assert one(FINANCE, "select count(*) from outbox_entry") == (0,)
