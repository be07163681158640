"""Asks whether a database answers; that an old connection to it is broken says nothing."""

from __future__ import annotations

from django.db import Error, connections


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
