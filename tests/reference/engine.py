"""Reads what the engine made in the words of the naive model, and empties its tables between worlds."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connections
from tests.reference.model import Books
from tests.reference.world import TABLES

from tieout.database.aliases import OPERATIONS

COMPARED = (
    "transaction_class, billing_type, quantity, price, amount, currency_code, exchange_rate,"
    " accounting_amount, transaction_date, accounting_date, company_code, project_id, contract_id,"
    " contract_line_id, category_id, role_id, resource_id, contracting_unit_id, resourcing_unit_id,"
    " price_reason, skip_sync"
)
WRITTEN = (
    "operations_actual",
    "operations_approval",
    "operations_approval_retry",
    "operations_actual_status",
    "operations_entry_event",
    "operations_entry_journal_line",
    "operations_entry_submission",
    "operations_intake",
    "operations_transaction_connection",
    "operations_transaction_origin",
    "outbox_entry",
    "problem_resolution",
    "problem_log",
)


def rows(query: str) -> list[tuple[Any, ...]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def records(query: str) -> list[dict[str, Any]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_books() -> Books:
    """Return all that the engine wrote; generated keys become (source, transaction type)."""
    books = Books(
        submitted_by=dict(rows("select entry_id, submitted_by from operations_entry_submission")),
        approved_by=dict(rows("select document_id, approved_by from operations_approval")),
        waiting=dict(rows("select document_id, code from operations_approval_retry")),
        refused=dict(
            rows(
                "select record_id, code from problem_log as p where record_kind = 'time_entry' and not exists"
                " (select from problem_resolution as r where r.problem_id = p.id)"
            )
        ),
    )
    made: dict[Any, tuple[str, Any, str]] = {}
    for row in records(
        "select l.id, s.entry_id, transaction_type, billing_type, quantity, price, amount, currency_code,"
        " price_reason from operations_entry_journal_line as l"
        " join operations_entry_submission as s on s.id = l.submission_id"
    ):
        made[row.pop("id")] = ("journal_line", row["entry_id"], row["transaction_type"])
        books.journal_lines[row.pop("entry_id"), row.pop("transaction_type")] = row
    for row in records(f"select id, source_id, transaction_type, {COMPARED} from operations_actual"):
        made[row.pop("id")] = ("actual", row["source_id"], row["transaction_type"])
        key = (row.pop("source_id"), row.pop("transaction_type"))
        assert key not in books.actuals, f"made twice: {key}"
        books.actuals[key] = row
    read_relations(books, made)
    return books


def read_relations(books: Books, made: dict[Any, tuple[str, Any, str]]) -> None:
    """Read connections, origins and outbox; one that stands twice is a failure."""
    sales_of: dict[Any, tuple[str, Any, str]] = {}
    for key, first, first_type, role1, second, second_type, role2 in rows(
        "select id, transaction1_id, transaction1_type, transaction1_role,"
        " transaction2_id, transaction2_type, transaction2_role from operations_transaction_connection"
    ):
        assert made[first] == (first_type, made[first][1], role1)
        assert made[second] == (second_type, made[first][1], role2)
        connection = (first_type, made[first][1], role1, role2)
        assert connection not in books.connections, f"connected twice: {connection}"
        books.connections.add(connection)
        sales_of[key] = made[first]
    for transaction, origin, kind in rows(
        "select transaction_id, origin_id, origin_type from operations_transaction_origin"
    ):
        named = made[origin][2] if kind == "journal_line" else origin
        books.origins.add((*made[transaction], kind, named))
    for map_name, key in rows("select map, key from outbox_entry"):
        source = made[key] if map_name == "msdyn_actuals" else sales_of[key]
        stated = (map_name, source[1], source[2])
        assert stated not in books.outbox, f"stated twice: {stated}"
        books.outbox.add(stated)


def empty() -> None:
    """Remove all rows of a world; append-only guards are for the program, not for the referee."""
    settings = connections[OPERATIONS].get_connection_params()
    given = {
        key: settings[key] for key in ("host", "port", "user", "password", "dbname") if settings.get(key)
    }
    with psycopg.connect(**given, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        statement = "; ".join(f"delete from {table}" for table in (*WRITTEN, *reversed(TABLES)))
        connection.execute(statement.encode())
