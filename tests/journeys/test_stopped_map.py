"""The council's books with the actuals map stopped in two quarters: shown, explained, and brought home."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from django.db import connections
from django.utils import timezone
from tests.databases import REAL_DATA
from tests.journeys import council
from tests.referees import HLEDGER, bean_check, hledger

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.database.aliases import FINANCE
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.exports.ledger import LedgerFormat, export_ledger
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import approve_documents
from tieout.reconciliation.checks.rules import Check, Kind, Reason
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.findings.queries import (
    older,
    out_of_sync,
    proof_of_balance,
    totals,
)
from tieout.reconciliation.findings.rules import NOTHING, Figure
from tieout.reconciliation.windows.queries import preset
from tieout.reconciliation.windows.rules import Window

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("databases"), pytest.mark.timeout(600)]

STOPPED: Final = ("apr-jun-2015", "oct-dec-2016")
WHOLE: Final = Window(date(2014, 1, 1), date(2016, 12, 31))
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


def _sync() -> ExitCode:
    """Sync what is missing, import and post, as a user asks for it: the job, with the dates of the lines."""
    days = ("--from", WHOLE.first.isoformat(), "--to", WHOLE.last.isoformat())
    asked = ("run", "sync", "--company", council.COMPANY, "--kind", KIND.value, *days)
    return ExitCode(main(TieoutProgram(), asked))


def test_a_stopped_map_is_shown_to_the_penny_and_brought_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
    today = timezone.localdate()
    window = preset(actor=council.OPERATOR, company=council.COMPANY, today=today)
    assert window == Window(date(today.year - 1, 1, 1), today)
    recent = totals(actor=council.OPERATOR, company=council.COMPANY, window=window)
    assert recent.view(KIND, Check.ALL) == NOTHING
    assert older(actor=council.OPERATOR, company=council.COMPANY, kind=KIND, window=window) == MISSING
    stuck = out_of_sync(actor=council.OPERATOR, company=council.COMPANY)
    assert [(one.source_kind, one.transaction_type, one.figure) for one in stuck] == [
        ("vendor_invoice_line", "cost", MISSING)
    ]

    capsys.readouterr()
    assert _sync() == ExitCode.OK
    cost = f"{MISSING.lines:,} vendor invoice lines, {MISSING.amount:,} cost"
    assert f"Sync actuals of vendor invoice lines to finance ({council.COMPANY}): {cost}" in (
        capsys.readouterr().out
    )
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
