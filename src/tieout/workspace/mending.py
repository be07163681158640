"""Where each screen that mends a problem is found: the address behind the links of the catalogue."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from tieout.problems.catalogue import Screen
from tieout.workspace.labels import words

if TYPE_CHECKING:
    from collections.abc import Mapping

_SET_UP: Final[Mapping[Screen, str]] = MappingProxyType(
    {
        Screen.ACCOUNTS: "account",
        Screen.ACCOUNT_STRUCTURES: "account_dimension",
        Screen.CATEGORIES: "category",
        Screen.COMPANIES: "company",
        Screen.CURRENCIES: "currency",
        Screen.CUSTOMERS: "customer",
        Screen.DEFAULT_DIMENSIONS: "dimension_default",
        Screen.DIMENSIONS: "dimension_value",
        Screen.EXCHANGE_RATES: "exchange_rate",
        Screen.LENDING_RELATIONSHIPS: "lending_relationship",
        Screen.NUMBER_SEQUENCES: "number_sequence",
        Screen.ORGANIZATIONAL_UNITS: "organizational_unit",
        Screen.POSTING_PROFILES: "posting_profile",
        Screen.PRICE_LISTS: "price_list",
        Screen.PROJECTS: "project",
        Screen.PROJECT_GROUPS: "project_group",
        Screen.PROJECT_PROFILES: "project_profile",
        Screen.RESOURCES: "resource",
        Screen.ROLES: "role",
        Screen.SALES_TAX_GROUPS: "sales_tax_group",
        Screen.VENDORS: "vendor",
    }
)
_OF_COMPANY: Final[Mapping[Screen, str]] = MappingProxyType(
    {
        Screen.CONTRACTS: "contracts",
        Screen.EXPENSES: "expenses",
        Screen.GENERAL_JOURNALS: "general-journals",
        Screen.INTEGRATION_JOURNALS: "integration-journals",
        Screen.INVOICE_PROPOSALS: "staging",  # billed sales wait there until a proposal takes them
        Screen.INTEGRATION_PARAMETERS: "parameters",
        Screen.LEDGER_CALENDAR: "ledger-calendar",
        Screen.JOBS: "summary",  # its buttons run the jobs
    }
)
WITHOUT_PAGE: Final = frozenset({Screen.USERS})  # users are kept with `tieout users`


def mended_at(link: str, company: str) -> tuple[str, str]:
    """Return the address of the screen that mends a problem of ``company``, and its name; or nothing."""
    if not link:
        return "", ""
    screen = Screen(link)
    if screen in WITHOUT_PAGE:
        return "", words(screen)
    if screen is Screen.MAPS:
        return reverse("maps"), words(screen)
    if screen in _OF_COMPANY:
        return reverse(_OF_COMPANY[screen], args=[company]), words(screen)
    return reverse("set-up-list", args=[_SET_UP[screen]]), words(screen)
