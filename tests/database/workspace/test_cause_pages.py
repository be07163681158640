"""Causes on the grids, the trace, in files, on the command line; and Sync of what was lost alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.database.reconciliation.causes import connect, meet
from tests.database.reconciliation.left_out import leave_out
from tests.database.reconciliation.world import ACCOUNTANT, EXPENSE, VENDOR, Line, collected
from tests.database.workspace.world import WorkingWorld

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.jobs import actions as jobs
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations.models import ActualPosting, VendorInvoice
from tieout.problems.catalogue import Process
from tieout.reconciliation.causes import queries

INTEGRATOR = Actor("ines", frozenset({"integrator", "project_accountant"}), None)
LogIn = Callable[..., Client]
CHIP = re.compile(r'data-cause="([^"]+)"><strong>[^<]+: (\d+), ([\d,.]+)')


def _text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def _bytes(client: Client, address: str) -> bytes:
    answer: Any = client.get(address)
    with closing(answer):
        return b"".join(answer.streaming_content)


def _grid(world: WorkingWorld, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/companies/{world.company}/expense/?{asked}"


def _causes(client: Client, page: str) -> list[tuple[str, str, str]]:
    """Return the causes that a page asks for once it is shown."""
    asked = re.search(r'hx-get="([^"]+/causes/[^"]+)"', page)
    assert asked is not None
    return CHIP.findall(_text(client, asked[1].replace("&amp;", "&")))


def test_a_view_lists_its_causes_with_their_figures(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    text = _text(client, _grid(world, view="missing_actuals"))
    assert CHIP.findall(text) == []
    assert _causes(client, text) == [("RC-01d", "40", "4,000.00")]
    assert ("RC-01d", "40", "4,000.00") in _causes(client, _text(client, _grid(world, view="all")))


def test_a_cause_in_the_address_leaves_its_rows_and_their_sum(world: WorkingWorld, log_in: LogIn) -> None:
    world.arrive(world.post(EXPENSE, 77, world.today))
    collected()
    text = _text(log_in("auditor"), _grid(world, view="missing_actuals", cause="RC-02a"))
    assert CHIP.findall(text) == [("RC-01d", "40", "4,000.00"), ("RC-02a", "1", "77.00")]
    assert "1 record</span>" in text
    assert "data-sum>77.00 USD<" in text
    assert text.count("Waits for approval or confirmation (waits)") == 1


def test_what_came_back_at_another_rate_with_the_same_cost_is_seen_among_the_reconciled(
    world: WorkingWorld, log_in: LogIn
) -> None:
    """Its amount does not differ: it stands in no view of amount differences, and in no balance."""
    of_cost = {"amount": Decimal(50), "exchange_rate": Decimal(200)}
    for given in ({"exchange_rate": Decimal(200)}, of_cost):
        line = world.post(EXPENSE, 100, world.today)
        made = world.journal(line, world.staged(line), **given)
        world.post_journal(made)
        world.write_back(made)
    collected()
    client = log_in("auditor")
    reconciled = _text(client, _grid(world, view="reconciled"))
    assert ("RC-15", "2", "200.00") in _causes(client, reconciled)
    of_cause = _text(client, _grid(world, view="reconciled", cause="RC-15"))
    assert "2 records</span>" in of_cause
    assert of_cause.count("Came back at another currency or exchange rate (error)") == 2
    differences = _text(client, _grid(world, view="amount_differences"))
    assert _causes(client, differences) == [("RC-15", "1", "100.00")]
    assert "1 record</span>" in _text(client, _grid(world, view="amount_differences", cause="RC-15"))
    address = f"/companies/{world.company}/expense/export/csv/?view=reconciled&cause=RC-15"
    rows = csv.DictReader(io.StringIO(_bytes(client, address).decode("utf-8-sig")))
    assert sorted(Decimal(row["Difference"]) for row in rows) == [Decimal(0), Decimal(50)]


def test_an_age_in_the_address_leaves_the_lines_that_are_so_old(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    world.post(EXPENSE, 77, world.today - timedelta(days=60))
    collected()
    everything = _text(client, _grid(world, view="missing_actuals"))
    assert "41 records</span>" in everything
    assert "1 record</span>" in _text(client, _grid(world, view="missing_actuals", age="50"))
    assert "0 records</span>" in _text(client, _grid(world, view="missing_actuals", age="9999"))
    assert "41 records</span>" in _text(client, _grid(world, view="missing_actuals", age="-1"))


def test_an_old_expense_that_was_posted_now_has_waited_no_day(
    world: WorkingWorld, log_in: LogIn, capsys: pytest.CaptureFixture[str]
) -> None:
    world.post(EXPENSE, 77, world.today - timedelta(days=60))
    collected()
    client = log_in("project_accountant")
    asked = {"view": "missing_actuals", "age": "50"}
    text = _text(client, _grid(world, **asked))
    assert re.search(r'</td><td class="number">0</td><td>USD</td>', text)
    part = re.search(r'hx-get="([^"]+/causes/[^"]+)"', text)
    assert part is not None
    today = datetime.now(tz=UTC).date().isoformat()
    assert f"waiting since {today}." in _text(client, part[1].replace("&amp;", "&"))
    address = f"/companies/{world.company}/expense/export/csv/?view=missing_actuals&age=50"
    (row,) = csv.DictReader(io.StringIO(_bytes(client, address).decode("utf-8-sig")))
    assert row["Accounting date"] == (world.today - timedelta(days=60)).isoformat()
    assert (row["Waiting since"], row["Age (days)"]) == (today, "0")
    capsys.readouterr()
    assert main(TieoutProgram(), ("reconcile", "--company", world.company, "--json")) == ExitCode.PROBLEM
    (company,) = json.loads(capsys.readouterr().out)
    assert {one["waiting_since"] for kind in company["kinds"] for one in kind["causes"]} == {today}


def test_a_grid_is_a_file_with_its_causes(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    address = f"/companies/{world.company}/expense/export/csv/?view=missing_actuals&cause=RC-01d"
    rows = list(csv.DictReader(io.StringIO(_bytes(client, address).decode("utf-8-sig"))))
    assert len(rows) == 40
    assert sum(Decimal(row["Accounting amount"]) for row in rows) == Decimal(4_000)
    assert {(row["Cause"], row["Error"], row["Remedy"]) for row in rows} == {("RC-01d", "yes", "Sync")}
    sheet = load_workbook(io.BytesIO(_bytes(client, address.replace("/csv/", "/xlsx/")))).active
    assert sheet is not None
    assert sheet.max_row == 41
    assert _text(client, address.replace("/csv/", "/pdf/"), 400)
    assert log_in("resource", name="rhea").get(address).status_code == 403


def test_a_trace_says_the_cause_its_remedy_and_where_to_mend_it(world: WorkingWorld, log_in: LogIn) -> None:
    line = world.post(VENDOR, 10, world.today)
    world.arrive(line, header=False)
    collected()
    text = _text(log_in("auditor"), f"/companies/{world.company}/trace/?id={line.id}")
    assert re.findall(r'<dd data-cause="([^"]+)">', text) == ["RC-02a", "RC-01f"]
    assert "Waits for approval or confirmation (waits)" in text
    assert "Vendor invoice header is not in operations (error)" in text


def test_a_trace_says_why_an_actual_that_no_account_shows_is_not_home(
    world: WorkingWorld, log_in: LogIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its cost was left out of staging by mistake; the sale of the same entry waits for import."""
    entry = Line(new_id(), VENDOR, new_id(), "", Decimal(100), world.today, "")
    cost = world.actual(entry, source_kind="time_entry")
    world.stage(entry, cost)
    leave_out(world, cost)
    sale = world.actual(entry, transaction_type="unbilled_sales", source_kind="time_entry")
    world.stage(entry, sale, transaction_type="unbilled_sales")
    collected()
    text = _text(log_in("auditor"), f"/companies/{world.company}/trace/?id={cost}")
    assert re.findall(r'<p data-actual-cause="([^"]+)">', text) == ["RC-06b", "RC-09"]
    assert text.count(f'<a href="/companies/{world.company}/integration/staging/">Mend it</a>') == 2
    capsys.readouterr()
    assert main(TieoutProgram(), ("trace", str(cost))) == ExitCode.OK
    said = capsys.readouterr().out
    assert "RC-06b Its cost was left out of staging." in said
    assert "RC-09 Import from staging has not run." in said


