"""Which contract line takes a transaction, how it is billed, and what entering refuses (spec 4.9)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import enter, lines, outcome, reasons, rows
from tests.database.operations.ledger import MANAGER
from tests.reference.contract_world import CLASSES, ContractWorld

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, Role
from tieout.loading.actions import load_set_up
from tieout.operations.organization.queries import Billing, billing

pytestmark = pytest.mark.usefixtures("databases")

WORDS = {"C": "chargeable", "NC": "non_chargeable", "NA": "not_available"}
APPENDIX_C = """
 #  included  tasks     role  category  task  time  expense  material
 1  TEM       all       C     C         -     C     C        C
 2  TEM       selected  C     C         C     C     C        C
 3  TEM       selected  NC    C         C     NC    C        C
 4  TEM       selected  C     C         NC    NC    NC       NC
 5  TEM       selected  NC    C         NC    NC    NC       NC
 6  TEM       selected  NC    NC        C     NC    NC       C
 7  EM        all       -     C         -     NA    C        C
 8  EM        all       -     NC        -     NA    NC       C
 9  TM        all       C     -         -     C     NA       C
10  TM        all       NC    -         -     NC    NA       C
11  TE        all       C     C         -     C     C        NA
12  TE        all       NC    NC        -     NC    NC       NA
"""
VECTORS = [row.split() for row in APPENDIX_C.strip().splitlines()[1:]]


@pytest.mark.parametrize("from_master", [False, True], ids=["said by the line", "said by the master"])
@pytest.mark.parametrize("vector", VECTORS, ids=[vector[0] for vector in VECTORS])
def test_t32_the_matrix_of_appendix_c(vector: list[str], from_master: bool) -> None:  # noqa: FBT001
    _, included, tasks, of_role, of_category, of_task, *expected = vector
    world = ContractWorld()
    unit = world.unit()
    line = world.line(world.contract(unit), included, tasks)
    project = world.project(unit, "sold", line)
    said = [WORDS.get(one, "chargeable") for one in (of_role, of_category)]
    contrary = ["non_chargeable" if one == "chargeable" else "chargeable" for one in said]
    role, category = (
        add(master)
        for add, master in zip(
            (world.billed_role, world.billed_category), said if from_master else contrary, strict=True
        )
    )
    if not from_master:
        world.bill("role", line, role, said[0])
        world.bill("category", line, category, said[1])
    task = world.task(project)
    if tasks == "selected":
        world.select(line, task, WORDS[of_task])
    world.load()

    found = [
        billing(
            actor=MANAGER, project=project, transaction_class=one, task=task, role=role, category=category
        )
        for one in CLASSES[:3]
    ]
    assert [one.billing_type for one in found] == [WORDS[one] for one in expected]
    assert [one.contract_line_id for one in found] == [None if one == "NA" else line for one in expected]


@pytest.mark.parametrize(
    ("stage", "method", "situation", "billing_type"),
    [
        ("sold", "time_and_materials", "time_and_materials", "chargeable"),
        ("sold", "fixed_price", "fixed_price", "chargeable"),
        ("presales", "time_and_materials", "presales", "not_available"),
        ("internal", "fixed_price", "internal", "not_available"),
        ("closed", "time_and_materials", "closed", "not_available"),
    ],
)
def test_the_situation_of_a_transaction(stage: str, method: str, situation: str, billing_type: str) -> None:
    world = ContractWorld()
    unit = world.unit()
    contract = world.contract(unit)
    line = world.line(contract, method=method)
    project = world.project(unit, stage, line)
    world.load()
    found = billing(actor=MANAGER, project=project, transaction_class="time", role=None)
    of_line, of_contract = (line, contract) if stage == "sold" else (None, None)
    assert found == Billing(of_line, of_contract, situation, billing_type)


def test_work_that_no_line_takes_is_cost_only() -> None:
    world = ContractWorld()
    unit = world.unit()
    line = world.line(world.contract(unit), "T", "selected")
    project = world.project(unit, "sold", line)
    taken, ended, other = (world.task(project) for _ in range(3))
    world.select(line, taken)
    world.select(line, ended, active=False)
    world.load()

    def line_of(task: object, transaction_class: str = "time") -> Billing:
        return billing(actor=MANAGER, project=project, transaction_class=transaction_class, task=task)  # type: ignore[arg-type]

    nobody = Billing(None, None, "fixed_price", "not_available")
    assert line_of(taken).contract_line_id == line
    for task, transaction_class in (
        (ended, "time"),
        (other, "time"),
        (None, "time"),
        (taken, "expense"),
        (taken, "milestone"),
    ):
        assert line_of(task, transaction_class) == nobody


def test_who_may_ask() -> None:
    world = ContractWorld()
    project = world.project(world.unit())
    world.load()
    stranger = Actor(name="sue", roles=frozenset({Role.PROJECT_MANAGER}), companies=frozenset({"NL01"}))
    with pytest.raises(CompanyNotPermitted):
        billing(actor=stranger, project=project, transaction_class="time")


# ---------------------------------------------------------------- T33, by files


LINE = "contract,line_number,name,billing_method,include_time,include_expense,include_material,included_tasks"
MAPPED = "contract,contract_line,project"
SELECTED = "contract,contract_line,project,task"
TASKS = "project,number\nQUAY,A\nQUAY,B\nPIER,A\n"


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm whose project QUAY is on line 1 of contract K1, with tasks A and B."""
    firm.set_up(tmp_path / "setup", task=TASKS)
    return tmp_path


