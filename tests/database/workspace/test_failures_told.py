"""No failure ends in a log file only: what breaks off stands in the problem log until it goes on (D12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from tests.database.loading import firm
from tests.database.workspace.world import WorkingWorld

from tieout.config import health
from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.following import actions as following
from tieout.dualwrite.maps.rules import Map
from tieout.jobs.actions import SYSTEM, perform
from tieout.kernel.access import Actor
from tieout.loading.actions import load
from tieout.loading.problems import HeaderUnknown
from tieout.problems.actions import look_at_databases
from tieout.problems.catalogue import Process
from tieout.problems.queries import Asked, Fingerprint, troubleshooting
from tieout.problems.rules import State
from tieout.workspace import integration_views

AUDITOR = Actor("otto", frozenset({"auditor"}), None)
LogIn = Callable[..., Client]


def _listed(state: State = State.OPEN, process: Process | None = None) -> tuple[Fingerprint, ...]:
    found = troubleshooting(actor=AUDITOR, asked=Asked(state=state, process=process))
    return tuple(sorted(found, key=lambda one: (one.text.code, one.record_name)))


def _codes(found: tuple[Fingerprint, ...]) -> list[tuple[str, str, list[str], int]]:
    return [
        (one.database, one.record_name, [text.code for text in one.text.nested()], one.times) for one in found
    ]


def test_a_database_that_is_away_is_told_where_one_answers_until_it_is_back(
    world: WorkingWorld, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in("project_accountant")
    with monkeypatch.context() as patch:
        patch.setitem(connections[FINANCE].settings_dict, "NAME", "gone")
        connections[FINANCE].close()
        for _ in range(2):
            with pytest.raises(OperationalError):
                perform(actor=SYSTEM, job="chain")
        assert _codes(_listed()) == [
            (RECONCILIATION, FINANCE, ["CFG-105"], 2),
            (RECONCILIATION, "run of chain", ["JOB-102", "CFG-105"], 2),
        ]
        answer = client.get(reverse("summary", args=[world.company]))
        assert answer.status_code == 503
        assert "CFG-105" in answer.content.decode()
        # The reconciliation database goes too: the next one that answers keeps it, and it alone.
        patch.setitem(connections[RECONCILIATION].settings_dict, "NAME", "gone")
        connections[RECONCILIATION].close()
        look_at_databases(done_by="system")
        assert _codes(_listed()) == [
            (OPERATIONS, FINANCE, ["CFG-105"], 1),
            (OPERATIONS, RECONCILIATION, ["CFG-105"], 1),
        ]
    perform(actor=SYSTEM, job="chain")
    assert _codes(_listed(process=Process.JOBS)) == []
    look_at_databases(done_by="system")
    assert _listed() == ()
    assert {one.resolved_by for one in _listed(State.RESOLVED)} == {"system"}


@pytest.mark.usefixtures("databases")
def test_what_breaks_continuous_delivery_off_is_told_until_a_pass_goes_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop = Event()

    class Broken:
        def __iter__(self) -> Iterator[Map]:
            raise RuntimeError("disk on fire")

    class Last:
        def __iter__(self) -> Iterator[Map]:
            stop.set()
            return iter(())

    monkeypatch.setattr(following, "MAPS", Broken())
    for _ in range(2):
        with pytest.raises(RuntimeError):
            following.follow(actor=SYSTEM, stop=stop)
    (found,) = _listed()
    assert _codes((found,)) == [(RECONCILIATION, "continuous delivery", ["DW-215"], 2)]
    assert found.text.message == "Continuous delivery broke off: RuntimeError, disk on fire."
    monkeypatch.setattr(following, "MAPS", Last())
    following.follow(actor=SYSTEM, stop=stop)
    assert _listed() == ()
    assert [one.resolved_by for one in _listed(State.RESOLVED)] == ["system"]


def test_a_run_whose_worker_died_is_told_until_it_has_run(world: WorkingWorld) -> None:
    from tieout.jobs import actions

    anna = Actor("anna", frozenset({"project_accountant"}), frozenset({world.company}))
    actions.ask(actor=anna, job="sync", company=world.company, kind="expense")
    app.connector.get_sync_connector().execute_query(
        "update procrastinate_jobs set status = 'doing', worker_id = null"
    )
    assert [one.problem.code for one in health.runs() if one.problem] == ["JOB-105"]
    assert perform(actor=SYSTEM, job="housekeeping").steps[0].counts == {"handed_on": 1}
    assert [one.is_ok for one in health.runs()] == [True]
    (found,) = _listed(process=Process.JOBS)
    assert (found.company, found.record_name, found.text.code) == (world.company, "run of sync", "JOB-105")
    perform(actor=anna, job="sync", company=world.company, kind="expense")
    assert _listed(process=Process.JOBS) == ()
    assert [one.resolved_by for one in _listed(State.RESOLVED, Process.JOBS)] == ["anna"]


def test_what_a_load_refuses_is_told_until_the_rest_of_its_file_is_loaded(
    databases: None, tmp_path: Path
) -> None:
    firm.set_up(tmp_path / "setup")
    assert _listed() == ()
    path = tmp_path / "people.csv"

    def loaded(content: str, file: Path = path, *, trial: bool = False) -> None:
        file.write_text(content, encoding="utf-8")
        load(actor=firm.OPERATOR, entity="resource", files=[file], dry_run=trial)

    header = "code,name,organizational_unit,company\n"
    loaded(f"{header}MAX,Max,XX,NL01\n", trial=True)
    assert _listed() == ()
    with pytest.raises(HeaderUnknown):
        loaded("kode,name,organizational_unit,company\nMAX,Max,NL\n")
    assert _codes(_listed()) == [(OPERATIONS, "people.csv", [HeaderUnknown.code], 1)]
    for _ in range(2):
        loaded(f"{header}MAX,Max,XX,NL01\nEVE,Eve,XX,NL01\nPIA,Pia,,NL01\nBEA,Bea,NL,NL01\n")
    (found,) = _listed()
    assert _codes((found,)) == [(OPERATIONS, "people.csv", ["LOAD-121", "LOAD-310"], 2)]
    assert found.text.message == "people.csv: 3 of 4 rows of resource were refused."
    loaded(f"{header}MAX,Max,NL,NL01\nEVE,Eve,NL,NL01\nPIA,Pia,NL,NL01\n", tmp_path / "people.rejected.csv")
    assert _listed() == ()
    assert _codes(_listed(State.RESOLVED)) == [(OPERATIONS, "people.csv", ["LOAD-121", "LOAD-310"], 2)]


def test_a_button_that_breaks_off_is_told_until_it_goes_through(
    world: WorkingWorld, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in("project_accountant")
    client.raise_request_exception = False
    where = reverse("staging", args=[world.company])
    pressed = {"do": "leave-out", "reason": "twice", "actual": "01900000-0000-7000-8000-000000000001"}

    def broken(**_: object) -> None:
        raise RuntimeError("disk on fire\nhere")

    with monkeypatch.context() as patch:
        patch.setattr(integration_views, "leave_out", broken)
        for _ in range(2):
            assert client.post(where, pressed).status_code == 500
    (found,) = _listed(process=Process.JOBS)
    assert _codes((found,)) == [(RECONCILIATION, "staging leave-out", ["JOB-102"], 2)]
    assert found.company == world.company
    assert found.text.message == "staging leave-out stopped: RuntimeError, disk on fire."
    assert client.post(where, {"do": "take-back-in"}).status_code == 200  # another button
    assert client.post(reverse("staging", args=["NONE"]), pressed).status_code == 403
    assert len(_listed(process=Process.JOBS)) == 1
    assert client.post(where, pressed).status_code == 200
    assert _listed(process=Process.JOBS) == ()
    assert [one.resolved_by for one in _listed(State.RESOLVED)] == ["anna"]
