"""The one place where a user becomes an actor: name, roles, companies."""

from __future__ import annotations

from tieout.kernel.access import Actor
from tieout.workspace.models import User
from tieout.workspace.problems import UnknownUser


def actor_of(user: User) -> Actor:
    """Return the actor that a user of the workspace is."""
    return Actor(
        name=user.username,
        roles=frozenset(user.roles),
        companies=None if user.companies is None else frozenset(user.companies),
    )


def actor_named(name: str) -> Actor:
    """Return the actor that the active user called ``name`` is; raise :class:`UnknownUser`."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise UnknownUser(user=name)
    return actor_of(user)
