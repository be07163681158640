"""Trial balance, the entries of an account page by page, one voucher and the vouchers that belong to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.finance.world import (
    ACCOUNTANT,
    AUDITOR,
    COMPANY,
    COST_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    VENDOR_ACCOUNT,
    World,
    table,
    value,
)

from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.vouchers import queries
from tieout.finance.vouchers.queries import BEFORE_ALL
from tieout.kernel.access import Actor, CompanyNotPermitted

FEBRUARY, MARCH, YEAR_END = date(2024, 2, 10), date(2024, 3, 15), date(2024, 12, 31)


def _posted(world: World) -> None:
    world.invoice("100.00", "20.00", on=FEBRUARY)
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    world.invoice("250.50", on=MARCH)
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)


def test_a_trial_balance_opens_with_what_was_posted_before(world: World) -> None:
    _posted(world)
    found = queries.trial_balance(actor=AUDITOR, company=COMPANY, since=date(2024, 3, 1), as_of=YEAR_END)
    rows = [(one.account, one.opening, one.debit, one.credit, one.accounting_amount) for one in found]
    assert rows == [
        (PROCUREMENT_ACCOUNT, Decimal(120), Decimal("250.5"), Decimal(0), Decimal("370.5")),
        (VENDOR_ACCOUNT, Decimal(-120), Decimal(0), Decimal("250.5"), Decimal("-370.5")),
    ]
    before = queries.trial_balance(actor=AUDITOR, company=COMPANY, as_of=date(2024, 2, 29))
    assert [(one.account, one.debit, one.entries) for one in before] == [
        (PROCUREMENT_ACCOUNT, Decimal(120), 2),
        (
            VENDOR_ACCOUNT,
            Decimal(0),
            value(
                "select count(*) from finance_voucher_line where account = %s"
                " and accounting_date < '2024-03-01'",
                VENDOR_ACCOUNT,
            ),
        ),
    ]


def test_the_kept_totals_are_those_of_the_entries(world: World) -> None:
    _posted(world)
    kept = table(
        "select account, accounting_date, sum(debit - credit), sum(reporting_amount), sum(entries)"
        " from finance_account_total group by 1, 2 order by 1, 2"
    )
    assert kept == table(
        "select account, accounting_date, sum(accounting_amount), sum(reporting_amount), count(*)"
        " from finance_voucher_line group by 1, 2 order by 1, 2"
    )
    assert len(kept) == 4


def _pages(account: str, first: date, last: date) -> list[list[Decimal]]:
    found, after = [], BEFORE_ALL
    while rows := queries.account_entries(
        actor=AUDITOR, company=COMPANY, account=account, first=first, last=last, after=after
    ):
        found.append([one.accounting_amount for one in rows])
        after = rows[-1].place
    return found


def test_entries_of_an_account_come_page_by_page_whatever_the_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    amounts = [Decimal(number) for number in range(1, 12)]
    for start, on in ((0, MARCH), (4, FEBRUARY), (5, MARCH), (9, MARCH)):
        end = {0: 4, 4: 5, 5: 9, 9: 11}[start]
        for amount in amounts[start:end]:
            world.invoice(str(amount), on=on)
        post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    of_march = [amount for amount in amounts if amount != Decimal(5)]
    found = _pages(PROCUREMENT_ACCOUNT, date(2024, 3, 1), date(2024, 3, 31))
    assert [one for page in found for one in page] == of_march
    assert [len(page) for page in found] == [3, 3, 3, 1]
    assert [
        one for page in _pages(PROCUREMENT_ACCOUNT, date(2024, 1, 1), YEAR_END) for one in page
    ] == amounts
    assert _pages(PROCUREMENT_ACCOUNT, FEBRUARY, FEBRUARY) == [[Decimal(5)]]
    assert _pages(COST_ACCOUNT, date(2024, 1, 1), YEAR_END) == []


def test_a_voucher_tells_its_document_its_entries_and_what_it_clears(world: World) -> None:
    invoice = world.invoice("100.00", number="V-77")
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    source = value("select id from finance_vendor_invoice_line where invoice_id = %s", invoice)
    world.stage("100.00", source_kind="vendor_invoice_line", source_id=source)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    of_invoice, of_journal = (
        value("select number from finance_voucher where document_kind = %s", kind)
        for kind in ("vendor_invoice", "integration_journal_line")
    )
    first = queries.voucher(actor=AUDITOR, company=COMPANY, number=of_invoice)
    second = queries.voucher(actor=AUDITOR, company=COMPANY, number=of_journal)
    assert first is not None
    assert second is not None
    assert (first.document, first.journal_line, first.seal_place) == ("V-77", None, None)
    assert [(one.account, one.accounting_amount) for one in second.entries] == [
        (COST_ACCOUNT, Decimal(100)),
        (PROCUREMENT_ACCOUNT, Decimal(-100)),
    ]
    assert (second.journal_line, second.transaction_date) == (1, MARCH)
    assert [(one.relation, one.number) for one in second.related] == [("clears", of_invoice)]


def test_a_voucher_of_another_company_is_not_there(world: World) -> None:
    _posted(world)
    number = value("select min(number) from finance_voucher")
    assert queries.voucher(actor=AUDITOR, company="XX", number=number) is None
    stranger = Actor("eve", frozenset({"auditor"}), frozenset({"XX"}))
    for ask in (
        lambda: queries.voucher(actor=stranger, company=COMPANY, number=number),
        lambda: queries.trial_balance(actor=stranger, company=COMPANY, as_of=YEAR_END),
    ):
        with pytest.raises(CompanyNotPermitted):
            ask()