def test_sums_by_cause_on_the_command_line_are_the_balance(
    world: WorkingWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(TieoutProgram(), ("reconcile", "--company", world.company, "--json")) == ExitCode.PROBLEM
    (company,) = json.loads(capsys.readouterr().out)
    for kind, balance in zip(company["kinds"], ("9000", "28000"), strict=True):
        sums = sum(Decimal(str(one["amount"])) for one in kind["causes"])
        assert sums == Decimal(str(kind["balance"])) == Decimal(balance)
    assert {one["cause"] for one in company["kinds"][0]["causes"]} == {"RC-01d", "RC-09"}


@pytest.mark.parametrize(
    "causes", [("RC-01f", "RC-05", "RC-19"), ("RC-01h", "RC-05c", "RC-19c")], ids=["lost", "refused"]
)
def test_sync_states_again_what_was_lost_or_refused_alone(
    world: WorkingWorld, causes: tuple[str, ...]
) -> None:
    line = world.post(VENDOR, 10, world.today)
    world.arrive(line, header=False)
    world.approve(line)
    actual_id = world.actual(line)
    world.stage(line, actual_id)
    made = world.journal(line, actual_id)
    world.post_journal(made)
    connection = connect(world, actual_id, staged=False)
    if causes[0] == "RC-01h":
        meet(FINANCE, Process.DELIVER, "DW-208", line.document_id)
        meet(OPERATIONS, Process.DELIVER, "DW-208", connection)
        meet(FINANCE, Process.DELIVER, "DW-208", made.id)
    collected()
    found = queries.causes_of(actor=ACCOUNTANT, lines=[line.id])[line.id]
    assert found.primary is not None
    assert (found.primary.cause, *(one.cause for one in found.secondary)) == causes
    jobs.perform(actor=INTEGRATOR, job="sync", company=world.company)
    assert VendorInvoice.objects.filter(id=line.document_id).count() == 1
    assert ActualPosting.objects.filter(id=made.id).count() == 1
    after = queries.causes_of(actor=ACCOUNTANT, lines=[line.id])[line.id]
    assert after.primary is None
