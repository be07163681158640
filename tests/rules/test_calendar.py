"""The accounting date of a posting, and the window that the workspace opens with."""

from datetime import date

import pytest

from tieout.kernel.calendar import (
    FiscalYear,
    NoOpenPeriodInWindow,
    NoPeriodOpenFrom,
    Period,
    PeriodKind,
    PeriodNotOpen,
    PeriodStatus,
    PeriodUnit,
    accounting_date,
    period_key,
    window_start,
)

LETTERS = {"O": PeriodStatus.OPEN, "H": PeriodStatus.ON_HOLD, "C": PeriodStatus.PERMANENTLY_CLOSED}
YEARS = {
    year: FiscalYear(date(year, 1, 1), date(year, 12, 31), str(year)) for year in (2022, 2023, 2024, 2025)
}


def months(year: int, statuses: str) -> list[Period]:
    """Return one operating period per letter from January on: Open, on Hold, permanently Closed."""
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return [
        Period(
            start=starts[i],
            end=date.fromordinal(starts[i + 1].toordinal() - 1),
            year=YEARS[year],
            name=f"{year}-{i + 1}",
            kind=PeriodKind.OPERATING,
            status=LETTERS[letter],
        )
        for i, letter in enumerate(statuses)
    ]


def closing(year: int, status: PeriodStatus) -> Period:
    """Return a closing period, which shares the dates of December."""
    return Period(date(year, 12, 1), date(year, 12, 31), YEARS[year], "closing", PeriodKind.CLOSING, status)


YEAR_2024 = months(2024, "CCOHOOOOOOHC")


@pytest.mark.parametrize(
    ("transaction_date", "auto", "expected"),
    [
        ("2024-03-01", False, "2024-03-01"),
        ("2024-03-31", True, "2024-03-31"),
        ("2024-04-15", True, "2024-05-01"),  # on hold moves to the first day of the next open period
        ("2024-04-15", False, "PST-201"),
        ("2024-02-29", True, "2024-03-01"),  # so does permanently closed
        ("2024-02-29", False, "PST-201"),
        ("2024-12-05", True, "PST-202"),  # never back into October, though it is open
        ("2024-12-05", False, "PST-201"),
        ("2023-06-01", True, "2024-03-01"),  # before the calendar
        ("2025-06-01", True, "PST-202"),  # after it
        ("2025-06-01", False, "PST-201"),
    ],
)
def test_accounting_date(transaction_date: str, auto: bool, expected: str) -> None:  # noqa: FBT001
    answer = accounting_date(date.fromisoformat(transaction_date), YEAR_2024, auto)
    if isinstance(answer, date):
        assert answer.isoformat() == expected
    else:
        assert (answer.code, answer.accounting_date.isoformat()) == (expected, transaction_date)


def test_closing_periods_are_ignored() -> None:
    periods = [*YEAR_2024, closing(2024, PeriodStatus.OPEN)]
    assert isinstance(accounting_date(date(2024, 12, 31), periods, auto_open_period=False), PeriodNotOpen)
    assert isinstance(accounting_date(date(2024, 12, 31), periods, auto_open_period=True), NoPeriodOpenFrom)
    closed_twin = [*months(2024, "OOOOOOOOOOOO"), closing(2024, PeriodStatus.PERMANENTLY_CLOSED)]
    assert accounting_date(date(2024, 12, 31), closed_twin, auto_open_period=False) == date(2024, 12, 31)


TV_02 = (
    months(2022, "CCCCOCCCCCCC")
    + months(2023, "C" * 12)
    + months(2024, "CCOOOOOOOOOO")
    + months(2025, "O" * 12)
)


@pytest.mark.parametrize(
    ("periods", "today", "expected"),
    [
        (TV_02, date(2025, 1, 8), date(2024, 3, 1)),
        (TV_02, date(2024, 1, 8), date(2024, 3, 1)),  # a later period of the current year still counts
        (TV_02, date(2023, 1, 8), date(2022, 5, 1)),
        ([*TV_02, closing(2023, PeriodStatus.OPEN)], date(2024, 6, 1), date(2024, 3, 1)),
        (months(2024, "C" * 12) + months(2025, "CCCO"), date(2025, 6, 1), date(2025, 4, 1)),
    ],
)
def test_window_starts_at_the_first_open_period_of_two_years(
    periods: list[Period], today: date, expected: date
) -> None:
    assert window_start(periods, YEARS.values(), today) == expected


@pytest.mark.parametrize(
    ("periods", "today"),
    [
        (months(2022, "O" * 12) + months(2024, "H" * 12), date(2024, 6, 1)),
        (TV_02, date(2026, 1, 1)),  # no fiscal year contains today
        ([], date(2025, 1, 8)),
    ],
)
def test_no_open_period_is_said_not_hidden(periods: list[Period], today: date) -> None:
    answer = window_start(periods, YEARS.values(), today)
    assert isinstance(answer, NoOpenPeriodInWindow)
    assert answer.as_row() == {"code": "CFG-902", "fields": {"today": today.isoformat()}}


def test_fiscal_years_need_not_be_calendar_years() -> None:
    last = FiscalYear(date(2023, 7, 1), date(2024, 6, 30), "FY24")
    this = FiscalYear(date(2024, 7, 1), date(2025, 6, 30), "FY25")
    older = FiscalYear(date(2022, 7, 1), date(2023, 6, 30), "FY23")
    periods = [
        Period(year.start, year.end, year, year.name, PeriodKind.OPERATING, PeriodStatus.OPEN)
        for year in (older, last, this)
    ]
    assert window_start(periods, [this, older, last], date(2025, 1, 8)) == date(2023, 7, 1)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (PeriodUnit.DAYS, "2024-11-20"),
        (PeriodUnit.MONTHS, "2024-11"),
        (PeriodUnit.YEARS, "2024"),
        (PeriodUnit.ALL, "all"),
    ],
)
def test_period_key(unit: PeriodUnit, expected: str) -> None:
    assert period_key(date(2024, 11, 20), unit) == expected


def test_a_period_lies_in_its_year() -> None:
    with pytest.raises(ValueError, match="leaves fiscal year 2024"):
        Period(
            date(2024, 12, 1), date(2025, 1, 31), YEARS[2024], "12", PeriodKind.OPERATING, PeriodStatus.OPEN
        )
    with pytest.raises(ValueError, match="before it starts"):
        FiscalYear(date(2024, 2, 1), date(2024, 1, 1), "2024")
