"""Approval sets: which are there, what keeps one, and one more attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.operations.approvalsets.queries import ApprovalSetRow, LoggedRefusal

commands = typer.Typer(help="Approval sets: many entries, approved by a job.", no_args_is_help=True)

CompanyOption = Annotated[str, typer.Option("--company", help="The company whose sets they are.")]
Number = Annotated[int, typer.Argument(help="Number of the approval set.")]


@commands.command("list")
def list_sets(context: typer.Context, company: CompanyOption, as_json: JsonOption = False) -> None:
    """List the latest approval sets of a company: action, project, status, progress."""
    call = call_of(context)
    call.start()
    from tieout.operations.approvalsets.queries import approval_sets  # noqa: PLC0415  Django is set up first

    found, _ = approval_sets(actor=call.actor, company=company)
    if as_json:
        output.print_json(found)
    elif found:
        _print_sets(f"Approval sets of {company}", found)
    else:
        output.say(f"{company} has no approval set.")


@commands.command()
def show(context: typer.Context, number: Number, company: CompanyOption, as_json: JsonOption = False) -> None:
    """Show one approval set, and why entries are left in it."""
    call = call_of(context)
    call.start()
    from tieout.operations.approvalsets.queries import approval_set, set_log  # noqa: PLC0415

    found = approval_set(actor=call.actor, company=company, number=number)
    log, _ = set_log(actor=call.actor, company=company, number=number)
    if as_json:
        output.print_json({"set": found, "log": log})
        return
    _print_sets(f"Approval set {number} of {company}", (found,))
    _print_log(log)


@commands.command()
def retry(context: typer.Context, number: Number, company: CompanyOption) -> None:
    """Give a set that failed one more attempt, as yours; the next run of approval-sets processes it."""
    call = call_of(context)
    if not call.as_user:
        raise typer.BadParameter("a set is processed as a user: say tieout --as USER approvals retry")
    call.start()
    from tieout.operations.approvalsets.actions import retry as retried  # noqa: PLC0415

    retried(actor=call.actor, company=company, number=number)
    output.say(
        f"Approval set {number} is queued. tieout run approval-sets --company {company} processes it now."
    )


def _print_sets(title: str, found: tuple[ApprovalSetRow, ...]) -> None:
    output.table(
        title,
        ("set", "action", "project", "status", "done", "of", "attempts left", "approver"),
        (
            (
                str(one.number),
                one.action,
                one.project_number or "(absence)",
                one.status.replace("_", " "),
                f"{one.done:,}",
                f"{one.entries:,}",
                str(one.attempts_left),
                one.approver,
            )
            for one in found
        ),
        right=("set", "done", "of", "attempts left"),
    )


def _print_log(log: tuple[LoggedRefusal, ...]) -> None:
    for one in log:
        left = "" if one.is_left else " (has left the set)"
        output.say(f"Attempt {one.attempt}, {one.external_id}{left}")
        output.complain(one.text)
