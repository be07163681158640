"""The command line: what it says, and the exit code that a script learns from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.database.reconciliation.world import EXPENSE
from tests.database.workspace.world import WorkingWorld, tiles, user

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.finance import models as finance
from tieout.operations import models as operations
from tieout.workspace.models import User


class Said:
    """What one call answered."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> Any:
        """What it wrote as JSON."""
        return json.loads(self.out)


Tieout = Callable[..., Said]


@pytest.fixture
def tieout(databases: None, capsys: pytest.CaptureFixture[str]) -> Tieout:
    def called(*arguments: str) -> Said:
        capsys.readouterr()
        code = main(TieoutProgram(), arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    return called


@pytest.fixture
def world(databases: None) -> WorkingWorld:
    made = WorkingWorld()
    tiles(made)
    return made


def test_check_says_one_line_per_question(tieout: Tieout, world: WorkingWorld) -> None:
    said = tieout("check")
    assert said.code == ExitCode.OK
    lines = said.out.splitlines()
    assert all(line.startswith("OK ") for line in lines)
    for question in ("server version", "encoding", "tables", "role"):
        for database in ("operations", "finance", "reconciliation"):
            assert any(f"{database}: {question}: " in line for line in lines)
    for question in ("maps: state", "maps: versions", "maps: keys", "maps: delivery"):
        assert any(f"{question}: " in line for line in lines)
    for question in ("integration accounts", "line properties", "exchange rates", "open period"):
        assert any(f"company {world.company}: {question}: " in line for line in lines)


def test_check_says_what_is_wrong_and_what_to_do(tieout: Tieout, world: WorkingWorld) -> None:
    tieout("maps", "stop", "msdyn_actuals")
    finance.LineProperty.objects.filter(billing_type="chargeable").delete()
    finance.IntegrationParameters.objects.update(expense_integration_account="")
    said = tieout("check", "--json")
    assert said.code == ExitCode.PROBLEM
    problems = {one["problem"]["code"]: one["problem"]["message"] for one in said.document if not one["ok"]}
    assert problems == {
        "DW-201": "Map msdyn_actuals is not running.",
        "CFG-201": f"The expense integration account is not set up in company {world.company}.",
        "CFG-202": f"Company {world.company} maps 4 of 5 billing types to a line property.",
    }


def test_users_get_a_random_password_that_is_said_once(tieout: Tieout) -> None:
    said = tieout("users", "create", "anna", "--role", "project_accountant", "--company", "USMF")
    assert said.code == ExitCode.OK
    password = re.search(r"shown only now\): (\S{20})$", said.out.strip())
    assert password is not None
    user_made = User.objects.get(username="anna")
    assert user_made.check_password(password[1])
    assert (user_made.roles, user_made.companies) == (["project_accountant"], ["USMF"])
    assert password[1] not in tieout("users", "list", "--json").out
    assert tieout("users", "set-roles", "anna", "--role", "auditor", "--all-companies").code == ExitCode.OK
    user_made.refresh_from_db()
    assert (user_made.roles, user_made.companies) == (["auditor"], None)


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("users", "create", "anna", "--role", "king", "--all-companies"), ExitCode.PROBLEM, "ACCESS-106"),
        (("users", "create", "a b", "--role", "auditor", "--all-companies"), ExitCode.PROBLEM, "ACCESS-107"),
        (("users", "set-roles", "x", "--role", "auditor", "--all-companies"), ExitCode.PROBLEM, "ACCESS-104"),
        (("users", "create", "anna", "--role", "auditor"), ExitCode.USAGE, "--all-companies"),
        (("run", "nonsense"), ExitCode.PROBLEM, "JOB-103"),
        (("run", "chain", "--company"), ExitCode.USAGE, "--company"),
        (("maps", "stop", "nonsense"), ExitCode.PROBLEM, "DW-206"),
        (("maps", "explode", "msdyn_actuals"), ExitCode.USAGE, "start, pause, stop"),
        (("reconcile", "--kind", "nonsense"), ExitCode.USAGE, "--kind"),
        (("reconcile", "--from", "yesterday"), ExitCode.USAGE, "yesterday"),
        (("nonsense",), ExitCode.USAGE, "nonsense"),
        (("--as", "nobody", "status"), ExitCode.PROBLEM, "ACCESS-104"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_words(
    tieout: Tieout, arguments: tuple[str, ...], code: ExitCode, problem: str
) -> None:
    said = tieout(*arguments)
    assert said.code == code
    assert problem in said.err
    if code == ExitCode.PROBLEM:
        assert "  why   " in said.err
        assert "  next  " in said.err


def test_reconcile_gives_the_figures_and_1_while_something_is_open(
    tieout: Tieout, world: WorkingWorld
) -> None:
    said = tieout("reconcile", "--company", world.company, "--json")
    assert said.code == ExitCode.PROBLEM
    expense, vendor = said.document[0]["kinds"]
    assert (expense["unreconciled"], expense["balance"], expense["unexplained"]) == (
        {"lines": 45, "amount": "9000.0000"}, "9000.0000", "0.0000"
    )  # fmt: skip
    assert vendor["unreconciled"] == {"lines": 2, "amount": "28000.0000"}
    assert [(one["cause"], one["amount"]) for one in expense["terms"]] == [
        ("not_synced_to_operations", "4000.0000"),
        ("not_imported", "5000.0000"),
    ]
    people = tieout("reconcile")
    assert "Balance 9,000.00 USD, unexplained 0.00: ties out" in people.out


def test_sync_brings_everything_home_and_the_exit_code_tells(tieout: Tieout, world: WorkingWorld) -> None:
    said = tieout("run", "sync", "--company", world.company)
    assert said.code == ExitCode.OK
    assert "Sync expenses to operations (USMF): 40 expenses, 4,000.00 cost" in said.out
    assert "Approve documents (USMF): 41 document lines" in said.out
    assert tieout("reconcile").code == ExitCode.OK
    assert tieout("run", "chain").out.strip() == "There was nothing to do."


def test_sync_takes_dates(tieout: Tieout, world: WorkingWorld) -> None:
    world.periods(world.today.year - 4)
    world.post(EXPENSE, 640, date(world.today.year - 4, 5, 5))
    tieout("run", "sync")
    assert "Older than the window: 1 lines, 640.00" in tieout("reconcile").out
    said = tieout("run", "sync", "--company", "USMF", "--from", f"{world.today.year - 4}-01-01")
    assert said.code == ExitCode.OK
    assert "Sync expenses to operations (USMF): 1 expense, 640.00 cost" in said.out
    assert "Older" not in tieout("reconcile").out
    for wrong in (
        ("sync", "--from", "2014-01-01", "--to", "2013-01-01"),
        ("deliver", "--from", "2014-01-01"),
        ("sync", "--kind", "nonsense"),
    ):
        assert tieout("run", *wrong).code == ExitCode.USAGE


def test_actuals_out_of_sync_are_said_and_synced(tieout: Tieout, world: WorkingWorld) -> None:
    tieout("run", "sync")
    assert tieout("reconcile").code == ExitCode.OK
    world.time_entry_actual(Decimal("85.50"))
    tieout("run", "collect")
    said = tieout("reconcile")
    assert said.code == ExitCode.PROBLEM
    assert "Out of sync actuals" in said.out
    assert re.search(r"time entry +cost +1 +85\.50 +USD", said.out)
    assert tieout("reconcile", "--json").document[0]["out_of_sync"] == [
        {"source_kind": "time_entry", "transaction_type": "cost", "currency": "USD", "actuals": 1,
         "amount": "85.5000"}
    ]  # fmt: skip
    assert "Sync actuals to finance (USMF): 1 actual, 85.50 USD cost" in tieout("run", "sync").out
    assert tieout("reconcile").code == ExitCode.OK


def test_what_is_refused_is_said_with_figures_and_remedy(tieout: Tieout, world: WorkingWorld) -> None:
    operations.Project.objects.filter(id=world.project_id).update(stage="closed")
    assert tieout("run", "sync").code == ExitCode.PROBLEM
    said = tieout("run", "approve", "--company", world.company)
    assert said.code == ExitCode.PROBLEM
    assert "nothing to do" not in said.out
    assert "Approve documents (USMF): refused 41 records, 9,000.00" in said.out
    assert "INT-701: 41, for example" in said.out
    assert "Project stage closed doesn't allow recording in the project" in said.err
    assert "next  Reopen the project, or record the document on another one." in said.err


def test_problems_lists_what_is_open(tieout: Tieout, world: WorkingWorld) -> None:
    assert tieout("problems").out.strip() == "No problem is open."
    operations.Project.objects.filter(id=world.project_id).update(stage="closed")
    tieout("run", "sync")
    said = tieout("problems", "--company", world.company, "--process", "approve", "--json")
    assert said.code == ExitCode.PROBLEM
    assert len(said.document) == 41
    assert {(one["code"], one["company"], one["database"]) for one in said.document} == {
        ("INT-701", "USMF", "operations")
    }
    people = tieout("problems", "--limit", "1").out
    assert "INT-701  Project stage closed doesn't allow recording" in people
    assert "  next    Reopen the project" in people
    assert tieout("problems", "--process", "load").code == ExitCode.OK
    assert tieout("problems", "--process", "nonsense").code == ExitCode.USAGE
    operations.Project.objects.filter(id=world.project_id).update(stage="internal")
    assert tieout("run", "chain").code == ExitCode.OK
    assert tieout("problems").code == ExitCode.OK
    over = tieout("problems", "--state", "resolved", "--code", "INT-701", "--json")
    assert (over.code, len(over.document)) == (ExitCode.OK, 41)
    assert {one["resolved_by"] for one in over.document} == {"system"}
    assert "; resolved " in tieout("problems", "--state", "all", "--limit", "1").out
    assert tieout("problems", "--state", "all", "--since", "2999-01-01").out == "There is no such problem.\n"
    assert tieout("problems", "--view", "most_recent").code == ExitCode.OK
    for wrong in (("--state", "over"), ("--code", "PST-999"), ("--view", "x"), ("--since", "soon")):
        assert tieout("problems", *wrong).code == ExitCode.USAGE


def test_a_refused_journal_line_says_why_and_what_next(tieout: Tieout, world: WorkingWorld) -> None:
    for period in finance.FiscalPeriod.objects.all():
        finance.PeriodStatus.objects.create(company_code=world.company, period=period, status="on_hold")
    said = tieout("run", "chain")
    assert said.code == ExitCode.PROBLEM
    assert "Post integration journals (USMF): refused" in said.out
    again = tieout("run", "post-integration-journal")
    assert (again.code, "PST-20" in again.err) == (ExitCode.PROBLEM, True)
    problem = tieout("problems", "--process", "post_integration_journal", "--json").document[0]
    journal = tieout("trace", problem["record"])
    assert problem["message"] in journal.err
    assert problem["remedy"] in journal.err
    assert "stuck here" in journal.out
    assert "00 USD in USMF" in journal.out
    assert "refused PST" not in journal.out


def test_status_counts_records_and_money_per_hop(tieout: Tieout, world: WorkingWorld) -> None:
    document = tieout("status", "--json").document
    hops = {
        (one["kind"], one["stage"]): (one["records"], one["amount"])
        for one in document["hops"]
        if one["company_code"] == world.company
    }
    assert hops["expense", "posted_in_finance"] == (46, "9012.3400")
    assert hops["expense", "arrived_in_operations"] == (6, "5012.3400")
    assert hops["expense", "posted"] == (1, "12.3400")


def test_trace_shows_where_a_record_stands(tieout: Tieout, world: WorkingWorld) -> None:
    from tests.database.reconciliation.world import collected

    line = world.post(EXPENSE, 77, world.today)
    world.arrive(line)
    collected()
    said = tieout("trace", str(line.id), "--json")
    assert said.code == ExitCode.OK
    assert (said.document[0]["stands_at"], said.document[0]["reason"]) == (
        "arrived_in_operations",
        "not_approved",
    )
    assert "- Approved in operations               stuck here" in tieout("trace", line.number).out
    assert tieout("trace", "nothing").code == ExitCode.PROBLEM


def test_maps_are_stopped_paused_and_started(tieout: Tieout) -> None:
    def state() -> str:
        found = tieout("maps", "--json").document
        return str(next(one["state"] for one in found if one["map"]["map"] == "msdyn_actuals"))

    for action, expected in (("stop", "not_running"), ("pause", "paused"), ("start", "running")):
        assert tieout("maps", action, "msdyn_actuals").code == ExitCode.OK
        assert state() == expected


def test_as_a_user_one_has_their_roles_and_companies_only(tieout: Tieout, world: WorkingWorld) -> None:
    user("otto", "auditor", companies=["DEMF"])
    assert "ACCESS-101" in tieout("--as", "otto", "maps", "stop", "msdyn_actuals").err
    refused = tieout("--as", "otto", "reconcile", "--company", world.company)
    assert (refused.code, "ACCESS-102" in refused.err) == (ExitCode.PROBLEM, True)
    assert tieout("--as", "otto", "status", "--json").document["hops"] == []


def test_what_nobody_foresaw_is_one_line_and_a_file(
    tieout: Tieout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIEOUT_DATA_DIRECTORY", str(tmp_path))
    from tieout.reconciliation.traces import queries

    def broken(**_: object) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr(queries, "status", broken)
    said = tieout("status")
    assert said.code == ExitCode.UNEXPECTED
    assert said.err.count("\n") == 1
    file = Path(said.err.strip().rpartition(" ")[2])
    assert file.parent == tmp_path / "errors"
    assert "nobody foresaw this" in file.read_text(encoding="utf-8")
