"""The contract between a side and its judge: names and types of every ``fact_*`` view."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connections

from tieout.database.aliases import RECONCILIATION
from tieout.database.transfer import columns_of_query, columns_of_table
from tieout.reconciliation.collectors.queries import columns_of, reading
from tieout.reconciliation.collectors.rules import FACTS, Fact, Mode

_VOUCHERS = """
with made as (
    insert into finance_voucher (company_code, number, accounting_date, document_kind, document_id, posted_by)
    select 'USMF', n::text, '2024-01-01', 'vendor_invoice', tieout_id(), '' from generate_series(1, 3000) n
    returning id)
insert into finance_voucher_line
       (voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type, amount,
        currency_code, accounting_amount, reporting_amount)
select id, line_no, 2, 'USMF', '2024-01-01', '1', 'cost', worth, 'USD', worth, worth
  from made, (values (1, 5), (2, -5)) as l (line_no, worth)
"""
_LINES = """
with made as (
    insert into finance_integration_journal_line
           (journal_id, line_number, actual_id, company_code, voucher, transaction_type, transaction_class,
            line_property, may_accrue, project_id, transaction_date, accounting_date, quantity, price, amount,
            currency_code, exchange_rate, accounting_amount, source_kind, source_id)
    select 1, n, tieout_id(), 'USMF', n::text, 'cost', 'time', '', false, tieout_id(), '2024-01-01',
           '2024-01-01', 1, 1, 1, 'USD', 100, 1, 'time_entry', tieout_id()
      from generate_series(1, 3000) n
    returning id)
insert into finance_journal_line_move (line_id, from_journal_id, to_journal_id, line_number, moved_by)
select id, 1, 2, row_number() over (), ''
  from made
"""
_ACTUALS = """
with made as (
    insert into operations_actual
           (transaction_type, transaction_class, billing_type, quantity, price, amount, tax_amount,
            currency_code, transaction_date, accounting_date, company_code, project_id, contracting_unit_id,
            source_kind, source_id, price_reason, description, skip_sync)
    select 'cost', 'time', 'not_available', 1, 1, 1, 0, 'USD', '2024-01-01', '2024-01-01', 'USMF',
           tieout_id(), tieout_id(), 'time_entry', tieout_id(), '', '', false
      from generate_series(1, 3000)
    returning id)
insert into outbox_resync (map, key, asked_by)
select 'msdyn_actuals', id, ''
  from made
"""

pytestmark = pytest.mark.usefixtures("databases")
INCREMENTAL = [fact for fact in FACTS if fact.mode is Mode.INCREMENTAL]


@pytest.mark.parametrize("fact", FACTS.rows, ids=lambda fact: fact.view)
def test_view_and_table_have_the_same_names_types_and_modifiers(fact: Fact) -> None:
    published = columns_of_query(fact.side, reading(fact, since=None), {})
    expected = columns_of_table(RECONCILIATION, fact.view, list(columns_of(fact)))
    assert published == expected
    assert set(fact.key_columns) <= {column.name for column in expected}


def _many_rows(cursor: Any) -> None:
    """Give the planner something to choose by: of many vouchers, and of many actuals, none is new."""
    cursor.execute("select current_database() like '%finance'")
    if cursor.fetchone()[0]:
        cursor.execute(_VOUCHERS)
        cursor.execute(_LINES)
        cursor.execute(
            "reset role; analyze finance_voucher, finance_voucher_line, finance_integration_journal_line,"
            " finance_journal_line_move; set role tieout_app"
        )
    else:
        cursor.execute(_ACTUALS)
        cursor.execute("reset role; analyze operations_actual, outbox_resync; set role tieout_app")


@pytest.mark.parametrize("fact", INCREMENTAL, ids=lambda fact: fact.view)
def test_what_is_new_is_found_through_an_index_on_the_transaction(fact: Fact) -> None:
    query = reading(fact, since="")
    with connections[fact.side].cursor() as cursor:
        _many_rows(cursor)
        for other_way in ("seqscan", "hashjoin", "mergejoin"):  # most tables are empty: all ways cost nothing
            cursor.execute(f"set enable_{other_way} = off")
        cursor.execute("select pg_current_snapshot()::text")
        (since,) = cursor.fetchone()
        cursor.execute(f"explain {query}", {"since": since})
        plan = "\n".join(row[0] for row in cursor.fetchall())
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"reset enable_{way}")
    assert re.search(r"Index Cond: \((\w+\.)?xid >= '\d+'::xid8\)", plan), plan
