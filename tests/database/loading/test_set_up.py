from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.database.loading.firm import OPERATOR, SET_UP, enter, outcome, reasons, rows, set_up

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.finance.ledgers.queries import set_up_gaps
from tieout.kernel.access import Actor, CompanyNotPermitted, Role, VerbNotPermitted
from tieout.loading.actions import load_set_up
from tieout.loading.formats import FORMATS
from tieout.loading.problems import FolderWithoutFiles

pytestmark = pytest.mark.usefixtures("databases")


def test_the_whole_set_up_loads_once_and_is_there_the_second_time(tmp_path: Path) -> None:
    first = set_up(tmp_path)
    assert [done.entity for done in first] == [entity for entity in FORMATS if entity in SET_UP]
    count = {entity: len(text.splitlines()) - 1 for entity, text in SET_UP.items()}
    assert {done.entity: outcome(done) for done in first} == {
        entity: (rows, rows, 0, 0) for entity, rows in count.items()
    }
    again = load_set_up(actor=OPERATOR, folder=tmp_path)
    assert {done.entity: (outcome(done), done.changed) for done in again} == {
        entity: ((rows, 0, rows, 0), 0) for entity, rows in count.items()
    }
    assert rows(FINANCE, "select count(*) from outbox_entry") == [(0,)]  # what travels has arrived
    assert rows(OPERATIONS, "select count(*) from outbox_entry") == [(0,)]


def test_masters_travel_to_the_other_side(tmp_path: Path) -> None:
    set_up(tmp_path)
    assert rows(OPERATIONS, "select code, currency_code from operations_company order by 1") == [
        ("NL01", "EUR"),
        ("US01", "USD"),
    ]
    assert rows(OPERATIONS, "select count(*) from operations_exchange_rate") == [(2,)]
    assert rows(OPERATIONS, "select count(*) from operations_vendor") == [(2,)]
    assert rows(FINANCE, "select number, situation from finance_project order by 1") == [
        ("OFFICE", "internal"),
        ("PIER", "internal"),
        ("QUAY", "time_and_materials"),
    ]
    assert rows(FINANCE, "select code from finance_category order by 1") == [("GOODS",), ("TRAVEL",)]


def test_a_changed_record_is_changed_on_both_sides(tmp_path: Path) -> None:
    set_up(tmp_path)
    done = enter(tmp_path, "vendor", "company,account_number,name\nNL01,V1,Rope AG\nNL01,V2,Sail\n")
    assert (outcome(done), done.changed) == ((2, 2, 0, 0), 1)
    query = "select account_number, name, version from {}_vendor where company_code = 'NL01' order by 1"
    expected = [("V1", "Rope AG", 2), ("V2", "Sail", 1)]
    assert rows(FINANCE, query.format("finance")) == expected
    assert rows(OPERATIONS, query.format("operations")) == expected


def test_finance_learns_how_a_project_is_billed_when_its_contract_line_changes(tmp_path: Path) -> None:
    set_up(tmp_path)
    enter(tmp_path, "contract_line", "contract,line_number,name,billing_method\nK1,1,Work,fixed_price\n")
    assert rows(FINANCE, "select situation, version from finance_project where number = 'QUAY'") == [
        ("fixed_price", 2)
    ]


def test_a_number_sequence_is_never_lowered(tmp_path: Path) -> None:
    set_up(tmp_path, number_sequence="company,reference,next_number\nNL01,vendor_invoice_voucher,500\n")
    done = enter(
        tmp_path, "number_sequence", "company,reference,next_number\nNL01,vendor_invoice_voucher,1\n"
    )
    assert outcome(done) == (1, 0, 1, 0)
    assert rows(FINANCE, "select next_number from finance_number_sequence") == [(500,)]


