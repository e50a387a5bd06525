"""Naming people in a discussion: "@" and a name tells them once, if they may read it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.refusal import Refused
from reminders.notices import notify
from reviews.models import Comment, Note, Question, ReviewRequest
from reviews.rules.mentions import mentions_in
from reviews.selectors.addresses import request_address
from reviews.selectors.readers import readers_of

KIND = "discussion.mentioned"


def people_named(text: str, request: ReviewRequest, audience: str, now: datetime) -> list[User]:
    """Return whom the text names; raises Refused for a name of nobody who may read it, or of several people."""
    if "@" not in text:
        return []
    readers = {person.pk: person for person in readers_of(request, audience, now)}
    found = mentions_in(text, {key: (p.display_name, p.email) for key, p in readers.items()})
    if found.ambiguous:
        raise Refused(
            _(
                "Several people are called {name}. Write the e-mail address of the one you mean after @."
            ).format(name=found.ambiguous[0])
        )
    if found.unknown:
        raise Refused(
            _(
                "“@{name}” names nobody who may read this, so nobody would be told. Write the whole name or the"
                " e-mail address of somebody who may, or leave the @ out."
            ).format(name=found.unknown[0])
        )
    return [readers[key] for key in found.people]


def tell_named(
    people: Sequence[User], said: Comment | Question | Note, actor: User, part: str, now: datetime
) -> None:
    """Tell the people once that they are named, in the caller's transaction; never what was written."""
    request = said.request
    for person in people:
        if person.pk != actor.pk:
            notify(
                person=person, kind=KIND, obj=said, once="named", now=now,
                subject=format_lazy(
                    gettext_lazy("You are named: {request}"),
                    request=f"{request.reference}, {request.version}",
                ),
                body=format_lazy(
                    gettext_lazy("{person} names you in a discussion of this request."), person=actor.display_name
                ),
                url=request_address(request.reference, part),
            )  # fmt: skip
