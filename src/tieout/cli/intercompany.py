"""Invoices between companies: what a lender has to invoice, and what a borrower has to post."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

commands = typer.Typer(help="Intercompany invoices: of the lender, and pending in the borrower's books.")

LenderOption = Annotated[str, typer.Option("--company", help="The company that lends.")]
BorrowerOption = Annotated[str, typer.Option("--company", help="The company that borrows.")]


@commands.command()
def invoice(
    context: typer.Context,
    *,
    company: LenderOption,
    on: Annotated[
        datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The date of the invoices; work up to it.")
    ],
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Only work up to this transaction date."),
    ] = None,
    borrower: Annotated[str, typer.Option("--borrower", help="Only what this company borrowed.")] = "",
    project: Annotated[str, typer.Option("--project", help="Only what was lent to this project.")] = "",
    by_project: Annotated[bool, typer.Option("--by-project", help="One invoice per project.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be invoiced.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Invoice what a company has lent; 1 if an invoice is refused."""
    call = call_of(context)
    call.start()
    from tieout.finance.intercompany import actions  # noqa: PLC0415  Django is set up first
    from tieout.finance.intercompany.rules import LentWork  # noqa: PLC0415

    done = actions.post_intercompany_invoices(
        actor=call.actor,
        company=company,
        until=(until or on).date(),
        invoice_date=on.date(),
        lent=LentWork(borrower, project, by_project),
        is_preview=dry_run,
    )
    if not dry_run:
        actions.hand_over_to_borrowers(actor=call.actor, borrowers=done.borrowers)
    if as_json:
        output.print_json(done)
        return ExitCode.REJECTED if done.refused else ExitCode.OK
    output.table(
        f"Intercompany invoices of {company}" + (" that would be posted" if dry_run else ""),
        ("number", "borrower", "project", "kind", "lines", "amount", "tax", "currency", "voucher"),
        (
            (
                one.number,
                one.borrowing_company,
                one.project,
                "credit note" if one.is_credit else "invoice",
                f"{one.lines:,}",
                output.money(one.amount),
                output.money(one.tax_amount),
                one.currency_code,
                one.voucher or (one.problem.code if one.problem else ""),
            )
            for one in done.invoices
        ),
        right=("lines", "amount", "tax"),
    )
    for one in done.invoices:
        if one.problem:
            output.say(f"{one.problem.code}: {one.problem.message} {one.problem.remedy}")
    return ExitCode.REJECTED if done.refused else ExitCode.OK


@commands.command(name="list")
def list_invoices(context: typer.Context, company: LenderOption, as_json: JsonOption = False) -> None:
    """List the newest invoices of a lender and how far each borrower is with them."""
    _list(context, company, as_json=as_json, is_lender=True)


@commands.command()
def pending(context: typer.Context, company: BorrowerOption, as_json: JsonOption = False) -> None:
    """List the newest invoices of lenders in a borrower's books, posted and pending."""
    _list(context, company, as_json=as_json, is_lender=False)


@commands.command()
def post(
    context: typer.Context,
    company: BorrowerOption,
    numbers: Annotated[list[str] | None, typer.Argument(help="Numbers of invoices; without: all.")] = None,
    lender: Annotated[
        str, typer.Option("--lender", help="Whose invoices, where two lenders gave out a number.")
    ] = "",
    as_json: JsonOption = False,
) -> int:
    """Post pending invoices of lenders: their cost becomes the project's; 1 if one is refused."""
    call = call_of(context)
    call.start()
    from tieout.finance.intercompany import actions, queries  # noqa: PLC0415  Django is set up first

    chosen = None
    if numbers:
        chosen = queries.pending_named(
            actor=call.actor, company=company, numbers=numbers, lending_company=lender
        )
    done = actions.post_intercompany_vendor_invoices(actor=call.actor, company=company, chosen=chosen)
    if as_json:
        output.print_json(done)
    else:
        output.say(f"Vendor invoices posted: {done.invoices:,}, lines: {done.lines:,}.")
        output.say(f"Amount: {output.money(done.accounting_amount)}.")
        if done.refused:
            output.say(f"Refused: {done.refused:,}. Why stands in the problem log.")
    return ExitCode.REJECTED if done.refused else ExitCode.OK


def _list(context: typer.Context, company: str, *, as_json: bool, is_lender: bool) -> None:
    call = call_of(context)
    call.start()
    from tieout.finance.intercompany import queries  # noqa: PLC0415  Django is set up first

    ask = queries.posted_invoices if is_lender else queries.vendor_invoices
    found = ask(actor=call.actor, company=company)
    if as_json:
        output.print_json(found)
        return
    output.table(
        f"Intercompany invoices {'of' if is_lender else 'to'} {company}",
        (
            "number",
            "borrower" if is_lender else "lender",
            "date",
            "lines",
            "amount",
            "tax",
            "currency",
            "voucher",
            "state",
        ),
        (
            (
                one.number,
                one.partner,
                one.invoice_date.isoformat(),
                f"{one.lines:,}",
                output.money(one.amount),
                output.money(one.tax_amount),
                one.currency_code,
                one.voucher,
                " ".join(part for part in (one.state, one.code) if part),
            )
            for one in found
        ),
        right=("lines", "amount", "tax"),
    )
