"""What waits for submission and approval, and why it was refused: counts and money per hop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, may, permit
from tieout.operations.approvals.rules import IN_A_SET
from tieout.operations.entries.rules import EntryClass
from tieout.problems.actions import RecordProblem

_PACKAGE: Final = "tieout.operations.approvals"
_WAITING: Final = sql.load(_PACKAGE, "waiting")
_ENTRIES: Final = sql.load(_PACKAGE, "entries")
_OPEN: Final = sql.load(_PACKAGE, "open_entries")
_IN_SETS: Final = sql.load(_PACKAGE, "in_approval_sets")
_APPROVED: Final = sql.load(_PACKAGE, "lately_approved")
_LIVE_ACTUALS: Final = sql.load(_PACKAGE, "live_actuals")

PAGE: Final = 200
# Approvals, of all companies and kinds, among which those of a company are looked for.
LATEST: Final = 10_000
_BEFORE_ALL: Final = UUID(int=0)


class Hop(StrEnum):
    """Where on the way to actuals a record waits."""

    DRAFT = "draft"  # time to be submitted
    RETURNED = "returned"  # time that was rejected or recalled, to be submitted again
    SUBMITTED = "submitted"  # time to be approved by a person
    RECALL_REQUESTED = "recall_requested"  # approved time that is asked back, to be answered
    ARRIVED = "arrived"  # documents born in finance, to be approved by the next run
    REFUSED = "refused"  # documents that the last run refused, with their code


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at one hop of one company.

    ``amount`` is in the company's accounting currency and ``None`` for time, which has no amount before it is
    priced in the currency of its unit; ``minutes`` is ``None`` for documents. ``code`` is that of a refusal.
    """

    hop: Hop
    kind: str
    code: str
    count: int
    minutes: int | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class EntryState:
    """Where one entry stands: draft, submitted, returned, approved or recall requested (spec 5.1).

    ``minutes`` are of time, ``quantity`` and ``unit`` of anything else. ``billable`` (counted alike) and
    ``billing_type`` are what the approver changed.
    """

    entry_id: UUID
    transaction_class: str
    external_id: str
    project_id: UUID | None
    date: date
    minutes: int | None
    quantity: Decimal | None
    unit: str
    state: str
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    billable: Decimal | None
    billing_type: str | None


def waiting(*, actor: Actor, company: str) -> list[Waiting]:
    """Return what waits in ``company``, hop by hop; a hop where nothing waits is left out."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _WAITING, company=company)
    return [Waiting(**{**row, "hop": Hop(row["hop"])}) for row in found]


def entries(*, actor: Actor, company: str, entry_ids: Sequence[UUID]) -> list[EntryState]:
    """Return where these entries of ``company`` stand, in the order they came; unknown ones are left out."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _ENTRIES, company=company, entry_ids=list(entry_ids))
    return [EntryState(**row) for row in found]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """The cost or the unbilled sales of one entry, as a journal line or an actual.

    ``price`` is per hour or unit. ``reason`` says where the price comes from, or why it is 0. ``digits`` are
    those of the currency.
    """

    transaction_type: str
    billing_type: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    currency_code: str
    digits: int
    reason: str


@dataclass(frozen=True, slots=True)
class EntryOnItsWay:
    """One entry that is not approved, or is asked back, as people judge it.

    ``minutes`` are of time, ``quantity`` and ``unit`` of anything else, ``what`` is its role, category or
    product. ``others_approve``: its project names approvers, and who asks is none of them.

    ``cost`` and ``sales`` are its journal lines, ``None`` where it has none. ``event``, ``comment`` and
    ``done_by`` are what happened to it last (rejected, recalled ...), ``None`` where nothing did.
    """

    entry_id: UUID
    transaction_class: str
    external_id: str
    date: date
    minutes: int | None
    quantity: Decimal | None
    unit: str
    typed_price: Decimal | None
    typed_currency: str
    description: str
    resource_code: str | None
    resource_name: str | None
    project_number: str | None
    project_name: str | None
    task_number: str | None
    what: str
    others_approve: bool
    state: str
    submitted_by: str | None
    since: datetime
    event: str | None
    comment: str | None
    done_by: str | None
    cost: EntryLine | None
    sales: EntryLine | None


