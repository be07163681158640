"""The small world in a company that prevalidates: all that operations made is valid, but what it has lost.

What operations states of an actual and what finance has staged of it are compared to the last decimal.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections
from tests.journeys import chain, proofs
from tests.scale import world

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.prevalidation.actions import Prevalidated, prevalidate_actuals
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.loading.actions import load_set_up

CLERK, COMPANY = chain.CLERK, world.COMPANY
STAGED = "select count(*) from finance_staged_actual"


@pytest.mark.usefixtures("databases")
def test_all_that_operations_made_is_valid_and_comes_home(tmp_path: Path) -> None:
    chain.write_world(tmp_path)
    chain.set_up(tmp_path)
    _prevalidate_at_once(tmp_path / "more")
    chain.run_documents(tmp_path)
    ((staged,),) = proofs.rows(FINANCE, STAGED)
    assert staged == 94
    assert proofs.rows(FINANCE, "select count(*) from finance_integration_journal_line") == [(0,)]
    lost = _lose_one()
    assert prevalidate_actuals(actor=CLERK, company=COMPANY) == Prevalidated(staged, staged - 1, 1)
    assert import_from_staging(actor=CLERK, company=COMPANY).lines == staged - 1
    post_integration_journals(actor=CLERK, company=COMPANY)
    deliver_all(actor=CLERK)
    assert proofs.rows(FINANCE, "select actual_id, validation from finance_staging_retry") == [
        (lost, "invalid")
    ]
    assert proofs.rows(OPERATIONS, "select count(*) from operations_actual_posting") == [(staged - 1,)]


def _prevalidate_at_once(folder: Path) -> None:
    """Turn the option on as a user does: by a file."""
    folder.mkdir()
    (folder / "integration_parameters.csv").write_text(
        "company,expense_integration_account,procurement_integration_account,line_limit,prevalidation,"
        f"prevalidation_minutes\n{COMPANY},300200,300100,0,yes,0\n",
        encoding="utf-8",
    )
    load_set_up(actor=CLERK, folder=folder)


def _lose_one() -> object:
    """Take the newest sale of time out of operations, past every verb, as a restore from an old copy does."""
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("reset role; alter table operations_actual disable trigger user")
        cursor.execute(
            "delete from operations_actual where id = (select id from operations_actual where source_kind ="
            " 'time_entry' and transaction_type = 'unbilled_sales' order by id desc limit 1) returning id"
        )
        (lost,) = cursor.fetchone()
        cursor.execute("alter table operations_actual enable trigger user; set role tieout_app")
    return lost
