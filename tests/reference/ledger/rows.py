"""Which rows an entry makes, at which price: the seed's decision table; operations spec 2.3 and 3."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tests.reference.ledger.billing import Referee
from tests.reference.ledger.pricing import Answer, Pricing
from tests.reference.ledger.work import Firm, Work
from tests.reference.world import Row

BETWEEN: Final = ("resourcing_unit_cost", "interorganizational_sales")
CLASSES_BETWEEN_UNITS: Final = ("time", "expense")


@dataclass(frozen=True)
class Place:
    """Where an entry belongs: who works for whom, which contract line takes it, and how it is billed."""

    project: Row
    contracting: Row
    resourcing: Row
    resource: Row
    situation: str
    line: Row | None
    contract: Row | None
    billing_type: str

    @property
    def sells(self) -> bool:
        """Whether approval makes unbilled sales."""
        return self.situation == "time_and_materials"


@dataclass(frozen=True)
class Priced:
    """One wanted row: its unit price, why, and its currency."""

    price: Decimal
    currency: str
    answer: Answer


class Rules:
    """Answers about the entries of one firm, as it is now."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.referee = Referee(firm)
        self.pricing = Pricing(firm, firm.overlaps)

    def digits(self, currency: str) -> int | None:
        """Return the decimals of a currency, if it is known."""
        known = (row["digits"] for row in self.firm.tables["operations_currency"] if row["code"] == currency)
        return next(known, None)

    def place(self, work: Work) -> Place:
        """Return where an entry belongs."""
        firm = self.firm
        project, resource = firm.the("project", work.project), firm.the("resource", work.resource)
        line, situation, billing = self.referee.billing(
            work.project, work.task, work.transaction_class, work.role, work.category
        )
        row = firm.of("contract_line", line)
        return Place(
            project,
            firm.the("organizational_unit", project["unit_id"]),
            firm.the("organizational_unit", resource["unit_id"]),
            resource,
            situation,
            row,
            row and firm.the("contract", row["contract_id"]),
            billing if situation == "time_and_materials" else "not_available",
        )

    def wanted(self, work: Work, place: Place) -> list[str]:
        """Return the types of rows that approval makes (seed, the two tables; 2.0.5, 2.0.6)."""
        kinds = ["cost"]
        if place.sells:
            kinds.append("unbilled_sales")
        units_differ = place.resourcing["id"] != place.contracting["id"]
        if units_differ and place.sells and work.transaction_class in CLASSES_BETWEEN_UNITS:
            kinds += BETWEEN
        return kinds

    def refusal(self, work: Work) -> str:
        """Return the code that refuses an entry at submission, or blank."""
        place = self.place(work)
        if {work.company, place.project["company_code"]} != {place.resource["company_code"]}:
            return "APR-107"
        if place.situation == "closed":
            return "INT-701"
        wanted = self.wanted(work, place)
        currencies = [self.currency(kind, place) for kind in wanted]
        return "APR-105" if any(self.digits(code) is None for code in currencies) else ""

    @staticmethod
    def currency(kind: str, place: Place) -> str:
        """Whose currency a row is in (2.3; DESIGN section 5)."""
        if kind == "unbilled_sales" and place.contract:
            return str(place.contract["currency_code"])
        unit = place.resourcing if kind == "resourcing_unit_cost" else place.contracting
        return str(unit["currency_code"])

    def price(self, kind: str, work: Work, place: Place) -> Priced:
        """Return the price of one row. What is sold to the contracting unit is sold at its cost (2.3)."""
        currency = self.currency(kind, place)
        if work.transaction_class == "time":
            answer = self.hour(kind, work, place)
        else:
            answer = self.item(kind, work, place)
        return Priced(answer.price, currency, answer)

    def hour(self, kind: str, work: Work, place: Place) -> Answer:
        """Return what an hour costs or is sold for (3.2 to 3.4)."""
        dimensions = work.custom | {
            "role": str(work.role),
            "resourcing_unit": str(place.resourcing["id"]),
            "resourcing_company": place.resource["company_code"],
            "resource": str(work.resource),
        }
        if kind == "unbilled_sales":
            assert place.contract is not None
            return self.pricing.sales(place.contract, dimensions, work.on)
        holder = place.resourcing if kind == "resourcing_unit_cost" else place.contracting
        return self.pricing.cost(holder, dimensions, work.on)

    def item(self, kind: str, work: Work, place: Place) -> Answer:
        """Return what a unit of a category or product costs or is sold for (3.5, 3.6)."""
        of, thing = (
            ("category", work.category) if work.transaction_class == "expense" else ("product", work.product)
        )
        holder = place.resourcing if kind == "resourcing_unit_cost" else place.contracting
        typed = work.typed_price if of == "category" or thing is None else None
        cost = self.pricing.item("cost", holder, of, thing, work.unit, work.on, typed, work.currency)
        if kind != "unbilled_sales":
            return Answer(*cost)
        assert place.contract is not None
        base: Decimal | None = cost[0]
        base_currency = str(place.contracting["currency_code"])
        if of == "product" and thing is None:
            base, base_currency = work.typed_price, work.currency
        sales = self.pricing.item("sales", place.contract, of, thing, work.unit, work.on, base, base_currency)
        return Answer(*sales)
