"""Roles, customers, contracts and their lines: mastered in operations, mirrored in finance by a map each."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, outcome, rows

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver, deliver_all
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.problems import MapNotRunning
from tieout.dualwrite.maps.queries import maps
from tieout.dualwrite.maps.rules import MAPS, Policy, State
from tieout.operations.organization.actions import enter_set_up

pytestmark = pytest.mark.usefixtures("databases")


@dataclass(frozen=True)
class Travels:
    """One entity, its map, and one record of it: as loaded first, then changed twice.

    ``query`` asks finance for the record; ``mirrors`` are its answers after each of the ``texts``.
    """

    entity: str
    map: str
    query: str
    header: str
    texts: tuple[str, str, str]
    mirrors: tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]

    @property
    def table(self) -> str:
        """The master's table."""
        return f"operations_{self.entity}"

    def load(self, folder: Path, text: str) -> None:
        """Load the record from a file."""
        done = enter(folder, self.entity, f"{self.header}\n{text}\n")
        assert outcome(done) == (1, 1, 0, 0)

    def mirrored(self) -> list[tuple[Any, ...]]:
        """Return what finance has of the record."""
        return rows(FINANCE, self.query)


TRAVELS = (
    Travels(
        "role",
        "bookableresourcecategories",
        "select code, name, version from finance_role where code = 'QA'",
        "code,name",
        ("QA,Tester", "QA,Senior tester", "QA,Lead tester"),
        (("QA", "Tester", 1), ("QA", "Senior tester", 2), ("QA", "Lead tester", 3)),
    ),
    Travels(
        "customer",
        "accounts",
        "select company_code, account_number, name, version from finance_customer"
        " where account_number = 'C2'",
        "company,account_number,name",
        ("NL01,C2,Pilot", "NL01,C2,Pilot & Co", "NL01,C2,Pilots"),
        (("NL01", "C2", "Pilot", 1), ("NL01", "C2", "Pilot & Co", 2), ("NL01", "C2", "Pilots", 3)),
    ),
    Travels(
        "contract",
        "salesorders",
        "select t.number, t.name, c.account_number, t.company_code, t.unit_code, t.currency_code, t.version"
        " from finance_contract t join finance_customer c on c.id = t.customer_id where t.number = 'K2'",
        "number,name,customer,company,contracting_unit,currency",
        ("K2,Quays,C1,NL01,NL,EUR", "K2,Quays,C1,NL01,NL,USD", "K2,Quays,C1,NL01,SEA,USD"),
        (
            ("K2", "Quays", "C1", "NL01", "NL", "EUR", 1),
            ("K2", "Quays", "C1", "NL01", "NL", "USD", 2),
            ("K2", "Quays", "C1", "NL01", "SEA", "USD", 3),
        ),
    ),
    Travels(
        "contract_line",
        "salesorderdetails",
        "select k.number, l.line_number, l.name, l.billing_method, l.version"
        " from finance_contract_line l join finance_contract k on k.id = l.contract_id"
        " where l.line_number = 2",
        "contract,line_number,name,billing_method",
        ("K1,2,Piles,fixed_price", "K1,2,Piles,time_and_materials", "K1,2,Poles,time_and_materials"),
        (
            ("K1", 2, "Piles", "fixed_price", 1),
            ("K1", 2, "Piles", "time_and_materials", 2),
            ("K1", 2, "Poles", "time_and_materials", 3),
        ),
    ),
)
by_entity = pytest.mark.parametrize("one", TRAVELS, ids=lambda one: one.entity)


@pytest.fixture(autouse=True)
def set_up(databases: None, tmp_path: Path) -> None:
    units = firm.SET_UP["organizational_unit"]
    firm.set_up(tmp_path / "setup", organizational_unit=f"{units}SEA,Sea,NL01,EUR\n")


def identifier(one: Travels) -> str:
    """Return the identifier that operations gave the record."""
    known = {"role": "code = 'QA'", "customer": "account_number = 'C2'", "contract": "number = 'K2'"}
    query = f"select id::text from {one.table} where {known.get(one.entity, 'line_number = 2')}"
    return str(rows(OPERATIONS, query)[0][0])


