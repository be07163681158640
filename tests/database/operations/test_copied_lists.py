"""A price list is copied whole, under its own code, and stays with the companies that it belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, lines
from tests.database.loading.test_pricing_set_up import PRICING
from tests.database.operations.ledger import open_problems, rows

from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor, CompanyNotPermitted, Role, VerbNotPermitted
from tieout.kernel.problems import Problem
from tieout.loading.records import stored
from tieout.operations.pricing.actions import copy_price_list
from tieout.operations.pricing.problems import PriceListCodeTaken, PriceListNotNamed, PriceListUnknown


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm with lines of all kinds: COST is used by units of NL01 and US01, SALES in NL01."""
    firm.set_up(tmp_path / "setup", **PRICING)
    return tmp_path


DIMENSIONED = "role_id, resourcing_unit_id, resourcing_company, resource_id, dimensions"
CONTENT = {
    "role_price": f"{DIMENSIONED}, unit, line, method, price, percent",
    "role_price_markup": f"{DIMENSIONED}, percent",
    "category_price": "category_id, unit, method, price, percent",
    "product_price": "product_id, unit, method, price, percent",
}


def lines_of(kind: str, price_list: str) -> list[tuple[object, ...]]:
    """Return what the lines of one kind on a list say."""
    return rows(
        f"select to_jsonb(line) from (select {CONTENT[kind]} from operations_{kind} as one"
        " join operations_price_list as list on list.id = one.price_list_id where list.code = %s) as line"
        " order by to_jsonb(line)::text",
        price_list,
    )


def test_the_lines_of_all_kinds_are_copied_and_overrides_are_not(folder: Path) -> None:
    done = copy_price_list(actor=OPERATOR, price_list="SALES", code=" SALES-2 ", name="Second")
    assert (done.code, done.role_prices, done.markups, done.category_prices, done.product_prices) == (
        *("SALES-2", 4, 1, 2, 0),
    )
    for kind in CONTENT:
        assert lines_of(kind, "SALES-2") == lines_of(kind, "SALES")
    assert len(lines_of("role_price", "SALES")) == 4
    content = "name, context, currency_code, time_unit, valid_from::text, valid_to::text, is_active, version"
    assert rows(f"select {content} from operations_price_list where code = 'SALES-2'") == [
        ("Second", "sales", "EUR", "hour", "2024-01-01", "2024-12-31", True, 1)
    ]
    overrides = "select count(*) from operations_price_override where price_list_id = %s"
    assert rows(overrides, done.price_list_id) == [(0,)]
    assert copy_price_list(actor=OPERATOR, price_list="COST", code="COST-2").product_prices == 1


def test_a_change_of_one_is_none_of_the_other(folder: Path) -> None:
    copy_price_list(actor=OPERATOR, price_list="SALES", code="SALES-2")
    header = "price_list,role,resourcing_unit,price"
    assert enter(folder, "role_price", lines(header, ["SALES,DEV,NL,1"])).changed == 1
    prices = (
        "select list.code, line.price::int from operations_role_price as line"
        " join operations_price_list as list on list.id = line.price_list_id"
        " where list.context = 'sales' and line.unit = 'hour' and line.method = 'price_per_unit' order by 1"
    )
    assert rows(prices) == [("SALES", 1), ("SALES-2", 126)]


def test_a_copy_prices_nothing_and_belongs_to_the_same_companies(folder: Path) -> None:
    before = open_problems()
    done = copy_price_list(actor=OPERATOR, price_list="COST", code="COST-2")
    uses = (
        "select company_code, is_active, unit_id is null from operations_price_list_use"
        " where price_list_id = %s order by 1"
    )
    assert rows(uses, done.price_list_id) == [("NL01", False, True), ("US01", False, True)]
    copy_price_list(actor=OPERATOR, price_list="SALES", code="SALES-2")
    assert open_problems() == before  # it overlaps with its original, and nobody uses it
    reader = Actor("rita", frozenset({Role.AUDITOR}), frozenset({"US01"}))
    found = stored(actor=reader, entity="price_list", wanted=Wanted(key={}))
    assert [one["code"] for one in found] == ["COST", "COST-2"]


@pytest.mark.parametrize(
    ("price_list", "code", "name", "problem", "says"),
    [
        ("NOTHING", "N", "", PriceListUnknown, "CFG-210"),
        ("SALES", "COST", "", PriceListCodeTaken, "CFG-211"),
        ("SALES", "SALES", "", PriceListCodeTaken, "CFG-211"),
        ("SALES", " ", "", PriceListNotNamed, "CFG-212"),
        ("SALES", "S" * 61, "", PriceListNotNamed, "CFG-212"),
        ("SALES", "S\t2", "", PriceListNotNamed, "CFG-212"),
        ("SALES", "S2", "n" * 201, PriceListNotNamed, "CFG-212"),
    ],
)
def test_what_cannot_be_copied_changes_nothing(
    folder: Path, price_list: str, code: str, name: str, problem: type[Problem], says: str
) -> None:
    with pytest.raises(problem) as met:
        copy_price_list(actor=OPERATOR, price_list=price_list, code=code, name=name)
    assert met.value.text.code == says
    assert rows("select count(*) from operations_price_list") == [(2,)]


def test_who_may_copy(folder: Path) -> None:
    accountant = frozenset({Role.PROJECT_ACCOUNTANT})
    of_dutch = Actor("dirk", accountant, frozenset({"NL01"}))
    assert copy_price_list(actor=of_dutch, price_list="SALES", code="SALES-2").role_prices == 4
    with pytest.raises(CompanyNotPermitted):  # it is the list of US01 too
        copy_price_list(actor=of_dutch, price_list="COST", code="COST-2")
    with pytest.raises(CompanyNotPermitted):
        copy_price_list(actor=Actor("sue", accountant, frozenset({"US01"})), price_list="SALES", code="S3")
    with pytest.raises(VerbNotPermitted):
        copy_price_list(
            actor=Actor("max", frozenset({"project_manager"}), None), price_list="SALES", code="S3"
        )
    assert rows("select count(*) from operations_price_list") == [(3,)]
