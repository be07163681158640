"""Projects as doors show them, and how their work is billed; which records are set up, by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit

PAGE: Final = 200

_PACKAGE: Final = "tieout.operations.organization"
_PROJECTS: Final = sql.load(_PACKAGE, "projects")
_BILLING: Final = sql.load(_PACKAGE, "billing")
_LINE_CUSTOMERS: Final = sql.load(_PACKAGE, "line_customers")
_CONTRACTS: Final = sql.load(_PACKAGE, "contracts")
_CONTRACT_LINES: Final = sql.load(_PACKAGE, "contract_lines")
_KNOWN: Final = {
    name.removeprefix("known_"): sql.load(_PACKAGE, name)
    for name in (
        "known_company",
        "known_currency",
        "known_organizational_unit",
        "known_role",
        "known_resource",
        "known_category",
        "known_customer",
        "known_contract",
        "known_contract_line",
        "known_project",
        "known_task",
    )
}
SET_UP: Final = SetUp.of_stage(
    OPERATIONS,
    _PACKAGE,
    (
        "set_up_project_parameters",
        "set_up_organizational_unit",
        "set_up_role",
        "set_up_resource",
        "set_up_category",
        "set_up_customer",
        "set_up_contract",
        "set_up_contract_customer",
        "set_up_contract_line",
        "set_up_project",
        "set_up_task",
        "set_up_contract_line_project",
        "set_up_contract_line_task",
        "set_up_contract_line_role",
        "set_up_contract_line_category",
        "set_up_contract_line_customer",
    ),
)
"""The set-up that is mastered here."""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project; ``situation`` is its column of the decision table, or ``closed``."""

    id: UUID
    number: str
    name: str
    unit_code: str
    stage: str
    situation: str
    contract_number: str | None
    currency_code: str | None


@dataclass(frozen=True, slots=True)
class Billing:
    """How a transaction is billed: its contract line, if one takes it, and its billing type there.

    ``situation`` is the column of the decision table, or ``closed``.
    """

    contract_line_id: UUID | None
    contract_id: UUID | None
    situation: str
    billing_type: str


@dataclass(frozen=True, slots=True)
class LineCustomer:
    """One customer of a contract line; the percents of a line total 100.

    ``line_customer_id`` is None for the contract's customer, who bears all of a line that names nobody.
    """

    line_customer_id: UUID | None
    account_number: str
    percent: Decimal
    is_rounding: bool
    not_to_exceed: Decimal | None


def projects(*, actor: Actor, company: str, after: str = "") -> list[ProjectRow]:
    """Return the next ``PAGE`` projects of ``company`` after number ``after``, in order of their number."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _PROJECTS, company=company, after=after, row_limit=PAGE)
    return [ProjectRow(**row) for row in found]


def billing(
    *,
    actor: Actor,
    project: UUID,
    transaction_class: str,
    task: UUID | None = None,
    role: UUID | None = None,
    category: UUID | None = None,
) -> Billing:
    """Return which contract line takes such a transaction, and how it is billed there (operations spec 4.9).

    It is the answer that submission records.
    """
    row = sql.one(
        OPERATIONS,
        _BILLING,
        project=project,
        task=task,
        transaction_class=transaction_class,
        role=role,
        category=category,
    )
    permit(actor, Verb.READ, row.pop("company_code"))
    return Billing(**row)


def line_customers(*, actor: Actor, contract_line: UUID) -> list[LineCustomer]:
    """Return who bears what a contract line bills, by account number (operations spec 4.10)."""
    found = sql.rows(OPERATIONS, _LINE_CUSTOMERS, contract_line=contract_line)
    for company in {row.pop("company_code") for row in found}:
        permit(actor, Verb.READ, company)
    return [LineCustomer(**row) for row in found]


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract of a company; ``amount`` is what its lines come to, None where none says an amount.

    ``digits``: decimals of its currency.
    """

    number: str
    name: str
    customer: str
    currency_code: str
    digits: int
    status: str
    lines: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class ContractLineRow:
    """What one line takes of one project: which classes, of which tasks, billed how.

    ``digits``: decimals of the currency of its amount.
    """

    line_number: int
    name: str
    billing_method: str
    included_tasks: str
    include_time: bool
    include_expense: bool
    include_material: bool
    include_fee: bool
    amount: Decimal | None
    digits: int
    project: str | None
    stage: str | None


def contracts(*, actor: Actor, company: str, after: str = "") -> tuple[tuple[ContractRow, ...], str | None]:
    """Return the next ``PAGE`` contracts of ``company`` after a number, and the next page's ``after``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _CONTRACTS, company=company, after=after, row_limit=PAGE + 1)
    shown = tuple(ContractRow(**row) for row in found[:PAGE])
    return shown, shown[-1].number if len(found) > PAGE else None


def contract_lines(*, actor: Actor, company: str, contract: str) -> tuple[ContractLineRow, ...]:
    """Return the lines of one contract of ``company``, in their order; none where it is not known."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _CONTRACT_LINES, company=company, contract=contract)
    return tuple(ContractLineRow(**row) for row in found)
