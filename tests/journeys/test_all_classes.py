"""Every class of work in two companies, sold by time and at a fixed price, to vouchers and back.

Both companies do the same, in their own currency, and lend each other a person. A company's figures, for each
of its two projects:

======================  ==============  ===========  ==============  ==================
entered                 cost            what offsets sold            to customers
======================  ==============  ===========  ==============  ==================
7.5 hours               600.00          payroll      900.00          540.00 + 360.00
travel, as paid         100.25          expense      100.25 at cost  60.15 + 40.10
2 nights, 10 % on top   160.00          expense      176.00          105.60 + 70.40
10 km                   4.50            expense      7.00            4.20 + 2.80
4 of steel              50.00           items used   80.00           48.00 + 32.00
1 of steel comes back   -12.50          items used   -20.00          -12.00 - 8.00
3 bags, written in      29.97           items used   29.97           17.98 + 11.99
2 hours, lent           in the lender's payroll      240.00          144.00 + 96.00
======================  ==============  ===========  ==============  ==================

Beside the travel 20.05 of tax were paid, beside the bags 5.99. It arrives in finance with cost and with what
is sold, and no account is moved by it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys import proofs
from tests.journeys.two_companies import (
    ACCRUING,
    AWAY,
    CANCELLED,
    COMPANIES,
    HOME,
    INVOICE,
    OPERATOR,
    REPORT,
    enter,
    set_up,
)

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.kernel.access import Actor, Role
from tieout.operations.approvals.actions import (
    approve_documents,
    approve_entries,
    cancel_approval,
    submit_entries,
)
from tieout.reconciliation.checks.rules import Kind
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.findings import queries as findings

PEOPLE = Actor("people", frozenset({Role.RESOURCE}), None)
MANAGER = Actor("max.manager", frozenset({Role.PROJECT_MANAGER}), None)

OWN_TIME, LENT = Decimal("600.00"), Decimal("160.00")
EXPENSES = Decimal("264.75")
MATERIAL = Decimal("67.47")
COST = 2 * (OWN_TIME + EXPENSES + MATERIAL + LENT) + INVOICE + REPORT
TRIAL = {
    "1910": Decimal(0),
    "1920": Decimal(0),
    "2000": -INVOICE,
    "2100": -REPORT,
    "6000": COST,
    "6900": -2 * (OWN_TIME + LENT),
    "6910": -2 * EXPENSES,
    "6920": -2 * MATERIAL,
}


SOLD = Decimal("907.93") + Decimal("605.29")
DISCOUNTS, FEES = Decimal("151.33"), Decimal("75.67")  # of 10 and 5 percent, each customer's share rounded
SOLD_AT = Decimal("0.95")  # what is left of a round amount after both
LENT_ON = 2 * LENT * Decimal("0.80")  # sold to the borrower in euro, in the books of the lender
# What a vendor invoiced is sold at cost, with the same discount and fee; the report is of a fixed price.
ACCRUED = SOLD - DISCOUNTS + FEES + INVOICE * SOLD_AT + LENT_ON


def accrued(company: str, amount: Decimal) -> dict[str, Decimal]:
    """Return the accounts of what is sold and not invoiced; only one company's profiles accrue it."""
    return {"1430": amount, "8100": -amount} if company == ACCRUING.company else {}


def to_vouchers_and_back() -> None:
    """Take what is approved, and what finance posted, through the rest of the chain."""
    for one in COMPANIES:
        post_vendor_invoices(actor=OPERATOR, company=one.company)
        post_expense_reports(actor=OPERATOR, company=one.company)
    deliver_all(actor=OPERATOR)
    for one in COMPANIES:
        approve_documents(actor=OPERATOR, company=one.company)
    deliver_all(actor=OPERATOR)
    for one in COMPANIES:
        import_from_staging(actor=OPERATOR, company=one.company)
        post_integration_journals(actor=OPERATOR, company=one.company)
    deliver_all(actor=OPERATOR)
    collect(actor=OPERATOR)


@pytest.fixture
def posted(databases: None, tmp_path: Path) -> Path:
    """Everything is entered, submitted by some, approved by another, and posted."""
    set_up(tmp_path / "setup")
    enter(tmp_path)
    for one in COMPANIES:
        submitted = submit_entries(actor=PEOPLE, company=one.company)
        approved = approve_entries(actor=MANAGER, company=one.company)
        assert (submitted.submitted, submitted.refused) == (17, ())
        assert (approved.approved, approved.refused) == (17, ())
    to_vouchers_and_back()
    return tmp_path


def everything_ties_out() -> None:
    """Prove what has to hold of both companies, and that no account has an unexplained cent."""
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()
    assert set(proofs.cost_is_what_finance_posted()) == {("HOME", "GBP"), ("AWAY", "EUR")}
    for one in COMPANIES:
        for kind in Kind:
            proof = findings.proof_of_balance(
                actor=OPERATOR, company=one.company, kind=kind, as_of=date(2016, 12, 31)
            )
            assert proof is not None
            assert proof.balance == proof.unexplained == 0


def test_every_class_comes_to_its_accounts_in_both_companies(posted: Path) -> None:
    everything_ties_out()
    cancelled, sold_for = Decimal("320.00"), Decimal("480.00")  # not yet
    for one in COMPANIES:
        assert proofs.trial(one.company) == TRIAL | {
            "6000": COST + cancelled,
            "6900": TRIAL["6900"] - cancelled,
        } | accrued(one.company, ACCRUED + sold_for * SOLD_AT)
        proofs.the_ledger_is_checked(posted, one.company)


