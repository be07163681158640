"""Verification: which vendor invoice lines wait for the project manager, verify them, reject them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from uuid import UUID

    from tieout.kernel.access import Actor
    from tieout.operations.verification.actions import Decided

commands = typer.Typer(help="Vendor invoice lines that the project manager verifies.", no_args_is_help=True)

CompanyOption = Annotated[str, typer.Option("--company", help="The company whose lines they are.")]
Lines = Annotated[list[str], typer.Argument(help="The lines, as the list names them: VI000012/3.")]


@commands.command("list")
def list_lines(
    context: typer.Context,
    company: CompanyOption,
    project: Annotated[str, typer.Option("--project", help="Only those of this project.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List the lines that wait longest: amount, project, age, and why one was rejected."""
    call = call_of(context)
    call.start()
    from tieout.operations.verification.queries import waiting_lines  # noqa: PLC0415  Django is set up first

    found, following = waiting_lines(actor=call.actor, company=company, project=project)
    if as_json:
        output.print_json(found)
        return
    if not found:
        output.say(f"Nothing of {company} waits to be verified.")
        return
    output.table(
        f"Waiting to be verified in {company}",
        ("line", "project", "amount", "currency", "days", "state"),
        (
            (
                f"{one.voucher}/{one.line_number}",
                one.project_number or "",
                output.money(one.amount, one.digits),
                one.currency_code,
                str(one.days),
                f"rejected by {one.rejected_by}: {one.rejected_because}" if one.rejected_by else "waits",
            )
            for one in found
        ),
        right=("amount", "days"),
    )
    if following:
        output.say(f"and more, after the first {len(found)}")


@commands.command()
def verify(context: typer.Context, lines: Lines, company: CompanyOption, as_json: JsonOption = False) -> int:
    """Verify lines: they become actuals, and an invoice whose lines all are may be paid."""
    call = call_of(context)
    call.start()
    from tieout.operations.verification.actions import verify_lines  # noqa: PLC0415

    done = verify_lines(actor=call.actor, company=company, line_ids=_keys(call.actor, company, lines))
    return _said("Verified", done, as_json=as_json)


@commands.command()
def reject(
    context: typer.Context,
    lines: Lines,
    company: CompanyOption,
    reason: Annotated[str, typer.Option("--reason", help="What who entered the invoice reads.")],
    as_json: JsonOption = False,
) -> int:
    """Reject lines with a reason: they wait on, and the payment of their invoice stays blocked."""
    call = call_of(context)
    call.start()
    from tieout.operations.verification.actions import reject_lines  # noqa: PLC0415

    keys = _keys(call.actor, company, lines)
    done = reject_lines(actor=call.actor, company=company, line_ids=keys, reason=reason)
    return _said("Rejected", done, as_json=as_json)


def _keys(actor: Actor, company: str, names: list[str]) -> list[UUID]:
    from tieout.operations.verification.queries import lines_named  # noqa: PLC0415

    found = lines_named(actor=actor, company=company, names=names)
    if missing := [name for name in names if name not in found]:
        raise typer.BadParameter(f"no line of {company} waits to be verified as {', '.join(missing)}")
    return [found[name] for name in names]


def _said(word: str, done: Decided, *, as_json: bool) -> int:
    from tieout.kernel.problems import render  # noqa: PLC0415

    if as_json:
        output.print_json(done)
    else:
        output.say(f"{word}: {done.done:,}.")
        if done.approved.refused:
            output.say(f"Approval refused {done.approved.refused:,} of them: tieout problems says why.")
        for one in done.refused:
            output.complain(render(one.code, one.details))
    return ExitCode.REJECTED if done.refused or done.approved.refused else ExitCode.OK