WRONG = [
    ("company", "code,name,currency\nX,X,GBP\n", "LOAD-302"),
    ("company", "code,name,currency\nNL01,Tide,USD\n", "LOAD-210"),
    ("currency", "code,name,digits\nEUR,Euro,3\n", "LOAD-210"),
    ("currency", "code,name,digits\nXAU,Gold,5\n", "LOAD-216"),
    ("exchange_rate", "from_currency,to_currency,date,rate\nUSD,EUR,2024-02-01,0\n", "LOAD-216"),
    ("exchange_rate", "from_currency,to_currency,date,rate\nUSD,XAU,2024-02-01,1\n", "LOAD-302"),
    ("period_status", "company,calendar,year,name,status\nNL01,cal,2024,2024-13,open\n", "LOAD-314"),
    ("period_status", "company,calendar,year,name,status\nXX,cal,2024,2024-01,open\n", "LOAD-301"),
    (
        "integration_parameters",
        "company,expense_integration_account,procurement_integration_account\nNL01,1910,9999\n",
        "LOAD-308",
    ),
    ("posting_profile", "company,posting_type,project,account\nNL01,cost,NONE,2000\n", "LOAD-303"),
    ("posting_profile", "company,posting_type,category,account\nNL01,cost,NONE,2000\n", "LOAD-305"),
    ("posting_profile", "company,posting_type,account\nNL01,cost_items,2000\n", "LOAD-209"),
    ("posting_profile", "company,posting_type,account\nNL01,expense_integration,2000\n", "LOAD-209"),
    ("vendor", "company,account_number\nXX,V9\n", "LOAD-301"),
    ("organizational_unit", "code,company,currency\nU,XX,EUR\n", "LOAD-301"),
    ("resource", "code,name,organizational_unit,company\nR,R,NONE,NL01\n", "LOAD-310"),
    ("contract", "number,customer,company,contracting_unit,currency\nK2,C9,NL01,NL,EUR\n", "LOAD-309"),
    ("contract_line", "contract,line_number,name,billing_method\nK9,1,Work,fixed_price\n", "LOAD-311"),
    (
        "project",
        "number,company,contracting_unit,stage,contract,contract_line\nP,NL01,NL,sold,K1,7\n",
        "LOAD-312",
    ),
    ("project", "number,company,contracting_unit,stage\nP,NL01,NL,sold\n", "LOAD-317"),
    ("project", "number,company,contracting_unit,stage\nPIER,NL01,NL,internal\n", "LOAD-210"),
    ("role_price", "price_list,role,price\nNONE,DEV,1\n", "LOAD-313"),
    *(
        (
            "project_profile",
            f"company,billing_method,code,{of}_costs,accrue_{of}\nNL01,time_and_materials,X,balance,yes\n",
            "LOAD-319",
        )
        for of in ("time", "expense", "material")
    ),
    (
        "project_profile",
        "company,billing_method,code,time_costs,accrue_time\nNL01,time_and_materials,X,no_ledger,yes\n",
        "LOAD-319",
    ),
    (
        "project_profile",
        "company,billing_method,code,expense_costs\nNL01,time_and_materials,X,no_ledger\n",
        "LOAD-209",
    ),
    (
        "profile_rule",
        "company,billing_method,profile\nNL01,fixed_price,TM\n",  # TM is one of time and materials
        "LOAD-318",
    ),
    (
        "profile_rule",
        "company,billing_method,project,contract,profile\nNL01,time_and_materials,QUAY,K1,TM\n",
        "LOAD-320",
    ),
    (
        "profile_rule",
        "company,billing_method,project,profile\nNL01,time_and_materials,PIER,TM\n",  # of US01
        "LOAD-315",
    ),
    (
        "profile_rule",
        "company,billing_method,contract,profile\nNL01,time_and_materials,K9,TM\n",
        "LOAD-311",
    ),
    ("lending_relationship", "company,borrowing_company\nNL01,XX\n", "LOAD-301"),
    ("lending_relationship", "company,borrowing_company\nNL01,NL01\n", "LOAD-321"),
    ("lending_relationship", "company,borrowing_company,time_category\nNL01,US01,NONE\n", "LOAD-305"),
    ("fixed_rate_agreement", "company,contract,currency,rate\nNL01,K9,USD,125\n", "LOAD-311"),
    ("fixed_rate_agreement", "company,contract,currency,rate\nNL01,K1,XXX,125\n", "LOAD-302"),
    ("role_price", "price_list,role,price\nCOST,NONE,1\n", "LOAD-307"),
]


@pytest.mark.parametrize(("entity", "text", "code"), WRONG, ids=[f"{one[0]}-{one[2]}" for one in WRONG])
def test_what_cannot_be_entered(tmp_path: Path, entity: str, text: str, code: str) -> None:
    set_up(tmp_path)
    enter(tmp_path, "project_profile", "company,billing_method,code\nNL01,time_and_materials,TM\n")
    done = enter(tmp_path, entity, text)
    assert (outcome(done), dict(done.codes)) == ((1, 0, 0, 1), {code: 1})
    assert [reason[:2] for reason in reasons(done)] == [("2", code)]


