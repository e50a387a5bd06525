"""The page of an engagement: what it covers, what is new, samples, bundles and records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from oversight import news
from oversight.bundle_list import Listed, bundles_of_engagement
from oversight.forms import BundleForm, SampleForm
from oversight.models import Engagement, EngagementGrant, Sample, SampledState
from oversight.permissions import is_administrator, sight_under
from oversight.selectors import Part, records_in_sight
from oversight.visiting import note_reading


@dataclass(frozen=True, slots=True)
class EngagementPage:
    """All that the page says. `news` is for the reader's own visits: None at their first, and for administrators."""

    now: datetime
    grants: Sequence[EngagementGrant]
    is_auditor: bool
    in_force: bool
    may_end: bool
    news: news.News | None
    is_first_visit: bool
    samples: list[Sample]
    bundles: Listed
    records: Part
    sample_form: SampleForm
    bundle_form: BundleForm

    @property
    def older_url(self) -> str:
        """Return the address of older records, "" when there are none."""
        return f"?before={self.records.older}" if self.records.older else ""


def page_of(
    engagement: Engagement, user: User, now: datetime, *, before: int | None = None
) -> EngagementPage:
    """Return the page for somebody who may read the engagement; an auditor's look at it is noted."""
    grants = list(
        engagement.grants.select_related("user")
        .annotate(log_size=news.SIZE)
        .order_by("user__display_name", "id")
    )
    position = next((getattr(grant, "log_size", None) or 0 for grant in grants), 0)
    in_force, administers = engagement.is_in_force(now), is_administrator(user)
    is_auditor = in_force and any(grant.user_id == user.pk for grant in grants)
    sight = sight_under(engagement)
    visit = (
        note_reading(actor=user, engagement=engagement, position=position, now=now) if is_auditor else None
    )
    return EngagementPage(
        now=now,
        grants=grants,
        is_auditor=is_auditor,
        in_force=in_force,
        may_end=administers and engagement.ended_at is None and engagement.ends_at > now,
        news=news.since_visit(sight, visit) if visit else None,
        is_first_visit=is_auditor and visit is None,
        samples=_samples(engagement),
        bundles=bundles_of_engagement(engagement, user, now),
        records=records_in_sight(sight, before=before),
        sample_form=SampleForm(),
        bundle_form=BundleForm(auto_id="bundle_%s"),  # the page has another reason
    )


def _samples(engagement: Engagement) -> list[Sample]:
    looked_at = Count("items", filter=~Q(items__state=SampledState.OPEN))
    return list(
        engagement.samples.select_related("drawn_by").annotate(looked_at=looked_at).defer("population")
    )
