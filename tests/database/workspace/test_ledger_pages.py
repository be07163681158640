"""The pages of the general ledger, and the same from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.database.workspace import world as worlds
from tests.database.workspace.world import WorkingWorld

from tieout.cli.main import main
from tieout.config.program import TieoutProgram
from tieout.finance.ledgers.models import IntegrationParameters
from tieout.finance.seals.actions import seal_vouchers
from tieout.kernel.access import Actor

LogIn = Callable[..., Client]
SYSTEM = Actor("system", frozenset({"system"}), None)


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def posted(world: WorkingWorld) -> WorkingWorld:
    """The world of the tiles: 45 expenses and two vendor invoices posted in finance."""
    return world


def test_the_trial_balance_sums_to_zero_and_opens_its_accounts(posted: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    seal_vouchers(actor=SYSTEM, company=posted.company)
    page = _page(client, f"/companies/{posted.company}/ledger/")
    balances = dict(re.findall(r'data-account="([^"]+)".*?data-balance>([^<]+)<', page))
    sums = re.findall(r'<td class="number">([^<]*)</td>', page[page.index('id="sums"') :])
    assert sums[3] == "0.00"
    assert sums[1] == sums[2]
    assert "data-seal>" in page
    account, balance = next((one, amount) for one, amount in balances.items() if amount == "9,000.00")
    detail = _page(client, f"/companies/{posted.company}/ledger/accounts/{account}/")
    assert f"data-balance>{balance}<" in detail
    assert detail.count("/ledger/vouchers/") == 47  # 46 expenses, one of them cleared
    voucher = re.search(r'href="(/companies/[^"]+/ledger/vouchers/[^"]+)"', detail)
    assert voucher is not None
    whole = _page(client, voucher[1])
    assert "Voucher transactions" in whole
    sides = [re.findall(f"data-{side}>([^<]+)<", whole) for side in ("debit", "credit")]
    assert sides[0] == sides[1] != []


@pytest.mark.parametrize(
    "address", ["ledger/accounts/NONE/", "ledger/accounts/NONE/?after=x.y", "ledger/?from=2025-13-01&to=x"]
)
def test_what_is_not_there_is_said(posted: WorkingWorld, log_in: LogIn, address: str) -> None:
    page = _page(log_in("auditor"), f"/companies/{posted.company}/{address}")
    assert "Nothing was posted to account NONE" in page or "days, written 2025-01-31" in page


def test_an_unknown_voucher_is_404_and_another_company_403(posted: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor", companies=[posted.company])
    assert client.get(f"/companies/{posted.company}/ledger/vouchers/NONE/").status_code == 404
    assert client.get("/companies/DEMF/ledger/").status_code == 403


def test_the_command_line_says_the_same(posted: WorkingWorld, capsys: pytest.CaptureFixture[str]) -> None:
    seal_vouchers(actor=SYSTEM, company=posted.company)
    company = ["--company", posted.company]
    assert main(TieoutProgram(), ["ledger", "balance", *company, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert sum(float(one["accounting_amount"]) for one in rows) == 0
    assert main(TieoutProgram(), ["ledger", "verify", *company]) == 0
    said = capsys.readouterr().out
    assert "untouched; 0 not sealed yet" in said
    end = re.search(r"end of the chain: (\S+)", said)
    assert end is not None
    assert main(TieoutProgram(), ["ledger", "verify", *company, "--known", end[1]]) == 0
    wrong = f"{end[1].partition(':')[0]}:{'0' * 64}"
    assert main(TieoutProgram(), ["ledger", "verify", *company, "--known", wrong]) == 1
    assert "not the seal that you know" in capsys.readouterr().out
    assert main(TieoutProgram(), ["ledger", "voucher", "NONE", *company]) == 1


def test_the_ledger_calendar_sets_a_module_and_says_who_did(world: WorkingWorld, log_in: LogIn) -> None:
    address = f"/companies/{world.company}/ledger/calendar/"
    client = log_in("project_accountant", companies=[world.company])
    page = _page(client, address)
    assert page.count("data-period=") == 12
    key = re.findall(r'name="period" value="([^"]+)"', page)[2]
    named = re.findall(r'data-period="([^"]+)"', page)[2]
    asked = {"period": [key, "no key"], "module": "accounts_payable", "status": "permanently_closed"}
    answer = client.post(address, asked)
    assert answer.status_code == 302
    page = _page(client, answer["Location"])
    assert "1 changed." in page
    row = page[page.index(f'data-period="{named}"') :].partition("</tr>")[0]
    assert 'data-module="accounts_payable">Permanently closed<' in row
    assert 'data-module="project">Open<' in row
    changes = page[page.index('id="changes"') :]
    assert f'<td>anna</td><th scope="row">{named}</th><td>Accounts payable</td><td>Open</td>' in changes
    refused = client.post(address, asked | {"status": "open"})
    assert (refused.status_code, b"CFG-230" in refused.content) == (409, True)
    assert "Choose at least one period" in _page(client, client.post(address, {"status": "x"})["Location"])
    reader = log_in("auditor", name="otto")
    assert 'name="status"' not in _page(reader, f"{address}?year=nonsense&before=x")
    assert reader.post(address, asked).status_code == 403
    assert client.get("/companies/DEMF/ledger/calendar/").status_code == 403


def test_the_parameters_switch_the_workspace_off_for_one_company(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("project_accountant", companies=[world.company])
    here = f"/companies/{world.company}/"
    page = _page(client, f"{here}parameters/")
    values = dict(re.findall(r'data-parameter="([^"]+)".*?data-value>([^<]+)<', page))
    assert (values["workspace_enabled"], values["line_limit"]) == ("yes", "200")
    assert values["billing_tax_group_from"] == "search"
    assert "Last transaction date of the actuals" in page
    change = re.search(r'class="button push" href="([^"]+)"', page)
    assert change is not None
    assert "Workspace enabled" in _page(client, change[1])
    other = worlds.WorkingWorld(company="DEMF")
    IntegrationParameters.objects.filter(company_code=world.company).update(workspace_enabled=False)
    seed = "activate the <em>Project Operations integration workspace</em> feature"
    for address in ("", "expense/", "expense/causes/", "troubleshoot/", "general-journals/sync/"):
        answer = client.get(here + address)
        assert (answer.status_code, seed in answer.content.decode()) == (409, True), address
    assert client.post(f"{here}expense/sync/").status_code == 409
    _page(client, f"{here}ledger/")
    assert "Activate it in the parameters" in client.get(here).content.decode()
    assert log_in("auditor", name="otto").get(f"/companies/{other.company}/").status_code == 200
