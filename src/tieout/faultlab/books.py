"""What is true, record by record, and what decides what will be.

A state is a dictionary of facts ``(what, name) -> value``: what has happened to the record of that name, and
the amount or code that goes with it. Names are the firm's own (``NORTH/R1/2 cost``), never keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeAlias

from tieout.faultlab.scenario import (
    EXPENSES,
    INVOICE_LINES,
    MAPS,
    MONTHS,
    Document,
    Kind,
)

Fact: TypeAlias = tuple[str, str]
State: TypeAlias = dict[Fact, str]

COST: Final = "cost"
AGAIN: Final = "cost again"
"""What the second actual of a cost is called, which no verb makes."""
BACK: Final = "back"
SALES: Final = "unbilled_sales"
SKIPS: Final = "skips sync"
"""The fact that an actual is marked not to be sent."""
ELSEWHERE: Final = "cleared elsewhere"
"""The fact that a journal line cleared another account than its integration account."""
CLOSED: Final = "closed"
VERIFIED, REJECTED = "verified", "rejected"
RUNNING, PAUSED, NOT_RUNNING = "running", "paused", "not_running"
HOURLY: Final = {COST: 80, SALES: 120}
DISCOUNT, FEE = Decimal("7.5"), Decimal("2.25")
"""What both contract lines take off a sale and put on it, in percent of its amount."""
EURO_IN_POUNDS: Final = Decimal("0.85")
"""The exchange rate from February on: what a document of North in euro costs it."""
NO_RATE_BEFORE: Final = "2025-02"
"""South keeps its books in euro and reports in pounds: the rate of January is missing until it is entered."""

SHIFTS: Final = frozenset({"SOUTH"})
"""Companies whose journals go to the next open period when their own is not (finance spec 2.4)."""

MISSING: Final = "missing"
"""Why a record is parked that names what the other side does not have."""

DOCUMENT_MAPS: Final = {Kind.EXPENSE: EXPENSES, Kind.VENDOR_INVOICE_LINE: INVOICE_LINES}


def owed(map_: str) -> str:
    """Return the fact that a record is stated for a map and not acknowledged."""
    return f"owed {map_}"


def arrived(map_: str) -> str:
    """Return the fact that a record of a map has arrived."""
    return f"arrived {map_}"


def parked(map_: str) -> str:
    """Return the fact that the other side refused a record of a map, so that it waits apart."""
    return f"parked {map_}"


def is_cost(name: str) -> bool:
    """Whether an actual of that name is a cost, the first one or another."""
    return name.partition(" ")[2].startswith(COST)


def reversal_of(name: str) -> str:
    """Return the name of the actual that takes another one back."""
    return f"{name} {BACK}"


def is_reversal(name: str) -> bool:
    """Whether an actual of that name takes another one back."""
    return name.endswith(f" {BACK}")


def original_of(name: str) -> str:
    """Return the name of the actual that a reversal takes back."""
    return name.removesuffix(f" {BACK}")


def connection_of(name: str) -> str:
    """Return the name of what connects an actual with the one that it is derived from."""
    return f"{name} connection"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document, or one time entry: its amount in the company's currency, or its hours."""

    name: str
    document: Document
    amount: str

    @property
    def company(self) -> str:
        """The company that has it."""
        return self.document.company

    @property
    def day(self) -> str:
        """The day of its document."""
        return self.document.day

    @property
    def costs(self) -> tuple[str, str]:
        """The names that its cost actuals can have."""
        return f"{self.name} {COST}", f"{self.name} {AGAIN}"

    @property
    def sold(self) -> bool:
        """Whether it makes unbilled sales too."""
        return self.document.project.endswith("-SOLD")

    @property
    def clears(self) -> bool:
        """Whether its cost stands on an integration account until it comes back: not that of stock."""
        return self.document.kind in DOCUMENT_MAPS and not self.document.stocked

    @property
    def connection(self) -> str:
        """The name of what connects its unbilled sales with its cost."""
        return connection_of(f"{self.name} {SALES}")

    def actuals(self) -> dict[str, str]:
        """Return its actuals by name, with their amounts: those of sales less discount and with their fee."""
        worth = {COST: self._gross(COST)}
        if self.sold:
            worth[SALES] = self._gross(SALES) - _percent(self._gross(SALES), DISCOUNT) + self.fee
        return {f"{self.name} {one}": money(amount) for one, amount in worth.items()}

    @property
    def fee(self) -> Decimal:
        """What its sale puts on top of its amount."""
        return _percent(self._gross(SALES), FEE)

    def _gross(self, of_type: str) -> Decimal:
        hourly = self.document.kind is Kind.TIME_ENTRY
        return Decimal(money(Decimal(self.amount) * (HOURLY[of_type] if hourly else 1)))


