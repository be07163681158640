"""Problems of set-up that are met rarely: each is said with its code, and nothing is changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connections, transaction
from tests.database.finance.world import COMPANY, build

from tieout.config import health
from tieout.config.program import TieoutProgram
from tieout.database import schema
from tieout.database.aliases import FINANCE
from tieout.database.embedded import EmbeddedServerError
from tieout.demo import actions as demo
from tieout.demo import files
from tieout.demo.problems import DatabasesInUse, DemoIncomplete
from tieout.demo.world import World, generate
from tieout.dualwrite.maps.queries import hindrances
from tieout.kernel.access import Actor, Role
from tieout.workspace.actions import create_user
from tieout.workspace.problems import UserExists

pytestmark = pytest.mark.usefixtures("databases")
ADMINISTRATOR = Actor("ada", frozenset({Role.ADMINISTRATOR}), None)


def _found() -> set[str]:
    return {one.problem.code for one in health.databases() if one.problem is not None}


def test_a_server_an_encoding_and_a_role_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found() == set()
    for name, value, code in (
        ("VERSION_REQUIRED", 99, "CFG-102"),
        ("ENCODING_REQUIRED", "EBCDIC", "CFG-107"),
        ("APP_ROLE", "somebody", "CFG-103"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(health, name, value)
            assert _found() == {code}
    problem = TieoutProgram().explain(EmbeddedServerError("no room"))
    assert problem is not None
    assert (problem.code, "no room" in problem.message) == ("CFG-108", True)


def test_a_map_that_lands_in_a_table_without_its_key() -> None:
    with schema.as_owner(), transaction.atomic(using=FINANCE):
        with connections[FINANCE].cursor() as cursor:
            cursor.execute("alter table finance_staged_actual drop constraint finance_staged_actual_pkey")
        told = [one.message for one in hindrances(actor=ADMINISTRATOR) if one.code == "DW-214"]
        transaction.set_rollback(True, using=FINANCE)
    assert told == ["Map msdyn_actuals lands in finance_staged_actual, whose key actual_id is not unique."]
    assert "DW-214" not in {one.code for one in hindrances(actor=ADMINISTRATOR)}


def test_a_name_is_given_once() -> None:
    create_user(actor=ADMINISTRATOR, name="eve", roles=["auditor"], companies=None)
    with pytest.raises(UserExists):
        create_user(actor=ADMINISTRATOR, name="eve", roles=["auditor"], companies=None)


def test_the_demo_is_built_into_empty_databases_only(tmp_path: Path) -> None:
    build()
    with pytest.raises(DatabasesInUse) as met:
        demo.build(world=generate(seed=1, today=date(2024, 6, 1)), folder=tmp_path, tell=lambda _: None)
    assert COMPANY in met.value.message


def test_the_demo_says_when_its_files_and_the_program_do_not_fit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files.write_set_up

    def of_another_release(world: World, folder: Path) -> Path:
        written = write(world, folder)
        (written / "vendor.csv").write_text("account_number,name,company\nV1,Vendor,GONE\n")
        return written

    monkeypatch.setattr(files, "write_set_up", of_another_release)
    with pytest.raises(DemoIncomplete) as met:
        demo.build(world=generate(seed=1, today=date(2024, 6, 1)), folder=tmp_path, tell=lambda _: None)
    assert (met.value.code, met.value.entity, met.value.rejected) == ("CFG-303", "vendor", 1)
