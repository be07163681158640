"""Advisory locks: the same job started twice at once runs once.

A lock is held by the transaction (``pg_advisory_xact_lock``) or by the session; both are freed by the
server when the program dies, so that a crash never leaves a job locked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction


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
        if held:
            _let_go(alias, key)


def wait_in_transaction(alias: str, *name: str) -> None:
    """Wait for the lock ``name`` and hold it until the current transaction ends."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock_key(*name)])


def share_in_transaction(alias: str, *name: str) -> None:
    """Hold the lock ``name`` until the current transaction ends, beside others who share it.

    Waits for one who has it, or waits for it, alone (:func:`wait_in_transaction`).
    """
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [lock_key(*name)])


@contextmanager
def wait_in_session(alias: str, *name: str) -> Iterator[None]:
    """Wait for the lock ``name``; this session holds it for the block, in no transaction."""
    key = lock_key(*name)
    with transaction.atomic(using=alias, durable=True), connections[alias].cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        _let_go(alias, key)


def is_waited_for(alias: str, *name: str) -> bool:
    """Whether another session waits for the lock ``name``, which this one holds."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select exists ("
            "select from pg_locks where locktype = 'advisory' and not granted and objsubid = 1"
            " and (classid::bigint << 32) | objid::bigint = %s"
            " and database = (select oid from pg_database where datname = current_database()))",
            [lock_key(*name)],
        )
        return bool(cursor.fetchone()[0])


def _let_go(alias: str, key: int) -> None:
    if connections[alias].is_usable():  # a session that is gone holds nothing
        with connections[alias].cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [key])
