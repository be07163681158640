"""What is bought under a subcontract costs by its purchase lists (spec 1.8, 2.6, 3.2, 3.4, 3.6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from tests.database.operations.ledger import CLERK, MANAGER, open_problems, rows
from tests.database.operations.site import Site, made
from tests.reference.pricing_world import PricingWorld

from tieout.database.aliases import OPERATIONS
from tieout.operations.approvals.actions import approve_entries, cancel_approval, submit_entries
from tieout.operations.entries.rules import Refused
from tieout.operations.reevaluation.actions import reevaluate_entries

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 3)


def bought(site: Site, currency: str = "GBP", **given: Any) -> tuple[UUID, UUID]:
    """Return a subcontract and its purchase list, in one currency."""
    subcontract = site.subcontract(currency=currency, **given)
    return subcontract, site.price_list(currency, subcontract=subcontract)


def worked(site: Site, subcontract: UUID | None, *, cost: str = "90", sales: str = "120") -> UUID:
    """Return the role of 8 hours that somebody worked under a subcontract, priced on the usual lists."""
    role = site.role()
    site.role_price(site.costs, role, cost)
    site.role_price(site.sales, role, sales)
    site.time(site.person, site.project_id, role, subcontract_id=subcontract)
    return role


def standing(subcontract: UUID, status: str) -> None:
    """Give a subcontract a status."""
    rows("update operations_subcontract set status = %s where id = %s returning id", status, subcontract)


def test_subcontracted_time_costs_by_the_purchase_list_and_is_sold_as_ever() -> None:
    """8 hours at 75 USD and 0.80 GBP for a dollar cost 480 GBP, not 720; they are sold for 960."""
    site = Site()
    site.rate("USDGBP", "80", date(2025, 1, 1))
    subcontract, purchases = bought(site, "USD")
    site.role_price(purchases, worked(site, subcontract), "75")
    site.approve()
    assert made() == [
        ("cost", "chargeable", 8, 60, 480, "role_price"),
        ("unbilled_sales", "chargeable", 8, 120, 960, "role_price"),
    ]
    assert rows(
        "select currency_code, list_currency, list_price, exchange_rate, price_list_id"
        " from operations_price_trace order by list_price"
    ) == [("GBP", "USD", 75, 80, purchases), ("GBP", "GBP", 120, None, site.sales)]


def test_who_is_named_comes_before_the_role_and_a_unit_counts_not() -> None:
    """Purchase lists know two dimensions, resource before role (spec 3.4)."""
    world = PricingWorld()
    world.company()
    unit, role = world.unit(), world.role()
    person, other = world.resource(unit), world.resource(unit)
    subcontract = world.subcontract()
    purchases = world.price_list(subcontract=subcontract)
    world.line(purchases, 70, role=role)
    world.line(purchases, 75, resource=person)
    world.line(purchases, 1, role=role, resourcing_unit=unit)
    world.load()
    query = (
        "select price::int, reason from operations_cost_price(%s, jsonb_build_object("
        "'role', %s::text, 'resource', %s::text, 'resourcing_unit', %s::text), %s, %s)"
    )
    asked = (unit, role, person, unit, DAY, subcontract)
    assert rows(query, *asked) == [(75, "role_price")]
    assert rows(query, unit, role, other, unit, DAY, subcontract) == [(70, "role_price")]
    assert rows(query, unit, role, other, unit, DAY, None) == [(0, "no_price_list")]


class Bought(PricingWorld):
    """Two subcontracts with one vendor and one with another, which all buy by one purchase list."""

    def __init__(self) -> None:
        super().__init__()
        self.company()
        self.own, self.worker = self.unit(), self.role()
        self.first = self.subcontract()
        self.vendor: UUID = self.tables["operations_subcontract"][0]["vendor_id"]
        self.second, self.third = self.subcontract(vendor=self.vendor), self.subcontract()
        self.purchases = self.price_list(subcontract=self.first)
        for also in (self.second, self.third):
            self.price_list_use(self.purchases, subcontract=also)
        self.line(self.purchases, 80, role=self.worker)

    def agreed(self, price: int, starts: date, **scope: UUID) -> UUID:
        """Add an override of the price of the role."""
        return self.override(self.purchases, starts, price=price, scope=scope, role=self.worker)

    def costs(self, on: date = DAY) -> list[int]:
        """Return what an hour costs under each of the subcontracts."""
        query = (
            "select price::int from operations_cost_price(%s, jsonb_build_object('role', %s::text), %s, %s)"
        )
        return [
            rows(query, self.own, self.worker, on, one)[0][0] for one in (self.first, self.second, self.third)
        ]


def test_an_override_for_a_subcontract_beats_its_vendors_and_that_beats_all() -> None:
    """The scope comes before the day: 60 agreed in January beats 65 and 70 agreed later (spec 3.4)."""
    world = Bought()
    world.agreed(70, date(2025, 2, 20))
    world.agreed(66, date(2025, 1, 10), vendor=world.vendor)
    world.agreed(65, date(2025, 2, 10), vendor=world.vendor)
    world.agreed(60, date(2025, 1, 20), subcontract=world.first)
    world.agreed(55, date(2025, 3, 4), subcontract=world.first)
    world.load()
    assert world.costs() == [60, 65, 70]
    assert world.costs(date(2025, 1, 9)) == [80, 80, 80]
    assert world.costs(date(2025, 1, 15)) == [66, 66, 80]
    assert world.costs(date(2025, 3, 4)) == [55, 65, 70]


def test_an_override_of_a_markup_has_the_same_scopes() -> None:
    """An hour of 80 with 25 % on top costs 100; agreed are 10 % with the vendor, 0 % for one subcontract."""
    world = Bought()
    world.markup(world.purchases, 25, role=world.worker)
    world.override(world.purchases, DAY, percent=10, scope={"vendor": world.vendor}, role=world.worker)
    world.override(world.purchases, DAY, percent=0, scope={"subcontract": world.first}, role=world.worker)
    world.load()
    assert world.costs() == [80, 88, 100]


def test_what_is_sold_at_cost_follows_the_purchase_price() -> None:
    """A taxi of the vendor's list costs 30 and is sold for 30; typed were 12."""
    site = Site()
    subcontract, purchases = bought(site)
    taxi = site.category()
    site.category_price(purchases, taxi, "each", price=Decimal(30))
    site.category_price(site.costs, taxi, "each", price=Decimal(20))
    site.category_price(site.sales, taxi, "each", method="at_cost")
    site.spent(site.person, site.project_id, taxi, price=Decimal(12), subcontract_id=subcontract)
    site.spent(site.person, site.project_id, taxi, price=Decimal(12))
    site.approve()
    assert [(row[0], row[4], row[5]) for row in made()] == [
        ("cost", 30, "category_price"),
        ("cost", 20, "category_price"),
        ("unbilled_sales", 30, "at_cost"),
        ("unbilled_sales", 20, "at_cost"),
    ]


