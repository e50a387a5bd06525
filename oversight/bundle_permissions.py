"""Who asks for bundles and fetches them: auditors under their engagement, administrators, legal staff for a request."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Role, has_role
from oversight.models import Bundle, Engagement
from oversight.permissions import (
    engagements_of,
    is_administrator,
    sight_under,
    visible_engagements,
)
from reviews.models import ReviewRequest
from reviews.permissions.sight import visible_to, why_not_see_deliberation


def request_to_bundle(user: User, reference: str, now: datetime) -> tuple[ReviewRequest, Engagement | None]:
    """Return the submitted request, and the engagement under which an auditor takes it; raises Http404.

    Administrators take any request, legal staff those whose deliberation they see, and not one that they asked for
    themselves or have to keep out of.
    """
    found = ReviewRequest.objects.filter(submitted_at__isnull=False, reference=reference)
    request = found.select_related("version__model", "requester").first()
    if request is None:
        raise Http404
    if is_administrator(user):
        return request, None
    for engagement in engagements_of(user, now).prefetch_related("projects", "boards").order_by("id"):
        if sight_under(engagement).requests().filter(pk=request.pk).exists():
            return request, engagement
    if not (has_role(user, Role.LEGAL) and visible_to(user, now).filter(pk=request.pk).exists()):
        raise Http404
    if why_not_see_deliberation(user, request, now) is not None:
        raise Http404
    return request, None


def bundles_in_sight(user: User, now: datetime) -> QuerySet[Bundle]:
    """Return the bundles that the person may fetch: under engagements that they read, and those they asked for."""
    if is_administrator(user):
        return Bundle.objects.all()
    own = Q(asked_by=user, engagement=None) if has_role(user, Role.LEGAL) else Q(pk__in=[])
    return Bundle.objects.filter(own | Q(engagement__in=visible_engagements(user, now).values("pk")))


def bundle_to_fetch(user: User, bundle_id: int, now: datetime) -> Bundle:
    """Return the bundle, or raise Http404: absent, another's, and under an engagement that is over look the same.

    Who has to keep out of a request by now doesn't fetch what they asked for before.
    """
    found = bundles_in_sight(user, now).select_related("engagement", "request").filter(pk=bundle_id)
    bundle = found.first()
    if bundle is None:
        raise Http404
    if bundle.engagement is None and bundle.request is not None:
        request_to_bundle(user, bundle.request.reference, now)
    return bundle
