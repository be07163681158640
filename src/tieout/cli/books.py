"""Look into the books: what is not reconciled and why, and the whole way of one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.kernel.access import Actor
    from tieout.reconciliation.findings.rules import Proof, Totals
    from tieout.reconciliation.traces.rules import Hop, Trace
    from tieout.reconciliation.windows.rules import Window

commands = typer.Typer()


@commands.command()
def reconcile(
    context: typer.Context,
    company: Annotated[str, typer.Option("--company", help="Only this company.")] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="expense or vendor_invoice_line; both if not said.")
    ] = "",
    day_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First day; the preset window's if not said."),
    ] = None,
    day_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; today if not said.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is not reconciled, why, and that the integration accounts tie out; 1 if something is open."""
    call = call_of(context)
    call.start()
    from tieout.reconciliation.checks.rules import Kind  # noqa: PLC0415  Django is set up first
    from tieout.reconciliation.findings import queries  # noqa: PLC0415

    if kind and kind not in set(Kind):
        raise typer.BadParameter(f"--kind is one of {', '.join(Kind)}")
    kinds = [Kind(kind)] if kind else list(Kind)
    seen = sorted({one.company_code for one in queries.accounts(actor=call.actor)})
    answers = [
        _company(call.actor, code, kinds, day_from, day_to) for code in ([company] if company else seen)
    ]
    if as_json:
        output.print_json(answers)
    else:
        for answer in answers:
            _print(answer)
    if any(_is_open(answer) for answer in answers):
        raise typer.Exit(ExitCode.PROBLEM)


def _is_open(answer: dict[str, Any]) -> bool:
    kinds, actuals = answer["kinds"], answer["actuals"]
    return (
        bool(answer["out_of_sync"])
        or any(one["standing"] == "error" for one in actuals)
        or any(one["unreconciled"]["lines"] or one["unexplained"] for one in kinds)
    )


def _company(
    actor: Actor, company: str, kinds: list[Any], day_from: datetime | None, day_to: datetime | None
) -> dict[str, Any]:
    """Return the figures of one company as a document: what ``--json`` writes."""
    from tieout.reconciliation.findings import queries  # noqa: PLC0415  Django is set up first

    window = _window(actor, company, day_from, day_to)
    totals = queries.totals(actor=actor, company=company, window=window)
    found = []
    for kind in kinds:
        proof = queries.proof_of_balance(actor=actor, company=company, kind=kind, as_of=window.last)
        older = queries.older(actor=actor, company=company, kind=kind, window=window)
        found.append(
            _kind(kind, totals, proof)
            | {"older": {"lines": older.lines, "amount": older.amount}}
            | {"causes": _causes(actor, company, proof)}
        )
    actuals = [
        {
            "source_kind": one.source_kind,
            "transaction_type": one.transaction_type,
            "currency": one.currency_code,
            "actuals": one.figure.lines,
            "amount": one.figure.amount,
        }
        for one in queries.out_of_sync(actor=actor, company=company)
    ]
    return {
        "company": company,
        "from": window.first,
        "to": window.last,
        "kinds": found,
        "out_of_sync": actuals,
        "actuals": _actuals(actor, company),
    }


def _actuals(actor: Actor, company: str) -> list[dict[str, Any]]:
    """Return why actuals are not home; what returns the cost of a document line stands with its account."""
    from tieout.reconciliation.causes import queries  # noqa: PLC0415  Django is set up first

    return [
        {
            "cause": one.cause.cause,
            "name": one.cause.name,
            "standing": one.cause.standing.value,
            "remedy": one.cause.remedy,
            "source_kind": one.source_kind,
            "transaction_type": one.transaction_type,
            "actuals": one.actuals,
            "amount": one.amount,
            "currency": one.currency_code,
            "waiting_since": one.oldest,
        }
        for one in queries.actuals(actor=actor, company=company)
        if not one.of_line
    ]


def _causes(actor: Actor, company: str, proof: Proof | None) -> list[dict[str, Any]]:
    """Return what each cause contributes to the balance of an account: together they are the balance."""
    from tieout.reconciliation.causes import queries  # noqa: PLC0415  Django is set up first

    if proof is None:
        return []
    found = queries.terms(actor=actor, company=company, account=proof.account.account, as_of=proof.as_of)
    return [
        {
            "cause": one.cause.cause,
            "name": one.cause.name,
            "standing": one.cause.standing.value,
            "remedy": one.cause.remedy,
            "lines": one.lines,
            "amount": one.amount,
            "waiting_since": one.oldest,
        }
        for one in found
    ]


