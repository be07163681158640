"""The general ledger from the command line: balances, accounts, vouchers, and proof that it is untouched."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.finance.seals.rules import Verified
    from tieout.finance.vouchers.queries import OneVoucher

commands = typer.Typer(
    help="Look into the general ledger, and prove that it is untouched.", no_args_is_help=True
)

CompanyOption = Annotated[str, typer.Option("--company", help="Code of the company.")]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First accounting date.")
]
ToOption = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last accounting date; today if not said."),
]
_KNOWN: Final = re.compile(r"(?P<place>[0-9]{1,9}):(?P<seal>[0-9a-f]{64})")
_FAULTS: Final = {
    "changed": "a voucher or entry says something else than when it was sealed",
    "missing": "vouchers or entries are missing",
    "added": "vouchers or entries were added",
    "broken": "the seal does not follow from what it names and the one before it",
    "replaced": "not the seal that you know",
}


@commands.callback()
def ledger() -> None:
    """Look into the general ledger, and prove that it is untouched."""


@commands.command()
def balance(
    context: typer.Context,
    company: CompanyOption,
    day_from: FromOption = None,
    day_to: ToOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the trial balance: what stood on each account, was posted from then on, and stands at the end."""
    call = call_of(context)
    call.start()
    from tieout.finance.vouchers.queries import trial_balance  # noqa: PLC0415  Django is set up first

    first, last = _window(day_from, day_to)
    found = trial_balance(actor=call.actor, company=company, since=first, as_of=last)
    if as_json:
        output.print_json(found)
        return
    figures = [(one.opening, one.debit, one.credit, one.accounting_amount) for one in found]
    output.table(
        f"Trial balance of {company} on {last}",
        ("Account", "Name", "Opening", "Debit", "Credit", "Balance"),
        [
            (one.account, one.name or "", *(output.money(amount) for amount in row))
            for one, row in zip(found, figures, strict=True)
        ]
        + [("Sum", "", *(output.money(sum(column, Decimal(0))) for column in zip(*figures, strict=True)))],
        right=("Opening", "Debit", "Credit", "Balance"),
    )


@commands.command()
def account(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="Number of the account.")],
    company: CompanyOption,
    day_from: FromOption = None,
    day_to: ToOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the entries of one account, in the order of posting."""
    call = call_of(context)
    call.start()
    from tieout.finance.vouchers.queries import (  # noqa: PLC0415  Django is set up first
        BEFORE_ALL,
        account_entries,
    )

    first, last = _window(day_from, day_to)
    found, after = [], BEFORE_ALL
    while rows := account_entries(
        actor=call.actor, company=company, account=number, first=first, last=last, after=after
    ):
        found += rows
        after = rows[-1].place
    if as_json:
        output.print_json(found)
        return
    output.table(
        f"Account {number} of {company}, {first} to {last}",
        ("Date", "Voucher", "Posting type", "Project", "Amount", "Currency", "In books"),
        [
            (
                one.accounting_date.isoformat(),
                one.voucher,
                one.posting_type,
                one.project,
                output.money(one.amount),
                one.currency_code,
                output.money(one.accounting_amount),
            )
            for one in found
        ],
        right=("Amount", "In books"),
    )


@commands.command()
def voucher(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="Number of the voucher.")],
    company: CompanyOption,
    as_json: JsonOption = False,
) -> int:
    """Print one voucher: its entries, its document, and the vouchers that belong to it."""
    call = call_of(context)
    call.start()
    from tieout.finance.vouchers.queries import voucher as find  # noqa: PLC0415  Django is set up first

    found = find(actor=call.actor, company=company, number=number)
    if found is None:
        output.say(f"Company {company} has no voucher {number}.")
        return ExitCode.PROBLEM
    if as_json:
        output.print_json(found)
    else:
        _print_voucher(found)
    return ExitCode.OK


@commands.command()
def verify(
    context: typer.Context,
    company: Annotated[str, typer.Option("--company", help="Only this company.")] = "",
    known: Annotated[
        list[str] | None,
        typer.Option(
            "--known", metavar="PLACE:SEAL", help="A seal that you kept elsewhere; may be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Read all vouchers again and compare them with their seals; 1 if one was changed behind the program.

    Keep the printed end of the chain elsewhere: whoever owns the database could write a whole new chain, and
    only a seal that you know shows it.
    """
    kept = [_KNOWN.fullmatch(one) for one in known or ()]
    if not all(kept):
        raise typer.BadParameter("--known is a place and a seal as verify prints them, 12:5f1c...")
    if kept and not company:
        raise typer.BadParameter("say --company with --known: each company has a chain of its own")
    call = call_of(context)
    call.start()
    from tieout.finance.ledgers.queries import companies  # noqa: PLC0415  Django is set up first
    from tieout.finance.seals.actions import verify_seals  # noqa: PLC0415

    seals = {int(one["place"]): one["seal"] for one in kept if one}
    where = [company] if company else [one.code for one in companies(actor=call.actor)]
    found = [verify_seals(actor=call.actor, company=one, known=seals).found for one in where]
    if as_json:
        output.print_json(found)
    else:
        for one in found:
            _print_verified(one)
    return ExitCode.OK if all(one.is_sound for one in found) else ExitCode.PROBLEM


def _window(day_from: datetime | None, day_to: datetime | None) -> tuple[date, date]:
    from django.utils import timezone  # noqa: PLC0415  Django is set up first

    from tieout.finance.vouchers.queries import FIRST_DAY  # noqa: PLC0415

    first = day_from.date() if day_from else FIRST_DAY
    last = day_to.date() if day_to else timezone.localdate()
    if last < first:
        raise typer.BadParameter(f"--to {last} is before --from {first}")
    return first, last


def _print_voucher(found: OneVoucher) -> None:
    kind = found.document_kind.replace("_", " ")
    line = f", line {found.journal_line}" if found.journal_line is not None else ""
    output.table(
        f"Voucher {found.number} of {found.accounting_date}: {kind} {found.document}{line}",
        ("Account", "Name", "Posting type", "Project", "Amount", "Currency", "In books", "Reporting"),
        [
            (
                one.account,
                one.name,
                one.posting_type,
                one.project,
                output.money(one.amount),
                one.currency_code,
                output.money(one.accounting_amount),
                output.money(one.reporting_amount),
            )
            for one in found.entries
        ],
        right=("Amount", "In books", "Reporting"),
    )
    seal = f"seal {found.seal_place}" if found.seal_place else "not sealed yet"
    output.say(f"Posted by {found.posted_by} at {found.posted_at:%Y-%m-%d %H:%M} UTC; {seal}.")
    for one in found.related:
        output.say(f"{one.relation} {one.number} of {one.accounting_date}")


def _print_verified(found: Verified) -> None:
    state = "untouched" if found.is_sound else "NOT as they were sealed"
    output.say(
        f"{found.company}: {found.vouchers:,} vouchers with {found.entries:,} entries in"
        f" {found.seals:,} seals, {state}; {found.waiting:,} not sealed yet."
    )
    for fault in found.faults:
        vouchers = f" (vouchers {fault.first_number} to {fault.last_number})" if fault.first_number else ""
        output.say(f"  seal {fault.place}: {_FAULTS[fault.what]}{vouchers}")
    if found.outside:
        output.say(
            f"  {found.outside:,} vouchers did not come through posting, the first {found.first_outside}"
        )
    for one in found.apart:
        output.say(
            f"  {one.measure} of account {one.account} on {one.accounting_date}:"
            f" total {output.money(one.total)}, entries {output.money(one.entries)}"
        )
    if found.seal:
        output.say(f"  end of the chain: {found.place}:{found.seal}")
