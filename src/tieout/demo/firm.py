"""The firm that the demo is about, as read from ``firm/``: the same in every world.

Files are in the canonical formats; columns beyond them are for the generator: what an hour of a role costs,
what a purchase in a category costs as a rule, in which currency a vendor invoices, how much happens on a
project.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, TypeAlias

Row: TypeAlias = Mapping[str, str]
Rows: TypeAlias = tuple[Row, ...]

FIXED: Final = (
    "company",
    "currency",
    "account",
    "integration_parameters",
    "line_property",
    "number_sequence",
    "project_group",
    "project_group_member",
    "posting_profile",
    "dimension",
    "dimension_value",
    "dimension_default",
    "account_dimension",
    "sales_tax_code",
    "sales_tax_group",
    "sales_tax_group_use",
    "item_sales_tax_group_use",
    "project_profile",
    "profile_rule",
    "lending_relationship",
    "payment_method",
    "vendor",
    "organizational_unit",
    "role",
    "resource",
    "category",
    "customer",
    "contract",
    "fixed_rate_agreement",
    "contract_customer",
    "contract_line",
    "project",
    "task",
    "contract_line_project",
    "contract_line_task",
    "contract_line_role",
    "contract_line_category",
    "contract_line_customer",
    "quote",
    "quote_line",
    "subcontract",
    "unit",
    "pricing_dimension",
    "pricing_parameters",
    "project_parameters",
    "custom_field",
    "project_approver",
    "time_delegate",
    "product",
)
"""The set-up that depends neither on the seed nor on the day."""

ENGINEERING: Final = "LKE"
CONSULTING: Final = "LKC"
COMPANIES: Final = (ENGINEERING, CONSULTING)

CLOSED_PROJECT: Final = "P-1013"
"""Closed in operations while two of its vendor invoices were on their way."""
LATE_VENDORS: Final = ("V-1007", "V-1014")
"""Those who sent them."""
RATELESS_VENDOR: Final = "V-1036"
"""Invoices in a currency of which the firm keeps no rates, for the work of one project."""
RATELESS_PROJECT: Final = "P-1014"


@cache
def rows(entity: str) -> Rows:
    """Return the rows of one file of ``firm/``."""
    text = (files(__package__) / "firm" / f"{entity}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def one(entity: str, field: str, value: str) -> Row:
    """Return the row of ``entity`` whose ``field`` is ``value``; it must be there."""
    return next(row for row in rows(entity) if row[field] == value)


def currency_of(company: str) -> str:
    """Return the accounting currency of a company."""
    return one("company", "code", company)["currency"]
