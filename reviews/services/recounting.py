"""Having a running date counted again by the calendar of today: never by itself, always with an event."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.permissions.calendars import why_not_recount
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.rules.explaining import DateKind, SourcedTerm, Why
from reviews.selectors.dated import Dated, find
from reviews.selectors.explained import explain
from reviews.services.reckoning import keep, reckon

FIELDS: dict[DateKind, str] = {
    DateKind.COMPLETENESS: "check_by",
    DateKind.ROUTING: "check_by",
    DateKind.REVIEW: "due_at",
    DateKind.QUESTION: "due_at",
    DateKind.BALLOT: "deadline",
    DateKind.VERIFICATION: "verify_by",
    DateKind.SIGNATURE: "sign_by",
    DateKind.RATIFICATION: "ratify_by",
}
"""Where each date stands at its thing."""


@transaction.atomic
def recount_date(
    *, actor: User, request_id: int, kind: str, key: int, now: datetime, expected: datetime | None = None
) -> Dated:
    """Count one running date again, by the calendar of today and with the term that it had; who is due is told by it.

    `expected`: the date that the person was shown and confirmed. Raises Http404, and Refused when the date is what it
    would be, isn't the one that was confirmed, or would shorten a ballot.
    """
    request = request_to_change(actor, request_id, now)
    dated = find(kind, request, key)
    require(why_not_recount(actor, request, dated.board, now))
    found = explain(dated, now)
    if found.would_be is None or found.counted is None or dated.due is None:
        raise Refused(_("By the calendar of today this date is the same. Nothing was changed."))
    if expected is not None and expected != found.would_be:
        raise Refused(_("The calendar has changed once more. Look at the new date, and confirm that one."))
    if dated.kind == DateKind.BALLOT and found.would_be < dated.due:
        raise Refused(_("A ballot only gets longer: people count on the days that they were given."))
    if found.would_be <= now:
        raise Refused(
            _("By the calendar of today the date would be past already. Move it by hand, with a reason.")
        )
    reckoned = reckon(
        dated.kind, dated.board, found.counted.start, sourced=SourcedTerm(found.counted.term, found.source)
    )
    setattr(dated.thing, FIELDS[dated.kind], found.would_be)
    dated.thing.save(update_fields=[FIELDS[dated.kind]])
    keep(dated.thing, reckoned, now=now, request=request, actor=actor, why=Why.RECOMPUTED, was=dated.due)
    trail.record(
        "deadline.recounted", obj=dated.thing, actor=actor, now=now,
        data={"what": dated.kind.value, "due": {"old": _plain(dated.due), "new": _plain(found.would_be)}},
    )  # fmt: skip
    return dated


def _plain(value: datetime) -> str:
    """Return the moment as the history keeps it, whoever reads it."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
