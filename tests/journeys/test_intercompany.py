"""A person is lent: from the time sheet to both companies' journals and invoices (finance spec 2.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.databases import close_connections, kept_as_they_are
from tests.journeys import lending, proofs

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance.intercompany import actions
from tieout.finance.intercompany.actions import (
    make_vendor_invoices,
    post_intercompany_invoices,
    post_intercompany_vendor_invoices,
)
from tieout.finance.intercompany.queries import posted_invoices, vendor_invoices
from tieout.finance.intercompany.rules import (
    Invoiced,
    LentWork,
    MadeVendorInvoices,
    PostedInvoices,
    PostedVendorInvoices,
)
from tieout.finance.journals.actions import PostedJournals
from tieout.kernel.access import Actor, CompanyNotPermitted, Role, VerbNotPermitted
from tieout.loading.actions import load
from tieout.operations.approvals.actions import cancel_approval

COMPANIES, MANAGER, OPERATOR = lending.COMPANIES, lending.MANAGER, lending.OPERATOR
LEDGER = (
    "select v.company_code, e.account, e.amount, e.currency_code, e.accounting_amount,"
    " e.project_id is not null"
    " from finance_voucher as v join finance_voucher_line as e on e.voucher_id = v.id"
)


@pytest.fixture
def lent(databases: None, tmp_path: Path) -> dict[str, PostedJournals]:
    """Ten hours of the lender's person on the borrower's project, approved and posted."""
    return lending.lend(tmp_path)


def test_tv_03_ten_hours_in_both_companies(lent: dict[str, PostedJournals]) -> None:
    """88 GBP, 120 USD and 200 USD an hour, at 1 GBP = 1.25 USD; the article prints prices for amounts."""
    assert proofs.rows(
        OPERATIONS,
        "select transaction_type, company_code, price, amount, currency_code, skip_sync"
        " from operations_actual order by transaction_type",
    ) == [
        ("cost", "USPM", 120, 1200, "USD", True),
        ("interorganizational_sales", "GBSI", 120, 1200, "USD", False),
        ("resourcing_unit_cost", "GBSI", 88, 880, "GBP", False),
        ("unbilled_sales", "USPM", 200, 2000, "USD", False),
    ]
    assert lent == {
        "GBSI": PostedJournals(1, 0, 2, Decimal(1840), 0),  # 880.00 of cost, 960.00 of sales
        "USPM": PostedJournals(1, 0, 1, Decimal(2000), 0),
    }
    assert sorted(proofs.rows(FINANCE, LEDGER)) == [
        ("GBSI", "1430", 1200, "USD", 960, False),  # no project transaction in the lender's books
        ("GBSI", "6000", 880, "GBP", 880, False),
        ("GBSI", "6900", -880, "GBP", -880, False),
        ("GBSI", "8100", -1200, "USD", -960, False),
        ("USPM", "1430", 2000, "USD", 2000, True),
        ("USPM", "8100", -2000, "USD", -2000, True),
    ]
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()


@pytest.mark.usefixtures("lent")
def test_what_was_lent_is_taken_back_in_both_companies_whatever_the_rate_is_now(tmp_path: Path) -> None:
    rates = "from_currency,to_currency,date,rate\nUSD,GBP,2016-03-01,50\n"
    (tmp_path / "exchange_rate.csv").write_text(rates)
    assert not load(actor=OPERATOR, entity="exchange_rate", files=[tmp_path / "exchange_rate.csv"]).codes
    entries = [key for (key,) in proofs.rows(OPERATIONS, "select id from operations_entry")]
    assert cancel_approval(actor=MANAGER, company="USPM", entry_ids=entries).done == 1
    assert {company: done.lines for company, done in lending.through_finance().items()} == {
        "GBSI": 2,
        "USPM": 1,
    }
    for one in COMPANIES:
        assert set(proofs.trial(one.company).values()) == {Decimal(0)}
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()


MARCH, APRIL = date(2016, 3, 31), date(2016, 4, 30)
LENDER_ALONE = Actor("lena", frozenset({Role.BILLING_ADMINISTRATOR}), frozenset({"GBSI"}))
CLERK = Actor("carl", frozenset({Role.AP_CLERK}), frozenset({"USPM"}))
RECEIVER = Actor("program", frozenset({Role.SYSTEM}), None)


def invoice(day: date, *, is_preview: bool = False, lent: LentWork | None = None) -> PostedInvoices:
    """Let the lender invoice what it lent up to a day, on that day."""
    return post_intercompany_invoices(
        actor=LENDER_ALONE,
        company="GBSI",
        until=day,
        invoice_date=day,
        lent=lent or LentWork(),
        is_preview=is_preview,
    )


def change(tmp_path: Path, entity: str, text: str) -> None:
    """Load set-up that differs."""
    (tmp_path / f"{entity}.csv").write_text(text)
    assert not load(actor=OPERATOR, entity=entity, files=[tmp_path / f"{entity}.csv"]).codes


def cancel() -> None:
    """Take the hours back in operations, as far as the integration journals of both companies."""
    entries = [key for (key,) in proofs.rows(OPERATIONS, "select id from operations_entry")]
    assert cancel_approval(actor=MANAGER, company="USPM", entry_ids=entries).done == 1
    assert {company: done.lines for company, done in lending.through_finance().items()} == {
        "GBSI": 2,
        "USPM": 1,
    }


class CrashError(BaseException):
    """The program ends here."""


def crash_after(patch: pytest.MonkeyPatch, commits: int) -> list[str]:
    """End what runs right after that many commits (0: never); return the list that grows with each."""
    made: list[str] = []
    commit = vars(BaseDatabaseWrapper)["_commit"]

    def counted(self: BaseDatabaseWrapper) -> None:
        commit(self)
        made.append(self.alias)
        if len(made) == commits:
            raise CrashError

    patch.setattr(BaseDatabaseWrapper, "_commit", counted)
    return made


def books_of_both() -> list[object]:
    """Every ledger entry of both companies with its voucher, and what still waits."""
    entries = LEDGER.replace("select ", "select v.number, v.document_kind, e.line_no, e.reporting_amount, ")
    queues = ("finance_lent_queue", "finance_intercompany_queue")
    return [
        sorted(proofs.rows(FINANCE, entries)),
        *(proofs.rows(FINANCE, f"select count(*) from {name}") for name in queues),
    ]


def each_company_is_a_boundary() -> None:
    """The lender's people do not post in the borrower's books, nor the borrower's in the lender's."""
    for refused in (
        lambda: post_intercompany_vendor_invoices(actor=LENDER_ALONE, company="USPM"),
        lambda: make_vendor_invoices(actor=LENDER_ALONE, company="USPM"),
        lambda: vendor_invoices(actor=LENDER_ALONE, company="USPM"),
        lambda: post_intercompany_invoices(actor=CLERK, company="GBSI", until=MARCH, invoice_date=MARCH),
        lambda: posted_invoices(actor=CLERK, company="GBSI"),
    ):
        with pytest.raises((VerbNotPermitted, CompanyNotPermitted)):
            refused()


@pytest.mark.usefixtures("lent")
def test_tv_03_the_lender_invoices_and_the_borrower_has_the_cost(tmp_path: Path) -> None:
    """TV-03 whole: 960.00 GBP of revenue, 80.00 of margin, 1,200 USD of cost, 900.00 of group profit.

    Finance spec 7, pain 12 (593068, 624283): the borrower's vendor invoice is whole, and never exported.
    """
    each_company_is_a_boundary()
    accrued = proofs.trial("GBSI")
    assert [accrued[account] for account in ("1430", "8100")] == [960, -960]
    would_be = Invoiced("USPM", "USD", 2, "", False, 1, Decimal(1200), Decimal(960), "", "", None)
    ledger = proofs.rows(FINANCE, LEDGER)
    assert invoice(MARCH, is_preview=True).invoices == (would_be,)
    assert invoice(date(2016, 2, 29)) == PostedInvoices()  # nothing was lent until then
    assert proofs.rows(FINANCE, LEDGER) == ledger
    assert invoice(MARCH).accounting_amount == 960
    assert invoice(MARCH) == PostedInvoices()  # never twice
    assert sorted(proofs.rows(FINANCE, LEDGER + " where v.document_kind = 'intercompany_invoice'")) == [
        ("GBSI", "1300", 1200, "USD", 960, False),
        ("GBSI", "1430", -1200, "USD", -960, False),
        ("GBSI", "8000", -1200, "USD", -960, False),
        ("GBSI", "8100", 1200, "USD", 960, False),
    ]
    lender = proofs.trial("GBSI")
    assert lender == {"1300": 960, "1430": 0, "6000": 880, "6900": -880, "8000": -960, "8100": 0}
    assert -lender["8000"] - lender["6000"] == 80

    # The lender's run has ended before the borrower's begins: the queue alone knows of the invoice.
    assert [one.state for one in posted_invoices(actor=OPERATOR, company="GBSI")] == ["waiting"]
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(1, 0)
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices()
    (pending,) = vendor_invoices(actor=CLERK, company="USPM")
    assert (pending.number, pending.partner, pending.state) == ("II000001", "GBSI", "pending")
    assert "6100" not in proofs.trial("USPM")
    done = post_intercompany_vendor_invoices(actor=CLERK, company="USPM", chosen=[pending.id])
    assert done == PostedVendorInvoices(1, 1, Decimal(1200), 0)
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM") == PostedVendorInvoices()
    borrower = proofs.trial("USPM")
    assert borrower == {"1430": 2000, "2000": -1200, "6100": 1200, "8100": -2000}
    assert proofs.rows(
        FINANCE,
        "select c.company_code, p.number, c.quantity, c.amount, c.currency_code, c.accounting_amount,"
        " v.document_kind from finance_intercompany_cost as c"
        " join finance_project as p on p.id = c.project_id"
        " join finance_voucher as v on v.id = c.voucher_id",
    ) == [("USPM", "P1", 10, 1200, "USD", 1200, "intercompany_vendor_invoice")]
    group_profit = -borrower["8100"] - borrower["6100"] + (-lender["8000"] - lender["6000"]) * Decimal("1.25")
    assert group_profit == 900

    # Bugs 593068 and 624283: operations is told nothing of it, and no integration account was touched.
    proofs.nothing_waits()
    assert proofs.rows(OPERATIONS, "select count(*) from operations_vendor_invoice_line") == [(0,)]
    assert proofs.rows(FINANCE, "select count(*) from fact_source_line") == [(0,)]
    assert proofs.rows(FINANCE, "select count(*) from fact_ledger_entry") == [(0,)]
    for one in COMPANIES:
        proofs.the_ledger_is_checked(tmp_path, one.company)


@pytest.mark.usefixtures("lent")
def test_what_is_taken_back_after_its_invoice_is_credited_as_it_was_invoiced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At another rate by then, with the borrower behind by both (bug 568107, pain 9), a line a batch.

    Pain 9.
    """
    monkeypatch.setattr(actions, "LINES_MAX", 1)
    assert invoice(MARCH).posted == 1
    rates = "from_currency,to_currency,date,rate\nUSD,GBP,2016-04-01,50\nUSD,GBP,2016-03-01,50\n"
    change(tmp_path, "exchange_rate", rates)
    cancel()
    accrued = proofs.trial("GBSI")
    assert [accrued[account] for account in ("1430", "8100", "1300")] == [-960, 960, 960]  # to be credited
    credit = invoice(APRIL)
    assert [(one.is_credit, one.number, one.amount, one.accounting_amount) for one in credit.invoices] == [
        (True, "II000002", Decimal(-1200), Decimal(-960))
    ]
    assert invoice(APRIL) == PostedInvoices()
    assert set(proofs.trial("GBSI").values()) == {Decimal(0)}
    done = post_intercompany_vendor_invoices(actor=CLERK, company="USPM")
    assert done == PostedVendorInvoices(2, 2, Decimal(0), 0)
    assert proofs.trial("USPM")["6100"] == proofs.trial("USPM")["2000"] == 0
    assert proofs.rows(FINANCE, "select sum(amount), count(*) from finance_intercompany_cost") == [(0, 2)]
    assert proofs.rows(FINANCE, "select count(*) from finance_intercompany_queue") == [(0,)]


