"""Approval sets, quotes and contracts on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture
from tests.database.loading import firm
from tests.database.loading.firm import enter, lines
from tests.database.operations.ledger import CLERK, MANAGER, rows
from tests.database.operations.test_quotes import PROJECT, QUOTE, QUOTE_LINE
from tests.database.workspace.world import user

from tieout.cli.program import ExitCode
from tieout.operations.approvals.actions import submit_entries
from tieout.operations.approvalsets import actions as sets
from tieout.operations.approvalsets.rules import Action


@pytest.fixture
def worked(databases: None, tmp_path: Path) -> Path:
    """Project JETTY in the presales stage, offered in quote Q1, with 8 submitted hours."""
    firm.set_up(tmp_path / "setup")
    enter(tmp_path, "project", lines(PROJECT, ["JETTY,NL01,NL,presales"]))
    enter(tmp_path, "quote", lines(QUOTE, ["Q1,C1,NL01,NL,EUR"]))
    enter(tmp_path, "quote_line", lines(QUOTE_LINE, ["Q1,1,Work,time_and_materials,all,yes,JETTY"]))
    header = "company,external_id,resource,project,role,date,hours"
    enter(tmp_path, "time_entry", lines(header, ["NL01,T1,BEA,JETTY,DEV,2024-01-15,8"]))
    enter(tmp_path, "project_parameters", lines("company,approval_threshold", ["NL01,0"]))
    submit_entries(actor=CLERK, company="NL01")
    return tmp_path


def test_sets_are_listed_shown_processed_and_retried(worked: Path, tieout: Tieout) -> None:  # noqa: F811
    assert "NL01 has no approval set." in tieout("approvals", "list", "--company", "NL01").out
    entries = [entry for (entry,) in rows("select id from operations_entry")]
    [made] = sets.request(actor=MANAGER, company="NL01", action=Action.APPROVE, entry_ids=entries).sets
    number = str(made.number)
    rows("update operations_project set stage = 'closed' where number = 'JETTY' returning id")
    user("max", "project_manager")
    user("lea", "project_manager")
    said = tieout("run", "approval-sets", "--company", "NL01")
    assert "Process approval sets (NL01): 1 set, 0 done, 1 refused" in said.out
    [found] = tieout("approvals", "list", "--company", "NL01", "--json").document
    assert (found["number"], found["status"], found["attempts_left"]) == (made.number, "failed", 2)
    shown = tieout("approvals", "show", number, "--company", "NL01")
    assert "INT-701" in shown.err + shown.out
    rows("update operations_project set stage = 'presales' where number = 'JETTY' returning id")
    assert tieout("approvals", "retry", number, "--company", "NL01").code == ExitCode.USAGE
    said = tieout("--as", "lea", "approvals", "retry", number, "--company", "NL01")
    assert f"Approval set {number} is queued." in said.out
    assert "1 set, 1 done, 0 refused" in tieout("run", "approval-sets", "--company", "NL01").out
    assert rows("select approved_by from operations_approval") == [("lea",)]
    assert tieout("approvals", "show", "99", "--company", "NL01").code == ExitCode.PROBLEM


def test_a_quote_is_won_and_a_contract_confirmed(worked: Path, tieout: Tieout) -> None:  # noqa: F811
    user("max", "project_manager")
    assert tieout("--as", "max", "run", "approve-entries", "--company", "NL01").code == ExitCode.OK
    dry = tieout("contracts", "win", "Q1", "--dry-run")
    assert "Quote Q1 would be won. Projects: JETTY." in dry.out
    assert "Entries made anew: 1 of 1." in dry.out
    assert "The contract has no price list, and what is sold by it is priced at 0." in dry.out
    enter(worked, "price_list_use", lines("price_list,company,customer", ["SALES,NL01,C1"]))
    dry = tieout("contracts", "win", "Q1", "--dry-run")
    assert re.search(r"SALES +its customer's +2024-01-01 +2024-12-31 +EUR +0", dry.out)
    assert rows("select count(*) from operations_actual") == [(1,)]
    assert "Quote Q1 is won." in tieout("contracts", "win", "Q1").out
    assert rows("select count(*) from operations_actual") == [(4,)]
    again = tieout("contracts", "win", "Q1")
    assert (again.code, "CFG-205" in again.out + again.err) == (ExitCode.PROBLEM, True)
    done = tieout("contracts", "confirm", "Q1", "--json").document
    assert (done["entries"], done["reevaluated"]["done"], done["is_queued"]) == (1, 1, False)
    said = tieout("run", "reevaluate", "--company", "NL01")
    assert "There was nothing to do." in said.out


def test_a_price_list_is_copied(worked: Path, tieout: Tieout) -> None:  # noqa: F811
    said = tieout("price-lists", "copy", "SALES", "SALES-2025", "--name", "Sales, next year").out
    assert "Price list SALES is copied as SALES-2025. Role prices: 1, markups: 0," in said
    assert rows("select name from operations_price_list where code = 'SALES-2025'") == [("Sales, next year",)]
    again = tieout("price-lists", "copy", "SALES", "SALES-2025")
    assert (again.code, "CFG-211" in again.out + again.err) == (ExitCode.PROBLEM, True)
    done = tieout("price-lists", "copy", "COST", "COST-2", "--json").document
    assert (done["code"], done["role_prices"], done["product_prices"]) == ("COST-2", 1, 0)
    user("max", "project_manager")
    refused = tieout("--as", "max", "price-lists", "copy", "SALES", "MINE")
    assert (refused.code, "ACCESS-101" in refused.out + refused.err) == (ExitCode.PROBLEM, True)
