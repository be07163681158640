"""The whole world of one seed and day, and what reconciliation has to find in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from tieout.demo import consumption, dates, documents, firm, prices
from tieout.demo.dates import Mishap, Stretch
from tieout.demo.firm import Row, Rows
from tieout.kernel.money import convert
from tieout.reconciliation.checks.rules import Kind, Reason
from tieout.reconciliation.findings.rules import NOTHING, Figure

DEFAULT_SEED: Final = 7

DOCUMENTS: Final = ("time_entry", "expense_entry", "material_usage", "expense_line", "vendor_invoice_line")
"""What a stretch brings, in the order in which it is loaded."""


class Stuck(NamedTuple):
    """What stands in the way of some lines: of which company and kind, and why."""

    company: str
    kind: Kind
    reason: Reason


@dataclass(frozen=True, slots=True)
class World:
    """One world. ``activity`` has for each stretch the rows of each kind of document."""

    seed: int
    today: date
    set_up: Mapping[str, Rows]
    activity: Mapping[Stretch, Mapping[str, Rows]]


def generate(*, seed: int, today: date) -> World:
    """Return the world of ``seed`` whose year ends on ``today``; the same arguments give the same world."""
    cut = dates.stretches(today)
    lists, lines = prices.price_lists(today)
    time = documents.time_entries(_random(seed, "time"), cut)
    expenses = documents.expense_reports(_random(seed, "expenses"), cut)
    trips = consumption.expense_entries(_random(seed, "trips"), cut)
    usages = consumption.material_usage(_random(seed, "usages"), cut)
    journals = consumption.journal_lines(cut)
    general = consumption.general_journal_lines(cut)
    invoices = documents.vendor_invoices(_random(seed, "invoices"), cut)
    return World(
        seed,
        today,
        {
            **{entity: firm.rows(entity) for entity in firm.FIXED},
            "fiscal_period": prices.fiscal_periods(today),
            "exchange_rate": prices.exchange_rates(_random(seed, "rates"), today),
            "price_list": lists,
            "role_price": lines,
            **prices.price_details(today, lists),
        },
        {
            stretch: {
                "time_entry": tuple(time[stretch]),
                "expense_entry": tuple(trips[stretch]),
                "material_usage": tuple(usages[stretch]),
                "expense_line": tuple(expenses[stretch]),
                "vendor_invoice_line": tuple(invoices[stretch]),
                "journal_line": tuple(journals[stretch]),
                "general_journal_line": tuple(general[stretch]),
            }
            for stretch in cut
        },
    )


def expected(world: World) -> dict[Stuck, Figure]:
    """Return what reconciliation has to find by company, kind and reason, in accounting currency."""
    found: defaultdict[Stuck, Figure] = defaultdict(lambda: NOTHING)
    for stretch, kind, row in _source_lines(world):
        reason = _reason(stretch, kind, row)
        if reason is not None:
            found[Stuck(row["company"], kind, reason)] += Figure(1, accounting_amount(world, row))
    return dict(found)


def entered(world: World) -> dict[tuple[str, Kind], Figure]:
    """Return all lines that the firm takes in, by company and kind, in accounting currency."""
    found: defaultdict[tuple[str, Kind], Figure] = defaultdict(lambda: NOTHING)
    for _, kind, row in _source_lines(world):
        found[row["company"], kind] += Figure(1, accounting_amount(world, row))
    return dict(found)


def refused_rows(world: World) -> Rows:
    """Return the rows that loading has to refuse: there is no rate for their currency."""
    invoices = (row for rows in world.activity.values() for row in rows["vendor_invoice_line"])
    return tuple(row for row in invoices if _rate(world, row) is None)


def stretch_of(world: World, mishap: Mishap) -> Stretch:
    """Return the days on which ``mishap`` happened."""
    return next(stretch for stretch in world.activity if stretch.mishap is mishap)


def accounting_amount(world: World, row: Row) -> Decimal:
    """Return the amount of a line in the currency of its company, at the last rate known on its date."""
    rate = _rate(world, row)
    if rate is None:
        raise ValueError(f"no rate for {row['currency']}")
    return convert(Decimal(row["amount"]), rate, 2)


def _source_lines(world: World) -> Iterator[tuple[Stretch, Kind, Row]]:
    refused = refused_rows(world)
    for stretch, rows in world.activity.items():
        for row in rows["expense_line"]:
            yield stretch, Kind.EXPENSE, row
        for row in rows["vendor_invoice_line"]:
            if row not in refused:
                yield stretch, Kind.VENDOR_INVOICE_LINE, row


def _reason(stretch: Stretch, kind: Kind, row: Row) -> Reason | None:
    """Return why a line of ``stretch`` stays open; what each mishap does to the lines of both companies."""
    engineering = row["company"] == firm.ENGINEERING
    match stretch.mishap:
        case Mishap.EXPENSES_MAP_STOPPED if kind is Kind.EXPENSE:
            return Reason.NOT_SYNCED_TO_OPERATIONS
        case Mishap.ACTUALS_MAP_STOPPED:
            return Reason.ACTUAL_NOT_SYNCED_BACK
        case Mishap.PROJECT_CLOSED if row["project"] == firm.CLOSED_PROJECT:
            return Reason.NOT_APPROVED
        case Mishap.PERIOD_ON_HOLD if not engineering:
            return Reason.REFUSED
        case Mishap.UNFINISHED:
            return Reason.NOT_IMPORTED if engineering else Reason.DRAFT
    return None


def _rate(world: World, row: Row) -> Decimal | None:
    """Return the last rate on or before the day of a line, per 100; None where its currency has none."""
    own = firm.currency_of(row["company"])
    if row["currency"] == own:
        return Decimal(100)
    day = row.get("accounting_date") or row["transaction_date"]
    known = (
        (rate["date"], rate["rate"])
        for rate in world.set_up["exchange_rate"]
        if (rate["from_currency"], rate["to_currency"]) == (row["currency"], own) and rate["date"] <= day
    )
    last = max(known, default=None)
    return None if last is None else Decimal(last[1])


def _random(seed: int, what: str) -> Random:
    """Return a generator of its own for each part, so that a change of one leaves the others as they were."""
    return Random(f"{seed} {what}")  # noqa: S311  a made-up world, no secret
