"""A project on time and materials in the company of the screens: 100 an hour of cost, 200 of sales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django.test import Client
from tests.database.operations.ledger import rows
from tests.reference.world import World

DAY: Final = date(2025, 3, 3)


@dataclass(frozen=True)
class Place:
    """Where somebody works: the codes that an entry names."""

    company: str
    resource: str
    project: str
    role: str


def place(world: World, company: str = "USMF", *, priced: bool = True) -> Place:
    """Add a unit, a resource, a role and a sold project of ``company``, which is set up already."""
    unit, role = world.unit(company, "USD"), world.role()
    project, contract = world.sold_project(unit, "time_and_materials", "USD", company)
    if priced:
        world.role_price(world.price_list("USD", unit=unit), role, "100")
        world.role_price(world.price_list("USD", contract=contract), role, "200")
    resource = world.resource(unit, company)
    world.load()
    return Place(
        company,
        world.by_id("operations_resource")[resource]["code"],
        world.by_id("operations_project")[project]["number"],
        world.by_id("operations_role")[role]["code"],
    )


def typed(at: Place, number: UUID | None = None, /, **other: str) -> dict[str, str]:
    """Return what the form of a time entry of 8 hours sends."""
    return {
        "do": "enter",
        "external_id": f"TE-{number or uuid4()}",
        "type": "work",
        "resource": at.resource,
        "project": at.project,
        "role": at.role,
        "date": DAY.isoformat(),
        "hours": "8",
        "description": "drawing",
        **other,
    }


def entered(client: Client, at: Place, **other: str) -> UUID:
    """Enter one time entry on the page and return its key."""
    number = uuid4()
    answer = client.post(f"/companies/{at.company}/time/", typed(at, number, **other))
    assert f"Entered as draft TE-{number}." in answer.content.decode()
    [(key,)] = rows("select id from operations_entry where external_id = %s", f"TE-{number}")
    return UUID(str(key))


def press(client: Client, page: str, do: str, *keys: UUID, view: str = "", **other: Any) -> str:
    """Press a button for these rows and return the page that answers."""
    data = {"do": do, "entry": [str(key) for key in keys], **other}
    answer = client.post(f"{page}?view={view}" if view else page, data)
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(answer.content.decode().split())


def shown(client: Client, page: str, view: str = "") -> str:
    """Return a page as text with single blanks."""
    answer = client.get(page, {"view": view} if view else {})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())
