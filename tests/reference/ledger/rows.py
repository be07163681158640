"""Which rows an entry makes, at which price: the seed's decision table; operations spec 2.3 and 3."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from tests.reference.ledger.billing import Referee
from tests.reference.ledger.books import Actual
from tests.reference.ledger.kept import DAY, PRICED
from tests.reference.ledger.money import half_up
from tests.reference.ledger.pricing import Answer, Pricing
from tests.reference.ledger.work import Firm, Work
from tests.reference.writing import Row

BETWEEN: Final = ("resourcing_unit_cost", "interorganizational_sales")
CLASSES_BETWEEN: Final = ("time", "expense")
SHARE_DIGITS: Final = 2
EVERY_PROJECT: Final = frozenset({"system", "ada"})
"""Who may approve every project: the program itself, and who has the role."""


@dataclass(frozen=True)
class Place:
    """Where an entry belongs: who works for whom, which contract line takes it, and how it is billed."""

    project: Row
    contracting: Row
    resourcing: Row
    resource: Row | None
    situation: str
    line: Row | None
    contract: Row | None
    billing_type: str

    @property
    def sells(self) -> bool:
        """Whether approval makes unbilled sales."""
        return self.situation == "time_and_materials"

    @property
    def is_between_units(self) -> bool:
        """Whether the resource works for another unit."""
        return bool(self.resourcing["id"] != self.contracting["id"])

    @property
    def is_between_companies(self) -> bool:
        """Whether the resource works for another company."""
        return bool(self.resource and self.resource["company_code"] != self.project["company_code"])


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

    def others_approve(self, work: Work, by: str) -> bool:
        """Whether the project of an entry names approvers, and this person is none of them (section 7)."""
        named = {
            row["user_name"]
            for row in self.firm.tables["operations_project_approver"]
            if row["project_id"] == work.project and row["active"]
        }
        return by not in EVERY_PROJECT and bool(named) and by not in named

    def digits(self, currency: str) -> int | None:
        """Return the decimals of a currency, if it is known."""
        known = (row["digits"] for row in self.firm.tables["operations_currency"] if row["code"] == currency)
        return next(known, None)

    def amount(self, quantity: Fraction, price: Decimal, currency: str) -> Decimal:
        """Return quantity x price, rounded once (DESIGN D15)."""
        return half_up(quantity * Fraction(price), self.digits(currency) or 0)

    def percent_of(self, row: Actual, place: Place, name: str) -> Decimal:
        """Return the discount or fee of a contract line: on what is sold, on the gross amount (3.9)."""
        if row.transaction_type != "unbilled_sales" or not place.line:
            return Decimal(0)
        percent = Fraction(place.line.get(f"{name}_percent") or 0)
        return half_up(Fraction(row.amount) * percent / 100, self.digits(row.currency_code) or 0)

    @staticmethod
    def is_impossible(work: Work, billable: Fraction) -> bool:
        """Whether nobody can bill so much: of another sign, or of time more than a day has."""
        return billable * work.quantity < 0 or (work.transaction_class == "time" and billable > DAY)

    def tax(self, kind: str, work: Work, currency: str) -> Decimal | None:
        """Return the typed tax of cost or sales in their currency (3.7); None if it cannot be converted."""
        if not work.tax or kind in BETWEEN:
            return Decimal(0)
        rate = self.pricing.rate(work.currency, currency, work.on)
        if rate is None:
            return None
        return half_up(Fraction(work.tax) * Fraction(rate) / 100, self.digits(currency) or 0)

    def taxes(
        self, whole: Decimal, currency: str, part: Fraction, shares: list[tuple[UUID | None, Fraction]]
    ) -> dict[UUID | None, Decimal]:
        """Return who bears what of the tax of a chargeable part: who rounds takes the rest (3.7, 4.10)."""
        digits = self.digits(currency) or 0
        tax = half_up(Fraction(whole) * min(Fraction(1), part), digits)
        rounding = [
            key for key, _ in shares if (self.firm.of("contract_line_customer", key) or {}).get("is_rounding")
        ]
        rest = rounding[0] if rounding else min((key for key, _ in shares), key=str)
        sold = sum(share for _, share in shares)
        found = {key: half_up(Fraction(tax) * share / sold, digits) for key, share in shares if key != rest}
        return {**found, rest: tax - sum(found.values())}

    def place(self, work: Work) -> Place:
        """Return where an entry belongs."""
        firm = self.firm
        project, resource = firm.the("project", work.project), firm.of("resource", work.resource)
        line, situation, billing = self.referee.billing(
            work.project, work.task, work.transaction_class, work.role, work.category
        )
        row = firm.of("contract_line", line)
        return Place(
            project,
            firm.the("organizational_unit", project["unit_id"]),
            firm.the("organizational_unit", (resource or project)["unit_id"]),
            resource,
            situation,
            row,
            row and firm.the("contract", row["contract_id"]),
            billing if situation == "time_and_materials" else "not_available",
        )

    def wanted(self, work: Work, place: Place) -> list[str]:
        """Return the types of rows that approval makes (seed, the two tables; 2.0.5, 2.0.6).

        Between units of one company on time and materials, or on all kinds where the firm says so; between
        companies on every kind (DESIGN section 5).
        """
        kinds = ["cost"]
        if place.sells:
            kinds.append("unbilled_sales")
        lends = place.is_between_companies or (
            place.is_between_units and (place.sells or work.company in self.firm.lends_on_all)
        )
        if lends and work.transaction_class in CLASSES_BETWEEN:
            kinds += BETWEEN
        return kinds

    @staticmethod
    def is_kept_here(kind: str, kinds: list[str], place: Place) -> bool:
        """Whether a row is kept from finance: between units what they owe, between companies the cost."""
        if BETWEEN[0] not in kinds:
            return False
        return (kind == "cost") if place.is_between_companies else kind in BETWEEN

    def customer(self, place: Place, share: UUID | None) -> UUID | None:
        """Return who buys a share, or the customer of the contract."""
        row = self.firm.of("contract_line_customer", share) or place.contract
        return row["customer_id"] if row else None

    def shares(self, line: Row, quantity: Fraction) -> list[tuple[UUID | None, Fraction]]:
        """Return who bears which quantity of what a line sells: the rounding customer the rest (4.10)."""
        own = [
            row
            for row in self.firm.tables["operations_contract_line_customer"]
            if row["contract_line_id"] == line["id"] and (row["percent"] or row["is_rounding"])
        ]
        if not own:
            return [(None, quantity)]
        shares = {
            row["id"]: Fraction(half_up(quantity * Fraction(row["percent"]) / 100, SHARE_DIGITS))
            for row in own
            if not row["is_rounding"]
        }
        (rounding,) = [row["id"] for row in own if row["is_rounding"]]
        shares[rounding] = quantity - sum(shares.values())
        return [(key, share) for key, share in shares.items() if share]

    def amount_shares(
        self, line: Row, quantity: Decimal, amount: Decimal, digits: int
    ) -> list[tuple[UUID | None, Fraction, Fraction]]:
        """Return who bears what of a posted document: its quantity and, as it is no product, its amount."""
        whole, money = Fraction(quantity), Fraction(amount)
        own = [
            row
            for row in self.firm.tables["operations_contract_line_customer"]
            if row["contract_line_id"] == line["id"] and row["percent"]
        ]
        if not own:
            return [(None, whole, money)]
        shares = {
            row["id"]: (
                Fraction(half_up(whole * Fraction(row["percent"]) / 100, SHARE_DIGITS)),
                Fraction(half_up(money * Fraction(row["percent"]) / 100, digits)),
            )
            for row in own
            if not row["is_rounding"]
        }
        for row in own:
            if row["is_rounding"]:
                others = list(shares.values())
                shares[row["id"]] = (
                    whole - sum(one for one, _ in others),
                    money - sum(one for _, one in others),
                )
        return [(key, *share) for key, share in shares.items() if any(share)]

    def refusal(self, work: Work, *, is_new: bool = False) -> str:
        """Return the code that refuses an entry at submission, or blank.

        ``is_new``: somebody submits it, so that its subcontract must be confirmed (1.8).
        """
        place = self.place(work)
        if work.company != place.project["company_code"]:
            return "APR-107"
        bought = self.firm.of("subcontract", work.subcontract)
        if bought and bought["company_code"] != work.company:
            return "APR-118"
        if bought and is_new and bought["status"] != "confirmed":
            return "APR-117"
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

    def bought_under(self, kind: str, work: Work) -> Row | None:
        """Return the subcontract that a row is bought under; what the resourcing unit bears is under none."""
        return None if kind == "resourcing_unit_cost" else self.firm.of("subcontract", work.subcontract)

    def hour(self, kind: str, work: Work, place: Place) -> Answer:
        """Return what an hour costs or is sold for (3.2 to 3.4)."""
        dimensions = work.custom | {
            "role": str(work.role),
            "resourcing_unit": str(place.resourcing["id"]),
            "resourcing_company": place.resource["company_code"] if place.resource else "",
            "resource": str(work.resource),
        }
        if kind == "resourcing_unit_cost":
            return self.pricing.cost(place.resourcing, dimensions, work.on)
        cost = self.pricing.cost(place.contracting, dimensions, work.on, self.bought_under("cost", work))
        if kind != "unbilled_sales":
            return cost
        assert place.contract is not None
        base = cost.price if cost.reason in PRICED else None
        currency = str(place.contracting["currency_code"])
        return self.pricing.sales(place.contract, dimensions, work.on, base, currency)

    def item(self, kind: str, work: Work, place: Place) -> Answer:
        """Return what a unit of a category or product costs or is sold for (3.5, 3.6)."""
        of, thing = (
            ("category", work.category) if work.transaction_class == "expense" else ("product", work.product)
        )
        holder = place.resourcing if kind == "resourcing_unit_cost" else place.contracting
        typed = work.typed_price if of == "category" or thing is None else None
        bought = self.bought_under(kind, work)
        cost = self.pricing.item(
            "cost", holder, of, thing, work.unit, work.on, typed, work.currency, subcontract=bought
        )
        if kind != "unbilled_sales":
            return cost
        assert place.contract is not None
        base: Decimal | None = cost.price if cost.reason in PRICED else None
        base_currency = str(place.contracting["currency_code"])
        if of == "product" and thing is None:
            base, base_currency = work.typed_price, work.currency
        return self.pricing.item("sales", place.contract, of, thing, work.unit, work.on, base, base_currency)
