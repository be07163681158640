"""The users of the workspace: create, list, set-roles, reset-password."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

commands = typer.Typer(help="The users of the workspace.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="User name.")]
RoleOption = Annotated[
    list[str], typer.Option("--role", help="A role of the table of roles; repeat for more.")
]
CompanyOption = Annotated[
    list[str] | None, typer.Option("--company", help="A company they may see; repeat for more.")
]
AllCompanies = Annotated[bool, typer.Option("--all-companies", help="They may see every company.")]


@commands.command()
def create(
    context: typer.Context,
    name: Name,
    role: RoleOption,
    company: CompanyOption = None,
    all_companies: AllCompanies = False,
) -> None:
    """Make a user; their random password is printed once."""
    call = call_of(context)
    call.start()
    from tieout.workspace.actions import create_user  # noqa: PLC0415  Django is set up first

    password = create_user(
        actor=call.actor, name=name, roles=role, companies=_companies(company, all_companies=all_companies)
    )
    output.say(f"User {name} made. Password (shown only now): {password}")


@commands.command("list")
def list_users(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the users with their roles and companies."""
    call = call_of(context)
    call.start()
    from tieout.workspace.queries import users  # noqa: PLC0415  Django is set up first

    found = users(actor=call.actor)
    if as_json:
        output.print_json(found)
        return
    output.table(
        "Users",
        ("name", "roles", "companies", "last login"),
        (
            (
                user.name if user.is_active else f"{user.name} (inactive)",
                ", ".join(user.roles),
                "all" if user.companies is None else ", ".join(user.companies) or "none",
                f"{user.last_login:%Y-%m-%d %H:%M}" if user.last_login else "never",
            )
            for user in found
        ),
    )


@commands.command("set-roles")
def set_roles(
    context: typer.Context,
    name: Name,
    role: RoleOption,
    company: CompanyOption = None,
    all_companies: AllCompanies = False,
) -> None:
    """Give a user these roles and companies instead of those they had."""
    call = call_of(context)
    call.start()
    from tieout.workspace import actions  # noqa: PLC0415  Django is set up first

    actions.set_roles(
        actor=call.actor, name=name, roles=role, companies=_companies(company, all_companies=all_companies)
    )
    output.say(f"User {name}: {', '.join(sorted(set(role)))}.")


@commands.command("reset-password")
def reset_password(context: typer.Context, name: Name) -> None:
    """Give a user a new random password; it is printed once."""
    call = call_of(context)
    call.start()
    from tieout.workspace import actions  # noqa: PLC0415  Django is set up first

    output.say(f"Password of {name} (shown only now): {actions.reset_password(actor=call.actor, name=name)}")


def _companies(given: list[str] | None, *, all_companies: bool) -> list[str] | None:
    if all_companies == bool(given):
        raise typer.BadParameter("say --company CODE (as often as needed) or --all-companies")
    return None if all_companies else given
