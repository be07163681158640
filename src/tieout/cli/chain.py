"""Move the chain: run a job, see what stands where."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tieout.cli import output
from tieout.cli.maps import print_maps
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.jobs.choices import Days
    from tieout.jobs.refusals import Refusal
    from tieout.jobs.steps import Answer

commands = typer.Typer()

POST_JOURNALS: Final = "post-integration-journal"

CompanyOption = Annotated[str, typer.Option("--company", help="Only this company.")]


@commands.command()
def run(
    context: typer.Context,
    *,
    job: Annotated[str, typer.Argument(help="Name of the job, as in docs/reference/jobs.md; or: list.")],
    company: CompanyOption = "",
    kind: Annotated[
        str, typer.Option("--kind", help="For sync: expense, vendor_invoice_line or actual.")
    ] = "",
    day_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="For sync: first day. For posting: first period."),
    ] = None,
    day_to: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="For sync: last day. For posting: last period."),
    ] = None,
    journal: Annotated[
        list[str] | None,
        typer.Option("--journal", help="For post-integration-journal: only this one; may be said again."),
    ] = None,
    original: Annotated[
        str, typer.Option("--original", help="For post-integration-journal: what was refused in this one.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Run a job here and now: post-documents, deliver, approve, ..., or chain for all of them."""
    call = call_of(context)
    call.start()
    from tieout.finance.journals.rules import JournalChoice  # noqa: PLC0415  Django is set up first
    from tieout.jobs.actions import perform  # noqa: PLC0415
    from tieout.jobs.steps import SYNC_KINDS  # noqa: PLC0415

    if job == "list":
        _list_jobs(as_json=as_json)
        return
    if kind and kind not in SYNC_KINDS:
        raise typer.BadParameter(f"--kind is one of {', '.join(SYNC_KINDS)}")
    tell = None if as_json else _tell
    if job == POST_JOURNALS:
        choice = JournalChoice(tuple(journal or ()), *_range(day_from, day_to), original)
        outcome = perform(actor=call.actor, job=job, company=company, journals=choice, tell=tell)
    elif journal or original:
        raise typer.BadParameter(f"--journal and --original are for {POST_JOURNALS}")
    else:
        days = _days(job, day_from, day_to)
        outcome = perform(actor=call.actor, job=job, company=company, kind=kind, days=days, tell=tell)
    if as_json:
        output.print_json(outcome)
    elif not outcome.steps and not outcome.refusals:
        output.say("There was nothing to do.")
    for problem in () if as_json else outcome.problems:
        output.complain(problem)
    for refusal in () if as_json else outcome.refusals:
        _complain(refusal)
    if outcome.problems or outcome.refusals:
        raise typer.Exit(ExitCode.PROBLEM)


def _days(job: str, day_from: datetime | None, day_to: datetime | None) -> Days:
    """Return the dates that Sync is asked for."""
    from django.utils import timezone  # noqa: PLC0415  Django is set up first

    from tieout.jobs.choices import Days as Range  # noqa: PLC0415

    if (day_from or day_to) and job != "sync":
        raise typer.BadParameter("--from and --to are for sync and posting: the other jobs do all that waits")
    first, last = _range(day_from, day_to)
    if first and first > (last or timezone.localdate()):
        raise typer.BadParameter(f"--to {last or 'today'} is before --from {first}")
    return Range(first, last)


def _range(day_from: datetime | None, day_to: datetime | None) -> tuple[date | None, date | None]:
    return day_from.date() if day_from else None, day_to.date() if day_to else None


def _tell(answer: Answer) -> None:
    from tieout.jobs.words import said  # noqa: PLC0415  Django is set up first

    if answer.moved:
        where = f" ({answer.company})" if answer.company else ""
        output.say(f"{answer.name}{where}: {said(answer.name, answer.counts)}")


def _complain(refusal: Refusal) -> None:
    """Say what a stage refused: how many, how much, and per code what, why and what next."""
    records = f"{refusal.records:,} {'record' if refusal.records == 1 else 'records'}"
    output.say(f"{refusal.stage} ({refusal.company}): refused {records}, {output.figure(refusal.amount)}")
    for code in refusal.codes:
        output.say(f"{code.code}: {code.records:,}{', for example' if code.records > 1 else ''}")
        output.complain(code.text)


def _list_jobs(*, as_json: bool) -> None:
    from tieout.jobs.catalogue import JOBS  # noqa: PLC0415  Django is set up first

    if as_json:
        output.print_json(JOBS.rows)
        return
    rows = ((row.job, row.schedule or "on request", row.says) for row in JOBS)
    output.table("Jobs", ("job", "schedule (UTC)", "what it does"), rows)


@commands.command()
def status(context: typer.Context, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    """Say how many records and how much money have reached each hop, per company."""
    call = call_of(context)
    call.start()
    from tieout.dualwrite.maps.queries import maps  # noqa: PLC0415  Django is set up first
    from tieout.jobs.queries import latest  # noqa: PLC0415
    from tieout.reconciliation.traces import queries  # noqa: PLC0415

    found = queries.status(actor=call.actor, company=company or None)
    runs = latest(actor=call.actor, company=company, limit=5)
    owing = [one for one in maps(actor=call.actor) if one.waiting or one.parked]
    if as_json:
        output.print_json({"hops": found, "maps": owing, "runs": runs})
        return
    output.table(
        "Records and money by hop (as collected; amounts in accounting currency)",
        ("company", "kind", "transaction type", "hop", "records", "amount"),
        (
            (
                one.company_code,
                one.kind.replace("_", " "),
                one.transaction_type.replace("_", " "),
                one.stage.replace("_", " "),
                f"{one.records:,}",
                "" if one.amount is None else output.money(one.amount),
            )
            for one in found
        ),
        right=("records", "amount"),
    )
    if owing:
        print_maps("What the dual-write owes", owing)
    for run_ in runs:
        ended = {True: "succeeded", False: "met a problem", None: "waits or runs"}[run_.succeeded]
        output.say(f"{run_.asked_at:%Y-%m-%d %H:%M} {run_.job} {run_.company} by {run_.asked_by}: {ended}")
