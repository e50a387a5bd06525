"""Who may write and read notes that stay out of the review: private ones, and privileged ones of legal staff."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import Note, ReviewRequest
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.sight import why_not_see_deliberation
from reviews.permissions.standing import standing_of, why_conflicted


def why_not_privileged(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may neither read nor write privileged notes: legal staff without a part in it may."""
    standing = standing_of(actor, request, now)
    if not standing.has_role(Role.LEGAL):
        return WrongPerson(_("Privileged notes are for legal staff."))
    return why_conflicted(standing)


def why_not_note(actor: User, request: ReviewRequest, now: datetime, readers: str) -> str | None:
    """Return why the person may not write a note for these readers ("private", "privileged") on the request."""
    if request.submitted_at is None:
        return WrongState(_("Notes are about a dossier that was submitted."))
    if readers == "privileged":
        return why_not_privileged(actor, request, now)
    standing = standing_of(actor, request, now)
    if standing.has_role(Role.AUDITOR):
        return WrongPerson(_("Auditors read and change nothing."))
    return None if standing.is_asking else why_not_see_deliberation(actor, request, now)


def why_not_erase(actor: User, note: Note) -> str | None:
    """Return why the person may not erase the note: private ones are their author's."""
    if note.readers != "private" or note.author_id != actor.pk:
        return WrongPerson(_("Only a private note is erased, by its author."))
    return None


def notes_for(actor: User, request: ReviewRequest, now: datetime) -> "QuerySet[Note]":
    """Return the notes of the request that the person may read: their own private ones, and privileged ones."""
    own = Q(readers="private", author=actor)
    if why_not_privileged(actor, request, now) is None:
        own |= Q(readers="privileged")
    return Note.objects.filter(own, request=request)
