"""Random contracts: what the database says of every transaction and every change is what the referee says."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import product
from typing import Any, Final
from uuid import UUID

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reference.contract_world import CLASSES, ContractWorld
from tests.reference.ledger.billing import Referee

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Role
from tieout.operations.organization.actions import enter_set_up

CLERK: Final = Actor("ann", frozenset({Role.ADMINISTRATOR}), None)
BILLING = st.sampled_from(("chargeable", "non_chargeable"))
STAGES = st.sampled_from(("sold", "sold", "sold", "sold", "presales", "internal", "closed"))


def contracts(draw: Callable[[st.SearchStrategy[Any]], Any]) -> ContractWorld:
    """Draw projects with tasks, and lines that take some of their classes and tasks."""
    world = ContractWorld()
    unit = world.unit()
    contract = world.contract(unit)
    roles = [world.billed_role(draw(BILLING)) for _ in range(2)]
    categories = [world.billed_category(draw(BILLING)) for _ in range(2)]
    lines = [
        world.line(
            contract,
            draw(st.text("TEMF", max_size=3)),
            draw(st.sampled_from(("all", "selected", "selected"))),
            draw(st.sampled_from(("time_and_materials", "time_and_materials", "fixed_price"))),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    projects = [world.project(unit, draw(STAGES), draw(st.sampled_from(lines))) for _ in range(2)]
    tasks = [world.task(draw(st.sampled_from(projects))) for _ in range(draw(st.integers(0, 4)))]
    for line in lines:
        for project in projects:
            if draw(st.booleans()):
                world.map_project(line, project, active=draw(st.integers(0, 3)) > 0)
        for task in tasks:
            if draw(st.booleans()):
                world.select(line, task, draw(BILLING), active=draw(st.integers(0, 3)) > 0)
        for of, keys in (("role", roles), ("category", categories)):
            for key in keys:
                if draw(st.booleans()):
                    world.bill(of, line, key, draw(BILLING))
    return world


def ask(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@pytest.mark.usefixtures("databases")
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_billing_is_what_the_referee_says(data: st.DataObject) -> None:
    with transaction.atomic(using=OPERATIONS):
        world = contracts(data.draw)
        world.load()
        referee = Referee(world)
        keys = {
            table: list(world.by_id(f"operations_{table}"))
            for table in ("project", "task", "role", "category")
        }

        clashes = referee.clashes()
        found = ask("select * from operations_line_clashes(%s)", keys["project"])
        assert {(project, name, frozenset(lines)) for project, name, _, *lines in found} == clashes

        situations = [
            (project, *others)
            for project in keys["project"]
            for others in product(
                [None, *(task["id"] for task in referee.all("task", project_id=project))],
                CLASSES,
                [None, *keys["role"]],
                [None, *keys["category"]],
            )
        ]
        taken_twice = {clash[:2] for clash in clashes}
        clear = [one for one in situations if (one[0], one[2]) not in taken_twice]
        expected = [(*one, *referee.billing(*one)) for one in clear]
        assert answers(clear) == expected
        transaction.set_rollback(True, using=OPERATIONS)


def answers(situations: Sequence[tuple[UUID | str | None, ...]]) -> list[tuple[Any, ...]]:
    """Return each situation with the database's answer to it."""
    columns = [list(column) for column in zip(*situations, strict=True)] or [[]] * 5
    return ask(
        "select asked.project, asked.task, asked.class, asked.role, asked.category,"
        " found.contract_line_id, found.situation, found.billing_type"
        " from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[])"
        " with ordinality as asked (project, task, class, role, category, place)"
        " cross join lateral operations_billing("
        " asked.project, asked.task, asked.class, asked.role, asked.category) as found"
        " order by asked.place",
        *columns,
    )


