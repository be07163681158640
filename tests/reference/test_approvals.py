"""Random small worlds: the set engine makes exactly what the naive model makes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reference.engine import empty, read_books
from tests.reference.model import Model
from tests.reference.world import DIGITS, World

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations.approvals.actions import approve_documents, approve_entries, submit_entries

T = TypeVar("T")
COMPANIES = {"GB01": "GBP", "US01": "USD"}
DAYS = [date(2025, 1, 1) + timedelta(days=number) for number in range(8)]
UNKNOWN = "ZZZ"  # a currency that is nowhere set up
CLASSES = ("expense", "expense", "material", "time", "fee")
PRICES = st.decimals(Decimal(0), Decimal(999), places=4) | st.decimals(Decimal(0), Decimal(2), places=16)
JOB = Actor("system", frozenset({"system"}), None)


class Builder:
    """Draws one world: every reference is mostly right and sometimes wrong."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.world = World()
        self.missing = new_id()

    def one(self, options: Any) -> Any:
        """Draw one of the options."""
        return self.draw(st.sampled_from(list(options)))

    def rarely(self, wrong: T, right: T) -> T:
        """Draw the wrong value once in twelve."""
        return wrong if self.draw(st.integers(0, 11)) == 11 else right

    def times(self, least: int, most: int) -> range:
        """Draw how often something is done."""
        return range(self.draw(st.integers(least, most)))

    def set_up(self) -> None:
        """Draw companies, rates, units, people and projects."""
        world = self.world
        for code, currency in COMPANIES.items():
            world.company(code, currency)
        for pair, day in {(self.pair(), self.one(DAYS)) for _ in self.times(0, 6)}:
            world.rate(pair, self.draw(st.decimals(Decimal("0.5"), Decimal(20000), places=4)), day)
        self.units = [
            world.unit(company, self.rarely(UNKNOWN, self.one(DIGITS)))
            for company in (self.one(COMPANIES) for _ in self.times(1, 3))
        ]
        self.roles = [world.role() for _ in self.times(1, 2)]
        self.categories = [world.category(self.one(CLASSES)) for _ in self.times(1, 3)]
        self.resources = []
        for _ in self.times(1, 3):
            unit = self.one(self.units)
            company = self.rarely(self.one(COMPANIES), self.company_of(unit))
            self.resources.append(world.resource(unit, company))
        self.projects = [self.project() for _ in self.times(1, 3)]

    def pair(self) -> str:
        """Draw two different currencies."""
        source, target = self.draw(st.permutations(list(DIGITS)))[:2]
        return f"{source}{target}"

    def company_of(self, unit: UUID) -> str:
        """Return the company of a unit."""
        return str(self.world.by_id("operations_organizational_unit")[unit]["company_code"])

    def contract_line(self, unit: UUID) -> UUID:
        """Add a contract with one line."""
        contract = self.world.contract(unit, self.rarely(UNKNOWN, self.one(DIGITS)), self.company_of(unit))
        return self.world.contract_line(
            contract, self.one(("time_and_materials", "time_and_materials", "fixed_price"))
        )

    def project(self) -> UUID:
        """Add a project in any situation."""
        unit = self.one(self.units)
        stage = self.one(("sold", "sold", "sold", "presales", "internal", "closed"))
        line = self.contract_line(unit) if stage in {"sold", "closed"} else None
        return self.world.project(unit, stage, line, self.company_of(unit))

    def price_lists(self) -> None:
        """Lists with gaps, overlaps and missing dates; lines for some roles and some units."""
        for _ in self.times(1, 6):
            starts, ends = sorted((self.one(DAYS), self.one(DAYS)))
            if self.draw(st.booleans()):  # or long, so that several cover a day
                starts, ends = DAYS[0], DAYS[-1]
            dates = (self.rarely(None, starts), self.rarely(None, ends))
            contracts = self.world.tables["operations_contract"]
            if contracts and self.draw(st.booleans()):
                contract = self.one(contracts)
                currency = self.rarely(self.one(DIGITS), contract["currency_code"])
                price_list = self.world.price_list(currency, *dates, contract=contract["id"])
            else:
                price_list = self.world.price_list(self.one(DIGITS), *dates, unit=self.one(self.units))
            for role in self.roles:
                for unit in (None, *self.units):
                    if self.draw(st.integers(0, 2)):
                        per = self.rarely("day", "hour")
                        self.world.role_price(price_list, role, self.draw(PRICES), unit, per=per)

    def records(self) -> None:
        """Draw time entries and documents, and land the documents."""
        world = self.world
        for _ in self.times(0, 5):
            project = self.one(self.projects)
            company = self.rarely(
                self.one(COMPANIES), world.by_id("operations_project")[project]["company_code"]
            )
            minutes = self.draw(st.integers(1, 1440))
            world.time(
                self.one(self.resources), project, self.one(self.roles), self.one(DAYS), minutes, company
            )
        for _ in self.times(0, 5):
            self.document()
        for map_name, table in (
            ("msdyn_expenses", "operations_expense"),
            ("msdyn_projectvendorinvoicelines", "operations_vendor_invoice_line"),
        ):
            for batch in sorted({row["batch_id"] for row in world.tables[table]}):
                world.land(map_name, batch)

    def document(self) -> None:
        """Draw one line of a posted document."""
        project = self.rarely(self.missing, self.one(self.projects))
        known = self.world.by_id("operations_project").get(project)
        currency = self.rarely(UNKNOWN, self.one(DIGITS))
        digits = DIGITS.get(currency, 2)
        amount = self.draw(st.decimals(Decimal(-5000), Decimal(5000), places=digits))
        is_expense = self.draw(st.booleans())
        given: dict[str, Any] = {
            "company_code": self.rarely(self.one(COMPANIES), known["company_code"] if known else "GB01"),
            "currency_code": currency,
            "quantity": self.draw(st.decimals(Decimal(-99), Decimal(99), places=3)),
            "unit_price": self.draw(PRICES),
            "exchange_rate": self.draw(st.decimals(Decimal(1), Decimal(200), places=6)),
            "accounting_amount": self.draw(st.decimals(Decimal(-5000), Decimal(5000), places=2)),
            "transaction_date": self.one(DAYS),
            "accounting_date": self.one(DAYS),
            # Deliveries of two maps share one numbering.
            "batch_id": self.draw(st.integers(1, 2)) + 2 * is_expense,
        }
        category = self.rarely(self.missing, self.one(self.categories))
        if is_expense:
            given["resource_code"] = self.one(("resource-1", "resource-2", "nobody"))
            self.world.expense(project, category, amount, **given)
        else:
            self.world.vendor_invoice_line(project, category, amount, **given)

    def change(self) -> None:
        """Change how one project is paid, as sales or a project manager would; the missing one may appear."""
        if self.draw(st.booleans()):
            project = self.world.by_id("operations_project")[self.one(self.projects)]
            project["stage"] = self.one(("sold", "sold", "presales", "internal", "closed"))
            if project["stage"] == "sold" and project["contract_line_id"] is None:
                project["contract_line_id"] = self.contract_line(project["unit_id"])
                self.world.load()
            with connections[OPERATIONS].cursor() as cursor:
                cursor.execute(
                    "update operations_project set stage = %s, contract_line_id = %s where id = %s",
                    [project["stage"], project["contract_line_id"], project["id"]],
                )
        elif self.missing not in self.projects and self.draw(st.booleans()):
            self.project()
            self.world.tables["operations_project"][-1]["id"] = self.missing
            self.projects.append(self.missing)
            self.world.load()


def person(name: str) -> Actor:
    return Actor(name, frozenset({"resource", "project_manager"}), None)


@pytest.mark.usefixtures("databases")
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_the_engine_makes_what_the_model_makes(data: st.DataObject) -> None:
    empty()
    builder = Builder(data.draw)
    builder.set_up()
    builder.price_lists()
    builder.records()
    world = builder.world.load()
    model = Model(world)

    for round_of in range(2):
        submitter, approver = data.draw(st.sampled_from([("ann", "max"), ("max", "max"), ("ann", "ann")]))
        for company in COMPANIES:
            submit_entries(actor=person(submitter), company=company)
            model.submit(company, submitter)
        builder.change()
        for company in COMPANIES:
            approve_entries(actor=person(approver), company=company)
            model.approve_entries(company, approver)
            approve_documents(actor=JOB, company=company)
            model.approve_documents(company, "system")
        if round_of == 0:
            builder.change()

    assert read_books() == model.books
