"""``tieout explain price``: both sides of an hour, in names, or the reason for 0."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.database.loading.firm import enter, set_up
from tests.database.loading.test_pricing_set_up import PRICING
from tests.database.operations.ledger import CLERK, MANAGER, rows

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.kernel.access import Actor, CompanyNotPermitted, Role
from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.pricing.queries import explain_price

ASKED = ["--company", "NL01", "--project", "QUAY", "--role", "DEV", "--date", "2024-02-03"]


@pytest.fixture(autouse=True)
def firm(databases: None, tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)


def explained(*arguments: str) -> int:
    return main(TieoutProgram(), ["explain", "price", *ASKED, *arguments])


def test_both_sides_are_told_in_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained("--resource", "BEA", "--dimension", "hours=overtime") == ExitCode.OK
    said = capsys.readouterr().out
    for words in (
        "An hour of BEA as DEV on QUAY, 2024-02-03, hours overtime",
        "cost   60.00 EUR per hour, of unit NL",
        "list      COST in EUR, 2024-01-01 to 2024-12-31",
        "line      role DEV: 60.00 per hour",
        "sales  162.50 EUR per hour, of contract K1",
        "line      role DEV, resourcing_unit NL: 125.50 per hour",
        "override  1,000.00 per day from 2024-02-01, for contract K1",
        "markup    30 % (role DEV, hours overtime)",
        "reason    role_price: a line of a role price list, or its override",
    ):
        assert words in said


def test_what_a_quote_offers_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained("--resource", "BEA", "--quote", "Q1") == ExitCode.OK
    said = capsys.readouterr().out
    for words in (
        "sales  129.00 EUR per hour, offered by quote Q1",
        "override  129.00 per hour from 2024-02-01, for quote Q1",
    ):
        assert words in said


def test_what_is_paid_under_a_subcontract_is_told_with_whose_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """75 by the vendor's list, because the subcontract has none; 70 by its own as soon as it has one."""
    header = "number,company,vendor,currency,status"
    enter(tmp_path, "subcontract", f"{header}\nSUB1,NL01,V1,EUR,confirmed\n")
    for code, user, price in (("VENDOR", "NL01,V1,", 75), ("OWN", ",,SUB1", 70)):
        listed = f"code,context,currency,valid_from,valid_to\n{code},purchase,EUR,2024-01-01,2024-12-31\n"
        enter(tmp_path, "price_list", listed)
        enter(tmp_path, "price_list_use", f"price_list,company,vendor,subcontract\n{code},{user}\n")
        enter(tmp_path, "role_price", f"price_list,role,price\n{code},DEV,{price}\n")
        assert explained("--resource", "BEA", "--subcontract", "SUB1") == ExitCode.OK
        said, whose = capsys.readouterr().out, "its own list" if code == "OWN" else "its vendor's list"
        bought = f"of unit NL, bought under subcontract SUB1 by {whose}"
        assert f"cost   {price}.00 EUR per hour, {bought}" in said
        assert f"list      {code} in EUR, 2024-01-01 to 2024-12-31" in said


def test_a_price_from_cost_is_told_with_that_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "price_list,role,resourcing_unit,method,price,percent"
    enter(tmp_path, "role_price", f"{header}\nSALES,DEV,NL,markup over cost,,-10\n")
    asked = ["--company", "NL01", "--project", "QUAY", "--role", "DEV", "--date", "2024-01-20"]
    assert main(TieoutProgram(), ["explain", "price", *asked, "--resource", "BEA"]) == ExitCode.OK
    said = capsys.readouterr().out
    for words in (
        "sales  54.00 EUR per hour, of contract K1",
        "line      role DEV, resourcing_unit NL: -10 % over cost",
        "cost      60.00 EUR",
        "reason    markup_over_cost: sales: what it cost and a percentage of that",
    ):
        assert words in said


def test_the_reason_of_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained("--resource", "SAM", "--json") == ExitCode.OK
    sales = json.loads(capsys.readouterr().out)["sales"]
    assert (sales["price"]["price"], sales["price"]["reason"], sales["price_list"]) == (
        "0",
        "no_role_price",
        "SALES",
    )


