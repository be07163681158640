"""The pages of the integration journal: import, post, what is refused, update to draft, delete, staging."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from tests.database.finance.world import ACCOUNTANT, COMPANY, PAYROLL_ACCOUNT, World, build, table

from tieout.database.aliases import RECONCILIATION
from tieout.dualwrite.prevalidation.actions import Prevalidated, prevalidate_actuals
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.ledgers.models import PostingProfile

LogIn = Callable[..., Client]
LIST = f"/companies/{COMPANY}/integration/"
STATUS = "select number, status, line_count from finance_integration_journal order by id"


@pytest.fixture
def books(databases: None) -> World:
    """A draft of an expense line of 10.00 and an hour of 20.00 that has no account; one actual waits."""
    world = build()
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    world.stage("10.00", subcontract="S1")
    world.stage("20.00", source_kind="time_entry")
    world.stage("99.00", currency_code="JPY")
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    world.stage("5.00")
    return world


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def press(client: Client, number: str, do: str, **more: object) -> str:
    answer = client.post(f"{LIST}{number}/", {"do": do, **more})
    assert answer.status_code == 200, answer.content.decode()
    found = re.search(r'id="outcome">([^<]*)<', answer.content.decode())
    assert found
    return found[1]


def test_a_journal_is_posted_mended_updated_and_posted_again(books: World, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    assert press(client, "IJ0001", "post") == "Lines posted: 1, refused: 1."
    page = text_of(client, f"{LIST}IJ0001/")
    assert "period 2024-03-01, posted, lines: 1" in page
    assert "Refused lines moved to a journal of their own Processing 1 anna" in page
    page = text_of(client, f"{LIST}IJ0002/")
    assert "It holds what was refused in IJ0001" in page
    assert "PST-203" in page
    assert "DOC-101, no payroll allocation account for project P-1 and category TRAVEL" in page
    assert press(client, "IJ0002", "post") == "Nothing was posted: the journal is not a draft."
    books.account("payroll_allocation", PAYROLL_ACCOUNT)
    assert press(client, "IJ0002", "update") == "The journal is a draft again: the next run posts it."
    assert press(client, "IJ0002", "update").startswith("Nothing was changed")
    assert press(client, "IJ0002", "post") == "Lines posted: 1, refused: 0."
    assert table(STATUS) == [("IJ0001", "posted", 1), ("IJ0002", "posted", 1)]


def test_lines_are_deleted_and_wait_in_staging(books: World, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    assert press(client, "IJ0001", "delete") == "No line was chosen."
    assert press(client, "IJ0001", "delete", line=["2"]) == (
        "Lines deleted: 1. Their actuals wait for the next import."
    )
    page = text_of(client, f"{LIST}staging/")
    assert "1 waiting, 1 refused, 1 whose journal line was deleted" in page
    assert press(client, "IJ0001", "delete-all").startswith("Lines deleted: 1.")
    assert table(STATUS) == [("IJ0001", "deleted", 0)]
    answer = client.post(f"{LIST}IJ0001/", {"do": "delete-all"})
    assert answer.status_code == 409
    assert "PST-221" in answer.content.decode()


def test_staging_says_what_became_of_each_actual(books: World, log_in: LogIn) -> None:
    client = log_in("auditor")
    page = text_of(client, f"{LIST}staging/?state=refused")
    assert "IMP-104 Exchange rate from JPY to EUR is missing for 2024-03-15." in page
    assert " 99 JPY" in page
    assert "IJ0001" not in page
    page = text_of(client, f"{LIST}staging/?state=journalised")
    assert "IJ0001 2 Cost Time Time entry P-1 2024-03-15" in page
    bought = "Cost Expense Vendor invoice P-1 S1 2024-03-15"
    assert bought in page
    assert bought in text_of(client, f"{LIST}IJ0001/")
    assert " 5.00 EUR" in text_of(client, f"{LIST}staging/?state=waiting")
    assert "Nothing here." in text_of(client, f"{LIST}staging/?state=beginning")


def test_the_list_is_filtered_by_status_and_period(books: World, log_in: LogIn) -> None:
    books.stage("1.00", on=date(2024, 4, 1))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    client = log_in("project_accountant")
    press(client, "IJ0001", "post")

    def numbers(query: str) -> list[str]:
        return re.findall(r'data-journal="(\w+)"', client.get(LIST + query).content.decode())

    assert numbers("") == ["IJ0003", "IJ0002", "IJ0001"]
    assert numbers("?status=error") == ["IJ0003"]
    assert numbers("?from=2024-04-01") == ["IJ0002"]
    assert numbers("?to=2024-03-31&status=posted") == ["IJ0001"]
    assert "A period is a day" in text_of(client, LIST + "?from=march")


def test_a_line_that_was_shifted_says_from_where(books: World, log_in: LogIn) -> None:
    books.parameters(auto_open_period=True)
    books.status(date(2024, 3, 1), "permanently_closed")
    client = log_in("project_accountant")
    press(client, "IJ0001", "post")
    assert "2024-03-15 2024-04-01 2024-03-15 10.00 EUR" in text_of(client, f"{LIST}IJ0001/")


def test_import_and_posting_are_asked_for_and_the_run_is_shown(books: World, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    for job in ("import-from-staging", "import-beginning-balances", "post-integration-journal"):
        answer = client.post(f"{LIST}run/", {"job": job})
        assert answer.status_code == 302
        assert client.get(answer["Location"]).status_code == 200
    assert client.post(f"{LIST}run/", {"job": "housekeeping"}).status_code == 404
    asked = {"job": "sync", "kind": "expense", "from": "2024-03-01", "to": "2024-03-31"}
    assert client.post(f"{LIST}run/", asked).status_code == 302
    assert "expense 2024-03-01 2024-03-31 anna Runs or waits" in text_of(client, LIST)
    assert client.post(f"{LIST}run/", {**asked, "from": "march"}).status_code == 400
    assert client.post(f"{LIST}run/", {**asked, "kind": "invoice"}).status_code == 400


def test_ticked_journals_and_those_of_a_period_are_posted_by_the_batch(books: World, log_in: LogIn) -> None:
    books.stage("1.00", on=date(2024, 4, 1))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    client = log_in("project_accountant")
    asked = {"job": "post-integration-journal"}
    answer = client.post(f"{LIST}run/", {**asked, "ticked": "yes", "journal": ["IJ0001", "IJ0002"]})
    assert f"in company {COMPANY}: journals IJ0001, IJ0002." in text_of(client, answer["Location"])
    answer = client.post(f"{LIST}run/", {**asked, "from": "2024-04-01", "original": "IJ0001"})
    said = "period from 2024-04-01, what was refused in IJ0001."
    assert said in text_of(client, answer["Location"])
    assert client.post(f"{LIST}run/", {**asked, "ticked": "yes"}).status_code == 400
    assert client.post(f"{LIST}run/", {**asked, "from": "april"}).status_code == 400
    page = client.get(LIST).content.decode()
    assert re.findall(r'name="journal" value="(\w+)"', page) == ["IJ0002", "IJ0001"]
    with connections[RECONCILIATION].cursor() as cursor:
        cursor.execute("select args -> 'journals' from procrastinate_jobs order by id")
        queued = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    assert queued == [{"numbers": ["IJ0001", "IJ0002"]}, {"period_from": "2024-04-01", "original": "IJ0001"}]


def test_a_journal_of_more_than_a_hundred_lines_is_posted_by_the_batch(books: World, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    books.stage(*["1.00"] * 98)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)  # 101 lines with what waited
    answer = client.post(f"{LIST}IJ0001/", {"do": "post"})
    assert answer.status_code == 302
    assert "journals IJ0001." in text_of(client, answer["Location"])
    assert table(STATUS) == [("IJ0001", "draft", 101)]


def test_prevalidation_shows_its_states_and_asks_again(books: World, log_in: LogIn) -> None:
    books.parameters(prevalidation=True, prevalidation_minutes=0)
    client = log_in("project_accountant")
    page = text_of(client, f"{LIST}staging/")
    assert "1 waiting, 2 awaiting prevalidation, 0 found valid by themselves, 0 invalid, 0 refused" in page
    assert "Waiting" not in page
    assert "Prevalidate invalid actuals again" not in text_of(client, LIST)
    assert prevalidate_actuals(actor=ACCOUNTANT, company=COMPANY) == Prevalidated(2, 0, 2)
    page = text_of(client, f"{LIST}staging/?state=invalid")
    assert "VAL-501 Unable to look up msdyn_actuals with values" in page
    assert "Looked at 20" in page
    assert "0 awaiting prevalidation, 2 invalid" in text_of(client, LIST)
    for job, title in (
        ("prevalidate-actuals", "Prevalidate actuals"),
        ("prevalidate-again", "Prevalidate invalid actuals again"),
    ):
        assert f'value="{job}"' in client.get(LIST).content.decode()
        answer = client.post(f"{LIST}run/", {"job": job})
        assert answer.status_code == 302
        assert title in text_of(client, answer["Location"])


def test_an_invalid_actual_is_left_out_with_a_reason_and_taken_back_in(books: World, log_in: LogIn) -> None:
    books.parameters(prevalidation=True, prevalidation_minutes=0)
    prevalidate_actuals(actor=ACCOUNTANT, company=COMPANY)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    client, page = log_in("project_accountant"), f"{LIST}staging/"
    chosen, other = re.findall(r'name="actual" value="([\w-]+)"', shown_at(client, f"{page}?state=invalid"))
    gone = {"do": "leave-out", "actual": chosen, "reason": "recorded again"}
    assert "VAL-511" in client.post(f"{page}?state=invalid", {**gone, "reason": ""}).content.decode()
    answer = client.post(f"{page}?state=invalid", gone).content.decode()
    assert "Actuals left out: 1, with what only reverses them." in answer
    assert (chosen in answer, other in answer) == (False, True)
    assert "1 stay: not invalid any more" in client.post(page, gone).content.decode()
    assert "By anna: recorded again" in (found := shown_at(client, f"{page}?state=left_out"))
    assert (chosen in found, other in found) == (True, False)
    reader = log_in("auditor", name="rita")
    for state in ("invalid", "left_out"):
        assert 'name="do"' not in shown_at(reader, f"{page}?state={state}")
    assert reader.post(page, gone).status_code == 403
    answer = client.post(f"{page}?state=left_out", {"do": "take-back-in", "actual": chosen}).content.decode()
    assert "Actuals taken back in: 1." in answer
    assert "1 awaiting prevalidation, 0 found valid by themselves, 1 invalid" in answer
    assert "No actual was chosen." in client.post(page, {"do": "leave-out", "reason": "x"}).content.decode()
    assert "no such button" in client.post(page, {"do": "post"}).content.decode()


def shown_at(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_who_only_reads_has_no_buttons_and_companies_are_a_boundary(books: World, log_in: LogIn) -> None:
    reader = log_in("auditor")
    for page in (LIST, f"{LIST}IJ0001/"):
        found = reader.get(page).content.decode()
        assert 'name="do"' not in found
        assert 'name="job"' not in found
    for do in ("post", "update", "delete-all"):
        assert reader.post(f"{LIST}IJ0001/", {"do": do}).status_code == 403
    assert reader.post(f"{LIST}run/", {"job": "import-from-staging"}).status_code == 403
    other = log_in("project_accountant", companies=["DE01"], name="eve")
    for page in (LIST, f"{LIST}IJ0001/", f"{LIST}staging/"):
        assert other.get(page).status_code == 403
    assert reader.get(f"{LIST}IJ9999/").status_code == 404
    assert table(STATUS) == [("IJ0001", "draft", 2)]