def test_goods_cost_by_the_purchase_list_and_a_write_in_what_was_typed() -> None:
    """3 beams at 40 cost 120; 2 bags of cement typed at 5.25 cost and sell 10.50 (spec 3.6)."""
    site = Site()
    subcontract, purchases = bought(site)
    beam = site.goods()
    site.product_price(purchases, beam, "each", price=Decimal(40))
    site.product_price(site.costs, beam, "each", price=Decimal(1))
    site.product_price(site.sales, beam, "each", price=Decimal(50))
    under = {"subcontract_id": subcontract}
    site.used(site.project_id, product_id=beam, product_name="", quantity=Decimal(3), **under)
    site.used(site.project_id, quantity=Decimal(2), price=Decimal("5.25"), **under)
    site.approve()
    assert [(row[0], row[4], row[5]) for row in made()] == [
        ("cost", 120, "product_price"),
        ("cost", Decimal("10.50"), "typed_price"),
        ("unbilled_sales", 150, "product_price"),
        ("unbilled_sales", Decimal("10.50"), "typed_price"),
    ]


def test_between_units_the_transfer_price_is_the_purchase_price() -> None:
    """The lending unit's own cost stays that of its own list (spec 2.3)."""
    site = Site()
    lender = site.unit()
    site.person = site.resource(lender)
    subcontract, purchases = bought(site)
    role = worked(site, subcontract)
    site.role_price(purchases, role, "75")
    site.role_price(site.price_list(unit=lender), role, "50")
    site.approve()
    assert [(row[0], row[4]) for row in made()] == [
        ("cost", 600),
        ("interorganizational_sales", 600),
        ("resourcing_unit_cost", 400),
        ("unbilled_sales", 960),
    ]


