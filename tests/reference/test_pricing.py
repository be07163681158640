"""Random price lists: the engine's price, reason and what gave it are exactly the naive model's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reference.contract_world import ContractWorld
from tests.reference.engine import empty
from tests.reference.ledger.pricing import Answer, Pricing
from tests.reference.pricing_world import STANDARD, PricingWorld

from tieout.database.aliases import OPERATIONS

T = TypeVar("T")
DAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range(6)]
CURRENCIES = ("GBP", "GBP", "USD")
PRICES = st.decimals(Decimal(0), Decimal(999), places=2) | st.decimals(Decimal(0), Decimal(2), places=16)
PERCENTS = st.decimals(Decimal(-100), Decimal(100), places=2)
TIME = {"hour": "1", "india_day": "10", "third": "3", "odd": "0.7"}
OWN = {"grade": ("junior", "senior"), "hours": ("regular", "overtime"), "place": ("onsite", "local")}
KINDS = {"grade": "amount", "hours": "markup", "place": "markup"}


class OfferedWorld(ContractWorld, PricingWorld):
    """A world of prices that has quotes too."""

    line = PricingWorld.line  # type: ignore[assignment]


class Builder:
    """Draws lists with gaps and overlaps, lines that name any dimensions, markups and overrides of both."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.world = OfferedWorld()

    def one(self, options: Any) -> Any:
        """Draw one of the options."""
        return self.draw(st.sampled_from(list(options)))

    def rarely(self, wrong: T, right: T) -> T:
        """Draw the wrong value once in eight."""
        return wrong if self.draw(st.integers(0, 7)) == 7 else right

    def times(self, most: int) -> range:
        """Draw how often something is done."""
        return range(self.draw(st.integers(0, most)))

    def build(self) -> PricingWorld:
        """Draw everything."""
        world = self.world
        world.units |= {code: ("time", Decimal(size)) for code, size in TIME.items()}
        world.units |= {"mile": ("distance", Decimal(1)), "km": ("distance", Decimal("0.62"))}
        names = self.draw(st.permutations([*STANDARD, *OWN]))
        world.dimensions = {
            name: (KINDS.get(name, "amount"), self.rarely(None, place), self.rarely(None, 100 - place))
            for place, name in enumerate(names)
        }
        self.owners = [world.unit(currency=self.one(CURRENCIES)) for _ in range(2)]
        self.roles = [world.role() for _ in range(2)]
        self.people = [world.resource(unit) for unit in self.owners]
        self.contracts = [world.contract(unit, self.one(CURRENCIES)) for unit in self.owners]
        self.customers = [row["customer_id"] for row in world.tables["operations_contract"]]
        self.quotes = [
            world.quote(unit, self.one(CURRENCIES), customer=self.one(self.customers)) for unit in self.owners
        ]
        first = world.subcontract(currency=self.one(CURRENCIES))
        self.vendors = [world.tables["operations_subcontract"][0]["vendor_id"]]
        shared = self.one((None, *self.vendors))
        self.subcontracts = [first, world.subcontract(currency=self.one(CURRENCIES), vendor=shared)]
        self.vendors.append(world.tables["operations_subcontract"][1]["vendor_id"])
        world.purchase = {name: self.rarely(None, 50 + place) for place, name in enumerate(reversed(names))}
        self.category, self.product = world.category(), world.product()
        for day in {self.one(DAYS) for _ in self.times(2)}:
            for pair in ("USDGBP", "GBPUSD"):
                world.rate(pair, self.draw(st.decimals(Decimal("0.5"), Decimal(200), places=4)), day)
        self.overlap = self.one(("latest_created", "none"))
        for _ in range(self.draw(st.integers(1, 5))):
            self.price_list()
        return world

    def price_list(self) -> None:
        """Draw a list, who uses it, and its lines; each may be used by several."""
        context = self.one(("cost", "sales", "purchase"))
        starts, ends = sorted((self.one(DAYS), self.one(DAYS)))
        if self.draw(st.booleans()):
            starts, ends = DAYS[0], DAYS[-1]
        key = self.world.price_list(
            self.one(CURRENCIES), self.rarely(None, starts), self.rarely(None, ends), context=context
        )
        self.world.tables["operations_price_list"][-1]["is_active"] = self.rarely(False, right=True)
        of_contracts = {"contract": self.contracts, "quote": self.quotes, "customer": self.customers}
        users = {
            "cost": {"unit": self.owners},
            "sales": of_contracts,
            "purchase": {"subcontract": self.subcontracts, "vendor": self.vendors},
        }[context]
        options = [(kind, user) for kind, keys in users.items() for user in keys]
        for kind, user in self.draw(st.lists(st.sampled_from(options), unique=True, max_size=2)):
            self.world.price_list_use(key, **{kind: user})
        if self.draw(st.booleans()):
            self.world.price_list_use(key, company="GB01")
        seen: set[object] = set()
        for number in self.times(5):
            named = self.named("amount")
            per, line = self.rarely(self.one((*TIME, "mile")), "hour"), self.rarely(str(number), "")
            if self.is_new(seen, "line", named, per, line):
                methods = ("price_per_unit", "at_cost", "markup_over_cost")
                method = (
                    self.rarely(self.one(methods), "price_per_unit")
                    if context != "sales"
                    else self.one(methods)
                )
                percent = self.one((Decimal(10), self.draw(PERCENTS)))
                figures = {"method": method, "percent": percent}
                self.world.line(key, self.price(), per=per, number=line, **figures, **named)
                self.overrides(key, context, named, seen, price=True)
        for _ in self.times(3):
            named = self.named("amount", "markup")
            if self.is_new(seen, "markup", named):
                self.world.markup(key, self.draw(PERCENTS), **named)
                self.overrides(key, context, named, seen, price=False)
        self.items(key)

    def price(self) -> Decimal:
        """Draw a price; often one of a few, so that lines agree."""
        return Decimal(self.draw(st.sampled_from((Decimal(100), Decimal(1000))) | PRICES))

    def overrides(
        self, price_list: UUID, context: str, named: dict[str, Any], seen: set[object], *, price: bool
    ) -> None:
        """Draw overrides of one line, in any scope that its context has."""
        for _ in self.times(2):
            scopes: list[dict[str, UUID]] = [{}]
            if context == "cost":
                scopes += [{"unit": unit} for unit in self.owners]
            elif context == "purchase":
                scopes += [{"subcontract": one} for one in self.subcontracts]
                scopes += [{"vendor": one} for one in self.vendors]
            else:
                scopes += [{"contract": one} for one in self.contracts]
                scopes += [{"quote": one} for one in self.quotes]
                scopes += [{"customer": one} for one in self.customers]
            scope, day = self.one(scopes), self.one(DAYS)
            if not self.is_new(seen, "override", price, named, scope, day):
                continue
            figure = {"price": self.price()} if price else {"percent": self.draw(PERCENTS)}
            per = self.rarely(self.one((*TIME, "mile")), "hour") if price else "hour"
            self.world.override(price_list, day, scope=scope, per=per, **figure, **named)

    def items(self, price_list: UUID) -> None:
        """Draw prices of the category and the product, per unit."""
        for kind, thing in (("category", self.category), ("product", self.product)):
            for unit in ("mile", "km"):
                method = self.one(("price_per_unit", "at_cost", "markup_over_cost", None))
                if method:
                    figures = {"price": self.price(), "percent": self.draw(PERCENTS)}
                    self.world.item_price(kind, price_list, thing, unit, method=method, **figures)

    @staticmethod
    def is_new(seen: set[object], *parts: object) -> bool:
        """Whether a key was not drawn before."""
        key = json.dumps(parts, sort_keys=True, default=str)
        return key not in seen and not seen.add(key)  # type: ignore[func-returns-value]

    def named(self, *kinds: str) -> dict[str, Any]:
        """Draw the dimensions that a line names."""
        options: dict[str, Any] = {
            "role": self.roles,
            "resourcing_unit": self.owners,
            "resourcing_company": ("GB01", "US01"),
            "resource": self.people,
        } | {name: values for name, values in OWN.items() if KINDS[name] in kinds}
        wanted = self.draw(st.lists(st.sampled_from(list(options)), unique=True, max_size=3))
        return {name: self.one(options[name]) for name in wanted}

    def asked(self) -> dict[str, str]:
        """Draw the dimensions of an hour."""
        person = self.one(range(2))
        full = {
            "role": str(self.one(self.roles)),
            "resource": str(self.people[person]),
            "resourcing_unit": str(self.owners[person]),
            "resourcing_company": "GB01",
        } | {name: self.one(values) for name, values in OWN.items()}
        return {name: value for name, value in full.items() if self.rarely(False, right=True)}


