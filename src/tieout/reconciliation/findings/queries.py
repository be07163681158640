"""What the checks found, for the workspace, the command line and the proof (finance spec 3.1 to 3.9).

Every question names a company and is answered from the facts of the last collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.calendar import NoOpenPeriodInWindow
from tieout.reconciliation.causes.rules import CAUSES
from tieout.reconciliation.checks import queries as checks
from tieout.reconciliation.checks.rules import Check, Kind, Reason, State
from tieout.reconciliation.findings.rules import (
    NOTHING,
    Cause,
    Figure,
    GridRow,
    IntegrationAccount,
    OutOfSync,
    Page,
    Position,
    Proof,
    ResyncKey,
    ResyncKeys,
    StateFigure,
    Term,
    Totals,
)
from tieout.reconciliation.windows import queries as windows
from tieout.reconciliation.windows.rules import Window, day_number

if TYPE_CHECKING:
    from datetime import date

_PACKAGE: Final = "tieout.reconciliation.findings"
# A page looks at this many source lines first, then at ten times as many: near lines cost nothing, rare ones
# one pass.
_STRETCH: Final = 1_000
_STRETCH_GROWTH: Final = 10
_FIRST_LINE: Final = UUID(int=0)


def accounts(*, actor: Actor) -> tuple[IntegrationAccount, ...]:
    """Return the integration accounts of the companies that ``actor`` may see, two per company."""
    permit(actor, Verb.READ)
    companies = None if actor.companies is None else sorted(actor.companies)
    return tuple(_account(row) for row in _rows("accounts", companies=companies))


def totals(*, actor: Actor, company: str, window: Window) -> Totals:
    """Return the figures of all views and reasons of both kinds, from one pass (finance spec 3.4)."""
    permit(actor, Verb.READ, company)
    found = _rows("totals", company=company, first_day=window.first_day, last_day=window.last_day)
    return Totals(
        tuple(
            StateFigure(
                kind=Kind(row["kind"]),
                state=State(row["state"]),
                reason=_reason(row["reason"]),
                differs=row["differs"] == 1,
                figure=Figure(row["line_count"], row["accounting_amount"]),
            )
            for row in found
        )
    )


def unreconciled(*, actor: Actor, company: str, window: Window) -> dict[Kind, Figure]:
    """Return the two tiles *Unreconciled amounts*: lines and cost per kind (finance spec 3.1)."""
    found = totals(actor=actor, company=company, window=window)
    return {kind: found.unreconciled(kind) for kind in Kind}


def older(*, actor: Actor, company: str, kind: Kind, window: Window) -> Figure:
    """Return what is unreconciled and dated before the window: no view shows it, the balance has it."""
    permit(actor, Verb.READ, company)
    row = _rows("older", company=company, kind=kind.value, first_day=window.first_day)[0]
    return Figure(row["line_count"], row["accounting_amount"])


def page(
    *,
    actor: Actor,
    company: str,
    kind: Kind,
    check: Check,
    window: Window,
    after: Position | None = None,
    limit: int = 50,
    reason: Reason | None = None,
    cause: str = "",
) -> Page:
    """Return the next ``limit`` rows of a grid after ``after``, ordered by accounting date and line.

    ``reason`` and ``cause`` (a code of the taxonomy) leave only the lines that have them.
    What it costs depends on how many lines must be looked at until so many are found, not on how many there
    are.
    """
    permit(actor, Verb.READ, company)
    found, following = _found(company, kind, check, window, after, limit, reason, cause)
    details = {row.pop("line_id"): row for row in _rows("grid_rows", lines=[row["line_id"] for row in found])}
    rows = tuple(_grid_row(row, details[row["line_id"]]) for row in found)
    return Page(rows, following)


def keys_to_resync(
    *,
    actor: Actor,
    company: str,
    kind: Kind,
    window: Window,
    reason: Reason,
    after: Position | None = None,
    limit: int = 1_000,
) -> ResyncKeys:
    """Return what Sync has to send again for ``reason``, of the next ``limit`` lines (finance spec 3.6).

    For *not synced to operations* the lines with their documents; for *actual not synced back* the actuals of
    the lines that should be in staging and are not, sales as well as cost. Nothing can be sent for another
    reason: an empty answer.
    """
    permit(actor, Verb.READ, company)
    if reason not in {Reason.NOT_SYNCED_TO_OPERATIONS, Reason.ACTUAL_NOT_SYNCED_BACK}:
        return ResyncKeys((), None)
    found, following = _found(company, kind, Check.MISSING_ACTUALS, window, after, limit, reason)
    lines = [row["line_id"] for row in found]
    documents = {row["line_id"]: row["document_id"] for row in _rows("documents_of", lines=lines)}
    if reason is Reason.NOT_SYNCED_TO_OPERATIONS:
        return ResyncKeys(tuple(ResyncKey(line, documents[line], None) for line in lines), following)
    missing = _rows("unsynced_actuals", lines=lines)
    keys = (ResyncKey(row["line_id"], documents[row["line_id"]], row["actual_id"]) for row in missing)
    return ResyncKeys(tuple(keys), following)


def out_of_sync(*, actor: Actor, company: str) -> tuple[OutOfSync, ...]:
    """Return what of the company's actuals has not arrived in finance, of any document and date.

    These are the *Out of sync Actuals* of finance spec 3.7 that never arrived. Of those that have arrived and
    are not posted, the ones of documents are in the views, and all are among what waits in staging and in
    journals.
    """
    permit(actor, Verb.READ, company)
    return tuple(
        OutOfSync(
            row["source_kind"],
            row["transaction_type"],
            row["currency_code"],
            Figure(row["line_count"], row["amount"]),
        )
        for row in _rows("out_of_sync", company=company)
    )


def keys_out_of_sync(
    *, actor: Actor, company: str, after: UUID | None = None, limit: int = 1_000
) -> tuple[UUID, ...]:
    """Return the next of these actuals in the order of their keys, after ``after``; none: these were all."""
    permit(actor, Verb.READ, company)
    found = _rows("keys_out_of_sync", company=company, after=after or UUID(int=0), row_limit=limit)
    return tuple(row["actual_id"] for row in found)


def proof_of_balance(*, actor: Actor, company: str, kind: Kind, as_of: date) -> Proof | None:
    """Return the causes of the balance of the integration account of ``kind`` at the end of ``as_of``.

    DESIGN section 5: a source line contributes its cost if dated by then, minus its posted credits dated by
    then, under exactly one cause; entries made by hand and credits of no source line are added. Lines of both
    kinds count where they share the account. ``None``: the company has no such account.
    """
    permit(actor, Verb.READ, company)
    account = next((a for a in accounts(actor=actor) if (a.company_code, a.kind) == (company, kind)), None)
    if account is None:
        return None
    where: dict[str, Any] = {"company": company, "account": account.account, "as_of_day": day_number(as_of)}
    balance = _rows("balance", **where)[0]["balance"]
    found = _rows("proof_of_balance", window_day=_window_day(actor, company, as_of), **where)
    return Proof(account, as_of, balance, tuple(_term(cause, found) for cause in Cause))


def _window_day(actor: Actor, company: str, today: date) -> int:
    """Return the day on which the preset window starts; without one nothing is older than it."""
    try:
        return windows.preset(actor=actor, company=company, today=today).first_day
    except NoOpenPeriodInWindow:
        return -(2**31)


def _term(cause: Cause, found: list[dict[str, Any]]) -> Term:
    mine = [row for row in found if row["cause"] == cause.value]
    figures = {row["older"]: Figure(row["line_count"], row["contribution"]) for row in mine}
    old = figures.get(1, NOTHING)
    return Term(cause, figures.get(0, NOTHING) + old, old)


def _found(
    company: str,
    kind: Kind,
    check: Check,
    window: Window,
    after: Position | None,
    limit: int,
    reason: Reason | None,
    cause: str = "",
) -> tuple[list[dict[str, Any]], Position | None]:
    """Return the next lines that ``check`` finds, and where to go on; looks at ever longer stretches."""
    within: dict[str, Any] = {
        "company": company,
        "kind": kind.value,
        "first_day": window.first_day,
        "last_day": window.last_day,
    }
    looking = (
        checks.looking_into(check, sql.load(_PACKAGE, "page_of_cause"), caused=True)
        if cause
        else checks.looking_into(check, sql.load(_PACKAGE, "page"))
    )
    here = after or Position(window.first_day - 1, _FIRST_LINE)
    if cause and reason is None:
        reason = CAUSES.one(cause).hop  # who lacks another hop need not be judged
    wanted, size = limit + 1, _STRETCH
    found: list[dict[str, Any]] = []
    while len(found) < wanted:
        ends = _rows("stretch", **within, after_day=here.day, after_line=here.line_id, size=size)
        if not ends:
            break
        until = Position(ends[0]["day"], ends[0]["line_id"])
        found += sql.rows(
            RECONCILIATION,
            looking,
            **within,
            after_day=here.day,
            after_line=here.line_id,
            until_day=until.day,
            until_line=until.line_id,
            reason="" if reason is None else reason.value,
            limit=wanted - len(found),
            **({"cause": cause} if cause else {}),
        )
        if ends[0]["line_count"] < size:
            break
        here, size = until, size * _STRETCH_GROWTH
    if len(found) < wanted:
        return found, None
    last = found[limit - 1]
    return found[:limit], Position(last["day"], last["line_id"])


def _grid_row(found: dict[str, Any], details: dict[str, Any]) -> GridRow:
    return GridRow(
        **(details | {"kind": Kind(details["kind"])}),
        line_id=found["line_id"],
        actual=found["staged_count"] > 0,
        credited_amount=found["credited_amount"],
        state=State(found["state"]),
        reason=_reason(found["reason"]),
    )


def _account(row: dict[str, Any]) -> IntegrationAccount:
    return IntegrationAccount(**(row | {"kind": Kind(row["kind"])}))


def _reason(text: str) -> Reason | None:
    return Reason(text) if text else None


def _rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    return sql.rows(RECONCILIATION, sql.load(_PACKAGE, name), **parameters)
