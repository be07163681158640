"""Entering quotes and their lines; winning one.

A record is known by its key. A new one is added, one with other content is changed (its version rises), an
equal one stays as it is: entering twice is entering once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import Verdict
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.organization.actions import CONTRACT_LINES
from tieout.operations.quoting.problems import (
    ContractNumberTaken,
    ProjectNotPresales,
    QuoteLinesClash,
    QuoteNotDraft,
)

_PACKAGE: Final = "tieout.operations.quoting"
_STATEMENTS: Final = ("enter_quote", "enter_quote_line")
_ENTER: Final = {name.removeprefix("enter_"): sql.load(_PACKAGE, name) for name in _STATEMENTS}
_TO_WIN: Final = sql.load(_PACKAGE, "quote_to_win")
_WIN: Final = sql.load(_PACKAGE, "win_quote")
_CLASH: Final = sql.load(_PACKAGE, "lines_that_clash")


@dataclass(frozen=True, slots=True)
class QuoteWon:
    """The contract of ``company`` that a quote became, and the projects to be evaluated again (E22)."""

    company: str
    contract_id: UUID
    projects: tuple[UUID, ...]


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to.
    Refused, in this order: a change of a quote that is won or lost (LOAD-349); terms that a fixed price has
    not (LOAD-342); a project that is not in the presales stage (LOAD-350).
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    wait_in_transaction(OPERATIONS, CONTRACT_LINES)  # nobody wins the quote meanwhile
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER[entity], records=records)]


def win_quote(*, actor: Actor, quote: str) -> QuoteWon:
    """Win the quote of this number: it becomes a contract with its lines, and its projects are sold.

    In the caller's transaction, so that its price lists and re-evaluation are part of it. Other drafts that
    offer one of the projects are lost.
    Raises QuoteNotDraft, ContractNumberTaken, ProjectNotPresales, QuoteLinesClash.
    """
    permit(actor, Verb.LOAD)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("a quote is won in the caller's transaction")
    wait_in_transaction(OPERATIONS, CONTRACT_LINES)
    found = sql.rows(OPERATIONS, _TO_WIN, quote=quote)
    for row in found:
        permit(actor, Verb.LOAD, row["company_code"])
    if not found or found[0]["status"] != "draft":
        raise QuoteNotDraft(quote=quote)
    if found[0]["is_taken"]:
        raise ContractNumberTaken(quote=quote)
    if found[0]["project"] is not None:
        raise ProjectNotPresales(quote=quote, project=found[0]["project"], stage=found[0]["stage"])
    with transaction.atomic(using=OPERATIONS):
        row = sql.one(OPERATIONS, _WIN, quote=quote)
        for clash in sql.rows(OPERATIONS, _CLASH, projects=row["projects"]):
            raise QuoteLinesClash(quote=quote, **clash)
    return QuoteWon(found[0]["company_code"], row["contract_id"], tuple(row["projects"]))
