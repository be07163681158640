"""The catalogue of problems: what each code says, why it happens, what mends it (DESIGN, decision 12).

One row of ``catalogue.csv`` is one code. Codes are never reused and never taken back, because the
problem log keeps them for ever; a text may be improved, and old log rows then read better too.
Codes and messages that people know from such systems keep their wording (finance spec 3.8); their
causes and remedies, and all other rows, are ours.

``unreached.csv`` names the codes that this product cannot meet, each with the reason; every other code is
raised by something, and a test reads the program for it.

Importing this module makes these the words of every :class:`~tieout.kernel.problems.Problem`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tieout.kernel.problems import ProblemText, use_catalogue
from tieout.kernel.tables import Table, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping


class Process(StrEnum):
    """Where in the chain a problem arises; the log is cleared and filtered by it."""

    START = "start"
    SET_UP = "set_up"
    LOAD = "load"
    APPROVE = "approve"
    JOURNALS = "journals"
    POST_DOCUMENTS = "post_documents"
    DELIVER = "deliver"
    VALIDATE_ACTUALS = "validate_actuals"
    IMPORT_FROM_STAGING = "import_from_staging"
    POST_INTEGRATION_JOURNAL = "post_integration_journal"
    SYNC_GENERAL_JOURNAL = "sync_general_journal"
    RECONCILE = "reconcile"
    JOBS = "jobs"
    ACCESS = "access"


class Screen(StrEnum):
    """The place where a problem is mended; the workspace knows the address of each."""

    ACCOUNTS = "accounts"
    ACCOUNT_STRUCTURES = "account_structures"
    CATEGORIES = "categories"
    COMPANIES = "companies"
    CONTRACTS = "contracts"
    CURRENCIES = "currencies"
    CUSTOMERS = "customers"
    DEFAULT_DIMENSIONS = "default_dimensions"
    DIMENSIONS = "dimensions"
    EXCHANGE_RATES = "exchange_rates"
    EXPENSES = "expenses"
    GENERAL_JOURNALS = "general_journals"
    INTEGRATION_JOURNALS = "integration_journals"
    INTEGRATION_PARAMETERS = "integration_parameters"
    INVOICE_PROPOSALS = "invoice_proposals"
    JOBS = "jobs"
    LEDGER_CALENDAR = "ledger_calendar"
    LENDING_RELATIONSHIPS = "lending_relationships"
    MAPS = "maps"
    NUMBER_SEQUENCES = "number_sequences"
    ORGANIZATIONAL_UNITS = "organizational_units"
    POSTING_PROFILES = "posting_profiles"
    PRICE_LISTS = "price_lists"
    PROJECTS = "projects"
    PROJECT_GROUPS = "project_groups"
    PROJECT_PROFILES = "project_profiles"
    RESOURCES = "resources"
    ROLES = "roles"
    SALES_TAX_GROUPS = "sales_tax_groups"
    USERS = "users"
    VENDORS = "vendors"


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row of ``catalogue.csv``: one code, its texts with ``{field}`` placeholders, and its screen."""

    code: str
    process: Process
    message: str
    cause: str
    remedy: str
    link: Screen | None


@dataclass(frozen=True, slots=True)
class UnreachedRow:
    """One row of ``unreached.csv``: a code that people know and cannot meet here, and the reason."""

    code: str
    reason: str


ROWS: Final[Table[CatalogueRow]] = load_table(
    files("tieout.problems") / "catalogue.csv", CatalogueRow, key=("code",)
)
CATALOGUE: Final[Mapping[str, ProblemText]] = MappingProxyType(
    {
        row.code: ProblemText(row.code, row.process, row.message, row.cause, row.remedy, row.link or "")
        for row in ROWS
    }
)
UNREACHED: Final[Mapping[str, str]] = MappingProxyType(
    {
        row.code: row.reason
        for row in load_table(files("tieout.problems") / "unreached.csv", UnreachedRow, key=("code",))
    }
)

use_catalogue(CATALOGUE)