def engine(side: str, holder: UUID, dimensions: dict[str, str], day: date, *cost: Any) -> Answer:
    arguments = ["%s", "%s::jsonb", *(["%s"] * (1 + len(cost)))]
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            "select price, reason, price_list_id, line_id, override_id, markup_id, markup_percent,"
            " exchange_rate, cost_price, cost_currency, cost_percent"
            f" from operations_{side}_price({', '.join(arguments)})",
            [holder, json.dumps(dimensions), day, *cost],
        )
        return Answer(*cursor.fetchone())


def engine_item(side: str, kind: str, *arguments: Any) -> tuple[Decimal, str]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            f"select price, reason from operations_{kind}_price(%s, %s, %s, %s, %s, %s, %s)",
            [side, *arguments],
        )
        found: tuple[Decimal, str] = cursor.fetchone()
        return found


@pytest.mark.usefixtures("databases")
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_the_engine_prices_as_the_model_prices(data: st.DataObject) -> None:
    empty()
    builder = Builder(data.draw)
    world = builder.build().load()
    model = Pricing(world, {"GB01": builder.overlap})
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("delete from operations_pricing_parameters")
        cursor.execute(
            "insert into operations_pricing_parameters (company_code, cost_overlap, rate_type, version)"
            " values ('GB01', %s, 'default', 1)",
            [builder.overlap],
        )
    for _ in range(5):
        day, place, dimensions = builder.one(DAYS), builder.one(range(2)), builder.asked()
        unit = world.by_id("operations_organizational_unit")[builder.owners[place]]
        contract = world.by_id("operations_contract")[builder.contracts[place]]
        assert engine("cost", unit["id"], dimensions, day) == model.cost(unit, dimensions, day)
        bought = world.by_id("operations_subcontract")[builder.subcontracts[place]]
        under = engine("cost", unit["id"], dimensions, day, bought["id"])
        assert under == model.cost(unit, dimensions, day, bought)
        asked = dimensions, day, builder.rarely(None, data.draw(PRICES)), builder.one(("GBP", "USD"))
        assert engine("sales", contract["id"], *asked) == model.sales(contract, *asked)
        quote = world.by_id("operations_quote")[builder.quotes[place]]
        assert engine("quote", quote["id"], *asked) == model.sales(quote, *asked, "quote_id")
        measure, cost = builder.one(("mile", "km", "day")), builder.rarely(None, data.draw(PRICES))
        kind, thing = builder.one(
            (("category", builder.category), ("product", builder.product), ("product", None))
        )
        for side, holder in (("cost", unit), ("sales", contract)):
            given = (thing, measure, day, cost, "GBP")
            answer = model.item(side, holder, kind, *given)
            assert engine_item(side, kind, holder["id"], *given) == (answer.price, answer.reason)
