"""Asks whether a database answers; that an old connection to it is broken says nothing."""

from __future__ import annotations

from typing import Final

from django.db import Error, InterfaceError, OperationalError, connections

UNANSWERED: Final = (OperationalError, InterfaceError)
"""What is raised when a database does not answer; also other errors of operation are, so ask."""


def why_away(alias: str) -> str | None:
    """Return what stands in the way of database ``alias``, on one line; None when it answers.

    A connection that broke earlier is opened anew first. Not for use within a transaction of it.
    """
    for connection in (connections[alias],) * 2:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except Error as error:
            connection.close()
            said = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
        else:
            return None
    return said or "no answer"


def let_go(alias: str) -> None:
    """Close the connection of a thread that was lent for one piece of work, unless somebody is within it."""
    if not connections[alias].in_atomic_block:
        connections[alias].close()
