"""Expenses and material that people enter in operations, in each stretch of the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from tieout.demo import dates, firm, prices
from tieout.demo.dates import Mishap, Stretch
from tieout.demo.documents import projects_of
from tieout.demo.firm import Row

_MILEAGE: Final = "MILEAGE"
_TRIPS: Final = 4  # of 100 working days of a resource are a trip in the own car
_LATE_TRIPS: Final = 30  # in the newest days, so that some wait at every step to approval
_DELIVERIES: Final = 30  # of 100 working days of a company something is used on a site
_LATE_DELIVERIES: Final = 100  # in the newest days
_RETURNS: Final = 6  # of 100 usages bring something back
_SHARED: Final = "SURVEYS"
_ALLOCATED: Final = "590400"
_WRITE_INS: Final = (
    ("Site fencing, hired", "38.50"),
    ("Aggregate 20 mm, per bag", "4.85"),
    ("Plotter paper", "62"),
)


def expense_entries(rng: Random, stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return the trips of each stretch: kilometres in the own car, at no price of their own."""
    found: dict[Stretch, list[Row]] = {stretch: [] for stretch in stretches}
    number = 0
    for stretch in stretches:
        trips = _LATE_TRIPS if stretch.mishap is Mishap.UNFINISHED else _TRIPS
        for day in filter(dates.is_working_day, dates.days(stretch.first, stretch.last)):
            for resource in firm.rows("resource"):
                if rng.randrange(100) >= trips:
                    continue
                number += 1
                project = rng.choice(projects_of(resource["company"], day, stretches))
                found[stretch].append(
                    {
                        "company": resource["company"],
                        "external_id": f"M-{number:05}",
                        "resource": resource["code"],
                        "project": project["number"],
                        "category": _MILEAGE,
                        "date": day.isoformat(),
                        "quantity": str(rng.randint(12, 260)),
                        "unit": "km",
                        "description": f"Own car to {project['name']}",
                    }
                )
    return found


def material_usage(rng: Random, stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return what was used on the sites in each stretch: products of the catalogue, and write-ins."""
    found: dict[Stretch, list[Row]] = {stretch: [] for stretch in stretches}
    for number, (stretch, company, row) in enumerate(_usages(rng, stretches), 1):
        found[stretch].append({"company": company, "external_id": f"U-{number:05}", **row})
    return found


def journal_lines(stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return one draft of an entry journal per company, at the end: cost that was kept in another system."""
    found: dict[Stretch, list[Row]] = {stretch: [] for stretch in stretches}
    last = stretches[-1]
    for company in firm.COMPANIES:
        project = projects_of(company, last.last, stretches)[0]
        for number, (name, price) in enumerate(_WRITE_INS, 1):
            found[last].append(
                {
                    "company": company,
                    "journal": f"OLD-{company}",
                    "line_number": str(number),
                    "transaction_type": "cost",
                    "transaction_class": "material",
                    "date": last.last.isoformat(),
                    "project": project["number"],
                    "product_name": name,
                    "quantity": "10",
                    "price": price,
                    "currency": firm.currency_of(company),
                    "description": "Brought in from the old system",
                }
            )
    return found


def general_journal_lines(stretches: Sequence[Stretch]) -> dict[Stretch, list[Row]]:
    """Return one draft of a general journal per company, at the end: what a project bears of shared cost."""
    found: dict[Stretch, list[Row]] = {stretch: [] for stretch in stretches}
    last = stretches[-1]
    for company in firm.COMPANIES:
        for number, project in enumerate(projects_of(company, last.last, stretches)[:3], 1):
            found[last].append(
                {
                    "company": company,
                    "journal": f"{company}-ALLOCATION",
                    "line_number": str(number),
                    "accounting_date": last.last.isoformat(),
                    "account_type": "project",
                    "project": project["number"],
                    "category": _SHARED,
                    "debit": f"{number * 125}.00",
                    "currency": firm.currency_of(company),
                    "offset_account_type": "ledger",
                    "offset_account": _ALLOCATED,
                    "description": "Drawing office, share of the month",
                }
            )
    return found


def _usages(rng: Random, stretches: Sequence[Stretch]) -> Iterator[tuple[Stretch, str, Row]]:
    for stretch in stretches:
        deliveries = _LATE_DELIVERIES if stretch.mishap is Mishap.UNFINISHED else _DELIVERIES
        for day in filter(dates.is_working_day, dates.days(stretch.first, stretch.last)):
            for company in firm.COMPANIES:
                if rng.randrange(100) >= deliveries:
                    continue
                project = rng.choice(projects_of(company, day, stretches))
                sign = "-" if rng.randrange(100) < _RETURNS else ""
                row = {
                    "project": project["number"],
                    "date": day.isoformat(),
                    "quantity": f"{sign}{rng.randint(1, 24)}",
                    "description": project["name"],
                }
                yield stretch, company, {**row, **_thing(rng, company)}


def _thing(rng: Random, company: str) -> Row:
    """Return a product with a unit of its group, or a write-in with its price."""
    if rng.randrange(2):
        product = rng.choice(sorted(prices.PER_PRODUCT))
        return {"product": product, "unit": prices.PER_PRODUCT[product][0]}
    name, price = rng.choice(_WRITE_INS)
    return {"product_name": name, "unit": "each", "price": price, "currency": firm.currency_of(company)}
