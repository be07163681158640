"""Users: make them, give them roles and companies, give them a new password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from tieout.kernel.access import Actor, Role, Verb, permit
from tieout.workspace.models import User
from tieout.workspace.problems import UnknownRole, UnknownUser, UserExists, UserNameUnusable

PASSWORD_BYTES: Final = 15  # 20 characters


def create_user(*, actor: Actor, name: str, roles: Sequence[str], companies: Sequence[str] | None) -> str:
    """Make a user and return their password: random, shown once, kept only as a hash.

    ``companies`` None means all of them. Raises :class:`UserExists`, :class:`UnknownRole`,
    :class:`UserNameUnusable`.
    """
    permit(actor, Verb.MANAGE_USERS)
    _check_roles(roles)
    try:
        User.username_validator(name)
    except ValidationError:
        raise UserNameUnusable(user=name) from None
    if User.objects.filter(username=name).exists():
        raise UserExists(user=name)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    User.objects.create_user(
        name, password=password, roles=sorted(set(roles)), companies=_companies(companies)
    )
    return password


def set_roles(*, actor: Actor, name: str, roles: Sequence[str], companies: Sequence[str] | None) -> None:
    """Give a user these roles and companies, instead of those they had."""
    permit(actor, Verb.MANAGE_USERS)
    _check_roles(roles)
    user = _found(name)
    user.roles, user.companies = sorted(set(roles)), _companies(companies)
    user.save(update_fields=["roles", "companies"])


def reset_password(*, actor: Actor, name: str) -> str:
    """Give a user a new random password and return it; the sessions under the old one end."""
    permit(actor, Verb.MANAGE_USERS)
    user = _found(name)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def _found(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise UnknownUser(user=name)
    return user


def _check_roles(roles: Sequence[str]) -> None:
    known = tuple(Role)
    for role in roles:
        if role not in known:
            raise UnknownRole(role=role, roles=known)


def _companies(companies: Sequence[str] | None) -> list[str] | None:
    return None if companies is None else sorted(set(companies))
