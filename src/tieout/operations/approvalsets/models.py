"""Sets of entries that wait for one action, and what became of each."""

from __future__ import annotations

from typing import Final

from django.db import models

from tieout.database import fields
from tieout.operations.approvalsets.rules import TARGETS, Action, SetStatus
from tieout.operations.organization.models import Project

_IN_FLIGHT: Final = models.Q(in_flight=True)


class ApprovalSet(models.Model):
    """One row is one action on entries of one project, which a job does; without a project: absences.

    The verbs run as ``approver``: who asked, or who retried it last. ``attempt`` counts the attempts begun,
    ``attempts_left`` is its lifetime. ``entries`` were asked for, ``done`` of them have left the set. While
    ``in_flight`` nothing else may be done with the entries that are left.
    """

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, db_index=False)
    action = fields.code(20)
    target_status = fields.code(20)
    status = fields.code(30, default=SetStatus.QUEUED)
    in_flight = models.BooleanField(default=True)
    attempt = models.IntegerField(default=0)
    attempts_left = models.IntegerField()
    entries = models.IntegerField()
    done = models.IntegerField(default=0)
    comment = fields.code(400)
    requested_by = fields.code(150)
    approver = fields.code(150)
    requested_at = fields.written_at()
    changed_at = fields.written_at()

    class Meta:
        db_table = "operations_approval_set"
        indexes = [
            models.Index(fields=["company_code", "-id"], name="operations_approval_set_of"),  # the list
            # What the job does next (due_sets.sql): costs what waits.
            models.Index(
                fields=["company_code", "id"], condition=_IN_FLIGHT, name="operations_approval_set_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=list(Action), target_status__in=list(TARGETS.values())),
                name="operations_approval_set_action",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=list(SetStatus),
                    attempts_left__gte=0,
                    done__gte=0,
                    done__lte=models.F("entries"),
                ),
                name="operations_approval_set_status",
            ),
        ]


class ApprovalSetMember(models.Model):
    """One entry that is left in a set, with what the approver changes of it; it leaves when it is done.

    ``attempt`` is the last one that tried it. ``in_flight`` is its set's: one entry is in flight once.
    """

    id = fields.identifier()
    approval_set = models.ForeignKey(ApprovalSet, on_delete=models.PROTECT, db_index=False)
    entry_id = models.UUIDField()
    in_flight = models.BooleanField(default=True)
    attempt = models.IntegerField(default=0)
    billable = fields.measure(null=True)
    billing_type = fields.code(20, null=True)

    class Meta:
        db_table = "operations_approval_set_member"
        constraints = [
            models.UniqueConstraint(
                fields=["approval_set", "entry_id"], name="operations_approval_set_member_key"
            ),
            models.UniqueConstraint(
                fields=["entry_id"], condition=_IN_FLIGHT, name="operations_approval_set_member_in_flight"
            ),
        ]


class ApprovalSetLog(models.Model):
    """One row is why an attempt left one entry in its set, or took it out undone."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    approval_set = models.ForeignKey(ApprovalSet, on_delete=models.PROTECT, db_index=False)
    attempt = models.IntegerField()
    entry_id = models.UUIDField()
    code = fields.code(20)
    details = models.JSONField()
    approver = fields.code(150)
    logged_at = fields.written_at()

    class Meta:
        db_table = "operations_approval_set_log"
        indexes = [models.Index(fields=["approval_set", "-id"], name="operations_approval_set_log_of")]
