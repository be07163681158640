"""Time entries and approvals on their pages: what is shown, pressed, refused (operations spec 5.1 to 5.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.database.operations.ledger import count, rows
from tests.database.workspace.time_world import Place, entered, place, press, shown, typed
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.operations.approvals import queries

LogIn = Callable[..., Client]
TIME, APPROVALS = "/companies/USMF/time/", "/companies/USMF/approvals/"


@pytest.fixture
def firm(databases: None) -> World:
    """A company in both sides; a project of it is added by :func:`place`."""
    WorkingWorld()
    return World(currencies=())


@pytest.fixture
def at(firm: World) -> Place:
    return place(firm)


def people(log_in: LogIn) -> tuple[Client, Client]:
    """Return who works and who approves."""
    return log_in("resource", name="rita"), log_in("project_manager", name="max")


def submitted(log_in: LogIn, at: Place) -> tuple[Client, Client, UUID]:
    worker, manager = people(log_in)
    entry = entered(worker, at)
    assert "Submitted: 1 of 1." in press(worker, TIME, "submit", entry)
    return worker, manager, entry


def approved(log_in: LogIn, at: Place) -> tuple[Client, Client, UUID]:
    worker, manager, entry = submitted(log_in, at)
    assert "Approved: 1 of 1." in press(manager, APPROVALS, "approve", entry)
    return worker, manager, entry


def state(entry: UUID) -> str:
    return str(rows("select state from operations_entry_state where entry_id = %s", entry)[0][0])


def actuals_shown(text: str) -> list[str]:
    return re.findall(r"<div data-actual>([^<]+)</div>", text)


# ---------------------------------------------------------------- entering


def test_a_draft_is_entered_and_shown(at: Place, log_in: LogIn) -> None:
    worker = log_in("resource", name="rita")
    entry = entered(worker, at, hours="7:20")
    assert rows("select minutes, date::text, description, entered_by from operations_entry") == [
        (440, "2025-03-03", "drawing", "rita")
    ]
    text = shown(worker, TIME)
    assert f'value="{entry}"' in text
    for cell in ("7:20", "drawing", at.resource, at.role):
        assert f">{cell}</td>" in text
    assert f'<td>{at.project}<small class="remedy">' in text
    assert shown(worker, TIME, "submitted").count("Nothing here.") == 1


def test_a_task_is_one_of_the_project(at: Place, log_in: LogIn) -> None:
    rows(
        "insert into operations_task (project_id, number, name, version)"
        " select id, 'T-' || number, 'Design', 1 from operations_project returning 1"
    )
    worker = log_in("resource", name="rita")
    entered(worker, at, task=f"T-{at.project}")
    assert f"<td>T-{at.project}</td>" in shown(worker, TIME)
    wrong = worker.post(TIME, typed(at, task="T-P-1-USMF")).content.decode()
    assert "Task T-P-1-USMF is not known." in wrong
    assert count("operations_entry") == 1


def test_own_resource_is_offered_first(firm: World, at: Place, log_in: LogIn) -> None:
    rows("update operations_resource set user_name = 'rita' where code = %s returning 1", at.resource)
    assert f'name="resource" value="{at.resource}"' in shown(log_in("resource", name="rita"), TIME)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("resource", "nobody", "Resource nobody is not known."),
        ("project", "P-0", "Project P-0 is not known."),
        ("role", "king", "Role king is not known."),
        ("task", "T-0", "Task T-0 is not known."),
        ("date", "3.3.2025", "Date 3.3.2025"),
        ("hours", "25", "Hours 25 is not allowed. Correct"),
        ("hours", "-1", "Hours -1 is not allowed. Correct"),
        ("hours", "0.01", "Write hours as 7.5 or 7:30, in whole minutes."),
        ("role", "", "Role is missing."),
        ("project", "", "Project is missing."),
        ("type", "sleep", "Type"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    at: Place, log_in: LogIn, field: str, value: str, said: str
) -> None:
    answer = log_in("resource").post(TIME, typed(at, **{field: value}))
    text = answer.content.decode()
    assert re.search(rf'data-wrong="{field}">{re.escape(said)}', text), text
    assert 'value="drawing"' in text, "what was typed stays"
    assert count("operations_entry") == 0


def test_records_of_another_company_are_not_named(firm: World, at: Place, log_in: LogIn) -> None:
    WorkingWorld(company="DEMF")
    other = place(firm, "DEMF")
    worker = log_in("resource", companies=["USMF"])
    assert other.project not in shown(worker, TIME)
    text = worker.post(TIME, typed(at, project=other.project, resource=other.resource)).content.decode()
    assert f"Project {other.project} is not known." in text
    assert f"Resource {other.resource} is not known." in text
    assert "DEMF" not in text
    assert count("operations_entry") == 0


def test_the_form_sent_twice_enters_one_entry(at: Place, log_in: LogIn) -> None:
    worker, number = log_in("resource"), uuid4()
    for _ in range(2):
        assert "Entered as draft" in worker.post(TIME, typed(at, number)).content.decode()
    text = worker.post(TIME, typed(at, number, hours="6")).content.decode()
    assert "already there with other content: hours is 480 minutes" in text.lower()
    assert rows("select minutes from operations_entry") == [(480,)]


# ---------------------------------------------------------------- who may do what


@pytest.mark.parametrize("role", ["auditor", "project_manager", "ap_clerk", "administrator"])
def test_who_may_not_submit_reads_only(at: Place, log_in: LogIn, role: str) -> None:
    entry = entered(log_in("resource", name="rita"), at)
    client = log_in(role)
    text = shown(client, TIME)
    assert "drawing" in text
    assert 'name="do"' not in text
    for data in (typed(at), {"do": "submit", "entry": str(entry)}, {"do": "submit"}):
        answer = client.post(TIME, data)
        assert (answer.status_code, "ACCESS-101" in answer.content.decode()) == (403, True)
    assert state(entry) == "draft"
    assert count("operations_entry") == 1


@pytest.mark.parametrize("role", ["auditor", "resource", "project_accountant", "administrator"])
def test_who_may_not_approve_reads_only(at: Place, log_in: LogIn, role: str) -> None:
    _, _, entry = submitted(log_in, at)
    client = log_in(role)
    text = shown(client, APPROVALS)
    assert "1,600.00" in text
    for field in ('name="do"', 'name="billable-', 'name="billing-', 'name="entry"'):
        assert field not in text
    for do in ("approve", "reject", "grant", "refuse", "cancel"):
        assert client.post(APPROVALS, {"do": do, "entry": str(entry)}).status_code == 403
    assert state(entry) == "submitted"


def test_a_company_is_a_boundary_of_what_is_pressed(firm: World, at: Place, log_in: LogIn) -> None:
    WorkingWorld(company="DEMF")
    other = place(firm, "DEMF")
    worker = log_in("resource", name="dora", companies=["DEMF"])
    foreign = entered(log_in("resource", name="rita"), at)
    own = entered(worker, other)
    assert worker.post(TIME, {"do": "submit", "entry": str(foreign)}).status_code == 403
    text = press(worker, "/companies/DEMF/time/", "submit", foreign, own)
    assert "Submitted: 1 of 2." in text
    assert (state(foreign), state(own)) == ("draft", "submitted")
    assert str(foreign) not in shown(worker, "/companies/DEMF/time/")
    manager = log_in("project_manager", name="max")
    assert press(manager, APPROVALS, "approve", own).count("Approved: 0 of 1.") == 1
    assert state(own) == "submitted"


def test_a_button_of_another_page_is_none(at: Place, log_in: LogIn) -> None:
    _, manager, entry = submitted(log_in, at)
    for data in (
        {"do": "cancel", "entry": str(entry)},
        {"do": "approve"},
        {"do": "approve", "entry": "x"},
        {},
    ):
        assert manager.post(APPROVALS, data).status_code == 400
    for comment in ("x" * 401, "which\0"):
        data = {"do": "reject", "entry": str(entry), "comment": comment}
        assert manager.post(APPROVALS, data).status_code == 400
    assert state(entry) == "submitted"


# ---------------------------------------------------------------- approving


def test_prices_and_amounts_stand_beside_the_entry(at: Place, log_in: LogIn) -> None:
    _, manager, entry = submitted(log_in, at)
    text = shown(manager, APPROVALS)
    assert '100.00 USD<small class="remedy">a line of a role price list, or its override</small>' in text
    assert "200.00 USD" in text
    assert '<td class="number">800.00</td>' in text
    assert '<td class="number">1,600.00</td>' in text
    assert f'name="billable-{entry}" value="8"' in text
    assert "As submitted (chargeable)" in text
    assert "<td>rita</td>" in text


def test_a_price_of_nothing_says_why(firm: World, log_in: LogIn) -> None:
    _, manager, _ = submitted(log_in, place(firm, priced=False))
    assert (
        shown(manager, APPROVALS).count(
            '0.00 USD <span class="mark warn">no price</span>'
            '<small class="remedy">no list of the unit, contract or subcontract covers the date</small>'
        )
        == 2
    )


def test_fewer_billable_hours_make_three_actuals(at: Place, log_in: LogIn) -> None:
    _, manager, entry = submitted(log_in, at)
    press(manager, APPROVALS, "approve", entry, **{f"billable-{entry}": "6"})
    assert actuals_shown(shown(manager, APPROVALS, "approved")) == [
        "Cost: 8 h, 800.00 USD",
        "Unbilled sales, chargeable: 6 h, 1,200.00 USD",
        "Unbilled sales, non-chargeable: 2 h, 400.00 USD",
    ]
    assert "Nothing here." in shown(manager, APPROVALS)


def test_another_billing_type_and_the_same_hours(at: Place, log_in: LogIn) -> None:
    _, manager, entry = submitted(log_in, at)
    change = {f"billable-{entry}": "8", f"billing-{entry}": "complimentary"}
    press(manager, APPROVALS, "approve", entry, **change)
    assert rows("select billable, billing_type from operations_approval") == [(None, "complimentary")]
    assert actuals_shown(shown(manager, APPROVALS, "approved"))[1:] == [
        "Unbilled sales, complimentary: 8 h, 1,600.00 USD"
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("a lot", "Write hours as 7.5 or 7:30"),
        ("25", "<strong>APR-108</strong> A billable quantity of 1500 of TE-"),
    ],
)
def test_absurd_hours_are_refused_in_their_row(at: Place, log_in: LogIn, hours: str, said: str) -> None:
    worker, manager, entry = submitted(log_in, at)
    good = entered(worker, at)
    press(worker, TIME, "submit", good)
    text = press(manager, APPROVALS, "approve", entry, good, **{f"billable-{entry}": hours})
    assert said in text
    assert f'name="billable-{entry}" value="{hours}"' in text
    assert (state(entry), state(good)) == ("submitted", "approved")


def test_nobody_approves_what_they_submitted(at: Place, log_in: LogIn) -> None:
    both = log_in("resource", "project_manager", name="eve")
    entry = entered(both, at)
    press(both, TIME, "submit", entry)
    text = press(both, APPROVALS, "approve", entry)
    assert "Approved: 0 of 1. Refused: 1." in text
    assert re.search(
        r"<strong>ACCESS-103</strong> eve may not approve TE-[-0-9a-f]+: they submitted it\.", text
    )
    assert "Who submits does not approve." in text
    assert "Let somebody else approve it." in text
    assert count("operations_actual") == 0


def test_every_button_pressed_twice_does_its_work_once(at: Place, log_in: LogIn) -> None:
    worker, manager, entry = submitted(log_in, at)
    assert "Submitted: 0 of 1. Submitted before: 1." in press(worker, TIME, "submit", entry)
    press(manager, APPROVALS, "approve", entry, **{f"billable-{entry}": "6"})
    text = press(manager, APPROVALS, "approve", entry, **{f"billable-{entry}": "7"})
    assert "Approved: 0 of 1. Approved before: 1." in text
    assert (count("operations_entry_submission"), count("operations_actual")) == (1, 3)


# ---------------------------------------------------------------- the way back


def test_a_rejected_entry_shows_who_said_what(at: Place, log_in: LogIn) -> None:
    worker, manager, entry = submitted(log_in, at)
    assert "Rejected: 1 of 1." in press(manager, APPROVALS, "reject", entry, comment="which <task>?")
    text = shown(worker, TIME, "returned")
    assert "Rejected by max: which &lt;task&gt;?" in text
    again = press(manager, APPROVALS, "reject", entry)
    assert "Rejected: 0 of 1. Refused: 1." in again
    assert "cannot be given back: its status is returned." in again, "refused, and in no row of this view"
    press(worker, TIME, "submit", entry, view="returned")
    assert state(entry) == "submitted"


def test_who_submitted_recalls_and_nobody_else(at: Place, log_in: LogIn) -> None:
    worker, _, entry = submitted(log_in, at)
    other = log_in("resource", name="olga")
    assert "<strong>ACCESS-109</strong>" in press(other, TIME, "recall", entry, view="submitted")
    assert state(entry) == "submitted"
    assert "Recalled: 1 of 1." in press(worker, TIME, "recall", entry, view="submitted")
    assert state(entry) == "draft"


def test_a_recall_is_asked_for_and_granted(at: Place, log_in: LogIn) -> None:
    worker, manager, entry = approved(log_in, at)
    asked = press(worker, TIME, "request_recall", entry, view="approved", comment="wrong project")
    assert "Recall requested: 1 of 1." in asked
    text = shown(manager, APPROVALS, "recall_requested")
    assert "Recall requested by rita: wrong project" in text
    assert "1,600.00" in text
    done = press(manager, APPROVALS, "grant", entry, view="recall_requested")
    assert "Recall granted: 1 of 1." in done
    assert state(entry) == "returned"
    assert rows("select sum(amount)::int from operations_actual") == [(0,)]


def test_a_recall_is_asked_for_and_refused(at: Place, log_in: LogIn) -> None:
    worker, manager, entry = approved(log_in, at)
    press(worker, TIME, "request_recall", entry, view="approved")
    assert "Nothing here." in shown(manager, APPROVALS, "approved")
    press(manager, APPROVALS, "refuse", entry, view="recall_requested", comment="billed soon")
    assert state(entry) == "approved"
    again = press(manager, APPROVALS, "refuse", entry, view="recall_requested")
    assert "<strong>APR-110</strong>" in again


def test_a_cancelled_approval_is_approved_anew_and_shown_once(at: Place, log_in: LogIn) -> None:
    _, manager, entry = approved(log_in, at)
    assert "Approval cancelled: 1 of 1." in press(manager, APPROVALS, "cancel", entry, view="approved")
    assert state(entry) == "submitted"
    press(manager, APPROVALS, "approve", entry, **{f"billable-{entry}": "7"})
    text = shown(manager, APPROVALS, "approved")
    assert text.count("<tr data-entry") == 1
    assert actuals_shown(text) == [
        "Cost: 8 h, 800.00 USD",
        "Unbilled sales, chargeable: 7 h, 1,400.00 USD",
        "Unbilled sales, non-chargeable: 1 h, 200.00 USD",
    ]


def test_a_day_has_no_more_time_than_the_company_takes(at: Place, log_in: LogIn) -> None:
    worker, _ = people(log_in)
    entered(worker, at, hours="20")
    answer = worker.post(f"/companies/{at.company}/time/", typed(at, hours="5")).content.decode()
    assert "Its resource would have 1500 minutes on that day, and 1440 are the most." in answer


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("view", ["draft", "approved"])
def test_rows_come_page_by_page(at: Place, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, view: str) -> None:
    worker, manager = people(log_in)
    entries = [entered(worker, at, hours="4") for _ in range(5)]
    if view == "approved":
        press(worker, TIME, "submit", *entries)
        press(manager, APPROVALS, "approve", *entries[:2])
        press(manager, APPROVALS, "approve", *entries[2:])
    monkeypatch.setattr(queries, "PAGE", 2)
    address, seen = f"{TIME}?view={view}", []
    while address:
        text = worker.get(address).content.decode()
        seen.append(re.findall(r'name="entry" value="([-0-9a-f]+)"', text))
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert [len(page) for page in seen] == [2, 2, 1]
    assert sorted(key for page in seen for key in page) == [str(key) for key in entries]


def test_all_rows_of_a_page_are_chosen_by_a_link(at: Place, log_in: LogIn) -> None:
    worker = log_in("resource")
    entered(worker, at)
    entered(worker, at)
    assert " checked>" not in shown(worker, TIME)
    assert worker.get(f"{TIME}?view=draft&all=yes").content.decode().count(" checked>") == 2
