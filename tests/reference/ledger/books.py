"""What happened, in the words of both implementations: rows without keys that one of them made up.

Keys of actuals, journal lines and submissions are no part of a row, because two implementations never share
them; what refers to a row names its content. Rows that are equal are counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID


class Line(NamedTuple):
    """A journal line of the ``submission``-th submission of an entry, and what gave its price."""

    entry: UUID
    submission: int
    transaction_type: str
    contract_line_id: UUID | None  # of what is sold: whose terms they are
    billing_type: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    tax_amount: Decimal
    currency_code: str
    price_reason: str
    custom: str
    price_list_id: UUID | None
    line_id: UUID | None
    override_id: UUID | None
    markup_id: UUID | None
    markup_percent: Decimal | None
    exchange_rate: Decimal | None
    cost_price: Decimal | None
    cost_currency: str | None
    cost_percent: Decimal | None


class Actual(NamedTuple):
    """An actual, and its status in each machine."""

    source_id: UUID
    source_kind: str
    transaction_type: str
    transaction_class: str
    billing_type: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    tax_amount: Decimal
    currency_code: str
    price_reason: str
    transaction_date: date
    accounting_date: date
    company_code: str
    project_id: UUID
    contract_id: UUID | None
    contract_line_id: UUID | None
    role_id: UUID | None
    category_id: UUID | None
    task_id: UUID | None
    resource_id: UUID | None
    contracting_unit_id: UUID
    resourcing_unit_id: UUID | None
    custom: str
    description: str
    skip_sync: bool
    subcontract_id: UUID | None = None
    product_id: UUID | None = None
    product_name: str = ""
    unit: str = ""
    contract_line_customer_id: UUID | None = None  # whose share of a contract line it is
    customer_id: UUID | None = None
    discount_amount: Decimal = Decimal(0)
    fee_amount: Decimal = Decimal(0)
    exchange_rate: Decimal | None = None
    exchange_rate_date: date | None = None
    accounting_amount: Decimal | None = None
    is_reversal: bool = False
    adjustment_status: str = "live"
    billing_status: str = ""


class JournalLine(NamedTuple):
    """A line of a correction journal; lines of one entry and type are alike."""

    source_id: UUID
    step: str
    transaction_type: str


class Replaced(NamedTuple):
    """What a corrected actual replaces: one of its entry and, if there was one, of its type."""

    source_id: UUID
    transaction_type: str


Transaction = Line | Actual


class Connection(NamedTuple):
    """Transaction 1 is the newer or derived."""

    transaction1: Transaction
    role1: str
    transaction2: Transaction | Replaced
    role2: str

    @classmethod
    def of(cls, newer: Transaction, role1: str, older: Transaction, role2: str) -> Connection:
        """Return a connection; of several actuals that are alike it does not matter which is replaced."""
        if role1 == "replacing" and isinstance(older, Actual):
            return cls(newer, role1, Replaced(older.source_id, older.transaction_type), role2)
        return cls(newer, role1, older, role2)


class Origin(NamedTuple):
    """An ancestor of a transaction: a document by its key, a journal line by its content."""

    transaction: Transaction
    origin_type: str
    origin: UUID | Line | JournalLine


class Submission(NamedTuple):
    """The ``number``-th submission of an entry; its journal lines are those of the ``lines``-th."""

    entry: UUID
    number: int
    lines: int
    submitted_by: str


class Approval(NamedTuple):
    """What was approved, and what of its sales the approver changed."""

    document: UUID
    number: int
    approved_by: str
    billable: Decimal | None
    billing_type: str | None


class Event(NamedTuple):
    """What else happened to the ``submission``-th submission of an entry."""

    entry: UUID
    submission: int
    event: str
    done_by: str


class Waiting(NamedTuple):
    """An entry of the worklist: ``submission`` is the one in force and ``lines`` the one of its lines."""

    entry: UUID
    company_code: str
    status: str
    submission: int | None
    lines: int | None
    submitted_by: str | None


class Met(NamedTuple):
    """An open problem: of an entry, by its code; of a journal line without a price, by its reason."""

    entry: UUID
    code: str
    transaction_type: str = ""
    reason: str = ""


RELATIONS: Final = ("connections", "origins", "stated")


@dataclass
class Books:
    """All rows of the operations side, counted."""

    lines: Counter[Line] = field(default_factory=Counter)
    actuals: Counter[Actual] = field(default_factory=Counter)
    connections: Counter[Connection] = field(default_factory=Counter)
    origins: Counter[Origin] = field(default_factory=Counter)
    stated: Counter[Transaction | Connection] = field(default_factory=Counter)
    submissions: Counter[Submission] = field(default_factory=Counter)
    approvals: Counter[Approval] = field(default_factory=Counter)
    events: Counter[Event] = field(default_factory=Counter)
    worklist: Counter[Waiting] = field(default_factory=Counter)
    states: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    problems: Counter[Met] = field(default_factory=Counter)
    retries: Counter[tuple[UUID, str]] = field(default_factory=Counter)

    def against(self, other: Books) -> list[tuple[str, UUID]]:
        """Return what only this one has (``-``) and only the other (``+``), each with its source."""
        found = []
        is_same = (self.lines, self.actuals) == (other.lines, other.actuals)
        for part in fields(self):
            if part.name in RELATIONS and not is_same:
                continue  # they name rows that differ
            ours, theirs = getattr(self, part.name), getattr(other, part.name)
            for sign, rest in (("-", ours - theirs), ("+", theirs - ours)):
                found += [(f"{sign} {part.name}: {brief(row)}", source_of(row)) for row in rest.elements()]
        return found


def source_of(row: Any) -> UUID:
    """Return the entry or document that a row is about: its first field, or that of its transaction."""
    first = row[0]
    return first if isinstance(first, UUID) else source_of(first)


def brief(value: object) -> str:
    """Write a row for a reader: what it says, keys by their ends."""
    if isinstance(value, UUID):
        return f"..{value.hex[-4:]}"
    if isinstance(value, tuple):
        names = getattr(value, "_fields", ("",) * len(value))
        said = [
            f"{name}={brief(one)}"
            for name, one in zip(names, value, strict=True)
            if one is not None and one is not False and one != ""
        ]
        return f"{type(value).__name__}({' '.join(said)})"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
