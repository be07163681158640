"""Which companies there are, and what their set-up lacks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.calendar import Module, PeriodKind, PeriodStatus
from tieout.kernel.problems import ProblemText, render

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

_COMPANIES: Final = sql.load("tieout.finance.ledgers", "companies")
_GAPS: Final = sql.load("tieout.finance.ledgers", "set_up_gaps")
_CALENDAR: Final = sql.load("tieout.finance.ledgers", "ledger_calendar")
_YEARS: Final = sql.load("tieout.finance.ledgers", "fiscal_years")
_CHANGES: Final = sql.load("tieout.finance.ledgers", "period_changes")
_RATES: Final = sql.load("tieout.finance.ledgers", "rates_of_company")
_ENABLED: Final = sql.load("tieout.finance.ledgers", "workspace_enabled")
PAGE: Final = 50
NEWEST: Final = 2**62
_KNOWN: Final = {
    name.removeprefix("known_"): sql.load("tieout.finance.ledgers", name)
    for name in (
        "known_company",
        "known_currency",
        "known_account",
        "known_fiscal_period",
        "known_vendor",
        "known_project",
        "known_contract",
        "known_category",
        "known_rate",
    )
}
SET_UP: Final = SetUp.of_stage(
    FINANCE,
    "tieout.finance.ledgers",
    (
        "set_up_currency",
        "set_up_company",
        "set_up_account",
        "set_up_fiscal_period",
        "set_up_period_status",
        "set_up_exchange_rate",
        "set_up_integration_parameters",
        "set_up_line_property",
        "set_up_number_sequence",
        "set_up_posting_profile",
        "set_up_payment_method",
        "set_up_vendor",
    ),
)
"""The set-up that is mastered here."""


@dataclass(frozen=True, slots=True)
class CompanyName:
    """One company: code, name, and the currencies of its books and of its reports with their decimals."""

    code: str
    name: str
    accounting_currency: str
    digits: int
    reporting_currency: str
    reporting_digits: int


def sharing_companies() -> list[dict[str, Any]]:
    """Return of each company its code, chart and calendar: who else would be changed by a record of those.

    For the loading of set-up, which tells nothing of it but the code of a company that is not permitted.
    """
    return sql.rows(FINANCE, sql.load("tieout.finance.ledgers", "sharing_companies"))


def companies(*, actor: Actor) -> list[CompanyName]:
    """Return the companies that the actor may see, by code."""
    permit(actor, Verb.READ)
    seen = None if actor.companies is None else sorted(actor.companies)
    return [CompanyName(**row) for row in sql.rows(FINANCE, _COMPANIES, companies=seen)]


def workspace_is_on(*, actor: Actor, company: str) -> bool:
    """Return whether the feature *Project Operations integration workspace* is on in ``company``."""
    permit(actor, Verb.READ, company)
    return bool(sql.one(FINANCE, _ENABLED, company=company)["is_on"])


def set_up_gaps(*, actor: Actor, company: str, today: date) -> list[ProblemText]:
    """Return what the set-up of ``company`` lacks that integration needs, in words (finance spec 3.10).

    The feature of the workspace, integration accounts, a line property per billing type, an open period in
    this or the last fiscal year, a rate of today for the currency of each contract and for reporting.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _GAPS, company=company, today=today)
    return [render(row["code"], _fields(row["fields"])) for row in found]


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of a row; Django hands JSON out as text."""
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told. Of ``rate`` (from, to, date) the answer is the
    last known default rate, per 100.
    """
    return sql.rows(FINANCE, _KNOWN[entity], keys=keys)


@dataclass(frozen=True, slots=True)
class FiscalYearName:
    """One fiscal year of the calendar of a company."""

    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """One period with the status that one company gives it: for all modules, and of each module its own.

    What nobody set is open. ``takes`` says whether a module may post: both its own status and that for all
    are open, and the period is found by a date.
    """

    id: UUID
    fiscal_year: str
    name: str
    kind: PeriodKind
    starts: date
    ends: date
    status: PeriodStatus
    of_module: dict[Module, PeriodStatus]

    def takes(self, module: Module) -> bool:
        """Return whether ``module`` may post into the period."""
        both = {self.status, self.of_module[module]}
        return self.kind is PeriodKind.OPERATING and both == {PeriodStatus.OPEN}


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """One change of a status; ``module`` None: of that for all modules."""

    id: int
    fiscal_year: str
    name: str
    module: Module | None
    status_before: PeriodStatus
    status: PeriodStatus
    changed_by: str
    changed_at: datetime


def fiscal_years(*, actor: Actor, company: str) -> list[FiscalYearName]:
    """Return the fiscal years of the calendar of ``company``, the newest first."""
    permit(actor, Verb.READ, company)
    return [FiscalYearName(**row) for row in sql.rows(FINANCE, _YEARS, company=company)]


def ledger_calendar(*, actor: Actor, company: str, fiscal_year: str) -> list[CalendarPeriod]:
    """Return the periods of one fiscal year with the statuses that ``company`` gives them, by date."""
    permit(actor, Verb.READ, company)
    return [
        _calendar_period(row)
        for row in sql.rows(FINANCE, _CALENDAR, company=company, fiscal_year=fiscal_year)
    ]


def _calendar_period(row: dict[str, Any]) -> CalendarPeriod:
    stored = _fields(row.pop("statuses"))
    own = {module: PeriodStatus(stored.get(module.value, PeriodStatus.OPEN)) for module in Module}
    whole = PeriodStatus(stored.get("", PeriodStatus.OPEN))
    return CalendarPeriod(**row | {"kind": PeriodKind(row["kind"])}, status=whole, of_module=own)


def period_changes(*, actor: Actor, company: str, before: int = NEWEST) -> list[PeriodChange]:
    """Return the changes of statuses of ``company``, the newest first, below key ``before``; at most PAGE."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _CHANGES, company=company, before=before, row_limit=PAGE)
    return [
        PeriodChange(
            **row
            | {
                "module": Module(row["module"]) if row["module"] else None,
                "status_before": PeriodStatus(row["status_before"]),
                "status": PeriodStatus(row["status"]),
            }
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class NeededRate:
    """A pair of currencies that a company needs, and the last known rate per 100; None where there is none.

    ``age`` is how many days ago the rate began; ``named_by`` what needs it: contracts, reporting.
    """

    of: str
    into: str
    named_by: str
    rate: Decimal | None
    valid_from: date | None
    source: str
    age: int | None


def rates_of_company(*, actor: Actor, company: str, today: date) -> list[NeededRate]:
    """Return the default exchange rates that the contracts and the books of ``company`` need, as of today."""
    permit(actor, Verb.READ, company)
    return [NeededRate(**row) for row in sql.rows(FINANCE, _RATES, company=company, today=today)]