def test_every_posting_type_of_the_matrix_can_be_given_an_account(tmp_path: Path) -> None:
    set_up(tmp_path)
    done = enter(
        tmp_path,
        "posting_profile",
        "company,posting_type,project,account\n"
        "NL01,cost,,2000\nNL01,payroll_allocation,,2000\nNL01,expense_offset,,2000\nNL01,cost_item,PIER,2000\n"
        "NL01,wip_cost_value,,2000\nNL01,wip_cost_value_item,,2000\nNL01,wip_sales_value,,2000\n"
        "NL01,accrued_revenue,,2000\n",
    )
    assert (outcome(done), dict(done.codes)) == ((8, 8, 0, 0), {})
    assert rows(
        FINANCE,
        "select posting_type, project_id is null from finance_posting_profile"
        " where posting_type in ('expense_offset', 'cost_item') order by 1",
    ) == [("cost_item", False), ("expense_offset", True)]


def test_a_closed_period_stays_closed(tmp_path: Path) -> None:
    header = "company,calendar,year,name,status\n"
    set_up(tmp_path, period_status=f"{header}NL01,cal,2024,2024-01,permanently_closed\n")
    done = enter(tmp_path, "period_status", f"{header}NL01,cal,2024,2024-01,open\n")
    assert dict(done.codes) == {"LOAD-210": 1}
    assert "status is permanently_closed, the file says open" in reasons(done)[0][2]


def test_a_record_that_stands_twice(tmp_path: Path) -> None:
    set_up(tmp_path)
    done = enter(tmp_path, "role", "code,name\nQA,Tester\nQA,Tester\nQA,Quality\nPM,Manager\n")
    assert (outcome(done), dict(done.codes)) == ((4, 2, 1, 1), {"LOAD-218": 1})
    assert rows(OPERATIONS, "select name from operations_role where code = 'QA'") == [("Tester",)]


def test_a_map_that_is_stopped_delivers_nothing(tmp_path: Path) -> None:
    set_up(tmp_path)
    set_state(actor=OPERATOR, map="msdyn_vendors", state=State.NOT_RUNNING)
    done = enter(tmp_path, "vendor", "company,account_number\nNL01,V2\n")
    assert outcome(done) == (1, 1, 0, 0)
    assert rows(OPERATIONS, "select count(*) from operations_vendor") == [(2,)]


def test_a_trial_run_of_a_folder_leaves_nothing(tmp_path: Path) -> None:
    for entity, text in SET_UP.items():
        (tmp_path / f"{entity}.csv").write_text(text, encoding="utf-8")
    tried = load_set_up(actor=OPERATOR, folder=tmp_path, dry_run=True)
    assert [outcome(done)[3] for done in tried] == [0] * len(SET_UP)
    assert rows(FINANCE, "select count(*) from finance_company") == [(0,)]
    assert rows(OPERATIONS, "select count(*) from operations_project") == [(0,)]
    assert rows(OPERATIONS, "select count(*) from operations_company") == [(0,)]
    done = load_set_up(actor=OPERATOR, folder=tmp_path)
    assert [outcome(one) for one in done] == [outcome(one) for one in tried]


def test_who_may_not_load(tmp_path: Path) -> None:
    auditor = Actor(name="otto", roles=frozenset({Role.AUDITOR}), companies=None)
    with pytest.raises(VerbNotPermitted):
        enter(tmp_path, "role", "code\nQA\n", auditor)
    with pytest.raises(FolderWithoutFiles):
        load_set_up(actor=OPERATOR, folder=tmp_path / "nothing")


def test_a_company_is_a_boundary(tmp_path: Path) -> None:
    set_up(tmp_path)
    clerk = Actor(name="ada", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"NL01"}))
    done = enter(tmp_path, "vendor", "company,account_number\nNL01,V2\nUS01,V2\n", clerk)
    assert (outcome(done), dict(done.codes)) == ((2, 1, 0, 1), {"ACCESS-102": 1})
    # What a record refers to has a company too.
    done = enter(
        tmp_path,
        "role_price",
        "price_list,role,price\nCOST,DEV,61\n",
        Actor(name="ada", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"US01"})),
    )
    assert dict(done.codes) == {"ACCESS-102": 1}