def money(amount: Decimal) -> str:
    """Return an amount as facts write it."""
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _percent(amount: Decimal, percent: Decimal) -> Decimal:
    return Decimal(money(amount * percent / 100))


def lines_of(document: Document) -> dict[str, Line]:
    """Return the lines of a document by name."""
    if document.kind is Kind.TIME_ENTRY:
        return {document.name: Line(document.name, document, document.amounts[0])}
    names = [f"{document.name}/{number}" for number in range(1, len(document.amounts) + 1)]
    rate = EURO_IN_POUNDS if document.is_foreign else Decimal(1)
    amounts = [money(Decimal(one) * rate) for one in document.amounts]
    return {name: Line(name, document, one) for name, one in zip(names, amounts, strict=True)}


@dataclass
class Books:
    """What is true now, and what decides what will be.

    ``gaps`` are map and name of what nobody owes although it is due: the map did not run, or it was lost.
    ``refused`` are map and name of what the other side has a rule against, and how the rule says so.
    ``lacks_category``: operations does not have the category of lodging.
    ``at_other_rate`` are lines whose cost has arrived at an exchange rate that was changed,
    ``at_other_amount`` the actuals that have arrived at another amount than operations has.
    ``collected`` is the state that reconciliation has facts of; None when that is not known. ``read`` is all
    that a collection may have come across, however it ended. ``batches`` says with which batch an actual has
    arrived.
    """

    state: State = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    by_hand: dict[str, Document] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=lambda: dict.fromkeys(MAPS, RUNNING))
    old: set[str] = field(default_factory=set)
    held: set[Fact] = field(default_factory=set)
    has_rate: bool = False
    lacks_category: bool = False
    gaps: set[Fact] = field(default_factory=set)
    refused: dict[Fact, str] = field(default_factory=dict)
    at_other_rate: set[str] = field(default_factory=set)
    at_other_amount: set[str] = field(default_factory=set)
    collected: State | None = None
    read: set[Fact] = field(default_factory=set)
    batches: dict[str, int] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Know a document that is entered."""
        if document.kind is Kind.GENERAL_JOURNAL:
            self.by_hand[document.name] = document
        else:
            self.lines |= lines_of(document)

    @property
    def companies(self) -> list[str]:
        """The companies that have documents."""
        lines = {line.company for line in self.lines.values()}
        return sorted(lines | {document.company for document in self.by_hand.values()})

    def captures(self, map_: str) -> bool:
        """Whether a change is stated for the map now."""
        return self.maps[map_] != NOT_RUNNING

    def carries(self, map_: str) -> bool:
        """Whether delivery takes what is owed."""
        return self.maps[map_] == RUNNING and map_ not in self.old

    def refusal(self, map_: str, name: str) -> str:
        """Return why the other side does not take a record now, as it says; nothing where it does."""
        if map_ in DOCUMENT_MAPS.values() and self.lacks_category and self.lines[name].document.lodging:
            return MISSING
        return self.refused.get((map_, name), "")

    def is_open(self, company: str, day: str) -> bool:
        """Whether a day may be posted to."""
        return (company, day[:7]) not in self.held

    def posting_day(self, company: str, day: str) -> str | None:
        """Return the day on which a journal line of ``day`` is posted; None where no period takes it."""
        if self.is_open(company, day):
            return day
        later = [month for month in MONTHS if month > day[:7] and (company, month) not in self.held]
        return f"{later[0]}-01" if later and company in SHIFTS else None

    def has_reporting_rate(self, company: str, day: str) -> bool:
        """Whether there is a rate into the reporting currency."""
        return company != "SOUTH" or self.has_rate or day[:7] >= NO_RATE_BEFORE

    def named(self, what: str) -> list[str]:
        """Return the names of the records of which a fact is true, in order."""
        return sorted(name for kind, name in self.state if kind == what)

    def line_of(self, name: str) -> Line:
        """Return the line of one of its records: ``NORTH/R1/2 cost`` is of ``NORTH/R1/2``."""
        return self.lines[name.partition(" ")[0]]
