"""The pages of journals: drafts with lines, corrections with their preview, confirmed by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.database.operations.ledger import count, rows
from tests.database.workspace.time_world import Place, entered, place, press
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.workspace.templatetags.figures import MINUS

LogIn = Callable[..., Client]
LIST = "/companies/USMF/journals/"


@pytest.fixture
def at(databases: None) -> Place:
    WorkingWorld()
    return place(World(currencies=()))


def people(log_in: LogIn) -> tuple[Client, Client]:
    """Return who makes journals and who confirms them."""
    return log_in("project_accountant", name="ada"), log_in("project_accountant", name="cleo")


def made(client: Client, of: str = "entry", number: str = "J1") -> str:
    answer = client.post(LIST, {"journal_type": of, "number": number, "description": "moved"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def typed(at: Place, **other: str) -> dict[str, Any]:
    return {
        "do": "enter",
        "line_number": "1",
        "transaction_type": "cost",
        "transaction_class": "time",
        "date": "2025-03-03",
        "project": at.project,
        "role": at.role,
        "quantity": "8",
        **other,
    }


def text_of(client: Client, address: str, status: int = 200, **data: Any) -> str:
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return " ".join(answer.content.decode().split())


def test_an_entry_journal_from_the_form_to_its_actuals(at: Place, log_in: LogIn) -> None:
    maker, confirmer = people(log_in)
    page = made(maker)
    assert "Line 1 saved." in text_of(maker, page, **typed(at))
    sale = typed(at, line_number="2", transaction_type="unbilled_sales", price="199.5", tax="3")
    text = text_of(maker, page, **sale)
    for cell in ("800.00", "1,596.00", "1,599.00"):
        assert f">{cell}</td>" in text, cell
    # Nobody confirms what they made.
    assert "ACCESS-112" in text_of(maker, page, status=409, do="confirm")
    assert "Confirmed. Actuals reversed: 0, made: 2." in text_of(confirmer, page, do="confirm")
    assert rows("select transaction_type, amount from operations_actual order by id") == [
        ("cost", Decimal(800)),
        ("unbilled_sales", Decimal(1596)),
    ]
    text = text_of(confirmer, page)
    assert "confirmed by cleo" in text
    assert 'value="confirm"' not in text
    assert re.search(r'data-journal="J1".*?Confirmed</td><td class="number">2<', text_of(maker, LIST))
    assert "JRN-121" in text_of(confirmer, page, status=409, do="confirm")


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(at: Place, log_in: LogIn) -> None:
    maker, _ = people(log_in)
    page = made(maker)
    text = text_of(maker, page, status=400, **typed(at, project="P-0", quantity="x", description="keep me"))
    assert 'data-wrong="quantity"' in text
    assert 'value="keep me"' in text
    assert 'data-wrong="project"' in text_of(maker, page, status=400, **typed(at, project="P-0"))
    text = text_of(maker, page, status=400, **typed(at, transaction_class="fee", price="5"))
    assert "(JRN-106)" in text
    assert count("operations_open_journal_line") == 0


def test_a_line_is_changed_and_removed(at: Place, log_in: LogIn) -> None:
    maker, _ = people(log_in)
    page = made(maker)
    text_of(maker, page, **typed(at))
    assert "LOAD-210" in text_of(maker, page, status=400, **typed(at, quantity="4"))
    form = text_of(maker, f"{page}?line=1")
    assert 'name="quantity" value="8"' in form
    assert 'value="change"' in form
    assert "Line 1 saved." in text_of(maker, page, **typed(at, do="change", quantity="4", price="75"))
    assert rows("select quantity::int, price::int, price_reason from operations_open_journal_line") == [
        (4, 75, "typed_price")
    ]
    text = text_of(maker, page, status=400, **typed(at, do="change", transaction_class="fee"))
    assert "(JRN-106)" in text
    assert rows("select quantity::int from operations_open_journal_line") == [(4,)], "as it was"
    assert "Removed: 1." in text_of(maker, page, do="remove", line="1")
    assert "Deleted: 0 lines" in text_of(maker, page, do="delete")


@pytest.mark.parametrize("role", ["resource", "project_manager", "auditor", "billing_administrator"])
def test_others_look_but_do_not_touch(at: Place, log_in: LogIn, role: str) -> None:
    maker, _ = people(log_in)
    page = made(maker)
    text_of(maker, page, **typed(at))
    other = log_in(role, name="olaf")
    assert 'id="new-journal"' not in text_of(other, LIST)
    text = text_of(other, page)
    assert '<button class="button' not in text.split('id="content"')[1]
    for button in ("confirm", "delete", "remove", "enter"):
        assert "ACCESS-101" in text_of(other, page, status=403, **typed(at, do=button))
    assert other.post(LIST, {"journal_type": "entry"}).status_code == 403


def test_journals_of_another_company_are_not_there(at: Place, log_in: LogIn) -> None:
    maker, _ = people(log_in)
    page = made(maker)
    stranger = log_in("project_accountant", name="dora", companies=["DEMF"])
    assert stranger.get(page).status_code == 403
    assert stranger.post(page, {"do": "delete"}).status_code == 403
    assert "JRN-120" in text_of(maker, f"{LIST}J77/", status=409)


def approved(log_in: LogIn, at: Place) -> tuple[UUID, str]:
    entry = entered(log_in("resource", name="rita"), at)
    press(log_in("resource", name="rolf"), "/companies/USMF/time/", "submit", entry)
    press(log_in("project_manager", name="max"), "/companies/USMF/approvals/", "approve", entry)
    return entry, str(rows("select external_id from operations_entry")[0][0])


def test_a_correction_is_previewed_and_confirmed(at: Place, log_in: LogIn) -> None:
    maker, confirmer = people(log_in)
    _, name = approved(log_in, at)
    rows(
        "insert into operations_task (project_id, number, name, version)"
        " select id, 'T1', '', 1 from operations_project returning 1"
    )
    page = made(maker, "time_correction", "C1")
    text = text_of(maker, page, do="take", names=f"{name}, nothing")
    assert "Taken: 2 actuals of 1. Not known: nothing." in text
    assert f'data-held="{name}"' in text
    assert "There is no role king" in text_of(maker, page, status=400, do="values", role="king")
    assert "Say the project of the task too." in text_of(maker, page, status=400, do="values", task="T1")
    text = text_of(maker, page, do="values", project=at.project, task="T1", date="2025-03-04")
    assert text.count("Reversing</td>") == text.count("Corrected</td>") == 2
    for cell in (f"{MINUS}800.00", "800.00", f"{MINUS}1,600.00", "1,600.00"):
        assert f">{cell}</td>" in text, cell
    assert count("operations_actual") == 2, "a preview writes nothing"
    assert "Confirmed. Actuals reversed: 2, made: 2." in text_of(confirmer, page, do="confirm")
    assert (
        rows(
            "select t.number, a.transaction_date::text from operations_actual as a"
            " join operations_task as t on t.id = a.task_id order by 1"
        )
        == [("T1", "2025-03-04")] * 2
    )


def test_another_subcontract_is_named_and_cleared(at: Place, log_in: LogIn) -> None:
    """8 hours of 800 cost 600 by the purchase list of SUB1; what is cleared costs 800 again."""
    maker, _ = people(log_in)
    _, name = approved(log_in, at)
    world = World(currencies=(), prefix="S")
    subcontract = world.subcontract("USMF", "USD", number="SUB1", name="Riggers")
    [(role,)] = rows("select id from operations_role where code = %s", at.role)
    world.role_price(world.price_list("USD", subcontract=subcontract), role, "75")
    world.load()
    page = made(maker, "time_correction", "C1")
    text_of(maker, page, do="take", names=name)
    assert "There is no subcontract SUB9" in text_of(maker, page, status=400, do="values", subcontract="SUB9")
    both = {"subcontract": "SUB1", "clears_subcontract": "on"}
    assert "Subcontract SUB1 is named, and there is to be none." in text_of(
        maker, page, status=400, do="values", **both
    )
    text = text_of(maker, page, do="values", subcontract="SUB1")
    assert 'name="subcontract" value="SUB1"' in text
    assert (text.count("<td>SUB1</td>"), text.count(">600.00</td>")) == (2, 2)
    rows("update operations_subcontract set status = 'closed' returning 1")
    text = text_of(maker, page)
    assert f"{name} is under subcontract SUB1, which is closed." in text
    text = text_of(maker, page, do="values", clears_subcontract="on")
    assert 'name="clears_subcontract" type="checkbox" checked' in text
    assert "SUB1" not in text.split("Preview")[1]
    assert text.count(">800.00</td>") == 2


def test_what_is_in_the_way_of_a_correction_is_said(at: Place, log_in: LogIn) -> None:
    maker, confirmer = people(log_in)
    entry, name = approved(log_in, at)
    page = made(maker, "time_correction", "C1")
    text_of(maker, page, do="take", names=name)
    assert "JRN-124" in text_of(confirmer, page, status=409, do="confirm")
    text_of(maker, page, do="values", date="2025-03-04")
    rows("update operations_project set stage = 'closed' returning 1")
    assert "INT-701" in text_of(maker, page)
    assert "Not confirmed. Refused: 1." in text_of(confirmer, page, do="confirm")
    assert "Given back: 2 actuals." in text_of(maker, page, do="give_back", source=str(entry))
    other = made(maker, "expense_correction", "C2")
    assert f"Not known: {name}." in text_of(maker, other, do="take", names=name)


def test_a_cancellation_takes_the_lines_of_a_journal(at: Place, log_in: LogIn) -> None:
    maker, confirmer = people(log_in)
    page = made(maker)
    text_of(maker, page, **typed(at))
    text_of(maker, page, **typed(at, line_number="2", quantity="1"))
    text_of(confirmer, page, do="confirm")
    cancellation = made(maker, "cancellation", "X1")
    assert "Taken: 1 actuals of 1." in text_of(maker, cancellation, do="take", names="J1/2")
    text = text_of(maker, cancellation, do="take", names="J1")
    assert "Taken: 1 actuals of 1. Held before: 1." in text
    assert "New values" not in text
    assert "Confirmed. Actuals reversed: 2, made: 0." in text_of(confirmer, cancellation, do="confirm")
    assert rows("select sum(amount)::int, count(*) from operations_actual") == [(0, 4)]