def test_who_may_load_for_one_company_takes_over_nothing_of_another(tmp_path: Path) -> None:
    set_up(tmp_path / "setup")
    eve = Actor(name="eve", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"US01"}))
    header = "code,name,organizational_unit,company\n"
    done = enter(tmp_path, "resource", f"{header}BEA,Bea,US,US01\nZOE,Zoe,US,US01\n", actor=eve)
    assert outcome(done) == (2, 1, 0, 1)
    assert [code for _, code, _ in reasons(done)] == ["ACCESS-102"]
    assert rows(OPERATIONS, "select company_code from operations_resource where code = 'BEA'") == [("NL01",)]
    with pytest.raises(CompanyNotPermitted):
        enter(tmp_path, "price_list", "code,context,currency,active\nCOST,cost,EUR,no\n", actor=eve)
    assert rows(OPERATIONS, "select is_active from operations_price_list where code = 'COST'") == [(True,)]


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("project", "number,company,contracting_unit,stage\nDOCK,NL01,US,internal\n"),
        ("project", "number,company,contracting_unit,stage,contract,contract_line\nDOCK,US01,US,sold,K1,1\n"),
        ("resource", "code,name,organizational_unit,company\nZOE,Zoe,US,NL01\n"),
        ("contract", "number,customer,company,contracting_unit,currency\nK2,C1,NL01,US,EUR\n"),
    ],
)
def test_what_a_record_names_is_of_its_company(tmp_path: Path, entity: str, text: str) -> None:
    set_up(tmp_path / "setup")
    done = enter(tmp_path, entity, text)
    assert (outcome(done), dict(done.codes)) == ((1, 0, 0, 1), {"LOAD-315": 1})


def test_a_profile_its_rules_and_who_is_lent_to_are_entered_once_and_changed(tmp_path: Path) -> None:
    set_up(tmp_path)
    profile = "company,billing_method,code,time_costs,accrue_time,accrue_fee\nNL01,time_and_materials,TM,{}\n"
    rule = "company,billing_method,project,contract,profile\nNL01,time_and_materials,{},TM\n"
    lending = "company,borrowing_company,accrue_revenue,time_category,expense_category\nNL01,US01,{}\n"
    assert outcome(enter(tmp_path, "project_profile", profile.format("profit_and_loss,yes,yes"))) == (
        1,
        1,
        0,
        0,
    )
    assert outcome(enter(tmp_path, "project_profile", profile.format("profit_and_loss,yes,yes"))) == (
        1,
        0,
        1,
        0,
    )
    changed = enter(tmp_path, "project_profile", profile.format("balance,no,yes"))
    assert (outcome(changed), changed.changed) == ((1, 1, 0, 0), 1)
    assert rows(
        FINANCE,
        "select code, name, time_costs, expense_costs, material_costs, accrue_time, accrue_fee"
        " from finance_project_profile",
    ) == [("TM", "TM", "balance", "profit_and_loss", "profit_and_loss", False, True)]
    for which in (",", ",K1", "QUAY,"):
        assert outcome(enter(tmp_path, "profile_rule", rule.format(which))) == (1, 1, 0, 0)
        assert outcome(enter(tmp_path, "profile_rule", rule.format(which))) == (1, 0, 1, 0)
    assert rows(
        FINANCE, "select count(*), count(project_id), count(contract_id) from finance_profile_rule"
    ) == [(3, 1, 1)]
    assert outcome(enter(tmp_path, "lending_relationship", lending.format("no,,TRAVEL"))) == (1, 1, 0, 0)
    changed = enter(tmp_path, "lending_relationship", lending.format("yes,GOODS,"))
    assert (outcome(changed), changed.changed) == ((1, 1, 0, 0), 1)
    assert rows(
        FINANCE,
        "select r.accrue_revenue, c.code, r.expense_category_id from finance_lending_relationship r"
        " join finance_category c on c.id = r.time_category_id",
    ) == [(True, "GOODS", None)]