def test_without_lists_of_its_own_its_vendors_count_and_then_its_companys() -> None:
    """80 by its own list, 65 by its vendor's, 90 by the company's; whoever has one looks at no other."""
    world = Bought()
    for price, user in ((65, {"vendor": world.vendor}), (90, {"company": "GB01"})):
        found = world.price_list(context="purchase")
        world.price_list_use(found, **user)
        world.line(found, price, role=world.worker)
    dollars = world.price_list("USD", context="purchase")
    world.price_list_use(dollars, company="GB01")  # default lists count in the subcontract's currency only
    world.load()
    assert world.costs() == [80, 80, 80]
    rows(
        "update operations_price_list_use set is_active = false where subcontract_id = any(%s) returning id",
        [world.second, world.third],
    )
    assert world.costs() == [80, 65, 90]
    rows(
        "update operations_price_list set valid_to = '2025-01-31' where id = %s returning id", world.purchases
    )
    assert world.costs() == [0, 65, 90]
    # A vendor's list in another currency than the subcontract's prices nothing, and no other steps in.
    rows(
        "update operations_price_list set currency_code = 'USD' where id ="
        " (select price_list_id from operations_price_list_use where vendor_id = %s) returning id",
        world.vendor,
    )
    assert world.costs() == [0, 0, 90]


def test_a_vendors_list_prices_each_day_and_each_person_of_one_submission() -> None:
    """75 for the role, 70 from the 4th on, 50 for who is named: 600, 560 and 400 in one set."""
    site = Site()
    subcontract = site.subcontract()
    [bought] = site.tables["operations_subcontract"]
    purchases = site.price_list(vendor=bought["vendor_id"])
    role = worked(site, subcontract)
    site.role_price(purchases, role, "75")
    line = {"price_list_id": purchases, "unit": "hour", "version": 1}
    later = DAY.replace(day=4)
    agreed = {"target": "price", "effective_from": later, "vendor_id": bought["vendor_id"]}
    site.add("operations_price_override", **line, **agreed, role_id=role, price=Decimal(70))
    named = site.resource(site.own)
    site.time(site.person, site.project_id, role, later, subcontract_id=subcontract)
    site.time(named, site.project_id, role, subcontract_id=subcontract)
    site.load()
    rows(
        "insert into operations_role_price (price_list_id, resource_id, unit, price, version)"
        " values (%s, %s, 'hour', 50, 1) returning id",
        purchases,
        named,
    )
    site.approve()
    assert sorted(row[4] for row in made() if row[0] == "cost") == [400, 560, 600]
    assert rows("select distinct price_list_id from operations_price_trace where list_price < 100") == [
        (purchases,)
    ]