def test_the_whole_firm_is_mirrored_under_the_identifiers_of_its_master() -> None:
    for one in TRAVELS:
        master = rows(OPERATIONS, f"select id, version from {one.table} order by id")
        assert len(master) == 1
        assert rows(FINANCE, f"select id, version from finance_{one.entity} order by id") == master


@by_entity
def test_a_loaded_record_arrives_with_every_field_and_each_change_as_newer(
    tmp_path: Path, one: Travels
) -> None:
    for text, mirror in zip(one.texts, one.mirrors, strict=True):
        one.load(tmp_path, text)
        assert one.mirrored() == [mirror]


@by_entity
def test_an_older_one_never_overwrites(tmp_path: Path, one: Travels) -> None:
    for text in one.texts:
        one.load(tmp_path, text)
    key = identifier(one)
    with transaction.atomic(using=OPERATIONS), connections[OPERATIONS].cursor() as cursor:
        cursor.execute(f"update {one.table} set name = 'Late', version = 2 where id = %s", [key])
        cursor.execute("insert into outbox_entry (map, key) values (%s, %s)", [one.map, key])
    done = deliver(actor=OPERATOR, map=one.map)
    assert (done.stated, done.landed) == (1, 0)
    assert one.mirrored() == [one.mirrors[2]]


@by_entity
@pytest.mark.parametrize("state", [State.PAUSED, State.NOT_RUNNING])
def test_what_is_loaded_meanwhile_goes_when_the_map_starts(
    tmp_path: Path, one: Travels, state: State
) -> None:
    one.load(tmp_path, one.texts[0])
    set_state(actor=OPERATOR, map=one.map, state=state)
    one.load(tmp_path, one.texts[1])
    one.load(tmp_path, one.texts[2])
    assert one.mirrored() == [one.mirrors[0]]
    set_state(actor=OPERATOR, map=one.map, state=State.RUNNING)
    done = {found.map: found.landed for found in deliver_all(actor=OPERATOR)}
    assert done == {one.map: 1}
    assert one.mirrored() == [one.mirrors[2]]


@by_entity
def test_a_record_entered_while_its_map_did_not_run_is_there_after_the_start(
    tmp_path: Path, one: Travels
) -> None:
    set_state(actor=OPERATOR, map=one.map, state=State.NOT_RUNNING)
    one.load(tmp_path, one.texts[0])
    with pytest.raises(MapNotRunning):
        deliver(actor=OPERATOR, map=one.map)
    # Paused first: the initial write waits with what else is stated.
    set_state(actor=OPERATOR, map=one.map, state=State.PAUSED)
    waiting = {found.map.map: found.waiting for found in maps(actor=OPERATOR) if found.waiting}
    assert waiting == {one.map: 2}
    one.load(tmp_path, one.texts[1])
    assert one.mirrored() == []
    set_state(actor=OPERATOR, map=one.map, state=State.RUNNING)
    done = deliver(actor=OPERATOR, map=one.map)
    assert (done.stated, done.landed) == (2, 1)
    assert one.mirrored() == [one.mirrors[1]]


def test_a_map_that_ran_states_nothing_when_it_is_started_again() -> None:
    for state in (State.RUNNING, State.PAUSED, State.RUNNING, State.NOT_RUNNING):
        set_state(actor=OPERATOR, map="accounts", state=state)
    assert rows(OPERATIONS, "select count(*) from outbox_entry") == [(0,)]


