"""A world of time that published labour rates price: companies in three currencies that sell by 242 lists.

Sales prices are the published ones, a contract for each list. Costs are made up: lists in euros and dollars
that several units use, by role, by resourcing unit and by resource, per hour and per day, one of them made
later than the others for the same days; rates to the other currencies are those of the European Central
Bank. With a seed, the same world and the same entries come out.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import gcd
from pathlib import Path
from random import Random
from typing import Any, Final

from django.db import connections

from tests.databases import REAL_DATA
from tests.journeys import books, council
from tieout.database.aliases import OPERATIONS
from tieout.loading.actions import load, load_set_up

COMPANIES: Final = (
    books.Books("USCO", "Schedule 70", "USD"),
    books.Books("UKCO", "Schedule 70 Ltd", "GBP"),
    books.Books("DECO", "Schedule 70 GmbH", "EUR"),
)
PROFILE: Final = council.REPOSITORY / "tests" / "profiles" / "labour_rates.toml"
DIMENSIONS: Final = ("education", "experience", "worksite")
FIRST, LAST = date(2012, 1, 1), date(2019, 12, 31)
RESOURCES: Final = 600
COST_ROLES: Final = 400
_STRIDE: Final = 48_271

Cells = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """One sales price: a role with the dimensions that the line names."""

    role: str
    custom: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sold:
    """One contract and the list that it sells by, on which days."""

    contract: str
    company: str
    valid_from: date
    valid_to: date
    lines: tuple[Priced, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One entry as it was drawn."""

    number: str
    sold: Sold
    resource: str
    role: str
    custom: dict[str, str]
    on: date
    minutes: int

    def cells(self) -> Cells:
        """Return it as a row of ``HEADER``."""
        dimensions = ";".join(f"{name}={value}" for name, value in self.custom.items())
        hours = f"{self.minutes // 60}.{self.minutes % 60 * 100 // 60:02}"
        return (
            self.sold.company,
            self.number,
            self.resource,
            f"P-{self.sold.contract}",
            self.role,
            self.on,
            hours,
            dimensions,
        )


@dataclass(frozen=True, slots=True)
class CostList:
    """One cost list, and the companies whose two units both cost by it."""

    code: str
    currency: str
    valid_from: date
    valid_to: date
    units: tuple[str, ...]


COST_LISTS: Final = (
    CostList("EURO", "EUR", FIRST, date(2015, 12, 31), ("UKCO", "DECO")),
    CostList("EURO-16", "EUR", date(2016, 1, 1), LAST, ("UKCO", "DECO")),
    CostList("DOLLAR", "USD", FIRST, date(2019, 6, 30), ("USCO",)),  # then none applies
    CostList("DOLLAR-17", "USD", date(2017, 6, 1), date(2017, 12, 31), ("USCO",)),  # before the older one
)
HEADER: Final = "company,external_id,resource,project,role,date,hours,dimensions"


def company_of(resource: int) -> str:
    """Return the company that employs a resource."""
    return COMPANIES[resource % len(COMPANIES)].company


def unit_of(resource: int) -> str:
    """Return the unit of a resource: one in five is of another than the one that sells."""
    company = company_of(resource)
    return f"{company}-LAB" if resource // len(COMPANIES) % 5 == 0 else company


def set_up(folder: Path, seed: int) -> None:
    """Load the published rates, and around them all that prices and entries name."""
    rng = Random(f"{seed} prices")  # noqa: S311  a made-up world, no secret
    _load(_base(folder / "base"))
    rates = REAL_DATA / "labour_rates" / "s70_data.csv"
    load(
        actor=council.OPERATOR,
        entity="role_price",
        files=[rates],
        profile=PROFILE,
        rejected=folder / "rates.rejected.csv",
    )
    roles = [code for (code,) in _rows("select code from operations_role order by code")]
    _load(_contracts(folder / "contracts", rng))
    # Of lists for the same days the one that was made last counts: each in a load of its own.
    for place, one in enumerate(COST_LISTS):
        _load(_costs(folder / f"costs-{place}", one, roles, rng))


