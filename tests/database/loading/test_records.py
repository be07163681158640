"""Set-up record by record: every entity is read as its file format has it, and entered as a file would."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connections
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, rows

from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor, Role, VerbNotPermitted
from tieout.loading.formats import FORMATS
from tieout.loading.records import (
    SET_UP,
    Entered,
    Shown,
    Texts,
    address,
    counted,
    enter_record,
    enter_together,
    fingerprint,
    position_of,
    stored,
)

MORE = {
    "payment_method": "company,code,credits,account\nNL01,card,card,2000\nNL01,employee,employee,\n",
    "task": "project,number,parent\nQUAY,A,\nQUAY,B,A\n",
    "contract_customer": "contract,company,customer,percent,is_rounding\nK1,NL01,C1,100,yes\n",
    "contract_line_project": "contract,contract_line,project,active\nK1,1,QUAY,no\n",
    "contract_line_role": "contract,contract_line,role,billing_type\nK1,1,DEV,non_chargeable\n",
    "contract_line_category": "contract,contract_line,category,billing_type\nK1,1,TRAVEL,chargeable\n",
    "contract_line_customer": "contract,contract_line,company,customer,percent,is_rounding\n"
    "K1,1,NL01,C1,100,yes\n",
    "quote": "number,customer,company,contracting_unit,currency\nQ1,C1,NL01,NL,EUR\n",
    "quote_line": "quote,line_number,name,billing_method,amount\nQ1,1,Work,fixed_price,12.50\n",
    "subcontract": "number,company,vendor,currency,status\nSUB1,NL01,V1,EUR,confirmed\n",
    "unit": "code,unit_group,size\nday,time,8\npiece,pieces,1\n",
    "pricing_dimension": "name,kind,cost_priority,sales_priority\ngrade,amount,50,50\nsite,markup,60,60\n",
    "pricing_parameters": "company,cost_overlap\nNL01,none\n",
    "project_parameters": "company,daily_minutes\nNL01,900\n",
    "project_profile": "company,billing_method,code,accrue_time\nNL01,time_and_materials,TM,yes\n"
    "NL01,fixed_price,FP,no\n",
    "project_group": "company,code,name\nNL01,SHIPS,Work on ships\nNL01,LAND,\n",
    "project_group_member": "company,project,project_group\nNL01,QUAY,SHIPS\nNL01,PIER,LAND\n",
    "posting_profile": "company,posting_type,project,project_group,contract,category,account\n"
    "NL01,vendor,,,,,2000\nNL01,cost,,SHIPS,,,2000\nNL01,cost,,LAND,,TRAVEL,2000\n"
    "NL01,cost,,,K1,TRAVEL,2000\nNL01,cost,QUAY,,,,2000\n",
    "profile_rule": "company,billing_method,project,project_group,contract,profile\n"
    "NL01,time_and_materials,,,,TM\nNL01,time_and_materials,,SHIPS,,TM\n"
    "NL01,time_and_materials,,,K1,TM\nNL01,time_and_materials,QUAY,,,TM\n",
    "dimension": "code\nCC\n",
    "dimension_value": "dimension,value\nCC,10\n",
    "dimension_default": "company,project,vendor,resource,customer,dimension,value\nNL01,QUAY,,,,CC,10\n"
    "NL01,,V1,,,CC,10\nNL01,,,,C1,CC,10\n",
    "account_dimension": "company,account,dimension,demand\nNL01,2000,CC,required\n",
    "sales_tax_code": "company,code,percent\nNL01,VAT,21\n",
    "sales_tax_group": "company,kind,tax_group,tax_code\nNL01,sales,NL,VAT\nNL01,item,WORK,VAT\n",
    "sales_tax_group_use": "company,project,contract,customer,tax_group\nNL01,QUAY,,,NL\nNL01,,K1,,NL\n",
    "item_sales_tax_group_use": "company,category,product,tax_group\nNL01,TRAVEL,,WORK\n",
    "lending_relationship": "company,borrowing_company,accrue_revenue,expense_category\n"
    "NL01,US01,yes,TRAVEL\n",
    "fixed_rate_agreement": "company,contract,currency,rate\nNL01,K1,USD,125\n",
    "custom_field": "name,kind,choices\nshift,choice,day|night\n",
    "project_approver": "project,user,active\nQUAY,max,yes\nQUAY,mia,no\n",
    "time_delegate": "resource,user,valid_from,valid_to\nBEA,sam,2024-01-01,2024-01-31\n",
    "product": "code,unit_group\nROPE,pieces\n",
    "price_list_use": "price_list,company,customer,quote\nCOST,NL01,,\nSALES,NL01,C1,\nSALES,,,Q1\n",
    "role_price": "price_list,role,resourcing_unit,dimensions,unit,price\nCOST,DEV,,,,60\n"
    "COST,DEV,,grade=A,day,500\nSALES,DEV,NL,,,125.50\n",
    "role_price_markup": "price_list,dimensions,percent\nSALES,site=north,10\n",
    "price_override": "price_list,role,resourcing_unit,quote,effective_from,price,percent\n"
    "SALES,DEV,NL,,2024-02-01,130,\nSALES,DEV,NL,Q1,2024-02-01,129,\n",
    "category_price": "price_list,category,unit,price\nCOST,TRAVEL,piece,12\n",
    "product_price": "price_list,product,unit,method,percent\nSALES,ROPE,piece,markup_over_cost,5\n",
}
READER = Actor("rita", frozenset({Role.AUDITOR}), frozenset({"US01"}))


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm in which each entity has a record."""
    for done in firm.set_up(tmp_path / "setup", **MORE):
        assert done.codes == {}, done
    percent = "price_list,role,resourcing_unit,effective_from,percent\nSALES,DEV,NL,2024-02-01,5\n"
    firm.enter(tmp_path, "price_override", percent)
    selected = "K1,1,Work,time_and_materials,selected"
    firm.enter(
        tmp_path, "contract_line", f"contract,line_number,name,billing_method,included_tasks\n{selected}\n"
    )
    firm.enter(tmp_path, "contract_line_project", "contract,contract_line,project\nK1,1,QUAY\n")
    firm.enter(tmp_path, "contract_line_task", "contract,contract_line,project,task\nK1,1,QUAY,A\n")
    return tmp_path


