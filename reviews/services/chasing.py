"""Reminding somebody now of what waits for them in a request; at most once a day for each thing and person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reminders.by_hand import remind_by_hand, reminded_today
from reminders.timing import words_of
from reminders.waiting import Waiting
from reminders.wording import moment
from reviews.models import ReviewRequest
from reviews.permissions.chasing import why_not_remind
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.selectors.waiting import waiting_about


@transaction.atomic
def remind_now(
    *, actor: User, request_id: int, kind: str, object_id: str, person_id: int, now: datetime
) -> Waiting:
    """Put a reminder into the person's inbox and send it by mail at once.

    Raises Refused when the thing waits for them no longer, or when they were reminded of it today. The request is
    locked, so that two clicks, or two secretaries, remind once.
    """
    request = request_to_change(actor, request_id, now)
    require(why_not_remind(actor, request, now))
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None or person == actor:
        raise Refused(_("This waits for them no longer, so nobody was reminded."))
    with words_of(person.language, person.time_zone):
        item = _waiting(request, kind, object_id, person, now)
    if item is None:
        raise Refused(_("This waits for them no longer, so nobody was reminded."))
    before = reminded_today([person], now).get((person.pk, kind, object_id))
    if before is not None:
        raise Refused(
            _("{person} was reminded of it today already: {moment}. Once a day is the most.").format(
                person=person.display_name, moment=moment(before)
            )
        )
    remind_by_hand(person=person, by=actor, kind=kind, item=item, now=now)
    trail.record(
        "person.reminded", obj=request, actor=actor, now=now, personal={"person": person.display_name},
        data={"kind": kind, "object": item.object_type, "object_id": object_id, "person": str(person.pseudonym)},
    )  # fmt: skip
    return item


def _waiting(
    request: ReviewRequest, kind: str, object_id: str, person: User, now: datetime
) -> Waiting | None:
    """Return the thing that waits for the person, in the language that is active, or None."""
    found = (
        item
        for code, item in waiting_about(frozenset({request.pk}), now)
        if (code, item.object_id, item.person_id) == (kind, object_id, person.pk)
    )
    return next(found, None)
