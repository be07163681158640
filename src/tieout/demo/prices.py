"""What depends on dates in the set-up: fiscal periods and their status, exchange rates, price lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations
from random import Random
from typing import Final

from tieout.demo import dates, firm
from tieout.demo.firm import Row, Rows

FIRST_MONTHS: Final = {"CALENDAR": 1, "APRIL": 4}
"""The calendars of the firm and the month in which their years begin."""

_DOLLARS: Final = {"USD": Decimal(1), "GBP": Decimal("1.27"), "EUR": Decimal("1.08")}
"""About what one unit is worth; the Swiss franc is missing on purpose."""
_RATE_STEP: Final = Decimal("0.0001")
_RISE: Final = Decimal("1.035")
"""What an hour costs and is sold for from one year to the next."""
_PER_DISTANCE: Final = {"mile": "0.70", "km": "0.44"}
_ALLOWANCE: Final = {"mile": "0.45", "km": "0.28"}
"""What a distance in the own car costs the firm."""
BY_CUSTOMER: Final = frozenset({"K-1103"})
"""Contracts without lists of their own: the customer's hold for all of its contracts and quotes."""
PER_PRODUCT: Final = {"CABLE": ("metre", "6.35"), "SENSOR": ("piece", "184"), "GAUGE": ("piece", "96.50")}
_OF_DOCUMENTS: Final = {
    "SUBCONTRACT": {"method": "markup_over_cost", "percent": "12.5"},
    "EQUIPMENT": {"method": "markup_over_cost", "percent": "8"},
    "HOTEL": {"method": "at_cost"},
    "CAR-RENTAL": {"method": "price_per_unit", "price": "80"},
}
"""How what finance posts is sold; the other categories have no line in any list and are sold at cost."""
_OVER_COST: Final = {"K-2105": "135"}
"""The contracts that pay for work what it cost and so many percent, in their own currency."""
_HIRED: Final = Decimal("1.2")
"""What an hour of a subcontractor costs, for one of the firm's own."""
_WHOLE: Final = Decimal(1)


def fiscal_periods(today: date) -> Rows:
    """Return the periods of both calendars, with a closing period at the end of each year."""
    return tuple(row for calendar in FIRST_MONTHS for row in _periods(calendar, today))


def _periods(calendar: str, today: date) -> Iterator[Row]:
    for year in dates.fiscal_years(today, FIRST_MONTHS[calendar]):
        for number, start in enumerate(year.starts, 1):
            yield _period(calendar, year.name, f"Period {number}", "operating", start)
        yield _period(calendar, year.name, "Closing", "closing", year.starts[-1])


def _period(calendar: str, year: str, name: str, kind: str, start: date) -> Row:
    return {
        "calendar": calendar,
        "year": year,
        "name": name,
        "kind": kind,
        "start": start.isoformat(),
        "end": dates.end_of_month(start).isoformat(),
    }


def closed_periods(today: date) -> Rows:
    """Return the status that closes, for both companies, every period before the ones that are still open."""
    until = dates.open_from(today).isoformat()
    return tuple(
        _status(company["code"], period, "permanently_closed")
        for company in firm.rows("company")
        for period in fiscal_periods(today)
        if period["calendar"] == company["calendar"] and period["end"] < until
    )


def status_of_period(company: str, day: date, status: str, today: date) -> Rows:
    """Return the ``status`` that a company gives to the period of ``day``."""
    calendar = firm.one("company", "code", company)["calendar"]
    return tuple(
        _status(company, period, status)
        for period in fiscal_periods(today)
        if period["calendar"] == calendar
        and period["kind"] == "operating"
        and period["start"] <= day.isoformat() <= period["end"]
    )


def _status(company: str, period: Row, status: str) -> Row:
    return {
        "company": company,
        "calendar": period["calendar"],
        "year": period["year"],
        "name": period["name"],
        "status": status,
    }


def exchange_rates(rng: Random, today: date) -> Rows:
    """Return a rate per pair and month since the last fiscal year began, each a little off the one before."""
    first = min(dates.fiscal_years(today, begin)[0].starts[0] for begin in FIRST_MONTHS.values())
    worth, found, day = dict(_DOLLARS), list[Row](), first
    while day <= today:
        found.extend(
            {
                "from_currency": one,
                "to_currency": other,
                "date": day.isoformat(),
                "rate": str((worth[one] / worth[other] * 100).quantize(_RATE_STEP, ROUND_HALF_UP)),
                "source": "Larkfield treasury",
            }
            for one, other in permutations(worth, 2)
        )
        for currency in ("GBP", "EUR"):
            worth[currency] *= 1 + Decimal(rng.randint(-120, 120)) / 10_000
        day = dates.month(day, -1)
    return tuple(found)