def sold() -> list[Sold]:
    """Return each contract with its list and the list's lines, as they were loaded."""
    lines = defaultdict(list)
    for price_list, role, custom in _rows(
        "select list.code, role.code, line.dimensions::text from operations_role_price as line"
        " join operations_price_list as list on list.id = line.price_list_id"
        " join operations_role as role on role.id = line.role_id"
        " where list.context = 'sales'"
        " order by list.code, role.code, line.dimensions::text, line.line"  # keys differ from run to run
    ):
        lines[price_list].append(Priced(role, json.loads(custom)))
    found = _rows(
        "select contract.number, contract.company_code, list.valid_from, list.valid_to"
        " from operations_contract as contract"
        " join operations_price_list as list on list.code = contract.number order by contract.number"
    )
    return [Sold(code, company, first, last, tuple(lines[code])) for code, company, first, last in found]


def entries(count: int, seed: int, contracts: list[Sold]) -> Iterator[Drawn]:
    """Yield entries: of each resource at most one a day, mostly for what the list of that day prices.

    One in ten is for any contract of the company, valid or not; one in ten names other dimensions or another
    role than a price of the list does.
    """
    rng = Random(f"{seed} entries")  # noqa: S311  a made-up world, no secret
    days = (LAST - FIRST).days + 1
    slots = RESOURCES * days
    if count > slots or gcd(slots, _STRIDE) != 1:
        raise ValueError(f"{RESOURCES} resources have {slots} days, not {count}")
    of_company = {
        one.company: [found for found in contracts if found.company == one.company] for one in COMPANIES
    }
    dates = [FIRST + timedelta(day) for day in range(days)]
    valid = {
        (company, on): [one for one in some if one.valid_from <= on <= one.valid_to]
        for company, some in of_company.items()
        for on in dates
    }
    every_line = [line for one in contracts for line in one.lines]
    for i in range(count):
        resource, day = divmod(i * _STRIDE % slots, days)
        company, on = company_of(resource), dates[day]
        some = of_company[company]
        contract = rng.choice((valid[company, on] if rng.random() < 0.9 else some) or some)
        line, luck = rng.choice(contract.lines), rng.random()
        role, custom = line.role, line.custom
        if luck < 0.06:
            custom = dict(list(custom.items())[:1])
        elif luck < 0.1:
            role = rng.choice(every_line).role
        minutes = rng.randrange(3, 721, 3)
        yield Drawn(f"T{i:07}", contract, f"R{resource:03}", role, custom, on, minutes)


def write(path: Path, some: Iterator[Drawn]) -> None:
    """Write entries as a file in our own format."""
    books.write_file(path, HEADER, (one.cells() for one in some))


# ---------------------------------------------------------------- set-up


def _base(folder: Path) -> Path:
    books.write(folder, COMPANIES, first_year=FIRST.year)
    units: list[Cells] = [
        (code, one.company, one.currency) for one in COMPANIES for code in (one.company, f"{one.company}-LAB")
    ]
    tables: dict[str, tuple[str, list[Cells]]] = {
        "organizational_unit": ("code,company,currency", units),
        "customer": (
            "account_number,name,company",
            [(f"C-{one.company}", one.name, one.company) for one in COMPANIES],
        ),
        "pricing_dimension": (
            "name,cost_priority,sales_priority",
            [(name, "", place) for place, name in enumerate(DIMENSIONS, 50)],
        ),
        "resource": (
            "code,name,organizational_unit,company",
            [(f"R{i:03}", f"Person {i}", unit_of(i), company_of(i)) for i in range(RESOURCES)],
        ),
        "unit": ("code,unit_group,size", [("day", "time", 8)]),
        "exchange_rate": ("from_currency,to_currency,date,rate", list(_exchange_rates())),
    }
    return _write(folder, tables)