@dataclass(frozen=True, slots=True)
class ApprovedEntry:
    """One entry that stands approved, with its live actuals; its columns as of :class:`EntryOnItsWay`.

    ``billable`` and ``billing_type`` are what the approver changed.
    """

    approval_id: UUID
    entry_id: UUID
    transaction_class: str
    external_id: str
    date: date
    minutes: int | None
    quantity: Decimal | None
    unit: str
    typed_price: Decimal | None
    typed_currency: str
    description: str
    resource_code: str | None
    resource_name: str | None
    project_number: str | None
    project_name: str | None
    task_number: str | None
    what: str
    others_approve: bool
    submitted_by: str
    approved_by: str
    approved_at: datetime
    billable: Decimal | None
    billing_type: str | None
    actuals: tuple[EntryLine, ...]


def waiting_entries(
    *, actor: Actor, company: str, of_class: EntryClass, hop: Hop, after: UUID | None = None
) -> tuple[tuple[EntryOnItsWay, ...], UUID | None]:
    """Return ``PAGE`` entries of a class that wait at ``hop``, oldest first, after key ``after``.

    The second value is the ``after`` of the next page, ``None`` on the last.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS,
        _OPEN,
        company=company,
        transaction_class=of_class,
        status=hop,
        after=after or _BEFORE_ALL,
        actor=actor.name,
        every_project=may(actor, Verb.APPROVE_EVERY_PROJECT, company),
        row_limit=PAGE + 1,
    )
    shown = tuple(_on_its_way(row) for row in found[:PAGE])
    return shown, shown[-1].entry_id if len(found) > PAGE else None


def approved_entries(
    *, actor: Actor, company: str, of_class: EntryClass, after: UUID | None = None
) -> tuple[tuple[ApprovedEntry, ...], UUID | None]:
    """Return ``PAGE`` entries of a class approved lately, the latest first, with their live actuals.

    Lately is among the ``LATEST`` approvals. The second value is the ``after`` of the next page, ``None`` on
    the last.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS,
        _APPROVED,
        company=company,
        transaction_class=of_class,
        after=after,
        latest=LATEST,
        actor=actor.name,
        every_project=may(actor, Verb.APPROVE_EVERY_PROJECT, company),
        row_limit=PAGE + 1,
    )
    actuals: dict[UUID, list[EntryLine]] = {row["entry_id"]: [] for row in found[:PAGE]}
    for row in sql.rows(OPERATIONS, _LIVE_ACTUALS, company=company, entry_ids=list(actuals)):
        entry_id, reason = row.pop("entry_id"), row.pop("price_reason")
        actuals[entry_id].append(EntryLine(**row, reason=reason))
    shown = tuple(ApprovedEntry(**row, actuals=tuple(actuals[row["entry_id"]])) for row in found[:PAGE])
    return shown, shown[-1].approval_id if len(found) > PAGE else None


def _on_its_way(row: dict[str, Any]) -> EntryOnItsWay:
    own = {name: row[name] for name in _OPEN_FIELDS}
    return EntryOnItsWay(**own, cost=_line(row, "cost", "cost"), sales=_line(row, "sales", "unbilled_sales"))


def _line(row: dict[str, Any], prefix: str, transaction_type: str) -> EntryLine | None:
    if row[f"{prefix}_price"] is None:
        return None
    return EntryLine(
        transaction_type=transaction_type,
        billing_type=row[f"{prefix}_billing"],
        quantity=row[f"{prefix}_quantity"],
        price=row[f"{prefix}_price"],
        amount=row[f"{prefix}_amount"],
        currency_code=row[f"{prefix}_currency"],
        digits=row[f"{prefix}_digits"],
        reason=row[f"{prefix}_reason"],
    )


_OPEN_FIELDS: Final = tuple(one.name for one in fields(EntryOnItsWay) if one.name not in {"cost", "sales"})


def without_sets(company: str, entry_ids: Sequence[UUID]) -> tuple[list[UUID], list[RecordProblem]]:
    """Return those of the entries that no approval set has, and the problem of each other one (APR-141)."""
    found = sql.rows(OPERATIONS, _IN_SETS, company=company, entry_ids=list(entry_ids))
    held = {
        row["id"]: RecordProblem(
            code=IN_A_SET,
            company_code=company,
            record_kind=row["kind"],
            record_id=row["id"],
            record_name=row["external_id"],
            details={"record": row["external_id"], "set": row["number"]},
        )
        for row in found
    }
    return [entry for entry in entry_ids if entry not in held], list(held.values())
