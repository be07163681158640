"""Users, for who manages them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tieout.kernel.access import Actor, Verb, permit
from tieout.workspace.models import User


@dataclass(frozen=True, slots=True)
class UserView:
    """One user; ``companies`` None means all of them."""

    name: str
    roles: tuple[str, ...]
    companies: tuple[str, ...] | None
    is_active: bool
    last_login: datetime | None


def users(*, actor: Actor) -> list[UserView]:
    """Return every user by name."""
    permit(actor, Verb.MANAGE_USERS)
    return [
        UserView(
            name=user.username,
            roles=tuple(user.roles),
            companies=None if user.companies is None else tuple(user.companies),
            is_active=user.is_active,
            last_login=user.last_login,
        )
        for user in User.objects.order_by("username")
    ]