def clashes() -> int:
    query = "select count(*) from operations_line_clashes(array(select id from operations_project))"
    return int(rows(OPERATIONS, query)[0][0])


T33 = {
    "all tasks twice": (("yes,yes,yes,all", "yes,yes,yes,all"), "", ["LOAD-343"]),
    "all tasks twice, one class in common": (("yes,yes,no,all", "no,yes,yes,all"), "", ["LOAD-343"]),
    "all tasks, other classes": (("yes,no,no,all", "no,yes,yes,all"), "", []),
    "all tasks beside selected tasks": (("yes,yes,yes,all", "yes,yes,yes,selected"), "", ["LOAD-343"]),
    "all beside selected, other classes": (("yes,no,no,all", "no,yes,yes,selected"), "2A", []),
    "other selected tasks": (("yes,yes,yes,selected", "yes,yes,yes,selected"), "1A 2B", []),
    "one selected task in common": (
        ("yes,yes,yes,selected", "yes,yes,yes,selected"),
        "1A 2B 2A",
        ["LOAD-343"],
    ),
    "a selected task in common, other classes": (
        ("yes,no,no,selected", "no,yes,yes,selected"),
        "1A 2A",
        [],
    ),
}


@pytest.mark.parametrize(("terms", "tasks", "codes"), T33.values(), ids=T33)
def test_t33_two_lines_never_take_the_same_work(
    folder: Path, terms: tuple[str, str], tasks: str, codes: list[str]
) -> None:
    numbered = [
        f"K1,{number},Work,time_and_materials,{one},no" for number, one in enumerate(terms, 1)
    ]  # fees: no
    header = LINE.replace(",included_tasks", ",included_tasks,include_fee")
    assert enter(folder, "contract_line", lines(header, numbered)).codes == {}
    found = enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,QUAY"])).codes
    selected = [f"K1,{one[0]},QUAY,{one[1]}" for one in tasks.split()]
    if selected:
        found = {**found, **enter(folder, "contract_line_task", lines(SELECTED, selected)).codes}
    assert list(found) == codes
    assert clashes() == 0


def test_of_two_rows_that_clash_the_later_is_refused_with_what_it_clashes_with(folder: Path) -> None:
    header = f"{LINE},include_fee"
    trips = [f"K1,{number},Trips,time_and_materials,no,yes,no,all,no" for number in (2, 3)]
    work = "K1,1,Work,time_and_materials,yes,no,yes,all,yes"
    assert enter(folder, "contract_line", lines(header, [*trips, work])).codes == {}
    done = enter(folder, "contract_line_project", lines(MAPPED, ["K1,3,QUAY", "K1,2,QUAY"]))
    assert outcome(done) == (2, 1, 0, 1)
    assert reasons(done) == [
        ("3", "LOAD-343", "Row 3: expense of project QUAY is taken by K1 line 3 already.")
    ]
    assert rows(OPERATIONS, "select count(*) from operations_contract_line_project") == [(1,)]


def test_a_line_that_would_take_more_is_judged_too(folder: Path) -> None:
    enter(folder, "contract_line", lines(LINE, ["K1,1,Work,time_and_materials,yes,no,no,all"]))
    enter(folder, "contract_line", lines(LINE, ["K1,2,Trips,time_and_materials,no,yes,yes,all"]))
    fees = enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,QUAY"]))
    assert [code for _, code, _ in reasons(fees)] == ["LOAD-343"]  # both take fees
    header = f"{LINE},include_fee"
    enter(folder, "contract_line", lines(header, ["K1,2,Trips,time_and_materials,no,yes,yes,all,no"]))
    assert enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,QUAY"])).codes == {}
    more = enter(folder, "contract_line", lines(header, ["K1,2,Trips,time_and_materials,yes,yes,yes,all,no"]))
    assert more.codes == {"LOAD-343": 1}
    # In one file the two may exchange what they take, whatever its order.
    swapped = [
        "K1,1,Work,time_and_materials,no,yes,yes,all,no",
        "K1,2,Trips,time_and_materials,yes,no,no,all,no",
    ]
    done = enter(folder, "contract_line", lines(header, swapped))
    assert (outcome(done), done.changed, clashes()) == ((2, 2, 0, 0), 2, 0)


