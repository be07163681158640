"""Quotes and contracts on their page: preview, Win, Confirm (operations spec 4.1, E22)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.database.loading.firm import enter, lines
from tests.database.operations.ledger import CLERK, MANAGER, count, rows
from tests.database.operations.test_quotes import PROJECT, QUOTE, QUOTE_LINE

from tieout.operations.approvals.actions import approve_entries, submit_entries

LogIn = Callable[..., Client]
PAGE = "/companies/NL01/contracts/"


@pytest.fixture
def offered(folder: Path) -> Path:
    """Quote Q1 offers JETTY in the presales stage, QUAY is on contract K1; 8 hours were worked on each."""
    enter(folder, "project", lines(PROJECT, ["JETTY,NL01,NL,presales"]))
    enter(folder, "quote", lines(QUOTE, ["Q1,C1,NL01,NL,EUR"]))
    enter(folder, "quote_line", lines(QUOTE_LINE, ["Q1,1,Work,time_and_materials,all,yes,JETTY"]))
    header = "company,external_id,resource,project,role,date,hours"
    time = [f"NL01,T-{project},BEA,{project},DEV,2024-01-15,8" for project in ("JETTY", "QUAY")]
    assert enter(folder, "time_entry", lines(header, time)).codes == {}
    submit_entries(actor=CLERK, company="NL01")
    assert approve_entries(actor=MANAGER, company="NL01").approved == 2
    return folder


def text(client: Client, query: str, **data: str) -> str:
    answer = client.post(f"{PAGE}?{query}", data) if data else client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def cells(*values: str) -> str:
    first, *figures = values[:3], *values[3:]
    words = "".join(f"<td>{value}</td>" for value in first)
    return words + "".join(f'<td class="number">{value}</td>' for value in figures)


def test_a_quote_is_won_after_its_preview(offered: Path, loader: Client) -> None:
    assert '<a href="?kind=quote&amp;number=Q1">Q1</a>' in text(loader, "kind=quote")
    page = text(loader, "kind=quote&number=Q1")
    assert "<td>JETTY</td><td>presales</td>" in page
    assert (
        'Price lists of the quote</h2> <p class="soft">None: what is sold by it is priced at 0.</p>' in page
    )
    assert 'value="act"' not in page  # first the preview
    preview = text(loader, "kind=quote&number=Q1", do="preview")
    assert "Preview: nothing is changed yet." in preview
    assert "1 of 1 approved entries of JETTY would be made anew." in preview
    for row in (
        cells("Cost", "Chargeable", "EUR", "0", "0.00", "1", "480.00"),
        cells("Cost", "Not available", "EUR", "1", "480.00", "0", "0.00"),
        cells("Unbilled sales", "Chargeable", "EUR", "0", "0.00", "1", "0.00"),
    ):
        assert row in preview
    assert 'value="act"' in preview
    assert rows("select status from operations_quote") == [("draft",)]
    assert count("operations_actual") == 3
    won = text(loader, "kind=quote&number=Q1", do="act")
    assert "Q1 is won." in won
    assert "<td>JETTY</td><td>sold</td>" in won
    assert count("operations_actual") == 6
    again = loader.post(f"{PAGE}?kind=quote&number=Q1", {"do": "act"})
    assert (again.status_code, "CFG-205" in again.content.decode()) == (409, True)
    assert "<td>Won</td>" in text(loader, "kind=quote")


def test_a_contract_is_confirmed_after_its_preview(offered: Path, loader: Client) -> None:
    rows("update operations_role_price set price = price + 10 returning id")
    preview = text(loader, "kind=contract&number=K1", do="preview")
    assert cells("Cost", "Chargeable", "EUR", "1", "480.00", "1", "560.00") in preview
    assert cells("Unbilled sales", "Chargeable", "EUR", "1", "1,004.00", "1", "1,084.00") in preview
    assert "K1 is confirmed." in text(loader, "kind=contract&number=K1", do="act")
    assert "<td>Confirmed</td>" in text(loader, "kind=contract")


def test_what_set_up_has_queued_is_shown(offered: Path, loader: Client) -> None:
    role = lines("contract,contract_line,role,billing_type", ["K1,1,DEV,non_chargeable"])
    assert enter(offered, "contract_line_role", role).codes == {}
    page = text(loader, "kind=contract")
    assert "<td>QUAY</td><td>Contract line changed</td>" in page
    assert "<td>Waits</td>" in page


def test_who_may_not(offered: Path, log_in: LogIn) -> None:
    manager = log_in("project_manager", name="max")
    assert "Preview</button>" not in text(manager, "kind=quote&number=Q1")
    assert manager.post(f"{PAGE}?kind=quote&number=Q1", {"do": "act"}).status_code == 403
    stranger = log_in("project_accountant", name="sue", companies=["US01"])
    assert stranger.get(PAGE).status_code == 403
    assert stranger.post(f"{PAGE}?kind=quote&number=Q1", {"do": "act"}).status_code == 403
    # a number of another company is none of this one
    other = "/companies/US01/contracts/?kind=quote&number=Q1"
    assert "US01 has no quote Q1 with lines." in " ".join(stranger.get(other).content.decode().split())
    assert stranger.post(other, {"do": "act"}).status_code == 200
    assert rows("select status from operations_quote") == [("draft",)]
    assert stranger.get("/companies/US01/contracts/?kind=quote&number=%00").status_code == 200


def test_whose_price_lists_count_is_shown_and_which_the_contract_would_have(
    offered: Path, loader: Client
) -> None:
    enter(offered, "price_list_use", lines("price_list,company,customer", ["SALES,NL01,C1"]))
    row = (
        '<tr><td><a href="/set-up/price_list/record/?code={0}">{0}</a></td><td>{1}</td><td>{2}</td>'
        '<td>2024-01-01</td><td>2024-12-31</td><td>EUR</td><td class="number">{3}</td></tr>'
    )
    page = text(loader, "kind=quote&number=Q1")
    assert "Price lists of the quote</h2>" in page
    assert row.format("SALES", "SALES", "Its customer&#x27;s", 0) in page.replace(
        "Its customer's", "Its customer&#x27;s"
    )
    enter(offered, "price_list_use", lines("price_list,quote", ["SALES,Q1"]))
    override = "price_list,role,resourcing_unit,quote,effective_from,price"
    enter(offered, "price_override", lines(override, ["SALES,DEV,NL,Q1,2024-01-02,120"]))
    preview = text(loader, "kind=quote&number=Q1", do="preview")
    assert "Price lists that the contract would have</h2>" in preview
    assert row.format("SALES", "SALES", "Its own", 1) in preview
    assert rows("select count(*) from operations_contract where number = 'Q1'") == [(0,)]
    won = text(loader, "kind=quote&number=Q1", do="act")
    assert "Price lists of the contract</h2>" in won
    assert row.format("SALES", "SALES", "Its own", 1) in text(loader, "kind=contract&number=Q1")
