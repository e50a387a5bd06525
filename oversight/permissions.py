"""Who may look over shoulders: administrators at everything, auditors at what an engagement in force covers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import Http404

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role, has_role
from audit.models import Event
from audit.selectors import within
from oversight.models import READ_ENGAGEMENT, Engagement, EngagementGrant, Sample, SampleItem
from records.models import Record
from reviews.models import ReviewRequest

REQUEST, ENGAGEMENT = ReviewRequest._meta.label_lower, Engagement._meta.label_lower


@dataclass(frozen=True, slots=True)
class Part:
    """What one engagement covers: events within `scope` that happened in its period; `until` is left out itself."""

    scope: Q
    since: datetime | None = None
    until: datetime | None = None

    def events(self) -> Q:
        """Return the condition for events of this part."""
        return self.scope & self.within("occurred_at")

    def within(self, name: str) -> Q:
        """Return the condition that the field with this name lies in the period."""
        inside = Q(**{f"{name}__gte": self.since}) if self.since else Q()
        return inside & Q(**{f"{name}__lt": self.until}) if self.until else inside


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person may see of log and records. `engagements`: those in force through which they see it.

    Events are within `condition`; `parts` says the same for each engagement, without its own events.
    """

    everything: bool
    condition: Q
    engagements: tuple[Engagement, ...] = ()
    parts: tuple[Part, ...] = ()

    def events(self) -> QuerySet[Event]:
        """Return the events that may be seen."""
        return Event.objects.all() if self.everything else Event.objects.filter(self.condition)

    def records(self) -> QuerySet[Record]:
        """Return the records that may be seen: frozen in the period, about things to which events in sight belong."""
        if self.everything:
            return Record.objects.all()
        return Record.objects.filter(_any(self._records_of(part) for part in self.parts))

    def _records_of(self, part: Part) -> Q:
        story = Event.objects.filter(
            part.events(), root_type=OuterRef("object_type"), root_id=OuterRef("object_id")
        )
        return part.within("frozen_at") & Q(Exists(story))

    def requests(self) -> QuerySet[ReviewRequest]:
        """Return the submitted requests in whose stories anything lies in sight."""
        submitted = ReviewRequest.objects.filter(submitted_at__isnull=False)
        if self.everything:
            return submitted
        stories = self.events().filter(root_type=REQUEST).order_by()
        return submitted.filter(pk__in=stories.annotate(key=Cast("root_id", BigIntegerField())).values("key"))


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
    found = visible_engagements(user, now).prefetch_related("projects", "boards")
    engagement = found.filter(pk=engagement_id).first()
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


def engagement_to_work_on(user: User, engagement_id: int, now: datetime) -> Engagement:
    """Return the engagement, for one of its auditors while it is in force, or raise Http404."""
    engagement = engagements_of(user, now).filter(pk=engagement_id).first()
    if engagement is None:
        raise Http404
    return engagement


def sample_to_read(user: User, sample_id: int, now: datetime) -> Sample:
    """Return the sample, for whoever reads its engagement, or raise Http404."""
    visible = visible_engagements(user, now).values("pk")
    found = Sample.objects.select_related("engagement", "drawn_by").filter(
        pk=sample_id, engagement__in=visible
    )
    sample = found.first()
    if sample is None:
        raise Http404
    return sample


def item_to_change(user: User, item_id: int, now: datetime) -> SampleItem:
    """Return the request of a sample with its row locked, for an auditor of the engagement, or raise Http404."""
    working = engagements_of(user, now).values("pk")
    found = SampleItem.objects.select_related("sample__engagement", "request").select_for_update(of=("self",))
    item = found.filter(pk=item_id, sample__engagement__in=working).first()
    if item is None:
        raise Http404
    return item


def sight_of(user: User, now: datetime) -> Sight:
    """Return what the person may see; raise Http404 for whoever is no administrator and under no engagement."""
    if is_administrator(user):
        return Sight(everything=True, condition=Q())
    engagements = tuple(engagements_of(user, now).prefetch_related("projects", "boards"))
    if not engagements:
        raise Http404
    return sight_under(*engagements)


def sight_under(*engagements: Engagement) -> Sight:
    """Return what these engagements let see: their own events, and those of what they cover in their periods."""
    if any(engagement.whole and not engagement.has_period for engagement in engagements):
        return Sight(everything=True, condition=Q(), engagements=engagements, parts=(Part(Q()),))
    parts = tuple(_part(engagement) for engagement in engagements)
    own = Q(root_type=ENGAGEMENT, root_id__in=[str(found.pk) for found in engagements])
    return Sight(
        everything=False,
        condition=own | _any(part.events() for part in parts),
        engagements=engagements,
        parts=parts,
    )


def sight_of_request(request: ReviewRequest, *, under: Engagement | None = None) -> Sight:
    """Return the story of one request, as far as it is seen under the engagement."""
    story = Q(root_type=REQUEST, root_id=str(request.pk))
    seen = _part(under) if under else Part(Q())
    part = replace(seen, scope=seen.scope & story)
    return Sight(everything=False, condition=part.events(), parts=(part,))


def _part(engagement: Engagement) -> Part:
    projects = {project.pk for project in engagement.projects.all()}
    boards = {board.pk for board in engagement.boards.all()}
    scope = Q() if engagement.whole else within(projects=projects, boards=boards)
    return Part(scope, engagement.period_from, engagement.period_until)


def _any(conditions: Iterable[Q]) -> Q:
    """Return the condition that one of these is met; without any, nothing meets it."""
    found = list(conditions)
    met = found[0] if found else Q(pk__in=[])
    for condition in found[1:]:
        met |= condition
    return met


def may_oversee(user: User, record: Record, now: datetime) -> bool:
    """Say whether the person may read the record as administrator's or auditor's oversight; asked by records."""
    if not has_role(user, Role.AUDITOR):
        return False
    try:
        return sight_of(user, now).records().filter(pk=record.pk).exists()
    except Http404:
        return False
