"""What people do with a record: download it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from records import store
from records.models import Record
from records.permissions import record_to_read
from records.selectors import last_made


def download_record(*, actor: User, record_id: int, now: datetime) -> tuple[Record, bytes]:
    """Return the record with its file, and leave the event: what was issued, or before that what is signed next.

    Raises Http404 for outsiders, Refused while there is no file or when it was lost or changed on the disk.
    """
    record = record_to_read(actor, record_id, now)
    last = last_made(record)
    sha256 = record.file_sha256 or (last.file_sha256 if last else "")
    if not sha256:
        raise Refused(_("This record is not printed yet."))
    try:
        content = store.read(sha256)
    except store.Lost:
        raise Refused(
            _("The file of this record can't be read. The administrators find it in the log.")
        ) from None
    with transaction.atomic():
        trail.record("record.downloaded", obj=record, actor=actor, now=now, data={"file_sha256": sha256})
    return record, content


def download_data(*, actor: User, record_id: int, now: datetime) -> Record:
    """Return the record for its frozen data, whose SHA-256 its page shows, and leave the event. Raises Http404."""
    record = record_to_read(actor, record_id, now)
    with transaction.atomic():
        trail.record(
            "record.downloaded", obj=record, actor=actor, now=now,
            data={"context_sha256": record.context_sha256},
        )  # fmt: skip
    return record
