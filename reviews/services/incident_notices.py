"""Tells who has to know of an incident, and reminds of its clock in days and in hours."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.notices import notify
from reminders.wording import moment
from reviews.models import IncidentReport, Seat
from reviews.permissions.incidents import HANDLES
from reviews.permissions.standing import parties_of
from reviews.rules.recusal import conflicts_of
from reviews.selectors.addresses import incident_address
from reviews.selectors.incident_words import KIND_LABELS, about_of

HOURS = (24, 12, 6, 2, 1)
"""Hours before the end of a clock at which those who report are reminded (P), beside the days of all reminders."""
_moment = lazy(moment, str)


def tell_of_incident(report: IncidentReport, now: datetime) -> None:
    """Tell legal staff, safety leads, and the members of the boards that approved the version; not who raised it."""
    for person in _told(report, {report.reporter_id}):
        notify(
            person=person, kind="incident.raised", obj=report,
            subject=format_lazy(_("{incident}: {about}"), incident=report.reference, about=about_of(report)),
            body=format_lazy(
                _("An incident was reported: {text} It has no class yet; until it has one, act by {moment}."),
                text=report.incident.text[:300], moment=_moment(report.due_at or report.aware_at),
            ),
            url=incident_address(report.incident_id), now=now,
        )  # fmt: skip


def tell_of_class(report: IncidentReport, actor: User, now: datetime) -> None:
    """Tell the same people, and who raised it, which class it has and until when it is reported."""
    body: StrOrPromise = _("It needs no report to an authority.")
    if report.due_at is not None:
        body = format_lazy(_("Report it to the authority by {moment}."), moment=_moment(report.due_at))
    people = [*_told(report, {actor.pk, report.reporter_id})]
    if report.reporter_id != actor.pk:
        people.append(report.reporter)
    for person in people:
        notify(
            person=person, kind="incident.classified", obj=report,
            subject=format_lazy(
                _("{incident} classified: {kind}"), incident=report.reference, kind=KIND_LABELS[report.kind]
            ),
            body=body, url=incident_address(report.incident_id), now=now,
        )  # fmt: skip


@transaction.atomic
def remind_of_hours(*, report_id: int, now: datetime) -> bool:
    """Remind legal staff and safety leads in the last hours of a clock; by the system, may run twice, and late.

    Of the hours that were missed only the last is told. Says whether anything was told now.
    """
    report = IncidentReport.objects.select_related("incident", "project").get(pk=report_id)
    if report.due_at is None or report.filed_at is not None or report.state == "closed":
        return False
    begun = [hours for hours in HOURS if report.due_at - timedelta(hours=hours) <= now]
    late = now >= report.due_at
    if not begun:
        return False
    once = f"{'late' if late else f'{begun[-1]}h'}-{report.due_at:%Y%m%dT%H%M}"
    messages = [
        notify(
            person=person, kind="incident.clock", obj=report,
            subject=format_lazy(_("{incident}: {left}"), incident=report.reference, left=_left(begun[-1], late)),
            body=format_lazy(
                _("The first report to the authority is due {moment}."), moment=_moment(report.due_at)
            ),
            url=incident_address(report.incident_id), now=now, once=once,
        )
        for person in handlers()
    ]  # fmt: skip
    return any(message is not None and message.created_at == now for message in messages)


def _left(hours: int, late: bool) -> StrOrPromise:
    if late:
        return _("the time to report has passed")
    words = ngettext_lazy(
        "less than {hours} hour is left to report", "less than {hours} hours are left to report", hours
    )
    return format_lazy(words, hours=hours)


def handlers() -> list[User]:
    """Return who classifies and reports incidents."""
    rows = User.objects.filter(groups__name__in=HANDLES, is_active=True)
    return list(rows.distinct().order_by("pk"))


def _told(report: IncidentReport, left_out: set[int]) -> Iterable[User]:
    people = {person.pk for person in handlers()}
    if report.request is not None:
        parties = parties_of(report.request)
        seats = Seat.objects.filter(board__reviews__request=report.request, until__isnull=True)
        members = set(seats.values_list("person_id", flat=True))
        people |= {person for person in members if not conflicts_of(person, parties)}
        people.add(report.request.requester_id)
    return User.objects.filter(pk__in=people - left_out, is_active=True).order_by("pk")


def clocks_running(now: datetime) -> list[int]:
    """Return the reports whose clock is in its last hours, or late, and for which nothing was filed."""
    due = now + timedelta(hours=max(HOURS))
    rows = IncidentReport.objects.filter(due_at__lte=due, filed_at__isnull=True).exclude(state="closed")
    return list(rows.values_list("pk", flat=True))
