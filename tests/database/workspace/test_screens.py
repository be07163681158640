"""The figures and words on the screens (finance spec 3.1, 3.3, 3.4, 3.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from tests.database.reconciliation.world import EXPENSE, VENDOR, collected
from tests.database.workspace.world import ADMINISTRATOR, WorkingWorld

from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State

LogIn = Callable[..., Client]
TILE = re.compile(
    r'<span class="figure">([^<]+)<small>(\w+)</small></span>'
    r'<span>([^<]+)</span><span class="records">([^<]+)<'
)


def _tiles(text: str) -> list[tuple[str, ...]]:
    return TILE.findall(text)


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _footer(text: str) -> tuple[str, str]:
    found = re.search(r"<span data-count>([^<]+)</span>.*?<span data-sum>([^<]+)</span>", text)
    assert found is not None
    return found[1], found[2]


def test_tiles_are_those_of_the_picture_in_its_order(world: WorkingWorld, log_in: LogIn) -> None:
    text = _text(log_in("auditor"), f"/companies/{world.company}/")
    assert _tiles(text) == [
        ("9,000.00", "USD", "Unreconciled expense amount", "45 records"),
        ("28,000.00", "USD", "Unreconciled vendor invoice amount", "2 records"),
        ("23,000.00", "USD", "Vendor invoice missing journal lines", "1 record"),
        ("5,000.00", "USD", "Vendor invoice missing actuals", "1 record"),
        ("5,000.00", "USD", "Expense missing journal lines", "5 records"),
        ("4,000.00", "USD", "Expense missing actuals", "40 records"),
    ]


def test_the_balance_is_proved(world: WorkingWorld, log_in: LogIn) -> None:
    text = _text(log_in("auditor"), f"/companies/{world.company}/")
    assert re.findall(r"data-balance>([^<]+)<", text) == ["9,000.00", "28,000.00"]
    assert re.findall(r"data-unexplained>([^<]+)<", text) == ["0.00", "0.00"]
    assert text.count("ties out</span>") == 2


def test_an_unexplained_rest_is_an_alert(world: WorkingWorld, log_in: LogIn) -> None:
    world.post(EXPENSE, 100, world.today, ledger=Decimal("90.55"))
    collected()
    text = _text(log_in("auditor"), f"/companies/{world.company}/")
    assert re.findall(r"data-unexplained>([^<]+)<", text) == ["\N{MINUS SIGN}9.45", "0.00"]
    assert '<span class="mark bad">alert</span>' in text


@pytest.mark.parametrize(
    ("kind", "view", "records", "total"),
    [
        ("expense", "missing_actuals", "40 records", "4,000.00 USD"),
        ("expense", "missing_journal_lines", "5 records", "5,000.00 USD"),
        ("expense", "all", "46 records", "9,012.34 USD"),
        ("expense", "reconciled", "1 record", "12.34 USD"),
        ("expense", "amount_differences", "0 records", "0.00 USD"),
        ("vendor-invoice-line", "missing_actuals", "1 record", "5,000.00 USD"),
        ("vendor-invoice-line", "missing_journal_lines", "1 record", "23,000.00 USD"),
        ("vendor-invoice-line", "all", "2 records", "28,000.00 USD"),
        ("vendor-invoice-line", "reconciled", "0 records", "0.00 USD"),
    ],
)
def test_each_view_lists_what_its_footer_says(
    world: WorkingWorld, log_in: LogIn, kind: str, view: str, records: str, total: str
) -> None:
    text = _text(log_in("auditor"), f"/companies/{world.company}/{kind}/?view={view}")
    assert _footer(text) == (records, total)
    assert text.count("trace/?id=") == int(records.split(maxsplit=1)[0])


def test_columns_are_those_of_the_original(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    columns = {
        kind: re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", _text(client, f"/companies/USMF/{kind}/"))
        for kind in ("expense", "vendor-invoice-line")
    }
    assert world.company == "USMF"
    assert columns["expense"] == [
        "Expense category", "Date", "Document", "Line number", "Amount", "Cause", "Age (days)", "Currency",
        "Exchange rate (per 100)", "Voucher", "Project ID", "Project name", "Actual?", "Journal",
        "Journal line amount", "Journal voucher", "Currency (journal)", "Posted date", "Last retried date",
    ]  # fmt: skip
    assert columns["vendor-invoice-line"] == [
        "Vendor account", "Name", "Invoice date", "Vendor invoice", "Line number", "Line amount", "Cause",
        "Age (days)", "Currency", "Voucher", "Project ID", "Project name", "Actual?", "Journal",
        "Journal line amount", "Currency (journal)", "Exchange rate (per 100)", "Journal voucher",
        "Posted date", "Last retried date",
    ]  # fmt: skip


def test_pages_follow_each_other_without_gap_or_repetition(world: WorkingWorld, log_in: LogIn) -> None:
    lines = {world.post(VENDOR, 1, world.today - timedelta(days=number % 3)).id for number in range(119)}
    collected()
    client = log_in("auditor")
    address, seen, pages = f"/companies/{world.company}/vendor-invoice-line/", list[str](), 0
    while address:
        text = _text(client, address)
        seen += re.findall(r"trace/\?id=([0-9a-f-]{36})", text)
        pages += 1
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert pages == 3
    assert len(seen) == len(set(seen)) == 120
    assert {str(line) for line in lines} < set(seen)


def test_what_is_older_than_the_window_has_a_line_that_opens_it(world: WorkingWorld, log_in: LogIn) -> None:
    world.post(VENDOR, 640, date(world.today.year - 4, 5, 5))
    collected()
    client = log_in("auditor")
    text = _text(client, f"/companies/{world.company}/vendor-invoice-line/")
    assert _footer(text) == ("1 record", "5,000.00 USD")
    older = re.search(r'data-older>Older than (\S+): <a href="([^"]+)">([^<]+)</a>', text)
    assert older is not None
    assert older[1] == f"{world.today.year - 1}-01-01"
    assert older[3] == "640.00 USD, 1 record"
    assert _footer(_text(client, older[2].replace("&amp;", "&"))) == ("1 record", "640.00 USD")


def test_dates_are_in_the_address_and_any_range_may_be_asked(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    day = world.today.isoformat()
    assert _footer(_text(client, f"/companies/USMF/expense/?from={day}&to={day}")) == (
        "2 records",
        "200.00 USD",
    )
    wrong = _text(client, f"/companies/USMF/expense/?from={day}&to=2001-01-01")
    assert "the start is not after the end" in wrong
    assert _footer(wrong) == ("40 records", "4,000.00 USD")
    assert _footer(_text(client, "/companies/USMF/expense/?view=nonsense&after=x&reason=y")) == (
        "40 records",
        "4,000.00 USD",
    )


def test_without_an_open_period_nothing_looks_clean(databases: None, log_in: LogIn) -> None:
    world = WorkingWorld(company="SHUT", closed=True)
    world.post(EXPENSE, 100, world.today)
    collected()
    client = log_in("auditor")
    text = _text(client, "/companies/SHUT/expense/")
    assert "CFG-902" in text
    assert "data-sum" not in text
    day = world.today.isoformat()
    asked = _text(client, f"/companies/SHUT/expense/?from={day}&to={day}")
    assert _footer(asked) == ("1 record", "100.00 USD")


def test_what_hinders_the_integration_is_said_on_the_page(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    assert "Prerequisites" not in _text(client, f"/companies/{world.company}/")
    set_state(actor=ADMINISTRATOR, map="msdyn_actuals", state=State.NOT_RUNNING)
    text = _text(client, f"/companies/{world.company}/")
    assert "Map msdyn_actuals is not running." in text
    assert "(DW-201)" in text


def test_a_row_opens_its_whole_way(world: WorkingWorld, log_in: LogIn) -> None:
    line = world.post(EXPENSE, Decimal("1234.5"), world.today)
    world.staged(line)
    collected()
    text = _text(log_in("auditor"), f"/companies/{world.company}/trace/?id={line.id}")
    assert "1,234.50 USD" in text
    assert "No integration journal line yet" in text
    assert re.findall(r'<li class="([a-z]*)">\s*<strong>([^<]+)</strong>', text) == [
        ("done", "Posted in finance"),
        ("done", "Arrived in operations"),
        ("done", "Approved in operations"),
        ("done", "Actual recorded"),
        ("done", "Actual arrived in finance"),
        ("stuck", "Integration journal line made"),
        ("", "Integration journal line posted"),
        ("", "Voucher written back to operations"),
    ]


def test_the_remedy_stands_beside_the_cause(world: WorkingWorld, log_in: LogIn) -> None:
    text = _text(log_in("auditor"), f"/companies/{world.company}/expense/")
    assert text.count('Expense was not synced to operations<small class="remedy">Sync</small>') == 40
    assert "Sync these" not in text


def test_older_lines_can_be_synced_from_where_they_are_named(world: WorkingWorld, log_in: LogIn) -> None:
    world.post(EXPENSE, 640, date(world.today.year - 4, 5, 5))
    collected()
    text = _text(log_in("project_accountant"), f"/companies/{world.company}/expense/")
    assert "Sync these" in text
    older = re.search(r'<form method="post" id="sync-older".*?</form>', text)
    assert older is not None
    assert re.findall(r'name="(from|to)" value="([^"]+)"', older[0]) == [
        ("from", "1970-01-01"),
        ("to", f"{world.today.year - 2}-12-31"),
    ]


def test_actuals_that_never_arrived_are_one_line_with_a_button(world: WorkingWorld, log_in: LogIn) -> None:
    address = f"/companies/{world.company}/"
    client = log_in("project_accountant")
    assert "Out of sync actuals" not in _text(client, address)
    world.time_entry_actual(Decimal("85.50"))
    collected()
    text = _text(client, address)
    assert "Out of sync actuals: 1 recorded in operations" in text
    assert "cost 85.50 USD; 1 from time entries." in text
    assert "stand in Missing actuals too" not in text
    assert f'action="/companies/{world.company}/actuals/sync/"' in text


def test_who_has_no_company_is_told_so(databases: None, log_in: LogIn) -> None:
    assert "You may see no company yet." in _text(log_in("auditor", companies=[]), "/")


def test_a_page_that_is_not_there_is_said_in_words(databases: None, log_in: LogIn) -> None:
    answer = log_in("auditor").get("/nothing/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_names_are_text_never_markup(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    answer = client.get(f"/companies/{world.company}/trace/", {"id": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in answer.content.decode()
