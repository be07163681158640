"""The page *Intercompany invoices*: preview and post of a lender, and of its borrower."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.journeys import lending, proofs

from tieout.database.aliases import FINANCE

LogIn = Callable[..., Client]
LENDER, BORROWER = (f"/companies/{one.company}/intercompany-invoices/" for one in lending.COMPANIES)
SALE = "select voucher from finance_integration_journal_line where company_code = 'GBSI' and price = 120"
DATES: dict[str, Any] = {"until": "2016-03-31", "on": "2016-03-31", "per": "project"}


@pytest.fixture
def _lent(databases: None, tmp_path: Path) -> None:
    lending.lend(tmp_path)


def text_of(client: Client, address: str, status: int = 200, **data: Any) -> str:
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return " ".join(answer.content.decode().split())


@pytest.mark.usefixtures("_lent")
def test_what_was_lent_is_previewed_posted_and_posted_again_by_the_borrower(log_in: LogIn) -> None:
    lender = log_in("billing_administrator", name="lena", companies=["GBSI"])
    shown = text_of(lender, LENDER, do="preview", **DATES)
    assert "Invoices that would be posted: 1." in shown
    for amounts in (
        '1,200.00</td><td class="number">0.00</td><td>USD</td>',
        '<td>USD</td><td class="number">960.00',
    ):
        assert amounts in shown
    assert "Nothing here." in shown  # a preview writes nothing
    assert text_of(lender, BORROWER, 403)
    assert "A date is written 2025-01-31." in text_of(lender, LENDER, 400, do="post", until="", on="now")

    accountant = log_in("project_accountant", name="ada")
    shown = text_of(accountant, LENDER, do="post", **DATES)
    assert "Invoices posted: 1." in shown
    assert "<td>Pending</td>" in shown  # received at once: she may deliver in both companies
    assert "Nothing is to be invoiced." in text_of(accountant, LENDER, do="post", **DATES)
    voucher = text_of(accountant, "/companies/GBSI/ledger/vouchers/IC000001/")
    assert "Intercompany invoice II000001" in voucher
    ((sale,),) = proofs.rows(FINANCE, SALE)
    assert f"/companies/GBSI/ledger/vouchers/{sale}/" in voucher

    clerk = log_in("ap_clerk", name="carl", companies=["USPM"])
    ((pending,),) = proofs.rows(FINANCE, "select id from finance_intercompany_vendor_invoice")
    assert f'name="chosen" value="{pending}"' in text_of(clerk, BORROWER)
    assert "to-invoice" not in text_of(clerk, BORROWER)
    assert "Choose an invoice." in text_of(clerk, BORROWER, 400, do="post_pending")
    assert "Choose an invoice." in text_of(clerk, BORROWER, 400, do="post_pending", chosen=["II000001"])
    shown = text_of(clerk, BORROWER, do="post_pending", chosen=[pending])
    assert "Vendor invoices posted: 1." in shown
    assert "<td>Posted</td>" in shown
    assert proofs.trial("USPM")["6100"] == Decimal(1200)
    auditor = log_in("auditor", name="otto")
    assert "<button" not in text_of(auditor, BORROWER).partition("<main")[2]
