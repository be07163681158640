"""The council's books with the actuals map stopped in two quarters: shown, explained, and brought home."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from django.db import connections
from tests.databases import REAL_DATA
from tests.journeys import council
from tests.referees import HLEDGER, bean_check, hledger

from tieout.database.aliases import FINANCE
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.dualwrite.resync.actions import resync
from tieout.exports.ledger import LedgerFormat, export_ledger
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.journals.actions import import_from_staging, post_integration_journals
from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import approve_documents
from tieout.reconciliation.checks.rules import Check, Kind, Reason
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.findings.queries import (
    keys_to_resync,
    older,
    out_of_sync,
    proof_of_balance,
    totals,
)
from tieout.reconciliation.findings.rules import NOTHING, Figure
from tieout.reconciliation.windows.rules import Window

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("databases"), pytest.mark.timeout(600)]

STOPPED: Final = ("apr-jun-2015", "oct-dec-2016")
WHOLE: Final = Window(date(2014, 1, 1), date(2016, 12, 31))
# This and last fiscal year, as a user of today sees them: nothing of 2014 to 2016 stands in it.
RECENT: Final = Window(date(2025, 1, 1), date(2026, 12, 31))
MISSING: Final = Figure(7_840, Decimal("32806670.27"))
KIND: Final = Kind.VENDOR_INVOICE_LINE
ACTUALS_MAPS: Final = ("msdyn_actuals", "msdyn_transactionconnections")


def _load_and_approve(quarter: Path, rejected: Path) -> None:
    council.load_spend([quarter], rejected / quarter.name)
    post_vendor_invoices(actor=council.OPERATOR, company=council.COMPANY)
    deliver_all(actor=council.OPERATOR)
    approve_documents(actor=council.OPERATOR, company=council.COMPANY)


def _bring_home() -> None:
    deliver_all(actor=council.OPERATOR)
    import_from_staging(actor=council.OPERATOR, company=council.COMPANY)
    post_integration_journals(actor=council.OPERATOR, company=council.COMPANY)
    deliver_all(actor=council.OPERATOR)
    collect(actor=council.OPERATOR)


def _balance() -> Decimal:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select sum(accounting_amount) from finance_voucher_line"
            " where posting_type = 'procurement_integration'"
        )
        return Decimal(cursor.fetchone()[0])


def _sync() -> int:
    """Ask again for every actual that did not come back, as the Sync button does."""
    asked, after = 0, None
    while True:
        found = keys_to_resync(
            actor=council.OPERATOR,
            company=council.COMPANY,
            kind=KIND,
            window=WHOLE,
            reason=Reason.ACTUAL_NOT_SYNCED_BACK,
            after=after,
        )
        keys = [key.actual_id for key in found.keys if key.actual_id is not None]
        asked += resync(actor=council.OPERATOR, map="msdyn_actuals", keys=keys)
        after = found.after
        if after is None:
            return asked


def test_a_stopped_map_is_shown_to_the_penny_and_brought_home(tmp_path: Path) -> None:
    council.set_up(tmp_path / "setup")
    deliver_all(actor=council.OPERATOR)
    (tmp_path / "rejected").mkdir()
    for quarter in sorted((REAL_DATA / "council_spend").glob("*.csv")):
        stopped = any(name in quarter.name for name in STOPPED)
        for name in ACTUALS_MAPS:
            set_state(actor=council.OPERATOR, map=name, state=State.NOT_RUNNING if stopped else State.RUNNING)
        _load_and_approve(quarter, tmp_path / "rejected")
    for name in ACTUALS_MAPS:
        set_state(actor=council.OPERATOR, map=name, state=State.RUNNING)
    _bring_home()

    shown = totals(actor=council.OPERATOR, company=council.COMPANY, window=WHOLE)
    assert shown.view(KIND, Check.MISSING_ACTUALS) == MISSING == shown.unreconciled(KIND)
    assert shown.reasons(KIND, Check.MISSING_ACTUALS) == {Reason.ACTUAL_NOT_SYNCED_BACK: MISSING}
    assert shown.view(KIND, Check.MISSING_JOURNAL_LINES) == NOTHING
    assert _balance() == MISSING.amount
    proof = proof_of_balance(actor=council.OPERATOR, company=council.COMPANY, kind=KIND, as_of=WHOLE.last)
    assert proof is not None
    assert (proof.balance, proof.unexplained) == (MISSING.amount, Decimal(0))
    recent = totals(actor=council.OPERATOR, company=council.COMPANY, window=RECENT)
    assert recent.view(KIND, Check.ALL) == NOTHING
    assert older(actor=council.OPERATOR, company=council.COMPANY, kind=KIND, window=RECENT) == MISSING
    stuck = out_of_sync(actor=council.OPERATOR, company=council.COMPANY)
    assert [(one.source_kind, one.transaction_type, one.figure) for one in stuck] == [
        ("vendor_invoice_line", "cost", MISSING)
    ]

    assert _sync() == MISSING.lines
    _bring_home()
    healed = totals(actor=council.OPERATOR, company=council.COMPANY, window=WHOLE)
    assert healed.unreconciled(KIND) == NOTHING
    assert out_of_sync(actor=council.OPERATOR, company=council.COMPANY) == ()
    assert healed.view(KIND, Check.RECONCILED) == Figure(41_391, Decimal("151314992.24"))
    assert _balance() == 0
    _referees_accept_the_books(tmp_path)


def _referees_accept_the_books(folder: Path) -> None:
    auditor = Actor(name="otto", roles=frozenset({"auditor"}), companies=None)
    for ledger_format in LedgerFormat:
        file = folder / f"books.{ledger_format}"
        export_ledger(actor=auditor, company=council.COMPANY, ledger_format=ledger_format, file=file)
    assert bean_check(folder / f"books.{LedgerFormat.BEANCOUNT}") == ""
    if HLEDGER is not None:
        assert hledger(folder / f"books.{LedgerFormat.HLEDGER}", "check", "--strict") == ""
