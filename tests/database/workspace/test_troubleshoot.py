"""The *Troubleshoot* tab: fingerprints, what is over, what somebody deleted (finance spec 3.8)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.database.workspace.world import WorkingWorld

from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery import actions as delivery
from tieout.dualwrite.delivery.actions import Delivered, deliver_or_tell
from tieout.dualwrite.delivery.problems import DeliveryStopped
from tieout.finance.journals.rules import NumberSequenceMissing
from tieout.jobs import steps
from tieout.jobs.actions import SYSTEM, perform
from tieout.kernel.access import Actor, VerbNotPermitted
from tieout.kernel.identifiers import new_id
from tieout.problems.actions import RecordProblem, hide_problems, log_problems, resolve_problems
from tieout.problems.catalogue import CATALOGUE, Process, Screen
from tieout.problems.models import Hidden, LoggedProblem
from tieout.problems.queries import Asked, Fingerprint, troubleshooting
from tieout.problems.rules import State, View
from tieout.workspace.mending import WITHOUT_PAGE, mended_at

LogIn = Callable[..., Client]
AUDITOR = Actor("otto", frozenset({"auditor"}), None)
ANNA = Actor("anna", frozenset({"project_accountant"}), frozenset({"USMF"}))


def _meet(alias: str, process: Process, code: str, key: UUID, company: str = "USMF", **details: str) -> None:
    problem = RecordProblem(code, company, "integration_journal_line", key, "IJ-1/1", details)
    with transaction.atomic(using=alias):
        log_problems(alias=alias, process=process, problems=[problem])


def _over(alias: str, process: Process, key: UUID) -> None:
    with transaction.atomic(using=alias):
        resolve_problems(alias=alias, process=process, record_ids=[key])


def _listed(
    state: State | None = None, process: Process | None = None, view: View = View.MOST_RECENT, **asked: Any
) -> tuple[Fingerprint, ...]:
    wanted = Asked(company="USMF", process=process, state=state, view=view, **asked)
    return troubleshooting(actor=AUDITOR, asked=wanted)


def _codes(text: str) -> list[str]:
    return re.findall(r'<tr data-problem="([^"]+)">', text)


def test_the_same_problem_again_is_one_fingerprint(databases: None) -> None:
    key = new_id()
    for _ in range(3):
        _meet(FINANCE, Process.POST_INTEGRATION_JOURNAL, "PST-201", key, accounting_date="2024-11-20")
        _over(FINANCE, Process.POST_INTEGRATION_JOURNAL, key)
    _meet(FINANCE, Process.POST_INTEGRATION_JOURNAL, "PST-201", key, accounting_date="2024-11-20")
    _meet(FINANCE, Process.POST_INTEGRATION_JOURNAL, "PST-201", new_id(), accounting_date="2024-11-20")
    newest, first = _listed()
    assert (newest.times, first.times) == (1, 4)
    assert first.first_seen < first.last_seen < newest.last_seen
    assert first.resolved_at is None
    assert first.text.message == (
        "No open fiscal period was found for the specified accounting date 2024-11-20."
    )
    assert LoggedProblem.objects.using(FINANCE).count() == 5


def test_what_has_gone_through_is_over_and_kept(databases: None) -> None:
    key = new_id()
    _meet(FINANCE, Process.IMPORT_FROM_STAGING, "IMP-104", key, from_currency="EUR", to_currency="USD")
    _meet(OPERATIONS, Process.DELIVER, "DW-205", new_id())
    _over(FINANCE, Process.IMPORT_FROM_STAGING, key)
    assert [one.text.code for one in _listed()] == ["DW-205"]
    (over,) = _listed(State.RESOLVED)
    assert over.text.code == "IMP-104"
    assert over.resolved_at is not None
    assert [one.text.code for one in _listed(State.ALL)] == ["DW-205", "IMP-104"]
    assert [one.text.code for one in _listed(State.ALL, Process.DELIVER)] == ["DW-205"]


def test_a_deleted_problem_is_hidden_with_who_did_it_and_comes_back_when_met_again(databases: None) -> None:
    key, process = new_id(), Process.POST_INTEGRATION_JOURNAL
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    _over(FINANCE, process, key)
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    (found,) = _listed()
    with pytest.raises(VerbNotPermitted):
        hide_problems(actor=AUDITOR, company="USMF", keys={FINANCE: [found.key]})
    assert hide_problems(actor=ANNA, company="USMF", keys={FINANCE: [found.key]}) == 2
    assert _listed(State.ALL) == ()
    assert set(Hidden.objects.using(FINANCE).values_list("hidden_by", flat=True)) == {"anna"}
    _over(FINANCE, process, key)
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    assert [one.times for one in _listed()] == [1]


def test_a_deleted_problem_that_was_never_over_comes_back_when_met_again(databases: None) -> None:
    key, process = new_id(), Process.POST_INTEGRATION_JOURNAL
    for _ in range(3):
        _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    (found,) = _listed()
    assert found.times == 3
    hide_problems(actor=ANNA, company="USMF", keys={FINANCE: [found.key]})
    assert _listed() == ()
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    assert [one.times for one in _listed()] == [1]
    assert [one.times for one in _listed(view=View.HISTORY)] == [4]
    _over(FINANCE, process, key)
    assert _listed() == ()


def test_what_is_met_again_is_counted_and_dated_in_one_row(databases: None) -> None:
    key, process = new_id(), Process.DELIVER
    _meet(FINANCE, process, "DW-205", key)
    _meet(FINANCE, process, "DW-205", new_id())
    (_, before) = _listed()
    _meet(FINANCE, process, "DW-205", key)
    (after, _) = _listed()  # the newest first
    assert (before.times, after.times) == (1, 2)
    assert after.first_seen == before.first_seen == before.last_seen < after.last_seen
    _meet(FINANCE, process, "DW-207", key)  # another problem closes it
    assert [(one.text.code, one.times) for one in _listed()] == [("DW-207", 1), ("DW-205", 1)]
    assert LoggedProblem.objects.using(FINANCE).count() == 3


def _days_ago(days: int, key: UUID) -> LoggedProblem:
    return LoggedProblem.objects.using(FINANCE).create(
        code="DW-205",
        process=Process.DELIVER,
        company_code="USMF",
        record_id=key,
        logged_at=timezone.now() - timedelta(days=days),
    )


def test_the_ninety_days_count_from_when_a_problem_was_last_met(databases: None) -> None:
    old, recent, failing = new_id(), new_id(), new_id()
    for days, key in ((91, old), (89, recent), (400, failing)):
        _days_ago(days, key)
    assert [one.record_id for one in _listed()] == [recent]
    _meet(FINANCE, Process.DELIVER, "DW-205", failing)  # it fails every night, and did last night
    assert [one.record_id for one in _listed()] == [failing, recent]
    assert _listed()[0].times == 2
    assert [one.record_id for one in _listed(view=View.HISTORY)] == [failing, recent, old]


def test_the_hundred_most_recent_are_shown_of_all_databases_together(databases: None) -> None:
    keys = [new_id() for _ in range(102)]
    for number, key in enumerate(keys):
        _meet((FINANCE, OPERATIONS)[number % 2], Process.DELIVER, "DW-205", key)
    assert [one.record_id for one in _listed()] == keys[:1:-1]


def test_a_problem_of_another_company_is_neither_shown_nor_hidden(databases: None) -> None:
    _meet(FINANCE, Process.DELIVER, "DW-205", new_id(), company="DEMF")
    other = LoggedProblem.objects.using(FINANCE).get()
    assert _listed(State.ALL) == ()
    assert hide_problems(actor=ANNA, company="USMF", keys={FINANCE: [other.id]}) == 0


def test_the_page_says_message_cause_remedy_and_where(world: WorkingWorld, log_in: LogIn) -> None:
    key = new_id()
    _meet(FINANCE, Process.POST_INTEGRATION_JOURNAL, "PST-201", key, accounting_date="2024-11-20")
    _meet(OPERATIONS, Process.DELIVER, "DW-205", new_id(), record="1", map="m", field="project", value="P")
    client = log_in("project_accountant")
    address = f"/companies/{world.company}/troubleshoot/"
    text = client.get(address).content.decode()
    assert _codes(text) == ["DW-205", "PST-201"]
    assert "No open fiscal period was found for the specified accounting date 2024-11-20." in text
    assert f"/companies/{world.company}/trace/?id={key}" in text
    assert f'href="/companies/{world.company}/ledger/calendar/"' in text
    assert 'href="/maps/"' in text
    assert _codes(client.get(f"{address}?process=deliver").content.decode()) == ["DW-205"]
    assert _codes(client.get(f"{address}?state=resolved").content.decode()) == []
    assert _codes(client.get(f"{address}?to=2020-01-01&process=nonsense").content.decode()) == []
    chosen = re.findall(r'type="checkbox" name="problem" value="([^"]+)"', text)
    answer = client.post(
        f"{address}delete/", {"problem": [chosen[0], "finance.x", "other.1"], "query": "state=all"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?state=all")
    assert _codes(client.get(address).content.decode()) == ["PST-201"]


def test_who_only_reads_sees_no_delete_and_may_not(world: WorkingWorld, log_in: LogIn) -> None:
    _meet(FINANCE, Process.DELIVER, "DW-205", new_id())
    client = log_in("auditor")
    address = f"/companies/{world.company}/troubleshoot/"
    assert "Delete" not in client.get(address).content.decode()
    found = LoggedProblem.objects.using(FINANCE).get()
    assert client.post(f"{address}delete/", {"problem": f"finance.{found.id}"}).status_code == 403


def test_every_view_is_a_part_of_the_permanent_history(databases: None) -> None:
    process, first, second = Process.POST_INTEGRATION_JOURNAL, new_id(), new_id()
    _meet(FINANCE, process, "PST-201", first, accounting_date="2024-11-20")
    _meet(FINANCE, process, "PST-202", first, accounting_date="2024-11-20")
    _meet(FINANCE, process, "PST-201", second, accounting_date="2024-11-21")
    _over(FINANCE, process, second)
    _meet(FINANCE, process, "PST-202", new_id(), accounting_date="2024-11-22")
    hide_problems(actor=ANNA, company="USMF", keys={FINANCE: [_listed()[0].key]})
    dates = {
        view: [(one.text.code, one.text.message[-11:-1], bool(one.resolved_at)) for one in _listed(view=view)]
        for view in View
    }
    deleted, over = ("PST-202", "2024-11-22", False), ("PST-201", "2024-11-21", True)
    newer, older = ("PST-202", "2024-11-20", False), ("PST-201", "2024-11-20", True)
    assert dates == {
        View.MOST_RECENT: [newer],
        View.LATEST: [over, newer],
        View.NINETY_DAYS: [over, newer, older],
        View.HISTORY: [deleted, over, newer, older],
    }
    assert [one.resolved_by for one in _listed(State.RESOLVED, view=View.HISTORY)] == ["system", "system"]
    assert [one.text.code for one in _listed(State.ALL, code="PST-201")] == ["PST-201"]
    with_dates = _listed(view=View.HISTORY, until=timezone.now() - timedelta(days=1))
    assert with_dates == ()
    assert LoggedProblem.objects.using(FINANCE).count() == 4


def test_a_reason_stands_under_its_problem_with_its_own_remedy(world: WorkingWorld, log_in: LogIn) -> None:
    details = {"reason_code": "DOC-101", "reason": "DOC-101, no account", "posting_type": "cost"}
    _meet(FINANCE, Process.POST_INTEGRATION_JOURNAL, "PST-203", new_id(), project="P-1", **details)
    (found,) = _listed()
    outer, inner = found.text.nested()
    assert (outer.code, inner.code, inner.inner) == ("PST-203", "DOC-101", None)
    assert inner.remedy == "Add the account to the posting profile, then post the document again."
    text = log_in("project_accountant").get(f"/companies/{world.company}/troubleshoot/").content.decode()
    assert "because <strong>DOC-101</strong> No cost account for project P-1" in text
    assert inner.remedy in text
    assert 'href="/set-up/posting_profile/"' in text


def test_the_link_of_every_code_opens_the_screen_that_mends_it(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("administrator")
    linked = {Screen(text.link) for text in CATALOGUE.values() if text.link}
    for screen in Screen:
        url, label = mended_at(screen, world.company)
        assert label
        assert bool(url) is (screen not in WITHOUT_PAGE), screen
        if url:
            assert client.get(url).status_code == 200, (screen, url)
    assert linked == set(Screen), "a screen that mends nothing"


def test_what_stops_a_job_is_logged_until_it_goes_through(
    world: WorkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(actor: Actor, company: str) -> None:
        raise NumberSequenceMissing(sequence="expense_voucher", company=company)

    def broken(actor: Actor, company: str) -> None:
        raise RuntimeError

    good = steps.JOBS_OF_STEPS["seal-vouchers"]
    for call in (refused, broken):
        bad = tuple(replace(step, call=call) for step in good)
        monkeypatch.setitem(steps.JOBS_OF_STEPS, "seal-vouchers", bad)
        with contextlib.suppress(RuntimeError):
            perform(actor=SYSTEM, job="seal-vouchers", company=world.company)
    logged = _listed(process=Process.JOBS)
    assert [(one.database, one.record_name, one.text.code) for one in logged] == [
        (RECONCILIATION, "run of seal-vouchers", "JOB-102"),
        (RECONCILIATION, "Seal vouchers", NumberSequenceMissing.code),
    ]
    monkeypatch.setitem(steps.JOBS_OF_STEPS, "seal-vouchers", good)
    perform(actor=SYSTEM, job="seal-vouchers", company=world.company)
    assert _listed(process=Process.JOBS) == ()
    assert [one.resolved_by for one in _listed(State.RESOLVED, Process.JOBS)] == ["system", "system"]


def test_what_stops_a_map_is_logged_until_it_delivers(
    world: WorkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "msdyn_actuals"

    def stopped(**_: object) -> Delivered:
        raise DeliveryStopped(map=name, reason="relation does not exist")

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "deliver", stopped)
        assert isinstance(deliver_or_tell(actor=SYSTEM, map=name).problem, DeliveryStopped)
    (found,) = _listed(process=Process.DELIVER)
    assert (found.record_kind, found.record_name, found.text.code) == ("map", name, DeliveryStopped.code)
    assert troubleshooting(actor=ANNA, asked=Asked(company="USMF")) == ()  # of no company: not hers to see
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "deliver", lambda **_: Delivered(name, 1, 1))
        deliver_or_tell(actor=SYSTEM, map=name)
    assert _listed(process=Process.DELIVER) == ()