def test_what_is_spent_and_used_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mile costs 10 and is sold with 15 % on top; a kilometre has no list cost, so what is typed counts."""
    asked = ["--company", "NL01", "--project", "QUAY", "--date", "2024-02-03"]
    told = {
        ("--category", "TRAVEL", "--unit", "mile"): (
            "One mile of category TRAVEL on QUAY, 2024-02-03",
            "cost   10.00 EUR per mile, of unit NL",
            "sales  11.50 EUR per mile, of contract K1",
            "line      category TRAVEL: 15 % over cost",
            "reason    markup_over_cost: sales: what it cost and a percentage of that",
        ),
        ("--category", "TRAVEL", "--unit", "km", "--typed", "6.25 eur"): (
            "cost   6.25 EUR per km, of unit NL",
            "reason    typed_price: as typed on the entry",
            "sales  6.25 EUR per km, of contract K1",
        ),
        ("--product", "ROPE", "--unit", "piece"): (
            "cost   4.50 EUR per piece, of unit NL",
            "sales  0.00 EUR per piece, of contract K1",
            "reason    no_product_price: the list has no line for the product and unit",
        ),
    }
    for options, words in told.items():
        assert main(TieoutProgram(), ["explain", "price", *asked, *options]) == ExitCode.OK
        said = capsys.readouterr().out
        for word in words:
            assert word in said
    for wrong in (("--category", "GOODS"), ("--category", "TRAVEL", "--unit", "league")):
        assert main(TieoutProgram(), ["explain", "price", *asked, *wrong]) == ExitCode.PROBLEM
        assert "LOAD-362" in capsys.readouterr().err
    for unclear in (
        (),
        ("--category", "TRAVEL", "--product", "ROPE"),
        ("--category", "TRAVEL", "--typed", "6"),
    ):
        assert main(TieoutProgram(), ["explain", "price", *asked, *unclear]) == ExitCode.USAGE


def test_the_price_of_an_actual_is_told_by_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eight hours at 60 cost 480; the key of another company's actual is none."""
    time = "company,external_id,resource,project,role,date,hours\nNL01,T1,BEA,QUAY,DEV,2024-02-03,8\n"
    enter(tmp_path, "time_entry", time)
    submit_entries(actor=CLERK, company="NL01")
    approve_entries(actor=MANAGER, company="NL01")
    [(cost,)] = rows("select id::text from operations_actual where transaction_type = 'cost'")
    assert main(TieoutProgram(), ["explain", "actual", cost, "--company", "NL01"]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "cost of time, project QUAY, 2024-02-03: 8.00 x 60.00 = 480.00 EUR" in said
    assert "line      role DEV: 60.00 per hour" in said
    for key, company in ((cost, "US01"), ("nothing", "NL01")):
        assert main(TieoutProgram(), ["explain", "actual", key, "--company", company]) == ExitCode.PROBLEM
        assert "LOAD-362" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--resource", "NOBODY"),
        ("--resource", "BEA", "--role", "QA"),
        ("--resource", "BEA", "--quote", "Q9"),
        ("--resource", "BEA", "--subcontract", "SUB9"),
        ("--resource", "BEA", "--company", "US01"),
    ],
)
def test_what_is_not_set_up_is_said(wrong: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert explained(*wrong) == ExitCode.PROBLEM
    assert "LOAD-362" in capsys.readouterr().err


def test_a_dimension_has_a_name_and_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained("--resource", "BEA", "--dimension", "hours") == ExitCode.USAGE


def test_a_company_is_a_boundary() -> None:
    ada = Actor(name="ada", roles=frozenset({Role.AUDITOR}), companies=frozenset({"US01"}))
    with pytest.raises(CompanyNotPermitted):
        explain_price(
            actor=ada, company="NL01", project="QUAY", role="DEV", resource="BEA", on=date(2024, 2, 3)
        )