def test_a_start_waits_for_who_entered_a_record_before_it(tmp_path: Path) -> None:
    """Who found the map not running may commit late; the record is in the initial write all the same."""
    customer = TRAVELS[1]
    set_state(actor=OPERATOR, map=customer.map, state=State.NOT_RUNNING)
    entered, starting = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic(using=OPERATIONS), connections[OPERATIONS].cursor() as cursor:
            cursor.execute(
                "insert into operations_customer (company_code, account_number, name, version)"
                " values ('NL01', 'C2', 'Pilot', 1)"
            )
            entered.set()
            starting.wait(20)
        connections[OPERATIONS].close()

    def start() -> None:
        set_state(actor=OPERATOR, map=customer.map, state=State.RUNNING)
        connections[OPERATIONS].close()

    writer, starter = threading.Thread(target=slow_writer), threading.Thread(target=start)
    writer.start()
    assert entered.wait(20)
    starter.start()
    starter.join(0.5)
    assert starter.is_alive()
    starting.set()
    writer.join()
    starter.join()
    deliver(actor=OPERATOR, map=customer.map)
    assert customer.mirrored() == [customer.mirrors[0]]


def test_who_enters_a_record_during_a_start_waits_and_states_it_himself() -> None:
    """A start keeps writers out until its commit; the next one finds the map running."""
    customer = TRAVELS[1]
    set_state(actor=OPERATOR, map=customer.map, state=State.NOT_RUNNING)
    entering = threading.Event()

    def writer() -> None:
        with transaction.atomic(using=OPERATIONS):
            rows(OPERATIONS, "select 1")
            entering.set()
            record = {"row": 0, "company": "NL01", "account_number": "C2", "name": "Pilot"}
            enter_set_up(actor=OPERATOR, entity="customer", companies={"NL01"}, records=json.dumps([record]))
        connections[OPERATIONS].close()

    late = threading.Thread(target=writer)
    with transaction.atomic(using=OPERATIONS):
        rows(OPERATIONS, "update outbox_map set state = 'running' where map = 'accounts' returning map")
        rows(OPERATIONS, "select outbox_begin_initial_write('accounts', 'operations_customer', 'ines')")
        late.start()
        assert entering.wait(20)
        late.join(0.5)
        assert late.is_alive()
    late.join()
    deliver(actor=OPERATOR, map=customer.map)
    assert customer.mirrored() == [customer.mirrors[0]]


def test_each_set_up_map_names_its_master_and_no_other_map_does() -> None:
    named = {row.map for row in MAPS if row.master is not None}
    assert named == {row.map for row in MAPS if row.policy is Policy.NEWER}
    for row in MAPS:
        if row.master is not None:
            assert row.master.removeprefix(row.source) == row.table.removeprefix(row.target)


def test_what_is_referred_to_goes_first() -> None:
    order = {row.map: row.order for row in MAPS}
    chain = ("cdm_companies", "accounts", "salesorders", "salesorderdetails", "msdyn_projects")
    assert sorted(chain, key=order.__getitem__) == list(chain)
    assert order["bookableresourcecategories"] < order["msdyn_actuals"]


def test_a_project_follows_its_contract_line_also_when_the_map_of_lines_does_not_run(tmp_path: Path) -> None:
    situation = "select situation, version from finance_project where number = 'QUAY'"
    line = "select billing_method, version from finance_contract_line"
    header = "contract,line_number,name,billing_method\n"
    set_state(actor=OPERATOR, map="salesorderdetails", state=State.NOT_RUNNING)
    done = enter(tmp_path, "contract_line", f"{header}K1,1,Work,fixed_price\n")
    assert done.maps_not_running == ("salesorderdetails",)
    assert rows(FINANCE, situation) == [("fixed_price", 2)]
    assert rows(FINANCE, line) == [("time_and_materials", 1)]
    set_state(actor=OPERATOR, map="salesorderdetails", state=State.RUNNING)
    set_state(actor=OPERATOR, map="msdyn_projects", state=State.NOT_RUNNING)
    enter(tmp_path, "contract_line", f"{header}K1,1,Works,time_and_materials\n")
    assert rows(FINANCE, line) == [("time_and_materials", 3)]
    assert rows(FINANCE, situation) == [("fixed_price", 2)]
    set_state(actor=OPERATOR, map="msdyn_projects", state=State.RUNNING)
    deliver(actor=OPERATOR, map="msdyn_projects")
    assert rows(FINANCE, situation) == [("time_and_materials", 3)]
