"""The rules that live in the database as functions: accounting date, last known rate, number."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from tests.database.finance.world import COMPANY, World, new_id, rate, value

from tieout.finance.ledgers.models import FiscalPeriod, PeriodStatus
from tieout.kernel import calendar
from tieout.kernel.calendar import FiscalYear, Period, PeriodKind


def dated(wanted: date, *, may_shift: bool) -> date | None:
    found: date | None = value(
        "select accounting_date from finance_accounting_dates(%s, 'project', array[%s::date], %s)",
        COMPANY,
        wanted,
        may_shift,
    )
    return found


@pytest.mark.parametrize(
    ("closed", "wanted", "stays", "shifts"),
    [
        pytest.param([], date(2024, 2, 29), date(2024, 2, 29), date(2024, 2, 29), id="open"),
        pytest.param([2], date(2024, 2, 29), None, date(2024, 3, 1), id="closed: the next one"),
        pytest.param([2, 3, 5], date(2024, 2, 1), None, date(2024, 4, 1), id="two closed in a row"),
        pytest.param([12], date(2024, 12, 31), None, date(2025, 1, 1), id="over the year's end, never back"),
        pytest.param([], date(2023, 12, 31), None, date(2024, 1, 1), id="before the calendar"),
        pytest.param([], date(2026, 1, 1), None, None, id="after the calendar"),
    ],
)
def test_the_accounting_date_shifts_forward_only(
    world: World, closed: list[int], wanted: date, stays: date | None, shifts: date | None
) -> None:
    for month in closed:
        world.status(date(2024, month, 1), "on_hold")
    assert dated(wanted, may_shift=False) == stays
    assert dated(wanted, may_shift=True) == shifts


def test_a_closing_period_is_never_found_by_a_date(world: World) -> None:
    FiscalPeriod.objects.create(
        id=new_id(),
        calendar="cal",
        fiscal_year="2024",
        name="close",
        kind="closing",
        starts=date(2024, 12, 1),
        ends=date(2024, 12, 31),
    )
    world.status(date(2024, 12, 1), "permanently_closed")
    assert dated(date(2024, 12, 15), may_shift=False) is None
    assert dated(date(2024, 12, 15), may_shift=True) == date(2025, 1, 1)


def test_another_company_has_its_own_status(world: World) -> None:
    PeriodStatus.objects.create(
        id=new_id(), company_code="US01", period=world.periods[date(2024, 3, 1)], status="on_hold"
    )
    assert dated(date(2024, 3, 5), may_shift=False) == date(2024, 3, 5)


def test_the_database_and_the_kernel_agree_on_every_date(world: World) -> None:
    statuses = {date(2024, month, 1): "on_hold" if month % 3 else "open" for month in range(1, 13)}
    statuses |= {date(2025, month, 1): "open" for month in range(1, 13)}
    statuses |= {date(2025, month, 1): "permanently_closed" for month in (2, 3, 12)}
    for month, status in statuses.items():
        world.status(month, status)
    years = {year: FiscalYear(date(year, 1, 1), date(year, 12, 31), str(year)) for year in (2024, 2025)}
    periods = [
        Period(
            period.starts,
            period.ends,
            years[month.year],
            period.name,
            PeriodKind.OPERATING,
            calendar.PeriodStatus(statuses[month]),
        )
        for month, period in world.periods.items()
    ]
    days = [date(y, m, d) for y, m, d in product(range(2023, 2027), range(1, 13), (1, 15, 28))]
    for wanted, may_shift in product(days, (False, True)):
        expected = calendar.accounting_date(wanted, periods, may_shift)
        assert dated(wanted, may_shift=may_shift) == (expected if isinstance(expected, date) else None)


def test_the_rate_is_the_last_known_one_of_the_direction(world: World) -> None:
    rate("GBP", "EUR", "115.5", valid_from=date(2024, 1, 1))
    rate("GBP", "EUR", "117.25", valid_from=date(2024, 3, 1))
    rate("EUR", "GBP", "86", valid_from=date(2024, 1, 1))
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(2030, 1, 1))
    rates = [value("select finance_rate('GBP', 'EUR', %s)", on) for on in days]
    assert [None if found is None else str(found.normalize()) for found in rates] == [
        None,
        "115.5",
        "115.5",
        "117.25",
        "117.25",
    ]
    assert value("select finance_rate('EUR', 'EUR', '1900-01-01')") == 100


@pytest.mark.parametrize(
    ("digits", "number", "printed"), [(4, 7, "V0007"), (4, 9999, "V9999"), (4, 12345, "V12345"), (0, 3, "V3")]
)
@pytest.mark.usefixtures("databases")
def test_a_number_is_padded_and_never_cut(digits: int, number: int, printed: str) -> None:
    assert value("select finance_number('V', %s, %s)", digits, number) == printed
