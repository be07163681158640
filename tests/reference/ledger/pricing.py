"""The naive model of pricing: lists of rows, walked through, and exact fractions.

Written from the operations spec (3.1 to 3.6) and DESIGN section 5, not from the SQL. An answer is the price
in 16 decimals and the reason, with the keys of what gave it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.reference.ledger.money import DIGITS, half_up
from tests.reference.pricing_world import STANDARD, PricingWorld
from tests.reference.writing import Row

Dimensions = Mapping[str, str]
SCOPES = {
    "contract_id": 6,
    "quote_id": 5,
    "customer_id": 4,
    "subcontract_id": 3,
    "vendor_id": 2,
    "scope_unit_id": 1,
}
"""What an override can be for besides all; the higher, the more specific (3.4)."""


@dataclass(frozen=True)
class Answer:
    """A price and why, as the engine says it; ``line`` is None where nothing gave it."""

    price: Decimal
    reason: str
    price_list: UUID | None = None
    line: UUID | None = None
    override: UUID | None = None
    markup: UUID | None = None
    percent: Decimal | None = None  # of the markup
    rate: Decimal | None = None
    cost: Decimal | None = None  # where the price comes from it, and its currency
    cost_currency: str | None = None
    cost_percent: Decimal | None = None  # what the line says is on top of it

    @property
    def trace(self) -> tuple[Any, ...]:
        """Return what gave the price."""
        return astuple(self)[2:]


def nothing(reason: str, price_list: UUID | None = None) -> Answer:
    """No price, and why."""
    return Answer(Decimal(0), reason, price_list)


class Pricing:
    """Answers what a world's hour, category or product is worth."""

    def __init__(self, world: PricingWorld, overlaps: Mapping[str, str] | None = None) -> None:
        self.world = world
        self.overlaps = overlaps or {}

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table."""
        return self.world.tables[f"operations_{table}"]

    def get(self, table: str, key: UUID) -> Row:
        """Return the row of a key."""
        return next(row for row in self.rows(table) if row["id"] == key)

    # ------------------------------------------------------------ lists and rates

    def lists_of(self, context: str, user: str, key: object) -> list[Row]:
        """Return the lists of a context that somebody uses, whenever they apply."""
        used = {
            use["price_list_id"]
            for use in self.rows("price_list_use")
            if use.get(user) == key and use.get("is_active", True)
        }
        return [row for row in self.rows("price_list") if row["id"] in used and row["context"] == context]

    @staticmethod
    def on(day: date, lists: list[Row]) -> list[Row]:
        """Return the lists that apply on a day."""
        found = []
        for row in lists:
            dated = row["valid_from"] is not None and row["valid_to"] is not None
            if dated and row["valid_from"] <= day <= row["valid_to"] and row.get("is_active", True):
                found.append(row)
        return found

    def cost_list(self, unit: Row, day: date, subcontract: Row | None = None) -> Row | str:
        """Return the list that a contracting unit's cost comes from, or why there is none.

        Of what is bought under a subcontract it is one of the purchase lists of that, in its currency (3.2).
        """
        lists = self.lists_of("cost", "unit_id", unit["id"])
        if subcontract:
            bought = self.purchases(subcontract)
            lists = [row for row in bought if row["currency_code"] == subcontract["currency_code"]]
        elif not lists:
            defaults = self.lists_of("cost", "company_code", unit["company_code"])
            lists = [row for row in defaults if row["currency_code"] == unit["currency_code"]]
        found = self.on(day, lists)
        if not found:
            return "no_price_list"
        if len(found) > 1 and self.overlaps.get(unit["company_code"]) == "none":
            return "ambiguous_price_list"
        return max(found, key=lambda row: row["created_at"])

    def purchases(self, subcontract: Row) -> list[Row]:
        """Return the purchase lists of a subcontract: its own, else its vendor's, else its company's."""
        for user, column in (("subcontract_id", "id"), ("vendor_id", "vendor_id")):
            lists = self.lists_of("purchase", user, subcontract[column])
            if lists:
                return lists
        defaults = self.lists_of("purchase", "company_code", subcontract["company_code"])
        return [row for row in defaults if row["currency_code"] == subcontract["currency_code"]]

    def considered(self, holder: Row, user: str = "contract_id") -> list[Row]:
        """Return the sales lists of a contract or quote: its own, else its customer's, else its company's."""
        lists = self.lists_of("sales", user, holder["id"])
        if not lists:
            lists = self.lists_of("sales", "customer_id", holder["customer_id"])
        if not lists:
            defaults = self.lists_of("sales", "company_code", holder["company_code"])
            lists = [row for row in defaults if row["currency_code"] == holder["currency_code"]]
        return lists

    def sales_list(self, holder: Row, day: date, user: str = "contract_id") -> Row | str:
        """Return the list that a contract sells by, or a quote offers by, or why there is none."""
        lists = self.considered(holder, user)
        found = self.on(day, [row for row in lists if row["currency_code"] == holder["currency_code"]])
        if len(found) == 1:
            return found[0]
        return "ambiguous_price_list" if found else "no_price_list"

    def rate(self, source: str, target: str, day: date) -> Decimal | None:
        """Units of target for 100 of source: the last known rate."""
        if source == target:
            return Decimal(100)
        known = [
            row
            for row in self.rows("exchange_rate")
            if (row["from_currency"], row["to_currency"], row["rate_type"]) == (source, target, "default")
            and row["valid_from"] <= day
        ]
        return max(known, key=lambda row: row["valid_from"])["rate"] if known else None

    # ------------------------------------------------------------ lines

    def declared(self, context: str, kinds: tuple[str, ...]) -> list[str]:
        """Return the dimensions that count, the most important first."""
        places = {
            name: {"cost": row[1], "sales": row[2], "purchase": self.world.purchase.get(name)}[context]
            for name, row in self.world.dimensions.items()
            if row[0] in kinds
        }
        found = [(place, name) for name, place in places.items() if place is not None]
        return [name for _, name in sorted(found)]

    @staticmethod
    def named(line: Row) -> dict[str, str]:
        """Return the dimensions that a line names."""
        own: dict[str, Any] = json.loads(line["dimensions"])
        for name in STANDARD:
            value = line[f"{name}_id" if f"{name}_id" in line else name]
            if value is not None:
                own[name] = str(value)
        return own

    def best(self, lines: list[Row], given: Dimensions, order: list[str]) -> list[Row]:
        """Return the lines that fit and name the most important dimensions: one, or several alike."""
        fitting = []
        for line in lines:
            named = self.named(line)
            if all(name in order and given.get(name) == value for name, value in named.items()):
                fitting.append((tuple(name in named for name in order), line))
        if not fitting:
            return []
        top = max(key for key, _ in fitting)
        return [line for key, line in fitting if key == top]

    def hours(self, row: Row) -> Fraction | None:
        """Return how many hours a unit of time is; None for another group."""
        unit = self.world.units.get(row["unit"])
        hour = self.world.units["hour"]
        return Fraction(unit[1]) / Fraction(hour[1]) if unit and unit[0] == hour[0] else None

    def override_of(self, line: Row, target: str, day: date, scopes: Mapping[str, UUID | None]) -> Row | None:
        """Return the override of a line: the most specific scope that applies, then the latest."""
        fitting = []
        for row in self.rows("price_override"):
            if row["price_list_id"] != line["price_list_id"] or row["target"] != target:
                continue
            if self.named(row) != self.named(line) or row["effective_from"] > day:
                continue
            if target == "price" and self.hours(row) is None:
                continue
            set_ = [column for column in SCOPES if row[column]]
            if all(row[column] == scopes.get(column) for column in set_):
                fitting.append((max((SCOPES[c] for c in set_), default=0), row["effective_from"], row))
        return max(fitting, key=lambda one: one[:2])[2] if fitting else None

    def says(self, line: Row) -> tuple[Any, ...]:
        """Return what a line says of an hour: its price, or how it is made of what the hour cost (3.4)."""
        match line.get("method", "price_per_unit"):
            case "price_per_unit":
                return "role_price", Fraction(line["price"]) / (self.hours(line) or 1)
            case "markup_over_cost":
                return "markup_over_cost", line["percent"]
            case method:
                return (method,)

    def hour(
        self,
        price_list: Row,
        given: Dimensions,
        day: date,
        scopes: Mapping[str, UUID | None],
        cost: Decimal | None = None,
        cost_currency: str = "",
    ) -> tuple[Fraction, Answer] | str:
        """Return what an hour is worth and what gave it, or why it is nothing.

        In the list's currency, or in that of the cost that it is made of.
        """
        context = price_list["context"]
        lines = [
            row
            for row in self.rows("role_price")
            if row["price_list_id"] == price_list["id"] and self.hours(row) is not None
        ]
        found = self.best(lines, given, self.declared(context, ("amount",)))
        per_hour = [row for row in found if row["unit"] == "hour"]
        found = per_hour or found
        if not found:
            return "no_role_price"
        if len({self.says(row) for row in found}) > 1:
            return "ambiguous_role_price"
        line = min(found, key=lambda row: row["id"])
        override = self.override_of(line, "price", day, scopes)
        reason, *figures = self.says(override | {"method": "price_per_unit"} if override else line)
        if reason == "role_price":
            price = figures[0]
        elif context != "sales":
            reason, price = "method_not_on_cost", Fraction(0)
        elif cost is None:
            reason, price = "no_cost", Fraction(0)
        else:
            price = Fraction(cost) * (1 + Fraction(figures[0] if figures else 0) / 100)
        markups = [row for row in self.rows("role_price_markup") if row["price_list_id"] == price_list["id"]]
        markup = next(iter(self.best(markups, given, self.declared(context, ("amount", "markup")))), None)
        percent = None
        if markup:
            changed = self.override_of(markup, "markup", day, scopes)
            percent = (changed or markup)["percent"]
            price *= 1 + Fraction(percent) / 100
        is_of_cost = reason in {"at_cost", "markup_over_cost"}
        return price, Answer(
            Decimal(0),
            reason,
            price_list["id"],
            line["id"],
            override["id"] if override else None,
            markup["id"] if markup else None,
            percent,
            cost=cost if is_of_cost else None,
            cost_currency=cost_currency if is_of_cost else None,
            cost_percent=line["percent"] if line.get("method") == "markup_over_cost" else None,
        )

    # ------------------------------------------------------------ answers

    def cost(self, unit: Row, given: Dimensions, day: date, subcontract: Row | None = None) -> Answer:
        """Return the cost of an hour, in the currency of the unit."""
        price_list = self.cost_list(unit, day, subcontract)
        if isinstance(price_list, str):
            return nothing(price_list)
        scope = given.get("resourcing_unit")
        scopes = {"scope_unit_id": UUID(scope) if scope else None}
        if subcontract:
            scopes |= {"subcontract_id": subcontract["id"], "vendor_id": subcontract["vendor_id"]}
        found = self.hour(price_list, given, day, scopes)
        if isinstance(found, str):
            return nothing(found, price_list["id"])
        price, answer = found
        if answer.reason != "role_price":
            return answer
        foreign = price_list["currency_code"] != unit["currency_code"]
        rate = self.rate(price_list["currency_code"], unit["currency_code"], day)
        if rate is None:
            return replace(answer, reason="no_exchange_rate")
        total = half_up(price * Fraction(rate) / 100, DIGITS)
        return replace(answer, price=total, rate=rate if foreign else None)

    def sales(
        self,
        holder: Row,
        given: Dimensions,
        day: date,
        cost: Decimal | None = None,
        cost_currency: str = "",
        user: str = "contract_id",
    ) -> Answer:
        """Return what an hour that cost so much is sold for under a contract, or offered for by a quote."""
        price_list = self.sales_list(holder, day, user)
        if isinstance(price_list, str):
            return nothing(price_list)
        scopes = {user: holder["id"], "customer_id": holder["customer_id"]}
        found = self.hour(price_list, given, day, scopes, cost, cost_currency)
        if isinstance(found, str):
            return nothing(found, price_list["id"])
        price, answer = found
        if answer.cost is None:
            return replace(answer, price=half_up(price, DIGITS))
        rate = self.rate(cost_currency, holder["currency_code"], day)
        if rate is None:
            return replace(answer, reason="no_exchange_rate")
        foreign = cost_currency != holder["currency_code"]
        total = half_up(price * Fraction(rate) / 100, DIGITS)
        return replace(answer, price=total, rate=rate if foreign else None)

    def item(
        self,
        side: str,
        holder: Row,
        kind: str,
        thing: UUID | None,
        unit: str,
        day: date,
        cost: Decimal | None,
        cost_currency: str,
        *,
        subcontract: Row | None = None,
    ) -> Answer:
        """Return the price of a category or product per unit and why, in the currency of the holder."""
        of_sales = side == "sales"
        price_list = self.sales_list(holder, day) if of_sales else self.cost_list(holder, day, subcontract)
        line, missing = None, f"no_{kind}_price"
        list_currency = ""
        if isinstance(price_list, str):
            missing = price_list
        else:
            list_currency = price_list["currency_code"]
            for row in self.rows(f"{kind}_price"):
                if (row["price_list_id"], row[f"{kind}_id"], row["unit"]) == (price_list["id"], thing, unit):
                    line = row
        reason = self.item_reason(
            side, kind, line, missing, is_write_in=thing is None, has_cost=cost is not None
        )
        of_list = None if isinstance(price_list, str) else price_list["id"]
        of_line = line if reason in {f"{kind}_price", "at_cost", "markup_over_cost", "no_cost"} else None
        used = of_line["id"] if of_line else None
        percent = of_line["percent"] if of_line and of_line["method"] == "markup_over_cost" else None
        answer = Answer(Decimal(0), reason, of_list, used, cost_percent=percent)
        if line and reason == f"{kind}_price":
            source, base = list_currency, line["price"]
        elif cost is not None and reason in {"typed_price", "at_cost", "markup_over_cost"}:
            source, base = cost_currency, cost
            answer = replace(answer, cost=cost, cost_currency=cost_currency)
        else:
            return answer
        rate = self.rate(source, holder["currency_code"], day)
        if rate is None:
            return replace(answer, reason="no_exchange_rate")
        price = half_up(Fraction(base) * Fraction(rate) * (100 + Fraction(percent or 0)) / 10_000, DIGITS)
        return replace(answer, price=price, rate=None if source == holder["currency_code"] else rate)

    @staticmethod
    def item_reason(
        side: str, kind: str, line: Row | None, missing: str, *, is_write_in: bool, has_cost: bool
    ) -> str:
        """Return why a category or product is priced as it is."""
        if kind == "product" and is_write_in:
            return "typed_price" if has_cost else "no_cost"
        if line and line["method"] == "price_per_unit":
            return f"{kind}_price"
        if side == "cost":
            if kind == "category" and has_cost:
                return "typed_price"
            return "method_not_on_cost" if line else missing
        if line is None:
            return missing
        return str(line["method"]) if has_cost else "no_cost"