def everything(entity: str, actor: Actor = OPERATOR, limit: int = 100) -> list[Texts]:
    return stored(actor=actor, entity=entity, wanted=Wanted(limit=limit))


def one(entity: str, **key: str) -> tuple[Texts, Shown]:
    [record] = stored(actor=OPERATOR, entity=entity, wanted=Wanted(key=key))
    return record, Shown(address(entity, record), fingerprint([record]))


@pytest.mark.usefixtures("folder")
def test_what_is_stored_is_what_a_file_would_say() -> None:
    """Entering a record as it is shown changes nothing, whatever its entity."""
    for entity in SET_UP:
        found = everything(entity)
        assert found, entity
        assert counted(actor=OPERATOR)[entity] == len(found)
        if FORMATS[entity].together:
            continue
        for record in found:
            assert set(FORMATS[entity].fields) <= set(record)
            key = address(entity, record)
            assert stored(actor=OPERATOR, entity=entity, wanted=Wanted(key=key)) == [record]
            shown = Shown(key, fingerprint([record]))
            assert enter_record(actor=OPERATOR, entity=entity, record=record, shown=shown).problems == {}, (
                record
            )
            assert stored(actor=OPERATOR, entity=entity, wanted=Wanted(key=key)) == [record]
        again = [enter_record(actor=OPERATOR, entity=entity, record=each, shown=None) for each in found]
        assert [[each.code for each in done.problems[1]] for done in again] == [["LOAD-381"]] * len(found)


@pytest.mark.usefixtures("folder")
def test_pages_follow_each_other_by_key() -> None:
    for entity in SET_UP:
        found, after = [], None
        while page := stored(actor=OPERATOR, entity=entity, wanted=Wanted(after=after, limit=1)):
            found += page
            after = position_of(entity, address(entity, page[0]))
            assert after is not None
        assert found == everything(entity), entity


# ------------------------------------------------------------ entering


@pytest.mark.parametrize("percent", ["7", "8"])
def test_an_override_of_a_price_does_not_become_one_of_a_percent(folder: Path, percent: str) -> None:
    """Whether the override of the percent is there (of one day) or not (of the other): it is another."""
    day = "2024-02-01" if percent == "7" else "2024-03-01"
    if percent == "8":
        header = "price_list,role,resourcing_unit,effective_from,price"
        firm.enter(folder, "price_override", f"{header}\nSALES,DEV,NL,{day},130\n")
    before = everything("price_override")
    record, shown = one("price_override", price_list="SALES", quote="", target="price", effective_from=day)
    typed = {**record, "price": "", "percent": percent}
    done = enter_record(actor=OPERATOR, entity="price_override", record=typed, shown=shown)
    assert [each.code for each in done.problems[1]] == ["LOAD-382"]
    assert everything("price_override") == before
    done = enter_record(
        actor=OPERATOR, entity="price_override", record={**record, "price": "131"}, shown=shown
    )
    assert done.changed


