"""What the verbs of a job refuse, and keep for another try: how many records, how much money, and why.

A refusal is not a problem of the run, which did what it could; but a run that leaves some behind has not
succeeded, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance.documents.queries import waiting_documents
from tieout.finance.journals.queries import waiting_journals
from tieout.finance.staging.queries import waiting_staging
from tieout.kernel.access import Actor
from tieout.kernel.problems import Json, ProblemText, render
from tieout.operations.approvals.queries import Hop, waiting
from tieout.problems.catalogue import Process
from tieout.problems.queries import open_codes


@dataclass(frozen=True, slots=True)
class RefusedCode:
    """Records refused with one code; ``fields`` fill its words for the newest of them."""

    code: str
    records: int
    fields: Mapping[str, Json]

    @property
    def text(self) -> ProblemText:
        """What, why and what next, for the newest record."""
        return render(self.code, self.fields)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one stage of one company has refused; ``amount`` in its accounting currency."""

    stage: str
    company: str
    records: int
    amount: Decimal
    codes: tuple[RefusedCode, ...]


@dataclass(frozen=True, slots=True)
class _Stage:
    """A verb that refuses: its log, and how many records and how much money it keeps waiting."""

    name: str
    alias: str
    process: Process
    figures: Callable[[Actor, str], tuple[int, Decimal]]


def _documents(actor: Actor, company: str) -> tuple[int, Decimal]:
    found = [one for one in waiting_documents(actor=actor, company=company) if one.code]
    return sum(one.documents for one in found), sum((one.accounting_amount for one in found), Decimal(0))


def _approvals(actor: Actor, company: str) -> tuple[int, Decimal]:
    found = [one for one in waiting(actor=actor, company=company) if one.hop is Hop.REFUSED]
    return sum(one.count for one in found), sum((one.amount or Decimal(0) for one in found), Decimal(0))


def _staging(actor: Actor, company: str) -> tuple[int, Decimal]:
    found = waiting_staging(actor=actor, company=company)
    return found.refused, found.refused_amount


def _invalid(actor: Actor, company: str) -> tuple[int, Decimal]:
    found = waiting_staging(actor=actor, company=company)
    return found.invalid, found.invalid_amount


def _journals(actor: Actor, company: str) -> tuple[int, Decimal]:
    found = [one for one in waiting_journals(actor=actor, company=company) if one.status == "error"]
    return sum(one.lines for one in found), sum((one.accounting_amount for one in found), Decimal(0))


_POST: Final = _Stage("Post documents", FINANCE, Process.POST_DOCUMENTS, _documents)
_APPROVE: Final = _Stage("Approve documents", OPERATIONS, Process.APPROVE, _approvals)
_PREVALIDATE: Final = _Stage("Prevalidate actuals", FINANCE, Process.VALIDATE_ACTUALS, _invalid)
_IMPORT: Final = _Stage("Import from staging", FINANCE, Process.IMPORT_FROM_STAGING, _staging)
_JOURNALS: Final = _Stage("Post integration journals", FINANCE, Process.POST_INTEGRATION_JOURNAL, _journals)
_STAGES_OF_JOB: Final = {
    "post-documents": (_POST,),
    "approve": (_APPROVE,),
    "prevalidate-actuals": (_PREVALIDATE,),
    "prevalidate-again": (_PREVALIDATE,),
    "import-from-staging": (_IMPORT,),
    "post-integration-journal": (_JOURNALS,),
    "sync": (_APPROVE, _IMPORT, _JOURNALS),
    "chain": (_POST, _APPROVE, _IMPORT, _JOURNALS),
}


def refusals_of(*, actor: Actor, job: str, companies: Iterable[str]) -> tuple[Refusal, ...]:
    """Return what the stages of ``job`` have refused in ``companies`` and still keep waiting."""
    return tuple(_found(actor, _STAGES_OF_JOB.get(job, ()), companies))


def _found(actor: Actor, stages: Iterable[_Stage], companies: Iterable[str]) -> Iterator[Refusal]:
    for company in companies:
        for stage in stages:
            records, amount = stage.figures(actor, company)
            if records:
                logged = open_codes(actor=actor, alias=stage.alias, company=company, process=stage.process)
                codes = tuple(RefusedCode(one.code, one.problems, one.fields) for one in logged)
                yield Refusal(stage.name, company, records, amount, codes)
