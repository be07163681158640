"""Files of what prices are made of: each record is entered once; what could never price is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.database.loading.firm import enter, outcome, reasons, rows, set_up

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, Role

pytestmark = pytest.mark.usefixtures("databases")

PRICING = {
    "unit": "code,unit_group,size\nday,time,8\nmile,distance,1\nkm,distance,0.62\npiece,piece,1\n",
    "pricing_dimension": "name,kind,cost_priority,sales_priority\ngrade,amount,50,50\nhours,markup,,60\n",
    "pricing_parameters": "company,cost_overlap\nNL01,none\n",
    "product": "code,unit_group\nROPE,piece\n",
    "quote": "number,customer,company,contracting_unit,currency\nQ1,C1,NL01,NL,EUR\n",
    "price_list_use": "price_list,organizational_unit,contract,quote,company,customer,active\n"
    "COST,US,,,,,yes\nCOST,,,,NL01,,\nSALES,,,Q1,,,\nSALES,,,,NL01,C1,\nSALES,,,,NL01,,no\n",
    "role_price": "price_list,role,resourcing_unit,resourcing_company,resource,dimensions,unit,price\n"
    "COST,DEV,,,,,,60\nSALES,DEV,NL,,,,,125.50\nSALES,,,NL01,BEA,grade = senior;,day,900\n",
    "role_price_markup": "price_list,role,dimensions,percent\nSALES,DEV,hours=overtime,25\n",
    "price_override": "price_list,role,resourcing_unit,dimensions,organizational_unit,contract,quote,company,"
    "customer,effective_from,unit,price,percent\n"
    "SALES,DEV,NL,,,,,,,2024-02-01,,130,\nSALES,DEV,NL,,,K1,,,,2024-02-01,day,1000,\n"
    "SALES,DEV,NL,,,,,NL01,C1,2024-02-01,,131,\nSALES,DEV,,hours=overtime,,,,,,2024-02-01,,,30\n"
    "SALES,DEV,NL,,,,Q1,,,2024-02-01,,129,\nCOST,DEV,,,US,,,,,2024-12-31,,61,\n",
    "category_price": "price_list,category,unit,method,price,percent\n"
    "COST,TRAVEL,mile,,10,\nSALES,TRAVEL,mile,markup over cost,,15\nSALES,TRAVEL,km,at cost,,\n",
    "product_price": "price_list,product,unit,price\nCOST,ROPE,piece,4.5\n",
}


def test_pricing_is_entered_once(tmp_path: Path) -> None:
    done = {one.entity: one for one in set_up(tmp_path, **PRICING)}
    for entity, text in PRICING.items():
        count = len(text.splitlines()) - 1
        assert outcome(done[entity]) == (count, count, 0, 0), (entity, reasons(done[entity]))
    again = {one.entity: one for one in set_up(tmp_path, **PRICING)}
    for entity in PRICING:
        assert (outcome(again[entity])[2], again[entity].changed) == (outcome(done[entity])[0], 0), entity
    assert rows(OPERATIONS, "select count(*) from operations_price_list_use") == [(7,)]
    named = "select key, unit, price from operations_role_price where dimensions <> '{}'"
    key, unit, price = rows(OPERATIONS, named)[0]
    assert (set(json.loads(key)), unit, price) == (
        {"grade", "resource", "resourcing_company"},
        "day",
        Decimal(900),
    )


def test_a_line_that_is_priced_anew_is_changed_and_one_with_a_number_is_another(tmp_path: Path) -> None:
    set_up(tmp_path)
    header = "price_list,role,line,price"
    changed = enter(tmp_path, "role_price", f"{header}\nCOST,DEV,,61\nCOST,DEV,2,62\n")
    assert (outcome(changed), changed.changed) == ((2, 2, 0, 0), 1)
    query = "select line, price from operations_role_price where shape = '[\"role\"]' order by 1"
    assert rows(OPERATIONS, query) == [("", 61), ("2", 62)]
    problems = (
        "select code, details ->> 'prices' from problem_log as p where not exists"
        " (select from problem_resolution as r where r.problem_id = p.id)"
    )
    assert rows(OPERATIONS, problems) == [("LOAD-373", "2")]
    enter(tmp_path, "role_price", f"{header}\nCOST,DEV,2,61\n")
    assert rows(OPERATIONS, problems) == []


def test_two_ways_to_write_a_key_are_one_line(tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)
    enter(tmp_path, "pricing_dimension", "name,cost_priority\nplace,70\n")
    text = (
        "price_list,dimensions,unit,price\n"
        "COST,grade=a;place=b,,1\nCOST,place=b;grade=a,hour,1\nCOST,place = b ; grade = a ;,,2\n"
    )
    done = enter(tmp_path, "role_price", text)
    assert (outcome(done), dict(done.codes)) == ((3, 1, 1, 1), {"LOAD-210": 1})


def test_lists_that_overlap_or_never_apply_are_entered_and_said(tmp_path: Path) -> None:
    set_up(tmp_path)
    header = "code,context,currency,valid_from,valid_to,active,organizational_unit,contract"
    enter(
        tmp_path,
        "price_list",
        f"{header}\nSALES2,sales,EUR,2024-12-31,2025-12-31,,,K1\nOPEN,cost,EUR,2024-01-01,,,NL,\n"
        "OTHER,sales,USD,2024-01-01,2024-12-31,,,K1\nAFTER,cost,EUR,2025-01-01,2025-12-31,,NL,\n",
    )
    problems = (
        "select record_name, code, coalesce(details ->> 'other', '') from problem_log as p where not exists"
        " (select from problem_resolution as r where r.problem_id = p.id) order by 1"
    )
    assert rows(OPERATIONS, problems) == [("OPEN", "LOAD-371", ""), ("SALES2", "LOAD-372", "SALES")]
    enter(tmp_path, "price_list", f"{header}\nSALES2,sales,EUR,2025-01-01,2025-12-31,,,K1\n")
    assert rows(OPERATIONS, problems) == [("OPEN", "LOAD-371", "")]


def test_an_override_of_no_line_is_said_until_the_line_is_there(tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)
    header = "price_list,role,resourcing_unit,dimensions,effective_from,price,percent"
    text = f"{header}\nSALES,,NL,,2024-02-01,1,\nSALES,,,hours=overtime,2024-02-01,,1\n"
    assert outcome(enter(tmp_path, "price_override", text)) == (2, 2, 0, 0)
    problems = (
        "select code, details ->> 'target' from problem_log as p where not exists"
        " (select from problem_resolution as r where r.problem_id = p.id) and code = 'LOAD-374' order by 2"
    )
    assert rows(OPERATIONS, problems) == [("LOAD-374", "markup"), ("LOAD-374", "price")]
    enter(tmp_path, "role_price", "price_list,resourcing_unit,price\nSALES,NL,2\n")
    assert rows(OPERATIONS, problems) == [("LOAD-374", "markup")]


LINE = "price_list,role,dimensions,unit,price\n"
OVERRIDE = "price_list,role,organizational_unit,contract,company,customer,effective_from,unit,price,percent\n"
ITEM = "price_list,category,unit,method,price,percent\n"
USE = "price_list,organizational_unit,contract,company\n"
OF_SALE = "price_list,contract,quote,company,customer\n"
OF_QUOTE = "price_list,role,contract,quote,effective_from,price\n"
LIST = "code,context,currency,time_unit,valid_from,valid_to,organizational_unit,contract\n"
WRONG = [
    ("role_price", f"{LINE}COST,DEV,,,-1\n", "LOAD-216"),
    ("role_price", f"{LINE}COST,DEV,,week,1\n", "LOAD-360"),
    ("role_price", f"{LINE}COST,DEV,,mile,1\n", "LOAD-365"),
    ("role_price", f"{LINE}COST,DEV,senior,,1\n", "LOAD-363"),
    ("role_price", f"{LINE}COST,DEV,grade=a;grade=b,,1\n", "LOAD-363"),
    ("role_price", f"{LINE}COST,DEV,role=QA,,1\n", "LOAD-363"),
    ("role_price", f"{LINE}COST,DEV,colour=red,,1\n", "LOAD-364"),
    ("role_price", f"{LINE}SALES,DEV,hours=overtime,,1\n", "LOAD-364"),
    ("role_price_markup", "price_list,dimensions,percent\nCOST,hours=overtime,1\n", "LOAD-364"),
    ("role_price_markup", "price_list,dimensions,percent\nSALES,hours=overtime,-101\n", "LOAD-216"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,,,,2023-12-31,,1,\n", "LOAD-369"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,,,,2025-01-01,,1,\n", "LOAD-369"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,,,,2024-02-01,,,\n", "LOAD-366"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,,,,2024-02-01,,1,2\n", "LOAD-366"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,K1,NL01,C1,2024-02-01,,1,\n", "LOAD-367"),
    ("price_override", f"{OVERRIDE}COST,DEV,,K1,,,2024-02-01,,1,\n", "LOAD-368"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,,NL01,C9,2024-02-01,,1,\n", "LOAD-309"),
    ("category_price", f"{ITEM}COST,TRAVEL,mile,,,\n", "LOAD-366"),
    ("category_price", f"{ITEM}COST,TRAVEL,mile,markup over cost,,\n", "LOAD-366"),
    ("category_price", f"{ITEM}COST,TRAVEL,mile,,-1,\n", "LOAD-216"),
    ("category_price", f"{ITEM}COST,TRAVEL,league,,1,\n", "LOAD-360"),
    ("product_price", "price_list,product,unit,price\nCOST,ROPE,mile,1\n", "LOAD-365"),
    ("product_price", "price_list,product,unit,price\nCOST,SAIL,piece,1\n", "LOAD-361"),
    ("price_list_use", f"{USE}COST,,,\n", "LOAD-367"),
    ("price_list_use", f"{USE}COST,NL,,NL01\n", "LOAD-367"),
    ("price_list_use", f"{USE}COST,,K1,\n", "LOAD-368"),
    ("price_list_use", f"{OF_SALE}SALES,K1,Q1,,\n", "LOAD-367"),
    ("price_list_use", f"{OF_SALE}SALES,,Q1,NL01,C1\n", "LOAD-367"),
    ("price_list_use", f"{OF_SALE}COST,,Q1,,\n", "LOAD-368"),
    ("price_list_use", f"{OF_SALE}COST,,,NL01,C1\n", "LOAD-368"),
    ("price_list_use", f"{OF_SALE}SALES,,,NL01,C9\n", "LOAD-309"),
    ("price_list_use", f"{OF_SALE}SALES,,,,C1\n", "LOAD-366"),
    ("price_override", f"{OVERRIDE}SALES,DEV,,,,C1,2024-02-01,,1,\n", "LOAD-366"),
    ("price_list_use", f"{OF_SALE}SALES,,Q9,,\n", "LOAD-331"),
    ("price_override", f"{OF_QUOTE}SALES,DEV,K1,Q1,2024-02-01,1\n", "LOAD-367"),
    ("price_override", f"{OF_QUOTE}COST,DEV,,Q1,2024-02-01,1\n", "LOAD-368"),
    ("price_override", f"{OF_QUOTE}SALES,DEV,,Q9,2024-02-01,1\n", "LOAD-331"),
    ("pricing_parameters", "company,lists_on_win\nNL01,none\n", "LOAD-209"),
    ("price_list", f"{LIST}X,sales,EUR,,2024-01-01,2024-12-31,NL,\n", "LOAD-368"),
    ("price_list", f"{LIST}X,sales,EUR,,2024-12-31,2024-01-01,,\n", "LOAD-370"),
    ("price_list", f"{LIST}X,sales,EUR,mile,2024-01-01,2024-12-31,,\n", "LOAD-365"),
    ("unit", "code,unit_group,size\nnothing,time,0\n", "LOAD-216"),
    ("pricing_dimension", "name,sales_priority\nplace,50\n", "LOAD-210"),
    ("pricing_dimension", "name,kind,cost_priority,sales_priority\ngrade,markup,50,50\n", "LOAD-210"),
    ("pricing_dimension", "name,kind,cost_priority\ngrade,amount,50\n", "LOAD-210"),
    ("pricing_dimension", "name,kind,cost_priority\nhours,markup,50\n", "LOAD-210"),
]


def test_what_could_never_price_is_refused(tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)
    for entity, text, code in WRONG:
        done = enter(tmp_path, entity, text)
        assert (outcome(done), dict(done.codes)) == ((1, 0, 0, 1), {code: 1}), (text, reasons(done))


def test_two_dimensions_may_change_places(tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)
    done = enter(
        tmp_path,
        "pricing_dimension",
        "name,cost_priority,sales_priority,purchase_priority\nrole,10,10,10\nresource,20,20,20\n",
    )
    assert (outcome(done), done.changed) == ((2, 2, 0, 0), 2)
    query = "select name from operations_pricing_dimension order by cost_priority, name limit 2"
    assert rows(OPERATIONS, query) == [("role",), ("resource",)]


def test_a_list_is_entered_by_who_may_load_in_all_companies_that_use_it(tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)
    ada = Actor(name="ada", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"NL01"}))
    with pytest.raises(CompanyNotPermitted):
        enter(tmp_path, "role_price", "price_list,role,price\nCOST,DEV,61\n", ada)
    done = enter(tmp_path, "role_price", "price_list,role,resourcing_unit,price\nSALES,DEV,NL,126\n", ada)
    assert outcome(done) == (1, 1, 0, 0)


def test_the_set_up_prices(tmp_path: Path) -> None:
    set_up(tmp_path, **PRICING)
    query = (
        "select price"
        " from operations_contract as c, operations_role as r, operations_organizational_unit as u,"
        " operations_sales_price("
        "c.id, jsonb_build_object('role', r.id, 'resourcing_unit', u.id, 'hours', 'overtime'), %s)"
        " where u.code = 'NL'"
    )
    prices = [rows(OPERATIONS, query, str(day))[0][0] for day in (date(2024, 1, 31), date(2024, 2, 1))]
    assert prices == [Decimal("156.875"), Decimal("162.5")]
