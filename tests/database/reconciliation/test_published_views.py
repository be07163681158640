"""The contract between a side and its judge: names and types of every ``fact_*`` view."""

from __future__ import annotations

import re

import pytest
from django.db import connections

from tieout.database.aliases import RECONCILIATION
from tieout.database.transfer import columns_of_query, columns_of_table
from tieout.reconciliation.collectors.queries import columns_of, reading
from tieout.reconciliation.collectors.rules import FACTS, Fact, Mode

pytestmark = pytest.mark.usefixtures("databases")
INCREMENTAL = [fact for fact in FACTS if fact.mode is Mode.INCREMENTAL]


@pytest.mark.parametrize("fact", FACTS.rows, ids=lambda fact: fact.view)
def test_view_and_table_have_the_same_names_types_and_modifiers(fact: Fact) -> None:
    published = columns_of_query(fact.side, reading(fact, since=None), {})
    expected = columns_of_table(RECONCILIATION, fact.view, list(columns_of(fact)))
    assert published == expected
    assert set(fact.key_columns) <= {column.name for column in expected}


@pytest.mark.parametrize("fact", INCREMENTAL, ids=lambda fact: fact.view)
def test_what_is_new_is_found_through_an_index_on_the_transaction(fact: Fact) -> None:
    query = reading(fact, since="100:100:")
    with connections[fact.side].cursor() as cursor:
        for other_way in ("seqscan", "hashjoin", "mergejoin"):  # the tables are empty, all ways cost nothing
            cursor.execute(f"set enable_{other_way} = off")
        cursor.execute(f"explain {query}", {"since": "100:100:"})
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("reset all")
    assert re.search(r"Index Cond: \((\w+\.)?xid >= '100'::xid8\)", plan), plan
