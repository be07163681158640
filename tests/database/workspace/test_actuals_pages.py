"""The page *Actuals*: figures to date, by task, the grid with its reversals, its filters and its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test import Client
from openpyxl import load_workbook
from tests.database.operations.ledger import rows
from tests.database.workspace.actuals_world import ACTUALS, COMPANY, Worked, cells, page, recorded, worked
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.operations.actuals import queries
from tieout.operations.actuals.queries import Wanted
from tieout.workspace import grid_files

LogIn = Callable[..., Client]
MINUS = "\N{MINUS SIGN}"
ACCOUNTANT = Actor("anna", frozenset({"project_accountant"}), None)
STRANGER = Actor("otto", frozenset({"project_accountant"}), frozenset({"DE01"}))


@pytest.fixture
def work(databases: None) -> Worked:
    WorkingWorld()
    return worked(World(currencies=()))


def body(answer: Any) -> bytes:
    """Return all that an answer streams, as a server does it."""
    with closing(answer):
        return b"".join(answer.streaming_content)


def test_the_figures_to_date_and_by_task(work: Worked, log_in: LogIn) -> None:
    text = page(log_in("project_accountant"), f"{ACTUALS}to-date/", project=work.at.project)
    assert cells(text, "data-task") == [
        ["no task", "", "8", "800.00", "1,600.00", "", "", "800.00", "USD", "6"],
        ["T1", "Piers", "10", "1,000.00", "1,200.00", "", "800.00", "200.00", "USD", "3"],
    ]
    # 8 + 10 hours; 4 more were taken back, and count with their reversal as nothing.
    [total] = cells(text, "data-sum")
    assert total == [
        "All tasks", "18", "1,800.00", "2,800.00", "", "800.00", "1,000.00", "USD", "9"
    ]  # fmt: skip


def test_the_figures_are_those_of_the_filter(work: Worked, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    asked = {"project": work.at.project, "task": "T1", "type": "unbilled_sales"}
    [total] = cells(page(client, f"{ACTUALS}to-date/", **asked), "data-sum")
    assert total[1:] == ["10", "", "1,200.00", "", "800.00", "1,200.00", "USD", "2"]
    march_3 = {"project": work.at.project, "from": "2025-03-03", "to": "2025-03-03"}
    [total] = cells(page(client, f"{ACTUALS}to-date/", **march_3), "data-sum")
    assert total[1:4] == ["8", "800.00", "1,600.00"]


def test_there_is_no_margin_where_currencies_differ(work: Worked, log_in: LogIn) -> None:
    """Defect 2119112: amounts of several currencies were added; here each has its own line."""
    recorded(COMPANY, "billed_sales", "milestone", 500, source_kind="invoice")
    text = page(log_in("project_accountant"), f"{ACTUALS}to-date/", project=work.at.project)
    assert "No gross margin: cost and sales are in different currencies." in text
    assert [total[4:8] for total in cells(text, "data-sum")] == [
        ["500.00", "", "", "EUR"],
        ["", "800.00", "", "USD"],
    ]
    # What this program has no word for is shown as it is written.
    assert ">Invoice</a>" in page(log_in("auditor", name="ada"), ACTUALS, project=work.at.project)


def test_a_reversal_stands_below_its_original(work: Worked, log_in: LogIn) -> None:
    text = page(log_in("project_accountant"), ACTUALS, project=work.at.project)
    found = cells(text, "data-actual")
    shown = [(row[0], row[1], row[5], row[8], row[10], row[11]) for row in found]
    assert {row[7] for row in found} == {"Role price"}
    # Of one day, in the order in which they came last: the keys of one approval are not the test's to say.
    assert [row[0] for row in shown] == [
        *["2025-03-05", "&#8627; reversal 2025-03-05"] * 2,
        *["2025-03-04"] * 3,
        *["2025-03-03"] * 2,
    ]
    pairs = {shown[0][1]: shown[0:2], shown[2][1]: shown[2:4]}
    assert [row[1:] for row in pairs["Cost"]] == [
        ("Cost", "4 hour", "400.00", "Adjusted", ""),
        ("Cost", f"{MINUS}4 hour", f"{MINUS}400.00", "Unadjustable", ""),
    ]
    assert [row[1:] for row in pairs["Unbilled sales"]] == [
        ("Unbilled sales", "4 hour", "800.00", "Adjusted", "Canceled"),
        ("Unbilled sales", f"{MINUS}4 hour", f"{MINUS}800.00", "Unadjustable", "Canceled"),
    ]
    assert sorted(row[1:] for row in shown[4:]) == [
        ("Cost", "10 hour", "1,000.00", "", ""),
        ("Cost", "8 hour", "800.00", "", ""),
        ("Unbilled sales", "4 hour", "800.00", "", "Not ready to invoice"),
        ("Unbilled sales", "6 hour", "1,200.00", "", "Not ready to invoice"),
        ("Unbilled sales", "8 hour", "1,600.00", "", "Not ready to invoice"),
    ]
    assert [row[18] for row in found if row[0] == "2025-03-03"] == ["night", "night"]
    assert '<th scope="col">shift</th>' in text
    assert text.count("not posted yet") == 9


def test_the_voucher_of_finance_is_shown(work: Worked, log_in: LogIn) -> None:
    rows(
        "insert into operations_actual_posting (id, actual_id, voucher, accounting_amount, tax_amount,"
        " exchange_rate, posted_at, batch_id) select tieout_id(), id, 'PV-77', 800, 0, 100, now(), 1"
        " from operations_actual where source_id = %s and transaction_type = 'cost' returning id",
        work.plain,
    )
    text = page(log_in("project_accountant"), ACTUALS, project=work.at.project, type="cost")
    assert [row[12] for row in cells(text, "data-actual") if row[0] == "2025-03-03"] == ["PV-77"]


def test_pages_follow_each_other_and_no_actual_is_lost(work: Worked) -> None:
    [(project,)] = rows("select distinct project_id from operations_actual")
    wanted = Wanted(project)
    whole, none = queries.actuals_page(actor=ACCOUNTANT, company=COMPANY, wanted=wanted)
    assert (len(whole), none) == (9, None)
    found: list[queries.ActualLine] = []
    sizes: list[int] = []
    before: queries.Place | None = queries.FROM_THE_LATEST
    while before is not None:
        lines, before = queries.actuals_page(
            actor=ACCOUNTANT, company=COMPANY, wanted=wanted, before=before, limit=2
        )
        found += lines
        sizes.append(len(lines))
    assert sizes == [4, 2, 2, 1]  # two originals on a page, with their reversals
    assert [one.id for one in found] == [one.id for one in whole]


def test_a_page_has_its_place_in_the_address(work: Worked, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    [(last,)] = rows(
        "select id from operations_actual where transaction_date = '2025-03-04' order by id desc limit 1"
    )
    text = page(client, ACTUALS, project=work.at.project, before=f"2025-03-04.{last}")
    assert len(cells(text, "data-actual")) == 4
    assert "First page" in text
    # A place that is none is the first page.
    assert len(cells(page(client, ACTUALS, project=work.at.project, before="x.y"), "data-actual")) == 9


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"project": "NO-SUCH"}, "Company USMF has no project NO-SUCH."),
        ({"project": "NO\0SUCH"}, "Company USMF has no project NOSUCH."),
        ({"task": "T9"}, "has no task T9."),
        ({"from": "3 March"}, "Start date and End date are days, written 2025-01-31, or blank."),
        ({"from": "2025-04-01", "to": "2025-03-01"}, "The start date is after the end date."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    work: Worked, log_in: LogIn, query: dict[str, str], said: str
) -> None:
    client = log_in("project_accountant")
    asked = {"project": work.at.project, **query}
    for address in (ACTUALS, f"{ACTUALS}to-date/", f"{ACTUALS}export/csv/"):
        assert said in page(client, address, 400, **asked)


def test_csv_has_every_row_exact_and_no_formula(work: Worked, log_in: LogIn) -> None:
    answer = log_in("project_accountant").get(f"{ACTUALS}export/csv/", {"project": work.at.project})
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="actuals-USMF-{work.at.project}.csv"'
    )
    found = list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert len(found) == 9
    assert sum(Decimal(row["Amount"]) for row in found) == 1800 + 2800 + 800
    assert {row["shift"] for row in found if row["Date"] == "2025-03-03"} == {"night"}
    assert [row["Reverses"] != "" for row in found].count(True) == 2


def test_what_a_spreadsheet_takes_for_a_formula_is_a_text() -> None:
    cells_written: list[list[grid_files.Value]] = [
        ["=1+1", "-2", Decimal("-2.50"), None, True, date(2025, 3, 3)]
    ]
    answer = grid_files.file_of("csv", "a/b", ["@head", "b", "c", "d", "e", "f"], cells_written)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a-b.csv"'
    assert body(answer).decode("utf-8-sig").splitlines() == [
        "'@head,b,c,d,e,f",
        "'=1+1,'-2,-2.50,,yes,2025-03-03",
    ]
    book = load_workbook(io.BytesIO(body(grid_files.file_of("xlsx", "a", ["@head"], cells_written))))
    assert book.active is not None
    [head, row] = book.active.iter_rows(values_only=True)
    assert head[0] == "'@head"
    assert (row[0], row[1], Decimal(str(row[2])), row[3], row[4]) == (
        "'=1+1",
        "'-2",
        Decimal("-2.5"),
        None,
        "yes",
    )


def test_xlsx_has_the_same_rows(work: Worked, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = log_in("project_accountant")
    address = f"{ACTUALS}export/xlsx/"
    sheet = load_workbook(io.BytesIO(body(client.get(address, {"project": work.at.project})))).active
    assert sheet is not None
    header, *found = list(sheet.iter_rows(values_only=True))
    amount = header.index("Amount")
    assert len(found) == 9
    assert sum(Decimal(str(row[amount])) for row in found) == 5400
    monkeypatch.setattr(grid_files, "XLSX_ROWS_MAX", 8)
    text = page(client, address, 400, project=work.at.project)
    assert "These are 9 actuals, and a workbook takes 8. Take CSV, or choose dates." in text
    rows = ([number] for number in range(9))
    cut = load_workbook(io.BytesIO(body(grid_files.file_of("xlsx", "a", ["n"], rows)))).active
    assert cut is not None
    *whole, (last,) = cut.iter_rows(values_only=True)
    assert len(whole) == 1 + 8
    assert last == "NOT COMPLETE: these are the first 8 rows of more. The CSV file has them all."
    assert "A file is csv or xlsx, not pdf." in page(
        client, f"{ACTUALS}export/pdf/", 400, project=work.at.project
    )


def test_who_may_not_export_gets_no_file_and_no_button(work: Worked, log_in: LogIn) -> None:
    client = log_in("resource")
    assert "/export/" not in page(client, ACTUALS, project=work.at.project)
    assert client.get(f"{ACTUALS}export/csv/", {"project": work.at.project}).status_code == 403
    with pytest.raises(VerbNotPermitted):
        queries.all_actuals(
            actor=Actor("rita", frozenset({"resource"}), None), company=COMPANY, wanted=Wanted(uuid4())
        )


def test_companies_are_a_boundary(work: Worked, log_in: LogIn) -> None:
    client = log_in("project_accountant", companies=["DE01"], name="otto")
    for address in (
        ACTUALS,
        f"{ACTUALS}to-date/",
        f"{ACTUALS}export/csv/",
        f"/companies/{COMPANY}/projects/",
    ):
        assert client.get(address, {"project": work.at.project}).status_code == 403
    [(project,)] = rows("select distinct project_id from operations_actual")
    with pytest.raises(CompanyNotPermitted):
        queries.actuals_page(actor=STRANGER, company=COMPANY, wanted=Wanted(project))
    # Asked for under one's own company, the project of another has nothing.
    assert queries.actuals_page(actor=STRANGER, company="DE01", wanted=Wanted(project)) == ((), None)
    assert queries.project_named(actor=STRANGER, company="DE01", number=work.at.project) is None


def test_the_lending_company_sees_what_it_lent(work: Worked) -> None:
    recorded("DE01", "resourcing_unit_cost", "time", 480)
    project = queries.project_named(actor=STRANGER, company="DE01", number=work.at.project)
    assert project is not None
    assert project.company_code == COMPANY
    [line], _ = queries.actuals_page(actor=STRANGER, company="DE01", wanted=Wanted(project.id))
    assert (line.transaction_type, line.amount) == ("resourcing_unit_cost", Decimal(480))


def test_the_projects_of_a_company_open_their_actuals(work: Worked, log_in: LogIn) -> None:
    text = page(log_in("auditor"), f"/companies/{COMPANY}/projects/")
    assert f'href="{ACTUALS}?project={work.at.project}"' in text
    [row] = [row for row in cells(text, "") if row[0] == work.at.project]
    assert row[2:] == ["Sold", row[3], "Time and materials", row[5], "USD"]


def pages_read(project: UUID, before: date) -> int:
    """Return how many pages of the database one page of the grid reads."""
    statement = sql.load("tieout.operations.actuals", "actuals_page")
    parameters: dict[str, Any] = {
        "company": COMPANY,
        "project_id": project,
        "task_id": None,
        "transaction_class": "",
        "transaction_type": "",
        "date_from": date.min,
        "date_to": before,
        "before_date": before,
        "before_id": UUID(int=2**128 - 1),
        "row_limit": 51,
    }
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("explain (analyze, buffers, format json) " + statement.text, parameters)
        [[found]] = cursor.fetchall()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def test_a_page_costs_the_same_however_many_actuals_there_are(work: Worked) -> None:
    [(project,)] = rows("select distinct project_id from operations_actual")
    more = (
        "insert into operations_actual (transaction_type, transaction_class, billing_type, quantity, price,"
        " amount, tax_amount, currency_code, transaction_date, accounting_date, company_code, project_id,"
        " contracting_unit_id, source_kind, source_id, price_reason, description, skip_sync)"
        " select 'cost', 'time', 'chargeable', 1, 100, 100, 0, 'USD', date '2024-01-01' + (number / 100),"
        " '2025-03-06', %s, %s, tieout_id(), 'time_entry', tieout_id(), 'role_price', '', false"
        " from generate_series(1, %s) as number returning 1"
    )
    rows(more, COMPANY, project, 1_000)
    small = pages_read(project, date(2024, 1, 5))
    rows(more, COMPANY, project, 30_000)
    rows(more, COMPANY, uuid4(), 30_000)
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("analyze operations_actual")
    # First pages and those in the middle; one level more of the indexes is all that may come.
    assert pages_read(project, date(2024, 1, 5)) <= small + 300
    assert pages_read(project, date.max) <= small + 300
    assert pages_read(project, date(2024, 3, 1)) <= small + 300
