"""Set-up record by record: every entity is read as its file format has it, and entered as a file would."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR

from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor, Role
from tieout.loading.formats import FORMATS
from tieout.loading.records import (
    SET_UP,
    Shown,
    Texts,
    address,
    counted,
    enter_record,
    fingerprint,
    position_of,
    stored,
)

MORE = {
    "task": "project,number,parent\nQUAY,A,\nQUAY,B,A\n",
    "contract_customer": "contract,company,customer,percent,is_rounding\nK1,NL01,C1,100,yes\n",
    "contract_line_project": "contract,contract_line,project,active\nK1,1,QUAY,no\n",
    "contract_line_role": "contract,contract_line,role,billing_type\nK1,1,DEV,non_chargeable\n",
    "contract_line_category": "contract,contract_line,category,billing_type\nK1,1,TRAVEL,chargeable\n",
    "contract_line_customer": "contract,contract_line,company,customer,percent,is_rounding\n"
    "K1,1,NL01,C1,100,yes\n",
    "quote": "number,customer,company,contracting_unit,currency\nQ1,C1,NL01,NL,EUR\n",
    "quote_line": "quote,line_number,name,billing_method,amount\nQ1,1,Work,fixed_price,12.50\n",
    "unit": "code,unit_group,size\nday,time,8\npiece,pieces,1\n",
    "pricing_dimension": "name,kind,cost_priority,sales_priority\ngrade,amount,50,50\nsite,markup,60,60\n",
    "pricing_parameters": "company,cost_overlap\nNL01,none\n",
    "product": "code,unit_group\nROPE,pieces\n",
    "price_list_use": "price_list,company\nCOST,NL01\n",
    "role_price": "price_list,role,resourcing_unit,dimensions,unit,price\nCOST,DEV,,,,60\n"
    "COST,DEV,,grade=A,day,500\nSALES,DEV,NL,,,125.50\n",
    "role_price_markup": "price_list,dimensions,percent\nSALES,site=north,10\n",
    "price_override": "price_list,role,resourcing_unit,effective_from,price,percent\n"
    "SALES,DEV,NL,2024-02-01,130,\n",
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
