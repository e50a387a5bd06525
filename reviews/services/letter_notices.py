"""Tells who asked that a letter was written to them: a notice in the inbox and a mail, in its transaction."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records.words import WORDS
from reminders.notices import notify
from reviews.models import Contributor, Letter
from reviews.selectors.letters.telling import letter_reference
from reviews.selectors.waiting.wording import title_of


def tell_of_letter(letter: Letter, now: datetime) -> None:
    """Tell the requester and the contributors of the letter; the letter itself is behind the link, for who may read it.

    A translation is told only to who asked for it.
    """
    request = letter.request
    asking = {
        request.requester_id,
        *Contributor.objects.filter(request=request).values_list("person_id", flat=True),
    }
    if letter.translates_id is not None:
        asking = {letter.asked_by_id} if letter.asked_by_id else set()
    for person in User.objects.filter(pk__in=asking).order_by("pk"):
        notify(
            person=person, kind="request.letter", obj=letter,
            subject=format_lazy(
                _("{what}: {request}"), what=WORDS["letter"][letter.kind], request=title_of(request)
            ),
            body=format_lazy(
                _("The letter {letter} was written to you. It is being sealed, which takes some seconds."),
                letter=letter_reference(letter),
            ),
            url=reverse("records:record_page", args=[letter.record_id]), now=now, once="written",
        )  # fmt: skip
