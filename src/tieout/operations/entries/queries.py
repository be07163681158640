"""What a time entry can name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit

CHOICES_MAX: Final = 200

_CHOICES: Final = sql.load("tieout.operations.entries", "entry_choices")


@dataclass(frozen=True, slots=True)
class Choice:
    """One resource, project or role (``kind``) that an entry can name; ``own``: the asker as a resource."""

    kind: str
    code: str
    name: str
    own: bool


def entry_choices(*, actor: Actor, company: str) -> tuple[Choice, ...]:
    """Return what a time entry of ``company`` can name, at most ``CHOICES_MAX`` of a kind, own first."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _CHOICES, company=company, user_name=actor.name, row_limit=CHOICES_MAX)
    return tuple(Choice(**row) for row in found)