@pytest.mark.parametrize("lists", ["none", "other currency", "another day", "not active"])
def test_without_a_purchase_list_there_is_no_price_and_it_says_so(lists: str) -> None:
    """Neither the unit's cost list nor the vendor's other subcontract steps in."""
    site = Site()
    _, others = bought(site)
    subcontract = site.subcontract()
    role = worked(site, subcontract)
    site.role_price(others, role, "75")
    if lists != "none":
        currency = "USD" if lists == "other currency" else "GBP"
        ends = DAY.replace(day=1) if lists == "another day" else DAY
        found = site.price_list(currency, date(2025, 1, 1), ends, subcontract=subcontract)
        site.role_price(found, role, "75")
        for row in site.tables["operations_price_list"]:
            row["is_active"] = row["id"] != found or lists != "not active"
    site.approve()
    assert [(row[0], row[4], row[5]) for row in made()] == [
        ("cost", 0, "no_price_list"),
        ("unbilled_sales", 960, "role_price"),
    ]
    assert [code for code, _ in open_problems()] == ["APR-102"]


@pytest.mark.parametrize(
    ("rule", "cost"), [("latest_created", (640, "role_price")), ("none", (0, "ambiguous_price_list"))]
)
def test_of_several_purchase_lists_the_rule_of_cost_lists_chooses(rule: str, cost: tuple[int, str]) -> None:
    site = Site()
    site.tables["operations_pricing_parameters"] = []
    site.add(
        "operations_pricing_parameters",
        company_code="GB01",
        cost_overlap=rule,
        rate_type="default",
        version=1,
    )
    subcontract, first = bought(site)
    second = site.price_list(subcontract=subcontract)
    role = worked(site, subcontract)
    site.role_price(first, role, "75")
    site.role_price(second, role, "80")
    site.approve()
    assert made()[0][4:] == cost


@pytest.mark.parametrize("status", ["draft", "closed", "cancelled"])
def test_only_a_confirmed_subcontract_is_taken(status: str) -> None:
    site = Site()
    subcontract, purchases = bought(site, status=status)
    role = worked(site, subcontract)
    site.role_price(purchases, role, "75")
    site.time(site.person, site.project_id, role)
    site.load()
    done = submit_entries(actor=CLERK, company="GB01")
    assert (done.submitted, done.refused) == (1, (Refused("APR-117", 1),))
    [(code, name)] = open_problems()
    [(details,)] = rows("select details from problem_log")
    assert (code, status in str(details)) == ("APR-117", True)
    standing(subcontract, "confirmed")
    assert submit_entries(actor=CLERK, company="GB01").submitted == 1
    assert open_problems() == []
    assert rows("select external_id from operations_entry where subcontract_id is not null") == [(name,)]


def test_a_subcontract_of_another_company_is_refused() -> None:
    """It was the entry's company's when the entry was entered."""
    site = Site()
    site.company("US01", "USD")
    worked(site, site.subcontract("US01"))
    site.load()
    assert submit_entries(actor=CLERK, company="GB01").refused == (Refused("APR-118", 1),)


def test_what_was_submitted_goes_on_when_the_subcontract_closes() -> None:
    """Approval, its cancellation and re-evaluation are of work that was taken while it was confirmed."""
    site = Site()
    subcontract, purchases = bought(site)
    site.role_price(purchases, worked(site, subcontract), "75")
    site.load()
    assert submit_entries(actor=CLERK, company="GB01").submitted == 1
    standing(subcontract, "closed")
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1
    rows("update operations_role_price set price = 70 where price_list_id = %s returning id", purchases)
    assert reevaluated(site) == [("cost", -8, -600), ("cost", 8, 560), ("cost", 8, 600)]
    [entry] = [row["id"] for row in site.tables["operations_entry"]]
    assert cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry]).done == 1
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1


def reevaluated(site: Site) -> list[tuple[Any, ...]]:
    """Evaluate the site's project again; return its costs."""
    with transaction.atomic(using=OPERATIONS):
        reevaluate_entries(actor=MANAGER, company="GB01", project_id=site.project_id)
    return rows(
        "select transaction_type, quantity::int, amount::int from operations_actual"
        " where transaction_type = 'cost' order by 1, 2, 3"
    )