def price_lists(today: date) -> tuple[Rows, Rows]:
    """Return the price lists and their lines, for each year one per unit (cost), contract and subcontract.

    A contract that is sold by its customer's lists has none; they have the customer's number.
    Years are calendar years: last, this and the next, so that every day that is worked has exactly one.
    """
    lists, lines = list[Row](), list[Row]()
    for year in (today.year - 1, today.year, today.year + 1):
        rise = _RISE ** (year - today.year + 1)
        for unit in firm.rows("organizational_unit"):
            code = f"COST-{unit['code']}-{year}"
            lists.append(_list(code, "cost", unit["currency"], year, organizational_unit=unit["code"]))
            lines.extend(_lines(code, "cost", unit["currency"], rise))
        for contract in firm.rows("contract"):
            own = {} if contract["number"] in BY_CUSTOMER else {"contract": contract["number"]}
            code = f"SALES-{own.get('contract', contract['customer'])}-{year}"
            lists.append(_list(code, "sales", contract["currency"], year, **own))
            if percent := _OVER_COST.get(contract["number"]):
                lines.extend(_lines_over_cost(code, percent))
            else:
                lines.extend(_lines(code, "sales", contract["currency"], rise))
        for subcontract in firm.rows("subcontract"):
            code = f"PURCHASE-{subcontract['number']}-{year}"
            lists.append(_list(code, "purchase", subcontract["currency"], year))
            lines.extend(_lines(code, "cost", subcontract["currency"], rise * _HIRED))
    return tuple(lists), tuple(lines)


def price_details(today: date, lists: Rows) -> Mapping[str, Rows]:
    """Return what refines price lists: defaults, markups, overrides, and prices of categories and products.

    None of it changes what the firm's own work costs or brings: a company's default cost list is for units
    without one, overtime is not recorded, and the overrides are agreed for next year. What finance posts is
    sold by it.
    """
    cost = [row for row in lists if row["context"] == "cost"]
    sales = [row for row in lists if row["context"] == "sales"]
    next_year = [row for row in sales if row["valid_from"].startswith(str(today.year + 1))]
    customers = [row for row in firm.rows("contract") if row["number"] in BY_CUSTOMER]
    units = {row["company"]: row["code"] for row in reversed(firm.rows("organizational_unit"))}
    return {
        "price_list_use": (
            *(  # the lists of each company's first unit
                {"price_list": row["code"], "company": company}
                for company, unit in units.items()
                for row in cost
                if row["organizational_unit"] == unit
            ),
            *(
                {"price_list": row["code"], "company": one["company"], "customer": one["customer"]}
                for one in customers
                for row in sales
                if row["code"].startswith(f"SALES-{one['customer']}-")
            ),
            *(
                {"price_list": row["code"], "subcontract": subcontract["number"]}
                for subcontract in firm.rows("subcontract")
                for row in lists
                if row["code"].startswith(f"PURCHASE-{subcontract['number']}-")
            ),
        ),
        "role_price_markup": tuple(
            {"price_list": row["code"], "dimensions": "work_hours=overtime", "percent": "50"} for row in sales
        ),
        "price_override": tuple(
            {
                "price_list": row["code"],
                "role": "ENGINEER",
                "contract": row["contract"],
                "effective_from": f"{today.year + 1}-07-01",
                "price": "130",
            }
            for row in next_year
            if "contract" in row
        ),
        "category_price": (
            *(_category_price(row, unit) for row in (*cost, *sales) for unit in _PER_DISTANCE),
            *(
                {"price_list": row["code"], "category": category, "unit": "each", **says}
                for row in sales
                for category, says in _OF_DOCUMENTS.items()
            ),
        ),
        "product_price": tuple(
            _product_price(row, product) for row in (*cost, *sales) for product in PER_PRODUCT
        ),
    }


def _category_price(row: Row, unit: str) -> Row:
    price = (_ALLOWANCE if row["context"] == "cost" else _PER_DISTANCE)[unit]
    return {"price_list": row["code"], "category": "MILEAGE", "unit": unit, "price": price}


def _product_price(row: Row, product: str) -> Row:
    unit, price = PER_PRODUCT[product]
    found = {"price_list": row["code"], "product": product, "unit": unit}
    if row["context"] == "cost":
        return {**found, "price": price}
    return {**found, "method": "markup_over_cost", "percent": "15"}


def _list(code: str, context: str, currency: str, year: int, **attached: str) -> Row:
    return {
        "code": code,
        "context": context,
        "currency": currency,
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31",
        **attached,
    }


def missing_rate(today: date) -> Row:
    """Return the rate whose absence makes loading refuse an invoice: dollars for Swiss francs."""
    return {
        "from_currency": "CHF",
        "to_currency": "USD",
        "date": dates.month(today, 1).isoformat(),
        "rate": "112.4",
        "source": "Larkfield treasury",
    }


def _lines(code: str, context: str, currency: str, rise: Decimal) -> Iterator[Row]:
    for role in firm.rows("role"):
        price = Decimal(role[context]) / _DOLLARS[currency] * rise
        yield {"price_list": code, "role": role["code"], "price": str(price.quantize(_WHOLE, ROUND_HALF_UP))}


def _lines_over_cost(code: str, percent: str) -> Iterator[Row]:
    for role in firm.rows("role"):
        yield {"price_list": code, "role": role["code"], "method": "markup_over_cost", "percent": percent}
