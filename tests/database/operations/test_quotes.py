"""Quotes: entered while they are drafts, won or lost once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, lines, outcome, rows
from tests.database.operations.ledger import CLERK, MANAGER

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, Role
from tieout.loading.masters import send
from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.organization.queries import billing
from tieout.operations.quoting.actions import QuoteWon, win_quote
from tieout.operations.quoting.problems import (
    ContractNumberTaken,
    ProjectNotPresales,
    QuoteLinesClash,
    QuoteNotDraft,
)
from tieout.operations.reevaluation.actions import reevaluate_entries


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm."""
    firm.set_up(tmp_path / "setup")
    return tmp_path


def test_a_quote_is_entered_until_it_is_won(folder: Path) -> None:
    quote = lines("number,customer,company,contracting_unit,currency", ["Q1,C1,NL01,NL,EUR"])
    header = "quote,line_number,name,billing_method,project"
    project = lines("number,company,contracting_unit,stage", ["JETTY,NL01,NL,presales"])
    assert enter(folder, "project", project).codes == {}  # presales without a quote
    assert enter(folder, "quote", quote).codes == {}
    wrong = enter(folder, "quote_line", lines(header, ["Q1,1,Work,time_and_materials,QUAY"]))
    assert wrong.codes == {"LOAD-350": 1}
    line = lines(header, ["Q1,1,Work,time_and_materials,JETTY"])
    assert outcome(enter(folder, "quote_line", line)) == (1, 1, 0, 0)
    fee = lines(f"{header},include_fee", ["Q1,1,Work,fixed_price,JETTY,yes"])
    assert enter(folder, "quote_line", fee).codes == {"LOAD-342": 1}
    rows(OPERATIONS, "update operations_quote set status = 'won' returning id")
    assert outcome(enter(folder, "quote", quote)) == (1, 0, 1, 0)
    assert outcome(enter(folder, "quote_line", line)) == (1, 0, 1, 0)
    assert enter(folder, "quote", quote.replace("EUR", "USD")).codes == {"LOAD-349": 1}
    assert enter(folder, "quote_line", line.replace("Work", "Play")).codes == {"LOAD-349": 1}


QUOTE = "number,customer,company,contracting_unit,currency"
QUOTE_LINE = "quote,line_number,name,billing_method,included_tasks,include_expense,project"
PROJECT = "number,company,contracting_unit,stage"


@pytest.fixture
def offered(folder: Path) -> Path:
    """Quotes Q1 and Q2 offer the work of JETTY, Q3 that of MOLE."""
    projects = ["JETTY,NL01,NL,presales", "MOLE,NL01,NL,presales"]
    enter(folder, "project", lines(PROJECT, projects))
    enter(folder, "quote", lines(QUOTE, [f"{number},C1,NL01,NL,EUR" for number in ("Q1", "Q2", "Q3", "K1")]))
    offers = [
        "Q1,1,Work,time_and_materials,all,no,JETTY",
        "Q1,2,Trips,fixed_price,all,yes,JETTY",
        "Q2,1,Work,fixed_price,all,yes,JETTY",
        "Q3,1,Work,fixed_price,all,yes,MOLE",
        "K1,1,Work,fixed_price,all,yes,",
    ]
    assert enter(folder, "quote_line", lines(QUOTE_LINE, offers)).codes == {}
    terms = f"{QUOTE_LINE},include_time,include_material"
    enter(folder, "quote_line", lines(terms, ["Q1,2,Trips,fixed_price,all,yes,JETTY,no,no"]))
    return folder


def win(quote: str, actor: Actor = OPERATOR) -> QuoteWon:
    with transaction.atomic(using=OPERATIONS):
        return win_quote(actor=actor, quote=quote)


def test_a_quote_that_is_won_becomes_a_contract(offered: Path) -> None:
    won = win("Q1")
    assert rows(OPERATIONS, "select number, status from operations_quote order by 1") == [
        ("K1", "draft"),
        ("Q1", "won"),
        ("Q2", "lost"),  # it offered the same project
        ("Q3", "draft"),
    ]
    project = rows(OPERATIONS, "select id, stage from operations_project where number = 'JETTY'")
    assert project == [(won.projects[0], "sold")]
    found = rows(
        OPERATIONS,
        "select l.line_number, l.billing_method, l.include_fee from operations_contract_line l"
        " where l.contract_id = %s order by 1",
        str(won.contract_id),
    )
    assert found == [(1, "time_and_materials", True), (2, "fixed_price", False)]
    time, expense = (
        billing(actor=OPERATOR, project=won.projects[0], transaction_class=one) for one in ("time", "expense")
    )
    assert (time.situation, expense.situation) == ("time_and_materials", "fixed_price")
    send(OPERATOR, "contract_line")
    assert rows(FINANCE, "select situation from finance_project where number = 'JETTY'") == [
        ("time_and_materials",)
    ]


@pytest.mark.parametrize(
    ("quote", "problem"),
    [("Q9", QuoteNotDraft), ("K1", ContractNumberTaken), ("Q3", ProjectNotPresales), ("Q2", QuoteLinesClash)],
)
def test_a_quote_that_cannot_be_won_changes_nothing(
    offered: Path, quote: str, problem: type[Exception]
) -> None:
    enter(offered, "project", lines(PROJECT, ["MOLE,NL01,NL,internal"]))
    enter(offered, "quote_line", lines(QUOTE_LINE, ["Q2,2,More,time_and_materials,selected,yes,JETTY"]))
    with pytest.raises(problem):
        win(quote)
    assert rows(OPERATIONS, "select distinct status from operations_quote") == [("draft",)]
    assert rows(OPERATIONS, "select count(*) from operations_contract") == [(1,)]


def test_a_quote_is_won_once_and_by_who_may(offered: Path) -> None:
    stranger = Actor(name="ada", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"US01"}))
    with pytest.raises(CompanyNotPermitted):
        win("Q1", stranger)
    win("Q1")
    for quote in ("Q1", "Q2"):
        with pytest.raises(QuoteNotDraft):
            win(quote)


def test_work_done_before_the_quote_was_won_is_sold_with_it_or_not_at_all(offered: Path) -> None:
    time = lines(
        "company,external_id,resource,project,role,date,hours", ["NL01,T1,BEA,JETTY,DEV,2024-01-15,8"]
    )
    assert enter(offered, "time_entry", time).codes == {}
    submit_entries(actor=CLERK, company="NL01")
    approve_entries(actor=MANAGER, company="NL01")
    made = (
        "select transaction_type, quantity::int, amount::int from operations_actual"
        " order by transaction_type, quantity, created_at"
    )
    with transaction.atomic(using=OPERATIONS):
        _win_and_evaluate()
        transaction.set_rollback(True, using=OPERATIONS)
    assert rows(OPERATIONS, made) == [("cost", 8, 480)]
    with transaction.atomic(using=OPERATIONS):
        _win_and_evaluate()
    # T15; the new contract has no sales list yet, which is said, and not hidden
    assert rows(OPERATIONS, made) == [
        ("cost", -8, -480),
        ("cost", 8, 480),
        ("cost", 8, 480),
        ("unbilled_sales", 8, 0),
    ]
    assert rows(OPERATIONS, "select code from problem_log") == [("APR-102",)]


def _win_and_evaluate() -> None:
    for project in win_quote(actor=OPERATOR, quote="Q1").projects:
        assert reevaluate_entries(actor=MANAGER, company="NL01", project_id=project).done == 1