def test_the_tax_of_entries_arrives_with_cost_and_with_what_is_sold(posted: Path) -> None:
    """Of 20.05 the customers bear 12.03 and 8.02, of 5.99 they bear 3.59 and 2.40; a fixed price none."""
    found = proofs.rows(
        FINANCE,
        "select company_code, transaction_type, transaction_class, array_agg(tax_amount order by tax_amount)"
        " from finance_staged_actual where tax_amount <> 0 group by 1, 2, 3 order by 1, 2, 3",
    )
    taxes = (
        ("cost", "expense", ["20.05", "20.05"]),
        ("cost", "material", ["5.99", "5.99"]),
        ("unbilled_sales", "expense", ["8.02", "12.03"]),
        ("unbilled_sales", "material", ["2.40", "3.59"]),
    )
    assert found == [
        (one.company, kind, name, [Decimal(tax) for tax in borne])
        for one in (AWAY, HOME)
        for kind, name, borne in taxes
    ]


def test_customers_share_what_is_sold_and_a_fixed_price_sells_nothing(posted: Path) -> None:
    found = proofs.rows(
        OPERATIONS,
        "select a.company_code, right(c.account_number, -3), left(c.account_number, 2), a.currency_code,"
        " count(*), sum(a.amount), sum(a.discount_amount), sum(a.fee_amount)"
        " from operations_actual as a join operations_customer as c on c.id = a.customer_id"
        " join operations_entry as e on e.id = a.source_id"
        " where a.transaction_type = 'unbilled_sales' and e.external_id not like '%%CANCELLED'"
        " group by 1, 2, 3, 4 order by 1, 3",
    )
    assert found == [
        (one.company, one.company, customer, one.currency, 8, Decimal(gross), Decimal(off), Decimal(fee))
        for one in (AWAY, HOME)
        for customer, gross, off, fee in (
            ("C1", "907.93", "90.80", "45.40"),
            ("C2", "605.29", "60.53", "30.27"),
        )
    ]
    kinds = "select transaction_type, count(*) from operations_actual as a"
    kinds += " join operations_project as p on p.id = a.project_id where p.number = 'FP-HOME'"
    kinds += " group by 1 order by 1"
    assert proofs.rows(OPERATIONS, kinds) == [
        ("cost", 9),
        ("interorganizational_sales", 1),
        ("resourcing_unit_cost", 1),
    ]


def test_a_lent_person_costs_in_the_company_that_lends(posted: Path) -> None:
    """The lender bears the cost and sells it on; what the borrower's project cost never travels."""
    found = proofs.rows(
        OPERATIONS,
        "select transaction_type, company_code, currency_code, skip_sync, count(*), sum(amount)"
        " from operations_actual"
        " where resource_id = (select id from operations_resource where code = 'LEN-AWAY')"
        " group by 1, 2, 3, 4 order by 1",
    )
    assert found == [
        ("cost", "HOME", "GBP", True, 2, 2 * LENT),
        ("interorganizational_sales", "AWAY", "GBP", False, 2, 2 * LENT),
        ("resourcing_unit_cost", "AWAY", "EUR", False, 2, 2 * LENT),
        ("unbilled_sales", "HOME", "GBP", False, 2, Decimal("240.00")),
    ]
    lent = proofs.rows(
        FINANCE,
        "select v.company_code, e.account, e.currency_code, sum(e.amount)"
        " from finance_integration_journal_line as l join finance_voucher as v on v.document_id = l.id"
        " join finance_voucher_line as e on e.voucher_id = v.id"
        " where l.transaction_type in ('resourcing_unit_cost', 'interorganizational_sales')"
        " group by 1, 2, 3 order by 1, 2",
    )
    assert lent == [
        ("AWAY", "6000", "EUR", 2 * LENT),
        ("AWAY", "6900", "EUR", -2 * LENT),
        ("HOME", "1430", "EUR", 2 * LENT),  # the relationship accrues
        ("HOME", "6000", "GBP", 2 * LENT),
        ("HOME", "6900", "GBP", -2 * LENT),
        ("HOME", "8100", "EUR", -2 * LENT),
    ]


def test_what_is_taken_back_after_posting_is_reversed_and_its_accounts_are_at_nothing(posted: Path) -> None:
    for one in COMPANIES:
        ((entry,),) = proofs.rows(
            OPERATIONS, "select id from operations_entry where external_id = %s", CANCELLED[one.company]
        )
        assert cancel_approval(actor=MANAGER, company=one.company, entry_ids=[entry]).done == 1
    to_vouchers_and_back()
    everything_ties_out()
    for one in COMPANIES:
        assert proofs.trial(one.company) == TRIAL | accrued(one.company, ACCRUED)
        taken_back = proofs.rows(
            OPERATIONS,
            "select a.id from operations_actual as a join operations_entry as e on e.id = a.source_id"
            " where e.external_id = %s and not a.skip_sync",
            CANCELLED[one.company],
        )
        of_accounts = proofs.rows(
            FINANCE,
            "select e.account, count(*), sum(e.accounting_amount), max(e.accounting_amount)"
            " from finance_integration_journal_line as l join finance_voucher as v on v.document_id = l.id"
            " join finance_voucher_line as e on e.voucher_id = v.id where l.actual_id = any(%s)"
            " group by 1 order by 1",
            [key for (key,) in taken_back],
        )
        cost = [("6000", 2, 0, 320), ("6900", 2, 0, 320)]
        # two customers bear 60 and 40 of 100, each with a fee beside it; a reversal is one sum per account
        sold = [("1430", 6, 0, Decimal("259.20")), ("8100", 6, 0, Decimal("273.60"))]
        assert sorted(of_accounts) == sorted(cost + sold if one is ACCRUING else cost)
        proofs.the_ledger_is_checked(posted, one.company)
