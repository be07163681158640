"""Advisory locks: the same job started twice at once runs once.

A lock is held by the transaction (``pg_advisory_xact_lock``) or by the session; both are freed by the
server when the program dies, so that a crash never leaves a job locked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections


def lock_key(*parts: str) -> int:
    """Return the number under which the server lists the lock of this name."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@contextmanager
def session_lock(alias: str, *name: str) -> Iterator[bool]:
    """Yield True when this session now holds the lock ``name``, False when another one does."""
    key = lock_key(*name)
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [key])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held and connections[alias].is_usable():
            with connections[alias].cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [key])


def wait_in_transaction(alias: str, *name: str) -> None:
    """Wait for the lock ``name`` and hold it until the current transaction ends."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock_key(*name)])
