"""Facts of what may stand in the way of a record: maps, what they owe, problems, and prevalidation."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class _Map(models.Model):
    """One dual-write map of a side and whether it carries anything now; read whole each time.

    ``carries``: it runs, at the version that it needs. ``backlog``: it owes more than the side lists, so that
    a record which is not listed may be owed all the same.
    """

    map = fields.code(primary_key=True)
    state = fields.code(20)
    carries = models.BooleanField()
    backlog = models.BooleanField()

    class Meta:
        abstract = True


class FactFinanceMap(_Map):
    """One map by which finance sends to operations."""

    class Meta:
        db_table = "fact_finance_map"


class FactOperationsMap(_Map):
    """One map by which operations sends to finance."""

    class Meta:
        db_table = "fact_operations_map"


class _Owed(models.Model):
    """One record that a side has stated for a map and the other side has not acknowledged; read whole."""

    map = fields.code()
    key = models.UUIDField()
    stated_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("map", "key")

    class Meta:
        abstract = True


class FactFinanceOwed(_Owed):
    """One record that finance owes to operations."""

    class Meta:
        db_table = "fact_finance_owed"


class FactOperationsOwed(_Owed):
    """One record that operations owes to finance."""

    class Meta:
        db_table = "fact_operations_owed"


class FactBatchAwaitingValidation(models.Model):
    """One delivery batch whose actuals wait until operations is asked for them; ``is_due``: for too long."""

    batch_id = models.BigIntegerField()
    company_code = fields.code(20)
    is_due = models.BooleanField()
    pk = models.CompositePrimaryKey("batch_id", "company_code")

    class Meta:
        db_table = "fact_batch_awaiting_validation"


class FactActualAwaitingValidation(models.Model):
    """One staged actual that waits by itself until operations is asked for it; ``is_due``: for too long."""

    actual_id = fields.mirrored_identifier()
    is_due = models.BooleanField()

    class Meta:
        db_table = "fact_actual_awaiting_validation"


class FactValidationBacklog(models.Model):
    """One company in which more actuals wait by themselves than finance lists.

    One that is not listed may wait all the same; it is due if it arrived up to ``due_until``.
    """

    company_code = fields.code(20, primary_key=True)
    due_until = models.DateTimeField()

    class Meta:
        db_table = "fact_validation_backlog"


class FactLeftOut(models.Model):
    """One time that a staged actual was left out: unless it was taken back in, it is counted no more."""

    left_out_id = models.BigIntegerField(primary_key=True)
    actual_id = models.UUIDField()
    left_out_at = models.DateTimeField()

    class Meta:
        db_table = "fact_left_out"
        indexes = [models.Index(fields=["actual_id"], name="fact_left_out_actual")]  # 505_left_out.sql


class FactTakenBackIn(models.Model):
    """One time that a staged actual was left out and that is over: it was taken back in."""

    left_out_id = models.BigIntegerField(primary_key=True)
    taken_back_at = models.DateTimeField()

    class Meta:
        db_table = "fact_taken_back_in"


class _Problem(models.Model):
    """One problem that a record met in a process of a side, as its problem log has it."""

    problem_id = models.BigIntegerField(primary_key=True)
    process = fields.code(40)
    code = fields.code(20)
    record_id = models.UUIDField(null=True)
    logged_at = models.DateTimeField()

    class Meta:
        abstract = True


class FactFinanceProblem(_Problem):
    """One problem that finance logged."""

    class Meta:
        db_table = "fact_finance_problem"
        # What keeps one record (line cause).
        indexes = [models.Index(fields=["record_id"], name="fact_finance_problem_record")]


class FactOperationsProblem(_Problem):
    """One problem that operations logged."""

    class Meta:
        db_table = "fact_operations_problem"
        # What keeps one record (line cause).
        indexes = [models.Index(fields=["record_id"], name="fact_operations_problem_record")]


class _ProblemOver(models.Model):
    """One logged problem that is over: its record has gone through."""

    problem_id = models.BigIntegerField(primary_key=True)
    resolved_at = models.DateTimeField()

    class Meta:
        abstract = True


class FactFinanceProblemOver(_ProblemOver):
    """One problem of finance that is over."""

    class Meta:
        db_table = "fact_finance_problem_over"


class FactOperationsProblemOver(_ProblemOver):
    """One problem of operations that is over."""

    class Meta:
        db_table = "fact_operations_problem_over"