def test_a_project_that_is_moved_to_a_line_is_judged_too(folder: Path) -> None:
    enter(folder, "contract_line", lines(LINE, ["K1,2,More,time_and_materials,yes,no,no,all"]))
    header = "number,company,contracting_unit,stage,contract,contract_line"
    enter(folder, "project", lines(header, ["OFFICE,NL01,NL,internal,,"]))
    enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,OFFICE"]))
    done = enter(folder, "project", lines(header, ["OFFICE,NL01,NL,sold,K1,1"]))
    assert done.codes == {"LOAD-343": 1}
    ended = enter(folder, "contract_line_project", lines(f"{MAPPED},active", ["K1,2,OFFICE,no"]))
    assert (outcome(ended), ended.changed) == ((1, 1, 0, 0), 1)
    assert enter(folder, "project", lines(header, ["OFFICE,NL01,NL,sold,K1,1"])).changed == 1


# ---------------------------------------------------------------- rows that are wrong by themselves


@pytest.fixture
def selecting(folder: Path) -> Path:
    """Line 1 of K1 takes selected tasks."""
    enter(folder, "contract_line", lines(LINE, ["K1,1,Work,time_and_materials,yes,yes,yes,selected"]))
    return folder


WRONG = [
    ("task", "project,number,parent\nQUAY,C,Z\n", "LOAD-330"),
    ("task", "project,number,parent\nQUAY,C,D\nQUAY,D,C\n", "LOAD-330"),
    ("task", "project,number,parent\nQUAY,A,B\nQUAY,B,A\n", "LOAD-348"),
    ("contract_line_task", f"{SELECTED}\nK1,1,QUAY,Z\n", "LOAD-330"),
    ("contract_line_task", f"{SELECTED}\nK1,1,PIER,A\n", "LOAD-340"),
    ("contract_line_task", f"{SELECTED}\nK1,9,QUAY,A\n", "LOAD-312"),
    ("contract_line_role", "contract,contract_line,role,billing_type\nK1,1,NONE,chargeable\n", "LOAD-307"),
    (
        "contract_line_category",
        "contract,contract_line,category,billing_type\nK1,1,NONE,chargeable\n",
        "LOAD-305",
    ),
    ("contract_line_role", "contract,contract_line,role,billing_type\nK1,1,DEV,complimentary\n", "LOAD-209"),
    ("quote_line", "quote,line_number,name,billing_method\nNONE,1,Work,fixed_price\n", "LOAD-331"),
    ("contract_line", "contract,line_number,name,billing_method,amount\nK1,1,W,fixed_price,-1\n", "LOAD-216"),
]


@pytest.mark.parametrize(("entity", "text", "code"), WRONG, ids=[f"{one[0]}-{one[2]}" for one in WRONG])
def test_what_cannot_be_entered(selecting: Path, entity: str, text: str, code: str) -> None:
    done = enter(selecting, entity, text)
    count = len(text.splitlines()) - 1
    assert (outcome(done), dict(done.codes)) == ((count, 0, 0, count), {code: count})


@pytest.mark.parametrize(
    ("field", "value"),
    [("include_fee", "yes"), ("not_to_exceed", "1000"), ("discount_percent", "2.5"), ("fee_percent", "0")],
)
def test_a_fixed_price_has_no_such_terms(folder: Path, field: str, value: str) -> None:
    header = f"contract,line_number,name,billing_method,{field}"
    done = enter(folder, "contract_line", lines(header, [f"K1,7,All,fixed_price,{value}"]))
    assert reasons(done) == [
        (
            "2",
            "LOAD-342",
            f"Row 2: contract line (contract K1, line_number 7) has a fixed price and {field} {value}.",
        )
    ]
    assert enter(folder, "contract_line", lines(header, ["K1,7,All,fixed_price,"])).codes == {}
    assert enter(folder, "contract_line", lines(header, [f"K1,8,All,time_and_materials,{value}"])).codes == {}


def test_no_task_is_selected_for_a_line_that_takes_all(folder: Path) -> None:
    done = enter(folder, "contract_line_task", lines(SELECTED, ["K1,1,QUAY,A"]))
    assert done.codes == {"LOAD-341": 1}


def test_a_line_takes_tasks_of_its_projects_once_they_are_its_own(selecting: Path) -> None:
    selected = lines(f"{SELECTED},billing_type", ["K1,1,PIER,A,non_chargeable", "K1,1,QUAY,A,chargeable"])
    assert enter(selecting, "contract_line_task", selected).codes == {"LOAD-340": 1}
    enter(selecting, "contract_line_project", lines(MAPPED, ["K1,1,PIER"]))
    done = enter(selecting, "contract_line_task", selected)
    assert outcome(done) == (2, 1, 1, 0)


