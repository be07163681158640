"""What prevalidation and the list of staging read: what is asked for, and not all that waits or arrived."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connections, transaction
from tests.database.finance.world import COMPANY, World, build

from tieout.database import sql
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance.staging.models import Intake


@pytest.fixture
def world(databases: None) -> World:
    """The company NL01, which prevalidates what has just arrived."""
    world = build()
    world.parameters(prevalidation=True, prevalidation_minutes=0)
    return world


MANY = """
insert into finance_staged_actual (
    actual_id, transaction_type, transaction_class, billing_type, quantity, price, amount, tax_amount,
    currency_code, transaction_date, accounting_date, company_code, project_id, source_kind, source_id,
    description, batch_id
)
select tieout_id(), 'cost', 'expense', 'chargeable', 1, 1, 1, 0, 'EUR', '2024-03-15', '2024-03-15', 'NL01',
    tieout_id(), 'vendor_invoice_line', tieout_id(), '', 100 + n / 1000
from generate_series(1, 20000) n
"""
WAITING = """
insert into finance_staging_retry (actual_id, company_code, code, attempts)
select actual_id, company_code, 'IMP-104', 1 from finance_staged_actual
"""


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for one in plan.get("Plans", ()) for node in nodes(one))]


def plan(alias: str, text: str, **parameters: Any) -> list[dict[str, Any]]:
    """Return all steps of a plan."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"explain (format json) {text}", parameters or None)
        (found,) = cursor.fetchone()
    return nodes((found if isinstance(found, list) else json.loads(found))[0]["Plan"])


def explained(alias: str, statement: sql.Statement, **parameters: Any) -> list[tuple[str, str]]:
    """Return how a statement reads each table."""
    read = [one for one in plan(alias, statement.text, **parameters) if "Relation Name" in one]
    return sorted((one["Relation Name"], one["Node Type"]) for one in read)


def test_no_statement_reads_all_of_staging_or_all_that_waits(world: World) -> None:
    """A run costs what is new: by batch, by the keys of a batch, or by the key of each actual asked for."""
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute(WAITING)
        cursor.execute(
            "reset role; analyze finance_staged_actual, finance_staging_retry; set role tieout_app"
        )
    batch = world.stage("1.00")
    none = uuid.UUID(int=0)
    of_batch = {"company": COMPANY, "intake_id": Intake.objects.get().id, "after": none, "rows_max": 10}
    package, imports = "tieout.finance.prevalidation", "tieout.finance.imports"
    ways = explained(FINANCE, sql.load(package, "keys_of_intake"), **of_batch)
    ways += explained(FINANCE, sql.load(package, "as_staged"), keys=batch)
    with transaction.atomic(using=FINANCE):
        taken = {"batch_id": world.batch, "company": COMPANY, "beginning_balances_until": None}
        sql.run(FINANCE, sql.load(imports, "take_intake"), **taken)
        ways += explained(FINANCE, sql.load(imports, "leave_invalid"))
    page = {"company": COMPANY, "after": none, "rows_max": 100}
    waiting = sql.load("tieout.finance.staging", "staged_rows_waiting")
    for state in ("invalid", "waiting"):
        told = explained(FINANCE, waiting, states=[state], **page)
        assert {"finance_staged_actual", "finance_staging_retry", "finance_intake"} <= dict(told).keys()
        assert ("finance_staged_actual", "Seq Scan") not in told
    whole = [relation for relation, way in ways if way == "Seq Scan"]
    assert {"finance_staged_actual", "finance_staging_retry"} <= {relation for relation, _ in ways}
    assert not {"finance_staged_actual", "finance_staging_retry"} & set(whole)
    asked = sql.load("tieout.operations.prevalidation", "unlike_staged")
    assert ("operations_actual", "Index Scan") in explained(OPERATIONS, asked, company=COMPANY, staged="[]")


def test_what_is_pending_or_invalid_is_found_by_its_index_among_all_that_waits(world: World) -> None:
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute(WAITING)
        cursor.execute(
            "update finance_staging_retry set validation = case when right(actual_id::text, 2) = '00'"
            " then 'pending' when right(actual_id::text, 2) = '01' then 'invalid' else 'valid' end"
        )
        cursor.execute(
            "reset role; analyze finance_staged_actual, finance_staging_retry; set role tieout_app"
        )
        cursor.execute("select pg_get_viewdef('fact_actual_awaiting_validation'::regclass)")
        (published,) = cursor.fetchone()
        cursor.execute("select pg_get_viewdef('fact_validation_backlog'::regclass)")
        (backlog,) = cursor.fetchone()
    package, of = "tieout.finance.prevalidation", {"company": COMPANY}
    page = {**of, "after": uuid.UUID(int=0), "rows_max": 100}
    rows_waiting = sql.load("tieout.finance.staging", "staged_rows_waiting").text
    for text, parameters in (
        (sql.load(package, "keys_waiting").text, page),
        (sql.load(package, "look_again").text, of),
        (rows_waiting, {**page, "states": ["invalid"]}),
        (published, {}),
        (backlog, {}),
    ):
        found = plan(FINANCE, text, **parameters)
        assert "finance_staging_retry_unknown" in {one.get("Index Name") for one in found}, text
        assert ("finance_staging_retry", "Seq Scan") not in {
            (one.get("Relation Name"), one["Node Type"]) for one in found
        }


def test_an_import_does_not_read_the_billed_sales_that_wait_for_their_invoice_proposals(world: World) -> None:
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute(WAITING)
        cursor.execute(
            "update finance_staging_retry set validation = 'valid', code = 'IMP-110', waits_for = case when"
            " right(actual_id::text, 2) = '00' then 'import' else 'invoice_proposal' end"
        )
        cursor.execute(
            "reset role; analyze finance_staged_actual, finance_staging_retry; set role tieout_app"
        )
    of: dict[str, Any] = {"company": COMPANY, "beginning_balances_until": None}
    of |= {"prevalidation": False, "waits_for": "import", "after": uuid.UUID(int=0), "rows_max": 20_000}
    for name in ("forget_journalised", "sort_waiting", "take_retry"):
        text = sql.load("tieout.finance.imports", name).text
        if name == "take_retry":  # explain may not say how a temporary table is dropped
            text = text[text.index("with taken") :]
        found = plan(FINANCE, text, **of)
        # by the index of what is tried; or, where few journal lines are known of, by the key of each
        by_key = [one for one in found if "actual_id = " in one.get("Index Cond", "")]
        indexes = {one.get("Index Name") for one in found} - {"finance_staging_retry_pkey"}
        indexes |= {one.get("Index Name") for one in by_key}
        assert indexes & {"finance_staging_retry_tried", "finance_staging_retry_pkey"}, name
        assert ("finance_staging_retry", "Seq Scan") not in {
            (one.get("Relation Name"), one["Node Type"]) for one in found
        }
