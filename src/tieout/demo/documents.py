"""A year of vendor invoices, expense reports and time, as rows of the canonical formats.

Amounts are drawn from a lognormal distribution, as purchases are: many small ones, a few large. The draw is
made of whole numbers and exact decimals, so that the same seed gives the same cent on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Final

from tieout.demo import dates, firm
from tieout.demo.dates import Mishap, Stretch
from tieout.demo.firm import Row

_CENT: Final = Decimal("0.01")
_LINES: Final = ((1, 2, 3, 4), (45, 30, 15, 10))
"""Lines of a vendor invoice, and how often of 100."""
_INVOICES: Final = {firm.ENGINEERING: (4, 6), firm.CONSULTING: (2, 4)}
"""Fewest and most invoices of a posting day."""
_CREDIT_NOTES: Final = 3  # of 100 invoices
_TRIP_CURRENCY: Final = 12  # of 100 reports are in euro
_REPORTS: Final = 55  # of 100 months of a resource have an expense report
_REPORTS_AT_THE_END: Final = 70  # of 100 reports are filed in the last days of the month
_ABSENT: Final = 9  # of 100 working days
_SPLIT_DAYS: Final = 22  # of 100 days are split between two projects
_OTHER_UNIT: Final = 15  # of 100 months of a resource are spent with the other unit
_DAY_SHAPES: Final = ("8", "8", "8", "7.5", "8.5")
_SPLITS: Final = (("4", "4"), ("5", "3"), ("6.25", "1.75"))
_EXPENSE_KINDS: Final = ("AIRFARE", "HOTEL", "MEALS", "CAR-RENTAL", "MILEAGE", "TRAIN")
_EXPENSE_WEIGHTS: Final = (8, 20, 38, 8, 14, 12)
_ACTIVE: Final = {"sold", "internal", "presales"}


def vendor_invoices(rng: Random, stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return the lines of the vendor invoices posted in each stretch."""
    numbers = Counter(
        {
            vendor["account_number"]: rng.randint(1_000, 9_000)
            for vendor in firm.rows("vendor")
            if vendor["category"]
        }
    )
    closing = _closing_day(stretches)
    found: dict[Stretch, list[Row]] = {}
    for stretch in stretches:
        found[stretch] = []
        for day in filter(dates.is_posting_day, dates.days(stretch.first, stretch.last)):
            for company in firm.COMPANIES:
                for _ in range(rng.randint(*_INVOICES[company])):
                    vendor, projects = rng.choice(_vendors(company)), _projects(company, day, closing)
                    sign = -1 if rng.randrange(100) < _CREDIT_NOTES else 1
                    found[stretch].extend(_invoice(rng, numbers, vendor, day, projects, sign))
        found[stretch].extend(_oddities(rng, numbers, stretch))
    return found


def _oddities(rng: Random, numbers: Counter[str], stretch: Stretch) -> Iterator[Row]:
    """Yield what is meant to go wrong: invoices of a project just closed, one in a currency without rates."""
    if stretch.mishap is Mishap.PROJECT_CLOSED:
        projects = [firm.one("project", "number", firm.CLOSED_PROJECT)]
        for account in firm.LATE_VENDORS:
            vendor = firm.one("vendor", "account_number", account)
            yield from _invoice(rng, numbers, vendor, stretch.last, projects)
    if stretch.mishap is Mishap.UNFINISHED:
        vendor = firm.one("vendor", "account_number", firm.RATELESS_VENDOR)
        day = max(filter(dates.is_posting_day, dates.days(stretch.first, stretch.last)))
        projects = [firm.one("project", "number", firm.RATELESS_PROJECT)]
        yield from _invoice(rng, numbers, vendor, day, projects)


def _invoice(
    rng: Random, numbers: Counter[str], vendor: Row, day: date, projects: Sequence[Row], sign: int = 1
) -> Iterator[Row]:
    """Yield the lines of one invoice, or with ``sign`` -1 of a credit note."""
    account = vendor["account_number"]
    numbers[account] += rng.randint(1, 9)
    category = firm.one("category", "code", vendor["category"])
    invoice_date = day - timedelta(days=rng.randint(1, 12))
    for line_number in range(1, rng.choices(*_LINES)[0] + 1):
        quantity = sign * (rng.randint(2, 40) if category["transaction_class"] == "material" else 1)
        price = _lognormal(rng, category)
        yield {
            "company": vendor["company"],
            "vendor": account,
            "invoice_number": f"{'CN' if sign < 0 else 'INV'}-{numbers[account]}",
            "line_number": str(line_number),
            "invoice_date": invoice_date.isoformat(),
            "accounting_date": day.isoformat(),
            "project": _weighted(rng, projects)["number"],
            "category": category["code"],
            "description": category["name"],
            "quantity": str(quantity),
            "unit": "each",
            "unit_price": str(price),
            "amount": str(quantity * price),
            "currency": vendor["currency"],
        }


