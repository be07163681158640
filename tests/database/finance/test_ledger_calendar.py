"""The ledger calendar: a module has its own status beside that for all, and what is closed stays closed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError
from tests.database.finance import general
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, World, new_id, table

from tieout.finance.costs.actions import post_costs
from tieout.finance.costs.rules import CostsTo, PeriodNotOpen
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.actions import enter_set_up, set_period_status
from tieout.finance.ledgers.models import Company, FiscalPeriod, PeriodStatus
from tieout.finance.ledgers.problems import PeriodNotOfCompany, PeriodStaysClosed
from tieout.finance.ledgers.queries import fiscal_years, ledger_calendar, period_changes
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.kernel.calendar import Module
from tieout.kernel.calendar import PeriodStatus as Status

MARCH = date(2024, 3, 1)
CLERK = Actor("cleo", frozenset({"ap_clerk"}), None)


def posted(world: World) -> dict[Module, int]:
    """Post one document of each module in March; return how many of each were posted."""
    world.invoice("10.00")
    world.report("20.00")
    world.stage("30.00", source_kind="time_entry")
    general.enter(general.line(world, 1))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return {
        Module.ACCOUNTS_PAYABLE: post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).documents,
        Module.EXPENSE: post_expense_reports(actor=ACCOUNTANT, company=COMPANY).documents,
        Module.PROJECT: post_integration_journals(actor=ACCOUNTANT, company=COMPANY).lines,
        Module.GENERAL_LEDGER: general.post().posted,
    }


@pytest.mark.parametrize("closed", list(Module))
def test_a_module_on_hold_keeps_its_own_postings_and_no_others(world: World, closed: Module) -> None:
    world.status(MARCH, "on_hold", closed)
    assert posted(world) == {module: int(module is not closed) for module in Module}
    refused = {Module.PROJECT: "PST-201", Module.GENERAL_LEDGER: "GJ-417"}.get(closed, "DOC-103")
    assert table("select code from problem_log") == [(refused,)]
    if closed is Module.PROJECT:
        with pytest.raises(PeriodNotOpen):
            post_costs(
                actor=ACCOUNTANT,
                company=COMPANY,
                costs=["IJV0001"],
                to=CostsTo.BALANCE,
                accounting_date=date(2024, 3, 31),
            )


def test_what_is_on_hold_for_all_is_open_for_none(world: World) -> None:
    world.status(MARCH, "on_hold")
    world.status(MARCH, "open", Module.PROJECT)
    assert set(posted(world).values()) == {0}


def test_an_accountant_closes_a_module_and_the_change_is_recorded(world: World) -> None:
    march, april = world.periods[MARCH].id, world.periods[date(2024, 4, 1)].id
    asked = {"company": COMPANY, "module": Module.EXPENSE}

    def set_(status: Status, *periods: object, actor: Actor = ACCOUNTANT, **more: object) -> int:
        return set_period_status(actor=actor, periods=periods, status=status, **asked | more)  # type: ignore[arg-type]

    assert set_(Status.ON_HOLD, march, april) == 2
    assert set_(Status.ON_HOLD, march) == 0
    assert set_(Status.PERMANENTLY_CLOSED, march) == 1
    with pytest.raises(PeriodStaysClosed, match="CFG-230"):
        set_(Status.OPEN, april, march)
    assert set_(Status.PERMANENTLY_CLOSED, april, module=None) == 1
    with pytest.raises(PeriodStaysClosed):
        set_(Status.OPEN, april)
    with pytest.raises(PeriodNotOfCompany):
        set_(Status.OPEN, new_id())
    with pytest.raises(CompanyNotPermitted):
        set_(Status.OPEN, march, company="XX01")
    for nobody in (CLERK, AUDITOR):
        with pytest.raises(VerbNotPermitted):
            set_(Status.OPEN, march, actor=nobody)
    with pytest.raises(VerbNotPermitted):
        enter_set_up(actor=CLERK, entity="period_status", companies=[COMPANY], records="[]")
    assert [
        (one.name, one.module, one.status_before, one.status, one.changed_by)
        for one in period_changes(actor=AUDITOR, company=COMPANY)
    ] == [
        ("2024-04", None, "open", "permanently_closed", "ada"),
        ("2024-03", "expense", "on_hold", "permanently_closed", "ada"),
        ("2024-04", "expense", "open", "on_hold", "ada"),
        ("2024-03", "expense", "open", "on_hold", "ada"),
    ]
    rows = {one.name: one for one in ledger_calendar(actor=AUDITOR, company=COMPANY, fiscal_year="2024")}
    assert [one.name for one in fiscal_years(actor=AUDITOR, company=COMPANY)] == ["2025", "2024"]
    assert len(rows) == 12
    takes = {name: [one for one in Module if rows[name].takes(one)] for name in ("2024-03", "2024-04")}
    assert takes == {"2024-03": [one for one in Module if one is not Module.EXPENSE], "2024-04": []}


def test_the_database_keeps_a_period_closed_whoever_asks(world: World) -> None:
    world.status(MARCH, "permanently_closed", Module.PROJECT)
    for statement in (
        lambda: PeriodStatus.objects.update(status="open"),
        lambda: PeriodStatus.objects.all().delete(),
        lambda: FiscalPeriod.objects.filter(name="2024-03").update(ends=date(2024, 3, 30)),
        lambda: Company.objects.update(calendar="other"),
    ):
        with pytest.raises(IntegrityError, match="stays as it is"):
            statement()
    FiscalPeriod.objects.filter(name="2024-05").update(ends=date(2024, 5, 30))
