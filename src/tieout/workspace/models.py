"""The users of the program: who they are, which roles they hold, which companies they may see."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """One person or machine. ``roles`` are names of ``kernel/roles.csv``.

    ``companies`` are the codes of the companies that the user may read and write; null means all of them,
    an empty list none.
    """

    roles = models.JSONField(default=list, blank=True)
    companies = models.JSONField(null=True, default=list, blank=True)

    class Meta:
        db_table = "workspace_user"
