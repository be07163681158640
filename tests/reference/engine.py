"""Runs the verbs of the engine, and reads all that it made in the words of the naive model."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import connections, transaction
from psycopg import sql
from tests.reference.contract_world import TERMS
from tests.reference.correcting import correct, corrected_lines
from tests.reference.ledger.books import (
    Actual,
    Approval,
    Books,
    Connection,
    Event,
    Line,
    Met,
    Origin,
    Submission,
    Transaction,
    Waiting,
)
from tests.reference.ledger.money import DIGITS, half_up
from tests.reference.ledger.rows import EVERY_PROJECT
from tests.reference.ledger.steps import Part, Refused, Step
from tests.reference.world import TABLES
from tests.reference.writing import Row

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor
from tieout.operations.approvals import actions
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.organization.problems import ContractNotOpen
from tieout.operations.quoting.problems import ProjectNotPresales, QuoteNotDraft
from tieout.operations.reevaluation.actions import close_contract, reevaluate_entries, win_quote

WRITTEN: Final = (
    "operations_actual",
    "operations_actual_status",
    "operations_approval",
    "operations_approval_retry",
    "operations_entry_event",
    "operations_entry_journal_line",
    "operations_entry_submission",
    "operations_intake",
    "operations_journal",
    "operations_journal_line",
    "operations_journal_outcome",
    "operations_open_journal",
    "operations_price_trace",
    "operations_taken_actual",
    "operations_transaction_connection",
    "operations_transaction_origin",
    "outbox_entry",
    "problem_resolution",
    "problem_log",
)
SYSTEM: Final = Actor("system", frozenset({"system"}), None)
BACK: Final = {
    "reject": actions.reject_entries,
    "recall": actions.recall_entries,
    "request_recall": actions.request_recall,
    "grant_recall": actions.grant_recall,
    "refuse_recall": actions.refuse_recall,
    "cancel": actions.cancel_approval,
}


ANSWERED: Final = (*BACK, "correct", "reevaluate", "win")
"""Verbs that answer with what they refuse; the others keep it in the problem log."""


def person(name: str) -> Actor:
    """Return somebody who may submit and approve; some may approve every project."""
    may_all = {"project_approver_admin"} if name in EVERY_PROJECT else set()
    return Actor(name, frozenset({"resource", "project_manager"} | may_all), None)


# ---------------------------------------------------------------- verbs


def act(step: Step, parts: Sequence[Part]) -> Refused:
    """Take a step on all firms of the database; return what it refuses, by entry or project."""
    actor, company = person(step.by), step.company
    changes = {key: change for part in parts for key, change in part.changes.items()}
    match step.verb:
        case "submit" | "submit_all":
            keys = list(changes) if step.verb == "submit" else None
            actions.submit_entries(actor=actor, company=company, entry_ids=keys)
        case "approve" | "approve_all":
            asked = {
                key: Change(
                    None if one.billable is None else half_up(one.billable * one.per, DIGITS),
                    BillingType(one.billing_type) if one.billing_type else None,
                )
                for key, one in changes.items()
            }
            keys = list(asked) if step.verb == "approve" else None
            actions.approve_entries(actor=actor, company=company, entry_ids=keys, changes=asked)
        case "reevaluate":
            return _reevaluate(actor, company, [part.project for part in parts if part.project])
        case "correct":
            return correct(company, [part.correction for part in parts if part.correction])
        case "win":
            return _win(step.by, [part.quote for part in parts if part.quote])
        case "set_up" | "close_contract":
            _set_up([part.set_up for part in parts if part.set_up])
            _close(step.by, [part.contract for part in parts if part.contract])
        case "documents":
            actions.approve_documents(actor=SYSTEM, company=company)
        case _:
            done = BACK[step.verb](actor=actor, company=company, entry_ids=list(changes))
            assert done.done + len(done.refused) == len(changes)
            return {(UUID(str(one.record_id)), one.code) for one in done.refused}
    return set()


def _reevaluate(actor: Actor, company: str, projects: Sequence[UUID]) -> Refused:
    refused: Refused = set()
    with transaction.atomic(using=OPERATIONS):
        for project in projects:
            done = reevaluate_entries(actor=actor, company=company, project_id=project)
            refused |= {(project, one.code) for one in done.refused}
    return refused


def _close(by: str, contracts: Sequence[UUID]) -> None:
    seller = Actor(by, frozenset({"administrator"}), None)
    for (number,) in rows(
        sql.SQL("select number from operations_contract where id = any({}) order by number").format(
            [*contracts]
        )
    ):
        with suppress(ContractNotOpen):  # lost before, and nothing left
            close_contract(actor=seller, contract=number)


def _win(by: str, quotes: Sequence[UUID]) -> Refused:
    actor = Actor(by, frozenset({"project_accountant"}), None)
    refused: Refused = set()
    for quote in quotes:
        ((number,),) = rows(f"select number from operations_quote where id = '{quote}'")
        try:
            done = win_quote(actor=actor, quote=number)
        except (QuoteNotDraft, ProjectNotPresales) as problem:
            refused.add((quote, problem.code))
        else:
            refused |= {(quote, one.code) for one in done.reevaluated.refused}
    return refused


def _set_up(changes: Sequence[tuple[str, UUID, Mapping[str, Any]]]) -> None:
    with connections[OPERATIONS].cursor() as cursor:
        for table, key, values in changes:
            columns = sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in values
            )
            statement = sql.SQL("update {} set {} where id = {}").format(
                sql.Identifier(f"operations_{table}"), columns, sql.Placeholder()
            )
            cursor.cursor.execute(statement, [*values.values(), key])


def set_parameters(overlaps: Mapping[str, str], lists_on_win: Mapping[str, str]) -> None:
    """Say of each company which of several cost lists counts, and what winning does with lists."""
    with connections[OPERATIONS].cursor() as cursor:
        cursor.executemany(
            "insert into operations_pricing_parameters"
            " (company_code, cost_overlap, lists_on_win, rate_type, version)"
            " values (%s, %s, %s, 'default', 1)",
            [(company, overlap, lists_on_win[company]) for company, overlap in overlaps.items()],
        )


def numbered(table: str, named: Row) -> UUID | None:
    """Return the key that the database gave the row of these values, the first of which has an index."""
    first, value = next(iter(named.items()))
    wanted = {
        name: json.loads(one) if name == "dimensions" else one if isinstance(one, int | None) else str(one)
        for name, one in named.items()
    }
    statement = sql.SQL(
        "select made.id from {} as made where made.{} = {} and {}::jsonb ="
        " (select jsonb_object_agg(name, to_jsonb(made) -> name) from jsonb_object_keys({}::jsonb) as name)"
    ).format(
        sql.Identifier(f"operations_{table}"),
        sql.Identifier(first),
        sql.Literal(value),
        sql.Literal(json.dumps(wanted)),
        sql.Literal(json.dumps(wanted)),
    )
    with connections[OPERATIONS].cursor() as cursor:
        cursor.cursor.execute(statement)
        found = cursor.fetchone()
        return found[0] if found else None


# ---------------------------------------------------------------- what was made


def rows(query: str | sql.Composed) -> list[tuple[Any, ...]]:
    """Return what a query answers."""
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


SUBMISSIONS: Final = (
    "select id, entry_id, row_number() over (partition by entry_id order by id) as number"
    " from operations_entry_submission"
)
ENTRY_STATES: Final = (
    "select entry_id, coalesce(round(minutes / 60.0, 16), quantity), state from operations_entry_state"
)
OF_TRACE: Final = (
    "price_list_id",
    "line_id",
    "override_id",
    "markup_id",
    "markup_percent",
    "exchange_rate",
    "cost_price",
    "cost_currency",
    "cost_percent",
)
OF_STATE: Final = ("adjustment_status", "billing_status")


def columns(names: Sequence[str], places: Mapping[str, str]) -> str:
    """Return the columns of a row, each from its place."""
    return ", ".join(places.get(name, f"made.{name}") for name in names)


LINES: Final = (
    f"with submission as ({SUBMISSIONS}) select made.id, "
    + columns(
        Line._fields,
        {
            "entry": "submission.entry_id",
            "submission": "submission.number",
            "custom": "made.custom::text",
            **{name: f"trace.{name}" for name in OF_TRACE},
        },
    )
    + " from operations_entry_journal_line as made"
    " join submission on submission.id = made.submission_id"
    " left join operations_price_trace as trace on trace.id = made.price_trace_id"
)
ACTUALS: Final = (
    "select made.id, "
    + columns(
        Actual._fields,
        {
            "is_reversal": "made.reverses_id is not null",
            "custom": "made.custom::text",
            **{name: f"state.{name}" for name in OF_STATE},
        },
    )
    + " from operations_actual as made"
    " join operations_actual_state as state on state.actual_id = made.id"
)


def read_books() -> Books:
    """Return all that the engine wrote."""
    books = Books()
    made: dict[UUID, Transaction] = {}
    for key, *values in rows(LINES):
        line = Line._make(values)
        made[key] = line._replace(custom=json.dumps(json.loads(line.custom), sort_keys=True))
        books.lines[made[key]] += 1  # type: ignore[index]
    for key, *values in rows(ACTUALS):
        actual = Actual._make(values)
        made[key] = actual._replace(custom=json.dumps(json.loads(actual.custom), sort_keys=True))
        books.actuals[made[key]] += 1  # type: ignore[index]
    _read_relations(books, made)
    _read_history(books)
    _read_work(books)
    return books


def _read_relations(books: Books, made: Mapping[UUID, Transaction]) -> None:
    """Read connections, origins and outbox."""
    lines = corrected_lines()
    connected: dict[UUID, Connection] = {}
    kinds = {Line: "journal_line", Actual: "actual"}
    for key, first, first_type, role1, second, second_type, role2 in rows(
        "select id, transaction1_id, transaction1_type, transaction1_role,"
        " transaction2_id, transaction2_type, transaction2_role from operations_transaction_connection"
    ):
        connected[key] = Connection.of(made[first], role1, made[second], role2)
        assert (first_type, second_type) == (kinds[type(made[first])], kinds[type(made[second])])
        books.connections[connected[key]] += 1
    for transaction_id, origin_type, origin in rows(
        "select transaction_id, origin_type, origin_id from operations_transaction_origin"
    ):
        named = lines.get(origin) or made[origin] if origin_type == "journal_line" else origin
        books.origins[Origin(made[transaction_id], origin_type, named)] += 1  # type: ignore[arg-type]

    # Set-up that a won quote changes travels too; what is compared is what approval makes.
    for map_name, key in rows(
        "select map, key from outbox_entry where map in ('msdyn_actuals', 'msdyn_transactionconnections')"
    ):
        books.stated[made[key] if map_name == "msdyn_actuals" else connected[key]] += 1


def _read_history(books: Books) -> None:
    """Read submissions, approvals and events."""
    books.submissions = Counter(
        Submission._make(row)
        for row in rows(
            f"with submission as ({SUBMISSIONS})"
            " select own.entry_id, own.number, lines.number, made.submitted_by"
            " from operations_entry_submission as made"
            " join submission as own on own.id = made.id join submission as lines on lines.id = made.lines_id"
        )
    )
    books.approvals = Counter(
        Approval._make(row)
        for row in rows(
            f"with submission as ({SUBMISSIONS})"
            " select made.document_id, coalesce(own.number, 0), made.approved_by,"
            " round(made.billable / case made.document_kind when 'time_entry' then 60 else 1 end, 16),"
            " made.billing_type from operations_approval as made"
            " left join submission as own on own.id = made.id"
        )
    )
    books.events = Counter(
        Event._make(row)
        for row in rows(
            f"with submission as ({SUBMISSIONS})"
            " select made.entry_id, own.number, made.event, made.done_by"
            " from operations_entry_event as made join submission as own on own.id = made.submission_id"
        )
    )


def _read_work(books: Books) -> None:
    """Read where entries stand, and what they met."""
    books.worklist = Counter(
        Waiting._make(row)
        for row in rows(
            f"with submission as ({SUBMISSIONS})"
            " select made.entry_id, made.company_code, made.status, own.number, lines.number,"
            " made.submitted_by from operations_open_entry as made"
            " left join submission as own on own.id = made.submission_id"
            " left join submission as lines on lines.id = made.lines_id"
        )
    )
    books.states = Counter((key, state) for key, _, state in rows(ENTRY_STATES))
    books.problems = Counter(
        Met._make(row)
        for row in rows(
            "select coalesce(submission.entry_id, actual.source_id, made.record_id), made.code,"
            " coalesce(line.transaction_type, actual.transaction_type, ''),"
            " coalesce(line.price_reason, actual.price_reason, '')"
            " from problem_log as made"
            " left join operations_entry_journal_line as line on line.id = made.record_id"
            " left join operations_entry_submission as submission on submission.id = line.submission_id"
            " left join operations_journal_line as corrected on corrected.id = made.record_id"
            " left join operations_actual as actual on actual.id = corrected.actual_id"
            " where made.process = 'approve' and not exists"
            " (select from problem_resolution as over where over.problem_id = made.id)"
        )
    )
    books.retries = Counter(rows("select document_id, code from operations_approval_retry"))


def empty() -> None:
    """Remove all rows of the worlds; append-only guards are for the program, not for the referee."""
    names = ", ".join((*WRITTEN, *TABLES, *TERMS, "operations_pricing_parameters"))
    _as_owner("set session_replication_role = replica", f"truncate {names} cascade")


def analyze() -> None:
    """Let the planner know the worlds that were loaded: it remembers those before them."""
    _as_owner(f"analyze {', '.join((*TABLES, *TERMS))}")


def _as_owner(*statements: str) -> None:
    settings = connections[OPERATIONS].get_connection_params()
    given = {
        key: settings[key] for key in ("host", "port", "user", "password", "dbname") if settings.get(key)
    }
    with psycopg.connect(**given, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
