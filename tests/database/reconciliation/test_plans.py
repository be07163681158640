"""What a page of reconciliation reads: its lines and what belongs to them, and not all that was staged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connections, transaction
from tests.database.reconciliation.causes import home
from tests.database.reconciliation.world import World, collected

from tieout.database.aliases import RECONCILIATION

pytestmark = pytest.mark.usefixtures("databases")

MANY = """
insert into fact_source_line
select (jsonb_populate_record(s, jsonb_build_object('line_id', gen_random_uuid()))).*
  from fact_source_line s, generate_series(1, 20000);
insert into fact_staged
select (jsonb_populate_record(g, jsonb_build_object('actual_id', gen_random_uuid(), 'source_id', line_id))).*
  from fact_staged g, fact_source_line s
 where s.line_id <> g.source_id
"""
PAGE = """
explain (format json)
select line_id, state, reason
  from reconciliation_line_state
 where company_code = 'USMF'
   and line_id <= %s
 order by day, line_id
 limit 100
"""


def _steps(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(step for one in plan.get("Plans", ()) for step in _steps(one))]


def test_a_page_reads_what_its_lines_need(databases: None) -> None:
    world = World()
    home()(world)
    collected()
    with transaction.atomic(using=RECONCILIATION), connections[RECONCILIATION].cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute(MANY)
        cursor.execute("analyze")
        cursor.execute("select line_id from fact_source_line order by line_id offset 400 limit 1")
        cursor.execute(PAGE, cursor.fetchone())
        (found,) = cursor.fetchone()
        transaction.set_rollback(True, using=RECONCILIATION)
    steps = _steps((found if isinstance(found, list) else json.loads(found))[0]["Plan"])
    read = {one["Relation Name"]: one["Node Type"] for one in steps if "Relation Name" in one}
    assert read["fact_staged"] == "Index Scan"
