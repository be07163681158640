"""What must hold in the ledger of operations whatever happened, asked of the engine's rows alone.

The conservation properties at the end of section 9 of the operations spec; no naive model takes part. Billed
sales join them with invoicing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from tests.reference.engine import ENTRY_STATES, rows

BETWEEN_UNITS: Final = "interorganizational_sales"


class Row(NamedTuple):
    """One actual with its status, and the trace of its price."""

    id: UUID
    source_id: UUID
    source_kind: str
    transaction_type: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    tax_amount: Decimal
    currency_code: str
    skip_sync: bool
    reverses_id: UUID | None
    price_reason: str
    price_trace_id: UUID | None
    adjustment_status: str
    billing_status: str

    @property
    def figures(self) -> tuple[Any, ...]:
        """Return what a reversal negates."""
        return self.quantity, self.amount, self.tax_amount

    @property
    def is_live(self) -> bool:
        """Whether it counts."""
        return self.adjustment_status == "live"


class Kept:
    """All that the engine keeps of the worlds of a database."""

    def __init__(self) -> None:
        self.actuals = {
            row[0]: Row._make(row)
            for row in rows(
                "select made.id, made.source_id, made.source_kind, made.transaction_type, made.quantity,"
                " made.price, made.amount, made.tax_amount, made.currency_code, made.skip_sync,"
                " made.reverses_id, made.price_reason, made.price_trace_id, state.adjustment_status,"
                " state.billing_status"
                " from operations_actual as made"
                " join operations_actual_state as state on state.actual_id = made.id"
            )
        }
        self.reversals = Counter(row.reverses_id for row in self.actuals.values() if row.reverses_id)
        self.of: dict[UUID, list[Row]] = defaultdict(list)
        for row in self.actuals.values():
            self.of[row.source_id].append(row)
        self.entries = {key: (quantity, state) for key, quantity, state in rows(ENTRY_STATES)}
        self.reversing = Counter(
            rows(
                "select transaction1_id, transaction2_id from operations_transaction_connection"
                " where transaction1_role = 'reversing' and transaction2_role = 'original'"
            )
        )
        self.stated = Counter(
            key for (key,) in rows("select key from outbox_entry where map = 'msdyn_actuals'")
        )
        self.traces: dict[UUID | None, tuple[Any, ...]] = {
            key: tuple(values)
            for key, *values in rows("select id, price, currency_code, reason from operations_price_trace")
        }


def totals(some: list[Row]) -> tuple[Decimal | int, Decimal | int]:
    """Return quantity and amount of rows."""
    return sum(row.quantity for row in some), sum(row.amount for row in some)


def costs_what_stands(kept: Kept) -> Iterator[UUID]:
    """What an entry cost is its quantity as submitted if it is approved, else nothing."""
    for key, (quantity, state) in kept.entries.items():
        stands = quantity if state in {"approved", "recall_requested"} else 0
        if sum(row.quantity for row in kept.of[key] if row.transaction_type == "cost") != stands:
            yield key


def sells_the_backlog(kept: Kept) -> Iterator[UUID]:
    """What was sold of a source in all is its open backlog: the live unbilled sales."""
    for key, made in kept.of.items():
        sold = [row for row in made if row.transaction_type == "unbilled_sales"]
        live = [row for row in sold if row.is_live]
        if totals(sold) != totals(live):
            yield key


def leaves_nothing(kept: Kept) -> Iterator[UUID]:
    """Of an entry that is not approved nothing stands, of any type, in hours or money."""
    for key, (_, state) in kept.entries.items():
        if state not in {"approved", "recall_requested"}:
            for kind in {row.transaction_type for row in kept.of[key]}:
                made = [row for row in kept.of[key] if row.transaction_type == kind]
                if any(totals(made)):
                    yield key


def reverses_one(kept: Kept) -> Iterator[UUID]:
    """A reversal is its original negated, which is adjusted, and is connected to it once."""
    for row in kept.actuals.values():
        if row.reverses_id is None:
            continue
        original = kept.actuals[row.reverses_id]
        if (
            original.reverses_id
            or original.adjustment_status != "adjusted"
            or tuple(-figure for figure in original.figures) != row.figures
            or (original.price, original.skip_sync) != (row.price, row.skip_sync)
            or kept.reversing[row.id, original.id] != 1
        ):
            yield row.source_id


def adjusts_what_is_reversed(kept: Kept) -> Iterator[UUID]:
    """An original that is adjusted has one reversal, any other none."""
    for row in kept.actuals.values():
        if not row.reverses_id and kept.reversals[row.id] != (row.adjustment_status == "adjusted"):
            yield row.source_id


def bills_sales_alone(kept: Kept) -> Iterator[UUID]:
    """Only sales to a customer have a billing status (defect 4593265: a cost got that of its sale)."""
    for row in kept.actuals.values():
        if (row.transaction_type in {"unbilled_sales", "billed_sales"}) != bool(row.billing_status):
            yield row.source_id


def lends_at_cost(kept: Kept) -> Iterator[UUID]:
    """What the lending unit sells is sold at what it costs the other: the transfer price."""
    for made in kept.of.values():
        costs = Counter(
            (row.price, row.amount, row.currency_code) for row in made if row.transaction_type == "cost"
        )
        sold = Counter(
            (row.price, row.amount, row.currency_code)
            for row in made
            if row.transaction_type == BETWEEN_UNITS
        )
        if sold - costs:
            yield made[0].source_id


def states_once(kept: Kept) -> Iterator[UUID]:
    """Finance is told of every actual that is not kept from it once, and of no other."""
    for row in kept.actuals.values():
        if kept.stated[row.id] != (not row.skip_sync):
            yield row.source_id


def traces_prices(kept: Kept) -> Iterator[UUID]:
    """The price of every actual has the trace that gave it, but what finance posted, which has none."""
    for row in kept.actuals.values():
        given = (row.price, row.currency_code, row.price_reason)
        expected = None if row.price_reason == "posted_amount" else given
        if kept.traces.get(row.price_trace_id) != expected:
            yield row.source_id


PROPERTIES: Final[tuple[Callable[[Kept], Iterator[UUID]], ...]] = (
    costs_what_stands,
    sells_the_backlog,
    leaves_nothing,
    reverses_one,
    adjusts_what_is_reversed,
    bills_sales_alone,
    lends_at_cost,
    states_once,
    traces_prices,
)


def broken() -> list[tuple[str, UUID]]:
    """Return each property that does not hold, with the entry or document where."""
    kept = Kept()
    return [(f"broken: {one.__doc__}", key) for one in PROPERTIES for key in one(kept)]
