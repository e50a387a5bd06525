"""Who reads letters, has them translated, and looks after their texts."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import Letter, ReviewRequest
from reviews.permissions.reasons import NotNow, WrongPerson
from reviews.permissions.sight import may_read_record
from reviews.permissions.standing import standing_of


def letter_to_read(actor: User, letter_id: int, now: datetime) -> Letter:
    """Return the letter, or raise Http404: absent and forbidden look the same."""
    found = Letter.objects.select_related("request__requester", "record").filter(pk=letter_id).first()
    if found is None or not may_read_record(actor, str(found.request_id), now):
        raise Http404
    return found


def why_not_have_translated(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not have letters about the request translated; None if they may."""
    standing = standing_of(actor, request, now)
    keeps = any(standing.is_secretary_of(board) for board in standing.boards)
    if standing.is_asking or keeps or standing.has_role(Role.LEGAL):
        return None
    return WrongPerson(
        _("Who asks, legal staff and the secretaries of the boards can have a letter translated.")
    )


def why_not_translate(actor: User, letter: Letter, language: str, now: datetime) -> str | None:
    """Return why the person may not have the letter translated into the language; None if they may."""
    if reason := why_not_have_translated(actor, letter.request, now):
        return reason
    if letter.translates_id is not None:
        return NotNow(_("This letter is a translation itself. Have the first one translated."))
    if letter.language == language:
        return NotNow(_("The letter is written in this language already."))
    if letter.record_id is None:
        return NotNow(_("The letter is being written. Try again in a moment."))
    return None


def texts_for(actor: User) -> User:
    """Return the person, when they look after the texts of letters: for everybody else there are none (Http404)."""
    if why_not_manage_texts(actor) is not None:
        raise Http404
    return actor


def why_not_manage_texts(actor: User) -> str | None:
    """Return why the person may not read and change the texts of letters; None if they may."""
    if has_role(actor, Role.ADMINISTRATOR):
        return None
    return WrongPerson(_("The texts of letters and minutes are looked after by administrators."))
