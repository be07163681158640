"""What arrived in staging is recorded per company: import knows its worklist without looking for it."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE

_RECORD: Final = {
    "msdyn_actuals": sql.load("tieout.finance.staging", "record_actuals"),
    "msdyn_transactionconnections": sql.load("tieout.finance.staging", "record_connections"),
}


def record_intake(*, map: str, batch_id: int) -> None:  # noqa: A002  the field's word
    """Record what delivery batch ``batch_id`` of ``map`` brought, one row per company.

    Part of the transaction that lands the batch. A map that finance keeps no intake of raises
    :class:`KeyError`; the same batch twice, :class:`~django.db.IntegrityError`.
    """
    if not transaction.get_connection(FINANCE).in_atomic_block:
        raise transaction.TransactionManagementError("an intake is recorded in the transaction that lands it")
    sql.run(FINANCE, _RECORD[map], map=map, batch_id=batch_id)
