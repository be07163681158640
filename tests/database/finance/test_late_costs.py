"""Post costs of no ledger, of general journals and of stocked lines (finance spec 2.5.1, 2.5.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.finance import general
from tests.database.finance.costs import BALANCES, HOUR, JUNE, codes, move, posted
from tests.database.finance.world import (
    ACCOUNTANT,
    COMPANY,
    COST_ACCOUNT,
    PAYROLL_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    VENDOR_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_ITEM_ACCOUNT,
    World,
    rate,
    table,
    value,
)

from tieout.finance.costs import actions
from tieout.finance.costs.actions import PostedCosts
from tieout.finance.costs.rules import CostsTo, OfProject
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_beginning_balances, import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.models import Account, ExchangeRate, PostingProfile
from tieout.finance.mirrors.models import Category
from tieout.finance.profiles.models import ProfileRule
from tieout.finance.vouchers.queries import RelatedVoucher, voucher

MOVED = (
    "select v.number, v.accounting_date, l.account, l.posting_type, l.amount, l.currency_code,"
    " l.accounting_amount, l.reporting_amount from finance_voucher v"
    " join finance_voucher_line l on l.voucher_id = v.id where v.document_kind = 'cost_transfer'"
    " order by v.id, l.line_no"
)


def related(number: str) -> list[tuple[str, str]]:
    found = voucher(actor=ACCOUNTANT, company=COMPANY, number=number)
    assert found is not None
    return [(one.relation, one.number) for one in found.related if isinstance(one, RelatedVoucher)]


@pytest.fixture
def outside(world: World) -> World:
    """A project whose time stays out of the ledger until somebody posts it."""
    world.rule(world.profile("NONE", time_costs="no_ledger"))
    return world


def test_time_in_no_ledger_is_posted_when_asked_and_goes_on_from_there(outside: World) -> None:
    rate("GBP", "EUR", "117.3")
    rate("EUR", "USD", "110", date(2024, 6, 1))
    posted(outside, "333.33", currency_code="GBP")
    assert table(BALANCES) == []
    pound, euro, dollar = Decimal("333.33"), Decimal("391.00"), Decimal("430.10")
    assert move(["IJV0001"], is_preview=True) == PostedCosts(1, euro)
    assert table(BALANCES) == []
    assert move(["IJV0001"], CostsTo.BALANCE) == PostedCosts(1, euro)
    assert table(MOVED) == [
        ("PC0001", JUNE, WIP_COST_ACCOUNT, "wip_cost_value", pound, "GBP", euro, dollar),
        ("PC0001", JUNE, PAYROLL_ACCOUNT, "payroll_allocation", -pound, "GBP", -euro, -dollar),
    ]
    assert codes(move(["IJV0001"], CostsTo.BALANCE)) == ["PST-213"]
    ExchangeRate.objects.all().delete()  # from here on what stands there moves
    assert move(["IJV0001"]).moved == 1
    assert table(BALANCES) == [(COST_ACCOUNT, euro, dollar), (PAYROLL_ACCOUNT, -euro, -dollar)]
    assert related("IJV0001") == [("moved by", "PC0001"), ("moved by", "PC0002")]


def test_a_reversal_takes_back_what_was_posted_later(outside: World) -> None:
    [key, untouched] = outside.stage("8.00", "5.00", **HOUR)
    posted(outside)
    assert move(["IJV0001"]).moved == 1
    posted(outside, "-8.00", reverses_id=key)
    posted(outside, "-5.00", reverses_id=untouched)
    assert table(BALANCES) == []
    assert value("select count(*) from finance_voucher_line") == 4
    assert codes(move(["IJV0001", "IJV0002"])) == ["PST-212", "PST-212"]


def test_a_project_posts_all_that_its_profile_kept_out(
    outside: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 2)
    other = outside.project_of(COMPANY, number="P-2")
    posted(outside, "0.01", "0.01", "0.01", on=date(2024, 1, 10))  # a whole batch that the dates leave out
    posted(outside, "1.00", "2.00", "3.00", on=date(2024, 2, 10))
    posted(outside, "4.00", on=date(2024, 5, 10))
    posted(outside, "8.00", on=date(2024, 2, 10), project_id=other.id)
    posted(outside, "16.00", on=date(2024, 2, 10), subcontract="S-1")
    outside.parameters(product_receipt_to_ledger=True)
    spring = OfProject("P-1", date(2024, 2, 1), date(2024, 3, 31))
    assert move(spring, is_preview=True) == PostedCosts(3, Decimal(6))
    assert move(spring) == PostedCosts(3, Decimal(6))
    assert move(spring) == PostedCosts(0, Decimal(0))
    assert [row[:2] for row in table(BALANCES)] == [(COST_ACCOUNT, 6), (PAYROLL_ACCOUNT, -6)]


def test_what_never_enters_the_ledger_is_not_posted_later_either(outside: World) -> None:
    posted(outside, "1.00", "0.00")
    posted(outside, "2.00", subcontract="S-1")
    outside.parameters(product_receipt_to_ledger=True, beginning_balances_until=date(2024, 1, 31))
    outside.stage("4.00", on=date(2024, 1, 15), **HOUR)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    import_beginning_balances(actor=ACCOUNTANT, company=COMPANY)
    post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    found = move(["IJV0002", "IJV0003", "IJV0004"])
    assert codes(found) == ["PST-213"] * 3
    assert found.problems[1].message == (
        "The cost of voucher IJV0003 cannot be moved to profit and loss: it stands in no ledger, for good."
    )
    ProfileRule.objects.all().delete()
    outside.rule(outside.profile("NEVER", time_costs="never_ledger"))
    assert codes(move(["IJV0001"])) == ["PST-213"]
    assert table(BALANCES) == []


def test_what_posting_would_refuse_is_refused_in_its_words(outside: World) -> None:
    posted(outside, "8.00")
    ExchangeRate.objects.all().delete()
    [told] = move(["IJV0001"]).problems
    assert (told.code, "from EUR to USD" in told.message) == ("DOC-102", True)
    rate("EUR", "USD", "108.37")
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    [told] = move(["IJV0001"]).problems
    assert told.message == "No payroll allocation account for project P-1 in company NL01."
    assert table(BALANCES) == []


@pytest.mark.parametrize("receipts", [False, True])
def test_subcontracted_time_and_expense_cost_once_where_their_receipts_are_posted(
    world: World, *, receipts: bool
) -> None:
    world.rule(world.profile("WIP", time_costs="balance", expense_costs="balance", material_costs="balance"))
    world.parameters(product_receipt_to_ledger=receipts)
    posted(world, "1.00", subcontract="S-1")
    posted(world, "2.00", subcontract="S-1", source_kind="expense_entry", transaction_class="expense")
    posted(world, "4.00", subcontract="S-1", source_kind="material_usage", transaction_class="material")
    posted(world, "8.00", subcontract="S-1", source_kind="vendor_invoice_line", transaction_class="time")
    posted(world, "16.00")
    standing = dict(table("select account, sum(accounting_amount) from finance_voucher_line group by 1"))
    assert value("select count(*) from finance_voucher") == 5
    assert standing[WIP_ITEM_ACCOUNT] == 4
    assert standing[PROCUREMENT_ACCOUNT] == -8
    assert standing[WIP_COST_ACCOUNT] == (8 + 16 if receipts else 1 + 2 + 8 + 16)
    assert standing[PAYROLL_ACCOUNT] == (-16 if receipts else -17)


def test_the_cost_of_a_general_journal_moves_and_moves_back(world: World) -> None:
    world.rule(world.profile("WIP", expense_costs="balance"))
    Account.objects.create(chart="main", number=general.OFFSET_ACCOUNT, name="Offset", kind="expense")
    ledger = {"account_type": "ledger", "account": general.OFFSET_ACCOUNT, "project_id": None}
    general.enter(
        general.line(world, 1, debit="40"),
        general.line(world, 2, debit="0", credit="15"),
        general.line(world, 3, category_id=None, quantity="0", **ledger),
    )
    assert general.post().posted == 3
    assert [row[:2] for row in table(BALANCES)] == [(WIP_COST_ACCOUNT, 25), (general.OFFSET_ACCOUNT, -25)]
    assert codes(move(["GV0003"])) == ["PST-211"]
    assert move(OfProject("P-1")) == PostedCosts(2, Decimal(25))
    assert [row[:2] for row in table(BALANCES)] == [(COST_ACCOUNT, 25), (general.OFFSET_ACCOUNT, -25)]
    assert move(["GV0002"], CostsTo.BALANCE) == PostedCosts(1, Decimal(-15))
    assert [row[:2] for row in table(BALANCES)] == [
        (WIP_COST_ACCOUNT, -15), (COST_ACCOUNT, 40), (general.OFFSET_ACCOUNT, -25),
    ]  # fmt: skip
    assert related("GV0002") == [("moved by", "PC0002"), ("moved by", "PC0003")]
    transfer = voucher(actor=ACCOUNTANT, company=COMPANY, number="PC0003")
    assert transfer is not None
    assert (transfer.document, transfer.journal_line, transfer.moved_to) == ("G1", 2, "balance")
    assert related("PC0003") == [("moves", "GV0002")]


def test_the_stocked_lines_of_a_vendor_invoice_move_and_its_other_lines_stay(world: World) -> None:
    Category.objects.filter(id=world.category.id).update(transaction_class="material")
    world.rule(world.profile("WIP", material_costs="balance"))
    world.invoice("40.00", "2.00", number="S/1", stocked=True)
    world.invoice("100.00", number="S/2")
    assert post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).refused == 0
    before = [(PROCUREMENT_ACCOUNT, 100), (VENDOR_ACCOUNT, -142)]
    assert codes(move(["VI0002"])) == ["PST-211"]
    assert move(["VI0001"]) == PostedCosts(2, Decimal(42))
    assert sorted(row[:2] for row in table(BALANCES)) == sorted([*before, (COST_ACCOUNT, 42)])
    assert move(["VI0001"], CostsTo.BALANCE).moved == 2
    assert move(OfProject("P-1")) == PostedCosts(2, Decimal(42))
    assert sorted(row[:2] for row in table(BALANCES)) == sorted([*before, (COST_ACCOUNT, 42)])
    assert [one for one, _ in related("VI0001")] == ["moved by"] * 6
    assert related("PC0002") == [("moves", "VI0001")]
    transfer = voucher(actor=ACCOUNTANT, company=COMPANY, number="PC0002")
    assert transfer is not None
    assert (transfer.document, transfer.journal_line) == ("S/1", 2)
