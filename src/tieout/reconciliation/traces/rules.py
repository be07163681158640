"""The hops of a record on its way from finance to operations and back (DESIGN section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from tieout.reconciliation.checks.rules import Reason


class Stage(StrEnum):
    """The hops, in the order of the way. The first three are a document line's, the others an actual's."""

    POSTED_IN_FINANCE = "posted_in_finance"
    ARRIVED_IN_OPERATIONS = "arrived_in_operations"
    APPROVED = "approved"
    ACTUAL = "actual"
    STAGED = "staged"
    JOURNAL_LINE = "journal_line"
    POSTED = "posted"
    WRITTEN_BACK = "written_back"


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop: whether it was reached, when, and under which keys the record stands there.

    ``at`` is the database clock of the side on which it happened.
    """

    stage: Stage
    reached: bool
    at: datetime | None
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TracedActual:
    """One actual of the record with its hops. One with ``skip_sync`` ends as an actual."""

    actual_id: UUID
    transaction_type: str
    skip_sync: bool
    amount: Decimal | None
    currency_code: str
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole way of one source: a posted document line, or an entry of operations (then without number).

    ``stands_at`` is the last hop that all its parts have reached, ``reason`` why it is not reconciled:
    ``None`` for one that is, and for an entry. ``accounting_amount`` is its cost in the company's currency.
    """

    source_id: UUID
    kind: str
    company_code: str
    document_number: str
    line_number: int | None
    amount: Decimal | None
    currency_code: str
    accounting_amount: Decimal | None
    hops: tuple[Hop, ...]
    actuals: tuple[TracedActual, ...]
    reason: Reason | None

    @property
    def stands_at(self) -> Stage | None:
        """The last hop that was reached before the first one that was not."""
        return stands_at(self.hops, self.actuals)


@dataclass(frozen=True, slots=True)
class StageFigure:
    """How many records of one company, source kind and transaction type (empty: documents) reached one hop.

    ``amount`` is in the company's accounting currency; ``None`` where the records have none before finance
    posts them.
    """

    company_code: str
    kind: str
    transaction_type: str
    stage: Stage
    records: int
    amount: Decimal | None


def stands_at(hops: tuple[Hop, ...], actuals: tuple[TracedActual, ...]) -> Stage | None:
    """Return the last hop before the first that some part has not reached; ``None`` if not even the first.

    A source with actuals goes as far as the one that is furthest behind, of those that finance is to get.
    """
    last: Stage | None = None
    for hop in hops:
        if not hop.reached:
            return last
        last = hop.stage
    synced = [actual.hops for actual in actuals if not actual.skip_sync]
    if actuals:
        last = Stage.ACTUAL
    for together in zip(*synced, strict=True):
        if not all(hop.reached for hop in together):
            return last
        last = together[0].stage
    return last