@pytest.mark.usefixtures("lent")
def test_a_crash_between_any_two_commits_leaves_the_same_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sale that the borrower has not posted, and its credit, on the way through both companies."""
    monkeypatch.setattr(actions, "LINES_MAX", 1)

    def run() -> None:
        invoice(APRIL)
        post_intercompany_vendor_invoices(actor=CLERK, company="USPM")

    assert invoice(MARCH).posted == 1
    cancel()
    with kept_as_they_are() as bring_back:
        with monkeypatch.context() as patch:
            made = crash_after(patch, 0)
            run()
        expected = books_of_both()
        assert expected[1:] == [[(0,)], [(0,)]]
        assert len(made) > 8
        for number in range(1, len(made) + 1):
            bring_back()
            with monkeypatch.context() as patch:
                crash_after(patch, number)
                with pytest.raises(CrashError):
                    run()
            close_connections()
            run()
            assert books_of_both() == expected, f"crash after commit {number} of {len(made)}"


@pytest.mark.usefixtures("lent")
def test_what_is_taken_back_before_its_invoice_is_never_invoiced() -> None:
    cancel()
    waits = "select is_credit from finance_lent_queue order by is_credit"
    assert invoice(APRIL, is_preview=True) == PostedInvoices()
    assert proofs.rows(FINANCE, waits) == [(False,), (True,)]  # a preview writes nothing
    assert invoice(APRIL) == PostedInvoices()
    assert proofs.rows(FINANCE, waits) == []
    assert set(proofs.trial("GBSI").values()) == {Decimal(0)}
    assert proofs.rows(FINANCE, "select count(*) from finance_intercompany_invoice") == [(0,)]


@pytest.mark.usefixtures("lent")
def test_each_partner_has_its_accounts_and_they_say_which_dimensions_they_take(tmp_path: Path) -> None:
    """Customer, revenue, vendor and cost of one partner; what an account demands is asked on both sides."""
    accounts = {"1310": "asset", "8010": "revenue", "2010": "liability", "6110": "expense", "6120": "expense"}
    lines = "".join(f"MAIN,{number},Partner,{kind}\n" for number, kind in accounts.items())
    change(tmp_path, "account", "chart,number,name,kind\n" + lines)
    change(
        tmp_path,
        "posting_profile",
        "company,posting_type,project,partner_company,account\n"
        "GBSI,customer,,USPM,1310\nGBSI,intercompany_revenue,,USPM,8010\n"
        "USPM,vendor,,GBSI,2010\nUSPM,intercompany_cost,,GBSI,6110\n"
        "USPM,intercompany_cost,P1,,6120\n",  # the partner goes before the project
    )
    change(tmp_path, "dimension", "code\nUnit\n")
    change(tmp_path, "dimension_value", "dimension,value\nUnit,U1\nUnit,U2\n")
    demands = "company,account,dimension,demand\n{},Unit,{}\n"
    change(tmp_path, "account_dimension", demands.format("GBSI,8010", "required"))
    (one,) = invoice(MARCH).invoices
    assert one.problem is not None
    assert one.problem.code == "DOC-111"
    assert one.problem.message == "Dimension Unit is required on account 8010 in company GBSI."
    change(tmp_path, "account_dimension", demands.format("GBSI,8010", "forbidden"))  # as it was posted
    assert invoice(MARCH).posted == 1

    change(tmp_path, "account_dimension", demands.format("USPM,2010", "required"))
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").refused == 1
    assert [one.code for one in vendor_invoices(actor=CLERK, company="USPM")] == ["DOC-111"]
    given = "company,project,vendor,dimension,value\nUSPM,,GBSI,Unit,U1\nUSPM,P1,,Unit,U2\n"
    change(tmp_path, "dimension_default", given)
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 1
    assert proofs.rows(
        FINANCE,
        "select e.company_code, e.account, e.accounting_amount, d.combination ->> 'Unit'"
        " from finance_voucher_line as e join finance_voucher as v on v.id = e.voucher_id"
        " left join finance_dimension_set as d on d.id = e.dimension_set_id"
        " where v.document_kind like 'intercompany%%' order by v.id, e.line_no",
    ) == [
        ("GBSI", "1310", 960, None),
        ("GBSI", "8010", -960, None),
        ("GBSI", "1430", -960, None),
        ("GBSI", "8100", 960, None),
        ("USPM", "6110", 1200, "U2"),  # of the project, which wins
        ("USPM", "2010", -1200, "U1"),  # of the vendor
    ]


@pytest.mark.usefixtures("databases")
def test_sales_that_do_not_accrue_are_invoiced_with_the_dimensions_of_the_borrower_as_customer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = "company,borrowing_company,accrue_revenue,customer,vendor\n"
    monkeypatch.setitem(lending.FILES, "lending_relationship", header + "GBSI,USPM,no,USPM,GBSI\n")
    monkeypatch.setitem(lending.FILES, "dimension", "code\nUnit\n")
    monkeypatch.setitem(lending.FILES, "dimension_value", "dimension,value\nUnit,U1\nUnit,U2\n")
    lending.lend(tmp_path)
    given = "company,project,customer,dimension,value\nGBSI,,USPM,Unit,U1\nGBSI,P1,,Unit,U2\n"
    change(tmp_path, "dimension_default", given)
    assert invoice(MARCH, is_preview=True).lines == 1
    assert proofs.rows(FINANCE, "select count(*) from finance_dimension_set") == [(0,)]
    assert invoice(MARCH).lines == 1
    assert proofs.rows(
        FINANCE,
        "select e.account, e.accounting_amount, d.combination ->> 'Unit' from finance_voucher_line as e"
        " join finance_voucher as v on v.id = e.voucher_id"
        " left join finance_dimension_set as d on d.id = e.dimension_set_id"
        " where v.document_kind = 'intercompany_invoice' order by e.line_no",
    ) == [("1300", 960, "U1"), ("8000", -960, "U1")]


@pytest.mark.usefixtures("lent")
def test_what_is_missing_is_said_and_mended(tmp_path: Path) -> None:
    """A missing customer and vendor, a closed period: refused with the record that mends it, then posted."""
    header = "company,borrowing_company,accrue_revenue,customer,vendor\n"
    change(tmp_path, "lending_relationship", header + "GBSI,USPM,yes,,\n")
    (one,) = invoice(MARCH).invoices
    assert one.problem is not None
    assert one.problem.message == "Company GBSI has no customer for its borrower USPM."
    change(tmp_path, "lending_relationship", header + "GBSI,USPM,yes,USPM,\n")
    closed = "company,calendar,year,name,status\nUSPM,MONTHS,2016,2016-03,{0}\nGBSI,MONTHS,2016,2016-03,{0}\n"
    change(tmp_path, "period_status", closed.format("on_hold"))
    (one,) = invoice(MARCH).invoices
    assert one.problem is not None
    assert one.problem.code == "DOC-103"
    change(tmp_path, "period_status", closed.format("open"))
    assert invoice(MARCH, lent=LentWork("USPM", "P1", by_project=True)).invoices[0].project == "P1"
    assert make_vendor_invoices(actor=RECEIVER, company="USPM") == MadeVendorInvoices(0, 1)
    assert [one.code for one in posted_invoices(actor=OPERATOR, company="GBSI")] == ["DOC-122"]
    change(tmp_path, "lending_relationship", header + "GBSI,USPM,yes,USPM,GBSI\n")
    change(tmp_path, "period_status", closed.format("on_hold"))
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").refused == 1
    change(tmp_path, "period_status", closed.format("open"))
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 1
    assert proofs.rows(
        FINANCE,
        "select l.code, r.problem_id is not null from problem_log as l"
        " left join problem_resolution as r on r.problem_id = l.id order by l.id",
    ) == [("DOC-121", True), ("DOC-103", True), ("DOC-122", True), ("DOC-103", True)]
