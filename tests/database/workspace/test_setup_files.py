"""The page that loads a file: checked, loaded once; what is rejected comes back, and only to who sent it."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook
from tests.database.loading import firm
from tests.database.loading.firm import rows

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.workspace import uploads
from tieout.workspace.models import Upload

LogIn = Callable[..., Client]
PAGE = "/set-up/load/"
RESOURCES = (
    "code,name,organizational_unit,company\n"
    "BEA,Beatrix,NL,NL01\nEVE,Eve,NL,NL01\nMAX,=1+1,XX,NL01\nSAM,Sam,US,US01\n"
)


@pytest.fixture
def client(databases: None, tmp_path: Path, log_in: LogIn) -> Client:
    firm.set_up(tmp_path / "setup")
    return log_in("project_accountant")


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(html.unescape(answer.content.decode()).split())


def send(client: Client, entity: str, content: str | bytes, name: str = "people.csv") -> str:
    data = content.encode() if isinstance(content, str) else content
    return text_of(client.post(PAGE, {"entity": entity, "file": SimpleUploadedFile(name, data)}))


def totals(page: str) -> dict[str, list[str]]:
    """Return rows and sums by their label."""
    found = re.findall(r'<tr><th scope="row">([\w ]+)</th>(.*?)</tr>', page)
    return {label: re.findall(r'<td class="number">(.*?)</td>', cells) for label, cells in found}


def names() -> list[tuple[str, str]]:
    return rows(OPERATIONS, "select code, name from operations_resource order by code")


def test_a_file_is_checked_then_loaded_and_what_is_rejected_comes_back(client: Client) -> None:
    page = send(client, "resource", RESOURCES)
    assert "Checked: nothing is loaded yet" in page
    assert totals(page) == {"Read": ["4"], "To load": ["2"], "Already there": ["1"], "Rejected": ["1"]}
    assert "Of the rows to load, 1 record are there and would change." in page
    assert "Rejected with LOAD-310: 1 record" in page
    assert "Row 4: organizational unit XX is not known." in page
    assert names() == [("BEA", "Bea"), ("SAM", "Sam")]

    address = re.findall(r'action="(/set-up/load/[\w-]+/)"', page)[0]
    rejected = client.get(f"{address}rejected/")
    assert rejected.headers["Content-Disposition"] == 'attachment; filename="people.rejected.csv"'
    [row] = csv.DictReader(io.StringIO(rejected.content.decode("utf-8-sig")))
    assert (row["code"], row["name"], row["rejected_code"]) == ("MAX", "'=1+1", "LOAD-310")

    for _ in range(2):
        page = text_of(client.post(address))
        assert "<h2>Loaded</h2>" in page
    assert totals(page) == {"Read": ["4"], "Loaded": ["0"], "Already there": ["3"], "Rejected": ["1"]}
    assert names() == [("BEA", "Beatrix"), ("EVE", "Eve"), ("SAM", "Sam")]


def test_documents_are_loaded_with_their_sums(client: Client) -> None:
    header = "company,report_number,line_number,resource,category,project,transaction_date,amount,currency"
    book = Workbook()
    sheet = book.create_sheet("Expenses", 0)
    sheet.append(header.split(","))
    for number, amount in enumerate((10, 20.5), 1):
        line = [
            "NL01",
            "E1",
            number,
            "BEA",
            "TRAVEL",
            "OFFICE",
            date(2024, 1, 15),
            amount,
            "EUR",
        ]
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    page = send(client, "expense_line", stream.getvalue(), "expenses.xlsx")
    assert totals(page)["To load"] == ["2", "30.50"]
    page = text_of(client.post(re.findall(r'action="(/set-up/load/[\w-]+/)"', page)[0]))
    assert totals(page)["Loaded"] == ["2", "30.50"]
    assert rows(FINANCE, "select sum(amount)::text from finance_expense_line") == [("30.5000",)]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("people.csv", "code,title\nBEA,x\n", "title"),
        ("people.xlsx", "PK\x03\x04 nothing", "damaged"),
        ("rejected.csv", "code,name,organizational_unit\nX,Y,NL\n", "company"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_with_its_reason(
    client: Client, name: str, content: str, says: str
) -> None:
    page = send(client, "resource", content, name)
    assert says in page
    assert 'type="file"' in page


def test_a_file_that_is_too_large_is_dropped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "BYTES_MAX", 50)
    assert "Choose a file of at most 10 MB; a larger one is loaded with tieout load." in send(
        client, "resource", RESOURCES
    )
    assert not Upload.objects.exists()


def test_a_workbook_that_would_fill_the_memory_is_refused_unread(client: Client) -> None:
    stream = io.BytesIO()
    Workbook().save(stream)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"x" * (201 * 1024 * 1024))
    assert len(stream.getvalue()) < uploads.BYTES_MAX
    page = send(client, "resource", stream.getvalue(), "people.xlsx")
    assert "people.xlsx" in page
    assert str(20 * uploads.BYTES_MAX) in page


def test_nobody_loads_what_somebody_else_sent(client: Client, log_in: LogIn) -> None:
    address = re.findall(r'action="(/set-up/load/[\w-]+/)"', send(client, "resource", RESOURCES))[0]
    other = log_in("administrator", name="bob")
    assert other.post(address).status_code == 404
    assert other.get(f"{address}rejected/").status_code == 404
    reader = log_in("auditor", name="rita")
    assert reader.get(PAGE).status_code == 403
    assert reader.post(address).status_code == 403
    assert "Load a file" not in text_of(reader.get("/set-up/"))
    assert names() == [("BEA", "Bea"), ("SAM", "Sam")]


def test_rows_of_other_companies_are_rejected(client: Client, log_in: LogIn) -> None:
    page = send(log_in("ap_clerk", companies=["NL01"], name="cleo"), "resource", RESOURCES)
    assert "Rejected with ACCESS-102: 1 record" in page
    assert totals(page)["To load"] == ["2"]


def test_files_do_not_stay(client: Client) -> None:
    send(client, "resource", RESOURCES)
    Upload.objects.update(sent_at=timezone.now() - timedelta(days=2))
    send(client, "resource", RESOURCES)
    assert Upload.objects.count() == 1
