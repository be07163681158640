"""Expenses, material usage, and what all entries have: changes, a history, the firm's own fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.database.operations.ledger import count, rows
from tests.database.workspace.time_world import Place, entered, place, press, shown
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.kernel.access import Actor, Role
from tieout.kernel.problems import Problem
from tieout.loading.typed_entries import enter_entry

LogIn = Callable[..., Client]
HOME = "/companies/USMF/"
TIME, APPROVALS = f"{HOME}time/", f"{HOME}approvals/"
EXPENSES, MATERIALS = f"{HOME}expenses/", f"{HOME}materials/"
_CATEGORY = "insert into operations_category (code, name, transaction_class, version)"
_PRODUCT = "insert into operations_product (code, name, unit_group, version)"
_RESOURCE = "insert into operations_resource (code, name, unit_id, company_code, user_name, version)"
_DELEGATE = "insert into operations_time_delegate (resource_id, user_name, valid_from, valid_to, version)"
_FIELD = "insert into operations_custom_field (name, title, kind, choices, is_required, version)"


@pytest.fixture
def firm(databases: None) -> World:
    WorkingWorld()
    rows(f"{_CATEGORY} values ('TAXI', 'Taxi', 'expense', 1) returning 1")
    return World(currencies=())


@pytest.fixture
def at(firm: World) -> Place:
    return place(firm)


@pytest.fixture
def worker(at: Place, log_in: LogIn) -> Client:
    return log_in("resource", name="rita")


@pytest.fixture
def manager(at: Place, log_in: LogIn) -> Client:
    return log_in("project_manager", name="max")


def spent(at: Place, **other: str) -> dict[str, str]:
    """Return what the form of an expense of 12.50 USD sends."""
    return {
        "do": "enter",
        "external_id": f"EX-{uuid4()}",
        "resource": at.resource,
        "project": at.project,
        "category": "TAXI",
        "date": "2025-03-03",
        "quantity": "1",
        "unit": "each",
        "price": "12.50",
        "currency": "USD",
        "description": "to the site",
        **other,
    }


def enter(client: Client, page: str, typed: dict[str, str]) -> UUID:
    """Enter an expense or a usage and return its key."""
    answer = client.post(page, typed).content.decode()
    assert f"Entered as draft {typed['external_id']}." in answer, wrong(answer)
    [(key,)] = rows("select id from operations_entry where external_id = %s", typed["external_id"])
    return UUID(str(key))


def typed(record: dict[str, str], *, is_new: bool) -> tuple[Problem, ...]:
    """Enter an expense as rita, or change it, without a page."""
    rita = Actor("rita", frozenset({Role.RESOURCE}), None)
    return enter_entry(actor=rita, company="USMF", entity="expense_entry", record=record, is_new=is_new)


def wrong(text: str) -> list[tuple[str, str]]:
    """Return what stands beside the fields of a form: field and message."""
    return re.findall(r'data-wrong="([^"]+)">([^<]+)<', text)


def fields(text: str) -> dict[str, str]:
    """Return what a form sends as it stands."""
    found = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_an_expense_goes_from_the_form_to_its_actuals(at: Place, worker: Client, manager: Client) -> None:
    entry = enter(worker, EXPENSES, spent(at, quantity="3"))
    text = shown(worker, EXPENSES)
    for cell in ("Taxi", "3 each", "12.50 USD"):
        assert f">{cell}</td>" in text
    assert "Submitted: 1 of 1." in press(worker, EXPENSES, "submit", entry)
    page = f"{APPROVALS}?class=expense"
    assert f'name="billable-{entry}" value="3"' in shown(manager, page)
    assert "Approved: 1 of 1." in press(manager, page, "approve", entry, **{f"billable-{entry}": "2.5"})
    half = Decimal("0.5")
    assert rows(
        "select transaction_type, billing_type, quantity, amount from operations_actual order by 1, 2"
    ) == [
        ("cost", "chargeable", 3, Decimal("37.5")),
        ("unbilled_sales", "chargeable", 2 + half, 0),
        ("unbilled_sales", "non_chargeable", half, 0),
    ]


def test_the_next_entry_begins_where_the_last_was(at: Place, worker: Client) -> None:
    typed = spent(at)
    form = fields(worker.post(EXPENSES, typed).content.decode())
    same = ("resource", "project", "category", "date", "currency")
    assert {name: form[name] for name in same} == {name: typed[name] for name in same}
    assert (form["description"], form["price"], form["quantity"]) == ("", "", "1")
    assert form["external_id"] != typed["external_id"]


def test_the_classes_stand_apart_on_approvals(at: Place, worker: Client, manager: Client) -> None:
    time, expense = str(entered(worker, at)), str(enter(worker, EXPENSES, spent(at)))
    press(worker, TIME, "submit", UUID(time))
    press(worker, EXPENSES, "submit", UUID(expense))
    of_time, of_expense = shown(manager, APPROVALS), shown(manager, f"{APPROVALS}?class=expense")
    assert (time in of_time, expense in of_time) == (True, False)
    assert (time in of_expense, expense in of_expense) == (False, True)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"category": "FEES"}, [("category", "Category FEES is not known.")]),
        ({"unit": "barrel"}, [("unit", "Unit of measure barrel is not known.")]),
        ({"currency": ""}, [("currency", "Currency is missing.")]),
        ({"quantity": "many"}, [("quantity", "Quantity")]),
        ({"quantity": "2000000000"}, [("quantity", "Quantity 2000000000 is not allowed.")]),
        ({"project": "", "category": ""}, [("project", "Project"), ("category", "Category")]),
    ],
)
def test_what_is_wrong_with_an_expense_stands_beside_its_field(
    at: Place, worker: Client, other: dict[str, str], said: list[tuple[str, str]]
) -> None:
    found = wrong(worker.post(EXPENSES, spent(at, **other)).content.decode())
    assert [field for field, _ in found] == [field for field, _ in said]
    assert all(message.startswith(words) for (_, message), (_, words) in zip(found, said, strict=True)), found
    assert count("operations_entry") == 0


def test_material_is_a_product_or_a_write_in(at: Place, worker: Client) -> None:
    rows(f"{_PRODUCT} values ('CABLE', 'Cable', 'length', 1) returning 1")
    typed = spent(at, external_id=f"MU-{uuid4()}", resource="", product_name="Cement", quantity="-2")
    enter(worker, MATERIALS, typed)
    assert ">\N{MINUS SIGN}2 each</td>" in shown(worker, MATERIALS)
    blank = {**typed, "external_id": f"MU-{uuid4()}", "product_name": ""}
    assert wrong(worker.post(MATERIALS, blank).content.decode())[0][0] == "product_name"
    other = {**typed, "external_id": f"MU-{uuid4()}", "product": "CABLE"}
    [(field, message)] = wrong(worker.post(MATERIALS, other).content.decode())
    assert (field, message.startswith("Unit each belongs to group piece, not to length.")) == ("unit", True)
    assert rows("select product_name, quantity, price from operations_entry") == [
        ("Cement", -2, Decimal("12.5"))
    ]


def test_a_rejected_entry_keeps_no_problem_of_its_approval(at: Place, worker: Client, log_in: LogIn) -> None:
    both, manager = log_in("resource", "project_manager", name="eve"), log_in("project_manager", name="max")
    entry = entered(both, at)
    press(both, TIME, "submit", entry)
    assert "Who submits does not approve." in press(both, APPROVALS, "approve", entry)
    press(manager, APPROVALS, "reject", entry)
    assert "Who submits does not approve." not in shown(both, TIME, "returned")


# ---------------------------------------------------------------- one entry


def test_a_draft_is_changed_and_its_history_says_how(at: Place, worker: Client) -> None:
    entry = entered(worker, at)
    page = f"{HOME}entries/{entry}/"
    form = fields(worker.get(page).content.decode())
    assert (form["hours"], form["project"], form["description"]) == ("8", at.project, "drawing")
    answer = worker.post(page, {**form, "hours": "6:30", "description": "drawing the bridge"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert rows("select minutes, description from operations_entry") == [(390, "drawing the bridge")]
    assert rows("select minutes from operations_open_entry") == [(390,)]
    text = shown(worker, page)
    assert "480 minutes -&gt; 390 minutes" in text
    assert "drawing -&gt; drawing the bridge" in text
    assert rows("select event, done_by from operations_entry_event") == [("changed", "rita")]
    worker.post(page, {**form, "hours": "6:30", "description": "drawing the bridge"})
    assert count("operations_entry_event") == 1, "the same again is no change"


def test_what_is_submitted_is_not_changed(at: Place, worker: Client) -> None:
    entry = entered(worker, at)
    page = f"{HOME}entries/{entry}/"
    form = fields(worker.get(page).content.decode())
    press(worker, TIME, "submit", entry)
    answer = worker.post(page, {**form, "hours": "2"})
    assert answer.status_code == 400
    assert "neither a draft nor returned" in answer.content.decode()
    assert '<form class="inside record entry"' not in answer.content.decode()
    assert rows("select minutes from operations_entry") == [(480,)]


def test_what_was_deleted_meanwhile_is_not_changed(at: Place) -> None:
    """Somebody else deletes the draft between the page and its form."""
    (problem,) = typed(spent(at), is_new=False)
    assert (problem.code, problem.message) == ("APR-116", "There is no such entry in the company.")
    assert count("operations_entry") == 0


def test_a_change_fills_no_day_beyond_its_hours(at: Place, worker: Client) -> None:
    entered(worker, at, hours="20")
    entry = entered(worker, at, hours="4")
    page = f"{HOME}entries/{entry}/"
    answer = worker.post(page, {**fields(worker.get(page).content.decode()), "hours": "5"})
    assert "would have 1500 minutes on that day, and 1440 are the most" in answer.content.decode()
    assert rows("select sum(minutes)::int from operations_entry") == [(1440,)]


def test_an_entry_of_another_company_has_no_page(firm: World, worker: Client, log_in: LogIn) -> None:
    WorkingWorld(company="DEMF")
    entry = entered(worker, place(firm, "DEMF"))
    other = log_in("resource", name="eve", companies=["USMF"])
    assert other.get(f"{HOME}entries/{entry}/").status_code == 404
    assert other.post(f"{HOME}entries/{entry}/", {"hours": "1"}).status_code == 404
    assert "Deleted: 0 of 1." in press(other, TIME, "delete", entry)
    assert count("operations_entry") == 1


def test_a_draft_is_deleted_and_what_was_approved_is_not(at: Place, worker: Client, manager: Client) -> None:
    draft, done = entered(worker, at, hours="2"), entered(worker, at, hours="3")
    press(worker, TIME, "submit", done)
    press(manager, APPROVALS, "approve", done)
    press(worker, TIME, "request_recall", done, view="approved")
    press(manager, APPROVALS, "grant", done, view="recall_requested")
    text = press(worker, TIME, "delete", draft, done, view="returned")
    assert "Deleted: 1 of 2. Refused: 1." in text
    assert "it was approved before" in text
    assert rows("select id from operations_entry") == [(done,)]
    assert rows("select entry_id from operations_open_entry") == [(done,)]


# ---------------------------------------------------------------- the firm's own fields, delegates


def declare(name: str, kind: str = "text", choices: str = "", *, required: bool = False) -> None:
    """Declare a custom field of all classes."""
    given = (name, name.capitalize(), kind, choices, required)
    rows(f"{_FIELD} values (%s, %s, %s, %s, %s, 1) returning 1", *given)


def test_a_field_of_the_firm_is_asked_and_travels_to_the_actual(
    at: Place, worker: Client, manager: Client
) -> None:
    declare("shift", "choice", "day|night")
    declare("ticket")
    assert 'name="own-shift"' in shown(worker, TIME)
    entry = entered(worker, at, **{"own-shift": "night", "own-ticket": "A 7"})
    press(worker, TIME, "submit", entry)
    press(manager, APPROVALS, "approve", entry)
    given = [('{"shift": "night", "ticket": "A 7"}',)]
    assert rows("select distinct custom from operations_actual") == given
    assert rows("select distinct custom from operations_entry_journal_line") == given


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("number", "many", "own cannot be many"),
        ("date", "2025-02-30", "own cannot be 2025-02-30"),
        ("choice", "green", "own cannot be green"),
        ("text", "a=b", "A value has neither ; nor =."),
        ("text", "", "Own is needed."),
    ],
)
def test_a_value_is_of_the_kind_that_was_declared(
    at: Place, worker: Client, kind: str, value: str, said: str
) -> None:
    declare("own", kind, "red|blue" if kind == "choice" else "", required=True)
    text = worker.post(EXPENSES, spent(at, **{"own-own": value})).content.decode()
    assert said.lower() in text.lower()
    assert count("operations_entry") == 0


def test_who_is_a_resource_enters_for_themselves_and_as_delegate(at: Place, worker: Client) -> None:
    of_resource = "from operations_resource where code = %s returning 1"
    rows(f"{_RESOURCE} select 'RITA', 'Rita', unit_id, company_code, 'rita', 1 {of_resource}", at.resource)
    refused = worker.post(EXPENSES, spent(at)).content.decode()
    assert wrong(refused)[0][0] == "resource"
    assert "You may not enter for this resource on 2025-03-03." in refused
    enter(worker, EXPENSES, spent(at, resource="RITA"))
    rows(f"{_DELEGATE} select id, 'rita', '2025-03-01', '2025-03-03', 1 {of_resource}", at.resource)
    enter(worker, EXPENSES, spent(at))
    late = worker.post(EXPENSES, spent(at, date="2025-03-04")).content.decode()
    assert "You may not enter for this resource on 2025-03-04." in late
    (problem,) = typed(spent(at, date="2025-03-04"), is_new=True)
    assert problem.code == "ACCESS-111"
    assert count("operations_entry") == 2
