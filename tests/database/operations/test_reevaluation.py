"""What was approved is made anew where its contract says something else now (spec 2.1, E22, E23)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, lines
from tests.database.operations.ledger import CLERK, MANAGER, count, open_problems, rows
from tests.database.operations.test_quotes import PROJECT, QUOTE, QUOTE_LINE

from tieout.kernel.access import Actor, CompanyNotPermitted, Role, VerbNotPermitted
from tieout.operations.approvals.actions import approve_entries, cancel_approval, submit_entries
from tieout.operations.entries.rules import Refused
from tieout.operations.organization.problems import ContractNotDraft
from tieout.operations.quoting.problems import QuoteNotDraft
from tieout.operations.reevaluation import actions
from tieout.operations.reevaluation.actions import (
    Lost,
    QueueDone,
    Reevaluated,
    Sold,
    confirm_contract,
    reevaluate_queued,
    win_quote,
)
from tieout.operations.reevaluation.queries import requests

JOB = Actor("system", frozenset({"system"}), None)
TIME = "company,external_id,resource,project,task,role,date,hours"
LINE = "contract,line_number,name,billing_method,included_tasks"
SELECTED = "contract,contract_line,project,task,billing_type,active"
MAPPED = "contract,contract_line,project,active"


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm: QUAY is on line 1 of K1; an hour of DEV costs 60 and is sold for 125.50."""
    tasks = "project,number\nQUAY,A\nQUAY,B\n"
    firm.set_up(tmp_path / "setup", task=tasks)
    return tmp_path


def worked(folder: Path, *entries: str) -> None:
    """Enter, submit and approve time: number, project, task and hours."""
    found = []
    for entry in entries:
        number, project, task, hours = entry.split(",")
        found.append(f"NL01,{number},BEA,{project},{task},DEV,2024-01-15,{hours}")
    assert enter(folder, "time_entry", lines(TIME, found)).codes == {}
    submit_entries(actor=CLERK, company="NL01")
    assert approve_entries(actor=MANAGER, company="NL01").approved == len(entries)


def live() -> list[tuple[str, str, str, int, int]]:
    """Return entry, type, billing type, hours and amount of the actuals that count."""
    return rows(
        "select e.external_id, a.transaction_type, a.billing_type, a.quantity::int, a.amount::int"
        " from operations_actual as a join operations_entry as e on e.id = a.source_id"
        " where a.reverses_id is null"
        " and not exists (select from operations_actual as r where r.reverses_id = a.id)"
        " order by 1, 2, 3"
    )


