"""The program's role, append-only tables, identifiers and the router, on a real server."""

from __future__ import annotations

import itertools
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections, transaction
from django.utils.connection import ConnectionDoesNotExist

from tieout.database import schema
from tieout.database.aliases import ALIASES, FINANCE, OPERATIONS
from tieout.database.router import UnroutedModelError
from tieout.finance.models import Voucher
from tieout.outbox.models import Entry

pytestmark = pytest.mark.usefixtures("databases")


def _ask(alias: str, query: str) -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("alias", ALIASES)
def test_program_runs_under_the_role_without_rights_to_change_history(alias: str) -> None:
    assert _ask(alias, "select current_user") == "tieout_app"


@pytest.mark.parametrize("change", ["update finance_voucher set number = ''", "delete from finance_voucher"])
def test_append_only_is_refused_to_the_program_and_to_the_owner(change: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        _change(change)
    with schema.as_owner(), pytest.raises(DatabaseError, match="is append-only"):
        _change(change)


def _change(change: str) -> None:
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(change)


def test_identifiers_are_version_7_and_rise() -> None:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("select tieout_id(), pg_sleep(0.00002) from generate_series(1, 500)")
        made = [row[0] for row in cursor.fetchall()]
    assert {key.version for key in made} == {7}
    assert {key.variant for key in made} == {uuid.RFC_4122}
    assert len(set(made)) == 500
    # On servers before 18 the clock is read twice, so that at the turn of a millisecond a key may step back.
    assert sum(second < first for first, second in itertools.pairwise(made)) <= 25


def test_unrouted_and_ambiguous_models_are_refused() -> None:
    with pytest.raises(UnroutedModelError, match="say which"):
        Entry.objects.count()
    assert Entry.objects.using(OPERATIONS).count() == 0
    assert Voucher.objects.count() == 0
    assert Session.objects.count() == 0
    with pytest.raises(ConnectionDoesNotExist):
        connections["elsewhere"].cursor()


def test_a_table_exists_only_on_its_own_side() -> None:
    present = {alias: _ask(alias, "select to_regclass('finance_voucher') is not null") for alias in ALIASES}
    assert present == {"operations": False, "finance": True, "reconciliation": False}


def test_migrating_again_changes_nothing() -> None:
    from tieout.config.migrate import migrate

    migrate()
    assert _ask(FINANCE, "select count(*) from outbox_map where state = 'running'") == 10


def test_tables_of_another_build_are_named_as_such() -> None:
    from tieout.config.migrate import migrate
    from tieout.config.problems import TablesOfOtherBuild

    rename = "alter table operations_project rename column {} to {}"
    with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
        cursor.execute(rename.format("stage", "phase"))
    try:
        with pytest.raises(TablesOfOtherBuild, match="another build") as met:
            migrate()
        assert "stage" in met.value.missing
    finally:
        with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
            cursor.execute(rename.format("phase", "stage"))
        migrate()
