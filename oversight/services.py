"""What administrators and auditors do: making and ending engagements, taking the log away."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit import trail
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from audit.selectors import Filter, events
from oversight import access
from oversight.models import READ_ENGAGEMENT, Engagement, EngagementGrant
from oversight.permissions import Sight, engagement_to_change, require_administrator, sight_of
from registry.models import Project
from reviews.models import Board


@transaction.atomic
def make_engagement(
    *,
    actor: User,
    title: str,
    purpose: str,
    auditors: Collection[User],
    whole: bool,
    projects: Collection[Project],
    boards: Collection[Board],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    period_from: datetime | None = None,
    period_until: datetime | None = None,
) -> Engagement:
    """Order an audit of the whole organisation, or of these projects and boards; raises Http404, Refused.

    `period_from` and `period_until` (left out itself) say which time is looked at, where it isn't all of it.
    """
    require_administrator(actor)
    _check(auditors, whole or bool(projects or boards), starts_at, ends_at, now)
    if period_from and period_until and period_until <= period_from:
        raise Refused(_("The period that is looked at ends before it begins."))
    engagement = Engagement.objects.create(
        title=title,
        purpose=purpose,
        whole=whole,
        starts_at=starts_at,
        ends_at=ends_at,
        period_from=period_from,
        period_until=period_until,
        made_by=actor,
        made_at=now,
    )
    if not whole:
        engagement.projects.set(projects)
        engagement.boards.set(boards)
    may_read = Permission.objects.get(content_type__app_label="oversight", codename=READ_ENGAGEMENT)
    grants = [
        EngagementGrant.objects.create(
            content_object=engagement, user=auditor, permission=may_read, valid_until=ends_at
        )
        for auditor in auditors
    ]
    trail.record(
        "engagement.made", obj=engagement, actor=actor, now=now, also=[*grants, *_covered(engagement)],
        personal={"auditors": ", ".join(auditor.display_name for auditor in auditors)},
        data={
            "auditors": sorted(str(auditor.pseudonym) for auditor in auditors), "whole": whole,
            "projects": sorted(project.pk for project in projects) if not whole else [],
            "boards": sorted(board.pk for board in boards) if not whole else [],
            "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(),
            "period_from": period_from and period_from.isoformat(),
            "period_until": period_until and period_until.isoformat(),
        },
    )  # fmt: skip
    access.keep_up(now)
    return engagement


def _covered(engagement: Engagement) -> Iterator[Model]:
    """Yield the rows that say which projects and boards the engagement covers."""
    for field in (Engagement.projects, Engagement.boards):
        yield from field.through._default_manager.filter(engagement=engagement).order_by("pk")


@transaction.atomic
def end_engagement(*, actor: User, engagement_id: int, reason: str, now: datetime) -> Engagement:
    """End an engagement before its time; its auditors see nothing of it from this moment on."""
    engagement = engagement_to_change(actor, engagement_id)
    if engagement.ended_at is not None or engagement.ends_at <= now:
        raise IllegalTransition(_("This engagement is over already."))
    engagement.ended_at, engagement.ended_by = now, actor
    engagement.save(update_fields=["ended_at", "ended_by"])
    engagement.grants.update(valid_until=now)
    grants = engagement.grants.all()
    trail.record("engagement.ended", obj=engagement, actor=actor, now=now, reason=reason, also=grants)
    access.keep_up(now)
    return engagement


@transaction.atomic
def begin_export(
    *,
    actor: User,
    asked: Filter,
    form: str,
    filters: Mapping[str, str],
    now: datetime,
    named: bool = False,
    reason: str = "",
) -> tuple[Sight, int]:
    """Record that the person takes events away, and return their sight with the number of the last event that goes.

    `filters` is what the address said, for the event. `named`: with names and other personal data, which needs a
    reason. Raises Http404 for whoever has no sight of the log, Refused without a reason.
    """
    sight = sight_of(actor, now)
    if named and not reason.strip():
        raise Refused(_("Say what the names and other personal data are needed for."))
    found = sight.events() & events(asked)
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    about = sight.engagements[0] if sight.engagements else actor
    trail.record(
        "log.exported", obj=about, actor=actor, now=now,
        data={
            "format": form, "count": found.filter(id__lte=last).count(), "last": last,
            "engagements": [engagement.pk for engagement in sight.engagements], "personal_data": named,
        },
        personal={f"filter {name}": value for name, value in filters.items() if value},
        reason=reason.strip() if named else "",
    )  # fmt: skip
    return sight, last


def _check(
    auditors: Collection[User], covers_something: bool, starts_at: datetime, ends_at: datetime, now: datetime
) -> None:
    if not auditors or not all(has_role(auditor, Role.AUDITOR) for auditor in auditors):
        raise Refused(
            _("An engagement needs at least one person, and each of them needs the role of an auditor.")
        )
    if not covers_something:
        raise Refused(_("Choose what is audited: the whole organisation, or at least one project or board."))
    if ends_at <= starts_at or ends_at <= now:
        raise Refused(_("The last day must lie after the first one, and not in the past."))
