"""Who may see and press what in the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.database.workspace.world import WorkingWorld, user

from tieout.jobs.models import Run

PAGES = (
    "/companies/USMF/",
    "/companies/USMF/expense/",
    "/companies/USMF/vendor-invoice-line/",
    "/companies/USMF/trace/",
    "/companies/USMF/time/",
    "/companies/USMF/approvals/",
)
SYNC = "/companies/USMF/expense/sync/"
LogIn = Callable[..., Client]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("page", ["/", *PAGES])
def test_nobody_sees_a_page_without_logging_in(page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/login/?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_a_company_is_a_boundary(world: WorkingWorld, log_in: LogIn, page: str) -> None:
    other = WorkingWorld(company="DEMF")
    client = log_in("project_accountant", companies=[other.company])
    assert client.get("/").headers["Location"] == "/companies/DEMF/"
    assert client.get(page.replace(world.company, other.company)).status_code == 200
    answer = client.get(page)
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "anna may not read in company USMF." in text
    assert "ACCESS-102" in text
    assert "23,000.00" not in text


def test_the_companies_of_others_are_not_in_the_selector(world: WorkingWorld, log_in: LogIn) -> None:
    WorkingWorld(company="DEMF")
    text = log_in("project_accountant", companies=[world.company]).get("/companies/USMF/").content.decode()
    assert "USMF" in text
    assert "DEMF" not in text


def test_a_record_of_another_company_is_not_traced(world: WorkingWorld, log_in: LogIn) -> None:
    other = WorkingWorld(company="DEMF")
    client = log_in("project_accountant", companies=[other.company])
    answer = client.get("/companies/DEMF/trace/", {"id": "expense-1"})
    assert answer.status_code == 404
    assert "has no record called expense-1" in answer.content.decode()
    assert world.company not in answer.content.decode()


def test_a_company_that_does_not_exist_looks_like_one_that_is_withheld(log_in: LogIn) -> None:
    assert log_in("auditor").get("/companies/NONE/").status_code == 403


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", ["auditor", "project_manager", "resource", "ap_clerk", "administrator"])
def test_who_may_not_resync_has_no_button_and_is_refused(log_in: LogIn, role: str) -> None:
    client = log_in(role)
    assert 'id="sync-button"' not in client.get("/companies/USMF/expense/").content.decode()
    answer = client.post(SYNC)
    assert answer.status_code == 403
    assert not Run.objects.exists()


@pytest.mark.usefixtures("world")
def test_sync_is_asked_for_in_the_name_of_who_pressed_it(log_in: LogIn) -> None:
    client = log_in("project_accountant", companies=["USMF"])
    answer = client.post(SYNC, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "is starting" in answer.content.decode()
    run = Run.objects.get()
    assert (run.job, run.company_code, run.kind, run.asked_by) == ("sync", "USMF", "expense", "anna")
    assert (run.day_from, run.day_to) == (None, None)


@pytest.mark.usefixtures("world")
def test_sync_takes_the_dates_that_are_typed_and_else_those_of_the_grid(log_in: LogIn) -> None:
    client = log_in("project_accountant")
    grid = {"grid_from": "2014-01-01", "grid_to": "2016-12-31"}
    client.post(SYNC, grid)
    client.post(SYNC, {**grid, "from": "2015-04-01", "to": "2015-06-30"})
    assert [(run.day_from, run.day_to) for run in Run.objects.order_by("asked_at")] == [
        (date(2014, 1, 1), date(2016, 12, 31)),
        (date(2015, 4, 1), date(2015, 6, 30)),
    ]
    wrong = client.post(SYNC, {"from": "1.4.2015", "to": "2015-06-30"})
    assert (wrong.status_code, Run.objects.count()) == (400, 2)
    assert "written 2025-01-31" in wrong.content.decode()


@pytest.mark.usefixtures("world")
def test_who_may_not_resync_may_not_sync_actuals(log_in: LogIn) -> None:
    address = "/companies/USMF/actuals/sync/"
    assert log_in("auditor").post(address).status_code == 403
    assert log_in("project_accountant", name="bert").post(address).status_code == 302
    assert Run.objects.get().kind == "actual"


@pytest.mark.usefixtures("world")
def test_a_second_request_while_the_first_waits_is_refused_in_words(log_in: LogIn) -> None:
    client = log_in("project_accountant")
    client.post(SYNC)
    answer = client.post(SYNC, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Sync has been asked for already." in answer.content.decode()
    assert Run.objects.count() == 1


def test_sync_of_another_company_is_refused(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("project_accountant", companies=["DEMF"])
    assert client.post(SYNC, headers={"HX-Request": "true"}).status_code == 403
    assert client.post(SYNC).status_code == 403
    assert not Run.objects.exists()
    assert world.company == "USMF"


@pytest.mark.usefixtures("world")
def test_the_run_of_another_company_is_withheld(log_in: LogIn) -> None:
    log_in("project_accountant").post(SYNC)
    stranger = log_in("project_accountant", companies=["DEMF"], name="bert")
    address = f"/runs/{Run.objects.get().id}/"
    assert stranger.get(address).status_code == 403


@pytest.mark.usefixtures("world")
def test_sync_needs_a_token_of_the_page_and_a_post() -> None:
    password = user("anna", "project_accountant")
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    token = client.cookies["csrftoken"].value
    client.post("/login/", {"username": "anna", "password": password, "csrfmiddlewaretoken": token})
    answer = client.post(SYNC)
    assert answer.status_code == 403
    assert "Please try again" in answer.content.decode()
    assert client.get(SYNC).status_code == 405
    assert not Run.objects.exists()


@pytest.mark.usefixtures("databases")
def test_ten_wrong_passwords_close_the_log_in() -> None:
    password = user("anna", "auditor")
    client = Client()
    for _ in range(10):
        answer = client.post("/login/", {"username": "anna", "password": "wrong"})
    assert answer.status_code == 429
    assert "closed for a quarter of an hour" in answer.content.decode()
    assert client.post("/login/", {"username": "anna", "password": password}).status_code == 429


@pytest.mark.usefixtures("databases")
def test_wrong_passwords_close_the_log_in_of_one_user_at_one_address_only() -> None:
    password, other = user("anna", "auditor"), user("bert", "auditor")
    for _ in range(10):
        Client(REMOTE_ADDR="192.0.2.1").post("/login/", {"username": "anna", "password": "wrong"})

    def status(name: str, word: str, address: str) -> int:
        return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": word}).status_code

    assert status("anna", password, "192.0.2.1") == 429
    assert status("bert", other, "192.0.2.1") == 302, "a colleague behind the same address"
    assert status("anna", password, "192.0.2.2") == 302, "the user whose name a stranger tried"


def test_log_out_ends_the_session(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    page = f"/companies/{world.company}/"
    assert client.get(page).status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get(page).status_code == 302
