"""Two companies that do the same work, each in its currency, and lend each other a person.

One accrues what it sells and lends, by its profiles; the other has none, and accrues nothing.
Each sells one project on time and materials, to two customers with a discount and a fee, and one at a fixed
price, and takes in a vendor invoice and an expense report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from tests.journeys import books, council

from tieout.dualwrite.delivery.actions import deliver_all
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import load, load_set_up

Table = tuple[str, Sequence[Sequence[object]]]
HOME, AWAY = books.Books("HOME", "Home", "GBP"), books.Books("AWAY", "Away", "EUR")
COMPANIES = (HOME, AWAY)
ACCRUING = HOME
OPERATOR = Actor("operator", council.OPERATOR.roles | {Role.AP_CLERK}, None)
TIME_AND_MATERIALS, FIXED_PRICE = "TM", "FP"
DAYS = {TIME_AND_MATERIALS: "2016-03-01", FIXED_PRICE: "2016-03-02"}
CANCELLED = {one.company: f"{one.company}-CANCELLED" for one in COMPANIES}
INVOICE, REPORT = Decimal("500.00"), Decimal("75.25")


def other(one: books.Books) -> books.Books:
    return AWAY if one is HOME else HOME


def write(folder: Path, tables: Mapping[str, Table]) -> None:
    for entity, (header, rows) in tables.items():
        books.write_file(folder / f"{entity}.csv", header, rows)


def set_up(folder: Path) -> None:
    """Two companies with two customers, a contract and project of each kind, a person, and their prices."""
    books.write(folder, COMPANIES, first_year=2016)
    codes = [(one.company, one.currency) for one in COMPANIES]
    kinds = ((TIME_AND_MATERIALS, "time_and_materials", 10, 5), (FIXED_PRICE, "fixed_price", "", ""))
    write(
        folder,
        {
            "exchange_rate": (
                "from_currency,to_currency,date,rate",
                [("GBP", "EUR", "2016-01-01", 125), ("EUR", "GBP", "2016-01-01", 80)],
            ),
            "customer": (
                "account_number,name,company",
                [(f"C{n}-{code}", f"Customer {n}", code) for code, _ in codes for n in (1, 2)],
            ),
            "contract": (
                "number,customer,company,contracting_unit,currency",
                [
                    (f"{kind}-{code}", f"C1-{code}", code, code, currency)
                    for code, currency in codes
                    for kind, *_ in kinds
                ],
            ),
            "contract_customer": (
                "contract,company,customer,percent,is_rounding",
                [
                    (f"TM-{code}", code, f"C{n}-{code}", percent, rounding)
                    for code, _ in codes
                    for n, percent, rounding in ((1, 60, "no"), (2, 40, "yes"))
                ],
            ),
            "contract_line": (
                "contract,line_number,name,billing_method,discount_percent,fee_percent",
                [(f"{kind}-{code}", 1, "Work", *terms) for code, _ in codes for kind, *terms in kinds],
            ),
            "contract_line_customer": (
                "contract,contract_line,company,customer,percent,is_rounding",
                [
                    (f"TM-{code}", 1, code, f"C{n}-{code}", percent, rounding)
                    for code, _ in codes
                    for n, percent, rounding in ((1, 60, "no"), (2, 40, "yes"))
                ],
            ),
            "project": (
                "number,company,contracting_unit,stage,contract,contract_line",
                [
                    (f"{kind}-{code}", code, code, "sold", f"{kind}-{code}", 1)
                    for code, _ in codes
                    for kind, *_ in kinds
                ],
            ),
            **accruals(),
            **things(codes),
            **prices(codes),
        },
    )
    load_set_up(actor=council.OPERATOR, folder=folder)
    deliver_all(actor=council.OPERATOR)


def accruals() -> dict[str, Table]:
    """Return the profiles of the company that accrues, and who lends to whom."""
    methods = (("time_and_materials", "TM", "yes"), ("fixed_price", "FP", "no"))
    return {
        "project_profile": (
            "company,billing_method,code,accrue_time,accrue_expense,accrue_material,accrue_fee",
            [(ACCRUING.company, method, code, *[accrues] * 4) for method, code, accrues in methods],
        ),
        "profile_rule": (
            "company,billing_method,profile",
            [(ACCRUING.company, method, code) for method, code, _ in methods],
        ),
        "lending_relationship": (
            "company,borrowing_company,accrue_revenue",
            [(one.company, other(one).company, "yes" if one is ACCRUING else "no") for one in COMPANIES],
        ),
    }


def things(codes: list[tuple[str, str]]) -> dict[str, Table]:
    """Return the people of each unit, and what they spend and use."""
    return {
        "role": ("code", [("DEV",)]),
        "resource": (
            "code,name,organizational_unit,company",
            [(f"BEA-{code}", "Bea", code, code) for code, _ in codes]
            + [(f"LEN-{code}", "Len", code, code) for code, _ in codes],
        ),
        "category": (
            "code,transaction_class",
            [(code, "expense") for code in ("TRAVEL", "HOTEL", "MILEAGE", "HIRE")],
        ),
        "unit": ("code,unit_group,size", [("km", "length", 1)]),
        "product": ("code,unit_group", [("STEEL", "piece")]),
        "vendor": ("company,account_number", [(code, f"V-{code}") for code, _ in codes]),
    }


def prices(codes: list[tuple[str, str]]) -> dict[str, Table]:
    """Return a cost list of each unit and a sales list of each contract on time and materials."""
    lists = [
        (f"{side}-{code}", context, currency, "2016-01-01", "2016-12-31", *holder)
        for code, currency in codes
        for side, context, holder in (
            ("COST", "cost", (code, "")),
            ("SALES", "sales", ("", f"TM-{code}")),
        )
    ]
    return {
        "price_list": ("code,context,currency,valid_from,valid_to,organizational_unit,contract", lists),
        "role_price": (
            "price_list,role,price",
            [
                (f"{side}-{code}", "DEV", price)
                for code, _ in codes
                for side, price in (("COST", 80), ("SALES", 120))
            ],
        ),
        "category_price": (
            "price_list,category,unit,method,price,percent",
            [
                row
                for code, _ in codes
                for row in (
                    (f"COST-{code}", "MILEAGE", "km", "price_per_unit", "0.45", ""),
                    (f"SALES-{code}", "MILEAGE", "km", "price_per_unit", "0.70", ""),
                    (f"SALES-{code}", "TRAVEL", "each", "at_cost", "", ""),
                    (f"SALES-{code}", "HOTEL", "each", "markup_over_cost", "", "10"),
                )
            ],
        ),
        "product_price": (
            "price_list,product,unit,price",
            [
                (f"{side}-{code}", "STEEL", "each", price)
                for code, _ in codes
                for side, price in (("COST", "12.5"), ("SALES", "20"))
            ],
        ),
    }


def enter(folder: Path) -> None:
    """Enter the table of this page on each project, what is taken back later, and documents of finance."""
    time, expenses, material = [], [], []
    for one in COMPANIES:
        code, currency = one.company, one.currency
        for kind, day in DAYS.items():
            project = f"{kind}-{code}"
            time.append((code, f"{project}-1", f"BEA-{code}", project, "DEV", day, "7.5"))
            time.append((code, f"{project}-2", f"LEN-{other(one).company}", project, "DEV", day, "2"))
            expenses += [
                (
                    code,
                    f"{project}-{n}",
                    f"BEA-{code}",
                    project,
                    category,
                    day,
                    quantity,
                    unit,
                    price,
                    currency,
                    tax,
                )
                for n, category, quantity, unit, price, tax in (
                    (1, "TRAVEL", 1, "each", "100.25", "20.05"),
                    (2, "HOTEL", 2, "each", 80, ""),
                    (3, "MILEAGE", 10, "km", "", ""),
                )
            ]
            material += [
                (code, f"{project}-1", project, "STEEL", "", day, 4, "", "", ""),
                (code, f"{project}-2", project, "STEEL", "", day, -1, "", "", ""),
                (code, f"{project}-3", project, "", "Sand, per bag", day, 3, "9.99", currency, "5.99"),
            ]
        time.append((code, CANCELLED[code], f"BEA-{code}", f"TM-{code}", "DEV", "2016-03-03", "4"))
    write(
        folder,
        {
            "time_entry": ("company,external_id,resource,project,role,date,hours", time),
            "expense_entry": (
                "company,external_id,resource,project,category,date,quantity,unit,price,currency,tax",
                expenses,
            ),
            "material_usage": (
                "company,external_id,project,product,product_name,date,quantity,price,currency,tax",
                material,
            ),
            **documents(),
        },
    )
    for entity in ("time_entry", "expense_entry", "material_usage", "vendor_invoice_line", "expense_line"):
        done = load(actor=OPERATOR, entity=entity, files=[folder / f"{entity}.csv"])
        assert not done.codes


def documents() -> dict[str, Table]:
    """Return a vendor invoice for the one project of each company, and an expense report for the other."""
    day = "2016-03-04"
    return {
        "vendor_invoice_line": (
            "company,vendor,invoice_number,line_number,accounting_date,project,category,amount,currency",
            [
                (code, f"V-{code}", "I1", 1, day, f"TM-{code}", "HIRE", INVOICE, one.currency)
                for one in COMPANIES
                if (code := one.company)
            ],
        ),
        "expense_line": (
            "company,report_number,line_number,resource,category,project,transaction_date,amount,currency",
            [
                (code, "R1", 1, f"BEA-{code}", "TRAVEL", f"FP-{code}", day, REPORT, one.currency)
                for one in COMPANIES
                if (code := one.company)
            ],
        ),
    }
