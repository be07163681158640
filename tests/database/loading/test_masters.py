from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, outcome, reasons, rows

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.kernel.access import Actor, Role

HEADER = "company,vendor,invoice_number,line_number,accounting_date,project,category,amount,currency"
LINE = "NL01,New vendor,7,1,2024-01-15,New project,New category,10.00,EUR"
PROFILE = """
entity = "vendor_invoice_line"
create_missing = ["project", "category", "vendor"]
[create.project]
stage = "internal"
contracting_unit = "{unit}"
[create.category]
transaction_class = "expense"
"""
CLERK = Actor(name="ada", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"NL01"}))


@pytest.fixture(autouse=True)
def set_up(databases: None, tmp_path: Path) -> None:
    firm.set_up(tmp_path / "setup")


def load(folder: Path, *records: str, unit: str = "NL", actor: Actor = CLERK, **options: Any) -> Any:
    profile = folder / "profile.toml"
    profile.write_text(PROFILE.format(unit=unit), encoding="utf-8")
    text = firm.lines(HEADER, records)
    return enter(folder, "vendor_invoice_line", text, actor, profile=profile, **options)


def test_what_is_missing_is_made_on_its_own_side_and_travels(tmp_path: Path) -> None:
    done = load(tmp_path, LINE, LINE.replace(",7,1,", ",7,2,"))
    assert outcome(done) == (2, 2, 0, 0)
    assert done.created == {"project": 1, "category": 1, "vendor": 1}
    project = "select id, number, name, company_code, stage from {}_project where number like 'New%%'"
    assert rows(OPERATIONS, project.format("operations")) == rows(FINANCE, project.format("finance"))
    assert rows(FINANCE, "select code, transaction_class from finance_category where code like 'New%%'") == [
        ("New category", "expense")
    ]
    assert rows(FINANCE, "select name from finance_vendor where account_number = 'New vendor'") == [
        ("New vendor",)
    ]
    assert load(tmp_path, LINE).created == {}


def test_a_trial_run_counts_them_and_leaves_nothing(tmp_path: Path) -> None:
    tried = load(tmp_path, LINE, dry_run=True)
    assert (outcome(tried), tried.created) == ((1, 1, 0, 0), {"project": 1, "category": 1, "vendor": 1})
    assert rows(OPERATIONS, "select count(*) from operations_project where number like 'New%%'") == [(0,)]
    assert rows(FINANCE, "select count(*) from finance_vendor where account_number = 'New vendor'") == [(0,)]
    assert rows(OPERATIONS, "select count(*) from outbox_entry") == [(0,)]


def test_nothing_that_is_there_is_changed(tmp_path: Path) -> None:
    set_state(actor=OPERATOR, map="msdyn_projects", state=State.PAUSED)
    project = "number,name,company,contracting_unit,stage\nNew project,The quay,NL01,NL,presales\n"
    enter(tmp_path, "project", project)
    assert outcome(load(tmp_path, LINE)) == (1, 0, 0, 1)  # finance does not know it yet
    set_state(actor=OPERATOR, map="msdyn_projects", state=State.RUNNING)
    done = load(tmp_path, LINE)
    assert (outcome(done), "project" in done.created) == ((1, 1, 0, 0), False)
    assert rows(FINANCE, "select name, stage from finance_project where number = 'New project'") == [
        ("The quay", "presales")
    ]


def test_what_cannot_be_made_is_a_reason_of_the_row(tmp_path: Path) -> None:
    done = load(tmp_path, LINE, unit="NONE")
    assert [(row, codes) for row, codes, _ in reasons(done)] == [("2", "LOAD-303 LOAD-310")]
    assert rows(OPERATIONS, "select count(*) from operations_project where number like 'New%%'") == [(0,)]


def test_a_map_that_is_stopped_is_a_reason_of_the_row(tmp_path: Path) -> None:
    set_state(actor=OPERATOR, map="msdyn_projects", state=State.NOT_RUNNING)
    done = load(tmp_path, LINE)
    assert outcome(done) == (1, 0, 0, 1)
    assert reasons(done)[0][1].startswith("LOAD-303 DW-")


def test_no_master_is_made_in_a_company_that_the_actor_may_not_touch(tmp_path: Path) -> None:
    done = load(tmp_path, LINE.replace("NL01", "US01"))
    assert outcome(done) == (1, 0, 0, 1)
    assert "ACCESS-102" in reasons(done)[0][1]
    assert rows(FINANCE, "select count(*) from finance_vendor where account_number = 'New vendor'") == [(0,)]
    assert rows(OPERATIONS, "select count(*) from operations_project where number like 'New%%'") == [(0,)]