def expense_reports(rng: Random, stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return the lines of the expense reports filed in each stretch; no report lies in two stretches."""
    closing = _closing_day(stretches)
    found: dict[Stretch, list[Row]] = {stretch: [] for stretch in stretches}
    number, today, start = 0, stretches[-1].last, stretches[0].first
    while start <= today:
        end = min(dates.end_of_month(start), today)
        for resource in firm.rows("resource"):
            if rng.randrange(100) >= _REPORTS:
                continue
            number += 1
            late = rng.randrange(100) < _REPORTS_AT_THE_END
            first = max(start, end - timedelta(days=4)) if late else start
            filed = first + timedelta(days=rng.randint(0, (end - first).days))
            stretch = next(one for one in stretches if one.first <= filed <= one.last)
            project = _weighted(rng, _projects(resource["company"], filed, closing))
            found[stretch].extend(_report(rng, f"EXP-{number:04}", resource, project, stretch.first, filed))
        start = dates.month(start, -1)
    return found


def _report(
    rng: Random, number: str, resource: Row, project: Row, earliest: date, filed: date
) -> Iterator[Row]:
    company = resource["company"]
    currency = "EUR" if rng.randrange(100) < _TRIP_CURRENCY else firm.currency_of(company)
    start = max(earliest, filed - timedelta(days=6), filed.replace(day=1))
    for line_number in range(1, rng.randint(2, 5) + 1):
        category = firm.one("category", "code", rng.choices(_EXPENSE_KINDS, _EXPENSE_WEIGHTS)[0])
        spent = filed if line_number == 1 else start + timedelta(days=rng.randint(0, (filed - start).days))
        yield {
            "company": company,
            "report_number": number,
            "line_number": str(line_number),
            "resource": resource["code"],
            "category": category["code"],
            "project": project["number"],
            "transaction_date": spent.isoformat(),
            "amount": str(_lognormal(rng, category)),
            "currency": currency,
            "description": category["name"],
            "payment_method": "employee",
        }


def time_entries(rng: Random, stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return the time worked in each stretch: every resource on a few projects a month."""
    closing = _closing_day(stretches)
    found: dict[Stretch, list[Row]] = {stretch: [] for stretch in stretches}
    number = 0
    for resource in firm.rows("resource"):
        team, month = list[Row](), None
        for stretch in stretches:
            for day in filter(dates.is_working_day, dates.days(stretch.first, stretch.last)):
                if month != day.month:
                    team, month = _team(rng, resource, day, closing), day.month
                if rng.randrange(100) < _ABSENT:
                    continue
                for hours, project in _day(rng, [one for one in team if _is_live(one, day, closing)]):
                    number += 1
                    found[stretch].append(
                        {
                            "company": resource["company"],
                            "external_id": f"T-{number:06}",
                            "resource": resource["code"],
                            "project": project["number"],
                            "role": resource["role"],
                            "date": day.isoformat(),
                            "hours": hours,
                            "description": project["name"],
                        }
                    )
    return found


def _team(rng: Random, resource: Row, day: date, closing: date) -> list[Row]:
    """Return the projects of a resource in a month; three draws, of which some may be the same."""
    projects = _projects(resource["company"], day, closing)
    away = rng.randrange(100) < _OTHER_UNIT
    theirs = [one for one in projects if (one["contracting_unit"] == resource["organizational_unit"]) != away]
    # One more that never closes, so that nobody is left without work.
    return [*(_weighted(rng, theirs or projects) for _ in range(3)), _weighted(rng, _internal(projects))]


def _day(rng: Random, team: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    first, second = team[0], rng.choice(team)
    if rng.randrange(100) < _SPLIT_DAYS and second is not first:
        shape = rng.choice(_SPLITS)
        yield shape[0], first
        yield shape[1], second
    else:
        yield rng.choice(_DAY_SHAPES), rng.choice((first, first, second))


def _vendors(company: str) -> list[Row]:
    return [
        vendor
        for vendor in firm.rows("vendor")
        if vendor["company"] == company
        and vendor["account_number"] != firm.RATELESS_VENDOR
        and vendor["category"]  # without one: a company of the firm, whose invoices nobody types
    ]


def _projects(company: str, day: date, closing: date) -> list[Row]:
    return [
        project
        for project in firm.rows("project")
        if project["company"] == company and project["stage"] in _ACTIVE and _is_live(project, day, closing)
    ]


def projects_of(company: str, day: date, stretches: Sequence[Stretch]) -> list[Row]:
    """Return the projects that a company works on, on a day."""
    return _projects(company, day, _closing_day(stretches))


def _is_live(project: Row, day: date, closing: date) -> bool:
    return day < closing or project["number"] != firm.CLOSED_PROJECT


def _internal(projects: Sequence[Row]) -> list[Row]:
    return [project for project in projects if project["stage"] == "internal"]


def _weighted(rng: Random, projects: Sequence[Row]) -> Row:
    return rng.choices(projects, [int(project["weight"]) for project in projects])[0]


def _closing_day(stretches: Sequence[Stretch]) -> date:
    return next(one.first for one in stretches if one.mishap is Mishap.PROJECT_CLOSED)


def _lognormal(rng: Random, category: Row) -> Decimal:
    """Return an amount around the median of ``category``: twelve uniform draws are nearly a normal one."""
    normal = Decimal(sum(rng.randint(0, 1_000) for _ in range(12)) - 6_000) / 1_000
    drawn = Decimal(category["median"]) * (Decimal(category["spread"]) * normal).exp()
    return max(drawn.quantize(_CENT, ROUND_HALF_UP), _CENT)
