"""Post costs: from work in progress to profit and loss, and back (finance spec 2.5.2)."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from tests.database.finance.costs import BALANCES, HOUR, JUNE, codes, move, posted
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    AUDITOR,
    COMPANY,
    COST_ACCOUNT,
    ITEM_ACCOUNT,
    PAYROLL_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_ITEM_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    new_id,
    rate,
    table,
    value,
)

from tieout.database.aliases import FINANCE
from tieout.finance.costs import actions
from tieout.finance.costs.actions import PostedCosts, post_costs
from tieout.finance.costs.rules import CostsTo, NothingChosen, OfProject, PeriodNotOpen
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.rules import NumberSequenceMissing
from tieout.finance.ledgers.models import ExchangeRate, NumberSequence, PostingProfile
from tieout.finance.profiles.models import ProfileRule
from tieout.kernel.access import VerbNotPermitted
from tieout.problems.rules import AlreadyRunning

WIP: dict[str, Any] = {"time_costs": "balance", "expense_costs": "balance", "material_costs": "balance"}
MOVED = (
    "select v.number, v.accounting_date, v.posted_by, l.account, l.amount, l.currency_code,"
    " l.accounting_amount, l.reporting_amount from finance_voucher v"
    " join finance_voucher_line l on l.voucher_id = v.id where v.document_kind = 'cost_transfer'"
    " order by v.id, l.line_no"
)


@pytest.fixture
def progress(world: World) -> World:
    """A project on time and materials whose cost goes to work in progress."""
    world.rule(world.profile("WIP", **WIP))
    return world


def test_a_cost_moves_to_profit_and_loss_and_back_in_every_currency(progress: World) -> None:
    rate("GBP", "EUR", "117.3")
    posted(progress, "333.33", currency_code="GBP")
    ExchangeRate.objects.all().delete()  # what stands there moves, whatever a pound is today
    assert move(["IJV0001"]) == PostedCosts(1, Decimal("391.00"))
    pound, euro, dollar = Decimal("333.33"), Decimal("391.00"), Decimal("423.73")
    assert table(MOVED) == [
        ("PC0001", JUNE, "ada", COST_ACCOUNT, pound, "GBP", euro, dollar),
        ("PC0001", JUNE, "ada", WIP_COST_ACCOUNT, -pound, "GBP", -euro, -dollar),
    ]
    assert table(BALANCES) == [(COST_ACCOUNT, euro, dollar), (PAYROLL_ACCOUNT, -euro, -dollar)]
    PostingProfile.objects.filter(posting_type="cost").update(account="6666")
    assert move(["IJV0001"], CostsTo.BALANCE).moved == 1
    assert table(BALANCES) == [(WIP_COST_ACCOUNT, euro, dollar), (PAYROLL_ACCOUNT, -euro, -dollar)]
    assert move(["IJV0001"]).moved == 1
    assert table(BALANCES) == [("6666", euro, dollar), (PAYROLL_ACCOUNT, -euro, -dollar)]
    assert table("select place, treatment from finance_cost_transfer order by place") == [
        (1, "profit_and_loss"), (2, "balance"), (3, "profit_and_loss"),
    ]  # fmt: skip


def test_what_a_project_has_in_progress_moves_by_its_dates(
    progress: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 2)
    for month in (1, 2, 3):
        posted(progress, "1.00", "2.00", on=date(2024, month, 10))
    posted(progress, "4.00", source_kind="material_usage", on=date(2024, 3, 10))
    spring = OfProject("P-1", date(2024, 2, 1), date(2024, 3, 31))
    assert move(spring, is_preview=True) == PostedCosts(5, Decimal(10))
    assert value("select count(*) from finance_cost_transfer") == 0
    assert move(spring) == PostedCosts(5, Decimal(10))
    assert [row[:2] for row in table(BALANCES)] == [
        (WIP_COST_ACCOUNT, 3), (COST_ACCOUNT, 10), (PAYROLL_ACCOUNT, -9), (ITEM_ACCOUNT, -4),
    ]  # fmt: skip
    assert (
        value("select next_number from finance_number_sequence where reference = 'post_costs_voucher'") == 6
    )
    again = move(OfProject("P-1"))
    assert (again.moved, again.accounting_amount, again.refused) == (2, Decimal(3), 5)
    assert set(codes(again)) == {"PST-213"}


def test_materials_go_back_to_the_account_of_items(world: World) -> None:
    posted(world, "9.00", source_kind="material_usage")
    assert move(["IJV0001"], CostsTo.BALANCE).moved == 1
    assert [row[:2] for row in table(BALANCES)] == [(WIP_ITEM_ACCOUNT, 9), (ITEM_ACCOUNT, -9)]


@pytest.mark.parametrize(
    ("situation", "method", "words"),
    [("fixed_price", "fixed_price", "fixed price"), ("internal", "investment", "investment")],
)
def test_costs_of_a_fixed_price_and_of_an_investment_stay(
    world: World, situation: str, method: str, words: str
) -> None:
    project = world.project_of(COMPANY, number="P-2", situation=situation)
    world.rule(world.profile("P", method, time_costs="balance"), project_id=project.id)
    posted(world, "5.00", project_id=project.id)
    found = move(["IJV0001"])
    assert (found.moved, codes(found)) == (0, ["PST-214"])
    assert found.problems[0].message == (
        f"The cost of voucher IJV0001 stays where it is: project P-2 is of {words}."
    )


def test_an_internal_project_is_eligible(world: World) -> None:
    project = world.project_of(COMPANY, number="P-2", situation="internal")
    posted(world, "5.00", project_id=project.id)
    assert move(["IJV0001"], CostsTo.BALANCE).moved == 1
    assert [row[:2] for row in table(BALANCES)] == [(WIP_COST_ACCOUNT, 5), (PAYROLL_ACCOUNT, -5)]


def test_the_cost_of_a_sale_that_is_accrued_stays_in_profit_and_loss(world: World) -> None:
    world.rule(world.profile("TM", accrue_time=True))
    source = new_id()
    posted(world, "50.00", source_id=source)
    sale = {"transaction_type": "unbilled_sales", "source_id": source}
    [key] = world.stage("75.00", **HOUR | sale)
    posted(world, "60.00")  # of another document, whose sale is not there
    assert codes(move(["IJV0001"], CostsTo.BALANCE)) == ["PST-215"]
    assert move(["IJV0003"], CostsTo.BALANCE).moved == 1
    posted(world, "-75.00", **sale, reverses_id=key)
    assert move(["IJV0001"], CostsTo.BALANCE).moved == 1
    assert [row[:2] for row in table(BALANCES)] == [(WIP_COST_ACCOUNT, 110), (PAYROLL_ACCOUNT, -110)]


def test_the_cost_of_a_sale_that_is_being_invoiced_stays_in_profit_and_loss(world: World) -> None:
    source = new_id()
    posted(world, "50.00", source_id=source)
    world.stage("75.00", **HOUR | {"transaction_type": "billed_sales", "source_id": source})
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert codes(move(["IJV0001"], CostsTo.BALANCE)) == ["PST-215"]


def test_what_cannot_move_is_told_and_the_rest_moves(progress: World) -> None:
    [key] = progress.stage("5.00", **HOUR)
    posted(progress, "-5.00", reverses_id=key)
    posted(progress, "75.00", transaction_type="unbilled_sales")
    posted(progress, "8.00")
    closed = progress.project_of(COMPANY, number="P-2")
    posted(progress, "16.00", project_id=closed.id)
    type(closed).objects.filter(id=closed.id).update(situation="closed", stage="complete")
    found = move(["IJV0001", "IJV0002", "IJV0003", "IJV0004", "IJV0004", "IJV0005", "NONE"])
    assert (found.moved, found.accounting_amount, found.refused) == (1, Decimal(8), 5)
    assert codes(found) == ["PST-212", "PST-212", "PST-211", "INT-701", "PST-211"]
    assert codes(move(["IJV0004"])) == ["PST-213"]
    ProfileRule.objects.all().delete()
    progress.rule(progress.profile("NEVER", time_costs="never_ledger"))
    posted(progress, "4.00")
    [told] = move(["IJV0006"]).problems
    assert told.message == (
        "The cost of voucher IJV0006 cannot be moved to profit and loss: it stands in no ledger, for good."
    )


def test_a_missing_account_is_named(progress: World) -> None:
    posted(progress, "8.00")
    PostingProfile.objects.filter(posting_type="cost").delete()
    [told] = move(["IJV0001"]).problems
    assert told.message == "No cost account for project P-1 in company NL01."


def test_a_reversal_takes_back_its_original_where_that_stands_now(progress: World) -> None:
    [key] = progress.stage("8.00", **HOUR)
    posted(progress, "75.00", transaction_type="unbilled_sales")
    assert move(["IJV0001"]).moved == 1
    posted(progress, "-8.00", reverses_id=key)
    assert table(BALANCES) == []
    assert table(
        "select l.account, l.accounting_amount from finance_voucher v"
        " join finance_voucher_line l on l.voucher_id = v.id where v.number = 'IJV0003' order by line_no"
    ) == [(COST_ACCOUNT, -8), (PAYROLL_ACCOUNT, 8)]
    assert {ACCRUED_ACCOUNT, WIP_SALES_ACCOUNT}.isdisjoint(row[0] for row in table(BALANCES))


def test_nothing_moves_without_an_open_period_numbers_the_verb_or_a_choice(progress: World) -> None:
    posted(progress, "8.00")
    progress.status(date(2024, 6, 1), "on_hold")
    with pytest.raises(PeriodNotOpen):
        move(["IJV0001"])
    progress.status(date(2024, 6, 1), "open")
    with pytest.raises(NothingChosen):
        move(OfProject("P-1"), CostsTo.BALANCE)
    with pytest.raises(VerbNotPermitted):
        post_costs(
            actor=AUDITOR,
            company=COMPANY,
            costs=["IJV0001"],
            to=CostsTo.PROFIT_AND_LOSS,
            accounting_date=JUNE,
        )
    NumberSequence.objects.filter(reference="post_costs_voucher").delete()
    with pytest.raises(NumberSequenceMissing):
        move(["IJV0001"])
    assert value("select count(*) from finance_cost_transfer") == 0


def test_two_at_once_move_a_cost_once(progress: World) -> None:
    posted(progress, *["1.00"] * 50)
    start = threading.Barrier(3)
    moved: list[int] = []

    def work() -> None:
        start.wait()
        try:
            moved.append(move(OfProject("P-1")).moved)
        except AlreadyRunning:
            moved.append(0)
        connections[FINANCE].close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(moved) == 50
    assert [row[:2] for row in table(BALANCES)] == [(COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50)]
