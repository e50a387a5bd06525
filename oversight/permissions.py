"""Who may look over shoulders: administrators at everything, auditors at what an engagement in force covers."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role, has_role
from audit.models import Event
from audit.selectors import within
from oversight.models import READ_ENGAGEMENT, Engagement, EngagementGrant
from records.models import Record


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person may see of log and records. `engagements`: those in force through which they see it."""

    everything: bool
    condition: Q
    engagements: tuple[Engagement, ...] = ()

    def events(self) -> QuerySet[Event]:
        """Return the events that may be seen."""
        return Event.objects.all() if self.everything else Event.objects.filter(self.condition)

    def records(self) -> QuerySet[Record]:
        """Return the records that may be seen: those about things to which an event in sight belongs."""
        if self.everything:
            return Record.objects.all()
        story = self.events().filter(root_type=OuterRef("object_type"), root_id=OuterRef("object_id"))
        return Record.objects.filter(Exists(story))


def is_administrator(user: User) -> bool:
    """Say whether the person makes and ends engagements."""
    return has_role(user, Role.ADMINISTRATOR)


def engagements_of(user: User, now: datetime) -> QuerySet[Engagement]:
    """Return the engagements through which the person, as auditor, may read at this moment."""
    if not has_role(user, Role.AUDITOR):
        return Engagement.objects.none()
    granted = EngagementGrant.objects.filter(in_force(now), user=user, permission__codename=READ_ENGAGEMENT)
    return Engagement.objects.filter(
        pk__in=granted.values("content_object_id"), starts_at__lte=now, ends_at__gt=now, ended_at=None
    )


def visible_engagements(user: User, now: datetime) -> QuerySet[Engagement]:
    """Return all engagements for administrators, and for auditors those in force."""
    return Engagement.objects.all() if is_administrator(user) else engagements_of(user, now)


def require_overseer(user: User) -> None:
    """Let administrators and auditors pass; for everybody else the pages of oversight don't exist (Http404)."""
    if not has_role(user, Role.ADMINISTRATOR, Role.AUDITOR):
        raise Http404


def require_administrator(user: User) -> None:
    """Let administrators pass; for everybody else the page doesn't exist (Http404)."""
    if not is_administrator(user):
        raise Http404


def engagement_to_read(user: User, engagement_id: int, now: datetime) -> Engagement:
    """Return the engagement, or raise Http404: absent, out of date and another's look the same."""
    engagement = visible_engagements(user, now).filter(pk=engagement_id).first()
    if engagement is None:
        raise Http404
    return engagement


def engagement_to_change(user: User, engagement_id: int) -> Engagement:
    """Return the engagement with its row locked, for an administrator, or raise Http404."""
    require_administrator(user)
    engagement = Engagement.objects.select_for_update().filter(pk=engagement_id).first()
    if engagement is None:
        raise Http404
    return engagement


def sight_of(user: User, now: datetime) -> Sight:
    """Return what the person may see; raise Http404 for whoever is no administrator and under no engagement."""
    if is_administrator(user):
        return Sight(everything=True, condition=Q())
    engagements = tuple(engagements_of(user, now).prefetch_related("projects", "boards"))
    if not engagements:
        raise Http404
    return sight_under(*engagements)


def sight_under(*engagements: Engagement) -> Sight:
    """Return what these engagements let see: their own events, and those of what they cover."""
    if any(engagement.whole for engagement in engagements):
        return Sight(everything=True, condition=Q(), engagements=engagements)
    projects = {project.pk for engagement in engagements for project in engagement.projects.all()}
    boards = {board.pk for engagement in engagements for board in engagement.boards.all()}
    own = Q(object_type=Engagement._meta.label_lower, object_id__in=[str(found.pk) for found in engagements])
    return Sight(
        everything=False, condition=own | within(projects=projects, boards=boards), engagements=engagements
    )


def may_oversee(user: User, record: Record, now: datetime) -> bool:
    """Say whether the person may read the record as administrator's or auditor's oversight; asked by records."""
    if not has_role(user, Role.AUDITOR):
        return False
    try:
        return sight_of(user, now).records().filter(pk=record.pk).exists()
    except Http404:
        return False
