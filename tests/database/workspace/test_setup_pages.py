"""The pages of set-up: what they show to whom, and that saving is loading."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from django.test import Client
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, lines, rows
from tests.database.workspace.setup_typing import change, enter_new, query, said, save, shown, text_of, wrong

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.loading.formats import FORMATS
from tieout.loading.records import SET_UP

LogIn = Callable[..., Client]
LINE = {"contract": "K1", "line_number": "1"}


# ---------------------------------------------------------------- looking


def test_the_overview_counts_what_is_set_up(loader: Client) -> None:
    page = text_of(loader.get("/set-up/"))
    found = re.findall(
        r'<li><a href="/set-up/(\w+)/">(.*?)</a> <span class="mark" data-count>(.*?)</span>', page
    )
    assert {entity for entity, _, _ in found} == set(SET_UP)
    counts = {entity: count for entity, _, count in found}
    assert (counts["currency"], counts["project"], counts["task"], counts["quote"]) == ("3", "3", "2", "0")
    assert "One unit of measure" in page


def test_every_list_and_every_new_form_opens(loader: Client) -> None:
    for entity, form in FORMATS.items():
        if entity not in SET_UP:
            assert loader.get(f"/set-up/{entity}/").status_code == 404
            continue
        page = text_of(loader.get(f"/set-up/{entity}/"))
        assert page.count('<th scope="col"') == len(form.fields)
        new = "together" if form.together else "new"
        page = text_of(loader.get(f"/set-up/{entity}/{new}/"))
        for field in form.together or form.fields:
            assert f'for="{field}"' in page, (entity, field)


def test_the_form_is_made_of_the_format(loader: Client) -> None:
    page = text_of(loader.get("/set-up/contract_line/new/"))
    assert "Whether the line takes fees; blank: on time and materials only." in page
    fee = re.findall(r'<select id="include_fee".*?</select>', page)[0]
    assert re.findall(r'value="(\w*)"', fee) == ["", "yes", "no"]
    time = re.findall(r'<select id="include_time".*?</select>', page)[0]
    assert re.findall(r'value="(\w*)"( selected)?', time) == [("yes", " selected"), ("no", "")]
    method = re.findall(r'<select id="billing_method".*?</select>', page)[0]
    assert re.findall(r'value="(\w*)"', method) == ["", "time_and_materials", "fixed_price"]
    assert 'hx-get="/set-up/contract_line/offers/contract/"' in page
    assert '<input id="valid_from" name="valid_from" value="" type="date"' in text_of(
        loader.get("/set-up/price_list/new/")
    )


def test_a_list_is_searched_by_the_beginning_of_keys(loader: Client) -> None:
    page = text_of(loader.get("/set-up/task/", {"project": "QU", "number": "B"}))
    assert re.findall(r'<th scope="row"><a href="(.*?)">(.*?)</a>', page) == [
        ("/set-up/task/record/?project=QUAY&number=B", "QUAY")
    ]
    assert "Nothing begins like this." in text_of(loader.get("/set-up/task/", {"project": "X%"}))


def test_pages_of_a_list_follow_each_other(loader: Client, folder: Path) -> None:
    many = [f"R{number:04}" for number in range(250)]
    firm.enter(folder, "role", lines("code", many))
    found, address = [], "/set-up/role/"
    while address:
        page = text_of(loader.get(address))
        found.append(re.findall(r'<th scope="row"><a href=".*?">(.*?)</a>', page))
        address = "".join(re.findall(r'href="([^"]*)" rel="next"', page))
    assert [len(one) for one in found] == [100, 100, 51]
    assert list(chain.from_iterable(found)) == ["DEV", *many]
    assert text_of(loader.get("/set-up/contract_line/", {"after.contract": "K0", "after.line_number": "x"}))


def test_a_record_says_what_belongs_to_it_and_how_it_travels(loader: Client) -> None:
    page = text_of(loader.get("/set-up/contract_line/record/", LINE))
    assert "what is saved travels to finance by salesorderdetails, msdyn_projects." in page
    assert '"/set-up/contract_line_role/?contract=K1&contract_line=1"' in page
    assert '"/set-up/contract_line_customer/together/?contract=K1&contract_line=1"' in page
    assert "Kept in operations; it does not travel." in text_of(loader.get("/set-up/task/new/"))


def test_what_a_field_may_refer_to_is_offered(loader: Client) -> None:
    offered = text_of(loader.get("/set-up/resource/offers/organizational_unit/", {"organizational_unit": ""}))
    assert offered == '<option value="NL">Netherlands</option><option value="US">America</option>'
    asked = {"company": "US01", "customer": "C"}
    assert text_of(loader.get("/set-up/contract/offers/customer/", asked)) == ""
    asked["company"] = "NL01"
    assert "Harbour" in text_of(loader.get("/set-up/contract/offers/customer/", asked))
    asked = {"company": "NL01", "expense_integration_account": "19"}
    page = text_of(loader.get("/set-up/integration_parameters/offers/expense_integration_account/", asked))
    assert re.findall(r'value="(\d+)"', page) == ["1910", "1920"]
    asked = {"contract": "K1", "contract_line": ""}
    assert 'value="1"' in text_of(loader.get("/set-up/project/offers/contract_line/", asked))


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("role", ["auditor", "project_manager", "billing_administrator", "resource"])
def test_whoever_may_read_looks_and_changes_nothing(folder: Path, log_in: LogIn, role: str) -> None:
    reader = log_in(role)
    page = text_of(reader.get("/set-up/role/record/", {"code": "DEV"}))
    assert "<input id" not in page
    assert "Save" not in page
    assert "New role" not in text_of(reader.get("/set-up/role/"))
    answer = reader.post("/set-up/role/record/", {"name": "Boss"}, QUERY_STRING="code=DEV")
    assert answer.status_code == 403
    assert "ACCESS-101" in answer.content.decode()
    assert reader.get("/set-up/role/new/").status_code == 403
    sent = {"rows": "1", "r0-company": "NL01", "r0-customer": "C1", "r0-percent": "100"}
    page_of_line = "/set-up/contract_line_customer/together/"
    assert "Save all" not in text_of(reader.get(page_of_line, {"contract": "K1", "contract_line": "1"}))
    answer = reader.post(page_of_line, sent, QUERY_STRING="contract=K1&contract_line=1")
    assert answer.status_code == 403
    assert rows(OPERATIONS, "select name from operations_role") == [("DEV",)]


def test_a_company_is_a_boundary(folder: Path, log_in: LogIn) -> None:
    stranger = log_in("project_accountant", companies=["US01"])
    withheld = {
        "company": {"code": "NL01"},
        "vendor": {"company": "NL01", "account_number": "V1"},
        "organizational_unit": {"code": "NL"},
        "customer": {"account_number": "C1", "company": "NL01"},
        "contract": {"number": "K1"},
        "contract_line": LINE,
        "project": {"number": "QUAY"},
        "task": {"project": "QUAY", "number": "A"},
        "price_list": {"code": "COST"},
        "role_price": {"price_list": "COST", "role": "DEV"},
        "posting_profile": {"company": "NL01", "posting_type": "vendor"},
    }
    for entity, key in withheld.items():
        assert stranger.get(f"/set-up/{entity}/record/", key).status_code == 404, entity
        assert stranger.post(f"/set-up/{entity}/record/", key, QUERY_STRING=query(key)).status_code == 404
        assert "NL01" not in text_of(stranger.get(f"/set-up/{entity}/")), entity
        assert text_of(stranger.get(f"/set-up/{entity}/")).count("/record/?") == (
            1 if entity in {"company", "vendor", "organizational_unit", "project"} else 0
        )
    assert stranger.get("/set-up/contract_line_customer/together/", {"contract": "K1", "contract_line": "1"})
    answer = stranger.get("/set-up/contract_customer/together/", {"contract": "K1"})
    assert answer.status_code == 404
    assert "There is no such record in your companies." in answer.content.decode()
    assert text_of(stranger.get("/set-up/role/record/", {"code": "DEV"}))  # what all companies share
    page = enter_new(stranger, "organizational_unit", code="NL2", company="NL01", currency="EUR")
    assert wrong(page)["company"].startswith("anna may not load in company NL01.")
    taken = enter_new(
        stranger, "project", number="QUAY", company="US01", contracting_unit="US", stage="internal"
    )
    assert "(ACCESS-102)" in taken
    assert rows(OPERATIONS, "select company_code from operations_project where number = 'QUAY'") == [
        ("NL01",)
    ]


def test_without_a_role_nothing_is_seen(folder: Path, log_in: LogIn) -> None:
    nobody = log_in(companies=["NL01"])
    for page in ("/set-up/", "/set-up/role/", "/set-up/role/record/?code=DEV", "/set-up/load/"):
        answer = nobody.get(page)
        assert answer.status_code == 403
        assert "You may not do that" in answer.content.decode()


def test_nobody_sees_set_up_without_logging_in(folder: Path) -> None:
    for page in ("/set-up/", "/set-up/role/", "/set-up/role/new/", "/set-up/contract_customer/together/"):
        assert Client().get(page).headers["Location"].startswith("/login/")


# ---------------------------------------------------------------- saving


def test_a_new_record_is_entered_with_its_defaults_and_sent(loader: Client) -> None:
    page = enter_new(loader, "category", code="HOTEL", transaction_class="expense")
    assert said(page) == ["Category saved. Sent by msdyn_transactioncategories."]
    assert "<h1>HOTEL</h1>" in page
    query_ = "select code, name, transaction_class from {}_category where code = 'HOTEL'"
    assert rows(OPERATIONS, query_.format("operations")) == [("HOTEL", "HOTEL", "expense")]
    assert rows(FINANCE, query_.format("finance")) == [("HOTEL", "HOTEL", "expense")]


def test_a_map_that_does_not_run_is_said(loader: Client) -> None:
    set_state(actor=OPERATOR, map="accounts", state=State.NOT_RUNNING)
    page = enter_new(loader, "customer", account_number="C2", name="Lock", company="NL01")
    assert said(page) == [
        "Customer saved.",
        "The map accounts is not running: it sends the record when it starts.",
    ]


def test_a_record_is_changed_and_its_key_is_not(loader: Client) -> None:
    page = change(loader, "resource", {"code": "BEA"}, name="Beatrix", code="EVE")
    assert said(page) == ["Resource saved."]
    query_ = "select code, name, version from operations_resource order by code"
    assert rows(OPERATIONS, query_) == [("BEA", "Beatrix", 2), ("SAM", "Sam", 1)]
    page = change(loader, "resource", {"code": "BEA"})
    assert said(page) == ["Resource: nothing was changed; it is stored as it stands here."]
    assert rows(OPERATIONS, query_)[0] == ("BEA", "Beatrix", 2)


@pytest.mark.parametrize(
    ("entity", "typed", "field", "says"),
    [
        (
            "organizational_unit",
            {"code": "FR", "company": "NL01", "currency": "XXX"},
            "currency",
            "Currency XXX is not known. Load the currency first or correct the value. (LOAD-302)",
        ),
        (
            "organizational_unit",
            {"code": "FR", "company": "NL01"},
            "currency",
            "Currency is required and blank. Fill it in, or",
        ),
        (
            "contract_line",
            {**LINE, "name": "Work", "billing_method": "fixed_price", "discount_percent": "101"},
            "discount_percent",
            "Discount percent 101 is not allowed. Correct the value. (LOAD-216)",
        ),
        (
            "price_list",
            {
                "code": "NEW",
                "context": "sales",
                "currency": "EUR",
                "valid_from": "2024-02-01",
                "valid_to": "2024-01-01",
            },
            "valid_to",
            "Price list NEW ends on 2024-01-01, before it begins on 2024-02-01. Correct",
        ),
        (
            "project",
            {"number": "NEW", "company": "NL01", "contracting_unit": "NL", "stage": "sold"},
            "contract_line",
            "Project NEW is sold and names no contract line. Fill in contract and contract_line",
        ),
        (
            "exchange_rate",
            {"from_currency": "USD", "to_currency": "EUR", "date": "31.01.2024", "rate": "1,5"},
            "rate",
            "Rate 1,5 is not a number. Correct the value",
        ),
        (
            "task",
            {"project": "QUAY", "number": "C", "parent": "Z"},
            "parent",
            "Task Z is not known. Load the task first or correct the value. (LOAD-330)",
        ),
    ],
)
def test_a_refusal_stands_beside_its_field(
    loader: Client, entity: str, typed: dict[str, str], field: str, says: str
) -> None:
    page = enter_new(loader, entity, **typed)
    assert wrong(page)[field].startswith(says)
    for name, value in typed.items():  # what was typed stays
        assert re.search(rf'name="{name}" value="{re.escape(value)}"|value="{value}" selected', page)
    assert "saved" not in "".join(said(page))


def test_what_is_recorded_is_not_overwritten(loader: Client) -> None:
    page = change(loader, "company", {"code": "NL01"}, currency="USD")
    assert wrong(page)["currency"].startswith(
        "Row 1 is already there with other content: currency is EUR, the file says USD."
    )
    assert rows(FINANCE, "select accounting_currency from finance_company where code = 'NL01'") == [("EUR",)]


def test_a_new_record_never_takes_the_place_of_one_that_is_there(loader: Client) -> None:
    page = enter_new(loader, "role", code="DEV", name="Boss")
    assert "There is a record with this key already: code DEV." in page
    assert "LOAD-381" in page
    assert rows(OPERATIONS, "select name, version from operations_role") == [("DEV", 1)]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(loader: Client, folder: Path) -> None:
    key = {"code": "DEV"}
    sent = {**shown(loader, "role", **key), "name": "Programmer"}
    firm.enter(folder, "role", "code,name\nDEV,Developer\n")
    page = save(loader, "role", key, sent)
    assert "What was shown of code DEV is not what is stored now." in page
    assert re.findall(r'data-now="(\w+)">(.*?)</strong>', page) == [("name", "Stored now: Developer")]
    assert 'value="Programmer"' in page
    assert rows(OPERATIONS, "select name from operations_role") == [("Developer",)]
    sent["fingerprint"] = re.findall(r'name="fingerprint" value="(\w+)"', page)[0]
    assert said(save(loader, "role", key, sent))[0].startswith("Role saved.")
    assert rows(OPERATIONS, "select name from operations_role") == [("Programmer",)]


def test_a_line_of_prices_has_a_key_of_many_blanks(loader: Client) -> None:
    key = {"price_list": "COST", "role": "DEV", "resourcing_unit": "", "resourcing_company": ""}
    key |= {"resource": "", "dimensions": "", "unit": "hour", "line": ""}
    page = change(loader, "role_price", key, price="61.50")
    assert said(page) == ["Role price saved."]
    assert rows(OPERATIONS, "select trim_scale(price)::text from operations_role_price order by price") == [
        ("61.5",),
        ("125.5",),
    ]


def test_what_is_over_is_not_active(loader: Client) -> None:
    change(loader, "task", {"project": "QUAY", "number": "B"}, active="no")
    assert rows(OPERATIONS, "select number, active from operations_task order by number") == [
        ("A", True),
        ("B", False),
    ]
    assert loader.delete("/set-up/task/record/", QUERY_STRING="project=QUAY&number=B").status_code == 405