def sold(entry: str, hours: int, billing: str = "chargeable") -> list[tuple[str, str, str, int, int]]:
    return [
        (entry, "cost", billing, hours, 60 * hours),
        (entry, "unbilled_sales", billing, hours, 251 * hours // 2),
    ]


def only_cost(entry: str, hours: int) -> list[tuple[str, str, str, int, int]]:
    return [(entry, "cost", "not_available", hours, 60 * hours)]


def queue() -> list[tuple[str, str, bool]]:
    return rows(
        "select p.number, r.reason, r.is_whole from operations_reevaluation as r"
        " join operations_project as p on p.id = r.project_id where r.finished_at is null order by r.id"
    )


def run() -> QueueDone:
    return reevaluate_queued(actor=JOB, company="NL01")


def invoice(entry: str) -> None:
    """Put the unbilled sales of an entry on a customer invoice."""
    rows(
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select a.id, 'billing', 'customer_invoice_created', 'bo' from operations_actual as a"
        " join operations_entry as e on e.id = a.source_id"
        " where e.external_id = %s and a.transaction_type = 'unbilled_sales' returning id",
        entry,
    )


# ------------------------------------------------ tasks and lines: E23


@pytest.fixture
def selected(folder: Path) -> Path:
    """Line 1 takes selected tasks, and none is selected yet: T1 of task A, T2 of B, T3 of none."""
    line = lines(LINE, ["K1,1,Work,time_and_materials,selected"])
    assert enter(folder, "contract_line", line).codes == {}
    worked(folder, "T1,QUAY,A,8", "T2,QUAY,B,4", "T3,QUAY,,2")
    assert live() == only_cost("T1", 8) + only_cost("T2", 4) + only_cost("T3", 2)
    assert (queue(), run()) == ([], QueueDone())
    return folder


def select(folder: Path, *tasks: str) -> None:
    found = enter(folder, "contract_line_task", lines(SELECTED, [f"K1,1,QUAY,{task}" for task in tasks]))
    assert found.codes == {}


def test_a_task_that_is_mapped_makes_exactly_its_time_chargeable(selected: Path) -> None:
    select(selected, "A,chargeable,yes")
    assert queue() == [("QUAY", "contract_line", False)]
    assert live() == only_cost("T1", 8) + only_cost("T2", 4) + only_cost("T3", 2)
    assert run() == QueueDone(1, 1, 0)
    assert live() == sold("T1", 8) + only_cost("T2", 4) + only_cost("T3", 2)
    # the cost of T1: made, reversed, made anew
    assert rows(
        "select a.amount::int, s.adjustment_status from operations_actual as a"
        " join operations_entry as e on e.id = a.source_id"
        " join operations_actual_state as s on s.actual_id = a.id"
        " where e.external_id = 'T1' and a.transaction_type = 'cost' order by 1, 2"
    ) == [(-480, "unadjustable"), (480, "adjusted"), (480, "live")]
    assert rows("select event, done_by from operations_entry_event") == [("reevaluated", "operator")]
    assert (queue(), run()) == ([], QueueDone())


def test_a_task_that_is_removed_takes_its_sales_back(selected: Path) -> None:
    select(selected, "A,chargeable,yes", "B,non_chargeable,yes")
    assert run() == QueueDone(1, 2, 0)
    assert live() == sold("T1", 8) + sold("T2", 4, "non_chargeable") + only_cost("T3", 2)
    before = count("operations_actual")
    select(selected, "A,chargeable,no")
    assert run() == QueueDone(1, 1, 0)
    assert live() == only_cost("T1", 8) + sold("T2", 4, "non_chargeable") + only_cost("T3", 2)
    # cost and sales reversed, cost recorded again
    assert count("operations_actual") == before + 3
    [(total,)] = rows(
        "select sum(amount)::int from operations_actual as a join operations_entry as e on e.id = a.source_id"
        " where e.external_id = 'T1' and a.transaction_type = 'unbilled_sales'"
    )
    assert total == 0


def test_nothing_is_queued_where_no_answer_changes(selected: Path) -> None:
    # a new line that takes nothing of the project (2281728), a task without work, another name
    enter(selected, "contract_line", lines(LINE, ["K1,2,More,time_and_materials,selected"]))
    enter(selected, "contract_line", lines(LINE, ["K1,1,Other name,time_and_materials,selected"]))
    enter(selected, "task", "project,number\nQUAY,C\n")
    select(selected, "C,chargeable,yes")
    select(selected, "A,chargeable,no")
    enter(
        selected,
        "contract_line_role",
        lines("contract,contract_line,role,billing_type", ["K1,1,DEV,chargeable"]),
    )
    enter(selected, "project", lines(PROJECT, ["NEW,NL01,NL,presales"]))
    assert queue() == []
    select(selected, "B,chargeable,yes")
    select(selected, "B,chargeable,yes")
    assert queue() == [("QUAY", "contract_line", False)]


def test_a_role_that_is_not_chargeable_on_the_line_changes_its_time(folder: Path) -> None:
    worked(folder, "T1,QUAY,,8")
    role = lines("contract,contract_line,role,billing_type", ["K1,1,DEV,non_chargeable"])
    assert enter(folder, "contract_line_role", role).codes == {}
    assert run() == QueueDone(1, 1, 0)
    assert live() == sold("T1", 8, "non_chargeable")


def test_a_project_that_is_unlinked_and_linked_again(folder: Path) -> None:
    line = f"{LINE},include_time,include_expense,include_material,include_fee"
    first = lines(line, ["K1,1,Work,time_and_materials,all,no,yes,no,no"])
    assert enter(folder, "contract_line", first).codes == {}
    worked(folder, "T1,QUAY,,8", "T2,QUAY,,4")
    assert live() == only_cost("T1", 8) + only_cost("T2", 4)
    second = lines(line, ["K1,2,Time,time_and_materials,all,yes,no,no,no"])
    assert enter(folder, "contract_line", second).codes == {}
    assert queue() == []  # the line takes no project yet
    assert enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,QUAY,yes"])).codes == {}
    assert run() == QueueDone(1, 2, 0)
    assert live() == sold("T1", 8) + sold("T2", 4)
    assert enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,QUAY,no"])).codes == {}
    assert run() == QueueDone(1, 2, 0)
    assert live() == only_cost("T1", 8) + only_cost("T2", 4)
    assert count("operations_actual") == 2 + (2 + 4) + (4 + 2)


def test_a_line_that_turns_to_a_fixed_price_takes_the_sales_back(folder: Path) -> None:
    worked(folder, "T1,QUAY,,8")
    header = f"{LINE},include_fee"
    assert enter(folder, "contract_line", lines(header, ["K1,1,Work,fixed_price,all,no"])).codes == {}
    assert run() == QueueDone(1, 1, 0)
    assert live() == only_cost("T1", 8)


def test_what_is_invoiced_stays_with_its_problem_and_the_rest_goes_on(selected: Path) -> None:
    select(selected, "A,chargeable,yes", "B,chargeable,yes")
    assert run() == QueueDone(1, 2, 0)
    invoice("T1")
    select(selected, "A,chargeable,no", "B,chargeable,no")
    assert run() == QueueDone(1, 1, 1)
    assert live() == sold("T1", 8) + only_cost("T2", 4) + only_cost("T3", 2)
    assert open_problems() == [("APR-112", "T1")]
    [last, *_] = requests(actor=MANAGER, company="NL01")
    assert (last.project_number, last.done, last.refused, last.finished_at is not None) == (
        "QUAY",
        1,
        1,
        True,
    )


def test_reevaluated_and_then_cancelled_leaves_nothing(selected: Path) -> None:
    """Defects 4606055 and 4872141."""
    select(selected, "A,chargeable,yes")
    assert run() == QueueDone(1, 1, 0)
    [(entry,)] = rows("select id from operations_entry where external_id = 'T1'")
    assert cancel_approval(actor=MANAGER, company="NL01", entry_ids=[entry]).done == 1
    assert rows(
        "select a.transaction_type, sum(a.amount)::int from operations_actual as a where a.source_id = %s"
        " group by 1 order by 1",
        entry,
    ) == [("cost", 0), ("unbilled_sales", 0)]
    assert [one for one in live() if one[0] == "T1"] == []


class Killed(BaseException):
    """The program ends."""


def test_a_run_that_is_killed_is_continued(selected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    select(selected, "A,chargeable,yes", "B,chargeable,yes")
    monkeypatch.setattr(actions, "BATCH", 1)
    made_anew, calls = actions._made_anew, iter(range(9))  # noqa: SLF001  where the program ends

    def kill(*arguments: object) -> object:
        if next(calls) == 1:
            raise Killed
        return made_anew(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_made_anew", kill)
    with pytest.raises(Killed):
        run()
    assert live() == sold("T1", 8) + only_cost("T2", 4) + only_cost("T3", 2)
    assert queue() == [("QUAY", "contract_line", False)]
    # what is asked meanwhile may concern an entry that was passed: it is queued besides
    select(selected, "A,non_chargeable,yes")
    assert len(queue()) == 2
    assert run() == QueueDone(2, 2, 0)
    assert live() == sold("T1", 8, "non_chargeable") + sold("T2", 4) + only_cost("T3", 2)


# ------------------------------------------------ quotes and contracts: E22


@pytest.fixture
def offered(folder: Path) -> Path:
    """Quote Q1 offers JETTY, where T1 and T2 were worked in the presales stage."""
    enter(folder, "project", lines(PROJECT, ["JETTY,NL01,NL,presales"]))
    enter(folder, "quote", lines(QUOTE, ["Q1,C1,NL01,NL,EUR"]))
    offer = lines(QUOTE_LINE, ["Q1,1,Work,time_and_materials,all,yes,JETTY"])
    assert enter(folder, "quote_line", offer).codes == {}
    worked(folder, "T1,JETTY,,8", "T2,JETTY,,4")
    return folder


def money(found: Sold | Lost) -> tuple[list[tuple[str, str, int, int]], list[tuple[str, str, int, int]]]:
    before, after = (
        [(one.transaction_type, one.billing_type, one.actuals, int(one.amount)) for one in part]
        for part in (found.before, found.after)
    )
    return before, after


def test_a_quote_is_won_after_a_preview_that_changes_nothing(offered: Path) -> None:
    before = [("cost", "not_available", 2, 720)]
    after = [("cost", "chargeable", 2, 720), ("unbilled_sales", "chargeable", 2, 0)]
    preview = win_quote(actor=OPERATOR, quote="Q1", is_preview=True)
    assert (preview.projects, preview.entries, preview.is_queued) == (("JETTY",), 2, False)
    assert (preview.reevaluated, money(preview)) == (Reevaluated(2, ()), (before, after))
    assert (count("operations_actual"), count("operations_entry_event")) == (2, 0)
    assert rows("select status from operations_quote") == [("draft",)]
    assert open_problems() == []
    won = win_quote(actor=OPERATOR, quote="Q1")
    assert won == preview
    assert rows(
        "select transaction_type, amount::int, count(*) from operations_actual group by 1, 2 order by 1, 2"
    ) == [  # T15, twice; the new contract has no sales list yet, which is said
        ("cost", -480, 1),
        ("cost", -240, 1),
        ("cost", 240, 2),
        ("cost", 480, 2),
        ("unbilled_sales", 0, 2),
    ]
    assert [code for code, _ in open_problems()] == ["APR-102", "APR-102"]
    assert queue() == []
    with pytest.raises(QuoteNotDraft):
        win_quote(actor=OPERATOR, quote="Q1", is_preview=True)


def test_many_entries_are_the_jobs(offered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    won = win_quote(actor=OPERATOR, quote="Q1")
    assert (won.is_queued, won.entries, won.before == won.after) == (True, 2, True)
    assert queue() == [("JETTY", "quote_won", True)]
    assert count("operations_actual") == 2
    assert run() == QueueDone(1, 2, 0)
    assert count("operations_actual") == 8
    assert rows("select distinct done_by from operations_entry_event") == [("operator",)]


def test_a_contract_that_is_confirmed_reprices_what_was_approved(folder: Path) -> None:
    worked(folder, "T1,QUAY,,8")
    rows("update operations_role_price set price = price + 10 returning id")
    preview = confirm_contract(actor=OPERATOR, contract="K1", is_preview=True)
    assert money(preview) == (
        [("cost", "chargeable", 1, 480), ("unbilled_sales", "chargeable", 1, 1004)],
        [("cost", "chargeable", 1, 560), ("unbilled_sales", "chargeable", 1, 1084)],
    )
    assert rows("select state from operations_contract") == [("draft",)]
    assert confirm_contract(actor=OPERATOR, contract="K1") == preview  # T06
    assert rows("select state from operations_contract") == [("confirmed",)]
    assert rows("select transaction_type, amount::int from operations_actual order by 1, 2") == [
        ("cost", -480),
        ("cost", 480),
        ("cost", 560),
        ("unbilled_sales", -1004),
        ("unbilled_sales", 1004),
        ("unbilled_sales", 1084),
    ]
    for unknown in ("K1", "K9"):
        with pytest.raises(ContractNotDraft):
            confirm_contract(actor=OPERATOR, contract=unknown)


def test_a_confirmed_contract_stays_as_it_is(folder: Path) -> None:
    confirm_contract(actor=OPERATOR, contract="K1")
    header = "number,customer,company,contracting_unit,currency"
    same, other = (lines(header, [f"K1,C1,NL01,NL,{currency}"]) for currency in ("EUR", "USD"))
    assert enter(folder, "contract", same).codes == {}
    assert enter(folder, "contract", other).codes == {"LOAD-351": 1}
    assert rows("select currency_code from operations_contract") == [("EUR",)]


def test_what_is_invoiced_stays_when_the_contract_is_confirmed(folder: Path) -> None:
    worked(folder, "T1,QUAY,,8", "T2,QUAY,,4")
    invoice("T1")
    done = confirm_contract(actor=OPERATOR, contract="K1")
    assert done.reevaluated == Reevaluated(1, (Refused("APR-112", 1),))
    assert open_problems() == [("APR-112", "T1")]
    assert live() == sold("T1", 8) + sold("T2", 4)


def test_who_may_sell(offered: Path) -> None:
    stranger = Actor("ada", frozenset({Role.AP_CLERK}), frozenset({"US01"}))
    for actor, problem in ((stranger, CompanyNotPermitted), (MANAGER, VerbNotPermitted)):
        with pytest.raises(problem):
            win_quote(actor=actor, quote="Q1")
        with pytest.raises(problem):
            confirm_contract(actor=actor, contract="K1")
    with pytest.raises(CompanyNotPermitted):
        reevaluate_queued(
            actor=Actor("max", frozenset({"project_manager"}), frozenset({"US01"})), company="NL01"
        )