def test_a_tree_of_tasks_in_any_order(folder: Path) -> None:
    header = "project,number,parent"
    done = enter(folder, "task", lines(header, ["QUAY,A.1.1,A.1", "QUAY,A.1,A", "QUAY,C,", "PIER,C,Z"]))
    assert (outcome(done), dict(done.codes)) == ((4, 3, 0, 1), {"LOAD-330": 1})
    query = "select t.number, p.number from operations_task t join operations_task p on p.id = t.parent_id"
    found = rows(OPERATIONS, f"{query} order by 1")
    assert found == [("A.1", "A"), ("A.1.1", "A.1")]
    moved = enter(folder, "task", lines(header, ["QUAY,A,A.1.1"]))
    assert moved.codes == {"LOAD-348": 1}


def test_a_closed_project_stays_as_it_is_until_it_is_reopened(folder: Path) -> None:
    header = "number,name,company,contracting_unit,stage"
    enter(folder, "contract_line", lines(LINE, ["K1,2,W,time_and_materials,yes,yes,yes,selected"]))
    enter(folder, "contract_line_project", lines(MAPPED, ["K1,2,OFFICE"]))
    enter(folder, "project", lines(header, ["OFFICE,Office,NL01,NL,closed"]))
    # What a first load brings of a closed project is no change.
    assert enter(folder, "task", "project,number,name\nOFFICE,T,Old\n").codes == {}
    assert enter(folder, "contract_line_task", lines(SELECTED, ["K1,2,OFFICE,T"])).codes == {}
    for entity, text in (
        ("project", lines(header, ["OFFICE,Bureau,NL01,NL,closed"])),
        ("task", "project,number,name\nOFFICE,T,New\n"),
        ("contract_line_project", lines(f"{MAPPED},active", ["K1,2,OFFICE,no"])),
        ("contract_line_task", lines(f"{SELECTED},billing_type", ["K1,2,OFFICE,T,non_chargeable"])),
    ):
        assert enter(folder, entity, text).codes == {"LOAD-346": 1}, entity
    assert enter(folder, "project", lines(header, ["OFFICE,Bureau,NL01,NL,internal"])).changed == 1
    assert enter(folder, "task", "project,number,name\nOFFICE,T,New\n").changed == 1


# ---------------------------------------------------------------- entering twice


TERMS = {
    "contract_customer": "contract,company,customer,percent,is_rounding\nK1,NL01,C1,100,yes\n",
    "contract_line": f"{LINE},discount_percent\nK1,3,Extras,time_and_materials,yes,yes,yes,selected,2.50\n",
    "task": "project,number,name,parent,active\nQUAY,C,Piles,,yes\nOFFICE,A,Move,,no\n",
    "contract_line_project": f"{MAPPED}\nK1,3,OFFICE\n",
    "contract_line_task": f"{SELECTED},billing_type\nK1,3,OFFICE,A,non_chargeable\n",
    "contract_line_role": "contract,contract_line,role,billing_type\nK1,1,DEV,non_chargeable\n",
    "contract_line_category": "contract,contract_line,category,billing_type\nK1,1,TRAVEL,chargeable\n",
    "contract_line_customer": "contract,contract_line,company,customer,percent,is_rounding\n"
    "K1,1,NL01,C1,100,yes\n",
    "quote": "number,customer,company,contracting_unit,currency\nQ1,C1,NL01,NL,EUR\n",
    "quote_line": "quote,line_number,name,billing_method\nQ1,1,Work,fixed_price\n",
}


def test_what_is_entered_twice_is_there_and_what_is_tried_leaves_nothing(folder: Path) -> None:
    enter(folder, "project", "number,company,contracting_unit,stage\nOFFICE,NL01,NL,internal\n")
    (folder / "terms").mkdir()
    for entity, text in TERMS.items():
        (folder / "terms" / f"{entity}.csv").write_text(text, encoding="utf-8")
    tried, loaded, again = (
        load_set_up(actor=firm.OPERATOR, folder=folder / "terms", dry_run=dry_run)
        for dry_run in (True, False, False)
    )
    count = {entity: len(text.splitlines()) - 1 for entity, text in TERMS.items()}
    assert [done.entity for done in loaded] == list(TERMS)
    assert {done.entity: outcome(done) for done in tried} == {name: (n, n, 0, 0) for name, n in count.items()}
    assert {done.entity: outcome(done) for done in loaded} == {
        name: (n, n, 0, 0) for name, n in count.items()
    }
    assert {done.entity: outcome(done) for done in again} == {name: (n, 0, n, 0) for name, n in count.items()}
