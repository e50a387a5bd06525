"""What waits for auditors: engagements that are about to begin, or that may be read until their end."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Role
from oversight.models import EngagementGrant
from reminders.waiting import Round, Source, Waiting
from reminders.wording import moment
from reviews.selectors.waiting import in_office

AHEAD = timedelta(days=14)


def engagements(asked: Round) -> Iterator[Waiting]:
    """Yield the auditors of engagements that are in force, or begin within two weeks; one query."""
    auditors = in_office(asked, Role.AUDITOR)
    if not auditors:
        return
    grants = EngagementGrant.objects.filter(
        user__in=auditors,
        content_object__ended_at__isnull=True,
        content_object__ends_at__gt=asked.now,
        content_object__starts_at__lte=asked.now + AHEAD,
    )
    for grant in grants.select_related("content_object").order_by("content_object__ends_at", "id"):
        engagement = grant.content_object
        begins = engagement.starts_at > asked.now
        yield Waiting(
            person_id=grant.user_id,
            object_type="oversight.engagement",
            object_id=str(engagement.pk),
            since=engagement.made_at if begins else engagement.starts_at,
            due=engagement.ends_at,
            title=engagement.title,
            needs=_("Your engagement begins {moment}.").format(moment=moment(engagement.starts_at))
            if begins
            else _("Read and download what it covers; after that you see nothing of it."),
            act=_("Look at the engagement"),
            url=reverse("oversight:engagement", args=[engagement.pk]),
        )


SOURCE = Source("engagement.open", gettext_lazy("Engagement in force"), engagements, (7, 2))
