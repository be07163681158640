"""The *Troubleshoot* tab: fingerprints, what is over, what somebody deleted (finance spec 3.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.database.workspace.world import WorkingWorld

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.kernel.access import Actor, VerbNotPermitted
from tieout.kernel.identifiers import new_id
from tieout.loading.records import SET_UP
from tieout.problems.actions import RecordProblem, hide_problems, log_problems, resolve_problems
from tieout.problems.catalogue import Process, Screen
from tieout.problems.models import Hidden, LoggedProblem
from tieout.problems.queries import Fingerprint, Shown, troubleshooting
from tieout.workspace.troubleshoot_views import _mended_at

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


def _listed(shown: Shown = Shown.OPEN, process: Process | None = None) -> tuple[Fingerprint, ...]:
    now = timezone.now()
    return troubleshooting(
        actor=AUDITOR,
        company="USMF",
        process=process,
        shown=shown,
        since=now - timedelta(days=90),
        until=now + timedelta(days=1),
    )


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
    (over,) = _listed(Shown.OVER)
    assert over.text.code == "IMP-104"
    assert over.resolved_at is not None
    assert [one.text.code for one in _listed(Shown.ALL)] == ["DW-205", "IMP-104"]
    assert [one.text.code for one in _listed(Shown.ALL, Process.DELIVER)] == ["DW-205"]


def test_a_deleted_problem_is_hidden_with_who_did_it_and_comes_back_when_met_again(databases: None) -> None:
    key, process = new_id(), Process.POST_INTEGRATION_JOURNAL
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    _over(FINANCE, process, key)
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    (found,) = _listed()
    with pytest.raises(VerbNotPermitted):
        hide_problems(actor=AUDITOR, company="USMF", keys={FINANCE: [found.key]})
    assert hide_problems(actor=ANNA, company="USMF", keys={FINANCE: [found.key]}) == 2
    assert _listed(Shown.ALL) == ()
    assert set(Hidden.objects.using(FINANCE).values_list("hidden_by", flat=True)) == {"anna"}
    _over(FINANCE, process, key)
    _meet(FINANCE, process, "PST-202", key, accounting_date="2024-11-20")
    assert [one.times for one in _listed()] == [1]


def test_a_problem_of_another_company_is_neither_shown_nor_hidden(databases: None) -> None:
    _meet(FINANCE, Process.DELIVER, "DW-205", new_id(), company="DEMF")
    other = LoggedProblem.objects.using(FINANCE).get()
    assert _listed(Shown.ALL) == ()
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
    assert _codes(client.get(f"{address}?state=over").content.decode()) == []
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


@pytest.mark.parametrize("screen", Screen)
def test_a_screen_has_an_address_or_only_a_name(screen: Screen) -> None:
    url, label = _mended_at(screen.value, "USMF")
    assert label
    without = {
        Screen.GENERAL_JOURNALS,
        Screen.INTEGRATION_JOURNALS,
        Screen.INVOICE_PROPOSALS,
        Screen.JOBS,
        Screen.USERS,
    }
    assert bool(url) is (screen not in without), (screen, sorted(SET_UP))
