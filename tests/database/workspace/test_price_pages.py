"""The pages of prices: every price of an actual explains itself, and an hour can be asked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from tests.database.operations.ledger import JOB, rows
from tests.database.reconciliation.world import collected
from tests.database.workspace.actuals_world import ACTUALS, COMPANY, Worked, page, recorded, worked
from tests.database.workspace.time_world import place
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.operations.approvals.actions import approve_documents

LogIn = Callable[..., Client]
PRICES = f"/companies/{COMPANY}/prices/"


@pytest.fixture
def world(databases: None) -> World:
    WorkingWorld()
    return World(currencies=())


@pytest.fixture
def work(world: World) -> Worked:
    return worked(world)


def address(source: object, transaction_type: str, *, reversal: bool = False) -> str:
    [(key,)] = rows(
        "select id from operations_actual where source_id = %s and transaction_type = %s"
        " and (reverses_id is not null) = %s and billing_type <> 'non_chargeable'",
        source,
        transaction_type,
        reversal,
    )
    return f"{ACTUALS}{key}/price/"


def test_every_price_of_the_grid_opens_its_explanation(work: Worked, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    text = page(client, ACTUALS, project=work.at.project)
    for (key,) in rows("select id from operations_actual"):
        assert f'href="{ACTUALS}{key}/price/"' in text
        assert "<dt>Price list</dt>" in page(client, f"{ACTUALS}{key}/price/")


def test_the_price_of_an_actual_is_taken_apart(work: Worked, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    text = page(client, address(work.plain, "unbilled_sales"))
    assert "8 &times; 200.00 = <strong>1,600.00 USD</strong>" in text
    assert "<dt>Price</dt><dd><strong>200.00 USD</strong></dd>" in text
    assert f"<dt>Line</dt><dd>role {work.at.role}: 200.00 per hour</dd>" in text
    assert "<dt>Reason</dt><dd>role_price: a line of a role price list, or its override</dd>" in text
    assert "No price" not in text
    text = page(client, address(work.taken_back, "cost", reversal=True))
    assert "\N{MINUS SIGN}4 &times; 100.00 = <strong>\N{MINUS SIGN}400.00 USD</strong>" in text
    assert f'reverses <a href="{address(work.taken_back, "cost")}">' in text


def test_the_trace_and_the_actuals_lead_to_each_other(work: Worked, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    collected()
    source = f"/companies/{COMPANY}/trace/?id={work.plain}"
    assert f'href="{source}"' in page(client, ACTUALS, project=work.at.project)
    text = page(client, source)
    assert f'<a href="{address(work.plain, "cost")}">why this price</a>' in text
    assert f'<a href="{address(work.plain, "unbilled_sales")}">why this price</a>' in text


def test_a_price_of_0_says_why_and_what_mends_it(world: World, log_in: LogIn) -> None:
    work = worked(world)
    rows("update operations_price_list set is_active = false returning id")
    client = log_in("project_accountant")
    asked = {
        "project": work.at.project,
        "resource": work.at.resource,
        "role": work.at.role,
        "date": "2025-03-03",
    }
    text = page(client, PRICES, **asked)
    assert text.count("<strong>No price</strong>") == 2
    assert "no_price_list: no list of the unit, contract or subcontract covers the date" in text
    assert "Give the unit, contract or subcontract an active list that covers the date." in text
    # What was recorded stays as it was recorded.
    assert "No price" not in page(client, address(work.plain, "cost"))


def test_a_document_born_in_finance_has_no_trace_and_says_so(work: Worked, log_in: LogIn) -> None:
    key = recorded(COMPANY, "cost", "expense", 50, source_kind="expense", price_reason="posted_amount")
    text = page(log_in("auditor"), f"{ACTUALS}{key}/price/")
    assert "<dt>Reason</dt><dd>cost of a document born in finance, as posted there</dd>" in text
    assert "No price" not in text


def test_what_finance_posted_is_sold_by_a_line_or_at_cost_and_says_which(world: World, log_in: LogIn) -> None:
    at = place(world, COMPANY)
    [project] = [key for key, row in world.by_id("operations_project").items() if row["number"] == at.project]
    [prices] = [key for key, row in world.by_id("operations_price_list").items() if row["context"] == "sales"]
    priced, bare = world.category(), world.category()
    line = {"method": "markup_over_cost", "price": None, "percent": Decimal(10), "version": 1}
    world.add("operations_category_price", price_list_id=prices, category_id=priced, unit="each", **line)
    given = {"company_code": COMPANY, "currency_code": "USD"}
    lines = [world.vendor_invoice_line(project, one, "75.50", **given) for one in (priced, bare)]
    world.land("msdyn_projectvendorinvoicelines")
    world.load()
    approve_documents(actor=JOB, company=COMPANY)
    client = log_in("auditor")
    text = page(client, address(lines[0], "unbilled_sales"))
    assert "<dt>Line</dt><dd>category category-1: 10 % over cost</dd>" in text
    assert "<dt>Cost</dt><dd>75.50 USD</dd>" in text
    assert "<strong>83.05 USD</strong>" in text
    text = page(client, address(lines[1], "unbilled_sales"))
    assert "<dt>Line</dt><dd>none for it; what finance posted is then sold at what it cost</dd>" in text
    assert "<dt>Cost</dt><dd>75.50 USD</dd>" in text
    assert "No price" not in text


def test_an_hour_is_explained_as_the_command_explains_it(world: World, log_in: LogIn) -> None:
    at = place(world, COMPANY)
    client = log_in("auditor")
    asked = {"project": at.project, "resource": at.resource, "role": at.role, "date": "2025-03-03"}
    text = page(client, PRICES, **asked)
    assert "<strong>100.00 USD</strong>" in text
    assert "<strong>200.00 USD</strong>" in text
    assert f'value="{at.project}"' in text
    assert page(client, PRICES).count('aria-invalid="true"') == 0


def test_an_expense_is_explained_too(world: World, log_in: LogIn) -> None:
    """Nobody lists taxis: they cost what is typed, and are sold for nothing, with the reason."""
    at, taxi = place(world, COMPANY), world.category()
    world.load()
    [(code,)] = rows("select code from operations_category where id = %s", taxi)
    asked = {"project": at.project, "category": code, "typed": "12.50 usd", "date": "2025-03-03"}
    text = page(log_in("auditor"), PRICES, **asked)
    assert f"<h2>One each of category {code} on {at.project}, 2025-03-03</h2>" in text
    assert "<strong>12.50 USD</strong>" in text
    assert "typed_price: as typed on the entry" in text
    assert "no_category_price: the list has no line for the category and unit" in text


def test_a_price_over_cost_says_what_it_cost(world: World, log_in: LogIn) -> None:
    at = place(world, COMPANY)
    rows(
        "update operations_role_price set method = 'markup_over_cost', price = null, percent = 12.5"
        " where price = 200 returning id"
    )
    asked = {"project": at.project, "resource": at.resource, "role": at.role, "date": "2025-03-03"}
    text = page(log_in("auditor"), PRICES, **asked)
    assert f"<dt>Line</dt><dd>role {at.role}: 12.5 % over cost</dd>" in text
    assert "<dt>Cost</dt><dd>100.00 USD</dd>" in text
    assert "<strong>112.50 USD</strong>" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": ""}, "Fill this in."),
        ({"date": "yesterday"}, "A day is written 2025-01-31."),
        ({"dimensions": "colour"}, "A dimension is written NAME=VALUE"),
        ({"typed": "12.50"}, "An amount and its currency are written 12.50 EUR."),
        ({"category": "TAXI", "product": "ROPE"}, "Ask for a category or a product."),
        ({"category": "TAXI"}, "category TAXI is not set up in company USMF."),
        ({"resource": "NOBODY\0"}, "resource NOBODY is not set up in company USMF."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    world: World, log_in: LogIn, change: dict[str, str], said: str
) -> None:
    at = place(world, COMPANY)
    asked = {"project": at.project, "resource": at.resource, "role": at.role, "date": "2025-03-03"}
    assert said in page(log_in("auditor"), PRICES, 400, **{**asked, **change})


def test_companies_are_a_boundary(work: Worked, log_in: LogIn) -> None:
    client = log_in("auditor", companies=["DE01"])
    assert client.get(address(work.plain, "cost")).status_code == 403
    assert client.get(PRICES).status_code == 403
    text = page(log_in("auditor", name="ada"), f"{ACTUALS}{uuid4()}/price/", 404)
    assert "There is no such actual" in text