def _window(actor: Actor, company: str, day_from: datetime | None, day_to: datetime | None) -> Window:
    from django.utils import timezone  # noqa: PLC0415  Django is set up first

    from tieout.reconciliation.windows.queries import preset  # noqa: PLC0415
    from tieout.reconciliation.windows.rules import Window as Range  # noqa: PLC0415

    last = day_to.date() if day_to else timezone.localdate()
    if day_from:
        first = day_from.date()
    else:
        first = preset(actor=actor, company=company, today=timezone.localdate()).first
    if last < first:
        raise typer.BadParameter(f"--to {last} is before --from {first}")
    return Range(first, last)


def _kind(kind: Any, totals: Totals, proof: Proof | None) -> dict[str, Any]:
    from tieout.reconciliation.checks.rules import CHECKS, REASONS, Check  # noqa: PLC0415  Django is set up first

    open_ = totals.unreconciled(kind)
    return {
        "kind": kind.value,
        "unreconciled": {"lines": open_.lines, "amount": open_.amount},
        "views": [
            {
                "view": check.value,
                "label": CHECKS.one(check, kind).label,
                "lines": totals.view(kind, check).lines,
                "amount": totals.view(kind, check).amount,
                "reasons": [
                    {
                        "reason": reason.value,
                        "label": REASONS.one(reason, kind).label,
                        "lines": figure.lines,
                        "amount": figure.amount,
                    }
                    for reason, figure in totals.reasons(kind, check).items()
                ],
            }
            for check in Check
        ],
        "account": proof.account.account if proof else "",
        "currency": proof.account.currency_code if proof else "",
        "digits": proof.account.currency_digits if proof else 2,
        "balance": proof.balance if proof else Decimal(0),
        "terms": [
            {"cause": term.cause.value, "lines": term.figure.lines, "amount": term.figure.amount}
            for term in (proof.terms if proof else ())
            if term.figure.lines
        ],
        "unexplained": proof.unexplained if proof else Decimal(0),
    }


def _print(answer: dict[str, Any]) -> None:
    output.say(f"Company {answer['company']}, {answer['from']} to {answer['to']}")
    for kind in answer["kinds"]:
        digits = kind["digits"]
        output.table(
            f"{kind['kind'].replace('_', ' ').capitalize()}s, account {kind['account']} ({kind['currency']})",
            ("view", "because of", "lines", "amount"),
            _lines(kind, digits),
            right=("lines", "amount"),
        )
        if kind["causes"]:
            output.table(
                f"Why the balance stands, at {answer['to']}",
                ("cause", "", "remedy", "since", "lines", "amount"),
                (
                    (
                        one["cause"],
                        one["name"],
                        one["remedy"],
                        str(one["waiting_since"] or ""),
                        f"{one['lines']:,}",
                        output.money(one["amount"], digits),
                    )
                    for one in kind["causes"]
                ),
                right=("lines", "amount"),
            )
            by_cause = sum((one["amount"] for one in kind["causes"]), Decimal(0))
            output.say(f"Sum by cause {output.money(by_cause, digits)}")
        rest = kind["unexplained"]
        said = "ties out" if not rest else "DOES NOT TIE OUT"
        output.say(
            f"Balance {output.money(kind['balance'], digits)} {kind['currency']}, "
            f"unexplained {output.money(rest, digits)}: {said}"
        )
        if kind["older"]["lines"]:
            older = kind["older"]
            output.say(
                f"Older than the window: {older['lines']:,} lines, {output.money(older['amount'], digits)}"
                f" (sync them: tieout run sync --company {answer['company']} --from THEIR-FIRST-DAY)"
            )
    if answer["out_of_sync"]:
        _print_out_of_sync(answer["out_of_sync"])
    if answer["actuals"]:
        _print_actuals(answer["actuals"])


def _print_actuals(actuals: list[dict[str, Any]]) -> None:
    output.table(
        "Why actuals are not home that return no cost of a document line, of any date",
        ("cause", "", "remedy", "source", "transaction type", "since", "actuals", "amount", "currency"),
        (
            (
                one["cause"],
                one["name"],
                one["remedy"],
                one["source_kind"].replace("_", " "),
                one["transaction_type"].replace("_", " "),
                str(one["waiting_since"]),
                f"{one['actuals']:,}",
                output.figure(one["amount"]),
                one["currency"],
            )
            for one in actuals
        ),
        right=("actuals", "amount"),
    )


