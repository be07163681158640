"""One record's whole way in words: hops, amounts, and why it is stuck."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.finance.journals.queries import journal_lines
from tieout.kernel.access import Actor
from tieout.kernel.problems import ProblemText, render
from tieout.problems.queries import problems_of
from tieout.reconciliation.causes.queries import causes_of_actuals
from tieout.reconciliation.causes.rules import CauseRow
from tieout.reconciliation.checks.rules import REASONS, Kind
from tieout.reconciliation.traces.rules import Hop, Stage, Trace, TracedActual
from tieout.workspace.cause_screens import caused, words_of

STAGE_LABELS: Final = {
    Stage.POSTED_IN_FINANCE: "Posted in finance",
    Stage.ARRIVED_IN_OPERATIONS: "Arrived in operations",
    Stage.APPROVED: "Approved in operations",
    Stage.ACTUAL: "Actual recorded",
    Stage.STAGED: "Actual arrived in finance",
    Stage.JOURNAL_LINE: "Integration journal line made",
    Stage.POSTED: "Integration journal line posted",
    Stage.WRITTEN_BACK: "Voucher written back to operations",
}

_REFUSED: Final = ("refused", "refused_at")  # said as a problem, in words
_IDENTIFIERS: Final = ("actual_id", "document_id", "line_id")
_MONEY: Final = "accounting_amount"


def refusal_of(actor: Actor, company: str, actual: TracedActual) -> ProblemText | None:
    """Return why the journal line of an actual was refused, None when it was not."""
    keys = next((hop.keys for hop in actual.hops if "refused" in hop.keys), {})
    if not keys:
        return None
    after = int(keys["line"]) - 1
    found = journal_lines(actor=actor, company=company, number=keys["journal"], after=after, rows_max=1)
    if found and found[0].code is not None:
        return render(found[0].code, found[0].details)
    return render(keys["refused"], {})


def problems_of_trace(actor: Actor, trace: Trace) -> tuple[ProblemText, ...]:
    """Return why a record does not go on: what its line, actuals and journal lines met."""
    keys = [trace.source_id, *(actual.actual_id for actual in trace.actuals)]
    document = next((hop.keys["document_id"] for hop in trace.hops if "document_id" in hop.keys), None)
    if document is not None:
        keys.append(UUID(document))
    logged = [one.text for one in problems_of(actor=actor, record_ids=keys)]
    refused = (refusal_of(actor, trace.company_code, actual) for actual in trace.actuals)
    return tuple(dict.fromkeys([*logged, *(text for text in refused if text is not None)]))


def causes_of_trace(actor: Actor, trace: Trace, *, said: Collection[CauseRow] = ()) -> dict[UUID, CauseRow]:
    """Return why actuals of a record are not home, but for what is said of the record already."""
    found = causes_of_actuals(actor=actor, actual_ids=[actual.actual_id for actual in trace.actuals])
    return {key: row for key, row in found.items() if row not in said}


def shown_keys(hop: Hop, digits: int) -> dict[str, str]:
    """Return the keys of a hop for people: amounts with the digits of their currency, no refusal codes."""
    return {
        name.replace("_", " "): f"{Decimal(value):,.{digits}f}" if name == _MONEY else value
        for name, value in hop.keys.items()
        if name not in (*_REFUSED, *_IDENTIFIERS)
    }


def standing(trace: Trace) -> str:
    """Return where a record stands: reconciled, or the last hop that all of it has reached."""
    if trace.reason is None and trace.stands_at is Stage.WRITTEN_BACK:
        return "Reconciled"
    return STAGE_LABELS[trace.stands_at] if trace.stands_at else "Nowhere"


def traced(actor: Actor, trace: Trace, digits: int = 2) -> dict[str, Any]:
    """Return one record's way in words: its own hops, then those of each actual."""
    why = caused(actor, trace.source_id)
    hold = [] if why is None or why.primary is None else [why.primary, *why.secondary]
    of_actuals = causes_of_trace(actor, trace, said=hold)
    reason = REASONS.one(trace.reason, Kind(trace.kind)) if trace.reason is not None else None
    return {
        "trace": trace,
        "kind": trace.kind.replace("_", " ").capitalize(),
        "standing": standing(trace),
        "reason": reason,
        "causes": [words_of(one, trace.company_code) for one in hold],
        "problems": problems_of_trace(actor, trace),
        "hops": _hops(trace.hops, digits, stuck=True),
        "actuals": [
            {
                "actual": actual,
                "cause": words_of(of_actuals[actual.actual_id], trace.company_code)
                if actual.actual_id in of_actuals
                else None,
                "type": actual.transaction_type.replace("_", " ").capitalize(),
                "hops": _hops(
                    actual.hops[:1] if actual.skip_sync else actual.hops, digits, stuck=not actual.skip_sync
                ),
            }
            for actual in trace.actuals
        ],
    }


def _hops(hops: tuple[Hop, ...], digits: int, *, stuck: bool) -> list[dict[str, Any]]:
    first_missing = next((hop for hop in hops if not hop.reached), None)
    return [
        {
            "label": STAGE_LABELS[hop.stage],
            "hop": hop,
            "keys": shown_keys(hop, digits),
            "identifiers": [hop.keys[name] for name in _IDENTIFIERS if name in hop.keys],
            "stuck": stuck and hop is first_missing,
        }
        for hop in hops
    ]
