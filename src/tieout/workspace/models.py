"""The users of the program: who they are, what they may see, and files that they are about to load."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from tieout.database import fields


class User(AbstractUser):
    """One person or machine. ``roles`` are names of ``kernel/roles.csv``.

    ``companies`` are the codes of the companies that the user may read and write; null means all of them,
    an empty list none.
    """

    roles = models.JSONField(default=list, blank=True)
    companies = models.JSONField(null=True, default=list, blank=True)

    class Meta:
        db_table = "workspace_user"


class Upload(models.Model):
    """One file that a user sent to have it checked, and may then load; nobody else sees it.

    ``rejected`` is the file of the rows that the last check or load refused, null if none was.
    """

    id = fields.identifier()
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    entity = fields.code()
    name = fields.code(200)
    content = models.BinaryField()
    rejected = models.BinaryField(null=True)
    sent_at = fields.written_at()

    class Meta:
        db_table = "workspace_upload"