def test_a_line_property_accrues_unless_it_says_no(tmp_path: Path) -> None:
    set_up(tmp_path)
    text = "company,billing_type,line_property,accrue_revenue\nNL01,chargeable,Billable,{}\n"
    found = "select accrue_revenue from finance_line_property"
    assert rows(FINANCE, found) == [(True,)]
    assert outcome(enter(tmp_path, "line_property", text.format(""))) == (1, 0, 1, 0)
    assert enter(tmp_path, "line_property", text.format("no")).changed == 1
    assert rows(FINANCE, found) == [(False,)]


def test_finance_knows_the_contract_line_of_a_project(tmp_path: Path) -> None:
    set_up(tmp_path)
    assert rows(
        FINANCE,
        "select p.number, l.line_number from finance_project p"
        " left join finance_contract_line l on l.id = p.contract_line_id order by 1",
    ) == [("OFFICE", None), ("PIER", None), ("QUAY", 1)]


def test_a_date_has_one_operating_period(tmp_path: Path) -> None:
    set_up(tmp_path)
    header = "calendar,year,name,kind,start,end\n"
    done = enter(
        tmp_path,
        "fiscal_period",
        header
        + "cal,2024,2024-01,operating,2024-01-01,2024-01-30\n"  # a day shorter than it was
        + "cal,2024,2024-02,operating,2024-01-31,2024-02-29\n"
        + "cal,2024,2024-02b,operating,2024-02-29,2024-03-31\n"
        + "cal,2024,2024-C,closing,2024-01-31,2024-02-29\n"
        + "other,2024,2024-02,operating,2024-01-01,2024-03-31\n"
        + "cal,2024,2024-05,operating,2024-05-01,2024-05-31\n",
    )
    assert (outcome(done), done.changed) == ((6, 5, 0, 1), 1)
    assert reasons(done) == [
        ("4", "LOAD-234", "Row 4: operating period 2024-02b of 2024 would overlap 2024-02 of 2024.")
    ]
    longer = enter(tmp_path, "fiscal_period", header + "cal,2024,2024-01,operating,2024-01-01,2024-01-31\n")
    assert [codes for _, codes, _ in reasons(longer)] == ["LOAD-234"]
    gaps = set_up_gaps(actor=OPERATOR, company="NL01", today=date(2024, 1, 15))
    assert [one.message for one in gaps if one.code == "CFG-203"] == [
        "The fiscal calendar of company NL01 has no operating period from 2024-03-01 to 2024-04-30."
    ]


def test_dimensions_are_set_up_and_name_what_there_is(tmp_path: Path) -> None:
    set_up(
        tmp_path,
        dimension="code\nCC\n",
        dimension_value="dimension,value\nCC,10\nCC,20\n",
        dimension_default="company,project,vendor,resource,dimension,value\n"
        "NL01,QUAY,,,CC,10\nNL01,,V1,,CC,10\nNL01,,,BEA,CC,20\n",
        account_dimension="company,account,dimension,demand\nNL01,2000,CC,forbidden\n",
    )
    header = "company,account,last_account,dimension,demand\n"
    ranges = "NL01,2000,2999,CC,required\nNL01,2000,1000,CC,optional\n"
    done = enter(tmp_path, "account_dimension", header + ranges)
    assert (outcome(done), [codes for _, codes, _ in reasons(done)]) == ((2, 1, 0, 1), ["LOAD-235"])
    assert rows(
        FINANCE,
        "select owner_kind, owner_code, value, owner_id is null from finance_dimension_default order by 1",
    ) == [("project", "QUAY", "10", False), ("resource", "BEA", "20", False), ("vendor", "V1", "10", False)]
    header = "company,project,vendor,resource,dimension,value\n"
    bad = "NL01,QUAY,,,CC,30\nNL01,QUAY,,,XX,10\nNL01,,,,CC,10\nNL01,QUAY,V1,,CC,10\nNL01,,,BEA,CC,10\n"
    done = enter(tmp_path, "dimension_default", header + bad)
    assert (outcome(done), done.changed) == ((5, 1, 0, 4), 1)
    assert [codes for _, codes, _ in reasons(done)] == [
        "LOAD-323",
        "LOAD-322 LOAD-323",
        "LOAD-324",
        "LOAD-324",
    ]
    done = enter(tmp_path, "dimension_value", "dimension,value\nXX,1\n")
    assert dict(done.codes) == {"LOAD-322": 1}
