"""Moving the day on which a checklist is due; the date for which it was scheduled never changes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Assessment, Occurrence
from compliance.permissions import assessment_to_assign
from compliance.rules.recurrence import due_at

FARTHEST = timedelta(days=366)


@transaction.atomic
def move_due(*, actor: User, assessment_id: int, day: date, reason: str, now: datetime) -> Assessment:
    """Move what is due to the end of another day, in the zone of its schedule or of who moves it.

    Raises Http404, PermissionDenied, IllegalTransition when it was accepted, and Refused without a reason, for the
    same day, a day that has passed or lies more than a year ahead.
    """
    assessment = assessment_to_assign(actor, assessment_id, now)
    if not reason.strip():
        raise Refused(_("Say why the date moves; the reason stands in the history."))
    if not now.date() - timedelta(days=1) <= day <= now.date() + FARTHEST:
        raise Refused(_("The new date lies ahead, at most a year from now."))
    occurrence = Occurrence.objects.select_related("schedule").filter(assessment=assessment).first()
    zone = occurrence.schedule.zone if occurrence else actor.time_zone or "UTC"
    old, new = assessment.due, due_at(datetime(day.year, day.month, day.day, 12, tzinfo=now.tzinfo), 0, zone)
    if new <= now:
        raise Refused(_("The new date lies ahead, at most a year from now."))
    if new == old:
        raise Refused(_("This is the date that it has already."))
    if occurrence is not None and new < occurrence.scheduled_for:
        raise Refused(_("It can't be due before the date for which it was scheduled."))
    assessment.due = new
    assessment.save(update_fields=["due"])
    if occurrence is not None:
        occurrence.due = new
        occurrence.save(update_fields=["due"])
    trail.record(
        "assessment.due_moved", obj=assessment, actor=actor, now=now, reason=reason.strip(),
        also=[occurrence] if occurrence else [],
        data={"due": {"old": old.isoformat(), "new": new.isoformat()}},
    )  # fmt: skip
    return assessment