def _exchange_rates() -> Iterator[Cells]:
    """Yield the first published rate of each month, of euros into pounds and dollars."""
    with zipfile.ZipFile(next((REAL_DATA / "fx").glob("*.zip"))) as archive:
        (name,) = archive.namelist()
        text = io.StringIO(archive.read(name).decode("utf-8"))
    months = {
        row["Date"][:7]: row for row in csv.DictReader(text)
    }  # newest first: the month's first day stays
    for row in months.values():
        if str(FIRST.year - 1) <= row["Date"] <= str(LAST):
            for currency in ("USD", "GBP"):
                yield "EUR", currency, row["Date"], 100 * Decimal(row[currency])


def _contracts(folder: Path, rng: Random) -> Path:
    """Write a contract, its line and a project for each list; one in ten sells by a second list as well."""
    lists = [code for (code,) in _rows("select code from operations_price_list order by code")]
    by = {code: COMPANIES[place % len(COMPANIES)].company for place, code in enumerate(lists)}
    second = [(rng.choice(lists), code) for code in lists if rng.randrange(10) == 0]
    return _write(
        folder,
        {
            "contract": (
                "number,customer,company,contracting_unit,currency",
                [(code, f"C-{company}", company, company, "USD") for code, company in by.items()],
            ),
            "contract_line": (
                "contract,line_number,name,billing_method",
                [(code, 1, "Work", "time_and_materials") for code in lists],
            ),
            "project": (
                "number,company,contracting_unit,stage,contract,contract_line",
                [(f"P-{code}", company, company, "sold", code, 1) for code, company in by.items()],
            ),
            "price_list_use": (
                "price_list,contract",
                sorted({*((code, code) for code in lists), *second}),
            ),
        },
    )


def _costs(folder: Path, one: CostList, roles: list[str], rng: Random) -> Path:
    """Write cost lists with lines, and markups and overrides of the first: what costs may differ by."""
    lines: list[Cells] = []
    for role in rng.sample(roles, COST_ROLES):
        unit, hours = rng.choice((("hour", 1), ("hour", 1), ("day", 8)))
        lines.append((one.code, role, "", "", unit, f"{rng.randint(2_000, 9_000) * hours / 100:.2f}"))
    lines.append((one.code, "", "", "", "hour", f"{rng.randint(2_000, 4_000) / 100:.2f}"))
    lines += [(one.code, role, f"{one.units[0]}-LAB", "", "hour", "61.7") for role in roles[:9]]
    lines += [
        (one.code, "", "", f"R{i:03}", "hour", f"{70 + i}.015") for i in rng.sample(range(RESOURCES), 9)
    ]
    return _write(
        folder,
        {
            "price_list": (
                "code,context,currency,valid_from,valid_to",
                [(one.code, "cost", one.currency, one.valid_from, one.valid_to)],
            ),
            "price_list_use": (
                "price_list,organizational_unit",
                [(one.code, unit) for code in one.units for unit in (code, f"{code}-LAB")],
            ),
            "role_price": ("price_list,role,resourcing_unit,resource,unit,price", lines),
            "role_price_markup": (
                "price_list,role,resourcing_unit,percent",
                [(one.code, "", f"{one.units[0]}-LAB", "12.5"), (one.code, roles[5], "", "-3.75")],
            ),
            "price_override": (
                "price_list,role,effective_from,price",
                [(one.code, line[1], one.valid_from + timedelta(200), "55.55") for line in lines[:40]],
            ),
        },
    )


def _write(folder: Path, tables: dict[str, tuple[str, list[Cells]]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for entity, (header, rows) in tables.items():
        books.write_file(folder / f"{entity}.csv", header, rows)
    return folder


def _load(folder: Path) -> None:
    for done in load_set_up(actor=council.OPERATOR, folder=folder):
        assert not done.codes, (done.entity, done.codes)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]
