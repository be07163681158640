"""``tieout trace`` and ``tieout status``: where one record stands, and where all of them do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.identifiers import parse_id
from tieout.reconciliation.checks.rules import Reason
from tieout.reconciliation.traces.rules import Hop, Stage, StageFigure, Trace, TracedActual

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_PACKAGE: Final = "tieout.reconciliation.traces"
_DOCUMENT_STAGES: Final = (Stage.POSTED_IN_FINANCE, Stage.ARRIVED_IN_OPERATIONS, Stage.APPROVED)
_ACTUAL_STAGES: Final = (Stage.ACTUAL, Stage.STAGED, Stage.JOURNAL_LINE, Stage.POSTED, Stage.WRITTEN_BACK)
_NO_NUMBER: Final = -1
_TIME_VERSION: Final = 7


def trace(*, actor: Actor, text: str, limit: int = 50) -> tuple[Trace, ...]:
    """Return the whole way of every record that ``text`` names, at most ``limit``; empty when there is none.

    ``text`` is an identifier (source line, document, actual, journal line), or a number: of a document, an
    integration journal or a voucher, or ``number/line``. Records of companies that the actor may not see are
    as if they were not there.
    """
    permit(actor, Verb.READ)
    sources = [row["source_id"] for row in _sources(text.strip(), limit)]
    if not sources:
        return ()
    actuals: dict[UUID, list[dict[str, Any]]] = {source: [] for source in sources}
    for row in _rows("actuals", sources=sources):
        actuals[row["source_id"]].append(row)
    found = (_trace(row, actuals[row["source_id"]]) for row in _rows("sources", sources=sources))
    return tuple(t for t in found if actor.companies is None or t.company_code in actor.companies)


def status(*, actor: Actor, company: str | None = None) -> tuple[StageFigure, ...]:
    """Return how many records and how much money reached each hop, of ``company`` or all companies.

    Companies are those that the actor may see. Document lines first; then actuals that finance is to get,
    by source kind and transaction type.
    """
    permit(actor, Verb.READ, company)
    companies = [company] if company else None if actor.companies is None else sorted(actor.companies)
    documents = _rows("status_documents", companies=companies)
    actuals = _rows("status_actuals", companies=companies)
    return (
        *_stage_figures(documents, "kind", _DOCUMENT_STAGES),
        *_stage_figures(actuals, "source_kind", _ACTUAL_STAGES),
    )


def _stage_figures(rows: list[dict[str, Any]], kind: str, stages: tuple[Stage, ...]) -> Iterator[StageFigure]:
    for row in rows:
        for stage in stages:
            yield StageFigure(
                company_code=row["company_code"],
                kind=row[kind],
                transaction_type=row.get("transaction_type", ""),
                stage=stage,
                records=row[stage.value],
                amount=row[f"{stage.value}_amount"],
            )


def _sources(text: str, limit: int) -> list[dict[str, Any]]:
    try:
        return _rows("sources_by_id", id=parse_id(text), limit=limit)
    except ValueError:
        pass
    line_of, _, line = text.rpartition("/")
    # A line number is an integer of the database; anything else after the slash belongs to the number.
    number = int(line) if line.isascii() and line.isdigit() and len(line) <= 9 else _NO_NUMBER  # noqa: PLR2004
    return _rows("sources_by_number", number=text, line_of=line_of, line_number=number, limit=limit)


def _trace(row: dict[str, Any], actuals: list[dict[str, Any]]) -> Trace:
    first = actuals[0] if actuals else {}
    return Trace(
        source_id=row["source_id"],
        kind=row["kind"] or first.get("source_kind") or row["document_kind"] or "",
        company_code=row["company_code"] or first.get("company_code") or "",
        document_number=row["document_number"] or "",
        line_number=row["line_number"],
        amount=row["amount"],
        currency_code=row["currency_code"] or "",
        accounting_amount=row["accounting_amount"],
        hops=_document_hops(row),
        actuals=tuple(_traced_actual(actual) for actual in actuals),
        reason=Reason(row["reason"]) if row["reason"] else None,
    )


def _document_hops(row: dict[str, Any]) -> tuple[Hop, ...]:
    approved = _hop(Stage.APPROVED, row["approved_at"], approved_by=row["approved_by"])
    if row["posted_at"] is None:  # an entry of operations: it was never posted, nor did it arrive
        return (approved,)
    return (
        _hop(
            Stage.POSTED_IN_FINANCE,
            row["posted_at"],
            document_id=row["document_id"],
            voucher=row["voucher"],
            accounting_date=row["accounting_date"],
            account=row["account"],
        ),
        _hop(Stage.ARRIVED_IN_OPERATIONS, row["arrived_at"], line_id=row["source_id"]),
        approved,
    )


def _traced_actual(row: dict[str, Any]) -> TracedActual:
    refused = {"refused": row["refused_code"], "refused_at": row["refused_at"]}
    line = Hop(
        Stage.JOURNAL_LINE,
        row["line_id"] is not None,
        made_at(row["line_id"]),
        _keys(
            journal=row["journal_number"],
            line=row["line_number"],
            voucher=row["journal_voucher"],
            accounting_amount=row["accounting_amount"],
            **refused,
        ),
    )
    return TracedActual(
        actual_id=row["actual_id"],
        transaction_type=row["transaction_type"],
        skip_sync=bool(row["skip_sync"]),
        amount=row["amount"],
        currency_code=row["currency_code"] or "",
        hops=(
            _hop(Stage.ACTUAL, row["created_at"], actual_id=row["actual_id"]),
            _hop(Stage.STAGED, row["staged_at"], actual_id=row["actual_id"]),
            line,
            _hop(
                Stage.POSTED, row["posted_at"], voucher=row["voucher"], accounting_date=row["accounting_date"]
            ),
            _hop(Stage.WRITTEN_BACK, row["written_at"], voucher=row["written_voucher"]),
        ),
    )


def _hop(stage: Stage, at: datetime | None, **keys: object) -> Hop:
    return Hop(stage, at is not None, at, _keys(**keys) if at is not None else {})


def _keys(**keys: object) -> dict[str, str]:
    return {name: str(value) for name, value in keys.items() if value is not None}


def made_at(identifier: UUID | None) -> datetime | None:
    """Return the moment that an identifier of version 7 carries; a journal line keeps no other time."""
    if identifier is None or identifier.version != _TIME_VERSION:
        return None
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)


def _rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    return sql.rows(RECONCILIATION, sql.load(_PACKAGE, name), **parameters)
