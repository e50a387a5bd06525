"""Notes that stay out of the review: private ones, which their author may erase, and privileged ones of legal staff."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Note
from reviews.permissions.noting import notes_for, why_not_erase, why_not_note
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.selectors.reviews import last_revision
from reviews.services.mentions import people_named, tell_named
from reviews.services.passages import place_of


@transaction.atomic
def write_note(
    *,
    actor: User,
    request_id: int,
    readers: str,
    text: str,
    now: datetime,
    question_key: str = "",
    quote: str = "",
    nth: int | None = None,
    answers: int | None = None,
) -> Note:
    """Write a note for its author alone ("private") or for legal staff alone ("privileged").

    `answers`: the privileged note that it replies to. The event of it says neither the text nor where it stands.
    """
    request = request_to_change(actor, request_id, now)
    parent = get_object_or_404(notes_for(actor, request, now), pk=answers) if answers else None
    readers = parent.readers if parent else readers
    require(why_not_note(actor, request, now, readers))
    if not text.strip():
        raise Refused(_("Write something first."))
    if parent is not None and parent.readers == "private":
        raise Refused(_("A private note stands alone. Write another one."))
    first = parent.answers or parent if parent else None
    revision = last_revision(request)
    assert revision is not None  # it was submitted
    key = first.question_key if first else question_key
    place = place_of(revision, key, "" if first else quote, nth)
    named = people_named(text, request, readers, now) if readers == "privileged" else []
    note = Note.objects.create(
        request=request, readers=readers, answers=first, text=text.strip(), author=actor, made_at=now, **place
    )
    trail.record("note.made", obj=note, actor=actor, now=now, data={"readers": readers})
    tell_named(named, note, actor, f"note-{(first or note).pk}", now)
    return note


@transaction.atomic
def erase_note(*, actor: User, note_id: int, now: datetime) -> None:
    """Erase one's private note: the row goes, and the event says only that there was one."""
    found = get_object_or_404(Note, pk=note_id)
    request = request_to_change(actor, found.request_id, now)
    note = notes_for(actor, request, now).filter(pk=note_id).first()
    if note is None:
        raise Http404
    require(why_not_erase(actor, note))
    trail.record("note.erased", obj=note, actor=actor, now=now, data={"readers": note.readers}, gone=[note])
    note.delete()
