"""Take data out in the field's own formats: export ledger."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.exports.ledger import LedgerExported, LedgerFormat
    from tieout.kernel.access import Actor

commands = typer.Typer(help="Take data out in the field's own formats.", no_args_is_help=True)

FORMATS: Final = ("beancount", "hledger")
STANDARD_OUTPUT: Final = "-"


@commands.callback()
def exports() -> None:
    """Take data out in the field's own formats."""


@commands.command()
def ledger(
    context: typer.Context,
    file_format: Annotated[str, typer.Option("--format", help=f"{' or '.join(FORMATS)}.")],
    target: Annotated[
        str,
        typer.Option(
            "--output",
            metavar="FILE|-",
            help="A file, or - for standard output; a folder with --all-companies.",
        ),
    ],
    company: Annotated[str, typer.Option("--company", help="Code of the company.")] = "",
    all_companies: Annotated[
        bool, typer.Option("--all-companies", help="Every company you may export, one file each.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write finance's general ledger as text that bean-check or hledger check can judge."""
    if file_format not in FORMATS:
        raise typer.BadParameter(f"--format is {' or '.join(FORMATS)}, not {file_format}")
    if all_companies == bool(company):
        raise typer.BadParameter("say --company CODE or --all-companies")
    if target == STANDARD_OUTPUT and (all_companies or as_json):
        raise typer.BadParameter("standard output takes the ledger of one company, and nothing else")
    call = call_of(context)
    call.start()
    from tieout.exports.ledger import LedgerFormat  # noqa: PLC0415  Django is set up first

    chosen = LedgerFormat(file_format)
    if target == STANDARD_OUTPUT:
        _to_standard_output(call.actor, company, chosen)
        return
    try:
        done = _to_files(call.actor, company, chosen, Path(target))
    except OSError as error:
        raise typer.BadParameter(f"{error.filename or target} cannot be written: {error.strerror}") from error
    if as_json:
        output.print_json({str(file): exported for file, exported in done.items()})
        return
    for file, exported in done.items():
        output.say(_said(file, exported))


def _to_files(actor: Actor, company: str, chosen: LedgerFormat, target: Path) -> dict[Path, LedgerExported]:
    from tieout.exports.ledger import export_ledger, export_ledgers  # noqa: PLC0415  Django is set up first

    if not company:
        return export_ledgers(actor=actor, ledger_format=chosen, folder=target)
    return {target: export_ledger(actor=actor, company=company, ledger_format=chosen, file=target)}


def _to_standard_output(actor: Actor, company: str, chosen: LedgerFormat) -> None:
    from tieout.exports.ledger import write_ledger  # noqa: PLC0415  Django is set up first

    # The terminal's own encoding may not know every name; the formats are UTF-8.
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    try:
        write_ledger(actor=actor, company=company, ledger_format=chosen, out=out)
        out.flush()
    finally:
        out.detach()


def _said(file: Path, done: LedgerExported) -> str:
    skipped = (
        f", {done.vouchers_without_entries} without entries left out" if done.vouchers_without_entries else ""
    )
    return (
        f"{file}: company {done.company}, {done.vouchers:,} vouchers with {done.entries:,} entries{skipped};"
        f" debits {output.money(done.debits, done.digits)} {done.currency_code}"
    )
