"""A journal of 50,000 lines is entered and confirmed by statements whose number does not grow with it."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.database.operations.journals import MAKER, Books, as_file, confirm, line
from tests.database.operations.ledger import rows

from tieout.database.aliases import OPERATIONS
from tieout.loading.actions import load

pytestmark = pytest.mark.usefixtures("databases")

logs = logging.getLogger(__name__)
LINES = 50_000


def test_fifty_thousand_lines_are_confirmed_by_one_statement(tmp_path: Path) -> None:
    Books().load()
    kinds = ("cost", "unbilled_sales")
    path = as_file(
        tmp_path,
        *(
            line(line_number=place, transaction_type=kinds[place % 2], date=f"2025-03-{place % 28 + 1:02d}")
            for place in range(1, LINES + 1)
        ),
    )
    started = time.monotonic()
    assert load(actor=MAKER, entity="journal_line", files=[path]).codes == {}
    entered = time.monotonic()
    with CaptureQueriesContext(connections[OPERATIONS]) as captured:
        assert confirm().made == LINES
    confirmed = time.monotonic()
    # The lock, the journal, the lines; the rest begins and ends the transaction.
    statements = [one["sql"] for one in captured if "insert into operations_actual" in one["sql"]]
    assert len(statements) == 1
    assert len(captured) < 10
    assert rows(
        "select transaction_type, count(*), sum(amount)::int from operations_actual group by 1 order by 1"
    ) == [
        ("cost", LINES // 2, LINES // 2 * 640),
        ("unbilled_sales", LINES // 2, LINES // 2 * 960),
    ]
    assert rows("select count(distinct price_trace_id) from operations_actual") == [(28,)]
    logs.info("entered in %.1f s, confirmed in %.1f s", entered - started, confirmed - entered)