class Changes:
    """Draws records as a file would bring them, and says what a world is after one of them."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], world: ContractWorld) -> None:
        self.draw = draw
        self.world = world

    def one(self, table: str) -> dict[str, Any]:
        """Draw a row of the world."""
        row: dict[str, Any] = self.draw(st.sampled_from(self.world.tables[f"operations_{table}"]))
        return row

    def record(self, entity: str) -> dict[str, Any]:
        """Draw one record of an entity."""
        line, project = self.one("contract_line"), self.one("project")
        match entity:
            case "contract_line":
                included = self.draw(st.text("TEM", max_size=2))
                terms = {f"include_{name}": int(name[0].upper() in included) for name in CLASSES}
                kept = {name: line[name] for name in ("contract_id", "line_number", "name", "billing_method")}
                return kept | terms | {"included_tasks": self.draw(st.sampled_from(("all", "selected")))}
            case "contract_line_task":
                keys = {"contract_line_id": line["id"], "task_id": self.one("task")["id"]}
                return keys | {"billing_type": self.draw(BILLING), "active": self.draw(st.integers(0, 1))}
            case "contract_line_project":
                keys = {"contract_line_id": line["id"], "project_id": project["id"]}
                return keys | {"active": self.draw(st.integers(0, 1))}
            case _:
                return {
                    "number": project["number"],
                    "name": project["name"],
                    "company": project["company_code"],
                    "contracting_unit_id": project["unit_id"],
                    "stage": project["stage"],
                    "contract_line_id": line["id"],
                }

    def after(self, entity: str, record: dict[str, Any]) -> ContractWorld:
        """Return the world with one more record in it."""
        world = deepcopy(self.world)
        key = {
            "contract_line": ("contract_id", "line_number"),
            "contract_line_task": ("contract_line_id", "task_id"),
            "contract_line_project": ("contract_line_id", "project_id"),
            "project": ("number",),
        }[entity]
        rows = world.tables[f"operations_{entity}"]
        found = [row for row in rows if all(row[name] == record[name] for name in key)]
        if found:
            found[0].update(record)
        else:
            rows.append(dict(record))
        return world

    def is_right(self, entity: str, record: dict[str, Any]) -> bool:
        """Whether the record may stand: a task of the line's projects, and nobody's work."""
        referee = Referee(self.world)
        if entity == "contract_line_task":
            (line,) = referee.all("contract_line", id=record["contract_line_id"])
            (task,) = referee.all("task", id=record["task_id"])
            (project,) = referee.all("project", id=task["project_id"])
            mapped = referee.all(
                "contract_line_project", contract_line_id=line["id"], project_id=project["id"]
            )
            is_mapped = bool(mapped) or project["contract_line_id"] == line["id"]
            if not is_mapped or line["included_tasks"] == "all":
                return False
        return not Referee(self.after(entity, record)).clashes()


@pytest.mark.usefixtures("databases")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_no_change_lets_two_lines_take_the_same_work(data: st.DataObject) -> None:
    with transaction.atomic(using=OPERATIONS):
        world = ContractWorld()
        unit = world.unit()
        contract = world.contract(unit)
        classes = st.text("TEM", max_size=2)
        drawn = [world.line(contract, data.draw(classes), "selected") for _ in range(3)]
        for project in [world.project(unit, "sold", drawn[0]) for _ in range(2)]:
            world.task(project)
            world.task(project)
        world.load()
        changes = Changes(data.draw, world)
        for _ in range(data.draw(st.integers(1, 8))):
            entity = data.draw(
                st.sampled_from(("contract_line", "contract_line_project", "contract_line_task", "project"))
            )
            record = changes.record(entity)
            text = json.dumps([{"row": 0, **record}], default=str)
            (verdict,) = enter_set_up(actor=CLERK, entity=entity, companies=(), records=text)
            assert (verdict.outcome in {"loaded", "changed", "already there"}) == changes.is_right(
                entity, record
            )
            if changes.is_right(entity, record):
                changes.world = changes.after(entity, record)
            assert not ask("select * from operations_line_clashes(array(select id from operations_project))")
        many = {json.dumps(changes.record("contract_line_project"), default=str) for _ in range(6)}
        by_key = {
            json.loads(text)["project_id"] + json.loads(text)["contract_line_id"]: text for text in many
        }
        batch = [{"row": row, **json.loads(text)} for row, text in enumerate(by_key.values())]
        enter_set_up(actor=CLERK, entity="contract_line_project", companies=(), records=json.dumps(batch))
        assert not ask("select * from operations_line_clashes(array(select id from operations_project))")
        transaction.set_rollback(True, using=OPERATIONS)