@pytest.mark.usefixtures("folder")
def test_two_who_change_one_record_at_once_do_not_overwrite_each_other() -> None:
    record, shown = one("role", code="DEV")
    found: list[Entered] = []

    def save(name: str) -> None:
        try:
            found.append(
                enter_record(actor=OPERATOR, entity="role", record={**record, "name": name}, shown=shown)
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(f"name {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [done for done in found if done.problems]
    assert (len(found), len(refused)) == (6, 5)
    assert {each.code for done in refused for each in done.problems[1]} == {"LOAD-380"}
    assert rows(OPERATIONS, "select version from operations_role where code = 'DEV'") == [(2,)]


@pytest.mark.usefixtures("folder")
def test_two_who_add_a_customer_to_one_line_at_once_do_not_both_succeed() -> None:
    key = {"contract": "K1", "contract_line": "1"}
    before = stored(actor=OPERATOR, entity="contract_line_customer", wanted=Wanted(key=key))
    shown = Shown(key, fingerprint(before))
    for account in ("C2", "C3"):
        new = {"account_number": account, "name": account, "company": "NL01"}
        assert enter_record(actor=OPERATOR, entity="customer", record=new, shown=None).changed
    found: list[Entered] = []

    def save(account: str) -> None:
        half = {**before[0], "percent": "50"}
        try:
            found.append(
                enter_together(
                    actor=OPERATOR,
                    entity="contract_line_customer",
                    records=[half, {**half, "customer": account, "is_rounding": "no"}],
                    shown=shown,
                )
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(account,)) for account in ("C2", "C3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(done.problems) for done in found) == [False, True]
    query = "select sum(percent)::int, count(*) from operations_contract_line_customer"
    assert rows(OPERATIONS, query) == [(100, 2)]


@pytest.mark.usefixtures("folder")
def test_who_may_not_load_enters_nothing() -> None:
    record, shown = one("role", code="DEV")
    with pytest.raises(VerbNotPermitted):
        enter_record(actor=READER, entity="role", record={**record, "name": "Boss"}, shown=shown)
    clerk = Actor("cleo", frozenset({Role.AP_CLERK}), frozenset({"US01"}))
    record, shown = one("resource", code="BEA")
    done = enter_record(actor=clerk, entity="resource", record={**record, "name": "Boss"}, shown=shown)
    assert {each.code for each in done.problems[1]} == {"ACCESS-102"}
    # Whose key it is not allowed to see, it cannot have been shown.
    taken = {**record, "company": "US01", "organizational_unit": "US"}
    assert enter_record(actor=clerk, entity="resource", record=taken, shown=None).problems
    assert enter_record(actor=clerk, entity="resource", record=taken, shown=shown).problems
    assert rows(OPERATIONS, "select name, company_code from operations_resource where code = 'BEA'") == [
        ("Bea", "NL01")
    ]


@pytest.mark.usefixtures("folder")
def test_what_other_companies_own_is_withheld() -> None:
    seen = {entity for entity in SET_UP if everything(entity, READER)}
    shared = {"currency", "account", "fiscal_period", "exchange_rate", "role", "category", "unit"}
    shared |= {"pricing_dimension", "product", "custom_field", "dimension", "dimension_value"}
    assert seen == shared | {"company", "vendor", "organizational_unit", "resource", "project"}
    assert counted(actor=READER) == {entity: len(everything(entity, READER)) for entity in SET_UP}


@pytest.mark.usefixtures("folder")
def test_the_account_of_a_chart_that_others_use_is_withheld(tmp_path: Path) -> None:
    firm.enter(tmp_path, "account", "chart,number,name,kind\nnorth,1,North,asset\nnobody,1,Nobody,asset\n")
    firm.enter(tmp_path, "company", "code,name,currency,chart\nDE01,North,EUR,north\n")
    charts = {record["chart"] for record in everything("account", READER)}
    assert charts == {"main", "nobody"}


@pytest.mark.parametrize(
    "given",
    [
        {"contract": "K1"},
        {"contract": "K1", "line_number": "x"},
        {"contract": "K1", "line_number": "99999999999"},
        {"contract": "K\0", "line_number": "1"},
    ],
)
def test_what_is_no_key_is_no_position(given: dict[str, str]) -> None:
    assert position_of("contract_line", given) is None


REFUSED = [
    ("time_delegate", "resource,user,valid_from,valid_to\nBEA,tom,2024-03-05,2024-03-01\n", "LOAD-228"),
    ("time_delegate", "resource,user,valid_from,valid_to\nBEA,tom,2024-01-31,2024-02-15\n", "LOAD-229"),
    ("sales_tax_group_use", "company,project,tax_group\nNL01,QUAY,NONE\n", "LOAD-325"),
    # an item group says what is sold, and a sales tax group who buys: neither stands for the other
    ("sales_tax_group_use", "company,project,tax_group\nNL01,QUAY,WORK\n", "LOAD-325"),
    ("item_sales_tax_group_use", "company,category,tax_group\nNL01,TRAVEL,NL\n", "LOAD-325"),
    (
        "expense_entry",
        (
            "company,external_id,resource,project,category,date,price,currency\n"
            "NL01,X9,BEA,QUAY,GOODS,2024-01-15,5,EUR\n"
        ),
        "LOAD-226",
    ),
    (
        "expense_entry",
        (
            "company,external_id,resource,project,category,date,price,currency,dimensions\n"
            "NL01,X9,BEA,QUAY,TRAVEL,2024-01-15,5,EUR,shift=dawn\n"
        ),
        "LOAD-227",
    ),
]


@pytest.mark.parametrize(("entity", "file", "code"), REFUSED, ids=[code for _, _, code in REFUSED])
def test_a_record_that_contradicts_others_is_refused(folder: Path, entity: str, file: str, code: str) -> None:
    assert firm.enter(folder, entity, file).codes == {code: 1}
