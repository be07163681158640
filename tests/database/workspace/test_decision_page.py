"""The page *What happens when*: for a situation, and for a real project as approval then does it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.database.operations.ledger import rows
from tests.database.workspace.actuals_world import COMPANY, Worked, cells, page, worked
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.operations.actuals.rules import Event, Relation, Situation, consequences
from tieout.workspace.labels import BILLING_LABELS, TYPE_LABELS

LogIn = Callable[..., Client]
PAGE = f"/companies/{COMPANY}/decisions/"


@pytest.fixture
def world(databases: None) -> World:
    WorkingWorld()
    return World(currencies=())


@pytest.fixture
def work(world: World) -> Worked:
    return worked(world)


def verdict(text: str) -> str:
    found = re.search(r'data-verdict="(\w+)"><strong>(.*?)</strong>', text)
    return f"{found[1]}: {found[2]}" if found else ""


def asked(text: str) -> list[str]:
    """Return the row of the table that is marked, and the words of the cells that answer."""
    found = re.search(r'<tbody class="asked" data-asked="(.*?)">(.*?)</tbody>', text)
    if found is None:
        return []
    marked = re.findall(r'<td[^>]*class="answers">(.*?)</td>', found[2])
    return [found[1], *(re.sub(r"<[^>]+>", "", one) for one in marked)]


@pytest.mark.parametrize(
    ("query", "said", "first"),
    [
        ({}, "made: 2 actuals are made.", "Cost actual"),
        ({"event": "approved_decreased"}, "made: 3 actuals are made.", "Cost actual"),
        ({"event": "entry_submitted"}, "none: Nothing happens", "No activity in the Actuals entity"),
        (
            {"event": "invoice_confirmed", "situation": "internal"},
            "refused: Not applicable",
            "Not applicable",
        ),
        ({"situation": "fixed_price", "relation": "different"}, "made: One actual is made.", "Cost actual"),
        (
            {"situation": "fixed_price", "relation": "lent"},
            "made: 3 actuals are made.",
            "Cost actual",
        ),
        ({"event": "nonsense", "relation": "?"}, "made: 2 actuals are made.", "Cost actual"),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_situation_is_answered_and_its_row_marked(
    log_in: LogIn, query: dict[str, str], said: str, first: str
) -> None:
    text = page(log_in("auditor"), PAGE, **query)
    assert verdict(text).startswith(said)
    assert asked(text)[1] == first
    for value in query.values():
        if value not in {"nonsense", "?"}:
            assert f'value="{value}" selected' in text


@pytest.mark.usefixtures("world")
def test_the_answer_says_billing_quantity_currency_travel_posting_status_and_rule(log_in: LogIn) -> None:
    text = page(log_in("auditor"), PAGE, event="invoice_confirmed_decreased")
    reversal, billed, difference = cells(text, "data-made")
    assert reversal[0] == "Unbilled sales, reversal"
    assert reversal[2:5] == [
        "That of the row it reverses, negated",
        "Project contract currency",
        "Skip sync: finance takes it out of the unbilled sales when it posts the invoice",
    ]
    assert reversal[5] == "Nothing: it never arrives."
    assert "billing status customer invoice posted, its adjustment status stays empty" in reversal[6]
    assert billed[0:3] == [
        "Billed sales",
        "Chargeable",
        "The new, smaller quantity; a part of 0 is not written",
    ]
    assert difference[1] == "Non-chargeable"
    assert "invoice proposal" in billed[5]
    assert all(row[7].startswith("Decision table; ") for row in (reversal, billed, difference))
    assert "operations/actuals/decision_table.csv" in text


@pytest.mark.usefixtures("world")
def test_what_finance_posts_is_its_posting_matrix(log_in: LogIn) -> None:
    cost, sale = cells(page(log_in("auditor"), PAGE), "data-made")
    assert cost[4:6] == [
        "Sent to finance",
        (
            "Time entry: debit cost, credit payroll allocation (profit and loss);"
            " debit wip cost value, credit payroll allocation (balance);"
            " a voucher number without ledger entries (no ledger, never ledger)"
        ),
    ]
    assert sale[5] == (
        "Time entry: debit wip sales value, credit accrued revenue (accrued);"
        " a voucher number without ledger entries (not accrued)"
    )
    [cost] = cells(
        page(log_in("auditor", name="ada"), PAGE, situation="internal", **{"class": "expense"}), "data-made"
    )
    assert "Expense report: debit cost, credit expense integration" in cost[5]
    assert "Vendor invoice: debit cost, credit procurement integration" in cost[5]


@pytest.mark.usefixtures("world")
def test_a_milestone_can_be_invoiced_again(log_in: LogIn) -> None:
    text = page(log_in("auditor"), PAGE, event="invoice_corrected_decrease", situation="fixed_price")
    assert "Change in milestone status from Invoiced to Ready for invoice." in text
    [row] = cells(text, "data-made")
    assert row[0] == "Billed sales, reversal"
    assert "adjustment status adjusted" in row[6]


def test_a_project_is_asked_and_approval_does_what_the_page_says(work: Worked, log_in: LogIn) -> None:
    text = page(
        log_in("project_accountant"),
        PAGE,
        ask="project",
        project=work.at.project,
        resource=work.at.resource,
        role=work.at.role,
        task="T1",
        event="approved_decreased",
    )
    assert verdict(text) == "made: 3 actuals are made."
    assert asked(text)[0] == "same approved_decreased time_and_materials"
    told = [(row[0], row[1].split(",")[0]) for row in cells(text, "data-made")]
    recorded = rows(
        "select transaction_type, billing_type, skip_sync from operations_actual where source_id = %s",
        work.on_task,
    )
    assert sorted(told[1:]) == sorted(
        (TYPE_LABELS[kind], BILLING_LABELS[billing]) for kind, billing, _ in recorded if kind != "cost"
    )
    assert [kind for kind, _, _ in recorded].count("cost") == 1
    assert [skipped for _, _, skipped in recorded] == [False] * 3
    assert "takes it: it includes time of all tasks and is billed by time and materials." in text
    assert "It is chargeable there: neither the task nor the role or category says otherwise." in text
    assert "Contracting unit currency: USD" in text
    assert f'value="{work.at.project}"' in text


def test_the_role_makes_it_not_chargeable(work: Worked, log_in: LogIn) -> None:
    rows(
        "update operations_role set default_billing = 'non_chargeable' where code = %s returning id",
        work.at.role,
    )
    text = page(log_in("auditor"), PAGE, ask="project", project=work.at.project, role=work.at.role)
    assert (
        "It is non-chargeable there, because the line, or else the master record, says so of the role."
        in text
    )
    assert cells(text, "data-made")[1][1].startswith("Non-chargeable")


def test_a_class_that_no_line_takes_is_cost_only(work: Worked, log_in: LogIn) -> None:
    rows("update operations_contract_line set include_material = false returning id")
    text = page(log_in("auditor"), PAGE, ask="project", project=work.at.project, **{"class": "material"})
    assert [row[0] for row in cells(text, "data-made")] == ["Cost"]
    assert "No contract line includes material of this project and task" in text
    assert "No resource is named" in text


def test_a_resource_of_another_unit_and_of_another_company(world: World, log_in: LogIn) -> None:
    work = worked(world)
    other, foreign = world.unit(COMPANY, "EUR"), world.unit("DE01", "EUR")
    near, far = world.resource(other, COMPANY), world.resource(foreign, "DE01")
    world.load()
    codes = world.by_id("operations_resource")
    client = log_in("auditor")
    question = {"ask": "project", "project": work.at.project}
    text = page(client, PAGE, **question, resource=codes[near]["code"])
    assert asked(text)[0] == "different approved time_and_materials"
    assert [row[4][:9] for row in cells(text, "data-made")] == [
        "Sent to f",
        "Sent to f",
        "Skip sync",
        "Skip sync",
    ]
    assert "Resourcing unit currency: EUR" in text
    text = page(client, PAGE, **question, resource=codes[far]["code"])
    assert "of company DE01; the project is owned by" in text
    assert [row[4] for row in cells(text, "data-made")] == [
        "Skip sync: the cost comes back to finance with the intercompany invoice",
        "Sent to finance",
        *["Sent to finance, in the books of the resource&#x27;s company"] * 2,
    ]
    assert len(consequences(Relation.OTHER_COMPANY, Event.APPROVED, Situation.TIME_AND_MATERIALS)) == 4


def test_a_closed_project_takes_nothing(work: Worked, log_in: LogIn) -> None:
    rows("update operations_project set stage = 'closed' where number = %s returning id", work.at.project)
    text = page(log_in("auditor"), PAGE, ask="project", project=work.at.project)
    assert verdict(text).startswith("refused: The project is closed")
    assert asked(text) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("project", f"There is no project NONE in company {COMPANY}."),
        ("resource", "There is no resource NONE."),
        ("task", "There is no task NONE in project"),
        ("role", "There is no role NONE."),
        ("category", "There is no category NONE."),
    ],
)
def test_what_is_named_wrongly_is_said_beside_its_field(
    work: Worked, log_in: LogIn, field: str, said: str
) -> None:
    question = {"ask": "project", "project": work.at.project, field: "NO\0NE"}
    text = page(log_in("auditor"), PAGE, 400, **question)
    assert re.search(rf'id="{field}-wrong">{re.escape(said)}', text)
    assert verdict(text) == ""


def test_a_project_of_another_company_is_not_known(world: World, log_in: LogIn) -> None:
    project = world.project(world.unit("DE01", "EUR"), company="DE01")
    world.load()
    number = world.by_id("operations_project")[project]["number"]
    assert log_in("auditor", companies=["DE01"]).get(PAGE).status_code == 403
    client = log_in("auditor", name="ada")
    text = page(client, PAGE, 400, ask="project", project=number)
    assert f"There is no project {number} in company {COMPANY}." in text
    assert "Name a project." in page(client, PAGE, 400, ask="project", project="")
