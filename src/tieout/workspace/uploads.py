"""Files that users send: how large one may be, and where it waits between its check and its load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.utils import timezone

from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.identifiers import new_id
from tieout.workspace.models import Upload

BYTES_MAX: Final = 10 * 1024 * 1024
"""Larger files are loaded from the command line, which tells how far it has come."""

_KEPT: Final = timedelta(days=1)
_NAME_MAX: Final = 60
"""Characters of a name; a file system takes 255 bytes."""
_UNNAMED: Final = "file"


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Takes a file up to the limit and drops a larger one while it arrives, whatever its sender declares."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take the next part of it."""
        self._received += len(raw_data)
        if self._received > BYTES_MAX:
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that waits: its key, what it holds, its name, its content, and the rows refused last."""

    key: UUID
    entity: str
    name: str
    content: bytes
    rejected: bytes


def keep(*, actor: Actor, user_id: int, entity: str, file: UploadedFile) -> Sent:
    """Keep a file for its sender for a day; what is older is removed."""
    permit(actor, Verb.LOAD)
    Upload.objects.filter(sent_at__lt=timezone.now() - _KEPT).delete()
    name = PurePath((file.name or "").replace("\0", "")).name[-_NAME_MAX:]
    made = Upload.objects.create(
        id=new_id(),
        user_id=user_id,
        entity=entity,
        name=_UNNAMED if name in {"", ".", ".."} else name,
        content=file.read(),
    )
    return _sent(made)


def sent(*, actor: Actor, user_id: int, key: UUID) -> Sent | None:
    """Return a file that this user sent, None if there is none."""
    permit(actor, Verb.LOAD)
    found = Upload.objects.filter(pk=key, user_id=user_id).first()
    return None if found is None else _sent(found)


def keep_rejected(*, actor: Actor, key: UUID, rejected: bytes) -> None:
    """Keep the rows of a file that its last check or load refused."""
    permit(actor, Verb.LOAD)
    Upload.objects.filter(pk=key).update(rejected=rejected or None)


def _sent(one: Upload) -> Sent:
    return Sent(one.pk, one.entity, one.name, bytes(one.content), bytes(one.rejected or b""))
