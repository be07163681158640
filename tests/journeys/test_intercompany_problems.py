"""What keeps lent work from its invoice stands in the problem log until that work is invoiced (3.8, D12)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.journeys import lending, proofs

from tieout.database.aliases import FINANCE
from tieout.finance.intercompany.actions import post_intercompany_invoices
from tieout.finance.intercompany.rules import LentWork, PostedInvoices
from tieout.loading.actions import load
from tieout.operations.approvals.actions import approve_entries, submit_entries

MARCH = date(2016, 3, 31)
OPEN = (
    "select l.code, l.record_name from problem_log as l"
    " where not exists (select from problem_resolution as r where r.problem_id = l.id) order by 2"
)


def change(tmp_path: Path, entity: str, text: str) -> None:
    (tmp_path / f"{entity}.csv").write_text(text)
    assert not load(actor=lending.OPERATOR, entity=entity, files=[tmp_path / f"{entity}.csv"]).codes


def invoice(project: str = "", *, by_project: bool = False) -> PostedInvoices:
    return post_intercompany_invoices(
        actor=lending.OPERATOR,
        company="GBSI",
        until=MARCH,
        invoice_date=MARCH,
        lent=LentWork(project=project, by_project=by_project),
    )


def test_a_good_invoice_of_one_project_does_not_close_the_problem_of_another(
    databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = lending.FILES["project"]
    monkeypatch.setitem(lending.FILES, "project", f"{projects}P2,USPM,USPM,sold,K1,1\n")
    lending.lend(tmp_path)
    header = "company,external_id,resource,project,role,date,hours\n"
    change(tmp_path, "time_entry", f"{header}USPM,T2,LEN,P2,DEV,2016-03-02,5\n")
    assert submit_entries(actor=lending.PEOPLE, company="USPM").submitted == 1
    assert approve_entries(actor=lending.MANAGER, company="USPM").approved == 1
    lending.through_finance()
    change(tmp_path, "account", "chart,number,name,kind\nMAIN,8010,Of P2,revenue\n")
    change(
        tmp_path,
        "posting_profile",
        "company,posting_type,project,account\nGBSI,intercompany_revenue,P2,8010\n",
    )
    change(tmp_path, "dimension", "code\nUnit\n")
    demands = "company,account,dimension,demand\nGBSI,8010,Unit,{}\n"
    change(tmp_path, "account_dimension", demands.format("required"))

    # Both projects are on the one invoice of the borrower, which is refused: neither is invoiced.
    assert invoice().refused == 1
    both = [("DOC-111", "GBSI to USPM, P1, USD"), ("DOC-111", "GBSI to USPM, P2, USD")]
    assert proofs.rows(FINANCE, OPEN) == both
    # By project one is: its problem is over, that of the other stands, also after runs that do not meet it.
    found = invoice(by_project=True)
    assert (found.posted, found.refused) == (1, 1)
    assert proofs.rows(FINANCE, OPEN) == both[1:]
    assert invoice("P1", by_project=True) == PostedInvoices()
    assert proofs.rows(FINANCE, OPEN) == both[1:]
    change(tmp_path, "account_dimension", demands.format("forbidden"))
    assert invoice().posted == 1
    assert proofs.rows(FINANCE, OPEN) == []
    assert proofs.trial("GBSI")["8010"] == -480
