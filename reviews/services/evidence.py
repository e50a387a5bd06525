"""Files given with answers: kept under their digest, taken out of a draft again, read by who may read the request."""

from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit import files, scanning, trail, uploads
from audit.file_names import harmless
from audit.handing_in import take_in
from audit.handing_out import hand_out
from audit.refusal import Refused
from reviews.models import AnswerFile, ReviewRequest, Revision
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change, request_to_read
from reviews.permissions.standing import standing_of
from reviews.selectors.revisions import file_ids
from reviews.services.answers import question_of

MOST_FILES = 50


def add_file(
    *, actor: User, request_id: int, question: str, upload: "File[bytes]", now: datetime
) -> AnswerFile:
    """Keep the upload with the answer; a file of a name that is there already is one more file.

    The bytes are hashed and on the disk before the request is locked. Raises Refused for an empty or too large file,
    malware, or a question that takes none.
    """
    request = _check_takes_files(actor, request_id, question, now)
    kept = take_in(upload, obj=request, actor=actor, now=now)
    return _add(actor, request_id, question, harmless(upload.name or ""), kept, now)


def begin_upload(
    *, actor: User, request_id: int, question: str, name: str, size: int, now: datetime
) -> uploads.Upload:
    """Begin a file of so many bytes that comes in parts; raises what `add_file` raises."""
    _check_takes_files(actor, request_id, question, now)
    return uploads.begin(person=actor.pk, purpose=_purpose(request_id, question), name=name, size=size)


def add_uploaded_file(
    *, actor: User, request_id: int, question: str, token: str, now: datetime
) -> AnswerFile:
    """Keep a file that came in parts with the answer; raises what `add_file` raises."""
    request = _check_takes_files(actor, request_id, question, now)
    upload, kept = uploads.measure(token, person=actor.pk, purpose=_purpose(request_id, question))
    scanning.look_at_upload(upload, obj=request, actor=actor, now=now)
    with transaction.atomic():
        file = _add(actor, request_id, question, upload.name, kept, now)
        uploads.keep(upload, kept)
    return file


def _purpose(request_id: int, question: str) -> str:
    return f"reviews.answer/{request_id}/{question}"


def _check_takes_files(actor: User, request_id: int, question: str, now: datetime) -> ReviewRequest:
    request = request_to_read(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    if not question_of(request, question).takes_files:
        raise Refused(_("This question takes no files."))
    _check_room(request, question)
    return request


def _check_room(request: ReviewRequest, question: str) -> None:
    present = AnswerFile.objects.filter(request=request, question=question, removed_at__isnull=True)
    if present.count() >= MOST_FILES:
        raise Refused(
            _("There are fifty files with this answer already. Take one out first, or pack several.")
        )


@transaction.atomic
def _add(
    actor: User, request_id: int, question: str, name: str, kept: files.Kept, now: datetime
) -> AnswerFile:
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    _check_room(request, question)
    file = AnswerFile.objects.create(
        request=request,
        question=question,
        name=name,
        sha256=kept.sha256,
        size=kept.size,
        added_at=now,
        added_by=actor,
    )
    trail.record(
        "dossier_file.added", obj=file, actor=actor, now=now,
        data={"question": question, "sha256": kept.sha256, "size": kept.size}, personal={"name": name},
    )  # fmt: skip
    return file


@transaction.atomic
def remove_file(*, actor: User, request_id: int, file_id: int, now: datetime) -> None:
    """Take the file out of the dossier; revisions that froze it keep it."""
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    file = AnswerFile.objects.filter(request=request, pk=file_id).first()
    if file is None:
        raise Http404
    if file.removed_at is None:
        file.removed_at = now
        file.save(update_fields=["removed_at"])
        trail.record(
            "dossier_file.removed", obj=file, actor=actor, now=now,
            data={"question": file.question, "sha256": file.sha256},
        )  # fmt: skip


@transaction.atomic
def open_dossier_file(
    *, actor: User, request_id: int, file_id: int, now: datetime
) -> tuple[AnswerFile, BinaryIO]:
    """Return the file and its bytes, opened; what an auditor takes away is an event.

    Who works on the dossier reads every file, others those of a revision. Raises Http404, and Refused when the bytes
    are not on the disk any more.
    """
    request = request_to_read(actor, request_id, now)
    file = AnswerFile.objects.filter(request=request, pk=file_id).first()
    if file is None:
        raise Http404
    if not standing_of(actor, request, now).is_asking and not _is_frozen(file):
        raise Http404
    content = hand_out(file.sha256)
    if has_role(actor, Role.AUDITOR):
        trail.record("dossier_file.downloaded", obj=file, actor=actor, now=now, data={"sha256": file.sha256})
    return file, content


def _is_frozen(file: AnswerFile) -> bool:
    revisions = Revision.objects.filter(request=file.request_id).only("content")
    return any(file.pk in file_ids(revision) for revision in revisions)