def _print_out_of_sync(actuals: list[dict[str, Any]]) -> None:
    output.table(
        "Out of sync actuals: recorded in operations, never arrived in finance, of any date",
        ("source", "transaction type", "actuals", "amount", "currency"),
        (
            (
                one["source_kind"].replace("_", " "),
                one["transaction_type"].replace("_", " "),
                f"{one['actuals']:,}",
                output.figure(one["amount"]),
                one["currency"],
            )
            for one in actuals
        ),
        right=("actuals", "amount"),
    )
    output.say("tieout run sync sends them again. Those of documents are also in Missing actuals above.")


def _lines(kind: dict[str, Any], digits: int) -> Iterator[tuple[str, ...]]:
    for view in kind["views"]:
        yield view["label"], "", f"{view['lines']:,}", output.money(view["amount"], digits)
        for reason in view["reasons"] if view["view"].startswith("missing") else ():
            yield "", reason["label"], f"{reason['lines']:,}", output.money(reason["amount"], digits)


@commands.command()
def trace(
    context: typer.Context,
    record: Annotated[
        str, typer.Argument(metavar="ID", help="Identifier, or document, journal or voucher number.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Show the whole way of one record, hop by hop, and where it stands."""
    call = call_of(context)
    call.start()
    from tieout.reconciliation.traces import queries  # noqa: PLC0415  Django is set up first

    found = queries.trace(actor=call.actor, text=record)
    if as_json:
        output.print_json([_trace_document(call.actor, one) for one in found])
    for one in () if as_json else found:
        _print_trace(call.actor, one)
    if not found:
        if not as_json:
            output.say(
                f"No record is called {record}. What is not collected yet is not found: tieout run collect."
            )
        raise typer.Exit(ExitCode.PROBLEM)


def _trace_document(actor: Actor, found: Trace) -> dict[str, Any]:
    from tieout.workspace.tracing import problems_of_trace  # noqa: PLC0415  Django is set up first

    more = {"stands_at": found.stands_at, "problems": problems_of_trace(actor, found)}
    document: dict[str, Any] = output.plain(found) | output.plain(more)
    return document


def _print_trace(actor: Actor, found: Trace) -> None:
    from tieout.reconciliation.findings.queries import accounts  # noqa: PLC0415  Django is set up first
    from tieout.workspace.tracing import causes_of_trace, problems_of_trace, standing  # noqa: PLC0415

    known = (one.currency_digits for one in accounts(actor=actor) if one.company_code == found.company_code)
    digits = next(known, 2)
    amount = "" if found.amount is None else f" {output.money(found.amount, digits)} {found.currency_code}"
    number = f" {found.document_number}" if found.document_number else ""
    line = "" if found.line_number is None else f" line {found.line_number}"
    output.say(
        f"{found.kind.replace('_', ' ').capitalize()}{number}{line}{amount}"
        f" in {found.company_code}: {standing(found)}"
    )
    output.OUT.print(f"  [dim]{found.source_id}[/]")
    _print_hops(found.hops, digits)
    causes = causes_of_trace(actor, found)
    for actual in found.actuals:
        output.say(f"  {actual.transaction_type.replace('_', ' ').capitalize()}")
        _print_hops(actual.hops[:1] if actual.skip_sync else actual.hops, digits, indent="    ")
        if why := causes.get(actual.actual_id):
            output.say(f"    {why.cause} {why.name}. {why.remedy}")
    for text in problems_of_trace(actor, found):
        output.complain(text)


def _print_hops(hops: Iterable[Hop], digits: int, indent: str = "  ") -> None:
    from tieout.workspace.tracing import STAGE_LABELS, shown_keys  # noqa: PLC0415  Django is set up first

    stuck = "stuck here"
    for hop in hops:
        when = f"{hop.at:%Y-%m-%d %H:%M:%S}" if hop.at else "" if hop.reached else stuck
        stuck = "not yet" if when == stuck else stuck
        keys = ", ".join(f"{name} {value}" for name, value in shown_keys(hop, digits).items())
        mark = "x" if hop.reached else "-"
        output.say(f"{indent}{mark} {STAGE_LABELS[hop.stage]:<36} {when:<19}  {keys}".rstrip())
