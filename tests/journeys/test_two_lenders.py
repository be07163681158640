"""Two lenders that give out the same invoice numbers, to one borrower (finance spec 2.8, step 5)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from tests.journeys import lending, proofs
from tests.journeys.test_intercompany import CLERK, MARCH, RECEIVER, cancel, change, invoice

from tieout.database.aliases import FINANCE
from tieout.finance.intercompany.actions import make_vendor_invoices, post_intercompany_vendor_invoices
from tieout.finance.intercompany.problems import InvoiceOfSeveralLenders, NoPendingInvoice
from tieout.finance.intercompany.queries import pending_named, vendor_invoices
from tieout.finance.intercompany.rules import MadeVendorInvoices, PostedVendorInvoices

RELATIONSHIPS = "company,borrowing_company,accrue_revenue,customer,vendor\n"
CODES = "select code from finance_intercompany_queue order by invoice_id"
# What lender GBSI has invoiced is invoiced by lender USNI too, with its number, to the vendor named.
_INVOICE = """
    with made as (
        insert into finance_intercompany_invoice (
            id, company_code, borrowing_company, customer_id, number, is_credit, invoice_date, currency_code,
            line_count, amount, accounting_amount
        )
        select tieout_id(), 'USNI', borrowing_company, customer_id, number, is_credit, invoice_date,
               currency_code, line_count, amount, accounting_amount
        from finance_intercompany_invoice
        returning id
    ),
    lines as (
        insert into finance_intercompany_invoice_line (
            invoice_id, line_number, journal_line_id, project_id, category_id, transaction_date, quantity,
            price, amount, exchange_rate, accounting_amount, reporting_amount
        )
        select made.id, l.line_number, tieout_id(), l.project_id, l.category_id, l.transaction_date,
               l.quantity, l.price, l.amount, l.exchange_rate, l.accounting_amount, l.reporting_amount
        from finance_intercompany_invoice_line l, made
    )
    insert into finance_intercompany_queue (invoice_id, company_code) select id, 'USPM' from made returning 1
"""
_RELATIONSHIP = """
    insert into finance_lending_relationship (id, company_code, borrowing_company, accrue_revenue, vendor_id)
    select tieout_id(), 'USNI', 'USPM', false, id from finance_vendor where account_number = 'USNI'
    returning 1
"""


@pytest.fixture
def _lent(databases: None, tmp_path: Path) -> None:
    lending.lend(tmp_path)
    change(tmp_path, "vendor", "account_number,name,company\nUSNI,Other lender,USPM\n")
    assert invoice(MARCH).posted == 1


@pytest.mark.usefixtures("_lent")
def test_one_vendor_with_a_number_twice_holds_nothing_up(tmp_path: Path) -> None:
    """Both arrive at once: one is made, the other waits until its lender is a vendor of its own."""
    change(tmp_path, "lending_relationship", RELATIONSHIPS + "GBSI,USPM,yes,USPM,USNI\n")
    proofs.rows(FINANCE, _INVOICE)
    proofs.rows(FINANCE, _RELATIONSHIP)
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(1, 1)
    assert proofs.rows(FINANCE, CODES) == [("",), ("DOC-123",)]
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(0, 1)
    proofs.rows(
        FINANCE,
        "update finance_lending_relationship set vendor_id = v.id from finance_vendor as v"
        " where v.account_number = 'GBSI' and finance_lending_relationship.company_code = 'USNI' returning 1",
    )
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(1, 0)
    assert proofs.rows(FINANCE, CODES) == [("",), ("",)]
    resolved = "select l.code from problem_log as l join problem_resolution as r on r.problem_id = l.id"
    assert proofs.rows(FINANCE, resolved) == [("DOC-123",)]


@pytest.mark.usefixtures("_lent")
def test_a_credit_waits_for_its_invoice(tmp_path: Path) -> None:
    """The invoice is refused for its number, so that nothing says yet what its credit is worth."""
    proofs.rows(FINANCE, _INVOICE)
    proofs.rows(FINANCE, _RELATIONSHIP)
    change(tmp_path, "lending_relationship", RELATIONSHIPS + "GBSI,USPM,yes,USPM,\n")
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(1, 1)
    change(tmp_path, "lending_relationship", RELATIONSHIPS + "GBSI,USPM,yes,USPM,USNI\n")
    cancel()
    assert invoice(MARCH).posted == 1
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(0, 2)
    assert sorted(proofs.rows(FINANCE, CODES)) == [("",), ("DOC-123",), ("DOC-124",)]
    change(tmp_path, "lending_relationship", RELATIONSHIPS + "GBSI,USPM,yes,USPM,GBSI\n")
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(2, 0)
    done = post_intercompany_vendor_invoices(actor=CLERK, company="USPM")
    assert done == PostedVendorInvoices(3, 3, Decimal(1200), 0)


def named(lender: str = "") -> list[UUID]:
    """Return the pending invoices with the number that both lenders gave out."""
    return pending_named(actor=CLERK, company="USPM", numbers=["II000001"], lending_company=lender)


@pytest.mark.usefixtures("_lent")
def test_an_invoice_is_chosen_by_itself_and_not_by_its_number() -> None:
    proofs.rows(FINANCE, _INVOICE)
    proofs.rows(FINANCE, _RELATIONSHIP)
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(2, 0)
    with pytest.raises(InvoiceOfSeveralLenders) as met:
        named()
    assert met.value.message == "Several invoices II000001 are pending in USPM: of GBSI, USNI."
    chosen = named("USNI")
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM", chosen=chosen).invoices == 1
    assert {one.partner: one.state for one in vendor_invoices(actor=CLERK, company="USPM")} == {
        "GBSI": "pending",
        "USNI": "posted",
    }
    with pytest.raises(NoPendingInvoice):
        named("USNI")
